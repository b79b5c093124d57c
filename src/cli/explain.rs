//! `kustolint explain`: the page of a rule in the terminal.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::args::{ExplainArgs, Format};
use super::page::Page;
use super::terminal::print;
use super::{Failure, Status, rules};
use crate::discover::nearest;
use crate::report::escape;
use crate::report::{BOLD, DIM, json_line};
use crate::rules::ALL;

/// Prints the page.
pub(super) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let Some(rule) = ALL.iter().find(|rule| rule.name.eq_ignore_ascii_case(&args.rule)) else {
        return Err(Failure::new(unknown(&args.rule)));
    };
    let page = Page::of(rule);
    print(|out| match args.output_format {
        Format::Json => {
            let mut entry = rules::entry(rule);
            if let Value::Object(members) = &mut entry {
                members.insert("page".to_owned(), json!(page.body));
            }
            json_line(&entry, out)
        }
        Format::Human => {
            writeln!(out, "{BOLD}{}{BOLD:#} ({})\n", rule.name, page.severity)?;
            markdown(page.body, out)
        }
    })?;
    Ok(Status::Clean)
}

fn unknown(name: &str) -> String {
    match nearest(name, ALL.iter().map(|rule| rule.name)) {
        Some(meant) => format!("there is no rule `{name}`; did you mean `{meant}`?"),
        None => format!("there is no rule `{name}`; `kustolint rules` lists them all"),
    }
}

/// Writes Markdown as a terminal shows it well: headings bold, code indented.
fn markdown(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut code = false;
    for line in text.lines() {
        let shown = escape::one_line(line);
        let heading = line.starts_with('#') && line.trim_start_matches('#').starts_with(' ');
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if code {
            writeln!(out, "    {DIM}{shown}{DIM:#}")?;
        } else if heading {
            writeln!(out, "{BOLD}{}{BOLD:#}", shown.trim_start_matches('#').trim_start())?;
        } else {
            writeln!(out, "{shown}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_made_readable() {
        let page = "# Title\n\nA `word` and #5.\n\n```kql\n# T\n| take 5\n```\n## Next\n- item";
        let mut out = anstream::StripStream::new(Vec::new());
        markdown(page, &mut out).unwrap();
        let text = String::from_utf8(out.into_inner()).unwrap();
        assert_eq!(
            text,
            "Title\n\nA `word` and #5.\n\n    # T\n    | take 5\nNext\n- item\n"
        );
    }

    #[test]
    fn a_rule_that_does_not_exist_is_told() {
        assert!(unknown("no-such-rule-at-all").contains("`kustolint rules`"));
    }
}
