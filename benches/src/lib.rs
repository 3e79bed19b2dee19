//! What the benchmarks measure, and the plain loop that they measure it against.
//!
//! A [`Sample`] is a cohort in columns: for each territory a stratum out of twelve, in no order, and
//! the counts of 35 indicators. The core sees it as a [`Cohort`](bareme::Cohort) built through its
//! public interface; [`plain`] sees the same columns as slices of binary64.

pub mod plain;
mod sample;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;

pub use sample::{INDICATORS, Kind, Method, STRATA, Sample};

/// How all is measured, unless the command line says otherwise.
#[must_use]
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(50))
        .measurement_time(Duration::from_millis(500))
        .configure_from_args()
}

/// How long so many runs take together; each is added to `all`.
pub fn runs<T>(iterations: u64, all: &mut Vec<Duration>, run: impl Fn() -> T) -> Duration {
    (0..iterations).fold(Duration::ZERO, |total, _| {
        let elapsed = timed(&run);
        all.push(elapsed);
        total + elapsed
    })
}

/// How long a run takes, without the dropping of what it returns.
pub fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(run());
    let elapsed = start.elapsed();
    drop(result);
    elapsed
}

/// The one in the middle, once sorted; none of none.
pub fn median(durations: &mut [Duration]) -> Option<Duration> {
    durations.sort_unstable();
    durations.get(durations.len() / 2).copied()
}
