//! Text of any language: connection strings are found by their own shape.

use std::collections::BTreeSet;

use super::Collector;
use super::kql::identity_of;
use crate::arm::value::Condition;
use crate::facts::IdentityUse;
use crate::service::Flow;
use crate::syntax::connection::{self, Store, Target};
use crate::text::{FileSpan, MappedText, Span};

/// Adds the facts of a text. What a string is used for does not show in the text around it, so only the flows
/// that a string decides by itself become facts: Amazon S3 takes no identity whatever the use.
pub fn collect_text(collector: &mut Collector<'_>) {
    // Commands in the text have told of theirs already.
    let told: BTreeSet<_> = collector.facts.uses.iter().map(|used| used.at).collect();
    collector.connection_strings(collector.source, &told, &Condition::default());
}

impl Collector<'_> {
    /// The flows that the connection strings in a text decide by themselves, but for those at places that were
    /// told.
    pub(super) fn connection_strings(&mut self, source: &MappedText, told: &BTreeSet<FileSpan>, when: &Condition) {
        let strings = connection::find(source.as_str()).into_iter().map(|span| {
            // In prose a sentence may go on after the string, or end.
            let written = span.of_text(source.as_str());
            let length = written.trim_end_matches(['.', ',', ':', ')', '!', '?']).len();
            source.part(Span::of(span.range().start, span.range().start + length))
        });
        let strings: Vec<_> = strings.collect();
        self.possible_uses(source, &strings, told);
        for text in &strings {
            let parsed = connection::parse(text);
            if parsed.target() != Target::Storage(Store::S3) {
                continue;
            }
            for found in parsed.identities() {
                let Some(at) = text.source(found.span).filter(|at| !told.contains(at)) else {
                    continue;
                };
                let identity = identity_of(&found, at);
                let script = self.next_script();
                self.facts.uses.push(IdentityUse {
                    flow: Flow::AmazonS3,
                    identity,
                    at,
                    database: None,
                    cluster: None,
                    account: None,
                    script,
                    order: 0,
                    when: when.clone(),
                });
            }
        }
    }
}
