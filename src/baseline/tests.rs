use proptest::prelude::*;

use super::*;
use crate::diagnostic::{SetAsideBy, Severity};
use crate::redact::Redactor;
use crate::text::{FileSpan, Root, SourceFile, Sources, Span};

fn key(path: &str, rule: &str, place: &[&str]) -> Key {
    Key {
        path: path.to_owned(),
        rule: rule.to_owned(),
        place: place.iter().map(|name| (*name).to_owned()).collect(),
        subject: Vec::new(),
    }
}

fn baseline(entries: &[(&str, &[&str], u32)]) -> Baseline {
    let mut baseline = Baseline::default();
    for (path, place, count) in entries {
        baseline.add(key(path, "a-rule", place), *count);
    }
    baseline
}

/// Findings of one rule, by file and place.
fn outcome(findings: &[(&str, &[&str])]) -> Outcome {
    let mut sources = Sources::new();
    let mut found = Vec::new();
    for (index, (path, place)) in findings.iter().enumerate() {
        let known = sources
            .iter()
            .find(|(_, source)| source.path() == *path)
            .map(|(file, _)| file);
        let file = known.unwrap_or_else(|| sources.add(SourceFile::in_memory(*path, "0123456789")));
        let at = FileSpan::new(file, Span::at(u32::try_from(index).unwrap()));
        let mut finding = Diagnostic::new("a-rule", Severity::Note, format!("title {index}"), at, "");
        finding.place = place.iter().map(|name| (*name).to_owned()).collect();
        found.push(finding);
    }
    Outcome {
        sources,
        findings: Redactor::default().redacted(found),
        root: Root::new("/r", ""),
        ..Outcome::default()
    }
}

fn written(baseline: &Baseline) -> String {
    let mut out = Vec::new();
    baseline.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// What a baseline knows of findings, when all files were looked at but those named.
fn known(baseline: &Baseline, findings: &[(&str, &[&str])], not_looked_at: &[&str]) -> Matching {
    baseline.matched(&outcome(findings), &|path| {
        if not_looked_at.contains(&path) {
            Reach::Elsewhere
        } else {
            Reach::Looked
        }
    })
}

#[test]
fn the_file_has_an_entry_a_line_sorted() {
    let text = written(&baseline(&[
        ("b.kql", &["x"], 1),
        ("a.kql", &[], 2),
        ("a.kql", &["q \"\u{202e}"], 1),
    ]));
    let expected = concat!(
        "{\n  \"version\": 1,\n  \"findings\": [\n",
        "    {\"path\":\"a.kql\",\"rule\":\"a-rule\",\"place\":[],\"count\":2},\n",
        "    {\"path\":\"a.kql\",\"rule\":\"a-rule\",\"place\":[\"q \\\"\\u202e\"],\"count\":1},\n",
        "    {\"path\":\"b.kql\",\"rule\":\"a-rule\",\"place\":[\"x\"],\"count\":1}\n  ]\n}\n",
    );
    assert_eq!(text, expected);
    assert_eq!(
        written(&Baseline::default()),
        "{\n  \"version\": 1,\n  \"findings\": []\n}\n"
    );
    assert_eq!(Baseline::parse(&written(&Baseline::default())), Ok(Baseline::default()));
}

#[test]
fn an_entry_takes_as_many_as_it_counts_and_the_later_ones_are_new() {
    let findings: &[(&str, &[&str])] = &[("a", &["x"]), ("a", &["x"]), ("a", &["x"]), ("a", &["y"])];
    let matching = known(&baseline(&[("a", &["x"], 2), ("b", &["y"], 1)]), findings, &["b"]);
    assert_eq!(matching.known, [true, true, false, false]);
    assert_eq!(matching.kept, baseline(&[("a", &["x"], 2)]));
    assert_eq!(matching.new, baseline(&[("a", &["x"], 1), ("a", &["y"], 1)]));
    assert_eq!(
        matching.elsewhere,
        baseline(&[("b", &["y"], 1)]),
        "`b` may still have it"
    );
    assert_eq!((matching.gone.count(), matching.moved), (0, 0));
}

#[test]
fn what_moved_is_found_again_once() {
    let before = baseline(&[("a", &["outer", "x"], 2), ("c", &[], 1)]);
    // In another file; then inside something else; the third one is one too many.
    let findings: &[(&str, &[&str])] = &[("b", &["other", "x"]), ("b", &["outer", "x"]), ("b", &["x"])];
    let matching = known(&before, findings, &[]);
    assert_eq!(matching.known, [true, true, false]);
    assert_eq!(matching.moved, 2);
    assert_eq!(
        matching.kept,
        baseline(&[("b", &["other", "x"], 1), ("b", &["outer", "x"], 1)])
    );
    assert_eq!(matching.gone, baseline(&[("c", &[], 1)]));
    let unnamed = known(&before, &[("d", &[])], &[]);
    assert_eq!(unnamed.known, [false], "without a name nothing tells that it moved");
    let other_name = known(&before, &[("a", &["x", "outer"])], &[]);
    assert_eq!(other_name.known, [false], "the innermost name counts");
}

#[test]
fn what_a_finding_is_about_tells_it_apart() {
    let about = |subject: &str, count| {
        let mut entries = Baseline::default();
        let subject = (!subject.is_empty()).then(|| subject.to_owned());
        let key = Key {
            subject: subject.into_iter().collect(),
            ..key("a", "a-rule", &[])
        };
        entries.add(key, count);
        entries
    };
    let found = |path: &str, subjects: &[&str]| {
        let places: Vec<(&str, &[&str])> = subjects.iter().map(|_| (path, &[][..])).collect();
        let mut outcome = outcome(&places);
        let mut findings: Vec<Diagnostic> = outcome.findings.iter().cloned().collect();
        for (finding, subject) in findings.iter_mut().zip(subjects) {
            finding
                .subject
                .extend((!subject.is_empty()).then(|| (*subject).to_owned()));
        }
        outcome.findings = Redactor::default().redacted(findings);
        outcome
    };
    let known = |baseline: Baseline, outcome: &Outcome| baseline.matched(outcome, &|_| Reach::Looked).known;
    assert_eq!(known(about("x", 1), &found("a", &["y", "x"])), [false, true]);
    assert_eq!(
        known(about("x", 2), &found("a", &["x", "", "x"])),
        [true, false, true],
        "what agrees wholly comes first"
    );
    assert_eq!(
        known(about("x", 1), &found("a", &[""])),
        [false],
        "what it is about can't be told, and an entry is about something"
    );
    assert_eq!(known(about("", 1), &found("a", &["x", "y"])), [true, false]);
    assert_eq!(
        known(about("x", 1), &found("b", &["y", "x"])),
        [false, true],
        "the file has moved"
    );
    assert_eq!(known(about("", 1), &found("b", &[""])), [false]);
    let text = written(&about("x", 1).and(about("", 1)));
    assert_eq!(Baseline::parse(&text), Ok(about("x", 1).and(about("", 1))), "{text}");

    let elsewhere = about("x", 1).matched(&found("b", &["x"]), &|_| Reach::Gone);
    assert_eq!((elsewhere.known.as_slice(), elsewhere.moved), (&[true][..], 0));
    assert_eq!(
        elsewhere.elsewhere,
        about("x", 1),
        "an entry of what was not checked stays"
    );
}

#[test]
fn what_is_known_is_set_aside_in_order() {
    let findings: &[(&str, &[&str])] = &[("a", &["x"]), ("a", &["y"]), ("b", &["z"])];
    let by = |index| (index != 1).then_some(SetAsideBy::Baseline);
    let outcome = set_aside(
        set_aside(outcome(findings), |index| {
            (index == 2).then(|| SetAsideBy::Older {
                than: "main".to_owned(),
            })
        }),
        |index| by(index).filter(|_| index == 0),
    );
    let titles: Vec<&str> = outcome
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(titles, ["title 1"]);
    let aside: Vec<(&str, bool)> = outcome
        .set_aside
        .iter()
        .map(|aside| (aside.finding.message.as_str(), aside.by.is_baseline()))
        .collect();
    assert_eq!(aside, [("title 0", true), ("title 2", false)]);
}

#[test]
fn files_outside_of_the_root_are_in_no_baseline() {
    let outcome = outcome(&[
        ("../x/a.kql", &["x"]),
        ("/s/a.kql", &["x"]),
        ("<stdin>", &["x"]),
        ("./b/../a.kql", &[]),
    ]);
    assert_eq!(Baseline::of(&outcome), baseline(&[("a.kql", &[], 1)]));
}

#[test]
fn both_forms_of_a_letter_are_one_path() {
    let outcome = outcome(&[("caf\u{65}\u{301}.kql", &["x"])]);
    let matching = baseline(&[("caf\u{e9}.kql", &["x"], 1)]).matched(&outcome, &|_| Reach::Looked);
    assert_eq!((matching.known.as_slice(), matching.moved), (&[true][..], 0));
    assert_eq!(decomposed("caf\u{e9}"), "cafe\u{301}");
}

#[test]
fn a_mistake_in_the_text_is_told_with_its_place() {
    let entry = r#"{"path":"a.kql","rule":"a-rule","place":["x"],"count":1}"#;
    let whole = |entries: &str| format!("{{\"version\":1,\"findings\":[{entries}]}}");
    let with = |from: &str, to: &str| whole(&entry.replace(from, to));
    for (text, at, said) in [
        (String::new(), 0, "this is no JSON: "),
        (whole(entry).split_at(40).0.to_owned(), 25, "this is no JSON: "),
        ("[]".to_owned(), 0, "a baseline is an object"),
        ("{\"findings\":[]}".to_owned(), 0, "a baseline is an object"),
        ("{\"version\":1}".to_owned(), 0, "a baseline is an object"),
        (
            "{\"version\":2,\"findings\":{}}".to_owned(),
            11,
            "version 2 of the baseline was written by a newer",
        ),
        ("{\"version\":\"1\",\"findings\":[]}".to_owned(), 11, "`version` is 1"),
        (
            "{\"version\":1,\"findings\":{}}".to_owned(),
            24,
            "`findings` is an array",
        ),
        (
            "{\"version\":1,\"finding\":[]}".to_owned(),
            13,
            "a baseline has no `finding`: did you mean `findings`?",
        ),
        (whole("7"), 25, "an entry is an object"),
        (with(",\"count\":1", ""), 25, "an entry is an object"),
        (with(":1}", ":0}"), 79, "`count` says how many"),
        (with(":1}", ":\"1\"}"), 79, "`count` says how many"),
        (with(":1}", ":-1}"), 79, "`count` says how many"),
        (with(":1}", ":99999999999}"), 79, "`count` says how many"),
        (with("a.kql", "../a.kql"), 33, "`path` is a string"),
        (with("a.kql", "/a.kql"), 33, "`path` is a string"),
        (with("a.kql", "a\\\\b.kql"), 33, "`path` is a string"),
        (with("\"a-rule\"", "null"), 48, "`rule` is the name"),
        (with("[\"x\"]", "\"x\""), 65, "`place` is an array"),
        (with("[\"x\"]", "[1]"), 66, "`place` is an array"),
        (
            with("\"place\"", "\"plac\""),
            57,
            "an entry has no `plac`: did you mean `place`?",
        ),
        (
            with("\"count\":1", "\"count\":1,\"count\":2"),
            81,
            "`count` stands twice",
        ),
        (whole(&format!("{entry},{entry}")), 82, "the same entry stands above"),
        ("{\n<<<<<<< HEAD\n".to_owned(), 2, "git left both sides"),
        (format!("{}\n>>>>>>> main\n", whole(entry)), 84, "git left both sides"),
    ] {
        let error = Baseline::parse(&text).expect_err(&text);
        assert!(error.message.starts_with(said), "{text}: {error:?}");
        assert_eq!(error.at.start, at, "{text}: {error:?}");
    }
    assert!(
        Baseline::parse(&whole(&format!("{entry},"))).is_ok(),
        "a comma too much says nothing wrong"
    );
    let nested = whole(&"[".repeat(100_000));
    assert!(Baseline::parse(&nested).is_err());
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(entries in prop::collection::vec(("[a-c/]{1,3}\\.kql", prop::collection::vec(any::<String>(), 0..3), 1u32..4), 0..6)) {
        let mut baseline = Baseline::default();
        for (path, place, count) in &entries {
            let path = path.trim_matches('/').replace("//", "/").replace("/.", "/x.");
            let place: Vec<&str> = place.iter().map(String::as_str).collect();
            baseline.add(key(&path, "a-rule", &place), *count);
        }
        let text = written(&baseline);
        prop_assert_eq!(Baseline::parse(&text).map(|read| written(&read)), Ok(text));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[\\[\\]{}:,\"a-z0-9<=>\n ]{0,80}") {
        let _ = Baseline::parse(&text);
    }
}
