use super::super::*;
use super::{parsed, uses};

#[test]
fn operators_are_found_with_their_strings() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "externaldata (a:string) [ h@'x;y', 'z' ] with (format='csv')",
            "externaldata",
            &["x;y", "z"],
        ),
        (
            "inline_external_table (a:string) kind=storage pathformat=('p') dataformat=txt ('x')",
            "inline_external_table",
            &["x"],
        ),
        (
            "evaluate infer_storage_schema(dynamic({'k':[h@'x']}))",
            "infer_storage_schema",
            &["k", "x"],
        ),
        (
            "let o = dynamic({'k':['x']});\n\nevaluate infer_storage_schema(o)",
            "infer_storage_schema",
            &["k", "x"],
        ),
        (
            "evaluate sql_request('Server=' h'x', 'select 1')",
            "sql_request",
            &["Server=x", "select 1"],
        ),
        ("evaluate ai_embeddings('t', 'c')", "ai_embeddings", &["t", "c"]),
        (
            ".create function F() { T | evaluate cosmosdb_sql_request('c', 'q') }",
            "cosmosdb_sql_request",
            &["c", "q"],
        ),
        (".set T <| externaldata (a:int) ['x']", "externaldata", &["x"]),
    ];
    for (text, operator, strings) in cases {
        let strings: Vec<String> = strings.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(uses(text), [(*operator, strings)], "{text}");
    }
    assert!(uses("T | extend python = 1, r(2), x = 'externaldata(a)[b]'").is_empty());
    assert!(
        uses("externaldata (a:int) | evaluate")
            .iter()
            .all(|(_, strings)| strings.is_empty())
    );
}

#[test]
fn sandboxes_give_their_artifacts() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            "T | evaluate python(typeof(*), 'code', external_artifacts=bag_pack('n', 'u'))",
            "python",
            &["n", "u"],
        ),
        (
            "T | evaluate python(typeof(*), 'code', bag_pack('k', 1), bag_pack('n', 'u'), true)",
            "python",
            &["n", "u"],
        ),
        (
            "let a = bag_pack('n', 'u'); T | evaluate python(typeof(*), 'c', external_artifacts=a, spill_to_disk='x')",
            "python",
            &["n", "u"],
        ),
        ("T | evaluate hint.distribution=per_node r(typeof(*), 'code')", "r", &[]),
    ];
    for (text, operator, strings) in cases {
        let strings: Vec<String> = strings.iter().map(|text| (*text).to_owned()).collect();
        assert_eq!(uses(text), [(*operator, strings)], "{text}");
    }
}

#[test]
fn references_to_other_tables_and_places_are_found() {
    let found = uses("let c = 'https://x'; cluster(c).database(\"D\").T | union external_table('E', 'M')");
    let expected: &[(&str, &[&str])] = &[
        ("cluster", &["https://x"]),
        ("database", &["D"]),
        ("external_table", &["E", "M"]),
    ];
    let expected: Vec<(&str, Vec<String>)> = expected
        .iter()
        .map(|(operator, strings)| (*operator, strings.iter().map(|text| (*text).to_owned()).collect()))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn constants_flow_into_operators_with_their_places() {
    let text = "let a = 'st'; let b = strcat('https://', a, \".blob\"); let c = strcat(b, '/c', h';managed_identity=' h'system');\n\
                externaldata (x:string) [ c ]";
    let script = parsed(text);
    let used: Vec<&OperatorUse> = script.tree.operators().collect();
    let value = &used[0].strings[0].value;
    assert_eq!(value.as_str(), "https://st.blob/c;managed_identity=system");
    let at = value.as_str().find("system").unwrap();
    let place = value.source(crate::text::Span::of(at, at + 6)).unwrap();
    assert_eq!(place.span.of_text(text), "system");
    assert_eq!(used[0].strings.len(), 1);
}

#[test]
fn what_only_a_run_tells_is_a_hole() {
    let script = parsed("externaldata (x:string) [ strcat(f(1, 2), 'x', tostring(y), 'z') ]");
    let used: Vec<&OperatorUse> = script.tree.operators().collect();
    assert_eq!(used[0].strings.len(), 1);
    let value = &used[0].strings[0].value;
    assert_eq!(
        (value.display().as_str(), value.is_known()),
        ("{f(1, 2)}x{tostring(y)}z", false)
    );
    assert!(uses("externaldata (x:string) [ strcat(a, b) ]")[0].1.is_empty());
}

#[test]
fn names_that_lead_to_each_other_have_an_end() {
    assert!(
        uses("let a = strcat(b, 'x'); let b = strcat(a, 'y'); externaldata (x:int) [a]")[0]
            .1
            .len()
            == 1
    );
    let doubled: String = (0..40)
        .map(|n| format!("let a{} = strcat(a{n}, a{n}, 'x'); ", n + 1))
        .collect();
    let strings = uses(&format!("let a0 = 'x'; {doubled} externaldata (x:int) [a40]"));
    assert!(strings[0].1.iter().map(String::len).sum::<usize>() < 1_000_000);
}
