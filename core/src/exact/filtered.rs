//! Double-double arithmetic that knows how wrong it may be.
//!
//! A [`Filtered`] number stands for a real number `x` of which `|x - (hi + lo)| <= err` is proved, with
//! `hi` the binary64 nearest to `hi + lo`. Every operation computes its result and a new bound, in
//! binary64 and without branches, so that loops over columns become vector instructions.
//!
//! # Notation of the proofs
//!
//! `u = 2^-53`; every binary64 operation that neither overflows nor underflows has a relative error of at
//! most `u`; `|lo| <= u |hi|`. An error of order `u³` is swallowed by rounding the constants up.
//! The bound itself is computed with at most eight roundings, all of positive numbers, which
//! [`SLACK`] = `1 + 2^-49` repays.
//!
//! # Range
//!
//! `hi` is zero or between 2^-900 and 2^900 in magnitude. So a product of two of them that is itself in
//! the range has its error term above 2^-1074, which makes the two-product exact, and partial results that
//! underflow are wrong by at most 2^-1075 each, which is repaid either by [`TINY`] or, where it was divided
//! by something, by what the constants have to spare (see there). [`Filtered::checked`] restores the
//! range: larger results become undecided, smaller ones become zero with a bound that contains them.

use std::cmp::Ordering;

use super::decimal::Decimal;
use super::filtered_column::FilteredColumn;
use super::number::{Number, Transform, Transformed, carry_on};
use super::rational::Rational;
use super::rounding::{POWERS_OF_TEN, Published, Rounding};
use super::series;

#[cfg(all(target_arch = "x86", not(target_feature = "sse2")))]
compile_error!("bareme needs IEEE 754 binary64 arithmetic, which the x87 unit does not have: enable SSE2");

/// 2^-52, twice `u`.
const EPSILON: f64 = f64::EPSILON;
/// 2^-102, sixteen times `u²`.
const PRODUCT: f64 = 4.0 * EPSILON * EPSILON;
/// 1 + 2^-49.
const SLACK: f64 = 1.0 + 8.0 * EPSILON;
/// 2^-1000.
pub(super) const TINY: f64 = f64::from_bits((1023 - 1000) << 52);
/// 2^-900.
const SMALLEST: f64 = f64::from_bits((1023 - 900) << 52);
/// 2^900.
pub(super) const LARGEST: f64 = f64::from_bits((1023 + 900) << 52);
/// 2^53.
const INTEGERS: f64 = 9_007_199_254_740_992.0;
/// 3 × 2^51: adding and subtracting it rounds what is below 2^51 to the nearest integer.
pub(super) const ROUNDER: f64 = 3.0 * INTEGERS / 4.0;

/// A number known up to a proved bound; "undecided" when the bound is infinite.
///
/// Cheap to copy, never wrong: what it cannot decide, it says so, and the caller computes again with
/// [`Rational`].
#[derive(Clone, Copy, Debug)]
pub struct Filtered {
    pub(super) hi: f64,
    pub(super) lo: f64,
    /// INVARIANT: at least 0, infinite if undecided, never NaN.
    pub(super) err: f64,
}

/// `a + b = sum + error`, exactly, if nothing overflows (Knuth).
#[inline(always)]
const fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    (sum, (a - (sum - b_part)) + (b - b_part))
}

/// The same if `|a| >= |b|` or `a = 0` (Dekker).
#[inline(always)]
const fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a = high + low`, each of at most 26 bits, if `|a| < 2^995` (Veltkamp).
#[inline(always)]
const fn split(a: f64) -> (f64, f64) {
    let scaled = 134_217_729.0 * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

/// `a × b = product + error`, exactly, if nothing overflows and the error is a binary64 (Dekker).
///
/// Not a fused multiply-add: where the processor has none it would be a slow call, and the result is
/// the same.
#[inline(always)]
const fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// `if condition { yes } else { no }`, which the compiler turns into a select.
#[inline(always)]
const fn select(condition: bool, yes: f64, no: f64) -> f64 {
    if condition { yes } else { no }
}

impl Filtered {
    /// A number of which nothing is known.
    pub const UNDECIDED: Filtered = Filtered { hi: 0.0, lo: 0.0, err: f64::INFINITY };
    /// Zero.
    pub const ZERO: Filtered = Filtered::exactly(0.0);
    /// One.
    pub const ONE: Filtered = Filtered::exactly(1.0);
    /// One hundred.
    pub const HUNDRED: Filtered = Filtered::exactly(100.0);

    /// A binary64 at its binary value. It must be zero or in the range.
    pub(super) const fn exactly(x: f64) -> Filtered {
        Filtered { hi: x, lo: 0.0, err: 0.0 }
    }

    /// Is a binary64 an integer below 2^53 other than -0?
    #[inline(always)]
    pub(super) fn is_integer(x: f64) -> bool {
        // Adding and subtracting 2^52 rounds a smaller positive number to an integer.
        const HALF: f64 = INTEGERS / 2.0;
        let magnitude = x.abs();
        let whole = (magnitude >= HALF) | ((magnitude + HALF) - HALF == magnitude);
        whole & (magnitude < INTEGERS) & (x.to_bits() != (-0.0_f64).to_bits())
    }

    /// What a binary64 prints as, without branches, if that is an integer below 2^53 or has at most six
    /// decimals and fifteen digits; else undecided.
    ///
    /// If `n < 10^15` is an integer and `n / 10^6` rounds to `x`, then `x` prints as `n / 10^6`: no two
    /// decimals of at most fifteen digits round to the same binary64, and the shortest has no more
    /// digits than `n`.
    #[inline(always)]
    pub(super) fn from_short_decimal(x: f64) -> Filtered {
        const MILLION: f64 = 1e6;
        const FIFTEEN_DIGITS: f64 = 1e15;
        let magnitude = x.abs();
        let integer = Filtered::is_integer(x);
        let millionths = (magnitude * MILLION + INTEGERS / 2.0) - INTEGERS / 2.0;
        let short = (millionths < FIFTEEN_DIGITS) & (millionths / MILLION == magnitude);
        let n = select(x < 0.0, -millionths, millionths);
        let quotient = Filtered::exactly(select(short, n, 0.0)).over(Filtered::exactly(MILLION));
        Filtered {
            hi: select(integer, x + 0.0, quotient.hi),
            lo: select(integer, 0.0, quotient.lo),
            err: select(integer, 0.0, select(short, quotient.err, f64::INFINITY)),
        }
    }

    /// Whether nothing at all is known.
    #[must_use]
    pub const fn is_undecided(&self) -> bool {
        self.err == f64::INFINITY
    }

    /// Restores the invariants of a result whose bound holds as far as nothing left the range.
    ///
    /// Below the range the value is at most 2^-899 with its rounding, which becomes its bound.
    #[inline(always)]
    const fn checked(hi: f64, lo: f64, err: f64) -> Filtered {
        let magnitude = hi.abs();
        // Written so that NaN fails.
        let valid = (magnitude <= LARGEST) & (err <= LARGEST);
        let flushed = (magnitude < SMALLEST) & (magnitude != 0.0);
        let err = select(flushed, err + 2.0 * SMALLEST, err);
        Filtered {
            hi: select(valid & !flushed, hi, 0.0),
            lo: select(valid & !flushed, lo, 0.0),
            err: select(valid, err, f64::INFINITY),
        }
    }

    /// The sum.
    ///
    /// `a.hi + b.hi = s + e` exactly; `t = a.lo + b.lo` and `w = e + t` are rounded: wrong by at most
    /// `u |t| + u |w|`. The bound has twice that, so that its own underflow does not matter: a rounding
    /// error is zero or at least 2^-1074, and then half of the computed term still covers it. With
    /// `t = 0` nothing is rounded, so sums of integers, for example, stay exact.
    #[inline(always)]
    pub(super) const fn plus(self, other: Filtered) -> Filtered {
        let (s, e) = two_sum(self.hi, other.hi);
        let t = self.lo + other.lo;
        let w = e + t;
        let (hi, lo) = two_sum(s, w);
        let rounding = select(t == 0.0, 0.0, (t.abs() + w.abs()) * EPSILON);
        // When `t` vanishes by cancellation, which is exact, the sum is exact as well.
        Filtered::checked(hi, lo, (self.err + other.err + rounding) * SLACK)
    }

    /// The opposite.
    #[inline(always)]
    pub(super) const fn negated(self) -> Filtered {
        Filtered { hi: -self.hi, lo: -self.lo, err: self.err }
    }

    /// The product.
    ///
    /// `a.hi b.hi = p + e` exactly. The two cross products are at most `u |p|`, each wrong by `u²|p|`;
    /// their sum `t` is at most `2u |p|`, wrong by `2u² |p|`; `w = e + t` is at most `3u |p|`, wrong by
    /// `3u² |p|`; `a.lo b.lo`, left out, is at most `u² |p|`. Together `8u² |p|`; the bound has 16.
    /// Then the operands' own errors: `|a| β + |b| α + α β`, with `|a| <= |a.hi| (1 + u)`, which the slack
    /// repays.
    ///
    /// Without low parts and errors the product is exact. Else `TINY` repays what may underflow. Below
    /// the range none of this holds, but the product is at most 2^-899.
    #[inline(always)]
    pub(super) const fn times(self, other: Filtered) -> Filtered {
        let (p, e) = two_product(self.hi, other.hi);
        let t = self.hi * other.lo + self.lo * other.hi;
        let w = e + t;
        let (hi, lo) = fast_two_sum(p, w);
        let inherited = self.hi.abs() * other.err + (other.hi.abs() + other.err) * self.err;
        let exact = (self.lo == 0.0) & (other.lo == 0.0) & (self.err == 0.0) & (other.err == 0.0);
        let err = select(exact, 0.0, (inherited + p.abs() * PRODUCT + TINY) * SLACK);
        // A product that vanished is not zero.
        let vanished = (p.abs() < SMALLEST) & (self.hi != 0.0) & (other.hi != 0.0);
        Filtered::checked(hi, lo, select(vanished, err + 2.0 * SMALLEST, err))
    }

    /// The quotient; undecided if the divisor may be zero, or is not known to six digits.
    ///
    /// `q = a.hi / b.hi` rounded; `p + e = q b.hi` exactly; `a.hi - p` is exact (Sterbenz), and `r₀ = a.hi -
    /// q b.hi` is a binary64 (the remainder of a division), so it is exact as well, at most `u |a.hi|`.
    /// `a/b - q = (r₀ + a.lo - q b.lo) / b`. The numerator is at most `3u |a.hi|`; computing it costs
    /// `2u² + u² + 3u²` of `|a.hi|`; taking `b.hi` for `b` costs `3u²` of `|q|`, the rounded inverse and the
    /// product with it `6u²`. Together `15u² |q|`; the bound has 16, and third-order terms are below
    /// one; partial results that underflow cost at most 2^-1075 / |b.hi| <= 2^-175 |q|.
    /// Then the operands' own errors, `(α + |q| β) / (|b| - β)`, where `β <= 2^-20 |b.hi|`.
    #[inline(always)]
    pub(super) const fn over(self, divisor: Filtered) -> Filtered {
        let inverse = 1.0 / divisor.hi;
        let q = self.hi / divisor.hi;
        let (p, e) = two_product(q, divisor.hi);
        let remainder = (self.hi - p) - e;
        let rest = (remainder + self.lo) - q * divisor.lo;
        let (hi, lo) = fast_two_sum(q, rest * inverse);
        let inherited = (self.err + q.abs() * divisor.err) * inverse.abs() * (1.0 + 1.0 / 262_144.0);
        let exact =
            (self.lo == 0.0) & (divisor.lo == 0.0) & (self.err == 0.0) & (divisor.err == 0.0) & (remainder == 0.0);
        let err = select(exact, 0.0, (inherited + q.abs() * PRODUCT + TINY) * SLACK);
        // A divisor of zero gives an infinity or NaN, which is undecided in any case.
        let valid = divisor.err <= divisor.hi.abs() * (1.0 / 1_048_576.0);
        Filtered::checked(hi, lo, select(valid, err, f64::INFINITY))
    }

    /// The quotient of two integers below 2^53; undecided if the divisor is zero.
    ///
    /// With one division: `v = 1 / b` and `q = a v` are rounded, so that `|a - q b| <= 2u |a|` (and a little).
    /// `p + e = q b` exactly, `a - p` is exact (Sterbenz), and `r = (a - p) - e` is wrong by at most `2u² |a|`.
    /// `a/b - q = (a - q b) / b`: taking `r v` for it costs `2u²` for `r`, `2u²` for `v` and `2u²` for the
    /// product, all of `|q|`, and a little. The bound has 16. With `r = 0` the quotient is exact. Nothing
    /// leaves the range.
    #[inline(always)]
    pub(super) const fn quotient_of_integers(a: f64, b: f64) -> Filtered {
        let inverse = 1.0 / b;
        let q = a * inverse;
        let (p, e) = two_product(q, b);
        let remainder = (a - p) - e;
        let (hi, lo) = fast_two_sum(q, remainder * inverse);
        let err = select(remainder == 0.0, 0.0, q.abs() * PRODUCT);
        let defined = b != 0.0;
        Filtered {
            hi: select(defined, hi, 0.0),
            lo: select(defined, lo, 0.0),
            err: select(defined, err, f64::INFINITY),
        }
    }

    /// One step of a weighted sum, `self + a b`, whose bound is repaid at the end by [`Filtered::summed`].
    ///
    /// `a.hi b.hi = p + e` and `self.hi + p = s + f` exactly. As in a product, `t = e + a.hi b.lo + a.lo b.hi`
    /// is at most `3u |p|` and wrong by `7u² |p|`, and `u² |p|` is left out. As in a sum, `g = self.lo + t`
    /// and `w = g + f` are rounded, which costs `u |g| + u |w|`. The bound has 16 `u² |p|` and twice the rest.
    ///
    /// Nothing is checked here. What leaves the range upwards makes `p`, and so the bound, infinite or NaN;
    /// what leaves it downwards is wrong by less than [`TINY`] for each of these steps.
    #[inline(always)]
    pub(super) const fn step(self, a: Filtered, b: Filtered) -> Filtered {
        let (p, e) = two_product(a.hi, b.hi);
        let t = e + (a.hi * b.lo + a.lo * b.hi);
        let (s, f) = two_sum(self.hi, p);
        let g = self.lo + t;
        let w = g + f;
        let (hi, lo) = two_sum(s, w);
        let inherited = a.hi.abs() * b.err + (b.hi.abs() + b.err) * a.err;
        let err = self.err + (inherited + (p.abs() * PRODUCT + (g.abs() + w.abs()) * EPSILON));
        Filtered { hi, lo, err }
    }

    /// The result of so many steps: each rounded its bound six times at most, and what may have
    /// underflowed is added. (A step with a whole number rounds it once, after three times in its factor's bound.)
    #[inline(always)]
    pub(super) const fn summed(self, steps: f64) -> Filtered {
        let err = (self.err + steps * TINY) * (1.0 + steps * (8.0 * EPSILON));
        Filtered::checked(self.hi, self.lo, err)
    }

    /// `self + a b` for a whole `a` below 2^53, before [`Filtered::gathered`]: `hi` is the sum of the rounded products,
    /// `lo` that of what rounding left over, and `err` is `∑ |a| bound`, where [`Filtered::bound_of_whole`] gives the
    /// bound.
    #[inline(always)]
    pub(super) const fn step_of_whole(self, a: f64, b: Filtered, bound: f64) -> Filtered {
        let (p, e) = two_product(a, b.hi);
        let (s, f) = two_sum(self.hi, p);
        Filtered { hi: s, lo: self.lo + (f + (e + a * b.lo)), err: self.err + a.abs() * bound }
    }

    /// What one unit of a whole number adds to the bound of a sum of so many of them, with the factor `self`.
    ///
    /// Let `P = ∑ |pᵢ|` be the sum of the magnitudes of `n` rounded products. `a b.hi = p + e` exactly; `t = e + a
    /// b.lo` is at most `2u |p|` and wrong by `3u² |p|`: `3u² P` in all. `f` is at most `u` times a sum, so `u P`; the
    /// additions `r = f + t` are wrong by `u |r|`, which is at most `(n + 2) u² P` in all; and those that add `r` to
    /// what is left over, which never exceeds `(n + 2) u P`, by `n (n + 2) u² P`. Together `(n² + 3n + 5) u² P`,
    /// at most `(n + 2)² u² P`; the bound has twice that, which covers what is of a higher order. Neither two-product
    /// nor sum leaves the range: a factor is at most 2^900, a whole number below 2^53.
    pub(super) const fn bound_of_whole(self, terms: f64) -> f64 {
        self.hi.abs() * ((terms + 2.0) * (terms + 2.0) * (EPSILON * EPSILON / 2.0)) + self.err
    }

    /// The sum of whole numbers with factors, ready for [`Filtered::step`] or [`Filtered::summed`].
    #[inline(always)]
    pub(super) const fn gathered(self) -> Filtered {
        let (hi, lo) = two_sum(self.hi, self.lo);
        Filtered { hi, lo, err: self.err }
    }

    /// Times a power of two, which must not leave the range of normal numbers.
    #[inline(always)]
    pub(super) const fn scaled(self, power: f64) -> Filtered {
        let exact = (self.lo == 0.0) & (self.err == 0.0);
        // Only the low part and the bound can underflow, by at most 2^-1074 together.
        let err = select(exact, 0.0, self.err * power + TINY);
        Filtered::checked(self.hi * power, self.lo * power, err)
    }

    /// The same with a bound that is larger by `more`.
    #[inline(always)]
    pub(super) const fn widened(self, more: f64) -> Filtered {
        Filtered::checked(self.hi, self.lo, (self.err + more) * SLACK)
    }

    /// The one of two which is surely the smaller, else either, with a bound that contains both cases.
    ///
    /// `|min(a, b) - min(a', b')| <= max(|a - a'|, |b - b'|)`. The computed difference is wrong by at most
    /// `2u` times the two parts, plus `u` times itself.
    #[inline(always)]
    const fn smaller(self, other: Filtered) -> Filtered {
        let (high, low) = (other.hi - self.hi, other.lo - self.lo);
        let difference = high + low;
        let doubt = (self.err + other.err) * 2.0 + (high.abs() + low.abs()) * (4.0 * EPSILON);
        // In this order because `hi` is the rounded value; the computed difference may have the wrong sign.
        let first = (self.hi < other.hi) | ((self.hi == other.hi) & (self.lo < other.lo));
        let sure = difference.abs() > doubt;
        let own = select(first, self.err, other.err);
        let larger = select(self.err > other.err, self.err, other.err);
        Filtered {
            hi: select(first, self.hi, other.hi),
            lo: select(first, self.lo, other.lo),
            err: select(sure, own, larger),
        }
    }

    /// Two binary64s that the value surely lies between.
    ///
    /// `m = 4u |hi| + 2 err` is more than `|lo| + err` by `3u |hi| + err`, which repays the rounding of
    /// `hi - m`, at most `u |hi| + u m`.
    #[inline(always)]
    pub(super) const fn interval(self) -> (f64, f64) {
        let margin = self.hi.abs() * (2.0 * EPSILON) + 2.0 * self.err;
        (self.hi - margin, self.hi + margin)
    }

    /// Whether the value is surely not zero: `|x| >= |hi| (1 - u) - err`.
    #[inline(always)]
    const fn is_surely_not_zero(self) -> bool {
        self.hi.abs() * 0.5 > self.err
    }

    /// Whether the value is known exactly.
    #[inline(always)]
    pub(super) const fn is_exact(self) -> bool {
        self.err == 0.0
    }

    /// A positive decimal's digits, `digits × 10^exponent`.
    fn from_digits(digits: i64, exponent: i32) -> Filtered {
        let mut number = <Filtered as Number>::from_integer(digits);
        let mut places = exponent.unsigned_abs() as usize;
        while places > 0 {
            let step = places.min(POWERS_OF_TEN.len() - 1);
            let Some(&power) = POWERS_OF_TEN.get(step) else { return Filtered::UNDECIDED };
            let power = Filtered::exactly(power);
            number = if exponent < 0 { number.over(power) } else { number.times(power) };
            places -= step;
        }
        number
    }
}

impl Number for Filtered {
    type Column = FilteredColumn;

    #[inline]
    fn from_decimal(decimal: Decimal) -> Self {
        // Most are whole, which needs no quotient.
        if Filtered::is_integer(decimal.get()) {
            return Filtered::exactly(decimal.get());
        }
        let short = Filtered::from_short_decimal(decimal.get());
        if !short.is_undecided() {
            return short;
        }
        let (digits, exponent) = decimal.parts();
        Filtered::from_digits(digits, exponent)
    }

    fn from_rational(rational: &Rational) -> Self {
        let hi = rational.round();
        let Some(high) = Rational::from_binary64(hi) else { return Filtered::UNDECIDED };
        if hi.abs() < SMALLEST {
            return Filtered { hi: 0.0, lo: 0.0, err: if rational.is_zero() { 0.0 } else { 2.0 * SMALLEST } };
        }
        let rest = rational - high;
        let lo = rest.round();
        let exact = Rational::from_binary64(lo).is_some_and(|low| low == rest);
        // What is left is at most u² |hi|, a sixteenth of this bound.
        let err = if exact { 0.0 } else { hi.abs() * PRODUCT };
        let (hi, lo) = fast_two_sum(hi, lo);
        Filtered::checked(hi, lo, err)
    }

    #[inline]
    fn from_integer(integer: i64) -> Self {
        if integer.unsigned_abs() < 1 << 53 {
            return Filtered::exactly(integer as f64);
        }
        // 2^63 has 11 bits more than a binary64, which the low part holds.
        let hi = integer as f64;
        let lo = (i128::from(integer) - hi as i128) as f64;
        Filtered { hi, lo, err: 0.0 }
    }

    #[inline(always)]
    fn add(&self, other: &Self) -> Self {
        self.plus(*other)
    }

    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        self.plus(other.negated())
    }

    #[inline(always)]
    fn mul(&self, other: &Self) -> Self {
        self.times(*other)
    }

    #[inline(always)]
    fn div(&self, divisor: &Self) -> Self {
        self.over(*divisor)
    }

    #[inline(always)]
    fn min(&self, other: &Self) -> Self {
        self.smaller(*other)
    }

    #[inline(always)]
    fn max(&self, other: &Self) -> Self {
        self.negated().smaller(other.negated()).negated()
    }

    #[inline(always)]
    fn abs(&self) -> Self {
        let negative = self.hi < 0.0;
        Filtered { hi: self.hi.abs(), lo: select(negative, -self.lo, self.lo), err: self.err }
    }

    #[inline]
    fn is_zero(&self) -> Option<bool> {
        if self.is_surely_not_zero() {
            Some(false)
        } else {
            // Not surely different and exact: the high part is zero, and the low part with it.
            self.is_exact().then_some(true)
        }
    }

    #[inline]
    fn compare(&self, other: &Self) -> Option<Ordering> {
        let difference = self.plus(other.negated());
        if difference.is_surely_not_zero() {
            Some(if difference.hi > 0.0 { Ordering::Greater } else { Ordering::Less })
        } else {
            difference.is_exact().then_some(Ordering::Equal)
        }
    }

    /// Both ends of the interval, widened by the rounding of its ends, are added to `hi`. Rounding is
    /// monotone: if both sums round to `hi`, so does everything between. An exact value is rounded
    /// by the addition itself, ties included.
    #[inline]
    fn round(&self) -> Option<f64> {
        let reach = self.err * SLACK + self.lo.abs() * EPSILON;
        let sure = (self.hi + (self.lo + reach) == self.hi) & (self.hi + (self.lo - reach) == self.hi);
        if self.is_exact() {
            Some(self.hi + self.lo + 0.0)
        } else if sure && self.hi != 0.0 {
            Some(self.hi)
        } else {
            None
        }
    }

    #[inline]
    fn interval(&self) -> (f64, f64) {
        Filtered::interval(*self)
    }

    #[inline]
    fn is_undecided(&self) -> bool {
        Filtered::is_undecided(self)
    }

    /// A number beyond 2^900 is undecided, so a decided one is far within the range.
    #[inline]
    fn overflows(&self) -> bool {
        false
    }

    /// The value times `10^decimals` is `whole + part`, with `whole` the integer nearest to its high part
    /// and `|part|` at most a half (and a little). Its distance from a boundary is computed with two
    /// roundings, each of at most 2^-53, and decides unless it is as small as that and the bound together.
    /// The sign of a computed sum is always right, so an exact value decides even on the boundary.
    fn publish(&self, decimals: u8, rule: Rounding) -> Option<Published> {
        const LIMIT: f64 = INTEGERS / 4.0;
        let power = POWERS_OF_TEN.get(usize::from(decimals)).filter(|_| decimals <= 15)?;
        let scaled = self.times(Filtered::exactly(*power));
        if !(scaled.hi.abs() < LIMIT && scaled.err < 0.25) {
            return None;
        }
        let whole = (scaled.hi + ROUNDER) - ROUNDER;
        let high_part = scaled.hi - whole;
        let doubt = if scaled.is_exact() { 0.0 } else { scaled.err + EPSILON };
        // The sign of `part - boundary`; `None` in doubt, zero only if exact.
        let side = |boundary: f64| {
            let distance = (high_part - boundary) + scaled.lo;
            if distance.abs() > doubt {
                Some(if distance > 0.0 { Ordering::Greater } else { Ordering::Less })
            } else {
                (doubt == 0.0).then_some(Ordering::Equal)
            }
        };
        let integer = whole as i64;
        let units = match rule {
            Rounding::Down => match (side(0.0)?, integer) {
                // Towards zero from the integer just beyond.
                (Ordering::Less, 1..) => integer - 1,
                (Ordering::Greater, ..0) => integer + 1,
                _ => integer,
            },
            Rounding::HalfUp | Rounding::HalfEven => {
                let even = rule == Rounding::HalfEven;
                let (above, below) = (side(0.5)?, side(-0.5)?);
                // Ties: away from zero, or to even.
                let up = match above {
                    Ordering::Greater => true,
                    Ordering::Equal => {
                        if even {
                            integer % 2 != 0
                        } else {
                            integer >= 0
                        }
                    }
                    Ordering::Less => false,
                };
                let down = match below {
                    Ordering::Less => true,
                    Ordering::Equal => {
                        if even {
                            integer % 2 != 0
                        } else {
                            integer <= 0
                        }
                    }
                    Ordering::Greater => false,
                };
                integer + i64::from(up) - i64::from(down)
            }
        };
        Some(Published::from_i64(units))
    }

    fn transform(&self, transform: Transform) -> Transformed<Self> {
        let undecided = Transformed::Value(Filtered::UNDECIDED);
        let bound = if transform == Transform::Ln1p { Filtered::exactly(-1.0) } else { Filtered::ZERO };
        let inside = match Number::compare(self, &bound) {
            None => return undecided,
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => transform == Transform::Sqrt,
            Some(Ordering::Less) => false,
        };
        if !inside {
            return Transformed::Undefined;
        }
        let result = match transform {
            Transform::Ln => series::ln(*self),
            Transform::Ln1p => series::ln1p(*self),
            Transform::Log10 => series::log10(*self),
            Transform::Sqrt => series::sqrt(*self),
        };
        Number::round(&result).map_or(undecided, carry_on)
    }

    fn geometric_mean(terms: &[(Self, u64)]) -> Transformed<Self> {
        let undecided = Transformed::Value(Filtered::UNDECIDED);
        let mut some_weight = false;
        let mut some_zero = false;
        for (value, weight) in terms {
            if *weight == 0 {
                continue;
            }
            some_weight = true;
            match Number::compare(value, &Filtered::ZERO) {
                None => return undecided,
                Some(Ordering::Less) => return Transformed::Undefined,
                Some(Ordering::Equal) => some_zero = true,
                Some(Ordering::Greater) => {}
            }
        }
        if !some_weight {
            Transformed::Undefined
        } else if some_zero {
            Transformed::Value(Filtered::ZERO)
        } else {
            Number::round(&series::geometric_mean(terms)).map_or(undecided, carry_on)
        }
    }
}
