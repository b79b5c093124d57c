//! Limits, and expressions of any kind.

use proptest::prelude::*;

use super::*;

#[test]
fn large_values_hit_limits() {
    let mut scope = Test::default().text("k", &"k".repeat(1000));
    scope = scope.variable("v0", "[concat(parameters('k'), parameters('k'))]");
    scope = scope.variable("w0", "[createArray(1, 2)]");
    scope = scope.variable("u0", "[uniqueString('a')]");
    for level in 1..40 {
        let below = level - 1;
        scope = scope
            .variable(
                &format!("v{level}"),
                &format!("[concat(variables('v{below}'), variables('v{below}'))]"),
            )
            .variable(
                &format!("w{level}"),
                &format!("[createArray(variables('w{below}'), variables('w{below}'))]"),
            )
            .variable(
                &format!("u{level}"),
                &format!("[uniqueString(variables('u{below}'), variables('u{below}'))]"),
            );
    }
    for text in [
        "[variables('v39')]",
        "[variables('w39')]",
        "[variables('u39')]",
        "[padLeft('a', 2000000000)]",
        "[format('{0,2000000000}', 'a')]",
        "[string(map(range(0, 10000), lambda('x', parameters('k'))))]",
        "[length(map(range(0, 10000), lambda('x', map(range(0, 10000), lambda('y', 1)))))]",
        "[join(map(range(0, 10000), lambda('x', 'y')), parameters('k'))]",
        "[union(range(0, 10000), range(20000, 10000))]",
        "[reduce(range(0, 10000), createArray(), lambda('x', 'y', createArray(lambdaVariables('x'))))]",
    ] {
        scope.budget = Budget::new(400_000, 8 << 20);
        let result = scope.run(text);
        assert!(matches!(result, Err(EvalError::Limit { .. })), "{text}: {result:?}");
    }
    scope.budget = Budget::default();
    assert!(matches!(
        scope.run("[range(0, 2000000000)]"),
        Err(EvalError::Failed { .. })
    ));
}

#[test]
fn deep_evaluation_fits_the_stack() {
    let mut scope = Test::default().variable("v0", "[concat('a')]");
    for level in 1..1000 {
        let below = level - 1;
        let calls = format!(
            "[{}variables('v{below}'){}]",
            "if(true(), ".repeat(30),
            ", 1)".repeat(30)
        );
        scope = scope.variable(&format!("v{level}"), &calls);
    }
    assert!(matches!(scope.run("[variables('v999')]"), Err(EvalError::Limit { .. })));
    let lambdas = format!(
        "[{}1{}]",
        "map(createArray(1), lambda('x', ".repeat(60),
        "))".repeat(60)
    );
    scope.budget = Budget::default();
    scope.value(&lambdas);
    scope.budget = Budget::new(1_000_000, 1 << 20);
    let long = "x".repeat(2000);
    let node = evaluated(
        &scope,
        &format!(r#"{{"copy": [{{"name": "a", "count": 800, "input": "{long}"}}]}}"#),
    );
    assert!(matches!(node.member("a").unwrap().node.value, Value::Unknown(_)));
    let reports = scope.reports.take();
    assert!(matches!(reports.as_slice(), [EvalError::Limit { .. }]), "{reports:?}");
    scope.budget = Budget::default();
    let text = format!("{}1{}", "[".repeat(250), "]".repeat(250));
    assert_eq!(scope.reports.borrow().len(), 0);
    evaluated(&scope, &text);
    assert!(matches!(scope.reports.borrow()[0], EvalError::Limit { .. }));
}

/// Texts of the language's tokens.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("'é-{0}'".to_owned()),
        Just("'aB'".to_owned()),
        Just("3".to_owned()),
        Just("-1".to_owned()),
        Just("parameters('who')".to_owned()),
        Just("parameters('stage')".to_owned()),
        Just("resourceGroup().id".to_owned()),
        Just("uniqueString('a')".to_owned()),
        Just("createArray('a', parameters('stage'), 1)".to_owned()),
        Just("createObject('a', parameters('who'), 'b', null())".to_owned()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        (
            prop::sample::select(crate::arm::functions::names()),
            prop::collection::vec(inner, 0..4),
        )
            .prop_map(|(name, args)| format!("{name}({})", args.join(", ")))
    })
}

fn inside(node: &Node, length: u32) {
    for place in [node.site, node.origin] {
        assert!(place.file != EXPRESSION || place.span.end <= length);
    }
    node.elements().iter().for_each(|element| inside(element, length));
    node.members().iter().for_each(|member| inside(&member.node, length));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_expression_is_evaluated(text in expression()) {
        let scope = Test::default().open("who").choice("stage", &["dev", "prod"]);
        let text = format!("[{text}]");
        match scope.run(&text) {
            Ok(node) => inside(&node, u32::try_from(text.len()).unwrap()),
            Err(error) => {
                let at = error.parts().0;
                prop_assert!(at.file != EXPRESSION || at.span.end as usize <= text.len());
            }
        }
    }

    #[test]
    fn any_text_is_evaluated(text in r"\[[a-z()'\[\].,?0-9é ]{0,40}\]") {
        let scope = Test::default();
        let _result = scope.run(&text);
    }
}

#[test]
fn shared_parts_weigh_in_every_value_that_holds_them() {
    let list =
        |name: &str, input: &str| format!(r#"{{"copy": [{{"name": "{name}", "count": 800, "input": "{input}"}}]}}"#);
    let scope = Test::default().variable("v", "[range(0, 800)]");
    evaluated(&scope, &list("a", "[variables('v')]"));
    let once = scope.budget.steps();
    assert!(
        once > 800 * 800 / 64,
        "800 lists of 800 are walked through: {once} steps"
    );
}
