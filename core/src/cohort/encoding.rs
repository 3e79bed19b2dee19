//! Bytes into text: UTF-8, and a helpful word to those whose spreadsheet wrote something else.

use crate::error::{Code, Fault, Faults, Place, Text};

/// Most characters of the offending cell that a fault repeats on each side of the byte.
const AROUND: usize = 20;

/// The text of a CSV file, without its byte order mark.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Faults> {
    let start = |magic: &[u8]| bytes.starts_with(magic);
    if start(b"PK\x03\x04") || start(b"\xd0\xcf\x11\xe0") {
        return Err(unreadable(
            Place::Position { line: 1, column: 1 },
            Text::new(
                "un fichier CSV ; ceci est un classeur de tableur",
                "a CSV file; this is a spreadsheet's own format",
            ),
        )
        .into());
    }
    if start(b"\xff\xfe") || start(b"\xfe\xff") {
        return Err(unreadable(
            Place::Position { line: 1, column: 1 },
            Text::new(
                "du texte UTF-8 ; ceci est de l'UTF-16 (« texte Unicode » d'Excel)",
                "UTF-8 text; this is UTF-16 (Excel's `Unicode text`)",
            ),
        )
        .into());
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let (valid, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or((bytes, &[]));
            let before = String::from_utf8_lossy(valid);
            let line_start = before.rsplit('\n').next().unwrap_or_default();
            let place = Place::Position {
                line: before.matches('\n').count().saturating_add(1),
                column: line_start.chars().count().saturating_add(1),
            };
            let mut fault = unreadable(place, Text::new("du texte UTF-8", "UTF-8 text"));
            fault.value = around(line_start, rest);
            Err(fault.into())
        }
    }
}

/// The cell around the byte, read as Windows-1252 so that its author recognises it. The bytes 80 to
/// 9F, which hold other characters there than in Latin-1, are shown as unknown.
fn around(before: &str, rest: &[u8]) -> String {
    let boundary = |c: char| matches!(c, ',' | ';' | '\t' | '"' | '\n' | '\r');
    let head: Vec<char> = before.chars().rev().take_while(|c| !boundary(*c)).take(AROUND).collect();
    let tail = rest.iter().map(|byte| match byte {
        0x80..=0x9f => char::REPLACEMENT_CHARACTER,
        byte => char::from(*byte),
    });
    head.into_iter().rev().chain(tail.take_while(|c| !boundary(*c)).take(AROUND)).collect()
}

fn unreadable(place: Place, expected: Text) -> Fault {
    Fault::new(Code::TableSyntax, place, "", expected).advise(
        "dans Excel : Fichier > Enregistrer sous > « CSV UTF-8 (délimité par des virgules) » ; dans LibreOffice : Enregistrer sous > Texte CSV, jeu de caractères Unicode (UTF-8)",
        "in Excel: File > Save As > `CSV UTF-8 (Comma delimited)`; in LibreOffice: Save As > Text CSV, character set Unicode (UTF-8)",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_with_or_without_mark() {
        assert_eq!(text("é".as_bytes()), Ok("é"));
        assert_eq!(text("\u{feff}é".as_bytes()), Ok("é"));
        assert_eq!(text(b""), Ok(""));
    }

    #[test]
    fn windows_1252_is_shown_where_it_is() {
        let faults = text(b"territory;name\n25056;Besan\xe7on;commune\n").unwrap_err();
        let fault = faults.iter().next().unwrap();
        assert_eq!(
            (fault.code, fault.place.to_string(), fault.value.as_str()),
            (Code::TableSyntax, "2:12".into(), "Besançon")
        );
        assert!(fault.advice.fr.contains("CSV UTF-8"));
    }

    #[test]
    fn a_workbook_is_not_a_csv() {
        let expected = |bytes| text(bytes).unwrap_err().iter().map(|fault| fault.expected.clone()).next().unwrap();
        assert!(expected(b"PK\x03\x04....").fr.contains("classeur"));
        assert!(expected(b"\xff\xfea\0").en.contains("UTF-16"));
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60)) {
            let _ = text(&bytes);
        }
    }
}
