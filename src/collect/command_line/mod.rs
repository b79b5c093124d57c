//! Command lines of the Azure CLI and of Azure PowerShell: each that makes or changes what a template could declare
//! is turned into the resource that the template would hold, and read by the collector of that type. What a command
//! stands for is data in `service`.

mod options;
mod pairs;
mod variables;

use std::collections::BTreeSet;

use crate::arm::template::Resource;
use crate::arm::value::{Condition, Member, Node, Object, Value};
use crate::diagnostic::Undecided;
use crate::facts::{Known, Name, Wording};
use crate::service::{Effect, GENERIC, command_of, starts_command};
use crate::syntax::host::command_line::{self, Dialect};
use crate::text::{FileSpan, MappedText, Symbol};

use super::template::placed;
use super::{Collector, Errors};
use options::{Given, Reading, Setting};
use variables::{Told, Variables};

/// Commands that change a resource which are compared with each that makes one.
const MOST_CHANGES: usize = 64;

/// The commands of the scripts of one file, or of one deployment script: they run together. And whether one among them
/// can change any resource.
#[derive(Default)]
pub(super) struct CommandLines(Vec<Given>, bool);

impl CommandLines {
    /// Adds the commands of a script, in which the symbols of variables are those of `scope`. Returns limits.
    pub(super) fn read(&mut self, text: &MappedText, dialect: Dialect, scope: &dyn Fn(&Symbol) -> Symbol) -> Errors {
        let commands = command_line::parse(text, dialect, &starts_command);
        let mut variables = Variables::of(&commands.statements, dialect);
        for statement in &commands.statements {
            if statement.is_value {
                variables.assign(statement, scope);
                continue;
            }
            let words: Vec<_> = statement
                .words
                .iter()
                .take(8)
                .map(|word| word.text.as_str().to_ascii_lowercase())
                .collect();
            let words: Vec<_> = words.iter().map(String::as_str).collect();
            self.1 |= GENERIC.iter().any(|generic| words.starts_with(generic));
            let Some(row) = command_of(&words) else { continue };
            let reading = Reading {
                dialect,
                variables: &variables,
                scope,
            };
            let Some(given) = reading.command(row, &statement.words) else {
                continue;
            };
            if let [Some(name)] = given.names.as_slice() {
                let told = Told {
                    row,
                    name: name.as_text().unwrap_or_default(),
                    query: given.query.clone(),
                };
                variables.tell(statement, told);
            }
            if row.effect != Effect::Shows {
                self.0.push(given);
            }
        }
        placed(text, commands.limit.into_iter().collect())
    }
}

impl Collector<'_> {
    /// Adds the facts of command lines.
    pub(super) fn command_lines(&mut self, lines: CommandLines, when: &Condition) {
        let CommandLines(commands, generic) = lines;
        self.unread_keys(&commands);
        let (changes, makes): (Vec<_>, Vec<_>) = commands
            .into_iter()
            .partition(|given| given.row.effect == Effect::Changes);
        let named = |given: Given| (self.name_of(&given), given);
        let mut made: Vec<_> = makes.into_iter().map(named).collect();
        let twice = made_twice(&mut made);
        for ((_, given), twice) in made.iter_mut().zip(twice) {
            given.spills |= generic || twice;
        }
        // A change of what no command here makes is taken into the change before it: the last one counts.
        let mut left: Vec<(Option<Name>, Given)> = Vec::new();
        for (name, change) in changes.into_iter().map(|change| (self.name_of(&change), change)) {
            let mut merged = false;
            let is_other = |given: &Given| given.row.kind == change.row.kind;
            let of_kind = made.iter_mut().filter(|(_, given)| is_other(given)).take(MOST_CHANGES);
            // Of a cluster, one command may be for one branch and the next for another: each key counts.
            let earlier = left
                .iter_mut()
                .rev()
                .filter(|(_, given)| is_other(given) && given.row.kind != CLUSTERS);
            for (other, given) in of_kind.chain(earlier.take(MOST_CHANGES)) {
                merged |= merge((name.as_ref(), &change), (other.as_ref(), given));
            }
            if !merged {
                left.push((name, change));
            }
        }
        let all = made.iter().chain(&left).map(|(_, given)| given);
        let (clusters, others): (Vec<_>, Vec<_>) = all.partition(|given| given.row.kind == CLUSTERS);
        others.into_iter().for_each(|given| self.command(given, when));
        if clusters.is_empty() {
            return;
        }
        let vaults: BTreeSet<_> = self
            .facts
            .vaults
            .iter()
            .map(|vault| vault.name.key().to_owned())
            .collect();
        for given in clusters {
            let before = self.facts.clusters.len();
            self.command(given, when);
            if self.facts.clusters.len() > before {
                self.settle_keys(&vaults);
            }
        }
    }

    /// Counts the keys of clusters that commands name in a way which is not read.
    fn unread_keys(&mut self, commands: &[Given]) {
        let settings = commands.iter().filter(|given| given.row.kind == CLUSTERS);
        for setting in settings.flat_map(|given| &given.settings) {
            if let (["properties", "keyVaultProperties"], Value::Unknown(unknown)) =
                (setting.path.as_slice(), &setting.node.value)
            {
                let reason = unknown.why.to_string();
                let at = setting.node.site;
                self.facts.undecided.push(Undecided { at, reason });
            }
        }
    }

    /// Leaves out of the last cluster the keys whose vault only a run of the script tells: they would make every vault
    /// near by one that may hold them. Without a key there is no cluster.
    fn settle_keys(&mut self, vaults: &BTreeSet<String>) {
        let Some(mut cluster) = self.facts.clusters.pop() else {
            return;
        };
        let is_told = |name: &Name| name.is_known() || vaults.contains(name.key());
        cluster.keys.retain(|key| {
            let is_wrong = key.flaws.iter().any(|flaw| matches!(flaw.value, Known::Value(_)));
            is_wrong || key.vault.as_ref().is_some_and(is_told)
        });
        if !cluster.keys.is_empty() {
            self.facts.clusters.push(cluster);
        }
    }

    /// The whole name of the resource, if the command gives it.
    fn name_of(&self, given: &Given) -> Option<Name> {
        (!given.names.is_empty())
            .then(|| name(given))?
            .map(|name| self.name(&name))
    }

    /// The facts of one command.
    fn command(&mut self, given: &Given, when: &Condition) {
        let row = given.row;
        let of_key = |setting: &Setting| setting.path.starts_with(&["properties", "keyVaultProperties"]);
        // A cluster by itself says nothing that is not in the templates; its key does.
        if row.kind == CLUSTERS && !given.settings.iter().any(of_key) {
            return;
        }
        let Some(name) = name(given) else { return };
        let mut settings: Vec<Setting> = Vec::new();
        let changes = row.effect == Effect::Changes || given.spills;
        for option in row.options.iter().filter(|_| changes) {
            let why = if given.spills {
                format!("`{}` may have options here that are not seen", given.title)
            } else {
                format!("`{}` leaves `{}` as it is", given.title, shown(option.path))
            };
            settings.push(Setting {
                path: option.path.to_vec(),
                node: unknown(option.path, given.at, &why),
            });
        }
        for silent in row.silent {
            let why = format!(
                "what `{}` is after `{}` is not in the files",
                shown(silent.path),
                given.title
            );
            let node = match silent.value {
                Some(value) if !changes => Node::written(Value::Bool(value), given.at),
                _ => unknown(silent.path, given.at, &why),
            };
            settings.push(Setting {
                path: silent.path.to_vec(),
                node,
            });
        }
        // What says that nothing is known gives way to what is.
        let (vague, clear): (Vec<_>, Vec<_>) = given
            .settings
            .iter()
            .cloned()
            .partition(|setting| is_vague(&setting.node));
        settings.extend(vague);
        settings.extend(clear);
        let whole = row.kind == CLUSTERS && settings.iter().any(|setting| setting.path.len() > 2 && of_key(setting));
        // An object that is given part by part is no longer unknown as a whole.
        settings.retain(|setting| !(whole && setting.path == ["properties", "keyVaultProperties"]));
        let resource = Resource {
            kind: row.kind.to_owned(),
            name_site: name.site,
            name,
            condition: when.clone(),
            condition_reason: None,
            depends_on: Node::written(Value::Null, given.at),
            reads: Vec::new(),
            symbol: None,
            copy: None,
            deployment: None,
            existing: false,
            parent: None,
            body: object(&settings, 0, given.at),
            unread: None,
            site: given.at,
            properties_site: given.at,
        };
        self.wording = Wording::of_command(row);
        self.resource(&resource);
        self.wording = Wording::default();
    }
}

/// Which of the commands make a resource that another one makes as well: in one of two branches, or again after it was
/// removed. What such a vault or key is like is not known where the commands differ.
fn made_twice(made: &mut [(Option<Name>, Given)]) -> Vec<bool> {
    let few = made.get(..MOST_CHANGES).unwrap_or(made);
    let same = |(name, given): &(Option<Name>, Given), (other, one): &(Option<Name>, Given)| {
        let names = name.as_ref().zip(other.as_ref());
        given.row.kind == one.row.kind && names.is_some_and(|(name, other)| name.is(other))
    };
    let others = |one: &(Option<Name>, Given)| few.iter().filter(|other| same(other, one)).collect::<Vec<_>>();
    let differing = made.iter().map(|one| {
        let others = others(one);
        let has = |given: &Given, wanted: &Setting| given.settings.iter().any(|setting| is_as(setting, wanted));
        let is_open = |setting: &Setting| others.iter().any(|(_, other)| !has(other, setting));
        let is_one = [VAULTS, KEYS].contains(&one.1.row.kind);
        let open = one.1.settings.iter().map(|setting| is_one && is_open(setting));
        (others.len() > 1, open.collect::<Vec<_>>())
    });
    let differing: Vec<_> = differing.collect();
    for ((_, given), (_, open)) in made.iter_mut().zip(&differing) {
        let at = given.at;
        for (setting, _) in given.settings.iter_mut().zip(open).filter(|(_, open)| **open) {
            let why = format!(
                "another command sets `{}` otherwise, or leaves it out",
                shown(&setting.path)
            );
            setting.node = unknown(&setting.path, at, &why);
        }
    }
    differing.into_iter().map(|(twice, _)| twice).collect()
}

/// Whether two settings give one property one value.
fn is_as(one: &Setting, other: &Setting) -> bool {
    one.path == other.path && one.node.canonical().eq_ignore_ascii_case(&other.node.canonical())
}

/// Takes what a command changes into what another one makes; whether it is certainly the same resource. Both come with
/// the names of their resources.
fn merge((name, change): (Option<&Name>, &Given), (other, made): (Option<&Name>, &mut Given)) -> bool {
    let (same, different) = match (name, other) {
        (Some(one), Some(two)) => (one.is(two), one.is_not(two)),
        _ => (false, false),
    };
    // What may be the key of another cluster is none of this one's.
    if different || !same && change.row.kind == CLUSTERS {
        return false;
    }
    for setting in &change.settings {
        made.settings.retain(|known| known.path != setting.path);
        made.settings.push(Setting {
            path: setting.path.clone(),
            node: if same {
                setting.node.clone()
            } else {
                unknown(&setting.path, change.at, "another command may change it")
            },
        });
    }
    made.spills |= change.spills;
    same
}

/// The name of a property for a sentence.
fn shown<'p>(path: &[&'p str]) -> &'p str {
    path.last().copied().unwrap_or_default()
}

/// The type of clusters.
const CLUSTERS: &str = "Microsoft.Kusto/clusters";

/// The type of vaults.
const VAULTS: &str = "Microsoft.KeyVault/vaults";

/// The type of keys.
const KEYS: &str = "Microsoft.KeyVault/vaults/keys";

/// Whether a value is one that an option leaves open by its nature.
fn is_vague(node: &Node) -> bool {
    matches!(&node.value, Value::Unknown(unknown) if matches!(&*unknown.symbol, Symbol::Expression(_)))
}

/// A value that is not known.
fn unknown(path: &[&str], at: FileSpan, why: &str) -> Node {
    let symbol = Symbol::Expression(format!(
        "{} of the command at {}:{}",
        path.join("."),
        at.file.0,
        at.span.start
    ));
    Node::written(Value::unknown(symbol, why), at)
}

/// The whole name of the resource, parents included. A resource without a name of its own is named by the command.
fn name(given: &Given) -> Option<Node> {
    if given.names.is_empty() {
        let symbol = Symbol::Interpolation {
            scope: format!("{}:{}", given.at.file.0, given.at.span.start),
            text: "(not named here)".to_owned(),
        };
        return Some(Node::written(
            Value::unknown(symbol, "the command does not name it"),
            given.at,
        ));
    }
    let mut text = MappedText::default();
    let mut site = given.at;
    for (index, name) in given.names.iter().enumerate() {
        let node = name.as_ref()?;
        if index > 0 {
            text.push(&MappedText::computed("/", node.site));
        }
        // A line that is cut short, or a name that is still to be typed, names nothing.
        text.push(&node.as_text().filter(|name| !name.is_empty())?);
        site = node.site;
    }
    let origin = text.whole_source().unwrap_or(site);
    Some(Node::copied(Value::text(text), origin, site))
}

/// The object of the settings whose paths have the same first `depth` names. Paths are those of the table: short.
fn object(settings: &[Setting], depth: usize, at: FileSpan) -> Node {
    let mut members: Vec<(&'static str, Vec<Setting>)> = Vec::new();
    let mut whole = None;
    for setting in settings {
        match setting.path.get(depth) {
            None => whole = Some(setting.node.clone()),
            Some(name) => match members.iter_mut().find(|(known, _)| known == name) {
                Some((_, settings)) => settings.push(setting.clone()),
                None => members.push((name, vec![setting.clone()])),
            },
        }
    }
    if members.is_empty()
        && let Some(whole) = whole
    {
        return whole;
    }
    if let [("[]", element)] = members.as_slice() {
        let element = object(element, depth + 1, at);
        return Node::written(Value::Array(vec![element].into()), at);
    }
    let members = members.into_iter().map(|(name, settings)| Member {
        name: MappedText::computed(name, at),
        node: object(&settings, depth + 1, at),
    });
    Node::written(Value::Object(Object::new(members.collect()).into()), at)
}
