//! SARIF that GitHub shows well: a test for each thing that an emitter has to do.

use std::collections::BTreeSet;

use kustolint::diagnostic::{Applicability, Diagnostic, Edit, Fix, SetAside, SetAsideBy, Severity, Undecided};
use kustolint::engine::{CheckOptions, Input, Outcome, check, check_with};
use kustolint::redact::Redactor;
use kustolint::report::{CATEGORY, Format, Report};
use kustolint::rules::{ALL, meta};
use kustolint::text::Root;
use serde_json::{Value, json};

use crate::formats::{assert_valid, at, decoded, finding, made, parsed};
use crate::projects::{files, inputs};

fn log(outcome: &Outcome) -> Value {
    let log = parsed(Format::Sarif, outcome);
    assert_valid(Format::Sarif, &log);
    log
}

/// The one run of a log.
fn run(outcome: &Outcome) -> Value {
    log(outcome)["runs"][0].clone()
}

fn one(path: &str, text: &str, finding: Diagnostic) -> Value {
    run(&made(path, text, vec![finding]))["results"][0].clone()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn input(path: &str, text: &str) -> Input {
    Input {
        path: path.to_owned(),
        bytes: Ok(text.into()),
        named: true,
        reported: true,
    }
}

fn region(result: &Value) -> &Value {
    &result["locations"][0]["physicalLocation"]["region"]
}

fn uri(result: &Value) -> &Value {
    &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
}

#[test]
fn version_schema_and_one_run() {
    let log = log(&check(inputs(&files("demo"))));
    assert_eq!(log["version"], "2.1.0");
    assert!(text(&log["$schema"]).starts_with("https://docs.oasis-open.org/sarif/sarif/v2.1.0/"));
    assert!(text(&log["$schema"]).ends_with("/sarif-schema-2.1.0.json"));
    assert_eq!(list(&log["runs"]).len(), 1);
}

#[test]
fn column_kind_is_stated_and_matched_on_astral_characters() {
    let outcome = made("a.kql", "é😀b", vec![finding(Severity::Error, "t", at(6, 7))]);
    let run = run(&outcome);
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(
        region(&run["results"][0])["startColumn"],
        3,
        "two characters, three units of UTF-16, six bytes"
    );
}

#[test]
fn driver_names_its_version_and_home() {
    let driver = &run(&check(inputs(&files("clean"))))["tool"]["driver"];
    assert_eq!(driver["name"], "kustolint");
    assert_eq!(driver["semanticVersion"], env!("CARGO_PKG_VERSION"));
    assert!(text(&driver["informationUri"]).starts_with("https://"));
    assert_eq!(driver["rules"], json!([]), "no results, no rules");
}

#[test]
fn rules_are_those_in_results_in_a_stable_order_with_rule_index() {
    let run = run(&check(inputs(&files("demo"))));
    let rules: Vec<&str> = list(&run["tool"]["driver"]["rules"])
        .iter()
        .map(|rule| text(&rule["id"]))
        .collect();
    let used: BTreeSet<&str> = list(&run["results"])
        .iter()
        .map(|result| text(&result["ruleId"]))
        .collect();
    assert_eq!(rules, used.into_iter().collect::<Vec<_>>());
    for result in list(&run["results"]) {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("an index");
        assert_eq!(rules[index], result["ruleId"]);
    }
}

/// A run with a finding of every rule.
fn of_all_rules() -> Value {
    let findings = ALL
        .iter()
        .map(|rule| Diagnostic::new(rule.name, Severity::Note, "t", at(0, 1), ""));
    run(&made("a.kql", "abc", findings.collect()))
}

#[test]
fn rule_help_comes_from_its_page() {
    let run = of_all_rules();
    let rules = list(&run["tool"]["driver"]["rules"]);
    assert_eq!(rules.len(), ALL.len());
    for (told, rule) in rules.iter().zip(ALL) {
        let meta = meta::meta(rule.page).expect("a page");
        assert_eq!(told["shortDescription"]["text"], format!("{}.", meta.summary));
        assert_eq!(told["defaultConfiguration"]["level"], meta.severity.as_str());
        assert_eq!(told["defaultConfiguration"]["enabled"], rule.is_on_by_default());
        assert!(
            text(&told["help"]["markdown"]).contains("## How to mend it"),
            "{}",
            rule.name
        );
        assert!(!text(&told["help"]["text"]).contains("## "), "{}", rule.name);
        assert!(text(&told["helpUri"]).ends_with(&format!("/rules/{}/{}.md", rule.family, rule.name)));
        let first = text(&told["fullDescription"]["text"])
            .split_whitespace()
            .take(4)
            .collect::<Vec<_>>()
            .join(" ");
        let page = rule.page.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            page.contains(&format!("## What it reports {first}")),
            "{}: {first}",
            rule.name
        );
    }
}

#[test]
fn rule_descriptions_are_static() {
    let demo = run(&check(inputs(&files("demo"))));
    let all = of_all_rules();
    for rule in list(&demo["tool"]["driver"]["rules"]) {
        assert!(list(&all["tool"]["driver"]["rules"]).contains(rule), "{}", rule["id"]);
    }
}

#[test]
fn rule_properties_tell_tags_precision_and_severity_and_security_severity_only_of_security_rules() {
    let run = of_all_rules();
    let mut security = 0;
    for (told, rule) in list(&run["tool"]["driver"]["rules"]).iter().zip(ALL) {
        let properties = &told["properties"];
        let tags: Vec<&str> = list(&properties["tags"]).iter().map(text).collect();
        assert!(tags.contains(&rule.family) && tags.len() <= 10);
        let is_security = tags.contains(&"security");
        assert_eq!(
            is_security,
            properties.get("security-severity").is_some_and(Value::is_string),
            "{}",
            rule.name
        );
        assert_eq!(
            is_security,
            tags.iter().any(|tag| tag.starts_with("external/cwe/cwe-")),
            "{}",
            rule.name
        );
        let expected = match meta::meta(rule.page).expect("a page").severity {
            Severity::Error => ("error", "very-high"),
            Severity::Warning => ("warning", "high"),
            Severity::Note => ("recommendation", "medium"),
        };
        assert_eq!(
            (text(&properties["problem.severity"]), text(&properties["precision"])),
            expected
        );
        security += usize::from(is_security);
    }
    assert!((5..20).contains(&security), "{security} rules are about security");
}

#[test]
fn result_has_rule_level_kind_rank_and_the_title_as_first_sentence() {
    let of = |severity| {
        let result = one(
            "a.kql",
            "abc",
            finding(severity, "the vault `[x]` is open", at(0, 1)).note("close it"),
        );
        let (level, rank) = (
            text(&result["level"]).to_owned(),
            result["rank"].as_f64().expect("a number"),
        );
        assert_eq!(result["message"]["text"], "the vault `\\[x\\]` is open.\nclose it");
        assert_eq!(
            (&result["kind"], &result["ruleId"]),
            (&json!("fail"), &json!("missing-soft-delete"))
        );
        (level, rank)
    };
    let (error, warning, note) = (of(Severity::Error), of(Severity::Warning), of(Severity::Note));
    assert_eq!([&error.0, &warning.0, &note.0], ["error", "warning", "note"]);
    assert!(error.1 > warning.1 && warning.1 > note.1);
}

#[test]
fn uri_is_relative_to_the_root_and_percent_encoded() {
    let script = ".ingest into table T ('https://st.blob.core.windows.net/c/f;managed_identity=system')\n";
    let options = || CheckOptions {
        root: Root::new("/home/ada/repo", "infra"),
        ..CheckOptions::default()
    };
    for (path, rooted, base) in [
        ("a.kql", "infra/a.kql", json!("%SRCROOT%")),
        ("../kql/ä b#c?.kql", "kql/ä b#c?.kql", json!("%SRCROOT%")),
        ("./x/../y:z.kql", "infra/y:z.kql", json!("%SRCROOT%")),
        ("/home/ada/repo/kql/%41.kql", "kql/%41.kql", json!("%SRCROOT%")),
        ("../../else/a.kql", "outside/up/up/else/a.kql", Value::Null),
        ("/etc/a.kql", "outside/etc/a.kql", Value::Null),
        ("C:/etc/a.kql", "outside/C:/etc/a.kql", Value::Null),
        ("<stdin>", "<stdin>", Value::Null),
    ] {
        let run = run(&check_with(vec![input(path, script)], options()));
        let artifact = &run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        assert_eq!(
            String::from_utf8(decoded(text(&artifact["uri"]))).expect("UTF-8"),
            rooted
        );
        assert_eq!(artifact["uriBaseId"], base, "{path}");
        assert!(
            run["originalUriBaseIds"]["%SRCROOT%"].get("uri").is_none(),
            "where the root lies is nobody's business"
        );
    }
    let outcome = made("", "abc", vec![finding(Severity::Error, "t", at(0, 1))]);
    assert_ne!(uri(&run(&outcome)["results"][0]), "");
}

#[test]
fn region_has_both_ends_from_1_and_an_exclusive_end() {
    let result = one("a.kql", "ab\ncd\n", finding(Severity::Error, "t", at(1, 4)));
    assert_eq!(
        region(&result),
        &json!({ "startLine": 1, "startColumn": 2, "endLine": 2, "endColumn": 2 })
    );
    let empty = one("a.kql", "", finding(Severity::Error, "t", at(0, 0)));
    assert_eq!(
        region(&empty),
        &json!({ "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 })
    );
    let beyond = one("a.kql", "ab", finding(Severity::Error, "t", at(90, 99)));
    assert_eq!(region(&beyond)["startColumn"], 3);
}

#[test]
fn logical_location_names_what_holds_the_finding() {
    let mut held = finding(Severity::Error, "t", at(0, 1));
    held.place = vec!["Microsoft.Kusto/clusters [x]".to_owned(), "script".to_owned()];
    let result = one("a.json", "abc", held);
    assert_eq!(
        result["locations"][0]["logicalLocations"],
        json!([{ "name": "script", "fullyQualifiedName": "Microsoft.Kusto/clusters [x] > script" }])
    );
}

#[test]
fn related_locations_have_ids_and_messages() {
    let result = one(
        "a.kql",
        "abc",
        finding(Severity::Error, "t", at(0, 1))
            .related(at(1, 2), "set here")
            .related(at(2, 3), "used here"),
    );
    let related: Vec<_> = list(&result["relatedLocations"])
        .iter()
        .map(|place| (place["id"].as_u64().expect("a number"), text(&place["message"]["text"])))
        .collect();
    assert_eq!(related, [(1, "set here"), (2, "used here")]);
}

#[test]
fn code_flows_go_from_the_parameter_by_the_variable_to_the_use() {
    let template = r#"{
"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0",
"parameters": { "soft": { "type": "bool", "defaultValue": false } },
"variables": { "delete": "[parameters('soft')]" },
"resources": [
{ "type": "Microsoft.KeyVault/vaults", "apiVersion": "2023-07-01", "name": "kv", "location": "x", "properties": {
"enableSoftDelete": "[variables('delete')]", "enablePurgeProtection": true } } ] }"#;
    let parameters = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
"contentVersion": "1.0.0.0",
"parameters": { "soft": { "value": false } } }"#;
    let steps = |inputs| -> Vec<String> {
        let run = run(&check(inputs));
        let results = list(&run["results"]);
        let result = results
            .iter()
            .find(|result| result["ruleId"] == "missing-soft-delete")
            .expect("a finding");
        assert_eq!(list(&result["codeFlows"]).len(), 1);
        list(&result["codeFlows"][0]["threadFlows"][0]["locations"])
            .iter()
            .map(|step| {
                let place = &step["location"]["physicalLocation"];
                format!(
                    "{}:{}",
                    text(&place["artifactLocation"]["uri"]),
                    place["region"]["startLine"]
                )
            })
            .collect()
    };
    assert_eq!(
        steps(vec![input("t.json", template)]),
        ["t.json:4", "t.json:5", "t.json:8"]
    );
    let both = || vec![input("t.json", template), input("t.parameters.json", parameters)];
    assert_eq!(steps(both()), ["t.parameters.json:3", "t.json:5", "t.json:8"]);
    let mut only_parameters = both();
    only_parameters[0].reported = false;
    assert_eq!(
        steps(only_parameters),
        ["t.parameters.json:3", "t.json:5", "t.json:8"],
        "also where the value is what is reported"
    );
}

#[test]
fn fingerprints_differ_on_one_line_and_stay_when_lines_move() {
    let findings = |by: u32| {
        vec![
            finding(Severity::Error, "one", at(by, by + 1)),
            finding(Severity::Error, "two", at(by + 4, by + 5)),
        ]
    };
    let line = "abc def ghi jkl";
    let prints = |text: &str, by| -> Vec<Value> {
        let run = run(&made("a.kql", text, findings(by)));
        list(&run["results"])
            .iter()
            .map(|result| result["partialFingerprints"].clone())
            .collect()
    };
    let before = prints(line, 0);
    assert_ne!(
        before[0]["primaryLocationLineHash"],
        before[1]["primaryLocationLineHash"]
    );
    assert_ne!(before[0]["kustolint/v1"], before[1]["kustolint/v1"]);
    assert_eq!(prints(&format!("above\n\n{line}"), 7), before);
    let gitlab = parsed(Format::Gitlab, &made("a.kql", line, findings(0)));
    assert_eq!(before[1]["kustolint/v1"], gitlab[1]["fingerprint"]);
}

#[test]
fn fingerprints_hold_no_secret() {
    let prints = |key: &str| {
        let text = format!("externaldata (x:string) [h'https://a.blob.core.windows.net/c;{key}']\n");
        let run = run(&check(vec![input("a.kql", &text)]));
        let results = list(&run["results"]);
        let result = results
            .iter()
            .find(|result| result["ruleId"] == "embedded-secret")
            .expect("a finding");
        result["partialFingerprints"].clone()
    };
    let one = "VGhpcyBvcGVucyBub3RoaW5nOiBhIGtleSBmb3IgdGhlIHBhZ2Ugb2YgYSBydWxlLCA2NCBieXRlcyBsb25nISEhIQ==";
    let two = "QW5kIHRoaXMgb3BlbnMgbm90aGluZzogYW5vdGhlciBrZXkgZm9yIHRoZSB0ZXN0IG9mIGEgcmVwb3J0LCA2NCBieXRlcw==";
    assert_eq!(prints(one), prints(two));
}

#[test]
fn automation_id_ends_in_a_slash() {
    let outcome = check(inputs(&files("clean")));
    assert_eq!(run(&outcome)["automationDetails"]["id"], "kustolint/");
    assert!(CATEGORY.ends_with('/'));
    assert_eq!(Report::new(&outcome).category, CATEGORY);
}

#[test]
fn suppressed_results_say_how_and_why() {
    let mut outcome = made(
        "a.kql",
        "abc // ignore",
        vec![finding(Severity::Error, "counts", at(0, 1))],
    );
    let aside = |message: &str, by| SetAside {
        finding: finding(Severity::Error, message, at(1, 2)),
        by,
    };
    let reason = || "agreed\nwith ada".to_owned();
    outcome.set_aside = Redactor::default().redacted(vec![
        aside(
            "in source",
            SetAsideBy::Source {
                reason: reason(),
                at: at(4, 13),
            },
        ),
        aside("configured", SetAsideBy::Configuration { reason: reason() }),
        aside("old", SetAsideBy::Baseline),
    ]);
    let run = run(&outcome);
    let results = list(&run["results"]);
    let of = |title: &str| {
        let is_it = |result: &&Value| text(&result["message"]["text"]).starts_with(title);
        results.iter().find(is_it).expect("a result")
    };
    assert_eq!(of("counts").get("suppressions"), None);
    assert_eq!(of("counts").get("baselineState"), None);
    let source = &of("in source")["suppressions"][0];
    assert_eq!(
        (&source["kind"], &source["status"], &source["justification"]),
        (&json!("inSource"), &json!("accepted"), &json!(reason()))
    );
    assert_eq!(source["location"]["physicalLocation"]["region"]["startColumn"], 5);
    let configured = &of("configured")["suppressions"][0];
    assert_eq!(
        (&configured["kind"], &configured["justification"]),
        (&json!("external"), &json!(reason()))
    );
    let old = of("old");
    assert_eq!(
        (&old["baselineState"], &old["suppressions"][0]["kind"]),
        (&json!("unchanged"), &json!("external"))
    );
}

#[test]
fn fixes_are_minimal_edits_in_characters() {
    let fix = Fix {
        applicability: Applicability::Safe,
        title: "write `[x]`".to_owned(),
        edits: vec![
            Edit {
                at: at(7, 12),
                text: "abXYe".to_owned(),
            },
            Edit {
                at: at(0, 0),
                text: "new ".to_owned(),
            },
        ],
    };
    let result = one(
        "ä b.kql",
        "é😀 abcde",
        finding(Severity::Error, "t", at(7, 12)).fixed_by(Some(fix)),
    );
    let fix = &result["fixes"][0];
    assert_eq!(
        (&fix["description"]["text"], &fix["properties"]["applicability"]),
        (&json!("write `\\[x\\]`"), &json!("safe"))
    );
    let change = &fix["artifactChanges"][0];
    assert_eq!(change["artifactLocation"]["uri"], "%C3%A4%20b.kql");
    let replacements: Vec<_> = list(&change["replacements"])
        .iter()
        .map(|one| {
            let region = &one["deletedRegion"];
            (
                region["startColumn"].as_u64(),
                region["endColumn"].as_u64(),
                text(&one["insertedContent"]["text"]),
            )
        })
        .collect();
    assert_eq!(replacements, [(Some(1), Some(1), "new "), (Some(6), Some(8), "XY")]);
}

#[test]
fn invocation_tells_what_was_not_analysed_and_nothing_of_the_machine() {
    let mut outcome = check_with(
        vec![input(
            "/home/ada/repo/broken.json",
            "{\"$schema\": \"deploymentTemplate.json\", ",
        )],
        CheckOptions {
            root: Root::new("/home/ada/repo", ""),
            ..CheckOptions::default()
        },
    );
    outcome.undecided = Redactor::default().redacted(vec![Undecided {
        at: at(2, 5),
        reason: "parameter `[x]` has no value".to_owned(),
    }]);
    let of = |outcome: &Outcome| run(outcome)["invocations"][0].clone();
    let invocation = of(&outcome);
    assert_eq!(
        (&invocation["executionSuccessful"], invocation.get("exitCode")),
        (&json!(true), Some(&json!(1)))
    );
    let told: Vec<_> = list(&invocation["toolExecutionNotifications"])
        .iter()
        .map(|told| {
            (
                text(&told["descriptor"]["id"]),
                text(&told["level"]),
                text(&told["message"]["text"]),
            )
        })
        .collect();
    assert_eq!((told[0].0, told[0].1), ("input-not-read", "error"));
    assert_eq!(
        told.last(),
        Some(&("not-analysed", "note", "parameter `\\[x\\]` has no value."))
    );
    assert_eq!(
        invocation["toolExecutionNotifications"][0]["associatedRule"]["id"],
        "syntax-error"
    );
    assert!(!log(&outcome).to_string().contains("/home/"), "no absolute path");
    outcome.incomplete = true;
    assert_eq!(of(&outcome)["executionSuccessful"], false);
    assert_eq!(of(&outcome)["exitCode"], 2);
    assert_eq!(of(&made("a.kql", "x", vec![]))["exitCode"], 0);
}

#[test]
fn limits_keep_the_worst_and_say_what_was_dropped() {
    let mut findings: Vec<Diagnostic> = Vec::new();
    for index in 0..30_000 {
        let severity = match index {
            _ if index % 3 == 0 => Severity::Error,
            _ if index % 3 == 1 => Severity::Note,
            _ => Severity::Warning,
        };
        findings.push(finding(severity, "many", at(0, 1)));
    }
    let places = (0..1500).map(|index| (at(index, index + 1), "here, too"));
    findings[0] = findings[0].clone().related_all(places);
    // Without the schema, which takes long for that many.
    let run = parsed(Format::Sarif, &made("a.kql", &"x".repeat(1600), findings))["runs"][0].clone();
    let results = list(&run["results"]);
    let count = |level: &str| results.iter().filter(|result| result["level"] == level).count();
    assert_eq!(
        (count("error"), count("warning"), count("note")),
        (10_000, 10_000, 5000)
    );
    let most = results
        .iter()
        .map(|result| list(&result["relatedLocations"]).len())
        .max();
    assert_eq!(most, Some(999));
    let told = list(&run["invocations"][0]["toolExecutionNotifications"]);
    let said: Vec<&str> = told.iter().map(|told| text(&told["message"]["text"])).collect();
    assert!(said[0].starts_with("5000 findings were dropped"), "{said:?}");
    assert!(said[1].starts_with("500 related places were dropped"), "{said:?}");
}

#[test]
fn ways_are_limited() {
    let way = |finding: Diagnostic, index| {
        finding
            .comes_from(at(index, index + 1), "it is written here")
            .by_way_of(at(index, index + 2), "by way of `x`")
    };
    let finding = (1..4001).fold(finding(Severity::Error, "many", at(0, 1)), way);
    let run = parsed(Format::Sarif, &made("a.kql", &"x".repeat(4100), vec![finding]))["runs"][0].clone();
    let flows = list(&run["results"][0]["codeFlows"]).iter();
    let steps = flows.map(|flow| list(&flow["threadFlows"][0]["locations"]).len());
    assert_eq!(steps.sum::<usize>(), 9999, "whole ways of three steps");
    let told = list(&run["invocations"][0]["toolExecutionNotifications"]);
    assert!(
        told.iter()
            .any(|told| text(&told["message"]["text"]).starts_with("1 of the results do not tell")),
        "{told:?}"
    );
}

#[test]
fn notifications_are_limited_and_the_rest_is_counted() {
    let mut outcome = made("a.kql", &"x".repeat(5000), vec![]);
    let question = |index| Undecided {
        at: at(index, index + 1),
        reason: "no value".to_owned(),
    };
    outcome.undecided = Redactor::default().redacted((0..3000).map(question).collect::<Vec<_>>());
    let run = run(&outcome);
    let told = list(&run["invocations"][0]["toolExecutionNotifications"]);
    assert_eq!(told.len(), 1001);
    assert!(text(&told[0]["message"]["text"]).starts_with("2000 more places were not analysed"));
}

#[test]
fn no_snippets_and_the_same_bytes_in_any_order() {
    let mut turned = inputs(&files("demo"));
    turned.reverse();
    let (one, two) = (log(&check(inputs(&files("demo")))), log(&check(turned)));
    assert_eq!(one, two);
    assert!(!one.to_string().contains("\"snippet\""));
}
