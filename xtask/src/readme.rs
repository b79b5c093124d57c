//! The parts of README.md that are made, not written.

use std::path::PathBuf;

use kustolint::discover::{DiscoverOptions, inputs};
use kustolint::engine::check;
use kustolint::report::{HumanOptions, human};
use kustolint::rules::table::placed;

use crate::project;

/// The lines before and after the finding.
pub(crate) const MARKS: [&str; 2] = ["<!-- finding:start -->", "<!-- finding:end -->"];

const EXAMPLE: &str = "testdata/projects/demo";
/// The rule whose finding is shown: it takes several files to see it.
const RULE: &str = "missing-native-ingestion";

/// A finding of the example as the program prints it, in a block.
pub(crate) fn finding() -> Result<String, String> {
    let paths = [PathBuf::from(EXAMPLE)];
    let inputs = inputs(&paths, &DiscoverOptions::default(), &project()).map_err(|error| error.to_string())?;
    let options = HumanOptions {
        show_undecided: false,
        max_findings: 0,
    };
    let mut out = anstream::StripStream::new(Vec::new());
    human(&check(inputs), options, &mut out).map_err(|error| error.to_string())?;
    let out = String::from_utf8_lossy(&out.into_inner()).into_owned();
    let finding = out
        .split("\n\n")
        .find(|finding| finding.contains(&format!("[{RULE}]:")));
    let finding = finding.ok_or_else(|| format!("{RULE} finds nothing in {EXAMPLE}"))?;
    Ok(format!("````text\n{finding}\n````\n"))
}

/// Writes a made part between its marks.
pub(crate) fn write(marks: [&str; 2], text: &str) -> Result<(), String> {
    let path = project().join("README.md");
    let in_readme = |error: &dyn std::fmt::Display| format!("README.md: {error}");
    let old = std::fs::read_to_string(&path).map_err(|error| in_readme(&error))?;
    let new = placed(&old, marks, text).map_err(|error| in_readme(&error))?;
    if new == old {
        println!("README.md is up to date");
        return Ok(());
    }
    std::fs::write(&path, new).map_err(|error| in_readme(&error))?;
    println!("README.md was written");
    Ok(())
}
