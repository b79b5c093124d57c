use crate::arm::evaluate::argument_text;
use crate::arm::template::probe;

/// The functions that the tests call.
const FUNCTIONS: &str = r#"[
    { "namespace": "ns", "members": {
        "name": {
            "parameters": [{ "name": "prefix", "type": "string" }, { "name": "Number", "type": "int" }],
            "output": { "type": "string", "value": "[format('{0}-{1}', parameters('PREFIX'), parameters('number'))]" } },
        "object": { "parameters": [{ "name": "x", "type": "string" }],
            "output": { "type": "object", "value": { "inner": ["[parameters('x')]", { "deep": true }] } } },
        "outside": { "parameters": [], "output": { "type": "string", "value": "[parameters('stage')]" } },
        "variable": { "parameters": [], "output": { "type": "string", "value": "[variables('v')]" } },
        "other": { "parameters": [], "output": { "type": "string", "value": "[ns.name('o', 1)]" } },
        "loop": { "parameters": [], "output": { "type": "string", "value": "[ns.back()]" } },
        "back": { "parameters": [], "output": { "type": "string", "value": "[ns.loop()]" } },
        "divide": { "parameters": [{ "name": "by", "type": "int" }],
            "output": { "type": "int", "value": "[div(6, parameters('by'))]" } }
    } },
    { "namespace": "__bicep", "members": {
        "join": { "parameters": [{ "name": "a", "type": "array" }],
            "output": { "type": "string", "value": "[join(map(parameters('a'), lambda('x', ns.name(lambdaVariables('x'), 0))), '+')]" } } } }
]"#;

/// The value of an expression in a template of these functions, and the errors of the template.
fn answer(expression: &str, version: &str) -> (String, Vec<String>) {
    let text = format!(
        r#"{{ {version} "functions": {FUNCTIONS},
            "parameters": {{ "stage": {{ "type": "string", "allowedValues": ["dev", "prod"] }},
                "given": {{ "type": "string", "defaultValue": "[ns.name('d', 2)]" }}, "open": {{ "type": "int" }} }},
            "variables": {{ "v": "seen" }},
            "resources": [{{ "type": "A.B/c", "name": "n", "properties": {{ "p": "[{expression}]" }} }}] }}"#
    );
    evaluated(&text)
}

/// The property `p` of the only resource of a template as text, and the errors.
fn evaluated(text: &str) -> (String, Vec<String>) {
    let (node, errors) = probe::last_property(text);
    (argument_text(&node).unwrap(), errors)
}

fn value(expression: &str) -> String {
    let (value, errors) = answer(expression, "\"languageVersion\": \"2.0\",");
    assert_eq!(errors, Vec::<String>::new(), "{expression}");
    value
}

fn error(expression: &str, version: &str) -> String {
    let (_, mut errors) = answer(expression, version);
    assert_eq!(errors.len(), 1, "{expression}: {errors:?}");
    errors.remove(0)
}

#[test]
fn bodies_see_their_parameters() {
    assert_eq!(value("ns.name('kv', 7)"), "'kv-7'");
    assert_eq!(value("NS.Name('kv', 7)"), "'kv-7'");
    assert_eq!(value("ns.object('y').inner[0]"), "'y'");
    assert_eq!(value("ns.object('y').inner[1].deep"), "true()");
    assert_eq!(value("parameters('given')"), "'d-2'");
    assert_eq!(value("__bicep.join(createArray('a', 'b'))"), "'a-0+b-0'");
}

#[test]
fn what_is_not_known_flows_through() {
    assert_eq!(
        value("ns.name(parameters('stage'), 1)"),
        "('dev-1' when `stage` is 'dev' or 'prod-1' when `stage` is 'prod')"
    );
    assert_eq!(
        value("ns.name('a', parameters('open'))"),
        "'a-{parameters('open')⟨file 0⟩}'"
    );
}

#[test]
fn the_version_decides_what_else_bodies_see() {
    assert_eq!(value("ns.variable()"), "'seen'");
    assert_eq!(value("ns.other()"), "'o-1'");
    assert!(error("ns.variable()", "").contains("version 2 only"));
    assert!(error("ns.other()", "").contains("version 2 only"));
    assert!(error("ns.outside()", "").contains("has no parameter `stage`"));
}

#[test]
fn wrong_calls_are_errors() {
    let version = "\"languageVersion\": \"2.0\",";
    assert_eq!(error("ns.name('a')", version), "`ns.name` takes 2 arguments, not 1");
    assert_eq!(
        error("ns.name('a', 1, 2)", version),
        "`ns.name` takes 2 arguments, not 3"
    );
    assert_eq!(
        error("ns.nothing()", version),
        "`ns.nothing` is no function of the template"
    );
    assert_eq!(error("ns.divide(0)", version), "`div` divides by zero");
    assert_eq!(
        error("ns.loop()", version),
        "`ns.loop` calls itself, which the service refuses"
    );
}

#[test]
fn what_fails_under_a_condition_is_no_error() {
    let text = "if(equals(parameters('open'), 1), ns.divide(0), ns.divide(2))";
    assert!(value(text).contains("3 when "));
}

#[test]
fn endless_work_is_told() {
    let version = "\"languageVersion\": \"2.0\",";
    let expression = (0..40).fold("'x'".to_owned(), |inner, _| format!("ns.object({inner}).inner[0]"));
    assert_eq!(answer(&expression, version).0, "'x'");
    // Each of them calls the one before twice.
    let long = "x".repeat(20_000);
    let members: Vec<_> = (1..40)
        .map(|index| {
            let before = index - 1;
            format!(
                r#""f{index}": {{ "parameters": [], "output": {{ "type": "bool",
                    "value": "[or(equals('{long}', ''), equals(n.f{before}(), n.f{before}()))]" }} }}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{ {version} "functions": [{{ "namespace": "n", "members": {{
            "f0": {{ "parameters": [], "output": {{ "type": "bool", "value": true }} }}, {} }} }}],
            "resources": [{{ "type": "A.B/c", "name": "n", "properties": {{ "p": "[n.f39()]" }} }}] }}"#,
        members.join(",")
    );
    let (value, errors) = evaluated(&text);
    assert!(value.starts_with("[n.f39()]"), "{value}");
    assert_eq!(errors.len(), 1, "{errors:?}");
}
