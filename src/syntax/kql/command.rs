//! The reading of a command by the table of those that are known.

use super::ast::{Body, Command, Entity, EntityKind, ExternalTableVerb, Name, PolicyAction, PolicyLevel, RoleAction};
use super::boundary::VERBS;
use super::cursor::Cursor;
use super::operator;
use super::table::{KNOWN, OBJECTS};
use crate::text::Span;

/// What the words at the start of a command said.
#[derive(Default)]
pub(super) struct Head {
    /// The verb.
    pub(super) verb: String,
    /// The words without names, hyphenated words as one.
    pub(super) words: Vec<String>,
    /// The name, if the command starts with one; the first of a list.
    pub(super) name: Option<Name>,
    /// The other names of a list.
    pub(super) others: Vec<Name>,
    /// The words that are no part of the command's name.
    pub(super) modifiers: Vec<String>,
    /// The database before the name.
    pub(super) database: Option<Name>,
    /// From the first word after the verb to the last one before `policy`.
    pub(super) object: Span,
}

impl Head {
    /// Whether one of the words is `word`.
    pub(super) fn says(&self, word: &str) -> bool {
        self.words.iter().any(|said| said == word)
    }

    pub(super) fn policy_action(&self) -> PolicyAction {
        match self.verb.as_str() {
            "alter" => PolicyAction::Alter,
            "alter-merge" => PolicyAction::AlterMerge,
            "delete" => PolicyAction::Delete,
            _ => PolicyAction::Show,
        }
    }

    pub(super) fn external_table_verb(&self) -> ExternalTableVerb {
        match self.verb.as_str() {
            "alter" => ExternalTableVerb::Alter,
            "create-or-alter" => ExternalTableVerb::CreateOrAlter,
            "drop" => ExternalTableVerb::Drop,
            _ => ExternalTableVerb::Create,
        }
    }

    pub(super) fn role_action(&self) -> RoleAction {
        match self.verb.as_str() {
            "add" => RoleAction::Add,
            "drop" => RoleAction::Drop,
            _ => RoleAction::Set,
        }
    }

    /// Whether the command is answered before it is done.
    pub(super) fn is_async(&self) -> bool {
        self.modifiers.iter().any(|word| word == "async")
    }

    /// What the command is about. Without a word for it that is a table.
    pub(super) fn entity(&self) -> Entity {
        let kind = match self.words.get(1).map_or("", String::as_str) {
            "cluster" => EntityKind::Cluster,
            "database" => EntityKind::Database,
            "table" | "tables" | "" => EntityKind::Table,
            "external" => EntityKind::ExternalTable,
            "materialized-view" => EntityKind::MaterializedView,
            "function" | "functions" => EntityKind::Function,
            "continuous-export" => EntityKind::ContinuousExport,
            _ => EntityKind::Other,
        };
        Entity {
            kind,
            database: self.database.clone(),
            names: self.name.iter().chain(&self.others).cloned().collect(),
        }
    }

    /// The cluster, or the database that the head names.
    pub(super) fn level(&self) -> PolicyLevel {
        if self.says("cluster") {
            PolicyLevel::Cluster
        } else {
            PolicyLevel::Database(self.name.clone())
        }
    }
}

/// Reads the command whose dot is the first token.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Command {
    let span = cursor.span(0, cursor.tokens().len());
    cursor.go(1);
    let verb = cursor.peek_word().to_owned();
    let verb_span = cursor.word().unwrap_or(Span::at(span.end));
    let after_verb = cursor.at();
    let known = KNOWN
        .iter()
        .filter(|known| known.verbs.split('|').any(|word| word == verb))
        .find_map(|known| Some((known, head(cursor, after_verb, &verb, known.words)?)));
    let (name, database, body) = if let Some((known, head)) = known {
        let database = if head.says("database") && !head.says("table") {
            head.name.clone()
        } else {
            head.database.clone()
        };
        (Some(head.words.join(" ")), database, (known.body)(cursor, head))
    } else {
        cursor.go(after_verb);
        let known_verb = VERBS.contains(&verb.as_str());
        let known_object = OBJECTS.contains(&cursor.peek_word());
        let (name, database) = generic_name(cursor, verb);
        let body = if known_verb && known_object {
            Body::Other
        } else {
            Body::Unknown
        };
        (known_verb.then_some(name), database, body)
    };
    Command {
        span,
        name,
        verb: verb_span,
        database,
        body,
        operators: operator::find(cursor),
    }
}

/// Reads the words of a head. A name that may be missing is tried first as there, then as missing: the
/// word after it could be a name too.
fn head(cursor: &mut Cursor<'_>, from: usize, verb: &str, words: &str) -> Option<Head> {
    head_of(cursor, from, verb, words, true).or_else(|| {
        words
            .contains("NAME?")
            .then(|| head_of(cursor, from, verb, words, false))
            .flatten()
    })
}

fn head_of(cursor: &mut Cursor<'_>, from: usize, verb: &str, words: &str, optional_names: bool) -> Option<Head> {
    let mut head = Head {
        verb: verb.to_owned(),
        words: vec![verb.to_owned()],
        ..Head::default()
    };
    cursor.go(from);
    for pattern in words.split(' ') {
        let bare = pattern.trim_end_matches(['?', '~', '!']);
        let optional = bare.len() < pattern.len();
        let found = match bare {
            "NAME" if optional && !optional_names => false,
            "NAME" | "TABLE" | "NAMES" => head.names(cursor, bare),
            _ => head.word(cursor, bare, pattern),
        };
        if !found && !optional {
            return None;
        }
        if !head.says("policy") {
            head.object = cursor.span(from, cursor.at());
        }
    }
    Some(head)
}

impl Head {
    /// Reads a name, a name with a database, or a list of names.
    fn names(&mut self, cursor: &mut Cursor<'_>, pattern: &str) -> bool {
        let mut names = match pattern {
            "NAME" => cursor.name().into_iter().collect(),
            "NAMES" => cursor.names(),
            _ => match cursor.qualified_name() {
                Some((database, name)) => {
                    self.database = self.database.take().or(database);
                    vec![name]
                }
                None => Vec::new(),
            },
        }
        .into_iter();
        let Some(first) = names.next() else { return false };
        match self.name {
            Some(_) => self.others.push(first),
            None => self.name = Some(first),
        }
        self.others.extend(names);
        true
    }

    /// Reads a word that `choices` allow; `pattern` tells what to do when it is missing.
    fn word(&mut self, cursor: &mut Cursor<'_>, choices: &str, pattern: &str) -> bool {
        let word = cursor.peek_word();
        let any = choices == "WORD" && !word.is_empty();
        let fits = any || choices.split('|').any(|choice| choice == word);
        if fits {
            cursor.word();
        }
        match pattern.chars().last() {
            Some('~') if fits => self.modifiers.push(word.to_owned()),
            Some('!') if !fits => self.words.extend(choices.split('|').next().map(str::to_owned)),
            _ if fits => self.words.push(word.to_owned()),
            _ => {}
        }
        fits
    }
}

/// The keywords at the start of a command that is not in the table: verb, kind of object, policy.
fn generic_name(cursor: &mut Cursor<'_>, verb: String) -> (String, Option<Name>) {
    let mut name = verb;
    let mut last = "";
    while OBJECTS.contains(&cursor.peek_word()) && (last != "database" || cursor.peek_word() == "script") {
        last = cursor.peek_word();
        name.push(' ');
        name.push_str(last);
        cursor.word();
    }
    let start = cursor.at();
    let mut database = None;
    for named in [true, false] {
        cursor.go(start);
        if named {
            match cursor.qualified_name() {
                Some((before, object)) if last == "database" => database = before.or(Some(object)),
                Some((before, _)) => database = before,
                None => continue,
            }
        }
        if cursor.eat_word("policy") && !cursor.peek_word().is_empty() {
            if !named {
                database = None;
            }
            name.push_str(" policy ");
            name.push_str(cursor.peek_word());
            break;
        }
    }
    (name, database)
}
