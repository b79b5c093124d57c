//! The view of a template's resources after evaluation.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use super::values::Values;
use super::{location, provenance};
use crate::arm::template::{Resource, Undeployed};
use crate::config::Config;
use crate::engine::{self, Input, Templates};
use crate::facts::Case;
use crate::redact::Redacted;
use crate::syntax::connection::MASK;

/// One object a resource, in the order of the files' paths and of their text; a template with several
/// parameter files is shown with each of them. What is never deployed has the condition false.
#[must_use]
pub fn view(inputs: Vec<Input>) -> Vec<Redacted<Json>> {
    shown(&engine::templates(inputs, &Config::default()))
}

/// The view, and the paths of the files that the user named, that could be read and that hold no template.
#[must_use]
pub fn view_and_rest(inputs: Vec<Input>, config: &Config) -> (Vec<Redacted<Json>>, Vec<String>) {
    let read = inputs.iter().filter(|input| input.named && input.bytes.is_ok());
    let mut rest: BTreeSet<String> = read.map(|input| input.path.clone()).collect();
    let templates = engine::templates(inputs, config);
    for file in &templates.files {
        rest.remove(templates.sources.path(*file));
    }
    (shown(&templates), rest.into_iter().collect())
}

fn shown(templates: &Templates) -> Vec<Redacted<Json>> {
    let redactor = &templates.redactor;
    let values = Values::of(&templates.sources, redactor);
    let mut shown = Vec::new();
    for (case, template) in &templates.evaluated {
        let resources = template
            .resources
            .iter()
            .map(|one| (one.site, object(*case, one, &values)));
        let undeployed = template.undeployed.iter();
        let mut all: Vec<_> = resources
            .chain(undeployed.map(|one| (one.site, not_deployed(*case, one, &values))))
            .collect();
        all.sort_by_key(|(site, _)| site.span.start);
        shown.extend(all.into_iter().map(|(_, object)| redactor.redacted(object)));
    }
    shown
}

/// A resource that is never deployed: it is there, and nothing of it is evaluated.
fn not_deployed(case: Case, resource: &Undeployed, values: &Values<'_>) -> Json {
    let sources = values.sources();
    json!({
        "path": sources.path(case.file),
        "parameters": case.parameters.map(|file| sources.path(file)),
        "type": resource.kind,
        "apiVersion": null,
        "name": values.show(&resource.name),
        "existing": resource.existing,
        "scope": null,
        "condition": false,
        "kind": null,
        "identity": null,
        "properties": null,
        "location": location(resource.site, sources),
    })
}

fn object(case: Case, resource: &Resource, values: &Values<'_>) -> Json {
    let sources = values.sources();
    let member = |name: &str| {
        resource
            .body
            .member(name)
            .map_or(Json::Null, |member| values.show(&member.node))
    };
    let condition = match (&resource.condition_reason, resource.condition.is_always()) {
        (None, true) => json!(true),
        (reason, _) => json!({ "$unknown": reason, "when": resource.condition.to_string() }),
    };
    let mut ways = Vec::new();
    provenance::ways(&resource.name, "/name", values, &mut ways);
    for shown in ["apiVersion", "scope", "kind", "identity", "properties"] {
        if let Some(member) = resource.body.member(shown) {
            provenance::ways(&member.node, &format!("/{shown}"), values, &mut ways);
        }
    }
    json!({
        "path": sources.path(case.file),
        "parameters": case.parameters.map(|file| sources.path(file)),
        "type": resource.kind,
        "apiVersion": member("apiVersion"),
        "name": values.show(&resource.name),
        "existing": resource.existing,
        "scope": member("scope"),
        "condition": condition,
        "kind": member("kind"),
        "identity": member("identity"),
        "properties": properties(resource, member("properties")),
        "provenance": ways,
        "location": location(resource.site, sources),
    })
}

/// The properties without what is a secret by the type of the resource.
fn properties(resource: &Resource, mut properties: Json) -> Json {
    let is_secret = resource.kind.eq_ignore_ascii_case("Microsoft.KeyVault/vaults/secrets");
    if let Some(value) = properties
        .get_mut("value")
        .filter(|value| is_secret && value.is_string())
    {
        *value = json!(MASK);
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(u64, String, Json, Json)> {
        let inputs = vec![Input {
            path: "main.json".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        }];
        let line = |line: &Redacted<Json>| {
            (
                line["location"]["start"]["line"].as_u64().unwrap(),
                line["type"].as_str().unwrap().to_owned(),
                line["name"].clone(),
                line["condition"].clone(),
            )
        };
        view(inputs).iter().map(line).collect()
    }

    #[test]
    fn what_is_never_deployed_is_shown_as_such() {
        let text = r#"{"$schema": "https://h/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
            {"type": "a.b/c", "name": "off", "condition": false, "resources": [
                {"type": "d", "name": "in"}]},
            {"type": "a.b/c", "name": "[copyIndex()]", "copy": {"name": "l", "count": 0}, "resources": [
                {"type": "d", "name": "none"}]},
            {"type": "Microsoft.Resources/deployments", "name": "n", "condition": "[equals(1, 2)]", "properties": {"template": {"resources": {
                "x": {"type": "a.b/c", "name": "[fail('is not evaluated')]", "existing": true}}}}},
            {"type": "a.b/c", "name": "[string(copyIndex())]", "condition": "[equals(copyIndex(), 1)]", "copy": {"name": "m", "count": 2}}
        ]}"#;
        let inner = "`[copyIndex()]⟨0:270⟩` is known at deployment only";
        let unknown = |why: &str| json!({ "$unknown": why });
        assert_eq!(
            shown(text),
            [
                (2, "a.b/c".to_owned(), json!("off"), json!(false)),
                (3, "a.b/c/d".to_owned(), json!("off/in"), json!(true)),
                (
                    4,
                    "a.b/c".to_owned(),
                    unknown("the resource is not deployed"),
                    json!(false)
                ),
                (
                    5,
                    "a.b/c/d".to_owned(),
                    json!({ "$partial": [unknown(inner), "/none"] }),
                    json!(false)
                ),
                (
                    6,
                    "Microsoft.Resources/deployments".to_owned(),
                    json!("n"),
                    json!(false)
                ),
                (
                    7,
                    "a.b/c".to_owned(),
                    unknown("the resource is not deployed"),
                    json!(false)
                ),
                (8, "a.b/c".to_owned(), json!("1"), json!(true)),
            ]
        );
    }
}
