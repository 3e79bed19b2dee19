//! Tables from CSV texts, scored when they are sound. The first byte chooses the methodology, the
//! separator and whether decimals follow a comma; a form feed separates two tables.
#![no_main]

use bareme::Cohort;
use bareme::cohort::{Cells, Column, Table};
use bareme_fuzz::{methodology, score, shown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else { return };
    let methodology = methodology(choice >> 2);
    let separator = if choice & 1 == 0 { b',' } else { b';' };
    let mut texts = text.split(|byte| *byte == 0x0c);
    let tables: Vec<Table> = texts.by_ref().take(2).map(|text| table(text, separator, choice & 2 != 0)).collect();
    let Some(accounts) = tables.first() else { return };
    match Cohort::from_table(accounts, tables.get(1), None, &methodology) {
        Ok(cohort) => drop(score(&methodology, cohort)),
        Err(faults) => shown(&faults),
    }
});

/// The table of a text, its rows as long as they are.
fn table(text: &[u8], separator: u8, decimal_comma: bool) -> Table {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text);
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for (row, record) in reader.byte_records().flatten().enumerate() {
        for (place, cell) in record.iter().enumerate() {
            let cell = String::from_utf8_lossy(cell).into_owned();
            match columns.get_mut(place) {
                _ if row == 0 => columns.push((cell, Vec::new())),
                Some((_, cells)) => cells.push(cell),
                None => {}
            }
        }
    }
    let columns = columns.into_iter().map(|(name, cells)| Column { name, cells: Cells::Text(cells) }).collect();
    Table { columns, first_row: 2, decimal_comma }
}
