//! What is known of findings before a run: the baseline, and what an older commit has as well.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use super::Failure;
use crate::baseline::{Baseline, Key, Matching, Reach, composed, set_aside};
use crate::config::Config;
use crate::diagnostic::SetAsideBy;
use crate::discover::{BaselineFile, Files, rooted, same_file, standing};
use crate::engine::{Input, Outcome};
use crate::redact::{Redactor, shown_path};
use crate::report::escape;
use crate::rules::ALL;
use crate::text::{NotText, Root, SourceFile, decode};

/// Takes out of the files the one that holds the baseline, also if it was named, as hooks name what changed: it tells of
/// commands, and holds none, and a fix of the names in it would break it. The path that outputs would show is handed back.
pub(super) fn pass_over(files: &mut Files, baseline: Option<&BaselineFile>) -> Option<String> {
    let place = baseline?.place.as_path();
    let at = files.inputs.iter().position(|input| {
        let found = files.places.get(&input.path);
        found.is_some_and(|found| same_file(found, place))
    })?;
    Some(files.inputs.remove(at).path)
}

/// The files that a run looks at, by what a baseline calls them.
pub(super) struct Looked<'r> {
    cwd: &'r Path,
    checked: BTreeSet<String>,
    /// The files and folders that were named: what is gone from them is gone.
    named: Vec<String>,
}

impl<'r> Looked<'r> {
    /// The files among the inputs in which findings are wanted, which some paths lead to.
    pub(super) fn at(inputs: &[Input], paths: &[PathBuf], root: &Root, cwd: &'r Path) -> Self {
        let reported = inputs.iter().filter(|input| input.reported);
        let checked = reported.filter_map(|input| root.path_of(&input.path));
        let named = paths.iter().filter_map(|path| rooted(path, cwd));
        Self {
            cwd,
            checked: checked.map(|path| composed(&shown_path(&path))).collect(),
            named: named.map(|path| composed(&path)).collect(),
        }
    }

    /// What of a baseline is found again in an outcome.
    pub(super) fn matched(&self, baseline: &Baseline, outcome: &Outcome) -> Matching {
        let stands = standing(self.cwd);
        baseline.matched(outcome, &|path| match () {
            () if self.checked.contains(path) => Reach::Looked,
            () if stands(path) => Reach::Elsewhere,
            () if self.named.iter().any(|named| lies_in(path, named)) => Reach::Looked,
            () => Reach::Gone,
        })
    }
}

/// Whether a path from the root is that of a file or folder, or lies in it.
fn lies_in(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder);
    folder.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The configuration by which the files of an older commit are judged: that of now, with those of its suppressions that
/// were there then, so that what one says that is new is new. The file itself counts among them as it is now.
pub(super) fn configuration_then(then: &mut [Input], now: &[Input], config: &Config) -> Config {
    let before = match then.iter_mut().find(|input| input.path == config.path) {
        Some(file) => {
            let bytes = Ok(config.text.clone().into_bytes());
            let before = std::mem::replace(&mut file.bytes, bytes).ok();
            let text = before.and_then(|bytes| decode(&bytes).ok());
            let names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
            let read = text.and_then(|decoded| Config::parse(&decoded.text, &names).ok());
            read.map(|config| config.suppress).unwrap_or_default()
        }
        None if now.iter().any(|input| input.path == config.path) => Vec::new(),
        None => return config.clone(),
    };
    let mut config = config.clone();
    config
        .suppress
        .retain(|entry| before.iter().any(|before| before.is_about_the_same(entry)));
    config
}

/// The files that were renamed and nothing else: by their old paths from the root, the new ones.
pub(super) fn renamed(then: &[Input], now: &[Input], root: &Root) -> BTreeMap<String, String> {
    let paths = |inputs: &[Input]| -> BTreeSet<String> { inputs.iter().map(|input| input.path.clone()).collect() };
    let (before, after) = (paths(then), paths(now));
    let rooted = |input: &Input| root.path_of(&input.path).map(|path| composed(&shown_path(&path)));
    let mut added: BTreeMap<&[u8], VecDeque<&Input>> = BTreeMap::new();
    for input in now.iter().filter(|input| !before.contains(&input.path)) {
        if let Ok(bytes) = &input.bytes {
            added.entry(bytes).or_default().push_back(input);
        }
    }
    let gone = then.iter().filter(|input| !after.contains(&input.path));
    let renamed = gone.filter_map(|input| {
        let same = added.get_mut(input.bytes.as_ref().ok()?.as_slice())?;
        Some((rooted(input)?, rooted(same.pop_front()?)?))
    });
    renamed.collect()
}

/// What is known before a run.
#[derive(Default)]
pub(super) struct Known {
    pub(super) baseline: Option<Baseline>,
    /// A revision, and the findings that its files have.
    pub(super) older: Option<(String, Baseline)>,
}

impl Known {
    /// Sets aside what is known. Both count by themselves, so that what both know is not counted twice: what the
    /// baseline holds is in the baseline, whatever else knows it.
    pub(super) fn sifted(&self, outcome: Outcome, looked: &Looked<'_>) -> Outcome {
        let known = |baseline: &Baseline| looked.matched(baseline, &outcome).known;
        let accepted = self.baseline.as_ref().map(known);
        let older = self
            .older
            .as_ref()
            .map(|(revision, baseline)| (revision, known(baseline)));
        let is = |known: &[bool], index: usize| known.get(index) == Some(&true);
        set_aside(outcome, |index| {
            if accepted.as_ref().is_some_and(|known| is(known, index)) {
                return Some(SetAsideBy::Baseline);
            }
            let (revision, known) = older.as_ref()?;
            is(known, index).then(|| SetAsideBy::Older {
                than: (*revision).clone(),
            })
        })
    }
}

/// The baseline in a file; `None` if the file does not exist. Any mistake in it ends the run: what can't be read must
/// not hide anything.
pub(super) fn read(file: &BaselineFile) -> Result<Option<Baseline>, Failure> {
    let Some(bytes) = &file.bytes else {
        return Ok(None);
    };
    let decoded = decode(bytes).map_err(|why| {
        let why = match why {
            NotText::Binary => "it is no text; restore it, or make it anew",
            NotText::Utf16WithoutMark | NotText::Utf32 => "save it as UTF-8",
            NotText::TooLarge => "it is too large",
        };
        Failure::new(format!("the baseline `{}` can't be read: {why}", file.path))
    })?;
    let source = SourceFile::new(file.path.as_str(), decoded);
    Baseline::parse(source.text()).map(Some).map_err(|error| {
        let place = source.position(error.at.start);
        let text = format!("{}:{}:{}: {}", source.path(), place.line, place.column, error.message);
        let redactor = Redactor::of_texts([source.text()]);
        Failure(vec![redactor.redacted(escape::one_line(&text).into_owned())])
    })
}

/// An entry as people read it: where, which rule, in what.
pub(super) fn told(key: &Key, count: u32) -> String {
    let times = if count == 1 {
        String::new()
    } else {
        format!(" ({count} times)")
    };
    let place = match key.place.as_slice() {
        [] => String::new(),
        names => format!(" in `{}`", names.join("` › `")),
    };
    let subject = match key.subject.as_slice() {
        [] => String::new(),
        names => format!(" about `{}`", names.join("` › `")),
    };
    format!("{}: {}{place}{subject}{times}", key.path, key.rule)
}
