//! Templates made of the bytes are evaluated: within the limits, inside the file, the same each time.
#![no_main]

#[path = "../checks/template.rs"]
mod template;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| template::check(bytes));
