//! The part of the guide that is made of the rules' pages: its list of chapters, and a chapter for each rule that includes
//! the page. No page is copied.

use super::ALL;

/// The lines of the list of chapters between which the rules stand.
pub const MARKS: [&str; 2] = ["<!-- rules:start -->", "<!-- rules:end -->"];

/// The families in the order of the guide, with their titles.
const FAMILIES: [(&str, &str); 9] = [
    ("identity-policy", "Managed identity policies"),
    ("identity-flows", "Identity flows"),
    ("role-grants", "Role grants"),
    ("customer-managed-keys", "Customer-managed keys"),
    ("connection-strings", "Connection strings and secrets"),
    ("templates", "Templates"),
    ("kql-scripts", "KQL scripts"),
    ("input", "Input"),
    ("suppressions", "Suppressions"),
];

/// The list of the rules' chapters, a heading for each family that has rules.
#[must_use]
pub fn chapters() -> String {
    let mut out = String::new();
    for (family, title) in FAMILIES {
        let rules: Vec<_> = ALL.iter().filter(|rule| rule.family == family).collect();
        if rules.is_empty() {
            continue;
        }
        out.push_str(&format!("\n# Rules: {title}\n\n"));
        for rule in rules {
            out.push_str(&format!("- [{}](rules/{family}/{0}.md)\n", rule.name));
        }
    }
    out.push('\n');
    out
}

/// Each rule's chapter: its path below the sources of the guide, and its text, which includes the page from its title on.
pub fn pages() -> impl Iterator<Item = (String, String)> {
    ALL.iter().map(|rule| {
        let (family, name) = (rule.family, rule.name);
        let before = rule.page.lines().take_while(|line| !line.starts_with("# ")).count();
        let text = format!(
            "{{{{#include ../../../../rules/{family}/{name}.md:{}:}}}}\n",
            before + 1
        );
        (format!("rules/{family}/{name}.md"), text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_chapter() {
        let chapters = chapters();
        for (rule, (path, _)) in ALL.iter().zip(pages()) {
            assert!(chapters.contains(&format!("- [{}]({path})", rule.name)), "{path}");
        }
    }
}
