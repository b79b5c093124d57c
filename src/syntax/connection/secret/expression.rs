//! Values that are part of an expression: the argument of a command, of a wrapper or of a setter, what stands in if a
//! variable is not set, one of several that are set at once.

use super::byte;
use super::site::{is_blank, skip_blanks, skip_quote};

/// What names of PowerShell's commands start with that may stand after a name, in lower case.
const VERBS: &[&str] = &[
    "add",
    "convert",
    "convertfrom",
    "convertto",
    "find",
    "format",
    "get",
    "import",
    "install",
    "invoke",
    "join",
    "measure",
    "new",
    "out",
    "protect",
    "read",
    "receive",
    "request",
    "resolve",
    "search",
    "select",
    "set",
    "show",
    "split",
    "test",
    "unprotect",
    "use",
    "wait",
    "where",
    "write",
];

/// Whether a value is the name of a command of PowerShell, which gives the secret: `Get-AzKeyVaultSecret`.
pub(super) fn is_cmdlet(value: &str) -> bool {
    value.split_once('-').is_some_and(|(verb, noun)| {
        VERBS.iter().any(|known| known.eq_ignore_ascii_case(verb))
            && noun.starts_with(|first: char| first.is_ascii_uppercase())
            && noun.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Options of a command before its argument, at most.
const OPTIONS: usize = 4;

/// Where the argument starts of the command `ConvertTo-SecureString`, whose name ends before `at`, after its options and a
/// bracket.
pub(super) fn command_argument(text: &str, at: usize) -> Option<usize> {
    let mut here = at;
    for _ in 0..OPTIONS {
        if byte(text, here) != Some(b'-') {
            break;
        }
        let end = skip_blanks(text, here + 1, |byte| byte.is_ascii_alphabetic());
        here = skip_blanks(text, end, is_blank);
    }
    if byte(text, here) == Some(b'(') {
        here = skip_blanks(text, here + 1, is_blank);
        return skip_quote(text, here).map(|_| here);
    }
    byte(text, here)
        .filter(|byte| !matches!(byte, b'-' | b')' | b'}' | b'|' | b'\n' | b'\r'))
        .map(|_| here)
}
