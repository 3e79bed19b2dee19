//! What makes a methodology document unsound: each fault with its pointer, all at once.

use serde_json::{Value, json};

use crate::common::{base, codes, methodology, with};

/// Changes, and the faults that must follow.
#[track_caller]
fn check(changes: &[(&str, Value)], expected: &[(&str, &str)]) {
    let document = changes.iter().fold(base(), |document, (pointer, value)| with(document, pointer, value.clone()));
    let faults = methodology(&document).map(|_| ()).unwrap_err();
    let expected: Vec<_> = expected.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect();
    assert_eq!(codes(&faults), expected, "{faults}");
    for fault in &faults {
        assert!(!fault.expected.fr.is_empty() && !fault.expected.en.is_empty(), "{fault:?} says nothing");
    }
}

#[test]
fn the_base_is_sound() {
    methodology(&base()).unwrap_or_else(|faults| panic!("{faults}"));
}

#[test]
fn shape() {
    check(&[("/language", json!("bareme/9"))], &[("/language", "language_unsupported")]);
    check(&[("/document", json!("cohort"))], &[("/document", "unknown_value")]);
    check(
        &[("/strat", json!(1)), ("/title", json!({"en": "x"})), ("/publication/decimals", json!(-1))],
        &[("/strat", "unknown_field"), ("/title", "text_without_french"), ("/publication/decimals", "wrong_type")],
    );
    check(&[("/index/of/0/weight", Value::Null)], &[("/index/of/0", "missing_field")]);
    check(
        &[
            ("/ranking/ties", json!("competitive")),
            ("/indicators/0/normalise/low", json!({"statistic": "min", "fixed": 1})),
        ],
        &[("/indicators/0/normalise/low", "wrong_type"), ("/ranking/ties", "unknown_value")],
    );
    check(
        &[("/indicators/0/normalise", json!({"method": "minmax"}))],
        &[("/indicators/0/normalise/method", "unknown_value")],
    );
    check(
        &[("/indicators/0/normalise", json!({"within": "stratum"}))],
        &[("/indicators/0/normalise", "missing_field")],
    );
    check(&[("/indicators/0/normalise", json!([]))], &[("/indicators/0/normalise", "wrong_type")]);
    check(&[("/ranking/within", json!(["stratum", ["region"]]))], &[("/ranking/within/1", "wrong_type")]);
}

#[test]
fn faults_are_found_all_at_once() {
    check(
        &[
            ("/id", json!("Élan")),
            ("/strata/1/population/from", json!(900)),
            ("/eligibility/0/require", json!("postz >= 1")),
            ("/index/of/1/weight", json!(-1)),
            ("/views/0/by", json!({"index": "perf"})),
            ("/indicators/1/formula", json!("100 * folowers / population")),
            ("/publication/decimals", json!(13)),
        ],
        &[
            ("/id", "invalid_id"),
            ("/strata/1/structure_types/0", "strata_overlap"),
            ("/eligibility/0/require", "unknown_reference"),
            ("/index/of/1/weight", "out_of_range"),
            ("/views/0/by/index", "unknown_reference"),
            ("/indicators/1/formula", "unknown_reference"),
            ("/publication/decimals", "out_of_range"),
        ],
    );
}

#[test]
fn ids_and_names() {
    check(&[("/version", json!("1 0"))], &[("/version", "invalid_id")]);
    check(&[("/strata/1/id", json!("small"))], &[("/strata/1/id", "duplicate_id")]);
    check(&[("/index/id", json!("reach")), ("/views/0/by/index", json!("reach"))], &[("/index/id", "duplicate_id")]);
    check(
        &[("/metrics/days", json!({"kind": "count", "measure": "flow", "label": {"fr": "x"}}))],
        &[("/metrics/days", "invalid_id")],
    );
    check(
        &[("/attributes/likes", json!({"kind": "count", "label": {"fr": "x"}}))],
        &[("/attributes/likes", "duplicate_id")],
    );
    check(&[("/period_days", json!(0))], &[("/period_days", "out_of_range")]);
    check(&[("/status", json!("variant"))], &[("(document)", "missing_field")]);
    check(
        &[("/variant_of", json!({"id": "a", "version": "1", "method_sha256": "AB"}))],
        &[("/variant_of/method_sha256", "invalid_id")],
    );
}

#[test]
fn strata() {
    check(
        &[("/strata/0/population", json!({"from": 5, "below": 5})), ("/strata/1/structure_types", json!([]))],
        &[("/strata/0/population", "bounds_order"), ("/strata/1/structure_types", "out_of_range")],
    );
    check(&[("/strata/0/structure_types/0", json!("comune"))], &[("/strata/0/structure_types/0", "unknown_reference")]);
    check(
        &[("/outside_strata", json!("refuse")), ("/strata/1/population/from", json!(1001))],
        &[("/strata", "strata_gap")],
    );
    check(&[("/outside_strata", json!("refuse")), ("/strata/2", Value::Null)], &[("/strata", "strata_gap")]);
    check(
        &[("/outside_strata", json!("refuse")), ("/strata/1/population", json!({"from": 1000, "below": 1e9}))],
        &[("/strata", "strata_gap")],
    );
}

#[test]
fn formulas_and_use() {
    check(&[("/indicators/0/formula", json!("likes +"))], &[("/indicators/0/formula", "formula_syntax")]);
    check(
        &[("/indicators/0/formula", json!("likes * 0.12345678901234567890"))],
        &[("/indicators/0/formula", "number_not_representable")],
    );
    check(&[("/views/1", Value::Null)], &[("/indicators/2", "unused")]);
    check(&[("/indicators/2/normalise", json!({"method": "none"}))], &[("/indicators/2/normalise", "unused")]);
    check(&[("/indicators/0/normalise", Value::Null)], &[("/indicators/0", "missing_field")]);
    check(
        &[("/indicators/0/undefined", json!("raw_zero")), ("/indicators/0/direction", json!("lower"))],
        &[("/indicators/0/undefined", "not_allowed_here")],
    );
}

#[test]
fn normalisations() {
    let method = |normalise: Value, expected: &[(&str, &str)]| {
        let expected: Vec<_> =
            expected.iter().map(|(tail, code)| (format!("/indicators/0/normalise{tail}"), *code)).collect();
        let expected: Vec<_> = expected.iter().map(|(place, code)| (place.as_str(), *code)).collect();
        check(&[("/indicators/0/normalise", normalise)], &expected);
    };
    let bounds = |low: Value, high: Value| json!({"method": "min_max", "within": "stratum", "low": low, "high": high, "clamp": true, "constant": 50});
    method(bounds(json!({"quantile": 1.5}), json!({"statistic": "max"})), &[("/low/quantile", "out_of_range")]);
    method(bounds(json!({"quantile": 0.9}), json!({"quantile": 0.1})), &[("", "bounds_order")]);
    method(bounds(json!({"statistic": "max"}), json!({"statistic": "min"})), &[("", "bounds_order")]);
    method(bounds(json!({"fixed": 5}), json!({"fixed": 5})), &[("/within", "not_allowed_here"), ("", "bounds_order")]);
    method(
        json!({"method": "min_max", "low": {"statistic": "min"}, "high": {"fixed": 5}, "clamp": true, "constant": 101}),
        &[("", "missing_field"), ("/constant", "out_of_range")],
    );
    method(
        json!({"method": "proportion_of", "target": {"fixed": 0}, "cap": 0}),
        &[("/target/fixed", "out_of_range"), ("/cap", "out_of_range")],
    );
    method(json!({"method": "rank", "within": "cohort", "single": -1}), &[("/single", "out_of_range")]);
    method(
        json!({"method": "z_score", "within": "cohort", "centre": 0, "scale": 0, "ddof": 2, "clamp": {"low": 1, "high": 1}, "constant": 0}),
        &[("/scale", "out_of_range"), ("/ddof", "out_of_range"), ("/clamp", "bounds_order")],
    );
    method(json!({"method": "piecewise", "points": [{"at": 0, "mark": 0}]}), &[("/points", "out_of_range")]);
    method(
        json!({"method": "bands", "bands": [{"at": 3, "mark": 0}, {"at": 3, "mark": 5}], "otherwise": 0}),
        &[("/bands/1/at", "bounds_order")],
    );
}

#[test]
fn winsorisation_weights_shares_fallbacks_and_grades() {
    let at = |tail: &str, value: Value| (format!("/indicators/0/{tail}"), value);
    let one = |tail: &str, value: Value, expected: &[(&str, &str)]| {
        let (pointer, value) = at(tail, value);
        check(&[(&pointer, value)], expected);
    };
    one("winsorise", json!({}), &[("/indicators/0/winsorise", "missing_field")]);
    one(
        "winsorise",
        json!({"low": {"statistic": "min"}, "high": {"quantile": 2}}),
        &[
            ("/indicators/0/winsorise/low", "not_allowed_here"),
            ("/indicators/0/winsorise/high/quantile", "out_of_range"),
            ("/indicators/0/winsorise", "missing_field"),
        ],
    );
    one(
        "winsorise",
        json!({"low": {"fixed": 2}, "high": {"fixed": 1}}),
        &[("/indicators/0/winsorise", "bounds_order")],
    );
    one("statistics_weight", json!("population"), &[("/indicators/0/statistics_weight", "not_allowed_here")]);
    let z_score = json!({"method": "z_score", "within": "stratum", "centre": 50, "scale": 1, "ddof": 1, "constant": 5});
    check(
        &[("/indicators/0/normalise", z_score), ("/indicators/0/statistics_weight", json!("surface"))],
        &[
            ("/indicators/0/statistics_weight", "unknown_reference"),
            ("/indicators/0/statistics_weight", "not_allowed_here"),
        ],
    );
    check(&[("/index/minimum_share", json!(1.5))], &[("/index/minimum_share", "out_of_range")]);
    check(&[("/strata/0/minimum_size", json!(5))], &[("/strata/0", "missing_field")]);
    check(
        &[("/strata/0/minimum_size", json!(5)), ("/strata/0/fallback", json!("big"))],
        &[("/strata/0/fallback", "unknown_reference")],
    );
    check(
        &[
            ("/strata/0/minimum_size", json!(5)),
            ("/strata/0/fallback", json!("large")),
            ("/strata/1/minimum_size", json!(5)),
            ("/strata/1/fallback", json!("small")),
        ],
        &[("/strata/0/fallback", "cycle"), ("/strata/1/fallback", "cycle")],
    );
    let step = |id: &str, from: u32| json!({"id": id, "label": {"fr": "x"}, "from": from});
    check(
        &[("/publication/grades", json!({"by": "threshold", "steps": [step("a", 50), step("a", 60)]}))],
        &[("/publication/grades/steps/1/id", "duplicate_id"), ("/publication/grades/steps/1/from", "bounds_order")],
    );
    check(
        &[("/publication/grades", json!({"by": "rank", "view": "bst", "within": "stratum", "steps": []}))],
        &[("/publication/grades/view", "unknown_reference"), ("/publication/grades/steps", "out_of_range")],
    );
}

#[test]
fn tree() {
    check(
        &[("/index/network", json!("nett")), ("/index/of/0/indicator", json!("engagment"))],
        &[
            ("/index/network", "unknown_reference"),
            ("/index/of/0/indicator", "unknown_reference"),
            ("/indicators/0", "unused"),
        ],
    );
}

#[test]
fn networks_and_children() {
    check(
        &[("/index/network", Value::Null), ("/index/absent", Value::Null), ("/views/1/by/network", json!("net"))],
        &[("/index/of/0/indicator", "network_missing"), ("/index/of/1/indicator", "network_missing")],
    );
    check(&[("/index/absent", Value::Null)], &[("/index", "missing_field")]);
    check(
        &[(
            "/index/of/0/index",
            json!({"id": "x", "label": {"fr": "x"}, "aggregate": "min", "missing": "zero", "of": [{"indicator": "reach", "weight": 1}]}),
        )],
        &[("/index/of/0", "wrong_type")],
    );
    let inner = json!({"weight": 1, "index": {"id": "x", "label": {"fr": "x"}, "network": "other", "absent": "zero", "aggregate": "min", "missing": "zero", "of": [{"indicator": "reach", "weight": 1}]}});
    check(
        &[("/views/1/by/network", json!("net")), ("/index/of/1", inner)],
        &[("/index/of/1/index/network", "not_allowed_here")],
    );
    check(
        &[("/index/of", json!([{"indicator": "engagement", "weight": 0}, {"indicator": "reach", "weight": 0}]))],
        &[("/index/of", "weights_zero")],
    );
    check(&[("/index/of/-", json!({"indicator": "reach", "weight": 1}))], &[("/index/of/2/indicator", "duplicate_id")]);
    check(&[("/index/aggregate", json!("sum"))], &[("/index/missing", "not_allowed_here")]);
    check(
        &[("/views/1/by", json!({"indicator": "audience", "network": "netz"}))],
        &[("/views/1/by/network", "unknown_reference")],
    );
    check(&[("/ranking/tie_breakers", json!([{}]))], &[("/ranking/tie_breakers/0", "wrong_type")]);
    check(&[("/ranking/within", json!(["cohort", "cohort"]))], &[("/ranking/within/1", "duplicate_id")]);
}

#[test]
fn weights() {
    check(&[("/index/of/0/weight", json!(0.000_000_1))], &[("/index/of/0/weight", "out_of_range")]);
    check(&[("/index/of/0/weight", json!({"default": 1}))], &[("/index/of/0/weight", "wrong_type")]);
    check(
        &[("/index/of/0/weight", json!({"default": 1, "by_stratum": {"smal": 2}}))],
        &[("/index/of/0/weight/by_stratum/smal", "unknown_reference")],
    );
    check(
        &[(
            "/index/of/0/weight",
            json!({"default": 1, "by_population": [{"below": 10, "weight": 2}, {"from": 9, "weight": 2}]}),
        )],
        &[("/index/of/0/weight/by_population/1", "bounds_order")],
    );
}

#[test]
fn negative_marks() {
    check(
        &[("/index/aggregate", json!("geometric")), ("/indicators/0/normalise/clamp", json!(false))],
        &[("/index/of/0", "negative_marks")],
    );
    check(
        &[
            ("/index/aggregate", json!("harmonic")),
            ("/indicators/1/normalise", json!({"method": "none"})),
            ("/indicators/1/formula", json!("followers - posts")),
        ],
        &[("/index/of/1", "negative_marks")],
    );
    // A logarithm may be negative, and an attribute that is a decimal too.
    check(
        &[
            ("/index/aggregate", json!("geometric")),
            ("/indicators/1/normalise", json!({"method": "none"})),
            ("/indicators/1/transform", json!("ln")),
        ],
        &[("/index/of/1", "negative_marks")],
    );
    check(
        &[
            ("/index/aggregate", json!("geometric")),
            ("/indicators/1/normalise", json!({"method": "none"})),
            ("/indicators/1/formula", json!("followers * area")),
        ],
        &[("/index/of/1", "negative_marks")],
    );
}

#[test]
fn provenance_is_owed_by_what_claims_something() {
    let document = with(base(), "/status", json!("proposal"));
    let faults = methodology(&document).unwrap_err();
    assert!(faults.iter().all(|fault| fault.code.as_str() == "provenance_missing"));
    let places: Vec<String> = faults.iter().map(|fault| fault.place.to_string()).collect();
    for place in [
        "/outside_strata",
        "/strata/0/population",
        "/eligibility/0/require",
        "/indicators/0/formula",
        "/indicators/0/normalise/constant",
        "/index/aggregate",
        "/index/of/0/weight",
        "/ranking/ties",
        "/publication/rounding",
    ] {
        assert!(places.contains(&place.to_owned()), "{place} owes nothing");
    }
    check(
        &[(
            "/publication/provenance",
            json!({"decimals": {"basis": "published"}, "digits": {"basis": "proposed", "reason": {"fr": "x"}}, "*": {"basis": "inferred", "source": "none"}}),
        )],
        &[
            ("/publication/provenance/*/source", "unknown_reference"),
            ("/publication/provenance/*", "missing_field"),
            ("/publication/provenance/decimals", "missing_field"),
            ("/publication/provenance/decimals", "missing_field"),
            ("/publication/provenance/digits", "unknown_reference"),
        ],
    );
}

#[test]
fn digests_tell_the_method_from_its_presentation() {
    let base_document = methodology(&base()).unwrap();
    let label = methodology(&with(base(), "/indicators/0/label/fr", json!("autre nom"))).unwrap();
    assert_eq!(base_document.method_digest(), label.method_digest());
    assert_ne!(base_document.document_digest(), label.document_digest());
    let weight = methodology(&with(base(), "/index/of/0/weight", json!(3.5))).unwrap();
    assert_ne!(base_document.method_digest(), weight.method_digest());
    // A metric that bears the name of a label is a metric all the same.
    let named = with(base(), "/metrics/label", json!({"kind": "count", "measure": "flow", "label": {"fr": "x"}}));
    assert_ne!(methodology(&named).unwrap().method_digest(), base_document.method_digest());
    // Spaces and the order of members are not part of a document.
    let spaced = serde_json::to_string_pretty(&base()).unwrap();
    assert_eq!(
        bareme::Methodology::from_json(spaced.as_bytes()).unwrap().document_digest(),
        base_document.document_digest()
    );
}

#[test]
fn what_is_read_is_what_is_written() {
    // Nothing of a document is lost between its text and its types.
    let read = methodology(&base()).unwrap();
    let typed = serde_json::to_string(read.document()).unwrap();
    assert_eq!(bareme::Methodology::from_json(typed.as_bytes()).unwrap().document_digest(), read.document_digest());
}

#[test]
fn variants() {
    let base_document = methodology(&base()).unwrap();
    let variant = base_document.variant(br#"{"publication": {"decimals": 3}}"#).unwrap();
    assert_eq!((variant.version(), variant.status().as_str()), ("1+variant", "variant"));
    let pin = variant.document().variant_of.clone().unwrap();
    assert_eq!(pin.method_sha256, base_document.method_digest().to_string());
    // A patch cannot claim to be official.
    let bold = base_document.variant(br#"{"status": "official", "version": "2", "variant_of": null}"#).unwrap();
    assert_eq!((bold.version(), bold.status().as_str(), bold.document().variant_of.is_some()), ("2", "variant", true));
    assert_eq!(
        codes(&base_document.variant(b"[1]").unwrap_err()),
        [(String::from("(document)"), String::from("wrong_type"))]
    );
    assert_eq!(codes(&base_document.variant(br#"{"index": {"of": []}}"#).unwrap_err())[0].0, "/index/of");
}

#[test]
fn names_in_pointers_are_escaped() {
    let label = json!({"label": {"fr": "x"}});
    let document = [("structure_types", "a/b"), ("networks", "a~b"), ("metrics", "m/n"), ("attributes", "a/n")]
        .into_iter()
        .fold(base(), |mut document, (list, name)| {
            let measured = json!({"kind": "decimal", "measure": "stock", "label": {"fr": "x"}});
            let attribute = json!({"kind": "decimal", "label": {"fr": "x"}});
            document[list][name] = match list {
                "metrics" => measured,
                "attributes" => attribute,
                _ => label.clone(),
            };
            document
        });
    let mut document = with(document, "/index/of/0/weight", json!({"default": 1, "by_structure_type": {"c/d": 1}}));
    document = with(document, "/index/of/1/weight", json!({"default": 1, "by_stratum": {"s~t": 1}}));
    document = with(document, "/ranking/provenance", json!({"p/q": {"basis": "proposed", "reason": {"fr": "x"}}}));
    let faults = methodology(&document).unwrap_err();
    let places: Vec<String> = codes(&faults).into_iter().map(|(place, _)| place).collect();
    for place in [
        "/structure_types/a~1b",
        "/networks/a~0b",
        "/metrics/m~1n",
        "/attributes/a~1n",
        "/index/of/0/weight/by_structure_type/c~1d",
        "/index/of/1/weight/by_stratum/s~0t",
        "/ranking/provenance/p~1q",
    ] {
        assert!(places.iter().any(|found| found == place), "{place} is not in {places:?}");
    }
}

#[test]
fn a_key_means_what_the_tree_says_whatever_other_views_there_are() {
    // The tree is on two networks and does not use `audience`: a view that names one of them decides
    // nothing for the other view.
    let on = |network: &str| {
        json!({"index": {"id": network, "label": {"fr": "x"}, "network": network, "absent": "leave_out",
            "aggregate": "arithmetic", "missing": "renormalise",
            "of": [{"indicator": "engagement", "weight": 1}, {"indicator": "reach", "weight": 1}]}, "weight": 1})
    };
    let index = json!({"id": "performance", "label": {"fr": "x"}, "aggregate": "arithmetic", "missing": "renormalise", "of": [on("net"), on("other")]});
    let view = |id: &str, by: Value| json!({"id": id, "label": {"fr": "x"}, "by": by});
    let views = json!([
        view("best", json!({"index": "performance"})),
        view("one", json!({"indicator": "audience"})),
        view("two", json!({"indicator": "audience", "network": "net"})),
    ]);
    check(&[("/index", index), ("/views", views)], &[("/views/1/by", "network_missing")]);
}

#[test]
fn what_is_drawn_in_below_zero_may_be_negative() {
    check(
        &[
            ("/index/aggregate", json!("geometric")),
            ("/indicators/1/normalise", json!({"method": "none"})),
            ("/indicators/1/winsorise", json!({"high": {"fixed": -1}})),
        ],
        &[("/index/of/1", "negative_marks")],
    );
}
