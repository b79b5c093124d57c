//! The tables of flows that documents and pages show, made of the rows in `service`.

use crate::service::{Basis, FLOWS, FlowRow, Levels, Need, Reach, Seen, Support, USAGES, Usage, least_role};

/// The lines before and after a table of flows.
pub const MARKS: [&str; 2] = ["<!-- flows:start -->", "<!-- flows:end -->"];

/// Makes a table of flows.
pub type Table = fn() -> String;

/// The documents that hold a table of flows, each with the table.
pub const PLACES: &[(&str, Table)] = &[
    ("docs/flows.md", all),
    ("rules/identity-flows/missing-identity-usage.md", with_usage),
    ("rules/identity-flows/unsupported-identity-flow.md", without_identity),
];

/// All flows: where each shows, which usage allows it, on which level, and what the identity needs at the target.
#[must_use]
pub fn all() -> String {
    let mut out = String::from(
        "| Flow | Where it shows | Usage | Policy of | Least at the target | Source |\n|---|---|---|---|---|---|\n",
    );
    for row in FLOWS {
        let usage = match row.support {
            Support::Needs(usage) => format!("`{usage}`{}", inferred(row)),
            Support::NoUsage => "none is documented".to_owned(),
            Support::Never(instead) => format!("takes no identity: use {instead}"),
        };
        out.push_str(&format!(
            "| {} | {} | {usage} | {} | {} | {} |\n",
            row.title,
            shown(row),
            level(row),
            needed(row),
            row.source
        ));
    }
    out
}

/// The usages but that of ingestion, each with the flows that need it.
#[must_use]
pub fn with_usage() -> String {
    let mut out = String::new();
    for (usage, word) in USAGES {
        let needs = |row: &&FlowRow| matches!(row.support, Support::Needs(needed) if needed == usage);
        let rows: Vec<&FlowRow> = FLOWS.iter().filter(needs).collect();
        let Some(first) = rows.first().filter(|_| usage != Usage::NativeIngestion) else {
            continue;
        };
        let titles: Vec<String> = rows
            .iter()
            .map(|row| format!("{}{}", row.title, inferred(row)))
            .collect();
        out.push_str(&format!(
            "* `{word}`, in the policy of the {}: {}\n",
            level(first),
            titles.join(", ")
        ));
    }
    out
}

/// The flows that take no identity, each with where it shows.
#[must_use]
pub fn without_identity() -> String {
    let never = FLOWS.iter().filter(|row| matches!(row.support, Support::Never(_)));
    let line = |row: &FlowRow| match shown(row) {
        shown if shown == row.title => format!("* {shown}\n"),
        shown => format!("* {}: {shown}\n", row.title),
    };
    never.map(line).collect()
}

fn inferred(row: &FlowRow) -> &'static str {
    match row.basis {
        Basis::Documented => "",
        Basis::Inferred => " (inferred)",
    }
}

fn level(row: &FlowRow) -> &'static str {
    match (row.support, row.levels) {
        (Support::NoUsage | Support::Never(_), _) => "",
        (Support::Needs(_), Levels::ClusterOrDatabase) => "cluster or database",
        (Support::Needs(_), Levels::Cluster) => "cluster only",
    }
}

fn shown(row: &FlowRow) -> String {
    let seen = row.seen.iter().map(|seen| match seen {
        Seen::Command(words) | Seen::Operator(words) => format!("`{words}`"),
        Seen::Connection { kind, .. } => format!("data connection of kind `{kind}`"),
        Seen::Words(words) => (*words).to_owned(),
    });
    seen.collect::<Vec<_>>().join(", ")
}

fn needed(row: &FlowRow) -> String {
    let role = |reach: Reach| least_role(reach).map(|role| format!("{} (`{}`)", role.name, role.id));
    let needs = row.needs.iter().filter_map(|need| match need {
        Need::Role(reach) => role(*reach),
        Need::ToWrite(reach) => role(*reach).map(|role| format!("to write: {role}")),
        Need::Rights(rights) => Some((*rights).to_owned()),
    });
    let mark = if row.needs_basis == Basis::Inferred {
        " (inferred)"
    } else {
        ""
    };
    needs.collect::<Vec<_>>().join("; ") + mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flow_stands_in_the_tables() {
        let (all, with, without) = (all(), with_usage(), without_identity());
        for row in FLOWS {
            assert!(all.contains(&format!("| {} |", row.title)), "{}", row.title);
            let ingests = row.flow.usage() == Some(Usage::NativeIngestion);
            let listed = matches!(row.support, Support::Needs(_)) && !ingests;
            assert_eq!(with.contains(row.title), listed, "{}", row.title);
            let never = matches!(row.support, Support::Never(_));
            assert_eq!(without.contains(&format!("* {}", row.title)), never, "{}", row.title);
        }
        assert!(
            all.lines().all(|line| line.starts_with('|') && line.ends_with('|')),
            "{all}"
        );
    }

    #[test]
    fn what_no_document_says_is_marked() {
        let all = all();
        for (title, usage, needs) in [
            ("query acceleration", false, true),
            ("an Event Hubs data connection", false, false),
            ("an Event Hubs data connection that requires an identity", true, true),
            ("queued ingestion", true, true),
            ("`externaldata`", false, true),
            ("`infer_storage_schema`", false, false),
            ("an artifact of a sandboxed plugin", false, true),
            ("a call of Azure OpenAI by `ai_embed_text`", true, true),
        ] {
            let line = all.lines().find(|line| line.starts_with(&format!("| {title} |")));
            let cells: Vec<_> = line.unwrap_or_default().split(" | ").collect();
            let marked = |cell: usize| cells.get(cell).is_some_and(|cell| cell.ends_with("(inferred)"));
            assert_eq!((marked(2), marked(4)), (usage, needs), "{title}: {line:?}");
        }
    }

    #[test]
    fn a_row_tells_levels_and_roles() {
        let line = all()
            .lines()
            .find(|line| line.contains("sandboxed"))
            .map(str::to_owned)
            .unwrap();
        for part in [
            "`SandboxArtifacts`",
            "cluster only",
            "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
            "`python`",
        ] {
            assert!(line.contains(part), "{line}");
        }
    }
}
