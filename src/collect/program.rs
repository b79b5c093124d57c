//! What a program may do with a connection string after its literal: no language is parsed, so that all that shows is
//! which names stand elsewhere and to which variables something is added.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use crate::syntax::connection::Keyword;
use crate::text::Span;

/// Names by which programs set what makes an application sign in: keywords of strings, properties of builders,
/// variables.
static NAMES: LazyLock<Vec<(Keyword, Regex)>> = LazyLock::new(|| {
    let patterns = [
        (Keyword::AuthorityId, r"(?i)authority|tenant|\btid\b"),
        (
            Keyword::ApplicationClientId,
            r"(?i)client[ _-]?id|\bapp(lication)?[ _-]?id",
        ),
        (
            Keyword::ApplicationKey,
            r"(?i)\bapp(lication)?[ _-]?key|application[ _-]?key|secret|password|certificate|\bapp[ _-]?cert|thumbprint",
        ),
        (Keyword::FederatedSecurity, r"(?i)\b(aad[ _-]?)?fed\b|federated"),
    ];
    let compiled = patterns
        .into_iter()
        .map(|(keyword, pattern)| Some((keyword, Regex::new(pattern).ok()?)));
    compiled.flatten().collect()
});

/// Methods of builders that set all of it.
static BUILDERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)\bwith_?aad_?\w*").ok());

/// A variable to which something is added: by an operator after it, or in a text that it is filled into.
static CONTINUED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([A-Za-z_]\w*)[ \t]*(?:\+=|&=|\.=|\+[ \t]*[^+\s]|\.\.|\.(?i:append|concat|format|join|replace)\w*[ \t]*\()|[+&][ \t]*\$?([A-Za-z_]\w*)|\$\{?([A-Za-z_]\w*)\}?[;$]|\{([A-Za-z_]\w*)\};")
        .ok()
});

/// What stands in a program.
pub(super) struct Program {
    /// Where the first and the last name for a keyword stands.
    named: BTreeMap<Keyword, (usize, usize)>,
    /// Variables to which something is added.
    continued: BTreeSet<String>,
}

impl Program {
    pub(super) fn of(text: &str) -> Self {
        let places = |pattern: &Regex| {
            let mut found = pattern.find_iter(text).map(|found| found.start());
            let first = found.next()?;
            Some((first, found.last().unwrap_or(first)))
        };
        let builder = BUILDERS.as_ref().and_then(places);
        let named = NAMES.iter().filter_map(|(keyword, pattern)| {
            let own = places(pattern);
            let (first, last) = own.or(builder)?;
            let (from, to) = builder.unwrap_or((first, last));
            Some((*keyword, (first.min(from), last.max(to))))
        });
        let variables = CONTINUED
            .as_ref()
            .into_iter()
            .flat_map(|pattern| pattern.captures_iter(text));
        let continued = variables.filter_map(|found| found.iter().skip(1).flatten().next());
        Self {
            named: named.collect(),
            continued: continued.map(|name| name.as_str().to_owned()).collect(),
        }
    }

    /// The keywords whose names stand outside of a string.
    pub(super) fn named_outside(&self, string: Span) -> Vec<Keyword> {
        let span = string.range();
        let is_outside = |(_, (first, last)): &(&Keyword, &(usize, usize))| *first < span.start || *last >= span.end;
        let outside = self.named.iter().filter(is_outside);
        outside.map(|(keyword, _)| *keyword).collect()
    }

    /// Whether something is added to the variable of this name, which may stand after its owner's.
    pub(super) fn goes_on(&self, name: &str) -> bool {
        let own = name.rsplit(['.', ':']).next().unwrap_or(name);
        self.continued.contains(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_goes_on_where_something_is_added_to_it() {
        for text in [
            "cs += \";AppKey=\" + key;",
            "cs = cs + rest",
            "cs = \"a\" & cs",
            "cs=\"$cs;$rest\"",
            "cs=\"${cs}$rest\"",
            "$\"{cs};{rest}\"",
            "cs.concat(rest)",
            "cs.Append(rest)",
            "$cs .= $rest",
        ] {
            assert!(Program::of(text).goes_on("cs"), "{text}");
        }
        for text in [
            "new Builder(cs);",
            "connect \"$cs\"",
            "return cs;",
            "connect(a, cs, b)",
            "i++; use(cs)",
        ] {
            assert!(!Program::of(text).goes_on("cs"), "{text}");
        }
        assert!(Program::of("this.cs += rest").goes_on("self.cs"));
    }

    #[test]
    fn names_count_outside_of_the_string_alone() {
        let text = "a = \"Fed=True;AppClientId=x\"; b.ApplicationKey = k;";
        let string = Span::of(5, 27);
        assert_eq!(Program::of(text).named_outside(string), [Keyword::ApplicationKey]);
        let builder = Program::of("x.WithAadApplicationKeyAuthentication(a, b, c)");
        assert_eq!(builder.named_outside(Span::of(50, 60)).len(), 4);
    }
}
