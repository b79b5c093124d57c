//! Bytes of files, within limits and without ever waiting for a pipe.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The largest file that is read.
pub const LARGEST_FILE: u64 = 64 << 20;
/// How many bytes one run reads in all.
const LARGEST_RUN: u64 = 1 << 30;

/// Reads files until the bytes of a run are used up.
pub(super) struct Reader {
    left: u64,
}

impl Reader {
    pub(super) fn new() -> Self {
        Self { left: LARGEST_RUN }
    }

    /// The bytes of a file, or why they cannot be had.
    pub(super) fn file(&mut self, path: &Path) -> Result<Vec<u8>, String> {
        let bytes = regular(path, LARGEST_FILE)?;
        self.take(bytes)
    }

    /// The bytes of standard input.
    pub(super) fn standard_input(&mut self) -> Result<Vec<u8>, String> {
        let bytes = bounded(io::stdin().lock(), LARGEST_FILE)?;
        self.take(bytes)
    }

    /// Counts bytes that were read; an error if there were too many of them.
    pub(super) fn take(&mut self, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
        match self.left.checked_sub(bytes.len() as u64) {
            Some(left) => {
                self.left = left;
                Ok(bytes)
            }
            None => Err("not read: the files of this run exceed 1 GiB; check fewer folders at a time".to_owned()),
        }
    }
}

/// The bytes of a regular file of at most `limit` bytes. What it is is looked at before it is opened
/// (a pipe would wait for its writer) and again after (it may have been replaced).
pub(super) fn regular(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    fit(&fs::metadata(path).map_err(|error| reason(&error))?, limit)?;
    let file = fs::File::open(path).map_err(|error| reason(&error))?;
    fit(&file.metadata().map_err(|error| reason(&error))?, limit)?;
    bounded(file, limit)
}

fn fit(metadata: &fs::Metadata, limit: u64) -> Result<(), String> {
    if !metadata.is_file() {
        return Err("not a regular file; to check what a pipe delivers, use `-`".to_owned());
    }
    if metadata.len() > limit {
        return Err(too_large(limit));
    }
    Ok(())
}

fn bounded(source: impl Read, limit: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    source
        .take(limit + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| reason(&error))?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// What to say of a file over a limit.
pub(super) fn too_large(limit: u64) -> String {
    format!("larger than {} MiB, the limit for one file", limit >> 20)
}

/// Why something cannot be read, in words for people.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "it is no longer there".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_stops_at_the_limit() {
        assert_eq!(bounded(&b"abc"[..], 3), Ok(b"abc".to_vec()));
        assert!(
            bounded(io::repeat(0), 1 << 20)
                .unwrap_err()
                .starts_with("larger than 1 MiB")
        );
        let mut reader = Reader { left: 4 };
        assert!(reader.take(vec![0; 4]).is_ok() && reader.take(Vec::new()).is_ok());
        assert!(reader.take(vec![0]).unwrap_err().contains("1 GiB"));
    }

    #[cfg(unix)]
    #[test]
    fn devices_are_refused() {
        assert!(
            regular(Path::new("/dev/zero"), 10)
                .unwrap_err()
                .starts_with("not a regular file")
        );
    }
}
