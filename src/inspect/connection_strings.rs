//! Connection strings and bindings in the view of the facts.

use serde_json::{Value, json};

use super::facts::identity;
use super::{hidden, location};
use crate::facts::{
    Address, BoundIdentity, Carrier, Case, ConnectionPair, ConnectionString, Credential, Facts, Given, Name,
};
use crate::text::{FileSpan, Sources};

pub(super) fn told(facts: &Facts, sources: &Sources, add: &mut dyn FnMut(FileSpan, Case, &str, Value)) {
    for string in &facts.connection_strings {
        add(
            string.at,
            string.script.case,
            "connection-string",
            shown(string, sources),
        );
    }
    for binding in &facts.bindings {
        let identity = |identity: &BoundIdentity| json!({ "written": hidden(&identity.written), "location": location(identity.at, sources) });
        let fields = json!({
            "setting": binding.setting.as_deref().map(hidden),
            "isString": binding.is_string,
            "identity": binding.identity.as_ref().map(identity),
        });
        add(binding.at, binding.script.case, "kusto-binding", fields);
    }
}

fn shown(string: &ConnectionString, sources: &Sources) -> Value {
    let (carrier, name) = match &string.carrier {
        Carrier::Query(flow) => ("query", Some(format!("{flow:?}"))),
        Carrier::Setting(name) => ("setting", Some(hidden(name))),
        Carrier::Named(name) => ("named", Some(hidden(name))),
        Carrier::Text => ("text", None),
    };
    let broken = string.broken.iter();
    json!({
        "carrier": carrier,
        "of": name,
        "target": format!("{:?}", string.target),
        "whole": string.whole,
        "address": string.address.as_ref().map(address),
        "credentials": string.credentials.iter().map(|one| credential(one, sources)).collect::<Vec<_>>(),
        "pairs": string.pairs.iter().map(|pair| self::pair(pair, sources)).collect::<Vec<_>>(),
        "broken": broken.map(|(at, why)| json!({ "location": location(*at, sources), "why": why })).collect::<Vec<_>>(),
        "when": string.when.to_string(),
        "documentation": string.is_example(),
    })
}

fn address(address: &Address) -> Value {
    json!({
        "scheme": address.scheme,
        "doubled": address.doubled.is_some(),
        "host": address.host.as_deref().map(hidden),
        "account": address.account.as_ref().map(Name::to_string),
        "namesContainer": !address.no_container,
    })
}

fn credential(credential: &Credential, sources: &Sources) -> Value {
    json!({
        "kind": credential.kind.as_str(),
        "location": location(credential.at, sources),
        "meant": credential.meant.map(|meant| meant.as_str()),
        "inQuery": credential.sign.is_some(),
        "spaced": credential.spaced,
        "empty": credential.empty,
        "identity": credential.identity.as_ref().map(identity),
        "permissions": credential.permissions,
    })
}

fn pair(pair: &ConnectionPair, sources: &Sources) -> Value {
    let value = match &pair.value {
        Given::Empty => json!("empty"),
        Given::Text(text) => json!({ "text": hidden(text) }),
        Given::Hidden => json!("hidden"),
        Given::Unknown => json!("unknown"),
    };
    json!({
        "keyword": pair.keyword.map(|keyword| format!("{keyword:?}")),
        "name": pair.name.as_deref().map(hidden),
        "location": location(pair.name_at, sources),
        "value": value,
        "meant": pair.meant,
        "shortens": pair.shortens,
    })
}
