//! Reads the page of a rule: its front matter, its headings, and its examples, which are run as tests.

use std::collections::BTreeMap;

use super::security::{CWE, SECURITY, Security, security};
use crate::diagnostic::{Applicability, Severity};

/// How settled a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// On by default.
    Stable,
    /// On trial.
    Preview,
}

/// What the front matter of a page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// One sentence about the rule.
    pub summary: String,
    /// The highest severity that it reports.
    pub severity: Severity,
    /// The kinds of files that it reads.
    pub reads: Vec<String>,
    /// The version that brought it.
    pub since: String,
    /// Whether it runs without a configuration that turns it on.
    pub on: bool,
    /// How settled it is.
    pub status: Status,
    /// How far its fixes may be trusted; `None` if it has none.
    pub fix: Option<Applicability>,
    /// The document that it rests on, with its date.
    pub source: String,
    /// What it is to those who look for weak points; `None` if it is not about security.
    pub security: Option<Security>,
}

/// One code block of a page that is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Line of the opening fence, counted from 1.
    pub line: usize,
    /// The language of the block.
    pub language: String,
    /// Whether the block has findings.
    pub bad: bool,
    /// The name of the file that it stands for.
    pub file: String,
    /// The project that it is part of; a block without one is a project of its own.
    pub case: Option<String>,
    /// Rules whose findings do not matter in it.
    pub allow: Vec<String>,
    /// How the text becomes the bytes of a file.
    pub bytes: Bytes,
    /// The text, without the marks.
    pub text: String,
    /// The findings that it has.
    pub marks: Vec<Mark>,
}

/// How the text of a block becomes bytes: a page is UTF-8, the file that it shows need not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bytes {
    /// UTF-8.
    Utf8,
    /// One byte a character, as old editors save: ISO 8859-1.
    Latin1,
    /// UTF-16 with a byte-order mark.
    Utf16,
    /// UTF-16 without a byte-order mark.
    Utf16WithoutMark,
}

/// A finding that a block says it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Line of the mark in the page, counted from 1.
    pub page_line: usize,
    /// The other rule that reports it; `None` for the rule of the page.
    pub rule: Option<String>,
    /// Line of the finding in the text, counted from 1.
    pub line: u32,
    /// First column and the column after the last, counted from 1 in characters; `None` where only the
    /// line is told.
    pub columns: Option<(u32, u32)>,
    /// Its severity, where the mark tells it: `error: …`.
    pub severity: Option<Severity>,
    /// What the finding says, in part.
    pub says: String,
}

/// The headings of a page after its title, in order.
const HEADINGS: &[&str] = &[
    "What it reports",
    "Why it matters",
    "Examples",
    "How to mend it",
    "Limits",
    "Sources",
];

/// The keys of the front matter; all but [`DEFAULT`], [`SECURITY`] and [`CWE`] must be there.
const KEYS: &[&str] = &[
    "summary", "severity", DEFAULT, "reads", "since", "status", "fix", "source", SECURITY, CWE,
];

/// The key that tells whether a rule runs by default.
const DEFAULT: &str = "default";

const SEVERITIES: &[(&str, Severity)] = &[
    ("error", Severity::Error),
    ("warning", Severity::Warning),
    ("note", Severity::Note),
];

/// Reads the front matter of a page and checks its headings.
///
/// # Errors
/// What is wrong with the page, with its line.
pub fn meta(page: &str) -> Result<Meta, String> {
    let (values, body) = front_matter(page)?;
    headings(page, body)?;
    let value = |key: &str| {
        values
            .get(key)
            .cloned()
            .ok_or_else(|| format!("the key `{key}` is missing"))
    };
    let reads: Vec<String> = value("reads")?.split(',').map(|kind| kind.trim().to_owned()).collect();
    if reads.iter().any(String::is_empty) {
        return Err("`reads` has an empty entry".to_owned());
    }
    Ok(Meta {
        summary: value("summary")?,
        severity: one_of("severity", &value("severity")?, SEVERITIES)?,
        reads,
        since: value("since")?,
        on: values
            .get(DEFAULT)
            .map_or(Ok(true), |word| one_of(DEFAULT, word, &[("on", true), ("off", false)]))?,
        status: one_of(
            "status",
            &value("status")?,
            &[("stable", Status::Stable), ("preview", Status::Preview)],
        )?,
        fix: one_of(
            "fix",
            &value("fix")?,
            &[
                ("none", None),
                ("safe", Some(Applicability::Safe)),
                ("unsafe", Some(Applicability::Unsafe)),
            ],
        )?,
        source: value("source")?,
        security: security(values.get(SECURITY), values.get(CWE))?,
    })
}

fn one_of<T: Copy>(key: &str, value: &str, allowed: &[(&str, T)]) -> Result<T, String> {
    allowed
        .iter()
        .find(|(word, _)| *word == value)
        .map(|(_, meaning)| *meaning)
        .ok_or_else(|| {
            let words: Vec<&str> = allowed.iter().map(|(word, _)| *word).collect();
            format!("`{key}` is `{value}`, expected one of {}", words.join(", "))
        })
}

/// The values between the `---` lines, and the line (from 0) at which the body starts.
fn front_matter(page: &str) -> Result<(BTreeMap<String, String>, usize), String> {
    let mut lines = page.lines().enumerate();
    if lines.next().is_none_or(|(_, line)| line != "---") {
        return Err("line 1: expected `---`".to_owned());
    }
    let mut values = BTreeMap::new();
    for (index, line) in lines {
        let number = index + 1;
        if line == "---" {
            return Ok((values, number));
        }
        let (key, value) = line
            .split_once(": ")
            .ok_or_else(|| format!("line {number}: expected `key: value`"))?;
        if !KEYS.contains(&key) {
            return Err(format!("line {number}: the key `{key}` is not known"));
        }
        let value = value.trim();
        if value.is_empty() {
            return Err(format!("line {number}: the key `{key}` has no value"));
        }
        if values.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(format!("line {number}: the key `{key}` stands twice"));
        }
    }
    Err("expected `---` after the front matter".to_owned())
}

/// Checks that the title and the headings of the second level are there, in order, and no others.
fn headings(page: &str, body: usize) -> Result<(), String> {
    let mut titles = Vec::new();
    let mut seen = Vec::new();
    for (number, line) in split(page)?.plain.into_iter().filter(|(number, _)| *number > body) {
        if let Some(title) = line.strip_prefix("# ") {
            titles.push(title.trim());
            if !seen.is_empty() {
                return Err(format!("line {number}: the title must come first"));
            }
        } else if let Some(heading) = line.strip_prefix("## ") {
            let expected = HEADINGS.get(seen.len()).copied().unwrap_or("no other heading");
            if heading.trim() != expected {
                return Err(format!(
                    "line {number}: the heading is `{}`, expected `{expected}`",
                    heading.trim()
                ));
            }
            seen.push(heading);
        }
    }
    if titles.len() != 1 {
        return Err(format!(
            "the page has {} titles (`# rule-name`), expected one",
            titles.len()
        ));
    }
    match HEADINGS.get(seen.len()) {
        Some(missing) => Err(format!("the heading `{missing}` is missing")),
        None => Ok(()),
    }
}

/// A page without its front matter; the whole page if that can't be read.
#[must_use]
pub fn body(page: &str) -> &str {
    let skipped = front_matter(page).map_or(0, |(_, line)| line);
    let start = page.split_inclusive('\n').take(skipped).map(str::len).sum();
    page.get(start..).unwrap_or_default().trim()
}

/// Whether a page says that its rule does not run by default.
#[must_use]
pub fn is_off_by_default(page: &str) -> bool {
    front_matter(page).is_ok_and(|(values, _)| values.get(DEFAULT).is_some_and(|word| word == "off"))
}

/// The title of a page: the name of its rule.
#[must_use]
pub fn title(page: &str) -> Option<&str> {
    page.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim)
}

/// A fenced block: line of the fence from 1, info string, lines with their numbers.
struct Fence<'p> {
    line: usize,
    info: &'p str,
    lines: Vec<(usize, &'p str)>,
}

/// The fenced blocks of a page, and the numbered lines outside them.
#[derive(Default)]
struct Pieces<'p> {
    fences: Vec<Fence<'p>>,
    plain: Vec<(usize, &'p str)>,
}

fn split(page: &str) -> Result<Pieces<'_>, String> {
    let mut pieces = Pieces::default();
    let mut open: Option<(usize, Fence<'_>)> = None;
    for (index, line) in page.lines().enumerate() {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        let info = line.trim_start_matches('`').trim();
        match &mut open {
            Some((length, fence)) if ticks >= *length && info.is_empty() => {
                pieces.fences.push(Fence {
                    line: fence.line,
                    info: fence.info,
                    lines: std::mem::take(&mut fence.lines),
                });
                open = None;
            }
            Some((_, fence)) => fence.lines.push((index + 1, line)),
            None if ticks >= 3 => {
                let fence = Fence {
                    line: index + 1,
                    info,
                    lines: Vec::new(),
                };
                open = Some((ticks, fence));
            }
            None => pieces.plain.push((index + 1, line)),
        }
    }
    match open {
        Some((_, fence)) => Err(format!("line {}: this block is not closed", fence.line)),
        None => Ok(pieces),
    }
}

/// The blocks of a page that say `bad` or `good`. Other blocks are not checked.
///
/// # Errors
/// What is wrong with a block, with its line.
pub fn examples(page: &str) -> Result<Vec<Example>, String> {
    split(page)?
        .fences
        .iter()
        .filter_map(|fence| example(fence).transpose())
        .collect()
}

fn example(fence: &Fence<'_>) -> Result<Option<Example>, String> {
    let mut words = fence.info.split_whitespace();
    let language = words.next().unwrap_or_default();
    let bad = match words.next() {
        Some("bad") => true,
        Some("good") => false,
        _ => return Ok(None),
    };
    let mut example = Example {
        line: fence.line,
        language: language.to_owned(),
        bad,
        file: default_file(language).to_owned(),
        case: None,
        allow: Vec::new(),
        bytes: Bytes::Utf8,
        text: String::new(),
        marks: Vec::new(),
    };
    for word in words {
        match word.split_once('=') {
            Some(("file", file)) if !file.is_empty() => file.clone_into(&mut example.file),
            Some(("case", case)) if !case.is_empty() => example.case = Some(case.to_owned()),
            Some(("allow", rules)) if !rules.is_empty() => {
                example.allow = rules.split(',').map(str::to_owned).collect();
            }
            Some(("bytes", "latin1")) => example.bytes = Bytes::Latin1,
            Some(("bytes", "utf16")) => example.bytes = Bytes::Utf16,
            Some(("bytes", "utf16-without-mark")) => example.bytes = Bytes::Utf16WithoutMark,
            _ => return Err(format!("line {}: `{word}` is not known after the language", fence.line)),
        }
    }
    let mut text_line = 0;
    for (number, line) in &fence.lines {
        if let Some(mark) = mark(*number, line, text_line)? {
            example.marks.push(mark);
        } else {
            text_line += 1;
            example.text.push_str(line);
            example.text.push('\n');
        }
    }
    if bad && example.case.is_none() && example.marks.is_empty() {
        return Err(format!("line {}: a bad block marks no finding", fence.line));
    }
    if !bad && !example.marks.is_empty() {
        return Err(format!("line {}: a good block marks a finding", fence.line));
    }
    Ok(Some(example))
}

/// The name of a file in a language.
fn default_file(language: &str) -> &'static str {
    match language {
        "kusto" | "kql" => "script.kql",
        "json" | "jsonc" => "template.json",
        "ini" => "settings.ini",
        "powershell" | "ps1" => "script.ps1",
        "bash" | "sh" => "script.sh",
        "yaml" | "yml" => "settings.yml",
        "python" => "script.py",
        "csharp" => "Program.cs",
        "dotenv" => ".env",
        "markdown" => "page.md",
        _ => "file.txt",
    }
}

/// The mark on a line of a block; `line` is the number of the text line before it.
fn mark(page_line: usize, source: &str, line: u32) -> Result<Option<Mark>, String> {
    let trimmed = source.trim_start();
    let Some(rest) = trimmed.strip_prefix("//~").or_else(|| trimmed.strip_prefix("#~")) else {
        return Ok(None);
    };
    if line == 0 {
        return Err(format!("line {page_line}: no line stands before this mark"));
    }
    let mut rest = rest.trim_start();
    let mut rule = None;
    if let Some(inner) = rest.strip_prefix('[') {
        let (name, after) = inner
            .split_once(']')
            .ok_or_else(|| format!("line {page_line}: expected `]`"))?;
        rule = Some(name.trim().to_owned());
        rest = after.trim_start();
    }
    let carets = rest.bytes().take_while(|byte| *byte == b'^').count();
    let (columns, says) = if carets > 0 {
        let start = source.chars().count() - rest.chars().count() + 1;
        let column =
            |at: usize| u32::try_from(at).map_err(|_| format!("line {page_line}: the mark is too far to the right"));
        (
            Some((column(start)?, column(start + carets)?)),
            rest.trim_start_matches('^'),
        )
    } else if let Some(says) = rest.strip_prefix("line") {
        (None, says)
    } else {
        return Err(format!("line {page_line}: expected `^^^` or `line` in this mark"));
    };
    let says = says.trim();
    let told = SEVERITIES.iter().find_map(|(word, severity)| {
        let says = says.strip_prefix(word)?.strip_prefix(':')?;
        Some((*severity, says.trim_start()))
    });
    Ok(Some(Mark {
        page_line,
        rule,
        line,
        columns,
        severity: told.map(|(severity, _)| severity),
        says: told.map_or(says, |(_, says)| says).to_owned(),
    }))
}

impl Example {
    /// The bytes of the file that the block stands for.
    ///
    /// # Errors
    /// The first character that the encoding does not have.
    pub fn file_bytes(&self) -> Result<Vec<u8>, String> {
        let utf16 = || self.text.encode_utf16().flat_map(u16::to_le_bytes);
        match self.bytes {
            Bytes::Utf8 => Ok(self.text.clone().into_bytes()),
            Bytes::Latin1 => self
                .text
                .chars()
                .map(|c| u8::try_from(c).map_err(|_| format!("ISO 8859-1 has no `{c}`")))
                .collect(),
            Bytes::Utf16 => Ok([0xFF, 0xFE].into_iter().chain(utf16()).collect()),
            Bytes::Utf16WithoutMark => Ok(utf16().collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\nsummary: A thing is wrong\nseverity: warning\nreads: kql, template\nsince: 0.1.0\nstatus: stable\nfix: none\nsource: A page, 2026-01-02\n---\n\n";

    fn page(body: &str) -> String {
        let mut page = format!("{HEAD}# a-thing\n");
        for heading in HEADINGS {
            page.push_str(&format!("\n## {heading}\n\n"));
            if *heading == "Examples" {
                page.push_str(body);
            }
        }
        page
    }

    #[test]
    fn a_whole_page_is_read() {
        let page = page("");
        let meta = meta(&page).unwrap();
        assert_eq!(meta.severity, Severity::Warning);
        assert_eq!(meta.reads, ["kql", "template"]);
        assert_eq!((meta.status, meta.fix), (Status::Stable, None));
        assert_eq!(title(&page), Some("a-thing"));
        assert!(body(&page).starts_with("# a-thing\n\n## What it reports"));
        assert!(body(&page).ends_with("## Sources"));
        assert_eq!(body("# no front matter\n"), "# no front matter");
    }

    #[test]
    fn a_rule_is_off_by_default_if_its_page_says_so() {
        let on = page("");
        assert!(meta(&on).unwrap().on && !is_off_by_default(&on));
        let off = on.replacen("severity: warning", "severity: warning\ndefault: off", 1);
        assert!(!meta(&off).unwrap().on && is_off_by_default(&off));
    }

    #[test]
    fn every_flaw_of_a_page_is_an_error() {
        let good = page("");
        for (from, to, wanted) in [
            ("severity: warning\n", "", "`severity` is missing"),
            (
                "severity: warning",
                "severity: bad",
                "expected one of error, warning, note",
            ),
            ("fix: none", "fix: maybe", "expected one of none, safe, unsafe"),
            (
                "since: 0.1.0",
                "since: 0.1.0\ndefault: maybe",
                "expected one of on, off",
            ),
            ("since: 0.1.0", "sinc: 0.1.0", "line 5: the key `sinc` is not known"),
            (
                "since: 0.1.0",
                "since: 0.1.0\nsince: 0.2.0",
                "line 6: the key `since` stands twice",
            ),
            ("since: 0.1.0", "since: ", "has no value"),
            ("reads: kql, template", "reads: kql,, x", "empty entry"),
            ("---\nsummary", "summary", "line 1: expected `---`"),
            ("## Limits\n", "", "expected `Limits`"),
            ("## Sources\n", "", "`Sources` is missing"),
            ("## Limits", "## Sources\n\n## Limits", "expected `Limits`"),
            ("# a-thing\n", "", "0 titles"),
        ] {
            let broken = good.replacen(from, to, 1);
            assert_ne!(broken, good, "{from}");
            let error = meta(&broken).expect_err(from);
            assert!(error.contains(wanted), "{error} is not about {wanted}");
        }
    }

    #[test]
    fn blocks_are_read_with_their_marks() {
        let page = page(
            "```kusto bad\n.show é x\n//~   ^^^ says this\n//~ [other-rule] ^ and that\n#~ line there\nlast\n```\n\n\
             ````json good file=a/b.json case=two allow=x,y\n```\n{}\n````\n\n```text\nnot checked\n```\n",
        );
        let blocks = examples(&page).unwrap();
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].text, ".show é x\nlast\n");
        assert_eq!(blocks[0].file, "script.kql");
        let marks: Vec<_> = blocks[0]
            .marks
            .iter()
            .map(|mark| (mark.rule.as_deref(), mark.line, mark.columns, mark.says.as_str()))
            .collect();
        assert_eq!(
            marks,
            [
                (None, 1, Some((7, 10)), "says this"),
                (Some("other-rule"), 1, Some((18, 19)), "and that"),
                (None, 1, None, "there"),
            ]
        );
        assert_eq!(
            (blocks[1].file.as_str(), blocks[1].case.as_deref()),
            ("a/b.json", Some("two"))
        );
        assert_eq!(blocks[1].text, "```\n{}\n");
        assert_eq!(blocks[1].allow, ["x", "y"]);
    }

    #[test]
    fn every_flaw_of_a_block_is_an_error() {
        for (body, wanted) in [
            ("```kusto bad\nx\n", "not closed"),
            ("```kusto bad\nx\n```\n", "marks no finding"),
            ("```kusto good\nx\n//~ ^\n```\n", "marks a finding"),
            ("```kusto bad\n//~ ^\nx\n```\n", "no line stands before"),
            ("```kusto bad\nx\n//~ hello\n```\n", "expected `^^^` or `line`"),
            ("```kusto bad\nx\n//~ [a ^\n```\n", "expected `]`"),
            ("```kusto bad colour=red\nx\n```\n", "`colour=red` is not known"),
        ] {
            let error = examples(&page(body)).expect_err(body);
            assert!(error.contains(wanted), "{error} is not about {wanted}");
        }
    }
}
