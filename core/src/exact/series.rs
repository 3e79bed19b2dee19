//! Logarithm, exponential and square root over [`Filtered`].
//!
//! All of it is written in `Filtered` arithmetic, where each operation carries its own bound. So the only
//! errors to be proved here are those of cutting a series, and those of evaluating its last terms, which
//! count for little, in plain binary64.
//!
//! What is called `f64` here is only added, multiplied and divided: same bits everywhere.

use super::filtered::{Filtered, ROUNDER, TINY};
use super::number::Number;

/// Bits of a binary64 are `hi` and `lo` of `ln 2`; what is left is below 2^-108.
pub(super) const LN_2: Filtered =
    Filtered { hi: f64::from_bits(0x3FE6_2E42_FEFA_39EF), lo: f64::from_bits(0x3C7A_BC9E_3B39_803F), err: 3.1e-33 };
/// The same for `ln 10`; what is left is below 2^-105.
pub(super) const LN_10: Filtered =
    Filtered { hi: f64::from_bits(0x4002_6BB1_BBB5_5516), lo: f64::from_bits(0xBCAF_48AD_494E_A3EA), err: 2.4e-32 };

/// 2^-46: the plain parts below have fewer than 40 roundings, with all terms of one sign or
/// falling by a factor of ten and more.
const PLAIN: f64 = 64.0 * f64::EPSILON;

/// The quotient of two small integers, computed when the program is compiled.
const fn fraction(n: u32, d: u32) -> Filtered {
    Filtered::exactly(n as f64).over(Filtered::exactly(d as f64))
}

/// A power of two, for exponents from -1022 to 1023.
fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits((u64::from((exponent + 1023).clamp(1, 2046).unsigned_abs())) << 52)
}

/// `ln x` for a positive number.
pub(super) fn ln(x: Filtered) -> Filtered {
    // The argument must be surely positive; a division below would otherwise be undecided anyway.
    if x.hi.is_nan() || x.hi <= 0.0 || x.err > x.hi * 1e-6 {
        return Filtered::UNDECIDED;
    }
    // x = 2^k m with m between √½ and √2, about.
    let bits = x.hi.to_bits();
    let above = (bits & ((1 << 52) - 1)) > 0x6_A09E_667F_3BCD;
    let k = (bits >> 52) as i32 - 1023 + i32::from(above);
    let m = x.scaled(power_of_two(-k));
    let fraction = twice_inverse_hyperbolic_tangent(m.plus(Filtered::exactly(-1.0)));
    if k == 0 { fraction } else { LN_2.times(Filtered::exactly(f64::from(k))).plus(fraction) }
}

/// `ln(1 + x)` for a number above -1. Near zero it does not go through `1 + x`, which would forget digits.
pub(super) fn ln1p(x: Filtered) -> Filtered {
    if x.hi > -0.29 && x.hi < 0.41 { twice_inverse_hyperbolic_tangent(x) } else { ln(x.plus(Filtered::ONE)) }
}

/// `log10 x` for a positive number.
pub(super) fn log10(x: Filtered) -> Filtered {
    ln(x).over(LN_10)
}

/// `ln(1 + d) = 2 atanh(d / (2 + d))` for `-0.3 < d < 0.42`.
///
/// With `z = d / (2 + d)` and `w = z² < 0.0312`: `2z (1 + w (1/3 + w/5 + w²/7 + …))`. The terms up to
/// `w⁹` are added in `Filtered`, those from `w^10/23` to `w^20/43` in binary64. All are positive.
/// What is cut off is less than `w^11 / 40` of the first of them.
fn twice_inverse_hyperbolic_tangent(d: Filtered) -> Filtered {
    // Two chains, of the even and of the odd powers, which the processor follows at the same time.
    const EVEN: [Filtered; 5] = [fraction(1, 19), fraction(1, 15), fraction(1, 11), fraction(1, 7), fraction(1, 3)];
    const ODD: [Filtered; 5] = [fraction(1, 21), fraction(1, 17), fraction(1, 13), fraction(1, 9), fraction(1, 5)];
    const PLAIN_TERMS: [f64; 11] = [
        1.0 / 43.0,
        1.0 / 41.0,
        1.0 / 39.0,
        1.0 / 37.0,
        1.0 / 35.0,
        1.0 / 33.0,
        1.0 / 31.0,
        1.0 / 29.0,
        1.0 / 27.0,
        1.0 / 25.0,
        1.0 / 23.0,
    ];
    if d.is_exact() && d.hi == 0.0 {
        return Filtered::ZERO;
    }
    let z = d.over(d.plus(Filtered::exactly(2.0)));
    let w = z.times(z);
    if w.hi.is_nan() || w.hi > 0.032 || w.err > 1e-9 {
        return Filtered::UNDECIDED;
    }
    let tail = PLAIN_TERMS.iter().fold(0.0, |sum, term| sum * w.hi + term);
    // The tail's derivative is below 1/20, so its argument's uncertainty enters with less than itself.
    let tail = Filtered { hi: tail, lo: 0.0, err: tail * PLAIN + w.hi.abs() * f64::EPSILON + w.err };
    let square = w.times(w);
    let (even, odd) = EVEN.iter().zip(&ODD).fold((tail, Filtered::ZERO), |(even, odd), (more_even, more_odd)| {
        (even.times(square).plus(*more_even), odd.times(square).plus(*more_odd))
    });
    let series = even.plus(odd.times(w));
    let twice = z.plus(z);
    twice.plus(twice.times(w).times(series))
}

/// `exp x` for `|x| < 600`.
///
/// `x = k ln 2 + f` with `|f| < 0.35`; `g = f / 64`; `e = exp(g) - 1` by its series; then six times
/// `exp(2g) - 1 = e (2 + e)`. The coefficients up to `g⁵/720` are added in `Filtered`, those from
/// `g⁶/7!` to `g^12/13!` in binary64, where `|g| < 0.0055`; what is cut off is far less than `PLAIN`
/// of the first of them.
fn exp(x: Filtered) -> Filtered {
    const EXACT: [Filtered; 5] = [fraction(1, 720), fraction(1, 120), fraction(1, 24), fraction(1, 6), fraction(1, 2)];
    const PLAIN_TERMS: [f64; 7] = [
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
    ];
    if x.hi.is_nan() || x.hi.abs() > 600.0 || x.err > 1e-9 {
        return Filtered::UNDECIDED;
    }
    // Only nearly the nearest integer to x / ln 2, which does not matter.
    let k = (x.hi * std::f64::consts::LOG2_E + ROUNDER) - ROUNDER;
    let f = x.plus(LN_2.times(Filtered::exactly(k)).negated());
    let g = f.scaled(1.0 / 64.0);
    let tail = PLAIN_TERMS.iter().fold(0.0, |sum, term| sum * g.hi + term);
    let tail = Filtered { hi: tail, lo: 0.0, err: tail * PLAIN + g.hi.abs() * f64::EPSILON + g.err };
    let series = EXACT.iter().fold(tail, |sum, term| sum.times(g).plus(*term));
    let mut e = g.plus(g.times(g).times(series));
    for _ in 0..6 {
        e = e.plus(e).plus(e.times(e));
    }
    e.plus(Filtered::ONE).scaled(power_of_two(k as i32))
}

/// `√x` for a number that is not negative.
///
/// With `s` the rounded root of `x.hi` and `q = (x - s²) / 2s`, Newton's step: `√x = s + q - (√x - s)² / 2s`,
/// and `|√x - s| = |x - s²| / (√x + s) <= |x - s²| / s = 2 |q|`. So the step is wrong by at most `2 q² / s`.
pub(super) fn sqrt(x: Filtered) -> Filtered {
    if x.is_exact() && x.hi == 0.0 {
        return Filtered::ZERO;
    }
    if x.hi.is_nan() || x.hi <= 0.0 || x.err > x.hi * 1e-6 {
        return Filtered::UNDECIDED;
    }
    let root = Filtered::exactly(x.hi.sqrt());
    let rest = x.plus(root.times(root).negated());
    if rest.is_exact() && rest.hi == 0.0 {
        return root;
    }
    let q = rest.over(root.plus(root));
    let reach = q.hi.abs() + q.err;
    root.plus(q).widened(reach * reach * 2.0 / root.hi * (1.0 + f64::EPSILON * 8.0) + TINY)
}

/// The weighted geometric mean of positive numbers, some with a positive weight.
pub(super) fn geometric_mean(terms: &[(Filtered, u64)]) -> Filtered {
    let mut terms = terms.iter().filter(|(_, weight)| *weight > 0).peekable();
    let Some((first, _)) = terms.peek().copied() else { return Filtered::UNDECIDED };
    let mut equal = first.is_exact();
    let mut only = true;
    let mut sum = Filtered::ZERO;
    let mut total = Filtered::ZERO;
    let mut seen = 0_usize;
    for (value, weight) in terms {
        seen = seen.saturating_add(1);
        only = seen == 1;
        equal &= value.is_exact() && value.hi == first.hi && value.lo == first.lo;
        let weight = weight_of(*weight);
        sum = sum.plus(ln(*value).times(weight));
        total = total.plus(weight);
    }
    // Of equal values the mean is the value itself, which may be exact.
    if equal || only { *first } else { exp(sum.over(total)) }
}

fn weight_of(weight: u64) -> Filtered {
    // Two halves and what is left, so that each is an i64.
    let half = <Filtered as Number>::from_integer((weight / 2) as i64);
    half.plus(half).plus(<Filtered as Number>::from_integer((weight % 2) as i64))
}
