//! The inventory of suppressions, for those who look after them.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::escape;
use super::human::count;
use super::json::json_line;
use super::model::Located;
use super::style::{BOLD, DIM};
use crate::engine::Outcome;
use crate::redact::shown_path;
use crate::suppress::{Listed, Place, State};
use crate::text::Position;

/// The states in the order in which the summary tells them.
const STATES: [State; 6] = [
    State::Active,
    State::Idle,
    State::Unused,
    State::Expired,
    State::Unexplained,
    State::Malformed,
];

/// Writes the inventory for people: place, state, rules, day, number of findings, and the reason below.
///
/// # Errors
/// What `out` reports.
pub fn human(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    for listed in &outcome.suppressions {
        let rules = match listed.rules.as_slice() {
            [] => "no rule".to_owned(),
            rules => rules.join(", "),
        };
        let state = listed.state.as_str();
        let until = listed.until.map_or(String::new(), |day| format!(", until {day}"));
        let line = format!("{}: {state}: {rules}", shown(listed, outcome));
        let findings = count(listed.findings, "finding");
        writeln!(out, "{BOLD}{}{BOLD:#} ({findings}{until})", escape::one_line(&line))?;
        let reason = match listed.reason.as_str() {
            "" => "no reason",
            reason => reason,
        };
        writeln!(out, "  {DIM}{}{DIM:#}", escape::one_line(reason))?;
    }
    writeln!(out, "{}", summary(outcome))
}

/// "4 suppressions in 12 files: 3 active, 1 expired".
fn summary(outcome: &Outcome) -> String {
    let number = outcome.suppressions.len();
    let files = count(outcome.files, "file");
    if number == 0 {
        return format!("no suppressions in {files}");
    }
    let states = STATES.iter().map(|state| (of(outcome, *state), state.as_str()));
    let states: Vec<String> = states
        .filter(|(number, _)| *number > 0)
        .map(|(number, word)| format!("{number} {word}"))
        .collect();
    format!("{} in {files}: {}", count(number, "suppression"), states.join(", "))
}

fn of(outcome: &Outcome, state: State) -> usize {
    outcome
        .suppressions
        .iter()
        .filter(|listed| listed.state == state)
        .count()
}

/// `path:line:column`, or `path:line` in the configuration.
fn shown(listed: &Listed, outcome: &Outcome) -> String {
    match &listed.place {
        Place::Comment(at) | Place::Metadata(at) => {
            let at = Located::new(*at, outcome);
            format!("{}:{}:{}", at.path, at.start.line, at.start.column)
        }
        Place::Configuration { path, line } => format!("{}:{line}", shown_path(path)),
    }
}

/// Writes the inventory as one JSON object.
///
/// # Errors
/// What `out` reports.
pub fn json(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let all: Vec<Value> = outcome
        .suppressions
        .iter()
        .map(|listed| entry(listed, outcome))
        .collect();
    let mut summary = json!({ "files": outcome.files, "suppressions": all.len() });
    if let Some(members) = summary.as_object_mut() {
        members.extend(STATES.map(|state| (state.as_str().to_owned(), json!(of(outcome, state)))));
    }
    let value = json!({ "version": 1, "suppressions": all, "summary": summary });
    json_line(&outcome.redactor.redacted(value), out)
}

fn entry(listed: &Listed, outcome: &Outcome) -> Value {
    let position = |at: Position| json!({ "line": at.line, "column": at.column, "byte": at.byte });
    let (kind, location) = match &listed.place {
        Place::Comment(at) | Place::Metadata(at) => {
            let kind = match listed.place {
                Place::Comment(_) => "comment",
                _ => "metadata",
            };
            let at = Located::new(*at, outcome);
            let location = json!({ "path": at.path, "start": position(at.start), "end": position(at.end) });
            (kind, location)
        }
        Place::Configuration { path, line } => {
            let location = json!({ "path": shown_path(path), "start": { "line": line } });
            ("configuration", location)
        }
    };
    json!({
        "written": kind,
        "location": location,
        "rules": listed.rules,
        "reason": listed.reason,
        "until": listed.until.map(|day| day.to_string()),
        "state": listed.state.as_str(),
        "findings": listed.findings,
    })
}
