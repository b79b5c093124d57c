//! Which finds are secrets beyond reasonable doubt, of a service that Kusto works with. Others are masked, and no
//! rule speaks of them: passwords of machines and keys of other services are for other tools.

use super::Telling;
use super::elsewhere::is_elsewhere;
use super::value::stands_in;

/// How far the string around a value is looked at, before and after it.
pub(super) const BEFORE: usize = 1024;
pub(super) const AFTER: usize = 512;

/// Characters in a row, each one further in the alphabet than the last or the same, that only samples have.
const ROW: usize = 6;

/// Characters of a signature that need no padding to be taken for one.
const SIGNATURE: usize = 24;

/// Characters of a value that looks made whatever its name is.
const MADE: usize = 12;

/// The published sample of a JSON web token, by its body.
const SAMPLE_TOKENS: &[&str] = &["eyJzdWIiOiIxMjM0NTY3ODkw"];

/// Signatures that the documentation of Azure Storage prints, in lower case.
const SAMPLE_SIGNATURES: &[&str] = &[
    "dd80ihbh5jfnpymo5hg1idijievhcjpcmicmnn%2frnbi",
    "dd80ihbh5jfnpymo5hg1idijievhcjpcmicmnn/rnbi",
    "z%2frhix5xcg0mq2rqi3olwtjeg2tykboxr1p9zuxdtkk",
    "z/rhix5xcg0mq2rqi3olwtjeg2tykboxr1p9zuxdtkk",
];

/// The words around a value up to blanks and quotes: a URL and what follows it.
fn url_around(text: &str, start: usize, end: usize) -> String {
    let ends = |character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '<' | '>');
    let from = text.floor_char_boundary(start.saturating_sub(BEFORE));
    let to = text.floor_char_boundary(end.saturating_add(AFTER));
    let before = text.get(from..start).unwrap_or_default();
    let before = before.rsplit(ends).next().unwrap_or_default();
    let after = text.get(end..to).unwrap_or_default();
    let after = after.split(ends).next().unwrap_or_default();
    [before, after].concat().to_ascii_lowercase()
}

/// Whether a value looks as if it was made by a machine or chosen to be hard to guess.
pub(super) fn is_random(value: &str, least: usize) -> bool {
    is_mixed(value, least) && !is_sample(value)
}

/// Whether a value is of letters and digits, and no shorter than `least`.
pub(super) fn is_mixed(value: &str, least: usize) -> bool {
    let letters = value.bytes().any(|byte| byte.is_ascii_alphabetic());
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    value.len() >= least && letters && digits
}

/// Whether a value looks made by a machine, or chosen to be hard to guess, whatever stands before it: no name, number, date,
/// path, URL, id or code.
pub(super) fn is_made(value: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'(' | b'[' | b'{' | b'<' | b'"' | b'\'' | b'`' | b',');
    let parts = |letter: char| !letter.is_ascii_alphanumeric();
    // Some part is of letters and digits, and of no words.
    let is_of_words = value.split(parts).all(|part| !is_mixed(part, 2) || is_wordy(part));
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    let is_pair = value.trim_end_matches('=').contains(['=', ';']);
    is_mixed(value, MADE)
        && !is_pair
        && letters >= 4
        && value.bytes().all(plain)
        && !["://", "icrosoft.", "ubscriptions"]
            .iter()
            .any(|part| value.contains(part))
        && !is_of_words
        && !is_guid(value)
        && !is_date(value)
        && !says_it_is_none(value)
        && !is_elsewhere(value)
}

/// Whether a word is a GUID, as the ids of roles and principals are.
pub(super) fn is_guid(word: &str) -> bool {
    let lengths: Vec<usize> = word.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

/// Whether a value starts as a day or a version does: `2024-01-31T…`.
fn is_date(value: &str) -> bool {
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    digits == 4 && value.get(4..).is_some_and(|rest| rest.starts_with('-')) && value.contains(':')
}

/// Whether a value is of plain words and numbers, as names are: `database1`, `externalTable2`, `kusto-app-key-12345`.
pub(super) fn is_wordy(value: &str) -> bool {
    let separates = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.' | b':' | b' ');
    let known = value.bytes().all(|byte| byte.is_ascii_alphabetic() || separates(byte));
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let mut runs = value
        .as_bytes()
        .split(|byte| separates(*byte))
        .filter(|run| !run.is_empty());
    known && digits <= 8 && runs.all(is_word)
}

/// Whether letters are a word, or several in camel case: each with a vowel, or an abbreviation that names have.
fn is_word(letters: &[u8]) -> bool {
    let abbreviations: [&[u8]; 8] = [b"pwd", b"sql", b"kv", b"sp", b"db", b"st", b"v", b"my"];
    let mut words = letters.chunk_by(|before, next| !(before.is_ascii_lowercase() && next.is_ascii_uppercase()));
    words.all(|word| {
        let tail = word.get(1..).unwrap_or_default();
        let one_case = tail.iter().all(u8::is_ascii_lowercase) || word.iter().all(u8::is_ascii_uppercase);
        let vowel = word
            .iter()
            .any(|letter| b"aeiouy".contains(&letter.to_ascii_lowercase()));
        one_case && (word.len() >= 2 && vowel || abbreviations.iter().any(|known| known.eq_ignore_ascii_case(word)))
    })
}

/// Whether a value is of plain words, one of which is the name of what should stand there: `app-key-1`.
fn names_itself(value: &str) -> bool {
    let folded = value.to_ascii_lowercase();
    let words = [
        "key",
        "secret",
        "pass",
        "pwd",
        "token",
        "signature",
        "credential",
        "goes",
        "welcome",
    ];
    let marks = ['=', '!', '?', '*', '#', '.', '/'];
    let plain = folded.trim_end_matches("%3d").len();
    let plain = value.get(..plain).unwrap_or_default().trim_matches(marks);
    words.iter().any(|word| folded.contains(word)) && is_wordy(plain)
}

/// Whether a value is a regular expression, or calls something: `[A-Za-z0-9]{88}`, `secret("app1")`.
fn is_code(value: &str) -> bool {
    let pattern = value.contains("[A-Z") || value.contains("[a-z") || value.contains("[0-9") || value.contains("[^");
    let called = value.split_once('(').is_some_and(|(name, argument)| {
        let letters = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'_');
        let name = name.trim_start_matches(['{', '$']);
        let is_argument = argument.is_empty() || argument.starts_with(['"', '\'', '\\', '$']);
        name.len() >= 3 && name.bytes().all(letters) && is_argument
    });
    pattern || called
}

/// Letters of a value that are no names of secrets, of which fewer say nothing.
const OF_ITS_OWN: usize = 6;

/// Words that names of secrets are made of, longer ones before those that they hold.
const NAMES: &[&str] = &[
    "application",
    "signature",
    "credential",
    "passphrase",
    "password",
    "account",
    "storage",
    "welcome",
    "client",
    "secret",
    "vault",
    "admin",
    "kusto",
    "token",
    "value",
    "goes",
    "here",
    "from",
    "name",
    "user",
    "data",
    "pass",
    "key",
    "app",
    "sql",
    "the",
    "your",
    "pwd",
    "ref",
    "env",
    "var",
    "my",
    "db",
    "kv",
];

/// Whether a value is made of the words that secrets are named with: `kusto-app-key`.
fn is_nothing_but_names(value: &str) -> bool {
    let mut left = value.to_ascii_lowercase();
    for name in NAMES {
        left = left.replace(name, " ");
    }
    left.bytes().filter(u8::is_ascii_alphabetic).count() < OF_ITS_OWN && is_wordy(value)
}

/// Whether a value says itself that it is none, is named as what should stand there, runs along the alphabet, or tells
/// where the secret is.
fn is_sample(value: &str) -> bool {
    says_it_is_none(value) || names_itself(value) || is_short_name(value) || is_elsewhere(value)
}

/// Characters of a value of words and a number, from which on it is long enough to be no name.
const LONG_NAME: usize = 16;

/// Whether a short value is of words with a number at the end, as names and samples are: `harbor2024`.
fn is_short_name(value: &str) -> bool {
    let words = value.trim_end_matches(|last: char| last.is_ascii_digit());
    value.len() < LONG_NAME && words.bytes().all(|byte| !byte.is_ascii_digit()) && is_wordy(value)
}

/// Whether the letters of a value, and its digits as well, count along as one types them: `a1b2c3d4e5f6`, `abc123def456`.
fn counts_along(word: &str) -> bool {
    let of = |wanted: fn(&u8) -> bool| word.bytes().filter(wanted).collect::<Vec<u8>>();
    longest_row(&of(u8::is_ascii_alphabetic)) >= ROW && longest_row(&of(u8::is_ascii_digit)) >= ROW
}

/// Whether `test` stands in a value as a word of its own, or as the start of one.
fn tells_of_a_test(word: &str) -> bool {
    word.match_indices("test").any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| word.as_bytes().get(before));
        before.is_none_or(|before| !before.is_ascii_alphanumeric())
    })
}

fn says_it_is_none(value: &str) -> bool {
    let word = value.to_ascii_lowercase();
    let says = [
        "example",
        "placeholder",
        "changeme",
        "dummy",
        "sample",
        "redacted",
        "not-a-real",
        "not_a_real",
        "notareal",
        "not-real",
        "invalid",
        "fake",
        "lorem",
        "qwerty",
        "...",
        "***",
    ];
    let starts = [
        "your", "my-", "my_", "mykey", "mypass", "mysecret", "mytoken", "some-", "some_", "somekey", "the-", "insert",
        "enter", "replace", "tbd", "todo", "fixme",
    ];
    says.iter().any(|part| word.contains(part))
        || value.len() <= 32 && word.contains("xxxx")
        || starts.iter().any(|start| word.starts_with(start))
        || longest_row(word.as_bytes()) >= ROW
        || counts_along(&word)
        || tells_of_a_test(&word)
        || is_code(value)
        || stands_in(value)
}

/// Whether a password is the word itself, however it is spelt.
pub(super) fn is_the_word(value: &str) -> bool {
    let plain: String = value
        .chars()
        .map(|letter| match letter {
            '@' => 'a',
            '4' => 'a',
            '0' => 'o',
            '$' | '5' => 's',
            other => other.to_ascii_lowercase(),
        })
        .collect();
    plain.contains("passw")
}

/// Whether a value is the password of a user, as far as its looks tell.
pub(super) fn is_password(value: &str) -> bool {
    is_random(value, WORD) && !is_the_word(value)
}

/// Whether a value is the signature of a request to Amazon S3.
pub(super) fn is_signature_of_bucket(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) && !is_sample(value)
}

fn longest_row(bytes: &[u8]) -> usize {
    let (mut longest, mut up, mut same) = (1, 1, 1);
    for pair in bytes.windows(2) {
        let [one, two] = pair else { continue };
        up = if one.checked_add(1) == Some(*two) { up + 1 } else { 1 };
        same = if one == two { same + 1 } else { 1 };
        longest = longest.max(up).max(same);
    }
    longest
}

/// Whether a value is the base64 of 32 or of 64 bytes, as keys of Azure's services are.
pub(super) fn is_service_key(value: &str) -> bool {
    let stem = value.trim_end_matches('=');
    let padding = value.len() - stem.len();
    let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    matches!((stem.len(), padding), (43, 1) | (86, 2)) && stem.bytes().all(of_base64) && is_random(value, 40)
}

/// Whether a value is a JSON web token with a signature.
pub(super) fn is_web_token(value: &str) -> bool {
    let parts: Vec<&str> = value.split('.').collect();
    let [head, body, signature] = parts.as_slice() else {
        return false;
    };
    let of_base64 = |part: &str| {
        part.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    head.starts_with("eyJ")
        && head.len() >= 12
        && body.starts_with('e')
        && !signature.is_empty()
        && parts.iter().all(|part| of_base64(part))
        && !SAMPLE_TOKENS.iter().any(|sample| body.starts_with(sample))
        && !signature.to_ascii_lowercase().contains("signature")
        && !is_sample(signature)
}

/// Characters of a phrase of words that no other text holds by chance.
const PHRASE: usize = 12;

/// Characters of a value that is no word.
const WORD: usize = 8;

/// What of a value that has the name of a secret tells of it elsewhere, though nothing in it looks like one.
pub(super) fn telling(value: &str) -> Telling {
    if says_it_is_none(value) || is_the_word(value) || is_nothing_but_names(value) {
        Telling::Nothing
    } else if !is_wordy(value) && value.len() >= WORD {
        Telling::Pieces
    } else if value.len() >= PHRASE {
        Telling::Phrase
    } else {
        Telling::Nothing
    }
}

/// Whether the URL around a value is that of a store or of an event hub.
pub(super) fn is_in_url(text: &str, start: usize, end: usize) -> bool {
    let url = url_around(text, start, end);
    names_store(&url) || names_hub(&url)
}

/// Whether the `sig` at `start..end` is that of a shared access signature of a store or of an event hub.
pub(super) fn is_signature(text: &str, start: usize, end: usize) -> bool {
    let value = text.get(start..end).unwrap_or_default();
    is_signature_value(value) && is_in_url(text, start, end)
}

/// Whether a whole token, such as `?sv=…&sig=…`, is a shared access signature.
pub(super) fn is_signature_token(value: &str) -> bool {
    let folded = value.to_ascii_lowercase();
    let Some(at) = folded.find("sig=") else { return false };
    let signature = value.get(at + 4..).unwrap_or_default();
    let signature = signature.split('&').next().unwrap_or_default();
    is_signature_value(signature) && (names_store(&folded) || names_hub(&folded))
}

fn is_signature_value(value: &str) -> bool {
    let folded = value.to_ascii_lowercase();
    let padded = folded.ends_with("%3d") || folded.ends_with('=');
    let printed = SAMPLE_SIGNATURES.iter().any(|sample| folded.starts_with(sample));
    !printed && !is_sample(value) && (padded && value.len() >= 6 || is_random(value, SIGNATURE))
}

/// Whether a URL is that of a store, or a token has the version of a store.
fn names_store(url: &str) -> bool {
    let hosts = [
        ".blob.",
        ".dfs.",
        ".queue.",
        ".table.",
        ".file.",
        "fabric.microsoft.com",
    ];
    let names = ["sv=", "se=", "sp=", "sr=", "st=", "ss="];
    let version = url.find("sv=20").is_some_and(|at| {
        let date = url.get(at + 3..at + 13).unwrap_or_default().as_bytes();
        date.len() == 10 && matches!((date.get(4), date.get(7)), (Some(b'-'), Some(b'-')))
    });
    version || hosts.iter().any(|host| url.contains(host)) && names.iter().any(|name| url.contains(name))
}

fn names_hub(url: &str) -> bool {
    let hosts = ["servicebus.windows.net", "azure-devices.net"];
    url.contains("se=") && hosts.iter().any(|host| url.contains(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_not_random() {
        for value in [
            "abcdefgh1234",
            "AKIAIOSFODNN7EXAMPLE",
            "your-key-77",
            "aaaaaaaaaaaaaa1",
            "x1",
            "lettersonly",
            "Key...9",
        ] {
            assert!(!is_random(value, 8), "{value}");
        }
        assert!(is_random("pl4nk~ton", 8));
        assert!(is_the_word("P4ssw0rd!") && is_the_word("Pa55w.rd"));
        assert!(is_the_word("P@ssw0rd1234") && is_the_word("My-Pa$$word-1") && !is_the_word("pl4nk~ton"));
    }

    #[test]
    fn tokens_have_three_parts() {
        assert!(is_web_token("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.e30.c2ln"));
        assert!(!is_web_token("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9"));
        assert!(!is_web_token(
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"
        ));
    }
}
