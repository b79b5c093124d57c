//! Placeholders of other tools: they stand for values, and are no mistakes.

use kustolint::diagnostic::Severity;
use kustolint::engine::{Input, check};

/// Every command that holds text which a tool may fill in, `@` for the placeholder.
const SCRIPT: &str = "\
.alter database ['@'] policy managed_identity '[{\"ObjectId\": \"@\", \"AllowedUsages\": \"NativeIngestion, ExternalTable, @\"}]'
.alter-merge cluster policy managed_identity '@'
.alter-merge cluster policy managed_identity @
.alter database @ policy managed_identity '[{\"ObjectId\": \"@\", \"AllowedUsages\": \"@\"}]'
.alter table T policy update '@'
.alter table T policy update '[{\"ManagedIdentity\": \"@\", \"Source\": \"@\"}]'
.alter table T policy retention @
.ingest into table ['@'] ('https://@.blob.core.windows.net/c/x.csv;managed_identity=@') with (format='@')
.create external table ['@'] (a:int) kind=storage dataformat=csv ('@')
.create-or-alter continuous-export E to table X with (managedIdentity='@') <| T
.add database ['@'] viewers ('aadapp=@;@')
.create-or-alter function ['@']() { externaldata (x:string) [ '@' ] }
";

#[test]
fn placeholders_are_no_errors_by_themselves() {
    for form in [
        "<name>", "{{name}}", "$(name)", "$$name$$", "${name}", "%%name%%", "{0}", "#{name}#", "#{name}", "@@name@@",
    ] {
        let script = Input {
            path: "a.kql".to_owned(),
            bytes: Ok(SCRIPT.replace('@', form).into_bytes()),
            named: true,
            reported: true,
        };
        let outcome = check(vec![script]);
        let errors: Vec<_> = outcome
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| (finding.rule, finding.message.as_str()))
            .collect();
        assert_eq!(errors, [], "{form}");
    }
}

#[test]
fn a_name_that_a_pipeline_fills_in_does_not_end_its_command() {
    let script = "\
#connect 'https://c.kusto.windows.net'
.alter table #{Table}# policy retention softdelete = 1d
.ingest into table #{Table} (h'https://a.blob.core.windows.net/c/x.csv;managed_identity=system')
";
    let input = Input {
        path: "a.kql".to_owned(),
        bytes: Ok(script.as_bytes().to_vec()),
        named: true,
        reported: true,
    };
    let rules: Vec<_> = check(vec![input]).findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["missing-native-ingestion"]);
}
