//! One file: from its tree to its facts.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::cases::{Links, MAX_CASES};
use super::read::{Content, Document};
use crate::arm::evaluate::EvalError;
use crate::collect::{
    Collector, Script, collect_host, collect_json, collect_json_comments, collect_metadata, collect_parameters,
    collect_pipeline, collect_script, collect_template, collect_text, collect_text_comments, collect_units, is_wanted,
};
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::facts::Facts;
use crate::rules::input::{LIMIT_REACHED, SYNTAX_ERROR};
use crate::syntax::host::Host;
use crate::syntax::{Parsed, SyntaxError, json};
use crate::text::{FileId, FileSpan, Sources, Span};

/// What one document gives.
#[derive(Default)]
pub(super) struct Result {
    pub(super) facts: Facts,
    pub(super) findings: Findings,
    /// The files whose templates were evaluated in this one.
    pub(super) linked: BTreeSet<FileId>,
}

/// The documents of a run and how they belong together.
#[derive(Clone, Copy)]
pub(super) struct Run<'r> {
    pub(super) documents: &'r [Document],
    pub(super) sources: &'r Sources,
    pub(super) links: &'r Links<'r>,
}

/// Collects the facts of all documents, in their order.
pub(super) fn all(run: Run<'_>) -> Vec<Result> {
    let numbers = || (0..run.documents.len()).into_par_iter();
    let first = |index: usize| run.links.has_links(index).then(|| document(index, run, true));
    let mut results: Vec<Option<Result>> = numbers().map(first).collect();
    let parts = run.links.parts(|index| {
        let result = results.get(index)?.as_ref()?;
        Some(&result.linked)
    });
    let is_part = |index: usize| {
        let document = run.documents.get(index);
        document.is_some_and(|document| parts.contains(&document.file))
    };
    let rest = |(index, result): (usize, &mut Option<Result>)| match result.take() {
        Some(result) if !is_part(index) => result,
        _ => document(index, run, !is_part(index)),
    };
    results.par_iter_mut().enumerate().map(rest).collect()
}

/// Collects the facts of a document. A mistake of ours in one file does not take the others along. A template that is
/// `deployed` by itself is evaluated; the resources of another one are found where it is linked to.
fn document(index: usize, run: Run<'_>, deployed: bool) -> Result {
    let Some(document) = run.documents.get(index) else {
        return Result::default();
    };
    let analysed = catch_unwind(AssertUnwindSafe(|| analyse((index, document), run, deployed)));
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

fn analyse((index, document): (usize, &Document), run: Run<'_>, deployed: bool) -> Result {
    let mut result = Result::default();
    let collector = || Collector::new(&document.text, run.links.case_of(document.file), run.sources);
    match &document.content {
        Content::Script => {
            let mut collector = collector();
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
            result.facts.extend(around(collector(), &parsed.tree));
            if deployed {
                template((index, document), parsed, run, &mut result);
            }
        }
        Content::Parameters(parsed) => {
            result.json(document, parsed, Severity::Error);
            let mut collector = collector();
            collect_parameters(&mut collector, &parsed.tree);
            collect_around(&mut collector, &parsed.tree);
            result.facts = collector.finish();
        }
        Content::Report => {}
        Content::Json(parsed) => {
            if document.named {
                result.json(document, parsed, Severity::Note);
            }
            let mut collector = collector();
            let limits = collect_pipeline(&mut collector, &parsed.tree)
                .unwrap_or_else(|| collect_host(&mut collector, Host::Json));
            result.syntax(limits.into_iter(), Severity::Warning);
            collect_json(&mut collector, &parsed.tree);
            collect_around(&mut collector, &parsed.tree);
            result.facts = collector.finish();
        }
        Content::Text(host) => {
            let mut collector = collector();
            if let Some(host) = host {
                let limits = collect_host(&mut collector, *host);
                result.syntax(limits.into_iter(), Severity::Warning);
            }
            collect_text(&mut collector);
            collect_text_comments(&mut collector, *host);
            result.facts = collector.finish();
        }
    }
    result
}

/// What stands around the facts of a document that are made elsewhere.
fn around(mut collector: Collector<'_>, tree: &json::Node) -> Facts {
    collect_around(&mut collector, tree);
    collector.finish()
}

/// Adds the named parts of a document and what it asks this program to be silent about.
fn collect_around(collector: &mut Collector<'_>, tree: &json::Node) {
    collect_units(collector, tree);
    collect_json_comments(collector, tree);
    collect_metadata(collector, tree);
}

/// Evaluates a template in each of its cases and collects the facts of all of them.
fn template((index, document): (usize, &Document), parsed: &Parsed<json::Node>, run: Run<'_>, result: &mut Result) {
    for (case, template) in run.links.evaluate(index, &is_wanted) {
        let mut collector = Collector::new(&document.text, case, run.sources).of_template(&parsed.tree);
        let errors = collect_template(&mut collector, &template.resources);
        let before = result.findings.reported.len();
        result.syntax(errors.into_iter(), Severity::Error);
        result.evaluation(&template.errors);
        for finding in result.findings.reported.iter_mut().skip(before) {
            finding.cases.extend(case.parameters.map(|file| (case.file, file)));
        }
        result.facts.extend(collector.finish());
        result.linked.extend(template.linked);
    }
    if run.links.parameters_of(index).len() > MAX_CASES {
        let start = parsed.tree.span.start;
        let at = document.place(Span::new(start, start + 1));
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
        self.syntax(errors.map(|error| (document.place(error.span), error)), severity);
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
