//! Publications and receipts with some bytes changed: whatever is changed is found, and nothing breaks.
#![no_main]

use std::sync::OnceLock;

use bareme::document::Json;
use bareme::publication::{Inputs, PublicationOptions, VerifyOptions, verify};
use bareme::{Cohort, catalogue};
use bareme_fuzz::shown;
use libfuzzer_sys::fuzz_target;

const COHORT: &str = r#"{"language":"bareme/1","document":"cohort","period":{"from":"2012-06-01","to":"2012-08-01"},
"territories":[{"id":"R1","name":"Un","structure_type":"region","attributes":{"population_over_15":1521654}},
{"id":"R2","name":"Deux","structure_type":"region","attributes":{"population_over_15":900000}},
{"id":"R3","name":"Trois","structure_type":"region","attributes":{"population_over_15":null}}],
"accounts":[{"territory":"R1","network":"facebook","metrics":{"fans":20238}},
{"territory":"R2","network":"facebook","metrics":{"fans":31000}}]}"#;

static TEXTS: OnceLock<Vec<String>> = OnceLock::new();

/// A small publication with its inputs and one without, and a receipt.
fn texts() -> Vec<String> {
    let cohort = Cohort::from_json(COHORT.as_bytes()).expect("a cohort");
    let scoring = catalogue::adverbia_facebook_regions_2012_08().score(cohort).expect("a scoring");
    let published = |inputs| {
        let options = PublicationOptions { inputs, ..PublicationOptions::default() };
        scoring.publication(&options).expect("a publication")
    };
    let publication = published(Inputs::Included);
    let receipt = publication.receipt("R2", true).expect("a receipt");
    vec![publication.to_json(), published(Inputs::Digest).to_json(), receipt.to_json()]
}

fuzz_target!(|data: &[u8]| {
    let texts = TEXTS.get_or_init(texts);
    let Some((which, edits)) = data.split_first() else { return };
    let text = &texts[usize::from(*which) % texts.len()];
    let mut bytes = text.clone().into_bytes();
    for edit in edits.chunks_exact(3) {
        let place = usize::from(u16::from_be_bytes([edit[0], edit[1]])) % bytes.len();
        bytes[place] = edit[2];
    }
    match verify(&bytes, &VerifyOptions::default()) {
        Ok(report) => {
            let value = |bytes: &[u8]| Json::parse(bytes, usize::MAX).ok().map(|json| bareme::Digest::of(&json));
            assert_eq!(report.verified, value(&bytes) == value(text.as_bytes()), "an alteration was not found");
        }
        Err(faults) => shown(&faults),
    }
});
