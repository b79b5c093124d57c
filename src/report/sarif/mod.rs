//! SARIF 2.1.0 (OASIS standard, 27 March 2020, with errata 01 of 28 August 2023), as GitHub's code scanning takes it
//! (docs.github.com, "SARIF support for code scanning", 2026). It is made while it is written.

mod line_hash;
mod location;
mod notification;
mod result;
mod rule;
mod selection;

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use self::line_hash::line_hashes;
use self::notification::Notification;
use self::rule::Descriptor;
use self::selection::Selection;
use super::each::Each;
use super::forge::HOME;
use super::model::Report;
use super::sink::Sink;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<R> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'r, R, N> {
    tool: Tool,
    automation_details: AutomationDetails<'r>,
    column_kind: &'static str,
    original_uri_base_ids: BaseIds,
    invocations: [Invocation<N>; 1],
    results: R,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    rules: Vec<Descriptor>,
    notifications: Vec<Descriptor>,
}

#[derive(Serialize)]
struct AutomationDetails<'r> {
    id: &'r str,
}

#[derive(Serialize)]
struct BaseIds {
    #[serde(rename = "%SRCROOT%")]
    root: BaseId,
}

#[derive(Serialize)]
struct BaseId {
    description: Message<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<N> {
    execution_successful: bool,
    exit_code: u8,
    tool_execution_notifications: N,
}

/// A text for people.
#[derive(Serialize)]
struct Message<T> {
    text: T,
}

/// Writes the outcome as one log of one run and a line feed.
///
/// # Errors
/// When `out` cannot be written.
pub(super) fn sarif(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let selection = Selection::of(report);
    let rules: Vec<&'static str> = selection.rules().collect::<BTreeSet<_>>().into_iter().collect();
    let hashes = line_hashes(&selection.results, &report.outcome.sources, &report.outcome.redactor);
    let results = || {
        let results = selection.results.iter().zip(&hashes);
        results.map(|(chosen, hash)| result::result(*chosen, hash, &rules, report.outcome))
    };
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: HOME,
                rules: rules.iter().map(|name| Descriptor::of_rule(name)).collect(),
                notifications: Notification::descriptors(),
            },
        },
        automation_details: AutomationDetails { id: &report.category },
        column_kind: "unicodeCodePoints",
        original_uri_base_ids: BaseIds {
            root: BaseId {
                description: Message {
                    text: "The folder of the repository.",
                },
            },
        },
        invocations: [Invocation {
            execution_successful: !report.outcome.incomplete,
            exit_code: if report.outcome.incomplete {
                2
            } else {
                u8::from(report.fails)
            },
            tool_execution_notifications: Each(|| notification::all(report, &selection, &rules)),
        }],
        results: Each(results),
    };
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [run],
    };
    let mut sink = Sink::new(out);
    sink.json(&log)?;
    sink.ours("\n")
}
