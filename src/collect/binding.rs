//! Bindings of function apps to Kusto: attributes in C# and Java, and `function.json`.

use std::sync::LazyLock;

use regex::Regex;

use super::Collector;
use crate::facts::{BoundIdentity, KustoBinding, ScriptId};
use crate::syntax::connection;
use crate::syntax::json;
use crate::text::{FileSpan, MappedText, Span};

/// The longest attribute that is read.
const LONGEST: usize = 4096;
/// The setting of a binding that names none.
///
/// Source: functions-bindings-kusto.md of Webjobs.Extensions.Kusto, 2023.
const DEFAULT_SETTING: &str = "KustoConnectionString";

/// The start of an attribute, up to its first argument.
static ATTRIBUTE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[\[,@]\s*Kusto(?:Input|Output)?(?:Attribute)?\s*\(").ok());

/// An argument of an attribute.
struct Argument {
    /// Its name in lower case; empty without one.
    name: String,
    /// Its value without quotes.
    value: String,
    /// The characters of the value, without quotes.
    span: Span,
    /// Whether it is a string literal.
    is_literal: bool,
}

impl Collector<'_> {
    /// The attributes in a text.
    pub(super) fn bindings(&mut self, source: &MappedText) {
        let text = source.as_str();
        let Some(pattern) = ATTRIBUTE
            .as_ref()
            .filter(|_| memchr::memmem::find(text.as_bytes(), b"Kusto").is_some())
        else {
            return;
        };
        let mut read_to = 0;
        for start in pattern.find_iter(text) {
            if start.start() < read_to {
                continue;
            }
            let name = start.start() + 1;
            let (arguments, end) = arguments(text, start.end());
            read_to = end;
            let place = |span: Span| source.source(span);
            let Some(at) = place(Span::of(name, end)) else { continue };
            self.binding(&arguments, at, &place);
        }
    }

    /// An object of a `function.json`.
    pub(super) fn json_binding(&mut self, node: &json::Node) {
        let word = |name: &str| node.get(name).and_then(|value| value.string(self.source));
        let is_binding = word("type").is_some_and(|kind| kind.as_str().to_ascii_lowercase().starts_with("kusto"))
            && word("direction").is_some();
        let Some(at) = self.source.source(node.span).filter(|_| is_binding) else {
            return;
        };
        let members = node.members().iter().filter_map(|member| {
            let value = member.value.string(self.source)?;
            Some(Argument {
                name: member.name.to_ascii_lowercase(),
                value: value.as_str().to_owned(),
                span: Span::new(member.value.span.start + 1, member.value.span.end.saturating_sub(1)),
                is_literal: true,
            })
        });
        let arguments: Vec<_> = members.collect();
        let source = self.source;
        self.binding(&arguments, at, &|span| source.source(span));
    }

    fn binding(&mut self, arguments: &[Argument], at: FileSpan, place: &dyn Fn(Span) -> Option<FileSpan>) {
        let of = |name: &str| arguments.iter().find(|argument| argument.name == name);
        let connection = of("connection");
        let is_string = connection.is_some_and(|argument| argument.is_literal && is_connection_string(&argument.value));
        let setting = match connection {
            None => Some(DEFAULT_SETTING.to_owned()),
            Some(_) if is_string => None,
            Some(argument) => Some(argument.value.trim_matches('%').to_owned()),
        };
        let identity = of("managedserviceidentity")
            .filter(|argument| argument.is_literal)
            .and_then(|argument| {
                Some(BoundIdentity {
                    written: argument.value.clone(),
                    at: place(argument.span)?,
                })
            });
        self.facts.bindings.push(KustoBinding {
            setting,
            setting_at: connection.and_then(|argument| place(argument.span)),
            is_string,
            identity,
            at,
            script: ScriptId {
                case: self.case,
                index: self.scripts,
                purpose: self.purpose,
            },
        });
    }
}

fn is_connection_string(text: &str) -> bool {
    text.contains('=') && !connection::find(text).is_empty() || text.contains("://")
}

/// The arguments after the parenthesis that ends at `from`, and where they end.
fn arguments(text: &str, from: usize) -> (Vec<Argument>, usize) {
    let limit = text.floor_char_boundary(from.saturating_add(LONGEST));
    let bytes = text.as_bytes().get(..limit).unwrap_or_default();
    let mut found = Vec::new();
    let (mut start, mut at, mut depth) = (from, from, 0_u32);
    let mut quoted = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' if quoted => at += 1,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' if depth == 0 => break,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                found.extend(argument(text, start, at));
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found.extend(argument(text, start, at.min(limit)));
    (found, at.min(limit))
}

/// `name = value`, `name: value` or a value.
fn argument(text: &str, start: usize, end: usize) -> Option<Argument> {
    let written = text.get(start..end)?;
    let head = written.find('"').unwrap_or(written.len());
    let sign = written.get(..head)?.find(['=', ':']);
    let name = sign.and_then(|sign| written.get(..sign)).unwrap_or_default();
    let from = sign.map_or(0, |sign| sign + 1);
    let value = written.get(from..)?;
    let lead = value.len() - value.trim_start().len();
    let value = value.trim();
    let inner = value
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'))
        .filter(|inner| !inner.contains('"'));
    let at = start + from + lead + usize::from(inner.is_some());
    let shown = inner.unwrap_or(value);
    (!shown.is_empty()).then(|| Argument {
        name: name.trim().to_ascii_lowercase(),
        value: shown.to_owned(),
        span: Span::of(at, at + shown.len()),
        is_literal: inner.is_some(),
    })
}
