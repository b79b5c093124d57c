//! The stages in their order, from bytes to findings, with no look at the disk.

mod analyse;
mod carried;
mod cases;
mod judge;
mod outcome;
mod read;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use crate::arm::template::Template;
use crate::collect::{hide_secrets, secrets_of_file};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Findings, SetAside, Undecided};
use crate::facts::{Case, Facts, Units, subjects};
use crate::link::Workspace;
use crate::map::AccessMap;
use crate::redact::{Redacted, Redactor};
use crate::suppress::Listed;
use crate::syntax::connection::Hidden;
use crate::text::{Date, FileId, FileSpan, Root, SourceFile, Sources};
use judge::{Judged, judged};
use settings::Settings;

/// A file that is to be checked, or to be known while others are checked.
#[derive(Clone, Debug)]
pub struct Input {
    /// The path that outputs show: relative to the working directory, with `/`.
    pub path: String,
    /// Its bytes, or why they could not be had (in words for people, without the path).
    pub bytes: Result<Vec<u8>, String>,
    /// Whether the user named this very file (a broken file of no known kind is then worth a finding).
    pub named: bool,
    /// Whether findings in it are wanted; otherwise it only supplies facts.
    pub reported: bool,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The files, so that places can be told.
    pub sources: Sources,
    /// The findings, sorted by path, byte and rule.
    pub findings: Redacted<Vec<Diagnostic>>,
    /// Findings that somebody decided on before, in the same order: they are counted and do not fail a run.
    pub set_aside: Redacted<Vec<SetAside>>,
    /// What could not be decided, sorted by path and byte.
    pub undecided: Redacted<Vec<Undecided>>,
    /// Knows the secrets in the files, for what is shown of their text.
    pub redactor: Redactor,
    /// Number of files for which findings were wanted.
    pub files: usize,
    /// Why there were none, or only the configuration, where somebody has left them out.
    pub left_out: Option<Redacted<String>>,
    /// Whether a file could not be read from the disk: the job was not done then.
    pub incomplete: bool,
    /// Whether findings were left out, because there were too many; a finding tells of those that would be shown.
    pub cut: bool,
    /// By which folder what outlives a run names files.
    pub root: Root,
    /// The suppressions in the files that are checked and in the configuration, if they count.
    pub suppressions: Redacted<Vec<Listed>>,
    /// The access map, if it was asked for.
    pub map: Option<Redacted<AccessMap>>,
    /// What has a name in the files: [`Outcome::places`] tells it.
    pub named: Named,
}

/// What has a name in the files of a run. The names went through no redactor yet, so that it tells nothing by itself.
#[derive(Debug, Default)]
pub struct Named(Units);

impl Outcome {
    /// The names of each thing that has one in a file and of what holds it, the outermost first, as findings in it have
    /// them for their place.
    #[must_use]
    pub fn places(&self, file: FileId) -> Redacted<Vec<Vec<String>>> {
        self.redactor.redacted(self.named.0.places_in(file).collect())
    }
}

/// How files are checked.
#[derive(Clone, Debug)]
pub struct CheckOptions {
    /// What the user has set.
    pub config: Config,
    /// By which folder settings and what outlives a run name files.
    pub root: Root,
    /// Whether suppressions count.
    pub suppress: bool,
    /// The day on which suppressions may have expired; without one none has.
    pub today: Option<Date>,
    /// Whether all files that the configuration speaks of are there; otherwise no entry of `[[suppress]]` is called unused.
    pub whole: bool,
    /// Whether the access map is wanted as well.
    pub map: bool,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            config: Config::default(),
            root: Root::default(),
            suppress: true,
            today: None,
            whole: true,
            map: false,
        }
    }
}

impl From<Config> for CheckOptions {
    fn from(config: Config) -> Self {
        Self {
            config,
            ..Self::default()
        }
    }
}

/// The files of a run after the stages that look at one file at a time.
#[derive(Debug)]
pub struct Analysis {
    /// The files.
    pub sources: Sources,
    /// The facts of all files, in the order of their paths.
    pub facts: Facts,
    /// Knows the secrets in the files.
    pub redactor: Redactor,
    /// Findings of the stages so far.
    early: Findings,
    /// For each file, whether findings in it are wanted.
    reported: Vec<bool>,
    parameters: outcome::ParameterFiles,
    incomplete: bool,
}

/// The stack of a thread that reads and evaluates: what the limits on nesting allow needs a part of it, however
/// small the stack of the thread that asks.
const STACK: usize = 16 << 20;

/// Runs `work` where the stack is large enough.
fn on_threads<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().stack_size(STACK).build() {
        Ok(pool) => pool.install(work),
        // Without threads there is the one that asks.
        Err(_) => work(),
    }
}

/// Checks files without a configuration. The result depends on the inputs alone, not on their order.
#[must_use]
pub fn check(inputs: Vec<Input>) -> Outcome {
    check_with(inputs, CheckOptions::default())
}

/// Checks files as a configuration says, or options with one.
#[must_use]
pub fn check_with(inputs: Vec<Input>, options: impl Into<CheckOptions>) -> Outcome {
    let options = options.into();
    on_threads(|| checked(inputs, options))
}

fn checked(mut inputs: Vec<Input>, options: CheckOptions) -> Outcome {
    let added = options.whole.then(|| configuration(&inputs, &options.config)).flatten();
    let added_path = added.as_ref().map(|input| input.path.clone());
    inputs.extend(added);
    let Analysis {
        sources,
        facts,
        redactor,
        early,
        reported,
        parameters,
        incomplete,
    } = analysed(inputs, &options.config);
    // Of a configuration that the paths do not lead to, only the entries are judged.
    let is_added = |at: FileSpan| added_path.as_deref() == Some(sources.path(at.file));
    let mut workspace = linked(facts, &sources, options.config);
    workspace.facts.suppressions.retain(|written| !is_added(written.at));
    let units = Units::new(std::mem::take(&mut workspace.facts.units));
    let subjects = subjects(&workspace.facts);
    let carried = std::mem::take(&mut workspace.facts.carried);
    let untold = std::mem::take(&mut workspace.facts.undecided);
    let settings = Settings::of(&workspace.config, &sources);
    let shown_at = |finding: &Diagnostic| outcome::shown_at(finding, &reported);
    let Judged { mut findings, cut } = judged(early, &workspace, &settings, &shown_at);
    let is_complete = workspace.gave_up_at().is_none() && !cut;
    let map = options.map.then(|| AccessMap::of(&workspace));
    findings.reported.retain(|finding| !is_added(finding.primary.at));
    carried::label(&mut findings.reported, carried);
    findings.undecided.extend(untold);
    let run = outcome::Run {
        sources,
        reported,
        parameters,
        redactor,
        incomplete,
        root: options.root,
        units,
        subjects,
    };
    let suppressions = options.suppress.then_some(outcome::Suppressions {
        written: workspace.facts.suppressions,
        config: &workspace.config,
        settings: &settings,
        today: options.today,
        whole: options.whole,
        complete: is_complete,
    });
    let mut outcome = run.outcome(findings, suppressions);
    outcome.cut = cut;
    outcome.map = map.map(|map| outcome.redactor.redacted(map));
    outcome
}

/// The configuration as a file to tell of, if it is none of the files: it may lie elsewhere, have another name or be left
/// out.
fn configuration(inputs: &[Input], config: &Config) -> Option<Input> {
    let is_there = config.path.is_empty() || inputs.iter().any(|input| input.path == config.path);
    (!is_there && !config.suppress.is_empty()).then(|| Input {
        path: config.path.clone(),
        bytes: Ok(config.text.clone().into_bytes()),
        named: false,
        reported: true,
    })
}

fn linked(facts: Facts, sources: &Sources, config: Config) -> Workspace {
    let folder = |(id, file): (FileId, &SourceFile)| (id.0, cases::folder(file.path()).to_owned());
    Workspace::link(facts, sources.iter().map(folder).collect(), config)
}

/// The access map of some files.
#[derive(Debug)]
pub struct Mapped {
    /// The files, so that places can be told.
    pub sources: Sources,
    /// The map.
    pub map: Redacted<AccessMap>,
    /// Number of files that were read.
    pub files: usize,
    /// Findings about files that could not be read as what they are: the map may lack what stands in them.
    pub troubles: usize,
    /// Whether a file could not be read from the disk: the job was not done then.
    pub incomplete: bool,
}

/// Makes the access map of files without a configuration. It depends on the inputs alone, not on their order.
#[must_use]
pub fn access_map(inputs: Vec<Input>) -> Mapped {
    access_map_with(inputs, Config::default())
}

/// Makes the access map of files, with the identities and what they are given as a configuration says.
#[must_use]
pub fn access_map_with(inputs: Vec<Input>, config: Config) -> Mapped {
    on_threads(|| {
        let analysis = analysed(inputs, &config);
        let workspace = linked(analysis.facts, &analysis.sources, config);
        Mapped {
            map: analysis.redactor.redacted(AccessMap::of(&workspace)),
            files: analysis.reported.len(),
            troubles: analysis.early.reported.len(),
            incomplete: analysis.incomplete,
            sources: analysis.sources,
        }
    })
}

/// Reads files as a configuration says, and collects their facts.
#[must_use]
pub fn analyse(inputs: Vec<Input>, config: &Config) -> Analysis {
    on_threads(|| analysed(inputs, config))
}

fn analysed(inputs: Vec<Input>, config: &Config) -> Analysis {
    let read::Run {
        sources,
        documents,
        mut early,
        secrets,
        reported,
        incomplete,
    } = read::read(inputs, config);
    let links = cases::link(&documents, &sources, config);
    let results = analyse::all(analyse::Run {
        documents: &documents,
        sources: &sources,
        links: &links,
    });
    let mut facts = Facts::default();
    for ((file, source), secrets) in sources.iter().zip(&secrets) {
        secrets_of_file((file, source), secrets, &mut facts);
    }
    for result in results {
        facts.extend(result.facts);
        early.absorb(result.findings);
    }
    let redactor = Redactor::new(&sources, &secrets, std::mem::take(&mut facts.hidden));
    early.undecided.extend(links.undecided.iter().cloned());
    let cases = links.evaluated();
    let is_parameters = |document: &&read::Document| matches!(document.content, read::Content::Parameters(_));
    let parameter_files = documents.iter().filter(is_parameters);
    let parameters = outcome::ParameterFiles {
        files: parameter_files.map(|document| document.file).collect(),
        cases,
    };
    Analysis {
        sources,
        facts,
        redactor,
        early,
        reported,
        parameters,
        incomplete,
    }
}

/// The templates among the inputs.
#[derive(Debug, Default)]
pub struct Templates {
    /// All inputs.
    pub sources: Sources,
    /// The templates after evaluation, whole, with the case that they were evaluated in.
    pub evaluated: Vec<(Case, Template)>,
    /// The files that hold one, also those that are evaluated as parts of others only.
    pub files: BTreeSet<FileId>,
    /// Knows the secrets in the files, and those that the templates put together.
    pub redactor: Redactor,
}

/// All templates among the inputs after evaluation, with the parameter files and environments of a configuration.
#[must_use]
pub fn templates(inputs: Vec<Input>, config: &Config) -> Templates {
    on_threads(|| evaluated(inputs, config))
}

fn evaluated(inputs: Vec<Input>, config: &Config) -> Templates {
    let run = read::read(inputs, config);
    let links = cases::link(&run.documents, &run.sources, config);
    let is_reported = |index: &usize| {
        let file = run.documents.get(*index).map(|document| document.file.0 as usize);
        file.and_then(|file| run.reported.get(file)) == Some(&true)
    };
    let templates = (0..run.documents.len()).filter(|index| links.is_template(*index) && is_reported(index));
    let found: BTreeMap<usize, Vec<(Case, Template)>> = templates
        .map(|index| (index, links.evaluate(index, &|_| true)))
        .collect();
    let linked: BTreeMap<usize, BTreeSet<FileId>> = found
        .iter()
        .map(|(index, cases)| {
            (
                *index,
                cases.iter().flat_map(|(_, case)| &case.linked).copied().collect(),
            )
        })
        .collect();
    let parts = links.parts(|index| linked.get(&index));
    let files = found.keys().filter_map(|index| run.documents.get(*index));
    let files: BTreeSet<FileId> = files.map(|document| document.file).collect();
    let cases = found.into_values().flatten();
    let own = cases.filter(|(case, _)| !parts.contains(&case.file));
    let evaluated: Vec<(Case, Template)> = own.collect();
    let mut hidden = Hidden::default();
    for resource in evaluated.iter().flat_map(|(_, template)| &template.resources) {
        hide_secrets(&resource.name, &mut hidden);
        hide_secrets(&resource.body, &mut hidden);
    }
    Templates {
        evaluated,
        files,
        redactor: Redactor::new(&run.sources, &run.secrets, hidden),
        sources: run.sources,
    }
}

/// The number of a file as an index.
fn index(file: FileId) -> usize {
    file.0 as usize
}
