//! Templates in all their forms, by what `inspect --view resources` shows of them.

mod forms;
mod linked;
mod nested;
mod parameters;

use kustolint::engine::{Input, Outcome, check};
use kustolint::inspect::resources::view;
use serde_json::Value as Json;

/// A file by its path and text.
type File<'a> = (&'a str, &'a str);

fn inputs(files: &[File<'_>]) -> Vec<Input> {
    let input = |(path, text): &File<'_>| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: true,
        reported: true,
    };
    files.iter().map(input).collect()
}

fn checked(files: &[File<'_>]) -> Outcome {
    check(inputs(files))
}

/// A template for a resource group with these members.
fn template(members: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion":"1.0.0.0",{members}}}"#
    )
}

/// A parameter file with these parameters.
fn parameters(members: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
        "contentVersion":"1.0.0.0","parameters":{{{members}}}}}"#
    )
}

/// A resource whose property `v` is a value.
fn resource(name: &str, value: &str) -> String {
    format!(r#"{{"type":"A.B/c","apiVersion":"1","name":"{name}","properties":{{"v":{value}}}}}"#)
}

/// A value as it is shown, in few words: holes are `{reason}`.
fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Object(members) if members.len() == 1 => match members.iter().next().unwrap() {
            (name, Json::String(why)) if name == "$unknown" => format!("{{{why}}}"),
            (name, Json::Array(pieces)) if name == "$partial" => pieces.iter().map(shown).collect(),
            (name, Json::Array(all)) if name == "$oneOf" => {
                let all = all
                    .iter()
                    .map(|one| format!("{} {}", shown(&one["value"]), shown(&one["when"])));
                all.collect::<Vec<_>>().join(" or ")
            }
            _ => value.to_string(),
        },
        _ => value.to_string(),
    }
}

/// The resources that are deployed and are no deployments themselves: "name = v", the value of their property `v`.
fn values(files: &[File<'_>]) -> Vec<String> {
    let resources = view(inputs(files));
    let own = resources.iter().filter(|resource| {
        let kind = resource["type"].as_str().unwrap();
        !kind.starts_with("Microsoft.Resources/") && resource["condition"] != false
    });
    own.map(|resource| {
        let with = match resource["parameters"].as_str() {
            Some(path) => format!(" with {path}"),
            None => String::new(),
        };
        format!(
            "{} = {}{with}",
            shown(&resource["name"]),
            shown(&resource["properties"]["v"])
        )
    })
    .collect()
}

/// The same of one template with these members.
fn values_of(members: &str) -> Vec<String> {
    values(&[("main.json", &template(members))])
}

/// What the run could not decide of one template with these members.
fn undecided_of(members: &str) -> Vec<String> {
    let outcome = checked(&[("main.json", &template(members))]);
    outcome.undecided.into_iter().map(|question| question.reason).collect()
}

/// A deployment of a template in the scope `inner` or `outer`, with parameters and further members.
fn deployment(name: &str, scope: &str, given: &str, more: &str, inner: &str) -> String {
    format!(
        r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"{name}",{more}
        "properties":{{"mode":"Incremental","expressionEvaluationOptions":{{"scope":"{scope}"}},
        "parameters":{{{given}}},"template":{}}}}}"#,
        template(inner)
    )
}

/// A deployment that links to a template.
fn link(name: &str, link: &str, given: &str) -> String {
    format!(
        r#"{{"type":"Microsoft.Resources/deployments","apiVersion":"2022-09-01","name":"{name}",
        "properties":{{"mode":"Incremental","templateLink":{{{link}}},"parameters":{{{given}}}}}}}"#
    )
}
