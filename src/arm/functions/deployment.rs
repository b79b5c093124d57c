//! Functions that tell of the template and of the deployment.

use super::{Call, Function, Outcome, Stop, lazy, plain};
use crate::arm::evaluate::{Context, DeploymentScope, EvalError, placed_symbol, with_alternatives};
use crate::arm::value::{Member, Node, Object, Value};
use crate::syntax::expression::Expression;
use crate::text::{FileSpan, MappedText, Symbol};

pub(super) static FUNCTIONS: &[Function] = &[
    lazy("parameters", 1, 1, parameters),
    lazy("variables", 1, 1, variables),
    plain("copyIndex", 0, 2, copy_index),
    plain("resourceGroup", 0, 0, at_deployment),
    plain("subscription", 0, 0, at_deployment),
    plain("managementGroup", 0, 0, at_deployment),
    plain("tenant", 0, 0, at_deployment),
    plain("deployment", 0, 0, at_deployment),
    plain("deployer", 0, 0, at_deployment),
    plain("environment", 0, 0, environment),
    plain("newGuid", 0, 0, in_defaults_only),
    plain("utcNow", 0, 1, in_defaults_only),
];

fn parameters(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node, EvalError> {
    named(context, call, args, &|name| context.scope.parameter(name, call.site))
}

fn variables(context: Context<'_>, call: &Call<'_>, args: &[Expression]) -> Result<Node, EvalError> {
    named(context, call, args, &|name| context.scope.variable(name, call.site))
}

/// What `find` gives for the name that is the only argument.
fn named(
    context: Context<'_>,
    call: &Call<'_>,
    args: &[Expression],
    find: &dyn Fn(&str) -> Result<Node, EvalError>,
) -> Result<Node, EvalError> {
    let args = context.nodes(args)?;
    let Some(name) = args.first() else {
        return call.unknown(&args);
    };
    with_alternatives(name, call.site, &mut |name| match (&name.value, name.as_str()) {
        (_, Some(name)) => find(name).map(|node| node.used_at(call.site)),
        (Value::String(_) | Value::Unknown(_), None) => call.unknown(std::slice::from_ref(name)),
        _ => call.finish(call.mismatch(name, "a text"), &args),
    })
}

fn copy_index(call: &Call<'_>, args: &[Node]) -> Outcome {
    let (name, offset) = match args.first().map(|arg| &arg.value) {
        None => (None, 0),
        Some(Value::Int(offset)) => (None, *offset),
        Some(_) => {
            let offset = if args.len() > 1 { call.int_arg(args, 1)? } else { 0 };
            (Some(call.str_arg(args, 0)?), offset)
        }
    };
    let Some(position) = call.scope.copy_index(name) else {
        return match name {
            Some(name) => call.failed(format_args!("stands outside of a copy loop `{name}`")),
            None => call.failed("stands outside of a copy loop"),
        };
    };
    match position.index {
        Ok(index) => match index.checked_add(offset) {
            Some(index) => call.made(Value::Int(index)),
            None => call.failed("is too large"),
        },
        Err(symbol) if offset == 0 => call.text(MappedText::hole(symbol, call.site)),
        Err(symbol) => {
            let text = format!("add({symbol}, {offset})");
            call.made(Value::unknown(
                Symbol::Expression(text),
                "the position in the copy loop is not known",
            ))
        }
    }
}

fn at_deployment(_call: &Call<'_>, _args: &[Node]) -> Outcome {
    Err(Stop::Unknown)
}

/// What is known of a property of the deployment whose canonical text is `text`.
pub(in crate::arm) fn fact(text: &str, scope: &DeploymentScope, site: FileSpan) -> Option<Node> {
    let text = match text.to_ascii_lowercase().as_str() {
        "subscription().subscriptionid" => scope.subscription.clone(),
        "subscription().id" => Some(subscription_id(scope, site)),
        "tenant().tenantid" => scope.tenant.clone(),
        "subscription().tenantid" => Some(known_or_hole(scope.tenant.as_ref(), "tenant().tenantId", site)),
        "resourcegroup().name" => scope.resource_group.clone(),
        "resourcegroup().id" => Some(group_id(scope, site)),
        "resourcegroup().type" => Some(MappedText::computed("Microsoft.Resources/resourceGroups", site)),
        "resourcegroup().location" | "deployment().location" => scope.location.clone(),
        "managementgroup().name" => scope.management_group.clone(),
        _ => None,
    }?;
    Some(Node::written(Value::text(text), site))
}

/// A known text, or a hole that stands for `expression`.
pub(super) fn known_or_hole(value: Option<&MappedText>, expression: &str, site: FileSpan) -> MappedText {
    match value {
        Some(value) => value.clone(),
        None => MappedText::hole(Symbol::Expression(expression.to_owned()).into(), site),
    }
}

/// The id of the subscription that is deployed to.
pub(super) fn subscription_id(scope: &DeploymentScope, site: FileSpan) -> MappedText {
    let mut id = MappedText::computed("/subscriptions/", site);
    id.push(&known_or_hole(
        scope.subscription.as_ref(),
        "subscription().subscriptionId",
        site,
    ));
    id
}

/// The id of the resource group that is deployed to.
pub(super) fn group_id(scope: &DeploymentScope, site: FileSpan) -> MappedText {
    let mut id = subscription_id(scope, site);
    id.push(&MappedText::computed("/resourceGroups/", site));
    id.push(&known_or_hole(
        scope.resource_group.as_ref(),
        "resourceGroup().name",
        site,
    ));
    id
}

/// `newGuid()` and `utcNow()`: another value at every place.
fn in_defaults_only(call: &Call<'_>, args: &[Node]) -> Outcome {
    if !args.is_empty() {
        call.text_arg(args, 0)?;
    }
    if !call.scope.in_parameter_default() {
        return call.failed("may be used in the default value of a parameter only");
    }
    let symbol = placed_symbol(&format!("{}()", call.name), call.site);
    call.made(Value::unknown(
        symbol,
        format!("`{}()` is known at deployment only", call.name),
    ))
}

/// The endpoints of the public cloud.
const PUBLIC_CLOUD: &[(&str, &str)] = &[
    ("name", "AzureCloud"),
    ("gallery", "https://gallery.azure.com/"),
    ("graph", "https://graph.windows.net/"),
    ("portal", "https://portal.azure.com"),
    ("graphAudience", "https://graph.windows.net/"),
    ("activeDirectoryDataLake", "https://datalake.azure.net/"),
    ("batch", "https://batch.core.windows.net/"),
    ("media", "https://rest.media.azure.net"),
    ("sqlManagement", "https://management.core.windows.net:8443/"),
    ("resourceManager", "https://management.azure.com/"),
];

const SUFFIXES: &[(&str, &str)] = &[
    ("acrLoginServer", ".azurecr.io"),
    ("azureDatalakeAnalyticsCatalogAndJob", "azuredatalakeanalytics.net"),
    ("azureDatalakeStoreFileSystem", "azuredatalakestore.net"),
    ("azureFrontDoorEndpointSuffix", "azurefd.net"),
    ("keyvaultDns", ".vault.azure.net"),
    ("sqlServerHostname", ".database.windows.net"),
    ("storage", "core.windows.net"),
];

/// The public cloud; that of a deployment elsewhere is not known to a template.
fn environment(call: &Call<'_>, _args: &[Node]) -> Outcome {
    let text = |value: &str| Node::written(Value::String(MappedText::computed(value, call.site)), call.site);
    let member = |name: &str, node: Node| Member {
        name: MappedText::computed(name, call.site),
        node,
    };
    let object = |members: Vec<Member>| Node::written(Value::Object(Object::new(members).into()), call.site);
    let texts = |table: &[(&str, &str)]| -> Vec<Member> {
        table.iter().map(|(name, value)| member(name, text(value))).collect()
    };
    let audiences = vec![
        text("https://management.core.windows.net/"),
        text("https://management.azure.com/"),
    ];
    let authentication = vec![
        member("loginEndpoint", text("https://login.microsoftonline.com/")),
        member("audiences", Node::written(Value::Array(audiences.into()), call.site)),
        member("tenant", text("common")),
        member("identityProvider", text("AAD")),
    ];
    let mut members = texts(PUBLIC_CLOUD);
    members.push(member("authentication", object(authentication)));
    members.push(member("suffixes", object(texts(SUFFIXES))));
    Ok(object(members))
}
