//! Which files are programs: what a string in them ends up as shows only when they run.

/// Extensions of programs and scripts, in lower case.
const PROGRAMS: [&str; 41] = [
    "azcli", "bash", "bat", "c", "cc", "cmd", "cpp", "cs", "csx", "dart", "fs", "fsx", "go", "groovy", "h", "hpp",
    "ipynb", "java", "jl", "js", "jsx", "kt", "kts", "lua", "mjs", "php", "pl", "ps1", "psm1", "py", "r", "rb", "rs",
    "scala", "sh", "sql", "swift", "ts", "tsx", "vb", "zsh",
];

/// Whether a file is a program by the extension of its name.
#[must_use]
pub fn is_program(path: &str) -> bool {
    let extension = path
        .rsplit_once('.')
        .map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| PROGRAMS.contains(&extension.as_str()))
}
