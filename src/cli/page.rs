//! The page of a rule, taken apart for the terminal.

use super::Failure;
use crate::diagnostic::{Applicability, Severity};
use crate::rules::{Rule, meta};

/// What the page of a rule says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// The highest severity of its findings.
    pub(super) severity: Severity,
    /// Whether it runs without a configuration that turns it on.
    pub(super) on: bool,
    /// How far its fixes may be trusted, if it has some.
    pub(super) fix: Option<Applicability>,
    /// The rule in one sentence.
    pub(super) summary: String,
    /// The page without its front matter.
    pub(super) body: &'static str,
}

impl Page {
    /// The page of a rule.
    pub(super) fn of(rule: &Rule) -> Result<Self, Failure> {
        let meta = meta::meta(rule.page)
            .map_err(|error| Failure::new(format!("the page of rule `{}` can't be read: {error}", rule.name)))?;
        Ok(Self {
            severity: meta.severity,
            on: meta.on,
            fix: meta.fix,
            summary: meta.summary,
            body: meta::body(rule.page),
        })
    }

    /// The body without the title, which is the name of the rule.
    pub(super) fn text(&self) -> &'static str {
        match self.body.split_once('\n') {
            Some((title, rest)) if title.starts_with("# ") => rest.trim_start(),
            _ => self.body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::ALL;

    #[test]
    fn every_page_is_taken_apart() {
        for rule in ALL {
            let page = Page::of(rule).unwrap();
            assert!(
                !page.summary.is_empty() && !page.summary.ends_with('.'),
                "{}",
                rule.name
            );
            assert!(page.body.starts_with(&format!("# {}\n", rule.name)), "{}", rule.name);
            assert!(page.text().starts_with("## What it reports\n"), "{}", rule.name);
        }
    }

    #[test]
    fn a_broken_page_is_a_failure_and_no_empty_line() {
        let rule = Rule {
            name: "a-thing",
            family: "input",
            page: "---\nsummary: x\n---\n\n# a-thing\n",
            check: None,
        };
        let Failure(problems) = Page::of(&rule).unwrap_err();
        assert!(
            problems[0].contains("`a-thing`") && problems[0].contains("heading"),
            "{problems:?}"
        );
    }
}
