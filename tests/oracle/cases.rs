//! Cases of exact arithmetic for an outside oracle.
//!
//! [`write_cases`] computes cases of one routine and writes them as lines, `routine<TAB>inputs<TAB>results`;
//! `check.py` computes them again by other means (MPFR, Python's fractions and floats). The file uses
//! nothing but the public interface of `bareme::exact` and the standard library, and is the same for the
//! same seed everywhere.
//!
//! Binary64s are written as 16 hexadecimal digits, exact values as `n/d`. Where a routine has an exact
//! and a filtered form, both results are written, `-` where the filtered form is undecided.

#![allow(
    clippy::cast_lossless,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "random numbers are cut to size on purpose, and this is a test: it may fail by panicking"
)]

use std::fmt::Write as _;
use std::io::{self, Write};

use bareme::exact::{
    Decimal, Filtered, Moments, Number, ParseDecimalError, Published, Rational, Rounding, Transform, Transformed,
    WeightedMoments,
};

/// The routines that have cases.
pub(crate) const ROUTINES: &[&str] = &[
    "decimal",
    "parse",
    "rational",
    "expression",
    "round",
    "publish",
    "ln",
    "ln1p",
    "log10",
    "sqrt",
    "geometric",
    "mean",
    "spread",
    "weighted_mean",
    "weighted_spread",
];

/// Writes `count` cases of a routine; `InvalidInput` if there is no such routine.
pub(crate) fn write_cases(routine: &str, seed: u64, count: u64, out: &mut impl Write) -> io::Result<()> {
    let case: fn(&mut Random, u64) -> String = match routine {
        "decimal" => decimal,
        "parse" => parse,
        "rational" => rational,
        "expression" => expression,
        "round" => round,
        "publish" => publish,
        "ln" => |random, at| transform(random, at, Transform::Ln),
        "ln1p" => |random, at| transform(random, at, Transform::Ln1p),
        "log10" => |random, at| transform(random, at, Transform::Log10),
        "sqrt" => |random, at| transform(random, at, Transform::Sqrt),
        "geometric" => geometric,
        "mean" => |random, _| moments(random, false),
        "spread" => |random, _| moments(random, true),
        "weighted_mean" => |random, _| weighted(random, false),
        "weighted_spread" => |random, _| weighted(random, true),
        _ => return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("no such routine: `{routine}`"))),
    };
    let mut random = Random(seed ^ 0x9E37_79B9_7F4A_7C15);
    for at in 0..count {
        writeln!(out, "{routine}\t{}", case(&mut random, at))?;
    }
    Ok(())
}

/// The generator `SplitMix64`: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `limit - 1`.
    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(limit)) >> 64) as u64
    }

    /// A binary64 of any exponent.
    fn any(&mut self) -> f64 {
        loop {
            let x = f64::from_bits(self.bits());
            if x.is_finite() {
                return x;
            }
        }
    }

    fn sign(&mut self) -> f64 {
        if self.bits() & 1 == 0 { 1.0 } else { -1.0 }
    }

    /// A power of two or a neighbour of one.
    fn near_power_of_two(&mut self) -> f64 {
        let exponent = self.below(2098) as i32 - 1074;
        let x = if exponent < -1022 {
            f64::from_bits(1 << (exponent + 1074))
        } else {
            f64::from_bits(((exponent + 1023) as u64) << 52)
        };
        let x = f64::from_bits(x.to_bits().saturating_add(self.below(5)).saturating_sub(2));
        if x.is_finite() { x } else { f64::MAX }
    }

    /// A number as people have them.
    fn usual(&mut self) -> f64 {
        let places = [1.0, 1.0, 10.0, 100.0, 1000.0, 1e6][self.below(6) as usize];
        let limit = 10_u64.pow(self.below(8) as u32 + 1);
        self.below(limit) as f64 / places
    }

    /// A positive binary64 of one of many kinds.
    fn positive(&mut self) -> f64 {
        let x = match self.below(8) {
            0 => self.any(),
            1 => self.near_power_of_two(),
            2 => f64::from_bits(1.0_f64.to_bits() + self.below(1 << 20) - (1 << 19)),
            3 => 1.0 + self.sign() * power_of_two(-(self.below(53) as i32)) * 0.75,
            4 => f64::from_bits(self.bits() >> (12 + self.below(52))),
            _ => self.usual(),
        };
        if x == 0.0 { 1.0 } else { x.abs() }
    }

    /// The number that a binary64 prints as.
    fn decimal(&mut self) -> Decimal {
        let x = self.positive() * self.sign();
        if self.below(50) == 0 { Decimal::ZERO } else { Decimal::new(x).unwrap_or(Decimal::ONE) }
    }

    fn usual_decimal(&mut self) -> Decimal {
        let x = self.usual();
        let signed = if self.below(4) == 0 { -x } else { x };
        Decimal::new(signed).unwrap_or(Decimal::ONE)
    }

    /// A positive fraction of one of many kinds.
    fn fraction(&mut self) -> Rational {
        let x = match self.below(10) {
            0 => {
                // Long ones.
                let (digits, more) = (self.below(60) as u32 + 1, self.below(60) as u32 + 1);
                quotient(&self.long(digits), &self.long(more))
            }
            1 => {
                // One, and a little.
                let base = Rational::from(self.below(9) as i64 + 2);
                let little = inverse(&power(&base, self.below(400) as u32 + 1));
                let little = if self.bits() & 1 == 0 { little } else { -little };
                Rational::ONE + little
            }
            2 => quotient(&Rational::from(self.below(1000) as i64 + 1), &Rational::from(self.below(1000) as i64 + 1)),
            3 => {
                let (n, d) = (self.bits() >> self.below(60), self.bits() >> self.below(60));
                quotient(&integer(n | 1), &integer(d | 1))
            }
            4 => {
                let exponent = self.below(330) as u32;
                let power = power(&Rational::from(10), exponent);
                if self.bits() & 1 == 0 { power } else { inverse(&power) }
            }
            _ => Rational::from(Decimal::new(self.positive()).unwrap_or(Decimal::ONE)),
        };
        if x.is_zero() { Rational::ONE } else { x.abs() }
    }

    fn long(&mut self, words: u32) -> Rational {
        (0..words).fold(Rational::ONE, |sum, _| sum * integer(1 << 32) + integer(self.bits() >> 32))
    }

    fn signed_fraction(&mut self) -> Rational {
        let x = self.fraction();
        match self.below(20) {
            0 => Rational::ZERO,
            1..10 => -x,
            _ => x,
        }
    }

    /// Between two neighbouring binary64s, exactly in the middle, as odd integer and power of two.
    fn midpoint(&mut self, exponents: std::ops::Range<i32>) -> Midpoint {
        let range = (exponents.end - exponents.start) as u64;
        // 2^53 to 2^54, odd: 54 bits.
        let mantissa = (1 << 53) | (self.bits() >> 11) | 1;
        Midpoint { mantissa, exponent: exponents.start + self.below(range) as i32 - 53 }
    }
}

struct Midpoint {
    mantissa: u64,
    exponent: i32,
}

impl Midpoint {
    fn value(&self) -> Rational {
        integer(self.mantissa) * binary_power(self.exponent)
    }
}

fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

fn integer(i: u64) -> Rational {
    Rational::from((i >> 1) as i64) * Rational::from(2) + Rational::from((i & 1) as i64)
}

fn inverse(x: &Rational) -> Rational {
    Rational::ONE.checked_div(x).unwrap_or(Rational::ONE)
}

fn quotient(n: &Rational, d: &Rational) -> Rational {
    n.checked_div(d).unwrap_or(Rational::ONE)
}

fn power(base: &Rational, exponent: u32) -> Rational {
    base.pow(exponent).unwrap_or(Rational::ONE)
}

fn binary_power(exponent: i32) -> Rational {
    let power = power(&Rational::from(2), exponent.unsigned_abs());
    if exponent < 0 { inverse(&power) } else { power }
}

fn hex(x: f64) -> String {
    format!("{:016x}", x.to_bits())
}

fn hex_or_dash(x: Option<f64>) -> String {
    x.map_or_else(|| "-".into(), hex)
}

/// An exact result: it is always there.
fn exactly(result: Transformed<Rational>) -> String {
    match result {
        Transformed::Value(value) => hex(value.round()),
        Transformed::Undefined => "undefined".into(),
    }
}

fn filtered(result: Transformed<Filtered>) -> String {
    match result {
        Transformed::Value(value) => hex_or_dash(Number::round(&value)),
        Transformed::Undefined => "undefined".into(),
    }
}

fn decimal(random: &mut Random, at: u64) -> String {
    // First every power of two with its neighbours, then everything.
    let x = if at < 3 * 2098 {
        let exponent = (at / 3) as i32 - 1074;
        let bits = if exponent < -1022 { 1 << (exponent + 1074) } else { ((exponent + 1023) as u64) << 52 };
        f64::from_bits(bits + at % 3 - 1)
    } else if random.bits() & 1 == 0 {
        random.any()
    } else {
        random.positive() * random.sign()
    };
    let decimal = Decimal::new(x).unwrap_or_default();
    let (mantissa, exponent) = decimal.parts();
    let back = Decimal::parse(&decimal.to_string()) == Ok(decimal);
    format!("{}\t{decimal}\t{mantissa}\t{exponent}\t{back}\t{}", hex(x), decimal.is_integer())
}

fn parse(random: &mut Random, _: u64) -> String {
    let x = random.decimal();
    let (mantissa, exponent) = x.parts();
    let mut text = match random.below(8) {
        0 => format!("{mantissa}e{exponent}"),
        1 => format!("{mantissa}000E{}", exponent - 3),
        2 => format!("{}.0", random.bits() >> random.below(64)),
        3 => format!("{}.{:03}", random.below(1000), random.below(1000)),
        4 => format!("{}{}.{}", random.bits(), random.bits(), random.bits()),
        5 => format!("{}e{}{}", random.below(20), ["", "+", "-"][random.below(3) as usize], random.below(400)),
        6 => format!("{:.*}", random.below(30) as usize, x.get()),
        _ => x.to_string(),
    };
    if random.below(4) == 0 {
        // One byte changed, put in or taken away.
        let at = random.below(text.len() as u64) as usize;
        let other = char::from(b"0123456789-+.eE xn"[random.below(18) as usize]);
        match random.below(3) {
            0 => text.replace_range(at..=at, &other.to_string()),
            1 => text.insert(at, other),
            _ => text.replace_range(at..=at, ""),
        }
    }
    let outcome = match Decimal::parse(&text) {
        Ok(decimal) => hex(decimal.get()),
        Err(ParseDecimalError::Syntax) => "syntax".into(),
        Err(ParseDecimalError::OutOfRange) => "range".into(),
        Err(ParseDecimalError::NotRepresentable { nearest }) => format!("nearest {}", hex(nearest.get())),
        Err(_) => "unknown".into(),
    };
    format!("{text}\t{outcome}")
}

fn rational(random: &mut Random, _: u64) -> String {
    let (a, b) = (random.signed_fraction(), random.signed_fraction());
    let (name, result) = match random.below(9) {
        0 => ("+", (&a + &b).to_string()),
        1 => ("-", (&a - &b).to_string()),
        2 => ("*", (&a * &b).to_string()),
        3 => ("/", a.checked_div(&b).map_or_else(|| "undefined".into(), |x| x.to_string())),
        4 => ("min", Number::min(&a, &b).to_string()),
        5 => ("max", Number::max(&a, &b).to_string()),
        6 => ("compare", (a.cmp(&b) as i32).to_string()),
        7 => ("parse", Rational::parse(&a.to_string()).map_or_else(|| "undefined".into(), |x| (x - &b).to_string())),
        _ => ("cube", a.pow(3).map_or_else(|| "undefined".into(), |x| x.to_string())),
    };
    format!("{name}\t{a}\t{b}\t{result}")
}

/// A formula in postfix notation.
enum Token {
    Value(Decimal),
    Operator(char),
}

fn evaluate<N: Number>(tokens: &[Token]) -> Option<N> {
    let mut stack: Vec<N> = Vec::new();
    for token in tokens {
        match token {
            Token::Value(decimal) => stack.push(N::from_decimal(*decimal)),
            Token::Operator('a') => {
                let x = stack.pop()?;
                stack.push(x.abs());
            }
            Token::Operator(operator) => {
                let (b, a) = (stack.pop()?, stack.pop()?);
                stack.push(match operator {
                    '+' => a.add(&b),
                    '-' => a.sub(&b),
                    '*' => a.mul(&b),
                    '/' => a.div(&b),
                    'm' => a.min(&b),
                    _ => a.max(&b),
                });
            }
        }
    }
    stack.pop()
}

fn expression(random: &mut Random, _: u64) -> String {
    let wild = random.below(4) == 0;
    let mut tokens = Vec::new();
    let mut depth = 0;
    let mut operators = random.below(8) + 1;
    while operators > 0 || depth > 1 {
        if depth < 2 || (operators > 0 && depth < 5 && random.below(2) == 0) {
            let repeated = tokens.iter().find_map(|token| match token {
                Token::Value(decimal) if random.below(4) == 0 => Some(*decimal),
                _ => None,
            });
            let fresh = if wild { random.decimal() } else { random.usual_decimal() };
            tokens.push(Token::Value(repeated.unwrap_or(fresh)));
            depth += 1;
        } else {
            let operator = ['+', '-', '*', '/', 'm', 'M', 'a', '-', '+', '/'][random.below(10) as usize];
            tokens.push(Token::Operator(operator));
            depth -= i32::from(operator != 'a');
            operators = operators.saturating_sub(1);
        }
    }
    let mut text = String::new();
    for token in &tokens {
        match token {
            Token::Value(decimal) => _ = write!(text, "{decimal} "),
            Token::Operator(operator) => _ = write!(text, "{operator} "),
        }
    }
    let exact: Rational = evaluate(&tokens).unwrap_or_default();
    let quick = evaluate::<Filtered>(&tokens).unwrap_or(Filtered::UNDECIDED);
    let decimals = random.below(8) as u8;
    let rule = rule(random);
    format!(
        "{}\t{decimals}\t{rule:?}\t{exact}\t{}\t{}\t{}\t{}\t{}",
        text.trim_end(),
        hex(exact.round()),
        hex_or_dash(Number::round(&quick)),
        exact.publish(decimals, rule).text(decimals),
        quick.publish(decimals, rule).map_or_else(|| "-".into(), |published| published.text(decimals)),
        Number::compare(&quick, &Filtered::ZERO).map_or_else(|| "-".into(), |order| (order as i32).to_string()),
    )
}

/// A value on a midpoint of two binary64s, or close to one.
fn near_midpoint(random: &mut Random) -> Rational {
    let exponents = match random.below(4) {
        0 => -1074..-1000,
        1 => 1000..1024,
        _ => -40..40,
    };
    let midpoint = random.midpoint(exponents);
    // Subnormal numbers have fewer bits.
    let missing = (-1074 - (midpoint.exponent + 1)).max(0) as u32;
    let midpoint = Midpoint {
        mantissa: (midpoint.mantissa >> missing.min(63)) | 1,
        exponent: midpoint.exponent + missing.min(63) as i32,
    };
    let value = midpoint.value();
    match random.below(3) {
        0 => value,
        1 => &value + &(&value * &binary_power(-(random.below(300) as i32) - 40)),
        _ => &value - &(&value * &binary_power(-(random.below(300) as i32) - 40)),
    }
}

fn round(random: &mut Random, _: u64) -> String {
    let x = if random.below(2) == 0 { near_midpoint(random) } else { random.signed_fraction() };
    let quick = Filtered::from_rational(&x);
    format!("{x}\t{}\t{}", hex(x.round()), hex_or_dash(Number::round(&quick)))
}

fn rule(random: &mut Random) -> Rounding {
    [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down][random.below(3) as usize]
}

fn publish(random: &mut Random, _: u64) -> String {
    let decimals = random.below(16) as u8;
    let rule = rule(random);
    let ten = Rational::from(10);
    let x = match random.below(4) {
        0 => random.signed_fraction(),
        1 => Rational::from(random.decimal()),
        // A tie, or a whole number of units, or nearly.
        _ => {
            let halves = Rational::from(random.below(1 << 20) as i64 - (1 << 19));
            let tie = quotient(&halves, &(Rational::from(2) * power(&ten, u32::from(decimals))));
            let little = inverse(&power(&ten, random.below(60) as u32 + 15));
            match random.below(3) {
                0 => tie,
                1 => tie + little,
                _ => tie - little,
            }
        }
    };
    let quick = Filtered::from_rational(&x).publish(decimals, rule);
    let published = x.publish(decimals, rule);
    let text = published.text(decimals);
    let back = Published::parse(&text, decimals);
    format!(
        "{x}\t{decimals}\t{rule:?}\t{text}\t{}\t{}",
        quick.map_or_else(|| "-".into(), |published| published.text(decimals)),
        back.map_or_else(|| "-".into(), |published| published.to_rational(decimals).to_string()),
    )
}

fn transform(random: &mut Random, at: u64, transform: Transform) -> String {
    let x = if at.is_multiple_of(16) { hard_argument(random, transform) } else { argument(random, transform) };
    let exact = Number::transform(&x, transform);
    let quick = Number::transform(&Filtered::from_rational(&x), transform);
    format!("{x}\t{}\t{}", exactly(exact), filtered(quick))
}

fn argument(random: &mut Random, transform: Transform) -> Rational {
    let x = match random.below(4) {
        0 => random.fraction(),
        _ => Rational::from(random.decimal()).abs(),
    };
    match (transform, random.below(100)) {
        (_, 0) => -x,
        (_, 1) => Rational::ZERO,
        (Transform::Ln1p, 2) => Rational::from(-1),
        // From -1 to 0.
        (Transform::Ln1p, 3..30) => {
            let x = if x > Rational::ONE { inverse(&x) } else { x };
            -x
        }
        (Transform::Sqrt, 3..30) => &x * &x,
        _ => x,
    }
}

/// An argument whose result lies on, or very near to, a midpoint of two binary64s.
fn hard_argument(random: &mut Random, transform: Transform) -> Rational {
    if transform == Transform::Sqrt {
        let midpoint = random.midpoint(-30..30).value();
        let square = &midpoint * &midpoint;
        let little = &square * &binary_power(-(random.below(300) as i32) - 20);
        return match random.below(3) {
            0 => square,
            1 => square + little,
            _ => square - little,
        };
    }
    // exp(midpoint), cut to between 60 and 320 bits.
    let midpoint = random.midpoint(-7..2);
    let mut target = Fixed::new(&midpoint);
    if transform == Transform::Log10 {
        target = target.times(&Fixed::LN_10);
    }
    let x = target.exp().value(random.below(260) as usize + 60);
    if transform == Transform::Ln1p { x - Rational::ONE } else { x }
}

/// A number from 0 to 2^64 with 352 fraction bits, the lowest limb first.
#[derive(Clone)]
struct Fixed([u32; 13]);

impl Fixed {
    const LN_10: Fixed = Fixed([
        0x31C3_2F00,
        0xC6A0_4173,
        0x58BC_0B5E,
        0x07C0_B5CA,
        0x0F18_7A08,
        0x6977_E43A,
        0x8A3F_B3E7,
        0x0B4C_28A3,
        0xA95B_58AE,
        0xAAA2_B05B,
        0x4D76_3776,
        0x0000_0002,
        0,
    ]);

    /// Of a midpoint between 2^-300 and 2^60.
    fn new(midpoint: &Midpoint) -> Fixed {
        let mut limbs = [0; 13];
        let shift = (352 + midpoint.exponent) as usize;
        let wide = u128::from(midpoint.mantissa) << (shift % 32);
        for part in 0..3 {
            limbs[shift / 32 + part] = (wide >> (32 * part)) as u32;
        }
        Fixed(limbs)
    }

    fn times(&self, other: &Fixed) -> Fixed {
        let mut wide = [0_u64; 26];
        for (i, &a) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (j, &b) in other.0.iter().enumerate() {
                let sum = wide[i + j] + u64::from(a) * u64::from(b) + carry;
                wide[i + j] = sum & 0xFFFF_FFFF;
                carry = sum >> 32;
            }
            wide[i + 13] = carry;
        }
        Fixed(std::array::from_fn(|i| wide[i + 11] as u32))
    }

    fn over(&self, divisor: u32) -> Fixed {
        let mut limbs = self.0;
        let mut rest = 0_u64;
        for limb in limbs.iter_mut().rev() {
            let value = (rest << 32) | u64::from(*limb);
            *limb = (value / u64::from(divisor)) as u32;
            rest = value % u64::from(divisor);
        }
        Fixed(limbs)
    }

    fn plus(&self, other: &Fixed) -> Fixed {
        let mut carry = 0;
        Fixed(std::array::from_fn(|i| {
            let sum = u64::from(self.0[i]) + u64::from(other.0[i]) + carry;
            carry = sum >> 32;
            sum as u32
        }))
    }

    fn exp(&self) -> Fixed {
        let mut term = Fixed(std::array::from_fn(|i| u32::from(i == 11)));
        let mut sum = term.clone();
        for i in 1..200 {
            term = term.times(self).over(i);
            if term.0.iter().all(|&limb| limb == 0) {
                break;
            }
            sum = sum.plus(&term);
        }
        sum
    }

    /// Cut to a number of fraction bits.
    fn value(&self, bits: usize) -> Rational {
        let whole = self.0.iter().enumerate().rev().fold(Rational::ZERO, |sum, (i, &limb)| {
            let below = 352_usize.saturating_sub(bits).saturating_sub(32 * i).min(32);
            let kept = (u64::from(limb) >> below) << below;
            sum * integer(1 << 32) + integer(kept)
        });
        whole * binary_power(-352)
    }
}

fn geometric(random: &mut Random, at: u64) -> String {
    let mut terms: Vec<(Rational, u64)> = Vec::new();
    if at.is_multiple_of(8) {
        // On a midpoint, or near to it: a × (m² / a), or three with the same idea.
        let midpoint = random.midpoint(-20..20).value();
        let a = random.usual().max(1.0);
        let a = Rational::from(Decimal::new(a).unwrap_or(Decimal::ONE));
        let weight = random.below(5) + 1;
        let rest = quotient(&(&midpoint * &midpoint), &a);
        let little = &rest * &binary_power(-(random.below(200) as i32) - 30);
        let rest = match random.below(3) {
            0 => rest,
            1 => rest + little,
            _ => rest - little,
        };
        terms.push((a, weight));
        terms.push((rest, weight));
        if random.below(3) == 0 {
            terms.push((midpoint, random.below(5) + 1));
        }
    } else {
        let wild = random.below(8) == 0;
        for _ in 0..=random.below(6) {
            let value = match random.below(60) {
                0 => Rational::ZERO,
                1 => -random.fraction(),
                _ if wild => random.fraction(),
                _ => Rational::from(random.usual_decimal()).abs(),
            };
            let weight = match random.below(8) {
                0 => 0,
                1 => random.bits() >> random.below(60),
                _ => random.below(100),
            };
            let value = match terms.first() {
                Some((first, _)) if random.below(4) == 0 => first.clone(),
                _ => value,
            };
            terms.push((value, weight));
        }
    }
    let quick: Vec<(Filtered, u64)> =
        terms.iter().map(|(value, weight)| (Filtered::from_rational(value), *weight)).collect();
    let mut text = String::new();
    for (value, weight) in &terms {
        _ = write!(text, "{value}:{weight} ");
    }
    format!(
        "{}\t{}\t{}",
        text.trim_end(),
        exactly(Number::geometric_mean(&terms)),
        filtered(Number::geometric_mean(&quick))
    )
}

/// Numbers that are hard to add.
fn sample(random: &mut Random) -> Vec<f64> {
    let kind = random.below(8);
    let count = random.below(12) + u64::from(random.below(20) != 0);
    let centre = random.any();
    let usual = random.usual();
    let mut numbers: Vec<f64> = (0..count)
        .map(|_| match kind {
            0 => random.any(),
            // Close together: the spread is all cancellation.
            1 => f64::from_bits(centre.to_bits() ^ random.below(16)),
            2 => f64::from_bits(random.bits() >> 12),
            3 => f64::MAX * random.sign() / (1 << random.below(3)) as f64,
            4 => random.near_power_of_two() * random.sign(),
            5 => usual + random.below(3) as f64,
            _ => random.usual() * random.sign(),
        })
        .collect();
    if kind == 0 && random.bits() & 1 == 0 {
        // The large ones cancel.
        let negated: Vec<f64> = numbers.iter().map(|x| -x).collect();
        numbers.extend(negated);
        numbers.push(random.usual());
    }
    numbers
}

fn moments(random: &mut Random, spread: bool) -> String {
    let numbers = sample(random);
    let mut moments = Moments::new();
    let mut part = Moments::new();
    for (i, &x) in numbers.iter().enumerate() {
        // Any partition gives the same.
        if i % 3 == 0 { moments.push(x) } else { part.push(x) }
    }
    moments.merge(&part);
    let ddof = random.below(3);
    let result = if spread { moments.spread(ddof) } else { moments.mean() };
    let text: Vec<String> = numbers.iter().map(|&x| hex(x)).collect();
    format!("{}\t{ddof}\t{}", text.join(" "), hex_or_dash(result))
}

fn weighted(random: &mut Random, spread: bool) -> String {
    let numbers = sample(random);
    let kind = random.below(4);
    let mut moments = WeightedMoments::new();
    let mut part = WeightedMoments::new();
    let mut text = Vec::new();
    for (i, &x) in numbers.iter().enumerate() {
        let weight = match kind {
            0 => random.any().abs(),
            1 => random.below(3) as f64,
            _ => random.usual(),
        };
        if i % 3 == 0 {
            moments.push(weight, x);
        } else {
            part.push(weight, x);
        }
        text.push(format!("{}:{}", hex(weight), hex(x)));
    }
    moments.merge(&part);
    let result = if spread { moments.spread() } else { moments.mean() };
    format!("{}\t{}", text.join(" "), hex_or_dash(result))
}
