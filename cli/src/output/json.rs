//! A scoring as the `scoring` document.

use std::io::{self, Write};

use bareme::Scoring;

/// Writes the document, on one line.
pub(crate) fn write(scoring: &Scoring, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &scoring.document())?;
    writeln!(out)
}
