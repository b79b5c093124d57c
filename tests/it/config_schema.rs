//! The JSON schema of the configuration: it is what the parser checks by, and says the same as it.

use boon::{Compiler, SchemaIndex, Schemas};
use kustolint::config::{Config, schema, starter};
use kustolint::rules::{ALL, meta};
use serde_json::{Map, Value};
use toml::de::{DeTable, DeValue};

use crate::{project, read};

fn made() -> Value {
    let summaries: Vec<(&str, String)> = ALL
        .iter()
        .map(|rule| (rule.name, meta::meta(rule.page).expect("a page").summary))
        .collect();
    let rules: Vec<(&str, &str)> = summaries
        .iter()
        .map(|(name, summary)| (*name, summary.as_str()))
        .collect();
    schema(&rules)
}

#[test]
fn the_schema_in_the_repository_is_the_one_that_the_program_makes() {
    let kept = read(&project("schema/kustolint.schema.json"));
    assert_eq!(
        kept.trim_end(),
        format!("{:#}", made()),
        "run `cargo run -- config schema > schema/kustolint.schema.json`"
    );
}

struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new() -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler
            .add_resource("kustolint.schema.json", made())
            .expect("a schema");
        let index = compiler
            .compile("kustolint.schema.json", &mut schemas)
            .expect("draft 07");
        Self { schemas, index }
    }

    fn takes(&self, text: &str) -> bool {
        let table = DeTable::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        self.schemas.validate(&object(table.get_ref()), self.index).is_ok()
    }
}

fn object(table: &DeTable<'_>) -> Value {
    let members = table.iter();
    let members = members.map(|(name, value)| (name.get_ref().to_string(), as_json(value.get_ref())));
    Value::Object(members.collect::<Map<_, _>>())
}

fn as_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(number) => number.to_string().parse::<i64>().expect("a number").into(),
        DeValue::Boolean(yes) => Value::Bool(*yes),
        DeValue::Array(list) => list.iter().map(|element| as_json(element.get_ref())).collect(),
        DeValue::Table(table) => object(table),
        other => panic!("no example has {}", other.type_str()),
    }
}

fn parser_takes(text: &str) -> bool {
    let names: Vec<_> = ALL.iter().map(|rule| rule.name).collect();
    Config::parse(text, &names).is_ok()
}

const GUID: &str = "4d8b1f36-92aa-4d1c-8a5e-0f3c6b7e2d91";

#[test]
fn the_schema_and_the_parser_take_the_same_files() {
    let validator = Validator::new();
    let granted = |rest: &str| format!("[[granted]]\nidentity = \"system\"\n{rest}");
    let good = [
        String::new(),
        starter(),
        "[check]\nfail-on = \"never\"\nbaseline = \"a/b.json\"".to_owned(),
        "[files]\nexclude = [\"a/**\", \"*.txt\"]\ninclude = []\nkql = [\"../x.txt\"]".to_owned(),
        "[rules]\nsyntax-error = \"warning\"\nmissing-storage-grant = \"off\"".to_owned(),
        "[[paths]]\nfiles = [\"a\"]\nrules = { syntax-error = \"on\" }".to_owned(),
        "[customer-managed-keys]\naccepted = [\"RSA-HSM-2048\"]\nscope = \"all\"".to_owned(),
        "[connection-strings]\ntrusted-hosts = [\"*.contoso.net\", \"adx.contoso.com\"]".to_owned(),
        format!(
            "[identities]\na = {{ object-id = \"{GUID}\" }}\nb = {{ placeholders = [\"<id>\"], resource = \"id-b\" }}"
        ),
        "[[environments]]\nname = \"prod\"\nparameters = [\"p/*.json\"]\ntemplate = \"main.json\"".to_owned(),
        granted("usages = [\"All\"]\ncluster = true"),
        granted("usages = [\"All\"]\ndatabase = \"Harbor Master\"\nreason = \"by hand\""),
        granted("role = \"viewer\"\ndatabase = \"Sales\""),
        granted("role = \"AllDatabasesAdmin\"\ncluster = true"),
        granted("role = \"Storage Blob Data Reader\"\nscope = \"*\""),
        granted("key-permissions = [\"get\", \"wrapKey\"]\nvault = \"kv\""),
        format!("[[granted]]\nidentity = \"{GUID}\"\nusages = []\ncluster = true"),
        "[[granted]]\ncallout = \"azure_openai\"".to_owned(),
    ];
    for text in &good {
        assert!(parser_takes(text) && validator.takes(text), "{text}");
    }
    let bad = [
        "[rule]".to_owned(),
        "[check]\nfail-on = \"errors\"".to_owned(),
        "[check]\nfail_on = \"error\"".to_owned(),
        "check = 1".to_owned(),
        "[files]\nexclude = \"a\"".to_owned(),
        "[files]\nexclude = [\"\"]".to_owned(),
        "[files]\nexclude = [\"!a\"]".to_owned(),
        "[files]\nexclude = [\"a\\\\b\"]".to_owned(),
        format!("[files]\nexclude = [\"{}\"]", "a".repeat(257)),
        format!("[files]\nexclude = [{}]", "\"a\",".repeat(257)),
        "[rules]\nsyntax-error = \"off\"".to_owned(),
        "[rules]\nsyntax-error = \"note\"".to_owned(),
        "[rules]\nno-such-rule = \"off\"".to_owned(),
        "[rules]\nmissing-storage-grant = true".to_owned(),
        "[paths]\nfiles = [\"a\"]\nrules = {}".to_owned(),
        "[[paths]]\nfiles = [\"a\"]".to_owned(),
        "[[paths]]\nfiles = [\"a\"]\nrules = { limit-reached = \"off\" }".to_owned(),
        "[customer-managed-keys]\naccepted = [\"RSA-1024\"]".to_owned(),
        "[connection-strings]\ntrusted-hosts = [\"https://adx.contoso.com\"]".to_owned(),
        "[connection-strings]\ntrusted-hosts = [\"*\"]".to_owned(),
        "[identities]\na = {}".to_owned(),
        "[identities]\na = { object-id = \"id\" }".to_owned(),
        format!("[identities]\n\"a b\" = {{ object-id = \"{GUID}\" }}"),
        "[[environments]]\nparameters = [\"a\"]".to_owned(),
        granted("usages = [\"NativeIngest\"]\ncluster = true"),
        granted("usages = [\"All\"]"),
        granted("usages = [\"All\"]\ncluster = false"),
        granted("usages = [\"All\"]\ncluster = true\ndatabase = \"Sales\""),
        granted("role = \"viewer\"\ncluster = true"),
        granted("role = \"viewer\"\nscope = \"*\""),
        granted("role = \"Owner\"\nscope = \"*\""),
        granted("callout = \"cosmosdb\""),
        granted("key-permissions = [\"sign\"]\nvault = \"kv\""),
        "[[granted]]\nusages = [\"All\"]\ncluster = true".to_owned(),
        "[[granted]]".to_owned(),
    ];
    for text in &bad {
        assert!(!parser_takes(text), "the parser takes {text}");
        assert!(!validator.takes(text), "the schema takes {text}");
    }
}

#[test]
fn what_lies_between_two_places_the_parser_alone_knows() {
    let validator = Validator::new();
    for text in [
        "[[granted]]\nidentity = \"nobody\"\nusages = [\"All\"]\ncluster = true".to_owned(),
        format!("[identities]\na = {{ object-id = \"{GUID}\" }}\nb = {{ client-id = \"{GUID}\" }}"),
        format!("[identities]\nsystem = {{ object-id = \"{GUID}\" }}"),
        "[files]\nexclude = [\"[a\"]".to_owned(),
        "[[environments]]\nname = \"prod\"".to_owned(),
        "[[environments]]\nname = \"a\"\nparameters = [\"a\"]\n[[environments]]\nname = \"a\"\nparameters = [\"b\"]"
            .to_owned(),
    ] {
        assert!(validator.takes(&text) && !parser_takes(&text), "{text}");
    }
}
