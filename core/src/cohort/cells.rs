//! The cells of a column, read without guessing: texts as they stand, numbers as they are written.

use std::borrow::Cow;

use super::build::MAX_COUNT;
use super::columns::{Cells, Refused};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Decimal, ParseDecimalError};
use crate::methodology::model::Kind;

/// A column of texts; an empty text is not given.
#[derive(Debug)]
pub(super) enum Texts<'a> {
    /// There is no such column.
    Absent,
    /// The table's own cells.
    Given(Cells<'a>),
    /// Numbers, as text.
    Made(Vec<String>),
}

impl<'a> Texts<'a> {
    /// Reads a column as texts. Numbers become texts if they are whole: a code in a column of numbers.
    pub(super) fn read(cells: Cells<'a>, place: &impl Fn(usize) -> Place, faults: &mut Faults) -> Self {
        let numbers = match cells {
            Cells::Text(_) | Cells::Coded { .. } => return Self::Given(cells),
            Cells::Number(numbers) => numbers,
            Cells::Other { holds, .. } => {
                faults.push(of_another_type(&holds, Text::new("des textes", "texts"), place));
                return Self::Absent;
            }
        };
        let mut refuse = |row: usize, value: &dyn std::fmt::Display| {
            let expected = Text::new("un texte, ou un nombre entier", "a text, or a whole number");
            faults.push(
                Fault::new(Code::WrongType, place(row), value, expected)
                    .advise("donnez cette colonne comme du texte", "give this column as text"),
            );
        };
        let whole = |(row, value): (usize, &f64)| {
            if value.is_nan() {
                return String::new();
            }
            let decimal = Decimal::new(*value).filter(|decimal| decimal.is_integer() && value.abs() <= MAX_COUNT);
            if let Some(decimal) = decimal {
                return decimal.to_string();
            }
            refuse(row, value);
            String::new()
        };
        let made = numbers.values.iter().enumerate().map(whole).collect();
        numbers.refused.iter().for_each(|(row, why)| refuse(*row, why));
        Self::Made(made)
    }

    /// The text of a row, without the spaces around it.
    pub(super) fn get(&self, row: usize) -> &str {
        clean(match self {
            Self::Absent => "",
            Self::Given(cells) => cells.text(row),
            Self::Made(texts) => texts.get(row).map(String::as_str).unwrap_or_default(),
        })
    }
}

/// The fault of a column whose cells are neither texts nor numbers.
fn of_another_type(holds: &str, expected: Text, place: &impl Fn(usize) -> Place) -> Fault {
    Fault::new(Code::WrongType, place(0), holds, expected).advise(
        "convertissez cette colonne, ou commencez son nom par « _ » pour qu'elle soit ignorée",
        "convert this column, or begin its name with `_` for it to be ignored",
    )
}

/// A cell's text without the spaces around it, and without the apostrophe that keeps a spreadsheet
/// from running it.
pub(super) fn clean(cell: &str) -> &str {
    restored(trim(cell))
}

/// Would a spreadsheet run a text that begins so? The wide forms are those of East Asian keyboards.
fn runs(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// A text as a cell that no spreadsheet runs: with an apostrophe before what it would run. A text that
/// is so already gets another one, so that [`restored`] gives every text back.
///
/// ```
/// use bareme::cohort::{neutralised, restored};
/// assert_eq!(neutralised("=1+1"), "'=1+1");
/// assert_eq!(restored("'=1+1"), "=1+1");
/// assert_eq!(neutralised("L'Isle-d'Abeau"), "L'Isle-d'Abeau");
/// ```
pub fn neutralised(text: &str) -> Cow<'_, str> {
    if runs(text.trim_start_matches('\'')) { format!("'{text}").into() } else { text.into() }
}

/// The text that [`neutralised`] made safe. The cells of tables are read with it.
pub fn restored(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(text) if runs(text.trim_start_matches('\'')) => text,
        _ => cell,
    }
}

fn trim(cell: &str) -> &str {
    // Most cells have nothing to trim, which their ends tell.
    if let ([first, ..], [.., last]) = (cell.as_bytes(), cell.as_bytes())
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return cell;
    }
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// Is there nothing in this cell?
pub(super) fn is_blank(cells: &Cells<'_>, row: usize) -> bool {
    match cells {
        Cells::Text(_) | Cells::Coded { .. } => trim(cells.text(row)).is_empty(),
        Cells::Number(numbers) => {
            let unknown = numbers.values.get(row).is_none_or(|value| value.is_nan());
            unknown && numbers.refused.binary_search_by_key(&row, |(row, _)| *row).is_err()
        }
        Cells::Other { len, .. } => row >= *len,
    }
}

/// Reads a column as numbers, NaN where a cell is empty. A cell that is no number is a fault.
pub(super) fn numbers<'a>(
    cells: Cells<'a>,
    kind: Kind,
    comma: bool,
    place: &impl Fn(usize) -> Place,
    faults: &mut Faults,
) -> Cow<'a, [f64]> {
    let mut refuse = |row: usize, given: &dyn std::fmt::Display, problem: Problem| {
        let fault = Fault::new(problem.code, place(row), given, problem.expected);
        faults.push(Fault { advice: problem.advice, ..fault });
    };
    match cells {
        Cells::Number(numbers) => {
            for (row, why) in &numbers.refused {
                refuse(*row, why, refusal(why, kind));
            }
            numbers.values
        }
        Cells::Other { len, holds } => {
            faults.push(of_another_type(&holds, Text::new("des nombres", "numbers"), place));
            vec![f64::NAN; len].into()
        }
        Cells::Text(_) | Cells::Coded { .. } => {
            let mut read = |row: usize| {
                let text = clean(cells.text(row));
                number(text, kind, comma).unwrap_or_else(|problem| {
                    refuse(row, &text, problem);
                    f64::NAN
                })
            };
            (0..cells.len()).map(&mut read).collect()
        }
    }
}

/// Why what was given as a number is not taken as one.
fn refusal(why: &Refused, kind: Kind) -> Problem {
    match why {
        // Only what cannot be read without rounding is refused.
        Refused::Decimal(text) => number(text, Kind::Decimal, false).err(),
        Refused::Integer(_) => None,
    }
    .unwrap_or_else(|| {
        let (code, least) = match kind {
            Kind::Count => (Code::OutOfRange, "0"),
            Kind::Decimal => (Code::NumberNotRepresentable, "-9007199254740991"),
        };
        Problem {
            code,
            expected: Text::new(
                format!("un nombre entier de {least} à 9007199254740991"),
                format!("a whole number from {least} to 9007199254740991"),
            ),
            advice: Text::new(
                "vérifiez ce nombre : il est plus long que tout dénombrement",
                "check this number: it is longer than any count",
            ),
        }
    })
}

/// Reads a column as yes or no; an empty cell is no. A cell that says neither is a fault.
pub(super) fn marks(
    texts: &Texts<'_>,
    rows: usize,
    advice: &Text,
    place: &impl Fn(usize) -> Place,
    faults: &mut Faults,
) -> Vec<bool> {
    let mark = |row| match texts.get(row).to_lowercase().as_str() {
        "1" | "true" | "oui" | "yes" | "vrai" => true,
        "" | "0" | "false" | "non" | "no" | "faux" => false,
        _ => {
            let expected =
                Text::new("oui, non ou rien (ou 1, 0, true, false)", "yes, no or nothing (or 1, 0, true, false)");
            let fault = Fault::new(Code::UnknownValue, place(row), texts.get(row), expected);
            faults.push(fault.advise(&*advice.fr, &*advice.en));
            false
        }
    };
    (0..rows).map(mark).collect()
}

/// Why a cell is not a number that can be taken as it stands.
#[derive(Debug)]
struct Problem {
    code: Code,
    expected: Text,
    advice: Text,
}

/// Reads a number. The decimal separator is a comma if `comma`, and then a point is not one.
fn number(text: &str, kind: Kind, comma: bool) -> Result<f64, Problem> {
    if text.is_empty() {
        return Ok(f64::NAN);
    }
    // Most cells are plain whole numbers, and below 10^15 binary64 holds them all.
    if text.len() <= 15 && (text.len() == 1 || !text.starts_with('0')) && text.bytes().all(|b| b.is_ascii_digit()) {
        let whole = text
            .bytes()
            .fold(0_u64, |whole, digit| whole.wrapping_mul(10).wrapping_add(u64::from(digit.wrapping_sub(b'0'))));
        return Ok(whole as f64);
    }
    // `12.000` followers are twelve thousand to some and twelve to others.
    if kind == Kind::Count && grouped(text, &['.', ',']) {
        return Err(problem(text, kind, comma));
    }
    let parsed = if comma {
        if text.contains('.') {
            return Err(problem(text, kind, comma));
        }
        Decimal::parse(&text.replacen(',', ".", 1))
    } else {
        Decimal::parse(text)
    };
    let (expected, advice) = match parsed {
        Ok(value) => return Ok(value.get()),
        Err(ParseDecimalError::NotRepresentable { nearest }) => (
            Text::new(
                format!("un nombre que binary64 rend tel quel, comme {nearest}"),
                format!("a number that binary64 gives back, such as {nearest}"),
            ),
            Text::new("retirez les chiffres de trop", "remove the digits beyond it"),
        ),
        Err(ParseDecimalError::OutOfRange) => (
            Text::new("un nombre que binary64 contient", "a number within binary64's range"),
            Text::new("vérifiez l'exposant", "check the exponent"),
        ),
        Err(_) => return Err(problem(text, kind, comma)),
    };
    Err(Problem { code: Code::NumberNotRepresentable, expected, advice })
}

/// What is wrong with a text that is not a number here.
fn problem(text: &str, kind: Kind, comma: bool) -> Problem {
    let example = match (kind, comma) {
        (Kind::Count, _) => "12345",
        (Kind::Decimal, true) => "12,5",
        (Kind::Decimal, false) => "12.5",
    };
    let expected = Text::new(
        format!("un nombre, comme {example}, ou rien s'il n'est pas connu"),
        format!("a number, such as {example}, or nothing when it is not known"),
    );
    let infinite = matches!(text.trim_start_matches(['+', '-']).to_lowercase().as_str(), "inf" | "infinity" | "∞");
    let code = if infinite { Code::InfiniteValue } else { Code::NotANumber };
    let advice = advice(text, kind, comma);
    Problem { code, expected, advice }
}

fn advice(text: &str, kind: Kind, comma: bool) -> Text {
    let absent = [
        "na", "n/a", "#n/a", "#na", "nan", "nc", "n.c.", "nd", "n.d.", "ns", "null", "none", "nul", "-", "--", "–",
        "—", "?", ".", "/", "x", "inconnu", "unknown", "vide",
    ];
    let lower = text.to_lowercase();
    if absent.contains(&lower.as_str()) {
        return Text::new(
            "laissez la case vide : un nombre qui n'est pas connu ne s'écrit pas",
            "leave the cell empty: a number that is not known is not written",
        );
    }
    // Groups set apart by something that is never a decimal separator.
    let spaces = [' ', '\u{a0}', '\u{202f}', '\u{2009}', '\'', '’', '_'];
    if grouped(text, &spaces) {
        let plain: String = text.chars().filter(|c| !spaces.contains(c)).collect();
        return Text::new(
            format!("écrivez {plain}, sans séparateur de milliers"),
            format!("write {plain}, without thousands separators"),
        );
    }
    if grouped(text, &['.', ',']) {
        let plain: String = text.chars().filter(|c| !matches!(c, '.' | ',')).collect();
        if kind == Kind::Count || text.matches(['.', ',']).count() > 1 {
            return Text::new(
                format!("si c'est {plain}, écrivez-le sans séparateur de milliers"),
                format!("if this is {plain}, write it without thousands separators"),
            );
        }
        let decimal = text.replace(['.', ','], if comma { "," } else { "." });
        return Text::new(
            format!("écrivez {plain} ou {decimal}, selon ce que cela veut dire"),
            format!("write {plain} or {decimal}, whichever it means"),
        );
    }
    let short = lower.trim_end_matches(|c: char| c.is_alphabetic() || c.is_whitespace() || c == '+');
    let suffix = trim(lower.strip_prefix(short).unwrap_or_default());
    if starts_like_a_number(short) && ["k", "k+", "m", "m+", "md", "mille", "million", "millions"].contains(&suffix) {
        return Text::new(
            "écrivez le nombre entier, comme 18734 : un nombre abrégé a été arrondi",
            "write the full number, such as 18734: a shortened number has been rounded",
        );
    }
    if starts_like_a_number(&lower) && lower.ends_with('%') {
        return Text::new("retirez le signe %", "remove the % sign");
    }
    let separator = if comma { ("une virgule", "a comma") } else { ("un point", "a point") };
    if starts_like_a_number(text)
        && text.contains([',', '.'])
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'))
    {
        return Text::new(
            format!("dans ce tableau, les décimales suivent {}", separator.0),
            format!("in this table, decimals follow {}", separator.1),
        );
    }
    Text::new("n'écrivez que des chiffres", "write digits only")
}

fn starts_like_a_number(text: &str) -> bool {
    text.trim_start_matches(['-', '+']).starts_with(|c: char| c.is_ascii_digit())
}

/// Is this digits in groups of three, one to three in the first, set apart by one of `separators`?
fn grouped(text: &str, separators: &[char]) -> bool {
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let mut groups = text.strip_prefix('-').unwrap_or(text).split(|c| separators.contains(&c));
    let first = groups.next().unwrap_or_default();
    let mut rest = groups.peekable();
    // A group of one zero is a decimal's: `0.125`.
    let leads = (1..=3).contains(&first.len()) && digits(first) && !first.starts_with('0');
    leads && rest.peek().is_some() && rest.all(|group| group.len() == 3 && digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: Kind, comma: bool) -> Result<f64, (Code, String)> {
        number(text, kind, comma).map_err(|problem| (problem.code, problem.advice.en))
    }

    #[test]
    fn numbers_as_they_are_written() {
        assert_eq!(read("007", Kind::Count, false).unwrap_err().0, Code::NotANumber);
        for kind in [Kind::Count, Kind::Decimal] {
            assert_eq!(read("0", kind, false), Ok(0.0));
            assert_eq!(read("999999999999999", kind, true), Ok(999_999_999_999_999.0));
            assert_eq!(read("12345", kind, false), Ok(12345.0));
            assert_eq!(read("12.0", kind, false), Ok(12.0));
            assert_eq!(read("-4", kind, true), Ok(-4.0));
            assert_eq!(read("1,5", kind, true), Ok(1.5));
            assert_eq!(read("1e3", kind, true), Ok(1000.0));
            assert_eq!(read("0.125", kind, false), Ok(0.125));
            assert!(read("", kind, true).unwrap().is_nan());
        }
        assert_eq!(read("12.345", Kind::Decimal, false), Ok(12.345));
        assert_eq!(read("12,345", Kind::Decimal, true), Ok(12.345));
    }

    #[test]
    fn what_could_mean_two_numbers_means_none() {
        for (text, kind, comma) in [
            ("12,345", Kind::Decimal, false),
            ("12.345", Kind::Decimal, true),
            ("12.000", Kind::Count, false),
            ("12,000", Kind::Count, true),
            ("12,345", Kind::Count, false),
            ("1.234.567", Kind::Decimal, false),
            ("1,5", Kind::Decimal, false),
            ("1.5", Kind::Decimal, true),
            ("1,5,2", Kind::Decimal, true),
            ("12 345", Kind::Count, false),
            ("12\u{202f}345", Kind::Count, true),
        ] {
            assert_eq!(read(text, kind, comma).unwrap_err().0, Code::NotANumber, "{text}");
        }
        assert_eq!(read("12\u{a0}345", Kind::Count, false).unwrap_err().1, "write 12345, without thousands separators");
        assert_eq!(read("12,345", Kind::Decimal, false).unwrap_err().1, "write 12345 or 12.345, whichever it means");
        assert_eq!(read("1,5", Kind::Decimal, false).unwrap_err().1, "in this table, decimals follow a point");
    }

    #[test]
    fn what_people_write_instead_of_a_number() {
        for text in ["NA", "n/a", "-", "nc", "NaN", "—"] {
            let (code, advice) = read(text, Kind::Count, false).unwrap_err();
            assert_eq!(code, Code::NotANumber, "{text}");
            assert!(advice.starts_with("leave the cell empty"), "{text}: {advice}");
        }
        for text in ["2,5K", "18,7K", "1.2 M", "12k", "3 millions"] {
            let (code, advice) = read(text, Kind::Count, true).unwrap_err();
            assert_eq!(code, Code::NotANumber, "{text}");
            assert!(advice.starts_with("write the full number"), "{text}: {advice}");
        }
        assert_eq!(read("12 %", Kind::Decimal, false).unwrap_err().1, "remove the % sign");
        assert_eq!(read("inf", Kind::Decimal, false).unwrap_err().0, Code::InfiniteValue);
        assert_eq!(read("-Infinity", Kind::Decimal, true).unwrap_err().0, Code::InfiniteValue);
        assert_eq!(read("9007199254740993", Kind::Count, false).unwrap_err().0, Code::NumberNotRepresentable);
        assert_eq!(read("1e999", Kind::Decimal, false).unwrap_err().0, Code::NumberNotRepresentable);
        assert_eq!(read("douze", Kind::Decimal, false).unwrap_err().0, Code::NotANumber);
    }

    #[test]
    fn a_neutralised_text_is_read_back() {
        for (text, safe) in [
            ("=1+1", "'=1+1"),
            ("+33", "'+33"),
            ("-", "'-"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("＝x", "'＝x"),
            ("'=x", "''=x"),
            ("''-x", "'''-x"),
            ("Saint-Lô", "Saint-Lô"),
            ("'s-Gravenhage", "'s-Gravenhage"),
            ("'", "'"),
            ("", ""),
        ] {
            assert_eq!(neutralised(text), safe);
            assert_eq!(restored(safe), text);
        }
        assert_eq!(clean(" '=Sum "), "=Sum");
        assert_eq!(clean("''@mairie"), "'@mairie");
        assert_eq!(clean("'s-Hertogenbosch"), "'s-Hertogenbosch");
        assert_eq!(clean("\u{feff}Menton\u{a0}"), "Menton");
    }
}
