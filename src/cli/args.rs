//! The arguments of the command line.

use std::ffi::OsStr;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::examples;
use crate::config::{FAIL_ON, FailOn};
use crate::report;
use crate::text::Date;

const ABOUT: &str = "Finds mistakes about managed identities, customer-managed keys and role grants in the files \
                     from which Azure Data Explorer (Kusto) is run";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "kustolint", bin_name = "kustolint", version, about = ABOUT, after_help = examples::PROGRAM)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) verb: Verb,
    /// When to use colours (auto also heeds NO_COLOR, CLICOLOR_FORCE and TERM)
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(super) color: Color,
}

/// The arguments of the process. A variable of the environment that is empty counts as one that is not set.
pub(super) fn parsed() -> Result<Args, clap::Error> {
    let matches = heeding_the_set(Args::command()).try_get_matches()?;
    let mut args = Args::from_arg_matches(&matches)?;
    if let Verb::Config(ConfigArgs {
        verb: ConfigVerb::Show(show),
    }) = &mut args.verb
    {
        let of_show = matches.subcommand().and_then(|(_, config)| config.subcommand());
        let source = of_show.and_then(|(_, show)| show.value_source("fail_on"));
        show.is_option = source == Some(ValueSource::CommandLine);
    }
    Ok(args)
}

#[expect(clippy::disallowed_methods, reason = "here the environment is asked")]
fn heeding_the_set(command: clap::Command) -> clap::Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    let command = command.mut_args(|argument| {
        if argument.get_env().is_some_and(is_empty) {
            argument.env(None::<&'static str>)
        } else {
            argument
        }
    });
    command.mut_subcommands(heeding_the_set)
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Check files and report what is wrong
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Show what the linter sees, as JSON lines
    #[command(after_help = examples::INSPECT)]
    Inspect(InspectArgs),
    /// Explain a rule, or an error that the service prints
    #[command(after_help = examples::EXPLAIN)]
    Explain(ExplainArgs),
    /// Show which identity may do what where, what it reaches, and what is missing
    #[command(after_help = examples::MAP)]
    Map(MapArgs),
    /// Keep a list of the problems that are known, so that only new ones count
    #[command(subcommand, after_help = examples::BASELINE)]
    Baseline(BaselineVerb),
    /// List the rules
    #[command(after_help = examples::RULES)]
    Rules(RulesArgs),
    /// Print what a shell needs to complete verbs and options
    #[command(after_help = examples::COMPLETIONS)]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = examples::MAN)]
    Man,
    /// List what is suppressed, with its reasons
    #[command(after_help = examples::SUPPRESSIONS)]
    Suppressions(SuppressionsArgs),
    /// Show the configuration, its schema, or a file to start with
    #[command(after_help = examples::CONFIG)]
    Config(ConfigArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    pub(super) verb: ConfigVerb,
}

/// What is to be done about the configuration.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigVerb {
    /// List what is set, and where it comes from
    #[command(after_help = examples::SHOW)]
    Show(ConfigShowArgs),
    /// Print the JSON schema of kustolint.toml, for editors
    #[command(after_help = examples::SCHEMA)]
    Schema,
    /// Write a kustolint.toml that explains itself and sets nothing
    #[command(after_help = examples::INIT)]
    Init(ConfigInitArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct ConfigShowArgs {
    /// A file: what holds for it, with what is set by path
    #[arg(value_name = "PATH")]
    pub(super) path: Option<PathBuf>,
    /// The configuration [default: the nearest kustolint.toml, from the working directory up to its repository]
    #[arg(long, env = "KUSTOLINT_CONFIG", hide_env_values = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// What `check` would be given
    #[arg(long, env = "KUSTOLINT_FAIL_ON", hide_env_values = true, value_enum, hide = true)]
    pub(super) fail_on: Option<FailOn>,
    /// Whether that is an option, and no variable
    #[arg(skip)]
    pub(super) is_option: bool,
    /// How to print the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(super) output_format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct ConfigInitArgs {
    /// Print the file, and write nothing
    #[arg(long)]
    pub(super) stdout: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Files and folders; `-` is standard input [default: the folder you are in]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to print findings [default: human]
    #[arg(long, env = "KUSTOLINT_OUTPUT_FORMAT", hide_env_values = true, value_name = "FORMAT", value_parser = ReportFormat)]
    pub(super) output_format: Option<report::Format>,
    /// Write a report to a file as well; can be repeated. Without a format of its own it has that of --output-format, or
    /// the one that its name tells
    #[arg(short, long, value_name = "[FORMAT=]FILE")]
    pub(super) output: Vec<PathBuf>,
    /// What GitHub tells this run from others of a commit by, in the format sarif [default: kustolint/]
    #[arg(long, value_name = "TEXT", value_parser = category)]
    pub(super) sarif_category: Option<String>,
    /// The least severity that makes the exit status 1 [default: what the configuration says, or warning]
    #[arg(
        long,
        env = "KUSTOLINT_FAIL_ON",
        hide_env_values = true,
        value_enum,
        value_name = "SEVERITY"
    )]
    pub(super) fail_on: Option<FailOn>,
    /// The configuration [default: the nearest kustolint.toml, from the working directory up to its repository]
    #[arg(long, env = "KUSTOLINT_CONFIG", hide_env_values = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// The list of known problems, which do not count [default: kustolint-baseline.json beside the kustolint.toml that
    /// counts, or else at the root of the repository]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Report also what the baseline knows
    #[arg(long, conflicts_with = "baseline")]
    pub(super) no_baseline: bool,
    /// Report only what the files at that commit do not have: a branch, a tag, a hash, HEAD~1. Of a branch that went on
    /// meanwhile, the commit where it parted from HEAD counts
    #[arg(long, value_name = "REV")]
    pub(super) new_since: Option<String>,
    /// Leave out also files that are named, if the configuration excludes them: for hooks, which name every file
    #[arg(long)]
    pub(super) force_exclude: bool,
    /// Read nothing but what the paths, --config and --baseline name; without it the repository around a named file
    /// supplies facts
    #[arg(long)]
    pub(super) isolated: bool,
    /// The path that standard input is to be known by
    #[arg(long, value_name = "NAME")]
    pub(super) stdin_filename: Option<PathBuf>,
    /// Write the fixes of findings that keep the meaning; with `-`, the text goes to standard output
    #[arg(long)]
    pub(super) fix: bool,
    /// With --fix or --diff: also fixes that are only probably what is meant
    #[arg(long)]
    pub(super) unsafe_fixes: bool,
    /// Show what --fix would change, and write nothing
    #[arg(long)]
    pub(super) diff: bool,
    /// List each value that could not be decided (human format; JSON always does)
    #[arg(long)]
    pub(super) show_undecided: bool,
    /// Print no more findings than that, 0 for all (formats for people; the others are always complete)
    #[arg(long, value_name = "NUMBER", default_value_t = 200)]
    pub(super) max_findings: usize,
    /// Report also what comments, metadata and the configuration suppress
    #[arg(long)]
    pub(super) no_suppressions: bool,
    /// The day on which suppressions may have expired [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) today: Option<Date>,
}

/// A category with the sign that ends it.
fn category(text: &str) -> Result<String, String> {
    match text.trim_end_matches('/') {
        "" => Err("write a few words such as `infra`".to_owned()),
        words => Ok(format!("{words}/")),
    }
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write a day such as 2027-01-31".to_owned())
}

/// Reads the name of a format of reports.
#[derive(Clone)]
struct ReportFormat;

impl TypedValueParser for ReportFormat {
    type Value = report::Format;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let names = PossibleValuesParser::new(self.possible_values().into_iter().flatten());
        let name = names.parse_ref(command, argument, value)?;
        let format = report::Format::ALL.into_iter().find(|format| format.name() == name);
        format.ok_or_else(|| clap::Error::new(ErrorKind::InvalidValue).with_cmd(command))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |format: report::Format| PossibleValue::new(format.name()).help(format.about());
        Some(Box::new(report::Format::ALL.into_iter().map(value)))
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct InspectArgs {
    /// What to show
    #[arg(long, value_enum)]
    pub(super) view: View,
    /// Files and folders [default: the folder you are in]; the view `expression` reads standard input
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The configuration, whose [files] and [[environments]] count [default: the nearest kustolint.toml, from the working
    /// directory up to its repository]
    #[arg(long, env = "KUSTOLINT_CONFIG", hide_env_values = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Read nothing but what the paths and --config name
    #[arg(long)]
    pub(super) isolated: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// The name of the rule, as findings show it in brackets; with --error, files and folders in which to look for
    /// causes [default: the folder you are in]
    #[arg(value_name = "RULE|PATH", required_unless_present = "error")]
    pub(super) words: Vec<PathBuf>,
    /// Explain an error that the service prints: its text or code, or the whole line of a log with it
    #[arg(long, value_name = "TEXT")]
    pub(super) error: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(super) output_format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct MapArgs {
    /// Files and folders [default: the folder you are in]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to print the map
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = MapFormat::Human)]
    pub(super) output_format: MapFormat,
}

/// What is to be done with a baseline.
#[derive(Debug, Subcommand)]
pub(super) enum BaselineVerb {
    /// Write all problems that there are into a new list
    #[command(after_help = examples::CREATE)]
    Create(BaselineArgs),
    /// Drop what is gone from the list
    #[command(after_help = examples::UPDATE)]
    Update(UpdateArgs),
    /// Fail if the list holds what is gone
    #[command(after_help = examples::STALE)]
    Check(BaselineArgs),
}

#[derive(Debug, clap::Args)]
pub(super) struct BaselineArgs {
    /// Files and folders [default: the folder you are in]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// The list [default: kustolint-baseline.json beside the kustolint.toml that counts, or else at the root of the
    /// repository]
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// The configuration [default: the nearest kustolint.toml, from the working directory up to its repository]
    #[arg(long, env = "KUSTOLINT_CONFIG", hide_env_values = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Read nothing but what the paths, --config and --baseline name
    #[arg(long, requires = "baseline")]
    pub(super) isolated: bool,
    /// The day on which suppressions may have expired [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) today: Option<Date>,
}

#[derive(Debug, clap::Args)]
pub(super) struct UpdateArgs {
    #[command(flatten)]
    pub(super) files: BaselineArgs,
    /// Take in the problems that are new as well
    #[arg(long)]
    pub(super) add: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct RulesArgs {
    /// How to print the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(super) output_format: Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct CompletionsArgs {
    /// The shell that is to complete
    #[arg(value_enum, value_name = "SHELL")]
    pub(super) shell: Shell,
}

#[derive(Debug, clap::Args)]
pub(super) struct SuppressionsArgs {
    /// Files and folders [default: the folder you are in]
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// How to print the list
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Human)]
    pub(super) output_format: Format,
    /// End with status 1 if one is unused, expired, without a reason or can't be read
    #[arg(long)]
    pub(super) check: bool,
    /// The configuration [default: the nearest kustolint.toml, from the working directory up to its repository]
    #[arg(long, env = "KUSTOLINT_CONFIG", hide_env_values = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Read nothing but what the paths and --config name; without it the repository around a named file supplies facts
    #[arg(long)]
    pub(super) isolated: bool,
    /// The day on which suppressions may have expired [default: today, in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) today: Option<Date>,
}

/// For whom other answers than reports are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Human,
    /// For programs: one JSON object
    Json,
}

/// How a map is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum MapFormat {
    /// A table for people
    Human,
    /// For programs: one JSON object
    Json,
    /// A flowchart of Mermaid
    Mermaid,
    /// A graph of Graphviz
    Dot,
    /// A picture
    Svg,
}

impl ValueEnum for FailOn {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Error, Self::Warning, Self::Note, Self::Never]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let about = FAIL_ON.iter().find(|(_, one, _)| one == self).map(|(.., about)| *about);
        Some(PossibleValue::new(self.word()).help(about?))
    }
}

/// What `inspect` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum View {
    /// The commands and string literals of KQL scripts
    Kql,
    /// The values of template expressions; reads JSON lines from standard input
    Expression,
    /// The resources of templates after evaluation
    Resources,
    /// The facts that rules read
    Facts,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Color {
    /// When the output is a terminal that shows them
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl From<Color> for ColorChoice {
    fn from(color: Color) -> Self {
        match color {
            Color::Auto => Self::Auto,
            Color::Always => Self::Always,
            Color::Never => Self::Never,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }
}
