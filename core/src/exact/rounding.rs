//! Correct rounding: to binary64 and to decimals.

use std::cmp::Ordering;

use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{IBig, Sign, UBig};

use super::rational::Rational;

/// How an exact value is rounded to decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; ties go away from zero.
    HalfUp,
    /// To the nearest; ties go to the even digit.
    HalfEven,
    /// Towards zero.
    Down,
}

impl Rounding {
    /// Whether a magnitude `whole + remainder / divisor` is rounded up to `whole + 1`.
    fn goes_up(self, whole_is_odd: bool, twice_remainder_to_divisor: Ordering) -> bool {
        match self {
            Rounding::HalfUp => twice_remainder_to_divisor != Ordering::Less,
            Rounding::HalfEven => match twice_remainder_to_divisor {
                Ordering::Less => false,
                Ordering::Equal => whole_is_odd,
                Ordering::Greater => true,
            },
            Rounding::Down => false,
        }
    }
}

/// A score as people read it: an integer number of units of the last decimal.
///
/// The number of decimals is not kept, since one document has the same for all; comparisons assume
/// that both have the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Published(Units);

/// INVARIANT: `Big` only where an `i64` is too small, so that equality is equality of representations.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Units {
    Small(i64),
    Big(Box<IBig>),
}

impl Published {
    pub(super) fn from_i64(units: i64) -> Published {
        Published(Units::Small(units))
    }

    pub(super) fn from_big(units: IBig) -> Published {
        match i64::try_from(&units) {
            Ok(small) => Published(Units::Small(small)),
            Err(_) => Published(Units::Big(Box::new(units))),
        }
    }

    /// The canonical text, with a point and exactly `decimals` digits after it: `47.0`, `-0.3`; no
    /// point without decimals. Zero has no sign.
    #[must_use]
    pub fn text(&self, decimals: u8) -> String {
        let (negative, magnitude) = match &self.0 {
            Units::Small(units) => (*units < 0, units.unsigned_abs().to_string()),
            Units::Big(units) => (units.sign() == Sign::Negative, units.as_ref().clone().into_parts().1.to_string()),
        };
        let decimals = usize::from(decimals);
        let padded = format!("{magnitude:0>width$}", width = decimals + 1);
        let (whole, fraction) = padded.split_at_checked(padded.len().saturating_sub(decimals)).unwrap_or((&padded, ""));
        let sign = if negative { "-" } else { "" };
        let point = if decimals == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }

    /// Reads a text as [`Self::text`] writes it; nothing else.
    #[must_use]
    pub fn parse(text: &str, decimals: u8) -> Option<Published> {
        // That of the largest score has 322 bytes.
        if text.len() > 1_100 {
            return None;
        }
        let digits: String = text.chars().filter(|c| *c != '.').collect();
        let units: IBig = digits.parse().ok()?;
        Some(Published::from_big(units)).filter(|published| published.text(decimals) == text)
    }

    /// The same number, exactly.
    #[must_use]
    pub fn to_rational(&self, decimals: u8) -> Rational {
        let units = match &self.0 {
            Units::Small(units) => IBig::from(*units),
            Units::Big(units) => units.as_ref().clone(),
        };
        Rational::from_big(units, UBig::from(10_u8).pow(usize::from(decimals)))
    }
}

impl PartialOrd for Published {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Published {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Units::Small(a), Units::Small(b)) => a.cmp(b),
            (Units::Big(a), Units::Big(b)) => a.cmp(b),
            (Units::Small(_), Units::Big(b)) => IBig::ZERO.cmp(b),
            (Units::Big(a), Units::Small(_)) => a.as_ref().cmp(&IBig::ZERO),
        }
    }
}

/// The powers of ten that are exact in binary64.
pub(super) const POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// `numerator / denominator` in units of the last decimal, for machine integers; `None` if they are too
/// small for it.
pub(super) fn publish_small(numerator: i128, denominator: i128, decimals: u8, rule: Rounding) -> Option<Published> {
    let scaled = numerator.unsigned_abs().checked_mul(10_u128.checked_pow(u32::from(decimals))?)?;
    let denominator = denominator.unsigned_abs();
    let whole = scaled.checked_div(denominator)?;
    let remainder = scaled.checked_rem(denominator)?;
    // Comparing with what is left avoids doubling, which could overflow.
    let half = remainder.cmp(&(denominator - remainder));
    let whole = whole.checked_add(u128::from(rule.goes_up(whole % 2 == 1, half)))?;
    let units = i64::try_from(whole).ok()?;
    Some(Published::from_i64(if numerator < 0 { -units } else { units }))
}

/// `numerator / denominator` in units of the last decimal. The denominator is not zero.
pub(super) fn publish_big(numerator: &IBig, denominator: &UBig, decimals: u8, rule: Rounding) -> Published {
    let (sign, magnitude) = numerator.clone().into_parts();
    let scaled = magnitude * UBig::from(10_u8).pow(usize::from(decimals));
    let (whole, remainder) = scaled.div_rem(denominator);
    let half = (&remainder << 1).cmp(denominator);
    let whole = if rule.goes_up(whole.bit(0), half) { whole + UBig::ONE } else { whole };
    Published::from_big(IBig::from_parts(sign, whole))
}

/// The binary64 nearest to `±(magnitude + ε) × 2^exponent`, ties to even, where `0 < ε < 1` if
/// `inexact`, else `ε = 0`. An inexact magnitude must have at least 55 bits. Overflow gives an infinity.
pub(super) fn compose(negative: bool, magnitude: u128, inexact: bool, exponent: i64) -> f64 {
    const INFINITY: u64 = 0x7FF << 52;
    let bits = i64::from(128 - magnitude.leading_zeros());
    // The leading bit is worth 2^top.
    let top = exponent.saturating_add(bits).saturating_sub(1);
    let result = if magnitude == 0 || top < -1075 {
        0
    } else if top > 1023 {
        INFINITY
    } else {
        // Below 2^-1022 numbers have fewer bits; at top = -1075 none is left, only the rounding.
        let precision = if top >= -1022 { 53 } else { 53 - (-1022 - top) };
        let dropped = bits - precision;
        let mantissa = if dropped <= 0 {
            (magnitude as u64) << (-dropped)
        } else {
            let kept = u64::try_from(magnitude.checked_shr(dropped as u32).unwrap_or(0)).unwrap_or(0);
            let half = 1_u128 << (dropped - 1);
            let rest = magnitude & (half | (half - 1));
            let up = match rest.cmp(&half) {
                Ordering::Less => false,
                Ordering::Equal => inexact || kept & 1 == 1,
                Ordering::Greater => true,
            };
            kept + u64::from(up)
        };
        // Adding, not or-ing: a mantissa rounded up to 2^53 carries into the exponent, up to infinity.
        if top >= -1022 { (((top + 1022) as u64) << 52) + mantissa } else { mantissa }
    };
    // Zero has no sign here.
    f64::from_bits(if negative && result != 0 { result | (1 << 63) } else { result })
}

/// The binary64 nearest to `±magnitude × 2^exponent`.
pub(super) fn round_scaled(negative: bool, magnitude: &UBig, exponent: i64) -> f64 {
    let shift = magnitude.bit_len().saturating_sub(120);
    let head = u128::try_from(magnitude >> shift).unwrap_or(0);
    let inexact = shift > 0 && magnitude.trailing_zeros().is_some_and(|zeros| zeros < shift);
    compose(negative, head, inexact, exponent.saturating_add(shift as i64))
}

/// The binary64 nearest to `±numerator / denominator × 2^exponent`. A zero denominator gives 0.
pub(super) fn round_quotient(negative: bool, numerator: &UBig, denominator: &UBig, exponent: i64) -> f64 {
    if numerator.is_zero() || denominator.is_zero() {
        return 0.0;
    }
    let (quotient, inexact, shift) = quotient_bits(numerator, denominator, 64);
    compose(negative, quotient, inexact, exponent.saturating_sub(shift))
}

/// The same for machine integers.
pub(super) fn round_quotient_small(numerator: i128, denominator: i128) -> f64 {
    const EXACT: u128 = 1 << 53;
    let (n, d) = (numerator.unsigned_abs(), denominator.unsigned_abs());
    let negative = (numerator < 0) != (denominator < 0);
    if n <= EXACT && d <= EXACT && d != 0 {
        // Both are exact in binary64, whose division is correctly rounded.
        let quotient = n as f64 / d as f64;
        return if negative && n != 0 { -quotient } else { quotient };
    }
    let shift = n.leading_zeros();
    let wide = n << shift.min(127);
    // A quotient of at least 64 bits needs no big integers.
    match (wide.checked_div(d), wide.checked_rem(d)) {
        (Some(quotient), Some(rest)) if quotient >> 63 != 0 => {
            compose(negative, quotient, rest != 0, -i64::from(shift))
        }
        _ => round_quotient(negative, &UBig::from(n), &UBig::from(d), 0),
    }
}

/// `floor(numerator × 2^shift / denominator)` with `bits` or `bits + 1` bits (at most 126), whether
/// something was cut off, and the shift. Neither argument is zero.
fn quotient_bits(numerator: &UBig, denominator: &UBig, bits: i64) -> (u128, bool, i64) {
    let shift = bits - numerator.bit_len() as i64 + denominator.bit_len() as i64;
    shifted_quotient(numerator, denominator, shift)
}

fn shifted_quotient(numerator: &UBig, denominator: &UBig, shift: i64) -> (u128, bool, i64) {
    let places = usize::try_from(shift.unsigned_abs()).unwrap_or(0);
    let (quotient, rest) = if shift >= 0 {
        (numerator << places).div_rem(denominator)
    } else {
        numerator.div_rem(&(denominator << places))
    };
    (u128::try_from(quotient).unwrap_or(0), !rest.is_zero(), shift)
}

/// The binary64 nearest to the square root of `numerator / denominator × 2^exponent`.
pub(super) fn round_square_root(numerator: &UBig, denominator: &UBig, exponent: i64) -> f64 {
    if numerator.is_zero() || denominator.is_zero() {
        return 0.0;
    }
    let mut shift = 121 - numerator.bit_len() as i64 + denominator.bit_len() as i64;
    // What is left of the exponent must be even, to be halved.
    if (exponent - shift) % 2 != 0 {
        shift += 1;
    }
    let (square, inexact, shift) = shifted_quotient(numerator, denominator, shift);
    // The root of the floor has the same floor as the root, and at least 60 bits.
    let root = square.isqrt();
    compose(false, root, inexact || root * root != square, (exponent - shift) / 2)
}
