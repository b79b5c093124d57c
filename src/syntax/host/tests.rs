use proptest::prelude::*;

use super::{Fragment, Host, fragments};
use crate::syntax::growth::assert_linear;
use crate::text::{FileId, MappedText};

/// The fragments of a text as people read them.
fn found(host: Host, text: &str) -> Vec<String> {
    let source = MappedText::of_file(FileId(0), text);
    fragments(&source, host)
        .iter()
        .map(|fragment| fragment.text.display())
        .collect()
}

/// The bytes of the host from which `word` of the first fragment came.
fn place<'t>(host: Host, text: &'t str, word: &str) -> (usize, &'t str) {
    let source = MappedText::of_file(FileId(0), text);
    let found = fragments(&source, host);
    let fragment = found.first().expect("a fragment");
    let start = fragment.text.as_str().find(word).expect("the word");
    let span = crate::text::Span::of(start, start + word.len());
    let at = fragment.text.source(span).expect("a place").span;
    (at.range().start, at.of_text(text))
}

/// Asserts that a text has exactly one fragment, and that `marked` in it stands on the line below which `^` marks it.
#[track_caller]
fn marks(host: Host, text: &str, marked: &str) {
    let mut plain = String::new();
    let mut wanted = None;
    for line in text.split_inclusive('\n') {
        if line.trim_start().starts_with("^^") {
            let before = plain.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
            wanted = Some((before + line.find('^').unwrap_or(0), line.matches('^').count()));
        } else {
            plain.push_str(line);
        }
    }
    let (at, length) = wanted.expect("a marked line");
    let (start, came) = place(host, &plain, marked);
    assert_eq!((start, came.len()), (at, length), "{came:?} in {plain}");
    assert_eq!(found(host, &plain).len(), 1, "{plain}");
}

#[test]
fn extensions_name_hosts() {
    for (path, host) in [
        ("docs/README.md", Some(Host::Markdown)),
        ("a/Deploy.PS1", Some(Host::PowerShell)),
        ("x.sh", Some(Host::Shell)),
        (".github/workflows/ci.yml", Some(Host::Yaml)),
        ("n.ipynb", Some(Host::Json)),
        ("b.MDX", Some(Host::Markdown)),
        ("c.markdown", Some(Host::Markdown)),
        ("d.hcl", Some(Host::Terraform)),
        ("x.txt", None),
        ("md", None),
    ] {
        assert_eq!(Host::of_path(path), host, "{path}");
    }
}

#[test]
fn only_commands_count() {
    let text = "a = \"T | take 5\"\nb = \". show tables\"\nc = \".net is nice\"\nd = \".css { }\"\ne = \".show\"\n";
    assert!(found(Host::Python, text).is_empty());
    let text = "x = \"// first\\n#connect 'c'\\n .show tables\"";
    assert_eq!(found(Host::Python, text), ["// first\n#connect 'c'\n .show tables"]);
}

#[test]
fn markdown_fences() {
    let text = concat!(
        "# Berths\n\n```kusto\n.create table Berth (Id: string)\n\n.drop table Old\n```\n",
        "~~~\n.show tables\n~~~\n",
        "- ```kql\n  .drop table A\n  ```\n",
        "> ```KUSTO {.x}\n> .drop table B\n>   ifexists\n> ```\n",
        "````csl\n.alter table C docstring ```\nx\n```\n````\n",
        "```css\n.drop table No\n```\n",
        "```text\n.drop table F\n```\n",
        "```kusto\nBerth | take 1\n```\n",
        "````markdown\n```kusto\n.drop table D\n```\n````\n",
        "text with ``` inside\n",
        "```sql title=x\n.drop table E\n",
    );
    assert_eq!(
        found(Host::Markdown, text),
        [
            ".create table Berth (Id: string)\n\n.drop table Old\n",
            ".show tables\n",
            "  .drop table A\n",
            " .drop table B\n   ifexists\n",
            ".alter table C docstring ```\nx\n```\n",
            ".drop table F\n",
            ".drop table D\n",
            ".drop table E\n",
        ]
    );
    marks(
        Host::Markdown,
        "> ```kusto\n> .drop table Quay\n              ^^^^\n> ```\n",
        "Quay",
    );
}

#[test]
fn powershell_strings() {
    let text = concat!(
        "# \".drop table No\"\n<# '.drop table No' #>\n",
        "$a = '.drop table ''A'''\n",
        "$b = \".drop table `\"$name`\" ${x} $($y.Id) $env:STAGE \"\"q\"\"`n.show tables\"\n",
        "$c = @'\n.drop table C\n'@\n",
        "$d = @\"\n.drop table $t\n\"@\n",
        "$e = '.drop ' + 'table ' + $t + ' ifexists'\n",
        "Invoke-It -q (\".show {0}\" -f $x)\n",
        "$list = @('.drop table F')\n",
    );
    assert_eq!(
        found(Host::PowerShell, text),
        [
            ".drop table 'A'",
            ".drop table \"{$name}\" {$x} {$($y.Id)} {$env:STAGE} \"q\"\n.show tables",
            "\n.drop table C",
            "\n.drop table {$t}",
            ".drop table {$t} ifexists",
            ".show {0}",
            ".drop table F",
        ]
    );
    marks(
        Host::PowerShell,
        "$q = @\"\r\n.drop table Pier$n\r\n            ^^^^\n\"@\r\n",
        "Pier",
    );
}

#[test]
fn shell_strings() {
    let text = concat!(
        "# '.drop table No'\nwe=\"don't\"\n",
        "run '.drop table A' \".drop table $b ${c} $(id -u) \\\"x\\\"\"\n",
        "run \".drop table \"'D'\"$e\"$f/x; run $'.drop table G\\n'\n",
        "cat <<EOF | run\n.drop table $h \\$i\nEOF\n",
        "cat <<-'END'\n\t.drop table $j\n\tEND\n",
        "x=\"$(cat <<'KQL'\n.drop table K\nKQL\n)\"\n",
        "y=$((1 << 2)); run '.drop table L' <<< here\n",
    );
    assert_eq!(
        found(Host::Shell, text),
        [
            ".drop table A",
            ".drop table {$b} {$c} {$(id -u)} \"x\"",
            ".drop table D{$e}{$f}/x",
            ".drop table G\n",
            "\n.drop table {$h} $i\n",
            "\n\t.drop table $j\n",
            "\n.drop table K\n",
            ".drop table L",
        ]
    );
    marks(
        Host::Shell,
        "run \".drop table \"'Slip'\"$e\"\n                   ^^^^\n",
        "Slip",
    );
}

#[test]
fn yaml_scalars() {
    let text = concat!(
        "# key: '.drop table No'\n",
        "a: |\n  .drop table A\n\n    more\nb: >-\n  .drop table\n  B\n\n  .show tables\n",
        "- c: '.drop table ''C'''\n  d: \".drop table\n    \\\"D\\\"\\n\"\n",
        "e: .drop table E # why\nf: .drop table\n  F\n",
        "g: [\".drop table G\", '.drop table H']\n",
        "- run: |\n    set -e\n    run \".drop table $I\"\n    cat <<EOF\n    .drop table J\n    EOF\n",
        "- pwsh: |\n    Invoke-It @'\n    .drop table K\n    '@\n",
        "- run: it \".drop table L\"\n",
        "- |2\n   .drop table M\n",
        "n: it's 'x\no: '.drop table O'\n",
    );
    assert_eq!(
        found(Host::Yaml, text),
        [
            ".drop table A\n\n  more",
            ".drop table B\n\n.show tables",
            ".drop table 'C'",
            ".drop table \"D\"\n",
            ".drop table E",
            ".drop table F",
            ".drop table G",
            ".drop table H",
            ".drop table {$I}",
            "\n.drop table J\n",
            "\n.drop table K",
            ".drop table L",
            " .drop table M",
            ".drop table O",
        ]
    );
    marks(
        Host::Yaml,
        "steps:\n  - run: |\n      it '.drop table Mole'\n                      ^^^^\n",
        "Mole",
    );
}

#[test]
fn python_in_yaml() {
    let step =
        "- script: |\n    import os\n    q = '.drop table \\'A\\''\n    r = \"\"\"\n    .drop table B\n    \"\"\"\n";
    assert_eq!(found(Host::Yaml, step), [".drop table 'A'", "\n.drop table B\n"]);
    assert_eq!(
        found(Host::Yaml, "python: |\n  q = '.drop table \\'A\\''\n"),
        [".drop table 'A'"]
    );
}

#[test]
fn bicep_strings() {
    let text = concat!(
        "// '.drop table No'\n/* '.drop table No' */\n",
        "var a = '.drop table \\'${mi.properties.id}\\' \\${x}\\n\\u{41}'\n",
        "var b = '''\n.drop table ${b}\n'''\nvar c = $'''\n.drop table ${c}\n'''\n",
        "var d = '.drop table ${f('x', y)} z'\n",
    );
    assert_eq!(
        found(Host::Bicep, text),
        [
            ".drop table '{${mi.properties.id}}' ${x}\nA",
            "\n.drop table ${b}\n",
            "\n.drop table {$c}\n",
            ".drop table {${f('x', y)}} z",
        ]
    );
    marks(
        Host::Bicep,
        "var a = '.drop table \\'Dock\\''\n                       ^^^^\n",
        "Dock",
    );
}

#[test]
fn csharp_strings() {
    let text = concat!(
        "// \".drop table No\"\nvar q = '\"'; var r = '\\'';\n",
        "a(\".drop table \\\"A\\\"\\n\", @\".drop table \"\"B\"\"\", $\".drop table {t:N} {{x}}\");\n",
        "b($@\".drop table\n{f(\"y\")}\", \"\"\"\n  .drop table \"C\"\n  \"\"\", $$\"\"\".drop table {{u}} {v}\"\"\");\n",
        "c(\".drop \" +\n  \"table \" + names[0].Id + \" ifexists\", \"\", \".drop table E\");\n",
    );
    assert_eq!(
        found(Host::CSharp, text),
        [
            ".drop table \"A\"\n",
            ".drop table \"B\"",
            ".drop table {{t:N}} {x}",
            ".drop table\n{{f(\"y\")}}",
            "\n  .drop table \"C\"\n  ",
            ".drop table {{{u}}} {v}",
            ".drop table {names[0].Id} ifexists",
            ".drop table E",
        ]
    );
    marks(
        Host::CSharp,
        "f(@\".drop table \"\"Jetty\"\"\")\n                  ^^^^^\n",
        "Jetty",
    );
}

#[test]
fn python_strings() {
    let text = concat!(
        "# '.drop table No'\n",
        "a = '.drop table \\'A\\''; b = r\".drop table \\B\"; c = f\".drop table {x['k']} {{y}}\"\n",
        "d = \"\"\"\n.drop table 'D'\n\"\"\"\n",
        "e = ('.drop '\n     \"table \" f'{t}' + str(n) + \" z\")\n",
        "g = ['.drop table G', '.drop table H']\n",
        "open_ended = 'x\nh = '.drop table I'\n",
    );
    assert_eq!(
        found(Host::Python, text),
        [
            ".drop table 'A'",
            ".drop table \\B",
            ".drop table {{x['k']}} {y}",
            "\n.drop table 'D'\n",
            ".drop table {{t}}{str(n)} z",
            ".drop table G",
            ".drop table H",
            ".drop table I",
        ]
    );
    marks(
        Host::Python,
        "x = ('.drop '\n     \"table Lock\")\n            ^^^^\n",
        "Lock",
    );
}

#[test]
fn terraform_strings() {
    let text = concat!(
        "# \".drop table No\"\n// \".drop table No\"\n",
        "a = \".drop table \\\"${var.a}\\\" $${b} %{ if x }y%{ endif }\"\n",
        "b = <<KQL\n.drop table ${var.b}\nKQL\nc = <<-KQL\n  .drop table C\n  KQL\n",
        "d = \".drop table D\"\n",
    );
    assert_eq!(
        found(Host::Terraform, text),
        [
            ".drop table \"{${var.a}}\" ${b} {%{ if x }}y{%{ endif }}",
            "\n.drop table {${var.b}}\n",
            "\n  .drop table C\n",
            ".drop table D",
        ]
    );
    marks(
        Host::Terraform,
        "b = <<KQL\n.drop table Weir\n            ^^^^\nKQL\n",
        "Weir",
    );
}

#[test]
fn json_values() {
    let text = concat!(
        "{\"a\": \".drop table \\\"A\\\"\\n\", \"b\": [\".drop table B\", 1],\n",
        "\"c\": [\".create table C (\\n\", \"x: int)\"], \".drop table No\": \"x\"}",
    );
    assert_eq!(
        found(Host::Json, text),
        [".drop table \"A\"\n", ".drop table B", ".create table C (\nx: int)"]
    );
    marks(
        Host::Json,
        "{\"a\": \".drop table \\\"Sluice\\\"\"}\n                     ^^^^^^\n",
        "Sluice",
    );
}

#[test]
fn json_in_strings() {
    let text = "cat <<EOF\n{\"db\": \"$d\", \"csl\": \".drop table $t\"}\nEOF\ncurl -d '{\"csl\": \".drop table \\\"B\\\"\"}'\n";
    assert_eq!(found(Host::Shell, text), [".drop table {$t}", ".drop table \"B\""]);
    let text = "{\"body\": \"{\\\"csl\\\": \\\".drop table C\\\"}\"}";
    assert_eq!(found(Host::Json, text), [".drop table C"]);
}

#[test]
fn comments_between_joined_strings_are_no_part_of_them() {
    let csharp = "var a = \".drop \" + // first\n  \"table A\"; // \"no\"\nvar b = \".drop table B\" // +\n;";
    assert_eq!(found(Host::CSharp, csharp), [".drop table A", ".drop table B"]);
    let python = "a = (\".drop \"  # it's\n  # more\n  \"table A\")\nb = '.drop table B'  # '.drop table No'\n";
    assert_eq!(found(Host::Python, python), [".drop table A", ".drop table B"]);
}

#[test]
fn escaped_quotes_in_what_is_filled_in_open_nothing() {
    let shell = "a=\"$(echo it\\'s)\"\nb=\"${a%\\\"}\"\nk -e '.drop table A'\n";
    assert_eq!(found(Host::Shell, shell), [".drop table A"]);
    let powershell = "$a = \"$(Write-Output it`'s)\"\n$b = \"$(Join-Path C:\\ x)\"\nk '.drop table A'\n";
    assert_eq!(found(Host::PowerShell, powershell), [".drop table A"]);
}

#[test]
fn markdown_is_read_in_a_few_fences_only() {
    let within = |depth: usize| {
        let open: String = (0..depth)
            .map(|level| format!("{}md\n", "`".repeat(10 - level)))
            .collect();
        found(Host::Markdown, &format!("{open}```kql\n.drop table A\n```\n"))
    };
    assert_eq!(within(2), [".drop table A\n"]);
    assert!(within(3).is_empty());
}

#[test]
fn cells_of_notebooks() {
    let text = concat!(
        "{\"nbformat\": 4, \"cells\": [\n",
        "{\"cell_type\": \"code\", \"source\": [\"%%kql\\n\", \".drop table A\\n\", \"  ifexists\"]},\n",
        "{\"cell_type\": \"code\", \"source\": [\"%%kql\\n\", \"T | take 1\"], \"outputs\": [\".drop table No\"]},\n",
        "{\"cell_type\": \"code\", \"source\": \"%kql .drop table B\"},\n",
        "{\"cell_type\": \"code\", \"source\": \"client.run(f'.drop table {t}')\"},\n",
        "{\"cell_type\": \"markdown\", \"source\": [\".drop table No\"]}]}",
    );
    assert_eq!(
        found(Host::Json, text),
        [".drop table A\n  ifexists", " .drop table B", ".drop table {{t}}"]
    );
}

#[test]
fn equal_expressions_are_equal_values_where_that_is_certain() {
    let keys = |host, text: &str, file| -> Vec<String> {
        let source = MappedText::of_file(FileId(file), text);
        let symbol = |fragment: &Fragment| fragment.text.holes().first().map(|hole| hole.symbol.key());
        fragments(&source, host).iter().filter_map(symbol).collect()
    };
    let same = |keys: Vec<String>| keys.first() == keys.last();
    assert!(same(keys(
        Host::Shell,
        "a \".drop table $t\"\nb \".drop table ${t}\"",
        0
    )));
    assert!(!same(keys(
        Host::Shell,
        "a \".drop table $1\"\nb \".drop table $1\"",
        0
    )));
    let function = "f'.drop table {t}'; f'.drop table {t}'";
    assert!(!same(keys(Host::Python, function, 0)));
    assert_ne!(
        keys(Host::Bicep, "'.drop table ${t}'", 0),
        keys(Host::Bicep, "'.drop table ${t}'", 1)
    );
}

const HOSTS: [Host; 9] = [
    Host::Markdown,
    Host::PowerShell,
    Host::Shell,
    Host::Yaml,
    Host::Bicep,
    Host::CSharp,
    Host::Python,
    Host::Terraform,
    Host::Json,
];

/// What takes a scanner longest, if anything does.
const HARD: &[&str] = &[
    "\"$(cat <<A ",
    "<<A ",
    "[x, ",
    "a: ",
    "a: .show x\n ",
    "\"",
    "'",
    "`",
    "\"$(",
    "\"${",
    "$\"{",
    "f\"{",
    "f'''{",
    "<<A\n",
    "@\"\n",
    "@'\n",
    "'''",
    "\"\"\"",
    "- '\n",
    "a: |\n ",
    "```\n",
    "````md\n",
    "> ```\n",
    "\"a\"+f(",
    "''",
    "\\",
    "[\"",
    "{\"a\":",
    "\"\\u{",
    "'$(",
    "- - ",
    "/*",
    "<#",
    "\"x\" ",
];

#[test]
fn hard_texts_take_linear_time() {
    for host in HOSTS {
        for piece in HARD {
            assert_linear(&format!("{host:?}"), [".show tables\n", piece, ""], |text| {
                found(host, text)
            });
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_places_lie_inside(text in "([\"'`$@{}()<>|#\\\\\n\r :+-]|é|\u{FFFC}|\\.drop table T|\\.show tables|EOF|<<EOF|'''|\"\"\"|```|~~~|f\"|@'|: |- |[a-z]{1,3}){0,40}") {
        let source = MappedText::of_file(FileId(0), &text);
        for host in HOSTS {
            for fragment in fragments(&source, host) {
                prop_assert!(text.get(fragment.span.range()).is_some());
                let at = fragment.text.whole_source().expect("a place").span;
                prop_assert!(fragment.span.start <= at.start && at.end <= fragment.span.end, "{host:?}: {at:?} {:?}", fragment.span);
                for (start, character) in fragment.text.as_str().char_indices() {
                    let span = crate::text::Span::of(start, start + character.len_utf8());
                    let place = fragment.text.source(span).expect("a place").span;
                    prop_assert!(text.get(place.range()).is_some());
                }
            }
        }
    }
}
