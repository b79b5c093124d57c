//! Findings in a text that is written in one place and run in another: where it is run.

use crate::diagnostic::Diagnostic;
use crate::facts::Carried;

/// Labels on one finding; a text that many scripts take in is not told of all of them.
const MOST_PLACES: usize = 3;

/// Texts that are looked at for one finding. They hardly ever lie inside one another.
const MOST_TEXTS: usize = 16;

/// Adds to each finding on a text that stands elsewhere the places where it becomes part of a script.
pub(super) fn label(findings: &mut [Diagnostic], mut carried: Vec<Carried>) {
    carried.sort();
    carried.dedup();
    for finding in findings {
        let at = finding.primary.at;
        let start = (at.file, at.span.start);
        let after = carried.partition_point(|text| (text.text.file, text.text.span.start) <= start);
        let before = carried.get(..after).unwrap_or_default().iter().rev();
        let around = before.take(MOST_TEXTS).filter(|text| text.text.holds(at));
        for text in around.take(MOST_PLACES) {
            // A label in that script tells of it already.
            if finding.related.iter().any(|label| text.site.holds(label.at)) {
                continue;
            }
            finding.add_related(text.site, "becomes part of this script");
        }
    }
}
