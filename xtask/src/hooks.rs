//! Uses the hooks with the real pre-commit: commits that must pass and commits that must be refused, in repositories of
//! some hundred files. The configurations are those of `docs/integrations`, with this checkout in place of a release.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::program::{Venv, answer, both, output, run};
use crate::{package, project, wheel};

/// Scripts that stand around the commit.
const SCRIPTS: usize = 300;
/// How many times as long as `git status` the check of one changed file may take in that repository. Beside many builds it was
/// between 2.5 and 11 times as long.
const MAX_RATIO: f64 = 20.0;
const ROUNDS: usize = 15;

const POLICY: &str = "kql/policies.kql";
const READS_ONLY: &str = ".alter-merge database Freight policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'ExternalTable'}]\"\n";
const INGESTS_TOO: &str = ".alter-merge database Freight policy managed_identity \
                           \"[{'ObjectId':'system','AllowedUsages':'ExternalTable, NativeIngestion'}]\"\n";
const INGEST: &str = ".ingest async into table Manifests \
                      (h'https://quayside.blob.core.windows.net/night/a.csv;managed_identity=system')\n";
const UNKNOWN_USAGE: &str = ".alter-merge database Freight policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'NativeIngest'}]\"\n";
/// A mistake that nothing in other files has to do with.
const OLD: &str = ".show tables
| where TableName == \"open
";
const FIXABLE: &str = ".alter-merge database Freight policy managed_identity \"[{'ObjectId':'system','AllowedUsages':'externaltable'}]\"\n";

/// Runs all of it, once with the wheel and once from source.
pub(crate) fn check() -> Result<(), String> {
    let wheel = wheel::of_the_tree(&folder().join("dist"))?;
    let example = |name: &str| {
        let path = project().join("docs/integrations").join(name);
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let version = package("version")?;
    let released = example("pre-commit-config.yaml")?;
    let installed = replaced(&released, &format!("kustolint=={version}"), &wheel.to_string_lossy())?;
    // A wheel of the same name would be taken from the cache.
    let _ = fs::remove_dir_all(folder().join("wheel-cache"));
    Repository::new("wheel", &installed)?.check()?;

    let head = answer(Command::new("git").current_dir(project()).args(["rev-parse", "HEAD"]))?;
    let source = example("pre-commit-config-from-source.yaml")?;
    let source = replaced(&source, &package("repository")?, &project().to_string_lossy())?;
    Repository::new("source", &replaced(&source, &format!("v{version}"), &head)?)?.check()
}

fn folder() -> PathBuf {
    project().join("target/hooks")
}

fn replaced(text: &str, old: &str, new: &str) -> Result<String, String> {
    if text.contains(old) {
        return Ok(text.replace(old, new));
    }
    Err(format!("`{old}` does not stand in the example"))
}

/// A repository with the hooks.
struct Repository {
    name: &'static str,
    folder: PathBuf,
    cache: PathBuf,
    pre_commit: PathBuf,
}

impl Repository {
    /// Makes it, with scripts, a policy, and a mistake that is in it already.
    fn new(name: &'static str, configuration: &str) -> Result<Self, String> {
        let tools = Venv::of_requirements("checks")?;
        let repository = Self {
            name,
            folder: folder().join(name),
            cache: folder().join(format!("{name}-cache")),
            pre_commit: tools.program("pre-commit"),
        };
        let _ = fs::remove_dir_all(&repository.folder);
        for number in 0..SCRIPTS {
            let text = format!(".create-merge table T{number} (At: datetime, Ship: string)\n\nT{number}\n| take 10\n");
            repository.write(&format!("kql/tables/t{number}.kql"), &text)?;
        }
        repository.write(POLICY, READS_ONLY)?;
        repository.write("kql/old.kql", OLD)?;
        repository.write(".pre-commit-config.yaml", configuration)?;
        repository.git(&["init", "--quiet", "--initial-branch", "main"])?;
        repository.git(&["add", "--all"])?;
        repository.git(&["commit", "--quiet", "--no-verify", "--message", "start"])?;
        println!("{name}: installing the hooks");
        let start = Instant::now();
        run(repository
            .program(&repository.pre_commit)
            .args(["install", "--install-hooks"]))?;
        println!("{name}: installed in {:.0} s", start.elapsed().as_secs_f64());
        Ok(repository)
    }

    fn program(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder).env("PRE_COMMIT_HOME", &self.cache);
        // What is built for the hook must not take the place of what is built here.
        command.env("CARGO_TARGET_DIR", folder().join("build"));
        command
    }

    fn git(&self, arguments: &[&str]) -> Result<String, String> {
        answer(self.program(Path::new("git")).args(IDENTITY).args(arguments))
    }

    fn write(&self, path: &str, text: &str) -> Result<(), String> {
        let path = self.folder.join(path);
        let parent = path.parent().unwrap_or(&self.folder);
        let written = fs::create_dir_all(parent).and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Commits files; whether the hooks let it pass, and what was printed.
    fn commit(&self, files: &[(&str, &str)]) -> Result<(bool, String), String> {
        for (path, text) in files {
            self.write(path, text)?;
        }
        self.git(&["add", "--all"])?;
        let mut commit = self.program(Path::new("git"));
        let output = output(commit.args(IDENTITY).args(["commit", "--message", "change"]))?;
        Ok((output.status.success(), both(&output)))
    }

    /// Takes back what a refused commit left.
    fn reset(&self) -> Result<(), String> {
        self.git(&["reset", "--quiet", "--hard"])?;
        self.git(&["clean", "--quiet", "--force", "-d"]).map(drop)
    }

    /// A commit that must pass.
    fn passes(&self, files: &[(&str, &str)]) -> Result<(), String> {
        match self.commit(files)? {
            (true, said) if said.contains("Passed") => Ok(()),
            (_, said) => Err(format!("{}: {files:?} should have passed:\n{said}", self.name)),
        }
    }

    /// A commit that must be refused with these words and without those.
    fn refused(&self, files: &[(&str, &str)], with: &[&str], without: &[&str]) -> Result<(), String> {
        let (passed, said) = self.commit(files)?;
        self.reset()?;
        let holds = !passed && with.iter().all(|word| said.contains(word));
        if holds && !without.iter().any(|word| said.contains(word)) {
            return Ok(());
        }
        Err(format!(
            "{}: {files:?} should have been refused with {with:?} and without {without:?}:\n{said}",
            self.name
        ))
    }

    fn check(&self) -> Result<(), String> {
        self.passes(&[("kql/good.kql", ".show database Freight policy managed_identity\n")])?;
        self.passes(&[("picture.svg", "<svg/>\n"), ("kql/more.kql", ".show tables\n")])?;
        let old = "kql/old.kql";
        let bad = "kql/bad.kql:1:";
        self.refused(
            &[("kql/bad.kql", UNKNOWN_USAGE)],
            &["unknown-identity-usage", bad],
            &[old],
        )?;
        // The mistake lies between the changed file and one that is as it was.
        let ingest = [("kql/ingest.kql", INGEST)];
        let words = ["missing-native-ingestion", "kql/ingest.kql:1:", POLICY];
        self.refused(&ingest, &words, &[old])?;
        self.git(&["rm", "--quiet", "--cached", POLICY])?;
        self.write(POLICY, INGESTS_TOO)?;
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "--no-verify", "--message", "allow"])?;
        self.passes(&ingest)?;
        self.others(old)?;
        self.taken_in()?;
        self.speed()
    }

    /// The hooks that run when asked to.
    fn others(&self, old: &str) -> Result<(), String> {
        let asked = |hook: &str| {
            let mut command = self.program(&self.pre_commit);
            output(command.args(["run", "--hook-stage", "manual", "--all-files", hook]))
        };
        let all = asked("kustolint-all")?;
        let said = both(&all);
        if all.status.code() != Some(1) || !said.contains(&format!("{old}:2:")) {
            return Err(format!("{}: kustolint-all does not report {old}:\n{said}", self.name));
        }
        self.write("kql/letters.kql", FIXABLE)?;
        self.git(&["add", "--all"])?;
        let fix = asked("kustolint-fix")?;
        let path = self.folder.join("kql/letters.kql");
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if fix.status.code() != Some(1) || !text.contains("'ExternalTable'") {
            return Err(format!("{}: kustolint-fix left {text}{}", self.name, both(&fix)));
        }
        self.reset()
    }

    /// The old mistakes go into the baseline, a new one is caught, suppressed with its reason, and caught without it.
    fn taken_in(&self) -> Result<(), String> {
        let program = installed(&self.cache)?;
        run(self.program(&program).args(["baseline", "create"]))?;
        run(self.program(&program).arg("check"))?;
        self.passes(&[("kql/old.kql", &format!("// An old script, and a comment.\n{OLD}"))])?;
        let bad = "kql/new.kql";
        self.refused(&[(bad, UNKNOWN_USAGE)], &["unknown-identity-usage"], &["kql/old.kql"])?;
        let comment = "// kustolint: ignore[unknown-identity-usage]";
        let explained = format!("{comment} a usage of the preview\n{UNKNOWN_USAGE}");
        self.passes(&[(bad, &explained)])?;
        let words = ["unexplained-suppression", "unknown-identity-usage"];
        self.refused(&[(bad, &format!("{comment}\n{UNKNOWN_USAGE}"))], &words, &[])
    }

    /// Holds the time of the check of one file to that of `git status`, which looks at the same files.
    fn speed(&self) -> Result<(), String> {
        let program = installed(&self.cache)?;
        let (mut check, mut status) = (Duration::MAX, Duration::MAX);
        for _ in 0..ROUNDS {
            let checks = ["check", "kql/ingest.kql"];
            check = check.min(time(self.program(&program).args(checks))?);
            status = status.min(time(self.program(Path::new("git")).arg("status"))?);
        }
        let ratio = check.as_secs_f64() / status.as_secs_f64();
        println!(
            "{}: a changed file among {SCRIPTS}: {:.1} ms, {ratio:.1} times `git status` ({:.1} ms)",
            self.name,
            check.as_secs_f64() * 1e3,
            status.as_secs_f64() * 1e3
        );
        if ratio > MAX_RATIO {
            return Err(format!("{}: more than {MAX_RATIO} times `git status`", self.name));
        }
        Ok(())
    }
}

/// Who commits, whatever the machine says.
const IDENTITY: [&str; 6] = [
    "-c",
    "user.name=Hook",
    "-c",
    "user.email=hook@example.invalid",
    "-c",
    "commit.gpgsign=false",
];

fn time(command: &mut Command) -> Result<Duration, String> {
    let start = Instant::now();
    answer(command)?;
    Ok(start.elapsed())
}

/// The program that pre-commit installed below its cache.
fn installed(cache: &Path) -> Result<PathBuf, String> {
    let name = format!("kustolint{}", std::env::consts::EXE_SUFFIX);
    let mut open = vec![(cache.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        let found = folder.join(&name);
        if folder.ends_with("bin") && found.is_file() || folder.ends_with("Scripts") && found.is_file() {
            return Ok(found);
        }
        let entries = fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let folders = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_dir());
        if depth < 3 {
            open.extend(folders.map(|path| (path, depth + 1)));
        }
    }
    Err(format!("pre-commit installed no kustolint in {}", cache.display()))
}
