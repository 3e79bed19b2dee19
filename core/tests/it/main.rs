//! Tests of the core through its public interface, in one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    missing_docs,
    unreachable_pub,
    reason = "a test fails by panicking, and documents itself by its name"
)]

mod checks;
mod cohort;
mod common;
mod marks;
mod parameters;
mod paths;
mod periods;
mod pins;
mod publications;
mod ranks;
mod reality;
mod references;
mod roll_ups;
mod simulations;
mod states;
