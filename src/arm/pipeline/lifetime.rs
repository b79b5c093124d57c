//! How long a value that only a run decides stays the same.

use crate::syntax::expression::{Expression, Kind};

/// How far equal expressions are equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lifetime {
    /// At one place only: each evaluation gives another value.
    Once,
    /// Within one text: loops and other activities change it between two.
    Text,
    /// While the pipeline or workflow runs.
    Run,
}

/// What stays the same while a pipeline or workflow runs, in lower case.
const OF_THE_RUN: &[&str] = &[
    "dataset",
    "linkedservice",
    "parameters",
    "pipeline",
    "trigger",
    "triggerbody",
    "triggeroutputs",
    "workflow",
];

/// What changes while it runs, and not while one text is evaluated, in lower case.
const OF_THE_TEXT: &[&str] = &[
    "action",
    "actionbody",
    "actionoutputs",
    "actions",
    "activity",
    "body",
    "item",
    "items",
    "outputs",
    "variables",
];

/// Functions whose results hang on their arguments alone, in lower case.
const PURE: &[&str] = &[
    "array",
    "base64",
    "base64tostring",
    "bool",
    "coalesce",
    "concat",
    "contains",
    "createarray",
    "decodebase64",
    "decodeuricomponent",
    "empty",
    "encodeuricomponent",
    "endswith",
    "equals",
    "false",
    "first",
    "formatdatetime",
    "if",
    "int",
    "join",
    "json",
    "last",
    "length",
    "null",
    "replace",
    "split",
    "startswith",
    "string",
    "substring",
    "tolower",
    "toupper",
    "trim",
    "true",
    "uricomponent",
    "uricomponenttostring",
];

/// How long the value of an expression lasts: as long as that of its part that changes first. Functions that
/// are not listed, such as `guid()` and `utcNow()`, count as new each time.
pub(super) fn lifetime(expression: &Expression) -> Lifetime {
    match &expression.kind {
        Kind::String(_) | Kind::Integer(_) | Kind::Float(_) => Lifetime::Run,
        Kind::Property { base, .. } => lifetime(base),
        Kind::Index { base, index, .. } => lifetime(base).min(lifetime(index)),
        Kind::Call(call) => {
            let name = call.name.to_ascii_lowercase();
            let is_in = |names: &[&str]| names.binary_search(&name.as_str()).is_ok();
            let own = match call.namespace {
                None if is_in(OF_THE_RUN) || is_in(PURE) => Lifetime::Run,
                None if is_in(OF_THE_TEXT) => Lifetime::Text,
                _ => Lifetime::Once,
            };
            call.args.iter().map(lifetime).fold(own, Ord::min)
        }
        Kind::Broken => Lifetime::Once,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::expression::parse_run_time;
    use crate::text::{FileId, MappedText, Span};

    #[test]
    fn a_value_lasts_as_long_as_its_shortest_part() {
        for list in [OF_THE_RUN, OF_THE_TEXT, PURE] {
            assert!(list.is_sorted());
        }
        let of = |text: &str| {
            let source = MappedText::of_file(FileId(0), text);
            lifetime(&parse_run_time(&source, Span::new(0, source.len())).tree)
        };
        assert_eq!(of("pipeline().parameters.x"), Lifetime::Run);
        assert_eq!(of("toLower(pipeline()?.globalParameters['x'])"), Lifetime::Run);
        assert_eq!(of("replace(item().id, 'a', pipeline().RunId)"), Lifetime::Text);
        assert_eq!(of("concat(item().id, guid())"), Lifetime::Once);
        assert_eq!(of("someday(1)"), Lifetime::Once);
    }
}
