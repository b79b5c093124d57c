mod names;

use super::*;
use crate::syntax::growth::assert_linear;
use proptest::prelude::*;

/// 86 characters and the padding of a key that opens nothing.
const KEY: &str = "bm90LWEtcmVhbC1rZXktYnV0LWxvbmctZW5vdWdoLXRvLWxvb2stbGlrZS1vbmUtbm90LWEtcmVhbC1rZXktYQ==";

/// The first characters of [`KEY`].
fn start(length: usize) -> &'static str {
    KEY.get(..length).unwrap()
}

fn found(text: &str) -> Vec<&str> {
    secrets_in(text).into_iter().map(|span| span.of_text(text)).collect()
}

fn certain(text: &str) -> Vec<(&str, SecretKind)> {
    find_secrets(text)
        .into_iter()
        .filter(|secret| secret.certain)
        .map(|secret| (secret.span.of_text(text), secret.kind))
        .collect()
}

#[test]
fn pairs_of_connection_strings_are_certain() {
    assert_eq!(KEY.len(), 88);
    for (text, secret, kind) in [
        (
            "Data Source=https://c;Fed=True;AppKey=pl4nk~ton;Authority Id=t",
            "pl4nk~ton",
            SecretKind::ClientSecret,
        ),
        (
            "Server=sql-a.database.windows.net;User Id=u;Password=2 words!;Encrypt=True",
            "2 words!",
            SecretKind::Password,
        ),
        (
            "Data Source=https://c.kusto.windows.net;Fed=True;User ID=u@x.com;Password=q8Zt~vR3mWx1Lp;Initial Catalog=d",
            "q8Zt~vR3mWx1Lp",
            SecretKind::Password,
        ),
        (
            "jdbc:sqlserver://sql-a.database.windows.net:1433;database=d;user=u@sql-a;password=k9-pond-77!x;encrypt=true",
            "k9-pond-77!x",
            SecretKind::Password,
        ),
        (
            "evaluate mysql_request('jdbc:mysql://my-a.mysql.database.azure.com/d?user=u&password=k9-pond-77x', '')",
            "k9-pond-77x",
            SecretKind::Password,
        ),
        (
            "Server=sql.contoso.com;UID=u;Pwd=it's-me-7",
            "it's-me-7",
            SecretKind::Password,
        ),
        (
            "Endpoint=sb://n/;SharedAccessKeyName=k;SharedAccessKey=q83hf8a9x7c2m4n1k5z3=;EntityPath=h",
            "q83hf8a9x7c2m4n1k5z3=",
            SecretKind::SharedAccessKey,
        ),
        (
            "https://a.blob.core.windows.net/c/d.csv?sv=1&sig=aBc1%2Fd%3D&se=2",
            "aBc1%2Fd%3D",
            SecretKind::SasSignature,
        ),
        (
            "abfss://f@a.dfs.core.windows.net/p;sharedkey=q83hf8a9",
            "q83hf8a9",
            SecretKind::AccountKey,
        ),
        (
            "https://b.s3.eu-west-1.amazonaws.com/k;AwsCredentials=AKIDX,s3cr3t/abc+",
            "s3cr3t/abc+",
            SecretKind::Aws,
        ),
        (
            "\"KustoAppKey\": \"k9-pond-lily-water\"",
            "k9-pond-lily-water",
            SecretKind::ClientSecret,
        ),
        (
            "Application Client Id=i;Application Key=\"a;b 77 c\";x=1",
            "a;b 77 c",
            SecretKind::ClientSecret,
        ),
        (
            "{\"name\": \"EventHubKey\", \"value\": \"bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=\"}",
            "bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=",
            SecretKind::SharedAccessKey,
        ),
        (
            "STORAGE_ACCESS_KEY=bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=",
            "bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=",
            SecretKind::Key,
        ),
        (
            "@{ grant_type = 'client_credentials'; client_secret = 'k9-pond-77' }",
            "k9-pond-77",
            SecretKind::ClientSecret,
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGd0pT1mV3xv\n-----END PRIVATE KEY-----",
            "MC4CAQAwBQYDK2VwBCIEIGd0pT1mV3xv",
            SecretKind::PrivateKey,
        ),
        (
            "curl -F client_secret=k9-pond-77 https://login.microsoftonline.com/t/oauth2/token",
            "k9-pond-77",
            SecretKind::ClientSecret,
        ),
    ] {
        assert_eq!(certain(text), [(secret, kind)], "{text}");
    }
}

#[test]
fn secrets_of_other_services_are_masked_and_not_certain() {
    for text in [
        "\"adminPassword\": { \"value\": \"k1k2-pond-77\" }",
        "\"sharedKey\": \"123-pond-77x\"",
        "Server=localhost;User Id=sa;Password=k1k2-pond-77;x=1",
        "api_key = \"k1k2-pond-77-lily\"",
        "Server=sql-a.database.windows.net;User Id=u;Password=P@ssw0rd1234;x=1",
        "\"sharedKey\": \"bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=\"",
        "\"accessKey\": \"bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=\"",
        "https://x.logic.azure.com/w?sp=%2Frun&sv=1.0&sig=k1k2pond77lilyk1k2pond77lily",
        "\"clientSecret\": \"k1k2-pond-77\"",
        "https://a.blob.core.windows.net/c?sv=2024-01-01&sig=abcdefgh12345678%3D",
    ] {
        assert_eq!(certain(text), [], "{text}");
        assert!(!found(text).is_empty(), "{text}");
    }
}

#[test]
fn names_references_and_samples_are_not_certain() {
    let string = |key: &str| format!("Data Source=https://c.kusto.windows.net;Fed=True;AppKey={key};Authority Id=t");
    let account = |key: &str| format!("AccountName=st1;AccountKey={key};EndpointSuffix=core.windows.net");
    let server = |word: &str| format!("Server=tcp:s.database.windows.net,1433;User ID=u;Password={word};Encrypt=True");
    let signed = |sig: &str| format!("https://st.blob.core.windows.net/c?sv=2020-01-01&se=2020-01-02&sig={sig}");
    let token = |end: &str| format!("token=eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2V4In0.{end}");
    let of_32_bytes = "bm90aGluZyBpcyBvcGVuZWQgYnkgdGhpcyAzMmJ5dGU=";
    let mut texts = vec![
        account("`az storage account keys list -n st1`"),
        "const re = /AccountKey=([A-Za-z0-9+/=]{88})/;\nconst b=1;".to_owned(),
        "const s=/AppKey=([A-Za-z0-9]+1)/;\nconst kusto=1;".to_owned(),
        "Url matches regex 'https://a.blob.core.windows.net/.*?sv=.*&sig=[A-Za-z0-9%]{43}='".to_owned(),
        "\"kustoAppKey\":\"kv-ref:kusto-app-key-1\"".to_owned(),
        "\"kustoClientSecret\":\"kusto-client-secret-name-v1\"".to_owned(),
        "KUSTO_APP_KEY=kusto-app-key-12345-here".to_owned(),
        "AppKey=the key of app1;Fed=True".to_owned(),
        "AwsCredentials=AWS_ACCESS_KEY_ID1,AWS_SECRET_ACCESS_KEY1".to_owned(),
        "var kusto = $\"AppKey={Environment.GetEnvironmentVariable(\"KEY1\")};Fed=True\";".to_owned(),
        "kusto_app_key: ref+azurekeyvault://kv1/kusto-app-key".to_owned(),
        "kusto_app_key: op://vault1/kusto/credentials2".to_owned(),
        string("[your-app-key1]"),
        server("TBD-by-ops-team1"),
        token("SIGNATURE"),
        format!("blobPartitionKey=\"{of_32_bytes}\""),
        format!("cosmosPartitionKey={of_32_bytes}"),
        format!("cosmosdb_idempotency_key: \"{of_32_bytes}\""),
    ];
    let keys = [
        "secret(\"kusto1key\")",
        "env:APP_KEY_2",
        "application-key-1",
        "appkey123",
        "**REDACTED1**",
    ];
    texts.extend(keys.map(string));
    texts.extend(["STORAGE_ACCOUNT_KEY_1_GOES_HERE", "KEY_FROM_PORTAL_HERE_2024"].map(account));
    texts.extend(["P4ssw0rd!", "Pa55w.rd", "pwd12345", "Welcome123"].map(server));
    texts.extend(["REDACTED%3D", "thesignaturevaluegoeshere1="].map(signed));
    texts.push(signed("dD80ihBh5jfNpymO5Hg1IdiJIEvHcJpCMiCMnN%2fRnbI%3d"));
    texts.push(signed("Z%2FRHIX5Xcg0Mq2rqI3OlWTjEg2tYkboXr1P9ZUXDtkk%3D"));
    for text in &texts {
        assert_eq!(certain(text), [], "{text}");
    }
    for text in [
        string("k9-pond-77"),
        server("k9-pond-77!x"),
        signed("k1k2pond77lilyk1k2pond77lily%3D"),
    ] {
        assert_eq!(certain(&text).len(), 1, "{text}");
    }
}

#[test]
fn account_keys_are_known_by_their_shape() {
    for text in [
        format!("'https://a.blob.core.windows.net/c;{KEY}'"),
        format!("'https://a.blob.core.windows.net/c;' h'{KEY}'"),
        format!("AccountKey={KEY};EndpointSuffix=core.windows.net"),
        format!("key: {KEY}"),
        format!("{{\"a\": \"AccountKey={KEY}\"}}"),
    ] {
        assert_eq!(found(&text), [KEY], "{text}");
    }
    let encoded = format!("x%3B{}%3D%3D", start(86));
    assert_eq!(found(&encoded).concat(), format!("{}%3D%3D", start(86)));
    let escaped = format!("{}+/==", start(84)).replace('+', "%2B").replace('/', "%2F");
    assert_eq!(found(&escaped), [escaped.as_str()]);
    assert!(found(&format!("{}==", start(80))).is_empty());
}

#[test]
fn every_private_key_in_a_row_is_found() {
    let key = |body: &str| format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----\n");
    let (one, two, three) = (
        "MC4CAQAwBQYDK2VwBCIEIGd0pT1mV3xv",
        "MC4CAQAwBQYDK2VwBCIEIHq83f8a9x7c",
        "MC4CAQAwBQYDK2VwBCIEIbm90aGluZyA",
    );
    let row = [key(one), key(two), key(three)].concat();
    assert_eq!(certain(&row).len(), 3);
    assert_eq!(found(&row), [one, two, three]);
    assert_eq!(found(&row.replace('\n', "")), [one, two, three]);
    for sample in [
        key("..."),
        "-----BEGIN PRIVATE KEY-----\n...\n".to_owned(),
        key("<key>"),
    ] {
        let text = sample + &key(one);
        assert_eq!(certain(&text), [(one, SecretKind::PrivateKey)], "{text}");
    }
}

#[test]
fn quotes_of_several_languages_end_a_value() {
    for (text, secret) in [
        (r#"{\"appKey\": \"ab\\\"cd12345\"}"#, r#"ab\\\"cd12345"#),
        (r#"{"clientSecret": "ab\"cd12345"}"#, r#"ab\"cd12345"#),
        (r#"var s = @"…;AppKey=""ab;cd12345"";x""#, "ab;cd12345"),
        (r#""script": "x\u0026sig\u003dabc123\u0026se=1""#, "abc123"),
        (r#""a": ";AppKey=k1k2k3k4\n.next""#, "k1k2k3k4"),
        ("<add value=\"Server=h;Password=k1k2&quot;\"/>", "k1k2"),
        ("<key>AppKey=k1k2k3k4</key>", "k1k2k3k4"),
        ("curl -F client_secret=k1k2k3k4 -F x=1", "k1k2k3k4"),
        ("grant&client_secret=k1k2k3k4&resource=r", "k1k2k3k4"),
        ("az login --client-secret 'k1 k2' --x", "k1 k2"),
        ("strcat('Server=h;Password=', h'k1k2k3')", "k1k2k3"),
        ("ConvertTo-SecureString \"k1k2\" -AsPlainText", "k1k2"),
        ("{\"type\": \"securestring\", \"defaultValue\": \"k1k2\"}", "k1k2"),
        ("\"adminPassword\": { \"value\": \"k1k2\" }", "k1k2"),
        ("{\"name\": \"KustoAppKey\", \"value\": \"k1k2\"}", "k1k2"),
        ("\"scriptUrlSasToken\": \"?sv=1&sig=k1k2\"", "?sv=1&sig=k1k2"),
        ("password: hunter22", "hunter22"),
        ("$env:KUSTO_APPKEY = 'k1k2'", "k1k2"),
    ] {
        assert_eq!(found(text), [secret], "{text}");
    }
}

#[test]
fn shapes_need_no_name() {
    let token = "eyJhbGciOiJub25lIn0.eyJhIjoiYiJ9.c2lnbmF0dXJlLW9mLW5vdGhpbmc";
    for (text, secret) in [
        (format!("curl -H \"Authorization: Bearer {token}\""), token),
        (format!("x {token}, y"), token),
        ("authorization: Basic dXNlcjpwdw".to_owned(), "dXNlcjpwdw"),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIabcdefghij123456\nkl==\n-----END RSA PRIVATE KEY-----".to_owned(),
            "MIIabcdefghij123456\nkl==",
        ),
        (
            "secretly xY18Q~abcdefghijklmnopqrstuvwxyz01234 end".to_owned(),
            "xY18Q~abcdefghijklmnopqrstuvwxyz01234",
        ),
        ("git clone https://me:pw-77@host/x".to_owned(), "pw-77"),
        ("u?X-Amz-Signature=0af9&x=1".to_owned(), "0af9"),
    ] {
        assert_eq!(found(&text), [secret], "{text}");
    }
}

#[test]
fn placeholders_are_no_secrets() {
    for text in [
        "AppKey=<application key>;Fed=True",
        "AppKey=...;Authority Id=<t>",
        "AppKey={os.environ['KEY']};x=1",
        "AppKey=$APP_KEY;x=1",
        "AppKey=$(key);x",
        "Password=${PW}",
        "Password={{ pw }};",
        "Pwd=#{Pw}#;",
        "Pwd=%SQL_PW%;x=1",
        "\"clientSecret\": \"[parameters('clientSecret')]\"",
        "\"clientSecret\": \"[reference(variables('x')[0], '2020-01-01').a]\"",
        "\"k\": \"AccountKey=[your key]\"",
        "\"appKey\": \"@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/s)\"",
        "Password=xxxx;",
        "Password=changeme;",
        "Password=*****",
        "AppKey=00000000-0000-0000-0000-000000000000;",
        "AccountKey=ljkAkl...==",
        "AwsCredentials=<id>,<secret>",
        "AwsCredentials=AKIAIOSFODNN7EXAMPLE,wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "https://a.blob.core.windows.net/c?sig=...",
        "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;",
        "Authorization: Bearer <token>",
        "__APPKEY__ AppKey=__KEY__;",
        "\"password\": \"@pipeline().parameters.Word1\"",
        "concat('AccountName=', variables('n'), ';AccountKey=', listKeys(variables('id'), '2019-06-01').keys[0].value)",
        "concat('x -AdminPassword \\\"', variables('word1'), '\\\"')",
        "\"Server=h;Password=\" + word1",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
    assert!(
        is_placeholder(" <key> ") && is_placeholder("${a}${b}") && !is_placeholder("<kee") && !is_placeholder("k1")
    );
}

#[test]
fn code_and_prose_are_no_secrets() {
    for text in [
        "let token = GetToken(x);",
        "var password = config.sql.password;",
        "| where token == \"abc\"",
        ".create table T (Password:string, Token:string)",
        "Password: see below for how it is set",
        "use bearer authentication and a basic template",
        "\"password\": { \"type\": \"securestring\" }",
        "\"password\": \"\", \"name\": \"x\"",
        "SharedAccessKeyName=RootManage;",
        "f(cancellationToken: ct)",
        "https://a.blob.core.windows.net/c;impersonate",
        "https://a.blob.core.windows.net/c;managed_identity=0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b",
        "abfss://fs@a.dfs.core.windows.net/p",
        "status code=200 sig nals",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn masks_show_nothing() {
    assert_eq!(mask("a;AppKey=k1k2k3;b"), "a;AppKey=***;b");
    assert!(matches!(mask("nothing here"), Cow::Borrowed(_)));
}

#[test]
fn long_lines_take_linear_time() {
    for piece in [
        "password=",
        "token=\"",
        "eyJ",
        "==",
        "AwsCredentials=x",
        "PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nMIIabcdefghij123456\n",
        ".blob.;",
        "sig=<",
        "AppKey={",
        "://a:b@",
        ";",
        "pwd = x.y(",
        "Bearer ",
        "\\",
        "Q~",
        "pwd=[a(",
        "AppKey={0}",
        ";AppKey={}\", ",
        "AppKey={a}",
        "a=\"b\" AppKey={a};",
        "\"a\": {\"type\": \"securestring\", ",
        "key=",
        ";AppKey=\" + a",
        "Pwd={a}}",
        "'AppKey=%s",
        "T = 'AppKey={0}';\n",
        "AppKey={0}'; T.format(",
        "\").append(\"AppKey=",
        "creds='{key: ",
        "key=\"a pass=",
        "pwd = a(",
        "pwd = a || ",
        "pwd = a || \\'",
        "pwd=${a:-",
        "pwd=${A:-aB3dE5gH7x}",
        "pwd=str(\"aB3dE5gH7x\"",
        "pwd {get;",
        "a, pwd = 'b', ",
        "withpwd(\"",
        "pwd:\n ",
        "pwd:\n '",
        "value='a' key='pwd'",
        "'pwd': ['",
    ] {
        assert_linear("secrets", ["", piece, ""], secrets_in);
    }
    for piece in ["a.format(", "ormat(a, ", "{{{a", "a % (", "      "] {
        assert_linear("uses", ["a = 'x;AppKey={0};'\n", piece, ""], secrets_in);
        assert_linear("uses", ["", piece, "a = 'x;AppKey=%s;'\n"], secrets_in);
    }
    for piece in [
        "a=",
        "a=\"",
        "a = a + ",
        "a:",
        "\"a\": {",
        "a = 'b' + a;\n",
        "a b c d e ",
    ] {
        assert_linear("fillings", ["x;AppKey={a};", piece, ""], secrets_in);
        assert_linear("fillings", ["x;AppKey={a};", piece, " = 'x'"], secrets_in);
    }
}

proptest! {
    #[test]
    fn spans_are_ordered_and_lie_on_borders(text in "(?s)([;=\"'\\\\ :&<>%{}$\n]|é|AppKey|key|\\{0\\}|\\.format\\(|securestring|password|sig=|eyJ|token|==|\\.blob\\.|://|@|[a-z0-9]{1,9}){0,40}") {
        let spans = secrets_in(&text);
        for span in &spans {
            prop_assert!(text.get(span.range()).is_some());
            prop_assert!(!span.is_empty());
        }
        prop_assert!(spans.is_sorted_by(|a, b| a.end <= b.start));
        let _ = mask(&text);
    }

    #[test]
    fn a_planted_secret_is_always_covered(
        before in "(?s)[^\\\\\"'`]{0,40}",
        after in "(\\PC|\n){0,40}",
        name in prop::sample::select(vec![";AppKey=", ";Password=", "\n;AccountKey=", ";sharedkey=", ";SharedAccessKey=", ";Pwd="]),
        secret in "[A-Za-z0-9+/~_!-]{6,40}[0-9][A-Z]",
    ) {
        prop_assume!(!is_placeholder(&secret));
        let text = format!("{before}{name}{secret};{after}");
        let at = before.len() + name.len();
        let covered = secrets_in(&text).iter().any(|span| span.start as usize <= at && at + secret.len() <= span.end as usize);
        prop_assert!(covered, "{text:?}");
        prop_assert!(!mask(&text).contains(secret.as_str()) || before.contains(&secret) || after.contains(&secret));
    }
}
