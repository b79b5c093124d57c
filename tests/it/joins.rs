//! What may be joined and what may not: each case is a workspace, with the findings and the number of questions
//! that stay open.

use kustolint::engine::{Input, check};

const READER: &str = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const CONTRIBUTOR: &str = "b24988ac-6180-42a0-ab88-20f7382dd24c";
const SYSTEM: &str =
    "[reference(resourceId('Microsoft.Kusto/clusters','adx'),'2024-04-13','Full').identity.principalId]";

/// Checks a workspace: `expected` holds "severity rule" of each finding, in order; `open` the undecided values.
fn holds(files: &[(&str, String)], expected: &[&str], open: usize) {
    let inputs = files.iter().map(|(path, text)| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.clone().into_bytes()),
        named: false,
        reported: true,
    });
    let outcome = check(inputs.collect());
    // Scripts of templates stand here for any scripts: what they may run is another matter.
    let found: Vec<_> = outcome
        .findings
        .iter()
        .filter(|finding| finding.rule != "unsupported-script-command")
        .map(|finding| format!("{} {}: {}", finding.severity, finding.rule, finding.message))
        .collect();
    let same =
        found.len() == expected.len() && found.iter().zip(expected).all(|(found, wanted)| found.contains(wanted));
    assert!(same, "found {found:#?}\nexpected {expected:#?}");
    assert_eq!(outcome.undecided.len(), open, "{:#?}", outcome.undecided);
}

/// A template with these parameters and resources.
fn template(parameters: &str, resources: &[String]) -> String {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    format!(
        r#"{{"$schema":"{schema}","contentVersion":"1.0.0.0","parameters":{{{parameters}}},"resources":[{}]}}"#,
        resources.join(",")
    )
}

/// A resource; `more` holds further members, each after a comma.
fn resource(kind: &str, name: &str, more: &str) -> String {
    format!(r#"{{"type":"{kind}","apiVersion":"2023-07-01","name":"{name}","location":"westeurope"{more}}}"#)
}

fn cluster(more: &str) -> String {
    resource(
        "Microsoft.Kusto/clusters",
        "adx",
        &format!(r#","identity":{{"type":"SystemAssigned"}}{more}"#),
    )
}

fn encrypted(vault: &str) -> String {
    cluster(&format!(
        r#","properties":{{"keyVaultProperties":{{"keyVaultUri":"{vault}","keyName":"k"}}}}"#
    ))
}

/// A vault without purge protection.
fn vault(name: &str, more: &str) -> String {
    resource(
        "Microsoft.KeyVault/vaults",
        name,
        &format!(r#","properties":{{"enableSoftDelete":true}}{more}"#),
    )
}

fn grant(role: &str, principal: &str, more: &str) -> String {
    let properties = format!(
        r#"{{"roleDefinitionId":"[subscriptionResourceId('Microsoft.Authorization/roleDefinitions','{role}')]","principalId":"{principal}"}}"#
    );
    let scope = "[resourceId('Microsoft.Storage/storageAccounts','st')]";
    let more = format!(r#","scope":"{scope}","properties":{properties}{more}"#);
    resource("Microsoft.Authorization/roleAssignments", "[guid('g')]", &more)
}

fn script(name: &str, content: &str, more: &str) -> String {
    let more = format!(r#","properties":{{"scriptContent":"{content}"}}{more}"#);
    resource("Microsoft.Kusto/clusters/databases/scripts", name, &more)
}

const STAGE: &str = r#""stage":{"type":"string","allowedValues":["dev","prod"]}"#;
const DEV: &str = r#","condition":"[equals(parameters('stage'),'dev')]""#;
const PROD: &str = r#","condition":"[equals(parameters('stage'),'prod')]""#;
const INGEST: &str = ".ingest into table T ('https://st.blob.core.windows.net/c/a.csv;managed_identity=system')";

fn allow(usage: &str) -> String {
    format!(
        r#".alter-merge database D policy managed_identity '[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"{usage}\"}}]'"#
    )
}

#[test]
fn a_data_role_that_the_same_identity_may_get_elsewhere_leaves_the_question_open() {
    let main = template("", &[cluster(""), grant(CONTRIBUTOR, SYSTEM, "")]);
    holds(&[("main.json", main.clone())], &["error control-plane-only-grant"], 0);
    let module = template(r#""id":{"type":"string"}"#, &[grant(READER, "[parameters('id')]", "")]);
    holds(&[("main.json", main.clone()), ("modules/role.json", module)], &[], 1);
    let id = "0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b";
    holds(
        &[
            ("main.json", main),
            ("role.json", template("", &[grant(READER, id, "")])),
        ],
        &[],
        1,
    );
    let linked = r#","properties":{"mode":"Incremental","templateLink":{"uri":"https://example.com/role.json"}}"#;
    let linked = resource("Microsoft.Resources/deployments", "roles", linked);
    holds(
        &[(
            "main.json",
            template("", &[cluster(""), grant(CONTRIBUTOR, SYSTEM, ""), linked]),
        )],
        &[],
        2,
    );
}

#[test]
fn a_grant_to_an_unrelated_identity_of_the_same_name_is_left_open() {
    let user = "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id')).principalId]";
    let on_cluster = r#","identity":{"type":"UserAssigned","userAssignedIdentities":{"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id')]":{}}}"#;
    let adx = template("", &[resource("Microsoft.Kusto/clusters", "adx", on_cluster)]);
    let other = template("", &[grant(CONTRIBUTOR, user, "")]);
    holds(&[("adx/a.json", adx.clone()), ("vm/b.json", other.clone())], &[], 1);
    holds(
        &[("adx/a.json", adx), ("adx/modules/b.json", other)],
        &["error control-plane-only-grant"],
        0,
    );
}

#[test]
fn a_key_under_a_condition_makes_a_warning_that_says_so() {
    let parameter = r#""cmk":{"type":"bool"}"#;
    let properties = r#","properties":{"keyVaultProperties":"[if(parameters('cmk'),createObject('keyVaultUri','https://kv.vault.azure.net/','keyName','k'),null())]"}"#;
    let text = template(parameter, &[vault("kv", ""), cluster(properties)]);
    holds(
        &[("main.json", text)],
        &[
            "warning missing-purge-protection: vault `kv` holds the key of cluster `adx` and has no purge protection when `cmk` is true",
        ],
        0,
    );
    let apart = template(
        STAGE,
        &[
            vault("kv", DEV),
            encrypted("https://kv.vault.azure.net/").replacen('{', &format!("{{{},", &PROD[1..]), 1),
        ],
    );
    holds(
        &[("main.json", apart)],
        &["warning missing-purge-protection: vault `kv` has no purge protection"],
        0,
    );
}

#[test]
fn names_that_only_deployment_makes_are_compared_within_one_file() {
    let name = "[concat('kv',uniqueString(resourceGroup().id))]";
    let uri = "[concat('https://kv',uniqueString(resourceGroup().id),'.vault.azure.net/')]";
    let both = template("", &[vault(name, ""), encrypted(uri)]);
    holds(&[("main.json", both)], &["error missing-purge-protection"], 0);
    let files = [
        ("a/main.json", template("", &[vault(name, "")])),
        ("b/main.json", template("", &[encrypted(uri)])),
    ];
    holds(&files, &["warning missing-purge-protection"], 0);
    let prefix = template(
        r#""env":{"type":"string"}"#,
        &[
            vault("kv-prod", ""),
            encrypted("[concat('https://kv-',parameters('env'),'.vault.azure.net/')]"),
        ],
    );
    holds(
        &[("main.json", prefix)],
        &["error missing-purge-protection: vault `kv-prod` may hold"],
        0,
    );
}

#[test]
fn scripts_that_never_run_together_say_nothing_of_one_another() {
    let scripts = |granted: &str| {
        template(
            STAGE,
            &[script("adx/D/a", &allow(granted), DEV), script("adx/D/b", INGEST, PROD)],
        )
    };
    let expected = "warning missing-native-ingestion: `system` ingests into database `D` when `stage` is 'prod', but no policy names it";
    let expected = [expected];
    holds(&[("main.json", scripts("ExternalTable"))], &expected, 0);
    holds(&[("main.json", scripts("NativeIngestion"))], &expected, 0);
}

#[test]
fn policies_of_a_cluster_that_can_not_be_told_from_another_are_no_contradiction() {
    let parameters = r#""one":{"type":"string"},"two":{"type":"string"}"#;
    let scripts = [
        script("[concat(parameters('one'),'/D/a')]", &allow("ExternalTable"), ""),
        script("[concat(parameters('two'),'/D/b')]", INGEST, ""),
    ];
    holds(
        &[("main.json", template(parameters, &scripts))],
        &["warning missing-native-ingestion"],
        0,
    );
}

#[test]
fn the_condition_of_a_resource_says_nothing_of_those_inside_it() {
    let inside = grant(READER, SYSTEM, "").replace(
        r#","scope":"[resourceId('Microsoft.Storage/storageAccounts','st')]""#,
        "",
    );
    let account = resource(
        "Microsoft.Storage/storageAccounts",
        "st",
        &format!(r#","condition":false,"resources":[{inside}]"#),
    );
    let text = template("", &[cluster(""), account, grant(CONTRIBUTOR, SYSTEM, "")]);
    holds(&[("main.json", text)], &[], 0);
}

#[test]
fn words_and_null_are_conditions() {
    for (condition, findings) in [("\"true\"", 1), ("null", 1), ("\"False\"", 0), ("false", 0)] {
        let text = template("", &[vault("kv", &format!(r#","condition":{condition}"#))]);
        let expected = ["warning missing-purge-protection"];
        holds(&[("main.json", text)], expected.get(..findings).unwrap(), 0);
    }
}

#[test]
fn parameter_files_are_found_by_their_name_and_by_their_metadata() {
    let key = resource(
        "Microsoft.KeyVault/vaults/keys",
        "kv/k",
        r#","properties":{"kty":"RSA","keySize":"[parameters('size')]"}"#,
    );
    let main = template(r#""size":{"type":"int","defaultValue":2048}"#, &[key]);
    let values = |metadata: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0"{metadata},"parameters":{{"size":{{"value":1024}}}}}}"#
        )
    };
    let link = r#","metadata":{"template":"../infra/main.json"}"#;
    let expected = ["warning key-not-rsa-2048: key `k` of vault `kv` has 1024 bits"];
    holds(
        &[("infra/main.json", main.clone()), ("params/dev.json", values(link))],
        &expected,
        0,
    );
    holds(
        &[
            ("/x/infra/main.json", main.clone()),
            ("/x/params/dev.json", values(link)),
        ],
        &expected,
        0,
    );
    holds(
        &[("../infra/main.json", main.clone()), ("dev.json", values(link))],
        &expected,
        0,
    );
    holds(
        &[
            ("x.parameters.d/t.json", main.clone()),
            ("x.parameters.d/t.parameters.json", values("")),
        ],
        &expected,
        0,
    );
    holds(
        &[("infra/main.json", main), ("other/main.parameters.json", values(""))],
        &[],
        0,
    );
}

#[test]
fn values_of_secure_parameters_are_shown_nowhere() {
    let parameters = r#""secret":{"type":"secureString","defaultValue":"Tr0ub4dor3xyz"}"#;
    let text = template(parameters, &[vault("[parameters('secret')]", "")]);
    let input = Input {
        path: "main.json".to_owned(),
        bytes: Ok(text.into_bytes()),
        named: true,
        reported: true,
    };
    let outcome = check(vec![input]);
    assert_eq!(outcome.findings.len(), 1);
    assert!(!format!("{:?}", outcome.findings).contains("Tr0ub4dor3xyz"));
}

#[test]
fn a_value_shows_the_way_that_it_took() {
    let text = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
"parameters":{"bits":{"type":"int","defaultValue":1024}},
"variables":{"key":{"size":"[parameters('bits')]"},"grant":".alter database d policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\""},
"resources":[
{"type":"Microsoft.KeyVault/vaults/keys","apiVersion":"2023-07-01","name":"v/k","properties":{"kty":"RSA","keySize":"[variables('key').size]"}},
{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2023-08-15","name":"c/d/s","properties":{"scriptContent":"[variables('grant')]"}}]}"#;
    let outcome = check(vec![Input {
        path: "main.json".to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: false,
        reported: true,
    }]);
    let labels: Vec<_> = outcome
        .findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.related))
        .map(|label| format!("{}: {}", label.at.span.of_text(text), label.message))
        .collect();
    assert_eq!(
        labels,
        [
            "SandboxArtifacts: allowed here, ignored by the service",
            "database d: the command sets the policy of a database",
            "\"[variables('grant')]\": becomes part of this script",
            "\"[variables('key').size]\": 1024",
            "1024: 1024 comes from here",
            "\"[parameters('bits')]\": by way of variable `key`",
        ]
    );
}

/// A script of the only database, deployed when the parameter `env` has this value.
fn script_in(env: &str, name: &str, text: &str) -> String {
    let more =
        format!(r#","condition":"[equals(parameters('env'),'{env}')]","properties":{{"scriptContent":"{text}"}}"#);
    resource(
        "Microsoft.Kusto/clusters/databases/scripts",
        &format!("adx/Wharf/{name}"),
        &more,
    )
}

#[test]
fn what_is_deployed_in_two_stages_is_never_deployed_together() {
    let env = r#""env":{"type":"string"}"#;
    let table = ".create-merge table Crates (Id: int)";
    let template_of = |resources: &[String]| [("infra/t.json", template(env, resources))];
    let scripts = |other: &str| template_of(&[script_in("dev", "a", table), script_in(other, "b", table)]);
    holds(&scripts("dev"), &["warning parallel-database-scripts"], 0);
    holds(&scripts("prod"), &[], 0);

    let policy = r#".alter-merge database Wharf policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'"#;
    let bare = |env: &str| {
        let more = format!(r#","condition":"[equals(parameters('env'),'{env}')]","identity":{{"type":"None"}}"#);
        resource("Microsoft.Kusto/clusters", "adx", &more)
    };
    let both = |one: &str, two: &str| template_of(&[bare(one), script_in(two, "a", policy)]);
    let broad = "warning all-identity-usages-granted";
    holds(
        &both("dev", "dev"),
        &["error identity-not-assigned-to-cluster", broad],
        0,
    );
    holds(&both("dev", "prod"), &[broad], 0);
}

#[test]
fn the_identity_that_a_cluster_lacks_is_told_once_for_each_kind_of_connection() {
    for kind in [
        "EventHub",
        "EventHubWithManagedIdentity",
        "EventGrid",
        "EventGridWithManagedIdentity",
        "CosmosDb",
    ] {
        let connection = format!(
            r#","kind":"{kind}","properties":{{"managedIdentityResourceId":"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-crane')]"}}"#
        );
        let connection = resource(
            "Microsoft.Kusto/clusters/databases/dataConnections",
            "adx/Wharf/in",
            &connection,
        );
        let files = [
            ("infra/t.json", template("", &[cluster(""), connection])),
            ("p.kql", ".alter database Wharf policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"AutomatedFlows\"}]'".to_owned()),
            ("u.kql", ".create-or-alter continuous-export E to table X with (managedIdentity='system') <| T".to_owned()),
        ];
        holds(&files, &["error malformed-data-connection-identity"], 0);
    }
}
