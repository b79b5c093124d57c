//! What authors ask this program to be silent about, and where.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::text::{Date, Editable, FileSpan};

/// A comment or a member of `metadata` by which an author asks that rules be silent.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// How it is written.
    pub written: Written,
    /// The comment's words, or the member.
    pub at: FileSpan,
    /// The rules that it names, known or not.
    pub rules: Vec<RuleMention>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Why, in the words of who wrote it; perhaps empty.
    pub reason: String,
    /// What it covers: first what is nearest, then what counts where a rule finds nothing there.
    pub covers: Vec<Cover>,
    /// What is wrong with it; with anything here, it covers nothing.
    pub flaws: Vec<SuppressionFlaw>,
    /// All of it, to be taken out.
    pub whole: Option<Editable>,
}

/// How a suppression is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Written {
    /// A comment.
    Comment,
    /// A member of `metadata`.
    Metadata,
    /// Like a comment, where none is read; unless another reading of the same text finds one there.
    Elsewhere,
}

/// A rule that a suppression names.
#[derive(Clone, Debug)]
pub struct RuleMention {
    /// The name as written.
    pub name: String,
    /// Where it stands.
    pub at: FileSpan,
    /// The name with its comma, to be taken out; `None` if it stands alone.
    pub part: Option<Editable>,
}

/// Something in a suppression that can't be followed.
#[derive(Clone, Debug)]
pub struct SuppressionFlaw {
    /// The characters.
    pub at: FileSpan,
    /// What is wrong with them.
    pub what: String,
}

/// The places in files that something covers: a line, a command, a resource. Those of one thing are shared.
#[derive(Clone, Debug, Default)]
pub struct Cover(pub BTreeSet<Arc<[FileSpan]>>);

impl Cover {
    /// All places.
    pub fn places(&self) -> impl Iterator<Item = FileSpan> {
        self.0.iter().flat_map(|places| places.iter().copied())
    }
}

impl Suppression {
    /// What tells it from others: a template that is evaluated several times tells of it several times.
    #[must_use]
    pub fn key(&self) -> (FileSpan, Written, Vec<&str>) {
        let names = self.rules.iter().map(|rule| rule.name.as_str());
        (self.at, self.written, names.collect())
    }

    /// Takes in what the same suppression covers in another evaluation.
    pub fn join(&mut self, other: &Self) {
        for (own, more) in self.covers.iter_mut().zip(&other.covers) {
            own.0.extend(more.0.iter().cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::growth::assert_linear;
    use crate::text::{FileId, Span};

    #[test]
    fn evaluations_are_joined_in_time_that_grows_no_faster_than_they_do() {
        let evaluation = |at: usize| {
            let place = FileSpan::new(FileId(0), Span::of(at, at + 1));
            Suppression {
                written: Written::Comment,
                at: FileSpan::default(),
                rules: Vec::new(),
                until: None,
                reason: String::new(),
                covers: vec![Cover([Arc::from([place])].into())],
                flaws: Vec::new(),
                whole: None,
            }
        };
        assert_linear("evaluations", ["", "e", ""], |text| {
            let mut one = evaluation(0);
            for at in 1..text.len() {
                one.join(&evaluation(at));
            }
            one.join(&evaluation(1));
            assert_eq!(one.covers[0].places().count(), text.len());
        });
    }
}
