//! The formats for services and people, read by models of who reads them: whatever a file holds, nothing of it is obeyed.

mod markup;
mod runners;

use kustolint::diagnostic::{Diagnostic, SetAside, SetAsideBy, Severity, Undecided};
use kustolint::engine::{CheckOptions, Input, Outcome, check_with};
use kustolint::redact::Redactor;
use kustolint::report::escape::one_line;
use kustolint::text::{FileSpan, SourceFile, Sources, Span};

/// Texts that somebody or something would obey.
const HOSTILE: &[&str] = &[
    "a\n::error::x",
    "a\r::set-output name=x::y",
    "::error::x",
    " \u{85}\u{2028}::stop-commands::x",
    "\u{feff}::add-mask::x",
    ":::error file=a::b",
    ":",
    "::",
    "##[set-env name=PATH]x",
    "x ##[add-mask]a",
    "####[group]a",
    "##vso[task.setvariable variable=a]b",
    "x##VSO[task.complete result=Succeeded]y",
    "##\n[x]##\rvso[y]",
    "%0A::error::x%0D%25%2C%3A",
    "%0A##vso[task.complete]%AZP25%3B%5D%AZP250A",
    "a;type=error;sourcepath=b]c",
    "a,line=9,title=b::c",
    "a=b=c;,:]%",
    "</style><style>*{display:none}</style>",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\" onerror=\"alert(1)\" x='",
    "' onclick='alert(1)",
    "<a href=javascript:alert(1)>x</a>",
    "--><!-- --> <![CDATA[ ]]> <?xml?> <!DOCTYPE a>",
    "&lt;&#x3c;&amp;&bogus;&#0;",
    "]]>&\u{fffe}\u{ffff}\u{0}\u{1}\u{b}\u{c}\u{1f}\u{7f}",
    "| a | b |\n|---|---|\n| c | d |",
    "\\| a \\\\| b \\",
    "**a** _b_ ~~c~~ `d` ``e`` $f$ $$g$$ $`h`$ [i](http://j) ![k](l) <http://m> n@o.p www.q.r https://s.t",
    "@everyone #123 GH-1 org/repo#1 :tada: deadbeefdeadbeefdeadbeefdeadbeefdeadbeef [^1] - [ ] x",
    "\n\n# heading\n\n- list\n\n> quote\n\n```\nfence\n```\n\n    code",
    "</code></td></tr></table>\n\n**out**",
    "\u{1b}[31m\u{1b}]8;;http://x\u{7}y\u{9b}2J\u{202e}z\u{2066}",
    "$(touch p) `touch p` --config=x -o x",
    "=cmd|' /C calc'!A0",
];

/// An outcome in which a text stands wherever one can.
fn outcome(path: &str, text: &str) -> Outcome {
    let mut sources = Sources::new();
    let file = sources.add(SourceFile::in_memory(path, &format!("first\n{text}\nlast\n")));
    let other = sources.add(SourceFile::in_memory(format!("b{path}"), text));
    let length = u32::try_from(text.len()).expect("a short text");
    let all = FileSpan::new(file, Span::new(6, 6 + length));
    let at = |start, end| FileSpan::new(file, Span::new(start, end));
    let finding = |rule, severity, at| {
        let mut finding = Diagnostic::new(rule, severity, text, at, text)
            .related(FileSpan::new(other, Span::new(0, length)), text)
            .note(text)
            .note("run: .show tables");
        finding.place = vec![text.to_owned()];
        finding
    };
    let redactor = Redactor::default();
    Outcome {
        sources,
        findings: redactor.redacted(vec![
            finding("key-not-rsa-2048", Severity::Note, at(0, 5)),
            finding("missing-soft-delete", Severity::Warning, all),
            finding("syntax-error", Severity::Error, at(2, 2)),
            finding("syntax-error", Severity::Warning, at(2, 4)),
        ]),
        set_aside: redactor.redacted(vec![SetAside {
            finding: finding("limit-reached", Severity::Error, at(1, 2)),
            by: SetAsideBy::Source {
                reason: text.to_owned(),
                at: at(0, 1),
            },
        }]),
        undecided: redactor.redacted(vec![Undecided {
            at: all,
            reason: text.to_owned(),
        }]),
        files: 2,
        ..Outcome::default()
    }
}

/// What is found in files, with their access map.
fn checked(inputs: Vec<Input>) -> Outcome {
    let options = CheckOptions {
        map: true,
        ..CheckOptions::default()
    };
    check_with(inputs, options)
}

/// The lines of a note as reports show them.
fn lines_of(note: &str) -> Vec<String> {
    note.lines().map(|line| one_line(line).into_owned()).collect()
}
