//! The only place where a file is written.

#![allow(
    clippy::disallowed_methods,
    reason = "this module is the one that writes to the disk"
)]

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Names that are tried for the new file before it takes the place of the old one.
const NAMES: u32 = 16;

/// Puts `after` in the place of a file that holds `before`: a reader finds the one or the other, never a part. The
/// permissions stay.
///
/// # Errors
/// In words for people: when the file is a link, no longer holds `before`, must not be written, or the disk refuses.
pub fn write(path: &Path, before: &[u8], after: &[u8]) -> Result<(), String> {
    let found = regular(path)?;
    if found.permissions().readonly() {
        return Err("it may not be written".to_owned());
    }
    if holds_other_than(path, before).map_err(|error| reason(&error))? {
        return Err("it was changed while it was checked; run the command again".to_owned());
    }
    let (mut file, beside) = beside(path).map_err(|error| reason(&error))?;
    let written = file
        .write_all(after)
        .and_then(|()| file.set_permissions(found.permissions()))
        .and_then(|()| file.sync_all());
    drop(file);
    let placed = written.map_err(|error| reason(&error)).and_then(|()| {
        // What stands there may have become a link meanwhile.
        regular(path)?;
        fs::rename(&beside, path).map_err(|error| reason(&error))
    });
    if placed.is_err() {
        // Nothing more can be done about a file that can't be removed either.
        let _ = fs::remove_file(&beside);
    }
    placed
}

/// Puts what `content` writes at a path where a regular file is or nothing: a reader finds all of it or what was there
/// before.
///
/// # Errors
/// In words for people: when the path leads to something else, or the disk refuses.
pub fn put(path: &Path, content: impl FnOnce(&mut fs::File) -> io::Result<()>) -> Result<(), String> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        _ => {
            if regular(path)?.permissions().readonly() {
                return Err("it may not be written".to_owned());
            }
        }
    }
    let (mut file, beside) = beside(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "its folder does not exist".to_owned(),
        _ => reason(&error),
    })?;
    let written = content(&mut file).and_then(|()| file.sync_all());
    drop(file);
    let placed = written.and_then(|()| fs::rename(&beside, path));
    if placed.is_err() {
        // Nothing more can be done about a file that can't be removed either.
        let _ = fs::remove_file(&beside);
    }
    placed.map_err(|error| reason(&error))
}

/// Writes `bytes` to a file that is not there yet.
///
/// # Errors
/// In words for people: when something is there, or the disk refuses.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = file.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => "there is one already".to_owned(),
        _ => reason(&error),
    })?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| reason(&error))
}

/// What is known of a regular file that is no link.
fn regular(path: &Path) -> Result<fs::Metadata, String> {
    let found = fs::symlink_metadata(path).map_err(|error| reason(&error))?;
    if found.is_symlink() {
        return Err("it is a link: name the file that it leads to".to_owned());
    }
    if !found.is_file() {
        return Err("it is no regular file".to_owned());
    }
    Ok(found)
}

fn holds_other_than(path: &Path, before: &[u8]) -> io::Result<bool> {
    let mut bytes = Vec::with_capacity(before.len() + 1);
    let limit = u64::try_from(before.len()).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes != before)
}

/// A new file in the same folder, which nobody else has.
fn beside(path: &Path) -> io::Result<(fs::File, PathBuf)> {
    let name = path.file_name().unwrap_or_default();
    let mut last = io::Error::from(io::ErrorKind::AlreadyExists);
    for number in 0..NAMES {
        let mut beside = OsString::from(".");
        beside.push(name);
        beside.push(format!(".kustolint-{}-{number}", std::process::id()));
        let beside = path.with_file_name(beside);
        match OpenOptions::new().write(true).create_new(true).open(&beside) {
            Ok(file) => return Ok((file, beside)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

/// Why the disk refuses, in words for people.
fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "it is no longer there".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn a_file_is_replaced_and_nothing_is_left_beside_it() {
        let folder = folder();
        let path = folder.path().join("a.kql");
        fs::write(&path, "one").unwrap();
        write(&path, b"one", b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let folder = folder();
        let path = folder.path().join("a.kql");
        fs::write(&path, "one and more").unwrap();
        assert!(write(&path, b"one", b"two").unwrap_err().contains("was changed"));
        assert_eq!(fs::read(&path).unwrap(), b"one and more");
        assert_eq!(
            write(&folder.path().join("b"), b"", b"x").unwrap_err(),
            "it is no longer there"
        );
        assert!(write(folder.path(), b"", b"x").unwrap_err().contains("no regular file"));
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_links_are_not_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = folder();
        let path = folder.path().join("a.kql");
        fs::write(&path, "one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o754)).unwrap();
        let link = folder.path().join("l.kql");
        symlink(&path, &link).unwrap();
        assert!(write(&link, b"one", b"two").unwrap_err().contains("is a link"));
        write(&path, b"one", b"two").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o754);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
        assert!(write(&path, b"two", b"six").unwrap_err().contains("may not be written"));
        assert_eq!(fs::read(&path).unwrap(), b"two");
    }
}
