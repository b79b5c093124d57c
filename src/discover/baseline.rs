//! Finds and reads the baseline of a run.

use std::fs;
use std::path::{Path, PathBuf};

use super::configuration::contents;
use super::paths::{self, Style};
use super::{DiscoverError, identity, leads_nowhere, missing, repository};
use crate::baseline::{FILE_NAME, LARGEST, decomposed};

/// The file that holds the baseline of a run, or will.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineFile {
    /// The path that outputs show.
    pub path: String,
    /// Where it lies.
    pub place: PathBuf,
    /// Its bytes; `None` if it does not exist.
    pub bytes: Option<Vec<u8>>,
}

/// The baseline that is `named`; or else the one beside the `configuration`, if that lies in the repository; or else the
/// one at the root of the repository, without one in the working directory. If none exists, the first place where it
/// would count.
///
/// # Errors
/// When what is found can't be read: a baseline is never passed over.
pub fn baseline_file(
    named: Option<&Path>,
    configuration: Option<&Path>,
    cwd: &Path,
) -> Result<BaselineFile, DiscoverError> {
    let cwd = paths::normal(cwd);
    let (places, style) = match named {
        Some(path) => (vec![cwd.join(path)], Style::of(path)),
        None => (places(configuration, &cwd), Style::Relative),
    };
    // Whatever bears the name counts, so that a broken link or a folder is told.
    let exists = |place: &&PathBuf| fs::symlink_metadata(place).is_ok();
    let found = places.iter().find(exists);
    let Some(place) = found.or(places.first()) else {
        return Err(DiscoverError { problems: Vec::new() });
    };
    let path = style.shown(place, &cwd);
    let bytes = match found {
        Some(place) => Some(contents(place, LARGEST).map_err(|why| DiscoverError {
            problems: vec![format!(
                "the baseline `{path}` can't be read: {why}; restore it, or remove it and run `kustolint baseline create`"
            )],
        })?),
        None => None,
    };
    Ok(BaselineFile {
        path,
        place: place.clone(),
        bytes,
    })
}

/// Where a baseline lies that the `configuration` names by its path from the configuration's folder, as the way from the
/// working directory.
#[must_use]
pub fn configured_baseline(named: &str, configuration: &Path, cwd: &Path) -> PathBuf {
    let place = configuration.parent().unwrap_or(Path::new("")).join(named);
    PathBuf::from(Style::Relative.shown(&place, cwd))
}

/// The same, of a baseline that a run asks for by name.
///
/// # Errors
/// Also when there is none.
pub fn named_baseline_file(named: &Path, cwd: &Path) -> Result<BaselineFile, DiscoverError> {
    let absolute = cwd.join(named);
    if fs::symlink_metadata(&absolute).is_err_and(|error| leads_nowhere(&error)) {
        let instead = "a file that does, or make one with `kustolint baseline create`";
        return Err(DiscoverError {
            problems: vec![missing(named, &absolute, instead)],
        });
    }
    baseline_file(Some(named), None, cwd)
}

/// Where a baseline that nobody names counts, the nearest place first.
fn places(configuration: Option<&Path>, cwd: &Path) -> Vec<PathBuf> {
    let top = repository(cwd).unwrap_or_else(|| cwd.to_owned());
    let beside = configuration
        .and_then(Path::parent)
        .map(paths::normal)
        .filter(|folder| folder.starts_with(&top));
    let mut places: Vec<PathBuf> = beside.into_iter().map(|folder| folder.join(FILE_NAME)).collect();
    let at_top = top.join(FILE_NAME);
    if !places.contains(&at_top) {
        places.push(at_top);
    }
    places
}

/// Whether two paths lead to one file.
#[must_use]
pub fn same_file(one: &Path, two: &Path) -> bool {
    identity(one) == identity(two)
}

/// A path as the way from the root of the repository around the working directory; empty for the root and what holds it,
/// `None` for what lies elsewhere.
#[must_use]
pub fn rooted(path: &Path, cwd: &Path) -> Option<String> {
    let cwd = identity(cwd);
    let place = identity(&cwd.join(path));
    let top = repository(&cwd).unwrap_or(cwd);
    if top.starts_with(&place) {
        return Some(String::new());
    }
    place.strip_prefix(&top).ok().map(paths::slashes)
}

/// Tells whether a path from the root of the repository around a folder leads to something.
pub fn standing(cwd: &Path) -> impl Fn(&str) -> bool {
    let cwd = identity(cwd);
    let top = repository(&cwd).unwrap_or(cwd);
    move |rooted| {
        let is_there = |path: &str| fs::symlink_metadata(top.join(path)).is_ok();
        is_there(rooted) || is_there(&decomposed(rooted))
    }
}
