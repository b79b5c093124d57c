//! Which tables a query reads, by where names stand in it.

use std::collections::BTreeSet;

use crate::syntax::kql;

/// Tables of one query that are kept.
const MOST_TABLES: usize = 256;

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

/// The words of a query that stand where a table does: at its start, after `union`, `join` and `lookup`, at the start
/// of what stands in parentheses there, and after `let x =`. Columns, literals and names of functions do not.
pub(super) fn tables(query: &str) -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
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
            return tables;
        };
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
            _ if is_word(token) => word(token, next, part, &mut tables),
            _ if before == "(" && index > 1 && tokens.get(index - 2) == Some(&"external_table") => {
                part.open = false;
                tables.insert(token.trim_matches(['\'', '"', '@', 'h']).to_owned());
            }
            _ => part.open = false,
        }
    }
    tables
}

/// Takes in a word.
fn word<'q>(token: &'q str, next: &str, part: &mut Part<'q>, tables: &mut BTreeSet<String>) {
    let starts = part.operator.is_none();
    if starts && (!part.open || token == "let" || token == "union") {
        // The operator after a pipe, or one that starts a query.
        part.operator = Some(token);
        part.open = TAKE_TABLES.contains(&token);
        return;
    }
    // `kind=inner` and its kin are options, after which the table comes.
    if next == "=" || !part.open && !matches!(part.operator, Some("join" | "lookup")) {
        return;
    }
    if next != "(" && token != "on" && tables.len() < MOST_TABLES && part.open {
        tables.insert(token.to_owned());
    }
    part.open = false;
    if starts {
        part.operator = Some("");
    }
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
            ("let x = V; x | join (W) on k", "V W x"),
            ("F(T) | where y", ""),
            ("{ T | where x }", "T"),
            ("A | join (external_table('Rates')) on k", "A Rates"),
            ("T", "T"),
        ] {
            let found: Vec<_> = tables(query).into_iter().collect();
            assert_eq!(found.join(" "), expected, "{query}");
        }
    }
}
