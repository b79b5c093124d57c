//! Scripts that are right, or of which it can't be told, and what must not be said of them.

use super::{found, in_script};

const KEY: &str = ".create-or-alter external table X (a:string) kind=storage dataformat=csv (h@'https://quay.blob.core.windows.net/c;{{KEY}}')";
const IMPERSONATES: &str = ".create-or-alter external table X (a:string) kind=storage dataformat=csv (h@'https://quay.blob.core.windows.net/c;impersonate')";

fn export(query: &str) -> String {
    format!(".create-or-alter continuous-export E over (T) to table X with (intervalBetweenRuns=1h) <| {query}")
}

#[test]
fn a_column_or_a_text_is_no_table_with_row_level_security() {
    for query in [
        "T | where a == 'Region'",
        "T | summarize count() by Region",
        "T | project Region, a",
    ] {
        let secured = ".alter table Region policy row_level_security enable 'F()'";
        let script = format!("{secured}\n\n{KEY}\n\n{}", export(query));
        assert_eq!(in_script(&script), Vec::<String>::new(), "{query}");
    }
    let policy =
        ".alter table T policy update ```[{\"IsEnabled\":true,\"Source\":\"S\",\"Query\":\"S | project Region\"}]```";
    let script = format!(".alter table Region policy row_level_security enable 'F()'\n\n{policy}");
    assert_eq!(in_script(&script), Vec::<String>::new());
}

#[test]
fn what_is_taken_away_again_is_gone() {
    let secured = ".alter table T policy row_level_security enable 'F()'\n\n.delete table T policy row_level_security";
    assert_eq!(
        in_script(&format!("{secured}\n\n{KEY}\n\n{}", export("T"))),
        Vec::<String>::new()
    );
    let dropped = format!("{IMPERSONATES}\n\n{}\n\n.drop continuous-export E", export("T"));
    assert_eq!(in_script(&dropped), Vec::<String>::new());
    let accelerated = format!(
        "{IMPERSONATES}\n\n.alter external table X policy query_acceleration '{{\"IsEnabled\":true,\"Hot\":\"1.00:00:00\"}}'\n\n\
         .delete external table X policy query_acceleration"
    );
    assert_eq!(in_script(&accelerated), Vec::<String>::new());
}

#[test]
fn scripts_of_databases_that_are_not_known_give_no_error_together() {
    let exported = export("T");
    assert_eq!(
        found(&[("ops.kql", exported.as_str()), ("sales.kql", IMPERSONATES)]),
        ["warning continuous-export-without-identity: E"]
    );
    let secured = ".alter table T policy row_level_security enable 'F()'";
    let both = format!("{KEY}\n\n{}", export("T"));
    let found = found(&[("a.kql", both.as_str()), ("b.kql", secured)]);
    assert!(found.iter().all(|finding| finding.starts_with("warning ")), "{found:?}");
}
