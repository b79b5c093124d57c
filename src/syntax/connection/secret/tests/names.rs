//! Names of secrets, and where their values stand.

use super::*;

#[test]
fn long_values_are_looked_into() {
    let long = "a-b/".repeat(80);
    for (text, secret) in [
        (
            format!(
                "{{\"sasToken\": \"https://acc.blob.core.windows.net/c/{long}?sp=r&sig=kP3vN8sQ2xWm7RtB4yLc9ZhD6fJg1UaB0eIoKqTxYwE%3D\"}}"
            ),
            "kP3vN8sQ2xWm7RtB4yLc9ZhD6fJg1UaB0eIoKqTxYwE%3D",
        ),
        (
            format!(
                "var key = \"Data Source=https://c;Initial Catalog={long};AppKey=pQ7rT2vX9zB4nM6kJ1hG3fD5sA8wE0yU\";"
            ),
            "pQ7rT2vX9zB4nM6kJ1hG3fD5sA8wE0yU",
        ),
        (
            format!(
                "creds: '{{\"clientId\":\"{long}\",\"clientSecret\":\"q8Zt9vR3mWx1Lp9KdN2sT7bYuC4e\",\"tenantId\":\"t\"}}'"
            ),
            "q8Zt9vR3mWx1Lp9KdN2sT7bYuC4e",
        ),
    ] {
        assert_eq!(found(&text), [secret], "{text}");
    }
    let hub = format!("key = \"Endpoint=sb://{long};SharedAccessKey=q83hf8a9x7c2m4n1k5z3=\"");
    let kinds: Vec<_> = certain(&hub).into_iter().map(|(_, kind)| kind).collect();
    assert_eq!(kinds, [SecretKind::SharedAccessKey]);
}

#[test]
fn names_may_go_on_after_the_word_for_a_secret() {
    let secret = "q8Zt9vR3mWx1Lp9KdN2s";
    for name in [
        "KUSTO_APP_KEY_PROD",
        "AZURE_CLIENT_SECRET_DEV",
        "PASSWORD_ADX",
        "ADX_APP_KEY_2",
        "ADX_APP_KEY_PROD_V2",
        "AppKeyProd",
        "AppKeyValue",
        "app_key1",
        "ClientSecret2",
        "clientSecretString",
        "clientSecretValue",
        "secretValue",
        "tokenValue",
        "password2",
        "apiKey1",
        "servicePrincipalKey",
        "kustoKey",
        "hubKey",
        "privateKey",
        "signingKey",
        "encryptionKey",
        "subscriptionKey",
        "Ocp-Apim-Subscription-Key",
        "workspaceKey",
        "passcode",
        "pat",
        "ADO_PAT",
        "secureValue",
    ] {
        for (before, after) in [
            ("", "="),
            ("", " = '"),
            ("\"", "\": \""),
            ("{\"name\": \"", "\", \"value\": \""),
        ] {
            let text = format!("{before}{name}{after}{secret}");
            assert_eq!(found(&text), [secret], "{text}");
        }
    }
    for name in [
        "secretName",
        "tokenUrl",
        "passwordPolicy",
        "keyVaultUri",
        "keyName",
        "secretRef",
        "appKeyId",
        "publicKeyToken",
        "tokenStrategy",
        "codebase",
        "pattern",
        "path",
    ] {
        for text in [format!("{name}={secret}"), format!("\"{name}\": \"{secret}\"")] {
            assert_eq!(found(&text), Vec::<&str>::new(), "{text}");
        }
    }
    for text in [
        "secretValue = kusto-app-key-1",
        "password2: see below",
        "token1 = GetToken(x)",
        "hubKey: \"orders2024\"",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn an_id_that_is_set_beside_a_secret_is_none() {
    let id = "0b1f6c52-4f0e-4a7e-9f55-1c2d3e4f5a6b";
    let secret = "q8Zt9vR3mWx1Lp9KdN2s";
    let both = format!("kusto_id, client_secret = \"{id}\", \"{secret}\"");
    assert_eq!(certain(&both), [(secret, SecretKind::ClientSecret)]);
    assert_eq!(found(&both), [secret]);
    assert_eq!(certain(&format!("kusto_id, client_secret = \"{id}\", get()")), []);
    assert_eq!(certain(&format!("kusto_id,client_secret=\"{id}\",get()")), []);
    for before in ["f(kusto_id, ", "f(\n    kusto_id, ", "{ kusto_id, "] {
        let call = format!("{before}client_secret=\"{secret}\", b=\"c\")");
        assert_eq!(certain(&call), [(secret, SecretKind::ClientSecret)], "{call}");
    }
}

#[test]
fn statements_after_others_on_a_line_are_no_pairs() {
    for code in [
        "kusto = 1; CLIENT_SECRET = os.environ[\"KUSTO_APP_KEY_V2\"]",
        "kusto=1; CLIENT_SECRET=os.environ[\"KUSTO_APP_KEY_V2\"]",
        "kusto = 1; CLIENT_SECRET = getenv('KUSTO_APP_KEY_V2')",
        "kusto = 1; client_secret = cfg.KUSTO_APP_KEY_V2",
        "kusto = 1; client_secret = KUSTO_CFG_KEY_V2X",
    ] {
        assert_eq!(certain(code), [], "{code}");
    }
    let pairs = "Data Source = https://c.kusto.windows.net; AppKey = pl4nk~ton77; Fed = True";
    assert_eq!(certain(pairs), [("pl4nk~ton77", SecretKind::ClientSecret)]);
}
