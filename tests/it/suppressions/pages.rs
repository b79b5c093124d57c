//! For each finding in the bad examples of all pages, a comment above its line silences it and nothing else, and without
//! a reason silences nothing.

use std::collections::BTreeMap;

use kustolint::config::NEVER_SUPPRESSED;
use kustolint::diagnostic::Diagnostic;
use kustolint::engine::{Input, Outcome, check_with};
use kustolint::rules::ALL;
use kustolint::rules::meta::{Bytes, Example, examples};
use kustolint::syntax::{json, kql};
use kustolint::text::{FileId, MappedText};

use super::options;

/// A finding that stays the same when lines move.
type Told = (String, u32, u32, &'static str, String);

fn told(finding: &Diagnostic, outcome: &Outcome) -> Told {
    let at = finding.primary.at;
    let file = outcome.sources.get(at.file).expect("a file");
    let start = file.position(at.span.start);
    (
        file.path().to_owned(),
        start.line,
        start.column,
        finding.rule,
        finding.message.clone(),
    )
}

/// All findings, set aside or not, with lines as they were without the line `line` of `path`.
fn all(outcome: &Outcome, path: &str, line: u32) -> Vec<Told> {
    let aside = outcome.set_aside.iter().map(|aside| &aside.finding);
    let mut all: Vec<Told> = outcome
        .findings
        .iter()
        .chain(aside)
        .map(|finding| told(finding, outcome))
        .collect();
    for (of, at, ..) in &mut all {
        *at -= u32::from(of == path && *at > line);
    }
    all.sort();
    all
}

/// The bad projects of a page that are UTF-8.
fn projects(page: &str) -> Vec<Vec<Example>> {
    let mut projects: BTreeMap<String, Vec<Example>> = BTreeMap::new();
    for block in examples(page).expect("a page") {
        let own = format!("line {}", block.line);
        projects
            .entry(block.case.clone().unwrap_or(own))
            .or_default()
            .push(block);
    }
    let bad = |blocks: &Vec<Example>| {
        blocks.iter().any(|block| block.bad) && blocks.iter().all(|block| block.bytes == Bytes::Utf8)
    };
    projects.into_values().filter(bad).collect()
}

fn inputs(blocks: &[Example], path: &str, text: &str) -> Vec<Input> {
    let input = |block: &Example| {
        let text = if block.file == path { text } else { &block.text };
        crate::fixes::input(&block.file, text.as_bytes())
    };
    blocks.iter().map(input).collect()
}

/// Whether a comment on a line of its own, put in at an offset, is one.
fn is_comment(path: &str, text: &str, at: usize) -> bool {
    let comments = if path.ends_with(".kql") {
        kql::parse(&MappedText::of_file(FileId(0), text)).tree.comments
    } else {
        json::comments(text)
    };
    comments.iter().any(|comment| comment.start as usize == at)
}

#[test]
fn a_comment_above_a_finding_silences_it_and_nothing_else() {
    let mut tried = 0;
    for rule in ALL.iter().filter(|rule| rule.family != "suppressions") {
        let config = if rule.is_on_by_default() {
            String::new()
        } else {
            format!("[rules]\n{} = \"on\"\n", rule.name)
        };
        let check = |inputs| check_with(inputs, options(&config, "2026-12-01"));
        for blocks in projects(rule.page) {
            let before = check(inputs(&blocks, "", ""));
            for finding in &before.findings {
                let (path, line, ..) = told(finding, &before);
                let block = blocks.iter().find(|block| block.file == path).expect("a block");
                let has_comments = [".kql", ".json"].iter().any(|end| path.ends_with(end));
                if !has_comments || NEVER_SUPPRESSED.contains(&finding.rule) {
                    continue;
                }
                let at: usize = block
                    .text
                    .split_inclusive('\n')
                    .take(line as usize - 1)
                    .map(str::len)
                    .sum();
                let with = |words: &str| {
                    let (start, rest) = block.text.split_at(at);
                    format!("{start}// kustolint: ignore[{}]{words}\n{rest}", finding.rule)
                };
                let text = with(" a reason");
                if !is_comment(&path, &text, at) {
                    continue;
                }
                tried += 1;
                let place = format!("{}: {} of {path}:{line}", rule.name, finding.rule);
                let after = check(inputs(&blocks, &path, &text));
                assert_eq!(all(&after, &path, line), all(&before, "", 0), "{place}");
                let wanted = told(finding, &before);
                let silenced: Vec<Told> = after
                    .set_aside
                    .iter()
                    .map(|aside| told(&aside.finding, &after))
                    .collect();
                let moved = (wanted.0.clone(), wanted.1 + 1, wanted.2, wanted.3, wanted.4.clone());
                assert!(silenced.contains(&moved), "{place}: {silenced:?}");
                let elsewhere = |told: &&Told| told.0 != path || told.3 != finding.rule || told.1 <= line;
                assert_eq!(silenced.iter().find(elsewhere), None, "{place}");
                let bare = check(inputs(&blocks, &path, &with("")));
                let mut back = all(&bare, &path, line);
                back.retain(|told| told.3 != "unexplained-suppression");
                assert_eq!(back, all(&before, "", 0), "{place}");
                assert_eq!(
                    (bare.set_aside.len(), bare.findings.len()),
                    (0, before.findings.len() + 1),
                    "{place}"
                );
            }
        }
    }
    assert!(tried > 200, "{tried} findings");
}
