//! Principals, as commands on security roles name them.

use super::super::Literal;
use crate::syntax::placeholder::symbolic;
use crate::text::{MappedText, Span};

/// A principal: `aadapp=id;tenant`.
///
/// Source: principals-and-identity-providers.md of the product documentation.
#[derive(Clone, Debug)]
pub struct Principal {
    /// What it is; `None` for another word, or none, before the `=`.
    pub kind: Option<PrincipalKind>,
    /// The id or the name of a user, group or application; of an unknown kind the whole string.
    pub id: MappedText,
    /// The tenant after the semicolon, by id or by name.
    pub tenant: Option<MappedText>,
    /// The string that names it.
    pub span: Span,
}

/// What a principal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PrincipalKind {
    /// `aadapp=`: an application or a managed identity.
    Application,
    /// `aaduser=`.
    User,
    /// `aadgroup=`.
    Group,
    /// `msa=` or `msauser=`: a personal account.
    PersonalAccount,
}

impl Principal {
    /// The principal that a string names. Letter case of the first word does not matter.
    pub(in crate::syntax::kql) fn new(literal: &Literal) -> Self {
        let text = literal.value.trimmed();
        let written = text.as_str();
        let kind = written.split_once('=').and_then(|(word, _)| kind(word.trim()));
        let from = kind.and(written.find('=')).map_or(0, |equals| equals + 1);
        let semicolon = kind.and(memchr::memchr(b';', written.as_bytes()));
        let part = |from: usize, to: usize| symbolic(&text.part(Span::of(from.min(to), to)).trimmed());
        Self {
            kind,
            id: part(from, semicolon.unwrap_or(written.len())),
            tenant: semicolon
                .map(|at| part(at + 1, written.len()))
                .filter(|tenant| !tenant.is_empty()),
            span: literal.span,
        }
    }
}

fn kind(word: &str) -> Option<PrincipalKind> {
    match word.to_ascii_lowercase().as_str() {
        "aadapp" => Some(PrincipalKind::Application),
        "aaduser" => Some(PrincipalKind::User),
        "aadgroup" => Some(PrincipalKind::Group),
        "msa" | "msauser" => Some(PrincipalKind::PersonalAccount),
        _ => None,
    }
}
