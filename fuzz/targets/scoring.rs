//! Small cohorts scored the fast way, the exact way and in another order, by an embedded methodology
//! or a change to one. Input: a byte that chooses the methodology, a JSON Merge Patch ended by a zero
//! byte, and the bytes of the cohort.
#![no_main]

use bareme_fuzz::{Bytes, by_id, cohorts, methodology, score};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let base = methodology(bytes.byte());
    let patch = bytes.0.split(|byte| *byte == 0).next().unwrap_or_default();
    let changed = base.variant(patch);
    let rest = bytes.0.get(patch.len() + 1..).unwrap_or_default();
    let methodology = changed.unwrap_or(base);
    let Ok([cohort, reversed]) = cohorts(&methodology, Bytes(rest)) else { return };
    assert_eq!(cohort.digest(), reversed.digest());
    match (score(&methodology, cohort), score(&methodology, reversed)) {
        (Some(one), Some(other)) => assert_eq!(by_id(&one), by_id(&other), "the order of rows changed something"),
        (None, None) => {}
        _ => panic!("only one order is scored"),
    }
});
