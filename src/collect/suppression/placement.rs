//! What a comment covers, by where it stands.
//!
//! * With other text on its line: the line. Where a rule finds nothing there: the command of a script that the text is of,
//!   the member or element of JSON that starts or ends there, the text of another language that goes over the line; in
//!   a script with command lines, the command line with those that it goes on over.
//! * On lines of its own: the next line that is not blank or a comment, and all of the command, member, element or text of
//!   another language that starts there. Where a rule finds nothing there: the command that the comment stands in, or
//!   the object or array in which it comes first or last.

use std::cmp::Reverse;

use crate::text::{Span, offset};

/// How far before a comment the text is looked for that it follows on its line.
const LOOK_BACK: u32 = 256;

/// Lines that one line goes on over.
const MOST_LINES: usize = 256;

/// What the things of a text are, and how comments stand to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Commands and queries.
    Kql,
    /// Members and elements.
    Json,
    /// Texts of another language, and the character at the end of a line by which it goes on over the next.
    Host(Option<char>),
}

/// The parts of a text that are covered as wholes.
#[derive(Debug, Default)]
pub(super) struct Things {
    /// Commands, members and elements, texts of another language.
    pub(super) things: Vec<Span>,
    /// Scripts with command lines in it.
    pub(super) scripts: Vec<Span>,
}

impl From<Vec<Span>> for Things {
    fn from(things: Vec<Span>) -> Self {
        Self {
            things,
            scripts: Vec::new(),
        }
    }
}

/// Where a comment stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What it covers, the nearest first.
    pub(super) tiers: [Vec<Span>; 2],
    /// The comment with the white space, or the line, that goes when it does.
    pub(super) whole: Span,
}

/// A text with its comments and things.
pub(super) struct Placement<'t> {
    text: &'t str,
    comments: &'t [Span],
    grammar: Grammar,
    /// By start, the longer ones first.
    things: Vec<Span>,
    /// Those of the things that are scripts with command lines, in order.
    scripts: Vec<Span>,
    /// For each thing the one around it.
    parents: Vec<Option<usize>>,
    /// Where each line starts.
    lines: Vec<u32>,
    /// For each comment, the last character before it that is no white space and no comment.
    before: Vec<Option<u32>>,
    /// For each comment, the first such character after it.
    after: Vec<Option<u32>>,
}

impl<'t> Placement<'t> {
    /// A text with its comments, which are in order and don't overlap.
    pub(super) fn new(text: &'t str, comments: &'t [Span], grammar: Grammar, things: Things) -> Self {
        let Things {
            mut things,
            mut scripts,
        } = things;
        scripts.sort_unstable();
        things.extend(&scripts);
        things.retain(|thing| !thing.is_empty());
        things.sort_by_key(|thing| (thing.start, Reverse(thing.end)));
        things.dedup();
        let mut placement = Self {
            text,
            comments,
            grammar,
            parents: parents(&things),
            things,
            scripts,
            lines: line_starts(text),
            before: Vec::new(),
            after: Vec::new(),
        };
        placement.look_around();
        placement
    }

    /// Finds what stands before and after each comment: each gap between two comments is looked at twice.
    fn look_around(&mut self) {
        let mut last = (0, None);
        for comment in self.comments {
            let gap = Span::new(last.0, comment.start);
            let in_gap = gap.of_text(self.text).char_indices().rev().find(|(_, c)| !is_white(*c));
            let here = in_gap.map(|(at, _)| gap.start + offset(at)).or(last.1);
            self.before.push(here);
            last = (comment.end, here);
        }
        let mut next = (offset(self.text.len()), None);
        for comment in self.comments.iter().rev() {
            let gap = Span::new(comment.end, next.0);
            let in_gap = gap.of_text(self.text).char_indices().find(|(_, c)| !is_white(*c));
            let here = in_gap.map(|(at, _)| gap.start + offset(at)).or(next.1);
            self.after.push(here);
            next = (comment.start, here);
        }
        self.after.reverse();
    }

    /// Where the comment of that number stands.
    pub(super) fn of(&self, index: usize) -> Place {
        let comment = self.comments.get(index).copied().unwrap_or_default();
        let before = self.before.get(index).copied().flatten();
        let after = self.after.get(index).copied().flatten();
        let (first, last) = (self.line_of(comment.start), self.line_of(comment.end));
        let follows = before.filter(|at| self.line_of(*at) == first);
        let precedes = after.filter(|at| self.line_of(*at) == last);
        let tiers = match (follows, after) {
            (Some(at), _) => [vec![self.line(first)], self.touched_by(comment, at, first)],
            (None, Some(at)) => [self.starting_at(at), self.around(comment, before, after)],
            (None, None) => [Vec::new(), self.around(comment, before, after)],
        };
        let alone = follows.is_none() && precedes.is_none() && self.is_only_comment(index, first, last);
        let whole = if alone {
            self.whole_lines(first, last)
        } else {
            self.with_blanks(comment)
        };
        Place { tiers, whole }
    }

    /// What is covered where text follows a comment, from `at` on: the line, and what starts there.
    fn starting_at(&self, at: u32) -> Vec<Span> {
        let line = self.line_of(at);
        match self.grammar {
            Grammar::Host(_) => {
                let span = self.long_line(line);
                let first = self.things.partition_point(|thing| thing.start < span.start);
                let here = self
                    .things
                    .iter()
                    .skip(first)
                    .take_while(|thing| thing.start <= span.end);
                std::iter::once(span).chain(here.copied()).collect()
            }
            Grammar::Kql | Grammar::Json => {
                let index = self.things.partition_point(|thing| thing.start < at);
                let thing = self.things.get(index).filter(|thing| thing.start == at);
                vec![thing.map_or(self.line(line), |thing| thing.cover(self.line(line)))]
            }
        }
    }

    /// What is covered besides the line of a comment that follows a character on it.
    fn touched_by(&self, comment: Span, at: u32, line: usize) -> Vec<Span> {
        match self.grammar {
            Grammar::Host(_) => {
                let span = self.line(line);
                // A script that began on an earlier line holds other commands as well.
                let is_around = |thing: &Span| {
                    thing.start < span.start && comment.end <= thing.end && self.scripts.binary_search(thing).is_ok()
                };
                let over = self.over(span).filter(|thing| !is_around(thing));
                std::iter::once(self.command_line(line))
                    .chain(over)
                    .take(MOST_LINES)
                    .collect()
            }
            Grammar::Kql => self.holding(at).into_iter().collect(),
            Grammar::Json => self.holding(self.before_comma(at)).into_iter().collect(),
        }
    }

    /// The thing around a comment on lines of its own, if it speaks of that.
    fn around(&self, comment: Span, before: Option<u32>, after: Option<u32>) -> Vec<Span> {
        let byte = |at: Option<u32>| self.text.as_bytes().get(at? as usize).copied();
        let counts = match self.grammar {
            Grammar::Kql => true,
            Grammar::Json => matches!(byte(before), Some(b'{' | b'[')) || matches!(byte(after), Some(b'}' | b']')),
            Grammar::Host(_) => false,
        };
        self.holding(comment.start).filter(|_| counts).into_iter().collect()
    }

    /// The character before a comma, where there is one.
    fn before_comma(&self, at: u32) -> u32 {
        if self.text.as_bytes().get(at as usize) != Some(&b',') {
            return at;
        }
        let from = self.text.floor_char_boundary(at.saturating_sub(LOOK_BACK) as usize);
        let before = self.text.get(from..at as usize).unwrap_or_default();
        let last = before.char_indices().rev().find(|(_, c)| !is_white(*c));
        last.map_or(at, |(found, _)| offset(from + found))
    }

    /// The smallest thing that holds a character.
    fn holding(&self, at: u32) -> Option<Span> {
        let mut next = self.things.partition_point(|thing| thing.start <= at).checked_sub(1);
        while let Some((index, thing)) = next.and_then(|index| Some((index, self.things.get(index)?))) {
            if thing.contains(at) {
                return Some(*thing);
            }
            next = self.parents.get(index).copied().flatten();
        }
        None
    }

    /// The things that reach into a part of the text: those around its start, and those that start in it.
    fn over(&self, span: Span) -> impl Iterator<Item = Span> {
        let from = self.things.partition_point(|thing| thing.start < span.start);
        let outwards = |index: &usize| self.parents.get(*index).copied().flatten();
        let around = std::iter::successors(from.checked_sub(1), outwards);
        let around = around.filter_map(|index| self.things.get(index));
        let inside = self.things.iter().skip(from);
        let inside = inside.take_while(move |thing| thing.start <= span.end);
        around
            .filter(move |thing| thing.end >= span.start)
            .chain(inside)
            .copied()
    }

    fn line_of(&self, at: u32) -> usize {
        self.lines.partition_point(|start| *start <= at).saturating_sub(1)
    }

    /// A line without its break.
    fn line(&self, line: usize) -> Span {
        let whole = self.line_with_break(line);
        let text = whole.of_text(self.text).trim_end_matches(['\n', '\r']);
        Span::new(whole.start, whole.start + offset(text.len()))
    }

    fn line_with_break(&self, line: usize) -> Span {
        let start = self.lines.get(line).copied().unwrap_or_default();
        let end = self.lines.get(line + 1).copied();
        Span::new(start, end.unwrap_or(offset(self.text.len())))
    }

    /// A line with those that it goes on over.
    fn long_line(&self, line: usize) -> Span {
        let mut span = self.line(line);
        let Grammar::Host(Some(mark)) = self.grammar else {
            return span;
        };
        for next in line + 1..line + MOST_LINES {
            if !self.line(next - 1).of_text(self.text).ends_with(mark) || next >= self.lines.len() {
                break;
            }
            span = span.cover(self.line(next));
        }
        span
    }

    /// A line with those before and after it that are one with it.
    fn command_line(&self, line: usize) -> Span {
        let mut first = line;
        if let Grammar::Host(Some(mark)) = self.grammar {
            let earliest = line.saturating_sub(MOST_LINES);
            while first > earliest && self.line(first - 1).of_text(self.text).ends_with(mark) {
                first -= 1;
            }
        }
        self.line(first).cover(self.long_line(line))
    }

    fn is_only_comment(&self, index: usize, first: usize, last: usize) -> bool {
        let before = index.checked_sub(1).and_then(|before| self.comments.get(before));
        let after = self.comments.get(index + 1);
        before.is_none_or(|comment| self.line_of(comment.end) < first)
            && after.is_none_or(|comment| self.line_of(comment.start) > last)
    }

    fn whole_lines(&self, first: usize, last: usize) -> Span {
        let whole = self.line_with_break(first).cover(self.line_with_break(last));
        // The last line of a file has no break of its own.
        let is_last = last + 1 >= self.lines.len();
        if is_last && first > 0 {
            return Span::new(self.line(first - 1).end, whole.end);
        }
        whole
    }

    /// A comment with the blanks before it.
    fn with_blanks(&self, comment: Span) -> Span {
        let from = self
            .text
            .floor_char_boundary(comment.start.saturating_sub(LOOK_BACK) as usize);
        let before = self.text.get(from..comment.start as usize).unwrap_or_default();
        let blanks = before.len() - before.trim_end_matches([' ', '\t']).len();
        Span::new(comment.start - offset(blanks), comment.end)
    }
}

fn is_white(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{feff}' | '\u{200b}')
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes);
    let ends = breaks.filter(|at| !(bytes.get(*at) == Some(&b'\r') && bytes.get(at + 1) == Some(&b'\n')));
    std::iter::once(0).chain(ends.map(|at| offset(at + 1))).collect()
}

fn parents(things: &[Span]) -> Vec<Option<usize>> {
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(things.len());
    let mut last: Option<usize> = None;
    for (index, thing) in things.iter().enumerate() {
        while let Some(open) = last.filter(|open| things.get(*open).is_none_or(|outer| outer.end < thing.end)) {
            last = parents.get(open).copied().flatten();
        }
        parents.push(last);
        last = Some(index);
    }
    parents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::growth::assert_linear;

    /// What the comment at `mark` covers, tier by tier, and what goes with it. Things are given by their text.
    fn placed<'t>(
        grammar: Grammar,
        text: &'t str,
        things: &[&str],
        mark: &str,
    ) -> (Vec<&'t str>, Vec<&'t str>, &'t str) {
        let span = |wanted: &str| {
            let at = text.find(wanted).expect(wanted);
            Span::of(at, at + wanted.len())
        };
        let comments: Vec<Span> = text
            .match_indices("//")
            .map(|(at, _)| {
                let rest = text.get(at..).unwrap_or_default();
                Span::of(at, at + rest.find(['\n', '\r']).unwrap_or(rest.len()))
            })
            .collect();
        let things: Vec<Span> = things.iter().map(|thing| span(thing)).collect();
        let index = comments.iter().position(|comment| *comment == span(mark)).expect(mark);
        let place = Placement::new(text, &comments, grammar, things.into()).of(index);
        let shown = |tier: &[Span]| tier.iter().map(|span| span.of_text(text)).collect::<Vec<_>>();
        (
            shown(&place.tiers[0]),
            shown(&place.tiers[1]),
            place.whole.of_text(text),
        )
    }

    #[test]
    fn a_comment_above_a_command_covers_all_of_it() {
        let text = "a\n// one\n\n  // two\r\n  .b c\r\n  d // three\n// four\n e\nf";
        let command = ".b c\r\n  d // three\n// four\n e";
        let of = |mark| placed(Grammar::Kql, text, &["a", command], mark);
        let whole = format!("  {command}");
        assert_eq!(of("// one"), (vec![whole.as_str()], vec![], "// one\n"));
        assert_eq!(of("// two"), (vec![whole.as_str()], vec![], "  // two\r\n"));
        assert_eq!(of("// three"), (vec!["  d // three"], vec![command], " // three"));
        assert_eq!(of("// four"), (vec![" e"], vec![command], "// four\n"));
    }

    #[test]
    fn a_comment_in_an_object_covers_the_member_and_first_of_all_the_object() {
        let text =
            "{ // one\n  // two\n  \"a\": {\n    \"b\": 1, // three\n    // four\n  }, // five\n  \"c\": 2\n}\n// six";
        let a = "\"a\": {\n    \"b\": 1, // three\n    // four\n  }";
        let (root, _) = text.rsplit_once('\n').unwrap();
        let of = |mark| placed(Grammar::Json, text, &[root, a, "\"b\": 1", "\"c\": 2"], mark);
        assert_eq!(of("// one"), (vec!["{ // one"], vec![root], " // one"));
        let member = format!("  {a}");
        assert_eq!(of("// two"), (vec![member.as_str()], vec![root], "  // two\n"));
        assert_eq!(
            of("// three"),
            (vec!["    \"b\": 1, // three"], vec!["\"b\": 1"], " // three")
        );
        assert_eq!(of("// four"), (vec!["  }, // five"], vec![a], "    // four\n"));
        assert_eq!(of("// five"), (vec!["  }, // five"], vec![a], " // five"));
        assert_eq!(of("// six"), (vec![], vec![], "\n// six"));
    }

    #[test]
    fn time_grows_no_faster_than_the_text() {
        for (name, piece) in [
            ("lines of their own", "// a\n"),
            ("with text", "b // a\n"),
            ("on one line", "/* a */"),
            ("apart", "// a\n\n.b\n"),
        ] {
            for grammar in [Grammar::Kql, Grammar::Json, Grammar::Host(Some('a'))] {
                assert_linear(name, ["", piece, ",b"], |text| {
                    let comments: Vec<Span> = text
                        .match_indices(piece)
                        .map(|(at, _)| {
                            let start = at + piece.find('/').unwrap_or(0);
                            Span::of(start, at + piece.find('\n').unwrap_or(piece.len()))
                        })
                        .collect();
                    let mut things = vec![Span::of(0, text.len())];
                    things.extend(text.match_indices("b").map(|(at, _)| Span::of(at, at + 1)));
                    let placement = Placement::new(text, &comments, grammar, things.into());
                    (0..comments.len()).map(|index| placement.of(index)).collect::<Vec<_>>()
                });
            }
        }
    }

    #[test]
    fn a_comment_in_a_program_covers_the_texts_that_start_on_its_line() {
        let text = "// one\nrun(@\"a\nb\") // two\n// three\nc \\\n d\n";
        let of = |mark| placed(Grammar::Host(Some('\\')), text, &["@\"a\nb\""], mark);
        assert_eq!(of("// one"), (vec!["run(@\"a", "@\"a\nb\""], vec![], "// one\n"));
        let two = ["b\") // two", "@\"a\nb\""];
        assert_eq!(of("// two"), (vec![two[0]], two.to_vec(), " // two"));
        assert_eq!(of("// three"), (vec!["c \\\n d"], vec![], "// three\n"));
    }

    #[test]
    fn a_text_over_a_line_is_found_behind_those_in_it_that_ended() {
        let text = "<a\nb b\nc c\nd d\ne // one\nf>\n";
        let whole = "<a\nb b\nc c\nd d\ne // one\nf>";
        let things = [whole, "b b", "c c", "d d"];
        let (_, further, _) = placed(Grammar::Host(None), text, &things, "// one");
        assert_eq!(further, ["e // one", whole]);
    }

    #[test]
    fn a_comment_after_a_command_of_a_script_covers_that_command() {
        let text = "a\nb \\\n c // one\nd\n";
        let at = text.find("//").unwrap();
        let comments = [Span::of(at, at + 6)];
        let things = Things {
            things: Vec::new(),
            scripts: vec![Span::of(0, text.len() - 1)],
        };
        let place = Placement::new(text, &comments, Grammar::Host(Some('\\')), things).of(0);
        let further: Vec<&str> = place.tiers[1].iter().map(|span| span.of_text(text)).collect();
        assert_eq!(further, ["b \\\n c // one"]);
    }
}
