//! Scores that anyone can recompute.
//!
//! A [`Methodology`] is a document: criteria, formulas, normalisation, strata, weights, rounding and
//! ranks, with the ground on which each rests. A [`Cohort`] is what is known of the territories and
//! their accounts for one period. Scoring one with the other gives a [`Scoring`]: exact values,
//! rounded only where the specification says so, the same bits on every machine.
//!
//! ```
//! use bareme::{Cohort, catalogue};
//!
//! # fn main() -> Result<(), bareme::Faults> {
//! let cohort = Cohort::from_json(br#"{
//!     "language": "bareme/1", "document": "cohort",
//!     "period": {"from": "2012-06-01", "to": "2012-08-01"},
//!     "territories": [{"id": "R22", "name": "Picardie", "structure_type": "region",
//!         "attributes": {"population_over_15": 1521654}}],
//!     "accounts": [{"territory": "R22", "network": "facebook", "metrics": {"fans": 20238}}]
//! }"#)?;
//! let scoring = catalogue::adverbia_facebook_regions_2012_08().score(cohort)?;
//! let root = *scoring.indices().last().unwrap();
//! assert_eq!(scoring.published(root, 0).as_deref(), Some("1.33"));
//! # Ok(())
//! # }
//! ```
//!
//! # Scope
//!
//! This crate computes. It does no input or output, reads no clock and no environment, draws no
//! random number and starts no thread unless it is asked for several; it holds no criterion, weight, threshold or network name
//! outside the documents that it embeds.

#![forbid(unsafe_code)]
// Why here and not in the workspace: tests may unwrap; the library may not.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "a test fails by panicking"
    )
)]

pub mod analysis;
pub mod cohort;
pub mod document;
pub mod error;
pub mod exact;
pub mod methodology;
pub mod publication;
pub mod scoring;

pub use cohort::Cohort;
pub use document::Digest;
pub use error::{Fault, Faults};
pub use methodology::{Methodology, catalogue};
pub use publication::{Publication, Receipt, verify};
pub use scoring::Scoring;

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
