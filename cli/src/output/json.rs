//! A scoring as the `scoring` document.

use std::io::{self, Write};

use serde::Serialize;

/// Writes the document, on one line.
pub(crate) fn write(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document)?;
    writeln!(out)
}
