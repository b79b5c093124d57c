//! The files of a repository as a commit has them, read from its objects: nothing is checked out, no process is
//! started and no remote is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use gix::Repository;
use gix::bstr::BStr;

use super::read::{LARGEST_FILE, Reader, too_large};
use super::{identity, paths, repository};
use crate::text::nearest;

pub(super) use gix::ObjectId;

/// Entries of a commit that are looked at. A tree that names itself many times over is larger than any disk.
const MOST_ENTRIES: usize = 2_000_000;

/// Bytes of the largest object that is held in memory.
const LARGEST_OBJECT: &str = "gitoxide.objects.allocLimit=1g";

/// Bytes of the longest path that is looked at, as most systems take them. A crafted tree goes as deep as it likes.
const LONGEST_PATH: usize = 4096;

/// What to fetch when the history is not here.
const DEEPER: &str = "fetch all of the history first: `fetch-depth: 0` for actions/checkout, `fetchDepth: 0` for a \
                      checkout of Azure Pipelines, `git fetch --unshallow` elsewhere";

/// The files of one commit.
pub(super) struct Past {
    /// The folder of the repository, as [`identity`] tells it.
    top: PathBuf,
    objects: Repository,
    /// Regular files by their path from the top.
    files: BTreeMap<String, ObjectId>,
    /// Repositories inside of it, of which the commit knows a number and no files.
    nested: BTreeSet<String>,
    /// Why an object of it could not be read, once that happens.
    broken: Option<String>,
}

impl Past {
    /// The files of `revision` in the repository around a folder.
    ///
    /// # Errors
    /// In words for people, with what to do: without a repository, a commit of that name, or its objects.
    pub(super) fn open(revision: &str, cwd: &Path) -> Result<Self, String> {
        let top = repository(&identity(cwd)).ok_or_else(|| {
            format!("there is no repository of git around this folder, so nothing is known of `{revision}`: leave `--new-since` out, or run it inside of one")
        })?;
        // Settings of the user, the host and the environment would change the output.
        let options = gix::open::Options::isolated()
            .config_overrides([LARGEST_OBJECT])
            .strict_config(false);
        let objects = gix::open_opts(&top, options)
            .map_err(|error| format!("the repository around this folder can't be read: {error}"))?;
        let tree = tree_of(&objects, revision)?;
        let mut past = Self {
            top,
            objects,
            files: BTreeMap::new(),
            nested: BTreeSet::new(),
            broken: None,
        };
        past.list(tree, revision)?;
        Ok(past)
    }

    /// The folder of the repository.
    pub(super) fn top(&self) -> &Path {
        &self.top
    }

    /// Lists the entries of a tree and of all below it.
    fn list(&mut self, tree: ObjectId, revision: &str) -> Result<(), String> {
        let mut open = vec![(String::new(), tree)];
        let mut seen = 0;
        while let Some((folder, id)) = open.pop() {
            let object = self.objects.find_object(id).map_err(|_| unreadable(revision))?;
            let tree = object.try_into_tree().map_err(|_| unreadable(revision))?;
            let tree = tree.decode().map_err(|_| unreadable(revision))?;
            seen += tree.entries.len();
            if seen > MOST_ENTRIES {
                return Err(format!(
                    "`{revision}` has more than {MOST_ENTRIES} files: too many to compare with"
                ));
            }
            for entry in &tree.entries {
                if !is_name(entry.filename) || folder.len() + entry.filename.len() > LONGEST_PATH {
                    return Err(format!(
                        "`{revision}` holds a path that git itself never writes, or one longer than {LONGEST_PATH} bytes: look at it with `git fsck`"
                    ));
                }
                let path = format!("{folder}{}", entry.filename);
                let id = entry.oid.to_owned();
                if entry.mode.is_tree() {
                    open.push((path + "/", id));
                } else if entry.mode.is_commit() {
                    self.nested.insert(path);
                } else if entry.mode.is_blob() {
                    self.files.insert(path, id);
                }
            }
        }
        Ok(())
    }

    /// The way from the top to a path that [`identity`] tells; `None` for what the commit does not speak of: what lies
    /// outside of the repository or in one inside of it.
    pub(super) fn inside(&self, path: &Path) -> Option<String> {
        let below = path.strip_prefix(&self.top).ok()?;
        let below = match paths::slashes(below) {
            here if here == "." => String::new(),
            below => below,
        };
        let is_nested = |outer: &str| self.nested.contains(outer);
        let mut outer = below
            .match_indices('/')
            .map(|(at, _)| below.get(..at).unwrap_or_default());
        (!is_nested(&below) && !outer.any(is_nested)).then_some(below)
    }

    /// The file at a path from the top.
    pub(super) fn file(&self, path: &str) -> Option<ObjectId> {
        self.files.get(path).copied()
    }

    /// The files below a folder, by their way from it, sorted.
    pub(super) fn below(&self, folder: &str) -> Vec<(String, ObjectId)> {
        let start = prefix(folder);
        let files = self.files.range(start.clone()..);
        files
            .map_while(|(path, id)| Some((path.strip_prefix(&start)?.to_owned(), *id)))
            .collect()
    }

    /// The repositories below a folder, by their way from it.
    pub(super) fn nested_below(&self, folder: &str) -> Vec<String> {
        let start = prefix(folder);
        let nested = self.nested.range(start.clone()..);
        nested
            .map_while(|path| Some(path.strip_prefix(&start)?.to_owned()))
            .collect()
    }

    /// The bytes of a file, or why they can't be had.
    pub(super) fn bytes(&mut self, id: ObjectId, reader: &mut Reader) -> Result<Vec<u8>, String> {
        let missing = "its text is not in this clone";
        let size = match self.objects.find_header(id) {
            Ok(header) => header.size(),
            Err(_) => return Err(self.broken.insert(missing.to_owned()).clone()),
        };
        if size > LARGEST_FILE {
            return Err(too_large(LARGEST_FILE));
        }
        match self.objects.find_object(id) {
            Ok(mut object) => reader.take(std::mem::take(&mut object.data)),
            Err(_) => Err(self.broken.insert(missing.to_owned()).clone()),
        }
    }

    /// Whether all objects that were asked for could be read.
    ///
    /// # Errors
    /// In words for people, with what to do.
    pub(super) fn complete(&self, revision: &str) -> Result<(), String> {
        match self.broken {
            Some(_) => Err(unreadable(revision)),
            None => Ok(()),
        }
    }
}

/// Whether a tree may hold an entry of that name: one step down, and not into what belongs to git.
fn is_name(name: &BStr) -> bool {
    let odd: [&[u8]; 3] = [b"", b".", b".."];
    !name.contains(&b'/') && !name.contains(&0) && !odd.contains(&&**name) && !name.eq_ignore_ascii_case(b".git")
}

/// What the paths below a folder start with.
fn prefix(folder: &str) -> String {
    if folder.is_empty() {
        String::new()
    } else {
        format!("{folder}/")
    }
}

fn unreadable(revision: &str) -> String {
    format!(
        "not all of `{revision}` is in this clone: fetch its files first, with a clone that is made without `--filter`, or look for damage with `git fsck`"
    )
}

/// The tree of the commit that a revision names; if the history went on there without us, of the commit where it parted
/// from ours, so that what was mended there since is not new here.
fn tree_of(objects: &Repository, revision: &str) -> Result<ObjectId, String> {
    let id = objects
        .rev_parse_single(BStr::new(revision))
        .map_err(|_| unknown(objects, revision))?;
    let object = objects.find_object(id).map_err(|_| unknown(objects, revision))?;
    let commit = object
        .peel_to_commit()
        .map_err(|_| format!("`{revision}` is no commit: name a branch, a tag or the hash of a commit"))?;
    let parted = parted(objects, commit.id, revision)?;
    let object = objects.find_object(parted).map_err(|_| unreadable(revision))?;
    let commit = object.peel_to_commit().map_err(|_| unreadable(revision))?;
    let tree = commit.tree_id().map_err(|_| unreadable(revision))?;
    Ok(tree.detach())
}

/// The last commit that the histories of a commit and of `HEAD` have in common. The commit itself if it is part of ours,
/// if nothing is committed here yet, or if the two have nothing in common.
fn parted(objects: &Repository, commit: ObjectId, revision: &str) -> Result<ObjectId, String> {
    let Ok(head) = objects.head_id() else {
        return Ok(commit);
    };
    match objects.merge_base(commit, head) {
        Ok(Some(base)) => Ok(base.detach()),
        _ if objects.is_shallow().unwrap_or(false) => Err(format!(
            "the commit where `{revision}` and `HEAD` parted is not in this clone, which is shallow: {DEEPER}"
        )),
        Ok(None) => Ok(commit),
        Err(_) => Err(unreadable(revision)),
    }
}

/// What to say of a revision that names nothing here.
fn unknown(objects: &Repository, revision: &str) -> String {
    if revision.contains("..") {
        return format!("`{revision}` is a range: name the commit that the change starts from, such as `main`");
    }
    if objects.is_shallow().unwrap_or(false) {
        return format!("`{revision}` is not in this clone, which is shallow: {DEEPER}");
    }
    if objects.common_dir().join("reftable").is_dir() {
        return format!(
            "`{revision}` was not found: this repository keeps its references as a reftable, which is not read; name the hash of a commit (`git rev-parse {revision}`)"
        );
    }
    let names = names(objects);
    match nearest(revision, names.iter().map(String::as_str)) {
        Some(name) => format!("`{revision}` names no commit of this repository; did you mean `{name}`?"),
        None => format!(
            "`{revision}` names no commit of this repository: name a branch, a tag or a hash (`main`, `HEAD~1`, `v1.0`), and fetch it first if it is a remote one"
        ),
    }
}

/// The names of branches and tags, as one writes them.
fn names(objects: &Repository) -> BTreeSet<String> {
    let Ok(platform) = objects.references() else {
        return BTreeSet::new();
    };
    let Ok(all) = platform.all() else {
        return BTreeSet::new();
    };
    let names = all.filter_map(Result::ok);
    names.map(|name| name.name().shorten().to_string()).collect()
}
