//! Compares our findings with the results that the tests of other tools expect, where those tools look at what we
//! look at. Every difference needs a reason in the table, and every reason a difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::shared::{Run, answer};

/// What we have to say of each check of another tool, and why we differ where we do.
const TABLE: &str = include_str!("../data/expectations.tsv");

/// A template with one of these words is about what we read.
const OURS: [&str; 4] = [
    "microsoft.keyvault/",
    "microsoft.kusto/",
    "roleassignments",
    "roledefinitions",
];

const TOOLS: [(&str, Reader); 3] = [
    ("checkov", checkov),
    ("arm-ttk", arm_ttk),
    ("template-analyzer", template_analyzer),
];

type Reader = fn(&Path) -> Result<Vec<Case>, String>;

/// What a tool's test says of a file or of a resource in it.
struct Case {
    check: String,
    /// The file, and its path below the tool's folder.
    file: PathBuf,
    path: String,
    /// `type.name`, where the test names one.
    resource: Option<String>,
    /// Whether the tool is content with it.
    passes: bool,
}

impl Case {
    /// How the table calls it.
    fn name(&self) -> String {
        match &self.resource {
            Some(resource) => format!("{} {resource}", self.path),
            None => self.path.clone(),
        }
    }
}

/// A row of the table.
struct Row {
    tool: &'static str,
    check: &'static str,
    /// A case, or `*` for all of a check.
    case: &'static str,
    /// `rules` that say the same, `aside` for a check that we have no rule for, `differs` for a case.
    what: &'static str,
    /// Rules, or a reason.
    text: &'static str,
}

/// What came of a comparison.
#[derive(Default)]
struct Outcome {
    lines: Vec<String>,
    agreed: usize,
    explained: usize,
    aside: usize,
    /// Cases of other tools that are not about what we read.
    unrelated: usize,
    faults: Vec<String>,
}

/// Compares, and prints each case.
pub(crate) fn table(run: &Run) -> Result<String, String> {
    let outcome = compare(run)?;
    outcome.lines.iter().for_each(|line| println!("{line}"));
    outcome.verdict()
}

/// Compares, and tells the figures in one line.
pub(crate) fn check(run: &Run) -> Result<String, String> {
    compare(run)?.verdict()
}

impl Outcome {
    fn verdict(&self) -> Result<String, String> {
        let figures = format!(
            "{} cases agreed, {} differ for a reason, {} of checks that we have no rule for, {} about something else",
            self.agreed, self.explained, self.aside, self.unrelated
        );
        if self.faults.is_empty() && self.agreed > 0 {
            Ok(figures)
        } else {
            Err(format!("{figures}\n{}", self.faults.join("\n")))
        }
    }
}

fn compare(run: &Run) -> Result<Outcome, String> {
    let rows = rows(TABLE)?;
    let mut used = BTreeSet::new();
    let mut outcome = Outcome::default();
    for (tool, read) in TOOLS {
        for case in read(&folder(run, tool)?)? {
            let text = std::fs::read_to_string(&case.file).map_err(|error| format!("{}: {error}", case.path))?;
            let text = text.to_ascii_lowercase();
            if OURS.iter().any(|word| text.contains(word)) {
                judge(run, tool, &case, &rows, &mut used, &mut outcome)?;
            } else {
                outcome.unrelated += 1;
            }
        }
    }
    for (index, row) in rows.iter().enumerate() {
        if !used.contains(&index) {
            let Row { tool, check, case, .. } = row;
            outcome
                .faults
                .push(format!("a row is of no use: {tool} {check} {case}"));
        }
    }
    Ok(outcome)
}

fn folder(run: &Run, tool: &str) -> Result<PathBuf, String> {
    let owner = if tool == "checkov" { "bridgecrewio" } else { "Azure" };
    run.path(&format!("corpora/arm/{owner}+{tool}"))
}

fn rows(table: &'static str) -> Result<Vec<Row>, String> {
    let rows = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split('\t').collect();
        match cells.as_slice() {
            [tool, check, case, what @ ("rules" | "aside" | "differs"), text] => Ok(Row {
                tool,
                check,
                case,
                what,
                text,
            }),
            _ => Err(format!("no row of the table: {line}")),
        }
    };
    rows.map(row).collect()
}

/// Compares one case with what we find.
fn judge(
    run: &Run,
    tool: &str,
    case: &Case,
    rows: &[Row],
    used: &mut BTreeSet<usize>,
    outcome: &mut Outcome,
) -> Result<(), String> {
    let name = case.name();
    let mut row = |wanted: &str| {
        let is_it = |row: &&Row| (row.tool, row.check, row.case) == (tool, case.check.as_str(), wanted);
        let found = rows.iter().enumerate().find(|(_, row)| is_it(row))?;
        used.insert(found.0);
        Some(found.1)
    };
    let Some(kind) = row("*") else {
        let check = &case.check;
        outcome.faults.push(format!(
            "{tool} {check} is not in the table, and {name} is about what we read"
        ));
        return Ok(());
    };
    let findings = findings(run, case)?;
    // What a tool is content with may have no error of ours, whatever the tool looked for.
    let errors = findings.iter().filter(|one| case.passes && one.severity == "error");
    let rules: Vec<&str> = if kind.what == "rules" {
        kind.text.split(',').collect()
    } else {
        Vec::new()
    };
    let about = findings.iter().filter(|one| rules.contains(&one.rule.as_str()));
    let said: BTreeSet<&str> = errors.chain(about).map(|one| one.rule.as_str()).collect();
    let said: Vec<&str> = said.into_iter().collect();
    let (expected, said) = (if case.passes { "passes" } else { "fails" }, said.join(", "));
    let agreed = case.passes == said.is_empty();
    let reason = if kind.what == "aside" && (agreed || !case.passes) {
        outcome.aside += 1;
        kind.text
    } else if agreed {
        outcome.agreed += 1;
        "agreed"
    } else if let Some(row) = row(&name) {
        outcome.explained += 1;
        row.text
    } else {
        outcome
            .faults
            .push(format!("{tool} {}: {name} {expected}, we say [{said}]", case.check));
        "no reason"
    };
    outcome.lines.push(format!(
        "{tool}\t{}\t{name}\t{expected}\t[{said}]\t{reason}",
        case.check
    ));
    Ok(())
}

struct Finding {
    rule: String,
    severity: String,
}

/// Our findings in the file of a case, or in its resource.
fn findings(run: &Run, case: &Case) -> Result<Vec<Finding>, String> {
    // A resource whose name is an expression is not found by the name that the test gives it: the file stands for it.
    let span = match &case.resource {
        Some(resource) => span_of(run, &case.file, resource)?,
        None => None,
    };
    let answer = ask(run, &["check", "--isolated", "--output-format", "json"], &case.file)?;
    let found: Value = serde_json::from_str(&answer).map_err(|error| format!("the output is no JSON: {error}"))?;
    let list = found.get("findings").and_then(Value::as_array);
    let list = list.ok_or("the output has no findings")?;
    let text = |one: &Value, name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let inside = |one: &&Value| {
        let start = one.pointer("/location/start/byte").and_then(Value::as_u64);
        span.is_none_or(|(from, to)| start.is_some_and(|start| (from..to).contains(&start)))
    };
    let found = list.iter().filter(inside).map(|one| Finding {
        rule: text(one, "rule"),
        severity: text(one, "severity"),
    });
    Ok(found.collect())
}

/// The bytes of the resource `type.name` of a file.
fn span_of(run: &Run, file: &Path, resource: &str) -> Result<Option<(u64, u64)>, String> {
    let answer = ask(run, &["inspect", "--view", "resources"], file)?;
    for line in answer.lines() {
        let one: Value = serde_json::from_str(line).map_err(|error| format!("a line is no JSON: {error}"))?;
        let text = |name: &str| one.get(name).and_then(Value::as_str).unwrap_or_default();
        let byte = |end: &str| one.pointer(&format!("/location/{end}/byte")).and_then(Value::as_u64);
        if format!("{}.{}", text("type"), text("name")).eq_ignore_ascii_case(resource) {
            return Ok(byte("start").zip(byte("end")));
        }
    }
    Ok(None)
}

fn ask(run: &Run, arguments: &[&str], file: &Path) -> Result<String, String> {
    let mut command = Command::new(&run.bin);
    command.args(arguments).arg(file);
    Ok(answer(command)?.out)
}

fn read(path: &Path) -> Result<Value, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|error| format!("{}: {error}", path.display()))
}

fn members(value: &Value, name: &str) -> Result<Vec<(String, Value)>, String> {
    let members = value.get(name).and_then(Value::as_object);
    let members = members.ok_or_else(|| format!("no `{name}` in the expectations"))?;
    Ok(members
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect())
}

/// checkov names resources, or counts them: then the names of the files tell which of them pass.
fn checkov(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for (test, told) in members(&read(&folder.join("expectations.json"))?, "tests")? {
        let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
        let (check, example) = (text("check"), text("example_dir"));
        let check = if check.is_empty() { test.as_str() } else { check };
        for file in files(&folder.join(example))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let case = |resource: Option<String>, passes: bool| Case {
                check: check.to_owned(),
                file: file.clone(),
                path: format!("{example}/{name}"),
                resource,
                passes,
            };
            let named = named(&told, &file)?;
            if named.is_empty() {
                cases.push(case(None, !name.to_ascii_lowercase().contains("fail")));
            }
            cases.extend(named.into_iter().map(|(resource, passes)| case(Some(resource), passes)));
        }
    }
    Ok(cases)
}

/// The resources that a test of checkov names and that stand in a file by their plain name.
fn named(told: &Value, file: &Path) -> Result<Vec<(String, bool)>, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mut found = Vec::new();
    for (list, passes) in [("passing_resources", true), ("failing_resources", false)] {
        let resources = told.get(list).and_then(Value::as_array).into_iter().flatten();
        for resource in resources.filter_map(Value::as_str) {
            let Some((kind, name)) = resource.rsplit_once('.') else {
                continue;
            };
            let stands = |text: &str| text.contains(&format!("\"{name}\"")) && text.contains(&format!("\"{kind}\""));
            if stands(&text) {
                found.push((resource.to_owned(), passes));
            }
        }
    }
    Ok(found)
}

/// arm-ttk keeps files that pass and files that fail.
fn arm_ttk(folder: &Path) -> Result<Vec<Case>, String> {
    let told = members(&read(&folder.join("expectations.json"))?, "files")?;
    let case = |(path, told): (String, Value)| {
        let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default();
        Case {
            check: text("test").to_owned(),
            file: folder.join(&path),
            passes: text("expect") == "pass",
            resource: None,
            path,
        }
    };
    let cases = told.into_iter().map(case).filter(|case| case.file.is_file());
    Ok(cases.collect())
}

/// template-analyzer lists the lines that it reports, beside the templates.
fn template_analyzer(folder: &Path) -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Some(check) = folder.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            continue;
        };
        let told = folder.join(format!("{check}.json"));
        if check.starts_with("TA-") && told.is_file() {
            for one in read(&told)?.as_array().into_iter().flatten() {
                let template = one.get("Template").and_then(Value::as_str).unwrap_or_default();
                let file = folder.join(template);
                if template.to_ascii_lowercase().ends_with(".json") && file.is_file() {
                    let failures = one.get("ReportedFailures").and_then(Value::as_array);
                    cases.push(Case {
                        check: check.clone(),
                        file,
                        path: format!("{check}/{template}"),
                        resource: None,
                        passes: failures.is_none_or(Vec::is_empty),
                    });
                }
            }
        }
        let mut inner = entries(&folder)?;
        inner.retain(|path| path.is_dir());
        inner.reverse();
        folders.extend(inner);
    }
    Ok(cases)
}

/// The files of a folder that holds examples, sorted; none where the corpus has no such folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut files = entries(folder)?;
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_can_be_read() {
        let rows = rows(TABLE).expect("rows");
        assert!(rows.iter().any(|row| row.what == "rules"));
        assert!(rows.iter().all(|row| (row.case == "*") == (row.what != "differs")));
        assert!(super::rows("checkov\tX\t*\tmaybe\twhy").is_err());
    }

    #[test]
    fn what_has_no_reason_is_a_failure() {
        let mut outcome = Outcome {
            agreed: 1,
            ..Outcome::default()
        };
        assert!(outcome.verdict().is_ok());
        outcome.faults.push("a row is of no use".to_owned());
        assert!(outcome.verdict().is_err());
        assert!(Outcome::default().verdict().is_err());
    }
}
