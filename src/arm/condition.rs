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
                None => atoms.push(atom.clone()),
            }
        }
        atoms.sort();
        Some(Self { atoms })
    }
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
