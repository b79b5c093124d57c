//! The parts of documents that are made, not written.

use std::path::PathBuf;

use kustolint::discover::{DiscoverOptions, inputs};
use kustolint::engine::check;
use kustolint::report::{Format, HumanOptions, Report};
use kustolint::rules::book;
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
    let outcome = check(inputs);
    let report = Report::new(&outcome);
    Format::Human
        .write(&report, options, &mut out)
        .map_err(|error| error.to_string())?;
    let out = String::from_utf8_lossy(&out.into_inner()).into_owned();
    let finding = out
        .split("\n\n")
        .find(|finding| finding.contains(&format!("[{RULE}]:")));
    let finding = finding.ok_or_else(|| format!("{RULE} finds nothing in {EXAMPLE}"))?;
    Ok(format!("````text\n{finding}\n````\n"))
}

/// Writes a made part between its marks in the document at `path` in the project.
pub(crate) fn write(path: &str, marks: [&str; 2], text: &str) -> Result<(), String> {
    let file = project().join(path);
    let in_it = |error: &dyn std::fmt::Display| format!("{path}: {error}");
    let old = std::fs::read_to_string(&file).map_err(|error| in_it(&error))?;
    let new = placed(&old, marks, text).map_err(|error| in_it(&error))?;
    if new == old {
        println!("{path} is up to date");
        return Ok(());
    }
    std::fs::write(&file, new).map_err(|error| in_it(&error))?;
    println!("{path} was written");
    Ok(())
}

/// Writes the chapters of the guide that are made of the rules' pages.
pub(crate) fn guide() -> Result<(), String> {
    write("docs/src/SUMMARY.md", book::MARKS, &book::chapters())?;
    for (path, text) in book::pages() {
        let file = project().join("docs/src").join(path);
        let wrong = |error: std::io::Error| format!("{}: {error}", file.display());
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(wrong)?;
        }
        std::fs::write(&file, text).map_err(wrong)?;
    }
    Ok(())
}
