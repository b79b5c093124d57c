use std::sync::Arc;

use super::*;
use crate::syntax::growth::assert_linear;
use crate::text::{FileId, FileSpan, Symbol};
use proptest::prelude::*;

fn read(text: &str) -> ConnectionString {
    parse(&MappedText::of_file(FileId(0), text))
}

fn storage(text: &str) -> StorageString {
    read(text).storage().expect(text).clone()
}

fn pairs(text: &str) -> KeywordString {
    read(text).keywords().expect(text).clone()
}

/// The credentials as `kind value`.
fn credentials(text: &str) -> Vec<String> {
    storage(text)
        .credentials
        .iter()
        .map(|credential| {
            assert_eq!(credential.value.span.of_text(text), credential.value.as_str());
            format!("{} {}", credential.kind.as_str(), credential.value.as_str())
        })
        .collect()
}

fn errors(text: &str) -> Vec<String> {
    read(text)
        .errors
        .iter()
        .map(|error| format!("{:?} {}", error.span, error.message))
        .collect()
}

fn text(part: Option<&Part>) -> &str {
    part.map_or("-", Part::as_str)
}

#[test]
fn stores_are_known_by_host_and_scheme() {
    for (url, store, account, container, path) in [
        (
            "https://acct.blob.core.windows.net/box/a/b.csv;impersonate",
            Store::Blob,
            "acct",
            "box",
            "a/b.csv",
        ),
        (
            "https://acct.z21.blob.storage.azure.net/box;impersonate",
            Store::Blob,
            "acct",
            "box",
            "-",
        ),
        (
            "https://acct.blob.core.usgovcloudapi.net/box",
            Store::Blob,
            "acct",
            "box",
            "-",
        ),
        (
            "https://acct.dfs.core.chinacloudapi.cn/fs/p",
            Store::DataLakeGen2,
            "acct",
            "fs",
            "p",
        ),
        (
            "abfss://fs@acct.dfs.core.windows.net/p/q;token=x",
            Store::DataLakeGen2,
            "acct",
            "fs",
            "p/q",
        ),
        (
            "adl://acct.azuredatalakestore.net/p",
            Store::DataLakeGen1,
            "acct",
            "-",
            "p",
        ),
        (
            "https://onelake.dfs.fabric.microsoft.com/ws/it.Lakehouse/Files",
            Store::OneLake,
            "-",
            "ws",
            "it.Lakehouse/Files",
        ),
        (
            "abfss://ws@onelake.dfs.fabric.microsoft.com/it",
            Store::OneLake,
            "-",
            "ws",
            "it",
        ),
        (
            "https://buck.s3.eu-north-1.amazonaws.com/k/f.csv",
            Store::S3,
            "-",
            "buck",
            "k/f.csv",
        ),
        (
            "https://s3.eu-north-1.amazonaws.com/buck/f.csv",
            Store::S3,
            "-",
            "buck",
            "f.csv",
        ),
        (
            "https://m.openai.azure.com/openai/x;managed_identity=system",
            Store::OpenAi,
            "m",
            "-",
            "openai/x",
        ),
        (
            "https://data.example.org:8443/f.csv?a=b",
            Store::Http,
            "-",
            "-",
            "f.csv",
        ),
        (
            "https://<account>.blob.core.windows.net/<c>;<key>",
            Store::Blob,
            "<account>",
            "<c>",
            "-",
        ),
        ("https://<host>/c", Store::Unknown, "-", "-", "c"),
    ] {
        let read = storage(url);
        assert_eq!(read.store, store, "{url}");
        assert_eq!(text(read.account.as_ref()), account, "{url}");
        assert_eq!(text(read.container.as_ref()), container, "{url}");
        assert_eq!(text(read.path.as_ref()), path, "{url}");
        assert_eq!(errors(url), Vec::<String>::new(), "{url}");
    }
    assert_eq!(errors("https://https://a.blob.core.windows.net/c").len(), 1);
}

#[test]
fn every_credential_has_its_kind_and_place() {
    let key = "c29tZS1ieXRlcy1ub3QtYS1rZXk=";
    for (tail, wanted) in [
        (";impersonate", vec!["impersonate "]),
        (";managed_identity=system", vec!["managed_identity system"]),
        ("; Managed_Identity = 12-34 ;", vec!["managed_identity 12-34"]),
        (";managed_identity", vec!["managed_identity "]),
        (";managed_identity=", vec!["managed_identity "]),
        (";managedIdentity=system", vec!["unknown system"]),
        ("?sv=1&sig=ab%3D&se=2", vec!["SAS ab%3D"]),
        (
            "?sv=1&sig=ab%3D;managed_identity=system;impersonate",
            vec!["SAS ab%3D", "managed_identity system", "impersonate "],
        ),
        ("?X-Amz-Date=1&X-Amz-Signature=0f", vec!["presigned URL 0f"]),
        (";sharedkey=ab==", vec!["sharedkey ab=="]),
        (";token=eyJ", vec!["token eyJ"]),
        (";AwsCredentials=A,b", vec!["AwsCredentials A,b"]),
        (&format!(";{key}"), vec![&format!("account key {key}")]),
        (";<key>", vec!["placeholder <key>"]),
        ("?%SAS%", vec!["placeholder %SAS%"]),
        (";what", vec!["unknown what"]),
        ("?a=b", vec![]),
    ] {
        let url = format!("https://acct.blob.core.windows.net/c{tail}");
        assert_eq!(credentials(&url), wanted, "{url}");
    }
    let read = storage("https://acct.blob.core.windows.net/c ; managed_identity=system");
    let credential = read.credentials.first().unwrap();
    assert!(credential.spaced);
    assert_eq!(credential.span, Span::new(39, 62));
    assert!(!storage("https://a.blob.core.windows.net/c;managed_identity=system").credentials[0].spaced);
}

#[test]
fn secrets_of_a_string_are_its_real_ones() {
    let secret = |text: &'static str| {
        read(text)
            .secrets()
            .into_iter()
            .map(|(span, _)| span.of_text(text))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        secret("https://b.s3.eu-west-1.amazonaws.com/f;AwsCredentials=AKID,s3cr"),
        ["s3cr"]
    );
    assert_eq!(secret("https://a.blob.core.windows.net/c?sig=x1y2"), ["x1y2"]);
    assert_eq!(
        secret("https://a.blob.core.windows.net/c;managed_identity=system"),
        Vec::<&str>::new()
    );
    assert_eq!(
        secret("Data Source=https://c.kusto.windows.net;AppKey=\"a;b\""),
        ["a;b"]
    );
    assert_eq!(
        secret("Data Source=https://c.kusto.windows.net;AppKey=<key>"),
        Vec::<&str>::new()
    );
    assert_eq!(secret("Server=tcp:h;User Id=u;Password=p"), ["p"]);
}

#[test]
fn pairs_are_read_with_quotes_and_blanks() {
    let source = "Data Source = https://c.kusto.windows.net ; Initial Catalog=\"a;b\" ;; AppKey='x\"y';fed=";
    let read = pairs(source);
    let seen: Vec<_> = read
        .pairs
        .iter()
        .map(|pair| {
            (
                pair.name.as_str(),
                pair.value.as_str(),
                pair.value_span.of_text(source),
                pair.keyword,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (
                "Data Source",
                "https://c.kusto.windows.net",
                "https://c.kusto.windows.net",
                Some(Keyword::DataSource)
            ),
            ("Initial Catalog", "a;b", "\"a;b\"", Some(Keyword::InitialCatalog)),
            ("AppKey", "x\"y", "'x\"y'", Some(Keyword::ApplicationKey)),
            ("fed", "", "", Some(Keyword::FederatedSecurity)),
        ]
    );
    assert_eq!(errors(source), Vec::<String>::new());
}

#[test]
fn broken_pairs_are_reported_and_the_rest_is_read() {
    assert_eq!(errors("Server=a;nonsense;Pwd=x"), ["9..17 expected `name=value`"]);
    assert_eq!(errors("Server=a;=x"), ["9..11 expected a name before `=`"]);
    assert_eq!(
        errors("Server=\"a;Pwd=x"),
        ["7..9 expected a closing quote before the next `;`"]
    );
    assert_eq!(errors("Server=\"a\"b;Pwd=x").len(), 1);
    assert_eq!(pairs("Server=\"a\"b;Pwd=x").pairs.len(), 2);
    assert_eq!(errors("Server=a;<more>"), Vec::<String>::new());
}

#[test]
fn the_shape_tells_what_a_string_is_for() {
    for (text, dialect) in [
        ("Data Source=https://c.weu.kusto.windows.net;Database=d", Dialect::Kusto),
        ("https://c.kusto.windows.net/d;Fed=true", Dialect::Kusto),
        ("https://127.0.0.1:8080/d;AAD Federated Security=true", Dialect::Kusto),
        ("Data Source=<cluster>;AppKey=<key>", Dialect::Kusto),
        (
            "Server=tcp:h.database.windows.net,1433;Initial Catalog=d",
            Dialect::SqlServer,
        ),
        ("Server=box;Database=d;User Id=u;Password=p", Dialect::SqlServer),
        (
            "Server=h.mysql.database.azure.com;Port=3306;UID=u;Pwd=p",
            Dialect::MySql,
        ),
        ("Host=h.postgres.database.azure.com;Port=5432", Dialect::PostgreSql),
        (
            "AccountEndpoint=https://a.documents.azure.com:443/;AccountKey=k",
            Dialect::CosmosDb,
        ),
        (
            "Endpoint=sb://n.servicebus.windows.net/;SharedAccessKeyName=n",
            Dialect::EventHub,
        ),
        (
            "HostName=h.azure-devices.net;SharedAccessKeyName=n;SharedAccessKey=k",
            Dialect::EventHub,
        ),
        ("DefaultEndpointsProtocol=https;AccountName=a", Dialect::StorageAccount),
        ("UseDevelopmentStorage=true", Dialect::StorageAccount),
        ("a=b;c=d", Dialect::Unknown),
    ] {
        assert_eq!(read(text).target(), Target::Keywords(dialect), "{text}");
    }
    for text in ["", ";", "hello", "print 1 == 2", "<x>;y", "'a'=b"] {
        assert_eq!(read(text).target(), Target::Unknown, "{text}");
    }
}

#[test]
fn an_identity_is_read_from_both_forms() {
    let identity = |text: &str| {
        read(text)
            .identities()
            .iter()
            .map(|identity| {
                (
                    super::tests::text(identity.value.as_ref()).to_owned(),
                    identity.span.of_text(text).to_owned(),
                )
            })
            .collect::<Vec<_>>()
    };
    let named = "Authentication=\"Active Directory Managed Identity\"".to_owned();
    assert_eq!(
        identity("Server=tcp:h;Authentication=\"Active Directory Managed Identity\";User Id=12-34;"),
        [("12-34".to_owned(), named.clone())]
    );
    assert_eq!(
        identity("AccountEndpoint=https://a/;Authentication=\"Active Directory Managed Identity\""),
        [("-".to_owned(), named)]
    );
    assert_eq!(identity("Server=tcp:h;Authentication=Active Directory Integrated"), []);
    assert_eq!(
        identity("https://a.blob.core.windows.net/c;managed_identity=system"),
        [("system".to_owned(), "managed_identity=system".to_owned())]
    );
}

#[test]
fn holes_stay_holes() {
    let file = FileId(0);
    let symbol = || Arc::new(Symbol::Placeholder("id".to_owned()));
    let mut source = MappedText::verbatim(
        "https://a.blob.core.windows.net/c;managed_identity=",
        FileSpan::new(file, Span::new(0, 51)),
    );
    source.push(&MappedText::hole(symbol(), FileSpan::new(file, Span::new(60, 62))));
    let read = parse(&source);
    let identity = read.identities().remove(0).value.unwrap();
    assert!(identity.is_symbolic());
    assert_eq!(identity.text.sole_hole(), Some(&symbol()));
    let mut whole = MappedText::hole(symbol(), FileSpan::new(file, Span::new(0, 4)));
    whole.push(&MappedText::verbatim(
        ";managed_identity=system",
        FileSpan::new(file, Span::new(5, 29)),
    ));
    assert_eq!(parse(&whole).target(), Target::Storage(Store::Unknown));
    assert_eq!(parse(&whole).identities().len(), 1);
    let mut key = MappedText::verbatim(
        "https://a.blob.core.windows.net/c;",
        FileSpan::new(file, Span::new(0, 34)),
    );
    key.push(&MappedText::hole(symbol(), FileSpan::new(file, Span::new(40, 42))));
    assert_eq!(
        parse(&key).storage().unwrap().credentials[0].kind,
        CredentialKind::Symbolic
    );
    assert!(parse(&key).secrets().is_empty());
}

#[test]
fn hosts_of_all_clouds_are_trusted() {
    for host in [
        "c.weu.kusto.windows.net",
        "C.KUSTO.WINDOWS.NET",
        "c.kusto.usgovcloudapi.net",
        "ade.loganalytics.io",
        "adx.monitor.azure.com",
        "adx.applicationinsights.azure.us",
        "x.z0.kusto.fabric.microsoft.com",
    ] {
        assert!(is_trusted_host(host), "{host}");
    }
    for host in [
        "kusto.windows.net.example.com",
        "example.com",
        "",
        "adx.monitor.azure.com.evil.org",
    ] {
        assert!(!is_trusted_host(host), "{host}");
    }
    assert!(is_local_host("127.0.0.1") && is_local_host("localhost") && !is_local_host("127"));
}

#[test]
fn long_strings_take_linear_time() {
    for piece in [
        ";",
        "=",
        "a=\"",
        "a=\"\"",
        "a='b\";",
        "a=\"\"\";",
        "https://x/?a&;",
        "<;",
        "a=\"x\"y;",
    ] {
        for head in ["", "Server=x;", "https://a.blob.core.windows.net/c;"] {
            assert_linear("connection strings", [head, piece, ""], |text| read(text).secrets());
        }
    }
}

proptest! {
    #[test]
    fn parts_stand_where_they_say(source in "(https://a.blob.core.windows.net/c|Data Source=|Server=x)?([;=\"' ?&/@:<>{}]|é|sig|impersonate|managed_identity|AppKey|[a-z]{1,4}){0,30}") {
        let read = read(&source);
        for error in &read.errors {
            prop_assert!(source.get(error.span.range()).is_some());
        }
        if let Some(storage) = read.storage() {
            for credential in &storage.credentials {
                prop_assert_eq!(credential.value.span.of_text(&source), credential.value.as_str());
                prop_assert!(source.get(credential.span.range()).is_some());
            }
        }
        if let Some(keywords) = read.keywords() {
            for pair in &keywords.pairs {
                prop_assert_eq!(pair.value.span.of_text(&source), pair.value.as_str());
                prop_assert_eq!(pair.name.span.of_text(&source), pair.name.as_str());
            }
        }
    }
}
