//! What the engine asks of a number.

use std::cmp::Ordering;

use super::column::Column;
use super::decimal::Decimal;
use super::rational::Rational;
use super::rational_column::RationalColumn;
use super::rounding::{Published, Rounding};
use super::{elementary, geometric};

/// A transform that is rounded to binary64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transform {
    /// Natural logarithm; undefined at and below 0.
    Ln,
    /// `ln(1 + x)`; undefined at and below -1.
    Ln1p,
    /// Logarithm to base 10; undefined at and below 0.
    Log10,
    /// Square root; undefined below 0.
    Sqrt,
}

/// The result of a function that is not defined everywhere.
///
/// An undecided number is a `Value` too: whether it is defined may itself be undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transformed<N> {
    /// A number.
    Value(N),
    /// No number: outside the domain, or beyond the range of a binary64.
    Undefined,
}

impl<N> Transformed<N> {
    /// The number, if there is one.
    pub fn value(self) -> Option<N> {
        match self {
            Transformed::Value(value) => Some(value),
            Transformed::Undefined => None,
        }
    }
}

/// The arithmetic that scoring is written in.
///
/// There are two: [`Rational`] always answers, [`Filtered`](super::Filtered) answers at once or says
/// that it cannot decide, by `None` or by a number of which nothing can be decided. Where both answer,
/// they answer the same.
pub trait Number: Clone + Send + Sync + 'static {
    /// A column of these numbers.
    type Column: Column<Self>;

    /// The decimal that is written.
    fn from_decimal(decimal: Decimal) -> Self;
    /// An exact value.
    fn from_rational(rational: &Rational) -> Self;
    /// An integer.
    fn from_integer(integer: i64) -> Self;

    /// The sum.
    #[must_use]
    fn add(&self, other: &Self) -> Self;
    /// The difference.
    #[must_use]
    fn sub(&self, other: &Self) -> Self;
    /// The product.
    #[must_use]
    fn mul(&self, other: &Self) -> Self;
    /// The quotient. The caller must exclude zero by [`Number::is_zero`]: dividing by zero gives an
    /// undecided number where there is one, else zero.
    #[must_use]
    fn div(&self, divisor: &Self) -> Self;
    /// The smaller of two. Needs no decision about which one it is.
    #[must_use]
    fn min(&self, other: &Self) -> Self;
    /// The larger of two.
    #[must_use]
    fn max(&self, other: &Self) -> Self;
    /// The magnitude.
    #[must_use]
    fn abs(&self) -> Self;

    /// Whether the value is zero; `None` if undecided.
    fn is_zero(&self) -> Option<bool>;
    /// The order of two values; `None` if undecided.
    fn compare(&self, other: &Self) -> Option<Ordering>;

    /// The nearest binary64, ties to even, an infinity beyond its range, never -0; `None` if undecided.
    fn round(&self) -> Option<f64>;
    /// Two binary64s that the value surely lies between.
    fn interval(&self) -> (f64, f64);
    /// Is nothing known of the number?
    fn is_undecided(&self) -> bool;
    /// Does the nearest binary64 lie beyond the range? Never said of an undecided number.
    fn overflows(&self) -> bool;
    /// The value rounded to decimals (at most 15); `None` if undecided.
    fn publish(&self, decimals: u8, rule: Rounding) -> Option<Published>;

    /// A transform, rounded to binary64; the result is the decimal that this binary64 prints as.
    fn transform(&self, transform: Transform) -> Transformed<Self>;
    /// The weighted geometric mean, rounded to binary64; the result is the decimal that this binary64
    /// prints as.
    ///
    /// Terms of weight 0 are ignored, then a zero value gives 0. Undefined if a value is negative or
    /// no weight is left.
    fn geometric_mean(terms: &[(Self, u64)]) -> Transformed<Self>;
}

/// A binary64 result, carried on as the decimal that it prints as; undefined beyond the range.
pub(super) fn carry_on<N: Number>(result: f64) -> Transformed<N> {
    Decimal::new(result).map_or(Transformed::Undefined, |decimal| Transformed::Value(N::from_decimal(decimal)))
}

impl Number for Rational {
    type Column = RationalColumn;

    fn from_decimal(decimal: Decimal) -> Self {
        Rational::from(decimal)
    }

    fn from_rational(rational: &Rational) -> Self {
        rational.clone()
    }

    fn from_integer(integer: i64) -> Self {
        Rational::from(integer)
    }

    fn add(&self, other: &Self) -> Self {
        self + other
    }

    fn sub(&self, other: &Self) -> Self {
        self - other
    }

    fn mul(&self, other: &Self) -> Self {
        self * other
    }

    fn div(&self, divisor: &Self) -> Self {
        self.checked_div(divisor).unwrap_or(Rational::ZERO)
    }

    fn min(&self, other: &Self) -> Self {
        std::cmp::Ord::min(self, other).clone()
    }

    fn max(&self, other: &Self) -> Self {
        std::cmp::Ord::max(self, other).clone()
    }

    fn abs(&self) -> Self {
        Rational::abs(self)
    }

    fn is_zero(&self) -> Option<bool> {
        Some(Rational::is_zero(self))
    }

    fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    fn round(&self) -> Option<f64> {
        Some(Rational::round(self))
    }

    fn interval(&self) -> (f64, f64) {
        let nearest = Rational::round(self);
        (nearest.next_down(), nearest.next_up())
    }

    fn is_undecided(&self) -> bool {
        false
    }

    fn overflows(&self) -> bool {
        self.may_overflow() && Rational::round(self).is_infinite()
    }

    fn publish(&self, decimals: u8, rule: Rounding) -> Option<Published> {
        Some(Rational::publish(self, decimals, rule))
    }

    fn transform(&self, transform: Transform) -> Transformed<Self> {
        elementary::transform(self, transform).map_or(Transformed::Undefined, carry_on)
    }

    fn geometric_mean(terms: &[(Self, u64)]) -> Transformed<Self> {
        geometric::mean(terms).map_or(Transformed::Undefined, carry_on)
    }
}
