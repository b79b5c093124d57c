//! Suppressions: what they cover, what they leave alone, and that none is silent.

mod pages;

use std::time::{Duration, Instant};

use kustolint::apply::fixed;
use kustolint::config::Config;
use kustolint::diagnostic::{Applicability, SetAsideBy, Severity};
use kustolint::engine::{CheckOptions, Outcome, check, check_with};
use kustolint::rules;
use kustolint::suppress::State;
use kustolint::text::Date;

use crate::fixes::input;
use crate::projects::utf16;

/// A command with a finding of the rule on its only line.
const WRONG: &str = ".alter-merge database Freight policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"nativeingestion\"}]'";
const RULE: &str = "identity-usage-letter-case";

fn one(path: &str, text: &str) -> Outcome {
    check(vec![input(path, text.as_bytes())])
}

/// The rules of the findings that are left, and how many were set aside.
fn told(outcome: &Outcome) -> (Vec<&'static str>, usize) {
    let left = outcome.findings.iter().map(|finding| finding.rule).collect();
    (left, outcome.set_aside.len())
}

fn options(config: &str, today: &str) -> CheckOptions {
    let names: Vec<_> = rules::ALL.iter().map(|rule| rule.name).collect();
    let config = Config {
        path: "kustolint.toml".to_owned(),
        ..Config::parse(config, &names).expect("a configuration")
    };
    CheckOptions {
        today: Date::parse(today),
        ..CheckOptions::from(config)
    }
}

/// A template with a script as the value of JSON that is given.
fn template(resource: &str) -> String {
    format!(
        "{{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\",\n  \
         \"contentVersion\": \"1.0.0.0\",\n  \"resources\": [\n{resource}\n  ]\n}}\n"
    )
}

fn script(name: &str, first: &str, content: &str) -> String {
    let content = serde_json::to_string(content).expect("a string");
    format!(
        "    {{\n{first}      \"type\": \"Microsoft.Kusto/clusters/databases/scripts\",\n      \"apiVersion\": \"2024-04-13\",\n      \
         \"name\": \"quay/Freight/{name}\",\n      \"dependsOn\": [],\n      \"properties\": {{ \"scriptContent\": {content} }}\n    }}"
    )
}

#[test]
fn a_comment_works_where_a_person_puts_it() {
    let split = WRONG.replacen(" '", "\n  '", 1);
    for text in [
        format!("// kustolint: ignore[{RULE}] why\n{WRONG}\n"),
        format!("// kustolint: ignore[{RULE}] why\n\n// more\n{split}\n"),
        format!("{WRONG} // kustolint: ignore[{RULE}] why\n"),
        format!("{split} // kustolint: ignore[{RULE}] why"),
        split.replacen('\n', &format!(" // kustolint: ignore[{RULE}] why\n"), 1),
        split.replacen('\n', &format!("\n// kustolint: ignore[{RULE}] why\n"), 1),
        format!("// kustolint: ignore[non-idempotent-command, {RULE}] why\n.create external table T (a:string) kind=storage dataformat=csv ('https://q.blob.core.windows.net/c;impersonate')\n").replace(&format!(", {RULE}"), ""),
        format!("\t//kustolint:ignore[{RULE}]: why\n\t{WRONG}"),
        format!("// kustolint: ignore[embedded-secret, {RULE}] why\n// kustolint: ignore[{RULE}] why\n{WRONG}\n").replace("embedded-secret, ", ""),
    ] {
        let outcome = one("a.kql", &text);
        assert_eq!(told(&outcome), (vec![], 1), "{text}");
        let SetAsideBy::Source { reason, at } = &outcome.set_aside[0].by else {
            panic!("{:?}", outcome.set_aside)
        };
        assert!(reason == "why" && at.span.of_text(&text).starts_with("kustolint:"), "{text}");
    }
}

#[test]
fn what_is_elsewhere_is_left_alone() {
    let comment = format!("// kustolint: ignore[{RULE}] why\n");
    for (text, left) in [
        (format!("{comment}{WRONG}\n\n{WRONG}\n"), vec![RULE]),
        (format!("{WRONG}\n\n{comment}{WRONG}\n"), vec![RULE]),
        (format!("{WRONG}\n{comment}\n"), vec![RULE, "unused-suppression"]),
        (
            format!("{comment}.show tables\n\n{WRONG}\n"),
            vec!["unused-suppression", RULE],
        ),
        (format!("{comment}print '{RULE}'\n"), vec!["unused-suppression"]),
        (
            format!("print '// kustolint: ignore[{RULE}] why'\n\n{WRONG}\n"),
            vec![RULE],
        ),
        (format!("print ```\n{comment}```\n\n{WRONG}\n"), vec![RULE]),
    ] {
        assert_eq!(told(&one("a.kql", &text)).0, left, "{text}");
    }
}

#[test]
fn every_language_has_its_comments() {
    let say = format!("kustolint: ignore[{RULE}] why");
    let doubled = WRONG.replace('"', "\"\"");
    let escaped = WRONG.replace('"', "\\\"");
    for (path, text) in [
        ("a.cs", format!("// {say}\nRun(@\"{doubled}\");\n")),
        ("a.cs", format!("Run(\n    @\"{doubled}\"); /* {say} */\n")),
        (
            "a.cs",
            format!("Run(@\"// {say}\n{doubled}\");\n")
                .replace("@\"//", "@\"\n//")
                .replace("Run(@\"\n", "Run(@\""),
        ),
        ("a.py", format!("# {say}\nrun(\"\"\"{WRONG}\"\"\")\n")),
        ("a.py", format!("run(\"\"\"\n{WRONG}\n\"\"\")  # {say}\n")),
        ("a.sh", format!("# {say}\ncat <<'EOF'\n{WRONG}\nEOF\n")),
        ("a.ps1", format!("<# {say} #>\n$a = @'\n{WRONG}\n'@\n")),
        ("a.yml", format!("steps:\n  # {say}\n  - script: |\n      {WRONG}\n")),
        ("a.yml", format!("steps:\n  - script: |  # {say}\n      {WRONG}\n")),
        (
            "a.yml",
            format!("steps:\n  - script: |\n      // {say}\n      {WRONG}\n")
                .replace("// ", ".show tables\n\n      // "),
        ),
        (
            "a.tf",
            format!("# {say}\nlocals {{\n  a = \"x\"\n}}\n")
                .replace("a = \"x\"", &format!("a = \"{escaped}\""))
                .replace(&format!("# {say}\nlocals {{\n"), &format!("locals {{\n  # {say}\n")),
        ),
        ("a.bicep", format!("// {say}\nvar a = '''\n{WRONG}\n'''\n")),
        ("a.md", format!("<!-- {say} -->\n\n```kusto\n{WRONG}\n```\n")),
        ("a.json", format!("{{\n  // {say}\n  \"a\": \"{escaped}\"\n}}\n")),
        ("a.json", format!("{{\n  \"a\": [ /* {say} */ \"{escaped}\" ]\n}}\n")),
    ] {
        assert_eq!(told(&one(path, &text)), (vec![], 1), "{path}: {text}");
    }
    for (path, text) in [
        ("a.cs", format!("var a = \"// {say}\"; Run(@\"{doubled}\");\n")),
        ("a.py", format!("a = '# {say}'; run(\"\"\"{WRONG}\"\"\")\n")),
        ("a.sh", format!("a='# {say}'\ncat <<'EOF'\n{WRONG}\nEOF\n")),
        (
            "a.md",
            format!("```html\n<!-- {say} -->\n```\n```kusto\n{WRONG}\n```\n"),
        ),
        ("a.json", format!("{{ \"b\": \"// {say}\", \"a\": \"{escaped}\" }}\n")),
    ] {
        assert_eq!(told(&one(path, &text)), (vec![RULE], 0), "{path}: {text}");
    }
}

#[test]
fn settings_and_programs_have_comments_as_well() {
    let string = "Data Source=http://quay.westeurope.kusto.windows.net;Fed=True";
    let say = "kustolint: ignore[insecure-scheme] a cluster on this machine";
    for (path, text) in [
        (".env", format!("# {say}\nKUSTO=\"{string}\"\n")),
        ("a.ini", format!("; {say}\nkusto = {string}\n")),
        (
            "a.config",
            format!("<a>\n  <!-- {say} -->\n  <add key=\"k\" value=\"{string}\"/>\n</a>\n"),
        ),
        ("a.js", format!("const k = \"{string}\"; // {say}\n")),
        ("a.toml", format!("k = \"{string}\" # {say}\n")),
    ] {
        let without = text.replace("ignore", "ignores nothing: ");
        assert!(told(&one(path, &without)).0.contains(&"insecure-scheme"), "{path}");
        assert_eq!(told(&one(path, &text)), (vec![], 1), "{path}: {text}");
    }
}

#[test]
fn command_lines_go_on_over_lines() {
    let command = "az keyvault create --name kv-quay \\\n  --resource-group rg \\\n  --enable-purge-protection false\n";
    let wrong = one("a.sh", command);
    let (rules, _) = told(&wrong);
    assert!(!rules.is_empty(), "{:?}", wrong.findings);
    let text = format!("# kustolint: ignore[{}] why\n{command}", rules.join(", "));
    let outcome = one("a.sh", &text);
    assert_eq!(told(&outcome), (vec![], rules.len()));
}

#[test]
fn a_comment_at_the_end_of_a_line_covers_its_command_line_alone() {
    let say = "# kustolint: ignore[missing-purge-protection] why";
    let create = "az keyvault create --name kv-quay --resource-group rg \\\n      --enable-purge-protection false";
    let script = |first: &str, more: &str| {
        format!("steps:\n  - script: |\n      az account show {first}\n      {create}{more}\n")
    };
    let plain = told(&one("a.yml", &script("", ""))).0;
    assert!(plain.contains(&"missing-purge-protection"), "{plain:?}");
    let elsewhere = one("a.yml", &script(say, ""));
    let (left, aside) = told(&elsewhere);
    assert!(left.contains(&"missing-purge-protection"), "{left:?}");
    assert!(left.contains(&"unused-suppression") && aside == 0, "{left:?}");
    for at_end in [format!(" {say}"), format!(" \\\n      --location westeurope {say}")] {
        let (left, aside) = told(&one("a.yml", &script("", &at_end)));
        assert!(!left.contains(&"missing-purge-protection") && aside == 1, "{left:?}");
    }
    let (left, aside) = told(&one(
        "a.yml",
        &script("", "").replace("script: |", &format!("script: | {say}")),
    ));
    assert!(!left.contains(&"unused-suppression") && aside == 1, "{left:?}");
}

#[test]
fn comments_in_scripts_of_templates_are_mapped() {
    let both = format!("// kustolint: ignore[{RULE}] why\n{WRONG}\n\n{WRONG}\n");
    let plain = template(&script("a", "", &both));
    let outcome = one("t.json", &plain);
    assert_eq!(told(&outcome), (vec![RULE], 1));
    let kept = outcome.findings[0].primary.at.span.start;
    assert!(
        outcome.set_aside[0].finding.primary.at.span.start < kept,
        "the first is covered"
    );
    let joined = format!(
        "[concat('// kustolint: ignore[{RULE}] why', '\\n', '{}')]",
        WRONG.replace('\'', "''")
    );
    let outcome = one("t.json", &template(&script("a", "", &joined).replace("\\\\n", "\\n")));
    assert_eq!(told(&outcome), (vec![], 1), "{:?}", outcome.findings);
}

#[test]
fn comments_in_a_template_cover_resources() {
    let say = format!("// kustolint: ignore[{RULE}] why\n");
    let two = |first: &str, inside: &str, after: &str| {
        let (one, other) = (script("a", inside, WRONG), script("b", "", WRONG));
        template(&format!("{first}{one}{after}\n{other}"))
    };
    for text in [
        two(&format!("    {say}"), "", ","),
        two("", &format!("      {say}"), ","),
        two("", "", &format!(", {}", say.trim_end())),
    ] {
        let outcome = one("t.json", &text);
        let (left, aside) = told(&outcome);
        assert_eq!((left, aside), (vec!["parallel-database-scripts", RULE], 1), "{text}");
    }
    let whole = format!("{say}{}", two("", "", ","));
    assert_eq!(told(&one("t.json", &whole)), (vec!["parallel-database-scripts"], 2));
}

#[test]
fn metadata_covers_what_it_is_of() {
    let metadata = |entries: &str| format!("      \"metadata\": {{ \"kustolint\": {{ \"ignore\": {entries} }} }},\n");
    let list = format!("[{{ \"rules\": [\"{RULE}\"], \"reason\": \"why\", \"until\": \"2027-01-01\" }}]");
    for entries in [format!("{{ \"{RULE}\": \"why\" }}"), list] {
        let (one_script, other) = (script("a", &metadata(&entries), WRONG), script("b", "", WRONG));
        let outcome = one("t.json", &template(&format!("{one_script},\n{other}")));
        assert_eq!(
            told(&outcome),
            (vec!["parallel-database-scripts", RULE], 1),
            "{entries}"
        );
        let root = template(&format!("{},\n{other}", script("a", "", WRONG)));
        let root = root.replacen('{', &format!("{{\n{}", metadata(&entries)), 1);
        assert_eq!(
            told(&one("t.json", &root)),
            (vec!["parallel-database-scripts"], 2),
            "{root}"
        );
    }
}

#[test]
fn encodings_and_line_ends_change_nothing() {
    let text = format!(
        "// é😀\n\n\t// kustolint: ignore[{RULE}] für später\n\n\t{WRONG}\n\n{WRONG} // kustolint: ignore[{RULE}] why\n"
    );
    for text in [
        text.clone(),
        text.replace('\n', "\r\n"),
        text.replace('\n', "\r"),
        format!("\u{feff}{text}"),
    ] {
        for bytes in [text.as_bytes().to_vec(), utf16(&text, false), utf16(&text, true)] {
            assert_eq!(told(&check(vec![input("a.kql", &bytes)])), (vec![], 2), "{text:?}");
        }
    }
}

#[test]
fn a_day_ends_a_suppression() {
    let text = format!("// kustolint: ignore[{RULE}] until 2027-03-31 why\n{WRONG}\n");
    let on = |day: &str| {
        let outcome = check_with(vec![input("a.kql", text.as_bytes())], options("", day));
        (told(&outcome).0, outcome.suppressions[0].state)
    };
    for day in ["", "1970-01-01", "2027-03-31"] {
        assert_eq!(on(day), (vec![], State::Active), "{day}");
    }
    for day in ["2027-04-01", "2100-01-01"] {
        assert_eq!(on(day), (vec!["expired-suppression", RULE], State::Expired), "{day}");
    }
}

#[test]
fn without_suppressions_all_is_reported_and_nothing_is_said_of_them() {
    let text = format!(
        "// kustolint: ignore[{RULE}] why\n{WRONG}\n// kustolint: ignore[x]\n// kustolint: ignore[{RULE}] why\n"
    );
    let all = CheckOptions {
        suppress: false,
        ..options("", "")
    };
    let outcome = check_with(vec![input("a.kql", text.as_bytes())], all);
    assert_eq!(told(&outcome), (vec![RULE], 0));
    assert!(outcome.suppressions.is_empty());
}

#[test]
fn the_configuration_sets_aside_by_path_and_name() {
    let config = format!(
        "[[suppress]]\nrule = \"{RULE}\"\nfiles = \"legacy/\"\nreason = \"goes away\"\n\n\
         [[suppress]]\nrule = \"{RULE}\"\nresource = \"quay/Freight/a\"\nuntil = 2027-01-31\nreason = \"a test\"\n\n\
         [[suppress]]\nrule = \"missing-soft-delete\"\nfiles = \"none/\"\nreason = \"none\"\n\n\
         [[suppress]]\nrule = \"missing-soft-delete\"\nreason = \"none\"\n"
    );
    let both = template(&format!("{},\n{}", script("a", "", WRONG), script("b", "", WRONG)));
    let files = || {
        vec![
            input("legacy/x/a.kql", WRONG.as_bytes()),
            input("a.kql", WRONG.as_bytes()),
            input("t.json", both.as_bytes()),
        ]
    };
    let outcome = check_with(files(), options(&config, "2027-01-31"));
    assert_eq!(told(&outcome), (vec![RULE, "parallel-database-scripts", RULE], 2));
    let states: Vec<State> = outcome.suppressions.iter().map(|listed| listed.state).collect();
    assert_eq!(states, [State::Active, State::Active, State::Unused, State::Unused]);
    let reasons: Vec<_> = outcome.set_aside.iter().map(|aside| aside.by.reason()).collect();
    assert_eq!(reasons, [Some("goes away"), Some("a test")]);
    let later = check_with(files(), options(&config, "2027-02-01"));
    assert_eq!(later.set_aside.len(), 1);
    let back: Vec<_> = later.findings.iter().flat_map(|finding| &finding.notes).collect();
    let told = "`kustolint.toml` set this aside until 2027-01-31, at line 6; that day has passed";
    assert!(back.iter().any(|note| note.as_str() == told), "{back:?}");
}

#[test]
fn what_can_not_be_told_is_not_called_unused() {
    let comment = format!("// kustolint: ignore[{RULE}] why\n");
    let broken = format!("{comment}.show tables\n\nprint 'a\n");
    assert_eq!(told(&one("a.kql", &broken)).0, ["syntax-error"]);
    let off = options(&format!("[rules]\n{RULE} = \"off\"\n"), "");
    let text = format!("{comment}{WRONG}\n");
    let outcome = check_with(vec![input("a.kql", text.as_bytes())], off);
    assert_eq!(
        (told(&outcome), outcome.suppressions[0].state),
        ((vec![], 0), State::Idle)
    );
    let by_default = "// kustolint: ignore[unused-identity-usage] why\n.show tables\n";
    assert_eq!(told(&one("a.kql", by_default)).0, Vec::<&str>::new());
    let mut context = input("b.kql", format!("{comment}.show tables\n").as_bytes());
    context.reported = false;
    let outcome = check(vec![context, input("a.kql", b".show tables\n")]);
    assert_eq!((told(&outcome).0, outcome.suppressions.len()), (vec![], 0));
    let unknown = script(
        "a",
        "",
        "[concat('.alter-merge database Freight policy managed_identity ''', parameters('p'), '''')]",
    );
    let text = template(&format!("    {comment}{unknown}"));
    let text = text.replacen(
        "\"resources\"",
        "\"parameters\": { \"p\": { \"type\": \"string\" } },\n  \"resources\"",
        1,
    );
    let outcome = one("t.json", &text);
    assert!(!outcome.undecided.is_empty());
    assert_eq!((told(&outcome).0, outcome.suppressions[0].state), (vec![], State::Idle));
}

#[test]
fn rules_that_are_set_by_path_hold_for_suppressions() {
    let text = format!("// kustolint: ignore[{RULE}] why\n{WRONG}\n");
    let unneeded = format!("// kustolint: ignore[{RULE}] why\n.show tables\n");
    let config = format!(
        "[[paths]]\nfiles = [\"off/\"]\nrules = {{ {RULE} = \"off\" }}\n\n\
         [[paths]]\nfiles = [\"quiet/\"]\nrules = {{ unused-suppression = \"off\" }}\n\n\
         [[paths]]\nfiles = [\"loud/\"]\nrules = {{ unused-suppression = \"error\" }}\n\n\
         [[suppress]]\nrule = \"{RULE}\"\nfiles = \"off/\"\nreason = \"why\"\n"
    );
    let files = vec![
        input("loud/a.kql", unneeded.as_bytes()),
        input("off/a.kql", text.as_bytes()),
        input("plain/a.kql", unneeded.as_bytes()),
        input("quiet/a.kql", unneeded.as_bytes()),
    ];
    let outcome = check_with(files, options(&config, ""));
    let found = outcome.findings.iter();
    let found: Vec<_> = found
        .map(|finding| {
            (
                outcome.sources.path(finding.primary.at.file),
                finding.rule,
                finding.severity,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            ("loud/a.kql", "unused-suppression", Severity::Error),
            ("plain/a.kql", "unused-suppression", Severity::Warning),
        ]
    );
    let states: Vec<State> = outcome.suppressions.iter().map(|listed| listed.state).collect();
    let unused = State::Unused;
    assert_eq!(states, [unused, State::Idle, unused, unused, State::Idle]);
}

#[test]
fn a_rule_that_is_off_for_a_template_leaves_comments_in_its_parameter_files_idle() {
    let parameters = "{\n  \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\",\n  \
        \"contentVersion\": \"1.0.0.0\",\n  \"parameters\": {\n    // kustolint: ignore[missing-soft-delete] why\n    \
        \"soft\": { \"value\": true }\n  }\n}\n";
    let text = template("").replacen(
        "\"resources\"",
        "\"parameters\": { \"soft\": { \"type\": \"bool\" } },\n  \"resources\"",
        1,
    );
    let state = |config: &str| {
        let files = vec![
            input("main.json", text.as_bytes()),
            input("main.parameters.json", parameters.as_bytes()),
        ];
        check_with(files, options(config, "")).suppressions[0].state
    };
    assert_eq!(state(""), State::Unused);
    let off = "[[paths]]\nfiles = [\"main.json\"]\nrules = { missing-soft-delete = \"off\" }\n";
    assert_eq!(state(off), State::Idle);
}

#[test]
fn a_finding_that_moves_to_a_parameter_file_stays_suppressed() {
    let vault = "    // kustolint: ignore[missing-soft-delete] made anew for each test\n    {\n      \"type\": \"Microsoft.KeyVault/vaults\",\n      \
        \"apiVersion\": \"2023-07-01\",\n      \"name\": \"kv-quay\",\n      \"properties\": { \"enableSoftDelete\": \"[parameters('soft')]\", \"enablePurgeProtection\": true }\n    }";
    let text = template(vault).replacen(
        "\"resources\"",
        "\"parameters\": { \"soft\": { \"type\": \"bool\" } },\n  \"resources\"",
        1,
    );
    let given = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0",
        "parameters": { "soft": { "value": false } } }"#;
    let files = |template_counts: bool| {
        let mut files = vec![
            input("main.json", text.as_bytes()),
            input("main.parameters.json", given.as_bytes()),
        ];
        files[0].reported = template_counts;
        files
    };
    for template_counts in [true, false] {
        assert_eq!(told(&check(files(template_counts))), (vec![], 1), "{template_counts}");
    }
}

#[test]
fn fixes_take_out_what_is_unused_and_leave_alone_what_is_suppressed() {
    let comment = format!("// kustolint: ignore[{RULE}] why");
    let right = ".show tables";
    for (text, expected) in [
        (format!("{comment}\n{right}\n"), format!("{right}\n")),
        (format!("a\n\n\t{comment}\r\n{right}\r\n"), format!("a\n\n{right}\r\n")),
        (format!("{right} {comment}\n"), format!("{right}\n")),
        (format!("{right}\n{comment}"), right.to_owned()),
        (
            format!("// kustolint: ignore[swallowed-script-errors, {RULE}, non-idempotent-command] why\n{WRONG}\n"),
            format!("// kustolint: ignore[{RULE}] why\n{WRONG}\n"),
        ),
        (format!("{comment}\n{WRONG}\n"), format!("{comment}\n{WRONG}\n")),
    ] {
        let made = fixed(vec![input("a.kql", text.as_bytes())], Applicability::Unsafe, &check);
        let bytes = made.inputs[0].bytes.clone().expect("bytes");
        assert_eq!(String::from_utf8(bytes).expect("text"), expected, "{text}");
        assert_eq!(made.refused, 0, "{text}");
    }
    let content = format!("{comment}\n{right}\n\n{WRONG} {comment}");
    let text = template(&script("a", "", &content));
    let made = fixed(vec![input("t.json", text.as_bytes())], Applicability::Safe, &check);
    let bytes = made.inputs[0].bytes.clone().expect("bytes");
    let expected = template(&script("a", "", &format!("{right}\n\n{WRONG} {comment}")));
    assert_eq!(String::from_utf8(bytes).expect("text"), expected);
}

#[test]
fn many_comments_are_all_read() {
    let line = format!("// kustolint: ignore[{RULE}] why\n");
    let many = 20_000;
    let above = format!("{}{WRONG}\n", line.repeat(many));
    let inside = format!(
        "{}\n{}  '{}\n",
        WRONG.split(" '").next().unwrap_or(""),
        line.repeat(many),
        WRONG.split(" '").nth(1).unwrap_or("")
    );
    let on_one_line = format!(
        "{{ \"a\": \"{}\" {} }}",
        WRONG.replace('"', "\\\""),
        format!("/* {} */", line.trim()).repeat(many)
    );
    for (path, text) in [("a.kql", above), ("a.kql", inside), ("a.json", on_one_line)] {
        let start = Instant::now();
        let outcome = one(path, &text);
        let time = start.elapsed();
        assert_eq!(told(&outcome), (vec![], 1), "{path}");
        assert_eq!(outcome.suppressions.len(), many, "{path}");
        assert!(time < Duration::from_secs(60), "{path}: {time:?}");
    }
}
