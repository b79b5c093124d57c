//! The formats of XML, HTML and Markdown, read by parsers of each: no element or attribute comes up but the program's own.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use kustolint::diagnostic::{Diagnostic, Severity};
use kustolint::engine::Outcome;
use kustolint::redact::Redactor;
use kustolint::report::Format;
use kustolint::report::escape::one_line;
use kustolint::text::{FileSpan, SourceFile, Sources, Span};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

use super::runners::named as named_in_files;
use super::{HOSTILE, checked, outcome};
use crate::{project, report_as};

/// The elements of the page, each with its attributes.
const PAGE: &[(&str, &[&str])] = &[
    ("a", &["class", "href", "title"]),
    (
        "article",
        &["class", "data-file", "data-rule", "data-severity", "id", "tabindex"],
    ),
    ("body", &[]),
    ("button", &["type"]),
    ("code", &["class"]),
    ("dd", &[]),
    ("details", &[]),
    ("div", &["class", "tabindex"]),
    ("dl", &["class"]),
    ("dt", &[]),
    ("fieldset", &[]),
    ("figcaption", &[]),
    ("figure", &[]),
    ("footer", &[]),
    ("form", &["aria-label", "hidden", "id", "role"]),
    ("h1", &[]),
    ("h2", &[]),
    ("head", &[]),
    ("header", &[]),
    ("html", &["lang"]),
    (
        "input",
        &[
            "autocomplete",
            "checked",
            "id",
            "name",
            "placeholder",
            "spellcheck",
            "type",
            "value",
        ],
    ),
    ("label", &["class", "hidden", "id"]),
    ("legend", &[]),
    ("li", &[]),
    ("main", &[]),
    ("mark", &["class"]),
    ("meta", &["charset", "content", "http-equiv", "name"]),
    ("option", &["value"]),
    ("output", &["aria-live", "id"]),
    ("p", &["class", "hidden", "id"]),
    ("path", &["class", "d"]),
    ("pre", &[]),
    ("rect", &["class", "height", "rx", "width", "x", "y"]),
    ("script", &[]),
    ("select", &["id"]),
    ("span", &["class"]),
    ("strong", &[]),
    ("style", &[]),
    ("summary", &[]),
    ("svg", &["height", "role", "viewBox", "width", "xmlns"]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &["class"]),
    ("text", &["class", "x", "y"]),
    ("th", &["class"]),
    ("thead", &[]),
    ("title", &[]),
    ("tr", &[]),
    ("ul", &["class"]),
];

/// The elements that a table in Markdown is made of.
const MARKDOWN: &[(&str, &[&str])] = &[
    ("body", &[]),
    ("code", &[]),
    ("h3", &[]),
    ("head", &[]),
    ("html", &[]),
    ("p", &[]),
    ("table", &[]),
    ("tbody", &[]),
    ("td", &[]),
    ("th", &[]),
    ("tr", &[]),
];

/// An element with its attributes and its text.
#[derive(Debug)]
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    fn has(&self, name: &str, value: &str) -> bool {
        self.attributes.get(name).is_some_and(|known| known == value)
    }
}

fn text_of(node: &Handle, out: &mut String) {
    if let NodeData::Text { contents } = &node.data {
        out.push_str(&contents.borrow());
    }
    node.children.borrow().iter().for_each(|child| text_of(child, out));
}

fn collect(node: &Handle, out: &mut Vec<Element>) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            let mut text = String::new();
            text_of(node, &mut text);
            let attributes = attrs.borrow();
            out.push(Element {
                name: name.local.to_string(),
                attributes: attributes
                    .iter()
                    .map(|one| (one.name.local.to_string(), one.value.to_string()))
                    .collect(),
                text,
            });
        }
        NodeData::Comment { contents } => panic!("a comment: {contents}"),
        _ => {}
    }
    node.children.borrow().iter().for_each(|child| collect(child, out));
}

/// The elements of a page as a browser sees them.
fn elements(html: &str) -> (Vec<Element>, Vec<String>) {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut found = Vec::new();
    collect(&dom.document, &mut found);
    let errors = dom.errors.borrow().iter().map(ToString::to_string).collect();
    (found, errors)
}

/// Whether there are no elements and attributes but those.
fn are_known(found: &[Element], known: &[(&str, &[&str])], of: &str) {
    for element in found {
        let attributes = known.iter().find(|(name, _)| *name == element.name);
        let Some((_, attributes)) = attributes else {
            panic!("{of:?}: an element `{}`", element.name);
        };
        for name in element.attributes.keys() {
            assert!(
                attributes.contains(&name.as_str()),
                "{of:?}: {} has `{name}`",
                element.name
            );
        }
    }
}

fn named<'e>(found: &'e [Element], name: &'e str) -> impl Iterator<Item = &'e Element> {
    found.iter().filter(move |element| element.name == name)
}

/// The text as the page shows it: what stands between two backticks is code, and they are gone. Several in a row stay.
fn without_pairs(text: &str) -> String {
    let ticks = text.match_indices('`').map(|(at, _)| at);
    let alone = |at: &usize| !text[..*at].ends_with('`') && !text[at + 1..].starts_with('`');
    let mut gone: Vec<usize> = ticks.filter(alone).collect();
    gone.truncate(gone.len() / 2 * 2);
    let kept = text.char_indices().filter(|(at, _)| !gone.contains(at));
    kept.map(|(_, character)| character).collect()
}

fn is_harmless_page(path: &str, text: &str) {
    let (found, errors) = elements(&report_as(Format::Html, &outcome(path, text), 0));
    assert!(errors.is_empty(), "{text:?}: {errors:?}");
    are_known(&found, PAGE, text);
    assert_eq!(
        (named(&found, "script").count(), named(&found, "style").count()),
        (1, 1),
        "{text:?}"
    );
    for link in named(&found, "a") {
        assert!(link.attributes["href"].starts_with("#f-"), "{text:?}: {link:?}");
    }
    let cards: Vec<&Element> = named(&found, "article").collect();
    assert_eq!(cards.len(), 4, "{text:?}");
    for card in cards {
        assert!(card.has("data-file", &in_xml(path)), "{text:?}: {card:?}");
    }
    // Where a piece of a text starts with `::` it is escaped there, too: those texts are compared by the runners' models.
    if !text.contains('`') || !text.contains("::") {
        let title = format!("error {}", without_pairs(&in_xml(text)));
        assert!(named(&found, "h2").any(|head| head.text == title), "{title:?}");
    }
}

#[test]
fn a_page_holds_the_elements_of_the_program_alone() {
    for text in HOSTILE {
        is_harmless_page("kql/a.kql", text);
        is_harmless_page(text, text);
    }
}

#[test]
fn a_map_in_a_page_is_as_harmless_as_the_rest() {
    let mut told = 0;
    for text in HOSTILE {
        let outcome = checked(named_in_files(text));
        let (found, errors) = elements(&report_as(Format::Html, &outcome, 0));
        assert!(errors.is_empty(), "{text:?}: {errors:?}");
        are_known(&found, PAGE, text);
        let maps: Vec<&Element> = named(&found, "svg").collect();
        assert_eq!(maps.len(), 1, "{text:?}");
        told += usize::from(maps[0].text.contains(&*in_xml(text)));
        assert_eq!(
            (named(&found, "script").count(), named(&found, "style").count()),
            (1, 1),
            "{text:?}"
        );
    }
    assert!(told > 0, "the map shows names");
}

#[test]
fn the_policy_of_the_page_allows_its_style_and_its_script_alone() {
    let (found, _) = elements(&report_as(Format::Html, &outcome("a.kql", "x"), 0));
    let hash = |name: &str| {
        let text = &named(&found, name).next().expect("one").text;
        base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text))
    };
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash("style"),
        hash("script")
    );
    let metas: Vec<&Element> = named(&found, "meta")
        .filter(|meta| meta.attributes.contains_key("http-equiv"))
        .collect();
    assert_eq!(metas.len(), 1);
    assert!(metas[0].has("content", &policy), "{:?}", metas[0]);
}

#[test]
fn a_page_tells_what_was_found_and_what_was_not() {
    let (found, _) = elements(&report_as(Format::Html, &outcome("a.kql", "a `b` c"), 0));
    let all: String = named(&found, "body").map(|body| body.text.as_str()).collect();
    for words in [
        "4 problems in 2 files",
        "Not decided: values that the files do not tell 1",
        "Set aside: findings that do not count 1",
        "run: .show tables",
        "A script or template can't be read as what it is",
    ] {
        assert!(all.contains(words), "{words}");
    }
    let marks: Vec<&str> = named(&found, "mark")
        .filter(|mark| mark.has("class", "here"))
        .map(|mark| mark.text.as_str())
        .collect();
    assert_eq!(
        marks,
        ["rs", "a `b` c", "first"],
        "the worst first, each on its characters"
    );
    let points = named(&found, "mark")
        .filter(|mark| mark.has("class", "point here"))
        .count();
    assert_eq!(points, 1, "a place without characters is shown");
    for (note, shown) in [
        ("run: .alter x ```[{}]``` as `y`", "run: .alter x ```[{}]``` as `y`"),
        ("write ```[{}]``` as `y`", "write ```[{}]``` as y"),
    ] {
        let (found, _) = elements(&report_as(Format::Html, &outcome("a.kql", note), 0));
        let notes: Vec<&str> = named(&found, "li").map(|note| note.text.as_str()).collect();
        assert_eq!(notes[0], shown, "a command is whole");
    }
    let nothing = report_as(Format::Html, &Outcome::default(), 0);
    let (found, errors) = elements(&nothing);
    assert!(errors.is_empty(), "{errors:?}");
    assert!(named(&found, "p").any(|text| text.text == "Nothing was found."));
    assert_eq!(named(&found, "form").count(), 0);
}

fn many(number: usize, text: &str) -> Outcome {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::in_memory("a.kql", text));
    let at = FileSpan::new(file, Span::new(0, 1));
    let finding = |index| {
        let severity = if index == number - 1 {
            Severity::Error
        } else {
            Severity::Note
        };
        Diagnostic::new("syntax-error", severity, format!("{index} {text}"), at, "")
    };
    Outcome {
        sources,
        findings: Redactor::default().redacted((0..number).map(finding).collect()),
        files: 1,
        ..Outcome::default()
    }
}

#[test]
fn pages_are_bounded_and_say_what_they_leave_out() {
    let outcome = many(2003, "text");
    let (found, _) = elements(&report_as(Format::Html, &outcome, 0));
    let cards: Vec<&Element> = named(&found, "article").collect();
    assert_eq!(cards.len(), 2000);
    assert!(cards[0].has("data-severity", "error"), "the worst is shown");
    assert!(named(&found, "p").any(|text| text.text.starts_with("…and 3 more problems")));
    let page = report_as(Format::Markdown, &many(3000, &"long ".repeat(200)), 0);
    assert!(page.len() > 1_000_000 && page.len() <= 1 << 20, "{} bytes", page.len());
    let rows = page.matches("<tr><td>").count();
    let left = format!(
        "…and {} more problems: this page may not be larger than 1 MiB\n",
        3000 - rows
    );
    assert!(page.ends_with(&left), "{rows}");
    assert!(page.contains("<tr><td>error</td>"));
}

fn is_harmless_markdown(path: &str, text: &str) {
    let page = report_as(Format::Markdown, &outcome(path, text), 0);
    let mut html = String::new();
    pulldown_cmark::html::push_html(
        &mut html,
        pulldown_cmark::Parser::new_ext(&page, pulldown_cmark::Options::all()),
    );
    let (found, _) = elements(&html);
    are_known(&found, MARKDOWN, text);
    let cells: BTreeSet<&str> = named(&found, "td").map(|cell| cell.text.as_str()).collect();
    let shown = in_xml(text);
    assert!(cells.contains(shown.as_str()), "{text:?}: {cells:?}");
    // What is no code could be a mention or a reference: it is the program's own.
    let code = BTreeSet::from(["error", "warning", "note"]);
    let rows = page.lines().filter(|line| line.starts_with("<tr><td>"));
    for row in rows {
        let outside: String = row
            .split("<code>")
            .map(|part| part.rsplit("</code>").next().unwrap_or_default())
            .collect();
        let words = outside.replace(|c: char| !c.is_ascii_alphabetic(), " ");
        let own = words
            .split(' ')
            .all(|word| matches!(word, "" | "tr" | "td") || code.contains(word));
        assert!(own, "{row}");
    }
}

#[test]
fn a_table_in_markdown_holds_no_markdown_of_an_input() {
    for text in HOSTILE {
        is_harmless_markdown("kql/a.kql", text);
        is_harmless_markdown(text, text);
    }
}

/// The elements and attributes of results of tests that are in use, by their elements.
const JUNIT: &[(&str, &str, &[&str])] = &[
    ("testsuites", "", &[]),
    (
        "testsuite",
        "testsuites",
        &["name", "tests", "failures", "errors", "skipped", "time"],
    ),
    ("properties", "testsuite", &[]),
    ("property", "properties", &["name", "value"]),
    ("testcase", "testsuite", &["classname", "name", "time", "file", "line"]),
    ("failure", "testcase", &["type", "message"]),
    ("skipped", "testcase", &["message"]),
    ("system-out", "testcase", &[]),
];

/// The text as XML can hold it.
fn in_xml(text: &str) -> String {
    one_line(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// Reads results of tests and holds them to their schema. A test is its name, and the element that says how it went.
fn tests_in(xml: &str) -> Vec<(String, &'static str, String)> {
    let document = roxmltree::Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        let (_, parent, attributes) = JUNIT
            .iter()
            .find(|(known, ..)| *known == name)
            .expect("a known element");
        let within = element.parent_element().map_or("", |parent| parent.tag_name().name());
        assert_eq!(within, *parent, "{name}");
        assert!(
            element.attributes().all(|one| attributes.contains(&one.name())),
            "{element:?}"
        );
    }
    let suites: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("testsuite"))
        .collect();
    let [suite] = suites.as_slice() else {
        panic!("one suite is wanted: {xml}");
    };
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let number = |name: &str| suite.attribute(name).and_then(|number| number.parse::<usize>().ok());
    let with = |tag: &str| {
        cases
            .iter()
            .filter(|case| case.children().any(|node| node.has_tag_name(tag)))
            .count()
    };
    assert_eq!(number("tests"), Some(cases.len()));
    assert_eq!(number("failures"), Some(with("failure")));
    assert_eq!(number("skipped"), Some(with("skipped")));
    assert_eq!(number("errors"), Some(0));
    let names: BTreeSet<_> = cases
        .iter()
        .map(|case| (case.attribute("classname"), case.attribute("name")))
        .collect();
    assert_eq!(names.len(), cases.len(), "each test has a name of its own");
    let told = |case: &roxmltree::Node<'_, '_>| {
        let ends = ["failure", "skipped", "system-out"];
        let how = ends
            .into_iter()
            .find(|tag| case.children().any(|node| node.has_tag_name(*tag)));
        let text: String = case
            .descendants()
            .filter_map(|node| node.is_text().then(|| node.text())?)
            .collect();
        (
            case.attribute("name").unwrap_or_default().to_owned(),
            how.unwrap_or("passed"),
            text,
        )
    };
    cases.iter().map(told).collect()
}

fn are_sound_tests(path: &str, text: &str) {
    let outcome = outcome(path, text);
    let path = outcome.root.path_of(path).unwrap_or_else(|| path.to_owned());
    let tests = tests_in(&report_as(Format::Junit, &outcome, 0));
    // Attributes hold no tab: XML makes a space of it.
    let name = |rule: &str| format!("{rule}: {}", in_xml(&path).replace('\t', " "));
    let expected = [
        (name("key-not-rsa-2048"), "system-out"),
        (name("missing-soft-delete"), "failure"),
        (name("syntax-error"), "failure"),
        (name("not-analysed"), "skipped"),
    ];
    let got: Vec<(String, &str)> = tests.iter().map(|(name, how, _)| (name.clone(), *how)).collect();
    assert_eq!(got, expected, "{text:?}");
    for (name, _, told) in &tests {
        let line = format!(": {}\n", in_xml(text));
        assert!(told.contains(&line), "{name}: {told:?} of {text:?}");
    }
}

#[test]
fn results_of_tests_are_sound_whatever_they_hold() {
    for text in HOSTILE {
        are_sound_tests("kql/a.kql", text);
        are_sound_tests(text, text);
    }
}

#[test]
fn a_run_that_finds_nothing_is_a_test_that_passed() {
    let outcome = Outcome {
        files: 3,
        ..Outcome::default()
    };
    let tests = tests_in(&report_as(Format::Junit, &outcome, 0));
    assert_eq!(
        tests,
        [("check: no problems in 3 files".to_owned(), "passed", String::new())]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_is_markup(text in any::<String>(), path in "\\PC{1,12}") {
        is_harmless_page(&path, &text);
        is_harmless_markdown(&path, &text);
        are_sound_tests(&path, &text);
    }

    #[test]
    fn no_marks_are_markup(text in "[<>&\"'`/!\\-?\\[\\]a-c=;#x \n|*_~@\\\\:$^.()]{0,40}") {
        is_harmless_page("a.kql", &text);
        is_harmless_markdown("a.kql", &text);
        are_sound_tests("a.kql", &text);
    }
}

#[test]
fn style_and_script_name_no_other_file() {
    for name in ["page.css", "page.js"] {
        let text = crate::read(&project("src/report/html").join(name));
        for outside in [
            "http:",
            "https:",
            "//",
            "url(",
            "@import",
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
        ] {
            assert!(!text.contains(outside), "{name}: {outside}");
        }
    }
}
