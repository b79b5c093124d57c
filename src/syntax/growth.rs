//! For tests: the time of reading grows no faster than the text.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this is about time, which the program never asks for"
)]

use std::hint::black_box;
use std::time::Duration;

/// Bytes of the smallest text.
const SIZE: usize = 8 * 1024;

/// What is too short to be compared.
const SHORTEST: Duration = Duration::from_millis(2);

/// The time that this thread has had of a processor. What else the machine does counts on the clock, not here.
#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or_default();
    Duration::from_secs(u64::try_from(time.tv_sec).unwrap_or_default()) + Duration::from_nanos(nanoseconds)
}

/// The time since the first call.
#[cfg(not(unix))]
fn now() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// Asserts that a text of four times as many pieces takes no more than ten times as long; sixteen times would show
/// that the time is quadratic. A machine that is busy gets further tries.
pub(crate) fn assert_linear<R>(name: &str, [before, piece, after]: [&str; 3], read: impl Fn(&str) -> R) {
    let text = |times: usize| format!("{before}{}{after}", piece.repeat(times * SIZE / piece.len()));
    let time = |text: &str| {
        let once = || {
            let start = now();
            black_box(read(text));
            now().saturating_sub(start)
        };
        once().min(once())
    };
    let is_linear = || {
        let times = [1, 2, 4].map(|times| time(&text(times)));
        println!(
            "{name:<18} {piece:?}  1x {:>8.1?}  2x {:>8.1?}  4x {:>8.1?}",
            times[0], times[1], times[2]
        );
        times[2] < times[0].max(SHORTEST) * 10
    };
    assert!(
        (0..4).any(|_| is_linear()),
        "{name}: {piece:?} takes more than its share"
    );
}
