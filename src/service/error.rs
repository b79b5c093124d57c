//! Texts and codes of errors that the service prints, and what is likely behind them.

use std::collections::BTreeSet;

/// An error that the service prints.
#[derive(Clone, Copy, Debug)]
pub struct ServiceError {
    /// The text or code, as the service prints it.
    pub text: &'static str,
    /// What it means, in one sentence.
    pub means: &'static str,
    /// The rules that find likely causes, the most likely first.
    pub causes: &'static [&'static str],
    /// What else to look at, for the end of "Look also at: "; empty when there is nothing.
    pub besides: &'static str,
    /// The document and its date.
    pub source: &'static str,
}

/// All errors that are known.
pub const ERRORS: &[ServiceError] = &[
    ServiceError {
        text: "Authentication with a Managed Identity is disabled for this flow",
        means: "No managed identity policy of the cluster or database allows the identity the usage that this flow \
                needs, or the flow takes no managed identity at all.",
        causes: &[
            "missing-native-ingestion",
            "missing-identity-usage",
            "identity-policy-on-other-database",
            "identity-mismatch",
            "database-level-sandbox-artifacts",
            "unknown-identity-usage",
            "overwritten-identity-policy",
            "identity-policy-deleted-in-use",
            "identity-policy-after-use",
            "swallowed-script-errors",
            "unsupported-identity-flow",
        ],
        besides: "whether the policy of the files is in force: run `.show database policy managed_identity` and \
                  `.show cluster policy managed_identity`.",
        source: "managed identities overview, before 07/17/2023 (later versions of the page don't print the text)",
    },
    ServiceError {
        text: "BadRequest_InvalidManagedIdentity",
        means: "Queued ingestion was given a managed identity that is not on the cluster or lacks a permission; trying \
                again does not help.",
        causes: &[
            "identity-not-assigned-to-cluster",
            "missing-native-ingestion",
            "client-id-in-connection-string",
            "client-id-in-identity-policy",
            "identity-mismatch",
            "missing-follower-identity",
        ],
        besides: "whether the identity is on the cluster, and not another one of the same name: see Identity of the \
                  cluster in the portal.",
        source: "error-codes.md, 12/21/2023",
    },
    ServiceError {
        text: "Download_Forbidden",
        means: "The storage account refused the download: the identity has no role on it that reads blobs.",
        causes: &[
            "control-plane-only-grant",
            "missing-storage-grant",
            "client-id-in-role-assignment",
            "read-only-grant-for-write-flow",
            "event-grid-grants-incomplete",
        ],
        besides: "the network: a private link or firewall of the storage account that keeps the cluster out looks the \
                  same.",
        source: "error-codes.md, 12/21/2023; ingest-data-managed-identity.md, 02/12/2026",
    },
    ServiceError {
        text: "Managed identity must be specified for external tables with impersonation authentication.",
        means: "The external table signs in as the user, so its query acceleration policy must name a managed identity \
                that reads the storage by itself.",
        causes: &["query-acceleration-without-identity"],
        besides: "",
        source: "query-acceleration-troubleshooting-guide.md, 06/01/2026",
    },
    ServiceError {
        text: "TooManyScripts",
        means: "A cluster takes at most 50 script resources, and this deployment would make one more.",
        causes: &["parallel-database-scripts"],
        besides: "scripts of earlier deployments, which count as well: delete the resources of those that are done (their \
                  commands are not undone), or put the commands of several into one.",
        source: "database-script.md, 09/28/2025",
    },
    ServiceError {
        text: "ServiceIsInMaintenance",
        means: "The cluster is being changed already: two scripts of one cluster can't be deployed at a time.",
        causes: &["parallel-database-scripts"],
        besides: "`dependsOn`: each script resource of a template has to name the one before it; and other deployments to \
                  the cluster at the same time.",
        source: "database-script.md, 09/28/2025",
    },
];

/// Bytes of a pasted text that are looked at.
pub const MOST_TEXT: usize = 1 << 16;

/// The share of an error's text that has to be found for it to be close, in percent.
const CLOSE: usize = 40;

/// The known errors that a text holds, whatever stands around them. Letter case and punctuation don't count.
#[must_use]
pub fn errors_in(text: &str) -> Vec<&'static ServiceError> {
    let text = compact(text);
    let held = |error: &&ServiceError| text.contains(&compact(error.text));
    ERRORS.iter().filter(held).collect()
}

/// The known errors that look most like a text, the closest first, at most `most` of them.
#[must_use]
pub fn errors_like(text: &str, most: usize) -> Vec<&'static ServiceError> {
    let here = threes(&compact(text));
    let mut close: Vec<(usize, usize)> = Vec::new();
    for (index, error) in ERRORS.iter().enumerate() {
        let wanted = threes(&compact(error.text));
        let share = wanted.intersection(&here).count() * 100 / wanted.len().max(1);
        if share >= CLOSE {
            close.push((100 - share, index));
        }
    }
    close.sort_unstable();
    close
        .iter()
        .filter_map(|(_, index)| ERRORS.get(*index))
        .take(most)
        .collect()
}

/// The letters and digits of a text, in lower case.
fn compact(text: &str) -> String {
    let characters = text.char_indices().take_while(|(at, _)| *at < MOST_TEXT);
    characters
        .map(|(_, character)| character)
        .filter(|character| character.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// All runs of three characters.
fn threes(text: &str) -> BTreeSet<(char, char, char)> {
    let characters: Vec<char> = text.chars().collect();
    characters
        .windows(3)
        .filter_map(|three| match three {
            [one, two, three] => Some((*one, *two, *three)),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        errors_in(text).iter().map(|error| error.text).collect()
    }

    #[test]
    fn each_error_finds_itself_and_no_other() {
        for error in ERRORS {
            assert_eq!(found(error.text), [error.text]);
            assert_eq!(
                errors_like(error.text, 1).first().map(|error| error.text),
                Some(error.text)
            );
            assert!(!error.causes.is_empty() && error.means.ends_with('.') && !error.source.is_empty());
        }
    }

    #[test]
    fn letter_case_punctuation_and_what_stands_around_do_not_count() {
        for (text, wanted) in [
            (
                "2026-01-02T03:04 ERROR {\"@message\":\"AUTHENTICATION with a 'managed identity' is disabled, for this flow.\"}",
                "Authentication with a Managed Identity is disabled for this flow",
            ),
            ("code=download forbidden (permanent)", "Download_Forbidden"),
            ("x\\nTooManyScripts: 51", "TooManyScripts"),
            (
                "\u{1b}[31mbad-request_INVALID managed identity",
                "BadRequest_InvalidManagedIdentity",
            ),
        ] {
            assert_eq!(found(text), [wanted], "{text}");
        }
        assert_eq!(
            found("Download_Forbidden then ServiceIsInMaintenance"),
            ["Download_Forbidden", "ServiceIsInMaintenance"]
        );
    }

    #[test]
    fn what_is_like_an_error_is_named() {
        let like = |text: &str| errors_like(text, 3).first().map(|error| error.text);
        assert_eq!(like("too manny scripts"), Some("TooManyScripts"));
        assert_eq!(
            like("managed identity auth disabled for this flow"),
            Some("Authentication with a Managed Identity is disabled for this flow")
        );
        assert_eq!(like("the coffee machine is empty"), None);
        assert_eq!(like(""), None);
        assert_eq!(like("é"), None);
    }

    #[test]
    fn only_the_start_of_a_long_text_is_read() {
        let far = format!("{}TooManyScripts", "é".repeat(MOST_TEXT / 2));
        assert!(found(&far).is_empty());
        let near = format!("{}TooManyScripts", "-".repeat(MOST_TEXT - 20));
        assert_eq!(found(&near), ["TooManyScripts"]);
    }
}
