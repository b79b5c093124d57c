//! The findings about suppressions.

use super::Verdict;
use super::judge::{Judged, MentionKind, Standing};
use crate::config::{ConfiguredSuppression, never_suppressed};
use crate::diagnostic::{Applicability, Diagnostic, Fix, Severity};
use crate::facts::{RuleMention, Suppression, Written};
use crate::rules::suppressions::{EXPIRED, MALFORMED, UNEXPLAINED, UNUSED};
use crate::rules::{self, Rule};
use crate::text::{Date, FileSpan, nearest};

/// Characters of a name that a message quotes. A longer one is no slip of the pen.
const LONGEST_NAME: usize = 64;

/// Adds what is to be said of a suppression.
pub(super) fn told(one: &Suppression, judged: &Judged, out: &mut Vec<Diagnostic>) {
    match judged.standing {
        Standing::Flawed => {
            for flaw in &one.flaws {
                let title = format!("this suppression is not followed: {}", flaw.what);
                out.push(warning(&MALFORMED, title, flaw.at, "not followed").note(form(one)));
            }
            return;
        }
        Standing::Unexplained => {
            let title = format!(
                "this suppression of {} gives no reason, so it is not followed",
                names(one)
            );
            out.push(warning(&UNEXPLAINED, title, one.at, "no reason").note(form(one)));
        }
        Standing::Expired(until) => out.push(expired(&names(one), until, one.at)),
        Standing::Followed => unused(one, judged, out),
    }
    for (rule, mention) in one.rules.iter().zip(&judged.mentions) {
        match mention.kind {
            MentionKind::Unknown => out.push(unknown(rule)),
            MentionKind::Never => {
                let (why, note) = never_suppressed(&rule.name);
                let title = format!("`{}` can't be suppressed: {why}", rule.name);
                out.push(warning(&MALFORMED, title, rule.at, "not followed").note(note));
            }
            MentionKind::Used | MentionKind::Unused | MentionKind::Idle => {}
        }
    }
}

/// Adds what is to be said of an entry of the configuration, which stands at `at`.
pub(super) fn configured(entry: &ConfiguredSuppression, verdict: Verdict, at: FileSpan, out: &mut Vec<Diagnostic>) {
    let names = listed(entry.rules.iter().map(String::as_str));
    let unused = |but: &str, label, note| {
        let title = format!("this suppression of {names} covers no finding{but}");
        warning(&UNUSED, title, at, label).note(note)
    };
    match (verdict, entry.until) {
        (Verdict::Expired, Some(until)) => out.push(expired(&names, until, at)),
        (Verdict::NoFinding, _) => out.push(unused(
            "",
            "covers nothing",
            "take it out: it would hide what goes wrong later",
        )),
        (Verdict::NoFile, _) => out.push(unused(
            ": `files` means no file that is checked",
            "means no file",
            "correct the pattern, which is told from the folder of this file, or take the entry out",
        )),
        (Verdict::NothingDecided, _) => out.push(Diagnostic {
            severity: Severity::Note,
            ..unused(
                ", as far as its files could be decided",
                "perhaps not needed",
                "`kustolint check --show-undecided` lists what is not known there; if it can't be of these rules, take the entry out",
            )
        }),
        _ => {}
    }
}

fn expired(names: &str, until: Date, at: FileSpan) -> Diagnostic {
    let title = format!("this suppression of {names} has expired: it held until {until}");
    let note = "take it out, or decide again and write a later day";
    warning(&EXPIRED, title, at, "expired").note(note)
}

/// What covers nothing: the suppression, or single rules of it.
fn unused(one: &Suppression, judged: &Judged, out: &mut Vec<Diagnostic>) {
    let is_unused = |kind| kind == MentionKind::Unused;
    let note = "take it out: it would hide what goes wrong here later";
    if !judged.mentions.is_empty() && judged.mentions.iter().all(|mention| is_unused(mention.kind)) {
        let title = format!("this suppression of {} covers no finding", names(one));
        let fix = Fix::new(Applicability::Safe, "take the comment out", one.whole.as_ref(), "");
        out.push(
            warning(&UNUSED, title, one.at, "covers nothing")
                .note(note)
                .fixed_by(fix),
        );
        return;
    }
    let rules = one.rules.iter().zip(&judged.mentions);
    for (rule, _) in rules.filter(|(_, mention)| is_unused(mention.kind)) {
        let title = format!("this suppression of `{}` covers no finding", rule.name);
        let how = format!("take `{}` out of the list", rule.name);
        let fix = Fix::new(Applicability::Safe, how, rule.part.as_ref(), "");
        out.push(
            warning(&UNUSED, title, rule.at, "covers nothing")
                .note(note)
                .fixed_by(fix),
        );
    }
}

fn unknown(rule: &RuleMention) -> Diagnostic {
    let name = match rule.name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", rule.name.get(..end).unwrap_or_default()),
        None => rule.name.clone(),
    };
    let title = format!("there is no rule `{name}`, so this suppression of it is not followed");
    let note = match nearest(&name, rules::ALL.iter().map(|rule| rule.name)) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`kustolint rules` lists the rules".to_owned(),
    };
    warning(&MALFORMED, title, rule.at, "not a rule").note(note)
}

fn warning(rule: &Rule, title: String, at: FileSpan, label: &str) -> Diagnostic {
    Diagnostic::new(rule.name, Severity::Warning, title, at, label)
}

/// The rules that a suppression names: "`a`, `b`".
fn names(one: &Suppression) -> String {
    listed(one.rules.iter().map(|rule| rule.name.as_str()))
}

/// Names of rules: "`a`, `b`".
fn listed<'n>(mut names: impl Iterator<Item = &'n str>) -> String {
    let most = 3;
    let mut told: Vec<String> = names.by_ref().take(most).map(|name| format!("`{name}`")).collect();
    if names.next().is_some() {
        told.push("others".to_owned());
    }
    told.join(", ")
}

/// How a suppression is to be written.
fn form(one: &Suppression) -> &'static str {
    match one.written {
        Written::Elsewhere => {
            "write it where a comment of this language may stand, outside of strings, or as `[[suppress]]` in `kustolint.toml`"
        }
        Written::Comment => {
            "write `kustolint: ignore[rule] reason` in a comment; `ignore[rule] until 2027-03-31 reason` ends by itself"
        }
        Written::Metadata => {
            "write `\"kustolint\": { \"ignore\": { \"rule\": \"reason\" } }`, or a list of `{ \"rule\": …, \"reason\": …, \"until\": … }`"
        }
    }
}
