//! Compares what we call a command, and the parts that we find in it, with what the reference parser makes
//! of it. Only what that parser fully accepts is compared.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

use crate::shared::{Run, answer};

/// The kinds that matter, with our names for them.
const KINDS: &str = include_str!("../data/kinds.tsv");
/// Files that the program is asked about at once.
const FILES: usize = 200;

/// A row of the table.
struct Row {
    kind: &'static str,
    parts: &'static str,
    name: &'static str,
    /// Why we differ, if we do.
    decision: Option<&'static str>,
}

/// Of each command of ours where it starts, its name and its parts.
type Commands = BTreeMap<u64, (String, String)>;

/// How often a kind was met and how often we agreed.
#[derive(Default)]
struct Count {
    compared: usize,
    agreed: usize,
    decided: usize,
    /// Different answers of ours, with a place.
    others: Vec<String>,
}

/// Compares, and tells the figures in one line.
pub(crate) fn check(run: &Run) -> Result<String, String> {
    verdict(&compare(run)?)
}

/// Compares, and prints a line for each kind.
pub(crate) fn table(run: &Run) -> Result<String, String> {
    let counts = compare(run)?;
    for (kind, count) in &counts {
        println!("{:>4}/{:<4} {kind}", count.agreed, count.compared);
    }
    for row in rows()?.iter().filter(|row| row.decision.is_some()) {
        println!(
            "decided: {} is `{}`: {}",
            row.kind,
            row.name,
            row.decision.unwrap_or_default()
        );
    }
    verdict(&counts)
}

fn verdict(counts: &BTreeMap<String, Count>) -> Result<String, String> {
    let sum = |field: fn(&Count) -> usize| counts.values().map(field).sum::<usize>();
    let (compared, agreed, decided) = (
        sum(|count| count.compared),
        sum(|count| count.agreed),
        sum(|count| count.decided),
    );
    let figures = format!(
        "{agreed}/{compared} commands of {} kinds, {decided} decided otherwise",
        counts.len()
    );
    let others: Vec<&str> = counts
        .values()
        .flat_map(|count| &count.others)
        .map(String::as_str)
        .collect();
    if compared == 0 {
        return Err("nothing was compared".to_owned());
    }
    if others.is_empty() {
        return Ok(figures);
    }
    Err(format!("{figures}\n        {}", others.join("\n        ")))
}

/// The table, read.
fn rows() -> Result<Vec<Row>, String> {
    let lines = KINDS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().filter(|cell| !cell.is_empty());
            match (cell(), cell(), cell(), cell()) {
                (Some(kind), Some(parts), Some(name), decision) => Ok(Row {
                    kind,
                    parts,
                    name,
                    decision,
                }),
                _ => Err(format!("kinds.tsv: three cells are wanted: {line}")),
            }
        })
        .collect()
}

impl Row {
    fn fits(&self, name: &str, parts: &str) -> bool {
        let same = |pattern: &str, word: &str| pattern == "*" || pattern == word;
        let wanted: Vec<&str> = self.name.split(' ').collect();
        let words: Vec<&str> = name.split(' ').collect();
        let whole = self.parts == parts || parts.split_once(':').is_some_and(|(kind, _)| kind == self.parts);
        whole && wanted.len() == words.len() && wanted.iter().zip(words).all(|(pattern, word)| same(pattern, word))
    }
}

fn compare(run: &Run) -> Result<BTreeMap<String, Count>, String> {
    let corpus = run.path("corpora/kql")?;
    let rows = rows()?;
    let reference =
        std::fs::read_to_string(run.path("corpora/kql/oracle.jsonl")?).map_err(|error| error.to_string())?;
    let files: Vec<Value> = reference
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .filter(|file: &Value| file.get("encoding").is_none())
        .collect();
    let mut counts = BTreeMap::new();
    for files in files.chunks(FILES) {
        let ids: Vec<&str> = files.iter().filter_map(|file| file.get("id")?.as_str()).collect();
        let mut command = Command::new(&run.bin);
        command
            .current_dir(&corpus)
            .args(["inspect", "--view", "kql"])
            .args(&ids);
        let answers = answer(command)?;
        let ours: BTreeMap<String, Commands> = answers
            .out
            .lines()
            .filter_map(|line| commands(&serde_json::from_str(line).ok()?))
            .collect();
        for file in files {
            let id = file.get("id").and_then(Value::as_str).unwrap_or_default();
            let ours = ours.get(id).ok_or_else(|| format!("no answer for {id}"))?;
            for (kind, at) in accepted(file) {
                count(&mut counts, &rows, kind, ours.get(&at), &format!("{id} byte {at}"));
            }
        }
    }
    Ok(counts)
}

fn count(counts: &mut BTreeMap<String, Count>, rows: &[Row], kind: &str, ours: Option<&(String, String)>, place: &str) {
    let (name, parts) = ours.map_or(("no command", ""), |(name, parts)| (name.as_str(), parts.as_str()));
    let fitting: Vec<&Row> = rows.iter().filter(|row| row.fits(name, parts)).collect();
    if fitting.is_empty() && !rows.iter().any(|row| row.kind == kind) {
        return;
    }
    let count = counts.entry(kind.to_owned()).or_default();
    count.compared += 1;
    match fitting.iter().find(|row| row.kind == kind) {
        Some(row) if row.decision.is_some() => count.decided += 1,
        Some(_) => count.agreed += 1,
        None => count.others.push(format!("{kind} is `{name}` ({parts}) in {place}")),
    }
}

/// Path, and of each command of ours where it starts, its name and its parts.
fn commands(file: &Value) -> Option<(String, Commands)> {
    let mut commands = BTreeMap::new();
    for block in file.get("blocks")?.as_array()? {
        let Some(parts) = block.get("parts") else { continue };
        let name = block.get("command").and_then(Value::as_str).unwrap_or("unknown");
        let text = |key: &str| parts.get(key).and_then(Value::as_str);
        let detail = text("policy").or_else(|| text("storage")).or_else(|| text("on"));
        let kind = text("kind").unwrap_or_default();
        let shown = detail.map_or_else(|| kind.to_owned(), |detail| format!("{kind}:{detail}"));
        commands.insert(block.get("start")?.as_u64()?, (name.to_owned(), shown));
    }
    Some((file.get("path")?.as_str()?.to_owned(), commands))
}

/// The kinds and places of the commands in the blocks that the reference parser accepts as they stand.
fn accepted(file: &Value) -> Vec<(&str, u64)> {
    let blocks = file.get("blocks").and_then(Value::as_array);
    let mut accepted = Vec::new();
    for block in blocks.into_iter().flatten() {
        let Some(commands) = block.get("commands").and_then(Value::as_array) else {
            continue;
        };
        let clean = |value: &Value| value.get("diagnostics").is_none() && value.get("skipped").is_none();
        let whole =
            |command: &Value| clean(command) && command.get("node").and_then(Value::as_str) == Some("CustomCommand");
        if clean(block) && commands.iter().all(whole) {
            accepted.extend(commands.iter().filter_map(|command| {
                let at = command.get("u8")?.get(0)?.as_u64()?;
                Some((command.get("kind")?.as_str()?, at))
            }));
        }
    }
    accepted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_and_patterns_fit() {
        let rows = rows().unwrap();
        assert!(rows.len() > 40);
        let row = rows
            .iter()
            .find(|row| row.name == "create table ingestion * mapping")
            .unwrap();
        assert!(row.fits("create table ingestion csv mapping", "mapping:table"));
        assert!(!row.fits("create table ingestion mapping", "mapping:table"));
        assert!(!row.fits("create table ingestion csv mapping", "other"));
    }

    #[test]
    fn a_disagreement_is_told_with_its_place() {
        let (rows, mut counts) = (rows().unwrap(), BTreeMap::new());
        let ours = ("drop table".to_owned(), "about:table".to_owned());
        count(&mut counts, &rows, "DropTable", Some(&ours), "a");
        count(&mut counts, &rows, "ShowVersion", None, "b");
        assert_eq!(
            verdict(&counts).unwrap(),
            "1/1 commands of 1 kinds, 0 decided otherwise"
        );
        count(&mut counts, &rows, "DropFunction", Some(&ours), "c.kql byte 7");
        assert!(verdict(&counts).unwrap_err().contains("c.kql byte 7"));
    }
}
