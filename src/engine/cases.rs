//! Which parameter files belong to which template: each makes a case of its own.

use std::collections::BTreeMap;

use super::read::{Content, Document};
use crate::arm::template::{Source, Template, evaluate_template, parameter_values, template_link};
use crate::facts::Case;
use crate::syntax::{Parsed, json};
use crate::text::{FileId, Sources};

/// More parameter files of one template than this are not evaluated.
pub(super) const MAX_CASES: usize = 16;

/// The parameter files of each template, by the template's path without extension, in lower case.
pub(super) struct Links {
    by_template: BTreeMap<String, Vec<usize>>,
    stems: BTreeMap<FileId, String>,
}

/// Finds the parameter files of templates: `NAME.parameters.json` and `NAME.parameters.*.json` beside
/// `NAME.json`, and files that name the template in their metadata.
pub(super) fn link(documents: &[Document], sources: &Sources) -> Links {
    let mut by_template: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut stems = BTreeMap::new();
    for (index, document) in documents.iter().enumerate() {
        let path = sources.path(document.file).to_lowercase();
        match &document.content {
            Content::Template(_) => {
                stems.insert(document.file, stem(&path).to_owned());
            }
            Content::Parameters(parsed) => {
                let source = Source {
                    file: document.file,
                    text: &document.text,
                    tree: &parsed.tree,
                };
                let linked = template_link(source).and_then(|link| joined(folder(&path), &link.to_lowercase()));
                let template = linked.or_else(|| {
                    let name = path.rsplit('/').next().unwrap_or(&path);
                    let at = path.len() - name.len() + name.find(".parameters.")?;
                    path.get(..at).map(str::to_owned)
                });
                if let Some(template) = template {
                    by_template.entry(stem_of_link(&template)).or_default().push(index);
                }
            }
            _ => {}
        }
    }
    Links { by_template, stems }
}

/// A path without the extension of JSON.
fn stem(path: &str) -> &str {
    path.strip_suffix(".json")
        .or_else(|| path.strip_suffix(".jsonc"))
        .unwrap_or(path)
}

fn stem_of_link(path: &str) -> String {
    stem(path).to_owned()
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

impl Links {
    /// The parameter files of a template.
    pub(super) fn parameters_of(&self, template: FileId) -> &[usize] {
        let stem = self.stems.get(&template);
        stem.and_then(|stem| self.by_template.get(stem))
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// The evaluations of a template, whole: one for each of its parameter files, or one with its defaults.
    pub(super) fn cases_of(&self, document: &Document, documents: &[Document]) -> Vec<(Case, Template)> {
        let Content::Template(parsed) = &document.content else {
            return Vec::new();
        };
        self.evaluate(document, parsed, documents, &|_| true)
    }

    /// The evaluations of a template; only resources whose type is `wanted` get a body.
    pub(super) fn evaluate(
        &self,
        document: &Document,
        parsed: &Parsed<json::Node>,
        documents: &[Document],
        wanted: &dyn Fn(&str) -> bool,
    ) -> Vec<(Case, Template)> {
        let source = Source {
            file: document.file,
            text: &document.text,
            tree: &parsed.tree,
        };
        let files = self.parameters_of(document.file);
        if files.is_empty() {
            return vec![(
                Case::of(document.file),
                evaluate_template(source, BTreeMap::new(), wanted),
            )];
        }
        let cases = files.iter().take(MAX_CASES).filter_map(|index| documents.get(*index));
        let evaluate = |parameters: &Document| {
            let Content::Parameters(parsed) = &parameters.content else {
                return None;
            };
            let values = parameter_values(Source {
                file: parameters.file,
                text: &parameters.text,
                tree: &parsed.tree,
            });
            let case = Case {
                file: document.file,
                parameters: Some(parameters.file),
            };
            Some((case, evaluate_template(source, values, wanted)))
        };
        cases.filter_map(evaluate).collect()
    }
}
