//! Any text is read as a template expression without a panic, its parts in one another and in order.
#![no_main]

#[path = "../checks/expression.rs"]
mod expression;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| expression::check(text));
