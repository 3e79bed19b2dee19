//! Methodologies that use others, pinned by id, version and method digest.

use bareme::Methodology;
use serde_json::{Value, json};

use crate::common::{base, codes, cohort, methodology, says_by_id, territories, with};

/// Two documents on two networks, and one that combines them.
fn three() -> (Methodology, Methodology, Value) {
    let first = with(with(base(), "/id", json!("first")), "/publication/decimals", json!(0));
    let second =
        with(with(with(base(), "/id", json!("second")), "/index/network", json!("other")), "/status", json!("variant"));
    let second = with(second, "/variant_of", json!({"id": "first", "version": "1", "method_sha256": "0".repeat(64)}));
    let (first, second) = (methodology(&first).unwrap(), methodology(&second).unwrap());
    let pin = |methodology: &Methodology| json!({"id": methodology.id(), "version": methodology.version(), "method_sha256": methodology.method_digest().to_string()});
    let mut whole = base();
    whole["indicators"] = json!([base()["indicators"][2]]);
    whole["eligibility"] = json!([]);
    whole["views"] = json!([
        {"id": "best", "label": {"fr": "x"}, "by": {"index": "overall"}},
        {"id": "followed", "label": {"fr": "x"}, "by": {"indicator": "audience", "network": "net"}},
    ]);
    whole["index"] = json!({
        "id": "overall", "label": {"fr": "ensemble"}, "aggregate": "arithmetic", "missing": "renormalise",
        "of": [
            {"methodology": pin(&first), "absent": "leave_out", "weight": 2},
            {"methodology": pin(&second), "absent": "zero", "weight": 1},
        ],
    });
    (first, second, whole)
}

fn read(document: &Value, others: &[Methodology]) -> Result<Methodology, bareme::Faults> {
    Methodology::from_json_with(document.to_string().as_bytes(), others)
}

#[test]
fn exact_values_combine_and_roundings_do_not() {
    let (first, second, whole) = three();
    let whole = read(&whole, &[second.clone(), first.clone()]).unwrap_or_else(|faults| panic!("{faults}"));
    let cohort = std::sync::Arc::new(cohort(&territories()).unwrap());
    let scoring = whole.score(std::sync::Arc::clone(&cohort)).unwrap_or_else(|faults| panic!("{faults}"));
    let alone = first.score(std::sync::Arc::clone(&cohort)).unwrap();
    assert_eq!(scoring.parts()[0].root_scores()[..7], alone.root_scores()[..7]);
    // Absent from the second network: two thirds of the first score, unrounded. D is on both.
    assert_eq!(scoring.root_scores()[0], alone.root_scores()[0] * 2.0 / 3.0);
    let second = second.score(std::sync::Arc::clone(&cohort)).unwrap().root_scores()[3];
    assert_eq!(scoring.root_scores()[3], (alone.root_scores()[3] * 2.0 + second) / 3.0);
    // On neither: what is left out leaves the whole weight to the zero.
    assert_eq!(scoring.root_scores()[7], 0.0);
    let described = scoring.territory(3).unwrap();
    assert_eq!(described.parts.len(), 2);
    assert_eq!(
        described.parts[0].territory.indices[0].published.as_deref(),
        alone.published("performance", 3).as_deref()
    );
    assert_eq!(described.indices[0].weights, [2.0 / 3.0, 1.0 / 3.0]);
    assert_eq!(says_by_id(&scoring), says_by_id(&whole.score_exactly(cohort).unwrap()));
}

#[test]
fn the_weakest_claim_is_the_whole_s() {
    let (first, second, whole) = three();
    assert_eq!(read(&whole, &[first, second]).unwrap().status().as_str(), "variant");
}

#[test]
fn pins_that_do_not_hold() {
    let (first, second, whole) = three();
    let refuse = |document: &Value, others: &[Methodology]| codes(&read(document, others).unwrap_err());
    let at = |place: &str, code: &str| (place.to_owned(), code.to_owned());
    assert_eq!(refuse(&whole, std::slice::from_ref(&second)), [at("/index/of/0/methodology", "unknown_methodology")]);
    let changed = first.variant(br#"{"id": "first", "version": "1", "publication": {"decimals": 5}}"#).unwrap();
    assert_eq!(
        refuse(&whole, &[changed, second.clone()]),
        [at("/index/of/0/methodology/method_sha256", "pin_mismatch")]
    );
    let both = [first, second];
    assert_eq!(
        refuse(&with(whole.clone(), "/index/of/0/methodology/method_sha256", json!("ab")), &both),
        [at("/index/of/0/methodology/method_sha256", "invalid_id")]
    );
    assert_eq!(
        refuse(&with(whole.clone(), "/index/of/0/absent", Value::Null), &both),
        [at("/index/of/0", "missing_field")]
    );
    assert_eq!(
        refuse(&with(with(whole.clone(), "/index/network", json!("net")), "/index/absent", json!("zero")), &both)[0],
        at("/index/of/0/methodology", "not_allowed_here")
    );
    // A variant keeps its pins; its patch may change their weights.
    let read = read(&whole, &both).unwrap();
    assert_eq!(read.variant(br#"{"publication": {"decimals": 2}}"#).unwrap().pinned().len(), 2);
}

#[test]
fn names_mean_what_their_own_document_declares() {
    // To the pinned document `area` is a metric; to the one that pins it, an attribute of the territory.
    let metric = json!({"kind": "decimal", "measure": "stock", "label": {"fr": "surface"}});
    let mut first = with(with(base(), "/id", json!("first")), "/metrics/area", metric);
    first["attributes"].as_object_mut().unwrap().clear();
    first = with(first, "/indicators/1/formula", json!("area"));
    first = with(first, "/indicators/1/normalise", json!({"method": "none"}));
    let first = methodology(&first).unwrap_or_else(|faults| panic!("{faults}"));
    let (_, second, mut whole) = three();
    whole["index"]["of"][0]["methodology"] =
        json!({"id": "first", "version": "1", "method_sha256": first.method_digest().to_string()});
    let mut territories = territories();
    for (place, account) in territories["accounts"].as_array_mut().unwrap().iter_mut().enumerate() {
        account["metrics"]["area"] = json!(place);
    }
    let whole = read(&whole, &[first, second]).unwrap_or_else(|faults| panic!("{faults}"));
    let scoring = whole.score(cohort(&territories).unwrap()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(scoring.parts()[0].raw(1)[..4], [0.0, 1.0, 2.0, 3.0]);
}
