//! What may work as an identity that the files don't tell: strings that are filled in, and other languages.

use std::collections::BTreeSet;

use super::Collector;
use super::kql::Reader;
use crate::facts::{Name, PossibleUse};
use crate::service::{Flow, Usage};
use crate::syntax::connection::{self, ConnectionString, Credential, CredentialKind, Form};
use crate::syntax::kql::{Literal, OperatorUse};
use crate::syntax::placeholder::symbolic;
use crate::text::{FileSpan, MappedText, Span};

/// The argument of `python` and `r` that names artifacts.
const ARTIFACTS: &str = "external_artifacts";

/// Words of other languages, in lower case, that tell of something which needs a usage: the switch of LightIngest in
/// both its forms, and data connections of Bicep, of Terraform and of the Azure CLI.
const WORDS: [(&str, Usage); 5] = [
    ("-ingestmi", Usage::NativeIngestion),
    ("-ingestwithmanagedidentity", Usage::NativeIngestion),
    ("/databases/dataconnections", Usage::DataConnection),
    ("_data_connection\"", Usage::DataConnection),
    ("kusto data-connection", Usage::DataConnection),
];

impl Reader<'_, '_> {
    /// A connection string that may name an identity once it is filled in.
    pub(super) fn filled_in_string(&mut self, flow: Flow, literal: &Literal, parsed: &ConnectionString) {
        let text = &literal.value;
        if signs_in(parsed) || symbolic(text).is_known() {
            return;
        }
        let at = text.whole_source().unwrap_or_else(|| self.place(literal.span));
        self.possible_use(flow, at);
    }

    /// An operator whose address is not written in it: a parameter of a function, a column.
    pub(super) fn addressed_elsewhere(&mut self, flow: Flow, used: &OperatorUse) {
        let is_address = |literal: &Literal| {
            let parsed = connection::parse(&literal.value);
            !matches!(parsed.form, Form::Other) || !symbolic(&literal.value).is_known()
        };
        let takes_artifacts = flow != Flow::SandboxArtifacts || self.names_artifacts;
        if takes_artifacts && !used.strings.iter().any(is_address) {
            self.possible_use(flow, self.place(used.span));
        }
    }

    /// A query of an external table, which works as the identity that its connection string names.
    pub(super) fn queried_table(&mut self, used: &OperatorUse) {
        let (at, case) = (self.place(used.span), self.id.case);
        self.collector.facts.possible_uses.push(PossibleUse {
            usage: Some(Usage::ExternalTable),
            table: Some(
                used.strings
                    .first()
                    .map_or_else(|| Name::literal(""), |name| Name::of(&name.value)),
            ),
            at,
            case,
        });
    }

    fn possible_use(&mut self, flow: Flow, at: FileSpan) {
        if let Some(usage) = flow.usage() {
            let case = self.id.case;
            self.collector.facts.possible_uses.push(PossibleUse {
                usage: Some(usage),
                table: None,
                at,
                case,
            });
        }
    }
}

/// Whether a text names artifacts of sandboxed plugins.
pub(super) fn names_artifacts(text: &MappedText) -> bool {
    text.as_str().contains(ARTIFACTS)
}

/// Whether a connection string tells how it signs in.
fn signs_in(parsed: &ConnectionString) -> bool {
    match &parsed.form {
        Form::Storage(storage) => {
            let is_open =
                |credential: &Credential| matches!(credential.kind, CredentialKind::Symbolic | CredentialKind::Unknown);
            !storage.credentials.iter().all(is_open)
        }
        Form::Keywords(keywords) => keywords.authentication().is_some() || !parsed.secrets().is_empty(),
        Form::Other => false,
    }
}

impl Collector<'_> {
    /// The first place of each word of [`WORDS`].
    pub(super) fn possible_words(&mut self, source: &MappedText) {
        let text = source.as_str().to_ascii_lowercase();
        for (word, usage) in WORDS {
            let found = text.find(word).map(|at| Span::of(at, at + word.len()));
            if let Some(at) = found.and_then(|span| source.source(span)) {
                self.possible(Some(usage), at);
            }
        }
    }

    /// The identities of a connection string at places that were not `told`: of a program around it it can't be seen
    /// what it does with them.
    pub(super) fn possible_identities(
        &mut self,
        text: &MappedText,
        parsed: &ConnectionString,
        told: &BTreeSet<FileSpan>,
    ) {
        for found in parsed.identities() {
            if let Some(at) = text.source(found.span).filter(|at| !told.contains(at)) {
                self.possible(None, at);
            }
        }
    }

    fn possible(&mut self, usage: Option<Usage>, at: FileSpan) {
        self.facts.possible_uses.push(PossibleUse {
            usage,
            table: None,
            at,
            case: self.case,
        });
    }
}
