//! What is to be said of each kind of secret.

use crate::facts::SecretKind;

/// A kind of secret in the words of findings.
pub(super) struct Words {
    /// With its article.
    pub(super) name: &'static str,
    /// What whoever reads it can do.
    pub(super) opens: &'static str,
    /// How it is made worthless.
    pub(super) renew: &'static str,
    /// What to write in its place.
    pub(super) instead: &'static str,
}

const SIGN_IN: &str = "instead, sign in: `;impersonate` in a query, `;managed_identity=system` in an external table or an \
                       ingestion; a program signs in with its own identity";

/// The words for a kind.
pub(super) fn words(kind: SecretKind) -> Words {
    let words = |name, opens, renew, instead| Words {
        name,
        opens,
        renew,
        instead,
    };
    match kind {
        SecretKind::AccountKey => words(
            "an account key",
            "do anything with the account",
            "make the key worthless: az storage account keys renew --account-name <account> --key <primary|secondary> \
             (az cosmosdb keys regenerate for a Cosmos DB account)",
            SIGN_IN,
        ),
        SecretKind::SasSignature => words(
            "a shared access signature",
            "use what it signs until it expires",
            "make the signature worthless: renew the key that signed it, or revoke its stored access policy",
            SIGN_IN,
        ),
        SecretKind::SharedAccessKey => words(
            "a shared access key",
            "send and read what the policy of the key allows",
            "make the key worthless: az eventhubs namespace authorization-rule keys renew --key PrimaryKey …",
            "instead, let the app sign in with its identity; a data connection takes \"managedIdentityResourceId\" and no key",
        ),
        SecretKind::ClientSecret => words(
            "an application key",
            "sign in as the application",
            "make the key worthless: az ad app credential reset --id <application id>",
            "instead, sign in with a managed identity, or fill the key in from a vault: \
             @Microsoft.KeyVault(SecretUri=https://<vault>.vault.azure.net/secrets/<name>)",
        ),
        SecretKind::Password => words(
            "a password",
            "sign in as its user",
            "change the password",
            "instead, sign in without one: Authentication=\"Active Directory Managed Identity\"",
        ),
        SecretKind::Token => words(
            "a bearer token",
            "act as its user or application until it expires",
            "a token can't be called back: end the sessions of the user, or renew the credential of the application",
            "instead, ask for it when it is needed: az account get-access-token --resource https://api.kusto.windows.net",
        ),
        SecretKind::Login => words(
            "the credential of a request",
            "send requests with it",
            "make it worthless: change the password, or renew the key that signed the request",
            "instead, send `Authorization: Bearer` with a token that is asked for when it is needed: \
             az account get-access-token --resource https://api.kusto.windows.net",
        ),
        SecretKind::Aws => words(
            "an AWS secret",
            "use the bucket with the rights of its owner",
            "make the key worthless: aws iam update-access-key --status Inactive --access-key-id <id>",
            "instead, pass the string as a parameter of the query; Amazon S3 takes no managed identity",
        ),
        SecretKind::PrivateKey => words(
            "a private key",
            "sign in as the owner of the certificate",
            "revoke the certificate and make a new one",
            "instead, keep the certificate in a vault and read it from there",
        ),
        SecretKind::Key => words(
            "a key",
            "use what it is the key of",
            "make a new key and delete this one",
            SIGN_IN,
        ),
    }
}
