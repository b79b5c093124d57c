//! The view of the facts that rules read.

use serde_json::{Value, json};

use super::{connection_strings, connections, encryption, hidden, location};
use crate::config::Config;
use crate::engine::{self, Input};
use crate::facts::{
    Case, Cover, Facts, GrantScope, IdentityRef, IdentityUse, Known, KustoGrant, Level, Name, PolicyAction,
    PolicyCommand, Possible, ResourceKey, RoleAssignment, RuleMention, Suppression,
};
use crate::redact::Redacted;
use crate::text::{FileSpan, Sources};

/// Places that a suppression covers and that are shown.
const MOST_PLACES: usize = 8;

/// One object a fact, sorted by path and byte.
#[must_use]
pub fn view(inputs: Vec<Input>, config: &Config) -> Vec<Redacted<Value>> {
    let analysis = engine::analyse(inputs, config);
    let mut facts = told(&analysis.facts, &analysis.sources);
    facts.sort_by_key(|(at, _)| *at);
    let redactor = &analysis.redactor;
    facts.into_iter().map(|(_, fact)| redactor.redacted(fact)).collect()
}

/// All facts with their places. Each is an object with `fact`, `location` and the fact's own fields.
fn told(facts: &Facts, sources: &Sources) -> Vec<(FileSpan, Value)> {
    let mut out = Vec::new();
    let mut add = |at: FileSpan, case: Case, name: &str, fields: Value| {
        let parameters = case.parameters.map(|file| sources.path(file));
        let mut fact = json!({ "fact": name, "location": location(at, sources), "parameters": parameters });
        if let (Some(fact), Value::Object(fields)) = (fact.as_object_mut(), fields) {
            fact.extend(fields);
        }
        out.push((at, fact));
    };
    facts.policies.iter().for_each(|policy| {
        add(
            policy.at,
            policy.script.case,
            "identity-policy",
            self::policy(policy, sources),
        )
    });
    facts
        .uses
        .iter()
        .for_each(|used| add(used.at, used.script.case, "identity-use", self::used(used)));
    for possible in &facts.possible_uses {
        let usage = possible.usage.map(|usage| usage.as_str());
        let table = possible.table.as_ref().map(ToString::to_string);
        let fields = json!({ "usage": usage, "table": table });
        add(possible.at, possible.case, "possible-use", fields);
    }
    facts
        .roles
        .iter()
        .for_each(|role| add(role.at, role.case, "role-assignment", self::role(role, sources)));
    for role in &facts.sql_roles {
        add(role.at, role.case, "cosmos-role-assignment", self::role(role, sources));
    }
    for access in &facts.vault_access {
        let at = access.principal.as_ref().map_or(access.at, |principal| principal.at);
        add(at, access.case, "vault-access", encryption::access(access));
    }
    for connection in &facts.connections {
        let fields = connections::connection(connection, sources);
        add(connection.at, connection.case, "data-connection", fields);
    }
    for followed in &facts.followed {
        add(
            followed.at,
            followed.case,
            "followed-database",
            connections::followed(followed),
        );
    }
    for export in &facts.table_exports {
        let fields = json!({ "table": export.table.to_string(), "script": export.setting.script.index });
        add(export.at, export.setting.script.case, "table-export", fields);
    }
    facts.accounts.iter().for_each(|account| {
        add(
            account.at,
            account.case,
            "storage-account",
            json!({ "name": account.name.to_string() }),
        )
    });
    facts.clusters.iter().for_each(|cluster| {
        add(
            cluster.at,
            cluster.case,
            "cluster",
            encryption::cluster(cluster, sources),
        )
    });
    facts
        .vaults
        .iter()
        .for_each(|vault| add(vault.at, vault.case, "vault", encryption::vault(vault, sources)));
    facts
        .keys
        .iter()
        .for_each(|key| add(key.at, key.case, "key", encryption::key(key, sources)));
    facts.kusto_grants.iter().for_each(|grant| {
        add(
            grant.at,
            grant.setting.script.case,
            "kusto-role",
            self::kusto_grant(grant),
        )
    });
    facts.callouts.iter().for_each(|callout| {
        add(
            callout.at,
            Case::of(callout.at.file),
            "callout",
            json!({ "type": callout.kind }),
        )
    });
    connection_strings::told(facts, sources, &mut add);
    super::scripts::told(facts, &mut add);
    super::secrets::told(facts, sources, &mut add);
    facts.directives.iter().for_each(|directive| {
        let argument = hidden(&directive.argument.display());
        let fields = json!({ "word": directive.word, "argument": argument, "script": directive.script.index });
        add(directive.at, directive.script.case, "client-directive", fields);
    });
    for one in &facts.suppressions {
        add(one.at, Case::of(one.at.file), "suppression", suppression(one, sources));
    }
    out
}

fn suppression(one: &Suppression, sources: &Sources) -> Value {
    let rule = |rule: &RuleMention| json!({ "rule": hidden(&rule.name), "location": location(rule.at, sources) });
    let covers = one.covers.iter().flat_map(Cover::places).take(MOST_PLACES);
    json!({
        "rules": one.rules.iter().map(rule).collect::<Vec<_>>(),
        "reason": hidden(&one.reason),
        "until": one.until.map(|day| day.to_string()),
        "covers": covers.map(|at| location(at, sources)).collect::<Vec<_>>(),
        "flaws": one.flaws.iter().map(|flaw| flaw.what.as_str()).collect::<Vec<_>>(),
    })
}

fn policy(policy: &PolicyCommand, sources: &Sources) -> Value {
    let action = match policy.action {
        PolicyAction::Replace => "replace",
        PolicyAction::Merge => "merge",
        PolicyAction::Delete => "delete",
    };
    let (level, database) = match &policy.level {
        Level::Cluster => ("cluster", None),
        Level::Database(name) => ("database", name.as_ref().map(Name::to_string)),
    };
    let entries = policy.entries.as_ref().map(|entries| {
        let entry = |entry: &crate::facts::PolicyEntry| {
            json!({
                "identity": entry.identity.as_ref().map(identity),
                "usages": entry.usages.iter().map(|word| word.word.as_str()).collect::<Vec<_>>(),
                "complete": entry.complete,
                "location": location(entry.at, sources),
            })
        };
        entries.iter().map(entry).collect::<Vec<_>>()
    });
    json!({
        "action": action,
        "level": level,
        "database": database,
        "cluster": policy.cluster.as_ref().map(Name::to_string),
        "entries": entries,
        "when": policy.when.to_string(),
        "script": policy.script.index,
        "order": policy.order,
        "documentation": !policy.script.is_run(),
    })
}

fn used(used: &IdentityUse) -> Value {
    json!({
        "flow": format!("{:?}", used.flow),
        "usage": used.flow.usage().map(|usage| usage.as_str()),
        "identity": identity(&used.identity),
        "database": used.database.as_ref().map(Name::to_string),
        "cluster": used.cluster.as_ref().map(Name::to_string),
        "account": used.account.as_ref().map(Name::to_string),
        "when": used.when.to_string(),
        "script": used.script.index,
        "order": used.order,
        "documentation": !used.script.is_run(),
    })
}

fn role(role: &RoleAssignment, sources: &Sources) -> Value {
    let scope = match &role.scope {
        GrantScope::Storage { account, container } => {
            json!({ "storageAccount": account.to_string(), "container": container.as_ref().map(Name::to_string) })
        }
        GrantScope::Resource(key) => json!({ "resource": resource(key) }),
        GrantScope::Group => json!("group"),
        GrantScope::Unknown => json!({ "$unknown": "the scope is not known" }),
    };
    json!({
        "principal": role.principal.as_ref().map(identity),
        "role": possible(&role.role, sources, |id| json!(id)),
        "scope": scope,
    })
}

fn kusto_grant(grant: &KustoGrant) -> Value {
    json!({
        "level": if grant.of_cluster { "cluster" } else { "database" },
        "database": grant.database.as_ref().map(Name::to_string),
        "cluster": grant.setting.cluster.as_ref().map(Name::to_string),
        "role": grant.role,
        "principals": grant.principals.iter().map(identity).collect::<Vec<_>>(),
        "others": grant.others,
        "when": grant.setting.when.to_string(),
        "documentation": !grant.setting.script.is_run(),
    })
}

/// An identity by what it is and how it is written.
pub(super) fn identity(named: &IdentityRef) -> Value {
    use crate::facts::Identity;
    let (kind, id) = match &named.identity {
        Identity::System(cluster) => ("system", cluster.as_ref().map(resource)),
        Identity::Object(id) => ("object", Some(id.clone())),
        Identity::UserAssigned(user) => ("user-assigned", Some(resource(user))),
        Identity::Client(user) => ("client", Some(resource(user))),
        Identity::Symbol(symbol) => ("symbol", Some(symbol.key())),
        Identity::Malformed => ("malformed", None),
    };
    json!({ "kind": kind, "id": id, "written": named.written })
}

pub(super) fn resource(key: &ResourceKey) -> String {
    let names: Vec<_> = key.names.iter().map(Name::to_string).collect();
    format!("{} {}", key.kind, names.join("/"))
}

/// The values that a property may have, with their conditions and origins.
pub(super) fn possible<T>(values: &[Possible<T>], sources: &Sources, show: impl Fn(&T) -> Value) -> Vec<Value> {
    let one = |possible: &Possible<T>| {
        let value = match &possible.value {
            Known::Absent => Value::Null,
            Known::Value(value) => show(value),
            Known::Unknown(why) => json!({ "$unknown": why }),
        };
        json!({ "value": value, "when": possible.when.to_string(), "site": location(possible.site, sources), "origin": location(possible.origin, sources) })
    };
    values.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_and_callouts_are_listed() {
        let text = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    { "type": "Microsoft.Kusto/clusters", "name": "c", "properties": {
      "calloutPolicies": [{ "calloutType": "CosmosDB" }, "[reference('x').y]"] } },
    { "type": "Microsoft.Kusto/clusters/principalAssignments", "name": "c/a",
      "properties": { "principalId": "k@quay.example", "principalType": "User", "role": "AllDatabasesAdmin" } },
    { "type": "Microsoft.Kusto/clusters/databases/principalAssignments", "name": "c/d/a",
      "properties": { "principalId": "g", "principalType": "Group", "role": "UnrestrictedViewers" } },
    { "type": "Microsoft.Kusto/clusters/databases/principalAssignments", "name": "c/d/b",
      "properties": "[variables('nowhere')]" }
  ]
}"#;
        let input = Input {
            path: "main.json".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let told = |fact: &Redacted<Value>| format!("{} {} {}", fact["fact"], fact["type"], fact["role"]);
        let facts: Vec<_> = view(vec![input], &Config::default()).iter().map(told).collect();
        let expected = [
            "\"cluster\" null null",
            "\"callout\" \"cosmosdb\" null",
            "\"callout\" null null",
            "\"kusto-role\" null \"alldatabasesadmin\"",
            "\"kusto-role\" null \"unrestrictedviewer\"",
            "\"kusto-role\" null \"\"",
        ];
        assert_eq!(facts, expected);
    }

    #[test]
    fn grants_and_connections_are_listed() {
        let text = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","resources":[
            {"type":"Microsoft.Kusto/clusters/databases/dataConnections","name":"adx/D/c","kind":"EventHub","properties":{
                "eventHubResourceId":"Microsoft.EventHub/namespaces/ns/eventhubs/h","managedIdentityResourceId":"Microsoft.Kusto/clusters/adx"}},
            {"type":"Microsoft.Kusto/clusters/attachedDatabaseConfigurations","name":"adx/f","properties":{
                "clusterResourceId":"Microsoft.Kusto/clusters/lead","databaseName":"*"}},
            {"type":"Microsoft.KeyVault/vaults/accessPolicies","name":"kv/add","properties":{"accessPolicies":[{"objectId":"<id>"}]}},
            {"type":"Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments","name":"cos/r","properties":{
                "roleDefinitionId":"x/sqlRoleDefinitions/00000000-0000-0000-0000-000000000001","principalId":"<id>"}},
            {"type":"Microsoft.Authorization/roleAssignments","name":"g","scope":"Microsoft.EventHub/namespaces/ns","properties":{
                "roleDefinitionId":"a638d3c7-ab3a-418d-83e6-5f17a39d4fde","principalId":"<id>"}}]}"#;
        let input = Input {
            path: "a.json".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let facts = view(vec![input], &Config::default());
        let shown = |name: &str, path: &str| {
            let fact = facts.iter().find(|fact| fact["fact"] == name);
            fact.and_then(|fact| fact.pointer(path))
                .map(ToString::to_string)
                .unwrap_or_default()
        };
        for (fact, path, wanted) in [
            ("data-connection", "/flow", "\"EventHubConnection\""),
            (
                "data-connection",
                "/hub",
                "\"microsoft.eventhub/namespaces/eventhubs ns/h\"",
            ),
            ("data-connection", "/identities/0/resource/kind", "\"system\""),
            ("followed-database", "/database", "null"),
            ("followed-database", "/leader", "\"microsoft.kusto/clusters lead\""),
            ("vault-access", "/vault", "\"kv\""),
            (
                "cosmos-role-assignment",
                "/scope/resource",
                "\"microsoft.documentdb/databaseaccounts cos\"",
            ),
            (
                "role-assignment",
                "/scope/resource",
                "\"microsoft.eventhub/namespaces ns\"",
            ),
        ] {
            assert_eq!(shown(fact, path), wanted, "{fact} {path}");
        }
    }

    #[test]
    fn what_may_work_as_an_identity_is_listed() {
        let text = ".export to csv (h'$(uri)') <| external_table('Out')\n";
        let input = Input {
            path: "a.kql".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let facts = view(vec![input], &Config::default());
        let shown = facts
            .iter()
            .map(|fact| format!("{} {} {}", fact["fact"], fact["usage"], fact["table"]));
        let expected = [
            "\"possible-use\" \"ExportRequest\" null",
            "\"possible-use\" \"ExternalTable\" \"Out\"",
        ];
        assert_eq!(shown.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn notes_for_tools_are_listed() {
        let text =
            "#connect 'https://c.kusto.windows.net'\n.show tables\n// kustolint: ignore[syntax-error] generated\n";
        let input = Input {
            path: "a.kql".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let facts = view(vec![input], &Config::default());
        let shown: Vec<String> = facts
            .iter()
            .map(|fact| format!("{} {} {}", fact["fact"], fact["argument"], fact["rules"][0]["rule"]))
            .collect();
        let expected = [
            "\"client-directive\" \"'https://c.kusto.windows.net'\" null",
            "\"suppression\" null \"syntax-error\"",
        ];
        assert_eq!(shown, expected);
    }
}
