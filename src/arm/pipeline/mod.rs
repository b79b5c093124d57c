//! The expressions of Data Factory, Synapse and Logic Apps (`@concat(…)`, `@{…}`), which are evaluated when a
//! pipeline or a workflow runs.
//!
//! They look like those of templates and are another language: functions of one name differ in what they take
//! for equal, and most values are known at run time only. What the documents leave open is a hole that is named
//! by the expression as written, as is all that a run decides: parameters and variables have defaults, which
//! whoever starts the run may override.
//! Source: control-flow-expression-language-functions.md of the documentation of Data Factory.

mod functions;
mod lifetime;

use std::cell::RefCell;
use std::sync::Arc;

use self::lifetime::{Lifetime, lifetime};
use super::evaluate::{Budget, EvalError, joined, outcomes};
use super::functions::choices::combinations;
use super::value::{Node, Unknown, Value};
use crate::syntax::expression::{Expression, Kind, parse_run_time};
use crate::text::{FileSpan, MappedText, Span, Symbol};

/// How much of an expression names it.
const LONGEST_NAME: usize = 160;

/// A pipeline or workflow whose texts are evaluated.
#[derive(Debug)]
pub struct Run {
    /// What tells it from all others: values that stay the same while it runs are equal in it.
    scope: String,
    budget: Budget,
    limits: RefCell<Vec<EvalError>>,
}

impl Run {
    /// The pipeline or workflow that `scope` tells from all others. Those of one file share a budget.
    #[must_use]
    pub fn new(scope: String, budget: Budget) -> Self {
        Self {
            scope,
            budget,
            limits: RefCell::new(Vec::new()),
        }
    }

    /// The budget that is left, and the limits that were hit.
    #[must_use]
    pub fn finish(self) -> (Budget, Vec<EvalError>) {
        (self.budget, self.limits.into_inner())
    }

    /// The value of a string: a literal, `@` with an expression, or a text with `@{…}` in it. What is not
    /// known is a hole; when the budget is spent, all of it is.
    #[must_use]
    pub fn value(&self, text: &MappedText) -> Node {
        let Some(site) = text.whole_source() else {
            return Node::written(Value::text(text.clone()), FileSpan::default());
        };
        let reader = Reader { run: self, text, site };
        reader.string().unwrap_or_else(|error| {
            if self.budget.is_news(&error) {
                self.limits.borrow_mut().push(error);
            }
            reader.hole(Span::new(0, text.len()), Lifetime::Once)
        })
    }
}

/// A string that is being evaluated.
#[derive(Clone, Copy)]
struct Reader<'r> {
    run: &'r Run,
    text: &'r MappedText,
    /// Where the string stands.
    site: FileSpan,
}

impl Reader<'_> {
    fn string(self) -> Result<Node, EvalError> {
        let written = self.text.as_str();
        self.run.budget.take_bytes(written.len(), self.site)?;
        if written.starts_with("@@") {
            let rest = self.text.part(Span::new(1, self.text.len()));
            return Ok(Node::written(Value::text(rest), self.site));
        }
        if written.starts_with('@') && !written.starts_with("@{") {
            return self.expression(Span::new(1, self.text.len()));
        }
        self.interpolated()
    }

    /// A text with expressions in braces; `@@{` stands for `@{`.
    fn interpolated(self) -> Result<Node, EvalError> {
        let written = self.text.as_str();
        if !written.contains("@{") {
            return Ok(Node::written(Value::text(self.text.clone()), self.site));
        }
        let mut pieces = Vec::new();
        let mut plain = 0;
        let mut at = 0;
        let literal = |pieces: &mut Vec<Node>, from: usize, to: usize| {
            if to > from {
                let text = self.text.part(Span::of(from, to));
                pieces.push(Node::written(Value::text(text), self.site));
            }
        };
        while let Some(found) = written.get(at..).and_then(|rest| rest.find("@{")) {
            let open = at + found;
            if open > plain && written.as_bytes().get(open - 1) == Some(&b'@') {
                literal(&mut pieces, plain, open - 1);
                plain = open;
                at = open + 2;
                continue;
            }
            let Some(length) = written.get(open..).and_then(closing_brace) else {
                break;
            };
            literal(&mut pieces, plain, open);
            let span = Span::of(open + 2, open + length - 1);
            let value = self.expression(span)?;
            pieces.push(self.in_text(value, span));
            plain = open + length;
            at = plain;
        }
        literal(&mut pieces, plain, written.len());
        let unknown = || self.hole(Span::of(0, written.len()), Lifetime::Once);
        self.combined(&pieces, self.site, functions::CONCAT, &unknown)
    }

    /// The value of `@{…}`, which is always a text.
    fn in_text(self, value: Node, span: Span) -> Node {
        each(&value, &|node| match &node.value {
            Value::String(_) | Value::Unknown(_) => node,
            Value::Int(number) => {
                let text = MappedText::computed(number.to_string(), node.site);
                Node::written(Value::String(text), node.site)
            }
            _ => self.hole(span, Lifetime::Once),
        })
    }

    /// An argument of `concat()`: what becomes of other values than texts in it is not documented.
    fn in_concat(self, value: &Node, expression: &Expression) -> Node {
        each(value, &|node| match &node.value {
            Value::String(_) | Value::Unknown(_) => node,
            _ => self.hole(expression.span, lifetime(expression)),
        })
    }

    /// The value of the expression that stands on `span`.
    fn expression(self, span: Span) -> Result<Node, EvalError> {
        let parsed = parse_run_time(self.text, span);
        if let Some(error) = parsed.errors.iter().find(|error| error.limit) {
            let at = self.text.source(error.span).unwrap_or(self.site);
            return Err(EvalError::limit(at, error.message.clone()));
        }
        if parsed.errors.is_empty() {
            return self.node(&parsed.tree);
        }
        Ok(self.hole(span, Lifetime::Once))
    }

    fn node(self, expression: &Expression) -> Result<Node, EvalError> {
        let site = self.place(expression.span);
        self.run.budget.enter(site)?;
        let made = self.inner(expression, site);
        self.run.budget.leave();
        if let Ok(node) = &made
            && let Value::String(text) = &node.value
        {
            self.run.budget.take_bytes(text.as_str().len(), site)?;
        }
        made
    }

    fn inner(self, expression: &Expression, site: FileSpan) -> Result<Node, EvalError> {
        let unknown = || self.hole(expression.span, lifetime(expression));
        match &expression.kind {
            Kind::String(text) => Ok(Node::written(Value::text(text.clone()), site)),
            Kind::Integer(number) => Ok(Node::written(Value::Int(*number), site)),
            Kind::Call(call) if call.namespace.is_none() => {
                if let ("if", [test, yes, no]) = (call.name.to_ascii_lowercase().as_str(), call.args.as_slice()) {
                    return Ok(self.choice([test, yes, no], site)?.unwrap_or_else(unknown));
                }
                let Some(function) = functions::named(&call.name) else {
                    return Ok(unknown());
                };
                let args = call.args.iter().map(|arg| self.node(arg));
                let mut args = args.collect::<Result<Vec<_>, _>>()?;
                if call.name.eq_ignore_ascii_case("concat") {
                    let pieces = args.iter().zip(&call.args);
                    args = pieces.map(|(arg, written)| self.in_concat(arg, written)).collect();
                }
                self.combined(&args, site, function, &unknown)
            }
            Kind::Index { base, index, .. } => {
                let (base, index) = (self.node(base)?, self.node(index)?);
                let position = match index.value {
                    Value::Int(position) => usize::try_from(position).ok(),
                    _ => None,
                };
                let element = position.and_then(|position| base.elements().get(position));
                Ok(element.cloned().unwrap_or_else(unknown))
            }
            _ => Ok(unknown()),
        }
    }

    /// `if(…)`: both results under their conditions when the test is not known.
    fn choice(self, [test, yes, no]: [&Expression; 3], site: FileSpan) -> Result<Option<Node>, EvalError> {
        let (is_true, is_false) = outcomes(&self.node(test)?);
        let (yes, no) = (self.node(yes)?, self.node(no)?);
        let first = is_true.into_iter().map(|when| (when, yes.clone()));
        let made: Vec<_> = first
            .chain(is_false.into_iter().map(|when| (when, no.clone())))
            .collect();
        Ok((!made.is_empty()).then(|| Node::one_of(made, site)))
    }

    /// What a function makes of all alternatives of its arguments that go together.
    fn combined(
        self,
        args: &[Node],
        site: FileSpan,
        function: functions::Function,
        unknown: &dyn Fn() -> Node,
    ) -> Result<Node, EvalError> {
        if !args.iter().any(|arg| matches!(arg.value, Value::OneOf(_))) {
            return Ok(function.call(args, site)?.unwrap_or_else(unknown));
        }
        // Each combination copies the arguments, and so does each step on the way to it.
        let count = u64::try_from(args.len()).unwrap_or(u64::MAX);
        self.run.budget.take_steps(count.saturating_mul(count) / 2, site)?;
        let Some(combinations) = combinations(args) else {
            return Ok(unknown());
        };
        let mut made = Vec::with_capacity(combinations.len());
        for (when, args) in combinations {
            let one = function.call(&args, site)?.unwrap_or_else(unknown);
            let size = one.as_text().map_or(0, |text| text.as_str().len());
            self.run.budget.take_bytes(size, site)?;
            made.push((when, Ok(one)));
        }
        joined(made, site)
    }

    fn place(self, span: Span) -> FileSpan {
        self.text.source(span).unwrap_or(self.site)
    }

    /// What stands for the expression on `span`.
    fn hole(self, span: Span, lifetime: Lifetime) -> Node {
        let place = self.place(span);
        let part = self.text.part(span);
        let mut name = part.display().split_whitespace().collect::<Vec<_>>().join(" ");
        let mut lifetime = lifetime;
        if !part.is_known() || name.len() > LONGEST_NAME {
            // Its name does not tell it from others.
            lifetime = Lifetime::Once;
        }
        if name.len() > LONGEST_NAME {
            let end = (0..=LONGEST_NAME).rev().find(|end| name.is_char_boundary(*end));
            name.truncate(end.unwrap_or(0));
            name.push('…');
        }
        let scope = match lifetime {
            Lifetime::Run => self.run.scope.clone(),
            Lifetime::Text => format!("{} {}:{}", self.run.scope, self.site.file.0, self.site.span.start),
            Lifetime::Once => format!(
                "{} {}:{}-{}",
                self.run.scope, place.file.0, place.span.start, span.start
            ),
        };
        let symbol = Symbol::Interpolation { scope, text: name };
        Node::written(Value::Unknown(Unknown::of(Arc::new(symbol))), place)
    }
}

/// A value with each of its alternatives put through `of`.
fn each(node: &Node, of: &dyn Fn(Node) -> Node) -> Node {
    let alternatives = node.alternatives().into_iter();
    Node::one_of(alternatives.map(|(when, node)| (when, of(node))).collect(), node.site)
}

/// Length of `@{…}` at the start of a text, braces in strings left aside.
fn closing_brace(text: &str) -> Option<usize> {
    let (mut open, mut quoted) = (0usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\'' => quoted = !quoted,
            b'{' if !quoted => open += 1,
            b'}' if !quoted => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
