use serde_json::Value;

use super::*;
use crate::diagnostic::{Diagnostic, SetAside, Undecided};
use crate::engine::Named;
use crate::redact::{Redacted, Redactor};
use crate::text::{FileSpan, Root, SourceFile, Sources, Span, decode};

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
        cut: false,
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
        set_aside: Redactor::default().redacted(vec![SetAside {
            finding: finding(at(b, 0, 2)),
            by: SetAsideBy::Source {
                reason: "agreed".to_owned(),
                at: at(b, 0, 0),
            },
        }]),
        left_out: None,
        incomplete: false,
        root: Root::default(),
        suppressions: Redacted::default(),
        map: None,
        named: Named::default(),
    }
}

fn printed(outcome: &Outcome) -> String {
    let mut out = Vec::new();
    json(&Report::new(outcome), &mut out).unwrap();
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
              "place": [],
              "related": [],
              "notes": [],
              "fix": null,
              "fingerprint": "9a18be6259e4795c"
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
              "place": [],
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
              "fingerprint": "34193822542f66c5"
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
              "place": [],
              "related": [],
              "notes": [],
              "fix": null,
              "fingerprint": "34193522542f61ac"
            }
          ],
          "suppressed": [
            {
              "by": "source",
              "reason": "agreed",
              "finding": {
                "rule": "some-rule",
                "severity": "warning",
                "message": "title",
                "location": {
                  "path": "b.kql",
                  "start": {
                    "line": 1,
                    "column": 1,
                    "byte": 2
                  },
                  "end": {
                    "line": 1,
                    "column": 2,
                    "byte": 4
                  }
                },
                "place": [],
                "related": [],
                "notes": [],
                "fix": null,
                "fingerprint": "34193722542f6512"
              }
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
            "suppressed": 1,
            "baselined": 0,
            "older": 0,
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
fn lines_hold_what_the_object_holds() {
    let mut out = Vec::new();
    jsonl(&Report::new(&outcome()), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |kind: &str| -> Vec<Value> {
        let of_kind = lines.iter().filter(|line| line["kind"] == kind);
        let without = |line: &Value| {
            let mut line = line.clone();
            line.as_object_mut().unwrap().shift_remove("kind");
            line
        };
        of_kind.map(without).collect()
    };
    let whole: Value = serde_json::from_str(&printed(&outcome())).unwrap();
    assert_eq!(Value::from(of("finding")), whole["findings"]);
    assert_eq!(Value::from(of("suppressed")), whole["suppressed"]);
    assert_eq!(Value::from(of("not_analysed")), whole["not_analysed"]);
    assert_eq!(of("summary"), [whole["summary"].clone()]);
    assert_eq!((lines[0]["kind"].as_str(), lines.len()), (Some("tool"), 7));
}
