//! French or English, and texts made safe for a terminal.

use std::borrow::Cow;

use bareme::error::Language;
use bareme::exact::Decimal;

/// The language of the environment: the first variable that is set decides, as POSIX has it.
pub(crate) fn environment(variable: impl Fn(&str) -> Option<String>) -> Language {
    let locale =
        ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
    let french = locale.is_some_and(|locale| {
        locale.split(['_', '.', '@', '-']).next().is_some_and(|tag| tag.eq_ignore_ascii_case("fr"))
    });
    if french { Language::French } else { Language::English }
}

/// One of two texts.
pub(crate) fn pick<'a>(language: Language, fr: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::French => fr,
        Language::English => en,
    }
}

/// A text from an input as one line that cannot drive a terminal: control characters, line breaks
/// and those that reverse the direction of writing are shown as `�`.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    let dangerous = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if text.contains(dangerous) {
        text.chars().map(|c| if dangerous(c) { char::REPLACEMENT_CHARACTER } else { c }).collect::<String>().into()
    } else {
        text.into()
    }
}

/// A binary64 as the decimal it means, in its shortest form (RFC 8785).
pub(crate) fn shortest(value: f64) -> String {
    Decimal::new(value).map(|value| value.to_string()).unwrap_or_default()
}

/// A canonical decimal as people write it: a comma and narrow spaces in French, commas in English.
pub(crate) fn local(decimal: &str, language: Language) -> String {
    let (point, group) = match language {
        Language::French => (',', '\u{202f}'),
        Language::English => ('.', ','),
    };
    let (sign, digits) = match decimal.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", decimal),
    };
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    // Four digits are read at a glance; what has an exponent is left alone.
    let grouped = whole.len() > 4 && whole.bytes().all(|b| b.is_ascii_digit());
    for (index, digit) in whole.chars().enumerate() {
        if grouped && index > 0 && whole.len().saturating_sub(index).is_multiple_of(3) {
            out.push(group);
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push(point);
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Language {
        environment(|name| pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_environment_is_read_in_posix_order() {
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8")]), Language::French);
        assert_eq!(of(&[("LANG", "fr_FR.UTF-8"), ("LC_ALL", "C")]), Language::English);
        assert_eq!(of(&[("LANG", "en_GB"), ("LC_MESSAGES", "fr"), ("LC_ALL", "")]), Language::French);
        assert_eq!(of(&[("LANG", "frp_FR")]), Language::English);
        assert_eq!(of(&[]), Language::English);
    }

    #[test]
    fn a_name_cannot_drive_a_terminal() {
        assert_eq!(plain("Menton"), "Menton");
        assert_eq!(plain("\u{1b}[31mMenton\r\n\u{202e}"), "�[31mMenton���");
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(local("1234567.5", Language::French), "1\u{202f}234\u{202f}567,5");
        assert_eq!(local("-12345", Language::English), "-12,345");
        assert_eq!(local("1234.25", Language::French), "1234,25");
        assert_eq!(local("1e-7", Language::French), "1e-7");
    }
}
