//! Hostile input: whatever stands in a file, the run ends, says what it left out, and points into the file.

use std::time::{Duration, Instant};

use kustolint::diagnostic::Diagnostic;
use kustolint::engine::{Input, Outcome, check};
use kustolint::report::Format;
use kustolint::text::FileSpan;
use proptest::prelude::*;

use crate::formats::{assert_valid, parsed};
use crate::report_as;

const HEAD: &str = r#""$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0""#;
const VAULT: &str = "Microsoft.KeyVault/vaults";
const NESTED: &str = "Microsoft.Resources/deployments";
const INGEST: &str = ".ingest into table T ('https://st.blob.core.windows.net/c/f;managed_identity=system')\n\n";

fn input(path: &str, bytes: impl Into<Vec<u8>>) -> Input {
    Input {
        path: path.to_owned(),
        bytes: Ok(bytes.into()),
        named: true,
        reported: true,
    }
}

/// Checks files and looks at what every outcome must be: places inside the files, and outputs that a program
/// can read and a terminal can show.
fn run(inputs: Vec<Input>) -> Outcome {
    let outcome = check(inputs);
    let inside = |at: FileSpan| {
        let file = outcome.sources.get(at.file).expect("a file of the run");
        let length = u32::try_from(file.text().len()).expect("a short text");
        assert!(at.span.start <= at.span.end && at.span.end <= length, "{at:?}");
        assert!(file.text().is_char_boundary(at.span.start as usize), "{at:?}");
    };
    for finding in &outcome.findings {
        inside(finding.primary.at);
        finding.related.iter().for_each(|label| inside(label.at));
        assert!(!finding.message.contains("internal error"), "{}", finding.message);
    }
    outcome.undecided.iter().for_each(|question| inside(question.at));
    let json = report_as(Format::Json, &outcome, 0);
    let value: serde_json::Value = serde_json::from_str(&json).expect("an object");
    assert_eq!(value["findings"].as_array().map(Vec::len), Some(outcome.findings.len()));
    if outcome.findings.len() + outcome.undecided.len() < 300 {
        for format in [Format::Sarif, Format::Gitlab, Format::Rdjson] {
            assert_valid(format, &parsed(format, &outcome));
        }
    }
    let human = report_as(Format::Human, &outcome, 50);
    assert!(
        human.len() < 2_000_000 + 2000 * outcome.undecided.len(),
        "{} bytes",
        human.len()
    );
    outcome
}

fn one(path: &str, text: impl Into<Vec<u8>>) -> Outcome {
    run(vec![input(path, text)])
}

fn of_rule<'o>(outcome: &'o Outcome, rule: &str) -> Vec<&'o Diagnostic> {
    outcome.findings.iter().filter(|finding| finding.rule == rule).collect()
}

fn has_limit(outcome: &Outcome, words: &str) -> bool {
    of_rule(outcome, "limit-reached")
        .iter()
        .any(|finding| finding.message.contains(words))
}

fn template(sections: &str, resources: &str) -> String {
    format!("{{{HEAD},{sections}\"resources\":[{resources}]}}")
}

fn vault(name: &str) -> String {
    format!(r#"{{"type":"{VAULT}","name":"{name}","properties":{{}}}}"#)
}

/// Items joined by commas.
fn list(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// A template in which a vault is named by the first of a chain of variables.
fn chain(length: usize, last: &str, link: impl Fn(usize) -> String) -> String {
    let links = list(length, |index| format!(r#""v{index}":{}"#, link(index + 1)));
    let parameters = list(length, |index| format!(r#""p{index}":{{"type":"bool"}}"#));
    template(
        &format!(r#""parameters":{{{parameters}}},"variables":{{{links},"v{length}":{last}}},"#),
        &vault("[variables('v0')]"),
    )
}

fn looped(count: &str, resource: &str) -> String {
    let rest = resource.strip_prefix('{').expect("an object");
    format!(r#"{{"copy":{{"name":"c","count":{count}}},{rest}"#)
}

fn nested(name: &str, parameters: &str, resources: &str, outputs: &str) -> String {
    format!(
        r#"{{"type":"{NESTED}","name":"{name}","properties":{{"expressionEvaluationOptions":{{"scope":"inner"}},"parameters":{{{parameters}}},"template":{{"resources":[{resources}],"outputs":{{{outputs}}}}}}}}}"#
    )
}

fn output_of(name: &str) -> String {
    format!("reference(resourceId('{NESTED}','{name}')).outputs.o.value")
}

#[test]
fn json_that_nests_without_end_is_a_limit() {
    for text in [
        "[".repeat(200_000),
        "{\"a\":".repeat(200_000),
        "[{\"a\":".repeat(100_000),
        format!(
            "{{{HEAD},\"x\":{}{},\"resources\":[]}}",
            "[".repeat(100_000),
            "]".repeat(100_000)
        ),
    ] {
        assert!(has_limit(&one("t.json", text), "levels of nesting"));
    }
}

#[test]
fn kql_brackets_nest_as_deep_as_they_like() {
    for piece in [
        "(",
        "({[",
        "not(",
        "evaluate python(",
        "externaldata(a:string)[",
        ".create function f() {",
    ] {
        let outcome = one("a.kql", piece.repeat(30_000));
        assert!(outcome.findings.len() <= 200, "{piece}: {}", outcome.findings.len());
    }
    let script = format!("{}{INGEST}", ".execute database script <|\n".repeat(3000));
    one("a.kql", script);
    let policy = format!(".alter cluster policy managed_identity ```{}```", "[".repeat(50_000));
    assert!(!one("a.kql", policy).undecided.is_empty(), "what was not read is said");
}

#[test]
fn expressions_that_nest_without_end_are_a_limit() {
    for (open, close) in [("concat(", ")"), ("not(", ""), ("variables('a').b[", "]")] {
        let name = format!("[{}1{}]", open.repeat(20_000), close.repeat(20_000));
        assert!(
            has_limit(&one("t.json", template("", &vault(&name))), "levels deep"),
            "{open}"
        );
    }
}

#[test]
fn values_that_double_end_at_a_limit() {
    let twice =
        |call: &'static str| move |next: usize| format!(r#""[{call}(variables('v{next}'),variables('v{next}'))]""#);
    assert!(has_limit(
        &one("t.json", chain(40, r#""lol""#, twice("concat"))),
        "too large"
    ));
    assert!(has_limit(
        &one("t.json", chain(40, r#""lol""#, twice("createArray"))),
        "too large"
    ));
    let pair = |next: usize| format!(r#"["[variables('v{next}')]","[variables('v{next}')]"]"#);
    assert!(has_limit(&one("t.json", chain(40, "1", pair)), "larger than"));
    let object = |next: usize| format!(r#"{{"a":"[variables('v{next}')]","b":"[variables('v{next}')]"}}"#);
    assert!(has_limit(&one("t.json", chain(40, "1", object)), "larger than"));
}

#[test]
fn names_of_unknown_values_do_not_double() {
    let either = |next: usize| {
        format!(
            r#""[if(parameters('p{}'),variables('v{next}'),concat(variables('v{next}'),'x'))]""#,
            next - 1
        )
    };
    let outcome = one("t.json", chain(60, r#""a""#, either));
    assert_eq!(of_rule(&outcome, "missing-purge-protection").len(), 1);
    let reference = |next: usize| format!(r#""[reference(concat(variables('v{next}'),variables('v{next}'))).x]""#);
    let outcome = one("t.json", chain(60, r#""[reference('a').x]""#, reference));
    assert_eq!(of_rule(&outcome, "missing-purge-protection").len(), 1);
}

#[test]
fn what_depends_on_itself_ends() {
    let outcome = one(
        "t.json",
        chain(1, r#""[variables('v0')]""#, |next| {
            format!("\"[variables('v{next}')]\"")
        }),
    );
    assert!(
        outcome
            .undecided
            .iter()
            .any(|question| question.reason.contains("depends on itself"))
    );
    let parameter = r#""parameters":{"a":{"type":"string","defaultValue":"[parameters('a')]"}},"#;
    let outcome = one("t.json", template(parameter, &vault("[parameters('a')]")));
    assert!(
        outcome
            .undecided
            .iter()
            .any(|question| question.reason.contains("depends on itself"))
    );
    let long = chain(3000, r#""x""#, |next| format!("\"[variables('v{next}')]\""));
    assert!(has_limit(&one("t.json", long), "levels deep"));
}

#[test]
fn outputs_that_depend_on_each_other_end() {
    let output = r#""o":{"type":"string","value":"[parameters('x')]"}"#;
    let given = |name: &str| format!(r#""x":{{"value":"[{}]"}}"#, output_of(name));
    let (a, b) = (
        nested("a", &given("b"), "", output),
        nested("b", &given("a"), "", output),
    );
    let user = vault(&format!("[{}]", output_of("a")));
    let outcome = one("t.json", template("", &format!("{a},{b},{user}")));
    assert_eq!(of_rule(&outcome, "missing-purge-protection").len(), 1);
    let named_by_itself = nested(&format!("[{}]", output_of("a")), "", "", output);
    one("t.json", template("", &format!("{named_by_itself},{user}")));
    let chain = list(800, |index| {
        nested(&format!("d{index}"), &given(&format!("d{}", index + 1)), "", output)
    });
    let user = vault(&format!("[{}]", output_of("d0")));
    assert!(has_limit(
        &one("t.json", template("", &format!("{chain},{user}"))),
        "levels deep"
    ));
}

#[test]
fn loops_make_as_much_as_the_service_allows() {
    let counted = |count: &str| {
        one(
            "t.json",
            template("", &looped(count, &vault("[concat('a',copyIndex())]"))),
        )
    };
    assert_eq!(of_rule(&counted("800"), "missing-purge-protection").len(), 1);
    for count in ["801", "1000000000", "-1"] {
        assert!(has_limit(&counted(count), "a copy loop makes"), "{count}");
    }
    for count in ["\"x\"", "1.5", "null", "[]", "{}"] {
        let outcome = counted(count);
        assert!(
            outcome
                .undecided
                .iter()
                .any(|question| question.reason.contains("whole number")),
            "{count}"
        );
    }
}

#[test]
fn loops_in_loops_are_bounded() {
    let inner = list(800, |index| vault(&format!("kv{index}")));
    let deployments = looped("800", &nested("[concat('d',copyIndex())]", "", &inner, ""));
    assert!(has_limit(
        &one("t.json", template("", &deployments)),
        "more than 20000 resources"
    ));
    let deep = looped(
        "800",
        &nested(
            "d",
            "",
            &looped("800", &nested("e", "", &looped("800", &vault("k")), "")),
            "",
        ),
    );
    assert!(has_limit(
        &one("t.json", template("", &deep)),
        "more than 20000 resources"
    ));
    let tags = list(3000, |index| format!(r#""t{index}":"x""#));
    let body = format!(r#"{{"type":"{VAULT}","name":"k","tags":{{{tags}}}}}"#);
    assert!(has_limit(
        &one("t.json", template("", &looped("800", &body))),
        "too large once evaluated"
    ));
    let value = r#"{"copy":[{"name":"b","count":800,"input":"x"}]}"#;
    let cube =
        format!(r#"{{"type":"{VAULT}","name":"k","tags":{{"copy":[{{"name":"a","count":800,"input":{value}}}]}}}}"#);
    assert!(!of_rule(&one("t.json", template("", &looped("800", &cube))), "limit-reached").is_empty());
}

#[test]
fn a_spent_budget_is_said_once() {
    let text = "x".repeat(100_000);
    let resources = list(1000, |index| vault(&format!("[concat(variables('v'),'{index}')]")));
    let outcome = one(
        "t.json",
        template(&format!(r#""variables":{{"v":"{text}"}},"#), &resources),
    );
    assert!(of_rule(&outcome, "limit-reached").len() <= 2);
}

#[test]
fn parameter_files_of_one_template_are_limited() {
    let parameters = r#""parameters":{"n":{"type":"string"}},"#;
    let mut inputs = vec![input("t.json", template(parameters, &vault("[parameters('n')]")))];
    inputs.extend((0..400).map(|index| {
        let text = format!(
            r#"{{"$schema":"https://x/deploymentParameters.json#","contentVersion":"1.0.0.0","parameters":{{"n":{{"value":"kv{index}"}}}}}}"#
        );
        input(&format!("t.parameters.{index}.json"), text)
    }));
    assert!(has_limit(&run(inputs), "parameter files"));
}

#[test]
fn types_may_be_anything() {
    let odd = [
        "null",
        "5",
        "\"x\"",
        "\"[parameters('a')]\"",
        "[]",
        "{}",
        "[1,{}]",
        "{\"a\":null}",
        "true",
        "1e999",
    ];
    for value in odd {
        for section in [
            "parameters",
            "variables",
            "resources",
            "outputs",
            "$schema",
            "contentVersion",
        ] {
            one(
                "t.json",
                format!(
                    r#"{{{HEAD},"resources":[{}],"{section}":{value}}}"#,
                    vault("[parameters('a')]")
                ),
            );
            one(
                "t.parameters.json",
                format!(r#"{{{HEAD},"parameters":{{"a":{{"value":{value},"reference":{value}}}}}}}"#),
            );
        }
        for member in [
            "type",
            "name",
            "properties",
            "identity",
            "condition",
            "copy",
            "resources",
            "scope",
            "existing",
        ] {
            for kind in [
                VAULT,
                "Microsoft.Kusto/clusters",
                "Microsoft.Authorization/roleAssignments",
                NESTED,
            ] {
                let resource = format!(r#"{{"type":"{kind}","name":"a","{member}":{value}}}"#);
                one("t.json", template("", &resource));
            }
        }
    }
}

#[test]
fn encodings_are_read_or_refused_aloud() {
    let text = template("", &vault("kv"));
    let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let little = [vec![0xFF, 0xFE], units(u16::to_le_bytes)].concat();
    let big = [vec![0xFE, 0xFF], units(u16::to_be_bytes)].concat();
    for bytes in [little, big, [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat()] {
        assert_eq!(of_rule(&one("t.json", bytes), "missing-purge-protection").len(), 1);
    }
    for bytes in [
        units(u16::to_le_bytes),
        b"\x7fELF\0\0\0".to_vec(),
        b".show \xFF\xE2\x82".to_vec(),
    ] {
        assert_eq!(of_rule(&one("a.kql", bytes), "unreadable-file").len(), 1);
    }
    assert!(one("a.kql", "").findings.is_empty());
    assert_eq!(of_rule(&one("a.json", ""), "syntax-error").len(), 1);
    one("t.json", template("", &vault(r"\ud800\u0000\udc00\u001b[31m")));
}

#[test]
fn names_of_files_are_shown_and_not_obeyed() {
    for path in [
        "a\nb.kql",
        "::error::x.kql",
        "##vso[task.complete]x.kql",
        "\u{1b}]8;;x\u{7}.kql",
        "\u{202e}.kql",
        "\r.kql",
    ] {
        let outcome = check(vec![input(path, INGEST)]);
        for format in Format::ALL {
            let text = report_as(format, &outcome, 0);
            // These two have commands of their own, which `reports` reads as those do to whom they are told.
            let commands = matches!(format, Format::Github | Format::Azure);
            assert!(
                commands || !text.contains("##vso[") && !text.lines().any(|line| line.starts_with("::")),
                "{path:?} as {}",
                format.name()
            );
            let obeyed = |character: char| character.is_control() && character != '\n' || character == '\u{202e}';
            assert!(!text.contains(obeyed), "{path:?}: {text}");
        }
    }
}

#[test]
fn too_many_comparisons_are_a_limit() {
    let policy = ".alter-merge cluster policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"ExternalTable\"}]```\n\n";
    let outcome = one("a.kql", format!("{}{}", policy.repeat(3300), INGEST.repeat(3300)));
    assert!(has_limit(&outcome, "too many policies"));
}

/// How long the work on a text takes, at its fastest.
fn time(path: &str, text: &str) -> Duration {
    let once = || {
        let start = Instant::now();
        let outcome = check(vec![input(path, text)]);
        assert!(outcome.files == 1);
        start.elapsed()
    };
    once().min(once())
}

/// Four times the input must not take sixteen times as long. A machine that is busy gets further tries.
fn is_linear(name: &str, path: &str, make: impl Fn(usize) -> String) {
    let size = 400;
    let (small, large) = (make(size), make(4 * size));
    let ratio = || time(path, &large).as_secs_f64() / time(path, &small).max(Duration::from_millis(4)).as_secs_f64();
    assert!((0..4).any(|_| ratio() < 8.0), "{name} grows faster than its input");
}

#[test]
fn work_grows_with_the_input_and_not_with_its_square() {
    is_linear("variables", "t.json", |count| {
        let variables = list(count, |index| format!(r#""v{index}":"kv{index}""#));
        let users = list(count, |index| vault(&format!("[variables('v{index}')]")));
        template(&format!(r#""variables":{{{variables}}},"#), &users)
    });
    is_linear("variables of loops", "t.json", |count| {
        let loops = list(count, |index| format!(r#"{{"name":"v{index}","count":1,"input":"x"}}"#));
        let users = list(count, |index| vault(&format!("[variables('v{index}')[0]]")));
        template(&format!(r#""variables":{{"copy":[{loops}]}},"#), &users)
    });
    is_linear("nested deployments", "t.json", |count| {
        let made = list(count, |index| {
            let output = format!(r#""o":{{"type":"string","value":"kv{index}"}}"#);
            nested(&format!("d{index}"), "", "", &output)
        });
        let users = list(count, |index| vault(&format!("[{}]", output_of(&format!("d{index}")))));
        template("", &format!("{made},{users}"))
    });
    is_linear("grants", "t.json", |count| {
        let script = INGEST.replace('\n', "\\n").repeat(count);
        let script = format!(
            r#"{{"type":"Microsoft.Kusto/clusters/databases/scripts","name":"adx/db/s","properties":{{"scriptContent":"{script}"}}}}"#
        );
        let accounts = list(count, |index| {
            format!(r#"{{"type":"Microsoft.Storage/storageAccounts","name":"s{index}"}}"#)
        });
        let grants = list(count, |index| {
            format!(
                r#"{{"type":"Microsoft.Authorization/roleAssignments","name":"g{index}","properties":{{"principalId":"[reference(resourceId('Microsoft.Kusto/clusters','adx'),'2023-08-15','full').identity.principalId]","roleDefinitionId":"/providers/Microsoft.Authorization/roleDefinitions/17d1049b-9a84-46fb-8f53-869881c3d3ab"}}}}"#
            )
        });
        template("", &format!("{script},{accounts},{grants}"))
    });
    is_linear("commands", "a.kql", |count| INGEST.repeat(count));
    is_linear("open strings", "a.kql", |count| ".show tables 'a\n\n".repeat(count));
    is_linear("pairs", "a.kql", |count| {
        format!(
            ".ingest into table T ('https://st.blob.core.windows.net/c{}')",
            ";a=b".repeat(20 * count)
        )
    });
    is_linear("links in text", "a.txt", |count| {
        "https://s3.us-east-1.amazonaws.com/b;managed_identity=system ".repeat(count)
    });
}

/// Small files of every kind, to be damaged.
fn seeds() -> [(&'static str, String); 4] {
    let script = format!(
        "// a\n{INGEST}.alter cluster policy managed_identity ```[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}}]```\n\nlet é = h@'a;b''c';\nT | where x == \"\\u00e9\"\n"
    );
    let loops = looped("[parameters('n')]", &vault("[concat('é', copyIndex())]"));
    let inner = nested(
        "d",
        r#""x":{"value":"[variables('v')]"}"#,
        &vault("[parameters('x')]"),
        r#""o":{"value":"[if(true(),'a',json('{}'))]"}"#,
    );
    let text = template(
        r#""parameters":{"n":{"type":"int"}},"variables":{"v":"[format('{0}', 1)]"},"#,
        &format!("{loops},{inner}"),
    );
    [
        ("a.kql", script),
        ("t.json", text),
        ("a.txt", "Data Source=https://x.kusto.windows.net;Fed=True;AppKey='a;b'\nhttps://s3.amazonaws.com/b;managed_identity=system".to_owned()),
        ("t.parameters.json", r#"{"$schema":"https://x/deploymentParameters.json#","parameters":{"n":{"value":3}}}"#.to_owned()),
    ]
}

/// Deletes, doubles or flips some bytes.
fn damaged(text: &str, edits: &[(u8, prop::sample::Index, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (kind, at, length) in edits {
        if bytes.is_empty() {
            break;
        }
        let from = at.index(bytes.len());
        let to = (from + usize::from(*length)).min(bytes.len());
        match kind % 3 {
            0 => drop(bytes.drain(from..to)),
            1 => {
                let piece = bytes[from..to].to_vec();
                bytes.splice(from..from, piece);
            }
            _ => bytes[from] ^= length | 1,
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_of_any_kind_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "[\\[\\](){}'\"`,:;|.<=@h~\\\\/ \\n\\PC]{0,200}") {
        for path in ["a.kql", "a.json", "a.txt"] {
            one(path, bytes.clone());
            one(path, text.clone());
        }
    }

    #[test]
    fn damaged_files_are_read(edits in prop::collection::vec((any::<u8>(), any::<prop::sample::Index>(), 0..40_u8), 1..6)) {
        run(seeds().iter().map(|(path, text)| input(path, damaged(text, &edits))).collect());
    }
}
