//! Cohort documents, scored by every embedded methodology when they are sound.
#![no_main]

use bareme::document::canonical;
use bareme::{Cohort, catalogue};
use bareme_fuzz::{score, shown};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let cohort = match Cohort::from_json(data) {
        Ok(cohort) => cohort,
        Err(faults) => return shown(&faults),
    };
    let again = Cohort::from_json(canonical::text(&cohort.to_json()).as_bytes()).expect("what is written can be read");
    assert_eq!(again.digest(), cohort.digest());
    for methodology in catalogue::all() {
        score(&methodology, cohort.clone());
    }
});
