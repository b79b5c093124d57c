//! `kustolint config`: what is set and by whom, the schema of the file, and a file to start with.

use std::path::Path;

use serde_json::{Value, json};

use super::args::{ConfigArgs, ConfigInitArgs, ConfigShowArgs, ConfigVerb, Format};
use super::page::Page;
use super::terminal::{print, remark};
use super::{Failure, Status, configuration, sentence, working_directory};
use crate::apply;
use crate::config::{self, Config, FILE_NAME, Origin, RuleSetting, SCHEMA_ID, Setting};
use crate::discover;
use crate::redact::{Redacted, Redactor, shown_path};
use crate::report::{DIM, escape, json_line};
use crate::rules::ALL;
use crate::text::SourceFile;

/// Runs one of the verbs.
pub(super) fn run(args: &ConfigArgs) -> Result<Status, Failure> {
    match &args.verb {
        ConfigVerb::Show(args) => show(args),
        ConfigVerb::Schema => schema(),
        ConfigVerb::Init(args) => init(args),
    }
}

/// A setting that holds, with who says so.
struct Effective {
    name: String,
    value: Value,
    from: Source,
}

/// Who says so.
#[derive(Clone, Copy)]
enum Source {
    Default,
    /// An option.
    Option,
    /// The variable of the environment that stands for an option.
    Environment,
    /// The place in the file.
    File(u32),
}

impl From<Origin> for Source {
    fn from(origin: Origin) -> Self {
        match origin {
            Origin::Default => Self::Default,
            Origin::File(at) => Self::File(at.start),
        }
    }
}

fn show(args: &ConfigShowArgs) -> Result<Status, Failure> {
    let cwd = working_directory()?;
    let (config, file) = configuration::whole(args.config.as_deref(), false, &cwd)?;
    let text = file.as_ref().map_or("", SourceFile::text);
    let path = args.path.as_deref().map(shown);
    let mut settings = effective(&config, text, path.as_deref())?;
    if let Some(fail_on) = args.fail_on {
        settings.retain(|setting| setting.name != "check.fail-on");
        settings.push(Effective {
            name: "check.fail-on".to_owned(),
            value: json!(fail_on.word()),
            from: if args.is_option {
                Source::Option
            } else {
                Source::Environment
            },
        });
    }
    settings.sort_by(|one, two| one.name.cmp(&two.name));
    let redactor = Redactor::of_texts([text]);
    // Each by itself: the name of a rule about secrets does not make a secret of what the rule is set to.
    for setting in &mut settings {
        setting.name = redactor.redacted(setting.name.clone()).to_string();
        setting.value = (*redactor.redacted(setting.value.clone())).clone();
    }
    print(|out| match args.output_format {
        Format::Json => json_line(&Redacted::own_words(as_json(&settings, file.as_ref())), out),
        Format::Human => {
            let width = settings.iter().map(|setting| line(setting).chars().count());
            let width = width.filter(|width| *width <= 60).max().unwrap_or_default();
            for setting in &settings {
                let line = line(setting);
                let from = redactor.redacted(told(setting.from, file.as_ref()));
                let (line, from) = (escape::one_line(&line), escape::one_line(&from));
                writeln!(out, "{line:width$}  {DIM}{from}{DIM:#}")?;
            }
            Ok(())
        }
    })?;
    Ok(Status::Clean)
}

/// A path as patterns see it.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

fn line(setting: &Effective) -> String {
    format!("{} = {}", setting.name, setting.value)
}

fn told(from: Source, file: Option<&SourceFile>) -> String {
    match (from, file) {
        (Source::File(at), Some(file)) => format!("{}:{}", file.path(), file.position(at).line),
        (Source::Option, _) => "command line".to_owned(),
        (Source::Environment, _) => "environment".to_owned(),
        (Source::Default | Source::File(_), _) => "default".to_owned(),
    }
}

fn as_json(settings: &[Effective], file: Option<&SourceFile>) -> Value {
    let from = |source: Source| match (source, file) {
        (Source::File(at), Some(file)) => {
            let place = file.position(at);
            json!({ "kind": "file", "path": shown_path(file.path()), "line": place.line, "column": place.column })
        }
        (Source::Option, _) => json!({ "kind": "option" }),
        (Source::Environment, _) => json!({ "kind": "environment" }),
        (Source::Default | Source::File(_), _) => json!({ "kind": "default" }),
    };
    let settings = settings
        .iter()
        .map(|setting| json!({ "name": setting.name, "value": setting.value, "from": from(setting.from) }));
    let settings: Vec<Value> = settings.collect();
    json!({ "version": 1, "file": file.map(|file| shown_path(file.path())), "settings": settings })
}

/// What holds: for a file, with what is set by path; or in general.
fn effective(config: &Config, text: &str, path: Option<&str>) -> Result<Vec<Effective>, Failure> {
    let all = config::settings(text);
    let by_path = |setting: &Setting| setting.name.starts_with("paths[");
    let general = all.iter().filter(|setting| {
        let is_rule = setting.name.starts_with("rules.");
        !is_rule && (path.is_none() || !by_path(setting))
    });
    let mut settings: Vec<Effective> = general
        .map(|setting| Effective {
            name: setting.name.clone(),
            value: setting.value.clone(),
            from: setting.from.into(),
        })
        .collect();
    let entries = path.map(|path| config.entries_for(path)).unwrap_or_default();
    for rule in ALL {
        let set = config.setting_of(rule.name, &entries);
        let name = match set {
            Some((_, Some(entry))) => format!("paths[{entry}].rules.{}", rule.name),
            _ => format!("rules.{}", rule.name),
        };
        let from = all.iter().find(|setting| setting.name == name);
        let by_default = || Ok::<_, Failure>(if Page::of(rule)?.on { "on" } else { "off" });
        let value = match set {
            Some((setting, _)) => RuleSetting::word(setting),
            None => by_default()?,
        };
        settings.push(Effective {
            name: format!("rules.{}", rule.name),
            value: json!(value),
            from: from.map_or(Source::Default, |setting| setting.from.into()),
        });
    }
    if let Some(path) = path {
        settings.extend(of_file(config, path, &all));
    }
    Ok(settings)
}

/// What the file at a path is to the configuration.
fn of_file(config: &Config, path: &str, all: &[Setting]) -> Vec<Effective> {
    let place = |name: &str| {
        let found = all.iter().find(|setting| setting.name == name);
        found.map_or(Source::Default, |setting| setting.from.into())
    };
    let mut told = Vec::new();
    let mut tell = |name: &str, value: Value, from: Source| {
        told.push(Effective {
            name: format!("this-file.{name}"),
            value,
            from,
        });
    };
    for (name, is_it, key) in [
        ("excluded", config.excludes(path), "files.exclude"),
        ("included", config.includes(path), "files.include"),
        ("kql", config.is_kql(path), "files.kql"),
    ] {
        tell(name, json!(is_it), if is_it { place(key) } else { Source::Default });
    }
    if let Some((index, environment)) = config
        .environment_of(path)
        .and_then(|index| Some((index, config.environments.get(usize::from(index))?)))
    {
        let from = place(&format!("environments[{index}].name"));
        tell("environment", json!(environment.name), from);
    }
    told
}

fn schema() -> Result<Status, Failure> {
    let mut rules = Vec::new();
    for rule in ALL {
        rules.push((rule.name, Page::of(rule)?.summary));
    }
    let rules: Vec<(&str, &str)> = rules.iter().map(|(name, summary)| (*name, summary.as_str())).collect();
    print(|out| writeln!(out, "{:#}", config::schema(&rules)))?;
    Ok(Status::Clean)
}

fn init(args: &ConfigInitArgs) -> Result<Status, Failure> {
    let text = config::starter();
    if args.stdout {
        print(|out| write!(out, "{text}"))?;
        return Ok(Status::Clean);
    }
    let cwd = working_directory()?;
    let above = discover::configuration(None, false, &cwd).ok().flatten();
    let path = cwd.join(FILE_NAME);
    apply::create(&path, text.as_bytes())
        .map_err(|why| Failure::new(format!("`{FILE_NAME}` was not written: {why}")))?;
    if let Some(above) = above {
        let before = format!(
            "the new file goes before `{}` from here on; the two are not joined",
            above.path
        );
        remark(&sentence(&before));
    }
    print(|out| {
        writeln!(out, "wrote {FILE_NAME}; nothing is set in it yet")?;
        writeln!(
            out,
            "next: take away the `#` of what you want, then `kustolint config show`"
        )?;
        writeln!(out, "for help in the editor: kustolint config schema > {SCHEMA_ID}")
    })?;
    Ok(Status::Clean)
}
