//! Which script resources of one cluster a deployment may run at the same time.

use std::collections::{BTreeMap, BTreeSet};

use super::Collector;
use crate::arm::template::Resource;
use crate::arm::value::{Node, Value};
use crate::diagnostic::Undecided;
use crate::facts::{Name, ParallelScripts, ResourceKey, ScriptCount};
use crate::service::MAX_SCRIPTS;
use crate::text::Editable;

/// The type of script resources, in lower case.
const SCRIPTS: &str = "microsoft.kusto/clusters/databases/scripts";

impl Collector<'_> {
    /// What the script resources of a template wait for.
    pub(super) fn script_order(&mut self, resources: &[Resource]) {
        let is_script = |resource: &&Resource| !resource.existing && resource.kind.eq_ignore_ascii_case(SCRIPTS);
        let mut clusters: BTreeMap<String, (Name, Vec<usize>)> = BTreeMap::new();
        for (index, resource) in resources.iter().enumerate().filter(|(_, resource)| is_script(resource)) {
            if let Some(cluster) = self.parent_name(&resource.name, 0) {
                let found = clusters.entry(cluster.key().to_owned());
                found.or_insert_with(|| (cluster, Vec::new())).1.push(index);
            }
        }
        if clusters.is_empty() {
            return;
        }
        let graph = Graph::of(resources);
        for (cluster, scripts) in clusters.into_values() {
            self.too_many(resources, &cluster, &scripts);
            let looked_at = scripts.get(..MAX_SCRIPTS).unwrap_or(&scripts);
            for (place, script) in looked_at.iter().enumerate() {
                let before = looked_at.get(..place).unwrap_or_default();
                self.together(resources, &graph, &cluster, (*script, before));
            }
        }
    }

    /// More scripts of a cluster than it takes.
    fn too_many(&mut self, resources: &[Resource], cluster: &Name, scripts: &[usize]) {
        let certain = scripts.iter().filter_map(|index| resources.get(*index));
        let certain: Vec<&Resource> = certain.filter(|resource| resource.condition.is_always()).collect();
        if let Some(first) = certain.get(MAX_SCRIPTS) {
            self.facts.script_counts.push(ScriptCount {
                cluster: cluster.clone(),
                count: certain.len(),
                at: first.name_site,
                case: self.case,
            });
        }
    }

    /// The last script before this one of which neither waits for the other.
    fn together(&mut self, resources: &[Resource], graph: &Graph, cluster: &Name, (script, before): (usize, &[usize])) {
        let Some(resource) = resources.get(script) else { return };
        if self.in_rounds(resource, cluster) || before.is_empty() {
            return;
        }
        let Some(done) = graph.done_before(script) else {
            let reason = "what the script waits for is not known".to_owned();
            let at = resource.name_site;
            return self.facts.undecided.push(Undecided { at, reason });
        };
        // The nearest one, so that a chain comes of it when each waits for what it is told.
        for other in before.iter().rev().filter(|other| !done.contains(other)) {
            let Some(beside) = resources.get(*other) else { continue };
            let Some(when) = beside.condition.and(&resource.condition) else {
                continue;
            };
            // Deployments may wait for one another in ways that do not show in the resources inside.
            if beside.deployment != resource.deployment {
                continue;
            }
            match graph.done_before(*other) {
                Some(done) if !done.contains(&script) => {}
                _ => continue,
            }
            self.facts.parallel_scripts.push(ParallelScripts {
                cluster: cluster.clone(),
                at: resource.name_site,
                name: self.name(&resource.name),
                beside: beside.name_site,
                beside_name: self.name(&beside.name),
                waits: self.dependency(resource, beside),
                when,
                case: self.case,
            });
            return;
        }
    }

    /// Where to write that a resource waits for another one, and the text. None where it waits for something already,
    /// or where the other one's name has to be worked out.
    fn dependency(&self, resource: &Resource, other: &Resource) -> Option<(Editable, String)> {
        if !matches!(resource.depends_on.value, Value::Null) || resource.copy.is_some() || other.copy.is_some() {
            return None;
        }
        let own = other.name.as_text()?;
        let names: Vec<String> = own.known()?.split('/').map(|name| format!("'{name}'")).collect();
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        let slot = self.slot_after(resource.name_site)?;
        let id = format!("[resourceId('{}', {})]", other.kind, names.join(", "));
        let text = slot.member("dependsOn", &format!("[\"{id}\"]"))?;
        own.known()?.chars().all(is_plain).then_some((slot.at, text))
    }

    /// Whether the resource stands for all rounds of a loop; that it can't be told how many there are is noted.
    fn in_rounds(&mut self, resource: &Resource, cluster: &Name) -> bool {
        let Some(copy) = &resource.copy else { return false };
        let all = copy.round.is_none();
        if all && copy.batch != Some(1) && cluster.is_known() {
            let reason = format!("how many rounds loop `{}` has is not known", copy.name);
            let at = resource.name_site;
            self.facts.undecided.push(Undecided { at, reason });
        }
        all
    }
}

/// What resources wait for.
struct Graph {
    /// For each resource, those that are deployed before it; `None` when that is not wholly known.
    waits: Vec<Option<Vec<usize>>>,
}

impl Graph {
    fn of(resources: &[Resource]) -> Self {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, resource) in resources.iter().enumerate() {
            for name in names(resource) {
                by_name.entry(name).or_default().push(index);
            }
        }
        let waits = resources.iter().map(|resource| {
            let mut found = waits(&resource.depends_on, &by_name)?;
            for read in &resource.reads {
                found.extend(implied(read, &by_name)?);
            }
            Some(found)
        });
        let mut waits: Vec<Option<Vec<usize>>> = waits.collect();
        for (round, earlier) in batches(resources) {
            if let Some(Some(waits)) = waits.get_mut(round) {
                waits.push(earlier);
            }
        }
        Self { waits }
    }

    /// All that is deployed before a resource, however indirectly; `None` when that is not wholly known.
    fn done_before(&self, resource: usize) -> Option<BTreeSet<usize>> {
        let mut done = BTreeSet::new();
        let mut left = vec![resource];
        while let Some(next) = left.pop() {
            for earlier in self.waits.get(next)?.as_ref()? {
                if done.insert(*earlier) {
                    left.push(*earlier);
                }
            }
        }
        Some(done)
    }
}

/// The rounds of loops that are deployed in batches, each with one of the batch before it that it waits for.
fn batches(resources: &[Resource]) -> Vec<(usize, usize)> {
    let mut loops: BTreeMap<_, BTreeMap<i64, Vec<usize>>> = BTreeMap::new();
    for (index, resource) in resources.iter().enumerate() {
        if let Some((round, batch)) = resource.copy.as_ref().and_then(|copy| Some((copy.round?, copy.batch?))) {
            let of_loop = loops.entry((resource.site, resource.deployment)).or_default();
            of_loop.entry(round / batch.max(1)).or_default().push(index);
        }
    }
    let mut waits = Vec::new();
    for batches in loops.values() {
        for (earlier, later) in batches.values().zip(batches.values().skip(1)) {
            waits.extend(
                later
                    .iter()
                    .flat_map(|later| earlier.iter().map(|earlier| (*later, *earlier))),
            );
        }
    }
    waits
}

/// What `dependsOn` may call a resource, in lower case.
fn names(resource: &Resource) -> Vec<String> {
    let own = resource.name.as_text();
    let mut names: Vec<String> = resource.symbol.iter().map(|symbol| symbol.to_lowercase()).collect();
    if let (Some(symbol), Some(round)) = (&resource.symbol, resource.copy.as_ref().and_then(|copy| copy.round)) {
        names.push(format!("{symbol}[{round}]").to_lowercase());
    }
    names.extend(resource.copy.iter().map(|copy| copy.name.to_lowercase()));
    if let Some(own) = own {
        let key = ResourceKey::new(&resource.kind, &own);
        names.push(shown(&key));
        names.extend(key.own().map(|name| name.key().to_owned()));
        names.push(own.canonical().to_lowercase());
    }
    names
}

/// A resource by its type and names: what an id of it comes to.
fn shown(key: &ResourceKey) -> String {
    let names: Vec<&str> = key.names.iter().map(Name::key).collect();
    format!("{}:{}", key.kind, names.join("/"))
}

/// The resources that a `dependsOn` names; `None` when some of them can't be told.
fn waits(depends_on: &Node, by_name: &BTreeMap<String, Vec<usize>>) -> Option<Vec<usize>> {
    let entries = match &depends_on.value {
        Value::Null => return Some(Vec::new()),
        Value::Array(entries) => entries,
        _ => return None,
    };
    let mut found = Vec::new();
    for entry in entries.iter() {
        for (_, entry) in entry.alternatives() {
            if matches!(entry.value, Value::Null) {
                continue;
            }
            let text = entry.as_text()?;
            let name = match ResourceKey::of_id(&text) {
                Some(key) => shown(&key),
                None if text.is_known() => text.canonical().to_lowercase(),
                None => return None,
            };
            // What is not in the template is deployed already, or the deployment fails: it orders nothing here.
            found.extend(by_name.get(&name).into_iter().flatten());
        }
    }
    Some(found)
}

/// The resources that are deployed first because a property reads them: only a name orders, the id of a resource does
/// not. `None` when it can't be told whether it is a name.
fn implied(read: &Node, by_name: &BTreeMap<String, Vec<usize>>) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for (_, read) in read.alternatives() {
        let text = read.as_text()?;
        if text.as_str().starts_with('/') || ResourceKey::of_id(&text).is_some() {
            continue;
        }
        match by_name.get(&text.canonical().to_lowercase()) {
            Some(named) => found.extend(named),
            None if text.is_known() => {}
            None => return None,
        }
    }
    Some(found)
}
