//! Columns of [`Rational`] numbers.

use smallvec::{SmallVec, smallvec};

use super::column::{Column, Places};
use super::decimal::Decimal;
use super::filtered::Filtered;
use super::number::Number;
use super::rational::{self, Rational};

/// A column of [`Rational`] numbers. Counts are kept as machine integers, of which a weighted sum is computed
/// with one fraction, at its end.
#[derive(Clone, Debug, Default)]
pub struct RationalColumn {
    /// All numbers, if they are whole and below 2^53 in magnitude.
    whole: Option<SmallVec<[i64; 1]>>,
    /// All numbers, if they are not in `whole`.
    any: Numbers,
}

/// A single number needs no memory of its own, since one territory is often scored alone.
type Numbers = SmallVec<[Rational; 1]>;

/// 2^53.
const WHOLE: u64 = 1 << 53;

impl RationalColumn {
    fn of(any: Numbers) -> Self {
        Self { whole: None, any }
    }

    /// The numbers, to be changed to any others.
    fn any(&mut self) -> &mut Numbers {
        if let Some(whole) = self.whole.take() {
            self.any = whole.into_iter().map(Rational::from).collect();
        }
        &mut self.any
    }

    fn iter(&self) -> impl Iterator<Item = Rational> {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl Column<Rational> for RationalColumn {
    fn with_len(len: usize) -> Self {
        Self { whole: Some(smallvec![0; len]), any: Numbers::new() }
    }

    fn one(number: Rational) -> Self {
        Self::of(smallvec![number])
    }

    fn len(&self) -> usize {
        self.whole.as_ref().map_or(self.any.len(), SmallVec::len)
    }

    fn resize(&mut self, len: usize) {
        match &mut self.whole {
            Some(whole) => whole.resize(len, 0),
            None => self.any.resize(len, Rational::ZERO),
        }
    }

    fn copy(&mut self, other: &Self) {
        self.clone_from(other);
    }

    fn load_whole(&mut self, values: &[f64]) -> bool {
        if !values.iter().all(|x| Filtered::is_integer(*x)) {
            return false;
        }
        let whole = self.whole.get_or_insert_default();
        whole.clear();
        whole.extend(values.iter().map(|x| *x as i64));
        true
    }

    fn load(&mut self, values: &[f64]) {
        if !self.load_whole(values) {
            let number = |x: &f64| Decimal::new(*x).map_or(Rational::ZERO, Rational::from);
            *self = Self::of(values.iter().map(number).collect());
        }
    }

    fn get(&self, index: usize) -> Rational {
        let number = match &self.whole {
            Some(whole) => whole.get(index).copied().map(Rational::from),
            None => self.any.get(index).cloned(),
        };
        number.unwrap_or(Rational::ZERO)
    }

    fn set(&mut self, index: usize, value: Rational) {
        if let Some(place) = self.any().get_mut(index) {
            *place = value;
        }
    }

    fn fill(&mut self, value: Rational) {
        self.any().fill(value);
    }

    fn update(&mut self, f: impl Fn(&Rational) -> Rational) {
        for a in self.any() {
            *a = f(a);
        }
    }

    fn update_with(&mut self, b: &Self, f: impl Fn(&Rational, &Rational) -> Rational) {
        for (a, b) in self.any().iter_mut().zip(b.iter()) {
            *a = f(a, &b);
        }
    }

    fn plus(&mut self, b: &Self) {
        if let (Some(whole), Some(b)) = (&mut self.whole, &b.whole) {
            let sum = |(a, b): (&i64, &i64)| a.checked_add(*b).filter(|sum| sum.unsigned_abs() < WHOLE);
            if let Some(sums) = whole.iter().zip(b).map(sum).collect() {
                *whole = sums;
                return;
            }
        }
        self.update_with(b, |a, b| a + b);
    }

    fn quotient(&mut self, a: &Self, b: &Self) {
        *self = Self::of(a.iter().zip(b.iter()).map(|(a, b)| a.div(&b)).collect());
    }

    fn weighted_sum(&mut self, terms: &[(&Self, Rational)]) {
        let len = self.len();
        let whole = terms.iter().map(|(column, factor)| Some((column.whole.as_deref()?, factor)));
        if let Some(whole) = whole.collect::<Option<Vec<_>>>() {
            *self = Self::of(rational::weighted_sums(len, &whole).into());
            return;
        }
        self.fill(Rational::ZERO);
        for (column, factor) in terms {
            self.update_with(column, |sum, value| sum + &(value * factor));
        }
    }

    fn is_whole(&self) -> bool {
        self.whole.is_some()
    }

    fn some_zero(&self) -> bool {
        match &self.whole {
            Some(whole) => whole.contains(&0),
            None => self.any.iter().any(Rational::is_zero),
        }
    }

    fn some_overflow(&self) -> bool {
        self.whole.is_none() && self.any.iter().any(Number::overflows)
    }

    fn some_undecided(&self) -> bool {
        false
    }

    fn extremes_of_quotient(_: &Self, _: &Self, _: Option<&Rational>, _: Option<&Rational>) -> Option<Places> {
        None
    }

    fn extremes(&self, _: Option<&Rational>, _: Option<&Rational>) -> Places {
        let least = self.iter().enumerate().min_by(|a, b| a.1.cmp(&b.1));
        let greatest = self.iter().enumerate().max_by(|a, b| a.1.cmp(&b.1));
        let place = |found: Option<(usize, _)>| found.map(|(place, _)| place).into_iter().collect();
        (place(least), place(greatest))
    }
}
