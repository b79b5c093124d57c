//! Functions that take lambdas.

use std::sync::Arc;

use super::compare::{Same, same};
use super::{Call, Function, lazy};
use crate::arm::evaluate::{Context, EvalError, Local, argument_text, outcomes, placed_symbol, with_alternatives};
use crate::arm::value::{Condition, MAX_ALTERNATIVES, Member, Node, Object, Value};
use crate::syntax::expression::{Expression, Kind};

pub(super) static FUNCTIONS: &[Function] = &[
    lazy("lambda", 0, usize::MAX, misplaced),
    lazy("lambdaVariables", 1, 1, variable),
    lazy("map", 2, 2, |context, call, args| over_list(context, call, args, map)),
    lazy("filter", 2, 2, |context, call, args| {
        over_list(context, call, args, filter)
    }),
    lazy("sort", 2, 2, |context, call, args| over_list(context, call, args, sort)),
    lazy("reduce", 3, 3, |context, call, args| {
        over_list(context, call, args, reduce)
    }),
    lazy("toObject", 2, 3, |context, call, args| {
        over_list(context, call, args, to_object)
    }),
    lazy("groupBy", 2, 3, |context, call, args| {
        over_list(context, call, args, group_by)
    }),
    lazy("mapValues", 2, 2, map_values),
];

type Result<T> = std::result::Result<T, EvalError>;

/// What a function makes of the elements of its first argument and of its other arguments.
type OverList = fn(Context<'_>, &Call<'_>, &[Node], &[Expression]) -> Result<Option<Node>>;

/// A lambda's variables and body.
struct Lambda<'e> {
    names: Vec<&'e str>,
    body: &'e Expression,
}

impl<'e> Lambda<'e> {
    /// The lambda that an argument must be.
    fn of(call: &Call<'_>, arg: Option<&'e Expression>) -> Result<Self> {
        let wrong = || EvalError::failed(call.site, format!("`{}` needs a lambda", call.name));
        let Some(Kind::Call(lambda)) = arg.map(|arg| &arg.kind) else {
            return Err(wrong());
        };
        let Some((body, names)) = lambda.args.split_last() else {
            return Err(wrong());
        };
        if !lambda.name.eq_ignore_ascii_case("lambda") || lambda.namespace.is_some() {
            return Err(wrong());
        }
        let names = names
            .iter()
            .map(|name| match &name.kind {
                Kind::String(text) => Ok(text.as_str()),
                _ => Err(wrong()),
            })
            .collect::<Result<_>>()?;
        Ok(Self { names, body })
    }

    /// The lambda's value when its variables have these values.
    fn apply(&self, context: Context<'_>, call: &Call<'_>, values: &[&Node]) -> Result<Node> {
        if self.names.len() > values.len() {
            let message = format!("a lambda of `{}` has at most {} variables", call.name, values.len());
            return Err(EvalError::failed(call.site, message));
        }
        let bound: Vec<_> = self.names.iter().copied().zip(values.iter().copied()).collect();
        bind(context, &bound, self.body)
    }
}

fn bind(context: Context<'_>, bound: &[(&str, &Node)], body: &Expression) -> Result<Node> {
    match bound.split_first() {
        None => context.node(body),
        Some(((name, value), rest)) => {
            let local = Local {
                name,
                value,
                outer: context.locals,
            };
            let inner = Context {
                source: context.source,
                scope: context.scope,
                locals: Some(&local),
            };
            bind(inner, rest, body)
        }
    }
}

fn misplaced(_context: Context<'_>, call: &Call<'_>, _args: &[Expression]) -> Result<Node> {
    Err(EvalError::failed(
        call.site,
        "a lambda may only be an argument of a function that takes one",
    ))
}

fn variable(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node> {
    let args = context.nodes(args)?;
    let Some(name) = args.first().and_then(Node::as_str) else {
        return call.unknown(&args);
    };
    let mut local = context.locals;
    while let Some(here) = local {
        if here.name.eq_ignore_ascii_case(name) {
            return Ok(here.value.clone().used_at(call.site));
        }
        local = here.outer;
    }
    Err(EvalError::failed(
        call.site,
        format!("no lambda around it has a variable `{name}`"),
    ))
}

/// Applies a function to each alternative of its first argument, which must be a list.
fn over_list(context: Context<'_>, call: &Call<'_>, args: &[Expression], of: OverList) -> Result<Node> {
    let Some((list, rest)) = args.split_first() else {
        return call.unknown(&[]);
    };
    let list = context.node(list)?;
    with_alternatives(&list, call.site, &mut |list| {
        let result = match &list.value {
            Value::Array(elements) => of(context, call, elements, rest)?,
            Value::Unknown(_) => None,
            _ => return call.finish(call.mismatch(list, "a list"), &[]),
        };
        result.map_or_else(
            || Ok(undecided(call, list)),
            |node| call.finish(Ok(node), std::slice::from_ref(list)),
        )
    })
}

/// A result that depends on something unknown: a value of its own, for lambdas are not compared.
fn undecided(call: &Call<'_>, over: &Node) -> Node {
    let over = argument_text(over)
        .filter(|text| text.len() < 256)
        .unwrap_or_else(|| "…".to_owned());
    let text = format!("{}({over}, …)⟨{}⟩", call.name, call.scope.budget().steps());
    let why = format!("the result of `{}()` depends on values that are not known", call.name);
    Node::written(Value::unknown(placed_symbol(&text, call.site), why), call.site)
}

fn list(call: &Call<'_>, elements: Vec<Node>) -> Node {
    Node::written(Value::Array(Arc::new(elements)), call.site)
}

fn position(call: &Call<'_>, index: usize) -> Node {
    Node::written(Value::Int(i64::try_from(index).unwrap_or(i64::MAX)), call.site)
}

fn map(context: Context<'_>, call: &Call<'_>, elements: &[Node], args: &[Expression]) -> Result<Option<Node>> {
    let lambda = Lambda::of(call, args.first())?;
    let mut made = Vec::with_capacity(elements.len());
    for (index, element) in elements.iter().enumerate() {
        made.push(lambda.apply(context, call, &[element, &position(call, index)])?);
    }
    Ok(Some(list(call, made)))
}

fn filter(context: Context<'_>, call: &Call<'_>, elements: &[Node], args: &[Expression]) -> Result<Option<Node>> {
    let lambda = Lambda::of(call, args.first())?;
    // What is kept, for each way in which the tests may come out.
    let mut made = vec![(Condition::default(), Vec::new())];
    for (index, element) in elements.iter().enumerate() {
        let keep = lambda.apply(context, call, &[element, &position(call, index)])?;
        let open = match truth_of(call, &keep)? {
            Some(true) => {
                made.iter_mut().for_each(|(_, kept)| kept.push(element.clone()));
                continue;
            }
            Some(false) => continue,
            None => outcomes(&keep),
        };
        let (yes, no) = open;
        let mut next = Vec::new();
        for (when, kept) in &made {
            let mut longer = kept.clone();
            longer.push(element.clone());
            next.extend(yes.iter().filter_map(|also| Some((when.and(also)?, longer.clone()))));
            next.extend(no.iter().filter_map(|also| Some((when.and(also)?, kept.clone()))));
            call.scope.budget().charge(1, 0);
        }
        if next.is_empty() || next.len() > MAX_ALTERNATIVES {
            return Ok(None);
        }
        made = next;
    }
    let made = made.into_iter().map(|(when, kept)| (when, list(call, kept)));
    Ok(Some(Node::one_of(made.collect(), call.site)))
}

/// The outcome of a lambda that is a test.
fn truth_of(call: &Call<'_>, node: &Node) -> Result<Option<bool>> {
    match node.value {
        Value::Bool(value) => Ok(Some(value)),
        Value::Unknown(_) | Value::OneOf(_) => Ok(None),
        _ => {
            let message = format!("the lambda of `{}` must give a truth value", call.name);
            Err(EvalError::failed(call.site, message))
        }
    }
}

/// Sorts by insertion, and looks whether the lambda told all of them apart: what it gives need not be an order.
fn sort(context: Context<'_>, call: &Call<'_>, elements: &[Node], args: &[Expression]) -> Result<Option<Node>> {
    let lambda = Lambda::of(call, args.first())?;
    let mut sorted: Vec<&Node> = Vec::with_capacity(elements.len());
    for element in elements {
        let (mut low, mut high) = (0, sorted.len());
        while low < high {
            let middle = low.midpoint(high);
            let Some(other) = sorted.get(middle) else { break };
            let before = lambda.apply(context, call, &[element, *other])?;
            match truth_of(call, &before)? {
                Some(true) => high = middle,
                Some(false) => low = middle + 1,
                None => return Ok(None),
            }
        }
        sorted.insert(low, element);
    }
    for pair in sorted.windows(2) {
        let [before, after] = pair else { continue };
        let ahead = lambda.apply(context, call, &[*before, *after])?;
        let behind = lambda.apply(context, call, &[*after, *before])?;
        // In which order the service leaves those that the lambda does not tell apart is not documented.
        let told = (truth_of(call, &ahead)?, truth_of(call, &behind)?) == (Some(true), Some(false));
        if !told && same(call, before, after) != Same::Yes {
            return Ok(None);
        }
    }
    Ok(Some(list(call, sorted.into_iter().cloned().collect())))
}

fn reduce(context: Context<'_>, call: &Call<'_>, elements: &[Node], args: &[Expression]) -> Result<Option<Node>> {
    let [start, lambda] = args else {
        return Ok(None);
    };
    let lambda = Lambda::of(call, Some(lambda))?;
    let mut current = context.node(start)?;
    for (index, element) in elements.iter().enumerate() {
        current = lambda.apply(context, call, &[&current, element, &position(call, index)])?;
    }
    Ok(Some(current))
}

fn to_object(context: Context<'_>, call: &Call<'_>, elements: &[Node], args: &[Expression]) -> Result<Option<Node>> {
    let key = Lambda::of(call, args.first())?;
    let value = args.get(1).map(|arg| Lambda::of(call, Some(arg))).transpose()?;
    let mut made = Object::default();
    for element in elements {
        let name = key.apply(context, call, &[element])?;
        let node = match &value {
            Some(value) => value.apply(context, call, &[element])?,
            None => element.clone(),
        };
        match (name.as_text(), &name.value) {
            // What becomes of two elements of one key is not documented.
            (Some(name), _) if made.get(&name.canonical()).is_some() => return Ok(None),
            (Some(name), _) => made.insert(Member { name, node }),
            (None, Value::OneOf(_)) => return Ok(None),
            _ => return call.finish(call.mismatch(&name, "texts as keys"), &[]).map(Some),
        }
    }
    Ok(Some(Node::written(Value::Object(Arc::new(made)), call.site)))
}

fn group_by(context: Context<'_>, call: &Call<'_>, elements: &[Node], args: &[Expression]) -> Result<Option<Node>> {
    let key = Lambda::of(call, args.first())?;
    let value = args.get(1).map(|arg| Lambda::of(call, Some(arg))).transpose()?;
    let mut groups: Vec<(Node, Vec<Node>)> = Vec::new();
    for element in elements {
        let name = key.apply(context, call, &[element])?;
        let Some(text) = name.as_str() else {
            return match name.value {
                Value::Unknown(_) | Value::OneOf(_) | Value::String(_) => Ok(None),
                _ => call.finish(call.mismatch(&name, "texts as keys"), &[]).map(Some),
            };
        };
        let node = match &value {
            Some(value) => value.apply(context, call, &[element])?,
            None => element.clone(),
        };
        let count = u64::try_from(groups.len()).unwrap_or(u64::MAX);
        call.scope.budget().charge(count, 0);
        let known = groups
            .iter_mut()
            .find(|(known, _)| known.as_str().is_some_and(|known| known.eq_ignore_ascii_case(text)));
        match known {
            // Whether keys that differ in letter case make one group is not documented.
            Some((known, _)) if known.as_str() != Some(text) => return Ok(None),
            Some((_, group)) => group.push(node),
            None => groups.push((name, vec![node])),
        }
    }
    let members = groups
        .into_iter()
        .map(|(name, group)| Member {
            name: name.as_text().unwrap_or_default(),
            node: list(call, group),
        })
        .collect();
    Ok(Some(Node::written(
        Value::Object(Arc::new(Object::new(members))),
        call.site,
    )))
}

fn map_values(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node> {
    let Some((object, rest)) = args.split_first() else {
        return call.unknown(&[]);
    };
    let object = context.node(object)?;
    let lambda = Lambda::of(call, rest.first())?;
    with_alternatives(&object, call.site, &mut |node| {
        let members = match &node.value {
            Value::Object(object) if !object.has_variants() => object.members(),
            Value::Object(_) | Value::Unknown(_) => return Ok(undecided(call, node)),
            _ => return call.finish(call.mismatch(node, "an object"), &[]),
        };
        let made = members
            .iter()
            .map(|member| {
                Ok(Member {
                    name: member.name.clone(),
                    node: lambda.apply(context, call, &[&member.node])?,
                })
            })
            .collect::<Result<_>>()?;
        let result = Node::written(Value::Object(Arc::new(Object::new(made))), call.site);
        call.finish(Ok(result), std::slice::from_ref(node))
    })
}
