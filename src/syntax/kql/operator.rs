//! Uses of operators and plugins that reach out of the cluster.

use std::collections::BTreeMap;

use super::ast::{Operator, OperatorUse};
use super::cursor::Cursor;
use super::lexer::TokenKind;
use super::literal::{self, Literal, LiteralPart};

/// The operators by name.
const OPERATORS: &[(&str, Operator)] = &[
    ("ai_chat_completion", Operator::AiChatCompletion),
    ("ai_chat_completion_prompt", Operator::AiChatCompletionPrompt),
    ("ai_embed_text", Operator::AiEmbeddings),
    ("ai_embeddings", Operator::AiEmbeddings),
    ("azure_digital_twins_query_request", Operator::AzureDigitalTwins),
    ("cosmosdb_sql_request", Operator::CosmosdbSqlRequest),
    ("external_data", Operator::ExternalData),
    ("externaldata", Operator::ExternalData),
    ("http_request", Operator::HttpRequest),
    ("http_request_post", Operator::HttpRequest),
    ("infer_storage_schema", Operator::InferStorageSchema),
    (
        "infer_storage_schema_with_suggestions",
        Operator::InferStorageSchemaWithSuggestions,
    ),
    ("inline_external_table", Operator::InlineExternalTable),
    ("mysql_request", Operator::MysqlRequest),
    ("postgresql_request", Operator::PostgresqlRequest),
    ("python", Operator::Python),
    ("r", Operator::R),
    ("sql_request", Operator::SqlRequest),
];

/// Tokens that all operators of a block together may look at, for each of its tokens: calls that nest in
/// each other are read several times, but not without end.
const LOOKS: usize = 8;

/// Strings that one name bound by `let` may stand for.
const STRINGS_OF_A_LET: usize = 32;

/// Finds the operators among the tokens of a command or query.
pub(super) fn find(cursor: &Cursor<'_>) -> Vec<OperatorUse> {
    let mut search = Search {
        cursor,
        lets: None,
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
        let Some((_, operator)) = OPERATORS.get(found) else {
            continue;
        };
        if *operator == Operator::R && !is_evaluated(cursor, index) {
            continue;
        }
        uses.push(OperatorUse {
            operator: *operator,
            span: token.span,
            strings: search.strings(*operator, index),
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
    /// The tokens of the value of each name that a `let` binds; read when first asked for.
    lets: Option<BTreeMap<&'a str, (usize, usize)>>,
    budget: usize,
}

impl<'a> Search<'_, 'a> {
    fn strings(&mut self, operator: Operator, name: usize) -> Vec<Literal> {
        let (from, to) = match operator {
            Operator::ExternalData => self.after_schema(name, "["),
            Operator::InlineExternalTable => self.after_schema(name, "("),
            Operator::Python | Operator::R => self.artifacts(name + 1),
            _ => self.closing(name + 1).map_or((0, 0), |close| (name + 2, close)),
        };
        let mut parts = Vec::new();
        for index in from..to {
            if let Some(part) = self.cursor.part(index) {
                parts.push((index, part));
            } else if self
                .cursor
                .tokens()
                .get(index)
                .is_some_and(|token| token.kind == TokenKind::Word)
            {
                self.push_let(index, &mut parts);
            }
        }
        literal::join_adjacent(parts)
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

    /// The strings of the `let` that binds the name at `index`.
    fn push_let(&mut self, index: usize, parts: &mut Vec<(usize, LiteralPart)>) {
        let cursor = self.cursor;
        let lets = self.lets.get_or_insert_with(|| lets(cursor));
        let Some((from, to)) = lets.get(cursor.text(index)).copied() else {
            return;
        };
        if (from..to).contains(&index) {
            return;
        }
        let looked = to.min(from + self.budget.min(4 * STRINGS_OF_A_LET));
        self.budget = self.budget.saturating_sub(looked - from);
        let strings = (from..looked).filter_map(|at| Some((at, cursor.part(at)?)));
        parts.extend(strings.take(STRINGS_OF_A_LET));
    }
}

/// The tokens after `let NAME =`, up to the semicolon, of every name; the last binding wins.
fn lets<'a>(cursor: &Cursor<'a>) -> BTreeMap<&'a str, (usize, usize)> {
    let mut lets = BTreeMap::new();
    let mut open = None;
    for index in 0..cursor.tokens().len() {
        match cursor.text(index) {
            "let" if cursor.text(index + 2) == "=" => open = Some((cursor.text(index + 1), index + 3)),
            ";" => {
                if let Some((name, from)) = open.take() {
                    lets.insert(name, (from, index));
                }
            }
            _ => {}
        }
    }
    lets
}
