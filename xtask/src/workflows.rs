//! Holds the workflows, the action and the examples for GitHub to what zizmor knows of attacks on them.

use std::process::Command;

use crate::program::{Venv, run};
use crate::project;

/// What is looked at: a file that cannot be read is a failure.
const FILES: &[&str] = &[
    ".github/dependabot.yml",
    ".github/workflows/ci.yml",
    ".github/workflows/release.yml",
    "action.yml",
    "docs/integrations/github-action.yml",
    "docs/integrations/github-workflow.yml",
];

/// Runs zizmor over them, without the network.
pub(crate) fn check() -> Result<(), String> {
    let tools = Venv::of_requirements("checks")?;
    let mut zizmor = Command::new(tools.program("zizmor"));
    zizmor.current_dir(project()).args(["--offline", "--strict-collection"]);
    run(zizmor.args(FILES))
}
