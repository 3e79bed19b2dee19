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
        [("/methodology".into(), "pin_mismatch".into())]
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

proptest! {
    #[test]
    fn any_method_and_cohort(document in paths::document(), territories in paths::territories()) {
        let methodology = methodology(&document).unwrap();
        let cohort = crate::common::cohort(&territories).unwrap();
        let scoring = methodology.score(cohort).unwrap();
        agrees(&scoring, &territories, &methodology)?;
    }
}
