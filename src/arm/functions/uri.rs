//! URIs.

use super::object::object_arg;
use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::value::{Member, Node, Object, Value};
use crate::text::MappedText;

pub(super) static FUNCTIONS: &[Function] = &[
    plain("uri", 2, 2, uri),
    plain("uriComponent", 1, 1, |call, args| {
        call.computed(escape(call.str_arg(args, 0)?))
    }),
    plain("uriComponentToString", 1, 1, unescape),
    plain("parseUri", 1, 1, parse_uri),
    plain("buildUri", 1, 1, build_uri),
];

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_unreserved(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn unescape(call: &Call<'_>, args: &[Node]) -> Outcome {
    let node = call.arg(args, 0)?;
    let text = call.str_arg(args, 0)?;
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let mut digit = || ahead.next().and_then(|byte| char::from(byte).to_digit(16));
        let pair = (byte == b'%').then(|| Some((digit()?, digit()?))).flatten();
        match pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok()) {
            Some(decoded) => {
                out.push(decoded);
                bytes = ahead;
            }
            None => out.push(byte),
        }
    }
    match String::from_utf8(out) {
        Ok(text) => call.text(MappedText::computed(text, node.origin)),
        Err(_) => Err(Stop::Unknown),
    }
}

/// A URI that needs no normalization, in its parts.
struct Uri<'t> {
    scheme: &'t str,
    host: &'t str,
    port: Option<&'t str>,
    path: &'t str,
    query: &'t str,
}

impl<'t> Uri<'t> {
    /// `None` for URIs that the service would write in another way (user names, odd characters, dots as
    /// segments, upper case in the host, a port that is the scheme's own).
    fn of(text: &'t str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (rest, query) = rest.find('?').map_or((rest, ""), |at| rest.split_at(at));
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        };
        let plain = |text: &str, also: &[u8]| text.bytes().all(|byte| is_unreserved(byte) || also.contains(&byte));
        let lower = |text: &str| !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let own_port = matches!((scheme, port), ("http", Some("80")) | ("https", Some("443")));
        let port_is_plain = port.is_none_or(|port| {
            !port.is_empty() && !port.starts_with('0') && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        let simple = matches!(scheme, "http" | "https")
            && lower(host)
            && plain(host, b"")
            && !own_port
            && port_is_plain
            && plain(path, b"/:@!$&()*+,;=")
            && plain(query, b"?/:@!$&()*+,;=%")
            && has_no_dots(path);
        simple.then_some(Self {
            scheme,
            host,
            port,
            path,
            query,
        })
    }

    fn origin(&self) -> String {
        match self.port {
            Some(port) => format!("{}://{}:{port}", self.scheme, self.host),
            None => format!("{}://{}", self.scheme, self.host),
        }
    }
}

fn has_no_dots(path: &str) -> bool {
    !path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// A relative reference put on a base.
fn uri(call: &Call<'_>, args: &[Node]) -> Outcome {
    let base = call.str_arg(args, 0)?;
    let relative = call.str_arg(args, 1)?;
    let Some(base) = Uri::of(base) else {
        return Err(Stop::Unknown);
    };
    let path_of_relative = relative.split(['?', '#']).next().unwrap_or_default();
    let simple = !relative.is_empty()
        && !relative.starts_with("//")
        && !path_of_relative.contains([':', '\\', '%', ' '])
        && relative.is_ascii()
        && has_no_dots(path_of_relative)
        && relative
            .bytes()
            .all(|byte| is_unreserved(byte) || b"/?&=+,;@!$()*".contains(&byte));
    if !simple || relative.starts_with('?') {
        return Err(Stop::Unknown);
    }
    let folder = match base.path.rfind('/') {
        _ if relative.starts_with('/') => "",
        Some(last) => base.path.get(..=last).unwrap_or_default(),
        None => "/",
    };
    call.computed(format!("{}{folder}{relative}", base.origin()))
}

fn parse_uri(call: &Call<'_>, args: &[Node]) -> Outcome {
    let Some(uri) = Uri::of(call.str_arg(args, 0)?) else {
        return Err(Stop::Unknown);
    };
    let own_port = if uri.scheme == "https" { 443 } else { 80 };
    let port = uri.port.map_or(Some(own_port), |port| port.parse().ok());
    let path = if uri.path.is_empty() { "/" } else { uri.path };
    let text = |name: &str, value: &str| Member {
        name: MappedText::computed(name, call.site),
        node: Node::written(Value::String(MappedText::computed(value, call.site)), call.site),
    };
    let mut members = vec![text("scheme", uri.scheme), text("host", uri.host)];
    members.push(Member {
        name: MappedText::computed("port", call.site),
        node: Node::written(Value::Int(port.ok_or(Stop::Unknown)?), call.site),
    });
    members.push(text("path", path));
    members.push(text("query", uri.query));
    call.made(Value::Object(Object::new(members).into()))
}

fn build_uri(call: &Call<'_>, args: &[Node]) -> Outcome {
    let object = object_arg(call, args, 0)?;
    let part = |name: &str| -> Result<Option<&str>, Stop> {
        match object.get(name).map(|member| &member.node) {
            None => Ok(None),
            Some(node) => match (node.as_str(), &node.value) {
                (Some(text), _) => Ok(Some(text)),
                (None, Value::Null) => Ok(None),
                (None, Value::String(_)) => Err(Stop::Unknown),
                _ => call.mismatch(node, "texts as parts"),
            },
        }
    };
    let (Some(scheme), Some(host)) = (part("scheme")?, part("host")?) else {
        return call.failed("needs a scheme and a host");
    };
    let path = part("path")?.unwrap_or("/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    let query = part("query")?.unwrap_or_default();
    let mark = if query.is_empty() || query.starts_with('?') {
        ""
    } else {
        "?"
    };
    let port = match object.get("port").map(|member| &member.node.value) {
        None | Some(Value::Null) => String::new(),
        Some(Value::Int(port)) => format!(":{port}"),
        Some(_) => return Err(Stop::Unknown),
    };
    let whole = format!("{scheme}://{host}{port}{slash}{path}{mark}{query}");
    match Uri::of(&whole) {
        Some(_) => call.computed(whole),
        None => Err(Stop::Unknown),
    }
}
