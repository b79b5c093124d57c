//! Secrets that have no name before them, and a place: an argument of a call, an option of a command.

use super::assembled::{Gap, Strength};
use super::certain::{is_random, telling};
use super::site::{is_space, skip_blanks, skip_prefix};
use super::value::{Ends, Value, is_quote, is_reference, read, stands_in};
use super::{Secret, SecretKind, Telling, byte, places};
use crate::text::Span;

/// Bytes of a call or a command that are looked at.
const WINDOW: usize = 1024;

/// A call one of whose arguments is a secret.
struct Call {
    /// The end of its name, with its letter case.
    name: &'static str,
    /// Which argument it is, from 0 on.
    argument: usize,
    /// Whether it is for Kusto and nothing else, so that the secret is certain.
    of_kusto: bool,
}

const fn call(name: &'static str, argument: usize, of_kusto: bool) -> Call {
    Call {
        name,
        argument,
        of_kusto,
    }
}

/// The calls of the client libraries for Kusto (C#, JavaScript, Python, Go, Java), and of Azure Identity.
const CALLS: &[Call] = &[
    call("WithAadApplicationKeyAuthentication(", 1, true),
    call("withAadApplicationKeyAuthentication(", 2, true),
    call("with_aad_application_key_authentication(", 2, true),
    call("WithAadAppKey(", 1, true),
    call("createWithAadApplicationCredentials(", 2, true),
    call("ClientSecretCredential(", 2, false),
    call("ClientCredential(", 1, false),
    call("WithClientSecret(", 0, false),
    call("clientSecret(", 0, false),
];

/// A command, one of whose options has a secret after it.
struct Command {
    name: &'static str,
    options: &'static [&'static str],
    /// Whether the secret stands after a user and a colon.
    after_user: bool,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "az login",
        options: &["-p"],
        after_user: false,
    },
    Command {
        name: "sqlcmd",
        options: &["-P"],
        after_user: false,
    },
    Command {
        name: "bcp",
        options: &["-P"],
        after_user: false,
    },
    Command {
        name: "az keyvault secret set",
        options: &["--value"],
        after_user: false,
    },
    Command {
        name: "curl",
        options: &["-u", "--user"],
        after_user: true,
    },
];

/// Adds the secrets that a place tells of, and the gaps there that something else fills.
pub(super) fn find(text: &str, gaps: &mut Vec<Gap>, found: &mut Vec<Secret>) {
    for call in CALLS {
        for at in places(text, call.name) {
            let kind = SecretKind::ClientSecret;
            let Some((start, value)) = argument_at(text, at + call.name.len(), call.argument) else {
                continue;
            };
            if value.quoted {
                found.extend(secret(text, &value, kind, call.of_kusto));
            } else {
                gaps.extend(Gap::of_name(text, start, kind, Strength::Loose));
            }
        }
    }
    for command in COMMANDS {
        let mut over = 0;
        for at in places(text, command.name) {
            let letter_before = at.checked_sub(1).and_then(|before| byte(text, before));
            if at >= over && !letter_before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
                over = at + command.name.len();
                over += options(text, over, command, found);
            }
        }
    }
}

/// The secret, unless the value stands for one that is filled in elsewhere.
fn secret(text: &str, value: &Value, kind: SecretKind, may_report: bool) -> Option<Secret> {
    let written = text.get(value.start..value.end)?;
    let real = value.known > 0 && !stands_in(written) && !is_reference(written);
    let certain = may_report && is_random(written, 8);
    real.then(|| Secret {
        span: Span::of(value.start, value.end),
        kind,
        certain,
        telling: if certain { Telling::Pieces } else { telling(written) },
    })
}

/// The argument with a number, of the call whose arguments start at `at`: where it starts, and its value, which is a
/// literal if it is quoted.
pub(super) fn argument_at(text: &str, at: usize, number: usize) -> Option<(usize, Value)> {
    let limit = text.floor_char_boundary(at.saturating_add(WINDOW));
    let text = text.get(..limit)?;
    let mut here = at;
    let mut commas = 0;
    let mut depth = 0_usize;
    loop {
        if commas == number && depth == 0 {
            let start = skip_prefix(text, skip_blanks(text, here, is_space));
            let value = read(text, start, Ends::Pair);
            return Some((start, value));
        }
        match byte(text, here)? {
            b',' if depth == 0 => commas += 1,
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            mark if is_quote(mark) => here = read(text, here, Ends::Pair).end,
            _ => {}
        }
        here += 1;
    }
}

/// Adds the secrets after the options of a command, whose name ends at `at`; gives how many bytes belong to the command.
fn options(text: &str, at: usize, command: &Command, found: &mut Vec<Secret>) -> usize {
    let limit = text.floor_char_boundary(at.saturating_add(WINDOW));
    let window = text.get(at..limit).unwrap_or_default();
    let line = window.get(..line_end(window)).unwrap_or(window);
    for option in command.options {
        for place in places(line, option) {
            let blank_before = place
                .checked_sub(1)
                .and_then(|before| byte(line, before))
                .is_some_and(is_space);
            let start = skip_blanks(line, place + option.len(), |byte| is_space(byte) || byte == b'=');
            if !blank_before || start == place + option.len() && option.starts_with("--") {
                continue;
            }
            let mut value = read(text, at + start, Ends::Argument);
            if command.after_user {
                let login = text.get(value.start..value.end).unwrap_or_default();
                let Some((user, password)) = login.split_once(':') else {
                    continue;
                };
                value.known = read(password, 0, Ends::Argument).known;
                value.start += user.len() + 1;
            }
            found.extend(secret(text, &value, SecretKind::Password, false));
        }
    }
    line.len()
}

/// Where a command ends: at the end of its line, unless a mark before that says that it goes on.
fn line_end(text: &str) -> usize {
    let mut lines = text.match_indices('\n').map(|(at, _)| at);
    let ends = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default().trim_end();
        !before.ends_with(['\\', '`', '^'])
    };
    lines.find(ends).unwrap_or(text.len())
}
