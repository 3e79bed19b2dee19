//! Absent, unknown, undefined, ineligible, outside: what each becomes, and what is said of it.

use bareme::error::Language;
use bareme::scoring::Flag;
use serde_json::{Value, json};

use crate::common::{base, cohort, methodology, score, territories, with};

/// The root's score, its state, and the flags of a territory.
fn of(document: &Value, cohort: &Value, id: &str) -> (Option<f64>, String, Vec<String>) {
    let scoring = score(document, cohort);
    let place = scoring.cohort().ids().iter().position(|known| known == id).unwrap();
    let territory = scoring.territory(place).unwrap();
    let flags = territory.flags.iter().map(|flag| match &flag.subject {
        Some(subject) => format!("{}:{subject}", flag.code),
        None => flag.code.to_owned(),
    });
    (territory.indices[0].score, territory.indices[0].state.to_owned(), flags.collect())
}

#[track_caller]
fn check(document: &Value, cohort: &Value, id: &str, score: Option<f64>, state: &str, flags: &[&str]) {
    let (found, found_state, found_flags) = of(document, cohort, id);
    assert_eq!((found, found_state.as_str()), (score, state));
    assert_eq!(found_flags, flags);
}

#[test]
fn absent() {
    check(&base(), &territories(), "01005", None, "absent", &["absent:net"]);
    check(
        &with(base(), "/index/absent", json!("zero")),
        &territories(),
        "01005",
        Some(0.0),
        "present",
        &["absent:net"],
    );
    check(
        &with(base(), "/index/absent", json!("refuse")),
        &territories(),
        "01005",
        None,
        "refused",
        &["absent:net", "refused"],
    );
}

#[test]
fn unknown_number() {
    // Likes of the first commune are not known; its reach, 20 of 37.5, gets 53.3.
    let mut cohort = territories();
    cohort["accounts"][0]["metrics"]["likes"] = Value::Null;
    let reach = 100.0 * 20.0 / 37.5;
    check(&base(), &cohort, "01001", Some(reach), "present", &["unknown:engagement"]);
    let zero = with(base(), "/indicators/0/unknown", json!("mark_zero"));
    check(&zero, &cohort, "01001", Some(reach / 4.0), "present", &["unknown:engagement"]);
    let refuse = with(base(), "/indicators/0/unknown", json!("refuse"));
    check(&refuse, &cohort, "01001", None, "refused", &["unknown:engagement", "refused"]);
    let missing_zero = with(base(), "/index/missing", json!("zero"));
    check(&missing_zero, &cohort, "01001", Some(reach / 4.0), "present", &["unknown:engagement"]);
    let missing_refuse = with(base(), "/index/missing", json!("refuse"));
    check(&missing_refuse, &cohort, "01001", None, "refused", &["unknown:engagement", "refused"]);
    // The other members are compared without it.
    assert_eq!(of(&base(), &cohort, "01002").0, of(&with(base(), "/index/missing", json!("zero")), &cohort, "01002").0);
}

#[test]
fn undefined_value() {
    let mut cohort = territories();
    cohort["accounts"][0]["metrics"]["followers"] = json!(0);
    // 0 followers: engagement has no value, reach is 0.
    check(&base(), &cohort, "01001", Some(0.0), "present", &["undefined:engagement"]);
    let leave = with(base(), "/indicators/0/undefined", json!("leave_out"));
    check(&leave, &cohort, "01001", Some(0.0), "present", &["undefined:engagement"]);
    let refuse = with(base(), "/indicators/0/undefined", json!("refuse"));
    check(&refuse, &cohort, "01001", None, "refused", &["undefined:engagement", "refused"]);
    // Counted as a raw 0, it becomes the smallest of its stratum, and moves the marks of the others.
    let raw = with(base(), "/indicators/0/undefined", json!("raw_zero"));
    check(&raw, &cohort, "01001", Some(0.0), "present", &["raw_zero:engagement"]);
    assert_ne!(of(&raw, &cohort, "01002").0, of(&base(), &cohort, "01002").0);
}

#[test]
fn population_zero_and_unknown() {
    let mut cohort = territories();
    cohort["territories"][0]["population"] = json!(0);
    let engagement = of(&base(), &territories(), "01001");
    assert_eq!(engagement.1, "present");
    // Reach is undefined and left out, so the whole weight goes to engagement, the lowest of three.
    check(
        &base(),
        &cohort,
        "01001",
        Some(8.0 / 73.0 * 100.0).map(|_| of(&base(), &cohort, "01001").0.unwrap()),
        "present",
        &["undefined:reach"],
    );
    cohort["territories"][0]["population"] = Value::Null;
    check(&base(), &cohort, "01001", None, "outside_strata", &["outside_strata"]);
    // A stratum without a range takes a territory whose population is not known.
    let mut cohort = territories();
    cohort["territories"][6]["population"] = Value::Null;
    check(&base(), &cohort, "D01", Some(50.0), "present", &["unknown:reach", "alone:departements"]);
}

#[test]
fn ineligible() {
    let mut cohort = territories();
    cohort["accounts"][0]["metrics"]["posts"] = json!(0);
    check(&base(), &cohort, "01001", None, "ineligible", &["ineligible:has-posted"]);
    cohort["accounts"][0]["metrics"]["posts"] = Value::Null;
    check(&base(), &cohort, "01001", None, "ineligible", ["ineligible:has-posted", "unknown:engagement"][..1].as_ref());
    // A rule about the territory itself excludes it from every network.
    let document = with(
        base(),
        "/eligibility/-",
        json!({"id": "inhabited", "label": {"fr": "habité"}, "require": "population > 600 or area < 6"}),
    );
    check(&document, &territories(), "01001", None, "ineligible", &["ineligible:inhabited"]);
    check(&document, &territories(), "01004", of(&document, &territories(), "01004").0, "present", &[]);
    // An ineligible account is not counted as an absent one, nor its marks as zeros.
    let zero = with(with(base(), "/index/absent", json!("zero")), "/index/missing", json!("zero"));
    check(&zero, &cohort, "01001", None, "ineligible", &["ineligible:has-posted"]);
}

#[test]
fn ineligible_members_leave_the_reference() {
    let before = of(&base(), &territories(), "01001").0;
    let mut cohort = territories();
    cohort["accounts"][2]["metrics"]["posts"] = json!(0);
    assert_ne!(of(&base(), &cohort, "01001").0, before);
}

#[test]
fn outside_and_override() {
    let mut cohort = territories();
    let document = with(base(), "/strata/0", Value::Null);
    check(&document, &cohort, "01001", None, "outside_strata", &["outside_strata"]);
    cohort["territories"][0]["stratum"] = json!({"id": "large", "reason": "ville-centre"});
    let (score, state, flags) = of(&base(), &cohort, "01001");
    assert_eq!((score.is_some(), state.as_str(), flags), (true, "present", vec!["stratum_override:large".to_owned()]));
    // Refusing makes it a fault, with the place and what to do.
    let refuse = with(with(document, "/outside_strata", json!("refuse")), "/strata/0/population", Value::Null);
    let refuse = with(refuse, "/structure_types/epci", json!({"label": {"fr": "EPCI"}}));
    let refuse = with(refuse, "/strata/0/structure_types/-", json!("epci"));
    let methodology = methodology(&with(refuse, "/strata/0/population", json!({"from": 0}))).unwrap();
    let mut lost = territories();
    lost["territories"][0]["population"] = Value::Null;
    let faults = methodology.score(crate::common::cohort(&lost).unwrap()).unwrap_err();
    assert_eq!(
        crate::common::codes(&faults),
        [("/territories/0/population".to_owned(), "stratum_not_found".to_owned())]
    );
}

#[test]
fn overflow_and_tiny_values() {
    let mut document = with(base(), "/indicators/1/formula", json!("followers * 1e308 * 1e308"));
    document["indicators"][1]["normalise"] = json!({"method": "none"});
    let scoring = score(&document, &territories());
    assert!(scoring.raw(1)[0].is_nan());
    check(
        &document,
        &territories(),
        "01001",
        of(&document, &territories(), "01001").0,
        "present",
        &["undefined:reach"],
    );
    // Exact values far below binary64's range still divide back into it.
    document["indicators"][1]["formula"] = json!("followers * 1e-300 * 1e-300 * 1e300 * 1e300");
    assert_eq!(score(&document, &territories()).raw(1)[0], 100.0);
    document["indicators"][1]["formula"] = json!("followers * 1e-300 * 1e-300");
    assert_eq!(score(&document, &territories()).raw(1)[0], 0.0);
}

#[test]
fn nested_indices_pass_states_up() {
    let mut document = base();
    document["index"] = json!({
        "id": "overall", "label": {"fr": "ensemble"}, "aggregate": "arithmetic", "missing": "renormalise",
        "of": [
            {"weight": 1, "index": {"id": "net-index", "label": {"fr": "net"}, "network": "net", "absent": "leave_out",
                "aggregate": "arithmetic", "missing": "renormalise", "of": [{"indicator": "engagement", "weight": 1}]}},
            {"weight": 1, "index": {"id": "other-index", "label": {"fr": "autre"}, "network": "other", "absent": "zero",
                "aggregate": "arithmetic", "missing": "renormalise", "of": [{"indicator": "engagement", "weight": 1}]}},
        ],
    });
    document["views"] = json!([{"id": "best", "label": {"fr": "x"}, "by": {"index": "overall"}}]);
    document["indicators"].as_array_mut().unwrap().truncate(1);
    let scoring = score(&document, &territories());
    assert_eq!(scoring.indices(), ["net-index", "other-index", "overall"]);
    // Alone on the other network, D gets the constant there; the others 0.
    let scores = |index: &str| scoring.scores(index).unwrap().to_vec();
    assert_eq!(scores("other-index")[3], 50.0);
    assert_eq!(scores("overall")[3], scores("net-index")[3] / 2.0 + 25.0);
    assert_eq!(scores("overall")[0], scores("net-index")[0] / 2.0);
    // On neither network: 0 for the one, nothing for the other.
    assert!(scores("net-index")[7].is_nan());
    assert_eq!(scores("overall")[7], 0.0);
    let _ = cohort;
}

#[test]
fn a_division_by_zero_is_undefined_however_the_predicate_comes_out() {
    // 50/3 - 50 * (1/3) is exactly 0, which the fast numbers cannot tell.
    let rule = "posts >= 1 or likes / (followers / 3 - followers * (1 / 3)) > 1";
    let document = with(base(), "/eligibility/0/require", json!(rule));
    let methodology = methodology(&document).unwrap();
    // Without the one who never posted, of whom the rule is undecided as a whole.
    let cohort = with(territories(), "/territories/7", Value::Null);
    let cohort = std::sync::Arc::new(crate::common::cohort(&cohort).unwrap());
    for scoring in [methodology.score(std::sync::Arc::clone(&cohort)), methodology.score_exactly(cohort)] {
        let territory = scoring.unwrap().territory(2).unwrap();
        assert_eq!(territory.indices[0].state, "ineligible");
        assert_eq!(territory.flags[0].reason, Some(format!("{rule} [undefined]")));
    }
}

#[test]
fn a_divisor_that_hides_in_a_formula() {
    // The value does not depend on the quotient, so only its divisor shows that there is none.
    for formula in
        ["0 * (likes / (followers / 3 - followers * (1 / 3)))", "max(likes, 1 / (posts / 7 - posts * (1 / 7)))"]
    {
        let document = with(base(), "/indicators/1/formula", json!(formula));
        let methodology = methodology(&document).unwrap();
        let cohort = std::sync::Arc::new(cohort(&territories()).unwrap());
        for scoring in [methodology.score(std::sync::Arc::clone(&cohort)), methodology.score_exactly(cohort)] {
            assert_eq!(scoring.unwrap().territory(2).unwrap().criteria[1].state, "undefined", "{formula}");
        }
    }
}

#[test]
fn unknown_comes_before_undefined_in_any_order() {
    let mut unknown = territories();
    unknown["accounts"][0]["metrics"]["likes"] = Value::Null;
    unknown["accounts"][0]["metrics"]["posts"] = json!(0);
    for rule in [
        "1 / posts > 0 and likes > 1",
        "likes > 1 and 1 / posts > 0",
        "1 / posts > 0 or likes > 1",
        "likes / posts > 1",
    ] {
        let document = with(base(), "/eligibility/0/require", json!(rule));
        let territory = score(&document, &unknown).territory(0).unwrap();
        assert_eq!(territory.flags[0].reason, Some(format!("{rule} [unknown]")));
    }
}

#[test]
fn a_mark_that_a_rule_made_is_flagged_for_what_it_was() {
    let target = with(base(), "/indicators/1/normalise/target", json!({"statistic": "min"}));
    let mut none = territories();
    none["accounts"][2]["metrics"]["followers"] = json!(0);
    // Of the small communes the least reach is 0: nothing is a proportion of it.
    for (rule, state) in [("mark_zero", "present"), ("refuse", "refused"), ("leave_out", "present")] {
        let document = with(target.clone(), "/indicators/1/undefined", json!(rule));
        let (_, found, flags) = of(&document, &none, "01001");
        assert_eq!(found, state);
        assert_eq!(flags[0], "undefined:reach", "{rule}");
    }
    let region = with(base(), "/indicators/1/normalise/within", json!("region"));
    let mut nowhere = territories();
    nowhere["territories"][0].as_object_mut().unwrap().remove("region");
    for rule in ["mark_zero", "refuse", "leave_out"] {
        let document = with(region.clone(), "/indicators/1/unknown", json!(rule));
        assert_eq!(of(&document, &nowhere, "01001").2[0], "group_unknown:reach", "{rule}");
    }
}

#[test]
fn who_is_compared_with_one_member_alone() {
    // Of the three small communes, two have no known likes: engagement has one member, reach three.
    let mut cohort = territories();
    cohort["accounts"][0]["metrics"]["likes"] = Value::Null;
    cohort["accounts"][1]["metrics"]["likes"] = Value::Null;
    assert_eq!(of(&base(), &cohort, "01004").2, ["alone:small"]);
    assert_eq!(of(&base(), &cohort, "01001").2, ["unknown:engagement"]);
    let region = with(base(), "/indicators/1/normalise/within", json!(["region", "stratum"]));
    assert_eq!(of(&region, &territories(), "75056").2, ["alone:large+11"]);
}

#[test]
fn territories_are_picked_in_the_order_asked() {
    let scoring = score(&base(), &territories());
    let all = scoring.document().territories;
    assert_eq!(scoring.territories(&[2, all.len(), 0]), [all[2].clone(), all[0].clone()]);
    assert_eq!((scoring.territory(1).as_ref(), scoring.territory(all.len())), (all.get(1), None));
}

#[test]
fn states_have_names() {
    let names: Vec<_> = bareme::scoring::states().collect();
    let words = "present raw_zero imputed insufficient absent unknown undefined ineligible outside_strata refused";
    assert_eq!(names, words.split(' ').collect::<Vec<_>>());
}

#[test]
fn flags_in_words() {
    let inner = json!({"id": "inner", "label": {"fr": "ensemble"}, "aggregate": "arithmetic", "missing": "renormalise",
        "of": [{"indicator": "reach", "weight": 1}]});
    let document = with(base(), "/index/of/1", json!({"index": inner, "weight": 1}));
    let methodology = methodology(&with(document, "/strata/1/label/en", json!("large ones"))).unwrap();
    for (code, subject, network, reason, fr, en) in [
        ("absent", "net", "", "", "pas de compte Réseau", "no Réseau account"),
        (
            "ineligible",
            "has-posted",
            "net",
            "posts >= 1",
            "non éligible\u{a0}: a publié (posts >= 1) (Réseau)",
            "not eligible: a publié (posts >= 1) (Réseau)",
        ),
        ("outside_strata", "", "", "", "hors des strates de la méthode", "outside the methodology's strata"),
        (
            "stratum_override",
            "large",
            "",
            "vœu",
            "strate fixée à la main (grandes)\u{a0}: vœu",
            "stratum set by hand (large ones): vœu",
        ),
        ("unknown", "reach", "net", "", "portée\u{a0}: donnée inconnue (Réseau)", "portée: data unknown (Réseau)"),
        ("undefined", "reach", "", "", "portée\u{a0}: incalculable", "portée: has no value"),
        ("raw_zero", "reach", "", "", "portée\u{a0}: incalculable, compté 0", "portée: has no value, counted as 0"),
        (
            "imputed",
            "reach",
            "",
            "",
            "portée\u{a0}: donnée inconnue, remplacée par la médiane de la strate",
            "portée: data unknown, replaced by the stratum's median",
        ),
        (
            "insufficient",
            "inner",
            "",
            "",
            "ensemble\u{a0}: trop peu de critères connus",
            "ensemble: too few criteria known",
        ),
        (
            "fallback",
            "large",
            "other",
            "",
            "strate trop petite (grandes), comparée à un groupe plus large (Autre)",
            "stratum too small (large ones), set against a larger group (Autre)",
        ),
        (
            "group_unknown",
            "reach",
            "",
            "",
            "portée\u{a0}: groupe de comparaison inconnu",
            "portée: group of comparison unknown",
        ),
        (
            "alone",
            "84",
            "",
            "",
            "un seul membre dans le groupe de comparaison (84)",
            "one member only in the group of comparison (84)",
        ),
        ("stranger", "", "", "", "hors de la cohorte de référence", "not a member of the reference's cohort"),
        ("refused", "", "", "", "sans score, selon la méthode", "no score, as the methodology says"),
    ] {
        let [subject, network, reason] =
            [subject, network, reason].map(|word| (!word.is_empty()).then(|| word.to_owned()));
        let flag = Flag { code, subject, network, reason };
        assert_eq!(flag.text(&methodology, Language::French), fr);
        assert_eq!(flag.text(&methodology, Language::English), en);
    }
}

#[test]
fn flags_for_programs() {
    let flag = |subject: Option<&str>, network: Option<&str>| Flag {
        code: "unknown",
        subject: subject.map(str::to_owned),
        network: network.map(str::to_owned),
        reason: None,
    };
    assert_eq!(flag(None, None).to_string(), "unknown");
    assert_eq!(flag(Some("reach"), None).to_string(), "unknown:reach");
    assert_eq!(flag(Some("reach"), Some("net")).to_string(), "unknown:reach@net");
}
