//! A unified diff of what fixes change, with secrets masked.

use std::io::{self, Write};

use super::escape;
use crate::redact::{Redactor, shown_path};
use crate::syntax::connection::MASK;
use crate::text::Span;

/// Lines that are shown around a change.
const CONTEXT: usize = 3;

/// Lines that are added or taken away in the middle of a file before all of it counts as one change.
const MOST_CHANGES: usize = 1000;

/// Writes how the text of a file changes. Lines that hold no secret and nothing that a terminal would obey are
/// whole and exact.
///
/// # Errors
/// When `out` cannot be written.
pub fn diff(path: &str, before: &str, after: &str, redactor: &Redactor, out: &mut dyn Write) -> io::Result<()> {
    let (old, new) = (Lines::of(before, redactor), Lines::of(after, redactor));
    let steps = steps(&old.lines, &new.lines);
    let path = shown_path(path);
    let path = escape::one_line(&path);
    writeln!(out, "--- {path}\n+++ {path}")?;
    for hunk in hunks(&steps) {
        let count = |kind: fn(&Step) -> bool| hunk.iter().filter(|step| kind(step)).count();
        let is_old = |step: &Step| !matches!(step, Step::Added(..));
        let is_new = |step: &Step| !matches!(step, Step::Gone(..));
        let Some(first) = hunk.first() else { continue };
        let (from_old, from_new) = first.place();
        let (olds, news) = (count(is_old), count(is_new));
        writeln!(out, "@@ -{} +{} @@", range(from_old, olds), range(from_new, news))?;
        for step in hunk {
            match *step {
                Step::Kept(at, _) => old.write(' ', at, out)?,
                Step::Gone(at, _) => old.write('-', at, out)?,
                Step::Added(_, at) => new.write('+', at, out)?,
            }
        }
    }
    Ok(())
}

/// The first line and the number of lines; of no line, the one before it.
fn range(from: usize, count: usize) -> String {
    match count {
        0 => format!("{from},0"),
        1 => format!("{}", from + 1),
        _ => format!("{},{count}", from + 1),
    }
}

/// The lines of a text, each with its end, and as they are shown.
struct Lines<'t> {
    text: &'t str,
    lines: Vec<&'t str>,
    starts: Vec<usize>,
    secrets: Vec<Span>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str, redactor: &Redactor) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut at = 0;
        let starts = lines.iter().map(|line| {
            at += line.len();
            at - line.len()
        });
        let starts = starts.collect();
        Self {
            text,
            lines,
            starts,
            secrets: redactor.secrets_in(text),
        }
    }

    fn write(&self, mark: char, line: usize, out: &mut dyn Write) -> io::Result<()> {
        let (Some(text), Some(start)) = (self.lines.get(line), self.starts.get(line)) else {
            return Ok(());
        };
        let bare = text.trim_end_matches(['\n', '\r']);
        let end = text.get(bare.len()..).unwrap_or_default();
        // A carriage return that ends no line is shown.
        let (rest, end) = match end.strip_suffix("\r\n") {
            Some(rest) => (rest, "\r\n"),
            None => (end.trim_end_matches('\n'), if end.is_empty() { "" } else { "\n" }),
        };
        let shown = self.masked(Span::of(*start, *start + bare.len() + rest.len()));
        write!(out, "{mark}{}{end}", escape::one_line(&shown))?;
        if end.is_empty() {
            write!(out, "\n\\ No newline at end of file\n")?;
        }
        Ok(())
    }

    /// The bytes with a mask in place of each secret, or of the part of one.
    fn masked(&self, span: Span) -> String {
        let mut out = String::new();
        let mut from = span.start;
        let first = self.secrets.partition_point(|secret| secret.end <= span.start);
        for secret in self.secrets.iter().skip(first) {
            if secret.start >= span.end {
                break;
            }
            out.push_str(Span::new(from, secret.start.max(from)).of_text(self.text));
            out.push_str(MASK);
            from = secret.end.min(span.end);
        }
        out.push_str(Span::new(from, span.end).of_text(self.text));
        out
    }
}

/// One line on the way from the old text to the new one, with the numbers of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Kept(usize, usize),
    Gone(usize, usize),
    Added(usize, usize),
}

impl Step {
    fn place(self) -> (usize, usize) {
        match self {
            Self::Kept(old, new) | Self::Gone(old, new) | Self::Added(old, new) => (old, new),
        }
    }

    fn is_kept(self) -> bool {
        matches!(self, Self::Kept(..))
    }
}

/// The parts of the way that are shown: changes with what is around them.
fn hunks(steps: &[Step]) -> Vec<&[Step]> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for (at, _) in steps.iter().enumerate().filter(|(_, step)| !step.is_kept()) {
        let (from, to) = (at.saturating_sub(CONTEXT), (at + CONTEXT + 1).min(steps.len()));
        match ranges.last_mut().filter(|last| last.1 >= from) {
            Some(last) => last.1 = to,
            None => ranges.push((from, to)),
        }
    }
    ranges.iter().filter_map(|(from, to)| steps.get(*from..*to)).collect()
}

/// The way from the old lines to the new ones.
fn steps(old: &[&str], new: &[&str]) -> Vec<Step> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let rest = |lines: usize| lines - head;
    let tail = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(one, other)| one == other);
    let tail = tail.count().min(rest(old.len())).min(rest(new.len()));
    let inner_old = old.get(head..old.len() - tail).unwrap_or_default();
    let inner_new = new.get(head..new.len() - tail).unwrap_or_default();
    let mut made: Vec<Step> = (0..head).map(|at| Step::Kept(at, at)).collect();
    let inner = shortest(inner_old, inner_new).unwrap_or_else(|| whole(inner_old.len(), inner_new.len()));
    made.extend(inner.into_iter().map(|step| match step {
        Step::Kept(one, other) => Step::Kept(one + head, other + head),
        Step::Gone(one, other) => Step::Gone(one + head, other + head),
        Step::Added(one, other) => Step::Added(one + head, other + head),
    }));
    let (from_old, from_new) = (old.len() - tail, new.len() - tail);
    made.extend((0..tail).map(|at| Step::Kept(from_old + at, from_new + at)));
    made
}

/// All old lines go, all new ones come.
fn whole(old: usize, new: usize) -> Vec<Step> {
    let gone = (0..old).map(|at| Step::Gone(at, 0));
    gone.chain((0..new).map(|at| Step::Added(old, at))).collect()
}

/// The way with the fewest changes (Myers 1986); `None` when it has too many.
fn shortest(old: &[&str], new: &[&str]) -> Option<Vec<Step>> {
    let (count_old, count_new) = (isize::try_from(old.len()).ok()?, isize::try_from(new.len()).ok()?);
    let most = (old.len() + new.len()).min(MOST_CHANGES);
    let middle = isize::try_from(most + 1).ok()?;
    let mut reached = vec![0_isize; 2 * most + 3];
    let mut rounds: Vec<Vec<isize>> = Vec::new();
    let at = |reached: &[isize], diagonal: isize| {
        let index = usize::try_from(middle + diagonal).ok();
        index.and_then(|index| reached.get(index)).copied().unwrap_or_default()
    };
    let same = |x: isize, y: isize| {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else {
            return false;
        };
        old.get(x).is_some_and(|line| new.get(y) == Some(line))
    };
    for changes in 0..=isize::try_from(most).ok()? {
        rounds.push(reached.clone());
        let mut diagonal = -changes;
        while diagonal <= changes {
            let down = diagonal == -changes
                || (diagonal != changes && at(&reached, diagonal - 1) < at(&reached, diagonal + 1));
            let mut x = if down {
                at(&reached, diagonal + 1)
            } else {
                at(&reached, diagonal - 1) + 1
            };
            while same(x, x - diagonal) {
                x += 1;
            }
            if let Some(slot) = usize::try_from(middle + diagonal)
                .ok()
                .and_then(|index| reached.get_mut(index))
            {
                *slot = x;
            }
            if x >= count_old && x - diagonal >= count_new {
                return Some(way_back(&rounds, middle, (count_old, count_new)));
            }
            diagonal += 2;
        }
    }
    None
}

/// The steps of the way that the rounds found, from its end to its start and turned around.
fn way_back(rounds: &[Vec<isize>], middle: isize, end: (isize, isize)) -> Vec<Step> {
    let number = |at: isize| usize::try_from(at).unwrap_or_default();
    let (mut x, mut y) = end;
    let mut made = Vec::new();
    for (changes, reached) in rounds.iter().enumerate().rev() {
        let changes = isize::try_from(changes).unwrap_or_default();
        let at = |diagonal: isize| {
            let index = usize::try_from(middle + diagonal).ok();
            index.and_then(|index| reached.get(index)).copied().unwrap_or_default()
        };
        let diagonal = x - y;
        let down = diagonal == -changes || (diagonal != changes && at(diagonal - 1) < at(diagonal + 1));
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let (from_x, from_y) = if changes == 0 {
            (0, 0)
        } else {
            (at(before), at(before) - before)
        };
        while x > from_x && y > from_y {
            (x, y) = (x - 1, y - 1);
            made.push(Step::Kept(number(x), number(y)));
        }
        if changes > 0 {
            made.push(if down {
                Step::Added(number(from_x), number(from_y))
            } else {
                Step::Gone(number(from_x), number(from_y))
            });
        }
        (x, y) = (from_x, from_y);
    }
    made.reverse();
    made
}
