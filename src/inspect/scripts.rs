//! The facts about external tables and about scripts that one command runs.

use serde_json::{Value, json};

use crate::facts::{Case, Facts, Known, Setting};
use crate::text::FileSpan;

/// Gives each fact to `add`.
pub(super) fn told(facts: &Facts, add: &mut dyn FnMut(FileSpan, Case, &str, Value)) {
    for table in &facts.external_tables {
        let sign_ins = table.sign_ins.iter().map(|(how, _)| format!("{how:?}"));
        let fields = json!({
            "name": table.name.to_string(),
            "kind": format!("{:?}", table.kind),
            "signIns": sign_ins.collect::<Vec<_>>(),
            "onlyNew": table.only_new,
        });
        add(
            table.at,
            table.setting.script.case,
            "external-table",
            with(fields, &table.setting),
        );
    }
    for dropped in &facts.dropped_tables {
        let fields = with(json!({ "name": dropped.name.to_string() }), &dropped.setting);
        add(
            dropped.at,
            dropped.setting.script.case,
            "dropped-external-table",
            fields,
        );
    }
    deployed(facts, add);
    for run in &facts.script_runs {
        let fields = json!({
            "throwOnErrors": flag(&run.throws),
            "continueOnErrors": flag(&run.continues),
            "setsIdentities": run.sets_identities,
        });
        add(
            run.at,
            run.setting.script.case,
            "script-run",
            with(fields, &run.setting),
        );
    }
}

/// The facts about scripts that deployments run.
fn deployed(facts: &Facts, add: &mut dyn FnMut(FileSpan, Case, &str, Value)) {
    for command in &facts.script_commands {
        let level = match &command.level {
            Known::Value(level) => json!(format!("{level:?}")),
            Known::Unknown(why) => json!({ "$unknown": why }),
            Known::Absent => Value::Null,
        };
        let fields = json!({
            "verb": command.verb,
            "ofCluster": command.of_cluster,
            "setsIdentities": command.sets_identities,
            "level": level,
            "continueOnErrors": flag(&command.goes_on.0),
            "when": command.when.to_string(),
        });
        add(command.at, command.script.case, "script-command", fields);
    }
    for source in &facts.script_sources {
        let fields = json!({
            "name": source.name.to_string(),
            "scriptContent": source.content.is_some(),
            "scriptUrl": source.url.is_some(),
            "token": source.token.as_ref().map(|token| format!("{:?}", token.from)),
            "needsToken": source.needs_token,
            "when": source.when.to_string(),
        });
        add(source.at, source.case, "script-source", fields);
    }
    for pair in &facts.parallel_scripts {
        let fields = json!({
            "cluster": pair.cluster.to_string(),
            "name": pair.name.to_string(),
            "beside": pair.beside_name.to_string(),
            "when": pair.when.to_string(),
        });
        add(pair.at, pair.case, "parallel-scripts", fields);
    }
    for count in &facts.script_counts {
        let fields = json!({ "cluster": count.cluster.to_string(), "scripts": count.count });
        add(count.at, count.case, "script-count", fields);
    }
}

/// The fields of a fact with where and when its command runs.
fn with(mut fields: Value, setting: &Setting) -> Value {
    if let Value::Object(fields) = &mut fields {
        fields.insert(
            "database".to_owned(),
            json!(setting.database.as_ref().map(ToString::to_string)),
        );
        fields.insert(
            "cluster".to_owned(),
            json!(setting.cluster.as_ref().map(ToString::to_string)),
        );
        fields.insert("when".to_owned(), json!(setting.when.to_string()));
        fields.insert("script".to_owned(), json!(setting.script.index));
        fields.insert("order".to_owned(), json!(setting.order));
        fields.insert("documentation".to_owned(), json!(!setting.script.is_run()));
    }
    fields
}

fn flag(flag: &Known<bool>) -> Value {
    match flag {
        Known::Absent => Value::Null,
        Known::Value(value) => json!(value),
        Known::Unknown(why) => json!({ "$unknown": why }),
    }
}

#[cfg(test)]
mod tests {
    use crate::engine::Input;

    #[test]
    fn tables_and_runs_are_listed() {
        let text = ".drop external table X ifexists\n\n.execute database script with (ThrowOnErrors=true) <|\n\
                    .create external table X kind=delta (h'https://a.blob.core.windows.net/c;impersonate')\n";
        let input = Input {
            path: "a.kql".to_owned(),
            bytes: Ok(text.as_bytes().to_vec()),
            named: true,
            reported: true,
        };
        let facts = crate::inspect::facts::view(vec![input], &crate::config::Config::default());
        let names: Vec<_> = facts
            .iter()
            .map(|fact| fact["fact"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(
            names,
            [
                "dropped-external-table",
                "script-run",
                "external-table",
                "connection-string"
            ]
        );
        assert_eq!(
            (&facts[1]["throwOnErrors"], &facts[1]["continueOnErrors"]),
            (&true.into(), &().into())
        );
        assert_eq!(
            (&facts[2]["kind"], &facts[2]["onlyNew"]),
            (&"Delta".into(), &true.into())
        );
    }
}
