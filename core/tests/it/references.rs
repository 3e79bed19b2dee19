//! One territory against a reference gives the same bits as inside the cohort, rank included.

use bareme::cohort::{Account, Territory};
use bareme::scoring::{Reference, TerritoryScore};
use bareme::{Methodology, Scoring};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{base, codes, methodology, score, territories, with};
use crate::paths;

/// A territory of a cohort document and its accounts, as one hands them to a reference.
fn member(cohort: &Value, index: usize) -> (Territory, Vec<Account>) {
    let given = &cohort["territories"][index];
    let text = |name: &str| given[name].as_str().map(str::to_owned);
    let numbers = |value: &Value| {
        let members = value.as_object().into_iter().flatten();
        members.map(|(name, number)| (name.clone(), number.as_f64().unwrap_or(f64::NAN))).collect()
    };
    let territory = Territory {
        id: text("id").unwrap(),
        name: text("name").unwrap(),
        structure_type: text("structure_type").unwrap(),
        population: given["population"].as_f64(),
        department: text("department"),
        region: text("region"),
        attributes: numbers(&given["attributes"]),
        ..Territory::default()
    };
    let accounts = cohort["accounts"].as_array().unwrap().iter().filter(|account| account["territory"] == given["id"]);
    let accounts = accounts.map(|account| Account {
        territory: territory.id.clone(),
        network: account["network"].as_str().unwrap().to_owned(),
        metrics: numbers(&account["metrics"]),
        ..Account::default()
    });
    (territory.clone(), accounts.collect())
}

/// Written, read back, and used on every member.
fn agrees(scoring: &Scoring, cohort: &Value, methodology: &Methodology) -> Result<(), TestCaseError> {
    let text = scoring.reference().unwrap().to_json();
    let reference = Reference::from_json(text.as_bytes(), methodology).unwrap_or_else(|faults| panic!("{faults}"));
    prop_assert_eq!(reference.to_json(), text);
    for (index, id) in scoring.cohort().ids().iter().enumerate() {
        let place =
            cohort["territories"].as_array().unwrap().iter().position(|known| known["id"] == id.as_str()).unwrap();
        let (territory, accounts) = member(cohort, place);
        let alone = reference.score(&territory, &accounts).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(&alone, &scoring.territory(index).unwrap());
    }
    Ok(())
}

#[test]
fn members_get_what_they_have_in_the_cohort() {
    let document = with(base(), "/ranking/within/-", json!(["stratum", "region"]));
    let methodology = methodology(&document).unwrap();
    let scoring = score(&document, &territories());
    agrees(&scoring, &territories(), &methodology).unwrap();
}

fn stranger(document: &Value, followers: f64, likes: f64) -> TerritoryScore {
    let reference = score(document, &territories()).reference().unwrap();
    let (mut territory, mut accounts) = member(&territories(), 1);
    territory.id = "99999".into();
    accounts[0].territory = "99999".into();
    accounts[0].metrics.insert("followers".into(), followers);
    accounts[0].metrics.insert("likes".into(), likes);
    reference.score(&territory, &accounts).unwrap()
}

#[test]
fn a_stranger_is_flagged_and_ranked_by_those_strictly_better() {
    let score = stranger(&base(), 300.0, 50.0);
    assert!(score.flags.iter().any(|flag| flag.code == "stranger"));
    let rank = score.ranks.iter().find(|rank| rank.view == "followed" && rank.within == "stratum").unwrap();
    // B has 300 followers too, and is the best of three: equal to it, the stranger shares its place.
    assert_eq!((rank.rank, rank.of), (Some(1), Some(3)));
    let worst = stranger(&base(), 10.0, 50.0);
    let rank = worst.ranks.iter().find(|rank| rank.view == "followed" && rank.within == "stratum").unwrap();
    assert_eq!((rank.rank, rank.of), (Some(4), Some(3)));
}

#[test]
fn a_stranger_is_not_counted_among_its_equals() {
    let document = with(base(), "/indicators/0/normalise", json!({"method": "percentile_rank", "within": "stratum"}));
    // Engagements of the stratum: 3, 25/9, 77/6. At 3 the stranger beats one and equals one: 100 (1 + 1/2) / 3.
    let equal = stranger(&document, 300.0, 54.0);
    assert_eq!(equal.criteria[0].mark, Some(50.0));
    // Between two members: 100 (2 + 0) / 3.
    let between = stranger(&document, 300.0, 60.0);
    assert_eq!(between.criteria[0].mark, Some(200.0 / 3.0));
}

#[test]
fn a_group_that_the_cohort_did_not_have() {
    let document = with(base(), "/indicators/0/normalise/within", json!("region"));
    let reference = score(&document, &territories()).reference().unwrap();
    let (mut territory, accounts) = member(&territories(), 1);
    territory.region = Some("53".into());
    let score = reference.score(&territory, &accounts).unwrap();
    assert_eq!((score.criteria[0].mark, score.criteria[0].state), (None, "present"));
}

#[test]
fn references_of_another_method_and_broken_ones() {
    let text = score(&base(), &territories()).reference().unwrap().to_json();
    let other = methodology(&with(base(), "/publication/decimals", json!(2))).unwrap();
    assert_eq!(
        codes(&Reference::from_json(text.as_bytes(), &other).unwrap_err()),
        [("/statistics/methodology".into(), "pin_mismatch".into())]
    );
    let own = methodology(&base()).unwrap();
    let broken = text.replacen("\"low\":\"", "\"low\":\"2/4x", 1);
    let faults = Reference::from_json(broken.as_bytes(), &own).unwrap_err();
    assert_eq!(faults.iter().next().unwrap().code.as_str(), "not_a_number");
    assert!(Reference::from_json(b"{}", &own).is_err());
    let missing = text.replacen("\"indicator\":\"engagement\"", "\"indicator\":\"reach\"", 1);
    assert!(Reference::from_json(missing.as_bytes(), &own).is_err());
}

#[test]
fn faults_of_the_territory() {
    let reference = score(&base(), &territories()).reference().unwrap();
    let (territory, mut accounts) = member(&territories(), 1);
    accounts[0].metrics.insert("likes".into(), -1.0);
    let faults = reference.score(&territory, &accounts).unwrap_err();
    assert_eq!(codes(&faults), [("/accounts/0/metrics/likes".into(), "negative_value".into())]);
}

/// A member of [`territories`] that comes back with other metrics.
fn changed(document: &Value, index: usize, followers: f64, likes: f64) -> TerritoryScore {
    let reference = score(document, &territories()).reference().unwrap();
    let (territory, mut accounts) = member(&territories(), index);
    accounts[0].metrics.insert("followers".into(), followers);
    accounts[0].metrics.insert("likes".into(), likes);
    reference.score(&territory, &accounts).unwrap()
}

fn place(score: &TerritoryScore, view: &str) -> (Option<u32>, Option<u32>) {
    let rank = score.ranks.iter().find(|rank| rank.view == view && rank.within == "stratum").unwrap();
    (rank.rank, rank.of)
}

#[test]
fn a_member_is_not_outranked_by_what_it_was() {
    // B has 300 followers, A 100, C 50. With 200 B is still the first: its own 300 is not above it.
    let less = changed(&base(), 1, 200.0, 50.0);
    assert_eq!(place(&less, "followed"), (Some(1), Some(3)));
    assert!(less.flags.iter().all(|flag| flag.code != "stranger"));
    // With 80 it falls behind A, and with 10 behind both.
    assert_eq!(place(&changed(&base(), 1, 80.0, 50.0), "followed"), (Some(2), Some(3)));
    assert_eq!(place(&changed(&base(), 1, 10.0, 50.0), "followed"), (Some(3), Some(3)));
    // C with 300 ties with B.
    assert_eq!(place(&changed(&base(), 2, 300.0, 50.0), "followed"), (Some(1), Some(3)));
    let dense = with(base(), "/ranking/ties", json!("dense"));
    assert_eq!(place(&changed(&dense, 1, 10.0, 50.0), "followed"), (Some(3), Some(3)));
}

#[test]
fn a_member_that_changed_is_counted_once_where_it_is_now() {
    let document = with(base(), "/indicators/0/normalise", json!({"method": "percentile_rank", "within": "stratum"}));
    let mark = |index, followers, likes| changed(&document, index, followers, likes).criteria[0].mark;
    // Engagements: A 3, B 25/9, C 77/6. B at 3 beats nobody and equals A and itself: 100 (0 + 2/2) / 3.
    assert_eq!(mark(1, 300.0, 54.0), Some(100.0 / 3.0));
    // Unchanged, between A and C, and the last still: the size stays 3.
    assert_eq!(mark(1, 300.0, 50.0), Some(50.0 / 3.0));
    assert_eq!(mark(1, 300.0, 60.0), Some(50.0));
    assert_eq!(mark(1, 300.0, 1.0), Some(50.0 / 3.0));
    // The best one lower is the best still.
    assert_eq!(mark(2, 50.0, 70.0), Some(250.0 / 3.0));
}

#[test]
fn a_territory_of_a_cohort_is_scored_alone_over_the_period_of_the_reference() {
    let scoring = score(&base(), &territories());
    let reference = scoring.reference().unwrap();
    let cohort = crate::common::cohort(&territories()).unwrap();
    for place in 0..cohort.len() {
        assert_eq!(reference.score_in(&cohort, place).unwrap(), scoring.territory(place).unwrap());
    }
    let document = reference.score_each(&cohort).unwrap();
    assert_eq!(document.territories, scoring.document().territories);
    assert_eq!(document.reference_sha256, Some(reference.digest()));
    let other = with(territories(), "/period", json!({"from": "2026-11-01", "to": "2026-12-01"}));
    let faults = reference.score_each(&crate::common::cohort(&other).unwrap()).unwrap_err();
    assert_eq!(codes(&faults), [("/period".into(), "period_conflict".into())]);
    let negative = with(territories(), "/accounts/2/metrics/likes", json!(-1));
    let faults = reference.score_each(&crate::common::cohort(&negative).unwrap()).unwrap_err();
    assert_eq!(codes(&faults), [("/accounts/2/metrics/likes".into(), "negative_value".into())]);
}

#[test]
fn what_is_synthetic_stays_so() {
    let synthetic = with(territories(), "/synthetic", json!(true));
    let scoring = score(&base(), &synthetic);
    assert!(scoring.cohort().is_synthetic() && scoring.territory(0).unwrap().synthetic);
    assert_ne!(scoring.cohort().digest(), score(&base(), &territories()).cohort().digest());
    assert_eq!(scoring.cohort().digest(), bareme::Digest::of(&scoring.cohort().to_json()));
    assert_eq!(scoring.cohort().to_json().get("synthetic").map(|_| ()), Some(()));
    // Observed metrics against an invented reference.
    let reference = scoring.reference().unwrap();
    let (territory, accounts) = member(&territories(), 1);
    assert!(reference.is_synthetic() && reference.score(&territory, &accounts).unwrap().synthetic);
}

#[test]
fn a_reference_whose_lists_do_not_fit_is_refused() {
    let own = methodology(&base()).unwrap();
    let text = score(&base(), &territories()).reference().unwrap().to_json();
    let document: Value = serde_json::from_str(&text).unwrap();
    let refused = |pointer: &str, value: Value| {
        let changed = with(document.clone(), pointer, value).to_string();
        let faults = Reference::from_json(changed.as_bytes(), &own).unwrap_err();
        codes(&faults).into_iter().map(|(place, _)| place).collect::<Vec<_>>()
    };
    assert_eq!(
        refused("/statistics/seats", json!([0])),
        ["/statistics/seats", "/statistics/rankings/best", "/statistics/rankings/followed"]
    );
    assert_eq!(refused("/statistics/rankings/followed/members", json!([])), ["/statistics/rankings/followed"]);
    assert_eq!(refused("/statistics/rankings/followed/keys/0", json!(["1"])), ["/statistics/rankings/followed"]);
    assert_eq!(refused("/statistics/rankings/best", json!(null)), ["/statistics/rankings/best"]);
    assert_eq!(refused("/statistics/rankings/followed/keys/0", json!(["x"])), ["/statistics/rankings/followed"]);
}

proptest! {
    #[test]
    fn any_method_and_cohort(document in paths::document(), territories in paths::territories()) {
        let methodology = methodology(&document).unwrap();
        let cohort = crate::common::cohort(&territories).unwrap();
        let scoring = methodology.score(cohort).unwrap();
        agrees(&scoring, &territories, &methodology)?;
    }
}
