//! `bareme reference`: a cohort into the statistics with which a territory is scored alone.

use std::io::Write;

use bareme::error::Language;

use super::score::scored;
use crate::arguments::{Errors, Reference};
use crate::failure::Failure;
use crate::input;
use crate::output::Destination;

/// Scores, then writes the canonical document, whose SHA-256 is the reference's digest.
pub(crate) fn run(arguments: &Reference, others: &[String], errors: Errors, language: Language) -> Result<(), Failure> {
    let methodology = input::methodology(&arguments.methodology, others)?;
    let scoring = scored(&arguments.given, &methodology, errors, language)?;
    let reference = scoring.reference().map_err(|faults| Failure::of(&arguments.given.cohort, faults))?;
    Destination::open(arguments.output.as_deref())?.write(|out| out.write_all(reference.to_json().as_bytes()))
}
