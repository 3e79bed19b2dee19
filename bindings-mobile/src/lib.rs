//! The native half of the Kotlin and Swift packages `bareme`.
//!
//! It converts, calls the core and maps errors; nothing is computed here. uniffi's macros read these
//! declarations, and its generator writes the Kotlin and Swift that call them, comments included: what is
//! said here is what those users read. Small things cross as values, documents as bytes or text.

#![allow(clippy::needless_pass_by_value, reason = "what crosses is handed over, as values")]
#![allow(unsafe_code, reason = "the macros name functions for the linker")]

mod cohort;
mod error;
mod methodology;
mod publication;
mod reference;
mod result;
mod scoring;
mod territory;
#[cfg(feature = "testing")]
mod testing;

pub use cohort::{Cohort, Ignored, IgnoredKind, Period};
pub use error::{BaremeError, Fault, Place, Text};
pub use methodology::{Language, Methodology, MethodologyInfo, Status, bareme_version, catalogue, methodology, schema};
pub use publication::{
    Check, Disagreement, Outcome, Publication, Receipt, Shown, SignatureReport, Supersedes, Verification, verify,
};
pub use reference::{Change, Move, Reference, Simulation};
pub use result::{CriterionScore, Flag, IndexScore, PartScore, RankEntry, State, TerritoryScore};
pub use scoring::{GroupScore, Progress, RankingEntry, Scoring, Watch};
pub use territory::{Account, StratumOverride, Territory};
#[cfg(feature = "testing")]
pub use testing::{VectorOutcome, self_test, self_test_panic, self_test_panic_outside};

uniffi::setup_scaffolding!();
