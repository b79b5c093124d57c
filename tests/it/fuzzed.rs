//! What the fuzz targets hold the readers to, on a few inputs by hand and on random ones.

#[path = "../../fuzz/checks/expression.rs"]
mod expression;
#[path = "../../fuzz/checks/json.rs"]
mod json;
#[path = "../../fuzz/checks/template.rs"]
mod template;

use proptest::prelude::*;

/// JSON with every liberty, and close to each of them.
const JSON: [&str; 24] = [
    "",
    "ﻻ",
    "\u{feff}{}",
    "// a\n{ \"a\": [1, 2,], /* b */ }",
    "/*/ 1",
    "/**/1/*",
    "[,]",
    "[1,,2]",
    "{\"a\" 1}",
    "\"\t\n\r\"",
    "\"\\q\\'\\u12\\\n\"",
    "\"\\ud83d\\ude00 \\ud83d \\ude00 \\ud83d\\u0041\"",
    "\"\\u00e9\\u0000\\/\"",
    "{\"a\":1,\"A\":2,\"a\":3}",
    "[1e400, -0, -0.0, 1.0, 18446744073709551616]",
    "[01, +1, .5, 1., 0x1, NaN]",
    "'a'",
    "{'a':1}",
    "{a:1}",
    "{\"a\":1}}",
    "1 é",
    "[\"a\" \"b\"]",
    "\"\\",
    "[[[[{\"é\":[\"😀\",null]}]]]]",
];

const EXPRESSIONS: [&str; 16] = [
    "",
    "concat('a', parameters('b'))",
    "a.b(1).c[2].d?.e[?'f']",
    "f(g(),)",
    "'it''s é'",
    "'open",
    "1.5e3",
    "-1",
    "99999999999999999999",
    "a(b)c",
    "a..b()",
    "é('😀')",
    "f((1))",
    "f(1)[",
    "f(\u{a0}1)",
    "createObject('a', 1)?['b']",
];

/// The example templates of the project, and a hard one of each kind.
const TEMPLATES: [&str; 4] = [
    r#"{"resources":[{"type":"a/b","name":"x","copy":{"name":"l","count":"[if(parameters('p'),800,801)]"}}],"parameters":{"p":{"type":"bool"}}}"#,
    r#"{"variables":{"a":"[variables('b')]","b":"[variables('a')]"},"resources":[{"type":"a/b","name":"[variables('a')]"}]}"#,
    r#"{"variables":{"copy":[{"name":"v","count":800,"input":"[range(0,800)]"}]},"resources":[{"type":"a/b","name":"x","properties":{"v":"[variables('v')]"}}]}"#,
    r#"{"resources":{"é":{"type":"a/b","name":"[reference('é').x]","properties":{"[concat('é')]":"[[x]"}}}}"#,
];

#[test]
fn json_by_hand() {
    JSON.iter().for_each(|text| json::check(text));
}

#[test]
fn expressions_by_hand() {
    EXPRESSIONS.iter().for_each(|text| expression::check(text));
}

#[test]
fn templates_by_hand() {
    TEMPLATES.iter().for_each(|text| template::evaluates(text));
    for path in crate::files_under(&crate::project("testdata/projects"), "json") {
        if let Ok(text) = std::fs::read_to_string(path) {
            template::evaluates(&text);
        }
    }
}

proptest! {
    #[test]
    fn json_by_chance(text in "(\\PC|[\\[\\]{}\",:0-9a-u\\\\'/* \n]){0,80}") {
        json::check(&text);
    }

    #[test]
    fn expressions_by_chance(text in "(\\PC|[a-c]\\(|[\\[\\]().?,'0-9 ]){0,40}") {
        expression::check(&text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn templates_by_chance(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        template::check(&bytes);
    }
}
