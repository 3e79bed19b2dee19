//! A binary64 that means the decimal it prints as.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// Longest text that [`Decimal::parse`] reads. The longest exact decimal of a binary64 has 1,077
/// characters; anything longer is not a number that somebody means.
const MAX_TEXT: usize = 1100;

/// Largest integer up to which every integer is a binary64 of its own: 2^53 - 1.
const MAX_INTEGER: i64 = (1 << 53) - 1;

/// A number as it is written: a finite binary64, never -0, which means its shortest decimal.
///
/// The value is `m × 10^e`, where `m` has at most 17 digits: the digits that RFC 8785 (and so
/// ECMAScript, Python's `repr`, Java, Rust …) prints for this binary64. `Decimal::new(0.1)` is one
/// tenth, not the binary fraction nearest to it.
///
/// The order of the values is the order of the binary64s.
#[derive(Clone, Copy)]
pub struct Decimal(f64);

impl Decimal {
    /// Zero.
    pub const ZERO: Decimal = Decimal(0.0);
    /// One.
    pub const ONE: Decimal = Decimal(1.0);
    /// One hundred.
    pub const HUNDRED: Decimal = Decimal(100.0);

    /// The number that `x` prints as; `None` for NaN and the infinities. -0 is read as 0.
    #[must_use]
    pub fn new(x: f64) -> Option<Decimal> {
        // Adding 0.0 turns -0 into 0 and changes nothing else.
        x.is_finite().then_some(Decimal(x + 0.0))
    }

    /// The number that a text says.
    ///
    /// The grammar is that of a JSON number. Any notation is read (`0.10`, `1e2`), but the value must
    /// be the shortest decimal of some binary64: what no binary64 prints as is a fault, never rounded.
    ///
    /// # Errors
    ///
    /// See [`ParseDecimalError`]. Texts of more than 1,100 bytes are a [`ParseDecimalError::Syntax`].
    pub fn parse(text: &str) -> Result<Decimal, ParseDecimalError> {
        if text.len() > MAX_TEXT {
            return Err(ParseDecimalError::Syntax);
        }
        let written = Written::scan(text.as_bytes()).ok_or(ParseDecimalError::Syntax)?;
        // The standard library's reading is correctly rounded, on every platform.
        let nearest: f64 = text.parse().map_err(|_| ParseDecimalError::Syntax)?;
        let nearest = Decimal::new(nearest).ok_or(ParseDecimalError::OutOfRange)?;
        if nearest.0 == 0.0 {
            return if written.is_zero() { Ok(nearest) } else { Err(ParseDecimalError::OutOfRange) };
        }
        match written.parts() {
            Some(parts) if parts == shortest(nearest.0.abs()) => Ok(nearest),
            _ => Err(ParseDecimalError::NotRepresentable { nearest }),
        }
    }

    /// An integer, exactly; `None` beyond 2^53 - 1 in magnitude.
    #[must_use]
    pub fn from_integer(i: i64) -> Option<Decimal> {
        (-MAX_INTEGER..=MAX_INTEGER).contains(&i).then_some(Decimal(i as f64))
    }

    /// The binary64 itself.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }

    /// `(m, e)` with the value `m × 10^e`, `m` without trailing zeros; `(0, 0)` for zero.
    #[must_use]
    pub fn parts(self) -> (i64, i32) {
        if self.0 == 0.0 {
            return (0, 0);
        }
        let (digits, exponent) = shortest(self.0.abs());
        // At most 17 digits, so the conversion never fails.
        let magnitude = i64::try_from(digits).unwrap_or(i64::MAX);
        (if self.0 < 0.0 { -magnitude } else { magnitude }, exponent)
    }

    /// Whether the value is an integer.
    #[must_use]
    pub fn is_integer(self) -> bool {
        self.0 == 0.0 || self.parts().1 >= 0
    }
}

/// The shortest decimal of a positive finite binary64, `digits × 10^exponent`, without trailing zeros.
fn shortest(x: f64) -> (u64, i32) {
    // An integer below 2^53 lies further than half a step from every shorter decimal.
    if x < 9_007_199_254_740_992.0 {
        let integer = x as u64;
        if integer as f64 == x {
            return without_trailing_zeros(integer, 0);
        }
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(x).as_bytes();
    let (mut digits, mut scale, mut after_point) = (0_u64, 0_i32, false);
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'0'..=b'9' => {
                digits = digits.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                scale = scale.wrapping_sub(i32::from(after_point));
            }
            b'.' => after_point = true,
            _ => {
                let (mut exponent, mut negative) = (0_i32, false);
                for &byte in bytes.by_ref() {
                    match byte {
                        b'-' => negative = true,
                        b'0'..=b'9' => exponent = exponent.wrapping_mul(10).wrapping_add(i32::from(byte - b'0')),
                        _ => {}
                    }
                }
                scale = scale.wrapping_add(if negative { exponent.wrapping_neg() } else { exponent });
            }
        }
    }
    without_trailing_zeros(digits, scale)
}

fn without_trailing_zeros(mut digits: u64, mut exponent: i32) -> (u64, i32) {
    while digits != 0 && digits.is_multiple_of(10) {
        digits /= 10;
        exponent = exponent.wrapping_add(1);
    }
    (digits, exponent)
}

/// A JSON number's significant digits and exponent, not yet interpreted.
struct Written<'a> {
    whole: &'a [u8],
    fraction: &'a [u8],
    /// Clamped; far beyond every binary64 in any case.
    exponent: i64,
}

impl<'a> Written<'a> {
    /// Splits a text along the JSON number grammar; `None` if it does not follow it.
    fn scan(text: &'a [u8]) -> Option<Written<'a>> {
        let rest = text.strip_prefix(b"-").unwrap_or(text);
        let (whole, rest) = take_digits(rest);
        if whole.is_empty() || (whole.len() > 1 && whole.first() == Some(&b'0')) {
            return None;
        }
        let (fraction, rest) = match rest.strip_prefix(b".") {
            Some(rest) => {
                let (fraction, rest) = take_digits(rest);
                if fraction.is_empty() {
                    return None;
                }
                (fraction, rest)
            }
            None => (&[] as &[u8], rest),
        };
        let exponent = match rest.split_first() {
            None => 0,
            Some((b'e' | b'E', rest)) => {
                let (negative, rest) = match rest.split_first() {
                    Some((b'-', rest)) => (true, rest),
                    Some((b'+', rest)) => (false, rest),
                    _ => (false, rest),
                };
                let (digits, rest) = take_digits(rest);
                if digits.is_empty() || !rest.is_empty() {
                    return None;
                }
                let magnitude =
                    digits.iter().fold(0_i64, |sum, digit| (sum * 10 + i64::from(digit - b'0')).min(1_000_000));
                if negative { -magnitude } else { magnitude }
            }
            Some(_) => return None,
        };
        Some(Written { whole, fraction, exponent })
    }

    fn digits(&self) -> impl DoubleEndedIterator<Item = &u8> {
        self.whole.iter().chain(self.fraction)
    }

    fn is_zero(&self) -> bool {
        self.digits().all(|&digit| digit == b'0')
    }

    /// The value as `digits × 10^exponent` without trailing zeros; `None` if it has more than 17 digits.
    fn parts(&self) -> Option<(u64, i32)> {
        let trailing = self.digits().rev().take_while(|&&digit| digit == b'0').count();
        let kept = (self.whole.len() + self.fraction.len()).checked_sub(trailing)?;
        let mut value = 0_u64;
        for &digit in self.digits().take(kept) {
            value = value * 10 + u64::from(digit - b'0');
            if value >= 100_000_000_000_000_000 {
                return None;
            }
        }
        let exponent = self.exponent + trailing as i64 - self.fraction.len() as i64;
        Some((value, i32::try_from(exponent).ok()?))
    }
}

fn take_digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    text.split_at(end)
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Without NaN and -0 the total order is the order of the values.
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl Default for Decimal {
    fn default() -> Self {
        Decimal::ZERO
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text of RFC 8785, which is ECMAScript's: `1`, `0.35`, `1e+21`, `1e-7`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mantissa, exponent) = self.parts();
        let digits = mantissa.unsigned_abs().to_string();
        // The value is 0.DIGITS × 10^point.
        let point = i32::try_from(digits.len()).unwrap_or(0) + exponent;
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        let split = |at: i32| digits.split_at_checked(usize::try_from(at).unwrap_or(0)).unwrap_or((&digits, ""));
        let text = if exponent >= 0 && point <= 21 {
            format!("{digits}{}", zeros(exponent))
        } else if (1..=21).contains(&point) {
            let (whole, fraction) = split(point);
            format!("{whole}.{fraction}")
        } else if (-5..=0).contains(&point) {
            format!("0.{}{digits}", zeros(-point))
        } else {
            let (whole, fraction) = split(1);
            let dot = if fraction.is_empty() { "" } else { "." };
            let sign = if point > 0 { "+" } else { "" };
            format!("{whole}{dot}{fraction}e{sign}{}", point - 1)
        };
        f.pad_integral(mantissa >= 0, "", &text)
    }
}

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDecimalError {
    /// The text does not follow the grammar of a JSON number, or has more than 1,100 bytes.
    #[error("not a number: expected digits, with an optional minus sign, decimal point and exponent")]
    Syntax,
    /// The text says a number that no binary64 prints as.
    #[error("number has more digits than a binary64 holds: the nearest is {nearest}")]
    NotRepresentable {
        /// The nearest number that can be written.
        nearest: Decimal,
    },
    /// The number is too large for a binary64, or so small that it would become zero.
    #[error("number is beyond the range of a binary64")]
    OutOfRange,
}
