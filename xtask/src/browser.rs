//! Looks at HTML reports as a reader does: in Chromium, by a script of `xtask/browser`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use crate::project;

/// The driver of the browser, as npm names it.
const DRIVER: &str = "playwright-core@1";

/// Names of files and what they hold, which must stay text.
const HOSTILE: &[(&str, &str)] = &[
    (
        "<img src=x onerror=alert(1)>.kql",
        ".ingest into table ['<script>alert(2)</script>'] (h'https://quay.blob.core.windows.net/c/a.csv;managed_identity=system')\n",
    ),
    (
        "\"onmouseover=alert(3) x='.kql",
        ".alter-merge database [\"</code></article><script>alert(4)</script>\"] policy managed_identity \
         ```[{\"ObjectId\":\"system\",\"AllowedUsages\":\"</style><img src=x onerror=alert(5)>\"}]```\n",
    ),
    (
        "a&lt;b&#x3c;c.json",
        "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \
         \"contentVersion\": \"1.0.0.0\", \"parameters\": {\"<b>bold</b>\": {\"type\": \"string\"}}, \"resources\": \
         [{\"type\": \"Microsoft.KeyVault/vaults\", \"apiVersion\": \"2023-07-01\", \"name\": \
         \"[parameters('<b>bold</b>')]\", \"properties\": {\"enableSoftDelete\": false}}]}\n",
    ),
];

/// Makes the reports of the demo and of a hostile project, and has them looked at.
pub(crate) fn look(program: &Path) -> Result<(), String> {
    let program = fs::canonicalize(program).map_err(|error| format!("{}: {error}", program.display()))?;
    let folder = project().join("target").join("browser");
    let hostile = folder.join("hostile");
    fs::create_dir_all(&hostile).map_err(|error| error.to_string())?;
    for (name, text) in HOSTILE {
        fs::write(hostile.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    let demo = report(
        &program,
        &project().join("testdata/projects/demo"),
        &folder.join("demo.html"),
    )?;
    let bad = report(&program, &hostile, &folder.join("hostile.html"))?;
    let modules = folder.join("node_modules");
    if !modules.join("playwright-core").is_dir() {
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-save", "--no-audit", "--no-fund", DRIVER, "--prefix"]);
        done(npm.arg(&folder))?;
    }
    let mut node = Command::new("node");
    node.arg(project().join("xtask/browser/check.js"));
    done(node.arg(&modules).arg(chromium()?).arg(&folder).args([demo, bad]))?;
    println!("screenshots: {}", folder.display());
    Ok(())
}

/// Writes the report of a folder.
fn report(program: &Path, of: &Path, to: &Path) -> Result<PathBuf, String> {
    let mut check = Command::new(program);
    check.args(["check", "--isolated", "--fail-on", "never", "-o"]).arg(to);
    check.arg(".").current_dir(of).stdout(std::process::Stdio::null());
    done(&mut check)?;
    Ok(to.to_owned())
}

fn chromium() -> Result<PathBuf, String> {
    let known = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
    ];
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let mut places = named.into_iter().chain(known.map(PathBuf::from));
    places.find(|place| place.is_file()).ok_or_else(|| {
        "there is no Chromium: install it (`apt-get install chromium`), or name it by CHROMIUM".to_owned()
    })
}

/// Runs a command to its end, which must be a good one.
fn done(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.status().map(|status| (status, ExitStatus::success(&status))) {
        Ok((_, true)) => Ok(()),
        Ok((status, false)) => Err(format!("{program}: {status}")),
        Err(error) => Err(format!("{program}: {error}")),
    }
}
