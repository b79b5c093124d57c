use std::cell::RefCell;
use std::collections::BTreeMap;

use super::*;
use crate::arm::value::{Atom, Condition, Member, Object};
use crate::syntax::json::{self, Dialect};
use crate::text::FileId;

mod limits;

const EXPRESSION: FileId = FileId(0);
const JSON: FileId = FileId(1);

/// A scope of parameters that are nodes and variables that are expressions.
#[derive(Default)]
struct Test {
    parameters: BTreeMap<String, Node>,
    variables: BTreeMap<String, String>,
    deployment: DeploymentScope,
    copy: Option<CopyPosition>,
    budget: Budget,
    reports: RefCell<Vec<EvalError>>,
}

impl Scope for Test {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        let found = self.parameters.get(name).cloned();
        found.ok_or_else(|| EvalError::failed(site, format!("no parameter `{name}`")))
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        match self.variables.get(name) {
            Some(text) => {
                let place = FileSpan::new(JSON, Span::of(0, text.len()));
                evaluate_text(MappedText::verbatim(text, place), place, self)
            }
            None => Err(EvalError::failed(site, format!("no variable `{name}`"))),
        }
    }

    fn copy_index(&self, _name: Option<&str>) -> Option<CopyPosition> {
        self.copy.clone()
    }

    fn deployment(&self) -> &DeploymentScope {
        &self.deployment
    }

    fn resource_id_of_symbolic_name(&self, name: &str) -> Option<MappedText> {
        (name == "vault").then(|| MappedText::computed("/providers/A.B/c/vault", FileSpan::default()))
    }

    fn resolve_reference(&self, resource: &str, _full: bool, path: &[String]) -> Option<Node> {
        let is_output = resource.ends_with("/nested") && path == ["outputs", "key", "value"];
        is_output.then(|| Node::written(Value::Int(7), at(JSON, 70, 71)))
    }

    fn report(&self, error: EvalError) {
        self.reports.borrow_mut().push(error);
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

fn at(file: FileId, start: u32, end: u32) -> FileSpan {
    FileSpan::new(file, Span::new(start, end))
}

impl Test {
    fn with(mut self, name: &str, node: Node) -> Self {
        self.parameters.insert(name.to_owned(), node);
        self
    }

    /// A parameter without a value.
    fn open(self, name: &str) -> Self {
        let symbol = Symbol::Parameter {
            scope: "main".to_owned(),
            name: name.to_owned(),
        };
        let node = Node::written(
            Value::Unknown(crate::arm::value::Unknown::of(symbol.into())),
            at(JSON, 5, 9),
        );
        self.with(name, node)
    }

    /// A text that stands in the file of JSON at 100.
    fn text(self, name: &str, text: &str) -> Self {
        let place = FileSpan::new(JSON, Span::of(100, 100 + text.len()));
        let value = Value::String(MappedText::verbatim(text, place));
        self.with(name, Node::written(value, place))
    }

    /// A parameter that is one of several texts.
    fn choice(self, name: &str, values: &[&str]) -> Self {
        let alternatives = values.iter().enumerate().map(|(index, value)| {
            let place = FileSpan::new(JSON, Span::of(200 + 10 * index, 200 + 10 * index + value.len()));
            let when = Condition::that(Atom {
                subject: name.to_owned(),
                name: format!("`{name}`"),
                value: format!("'{value}'"),
            });
            (
                when,
                Node::written(Value::String(MappedText::verbatim(value, place)), place),
            )
        });
        let node = Node::one_of(alternatives.collect(), at(JSON, 190, 199));
        self.with(name, node)
    }

    fn variable(mut self, name: &str, text: &str) -> Self {
        self.variables.insert(name.to_owned(), text.to_owned());
        self
    }

    fn run(&self, text: &str) -> Result<Node, EvalError> {
        let site = FileSpan::new(EXPRESSION, Span::of(0, text.len()));
        evaluate_text(MappedText::of_file(EXPRESSION, text), site, self)
    }

    fn value(&self, text: &str) -> Node {
        self.run(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
    }

    fn shown(&self, text: &str) -> String {
        let node = self.value(text);
        argument_text(&node).unwrap()
    }
}

fn part_of(node: &Node, text: &str) -> FileSpan {
    let whole = node.as_text().unwrap();
    let start = whole.as_str().find(text).unwrap();
    whole.source(Span::of(start, start + text.len())).unwrap()
}

#[test]
fn origins_are_literals_and_sites_are_uses() {
    let scope = Test::default()
        .with("size", Node::written(Value::Int(4096), at(JSON, 30, 34)))
        .variable("alias", "[parameters('size')]");
    for text in ["[parameters('size')]", "[variables('alias')]"] {
        let node = scope.value(text);
        assert_eq!(node.origin, at(JSON, 30, 34));
        assert_eq!(node.site, FileSpan::new(EXPRESSION, Span::of(0, text.len())));
    }
    let node = scope.value("[add(parameters('size'), 1)]");
    assert_eq!(node.origin, at(EXPRESSION, 1, 27));
    let node = scope.value("[createObject('a', parameters('size')).a]");
    assert_eq!(node.origin, at(JSON, 30, 34));
}

#[test]
fn texts_keep_their_places() {
    let scope = Test::default().text("name", "Kusto-Key");
    let node = scope.value("[concat('a-', parameters('name'), '-z')]");
    assert_eq!(node.as_str(), Some("a-Kusto-Key-z"));
    assert_eq!(part_of(&node, "Key"), at(JSON, 106, 109));
    assert_eq!(part_of(&node, "-z"), at(EXPRESSION, 35, 37));

    let node = scope.value("[format('{{{0}}} {0,12}|', parameters('name'))]");
    assert_eq!(node.as_str(), Some("{Kusto-Key}    Kusto-Key|"));
    assert_eq!(part_of(&node, "Kusto"), at(JSON, 100, 105));

    let node = scope.value("[join(split(parameters('name'), '-'), '+')]");
    assert_eq!(node.as_str(), Some("Kusto+Key"));
    assert_eq!(part_of(&node, "Key"), at(JSON, 106, 109));

    for (text, result) in [
        ("[toLower(parameters('name'))]", "kusto-key"),
        ("[replace(parameters('name'), '-', '')]", "KustoKey"),
        ("[substring(parameters('name'), 6)]", "Key"),
        ("[trim(concat(' ', parameters('name'), ' '))]", "Kusto-Key"),
        ("[string(createArray(parameters('name')))]", "[\"Kusto-Key\"]"),
        ("[json(concat('\"', parameters('name'), '\"'))]", "Kusto-Key"),
    ] {
        let node = scope.value(text);
        assert_eq!(node.as_str(), Some(result), "{text}");
        assert_eq!(part_of(&node, "ey"), at(JSON, 107, 109), "{text}");
    }
}

#[test]
fn unknown_texts_are_holes() {
    let scope = Test::default().open("who");
    let node = scope.value("[toLower(concat('A-', parameters('who'), '-', uniqueString('X')))]");
    let text = node.as_text().unwrap();
    assert_eq!(text.holes().len(), 2);
    assert_eq!(
        text.display(),
        "a-{toLower(parameters('who')⟨main⟩)}-{uniqueString('X')}"
    );
    assert_eq!(
        scope.shown("[resourceId('A.B/c', parameters('who'))]"),
        "'/subscriptions/{subscription().subscriptionId}/resourceGroups/{resourceGroup().name}\
         /providers/A.B/c/{parameters('who')⟨main⟩}'"
    );
    assert_eq!(
        scope
            .shown("[equals(resourceGroup().id, concat(subscription().id, '/resourceGroups/', resourceGroup().name))]"),
        "true()"
    );
    assert_eq!(
        scope.shown("[take(concat('kv-', uniqueString('a')), 16)]"),
        "'kv-{uniqueString('a')}'"
    );
    assert_eq!(
        scope.shown("[split(resourceId('A.B/c', 'd'), '/')[8]]"),
        "'d'",
        "no id and no name of a group holds a slash"
    );
    assert_eq!(scope.shown("[length(concat('kv-', uniqueString('a')))]"), "16");
    assert_eq!(
        scope.shown("[startsWith(concat('kv-', parameters('who')), 'kx')]"),
        "false()"
    );
    assert_eq!(scope.shown("[length(createArray(parameters('who')))]"), "1");
    for text in [
        "[length(parameters('who'))]",
        "[substring(parameters('who'), 0, 1)]",
        "[equals(parameters('who'), 'x')]",
        "[union(createObject('a', 1), parameters('who'))]",
        "[map(parameters('who'), lambda('x', lambdaVariables('x')))]",
        "[someday(parameters('who'))]",
        "[split(resourceId('A.B/c', parameters('who')), '/')]",
        "[split(resourceId('A.B/c', 'd'), '-')]",
        "[resourceId('A.B/c/', 'd')]",
        "[listKeys('id', '2020-01-01').keys[0].value]",
    ] {
        assert!(matches!(scope.value(text).value, Value::Unknown(_)), "{text}");
    }
}

#[test]
fn equal_calls_are_equal_symbols() {
    let scope = Test::default()
        .open("who")
        .variable("id", "[uniqueString(parameters('who'), 'x')]");
    let shown = scope.shown("[variables('id')]");
    assert_eq!(shown, scope.shown("[UNIQUESTRING( parameters('who') , 'x')]"));
    assert_ne!(shown, scope.shown("[uniqueString(parameters('who'), 'y')]"));
    assert_eq!(for_people(&shown), "uniqueString(parameters('who'), 'x')");
}

#[test]
fn references_have_symbols() {
    let scope = Test::default();
    let Value::Unknown(unknown) = scope
        .value("[reference(resourceId('A.B/c', 'd'), '2020-01-01', 'Full').identity.principalId]")
        .value
    else {
        panic!("unknown");
    };
    let Symbol::Reference { resource, full, path } = &*unknown.symbol else {
        panic!("a reference");
    };
    assert!(resource.ends_with("/providers/A.B/c/d") && *full);
    assert_eq!(path, &["identity", "principalId"]);
    let shown = scope.shown("[reference('vault').vaultUri]");
    assert_eq!(shown, "reference('A.B/c/vault').vaultUri");
    let node = scope.value("[reference('/providers/x/nested').outputs.key.value]");
    assert!(matches!(node.value, Value::Int(7)));
    assert_eq!(node.origin, at(JSON, 70, 71));
}

#[test]
fn choices_go_through_functions() {
    let scope = Test::default().choice("stage", &["dev", "prod"]).open("on");
    let node = scope.value("[concat('kv-', parameters('stage'), '-', parameters('stage'))]");
    let Value::OneOf(alternatives) = &node.value else {
        panic!("one of several");
    };
    let texts: Vec<_> = alternatives
        .iter()
        .map(|one| (one.node.as_str().unwrap(), one.when.to_string()))
        .collect();
    assert_eq!(
        texts,
        [
            ("kv-dev-dev", "when `stage` is 'dev'".to_owned()),
            ("kv-prod-prod", "when `stage` is 'prod'".to_owned())
        ]
    );
    assert_eq!(scope.shown("[empty(parameters('stage'))]"), "false()");
    assert_eq!(
        scope.shown("[join(createArray('a', parameters('stage')), '-')]"),
        "('a-dev' when `stage` is 'dev' or 'a-prod' when `stage` is 'prod')"
    );
    assert_eq!(
        scope.shown("[if(equals(parameters('stage'), 'prod'), 4096, 2048)]"),
        "(4096 when `stage` is 'prod' or 2048 when `stage` is 'dev')"
    );
}

#[test]
fn unknown_tests_give_both_branches() {
    let scope = Test::default().open("on");
    let shown = "(1 when `on` is true or 2 when `on` is false)";
    assert_eq!(scope.shown("[if(parameters('on'), 1, 2)]"), shown);
    assert_eq!(
        scope.shown("[if(not(parameters('on')), 2, 1)]"),
        "(2 when `on` is false or 1 when `on` is true)"
    );
    assert_eq!(
        scope.shown("[if(parameters('on'), if(parameters('on'), 1, 3), 2)]"),
        shown
    );
    assert_eq!(scope.shown("[and(parameters('on'), false())]"), "false()");
    assert_eq!(scope.shown("[or(parameters('on'), true())]"), "true()");
    assert_eq!(
        scope.shown("[coalesce(parameters('on'), 'x')]"),
        "(parameters('on')⟨main⟩ when `equals(parameters('on'), null())` is false or 'x' when \
         `equals(parameters('on'), null())` is true)"
    );
    assert_eq!(
        scope.shown("[and(not(parameters('on')), contains(resourceGroup().name, 'x'))]"),
        "(false() when `on` is true or contains(resourceGroup().name, 'x') when \
         `on` is false)"
    );
    // What fails under one condition only is not known under it.
    let node = scope.value("[if(parameters('on'), div(1, 0), 2)]");
    assert!(matches!(&node.value, Value::OneOf(alternatives) if alternatives.len() == 2));
    // Nothing fails that may never be evaluated.
    scope.value("[and(parameters('on'), div(1, 0))]");
    assert!(scope.run("[if(true(), div(1, 0), 2)]").is_err());
}

#[test]
fn too_many_choices_are_unknown() {
    let values: Vec<_> = (0..10).map(|value| value.to_string()).collect();
    let values: Vec<_> = values.iter().map(String::as_str).collect();
    let scope = Test::default().choice("a", &values).choice("b", &values);
    let node = scope.value("[concat(parameters('a'), parameters('b'))]");
    assert!(matches!(node.value, Value::Unknown(_)));
}

#[test]
fn failures_tell_their_place() {
    let scope = Test::default().open("on");
    for (text, start, message) in [
        ("[concat('a', toLower(1))]", 13, "`toLower` takes a text"),
        ("[createObject('a', 1).b]", 1, "the object has no property `b`"),
        ("[createArray(1)[1]]", 1, "the index 1 lies outside"),
        ("[add(9223372036854775807, 1)]", 1, "`add` gives a number"),
        ("[parameters('off')]", 1, "no parameter `off`"),
        ("[concat('a'", 0, ""),
        ("[f(]", 3, "expected a value"),
        ("[toLower()]", 1, "`toLower` takes one argument"),
        ("[resourceId('A.B/c/d', 'x')]", 1, "`resourceId` needs one name"),
        ("[copyIndex()]", 1, "`copyIndex` stands outside"),
        ("[newGuid()]", 1, "`newGuid` may be used"),
        ("[fail('no')]", 1, "no"),
    ] {
        match scope.run(text) {
            Ok(node) => assert_eq!(node.as_str(), Some(text), "a literal"),
            Err(error) => {
                let (place, told) = error.parts();
                assert!(told.starts_with(message), "{text}: {told}");
                assert_eq!(place.span.start, start, "{text}");
            }
        }
    }
}

#[test]
fn copies_with_an_unknown_position() {
    let symbol = Arc::new(Symbol::Expression("copyIndex()".to_owned()));
    let scope = Test {
        copy: Some(CopyPosition { index: Err(symbol) }),
        ..Test::default()
    };
    assert_eq!(scope.shown("[format('vm{0}', copyIndex())]"), "'vm{copyIndex()}'");
    assert_eq!(scope.shown("[copyIndex(1)]"), "add(copyIndex(), 1)");
}

fn evaluated(scope: &Test, text: &str) -> Node {
    let source = MappedText::of_file(JSON, text);
    let parsed = json::parse(&source, Dialect::Template);
    evaluate_json(&parsed.tree, &source, JSON, scope)
}

#[test]
fn whole_json_values_are_evaluated() {
    let scope = Test::default().text("name", "n");
    let node = evaluated(
        &scope,
        r#"{"[concat('a', parameters('name'))]": ["[[x]", "[add(1, 2)]", "[div(1, 0)]", 1.5, null],
            "copy": [{"name": "list", "count": 2, "input": {"i": "[copyIndex('list', 1)]"}}]}"#,
    );
    let shown = argument_text(&node).unwrap();
    assert!(shown.starts_with("{'an': ['[x]', 3, [div(1, 0)]⟨1:"), "{shown}");
    assert!(
        shown.ends_with("1.5, null()], 'list': [{'i': 1}, {'i': 2}]}"),
        "{shown}"
    );
    assert_eq!(scope.reports.borrow().len(), 1);
    let element = &node.member("an").unwrap().node.elements()[1];
    assert_eq!(element.site, at(JSON, 47, 60));
    assert_eq!(element.origin, at(JSON, 49, 58));
}

#[test]
fn endless_copies_are_refused() {
    let scope = Test::default().open("count");
    let node = evaluated(&scope, r#"{"copy": [{"name": "a", "count": 100000000, "input": 1}]}"#);
    assert!(matches!(node.member("a").unwrap().node.value, Value::Unknown(_)));
    assert!(matches!(scope.reports.borrow()[0], EvalError::Limit { .. }));
    let node = evaluated(
        &scope,
        r#"{"copy": [{"name": "a", "count": "[parameters('count')]", "input": 1}]}"#,
    );
    assert!(matches!(node.member("a").unwrap().node.value, Value::Unknown(_)));
}

#[test]
fn names_that_differ_in_case_are_not_listed() {
    let scope = Test::default();
    let name = |name: &str| Member {
        name: MappedText::computed(name, FileSpan::default()),
        node: Node::written(Value::Int(1), FileSpan::default()),
    };
    let object = Value::Object(Arc::new(Object::new(vec![name("a"), name("A")])));
    let scope = scope.with("o", Node::written(object, FileSpan::default()));
    assert!(matches!(
        scope.value("[items(parameters('o'))]").value,
        Value::Unknown(_)
    ));
    assert!(matches!(scope.value("[parameters('o').a]").value, Value::Int(1)));
}
