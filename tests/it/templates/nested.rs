//! Deployments inside a template: scopes, places, outputs, template specs and stacks.

use super::{checked, deployment, resource, template, undecided_of, values_of};

#[test]
fn inner_and_outer_scope() {
    let inner = r#""parameters":{"p":{"type":"string","defaultValue":"inner"},"q":{"type":"string"}},
        "variables":{"v":"inner"},"resources":["#;
    let nested = |scope: &str, inner: &str, given: &str, value: &str| {
        let child = deployment("d", scope, given, "", &format!("{inner}{}]", resource("r", value)));
        values_of(&format!(
            r#""parameters":{{"p":{{"type":"string","defaultValue":"outer"}}}},"variables":{{"v":"outer"}},"resources":[{child}]"#
        ))
    };
    let both = "\"[concat(parameters('p'), ' ', variables('v'))]\"";
    assert_eq!(nested("inner", inner, "", both), ["r = inner inner"]);
    assert_eq!(nested("Outer", inner, "", both), ["r = outer outer"]);
    assert_eq!(nested("", inner, "", both), ["r = outer outer"]);
    let given = r#""P":{"value":"[parameters('p')]"},"q":{"reference":{"secretName":"s"}}"#;
    assert_eq!(nested("inner", inner, given, both), ["r = outer inner"]);
    let secret = "{parameter `q` comes from a key vault}";
    assert_eq!(
        nested("inner", inner, given, "\"[parameters('q')]\""),
        [format!("r = {secret}")]
    );
}

#[test]
fn the_loop_around_a_deployment_is_seen_by_its_parameters_only() {
    let looped = |scope: &str, value: &str| {
        let child = deployment(
            "[concat('d', copyIndex())]",
            scope,
            r#""i":{"value":"[copyIndex()]"}"#,
            r#""copy":{"name":"l","count":2},"#,
            &format!(
                r#""parameters":{{"i":{{"type":"int"}}}},"resources":[{}]"#,
                resource("r", value)
            ),
        );
        format!(r#""resources":[{child}]"#)
    };
    assert_eq!(values_of(&looped("inner", "\"[parameters('i')]\"")), ["r = 0", "r = 1"]);
    assert_eq!(values_of(&looped("outer", "\"[copyIndex('l')]\"")), ["r = 0", "r = 1"]);
    let vault = r#""[copyIndex()]"},"type":"Microsoft.KeyVault/vaults","properties":{"x":"[copyIndex()]""#;
    assert!(
        undecided_of(&looped("inner", vault))
            .iter()
            .any(|reason| reason.contains("outside of a copy loop"))
    );
}

#[test]
fn a_deployment_to_another_place_has_that_place() {
    let group = "{parameter `g` has no value}";
    let of = |more: &str, value: &str| {
        let child = deployment(
            "d",
            "inner",
            "",
            more,
            &format!(r#""resources":[{}]"#, resource("r", value)),
        );
        let found = values_of(&format!(
            r#""parameters":{{"g":{{"type":"string"}}}},"resources":[{child}]"#
        ));
        found[0].strip_prefix("r = ").unwrap().to_owned()
    };
    let (name, id) = ("\"[resourceGroup().name]\"", "\"[resourceId('A.B/c', 'n')]\"");
    assert_eq!(of(r#""resourceGroup":"g","#, name), "g");
    assert_eq!(of(r#""resourceGroup":"[parameters('g')]","#, name), group);
    assert_eq!(
        of(r#""subscriptionId":"s","resourceGroup":"[parameters('g')]","#, id),
        format!("/subscriptions/s/resourceGroups/{group}/providers/A.B/c/n")
    );
    // A deployment in it is at the same place.
    let deeper = deployment(
        "e",
        "inner",
        "",
        "",
        &format!(r#""resources":[{}]"#, resource("r", name)),
    );
    let child = deployment(
        "d",
        "inner",
        "",
        r#""resourceGroup":"g","#,
        &format!(r#""resources":[{deeper}]"#),
    );
    assert_eq!(values_of(&format!(r#""resources":[{child}]"#)), ["r = g"]);
    // What is not known of another place is not what is not known of this one.
    let text = "\"[concat(resourceGroup().location)]\"";
    assert!(of(r#""resourceGroup":"g","#, text).contains("is known at deployment only"));
}

#[test]
fn a_management_group_is_named_by_the_scope() {
    let child = deployment(
        "d",
        "inner",
        "",
        r#""scope":"Microsoft.Management/managementGroups/mg","#,
        "",
    )
    .replace(
        "2019-04-01/deploymentTemplate.json#\",\n        \"contentVersion\":\"1.0.0.0\",",
        &format!(
            "2019-08-01/managementGroupDeploymentTemplate.json#\",\"contentVersion\":\"1.0.0.0\",\"resources\":[{}]",
            resource("r", "\"[managementGroupResourceId('A.B/c', 'n')]\"")
        ),
    );
    assert_eq!(
        values_of(&format!(r#""resources":[{child}]"#)),
        ["r = /providers/Microsoft.Management/managementGroups/mg/providers/A.B/c/n"]
    );
}

/// `v` of a resource that takes an output of a deployment.
fn output(deployment: &str, expression: &str) -> String {
    let found = values_of(&format!(
        r#""languageVersion":"2.0","variables":{{"n":"d"}},"resources":{{"module":{deployment},"r":{}}}"#,
        resource("r", &format!("\"[{expression}]\""))
    ));
    found.last().unwrap().strip_prefix("r = ").unwrap().to_owned()
}

#[test]
fn outputs_in_all_spellings() {
    let outputs = r#""parameters":{"p":{"type":"string"}},"outputs":{"Out":{"type":"string","value":"[parameters('p')]"},
        "list":{"type":"array","copy":{"count":2,"input":"[concat(parameters('p'), copyIndex())]"}},
        "off":{"condition":false,"type":"string","value":"x"},
        "secret":{"type":"securestring","value":"x"},
        "object":{"type":"object","value":{"a":["x","y"]}}},"resources":[]"#;
    let given = r#""p":{"value":"given"}"#;
    let one = deployment("[variables('n')]", "inner", given, "", outputs);
    for expression in [
        "reference('module').outputs.out.value",
        "reference('MODULE', '2022-09-01').outputs['OUT'].value",
        "reference('module', '2022-09-01', 'full').properties.outputs.out.value",
        "reference(resourceId('Microsoft.Resources/deployments', 'd')).outputs.out.value",
        "reference(resourceId('s', 'g', 'Microsoft.Resources/deployments', variables('n')), '2022-09-01').outputs['out'].value",
        "reference(extensionResourceId(resourceGroup().id, 'Microsoft.Resources/deployments', 'd')).outputs.out.value",
        "tryGet(reference('module').outputs, 'out', 'value')",
        "tryGet(tryGet(reference('module').outputs, 'out'), 'value')",
    ] {
        assert_eq!(output(&one, expression), "given", "{expression}");
    }
    assert_eq!(output(&one, "reference('module').outputs.list.value[1]"), "given1");
    assert_eq!(output(&one, "reference('module').outputs.object.value.a[1]"), "y");
    assert!(output(&one, "concat(reference('module').outputs.off.value)").starts_with('{'));
    assert!(output(&one, "concat(reference('module').outputs.none.value)").starts_with('{'));
    assert!(output(&one, "concat(reference('module').outputs.secret.value)").starts_with('{'));
}

#[test]
fn outputs_of_a_round_of_a_loop() {
    let outputs = r#""parameters":{"i":{"type":"int"}},"outputs":{"out":{"type":"int","value":"[parameters('i')]"}},"resources":[]"#;
    let looped = deployment(
        "[concat('d', copyIndex())]",
        "inner",
        r#""i":{"value":"[copyIndex(10)]"}"#,
        r#""copy":{"name":"l","count":3},"#,
        outputs,
    );
    assert_eq!(output(&looped, "reference('module[1]').outputs.out.value"), "11");
    assert_eq!(
        output(&looped, "reference(format('module[{0}]', 2)).outputs.out.value"),
        "12"
    );
    assert_eq!(
        output(
            &looped,
            "reference(resourceId('Microsoft.Resources/deployments', 'd0')).outputs.out.value"
        ),
        "10"
    );
    assert!(output(&looped, "concat(reference('module[3]').outputs.out.value)").starts_with('{'));
}

#[test]
fn of_two_deployments_of_one_name_the_one_at_the_place_is_meant() {
    let outputs = |value: &str| format!(r#""outputs":{{"out":{{"type":"string","value":"{value}"}}}},"resources":[]"#);
    let (one, two) = (
        deployment("d", "inner", "", r#""resourceGroup":"one","#, &outputs("first")),
        deployment("d", "inner", "", r#""resourceGroup":"two","#, &outputs("second")),
    );
    let of = |group: &str| {
        let id = format!("resourceId('{group}', 'Microsoft.Resources/deployments', 'd')");
        values_of(&format!(
            r#""resources":[{one},{two},{}]"#,
            resource("r", &format!("\"[concat(reference({id}).outputs.out.value)]\""))
        ))
    };
    assert_eq!(of("one"), ["r = first"]);
    assert_eq!(of("two"), ["r = second"]);
    assert!(of("three")[0].starts_with("r = {"));
}

#[test]
fn deployments_in_a_deployment_of_outer_scope_are_known_by_name() {
    let inner = deployment(
        "deep",
        "inner",
        "",
        "",
        r#""outputs":{"out":{"type":"string","value":"x"}},"resources":[]"#,
    );
    let outer = deployment(
        "d",
        "outer",
        "",
        "",
        &format!(
            r#""resources":[{inner},{}]"#,
            resource("r", "\"[reference('deep').outputs.out.value]\"")
        ),
    );
    let by_id = outer.replace(
        "reference('deep')",
        "reference(resourceId('Microsoft.Resources/deployments', 'deep'))",
    );
    assert_eq!(values_of(&format!(r#""resources":[{by_id}]"#)), ["r = x"]);
}

#[test]
fn a_template_in_a_variable_has_its_own_expressions_escaped() {
    let child = template(&format!(
        r#""parameters":{{"p":{{"type":"string"}}}},"variables":{{"v":"inner"}},"resources":[{}]"#,
        resource(
            "r",
            r#"["[[concat(parameters('p'), ' ', variables('v'))]","[variables('v')]","[[[x]","plain"]"#
        )
    ));
    let nested = |scope: &str| {
        format!(
            r#""variables":{{"v":"outer","child":{child}}},"resources":[{{"type":"Microsoft.Resources/deployments","apiVersion":"1",
            "name":"d","properties":{{"expressionEvaluationOptions":{{"scope":"{scope}"}},
            "parameters":{{"p":{{"value":"[variables('v')]"}}}},"template":"[variables('child')]"}}}}]"#
        )
    };
    assert_eq!(
        values_of(&nested("inner")),
        [r#"r = ["outer inner","outer","[x]","plain"]"#]
    );
    assert_eq!(values_of(&nested("inner")), values_of(&nested("outer")));
    let computed = nested("inner").replace("[variables('child')]", "[json(variables('child'))]");
    assert!(values_of(&computed).is_empty());
    assert!(
        undecided_of(&computed)
            .iter()
            .any(|reason| reason.contains("the value of an expression"))
    );
}

#[test]
fn the_templates_of_a_template_spec_are_read() {
    let main = template(&format!(
        r#""parameters":{{"p":{{"type":"string"}}}},"resources":[{},{}]"#,
        resource("main", r#"["[[parameters('p')]","[variables('v')]"]"#),
        deployment(
            "in",
            "inner",
            r#""q":{"value":"[[parameters('p')]"}"#,
            "",
            &format!(
                r#""parameters":{{"q":{{"type":"string"}}}},"resources":[{}]"#,
                resource("deep", r#"["[[parameters('q')]","[variables('v')]"]"#)
            )
        )
    ));
    let linked = template(&format!(r#""resources":[{}]"#, resource("linked", "1")));
    let spec = |main: &str| {
        format!(
            r#""variables":{{"v":"outer","$fxv#0":{main}}},"resources":[
            {{"type":"Microsoft.Resources/templateSpecs/versions","apiVersion":"1","name":"s/1","properties":{{
              "mainTemplate":"[variables('$fxv#0')]","linkedTemplates":[{{"path":"l.json","template":{linked}}}]}}}}]"#
        )
    };
    let unknown = r#"{"$unknown":"parameter `p` has no value"}"#;
    assert_eq!(
        values_of(&spec(&main)),
        [
            format!(r#"main = [{unknown},"outer"]"#),
            format!(r#"deep = [{unknown},"outer"]"#),
            "linked = 1".to_owned()
        ]
    );
    let inline = format!(
        r#""variables":{{"v":"outer"}},"resources":[{{"type":"Microsoft.Resources/templateSpecs","apiVersion":"1","name":"s",
        "resources":[{{"type":"versions","apiVersion":"1","name":"1","properties":{{"mainTemplate":{main}}}}}]}}]"#
    );
    assert_eq!(values_of(&inline).len(), 2);
}

#[test]
fn a_deployment_stack_has_a_scope_of_its_own() {
    let stack = deployment(
        "d",
        "",
        r#""p":{"value":"given"}"#,
        "",
        &format!(
            r#""parameters":{{"p":{{"type":"string"}}}},"resources":[{}]"#,
            resource("r", "\"[parameters('p')]\"")
        ),
    )
    .replace(
        "Microsoft.Resources/deployments",
        "Microsoft.Resources/deploymentStacks",
    );
    assert_eq!(values_of(&format!(r#""resources":[{stack}]"#)), ["r = given"]);
}

#[test]
fn parameters_that_are_one_expression() {
    let nested = |given: &str| {
        let child = deployment(
            "d",
            "inner",
            "",
            "",
            &format!(
                r#""parameters":{{"p":{{"type":"string","defaultValue":"default"}}}},"resources":[{}]"#,
                resource("r", "\"[concat(parameters('p'))]\"")
            ),
        );
        let child = child.replace(r#""parameters":{},"#, &format!(r#""parameters":"[{given}]","#));
        values_of(&format!(
            r#""parameters":{{"o":{{"type":"object"}}}},"variables":{{"g":{{"P":{{"value":"given"}}}}}},"resources":[{child}]"#
        ))
    };
    assert_eq!(nested("variables('g')"), ["r = given"]);
    assert_eq!(nested("createObject()"), ["r = default"]);
    assert!(nested("parameters('o')")[0].starts_with("r = {"));
}

#[test]
fn deployments_too_deep_are_told_of() {
    let mut members = format!(r#""resources":[{}]"#, resource("r", "1"));
    for level in 0..26 {
        members = format!(
            r#""resources":[{}]"#,
            deployment(&format!("d{level}"), "inner", "", "", &members)
        );
    }
    assert!(values_of(&members).is_empty());
    let outcome = checked(&[("main.json", &template(&members))]);
    let limits = outcome
        .findings
        .iter()
        .filter(|finding| finding.rule == "limit-reached");
    assert_eq!(limits.count(), 1);
}

#[test]
fn the_text_of_a_script_in_a_variable_keeps_its_places() {
    let text = template(
        r#""variables":{"$fxv#0":".alter-merge database D policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'SandboxArtifacts'}]\""},
        "resources":[{"type":"Microsoft.Kusto/clusters/databases/scripts","apiVersion":"1","name":"c/D/s",
          "properties":{"scriptContent":"[variables('$fxv#0')]"}}]"#,
    );
    let outcome = checked(&[("main.json", &text)]);
    let finding = outcome
        .findings
        .iter()
        .find(|finding| finding.rule == "database-level-sandbox-artifacts");
    assert_eq!(outcome.sources.text(finding.unwrap().primary.at), "SandboxArtifacts");
}
