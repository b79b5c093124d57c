//! Which module may use which, and where each library may be used.

use std::collections::BTreeMap;

use regex::Regex;

use crate::{files_under, project, read, shown};

/// What each module may use.
pub(crate) const EDGES: &[(&str, &[&str])] = &[
    ("text", &[]),
    ("syntax", &["text", "service"]),
    ("redact", &["text", "syntax"]),
    ("diagnostic", &["text", "redact"]),
    ("config", &["text", "diagnostic", "service"]),
    ("service", &[]),
    ("arm", &["text", "syntax"]),
    ("facts", &["text", "diagnostic", "service", "syntax", "arm"]),
    ("collect", &["text", "diagnostic", "syntax", "arm", "facts", "service"]),
    ("link", &["text", "config", "facts", "service"]),
    ("map", &["text", "redact", "facts", "link", "service"]),
    ("rules", &["text", "diagnostic", "config", "facts", "link", "service"]),
    (
        "suppress",
        &["text", "redact", "diagnostic", "config", "facts", "rules"],
    ),
    (
        "engine",
        &[
            "text",
            "redact",
            "diagnostic",
            "config",
            "syntax",
            "arm",
            "facts",
            "collect",
            "link",
            "map",
            "rules",
            "suppress",
        ],
    ),
    (
        "report",
        &[
            "text",
            "redact",
            "diagnostic",
            "map",
            "rules",
            "syntax",
            "suppress",
            "engine",
        ],
    ),
    (
        "inspect",
        &[
            "text",
            "redact",
            "diagnostic",
            "config",
            "syntax",
            "service",
            "arm",
            "facts",
            "collect",
            "link",
            "rules",
            "engine",
        ],
    ),
    (
        "baseline",
        &["text", "redact", "diagnostic", "config", "syntax", "engine", "report"],
    ),
    ("discover", &["config", "baseline", "engine", "text"]),
    ("apply", &["text", "diagnostic", "rules", "engine"]),
    (
        "cli",
        &[
            "text",
            "redact",
            "diagnostic",
            "config",
            "syntax",
            "service",
            "arm",
            "facts",
            "collect",
            "link",
            "map",
            "rules",
            "suppress",
            "engine",
            "report",
            "inspect",
            "baseline",
            "discover",
            "apply",
        ],
    ),
];

/// Where each library may be used.
const LIBRARIES: &[(&str, &str)] = &[
    ("nom", "src/syntax/"),
    ("clap", "src/cli/"),
    ("clap_complete", "src/cli/"),
    ("clap_mangen", "src/cli/"),
    ("codespan_reporting", "src/report/"),
    ("walkdir", "src/discover/"),
    ("ignore", "src/discover/"),
    ("gix", "src/discover/revision.rs"),
    ("unicode_normalization", "src/baseline/"),
    ("rayon", "src/engine/"),
    ("toml", "src/config/"),
    ("globset", "src/config/"),
];

const LONGEST_FILE: usize = 600;
const EMPTY_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc"];

#[test]
fn modules_use_only_what_their_layer_may() {
    let files = sources();
    assert!(!files.is_empty());
    let wrong: Vec<String> = files.iter().flat_map(|(path, text)| layer_faults(path, text)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_short_and_named_for_what_they_hold() {
    let wrong: Vec<String> = sources()
        .iter()
        .flat_map(|(path, text)| file_faults(path, text))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What only some files may do so that no secret leaves the program: search texts for secrets, say that something is
/// the program's own words, and open the streams.
const GUARDED: &[(&str, &[&str])] = &[
    (
        r"(^|[^.\w])(mask|secrets_in|find_secrets)\(",
        &[
            "src/syntax/",
            "src/redact.rs",
            "src/collect/secret.rs",
            "src/engine/read.rs",
            "src/inspect/",
        ],
    ),
    (r"\bRedacted\(", &["src/redact.rs"]),
    (r"\bRedacted::(ours|own_words)\(", &["src/cli/"]),
    (
        r"\bio::(stdout|stderr)\(|\banstream::(stdout|stderr)\(",
        &["src/cli/terminal.rs"],
    ),
];

#[test]
fn secrets_are_masked_in_one_place() {
    let mut wrong = Vec::new();
    for (pattern, homes) in GUARDED {
        let pattern = Regex::new(pattern).expect("a pattern");
        for (path, text) in sources() {
            let other = path.starts_with("src/arm/")
                || path.ends_with("tests.rs")
                || homes.iter().any(|home| path.starts_with(home));
            if !other && let Some(found) = pattern.find(&bare_code(&text)) {
                wrong.push(format!("{path}: `{}`", found.as_str()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The source files with their paths.
fn sources() -> BTreeMap<String, String> {
    files_under(&project("src"), "rs")
        .iter()
        .map(|path| (shown(path), read(path)))
        .collect()
}

fn file_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST_FILE {
        faults.push(format!("{path}: {lines} lines, more than {LONGEST_FILE}"));
    }
    for part in path.trim_end_matches(".rs").split('/') {
        if EMPTY_NAMES.contains(&part) {
            faults.push(format!("{path}: `{part}` does not say what is in it"));
        }
    }
    faults
}

/// The uses in a file that its layer forbids.
fn layer_faults(path: &str, text: &str) -> Vec<String> {
    if path.ends_with("/tests.rs") || path.contains("/tests/") || matches!(path, "src/lib.rs" | "src/main.rs") {
        return Vec::new();
    }
    let module = path
        .trim_start_matches("src/")
        .split(['/', '.'])
        .next()
        .unwrap_or_default();
    let Some((_, allowed)) = EDGES.iter().find(|(name, _)| *name == module) else {
        return vec![format!("{path}: `{module}` is no module of the table of layers")];
    };
    let code = bare_code(text);
    let mut faults = Vec::new();
    for (line, used) in crate_uses(&code) {
        if used != module && !allowed.contains(&used.as_str()) {
            faults.push(format!("{path}:{line}: `{module}` must not use `{used}`"));
        }
    }
    // A pattern is dear to make: only for libraries that the code names at all.
    for (library, home) in LIBRARIES.iter().filter(|(library, _)| code.contains(library)) {
        let name = Regex::new(&format!(r"(^|[^:\w]|[^:]:)(::)?\b{library}::|\buse {library}\b")).expect("a pattern");
        let home_file = format!("{}.rs", home.trim_end_matches('/'));
        if path.starts_with(home) || path == home_file {
            continue;
        }
        for (index, line) in code.lines().enumerate() {
            if name.is_match(line) {
                faults.push(format!("{path}:{}: `{library}` may only be used in {home}", index + 1));
            }
        }
    }
    faults
}

/// The top-level modules that are named after `crate::`, with their lines.
fn crate_uses(code: &str) -> Vec<(usize, String)> {
    let name = Regex::new(r"\bcrate::(\w+|\{)").expect("a pattern");
    let word = Regex::new(r"^\w+").expect("a pattern");
    let mut uses = Vec::new();
    for found in name.captures_iter(code) {
        let whole = found.get(0).expect("the match");
        let line = |at: usize| code[..at].matches('\n').count() + 1;
        if &found[1] != "{" {
            uses.push((line(whole.start()), found[1].to_owned()));
            continue;
        }
        let mut depth = 1_usize;
        let mut starts = true;
        for (at, c) in code[whole.end()..].char_indices() {
            let here = whole.end() + at;
            match c {
                '{' => depth += 1,
                '}' if depth == 1 => break,
                '}' => depth -= 1,
                ',' if depth == 1 => starts = true,
                c if c.is_whitespace() => {}
                _ if depth == 1 && starts => {
                    starts = false;
                    if let Some(word) = word.find(&code[here..]) {
                        uses.push((line(here), word.as_str().to_owned()));
                    }
                }
                _ => {}
            }
        }
    }
    uses
}

/// The code without comments, the contents of strings, and test modules. Line breaks are kept.
fn bare_code(text: &str) -> String {
    let pattern = concat!(
        r##"(?s)//[^\n]*|/\*.*?\*/|b?r"[^"]*"|b?r#".*?"#|"##,
        r##"b?"(?:\\.|[^"\\])*"|b?'(?:\\[^\n]{1,8}?|[^\\'\n])'"##,
    );
    let noise = Regex::new(pattern).expect("a pattern");
    let code = noise.replace_all(text, |found: &regex::Captures<'_>| {
        "\n".repeat(found[0].matches('\n').count())
    });
    without_tests(&code)
}

/// The code with blank lines in place of what stands under `#[cfg(test)]`.
fn without_tests(code: &str) -> String {
    let mut out = String::new();
    let mut rest = code;
    while let Some(at) = rest.find("#[cfg(test)]") {
        out.push_str(&rest[..at]);
        let item = &rest[at..];
        let mut depth = 0_usize;
        let end = item
            .char_indices()
            .find(|(_, c)| match c {
                '{' => {
                    depth += 1;
                    false
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    depth == 0
                }
                ';' => depth == 0,
                _ => false,
            })
            .map_or(item.len(), |(end, _)| end + 1);
        out.push_str(&"\n".repeat(item[..end].matches('\n').count()));
        rest = &item[end..];
    }
    out.push_str(rest);
    out
}

#[test]
fn forbidden_uses_are_seen_in_every_form() {
    for (path, text, wanted) in [
        (
            "src/text/a.rs",
            "use crate::syntax::json;",
            "src/text/a.rs:1: `text` must not use `syntax`",
        ),
        (
            "src/syntax/a.rs",
            "\nuse crate::{text::Span, rules::{ALL, meta}};",
            "src/syntax/a.rs:2: `syntax` must not use `rules`",
        ),
        (
            "src/arm/a.rs",
            "fn f() { crate::engine::check(x) }",
            "src/arm/a.rs:1: `arm` must not use `engine`",
        ),
        (
            "src/new/a.rs",
            "",
            "src/new/a.rs: `new` is no module of the table of layers",
        ),
        (
            "src/arm/a.rs",
            "use nom::Parser;",
            "src/arm/a.rs:1: `nom` may only be used in src/syntax/",
        ),
        (
            "src/text/a.rs",
            "x\n  ::rayon::join(a, b);",
            "src/text/a.rs:2: `rayon` may only be used in src/engine/",
        ),
        (
            "src/inspect/a.rs",
            "use crate::cli::run;",
            "src/inspect/a.rs:1: `inspect` must not use `cli`",
        ),
        (
            "src/text/a.rs",
            "#[cfg(test)]\nmod tests {\n fn a() { b(\"}\") }\n}\nuse crate::arm::Value;",
            "src/text/a.rs:5: `text` must not use `arm`",
        ),
    ] {
        assert_eq!(layer_faults(path, text), [wanted]);
    }
}

#[test]
fn allowed_uses_tests_comments_and_strings_are_not_seen() {
    for (path, text) in [
        (
            "src/syntax/a.rs",
            "use crate::text::{Span, offset};\nuse crate::syntax::json;\nuse nom::Parser;",
        ),
        (
            "src/text/a.rs",
            "// crate::rules::ALL\n/* use nom::x; */ const A: &str = \"crate::rules\"; const B: char = '\"';",
        ),
        (
            "src/text/a.rs",
            "#[cfg(test)]\nmod tests {\n    use crate::rules::ALL;\n}\n",
        ),
        ("src/text/a.rs", "#[cfg(test)]\nuse crate::rules::ALL;\n"),
        ("src/text/tests.rs", "use crate::rules::ALL;"),
        ("src/arm/a.rs", "use super::ignore::x; let ignore = self::nom::y;"),
        ("src/lib.rs", "pub mod anything;"),
    ] {
        assert_eq!(layer_faults(path, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn long_and_nameless_files_are_seen() {
    assert_eq!(file_faults("src/text/a.rs", &"x\n".repeat(601)).len(), 1);
    assert_eq!(file_faults("src/text/utils.rs", "").len(), 1);
    assert_eq!(file_faults("src/common/a.rs", "").len(), 1);
    assert_eq!(file_faults("src/text/a.rs", ""), Vec::<String>::new());
}
