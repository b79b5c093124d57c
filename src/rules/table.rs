//! The table of the rules for the README, made of their pages.

use super::{ALL, meta};
use crate::diagnostic::Applicability;

/// The lines before and after the table.
pub const MARKS: [&str; 2] = ["<!-- rules:start -->", "<!-- rules:end -->"];

/// The table: name, severity, kind of fix and summary of each rule, as its page tells them.
///
/// # Errors
/// When a page cannot be read.
pub fn table() -> Result<String, String> {
    let mut out = String::from("| Rule | Severity | Fix | What it finds |\n|---|---|---|---|\n");
    for rule in ALL {
        let path = format!("rules/{}/{}.md", rule.family, rule.name);
        let meta = meta::meta(rule.page).map_err(|error| format!("{path}: {error}"))?;
        let summary = meta.summary.replace('|', "\\|");
        let fix = meta.fix.map_or("", Applicability::as_str);
        out.push_str(&format!(
            "| [`{}`]({path}) | {}{} | {fix} | {summary} |\n",
            rule.name,
            meta.severity,
            if meta.on { "" } else { " (off)" }
        ));
    }
    Ok(out)
}

/// The document with `text` between its two marks.
///
/// # Errors
/// When the marks are not there, each once and in order.
pub fn placed(document: &str, marks: [&str; 2], text: &str) -> Result<String, String> {
    let [start, end] = marks;
    let parts: Vec<&str> = document.split(start).collect();
    let [before, after] = parts.as_slice() else {
        return Err(format!("`{start}` must stand there once"));
    };
    let parts: Vec<&str> = after.split(end).collect();
    let [_, rest] = parts.as_slice() else {
        return Err(format!("`{end}` must stand once, after `{start}`"));
    };
    Ok(format!("{before}{start}\n{text}{end}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_placed_between_the_marks() {
        let [start, end] = MARKS;
        let document = format!("a\n{start}\nold\n{end}\nb\n");
        let made = placed(&document, MARKS, "| new |\n").unwrap();
        assert_eq!(made, format!("a\n{start}\n| new |\n{end}\nb\n"));
        let again = placed(&made, MARKS, "| new |\n").unwrap();
        assert_eq!(again, made, "placing twice changes nothing");
        for wrong in [
            "",
            start,
            end,
            &format!("{end}{start}"),
            &format!("{start}{start}{end}"),
        ] {
            assert!(placed(wrong, MARKS, "").is_err(), "{wrong}");
        }
    }
}
