use std::cell::RefCell;

use super::hash::sha1;
use crate::inspect::expression::view;

mod prose;
mod reference;

/// What the view says of an expression in a resource group.
fn answer(expression: &str) -> String {
    answer_in(
        expression,
        &serde_json::json!({ "scope": { "subscriptionId": "s", "resourceGroup": "g" } }),
    )
}

/// What the view says of an expression in a context.
fn answer_in(expression: &str, context: &serde_json::Value) -> String {
    let answer = view(&serde_json::json!({ "id": 1, "expression": format!("[{expression}]"), "context": context }));
    match (answer.get("value"), answer.get("error")) {
        (Some(value), _) => value.to_string(),
        (None, Some(_)) => "error".to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

fn check(table: &[(&str, &str)]) {
    let wrong = RefCell::new(Vec::new());
    for (expression, expected) in table {
        let got = answer(expression);
        if got != *expected {
            wrong.borrow_mut().push(format!("{expression}: {got}, not {expected}"));
        }
    }
    assert!(wrong.borrow().is_empty(), "{:#?}", wrong.borrow());
}

#[test]
fn texts() {
    check(&[
        ("toUpper('strasse é')", "\"STRASSE É\""),
        // .NET changes one character into one; no document says which it leaves as they are.
        ("toUpper('straße')", "unknown"),
        ("toLower('İ')", "unknown"),
        ("trim('\u{a0} x\t')", "\"x\""),
        ("substring('abc', 3)", "\"\""),
        ("substring('abc', 4)", "error"),
        ("substring('abc', -1)", "error"),
        ("substring('a🙂b', 1, 2)", "\"🙂\""),
        ("substring('a🙂b', 0, 2)", "unknown"),
        ("length('a🙂b')", "4"),
        ("take('héllo', 2)", "\"hé\""),
        ("skip('abc', -3)", "\"abc\""),
        ("replace('aaa', 'aa', 'b')", "\"ba\""),
        ("replace('abc', '', 'b')", "error"),
        ("split('a,b;c', createArray(',', ';'))", "[\"a\",\"b\",\"c\"]"),
        ("split('a,,b', ',')", "[\"a\",\"\",\"b\"]"),
        ("split('', ',')", "[\"\"]"),
        ("join(createArray(), ',')", "\"\""),
        ("padLeft(7, 3, '0')", "\"007\""),
        ("padLeft('abcd', 3)", "\"abcd\""),
        ("padLeft('a', 3, 'xy')", "error"),
        ("startsWith('abc', '')", "true"),
        ("endsWith('ABC', 'bc')", "true"),
        ("startsWith('ab', 'abc')", "false"),
        ("indexOf('aXbx', 'x')", "1"),
        ("lastIndexOf('aXbX', 'x')", "3"),
        ("first('')", "\"\""),
        ("first('xyz')", "\"x\""),
        ("concat('a', 1, true())", "\"a1True\""),
        ("concat(createArray(1), 'x')", "error"),
        ("CONCAT('a')", "\"a\""),
    ]);
}

#[test]
fn formats() {
    check(&[
        ("format('{0}', 5)", "\"5\""),
        ("format('{1}{0}{1}', 'a', 'b')", "\"bab\""),
        ("format('{{{0}}}', 1)", "\"{1}\""),
        (
            "format('{0:D4}|{0:N0}|{0:X}|{0:0000000}', 12345)",
            "\"12345|12,345|3039|0012345\"",
        ),
        ("format('{0:N2}|{0:F1}', -1234567)", "\"-1,234,567.00|-1234567.0\""),
        ("format('{0:N}', -1234567)", "unknown"),
        ("format('{0:D3}', -7)", "\"-007\""),
        ("format('{0:C}', 1)", "unknown"),
        ("format('{0:yyyy}', 'text')", "\"text\""),
        ("format('{0,4}|{0,-4}|', 'ab')", "\"  ab|ab  |\""),
        ("format('{0}')", "error"),
        ("format('{')", "error"),
        ("format('a}')", "error"),
        ("format('{x}', 1)", "error"),
        ("format('{0}', null())", "\"\""),
    ]);
}

#[test]
fn lists_and_objects() {
    check(&[
        ("union(createArray(1, 1), createArray(1, 2))", "[1,2]"),
        ("intersection(createArray(1, 2, 3), createArray(3, 2))", "[2,3]"),
        ("union(createObject('a', 1), createObject('A', 2)).a", "2"),
        ("union(createArray(1), createObject())", "error"),
        ("distinct(createArray(2, 1, 2))", "[2,1]"),
        ("distinct(createObject())", "error"),
        ("flatten(createArray(1))", "error"),
        ("range(0, 0)", "[]"),
        ("range(0, 10001)", "error"),
        ("range(9223372036854775807, 2)", "error"),
        ("max(createArray())", "error"),
        ("first(createArray(1, 2))", "1"),
        ("last(createArray(1, 2))", "2"),
        ("tryIndexFromEnd(createArray(1), 0)", "null"),
        ("empty(0)", "error"),
        ("empty(createArray())", "true"),
        ("createObject('a')", "error"),
        ("createObject(1, 2)", "error"),
        ("createObject('Aa', 1)['aA']", "1"),
        ("objectKeys(createObject('b', 1, 'a', 2))", "[\"a\",\"b\"]"),
        ("tryGet(createObject('a', null()), 'a', 'b')", "null"),
        ("tryGet(1, 'a')", "error"),
        ("createObject('a', 1).?b", "null"),
        ("createArray(1)?[5]", "null"),
        ("createArray(1)['a']", "error"),
        (
            "tryGet(createArray(1, 2), createObject('value', 1, 'fromEnd', true()))",
            "2",
        ),
        (
            "tryGet(createArray(1, 2), createObject('value', 3, 'fromEnd', true()))",
            "null",
        ),
        ("array(1)", "[1]"),
        ("array(createArray(1))", "[1]"),
        ("contains(createObject('A', 1), 'a')", "true"),
        ("json('{\"a\": [1, 2.5, true, null]}')", "{\"a\":[1,2.5,true,null]}"),
        ("json('{')", "error"),
        (
            "string(createArray('a\"b', 1, null(), createObject()))",
            r#""[\"a\\\"b\",1,null,{}]""#,
        ),
        ("string(12)", "\"12\""),
    ]);
}

#[test]
fn numbers_and_truths() {
    check(&[
        ("div(-7, 2)", "-3"),
        ("mod(-7, 3)", "-1"),
        ("div(-9223372036854775808, -1)", "error"),
        ("mul(4611686018427387904, 2)", "error"),
        ("int('x')", "error"),
        ("int(' 7 ')", "7"),
        ("float('1.5')", "1.5"),
        ("bool('TRUE')", "true"),
        ("bool(0)", "false"),
        ("bool('yes')", "error"),
        ("equals('a', 'A')", "false"),
        ("equals(1, '1')", "false"),
        (
            "equals(createObject('a', 1, 'b', 2), createObject('B', 2, 'a', 1))",
            "true",
        ),
        ("less('a', 'B')", "true"),
        ("less('a-b', 'ab')", "unknown"),
        ("less(1, 'a')", "error"),
        ("and(true())", "error"),
        ("and(1, true())", "error"),
        ("if('true', 1, 2)", "error"),
        ("not(1)", "error"),
        ("coalesce(null(), null())", "null"),
    ]);
}

#[test]
fn lambdas() {
    check(&[
        ("lambda('x', 1)", "error"),
        ("map(createArray(1), 'x')", "error"),
        ("map(createArray(1), lambda('a', 'b', 'c', 1))", "error"),
        ("lambdaVariables('x')", "error"),
        (
            "map(createArray(1, 2), lambda('x', map(createArray(10), lambda('y', add(lambdaVariables('x'), lambdaVariables('y'))))))",
            "[[11],[12]]",
        ),
        (
            "reduce(createArray(3, 4), 0, lambda('a', 'b', 'i', add(lambdaVariables('a'), mul(lambdaVariables('b'), lambdaVariables('i')))))",
            "4",
        ),
        ("sort(createArray(2, 1, 3), lambda('a', 'b', true()))", "unknown"),
        ("filter(createArray(1), lambda('a', 'x'))", "error"),
        ("toObject(createArray(1), lambda('x', 1))", "error"),
    ]);
}

#[test]
fn resource_ids() {
    check(&[
        (
            "resourceId('A.B/c', 'd')",
            "\"/subscriptions/s/resourceGroups/g/providers/A.B/c/d\"",
        ),
        (
            "resourceId('x', 'y', 'A.B/c', 'd')",
            "\"/subscriptions/x/resourceGroups/y/providers/A.B/c/d\"",
        ),
        (
            "resourceId('11111111-2222-3333-4444-555555555555', 'A.B/c', 'd')",
            "\"/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/g/providers/A.B/c/d\"",
        ),
        (
            "subscriptionResourceId('x', 'A.B/c', 'd')",
            "\"/subscriptions/x/providers/A.B/c/d\"",
        ),
        ("tenantResourceId('A.B/c/e', 'd', 'f')", "\"/providers/A.B/c/d/e/f\""),
        (
            "managementGroupResourceId('m', 'A.B/c', 'd')",
            "\"/providers/Microsoft.Management/managementGroups/m/providers/A.B/c/d\"",
        ),
        ("resourceId('a', 'b')", "error"),
        ("resourceId(1, 'A.B/c', 'd')", "error"),
        ("resourceGroup().id", "\"/subscriptions/s/resourceGroups/g\""),
        ("subscription().id", "\"/subscriptions/s\""),
        ("resourceGroup().location", "unknown"),
        ("environment().suffixes.keyvaultDns", "\".vault.azure.net\""),
    ]);
}

#[test]
fn encodings() {
    check(&[
        ("base64('')", "\"\""),
        ("base64('é')", "\"w6k=\""),
        ("base64ToString('YQ==')", "\"a\""),
        ("base64ToString('YWI=')", "\"ab\""),
        ("base64ToString('a')", "error"),
        ("base64ToString('/w==')", "unknown"),
        ("dataUriToString('data:text/plain;charset=utf-8;base64,YQ==')", "\"a\""),
        ("uriComponent('a/b é')", "\"a%2Fb%20%C3%A9\""),
        ("uriComponentToString('%zz%4')", "\"%zz%4\""),
        ("uri('https://a.b/c/', 'd/e.json')", "\"https://a.b/c/d/e.json\""),
        ("uri('https://a.b/c/', '../d')", "unknown"),
        ("uri('https://a.b', 'd')", "\"https://a.b/d\""),
        ("buildUri(createObject('host', 'a'))", "error"),
        ("parseUri('https://a.b').port", "443"),
    ]);
}

#[test]
fn addresses() {
    check(&[
        ("cidrSubnet('10.0.0.0/8', 8, 0)", "\"10.0.0.0/8\""),
        ("cidrSubnet('10.0.0.0/8', 9, 2)", "error"),
        ("cidrSubnet('10.0.0.0/8', 7, 0)", "error"),
        ("cidrSubnet('::/0', 128, 1)", "\"::1/128\""),
        ("cidrSubnet('::/0', 0, 0)", "\"::/0\""),
        ("cidrHost('10.0.0.0/30', 1)", "\"10.0.0.2\""),
        ("cidrHost('10.0.0.0/30', 2)", "error"),
        ("cidrHost('10.0.0.0/30', -1)", "error"),
        ("cidrHost('::/0', 9223372036854775807)", "\"::8000:0:0:0\""),
        ("parseCidr('10.1.2.3/0').network", "\"0.0.0.0\""),
        ("parseCidr('10.1.2.3/33')", "error"),
    ]);
}

#[test]
fn dates() {
    check(&[
        ("dateTimeToEpoch('1970-01-01')", "0"),
        ("dateTimeToEpoch('2000-02-29T23:59:59Z')", "951868799"),
        ("dateTimeToEpoch('2001-02-29')", "unknown"),
        ("dateTimeFromEpoch(-1)", "\"1969-12-31T23:59:59Z\""),
        ("dateTimeFromEpoch(9223372036854775807)", "error"),
        ("dateTimeAdd('2024-01-31', 'P1D', 'yyyy-MM-dd')", "\"2024-02-01\""),
        ("dateTimeAdd('2024-01-31', 'P1M', 'yyyy-MM-dd')", "unknown"),
        (
            "dateTimeAdd('2024-01-01 12:00:00', '-PT12H1S')",
            "\"12/31/2023 11:59:59 PM\"",
        ),
        ("dateTimeAdd('2024-01-01', 'P')", "error"),
        ("dateTimeAdd('2024-01-01', 'P9223372036854775807Y')", "error"),
        ("dateTimeAdd('2024-01-01', 'P1D', 'dddd')", "\"Tuesday\""),
        ("dateTimeAdd('2024-01-01', 'P1D', 'dddd zzz')", "unknown"),
        ("dateTimeAdd('2024-01-01', 'P1D', 'D')", "unknown"),
    ]);
}

#[test]
fn hashes() {
    let hex: String = sha1(b"abc").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, "a9993e364706816aba3e25717850c26c9cd0d89d");
    let long: String = sha1(&[b'a'; 1000]).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(long, "291e9a6c66994949b57ba5e650361e98fc36b1ba");
    check(&[
        ("equals(guid('a', 'b'), guid('a-b'))", "true"),
        ("guid('foo', 'bar', 'baz')", "\"2ed86837-7c7c-5eaa-9864-dd077fd19b0d\""),
        ("substring(guid('a'), 14, 1)", "\"5\""),
        ("uniqueString('a')", "unknown"),
        ("length(uniqueString('a'))", "13"),
    ]);
}
