//! Counts the commands that are found in files of other languages.

use std::path::{Path, PathBuf};

use kustolint::syntax::host::{Fragment, Host, fragments};
use kustolint::syntax::kql;
use kustolint::text::{FileId, MappedText};

/// Labels of fences that are looked at.
const LABELS: [&str; 5] = ["", "csl", "kql", "kusto", "sql"];

/// Prints for each file under `folder` that may hold commands how many texts with commands were found.
pub(crate) fn count(folder: &Path) -> Result<(), String> {
    let mut files = Vec::new();
    walk(folder, &mut files)?;
    files.sort();
    let (mut read, mut found, mut missing) = (0, 0, Vec::new());
    for path in &files {
        let shown = path.to_string_lossy();
        let Some(host) = Host::of_path(&shown) else { continue };
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        let source = MappedText::of_file(FileId::default(), &text);
        let fragments = fragments(&source, host);
        read += 1;
        found += fragments.len();
        if !fragments.is_empty() {
            println!("{:5}  {shown}", fragments.len());
        }
        if host == Host::Markdown {
            let lost = fences(&text)
                .into_iter()
                .filter(|line| !holds(&fragments, &text, *line));
            missing.extend(lost.map(|line| format!("{shown}:{line}: this fence was not found")));
        }
    }
    println!("{found} texts with commands in {read} files");
    if read == 0 {
        return Err(format!("{}: no file that may hold commands", folder.display()));
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(missing.join("\n"))
    }
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let problem = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.is_file() {
        files.push(folder.to_owned());
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).map_err(problem)? {
        let entry = entry.map_err(problem)?;
        if entry.file_type().map_err(problem)?.is_dir() {
            walk(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// The lines, counted from 1, with the fences whose code starts with a command: read in the simplest way, so that
/// it is another one than that of the program.
fn fences(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut open: Option<(usize, String, bool, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let bare = line.trim_start_matches([' ', '\t', '>']).trim_end();
        match &mut open {
            None if bare.starts_with("```") || bare.starts_with("~~~") => {
                let info = bare.trim_start_matches(['`', '~']);
                let fence = bare.strip_suffix(info).unwrap_or(bare).to_owned();
                let wanted = LABELS.contains(&info.trim().to_lowercase().as_str());
                open = Some((index + 1, fence, wanted, String::new()));
            }
            None => {}
            Some((start, fence, wanted, code))
                if bare.starts_with(fence.as_str()) && bare.trim_matches(['`', '~']).is_empty() =>
            {
                if *wanted && kql::starts_with_command(code) {
                    starts.push(*start);
                }
                open = None;
            }
            Some((_, _, _, code)) => {
                code.push_str(bare);
                code.push('\n');
            }
        }
    }
    starts
}

/// Whether a fragment starts on a line.
fn holds(fragments: &[Fragment], text: &str, line: usize) -> bool {
    let line_of = |fragment: &Fragment| {
        let before = text.get(..fragment.span.range().start).unwrap_or_default();
        before.matches('\n').count() + 1
    };
    fragments.iter().any(|fragment| line_of(fragment) == line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_with_commands_are_seen() {
        let text = "```kusto\n.show tables\n```\n\n~~~\nT | take 1\n~~~\n> ````kql\n> // x\n> .show tables\n> ````\n```py\n.show x\n```\n";
        assert_eq!(fences(text), [1, 8]);
        let source = MappedText::of_file(FileId::default(), text);
        let found = fragments(&source, Host::Markdown);
        assert!(holds(&found, text, 1) && holds(&found, text, 8) && !holds(&found, text, 5));
    }
}
