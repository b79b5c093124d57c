//! What git ignores: `.gitignore` of each folder, of the folders above up to the repository's, and
//! `.git/info/exclude`. Settings of the user or the host are not read: they would change the output.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::read;

/// The largest list of patterns that is read.
const LARGEST_LIST: u64 = 1 << 20;

/// The lists that hold for a folder, from the outermost to its own.
#[derive(Default)]
pub(super) struct Ignored {
    lists: Vec<(usize, Gitignore)>,
}

impl Ignored {
    /// What holds above `folder`: the lists between it and the repository it lies in.
    pub(super) fn above(folder: &Path, repository: Option<&Path>) -> Self {
        let mut ignored = Self::default();
        let Some(repository) = repository else {
            return ignored;
        };
        ignored.add(0, repository, &repository.join(".git/info/exclude"));
        let mut between: Vec<&Path> = folder
            .ancestors()
            .skip(1)
            .take_while(|up| up.starts_with(repository))
            .collect();
        between.reverse();
        for up in between {
            ignored.add(0, up, &up.join(".gitignore"));
        }
        ignored
    }

    /// Goes into a folder that lies `depth` below the start: lists of folders beside it no longer hold.
    pub(super) fn enter(&mut self, folder: &Path, depth: usize) {
        self.leave(depth);
        self.add(depth + 1, folder, &folder.join(".gitignore"));
    }

    /// Leaves all folders that lie as deep as `depth` or deeper.
    fn leave(&mut self, depth: usize) {
        while self.lists.last().is_some_and(|(inside, _)| *inside > depth) {
            self.lists.pop();
        }
    }

    /// Whether an entry that lies `depth` below the start is ignored; the innermost list that says
    /// something about it decides.
    pub(super) fn ignores(&mut self, path: &Path, folder: bool, depth: usize) -> bool {
        self.leave(depth);
        let verdict = self
            .lists
            .iter()
            .rev()
            .map(|(_, list)| list.matched(path, folder))
            .find(|verdict| !verdict.is_none());
        verdict.is_some_and(|verdict| verdict.is_ignore())
    }

    fn add(&mut self, depth: usize, folder: &Path, list: &Path) {
        let Ok(bytes) = read::regular(list, LARGEST_LIST) else {
            return;
        };
        let mut builder = GitignoreBuilder::new(folder);
        let text = String::from_utf8_lossy(&bytes);
        for line in text.trim_start_matches('\u{FEFF}').lines() {
            // A pattern that git would not understand either ignores nothing.
            let _ = builder.add_line(None, line);
        }
        if let Ok(list) = builder.build() {
            self.lists.push((depth, list));
        }
    }
}
