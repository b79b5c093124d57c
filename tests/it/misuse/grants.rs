//! Grants and data connections (M42, M43, M45-M50), and what of them can't be told.
//!
//! M44 (the source is deleted after ingestion) is an option of the client library, in program text.

use std::slice::from_ref;

use kustolint::engine::{Input, check};

use super::found;

const BLOB_READER: &str = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1";
const BLOB_CONTRIBUTOR: &str = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const QUEUE_READER: &str = "19e7f393-937e-4f77-808e-94535e297925";
const HUB_RECEIVER: &str = "a638d3c7-ab3a-418d-83e6-5f17a39d4fde";
const HUB_SENDER: &str = "2b629674-e913-4c01-ae53-ef4638d8f975";
const COSMOS_READER: &str = "fbdf93bf-df7d-467e-a4d2-9458aa1360c8";
const OWNER: &str = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

const ACCOUNT: &str = "[resourceId('Microsoft.Storage/storageAccounts', 'stpier')]";
const HUB: &str = "[resourceId('Microsoft.EventHub/namespaces/eventhubs', 'ehn-pier', 'crates')]";
const COSMOS: &str = "[resourceId('Microsoft.DocumentDB/databaseAccounts', 'cosmos-pier')]";
const CLUSTER: &str = "[resourceId('Microsoft.Kusto/clusters', 'adx-pier')]";
const PRINCIPAL: &str =
    "[reference(resourceId('Microsoft.Kusto/clusters', 'adx-pier'), '2024-04-13', 'full').identity.principalId]";

/// A template with these resources, and a parameter `who` without a value.
fn template(resources: &[String]) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","parameters":{{"who":{{"type":"string"}}}},"variables":{{"roles":{{"Receiver":"{HUB_RECEIVER}"}}}},"resources":[{}]}}"#,
        resources.join(",")
    )
}

/// A value as it stands in the template: a definition of a role.
fn definition(role: &str) -> String {
    format!("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{role}')]")
}

fn grant_to(principal: &str, role: &str, scope: &str) -> String {
    let role = definition(role);
    format!(
        r#"{{"type":"Microsoft.Authorization/roleAssignments","apiVersion":"2022-04-01","name":"[guid('{scope_name}')]","scope":"{scope}","properties":{{"roleDefinitionId":"{role}","principalId":"{principal}"}}}}"#,
        scope_name = scope.len()
    )
}

fn grant(role: &str, scope: &str) -> String {
    grant_to(PRINCIPAL, role, scope)
}

fn connection(kind: &str, more: &str) -> String {
    format!(
        r#"{{"type":"Microsoft.Kusto/clusters/databases/dataConnections","apiVersion":"2024-04-13","name":"adx-pier/Cargo/crates","kind":"{kind}","properties":{{"tableName":"Crates"{more}}}}}"#
    )
}

/// An Event Grid connection as the system-assigned identity.
fn event_grid() -> String {
    connection(
        "EventGrid",
        &format!(
            r#","eventHubResourceId":"{HUB}","storageAccountResourceId":"{ACCOUNT}","managedIdentityResourceId":"{CLUSTER}""#
        ),
    )
}

fn cosmos() -> String {
    connection(
        "CosmosDb",
        &format!(r#","cosmosDbAccountResourceId":"{COSMOS}","managedIdentityResourceId":"{CLUSTER}""#),
    )
}

fn sql_grant(role: &str) -> String {
    format!(
        r#"{{"type":"Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments","apiVersion":"2024-11-15","name":"cosmos-pier/reader","properties":{{"principalId":"{PRINCIPAL}","scope":"{COSMOS}","roleDefinitionId":"{role}"}}}}"#
    )
}

/// The findings of `rule` in a template of these resources, and in a script beside it.
fn of(rule: &str, resources: &[String], script: &str) -> Vec<String> {
    let template = template(resources);
    let all = found(&[("main.json", &template), ("run.kql", script)]);
    let broken: Vec<_> = all.iter().filter(|found| found.contains("syntax-error")).collect();
    assert!(broken.is_empty(), "{broken:?}");
    let named = |found: &String| found.split([' ', ':']).nth(1) == Some(rule);
    all.into_iter().filter(named).collect()
}

/// How many questions on `rule`'s files stay open.
fn open(resources: &[String], script: &str) -> usize {
    let inputs = [("main.json", template(resources)), ("run.kql", script.to_owned())].map(|(path, text)| Input {
        path: path.to_owned(),
        bytes: Ok(text.into_bytes()),
        named: true,
        reported: true,
    });
    check(inputs.into()).undecided.len()
}

const NOTHING: [&str; 0] = [];
const EXPORT: &str = ".export to csv (h'https://stpier.blob.core.windows.net/out;managed_identity=system') <| Crates";
const TABLE: &str = ".create external table Yard (a:string) kind=storage dataformat=csv (h'https://stpier.blob.core.windows.net/in;managed_identity=system')";

fn account() -> String {
    r#"{"type":"Microsoft.Storage/storageAccounts","apiVersion":"2023-05-01","name":"stpier"}"#.to_owned()
}

#[test]
fn m42_a_role_that_only_manages_the_account() {
    let rule = "control-plane-only-grant";
    let expected = format!("error {rule}: \"{}\"", definition(OWNER));
    assert_eq!(of(rule, &[grant(OWNER, ACCOUNT)], ""), [expected]);
    assert_eq!(of(rule, &[grant(BLOB_READER, ACCOUNT)], ""), NOTHING);
    let group = grant_to("[parameters('who')]", BLOB_READER, ACCOUNT)
        .replace("\"principalId\"", "\"principalType\":\"Group\",\"principalId\"");
    assert_eq!(
        of(rule, &[grant(OWNER, ACCOUNT), group], ""),
        NOTHING,
        "it may be in the group"
    );
}

#[test]
fn m43_an_export_with_a_role_that_only_reads() {
    let rule = "read-only-grant-for-write-flow";
    let reads = grant(BLOB_READER, ACCOUNT);
    let expected = format!("error {rule}: \"{}\"", definition(BLOB_READER));
    assert_eq!(of(rule, from_ref(&reads), EXPORT), from_ref(&expected));
    assert_eq!(of(rule, from_ref(&reads), TABLE), NOTHING, "it only reads");
    let once = format!("{TABLE}\n\n.export to table Yard <| Crates");
    assert_eq!(of(rule, from_ref(&reads), &once), [expected], "the table is written to");
    for other in [
        grant(BLOB_CONTRIBUTOR, ACCOUNT),
        grant_to("[parameters('who')]", BLOB_CONTRIBUTOR, ACCOUNT),
        grant("00000000-aaaa-bbbb-cccc-000000000007", ACCOUNT),
        grant(BLOB_CONTRIBUTOR, "[parameters('who')]"),
    ] {
        assert_eq!(of(rule, &[reads.clone(), other.clone()], EXPORT), NOTHING, "{other}");
    }
    let elsewhere = grant(
        BLOB_CONTRIBUTOR,
        "[resourceId('Microsoft.Storage/storageAccounts', 'stother')]",
    );
    assert_eq!(of(rule, &[reads, elsewhere], EXPORT).len(), 1);
}

#[test]
fn an_account_that_no_role_reaches() {
    let rule = "missing-storage-grant";
    let expected = [format!("warning {rule}: managed_identity=system")];
    let queues = grant(QUEUE_READER, ACCOUNT);
    assert_eq!(of(rule, &[account(), queues.clone()], TABLE), expected);
    assert_eq!(
        of(rule, &[account()], TABLE),
        NOTHING,
        "roles are given in another place"
    );
    assert_eq!(
        of(rule, from_ref(&queues), TABLE),
        NOTHING,
        "the account is another one's"
    );
    assert_eq!(of(rule, &[account(), grant(BLOB_READER, ACCOUNT)], TABLE), NOTHING);
    assert_eq!(
        of(rule, &[account(), grant(OWNER, ACCOUNT)], TABLE),
        NOTHING,
        "another rule says so"
    );
    let site = grant_to(
        "[reference(resourceId('Microsoft.Web/sites', 'app'), '2022-09-01', 'full').identity.principalId]",
        BLOB_READER,
        ACCOUNT,
    );
    assert_eq!(of(rule, &[account(), site], TABLE), expected, "a site is no cluster");
    let written_out = TABLE.replace("=system", "=0d9c8b7a-1f2e-4d3c-8b5a-6e7f8091a2b3");
    let system = [account(), grant(BLOB_READER, ACCOUNT)];
    assert_eq!(of(rule, &system, &written_out), NOTHING, "it may be the same identity");
    assert!(open(&system, &written_out) > 0);
    assert_eq!(of(rule, &[account(), queues.clone()], &written_out).len(), 1);
    let group = grant_to("[parameters('who')]", BLOB_READER, ACCOUNT)
        .replace("\"principalId\"", "\"principalType\":\"Group\",\"principalId\"");
    for doubtful in [grant_to("[parameters('who')]", BLOB_READER, ACCOUNT), group] {
        let resources = [account(), queues.clone(), doubtful];
        assert_eq!(of(rule, &resources, TABLE), NOTHING);
        assert!(open(&resources, TABLE) > open(&resources, ""), "{resources:?}");
    }
}

#[test]
fn m45_a_client_id_where_an_object_id_belongs() {
    let rule = "client-id-in-role-assignment";
    let id = |property: &str| {
        format!("[reference(resourceId('Microsoft.ManagedIdentity/userAssignedIdentities', 'id-pier')).{property}]")
    };
    let expected = format!("error {rule}: \"{}\"", id("clientId"));
    assert_eq!(
        of(rule, &[grant_to(&id("clientId"), BLOB_READER, ACCOUNT)], ""),
        [expected]
    );
    assert_eq!(
        of(rule, &[grant_to(&id("principalId"), BLOB_READER, ACCOUNT)], ""),
        NOTHING
    );
    let declared =
        r#"{"type":"Microsoft.ManagedIdentity/userAssignedIdentities","apiVersion":"2023-01-31","name":"id-pier"}"#;
    let plain = "[reference('id-pier').clientId]";
    assert_eq!(
        of(rule, &[declared.to_owned(), grant_to(plain, BLOB_READER, ACCOUNT)], ""),
        [format!("error {rule}: \"{plain}\"")]
    );
}

#[test]
fn m46_an_object_id_where_a_resource_id_belongs() {
    let rule = "malformed-data-connection-identity";
    let with = |value: &str| connection("EventHub", &format!(r#","managedIdentityResourceId":"{value}""#));
    for wrong in ["6e0f5a31-7c2b-4d19-8a55-91b2c3d4e5f6", "id-pier", ACCOUNT] {
        assert_eq!(of(rule, &[with(wrong)], ""), [format!("error {rule}: \"{wrong}\"")]);
    }
    for right in [
        CLUSTER,
        "[parameters('who')]",
        "<resource id of the identity>",
        "[concat(parameters('who'), '/x')]",
    ] {
        assert_eq!(of(rule, &[with(right)], ""), NOTHING, "{right}");
    }
}

#[test]
fn m47_the_object_id_of_the_connection_is_written() {
    let rule = "malformed-data-connection-identity";
    let written = connection(
        "EventHub",
        r#","managedIdentityObjectId":"6e0f5a31-7c2b-4d19-8a55-91b2c3d4e5f6""#,
    );
    assert_eq!(
        of(rule, &[written], ""),
        [format!("error {rule}: \"6e0f5a31-7c2b-4d19-8a55-91b2c3d4e5f6\"")]
    );
    assert_eq!(
        of(
            rule,
            &[connection("EventHub", r#","managedIdentityObjectId":null"#)],
            ""
        ),
        NOTHING
    );
}

#[test]
fn m48_an_event_hub_connection_with_a_key() {
    let rule = "data-connection-without-identity";
    let expected = [format!("warning {rule}: \"properties\"")];
    assert_eq!(of(rule, &[connection("EventHub", "")], ""), expected);
    assert_eq!(
        of(
            rule,
            &[connection("EventHub", r#","managedIdentityResourceId":null"#)],
            ""
        ),
        expected
    );
    assert_eq!(of(rule, &[event_grid()], ""), NOTHING);
    for kind in ["IotHub", "CosmosDb", "EventHubWithManagedIdentity"] {
        assert_eq!(of(rule, &[connection(kind, "")], ""), NOTHING, "{kind}");
    }
}

/// The kind that requires an identity needs the same usage. That is inferred, so it is never an error.
#[test]
fn a_connection_that_requires_an_identity_needs_the_usage() {
    let rule = "missing-identity-usage";
    let required = |kind| connection(kind, &format!(r#","managedIdentityResourceId":"{CLUSTER}""#));
    let policy = |usage| {
        format!(
            ".alter-merge cluster policy managed_identity '[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"{usage}\"}}]'"
        )
    };
    let warning = [format!("warning {rule}: \"{CLUSTER}\"")];
    for kind in ["EventHubWithManagedIdentity", "EventGridWithManagedIdentity"] {
        let found = |usage| of(rule, &[required(kind)], &policy(usage));
        assert_eq!(found("ExternalTable"), warning, "{kind}");
        assert_eq!(found("DataConnection"), NOTHING, "{kind}");
    }
}

#[test]
fn m49_an_event_grid_connection_with_one_role_of_two() {
    let rule = "event-grid-grants-incomplete";
    let expected = [format!("warning {rule}: \"{CLUSTER}\"")];
    let (hub, blobs) = (grant(HUB_RECEIVER, HUB), grant(BLOB_READER, ACCOUNT));
    assert_eq!(of(rule, &[event_grid(), hub.clone()], ""), expected);
    assert_eq!(of(rule, &[event_grid(), blobs.clone()], ""), expected);
    assert_eq!(
        of(rule, &[event_grid(), blobs.clone(), grant(HUB_SENDER, HUB)], ""),
        expected
    );
    assert_eq!(of(rule, &[event_grid(), hub, blobs], ""), NOTHING);
    assert_eq!(
        of(rule, &[event_grid()], ""),
        NOTHING,
        "both are given in another place"
    );
}

/// The same grant in every spelling makes the connection whole; one on another hub does not.
#[test]
fn a_grant_is_read_in_every_spelling() {
    let rule = "event-grid-grants-incomplete";
    let blobs = grant(BLOB_READER, ACCOUNT);
    let properties =
        |role: &str| format!(r#""properties":{{"principalId":"{PRINCIPAL}","roleDefinitionId":"{role}"}}"#);
    let assignment = |kind: &str, name: &str, more: &str, role: &str| {
        format!(
            r#"{{"type":"{kind}","apiVersion":"2022-04-01","name":"{name}",{more}{}}}"#,
            properties(role)
        )
    };
    let plain = definition(HUB_RECEIVER);
    let on = |scope: &str| {
        assignment(
            "Microsoft.Authorization/roleAssignments",
            "a",
            &format!(r#""scope":"{scope}","#),
            &plain,
        )
    };
    let by = |role: &str| {
        assignment(
            "Microsoft.Authorization/roleAssignments",
            "a",
            &format!(r#""scope":"{HUB}","#),
            role,
        )
    };
    let nested = format!(
        r#"{{"type":"Microsoft.EventHub/namespaces","apiVersion":"2024-01-01","name":"ehn-pier","resources":[{}]}}"#,
        assignment("Microsoft.Authorization/roleAssignments", "a", "", &plain)
    );
    let module = format!(
        r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"m","properties":{{"mode":"Incremental","expressionEvaluationOptions":{{"scope":"inner"}},"parameters":{{"id":{{"value":"{PRINCIPAL}"}},"role":{{"value":"Receiver"}}}},"template":{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","parameters":{{"id":{{"type":"string"}},"role":{{"type":"string"}}}},"variables":{{"names":{{"Owner":"{}","Receiver":"{plain}"}}}},"resources":[{{"type":"Microsoft.Authorization/roleAssignments","apiVersion":"2022-04-01","name":"a","scope":"{HUB}","properties":{{"principalId":"[parameters('id')]","roleDefinitionId":"[if(contains(variables('names'), parameters('role')), variables('names')[parameters('role')], parameters('role'))]"}}}}]}}}}}}"#,
        definition(OWNER)
    );
    let whole = [
        on("[resourceId('Microsoft.EventHub/namespaces', 'ehn-pier')]"),
        on("Microsoft.EventHub/namespaces/EHN-pier/eventhubs/crates"),
        on("[resourceGroup().id]"),
        on("/subscriptions/1c1f7a52-0d55-4b1c-9d0e-2f6f0b7f0a11"),
        on("[subscriptionResourceId('Microsoft.Resources/resourceGroups', 'rg-pier')]"),
        assignment("Microsoft.Authorization/roleAssignments", "a", "", &plain),
        assignment(
            "Microsoft.EventHub/namespaces/eventhubs/providers/roleAssignments",
            "ehn-pier/crates/Microsoft.Authorization/a",
            "",
            &plain,
        ),
        nested,
        module,
        by(&format!(
            "/subscriptions/1c1f7a52-0d55-4b1c-9d0e-2f6f0b7f0a11/providers/Microsoft.Authorization/roleDefinitions/{}",
            HUB_RECEIVER.to_uppercase()
        )),
        by(&format!(
            "[concat('/subscriptions/', subscription().subscriptionId, '/providers/Microsoft.Authorization/roleDefinitions/', '{HUB_RECEIVER}')]"
        )),
        by(&format!(
            "[format('{{0}}/providers/Microsoft.Authorization/roleDefinitions/{{1}}', subscription().id, '{HUB_RECEIVER}')]"
        )),
        by("[resourceId('Microsoft.Authorization/roleDefinitions', variables('roles').Receiver)]"),
        by("[tenantResourceId('Microsoft.Authorization/roleDefinitions', variables('roles')['Receiver'])]"),
    ];
    for written in whole {
        assert_eq!(
            of(rule, &[event_grid(), blobs.clone(), written.clone()], ""),
            NOTHING,
            "{written}"
        );
        let resources = [event_grid(), blobs.clone(), written.clone()];
        let rest = [blobs.clone(), written.clone()];
        assert!(open(&resources, "") <= open(&rest, "") + 1, "it is certain: {written}");
    }
    for other in [
        on("[resourceId('Microsoft.EventHub/namespaces/eventhubs', 'ehn-pier', 'barrels')]"),
        on("[resourceId('Microsoft.EventHub/namespaces', 'ehn-quay')]"),
        on(ACCOUNT),
    ] {
        assert_eq!(
            of(rule, &[event_grid(), blobs.clone(), other.clone()], "").len(),
            1,
            "{other}"
        );
    }
    for doubtful in [
        on("[parameters('who')]"),
        on("[resourceId('Microsoft.EventHub/namespaces', parameters('who'))]"),
        by("[parameters('who')]"),
        by("[resourceId('Microsoft.Authorization/roleDefinitions', parameters('who'))]"),
        by(&definition("5b1d0b6a-4f3e-4b7e-9a51-0c2d3e4f5a6b")),
        grant_to("[parameters('who')]", HUB_RECEIVER, HUB),
    ] {
        let resources = [event_grid(), blobs.clone(), doubtful.clone()];
        assert_eq!(of(rule, &resources, ""), NOTHING, "{doubtful}");
    }
}

#[test]
fn m50_a_cosmos_db_connection_with_one_role_of_two() {
    let rule = "cosmos-connection-grants-incomplete";
    let expected = [format!("warning {rule}: \"{CLUSTER}\"")];
    let sql = |id: &str| {
        sql_grant(&format!(
            "[resourceId('Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions', 'cosmos-pier', '{id}')]"
        ))
    };
    let (azure, items) = (
        grant(COSMOS_READER, COSMOS),
        sql("00000000-0000-0000-0000-000000000001"),
    );
    assert_eq!(of(rule, &[cosmos(), azure.clone()], ""), expected);
    assert_eq!(of(rule, &[cosmos(), items.clone()], ""), expected);
    assert_eq!(of(rule, &[cosmos(), azure.clone(), items.clone()], ""), NOTHING);
    let doubtful = [
        [azure.clone(), sql("7f3d2c10-aaaa-4b5c-8d9e-0f1a2b3c4d5e")],
        [items, grant(OWNER, COSMOS)],
    ];
    for [one, two] in doubtful {
        assert_eq!(of(rule, &[cosmos(), one, two.clone()], ""), NOTHING, "{two}");
    }
    let elsewhere = sql("00000000-0000-0000-0000-000000000001").replace("cosmos-pier/reader", "cosmos-quay/reader");
    assert_eq!(of(rule, &[cosmos(), azure, elsewhere], ""), expected, "another account");
}

#[test]
fn m60_a_follower_without_the_identity_of_the_leader() {
    let rule = "missing-follower-identity";
    let cluster = |name: &str, kind: &str| {
        format!(
            r#"{{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"{name}","identity":{{"type":"{kind}"}}}}"#
        )
    };
    let follow = |database: &str| {
        format!(
            r#"{{"type":"Microsoft.Kusto/clusters/attachedDatabaseConfigurations","apiVersion":"2024-04-13","name":"adx-quay/f","properties":{{"clusterResourceId":"{CLUSTER}","databaseName":"{database}"}}}}"#
        )
    };
    let script = format!(
        r#"{{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"adx-pier/Cargo/s","properties":{{"scriptContent":"{TABLE}"}}}}"#
    );
    let with = |kind: &str, database: &str| {
        let resources = [
            cluster("adx-pier", "SystemAssigned"),
            cluster("adx-quay", kind),
            follow(database),
            script.clone(),
        ];
        of(rule, &resources, "")
    };
    let expected = [format!("warning {rule}: \"None\"")];
    assert_eq!(with("None", "Cargo"), expected);
    assert_eq!(with("None", "*"), expected);
    assert_eq!(with("SystemAssigned", "Cargo"), NOTHING);
    assert_eq!(with("None", "Customs"), NOTHING, "another database");
    assert_eq!(with("[parameters('who')]", "Cargo"), NOTHING);
    let chosen = r#"Cargo","tableLevelSharingProperties":{"externalTablesToExclude":["*"]},"x":"y"#;
    assert_eq!(with("None", chosen), NOTHING, "a choice of tables");
    let others = r#"Cargo","tableLevelSharingProperties":{"tablesToExclude":["*"]},"x":"y"#;
    assert_eq!(with("None", others), expected, "external tables are all there");
}
