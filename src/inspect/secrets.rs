//! The facts about secrets: where they stand and what they open, and nothing of their text.

use serde_json::{Value, json};

use super::location;
use crate::facts::{Case, Facts, SecretLiteral};
use crate::link::each_once;
use crate::text::{FileSpan, Sources};

/// Gives each fact to `add`.
pub(super) fn told(facts: &Facts, sources: &Sources, add: &mut dyn FnMut(FileSpan, Case, &str, Value)) {
    let literal = |literal: &SecretLiteral| {
        json!({
            "location": location(literal.at, sources),
            "obfuscated": literal.obfuscated,
            "multiline": literal.multiline,
        })
    };
    for secret in each_once(facts.secrets.clone()) {
        let pieces = secret.pieces.iter().map(|piece| location(*piece, sources));
        let fields = json!({
            "kind": secret.kind.as_str(),
            "pieces": pieces.collect::<Vec<_>>(),
            "literals": secret.literals.iter().map(literal).collect::<Vec<_>>(),
        });
        add(secret.at, secret.case, "secret", fields);
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::Input;

    #[test]
    fn a_secret_is_told_without_its_text() {
        let text = "externaldata (x:string) [strcat('https://a.blob.core.windows.net/c?sv=2024-01-01&sp=r&sig=', h'k7Qm2', 'Zx9Tt4%3D')]";
        let input = Input {
            path: "a.kql".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let facts = crate::inspect::facts::view(vec![input], &crate::config::Config::default());
        let secret = facts.iter().find(|fact| fact["fact"] == "secret").unwrap();
        assert_eq!(secret["kind"], "SAS signature");
        let hidden: Vec<_> = secret["literals"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["obfuscated"].clone())
            .collect();
        assert_eq!(hidden, [true, false]);
        assert_eq!(secret["pieces"].as_array().unwrap().len(), 1);
        assert!(!facts.iter().any(|fact| fact.to_string().contains("Zx9Tt4")));
    }
}
