//! What kustolint says: findings, and what it could not decide.

mod findings;
mod fix;
mod set_aside;

use std::fmt;

pub use findings::Findings;
pub use fix::{Applicability, Edit, Fix};
pub use set_aside::{SetAside, SetAsideBy};

use crate::redact::{Redact, Redactor};
use crate::text::{FileId, FileSpan};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Advice, or a matter that the service's documents leave open.
    Note,
    /// Very likely wrong, or a risk.
    Warning,
    /// The service refuses, or a requirement is not met.
    Error,
}

impl Severity {
    /// The word that outputs and rule pages use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A place with a few words on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The characters.
    pub at: FileSpan,
    /// What is to be said of them.
    pub message: String,
    /// Whether the finding goes away when these characters are changed: a value that comes from here.
    pub cause: bool,
    /// What the place is on the way that a value takes; `None` if it is not on one.
    pub way: Option<Way>,
}

/// A place on the way that a value takes from where it is written to where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Where it is written. The steps after it, up to the next such place, are its own.
    Source,
    /// What hands it on: a parameter, a variable, an output.
    Step,
    /// Where it is used.
    Use,
}

/// One finding. It never holds the text of a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The title: names the things as the user wrote them, and the consequence.
    pub message: String,
    /// The characters to change.
    pub primary: Label,
    /// Other places that belong to the finding: where a value comes from, what contradicts.
    pub related: Vec<Label>,
    /// What the service does, and what to write instead.
    pub notes: Vec<String>,
    /// The evaluations that it comes from: a template, and the parameter file that it was evaluated with.
    pub cases: Vec<(FileId, FileId)>,
    /// What to write instead, if that can be told and written.
    pub fix: Option<Fix>,
    /// The names of what holds the primary place, the outermost first: resources, parameters, commands. With the rule
    /// and the file they tell the finding again when lines have moved.
    pub place: Vec<String>,
    /// What the finding is about, if that has a name: the account of a connection string, an identity. It tells two findings
    /// of one rule in one thing apart.
    pub subject: Vec<String>,
}

impl Diagnostic {
    /// A finding with a title and one place.
    #[must_use]
    pub fn new(
        rule: &'static str,
        severity: Severity,
        message: impl Into<String>,
        at: FileSpan,
        label: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            primary: Label {
                at,
                message: label.into(),
                cause: true,
                way: Some(Way::Use),
            },
            related: Vec::new(),
            notes: Vec::new(),
            cases: Vec::new(),
            fix: None,
            place: Vec::new(),
            subject: Vec::new(),
        }
    }

    /// Says that the finding comes from the evaluation of a template with a parameter file, if with one.
    #[must_use]
    pub fn in_case(mut self, case: impl Into<(FileId, Option<FileId>)>) -> Self {
        let (template, parameters) = case.into();
        self.cases.extend(parameters.map(|parameters| (template, parameters)));
        self
    }

    /// Adds a place that belongs to the finding. A place equal to the primary one adds nothing.
    #[must_use]
    pub fn related(self, at: FileSpan, message: impl Into<String>) -> Self {
        self.label(Label {
            at,
            message: message.into(),
            cause: false,
            way: None,
        })
    }

    /// Adds places that belong to the finding, each with its words.
    #[must_use]
    pub fn related_all<T: Into<String>>(self, labels: impl IntoIterator<Item = (FileSpan, T)>) -> Self {
        let add = |finding: Self, (at, message)| finding.related(at, message);
        labels.into_iter().fold(self, add)
    }

    /// Adds the place that a value of the finding comes from.
    #[must_use]
    pub fn caused_by(self, at: FileSpan, message: impl Into<String>) -> Self {
        self.label(Label {
            at,
            message: message.into(),
            cause: true,
            way: None,
        })
    }

    /// Adds the place where a value of the finding is written, and then what hands it on up to its use.
    #[must_use]
    pub fn comes_from(self, at: FileSpan, message: impl Into<String>) -> Self {
        self.on_the_way(Way::Source, at, message)
    }

    /// Adds a place that hands on the value of the last source.
    #[must_use]
    pub fn by_way_of(self, at: FileSpan, message: impl Into<String>) -> Self {
        self.on_the_way(Way::Step, at, message)
    }

    fn on_the_way(self, way: Way, at: FileSpan, message: impl Into<String>) -> Self {
        self.label(Label {
            at,
            message: message.into(),
            cause: true,
            way: Some(way),
        })
    }

    /// Adds a place that belongs to the finding to one that is reported already.
    pub fn add_related(&mut self, at: FileSpan, message: impl Into<String>) {
        self.add(Label {
            at,
            message: message.into(),
            cause: false,
            way: None,
        });
    }

    fn label(mut self, label: Label) -> Self {
        self.add(label);
        self
    }

    fn add(&mut self, label: Label) {
        if label.at != self.primary.at && !self.related.iter().any(|known| known.at == label.at) {
            self.related.push(label);
        }
    }

    /// Says what to write instead, if that can be told.
    #[must_use]
    pub fn fixed_by(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
    }

    /// Adds a note.
    #[must_use]
    pub fn note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }
}

impl Redact for Diagnostic {
    fn redact(&mut self, redactor: &Redactor) {
        self.message.redact(redactor);
        self.primary.message.redact(redactor);
        for label in &mut self.related {
            label.message.redact(redactor);
        }
        self.notes.redact(redactor);
        if let Some(fix) = &mut self.fix {
            fix.title.redact(redactor);
        }
        self.place.redact(redactor);
        self.subject.redact(redactor);
    }
}

/// A question that could not be answered from the files: no verdict was given on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Undecided {
    /// The value that is not known.
    pub at: FileSpan,
    /// Why it is not known.
    pub reason: String,
}

impl Redact for Undecided {
    fn redact(&mut self, redactor: &Redactor) {
        self.reason.redact(redactor);
    }
}
