//! The map as a graph of Graphviz.

use std::io::{self, Write};

use super::graph::{Graph, NodeKind};
use crate::engine::Mapped;
use crate::map::State;

/// Writes the graph.
///
/// # Errors
/// What `out` reports.
pub fn dot(mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::of(&mapped.map);
    writeln!(out, "digraph access {{")?;
    writeln!(out, "  rankdir=LR;")?;
    writeln!(out, "  node [fontname=\"sans-serif\", shape=box];")?;
    writeln!(out, "  edge [fontname=\"sans-serif\", fontsize=10];")?;
    for (index, node) in graph.nodes.iter().enumerate() {
        let shape = match node.kind {
            NodeKind::Identity => "oval",
            NodeKind::Scope => "box",
            NodeKind::Target | NodeKind::Vault => "cylinder",
        };
        writeln!(
            out,
            "  n{index} [label=\"{}\", shape={shape}];",
            label(&node.lines, "\\n")
        )?;
    }
    for edge in &graph.edges {
        let style = match edge.state {
            State::Wrong | State::Missing => "style=dashed, color=\"#c62828\", penwidth=2",
            State::Unknown => "style=dotted",
            State::Unused => "style=solid",
            State::Good => "style=bold",
        };
        let (from, to) = (edge.from, edge.to);
        writeln!(
            out,
            "  n{from} -> n{to} [label=\"{}\", {style}];",
            label(&edge.lines, "\\l")
        )?;
    }
    if mapped.map.cut {
        writeln!(out, "  cut [label=\"the map is not complete\", shape=note];")?;
    }
    writeln!(out, "}}")
}

/// Lines, each ended with the escape `end`.
fn label(lines: &[String], end: &str) -> String {
    let lines: Vec<_> = lines.iter().map(|line| escaped(line)).collect();
    match (end, lines.as_slice()) {
        ("\\l", [_, _, ..]) => lines.iter().map(|line| format!("{line}{end}")).collect(),
        _ => lines.join(end),
    }
}

/// Text inside the quotes of a label: escapes and entities are taken literally.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '&' => out.push_str("&amp;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_label() {
        assert_eq!(escaped("a\"b\\n&lt;"), "a\\\"b\\\\n&amp;lt;");
        assert_eq!(label(&["a".to_owned(), "b\\".to_owned()], "\\n"), "a\\nb\\\\");
    }
}
