//! Schemas, loops, children, extensions and symbolic names.

use kustolint::inspect::resources::view;
use kustolint::redact::Redacted;
use serde_json::Value as Json;

use super::{checked, inputs, resource, shown, template, undecided_of, values, values_of};

#[test]
fn all_schemas_in_all_spellings() {
    for (schema, id) in [
        (
            "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "G",
        ),
        (
            "http://schema.management.azure.com/schemas/2014-04-01-preview/DeploymentTemplate.json",
            "G",
        ),
        (
            "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#",
            "S",
        ),
        (
            "https://schema.management.azure.com/schemas/2019-08-01/managementGroupDeploymentTemplate.json#",
            "T",
        ),
        (
            "HTTPS://SCHEMA.MANAGEMENT.AZURE.COM/SCHEMAS/2019-08-01/TENANTDEPLOYMENTTEMPLATE.JSON#",
            "T",
        ),
    ] {
        let text = format!(
            r#"{{"$SCHEMA":"{schema}","contentversion":"1.0.0.0","LanguageVersion":"2.1-experimental","resources":{{"r":{}}}}}"#,
            resource("r", "\"[resourceId('A.B/c', 'n')]\"")
        );
        let (subscription, group) = (
            "/subscriptions/{`subscription().subscriptionId` is known at deployment only}",
            "/resourceGroups/{`resourceGroup().name` is known at deployment only}",
        );
        let start = match id {
            "G" => format!("{subscription}{group}"),
            "S" => subscription.to_owned(),
            _ => String::new(),
        };
        assert_eq!(
            values(&[("x.json", &text)]),
            [format!("r = {start}/providers/A.B/c/n")],
            "{schema}"
        );
    }
}

#[test]
fn resources_that_are_no_list_are_told_of() {
    for resources in ["null", "5", "\"[variables('x')]\""] {
        let reasons = undecided_of(&format!(r#""resources":{resources}"#));
        assert_eq!(reasons, ["`resources` must be a list or an object"], "{resources}");
    }
    assert!(undecided_of(r#""resources":[]"#).is_empty());
    assert!(undecided_of(r#""languageVersion":"2.0","resources":{}"#).is_empty());
}

#[test]
fn of_names_that_stand_twice_the_last_one_counts() {
    let found = values_of(
        r#""Parameters":{"p":{"defaultValue":"first"},"P":{"DefaultValue":"0","defaultvalue":"second"}},
        "VARIABLES":{"v":"first","V":"second","COPY":[{"Name":"l","Count":1,"Input":"a"},{"name":"L","count":1,"input":"b"}]},
        "Resources":[{"Type":"A.B/c","type":"A.B/d","apiVersion":"1","NAME":"x","name":"r",
          "PROPERTIES":{},"properties":{"V":1,"v":["[parameters('p')]","[variables('v')]","[variables('l')[0]]"]}}]"#,
    );
    assert_eq!(found, [r#"r = ["second","second","b"]"#]);
}

#[test]
fn loops_in_variables_properties_and_resources() {
    let found = values_of(
        r#""variables":{"copy":[{"name":"top","count":2,"input":"[concat('t', copyIndex('top', 1))]"}],
          "object":{"copy":[{"name":"in","count":2,"input":{"i":"[copyIndex('in')]"}},{"name":"also","count":0,"input":1}]}},
        "resources":[{"type":"A.B/c","apiVersion":"1","name":"[concat('r', copyIndex(5))]",
          "copy":{"name":"all","count":2,"mode":"serial","batchSize":1},
          "properties":{"v":{"copy":[
            {"name":"a","count":1,"input":{"copy":[{"name":"b","count":2,
              "input":"[concat(copyIndex(), copyIndex('all', 1), copyIndex('a'), copyIndex('b', 7))]"}]}},
            {"name":"c","count":"[length(variables('top'))]","input":"[variables('top')[copyIndex('c')]]"}],
            "d":"[variables('object')]"}}}]"#,
    );
    let of = |round: usize, next: usize, name: usize| {
        format!(
            "r{name} = {}",
            serde_json::json!({
                "a": [{"b": [format!("{round}{next}07"), format!("{round}{next}08")]}],
                "c": ["t1", "t2"],
                "d": {"in": [{"i": 0}, {"i": 1}], "also": []},
            })
        )
    };
    let same = |found: &str, expected: &str| {
        let json = |text: &str| serde_json::from_str::<Json>(text.split_once(" = ").unwrap().1).unwrap();
        assert_eq!(json(found), json(expected));
    };
    same(&found[0], &of(0, 1, 5));
    same(&found[1], &of(1, 2, 6));
    assert!(found[1].starts_with("r6") && found.len() == 2);
}

#[test]
fn one_round_stands_for_all_when_their_number_is_not_known() {
    let copied = |count: &str| {
        values_of(&format!(
            r#""parameters":{{"n":{{"type":"int"}},"few":{{"type":"int","allowedValues":[1,2]}}}},"resources":[
            {{"type":"A.B/c","apiVersion":"1","name":"[concat('r', copyIndex())]","copy":{{"name":"l","count":{count}}},
            "properties":{{"v":"x"}},"resources":[{{"type":"d","apiVersion":"1","name":"[string(copyIndex('l'))]","properties":{{}}}}]}}]"#
        ))
    };
    assert_eq!(copied("\"[parameters('n')]\"").len(), 2);
    assert!(copied("\"[parameters('n')]\"")[0].starts_with("r{`copyIndex('l')"));
    assert_eq!(copied("\"[parameters('few')]\"").len(), 2);
    assert!(copied("0").is_empty() && copied("-1").is_empty() && copied("801").is_empty());
    assert_eq!(copied("2"), ["r0 = x", "r1 = x", "r0/0 = null", "r1/1 = null"]);
}

/// The resources of a template with these members: "type name scope".
fn names(members: &str) -> Vec<String> {
    let found = view(inputs(&[("main.json", &template(members))]));
    let line = |resource: &Redacted<Json>| {
        let scope = match &resource["scope"] {
            Json::Null => String::new(),
            scope => format!(" on {}", shown(scope)),
        };
        format!("{} {}{scope}", shown(&resource["type"]), shown(&resource["name"]))
    };
    found.iter().map(line).collect()
}

#[test]
fn children_in_all_forms() {
    let vault = |children: &str| {
        format!(r#"{{"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"v","resources":[{children}]}}"#)
    };
    let child = |kind: &str, name: &str| format!(r#"{{"type":"{kind}","apiVersion":"1","name":"{name}"}}"#);
    let key = "Microsoft.KeyVault/vaults/keys v/k";
    let list = |one: String| names(&format!(r#""resources":[{one}]"#));
    assert_eq!(list(vault(&child("keys", "k")))[1], key);
    assert_eq!(list(vault(&child("Microsoft.KeyVault/vaults/keys", "v/k")))[1], key);
    assert_eq!(list(child("Microsoft.KeyVault/vaults/keys", "v/k"))[0], key);
    assert_eq!(
        list(vault(&child("providers/roleAssignments", "Microsoft.Authorization/r")))[1],
        "Microsoft.KeyVault/vaults/providers/roleAssignments v/Microsoft.Authorization/r"
    );
    assert_eq!(
        list(vault(&child("Microsoft.Authorization/roleAssignments", "r")))[1],
        "Microsoft.Authorization/roleAssignments r"
    );
    let symbolic = names(
        r#""languageVersion":"2.0","variables":{"n":"v"},"resources":{
        "vault":{"existing":true,"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"[variables('n')]"},
        "vault::key":{"type":"Microsoft.KeyVault/vaults/keys","apiVersion":"1","name":"[format('{0}/{1}', variables('n'), 'k')]",
          "dependsOn":["vault"]}}"#,
    );
    assert_eq!(symbolic, ["Microsoft.KeyVault/vaults v", key]);
}

#[test]
fn what_an_extension_extends_is_kept() {
    let found = names(
        r#""resources":[
        {"type":"Microsoft.Authorization/roleAssignments","apiVersion":"1","name":"a","scope":"Microsoft.Storage/storageAccounts/s"},
        {"type":"Microsoft.Authorization/roleAssignments","apiVersion":"1","name":"b","scope":"[tenantResourceId('A.B/c', 'n')]"},
        {"type":"Microsoft.Authorization/roleAssignments","apiVersion":"1","name":"c","scope":"/"}]"#,
    );
    let kind = "Microsoft.Authorization/roleAssignments";
    assert_eq!(
        found,
        [
            format!("{kind} a on Microsoft.Storage/storageAccounts/s"),
            format!("{kind} b on /providers/A.B/c/n"),
            format!("{kind} c on /")
        ]
    );
}

/// What `reference(...)` of a symbolic name stands for, by the key of its id.
fn referred(resource: &str, name: &str) -> String {
    let found = values_of(&format!(
        r#""languageVersion":"2.0","resources":{{"vault":{resource},"r":{}}}"#,
        resource_with(name)
    ));
    found.last().unwrap().strip_prefix("r = ").unwrap().to_owned()
}

fn resource_with(name: &str) -> String {
    resource("r", &format!("\"[concat('x', reference({name}).p)]\""))
}

#[test]
fn symbolic_names_stand_for_ids_in_their_own_place() {
    let existing = |more: &str| {
        format!(r#"{{"existing":true,"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"v",{more}"x":1}}"#)
    };
    let same = |symbolic: &str, id: &str| {
        let reference = |name: &str| referred(symbolic, name);
        assert_eq!(reference("'vault'"), reference(id), "{symbolic}");
        assert_ne!(
            reference("'vault'"),
            reference("resourceId('Microsoft.KeyVault/vaults', 'w')")
        );
    };
    same(&existing(""), "resourceId('Microsoft.KeyVault/vaults', 'v')");
    same(
        &existing(r#""resourceGroup":"g","#),
        "resourceId('g', 'Microsoft.KeyVault/vaults', 'v')",
    );
    same(
        &existing(r#""subscriptionId":"s","resourceGroup":"g","#),
        "resourceId('s', 'g', 'Microsoft.KeyVault/vaults', 'v')",
    );
    same(
        &existing(r#""scope":"[resourceId('A.B/c', 'n')]","#),
        "extensionResourceId(resourceId('A.B/c', 'n'), 'Microsoft.KeyVault/vaults', 'v')",
    );
    same(
        &existing(r#""scope":"A.B/c/n","#),
        "extensionResourceId(resourceId('A.B/c', 'n'), 'Microsoft.KeyVault/vaults', 'v')",
    );
    same(
        &existing(r#""scope":"/","#),
        "tenantResourceId('Microsoft.KeyVault/vaults', 'v')",
    );
}

#[test]
fn a_symbolic_name_with_an_index_is_that_round() {
    let looped = r#"{"copy":{"name":"vault","count":3},"type":"Microsoft.KeyVault/vaults","apiVersion":"1",
        "name":"[concat('v', copyIndex())]","properties":{}}"#;
    let two = referred(looped, "resourceId('Microsoft.KeyVault/vaults', 'v2')");
    assert_eq!(referred(looped, "'vault[2]'"), two);
    assert_eq!(referred(looped, "format('vault[{0}]', add(1, 1))"), two);
    assert_ne!(referred(looped, "'vault[1]'"), two);
    assert_ne!(referred(looped, "'vault'"), two);
}

#[test]
fn a_vault_of_a_loop_is_the_one_that_a_cluster_names_by_its_symbol() {
    let text = template(
        r#""languageVersion":"2.0","resources":{
        "vaults":{"copy":{"name":"vaults","count":2},"type":"Microsoft.KeyVault/vaults","apiVersion":"1",
          "name":"[concat('v', copyIndex())]","properties":{"enablePurgeProtection":"[equals(copyIndex(), 1)]"}},
        "cluster":{"type":"Microsoft.Kusto/clusters","apiVersion":"1","name":"adx",
          "properties":{"keyVaultProperties":{"keyName":"k","keyVaultUri":"[reference(format('vaults[{0}]', 0)).vaultUri]"}}}}"#,
    );
    let outcome = checked(&[("main.json", &text)]);
    let titles: Vec<_> = outcome
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert!(
        titles.contains(&"vault `v0` holds the key of cluster `adx` and has no purge protection"),
        "{titles:?}"
    );
}
