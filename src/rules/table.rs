//! The table of the rules for the README, made of their pages.

use super::{ALL, meta};

/// The line before the table.
pub const START: &str = "<!-- rules:start -->";
/// The line after it.
pub const END: &str = "<!-- rules:end -->";

/// The table: name, severity and summary of each rule, as its page tells them.
///
/// # Errors
/// When a page cannot be read.
pub fn table() -> Result<String, String> {
    let mut out = String::from("| Rule | Severity | What it finds |\n|---|---|---|\n");
    for rule in ALL {
        let path = format!("rules/{}/{}.md", rule.family, rule.name);
        let meta = meta::meta(rule.page).map_err(|error| format!("{path}: {error}"))?;
        let summary = meta.summary.replace('|', "\\|");
        out.push_str(&format!(
            "| [`{}`]({path}) | {} | {summary} |\n",
            rule.name, meta.severity
        ));
    }
    Ok(out)
}

/// The document with `table` between its two marks.
///
/// # Errors
/// When the marks are not there, each once and in order.
pub fn placed(document: &str, table: &str) -> Result<String, String> {
    let parts: Vec<&str> = document.split(START).collect();
    let (before, after) = match parts.as_slice() {
        [before, after] => (before, after),
        _ => return Err(format!("`{START}` must stand there once")),
    };
    let parts: Vec<&str> = after.split(END).collect();
    match parts.as_slice() {
        [_, rest] => Ok(format!("{before}{START}\n{table}{END}{rest}")),
        _ => Err(format!("`{END}` must stand once, after `{START}`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_placed_between_the_marks() {
        let document = format!("a\n{START}\nold\n{END}\nb\n");
        let made = placed(&document, "| new |\n").unwrap();
        assert_eq!(made, format!("a\n{START}\n| new |\n{END}\nb\n"));
        assert_eq!(
            placed(&made, "| new |\n").unwrap(),
            made,
            "placing twice changes nothing"
        );
        for wrong in [
            "",
            START,
            END,
            &format!("{END}{START}"),
            &format!("{START}{START}{END}"),
        ] {
            assert!(placed(wrong, "").is_err(), "{wrong}");
        }
    }
}
