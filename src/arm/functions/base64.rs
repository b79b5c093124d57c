//! base64

use super::Function;

pub(super) static FUNCTIONS: &[Function] = &[];
