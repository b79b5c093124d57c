//! Resources that carry KQL beside scripts of a database: pipelines, workflows, deployment scripts, settings. Each
//! place is exact through all layers of text, and what only a run decides stays open.

use insta::assert_snapshot;
use kustolint::engine::{Input, Outcome, check};
use serde_json::{Value, json};

use crate::projects::{files, human, inputs};

/// An object id, which is made up.
const ID: &str = "11111111-2222-4333-8444-555555555511";

fn ingest(identity: &str) -> String {
    format!(".ingest into table T (h'https://quarryexample.blob.core.windows.net/c/a.csv;managed_identity={identity}')")
}

fn grant(target: &str, identity: &str, usage: &str) -> String {
    format!(
        ".alter-merge {target} policy managed_identity ```[{{\"ObjectId\":\"{identity}\",\"AllowedUsages\":\"{usage}\"}}]```"
    )
}

fn resource(kind: &str, name: &str, more: Value) -> Value {
    let mut resource = json!({ "type": kind, "apiVersion": "2023-01-01", "name": name });
    let members = more.as_object().expect("an object").clone();
    resource.as_object_mut().expect("an object").extend(members);
    resource
}

fn command(text: &str, more: Value) -> Value {
    let mut activity =
        json!({ "name": "a", "type": "AzureDataExplorerCommand", "typeProperties": { "command": text } });
    let members = more.as_object().expect("an object").clone();
    activity.as_object_mut().expect("an object").extend(members);
    activity
}

fn pipeline(name: &str, activities: &[Value]) -> Value {
    let more = json!({ "properties": { "activities": activities } });
    resource("Microsoft.DataFactory/factories/pipelines", name, more)
}

fn script(name: &str, text: &str) -> Value {
    let more = json!({ "properties": { "scriptContent": text } });
    resource("Microsoft.Kusto/clusters/databases/scripts", name, more)
}

fn template(resources: &[Value]) -> String {
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "cluster": { "type": "string" }, "flag": { "type": "bool" } },
        "resources": resources,
    });
    template.to_string()
}

fn checked(text: &str) -> Outcome {
    check(inputs(&[("main.json".to_owned(), text.as_bytes().to_vec())]))
}

/// A line for each finding: its severity, rule and marked characters; then one for each open question.
fn told(outcome: &Outcome) -> Vec<String> {
    let findings = outcome.findings.iter().map(|finding| {
        let at = finding.primary.at;
        let source = outcome.sources.get(at.file).expect("a file");
        format!(
            "{} {} {}",
            finding.severity,
            finding.rule,
            at.span.of_text(source.text())
        )
    });
    let open = outcome
        .undecided
        .iter()
        .map(|question| format!("open: {}", question.reason));
    findings.chain(open).collect()
}

fn found(resources: &[Value]) -> Vec<String> {
    told(&checked(&template(resources)))
}

const MISSING: &str = "warning missing-native-ingestion managed_identity=system";
const MISPLACED: &str = "warning identity-policy-on-other-database database Granted";

#[test]
fn the_project_as_people_read_it() {
    assert_snapshot!(human(&check(inputs(&files("carriers")))));
}

#[test]
fn places_in_all_carriers_are_exact() {
    let outcome = check(inputs(&files("carriers")));
    let marked = told(&outcome).into_iter().filter(|line| !line.starts_with("open"));
    for line in marked {
        let text = line.rsplit(' ').next().unwrap_or_default();
        let identities = ["system", "11111111-2222-4333-8444-555555555505"].map(|id| format!("managed_identity={id}"));
        let others = ["07", "08"].map(|end| format!("managed_identity=11111111-2222-4333-8444-5555555555{end}"));
        // The rest of the third one stands in a variable.
        let exact = identities.iter().chain(&others).any(|wanted| text == wanted)
            || ["SandboxArtifacts", "managed_identity="].contains(&text);
        assert!(exact, "{line}");
    }
}

#[test]
fn a_pipeline_needs_the_usage_in_the_database_of_its_linked_service() {
    let all = files("carriers");
    let taken: Vec<_> = all
        .iter()
        .map(|(path, bytes)| {
            let text = String::from_utf8(bytes.clone()).expect("UTF-8");
            let text = match path.as_str() {
                "infra/factory.json" => text.replace("\\\"NativeIngestion\\\"", "\\\"ExternalTable\\\""),
                _ => text,
            };
            (path.clone(), text.into_bytes())
        })
        .collect();
    let in_granted = |outcome: &Outcome| -> Vec<String> {
        let findings = outcome.findings.iter().filter_map(|finding| {
            let source = outcome.sources.get(finding.primary.at.file)?;
            let start = source.position(finding.primary.at.span.start);
            let marked = finding.primary.at.span.of_text(source.text());
            (source.path() == "infra/factory.json" && start.line < 60)
                .then(|| format!("{} {} {} {marked}", start.line, finding.severity, finding.rule))
        });
        findings.collect()
    };
    assert_eq!(in_granted(&check(inputs(&all))), Vec::<String>::new());
    assert_eq!(
        in_granted(&check(inputs(&taken))),
        ["53 error missing-native-ingestion managed_identity=system"]
    );
}

#[test]
fn a_linked_service_is_followed_only_when_it_is_certain() {
    let service = |name: &str, endpoint: &str, database: &str| {
        let more = json!({ "properties": {
            "parameters": { "db": { "type": "String", "defaultValue": "Granted" } },
            "typeProperties": { "endpoint": endpoint, "database": database }
        } });
        resource("Microsoft.DataFactory/factories/linkedservices", name, more)
    };
    let linked =
        |parameters: Value| json!({ "linkedServiceName": { "referenceName": "adx", "parameters": parameters } });
    let load = |parameters: Value| pipeline("f/p", &[command(&ingest("system"), linked(parameters))]);
    let granted = script(
        "quarry/Granted/s",
        &grant("database Granted", "system", "NativeIngestion"),
    );
    let home = "https://quarry.westeurope.kusto.windows.net";
    let own = "@{linkedService().db}";
    let silent: Vec<String> = Vec::new();

    let case = |services: &[Value], parameters: Value| {
        let mut resources = services.to_vec();
        resources.extend([granted.clone(), load(parameters)]);
        found(&resources)
    };
    assert_eq!(case(&[service("f/adx", home, "Granted")], json!({})), silent);
    assert_eq!(
        case(&[service("f/adx", home, "Other")], json!({})),
        [MISPLACED, MISSING]
    );
    assert_eq!(case(&[service("f/adx", home, own)], json!({})), silent);
    assert_eq!(
        case(&[service("f/adx", home, own)], json!({ "db": "Other" })),
        [MISPLACED, MISSING]
    );
    assert_eq!(
        case(
            &[service("f/adx", home, own)],
            json!({ "db": "@pipeline().parameters.db" })
        ),
        silent,
        "which database it is is not known"
    );
    let elsewhere = "https://meadow.westeurope.kusto.windows.net";
    assert_eq!(case(&[service("f/adx", elsewhere, "Granted")], json!({})), [MISSING]);
    assert_eq!(
        case(&[service("f/adx", "https://example.com", "Granted")], json!({})),
        silent,
        "which cluster it is is not known"
    );
    assert_eq!(
        case(&[service("g/adx", home, "Other")], json!({})),
        silent,
        "of another factory"
    );
    assert_eq!(
        case(&[service("f/other", home, "Other")], json!({})),
        silent,
        "another one"
    );
    assert_eq!(
        case(
            &[
                service("f/adx", home, "Other"),
                service("[parameters('cluster')]", home, "Other")
            ],
            json!({})
        ),
        silent,
        "any may be meant"
    );
    let mut store = service("[parameters('cluster')]", home, "Other");
    store["properties"]["type"] = json!("AzureBlobFS");
    assert_eq!(
        case(&[service("f/adx", home, "Other"), store], json!({})),
        [MISPLACED, MISSING],
        "of another type"
    );
}

#[test]
fn values_of_a_run_are_equal_within_it_only() {
    let id = "@{pipeline().parameters.id}";
    let both = [
        command(&grant("cluster", id, "NativeIngestion"), json!({})),
        command(&ingest(id), json!({})),
    ];
    assert_eq!(found(&[pipeline("f/p", &both)]), Vec::<String>::new());
    let [one, other] = both;
    let open = "open: `pipeline().parameters.id` may be allowed by the entry for `pipeline().parameters.id`";
    assert_eq!(found(&[pipeline("f/p", &[one]), pipeline("f/q", &[other])]), [open]);
    let item = "@{item().id}";
    let each = [
        command(&grant("cluster", item, "NativeIngestion"), json!({})),
        command(&ingest(item), json!({})),
    ];
    assert_eq!(
        found(&[pipeline("f/p", &each)]),
        ["open: `item().id` may be allowed by the entry for `item().id`"]
    );
}

#[test]
fn the_default_of_a_parameter_is_not_its_value() {
    let mut defaulted = pipeline("f/p", &[command(&ingest("@{pipeline().parameters.who}"), json!({}))]);
    defaulted["properties"]["parameters"] = json!({ "who": { "type": "string", "defaultValue": "system" } });
    assert_eq!(
        found(&[defaulted]),
        ["open: which identity `pipeline().parameters.who` stands for is not in the files"]
    );
}

#[test]
fn variables_of_two_deployment_scripts_are_two() {
    let of = |name: &str, text: String| {
        let more = json!({ "kind": "AzurePowerShell", "properties": { "scriptContent": text } });
        resource("Microsoft.Resources/deploymentScripts", name, more)
    };
    let load = format!("Run \"{}\"\n", ingest("$id"));
    let allow = "Run '.show version'\nRun \".alter-merge cluster policy managed_identity '[{`\"ObjectId`\":`\"$id`\",`\"AllowedUsages`\":`\"NativeIngestion`\"}]'\"\n";
    assert_eq!(found(&[of("a", format!("{allow}{load}"))]), Vec::<String>::new());
    assert_eq!(
        found(&[of("a", allow.to_owned()), of("b", load)]),
        ["open: `$id` may be allowed by the entry for `$id`"]
    );
}

#[test]
fn conditions_of_resources_and_values_are_told() {
    let mut load = pipeline("f/p", &[command(&ingest(ID), json!({}))]);
    load["condition"] = json!("[parameters('flag')]");
    let outcome = checked(&template(&[load]));
    let messages: Vec<_> = outcome
        .findings
        .iter()
        .filter(|finding| finding.rule == "missing-native-ingestion")
        .map(|finding| finding.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [format!("`{ID}` ingests when `flag` is true, but no policy names it")]
    );
}

#[test]
fn a_request_to_a_cluster_is_joined_with_its_policies() {
    let workflow = |cluster: &str| {
        let body = json!({ "cluster": cluster, "db": "Stones", "csl": ingest("system") });
        let actions = json!({ "Load": { "type": "ApiConnection", "inputs": { "path": "/ListKustoResults/true", "body": body } } });
        let more = json!({ "properties": { "definition": { "actions": actions } } });
        resource("Microsoft.Logic/workflows", "w", more)
    };
    let granted = script(
        "quarry/Stones/s",
        &grant("database Stones", "system", "NativeIngestion"),
    );
    for known in [
        "quarry",
        "https://quarry.westeurope.kusto.windows.net",
        "@parameters('cluster')",
    ] {
        assert_eq!(
            found(&[granted.clone(), workflow(known)]),
            Vec::<String>::new(),
            "{known}"
        );
    }
    assert_eq!(found(&[granted, workflow("meadow")]), [MISSING]);
}

#[test]
fn mistakes_are_told_where_a_text_is_certain_to_be_kql() {
    let broken = ".ingest into table T (h'https://";
    let certain = pipeline("f/p", &[command(broken, json!({}))]);
    assert!(found(&[certain])[0].starts_with("error syntax-error"));
    let value = json!({ "name": "v", "type": "SetVariable", "typeProperties": { "value": broken } });
    let setting = json!({ "properties": { "siteConfig": { "appSettings": [{ "name": "a", "value": broken }] } } });
    let content = json!({ "kind": "AzureCLI", "properties": { "scriptContent": format!("run \"{broken}\"") } });
    for part in [
        pipeline("f/p", &[value]),
        resource("Microsoft.Web/sites", "s", setting),
        resource("Microsoft.Resources/deploymentScripts", "d", content),
    ] {
        assert_eq!(found(&[part]), Vec::<String>::new());
    }
}

#[test]
fn a_limit_is_told_and_the_rest_is_read() {
    let many = "@{if(item(), 'a', 'b')}".repeat(3000);
    let loads = [
        command(&format!(".drop table {many}"), json!({})),
        command(&many, json!({})),
        command(&ingest(ID), json!({})),
    ];
    let outcome = checked(&template(&[pipeline("f/p", &loads)]));
    let rules: Vec<_> = outcome.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["limit-reached", "missing-native-ingestion"]);
}

#[test]
fn workflows_in_files_of_their_own_are_told_by_their_schema() {
    let schema =
        "https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#";
    let request = json!({ "csl": format!("@concat('{}')", ingest("system").replace('\'', "''")) });
    let definition = json!({ "$schema": schema, "actions": { "A": { "inputs": { "body": request } } } });
    for file in [
        json!({ "definition": definition.clone() }),
        json!({ "properties": { "definition": definition.clone() } }),
        definition,
    ] {
        assert_eq!(told(&checked(&file.to_string())), [MISSING], "{file}");
    }
    let named = check(vec![Input {
        path: "other.json".to_owned(),
        bytes: Ok(json!({ "actions": { "A": request } }).to_string().into_bytes()),
        named: false,
        reported: true,
    }]);
    assert_eq!(told(&named), Vec::<String>::new());
}
