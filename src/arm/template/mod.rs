//! Templates: from a JSON tree to the resources that a deployment would make.

mod declared;
mod document;
#[cfg(test)]
mod growth;
mod implied;
mod linked;
mod names;
mod nested;
mod parameters;
#[cfg(test)]
mod probe;
mod references;
mod resources;
mod scope;
mod symbolic;
mod types;
mod undeployed;
mod user_function;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::evaluate::{Budget, DeploymentScope, EvalError};
use super::value::{Condition, Node};
use crate::syntax::json;
use crate::text::{FileId, FileSpan, MappedText, Span};

pub use document::{Document, built, classify, level_of};
pub use parameters::{Signature, given, parameter_values, signature, template_link};
pub use undeployed::Undeployed;
pub use user_function::{UserCall, UserFunctions};

/// Deployments may nest this deep; deeper ones are not read.
pub const MAX_NESTING: u32 = 24;

/// More resources of one template than this are not read; the service refuses far fewer.
pub const MAX_RESOURCES: usize = 20_000;

/// The least weight of names and bodies of resources that is kept of one template, in bytes.
pub const MIN_WEIGHT: usize = 8 << 20;

/// A JSON document of a run.
#[derive(Clone, Copy)]
pub struct Source<'t> {
    /// The file.
    pub file: FileId,
    /// Its text, or the text of a document that stands in a string of it.
    pub text: &'t MappedText,
    /// Its tree.
    pub tree: &'t json::Node,
}

impl Source<'_> {
    /// Where a part of the document stands in the file.
    pub(super) fn site(&self, span: Span) -> FileSpan {
        self.text.source(span).unwrap_or_else(|| FileSpan::new(self.file, span))
    }
}

/// The other documents of a run, which templates link to.
pub trait Documents {
    /// The document at a relative path with `/` as seen from a file.
    ///
    /// # Errors
    /// Why there is none, in words that go on from "not followed: ".
    fn find(&self, from: FileId, path: &str) -> Result<Source<'_>, String>;
}

/// No other document: for a template that is evaluated alone.
pub struct Alone;

impl Documents for Alone {
    fn find(&self, _from: FileId, _path: &str) -> Result<Source<'_>, String> {
        Err("no other file was read".to_owned())
    }
}

/// A resource that a template deploys, after evaluation.
#[derive(Clone, Debug)]
pub struct Resource {
    /// The whole type as written, parents included: `Microsoft.KeyVault/vaults/keys`.
    pub kind: String,
    /// The whole name, parents included.
    pub name: Node,
    /// Under which conditions it is deployed.
    pub condition: Condition,
    /// What is not known of its own `condition`, if anything.
    pub condition_reason: Option<String>,
    /// What it waits for: its `dependsOn`, null without one.
    pub depends_on: Node,
    /// What its properties read of other resources, for which it waits as well if it names them: the first arguments of
    /// `reference()` and its kin.
    pub reads: Vec<Node>,
    /// Its name in a template with symbolic names.
    pub symbol: Option<String>,
    /// Its loop, if it has one.
    pub copy: Option<Copy>,
    /// The innermost deployment that it stands in, by its place in the list of resources; `None` right in the template
    /// of the file.
    pub deployment: Option<usize>,
    /// Whether it is only referred to (`"existing": true`): nothing of it is deployed.
    pub existing: bool,
    /// The resource that it extends, when it stands inside that one.
    pub parent: Option<(String, Node)>,
    /// Its members after evaluation, `resources` left out; null when the caller did not want its type.
    pub body: Node,
    /// Of a deployment whose template was not read: where it is named and why it was not.
    pub unread: Option<(FileSpan, String)>,
    /// The resource's object.
    pub site: FileSpan,
    /// The value of `name`.
    pub name_site: FileSpan,
    /// The name of the member `properties`, or the value of `name` without one.
    pub properties_site: FileSpan,
}

/// The loop of a resource.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Its name.
    pub name: String,
    /// The round; `None` for a round that stands for all of them.
    pub round: Option<i64>,
    /// How many rounds are deployed at a time; `None` for all of them.
    pub batch: Option<i64>,
}

/// What the evaluation of a template gave.
#[derive(Debug, Default)]
pub struct Template {
    /// The resources, in the order of the text; one for each round of a loop.
    pub resources: Vec<Resource>,
    /// What stands in the template and is never deployed with these parameters, in the order of the walk.
    pub undeployed: Vec<Undeployed>,
    /// Expressions that failed, and limits that were hit.
    pub errors: Vec<EvalError>,
    /// The files whose templates were evaluated as linked ones.
    pub linked: BTreeSet<FileId>,
}

/// Evaluates a template with the given values of its parameters (by name in lower case). Only the bodies of
/// resources whose type, in lower case, is `wanted` are evaluated. Linked templates are looked for in `documents`.
#[must_use]
pub fn evaluate_template(
    source: Source<'_>,
    values: BTreeMap<String, Node>,
    documents: &dyn Documents,
    wanted: &dyn Fn(&str) -> bool,
) -> Template {
    evaluate_within(&Budget::default(), source, values, documents, wanted)
}

fn evaluate_within(
    budget: &Budget,
    source: Source<'_>,
    values: BTreeMap<String, Node>,
    documents: &dyn Documents,
    wanted: &dyn Fn(&str) -> bool,
) -> Template {
    let (errors, spent, linked) = (RefCell::default(), Cell::new(false), RefCell::default());
    let shared = scope::Shared {
        root: source.file,
        documents,
        budget,
        errors: &errors,
        spent: &spent,
        linked: &linked,
    };
    let place = DeploymentScope {
        level: level_of(source.tree, source.text).unwrap_or_default(),
        ..DeploymentScope::default()
    };
    let outermost = scope::Inside {
        id: format!("file {}", source.file.0),
        depth: 0,
        files: vec![source.file],
        repeats: false,
    };
    let scope = scope::TemplateScope::new(shared, source, source.tree, values, place, outermost);
    let mut expansion = resources::Expansion::new(source.text, wanted);
    expansion.template(&scope);
    let (resources, undeployed) = expansion.finish();
    drop(scope);
    let mut errors: Vec<EvalError> = errors.into_inner();
    errors.sort_by_key(|error| error.parts().0);
    errors.dedup();
    Template {
        resources,
        undeployed,
        errors,
        linked: linked.into_inner(),
    }
}
