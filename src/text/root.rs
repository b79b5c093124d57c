//! The folder by which files are remembered from one run to the next, wherever a run starts.

/// The folder of the repository, or else the working directory, and where the working directory lies in it. Paths in
/// outputs for people are relative to the working directory; what outlives a run (baselines, settings by path, reports
/// that a forge keeps) names files by their path from here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Root {
    /// The absolute path of the folder, with `/` and without one at its end; empty if it is not known.
    absolute: String,
    /// The way from the folder to the working directory: empty, or names with `/` between them.
    inside: String,
}

impl Root {
    /// The folder at the path `absolute`, in which the working directory lies at `inside`.
    #[must_use]
    pub fn new(absolute: &str, inside: &str) -> Self {
        Self {
            absolute: absolute.trim_end_matches('/').to_owned(),
            inside: inside.trim_matches('/').to_owned(),
        }
    }

    /// The way from the root to the working directory; empty if they are one.
    #[must_use]
    pub fn inside(&self) -> &str {
        &self.inside
    }

    /// A path as outputs show it, as the path from the root; `None` for what lies outside of it, or is no file.
    #[must_use]
    pub fn path_of(&self, shown: &str) -> Option<String> {
        if let Some(rest) = shown.strip_prefix('/') {
            let below = shown.strip_prefix(&self.absolute)?.strip_prefix('/')?;
            return (!self.absolute.is_empty() || rest.is_empty()).then(|| below.to_owned());
        }
        if shown.is_empty() || shown == "<stdin>" || has_drive(shown) {
            return None;
        }
        let mut names: Vec<&str> = self.inside.split('/').filter(|name| !name.is_empty()).collect();
        for name in shown.split('/') {
            match name {
                "" | "." => {}
                ".." => {
                    names.pop()?;
                }
                name => names.push(name),
            }
        }
        Some(names.join("/"))
    }
}

/// Whether a path starts with the letter of a drive, as absolute ones of Windows do.
fn has_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_the_root_wherever_the_run_starts() {
        let root = Root::new("/home/ada/repo/", "infra/adx");
        for (shown, expected) in [
            ("a.kql", Some("infra/adx/a.kql")),
            ("./b/../c.kql", Some("infra/adx/c.kql")),
            ("../../kql/a.kql", Some("kql/a.kql")),
            ("../../../other/a.kql", None),
            ("/home/ada/repo/kql/a.kql", Some("kql/a.kql")),
            ("/home/ada/repository/a.kql", None),
            ("<stdin>", None),
            ("C:/x/a.kql", None),
        ] {
            assert_eq!(root.path_of(shown).as_deref(), expected, "{shown}");
        }
        let unknown = Root::default();
        assert_eq!(unknown.path_of("kql/a.kql").as_deref(), Some("kql/a.kql"));
        assert_eq!(unknown.path_of("/kql/a.kql"), None);
    }
}
