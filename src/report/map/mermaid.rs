//! The map as a flowchart of Mermaid.

use std::io::{self, Write};

use super::graph::{Graph, NodeKind};
use crate::engine::Mapped;
use crate::map::State;

/// Writes the flowchart.
///
/// # Errors
/// What `out` reports.
pub fn mermaid(mapped: &Mapped, out: &mut dyn Write) -> io::Result<()> {
    let graph = Graph::of(&mapped.map);
    writeln!(out, "flowchart LR")?;
    for (index, node) in graph.nodes.iter().enumerate() {
        let label = label(&node.lines);
        let (open, close) = match node.kind {
            NodeKind::Identity => ("([", "])"),
            NodeKind::Scope => ("[", "]"),
            NodeKind::Target | NodeKind::Vault => ("[(", ")]"),
        };
        writeln!(out, "  n{index}{open}\"{label}\"{close}")?;
    }
    for edge in &graph.edges {
        let arrow = match edge.state {
            State::Wrong | State::Missing => "-.->",
            State::Good => "==>",
            State::Unknown | State::Unused => "-->",
        };
        writeln!(out, "  n{} {arrow}|\"{}\"| n{}", edge.from, label(&edge.lines), edge.to)?;
    }
    let numbered = graph.edges.iter().enumerate();
    for (index, _) in numbered.filter(|(_, edge)| edge.state.stands_out()) {
        writeln!(out, "  linkStyle {index} stroke:#c62828,stroke-width:2px")?;
    }
    if mapped.map.cut {
        writeln!(out, "  cut[\"the map is not complete\"]")?;
    }
    Ok(())
}

fn label(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

/// Text inside the quotes of a label: all that Mermaid, Markdown or HTML could take for more is a code.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        let plain = character.is_alphanumeric()
            || matches!(character, ' ' | '.' | ',' | '/' | ':' | '?' | '…' | '✓' | '✗' | '·');
        let starts_list = matches!(character, '.' | ')') && out.chars().all(|before| before.is_ascii_digit());
        if plain && !starts_list || matches!(character, '-' if !out.is_empty()) {
            out.push(character);
        } else {
            out.push_str(&format!("#{};", u32::from(character)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_label() {
        assert_eq!(escaped("adx-harbor / Telemetry"), "adx-harbor / Telemetry");
        assert_eq!(escaped("a\"]<b>%%{}"), "a#34;#93;#60;b#62;#37;#37;#123;#125;");
        assert_eq!(escaped("1. `x`|#"), "1#46; #96;x#96;#124;#35;");
        assert_eq!(escaped("- end;"), "#45; end#59;");
    }
}
