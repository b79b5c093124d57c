//! The catalogue of misuse of connection strings, bindings and tokens: its entries C01 to C52 but for those on secrets,
//! and the entries on strings of the catalogue of identities (M25, M26, M28 to M32, M55, M56, M62 to M64).

use super::found;

/// The entries that are held here; those on secrets are held elsewhere.
const ENTRIES: [std::ops::RangeInclusive<u32>; 4] = [11..=37, 39..=40, 46..=46, 48..=52];

/// The rules of the family.
const RULES: [&str; 8] = [
    "client-id-in-connection-string",
    "conflicting-credentials",
    "incomplete-application-authentication",
    "insecure-scheme",
    "invalid-connection-string",
    "shared-key-on-keyless-account",
    "unknown-connection-keyword",
    "untrusted-kusto-host",
];

/// What the rules of the family find in files.
fn strings_in(files: &[(&str, &str)]) -> Vec<String> {
    let of_family = |finding: &String| RULES.iter().any(|rule| finding.contains(&format!(" {rule}: ")));
    found(files).into_iter().filter(of_family).collect()
}

/// What they find in a query that reads a string.
fn read(string: &str) -> Vec<String> {
    strings_in(&[("query.kql", &format!("externaldata (a:string) [h@'{string}']"))])
}

/// What they find in a query that exports to a string.
fn exported(string: &str) -> Vec<String> {
    strings_in(&[("export.kql", &format!(".export to csv (h@'{string}') <| T"))])
}

/// What they find in a setting.
fn set(string: &str) -> Vec<String> {
    strings_in(&[(".env", &format!("QUAY={string}\n"))])
}

const BLOB: &str = "https://quay.blob.core.windows.net/in/a.csv";
const CLUSTER: &str = "Data Source=https://quay.westeurope.kusto.windows.net";
const NOTHING: [&str; 0] = [];

#[test]
fn every_entry_on_strings_has_a_test_or_a_reason() {
    let documented = crate::read(&crate::project("docs/not-decidable.md"));
    let tests = crate::read(&crate::project("tests/it/misuse/connections.rs"));
    let without: Vec<_> = ENTRIES
        .into_iter()
        .flatten()
        .filter(|entry| {
            let tested = [format!("fn c{entry:02}_"), format!("_c{entry:02}_")];
            !tested.iter().any(|name| tests.contains(name)) && !documented.contains(&format!("C{entry:02}"))
        })
        .collect();
    assert!(without.is_empty(), "neither tested nor documented: {without:?}");
}

#[test]
fn c11_m25_a_signature_and_an_identity() {
    assert_eq!(
        read(&format!("{BLOB}?sv=2024-08-04&sig=<signature>;managed_identity=system")),
        ["error conflicting-credentials: managed_identity=system"]
    );
}

#[test]
fn c12_m26_impersonation_and_an_identity() {
    assert_eq!(
        read(&format!("{BLOB};impersonate;managed_identity=system")),
        ["error conflicting-credentials: managed_identity=system"]
    );
}

#[test]
fn c13_impersonation_where_there_is_nobody() {
    assert_eq!(
        read("https://quay.s3.eu-west-1.amazonaws.com/a.csv;impersonate"),
        ["error invalid-connection-string: impersonate"]
    );
    for command in [
        ".list blobs (h@'https://quay.blob.core.windows.net/in;impersonate')",
        ".ingest-from-storage-queued into database Harbor table T with (format='csv') <| .list blobs (h@'https://quay.blob.core.windows.net/in;impersonate')",
    ] {
        assert_eq!(
            strings_in(&[("list.kql", command)]),
            ["error invalid-connection-string: impersonate"],
            "{command}"
        );
    }
    assert_eq!(read(&format!("{BLOB};impersonate")), NOTHING);
}

#[test]
fn c14_data_lake_gen1_in_externaldata() {
    assert_eq!(
        read("adl://quay.azuredatalakestore.net/a.csv;impersonate"),
        ["error invalid-connection-string: adl"]
    );
    assert_eq!(exported("adl://quay.azuredatalakestore.net/out;impersonate"), NOTHING);
}

#[test]
fn c15_storage_over_http() {
    assert_eq!(
        read("http://quay.blob.core.windows.net/in/a.csv;impersonate"),
        ["error insecure-scheme: http"]
    );
    assert_eq!(read("http://example.org/a.csv"), NOTHING);
}

#[test]
fn c16_an_account_without_a_container() {
    for string in [
        "https://quay.blob.core.windows.net;impersonate",
        "https://quay.blob.core.windows.net/;impersonate",
    ] {
        assert_eq!(
            read(string),
            ["error invalid-connection-string: quay.blob.core.windows.net"]
        );
    }
    assert_eq!(
        read("https://quay.blob.core.windows.net/<container>;impersonate"),
        NOTHING
    );
}

#[test]
fn c17_abfss_without_a_file_system() {
    assert_eq!(
        read("abfss://quay.dfs.core.windows.net/in/a.csv;impersonate"),
        ["error invalid-connection-string: quay.dfs.core.windows.net"]
    );
    assert_eq!(read("abfss://in@quay.dfs.core.windows.net/a.csv;impersonate"), NOTHING);
}

#[test]
fn c18_two_schemes() {
    assert_eq!(
        read("https://https://quay.blob.core.windows.net/in/a.csv;impersonate"),
        ["error insecure-scheme: https://"]
    );
}

#[test]
fn c19_an_export_that_may_not_write() {
    let target = "https://quay.blob.core.windows.net/out?sv=2024-08-04&sp=";
    assert_eq!(
        exported(&format!("{target}rl&sig=<signature>")),
        ["error invalid-connection-string: sv=2024-08-04&sp=rl&sig=<signature>"]
    );
    for permissions in ["rw", "c", "<permissions>"] {
        assert_eq!(exported(&format!("{target}{permissions}&sig=<signature>")), NOTHING);
    }
    assert_eq!(read(&format!("{BLOB}?sp=r&sig=<signature>")), NOTHING);
}

#[test]
fn c22_a_cluster_over_http() {
    assert_eq!(
        set("Data Source=http://quay.westeurope.kusto.windows.net;Fed=true"),
        ["error insecure-scheme: http"]
    );
    assert_eq!(set("Data Source=http://localhost:8080;Fed=false"), NOTHING);
}

#[test]
fn c23_a_host_that_clients_do_not_trust() {
    assert_eq!(
        set("Data Source=https://quay.example.com;Fed=true"),
        ["note untrusted-kusto-host: quay.example.com"]
    );
    assert_eq!(set("Data Source=https://quay.kusto.chinacloudapi.cn;Fed=true"), NOTHING);
    assert_eq!(set("Data Source=https://<cluster>;Fed=true"), NOTHING);
}

#[test]
fn c24_c25_c26_c27_half_an_application() {
    for (rest, at) in [
        ("Fed=true;AppClientId=<id>;Authority Id=<tenant>", "AppClientId"),
        ("Fed=true;AppKey=<key>;Authority Id=<tenant>", "AppKey"),
        ("Fed=true;AppClientId=<id>;AppKey=<key>", "AppKey"),
        ("Fed=False;AppClientId=<id>;AppKey=<key>;TenantId=<tenant>", "Fed=False"),
        ("AppClientId=<id>;AppKey=<key>;TenantId=<tenant>", "AppKey"),
    ] {
        assert_eq!(
            set(&format!("{CLUSTER};{rest}")),
            [format!("warning incomplete-application-authentication: {at}")],
            "{rest}"
        );
    }
    for rest in [
        "Fed=true;AppClientId=<id>;AppKey=<key>;Authority Id=<tenant>",
        "Fed=true;AppClientId=<id>;AppCert=<thumbprint>;tid=<tenant>",
        "Fed=true;AppToken=<token>",
        "Fed=true",
        "AppClientId=<id>;<and the rest>",
    ] {
        assert_eq!(set(&format!("{CLUSTER};{rest}")), NOTHING, "{rest}");
    }
}

/// The first half of what a program puts together says nothing of what the whole string lacks.
#[test]
fn c24_c25_c26_the_first_of_several_literals_is_not_judged() {
    let rest = ";Fed=True;AppClientId=<id>";
    for (path, text) in [
        ("a.cs", format!("var a = \"{CLUSTER}{rest}\"\n    + more;")),
        (
            "b.cs",
            format!("var a = $\"{CLUSTER}{rest}\" // the cluster\n    + more;"),
        ),
        ("c.js", format!("const a = '{CLUSTER}{rest}' /* the cluster */ + more;")),
        ("d.java", format!("String a = \"{CLUSTER}{rest}\".concat(more);")),
        (
            "e.py",
            format!("a = (\"{CLUSTER}{rest}\"  # the cluster\n     f\"{{more}}\")"),
        ),
        ("f.ps1", format!("$a = '{CLUSTER}{rest}'\n$a += $more")),
        ("g.sh", format!("A=\"{CLUSTER}{rest}\"\nconnect \"$A;$MORE\"")),
        ("h.cs", format!("var a = new StringBuilder(\"{CLUSTER}{rest}\");")),
    ] {
        assert_eq!(strings_in(&[(path, text.as_str())]), NOTHING, "{text}");
    }
    let whole = format!("var a = Connect(\"{CLUSTER}{rest}\");");
    assert_eq!(
        strings_in(&[("a.cs", whole.as_str())]),
        ["warning incomplete-application-authentication: AppClientId"]
    );
}

#[test]
fn c28_a_token_beside_a_key() {
    assert_eq!(
        set(&format!("{CLUSTER};Fed=true;AppKey=<key>;UserToken=<token>")),
        ["error conflicting-credentials: AppKey=<key>"]
    );
    assert_eq!(
        set(&format!("{CLUSTER};Fed=true;AppKey=<key>;AppToken=<token>")),
        ["warning conflicting-credentials: AppKey=<key>"]
    );
}

#[test]
fn c29_m64_an_identity_in_a_string_of_a_client() {
    assert_eq!(
        set(&format!("{CLUSTER};Fed=true;ManagedServiceIdentity=system")),
        ["warning unknown-connection-keyword: ManagedServiceIdentity"]
    );
}

fn binding(arguments: &str) -> String {
    format!(
        "public static void Run([Kusto(Database: \"Harbor\", TableName = \"T\", {arguments})] ICollector<T> rows) {{ }}\n"
    )
}

const KEYED: &str = "{\"Values\": {\"Quay\": \"Data Source=https://quay.westeurope.kusto.windows.net;Fed=true;AppClientId=<id>;AppKey=<key>;Authority Id=<tenant>\"}}";

#[test]
fn c30_m63_a_key_beside_the_identity_of_a_binding() {
    let code = binding("Connection = \"Quay\", ManagedServiceIdentity = \"system\"");
    let wanted = ["warning conflicting-credentials: AppKey=<key>"];
    let both = [("app/T.cs", code.as_str()), ("app/local.settings.json", KEYED)];
    assert_eq!(strings_in(&both), wanted);
    // The settings of another app, another setting, and a binding without an identity.
    let other = [("app/T.cs", code.as_str()), ("other/local.settings.json", KEYED)];
    assert_eq!(strings_in(&other), NOTHING);
    let pier = KEYED.replace("Quay", "Pier");
    let other = [("app/T.cs", code.as_str()), ("app/local.settings.json", pier.as_str())];
    assert_eq!(strings_in(&other), NOTHING);
    let plain = binding("Connection = \"Quay\"");
    let both = [("app/T.cs", plain.as_str()), ("app/local.settings.json", KEYED)];
    assert_eq!(strings_in(&both), NOTHING);
}

#[test]
fn a_setting_of_a_template_and_a_binding_in_json_are_joined() {
    let function = "{\"bindings\": [{\"type\": \"kusto\", \"direction\": \"out\", \"name\": \"rows\", \"tableName\": \"T\", \
                    \"connection\": \"Quay\", \"managedServiceIdentity\": \"system\"}]}";
    let template = "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \
                    \"resources\": [{\"type\": \"Microsoft.Web/sites\", \"apiVersion\": \"2022-03-01\", \"name\": \"app\", \
                    \"properties\": {\"siteConfig\": {\"appSettings\": [{\"name\": \"Quay\", \"value\": \
                    \"Data Source=https://quay.westeurope.kusto.windows.net;Fed=true;AppClientId=<id>;AppKey=<key>;Authority Id=<tenant>\"}]}}}]}";
    assert_eq!(
        strings_in(&[("app/T/function.json", function), ("infra/main.json", template)]),
        ["warning conflicting-credentials: AppKey=<key>"]
    );
}

#[test]
fn c31_a_string_in_place_of_a_setting() {
    let code = binding("Connection = \"Data Source=https://quay.westeurope.kusto.windows.net;Fed=true\"");
    let found = strings_in(&[("T.cs", code.as_str())]);
    assert_eq!(
        found,
        ["error invalid-connection-string: Data Source=https://quay.westeurope.kusto.windows.net;Fed=true"]
    );
}

const OBJECT: &str = "5b6cf8f4-15f2-4b62-a7a1-2b6f10a3a0a6";

#[test]
fn c32_m62_an_id_of_another_kind_in_a_binding() {
    let resource =
        "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-quay";
    let code = binding(&format!("ManagedServiceIdentity = \"{resource}\""));
    assert_eq!(
        strings_in(&[("T.cs", code.as_str())]),
        [format!("warning conflicting-credentials: {resource}")]
    );
    let code = binding(&format!("ManagedServiceIdentity = \"{OBJECT}\""));
    let policy = format!(
        ".alter-merge cluster policy managed_identity '[{{\"ObjectId\":\"{OBJECT}\",\"AllowedUsages\":\"NativeIngestion\"}}]'"
    );
    assert_eq!(
        strings_in(&[("T.cs", code.as_str()), ("policy.kql", policy.as_str())]),
        [format!("warning conflicting-credentials: {OBJECT}")]
    );
    assert_eq!(strings_in(&[("T.cs", code.as_str())]), NOTHING);
}

#[test]
fn c33_a_key_with_a_semicolon() {
    let rest = "Fed=true;AppClientId=<id>;TenantId=<tenant>;AppKey";
    assert_eq!(
        set(&format!("{CLUSTER};{rest}=<one>;two")),
        ["error invalid-connection-string: two"]
    );
    assert_eq!(set(&format!("{CLUSTER};{rest}=\"<one>;two\"")), NOTHING);
}

#[test]
fn c34_keywords_that_are_none() {
    for name in ["Application Kye", "AppClienId"] {
        assert_eq!(
            set(&format!("{CLUSTER};Fed=true;{name}=<value>")),
            [format!("error invalid-connection-string: {name}")]
        );
    }
    assert_eq!(
        set(&format!("{CLUSTER};Fed=true;Retry Policy=3")),
        ["warning unknown-connection-keyword: Retry Policy"]
    );
    // What follows a secret may be a piece of it.
    assert_eq!(
        set(&format!(
            "{CLUSTER};Fed=true;AppClientId=<id>;TenantId=<t>;AppKey=<key>;zw9q3=x"
        )),
        NOTHING
    );
}

/// Entities of markup are no parts of a string, and a keyword of SQL Server is no slip of the pen.
#[test]
fn c34_look_alikes_of_mistakes_are_left_alone() {
    assert_eq!(
        set(&format!(
            "{CLUSTER};Fed=True;AppClientId=&lt;id&gt;;AppKey=&lt;key&gt;;Authority Id=t.example"
        )),
        NOTHING
    );
    assert_eq!(
        set(&format!("{CLUSTER};Integrated Security=True;Fed=True")),
        ["warning unknown-connection-keyword: Integrated Security"]
    );
}

#[test]
fn c35_c36_one_property_twice() {
    assert_eq!(
        set(&format!(
            "{CLUSTER};Server=https://pier.westeurope.kusto.windows.net;Fed=true"
        )),
        ["warning unknown-connection-keyword: Server"]
    );
    assert_eq!(
        set("https://quay.westeurope.kusto.windows.net/Harbor;Initial Catalog=Pier;Fed=true"),
        ["warning unknown-connection-keyword: Initial Catalog"]
    );
    assert_eq!(
        set("https://quay.westeurope.kusto.windows.net;Initial Catalog=Pier;Fed=true"),
        NOTHING
    );
}

#[test]
fn c49_a_method_that_is_not_documented() {
    let query = "evaluate sql_request('Server=tcp:quay.database.windows.net,1433;Initial Catalog=q;Authentication=Active Directory Password;User Id=<user>;' h'Password=<password>', 'select 1')";
    assert_eq!(
        strings_in(&[("q.kql", query)]),
        ["warning invalid-connection-string: Active Directory Password"]
    );
}

fn sql(authentication: &str) -> Vec<String> {
    let query = format!(
        "evaluate sql_request('Server=tcp:quay.database.windows.net,1433;Initial Catalog=q;{authentication}', 'select 1')"
    );
    strings_in(&[("q.kql", &query)])
}

#[test]
fn c50_a_user_by_name() {
    let method = "Authentication=\"Active Directory Managed Identity\"";
    assert_eq!(
        sql(&format!("{method};User Id=user@contoso.com")),
        ["error invalid-connection-string: user@contoso.com"]
    );
    for user in [OBJECT, "<object id>", "123456789"] {
        assert_eq!(sql(&format!("{method};User Id={user}")), NOTHING, "{user}");
    }
}

#[test]
fn c51_m55_a_user_beside_the_caller() {
    assert_eq!(
        sql(&format!(
            "Authentication=\"Active Directory Integrated\";User Id={OBJECT}"
        )),
        [format!("warning conflicting-credentials: User Id={OBJECT}")]
    );
}

#[test]
fn c52_an_authority_that_is_no_tenant() {
    let rest = "Fed=true;AppClientId=<id>;AppKey=<key>;Authority Id";
    assert_eq!(
        set(&format!("{CLUSTER};{rest}=quaycorp")),
        ["warning invalid-connection-string: quaycorp"]
    );
    for tenant in ["quay.example.com", OBJECT, "common", "<tenant>", "$TENANT"] {
        assert_eq!(set(&format!("{CLUSTER};{rest}={tenant}")), NOTHING, "{tenant}");
    }
}

#[test]
fn m28_a_name_or_a_resource_id_in_a_string() {
    for value in [
        "id-quay",
        "/subscriptions/0/userAssignedIdentities/id-quay",
        "41f0e2bb-77c9-4d31",
    ] {
        assert_eq!(
            read(&format!("{BLOB};managed_identity={value}")),
            [format!("error invalid-connection-string: {value}")]
        );
    }
}

#[test]
fn m29_the_keyword_misspelt() {
    for name in ["managedIdentity", "managed-identity", "ManagedIdentity"] {
        assert_eq!(
            read(&format!("{BLOB};{name}=system")),
            [format!("error invalid-connection-string: {name}=system")]
        );
    }
    assert_eq!(
        read(&format!("{BLOB};impersonat")),
        ["error invalid-connection-string: impersonat"]
    );
}

#[test]
fn m30_the_keyword_in_the_query() {
    for sign in ["?", "?a=b&"] {
        assert_eq!(
            read(&format!("{BLOB}{sign}managed_identity=system")),
            ["error invalid-connection-string: managed_identity=system"]
        );
    }
}

#[test]
fn m31_blanks_around_the_keyword() {
    assert_eq!(
        read(&format!("{BLOB}; managed_identity = system")),
        ["note invalid-connection-string: managed_identity = system"]
    );
}

#[test]
fn m32_an_identity_that_is_not_there() {
    assert_eq!(
        read(&format!("{BLOB};managed_identity=")),
        ["error invalid-connection-string: managed_identity="]
    );
    for placeholder in ["<objectId>", "{objectId}", "...", "${ID}"] {
        assert_eq!(
            read(&format!("{BLOB};managed_identity={placeholder}")),
            NOTHING,
            "{placeholder}"
        );
    }
    let code = format!("var s = \"{BLOB};managed_identity=\" + id;\n");
    assert_eq!(strings_in(&[("a.cs", code.as_str())]), NOTHING);
}

#[test]
fn m56_a_password_beside_an_identity() {
    assert_eq!(
        sql("Authentication=\"Active Directory Managed Identity\";Password=<password>"),
        ["error conflicting-credentials: Password=<password>"]
    );
}

#[test]
fn pieces_and_prose_are_no_strings() {
    let python =
        "CS = \"Data Source=https://quay.westeurope.kusto.windows.net;\" \\\n     \"Fed=True;AppClientId=abc;\"\n";
    assert_eq!(strings_in(&[("app.py", python)]), NOTHING);
    let code = "var s = new StringBuilder().Append(\"Data Source=https://quay.westeurope.kusto.windows.net;AppClientId=x;\").Append(rest);\n";
    assert_eq!(strings_in(&[("app.cs", code)]), NOTHING);
    let text = format!(
        "Write {BLOB};managed_identity=<object-id>, or ;impersonate.\n\n    {BLOB};managed_identity=OBJECT_ID\n"
    );
    assert_eq!(strings_in(&[("README.md", text.as_str())]), NOTHING);
    let stated = format!("url = '{BLOB};managed_identity=your-object-id'\n");
    assert_eq!(strings_in(&[("app.py", stated.as_str())]), NOTHING);
}

#[test]
fn strings_that_only_look_like_those_of_kusto() {
    for string in [
        "Server=quay.westeurope.kusto.windows.net;Database=Harbor;Authentication=Active Directory Interactive;Encrypt=True",
        "Data Source=https://westus.asazure.windows.net/x;Initial Catalog=c;User ID=u;Password=<password>",
        "Url=https://x.crm.example.com;AuthType=ClientSecret;ClientId=1;ClientSecret=<secret>",
    ] {
        assert_eq!(set(string), NOTHING, "{string}");
    }
}
