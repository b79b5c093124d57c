//! What is said of a rule, from its page.

use serde::Serialize;

use super::Message;
use crate::diagnostic::Severity;
use crate::report::forge::page_address;
use crate::rules::meta::{self, Meta, Status};
use crate::rules::security::Security;
use crate::rules::{self, Rule};

/// Characters of a description that GitHub takes.
const LONGEST: usize = 1024;
/// The heading under which the examples of a page stand. They are left out of reports: some hold what looks like a
/// secret, and the address of the page is told.
const EXAMPLES: &str = "## Examples";

/// A rule, or a kind of notification.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    id: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    short_description: Option<Message<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Message<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Help>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_configuration: Option<DefaultConfiguration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
struct DefaultConfiguration {
    enabled: bool,
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    security_severity: Option<String>,
}

impl Descriptor {
    /// A rule with what its page says; only its name where there is no page.
    pub(super) fn of_rule(name: &'static str) -> Self {
        let described = rules::find(name).and_then(|rule| Some((rule, meta::meta(rule.page).ok()?)));
        let bare = Self {
            id: name,
            name: pascal_case(name),
            short_description: None,
            full_description: None,
            help_uri: None,
            help: None,
            default_configuration: None,
            properties: None,
        };
        match described {
            Some((rule, meta)) => bare.described(rule, &meta),
            None => bare,
        }
    }

    fn described(self, rule: &Rule, meta: &Meta) -> Self {
        let help_uri = page_address(rule);
        Self {
            short_description: Some(Message {
                text: shortened(&meta.summary) + ".",
            }),
            full_description: Some(Message {
                text: shortened(&what_it_reports(rule.page)),
            }),
            help: Some(help(rule, &help_uri)),
            help_uri: Some(help_uri),
            default_configuration: Some(DefaultConfiguration {
                enabled: meta.on,
                level: super::notification::level(meta.severity),
            }),
            properties: Some(properties(rule, meta)),
            ..self
        }
    }

    /// A kind of notification.
    pub(super) fn of_notification(id: &'static str, about: &str) -> Self {
        let about = || about.to_owned();
        Self {
            short_description: Some(Message { text: about() }),
            full_description: Some(Message { text: about() }),
            help: Some(Help {
                text: about(),
                markdown: about(),
            }),
            ..Self::of_rule(id)
        }
    }
}

fn properties(rule: &Rule, meta: &Meta) -> Properties {
    let mut tags = vec![rule.family.to_owned()];
    if let Some(security) = &meta.security {
        tags.push("security".to_owned());
        let weaknesses = security.weaknesses.iter();
        tags.extend(weaknesses.map(|number| format!("external/cwe/cwe-{number:03}")));
    }
    Properties {
        tags,
        precision: precision(meta),
        problem_severity: match meta.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "recommendation",
        },
        security_severity: meta.security.as_ref().map(Security::severity),
    }
}

/// How often a rule is right. An error is certain, a warning holds under a condition, a note rests on documents that
/// leave the matter open; a rule on trial is trusted less.
fn precision(meta: &Meta) -> &'static str {
    match (meta.severity, meta.status) {
        (Severity::Error, Status::Stable) => "very-high",
        (Severity::Error, Status::Preview) | (Severity::Warning, Status::Stable) => "high",
        (Severity::Warning, Status::Preview) | (Severity::Note, Status::Stable) => "medium",
        (Severity::Note, Status::Preview) => "low",
    }
}

/// `embedded-secret` as `EmbeddedSecret`.
fn pascal_case(name: &str) -> String {
    let words = name.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST - 2) {
        Some((at, _)) => text.get(..at).unwrap_or_default().to_owned() + "…",
        None => text.to_owned(),
    }
}

/// What the page says under its first heading.
fn what_it_reports(page: &str) -> String {
    let lines = meta::body(page).lines().filter(|line| !line.starts_with("# "));
    let after = lines.skip_while(|line| !line.starts_with("## ")).skip(1);
    let section: Vec<&str> = after.take_while(|line| !line.starts_with("## ")).collect();
    section.join("\n").trim().to_owned()
}

/// The page without its title and its examples.
fn help(rule: &Rule, address: &str) -> Help {
    let mut text = String::new();
    let mut markdown = String::new();
    let mut fence = 0;
    let mut examples = false;
    for line in meta::body(rule.page).lines() {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        let closes = fence > 0 && ticks >= fence && line.trim_start_matches('`').trim().is_empty();
        let opens = fence == 0 && ticks >= 3;
        if fence == 0 && line.starts_with("## ") {
            examples = line == EXAMPLES;
        }
        let said = !examples && !(fence == 0 && (line.starts_with("# ") || line.starts_with("<!--")));
        if opens {
            fence = ticks;
        } else if closes {
            fence = 0;
        }
        let mark = fence > 0
            && line.trim_start().starts_with(['/', '#'])
            && line.trim_start_matches(['/', '#', ' ']).starts_with('~');
        if !said || mark {
            continue;
        }
        markdown.push_str(if opens { opening(line) } else { line });
        markdown.push('\n');
        if !opens && !closes {
            text.push_str(&if fence > 0 {
                format!("    {line}")
            } else {
                unmarked(line)
            });
            text.push('\n');
        }
    }
    Help {
        text: format!("{}\n\nExamples: {address}", text.trim()),
        markdown: format!("{}\n\n[Examples]({address})", markdown.trim()),
    }
}

/// The line that opens a block, without what only the tests of the pages read.
fn opening(line: &str) -> &str {
    line.split(' ').next().unwrap_or(line)
}

/// A line without the marks of a heading and of code.
fn unmarked(line: &str) -> String {
    let heading = line.trim_start_matches('#');
    let line = if heading.len() < line.len() {
        heading.trim_start()
    } else {
        line
    };
    line.replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::ALL;

    #[test]
    fn every_page_gives_a_help_without_tests_and_without_what_looks_like_a_secret() {
        for rule in ALL {
            let Help { text, markdown } = help(rule, "https://x/y.md");
            for said in [&text, &markdown] {
                assert!(
                    said.contains("What it reports") && said.contains("How to mend it"),
                    "{}",
                    rule.name
                );
                assert!(!said.contains("//~") && !said.contains("#~"), "{}", rule.name);
                assert!(!said.contains("## Examples") && said.len() > 300, "{}", rule.name);
            }
            assert!(!text.contains("```"), "{}", rule.name);
            let mut blocks = markdown.lines().filter(|line| line.starts_with("```"));
            assert!(
                blocks.all(|line| !line.contains(' ')) && !markdown.contains(" good\n"),
                "{}",
                rule.name
            );
            let first = what_it_reports(rule.page);
            assert!(first.len() > 30 && !first.contains("##"), "{}: {first}", rule.name);
        }
    }

    #[test]
    fn names_and_descriptions_have_their_forms() {
        assert_eq!(pascal_case("key-not-rsa-2048"), "KeyNotRsa2048");
        assert_eq!(shortened("é"), "é");
        assert_eq!(shortened(&"é".repeat(2000)).chars().count(), LONGEST - 1);
    }
}
