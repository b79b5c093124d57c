//! Fixes: what the pages promise, and what is written into text that lies inside other text.

mod members;

use std::collections::BTreeMap;

use kustolint::apply::{Fixed, fixed};
use kustolint::diagnostic::{Applicability, Diagnostic, Severity};
use kustolint::engine::{self, Input, Outcome};
use kustolint::redact::Redacted;
use kustolint::rules::ALL;
use kustolint::rules::meta::{Example, examples, meta};
use kustolint::syntax::{expression, json, kql};
use kustolint::text::{FileId, MappedText, Span, decode};
use proptest::prelude::*;

pub(crate) fn input(path: &str, bytes: &[u8]) -> Input {
    Input {
        path: path.to_owned(),
        bytes: Ok(bytes.to_vec()),
        named: true,
        reported: true,
    }
}

/// The findings of an outcome and another one.
fn with(outcome: &Outcome, finding: Diagnostic) -> Redacted<Vec<Diagnostic>> {
    let all: Vec<_> = outcome.findings.iter().cloned().chain([finding]).collect();
    outcome.redactor.redacted(all)
}

pub(crate) fn all_fixed(inputs: Vec<Input>) -> Fixed {
    fixed(inputs, Applicability::Unsafe, &engine::check)
}

fn safely_fixed(path: &str, text: &str) -> Fixed {
    fixed(vec![input(path, text.as_bytes())], Applicability::Safe, &engine::check)
}

/// The text of the only file after fixing, which must be as good as it gets.
pub(crate) fn text_of(fixed: &Fixed) -> String {
    assert_eq!(
        (fixed.refused, fixed.gave_up),
        (0, false),
        "{:?}",
        fixed.outcome.findings
    );
    let again = fixed_again(fixed, Applicability::Safe);
    assert!(again.changed.is_empty(), "fixing twice changes more");
    String::from_utf8(fixed.inputs[0].bytes.clone().unwrap()).unwrap()
}

fn fixed_again(made: &Fixed, most: Applicability) -> Fixed {
    fixed(made.inputs.clone(), most, &engine::check)
}

/// The bad projects of a page, as the files that they stand for.
fn bad_projects(page: &str) -> Vec<Vec<Input>> {
    let blocks = examples(page).unwrap();
    let mut projects: BTreeMap<String, Vec<&Example>> = BTreeMap::new();
    for block in &blocks {
        let own = format!("line {}", block.line);
        projects
            .entry(block.case.clone().unwrap_or(own))
            .or_default()
            .push(block);
    }
    let bad = projects
        .into_values()
        .filter(|blocks| blocks.iter().any(|block| block.bad));
    let files = |blocks: Vec<&Example>| {
        let file = |block: &&Example| input(&block.file, &block.file_bytes().unwrap());
        blocks.iter().map(file).collect()
    };
    bad.map(files).collect()
}

fn errors(outcome: &Outcome) -> usize {
    let is_error = |severity| severity == Severity::Error;
    outcome
        .findings
        .iter()
        .filter(|finding| is_error(finding.severity))
        .count()
}

#[test]
fn every_example_of_a_page_with_a_fix_is_mended() {
    for rule in ALL {
        let promised = meta(rule.page).unwrap().fix;
        let mut best: Option<Applicability> = None;
        for files in bad_projects(rule.page) {
            let found = engine::check(files.clone());
            let own = |outcome: &Outcome| {
                let own = outcome.findings.iter().filter(|finding| finding.rule == rule.name);
                own.filter_map(|finding| finding.fix.as_ref().map(|fix| fix.applicability))
                    .collect::<Vec<_>>()
            };
            let offered = own(&found);
            best = best.into_iter().chain(offered.iter().copied()).min();
            if offered.is_empty() {
                continue;
            }
            let made = all_fixed(files);
            let (name, now) = (rule.name, &made.outcome.findings);
            assert_eq!(
                (own(&made.outcome).len(), made.refused, made.gave_up),
                (0, 0, false),
                "{name}: {now:?}"
            );
            let count = |outcome: &Outcome| outcome.findings.iter().filter(|of| of.rule == name).count();
            assert!(
                count(&made.outcome) + offered.len() <= count(&found),
                "{name} stays: {now:?}"
            );
            assert!(errors(&made.outcome) <= errors(&found), "{name}: {now:?}");
            let unread = ["syntax-error", "unreadable-file", "limit-reached"];
            assert!(
                !now.iter().any(|finding| unread.contains(&finding.rule)),
                "{name}: {now:?}"
            );
            assert!(
                fixed_again(&made, Applicability::Unsafe).changed.is_empty(),
                "{name}: fixing has an end"
            );
        }
        assert_eq!(
            best, promised,
            "{}: the page promises the best fix of its examples",
            rule.name
        );
    }
}

/// A template with a script that is given as a value of JSON.
fn template(script: &str, more: &str) -> String {
    format!(
        r#"{{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",{more}
  "resources": [{{
    "type": "Microsoft.Kusto/clusters/databases/scripts",
    "apiVersion": "2023-08-15",
    "name": "quay/Freight/policies",
    "properties": {{ "scriptContent": {script} }}
  }}]
}}
"#
    )
}

/// What letter case and repeated words make of texts with `WORDS` for the usages: only those change.
#[test]
fn words_are_mended_in_every_kind_of_text() {
    let policy = r#"[{\"ObjectId\":\"system\",\"AllowedUsages\":\"WORDS\"}]"#;
    let command = ".alter-merge database Freight policy managed_identity";
    let in_literal = r#"[{\\\"ObjectId\\\":\\\"system\\\",\\\"AllowedUsages\\\":\\\"WORDS\\\"}]"#;
    let doubled = r#"[{''ObjectId'':''system'',''AllowedUsages'':''WORDS''}]"#;
    for (path, text) in [
        ("a.kql", format!(r#"{command} "{policy}""#)),
        ("a.kql", format!("{command} @'{doubled}'")),
        ("a.kql", format!("{command} ```{}```", policy.replace('\\', ""))),
        ("t.json", template(&format!(r#""{command} ```{policy}```""#), "")),
        ("t.json", template(&format!(r#""{command} \"{in_literal}\"""#), "")),
        (
            "t.json",
            template(&format!(r#""[concat('{command} ```', '{policy}', '```')]""#), ""),
        ),
        (
            "t.json",
            template(
                &format!(r#""[concat('{command} @''{}''')]""#, doubled.replace('\'', "''")),
                "",
            ),
        ),
        (
            "t.json",
            template(
                &format!(
                    r#""[format('{command} ```{}```{{0}}', '\n')]""#,
                    policy.replace('{', "{{").replace('}', "}}")
                ),
                "",
            ),
        ),
        (
            "a.md",
            format!(
                "Text.\n\n> ```kusto\n> {command} ```{}```\n> ```\n",
                policy.replace('\\', "")
            ),
        ),
        ("a.cs", format!("var a = \"{command} ```{policy}```\";\n")),
        ("a.py", format!("a = '{command} ```{}```'\n", policy.replace('\\', ""))),
        (
            "a.yml",
            format!(
                "steps:\n  - script: |\n      {command} ```{}```\n",
                policy.replace('\\', "")
            ),
        ),
        (
            "a.ps1",
            format!("$a = @'\n{command} ```{}```\n'@\n", policy.replace('\\', "")),
        ),
    ] {
        let wrong = text.replace("WORDS", "nativeIngestion, ExternalTable, NativeIngestion");
        let made = safely_fixed(path, &wrong);
        assert_eq!(
            text_of(&made),
            text.replace("WORDS", "NativeIngestion, ExternalTable"),
            "{path}"
        );
        assert_eq!(made.applied, 2, "{path}");
    }
}

#[test]
fn files_keep_their_encoding_and_their_line_ends() {
    let text = "// é😀\r\n.create external table T (x:int) kind=storage dataformat=csv ('https://quay.blob.core.windows.net/c;impersonate')\r\n";
    let right = text.replace(".create ", ".create-or-alter ");
    let utf16 = |text: &str| {
        let units = text.encode_utf16().flat_map(u16::to_le_bytes);
        [0xFF, 0xFE].into_iter().chain(units).collect::<Vec<u8>>()
    };
    let utf8 = |text: &str| ["\u{FEFF}", text].concat().into_bytes();
    for (wrong, right) in [(utf16(text), utf16(&right)), (utf8(text), utf8(&right))] {
        let made = all_fixed(vec![input("a.kql", &wrong)]);
        assert_eq!(made.inputs[0].bytes.clone().unwrap(), right);
        assert!(decode(&right).is_ok() && made.outcome.findings.is_empty());
    }
}

/// What fixes are offered for the finding of the rule, which must come up once.
fn offered(rule: &str, files: Vec<Input>) -> Option<Applicability> {
    let outcome = engine::check(files);
    let found: Vec<_> = outcome.findings.iter().filter(|finding| finding.rule == rule).collect();
    let [finding] = found.as_slice() else {
        panic!("{rule}: {:?}", outcome.findings)
    };
    finding.fix.as_ref().map(|fix| fix.applicability)
}

#[test]
fn what_others_may_use_is_no_safe_fix_and_what_is_made_none() {
    let script = |word: &str| {
        format!(
            r#""[concat('.alter-merge database Freight policy managed_identity ```[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"', {word}, '\"}}]```')]""#
        )
    };
    let variable = r#" "variables": { "word": "nativeingestion", "words": ["nativeingestion"] },"#;
    let default = r#" "parameters": { "word": { "type": "string", "defaultValue": "nativeingestion" } },"#;
    let function = r#" "functions": [{ "namespace": "own", "members": { "word": {
        "parameters": [], "output": { "type": "string", "value": "nativeingestion" } } } }],"#;
    let (safe, not_safe) = (Some(Applicability::Safe), Some(Applicability::Unsafe));
    for (word, more, wanted) in [
        ("'nativeingestion'", "", safe),
        ("if(equals('a', 'a'), 'nativeingestion', 'x')", "", safe),
        ("variables('word')", variable, not_safe),
        ("variables('words')[0]", variable, not_safe),
        ("join(variables('words'), ', ')", variable, not_safe),
        ("parameters('word')", default, not_safe),
        ("own.word()", function, not_safe),
        (
            "if(equals(resourceGroup().name, 'a'), 'nativeingestion', 'ExternalTable')",
            "",
            not_safe,
        ),
        ("toLower('NativeIngestion')", "", None),
        ("replace('native-ingestion', '-', '')", "", None),
        ("substring('xnativeingestion', 1)", "", None),
        ("base64ToString('bmF0aXZlaW5nZXN0aW9u')", "", None),
        (
            "join(map(createArray('a'), lambda('x', 'nativeingestion')), '')",
            "",
            not_safe,
        ),
    ] {
        let files = vec![input("t.json", template(&script(word), more).as_bytes())];
        assert_eq!(offered("identity-usage-letter-case", files), wanted, "{word}");
    }
}

#[test]
fn a_script_in_a_loop_is_used_several_times() {
    let text = template(
        r#"".alter-merge database Freight policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"nativeingestion\"}]```""#,
        "",
    );
    let text = text.replace(
        r#""name": "quay/Freight/policies","#,
        r#""name": "[concat('quay/Freight/p', copyIndex())]", "copy": { "name": "all", "count": 2 },"#,
    );
    let files = vec![input("t.json", text.as_bytes())];
    assert_eq!(
        offered("identity-usage-letter-case", files),
        Some(Applicability::Unsafe)
    );
}

#[test]
fn a_file_that_only_supplies_facts_is_not_mended() {
    let policy = b".alter-merge database Freight policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"ExternalTable\"}]```";
    let ingest = b".ingest into table T (h'https://quay.blob.core.windows.net/c/a.csv;managed_identity=system')";
    let both = vec![input("policy.kql", policy), input("use.kql", ingest)];
    assert_eq!(
        offered("missing-native-ingestion", both.clone()),
        Some(Applicability::Unsafe)
    );
    let mut apart = both;
    apart[0].reported = false;
    assert_eq!(offered("missing-native-ingestion", apart.clone()), None);
    assert!(all_fixed(apart).changed.is_empty());
}

#[test]
fn fixes_that_overlap_are_applied_one_after_the_other() {
    // The word that is unknown is a known one in other letters once it is mended: the two uses of the identity want
    // the same usage added in the same place.
    let text = ".alter-merge database Freight policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"externaltable\"}]```\n\n\
        .ingest into table T (h'https://quay.blob.core.windows.net/c/a.csv;managed_identity=system')\n\n\
        .ingest into table U (h'https://quay.blob.core.windows.net/c/b.csv;managed_identity=system')\n";
    let made = all_fixed(vec![input("a.kql", text.as_bytes())]);
    let wanted = text.replace("externaltable", "ExternalTable, NativeIngestion");
    assert_eq!(text_of(&made), wanted);
}

#[test]
fn a_fix_that_mends_nothing_or_does_harm_is_left_out() {
    let text = ".create external table T (x:int) kind=storage dataformat=csv ('https://quay.blob.core.windows.net/c;impersonate')";
    // A check to which `.create-or-alter` is an error, or that never sees a change.
    let harmful = |inputs: Vec<Input>| {
        let is_changed = inputs[0]
            .bytes
            .as_ref()
            .is_ok_and(|bytes| bytes.starts_with(b".create-or"));
        let mut outcome = engine::check(inputs);
        if is_changed {
            let unchanged = engine::check(vec![input("a.kql", text.as_bytes())]);
            let mut finding = unchanged.findings[0].clone();
            (finding.rule, finding.severity, finding.fix) = ("other", Severity::Error, None);
            outcome.findings = with(&outcome, finding);
        }
        outcome
    };
    let blind = |_: Vec<Input>| engine::check(vec![input("a.kql", text.as_bytes())]);
    for check in [&harmful as &dyn Fn(Vec<Input>) -> Outcome, &blind] {
        let made = fixed(vec![input("a.kql", text.as_bytes())], Applicability::Safe, check);
        assert_eq!((made.changed.len(), made.applied, made.refused), (0, 0, 1));
        assert_eq!(made.inputs[0].bytes.as_deref(), Ok(text.as_bytes()));
    }
}

#[test]
fn one_bad_fix_does_not_keep_the_others_from_being_applied() {
    let line = |name: &str| {
        format!(
            ".create external table {name} (x:int) kind=storage dataformat=csv ('https://quay.blob.core.windows.net/c;impersonate')\n\n"
        )
    };
    let names = ["A", "B", "C", "D", "E", "F", "G"];
    let text: String = names.iter().map(|name| line(name)).collect();
    let spoiled = |inputs: Vec<Input>| {
        let bytes = inputs[0].bytes.clone().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let mut outcome = engine::check(inputs);
        if text.contains("alter external table D ") {
            let unchanged = engine::check(vec![input("a.kql", text.replace("-or-alter", "").as_bytes())]);
            let mut finding = unchanged.findings[0].clone();
            (finding.rule, finding.severity) = ("other", Severity::Error);
            outcome.findings = with(&outcome, finding);
        }
        outcome
    };
    let made = fixed(vec![input("a.kql", text.as_bytes())], Applicability::Safe, &spoiled);
    assert_eq!((made.applied, made.refused, made.outcome.findings.len()), (6, 1, 1));
}

/// A kind of text that can hold another one.
#[derive(Clone, Copy, Debug)]
enum Layer {
    Json,
    JsonSingle,
    Expression,
    Double,
    Single,
    VerbatimDouble,
    VerbatimSingle,
}

const LAYERS: [Layer; 7] = [
    Layer::Json,
    Layer::JsonSingle,
    Layer::Expression,
    Layer::Double,
    Layer::Single,
    Layer::VerbatimDouble,
    Layer::VerbatimSingle,
];

impl Layer {
    /// A text of this kind that holds `text`, written as somebody else would.
    fn holding(self, text: &str) -> String {
        let backslashed = |quote: char| {
            let escaped: String = text.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
            // What has no number of four digits stands as it is.
            let is_short = text.chars().all(|c| u32::from(c) < 0x1_0000);
            let plain = text
                .replace('\\', "\\\\")
                .replace(quote, &format!("\\{quote}"))
                .replace('\n', "\\n");
            if is_short && text.len().is_multiple_of(3) {
                escaped
            } else {
                plain
            }
        };
        match self {
            Self::Json => format!("{{\"a\": {}}}", serde_json::to_string(text).unwrap()),
            Self::JsonSingle => format!("{{'a': '{}'}}", backslashed('\'')),
            Self::Expression => format!("['{}']", text.replace('\'', "''")),
            Self::Double => format!("print \"{}\"", backslashed('"')),
            Self::Single => format!("print '{}'", backslashed('\'')),
            Self::VerbatimDouble => format!("print @\"{}\"", text.replace('"', "\"\"")),
            Self::VerbatimSingle => format!("print @'{}'", text.replace('\'', "''")),
        }
    }

    /// What a text of this kind holds.
    fn held(self, text: &MappedText) -> MappedText {
        match self {
            Self::Json | Self::JsonSingle => {
                let parsed = json::parse(text, json::Dialect::Policy);
                parsed.tree.get("a").unwrap().string(text).unwrap()
            }
            Self::Expression => {
                let parsed = expression::parse(text, expression::inner_span(text).unwrap());
                match parsed.tree.kind {
                    expression::Kind::String(text) => text,
                    other => panic!("{other:?}"),
                }
            }
            _ => kql::parse(text).tree.blocks[0].literals[0].value.clone(),
        }
    }
}

proptest! {
    /// What is written through layers of text is read through them again, and nothing else changes.
    #[test]
    fn what_is_written_through_layers_is_read_again(
        layers in proptest::collection::vec(proptest::sample::select(&LAYERS), 0..4),
        before in "[a\\\\'\"é😀{}\\n]{0,4}",
        gone in "[b\\\\'\"é😀]{0,4}",
        after in "[c\\\\'\"é😀{}]{0,4}",
        new in "[d\\\\'\"é😀{}\\n\\t]{0,6}",
    ) {
        let one_line = |text: &str| layers.iter().any(|layer| matches!(layer, Layer::VerbatimDouble | Layer::VerbatimSingle)) && text.contains('\n');
        prop_assume!(!one_line(&before));
        let inner = format!("{before}{gone}{after}");
        let file = layers.iter().rev().fold(inner.clone(), |text, layer| layer.holding(&text));
        let read = |file: &str| layers.iter().fold(MappedText::of_file(FileId(0), file), |text, layer| layer.held(&text));
        let text = read(&file);
        prop_assert_eq!(text.as_str(), &inner);
        let span = Span::of(before.len(), before.len() + gone.len());
        let Some(editable) = text.editable(span) else {
            // Only a place in a text of no characters is nowhere.
            prop_assert!(inner.is_empty(), "{:?} in {:?}", gone, file);
            return Ok(());
        };
        let at = editable.at().span.range();
        match editable.written(&new) {
            Some(written) => {
                let made = format!("{}{written}{}", &file[..at.start], &file[at.end..]);
                let now = read(&made);
                prop_assert_eq!(now.as_str(), format!("{before}{new}{after}"), "{} in {}", written, file);
            }
            None => prop_assert!(one_line(&new), "{:?} in {:?}", new, file),
        }
    }
}

#[test]
fn projects_are_mended_without_new_errors() {
    for folder in std::fs::read_dir(crate::project("testdata/projects")).unwrap() {
        let folder = folder.unwrap().path();
        let files: Vec<Input> = ["kql", "json", "md", "cs", "py", "yml", "ps1", "sh"]
            .iter()
            .flat_map(|extension| crate::files_under(&folder, extension))
            .map(|path| input(&crate::shown(&path), &std::fs::read(&path).unwrap()))
            .collect();
        let found = engine::check(files.clone());
        let fixes = found.findings.iter().filter(|finding| finding.fix.is_some()).count();
        let made = all_fixed(files);
        let shown = folder.display();
        assert_eq!((made.refused, made.gave_up), (0, false), "{shown}");
        assert!(made.applied <= fixes && (made.applied > 0) == (fixes > 0), "{shown}");
        assert!(errors(&made.outcome) <= errors(&found), "{shown}");
        assert!(fixed_again(&made, Applicability::Unsafe).changed.is_empty(), "{shown}");
    }
}

/// The pages of the rules that have fixes.
fn pages_with_fixes() -> Vec<&'static str> {
    let has_fix = |page: &&str| meta(page).unwrap().fix.is_some();
    ALL.iter().map(|rule| rule.page).filter(has_fix).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is wrong with a file: a fix brings no error, and fixing comes to an end.
    #[test]
    fn broken_examples_are_not_broken_further(
        rule in proptest::sample::select(pages_with_fixes()),
        which in any::<proptest::sample::Index>(),
        at in any::<proptest::sample::Index>(),
        put in "[\"'`\\\\,{}\\[\\]()\n]{0,2}",
        cut in 0_usize..4,
    ) {
        let projects = bad_projects(rule);
        let mut files = projects[which.index(projects.len())].clone();
        let changed = files.len() - 1;
        let text = String::from_utf8_lossy(files[changed].bytes.as_ref().unwrap()).into_owned();
        let mut characters: Vec<char> = text.chars().collect();
        let from = at.index(characters.len());
        let to = (from + cut).min(characters.len());
        characters.splice(from..to, put.chars());
        files[changed].bytes = Ok(characters.into_iter().collect::<String>().into_bytes());
        let found = engine::check(files.clone());
        let made = all_fixed(files);
        prop_assert!(errors(&made.outcome) <= errors(&found), "{:?}", made.changed);
        prop_assert!(made.gave_up || made.refused > 0 || fixed_again(&made, Applicability::Unsafe).changed.is_empty());
    }
}
