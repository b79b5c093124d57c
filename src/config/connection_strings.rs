//! `[connection-strings]`: what is trusted besides the service's own.

use toml::de::DeTable;

use super::read::texts;
use super::shape::{Form, Key, Kind};

const HOST: Form = Form {
    what: "the name of a host, or of all hosts below a name: \"adx.contoso.com\", \"*.contoso.net\"",
    pattern: r"(\*\.)?[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)+",
    longest: 253,
};

pub(super) const KEYS: &[Key] = &[Key::new(
    "trusted-hosts",
    Kind::List(&Kind::Text(&HOST)),
    "Hosts to which your programs let clients sign in, besides those of the service: `*.` stands for all that lies below a name",
)
.default("[]")];

/// The section.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnectionStrings {
    /// Names of hosts in lower case; those that start with a dot mean what lies below.
    trusted: Vec<String>,
}

impl ConnectionStrings {
    /// Whether the user trusts a host.
    #[must_use]
    pub fn trusts(&self, host: &str) -> bool {
        let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
        self.trusted.iter().any(|known| {
            if known.starts_with('.') {
                host.ends_with(known) && host.len() > known.len()
            } else {
                host == *known
            }
        })
    }

    pub(super) fn read(&mut self, table: &DeTable<'_>) {
        let hosts = texts(table, "trusted-hosts").into_iter();
        let hosts = hosts.map(|(host, _)| host.strip_prefix('*').unwrap_or(host).to_ascii_lowercase());
        self.trusted.extend(hosts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_trusted_whole_or_below_a_name() {
        let hosts = ConnectionStrings {
            trusted: vec!["adx.contoso.com".to_owned(), ".contoso.net".to_owned()],
        };
        for (host, expected) in [
            ("ADX.contoso.com.", true),
            ("x.adx.contoso.com", false),
            ("a.b.contoso.net", true),
            ("contoso.net", false),
            ("evilcontoso.net", false),
        ] {
            assert_eq!(hosts.trusts(host), expected, "{host}");
        }
    }
}
