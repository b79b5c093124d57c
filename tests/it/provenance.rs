//! The way of a value, as `inspect --view resources` shows it.

use kustolint::engine::Input;
use kustolint::inspect::resources::view;

/// Each way of the values of the resource of the type `A.B/c`: "pointer: literal, step @ text, …", places by their characters.
fn ways(template: &str) -> Vec<String> {
    let text = format!(
        r#"{{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0",{template}}}"#
    );
    let input = Input {
        path: "main.json".to_owned(),
        bytes: Ok(text.clone().into_bytes()),
        named: true,
        reported: true,
    };
    let shown = view(vec![input]);
    let place = |location: &serde_json::Value| {
        let byte = |end: &str| usize::try_from(location[end]["byte"].as_u64().unwrap()).unwrap();
        text[byte("start")..byte("end")].to_owned()
    };
    let Some(resource) = shown.iter().find(|resource| resource["type"] == "A.B/c") else {
        panic!("a resource of the type `A.B/c`: {shown:#?}");
    };
    let way = |way: &serde_json::Value| {
        let steps = way["steps"].as_array().unwrap().iter();
        let steps = steps.map(|step| format!(", {} @ {}", step["by"].as_str().unwrap(), place(&step["location"])));
        format!(
            "{}: {}{}",
            way["at"].as_str().unwrap(),
            place(&way["origin"]),
            steps.collect::<String>()
        )
    };
    resource["provenance"].as_array().unwrap().iter().map(way).collect()
}

#[test]
fn each_step_from_the_literal_to_the_property_is_told() {
    let found = ways(
        r#""parameters":{"stage":{"type":"string","defaultValue":"dev"}},
        "variables":{"names":{"vault":"[format('kv-{0}', parameters('stage'))]"},"list":["[variables('names')]"]},
        "resources":[{"type":"A.B/c","apiVersion":"1","name":"[variables('list')[0].vault]","properties":{
            "here":"[concat('a', 'b')]","on":"[if(equals(parameters('stage'), 'dev'), variables('names').vault, 'x')]"}}]"#,
    );
    assert_eq!(
        found,
        [
            "/name: format('kv-{0}', parameters('stage')), the default of parameter `stage` @ \"dev\", \
             `format()` @ format('kv-{0}', parameters('stage')), \
             variable `names` @ \"[format('kv-{0}', parameters('stage'))]\", \
             variable `list` @ \"[variables('names')]\"",
            "/properties/on: format('kv-{0}', parameters('stage')), the default of parameter `stage` @ \"dev\", \
             `format()` @ format('kv-{0}', parameters('stage')), \
             variable `names` @ \"[format('kv-{0}', parameters('stage'))]\", \
             the choice that the default of parameter `stage` makes @ \"dev\"",
        ]
    );
}

#[test]
fn a_nested_deployment_hands_values_in_and_out() {
    let found = ways(
        r#""resources":[{"type":"Microsoft.Resources/deployments","apiVersion":"1","name":"inner","condition":false,"properties":{
            "mode":"Incremental","expressionEvaluationOptions":{"scope":"inner"},
            "parameters":{"bits":{"value":4096}},
            "template":{"parameters":{"bits":{"type":"int"}},"resources":[],"outputs":{"size":{"type":"int","value":"[parameters('bits')]"}}}}},
          {"type":"A.B/c","apiVersion":"1","name":"n","properties":{"size":"[reference(resourceId('Microsoft.Resources/deployments', 'inner')).outputs.size.value]"}}]"#,
    );
    assert_eq!(
        found,
        ["/properties/size: 4096, parameter `bits` @ 4096, output `size` @ \"[parameters('bits')]\""]
    );
}
