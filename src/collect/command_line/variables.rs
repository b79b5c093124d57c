//! What variables of a script stand for, and the outputs of commands that tell of resources.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::service::CommandRow;
use crate::syntax::host::command_line::{Dialect, Statement, Word};
use crate::text::{FileSpan, HOLE, MappedText, Span, Symbol, offset};

/// How long the text that a variable stands for may be.
const MOST_TEXT: u32 = 4096;

/// What a command tells of.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) row: &'static CommandRow,
    /// The name of the resource, as far as it is known.
    pub(super) name: MappedText,
    /// What is read of it: the option `--query`.
    pub(super) query: Option<MappedText>,
}

/// What a variable holds.
#[derive(Clone, Debug)]
enum Held {
    Text(MappedText),
    Resource(Told),
}

/// The variables of a script that are assigned once.
pub(super) struct Variables {
    dialect: Dialect,
    /// Names that are not assigned exactly once for certain.
    doubtful: BTreeMap<String, bool>,
    held: BTreeMap<String, Held>,
    /// What the commands in substitutions tell of.
    outputs: BTreeMap<Span, Told>,
}

impl Variables {
    pub(super) fn of(statements: &[Statement], dialect: Dialect) -> Self {
        let mut doubtful = BTreeMap::new();
        for assigned in statements.iter().filter_map(|statement| statement.assigned.as_ref()) {
            let again = doubtful.contains_key(&assigned.name);
            doubtful.insert(assigned.name.clone(), again || !assigned.certain);
        }
        Self {
            dialect,
            doubtful,
            held: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    fn is_certain(&self, name: &str) -> bool {
        self.doubtful.get(name) == Some(&false)
    }

    /// Takes in the value that a statement assigns.
    pub(super) fn assign(&mut self, statement: &Statement, scope: &dyn Fn(&Symbol) -> Symbol) {
        let (Some(assigned), [word]) = (&statement.assigned, statement.words.as_slice()) else {
            return;
        };
        let text = self.text(word, scope);
        // What a command prints may differ from one time to the next.
        let is_fixed = |symbol: &Symbol| match symbol {
            Symbol::Interpolation { text, .. } => !text.contains(['(', '`']) && !text.contains("RANDOM"),
            _ => true,
        };
        if self.is_certain(&assigned.name) && text.holes().iter().all(|hole| is_fixed(&hole.symbol)) {
            self.held.insert(assigned.name.clone(), Held::Text(text));
        }
    }

    /// Takes in the resource that a command tells of.
    pub(super) fn tell(&mut self, statement: &Statement, told: Told) {
        match &statement.assigned {
            // What the shell assigns is the text that the CLI prints.
            Some(assigned) if self.is_certain(&assigned.name) => {
                let at = statement.words.first().and_then(|word| word.text.whole_source());
                let held = match (&told.query, at) {
                    (None, _) => Some(Held::Resource(told)),
                    (Some(_), Some(at)) => output(&told, "", at).map(Held::Text),
                    (Some(_), None) => None,
                };
                held.and_then(|held| self.held.insert(assigned.name.clone(), held));
            }
            Some(_) => {}
            None => {
                if let Some(inside) = statement.inside {
                    self.outputs.entry(inside).or_insert(told);
                }
            }
        }
    }

    /// The text that a command gets for a word.
    pub(super) fn text(&self, word: &Word, scope: &dyn Fn(&Symbol) -> Symbol) -> MappedText {
        let told = word.substitution.and_then(|inside| self.outputs.get(&inside));
        self.filled(&word.text, scope, told.map(|told| (told, word.member.as_str())))
    }

    /// The text with what is known of the variables in it, and of the command whose output is its last part.
    fn filled(&self, text: &MappedText, scope: &dyn Fn(&Symbol) -> Symbol, told: Option<(&Told, &str)>) -> MappedText {
        if text.is_known() {
            return text.clone();
        }
        let mut out = MappedText::default();
        let mut from = 0;
        for hole in text.holes() {
            let span = Span::new(hole.at, hole.at + offset(HOLE.len_utf8()));
            out.push_part(text, Span::new(from, span.start));
            let value = match (&*hole.symbol, told) {
                (_, Some((told, member))) if span.end == text.len() => {
                    text.source(span).and_then(|at| output(told, member, at))
                }
                (Symbol::Interpolation { text: name, .. }, _) => self.value(name, text.source(span)),
                _ => None,
            };
            match value {
                Some(value) if out.len() + value.len() <= MOST_TEXT => out.push(&value),
                _ => out.push(&text.part(span).with_symbols(scope)),
            }
            from = span.end;
        }
        out.push_part(text, Span::new(from, text.len()));
        out
    }

    /// What an expression such as `$kv.VaultUri` stands for.
    fn value(&self, expression: &str, at: Option<FileSpan>) -> Option<MappedText> {
        let expression = match self.dialect {
            Dialect::CSharp => expression,
            _ => expression.strip_prefix('$')?,
        };
        let expression = expression
            .strip_prefix('(')
            .and_then(|inner| inner.strip_suffix(')')?.strip_prefix('$'))
            .unwrap_or(expression);
        let (name, member) = match (self.dialect, expression.find('.')) {
            (Dialect::PowerShell, Some(dot)) => expression.split_at_checked(dot)?,
            _ => (expression, ""),
        };
        let name = match self.dialect {
            Dialect::PowerShell => name.to_ascii_lowercase(),
            Dialect::Shell | Dialect::CSharp => name.to_owned(),
        };
        match self.held.get(&name)? {
            Held::Text(text) => member.is_empty().then(|| text.clone()),
            Held::Resource(told) => output(told, member, at?),
        }
    }
}

/// The text that stands for a property of a resource that a command tells of: its id, or a reference to it.
fn output(told: &Told, member: &str, at: FileSpan) -> Option<MappedText> {
    let path = match &told.query {
        Some(query) => query.known()?.to_owned(),
        None => member.trim_start_matches('.').to_owned(),
    };
    let is_path = |path: &str| path.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    if path.is_empty() || !is_path(&path) || told.name.is_empty() {
        return None;
    }
    let kind = told.row.kind;
    if matches!(path.to_ascii_lowercase().as_str(), "id" | "resourceid") {
        let mut id = MappedText::computed(format!("/providers/{kind}/"), at);
        id.push(&told.name);
        return Some(id);
    }
    let path = match path.as_str() {
        "IdentityPrincipalId" => "identity.principalId",
        other => other,
    };
    Some(MappedText::hole(
        Arc::new(Symbol::Reference {
            resource: format!("/providers/{kind}/{}", told.name.canonical()),
            full: true,
            path: path.split('.').map(str::to_owned).collect(),
        }),
        at,
    ))
}
