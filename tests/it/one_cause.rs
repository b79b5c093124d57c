//! What one cause is told of, and from which file it is seen.

use kustolint::engine::{Input, Outcome, check};

const ONE: &str = "5e1d8a07-c3b4-4f92-8a6e-0d7f21b95c34";
const TWO: &str = "b06f4c19-72da-4e58-9c31-e84a5d20f76b";

/// Checks files; those whose path starts with `seen` are reported on.
fn checked(files: &[(&str, String)], seen: &str) -> Outcome {
    let inputs = files.iter().map(|(path, text)| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.clone().into_bytes()),
        named: true,
        reported: path.starts_with(seen),
    });
    check(inputs.collect())
}

/// "path rule" of each finding with the paths of its labels, as seen from the files that start with `seen`.
fn told(files: &[(&str, String)], seen: &str) -> Vec<String> {
    let outcome = checked(files, seen);
    let path = |at: kustolint::text::FileSpan| outcome.sources.path(at.file).to_owned();
    let findings = outcome.findings.iter().map(|finding| {
        let labels: Vec<_> = finding.related.iter().map(|label| path(label.at)).collect();
        format!("{} {}: {}", path(finding.primary.at), finding.rule, labels.join(" "))
    });
    findings.collect()
}

fn allow(level: &str, identity: &str, usages: &str) -> String {
    format!(
        ".alter-merge {level} policy managed_identity '[{{\"ObjectId\":\"{identity}\",\"AllowedUsages\":\"{usages}\"}}]'"
    )
}

fn queue(database: &str, identity: &str) -> String {
    format!(
        ".ingest-from-storage-queued into table database('{database}').Crates with (format='csv') <|\n    \
         .list blobs (h'https://stwharf.blob.core.windows.net/raw;managed_identity={identity}')"
    )
}

/// The policy has a finding that says whom it was meant for, and each use the one that says what it lacks.
#[test]
fn another_identity_is_told_at_the_policy_and_at_each_use() {
    let files = [
        ("a.kql", queue("Wharf", TWO)),
        ("policy.kql", allow("cluster", ONE, "NativeIngestion")),
    ];
    assert_eq!(
        told(&files, ""),
        [
            "a.kql missing-native-ingestion: ",
            "policy.kql identity-mismatch: a.kql"
        ]
    );
    assert_eq!(told(&files, "policy"), ["policy.kql identity-mismatch: a.kql"]);
    assert_eq!(told(&files, "a"), ["a.kql missing-native-ingestion: "]);
    let notes = &checked(&files, "policy").findings[0].notes;
    let command = format!(
        ".alter-merge cluster policy managed_identity ```[{{\"ObjectId\":\"{TWO}\",\"AllowedUsages\":\"NativeIngestion\"}}]```"
    );
    assert!(notes.iter().any(|note| note.contains(&command)), "{notes:#?}");
}

#[test]
fn another_database_is_told_with_all_that_is_to_run() {
    let files = [
        ("a.kql", queue("Wharf", "system")),
        ("b.kql", queue("Yard", "system")),
        ("policy.kql", allow("database Depot", "system", "NativeIngestion")),
    ];
    assert_eq!(
        told(&files, "policy"),
        ["policy.kql identity-policy-on-other-database: a.kql b.kql"]
    );
    let notes = checked(&files, "policy").findings[0].notes.join("\n");
    for database in ["Wharf", "Yard"] {
        assert!(
            notes.contains(&format!("run: .alter-merge database {database} policy")),
            "{notes}"
        );
    }
}

#[test]
fn a_policy_that_is_needed_where_it_is_leaves_the_use_to_tell() {
    let files = [
        ("a.kql", queue("Wharf", "system")),
        ("b.kql", queue("Depot", "system")),
        ("policy.kql", allow("database Depot", "system", "NativeIngestion")),
    ];
    assert_eq!(told(&files, ""), ["a.kql missing-native-ingestion: policy.kql"]);
}

#[test]
fn many_uses_are_counted() {
    let uses = vec![queue("Wharf", TWO); 12].join("\n\n");
    let files = [
        ("a.kql", uses),
        ("policy.kql", allow("cluster", ONE, "NativeIngestion")),
    ];
    let outcome = checked(&files, "policy");
    let [finding] = outcome.findings.as_slice() else {
        panic!("{:#?}", outcome.findings);
    };
    assert_eq!(finding.related.len(), 8);
    assert!(
        finding
            .notes
            .iter()
            .any(|note| note == "it is used in 12 places in all")
    );
}

/// A template with a cluster that has one user-assigned identity, and a data connection with `identity`.
fn connected(identity: &str, policy: &str) -> String {
    let policy = policy.replace('"', "\\\"");
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[
{{"type":"Microsoft.Kusto/clusters","apiVersion":"2024-04-13","name":"adx-wharf","location":"westeurope","identity":{{"type":"UserAssigned","userAssignedIdentities":{{"[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-wharf')]":{{}}}}}}}},
{{"type":"Microsoft.Kusto/clusters/databases/dataConnections","apiVersion":"2024-04-13","name":"adx-wharf/Wharf/arrivals","location":"westeurope","kind":"EventHub","properties":{{"eventHubResourceId":"[resourceId('Microsoft.EventHub/namespaces/eventhubs','ehn','arrivals')]","consumerGroup":"kusto","managedIdentityResourceId":"{identity}"}}}},
{{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2024-04-13","name":"adx-wharf/Wharf/s","properties":{{"scriptContent":"{policy}"}}}}]}}"#
    )
}

#[test]
fn a_connection_whose_identity_is_not_on_the_cluster_is_told_once() {
    let grant = "then run: .alter-merge database Wharf policy managed_identity ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"DataConnection\"}]```";
    let own = "[resourceId('Microsoft.Kusto/clusters','adx-wharf')]";
    let notes = |identity: &str, policy: &str| {
        let outcome = checked(&[("main.json", connected(identity, policy))], "");
        let [finding] = outcome.findings.as_slice() else {
            panic!("{:#?}", outcome.findings);
        };
        (finding.rule, finding.notes.join("\n"))
    };
    let (rule, told) = notes(own, ".create-merge table Tide (a:int)");
    assert_eq!(rule, "malformed-data-connection-identity");
    assert!(told.contains(grant), "{told}");
    let (rule, told) = notes(
        "[resourceId('Microsoft.Kusto/clusters','adx-other')]",
        ".create-merge table Tide (a:int)",
    );
    assert_eq!(rule, "malformed-data-connection-identity");
    assert!(told.contains(grant), "{told}");

    // An identity that the cluster has lacks the policy alone.
    let has = "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-wharf')]";
    assert_eq!(
        notes(has, ".create-merge table Tide (a:int)").0,
        "missing-identity-usage"
    );

    // With the policy there is no more to say than that the cluster lacks the identity, here and at the policy.
    let outcome = checked(
        &[(
            "main.json",
            connected(own, &allow("database Wharf", "system", "DataConnection")),
        )],
        "",
    );
    let rules: Vec<_> = outcome.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(
        rules,
        ["malformed-data-connection-identity", "identity-not-assigned-to-cluster"]
    );
    assert!(!outcome.findings[0].notes.join("\n").contains("then run"));
}

#[test]
fn a_command_that_the_service_would_refuse_is_not_all_there_is_to_do() {
    let files = [
        ("a.kql", queue("Wharf", "system")),
        (
            "main.json",
            connected(
                "[resourceId('Microsoft.ManagedIdentity/userAssignedIdentities','id-wharf')]",
                ".create-merge table Tide (a:int)",
            ),
        ),
    ];
    let outcome = checked(&files, "a.kql");
    let [finding] = outcome.findings.as_slice() else {
        panic!("{:#?}", outcome.findings);
    };
    assert_eq!(finding.rule, "missing-native-ingestion");
    let notes = finding.notes.join("\n");
    assert!(
        notes.contains("cluster `adx-wharf` has user-assigned identities only: first write in the cluster: \"type\": \"SystemAssigned, UserAssigned\"")
            && notes.contains("then run (the service refuses it before): .alter-merge database Wharf policy"),
        "{notes}"
    );
    assert_eq!(finding.related.len(), 1);
}

#[test]
fn direct_ingestion_has_one_finding() {
    let ingest = |identity: &str| {
        format!(
            ".ingest into table Crates (h'https://stwharf.blob.core.windows.net/raw/a.csv;managed_identity={identity}')"
        )
    };
    let found = |text: String| {
        let outcome = checked(&[("a.kql", text)], "");
        let found = outcome
            .findings
            .iter()
            .map(|finding| (finding.rule, finding.notes.join("\n")));
        found.collect::<Vec<_>>()
    };
    for (identity, rule) in [
        ("system", "missing-native-ingestion"),
        (ONE, "missing-native-ingestion"),
        ("<object id>", "direct-ingestion-identity"),
    ] {
        let found = found(ingest(identity));
        assert!(
            matches!(found.as_slice(), [(one, notes)] if *one == rule && notes.contains("in queued ingestion only")),
            "{identity}: {found:#?}"
        );
    }
    // A policy that names the identity and lacks the usage leaves no doubt about what to mend.
    let lacking = found(format!(
        "{}\n\n{}",
        allow("cluster", "system", "ExternalTable"),
        ingest("system")
    ));
    assert!(
        matches!(lacking.as_slice(), [(_, notes)] if !notes.contains("in queued ingestion only")),
        "{lacking:#?}"
    );
}

#[test]
fn a_mistake_in_a_policy_is_the_finding_of_the_uses_that_wait_for_it() {
    let misspelt = allow("database Wharf", ONE, "NativeIngestions");
    let files = [("a.kql", misspelt), ("b.kql", queue("Wharf", ONE))];
    let expected = ["a.kql unknown-identity-usage: b.kql"];
    assert_eq!(told(&files, ""), expected);
    let alone = checked(&files, "b.kql");
    let rules: Vec<_> = alone.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["unknown-identity-usage"]);
    // Another word is not what the use waits for.
    let other = allow("database Wharf", ONE, "ExternalTables");
    assert_eq!(
        told(&[("a.kql", other), ("b.kql", queue("Wharf", ONE))], ""),
        [
            "a.kql unknown-identity-usage: ",
            "b.kql missing-native-ingestion: a.kql"
        ]
    );
    let nobody = allow("database Wharf", "sytem", "NativeIngestion");
    let files = [("a.kql", nobody.clone()), ("b.kql", queue("Wharf", "system"))];
    assert_eq!(told(&files, ""), ["a.kql malformed-identity-policy: b.kql"]);
    // With two identities it can't be told for which of them the entry is meant.
    let files = [
        ("a.kql", nobody),
        ("b.kql", queue("Wharf", "system")),
        ("c.kql", queue("Wharf", ONE)),
    ];
    assert_eq!(
        told(&files, ""),
        [
            "a.kql malformed-identity-policy: ",
            "b.kql missing-native-ingestion: ",
            "c.kql missing-native-ingestion: "
        ]
    );
}
