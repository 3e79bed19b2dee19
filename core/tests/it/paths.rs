//! The fast path and the exact path give the same bits, whatever the order of the rows.

use std::ops::ControlFlow;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{base, cohort, methodology, says_by_id};

fn bound() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(json!({"statistic": "min"})),
        Just(json!({"statistic": "mean"})),
        Just(json!({"statistic": "median"})),
        Just(json!({"quantile": 0.1})),
        Just(json!({"quantile": 0.35})),
        Just(json!({"fixed": 0.5})),
    ]
    .boxed()
}

fn within() -> BoxedStrategy<Value> {
    prop_oneof![
        Just(json!("stratum")),
        Just(json!("region")),
        Just(json!("cohort")),
        Just(json!(["stratum", "region"]))
    ]
    .boxed()
}

/// A normalisation whose marks are never negative.
fn normalise() -> BoxedStrategy<Value> {
    prop_oneof![
        (within(), bound(), any::<bool>()).prop_map(|(within, low, max)| {
            let high = if max { json!({"statistic": "max"}) } else { json!({"quantile": 0.9}) };
            json!({"method": "min_max", "within": within, "low": low, "high": high, "clamp": true, "constant": 50})
        }),
        (within(), bound()).prop_filter_map("fixed", |(within, target)| {
            target.get("fixed").is_none().then(|| json!({"method": "proportion_of", "within": within, "target": target, "cap": 100}))
        }),
        within().prop_map(|within| json!({"method": "percentile_rank", "within": within})),
        within().prop_map(|within| json!({"method": "rank", "within": within, "single": 50})),
        (within(), 0..2).prop_map(|(within, ddof)| json!({"method": "z_score", "within": within, "centre": 50, "scale": 20, "ddof": ddof, "clamp": {"low": 0, "high": 100}, "constant": 50})),
        Just(json!({"method": "piecewise", "points": [{"at": 0, "mark": 0}, {"at": 1, "mark": 30}, {"at": 5, "mark": 100}]})),
        Just(json!({"method": "bands", "bands": [{"at": 0.5, "mark": 25}, {"at": 2, "mark": 50}, {"at": 5, "mark": 100}], "otherwise": 0})),
    ]
    .boxed()
}

fn indicator(id: &'static str) -> BoxedStrategy<Value> {
    let formula = prop_oneof![
        Just("followers"),
        Just("100 * likes / followers"),
        Just("likes / posts / followers"),
        Just("100 * followers / population"),
        Just("posts / days"),
        Just("abs(likes - followers) / max(posts, 1)"),
        Just("area"),
        Just("min(area, posts) * 0.1"),
    ];
    let transform = prop_oneof![3 => Just(Value::Null), 1 => prop_oneof![Just(json!("ln1p")), Just(json!("sqrt")), Just(json!("ln")), Just(json!("log10"))]];
    let direction = prop_oneof![Just(json!("higher")), Just(json!("lower")), Just(json!({"closest_to": 1}))];
    let undefined = prop_oneof![Just("mark_zero"), Just("leave_out"), Just("refuse")];
    let unknown = prop_oneof![Just("mark_zero"), Just("leave_out"), Just("refuse"), Just("impute_median")];
    let winsorise = prop_oneof![
        4 => Just(Value::Null),
        1 => within().prop_map(|within| json!({"within": within, "low": {"quantile": 0.1}, "high": {"quantile": 0.75}})),
        1 => Just(json!({"high": {"fixed": 5}})),
    ];
    let weighted = prop::option::weighted(0.3, prop_oneof![Just("population"), Just("area")]);
    let rules = (undefined, unknown, winsorise, weighted);
    (formula, transform, direction, rules, normalise()).prop_map(move |(formula, transform, direction, (undefined, unknown, winsorise, weighted), normalise)| {
        let mut indicator = json!({"id": id, "label": {"fr": id}, "formula": formula, "direction": direction, "undefined": undefined, "unknown": unknown, "normalise": normalise});
        // A logarithm may be negative; that is for arithmetic means, which the checks allow.
        if !transform.is_null() {
            indicator["transform"] = transform;
        }
        if !winsorise.is_null() {
            indicator["winsorise"] = winsorise;
        }
        // Only where some statistic can be weighed; the checks refuse it elsewhere.
        let statistics = indicator["normalise"].to_string() + &indicator["winsorise"].to_string();
        let weighs = ["z_score", "quantile", "mean", "median"].iter().any(|word| statistics.contains(word));
        if let Some(name) = weighted.filter(|_| weighs || unknown == "impute_median") {
            indicator["statistics_weight"] = json!(name);
        }
        indicator
    })
    .boxed()
}

pub fn document() -> BoxedStrategy<Value> {
    let aggregate =
        prop_oneof![Just("arithmetic"), Just("geometric"), Just("harmonic"), Just("min"), Just("max"), Just("sum")];
    let weight = prop_oneof![
        (0..5).prop_map(|w| json!(w)),
        Just(json!(0.25)),
        Just(json!({"default": 1, "by_stratum": {"small": 2.5}})),
        Just(json!({"default": 1, "by_structure_type": {"departement": 3}})),
        Just(
            json!({"default": 1, "by_population": [{"below": 500, "weight": 4}, {"from": 500, "below": 2000, "weight": 0.5}]})
        ),
    ];
    let rounding = prop_oneof![Just("half_up"), Just("half_even"), Just("down")];
    (
        (indicator("a"), indicator("b"), indicator("c")),
        (aggregate.clone(), aggregate),
        (weight.clone(), weight.clone(), weight.clone(), weight),
        (rounding, 0..4_u32, any::<bool>(), any::<bool>(), prop::option::of(prop_oneof![Just(0.5), Just(0.75), Just(1.0)]), prop::option::of(1..6_u32)),
    )
        .prop_filter_map("unsound", |((a, b, c), (outer, inner), weights, (rounding, decimals, published, zero, share, minimum))| {
            let missing = |aggregate: &str| if aggregate == "sum" || zero { "zero" } else { "renormalise" };
            let mut document = base();
            document["indicators"] = json!([a, b, c]);
            document["index"] = json!({
                "id": "root", "label": {"fr": "x"}, "network": "net", "absent": if zero { "zero" } else { "leave_out" },
                "aggregate": outer, "missing": missing(outer),
                "of": [
                    {"indicator": "a", "weight": weights.0},
                    {"weight": weights.1, "index": {"id": "inner", "label": {"fr": "x"}, "aggregate": inner, "missing": missing(inner),
                        "of": [{"indicator": "b", "weight": weights.2}, {"indicator": "c", "weight": weights.3}]}},
                ],
            });
            if let Some(share) = share {
                document["index"]["minimum_share"] = json!(share);
            }
            if let Some(minimum) = minimum {
                for (stratum, fallback) in [(0, "large"), (1, "departements")] {
                    document["strata"][stratum]["minimum_size"] = json!(minimum);
                    document["strata"][stratum]["fallback"] = json!(fallback);
                }
            }
            document["views"] = json!([
                {"id": "best", "label": {"fr": "x"}, "by": {"index": "root"}},
                {"id": "by-b", "label": {"fr": "x"}, "by": {"indicator": "b"}},
            ]);
            document["ranking"] = json!({"order_by": if published { "published" } else { "score" }, "ties": "competition", "tie_breakers": [{"indicator": "a"}], "within": ["stratum", "cohort"]});
            document["publication"] = json!({"decimals": decimals, "rounding": rounding});
            methodology(&document).ok().map(|_| document)
        })
        .boxed()
}

/// Small numbers, so that ties, zeros and equal ratios are common.
pub fn territories() -> BoxedStrategy<Value> {
    let number = || prop_oneof![6 => (0..12_u32).prop_map(|x| json!(x)), 1 => Just(Value::Null), 1 => (0..5_000_000_000_u64).prop_map(|x| json!(x))];
    let decimal = prop_oneof![4 => (0..40_u32).prop_map(|x| json!(f64::from(x) / 10.0)), 1 => Just(Value::Null), 1 => (0.0..1e6).prop_map(|x| json!(x)), 1 => Just(json!(5e-324))];
    let row = (
        0..3_u32,
        prop_oneof![(0..2000_u32).prop_map(|p| json!(p)), Just(json!(0)), Just(Value::Null)],
        number(),
        number(),
        number(),
        decimal,
        0..8_u32,
        0..3_u32,
    );
    prop::collection::vec(row, 1..24).prop_map(|rows| {
        let mut territories = Vec::new();
        let mut accounts = Vec::new();
        for (i, (kind, population, followers, posts, likes, area, presence, region)) in rows.into_iter().enumerate() {
            let kind = if kind == 0 { "departement" } else { "commune" };
            let mut territory = json!({"id": format!("T{i:02}"), "name": "T", "structure_type": kind, "population": population, "attributes": {"area": area}});
            if region > 0 {
                territory["region"] = json!(region.to_string());
            }
            territories.push(territory);
            if presence > 0 || i == 0 {
                accounts.push(json!({"territory": format!("T{i:02}"), "network": "net", "metrics": {"followers": followers, "posts": posts, "likes": likes}}));
            }
        }
        json!({"language": "bareme/1", "document": "cohort", "period": {"from": "2026-10-01", "to": "2026-10-31"}, "territories": territories, "accounts": accounts})
    })
    .boxed()
}

proptest! {
    #[test]
    fn fast_and_exact_paths_agree(document in document(), territories in territories()) {
        let methodology = methodology(&document).unwrap();
        let cohort = std::sync::Arc::new(cohort(&territories).unwrap_or_else(|faults| panic!("{faults}")));
        let fast = methodology.score(std::sync::Arc::clone(&cohort)).unwrap_or_else(|faults| panic!("{faults}"));
        let exact = methodology.score_exactly(cohort).unwrap();
        prop_assert_eq!(says_by_id(&fast), says_by_id(&exact));
        for index in fast.indices() {
            let bits = |scores: &[f64]| scores.iter().map(|score| score.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(fast.scores(index).unwrap()), bits(exact.scores(index).unwrap()));
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing(
        document in document(), territories in territories(), threads in 2_usize..5, copies in 1_u32..60,
    ) {
        let methodology = methodology(&document).unwrap();
        let cohort = std::sync::Arc::new(cohort(&repeated(&territories, copies)).unwrap());
        let alone = methodology.score(std::sync::Arc::clone(&cohort)).unwrap();
        let shared = methodology.score_watched(cohort, threads, |_, _| ControlFlow::Continue(())).unwrap();
        prop_assert_eq!(says_by_id(&alone), says_by_id(&shared));
        // Written a part at a time, it is the document.
        let document = serde_json::to_string(&alone.document()).unwrap();
        prop_assert!(serde_json::to_string(&alone).unwrap() == document);
        prop_assert_eq!(alone.reference_document(), shared.reference_document());
    }

    #[test]
    fn the_order_of_rows_changes_nothing(document in document(), territories in territories(), seed in any::<u64>()) {
        let mut permuted = territories.clone();
        for list in ["territories", "accounts"] {
            let items = permuted[list].as_array_mut().unwrap();
            // A permutation by a hash of the place: all are reached as the seed varies.
            let mut keyed: Vec<_> = items.drain(..).enumerate().collect();
            keyed.sort_by_key(|(i, _)| (*i as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
            items.extend(keyed.into_iter().map(|(_, item)| item));
        }
        let methodology = methodology(&document).unwrap();
        let one = cohort(&territories).unwrap();
        let two = cohort(&permuted).unwrap();
        prop_assert_eq!(one.digest(), two.digest());
        prop_assert_eq!(says_by_id(&methodology.score(one).unwrap()), says_by_id(&methodology.score(two).unwrap()));
    }
}

/// The same territories many times over, so that there is something to share out; each time with a stratum's
/// worth of ties.
fn repeated(given: &Value, copies: u32) -> Value {
    let mut all = given.clone();
    for (list, name) in [("territories", "id"), ("accounts", "territory")] {
        let items = given[list].as_array().unwrap();
        let copy = |copy: u32| {
            items.iter().map(move |item| {
                let mut item = item.clone();
                item[name] = format!("{copy:02}-{}", item[name].as_str().unwrap()).into();
                item
            })
        };
        all[list] = (0..copies).flat_map(copy).collect();
    }
    all
}

#[test]
fn the_watcher_hears_of_the_whole_work_and_can_stop_it() {
    let methodology = bareme::catalogue::observatoire_instagram_2017_10();
    let document = |place: u32| {
        let id = format!("T{place:05}");
        let territory = json!({"id": id, "name": id, "structure_type": "commune", "population": 10 * place});
        let metrics = json!({"followers": place, "following": 3, "posts": 5, "likes": 7 * place, "comments": 2});
        (territory, json!({"territory": id, "network": "instagram", "metrics": metrics}))
    };
    let (territories, accounts): (Vec<Value>, Vec<Value>) = (1..10_000).map(document).unzip();
    let given = json!({"language": "bareme/1", "document": "cohort", "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "territories": territories, "accounts": accounts});
    let cohort = std::sync::Arc::new(cohort(&given).unwrap());
    for threads in [0, 1, 2, 7] {
        let mut heard = Vec::new();
        let watched = methodology.score_watched(std::sync::Arc::clone(&cohort), threads, |done, total| {
            heard.push((done, total));
            ControlFlow::Continue(())
        });
        assert!(watched.is_ok_and(|scoring| !scoring.is_empty()));
        // Never twice the same: all of it would have been said before it was done.
        assert!(heard.len() > 7 && heard.is_sorted_by(|a, b| a < b), "{threads} threads: {heard:?}");
        assert!(heard.last().is_some_and(|(done, total)| done == total), "{threads} threads: {heard:?}");
        let mut calls = 0;
        let stopped = methodology.score_watched(std::sync::Arc::clone(&cohort), threads, |_, _| {
            calls += 1;
            if calls < 3 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        let codes: Vec<_> = stopped.unwrap_err().iter().map(|fault| fault.code.as_str()).collect();
        assert_eq!((codes.as_slice(), calls), (["cancelled"].as_slice(), 3), "{threads} threads");
    }
}

#[test]
fn threads_find_the_same_least_and_greatest_values() {
    // Other values in every block, the least and the greatest in the midst of them.
    let document = |place: u32| {
        let id = format!("T{place:05}");
        let territory = json!({"id": id, "name": id, "structure_type": "commune", "population": 100 + place});
        let metrics = json!({"followers": 10 + place * 7919 % 10_007, "posts": 5, "likes": place * 104_729 % 10_007});
        (territory, json!({"territory": id, "network": "net", "metrics": metrics}))
    };
    let (territories, accounts): (Vec<Value>, Vec<Value>) = (1..10_000).map(document).unzip();
    let given = json!({"language": "bareme/1", "document": "cohort", "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "territories": territories, "accounts": accounts});
    let cohort = std::sync::Arc::new(cohort(&given).unwrap());
    let methodology = methodology(&base()).unwrap();
    let score = |threads| {
        let watch = |_, _| ControlFlow::Continue(());
        methodology.score_watched(std::sync::Arc::clone(&cohort), threads, watch).unwrap()
    };
    let alone = score(1);
    for threads in [2, 3, 7] {
        let shared = score(threads);
        assert!(alone.reference_document() == shared.reference_document(), "{threads} threads");
        assert!(alone.root_scores() == shared.root_scores(), "{threads} threads");
    }
}
