//! The format for programs: one JSON object. Its shape is a promise, told by `version`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};

use super::escape;
use crate::diagnostic::{Diagnostic, Fix, Label, Severity};
use crate::engine::Outcome;
use crate::redact::{Redacted, shown_path};
use crate::text::{FileSpan, Position, Sources};

#[derive(Serialize)]
struct Report {
    version: u32,
    tool: Tool,
    findings: Vec<Finding>,
    not_analysed: Vec<NotAnalysed>,
    summary: Summary,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Finding {
    rule: &'static str,
    severity: &'static str,
    message: String,
    location: Location,
    related: Vec<Related>,
    notes: Vec<String>,
    fix: Option<FixTold>,
    fingerprint: String,
}

#[derive(Serialize)]
struct FixTold {
    applicability: &'static str,
    title: String,
    edits: Vec<EditTold>,
}

#[derive(Serialize)]
struct EditTold {
    location: Location,
    text: String,
}

impl Finding {
    /// What findings are sorted by.
    fn order(&self) -> (&str, u32, &str, u32, &str) {
        let Location { path, start, end } = &self.location;
        (path, start.byte, self.rule, end.byte, &self.message)
    }
}

#[derive(Serialize)]
struct Related {
    message: String,
    location: Location,
}

#[derive(Serialize)]
struct NotAnalysed {
    reason: String,
    location: Location,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Location {
    path: String,
    start: Point,
    end: Point,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Point {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Serialize)]
struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    suppressed: usize,
    not_analysed: usize,
}

/// Writes the whole outcome as one object and a line feed.
///
/// # Errors
/// When `out` cannot be written.
pub fn json(outcome: &Outcome, out: &mut dyn Write) -> io::Result<()> {
    let sources = &outcome.sources;
    let mut findings: Vec<Finding> = outcome.findings.iter().map(|finding| told(finding, sources)).collect();
    findings.sort_by(|a, b| a.order().cmp(&b.order()));
    number_equal_ones(&mut findings);
    let mut not_analysed: Vec<NotAnalysed> = outcome
        .undecided
        .iter()
        .map(|question| NotAnalysed {
            reason: question.reason.clone(),
            location: location(question.at, sources),
        })
        .collect();
    not_analysed.sort_by(|a, b| (&a.location, &a.reason).cmp(&(&b.location, &b.reason)));
    let of = |severity| outcome.findings.iter().filter(|f| f.severity == severity).count();
    let report = Report {
        version: 1,
        tool: Tool {
            name: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
        },
        summary: Summary {
            files: outcome.files,
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            notes: of(Severity::Note),
            suppressed: 0,
            not_analysed: not_analysed.len(),
        },
        findings,
        not_analysed,
    };
    line(&report, out)
}

fn told(finding: &Diagnostic, sources: &Sources) -> Finding {
    Finding {
        rule: finding.rule,
        severity: finding.severity.as_str(),
        message: finding.message.clone(),
        location: location(finding.primary.at, sources),
        related: finding.related.iter().map(|label| related(label, sources)).collect(),
        notes: finding.notes.clone(),
        fix: finding.fix.as_ref().map(|fix| fix_told(fix, sources)),
        fingerprint: String::new(),
    }
}

fn fix_told(fix: &Fix, sources: &Sources) -> FixTold {
    let edits = fix.edits.iter().map(|edit| EditTold {
        location: location(edit.at, sources),
        text: edit.text.clone(),
    });
    FixTold {
        applicability: fix.applicability.as_str(),
        title: fix.title.clone(),
        edits: edits.collect(),
    }
}

fn related(label: &Label, sources: &Sources) -> Related {
    Related {
        message: label.message.clone(),
        location: location(label.at, sources),
    }
}

fn location(at: FileSpan, sources: &Sources) -> Location {
    let zero = Position {
        line: 1,
        column: 1,
        byte: 0,
    };
    let (start, end) = sources.get(at.file).map_or((zero, zero), |file| {
        let place = file.place(at.span);
        (place.start, place.end)
    });
    Location {
        path: shown_path(sources.path(at.file)).into_owned(),
        start: point(start),
        end: point(end),
    }
}

fn point(position: Position) -> Point {
    Point {
        line: position.line,
        column: position.column,
        byte: position.byte,
    }
}

/// Gives every finding its fingerprint: it stays when lines are added above, and no two are the same.
fn number_equal_ones(findings: &mut [Finding]) {
    let mut seen: BTreeMap<(&str, String, String), u32> = BTreeMap::new();
    for finding in findings {
        let key = (finding.rule, finding.location.path.clone(), finding.message.clone());
        let ordinal = seen.entry(key).and_modify(|ordinal| *ordinal += 1).or_default();
        let parts = [
            finding.rule,
            &finding.location.path,
            &finding.message,
            &ordinal.to_string(),
        ];
        finding.fingerprint = format!("{:016x}", fnv1a(&parts.join("\0")));
    }
}

/// The hash FNV-1a of 64 bits.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Writes a value as JSON on one line. What a terminal or an agent would obey is written as `\uXXXX`,
/// which stands for the same text.
///
/// # Errors
/// When `out` cannot be written.
pub fn json_line(value: &Redacted<impl Serialize>, out: &mut dyn Write) -> io::Result<()> {
    line(&**value, out)
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Quiet(CompactFormatter));
    value.serialize(&mut serializer).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Compact JSON without characters that are obeyed instead of shown.
struct Quiet(CompactFormatter);

impl Formatter for Quiet {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut from = 0;
        for (at, character) in fragment.char_indices() {
            if escape::breaks_out(fragment, at, character) {
                writer.write_all(fragment.get(from..at).unwrap_or("").as_bytes())?;
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
                from = at + character.len_utf8();
            }
        }
        writer.write_all(fragment.get(from..).unwrap_or("").as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::diagnostic::Undecided;
    use crate::redact::Redactor;
    use crate::text::{SourceFile, Span, decode};

    fn outcome() -> Outcome {
        let mut sources = Sources::new();
        let utf16: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain("é😀\nabc".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        let b = sources.add(SourceFile::new("b.kql", decode(&utf16).unwrap()));
        let a = sources.add(SourceFile::in_memory("a\u{1b}##[x].kql", "abc"));
        let at = |file, start, end| FileSpan::new(file, Span::new(start, end));
        let finding = |at| Diagnostic::new("some-rule", Severity::Warning, "title", at, "here");
        Outcome {
            sources,
            findings: Redactor::default().redacted(vec![
                finding(at(b, 7, 9)).related(at(a, 0, 1), "there").note("do this"),
                finding(at(b, 9, 10)),
                Diagnostic::new("other-rule", Severity::Error, "title", at(a, 1, 2), ""),
            ]),
            undecided: Redactor::default().redacted(vec![Undecided {
                at: at(a, 0, 3),
                reason: "parameter `x` has no value".to_owned(),
            }]),
            redactor: Redactor::default(),
            files: 2,
            incomplete: false,
        }
    }

    fn printed(outcome: &Outcome) -> String {
        let mut out = Vec::new();
        json(outcome, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_shape_is_the_promised_one() {
        let text = printed(&outcome());
        assert!(text.ends_with("}\n") && text.lines().count() == 1);
        let value: Value = serde_json::from_str(&text).unwrap();
        insta::assert_snapshot!(serde_json::to_string_pretty(&value).unwrap(), @r#"
        {
          "version": 1,
          "tool": {
            "name": "kustolint",
            "version": "0.1.0"
          },
          "findings": [
            {
              "rule": "other-rule",
              "severity": "error",
              "message": "title",
              "location": {
                "path": "a\u001b##[x].kql",
                "start": {
                  "line": 1,
                  "column": 2,
                  "byte": 1
                },
                "end": {
                  "line": 1,
                  "column": 3,
                  "byte": 2
                }
              },
              "related": [],
              "notes": [],
              "fix": null,
              "fingerprint": "79fbb5f0091a5992"
            },
            {
              "rule": "some-rule",
              "severity": "warning",
              "message": "title",
              "location": {
                "path": "b.kql",
                "start": {
                  "line": 2,
                  "column": 1,
                  "byte": 10
                },
                "end": {
                  "line": 2,
                  "column": 3,
                  "byte": 14
                }
              },
              "related": [
                {
                  "message": "there",
                  "location": {
                    "path": "a\u001b##[x].kql",
                    "start": {
                      "line": 1,
                      "column": 1,
                      "byte": 0
                    },
                    "end": {
                      "line": 1,
                      "column": 2,
                      "byte": 1
                    }
                  }
                }
              ],
              "notes": [
                "do this"
              ],
              "fix": null,
              "fingerprint": "02f2ae1d9389ea90"
            },
            {
              "rule": "some-rule",
              "severity": "warning",
              "message": "title",
              "location": {
                "path": "b.kql",
                "start": {
                  "line": 2,
                  "column": 3,
                  "byte": 14
                },
                "end": {
                  "line": 2,
                  "column": 4,
                  "byte": 16
                }
              },
              "related": [],
              "notes": [],
              "fix": null,
              "fingerprint": "02f2af1d9389ec43"
            }
          ],
          "not_analysed": [
            {
              "reason": "parameter `x` has no value",
              "location": {
                "path": "a\u001b##[x].kql",
                "start": {
                  "line": 1,
                  "column": 1,
                  "byte": 0
                },
                "end": {
                  "line": 1,
                  "column": 4,
                  "byte": 3
                }
              }
            }
          ],
          "summary": {
            "files": 2,
            "errors": 1,
            "warnings": 2,
            "notes": 0,
            "suppressed": 0,
            "not_analysed": 1
          }
        }
        "#);
    }

    #[test]
    fn paths_come_back_as_they_were_and_are_never_raw() {
        let text = printed(&outcome());
        assert!(!text.contains('\u{1b}') && !text.contains("##["), "{text}");
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value.pointer("/findings/0/location/path").unwrap(), "a\u{1b}##[x].kql");
    }

    #[test]
    fn equal_findings_have_different_fingerprints() {
        let value: Value = serde_json::from_str(&printed(&outcome())).unwrap();
        let of = |index: usize| {
            value
                .pointer(&format!("/findings/{index}/fingerprint"))
                .unwrap()
                .clone()
        };
        assert_ne!(of(1), of(2));
        assert_eq!(fnv1a(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a("a"), 0xaf63_dc4c_8601_ec8c);
    }

    #[test]
    fn characters_that_are_obeyed_are_written_as_escapes() {
        let mut out = Vec::new();
        line(&"a\u{7f}\u{202e}\u{e0041}\"\n##vso[x", &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\"a\\u007f\\u202e\\udb40\\udc41\\\"\\n#\\u0023vso[x\"\n");
        let back: String = serde_json::from_str(&text).unwrap();
        assert_eq!(back, "a\u{7f}\u{202e}\u{e0041}\"\n##vso[x");
    }
}
