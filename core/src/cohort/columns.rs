//! Tables as files and data frames hold them: named columns of texts, of numbers of every kind.
//!
//! What a cell of each kind means is settled here, as `spec/numbers.md` says: a binary32 by its shortest
//! decimal, an integer and a decimal exactly or not at all. So whoever hands columns over only says what
//! they hold.

use std::borrow::Cow;
use std::fmt;

use super::{Date, MAX_ROWS};
use crate::exact::Decimal;

/// A table as a file or a data frame holds it: named columns of equal length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table<'a> {
    /// The columns, in any order.
    pub columns: Vec<Column<'a>>,
    /// The number by which its author knows the first row of data: 2 below a header, 1 in a data
    /// frame. Faults count rows from it.
    pub first_row: usize,
    /// Do decimals in text cells follow a comma? Otherwise they follow a point; never either.
    pub decimal_comma: bool,
}

/// A column of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub struct Column<'a> {
    /// Its header.
    pub name: String,
    /// Its cells.
    pub cells: Cells<'a>,
}

/// The cells of a [`Column`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cells<'a> {
    /// Texts; empty when not given.
    Text(Vec<Cow<'a, str>>),
    /// Texts of which few differ.
    Coded {
        /// The texts.
        texts: Vec<Cow<'a, str>>,
        /// The place of each row's text; [`Self::NOT_GIVEN`] when it has none.
        codes: Cow<'a, [u32]>,
    },
    /// Numbers.
    Number(Numbers<'a>),
    /// Cells that hold neither texts nor numbers, such as lists: a fault, unless the column is ignored.
    Other {
        /// How many there are.
        len: usize,
        /// What they hold, in the words of whoever gave them.
        holds: String,
    },
}

/// Numbers as binary64, NaN where a number is not known, and what was given but is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Numbers<'a> {
    pub(super) values: Cow<'a, [f64]>,
    /// By row. No number stands there.
    pub(super) refused: Vec<(usize, Refused)>,
}

/// What was given and cannot be carried without rounding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refused {
    /// An integer beyond ±(2^53 - 1).
    Integer(i128),
    /// A decimal, as text.
    Decimal(String),
}

/// A number of a column whose cells are not all of one type.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// It is not known.
    Unknown,
    /// A binary64.
    Binary64(f64),
    /// An integer.
    Integer(i128),
    /// A decimal as text, in the grammar of a JSON number.
    Decimal(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => integer.fmt(f),
            Self::Decimal(text) => f.write_str(text),
        }
    }
}

impl<'a> Cells<'a> {
    /// Stands in [`Self::Coded`] for a text that is not given.
    pub const NOT_GIVEN: u32 = u32::MAX;

    /// Texts; empty when not given.
    pub fn texts<T: Into<Cow<'a, str>>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::Text(texts.into_iter().map(Into::into).collect())
    }

    /// Texts; empty when not given. One that goes on from row to row is kept once, which saves memory.
    pub fn runs<T: Into<Cow<'a, str>>>(texts: impl IntoIterator<Item = T>) -> Self {
        let (mut kept, mut codes): (Vec<Cow<'a, str>>, Vec<u32>) = (Vec::new(), Vec::new());
        for text in texts {
            let text = text.into();
            if kept.last() != Some(&text) {
                kept.push(text);
            }
            codes.push(u32::try_from(kept.len().saturating_sub(1)).unwrap_or(Self::NOT_GIVEN));
        }
        if kept.len() == codes.len() { Self::Text(kept) } else { Self::Coded { texts: kept, codes: codes.into() } }
    }

    /// Yes or no, or nothing.
    pub fn booleans(values: impl IntoIterator<Item = Option<bool>>) -> Self {
        let codes: Vec<u32> = values.into_iter().map(|value| value.map_or(Self::NOT_GIVEN, u32::from)).collect();
        Self::Coded { texts: vec!["false".into(), "true".into()], codes: codes.into() }
    }

    /// Dates, as days since 1970-01-01.
    pub fn dates(days: impl IntoIterator<Item = Option<i64>>) -> Self {
        Self::instants(days, 1)
    }

    /// Instants without time zone, `per_day` units to a day, counted from 1970-01-01. At midnight they are
    /// dates; at any other time they are none, which is a fault where a date is read.
    pub fn instants(units: impl IntoIterator<Item = Option<i64>>, per_day: i64) -> Self {
        let per_day = per_day.max(1);
        // Mostly one date for all rows.
        let mut last = (None, String::new());
        Self::texts(units.into_iter().map(|units| {
            if units != last.0 {
                last = (units, units.map(|units| instant(units, per_day)).unwrap_or_default());
            }
            last.1.clone()
        }))
    }

    /// binary64, NaN when not known; borrowed or not.
    pub fn binary64(values: impl Into<Cow<'a, [f64]>>) -> Self {
        Self::Number(Numbers { values: values.into(), refused: Vec::new() })
    }

    /// binary32, NaN when not known.
    pub fn binary32(values: impl IntoIterator<Item = f32>) -> Self {
        Self::binary64(values.into_iter().map(widened).collect::<Vec<_>>())
    }

    /// Integers, or nothing when not known.
    pub fn integers<I: Into<i128>>(values: impl IntoIterator<Item = Option<I>>) -> Self {
        Self::number(values.into_iter().map(|value| value.map_or(Ok(f64::NAN), |value| integer(value.into()))))
    }

    /// Decimals, each so many `10^-scale`, or nothing when not known.
    pub fn decimals(values: impl IntoIterator<Item = Option<i128>>, scale: i8) -> Self {
        Self::number(values.into_iter().map(|value| value.map_or(Ok(f64::NAN), |value| decimal(value, scale))))
    }

    /// Decimals as text, in the grammar of a JSON number; empty when not known. What does not follow the
    /// grammar is a fault, as in [`Self::Text`]: unlike there, the decimals always follow a point.
    pub fn written<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::number(texts.into_iter().map(|text| written(text.into())))
    }

    /// Numbers of several types.
    pub fn numbers(values: impl IntoIterator<Item = Given>) -> Self {
        Self::number(values.into_iter().map(|value| match value {
            Given::Unknown => Ok(f64::NAN),
            Given::Binary64(value) => Ok(value),
            Given::Integer(value) => integer(value),
            Given::Decimal(text) => written(text),
        }))
    }

    fn number(values: impl Iterator<Item = Result<f64, Refused>>) -> Self {
        let mut refused = Vec::new();
        let number = |(row, value)| match value {
            Ok(value) => value,
            // Beyond the most rows nothing is read.
            Err(why) => {
                if row < MAX_ROWS {
                    refused.push((row, why));
                }
                f64::NAN
            }
        };
        let values: Vec<f64> = values.enumerate().map(number).collect();
        Self::Number(Numbers { values: values.into(), refused })
    }

    /// The number of cells.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Coded { codes, .. } => codes.len(),
            Self::Number(numbers) => numbers.values.len(),
            Self::Other { len, .. } => *len,
        }
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text of a row, as it was given; empty when it has none, or is no text.
    pub(super) fn text(&self, row: usize) -> &str {
        let text = match self {
            Self::Text(texts) => texts.get(row),
            Self::Coded { texts, codes } => codes.get(row).and_then(|code| texts.get(*code as usize)),
            Self::Number(_) | Self::Other { .. } => None,
        };
        text.map(|text| &**text).unwrap_or_default()
    }
}

/// The binary64 of the shortest decimal of a binary32.
fn widened(value: f32) -> f64 {
    let wide = f64::from(value);
    // Up to 2^24 every integer is its own shortest decimal.
    if !wide.is_finite() || (wide.abs() <= 16_777_216.0 && wide.fract() == 0.0) {
        return wide;
    }
    let mut buffer = zmij::Buffer::new();
    Decimal::parse(buffer.format_finite(value)).map_or(wide, Decimal::get)
}

fn integer(value: i128) -> Result<f64, Refused> {
    let exact = i64::try_from(value).ok().and_then(Decimal::from_integer);
    exact.map(Decimal::get).ok_or(Refused::Integer(value))
}

fn decimal(value: i128, scale: i8) -> Result<f64, Refused> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    // Both terms are exact, so the quotient is the nearest binary64; and up to fifteen digits, no other
    // decimal as short has the same.
    let power = usize::try_from(scale).ok().and_then(|scale| POWERS.get(scale));
    if let (Some(power), Ok(small)) = (power, i64::try_from(value))
        && small.unsigned_abs() < 1_000_000_000_000_000
    {
        return Ok(small as f64 / power);
    }
    let Ok(after_point) = usize::try_from(scale) else {
        return written(format!("{value}e{}", scale.unsigned_abs()));
    };
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = after_point.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(after_point));
    let (sign, point) = (if value < 0 { "-" } else { "" }, if after_point > 0 { "." } else { "" });
    written(format!("{sign}{whole}{point}{fraction}"))
}

fn written(text: String) -> Result<f64, Refused> {
    if text.is_empty() {
        return Ok(f64::NAN);
    }
    Decimal::parse(&text).map(Decimal::get).map_err(|_| Refused::Decimal(text))
}

fn instant(units: i64, per_day: i64) -> String {
    let Some(date) = Date::from_day_number(units.div_euclid(per_day)) else {
        return format!("1970-01-01 {units:+}/{per_day}");
    };
    let rest = i128::from(units.rem_euclid(per_day));
    if rest == 0 {
        return date.to_string();
    }
    let seconds = rest.saturating_mul(86_400).checked_div(i128::from(per_day)).unwrap_or_default();
    format!("{date}T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(cells: Cells<'_>) -> (Vec<f64>, Vec<(usize, Refused)>) {
        let Cells::Number(numbers) = cells else { panic!("{cells:?}") };
        (numbers.values.into_owned(), numbers.refused)
    }

    fn bits(values: &[f64]) -> Vec<u64> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    #[test]
    fn a_binary32_is_its_shortest_decimal() {
        let given =
            [7_249_137.0_f32 / 4.0, 0.1, -0.35, 16_777_216.0, 123_456_789.0, 1e-45, f32::MAX, 0.0, -3.0, 33_554_432.5];
        let (values, refused) = numbers(Cells::binary32(given));
        assert_eq!(
            values,
            [1_812_284.2, 0.1, -0.35, 16_777_216.0, 123_456_790.0, 1e-45, 3.402_823_5e38, 0.0, -3.0, 33_554_432.0]
        );
        assert!(refused.is_empty());
        let (values, _) = numbers(Cells::binary32([f32::NAN, f32::INFINITY]));
        assert!(values[0].is_nan() && values[1].is_infinite());
    }

    #[test]
    fn integers_are_exact_or_refused() {
        let most = (1_i128 << 53) - 1;
        let (values, refused) =
            numbers(Cells::integers([Some(most), None, Some(-most), Some(most + 1), Some(i128::MIN)]));
        assert_eq!((values[0], values[2]), (9_007_199_254_740_991.0, -9_007_199_254_740_991.0));
        assert!(values[1].is_nan() && values[3].is_nan());
        assert_eq!(refused, [(3, Refused::Integer(most + 1)), (4, Refused::Integer(i128::MIN))]);
        assert_eq!(numbers(Cells::integers([Some(u64::MAX)])).1.len(), 1);
    }

    #[test]
    fn decimals_are_exact_or_refused() {
        let read = |value, scale| numbers(Cells::decimals([Some(value)], scale));
        for (value, scale, wanted) in [
            (35, 2, 0.35),
            (-35, 2, -0.35),
            (999_999_999_999_999, 15, 0.999_999_999_999_999),
            (12, -2, 1200.0),
            (1_000_000_000_000_000_000, 18, 1.0),
            (1, 20, 1e-20),
            (0, 30, 0.0),
        ] {
            assert_eq!(read(value, scale), (vec![wanted], vec![]), "{value} {scale}");
        }
        let (values, refused) = read(1_234_567_890_123_456_789, 19);
        assert!(values[0].is_nan());
        assert_eq!(refused, [(0, Refused::Decimal("0.1234567890123456789".into()))]);
        assert!(numbers(Cells::decimals([None], 2)).0[0].is_nan());
        let (values, refused) = numbers(Cells::written(["0.10", "", "1e2", "0.1234567890123456789"]));
        assert_eq!((values[0], values[2], refused.len()), (0.1, 100.0, 1));
        assert!(values[1].is_nan());
    }

    #[test]
    fn instants_are_dates_at_midnight_only() {
        let text = |cells: Cells<'_>, row| cells.text(row).to_owned();
        assert_eq!(text(Cells::dates([Some(20_781), None]), 0), "2026-11-24");
        assert_eq!(text(Cells::dates([Some(20_781), None]), 1), "");
        assert_eq!(text(Cells::dates([Some(-719_528)]), 0), "0000-01-01");
        let second = Cells::instants([Some(-86_400), Some(-1), Some(90_061)], 86_400);
        assert_eq!([0, 1, 2].map(|row| second.text(row)), ["1969-12-31", "1969-12-31T23:59:59", "1970-01-02T01:01:01"]);
        assert_eq!(text(Cells::instants([Some(i64::MAX)], 86_400_000_000_000), 0), "2262-04-11T23:47:16");
        assert_eq!(text(Cells::dates([Some(i64::MIN)]), 0), "1970-01-01 -9223372036854775808/1");
    }

    #[test]
    fn numbers_of_several_types() {
        let given = [Given::Binary64(0.5), Given::Integer(1 << 60), Given::Decimal("2.50".into()), Given::Unknown];
        let (values, refused) = numbers(Cells::numbers(given));
        assert_eq!((values[0], values[2], refused), (0.5, 2.5, vec![(1, Refused::Integer(1 << 60))]));
        assert!(values[3].is_nan());
    }

    #[test]
    fn runs_are_kept_once() {
        let rows = |cells: &Cells<'_>| (0..cells.len()).map(|row| cells.text(row).to_owned()).collect::<Vec<_>>();
        for texts in [&["a", "a", "", "", "b", "a"][..], &["a", "b", "a"], &[]] {
            assert_eq!(rows(&Cells::runs(texts.iter().copied())), texts);
        }
        assert_eq!(Cells::runs(["a", "a"]), Cells::Coded { texts: vec!["a".into()], codes: vec![0, 0].into() });
        assert_eq!(Cells::runs(["a", "b"]), Cells::texts(["a", "b"]));
    }

    #[test]
    fn booleans_are_words() {
        let cells = Cells::booleans([Some(true), None, Some(false)]);
        assert_eq!([0, 1, 2, 3].map(|row| cells.text(row)), ["true", "", "false", ""]);
    }

    proptest::proptest! {
        /// It reads back, and no shorter text does: of equally near ones the standard library takes another.
        #[test]
        fn a_binary32_reads_back(bits in proptest::num::u32::ANY) {
            let value = f32::from_bits(bits);
            if value.is_finite() {
                let text = widened(value).to_string();
                proptest::prop_assert_eq!(text.parse(), Ok(value));
                proptest::prop_assert_eq!(text.len(), value.to_string().len());
            }
        }

        /// The quick way gives what reading the text gives.
        #[test]
        fn decimals_quickly_and_by_their_text(value in -2_000_000_000_000_000_i64..2_000_000_000_000_000, scale in -3_i8..20) {
            let quick = decimal(value.into(), scale);
            let slow = written(format!("{value}e{}", -i32::from(scale)));
            proptest::prop_assert_eq!(quick.map(|value| bits(&[value])), slow.map(|value| bits(&[value])));
        }
    }
}
