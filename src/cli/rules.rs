//! `kustolint rules`: the list of rules.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::args::{Format, RulesArgs};
use super::page::Page;
use super::terminal::print;
use super::{Failure, Status};
use crate::diagnostic::Applicability;
use crate::redact::Redacted;
use crate::report::{BOLD, json_line};
use crate::rules::{self, Rule};

/// Prints the list.
pub(super) fn run(args: &RulesArgs) -> Result<Status, Failure> {
    let mut pages = Vec::new();
    for rule in rules::ALL {
        pages.push((*rule, Page::of(rule)?));
    }
    print(|out| match args.output_format {
        Format::Human => table(&pages, out),
        Format::Json => {
            let rules: Vec<Value> = pages.iter().map(|(rule, page)| entry(rule, page)).collect();
            json_line(&Redacted::own_words(json!({ "version": 1, "rules": rules })), out)
        }
    })?;
    Ok(Status::Clean)
}

/// A rule as programs read it.
pub(super) fn entry(rule: &Rule, page: &Page) -> Value {
    json!({
        "name": rule.name,
        "family": rule.family,
        "severity": page.severity.as_str(),
        "default": if page.on { "on" } else { "off" },
        "fix": page.fix.map(Applicability::as_str),
        "summary": page.summary,
    })
}

fn table(pages: &[(&Rule, Page)], out: &mut dyn Write) -> io::Result<()> {
    let width = pages.iter().map(|(rule, _)| rule.name.len()).max().unwrap_or_default();
    for (rule, page) in pages {
        let (name, severity) = (rule.name, page.severity.as_str());
        let off = if page.on {
            ""
        } else {
            " (off unless kustolint.toml turns it on)"
        };
        writeln!(out, "{BOLD}{name:width$}{BOLD:#}  {severity:7}  {}{off}", page.summary)?;
    }
    writeln!(
        out,
        "\n{} rules; `kustolint explain RULE` tells more about one",
        pages.len()
    )
}
