//! The steps of the action, run in order by a shell as a runner does.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use regex::Regex;
use tempfile::TempDir;

use super::{Value, small_project, yaml};

/// What the steps left: whether one failed, what they printed, and the outputs of the check.
struct Run {
    status: i32,
    said: String,
    outputs: BTreeMap<String, String>,
    scratch: TempDir,
}

/// Fills in what stands between `${{` and `}}`.
fn filled(text: &str, inputs: &BTreeMap<&str, String>, outputs: &BTreeMap<String, String>) -> String {
    let expression = Regex::new(r"\$\{\{ *(\S+) *\}\}").unwrap();
    let fill = |found: &regex::Captures| {
        let name = &found[1];
        if let Some(input) = name.strip_prefix("inputs.") {
            return inputs[input].clone();
        }
        let output = name
            .strip_prefix("steps.check.outputs.")
            .expect("an input or an output");
        outputs.get(output).cloned().unwrap_or_default()
    };
    expression.replace_all(text, fill).into_owned()
}

fn outputs(path: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Uses the action in a folder; what is not given has its default, but the program is the one that was built.
fn used(folder: &Path, given: &[(&str, &str)]) -> Run {
    used_with(folder, given, None)
}

/// The same, with a folder of programs before all others.
fn used_with(folder: &Path, given: &[(&str, &str)], programs: Option<&Path>) -> Run {
    let action = yaml("action.yml");
    let mut inputs = BTreeMap::new();
    for (name, input) in action["inputs"].as_object().unwrap() {
        inputs.insert(name.as_str(), input["default"].as_str().unwrap().to_owned());
    }
    inputs.insert("bin", env!("CARGO_BIN_EXE_kustolint").to_owned());
    for (name, value) in given {
        assert!(inputs.insert(name, (*value).to_owned()).is_some(), "no input {name}");
    }
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("outputs");
    let mut run = Run {
        status: 0,
        said: String::new(),
        outputs: BTreeMap::new(),
        scratch,
    };
    for step in action["runs"]["steps"].as_array().unwrap() {
        let Some(script) = step["run"].as_str() else {
            continue;
        };
        assert_eq!(step["shell"], "bash");
        let mut shell = Command::new("bash");
        shell.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]);
        shell.current_dir(folder).stdin(Stdio::null());
        if let Some(programs) = programs {
            let path = std::env::var("PATH").unwrap();
            shell.env("PATH", format!("{}:{path}", programs.display()));
        }
        shell.env("RUNNER_TEMP", run.scratch.path()).env("GITHUB_OUTPUT", &file);
        for (name, value) in step["env"].as_object().unwrap() {
            shell.env(name, filled(value.as_str().unwrap(), &inputs, &run.outputs));
        }
        let output = shell.output().unwrap();
        run.said.push_str(&String::from_utf8_lossy(&output.stdout));
        run.said.push_str(&String::from_utf8_lossy(&output.stderr));
        run.outputs = outputs(&file);
        run.status = output.status.code().unwrap();
        if run.status != 0 {
            break;
        }
    }
    run
}

#[test]
fn no_script_of_the_action_or_a_workflow_holds_an_expression() {
    for (path, value) in super::all_yaml() {
        let mut scripts = Vec::new();
        super::under(&value, &["run", "script", "before_script"], &mut scripts);
        for script in scripts {
            assert!(!script.contains("${{"), "{path}: {script}");
        }
    }
}

#[cfg(unix)]
#[test]
fn the_status_of_the_check_is_that_of_the_action() {
    for (wrong, status) in [(true, 1), (false, 0)] {
        let folder = small_project(wrong);
        let run = used(folder.path(), &[]);
        assert_eq!(run.status, status, "{}", run.said);
        assert_eq!(run.outputs["status"], status.to_string());
        let sarif = fs::read_to_string(&run.outputs["sarif"]).unwrap();
        let sarif: Value = serde_json::from_str(&sarif).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap().len();
        assert_eq!(results > 0, wrong, "{sarif}");
        assert_eq!(run.said.contains("::error "), wrong, "{}", run.said);
    }
    let folder = small_project(true);
    let run = used(folder.path(), &[("paths", "no/such/folder")]);
    assert_eq!((run.status, run.outputs["status"].as_str()), (2, "2"), "{}", run.said);
}

#[cfg(unix)]
#[test]
fn paths_are_one_a_line_and_arguments_are_words() {
    let folder = small_project(true);
    let given = [
        ("paths", "infra\n\nkql/tables.kql\r\n"),
        ("args", "--isolated\n--fail-on note"),
    ];
    let run = used(folder.path(), &given);
    assert_eq!(run.status, 0, "{}", run.said);
    let run = used(folder.path(), &[("args", "--fail-on never")]);
    assert_eq!(run.status, 0, "{}", run.said);
    fs::create_dir(folder.path().join("two words")).unwrap();
    fs::write(folder.path().join("two words/-x.kql"), super::BAD).unwrap();
    let run = used(&folder.path().join("two words"), &[("paths", "-x.kql")]);
    assert_eq!(run.status, 1, "{}", run.said);
    let run = used(folder.path(), &[("paths", "two words")]);
    assert_eq!(run.status, 1, "{}", run.said);
}

/// A Python that makes environments with itself, and whose pip installs the program that was built and keeps what it was
/// asked for.
#[cfg(unix)]
fn stand_in(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;

    let python = folder.join("python3");
    let script = format!(
        "#!/bin/bash\nset -e\ncase \"$2\" in\nvenv) mkdir -p \"$3/bin\"; cp \"$0\" \"$3/bin/python\";;\n\
         pip) cp \"${{@: -1}}\" \"$RUNNER_TEMP/asked\"; ln -s {} \"${{0%/*}}/kustolint\";;\nesac\n",
        env!("CARGO_BIN_EXE_kustolint")
    );
    fs::write(&python, script).unwrap();
    fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_version_is_installed_with_its_hashes() {
    let programs = tempfile::tempdir().unwrap();
    stand_in(programs.path());
    let folder = small_project(true);
    for (given, wanted) in [
        (&[][..], format!("kustolint=={}\n", super::VERSION)),
        (&[("version", "1.2.3")], "kustolint==1.2.3\n".to_owned()),
        (
            &[("hashes", "sha256:12\nsha256:34 ")],
            format!("kustolint=={} --hash=sha256:12 --hash=sha256:34\n", super::VERSION),
        ),
        // Neither a pattern for file names nor an option of its own.
        (
            &[("hashes", "* --index-url")],
            format!("kustolint=={} --hash=* --hash=--index-url\n", super::VERSION),
        ),
    ] {
        let mut given = given.to_vec();
        given.push(("bin", ""));
        let run = used_with(folder.path(), &given, Some(programs.path()));
        assert_eq!(run.status, 1, "{}", run.said);
        let asked = fs::read_to_string(run.scratch.path().join("asked")).unwrap();
        assert_eq!(asked, wanted);
    }
}

#[cfg(unix)]
#[test]
fn nothing_that_is_given_is_run() {
    let programs = tempfile::tempdir().unwrap();
    stand_in(programs.path());
    let folder = small_project(true);
    for hostile in [
        "$(touch ran)",
        "`touch ran`",
        "; touch ran",
        "'; touch ran; '",
        "\"; touch ran #",
        "*",
    ] {
        for input in ["paths", "args", "output-format", "version", "hashes", "bin"] {
            let mut given = vec![(input, hostile)];
            if input != "bin" {
                given.push(("bin", ""));
            }
            let run = used_with(folder.path(), &given, Some(programs.path()));
            assert_ne!(run.status, 0, "{input}: {hostile}: {}", run.said);
            for place in [folder.path(), run.scratch.path(), programs.path()] {
                assert!(!place.join("ran").exists(), "{input}: {hostile}");
            }
        }
    }
}
