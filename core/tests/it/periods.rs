//! The previous period, merged territories, and several accounts on one network.

use serde_json::{Value, json};

use crate::common::{base, codes, cohort, methodology, score, territories, with};

/// Growth of the audience, in per cent.
fn growth() -> Value {
    let document =
        with(base(), "/indicators/1/formula", json!("100 * (followers - previous.followers) / previous.followers"));
    with(document, "/indicators/1/normalise", json!({"method": "none"}))
}

fn with_previous() -> Value {
    let mut cohort = territories();
    cohort["previous"] = json!({"accounts": [
        {"territory": "01001", "network": "net", "metrics": {"followers": 80}},
        {"territory": "01002", "network": "net", "metrics": {"followers": null}},
        {"territory": "01003", "network": "net", "metrics": {"followers": 30}},
        {"territory": "01004", "network": "net", "metrics": {"followers": 10}},
    ]});
    // The third commune is the merger of two.
    cohort["territories"][2]["formerly"] = json!(["01003", "01004"]);
    cohort
}

#[test]
fn growth_is_unknown_without_a_previous_account() {
    let raw = score(&growth(), &with_previous()).raw(1);
    // 80 to 100; unknown; 30 + 10 to 50; and no account before.
    assert_eq!(raw[0], 25.0);
    assert!(raw[1].is_nan());
    assert_eq!(raw[2], 25.0);
    assert!(raw[3].is_nan());
    let territory = score(&growth(), &with_previous()).territory(3).unwrap();
    assert_eq!(territory.criteria[1].state, "unknown");
    // Absent today is absent, whatever there was before.
    let mut gone = with_previous();
    gone["accounts"].as_array_mut().unwrap().remove(0);
    assert_eq!(score(&growth(), &gone).territory(0).unwrap().criteria[1].state, "absent");
}

#[test]
fn a_metric_of_the_previous_period_must_be_declared_and_given() {
    let unknown = with(base(), "/indicators/1/formula", json!("previous.population"));
    let expected = ("/indicators/1/formula".to_owned(), "unknown_reference".to_owned());
    assert!(codes(&methodology(&unknown).unwrap_err()).contains(&expected));
    let mut silent = with_previous();
    for account in silent["previous"]["accounts"].as_array_mut().unwrap() {
        account["metrics"] = json!({});
    }
    let faults = methodology(&growth()).unwrap().score(cohort(&silent).unwrap()).unwrap_err();
    assert_eq!(codes(&faults)[0].1, "missing_metric");
}

fn twice() -> Value {
    let mut cohort = territories();
    let second = json!({"territory": "01001", "network": "net", "metrics": {"followers": 20, "posts": 1, "likes": 5}});
    cohort["accounts"].as_array_mut().unwrap().push(second);
    cohort
}

#[test]
fn several_accounts_by_the_document_s_rule() {
    let refused = methodology(&base()).unwrap().score(cohort(&twice()).unwrap()).unwrap_err();
    assert_eq!(codes(&refused)[0].1, "duplicate_account");
    let sum = score(&with(base(), "/several_accounts", json!("sum")), &twice());
    assert_eq!(sum.raw(2)[0], 120.0);
    let main = with(base(), "/several_accounts", json!("main"));
    let mut marked = twice();
    marked["accounts"][8]["main"] = json!(true);
    assert_eq!(score(&main, &marked).raw(2)[0], 20.0);
    let unmarked = methodology(&main).unwrap().score(cohort(&twice()).unwrap()).unwrap_err();
    assert_eq!(codes(&unmarked)[0].1, "duplicate_account");
    // The scoring rests on the cohort as it was given.
    assert_eq!(sum.document().cohort.sha256, cohort(&twice()).unwrap().digest());
}
