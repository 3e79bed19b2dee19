//! Documents: how they are read, written and digested.
//!
//! Every document is JSON whose numbers mean the decimals they print as. [`Json`] reads it and
//! refuses what would have to be guessed; `record` turns it into typed records and reports every
//! fault at once; [`canonical`] writes it as RFC 8785 says, and [`Digest`] names it.

pub mod canonical;
mod digest;
mod json;
pub(crate) mod record;
mod texts;

pub use digest::Digest;
pub use json::Json;
pub use texts::Texts;

/// The language version that this package reads and writes.
pub const LANGUAGE: &str = "bareme/1";
