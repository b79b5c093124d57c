//! See `rules/connection-strings/unknown-connection-keyword.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ConnectionPair, ConnectionString, Keyword};
use crate::link::Workspace;
use crate::rules::{Rule, rule};

use super::names_kusto;

/// The rule `unknown-connection-keyword`.
pub static RULE: Rule = rule!("connection-strings", "unknown-connection-keyword", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    let strings = workspace.facts.connection_strings.iter();
    for string in strings.filter(|string| string.is_for_kusto() && names_kusto(string)) {
        let mut unknown_names = BTreeSet::new();
        let mut seen: BTreeMap<Keyword, &ConnectionPair> = BTreeMap::new();
        for pair in &string.pairs {
            let first = pair.keyword.and_then(|keyword| seen.get(&keyword).copied());
            let found = match (pair.keyword, first) {
                (None, _) => unknown(pair).filter(|_| unknown_names.insert(pair.name.as_deref())),
                (Some(Keyword::ManagedServiceIdentity), _) => Some(only_in_code(pair)),
                (Some(_), Some(first)) => Some(twice(pair, first)),
                (Some(_), None) => in_url(string, pair),
            };
            out.report_all(found.map(|finding| finding.in_case(string.script.case)));
            if let Some(keyword) = pair.keyword.filter(|keyword| is_one_property(*keyword)) {
                seen.entry(keyword).or_insert(pair);
            }
        }
    }
}

fn finding(title: impl Into<String>, pair: &ConnectionPair, label: &str) -> Diagnostic {
    Diagnostic::new(RULE.name, Severity::Warning, title, pair.name_at, label)
}

/// Whether all names with this meaning set one property. Those without a meaning for any rule are not told apart.
fn is_one_property(keyword: Keyword) -> bool {
    !matches!(keyword, Keyword::Setting | Keyword::Unportable)
}

/// A name that is close to no keyword; a misspelt one makes the string invalid.
fn unknown(pair: &ConnectionPair) -> Option<Diagnostic> {
    let name = pair.name.as_deref().filter(|_| pair.meant.is_none())?;
    let title = format!("`{name}` is no keyword of a Kusto connection string");
    let found = finding(title, pair, "not known").note("the client checks the keywords and refuses the whole string");
    if let Some(whole) = pair.shortens {
        return Some(found.note(format!("write: {whole}=")));
    }
    Some(found.note("remove it, or write one of the documented keywords, such as `Initial Catalog` or `Authority Id`"))
}

fn only_in_code(pair: &ConnectionPair) -> Diagnostic {
    finding(
        "a managed identity can't be set in a connection string, only in code",
        pair,
        "has no effect here",
    )
    .note("remove it, and call `.WithAadSystemManagedIdentity()` or `.WithAadUserManagedIdentity(<client id>)`")
    .note("in a binding of a function app, write `ManagedServiceIdentity` in the attribute")
}

fn twice(pair: &ConnectionPair, first: &ConnectionPair) -> Diagnostic {
    let shown = |pair: &ConnectionPair| pair.name.clone().unwrap_or_default();
    let (one, two) = (shown(first), shown(pair));
    let title = if one.eq_ignore_ascii_case(&two) {
        format!("`{two}` stands twice in the string")
    } else {
        format!("`{two}` sets what `{one}` has set already")
    };
    finding(title, pair, "the second time")
        .related(first.name_at, "the first time")
        .note("both are names of one property, and only one value of it can hold")
        .note("remove one of them")
}

/// The cluster or the database beside a URL that names it.
fn in_url(string: &ConnectionString, pair: &ConnectionPair) -> Option<Diagnostic> {
    let address = string.address.as_ref().filter(|address| address.leads)?;
    let (what, keyword) = match pair.keyword? {
        Keyword::DataSource => ("cluster", "Data Source"),
        Keyword::InitialCatalog if address.has_path => ("database", "Initial Catalog"),
        _ => return None,
    };
    Some(
        finding(
            format!("the string names a {what} twice: in its URL and here"),
            pair,
            "the second time",
        )
        .related(address.host_at, format!("the URL stands for `{keyword}` already"))
        .note("the URL before the pairs names the cluster, and its path the database")
        .note("remove one of them"),
    )
}
