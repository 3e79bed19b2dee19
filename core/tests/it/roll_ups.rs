//! Scores of groups, drawn from those of their members.

use serde_json::{Value, json};

use crate::common::{base, codes, methodology, score, territories, with};

fn document(roll_up: Value) -> Value {
    with(base(), "/roll_ups", json!([roll_up]))
}

fn regions(weight: Value) -> Value {
    let mut roll_up = json!({"id": "regions", "label": {"fr": "régions"}, "index": "performance", "structure_types": ["commune"], "into": "region"});
    if !weight.is_null() {
        roll_up["weight"] = weight;
    }
    document(roll_up)
}

#[test]
fn weighted_means_of_scores() {
    let scoring = score(&regions(json!("population")), &territories());
    let scores = scoring.root_scores().to_vec();
    let groups = scoring.roll_up("regions").unwrap();
    let names: Vec<&str> = groups.iter().map(|group| group.group.as_str()).collect();
    assert_eq!(names, ["11", "84", "93"]);
    assert_eq!(groups[0].score, Some(scores[3]));
    // A, B, C and F; H has no score, and G is no commune.
    let expected = (500.0 * scores[0] + 800.0 * scores[1] + 900.0 * scores[2] + 7000.0 * scores[5]) / 9200.0;
    assert!((groups[1].score.unwrap() - expected).abs() < 1e-9);
    assert_eq!((groups[1].members, groups[1].left_out), (4, 1));
    assert!(scoring.roll_up("departements").is_none());
    assert_eq!(scoring.document().roll_ups["regions"], groups);
}

#[test]
fn every_parameter_acts() {
    let of = |document: &Value| score(document, &territories()).document().roll_ups;
    let before = of(&regions(json!("population")));
    for (pointer, value) in [
        ("/roll_ups/0/id", json!("other")),
        ("/roll_ups/0/structure_types", json!(["departement"])),
        ("/roll_ups/0/into", json!("department")),
        ("/roll_ups/0/weight", json!("area")),
        ("/roll_ups/0/weight", Value::Null),
        ("/publication/decimals", json!(0)),
    ] {
        assert_ne!(of(&with(regions(json!("population")), pointer, value.clone())), before, "{pointer} {value}");
    }
    let mut nested = regions(json!("population"));
    nested["index"]["of"][1] = json!({"weight": 1, "index": {"id": "inner", "label": {"fr": "x"}, "aggregate": "arithmetic", "missing": "zero", "of": [{"indicator": "reach", "weight": 1}]}});
    let outer = of(&nested);
    nested["roll_ups"][0]["index"] = json!("inner");
    assert_ne!(of(&nested), outer);
}

#[test]
fn weights_unknown_and_zero() {
    // The area of F is not known, and that of A is zero.
    let mut cohort = territories();
    cohort["territories"][0]["attributes"]["area"] = json!(0);
    let scoring = score(&regions(json!("area")), &cohort);
    let groups = scoring.roll_up("regions").unwrap();
    assert_eq!((groups[1].members, groups[1].left_out), (2, 2));
    cohort["territories"][4]["attributes"]["area"] = json!(0);
    let groups = score(&regions(json!("area")), &cohort).roll_up("regions").unwrap();
    assert_eq!((groups[2].score, groups[2].published.clone(), groups[2].members), (None, None, 0));
}

#[test]
fn faults() {
    let unsound = document(
        json!({"id": "r", "label": {"fr": "x"}, "index": "perf", "structure_types": [], "into": "region", "weight": "surface"}),
    );
    let found = codes(&methodology(&unsound).unwrap_err());
    let expected = [
        ("/roll_ups/0/index", "unknown_reference"),
        ("/roll_ups/0/structure_types", "out_of_range"),
        ("/roll_ups/0/weight", "unknown_reference"),
    ];
    assert_eq!(found, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
}
