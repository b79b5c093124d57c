//! `kustolint rules`: the list of rules.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::args::{Format, RulesArgs};
use super::page::Page;
use super::terminal::print;
use super::{Failure, Status};
use crate::report::{BOLD, json_line};
use crate::rules::{self, Rule};

/// Prints the list.
pub(super) fn run(args: &RulesArgs) -> Result<Status, Failure> {
    print(|out| match args.output_format {
        Format::Human => table(out),
        Format::Json => {
            let rules: Vec<Value> = rules::ALL.iter().map(|rule| entry(rule)).collect();
            json_line(&json!({ "version": 1, "rules": rules }), out)
        }
    })?;
    Ok(Status::Clean)
}

/// A rule as programs read it.
pub(super) fn entry(rule: &Rule) -> Value {
    let page = Page::of(rule);
    json!({
        "name": rule.name,
        "family": rule.family,
        "severity": page.severity,
        "summary": page.summary,
    })
}

fn table(out: &mut dyn Write) -> io::Result<()> {
    let width = rules::ALL.iter().map(|rule| rule.name.len()).max().unwrap_or_default();
    for rule in rules::ALL {
        let page = Page::of(rule);
        let (name, severity) = (rule.name, page.severity);
        writeln!(out, "{BOLD}{name:width$}{BOLD:#}  {severity:7}  {}", page.summary)?;
    }
    writeln!(
        out,
        "\n{} rules; `kustolint explain RULE` tells more about one",
        rules::ALL.len()
    )
}
