//! From bytes to trees: what each file is, by its name and its content.

use rayon::prelude::*;

use super::Input;
use crate::arm::template::{Document as Kind, built, classify};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Findings, Severity};
use crate::rules::input::UNREADABLE_FILE;
use crate::syntax::connection::{Declared, Secret, find_secrets};
use crate::syntax::host::Host;
use crate::syntax::{Parsed, json};
use crate::text::{Decoded, Encoding, FileId, FileSpan, MappedText, NotText, SourceFile, Sources, Span, decode};

/// Extensions of KQL scripts.
const SCRIPTS: [&str; 3] = ["kql", "csl", "kusto"];

/// Extensions of JSON.
const JSON: [&str; 2] = ["json", "jsonc"];

/// More places than this, and than one in twenty bytes, that are no characters make a file no text.
const MOST_REPLACED: usize = 16;

/// A file of a run with what was read of it.
pub(super) struct Document {
    pub(super) file: FileId,
    pub(super) named: bool,
    /// The text of the file, or of a document that stands in a string of it.
    pub(super) text: MappedText,
    pub(super) content: Content,
}

/// What a file holds.
pub(super) enum Content {
    /// A KQL script.
    Script,
    /// A template.
    Template(Parsed<json::Node>),
    /// Values for the parameters of a template.
    Parameters(Parsed<json::Node>),
    /// A report of this program: it quotes commands, and none of them is anybody's.
    Report,
    /// Any other JSON.
    Json(Parsed<json::Node>),
    /// Any other text, of a language in which commands are looked for or not. It may hold connection strings.
    Text(Option<Host>),
}

/// The files of a run.
pub(super) struct Run {
    pub(super) sources: Sources,
    pub(super) documents: Vec<Document>,
    pub(super) early: Findings,
    /// The secrets that stand in the text of each file.
    pub(super) secrets: Vec<Vec<Secret>>,
    pub(super) reported: Vec<bool>,
    pub(super) incomplete: bool,
}

/// Decodes and parses files, in the order of their paths.
pub(super) fn read(mut inputs: Vec<Input>, config: &Config) -> Run {
    inputs.sort_by(|one, two| (&one.path, !one.named).cmp(&(&two.path, !two.named)));
    inputs.dedup_by(|later, kept| {
        kept.reported |= kept.path == later.path && later.reported;
        kept.path == later.path
    });
    let read: Vec<_> = inputs
        .par_iter()
        .enumerate()
        .map(|(number, input)| {
            let read = read_one(input, number, config);
            let secrets = find_secrets(read.0.text());
            (read, secrets)
        })
        .collect();
    let mut run = Run {
        sources: Sources::new(),
        documents: Vec::new(),
        early: Findings::default(),
        secrets: Vec::new(),
        reported: Vec::new(),
        incomplete: false,
    };
    for (input, ((source, documents, finding), secrets)) in inputs.iter().zip(read) {
        run.sources.add(source);
        run.secrets.push(secrets);
        run.reported.push(input.reported);
        run.incomplete |= input.bytes.is_err() && input.reported;
        run.documents.extend(documents);
        run.early.report_all(finding);
    }
    let texts = || run.sources.iter().map(|(_, source)| source.text());
    let declared = Declared::of(texts());
    for (text, secrets) in texts().zip(&mut run.secrets) {
        declared.find(text, secrets);
    }
    run
}

fn read_one(input: &Input, number: usize, config: &Config) -> (SourceFile, Vec<Document>, Option<Diagnostic>) {
    let file = FileId(crate::text::offset(number));
    let unread = |message: String, finding: bool| {
        let empty = Decoded {
            text: String::new(),
            encoding: Encoding::Utf8,
            replaced: Vec::new(),
        };
        let at = FileSpan::new(file, Span::default());
        let diagnostic = || Diagnostic::new(UNREADABLE_FILE.name, Severity::Error, message, at, "not analysed");
        (
            SourceFile::new(input.path.as_str(), empty),
            Vec::new(),
            finding.then(diagnostic),
        )
    };
    let bytes = match &input.bytes {
        Ok(bytes) => bytes,
        Err(reason) => return unread(format!("this file could not be read: {reason}"), true),
    };
    let decoded = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(NotText::Binary) => {
            let expected = input.named || is_script(&input.path);
            return unread("this file is not text: it holds zero bytes".to_owned(), expected);
        }
        Err(NotText::Utf16WithoutMark) => {
            return unread(
                "this file is UTF-16 without a byte-order mark: save it as UTF-8".to_owned(),
                true,
            );
        }
        Err(NotText::Utf32) => return unread("this file is UTF-32: save it as UTF-8".to_owned(), true),
        Err(NotText::TooLarge) => return unread("this file is too large to be read".to_owned(), true),
    };
    if decoded.replaced.len() > MOST_REPLACED.max(decoded.text.len() / 20) {
        let message = format!(
            "this file is not text: {} of its bytes are no characters",
            decoded.replaced.len()
        );
        return unread(message, input.named || is_script(&input.path));
    }
    let source = SourceFile::new(input.path.as_str(), decoded);
    let text = MappedText::of_file(file, source.text());
    let content = if config.is_kql(&input.path) {
        Content::Script
    } else {
        content(&input.path, input.named, &text)
    };
    let finding = replaced(&source, file, input, &content);
    let document = Document {
        file,
        named: input.named,
        text,
        content,
    };
    (source, in_strings(document), finding)
}

/// The template and the parameters that stand in the strings of a document, or the document itself.
fn in_strings(document: Document) -> Vec<Document> {
    let Content::Json(parsed) = &document.content else {
        return vec![document];
    };
    let Some((template, parameters)) = built(&parsed.tree, &document.text) else {
        return vec![document];
    };
    let inner = |text: MappedText, of: fn(Parsed<json::Node>) -> Content| {
        let content = of(json::parse(&text, json::Dialect::Template));
        Document {
            file: document.file,
            named: document.named,
            text,
            content,
        }
    };
    let template = template.map(|text| inner(text, Content::Template));
    template
        .into_iter()
        .chain([inner(parameters, Content::Parameters)])
        .collect()
}

/// The extension of a path in lower case; empty without one.
fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    extension.unwrap_or_default()
}

/// Whether a file is a KQL script by its name.
fn is_script(path: &str) -> bool {
    SCRIPTS.contains(&extension(path).as_str())
}

/// Whether a text starts as a management command does.
fn starts_as_command(text: &str) -> bool {
    let first = text
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("//"));
    first
        .and_then(|line| line.strip_prefix('.'))
        .is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()))
}

/// What a file holds: scripts by their extension, JSON by its content, and a file that the user named and that has
/// no extension of its own by the way in which it starts.
fn content(path: &str, named: bool, text: &MappedText) -> Content {
    let extension = extension(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    let first = text.as_str().trim_start();
    let known = |extensions: &[&str]| extensions.contains(&extension.as_str());
    if is_script(path) || (name == "<stdin>" && !first.starts_with(['{', '['])) {
        return Content::Script;
    }
    let looks_like_json =
        first.starts_with('{') && (extension == "template" || extension.is_empty() || first.contains("$schema"));
    if !known(&JSON) && !looks_like_json && name != "<stdin>" {
        let host = Host::of_path(name);
        let is_command = named && host.is_none() && starts_as_command(text.as_str());
        return if is_command {
            Content::Script
        } else {
            Content::Text(host)
        };
    }
    let parsed = json::parse(text, json::Dialect::Template);
    match classify(&parsed.tree, text) {
        Kind::Template => Content::Template(parsed),
        Kind::Parameters => Content::Parameters(parsed),
        Kind::Other if is_own_report(&parsed.tree, text) => Content::Report,
        Kind::Other => Content::Json(parsed),
    }
}

/// Whether JSON is a report that this program wrote: as `json`, `rdjson` or `sarif`.
fn is_own_report(tree: &json::Node, text: &MappedText) -> bool {
    let runs = tree.get("runs").map(json::Node::elements).unwrap_or_default();
    let drivers = runs.iter().filter_map(|run| run.get("tool")?.get("driver"));
    let tools = [tree.get("tool"), tree.get("source")].into_iter().flatten();
    let mut names = tools.chain(drivers).filter_map(|tool| tool.get("name")?.string(text));
    names.any(|name| name.as_str() == env!("CARGO_PKG_NAME"))
}

/// The finding on bytes that are no characters, where they matter.
fn replaced(source: &SourceFile, file: FileId, input: &Input, content: &Content) -> Option<Diagnostic> {
    let first = source.replaced().first()?;
    if matches!(content, Content::Text(_) | Content::Json(_)) && !input.named {
        return None;
    }
    let at = Span::new(
        first.text,
        first.text + crate::text::offset(char::REPLACEMENT_CHARACTER.len_utf8()),
    );
    let encoding = if source.encoding().is_utf16() {
        "UTF-16"
    } else {
        "UTF-8"
    };
    let byte = source.position(first.text).byte;
    let count = source.replaced().len();
    let places = if count == 1 {
        format!("byte {byte} is not valid {encoding}")
    } else {
        format!("{count} places are not valid {encoding}, the first at byte {byte}")
    };
    let title = format!("{places}: what stands there was not analysed");
    let diagnostic = Diagnostic::new(
        UNREADABLE_FILE.name,
        Severity::Warning,
        title,
        FileSpan::new(file, at),
        "not a character",
    );
    Some(diagnostic.note("save the file as UTF-8"))
}
