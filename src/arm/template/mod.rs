//! Templates: from a JSON tree to the resources that a deployment would make.

mod declared;
mod document;
#[cfg(test)]
mod growth;
mod parameters;
mod resources;
mod scope;
mod symbolic;
mod undeployed;
mod user_function;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use super::evaluate::{Budget, EvalError};
use super::value::{Condition, Node};
use crate::syntax::json;
use crate::text::{FileId, FileSpan, MappedText};

pub use document::{Document, classify, level_of};
pub use parameters::{parameter_values, template_link};
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
    /// Its text.
    pub text: &'t MappedText,
    /// Its tree.
    pub tree: &'t json::Node,
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
    /// Whether it is only referred to (`"existing": true`): nothing of it is deployed.
    pub existing: bool,
    /// The resource that it extends, when it stands inside that one.
    pub parent: Option<(String, Node)>,
    /// Its members after evaluation, `resources` left out; null when the caller did not want its type.
    pub body: Node,
    /// The resource's object.
    pub site: FileSpan,
    /// The value of `name`.
    pub name_site: FileSpan,
    /// The name of the member `properties`, or the value of `name` without one.
    pub properties_site: FileSpan,
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
}

/// Evaluates a template with the given values of its parameters (by name in lower case). Only the bodies of
/// resources whose type, in lower case, is `wanted` are evaluated.
#[must_use]
pub fn evaluate_template(
    source: Source<'_>,
    values: BTreeMap<String, Node>,
    wanted: &dyn Fn(&str) -> bool,
) -> Template {
    evaluate_within(&Budget::default(), source, values, wanted)
}

fn evaluate_within(
    budget: &Budget,
    source: Source<'_>,
    values: BTreeMap<String, Node>,
    wanted: &dyn Fn(&str) -> bool,
) -> Template {
    let (errors, spent) = (RefCell::new(Vec::new()), Cell::new(false));
    let shared = scope::Shared {
        source,
        budget,
        errors: &errors,
        spent: &spent,
    };
    let scope = scope::TemplateScope::new(shared, source.tree, values, format!("file {}", source.file.0), 0);
    let mut expansion = resources::Expansion::new(shared, wanted);
    expansion.template(source.tree, &scope, resources::Around::default());
    let (resources, undeployed) = expansion.finish();
    let mut errors = errors.into_inner();
    errors.sort_by_key(|error| error.parts().0);
    errors.dedup();
    Template {
        resources,
        undeployed,
        errors,
    }
}
