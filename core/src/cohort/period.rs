//! Civil dates and the period between two of them.

use std::fmt;

use crate::error::{Code, Fault, Faults, Place, Text};

/// A day of the proleptic Gregorian calendar, from 0000-01-01 to 9999-12-31. It has no hour and no
/// time zone: a period is a number of days, wherever one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    // In this order, so that the derived order is the calendar's.
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A date, if there is such a day. `year` is at most 9999; `month` and `day` count from 1.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = year <= 9999 && (1..=days_in_month(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Reads `YYYY-MM-DD`, and nothing else: ten ASCII characters, no space, no other order.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(day, 2) {
            return None;
        }
        Self::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    }

    /// The year, from 0 to 9999.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month, from 1 to 12.
    pub fn month(self) -> u8 {
        self.month
    }

    /// The day of the month, from 1 to 31.
    pub fn day(self) -> u8 {
        self.day
    }

    /// The number of days since 1970-01-01; negative before.
    pub fn day_number(self) -> i32 {
        // Years that begin in March put the leap day at their end, where it needs no special case.
        let year = i32::from(self.year).saturating_sub(i32::from(self.month <= 2));
        let month = i32::from(self.month).saturating_add(9).rem_euclid(12);
        let in_year = month.saturating_mul(153).saturating_add(2).div_euclid(5).saturating_add(i32::from(self.day));
        let leaps = year.div_euclid(4).saturating_sub(year.div_euclid(100)).saturating_add(year.div_euclid(400));
        // 719,469 days lie between the day before 0000-03-01 and 1970-01-01.
        year.saturating_mul(365).saturating_add(leaps).saturating_add(in_year).saturating_sub(719_469)
    }

    /// The date that is so many days after 1970-01-01, if it is one of ours: the inverse of
    /// [`Self::day_number`].
    pub fn from_day_number(number: i64) -> Option<Self> {
        // From 0000-03-01, in cycles of 400 years, which have 146,097 days each.
        let days = number.checked_add(719_468)?;
        let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let in_year = day - (365 * year + year / 4 - year / 100);
        // Months from March: five have 153 days, and so have the next five.
        let month = (5 * in_year + 2) / 153;
        let in_month = in_year - (153 * month + 2) / 5 + 1;
        let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
        let year = cycle.checked_mul(400)?.checked_add(year)?;
        Self::new(u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(in_month).ok()?)
    }
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The days over which metrics were taken: `from` is the first, `to` is the day after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from: Date,
    to: Date,
}

impl Period {
    /// The period from `from` (included) to `to` (excluded); `None` unless `from` comes before `to`.
    pub fn new(from: Date, to: Date) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// Reads two dates written `YYYY-MM-DD`.
    ///
    /// # Errors
    /// `invalid_date` for each that is no date, `bounds_order` unless `from` comes before `to`, at
    /// `/period/from` and `/period/to`.
    ///
    /// ```
    /// # fn main() -> Result<(), bareme::Faults> {
    /// let june = bareme::cohort::Period::parse("2026-06-01", "2026-07-01")?;
    /// assert_eq!(june.days(), 30);
    /// # Ok(())
    /// # }
    /// ```
    pub fn parse(from: &str, to: &str) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let place = |end: &str| Place::Pointer(format!("/period/{end}"));
        let period = Self::read((from, &place("from")), (to, &place("to")), &mut faults);
        match period {
            Some(period) => faults.into_result(period),
            None => Err(faults),
        }
    }

    /// Reads the two ends, each with its place.
    pub(super) fn read(from: (&str, &Place), to: (&str, &Place), faults: &mut Faults) -> Option<Self> {
        let mut date = |text: &str, place: &Place| {
            let date = Date::parse(text);
            if date.is_none() {
                faults.push(invalid_date(text, place.clone()));
            }
            date
        };
        let (first, end) = (date(from.0, from.1), date(to.0, to.1));
        let period = Self::new(first?, end?);
        if period.is_none() {
            let expected =
                Text::new(format!("une date postérieure au {}", from.0), format!("a date later than {}", from.0));
            faults.push(Fault::new(Code::BoundsOrder, to.1.clone(), to.0, expected).advise(
                "la fin est le lendemain du dernier jour compté : pour juin, du 2026-06-01 au 2026-07-01",
                "the end is the day after the last one counted: June goes from 2026-06-01 to 2026-07-01",
            ));
        }
        period
    }

    /// The first day.
    pub fn from(self) -> Date {
        self.from
    }

    /// The day after the last.
    pub fn to(self) -> Date {
        self.to
    }

    /// The number of days, at least 1.
    pub fn days(self) -> u32 {
        u32::try_from(self.to.day_number().saturating_sub(self.from.day_number())).unwrap_or_default()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.from, self.to)
    }
}

/// The fault of a text that is no date, with the date that a French reader most likely meant.
pub(super) fn invalid_date(text: &str, place: Place) -> Fault {
    let expected = Text::new("une date qui existe, écrite AAAA-MM-JJ", "a date that exists, written YYYY-MM-DD");
    let fault = Fault::new(Code::InvalidDate, place, text, expected);
    let parts: Vec<&str> = text.split(['/', '.', '-', ' ']).collect();
    let turned = match parts.as_slice() {
        [day, month, year] => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => String::new(),
    };
    if Date::parse(&turned).is_some() {
        return fault.advise(
            format!("s'il s'agit du jour, du mois puis de l'année, écrivez {turned}"),
            format!("if this is the day, then the month, then the year, write {turned}"),
        );
    }
    fault.advise("écrivez par exemple 2026-06-01", "write for instance 2026-06-01")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn known_day_numbers() {
        let known = [
            ("0000-01-01", -719_528),
            ("0001-01-01", -719_162),
            ("1582-10-15", -141_427),
            ("1970-01-01", 0),
            ("1999-12-31", 10_956),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2026-11-24", 20_781),
            ("9999-12-31", 2_932_896),
        ];
        for (text, number) in known {
            assert_eq!(date(text).day_number(), number, "{text}");
            assert_eq!(Date::from_day_number(number.into()), Some(date(text)), "{text}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut number = date("0000-01-01").day_number();
        let mut before = None;
        for year in 0..=9999 {
            for month in 1..=12 {
                for day in 1..=31 {
                    let Some(date) = Date::new(year, month, day) else { continue };
                    assert_eq!(date.day_number(), number, "{date}");
                    assert!(before < Some(date));
                    assert_eq!(Date::parse(&date.to_string()), Some(date));
                    before = Some(date);
                    number += 1;
                }
            }
        }
        assert_eq!(number, 2_932_897);
    }

    #[test]
    fn leap_years() {
        assert!(Date::parse("1900-02-29").is_none() && Date::parse("2023-02-29").is_none());
        assert!(Date::parse("2000-02-29").is_some() && Date::parse("2024-02-29").is_some());
        assert_eq!(Period::parse("2024-02-01", "2024-03-01").unwrap().days(), 29);
        assert_eq!(Period::parse("2023-01-01", "2024-01-01").unwrap().days(), 365);
    }

    #[test]
    fn only_the_one_form_is_a_date() {
        for text in [
            "",
            "2026-6-01",
            "2026-06-1",
            "2026-06-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            " 2026-06-01",
            "2026/06/01",
            "01/06/2026",
            "+026-06-01",
            "2026-06-01-",
            "٢٠٢٦-06-01",
        ] {
            assert_eq!(Date::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ends_out_of_order_and_days_that_do_not_exist() {
        let codes = |from, to| {
            let faults = Period::parse(from, to).unwrap_err();
            faults.iter().map(|fault| (fault.code, fault.place.to_string())).collect::<Vec<_>>()
        };
        assert_eq!(codes("2026-06-01", "2026-06-01"), [(Code::BoundsOrder, "/period/to".into())]);
        assert_eq!(codes("2026-06-02", "2026-06-01"), [(Code::BoundsOrder, "/period/to".into())]);
        assert_eq!(
            codes("2026-02-30", "juin"),
            [(Code::InvalidDate, "/period/from".into()), (Code::InvalidDate, "/period/to".into())]
        );
    }

    #[test]
    fn a_french_date_is_advised_in_the_right_order() {
        let faults = Period::parse("1/6/2026", "2026-07-01").unwrap_err();
        assert!(faults.iter().next().unwrap().advice.fr.ends_with("écrivez 2026-06-01"));
    }
}
