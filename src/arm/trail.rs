//! The way of a value: from the literal that it was copied or made from to the place where it is used.

use std::fmt;
use std::sync::Arc;

use crate::text::FileSpan;

/// Steps of one way that are kept; those nearest to the literal stay.
const MAX_STEPS: usize = 12;

/// The steps of a value between its literal and its use, in that order. Empty for a value that is written
/// where it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail(Option<Arc<[Step]>>);

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What handed the value on.
    pub by: Passage,
    /// Where the value stood before: the default of the parameter, the part of the variable, the call.
    pub at: FileSpan,
}

/// What hands a value on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Passage {
    /// A parameter that nobody gives a value.
    Default(Arc<str>),
    /// A parameter that a parameter file or a deployment gives a value.
    Given(Arc<str>),
    /// A variable.
    Variable(Arc<str>),
    /// An output of a nested deployment.
    Output(Arc<str>),
    /// A function of the language that made a new value of it.
    Function(Arc<str>),
    /// `if()` took this value and not its other one; what the truth value was made of.
    Choice(Arc<Passage>),
}

impl fmt::Display for Passage {
    /// "variable `keySettings`", "the default of parameter `keySize`".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(name) => write!(f, "the default of parameter `{name}`"),
            Self::Given(name) => write!(f, "parameter `{name}`"),
            Self::Variable(name) => write!(f, "variable `{name}`"),
            Self::Output(name) => write!(f, "output `{name}`"),
            Self::Function(name) => write!(f, "`{name}()`"),
            Self::Choice(by) => write!(f, "the choice that {by} makes"),
        }
    }
}

impl Trail {
    /// The steps, from the literal to the use.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether the value is written where it is used.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The steps at places of their own between a literal and its use: not those that lie in one of the two,
    /// and of several inside one another the outermost.
    #[must_use]
    pub fn between(&self, origin: FileSpan, site: FileSpan) -> Vec<&Step> {
        let mut shown: Vec<&Step> = Vec::new();
        for step in self.steps() {
            if step.at.holds(origin) || site.holds(step.at) {
                continue;
            }
            shown.retain(|before| !step.at.holds(before.at));
            shown.push(step);
        }
        shown
    }

    /// The way with one more step.
    #[must_use]
    pub fn then(&self, by: Passage, at: FileSpan) -> Self {
        self.extended([Step { by, at }])
    }

    /// The way of a value that was taken because of another one, which came by the way `test`.
    #[must_use]
    pub fn chosen_by(&self, test: &Self) -> Self {
        // What a truth value is made of first is what one changes to get the other value.
        let first = test.steps().first().cloned();
        self.extended(first.map(|step| Step {
            by: Passage::Choice(step.by.into()),
            at: step.at,
        }))
    }

    /// The way of a value at `site` that was taken out of another one, which goes on with that one's way.
    #[must_use]
    pub fn within(&self, whole: &Self, site: FileSpan) -> Self {
        if whole.is_empty() {
            return self.clone();
        }
        self.extended(whole.steps().iter().map(|step| Step {
            by: step.by.clone(),
            at: if step.at.holds(site) { site } else { step.at },
        }))
    }

    /// The way of a value that a function makes of others; empty if those are all written on the spot.
    #[must_use]
    pub fn joined<'t>(ways: impl Iterator<Item = &'t Self>, function: &str, at: FileSpan) -> Self {
        let mut all = Self::default();
        for way in ways {
            all = if all.is_empty() {
                way.clone()
            } else {
                all.extended(way.steps().iter().cloned())
            };
        }
        if all.is_empty() {
            return all;
        }
        all.then(Passage::Function(function.into()), at)
    }

    /// The steps with others after them, each once, as many as are kept.
    fn extended(&self, others: impl IntoIterator<Item = Step>) -> Self {
        if self.steps().len() >= MAX_STEPS {
            return self.clone();
        }
        let mut steps = self.steps().to_vec();
        for step in others {
            if steps.len() < MAX_STEPS && !steps.contains(&step) {
                steps.push(step);
            }
        }
        Self((!steps.is_empty()).then(|| steps.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{FileId, Span};

    fn at(start: u32, end: u32) -> FileSpan {
        FileSpan::new(FileId(0), Span::new(start, end))
    }

    #[test]
    fn a_part_goes_the_way_of_the_whole_from_its_own_place() {
        let own = Trail::default().then(Passage::Default("bits".into()), at(1, 5));
        let whole = Trail::default()
            .then(Passage::Variable("settings".into()), at(10, 50))
            .then(Passage::Function("union".into()), at(60, 70));
        let steps = own.within(&whole, at(20, 30));
        let shown: Vec<_> = steps
            .steps()
            .iter()
            .map(|step| format!("{} {:?}", step.by, step.at.span))
            .collect();
        assert_eq!(
            shown,
            [
                format!("the default of parameter `bits` {:?}", Span::new(1, 5)),
                format!("variable `settings` {:?}", Span::new(20, 30)),
                format!("`union()` {:?}", Span::new(60, 70)),
            ]
        );
    }

    #[test]
    fn what_is_made_of_literals_on_the_spot_has_no_way() {
        let none = Trail::default();
        assert!(Trail::joined([&none, &none].into_iter(), "concat", at(0, 9)).is_empty());
        let one = none.then(Passage::Variable("a".into()), at(0, 1));
        let made = Trail::joined([&none, &one, &one].into_iter(), "concat", at(5, 9));
        assert_eq!(made.steps().len(), 2, "each step once, and the call");
    }

    #[test]
    fn a_way_does_not_grow_without_end() {
        let long = (0..100).fold(Trail::default(), |way, index| {
            way.then(Passage::Function("add".into()), at(index, index + 1))
        });
        assert_eq!(long.steps().len(), MAX_STEPS);
        assert_eq!(long.steps()[0].at, at(0, 1), "the steps nearest to the literal stay");
    }
}
