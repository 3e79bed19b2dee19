//! CSV files, scored when they are sound. The first byte chooses the methodology and the delimiter; a
//! form feed separates the accounts from the territories.
#![no_main]

use bareme::Cohort;
use bareme::cohort::Table;
use bareme_fuzz::{methodology, score, shown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, text)) = data.split_first() else { return };
    let methodology = methodology(choice >> 2);
    let delimiter = [None, Some(b';'), Some(b','), Some(b'\t')][usize::from(choice & 3)];
    let mut tables = Vec::new();
    for text in text.splitn(2, |byte| *byte == 0x0c) {
        match Table::from_csv(text, delimiter) {
            Ok(table) => tables.push(table),
            Err(faults) => return shown(&faults),
        }
    }
    let mut tables = tables.into_iter();
    let Some(accounts) = tables.next() else { return };
    match Cohort::from_table(accounts, tables.next(), None, &methodology) {
        Ok(cohort) => drop(score(&methodology, cohort)),
        Err(faults) => shown(&faults),
    }
});
