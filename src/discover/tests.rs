use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;

pub(super) fn tree(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn find(cwd: &Path, paths: &[&str]) -> Result<Vec<Input>, DiscoverError> {
    let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
    inputs(&paths, &DiscoverOptions::default(), cwd)
}

/// The paths, with a star for files that were named and brackets for those that only supply facts.
fn listed(inputs: &[Input]) -> Vec<String> {
    let line = |input: &Input| match (input.named, input.reported) {
        (true, _) => format!("*{}", input.path),
        (false, true) => input.path.clone(),
        (false, false) => format!("({})", input.path),
    };
    inputs.iter().map(line).collect()
}

fn list(folder: &TempDir, paths: &[&str]) -> Vec<String> {
    listed(&find(folder.path(), paths).unwrap())
}

#[test]
fn a_folder_is_walked_by_kinds_of_files() {
    let folder = tree(&[
        ("b.kql", ""),
        ("a/x.JSON", ""),
        ("a/.env.local", ""),
        (".github/w.yml", ""),
        ("a/image.png", ""),
        ("node_modules/p/x.json", ""),
        (".git/x.json", ""),
    ]);
    let expected = [".github/w.yml", "a/.env.local", "a/x.JSON", "b.kql"];
    assert_eq!(list(&folder, &["."]), expected);
    assert_eq!(
        list(&folder, &["a", "./b.kql", "a/../b.kql", "a/image.png"]),
        ["(.github/w.yml)", "a/.env.local", "*a/image.png", "a/x.JSON", "*b.kql",]
    );
}

#[test]
fn ignored_files_are_left_out_unless_named() {
    let folder = tree(&[
        (".gitignore", "\u{FEFF}out/\n*.tmp.json\n!keep.tmp.json\n/top.kql\n"),
        (".git/info/exclude", "private.kql\n"),
        ("out/a.kql", ""),
        ("x.tmp.json", ""),
        ("keep.tmp.json", ""),
        ("top.kql", ""),
        ("sub/top.kql", ""),
        ("sub/private.kql", ""),
        ("sub/.gitignore", "*.csl\n!/deep/\n"),
        ("sub/a.csl", ""),
        ("sub/deep/b.csl", ""),
        ("sub/deep/.gitignore", "!b.csl"),
        ("z/a.csl", ""),
    ]);
    let expected = ["keep.tmp.json", "sub/deep/b.csl", "sub/top.kql", "z/a.csl"];
    assert_eq!(list(&folder, &["."]), expected);
    // From inside the repository the lists of the folders above hold as well.
    assert_eq!(list(&folder, &["sub"]), ["sub/deep/b.csl", "sub/top.kql"]);
    assert!(list(&folder, &["out/a.kql"]).contains(&"*out/a.kql".to_owned()));
}

#[test]
fn the_repository_around_a_named_file_supplies_facts() {
    let folder = tree(&[
        (".git/HEAD", ""),
        ("kql/a.kql", ""),
        ("infra/b.json", ""),
        ("infra/c.py", ""),
        ("infra/d.md", ""),
        ("infra/e.txt", ""),
    ]);
    assert_eq!(
        list(&folder, &["kql/a.kql"]),
        ["(infra/b.json)", "(infra/c.py)", "*kql/a.kql"]
    );
    let inside = folder.path().join("kql");
    assert_eq!(
        listed(&find(&inside, &["a.kql"]).unwrap()),
        ["(../infra/b.json)", "(../infra/c.py)", "*a.kql"]
    );
    let isolated = DiscoverOptions {
        isolated: true,
        ..DiscoverOptions::default()
    };
    let found = inputs(&[PathBuf::from("a.kql")], &isolated, &inside).unwrap();
    assert_eq!(listed(&found), ["*a.kql"]);
}

#[test]
fn without_a_repository_the_folder_of_a_named_file_supplies_facts() {
    let folder = tree(&[("a.kql", ""), ("b.json", ""), ("sub/c.json", ""), ("d.md", "")]);
    assert_eq!(list(&folder, &["a.kql"]), ["*a.kql", "(b.json)"]);
}

#[test]
fn the_order_of_arguments_does_not_matter() {
    let folder = tree(&[("a.kql", "1"), ("b/c.kql", "2")]);
    let absolute = folder.path().join("a.kql");
    let absolute = absolute.to_str().unwrap();
    let first = list(&folder, &[absolute, "b", "."]);
    assert_eq!(first, ["*a.kql", "b/c.kql"]);
    assert_eq!(first, list(&folder, &[".", "b", absolute]));
}

#[test]
fn paths_that_lead_nowhere_are_an_error_with_a_hint() {
    let folder = tree(&[("policies.kql", "")]);
    let error = find(
        folder.path(),
        &["polices.kql", "no/such.kql", "other.json", "", "policies.kql/x"],
    )
    .unwrap_err();
    assert_eq!(
        error.problems,
        [
            "`polices.kql` does not exist; did you mean `policies.kql`?",
            "`no/such.kql` does not exist: there is no folder `no`",
            "`other.json` does not exist: name a file or a folder that does, or `.` for this folder",
            "a path is empty; to check this folder, name `.`",
            "`policies.kql/x` does not exist: there is no folder `policies.kql`",
        ]
    );
}

#[cfg(unix)]
mod unix {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn links_are_followed_only_where_they_are_named() {
        let folder = tree(&[("real/a.kql", "text")]);
        let at = |path: &str| folder.path().join(path);
        symlink(at("real"), at("folder")).unwrap();
        symlink(at("real/a.kql"), at("link.kql")).unwrap();
        symlink(at("."), at("real/loop")).unwrap();
        symlink(at("self.kql"), at("self.kql")).unwrap();
        symlink(at("nothing"), at("dangling.kql")).unwrap();
        assert_eq!(list(&folder, &["."]), ["real/a.kql"]);
        assert_eq!(list(&folder, &["folder"]), ["folder/a.kql"]);
        assert_eq!(list(&folder, &["link.kql"]), ["*link.kql"]);
        assert_eq!(list(&folder, &["link.kql", "."]), ["*link.kql"]);
        assert!(find(folder.path(), &["self.kql"]).unwrap()[0].bytes.is_err());
        let error = find(folder.path(), &["dangling.kql"]).unwrap_err();
        assert_eq!(
            error.problems,
            ["`dangling.kql` is a link to something that does not exist"]
        );
    }

    #[test]
    fn what_is_not_a_file_is_refused_at_once() {
        let folder = tree(&[]);
        let _socket = UnixListener::bind(folder.path().join("s.kql")).unwrap();
        assert!(list(&folder, &["."]).is_empty());
        for path in ["s.kql", "/dev/zero"] {
            let found = find(folder.path(), &[path]).unwrap();
            assert!(found[0].bytes.as_ref().unwrap_err().starts_with("not a regular file"));
        }
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let folder = tree(&[("big.kql", "")]);
        let file = fs::File::options()
            .write(true)
            .open(folder.path().join("big.kql"))
            .unwrap();
        file.set_len(4 << 30).unwrap();
        let found = find(folder.path(), &["."]).unwrap();
        assert_eq!(
            found[0].bytes,
            Err("larger than 64 MiB, the limit for one file".to_owned())
        );
    }

    #[test]
    fn a_folder_that_cannot_be_listed_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tree(&[("a.kql", ""), ("shut/b.kql", "")]);
        let shut = folder.path().join("shut");
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
        let root = fs::read_dir(&shut).is_ok();
        let found = find(folder.path(), &["."]).unwrap();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o755)).unwrap();
        if !root {
            assert_eq!(listed(&found), ["a.kql", "shut"]);
            assert_eq!(found[1].bytes, Err("permission denied".to_owned()));
        }
    }

    #[test]
    fn names_that_are_not_text_are_shown_with_replacements() {
        let folder = tree(&[]);
        let name = std::ffi::OsStr::from_bytes(b"a\xFF.kql");
        fs::write(folder.path().join(name), "").unwrap();
        assert_eq!(list(&folder, &["."]), ["a\u{FFFD}.kql"]);
    }
}
