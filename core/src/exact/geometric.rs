//! The weighted geometric mean, correctly rounded to binary64.

use dashu_int::ops::{Gcd, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig};

use super::elementary::{Approximation, FIRST_PRECISION, ln2, logarithm};
use super::rational::{Rational, binary_parts};

/// A positive value `n/d` and its weight.
struct Term {
    n: UBig,
    d: UBig,
    weight: u64,
}

/// The rounded mean; `None` if a value is negative or no weight is left. An infinity beyond the range.
pub(super) fn mean(terms: &[(Rational, u64)]) -> Option<f64> {
    let terms: Vec<&(Rational, u64)> = terms.iter().filter(|(_, weight)| *weight > 0).collect();
    let (first, _) = terms.first()?;
    if terms.iter().any(|(value, _)| value.signum() < 0) {
        return None;
    }
    if terms.iter().any(|(value, _)| value.is_zero()) {
        return Some(0.0);
    }
    if terms.iter().all(|(value, _)| value == first) {
        return Some(first.round());
    }
    let divisor = terms.iter().fold(0, |divisor, (_, weight)| gcd(divisor, *weight)).max(1);
    let terms: Vec<Term> = terms
        .into_iter()
        .map(|(value, weight)| {
            let (n, d) = value.to_reduced();
            Term { n: n.unsigned_abs(), d, weight: weight / divisor }
        })
        .collect();
    Some(by_ladder(&terms))
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Ziv's method, as for the logarithms. Here the value can be the midpoint of two binary64s, so when
/// the first attempt falls on a midpoint, an exact test tells; if it is not equal, enough digits will.
fn by_ladder(terms: &[Term]) -> f64 {
    let total: UBig = terms.iter().map(|term| UBig::from(term.weight)).sum();
    let mut precision = FIRST_PRECISION;
    let mut tested = false;
    loop {
        let (exponential, exponent) = exponential(&mean_logarithm(terms, &total, precision));
        let (low, high) = exponential.round_ends(exponent);
        if low == high {
            return low;
        }
        if !tested && low.next_up() == high {
            tested = true;
            // The midpoint between `low` and the next; that of the largest binary64 overflows, rightly.
            let (mantissa, exponent) = binary_parts(low);
            let midpoint = UBig::from(mantissa) * 2_u8 + UBig::ONE;
            if is_mean(terms, &total, &midpoint, i64::from(exponent) - 1) {
                return if mantissa % 2 == 0 { low } else { high };
            }
        }
        precision *= 2;
    }
}

/// `Σ w ln(n/d) / Σ w`.
fn mean_logarithm(terms: &[Term], total: &UBig, places: usize) -> Approximation {
    let mut value = IBig::ZERO;
    let mut error = UBig::ZERO;
    for term in terms {
        let logarithm = logarithm(&term.n, &term.d, places);
        value += logarithm.value * IBig::from(term.weight);
        error += logarithm.error * UBig::from(term.weight);
    }
    // Two more units for the two divisions.
    Approximation { value: value / IBig::from(total.clone()), error: error / total + UBig::from(2_u8), places }
}

/// `exp(x)` as an approximation times a power of two: `x = k ln 2 + f` with `0 <= f < 0.7`, and Taylor's
/// series for `exp(f)`.
///
/// Units are of the last place. `f` is wrong by the error of `x` and `2 |k|`; `exp` multiplies that by
/// at most 2.1. Each term is truncated twice: too small by less than 2.2 (from one to the next at most:
/// (0.7 × 2.2 + 1) / 2 + 1); what follows the first one that vanishes, by less than 4.
fn exponential(x: &Approximation) -> (Approximation, i64) {
    let places = x.places;
    let ln2 = IBig::from(ln2(places));
    let quotient = i64::try_from(&x.value / &ln2).unwrap_or(0);
    // The quotient is truncated towards zero; f must not be negative.
    let k = if x.value.sign() == Sign::Negative { quotient - 1 } else { quotient };
    let f = (&x.value - ln2 * k).unsigned_abs();
    let one = UBig::ONE << places;
    let mut power = one.clone();
    let mut sum = one;
    let mut terms = 1_usize;
    loop {
        power = ((power * &f) >> places) / terms;
        if power.is_zero() {
            break;
        }
        sum += &power;
        terms += 1;
    }
    let error = (&x.error + UBig::from(k.unsigned_abs()) * 2_u8) * 3_u8 + UBig::from(terms) * 3_u8 + UBig::from(4_u8);
    (Approximation { value: IBig::from(sum), error, places }, k)
}

/// Whether the weighted geometric mean of the terms is `mantissa × 2^exponent`, exactly.
///
/// That is, whether `Π (n/d)^w = (mantissa × 2^exponent)^W`. The powers would have astronomically many
/// digits, so both sides are written over a base of coprime integers, where exponents decide.
fn is_mean(terms: &[Term], total: &UBig, mantissa: &UBig, exponent: i64) -> bool {
    let two = UBig::from(2_u8);
    let mut base = Vec::new();
    for term in terms {
        refine(&mut base, term.n.clone());
        refine(&mut base, term.d.clone());
    }
    refine(&mut base, mantissa.clone());
    refine(&mut base, two.clone());
    let total = IBig::from(total.clone());
    base.iter().all(|factor| {
        let difference: IBig = terms
            .iter()
            .map(|term| (multiplicity(&term.n, factor) - multiplicity(&term.d, factor)) * IBig::from(term.weight))
            .sum();
        let powers = multiplicity(mantissa, factor) + multiplicity(&two, factor) * IBig::from(exponent);
        difference == powers * &total
    })
}

/// Adds a number to a base of pairwise coprime integers above 1, so that the number and everything that
/// was a product of the base's members is a product of the new members.
fn refine(base: &mut Vec<UBig>, number: UBig) {
    let mut pending = vec![number];
    while let Some(number) = pending.pop() {
        if number.is_one() {
            continue;
        }
        let shared =
            base.iter().enumerate().map(|(at, factor)| (at, factor.gcd(&number))).find(|(_, shared)| !shared.is_one());
        match shared {
            None => base.push(number),
            Some((at, shared)) => {
                let factor = base.swap_remove(at);
                if factor == number {
                    base.push(factor);
                    continue;
                }
                // The product of what is pending shrinks by `shared` each time, so this ends.
                pending.push(factor / &shared);
                pending.push(number / &shared);
                pending.push(shared);
            }
        }
    }
}

/// How often a factor above 1 divides a positive number.
fn multiplicity(number: &UBig, factor: &UBig) -> IBig {
    IBig::from(number.clone().remove(factor).unwrap_or(0))
}
