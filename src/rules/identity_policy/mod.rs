//! Family "Identity policy": what managed identity policies must and must not say.

pub mod database_level_sandbox_artifacts;
pub mod missing_native_ingestion;

use crate::facts::{Identity, IdentityRef, Level, Name};
use crate::service::Usage;
use crate::text::Symbol;

/// The command that allows `usage` to an identity at `level` ("cluster", "database Sales"), ready to copy.
fn grant_command(level: &str, who: Option<&IdentityRef>, usage: Usage) -> String {
    let who = who.map_or("<object id>", in_command);
    format!(
        ".alter-merge {level} policy managed_identity ```[{{\"ObjectId\":\"{who}\",\"AllowedUsages\":\"{usage}\"}}]```"
    )
}

/// An identity as a command names it. One that only a template knows by a parameter has no such name.
fn in_command(named: &IdentityRef) -> &str {
    match &named.identity {
        Identity::System(_) => "system",
        Identity::Object(_) | Identity::Malformed => &named.written,
        Identity::Symbol(symbol) if matches!(**symbol, Symbol::Placeholder(_)) => &named.written,
        Identity::Symbol(_) | Identity::UserAssigned(_) => "<object id>",
    }
}

/// A database as a command names it: `database Sales`, `database ['Harbor Master']`.
fn in_database(name: Option<&Name>) -> String {
    let Some(name) = name.filter(|name| name.is_known()).map(ToString::to_string) else {
        return "database <name>".to_owned();
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        format!("database {name}")
    } else {
        format!("database ['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"))
    }
}

/// The database whose policy a command sets.
fn database_of(level: &Level) -> Option<&Name> {
    match level {
        Level::Database(name) => name.as_ref(),
        Level::Cluster => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_quoted_where_they_must_be() {
        for (name, wanted) in [
            ("Sales", "database Sales"),
            ("Harbor Master", "database ['Harbor Master']"),
            ("it's", "database ['it\\'s']"),
            ("7seas", "database ['7seas']"),
        ] {
            assert_eq!(in_database(Some(&Name::literal(name))), wanted);
        }
        assert_eq!(in_database(None), "database <name>");
        assert_eq!(
            in_database(Some(&Name::symbolic("parameter db", "parameters('db')"))),
            "database <name>"
        );
    }
}
