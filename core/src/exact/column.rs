//! Whole columns of numbers.

/// A column of numbers of one kind.
///
/// Nothing here panics: a map goes as far as the shorter of its columns, writing outside does nothing,
/// reading outside gives zero, or an undecided number where there is one.
pub trait Column<N>: Clone + Send {
    /// A column of `len` zeros.
    fn with_len(len: usize) -> Self;
    /// A column of one number.
    fn one(number: N) -> Self;
    /// How many numbers there are.
    fn len(&self) -> usize;
    /// Whether there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Cuts the column, or lengthens it with zeros.
    fn resize(&mut self, len: usize);
    /// Makes the column the same as another.
    fn copy(&mut self, other: &Self);
    /// Makes the column these numbers if all are whole and below 2^53, and if that is quickly told; else its
    /// content means nothing.
    fn load_whole(&mut self, values: &[f64]) -> bool;
    /// Makes the column the decimals that binary64s print as; NaN and the infinities are read as 0.
    fn load(&mut self, values: &[f64]);
    /// The number at a place.
    fn get(&self, index: usize) -> N;
    /// Puts a number at a place.
    fn set(&mut self, index: usize, value: N);
    /// Puts one number everywhere.
    fn fill(&mut self, value: N);
    /// `self[i] = f(self[i])`.
    fn update(&mut self, f: impl Fn(&N) -> N);
    /// `self[i] = f(self[i], b[i])`.
    fn update_with(&mut self, b: &Self, f: impl Fn(&N, &N) -> N);
    /// `self[i] += b[i]`; sums of whole numbers stay whole as long as they are below 2^53.
    fn plus(&mut self, b: &Self);
    /// `self[i] = a[i] / b[i]`; where `b[i]` is 0 as [`Number::div`](super::Number::div).
    fn quotient(&mut self, a: &Self, b: &Self);
    /// `self[i] = ∑ column[i] factor`.
    fn weighted_sum(&mut self, terms: &[(&Self, N)]);
    /// Are all numbers surely whole and below 2^53?
    fn is_whole(&self) -> bool;
    /// May one of the numbers be zero?
    fn some_zero(&self) -> bool;
    /// Does one of the numbers lie beyond binary64's range?
    fn some_overflow(&self) -> bool;
    /// Is nothing known of one of the numbers?
    fn some_undecided(&self) -> bool;
    /// The places that may hold the least number and those that may hold the greatest: all of them that
    /// cannot be told apart without more exact numbers. None where a known number is surely less, or
    /// greater.
    fn extremes(&self, least: Option<&N>, greatest: Option<&N>) -> Places;
    /// The same of the quotients `a[i] / b[i]`, where they need not be computed for that; `None` elsewhere. No
    /// divisor may be zero.
    fn extremes_of_quotient(a: &Self, b: &Self, least: Option<&N>, greatest: Option<&N>) -> Option<Places>;
}

/// The places of the numbers that may be the least, and of those that may be the greatest.
pub(super) type Places = (Vec<usize>, Vec<usize>);
