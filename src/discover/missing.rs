//! What to say of a path that leads to nothing.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::Path;

use walkdir::WalkDir;

use crate::text::nearest;

/// Whether an error says that nothing is there.
pub(super) fn leads_nowhere(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory | InvalidInput)
}

/// What to say of a path that leads to nothing; `instead` is what to name when no name near by is close.
pub(super) fn missing(path: &Path, absolute: &Path, instead: &str) -> String {
    let shown = path.to_string_lossy();
    if fs::symlink_metadata(absolute).is_ok() {
        return format!("`{shown}` is a link to something that does not exist");
    }
    let folder = absolute.parent().unwrap_or(Path::new("/"));
    if !folder.is_dir() {
        let parent = path.parent().unwrap_or(path).to_string_lossy();
        return format!("`{shown}` does not exist: there is no folder `{parent}`");
    }
    let names: Vec<String> = WalkDir::new(folder)
        .min_depth(1)
        .max_depth(1)
        .into_iter()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let wanted = absolute.file_name().and_then(OsStr::to_str).unwrap_or("");
    match nearest(wanted, names.iter().map(String::as_str)) {
        Some(name) => {
            let meant = path.with_file_name(name);
            format!("`{shown}` does not exist; did you mean `{}`?", meant.to_string_lossy())
        }
        None => format!("`{shown}` does not exist: name {instead}"),
    }
}
