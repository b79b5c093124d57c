//! A team with an old repository takes kustolint in, step by step, and nothing gets lost on the way.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Answer, run, tree};

/// A repository with findings of several families.
const OLD: &[(&str, &[u8])] = &[
    (
        "kql/policies.kql",
        b".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'ExternalTable, SandboxArtifacts'}]\"\n",
    ),
    (
        "kql/ingest.kql",
        b".ingest into table Orders (h'https://quaysidedata.blob.core.windows.net/in/a.csv;managed_identity=system')\n",
    ),
    (
        "infra/vault.json",
        br#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "resources": [
    {
      "type": "Microsoft.KeyVault/vaults",
      "apiVersion": "2023-07-01",
      "name": "kv-quayside",
      "location": "westeurope",
      "properties": { "tenantId": "[tenant().tenantId]", "sku": { "family": "A", "name": "standard" }, "enableSoftDelete": false }
    }
  ]
}
"#,
    ),
];

const MISTAKE: &str = ".alter-merge database Stock policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'ExternalTables'}]\"\n";

fn git(folder: &Path, arguments: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(folder).args([
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.com",
        "-c",
        "init.defaultBranch=main",
    ]);
    let output = git.args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The rules of the findings.
fn rules(answer: &Answer) -> Vec<String> {
    let report = answer.json();
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn from_many_findings_to_none_and_no_new_one_slips_through() {
    let folder = tree(OLD);
    let here = folder.path();
    let check = |more: &[&str]| run(here, &[&["check", "--output-format", "json"], more].concat());
    git(here, &["init", "-q"]);

    let begun = run(here, &["config", "init"]);
    assert_eq!(begun.status, 0, "{begun:?}");
    assert!(here.join("kustolint.toml").is_file());

    let first = check(&[]);
    assert_eq!(first.status, 1);
    let before = rules(&first);
    assert!(before.len() >= 4, "{before:?}");

    let taken = run(here, &["baseline", "create"]);
    assert_eq!(taken.status, 0, "{taken:?}");
    let clean = check(&[]);
    assert_eq!((clean.status, rules(&clean).len()), (0, 0), "{clean:?}");
    assert_eq!(clean.json()["summary"]["baselined"], before.len());
    git(here, &["add", "-A"]);
    git(here, &["commit", "-q", "-m", "all that there was"]);

    // A commit with a mistake: the hook is handed the file that changes.
    let file = here.join("kql/stock.kql");
    fs::write(&file, MISTAKE).unwrap();
    let caught = check(&["kql/stock.kql"]);
    assert_eq!(
        (caught.status, rules(&caught)),
        (1, vec!["unknown-identity-usage".to_owned()])
    );
    assert_eq!(rules(&check(&["--new-since", "HEAD"])), ["unknown-identity-usage"]);

    let explained = format!("// kustolint: ignore[unknown-identity-usage] a usage of the preview, ops-12\n{MISTAKE}");
    fs::write(&file, explained).unwrap();
    let suppressed = check(&["kql/stock.kql"]);
    assert_eq!((suppressed.status, rules(&suppressed).len()), (0, 0), "{suppressed:?}");
    assert_eq!(
        suppressed.json()["suppressed"][0]["reason"],
        "a usage of the preview, ops-12"
    );
    let listed = run(here, &["suppressions"]);
    assert!(listed.out.contains("ops-12"), "{listed:?}");

    let unexplained = format!("// kustolint: ignore[unknown-identity-usage]\n{MISTAKE}");
    fs::write(&file, unexplained).unwrap();
    let caught = check(&["kql/stock.kql"]);
    assert_eq!(caught.status, 1);
    assert_eq!(rules(&caught), ["unexplained-suppression", "unknown-identity-usage"]);

    // The old findings were never lost.
    fs::remove_file(&file).unwrap();
    assert_eq!(rules(&check(&["--no-baseline"])), before);
}
