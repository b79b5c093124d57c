//! What a configuration may hold, as tables. The parser checks by them, the schema and the file that `config init`
//! writes are made of them, so that none of the three can say anything else than the others.

/// A section or a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// What stands behind it.
    pub(super) kind: Kind,
    /// What it is for, in a sentence without a full stop.
    pub(super) doc: &'static str,
    /// Whether its table is nothing without it.
    pub(super) required: bool,
    /// What holds without it, as TOML; empty if that is nothing, or goes without saying.
    pub(super) default: &'static str,
}

/// What may stand behind a key.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// One of some words.
    Word(&'static Words),
    /// A text.
    Text(&'static Form),
    /// `true`: what else could be said is said by leaving the key out.
    Yes,
    /// A list of texts or words.
    List(&'static Kind),
    /// One of these, or a list of them.
    OneOrMore(&'static Kind),
    /// The name of a rule whose findings can be suppressed.
    Rule,
    /// A day: a date of TOML, or one in quotes.
    Day,
    /// A table with these keys.
    Table(&'static [Key]),
    /// Tables in a list, written `[[name]]`; each has one of these sets of keys.
    Tables(&'static [&'static [Key]]),
    /// A table whose keys the user chooses, of this form.
    Map(&'static Form, &'static Kind),
    /// A table of rules, each with what it is set to.
    Rules,
}

/// Words of which one may stand somewhere.
#[derive(Debug)]
pub(super) struct Words {
    /// What one of them is: "usage".
    pub(super) what: &'static str,
    /// What several of them are.
    pub(super) plural: &'static str,
    /// The words.
    pub(super) list: fn() -> Vec<&'static str>,
    /// What to say of another word, if that is more than which one is near.
    pub(super) missed: Option<fn(&str) -> String>,
}

/// What a text has to look like.
#[derive(Debug)]
pub(super) struct Form {
    /// What it is, with an example: "an object id: \"00000000-…\"".
    pub(super) what: &'static str,
    /// A regular expression that the text matches as a whole, in the words that Rust and JSON Schema share.
    pub(super) pattern: &'static str,
    /// The most characters that it may have.
    pub(super) longest: usize,
}

/// Elements that a list may have, and entries that a table may have.
pub(super) const MOST_ELEMENTS: usize = 256;
/// Patterns of one file in all.
pub(super) const MOST_PATTERNS: usize = 1000;

pub(super) const PATTERN: Form = Form {
    what: "a pattern of paths with `/`, from the folder of this file: \"samples/**\"",
    pattern: r"[^!\\\x00-\x1f][^\\\x00-\x1f]*",
    longest: 256,
};
pub(super) const PATTERNS: Kind = Kind::List(&Kind::Text(&PATTERN));
pub(super) const PATH: Form = Form {
    what: "the path of a file, from the folder of this file: \"kustolint-baseline.json\"",
    pattern: r"[^\\\x00-\x1f]+",
    longest: 1024,
};
pub(super) const GUID: Form = Form {
    what: "an id: \"4d8b1f36-92aa-4d1c-8a5e-0f3c6b7e2d91\"",
    pattern: r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
    longest: 36,
};
pub(super) const NAME: Form = Form {
    what: "a name that starts with a letter and has letters, digits, `-` and `_`: \"ingest\"",
    pattern: r"[A-Za-z][0-9A-Za-z_-]*",
    longest: 64,
};
pub(super) const LINE: Form = Form {
    what: "a text of one line",
    pattern: r"[^\x00-\x1f\x7f]+",
    longest: 256,
};

impl Key {
    pub(super) const fn new(name: &'static str, kind: Kind, doc: &'static str) -> Self {
        Self {
            name,
            kind,
            doc,
            required: false,
            default: "",
        }
    }

    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn default(mut self, toml: &'static str) -> Self {
        self.default = toml;
        self
    }
}
