//! `kustolint inspect`: what the linter sees, as JSON lines.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde_json::{Value, json};

use super::args::{InspectArgs, View};
use super::terminal::{print, remark};
use super::{Failure, Status, configuration, or_here, sentence, working_directory};
use crate::config::Config;
use crate::discover::{DiscoverOptions, LARGEST_FILE, inputs};
use crate::engine::Input;
use crate::inspect;
use crate::redact::{Redacted, Redactor};
use crate::report::json_line;
use crate::syntax::connection::Hidden;
use crate::text::{NotText, SourceFile, Sources, decode};

/// Prints a view.
pub(super) fn run(args: &InspectArgs) -> Result<Status, Failure> {
    if args.view == View::Expression {
        if !args.paths.is_empty() {
            return Err(Failure::new(
                "the view `expression` reads standard input: leave the paths out",
            ));
        }
        print(|out| expressions(BufReader::new(io::stdin().lock()), out))?;
        return Ok(Status::Clean);
    }
    let cwd = working_directory()?;
    let config = configuration::read(args.config.as_deref(), args.isolated, &cwd)?;
    let options = DiscoverOptions {
        isolated: true,
        config: config.clone(),
        ..DiscoverOptions::default()
    };
    let inputs = inputs(&or_here(&args.paths), &options, &cwd)?;
    let incomplete = inputs.iter().any(|input| input.bytes.is_err());
    let lines = match args.view {
        View::Resources => {
            let (lines, rest) = inspect::resources::view_and_rest(inputs, &config);
            for path in rest {
                remark(&sentence(&format!(
                    "{path}: no template, so it has no resources to show"
                )));
            }
            lines
        }
        View::Facts => inspect::facts::view(inputs, &config),
        View::Kql | View::Expression => scripts(inputs, &config),
    };
    print(|out| lines.into_iter().try_for_each(|line| json_line(&line, out)))?;
    Ok(if incomplete { Status::NotDone } else { Status::Clean })
}

/// The views of scripts, without what is a secret in any of the files.
fn scripts(inputs: Vec<Input>, config: &Config) -> Vec<Redacted<Value>> {
    let mut sources = Sources::new();
    let mut files = Vec::new();
    for input in inputs {
        let is_script = is_script(&input, config);
        let read = source(&input).map(|source| sources.add(source));
        if is_script {
            files.push((input.path, read));
        }
    }
    let known = Redactor::of(&sources, Hidden::default());
    let views = files.into_iter().filter_map(|(path, read)| match read {
        Ok(file) => Some(inspect::kql::view(sources.get(file)?, known.secrets_of(file))),
        Err((message, end)) => {
            let error = json!({ "start": 0, "end": end, "message": message });
            let view = json!({ "path": path, "blocks": [], "errors": [error] });
            Some(Redactor::default().redacted(view))
        }
    });
    views.map(|view| known.redacted_further(view)).collect()
}

/// Of a folder, the view of scripts shows what is called a script; a named file it always shows.
fn is_script(input: &Input, config: &Config) -> bool {
    let extension = input.path.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    input.named || config.is_kql(&input.path) || ["kql", "csl", "kusto"].contains(&extension.as_str())
}

/// The text of a file, or why there is none and how many bytes it has.
fn source(input: &Input) -> Result<SourceFile, (String, usize)> {
    let bytes = input.bytes.as_ref().map_err(|reason| (reason.clone(), 0))?;
    let why = |not_text| match not_text {
        NotText::Binary => "not text: the file holds zero bytes",
        NotText::Utf16WithoutMark => "UTF-16 without a byte-order mark: save the file as UTF-8",
        NotText::Utf32 => "UTF-32: save the file as UTF-8",
        NotText::TooLarge => "larger than 4 GiB",
    };
    match decode(bytes) {
        Ok(decoded) => Ok(SourceFile::new(input.path.clone(), decoded)),
        Err(not_text) => Err((why(not_text).to_owned(), bytes.len())),
    }
}

/// Answers each line of `questions` on a line of its own, as soon as it is there.
fn expressions(mut questions: BufReader<impl Read>, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = questions.by_ref().take(LARGEST_FILE).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        json_line(&answer(&line), out)?;
        if questions.buffer().is_empty() {
            out.flush()?;
        }
    }
}

fn answer(line: &[u8]) -> Redacted<Value> {
    let question = serde_json::from_slice::<Value>(line);
    let written = String::from_utf8_lossy(line);
    let expression = question
        .as_ref()
        .ok()
        .and_then(|question| question.get("expression")?.as_str());
    let expression = expression.unwrap_or_default().to_owned();
    let answer = match question {
        Ok(question) if question.is_object() => inspect::expression::view(&question),
        Ok(_) => json!({ "id": null, "error": "not an object: write {\"id\": …, \"expression\": \"[…]\"}" }),
        Err(error) => json!({ "id": null, "error": format!("not JSON: {error}") }),
    };
    Redactor::of_texts([written.as_ref(), &expression])
        .for_answers()
        .redacted(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_answered() {
        let lines = "{\"id\": 7, \"expression\": \"[1]\"}\n\nnonsense\n[1]\n{\"id\": \"last\"}";
        let mut out = Vec::new();
        expressions(BufReader::new(lines.as_bytes()), &mut out).unwrap();
        let answers: Vec<Value> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let ids: Vec<&Value> = answers.iter().map(|answer| answer.get("id").unwrap()).collect();
        assert_eq!(ids, [&json!(7), &Value::Null, &Value::Null, &json!("last")]);
        assert!(answers[1]["error"].as_str().unwrap().starts_with("not JSON"));
        assert!(answers[2]["error"].as_str().unwrap().starts_with("not an object"));
    }

    #[test]
    fn what_is_no_text_is_an_error_of_its_file() {
        let view = |bytes: Result<Vec<u8>, String>| {
            let input = Input {
                path: "a.kql".to_owned(),
                bytes,
                named: true,
                reported: true,
            };
            scripts(vec![input], &Config::default()).remove(0)
        };
        assert_eq!(
            view(Err("permission denied".into()))["errors"][0]["message"],
            "permission denied"
        );
        let utf16 = view(Ok(b".\0c\0r\0e\0".to_vec()));
        assert!(utf16["errors"][0]["message"].as_str().unwrap().contains("UTF-8"));
        assert_eq!(view(Ok(b"T".to_vec()))["errors"], json!([]));
    }
}
