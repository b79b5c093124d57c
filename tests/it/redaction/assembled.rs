//! Secrets that a program or a template puts into a string: the value is masked where it stands, and reported where it is
//! certain.

use kustolint::redact::Redactor;

use super::{assert_silent, template};
use crate::misuse::found;

const SECRET: &str = "q8Zt3vR3mWx1Lp4c7w";

/// Texts with `§` for a secret that is put into a string for Kusto, by the name of a file.
const REPORTED: &[(&str, &str)] = &[
    (
        "a.py",
        "cs = \"Data Source=https://c.kusto.windows.net;Fed=True;AppClientId=i;AppKey={0};Authority Id=t\".format(\"§\")\n",
    ),
    (
        "a.py",
        "cs = \"Data Source=https://c.kusto.windows.net;Fed=True;AppClientId={};AppKey={};Authority Id=t\".format(\"i\", '§')\n",
    ),
    (
        "a.py",
        "cs = \"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=%s;Authority Id=%s\" % (\"§\", tenant)\n",
    ),
    (
        "a.py",
        "cs = \"Data Source=https://c.kusto.windows.net;Fed=True;AppKey={key};Authority Id=t\".format(key=\"§\")\n",
    ),
    (
        "a.py",
        "kusto_secret_text = '§'\ncs = f\"Data Source=https://c.kusto.windows.net;Fed=True;AppKey={kusto_secret_text};Authority Id=t\"\n",
    ),
    (
        "a.py",
        "def connect(x, app: str = \"§\"):\n    return f'Data Source=https://c.kusto.windows.net;Fed=True;AppKey={app}'\n",
    ),
    (
        "A.cs",
        "var c = string.Format(\"Data Source=https://c.kusto.windows.net;Fed=True;AppClientId={0};AppKey={1};Authority Id={2}\", id, \"§\", t);\n",
    ),
    (
        "A.cs",
        "const string K = \"§\";\nvar c = $\"Data Source=https://c.kusto.windows.net;Fed=True;AppKey={K};Authority Id=t\";\n",
    ),
    (
        "A.cs",
        "const string K = @\"§\";\nvar c = \"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=\" + K + \";Authority Id=t\";\n",
    ),
    (
        "a.ts",
        "const spKey: string = '§';\nconst c = `Data Source=https://c.kusto.windows.net;Fed=True;AppKey=${spKey};Authority Id=t`;\n",
    ),
    (
        "a.go",
        "spKey := \"§\"\nc := fmt.Sprintf(\"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=%s;Authority Id=t\", spKey)\n",
    ),
    (
        "a.ps1",
        "$SpKey = '§'\n$c = \"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=$spKey;Authority Id=t\"\n",
    ),
    (
        "a.ps1",
        "$c = 'Data Source=https://c.kusto.windows.net;Fed=True;AppKey={0};Authority Id=t' -f '§'\n",
    ),
    (
        "main.bicep",
        "param spCred string = '§'\noutput c string = 'Data Source=https://c.kusto.windows.net;Fed=True;AppKey=${spCred};Authority Id=t'\n",
    ),
    (
        "main.bicep",
        "var x = '§'\nvar c = 'Data Source=https://c.kusto.windows.net;Fed=True;AppKey=${x};Authority Id=t'\n",
    ),
    (
        "main.tf",
        "locals {\n  sp = \"§\"\n  c = \"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=${local.sp};Authority Id=t\"\n}\n",
    ),
    (
        "main.tf",
        "variable \"sp\" {\n  type = string\n  default = \"§\"\n}\nlocals {\n  c = \"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=${var.sp};Authority Id=t\"\n}\n",
    ),
    (
        "a.kql",
        "let k = '§';\nexternaldata (x:string) [strcat('https://a.blob.core.windows.net/c;Data Source=https://c.kusto.windows.net;AppKey=', k)]\n",
    ),
    (
        "a.rs",
        "const KEY: &str = \"§\";\nlet c = format!(\"Data Source=https://c.kusto.windows.net;Fed=True;AppKey={KEY};Authority Id=t\");\n",
    ),
];

/// Texts with `§` for a value that is masked, and of which no rule speaks.
const MASKED: &[(&str, &str)] = &[
    (
        "a.py",
        "part = '§'\nkey = part\ncs = f\"Data Source=https://c.kusto.windows.net;AppKey={key}\"\n",
    ),
    ("a.py", "pw = \"§\"\n"),
    ("a.js", "const k = '§';\n"),
    ("a.json", r#"{"kusto": {"key": "§"}}"#),
    ("a.yml", "kusto:\n  key: §\n"),
    ("a.yml", "kusto: {key: §, name: x}\n"),
    ("a.ini", "[kusto]\nkey=§\n"),
    ("a.cs", "string secretText = \"§\";\nb.ApplicationKey = secretText;\n"),
    ("a.cs", "var s = \"§\"; new ClientSecretCredential(\"t\", \"i\", s);\n"),
    (
        "a.sh",
        "SP='§'\nexport C=\"Data Source=https://c.kusto.windows.net;Fed=True;AppKey=$SP;Authority Id=t\"\nSP=x\n",
    ),
    ("a.kql", "print strcat_delim('=', 'AppKey', '§')\n"),
    (
        "a.txt",
        "Driver={ODBC Driver 18};Server=tcp:sql-q.database.windows.net;Uid=u;Pwd={§};Encrypt=yes\n",
    ),
];

#[test]
fn what_fills_a_string_is_reported() {
    for (path, text) in REPORTED {
        let text = text.replace('§', SECRET);
        let found = found(&[(path, &text)]);
        let secrets: Vec<_> = found
            .iter()
            .filter(|finding| finding.contains("embedded-secret"))
            .collect();
        assert_eq!(secrets, [&format!("error embedded-secret: {SECRET}")], "{path} {text}");
        assert_silent(&[((*path).to_owned(), text)], SECRET);
    }
}

#[test]
fn what_a_script_decodes_is_reported() {
    // Data Source=https://c.kusto.windows.net;Fed=True;AppKey=q8Zt3vR3mWx1Lp4c7w
    let coded = "RGF0YSBTb3VyY2U9aHR0cHM6Ly9jLmt1c3RvLndpbmRvd3MubmV0O0ZlZD1UcnVlO0FwcEtleT1xOFp0M3ZSM21XeDFMcDRjN3c=";
    let text = format!("print x = base64_decode_tostring(h'{coded}')");
    let secrets = found(&[("a.kql", &text)]);
    assert!(
        secrets.contains(&format!("error embedded-secret: {coded}")),
        "{secrets:?}"
    );
    assert_silent(&[("a.kql".to_owned(), text)], SECRET);
    // It says nothing of a secret: `plain words that are none`.
    let plain = "print x = base64_decode_tostring('cGxhaW4gd29yZHMgdGhhdCBhcmUgbm9uZQ==')";
    assert_eq!(found(&[("a.kql", plain)]), Vec::<String>::new());
}

#[test]
fn what_may_be_a_secret_is_masked() {
    for (path, marked) in MASKED {
        let text = marked.replace('§', SECRET);
        let found = found(&[(path, &text)]);
        assert!(
            !found.iter().any(|finding| finding.contains("secret:")),
            "{path} {text} {found:?}"
        );
        assert_eq!(
            *Redactor::of_texts([text.as_str()]).redacted(text.clone()),
            marked.replace('§', "***"),
            "{path}"
        );
        assert_silent(&[((*path).to_owned(), text)], SECRET);
    }
}

/// Templates, inside of their object, with `§` for a secret that they put into a string.
const TEMPLATES: &[&str] = &[
    r#""outputs":{"o":{"type":"string","value":"[format('Data Source=https://c.kusto.windows.net;AppKey={0};Fed=True', '§')]"}}"#,
    r#""outputs":{"o":{"type":"string","value":"[concat('Data Source=https://c.kusto.windows.net;AppKey=', '§', ';Fed=True')]"}}"#,
    r#""variables":{"v":"§"},"outputs":{"o":{"type":"string","value":"[concat('Data Source=https://c.kusto.windows.net;AppKey=', variables('v'), ';Fed=True')]"}}"#,
    r#""variables":{"v":"§"},"outputs":{"o":{"type":"string","value":"[format('{1}AppKey={0};Fed=True', variables('v'), 'Data Source=https://c.kusto.windows.net;')]"}}"#,
    r#""parameters":{"p":{"type":"string","metadata":{"description":"x"},"defaultValue":"§"}},"resources":[{"type":"Microsoft.Unknown/things","apiVersion":"1","name":"n","properties":{"s":"[concat('Data Source=https://c.kusto.windows.net;AppKey=', parameters('p'), ';Fed=True')]"}}]"#,
    r#""parameters":{"p":{"type":"securestring","metadata":{"description":"x"},"minLength":2,"defaultValue":"§"}},"resources":[]"#,
    r#""parameters":{"p":{"defaultValue":"§","metadata":{"description":"x"},"type":"SecureString"}},"resources":[]"#,
];

#[test]
fn what_a_template_puts_together_is_masked() {
    for inside in TEMPLATES {
        for secret in [SECRET, "velvet-horse-battery-7"] {
            assert_silent(
                &[("main.json".to_owned(), template(&inside.replace('§', secret)))],
                secret,
            );
        }
    }
}

#[test]
fn what_a_file_gives_to_a_parameter_that_is_a_secret_is_masked() {
    let declared = r#""parameters":{"sp":{"type":"securestring"}},"resources":[]"#;
    let given = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0","parameters":{"sp":{"value":"§"}}}"#;
    let bicep = "@secure()\n@description('x')\nparam sp string\n";
    for (files, secret) in [
        (
            [
                ("main.json", template(declared)),
                ("dev.parameters.json", given.to_owned()),
            ],
            SECRET,
        ),
        (
            [
                ("main.json", template(declared)),
                ("dev.parameters.json", given.to_owned()),
            ],
            "harbor-light",
        ),
        (
            [
                ("main.bicep", bicep.to_owned()),
                ("dev.bicepparam", "using 'main.bicep'\nparam sp = '§'\n".to_owned()),
            ],
            SECRET,
        ),
        (
            [
                ("main.bicep", bicep.replace("@secure", "@sys.secure")),
                ("dev.bicepparam", "using 'main.bicep'\nparam sp = '§'\n".to_owned()),
            ],
            "harbor-light",
        ),
    ] {
        let files = files.map(|(path, text)| (path.to_owned(), text.replace('§', secret)));
        assert_silent(&files, secret);
    }
}

#[test]
fn what_is_no_secret_is_shown() {
    for text in [
        "key = \"externalTable1\"\n",
        "key: '2023-08-15T00:00:00Z'\n",
        "\"key\": \"https://kv1.vault.azure.net/keys/cmk/0af91c3d5e7f2a4b6c8d0e1f3a5b7c9d\"",
        "\"key\": \"ba92f5b4-2d11-453d-a403-e96b0029c9fe\"",
        "k = f\"{x1y2z3w4}abc\"",
        "for key in d: print(key, \"continuous-export\")",
        "cluster = \"adx1\"\ncs = f\"Data Source={cluster};AppKey={key}\"\n",
        "cs = \"Data Source={0};AppKey={1}\".format(\"https://c2.kusto.windows.net\", key)",
        "concat('AccountKey=', listKeys(variables('storageId12345'), '2019-06-01').keys[0].value)\n\"storageId12345\": \"Microsoft.Storage/abc1def2ghi\"",
        "{name: KUSTO_APP_KEY, value: $(x)}",
        "Pwd={password};Uid=u",
        "new StringBuilder(\"Data Source=https://c.kusto.windows.net;\").Append(\"AppKey=\").Append(Secret1);",
        "T = \"Data Source={0};AppKey={1}\"\nT.format(\"https://c2x.kusto.windows.net\", key)",
        "Pwd={sqlPassword1};Uid=u",
        "https://a.blob.core.windows.net/c;managed_identity=0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b",
        "https://a.blob.core.windows.net/c;impersonate",
    ] {
        assert_eq!(*Redactor::of_texts([text]).redacted(text.to_owned()), text);
    }
}
