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
    // All at once, which takes other ways than one alone.
    let together = scoring.document().territories;
    for (index, id) in scoring.cohort().ids().iter().enumerate() {
        let place =
            cohort["territories"].as_array().unwrap().iter().position(|known| known["id"] == id.as_str()).unwrap();
        let (territory, accounts) = member(cohort, place);
        let alone = reference.score(&territory, &accounts).unwrap_or_else(|faults| panic!("{faults}"));
        prop_assert_eq!(&alone, &together[index]);
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
    assert!(reference.is_member(&territory.id) && !reference.is_member("99999"));
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
    assert!(!score(&base(), &territories()).reference().unwrap().is_synthetic());
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
    let count = territories()["territories"].as_array().unwrap().len();
    assert_eq!(refused("/statistics/seats", json!([0])), ["/statistics/seats"]);
    assert_eq!(refused("/statistics/seats", json!(null)), ["/statistics/seats"]);
    let groups = document["statistics"]["groups"].as_array().unwrap().len();
    assert_eq!(refused("/statistics/seats/3", json!(groups)), ["/statistics/seats/3"]);
    assert_eq!(refused("/members/0", json!("zz")), ["/members"]);
    assert_eq!(refused("/period/from", json!("2027-01-01")), ["/period/to"]);
    assert_eq!(refused("/statistics/rankings/followed/members/0", json!([count])), ["/statistics/rankings/followed"]);
    let twice = document["statistics"]["rankings"]["followed"]["members"][1].clone();
    assert_eq!(refused("/statistics/rankings/followed/members/0", twice), ["/statistics/rankings/followed"]);
    assert_eq!(refused("/statistics/rankings/best/keys/0", json!(["100.00"])), ["/statistics/rankings/best"]);
    assert_eq!(
        refused("/statistics/criteria/0/groups/0/group", json!({"region": "11"})),
        ["/statistics/criteria/0/groups/0/group"]
    );
    let other = document["statistics"]["criteria"][0]["groups"][1]["group"].clone();
    assert_eq!(refused("/statistics/criteria/0/groups/0/group", other), ["/statistics/criteria/0/groups/1/group"]);
    assert_eq!(refused("/statistics/rankings/followed/members", json!([])), ["/statistics/rankings/followed"]);
    assert_eq!(refused("/statistics/rankings/followed/keys/0", json!(["1"])), ["/statistics/rankings/followed"]);
    assert_eq!(refused("/statistics/rankings/best", json!(null)), ["/statistics/rankings/best"]);
    assert_eq!(refused("/statistics/rankings/followed/keys/0", json!(["x"])), ["/statistics/rankings/followed"]);
}

#[test]
fn distributions_whose_lists_do_not_fit_are_refused() {
    let percentile = with(base(), "/indicators/0/normalise", json!({"method": "percentile_rank", "within": "stratum"}));
    let own = methodology(&percentile).unwrap();
    let text = score(&percentile, &territories()).reference().unwrap().to_json();
    let document: Value = serde_json::from_str(&text).unwrap();
    let group = "/statistics/criteria/0/groups/2";
    assert_eq!(document.pointer(group).unwrap()["group"], json!({"stratum": "small"}));
    for (member, value, wrong) in [
        ("values", json!(["3/1", "25/9", "77/6"]), "values"),
        ("size", json!(4), "size"),
        ("counts", json!([1, 1]), "counts"),
        ("members", json!(null), "members"),
        ("members", json!([[0], [0], [2]]), "members"),
        ("members", json!([[0, 1], [], [2]]), "members"),
        ("members", json!([[0], [1], [99]]), "members"),
    ] {
        let changed = with(document.clone(), &format!("{group}/{member}"), value).to_string();
        let faults = Reference::from_json(changed.as_bytes(), &own).unwrap_err();
        assert!(
            codes(&faults).contains(&(format!("{group}/{wrong}"), "unknown_reference".into())),
            "{wrong}: {faults}"
        );
    }
}

#[test]
fn groups_do_not_follow_the_order_of_rows() {
    let document = with(base(), "/indicators/0/normalise/within", json!("region"));
    let document = with(document, "/indicators/1/winsorise", json!({"within": "region", "low": {"quantile": 0.1}}));
    let mut turned = territories();
    turned["territories"].as_array_mut().unwrap().reverse();
    turned["accounts"].as_array_mut().unwrap().reverse();
    let reference = |cohort: &Value| score(&document, cohort).reference().unwrap();
    assert_eq!(reference(&territories()).digest(), reference(&turned).digest());
}

#[test]
fn grades_by_rank_in_a_group_of_their_own() {
    let mut document = base();
    document["publication"]["grades"] = json!({"by": "rank", "view": "followed", "within": "department",
        "steps": [{"id": "first", "label": {"fr": "x"}, "top": 0.5}, {"id": "second", "label": {"fr": "x"}, "top": 1}]});
    let methodology = methodology(&document).unwrap();
    let scoring = score(&document, &territories());
    assert_eq!(scoring.territory(0).unwrap().grade.as_deref(), Some("second"));
    agrees(&scoring, &territories(), &methodology).unwrap();
}

#[test]
fn what_nobody_says_of_a_territory_alone_is_unknown() {
    let formula = json!("100 * (followers - previous.followers) / previous.followers");
    let document = with(base(), "/indicators/1/formula", formula);
    let mut territories = territories();
    territories["previous"] = json!({"accounts": [
        {"territory": "01001", "network": "net", "metrics": {"followers": 80}},
        {"territory": "01004", "network": "net", "metrics": {"followers": 40}},
    ]});
    let scoring = score(&document, &territories);
    let reference = scoring.reference().unwrap();
    // With the previous accounts, the bits of the cohort.
    for place in 0..scoring.len() {
        assert_eq!(reference.score_in(scoring.cohort(), place).unwrap(), scoring.territory(place).unwrap());
    }
    // Without them, unknown, as is a metric that is not given.
    let (territory, mut accounts) = member(&territories, 0);
    assert_eq!(reference.score(&territory, &accounts).unwrap().criteria[1].state, "unknown");
    accounts[0].metrics.remove("likes");
    assert_eq!(reference.score(&territory, &accounts).unwrap().criteria[0].state, "unknown");
}

#[test]
fn a_member_that_has_no_value_any_more_is_not_among_the_others() {
    let document = with(base(), "/indicators/0/normalise", json!({"method": "percentile_rank", "within": "stratum"}));
    let document = with(document, "/indicators/0/unknown", json!("impute_median"));
    let reference = score(&document, &territories()).reference().unwrap();
    let (territory, mut accounts) = member(&territories(), 2);
    accounts[0].metrics.insert("likes".into(), f64::NAN);
    let score = reference.score(&territory, &accounts).unwrap();
    // Engagements: A 3, B 25/9; C had 77/6. Imputed the median 3, it beats B and equals no member that counts
    // it: 100 (1 + 1/2) / 2.
    assert_eq!(score.criteria[0].mark, Some(75.0));
}

#[test]
fn who_is_worse_than_every_member_has_the_mark_zero() {
    let document =
        with(base(), "/indicators/0/normalise", json!({"method": "rank", "within": "stratum", "single": 50}));
    assert_eq!(stranger(&document, 300.0, 1.0).criteria[0].mark, Some(0.0));
    assert_eq!(stranger(&document, 300.0, 5000.0).criteria[0].mark, Some(100.0));
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
