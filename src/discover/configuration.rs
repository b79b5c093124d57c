//! Finds and reads the configuration of a run.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::paths::Style;
use super::{DiscoverError, leads_nowhere, missing, paths, read, repository};
use crate::config::FILE_NAME;
use crate::text::Base;

/// The largest configuration that is read.
const LARGEST: u64 = 1 << 20;

/// The file that configures a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigurationFile {
    /// The path that outputs show.
    pub path: String,
    /// Its folder, from which its patterns are told.
    pub base: Base,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The configuration that is `named`, or else the nearest one: from the working directory up to the folder of its
/// repository, and never above it. Without a repository only the working directory is looked at. If a run is
/// `isolated`, nothing is looked for.
///
/// # Errors
/// When the file that is named leads to nothing, or what is found can't be read: a configuration is never passed over.
pub fn configuration(
    named: Option<&Path>,
    isolated: bool,
    cwd: &Path,
) -> Result<Option<ConfigurationFile>, DiscoverError> {
    let one = |problem: String| DiscoverError {
        problems: vec![problem],
    };
    let found = match named {
        Some(path) => {
            let absolute = cwd.join(path);
            if fs::metadata(&absolute).is_err_and(|error| leads_nowhere(&error)) {
                return Err(one(missing(
                    path,
                    &absolute,
                    "a file that does, or leave `--config` out",
                )));
            }
            Some((absolute, Style::of(path)))
        }
        None if isolated => None,
        None => nearest_file(&paths::normal(cwd)).map(|path| (path, Style::Relative)),
    };
    let Some((absolute, style)) = found else {
        return Ok(None);
    };
    let path = style.shown(&absolute, cwd);
    match contents(&absolute, LARGEST) {
        Ok(bytes) => {
            let folder = paths::normal(absolute.parent().unwrap_or(cwd));
            let base = Base::new(&paths::slashes(&folder), &paths::slashes(&paths::normal(cwd)));
            Ok(Some(ConfigurationFile { path, base, bytes }))
        }
        Err(why) => Err(one(format!("the configuration `{path}` can't be read: {why}"))),
    }
}

/// The first configuration above a folder. Whatever bears the name counts, so that a broken link or a folder is told.
fn nearest_file(cwd: &Path) -> Option<PathBuf> {
    let top = repository(cwd);
    let top = top.as_deref().unwrap_or(cwd);
    cwd.ancestors()
        .take_while(|folder| folder.starts_with(top))
        .map(|folder| folder.join(FILE_NAME))
        .find(|path| fs::symlink_metadata(path).is_ok())
}

/// Where the configuration that counts lies, as [`configuration`] finds it.
#[must_use]
pub fn configuration_place(named: Option<&Path>, isolated: bool, cwd: &Path) -> Option<PathBuf> {
    match named {
        Some(path) => Some(cwd.join(path)),
        None if isolated => None,
        None => nearest_file(&paths::normal(cwd)),
    }
}

/// The bytes of a file that is not among those that are checked.
pub(super) fn contents(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => "it is a link that leads to nothing".to_owned(),
        _ => read::reason(&error),
    })?;
    if metadata.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if !metadata.is_file() {
        return Err("it is no regular file".to_owned());
    }
    read::regular(path, limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::tests::tree;

    fn found(cwd: &Path) -> Option<String> {
        configuration(None, false, cwd).unwrap().map(|file| file.path)
    }

    #[test]
    fn the_nearest_file_inside_the_repository_counts() {
        let folder = tree(&[
            ("kustolint.toml", ""),
            ("repo/.git/HEAD", ""),
            ("repo/kustolint.toml", "[rules]"),
            ("repo/a/kustolint.toml", ""),
            ("repo/a/b/x.kql", ""),
            ("repo/c/x.kql", ""),
            ("other/.git/HEAD", ""),
            ("other/a/x.kql", ""),
            ("plain/x.kql", ""),
        ]);
        let at = |path: &str| found(&folder.path().join(path));
        assert_eq!(at("repo").as_deref(), Some("kustolint.toml"));
        assert_eq!(at("repo/a/b").as_deref(), Some("../kustolint.toml"));
        assert_eq!(at("repo/c").as_deref(), Some("../kustolint.toml"));
        assert_eq!(at("other/a"), None, "never above the repository");
        assert_eq!(at("plain"), None, "without a repository, the working directory only");
        assert_eq!(at(".").as_deref(), Some("kustolint.toml"));
        let bytes = configuration(None, false, &folder.path().join("repo/c")).unwrap();
        assert_eq!(bytes.unwrap().bytes, b"[rules]");
    }

    #[test]
    fn a_named_file_counts_also_in_isolation() {
        let folder = tree(&[("kustolint.toml", "a"), ("ci/strict.toml", "b")]);
        let read = |named: Option<&str>, isolated| {
            let file = configuration(named.map(Path::new), isolated, folder.path());
            file.map(|file| file.map(|file| file.path))
        };
        assert_eq!(read(None, true), Ok(None));
        assert_eq!(
            read(Some("ci/strict.toml"), true),
            Ok(Some("ci/strict.toml".to_owned()))
        );
        assert_eq!(
            read(Some("ci/strict.toml"), false),
            Ok(Some("ci/strict.toml".to_owned()))
        );
        let DiscoverError { problems } = read(Some("ci/strikt.toml"), false).unwrap_err();
        assert_eq!(
            problems,
            ["`ci/strikt.toml` does not exist; did you mean `ci/strict.toml`?"]
        );
    }
}
