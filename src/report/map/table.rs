//! The map as a table for people.

use std::io::{self, Write};

use super::{line_of, marked, place, roles, scope_name, shown, target_name, usage_name};
use crate::engine::Mapped;
use crate::map::{MapCluster, MapIdentity, State};
use crate::report::human::count;
use crate::report::{BOLD, DIM};
use crate::text::FileSpan;

/// One line below an identity: what it is about, what is said of it, its state, and why.
struct Row {
    about: String,
    what: String,
    state: State,
    why: String,
    at: Option<FileSpan>,
}

/// Writes the table.
///
/// # Errors
/// What `out` reports.
pub fn table(mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    let map = &mapped.map;
    if map.identities.is_empty() && map.clusters.is_empty() {
        writeln!(
            out,
            "no cluster and no identity that Kusto works as (roles of others are not shown)"
        )?;
    }
    let all: Vec<(&MapIdentity, Vec<Row>)> = map
        .identities
        .iter()
        .map(|identity| (identity, rows(identity)))
        .collect();
    let width = |of: fn(&Row) -> &str| {
        let lengths = all.iter().flat_map(|(_, rows)| rows).map(|row| of(row).chars().count());
        lengths.max().unwrap_or_default().min(48)
    };
    let (about, what) = (width(|row| &row.about), width(|row| &row.what));
    for (identity, rows) in &all {
        writeln!(
            out,
            "{BOLD}{}{BOLD:#} ({})",
            shown(&identity.name),
            identity.kind.words()
        )?;
        for row in rows {
            line(row, (about, what), mapped, out)?;
        }
        if rows.is_empty() {
            writeln!(out, "  nothing in the files needs it or allows it anything")?;
        }
        writeln!(out)?;
    }
    if !map.clusters.is_empty() {
        writeln!(out, "{BOLD}Clusters{BOLD:#}")?;
        map.clusters
            .iter()
            .try_for_each(|cluster| self::cluster(cluster, out))?;
        writeln!(out)?;
    }
    summary(mapped, out)
}

fn rows(identity: &MapIdentity) -> Vec<Row> {
    let mut rows = Vec::new();
    for assigned in &identity.assigned {
        let what = match assigned.state {
            State::Good => "is on the cluster",
            State::Wrong => "is not on the cluster",
            _ => "on the cluster?",
        };
        rows.push(Row {
            about: shown(&assigned.cluster),
            what: what.to_owned(),
            state: assigned.state,
            why: String::new(),
            at: None,
        });
    }
    for scope in &identity.scopes {
        for usage in &scope.usages {
            let flows = match &usage.usage {
                Some(_) => usage.flows.join(", "),
                None => String::new(),
            };
            let why = match (usage.why.is_empty(), flows.is_empty()) {
                (_, true) => line_of(&usage.why),
                (true, false) => format!("for {flows}"),
                (false, false) => format!("for {flows}: {}", line_of(&usage.why)),
            };
            rows.push(Row {
                about: scope_name(scope),
                what: usage_name(usage),
                state: usage.state,
                why,
                at: usage.places.first().copied(),
            });
        }
    }
    for target in &identity.targets {
        rows.push(Row {
            about: target_name(target),
            what: roles(target),
            state: target.state,
            why: line_of(&target.why),
            at: target.places.first().copied(),
        });
    }
    rows
}

fn line(row: &Row, (about, what): (usize, usize), mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    let (left, middle, state) = (&row.about, &row.what, marked(row.state));
    write!(out, "  {left:about$}  {middle:what$}  ")?;
    if row.state.stands_out() {
        write!(out, "{BOLD}{state:9}{BOLD:#}")?;
    } else {
        write!(out, "{state:9}")?;
    }
    if !row.why.is_empty() {
        write!(out, "  {}", row.why)?;
    }
    match row.at.filter(|_| row.state <= State::Unknown) {
        Some(at) => writeln!(out, "  {DIM}{}{DIM:#}", place(at, &mapped.sources)),
        None => writeln!(out),
    }
}

fn cluster(cluster: &MapCluster, out: &mut dyn Write) -> io::Result<()> {
    let system = match cluster.system_identity {
        Some(true) => "with a system-assigned identity",
        Some(false) => "without a system-assigned identity",
        None => "system-assigned identity unknown",
    };
    let mut parts = vec![system.to_owned()];
    let mut users: Vec<String> = cluster.users.iter().map(|user| shown(user)).collect();
    if cluster.more_users {
        users.push("others that are not known".to_owned());
    }
    if !users.is_empty() {
        parts.push(format!("user-assigned: {}", users.join(", ")));
    }
    for vault in &cluster.vaults {
        let name = vault.as_deref().map_or_else(|| "? (not known)".to_owned(), shown);
        parts.push(format!("key in vault {name}"));
    }
    writeln!(out, "  {}: {}", shown(&cluster.name), parts.join("; "))
}

fn summary(mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    let (wrong, missing, unknown) = mapped.map.counts();
    let files = count(mapped.files, "file");
    writeln!(out, "{wrong} wrong, {missing} missing, {unknown} unknown in {files}")?;
    if wrong + missing > 0 {
        writeln!(
            out,
            "`kustolint check` tells what to write for what is wrong or missing"
        )?;
    }
    if mapped.troubles > 0 {
        let troubles = count(mapped.troubles, "problem");
        writeln!(
            out,
            "{troubles} while reading: the map may lack what stands there (`kustolint check`)"
        )?;
    }
    if mapped.map.cut {
        writeln!(out, "the files hold more than a map can show: it is not complete")?;
    }
    Ok(())
}
