//! Which parameter files belong to which template: each makes a case of its own. Which files templates link to.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{Content, Document};
use crate::arm::template::{
    Documents, Signature, Source, Template, evaluate_template, given, parameter_values, signature, template_link,
};
use crate::config::Config;
use crate::diagnostic::Undecided;
use crate::facts::Case;
use crate::syntax::json;
use crate::text::{FileId, FileSpan, Sources, Span};

/// More parameter files of one template than this are not evaluated.
pub(super) const MAX_CASES: usize = 16;

/// Templates of one folder that a parameter file is compared with; in a folder of more, none is the only one.
const MOST_COMPARED: usize = 64;

/// Folders of parameter files, in lower case: the templates lie in the folder around them.
const FOLDERS: [&str; 8] = [
    "env",
    "environment",
    "environments",
    "envs",
    "parameter",
    "parameters",
    "params",
    "parameterfiles",
];

/// How the documents of a run belong together. Documents are told by their numbers.
pub(super) struct Links<'d> {
    documents: &'d [Document],
    sources: &'d Sources,
    config: &'d Config,
    /// The environment of each file.
    environments: Vec<Option<u16>>,
    /// The JSON documents by their paths.
    by_path: BTreeMap<&'d str, usize>,
    /// The parameter files of each template.
    cases: BTreeMap<usize, Vec<usize>>,
    /// Parameter files that belong to a template by what they give alone.
    fitted: BTreeSet<usize>,
    /// Parameter files that fit several templates.
    pub(super) undecided: Vec<Undecided>,
}

/// The templates of a run, by what parameter files know of them.
#[derive(Default)]
struct Templates {
    /// By the path without extension, in lower case.
    by_stem: BTreeMap<String, Vec<usize>>,
    /// By the folder, in lower case.
    by_folder: BTreeMap<String, Vec<usize>>,
    by_file: BTreeMap<FileId, usize>,
}

/// Finds the parameter files of templates: those that the configuration gives to a template, those that name the template in their metadata, `NAME.parameters.json`
/// and `NAME.parameters.*.json` beside `NAME.json`, and those that fit one template of their folder only.
pub(super) fn link<'d>(documents: &'d [Document], sources: &'d Sources, config: &'d Config) -> Links<'d> {
    let mut templates = Templates::default();
    let mut by_path = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        let path = sources.path(document.file);
        if document.tree().is_some() {
            by_path.insert(path, index);
        }
        if let Content::Template(_) = &document.content {
            let lower = path.to_lowercase();
            let folder = folder(&lower).to_owned();
            templates
                .by_stem
                .entry(stem(&lower).to_owned())
                .or_default()
                .push(index);
            templates.by_folder.entry(folder).or_default().push(index);
            templates.by_file.insert(document.file, index);
        }
    }
    let mut links = Links {
        documents,
        sources,
        config,
        environments: sources
            .iter()
            .map(|(_, file)| config.environment_of(file.path()))
            .collect(),
        by_path,
        cases: BTreeMap::new(),
        fitted: BTreeSet::new(),
        undecided: Vec::new(),
    };
    let mut signatures = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        if let (Content::Parameters(_), Some(source)) = (&document.content, document.source()) {
            links.place(index, source, &templates, &mut signatures);
        }
    }
    links
}

/// A path without the extension of JSON.
fn stem(path: &str) -> &str {
    path.strip_suffix(".json")
        .or_else(|| path.strip_suffix(".jsonc"))
        .unwrap_or(path)
}

/// The folder of a path, without the last `/`.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A relative path as seen from a folder, in the form in which the paths of a run are written.
/// `None` for a link that is no relative path.
fn joined(folder: &str, link: &str) -> Option<String> {
    if link.starts_with('/') || link.contains(':') || link.contains('\\') {
        return None;
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in link.split('/') {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            (part, _) => parts.push(part),
        }
    }
    Some(format!("{root}{}", parts.join("/")))
}

impl Document {
    /// The tree of a JSON document.
    fn tree(&self) -> Option<&json::Node> {
        match &self.content {
            Content::Template(parsed) | Content::Parameters(parsed) | Content::Json(parsed) => Some(&parsed.tree),
            Content::Script | Content::Report | Content::Text(_) => None,
        }
    }

    /// Where a part of the document stands in its file.
    pub(super) fn place(&self, span: Span) -> FileSpan {
        self.text.source(span).unwrap_or_else(|| FileSpan::new(self.file, span))
    }

    fn source(&self) -> Option<Source<'_>> {
        Some(Source {
            file: self.file,
            text: &self.text,
            tree: self.tree()?,
        })
    }
}

impl Documents for Links<'_> {
    fn find(&self, from: FileId, path: &str) -> Result<Source<'_>, String> {
        let folder = folder(self.sources.path(from));
        let path = joined(folder, path).ok_or("its path is not relative")?;
        if path.split('/').any(|part| part == "..") {
            return Err("it leaves the folders that were read".to_owned());
        }
        let document = self
            .by_path
            .get(path.as_str())
            .and_then(|index| self.documents.get(*index));
        let source = document.and_then(Document::source);
        source.ok_or_else(|| "no such file is among those that were read".to_owned())
    }
}

impl<'d> Links<'d> {
    /// Finds the templates of a parameter file.
    fn place(
        &mut self,
        index: usize,
        source: Source<'_>,
        templates: &Templates,
        signatures: &mut BTreeMap<usize, Signature>,
    ) {
        let path = self.sources.path(source.file).to_lowercase();
        let told = template_link(source).and_then(|link| joined(folder(&path), &link.to_lowercase()));
        let by_name = || {
            let name = path.rsplit('/').next().unwrap_or(&path);
            let at = path.len() - name.len() + name.find(".parameters.")?;
            templates.by_stem.get(path.get(..at)?)
        };
        let own = templates.by_file.get(&source.file).map(|own| vec![*own]);
        let own = own.or_else(|| self.listed(source.file, templates));
        let found = match (own, told) {
            (Some(own), _) => own,
            (None, Some(told)) => templates.by_stem.get(stem(&told)).cloned().unwrap_or_default(),
            (None, None) => match by_name() {
                Some(found) => found.clone(),
                None => {
                    self.fitted.insert(index);
                    self.fitting(source, &path, templates, signatures)
                }
            },
        };
        for template in found {
            self.cases.entry(template).or_default().push(index);
        }
    }

    /// The templates that the configuration gives to a parameter file, if it gives one.
    fn listed(&self, file: FileId, templates: &Templates) -> Option<Vec<usize>> {
        let environment = self.config.environments.get(usize::from(self.environment(file)?))?;
        let is_it = |(template, _): &(&FileId, &usize)| {
            let way = self.config.base.way_to(self.sources.path(**template));
            way.is_some_and(|way| environment.template.matches(&way))
        };
        let found: Vec<usize> = templates
            .by_file
            .iter()
            .filter(is_it)
            .map(|(_, index)| *index)
            .collect();
        (!found.is_empty()).then_some(found)
    }

    fn environment(&self, file: FileId) -> Option<u16> {
        self.environments.get(super::index(file)).copied().flatten()
    }

    /// What is read of a file without parameters.
    pub(super) fn case_of(&self, file: FileId) -> Case {
        Case::of(file).in_environment(self.environment(file))
    }

    /// The one template around a parameter file that declares what the file gives.
    fn fitting(
        &mut self,
        source: Source<'_>,
        path: &str,
        templates: &Templates,
        signatures: &mut BTreeMap<usize, Signature>,
    ) -> Vec<usize> {
        let own = folder(path);
        let last = own.rsplit('/').next().unwrap_or(own);
        let around = if FOLDERS.contains(&last) { folder(own) } else { own };
        let (candidates, given) = (templates.by_folder.get(around), given(source));
        let candidates = candidates.map(Vec::as_slice).unwrap_or_default();
        if given.is_empty() || candidates.len() > MOST_COMPARED {
            return Vec::new();
        }
        let documents = self.documents;
        let mut fits = |template: &usize| {
            let of = || documents.get(*template).and_then(Document::source).map(signature);
            let signature = signatures.entry(*template).or_insert_with(|| of().unwrap_or_default());
            signature.fits(&given)
        };
        let fitting: Vec<usize> = candidates.iter().copied().filter(|template| fits(template)).collect();
        if fitting.len() > 1 {
            let start = source.tree.span.start;
            self.undecided.push(Undecided {
                at: FileSpan::new(source.file, Span::new(start, start + 1)),
                reason: format!(
                    "these parameters fit {} templates: they are used with none of them",
                    fitting.len()
                ),
            });
            return Vec::new();
        }
        fitting
    }

    /// The parameter files of a template, all of them.
    pub(super) fn parameters_of(&self, template: usize) -> &[usize] {
        self.cases.get(&template).map(Vec::as_slice).unwrap_or_default()
    }

    /// The parameter files with which each template is evaluated.
    pub(super) fn evaluated(&self) -> BTreeMap<FileId, BTreeSet<FileId>> {
        let file = |index: &usize| self.documents.get(*index).map(|document| document.file);
        let cases = self.cases.iter().filter_map(|(template, files)| {
            let files = files.iter().take(MAX_CASES).filter_map(file).collect();
            Some((file(template)?, files))
        });
        cases.collect()
    }

    /// Whether a document is a template.
    pub(super) fn is_template(&self, index: usize) -> bool {
        let document = self.documents.get(index);
        document.is_some_and(|document| matches!(document.content, Content::Template(_)))
    }

    /// Whether a document is a template that may link to others.
    pub(super) fn has_links(&self, index: usize) -> bool {
        let name = b"templateLink";
        let text = self.documents.get(index).map_or("", |document| document.text.as_str());
        let mut places = text.as_bytes().windows(name.len());
        self.is_template(index) && places.any(|place| place.eq_ignore_ascii_case(name))
    }

    /// The files that are deployed through others, by what was evaluated in each template.
    pub(super) fn parts<'r>(&self, linked: impl Fn(usize) -> Option<&'r BTreeSet<FileId>>) -> BTreeSet<FileId> {
        let mut all: BTreeMap<FileId, BTreeSet<FileId>> = BTreeMap::new();
        for (index, document) in self.documents.iter().enumerate() {
            if let Some(linked) = linked(index).filter(|linked| !linked.is_empty()) {
                all.entry(document.file).or_default().extend(linked);
            }
        }
        let told = self
            .cases
            .iter()
            .filter(|(_, files)| files.iter().any(|file| !self.fitted.contains(file)));
        let documents = told.filter_map(|(template, _)| self.documents.get(*template));
        let own: BTreeSet<FileId> = documents.map(|document| document.file).collect();
        parts_of_others(&all, &own)
    }

    /// The evaluations of a template: one for each of its parameter files, or one with its defaults. Where parameter
    /// files only fit it, it may be deployed with its defaults as well. Only resources whose type is `wanted` get a body.
    pub(super) fn evaluate(&self, template: usize, wanted: &dyn Fn(&str) -> bool) -> Vec<(Case, Template)> {
        let Some(source) = self.documents.get(template).and_then(Document::source) else {
            return Vec::new();
        };
        let files = self.parameters_of(template);
        let only_fit = files.iter().all(|file| self.fitted.contains(file));
        let mut evaluated = Vec::new();
        if files.is_empty() || (only_fit && signature(source).fits(&BTreeSet::new())) {
            let with_defaults = evaluate_template(source, BTreeMap::new(), self, wanted);
            evaluated.push((self.case_of(source.file), with_defaults));
        }
        let cases = files.iter().take(MAX_CASES);
        let sources = cases.filter_map(|index| self.documents.get(*index)?.source());
        let evaluate = |parameters: Source<'_>| {
            let environment = self
                .environment(parameters.file)
                .or_else(|| self.environment(source.file));
            let case = Case::with(source.file, parameters.file).in_environment(environment);
            let values = parameter_values(parameters);
            (case, evaluate_template(source, values, self, wanted))
        };
        evaluated.extend(sources.map(evaluate));
        evaluated
    }
}

/// The files that are deployed through others and not by themselves. `linked` holds, for each template that links to
/// others, all that were evaluated in it; a template with `own` parameter files is deployed by itself in any case.
fn parts_of_others(linked: &BTreeMap<FileId, BTreeSet<FileId>>, own: &BTreeSet<FileId>) -> BTreeSet<FileId> {
    let all: BTreeSet<FileId> = linked.values().flatten().copied().collect();
    let mut parts = BTreeSet::new();
    let (roots, rest): (Vec<_>, Vec<_>) = linked
        .keys()
        .partition(|file| own.contains(file) || !all.contains(file));
    for root in roots {
        parts.extend(linked.get(root).into_iter().flatten());
    }
    // Those that link to one another in a circle: the first of them counts.
    for file in rest {
        if !parts.contains(file) {
            parts.extend(linked.get(file).into_iter().flatten().filter(|part| *part != file));
        }
    }
    parts.retain(|file| !own.contains(file));
    parts
}
