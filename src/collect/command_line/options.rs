//! From the words of a command to the properties that its options stand for.

use std::collections::BTreeSet;

use super::is_vague;
use super::variables::Variables;
use crate::arm::value::{Atom, Condition, Node, Value};
use crate::service::{CommandRow, OptionRow, ROLES, Reads};
use crate::syntax::host::command_line::{Dialect, Word};
use crate::text::{FileSpan, MappedText, Span, Symbol};

/// A property that an option gives.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// Where it stands in the resource.
    pub(super) path: Vec<&'static str>,
    /// Its value.
    pub(super) node: Node,
}

/// What is read of a command.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) row: &'static CommandRow,
    /// What names the resource, parents first; `None` for what is not given.
    pub(super) names: Vec<Option<Node>>,
    pub(super) settings: Vec<Setting>,
    /// The value of `--query`.
    pub(super) query: Option<MappedText>,
    /// Whether it may have options that are not seen.
    pub(super) spills: bool,
    /// Whether it is about something else than what a cluster reads.
    apart: bool,
    /// The words that name the command.
    pub(super) at: FileSpan,
    /// The same as they are written.
    pub(super) title: String,
}

/// How words are read.
pub(super) struct Reading<'r> {
    pub(super) dialect: Dialect,
    pub(super) variables: &'r Variables,
    /// The symbols of the scope that the script stands in.
    pub(super) scope: &'r dyn Fn(&Symbol) -> Symbol,
}

/// An option where it is used: its name in lower case, and its values.
pub(super) struct Used<'w> {
    name: String,
    option: &'w Word,
    pub(super) values: Vec<Word>,
}

impl Reading<'_> {
    /// Reads a command; `None` if the place of its words is not known.
    pub(super) fn command(&self, row: &'static CommandRow, words: &[Word]) -> Option<Given> {
        let (named, rest) = words.split_at_checked(row.words.len())?;
        let (first, last) = (named.first()?.text.whole_source()?, named.last()?.text.whole_source()?);
        let at = if first.file == last.file {
            FileSpan::new(first.file, first.span.cover(last.span))
        } else {
            first
        };
        let mut given = Given {
            row,
            names: vec![None; row.names.len()],
            settings: Vec::new(),
            query: None,
            spills: false,
            apart: false,
            at,
            title: named
                .iter()
                .map(|word| word.text.as_str())
                .collect::<Vec<_>>()
                .join(" "),
        };
        for used in self.used(rest, &mut given.spills) {
            self.take(&used, &mut given);
        }
        given.settings = last_of_each(given.settings);
        if given.apart {
            let why = format!(
                "`{}` is about one version here, which need not be the current one",
                given.title
            );
            for setting in &mut given.settings {
                setting.node = Node::written(
                    Value::unknown(placed(setting.path.last(), given.at), why.as_str()),
                    given.at,
                );
            }
        }
        Some(given)
    }

    /// The options among words. What stands before the first one is positional.
    fn used<'w>(&self, words: &'w [Word], spills: &mut bool) -> Vec<Used<'w>> {
        let mut all: Vec<Used<'w>> = Vec::new();
        for word in words {
            let text = word.text.as_str();
            let is_name = |rest: &str| rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-');
            let is_option = self.dialect == Dialect::CSharp || text.strip_prefix('-').is_some_and(is_name);
            if !word.quoted && !word.joined && is_option {
                let sign = match self.dialect {
                    _ if text.starts_with("--") => '=',
                    Dialect::PowerShell => ':',
                    Dialect::Shell | Dialect::CSharp => '=',
                };
                let border = text.find(sign);
                let name = text.get(..border.unwrap_or(text.len())).unwrap_or_default();
                let value = border.map(|border| {
                    let value = word.text.part(Span::of(border + 1, text.len()));
                    Word {
                        text: value,
                        quoted: true,
                        ..word.clone()
                    }
                });
                all.push(Used {
                    name: name.to_ascii_lowercase(),
                    option: word,
                    values: value.into_iter().filter(|value| !value.text.is_empty()).collect(),
                });
                continue;
            }
            match all.last_mut() {
                Some(used) => {
                    // A further word after the first value may be an option that a variable holds.
                    *spills |= word.spills && (!used.values.is_empty() || self.dialect == Dialect::PowerShell);
                    used.values.push(word.clone());
                }
                None => *spills |= word.spills,
            }
        }
        all
    }

    fn take(&self, used: &Used<'_>, given: &mut Given) {
        let is_named = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(&used.name));
        // These set any property of the resource.
        given.spills |= is_named(&["--set", "--add", "--remove"]);
        given.apart |= is_named(given.row.apart);
        if used.name == "--query" {
            given.query = used.values.first().map(|word| self.text(word));
        }
        if let Some(index) = given.row.names.iter().position(|names| is_named(names)) {
            let name = used.values.first().map(|word| self.node(word));
            given
                .names
                .iter_mut()
                .skip(index)
                .take(1)
                .for_each(|slot| slot.clone_from(&name));
            return;
        }
        // `null` is as if the member were not there.
        if self.dialect == Dialect::CSharp && used.values.is_empty() {
            return;
        }
        if let Some(option) = given.row.options.iter().find(|option| is_named(option.names)) {
            let settings = self.settings(option, used);
            given.settings.extend(settings);
            return;
        }
        // Both programs take the start of a name for the whole.
        let starts = |names: &[&str]| {
            self.dialect != Dialect::CSharp
                && used.name.len() > 3
                && names.iter().any(|name| starts_with(name, &used.name))
        };
        for option in given.row.options.iter().filter(|option| starts(option.names)) {
            given.settings.push(untold(option, used));
        }
    }

    fn settings(&self, option: &OptionRow, used: &Used<'_>) -> Vec<Setting> {
        let path = option.path.to_vec();
        let first = used.values.first();
        let node = match option.reads {
            Reads::Untold => return vec![untold(option, used)],
            Reads::Pairs(pairs) => return self.pairs(option, used, pairs),
            Reads::Switch | Reads::Truth | Reads::Opposite => self.switch(option.reads == Reads::Opposite, used),
            Reads::List => self.list(used),
            Reads::Role => first.map(|word| self.role(word)),
            Reads::Text => first.map(|word| self.node(word)),
            Reads::Principal => {
                // The command also looks up a client id, so that only an object id is told.
                let is_object =
                    |path: &[String]| !path.last().is_some_and(|step| step.eq_ignore_ascii_case("clientId"));
                let told = |node: &Node| matches!(&node.value, Value::Unknown(unknown) if matches!(&*unknown.symbol, Symbol::Reference { path, .. } if is_object(path)));
                first.map(|word| self.node(word)).filter(told)
            }
            Reads::Protection => {
                let is_software = |node: Node| node.as_str().is_some_and(|word| word.eq_ignore_ascii_case("software"));
                if first.map(|word| self.node(word)).is_some_and(is_software) {
                    return Vec::new();
                }
                None
            }
        };
        match node {
            Some(node) if option.former => vec![Setting {
                path,
                node: formerly(node, option, used),
            }],
            Some(node) => vec![Setting { path, node }],
            None => vec![untold(option, used)],
        }
    }

    /// The truth value of a switch.
    fn switch(&self, opposite: bool, used: &Used<'_>) -> Option<Node> {
        let at = used.option.text.whole_source()?;
        let Some(word) = used.values.first() else {
            return Some(Node::written(Value::Bool(!opposite), at));
        };
        let node = self.node(word);
        let text = node.as_text()?;
        let written = match text.sole_hole().map(|symbol| &**symbol) {
            Some(Symbol::Interpolation { text, .. }) => text.trim_start_matches('$').to_ascii_lowercase(),
            _ => text.as_str().to_ascii_lowercase(),
        };
        match written.as_str() {
            "true" => Some(Node::copied(Value::Bool(!opposite), node.origin, node.site)),
            "false" => Some(Node::copied(Value::Bool(opposite), node.origin, node.site)),
            _ if opposite => None,
            _ => Some(node),
        }
    }

    /// The words of a list, also of one that is parted by commas.
    fn list(&self, used: &Used<'_>) -> Option<Node> {
        let at = used.values.first()?.text.whole_source()?;
        let taken = |word: &&Word| self.dialect == Dialect::Shell || word.joined;
        let words = used
            .values
            .iter()
            .take(1)
            .chain(used.values.iter().skip(1).filter(taken));
        let mut elements = Vec::new();
        for word in words {
            let node = self.node(word);
            let text = node.as_text()?;
            if !text.is_known() {
                return Some(Node::written(node.value, at));
            }
            let mut from = 0;
            for border in text
                .as_str()
                .match_indices([',', ' '])
                .map(|(at, _)| at)
                .chain([text.as_str().len()])
            {
                let part = text.part(Span::of(from, border)).trimmed();
                from = border + 1;
                if !part.is_empty() {
                    elements.push(Node::written(Value::text(part), node.site));
                }
            }
        }
        Some(Node::written(Value::Array(elements.into()), at))
    }

    /// A role by its name or its id.
    fn role(&self, word: &Word) -> Node {
        let node = self.node(word);
        let Some(name) = node.as_str() else { return node };
        let id = ROLES.iter().find(|role| role.name.eq_ignore_ascii_case(name.trim()));
        match id {
            Some(role) => {
                let text = MappedText::computed(role.id, node.origin);
                Node::copied(Value::String(text), node.origin, node.site)
            }
            None if name.contains('/') || is_id(name) => node,
            None => {
                let why = format!("`{name}` is no built-in role that is known here");
                let symbol = Symbol::Placeholder(name.to_owned());
                Node::written(Value::unknown(symbol, why), node.site)
            }
        }
    }

    pub(super) fn text(&self, word: &Word) -> MappedText {
        self.variables.text(word, self.scope)
    }

    /// The value of a word, used where the word stands.
    fn node(&self, word: &Word) -> Node {
        let text = self.text(word);
        let site = word.text.whole_source().unwrap_or_default();
        let origin = text.whole_source().unwrap_or(site);
        Node::copied(Value::text(text), origin, site)
    }
}

/// Whether a text has the form of a GUID.
fn is_id(text: &str) -> bool {
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

/// Of the settings of one property the last one, and the last one that leaves it open.
fn last_of_each(settings: Vec<Setting>) -> Vec<Setting> {
    let mut seen = BTreeSet::new();
    let mut kept: Vec<_> = settings.into_iter().rev().collect();
    kept.retain(|setting| seen.insert((setting.path.clone(), is_vague(&setting.node))));
    kept.reverse();
    kept
}

/// Whether a name starts with a text; letter case does not count.
fn starts_with(name: &str, start: &str) -> bool {
    name.get(..start.len())
        .is_some_and(|own| own.eq_ignore_ascii_case(start))
}

/// The value that an option gives which the present program may refuse.
fn formerly(node: Node, option: &OptionRow, used: &Used<'_>) -> Node {
    let name = option.names.first().copied().unwrap_or_default();
    let site = node.site;
    let when = |value: &str| {
        Condition::that(Atom {
            subject: format!("option {name}"),
            name: "the program".to_owned(),
            value: format!("one that {value} `{name}`"),
        })
    };
    let refused = untold(option, used).node;
    Node::one_of(
        vec![(when("still takes"), node), (when("no longer takes"), refused)],
        site,
    )
}

/// A property of which an option says something that is not known.
pub(super) fn untold(option: &OptionRow, used: &Used<'_>) -> Setting {
    let why = format!("what `{}` stands for here is not in the files", used.name);
    unread(option, used, &why)
}

/// A property of which an option says something that is not read.
pub(super) fn unread(option: &OptionRow, used: &Used<'_>, why: &str) -> Setting {
    let named = used.values.first().unwrap_or(used.option);
    let at = named.text.whole_source().unwrap_or_default();
    Setting {
        path: option.path.to_vec(),
        node: Node::written(Value::unknown(placed(Some(&used.name.as_str()), at), why), at),
    }
}

/// What stands for something that is not known, at a place.
fn placed(name: Option<&&str>, at: FileSpan) -> Symbol {
    let name = name.copied().unwrap_or_default();
    Symbol::Expression(format!("{name} at {}:{}", at.file.0, at.span.start))
}
