//! What lies beyond a score: what a change would bring.

mod simulation;

pub use simulation::{Change, Moved, change, moved};
