//! What the service looks up when it deploys: zones, providers, inputs from outside. Nothing of it stands in a template.

use super::{Call, Function, Outcome, Stop, plain};
use crate::arm::value::Node;

pub(super) static FUNCTIONS: &[Function] = &[
    plain("pickZones", 3, 5, looked_up),
    plain("toLogicalZone", 3, 3, looked_up),
    plain("toLogicalZones", 3, 3, looked_up),
    plain("toPhysicalZone", 3, 3, looked_up),
    plain("toPhysicalZones", 3, 3, looked_up),
    plain("providers", 1, 2, looked_up),
    plain("externalInput", 1, 2, looked_up),
    plain("externalInputs", 1, 1, looked_up),
];

/// The first argument is a text in all of these: a subscription, a provider or a name.
fn looked_up(call: &Call<'_>, args: &[Node]) -> Outcome {
    call.text_arg(args, 0)?;
    Err(Stop::Unknown)
}
