//! Secrets in base64, with the escapes of URLs and of JSON, and put together: no form of one comes out.

use super::{KINDS, PHRASES, around, assert_silent, said, secret_of, template};

fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | usize::from(chunk.get(at).copied().unwrap_or_default())
        });
        let digit = |at: usize| char::from(ALPHABET[bits >> (18 - 6 * at) & 63]);
        (0..4)
            .map(|at| if at <= chunk.len() { digit(at) } else { '=' })
            .collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}

/// A text with escapes in place of what `plain` does not tell to leave.
fn escaped(text: &str, sign: &str, digits: usize, plain: fn(char) -> bool) -> String {
    let escape = |letter: char| {
        if plain(letter) {
            letter.to_string()
        } else {
            format!("{sign}{:0digits$X}", letter as u32)
        }
    };
    text.chars().map(escape).collect()
}

/// What an output must not show of a secret: it is known by name, and so is each form that gives it back.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let inside = |before: &str| {
        // The groups at both ends hold what stands around the secret as well.
        let whole = base64(&format!("{before}{secret}xyz"));
        whole[4..whole.len() - 8].to_owned()
    };
    vec![
        (
            "percent",
            escaped(secret, "%", 2, |letter| letter.is_ascii_alphanumeric()),
        ),
        ("all percent", escaped(secret, "%", 2, |_| false)),
        ("JSON", escaped(secret, "\\u", 4, |_| false)),
        ("base64", inside("")),
        ("base64 from the second", inside("x")),
        ("base64 from the third", inside("xy")),
    ]
}

/// The first piece of a form that an output shows; long enough to hold six characters of the secret.
fn leak_of_form(said: &str, (name, form): &(&'static str, String)) -> Option<String> {
    let length = match *name {
        "percent" => return (form.contains('%') && said.contains(form.as_str())).then(|| form.clone()),
        "all percent" => 21,
        "JSON" => 42,
        _ => 16,
    };
    let windows = (0..(form.len() + 1).saturating_sub(length)).map(|at| &form[at..at + length]);
    windows
        .into_iter()
        .find(|piece| said.contains(*piece))
        .map(str::to_owned)
}

/// Files that hold a text in other forms, or make some of it.
fn other_forms(text: &str, secret: &str) -> Vec<Vec<(String, String)>> {
    let one = |path: &str, text: String| vec![(path.to_owned(), text)];
    let setting = |value: &str| {
        let inside = r#""resources":[{"type":"Microsoft.Web/sites/config","apiVersion":"1","name":"f/appsettings","properties":{"K":"§"}}]"#;
        one("main.json", template(&inside.replace('§', value)))
    };
    let coded = base64(text);
    let percent = escaped(text, "%", 2, |letter| letter.is_ascii_alphanumeric());
    let json = escaped(text, "\\u", 4, |_| false);
    let (start, end) = text.split_at(text.len() - secret.len());
    let mut files = vec![
        setting(&format!("[base64ToString('{coded}')]")),
        setting(&format!("[base64('{text}')]")),
        setting(&format!("[concat('x', base64('x{text}'))]")),
        setting(&format!("[uriComponent('{text}')]")),
        setting(&format!("[uriComponentToString('{percent}')]")),
        setting(&json),
        setting(&format!("[format('{{0}}{{1}}', '{start}', '{end}')]")),
        one(
            "a.kql",
            format!("print x = base64_decode_tostring('{coded}'), base64_encode_tostring('{text}')"),
        ),
        one("a.kql", format!(".frobnicate '{coded}' {percent}")),
        one("a.kql", format!("// {coded}\nprint url_decode('{percent}'")),
        one(
            "local.settings.json",
            format!("{{\"Values\":{{\"K\":\"{coded}\",\"L\":\"{json}\""),
        ),
        one("local.settings.json", format!("{{\"Values\":{{\"K\":\"{json}\"}}}}")),
        one(
            "run.sh",
            format!("x=$(echo {coded} | base64 -d)\ncurl 'https://adx.kusto.windows.net?x={percent}'\n"),
        ),
        one(
            "A.cs",
            format!(
                "class A {{ const string C = \"{start}\" + \"{end}\"; const string Q = \".show tables '{coded}'\"; }}\n"
            ),
        ),
    ];
    // What is a secret in one file stands in another one in any form.
    for form in std::iter::once(secret.to_owned()).chain(forms(secret).into_iter().map(|(_, form)| form)) {
        let place = ".create table ['§'] (x:string)\n.frobnicate §\n\n\
            // kustolint-ignore unknown-identity-usage: §\n\
            .alter-merge database D policy managed_identity '[{\"ObjectId\":\"system\",\"AllowedUsages\":\"§\"}]'";
        let mut two = one("a.kql", place.replace('§', &form));
        two.extend(one("b.txt", text.to_owned()));
        files.push(two);
    }
    files
}

#[test]
fn no_form_of_a_secret_is_shown() {
    for (kind, form) in KINDS.iter().chain(PHRASES) {
        let secret = secret_of(form);
        let text = kind.replace('§', &secret);
        for files in other_forms(&text, &secret) {
            assert_silent(&files, &secret);
            for (name, said) in said(&files) {
                for form in forms(&secret) {
                    if let Some(piece) = leak_of_form(&said, &form) {
                        panic!(
                            "{name} shows `{piece}`, {} of `{secret}`:\n{}\nof {files:?}",
                            form.0,
                            around(&said, &piece)
                        );
                    }
                }
            }
        }
    }
}
