//! Resource ids and references.

use super::deployment::{group_id, known_or_hole, subscription_id};
use super::{Call, Function, MANY, Outcome, Stop, plain};
use crate::arm::evaluate::{Level, list_symbol, reference_symbol};
use crate::arm::value::{Node, Value};
use crate::text::MappedText;

pub(super) static FUNCTIONS: &[Function] = &[
    plain("resourceId", 2, MANY, resource_id),
    plain("subscriptionResourceId", 2, MANY, subscription_resource_id),
    plain("tenantResourceId", 2, MANY, tenant_resource_id),
    plain("managementGroupResourceId", 2, MANY, management_group_resource_id),
    plain("extensionResourceId", 3, MANY, extension_resource_id),
    plain("reference", 1, 3, reference),
    plain("references", 1, 2, references),
];

/// The arguments before the type of the resource, the type, and the names after it.
struct Parts<'n> {
    before: &'n [Node],
    kind: &'n str,
    names: &'n [Node],
}

/// Finds the type among the first arguments: the first one with a slash in it.
fn parts<'n>(call: &Call<'_>, args: &'n [Node], most: usize) -> Result<Parts<'n>, Stop> {
    for (index, arg) in args.iter().enumerate().take(most + 1) {
        let Some(text) = arg.as_str() else {
            match arg.value {
                Value::String(_) | Value::Unknown(_) => continue,
                _ => return call.mismatch(arg, "texts"),
            }
        };
        if text.contains('/') {
            let (before, rest) = args.split_at(index);
            return Ok(Parts {
                before,
                kind: text,
                names: rest.get(1..).unwrap_or_default(),
            });
        }
    }
    if args.iter().take(most + 1).any(|arg| arg.as_str().is_none()) {
        return Err(Stop::Unknown);
    }
    call.failed("has no argument that is the type of a resource, as `Provider/type`")
}

/// Appends `/providers/Provider/type/name/…`.
fn push_resource(call: &Call<'_>, id: &mut MappedText, kind: &Node, parts: &Parts<'_>) -> Result<(), Stop> {
    let text = kind.as_text().unwrap_or_default();
    let segments: Vec<&str> = parts.kind.split('/').collect();
    let names = parts.names.len();
    // Templates that are in use end types in a slash; what the service makes of it is not documented.
    if segments.iter().any(|segment| segment.is_empty()) {
        return Err(Stop::Unknown);
    }
    if segments.len() != names + 1 {
        let message = format!(
            "needs one name for each segment of the type `{}` after the provider: {}, not {names}",
            parts.kind,
            segments.len().saturating_sub(1)
        );
        return call.failed(message);
    }
    let computed = |piece: &str| MappedText::computed(piece, call.site);
    id.push(&computed("/providers"));
    let mut start = 0;
    for (index, segment) in segments.iter().enumerate() {
        let span = crate::text::Span::of(start, start + segment.len());
        id.push(&computed("/"));
        id.push_part(&text, span);
        start += segment.len() + 1;
        if let Some(position) = index.checked_sub(1) {
            id.push(&computed("/"));
            id.push(&call.text_arg(parts.names, position)?);
            call.check_length(id)?;
        }
    }
    Ok(())
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn subscription_of(call: &Call<'_>, subscription: &MappedText) -> MappedText {
    let mut id = MappedText::computed("/subscriptions/", call.site);
    id.push(subscription);
    id
}

/// Puts an id together whose type is the argument after those that were taken `before` it.
fn made(call: &Call<'_>, args: &[Node], parts: &Parts<'_>, mut id: MappedText) -> Outcome {
    let kind = call.arg(args, parts.before.len())?;
    push_resource(call, &mut id, kind, parts)?;
    call.text(id)
}

fn resource_id(call: &Call<'_>, args: &[Node]) -> Outcome {
    let parts = parts(call, args, 2)?;
    let scope = call.scope.deployment();
    let in_group = |mut id: MappedText, group: &MappedText| {
        id.push(&MappedText::computed("/resourceGroups/", call.site));
        id.push(group);
        id
    };
    let id = match parts.before {
        [] => match scope.level {
            Level::ResourceGroup => group_id(scope, call.site),
            Level::Subscription => subscription_id(scope, call.site),
            Level::ManagementGroup | Level::Tenant => MappedText::default(),
        },
        [one] if one.as_str().is_some_and(is_guid) => {
            let id = subscription_of(call, &call.text_arg(args, 0)?);
            match scope.level {
                Level::ResourceGroup => {
                    let group = known_or_hole(scope.resource_group.as_ref(), "resourceGroup().name", call.site);
                    in_group(id, &group)
                }
                _ => id,
            }
        }
        [_] => in_group(subscription_id(scope, call.site), &call.text_arg(args, 0)?),
        _ => in_group(
            subscription_of(call, &call.text_arg(args, 0)?),
            &call.text_arg(args, 1)?,
        ),
    };
    made(call, args, &parts, id)
}

fn subscription_resource_id(call: &Call<'_>, args: &[Node]) -> Outcome {
    let parts = parts(call, args, 1)?;
    let id = match parts.before {
        [] => subscription_id(call.scope.deployment(), call.site),
        _ => subscription_of(call, &call.text_arg(args, 0)?),
    };
    made(call, args, &parts, id)
}

fn tenant_resource_id(call: &Call<'_>, args: &[Node]) -> Outcome {
    let parts = parts(call, args, 0)?;
    made(call, args, &parts, MappedText::default())
}

fn management_group_resource_id(call: &Call<'_>, args: &[Node]) -> Outcome {
    let parts = parts(call, args, 1)?;
    let mut id = MappedText::computed("/providers/Microsoft.Management/managementGroups/", call.site);
    match parts.before {
        [] => id.push(&known_or_hole(
            call.scope.deployment().management_group.as_ref(),
            "managementGroup().name",
            call.site,
        )),
        _ => id.push(&call.text_arg(args, 0)?),
    }
    made(call, args, &parts, id)
}

fn extension_resource_id(call: &Call<'_>, args: &[Node]) -> Outcome {
    let base = call.text_arg(args, 0)?;
    let rest = args.get(1..).unwrap_or_default();
    let parts = parts(call, rest, 0)?;
    made(call, rest, &parts, base)
}

/// What is known of a resource after its deployment: nothing but its name, unless the templates tell.
fn reference(call: &Call<'_>, args: &[Node]) -> Outcome {
    let resource = resource_of(call, args)?;
    if args.len() > 1 {
        call.text_arg(args, 1)?;
    }
    let full = is_full(call, args, 2)?;
    Ok(referred(call, &resource, full))
}

/// `references('loop'[, 'full'])`: what is known of each resource of a loop.
fn references(call: &Call<'_>, args: &[Node]) -> Outcome {
    let name = call.str_arg(args, 0)?;
    let full = is_full(call, args, 1)?;
    match call.scope.resource_ids_of_loop(name) {
        Some(ids) => call.list(ids.iter().map(|id| referred(call, id, full)).collect()),
        None => Err(Stop::Unknown),
    }
}

/// Whether an argument that may be left out asks for the whole resource.
fn is_full(call: &Call<'_>, args: &[Node], index: usize) -> Result<bool, Stop> {
    match args.get(index) {
        None => Ok(false),
        Some(_) => Ok(call.str_arg(args, index)?.eq_ignore_ascii_case("full")),
    }
}

/// The id of the resource that the first argument is, or names by its symbolic name.
fn resource_of(call: &Call<'_>, args: &[Node]) -> Result<MappedText, Stop> {
    let id = call.text_arg(args, 0)?;
    let named = id
        .known()
        .filter(|name| !name.contains('/'))
        .and_then(|name| call.scope.resource_id_of_symbolic_name(name));
    Ok(named.unwrap_or(id))
}

fn referred(call: &Call<'_>, resource: &MappedText, full: bool) -> Node {
    let resource = resource.canonical();
    if let Some(node) = call.scope.resolve_reference(&resource, full, &[]) {
        return node.used_at(call.site);
    }
    let symbol = reference_symbol(resource, full);
    let why = "the properties of a resource are known after its deployment only";
    Node::written(Value::unknown(symbol, why), call.site)
}

/// Whether a function is one that asks a resource for something: `listKeys`, `listSecrets`, `list`.
pub(super) fn is_list(name: &str) -> bool {
    name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("list"))
}

/// `listKeys(resource, version[, values])` and its kin: not known, but it is known of which resource.
pub(super) fn list(call: &Call<'_>, args: &[Node]) -> Outcome {
    if args.len() > 3 {
        return call.failed(format_args!("takes from 1 to 3 arguments, not {}", args.len()));
    }
    let resource = resource_of(call, args)?;
    let rest = args.get(1..).unwrap_or_default();
    let symbol = list_symbol(call.name, resource.canonical(), rest, call.scope.budget()).ok_or(Stop::Unknown)?;
    let why = format!("`{}()` is known at deployment only", call.name);
    call.made(Value::unknown(symbol, why))
}
