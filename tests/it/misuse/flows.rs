//! Flows: what runs by itself, what calls out, and what works with no identity (M21, M24, M34-M41, M53, M54, M57, M58,
//! M61).

use super::{found, in_script};

const ONE: &str = "3f8b1c52-9a4e-4a7e-9f55-6c2d3e4f5a6b";
const TWO: &str = "8d2c7a10-1b3e-4d51-a6f4-17e0c1b2a3d4";

/// A command that allows `usages` to an identity in database `Quay`.
fn allow(identity: &str, usages: &str) -> String {
    format!(
        ".alter-merge database Quay policy managed_identity ```[{{\"ObjectId\":\"{identity}\",\"AllowedUsages\":\"{usages}\"}}]```"
    )
}

/// A script of these commands.
fn script(commands: &[&str]) -> String {
    commands.join("\n\n")
}

/// A storage table `Out` that signs in in this way.
fn table(sign_in: &str) -> String {
    format!(
        ".create external table Out (a:string) kind=storage dataformat=csv (h'https://quay.blob.core.windows.net/out;{sign_in}')"
    )
}

const SECURED: &str =
    ".alter table Cargo policy row_level_security enable \"Cargo | where Owner == current_principal()\"";

#[test]
fn m21_the_policy_names_another_identity() {
    let ingest =
        format!(".ingest into table Cargo (h'https://quay.blob.core.windows.net/in/a.csv;managed_identity={TWO}')");
    let uses = format!("managed_identity={TWO}");
    assert_eq!(
        in_script(&script(&[&allow(ONE, "NativeIngestion"), &ingest])),
        [
            format!("warning identity-mismatch: {ONE}"),
            format!("warning missing-native-ingestion: {uses}"),
        ]
    );
    assert_eq!(in_script(&script(&[&allow(TWO, "NativeIngestion"), &ingest])), [""; 0]);
}

#[test]
fn m24_the_policy_is_that_of_another_database() {
    let resource = |database: &str, content: &str| {
        let content = content.replace('\\', "\\\\").replace('"', "\\\"");
        format!(
            r#"{{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"adx/{database}/s","dependsOn":["adx/Quay/s"],"properties":{{"scriptContent":"{content}"}}}}"#
        )
    };
    let template = |database: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{},{}]}}"#,
            resource("Quay", &allow("system", "ExternalTable")),
            resource(database, &table("managed_identity=system"))
        )
    };
    assert_eq!(
        found(&[("main.json", &template("Dock"))]),
        [
            "warning identity-policy-on-other-database: database Quay",
            "warning missing-identity-usage: managed_identity=system"
        ]
    );
    assert_eq!(found(&[("main.json", &template("Quay"))]), [""; 0]);
}

#[test]
fn m34_an_export_to_a_table_that_impersonates() {
    let export = ".create-or-alter continuous-export Daily to table Out <| Cargo";
    assert_eq!(
        in_script(&script(&[&table("impersonate"), export])),
        ["error continuous-export-without-identity: Daily"]
    );
    let export = ".create-or-alter continuous-export Daily to table Out with (managedIdentity='system') <| Cargo";
    assert_eq!(
        in_script(&script(&[
            &allow("system", "AutomatedFlows"),
            &table("impersonate"),
            export
        ])),
        [""; 0]
    );
}

#[test]
fn m35_an_export_that_reads_another_database() {
    let export = ".create-or-alter continuous-export Daily to table Out <| Cargo | union database('Dock').Crew";
    assert_eq!(in_script(export), ["warning continuous-export-without-identity: Daily"]);
}

#[test]
fn m36_an_identity_without_quotes_is_read_as_one() {
    // Whether the service minds the missing quotes is not documented; what the identity needs is known.
    let export = ".create-or-alter continuous-export Daily to table Out with (managedIdentity=system) <| Cargo";
    assert_eq!(
        in_script(&script(&[&allow("system", "ExternalTable"), export])),
        ["error missing-identity-usage: system"]
    );
}

#[test]
fn m37_an_export_without_its_usage() {
    let export = ".create-or-alter continuous-export Daily to table Out with (managedIdentity='system') <| Cargo";
    assert_eq!(
        in_script(&script(&[&allow("system", "ExternalTable"), export])),
        ["error missing-identity-usage: 'system'"]
    );
}

#[test]
fn m38_an_update_policy_without_an_identity() {
    let query = "Cargo | join database('Dock').Crew on Id";
    let policy = format!(
        ".alter table Berths policy update ```[{{\"IsEnabled\":true,\"Source\":\"Cargo\",\"Query\":\"{query}\"}}]```"
    );
    assert_eq!(
        in_script(&policy),
        [format!("warning update-policy-without-identity: \"{query}\"")]
    );
    let policy = policy.replace(query, "Cargo");
    assert_eq!(
        in_script(&script(&[SECURED, &policy])),
        ["error update-policy-without-identity: \"Cargo\""]
    );
    assert_eq!(in_script(&policy), [""; 0]);
}

#[test]
fn m39_a_name_in_an_update_policy() {
    let policy = ".alter table Berths policy update ```[{\"IsEnabled\":true,\"Source\":\"Cargo\",\"Query\":\"Cargo\",\"ManagedIdentity\":\"id-quay\"}]```";
    assert_eq!(
        in_script(&script(&[SECURED, policy])),
        ["error update-policy-without-identity: id-quay"]
    );
    assert_eq!(in_script(policy), [""; 0]);

    let impersonates = table("impersonate");
    let export = ".create-or-alter continuous-export Daily to table Out with (managedIdentity='id-quay') <| Cargo";
    assert_eq!(
        in_script(&script(&[&impersonates, export])),
        ["error continuous-export-without-identity: id-quay"]
    );
    let own = table("managed_identity=system");
    let allowed = allow("system", "ExternalTable");
    assert_eq!(in_script(&script(&[&allowed, &own, export])), [""; 0]);

    let delta = ".create external table Out kind=delta (h'https://quay.blob.core.windows.net/out;impersonate')";
    let acceleration = ".alter external table Out policy query_acceleration '{\"IsEnabled\":true,\"Hot\":\"3.00:00:00\",\"ManagedIdentity\":\"id-quay\"}'";
    assert_eq!(
        in_script(&script(&[delta, acceleration])),
        ["error query-acceleration-without-identity: id-quay"]
    );
}

#[test]
fn m39_a_name_where_no_identity_is_needed_is_left_undecided() {
    let policy = ".alter table Berths policy update ```[{\"IsEnabled\":true,\"Source\":\"Cargo\",\"Query\":\"Cargo\",\"ManagedIdentity\":\"id-quay\"}]```";
    let input = kustolint::engine::Input {
        path: "a.kql".to_owned(),
        bytes: Ok(policy.as_bytes().to_vec()),
        named: true,
        reported: true,
    };
    let outcome = kustolint::engine::check(vec![input]);
    let reasons: Vec<_> = outcome.undecided.iter().map(|open| open.reason.as_str()).collect();
    assert_eq!(reasons, ["`id-quay` is neither `system` nor an object id"]);
}

#[test]
fn m40_an_accelerated_table_that_impersonates() {
    let delta = ".create external table Out kind=delta (h'https://quay.blob.core.windows.net/out;impersonate')";
    let policy = ".alter external table Out policy query_acceleration '{\"IsEnabled\":true,\"Hot\":\"3.00:00:00\"}'";
    assert_eq!(
        in_script(&script(&[delta, policy])),
        ["error query-acceleration-without-identity: '{\"IsEnabled\":true,\"Hot\":\"3.00:00:00\"}'"]
    );
    let other = delta.replace("impersonate", "managed_identity=system");
    assert_eq!(
        in_script(&script(&[&allow("system", "ExternalTable"), &other, policy])),
        [""; 0]
    );
}

#[test]
fn m41_an_identity_that_may_not_read() {
    let export =
        format!(".create-or-alter continuous-export Daily to table Out with (managedIdentity='{ONE}') <| Cargo");
    let with = |grant: &str| in_script(&script(&[&allow(ONE, "AutomatedFlows"), grant, &export]));
    let warning = [format!("warning automation-identity-not-viewer: {ONE}")];
    assert_eq!(with(".add database Quay viewers ('aaduser=kim@quay.example')"), warning);
    assert_eq!(
        with(&format!(".add database Quay ingestors ('aadapp={ONE};t')")),
        warning
    );
    // Nobody gets a role; the identity does; it may be in a group; the id may be its client id.
    assert_eq!(with(".show tables"), [""; 0]);
    assert_eq!(with(&format!(".add database Quay users ('aadapp={ONE};t')")), [""; 0]);
    assert_eq!(
        with(".add database Quay viewers ('aadgroup=readers@quay.example')"),
        [""; 0]
    );
    assert_eq!(with(&format!(".add database Quay viewers ('aadapp={TWO};t')")), [""; 0]);
    // An id that the files use as an object id is that of another identity.
    let other = format!(
        "{}\n\n.add database Quay viewers ('aadapp={TWO};t')",
        allow(TWO, "DataConnection")
    );
    assert_eq!(with(&other), warning);
}

#[test]
fn m53_a_model_called_without_usage_and_callout() {
    let call = "evaluate ai_embeddings('a', 'https://quay.openai.azure.com/openai/deployments/e/embeddings?api-version=2024-06-01;managed_identity=system')";
    let callout = ".alter-merge cluster policy callout @'[{\"CalloutType\":\"azure_openai\",\"CalloutUriRegex\":\"quay\",\"CanCall\":true}]'";
    let usage = "warning missing-identity-usage: managed_identity=system";
    assert_eq!(in_script(&script(&[callout, call])), [usage]);
    assert_eq!(
        in_script(&script(&[&allow("system", "AzureAI"), call])),
        ["warning missing-callout-policy: managed_identity=system"]
    );
    assert_eq!(
        in_script(&script(&[&allow("system", "AzureAI"), callout, call])),
        [""; 0]
    );
}

#[test]
fn m54_an_artifact_without_a_callout() {
    let allow = ".alter-merge cluster policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"SandboxArtifacts\"}]'";
    let call = "Cargo | evaluate python(typeof(*), 'result = df', external_artifacts=bag_pack('m.zip', 'https://quay.blob.core.windows.net/py/m.zip;managed_identity=system'))";
    assert_eq!(
        in_script(&script(&[allow, call])),
        ["warning missing-callout-policy: managed_identity=system"]
    );
    // Queries alone say nothing of the cluster's policies.
    assert_eq!(
        in_script(call),
        ["warning missing-identity-usage: managed_identity=system"]
    );
}

#[test]
fn m57_mysql_as_an_identity() {
    let signs_in = "Authentication=\"Active Directory Managed Identity\"";
    let table = format!(
        ".create external table Crew (Id:int) kind=sql table=crew (h'Server=quay.mysql.database.azure.com;Port=3306;Database=d;{signs_in}') with (sqlDialect='MySql')"
    );
    assert_eq!(
        in_script(&table),
        [format!("error unsupported-identity-flow: {signs_in}")]
    );
}

#[test]
fn m58_export_to_sql_as_an_identity() {
    let signs_in = "Authentication=\"Active Directory Managed Identity\"";
    let export = format!(
        ".export to sql Crew h'Server=tcp:quay.database.windows.net,1433;Initial Catalog=d;{signs_in}' <| Cargo"
    );
    assert_eq!(
        in_script(&export),
        [format!("error unsupported-identity-flow: {signs_in}")]
    );
}

#[test]
fn m61_rows_under_security_to_a_table_of_its_own_identity() {
    let allowed = allow("system", "AutomatedFlows, ExternalTable");
    let export =
        ".create-or-alter continuous-export Daily over (Cargo) to table Out with (managedIdentity='system') <| Cargo";
    assert_eq!(
        in_script(&script(&[&allowed, SECURED, &table("managed_identity=system"), export])),
        ["error rls-export-target: managed_identity=system"]
    );
    assert_eq!(
        in_script(&script(&[&allowed, SECURED, &table("impersonate"), export])),
        [""; 0]
    );
    assert_eq!(
        in_script(&script(&[&allowed, &table("managed_identity=system"), export])),
        [""; 0]
    );
}

#[test]
fn m41_roles_that_a_template_gives() {
    const OWN: &str =
        "[reference(resourceId('Microsoft.Kusto/clusters','adx'),'2024-04-13','Full').identity.principalId]";
    const OTHER: &str =
        "[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-dock')).principalId]";
    let with = |kind: &str, name: &str, role: &str, principal: &str| {
        let export = ".create-or-alter continuous-export Daily to table Out with (managedIdentity='system') <| Cargo";
        let content = script(&[&allow("system", "AutomatedFlows"), export])
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        let resources = [
            r#"{"type":"Microsoft.Kusto/clusters/databases/principalAssignments","apiVersion":"2024-04-13","name":"adx/Quay/u","properties":{"principalId":"kim@quay.example","principalType":"User","role":"Admin"}}"#.to_owned(),
            format!(r#"{{"type":"Microsoft.Kusto/{kind}/principalAssignments","apiVersion":"2024-04-13","name":"{name}","properties":{{"principalId":"{principal}","principalType":"App","role":"{role}"}}}}"#),
            format!(r#"{{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"adx/Quay/s","properties":{{"scriptContent":"{content}"}}}}"#),
        ];
        let template = format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{}]}}"#,
            resources.join(",")
        );
        found(&[("main.json", &template)])
    };
    let database = "clusters/databases";
    let warning = ["warning automation-identity-not-viewer: system"];
    assert_eq!(with(database, "adx/Quay/a", "Viewer", OWN), [""; 0]);
    assert_eq!(with("clusters", "adx/a", "AllDatabasesAdmin", OWN), [""; 0]);
    // An id may be its client id, and a parameter may carry it.
    assert_eq!(with(database, "adx/Quay/a", "Viewer", TWO), [""; 0]);
    assert_eq!(with(database, "adx/Quay/a", "Viewer", "[parameters('who')]"), [""; 0]);
    assert_eq!(with(database, "adx/Quay/a", "Ingestor", OWN), warning);
    assert_eq!(with(database, "adx/Dock/a", "Viewer", OWN), warning);
    assert_eq!(with("clusters", "adx/a", "AllDatabasesMonitor", OWN), warning);
    assert_eq!(with(database, "adx/Quay/a", "Viewer", OTHER), warning);
}
