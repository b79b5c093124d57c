//! From paths to bytes: the only part of kustolint that touches the disk and the objects of git, and it only reads.
//!
//! Links are not followed where a folder is walked; a link that is named is. Nothing is judged by its
//! name except that a walk looks at some kinds of files only: a file that is named is always read.

#![allow(clippy::disallowed_methods, reason = "this module is the one that reads the disk")]

mod baseline;
mod configuration;
mod ignored;
mod kinds;
mod missing;
mod past;
mod paths;
mod read;
mod revision;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

pub use baseline::{
    BaselineFile, baseline_file, configured_baseline, named_baseline_file, rooted, same_file, standing,
};
pub use configuration::{ConfigurationFile, configuration, configuration_place};
pub use past::inputs_at;
pub use read::LARGEST_FILE;

use crate::config::Config;
use crate::engine::Input;
use crate::text::Root;
use ignored::Ignored;
use kinds::Wanted;
use missing::{leads_nowhere, missing};
use paths::Style;
use read::Reader;
use revision::{ObjectId, Past};

/// How files are looked for.
#[derive(Clone, Debug, Default)]
pub struct DiscoverOptions {
    /// Whether only what the paths name is read, and nothing around it.
    pub isolated: bool,
    /// The path under which standard input is known; without it, `<stdin>`.
    pub stdin_filename: Option<PathBuf>,
    /// Says which files are left out, and which are looked at besides those of the usual names.
    pub config: Config,
    /// Whether files that are named are left out, too, if the configuration says so of them; standard input as well, under
    /// the name that it has.
    pub force_exclude: bool,
}

/// The paths that lead to nothing, each with what was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoverError {
    /// One sentence for each path.
    pub problems: Vec<String>,
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problems.join("\n"))
    }
}

impl std::error::Error for DiscoverError {}

/// The files that the paths lead to, sorted by path, each once; around files that are named, also the
/// other scripts and templates of their repository (without one: of their folder), not to be reported.
///
/// # Errors
/// When a path leads to nothing. What exists but cannot be read is an input that says why.
pub fn inputs(paths: &[PathBuf], options: &DiscoverOptions, cwd: &Path) -> Result<Vec<Input>, DiscoverError> {
    files(paths, options, cwd).map(|files| files.inputs)
}

/// Files that were found.
#[derive(Debug)]
pub struct Files {
    /// Their bytes, sorted by path.
    pub inputs: Vec<Input>,
    /// Where those that are on the disk lie, by the paths that outputs show.
    pub places: BTreeMap<String, PathBuf>,
    /// What was left out on the way to them.
    pub left_out: LeftOut,
}

/// What a search came to and left out, of what the paths lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// How many files and folders the configuration excludes; what lies in such a folder is not counted.
    pub excluded: usize,
    /// How many files and folders git ignores, likewise.
    pub ignored: usize,
    /// What standard input held, if the configuration excludes its name.
    pub standard_input: Option<Vec<u8>>,
}

/// The same as [`inputs`], with where the files lie on the disk.
///
/// # Errors
/// When a path leads to nothing. What exists but cannot be read is an input that says why.
pub fn files(paths: &[PathBuf], options: &DiscoverOptions, cwd: &Path) -> Result<Files, DiscoverError> {
    let mut search = Search::new(cwd, options);
    search.all(paths)?;
    Ok(search.finish())
}

/// Where the bytes of a found file are to be had.
enum Origin {
    Disk(PathBuf),
    Git(ObjectId),
    Known(Result<Vec<u8>, String>),
}

/// A file that was found.
struct Found {
    shown: String,
    origin: Origin,
    named: bool,
    reported: bool,
}

/// A search for files; each file is found once, however it is reached.
struct Search<'o> {
    cwd: PathBuf,
    options: &'o DiscoverOptions,
    reader: Reader,
    found: BTreeMap<PathBuf, Found>,
    /// Files that were named: what lies around them supplies facts.
    named: Vec<(PathBuf, Style)>,
    /// The commit whose files are looked for, if not those on the disk.
    past: Option<Past>,
    left_out: LeftOut,
}

impl<'o> Search<'o> {
    fn new(cwd: &Path, options: &'o DiscoverOptions) -> Self {
        Self {
            cwd: paths::normal(cwd),
            options,
            reader: Reader::new(),
            found: BTreeMap::new(),
            named: Vec::new(),
            past: None,
            left_out: LeftOut::default(),
        }
    }

    /// What paths of the command line lead to.
    fn all(&mut self, paths: &[PathBuf]) -> Result<(), DiscoverError> {
        let mut problems = Vec::new();
        for path in paths {
            if path.as_os_str() == "-" {
                self.standard_input(self.options.stdin_filename.as_deref());
            } else if let Err(problem) = self.path(path) {
                problems.push(problem);
            }
        }
        if !problems.is_empty() {
            return Err(DiscoverError { problems });
        }
        if !self.options.isolated {
            self.context();
        }
        Ok(())
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.cwd.join(path)
    }

    /// What a path of the command line leads to.
    fn path(&mut self, path: &Path) -> Result<(), String> {
        let absolute = self.absolute(path);
        let style = Style::of(path);
        match fs::metadata(&absolute) {
            _ if path.as_os_str().is_empty() => Err("a path is empty; to check this folder, name `.`".to_owned()),
            Ok(_) if self.is_forced_out(&style.shown(&absolute, &self.cwd)) => {
                self.left_out.excluded += 1;
                Ok(())
            }
            Ok(metadata) if metadata.is_dir() => {
                self.walk(&absolute, style, Wanted::All);
                Ok(())
            }
            Err(error) if leads_nowhere(&error) => Err(missing(
                path,
                &absolute,
                "a file or a folder that does, or `.` for this folder",
            )),
            _ => {
                self.add_named(&absolute, style, Origin::Disk(absolute.clone()));
                Ok(())
            }
        }
    }

    fn excludes(&self, shown: &str) -> bool {
        self.options.config.excludes(shown)
    }

    /// Whether a file is left out although it was named.
    fn is_forced_out(&self, shown: &str) -> bool {
        self.options.force_exclude && self.excludes(shown)
    }

    /// Whether a file is looked at that was not named.
    fn takes(&self, path: &Path, shown: &str, wanted: Wanted) -> bool {
        let config = &self.options.config;
        wanted.takes(path) || config.is_kql(shown) || wanted == Wanted::All && config.includes(shown)
    }

    fn add_named(&mut self, absolute: &Path, style: Style, origin: Origin) {
        self.named.push((paths::normal(absolute), style));
        let Some(origin) = self.origin_then(absolute, origin) else {
            return;
        };
        let found = Found {
            shown: style.shown(absolute, &self.cwd),
            origin,
            named: true,
            reported: true,
        };
        self.add(identity(absolute), found);
    }

    fn standard_input(&mut self, name: Option<&Path>) {
        let bytes = match self.past {
            // It can be read once, and no commit has it.
            Some(_) => Origin::Known(Ok(Vec::new())),
            None => Origin::Known(self.reader.standard_input()),
        };
        if let Some(name) = name.filter(|name| !name.as_os_str().is_empty()) {
            let shown = Style::of(name).shown(&self.absolute(name), &self.cwd);
            match bytes {
                // What can't be read is told, whatever its name: it can't be handed on.
                Origin::Known(Ok(text)) if self.is_forced_out(&shown) => {
                    self.left_out.excluded += 1;
                    self.left_out.standard_input = Some(text);
                }
                bytes => self.add_named(&self.absolute(name), Style::of(name), bytes),
            }
            return;
        }
        let found = Found {
            shown: "<stdin>".to_owned(),
            origin: bytes,
            named: true,
            reported: true,
        };
        self.add(PathBuf::from("-"), found);
    }

    /// Adds the files below a folder.
    fn walk(&mut self, folder: &Path, style: Style, wanted: Wanted) {
        match self.past.as_ref().and_then(|past| past.inside(&identity(folder))) {
            Some(inside) => self.walk_then(folder, &inside, style, wanted),
            None => self.walk_disk(folder, style, wanted),
        }
    }

    fn walk_disk(&mut self, folder: &Path, style: Style, wanted: Wanted) {
        let start = paths::normal(folder);
        let real = identity(folder);
        let mut ignored = Ignored::above(&real, repository(&real).as_deref());
        let mut walk = WalkDir::new(folder).follow_links(false).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.unreadable(&error, style, wanted);
                    continue;
                }
            };
            let inside = entry.path().strip_prefix(folder).unwrap_or(Path::new(""));
            let (depth, here) = (entry.depth(), real.join(inside));
            let is_folder = entry.file_type().is_dir() || depth == 0;
            let shown = style.shown(&start.join(inside), &self.cwd);
            if depth > 0
                && (is_folder && kinds::skips_folder(entry.file_name())
                    || self.leaves_out(&shown, wanted, ignored.ignores(&here, is_folder, depth)))
            {
                if is_folder {
                    walk.skip_current_dir();
                }
            } else if is_folder {
                ignored.enter(&here, depth);
            } else if entry.file_type().is_file() && self.takes(entry.path(), &shown, wanted) {
                self.add(here, walked(shown, Origin::Disk(entry.into_path()), wanted));
            }
        }
    }

    /// Whether a walk leaves out what it came to, which git ignores or does not.
    fn leaves_out(&mut self, shown: &str, wanted: Wanted, is_ignored: bool) -> bool {
        let is_excluded = self.excludes(shown);
        if wanted == Wanted::All {
            self.left_out.excluded += usize::from(is_excluded);
            self.left_out.ignored += usize::from(is_ignored && !is_excluded);
        }
        is_excluded || is_ignored
    }

    /// Adds a folder that cannot be listed.
    fn unreadable(&mut self, error: &walkdir::Error, style: Style, wanted: Wanted) {
        let Some(path) = error.path() else {
            return;
        };
        let why = error.io_error().map_or_else(|| error.to_string(), read::reason);
        let shown = style.shown(path, &self.cwd);
        self.add(identity(path), walked(shown, Origin::Known(Err(why)), wanted));
    }

    /// Adds what may supply facts to the files that were named.
    fn context(&mut self) {
        let mut places: BTreeMap<PathBuf, (Style, bool)> = BTreeMap::new();
        for (file, style) in &self.named {
            let folder = file.parent().unwrap_or(Path::new(""));
            let (place, deep) = match repository(folder) {
                Some(repository) => (repository, true),
                None => (folder.to_owned(), false),
            };
            places.entry(place).or_insert((*style, deep));
        }
        for (place, (style, deep)) in places {
            if deep {
                self.walk(&place, style, Wanted::Context);
            } else {
                self.siblings(&place, style);
            }
        }
    }

    /// Adds the files of one folder, not those below it.
    fn siblings(&mut self, folder: &Path, style: Style) {
        let walk = WalkDir::new(folder)
            .follow_links(false)
            .max_depth(1)
            .sort_by_file_name();
        for entry in walk.into_iter().flatten() {
            let shown = style.shown(entry.path(), &self.cwd);
            let is_taken = self.takes(entry.path(), &shown, Wanted::Context) && !self.excludes(&shown);
            if entry.file_type().is_file() && is_taken {
                let found = walked(shown, Origin::Disk(entry.path().to_owned()), Wanted::Context);
                self.add(identity(entry.path()), found);
            }
        }
    }

    /// Adds a file, or what is new about it if it was found before.
    fn add(&mut self, identity: PathBuf, found: Found) {
        match self.found.entry(identity) {
            Entry::Vacant(entry) => {
                entry.insert(found);
            }
            Entry::Occupied(mut entry) => {
                let before = entry.get_mut();
                if (!found.named, &found.shown) < (!before.named, &before.shown) {
                    before.shown = found.shown;
                }
                if matches!(found.origin, Origin::Known(_)) {
                    before.origin = found.origin;
                }
                before.named |= found.named;
                before.reported |= found.reported;
            }
        }
    }

    /// Reads what was found. Files that are reported come first, should the bytes of a run not suffice.
    fn finish(&mut self) -> Files {
        let mut found: Vec<Found> = std::mem::take(&mut self.found).into_values().collect();
        found.sort_by(|a, b| (!a.reported, &a.shown).cmp(&(!b.reported, &b.shown)));
        let mut places = BTreeMap::new();
        let read = |file: Found| Input {
            bytes: match file.origin {
                Origin::Disk(path) => {
                    let bytes = self.reader.file(&path);
                    places.insert(file.shown.clone(), path);
                    bytes
                }
                Origin::Git(id) => match &mut self.past {
                    Some(past) => past.bytes(id, &mut self.reader),
                    None => Err("it is in no commit".to_owned()),
                },
                Origin::Known(bytes) => bytes,
            },
            path: file.shown,
            named: file.named,
            reported: file.reported,
        };
        let mut inputs: Vec<Input> = found.into_iter().map(read).collect();
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        Files {
            inputs,
            places,
            left_out: std::mem::take(&mut self.left_out),
        }
    }
}

/// A file that a walk came to.
fn walked(shown: String, origin: Origin, wanted: Wanted) -> Found {
    Found {
        shown,
        origin,
        named: false,
        reported: wanted == Wanted::All,
    }
}

/// A path that two spellings of the same file share.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| {
        let path = paths::normal(path);
        let folder = path.parent().and_then(|folder| {
            let here = folder.as_os_str().is_empty();
            fs::canonicalize(if here { Path::new(".") } else { folder }).ok()
        });
        match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        }
    })
}

/// Whether some paths lead to all files that the patterns of a configuration speak of: those of its folder, or those of
/// the repository if it lies elsewhere.
#[must_use]
pub fn covers_configuration(paths: &[PathBuf], config: &Config, cwd: &Path) -> bool {
    let cwd = paths::normal(cwd);
    let top = repository(&cwd).unwrap_or_else(|| cwd.clone());
    let lies_inside = config.base.lies_in(&paths::slashes(&top));
    let mut folders = paths.iter().map(|path| paths::normal(&cwd.join(path)));
    folders.any(|folder| {
        if lies_inside {
            config.base.lies_in(&paths::slashes(&folder))
        } else {
            top.starts_with(&folder)
        }
    })
}

/// By which folder settings and what outlives a run name files: that of the repository, or else the working directory.
#[must_use]
pub fn root(cwd: &Path) -> Root {
    let cwd = identity(cwd);
    let top = repository(&cwd).unwrap_or_else(|| cwd.clone());
    let shown = |path: &Path| paths::slashes(path);
    let inside = cwd.strip_prefix(&top).map(shown).unwrap_or_default();
    let inside = if inside == "." { "" } else { inside.as_str() };
    Root::new(&shown(&top), inside)
}

/// The folder of the repository that a folder lies in.
fn repository(folder: &Path) -> Option<PathBuf> {
    let has_git = |up: &&Path| fs::symlink_metadata(up.join(".git")).is_ok();
    folder.ancestors().find(has_git).map(Path::to_owned)
}
