use crate::arm::evaluate::argument_text;
use crate::arm::template::probe;
use crate::arm::value::{Node, Value};
use crate::text::Symbol;

/// The property `p` of the last resource of a template, which must evaluate without an error.
fn last_property(text: &str) -> Node {
    let (node, errors) = probe::last_property(text);
    assert_eq!(errors, Vec::<String>::new());
    node
}

/// The value of an expression in a template of language version 2, as canonical text and as the symbol that it is.
fn answer(expression: &str) -> (String, Option<Symbol>) {
    let text = format!(
        r#"{{ "languageVersion": "2.0",
            "parameters": {{ "many": {{ "type": "int" }}, "stage": {{ "type": "string", "allowedValues": ["a", "b"] }} }},
            "resources": {{
                "adx": {{ "type": "Microsoft.Kusto/clusters", "name": "help" }},
                "vaults": {{ "type": "A.B/vaults", "name": "[format('v{{0}}', copyIndex())]",
                    "copy": {{ "name": "vaults", "count": 2 }} }},
                "some": {{ "type": "A.B/vaults", "name": "[format('s{{0}}', copyIndex())]",
                    "copy": {{ "name": "some", "count": "[parameters('many')]" }} }},
                "perhaps": {{ "type": "A.B/vaults", "name": "[format('p{{0}}', copyIndex())]",
                    "condition": "[equals(copyIndex(), 0)]", "copy": {{ "name": "perhaps", "count": 2 }} }},
                "probe": {{ "type": "A.B/c", "name": "n", "properties": {{ "p": "[{expression}]" }} }} }} }}"#
    );
    let node = last_property(&text);
    let symbol = match &node.value {
        Value::Unknown(unknown) => Some(Symbol::clone(&unknown.symbol)),
        _ => None,
    };
    (argument_text(&node).unwrap(), symbol)
}

fn shown(expression: &str) -> String {
    crate::arm::evaluate::for_people(&answer(expression).0)
}

#[test]
fn the_identity_of_a_cluster_is_found_in_all_spellings() {
    let id = "resourceId('Microsoft.Kusto/clusters', 'help')";
    for expression in [
        "reference('adx', '2023-08-15', 'full').identity.principalId".to_owned(),
        "reference('ADX', '2023-08-15', 'Full').identity['principalId']".to_owned(),
        format!("reference({id}, '2023-08-15', 'FULL')['identity'].principalId"),
        format!("tryGet(reference({id}, '2023-08-15', 'full'), 'identity', 'principalId')"),
        format!("tryGet(tryGet(reference({id}, '2023-08-15', 'full'), 'identity'), 'principalId')"),
        format!("reference({id}, '2023-08-15', 'full').?identity.?principalId"),
        format!("reference({id}, '2023-08-15', 'full')?['identity']?.principalId"),
    ] {
        let Some(Symbol::Reference { resource, full, path }) = answer(&expression).1 else {
            panic!("{expression}");
        };
        assert!(
            resource.ends_with("/providers/Microsoft.Kusto/clusters/help"),
            "{resource}"
        );
        assert!(full);
        assert_eq!(path, ["identity", "principalId"], "{expression}");
    }
}

#[test]
fn rounds_of_a_loop_have_names() {
    assert_eq!(shown("reference('vaults[1]').uri"), "reference('A.B/vaults/v1').uri");
    assert_eq!(
        shown("reference(format('vaults[{0}]', 0), '2020-01-01', 'full').name"),
        "reference('A.B/vaults/v0', 'full').name"
    );
    assert_eq!(
        shown("references('vaults', 'full')"),
        "[reference('A.B/vaults/v0', 'full'), reference('A.B/vaults/v1', 'full')]"
    );
    assert_eq!(
        shown("map(references('vaults'), lambda('v', lambdaVariables('v').uri))"),
        "[reference('A.B/vaults/v0').uri, reference('A.B/vaults/v1').uri]"
    );
    // How many there are, or which of them are deployed, is not known.
    assert_eq!(shown("references('some')"), "references('some')");
    assert_eq!(shown("references('perhaps')"), "references('perhaps')");
}

#[test]
fn keys_name_their_resource() {
    let Some(Symbol::List {
        function,
        resource,
        arguments,
        path,
    }) = answer("listKeys(resourceId('A.B/c', 'st1'), '2023-01-01').keys[0].value").1
    else {
        panic!("a list function");
    };
    assert_eq!((function.as_str(), arguments.as_str()), ("listKeys", "'2023-01-01'"));
    assert!(resource.ends_with("/providers/A.B/c/st1"));
    assert_eq!(path, ["keys", "0", "value"]);
    assert_eq!(
        shown("LISTSecrets('adx', '2023-01-01').primary"),
        "LISTSecrets('Microsoft.Kusto/clusters/help', '2023-01-01').primary"
    );
    assert_eq!(
        shown("tryGet(listOutputsWithSecureValues('vaults[0]', '2025-04-01'), 'key')"),
        "listOutputsWithSecureValues('A.B/vaults/v0', '2025-04-01').key"
    );
    assert_eq!(
        shown("concat('Key=', listKeys('adx', '2023-01-01').keys[0].value)"),
        "'Key={listKeys('Microsoft.Kusto/clusters/help', '2023-01-01').keys[0].value}'"
    );
}

#[test]
fn equal_keys_are_equal_and_others_are_not_taken_for_them() {
    let equal = |one: &str, other: &str| shown(&format!("equals({one}, {other})"));
    let id = "resourceId('A.B/c', 'st1')";
    let keys = format!("listKeys({id}, '1').keys[0].value");
    assert_eq!(equal(&keys, &format!("LISTKEYS({id}, '1').KEYS[0]['value']")), "true()");
    for other in [
        format!("listKeys({id}, '1').keys[1].value"),
        format!("listKeys({id}, '2').keys[0].value"),
        "listKeys(resourceId('A.B/c', 'st2'), '1').keys[0].value".to_owned(),
    ] {
        assert_ne!(equal(&keys, &other), "true()", "{other}");
    }
    // Resources of one name in two groups.
    let of = |group: &str| format!("toLower(reference(resourceId('{group}', 'A.B/c', 'st1')).uri)");
    assert_eq!(equal(&of("g1"), &of("g1")), "true()");
    assert_ne!(equal(&of("g1"), &of("g2")), "true()");
}

#[test]
fn alternatives_go_through_all_of_it() {
    assert_eq!(
        shown(
            "filter(createArray('a', 'c'), lambda('x', or(equals(lambdaVariables('x'), 'c'), equals(lambdaVariables('x'), parameters('stage')))))"
        ),
        "(['a', 'c'] when `stage` is 'a' or ['c'] when `stage` is 'b')"
    );
    assert_eq!(
        shown("listKeys(resourceId('A.B/c', parameters('stage')), '1').key"),
        "(listKeys('A.B/c/a', '1').key when `stage` is 'a' or listKeys('A.B/c/b', '1').key when `stage` is 'b')"
    );
}

/// What a property of the last resource of a template without symbolic names refers to.
fn referred(resources: &str, expression: &str) -> Option<String> {
    let text = format!(
        r#"{{ "variables": {{ "id": "id-quay" }}, "resources": [{resources},
            {{ "type": "A.B/c", "name": "n", "properties": {{ "p": "[{expression}]" }} }}] }}"#
    );
    let node = last_property(&text);
    match &node.value {
        Value::Unknown(unknown) => match &*unknown.symbol {
            Symbol::Reference { resource, path, .. } => Some(format!("{resource} {}", path.join("."))),
            _ => None,
        },
        _ => None,
    }
}

#[test]
fn a_plain_name_is_the_one_resource_that_has_it() {
    let identity = |name: &str| format!(r#"{{ "type": "M.I/users", "name": "{name}" }}"#);
    for name in ["id-quay", "[variables('id')]"] {
        let found = referred(&identity(name), "reference('ID-quay').clientId").unwrap();
        assert!(found.ends_with("/providers/M.I/users/id-quay clientId"), "{found}");
    }
    let two = format!("{},{}", identity("id-quay"), identity("ID-QUAY"));
    for (resources, why) in [(two, "two have it"), (identity("other"), "none has it")] {
        let found = referred(&resources, "reference('id-quay').clientId").unwrap();
        assert_eq!(found, "id-quay clientId", "{why}");
    }
    let itself = identity("[reference('id-quay').x]");
    assert_eq!(referred(&itself, "reference('id-quay').y").unwrap(), "id-quay y");
}
