//! What the benches have in common.

use std::time::{Duration, Instant};

/// Each stage is run for at least this long.
const LEAST: Duration = Duration::from_secs(1);

/// Runs a stage over the whole corpus again and again, and prints the fastest.
pub(crate) fn stage(name: &str, bytes: usize, run: impl Fn()) {
    let start = Instant::now();
    let mut best = Duration::MAX;
    let mut rounds = 0;
    while rounds < 3 || start.elapsed() < LEAST {
        let round = Instant::now();
        run();
        best = best.min(round.elapsed());
        rounds += 1;
    }
    let seconds = best.as_secs_f64();
    #[allow(clippy::cast_precision_loss, reason = "a corpus is far smaller than 2^52 bytes")]
    let speed = bytes as f64 / seconds / 1e6;
    println!(
        "{name:<18} {speed:>8.1} MB/s  {:>8.2} ms  ({rounds} rounds)",
        seconds * 1e3
    );
}
