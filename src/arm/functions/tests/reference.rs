//! The list of functions, held to the reference of the template language.

use std::collections::BTreeSet;

use super::super::{names, resource};

/// The functions of the reference ("ARM template functions", Microsoft Learn), as of November 2026, by its groups.
const REFERENCE: &[(&str, &[&str])] = &[
    (
        "array",
        &[
            "array",
            "concat",
            "contains",
            "createArray",
            "empty",
            "first",
            "flatten",
            "indexFromEnd",
            "indexOf",
            "intersection",
            "last",
            "lastIndexOf",
            "length",
            "max",
            "min",
            "range",
            "skip",
            "take",
            "tryGet",
            "tryIndexFromEnd",
            "union",
        ],
    ),
    ("CIDR", &["parseCidr", "cidrSubnet", "cidrHost"]),
    (
        "comparison",
        &[
            "coalesce",
            "equals",
            "less",
            "lessOrEquals",
            "greater",
            "greaterOrEquals",
        ],
    ),
    (
        "date",
        &["dateTimeAdd", "dateTimeFromEpoch", "dateTimeToEpoch", "utcNow"],
    ),
    (
        "deployment value",
        &["deployer", "deployment", "environment", "parameters", "variables"],
    ),
    (
        "lambda",
        &["filter", "groupBy", "map", "mapValues", "reduce", "sort", "toObject"],
    ),
    ("logical", &["and", "bool", "false", "if", "not", "or", "true"]),
    (
        "numeric",
        &[
            "add",
            "copyIndex",
            "div",
            "float",
            "int",
            "max",
            "min",
            "mod",
            "mul",
            "sub",
        ],
    ),
    (
        "object",
        &[
            "contains",
            "createObject",
            "empty",
            "intersection",
            "items",
            "json",
            "length",
            "null",
            "objectKeys",
            "shallowMerge",
            "tryGet",
            "union",
        ],
    ),
    (
        "resource",
        &[
            "extensionResourceId",
            "listAccountSas",
            "listKeys",
            "listSecrets",
            "managementGroupResourceId",
            "pickZones",
            "providers",
            "reference",
            "references",
            "resourceId",
            "subscriptionResourceId",
            "tenantResourceId",
        ],
    ),
    ("scope", &["managementGroup", "resourceGroup", "subscription", "tenant"]),
    (
        "string",
        &[
            "base64",
            "base64ToJson",
            "base64ToString",
            "concat",
            "contains",
            "dataUri",
            "dataUriToString",
            "empty",
            "endsWith",
            "first",
            "format",
            "guid",
            "indexOf",
            "join",
            "json",
            "last",
            "lastIndexOf",
            "length",
            "newGuid",
            "padLeft",
            "replace",
            "skip",
            "split",
            "startsWith",
            "string",
            "substring",
            "take",
            "toLower",
            "toUpper",
            "trim",
            "uniqueString",
            "uri",
            "uriComponent",
            "uriComponentToString",
        ],
    ),
    // Functions of Bicep's reference that its compiler leaves standing in the JSON.
    (
        "Bicep",
        &[
            "buildUri",
            "externalInput",
            "externalInputs",
            "fail",
            "lambda",
            "lambdaVariables",
            "listOutputsWithSecureValues",
            "parseUri",
            "toLogicalZone",
            "toLogicalZones",
            "toPhysicalZone",
            "toPhysicalZones",
        ],
    ),
];

/// In no reference, and seen in templates.
const OTHERS: &[&str] = &["distinct"];

#[test]
fn no_function_of_the_reference_is_missing() {
    let here: BTreeSet<_> = names().into_iter().collect();
    for (group, functions) in REFERENCE {
        for name in *functions {
            assert!(here.contains(name) || resource::is_list(name), "{group}: {name}");
        }
    }
}

#[test]
fn no_function_is_made_up() {
    let known: BTreeSet<_> = REFERENCE
        .iter()
        .flat_map(|(_, functions)| functions.iter())
        .chain(OTHERS)
        .collect();
    for name in names() {
        assert!(known.contains(&name), "{name}");
    }
}

#[test]
fn names_stand_once_whatever_their_letter_case() {
    let mut seen = BTreeSet::new();
    for name in names() {
        assert!(seen.insert(name.to_ascii_lowercase()), "{name}");
    }
}

#[test]
fn the_number_of_arguments_is_that_of_the_reference() {
    super::check(&[
        ("pickZones('a.b', 'c')", "error"),
        ("pickZones('a.b', 'c', 'd')", "unknown"),
        ("pickZones('a.b', 'c', 'd', 1, 2)", "unknown"),
        ("pickZones('a.b', 'c', 'd', 1, 2, 3)", "error"),
        ("providers()", "error"),
        ("providers('a.b')", "unknown"),
        ("providers('a.b', 'c')", "unknown"),
        ("toLogicalZone('s', 'l')", "error"),
        ("toLogicalZone('s', 'l', 'l-az1')", "unknown"),
        ("toPhysicalZones('s', 'l', createArray('1'))", "unknown"),
        ("toPhysicalZones(1, 'l', createArray('1'))", "error"),
        ("externalInputs('a')", "unknown"),
        ("externalInputs()", "error"),
        ("references('a')", "unknown"),
        ("references('a', 'Full')", "unknown"),
        ("references('a', 'b', 'c')", "error"),
        ("listKeys('a', 'b', createObject(), 'd')", "error"),
        ("listKeys(1, 'b')", "error"),
        ("deployer()", "unknown"),
        ("deployer(1)", "error"),
    ]);
}
