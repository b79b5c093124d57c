//! The folder by which a configuration names files.

/// The folder of a configuration, and the working directory: the paths and patterns of a configuration are told from
/// its own folder, wherever a run starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Base {
    /// The absolute path of the folder, with `/` between names; empty if it is not known.
    folder: String,
    /// That of the working directory.
    cwd: String,
}

impl Base {
    /// The folder at the path `folder`, for a run that starts in `cwd`; both are absolute.
    #[must_use]
    pub fn new(folder: &str, cwd: &str) -> Self {
        Self {
            folder: folder.to_owned(),
            cwd: cwd.to_owned(),
        }
    }

    /// A path as outputs show it, as the way from the folder, with `..` for what lies outside; `None` for what is no file.
    #[must_use]
    pub fn way_to(&self, shown: &str) -> Option<String> {
        if shown.is_empty() || shown == "<stdin>" {
            return None;
        }
        let is_absolute = shown.starts_with('/') || shown.get(1..3).is_some_and(|drive| drive.starts_with(":/"));
        let start = if is_absolute { "" } else { self.cwd.as_str() };
        let path = normal(start.split('/').chain(shown.split('/')));
        let folder = normal(self.folder.split('/'));
        let common = path.iter().zip(&folder).take_while(|(one, two)| one == two).count();
        let up = folder.iter().skip(common).map(|_| "..");
        let way: Vec<&str> = up.chain(path.iter().skip(common).copied()).collect();
        Some(way.join("/"))
    }

    /// Whether the folder is the one at a path, or lies in it.
    #[must_use]
    pub fn lies_in(&self, shown: &str) -> bool {
        let way = self.way_to(shown);
        way.is_some_and(|way| way.is_empty() || way.split('/').all(|name| name == ".."))
    }
}

/// The names of a path, with each `..` taken back as far as that goes.
fn normal<'p>(names: impl Iterator<Item = &'p str>) -> Vec<&'p str> {
    let mut out: Vec<&str> = Vec::new();
    for name in names {
        match (name, out.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                out.pop();
            }
            (name, _) => out.push(name),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_folder_wherever_the_run_starts() {
        let base = Base::new("/home/ada/repo/infra", "/home/ada/repo/infra/adx");
        for (shown, expected) in [
            ("a.kql", Some("adx/a.kql")),
            ("../b/./c.kql", Some("b/c.kql")),
            ("../../kql/a.kql", Some("../kql/a.kql")),
            ("/home/ada/repo/infra/x.json", Some("x.json")),
            ("/home/ada/repo/infrared/x.json", Some("../infrared/x.json")),
            ("<stdin>", None),
            ("", None),
        ] {
            assert_eq!(base.way_to(shown).as_deref(), expected, "{shown}");
        }
        for (shown, expected) in [
            (".", false),
            ("..", true),
            ("../..", true),
            ("/home/ada/repo/infra", true),
            ("/home/ada/repo/infrared", false),
            ("../kustolint.toml", false),
            ("", false),
        ] {
            assert_eq!(base.lies_in(shown), expected, "{shown}");
        }
        let windows = Base::new("C:/repo", "C:/repo/kql");
        assert_eq!(windows.way_to("C:/repo/a.kql").as_deref(), Some("a.kql"));
        assert_eq!(windows.way_to("a.kql").as_deref(), Some("kql/a.kql"));
        assert_eq!(Base::default().way_to("./kql/a.kql").as_deref(), Some("kql/a.kql"));
    }
}
