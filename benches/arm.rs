//! How fast templates are read and checked. `cargo bench --bench arm -- PATH` takes a template or a folder of them, or
//! what the environment variable `KUSTOLINT_CORPUS` leads to; without either, the templates of the example. Then it
//! shows how time and memory grow with the largest template, and with templates that are hard to evaluate.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints its figures")]
#![allow(
    clippy::disallowed_methods,
    reason = "it reads a corpus, a clock and its own memory, which the program itself never does"
)]

mod measure;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use kustolint::arm::template::{Alone, Source, evaluate_template};
use kustolint::engine::{self, Input};
use kustolint::syntax::json::{self, Dialect};
use kustolint::text::{FileId, MappedText};

use measure::stage;

/// The word that makes this program check one template from standard input and print its time and memory.
const ONE: &str = "one-template";

/// How many times as much is measured.
const TIMES: [usize; 4] = [1, 2, 4, 8];

fn main() {
    let given = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    if given.as_deref() == Some(ONE) {
        return one();
    }
    let path = given
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("KUSTOLINT_CORPUS").map(PathBuf::from))
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/projects/demo"));
    let mut texts = Vec::new();
    collect(&path, &mut texts);
    let bytes: usize = texts.iter().map(String::len).sum();
    println!("{} templates, {bytes} bytes in {}", texts.len(), path.display());
    if bytes == 0 {
        return;
    }
    stages(&texts, bytes);
    println!("\ntime and peak memory, 1x to 8x");
    if let Some(largest) = texts.iter().max_by_key(|text| text.len()) {
        growth("its resources repeated", &|times| repeated(largest, times));
        growth("nested deployments", &|times| nested(largest, times));
    }
    for (name, make) in HARD {
        growth(name, &|times| make(times));
    }
}

fn stages(texts: &[String], bytes: usize) {
    let mapped: Vec<MappedText> = texts
        .iter()
        .map(|text| MappedText::of_file(FileId::default(), text))
        .collect();
    stage("parse", bytes, || {
        for text in &mapped {
            black_box(json::parse(text, Dialect::Template));
        }
    });
    stage("parse + evaluate", bytes, || {
        for text in &mapped {
            let parsed = json::parse(text, Dialect::Template);
            let source = Source {
                file: FileId::default(),
                text,
                tree: &parsed.tree,
            };
            black_box(evaluate_template(source, BTreeMap::new(), &Alone, &|_| true));
        }
    });
    stage("check, each alone", bytes, || {
        for text in texts {
            black_box(check(text));
        }
    });
}

fn check(text: &str) -> engine::Outcome {
    engine::check(vec![Input {
        path: "main.json".to_owned(),
        bytes: Ok(text.as_bytes().to_vec()),
        named: true,
        reported: true,
    }])
}

/// The templates under a path.
fn collect(path: &Path, texts: &mut Vec<String>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        paths.iter().for_each(|path| collect(path, texts));
        return;
    }
    let is_json = path.extension().is_some_and(|end| end == "json");
    if is_json
        && let Ok(text) = std::fs::read_to_string(path)
        && text.contains("deploymentTemplate.json")
    {
        texts.push(text);
    }
}

/// Prints the size of a template that grows, the time of its check and the most memory that the process held, each in a
/// process of its own.
fn growth(name: &str, make: &dyn Fn(usize) -> String) {
    let mut times = Vec::new();
    let mut line = format!("{name:<25}");
    for count in TIMES {
        let text = make(count);
        match measured(&text) {
            Ok((time, memory)) => {
                let size = text.len() / 1024;
                let _ = write!(line, " | {size:>6} KB {time:>8.2} ms {memory:>6} KB");
                times.push(time);
            }
            Err(problem) => {
                eprintln!("{name}: {problem}");
                return;
            }
        }
    }
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        let _ = write!(line, " | grows {:>4.1} times", last / first);
    }
    println!("{line}");
}

/// The milliseconds of a check and the kilobytes that the process held at most.
fn measured(text: &str) -> io::Result<(f64, u64)> {
    let mut child = Command::new(std::env::current_exe()?)
        .arg(ONE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(text.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let answer = String::from_utf8_lossy(&output.stdout);
    let mut words = answer.split_whitespace();
    let time = words.next().and_then(|word| word.parse().ok());
    let memory = words.next().and_then(|word| word.parse().ok());
    time.zip(memory)
        .ok_or_else(|| io::Error::other(format!("no answer: {answer}")))
}

/// Checks the template on standard input: once for the memory, then for the time.
fn one() {
    let mut text = String::new();
    if io::stdin().read_to_string(&mut text).is_err() {
        return;
    }
    let start = Instant::now();
    black_box(check(&text));
    let mut best = start.elapsed();
    let memory = peak();
    for _ in 0..4 {
        let start = Instant::now();
        black_box(check(&text));
        best = best.min(start.elapsed());
    }
    println!("{} {memory}", best.as_secs_f64() * 1e3);
}

/// The most kilobytes that this process held, where the system tells it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}

/// The template with its resources so many times. Symbolic names get a number, so that none stands twice.
fn repeated(text: &str, times: usize) -> String {
    let source = MappedText::of_file(FileId::default(), text);
    let tree = json::parse(&source, Dialect::Template).tree;
    let Some(resources) = tree.get("resources") else {
        return text.to_owned();
    };
    let range = resources.span.range();
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    let mut pieces = Vec::new();
    for round in 0..times {
        let elements = resources.elements().iter();
        pieces.extend(elements.map(|element| element.span.of_text(text).to_owned()));
        let members = resources.members().iter();
        pieces.extend(members.map(|member| {
            let number = if round == 0 { String::new() } else { format!("_{round}") };
            format!("\"{}{number}\": {}", member.name, member.value.span.of_text(text))
        }));
    }
    let is_object = !resources.members().is_empty();
    let (open, close) = if is_object { ('{', '}') } else { ('[', ']') };
    let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
    format!("{before}{open}{}{close}{after}", pieces.join(",\n"))
}

/// A template that deploys the template so many times.
fn nested(text: &str, times: usize) -> String {
    resources(times, &|index| {
        format!(
            r#"{{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "n{index}", "properties": {{
                "mode": "Incremental", "expressionEvaluationOptions": {{"scope": "inner"}}, "template": {text}}}}}"#
        )
    })
}

type Make = fn(usize) -> String;

/// What is hard to evaluate when there is much of it.
const HARD: [(&str, Make); 15] = [
    ("variables of variables", |times| {
        let variable = |index: usize| match index % 50 {
            0 => format!("\"v{index}\": \"x\""),
            _ => format!("\"v{index}\": \"[concat(variables('v{}'), '-')]\"", index - 1),
        };
        let variables = list(times * 2000, ",", &variable);
        let uses = list(times * 2000, ",", &|index| format!("\"[variables('v{index}')]\""));
        template(
            &format!("\"variables\": {{{variables}}},"),
            &vault(&format!("[{uses}]")),
        )
    }),
    ("parameters", |times| {
        let parameter = |index| format!("\"p{index}\": {{\"type\": \"string\", \"defaultValue\": \"x{index}\"}}");
        let parameters = list(times * 2000, ",", &parameter);
        let uses = list(times * 2000, ",", &|index| format!("\"[parameters('p{index}')]\""));
        template(
            &format!("\"parameters\": {{{parameters}}},"),
            &vault(&format!("[{uses}]")),
        )
    }),
    ("unknown parameters", |times| {
        let parameters = list(times * 2000, ",", &|index| {
            format!("\"p{index}\": {{\"type\": \"string\"}}")
        });
        let uses = list(times * 2000, ",", &|index| {
            format!("\"[format('{{0}}-{{1}}', parameters('p{index}'), parameters('p0'))]\"")
        });
        template(
            &format!("\"parameters\": {{{parameters}}},"),
            &vault(&format!("[{uses}]")),
        )
    }),
    ("symbolic references", |times| {
        let resource = |index: usize| {
            let before = index.saturating_sub(1);
            format!(
                r#""r{index}": {{"type": "Microsoft.KeyVault/vaults", "name": "v{index}", "properties": {{
                    "x": "[reference('r{before}').vaultUri]"}}}}"#
            )
        };
        let resources = list(times * 1000, ",", &resource);
        let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
        format!("{{\"$schema\": \"{schema}\", \"languageVersion\": \"2.0\", \"resources\": {{{resources}}}}}")
    }),
    ("deployments, outputs", |times| {
        resources(times * 300, &|index| output(index, &format!("n{index}")))
    }),
    ("the same, names computed", |times| {
        resources(times * 300, &|index| output(index, &format!("[concat('n', {index})]")))
    }),
    ("outputs of one deployment", |times| {
        let parameters = list(times * 300, ",", &|index| {
            format!(r#""p{index}": {{"type": "string"}}"#)
        });
        let values = list(times * 300, ",", &|index| {
            format!(r#""p{index}": {{"value": "[string({index})]"}}"#)
        });
        let outputs = list(times * 300, ",", &|index| {
            format!(r#""o{index}": {{"type": "string", "value": "[parameters('p{index}')]"}}"#)
        });
        let uses = list(times * 300, ",", &|index| {
            format!(r#""[reference(resourceId('Microsoft.Resources/deployments', 'n')).outputs.o{index}.value]""#)
        });
        let deployment = format!(
            r#"{{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {{
                "expressionEvaluationOptions": {{"scope": "inner"}}, "parameters": {{{values}}},
                "template": {{"parameters": {{{parameters}}}, "resources": [], "outputs": {{{outputs}}}}}}}}}"#
        );
        template("", &format!("{deployment}, {}", vault(&format!("[{uses}]"))))
    }),
    ("deep if", |times| {
        let mut deep = String::from("'x'");
        for index in 0..60 {
            deep = format!("if(equals(parameters('p'), {index}), 'y', {deep})");
        }
        let uses = list(times * 40, ",", &|_| format!("\"[{deep}]\""));
        template(
            "\"parameters\": {\"p\": {\"type\": \"int\", \"defaultValue\": 99}},",
            &vault(&format!("[{uses}]")),
        )
    }),
    ("if on the unknown", |times| {
        let uses = list(times * 500, ",", &|index| {
            format!("\"[if(equals(parameters('p'), {index}), 'y', if(parameters('q'), 'a', 'b'))]\"")
        });
        let parameters = "\"parameters\": {\"p\": {\"type\": \"int\"}, \"q\": {\"type\": \"bool\"}},";
        template(parameters, &vault(&format!("[{uses}]")))
    }),
    ("long concat", |times| {
        let args = list(times * 4000, ",", &|index| format!("'abcdefgh{index}'"));
        template("", &vault(&format!("\"[concat({args})]\"")))
    }),
    ("long concat of holes", |times| {
        let args = list(times * 1000, ",", &|_| "parameters('p'),'/'".to_owned());
        template(
            "\"parameters\": {\"p\": {\"type\": \"string\"}},",
            &vault(&format!("\"[concat({args})]\"")),
        )
    }),
    ("one large string", |times| {
        template("", &vault(&format!("\"{}\"", "a\\n\\u00e9\\\"".repeat(times * 20_000))))
    }),
    ("one large array", |times| {
        let elements = list(times * 20_000, ",", &|index| format!("{index}"));
        template("", &vault(&format!("[{elements}]")))
    }),
    ("elements of a large array", |times| {
        let elements = list(times * 500, ",", &|index| format!("\"e{index}\""));
        let resource = |index| {
            format!(
                r#"{{"type": "Microsoft.KeyVault/vaults", "name": "[variables('a')[{index}]]", "properties": {{}}}}"#
            )
        };
        let made = list(times * 500, ",", &resource);
        template(&format!("\"variables\": {{\"a\": [{elements}]}},"), &made)
    }),
    ("a script of many commands", |times| {
        let script = ".create table T (a: string)\\n\\n".repeat(times * 1000);
        let script = format!(
            r#"{{"type": "Microsoft.Kusto/clusters/databases/scripts", "name": "c/d/s", "properties": {{
                "scriptContent": "[concat('{script}', '')]"}}}}"#
        );
        template("", &script)
    }),
];

fn list(count: usize, separator: &str, make: &dyn Fn(usize) -> String) -> String {
    let pieces: Vec<String> = (0..count).map(make).collect();
    pieces.join(separator)
}

fn template(declared: &str, resources: &str) -> String {
    let schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
    format!("{{\"$schema\": \"{schema}\", \"contentVersion\": \"1.0.0.0\", {declared} \"resources\": [{resources}]}}")
}

fn resources(count: usize, make: &dyn Fn(usize) -> String) -> String {
    template("", &list(count, ",\n", make))
}

/// A vault with one more property.
fn vault(property: &str) -> String {
    format!(r#"{{"type": "Microsoft.KeyVault/vaults", "name": "v", "properties": {{"x": {property}}}}}"#)
}

/// A deployment whose output is that of the one before.
fn output(index: usize, name: &str) -> String {
    let value = match index % 20 {
        0 => "x".to_owned(),
        _ => format!(
            "[reference(resourceId('Microsoft.Resources/deployments', 'n{}')).outputs.o.value]",
            index - 1
        ),
    };
    format!(
        r#"{{"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "{name}", "properties": {{
            "template": {{"resources": [{{"type": "Microsoft.KeyVault/vaults", "name": "{value}"}}],
            "outputs": {{"o": {{"type": "string", "value": "{value}"}}}}}}}}}}"#
    )
}
