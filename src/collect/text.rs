//! Text of any language: connection strings are found by their own shape.

use std::collections::BTreeSet;

use super::Collector;
use super::kql::identity_of;
use crate::arm::value::Condition;
use crate::facts::IdentityUse;
use crate::service::Flow;
use crate::syntax::connection::{self, Store, Target};
use crate::text::Span;

/// Adds the facts of a text. What a string is used for does not show in the text around it, so only the flows
/// that a string decides by itself become facts: Amazon S3 takes no identity whatever the use.
pub fn collect_text(collector: &mut Collector<'_>) {
    let source = collector.source;
    // Commands in the text have told of theirs already.
    let told: BTreeSet<_> = collector.facts.uses.iter().map(|used| used.at).collect();
    for span in connection::find(source.as_str()) {
        // In prose a sentence may go on after the string, or end.
        let written = span.of_text(source.as_str());
        let length = written.trim_end_matches(['.', ',', ':', ')', '!', '?']).len();
        let text = source.part(Span::of(span.range().start, span.range().start + length));
        let parsed = connection::parse(&text);
        if parsed.target() != Target::Storage(Store::S3) {
            continue;
        }
        for found in parsed.identities() {
            let Some(at) = text.source(found.span).filter(|at| !told.contains(at)) else {
                continue;
            };
            let identity = identity_of(&found, at);
            let script = collector.next_script();
            let (flow, when) = (Flow::AmazonS3, Condition::default());
            collector.facts.uses.push(IdentityUse {
                flow,
                identity,
                at,
                database: None,
                cluster: None,
                account: None,
                script,
                order: 0,
                when,
            });
        }
    }
}
