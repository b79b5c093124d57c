//! The files of a run as a commit has them, for comparing with what they are now.
//!
//! The selection is that of the run: the same paths, kinds of files and folders, and what the walk passes over now it
//! passes over then, so that two checks differ by what the files say and by nothing else. What the commit does not speak
//! of (files outside of its repository, and in repositories inside of it) counts as it is now.

use std::path::{Path, PathBuf};

use super::ignored::Ignored;
use super::kinds::{self, Wanted};
use super::paths::{self, Style};
use super::revision::Past;
use super::{DiscoverError, DiscoverOptions, Origin, Search, identity, walked};
use crate::engine::Input;

/// The files that the paths lead to, as the commit `revision` of the repository around the working directory has them,
/// under the paths that outputs show. A file that was not there then is none of them.
///
/// # Errors
/// When a path leads to nothing now, or the commit can't be read: with what to do.
pub fn inputs_at(
    revision: &str,
    paths: &[PathBuf],
    options: &DiscoverOptions,
    cwd: &Path,
) -> Result<Vec<Input>, DiscoverError> {
    let one = |problem| DiscoverError {
        problems: vec![problem],
    };
    let mut search = Search::new(cwd, options);
    search.past = Some(Past::open(revision, cwd).map_err(one)?);
    search.all(paths)?;
    let files = search.finish();
    if let Some(past) = &search.past {
        past.complete(revision).map_err(one)?;
    }
    Ok(files.inputs)
}

impl Search<'_> {
    /// Where the text of a file that was named is to be had: `now`, unless it is looked for in a commit; `None` if that
    /// does not have it.
    pub(super) fn origin_then(&self, absolute: &Path, now: Origin) -> Option<Origin> {
        let Some(past) = &self.past else {
            return Some(now);
        };
        match past.inside(&identity(absolute)) {
            Some(inside) => past.file(&inside).map(Origin::Git),
            None => Some(now),
        }
    }

    /// Adds the files that the commit has below a folder, which lies at `inside` in the repository.
    pub(super) fn walk_then(&mut self, folder: &Path, inside: &str, style: Style, wanted: Wanted) {
        let Some(past) = &self.past else { return };
        let nested = past.nested_below(inside).into_iter().map(|path| (path, None));
        let files = past.below(inside).into_iter().map(|(path, id)| (path, Some(id)));
        let mut entries: Vec<_> = nested.chain(files).collect();
        entries.sort();
        let mut descent = Descent::new(identity(folder), past.top());
        let start = paths::normal(folder);
        for (path, id) in entries {
            if !descent.reaches(&path, id.is_none()) {
                continue;
            }
            match id {
                Some(id) => {
                    let shown = style.shown(&start.join(&path), &self.cwd);
                    if self.takes(Path::new(&path), &shown, wanted) && !self.excludes(&shown) {
                        self.add(descent.real.join(&path), walked(shown, Origin::Git(id), wanted));
                    }
                }
                None => {
                    let nested = folder.join(&path);
                    if nested.is_dir() {
                        self.walk_disk(&nested, style, wanted);
                    }
                }
            }
        }
    }
}

/// A walk through sorted paths, which passes over what a walk through the folders on the disk passes over.
struct Descent {
    /// The folder where it starts.
    real: PathBuf,
    ignored: Ignored,
    /// The folders that the last path went through, by their names.
    open: Vec<String>,
    /// The folder that is passed over, with `/` at its end.
    passed_over: Option<String>,
}

impl Descent {
    fn new(real: PathBuf, top: &Path) -> Self {
        let mut ignored = Ignored::above(&real, Some(top));
        ignored.enter(&real, 0);
        Self {
            real,
            ignored,
            open: Vec::new(),
            passed_over: None,
        }
    }

    /// Whether the walk comes to a path, and takes what is there.
    fn reaches(&mut self, path: &str, is_folder: bool) -> bool {
        if let Some(folder) = &self.passed_over
            && path.starts_with(folder)
        {
            return false;
        }
        let mut depth = 0;
        for (at, _) in path.match_indices('/') {
            let folder = path.get(..at).unwrap_or_default();
            let name = folder.rsplit('/').next().unwrap_or(folder);
            depth += 1;
            if self.open.get(depth - 1).is_some_and(|open| open == name) {
                continue;
            }
            self.open.truncate(depth - 1);
            if self.passes_over(folder, name, depth) {
                self.passed_over = Some(format!("{folder}/"));
                return false;
            }
            self.ignored.enter(&self.real.join(folder), depth);
            self.open.push(name.to_owned());
        }
        self.open.truncate(depth);
        let here = self.real.join(path);
        let name = here.file_name().unwrap_or_default().to_owned();
        !(is_folder && kinds::skips_folder(&name) || self.ignored.ignores(&here, is_folder, depth + 1))
    }

    fn passes_over(&mut self, folder: &str, name: &str, depth: usize) -> bool {
        kinds::skips_folder(name.as_ref()) || self.ignored.ignores(&self.real.join(folder), true, depth)
    }
}
