//! Uses of operators and plugins that reach out of the cluster.

use super::ast::OperatorUse;
use super::constant::Constants;
use super::cursor::Cursor;
use super::lexer::TokenKind;
use super::literal::Literal;

/// Where the strings of an operator stand that may be addresses or names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strings {
    /// Among its arguments.
    Arguments,
    /// In the group after the schema that this bracket opens.
    AfterSchema(&'static str),
    /// In the argument `external_artifacts`.
    Artifacts,
}

/// The operators by name, in the order of the names.
const OPERATORS: &[(&str, Strings)] = &[
    ("ai_chat_completion", Strings::Arguments),
    ("ai_chat_completion_prompt", Strings::Arguments),
    ("ai_embed_text", Strings::Arguments),
    ("ai_embeddings", Strings::Arguments),
    ("azure_digital_twins_query_request", Strings::Arguments),
    ("cluster", Strings::Arguments),
    ("cosmosdb_sql_request", Strings::Arguments),
    ("database", Strings::Arguments),
    ("external_data", Strings::AfterSchema("[")),
    ("external_table", Strings::Arguments),
    ("externaldata", Strings::AfterSchema("[")),
    ("http_request", Strings::Arguments),
    ("http_request_post", Strings::Arguments),
    ("infer_storage_schema", Strings::Arguments),
    ("infer_storage_schema_with_suggestions", Strings::Arguments),
    ("inline_external_table", Strings::AfterSchema("(")),
    ("mysql_request", Strings::Arguments),
    ("postgresql_request", Strings::Arguments),
    ("python", Strings::Artifacts),
    ("r", Strings::Artifacts),
    ("sql_request", Strings::Arguments),
];

/// Tokens that all operators of a block together may look at, for each of its tokens: calls that nest in
/// each other are read several times, but not without end.
const LOOKS: usize = 8;

/// Finds the operators among the tokens of a command or query.
pub(super) fn find(cursor: &Cursor<'_>) -> Vec<OperatorUse> {
    let mut search = Search {
        cursor,
        constants: Constants::new(cursor),
        budget: 4096 + LOOKS * cursor.tokens().len(),
    };
    let mut uses = Vec::new();
    for (index, token) in cursor.tokens().iter().enumerate() {
        if token.kind != TokenKind::Word || cursor.text(index + 1) != "(" {
            continue;
        }
        let Ok(found) = OPERATORS.binary_search_by_key(&cursor.text(index), |(name, _)| name) else {
            continue;
        };
        let Some((name, strings)) = OPERATORS.get(found) else {
            continue;
        };
        // A letter of its own may be a function of the script.
        if *name == "r" && !is_evaluated(cursor, index) {
            continue;
        }
        uses.push(OperatorUse {
            name,
            span: token.span,
            strings: search.strings(*strings, index),
        });
    }
    uses
}

/// Whether `evaluate` stands before the token `index`, perhaps with hints between them.
fn is_evaluated(cursor: &Cursor<'_>, index: usize) -> bool {
    let before = |steps: usize| index.checked_sub(steps).map_or("", |at| cursor.text(at));
    before(1) == "evaluate" || (before(2) == "=" && before(5) == "hint")
}

struct Search<'c, 'a> {
    cursor: &'c Cursor<'a>,
    constants: Constants<'c, 'a>,
    budget: usize,
}

impl Search<'_, '_> {
    fn strings(&mut self, strings: Strings, name: usize) -> Vec<Literal> {
        let (from, to) = match strings {
            Strings::AfterSchema(bracket) => self.after_schema(name, bracket),
            Strings::Artifacts => self.artifacts(name + 1),
            Strings::Arguments => self.closing(name + 1).map_or((0, 0), |close| (name + 2, close)),
        };
        self.constants.strings(from, to)
    }

    /// The bracket that closes the one at `open`, within the budget.
    fn closing(&mut self, open: usize) -> Option<usize> {
        if self.budget == 0 {
            return None;
        }
        let close = self.cursor.closing(open);
        self.budget = self.budget.saturating_sub(close.saturating_sub(open));
        Some(close)
    }

    /// The inside of the first group after the schema that `bracket` opens; an assigned group, such as a
    /// path format, is passed over.
    fn after_schema(&mut self, name: usize, bracket: &str) -> (usize, usize) {
        let Some(mut at) = self.closing(name + 1) else {
            return (0, 0);
        };
        while self.budget > 0 {
            self.budget -= 1;
            at += 1;
            match self.cursor.text(at) {
                "" | ";" | "|" | ")" | "}" | "]" => return (0, 0),
                open @ ("(" | "[" | "{") => {
                    let Some(close) = self.closing(at) else {
                        return (0, 0);
                    };
                    let assigned = matches!(self.cursor.text(at - 1), "=" | "by");
                    if open == bracket && !assigned {
                        return (at + 1, close);
                    }
                    at = close;
                }
                _ => {}
            }
        }
        (0, 0)
    }

    /// The argument `external_artifacts = …` of a call, or those from the fourth on if none has this name.
    fn artifacts(&mut self, open: usize) -> (usize, usize) {
        let Some(close) = self.closing(open) else {
            return (0, 0);
        };
        let mut depth = 0usize;
        let mut commas = 0;
        let mut fourth = (0, 0);
        let mut named = None;
        for index in open..close {
            match self.cursor.text(index) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                "external_artifacts" if depth == 1 && self.cursor.text(index + 1) == "=" => named = Some(index + 2),
                "," if depth == 1 => {
                    if let Some(from) = named {
                        return (from, index);
                    }
                    commas += 1;
                    if commas == 3 {
                        fourth = (index + 1, close);
                    }
                }
                _ => {}
            }
        }
        named.map_or(fourth, |from| (from, close))
    }
}
