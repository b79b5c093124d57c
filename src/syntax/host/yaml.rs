//! YAML: block, quoted and plain scalars that are commands, and shell scripts that hold some.

use super::command_line::Dialect;
use super::draft::{Draft, Escapes, Form, PLAIN};
use super::scan::{Scan, Scanned};
use super::{powershell, python, shell};
use crate::syntax::kql;
use crate::text::{Escape, MappedText, Span};

/// Keys whose script is PowerShell.
const POWERSHELL_KEYS: &[&str] = &["powershell", "pwsh"];

/// How many lines of a script are looked at for an import of Python.
const PYTHON_LINES: usize = 20;

/// In how many places of a line a plain scalar is looked for.
const LOOKS: usize = 4;

/// What shows that a script is PowerShell.
const POWERSHELL_SIGNS: &[&str] = &[
    "@'\n",
    "@\"\n",
    "Invoke-",
    "Write-Host",
    "param(",
    "Set-",
    "Get-",
    "New-",
];

pub(super) fn scan(text: &MappedText) -> Scanned {
    all(Scan::new(text, true))
}

/// The scripts of a shell and of PowerShell.
pub(super) fn scripts(text: &MappedText) -> Scanned {
    all(Scan::of_scripts(text))
}

fn all(mut scan: Scan<'_>) -> Scanned {
    let mut flow = Flow::default();
    while scan.at < scan.src.len() {
        let start = scan.at;
        let end = scan.line_end(start);
        let line = scan.src.get(start..end).unwrap_or_default();
        let head = Head::of(line);
        match head.block(line) {
            Some((key, style)) => block(&mut scan, start, head.parent(key), key, style),
            None => flow.line(&mut scan, start + head.column, head.column),
        }
        if scan.at == start {
            scan.at = end;
        }
        scan.skip_past("\n");
    }
    scan.finish()
}

/// Where the content of a line starts.
struct Head {
    /// Column of the first character after all dashes.
    column: usize,
    /// Column of the last dash.
    dash: Option<usize>,
}

/// The header of a block scalar.
#[derive(Clone, Copy)]
struct Style {
    folded: bool,
    indent: Option<usize>,
}

impl Head {
    fn of(line: &str) -> Self {
        let mut head = Self {
            column: indent(line),
            dash: None,
        };
        while let Some(rest) = line.get(head.column..).and_then(|rest| rest.strip_prefix("- ")) {
            head.dash = Some(head.column);
            head.column += 2 + indent(rest);
        }
        head
    }

    /// The column that a block scalar of this line must be indented from.
    fn parent(&self, key: &str) -> usize {
        match self.dash {
            Some(dash) if key.is_empty() => dash,
            _ => self.column,
        }
    }

    /// The key and the style, if a block scalar starts at the end of the line.
    fn block<'l>(&self, line: &'l str) -> Option<(&'l str, Style)> {
        let content = line.get(self.column..)?;
        let content = content
            .split_once(" #")
            .map_or(content, |(content, _)| content)
            .trim_end();
        let at = content.rfind([' ', '\t']).map_or(0, |at| at + 1);
        let (before, header) = content.split_at_checked(at)?;
        let folded = header.starts_with('>');
        let signs = header.strip_prefix(['|', '>'])?;
        if signs.len() > 2 || !signs.bytes().all(|sign| matches!(sign, b'+' | b'-' | b'1'..=b'9')) {
            return None;
        }
        let indent = signs
            .bytes()
            .find(u8::is_ascii_digit)
            .map(|digit| usize::from(digit - b'0'));
        let before = before.trim_end();
        let tagged = before
            .rsplit(' ')
            .next()
            .is_some_and(|word| word.starts_with(['!', '&']));
        let key = before
            .split_once(':')
            .map_or("", |(key, _)| key.trim_matches(['"', '\'']));
        let starts = before.ends_with(':') || tagged || (before.is_empty() && self.dash.is_some());
        starts.then_some((key, Style { folded, indent }))
    }
}

/// Width of the blanks at the start of a line.
fn indent(line: &str) -> usize {
    line.bytes().take_while(|byte| *byte == b' ').count()
}

/// The block scalar after the line that starts at `start`.
fn block(scan: &mut Scan<'_>, start: usize, parent: usize, key: &str, style: Style) {
    let mut draft = scan.draft(start);
    let mut own = style.indent.map(|indent| parent + indent);
    let mut end = scan.line_end(start);
    let header = scan.src.get(start..end).unwrap_or_default();
    if let Some(at) = header.find(" #") {
        scan.remember_comment(start + at + 1, end);
    }
    let mut pending: Option<(usize, usize, bool)> = None;
    scan.skip_past("\n");
    while scan.at < scan.src.len() {
        let (from, to) = (scan.at, scan.line_end(scan.at));
        let line = scan.src.get(from..to).unwrap_or_default();
        let is_blank = line.trim().is_empty();
        let width = indent(line);
        if !is_blank && width < own.unwrap_or(parent + 1) {
            break;
        }
        if !is_blank {
            own.get_or_insert(width);
        }
        scan.skip_past("\n");
        let content = from + width.min(own.unwrap_or(width));
        let is_plain = !is_blank && !line.get(content - from..).unwrap_or_default().starts_with([' ', '\t']);
        if let Some((at, next, was_plain)) = pending {
            line_break(&mut draft, at, next, style.folded && was_plain && is_plain);
        }
        draft.plain(content, to);
        pending = Some((to, scan.at, is_plain));
        end = to;
    }
    // Leaves the line end to the loop over the lines.
    scan.at = end;
    draft.text.wrap_from(0, Escape::Words);
    let text = draft.text.clone();
    if scan.seeks_scripts() {
        scan.keep_script(draft, end, language(text.as_str(), key));
    } else if !scan.keep(draft, end) {
        let nested = nested(&text, key);
        scan.take(nested, &text, Span::of(start, end));
    }
}

/// A line end inside a block scalar.
fn line_break(draft: &mut Draft<'_>, from: usize, to: usize, folded: bool) {
    if folded {
        draft.decoded(" ", from, to);
    } else {
        draft.plain(from, to);
    }
}

/// The commands in a script that is the value of `key`.
fn nested(text: &MappedText, key: &str) -> Scanned {
    match language(text.as_str(), key) {
        None => python::scan(text),
        Some(Dialect::PowerShell) => powershell::scan(text),
        Some(Dialect::Shell | Dialect::CSharp) => shell::scan(text),
    }
}

/// The language of a script that is the value of `key`; `None` for Python.
fn language(script: &str, key: &str) -> Option<Dialect> {
    let keyed = POWERSHELL_KEYS.iter().any(|known| key.eq_ignore_ascii_case(known));
    if !keyed && (key.eq_ignore_ascii_case("python") || script.lines().take(PYTHON_LINES).any(imports)) {
        None
    } else if keyed || POWERSHELL_SIGNS.iter().any(|sign| script.contains(sign)) {
        Some(Dialect::PowerShell)
    } else {
        Some(Dialect::Shell)
    }
}

/// Whether a line is an import of Python.
fn imports(line: &str) -> bool {
    line.starts_with("import ") || (line.starts_with("from ") && line.contains(" import "))
}

/// Scalars that start on the line of their key.
#[derive(Default)]
struct Flow {
    /// Quotes that are known to have no partner in the rest of the text.
    lone: Vec<u8>,
}

impl Flow {
    /// Reads from `from` to the end of the line, or of the scalar that goes on over it.
    fn line(&mut self, scan: &mut Scan<'_>, from: usize, column: usize) {
        scan.at = from;
        let mut value = true;
        let mut blank = true;
        let mut looks = 0;
        while let Some(byte) = scan.byte().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
            match byte {
                b' ' | b'\t' => blank = true,
                b'#' if blank => {
                    scan.skip_remark();
                    return;
                }
                b'\'' | b'"' if value && !self.lone.contains(&byte) => {
                    self.quoted(scan, byte);
                    (value, blank) = (false, false);
                    continue;
                }
                _ if value && looks < LOOKS && blank_before(scan, from) && {
                    looks += 1;
                    plain(scan, column)
                } =>
                {
                    return;
                }
                b':' | b'-' | b'?' => {
                    value = matches!(scan.byte_at(scan.at + 1), Some(b' ' | b'\t'));
                    blank = false;
                }
                b'[' | b'{' | b',' => (value, blank) = (true, false),
                _ => (value, blank) = (false, false),
            }
            scan.at += 1;
        }
    }

    fn quoted(&mut self, scan: &mut Scan<'_>, quote: u8) {
        let (start, from) = (scan.at, scan.at + 1);
        let single = quote == b'\'';
        let form = Form {
            close: if single { "'" } else { "\"" },
            lines: true,
            doubled: single,
            folded: true,
            escapes: if single { Escapes::Plain } else { Escapes::Backslash },
            ..PLAIN
        };
        let mut draft = scan.draft(start);
        match draft.read(scan.src, from, &form) {
            Ok(end) => {
                scan.at = end;
                if scan.seeks_scripts() {
                    let language = language(draft.text.as_str(), "");
                    scan.keep_script(draft, end, language);
                } else {
                    scan.keep(draft, end);
                }
            }
            Err(_) => {
                self.lone.push(quote);
                scan.at = from;
            }
        }
    }
}

fn blank_before(scan: &Scan<'_>, from: usize) -> bool {
    scan.at == from || matches!(scan.before(), Some(b' ' | b'\t'))
}

/// A plain scalar that is a command, with the lines that it goes on over, or that is a line of a shell.
fn plain(scan: &mut Scan<'_>, column: usize) -> bool {
    let start = scan.at;
    let mut end = scan.line_end(start);
    let value = scan.src.get(start..end).unwrap_or_default();
    if value.contains(": ") || value.ends_with(':') {
        return false;
    }
    if scan.seeks_scripts() {
        return script(scan, end, column);
    }
    if !kql::starts_with_command(value) {
        let quotes = value.contains("\".") || value.contains("'.");
        let script = (quotes && !value.starts_with(['[', '{', '\'', '"']))
            .then(|| scan.source.part(Span::of(start, end)).wrapped(Escape::Words));
        let Some(script) = script else { return false };
        let nested = nested(&script, "");
        scan.take(nested, &script, Span::of(start, end));
        scan.at = end;
        return true;
    }
    let mut draft = scan.draft(start);
    let mut from = start;
    loop {
        let line = scan.src.get(from..end).unwrap_or_default();
        let comment = line.find(" #").map_or(end, |at| from + at);
        if comment < end {
            scan.remember_comment(comment + 1, end);
        }
        draft.plain(from, comment);
        scan.at = end;
        scan.skip_past("\n");
        let next = scan.line_end(scan.at);
        let line = scan.src.get(scan.at..next).unwrap_or_default();
        if comment < end || line.trim().is_empty() || indent(line) <= column {
            break;
        }
        from = scan.at + indent(line);
        draft.decoded(" ", end, from);
        end = next;
    }
    scan.at = end;
    draft.text.wrap_from(0, Escape::Words);
    scan.keep(draft, end);
    true
}

/// A plain scalar on one line that holds a command line. One that goes on over line ends is left alone: what it says
/// further on must not be missed.
fn script(scan: &mut Scan<'_>, end: usize, column: usize) -> bool {
    let start = scan.at;
    let after = scan.src.get(end..).unwrap_or_default().trim_start_matches(['\r', '\n']);
    if indent(after) > column {
        return false;
    }
    let mut draft = scan.draft(start);
    draft.plain(start, end);
    let language = language(draft.text.as_str(), "");
    let found = !scan
        .src
        .get(start..end)
        .unwrap_or_default()
        .starts_with(['[', '{', '\'', '"'])
        && scan.keep_script(draft, end, language);
    if found {
        scan.at = end;
    }
    found
}
