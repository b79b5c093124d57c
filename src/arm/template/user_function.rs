//! Functions that a template defines for itself: `"functions": [{"namespace", "members": {"name": {…}}}]`.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;

use super::Source;
use crate::arm::evaluate::{Budget, CopyPosition, DeploymentScope, EvalError, Scope, evaluate_json};
use crate::arm::value::Node;
use crate::syntax::json;
use crate::text::FileSpan;

/// The functions of one template, listed when the first of them is called.
#[derive(Default)]
pub struct UserFunctions<'t> {
    by_name: OnceCell<BTreeMap<String, &'t json::Node>>,
}

/// A call of a function of the template.
pub struct UserCall {
    /// `namespace.name` as written.
    written: String,
    args: Vec<Node>,
    site: FileSpan,
}

impl UserCall {
    /// The call `namespace.name(args)` at `site`.
    #[must_use]
    pub fn new(namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Self {
        Self {
            written: format!("{namespace}.{name}"),
            args,
            site,
        }
    }

    fn failed(&self, what: &str) -> EvalError {
        EvalError::failed(self.site, format!("`{}` {what}", self.written))
    }
}

impl<'t> UserFunctions<'t> {
    /// The result of a function that the template `source` defines. `outer` is the scope of that template.
    ///
    /// # Errors
    /// When there is no such function, its arguments do not fit, or its body fails.
    pub fn call(&self, source: Source<'t>, outer: &dyn Scope, call: UserCall) -> Result<Node, EvalError> {
        self.run(source, outer, None, call)
    }

    fn run(
        &self,
        source: Source<'t>,
        outer: &dyn Scope,
        caller: Option<&FunctionScope<'_, 't>>,
        call: UserCall,
    ) -> Result<Node, EvalError> {
        let key = call.written.to_lowercase();
        let Some(declaration) = self.by_name.get_or_init(|| list(source)).get(&key).copied() else {
            return Err(call.failed("is no function of the template"));
        };
        let Some(body) = declaration.get("output").and_then(|output| output.get("value")) else {
            return Err(call.failed("has no output"));
        };
        let scope = FunctionScope {
            functions: self,
            source,
            outer,
            caller,
            args: bound(source, declaration, &call)?,
            key,
            failed: RefCell::default(),
        };
        if scope.calls_itself() {
            return Err(call.failed("calls itself, which the service refuses"));
        }
        let node = evaluate_json(body, source.text, source.file, &scope);
        match scope.failed.into_inner() {
            Some(error) => {
                outer.budget().hand_on();
                Err(error)
            }
            None => Ok(node.used_at(call.site)),
        }
    }
}

/// All functions by `namespace.name` in lower case.
fn list(source: Source<'_>) -> BTreeMap<String, &json::Node> {
    let mut found = BTreeMap::new();
    for namespace in source
        .tree
        .get("functions")
        .map(json::Node::elements)
        .unwrap_or_default()
    {
        let name = namespace.get("namespace").and_then(|name| name.string(source.text));
        let name = name.unwrap_or_default();
        for member in namespace.get("members").map(json::Node::members).unwrap_or_default() {
            let key = format!("{}.{}", name.as_str(), member.name).to_lowercase();
            found.insert(key, &member.value);
        }
    }
    found
}

/// The arguments by the name of their parameter in lower case.
fn bound(source: Source<'_>, declaration: &json::Node, call: &UserCall) -> Result<BTreeMap<String, Node>, EvalError> {
    let parameters = declaration
        .get("parameters")
        .map(json::Node::elements)
        .unwrap_or_default();
    if parameters.len() != call.args.len() {
        let what = format!("takes {} arguments, not {}", parameters.len(), call.args.len());
        return Err(call.failed(&what));
    }
    let name = |parameter: &json::Node| parameter.get("name").and_then(|name| name.string(source.text));
    let names = parameters.iter().map(|parameter| name(parameter).unwrap_or_default());
    let args = names.zip(&call.args);
    Ok(args
        .map(|(name, arg)| (name.as_str().to_lowercase(), arg.clone()))
        .collect())
}

/// What the body of a function sees: its own parameters, and in language version 2 the variables and the other
/// functions of the template, which the compiler of Bicep relies on.
struct FunctionScope<'a, 't> {
    functions: &'a UserFunctions<'t>,
    source: Source<'t>,
    outer: &'a dyn Scope,
    caller: Option<&'a FunctionScope<'a, 't>>,
    key: String,
    args: BTreeMap<String, Node>,
    /// The first failure in the body: the call fails with it.
    failed: RefCell<Option<EvalError>>,
}

impl FunctionScope<'_, '_> {
    fn calls_itself(&self) -> bool {
        let mut caller = self.caller;
        while let Some(scope) = caller {
            if scope.key == self.key {
                return true;
            }
            caller = scope.caller;
        }
        false
    }

    fn is_version_2(&self) -> bool {
        let version = self.source.tree.get("languageVersion");
        let version = version.and_then(|version| version.string(self.source.text));
        version.is_some_and(|version| version.as_str().starts_with("2."))
    }
}

impl Scope for FunctionScope<'_, '_> {
    fn parameter(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        match self.args.get(&name.to_lowercase()) {
            Some(node) => Ok(node.clone().used_at(site).shared()),
            None => {
                let message = format!("the function `{}` has no parameter `{name}`", self.key);
                Err(EvalError::failed(site, message))
            }
        }
    }

    fn variable(&self, name: &str, site: FileSpan) -> Result<Node, EvalError> {
        if self.is_version_2() {
            return self.outer.variable(name, site);
        }
        Err(EvalError::failed(
            site,
            "a function sees the variables of the template in language version 2 only",
        ))
    }

    fn copy_index(&self, _name: Option<&str>) -> Option<CopyPosition> {
        None
    }

    fn user_function(&self, namespace: &str, name: &str, args: Vec<Node>, site: FileSpan) -> Result<Node, EvalError> {
        if !self.is_version_2() {
            let message = "a function calls other functions of the template in language version 2 only";
            return Err(EvalError::failed(site, message));
        }
        let call = UserCall::new(namespace, name, args, site);
        self.functions.run(self.source, self.outer, Some(self), call)
    }

    fn deployment(&self) -> &DeploymentScope {
        self.outer.deployment()
    }

    fn of_escaping_template(&self) -> Option<&dyn Scope> {
        self.outer.of_escaping_template()
    }

    fn repeats(&self) -> bool {
        true
    }

    fn report(&self, error: EvalError) {
        self.failed.borrow_mut().get_or_insert(error);
    }

    fn budget(&self) -> &Budget {
        self.outer.budget()
    }
}

#[cfg(test)]
mod tests;
