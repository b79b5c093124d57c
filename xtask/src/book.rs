//! The guide as people read it.

use std::process::Command;

use crate::project;

/// The version of mdBook that is installed if there is none.
const MDBOOK: &str = "0.5.4";

/// Builds the guide into `target/book`. What mdBook warns of (a missing chapter, a missing include) is a failure.
pub(crate) fn build() -> Result<(), String> {
    let own = project()
        .join("target/tools/bin")
        .join(format!("mdbook{}", std::env::consts::EXE_SUFFIX));
    let on_path = Command::new("mdbook").arg("--version").output().is_ok();
    if !on_path && !own.is_file() {
        let root = project().join("target/tools");
        let install = Command::new("cargo")
            .args([
                "install",
                "mdbook",
                "--version",
                MDBOOK,
                "--locked",
                "--no-default-features",
                "--root",
            ])
            .arg(root)
            .status()
            .map_err(|error| format!("cargo could not be started: {error}"))?;
        if !install.success() {
            return Err("mdBook could not be installed".to_owned());
        }
    }
    let mdbook = if on_path { "mdbook".into() } else { own };
    let built = Command::new(mdbook)
        .arg("build")
        .arg(project().join("docs"))
        .output()
        .map_err(|error| format!("mdBook could not be started: {error}"))?;
    let said = String::from_utf8_lossy(&built.stderr).into_owned() + &String::from_utf8_lossy(&built.stdout);
    print!("{said}");
    if !built.status.success() || said.contains("WARN") || said.contains("ERROR") {
        return Err("mdBook is not content with the guide".to_owned());
    }
    Ok(())
}
