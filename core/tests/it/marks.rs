//! Each normalisation, by hand: values on a small group and the marks that follow.

use serde_json::{Value, json};

use crate::common::{base, score, with};

/// The marks of `values` under a normalisation, all in one stratum; `None` for no mark.
#[track_caller]
fn marks_of(normalise: &Value, direction: &Value, values: &[f64]) -> Vec<Option<f64>> {
    let mut document = base();
    document["metrics"]["x"] = json!({"kind": "decimal", "measure": "flow", "label": {"fr": "x"}});
    document["eligibility"] = json!([]);
    document["indicators"] = json!([{
        "id": "x", "label": {"fr": "x"}, "formula": "x", "direction": direction,
        "undefined": "leave_out", "unknown": "leave_out", "normalise": normalise,
    }]);
    document["index"]["of"] = json!([{"indicator": "x", "weight": 1}]);
    document = with(document, "/views/1", Value::Null);
    let territories: Vec<Value> = (0..values.len())
        .map(|i| json!({"id": format!("T{i}"), "name": "T", "structure_type": "departement", "population": 10 + i}))
        .collect();
    let accounts: Vec<Value> = values
        .iter()
        .enumerate()
        .map(|(i, x)| json!({"territory": format!("T{i}"), "network": "net", "metrics": {"x": x}}))
        .collect();
    let cohort =
        json!({"language": "bareme/1", "document": "cohort", "territories": territories, "accounts": accounts});
    let scoring = score(&document, &cohort);
    scoring.marks(0).into_iter().map(|mark| (!mark.is_nan()).then_some(mark)).collect()
}

#[track_caller]
fn check(normalise: Value, direction: Value, values: &[f64], expected: &[f64]) {
    let marks = marks_of(&normalise, &direction, values);
    let expected: Vec<Option<f64>> = expected.iter().map(|mark| (!mark.is_nan()).then_some(*mark)).collect();
    assert_eq!(marks, expected, "{normalise} {direction} {values:?}");
}

fn higher() -> Value {
    json!("higher")
}

fn lower() -> Value {
    json!("lower")
}

const NONE: f64 = f64::NAN;

#[test]
fn min_max() {
    let between = |low: Value, high: Value, clamp: bool| json!({"method": "min_max", "within": "stratum", "low": low, "high": high, "clamp": clamp, "constant": 40});
    let (min, max) = (json!({"statistic": "min"}), json!({"statistic": "max"}));
    check(between(min.clone(), max.clone(), true), higher(), &[0.1, 0.2, 0.4], &[0.0, 100.0 / 3.0, 100.0]);
    check(between(min.clone(), max.clone(), true), lower(), &[0.1, 0.2, 0.4], &[100.0, 200.0 / 3.0, 0.0]);
    check(between(min.clone(), max.clone(), true), json!({"closest_to": 1}), &[1.0, 0.5, 3.0], &[100.0, 75.0, 0.0]);
    // Constants and a single member: the constant's mark, whatever the direction.
    check(between(min.clone(), max.clone(), true), lower(), &[7.0, 7.0], &[40.0, 40.0]);
    check(between(min.clone(), max.clone(), true), higher(), &[7.0], &[40.0]);
    // Quantiles of type 7: the median of 0, 10, 20, 90 is 15.
    check(
        between(json!({"quantile": 0.5}), max.clone(), false),
        higher(),
        &[0.0, 10.0, 20.0, 90.0],
        &[-20.0, -20.0 / 3.0, 20.0 / 3.0, 100.0],
    );
    check(
        between(json!({"quantile": 0.5}), max.clone(), true),
        higher(),
        &[0.0, 10.0, 20.0, 90.0],
        &[0.0, 0.0, 20.0 / 3.0, 100.0],
    );
    check(
        between(json!({"quantile": 0}), json!({"quantile": 1}), true),
        higher(),
        &[0.0, 10.0, 20.0],
        &[0.0, 50.0, 100.0],
    );
    // A fixed bound on the wrong side of a statistic leaves nothing to measure with.
    check(between(json!({"fixed": 5}), max.clone(), true), higher(), &[1.0, 2.0], &[NONE, NONE]);
    check(between(json!({"fixed": 2}), max, true), higher(), &[1.0, 2.0], &[40.0, 40.0]);
    let fixed = json!({"method": "min_max", "low": {"fixed": 0}, "high": {"fixed": 5}, "clamp": true, "constant": 40});
    check(fixed, higher(), &[2.5, 6.0, -1.0], &[50.0, 100.0, 0.0]);
}

#[test]
fn proportion_of() {
    let of = |target: Value| json!({"method": "proportion_of", "within": "stratum", "target": target, "cap": 120});
    check(of(json!({"statistic": "mean"})), higher(), &[1.0, 2.0, 6.0], &[100.0 / 3.0, 200.0 / 3.0, 120.0]);
    check(of(json!({"statistic": "median"})), higher(), &[1.0, 2.0, 6.0], &[50.0, 100.0, 120.0]);
    check(of(json!({"statistic": "max"})), higher(), &[0.0, 0.0], &[NONE, NONE]);
    check(of(json!({"statistic": "max"})), higher(), &[-1.0, -2.0], &[NONE, NONE]);
    // Lower is better: 100 target / x; at and below 0 nothing is better than the cap.
    check(of(json!({"statistic": "max"})), lower(), &[0.0, 4.0, 5.0, 10.0], &[120.0, 120.0, 120.0, 100.0]);
    check(of(json!({"statistic": "min"})), lower(), &[-4.0, 5.0], &[NONE, NONE]);
    let fixed = json!({"method": "proportion_of", "target": {"fixed": 0.05}});
    check(fixed.clone(), higher(), &[0.1, 0.0125], &[200.0, 25.0]);
    check(fixed, lower(), &[0.0, 0.1], &[NONE, 50.0]);
}

#[test]
fn percentile_rank() {
    let method = json!({"method": "percentile_rank", "within": "stratum"});
    check(method.clone(), higher(), &[3.0, 1.0, 1.0, 5.0], &[62.5, 25.0, 25.0, 87.5]);
    check(method.clone(), lower(), &[3.0, 1.0, 1.0, 5.0], &[37.5, 75.0, 75.0, 12.5]);
    check(method, higher(), &[9.0], &[50.0]);
}

#[test]
fn rank() {
    let method = json!({"method": "rank", "within": "stratum", "single": 70});
    check(method.clone(), higher(), &[3.0, 1.0, 1.0, 5.0], &[200.0 / 3.0, 100.0 / 3.0, 100.0 / 3.0, 100.0]);
    check(method.clone(), lower(), &[3.0, 1.0, 1.0, 5.0], &[100.0 / 3.0, 100.0, 100.0, 0.0]);
    check(method, higher(), &[9.0], &[70.0]);
}

#[test]
fn z_score() {
    let method = |ddof: u32, clamp: Value| {
        let mut method =
            json!({"method": "z_score", "within": "stratum", "centre": 50, "scale": 10, "ddof": ddof, "constant": 45});
        if !clamp.is_null() {
            method["clamp"] = clamp;
        }
        method
    };
    // Mean 5; spread 2 over n, and the square root of 32/7 over n - 1.
    let values = [2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0];
    check(method(0, Value::Null), higher(), &values, &[35.0, 45.0, 45.0, 45.0, 50.0, 50.0, 60.0, 70.0]);
    check(method(0, Value::Null), lower(), &values, &[65.0, 55.0, 55.0, 55.0, 50.0, 50.0, 40.0, 30.0]);
    check(
        method(0, json!({"low": 40, "high": 65})),
        higher(),
        &values,
        &[40.0, 45.0, 45.0, 45.0, 50.0, 50.0, 60.0, 65.0],
    );
    let unbiased = marks_of(&method(1, Value::Null), &higher(), &values);
    assert!(unbiased[7].is_some_and(|mark| mark > 68.7 && mark < 68.8));
    check(method(0, Value::Null), higher(), &[0.1, 0.1, 0.1], &[45.0, 45.0, 45.0]);
    check(method(1, Value::Null), higher(), &[3.0], &[45.0]);
}

#[test]
fn piecewise() {
    let method =
        json!({"method": "piecewise", "points": [{"at": 1, "mark": 10}, {"at": 3, "mark": 90}, {"at": 5, "mark": 50}]});
    check(method, higher(), &[0.0, 1.0, 2.0, 3.0, 3.5, 5.0, 9.0], &[10.0, 10.0, 50.0, 90.0, 80.0, 50.0, 50.0]);
}

#[test]
fn bands() {
    let method =
        json!({"method": "bands", "bands": [{"at": 0.1, "mark": 20}, {"at": 0.3, "mark": 60}], "otherwise": 5});
    check(method.clone(), higher(), &[0.05, 0.1, 0.2, 0.3, 7.0], &[5.0, 20.0, 20.0, 60.0, 60.0]);
    check(method, lower(), &[0.05, 0.1, 0.2, 0.3, 7.0], &[20.0, 20.0, 60.0, 60.0, 5.0]);
}

#[test]
fn identity() {
    check(json!({"method": "none"}), higher(), &[-3.5, 0.1, 250.0], &[-3.5, 0.1, 250.0]);
    check(json!({"method": "none"}), json!({"closest_to": 1}), &[0.75, 3.0], &[0.25, 2.0]);
}

/// Values with weights that may be unknown, 0 or negative.
fn weighted(normalise: Value, values: &[f64], areas: &[Option<f64>]) -> Vec<f64> {
    let mut document = base();
    document["metrics"]["x"] = json!({"kind": "decimal", "measure": "flow", "label": {"fr": "x"}});
    document["eligibility"] = json!([]);
    document["indicators"] = json!([{
        "id": "x", "label": {"fr": "x"}, "formula": "x", "direction": "higher", "statistics_weight": "area",
        "undefined": "leave_out", "unknown": "leave_out", "normalise": normalise,
    }]);
    document["index"]["of"] = json!([{"indicator": "x", "weight": 1}]);
    document = with(document, "/views/1", Value::Null);
    let territories: Vec<Value> = areas
        .iter()
        .enumerate()
        .map(|(i, area)| match area {
            Some(area) => json!({"id": format!("T{i}"), "name": "T", "structure_type": "departement", "attributes": {"area": area}}),
            None => json!({"id": format!("T{i}"), "name": "T", "structure_type": "departement"}),
        })
        .collect();
    let accounts: Vec<Value> = values
        .iter()
        .enumerate()
        .map(|(i, x)| json!({"territory": format!("T{i}"), "network": "net", "metrics": {"x": x}}))
        .collect();
    let cohort =
        json!({"language": "bareme/1", "document": "cohort", "territories": territories, "accounts": accounts});
    score(&document, &cohort).marks(0)
}

#[test]
fn what_weighs_nothing_is_left_out_of_what_is_weighed() {
    let mean = json!({"method": "proportion_of", "within": "stratum", "target": {"statistic": "mean"}});
    // The mean of 10 and 30 with weights 1 and 3 is 25.
    let areas = [Some(1.0), Some(3.0), Some(-5.0), Some(0.0), None];
    assert_eq!(weighted(mean.clone(), &[10.0, 30.0, 1e9, 1e9, 1e9], &areas)[..2], [40.0, 120.0]);
    let spread =
        json!({"method": "z_score", "within": "stratum", "centre": 50, "scale": 10, "ddof": 0, "constant": 50});
    // Around 20 with equal weights, spread 10.
    assert_eq!(weighted(spread, &[10.0, 30.0, 7.0], &[Some(2.0), Some(2.0), Some(-1.0)])[..2], [40.0, 60.0]);
    // A weight that nothing names is unknown of all: no mean.
    assert!(weighted(mean, &[10.0, 30.0], &[None, None]).iter().all(|mark| mark.is_nan()));
}
