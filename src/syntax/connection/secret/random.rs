//! What looks made at random, whatever stands around it. Nothing is reported for that: it may be the digest of a file as
//! well. It is masked in excerpts, diffs and values of views, because the languages are many in which a name can be set to a
//! secret.

use crate::text::Span;

/// Letters and digits of the shortest that is found: application secrets have 40, keys of accounts 88, signatures 43.
const SHORTEST: usize = 20;

/// Letters and digits in a row without any sign between them that some part of it has: paths and names have signs.
const RUN: usize = 12;

/// The bytes that look made at random, in order and without overlap.
#[must_use]
pub fn random_in(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for (at, row) in rows(text, 0, |byte| is_letter(byte) || b"+/_~.-%".contains(&byte)) {
        if !is_path(row) && looks_random(row) {
            found.push(Span::of(at, at + row.len()));
            continue;
        }
        for (at, name) in rows(row, at, |byte| !matches!(byte, b'/' | b'%')) {
            if looks_random(name) {
                found.push(Span::of(at, at + name.len()));
                continue;
            }
            let parts = rows(name, at, |byte| !matches!(byte, b'.' | b'+'));
            let random = parts.filter(|(_, part)| looks_random(part));
            found.extend(random.map(|(at, part)| Span::of(at, at + part.len())));
        }
    }
    found
}

/// Whether a row is of several names: what base64 has no signs of, with a slash between them.
fn is_path(row: &str) -> bool {
    // An option stands right before its value.
    let row = row.trim_start_matches('-');
    let is_base64 = row.bytes().all(|byte| is_letter(byte) || matches!(byte, b'+' | b'/'));
    row.contains('%') || row.contains('/') && (!is_base64 || row.contains("//") || row.starts_with('/'))
}

/// The rows of bytes of one kind in a text that starts at `offset`, with their offsets.
fn rows(text: &str, offset: usize, is_part: fn(u8) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        while at < bytes.len() {
            let start = super::skip(text, at, |byte| !is_part(byte));
            let end = super::skip(text, start, is_part);
            at = end.max(start + 1);
            if end - start >= SHORTEST {
                return text.get(start..end).map(|row| (offset + start, row));
            }
        }
        None
    })
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// Whether a row is of capitals, small letters and digits in no order: words, numbers and words with numbers have longer
/// pieces of one kind, and what is put together of names has signs between them, other than `~`.
fn looks_random(row: &str) -> bool {
    let whole = Letters::of(row);
    let is_mixed = whole.number() >= SHORTEST && whole.capitals >= 3 && whole.small >= 3 && whole.digits >= 2;
    is_mixed && whole.is_in_no_order() && (row.contains('~') || has_random_run(row))
}

fn has_random_run(row: &str) -> bool {
    row.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|run| run.len() >= RUN)
        .map(Letters::of)
        .any(|run| run.capitals > 0 && run.small > 0 && run.digits > 0 && run.is_in_no_order())
}

/// What a row is made of.
#[derive(Default)]
struct Letters {
    capitals: usize,
    small: usize,
    digits: usize,
    /// Words, each with one capital at most, rows of capitals, and numbers.
    pieces: usize,
}

impl Letters {
    fn of(row: &str) -> Self {
        let mut letters = Self::default();
        let mut before = b' ';
        for byte in row.bytes() {
            letters.capitals += usize::from(byte.is_ascii_uppercase());
            letters.small += usize::from(byte.is_ascii_lowercase());
            letters.digits += usize::from(byte.is_ascii_digit());
            let goes_on = byte.is_ascii_lowercase() && before.is_ascii_alphabetic()
                || byte.is_ascii_uppercase() && before.is_ascii_uppercase()
                || byte.is_ascii_digit() && before.is_ascii_digit();
            letters.pieces += usize::from(is_letter(byte) && !goes_on);
            before = byte;
        }
        letters
    }

    fn number(&self) -> usize {
        self.capitals + self.small + self.digits
    }

    fn is_in_no_order(&self) -> bool {
        self.number() <= 3 * self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::growth::assert_linear;

    fn found(text: &str) -> Vec<&str> {
        random_in(text).into_iter().map(|span| span.of_text(text)).collect()
    }

    #[test]
    fn what_is_made_at_random_is_found_wherever_it_stands() {
        for secret in [
            "q8Zt9vR3mWx1Lp9KdN2sT7bYuC4e",
            "Xk8~Q.3vNfT1yPz7Lm0RwJc5HdU2aGbE9sVoKi4t",
            "kP3vN8sQ2xWm7RtB4yLc9ZhD6fJg1UaB0eIoKqTxYwE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ8aKmPLE2KEYa",
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw",
        ] {
            for text in ["§", "x = call(\"§\")", "a/b?c=§&d", "https://h.test/p/§/q", "{§}"] {
                // In a path, each part is one.
                if text.contains("/§") && secret.contains('/') {
                    continue;
                }
                let text = text.replace('§', secret);
                assert!(found(&text).iter().any(|part| part.contains(secret)), "{text}");
            }
        }
    }

    #[test]
    fn names_numbers_ids_and_digests_in_hex_are_not() {
        for text in [
            "https://adxprod01.westeurope.kusto.windows.net/v1/rest/ingest/Sales2024/RawEvents2",
            "/subscriptions/11111111-2222-3333-4444-AAAAbbbb5555/resourceGroups/rg-Adx-Prod-Weu1/providers/Microsoft.Kusto/clusters/adx1",
            "KustoDataConnectionV2Weu1ProductionEvents",
            "https://KV-Adx-P1.vault.azure.net/keys/Cmk-Adx/b1e6073e6ff64b808ff1a6866f320768",
            "http://stadx.blob.core.windows.net/raw/Y2024/M07/D27/H14/M30/File1.json",
            "raw/Y2024/M07/D27/H14/M30/F1",
            "Standard_E16as_v5+4TB_PS",
            "db/01_Prod/02_Tables/T1_V2.kql",
            "S01E02_Ep03_v1_2_RC1_x64_Win10",
            "/subscriptions/7b62f6c1-6636-4bd4-852d-6ed1f7d20c5d/providers/Microsoft.Authorization/roleDefinitions/7765f384-1c2a-4b3d-9e5f-a1b2c3d4e5f6",
            "/subscriptions/a87dd2ba-df45-41bb-a684-e73fd2f24183/resourceGroups/RG-ADX",
            "AAD-App-Prod-a87dd2ba-df45-41bb-a684-e73fd2f24183",
            "https%3A%2F%2Fadx.kusto.windows.net%2FDb1",
            "ParseJsonColumnsIntoTable2024Q1AndQ2",
            "9b74c9897bac770ffc029102a200c5de62d5ce8d1f7bcbe2a6a2ce0b3b8a1a1f",
            "2024-04-13T10:22:33.1234567Z",
            "externaldata_with_ManagedIdentity_and_NativeIngestion_2",
            "[resourceId('Microsoft.KeyVault/vaults/accessPolicies', variables('vault1'), 'add')]",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn rows_are_read_in_time_that_grows_no_faster_than_they_do() {
        for parts in [
            ["", "aB3", ""],
            ["", "a/", ""],
            ["", "q8Zt9vR3mWx1Lp9KdN2sT7bYuC4e.", ""],
        ] {
            assert_linear("rows", parts, |text| {
                assert!(random_in(text).len() <= text.len() / SHORTEST);
            });
        }
    }
}
