//! The rules, one after another, on what the files say.

use super::settings::Settings;
use crate::diagnostic::{Diagnostic, Findings, LeftOut, MOST_FINDINGS, Severity};
use crate::link::Workspace;
use crate::rules::{self, input::LIMIT_REACHED};
use crate::text::FileSpan;

/// What all rules find, after what was found before, as far as the settings ask for it.
pub(super) fn judged(early: Findings, workspace: &Workspace, settings: &Settings<'_>) -> Findings {
    let keep = |findings: &mut Findings| findings.reported.retain_mut(|finding| settings.takes(finding));
    // The joins keep a count of their comparisons, so rules run one after another.
    let mut findings = early;
    keep(&mut findings);
    let on = |rule: &&rules::Rule| workspace.config.runs(rule.name, rule.is_on_by_default());
    for rule in rules::ALL.iter().copied().filter(on) {
        let mut found = Findings::default();
        if let Some(check) = rule.check {
            check(workspace, &mut found);
        }
        keep(&mut found);
        found
            .undecided
            .retain(|question| settings.runs_on(rule.name, question.at.file));
        findings.absorb(found);
    }
    let mut limits = Findings::default();
    limits.report_all(workspace.gave_up_at().map(not_compared));
    limits.report_all(findings.left_out.map(left_out));
    keep(&mut limits);
    findings.reported.extend(limits.reported);
    findings
}

/// Says that not all facts were compared with one another.
fn not_compared(at: FileSpan) -> Diagnostic {
    let title =
        "the files have too many policies, uses and role assignments to compare them all: the rest was not compared";
    Diagnostic::new(
        LIMIT_REACHED.name,
        Severity::Warning,
        title,
        at,
        "comparing stopped here",
    )
}

/// Says that findings were not kept; as severe as the worst of them, so that a run fails as it would with them.
fn left_out(left_out: LeftOut) -> Diagnostic {
    let number = left_out.number;
    let title = format!("more than {MOST_FINDINGS} problems: {number} others, from here on, are not shown");
    let severity = left_out.worst.max(Severity::Warning);
    let label = "the first one that is not shown";
    Diagnostic::new(LIMIT_REACHED.name, severity, title, left_out.first, label)
        .note("check fewer files at once, or turn off the rule that has most of them")
}
