//! One file: from its tree to its facts.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::cases::{Links, MAX_CASES};
use super::read::{Content, Document};
use crate::arm::evaluate::EvalError;
use crate::collect::{
    Collector, Script, collect_host, collect_pipeline, collect_script, collect_template, collect_text, is_wanted,
};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::{Case, Facts};
use crate::rules::input::{LIMIT_REACHED, SYNTAX_ERROR};
use crate::syntax::host::Host;
use crate::syntax::{Parsed, SyntaxError, json};
use crate::text::{FileSpan, Span};

/// What one file gives.
#[derive(Default)]
pub(super) struct Result {
    pub(super) facts: Facts,
    pub(super) findings: Findings,
}

/// Collects the facts of a file. A mistake of ours in one file does not take the others along.
pub(super) fn document(document: &Document, documents: &[Document], links: &Links) -> Result {
    let analysed = catch_unwind(AssertUnwindSafe(|| analyse(document, documents, links)));
    analysed.unwrap_or_else(|_| {
        let mut result = Result::default();
        let at = FileSpan::new(document.file, Span::default());
        result.findings.report(
            Diagnostic::new(
                LIMIT_REACHED.name,
                Severity::Error,
                "an internal error: this file was not analysed",
                at,
                "not analysed",
            )
            .note("please report it with the file, or the part of it that brings the error about"),
        );
        result
    })
}

fn analyse(document: &Document, documents: &[Document], links: &Links) -> Result {
    let mut result = Result::default();
    let case = Case::of(document.file);
    match &document.content {
        Content::Script => {
            let mut collector = Collector::new(&document.text, case);
            let script = Script::of_file(&document.text);
            let errors = collect_script(&mut collector, &script);
            result.syntax(
                errors
                    .into_iter()
                    .map(|error| (FileSpan::new(document.file, error.span), error)),
                Severity::Error,
            );
            result.facts = collector.finish();
        }
        Content::Template(parsed) => {
            result.json(document, parsed, Severity::Error);
            template(document, parsed, documents, links, &mut result);
        }
        Content::Parameters(parsed) => result.json(document, parsed, Severity::Error),
        Content::Json(parsed) => {
            if document.named {
                result.json(document, parsed, Severity::Note);
            }
            let mut collector = Collector::new(&document.text, case);
            let limits = collect_pipeline(&mut collector, &parsed.tree)
                .unwrap_or_else(|| collect_host(&mut collector, Host::Json));
            result.syntax(limits.into_iter(), Severity::Warning);
            collect_text(&mut collector);
            result.facts = collector.finish();
        }
        Content::Text(host) => {
            let mut collector = Collector::new(&document.text, case);
            if let Some(host) = host {
                let limits = collect_host(&mut collector, *host);
                result.syntax(limits.into_iter(), Severity::Warning);
            }
            collect_text(&mut collector);
            result.facts = collector.finish();
        }
    }
    result
}

/// Evaluates a template in each of its cases and collects the facts of all of them.
fn template(
    document: &Document,
    parsed: &Parsed<json::Node>,
    documents: &[Document],
    links: &Links,
    result: &mut Result,
) {
    for (case, template) in links.evaluate(document, parsed, documents, &is_wanted) {
        let mut collector = Collector::new(&document.text, case);
        let errors = collect_template(&mut collector, &template.resources);
        result.syntax(errors.into_iter(), Severity::Error);
        result.evaluation(&template.errors);
        result.facts.extend(collector.finish());
    }
    if links.parameters_of(document.file).len() > MAX_CASES {
        let at = FileSpan::new(
            document.file,
            Span::new(parsed.tree.span.start, parsed.tree.span.start + 1),
        );
        let title = format!("more than {MAX_CASES} parameter files belong to this template: the rest was not read");
        result.findings.report(Diagnostic::new(
            LIMIT_REACHED.name,
            Severity::Warning,
            title,
            at,
            "this template",
        ));
    }
}

impl Result {
    fn json(&mut self, document: &Document, parsed: &Parsed<json::Node>, severity: Severity) {
        let errors = parsed.errors.iter().cloned();
        self.syntax(
            errors.map(|error| (FileSpan::new(document.file, error.span), error)),
            severity,
        );
    }

    fn syntax(&mut self, errors: impl Iterator<Item = (FileSpan, SyntaxError)>, severity: Severity) {
        for (at, error) in errors {
            self.findings.report(if error.limit {
                Diagnostic::new(
                    LIMIT_REACHED.name,
                    Severity::Warning,
                    error.message,
                    at,
                    "reading stopped here",
                )
            } else {
                Diagnostic::new(SYNTAX_ERROR.name, severity, error.message, at, "here")
            });
        }
    }

    fn evaluation(&mut self, errors: &[EvalError]) {
        for error in errors {
            let (at, message) = error.parts();
            match error {
                EvalError::Failed { .. } => self.findings.leave_undecided(at, message),
                EvalError::Unreadable { .. } => {
                    let title = format!("this expression of the template can't be read: {message}");
                    self.findings.report(
                        Diagnostic::new(SYNTAX_ERROR.name, Severity::Error, title, at, "here")
                            .note("the Resource Manager refuses the template; a text that starts with a bracket is written `[[`"),
                    );
                }
                EvalError::Limit { .. } => self.findings.report(Diagnostic::new(
                    LIMIT_REACHED.name,
                    Severity::Warning,
                    message,
                    at,
                    "evaluation stopped here",
                )),
            }
        }
    }
}
