//! The access map: what it says of a project, and that no name breaks out of a form.

use insta::assert_snapshot;
use kustolint::engine::{Input, access_map};
use kustolint::report::map;

use crate::projects::{File, files, inputs};

type Write = fn(&kustolint::engine::Mapped, &mut dyn std::io::Write) -> std::io::Result<()>;

fn written(inputs: Vec<Input>, write: Write) -> String {
    let mut out = anstream::StripStream::new(Vec::new());
    write(&access_map(inputs), &mut out).expect("nothing fails in memory");
    String::from_utf8(out.into_inner()).expect("UTF-8")
}

fn demo(write: Write) -> String {
    written(inputs(&files("demo")), write)
}

#[test]
fn the_demo_as_a_table() {
    assert_snapshot!(demo(map::table));
}

#[test]
fn the_demo_as_json() {
    let value: serde_json::Value = serde_json::from_str(&demo(map::json)).expect("one JSON object");
    assert_snapshot!(serde_json::to_string_pretty(&value).expect("JSON"));
}

#[test]
fn the_demo_as_a_flowchart() {
    assert_snapshot!(demo(map::mermaid));
}

#[test]
fn the_demo_as_a_graph() {
    assert_snapshot!(demo(map::dot));
}

#[test]
fn the_demo_as_a_picture() {
    let picture = demo(map::svg);
    well_formed(&picture);
    assert!(picture.contains(">✗ missing: NativeIngestion<"), "{picture}");
    assert!(!picture.contains("<script") && !picture.contains("href"), "{picture}");
}

#[test]
fn the_order_of_the_files_makes_no_difference() {
    for write in [map::table as Write, map::json, map::mermaid, map::dot, map::svg] {
        let mut turned = inputs(&files("demo"));
        turned.reverse();
        assert_eq!(written(turned, write), demo(write));
    }
}

/// One script.
fn script(text: &str) -> Vec<Input> {
    let files: Vec<File> = vec![("a.kql".to_owned(), text.as_bytes().to_vec())];
    inputs(&files)
}

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "a]]>b",
    "a&lt;b&",
    "%%{init: {}}%%",
    "click n0 href",
    "e\u{202e}vil\u{200b}",
    "::error::x",
    "##vso[task.complete]",
    "-->|x| y",
    "n0\u{fffe}",
];

#[test]
fn no_name_breaks_out_of_a_form() {
    for name in HOSTILE {
        let text = format!(
            ".alter database ['{name}'] policy managed_identity ```[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"{name}, \
             ExternalTable\"}}]```\n\n.ingest into table T (h'https://st1.blob.core.windows.net/c/a.csv;managed_identity={name}')\n"
        );
        let picture = written(script(&text), map::svg);
        well_formed(&picture);
        assert!(
            picture.contains("database ?") && !picture.contains("<script"),
            "{picture}"
        );
        let flowchart = written(script(&text), map::mermaid);
        for line in flowchart.lines() {
            let quotes = line.matches('"').count();
            assert!(quotes == 2 || quotes == 0, "{line}");
            assert!(
                !line.contains("%%") && !line.contains('`') && !line.trim_start().starts_with("click"),
                "{line}"
            );
        }
        let graph = written(script(&text), map::dot);
        let free = graph.replace("\\\\", "").replace("\\\"", "");
        assert!(
            free.lines().all(|line| line.matches('"').count().is_multiple_of(2)),
            "{graph}"
        );
        for text in [picture, flowchart, graph, written(script(&text), map::table)] {
            assert!(!text.contains(['\u{202e}', '\u{200b}', '\u{1b}']), "{text}");
            assert!(!text.contains("##vso["), "{text}");
        }
    }
}

#[test]
fn secrets_are_masked_in_every_form() {
    let key = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYg==";
    let text = format!(
        ".ingest into table T (h'https://st1.blob.core.windows.net/c/a.csv;managed_identity=AccountKey={key}')\n"
    );
    for write in [map::table as Write, map::json, map::mermaid, map::dot, map::svg] {
        let shown = written(script(&text), write);
        assert!(!shown.contains("Zm9vYmFyYmF6"), "{shown}");
    }
}

#[test]
fn what_is_not_known_is_shown_as_unknown() {
    let text = ".ingest into table T (h'https://st1.blob.core.windows.net/c/a.csv;managed_identity=<id>')\n";
    let shown = written(script(text), map::table);
    assert!(shown.contains("<id> (not resolved)"), "{shown}");
    assert!(
        shown.contains("? unknown  for `.ingest into`: which identity"),
        "{shown}"
    );
    assert!(shown.contains("cluster ? / database ?"), "{shown}");
}

/// A cluster, a storage account, and a role on it for the cluster's identity.
fn template(role: &str) -> String {
    let cluster = "resourceId('Microsoft.Kusto/clusters', 'adx-harbor')";
    let definition = "subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ROLE')".replace("ROLE", role);
    serde_json::json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [
            { "type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-harbor",
              "identity": { "type": "SystemAssigned" } },
            { "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-05-01", "name": "stharbor" },
            { "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "grant",
              "scope": "[resourceId('Microsoft.Storage/storageAccounts', 'stharbor')]",
              "properties": {
                  "roleDefinitionId": format!("[{definition}]"),
                  "principalId": format!("[reference({cluster}, '2024-04-13', 'full').identity.principalId]"),
              } },
        ],
    })
    .to_string()
}

#[test]
fn a_role_is_held_against_what_the_flows_do() {
    let reads = ".ingest into table T (h'https://stharbor.blob.core.windows.net/c/a.csv;managed_identity=system')\n";
    let writes = ".export to csv (h'https://stharbor.blob.core.windows.net/c;managed_identity=system') <| T\n";
    let elsewhere = ".ingest into table T (h'https://stother.blob.core.windows.net/c/a.csv;managed_identity=system')\n";
    let (reader, writer) = (
        "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
        "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    );
    let owner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
    for (role, script, wanted) in [
        (reader, reads, "stharbor  Storage Blob Data Reader  ✓ ok"),
        (
            reader,
            writes,
            "Storage Blob Data Reader  ! wrong    the role reads only, and a flow writes",
        ),
        (writer, writes, "Storage Blob Data Contributor  ✓ ok"),
        (
            owner,
            reads,
            "Owner              ! wrong    management roles don't reach blobs",
        ),
        (reader, "", "stharbor  Storage Blob Data Reader  · unused"),
        (
            reader,
            elsewhere,
            "stother   no role in the files      ? unknown  the account is not in the files",
        ),
    ] {
        let files: Vec<File> = vec![
            ("kql/a.kql".to_owned(), script.as_bytes().to_vec()),
            ("main.json".to_owned(), template(role).into_bytes()),
        ];
        let shown = written(inputs(&files), map::table);
        assert!(shown.contains(wanted), "{wanted}\n{shown}");
        assert!(shown.contains("system of adx-harbor (system-assigned)"), "{shown}");
    }
}

/// A cluster with connections to two event hubs and a Cosmos DB account, and a role on `scope`.
fn connected(scope: &str) -> String {
    let own = "[resourceId('Microsoft.Kusto/clusters', 'adx-harbor')]";
    let connection = |name: &str, kind: &str, property: &str, target: &str| {
        let mut properties = serde_json::json!({ "managedIdentityResourceId": own });
        properties[property] = serde_json::json!(target);
        serde_json::json!({ "type": "Microsoft.Kusto/clusters/databases/dataConnections", "apiVersion": "2024-04-13",
            "name": format!("adx-harbor/Quay/{name}"), "kind": kind, "properties": properties })
    };
    let hub = |name: &str| format!("[resourceId('Microsoft.EventHub/namespaces/eventhubs', 'ehn-harbor', {name})]");
    serde_json::json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": { "hub": { "type": "string" } },
        "resources": [
            { "type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-harbor",
              "identity": { "type": "SystemAssigned" } },
            connection("arrivals", "EventHub", "eventHubResourceId", &hub("'arrivals'")),
            connection("berths", "EventHub", "eventHubResourceId", &hub("parameters('hub')")),
            connection("ledger", "CosmosDb", "cosmosDbAccountResourceId",
                "[resourceId('Microsoft.DocumentDB/databaseAccounts', 'cosmos-harbor')]"),
            connection("untold", "EventHub", "consumerGroup", "kusto"),
            { "type": "Microsoft.Authorization/roleAssignments", "apiVersion": "2022-04-01", "name": "grant",
              "scope": scope,
              "properties": {
                  "roleDefinitionId": "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'a638d3c7-ab3a-418d-83e6-5f17a39d4fde')]",
                  "principalId": "[reference(resourceId('Microsoft.Kusto/clusters', 'adx-harbor'), '2024-04-13', 'full').identity.principalId]",
              } },
        ],
    })
    .to_string()
}

#[test]
fn what_connections_read_is_named() {
    let shown = |scope: &str| {
        written(
            inputs(&[("main.json".to_owned(), connected(scope).into_bytes())]),
            map::table,
        )
    };
    assert_snapshot!(shown(
        "[resourceId('Microsoft.EventHub/namespaces/eventhubs', 'ehn-harbor', 'arrivals')]"
    ));
    let of_all = shown("[resourceId('Microsoft.EventHub/namespaces', 'ehn-harbor')]");
    assert!(
        of_all.contains("ehn-harbor                    Azure Event Hubs Data Receiver  ✓ ok"),
        "{of_all}"
    );
    assert_eq!(
        of_all.matches("✓ ok       by a role on what is around it").count(),
        2,
        "{of_all}"
    );
}

#[test]
fn nothing_to_show_is_said() {
    let shown = written(script(".show tables\n"), map::table);
    assert!(shown.starts_with("no cluster and no identity"), "{shown}");
    well_formed(&written(script(".show tables\n"), map::svg));
}

#[test]
fn sixty_identities_do_not_overlap() {
    let mut text = String::new();
    for number in 0..60 {
        text.push_str(&format!(
            ".alter-merge database D{number} policy managed_identity '[{{\"ObjectId\":\"00000000-1111-4222-8333-{number:012}\",\"AllowedUsages\":\"ExternalTable\"}}]'\n\n"
        ));
    }
    let picture = written(script(&text), map::svg);
    well_formed(&picture);
    let attribute = |line: &str, name: &str| -> usize {
        let start = line.find(&format!(" {name}=\"")).expect(name) + name.len() + 3;
        line[start..]
            .split('"')
            .next()
            .expect("a value")
            .parse()
            .expect("a number")
    };
    let boxes: Vec<&str> = picture.lines().filter(|line| line.contains("class=\"i\"")).collect();
    assert_eq!(boxes.len(), 60);
    for pair in boxes.windows(2) {
        assert!(attribute(pair[0], "y") + attribute(pair[0], "height") < attribute(pair[1], "y"));
    }
    let last = boxes.last().expect("a box");
    let head = picture.lines().next().expect("the element");
    assert!(attribute(last, "y") + attribute(last, "height") < attribute(head, "height"));
}

#[test]
fn more_than_a_map_can_hold_is_said() {
    let mut text = String::new();
    for number in 0..520 {
        text.push_str(&format!(
            ".alter-merge database D{number} policy managed_identity '[{{\"ObjectId\":\"system\",\"AllowedUsages\":\"ExternalTable\"}}]'\n\n"
        ));
    }
    let shown = written(script(&text), map::table);
    assert!(shown.contains("more than a map can show"), "{shown}");
    let json: serde_json::Value = serde_json::from_str(&written(script(&text), map::json)).expect("JSON");
    assert_eq!(json["complete"], false);
}

/// Fails unless the text is one element of XML with elements in it that are closed in order, attributes in quotes,
/// and no reference but the five of XML and numbers.
fn well_formed(text: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text.trim_end();
    while let Some(at) = rest.find('<') {
        data(&rest[..at], &open);
        let end = rest[at..].find('>').expect("the end of a tag") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            assert!(!open.is_empty() || rest.is_empty(), "one root");
            continue;
        }
        let name = tag.split([' ', '/']).next().expect("a name");
        assert!(
            name.chars().all(|c| c.is_ascii_lowercase()) && !name.is_empty(),
            "{tag}"
        );
        assert!(
            !tag.contains('<') && tag.matches('"').count().is_multiple_of(2),
            "{tag}"
        );
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty() && rest.is_empty(), "{open:?} {rest}");
}

fn data(text: &str, open: &[&str]) {
    assert!(!open.is_empty() || text.is_empty(), "{text}");
    assert!(!text.contains("]]>"), "{text}");
    let legal = |c: char| matches!(c, '\n' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(text.chars().all(legal), "{text:?}");
    for after in text.split('&').skip(1) {
        let name = after.split(';').next().expect("a name");
        assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "{text}");
    }
}

#[test]
fn a_connection_that_reads_events_and_blobs_reaches_both() {
    let template = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {"type": "Microsoft.Kusto/clusters", "apiVersion": "2024-04-13", "name": "adx-wharf", "identity": {"type": "SystemAssigned"}},
    {"type": "Microsoft.Storage/storageAccounts", "apiVersion": "2023-01-01", "name": "stwharf"},
    {
      "type": "Microsoft.Kusto/clusters/databases/dataConnections",
      "apiVersion": "2024-04-13",
      "name": "adx-wharf/Wharf/arrivals",
      "kind": "KIND",
      "properties": {
        "managedIdentityResourceId": "[resourceId('Microsoft.Kusto/clusters', 'adx-wharf')]",
        "eventHubResourceId": "[resourceId('Microsoft.EventHub/namespaces/eventhubs', 'ns-wharf', 'arrivals')]"STORAGE
      }
    }
  ]
}"#;
    let of = |kind: &str, storage: &str| {
        let text = template.replace("KIND", kind).replace("STORAGE", storage);
        let files: Vec<File> = vec![("a.json".to_owned(), text.into_bytes())];
        let map = access_map(inputs(&files)).map;
        let targets = map.identities.iter().flat_map(|identity| identity.targets.iter());
        let told = |target: &kustolint::map::Target| {
            format!(
                "{} {} {}",
                target.kind.words(),
                target.name.clone().unwrap_or_default(),
                target.state.word()
            )
        };
        targets.map(told).collect::<Vec<_>>()
    };
    let named = r#", "storageAccountResourceId": "[resourceId('Microsoft.Storage/storageAccounts', 'stwharf')]""#;
    let hub = "event hub ns-wharf/arrivals unknown";
    assert_eq!(of("EventGrid", named), ["storage account stwharf missing", hub]);
    assert_eq!(
        of("EventGridWithManagedIdentity", named),
        ["storage account stwharf missing", hub]
    );
    assert_eq!(of("EventGrid", ""), ["storage account  unknown", hub]);
    assert_eq!(of("EventHub", ""), [hub]);
}
