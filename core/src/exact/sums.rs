//! Mean and spread, the same in any order and any partition.
//!
//! The sums are kept exactly, as wide integers over all the bit positions that a binary64, or a product
//! of them, can have. So there is nothing to be lost: a sum depends only on the set of what was
//! added.

use dashu_int::ops::UnsignedAbs;
use dashu_int::{IBig, Sign, UBig};

use super::rational::binary_parts;
use super::rounding::{round_quotient, round_square_root};

/// How far apart the positions are that limbs stand for.
const LIMB_BITS: u32 = 32;

/// Additions between two propagations of carries. A piece of 64 bits, shifted by up to 31, has 95; with
/// 2^30 of them, and what propagation leaves, a limb stays below 2^126.
const PATIENCE: u32 = 1 << 30;

/// The exponent of the lowest bit of a binary64.
const LOWEST: i64 = -1074;

/// Limbs for sums of products of one, two, three binary64s: 2,098 bits for each factor, 64 for the count of
/// the terms, and a little.
const LINEAR: usize = (2098 + 64) / 32 + 2;
const QUADRATIC: usize = (2 * 2098 + 64) / 32 + 2;
const CUBIC: usize = (3 * 2098 + 64) / 32 + 2;

/// The low 64 bits.
const LOW: u128 = u64::MAX as u128;

/// An exact sum of products of binary64s. Limb `i` counts `2^(32 i)` units of the product of the lowest
/// bits.
///
/// Limbs are signed and four times as wide as their distance, so a number is added to one limb, and
/// carries can wait.
#[derive(Clone)]
struct ExactSum<const LIMBS: usize> {
    limbs: [i128; LIMBS],
    /// Additions since carries were propagated.
    waiting: u32,
}

impl<const LIMBS: usize> ExactSum<LIMBS> {
    fn new() -> Self {
        ExactSum { limbs: [0; LIMBS], waiting: 0 }
    }

    fn clear(&mut self) {
        self.limbs = [0; LIMBS];
        self.waiting = 0;
    }

    /// Makes room for another addition, which may have several pieces if they go to different limbs.
    #[inline]
    fn make_room(&mut self) {
        if self.waiting >= PATIENCE {
            self.propagate();
        }
        self.waiting += 1;
    }

    /// Adds `±piece × 2^position` without making room.
    #[inline]
    fn add_piece(&mut self, negative: bool, piece: u64, position: u32) {
        let shifted = i128::from(piece) << (position % LIMB_BITS);
        let signed = if negative { -shifted } else { shifted };
        // The position of a product of binary64s is always inside, and carries are propagated long before
        // the limb is full, so that it wraps only in name.
        if let Some(limb) = self.limbs.get_mut((position / LIMB_BITS) as usize) {
            *limb = limb.wrapping_add(signed);
        }
    }

    /// Leaves every limb but the last in `0..2^32`.
    #[inline(never)]
    fn propagate(&mut self) {
        let mut carry = 0_i128;
        if let Some((last, limbs)) = self.limbs.split_last_mut() {
            for limb in limbs {
                let sum = limb.wrapping_add(carry);
                carry = sum >> LIMB_BITS;
                *limb = sum & 0xFFFF_FFFF;
            }
            *last = last.wrapping_add(carry);
        }
        self.waiting = 0;
    }

    fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        other.propagate();
        self.make_room();
        for (limb, more) in self.limbs.iter_mut().zip(&other.limbs) {
            *limb = limb.wrapping_add(*more);
        }
    }

    fn total(&self) -> IBig {
        let mut sum = self.clone();
        sum.propagate();
        let negative = sum.limbs.last().is_some_and(|last| *last < 0);
        if negative {
            for limb in &mut sum.limbs {
                *limb = limb.wrapping_neg();
            }
            sum.propagate();
        }
        let mut bytes = Vec::with_capacity(4 * LIMBS);
        let used = sum.limbs.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
        for limb in sum.limbs.iter().take(used) {
            bytes.extend_from_slice(&(*limb as u32).to_le_bytes());
        }
        let sign = if negative { Sign::Negative } else { Sign::Positive };
        IBig::from_parts(sign, UBig::from_le_bytes(&bytes))
    }
}

/// A finite binary64 as sign, mantissa and position above the lowest bit.
#[derive(Clone, Copy)]
struct Parts {
    negative: bool,
    mantissa: u64,
    position: u32,
}

impl Parts {
    fn new(x: f64) -> Parts {
        let (mantissa, exponent) = binary_parts(x.abs());
        Parts { negative: x < 0.0, mantissa, position: (exponent + 1074).unsigned_abs() }
    }
}

impl<const LIMBS: usize> ExactSum<LIMBS> {
    #[inline]
    fn add(&mut self, x: Parts) {
        self.make_room();
        self.add_piece(x.negative, x.mantissa, x.position);
    }

    #[inline]
    fn add_product(&mut self, x: Parts, y: Parts) {
        self.make_room();
        let product = u128::from(x.mantissa) * u128::from(y.mantissa);
        let (negative, position) = (x.negative != y.negative, x.position + y.position);
        self.add_piece(negative, (product & LOW) as u64, position);
        self.add_piece(negative, (product >> 64) as u64, position + 64);
    }

    /// Adds `weight × x²`.
    #[inline]
    fn add_weighted_square(&mut self, weight: Parts, x: Parts) {
        self.make_room();
        let square = u128::from(x.mantissa) * u128::from(x.mantissa);
        let position = weight.position + 2 * x.position;
        // 159 bits: the low 64 bits of the square times the weight, then the high 42.
        let low = (square & LOW) * u128::from(weight.mantissa);
        let high = (square >> 64) * u128::from(weight.mantissa) + (low >> 64);
        self.add_piece(false, (low & LOW) as u64, position);
        self.add_piece(false, (high & LOW) as u64, position + 64);
        self.add_piece(false, (high >> 64) as u64, position + 128);
    }
}

/// Count, mean and spread of binary64s at their exact binary values, each rounded once.
///
/// Pushing in any order, or merging any partition, gives the same bits.
#[derive(Clone)]
pub struct Moments {
    count: u64,
    sum: ExactSum<LINEAR>,
    squares: ExactSum<QUADRATIC>,
    /// Whether something that is not finite was pushed: there is no result then.
    poisoned: bool,
}

impl Moments {
    /// Of nothing.
    #[must_use]
    pub fn new() -> Moments {
        Moments { count: 0, sum: ExactSum::new(), squares: ExactSum::new(), poisoned: false }
    }

    /// Adds one number. After NaN or an infinity there is no mean and no spread.
    pub fn push(&mut self, x: f64) {
        self.count = self.count.saturating_add(1);
        if !x.is_finite() {
            self.poisoned = true;
            return;
        }
        let x = Parts::new(x);
        self.sum.add(x);
        self.squares.add_product(x, x);
    }

    /// Adds what another has.
    pub fn merge(&mut self, other: &Moments) {
        self.count = self.count.saturating_add(other.count);
        self.poisoned |= other.poisoned;
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.count = 0;
        self.poisoned = false;
        self.sum.clear();
        self.squares.clear();
    }

    /// How many numbers were pushed.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The mean, correctly rounded; `None` of nothing.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        if self.poisoned || self.count == 0 {
            return None;
        }
        let (sign, magnitude) = self.sum.total().into_parts();
        Some(round_quotient(sign == Sign::Negative, &magnitude, &UBig::from(self.count), LOWEST))
    }

    /// `sqrt(Σ (x - mean)² / (n - ddof))` with the exact mean, correctly rounded; `None` unless
    /// `n > ddof`, and when it is beyond the range.
    #[must_use]
    pub fn spread(&self, ddof: u64) -> Option<f64> {
        if self.poisoned || self.count <= ddof {
            return None;
        }
        // Σ (x - mean)² = (n Σ x² - (Σ x)²) / n
        let sum = self.sum.total();
        let n = UBig::from(self.count);
        let numerator = self.squares.total() * &n - &sum * &sum;
        let denominator = &n * UBig::from(self.count - ddof);
        Some(round_square_root(&numerator.unsigned_abs(), &denominator, 2 * LOWEST)).filter(|root| root.is_finite())
    }
}

impl Default for Moments {
    fn default() -> Self {
        Moments::new()
    }
}

impl std::fmt::Debug for Moments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Moments").field("count", &self.count).field("mean", &self.mean()).finish_non_exhaustive()
    }
}

/// The same with weights, which are taken at their exact binary values too.
#[derive(Clone)]
pub struct WeightedMoments {
    count: u64,
    weights: ExactSum<LINEAR>,
    sum: ExactSum<QUADRATIC>,
    squares: ExactSum<CUBIC>,
    poisoned: bool,
}

impl WeightedMoments {
    /// Of nothing.
    #[must_use]
    pub fn new() -> WeightedMoments {
        WeightedMoments {
            count: 0,
            weights: ExactSum::new(),
            sum: ExactSum::new(),
            squares: ExactSum::new(),
            poisoned: false,
        }
    }

    /// Adds one number. After a negative weight, or anything that is not finite, there is no result.
    pub fn push(&mut self, weight: f64, x: f64) {
        self.count = self.count.saturating_add(1);
        if !x.is_finite() || !weight.is_finite() || weight < 0.0 {
            self.poisoned = true;
            return;
        }
        let (weight, x) = (Parts::new(weight), Parts::new(x));
        self.weights.add(weight);
        self.sum.add_product(weight, x);
        self.squares.add_weighted_square(weight, x);
    }

    /// Adds what another has.
    pub fn merge(&mut self, other: &WeightedMoments) {
        self.count = self.count.saturating_add(other.count);
        self.poisoned |= other.poisoned;
        self.weights.merge(&other.weights);
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.count = 0;
        self.poisoned = false;
        self.weights.clear();
        self.sum.clear();
        self.squares.clear();
    }

    /// How many numbers were pushed, those of weight 0 included.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The sum of the weights, correctly rounded; `None` beyond the range.
    #[must_use]
    pub fn total_weight(&self) -> Option<f64> {
        let total = self.weights.total().unsigned_abs();
        let rounded = round_quotient(false, &total, &UBig::ONE, LOWEST);
        (!self.poisoned && rounded.is_finite()).then_some(rounded)
    }

    /// `Σ w x / Σ w`, correctly rounded; `None` if the weights are all zero.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let total = self.weights.total().unsigned_abs();
        if self.poisoned || total.is_zero() {
            return None;
        }
        let (sign, magnitude) = self.sum.total().into_parts();
        Some(round_quotient(sign == Sign::Negative, &magnitude, &total, LOWEST))
    }

    /// `sqrt(Σ w (x - mean)² / Σ w)` with the exact mean, correctly rounded; `None` if the weights are all
    /// zero.
    #[must_use]
    pub fn spread(&self) -> Option<f64> {
        let total = self.weights.total();
        if self.poisoned || total.is_zero() {
            return None;
        }
        // Σ w (x - mean)² / W = (W Σ w x² - (Σ w x)²) / W²
        let sum = self.sum.total();
        let numerator = self.squares.total() * &total - &sum * &sum;
        let denominator = (&total * &total).unsigned_abs();
        Some(round_square_root(&numerator.unsigned_abs(), &denominator, 2 * LOWEST)).filter(|root| root.is_finite())
    }
}

impl Default for WeightedMoments {
    fn default() -> Self {
        WeightedMoments::new()
    }
}

impl std::fmt::Debug for WeightedMoments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WeightedMoments")
            .field("count", &self.count)
            .field("mean", &self.mean())
            .finish_non_exhaustive()
    }
}
