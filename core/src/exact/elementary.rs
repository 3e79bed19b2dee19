//! `ln`, `ln1p`, `log10` and `sqrt` of exact values, correctly rounded to binary64, in integers alone.
//!
//! The method is Ziv's: compute in fixed point with a proved error bound; if both ends of the interval
//! round to the same binary64, that is the answer, else try again with twice the digits. It ends,
//! because the value is never the midpoint of two binary64s: midpoints are rational, while the
//! logarithm of a rational other than 1 is irrational (Lindemann), and so is `log10` of what is not
//! a power of ten.

use std::sync::OnceLock;

use dashu_int::ops::{BitTest, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig};

use super::number::Transform;
use super::rational::{Rational, floor_quotient};
use super::rounding::{round_scaled, round_square_root};

/// First precision of the ladder, in bits. One value in about 2^60 needs the second.
pub(super) const FIRST_PRECISION: usize = 128;

/// A result in `(-2^-1075, 2^-1075)` rounds to zero.
const VANISHING: i64 = -1076;

/// The rounded result; `None` outside the domain. Beyond the range (a root of something huge) an infinity.
pub(super) fn transform(x: &Rational, transform: Transform) -> Option<f64> {
    let (n, d) = x.to_reduced();
    match transform {
        Transform::Ln => positive(n).map(|n| ln(&n, &d)),
        Transform::Ln1p => positive(n + &d).map(|n| ln(&n, &d)),
        Transform::Log10 => positive(n).map(|n| log10(&n, &d)),
        Transform::Sqrt if n.is_zero() => Some(0.0),
        Transform::Sqrt => positive(n).map(|n| round_square_root(&n, &d, 0)),
    }
}

fn positive(n: IBig) -> Option<UBig> {
    let (sign, magnitude) = n.into_parts();
    (sign == Sign::Positive && !magnitude.is_zero()).then_some(magnitude)
}

/// A real number `x` of which `|x × 2^places - value| <= error` is known.
pub(super) struct Approximation {
    pub(super) value: IBig,
    pub(super) error: UBig,
    pub(super) places: usize,
}

impl Approximation {
    /// The binary64s to which the two ends of the interval, times `2^exponent`, round.
    pub(super) fn round_ends(&self, exponent: i64) -> (f64, f64) {
        let exponent = exponent.saturating_sub(self.places as i64);
        let round = |end: IBig| {
            let (sign, magnitude) = end.into_parts();
            round_scaled(sign == Sign::Negative, &magnitude, exponent)
        };
        (round(&self.value - &self.error), round(&self.value + &self.error))
    }

    fn rounded(&self) -> Option<f64> {
        let (low, high) = self.round_ends(0);
        (low == high).then_some(low)
    }
}

/// `ln(n/d)`; neither is zero.
fn ln(n: &UBig, d: &UBig) -> f64 {
    let Some(small) = smallness(n, d) else { return 0.0 };
    let mut precision = FIRST_PRECISION;
    loop {
        if let Some(result) = logarithm(n, d, precision + small).rounded() {
            return result;
        }
        precision *= 2;
    }
}

/// `log10(n/d)`, reduced; neither is zero.
fn log10(n: &UBig, d: &UBig) -> f64 {
    if d.is_one()
        && let Some(exponent) = exponent_of_ten(n)
    {
        return exponent as f64;
    }
    if n.is_one()
        && let Some(exponent) = exponent_of_ten(d)
    {
        return -(exponent as f64);
    }
    // log10 is smaller than ln in magnitude.
    let Some(small) = smallness(n, d) else { return 0.0 };
    let ten = UBig::from(10_u8);
    let mut precision = FIRST_PRECISION;
    loop {
        let dividend = logarithm(n, d, precision + small);
        let divisor = logarithm(&ten, &UBig::ONE, precision + 16);
        // With x = a/b, a = A ± α and b = B ± β: |x - A/B| <= (α + |A/B| β) / b, and here b > 2. The
        // rounding of the division adds less than 1, that of |A/B| β less than 1.
        let value = (dividend.value << divisor.places) / &divisor.value;
        let error = dividend.error + (((&value).unsigned_abs() * divisor.error) >> divisor.places) + UBig::from(2_u8);
        if let Some(result) = (Approximation { value, error, places: dividend.places }).rounded() {
            return result;
        }
        precision *= 2;
    }
}

/// `j` if the integer is `10^j`.
fn exponent_of_ten(n: &UBig) -> Option<usize> {
    let exponent = n.trailing_zeros()?;
    // 10^j has between 3j and 4j + 1 bits; the test saves computing most powers.
    let bits = n.bit_len();
    if bits < exponent.saturating_mul(3) || bits > exponent.saturating_mul(4).saturating_add(1) {
        return None;
    }
    (UBig::from(10_u8).pow(exponent) == *n).then_some(exponent)
}

/// How many leading zero bits `|ln(n/d)|` has, about; `None` if it is zero or rounds to zero.
fn smallness(n: &UBig, d: &UBig) -> Option<usize> {
    let (larger, smaller) = if n > d { (n, d) } else { (d, n) };
    let difference = larger - smaller;
    if difference.is_zero() {
        return None;
    }
    // |ln(n/d)| < difference / smaller < 2^bound.
    let bound = difference.bit_len() as i64 - smaller.bit_len() as i64 + 1;
    (bound > VANISHING).then(|| usize::try_from(-bound).unwrap_or(0))
}

/// `ln(n/d)` to `places` fraction bits; neither is zero.
///
/// `n/d = 2^k × m` with `5/7 <= m <= 7/5`, and `ln m = 2 atanh((m-1)/(m+1))`.
pub(super) fn logarithm(n: &UBig, d: &UBig, places: usize) -> Approximation {
    let mut k = n.bit_len() as i64 - d.bit_len() as i64;
    let scaled = |k: i64| {
        let places = usize::try_from(k.unsigned_abs()).unwrap_or(0);
        if k > 0 { (n.clone(), d << places) } else { (n << places, d.clone()) }
    };
    let (mut n_scaled, mut d_scaled) = scaled(k);
    if &n_scaled * 5_u8 > &d_scaled * 7_u8 {
        k += 1;
        (n_scaled, d_scaled) = scaled(k);
    } else if &n_scaled * 7_u8 < &d_scaled * 5_u8 {
        k -= 1;
        (n_scaled, d_scaled) = scaled(k);
    }
    let sum = &n_scaled + &d_scaled;
    let difference = IBig::from(n_scaled) - IBig::from(d_scaled);
    let (sign, difference) = difference.into_parts();
    let (series, terms) = inverse_hyperbolic_tangent(floor_quotient(difference << places, &sum), places);
    let value = IBig::from(k) * IBig::from(ln2(places)) + IBig::from_parts(sign, series << 1);
    let error = UBig::from(k.unsigned_abs()) * 2_u8 + UBig::from(terms) * 4_u8 + UBig::from(8_u8);
    Approximation { value, error, places }
}

/// `atanh(z)` for `0 <= z <= 1/6`, and how many terms it took. Too small by at most `2 terms + 4` units
/// when `z` is too small by at most one.
///
/// Units are of the last place. Everything is truncated, so each quantity is too small. `z²` by less
/// than 2; each power by less than 1.4 (from one to the next: 1.4/36 + 2/6 + 1), each term
/// by less than 1.4/3 + 1 < 2; what follows the first power that vanishes, by less than 3.
fn inverse_hyperbolic_tangent(z: UBig, places: usize) -> (UBig, usize) {
    let square = (&z * &z) >> places;
    let mut power = z.clone();
    let mut sum = z;
    let mut terms = 1_usize;
    loop {
        power = (power * &square) >> places;
        if power.is_zero() {
            return (sum, terms);
        }
        sum += &power / (2 * terms + 1);
        terms += 1;
    }
}

/// `ln 2`, too small by less than 2 units of the last place.
pub(super) fn ln2(places: usize) -> UBig {
    const CACHED: usize = 1024;
    static CACHE: OnceLock<UBig> = OnceLock::new();
    if places <= CACHED {
        // Truncated twice: by less than 1 in the last place kept, and by what the cache lacks.
        CACHE.get_or_init(|| compute_ln2(CACHED)) >> (CACHED - places)
    } else {
        compute_ln2(places)
    }
}

/// `ln 2 = 2 atanh(1/3)`, too small by less than 2 units of the last place.
fn compute_ln2(places: usize) -> UBig {
    // Each of fewer than 2^63 terms is too small by less than 2 units, so 64 more places leave less
    // than one unit after cutting them, plus the cut.
    const GUARD: usize = 64;
    let mut power = (UBig::ONE << (places + GUARD + 1)) / 3_u8;
    let mut sum = power.clone();
    let mut divisor = 3_usize;
    while !power.is_zero() {
        power /= 9_u8;
        sum += &power / divisor;
        divisor += 2;
    }
    sum >> GUARD
}
