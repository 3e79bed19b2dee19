//! Exact values, however long.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, Mul, Neg, Sub};

use dashu_int::ops::{BitTest, DivRem, Gcd, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig};

use super::decimal::Decimal;
use super::rounding::{self, Published, Rounding};

/// Longest text that [`Rational::parse`] reads; reducing still longer fractions takes too long.
const MAX_TEXT: usize = 50_000;

/// Longest result of [`Rational::pow`], in bits.
const MAX_POWER_BITS: usize = 1 << 22;

/// An exact rational number.
///
/// Written `"n/d"`, reduced, with `d > 0`; an integer is `"3/1"`.
#[derive(Clone)]
pub struct Rational(Repr);

/// Machine integers as long as they last, since nearly all values fit; reduced only when they overflow.
#[derive(Clone)]
enum Repr {
    /// INVARIANT: the denominator is positive and the numerator is not `i128::MIN`.
    Small(i128, i128),
    Big(Box<Big>),
}

/// INVARIANT: reduced, the denominator is positive, and one of the two does not fit an `i128`.
#[derive(Clone)]
struct Big {
    numerator: IBig,
    denominator: UBig,
}

impl Rational {
    /// Zero.
    pub const ZERO: Rational = Rational(Repr::Small(0, 1));
    /// One.
    pub const ONE: Rational = Rational(Repr::Small(1, 1));

    /// Zero.
    #[must_use]
    pub fn zero() -> Rational {
        Rational::ZERO
    }

    /// One.
    #[must_use]
    pub fn one() -> Rational {
        Rational::ONE
    }

    /// The exact binary value of a binary64; `None` for NaN and the infinities.
    ///
    /// This is not what the binary64 prints as: see [`Decimal`] for that.
    #[must_use]
    pub fn from_binary64(x: f64) -> Option<Rational> {
        if !x.is_finite() {
            return None;
        }
        let (mantissa, exponent) = binary_parts(x.abs());
        let magnitude = UBig::from(mantissa);
        let sign = if x < 0.0 { Sign::Negative } else { Sign::Positive };
        let places = exponent.unsigned_abs() as usize;
        Some(if exponent >= 0 {
            Rational::from_big(IBig::from_parts(sign, magnitude << places), UBig::ONE)
        } else {
            let shared = places.min(mantissa.trailing_zeros() as usize);
            let places = if mantissa == 0 { 0 } else { places - shared };
            Rational::from_reduced(IBig::from_parts(sign, magnitude >> shared), UBig::ONE << places)
        })
    }

    /// Reads `"n/d"`: plain digits, reduced, `d > 0`, a minus sign only before `n`; nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Rational> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let (n, d) = text.split_once('/')?;
        let magnitude = n.strip_prefix('-').unwrap_or(n);
        let negative = magnitude.len() != n.len();
        let plain = |digits: &str| {
            digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
        };
        if !plain(magnitude) || !plain(d) {
            return None;
        }
        let numerator: UBig = magnitude.parse().ok()?;
        let denominator: UBig = d.parse().ok()?;
        if denominator.is_zero() || (negative && numerator.is_zero()) {
            return None;
        }
        if !numerator.is_zero() && !(&numerator).gcd(&denominator).is_one() {
            return None;
        }
        if numerator.is_zero() && !denominator.is_one() {
            return None;
        }
        let sign = if negative { Sign::Negative } else { Sign::Positive };
        Some(Rational::from_reduced(IBig::from_parts(sign, numerator), denominator))
    }

    /// Reduces; the denominator is not zero.
    pub(super) fn from_big(numerator: IBig, denominator: UBig) -> Rational {
        if numerator.is_zero() {
            return Rational::ZERO;
        }
        let divisor = (&numerator).unsigned_abs().gcd(&denominator);
        if divisor.is_one() {
            Rational::from_reduced(numerator, denominator)
        } else {
            let (sign, magnitude) = numerator.into_parts();
            Rational::from_reduced(IBig::from_parts(sign, magnitude / &divisor), denominator / &divisor)
        }
    }

    fn from_reduced(numerator: IBig, denominator: UBig) -> Rational {
        match (i128::try_from(&numerator), i128::try_from(&denominator)) {
            (Ok(n), Ok(d)) if n != i128::MIN => Rational(Repr::Small(n, d)),
            _ => Rational(Repr::Big(Box::new(Big { numerator, denominator }))),
        }
    }

    /// A quotient of machine integers; the denominator is positive.
    fn small(n: i128, d: i128) -> Option<Rational> {
        (n != i128::MIN).then_some(Rational(Repr::Small(n, d)))
    }

    pub(super) fn to_big(&self) -> (IBig, UBig) {
        match &self.0 {
            Repr::Small(n, d) => (IBig::from(*n), UBig::from(d.unsigned_abs())),
            Repr::Big(big) => (big.numerator.clone(), big.denominator.clone()),
        }
    }

    /// Reduced numerator and denominator.
    pub(super) fn to_reduced(&self) -> (IBig, UBig) {
        match self.reduced().0 {
            Repr::Small(n, d) => (IBig::from(n), UBig::from(d.unsigned_abs())),
            Repr::Big(big) => (big.numerator, big.denominator),
        }
    }

    fn reduced(&self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => {
                let (n, d) = reduce(*n, *d);
                Rational(Repr::Small(n, d))
            }
            Repr::Big(_) => self.clone(),
        }
    }

    /// Whether the value is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        matches!(&self.0, Repr::Small(0, _))
    }

    /// -1, 0 or 1.
    #[must_use]
    pub fn signum(&self) -> i32 {
        match &self.0 {
            Repr::Small(n, _) => n.signum() as i32,
            Repr::Big(big) => match big.numerator.sign() {
                Sign::Negative => -1,
                Sign::Positive => 1,
            },
        }
    }

    /// The magnitude.
    #[must_use]
    pub fn abs(&self) -> Rational {
        if self.signum() < 0 { -self } else { self.clone() }
    }

    /// The quotient; `None` if the divisor is zero.
    #[must_use]
    pub fn checked_div(&self, divisor: &Rational) -> Option<Rational> {
        // Whole numbers, mostly counts, without a product.
        if let (Repr::Small(n, 1), Repr::Small(m, 1)) = (&self.0, &divisor.0)
            && *m != 0
        {
            return Some(Rational(Repr::Small(n * m.signum(), m.abs())));
        }
        let inverse = match &divisor.0 {
            Repr::Small(0, _) => return None,
            Repr::Small(n, d) => Rational(Repr::Small(d * n.signum(), n.abs())),
            Repr::Big(big) => {
                let (sign, magnitude) = big.numerator.clone().into_parts();
                Rational::from_reduced(IBig::from_parts(sign, big.denominator.clone()), magnitude)
            }
        };
        Some(self * &inverse)
    }

    /// The value raised to a power (`0^0` is 1); `None` if the result would have millions of digits.
    #[must_use]
    pub fn pow(&self, exponent: u32) -> Option<Rational> {
        let (n, d) = self.to_reduced();
        let bits = n.bit_len().max(d.bit_len());
        // 1 and -1 never grow.
        if bits > 1 && bits.saturating_mul(exponent as usize) > MAX_POWER_BITS {
            return None;
        }
        let exponent = exponent as usize;
        Some(Rational::from_reduced(n.pow(exponent), d.pow(exponent)))
    }

    /// Numerator and denominator in decimal, reduced; the denominator is positive.
    #[must_use]
    pub fn numerator_denominator(&self) -> (String, String) {
        let (n, d) = self.to_reduced();
        (n.to_string(), d.to_string())
    }

    /// How many digits numerator and denominator have together when reduced.
    #[must_use]
    pub fn digits(&self) -> usize {
        let (n, d) = self.numerator_denominator();
        n.trim_start_matches('-').len() + d.len()
    }

    /// The nearest binary64, ties to even; an infinity beyond its range.
    #[must_use]
    pub fn round(&self) -> f64 {
        match &self.0 {
            Repr::Small(n, d) => rounding::round_quotient_small(*n, *d),
            Repr::Big(big) => {
                let (sign, magnitude) = big.numerator.as_sign_ubig();
                rounding::round_quotient(sign == Sign::Negative, &magnitude, &big.denominator, 0)
            }
        }
    }

    /// Could the nearest binary64 lie beyond the range? Told by the number of bits alone.
    pub(super) fn may_overflow(&self) -> bool {
        match &self.0 {
            Repr::Small(..) => false,
            Repr::Big(big) => big.numerator.bit_len() > big.denominator.bit_len().saturating_add(1000),
        }
    }

    /// The value rounded to `decimals` decimals.
    #[must_use]
    pub fn publish(&self, decimals: u8, rule: Rounding) -> Published {
        if let Repr::Small(n, d) = &self.0
            && let Some(published) = rounding::publish_small(*n, *d, decimals, rule)
        {
            return published;
        }
        let (n, d) = self.to_big();
        rounding::publish_big(&n, &d, decimals, rule)
    }
}

trait AsSignUbig {
    fn as_sign_ubig(&self) -> (Sign, UBig);
}

impl AsSignUbig for IBig {
    fn as_sign_ubig(&self) -> (Sign, UBig) {
        (self.sign(), self.unsigned_abs())
    }
}

/// A finite binary64 that is not negative, as `mantissa × 2^exponent`.
pub(super) fn binary_parts(x: f64) -> (u64, i32) {
    const HIDDEN: u64 = 1 << 52;
    let bits = x.to_bits();
    let fraction = bits & (HIDDEN - 1);
    match (bits >> 52) as i32 & 0x7FF {
        0 => (fraction, -1074),
        exponent => (fraction | HIDDEN, exponent - 1075),
    }
}

/// Lowest terms; the denominator is positive.
fn reduce(n: i128, d: i128) -> (i128, i128) {
    let divisor = gcd(n.unsigned_abs(), d.unsigned_abs());
    match i128::try_from(divisor) {
        Ok(divisor) if divisor > 1 => (n / divisor, d / divisor),
        _ => (n, d),
    }
}

/// Greatest common divisor; `gcd(0, b)` is `b`.
fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // Two machine words are several times faster than four.
        if let (Ok(a), Ok(b)) = (u64::try_from(a), u64::try_from(b)) {
            return u128::from(gcd_word(a, b));
        }
        (a, b) = (b, a % b);
    }
    a
}

fn gcd_word(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let twos = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = if a > b { (b, a - b) } else { (a, b - a) };
    }
    a << twos
}

/// The sum of two small fractions, if it is small.
fn add_small(a: i128, b: i128, c: i128, d: i128) -> Option<Rational> {
    if b == d {
        return Rational::small(a.checked_add(c)?, b);
    }
    Rational::small(a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?)
}

fn multiply_small(a: i128, b: i128, c: i128, d: i128) -> Option<Rational> {
    Rational::small(a.checked_mul(c)?, b.checked_mul(d)?)
}

fn add(a: &Rational, b: &Rational) -> Rational {
    if let (Repr::Small(n, d), Repr::Small(m, e)) = (&a.0, &b.0) {
        if let Some(sum) = add_small(*n, *d, *m, *e) {
            return sum;
        }
        let ((n, d), (m, e)) = (reduce(*n, *d), reduce(*m, *e));
        // Over the least common denominator, which may be much less than the product.
        let divisor = i128::try_from(gcd(d.unsigned_abs(), e.unsigned_abs())).unwrap_or(1).max(1);
        let small = || {
            let left = n.checked_mul(e / divisor)?;
            let right = m.checked_mul(d / divisor)?;
            Rational::small(left.checked_add(right)?, d.checked_mul(e / divisor)?)
        };
        if let Some(sum) = small() {
            return sum;
        }
    }
    let ((n, d), (m, e)) = (a.to_big(), b.to_big());
    if d == e {
        return Rational::from_big(n + m, d);
    }
    Rational::from_big(n * &e + m * &d, d * e)
}

fn multiply(a: &Rational, b: &Rational) -> Rational {
    if let (Repr::Small(n, d), Repr::Small(m, e)) = (&a.0, &b.0) {
        if let Some(product) = multiply_small(*n, *d, *m, *e) {
            return product;
        }
        let ((n, e), (m, d)) = (reduce(*n, *e), reduce(*m, *d));
        let ((n, d), (m, e)) = (reduce(n, d), reduce(m, e));
        if let Some(product) = multiply_small(n, d, m, e) {
            return product;
        }
    }
    let ((n, d), (m, e)) = (a.to_big(), b.to_big());
    Rational::from_big(n * m, d * e)
}

/// `∑ column[i] factor` for each of `len` places, of integers below 2^53: over the common denominator of the factors,
/// sums of products of integers. Columns that are shorter end in zeros.
pub(super) fn weighted_sums(len: usize, terms: &[(&[i64], &Rational)]) -> Vec<Rational> {
    let factors: Vec<(IBig, UBig)> = terms.iter().map(|(_, factor)| factor.to_reduced()).collect();
    let common = factors.iter().fold(UBig::ONE, |common, (_, d)| {
        let divisor = (&common).gcd(d);
        common * (d / divisor)
    });
    let factors: Vec<IBig> = factors.into_iter().map(|(n, d)| n * (&common / d)).collect();
    if let Some(sums) = weighted_sums_small(len, terms, &factors, &common) {
        return sums;
    }
    let mut sums = vec![IBig::ZERO; len];
    for ((column, _), factor) in terms.iter().zip(&factors) {
        for (sum, x) in sums.iter_mut().zip(*column) {
            *sum += factor * *x;
        }
    }
    sums.into_iter().map(|sum| Rational::from_big(sum, common.clone())).collect()
}

/// The same in machine integers; `None` where they might be too small.
fn weighted_sums_small(
    len: usize,
    terms: &[(&[i64], &Rational)],
    factors: &[IBig],
    common: &UBig,
) -> Option<Vec<Rational>> {
    // With numbers below 2^53, no sum reaches 2^127.
    const LARGEST: u128 = 1 << (127 - 53);
    let common = i128::try_from(common).ok()?;
    let factors: Vec<i128> = factors.iter().map(|factor| i128::try_from(factor).ok()).collect::<Option<_>>()?;
    factors
        .iter()
        .try_fold(0_u128, |total, factor| total.checked_add(factor.unsigned_abs()))
        .filter(|total| *total <= LARGEST)?;
    let mut sums = vec![0_i128; len];
    for ((column, _), factor) in terms.iter().zip(factors) {
        // The product of two machine words is one instruction.
        if let Ok(factor) = i64::try_from(factor) {
            for (sum, x) in sums.iter_mut().zip(*column) {
                *sum += i128::from(factor) * i128::from(*x);
            }
        } else {
            for (sum, x) in sums.iter_mut().zip(*column) {
                *sum += factor * i128::from(*x);
            }
        }
    }
    sums.into_iter().map(|sum| Rational::small(sum, common)).collect()
}

/// Both operators on values and on references.
macro_rules! operator {
    ($trait:ident, $method:ident, $function:expr) => {
        impl $trait<&Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                $function(self, other)
            }
        }
        impl $trait<Rational> for Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                $function(&self, &other)
            }
        }
        impl $trait<&Rational> for Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                $function(&self, other)
            }
        }
        impl $trait<Rational> for &Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                $function(self, &other)
            }
        }
    };
}

operator!(Add, add, add);
operator!(Sub, sub, |a: &Rational, b: &Rational| add(a, &-b));
operator!(Mul, mul, multiply);

impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => Rational(Repr::Small(-n, *d)),
            Repr::Big(big) => Rational::from_reduced(-&big.numerator, big.denominator.clone()),
        }
    }
}

impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        -&self
    }
}

impl From<i64> for Rational {
    fn from(i: i64) -> Rational {
        Rational(Repr::Small(i128::from(i), 1))
    }
}

/// The decimal that is written, exactly.
impl From<Decimal> for Rational {
    fn from(decimal: Decimal) -> Rational {
        let (mantissa, exponent) = decimal.parts();
        let mantissa = i128::from(mantissa);
        let power = 10_i128.checked_pow(exponent.unsigned_abs());
        let small = power.and_then(|power| {
            if exponent >= 0 {
                Rational::small(mantissa.checked_mul(power)?, 1)
            } else {
                Rational::small(mantissa, power)
            }
        });
        small.unwrap_or_else(|| {
            let power = UBig::from(10_u8).pow(exponent.unsigned_abs() as usize);
            let mantissa = IBig::from(mantissa);
            if exponent >= 0 {
                Rational::from_reduced(mantissa * power, UBig::ONE)
            } else {
                Rational::from_big(mantissa, power)
            }
        })
    }
}

impl PartialEq for Rational {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Rational {}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Repr::Small(a, b), Repr::Small(c, d)) = (&self.0, &other.0) {
            if b == d {
                return a.cmp(c);
            }
            if let (Some(left), Some(right)) = (a.checked_mul(*d), c.checked_mul(*b)) {
                return left.cmp(&right);
            }
        }
        self.signum().cmp(&other.signum()).then_with(|| {
            let ((a, b), (c, d)) = (self.to_big(), other.to_big());
            (a * d).cmp(&(c * b))
        })
    }
}

/// Of the value, not of the representation: equal values have equal hashes.
impl Hash for Rational {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.reduced().0 {
            Repr::Small(n, d) => (n, d).hash(state),
            Repr::Big(big) => (&big.numerator, &big.denominator).hash(state),
        }
    }
}

impl Default for Rational {
    fn default() -> Self {
        Rational::ZERO
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// `n/d`, reduced, `d > 0`.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, d) = self.numerator_denominator();
        f.pad(&format!("{n}/{d}"))
    }
}

/// `floor(numerator / denominator)` for positive integers.
pub(super) fn floor_quotient(numerator: UBig, denominator: &UBig) -> UBig {
    numerator.div_rem(denominator).0
}
