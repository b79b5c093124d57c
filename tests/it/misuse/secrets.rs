//! Secrets in strings and files (C01-C10, C38, C41-C47 of the catalogue of connection strings).

use super::{found, in_script};

/// 64 bytes in base64 that open nothing.
const KEY: &str = "VGhpcyBvcGVucyBub3RoaW5nOiBhIGtleSBmb3IgdGhlIHRlc3RzIG9mIG1pc3VzZSwgNjQgYnl0ZXMgbG9uZyEhIQ==";

/// A token that nobody signed.
const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJub3RlIjoib3BlbnMgbm90aGluZyJ9.bm8tc2lnbmF0dXJl";

/// What is found of secrets in a literal, where the whole of it is logged.
fn logged(literal: &str, secret: &str) -> Vec<String> {
    vec![
        format!("warning unobfuscated-secret: {literal}"),
        format!("error embedded-secret: {secret}"),
    ]
}

/// The findings on secrets in a query that reads from `literal`.
fn of_query(literal: &str) -> Vec<String> {
    let mut found = in_script(&format!("externaldata (x:string) [{literal}]"));
    found.retain(|finding| finding.contains("secret"));
    found
}

#[test]
fn c01_a_signature_in_a_plain_string() {
    let literal = "'https://quay.blob.core.windows.net/c?sv=2024-01-01&sig=abc%3D'";
    assert_eq!(of_query(literal), logged(literal, "abc%3D"));
    assert_eq!(of_query(&format!("h{literal}")), ["error embedded-secret: abc%3D"]);
}

#[test]
fn c02_an_account_key_in_a_plain_string() {
    let literal = format!("'https://quay.blob.core.windows.net/c;{KEY}'");
    assert_eq!(of_query(&literal), logged(&literal, KEY));
}

#[test]
fn c03_a_shared_key_in_a_plain_string() {
    let literal = format!("\"abfss://fs@quay.dfs.core.windows.net/p;sharedkey={KEY}\"");
    assert_eq!(of_query(&literal), logged(&literal, KEY));
}

#[test]
fn c04_aws_credentials_in_a_plain_string() {
    let literal = "'https://quay.s3.eu-west-1.amazonaws.com/f.csv;AwsCredentials=AKIAQUAYQUAY,h4Rb0r/quay+l1Ght'";
    assert_eq!(of_query(literal), logged(literal, "h4Rb0r/quay+l1Ght"));
}

#[test]
fn c05_a_token_in_a_plain_string() {
    let literal = format!("'https://quay.dfs.core.windows.net/c/p;token={TOKEN}'");
    assert_eq!(of_query(&literal), logged(&literal, TOKEN));
}

#[test]
fn c06_the_key_of_cosmos_in_a_plain_string() {
    let start = "AccountEndpoint=https://quay.documents.azure.com/;Database=D;Collection=C;AccountKey=";
    let query = |literal: &str| {
        let mut found = in_script(&format!("evaluate cosmosdb_sql_request({literal}, 'SELECT 1')"));
        found.retain(|finding| finding.contains("secret"));
        found
    };
    let literal = format!("'{start}{KEY}'");
    assert_eq!(query(&literal), logged(&literal, KEY));
    assert_eq!(
        query(&format!("'{start}' h'{KEY}'")),
        [format!("error embedded-secret: {KEY}")]
    );
}

#[test]
fn c07_a_password_in_a_plain_string() {
    let literal = "'Server=tcp:sql-quay.database.windows.net;User Id=u;Password=t1de-Table!'";
    let query = format!("evaluate sql_request({literal}, 'select 1')");
    let mut findings = in_script(&query);
    findings.retain(|finding| finding.contains("secret"));
    assert_eq!(findings, logged(literal, "t1de-Table!"));
}

#[test]
fn c08_a_string_over_several_lines() {
    let literal = format!("```https://quay.blob.core.windows.net/c;{KEY}```");
    assert_eq!(of_query(&literal), logged(&literal, KEY));
}

#[test]
fn c09_an_obfuscated_string_without_a_secret() {
    for literal in [
        "h'https://quay.blob.core.windows.net/c;managed_identity=system'",
        "h'https://quay.blob.core.windows.net/c;impersonate'",
        "'https://quay.blob.core.windows.net/c?sv=2024-01-01&sig=...'",
        "'https://quay.blob.core.windows.net/c;secretKey'",
    ] {
        assert_eq!(of_query(literal), Vec::<String>::new(), "{literal}");
    }
}

#[test]
fn c10_a_secret_that_strcat_puts_together() {
    let plain = format!("';{KEY}'");
    let query = format!("strcat('https://quay.blob.core.windows.net/c', {plain})");
    assert_eq!(of_query(&query), logged(&plain, KEY));
    let (start, end) = KEY.split_at(30);
    let query = format!("strcat(h'https://quay.blob.core.windows.net/c;{start}', '{end}')");
    let expected = [
        format!("error embedded-secret: {start}"),
        format!("warning unobfuscated-secret: '{end}'"),
    ];
    assert_eq!(of_query(&query), expected);
}

#[test]
fn c38_a_bearer_token_in_a_file() {
    for path in ["call.http", "call.sh", "call.md", "call.py"] {
        let text = format!("\"Authorization: Bearer {TOKEN}\"");
        assert_eq!(
            found(&[(path, &text)]),
            [format!("error embedded-secret: {TOKEN}")],
            "{path}"
        );
    }
    assert_eq!(
        found(&[("call.http", "Authorization: Bearer $TOKEN")]),
        Vec::<String>::new()
    );
}

#[test]
fn c39_credentials_of_another_scheme() {
    let login = "Z2F0ZTp0MWRlLVRhYmxlITQx"; // gate:t1de-Table!41
    for (path, text) in [
        (
            "call.http",
            "POST https://adx-quay.kusto.windows.net/v1/rest/query\nAuthorization: Basic §\n\n{}\n",
        ),
        (
            "call.sh",
            "curl -H 'Authorization: Basic §' https://adx-quay.kusto.windows.net/v1/rest/query\n",
        ),
        (
            "call.cs",
            "// https://adx-quay.kusto.windows.net\nh.Authorization = new AuthenticationHeaderValue(\"Basic\", \"§\");\n",
        ),
    ] {
        let expected = [format!("error embedded-secret: {login}")];
        assert_eq!(found(&[(path, &text.replace('§', login))]), expected, "{path}");
        for fine in ["{{login}}", "$LOGIN", "<login>"] {
            assert_eq!(
                found(&[(path, &text.replace('§', fine))]),
                Vec::<String>::new(),
                "{path} {fine}"
            );
        }
    }
    let elsewhere = format!("GET https://git.example/x\nAuthorization: Basic {login}\n");
    assert_eq!(found(&[("call.http", &elsewhere)]), Vec::<String>::new());
}

#[test]
fn a_string_in_a_parameter_file_is_read_where_it_stands() {
    let parameters = |value: &str| {
        format!(
            r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0","parameters":{{"kusto":{{"value":"{value}"}}}}}}"#
        )
    };
    let string = |rest: &str| format!("Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppClientId=i;{rest}");
    let template = template(
        r#""parameters":{"kusto":{"type":"string"}},"resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{"Kusto":"[parameters('kusto')]"}}]"#,
    );
    let bad = parameters(&string("Lantern=x;Authority Id=t"));
    let keyword = "warning unknown-connection-keyword: Lantern".to_owned();
    assert_eq!(found(&[("main.parameters.json", &bad)]), [keyword.as_str()]);
    // The template makes no second finding of it, but knows that nothing is added to it.
    let both = found(&[("main.json", &template), ("main.parameters.json", &bad)]);
    assert_eq!(
        both.iter().filter(|finding| **finding == keyword).count(),
        1,
        "{both:?}"
    );
    let escaped = parameters(&string(r"App\u004bey=t1de-Table!41;Authority Id=t"));
    assert_eq!(
        found(&[("main.parameters.json", &escaped)]),
        ["error embedded-secret: t1de-Table!41"]
    );
    // What a template adds to the value does not show in the file of parameters.
    let part = parameters(&string("Authority Id=t"));
    assert_eq!(found(&[("main.parameters.json", &part)]), Vec::<String>::new());
}

#[test]
fn c41_a_client_secret_on_a_command_line() {
    let line = |secret: &str| {
        format!(
            "curl -X POST -F client_id=i -F client_secret={secret} https://login.microsoftonline.com/t/oauth2/token"
        )
    };
    assert_eq!(
        found(&[("token.sh", &line("q4Vw-tide.77~lamp"))]),
        ["error embedded-secret: q4Vw-tide.77~lamp"]
    );
    assert_eq!(found(&[("token.sh", &line("$SECRET"))]), Vec::<String>::new());
}

fn template(inside: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",{inside}}}"#
    )
}

#[test]
fn c42_the_token_of_a_script_in_a_template() {
    let script = |token: &str| {
        template(&format!(
            r#""parameters":{{"sas":{{"type":"securestring"}}}},"resources":[{{"type":"Microsoft.Kusto/clusters/databases/scripts",
            "apiVersion":"2023-08-15","name":"adx/D/s","properties":{{"scriptUrl":"https://quay.blob.core.windows.net/c/s.kql","scriptUrlSasToken":"{token}"}}}}]"#
        ))
    };
    let token = "?sv=2024-01-01&sr=b&sp=r&sig=k4Lm9Qw2%3D";
    assert_eq!(
        found(&[("main.json", &script(token))]),
        [
            format!("error conflicting-script-sources: \"{token}\""),
            format!("error embedded-secret: {token}")
        ]
    );
    assert_eq!(
        found(&[("main.json", &script("[parameters('sas')]"))]),
        Vec::<String>::new()
    );
}

#[test]
fn c43_a_secret_in_script_content() {
    let text = template(&format!(
        r#""resources":[{{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"2023-08-15","name":"adx/D/s",
        "properties":{{"scriptContent":".create-or-alter function F() {{ externaldata (x:string) [\"https://quay.blob.core.windows.net/c;{KEY}\"] }}"}}}}]"#
    ));
    let findings = found(&[("main.json", &text)]);
    assert!(
        findings.contains(&format!("error embedded-secret: {KEY}")),
        "{findings:?}"
    );
    let literal = format!("\\\"https://quay.blob.core.windows.net/c;{KEY}\\\"");
    assert!(
        findings.contains(&format!("warning unobfuscated-secret: {literal}")),
        "{findings:?}"
    );
}

#[test]
fn c44_the_default_of_a_parameter_that_feeds_a_secret() {
    let text = template(&format!(
        r#""parameters":{{"archive":{{"type":"string","defaultValue":"{KEY}"}}}},"resources":[{{"type":"Microsoft.Web/sites/config",
        "apiVersion":"2022-09-01","name":"f/appsettings","properties":{{"A":"[concat('AccountName=quay;AccountKey=', parameters('archive'))]"}}}}]"#
    ));
    assert_eq!(
        found(&[("main.json", &text)]),
        [format!("error embedded-secret: {KEY}")]
    );
}

#[test]
fn c46_an_event_hub_key_beside_a_data_connection() {
    let text = r#"{"Hub":"Endpoint=sb://quay.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=;EntityPath=h"}"#;
    assert_eq!(
        found(&[("appsettings.json", text)]),
        ["error embedded-secret: bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU="]
    );
}

#[test]
fn c47_a_key_on_a_line_of_lightingest() {
    let text = format!(
        "LightIngest \"https://ingest-adx.kusto.windows.net;Fed=true\" -database:D -table:T -source:\"https://quay.blob.core.windows.net/c;{KEY}\""
    );
    for path in ["load.ps1", "load.sh", "load.md"] {
        assert_eq!(
            found(&[(path, &text)]),
            [format!("error embedded-secret: {KEY}")],
            "{path}"
        );
    }
}

/// Strings and commands in which a secret stands, with `§` in its place.
const WITH_SECRET: [&str; 3] = [
    "Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppClientId=i;AppKey=§;Authority Id=t",
    "Server=tcp:sql-quay.database.windows.net,1433;Initial Catalog=d;User ID=u;Password=§;Encrypt=True",
    "curl -d 'client_id=i&client_secret=§&grant_type=client_credentials' https://login.microsoftonline.com/t/oauth2/token",
];

/// Of the findings on a value in each of those places, how many are on secrets.
fn reported(value: &str) -> usize {
    let of = |text: &&str| found(&[("a.txt", &text.replace('§', value))]);
    let found = WITH_SECRET.iter().flat_map(of);
    found.filter(|finding| finding.contains("secret:")).count()
}

#[test]
fn what_says_where_the_secret_is_is_none() {
    for value in [
        "ENC[AES256_GCM,data:q8Zt3vR3mWx1Lp4c,iv:w3Rt8,tag:k1Lm9,type:str]",
        "((app_key1))",
        "%(key1)s",
        "[[APPKEY1]]",
        "@@KUSTO_KEY1@@",
        "~app_key1~",
        "|APPKEY1|",
        "/run/secrets/app_key1",
        "./secrets/app_key1",
        r"C:\secrets\key1.txt",
        r"C:\\secrets\\key1.txt",
        "vault:secret/data/kusto#appkey1",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:quay-q8Zt3v",
        "projects/p1/secrets/k/versions/1",
        "ref+vault1://x/y7",
        "data.azurerm_key1.x.value",
        "(Get-Secret key1)",
    ] {
        assert_eq!(reported(value), 0, "{value}");
    }
    for value in [
        "q8Zt~vR3mWx1Lp",
        "/q8Zt3vR3/mWx1Lp4c7=",
        "t1de-Table!41#",
        "~q8Zt3vR3mWx1Lp~",
        "c7:q8Zt3vR3/mWx1Lp4c7",
    ] {
        assert_eq!(reported(value), WITH_SECRET.len(), "{value}");
    }
}

#[test]
fn what_says_that_it_is_no_secret_is_none() {
    for value in [
        "this-is-not-a-real-key-77q",
        "n0t-notareal-Q8zt3v",
        "invalid-Q8zt3vR3",
        "Q8zt3v-example-R3m",
        "kusto-fake-Q8zt3v",
        "q7-test-Q8zt3v",
        "test1234!Q8zt",
        "l0rem-lorem-ipsum-Q8zt",
        "abc123def456",
        "abc123def456ghi789",
        "a1b2c3d4e5f6",
        "a1b2c3d4e5f6g7h8",
        "qwerty123",
        "harbor2024",
        "BlueHarbor77",
    ] {
        assert_eq!(reported(value), 0, "{value}");
    }
    for value in ["h4rb0rLight77x", "q4Vw-latest-Q8zt3v", "b1a2d3c4f5e6"] {
        assert_eq!(reported(value), WITH_SECRET.len(), "{value}");
    }
}

#[test]
fn the_first_words_of_a_keyword_are_no_slip_towards_a_key() {
    let start = "Data Source=https://adx-quay.kusto.windows.net;Initial Catalog=D;Fed=True;";
    for (pair, expected) in [
        (
            "Application Name=x",
            "warning unknown-connection-keyword: Application Name",
        ),
        ("User Name=x", "warning unknown-connection-keyword: User Name"),
        (
            "Application Names=x",
            "warning unknown-connection-keyword: Application Names",
        ),
        (
            "Application Kez=<key>",
            "error invalid-connection-string: Application Kez",
        ),
        ("AppKye=<key>", "error invalid-connection-string: AppKye"),
        (
            "Initial Catalogue=x",
            "error invalid-connection-string: Initial Catalogue",
        ),
    ] {
        let findings = found(&[("app.ini", &format!("kusto = {start}{pair}"))]);
        assert!(
            findings.iter().any(|finding| finding == expected),
            "{pair}: {findings:?}"
        );
    }
}

#[test]
fn a_key_of_kusto_that_is_an_argument() {
    let secret = "q4Vw-tide.77~lamp";
    for (path, call) in [
        (
            "a.cs",
            "var b = new KustoConnectionStringBuilder(u).WithAadApplicationKeyAuthentication(\"id\", \"§\", \"tenant\");",
        ),
        (
            "a.py",
            "kcsb = KustoConnectionStringBuilder.with_aad_application_key_authentication(\"https://c\", \"id\", \"§\", \"tenant\")\n",
        ),
        (
            "a.js",
            "const k = KustoConnectionStringBuilder.withAadApplicationKeyAuthentication('https://c', 'id', '§', 'tenant');",
        ),
        (
            "a.go",
            "kcsb := azkustodata.NewConnectionStringBuilder(u).WithAadAppKey(\"id\", \"§\", \"tenant\")",
        ),
    ] {
        let expected = [format!("error embedded-secret: {secret}")];
        assert_eq!(found(&[(path, &call.replace('§', secret))]), expected, "{path}");
        for fine in ["<key>", "your-key", "((app_key1))"] {
            assert_eq!(
                found(&[(path, &call.replace('§', fine))]),
                Vec::<String>::new(),
                "{path} {fine}"
            );
        }
    }
    let elsewhere = format!("var c = new ClientSecretCredential(\"t\", \"i\", \"{secret}\");");
    assert_eq!(found(&[("a.cs", &elsewhere)]), Vec::<String>::new());
}
