//! number

use super::Function;

pub(super) static FUNCTIONS: &[Function] = &[];
