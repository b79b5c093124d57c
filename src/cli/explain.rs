//! `kustolint explain`: the page of a rule in the terminal, or the causes of an error.

mod error;

use std::io::{self, Write};

use serde_json::{Value, json};

use super::args::{ExplainArgs, Format};
use super::page::Page;
use super::terminal::print;
use super::{Failure, Status, rules};
use crate::config::FILE_NAME;
use crate::diagnostic::Applicability;
use crate::redact::Redacted;
use crate::report::escape;
use crate::report::{BOLD, DIM, json_line};
use crate::rules::ALL;
use crate::text::nearest;

/// Prints the page.
pub(super) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    if let Some(text) = &args.error {
        return error::run(text, &args.words, args.output_format);
    }
    let [name] = args.words.as_slice() else {
        return Err(Failure::new(
            "name one rule; to look for causes in files, write `kustolint explain --error TEXT PATH`",
        ));
    };
    let name = name.to_string_lossy();
    let Some(rule) = ALL.iter().find(|rule| rule.name.eq_ignore_ascii_case(&name)) else {
        return Err(Failure::new(unknown(&name)));
    };
    let page = Page::of(rule)?;
    print(|out| match args.output_format {
        Format::Json => {
            let mut entry = rules::entry(rule, &page);
            if let Value::Object(members) = &mut entry {
                members.insert("page".to_owned(), json!(page.body));
            }
            json_line(&Redacted::own_words(entry), out)
        }
        Format::Human => {
            writeln!(out, "{BOLD}{}{BOLD:#} ({})", rule.name, page.severity.as_str())?;
            writeln!(out, "{}\n", escape::one_line(&page.summary))?;
            if !page.on {
                let (name, file) = (rule.name, FILE_NAME);
                writeln!(
                    out,
                    "Off by default. To turn it on, write in {file}:\n\n    [rules]\n    {name} = \"on\"\n"
                )?;
            }
            if let Some(fix) = page.fix.map(about_fix) {
                writeln!(out, "{fix}\n")?;
            }
            markdown(page.text(), out)
        }
    })?;
    Ok(Status::Clean)
}

/// What can be done about a finding with a fix of that kind.
fn about_fix(fix: Applicability) -> &'static str {
    match fix {
        Applicability::Safe => "Fix: `kustolint check --fix` writes it where that is certain.",
        Applicability::Unsafe => {
            "Fix: `kustolint check --fix --unsafe-fixes` writes it where the place is certain: look at it."
        }
    }
}

fn unknown(name: &str) -> String {
    match nearest(name, ALL.iter().map(|rule| rule.name)) {
        Some(meant) => format!("there is no rule `{name}`; did you mean `{meant}`?"),
        None => format!("there is no rule `{name}`; `kustolint rules` lists them all"),
    }
}

/// Writes Markdown as a terminal shows it well: headings bold, code indented, and in place of the fence of an
/// example whether it is reported, and the name of its file where it matters.
fn markdown(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut fence = 0;
    for line in text.lines() {
        let shown = escape::one_line(line);
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        let info = line.trim_start_matches('`').trim();
        let heading = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        if fence > 0 && ticks >= fence && info.is_empty() {
            fence = 0;
        } else if fence > 0 {
            writeln!(out, "    {DIM}{shown}{DIM:#}")?;
        } else if ticks >= 3 {
            fence = ticks;
            if let Some(told) = about_block(info) {
                writeln!(out, "  {}", escape::one_line(&told))?;
            }
        } else if line.starts_with("<!--") {
            // The mark of a made part.
        } else if heading {
            writeln!(out, "{BOLD}{}{BOLD:#}", shown.trim_start_matches('#').trim_start())?;
        } else {
            writeln!(out, "{shown}")?;
        }
    }
    Ok(())
}

/// What the fence of an example says: "reported, in vault.json:".
fn about_block(info: &str) -> Option<String> {
    let mut words = info.split_whitespace().skip(1);
    let verdict = match words.next()? {
        "bad" => "reported",
        "good" => "not reported",
        _ => return None,
    };
    Some(match words.find_map(|word| word.strip_prefix("file=")) {
        Some(file) => format!("{verdict}, in {file}:"),
        None => format!("{verdict}:"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_made_readable() {
        let page = "# Title\n<!-- made -->\n\nA `word` and #5.\n\n```kql\n# T\n| take 5\n```\n## Next\n- item";
        let mut out = anstream::StripStream::new(Vec::new());
        markdown(page, &mut out).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        assert_eq!(
            text,
            "Title\n\nA `word` and #5.\n\n    # T\n    | take 5\nNext\n- item\n"
        );
    }

    #[test]
    fn examples_tell_whether_they_are_reported_and_in_which_file() {
        let page = "````kusto bad\n.alter x ```\n[]\n```\n````\ntext\n```json good file=a.json case=b\n{}\n```\n";
        let mut out = anstream::StripStream::new(Vec::new());
        markdown(page, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out.into_inner()).unwrap(),
            "  reported:\n    .alter x ```\n    []\n    ```\ntext\n  not reported, in a.json:\n    {}\n"
        );
    }

    #[test]
    fn a_rule_that_does_not_exist_is_told() {
        assert!(unknown("no-such-rule-at-all").contains("`kustolint rules`"));
    }
}
