//! The two keys of the front matter that only rules about security have.

/// The key that tells how much harm what a rule finds can do.
pub(super) const SECURITY: &str = "security-severity";

/// The key that tells the kinds of weakness.
pub(super) const CWE: &str = "cwe";

/// A rule about security, as forges and scanners sort such rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Security {
    /// How much harm it can do, from 0.1 to 10.0 as CVSS counts, in tenths.
    pub tenths: u8,
    /// The kinds of weakness: numbers of CWE.
    pub weaknesses: Vec<u16>,
}

impl Security {
    /// The severity with one decimal: `7.5`.
    #[must_use]
    pub fn severity(&self) -> String {
        format!("{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

/// What the two keys on security say: both of them, or none.
pub(super) fn security(severity: Option<&String>, weaknesses: Option<&String>) -> Result<Option<Security>, String> {
    let (severity, weaknesses) = match (severity, weaknesses) {
        (None, None) => return Ok(None),
        (Some(severity), Some(weaknesses)) => (severity, weaknesses),
        _ => return Err(format!("`{SECURITY}` and `{CWE}` go together")),
    };
    let tenths = severity.split_once('.').and_then(|(whole, tenth)| {
        let (whole, tenth): (u8, u8) = (whole.parse().ok()?, tenth.parse().ok()?);
        let tenths = whole.checked_mul(10)?.checked_add(tenth)?;
        (tenth < 10 && (1..=100).contains(&tenths)).then_some(tenths)
    });
    let tenths = tenths.ok_or_else(|| format!("`{SECURITY}` is `{severity}`, expected 0.1 to 10.0"))?;
    let number = |word: &str| {
        word.trim()
            .parse()
            .map_err(|_| format!("`{CWE}` has the entry `{word}`, expected a number"))
    };
    let weaknesses = weaknesses.split(',').map(number).collect::<Result<_, _>>()?;
    Ok(Some(Security { tenths, weaknesses }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(severity: &str, weaknesses: &str) -> Result<Option<Security>, String> {
        let told = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        security(told(severity).as_ref(), told(weaknesses).as_ref())
    }

    #[test]
    fn a_rule_about_security_says_what_harm_it_finds() {
        let security = read("7.5", "79, 798").unwrap().unwrap();
        assert_eq!(
            (security.severity().as_str(), security.weaknesses),
            ("7.5", vec![79, 798])
        );
        assert_eq!(read("10.0", "79").unwrap().unwrap().severity(), "10.0");
        assert_eq!(read("", ""), Ok(None));
    }

    #[test]
    fn every_flaw_of_the_keys_is_an_error() {
        for (severity, weaknesses, wanted) in [
            ("", "79", "go together"),
            ("7.5", "", "go together"),
            ("10.1", "79", "expected 0.1 to 10.0"),
            ("0.0", "79", "expected 0.1 to 10.0"),
            ("7", "79", "expected 0.1 to 10.0"),
            ("7.55", "79", "expected 0.1 to 10.0"),
            ("high", "79", "expected 0.1 to 10.0"),
            ("7.5", "79,", "expected a number"),
            ("7.5", "CWE-79", "expected a number"),
        ] {
            let error = read(severity, weaknesses).expect_err(wanted);
            assert!(error.contains(wanted), "{error} is not about {wanted}");
        }
    }
}
