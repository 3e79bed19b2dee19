//! Random documents, scored by the package and by the independent implementation of `spec/independent`,
//! compared byte for byte: scoring documents, references, territories alone, variants, publications, what a
//! verifier says of altered ones, and sets of faults.
//!
//! A case is decided by the seed of its run and its number. `cargo test -p bareme-differential` runs a
//! few thousand and checks the harness itself with planted faults; `cargo xtask differential --cases N`
//! runs as many as one likes, in parallel, and writes each kind of disagreement, made small, into a
//! folder.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "random numbers are cut to size on purpose, and this is a test: it may fail by panicking"
)]

pub mod altered;
pub mod case;
pub mod cohort;
pub mod compare;
pub mod draw;
pub mod independent;
pub mod known;
pub mod methodology;
pub mod mutate;
pub mod package;
pub mod run;
pub mod shrink;
