//! What the exact module promises. The same routines are checked against MPFR and Python in `tests/oracle`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::cmp::Ordering;
use std::collections::HashSet;

use dashu_int::{IBig, UBig};
use proptest::prelude::*;

use super::elementary::{self, Approximation};
use super::series;
use super::*;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

/// A decimal of any length, or a fraction.
fn exact(text: &str) -> Rational {
    if let Some((n, d)) = text.split_once('/') {
        return exact(n).checked_div(&exact(d)).unwrap();
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let negative = digits.starts_with('-');
    let magnitude = digits
        .trim_start_matches('-')
        .bytes()
        .fold(Rational::ZERO, |sum, digit| sum * Rational::from(10) + Rational::from(i64::from(digit - b'0')));
    let power = Rational::from(10).pow(fraction.len() as u32).unwrap();
    let value = magnitude.checked_div(&power).unwrap();
    if negative { -value } else { value }
}

fn binary(x: f64) -> Rational {
    Rational::from_binary64(x).unwrap()
}

/// Asserts the invariant of a filtered number: it is where it says.
#[track_caller]
fn assert_contains(number: Filtered, value: &Rational) {
    assert!(!number.err.is_nan() && number.err >= 0.0);
    if number.is_undecided() {
        return;
    }
    assert_eq!(number.hi + number.lo, number.hi, "not normalised: {number:?}");
    let distance = (value - &(binary(number.hi) + binary(number.lo))).abs();
    assert!(distance <= binary(number.err), "{number:?} does not contain {value}");
}

#[track_caller]
fn assert_contains_approximation(number: Filtered, approximation: &Approximation) {
    assert!(!number.is_undecided());
    let scale = UBig::ONE << approximation.places;
    let value = Rational::from_big(approximation.value.clone(), scale.clone());
    let error = Rational::from_big(IBig::from(approximation.error.clone()), scale);
    let distance = (value - (binary(number.hi) + binary(number.lo))).abs();
    assert!(distance <= binary(number.err) + error, "{number:?}");
}

// Decimals

#[test]
fn decimals_print_as_rfc_8785_says() {
    for (x, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (0.35, "0.35"),
        (100.0, "100"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1.5e300, "1.5e+300"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (-1.25e-9, "-1.25e-9"),
        (333_333_333.333_333_3, "333333333.3333333"),
        (9_007_199_254_740_992.0, "9007199254740992"),
        (5e-324, "5e-324"),
        (2.225_073_858_507_201_4e-308, "2.2250738585072014e-308"),
        (f64::MAX, "1.7976931348623157e+308"),
        (5.684_341_886_080_802e-14, "5.684341886080802e-14"),
        // Two decimals of 17 digits are equally near: the even one.
        (6_319_103_718_049_309.0 / 4.0, "1579775929512327.2"),
        (6_319_103_718_049_311.0 / 4.0, "1579775929512327.8"),
    ] {
        assert_eq!(Decimal::new(x).unwrap().to_string(), text);
    }
    assert_eq!(Decimal::new(f64::NAN), None);
    assert_eq!(Decimal::new(f64::INFINITY), None);
}

#[test]
fn decimals_know_their_digits() {
    assert_eq!(decimal("0").parts(), (0, 0));
    assert_eq!(decimal("-1200").parts(), (-12, 2));
    assert_eq!(decimal("0.1").parts(), (1, -1));
    assert_eq!(decimal("5e-324").parts(), (5, -324));
    assert_eq!(decimal("1e22").parts(), (1, 22));
    assert!(decimal("1e22").is_integer() && decimal("0").is_integer() && !decimal("1.5").is_integer());
}

#[test]
fn texts_are_read_in_any_notation_and_never_rounded() {
    for (text, x) in [
        ("0.10", 0.1),
        ("1e2", 100.0),
        ("1E+2", 100.0),
        ("100e-2", 1.0),
        ("-0", 0.0),
        ("-0.0e5", 0.0),
        ("0e999999999999999999999", 0.0),
        ("9007199254740992", 9_007_199_254_740_992.0),
        ("0.1000000000000000000000000000000000000000", 0.1),
    ] {
        let number = Decimal::parse(text).unwrap();
        assert_eq!(number.get().to_bits(), f64::to_bits(x), "{text}");
    }
    for text in [
        "", "-", ".5", "5.", "01", "-01", "00", "+1", "1e", "1e+", "1.e5", " 1", "1 ", "1_0", "0x1", "NaN", "inf",
        "Infinity", "1,5", "--1", "1e1.5", "1e5x", "²", "１",
    ] {
        assert_eq!(Decimal::parse(text), Err(ParseDecimalError::Syntax), "{text}");
    }
    for text in [
        "0.1234567890123456789",
        "9007199254740993",
        "0.10000000000000001",
        "1e23000e-1",
        "2e-324",
        "1579775929512327.3",
    ] {
        assert!(Decimal::parse(text).is_err(), "{text}");
    }
    assert_eq!(
        Decimal::parse("9007199254740993"),
        Err(ParseDecimalError::NotRepresentable { nearest: decimal("9007199254740992") })
    );
    assert_eq!(Decimal::parse("1e400"), Err(ParseDecimalError::OutOfRange));
    assert_eq!(Decimal::parse("1e-400"), Err(ParseDecimalError::OutOfRange));
    assert_eq!(Decimal::parse(&"1".repeat(1 << 20)), Err(ParseDecimalError::Syntax));
    assert_eq!(
        Decimal::parse("0.12345678901234567890").unwrap_err().to_string(),
        "number has more digits than a binary64 holds: the nearest is 0.12345678901234568"
    );
}

#[test]
fn integers_are_exact_up_to_2_to_the_53() {
    let largest = (1_i64 << 53) - 1;
    assert_eq!(Decimal::from_integer(largest).unwrap().to_string(), "9007199254740991");
    assert_eq!(Decimal::from_integer(-largest).unwrap().get(), -9_007_199_254_740_991.0);
    assert_eq!(Decimal::from_integer(largest + 1), None);
    assert_eq!(Decimal::from_integer(i64::MIN), None);
}

// Rationals

#[test]
fn rationals_are_written_reduced() {
    assert_eq!(exact("6/4").to_string(), "3/2");
    assert_eq!(exact("-6/3").to_string(), "-2/1");
    assert_eq!((exact("1/3") - exact("1/3")).to_string(), "0/1");
    assert_eq!(Rational::from(decimal("1e-7")).to_string(), "1/10000000");
    assert_eq!(Rational::from(decimal("0.35")).to_string(), "7/20");
    assert_eq!(binary(0.5).to_string(), "1/2");
    assert_eq!(binary(-0.0).to_string(), "0/1");
    assert_eq!(exact("22/7").digits(), 3);
}

#[test]
fn only_canonical_fractions_are_read() {
    for text in ["3/1", "-1/2", "0/1", "340282366920938463463374607431768211457/2"] {
        assert_eq!(Rational::parse(text).unwrap().to_string(), text);
    }
    for text in ["", "3", "/", "2/4", "1/0", "0/2", "-0/1", "1/-2", "+1/2", "01/2", "1/02", "1 /2", "1/2/3", "0/0"] {
        assert!(Rational::parse(text).is_none(), "{text}");
    }
    assert!(Rational::parse(&"1".repeat(1 << 20)).is_none());
}

#[test]
fn equal_rationals_have_equal_hashes_however_they_came_about() {
    let mut set = HashSet::new();
    for text in
        ["1/3", "2/6", "100/300", "340282366920938463463374607431768211456/1020847100762815390390123822295304634368"]
    {
        set.insert(exact(text));
    }
    assert_eq!(set.len(), 1);
}

#[test]
fn rationals_survive_the_step_from_machine_integers() {
    let huge = Rational::from(i64::MAX).pow(5).unwrap();
    assert_eq!(&(&huge + &Rational::ONE) - &huge, Rational::ONE);
    assert_eq!(huge.checked_div(&huge), Some(Rational::ONE));
    assert_eq!(
        Rational::from(i64::MIN).pow(2).unwrap().checked_div(&Rational::from(i64::MIN)),
        Some(Rational::from(i64::MIN))
    );
    assert!(huge > -&huge && -&huge < Rational::ZERO);
    let low = Rational::from(i64::MIN) * Rational::from(i64::MIN) * Rational::from(-2);
    assert_eq!((&low - &Rational::ONE).to_string(), "-170141183460469231731687303715884105729/1");
    assert_eq!(low.to_string(), "-170141183460469231731687303715884105728/1");
    assert_eq!((low + Rational::ONE).abs().to_string(), "170141183460469231731687303715884105727/1");
    assert_eq!(Rational::from(2).pow(u32::MAX), None);
    assert_eq!(Rational::from(-1).pow(u32::MAX), Some(Rational::from(-1)));
    assert_eq!(Rational::ZERO.pow(0), Some(Rational::ONE));
    assert_eq!(Rational::ONE.checked_div(&Rational::ZERO), None);
    assert_eq!(Number::div(&Rational::ONE, &Rational::ZERO), Rational::ZERO);
}

// Rounding

#[test]
fn rounding_to_binary64_breaks_ties_to_even() {
    for (text, x) in [
        ("9007199254740993", 9_007_199_254_740_992.0),
        ("9007199254740995", 9_007_199_254_740_996.0),
        ("9007199254740993.00000000000000000000000000001", 9_007_199_254_740_994.0),
        ("1/3", 1.0 / 3.0),
        ("0/1", 0.0),
        ("-1/10", -0.1),
    ] {
        assert_eq!(exact(text).round().to_bits(), f64::to_bits(x), "{text}");
    }
    let smallest = binary(5e-324);
    let half = smallest.checked_div(&Rational::from(2)).unwrap();
    assert_eq!(half.round(), 0.0);
    assert_eq!((&half * &exact("1.0000000001")).round(), 5e-324);
    assert_eq!((-&half).round().to_bits(), 0);
    assert_eq!((&half * &Rational::from(3)).round(), 1e-323);
    let largest = binary(f64::MAX);
    let step = Rational::from(2).pow(970).unwrap();
    assert_eq!((&largest + &(&step * &exact("0.999999999"))).round(), f64::MAX);
    assert_eq!((&largest + &step).round(), f64::INFINITY);
    assert_eq!((-(&largest + &step)).round(), f64::NEG_INFINITY);
}

#[test]
fn publishing_follows_its_rule() {
    for (text, decimals, half_up, half_even, down) in [
        ("0.05", 1, "0.1", "0.0", "0.0"),
        ("0.15", 1, "0.2", "0.2", "0.1"),
        ("-0.05", 1, "-0.1", "0.0", "0.0"),
        ("-0.04", 1, "0.0", "0.0", "0.0"),
        ("2.5", 0, "3", "2", "2"),
        ("-2.5", 0, "-3", "-2", "-2"),
        ("-0.5", 0, "-1", "0", "0"),
        ("99.95", 1, "100.0", "100.0", "99.9"),
        ("2/3", 3, "0.667", "0.667", "0.666"),
        ("100", 2, "100.00", "100.00", "100.00"),
        (
            "123456789012345678901234567890.25",
            1,
            "123456789012345678901234567890.3",
            "123456789012345678901234567890.2",
            "123456789012345678901234567890.2",
        ),
    ] {
        let value = exact(text);
        for (rule, wanted) in [(Rounding::HalfUp, half_up), (Rounding::HalfEven, half_even), (Rounding::Down, down)] {
            assert_eq!(value.publish(decimals, rule).text(decimals), wanted, "{text} {rule:?}");
            if let Some(published) = Filtered::from_rational(&value).publish(decimals, rule) {
                assert_eq!(published.text(decimals), wanted, "{text} {rule:?} filtered");
            }
        }
    }
    // Exact ties are decided without the exact form where the operands are exact.
    let half = Filtered::from_integer(5).div(&Filtered::from_integer(2));
    assert_eq!(half.publish(0, Rounding::HalfUp).unwrap().text(0), "3");
    assert_eq!(half.publish(0, Rounding::HalfEven).unwrap().text(0), "2");
}

#[test]
fn published_numbers_are_ordered_and_read_back() {
    let published = |text: &str| exact(text).publish(2, Rounding::HalfUp);
    let mut numbers: Vec<Published> =
        ["3", "-99999999999999999999999", "0", "99999999999999999999999", "-3", "0.01"].map(published).into();
    numbers.sort();
    let texts: Vec<String> = numbers.iter().map(|number| number.text(1)).collect();
    assert_eq!(texts[1..5], ["-30.0", "0.0", "0.1", "30.0"]);
    for text in ["47.25", "-47.25", "-0.01", "0.00", "12345678901234567890.25"] {
        assert_eq!(Published::parse(text, 2), Some(published(text)));
    }
    for text in ["", "-", "47", "47.2", "47.250", "-0.00", "+1.00", "01.00", ".50", "4.7.2", "47,25", "4_7.25"] {
        assert_eq!(Published::parse(text, 2), None, "{text}");
    }
    assert_eq!(published("12345678901234567890.25").to_rational(2).to_string(), "49382715604938271561/4");
    assert_eq!(std::mem::size_of::<Published>(), 16);
}

// Elementary functions

fn transformed<N: Number>(x: &str, transform: Transform) -> Transformed<N> {
    N::from_rational(&exact(x)).transform(transform)
}

#[test]
fn transforms_have_domains() {
    for (transform, outside) in [
        (Transform::Ln, &["0", "-1", "-1/3"] as &[&str]),
        (Transform::Log10, &["0", "-1"]),
        (Transform::Ln1p, &["-1", "-2"]),
        (Transform::Sqrt, &["-1", "-1/1000000"]),
    ] {
        for x in outside {
            assert_eq!(transformed::<Rational>(x, transform), Transformed::Undefined, "{transform:?} {x}");
            assert!(transformed::<Filtered>(x, transform).value().is_none(), "{transform:?} {x}");
        }
    }
    let huge = Rational::from(10).pow(700).unwrap();
    assert_eq!(huge.transform(Transform::Sqrt), Transformed::Undefined);
    let tiny = Rational::ONE.checked_div(&huge).unwrap();
    assert_eq!(tiny.transform(Transform::Sqrt), Transformed::Value(Rational::ZERO));
    assert_eq!(tiny.transform(Transform::Ln1p), Transformed::Value(Rational::ZERO));
    assert_eq!((Rational::ONE - tiny).transform(Transform::Log10), Transformed::Value(Rational::ZERO));
}

#[test]
fn transforms_are_correctly_rounded() {
    for (transform, x, wanted) in [
        (Transform::Ln, "1", "0"),
        (Transform::Ln, "2", "0.6931471805599453"),
        (Transform::Ln, "1/10", "-2.302585092994046"),
        (Transform::Ln1p, "0", "0"),
        (Transform::Ln1p, "1/1000000000000000000", "1e-18"),
        (Transform::Log10, "1000", "3"),
        (Transform::Log10, "1/100000", "-5"),
        (Transform::Log10, "2", "0.3010299956639812"),
        (Transform::Sqrt, "0", "0"),
        (Transform::Sqrt, "4", "2"),
        (Transform::Sqrt, "1/100", "0.1"),
        (Transform::Sqrt, "2", "1.4142135623730951"),
        // Exactly between two binary64s: (2^53 + 1)².
        (Transform::Sqrt, "81129638414606699710187514626049", "9007199254740992"),
    ] {
        let wanted = Rational::from(decimal(wanted));
        assert_eq!(transformed::<Rational>(x, transform), Transformed::Value(wanted.clone()), "{transform:?} {x}");
        if let Some(quick) = transformed::<Filtered>(x, transform).value() {
            assert_contains(quick, &wanted);
        }
    }
}

#[test]
fn constants_of_the_series_hold_their_bounds() {
    let two = elementary::logarithm(&UBig::from(2_u8), &UBig::ONE, 400);
    assert_contains_approximation(series::LN_2, &two);
    let ten = elementary::logarithm(&UBig::from(10_u8), &UBig::ONE, 400);
    assert_contains_approximation(series::LN_10, &ten);
}

#[test]
fn roundings_that_need_a_second_precision_end() {
    // exp(1/2 + 2^-54), whose logarithm is between two binary64s, cut after 60 decimals, and one unit more:
    // the two differ from it by less than 2^-199, which the first precision cannot see.
    let below = exact("1.648721270700128238371066583840553816689667248903182128289643");
    let above = exact("1.648721270700128238371066583840553816689667248903182128289645");
    assert_eq!(elementary::transform(&below, Transform::Ln), Some(0.5));
    assert_eq!(elementary::transform(&above, Transform::Ln), Some(0.5_f64.next_up()));
    assert!(Filtered::from_rational(&below).transform(Transform::Ln).value().unwrap().is_undecided());
}

#[test]
fn geometric_means_of_special_terms() {
    fn mean<N: Number>(terms: &[(&str, u64)]) -> Option<f64> {
        let terms: Vec<(N, u64)> = terms.iter().map(|(x, weight)| (N::from_rational(&exact(x)), *weight)).collect();
        let value = N::geometric_mean(&terms).value()?;
        Some(value.round().unwrap_or(f64::NAN))
    }
    for (terms, wanted) in [
        (&[] as &[(&str, u64)], None),
        (&[("3", 0)], None),
        (&[("-3", 1), ("2", 1)], None),
        (&[("-3", 0), ("2", 1)], Some(2.0)),
        (&[("0", 1), ("7", 1)], Some(0.0)),
        (&[("0", 0), ("7", 1)], Some(7.0)),
        (&[("4", 1), ("9", 1)], Some(6.0)),
        (&[("2", 2), ("16", 1)], Some(4.0)),
        (&[("1/10", 3), ("1/10", 4)], Some(0.1)),
        (&[("1/2", u64::MAX), ("8", u64::MAX)], Some(2.0)),
        // Midpoints: 2^53 + 1 to even, 2^53 + 3 to even.
        (&[("81129638414606699710187514626049", 1), ("1", 1)], Some(9_007_199_254_740_992.0)),
        (&[("81129638414606735738984533590025", 5), ("1", 5)], Some(9_007_199_254_740_996.0)),
        (&[("9007199254740993", 3), ("81129638414606699710187514626049", 2), ("1", 2)], Some(9_007_199_254_740_992.0)),
    ] {
        assert_eq!(mean::<Rational>(terms), wanted, "{terms:?}");
        let quick = mean::<Filtered>(terms);
        assert!(quick == wanted || quick.is_some_and(f64::is_nan), "{terms:?}: {quick:?}");
    }
    let huge = Rational::from(10).pow(400).unwrap();
    assert_eq!(Rational::geometric_mean(&[(huge, 1)]), Transformed::Undefined);
}

// Filtered numbers

#[test]
fn what_is_exact_stays_exact() {
    let integer = |i: i64| Filtered::from_integer(i);
    let seven = integer(3).add(&integer(4));
    assert_eq!(seven.compare(&integer(7)), Some(Ordering::Equal));
    assert_eq!(integer(6).mul(&integer(7)).sub(&integer(42)).is_zero(), Some(true));
    assert_eq!(integer(6).div(&integer(4)).compare(&Filtered::from_decimal(decimal("1.5"))), Some(Ordering::Equal));
    assert_eq!(Filtered::ZERO.div(&integer(3)).is_zero(), Some(true));
    assert_eq!(Filtered::ZERO.mul(&Filtered::from_decimal(decimal("-5"))).round().map(f64::to_bits), Some(0));
}

#[test]
fn what_is_nearly_equal_is_undecided() {
    let third = Filtered::ONE.div(&Filtered::from_integer(3));
    let two_thirds = third.add(&third);
    let difference = Filtered::ONE.sub(&two_thirds).sub(&third);
    assert_eq!(difference.is_zero(), None);
    assert_eq!(third.compare(&third), None);
    assert!(Filtered::ONE.div(&Filtered::ZERO).is_undecided());
    assert!(Filtered::ONE.div(&difference).is_undecided());
    assert_eq!(Filtered::UNDECIDED.round(), None);
    assert_eq!(Filtered::UNDECIDED.is_zero(), None);
    assert_eq!(Filtered::UNDECIDED.publish(1, Rounding::HalfUp), None);
    assert_eq!(Filtered::UNDECIDED.compare(&Filtered::UNDECIDED), None);
    assert!(Filtered::UNDECIDED.mul(&Filtered::ZERO).is_undecided());
    assert!(Filtered::UNDECIDED.min(&Filtered::ZERO).is_undecided());
    assert!(Filtered::UNDECIDED.max(&Filtered::ZERO).is_undecided());
    assert!(Filtered::ZERO.div(&Filtered::UNDECIDED).is_undecided());
}

#[test]
fn a_product_that_vanishes_is_not_zero() {
    let tiny = Filtered::from_decimal(decimal("1e-200"));
    let product = tiny.mul(&tiny);
    assert_eq!(product.is_zero(), None);
    assert_contains(product, &exact(&format!("1/1{}", "0".repeat(400))));
    let exact_tiny = Filtered::from_rational(&binary(f64::from_bits(200 << 52)));
    assert_eq!(exact_tiny.mul(&exact_tiny).is_zero(), None);
    let huge = Filtered::from_decimal(decimal("1e200"));
    assert!(huge.mul(&huge).is_undecided());
    assert_eq!(tiny.div(&huge).is_zero(), None);
}

#[test]
fn columns_never_panic() {
    let mut column = FilteredColumn::with_len(0);
    column.load(&[1.0, 0.1, f64::NAN, f64::INFINITY, -0.0, 1.0 / 3.0, 1e300]);
    assert_eq!(column.len(), 7);
    assert_eq!(column.get(0).round(), Some(1.0));
    assert_eq!(column.get(1).round(), Some(0.1));
    assert_contains(column.get(1), &exact("0.1"));
    assert_contains(column.get(5), &Rational::from(decimal("0.3333333333333333")));
    assert!(column.get(9).is_undecided());
    assert!([2, 3, 4].iter().all(|place| column.get(*place).is_zero() == Some(true)));
    let mut sum = FilteredColumn::with_len(3);
    sum.copy(&column);
    sum.update_with(&column, Number::add);
    assert_eq!((sum.len(), sum.get(0).round()), (7, Some(2.0)));
    sum.update_with(&FilteredColumn::with_len(2), |_, _| Filtered::ONE);
    assert_eq!((sum.get(1).round(), sum.get(2).round()), (Some(1.0), Some(0.0)));
    sum.set(17, Filtered::ONE);
    sum.resize(2);
    sum.fill(Filtered::HUNDRED);
    assert_eq!((sum.len(), sum.get(1).round()), (2, Some(100.0)));
    let mut rationals = RationalColumn::with_len(2);
    rationals.update(|a| a + &Rational::ONE);
    let mut sum = RationalColumn::with_len(2);
    sum.weighted_sum(&[(&rationals, Rational::from(3)), (&rationals, Rational::from(4))]);
    assert_eq!([sum.get(0), sum.get(1), sum.get(2)], [Rational::from(7), Rational::from(7), Rational::ZERO]);
}

/// Every kernel of columns contains the exact result, on integers and on others, in and out of range.
#[test]
fn columns_contain_the_exact_results() {
    let pool: Vec<f64> = [0.0, 1.0, 3.0, 7.0, 1e6, 999_983.0, 9_007_199_254_740_991.0, 4_503_599_627_370_497.0]
        .into_iter()
        .chain([0.1, 0.3, 1.5, 123.456, 1e-7, 1e-200, 5e-324, 1e200, 1e300, 0.333_333_333_333_333_3])
        .flat_map(|x| [x, -x])
        .collect();
    let integers: Vec<f64> =
        pool.iter().copied().filter(|x| x.abs() >= 1.0 && x.abs() < 1e17 && x.fract() == 0.0).collect();
    let load = |values: &[f64]| {
        let mut column = FilteredColumn::with_len(0);
        column.load(values);
        column
    };
    let counts: Vec<f64> = integers.iter().copied().filter(|x| *x > 0.0 && *x < 4e15).chain([0.0, 12.0]).collect();
    assert!(load(&counts).is_whole());
    let exactly = |x: f64| Rational::from(Decimal::new(x).unwrap());
    for numbers in [&counts, &integers, &pool] {
        for shift in 0..numbers.len() {
            let turned: Vec<f64> = numbers.iter().cycle().skip(shift).take(numbers.len()).copied().collect();
            let (a, b) = (load(numbers), load(&turned));
            let mut quotient = FilteredColumn::with_len(0);
            quotient.quotient(&a, &b);
            let mut sum = FilteredColumn::with_len(numbers.len());
            let third = Rational::from(1).checked_div(&Rational::from(3)).unwrap();
            let factors = [Rational::from(-2), third, exactly(1e-3)];
            let columns = [&a, &b, &quotient];
            let terms: Vec<(&FilteredColumn, Filtered)> = columns
                .into_iter()
                .zip(&factors)
                .map(|(column, factor)| (column, Filtered::from_rational(factor)))
                .collect();
            sum.weighted_sum(&terms);
            let mut added = a.clone();
            added.plus(&b);
            let (least, greatest) = a.extremes(None, None);
            for (place, (x, y)) in numbers.iter().zip(&turned).enumerate() {
                let (x, y) = (exactly(*x), exactly(*y));
                assert_contains(added.get(place), &(&x + &y));
                let Some(ratio) = x.checked_div(&y) else {
                    assert!(quotient.get(place).is_undecided());
                    continue;
                };
                assert_contains(quotient.get(place), &ratio);
                let expected = &(&(&x * &factors[0]) + &(&y * &factors[1])) + &(&ratio * &factors[2]);
                assert_contains(sum.get(place), &expected);
                assert!(numbers.iter().any(|other| exactly(*other) < x) || least.contains(&place));
                assert!(numbers.iter().any(|other| exactly(*other) > x) || greatest.contains(&place));
            }
            // Beyond 2^900 nothing is known of a number, so that it may always be the least or the greatest.
            let known = Filtered::from_decimal(decimal("-1e250"));
            assert!(
                numbers.contains(&1e300)
                    || a.extremes(Some(&known), Some(&known.negated())) == (Vec::new(), Vec::new())
            );
        }
    }
    // Sums of integers stay exact, so that a tie needs no other arithmetic.
    let mut sum = FilteredColumn::with_len(0);
    let ones = load(&[1.0, 2.0]);
    sum.resize(2);
    sum.weighted_sum(&[(&ones, Filtered::HUNDRED), (&ones, Filtered::ONE)]);
    assert!(sum.get(1).is_exact() && sum.get(1).round() == Some(202.0));
}

/// What is kept as machine integers gives the same sums as fractions, however large the factors.
#[test]
fn columns_of_integers_add_up_exactly() {
    let load = |values: &[f64]| {
        let mut column = RationalColumn::with_len(0);
        column.load(values);
        column
    };
    let largest = 9_007_199_254_740_991.0;
    let (a, b) = ([0.0, 1.0, 7.0, 1e6, largest], [largest, 2.0, 0.0, 999_983.0, largest]);
    let huge = Rational::parse(&format!("1{}/7", "0".repeat(60))).unwrap();
    let tiny = Rational::parse(&format!("3/1{}", "0".repeat(60))).unwrap();
    // Sums of two of these factors times 2^53 just fit into 127 bits, and just do not.
    let (fits, exceeds) = (binary(f64::from_bits((1023 + 73) << 52)), binary(f64::from_bits((1023 + 74) << 52)));
    for factors in [
        [exact("1/3"), exact("-2/7")],
        [fits.clone(), fits.clone()],
        [exceeds, fits],
        [huge, tiny.clone()],
        [tiny, exact("0/1")],
    ] {
        let (whole, other) = ((load(&a), load(&b)), (load(&a), load(&b)));
        let mut of_whole = RationalColumn::with_len(a.len());
        of_whole.weighted_sum(&[(&whole.0, factors[0].clone()), (&whole.1, factors[1].clone())]);
        let (mut first, mut of_any) = (other.0, RationalColumn::with_len(a.len()));
        first.update(Clone::clone);
        assert!(whole.0.is_whole() && !first.is_whole());
        of_any.weighted_sum(&[(&first, factors[0].clone()), (&other.1, factors[1].clone())]);
        for place in 0..a.len() {
            let expected = &(&binary(a[place]) * &factors[0]) + &(&binary(b[place]) * &factors[1]);
            assert_eq!(of_whole.get(place), expected);
            assert_eq!(of_any.get(place), expected);
        }
        let mut sum = whole.0.clone();
        sum.plus(&whole.1);
        // 2^53 and more are no longer kept as whole.
        assert!(!sum.is_whole());
        assert_eq!(sum.get(4), binary(largest * 2.0));
    }
    let mut small = load(&[1.0, 2.0]);
    small.plus(&load(&[3.0, 4.0]));
    assert!(small.is_whole());
    let mut nobody = RationalColumn::with_len(0);
    nobody.weighted_sum(&[(&load(&[]), Rational::ONE)]);
    assert!(nobody.is_empty());
}

/// The places where the least quotient may be, of columns that are whole numbers or other binary64s.
#[test]
fn the_ends_of_quotients_need_no_quotients() {
    let load = |numbers: &[f64]| {
        let mut column = FilteredColumn::with_len(0);
        column.load(numbers);
        column
    };
    let whole: Vec<f64> = (0..200).map(|i| f64::from((i * 7_919) % 997)).collect();
    let divisors: Vec<f64> = (0..200).map(|i| f64::from((i * 104_729) % 991 + 1)).collect();
    let halves: Vec<f64> = whole.iter().map(|x| x / 2.0 - 100.0).collect();
    // Two thirds in many ways, and what differs from it by less than a binary64 can tell.
    let thirds: Vec<f64> = (1..200).map(|i| f64::from(2 * i)).chain([6_004_799_503_160_661.0]).collect();
    let of_thirds: Vec<f64> = (1..200).map(|i| f64::from(3 * i)).chain([9_007_199_254_740_991.0]).collect();
    for (a, b) in [(&whole, &divisors), (&thirds, &of_thirds), (&halves, &divisors)] {
        let quotient = |place: usize| binary(a[place]).checked_div(&binary(b[place])).unwrap();
        let (least, greatest) = ((0..200).map(quotient).min().unwrap(), (0..200).map(quotient).max().unwrap());
        let (first, second) = (load(a), load(b));
        let ends = |known: Option<&Filtered>| FilteredColumn::extremes_of_quotient(&first, &second, known, known);
        // Halves are no whole numbers, but a short decimal is read as a quotient: not always a binary64.
        let Some((lowest, highest)) = ends(None) else {
            assert!(std::ptr::eq(a, &raw const halves));
            continue;
        };
        assert!((0..200).all(|place| lowest.contains(&place) || quotient(place) != least));
        assert!((0..200).all(|place| highest.contains(&place) || quotient(place) != greatest));
        let middle = Filtered::from_rational(&(&(&least + &greatest) * &exact("1/2")));
        let (below, above) = ends(Some(&middle)).unwrap();
        assert_eq!((below, above), (lowest, highest));
        let beyond = (&least + &exact("-1/1"), &greatest + &exact("1/1"));
        let (low, high) = (Filtered::from_rational(&beyond.0), Filtered::from_rational(&beyond.1));
        let none = FilteredColumn::extremes_of_quotient(&first, &second, Some(&low), Some(&high));
        assert_eq!(none, Some((Vec::new(), Vec::new())));
    }
    // What may leave the range, and what is not exactly a binary64, goes another way.
    let ends = |a: f64, b: f64| FilteredColumn::extremes_of_quotient(&load(&[a]), &load(&[b]), None, None);
    assert!(ends(1.0, 3.0).is_some());
    assert!(ends(1e200, 1e-200).is_none());
    assert!(ends(0.1, 3.0).is_none());
}

// Sums

#[test]
fn moments_of_special_samples() {
    let moments = |numbers: &[f64]| {
        let mut moments = Moments::new();
        for &x in numbers {
            moments.push(x);
        }
        moments
    };
    assert_eq!(moments(&[]).mean(), None);
    assert_eq!(moments(&[]).spread(0), None);
    assert_eq!(moments(&[5.0]).spread(0), Some(0.0));
    assert_eq!(moments(&[5.0]).spread(1), None);
    assert_eq!(moments(&[1.0, 2.0, 3.0, 4.0]).mean(), Some(2.5));
    assert_eq!(moments(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).spread(0), Some(2.0));
    assert_eq!(moments(&[1e308, 1.0, -1e308]).mean(), Some(1.0 / 3.0));
    assert_eq!(moments(&[f64::MAX; 3]).mean(), Some(f64::MAX));
    assert_eq!(moments(&[f64::MAX; 3]).spread(0), Some(0.0));
    assert_eq!(moments(&[f64::MAX, -f64::MAX]).spread(0), Some(f64::MAX));
    assert_eq!(moments(&[f64::MAX, -f64::MAX]).spread(1), None);
    assert_eq!(moments(&[5e-324, 0.0]).mean(), Some(0.0));
    assert_eq!(moments(&[5e-324, 5e-324, 0.0]).mean(), Some(5e-324));
    assert_eq!(moments(&[1.0, f64::NAN]).mean(), None);
    assert_eq!(moments(&[f64::INFINITY]).spread(0), None);
    assert_eq!(moments(&[-1.0, -2.0]).mean(), Some(-1.5));
    let mut cleared = moments(&[f64::NAN]);
    cleared.clear();
    cleared.push(3.0);
    assert_eq!((cleared.count(), cleared.mean()), (1, Some(3.0)));
}

#[test]
fn weighted_moments_of_special_samples() {
    let moments = |numbers: &[(f64, f64)]| {
        let mut moments = WeightedMoments::new();
        for &(weight, x) in numbers {
            moments.push(weight, x);
        }
        moments
    };
    assert_eq!(moments(&[]).mean(), None);
    assert_eq!(moments(&[(0.0, 5.0)]).mean(), None);
    assert_eq!(moments(&[(0.0, 5.0)]).spread(), None);
    assert_eq!(moments(&[(3.0, 1.0), (1.0, 5.0)]).mean(), Some(2.0));
    assert_eq!(moments(&[(3.0, 1.0), (1.0, 5.0)]).spread(), Some(3.0_f64.sqrt()));
    assert_eq!(moments(&[(3.0, 1.0), (1.0, 5.0)]).total_weight(), Some(4.0));
    assert_eq!(moments(&[(-1.0, 1.0)]).mean(), None);
    assert_eq!(moments(&[(f64::MAX, f64::MAX), (f64::MAX, -f64::MAX)]).mean(), Some(0.0));
    assert_eq!(moments(&[(f64::MAX, f64::MAX), (f64::MAX, -f64::MAX)]).spread(), Some(f64::MAX));
    assert_eq!(moments(&[(f64::MAX, 1.0), (f64::MAX, 1.0)]).total_weight(), None);
    assert_eq!(moments(&[(5e-324, 5e-324)]).mean(), Some(5e-324));
    assert_eq!(moments(&[(5e-324, 5e-324), (5e-324, 0.0)]).spread(), Some(0.0));
}

#[test]
fn public_types_cross_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Decimal>();
    check::<Rational>();
    check::<Filtered>();
    check::<FilteredColumn>();
    check::<Published>();
    check::<Moments>();
    check::<WeightedMoments>();
    check::<ParseDecimalError>();
}

// Properties

/// Finite binary64s of many kinds.
fn binary64() -> impl Strategy<Value = f64> {
    prop_oneof![
        3 => (0_i64..100_000, prop::sample::select(vec![1.0, 10.0, 100.0, 1e6])).prop_map(|(n, d)| n as f64 / d),
        1 => any::<u64>().prop_map(f64::from_bits).prop_filter("finite", |x| x.is_finite()),
        1 => (0_u64..2047).prop_map(|exponent| f64::from_bits(exponent << 52)),
        1 => (-1_000_000_i64..1_000_000).prop_map(|i| 1.0 + i as f64 * f64::EPSILON),
        1 => any::<i32>().prop_map(f64::from),
        // At the ends of the filtered range.
        1 => (any::<u64>(), prop::sample::select(vec![122_u64, 123, 124, 1922, 1923, 1924]))
            .prop_map(|(bits, exponent)| f64::from_bits((bits >> 12) | (exponent << 52))),
    ]
    .prop_flat_map(|x| prop_oneof![Just(x), Just(-x)])
}

/// One of six values of two operations at most.
fn value<N: Number>(x: Decimal, y: Decimal, z: Decimal, kind: i32) -> N {
    let [x, y, z] = [x, y, z].map(N::from_decimal);
    match kind {
        0 => x,
        1 => x.add(&y),
        2 => x.mul(&y),
        3 if z.is_zero() == Some(false) => x.sub(&y).div(&z),
        4 if z.is_zero() == Some(false) => y.div(&z),
        _ => x.mul(&y).add(&z),
    }
}

/// A filtered number with the exact value it stands for.
fn known() -> impl Strategy<Value = (Filtered, Rational)> {
    (binary64(), binary64(), binary64(), 0..6).prop_map(|(x, y, z, kind)| {
        let [x, y, z] = [x, y, z].map(|x| Decimal::new(x).unwrap());
        let quick: Filtered = value(x, y, z, kind);
        // Where the filtered form cannot tell a zero it takes another way.
        let zero = Filtered::from_decimal(z).is_zero() != Some(false);
        (quick, value(x, y, z, if zero && (3..5).contains(&kind) { 5 } else { kind }))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn decimals_read_back(bits: u64) {
        let x = f64::from_bits(bits);
        if let Some(number) = Decimal::new(x) {
            prop_assert_eq!(Decimal::parse(&number.to_string()), Ok(number));
            let (m, e) = number.parts();
            prop_assert_eq!(Decimal::parse(&format!("{m}e{e}")), Ok(number));
            prop_assert_eq!(Rational::from(number).round().to_bits(), number.get().to_bits());
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+0-9.eE]{0,12}|.{0,8}") {
        if let Ok(number) = Decimal::parse(&text) {
            prop_assert_eq!(text.parse::<f64>().unwrap() + 0.0, number.get());
        }
    }

    #[test]
    fn filtered_results_are_where_they_say((a, x) in known(), (b, y) in known()) {
        assert_contains(a, &x);
        assert_contains(b, &y);
        assert_contains(a.add(&b), &(&x + &y));
        assert_contains(a.sub(&b), &(&x - &y));
        assert_contains(a.mul(&b), &(&x * &y));
        assert_contains(a.min(&b), std::cmp::Ord::min(&x, &y));
        assert_contains(a.max(&b), std::cmp::Ord::max(&x, &y));
        assert_contains(a.abs(), &x.abs());
        let quotient = a.div(&b);
        match x.checked_div(&y) {
            Some(value) => assert_contains(quotient, &value),
            None => prop_assert!(quotient.is_undecided()),
        }
        if let Some(zero) = a.is_zero() {
            prop_assert_eq!(zero, x.is_zero());
        }
        if let Some(order) = a.compare(&b) {
            prop_assert_eq!(order, x.cmp(&y));
        }
    }

    #[test]
    fn filtered_roundings_are_right_or_undecided((a, x) in known(), decimals in 0_u8..16) {
        if let Some(rounded) = Number::round(&a) {
            prop_assert_eq!(rounded.to_bits(), x.round().to_bits());
        }
        for rule in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down] {
            if let Some(published) = a.publish(decimals, rule) {
                prop_assert_eq!(published, x.publish(decimals, rule));
            }
        }
        prop_assert_eq!(a.publish(16, Rounding::Down), None);
    }

    #[test]
    fn filtered_halves_are_right((a, x) in known(), halves in -2000_i64..2000, decimals in 0_u8..4) {
        // Near ties: a tie plus something small.
        let ten = Rational::from(10).pow(u32::from(decimals)).unwrap();
        let tie = Rational::from(halves).checked_div(&(ten * Rational::from(2))).unwrap();
        let scale = Decimal::new(1e-18).unwrap();
        let near = Filtered::from_rational(&tie).add(&a.mul(&Filtered::from_decimal(scale)));
        let value = &tie + &(&x * &Rational::from(scale));
        for rule in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down] {
            if let Some(published) = near.publish(decimals, rule) {
                prop_assert_eq!(published, value.publish(decimals, rule));
            }
        }
    }

    #[test]
    fn conversions_hold_their_bounds((_, x) in known()) {
        assert_contains(Filtered::from_rational(&x), &x);
    }

    #[test]
    fn short_decimals_are_the_shortest(n in 0_i64..1_000_000_000_000_000, places in 0_usize..7) {
        let x = n as f64 / [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6][places];
        let quick = Filtered::from_short_decimal(x);
        prop_assert!(n >= 1_000_000_000 || !quick.is_undecided());
        assert_contains(quick, &Rational::from(Decimal::new(x).unwrap()));
    }

    #[test]
    fn rationals_obey_the_laws((_, x) in known(), (_, y) in known(), (_, z) in known()) {
        prop_assert_eq!(&(&x + &y) - &y, x.clone());
        prop_assert_eq!(&(&x + &y) * &z, &(&x * &z) + &(&y * &z));
        prop_assert_eq!(Rational::parse(&x.to_string()), Some(x.clone()));
        prop_assert_eq!(x.cmp(&y), (&x - &y).signum().cmp(&0));
        if !y.is_zero() {
            prop_assert_eq!(&x.checked_div(&y).unwrap() * &y, x);
        }
    }

    #[test]
    fn sums_do_not_depend_on_order_or_partition(
        numbers in prop::collection::vec((binary64(), binary64()), 0..12),
        cut in 0_usize..12,
    ) {
        let (mut whole, mut weighted) = (Moments::new(), WeightedMoments::new());
        let (mut parts, mut weighted_parts) = ([Moments::new(), Moments::new()], [WeightedMoments::new(), WeightedMoments::new()]);
        for (i, &(x, weight)) in numbers.iter().enumerate() {
            whole.push(x);
            weighted.push(weight.abs(), x);
            parts[usize::from(i < cut)].push(x);
        }
        for (i, &(x, weight)) in numbers.iter().enumerate().rev() {
            weighted_parts[usize::from(i < cut)].push(weight.abs(), x);
        }
        let [mut first, second] = parts;
        first.merge(&second);
        prop_assert_eq!(first.mean(), whole.mean());
        prop_assert_eq!(first.spread(1), whole.spread(1));
        let [mut first, second] = weighted_parts;
        first.merge(&second);
        prop_assert_eq!(first.mean(), weighted.mean());
        prop_assert_eq!(first.spread(), weighted.spread());

        let sum = numbers.iter().fold(Rational::ZERO, |sum, (x, _)| sum + binary(*x));
        let mean = sum.checked_div(&Rational::from(numbers.len() as i64)).map(|mean| mean.round());
        prop_assert_eq!(whole.mean(), mean);
    }
}

proptest! {
    // Slower ones.
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn filtered_transforms_are_right_or_undecided((a, x) in known()) {
        for transform in [Transform::Ln, Transform::Ln1p, Transform::Log10, Transform::Sqrt] {
            match (a.transform(transform), x.transform(transform)) {
                (Transformed::Value(quick), Transformed::Value(value)) => assert_contains(quick, &value),
                (Transformed::Value(quick), Transformed::Undefined) => prop_assert!(quick.is_undecided()),
                (Transformed::Undefined, value) => prop_assert_eq!(value, Transformed::Undefined),
            }
        }
    }

    #[test]
    fn series_hold_their_bounds(n in 1_u64..1_000_000_000, d in 1_u64..1_000_000_000, closer in 0_u32..40) {
        // Some of them near 1.
        let n = d.saturating_add(n >> closer);
        let x = Rational::from(n as i64).checked_div(&Rational::from(d as i64)).unwrap();
        let quick = Filtered::from_rational(&x);
        let logarithm = elementary::logarithm(&UBig::from(n), &UBig::from(d), 300);
        if n != d {
            let ln = series::ln(quick);
            assert_contains_approximation(ln, &logarithm);
            prop_assert!(ln.err <= ln.hi.abs() * 1e-20);
            let little = Filtered::from_rational(&(x.clone() - Rational::ONE));
            let ln1p = series::ln1p(little);
            assert_contains_approximation(ln1p, &logarithm);
            prop_assert!(ln1p.err <= ln1p.hi.abs() * 1e-28);
        }
        let root = series::sqrt(quick);
        let low = binary(root.hi) + binary(root.lo) - binary(root.err);
        let high = binary(root.hi) + binary(root.lo) + binary(root.err);
        prop_assert!(&low * &low <= x && x <= &high * &high);
        prop_assert!(root.err <= root.hi * 1e-29);
    }

    #[test]
    fn filtered_geometric_means_are_right_or_undecided(
        terms in prop::collection::vec((known(), 0_u64..50), 0..5),
        negative in 0..8,
    ) {
        let quick: Vec<(Filtered, u64)> =
            terms.iter().map(|((a, _), w)| (if negative == 0 { *a } else { a.abs() }, *w)).collect();
        let exact: Vec<(Rational, u64)> =
            terms.iter().map(|((_, x), w)| (if negative == 0 { x.clone() } else { x.abs() }, *w)).collect();
        match (Filtered::geometric_mean(&quick), Rational::geometric_mean(&exact)) {
            (Transformed::Value(quick), Transformed::Value(value)) => assert_contains(quick, &value),
            (Transformed::Value(quick), Transformed::Undefined) => prop_assert!(quick.is_undecided()),
            (Transformed::Undefined, value) => prop_assert_eq!(value, Transformed::Undefined),
        }
    }

    #[test]
    fn geometric_means_on_midpoints_go_to_even(mantissa in (1_u64 << 53)..(1 << 54), a in 1_i64..100_000, weight in 1_u64..1000) {
        // a and m²/a have the mean m, which lies between two binary64s.
        let middle = mantissa | 1;
        let value = Rational::from(middle as i64);
        let a = Rational::from(a);
        let b = (&value * &value).checked_div(&a).unwrap();
        let mean = Rational::geometric_mean(&[(a.clone(), weight), (b.clone(), weight)]).value().unwrap();
        prop_assert_eq!(mean.round(), value.round());
        let little = exact("1.0000000000000000000000000000000000000000000000000001");
        let above = Rational::geometric_mean(&[(a, weight), (b * little, weight)]).value().unwrap();
        prop_assert_eq!(above.round(), (value * exact("1.00000000000000000000000001")).round());
    }

    #[test]
    fn square_roots_are_nearest(n in 1_i64..i64::MAX, d in 1_i64..i64::MAX) {
        let x = Rational::from(n).checked_div(&Rational::from(d)).unwrap();
        let root = elementary::transform(&x, Transform::Sqrt).unwrap();
        let half = Rational::ONE.checked_div(&Rational::from(2)).unwrap();
        let below = (binary(root) + binary(root.next_down())) * half.clone();
        let above = (binary(root) + binary(root.next_up())) * half;
        prop_assert!(&below * &below <= x && x <= &above * &above);
    }
}

#[test]
fn a_rational_of_thousands_of_bits_is_bounded_work() {
    let long = Rational::from(3).pow(20_000).unwrap();
    let near = (&long + &Rational::ONE).checked_div(&long).unwrap();
    assert_eq!(near.transform(Transform::Ln), Transformed::Value(Rational::ZERO));
    let ln = long.transform(Transform::Ln).value().unwrap().round();
    assert!((ln - 20_000.0 * 1.098_612_288_668_109_8).abs() < 1e-9);
    let mean = Rational::geometric_mean(&[(long.clone(), 1), (Rational::ONE.checked_div(&long).unwrap(), 1)]);
    assert_eq!(mean, Transformed::Value(Rational::ONE));
}
