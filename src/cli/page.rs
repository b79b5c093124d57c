//! The page of a rule, taken apart for the terminal.

use crate::rules::Rule;

/// What the page of a rule says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page<'a> {
    /// How bad its findings are.
    pub(super) severity: &'a str,
    /// The rule in one sentence.
    pub(super) summary: &'a str,
    /// The page without its front matter.
    pub(super) body: &'a str,
}

impl Page<'static> {
    /// The page of a rule.
    pub(super) fn of(rule: &Rule) -> Self {
        Page::read(rule.page)
    }
}

impl<'a> Page<'a> {
    fn read(text: &'a str) -> Self {
        let (front, body) = text
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .unwrap_or(("", text));
        let field = |name: &str| {
            front
                .lines()
                .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
                .map_or("", |value| value.trim().trim_matches('"'))
        };
        Page {
            severity: field("severity"),
            summary: field("summary"),
            body: body.trim(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_told_from_the_page() {
        let page = Page::read("---\nseverity: error\nsummary: \"a: b\"\n---\n\n# Title\n\ntext\n");
        assert_eq!(
            page,
            Page {
                severity: "error",
                summary: "a: b",
                body: "# Title\n\ntext"
            }
        );
        assert_eq!(Page::read("# Title").body, "# Title");
    }
}
