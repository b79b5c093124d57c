//! The map as a picture: a row for each identity, in it the scopes and then the targets. No script, no reference to
//! anything outside, the same bytes each time.

use std::io::{self, Write};

use super::{line_of, marked, roles, scope_name, shown, target_name, usage_name};
use crate::engine::Mapped;
use crate::map::{AccessMap, MapCluster, MapIdentity, State};
use crate::report::escape;
use crate::report::human::count;

/// Width of a column, in pixels.
const COLUMN: usize = 340;
/// Between two columns.
const GAP: usize = 56;
/// Height of a line of text.
const LINE: usize = 18;
/// Between the edge of a box and its text, and between two boxes.
const SPACE: usize = 10;
/// Around the picture.
const MARGIN: usize = 20;
/// Characters of a line that fit into a column.
const FITS: usize = 46;

/// Colours for light and dark: of text, lines, boxes, and of what stands out.
const STYLE: &str = "\
text{font:13px ui-sans-serif,system-ui,sans-serif;fill:#1b1f24}\
.b{fill:#f6f8fa;stroke:#8c959f}.i{fill:#eaf2ff;stroke:#4a78b8}\
.h{font-weight:600}.d{fill:#57606a}.p{fill:#b3261e;font-weight:600}\
.l{fill:none;stroke:#8c959f;stroke-width:1.5}.bad{stroke:#b3261e;stroke-width:2;stroke-dasharray:6 4}\
.un{stroke-dasharray:2 4}.bg{fill:#fff}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.b{fill:#1f242c;stroke:#6e7681}\
.i{fill:#17263c;stroke:#6c9bd9}.d{fill:#9da7b3}.p{fill:#ff8a80}.l{stroke:#6e7681}\
.bad{stroke:#ff8a80}.bg{fill:#0d1117}}";

/// A box with its lines; the first is its title.
struct Card {
    title: String,
    lines: Vec<(String, State)>,
    state: State,
}

impl Card {
    fn height(&self) -> usize {
        (self.lines.len() + 1) * LINE + SPACE
    }
}

/// Writes the picture, with its colours.
///
/// # Errors
/// What `out` reports.
pub fn svg(mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    picture(&mapped.map, mapped.files, &format!("<style>{STYLE}</style>"), out)
}

/// Writes the picture into a page, which has the colours: no style of its own.
pub(in crate::report) fn inline(map: &AccessMap, files: usize, out: &mut dyn Write) -> io::Result<()> {
    picture(map, files, "", out)
}

fn picture(map: &AccessMap, files: usize, style: &str, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<[Vec<Card>; 3]> = map.identities.iter().map(row).collect();
    let clusters: Vec<Card> = map.clusters.iter().map(cluster).collect();
    let heads = MARGIN + 2 * LINE + SPACE;
    let tall = |row: &[Vec<Card>; 3]| row.iter().map(|column| stack(column)).max().unwrap_or_default() + 2 * SPACE;
    let body: usize = rows.iter().map(tall).sum();
    let below = if clusters.is_empty() {
        0
    } else {
        stack(&clusters) + 2 * LINE
    };
    let (width, height) = (
        2 * MARGIN + 3 * COLUMN + 2 * GAP,
        heads + body + below + 2 * LINE + MARGIN,
    );
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\"><title>Access map</title>{style}"
    )?;
    writeln!(out, "<rect class=\"bg\" width=\"{width}\" height=\"{height}\"/>")?;
    for (index, head) in ["Identity", "Clusters and databases: usages", "Reached: roles"]
        .iter()
        .enumerate()
    {
        text(left(index), MARGIN + LINE, "h d", head, out)?;
    }
    let mut top = heads;
    for row in &rows {
        self::draw_row(row, top, out)?;
        top += tall(row);
    }
    if !clusters.is_empty() {
        text(MARGIN, top + LINE, "h d", "Clusters of templates", out)?;
        top += 2 * LINE;
        for card in &clusters {
            draw(card, MARGIN, top, 3 * COLUMN + 2 * GAP, "b", out)?;
            top += card.height() + SPACE;
        }
    }
    let (wrong, missing, unknown) = map.counts();
    let cut = if map.cut { "; the map is not complete" } else { "" };
    let sum = format!(
        "{wrong} wrong, {missing} missing, {unknown} unknown in {}{cut}",
        count(files, "file")
    );
    text(MARGIN, top + LINE, "d", &sum, out)?;
    writeln!(out, "</svg>")
}

/// The height of boxes on top of one another.
fn stack(cards: &[Card]) -> usize {
    cards.iter().map(|card| card.height() + SPACE).sum()
}

/// Where a column starts.
fn left(column: usize) -> usize {
    MARGIN + column * (COLUMN + GAP)
}

fn row(identity: &MapIdentity) -> [Vec<Card>; 3] {
    let state = identity.states().min().unwrap_or(State::Unused);
    let mut lines = vec![(format!("({})", identity.kind.words()), State::Unused)];
    for assigned in &identity.assigned {
        let what = match assigned.state {
            State::Good => "✓ is on",
            State::Wrong => "! is not on",
            _ => "? may be on",
        };
        lines.push((format!("{what} {}", shown(&assigned.cluster)), assigned.state));
    }
    let own = Card {
        title: shown(&identity.name),
        lines,
        state,
    };
    let scopes = identity.scopes.iter().map(|scope| {
        let mut lines = Vec::new();
        for usage in &scope.usages {
            said(usage.state, &usage_name(usage), &usage.why, &mut lines);
        }
        Card {
            title: scope_name(scope),
            lines,
            state: scope
                .usages
                .iter()
                .map(|usage| usage.state)
                .min()
                .unwrap_or(State::Unknown),
        }
    });
    let targets = identity.targets.iter().map(|target| {
        let mut lines = Vec::new();
        said(target.state, &roles(target), &target.why, &mut lines);
        Card {
            title: target_name(target),
            lines,
            state: target.state,
        }
    });
    [vec![own], scopes.collect(), targets.collect()]
}

/// Adds a line with a state, and one below it with the reason.
fn said(state: State, what: &str, why: &str, lines: &mut Vec<(String, State)>) {
    lines.push((format!("{}: {what}", marked(state)), state));
    if !why.is_empty() {
        lines.push((format!("\u{a0}\u{a0}\u{a0}{}", line_of(why)), State::Unused));
    }
}

fn cluster(cluster: &MapCluster) -> Card {
    let system = match cluster.system_identity {
        Some(true) => ("✓ has a system-assigned identity", State::Good),
        Some(false) => ("· has no system-assigned identity", State::Unused),
        None => ("? system-assigned identity unknown", State::Unknown),
    };
    let mut lines = vec![(system.0.to_owned(), system.1)];
    if cluster.more_users {
        lines.push((
            "? may have user-assigned identities that are not known".to_owned(),
            State::Unknown,
        ));
    }
    for vault in &cluster.vaults {
        lines.push(match vault {
            Some(name) => (format!("✓ key in vault {}", shown(name)), State::Good),
            None => ("? key in a vault that is not known".to_owned(), State::Unknown),
        });
    }
    Card {
        title: shown(&cluster.name),
        lines,
        state: State::Unused,
    }
}

/// Draws the boxes of an identity and the lines between them. Targets hang on the identity, which has the role: their
/// lines pass above the scopes.
fn draw_row(row: &[Vec<Card>; 3], top: usize, out: &mut dyn Write) -> io::Result<()> {
    let [own, scopes, targets] = row;
    let start = top + own.first().map_or(0, Card::height) / 2;
    let (from, middle, right) = (left(0) + COLUMN, left(1), left(2));
    for (card, end) in middles(scopes, top) {
        let (style, bend) = (line_style(card.state), middle - GAP / 2);
        writeln!(
            out,
            "<path class=\"{style}\" d=\"M{from} {start}C{bend} {start} {bend} {end} {middle} {end}\"/>"
        )?;
    }
    let (leave, above, down) = (from - 2 * SPACE, top - SPACE, right - GAP / 2);
    for (card, end) in middles(targets, top) {
        let style = line_style(card.state);
        writeln!(
            out,
            "<path class=\"{style}\" d=\"M{leave} {top}V{above}H{down}V{end}H{right}\"/>"
        )?;
    }
    for (column, cards) in row.iter().enumerate() {
        let class = if column == 0 { "i" } else { "b" };
        for (card, end) in middles(cards, top) {
            draw(card, left(column), end - card.height() / 2, COLUMN, class, out)?;
        }
    }
    Ok(())
}

/// The boxes of a column, each with the height of its middle.
fn middles(cards: &[Card], top: usize) -> impl Iterator<Item = (&Card, usize)> {
    cards.iter().scan(top, |at, card| {
        let middle = *at + card.height() / 2;
        *at += card.height() + SPACE;
        Some((card, middle))
    })
}

fn line_style(state: State) -> &'static str {
    match state {
        State::Wrong | State::Missing => "l bad",
        State::Unknown => "l un",
        State::Unused | State::Good => "l",
    }
}

fn draw(card: &Card, x: usize, y: usize, width: usize, class: &str, out: &mut dyn Write) -> io::Result<()> {
    let height = card.height();
    writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>"
    )?;
    let fits = FITS * width / COLUMN;
    text(x + SPACE, y + LINE, "h", &cut(&card.title, fits), out)?;
    for (index, (line, state)) in card.lines.iter().enumerate() {
        let class = if state.stands_out() { "p" } else { "d" };
        text(x + SPACE, y + LINE * (index + 2), class, &cut(line, fits), out)?;
    }
    Ok(())
}

/// The start of a line that fits.
fn cut(line: &str, fits: usize) -> String {
    if line.chars().count() <= fits {
        return line.to_owned();
    }
    let start: String = line.chars().take(fits.saturating_sub(1)).collect();
    format!("{start}…")
}

fn text(x: usize, y: usize, class: &str, line: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
        escaped(line)
    )
}

/// Text of an element: no markup, and no character that XML does not have.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{FFFE}' | '\u{FFFF}' => out.push_str(&escape::visible(character)),
            character if character.is_control() => out.push_str(&escape::visible(character)),
            character => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_an_element() {
        assert_eq!(
            escaped("<script>\"']]>&\u{1}\u{FFFE}"),
            "&lt;script&gt;&quot;&#39;]]&gt;&amp;\\u{1}\\u{fffe}"
        );
        assert_eq!(cut("abcdef", 4), "abc…");
    }
}
