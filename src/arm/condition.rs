//! Conditions under which a value is what it is, or a resource is deployed.

use std::fmt;

/// A conjunction of things that are not known; empty means always.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    atoms: Vec<Atom>,
}

/// One thing that is not known: the value of a parameter or the outcome of a test.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atom {
    /// Key of the thing (see [`Symbol::key`]); atoms of one subject with different values exclude one another.
    pub subject: String,
    /// The subject for people: "`stage`".
    pub name: String,
    /// The value it is assumed to have, for people: "'dev'", "true".
    pub value: String,
}

impl Condition {
    /// The condition that one thing has one value.
    #[must_use]
    pub fn that(atom: Atom) -> Self {
        Self { atoms: vec![atom] }
    }

    /// Whether it always holds.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.atoms.is_empty()
    }

    /// The condition as the end of a sentence: " when `stage` is 'dev'", or nothing if it always holds.
    #[must_use]
    pub fn clause(&self) -> String {
        if self.is_always() {
            String::new()
        } else {
            format!(" {self}")
        }
    }

    /// The condition without what `other` asks for: what is left to say once `other` is taken for granted.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self {
            atoms: self
                .atoms
                .iter()
                .filter(|atom| !other.atoms.contains(atom))
                .cloned()
                .collect(),
        }
    }

    /// Both conditions; `None` if they exclude one another.
    #[must_use]
    pub fn and(&self, other: &Self) -> Option<Self> {
        let mut atoms = self.atoms.clone();
        for atom in &other.atoms {
            match atoms.iter().find(|known| known.subject == atom.subject) {
                Some(known) if known.value == atom.value => {}
                Some(_) => return None,
                None if atoms.iter().any(|known| excludes(known, atom)) => return None,
                None => atoms.push(atom.clone()),
            }
        }
        atoms.sort();
        Some(Self { atoms })
    }
}

/// What a test says of a value: that it is, or is not, the one that is written.
struct Claim<'a> {
    of: &'a str,
    literal: &'a str,
    holds: bool,
}

/// Tests inside of one test that are looked at.
const MOST_CLAIMS: usize = 16;

/// Whether two tests can't come out as they are assumed to: one value is two, or is and is not one.
fn excludes(one: &Atom, other: &Atom) -> bool {
    let (one, other) = (claims(one), claims(other));
    let contradict = |one: &Claim<'_>, other: &Claim<'_>| {
        let is_one = one.literal == other.literal;
        one.of == other.of
            && match (one.holds, other.holds) {
                (true, true) => !is_one && kind(one.literal) == kind(other.literal),
                (false, false) => false,
                _ => is_one,
            }
    };
    one.iter().any(|one| other.iter().any(|other| contradict(one, other)))
}

/// What follows from the outcome of a test: of `and(…)` that is true all of it, of `or(…)` that is false the opposite.
fn claims(atom: &Atom) -> Vec<Claim<'_>> {
    let mut claims = Vec::new();
    let holds = match atom.value.as_str() {
        "true" => true,
        "false" => false,
        _ => return claims,
    };
    let mut open: Vec<_> = atom.subject.strip_prefix("expression ").into_iter().collect();
    for _ in 0..MOST_CLAIMS {
        let Some(text) = open.pop() else { break };
        match (call(text), holds) {
            (Some(("and", arguments)), true) | (Some(("or", arguments)), false) => open.extend(arguments),
            (Some(("equals", arguments)), _) => {
                let (of, literal) = match arguments.as_slice() {
                    [of, literal] if kind(literal).is_some() => (of, literal),
                    [literal, of] if kind(literal).is_some() => (of, literal),
                    _ => continue,
                };
                claims.push(Claim { of, literal, holds });
            }
            _ => {}
        }
    }
    claims
}

/// The name and the arguments of a call in canonical text, if that is all that the text is.
fn call(text: &str) -> Option<(&str, Vec<&str>)> {
    let (name, rest) = text.split_once('(')?;
    let inner = rest.strip_suffix(')')?;
    let (mut arguments, mut from, mut depth, mut in_text) = (Vec::new(), 0, 0_u32, false);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            // A doubled quote ends the text and begins it anew.
            b'\'' => in_text = !in_text,
            _ if in_text => {}
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            b',' if depth == 0 => {
                arguments.push(inner.get(from..at)?.trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(inner.get(from..)?.trim());
    (depth == 0 && !in_text).then_some((name, arguments))
}

/// Kinds of literals; two of one kind with different text are two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Truth,
}

/// The kind of literal that a canonical text is; `None` for anything else, and for text with holes.
fn kind(text: &str) -> Option<Kind> {
    let inner = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    if let Some(inner) = inner {
        let is_one = !inner.replace("''", "").contains(['\'', '{']);
        return is_one.then_some(Kind::Text);
    }
    if matches!(text, "true()" | "false()") {
        return Some(Kind::Truth);
    }
    text.parse::<i64>().is_ok().then_some(Kind::Number)
}

impl fmt::Display for Condition {
    /// "when `stage` is 'dev' and `useFabric` is false".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, atom) in self.atoms.iter().enumerate() {
            f.write_str(if index == 0 { "when " } else { " and " })?;
            write!(f, "{} is {}", atom.name, atom.value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(text: &str, value: &str) -> Condition {
        Condition::that(Atom {
            subject: format!("expression {}", text.to_lowercase()),
            name: format!("`{text}`"),
            value: value.to_owned(),
        })
    }

    #[test]
    fn one_value_is_not_two() {
        let dev = test("equals(parameters('env'), 'dev')", "true");
        for (other, value) in [
            ("equals(parameters('env'), 'prod')", "true"),
            ("equals('prod', parameters('env'))", "true"),
            (
                "and(parameters('on'), equals(parameters('env'), 'prod, or (that)'))",
                "true",
            ),
            ("and(parameters('on'), equals(parameters('env'), 'it''s'))", "true"),
            ("or(parameters('on'), equals(parameters('env'), 'dev'))", "false"),
            ("equals('dev', parameters('env'))", "false"),
        ] {
            let other = test(other, value);
            assert_eq!(dev.and(&other), None, "{other}");
            assert_eq!(other.and(&dev), None, "{other}");
        }
    }

    #[test]
    fn what_can_hold_together_does() {
        let dev = test("equals(parameters('env'), 'dev')", "true");
        for (other, value) in [
            ("equals(parameters('env'), 'prod')", "false"),
            ("equals(parameters('stage'), 'prod')", "true"),
            ("equals(parameters('env')⟨other⟩, 'prod')", "true"),
            ("equals(parameters('env'), parameters('other'))", "true"),
            ("equals(parameters('env'), 'p{parameters('x')}')", "true"),
            ("equals(parameters('env'), 1)", "true"),
            ("equals(toLower(parameters('env')), 'prod')", "true"),
            ("or(parameters('on'), equals(parameters('env'), 'prod'))", "true"),
            ("and(parameters('on'), equals(parameters('env'), 'prod'))", "false"),
            ("equals(parameters('env'), 'prod", "true"),
        ] {
            let other = test(other, value);
            assert!(dev.and(&other).is_some(), "{other}");
        }
    }
}
