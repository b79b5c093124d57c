//! Secrets that no name tells of, because the name stands elsewhere, or says nothing, or is written in a way that is not
//! read: what looks made at random is not shown. And what the name of a secret is filled from, which is no secret.

use super::{assert_silent, said};

/// A secret as Azure makes them, with `§` in its place. None of these is read as one.
const UNREAD: &[&str] = &[
    r#"String.Join(";", "AppKey", "§")"#,
    "<Password><![CDATA[§]]></Password>",
    "kubectl create secret generic adx --from-literal=x=§",
    "{ \"Kusto\": [ \"§\" ] }",
    "keys:\n  - \"§\"",
    "sshpass -p§ ssh quay",
    "| AppKey | §Az |",
    "spark.conf.set(\"fs.azure.account.x.quay.dfs.core.windows.net\", \"§\")",
    "the app has § since May",
    "x ? \"§\" : y",
    "\"x\".concat(\"§\")",
];

#[test]
fn what_looks_made_at_random_is_hidden_without_a_name() {
    for secret in [
        "q8Zt9vR3mWx1Lp9KdN2sT7bYuC4e",
        "Xk8~Q.3vNfT1yPz7Lm0RwJc5HdU2aGbE9sVoKi4t",
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    ] {
        for text in UNREAD {
            for beside in [" ", "\n"] {
                let text = format!(
                    "\"Data Source=http://adx-quay.kusto.windows.net;Fed=True\"{beside}{}\n",
                    text.replace('§', secret)
                );
                for path in ["a.md", "a.cs", "a.yml", "a.sh", "a.kql"] {
                    assert_silent(&[(path.to_owned(), text.clone())], secret);
                }
            }
        }
    }
}

#[test]
fn what_only_has_the_last_name_of_a_secret_is_none() {
    let string = |filled: &str| {
        format!("\"Data Source=http://adx-quay.kusto.windows.net;Fed=True;AppKey={filled};Authority Id=t\"")
    };
    for (filled, beside) in [
        (
            "{secret.Value}",
            "new SelectListItem { Text = \"Production\", Value = \"adx-prod-weu1-v2-rg7\" };",
        ),
        ("$(key)", "key: \"nuget-linux-v2-2024a1\""),
        (
            "${secret.value}",
            "{ name: \"CLUSTER\", value: \"adxprod01.westeurope.kusto.windows.net\" }",
        ),
        (
            "${kv.properties.value}",
            "{ name: 'a', value: 'rg-adx-prod-weu1-v2xk9' }",
        ),
        ("{key}", "sorted(rows, key=\"column_2024_weu1_total\")"),
        ("{key}", "{\"key\": \"telemetry-hub-partition-0042\"}"),
        ("{text}", "new Label { Text = \"Build7-nightly-20240131x\" }"),
        ("{text}", "new Label {\n  Text = \"Build7-nightly-20240131x\",\n}"),
        ("{row[\"data\"]}", "data = \"Build7-nightly-20240131x\""),
    ] {
        let mut parts = beside.split(['"', '\'']);
        let literal = parts.rfind(|part| part.contains('-')).unwrap_or_default();
        for path in ["a.cs", "a.ts", "a.yml", "a.py", "a.bicep"] {
            let text = format!("var s = ${};\n{beside}\n", string(filled));
            let files = [(path.to_owned(), text)];
            for (name, said) in said(&files) {
                assert!(!said.contains("embedded-secret\""), "{name} of {files:?}: {said}");
                // A member called `key` may be one by itself.
                if name == "diff" && !beside.contains("key") {
                    assert!(said.contains(literal), "`{literal}` is not shown: {said}");
                }
            }
        }
    }
}

#[test]
fn what_a_vague_name_is_set_to_by_a_statement_is_hidden() {
    let secret = "k9-pond-lily-77-x";
    for (filled, set) in [
        ("{key}", "var key = \"§\";"),
        ("{key}", "key: str = \"§\""),
        ("{data}", "const string data = \"§\";"),
        ("$key", "key=§"),
    ] {
        let text = format!(
            "{}\nvar s = $\"Data Source=http://adx-quay.kusto.windows.net;Fed=True;AppKey={filled};Authority Id=t\";\n",
            set.replace('§', secret)
        );
        for path in ["a.cs", "a.py", "a.sh"] {
            assert_silent(&[(path.to_owned(), text.clone())], secret);
        }
    }
}
