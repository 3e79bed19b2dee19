//! CSV text into columns of cells.
//!
//! Strict where leniency would guess: a quote that is never closed would swallow the rest of the
//! file, and a row with a cell too many would shift its values under the wrong headers. Both are
//! faults, with the row that a spreadsheet shows.

use super::encoding;
use super::{Cells, Column, MAX_ROWS, TERRITORIES_TABLE, Table};
use crate::error::{Code, Fault, Faults, Place, Text};

impl Table<'static> {
    /// Reads the bytes of a CSV file: UTF-8, with or without byte order mark, its first line the
    /// headers. Cells are texts as they stand, quotes taken off. Decimals follow a comma unless it is
    /// the delimiter.
    ///
    /// Without `delimiter`, it is the one of `,`, `;` and tab that stands most often in the header. A
    /// line `sep=;` before the header, which some spreadsheets write, is understood.
    ///
    /// # Errors
    /// `table_syntax` for bytes that are not UTF-8, every row that is not as long as the header and
    /// every quote that is not closed; `limit_exceeded` for more rows than a cohort may have;
    /// `unknown_value` for a delimiter that is none of the three.
    ///
    /// ```
    /// use bareme::cohort::Table;
    ///
    /// # fn main() -> Result<(), bareme::Faults> {
    /// let table = Table::from_csv("territoire;nom\n06083;Menton\n".as_bytes(), None)?;
    /// assert_eq!((table.columns.len(), table.first_row, table.decimal_comma), (2, 2, true));
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_csv(bytes: &[u8], delimiter: Option<u8>) -> Result<Self, Faults> {
        let delimiter = delimiter.map(char::from);
        if let Some(other) = delimiter.filter(|delimiter| !DELIMITERS.contains(delimiter)) {
            let expected =
                Text::new("une virgule, un point-virgule ou une tabulation", "a comma, a semicolon or a tab");
            return Err(Fault::new(Code::UnknownValue, Place::Pointer(String::new()), other, expected).into());
        }
        encoding::text(bytes).and_then(|text| read(text, delimiter))
    }
}

impl Table<'static> {
    /// Reads the bytes of a CSV file of accounts and, if there is one, of another of territories, whose faults
    /// say that they are of the second.
    ///
    /// # Errors
    /// As [`Self::from_csv`], the faults of both.
    pub fn both_from_csv(
        accounts: &[u8],
        territories: Option<&[u8]>,
        delimiter: Option<u8>,
    ) -> Result<(Self, Option<Self>), Faults> {
        let second = territories.map(|bytes| {
            Self::from_csv(bytes, delimiter).map_err(|faults| {
                let mut of_second = Faults::new();
                for fault in &faults {
                    let mut fault = fault.clone();
                    if let Place::Cell { table, .. } = &mut fault.place {
                        *table = Some(TERRITORIES_TABLE);
                    }
                    of_second.push(fault);
                }
                of_second
            })
        });
        match (Self::from_csv(accounts, delimiter), second.transpose()) {
            (Ok(accounts), Ok(territories)) => Ok((accounts, territories)),
            (Err(mut faults), Err(others)) => {
                faults.extend(others);
                Err(faults)
            }
            (Err(faults), Ok(_)) | (Ok(_), Err(faults)) => Err(faults),
        }
    }
}

/// What may separate cells; the first where the header has none of them.
const DELIMITERS: [char; 3] = [',', ';', '\t'];

fn read(text: &str, delimiter: Option<char>) -> Result<Table<'static>, Faults> {
    let (text, announced) = announcement(text);
    let delimiter = delimiter.or(announced).unwrap_or_else(|| detect(text));
    let first_row = if announced.is_some() { 2 } else { 1 };
    let mut faults = Faults::new();
    let mut reader =
        Reader { rest: text, delimiter, row: first_row, faults: &mut faults, header: Vec::new(), broken: false };
    let header = reader.record().filter(|header| !blank(header));
    let Some(header) = header else {
        if !faults.is_empty() {
            return Err(faults);
        }
        faults.push(
            Fault::new(
                Code::TableSyntax,
                Place::Position { line: first_row, column: 1 },
                "",
                Text::new("une première ligne d'en-têtes", "a first line of headers"),
            )
            .advise("vérifiez que le fichier n'est pas vide", "check that the file is not empty"),
        );
        return Err(faults);
    };
    reader.header.clone_from(&header);
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); header.len()];
    // Blank rows at the end are what spreadsheets leave behind; between others they are kept, so that
    // rows keep their numbers.
    let mut pending = 0_usize;
    let mut rows = 0_usize;
    while let Some(record) = reader.record() {
        if blank(&record) {
            pending = pending.saturating_add(1);
            continue;
        }
        rows = rows.saturating_add(pending).saturating_add(1);
        if rows > MAX_ROWS {
            let expected = Text::new(format!("au plus {MAX_ROWS} lignes"), format!("at most {MAX_ROWS} rows"));
            reader.faults.push(Fault::new(
                Code::LimitExceeded,
                Place::Cell { row: reader.row, column: String::new(), table: None },
                "",
                expected,
            ));
            break;
        }
        for _ in 0..std::mem::take(&mut pending) {
            for column in &mut columns {
                column.push(String::new());
            }
        }
        let record = reader.fitted(record);
        for (column, cell) in columns.iter_mut().zip(record) {
            column.push(cell);
        }
    }
    let columns = header.into_iter().zip(columns).collect::<Vec<_>>();
    let columns =
        without_empty(columns).into_iter().map(|(name, cells)| Column { name, cells: Cells::texts(cells) }).collect();
    let table = Table { columns, first_row: first_row.saturating_add(1), decimal_comma: delimiter != ',' };
    faults.into_result(table)
}

/// Takes the line `sep=;` that some spreadsheets put before the header.
fn announcement(text: &str) -> (&str, Option<char>) {
    let Some(rest) = text.strip_prefix("sep=") else { return (text, None) };
    let mut characters = rest.chars();
    let (Some(delimiter), rest) = (characters.next(), characters.as_str()) else { return (text, None) };
    let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
    match after {
        Some(after) if DELIMITERS.contains(&delimiter) => (after, Some(delimiter)),
        _ => (text, None),
    }
}

/// The separator of the header line: the one of the three that stands there most often.
fn detect(text: &str) -> char {
    let mut counts = DELIMITERS.map(|delimiter| (delimiter, 0_usize));
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' | '\r' if !quoted => break,
            _ if quoted => {}
            _ => counts
                .iter_mut()
                .filter(|(delimiter, _)| *delimiter == c)
                .for_each(|(_, count)| *count = count.saturating_add(1)),
        }
    }
    // Of equals, `max_by_key` gives the last.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(',', |(delimiter, _)| delimiter)
}

fn blank(record: &[String]) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

/// Columns without header at the end, as spreadsheets leave them behind, say nothing when they are
/// empty.
fn without_empty(mut columns: Vec<(String, Vec<String>)>) -> Vec<(String, Vec<String>)> {
    while columns.last().is_some_and(|(name, cells)| name.trim().is_empty() && blank(cells)) {
        columns.pop();
    }
    columns
}

struct Reader<'a> {
    rest: &'a str,
    delimiter: char,
    /// The number of the next record, as a spreadsheet shows it.
    row: usize,
    faults: &'a mut Faults,
    header: Vec<String>,
    /// Did a quote that is never closed swallow the rest? The length of the row then says nothing.
    broken: bool,
}

impl Reader<'_> {
    /// The next record; `None` at the end.
    fn record(&mut self) -> Option<Vec<String>> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Vec::with_capacity(self.header.len());
        loop {
            let cell = if self.rest.starts_with('"') { self.quoted(record.len()) } else { self.bare() };
            record.push(cell);
            // What ends a cell: a delimiter, the end of the line, or the end of the text.
            match self.rest.strip_prefix(self.delimiter) {
                Some(rest) => self.rest = rest,
                None => break,
            }
        }
        self.rest =
            self.rest.strip_prefix("\r\n").or_else(|| self.rest.strip_prefix(['\n', '\r'])).unwrap_or(self.rest);
        self.row = self.row.saturating_add(1);
        Some(record)
    }

    /// Takes everything before the end of the cell.
    fn bare(&mut self) -> String {
        let end = self.rest.find([self.delimiter, '\n', '\r']).unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        cell.to_owned()
    }

    /// Takes a cell that begins with a quote; inside, `""` is one quote.
    fn quoted(&mut self, index: usize) -> String {
        let mut cell = String::new();
        let whole = self.rest;
        self.rest = whole.strip_prefix('"').unwrap_or(whole);
        loop {
            let Some((inside, rest)) = self.rest.split_once('"') else {
                let first_line = whole.lines().next().unwrap_or_default();
                self.fault(
                    index,
                    first_line,
                    Text::new("un guillemet fermant", "a closing quote"),
                    Text::new(
                        "fermez le guillemet qui ouvre cette cellule ; un guillemet dans un texte s'écrit deux fois",
                        "close the quote that opens this cell; a quote inside a text is written twice",
                    ),
                );
                self.rest = "";
                self.broken = true;
                return cell;
            };
            cell.push_str(inside);
            self.rest = rest;
            match rest.strip_prefix('"') {
                Some(rest) => {
                    cell.push('"');
                    self.rest = rest;
                }
                None => break,
            }
        }
        let after = self.bare();
        if !after.trim().is_empty() {
            self.fault(
                index,
                &after,
                Text::new("rien après le guillemet fermant", "nothing after the closing quote"),
                Text::new("un guillemet dans un texte s'écrit deux fois", "a quote inside a text is written twice"),
            );
        }
        cell
    }

    /// The record as long as the header; a fault if it was not.
    fn fitted(&mut self, mut record: Vec<String>) -> Vec<String> {
        let (found, wanted) = (record.len(), self.header.len());
        let extra_says_something = record.get(wanted..).is_some_and(|extra| !blank(extra));
        if !self.broken && (found < wanted || extra_says_something) {
            let row = self.row.saturating_sub(1);
            let column = self.header.get(found).cloned().unwrap_or_else(|| wanted.saturating_add(1).to_string());
            let delimiter = if self.delimiter == '\t' { "tab".to_owned() } else { self.delimiter.to_string() };
            let fault = Fault::new(
                Code::TableSyntax,
                Place::Cell { row, column, table: None },
                found,
                Text::new(format!("{wanted} cellules, comme l'en-tête"), format!("{wanted} cells, as in the header")),
            );
            self.faults.push(if found > wanted {
                fault.advise(
                    format!("mettez entre guillemets la cellule qui contient « {delimiter} », ou supprimez les cellules en trop"),
                    format!("put in quotes the cell that contains `{delimiter}`, or delete the cells beyond the header"),
                )
            } else {
                fault.advise("ajoutez les cellules qui manquent, vides s'il le faut", "add the missing cells, empty if need be")
            });
        }
        record.resize(wanted, String::new());
        record
    }

    fn fault(&mut self, index: usize, value: &str, expected: Text, advice: Text) {
        let column = self.header.get(index).cloned().unwrap_or_else(|| index.saturating_add(1).to_string());
        let fault = Fault::new(Code::TableSyntax, Place::Cell { row: self.row, column, table: None }, value, expected);
        self.faults.push(fault.advise(advice.fr, advice.en));
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn read(text: &str) -> Result<Table<'static>, Faults> {
        Table::from_csv(text.as_bytes(), None)
    }

    fn columns(text: &str) -> Vec<(String, Vec<String>)> {
        let columns = read(text).unwrap().columns.into_iter();
        columns
            .map(|column| match column.cells {
                Cells::Text(cells) => (column.name, cells.into_iter().map(Cow::into_owned).collect()),
                _ => panic!("a file has texts"),
            })
            .collect()
    }

    fn column<'a>(name: &str, cells: impl IntoIterator<Item = &'a str>) -> (String, Vec<String>) {
        (name.into(), cells.into_iter().map(str::to_owned).collect())
    }

    fn faults(text: &str) -> Vec<(String, String)> {
        read(text).unwrap_err().iter().map(|fault| (fault.place.to_string(), fault.code.to_string())).collect()
    }

    fn syntax(places: &[&str]) -> Vec<(String, String)> {
        places.iter().map(|place| ((*place).to_owned(), "table_syntax".to_owned())).collect()
    }

    #[test]
    fn separators_are_found_in_the_header() {
        for (text, comma) in
            [("a,b\n1,2\n", false), ("a;b\r\n1;2\r\n", true), ("a\tb\r1\t2", true), ("\"x,y,z\";b\n1;2", true)]
        {
            assert_eq!(read(text).unwrap().decimal_comma, comma, "{text}");
            assert_eq!(columns(text).len(), 2, "{text}");
        }
        assert_eq!(columns("a\n1\n"), [column("a", ["1"])]);
    }

    #[test]
    fn a_line_that_announces_the_separator() {
        let table = read("sep=;\r\na;b,c,d\r\n1;2\r\n").unwrap();
        assert_eq!((table.columns.len(), table.first_row, table.decimal_comma), (2, 3, true));
    }

    #[test]
    fn quotes() {
        assert_eq!(columns("a,b\n\"1,\"\"x\"\"\n2\",3\n"), [column("a", ["1,\"x\"\n2"]), column("b", ["3"])]);
        assert_eq!(columns("a,b\nx\"y,\"\"\n"), [column("a", ["x\"y"]), column("b", [""])]);
    }

    #[test]
    fn a_delimiter_that_is_given_decides() {
        let of = |text: &str, delimiter: u8| Table::from_csv(text.as_bytes(), Some(delimiter));
        let names = |table: Table| table.columns.into_iter().map(|column| column.name).collect::<Vec<_>>();
        assert_eq!(names(of("a;b,c,d\n1;2\n", b';').unwrap()), ["a", "b,c,d"]);
        assert_eq!(names(of("sep=;\na,b;c\n1,2\n", b',').unwrap()), ["a", "b;c"]);
        let codes = |delimiter| of("a\n", delimiter).unwrap_err().iter().map(|fault| fault.code).collect::<Vec<_>>();
        for delimiter in [b'"', b'\n', b'a', 0xff] {
            assert_eq!(codes(delimiter), [Code::UnknownValue]);
        }
    }

    #[test]
    fn what_spreadsheets_leave_behind_is_passed_over() {
        assert_eq!(columns("a,b,,\n1,2,,\n,,,\n\n"), [column("a", ["1"]), column("b", ["2"])]);
        assert_eq!(columns("a,b\n1,2,,\n"), [column("a", ["1"]), column("b", ["2"])]);
        // Rows keep their numbers.
        assert_eq!(columns("a,b\n\n1,2\n"), [column("a", ["", "1"]), column("b", ["", "2"])]);
    }

    #[test]
    fn every_ragged_row_is_reported() {
        assert_eq!(faults("a,b,c\n1,2\n1,2,3\n1,2,3,4\n\"x\ny\",2,3\n1\n"), syntax(&["2:c", "4:4", "6:b"]));
    }

    #[test]
    fn quotes_that_do_not_close() {
        assert_eq!(faults("a,b\n1,2\n3,\"4\n5,6\n"), syntax(&["3:b"]));
        assert_eq!(faults("a,b\n\"3,4\n"), syntax(&["2:a"]));
        assert_eq!(faults("a,b\n\"1\"x,2\n"), syntax(&["2:a"]));
        assert_eq!(faults("\"a,b\n1,2\n"), syntax(&["1:1"]));
    }

    #[test]
    fn nothing_to_read() {
        for text in ["", "\n", " \n\n", ",,\n"] {
            assert_eq!(faults(text), syntax(&["1:1"]), "{text:?}");
        }
        // A header alone is a table; that it has no territory is the cohort's matter.
        assert_eq!(columns("a,b\n"), [column("a", []), column("b", [])]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(sep=.)?[a,;\t\"'=\r\n é]{0,60}", any in ".*") {
            let _ = (read(&text), read(&any));
        }

        /// What another writer writes is read as it was, whatever the cells hold.
        #[test]
        fn what_is_written_is_read(
            rows in proptest::collection::vec(proptest::collection::vec("[a,;\t\"'=+@\r\n é]{0,8}", 3), 1..6),
            delimiter in proptest::sample::select(vec![",", ";", "\t"]),
        ) {
            let rows: Vec<Vec<String>> = rows.into_iter().map(|mut row| { row[0].push('x'); row }).collect();
            let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
            let mut text = ["a", "b", "c"].join(delimiter);
            for row in &rows {
                text.push_str("\r\n");
                text.push_str(&row.iter().map(quoted).collect::<Vec<_>>().join(delimiter));
            }
            let read: Vec<Vec<String>> = columns(&text).into_iter().map(|(_, cells)| cells).collect();
            let expected: Vec<Vec<String>> = (0..3).map(|column| rows.iter().map(|row| row[column].clone()).collect()).collect();
            proptest::prop_assert_eq!(read, expected);
        }
    }
}
