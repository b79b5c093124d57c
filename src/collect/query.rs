//! Which tables a query reads and which functions it calls, by where names stand in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::syntax::kql;

/// Tables, and functions, of one query that are kept.
const MOST_NAMES: usize = 256;

/// What a query names. A name that `let` binds stands for what is bound from there on, and for nothing in the database.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// The words that stand where a table does: at the start of the query, after `union`, `join` and `lookup`, at the
    /// start of what stands in parentheses there, and after `let x =`. Columns, literals and names of functions do not.
    pub(super) tables: BTreeSet<String>,
    /// The words that are called as functions.
    pub(super) calls: BTreeSet<String>,
}

/// The names that `let` binds at some place of a query.
#[derive(Default)]
struct Lets<'q> {
    /// How many of the open blocks bind each name.
    bound: BTreeMap<&'q str, usize>,
    /// The names of each open block.
    blocks: Vec<Vec<&'q str>>,
    /// The name of the statement that is being read in each of them: it does not hold inside of itself.
    pending: Vec<Option<&'q str>>,
}

impl<'q> Lets<'q> {
    fn new() -> Self {
        let mut lets = Self::default();
        lets.open();
        lets
    }

    fn open(&mut self) {
        self.blocks.push(Vec::new());
        self.pending.push(None);
    }

    fn close(&mut self) {
        if self.blocks.len() < 2 {
            return;
        }
        self.pending.pop();
        for name in self.blocks.pop().unwrap_or_default() {
            if let Some(count) = self.bound.get_mut(name) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// A statement `let name = …` begins.
    fn begin(&mut self, name: &'q str) {
        if let Some(pending) = self.pending.last_mut() {
            *pending = Some(name);
        }
    }

    /// A statement ends.
    fn end(&mut self) {
        let Some(name) = self.pending.last_mut().and_then(Option::take) else {
            return;
        };
        if let Some(block) = self.blocks.last_mut() {
            block.push(name);
            *self.bound.entry(name).or_default() += 1;
        }
    }

    fn binds(&self, name: &str) -> bool {
        self.bound.get(name).is_some_and(|count| *count > 0)
    }
}

/// Operators whose operand in parentheses, or right after them, is a query of its own.
const TAKE_TABLES: [&str; 7] = ["join", "lookup", "union", "materialize", "toscalar", "view", "as"];

/// What is known between two pipes at one depth of parentheses.
#[derive(Clone, Copy, Default)]
struct Part<'q> {
    /// The operator; none before the first pipe.
    operator: Option<&'q str>,
    /// Whether a table may come next.
    open: bool,
}

/// What a query names.
pub(super) fn names(query: &str) -> Names {
    let mut names = Names::default();
    let mut lets = Lets::new();
    let start = Part {
        operator: None,
        open: true,
    };
    let mut parts = vec![start];
    let tokens: Vec<&str> = kql::tokens(query)
        .map(|token| token.of_text(query))
        .filter(|token| !token.trim().is_empty() && !token.starts_with("//"))
        .collect();
    for (index, token) in tokens.iter().copied().enumerate() {
        let next = tokens.get(index + 1).copied().unwrap_or_default();
        let before = index
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .copied()
            .unwrap_or_default();
        let Some(part) = parts.last_mut() else {
            return names;
        };
        match token {
            "{" => lets.open(),
            "}" => lets.close(),
            ";" => lets.end(),
            "let" if tokens.get(index + 2) == Some(&"=") => lets.begin(next),
            // A function of another database is named after a dot.
            _ => {
                let calls = next == "(" && is_word(token) && names.calls.len() < MOST_NAMES;
                if calls && (before == "." || !lets.binds(token)) {
                    names.calls.insert(token.to_owned());
                }
            }
        }
        match token {
            "(" => {
                let takes = part.operator.is_some_and(|operator| TAKE_TABLES.contains(&operator));
                let open = takes || part.open || TAKE_TABLES.contains(&before);
                parts.push(Part { operator: None, open });
            }
            "{" => parts.push(start),
            ")" | "}" => {
                if parts.len() > 1 {
                    parts.pop();
                }
                if let Some(outer) = parts.last_mut() {
                    outer.open = false;
                }
            }
            "|" => *part = Part::default(),
            ";" => *part = start,
            "," => part.open = part.operator == Some("union"),
            "=" => part.open = part.operator == Some("let"),
            _ if is_word(token) => {
                if word(token, next, part) && names.tables.len() < MOST_NAMES && !lets.binds(token) {
                    names.tables.insert(token.to_owned());
                }
            }
            _ if before == "(" && index > 1 && tokens.get(index - 2) == Some(&"external_table") => {
                part.open = false;
                names
                    .tables
                    .insert(token.trim_matches(['\'', '"', '@', 'h']).to_owned());
            }
            _ => part.open = false,
        }
    }
    names
}

/// Takes in a word: whether it stands where a table does.
fn word<'q>(token: &'q str, next: &str, part: &mut Part<'q>) -> bool {
    let starts = part.operator.is_none();
    if starts && (!part.open || token == "let" || token == "union") {
        // The operator after a pipe, or one that starts a query.
        part.operator = Some(token);
        part.open = TAKE_TABLES.contains(&token);
        return false;
    }
    // `kind=inner` and its kin are options, after which the table comes.
    if next == "=" || !part.open && !matches!(part.operator, Some("join" | "lookup")) {
        return false;
    }
    let is_table = next != "(" && token != "on" && part.open;
    part.open = false;
    if starts {
        part.operator = Some("");
    }
    is_table
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && token.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_in_the_place_of_a_table_count() {
        for (query, expected) in [
            ("T | where a == 'Region'", "T"),
            ("T | summarize count() by Region", "T"),
            ("T | project Region, a", "T"),
            ("union A, B | where C > 1", "A B"),
            ("A | union B, C | take 1", "A B C"),
            ("T | join (U | where x) on Key", "T U"),
            ("let x = V; x | join (W) on k", "V W"),
            ("let T = T; T", "T"),
            ("x | join (y) on k; let x = V", "V x y"),
            ("let f = () { let x = V; x }; x | union f()", "V x"),
            ("F(T) | where y", ""),
            ("{ T | where x }", "T"),
            ("A | join (external_table('Rates')) on k", "A Rates"),
            ("T", "T"),
        ] {
            let found: Vec<_> = names(query).tables.into_iter().collect();
            assert_eq!(found.join(" "), expected, "{query}");
        }
    }

    #[test]
    fn a_function_that_let_binds_is_no_stored_one() {
        for (query, expected) in [
            ("T | invoke F()", "F"),
            ("let F = () { G() }; F() | take 1", "G"),
            ("let F = () { F() }; F()", "F"),
            ("let f = () { let F = (x: int) { T }; F(1) }; F()", "F"),
            ("let F = (x: int) { T };\nF(1); database('Other').F(2)", "F database"),
            ("let x = F(1); x", "F"),
            ("let a = 1; F (a)", "F"),
            ("F == 1", ""),
        ] {
            let found: Vec<_> = names(query).calls.into_iter().collect();
            assert_eq!(found.join(" "), expected, "{query}");
        }
    }
}
