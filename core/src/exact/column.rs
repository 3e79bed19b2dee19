//! Whole columns of numbers.

use smallvec::{SmallVec, smallvec};

use super::decimal::Decimal;
use super::filtered::{Filtered, LARGEST};
use super::number::Number;
use super::rational::Rational;

/// A column of numbers of one kind.
///
/// Nothing here panics: a map goes as far as the shorter of its columns, writing outside does nothing,
/// reading outside gives zero, or an undecided number where there is one.
pub trait Column<N>: Clone + Send {
    /// A column of `len` zeros.
    fn with_len(len: usize) -> Self;
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
    /// Makes the column these numbers if all are whole and below 2^53, and if that is quickly told; else
    /// does nothing.
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
    /// `self[i] = a[i] / b[i]`; where `b[i]` is 0 as [`Number::div`](super::Number::div).
    fn quotient(&mut self, a: &Self, b: &Self);
    /// `self[i] = ∑ column[i] factor`.
    fn weighted_sum(&mut self, terms: &[(&Self, N)]);
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
type Places = (Vec<usize>, Vec<usize>);

impl Column<Rational> for Vec<Rational> {
    fn with_len(len: usize) -> Self {
        vec![Rational::ZERO; len]
    }

    fn len(&self) -> usize {
        self.as_slice().len()
    }

    fn resize(&mut self, len: usize) {
        Vec::resize(self, len, Rational::ZERO);
    }

    fn copy(&mut self, other: &Self) {
        self.clone_from(other);
    }

    fn load_whole(&mut self, _: &[f64]) -> bool {
        false
    }

    fn load(&mut self, values: &[f64]) {
        self.clear();
        self.extend(values.iter().map(|x| {
            if Filtered::is_integer(*x) {
                return Rational::from(*x as i64);
            }
            Decimal::new(*x).map_or(Rational::ZERO, Rational::from)
        }));
    }

    fn get(&self, index: usize) -> Rational {
        self.as_slice().get(index).cloned().unwrap_or(Rational::ZERO)
    }

    fn set(&mut self, index: usize, value: Rational) {
        if let Some(place) = self.get_mut(index) {
            *place = value;
        }
    }

    fn fill(&mut self, value: Rational) {
        self.as_mut_slice().fill(value);
    }

    fn update(&mut self, f: impl Fn(&Rational) -> Rational) {
        for a in self {
            *a = f(a);
        }
    }

    fn update_with(&mut self, b: &Self, f: impl Fn(&Rational, &Rational) -> Rational) {
        for (a, b) in self.iter_mut().zip(b) {
            *a = f(a, b);
        }
    }

    fn quotient(&mut self, a: &Self, b: &Self) {
        self.clear();
        self.extend(a.iter().zip(b).map(|(a, b)| a.div(b)));
    }

    fn weighted_sum(&mut self, terms: &[(&Self, Rational)]) {
        self.as_mut_slice().fill(Rational::ZERO);
        for (column, factor) in terms {
            self.update_with(column, |sum, value| sum + &(value * factor));
        }
    }

    fn some_zero(&self) -> bool {
        self.iter().any(Rational::is_zero)
    }

    fn some_overflow(&self) -> bool {
        self.iter().any(Number::overflows)
    }

    fn some_undecided(&self) -> bool {
        false
    }

    fn extremes_of_quotient(_: &Self, _: &Self, _: Option<&Rational>, _: Option<&Rational>) -> Option<Places> {
        None
    }

    fn extremes(&self, _: Option<&Rational>, _: Option<&Rational>) -> Places {
        let places = || self.iter().enumerate();
        let least = places().min_by(|a, b| a.1.cmp(b.1));
        let greatest = places().max_by(|a, b| a.1.cmp(b.1));
        let place = |found: Option<(usize, _)>| found.map(|(place, _)| place).into_iter().collect();
        (place(least), place(greatest))
    }
}

/// A column of [`Filtered`] numbers, kept as three columns of binary64 so that loops over it become
/// vector instructions.
#[derive(Clone, Debug, Default)]
pub struct FilteredColumn {
    hi: Lane,
    lo: Lane,
    err: Lane,
    /// Surely all are integers below 2^53, exactly: then `lo` and `err` hold nothing but zeros.
    integers: bool,
}

/// Binary64s; a single one needs no memory of its own, since one territory is often scored alone.
type Lane = SmallVec<[f64; 1]>;

impl FilteredColumn {
    /// Is every number exactly its high part?
    fn is_binary64(&self) -> bool {
        self.integers || self.lo.iter().chain(&self.err).fold(true, |all, part| all & (*part == 0.0))
    }

    fn iter(&self) -> impl Iterator<Item = Filtered> {
        self.hi.iter().zip(&self.lo).zip(&self.err).map(|((&hi, &lo), &err)| Filtered { hi, lo, err })
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = (&mut f64, &mut f64, &mut f64)> {
        self.integers = false;
        self.hi.iter_mut().zip(&mut self.lo).zip(&mut self.err).map(|((hi, lo), err)| (hi, lo, err))
    }
}

impl Column<Filtered> for FilteredColumn {
    fn with_len(len: usize) -> Self {
        FilteredColumn { hi: smallvec![0.0; len], lo: smallvec![0.0; len], err: smallvec![0.0; len], integers: true }
    }

    fn len(&self) -> usize {
        self.hi.len()
    }

    fn resize(&mut self, len: usize) {
        self.hi.resize(len, 0.0);
        self.lo.resize(len, 0.0);
        self.err.resize(len, 0.0);
    }

    fn copy(&mut self, other: &Self) {
        self.hi.clone_from(&other.hi);
        self.lo.clone_from(&other.lo);
        self.err.clone_from(&other.err);
        self.integers = other.integers;
    }

    fn load_whole(&mut self, values: &[f64]) -> bool {
        if !values.iter().fold(true, |all, x| all & Filtered::is_integer(*x)) {
            return false;
        }
        if !self.integers {
            self.lo.fill(0.0);
            self.err.fill(0.0);
        }
        self.resize(values.len());
        self.integers = true;
        self.hi.copy_from_slice(values);
        true
    }

    /// Integers below 2^53 are exact, and they and short decimals (six places) are loaded in a vector loop.
    fn load(&mut self, values: &[f64]) {
        if self.load_whole(values) {
            return;
        }
        self.resize(values.len());
        for ((hi, lo, err), x) in self.iter_mut().zip(values.iter()) {
            let number = Filtered::from_short_decimal(*x);
            (*hi, *lo, *err) = (number.hi, number.lo, number.err);
        }
        for ((hi, lo, err), x) in self.iter_mut().zip(values.iter()) {
            if *err == f64::INFINITY {
                let number = Decimal::new(*x).map_or(Filtered::ZERO, Filtered::from_decimal);
                (*hi, *lo, *err) = (number.hi, number.lo, number.err);
            }
        }
    }

    fn get(&self, index: usize) -> Filtered {
        match (self.hi.get(index), self.lo.get(index), self.err.get(index)) {
            (Some(&hi), Some(&lo), Some(&err)) => Filtered { hi, lo, err },
            _ => Filtered::UNDECIDED,
        }
    }

    fn set(&mut self, index: usize, value: Filtered) {
        if let (Some(hi), Some(lo), Some(err)) =
            (self.hi.get_mut(index), self.lo.get_mut(index), self.err.get_mut(index))
        {
            (*hi, *lo, *err) = (value.hi, value.lo, value.err);
            self.integers &= value.is_exact() && Filtered::is_integer(value.hi);
        }
    }

    fn fill(&mut self, value: Filtered) {
        self.integers = false;
        self.hi.fill(value.hi);
        self.lo.fill(value.lo);
        self.err.fill(value.err);
    }

    #[inline]
    fn update(&mut self, f: impl Fn(&Filtered) -> Filtered) {
        for (hi, lo, err) in self.iter_mut() {
            let result = f(&Filtered { hi: *hi, lo: *lo, err: *err });
            (*hi, *lo, *err) = (result.hi, result.lo, result.err);
        }
    }

    #[inline]
    fn update_with(&mut self, b: &Self, f: impl Fn(&Filtered, &Filtered) -> Filtered) {
        for ((hi, lo, err), b) in self.iter_mut().zip(b.iter()) {
            let result = f(&Filtered { hi: *hi, lo: *lo, err: *err }, &b);
            (*hi, *lo, *err) = (result.hi, result.lo, result.err);
        }
    }

    fn quotient(&mut self, a: &Self, b: &Self) {
        self.resize(a.len().min(b.len()));
        if !(a.integers && b.integers) {
            self.copy(a);
            self.update_with(b, Number::div);
            return;
        }
        for (((hi, lo, err), a), b) in self.iter_mut().zip(&a.hi).zip(&b.hi) {
            let quotient = Filtered::quotient_of_integers(*a, *b);
            (*hi, *lo, *err) = (quotient.hi, quotient.lo, quotient.err);
        }
    }

    fn weighted_sum(&mut self, terms: &[(&Self, Filtered)]) {
        self.fill(Filtered::ZERO);
        // Sums of whole numbers are exact as long as they can be, and so are ties among them.
        if terms.iter().all(|(column, factor)| column.integers && factor.lo == 0.0 && factor.err == 0.0) {
            for (column, factor) in terms {
                self.update_with(column, |sum, value| sum.plus(value.times(*factor)));
            }
            return;
        }
        for (column, factor) in terms {
            self.update_with(column, |sum, value| sum.step(*value, *factor));
        }
        let steps = terms.len() as f64;
        self.update(|sum| sum.summed(steps));
    }

    fn some_zero(&self) -> bool {
        // Without an early end, so that it becomes a vector loop.
        if self.integers {
            return self.hi.iter().fold(false, |any, x| any | (*x == 0.0));
        }
        self.iter().fold(false, |any, number| any | (number.is_zero() != Some(false)))
    }

    /// What is larger than the range of these numbers is undecided.
    fn some_overflow(&self) -> bool {
        false
    }

    fn some_undecided(&self) -> bool {
        !self.integers && self.err.iter().fold(false, |any, err| any | (*err == f64::INFINITY))
    }

    /// Of numbers that are binary64s, the quotients rounded to binary64 stand in the same order as the
    /// quotients, since rounding never turns an order round; so the least is among those that round to the
    /// least.
    fn extremes_of_quotient(
        a: &Self,
        b: &Self,
        least: Option<&Filtered>,
        greatest: Option<&Filtered>,
    ) -> Option<Places> {
        if !a.is_binary64() || !b.is_binary64() {
            return None;
        }
        let quotients = || a.hi.iter().zip(&b.hi).map(|(a, b)| a / b);
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        for quotient in quotients() {
            lowest = if quotient < lowest { quotient } else { lowest };
            highest = if quotient > highest { quotient } else { highest };
        }
        // What is too large for these numbers may be too large for a binary64.
        if !(lowest.abs() <= LARGEST && highest.abs() <= LARGEST) {
            return None;
        }
        let places = |end: f64| {
            let at_end = quotients().enumerate().filter(move |(_, quotient)| *quotient == end);
            at_end.map(|(place, _)| place)
        };
        let mut found = (Vec::new(), Vec::new());
        if least.is_none_or(|least| lowest <= least.interval().1) {
            found.0.extend(places(lowest));
        }
        if greatest.is_none_or(|greatest| highest >= greatest.interval().0) {
            found.1.extend(places(highest));
        }
        Some(found)
    }

    fn extremes(&self, least: Option<&Filtered>, greatest: Option<&Filtered>) -> Places {
        let mut least = least.map_or(f64::INFINITY, |least| least.interval().1);
        let mut greatest = greatest.map_or(f64::NEG_INFINITY, |greatest| greatest.interval().0);
        let (mut lowest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        for number in self.iter() {
            let (low, high) = number.interval();
            least = if high < least { high } else { least };
            greatest = if low > greatest { low } else { greatest };
            lowest = if low < lowest { low } else { lowest };
            highest = if high > highest { high } else { highest };
        }
        if lowest > least && highest < greatest {
            return (Vec::new(), Vec::new());
        }
        let mut places = (Vec::new(), Vec::new());
        for (place, number) in self.iter().enumerate() {
            let (low, high) = number.interval();
            if low <= least {
                places.0.push(place);
            }
            if high >= greatest {
                places.1.push(place);
            }
        }
        places
    }
}
