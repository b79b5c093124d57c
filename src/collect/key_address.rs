//! What the address of a vault and the name of a key are meant to be, where they are more than that.

use super::encryption::{flaw_of_name, flaw_of_uri, stated};
use super::possible::possible;
use crate::arm::value::Node;
use crate::facts::{AddressFlaw, Condition, Known, Possible};
use crate::text::{Editable, FileSpan, HOLE, MappedText, Span};

/// How long the version of a key is.
const VERSION: usize = 32;

/// What to write in `keyVaultUri` and `keyName` of one form of `keyVaultProperties`, by the value and its origin.
pub(super) fn rewritten(form: &Node) -> Vec<((FileSpan, FileSpan), (Editable, String))> {
    let texts = |name: &str| {
        let read = |node: &Node| match node.as_text().as_ref().and_then(stated) {
            Some(text) => Known::Value(text),
            None => Known::Absent,
        };
        possible(form, &[name], &Condition::default(), form.site, &read)
    };
    let (uris, names) = (texts("keyVaultUri"), texts("keyName"));
    let uris = uris.iter().filter_map(|uri| Some((uri, address(known(uri)?, &names)?)));
    let own = names.iter().filter_map(|name| Some((name, own_name(known(name)?)?)));
    let found = uris.chain(own);
    found.map(|(value, edit)| ((value.site, value.origin), edit)).collect()
}

fn known(value: &Possible<MappedText>) -> Option<&MappedText> {
    match &value.value {
        Known::Value(text) => Some(text),
        Known::Absent | Known::Unknown(_) => None,
    }
}

/// The address of the vault alone. A key that the address names and nothing else does has to stay.
fn address(uri: &MappedText, names: &[Possible<MappedText>]) -> Option<(Editable, String)> {
    let text = uri.as_str();
    match flaw_of_uri(uri)? {
        AddressFlaw::KeyIdentifier => {
            let key = key_of(text)?;
            let is_it = |name: &Possible<MappedText>| known(name).and_then(MappedText::known) == Some(key);
            (!names.is_empty() && names.iter().all(is_it)).then_some(())?;
            without_path(uri)
        }
        AddressFlaw::Path => without_path(uri),
        AddressFlaw::Insecure => {
            let is_plain = text.get(..7)?.eq_ignore_ascii_case("http://");
            let place = uri.editable(Span::new(0, 4)).filter(|_| is_plain)?;
            Some((place, "https".to_owned()))
        }
        AddressFlaw::NoUri | AddressFlaw::NameIsUri | AddressFlaw::NameWithVersion => None,
    }
}

/// The key that an identifier names: `adx` of `https://kv.vault.azure.net/keys/adx/5f0c…`.
fn key_of(identifier: &str) -> Option<&str> {
    let lower = identifier.to_ascii_lowercase();
    let start = ["/keys/".to_owned(), format!("{HOLE}keys/")]
        .iter()
        .find_map(|mark| Some(lower.find(mark.as_str())? + mark.len()))?;
    let key = identifier.get(start..)?.split('/').next()?;
    (!key.is_empty() && !key.contains(HOLE)).then_some(key)
}

/// What goes so that an address ends with its host: what stands after the host, or after the address that is not known.
fn without_path(uri: &MappedText) -> Option<(Editable, String)> {
    let text = uri.as_str();
    let start = match text.find("://") {
        Some(scheme) => {
            let host = scheme + 3;
            host + text.get(host..)?.find('/')? + 1
        }
        None => text.find(HOLE)? + HOLE.len_utf8(),
    };
    let path = Span::of(start, text.len());
    let place = uri
        .editable(path)
        .filter(|_| !path.is_empty() && !uri.has_hole_in(path))?;
    Some((place, String::new()))
}

/// The name of the key alone.
fn own_name(name: &MappedText) -> Option<(Editable, String)> {
    let text = name.known()?;
    let place = || name.editable(Span::new(0, name.len()));
    match flaw_of_name(name)? {
        AddressFlaw::NameIsUri => Some((place()?, key_of(text)?.to_owned())),
        AddressFlaw::NameWithVersion => {
            let (own, version) = text.split_once('/')?;
            let is_version = version.len() == VERSION && version.bytes().all(|byte| byte.is_ascii_hexdigit());
            (is_version && !own.is_empty()).then_some((place()?, own.to_owned()))
        }
        _ => None,
    }
}
