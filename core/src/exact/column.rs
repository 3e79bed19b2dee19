//! Whole columns of numbers.

use super::decimal::Decimal;
use super::filtered::Filtered;
use super::number::Number;
use super::rational::Rational;

/// A column of numbers of one kind.
///
/// Nothing here panics: the maps go as far as the shortest of their columns, writing outside does
/// nothing, reading outside gives zero, or an undecided number where there is one.
pub trait Column<N> {
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
    /// The number at a place.
    fn get(&self, index: usize) -> N;
    /// Puts a number at a place.
    fn set(&mut self, index: usize, value: N);
    /// Puts one number everywhere.
    fn fill(&mut self, value: N);
    /// `out[i] = f(self[i])`.
    fn map1(&self, out: &mut Self, f: impl Fn(N) -> N);
    /// `out[i] = f(self[i], b[i])`.
    fn map2(&self, b: &Self, out: &mut Self, f: impl Fn(N, N) -> N);
    /// `out[i] = f(self[i], b[i], c[i])`.
    fn map3(&self, b: &Self, c: &Self, out: &mut Self, f: impl Fn(N, N, N) -> N);
}

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

    fn map1(&self, out: &mut Self, f: impl Fn(Rational) -> Rational) {
        for (out, a) in out.iter_mut().zip(self) {
            *out = f(a.clone());
        }
    }

    fn map2(&self, b: &Self, out: &mut Self, f: impl Fn(Rational, Rational) -> Rational) {
        for ((out, a), b) in out.iter_mut().zip(self).zip(b) {
            *out = f(a.clone(), b.clone());
        }
    }

    fn map3(&self, b: &Self, c: &Self, out: &mut Self, f: impl Fn(Rational, Rational, Rational) -> Rational) {
        for (((out, a), b), c) in out.iter_mut().zip(self).zip(b).zip(c) {
            *out = f(a.clone(), b.clone(), c.clone());
        }
    }
}

/// A column of [`Filtered`] numbers, kept as three columns of binary64 so that loops over it become
/// vector instructions.
#[derive(Clone, Debug, Default)]
pub struct FilteredColumn {
    hi: Vec<f64>,
    lo: Vec<f64>,
    err: Vec<f64>,
}

impl FilteredColumn {
    /// Loads binary64s as the decimals that they print as. NaN and the infinities become undecided.
    ///
    /// Integers below 2^53 are exact, and they and short decimals (six places) are loaded in a vector loop.
    #[must_use]
    pub fn from_f64s(values: &[f64]) -> FilteredColumn {
        let mut column = FilteredColumn::with_len(values.len());
        for ((hi, lo, err), &x) in column.iter_mut().zip(values) {
            let number = Filtered::from_short_decimal(x);
            (*hi, *lo, *err) = (number.hi, number.lo, number.err);
        }
        for ((hi, lo, err), &x) in column.iter_mut().zip(values) {
            if *err == f64::INFINITY
                && let Some(decimal) = Decimal::new(x)
            {
                let number = Filtered::from_decimal(decimal);
                (*hi, *lo, *err) = (number.hi, number.lo, number.err);
            }
        }
        column
    }

    fn iter(&self) -> impl Iterator<Item = Filtered> {
        self.hi.iter().zip(&self.lo).zip(&self.err).map(|((&hi, &lo), &err)| Filtered { hi, lo, err })
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = (&mut f64, &mut f64, &mut f64)> {
        self.hi.iter_mut().zip(&mut self.lo).zip(&mut self.err).map(|((hi, lo), err)| (hi, lo, err))
    }
}

impl Column<Filtered> for FilteredColumn {
    fn with_len(len: usize) -> Self {
        FilteredColumn { hi: vec![0.0; len], lo: vec![0.0; len], err: vec![0.0; len] }
    }

    fn len(&self) -> usize {
        self.hi.len()
    }

    fn resize(&mut self, len: usize) {
        self.hi.resize(len, 0.0);
        self.lo.resize(len, 0.0);
        self.err.resize(len, 0.0);
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
        }
    }

    fn fill(&mut self, value: Filtered) {
        self.hi.fill(value.hi);
        self.lo.fill(value.lo);
        self.err.fill(value.err);
    }

    #[inline]
    fn map1(&self, out: &mut Self, f: impl Fn(Filtered) -> Filtered) {
        for ((hi, lo, err), a) in out.iter_mut().zip(self.iter()) {
            let result = f(a);
            (*hi, *lo, *err) = (result.hi, result.lo, result.err);
        }
    }

    #[inline]
    fn map2(&self, b: &Self, out: &mut Self, f: impl Fn(Filtered, Filtered) -> Filtered) {
        for (((hi, lo, err), a), b) in out.iter_mut().zip(self.iter()).zip(b.iter()) {
            let result = f(a, b);
            (*hi, *lo, *err) = (result.hi, result.lo, result.err);
        }
    }

    #[inline]
    fn map3(&self, b: &Self, c: &Self, out: &mut Self, f: impl Fn(Filtered, Filtered, Filtered) -> Filtered) {
        for ((((hi, lo, err), a), b), c) in out.iter_mut().zip(self.iter()).zip(b.iter()).zip(c.iter()) {
            let result = f(a, b, c);
            (*hi, *lo, *err) = (result.hi, result.lo, result.err);
        }
    }
}
