//! See `rules/templates/conflicting-script-sources.md`.

use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{ScriptSource, TokenFrom};
use crate::link::Workspace;
use crate::rules::{Rule, rule};
use crate::text::FileSpan;

/// The rule `conflicting-script-sources`.
pub static RULE: Rule = rule!("templates", "conflicting-script-sources", Some(check));

fn check(workspace: &Workspace, out: &mut Findings) {
    for source in &workspace.facts.script_sources {
        let other = source.url.map(|at| (at, "scriptUrl"));
        let token = source.token.as_ref().filter(|token| token.certain);
        let other = other.or(token.map(|token| (token.at, "scriptUrlSasToken")));
        match (source.content, other, source.url) {
            (Some(content), Some(other), _) => out.report(both(source, content, other)),
            (None, _, Some(url)) if source.needs_token => out.report(closed(source, url)),
            _ => {}
        }
        let Some(token) = &source.token else { continue };
        match token.from {
            TokenFrom::Text => out.report(token.traced(written(source, token.at))),
            TokenFrom::OpenParameter => out.report(open(source, token.at)),
            TokenFrom::Elsewhere => {}
        }
    }
}

fn finding(source: &ScriptSource, title: String, at: FileSpan, label: &str) -> Diagnostic {
    Diagnostic::new(RULE.name, Severity::Error, title, at, label).in_case(source.case)
}

/// The text is given twice.
fn both(source: &ScriptSource, content: FileSpan, (at, name): (FileSpan, &str)) -> Diagnostic {
    let title = format!(
        "script `{}` has both `scriptContent` and `{name}`{}",
        source.name,
        source.when.clause()
    );
    finding(source, title, at, "a second source of the script")
        .related(content, "the script's text is given here")
        .note("the service takes one of them: text in the template, or the address of a blob")
        .note(format!("remove `{name}`, or `scriptContent`"))
}

/// Nothing opens the blob.
fn closed(source: &ScriptSource, url: FileSpan) -> Diagnostic {
    let title = format!(
        "script `{}` is read from a blob that nothing opens{}",
        source.name,
        source.when.clause()
    );
    finding(source, title, url, "neither a token nor an identity reads this")
        .note("`scriptUrl` needs `scriptUrlSasToken` beside it, or `managedIdentityResourceId` from API 2025-02-14 on")
        .note("write: \"scriptUrlSasToken\": \"[parameters('scriptToken')]\" with a parameter of type `securestring`")
}

/// The token stands in the files.
fn written(source: &ScriptSource, at: FileSpan) -> Diagnostic {
    let title = format!("the token of script `{}` is written in the template", source.name);
    finding(
        source,
        title,
        at,
        "everybody who reads the template or the deployment has it",
    )
    .note("write \"[parameters('scriptToken')]\" in its place, with a parameter of type `securestring`")
    .note("the token is known to others now: make a new one")
}

/// The token is kept with the deployment.
fn open(source: &ScriptSource, at: FileSpan) -> Diagnostic {
    let title = format!("the token of script `{}` is a parameter that is no secret", source.name);
    finding(source, title, at, "the history of deployments shows this value")
        .note("declare the parameter with \"type\": \"securestring\"")
}
