//! Places, groups, ties and what separates them.

use bareme::Scoring;
use bareme::methodology::model::{Dimension, Within};
use serde_json::{Value, json};

use crate::common::{base, score, territories, with};

/// The place of each territory, by name, in a view and group.
fn places(scoring: &Scoring, view: &str, within: &Within) -> Vec<(String, Option<(u32, u32)>)> {
    let ranks = scoring.ranks(view, within).unwrap();
    ranks
        .order()
        .map(|i| (scoring.cohort().names()[i].clone(), ranks.get(i).map(|rank| (rank.place, rank.of))))
        .collect()
}

#[track_caller]
fn check(scoring: &Scoring, view: &str, within: &Within, expected: &[(&str, u32, u32)]) {
    let expected: Vec<_> =
        expected.iter().map(|(name, place, of)| ((*name).to_owned(), (*place > 0).then_some((*place, *of)))).collect();
    assert_eq!(places(scoring, view, within), expected);
}

#[test]
fn by_index_and_by_criterion() {
    let scoring = score(&base(), &territories());
    let stratum = Within::new([Dimension::Stratum]);
    check(
        &scoring,
        "followed",
        &stratum,
        &[("G", 1, 1), ("D", 1, 3), ("F", 2, 3), ("E", 3, 3), ("B", 1, 3), ("A", 2, 3), ("C", 3, 3), ("H", 0, 0)],
    );
    check(
        &scoring,
        "followed",
        &Within::COHORT,
        &[("G", 1, 7), ("D", 2, 7), ("F", 3, 7), ("E", 4, 7), ("B", 5, 7), ("A", 6, 7), ("C", 7, 7), ("H", 0, 0)],
    );
    let both = Within::new([Dimension::Region, Dimension::Stratum]);
    check(
        &scoring,
        "followed",
        &both,
        &[("G", 1, 1), ("D", 1, 1), ("F", 1, 1), ("E", 1, 1), ("B", 1, 3), ("A", 2, 3), ("C", 3, 3), ("H", 0, 0)],
    );
    assert!(scoring.ranks("no-such-view", &stratum).is_none());
}

/// Four communes with equal marks two by two.
fn tied() -> Value {
    let mut cohort = territories();
    cohort["territories"] = json!((0..5).map(|i| json!({"id": format!("T{i}"), "name": format!("T{i}"), "structure_type": "commune", "population": 100, "region": "84"})).collect::<Vec<_>>());
    let accounts = [(10, 9), (20, 5), (20, 7), (20, 5), (5, 1)];
    cohort["accounts"] = json!(accounts.iter().enumerate().map(|(i, (followers, likes))| json!({"territory": format!("T{i}"), "network": "net", "metrics": {"followers": followers, "posts": 1, "likes": likes}})).collect::<Vec<_>>());
    cohort
}

#[test]
fn ties_and_what_separates_them() {
    let group = Within::COHORT;
    check(
        &score(&base(), &tied()),
        "followed",
        &group,
        &[("T1", 1, 5), ("T2", 1, 5), ("T3", 1, 5), ("T0", 4, 5), ("T4", 5, 5)],
    );
    let dense = with(base(), "/ranking/ties", json!("dense"));
    check(
        &score(&dense, &tied()),
        "followed",
        &group,
        &[("T1", 1, 5), ("T2", 1, 5), ("T3", 1, 5), ("T0", 2, 5), ("T4", 3, 5)],
    );
    let broken = with(base(), "/ranking/tie_breakers", json!([{"indicator": "engagement"}]));
    check(
        &score(&broken, &tied()),
        "followed",
        &group,
        &[("T2", 1, 5), ("T1", 2, 5), ("T3", 2, 5), ("T0", 4, 5), ("T4", 5, 5)],
    );
}

#[test]
fn published_ties_that_scores_would_separate() {
    // T1 and T3 have 0 decimals in common with T2 only when the published value orders.
    let coarse = with(base(), "/publication/decimals", json!(0));
    let fine = with(coarse.clone(), "/ranking/order_by", json!("score"));
    let mut cohort = tied();
    cohort["accounts"][1]["metrics"]["likes"] = json!(1_000_000_001_u64);
    cohort["accounts"][2]["metrics"]["likes"] = json!(1_000_000_000_u64);
    let by = |document: &Value| places(&score(document, &cohort), "best", &Within::COHORT);
    let (coarse, fine) = (by(&coarse), by(&fine));
    assert_eq!((coarse[0].1, coarse[1].1), (Some((1, 5)), Some((1, 5))));
    assert_eq!((fine[0].0.as_str(), fine[0].1, fine[1].1), ("T1", Some((1, 5)), Some((2, 5))));
}

#[test]
fn closest_is_best() {
    let document = with(base(), "/indicators/2/direction", json!({"closest_to": 300}));
    let scoring = score(&document, &territories());
    let order: Vec<String> = places(&scoring, "followed", &Within::COHORT).into_iter().map(|(name, _)| name).collect();
    assert_eq!(order, ["B", "A", "C", "E", "F", "D", "G", "H"]);
    // What is shown is the value itself, not its distance.
    assert_eq!(scoring.raw(2)[1], 300.0);
}

#[test]
fn a_long_published_score_reaches_its_grade() {
    // A third of 100000.0 and more to twelve decimals: 17 digits, which no binary64 has as its decimal.
    let document = with(base(), "/indicators/1/normalise", json!({"method": "none"}));
    let document = with(document, "/indicators/1/formula", json!("(followers * 1000 + 1) / 3"));
    let mut document = with(document, "/publication/decimals", json!(12));
    document["index"]["of"] = json!([{"indicator": "engagement", "weight": 0}, {"indicator": "reach", "weight": 1}]);
    document["publication"]["grades"] =
        json!({"by": "threshold", "steps": [{"id": "some", "label": {"fr": "x"}, "from": 33333}]});
    let scoring = score(&document, &territories());
    let territory = scoring.territory(0).unwrap();
    assert_eq!(territory.indices[0].published.as_deref(), Some("33333.666666666667"));
    assert_eq!(territory.grade.as_deref(), Some("some"));
    let reference = scoring.reference().unwrap();
    for place in 0..scoring.len() {
        assert_eq!(reference.score_in(scoring.cohort(), place).unwrap(), scoring.territory(place).unwrap());
    }
}
