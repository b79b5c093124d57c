//! What the reference says of each function in words, turned into cases.

use serde_json::json;

use super::{answer_in, check};

#[test]
fn lists() {
    check(&[
        // The sum of start and count stays below 2 to the power of 31.
        ("range(2147483640, 7)[6]", "2147483646"),
        ("range(2147483640, 8)", "error"),
        ("range(-3, 3)", "[-3,-2,-1]"),
        ("range(1, -1)", "error"),
        // A number of elements of zero or less gives nothing, one beyond the end gives all there is.
        ("take(createArray(1, 2), 0)", "[]"),
        ("take(createArray(1, 2), -1)", "[]"),
        ("take(createArray(1, 2), 9)", "[1,2]"),
        ("skip(createArray(1, 2), 9)", "[]"),
        ("skip(createArray(1, 2), 0)", "[1,2]"),
        ("take('ab', 9)", "\"ab\""),
        ("skip('ab', 9)", "\"\""),
        // Texts in lists are told apart by letter case.
        ("indexOf(createArray('A', 'a', 'a'), 'a')", "1"),
        ("lastIndexOf(createArray('A', 'a', 'a'), 'a')", "2"),
        ("indexOf(createArray('A'), 'a')", "-1"),
        (
            "indexOf(createArray(createArray(1), createArray(2)), createArray(2))",
            "1",
        ),
        ("contains(createArray('A'), 'a')", "false"),
        ("contains(createArray(1), '1')", "false"),
        (
            "flatten(createArray(createArray(1), createArray(), createArray(createArray(2))))",
            "[1,[2]]",
        ),
        ("min(createArray(3, 1), 2)", "1"),
        ("max(3, 1, 2)", "3"),
        ("min(createArray('a'))", "error"),
        // The last is the first from the end.
        ("indexFromEnd(createArray('a', 'b'), 1)", "\"b\""),
        ("indexFromEnd(createArray('a', 'b'), 3)", "error"),
        ("tryIndexFromEnd(createArray('a', 'b'), 3)", "null"),
        ("intersection(createArray(3, 1, 2), createArray(1, 3))", "[3,1]"),
        ("intersection(createArray(1, 1, 2), createArray(1))", "unknown"),
        ("intersection(createArray(1, 1, 2), createArray(2))", "[2]"),
        ("union(createArray('a'), createArray('A'))", "[\"a\",\"A\"]"),
    ]);
}

#[test]
fn objects() {
    let nested = "createObject('a', createObject('x', 1, 'y', createArray(1)), 'b', 1)";
    let over = "createObject('a', createObject('y', createArray(2), 'z', 3), 'c', 4)";
    check(&[
        // Objects within objects are merged, lists are not.
        (
            &format!("union({nested}, {over})"),
            r#"{"a":{"x":1,"y":[2],"z":3},"b":1,"c":4}"#,
        ),
        // Only the outermost members are merged.
        (
            &format!("shallowMerge(createArray({nested}, {over}))"),
            r#"{"a":{"y":[2],"z":3},"b":1,"c":4}"#,
        ),
        ("shallowMerge(createArray())", "{}"),
        ("shallowMerge(createArray(1))", "error"),
        (
            "intersection(createObject('a', 1, 'b', 2), createObject('b', 2, 'a', 3))",
            r#"{"b":2}"#,
        ),
        // By key, in alphabetical order.
        (
            "items(createObject('b', 1, 'A', 2))",
            r#"[{"key":"A","value":2},{"key":"b","value":1}]"#,
        ),
        ("items(createArray())", "error"),
        ("objectKeys(createObject())", "[]"),
        ("contains(createObject('Key', null()), 'kEY')", "true"),
        ("length(createObject('a', 1, 'b', 2))", "2"),
        ("createObject('a', createObject('b', 1)).A.B", "1"),
        ("createObject('a', 1)['b']", "error"),
        ("tryGet(createObject('a', createObject('b', 1)), 'a', 'b')", "1"),
        ("tryGet(createObject('a', createObject('b', 1)), 'x', 'b')", "null"),
        ("tryGet(createArray(createObject('b', 1)), 0, 'b')", "1"),
        ("tryGet(createArray(), 0, 'b')", "null"),
        ("coalesce(tryGet(createObject(), 'a'), 'none')", "\"none\""),
        ("null().a", "error"),
        ("empty(createObject())", "true"),
        ("json('{\"a\": {\"b\": [1]}}').a.b[0]", "1"),
        ("json('null')", "null"),
        ("json(' [true] ')", "[true]"),
        (
            "string(createObject('a', createArray(1, true(), null())))",
            r#""{\"a\":[1,true,null]}""#,
        ),
        ("string(true())", "\"True\""),
    ]);
}

#[test]
fn texts() {
    check(&[
        // Where a text is found is told without letter case.
        ("indexOf('Hello', 'L')", "2"),
        ("lastIndexOf('Hello', 'L')", "3"),
        ("indexOf('Hello', 'x')", "-1"),
        ("startsWith('Hello', 'hE')", "true"),
        ("endsWith('Hello', 'LO')", "true"),
        ("contains('Hello', 'h')", "false"),
        ("equals('Hello', 'hello')", "false"),
        ("replace('aAa', 'a', 'b')", "\"bAb\""),
        ("split('a,b;c', createArray(';', ','))", "[\"a\",\"b\",\"c\"]"),
        ("split('a', createArray(1))", "error"),
        ("split('ab', '')", "unknown"),
        ("split('a b', createArray())", "unknown"),
        ("substring('abc', 1, 2)", "\"bc\""),
        ("substring('abc', 1, 3)", "error"),
        ("substring('abc', 1, -1)", "error"),
        ("padLeft('7', 3, '0')", "\"007\""),
        ("padLeft('7', -1)", "error"),
        ("trim('  a b ')", "\"a b\""),
        ("uriComponentToString(uriComponent('a b/c?'))", "\"a b/c?\""),
        ("length(newGuid())", "error"),
        ("equals(uniqueString('a', 'b'), uniqueString('a', 'b'))", "true"),
        ("equals(uniqueString('a', 'b'), uniqueString('b', 'a'))", "unknown"),
        ("length(guid('x'))", "36"),
        ("format('{0:F2}|{0:x}|{0:G}', 255)", "\"255.00|ff|255\""),
        ("format('{0,6:D3}|', 7)", "\"   007|\""),
        ("base64ToJson(base64('{\"a\": 1}')).a", "1"),
    ]);
}

#[test]
fn truths_and_numbers() {
    check(&[
        // What is not needed is not evaluated.
        ("if(true(), 1, div(1, 0))", "1"),
        ("if(false(), fail('no'), 2)", "2"),
        ("or(true(), equals(1, div(1, 0)))", "true"),
        ("and(false(), equals(1, div(1, 0)))", "false"),
        ("and(true(), equals(1, div(1, 0)))", "error"),
        ("coalesce(1, div(1, 0))", "1"),
        ("coalesce(null(), 'b', div(1, 0))", "\"b\""),
        ("fail('because')", "error"),
        ("bool('false')", "false"),
        ("bool(1)", "true"),
        ("div(7, 2)", "3"),
        ("div(7, 0)", "error"),
        ("mod(7, 0)", "error"),
        ("mod(-7, 2)", "-1"),
        ("add(1, 'a')", "error"),
        ("int('12')", "12"),
        ("greater('b', 'a')", "true"),
        ("greaterOrEquals(2, 2)", "true"),
        ("lessOrEquals('a', 1)", "error"),
    ]);
}

#[test]
fn dates() {
    let at = "'2020-04-07T14:53:14Z'";
    check(&[
        (&format!("dateTimeAdd({at}, '-P9D')"), "\"3/29/2020 2:53:14 PM\""),
        (&format!("dateTimeAdd({at}, 'PT1H', 'u')"), "\"2020-04-07 15:53:14Z\""),
        (&format!("dateTimeAdd({at}, 'PT1H', 's')"), "\"2020-04-07T15:53:14\""),
        (
            &format!("dateTimeAdd({at}, 'PT1H', 'r')"),
            "\"Tue, 07 Apr 2020 15:53:14 GMT\"",
        ),
        (
            &format!("dateTimeAdd({at}, 'PT0S', 'd MMMM yy, h:m t (fff)')"),
            "\"7 April 20, 2:53 P (000)\"",
        ),
        (&format!("dateTimeAdd({at}, 'PT0S', '%d')"), "\"7\""),
        (&format!("dateTimeAdd({at}, 'PT0S', '\"day\" d')"), "\"day 7\""),
        (&format!("dateTimeAdd({at}, 'PT0S', 'yyyy g')"), "unknown"),
        (&format!("dateTimeAdd({at}, 'PT0.5S')"), "unknown"),
        (&format!("dateTimeAdd({at}, 'tomorrow')"), "error"),
        (&format!("dateTimeToEpoch({at})"), "1586271194"),
        ("dateTimeFromEpoch(1586271194)", "\"2020-04-07T14:53:14Z\""),
        ("utcNow()", "error"),
    ]);
}

#[test]
fn lambdas() {
    let numbers = "createArray(5, 6, 7)";
    check(&[
        (
            &format!("map({numbers}, lambda('n', 'i', mul(lambdaVariables('n'), lambdaVariables('i'))))"),
            "[0,6,14]",
        ),
        (
            &format!("filter({numbers}, lambda('n', 'i', less(lambdaVariables('i'), 2)))"),
            "[5,6]",
        ),
        (
            &format!(
                "reduce({numbers}, 1, lambda('sum', 'n', 'i', add(lambdaVariables('sum'), lambdaVariables('i'))))"
            ),
            "4",
        ),
        ("reduce(createArray(), 'none', lambda('a', 'b', 1))", "\"none\""),
        (
            &format!("sort({numbers}, lambda('a', 'b', greater(lambdaVariables('A'), lambdaVariables('b'))))"),
            "[7,6,5]",
        ),
        (
            "sort(createArray(2, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))",
            "[1,2,2]",
        ),
        // Two that differ, and the lambda does not say which comes first.
        (
            "sort(createArray('bb', 'aa', 'c'), lambda('a', 'b', less(length(lambdaVariables('a')), length(lambdaVariables('b')))))",
            "unknown",
        ),
        (
            &format!("toObject({numbers}, lambda('n', string(lambdaVariables('n'))), lambda('n', 1))"),
            r#"{"5":1,"6":1,"7":1}"#,
        ),
        (&format!("toObject({numbers}, lambda('n', 'same'))"), "unknown"),
        (
            &format!("toObject({numbers}, lambda('n', 'i', string(lambdaVariables('n'))))"),
            "error",
        ),
        (
            "groupBy(createArray('ab', 'ac', 'b'), lambda('s', first(lambdaVariables('s'))))",
            r#"{"a":["ab","ac"],"b":["b"]}"#,
        ),
        (
            "groupBy(createArray('ab', 'AC'), lambda('s', first(lambdaVariables('s'))))",
            "unknown",
        ),
        (
            "mapValues(createObject('a', 1, 'b', 2), lambda('v', add(lambdaVariables('v'), 1)))",
            r#"{"a":2,"b":3}"#,
        ),
        ("mapValues(createArray(1), lambda('v', 1))", "error"),
    ]);
}

#[test]
fn names_are_read_without_letter_case() {
    let context = json!({
        "parameters": { "Vault": { "Name": "kv" } },
        "variables": { "Key": "[toUpper(parameters('VAULT').name)]" },
    });
    assert_eq!(answer_in("VARIABLES('KEY')", &context), "\"KV\"");
    assert_eq!(answer_in("Parameters('vault')['NAME']", &context), "\"kv\"");
    assert_eq!(answer_in("parameters('vaults')", &context), "error");
}

#[test]
fn functions_of_the_context() {
    let context = json!({
        "functions": [{ "namespace": "own", "members": { "twice": {
            "parameters": [{ "name": "text", "type": "string" }],
            "output": { "type": "string", "value": "[concat(parameters('text'), parameters('text'))]" },
        } } }],
    });
    assert_eq!(answer_in("OWN.Twice('ab')", &context), "\"abab\"");
    assert_eq!(answer_in("own.thrice('ab')", &context), "error");
}
