//! Disagreements that are known and not mended yet. The list is meant to be empty: a name here excuses
//! every difference that its test takes for it, and so hides others that look the same.

/// A defect that is known: its name, and whether a difference, as [`crate::compare`] words it, is one of
/// its traces.
pub type Known = (&'static str, fn(&str) -> bool);

/// All of them.
pub const KNOWN: &[Known] = &[];

/// The name of the known defect that explains a difference.
pub fn explains(kind: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(_, is_trace)| is_trace(kind)).map(|(name, _)| *name)
}
