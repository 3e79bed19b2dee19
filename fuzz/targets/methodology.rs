//! Methodology documents: whole, and as changes to an embedded one.
#![no_main]

use bareme::error::Language;
use bareme::{Methodology, catalogue};
use bareme_fuzz::shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match Methodology::from_json(data) {
        Ok(methodology) => sound(&methodology),
        Err(faults) => shown(&faults),
    }
    match catalogue::adverbia_facebook_regions_2012_08().variant(data) {
        Ok(methodology) => sound(&methodology),
        Err(faults) => shown(&faults),
    }
});

/// What holds of every sound document.
fn sound(methodology: &Methodology) {
    let again = Methodology::from_json(methodology.to_json().as_bytes()).expect("the canonical form is sound");
    assert_eq!(again.document_digest(), methodology.document_digest());
    assert_eq!(again.method_digest(), methodology.method_digest());
    for language in [Language::French, Language::English] {
        let page = methodology.describe(language);
        assert!(page.starts_with("# ") && !page.contains(['\r', '\u{1b}']));
    }
}
