//! No output shows a secret, nor six characters of one in a row: secrets of every kind are planted in every place of
//! every kind of file, and every verb and form is asked.
//!
//! A secret is what has a shape or a name that tells of it. A password without a name, in a place that has nothing to do
//! with passwords, is a text like any other, and is not planted here. Of a passphrase, a word of less than twelve letters
//! may come up in any text: what reaches from one word to the next must not, nor twelve letters in a row.

mod assembled;
mod forms;
mod places;
mod unnamed;

use kustolint::baseline::Baseline;
use kustolint::config::Config;
use kustolint::engine::{CheckOptions, Input, access_map, check, check_with};
use kustolint::inspect;
use kustolint::redact::Redactor;
use kustolint::report::{Format, diff, json_line, map, suppressions};
use kustolint::syntax::connection::Hidden;
use kustolint::text::{SourceFile, Sources};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::RngSeed;

use self::places::{FILLINGS, KINDS, PHRASES, places, template};
use crate::report_as;

/// Everything that the program has to say of files, each with the name of what said it.
fn said(files: &[(String, String)]) -> Vec<(&'static str, String)> {
    let inputs = || {
        let input = |(path, text): &(String, String)| Input {
            path: path.clone(),
            bytes: Ok(text.clone().into_bytes()),
            named: true,
            reported: true,
        };
        files.iter().map(input).collect::<Vec<_>>()
    };
    let mut said: Vec<(&str, Vec<u8>)> = Vec::new();
    let mut out = Vec::new();
    let mut end = |name, out: &mut Vec<u8>| said.push((name, std::mem::take(out)));
    let options = CheckOptions {
        map: true,
        ..CheckOptions::default()
    };
    let outcome = check_with(inputs(), options);
    for format in Format::ALL {
        out.extend(report_as(format, &outcome, 0).into_bytes());
        end(format.name(), &mut out);
    }
    suppressions::human(&outcome, &mut out).unwrap();
    suppressions::json(&outcome, &mut out).unwrap();
    end("suppressions", &mut out);
    Baseline::of(&outcome).write(&mut out).unwrap();
    end("baseline", &mut out);
    for (path, text) in files {
        // Every line is near to a change.
        let after = text.replace('\n', "\n\n") + "\n\n";
        diff(path, text, &after, &outcome.redactor, &mut out).unwrap();
    }
    end("diff", &mut out);
    for line in inspect::facts::view(inputs(), &Config::default()) {
        json_line(&line, &mut out).unwrap();
    }
    end("facts", &mut out);
    for line in inspect::resources::view(inputs()) {
        json_line(&line, &mut out).unwrap();
    }
    end("resources", &mut out);
    let mut sources = Sources::new();
    for (path, text) in files {
        sources.add(SourceFile::in_memory(path, text));
    }
    let known = Redactor::of(&sources, Hidden::default());
    for (file, source) in sources.iter() {
        let view = inspect::kql::view(source, known.secrets_of(file));
        json_line(&known.redacted_further(view), &mut out).unwrap();
    }
    end("kql", &mut out);
    let mapped = access_map(inputs());
    map::table(&mapped, &mut out).unwrap();
    map::json(&mapped, &mut out).unwrap();
    map::mermaid(&mapped, &mut out).unwrap();
    map::dot(&mapped, &mut out).unwrap();
    map::svg(&mapped, &mut out).unwrap();
    end("map", &mut out);
    said.into_iter()
        .map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// Pieces of a secret that tell of it: six characters in a row; of letters alone twelve, if there is no digit in it.
fn pieces(secret: &str) -> Vec<&str> {
    let letters = |piece: &&str| {
        let word = piece.trim_matches(|letter: char| !letter.is_ascii_alphabetic());
        word.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let windows =
        |length: usize| (0..(secret.len() + 1).saturating_sub(length)).map(move |at| &secret[at..at + length]);
    if secret.bytes().any(|byte| byte.is_ascii_digit()) {
        return windows(6).collect();
    }
    let across = windows(6).filter(|piece| !letters(piece));
    across.chain(windows(12).filter(letters)).collect()
}

/// The first piece of a secret that an output shows.
fn leak<'s>(said: &str, secret: &'s str) -> Option<&'s str> {
    let shown = |piece: &&str| said.contains(*piece) || said.contains(&piece.to_uppercase());
    pieces(secret).into_iter().find(shown)
}

fn assert_silent(files: &[(String, String)], secret: &str) {
    for (name, text) in said(files) {
        if let Some(piece) = leak(&text, secret) {
            panic!(
                "{name} shows `{piece}` of `{secret}`:\n{}\nof {files:?}",
                around(&text, piece)
            );
        }
    }
}

/// What an output shows around a piece.
fn around(text: &str, piece: &str) -> String {
    let at = text.find(piece).unwrap_or_default();
    let before = text[..at].chars().count().saturating_sub(200);
    text.chars().skip(before).take(400).collect()
}

/// Files with a text in all places that are marked.
fn planted(files: &[(String, String)], text: &str) -> Vec<(String, String)> {
    let plant = |(path, marked): &(String, String)| (path.clone(), marked.replace('§', text));
    files.iter().map(plant).collect()
}

/// Whether chance made a secret that looks like a sample.
fn says_it_is_none(secret: &str) -> bool {
    let folded = secret.to_lowercase();
    [
        "xxxx", "fake", "your", "my_", "enter", "dummy", "test", "lorem", "invalid", "qwerty",
    ]
    .iter()
    .any(|word| folded.contains(word))
}

/// Kinds of secrets, those of words and those without a name among them.
fn kinds() -> Vec<(&'static str, &'static str)> {
    KINDS.iter().chain(PHRASES).chain(FILLINGS).copied().collect()
}

/// One secret of each kind; the test of a kind in all places takes the same one.
fn secret_of(form: &str) -> String {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = proptest::string::string_regex(form).unwrap();
    strategy.new_tree(&mut runner).unwrap().current()
}

#[test]
fn every_kind_is_hidden_in_every_place() {
    for (around, form) in KINDS.iter().chain(PHRASES) {
        let secret = secret_of(form);
        let text = around.replace('§', &secret);
        for files in places() {
            assert_silent(&planted(&files, &text), &secret);
        }
    }
}

#[test]
fn what_fills_a_string_is_hidden_in_every_place() {
    for (around, form) in FILLINGS {
        let secret = secret_of(form);
        let text = around.replace('§', &secret);
        for files in places() {
            assert_silent(&planted(&files, &text), &secret);
        }
    }
}

proptest! {
    // The same cases in every run, so that a failure is one for everybody.
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(41), failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn a_secret_is_hidden_wherever_it_is_planted(
        (around, secret) in prop::sample::select(kinds()).prop_flat_map(|(around, form)| (Just(around), proptest::string::string_regex(form).unwrap())),
        files in prop::sample::select(places()),
    ) {
        prop_assume!(!says_it_is_none(&secret));
        assert_silent(&planted(&files, &around.replace('§', &secret)), &secret);
    }

    #[test]
    fn a_secret_in_pieces_is_hidden(
        (around, secret) in prop::sample::select([KINDS, PHRASES].concat()).prop_flat_map(|(around, form)| (Just(around), proptest::string::string_regex(form).unwrap())),
        cuts in prop::collection::vec(1..400_usize, 1..5),
    ) {
        prop_assume!(!says_it_is_none(&secret));
        let text = around.replace('§', &secret);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut % text.len()).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(format!("'{}'", &text[from..cut]));
            from = cut;
        }
        pieces.push(format!("'{}'", &text[from..]));
        let setting = format!(
            r#""resources":[{{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{{"K":"[concat({})]"}}}}]"#,
            pieces.join(", ")
        );
        for (path, text) in [
            ("a.kql", format!("externaldata (x:string) [strcat({})]", pieces.join(", "))),
            ("a.kql", format!("externaldata (x:string) [{}]", pieces.join(" h"))),
            ("main.json", template(&setting)),
        ] {
            assert_silent(&[(path.to_owned(), text)], &secret);
        }
    }
}

#[test]
fn what_is_no_secret_changes_no_words_and_takes_no_fix() {
    let script = ".alter-merge database Sales policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'ExternalTables'}]\"\n\
        .create external table T (a:string) kind=storage dataformat=csv (h'https://st1.blob.core.windows.net/c;managed_identity=system')\n";
    let files = |setting: &str| {
        vec![
            ("a.kql".to_owned(), script.to_owned()),
            ("b.txt".to_owned(), setting.to_owned()),
        ]
    };
    let fixes = |files: Vec<(String, String)>| {
        let input = |(path, text): (String, String)| Input {
            path,
            bytes: Ok(text.into_bytes()),
            named: true,
            reported: true,
        };
        let outcome = check(files.into_iter().map(input).collect());
        outcome.findings.iter().filter(|finding| finding.fix.is_some()).count()
    };
    assert!(fixes(files("")) > 0);
    for setting in [
        "password=externaltable2",
        "password = \"managed1identity\"",
        "password = var.managed_identity1",
        "DATABASE_PASSWORD=database1",
        "token=`az account get-access-token --resource policy1 --query accessToken`",
        "AppKey=external-table-policy;Fed=True",
        "Data Source=https://c.kusto.windows.net;Fed=True;AppKey=managed-identity7policy~ton-77",
    ] {
        let told = |name: &str, files: &[(String, String)]| {
            let of = |(who, text): (&str, String)| (who == name).then_some(text);
            let text = said(files).into_iter().find_map(of).unwrap_or_default();
            // What the setting itself gives is its own.
            let lines = text.lines().filter(|line| !line.contains("\"path\":\"b.txt\""));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        for view in ["facts", "kql", "map"] {
            assert_eq!(told(view, &files(setting)), told(view, &files("")), "{view} {setting}");
        }
        assert_eq!(fixes(files(setting)), fixes(files("")), "{setting}");
    }
}

/// Settings, calls and commands that hold a secret, with `§` in its place.
const SETTINGS: &[&str] = &[
    r#"<add key="AppKey" value="§"/>"#,
    r#"<add key="Kusto:AppKey"  value='§' />"#,
    "<password>§</password>",
    "<ns:clientSecret>§</ns:clientSecret>",
    r#"<setting name="AppKey" serializeAs="String"><value>§</value></setting>"#,
    r#"<setting name="AppKey"><value>§</value></setting>"#,
    "- name: KUSTO_APP_KEY\n  value: §\n",
    "- name: \"KUSTO_APP_KEY\"\n  value: \"§\"\n",
    "{name: KUSTO_APP_KEY, value: \"§\"}",
    "{name: KUSTO_APP_KEY, value: § }",
    "password: >-\n  §\nnext: x\n",
    "appKey: |\n    §\n",
    r#""primaryKey": "§""#,
    "secondary_key = §",
    "masterKey: §\n",
    "pw=§",
    "DB_PW='§'",
    "az login --service-principal -u x -p § --tenant t",
    "az login --service-principal \\\n  -u x \\\n  -p '§'",
    "sqlcmd -S s -U u -P \"§\" -Q 'select 1'",
    "curl -u user:§ https://x.test",
    "curl --user 'user:§' https://x.test",
    "az keyvault secret set --vault-name v -n n --value §",
    "new Builder(c).WithAadApplicationKeyAuthentication(\"id\", \"§\", \"tenant\")",
    "new Builder(c).WithAadApplicationKeyAuthentication(\n    GetId(a, b),\n    @\"§\",\n    tenant)",
    "KustoConnectionStringBuilder.with_aad_application_key_authentication(\"https://c\", \"id\", '§', 'tenant')",
    "kcsb.WithAadAppKey(id, \"§\", tenant)",
    "ConnectionStringBuilder.createWithAadApplicationCredentials(uri, \"id\", \"§\")",
    "new ClientSecretCredential(\"t\", \"i\", \"§\")",
    "ClientSecretCredential(tenant_id, client_id, \"§\")",
    "new ClientCredential(\"i\", \"§\")",
    "builder.clientSecret(\"§\")",
    "$password = ConvertTo-SecureString \"§\" -AsPlainText -Force",
    "$password = ConvertTo-SecureString -String '§' -AsPlainText -Force",
    "$secret = ConvertTo-SecureString -AsPlainText -Force -String \"§\"",
    "$x = ConvertTo-SecureString (\"§\") -AsPlainText -Force",
    "$x = (ConvertTo-SecureString § -AsPlainText -Force)",
    r#"password = os.getenv("X") or "§""#,
    r#"password = os.environ.get("X", None) or '§'"#,
    r#"const password = process.env.K || "§";"#,
    r#"const appKey = process.env["K"] ?? "§";"#,
    r#"{ clientSecret: process.env.K || "§" }"#,
    r#"var password = isProd ? "§" : other;"#,
    r#"password="${PW:-§}""#,
    "password=${PW:-§}",
    r#"Fed=True;AppKey=${K-§};x=1"#,
    "APP_KEY: ${K:-§}",
    r#"let password = String::from("§");"#,
    r#"password: SecretStr = SecretStr("§")"#,
    r#"var password = new SecureString("§");"#,
    r#"password=new SecureString("§");"#,
    r#"var password = (string)"§";"#,
    r#"$password = ("§")"#,
    r#"public string AppKey { get; set; } = "§";"#,
    r#"b.withAppKey("§")"#,
    "app_key:\n  \"§\"\nnext: x\n",
    r#"{"AppKey":["§"]}"#,
    r#"{"name":"AppKey","slotSetting":false,"value":"§"}"#,
    r#"{"value":"§","name":"AppKey"}"#,
    r#"{\"value\": \"§\", \"name\": \"AppKey\"}"#,
    r#"<add value="§" key="AppKey"/>"#,
    r#"b.setApplicationKey("§")"#,
    r#"b.with_app_key('§')"#,
    r#"app_id, client_secret = "0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b", "§""#,
    r#"id, appKey := ("0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b", "§")"#,
];

#[test]
fn a_secret_is_masked_in_settings_calls_and_commands() {
    let secret = "q8Zt3vR3mWx1Lp4c7w";
    for setting in SETTINGS {
        let text = setting.replace('§', secret);
        let masked = Redactor::default().redacted(text.clone());
        assert_eq!(*masked, setting.replace('§', "***"));
        for path in ["a.md", "a.txt", "a.cs", "a.yml"] {
            let beside = format!("\"Data Source=http://adx-quay.kusto.windows.net;Fed=True\" {text}");
            assert_silent(&[(path.to_owned(), beside)], secret);
        }
    }
}

#[test]
fn what_stands_in_such_places_and_is_no_secret_is_shown() {
    for text in [
        r#""primaryKey": "CustomerId""#,
        "PRIMARY KEY: id",
        "<password>{{password}}</password>",
        "<app-secret>;Authority Id=t",
        "user:<password>@host",
        r#"<add key="AppKey" value="$(AppKey)"/>"#,
        "- name: KUSTO_APP_KEY\n  value: $(KUSTO_APP_KEY)\n",
        "- name: KUSTO_APP_KEY\n  valueFrom:\n    secretKeyRef: x\n",
        "az login --service-principal -u x -p $SECRET",
        "curl -u \"$USER:$PASSWORD\" https://x.test",
        "curl -u user: https://x.test",
        "b.WithAadApplicationKeyAuthentication(id, key, tenant)",
        "b.WithAadApplicationKeyAuthentication(\"id\", config[\"k8wq2lmtz\"], \"tenant\")",
        "new ClientSecretCredential(\"t\", \"i\", \"<secret>\")",
        "new ClientSecretCredential(\"t9w2xq8wlm\", \"i\")",
        "password: >-\n  $(password)\n",
        "mkdir -p x && az login -u x",
        "password = os.getenv(\"K8Q_PW2\") or get(\"x\")",
        "password = get_secret(\"kv-8f3kq2x9\")",
        "password = a or \"default\"",
        "password=\"${PW:-changeme}\"",
        "password=${PW:-$OTHER}",
        "public string AppKey { get; set; }",
        "b.withAppKey(\"<key>\")",
        "b.withAppKey(key)",
        "app_key:\n  \"a8f3k2lq9x\": 1\n",
        "app_key:\n\"a8f3k2lq9x\"\n",
        r#"{"secret":["get2","list"]}"#,
        r#"[{"name":"a","value":"q8Zt3vR3mWx1Lp"},{"name":"AppKey"}]"#,
        r#"<add value="$(AppKey)" key="AppKey"/>"#,
        "$secret = Get-AzKeyVaultSecret -VaultName v -Name n",
        "$password = ConvertTo-SecureString $plain -AsPlainText -Force",
        "$password = (Read-Host | ConvertTo-SecureString -AsPlainText -Force)",
        "$password = Get-X | ConvertTo-SecureString -AsPlainText -Force\n$a = 1\n",
    ] {
        assert_eq!(*Redactor::default().redacted(text.to_owned()), text);
    }
}

#[test]
fn a_value_that_is_made_and_named_once_is_masked_wherever_it_stands() {
    let inside = r#""variables":{"a":"q8Zt3vR3_mWx1Lp4c7w"},"resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings",
        "properties":{"AppKey":"[replace(variables('a'),'_','-')]","Other":"[replace(variables('a'),'_','-')]","List":["[replace(variables('a'),'_','-')]"]}}]"#;
    assert_silent(&[("main.json".to_owned(), template(inside))], "q8Zt3vR3-mWx1Lp4c7w");
}
