//! What is planted, and where: texts with a secret, and places of every kind of file.

/// Kinds of secrets: the text around one, with `§` in its place, and its form.
pub(super) const KINDS: &[(&str, &str)] = &[
    (
        "Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppClientId=i;AppKey=§;Authority Id=t",
        "[A-Za-z0-9~_]{24}[0-9][a-z]",
    ),
    (
        "https://stquay.blob.core.windows.net/c/d.csv;§",
        "[A-Za-z0-9+/]{84}[0-9][A-Z]==",
    ),
    (
        "abfss://fs@stquay.dfs.core.windows.net/p;sharedkey=§",
        "[A-Za-z0-9+/]{84}[0-9][A-Z]==",
    ),
    (
        "https://stquay.blob.core.windows.net/c?sv=2024-01-01&sr=c&sp=r&sig=§&se=2027-01-01",
        "[A-Za-z0-9]{40}[0-9][A-Z]%3D",
    ),
    (
        "DefaultEndpointsProtocol=https;AccountName=stquay;AccountKey=§;EndpointSuffix=core.windows.net",
        "[A-Za-z0-9+/]{84}[0-9][A-Z]==",
    ),
    (
        "Endpoint=sb://quay.servicebus.windows.net/;SharedAccessKeyName=n;SharedAccessKey=§;EntityPath=h",
        "[A-Za-z0-9+/]{41}[0-9][A-Z]=",
    ),
    (
        "Server=tcp:sql-quay.database.windows.net,1433;Initial Catalog=d;User ID=u;Password=§;Encrypt=True",
        "[A-Za-z0-9!_#]{12}[0-9][A-Z]",
    ),
    (
        "https://stquay.blob.core.windows.net/c;token=§",
        "eyJ[A-Za-z0-9_-]{30}\\.eyJ[A-Za-z0-9_-]{40}\\.[A-Za-z0-9_-]{40}[0-9][A-Z]",
    ),
    (
        "Authorization: Bearer §",
        "eyJ[A-Za-z0-9_-]{30}\\.eyJ[A-Za-z0-9_-]{40}\\.[A-Za-z0-9_-]{40}[0-9][A-Z]",
    ),
    (
        "https://quay.s3.eu-west-1.amazonaws.com/f.csv;AwsCredentials=AKIAQUAY,§",
        "[A-Za-z0-9+/]{38}[0-9][A-Z]",
    ),
    (
        "https://quay.s3.eu-west-1.amazonaws.com/f.csv?X-Amz-Signature=§",
        "[0-9a-f]{62}[0-9][a-f]",
    ),
    ("§", "[A-Za-z0-9]{3}8Q~[A-Za-z0-9._-]{33}[0-9]"),
    (
        "-----BEGIN PRIVATE KEY-----§-----END PRIVATE KEY-----",
        "[A-Za-z0-9+/]{90}[0-9][A-Z]",
    ),
    (
        "client_id=i&client_secret=§&grant_type=client_credentials",
        "[A-Za-z0-9~_]{24}[0-9][a-z]",
    ),
];

/// Secrets of words, after keywords that have nothing but secrets.
pub(super) const PHRASES: &[(&str, &str)] = &[
    (
        "Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppClientId=i;AppKey=§;Authority Id=t",
        "(velvet|copper|walrus|gondola)-(horse|candle|lobster)-(battery|thimble|gazebo)",
    ),
    (
        "Data Source=https://adx-quay.kusto.windows.net;Fed=True;Application Client Id=i;Application Key=§;Authority Id=t",
        "(hunter|walrus)(gondola|thimble)(velvet|lobster)",
    ),
    (
        "Server=tcp:sql-quay.database.windows.net,1433;Initial Catalog=d;User ID=u;Password=§;Encrypt=True",
        "(Velvet|Copper|Walrus)(Horse|Candle)!(battery|thimble)",
    ),
    (
        "DefaultEndpointsProtocol=https;AccountName=stquay;AccountKey=§;EndpointSuffix=core.windows.net",
        "[bcdfghjklm]{20}[BCDFGHJKLM]{6}",
    ),
    (
        "https://stquay.blob.core.windows.net/c?sv=2024-01-01&sr=c&sp=r&sig=§&se=2027-01-01",
        "[bcdfghjklm]{30}%2B[BCDFGHJKLM]{6}%3D",
    ),
];

/// Secrets without a name of their own at their place: what fills a string, what short names and marks stand around.
pub(super) const FILLINGS: &[(&str, &str)] = &[
    (
        "const key = \"§\"; $\"Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppKey={key};Authority Id=t\"",
        "[A-Za-z0-9~_]{24}[0-9][a-z]",
    ),
    (
        "'Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppKey={0};Authority Id=t'.format('§')",
        "[A-Za-z0-9~_]{24}[0-9][a-z]",
    ),
    (
        "string.Format(\"Data Source=https://adx-quay.kusto.windows.net;AppClientId={0};AppKey={1};Fed=True\", id, \"§\")",
        "[A-Za-z0-9~_]{24}[0-9][a-z]",
    ),
    (
        "[format('Data Source=https://adx-quay.kusto.windows.net;AppKey={0};Fed=True', '§')]",
        "[A-Za-z0-9]{10}-(velvet|copper)-[A-Z][0-9][a-z]",
    ),
    (
        "k1 = '§'; c = 'Data Source=https://adx-quay.kusto.windows.net;AppKey=' + k1 + ';Fed=True'",
        "(velvet|copper|walrus)-(horse|candle)-(battery|thimble)-[0-9][a-z]",
    ),
    ("strcat_delim('=', 'AppKey', '§')", "[A-Za-z0-9~_]{24}[0-9][a-z]"),
    (
        "Driver={ODBC Driver 18};Server=tcp:sql-quay.database.windows.net;Uid=u;Pwd={§};Encrypt=yes",
        "[A-Za-z0-9!_#]{12}[0-9][A-Z]",
    ),
    ("{'kusto': {'key': '§'}}", "[A-Za-z0-9~_]{24}[0-9][a-z]"),
    ("pw = '§'", "[A-Za-z0-9~_]{24}[0-9][a-z]"),
    ("kusto: {key: §, name: x}", "[A-Za-z0-9]{24}[0-9][a-z]"),
    (
        "Data Source=https://adx-quay.kusto.windows.net;Fed=True;AppClientId=i;AppKey=§;Authority Id=t",
        "[a-z][0-9]</[a-z]{8}[0-9]{2}[A-Z]q",
    ),
    (
        "https://stquay.blob.core.windows.net/container;§",
        "[a-z][0-9]~[a-z]{4}-[a-z]{4}-[0-9]{2}[A-Z][a-z]",
    ),
    (
        "{'sp': {'type': 'securestring', 'metadata': {'a': 'b'}, 'defaultValue': '§'}}",
        "[A-Za-z0-9~_]{14}[0-9][a-z]",
    ),
];

/// Places of a script.
pub(super) const SCRIPTS: &[&str] = &[
    "externaldata (x:string) ['§']",
    "externaldata (x:string) [h\"§\"]",
    "externaldata (x:string) [@'§']",
    "externaldata (x:string) [```§```]",
    "let u = strcat('§', ''); externaldata (x:string) [u]",
    "// §\n.create table T (x:string)",
    "// kustolint-ignore unknown-identity-usage: §\nT",
    "// kustolint: ignore[identity-usage-letter-case] §\n.alter-merge database D policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"all\"}]'",
    "// kustolint: ignore[identity-usage-letter-case] §\n.show tables",
    "// kustolint: ignore[§] because\n.show tables",
    "// kustolint: ignore[identity-usage-letter-case] until §\n.show tables",
    "// kustolint: ignore[identity-usage-letter-case] until 2001-01-01 §\n.show tables",
    ".create-or-alter external table ['§'] (x:string) kind=storage dataformat=csv (h'https://a.blob.core.windows.net/c;managed_identity=system')",
    ".alter-merge database ['§'] policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"All\"}]'",
    ".alter-merge database D policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"§\"}]'",
    ".alter-merge database D policy managed_identity '[{\"ObjectId\":\"§\",\"AllowedUsages\":\"NativeIngestion\"}]'",
    ".alter-merge database D policy managed_identity '[{\"§\":\"system\",\"AllowedUsages\":\"NativeIngestion\"}]'",
    ".alter-merge database D policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"§\"'",
    ".ingest into table T (h'§;managed_identity=system') with (format='§', tags='§')",
    ".ingest into table T (h'https://a.blob.core.windows.net/c;managed_identity=§')",
    ".export async to csv (h'§') with (namePrefix='§') <| T",
    ".create-or-alter continuous-export E over (T) to table X with (managedIdentity='§') <| T",
    ".add database D admins ('aadapp=§;t') '§'",
    ".alter cluster policy callout '[{\"CalloutType\":\"§\",\"CalloutUriRegex\":\"§\",\"CanCall\":true}]'",
    ".frobnicate §",
    "T | where x == '§",
    "print (\"§\"",
    "#connect \"§\"",
];

/// Places of other files.
pub(super) const FILES: &[(&str, &str)] = &[
    ("local.settings.json", r#"{"Values":{"Kusto":"§"}}"#),
    ("local.settings.json", r#"{"Values":{"§":"x"}}"#),
    ("broken.json", r#"{"a":"§" "b": ]"#),
    (
        "docs/a.md",
        "# A\n\nWrite `§`:\n\n```kusto\nexternaldata (x:string) ['§']\n```\n",
    ),
    ("ci.yml", "env:\n  KUSTO: \"§\"\nscript: |\n  .show tables '§'\n"),
    (
        "run.sh",
        "LightIngest \"https://ingest-adx.kusto.windows.net;Fed=true\" -source:\"§\" -table:T\nexport K='§'\n",
    ),
    (
        "call.http",
        "POST https://adx.kusto.windows.net/v1/rest/query\n§\n\n{\"csl\":\".show tables '§'\"}\n",
    ),
    (
        "A.cs",
        "class A { const string C = \"§\"; const string Q = \".show tables '§'\"; }\n",
    ),
    ("a.py", "C = \"§\"\nQ = \".show tables '§'\"\n"),
    (
        "a.py",
        "# kustolint: ignore[non-idempotent-command] §\nQ = \".show tables\"\n",
    ),
    (
        "b.json",
        "{\n  // kustolint: ignore[embedded-secret, §] §\n  \"a\": \"§\"\n}\n",
    ),
    (
        "b.json",
        r#"{"a":{"metadata":{"kustolint":{"ignore":{"embedded-secret":"§"}}},"b":"§"}}"#,
    ),
    (
        "b.json",
        r#"{"a":{"metadata":{"kustolint":{"§":1,"ignore":[{"rule":"§","reason":"§","until":"§"},{"§":2}]}}}}"#,
    ),
    (".env", "KUSTO=§\n"),
];

/// Places of a template, inside of its object.
pub(super) const TEMPLATES: &[&str] = &[
    r#""resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{"K":"§"}}]"#,
    r#""resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{"§":"x"}}]"#,
    r#""resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{"K":"[concat('a', '§', parameters('b'))]"}}]"#,
    r#""resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{"K":"[toUpper(substring('§', 3))]"}}]"#,
    r#""resources":[{"type":"Microsoft.Kusto/clusters","apiVersion":"1","name":"§","identity":{"type":"§"},"properties":{"keyVaultProperties":{"keyVaultUri":"§","keyName":"§"}}}]"#,
    r#""resources":[{"type":"Microsoft.Kusto/clusters","apiVersion":"1","name":"adx","identity":{"type":"UserAssigned","userAssignedIdentities":{"§":{}}}}]"#,
    r#""parameters":{"p":{"type":"string","defaultValue":"§"}},"resources":[{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"1","name":"a/b/c","properties":{"scriptContent":"[concat('.ingest into table T (h''', parameters('p'), ''')')]"}}]"#,
    r#""variables":{"v":"§"},"resources":[{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"1","name":"[concat('adx/db/', variables('v'))]","properties":{"scriptContent":"[format('.alter-merge database D policy managed_identity \"[{{\\'ObjectId\\':\\'{0}\\',\\'AllowedUsages\\':\\'x\\'}}]\"', variables('v'))]"}}]"#,
    r#""resources":[{"type":"Microsoft.Authorization/roleAssignments","apiVersion":"1","name":"§","scope":"§","properties":{"principalId":"§","roleDefinitionId":"§"}}]"#,
    r#""resources":[{"type":"Microsoft.Kusto/clusters/databases/dataConnections","apiVersion":"1","name":"a/b/§","kind":"EventHub","properties":{"eventHubResourceId":"§","managedIdentityResourceId":"§"}}]"#,
    r#""resources":[{"type":"Microsoft.Kusto/clusters","apiVersion":"1","name":"[nonsense('§')]","tags":{"t":"[concat('§'"}}]"#,
    r#""resources":[{"type":"Microsoft.KeyVault/vaults","apiVersion":"1","name":"[parameters('§')]","condition":"[equals(parameters('§'), '§')]","properties":{"enableSoftDelete":"§"}}]"#,
    r#""resources":[{"type":"Microsoft.Resources/deploymentScripts","apiVersion":"1","name":"d","kind":"AzureCLI","properties":{"scriptContent":"az x '§'","arguments":"§","environmentVariables":[{"name":"K","value":"§"}]}}],"outputs":{"o":{"type":"string","value":"§"}}"#,
    r#"// §
    "resources":[{"type":"Microsoft.Kusto/clusters","name":"§" "x" }"#,
];

pub(super) fn template(inside: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",{inside}}}"#
    )
}

/// Every place: the files of a run, each with `§` where the text with the secret stands.
pub(super) fn places() -> Vec<Vec<(String, String)>> {
    let mut places: Vec<Vec<(String, String)>> = Vec::new();
    let one = |path: &str, text: String| vec![(path.to_owned(), text)];
    places.extend(SCRIPTS.iter().map(|script| one("a.kql", (*script).to_owned())));
    places.extend(FILES.iter().map(|(path, text)| one(path, (*text).to_owned())));
    places.extend(TEMPLATES.iter().map(|inside| one("main.json", template(inside))));
    let long = format!(
        "let a = '{}'; externaldata (x:string) ['§'] {}",
        "ab ".repeat(900),
        "| take 1 ".repeat(900)
    );
    places.push(one("long.kql", long));
    let script = r#""parameters":{"p":{"type":"string"}},"resources":[{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"1",
        "name":"[concat('adx/db/', parameters('p'))]","properties":{"scriptContent":"[concat('.frobnicate ', parameters('p'))]"}}]"#;
    let given = r#"{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0","parameters":{"p":{"value":"§"}}}"#;
    places.push(vec![
        ("main.json".to_owned(), template(script)),
        ("main.parameters.json".to_owned(), given.to_owned()),
    ]);
    places
}
