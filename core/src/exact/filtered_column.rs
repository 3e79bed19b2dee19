//! Columns of [`Filtered`] numbers, in loops that become vector instructions.

use super::column::{Column, Places};
use super::decimal::Decimal;
use super::filtered::{Filtered, LARGEST};
use super::number::Number;

/// A column of [`Filtered`] numbers, kept as three columns of binary64 so that loops over it become
/// vector instructions.
#[derive(Debug, Clone)]
pub struct FilteredColumn {
    lanes: Lanes,
    /// Surely all are integers below 2^53, exactly: then the low parts and the bounds are nothing but zeros.
    integers: bool,
}

/// The numbers of a column.
#[derive(Debug, Clone)]
enum Lanes {
    /// No number.
    None,
    /// A single one needs no memory of its own, since one territory is often scored alone.
    One(Filtered),
    /// High parts, low parts and bounds, of one length; in a box, so that a single number is moved cheaply.
    Many(Box<[Vec<f64>; 3]>),
}

impl Lanes {
    /// So many zeros.
    fn zeros(len: usize) -> Self {
        match len {
            0 => Self::None,
            1 => Self::One(Filtered::ZERO),
            _ => Self::Many(Box::new([(); 3].map(|()| vec![0.0; len]))),
        }
    }

    /// Cuts the lanes, or lengthens them with zeros.
    fn resize(&mut self, len: usize) {
        match self {
            Self::None => *self = Self::zeros(len),
            Self::One(_) if len == 1 => {}
            Self::One(number) => {
                let lane = |part| {
                    let mut lane = vec![part];
                    lane.resize(len, 0.0);
                    lane
                };
                *self = Self::Many(Box::new([number.hi, number.lo, number.err].map(lane)));
            }
            Self::Many(lanes) => lanes.iter_mut().for_each(|lane| lane.resize(len, 0.0)),
        }
    }

    fn parts(&self) -> [&[f64]; 3] {
        match self {
            Self::None => [(); 3].map(|()| [].as_slice()),
            Self::One(Filtered { hi, lo, err }) => [hi, lo, err].map(std::slice::from_ref),
            Self::Many(lanes) => lanes.each_ref().map(Vec::as_slice),
        }
    }

    fn parts_mut(&mut self) -> [&mut [f64]; 3] {
        match self {
            Self::None => [(); 3].map(|()| [].as_mut_slice()),
            Self::One(Filtered { hi, lo, err }) => [hi, lo, err].map(std::slice::from_mut),
            Self::Many(lanes) => lanes.each_mut().map(Vec::as_mut_slice),
        }
    }
}

impl FilteredColumn {
    /// Is every number exactly its high part?
    fn is_binary64(&self) -> bool {
        let [_, lo, err] = self.lanes.parts();
        self.integers || lo.iter().chain(err).fold(true, |all, part| all & (*part == 0.0))
    }

    /// The high parts.
    fn hi(&self) -> &[f64] {
        let [hi, ..] = self.lanes.parts();
        hi
    }

    /// Makes the low parts and bounds those of integers.
    fn become_integers(&mut self) {
        if !self.integers {
            let [_, lo, err] = self.lanes.parts_mut();
            lo.fill(0.0);
            err.fill(0.0);
            self.integers = true;
        }
    }

    fn iter(&self) -> impl Iterator<Item = Filtered> {
        let [hi, lo, err] = self.lanes.parts();
        hi.iter().zip(lo).zip(err).map(|((&hi, &lo), &err)| Filtered { hi, lo, err })
    }

    fn iter_mut(&mut self) -> impl Iterator<Item = (&mut f64, &mut f64, &mut f64)> {
        self.integers = false;
        let [hi, lo, err] = self.lanes.parts_mut();
        hi.iter_mut().zip(lo).zip(err).map(|((hi, lo), err)| (hi, lo, err))
    }
}

impl Column<Filtered> for FilteredColumn {
    fn with_len(len: usize) -> Self {
        Self { lanes: Lanes::zeros(len), integers: true }
    }

    fn one(number: Filtered) -> Self {
        Self { lanes: Lanes::One(number), integers: number.is_exact() && Filtered::is_integer(number.hi) }
    }

    fn len(&self) -> usize {
        self.hi().len()
    }

    fn resize(&mut self, len: usize) {
        self.lanes.resize(len);
    }

    fn copy(&mut self, other: &Self) {
        self.resize(other.len());
        let ([hi, lo, err], [other_hi, other_lo, other_err]) = (self.lanes.parts_mut(), other.lanes.parts());
        hi.copy_from_slice(other_hi);
        if other.integers {
            self.become_integers();
        } else {
            lo.copy_from_slice(other_lo);
            err.copy_from_slice(other_err);
            self.integers = false;
        }
    }

    /// In a loop without branches: with `y = x + 2^52`, `x` is whole, from 0 to 2^52 and not -0 if and only if `y` has
    /// the exponent of 2^52 and `y - 2^52` has the bits of `x`. Negative numbers are not told quickly.
    fn load_whole(&mut self, values: &[f64]) -> bool {
        const WHOLE: f64 = 4_503_599_627_370_496.0;
        self.resize(values.len());
        let [hi, ..] = self.lanes.parts_mut();
        let (mut differences, mut exponents) = (0_u64, 0_u64);
        for (hi, x) in hi.iter_mut().zip(values) {
            let y = x + WHOLE;
            differences |= (y - WHOLE).to_bits() ^ x.to_bits();
            exponents |= y.to_bits() ^ WHOLE.to_bits();
            *hi = *x;
        }
        if differences != 0 || exponents >> 52 != 0 {
            self.integers = false;
            return false;
        }
        self.become_integers();
        true
    }

    /// Integers below 2^53 are exact, and they and short decimals (six places) are loaded in a vector loop.
    fn load(&mut self, values: &[f64]) {
        if self.load_whole(values) {
            return;
        }
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
        let [hi, lo, err] = self.lanes.parts();
        match (hi.get(index), lo.get(index), err.get(index)) {
            (Some(&hi), Some(&lo), Some(&err)) => Filtered { hi, lo, err },
            _ => Filtered::UNDECIDED,
        }
    }

    fn set(&mut self, index: usize, value: Filtered) {
        let [hi, lo, err] = self.lanes.parts_mut();
        if let (Some(hi), Some(lo), Some(err)) = (hi.get_mut(index), lo.get_mut(index), err.get_mut(index)) {
            (*hi, *lo, *err) = (value.hi, value.lo, value.err);
            self.integers &= value.is_exact() && Filtered::is_integer(value.hi);
        }
    }

    fn fill(&mut self, value: Filtered) {
        self.integers = false;
        let [hi, lo, err] = self.lanes.parts_mut();
        hi.fill(value.hi);
        lo.fill(value.lo);
        err.fill(value.err);
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

    fn plus(&mut self, b: &Self) {
        let whole = self.integers && b.integers;
        self.update_with(b, Number::add);
        // The bounds are those of exact sums as far as the high parts are.
        self.integers = whole && self.hi().iter().fold(true, |all, x| all & Filtered::is_integer(*x));
    }

    fn quotient(&mut self, a: &Self, b: &Self) {
        self.resize(a.len().min(b.len()));
        if !(a.integers && b.integers) {
            self.copy(a);
            self.update_with(b, Number::div);
            return;
        }
        for (((hi, lo, err), a), b) in self.iter_mut().zip(a.hi()).zip(b.hi()) {
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
        let steps = terms.len() as f64;
        for (column, factor) in terms.iter().filter(|(column, _)| column.integers) {
            let bound = factor.bound_of_whole(steps);
            for ((hi, lo, err), a) in self.iter_mut().zip(column.hi()) {
                let sum = Filtered { hi: *hi, lo: *lo, err: *err }.step_of_whole(*a, *factor, bound);
                (*hi, *lo, *err) = (sum.hi, sum.lo, sum.err);
            }
        }
        self.update(|sum| sum.gathered());
        for (column, factor) in terms.iter().filter(|(column, _)| !column.integers) {
            self.update_with(column, |sum, value| sum.step(*value, *factor));
        }
        self.update(|sum| sum.summed(steps));
    }

    fn is_whole(&self) -> bool {
        self.integers
    }

    fn some_zero(&self) -> bool {
        // Without an early end, so that it becomes a vector loop.
        if self.integers {
            return self.hi().iter().fold(false, |any, x| any | (*x == 0.0));
        }
        self.iter().fold(false, |any, number| any | (number.is_zero() != Some(false)))
    }

    /// What is larger than the range of these numbers is undecided.
    fn some_overflow(&self) -> bool {
        false
    }

    fn some_undecided(&self) -> bool {
        let [_, _, err] = self.lanes.parts();
        !self.integers && err.iter().fold(false, |any, err| any | (*err == f64::INFINITY))
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
        let ((mut lowest, mut highest), mut found) = ((f64::INFINITY, f64::NEG_INFINITY), (Vec::new(), Vec::new()));
        let mut buffer = [0.0; PIECE];
        let mut start = 0_usize;
        for (a, b) in a.hi().chunks(PIECE).zip(b.hi().chunks(PIECE)) {
            let quotients = buffer.get_mut(..a.len().min(b.len())).unwrap_or_default();
            for ((quotient, a), b) in quotients.iter_mut().zip(a).zip(b) {
                *quotient = a / b;
            }
            let (low, high) = ends(quotients);
            // What is too large for these numbers may be too large for a binary64.
            if !(low.abs() <= LARGEST && high.abs() <= LARGEST) {
                return None;
            }
            if low < lowest {
                lowest = low;
                found.0.clear();
            }
            if high > highest {
                highest = high;
                found.1.clear();
            }
            if low == lowest && least.is_none_or(|least| low <= least.interval().1) {
                places(quotients, low, start, &mut found.0);
            }
            if high == highest && greatest.is_none_or(|greatest| high >= greatest.interval().0) {
                places(quotients, high, start, &mut found.1);
            }
            start = start.saturating_add(quotients.len());
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

/// How many quotients are taken at once, in memory that is not asked for.
const PIECE: usize = 512;

/// The least and the greatest of some binary64s that are no NaN; infinities for none.
fn ends(numbers: &[f64]) -> (f64, f64) {
    // Each of four places has ends of its own, since the compiler does not change the order of comparisons to make
    // vector instructions of them.
    let (mut lowest, mut highest) = ([f64::INFINITY; 4], [f64::NEG_INFINITY; 4]);
    let mut meet = |numbers: &[f64]| {
        for ((x, low), high) in numbers.iter().zip(&mut lowest).zip(&mut highest) {
            *low = if *x < *low { *x } else { *low };
            *high = if *x > *high { *x } else { *high };
        }
    };
    let (fours, rest) = numbers.as_chunks::<4>();
    for four in fours {
        meet(four);
    }
    meet(rest);
    let least = lowest.into_iter().fold(f64::INFINITY, |least, low| if low < least { low } else { least });
    let greatest = highest.into_iter().fold(f64::NEG_INFINITY, |most, high| if high > most { high } else { most });
    (least, greatest)
}

/// Adds the places of a number, counted from `start`.
fn places(numbers: &[f64], wanted: f64, start: usize, found: &mut Vec<usize>) {
    for (part, numbers) in numbers.chunks(16).enumerate() {
        if numbers.iter().fold(false, |any, x| any | (*x == wanted)) {
            let at = numbers.iter().enumerate().filter(|(_, x)| **x == wanted);
            found.extend(at.map(|(place, _)| start.saturating_add(part.saturating_mul(16)).saturating_add(place)));
        }
    }
}
