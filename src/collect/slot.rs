//! Where the text of a template takes another member or element, and where it can do without one.

use super::Collector;
use crate::facts::{Cluster, ClusterKey, Known, Slot};
use crate::syntax::json::{self, Kind};
use crate::text::{Editable, FileSpan, Span};

/// How far it is looked for the start of a line.
const MOST_INDENT: usize = 256;

/// A value of the template's JSON, and the object and the number of the member whose value it is.
struct Place<'t> {
    value: &'t json::Node,
    member: Option<(&'t json::Node, usize)>,
}

impl Collector<'_> {
    /// Keeps the slot in the object or list at a place.
    pub(super) fn opened(&mut self, at: FileSpan) {
        if !self.facts.slots.open.contains_key(&at) {
            let slot = self.slot_inside(at);
            self.facts.slots.open.extend(slot.map(|slot| (at, slot)));
        }
    }

    /// Keeps what fixes of a cluster may write: an `identity` of its own, and more in one that is there.
    pub(super) fn opened_cluster(&mut self, cluster: &Cluster) {
        let in_resource = self.slot_in_resource(cluster.at);
        self.facts.slots.open.extend(in_resource.map(|slot| (cluster.at, slot)));
        for block in &cluster.identity {
            block.users_at.into_iter().for_each(|at| self.opened(at));
            let kind = block.kind.site;
            if block.kind.value != Known::Absent && !self.facts.slots.open.contains_key(&kind) {
                let slot = self.slot_after(kind);
                self.facts.slots.open.extend(slot.map(|slot| (kind, slot)));
            }
        }
        let identities = cluster.keys.iter().flat_map(|key| &key.identities);
        let strings = identities.filter_map(|given| Some((given.at, self.json_string(given.at)?.to_owned())));
        let strings: Vec<_> = strings.collect();
        self.facts.slots.strings.extend(strings);
    }

    /// Keeps what goes when the version of a key goes.
    pub(super) fn opened_keys(&mut self, keys: &[ClusterKey]) {
        let versions = keys.iter().flat_map(|key| &key.version);
        let written = versions.filter(|version| version.is_here() && matches!(version.value, Known::Value(_)));
        let found: Vec<_> = written
            .filter_map(|version| Some((version.site, self.removable(version.site)?)))
            .collect();
        self.facts.slots.removable.extend(found);
    }

    /// A slot after the member whose value, or name, is at a place.
    pub(super) fn slot_after(&self, at: FileSpan) -> Option<Slot> {
        let (object, index) = self.placed(at)?.member?;
        self.after(object, index)
    }

    /// A slot for another member of a resource, by the value of its `name`: before its `properties`, or after the name.
    pub(super) fn slot_in_resource(&self, name: FileSpan) -> Option<Slot> {
        let (object, index) = self.placed(name)?.member?;
        let properties = object.member("properties");
        match properties {
            Some(member) => self.before(object, member),
            None => self.after(object, index),
        }
    }

    /// A slot in the object or list that stands at a place, or is the value of the name that does.
    pub(super) fn slot_inside(&self, at: FileSpan) -> Option<Slot> {
        let value = self.placed(at)?.value;
        match &value.kind {
            Kind::Object(members) if !members.is_empty() => self.after(value, members.len() - 1),
            Kind::Array(elements) if !elements.is_empty() => {
                let last = elements.last()?;
                let before = format!(",{}", self.gap(last.span));
                self.slot(value, last.span.end, (before, String::new()))
            }
            Kind::Object(_) | Kind::Array(_) => {
                let start = value.span.start + 1;
                let closed = Span::new(start, value.span.end).of_text(self.source.as_str());
                let after = if closed.starts_with(['}', ']']) { " " } else { "" };
                self.slot(value, start, (" ".to_owned(), after.to_owned()))
            }
            _ => None,
        }
    }

    /// The member whose value is at a place, with one of the commas around it, if the object has others. None where
    /// more than blanks would go.
    pub(super) fn removable(&self, at: FileSpan) -> Option<Editable> {
        let (object, index) = self.placed(at)?.member?;
        let members = object.members();
        let own = members.get(index)?;
        let text = self.source.as_str();
        let is_comma = |span: &Span| span.of_text(text).trim() == ",";
        let previous = index.checked_sub(1).and_then(|before| members.get(before));
        let gap = previous.map(|previous| Span::new(previous.value.span.end, own.name_span.start));
        let gone = match gap.filter(is_comma) {
            Some(gap) => Span::new(gap.start, own.value.span.end),
            None => {
                let gap = Span::new(own.value.span.end, members.get(index + 1)?.name_span.start);
                is_comma(&gap).then(|| Span::new(own.name_span.start, gap.end))?
            }
        };
        self.source.editable(gone)
    }

    /// The string of JSON at a place, with its quotes.
    pub(super) fn json_string(&self, at: FileSpan) -> Option<&str> {
        let value = self.placed(at)?.value;
        matches!(value.kind, Kind::String).then(|| value.span.of_text(self.source.as_str()))
    }

    /// The value that stands at a place, or whose name does.
    fn placed(&self, at: FileSpan) -> Option<Place<'_>> {
        let mut value = self.tree.filter(|_| at.file == self.case.file)?;
        let mut member = None;
        // Each turn goes one level down, and the parser bounds how many there are.
        while value.span != at.span {
            match &value.kind {
                Kind::Object(members) => {
                    let index = members.partition_point(|member| member.value.span.end <= at.span.start);
                    // A name lies before its value.
                    let next = members.get(index)?;
                    member = Some((value, index));
                    value = &next.value;
                    if next.name_span == at.span {
                        break;
                    }
                }
                Kind::Array(elements) => {
                    let index = elements.partition_point(|element| element.span.end <= at.span.start);
                    member = None;
                    value = elements.get(index)?;
                }
                _ => return None,
            }
        }
        Some(Place { value, member })
    }

    fn after(&self, object: &json::Node, index: usize) -> Option<Slot> {
        let member = object.members().get(index)?;
        let before = format!(",{}", self.gap(member.name_span));
        let is_read = !matches!(member.value.kind, Kind::Broken);
        let slot = self.slot(object, member.value.span.end, (before, String::new()));
        slot.filter(|_| is_read)
    }

    fn before(&self, object: &json::Node, member: &json::Member) -> Option<Slot> {
        let after = format!(",{}", self.gap(member.name_span));
        self.slot(object, member.name_span.start, (String::new(), after))
    }

    fn slot(&self, of: &json::Node, at: u32, (before, after): (String, String)) -> Option<Slot> {
        let names = of.members().iter().map(|member| member.name.to_lowercase());
        Some(Slot {
            at: self.source.editable(Span::at(at))?,
            before,
            after,
            names: matches!(of.kind, Kind::Object(_)).then(|| names.collect()),
        })
    }

    /// What stands before a member or element that is first in its line: a line break with its indentation. A blank
    /// before another one.
    fn gap(&self, of: Span) -> String {
        let text = self.source.as_str();
        let end = of.range().start;
        let before = text.get(text.floor_char_boundary(end.saturating_sub(MOST_INDENT))..end);
        let line = before.and_then(|before| before.rsplit_once('\n')).map(|(_, line)| line);
        match line.filter(|line| line.trim().is_empty()) {
            Some(indent) => format!("\n{indent}"),
            None => " ".to_owned(),
        }
    }
}
