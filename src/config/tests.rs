use super::*;
use crate::diagnostic::Severity;

const RULES: &[&str] = &[
    "key-not-rsa-2048",
    "limit-reached",
    "some-rule",
    "unused-identity-usage",
];

fn parse(text: &str) -> Config {
    Config::parse(text, RULES).unwrap()
}

/// The characters of each error, and what it says.
fn errors(text: &str) -> Vec<(&str, String)> {
    let errors = Config::parse(text, RULES).expect_err(text);
    let shown = |error: ConfigError| (error.at.of_text(text), error.message);
    errors.into_iter().map(shown).collect()
}

#[test]
fn nothing_set_is_the_default() {
    for text in ["", "# a comment\n", "[rules]\n[customer-managed-keys]\n"] {
        assert_eq!(parse(text), Config::default(), "{text}");
    }
    let keys = Config::default().customer_managed_keys;
    assert!(keys.accepts(false, 2048) && !keys.accepts(false, 4096) && !keys.accepts(true, 2048));
    assert_eq!(keys.scope, Scope::All);
}

#[test]
fn rules_are_turned_on_and_off_and_given_a_severity() {
    let rules =
        parse("[rules]\nsome-rule = \"off\"\n'unused-identity-usage' = \"on\"\nlimit-reached = \"error\"\n").rules;
    assert!(!rules.runs("some-rule", true) && rules.runs("unused-identity-usage", false));
    assert!(rules.runs("key-not-rsa-2048", true) && !rules.runs("key-not-rsa-2048", false));
    assert_eq!(rules.severity("limit-reached"), Some(Severity::Error));
    assert_eq!(rules.severity("unused-identity-usage"), None);
    assert_eq!(
        parse("rules.some-rule = \"note\"").rules.severity("some-rule"),
        Some(Severity::Note)
    );
}

#[test]
fn keys_are_accepted_besides_rsa_2048() {
    let keys =
        parse("[customer-managed-keys]\naccepted = [\"RSA-4096\", \"RSA-HSM-2048\", \"RSA-4096\"]\nscope = \"cmk\"\n");
    let keys = keys.customer_managed_keys;
    assert!(keys.accepts(false, 2048) && keys.accepts(false, 4096) && keys.accepts(true, 2048) && keys.accepts_hsm());
    assert!(!keys.accepts(false, 3072) && !keys.accepts(true, 4096));
    assert_eq!(keys.scope, Scope::Cmk);
}

#[test]
fn what_is_not_known_is_an_error_at_its_place_with_what_was_meant() {
    for (text, at, says) in [
        ("[rule]\n", "rule", "there is no section `rule`; did you mean `rules`?"),
        ("[waivers]\n", "waivers", "there are `check`, `connection-strings`"),
        ("[paths]\n", "[paths]", "a list of tables: start each with `[[paths]]`"),
        ("x = 1", "x", "there is no section `x`"),
        ("[rules]\nsome-rul = \"off\"", "some-rul", "did you mean `some-rule`?"),
        ("[rules]\nsome-rule = \"of\"", "\"of\"", "did you mean `off`?"),
        (
            "[rules]\nsome-rule = \"warn\"",
            "\"warn\"",
            "there are `error`, `warning`",
        ),
        (
            "[rules]\nsome-rule = false",
            "false",
            "one of `error`, `warning`, `note`, `on`, `off` in quotes",
        ),
        (
            "[rules]\nlimit-reached = \"off\"",
            "\"off\"",
            "`limit-reached` can't be turned off",
        ),
        (
            "rules = 3",
            "3",
            "`rules` is to be a table; this is of the kind integer",
        ),
        ("[[rules]]", "[[rules]]", "`rules` is to be a table"),
        (
            "[customer-managed-keys]\naccept = []",
            "accept",
            "did you mean `accepted`?",
        ),
        (
            "[customer-managed-keys]\naccepted = \"RSA-4096\"",
            "\"RSA-4096\"",
            "a list of kinds of keys",
        ),
        (
            "[customer-managed-keys]\naccepted = [4096]",
            "4096",
            "a list of kinds of keys",
        ),
        (
            "[customer-managed-keys]\naccepted = [\"RSA-2048\", \"EC-P256\"]",
            "\"EC-P256\"",
            "`EC-P256` can't be accepted; what can are `RSA-2048`, `RSA-3072`, `RSA-4096`, `RSA-HSM-2048`",
        ),
        (
            "[customer-managed-keys]\nscope = \"al\"",
            "\"al\"",
            "did you mean `all`?",
        ),
        ("[customer-managed-keys]\nscope = 1", "1", "one of `all`, `cmk`"),
        (
            "[[granted]]\nidentity = \"system\"\nusages = [\"NativeIngest\"]\ncluster = true",
            "\"NativeIngest\"",
            "did you mean `NativeIngestion`?",
        ),
        (
            "[identities]\ningest = { resource = \"a\" }\n[[granted]]\nidentity = \"ingst\"\nusages = []\ncluster = true",
            "\"ingst\"",
            "did you mean `ingest`?",
        ),
        (
            "[[granted]]\nidentity = \"system\"\nrole = \"Storage Blob Data Redaer\"\nscope = \"*\"",
            "\"Storage Blob Data Redaer\"",
            "did you mean `Storage Blob Data Reader`?",
        ),
        (
            "[[granted]]\nidentity = \"system\"\nusages = []\ndatabse = \"Sales\"\ndatabase = \"Sales\"",
            "databse",
            "did you mean `database`?",
        ),
        ("[files]\nexclude = [\"[a\"]", "\"[a\"", "this pattern can't be read"),
        (
            "[files]\nkql = [\"a\\\\b\"]",
            "\"a\\\\b\"",
            "`kql` is to be a pattern of paths with `/`",
        ),
        (
            "[identities]\na = { object-id = \"x\" }",
            "\"x\"",
            "`object-id` is to be an id",
        ),
        ("[identities]\na = {}", "{}", "`identities.a` says nothing"),
        (
            "[[paths]]\nfiles = []\nrules = { some-rul = \"off\" }",
            "some-rul",
            "did you mean `some-rule`?",
        ),
        ("[[paths]]\nfiles = []\n", "[[paths]]", "this needs `rules`"),
        ("[check]\nfail-on = \"warnig\"", "\"warnig\"", "did you mean `warning`?"),
        (
            "[[environments]]\nname = \"a\"\nfiles = [\"a\"]\n[[environments]]\nname = \"a\"\nfiles = [\"b\"]",
            "\"a\"",
            "there is an environment `a` already",
        ),
    ] {
        let found = errors(text);
        assert!(
            matches!(found.as_slice(), [(characters, message)] if *characters == at && message.contains(says)),
            "{text}: {found:?}"
        );
    }
}

#[test]
fn all_errors_are_told_in_the_order_of_the_file() {
    let found = errors("[rules]\nzzz = \"off\"\naaa = \"off\"\nsome-rule = 1\n");
    let places: Vec<_> = found.iter().map(|(at, _)| *at).collect();
    assert_eq!(places, ["zzz", "aaa", "1"]);
}

#[test]
fn wrong_toml_is_an_error() {
    for text in [
        "[rules",
        "[rules]\nsome-rule = off\n",
        "= 1",
        "a = \"",
        "[rules]\n[rules]\n",
        "\u{0}",
        "a = 1\nb",
    ] {
        let found = errors(text);
        assert!(
            found.iter().all(|(_, message)| message.starts_with("this is no TOML")),
            "{text}: {found:?}"
        );
    }
    let twice = errors("[rules]\nsome-rule = \"off\"\nsome-rule = \"on\"\n");
    assert_eq!(twice.len(), 1, "{twice:?}");
}

#[test]
fn hostile_files_are_refused_in_bounds() {
    let many: String = (0..50_000).map(|index| format!("rule-{index} = \"off\"\n")).collect();
    for text in [
        format!("a = {}", "[".repeat(500_000)),
        format!("a = {}", "{a=".repeat(300_000)),
        format!("[{}a]", "a.".repeat(500_000)),
        format!("{}a = 1", "a.".repeat(500_000)),
        format!("{} = 1", "a".repeat(1_000_000)),
        format!("[rules]\n{many}"),
        format!("[rules]\nsome-rule = \"{}\"", "x".repeat(1_000_000)),
        "[a]\n".repeat(200_000),
        "=\n".repeat(400_000),
    ] {
        let errors = Config::parse(&text, RULES).unwrap_err();
        assert!(errors.len() <= 21, "{}", errors.len());
        assert!(errors.iter().all(|error| error.message.chars().count() < 500));
    }
    let errors = Config::parse(&format!("[rules]\n{many}"), RULES).unwrap_err();
    assert!(
        errors
            .last()
            .unwrap()
            .message
            .starts_with("there are 49980 more mistakes")
    );
}
