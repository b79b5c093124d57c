//! How much is known of the resources in a corpus of templates, and whether each of them is found.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use kustolint::arm::template::{Document, classify};
use kustolint::syntax::json::{self, Dialect, Node};
use kustolint::text::{FileId, MappedText, SourceFile, decode};
use serde_json::Value;

use crate::shared::{Run, answer};

/// Reasons that are printed.
const REASONS: usize = 10;

/// Per cent of the values of properties that are decided in the corpora.
const MIN_DECIDED: f64 = 85.0;

/// Differences that are printed one by one.
const SHOWN: usize = 40;

/// Prints the survey of the templates under a path; an error when a resource is not found.
pub(crate) fn survey(path: &Path, bin: &Path) -> Result<(), String> {
    let figures = figures(path, bin)?;
    println!("{}", figures.line());
    println!("the commonest reasons for unknown:");
    for (reason, count) in figures.commonest() {
        println!("{count:>7}  {reason}");
    }
    println!("{}", figures.plain()?);
    Ok(())
}

/// The same over the corpora of the shared folder, as one line.
pub(crate) fn check(run: &Run) -> Result<String, String> {
    let figures = figures(&run.path("corpora/arm")?, &run.bin)?;
    let line = format!("{}; {}", figures.line(), figures.plain()?);
    let decided = figures.shares.percent(figures.shares.decided);
    if decided >= MIN_DECIDED {
        Ok(line)
    } else {
        Err(format!("{line}\n        wanted: decided ≥ {MIN_DECIDED} %"))
    }
}

/// What is known of the values of properties.
#[derive(Default)]
struct Shares {
    decided: u64,
    partly: u64,
    one_of_several: u64,
    unknown: u64,
}

impl Shares {
    fn all(&self) -> u64 {
        self.decided + self.partly + self.one_of_several + self.unknown
    }

    #[allow(clippy::cast_precision_loss, reason = "a corpus has fewer than 2^52 values")]
    fn percent(&self, part: u64) -> f64 {
        100.0 * part as f64 / self.all().max(1) as f64
    }
}

#[derive(Default)]
struct Figures {
    templates: usize,
    /// Evaluated resources; a loop of three rounds has three.
    resources: usize,
    /// Those of which nothing is deployed.
    undeployed: usize,
    shares: Shares,
    reasons: BTreeMap<String, u64>,
    /// Compiled modules that were counted, and the resources in them.
    modules: usize,
    counted: usize,
    /// Modules that a strict parser does not read.
    not_strict: usize,
    differences: Vec<String>,
}

impl Figures {
    fn line(&self) -> String {
        let shares = &self.shares;
        format!(
            "{} templates, {} resources ({} more never deployed), {} values of properties: decided {:.1} %, partly \
             known {:.1} %, one of several {:.1} %, unknown {:.1} %",
            self.templates,
            self.resources,
            self.undeployed,
            shares.all(),
            shares.percent(shares.decided),
            shares.percent(shares.partly),
            shares.percent(shares.one_of_several),
            shares.percent(shares.unknown),
        )
    }

    fn commonest(&self) -> Vec<(&str, u64)> {
        let mut reasons: Vec<_> = self
            .reasons
            .iter()
            .map(|(reason, count)| (reason.as_str(), *count))
            .collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        reasons.truncate(REASONS);
        reasons
    }

    /// The outcome of the plain count.
    fn plain(&self) -> Result<String, String> {
        let counted = format!(
            "{} resources in {} compiled modules ({} not read by a strict parser)",
            self.counted, self.modules, self.not_strict
        );
        if self.modules == 0 {
            return Err("no compiled module to count resources in".to_owned());
        }
        if self.differences.is_empty() {
            return Ok(format!("{counted}, all found"));
        }
        let shown: Vec<&str> = self.differences.iter().take(SHOWN).map(String::as_str).collect();
        let count = self.differences.len();
        Err(format!("{counted}, {count} differences\n{}", shown.join("\n")))
    }
}

fn figures(path: &Path, bin: &Path) -> Result<Figures, String> {
    // The program shows paths without `..`; the files that are counted must have the same.
    let path = &path
        .canonicalize()
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let mut command = Command::new(bin);
    command.args(["inspect", "--view", "resources"]).arg(path);
    let answer = answer(command)?;
    let mut figures = Figures::default();
    let mut found: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for line in answer.out.lines() {
        let resource: Value = serde_json::from_str(line).map_err(|error| format!("a line is no JSON: {error}"))?;
        let start = resource.pointer("/location/start/byte").and_then(Value::as_u64);
        if let (Some(path), Some(start)) = (resource.get("path").and_then(Value::as_str), start) {
            found.entry(path.to_owned()).or_default().insert(start);
        }
        if resource.get("condition") == Some(&Value::Bool(false)) {
            figures.undeployed += 1;
            continue;
        }
        figures.resources += 1;
        if let Some(properties) = resource.get("properties").filter(|properties| !properties.is_null()) {
            figures.leaves(properties);
        }
    }
    let mut files = Vec::new();
    json_files(path, &mut files)?;
    for file in files {
        figures.file(&file, &found)?;
    }
    Ok(figures)
}

impl Figures {
    /// Counts the values in a value; an empty list or object is one.
    fn leaves(&mut self, value: &Value) {
        match value {
            Value::Object(members) => match members.iter().next() {
                Some((name, reason)) if members.len() == 1 && name == "$unknown" => {
                    self.shares.unknown += 1;
                    let reason = normal(reason.as_str().unwrap_or_default());
                    *self.reasons.entry(reason).or_default() += 1;
                }
                Some((name, _)) if members.len() == 1 && name == "$partial" => self.shares.partly += 1,
                Some((name, _)) if members.len() == 1 && name == "$oneOf" => self.shares.one_of_several += 1,
                None => self.shares.decided += 1,
                Some(_) => members.values().for_each(|member| self.leaves(member)),
            },
            Value::Array(elements) if !elements.is_empty() => {
                elements.iter().for_each(|element| self.leaves(element));
            }
            _ => self.shares.decided += 1,
        }
    }

    /// Counts a file if it is a template, and its resources if it is a compiled module.
    fn file(&mut self, path: &Path, found: &BTreeMap<String, BTreeSet<u64>>) -> Result<(), String> {
        let shown = path.to_string_lossy().replace('\\', "/");
        let bytes = std::fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
        let Ok(decoded) = decode(&bytes) else { return Ok(()) };
        let source = SourceFile::new(shown.as_str(), decoded);
        let text = MappedText::of_file(FileId::default(), source.text());
        let tree = json::parse(&text, Dialect::Template).tree;
        if classify(&tree, &text) != Document::Template {
            return Ok(());
        }
        self.templates += 1;
        if path.file_name().is_none_or(|name| name != "main.json") {
            return Ok(());
        }
        let Ok(plain) = serde_json::from_str::<Value>(source.text()) else {
            self.not_strict += 1;
            return Ok(());
        };
        self.modules += 1;
        let mut pointers = Vec::new();
        listed(&plain, "", &mut pointers);
        let in_variables = in_variables(&plain, &pointers);
        self.counted += pointers.len();
        let mut missing = found.get(&shown).cloned().unwrap_or_default();
        for pointer in pointers {
            let node = at(&tree, &pointer).ok_or_else(|| format!("{shown}: nothing at {pointer}"))?;
            let position = source.position(node.span.start);
            if !missing.remove(&u64::from(position.byte)) {
                let place = format!("{shown}:{}:{}", position.line, position.column);
                self.differences.push(format!("{place}: `{pointer}` is not found"));
            }
        }
        // Those of a deployment that never takes place are not listed.
        for pointer in in_variables {
            if let Some(node) = at(&tree, &pointer) {
                missing.remove(&u64::from(source.position(node.span.start).byte));
            }
        }
        for byte in missing {
            self.differences
                .push(format!("{shown}: byte {byte} is told to be a resource"));
        }
        Ok(())
    }
}

/// The JSON files under a path, sorted.
fn json_files(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        return paths.iter().try_for_each(|path| json_files(path, files));
    }
    if path.extension().is_some_and(|end| end == "json") {
        files.push(path.to_owned());
    }
    Ok(())
}

/// The resources of templates that a deployment takes from a variable: `"template": "[variables('name')]"`.
fn in_variables(plain: &Value, pointers: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for pointer in pointers {
        let template = plain.pointer(&format!("{pointer}/properties/template"));
        let name = template
            .and_then(Value::as_str)
            .and_then(|text| text.strip_prefix("[variables('")?.strip_suffix("')]"));
        let around = pointer.rsplit_once("/resources/").map_or("", |(around, _)| around);
        if let Some(name) = name {
            let variable = format!("{around}/variables/{name}");
            if let Some(template) = plain.pointer(&variable) {
                listed(template, &variable, &mut found);
            }
        }
    }
    found
}

/// The resources of a template or of a resource, as JSON pointers. A plain walk: it evaluates nothing, so a loop
/// counts once.
fn listed(owner: &Value, pointer: &str, out: &mut Vec<String>) {
    match owner.get("resources") {
        Some(Value::Array(elements)) => {
            for (index, element) in elements.iter().enumerate() {
                of_resource(element, &format!("{pointer}/resources/{index}"), out);
            }
        }
        Some(Value::Object(members)) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                of_resource(member, &format!("{pointer}/resources/{name}"), out);
            }
        }
        _ => {}
    }
}

fn of_resource(resource: &Value, pointer: &str, out: &mut Vec<String>) {
    let Some(kind) = resource.get("type").and_then(Value::as_str) else {
        return;
    };
    out.push(pointer.to_owned());
    if kind.eq_ignore_ascii_case("Microsoft.Resources/deployments") {
        if let Some(template) = resource.pointer("/properties/template") {
            listed(template, &format!("{pointer}/properties/template"), out);
        }
    } else {
        listed(resource, pointer, out);
    }
}

/// The value of a tree at a JSON pointer.
fn at<'t>(tree: &'t Node, pointer: &str) -> Option<&'t Node> {
    pointer.split('/').skip(1).try_fold(tree, |node, step| {
        let name = step.replace("~1", "/").replace("~0", "~");
        let member = node.members().iter().rev().find(|member| member.name == name);
        member.map_or_else(
            || node.elements().get(name.parse::<usize>().ok()?),
            |member| Some(&member.value),
        )
    })
}

/// A reason without the names in it, so that equal reasons count together.
fn normal(reason: &str) -> String {
    let mut out = String::new();
    for (index, piece) in reason.split('`').enumerate() {
        out.push_str(if index % 2 == 0 { piece } else { "`…`" });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_resource_counts_once_in_either_form() {
        let template = json!({ "resources": {
            "a/b": { "type": "x/y", "copy": { "count": 3 }, "resources": [{ "type": "z" }, { "name": "no type" }] },
            "n": { "type": "microsoft.resources/Deployments", "condition": false, "properties": {
                "template": { "resources": [{ "type": "x/y" }] },
            } },
        } });
        let mut found = Vec::new();
        listed(&template, "", &mut found);
        let wanted = [
            "/resources/a~1b",
            "/resources/a~1b/resources/0",
            "/resources/n",
            "/resources/n/properties/template/resources/0",
        ];
        assert_eq!(found, wanted);
        let text = MappedText::of_file(FileId::default(), &template.to_string());
        let tree = json::parse(&text, Dialect::Template).tree;
        assert!(found.iter().all(|pointer| at(&tree, pointer).is_some()));
        assert!(at(&tree, "/resources/b").is_none());
    }

    #[test]
    fn values_are_shared_out_by_what_is_known() {
        let mut figures = Figures::default();
        figures.leaves(&json!({
            "a": [1, {}, { "$partial": ["x", { "$unknown": "y" }] }],
            "b": { "$unknown": "parameter `p` has no value" },
            "c": { "d": { "$oneOf": [] }, "e": { "$unknown": "parameter `q` has no value" } },
        }));
        let Shares {
            decided,
            partly,
            one_of_several,
            unknown,
        } = figures.shares;
        assert_eq!((decided, partly, one_of_several, unknown), (2, 1, 1, 2));
        assert_eq!(figures.commonest(), [("parameter `…` has no value", 2)]);
    }

    #[test]
    fn a_difference_is_a_failure() {
        let mut figures = Figures {
            modules: 1,
            ..Figures::default()
        };
        assert!(figures.plain().is_ok());
        figures.differences.push("main.json:1:1".to_owned());
        assert!(figures.plain().is_err());
        assert!(Figures::default().plain().is_err());
    }
}
