//! What looks made at random, whatever stands around it. Nothing is reported for that: it may be the digest of a file as
//! well. It is masked wherever it is shown, because the languages are many in which a name can be set to a secret.

use crate::text::Span;

/// Letters and digits of the shortest that is found: application secrets have 40, keys of accounts 88, signatures 43.
const SHORTEST: usize = 20;

/// Where a row of a path, a URL or a name ends if it is not all of one make.
const PARTS: [u8; 4] = [b'/', b'.', b'%', b'+'];

/// The bytes that look made at random, in order and without overlap.
#[must_use]
pub fn random_in(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for (at, row) in rows(text, 0, |byte| is_letter(byte) || b"+/_~.-%".contains(&byte)) {
        if is_random(row) {
            found.push(Span::of(at, at + row.len()));
            continue;
        }
        let parts = rows(row, at, |byte| !PARTS.contains(&byte));
        let random = parts.filter(|(_, part)| is_random(part));
        found.extend(random.map(|(at, part)| Span::of(at, at + part.len())));
    }
    found
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
/// pieces of one kind.
fn is_random(row: &str) -> bool {
    let (mut capitals, mut small, mut digits, mut pieces) = (0, 0, 0, 0);
    let mut before = b' ';
    for byte in row.bytes() {
        let (is_capital, is_small, is_digit) = (
            byte.is_ascii_uppercase(),
            byte.is_ascii_lowercase(),
            byte.is_ascii_digit(),
        );
        capitals += usize::from(is_capital);
        small += usize::from(is_small);
        digits += usize::from(is_digit);
        // A word may start with one capital.
        let goes_on = is_small && before.is_ascii_alphabetic()
            || is_capital && before.is_ascii_uppercase()
            || is_digit && before.is_ascii_digit();
        pieces += usize::from(is_letter(byte) && !goes_on);
        before = byte;
    }
    let all = capitals + small + digits;
    all >= SHORTEST && capitals >= 3 && small >= 3 && digits >= 2 && all <= 3 * pieces
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
            "kP3vN8sQ2xWm7RtB4yLc9ZhD6fJg1UaB0eIoKqTxYwE%3D",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzQ8aKmPLE2KEYa",
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw",
        ] {
            for text in ["§", "x = call(\"§\")", "a/b?c=§&d", "https://h.test/p/§/q", "{§}"] {
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
