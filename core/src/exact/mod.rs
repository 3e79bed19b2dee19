//! Exact numbers, and the few places where they are rounded.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `decimal.rs` | [`Decimal`]: a binary64 that means the decimal it prints as |
//! | `rational.rs` | [`Rational`]: exact values, however long |
//! | `rounding.rs` | correct rounding to binary64 and to decimals, [`Published`] |
//! | `elementary.rs` | `ln`, `ln1p`, `log10`, `sqrt` of rationals, correctly rounded, in integers |
//! | `geometric.rs` | the weighted geometric mean, correctly rounded, with its exact tie test |
//! | `sums.rs` | [`Moments`], [`WeightedMoments`]: mean and spread, the same in any order |
//! | `number.rs` | [`Number`]: what the engine asks of a number, exact or filtered |
//! | `filtered.rs` | [`Filtered`]: double-double arithmetic that knows how wrong it may be |
//! | `series.rs` | logarithm and exponential over [`Filtered`] |
//! | `column.rs` | [`Column`]: whole columns of numbers |
//! | `filtered_column.rs`, `rational_column.rs` | the same of each kind |
//!
//! The engine is written once over [`Number`]. It runs with [`Filtered`], which answers in nanoseconds
//! or says "undecided", and only what is undecided is run again with [`Rational`], which always
//! answers. Both give the same bits, because `Filtered` answers only what it has proved.
//!
//! Nothing here calls the platform's mathematical library: the only floating-point operations are
//! `+ - * /` and `sqrt`, which IEEE 754 defines to the last bit.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "mantissas, limbs and exponents change their types all the time here, below their limits or cut on purpose"
)]
#![allow(
    clippy::inline_always,
    reason = "a loop over columns becomes vector instructions only if everything is inlined"
)]

mod column;
mod decimal;
mod elementary;
mod filtered;
mod filtered_column;
mod geometric;
mod number;
mod rational;
mod rational_column;
mod rounding;
mod series;
mod sums;

#[cfg(test)]
mod tests;

pub use column::Column;
pub use decimal::{Decimal, ParseDecimalError};
pub use filtered::Filtered;
pub use filtered_column::FilteredColumn;
pub use number::{Number, Transform, Transformed};
pub use rational::Rational;
pub use rational_column::RationalColumn;
pub use rounding::{Published, Rounding};
pub use sums::{Moments, WeightedMoments};
