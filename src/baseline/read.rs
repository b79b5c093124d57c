//! The text of a baseline, read strictly: what can't be read ends the run. A baseline that is read by half would hide
//! the wrong findings, or all.

use std::collections::BTreeMap;

use super::{Baseline, Key, VERSION, composed, lower};
use crate::syntax::json::{Dialect, Kind, Member, Node, parse};
use crate::text::{FileId, MappedText, Span, nearest};

/// Something wrong in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaselineError {
    /// What is wrong, and what to do. It may quote the file.
    pub message: String,
    /// The characters that are wrong.
    pub at: Span,
}

impl BaselineError {
    fn new(at: Span, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at,
        }
    }
}

impl Baseline {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// The first thing that is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        if let Some(at) = conflict(text) {
            return Err(BaselineError::new(
                at,
                "git left both sides of a conflict here: keep the entries of both, each once, then run `kustolint baseline update`",
            ));
        }
        let source = MappedText::of_file(FileId(0), text);
        let parsed = parse(&source, Dialect::Template);
        if let Some(error) = parsed.errors.first() {
            let message = format!("this is no JSON: {}; restore the file, or make it anew", error.message);
            return Err(BaselineError::new(error.span, message));
        }
        Reader { source: &source }.whole(&parsed.tree)
    }
}

/// Where a marker of a conflict stands at the start of a line. Nothing else in the file starts like that.
fn conflict(text: &str) -> Option<Span> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_marker = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
            .iter()
            .any(|marker| line.starts_with(marker));
        if is_marker {
            return Some(Span::of(at, at + 7));
        }
        at += line.len();
    }
    None
}

struct Reader<'t> {
    source: &'t MappedText,
}

impl Reader<'_> {
    fn whole(&self, root: &Node) -> Result<Baseline, BaselineError> {
        let wanted = "a baseline is an object with `version` and `findings`: make it with `kustolint baseline create`";
        if !matches!(root.kind, Kind::Object(_)) {
            return Err(BaselineError::new(root.span, wanted));
        }
        let [version, findings] = members(root, ["version", "findings"], "a baseline")?;
        match version.map(|member| (self.number(&member.value), member.value.span)) {
            Some((Some(VERSION), _)) => {}
            Some((Some(other), at)) if other > VERSION => {
                let message = format!(
                    "version {other} of the baseline was written by a newer kustolint, and this one reads version {VERSION}: \
                     install the newer one"
                );
                return Err(BaselineError::new(at, message));
            }
            Some((_, at)) => {
                let message = format!("`version` is {VERSION}, the version of the file's shape");
                return Err(BaselineError::new(at, message));
            }
            None => return Err(BaselineError::new(root.span, wanted)),
        }
        let Some(Member { value: findings, .. }) = findings else {
            return Err(BaselineError::new(root.span, wanted));
        };
        if !matches!(findings.kind, Kind::Array(_)) {
            return Err(BaselineError::new(findings.span, "`findings` is an array of entries"));
        }
        let mut entries = BTreeMap::new();
        for entry in findings.elements() {
            let (key, count) = self.entry(entry)?;
            if entries.insert(key, count).is_some() {
                return Err(BaselineError::new(
                    entry.span,
                    "the same entry stands above: leave one of the two, with the larger `count`",
                ));
            }
        }
        Ok(Baseline { entries })
    }

    fn entry(&self, node: &Node) -> Result<(Key, u32), BaselineError> {
        let wanted = "an entry is an object with `path`, `rule`, `place` and `count`";
        let [path, rule, place, subject, count] =
            members(node, ["path", "rule", "place", "subject", "count"], "an entry")?;
        let (Some(path), Some(rule), Some(place), Some(count)) = (path, rule, place, count) else {
            return Err(BaselineError::new(node.span, wanted));
        };
        let key = Key {
            path: self.path(&path.value)?,
            rule: self.rule(&rule.value)?,
            place: self.names(&place.value, "`place` is an array of names, the outermost first")?,
            subject: match subject {
                Some(subject) => lower(self.names(&subject.value, "`subject` is an array of names")?),
                None => Vec::new(),
            },
        };
        match self.number(&count.value) {
            Some(number) if number > 0 => Ok((key, number)),
            _ => Err(BaselineError::new(
                count.value.span,
                "`count` says how many findings the entry stands for: a number from 1",
            )),
        }
    }

    fn path(&self, node: &Node) -> Result<String, BaselineError> {
        let is_rooted = |path: &str| {
            let odd = |name: &str| matches!(name, "" | "." | "..");
            !path.contains(['\\', '\0']) && !path.split('/').any(odd)
        };
        match self.text(node).filter(|path| is_rooted(path)) {
            Some(path) => Ok(composed(&path)),
            None => Err(BaselineError::new(
                node.span,
                "`path` is a string: the way from the folder of the repository to the file, with `/`",
            )),
        }
    }

    /// Rules come and go with the versions of the program, so that any name is taken that could be one.
    fn rule(&self, node: &Node) -> Result<String, BaselineError> {
        let may_be = |name: &str| {
            let fits =
                |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-';
            !name.is_empty() && name.chars().all(fits)
        };
        let name = self.text(node).filter(|name| may_be(name));
        name.ok_or_else(|| {
            BaselineError::new(
                node.span,
                "`rule` is the name of a rule, as findings show it in brackets",
            )
        })
    }

    /// An array of names; `wanted` says what it is.
    fn names(&self, node: &Node, wanted: &str) -> Result<Vec<String>, BaselineError> {
        let wrong = |at| BaselineError::new(at, wanted);
        if !matches!(node.kind, Kind::Array(_)) {
            return Err(wrong(node.span));
        }
        let names = node.elements().iter();
        names
            .map(|name| self.text(name).ok_or_else(|| wrong(name.span)))
            .collect()
    }

    fn text(&self, node: &Node) -> Option<String> {
        node.string(self.source).map(|text| text.as_str().to_owned())
    }

    fn number(&self, node: &Node) -> Option<u32> {
        match &node.kind {
            Kind::Number(text) => text.parse().ok(),
            _ => None,
        }
    }
}

/// The members of an object by their names, in the order that is asked for; each stands at most once, and there are no
/// others.
fn members<'n, const N: usize>(
    node: &'n Node,
    names: [&str; N],
    what: &str,
) -> Result<[Option<&'n Member>; N], BaselineError> {
    let mut found: [Option<&Member>; N] = [None; N];
    for member in node.members() {
        let slot = names.iter().position(|name| *name == member.name);
        match slot.and_then(|slot| found.get_mut(slot)) {
            Some(slot @ None) => *slot = Some(member),
            Some(Some(_)) => {
                let message = format!("`{}` stands twice: leave one", member.name);
                return Err(BaselineError::new(member.name_span, message));
            }
            None => {
                let meant = nearest(&member.name, names.iter().copied());
                let hint = meant.map_or("leave it out".to_owned(), |name| format!("did you mean `{name}`?"));
                let message = format!("{what} has no `{}`: {hint}", member.name);
                return Err(BaselineError::new(member.name_span, message));
            }
        }
    }
    Ok(found)
}
