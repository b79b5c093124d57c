//! The functions of the template language.

mod array;
mod base64;
pub(super) mod choices;
mod cidr;
mod compare;
mod date;
mod deployment;
mod format;
mod hash;
mod lambda;
mod logic;
mod number;
mod object;
mod provider;
mod resource;
mod sequence;
mod serialize;
mod set;
mod string;
mod uri;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::evaluate::{Context, EvalError, MAX_MADE, MAX_TEXT, NODE_WEIGHT, Scope, call_symbol, weight};
use super::trail::Trail;
use super::value::{MAX_ALTERNATIVES, Node, Value};
use crate::syntax::expression::{self, Expression};
use crate::text::{Escape, FileSpan, MappedText};

use choices::{combinations, has_choices, lifted, text_size};
pub(super) use deployment::fact as deployment_fact;
pub(super) use hash::sha1;

/// A function of the language.
struct Function {
    /// Its name in the letter case of the documentation.
    name: &'static str,
    /// How few and how many arguments it takes.
    arity: (usize, usize),
    builtin: Builtin,
}

/// How a function is evaluated.
enum Builtin {
    /// With its arguments' values, once for each alternative of them.
    Plain(fn(&Call<'_>, &[Node]) -> Outcome),
    /// With its arguments' values, alternatives among them.
    Whole(fn(&Call<'_>, &[Node]) -> Outcome),
    /// With its arguments' trees: it decides itself which of them are evaluated.
    Lazy(fn(Context<'_>, &Call<'_>, &[Expression]) -> Result<Node, EvalError>),
}

/// A call as its function sees it.
struct Call<'a> {
    name: &'a str,
    /// Where the call stands.
    site: FileSpan,
    scope: &'a dyn Scope,
}

/// Why a function has no result.
enum Stop {
    /// It depends on something that is not known.
    Unknown,
    /// The deployment would fail.
    Failed(String),
    /// The result would be too large.
    Limit(String),
}

impl From<EvalError> for Stop {
    fn from(error: EvalError) -> Self {
        match error {
            EvalError::Failed { message, .. } | EvalError::Unreadable { message, .. } => Self::Failed(message),
            EvalError::Limit { message, .. } => Self::Limit(message),
        }
    }
}

type Outcome = Result<Node, Stop>;

/// The longest list.
const MAX_ELEMENTS: usize = MAX_MADE / NODE_WEIGHT;

/// Elements of lists and objects that a function may look at in one step of the budget.
const ELEMENTS_A_STEP: usize = 64;

/// No upper limit to the number of arguments.
const MANY: usize = usize::MAX;

const fn plain(name: &'static str, least: usize, most: usize, function: fn(&Call<'_>, &[Node]) -> Outcome) -> Function {
    Function {
        name,
        arity: (least, most),
        builtin: Builtin::Plain(function),
    }
}

const fn whole(name: &'static str, least: usize, most: usize, function: fn(&Call<'_>, &[Node]) -> Outcome) -> Function {
    Function {
        name,
        arity: (least, most),
        builtin: Builtin::Whole(function),
    }
}

const fn lazy(
    name: &'static str,
    least: usize,
    most: usize,
    function: fn(Context<'_>, &Call<'_>, &[Expression]) -> Result<Node, EvalError>,
) -> Function {
    Function {
        name,
        arity: (least, most),
        builtin: Builtin::Lazy(function),
    }
}

static TABLES: &[&[Function]] = &[
    array::FUNCTIONS,
    base64::FUNCTIONS,
    cidr::FUNCTIONS,
    compare::FUNCTIONS,
    date::FUNCTIONS,
    deployment::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    lambda::FUNCTIONS,
    logic::FUNCTIONS,
    number::FUNCTIONS,
    object::FUNCTIONS,
    provider::FUNCTIONS,
    resource::FUNCTIONS,
    sequence::FUNCTIONS,
    serialize::FUNCTIONS,
    set::FUNCTIONS,
    string::FUNCTIONS,
    uri::FUNCTIONS,
];

static BY_NAME: LazyLock<BTreeMap<String, &'static Function>> = LazyLock::new(|| {
    let functions = TABLES.iter().flat_map(|table| table.iter());
    functions
        .map(|function| (function.name.to_ascii_lowercase(), function))
        .collect()
});

/// The value of a call at `site`.
pub(super) fn call(context: Context<'_>, call: &expression::Call, site: FileSpan) -> Result<Node, EvalError> {
    if let Some(namespace) = &call.namespace {
        let args = context.nodes(&call.args)?;
        return context.scope.user_function(namespace, &call.name, args, site);
    }
    let Some(function) = BY_NAME.get(&call.name.to_ascii_lowercase()) else {
        return undecided(context, call, site);
    };
    let (least, most) = function.arity;
    if !(least..=most).contains(&call.args.len()) {
        let at = context.place(call.name_span, site);
        return Err(EvalError::failed(at, wrong_count(function, call.args.len())));
    }
    let this = Call {
        name: function.name,
        site,
        scope: context.scope,
    };
    if let Builtin::Lazy(function) = function.builtin {
        return function(context, &this, &call.args);
    }
    let args = context.nodes(&call.args)?;
    let size: usize = args.iter().map(|arg| arg.elements().len() + arg.members().len()).sum();
    let steps = u64::try_from(size / ELEMENTS_A_STEP).unwrap_or(u64::MAX);
    context.scope.budget().charge(steps, 0);
    match function.builtin {
        Builtin::Lazy(function) => function(context, &this, &call.args),
        Builtin::Plain(function) => this.distribute(&args, function),
        Builtin::Whole(function) => this.finish(function(&this, &args), &args),
    }
}

/// An action of a resource (`listKeys()` and its kin), or a function that is not in the tables: the service learns
/// new ones faster than linters do.
fn undecided(context: Context<'_>, call: &expression::Call, site: FileSpan) -> Result<Node, EvalError> {
    let args = context.nodes(&call.args)?;
    if resource::is_list(&call.name) && !args.is_empty() {
        let this = Call {
            name: &call.name,
            site,
            scope: context.scope,
        };
        return this.distribute(&args, resource::list);
    }
    let symbol = call_symbol(&call.name, &args, context.scope.budget(), site);
    let why = format!("the function `{}` is not evaluated", call.name);
    Ok(Node::written(Value::unknown(symbol, why), site))
}

fn wrong_count(function: &Function, given: usize) -> String {
    let (least, most) = function.arity;
    let takes = match (least, most) {
        (0, 0) => "no argument".to_owned(),
        (1, 1) => "one argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (least, MANY) => format!("at least {least} arguments"),
        (least, most) => format!("from {least} to {most} arguments"),
    };
    format!("`{}` takes {takes}, not {given}", function.name)
}

impl Call<'_> {
    /// The call's result, unknown or failed where the function stopped.
    fn finish(&self, outcome: Outcome, args: &[Node]) -> Result<Node, EvalError> {
        match outcome {
            Ok(mut node) => {
                let size = match &node.value {
                    Value::String(text) => Some(text.as_str().len()).filter(|size| *size <= MAX_TEXT),
                    Value::Array(_) | Value::Object(_) => weight(&node, MAX_MADE),
                    _ => Some(0),
                };
                let Some(size) = size else {
                    let message = format!("`{}` makes a value that is too large or nested too deep", self.name);
                    return Err(EvalError::limit(self.site, message));
                };
                self.scope.budget().take_bytes(size, self.site)?;
                if node.trail.is_empty() {
                    node.trail = self.trail(args);
                }
                Ok(node)
            }
            Err(Stop::Unknown) => self.unknown(args),
            Err(Stop::Failed(message)) => Err(EvalError::failed(self.site, message)),
            Err(Stop::Limit(message)) => Err(EvalError::limit(self.site, message)),
        }
    }

    /// The result of a call that depends on something that is not known.
    fn unknown(&self, args: &[Node]) -> Result<Node, EvalError> {
        let budget = self.scope.budget();
        let symbol = call_symbol(self.name, args, budget, self.site);
        budget.take_bytes(symbol.to_string().len(), self.site)?;
        budget.take_steps(0, self.site)?;
        let why: Arc<str> = args
            .iter()
            .find_map(reason)
            .unwrap_or_else(|| format!("`{}()` is known at deployment only", self.name).into());
        let mut node = Node::written(Value::unknown(symbol, why), self.site);
        node.trail = self.trail(args);
        Ok(node)
    }

    /// The way of what the call makes of its arguments.
    fn trail(&self, args: &[Node]) -> Trail {
        Trail::joined(args.iter().map(|arg| &arg.trail), self.name, self.site)
    }

    /// The results of a function for all alternatives of its arguments that go together.
    fn distribute(&self, args: &[Node], function: fn(&Call<'_>, &[Node]) -> Outcome) -> Result<Node, EvalError> {
        if !args.iter().any(|arg| matches!(arg.value, Value::OneOf(_))) {
            let outcome = function(self, args);
            if matches!(outcome, Err(Stop::Unknown)) && args.iter().any(has_choices) {
                let lifted: Vec<_> = args.iter().map(|arg| lifted(arg, self.site)).collect();
                if !lifted.iter().any(has_choices) {
                    return self.distribute(&lifted, function);
                }
            }
            return self.finish(outcome, args);
        }
        let size: usize = args.iter().map(text_size).sum();
        self.scope
            .budget()
            .take_bytes(size.saturating_mul(MAX_ALTERNATIVES), self.site)?;
        let Some(combinations) = combinations(args) else {
            return self.unknown(args);
        };
        let results = combinations
            .into_iter()
            .map(|(when, args)| (when, self.finish(function(self, &args), &args)))
            .collect();
        super::evaluate::joined(results, self.site)
    }

    /// A computed value.
    fn made(&self, value: Value) -> Outcome {
        Ok(Node::written(value, self.site))
    }

    /// A text that was put together of others as they are; unknown when it is a hole only.
    fn text(&self, text: MappedText) -> Outcome {
        self.made(Value::text(text))
    }

    /// A text that was made of another one. What is written there comes out changed, or cut, or not at all.
    fn changed(&self, text: MappedText) -> Outcome {
        self.text(text.wrapped(Escape::Made))
    }

    /// A text that was computed as a whole.
    fn computed(&self, text: impl Into<String>) -> Outcome {
        self.made(Value::String(MappedText::computed(text, self.site)))
    }

    /// A list.
    fn list(&self, elements: Vec<Node>) -> Outcome {
        self.made(Value::Array(Arc::new(elements)))
    }

    fn too_large<T>(&self) -> Result<T, Stop> {
        Err(Stop::Limit(format!("`{}` makes a value that is too large", self.name)))
    }

    /// Stops when a text that is being put together is too long.
    fn check_length(&self, text: &MappedText) -> Result<(), Stop> {
        if text.as_str().len() > MAX_TEXT {
            return self.too_large();
        }
        Ok(())
    }

    /// Appends to a list that is being put together unless it is too long.
    fn push(&self, list: &mut Vec<Node>, element: &Node) -> Result<(), Stop> {
        if list.len() >= MAX_ELEMENTS {
            return self.too_large();
        }
        list.push(element.clone());
        Ok(())
    }

    fn failed<T>(&self, what: impl std::fmt::Display) -> Result<T, Stop> {
        Err(Stop::Failed(format!("`{}` {what}", self.name)))
    }

    /// The argument is of a type that the function does not take.
    fn mismatch<T>(&self, node: &Node, wanted: &str) -> Result<T, Stop> {
        match node.value {
            Value::Unknown(_) | Value::OneOf(_) => Err(Stop::Unknown),
            _ => self.failed(format_args!(
                "takes {wanted}, not a value of type {}",
                node.value.type_name()
            )),
        }
    }

    /// An argument that must be there.
    fn arg<'n>(&self, args: &'n [Node], index: usize) -> Result<&'n Node, Stop> {
        match args.get(index) {
            Some(node) => Ok(node),
            None => self.failed("has too few arguments"),
        }
    }

    /// A text, with holes where it is not known.
    fn text_arg(&self, args: &[Node], index: usize) -> Result<MappedText, Stop> {
        let node = self.arg(args, index)?;
        match node.as_text() {
            Some(text) => Ok(text),
            None => self.mismatch(node, "a text"),
        }
    }

    /// A text that is wholly known.
    fn str_arg<'n>(&self, args: &'n [Node], index: usize) -> Result<&'n str, Stop> {
        let node = self.arg(args, index)?;
        match (&node.value, node.as_str()) {
            (_, Some(text)) => Ok(text),
            (Value::String(_), None) => Err(Stop::Unknown),
            _ => self.mismatch(node, "a text"),
        }
    }

    /// A whole number.
    fn int_arg(&self, args: &[Node], index: usize) -> Result<i64, Stop> {
        let node = self.arg(args, index)?;
        match node.value {
            Value::Int(value) => Ok(value),
            _ => self.mismatch(node, "a whole number"),
        }
    }

    /// A list.
    fn list_arg<'n>(&self, args: &'n [Node], index: usize) -> Result<&'n Arc<Vec<Node>>, Stop> {
        let node = self.arg(args, index)?;
        match &node.value {
            Value::Array(elements) => Ok(elements),
            _ => self.mismatch(node, "a list"),
        }
    }
}

/// Why an argument, or something in it, is not known.
fn reason(node: &Node) -> Option<Arc<str>> {
    match &node.value {
        Value::Unknown(unknown) => Some(Arc::clone(&unknown.why)),
        Value::String(text) => {
            let hole = text.holes().first()?;
            Some(super::value::Unknown::of(Arc::clone(&hole.symbol)).why)
        }
        Value::OneOf(_) => Some("it has several possible values".into()),
        _ => None,
    }
}

/// The names of all functions.
#[cfg(test)]
pub(super) fn names() -> Vec<&'static str> {
    TABLES
        .iter()
        .flat_map(|table| table.iter())
        .map(|function| function.name)
        .collect()
}

#[cfg(test)]
mod tests;
