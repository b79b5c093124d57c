//! Values of templates are shown without the secrets in them, however those were cut or joined.

use kustolint::engine::Input;
use kustolint::inspect::resources::view;

/// Nobody's account key.
const KEY: &str = "bm90IGEga2V5OiBpdCBvcGVucyBub3RoaW5nLCBhbmQgd2FzIHdyaXR0ZW4gZm9yIGEgdGVzdC4gUXVheXNpZGUhIQ==";

/// What the view prints of files.
fn shown(files: &[(&str, String)]) -> String {
    let inputs = files.iter().map(|(path, text)| Input {
        path: (*path).to_owned(),
        bytes: Ok(text.clone().into_bytes()),
        named: true,
        reported: true,
    });
    let lines = view(inputs.collect());
    lines.into_iter().map(|line| line.to_string()).collect()
}

fn template(parameters: &str, properties: &str) -> String {
    format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",
        "parameters":{{{parameters}}},"resources":[{{"type":"A.B/c","apiVersion":"1","name":"n","properties":{{{properties}}}}}]}}"#
    )
}

fn assert_hidden(printed: &str, place: &str) {
    assert!(printed.contains("A.B/c"), "{place}: the resource is shown");
    for start in 0..KEY.len() - 8 {
        let piece = &KEY[start..start + 8];
        assert!(!printed.contains(piece), "{place}: `{piece}` in {printed}");
    }
}

#[test]
fn secrets_are_hidden_wherever_a_template_puts_them() {
    let connection =
        format!("DefaultEndpointsProtocol=https;AccountName=quay;AccountKey={KEY};EndpointSuffix=core.windows.net");
    let places = [
        ("a text", format!(r#""x":"{connection}""#)),
        ("the name of a property", format!(r#""{connection}":1"#)),
        ("a piece", format!(r#""x":"[split('{connection}', '=')]""#)),
        ("the rest", format!(r#""x":"[skip('{connection}', 70)]""#)),
        ("a part", format!(r#""x":"[substring('{connection}', 62, 40)]""#)),
        ("a list of it", format!(r#""x":["[concat('a', '{connection}', 'b')]"]"#)),
        (
            "what is made of a text",
            format!(r#""x":"[format('{{0}}!', last(split('{connection}', 'AccountKey')))]""#),
        ),
    ];
    for (place, properties) in places {
        assert_hidden(&shown(&[("main.json", template("", &properties))]), place);
    }
}

#[test]
fn a_secret_of_a_parameter_file_is_hidden_in_the_template() {
    let main = template(
        r#""connection":{"type":"string"}"#,
        r#""x":"[concat('c', parameters('connection'))]","y":"[take(parameters('connection'), 90)]""#,
    );
    let parameters = format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#","contentVersion":"1.0.0.0",
        "parameters":{{"connection":{{"value":"AccountName=quay;AccountKey={KEY}"}}}}}}"#
    );
    let printed = shown(&[("main.json", main), ("main.parameters.json", parameters)]);
    assert_hidden(&printed, "a parameter file");
    assert!(
        printed.contains("AccountName=quay"),
        "what is no secret is shown: {printed}"
    );
}
