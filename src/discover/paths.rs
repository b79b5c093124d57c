//! Paths as outputs show them, and paths that tell files apart.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and with each `..` taken back, as far as that goes without looking at the disk.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => match out.components().next_back() {
                Some(Component::Normal(_)) => {
                    out.pop();
                }
                Some(Component::RootDir) => {}
                _ => out.push(".."),
            },
            other => out.push(other),
        }
    }
    out
}

/// How paths are shown: relative to the working directory where they lie below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Elsewhere relative as well, with `..`.
    Relative,
    /// Elsewhere absolute.
    Absolute,
}

impl Style {
    /// The style in which the user named a path.
    pub(super) fn of(path: &Path) -> Self {
        if path.is_absolute() {
            Self::Absolute
        } else {
            Self::Relative
        }
    }

    /// An absolute path as outputs show it.
    pub(super) fn shown(self, path: &Path, cwd: &Path) -> String {
        let path = normal(path);
        let cwd = normal(cwd);
        match (path.strip_prefix(&cwd), self) {
            (Ok(below), _) => slashes(below),
            (Err(_), Self::Absolute) => slashes(&path),
            (Err(_), Self::Relative) => slashes(&relative(&path, &cwd)),
        }
    }
}

/// The way from `cwd` to `path`.
fn relative(path: &Path, cwd: &Path) -> PathBuf {
    let common = path
        .components()
        .zip(cwd.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = cwd.components().skip(common).map(|_| Component::ParentDir);
    up.chain(path.components().skip(common)).collect()
}

pub(super) fn slashes(path: &Path) -> String {
    if path.as_os_str().is_empty() {
        return ".".to_owned();
    }
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_are_taken_out() {
        for (path, expected) in [
            ("a/./b", "a/b"),
            ("a/../b", "b"),
            ("../a", "../a"),
            ("a/../../b", "../b"),
            ("/../a", "/a"),
            ("/a/b/..", "/a"),
        ] {
            assert_eq!(normal(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn paths_are_shown_from_the_working_directory() {
        let cwd = Path::new("/home/ada/repo");
        let shown = |style: Style, path: &str| style.shown(Path::new(path), cwd);
        assert_eq!(shown(Style::Absolute, "/home/ada/repo/a/b.kql"), "a/b.kql");
        assert_eq!(shown(Style::Relative, "/home/ada/repo/./a/../c.kql"), "c.kql");
        assert_eq!(shown(Style::Relative, "/home/ada/shared/a.json"), "../shared/a.json");
        assert_eq!(
            shown(Style::Absolute, "/home/ada/shared/a.json"),
            "/home/ada/shared/a.json"
        );
        assert_eq!(shown(Style::Relative, "/home/ada/repo"), ".");
        assert_eq!(shown(Style::Relative, "/home/ada/repo-2/a"), "../repo-2/a");
    }
}
