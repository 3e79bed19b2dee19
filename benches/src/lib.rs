//! What the benchmarks measure, and the plain loop that they measure it against.
//!
//! A [`Sample`] is a cohort in columns: for each territory a stratum out of twelve, in no order, and
//! the counts of 35 indicators. The core sees it as a [`Cohort`](bareme::Cohort) built through its
//! public interface; [`plain`] sees the same columns as slices of binary64.

pub mod plain;
mod sample;

pub use sample::{INDICATORS, Kind, Method, STRATA, Sample};
