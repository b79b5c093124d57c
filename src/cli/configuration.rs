//! The configuration of a run: read, and told where it is wrong.

use std::path::Path;

use super::Failure;
use crate::config::Config;
use crate::discover::configuration;
use crate::redact::Redactor;
use crate::report::escape;
use crate::rules::ALL;
use crate::text::{NotText, SourceFile, decode};

/// The configuration that is `named` or found, or what holds without one. Any mistake in it ends the run: nothing is
/// checked by half of what a user has set.
pub(super) fn read(named: Option<&Path>, isolated: bool, cwd: &Path) -> Result<Config, Failure> {
    Ok(whole(named, isolated, cwd)?.0)
}

/// The same, with the file that says it, if there is one.
pub(super) fn whole(named: Option<&Path>, isolated: bool, cwd: &Path) -> Result<(Config, Option<SourceFile>), Failure> {
    let Some(file) = configuration(named, isolated, cwd)? else {
        return Ok((Config::default(), None));
    };
    let decoded = decode(&file.bytes).map_err(|why| {
        let why = match why {
            NotText::Binary => "it is no text",
            NotText::Utf16WithoutMark | NotText::Utf32 => "save it as UTF-8",
            NotText::TooLarge => "it is too large",
        };
        Failure::new(format!("the configuration `{}` can't be read: {why}", file.path))
    })?;
    let broken = decoded.replaced.first().map(|replaced| replaced.text);
    let source = SourceFile::new(file.path, decoded);
    let redactor = Redactor::of_texts([source.text()]);
    let sentence = |at: u32, message: &str| {
        let place = source.position(at);
        let text = format!("{}:{}:{}: {message}", source.path(), place.line, place.column);
        redactor.redacted(escape::one_line(&text).into_owned())
    };
    if let Some(at) = broken {
        return Err(Failure(vec![sentence(at, "this is no UTF-8; save the file as UTF-8")]));
    }
    let names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
    let parsed = Config::parse(source.text(), &names).map_err(|errors| {
        let sentences = errors.iter();
        Failure(
            sentences
                .map(|error| sentence(error.at.start, &error.message))
                .collect(),
        )
    });
    let config = Config {
        path: source.path().to_owned(),
        text: source.text().to_owned(),
        base: file.base,
        ..parsed?
    };
    Ok((config, Some(source)))
}
