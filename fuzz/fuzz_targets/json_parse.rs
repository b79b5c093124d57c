//! JSON is read as serde_json reads it, but for the liberties of templates, with every value in its place.
#![no_main]

#[path = "../checks/json.rs"]
mod json;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| json::check(text));
