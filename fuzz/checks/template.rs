//! What holds of the evaluation of any template: its size is bounded, its places lie inside the file, and it is the
//! same each time. Templates are made of bytes: each byte decides what comes next.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use kustolint::arm::template::{Alone, MAX_RESOURCES, MIN_WEIGHT, Resource, Source, Template, evaluate_template};
use kustolint::arm::value::{MAX_ALTERNATIVES, Node, Value};
use kustolint::syntax::json::{self, Dialect};
use kustolint::text::{FileId, FileSpan, MappedText};

/// Evaluates what the bytes tell: a template as it stands when they start with `{`, a made one otherwise.
pub(crate) fn check(bytes: &[u8]) {
    let text = match bytes {
        [b'{', ..] => String::from_utf8_lossy(bytes).into_owned(),
        _ => {
            let text = made(bytes);
            let read = serde_json::from_str::<serde_json::Value>(&text);
            assert!(read.is_ok(), "{read:?}: {text}");
            text
        }
    };
    evaluates(&text);
}

/// Holds the evaluation of a template to all of it.
pub(crate) fn evaluates(text: &str) {
    let mapped = MappedText::of_file(FileId::default(), text);
    let parsed = json::parse(&mapped, Dialect::Template);
    let source = Source {
        file: FileId::default(),
        text: &mapped,
        tree: &parsed.tree,
    };
    let evaluate = || evaluate_template(source, BTreeMap::new(), &Alone, &|_| true);
    let first = evaluate();
    assert!(first.resources.len() <= MAX_RESOURCES, "too many resources");
    let inside = |at: FileSpan| {
        let in_file = at.file == FileId::default() && text.get(at.span.range()).is_some();
        assert!(in_file, "{at:?} is not in the file");
    };
    first.errors.iter().for_each(|error| inside(error.parts().0));
    let mut left = MIN_WEIGHT.max(8 * text.len());
    for resource in &first.resources {
        for at in [resource.site, resource.name_site, resource.properties_site] {
            inside(at);
        }
        sound(&resource.name, &inside, &mut left);
        sound(&resource.body, &inside, &mut left);
    }
    same(&first, &evaluate());
}

/// A value stands inside the file, keeps to its own rules, and all of them together are not too large.
fn sound(node: &Node, inside: &dyn Fn(FileSpan), left: &mut usize) {
    inside(node.site);
    inside(node.origin);
    let mut take = |bytes: usize| *left = left.checked_sub(bytes).expect("values larger than they may be");
    take(1);
    match &node.value {
        Value::String(text) => {
            assert!(text.sole_hole().is_none(), "a text that is nothing but a hole");
            take(text.as_str().len());
        }
        Value::Array(elements) => elements.iter().for_each(|element| sound(element, inside, left)),
        Value::Object(object) => {
            for member in object.members() {
                sound(&member.node, inside, left);
            }
        }
        Value::OneOf(alternatives) => {
            assert!((2..=MAX_ALTERNATIVES).contains(&alternatives.len()), "{alternatives:?}");
            for alternative in alternatives.iter() {
                assert!(
                    !matches!(alternative.node.value, Value::OneOf(_)),
                    "nested alternatives"
                );
                sound(&alternative.node, inside, left);
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Unknown(_) => {}
    }
}

fn same(one: &Template, other: &Template) {
    assert_eq!(one.errors, other.errors);
    assert_eq!(one.resources.len(), other.resources.len());
    for (one, other) in one.resources.iter().zip(&other.resources) {
        let head = |resource: &Resource| {
            let Resource {
                kind,
                condition,
                condition_reason,
                existing,
                site,
                ..
            } = resource.clone();
            (kind, condition, condition_reason, existing, site)
        };
        assert_eq!(head(one), head(other));
        equal(&one.name, &other.name);
        equal(&one.body, &other.body);
    }
}

fn equal(one: &Node, other: &Node) {
    assert_eq!((one.site, one.origin), (other.site, other.origin));
    match (&one.value, &other.value) {
        (Value::Array(ones), Value::Array(others)) => {
            assert_eq!(ones.len(), others.len());
            ones.iter()
                .zip(others.iter())
                .for_each(|(one, other)| equal(one, other));
        }
        (Value::Object(ones), Value::Object(others)) => {
            assert_eq!(ones.members().len(), others.members().len());
            for (one, other) in ones.members().iter().zip(others.members()) {
                assert_eq!(one.name.canonical(), other.name.canonical());
                equal(&one.node, &other.node);
            }
        }
        (Value::OneOf(ones), Value::OneOf(others)) => {
            assert_eq!(ones.len(), others.len());
            for (one, other) in ones.iter().zip(others.iter()) {
                assert_eq!(one.when, other.when);
                equal(&one.node, &other.node);
            }
        }
        (Value::String(one), Value::String(other)) => assert_eq!(one.canonical(), other.canonical()),
        (one, other) => assert_eq!(format!("{one:?}"), format!("{other:?}")),
    }
}

/// The template that the bytes make.
#[must_use]
pub(crate) fn made(bytes: &[u8]) -> String {
    let mut maker = Maker {
        bytes,
        fuel: 600,
        out: String::new(),
    };
    maker.template(0);
    maker.out
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "A", "copy"];

/// The functions of the language.
const FUNCTIONS: &str = "add and array base64 base64ToJson base64ToString bool buildUri cidrHost cidrSubnet coalesce \
    concat contains copyIndex createArray createObject dataUri dataUriToString dateTimeAdd dateTimeFromEpoch \
    dateTimeToEpoch deployer deployment distinct div empty endsWith environment equals extensionResourceId fail false \
    first flatten float format greater greaterOrEquals guid if indexFromEnd indexOf int intersection items join json \
    last lastIndexOf length less lessOrEquals list listKeys managementGroup managementGroupResourceId max min mod mul \
    newGuid not null objectKeys or padLeft parameters parseCidr parseUri pickZones providers range reference \
    references replace resourceGroup resourceId shallowMerge skip split startsWith string sub subscription \
    subscriptionResourceId substring take tenant tenantResourceId toLower toUpper trim true tryGet tryIndexFromEnd \
    union uniqueString uri uriComponent uriComponentToString utcNow variables";

/// Functions that take a list and a lambda.
const OVER_LISTS: [&str; 7] = ["map", "filter", "sort", "toObject", "groupBy", "mapValues", "reduce"];

/// Texts that some function or other takes for something.
const TEXTS: [&str; 12] = [
    "a",
    "",
    "b/c",
    "{0}-{1:D3}{0}",
    "2024-01-01T00:00:00Z",
    "P1D",
    "10.0.0.0/16",
    "W10=",
    "https://h/p?q",
    "[[",
    "é😀\\u0000",
    "Microsoft.KeyVault/vaults",
];

const TYPES: [&str; 4] = [
    "Microsoft.KeyVault/vaults",
    "Microsoft.KeyVault/vaults/keys",
    "keys",
    "Microsoft.Authorization/roleAssignments",
];

struct Maker<'b> {
    bytes: &'b [u8],
    /// How many values may still be made.
    fuel: u32,
    out: String,
}

impl Maker<'_> {
    fn below(&mut self, count: u8) -> u8 {
        let Some((first, rest)) = self.bytes.split_first() else {
            self.fuel = 0;
            return 0;
        };
        self.bytes = rest;
        first % count.max(1)
    }

    fn one<'c>(&mut self, choices: &[&'c str]) -> &'c str {
        let index = self.below(u8::try_from(choices.len()).unwrap_or(u8::MAX));
        choices[usize::from(index)]
    }

    fn burn(&mut self) -> bool {
        self.fuel = self.fuel.saturating_sub(1);
        self.fuel > 0
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn members(&mut self, most: u8, separator: [&str; 2], mut member: impl FnMut(&mut Self, usize)) {
        self.put(separator[0]);
        for index in 0..usize::from(self.below(most + 1)) {
            if index > 0 {
                self.put(",");
            }
            member(self, index);
        }
        self.put(separator[1]);
    }

    fn template(&mut self, depth: u32) {
        let schema = self.one(&[
            "deploymentTemplate",
            "subscriptionDeploymentTemplate",
            "tenantDeploymentTemplate",
        ]);
        let head = format!("{{\"$schema\":\"https://h/2019-04-01/{schema}.json#\",\"contentVersion\":\"1.0.0.0\"");
        self.put(&head);
        let symbolic = self.below(3) == 0;
        if symbolic {
            self.put(",\"languageVersion\":\"2.0\"");
        }
        self.put(",\"parameters\":");
        self.members(4, ["{", "}"], Self::parameter);
        self.put(",\"variables\":");
        self.members(5, ["{", "}"], |maker, _| maker.named(depth));
        if self.below(3) == 0 {
            self.function();
        }
        self.put(",\"resources\":");
        let brackets = if symbolic { ["{", "}"] } else { ["[", "]"] };
        self.members(4, brackets, |maker, _| {
            if symbolic {
                maker.key();
            }
            maker.resource(depth);
        });
        self.put(",\"outputs\":");
        self.members(3, ["{", "}"], |maker, _| {
            maker.key();
            maker.put("{\"type\":\"string\",\"value\":");
            maker.value(2);
            maker.put("}");
        });
        self.put("}");
    }

    fn key(&mut self) {
        let name = self.one(&NAMES);
        self.out.push('"');
        self.put(name);
        self.put("\":");
    }

    fn parameter(&mut self, _: usize) {
        self.key();
        let kind = self.one(&["string", "int", "bool", "object", "array", "secureString"]);
        self.put(&format!("{{\"type\":\"{kind}\""));
        match self.below(5) {
            0 => {}
            1 => self.put(",\"nullable\":true"),
            2 => {
                self.put(",\"allowedValues\":");
                self.members(9, ["[", "]"], |maker, _| maker.value(1));
            }
            _ => {
                self.put(",\"defaultValue\":");
                self.value(2);
            }
        }
        self.put("}");
    }

    /// A user-defined function `u.f`.
    fn function(&mut self) {
        self.put(",\"functions\":[{\"namespace\":\"u\",\"members\":{\"f\":{\"parameters\":");
        self.members(2, ["[", "]"], |maker, _| {
            let name = maker.one(&NAMES);
            maker.put(&format!("{{\"name\":\"{name}\",\"type\":\"string\"}}"));
        });
        self.put(",\"output\":{\"type\":\"string\",\"value\":");
        self.value(2);
        self.put("}}}}]");
    }

    /// A member, which may be a loop.
    fn named(&mut self, _: u32) {
        if self.below(6) == 0 {
            self.put("\"copy\":");
            self.members(2, ["[", "]"], |maker, _| {
                let name = maker.one(&NAMES);
                maker.put(&format!("{{\"name\":\"{name}\",\"count\":"));
                maker.count();
                maker.put(",\"input\":");
                maker.value(2);
                maker.put("}");
            });
        } else {
            self.key();
            self.value(3);
        }
    }

    fn count(&mut self) {
        match self.below(6) {
            0 => self.value(0),
            1 => self.put("801"),
            2 => self.put("-1"),
            _ => {
                let count = self.below(6);
                self.put(&count.to_string());
            }
        }
    }

    fn resource(&mut self, depth: u32) {
        let nested = depth < 4 && self.below(3) == 0;
        let kind = if nested {
            "Microsoft.Resources/deployments"
        } else {
            self.one(&TYPES)
        };
        self.put(&format!(
            "{{\"type\":\"{kind}\",\"apiVersion\":\"2024-01-01\",\"name\":"
        ));
        self.value(0);
        if self.below(4) == 0 {
            self.put(",\"condition\":");
            self.value(0);
        }
        if self.below(4) == 0 {
            let name = self.one(&NAMES);
            self.put(&format!(",\"copy\":{{\"name\":\"{name}\",\"count\":"));
            self.count();
            self.put("}");
        }
        if self.below(8) == 0 {
            self.put(",\"existing\":true");
        }
        self.put(",\"properties\":");
        if nested {
            let scope = self.one(&["inner", "outer"]);
            self.put(&format!(
                "{{\"expressionEvaluationOptions\":{{\"scope\":\"{scope}\"}},\"parameters\":"
            ));
            self.members(3, ["{", "}"], |maker, _| {
                maker.key();
                maker.put("{\"value\":");
                maker.value(2);
                maker.put("}");
            });
            self.put(",\"template\":");
            self.template(depth + 1);
            self.put("}");
        } else {
            self.members(4, ["{", "}"], |maker, _| maker.named(depth));
            if depth < 4 && self.below(4) == 0 {
                self.put(",\"resources\":");
                self.members(2, ["[", "]"], |maker, _| maker.resource(depth + 1));
            }
        }
        self.put("}");
    }

    /// A JSON value; lists and objects nest `depth` levels.
    fn value(&mut self, depth: u32) {
        if !self.burn() {
            return self.put("0");
        }
        match self.below(if depth == 0 { 7 } else { 10 }) {
            0 => {
                let word = self.one(&["null", "true", "false", "-1", "3", "1.5", "9223372036854775807"]);
                self.put(word);
            }
            1 => {
                let text = self.one(&TEXTS);
                self.put(&format!("\"{text}\""));
            }
            2..=6 => {
                self.put("\"[");
                self.expression(4);
                self.put("]\"");
            }
            7 => self.members(4, ["[", "]"], |maker, _| maker.value(depth - 1)),
            _ => self.members(4, ["{", "}"], |maker, _| {
                if maker.below(8) == 0 {
                    maker.put("\"[");
                    maker.expression(2);
                    maker.put("]\":");
                } else {
                    maker.key();
                }
                maker.value(depth - 1);
            }),
        }
    }

    fn expression(&mut self, depth: u32) {
        if !self.burn() {
            return self.put("0");
        }
        match self.below(if depth == 0 { 5 } else { 12 }) {
            0 => {
                let number = self.one(&["0", "1", "2", "-1", "7", "30", "9223372036854775807", "1.5"]);
                self.put(number);
            }
            1 => {
                let text = self.one(&TEXTS);
                self.put(&format!("'{text}'"));
            }
            2 | 3 => {
                let function = self.one(&["parameters", "variables", "variables", "copyIndex", "lambdaVariables"]);
                let name = self.one(&NAMES);
                self.put(&format!("{function}('{name}')"));
            }
            4 => {
                let call = self.one(&[
                    "resourceGroup().location",
                    "subscription().id",
                    "newGuid()",
                    "copyIndex()",
                ]);
                self.put(call);
            }
            5 => {
                self.expression(depth - 1);
                let step = self.one(&[".a", "?.a", "[0]", "?['b']", ".outputs.a.value", "[1]"]);
                self.put(step);
            }
            6 => {
                let name = self.one(&OVER_LISTS);
                self.put(&format!("{name}("));
                self.expression(depth - 1);
                if name == "reduce" {
                    self.put(",");
                    self.expression(depth - 1);
                }
                self.put(",lambda(");
                for _ in 0..=self.below(3) {
                    let name = self.one(&NAMES);
                    self.put(&format!("'{name}',"));
                }
                self.expression(depth - 1);
                self.put("))");
            }
            7 => {
                self.put("if(");
                self.arguments(3, depth);
            }
            8 => {
                self.put("u.f(");
                let count = self.below(3);
                self.arguments(count, depth);
            }
            _ => {
                let names: Vec<&str> = FUNCTIONS.split_whitespace().collect();
                let name = self.one(&names);
                let _ = write!(self.out, "{name}(");
                let count = self.below(4);
                self.arguments(count, depth);
            }
        }
    }

    fn arguments(&mut self, count: u8, depth: u32) {
        for index in 0..count {
            if index > 0 {
                self.put(",");
            }
            self.expression(depth - 1);
        }
        self.put(")");
    }
}
