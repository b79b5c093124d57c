//! For tests: the work of an evaluation grows with the template and no faster. Steps are counted, not time.

use std::collections::BTreeMap;

use super::{Alone, Source, evaluate_within};
use crate::arm::evaluate::Budget;
use crate::syntax::json::{Dialect, parse};
use crate::text::{FileId, MappedText};

const VAULT: &str = "Microsoft.KeyVault/vaults";
const NESTED: &str = "Microsoft.Resources/deployments";

/// The steps of the evaluation of a template, which must have no error.
fn steps(text: &str) -> u64 {
    let text = MappedText::of_file(FileId(0), text);
    let parsed = parse(&text, Dialect::Template);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let source = Source {
        file: FileId(0),
        text: &text,
        tree: &parsed.tree,
    };
    let budget = Budget::default();
    let template = evaluate_within(&budget, source, BTreeMap::new(), &Alone, &|_| true);
    assert!(template.errors.is_empty(), "{:?}", template.errors);
    budget.steps()
}

fn list(count: usize, make: impl Fn(usize) -> String) -> String {
    (0..count).map(make).collect::<Vec<_>>().join(",")
}

fn vault(property: &str) -> String {
    format!(r#"{{"type": "{VAULT}", "name": "v", "properties": {{"x": {property}}}}}"#)
}

/// A template of eight times as much takes no more than ten times the steps; quadratic growth takes sixty-four.
fn assert_linear(name: &str, make: impl Fn(usize) -> String) {
    let [one, eight] = [25, 200].map(|count| steps(&make(count)));
    assert!(eight <= 10 * one, "{name}: {one} steps grow to {eight}");
}

#[test]
fn deployments_with_computed_names() {
    let output = |index: usize| match index % 20 {
        0 => "x".to_owned(),
        _ => format!("[reference(resourceId('{NESTED}', 'n{}')).outputs.o.value]", index - 1),
    };
    assert_linear("computed names", |count| {
        let deployment = |index: usize| {
            let value = output(index);
            format!(
                r#"{{"type": "{NESTED}", "name": "[concat('n', {index})]", "properties": {{"template": {{
                    "resources": [{{"type": "{VAULT}", "name": "{value}"}}],
                    "outputs": {{"o": {{"type": "string", "value": "{value}"}}}}}}}}}}"#
            )
        };
        format!(r#"{{"resources": [{}]}}"#, list(count, deployment))
    });
}

#[test]
fn outputs_of_one_deployment() {
    assert_linear("outputs", |count| {
        let parameters = list(count, |index| format!(r#""p{index}": {{"type": "string"}}"#));
        let outputs = list(count, |index| {
            format!(r#""o{index}": {{"type": "string", "value": "[parameters('p{index}')]"}}"#)
        });
        let values = list(count, |index| {
            format!(r#""p{index}": {{"value": "[concat('x', '{index}')]"}}"#)
        });
        let uses = list(count, |index| {
            format!(r#""[reference(resourceId('{NESTED}', 'n')).outputs.o{index}.value]""#)
        });
        format!(
            r#"{{"resources": [{}, {{"type": "{NESTED}", "name": "n", "properties": {{
                "expressionEvaluationOptions": {{"scope": "inner"}}, "parameters": {{{values}}},
                "template": {{"parameters": {{{parameters}}}, "resources": [], "outputs": {{{outputs}}}}}}}}}]}}"#,
            vault(&format!("[{uses}]"))
        )
    });
}

#[test]
fn deployments_of_one_name_in_several_groups() {
    assert_linear("one name", |count| {
        let deployment = |index: usize| {
            format!(
                r#"{{"type": "{NESTED}", "name": "n", "resourceGroup": "g{index}", "properties": {{"template": {{
                    "resources": [], "outputs": {{"o": {{"type": "string", "value": "x"}}}}}}}}}}"#
            )
        };
        let uses = list(count, |index| {
            format!(r#""[reference(resourceId('g{index}', '{NESTED}', 'n')).outputs.o.value]""#)
        });
        let deployments = list(count, deployment);
        format!(r#"{{"resources": [{}, {deployments}]}}"#, vault(&format!("[{uses}]")))
    });
}

#[test]
fn variables_of_variables() {
    assert_linear("variables", |count| {
        let variables = list(count, |index| match index % 25 {
            0 => format!(r#""v{index}": "x""#),
            _ => format!(r#""v{index}": "[concat(variables('v{}'), '-')]""#, index - 1),
        });
        let uses = list(count, |index| format!(r#""[variables('v{index}')]""#));
        format!(
            r#"{{"variables": {{{variables}}}, "resources": [{}]}}"#,
            vault(&format!("[{uses}]"))
        )
    });
}

#[test]
fn symbolic_references() {
    assert_linear("symbolic names", |count| {
        let resource = |index: usize| {
            let before = index.saturating_sub(1);
            format!(
                r#""r{index}": {{"type": "{VAULT}", "name": "v{index}", "properties": {{
                    "x": "[reference('r{before}').vaultUri]"}}}}"#
            )
        };
        format!(
            r#"{{"languageVersion": "2.0", "resources": {{{}}}}}"#,
            list(count, resource)
        )
    });
}

#[test]
fn a_deployment_that_needs_its_own_outputs_has_none() {
    let parameter = format!("[reference(resourceId('{NESTED}', 'n')).outputs.o.value]");
    let text = format!(
        r#"{{"resources": [{}, {{"type": "{NESTED}", "name": "[concat('n', '')]", "properties": {{
            "expressionEvaluationOptions": {{"scope": "inner"}}, "parameters": {{"p": {{"value": "{parameter}"}}}},
            "template": {{"parameters": {{"p": {{"type": "string"}}}}, "resources": [],
                "outputs": {{"o": {{"type": "string", "value": "[parameters('p')]"}}}}}}}}}}]}}"#,
        vault(&format!("\"{parameter}\""))
    );
    assert!(steps(&text) < 200);
}
