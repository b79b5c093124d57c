//! What the tests of templates look at: one property of a template after evaluation.

use std::collections::BTreeMap;

use super::{Alone, Source, evaluate_template};
use crate::arm::value::Node;
use crate::syntax::json::{self, Dialect};
use crate::text::{FileId, MappedText};

/// The property `p` of the last resource of a template that is sound as JSON, and the errors of its evaluation.
pub(super) fn last_property(text: &str) -> (Node, Vec<String>) {
    let text = MappedText::of_file(FileId(0), text);
    let parsed = json::parse(&text, Dialect::Template);
    assert!(parsed.errors.is_empty());
    let source = Source {
        file: FileId(0),
        text: &text,
        tree: &parsed.tree,
    };
    let template = evaluate_template(source, BTreeMap::new(), &Alone, &|_| true);
    let properties = template.resources.last().unwrap().body.member("properties").unwrap();
    let property = properties.node.member("p").unwrap().node.clone();
    let errors = template.errors.iter().map(|error| error.parts().1.to_owned());
    (property, errors.collect())
}
