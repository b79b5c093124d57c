//! What reports that a forge keeps have in common: how they name files, rules and the program's home.

use std::borrow::Cow;

use super::model::Located;
use crate::rules::Rule;

/// Where the program and the pages of its rules are published.
pub(super) const HOME: &str = if REPOSITORY.is_empty() {
    "https://github.com/kustolint/kustolint"
} else {
    REPOSITORY
};

const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The address of a rule's page.
pub(super) fn page_address(rule: &Rule) -> String {
    format!("{HOME}/blob/main/rules/{}/{}.md", rule.family, rule.name)
}

/// The folder that stands for whatever lies outside of the repository: where it lies is the machine's own business.
const OUTSIDE: &str = "outside";

/// A file as forges name it: a relative path that is not empty, with `/` between its names and neither `.` nor `..`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ForgePath<'p> {
    pub(super) path: Cow<'p, str>,
    /// Whether it lies in the repository; if it does not, the path leads nowhere.
    pub(super) inside: bool,
}

impl<'p> ForgePath<'p> {
    /// The file that holds a place.
    pub(super) fn of(at: &'p Located) -> Self {
        Self::new(&at.rooted)
    }

    fn new(rooted: &'p str) -> Self {
        let first = rooted.split('/').next().unwrap_or_default();
        let of_drive =
            matches!(first.as_bytes(), [letter, b':'] | [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic());
        if rooted == "<stdin>" {
            return Self {
                path: Cow::Borrowed(rooted),
                inside: false,
            };
        }
        if !matches!(first, "" | "." | "..") && !of_drive {
            return Self {
                path: Cow::Borrowed(rooted),
                inside: true,
            };
        }
        let names = rooted.split('/').filter(|name| !matches!(*name, "" | "."));
        let names = names.map(|name| if name == ".." { "up" } else { name });
        Self {
            path: std::iter::once(OUTSIDE)
                .chain(names)
                .collect::<Vec<_>>()
                .join("/")
                .into(),
            inside: false,
        }
    }

    /// The path as a relative reference of RFC 3986: each byte that is not a letter, a digit or one of `-._~/` is
    /// escaped, so that the decoded bytes are those of the path.
    pub(super) fn uri(&self) -> String {
        let mut uri = String::with_capacity(self.path.len());
        for byte in self.path.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                    uri.push(char::from(byte))
                }
                _ => uri.push_str(&format!("%{byte:02X}")),
            }
        }
        uri
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_relative_and_decodes_to_itself() {
        for (rooted, path, inside, uri) in [
            ("kql/a.kql", "kql/a.kql", true, "kql/a.kql"),
            ("a b/#?%é.kql", "a b/#?%é.kql", true, "a%20b/%23%3F%25%C3%A9.kql"),
            ("x:y.kql", "x:y.kql", true, "x%3Ay.kql"),
            ("<stdin>", "<stdin>", false, "%3Cstdin%3E"),
            ("", "outside", false, "outside"),
            ("../../o/a.kql", "outside/up/up/o/a.kql", false, "outside/up/up/o/a.kql"),
            ("/home/a.kql", "outside/home/a.kql", false, "outside/home/a.kql"),
            ("C:/x/a.kql", "outside/C:/x/a.kql", false, "outside/C%3A/x/a.kql"),
            ("...", "...", true, "..."),
        ] {
            let of = ForgePath::new(rooted);
            assert_eq!(
                (of.path.as_ref(), of.inside, of.uri().as_str()),
                (path, inside, uri),
                "{rooted}"
            );
        }
    }

    #[test]
    fn the_home_is_an_address() {
        assert!(HOME.starts_with("https://") && !HOME.ends_with('/'));
        let rule = crate::rules::find("embedded-secret").unwrap();
        assert_eq!(
            page_address(rule),
            format!("{HOME}/blob/main/rules/connection-strings/embedded-secret.md")
        );
    }
}
