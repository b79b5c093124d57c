//! Runs the code blocks of a page and compares what is found with what the page marks.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kustolint::diagnostic::Diagnostic;
use kustolint::engine::{Input, Outcome};
use kustolint::rules::meta::{Example, Mark, examples};

/// A rule's page that is run.
pub(crate) struct Page<'p> {
    /// Its path, for messages.
    pub(crate) path: &'p str,
    /// The rule that it describes.
    pub(crate) rule: &'p str,
    /// Its text.
    pub(crate) text: &'p str,
}

/// A finding that a project must have.
struct Expected<'p> {
    file: &'p str,
    mark: &'p Mark,
    rule: &'p str,
}

/// Everything that is wrong with the blocks of a page, each with the page and the block.
pub(crate) fn failures(page: &Page<'_>, check: impl Fn(Vec<Input>) -> Outcome) -> Vec<String> {
    let blocks = match examples(page.text) {
        Ok(blocks) => blocks,
        Err(error) => return vec![format!("{}: {error}", page.path)],
    };
    let mut failures = Vec::new();
    for wanted in [true, false] {
        if !blocks.iter().any(|block| block.bad == wanted) {
            let word = if wanted { "bad" } else { "good" };
            failures.push(format!("{}: the page has no `{word}` block", page.path));
        }
    }
    for blocks in projects(&blocks) {
        if let Some(failure) = project_failure(page, &blocks, &check) {
            failures.push(failure);
        }
    }
    failures
}

/// The blocks of each project, in the order of the page.
fn projects(blocks: &[Example]) -> Vec<Vec<&Example>> {
    let mut projects: Vec<Vec<&Example>> = Vec::new();
    let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
    for block in blocks {
        let next = projects.len();
        let index = block
            .case
            .as_deref()
            .map_or(next, |case| *cases.entry(case).or_insert(next));
        if index == next {
            projects.push(Vec::new());
        }
        projects[index].push(block);
    }
    projects
}

fn project_failure(page: &Page<'_>, blocks: &[&Example], check: impl Fn(Vec<Input>) -> Outcome) -> Option<String> {
    let place = format!("{}:{}", page.path, blocks[0].line);
    let mut expected: Vec<Expected<'_>> = Vec::new();
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for block in blocks {
        if let Some(other) = files.insert(&block.file, block.line) {
            return Some(format!(
                "{place}: the file `{}` stands twice in this project, also at line {other}",
                block.file
            ));
        }
        expected.extend(block.marks.iter().map(|mark| Expected {
            file: &block.file,
            mark,
            rule: mark.rule.as_deref().unwrap_or(page.rule),
        }));
    }
    if expected.is_empty() && blocks.iter().any(|block| block.bad) {
        return Some(format!("{place}: a bad project marks no finding"));
    }
    let mut inputs = Vec::new();
    for block in blocks {
        inputs.push(Input {
            path: block.file.clone(),
            bytes: match block.file_bytes() {
                Ok(bytes) => Ok(bytes),
                Err(error) => return Some(format!("{}:{}: {error}", page.path, block.line)),
            },
            named: true,
            reported: true,
        });
    }
    let outcome = check(inputs);
    let allowed = |rule: &str| blocks.iter().any(|block| block.allow.iter().any(|name| name == rule));
    let mut found: Vec<&Diagnostic> = outcome
        .findings
        .iter()
        .filter(|finding| !allowed(finding.rule))
        .collect();
    expected.sort_by_key(|expected| expected.mark.columns.is_none());
    let mut missing = Vec::new();
    for expected in &expected {
        match found.iter().position(|finding| matches(&outcome, expected, finding)) {
            Some(index) => {
                found.remove(index);
            }
            None => missing.push(expected),
        }
    }
    if missing.is_empty() && found.is_empty() {
        return None;
    }
    let mut message = format!("{place}: the findings are not those of the page");
    for expected in missing {
        let _ = write!(message, "\n  missing:    {}", describe_expected(expected));
    }
    for finding in found {
        let _ = write!(message, "\n  unexpected: {}", describe_found(&outcome, finding));
    }
    Some(message)
}

fn matches(outcome: &Outcome, expected: &Expected<'_>, finding: &Diagnostic) -> bool {
    let Some(file) = outcome.sources.get(finding.primary.at.file) else {
        return false;
    };
    let place = file.place(finding.primary.at.span);
    let says = expected.mark.says.as_str();
    let here = expected.mark.columns.is_none_or(|(from, to)| {
        place.start.column == from && place.end.line == place.start.line && place.end.column == to
    });
    finding.rule == expected.rule
        && file.path() == expected.file
        && place.start.line == expected.mark.line
        && here
        && expected
            .mark
            .severity
            .is_none_or(|severity| severity == finding.severity)
        && (finding.message.contains(says)
            || finding.primary.message.contains(says)
            || finding.notes.iter().any(|note| note.contains(says)))
}

fn describe_expected(expected: &Expected<'_>) -> String {
    let mark = expected.mark;
    let columns = mark.columns.map_or(String::new(), |(from, to)| format!(":{from}-{to}"));
    format!(
        "[{}] {}:{}{columns} {}: \"{}\" (marked at line {} of the page)",
        expected.rule,
        expected.file,
        mark.line,
        mark.severity
            .map_or("any severity", kustolint::diagnostic::Severity::as_str),
        mark.says,
        mark.page_line
    )
}

fn describe_found(outcome: &Outcome, finding: &Diagnostic) -> String {
    let at = finding.primary.at;
    let place = outcome.sources.get(at.file).map_or(String::new(), |file| {
        let place = file.place(at.span);
        let end = if place.end.line == place.start.line {
            place.end.column.to_string()
        } else {
            format!("{}:{}", place.end.line, place.end.column)
        };
        format!("{}:{}:{}-{end}", file.path(), place.start.line, place.start.column)
    });
    format!(
        "[{}] {place} {}: \"{}\" / \"{}\" / {:?}",
        finding.rule, finding.severity, finding.message, finding.primary.message, finding.notes
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use kustolint::diagnostic::Severity;
    use kustolint::redact::Redactor;
    use kustolint::text::{FileSpan, SourceFile, Span};

    /// Reports every `word` in every file.
    fn finder(word: &'static str) -> impl Fn(Vec<Input>) -> Outcome {
        move |inputs| {
            let mut outcome = Outcome::default();
            let mut findings = Vec::new();
            for input in inputs {
                let text = String::from_utf8(input.bytes.unwrap()).unwrap();
                let file = outcome.sources.add(SourceFile::in_memory(input.path, &text));
                for (at, _) in text.match_indices(word) {
                    let at = FileSpan::new(file, Span::of(at, at + word.len()));
                    let finding = Diagnostic::new("found-word", Severity::Warning, "a word was found", at, "here");
                    findings.push(finding.note("take another word"));
                }
            }
            outcome.findings = Redactor::default().redacted(findings);
            outcome
        }
    }

    const PAGE: &str = "```kusto bad\nso ça evil\n//~   ^^^^ a word\n```\n\n```kusto good\nfine\n```\n\n\
        ```json bad case=two\n[\"evil\"]\n#~ line another word\n```\n\n```kusto good case=two\nfine\n```\n";

    fn run(text: &str, word: &'static str) -> Vec<String> {
        let page = Page {
            path: "rules/x/found-word.md",
            rule: "found-word",
            text,
        };
        failures(&page, finder(word))
    }

    #[test]
    fn a_true_page_has_no_failures() {
        assert_eq!(run(PAGE, "evil"), Vec::<String>::new());
    }

    #[test]
    fn a_missing_finding_is_a_failure() {
        let failures = run(PAGE, "nothing");
        assert_eq!(failures.len(), 2);
        assert!(
            failures[0].contains("found-word.md:1") && failures[0].contains("missing:"),
            "{failures:?}"
        );
        assert!(failures[0].contains("script.kql:1:7-11"), "{failures:?}");
    }

    #[test]
    fn a_wrong_span_is_a_failure() {
        let failures = run(PAGE, "evi");
        assert_eq!(failures.len(), 1);
        assert!(
            failures[0].contains("missing:") && failures[0].contains("unexpected:"),
            "{failures:?}"
        );
        assert!(failures[0].contains("script.kql:1:7-10"), "{failures:?}");
    }

    #[test]
    fn an_extra_finding_is_a_failure() {
        let failures = run(&PAGE.replace("fine", "evil"), "evil");
        assert_eq!(failures.len(), 2);
        assert!(
            failures.iter().all(|failure| failure.contains("unexpected:")),
            "{failures:?}"
        );
    }

    #[test]
    fn wrong_words_rules_and_files_are_failures() {
        assert_eq!(run(&PAGE.replace("a word", "no such words"), "evil").len(), 1);
        assert_eq!(run(&PAGE.replace("^^^^", "[other] ^^^^"), "evil").len(), 1);
        assert_eq!(
            run(&PAGE.replace("//~    ^^^^", "//~ line"), "evil"),
            Vec::<String>::new()
        );
        assert_eq!(
            run(&PAGE.replace("kusto good case=two", "json good case=two"), "evil").len(),
            1
        );
        assert_eq!(run("```kusto good\nfine\n```\n", "evil").len(), 1);
        assert_eq!(run("```kusto bad\nfine\n```\n", "evil").len(), 1);
    }

    #[test]
    fn severities_count_where_a_mark_tells_them() {
        assert_eq!(
            run(&PAGE.replace("a word", "warning: a word"), "evil"),
            Vec::<String>::new()
        );
        let failures = run(&PAGE.replace("a word", "error: a word"), "evil");
        assert_eq!(failures.len(), 1);
        assert!(
            failures[0].contains("error: \"a word\"") && failures[0].contains("warning: \"a word was found\""),
            "{failures:?}"
        );
    }

    #[test]
    fn blocks_become_the_bytes_that_they_tell() {
        let bytes = |word: &str| {
            let page = format!("```kusto good {word}\né\n```\n");
            examples(&page).unwrap()[0].file_bytes()
        };
        assert_eq!(bytes("file=a.kql"), Ok("é\n".as_bytes().to_vec()));
        assert_eq!(bytes("bytes=latin1"), Ok(vec![0xE9, b'\n']));
        assert_eq!(bytes("bytes=utf16"), Ok(vec![0xFF, 0xFE, 0xE9, 0, b'\n', 0]));
        assert_eq!(bytes("bytes=utf16-without-mark"), Ok(vec![0xE9, 0, b'\n', 0]));
        assert!(examples("```kusto good bytes=ebcdic\nx\n```\n").is_err());
        let failures = run("```kusto good bytes=latin1\n€\n```\n", "evil");
        assert!(
            failures.iter().any(|failure| failure.contains("has no `€`")),
            "{failures:?}"
        );
    }

    #[test]
    fn allowed_rules_do_not_count() {
        let page = PAGE
            .replace("fine", "evil")
            .replace("kusto good", "kusto good allow=found-word");
        let failures = run(&page, "evil");
        assert_eq!(
            failures.len(),
            1,
            "the marked finding of the second case is allowed away: {failures:?}"
        );
    }
}
