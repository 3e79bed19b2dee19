//! Every parameter acts: a test changes it and sees what a scoring says change. A list of what the
//! schema holds makes sure that none is forgotten.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::common::{base, says, territories, with};

/// A parameter, and two documents that differ by it.
struct Case {
    /// `Definition.member` in the schema of the document.
    parameter: &'static str,
    /// What gives it something to act on.
    before: Vec<(&'static str, Value)>,
    /// What changes it; further changes keep the document sound.
    after: Vec<(&'static str, Value)>,
    /// What the cohort needs besides.
    data: Vec<(&'static str, Value)>,
    cohort: Value,
}

fn case(parameter: &'static str, pointer: &'static str, value: Value) -> Case {
    after(Vec::new(), parameter, pointer, value)
}

fn after(before: Vec<(&'static str, Value)>, parameter: &'static str, pointer: &'static str, value: Value) -> Case {
    Case { parameter, before, after: vec![(pointer, value)], data: Vec::new(), cohort: varied() }
}

const NORMALISE: &str = "/indicators/0/normalise";

#[allow(clippy::too_many_lines, reason = "a table")]
fn cases() -> Vec<Case> {
    let method = |normalise: Value| vec![(NORMALISE, normalise)];
    let min_max = json!({"method": "min_max", "within": "stratum", "low": {"quantile": 0.5}, "high": {"quantile": 0.75}, "clamp": true, "constant": 50});
    let proportion =
        json!({"method": "proportion_of", "within": "stratum", "target": {"statistic": "mean"}, "cap": 110});
    let z_score = json!({"method": "z_score", "within": "stratum", "centre": 50, "scale": 10, "ddof": 0, "clamp": {"low": 45, "high": 55}, "constant": 50});
    let piecewise = json!({"method": "piecewise", "points": [{"at": 0, "mark": 0}, {"at": 20, "mark": 100}]});
    let bands = json!({"method": "bands", "bands": [{"at": 3, "mark": 50}, {"at": 10, "mark": 100}], "otherwise": 10});
    let nested = vec![(
        "/index/of/1",
        json!({"weight": 1, "index": {"id": "inner", "label": {"fr": "x"}, "aggregate": "arithmetic", "missing": "renormalise", "of": [{"indicator": "reach", "weight": 1}]}}),
    )];
    vec![
        case("Document.period_days", "/period_days", json!(30)).data("/period/to", json!("2026-11-01")),
        case("Document.outside_strata", "/outside_strata", json!("refuse")),
        case("Document.strata", "/strata/0", Value::Null),
        case("Document.eligibility", "/eligibility", Value::Null),
        case("Document.views", "/views/1", Value::Null).with("/indicators/2", Value::Null),
        case("Stratum.id", "/strata/0/id", json!("tiny")),
        case(
            "Stratum.structure_types",
            "/strata",
            json!([{"id": "all", "label": {"fr": "x"}, "structure_types": ["departement", "commune"]}]),
        ),
        case("Stratum.population", "/strata/0/population", json!({"below": 850})),
        case("Range.from", "/strata/1/population/from", json!(6000)),
        case("Range.below", "/strata/0/population/below", json!(600)),
        case("Eligibility.id", "/eligibility/0/id", json!("other-id")),
        case("Eligibility.require", "/eligibility/0/require", json!("posts >= 11")),
        case("Metric.kind", "/metrics/likes/kind", json!("decimal")).data("/accounts/5/metrics/likes", json!(100.5)),
        case("Attribute.kind", "/attributes/area/kind", json!("count")),
        case("Indicator.id", "/indicators/2/id", json!("x")).with("/views/1/by", json!({"indicator": "x"})),
        case("Indicator.formula", "/indicators/0/formula", json!("likes / followers")),
        case("Indicator.transform", "/indicators/0/transform", json!("ln1p")),
        case("TransformName", "/indicators/0/transform", json!("sqrt")),
        case("Indicator.direction", "/indicators/0/direction", json!("lower")),
        case("Direction.closest_to", "/indicators/0/direction", json!({"closest_to": 4})),
        case("Indicator.undefined", "/indicators/0/undefined", json!("refuse")),
        case("Indicator.unknown", "/indicators/1/unknown", json!("refuse")),
        case("Indicator.winsorise", "/indicators/0/winsorise", json!({"within": "stratum", "high": {"quantile": 0.5}})),
        after(winsorised(), "Winsorise.within", "/indicators/0/winsorise/within", json!("cohort")),
        after(winsorised(), "Winsorise.low", "/indicators/0/winsorise/low", json!({"quantile": 0.2})),
        after(winsorised(), "Winsorise.high", "/indicators/0/winsorise/high", json!({"fixed": 8})),
        after(
            vec![(NORMALISE, json!({"method": "proportion_of", "within": "stratum", "target": {"statistic": "mean"}}))],
            "Indicator.statistics_weight",
            "/indicators/0/statistics_weight",
            json!("population"),
        ),
        case("Stratum.minimum_size", "/strata/2/minimum_size", json!(2)).with("/strata/2/fallback", json!("large")),
        after(small_departements(), "Stratum.fallback", "/strata/2/fallback", json!("small")),
        case("Index.minimum_share", "/index/minimum_share", json!(1)),
        case("Publication.grades", "/publication/grades", thresholds()),
        after(vec![("/publication/grades", thresholds())], "Grades.by", "/publication/grades", top()),
        after(vec![("/publication/grades", thresholds())], "Grades.steps", "/publication/grades/steps/0", Value::Null),
        after(
            vec![("/publication/grades", thresholds())],
            "ThresholdStep.id",
            "/publication/grades/steps/0/id",
            json!("aaa"),
        ),
        after(
            vec![("/publication/grades", thresholds())],
            "ThresholdStep.from",
            "/publication/grades/steps/0/from",
            json!(90),
        ),
        after(vec![("/publication/grades", top())], "Grades.view", "/publication/grades/view", json!("followed")),
        after(vec![("/publication/grades", top())], "Grades.within", "/publication/grades/within", json!("cohort")),
        after(vec![("/publication/grades", top())], "RankStep.id", "/publication/grades/steps/0/id", json!("first")),
        after(vec![("/publication/grades", top())], "RankStep.top", "/publication/grades/steps/0/top", json!(1)),
        case("Indicator.normalise", NORMALISE, json!({"method": "none"})),
        case("Normalise.method", NORMALISE, json!({"method": "percentile_rank", "within": "stratum"})),
        after(method(min_max.clone()), "Normalise.within", "/indicators/0/normalise/within", json!("cohort")),
        after(method(min_max.clone()), "Normalise.low", "/indicators/0/normalise/low", json!({"quantile": 0.25})),
        after(method(min_max.clone()), "Normalise.high", "/indicators/0/normalise/high", json!({"fixed": 50})),
        after(method(min_max.clone()), "Normalise.clamp", "/indicators/0/normalise/clamp", json!(false)),
        after(method(min_max.clone()), "Normalise.constant", "/indicators/0/normalise/constant", json!(60)),
        after(method(min_max.clone()), "Bound.statistic", "/indicators/0/normalise/low", json!({"statistic": "mean"})),
        after(method(min_max.clone()), "Bound.quantile", "/indicators/0/normalise/low", json!({"quantile": 0.4})),
        after(method(min_max), "Bound.fixed", "/indicators/0/normalise/low", json!({"fixed": 1})),
        after(
            method(proportion.clone()),
            "Normalise.target",
            "/indicators/0/normalise/target",
            json!({"statistic": "median"}),
        ),
        after(method(proportion), "Normalise.cap", "/indicators/0/normalise/cap", Value::Null),
        after(
            method(json!({"method": "rank", "within": "stratum", "single": 50})),
            "Normalise.single",
            "/indicators/0/normalise/single",
            json!(0),
        ),
        after(method(z_score.clone()), "Normalise.centre", "/indicators/0/normalise/centre", json!(51)),
        after(method(z_score.clone()), "Normalise.scale", "/indicators/0/normalise/scale", json!(1)),
        after(
            method(with(json!({"n": z_score.clone()}), "/n/clamp", Value::Null)["n"].clone()),
            "Normalise.ddof",
            "/indicators/0/normalise/ddof",
            json!(1),
        ),
        after(method(z_score.clone()), "Limits.low", "/indicators/0/normalise/clamp/low", json!(46)),
        after(method(z_score), "Limits.high", "/indicators/0/normalise/clamp/high", json!(54)),
        after(
            method(piecewise.clone()),
            "Normalise.points",
            "/indicators/0/normalise/points",
            json!([{"at": 0, "mark": 0}, {"at": 5, "mark": 90}, {"at": 20, "mark": 100}]),
        ),
        after(method(piecewise.clone()), "Point.at", "/indicators/0/normalise/points/1/at", json!(21)),
        after(method(piecewise), "Point.mark", "/indicators/0/normalise/points/1/mark", json!(99)),
        after(method(bands.clone()), "Normalise.bands", "/indicators/0/normalise/bands/0", Value::Null),
        after(method(bands), "Normalise.otherwise", "/indicators/0/normalise/otherwise", json!(20)),
        case("Dimension", "/ranking/within/1", json!("region")),
        case("Document.index", "/index/of/0", Value::Null).with("/indicators/0", Value::Null),
        case("Index.id", "/index/id", json!("performance-index"))
            .with("/views/0/by", json!({"index": "performance-index"})),
        case("Index.network", "/index/network", json!("other")),
        case("Index.absent", "/index/absent", json!("zero")),
        case("Index.aggregate", "/index/aggregate", json!("geometric")),
        case("Index.missing", "/index/missing", json!("refuse")),
        case("Index.of", "/index/of/1", Value::Null).with("/indicators/1", Value::Null),
        after(
            vec![
                ("/indicators/2/normalise", json!({"method": "none"})),
                ("/index/of/-", json!({"indicator": "audience", "weight": 1})),
            ],
            "Child.indicator",
            "/index/of/1/indicator",
            json!("audience"),
        )
        .with("/index/of/2/indicator", json!("reach")),
        after(nested, "Child.index", "/index/of/1/index/id", json!("deeper")),
        case("Child.weight", "/index/of/0/weight", json!(2)),
        after(
            vec![("/index/of/0/weight", json!({"default": 1, "by_structure_type": {"departement": 9}}))],
            "WeightTable.default",
            "/index/of/0/weight/default",
            json!(3),
        ),
        after(
            vec![("/index/of/0/weight", json!({"default": 1, "by_structure_type": {"commune": 2}}))],
            "WeightTable.by_structure_type",
            "/index/of/0/weight/by_structure_type/commune",
            json!(5),
        ),
        after(
            vec![("/index/of/0/weight", json!({"default": 1, "by_stratum": {"small": 2}}))],
            "WeightTable.by_stratum",
            "/index/of/0/weight/by_stratum/small",
            json!(5),
        ),
        after(
            vec![(
                "/index/of/0/weight",
                json!({"default": 1, "by_population": [{"from": 1, "below": 600, "weight": 2}]}),
            )],
            "WeightTable.by_population",
            "/index/of/0/weight/by_population/0",
            Value::Null,
        )
        .with("/index/of/0/weight/by_population/-", json!({"from": 600, "weight": 7})),
        after(
            vec![(
                "/index/of/0/weight",
                json!({"default": 1, "by_population": [{"from": 1, "below": 600, "weight": 2}]}),
            )],
            "WeightBand.from",
            "/index/of/0/weight/by_population/0/from",
            json!(560),
        ),
        after(
            vec![(
                "/index/of/0/weight",
                json!({"default": 1, "by_population": [{"from": 1, "below": 600, "weight": 2}]}),
            )],
            "WeightBand.below",
            "/index/of/0/weight/by_population/0/below",
            json!(850),
        ),
        after(
            vec![(
                "/index/of/0/weight",
                json!({"default": 1, "by_population": [{"from": 1, "below": 600, "weight": 2}]}),
            )],
            "WeightBand.weight",
            "/index/of/0/weight/by_population/0/weight",
            json!(4),
        ),
        after(
            vec![("/publication/decimals", json!(0)), ("/index/of/1/weight", json!(0.0001))],
            "Ranking.order_by",
            "/ranking/order_by",
            json!("score"),
        )
        .on(ranked_apart_by_little()),
        case("Ranking.ties", "/ranking/ties", json!("dense")).on(tied()),
        case("Ranking.tie_breakers", "/ranking/tie_breakers", json!([{"indicator": "audience"}])).on(tied()),
        case("Ranking.within", "/ranking/within/1", Value::Null),
        case("View.id", "/views/0/id", json!("top")),
        case("View.by", "/views/1/by", json!({"indicator": "engagement"})).with("/indicators/2", Value::Null),
        case("Key.index", "/views/1/by", json!({"index": "performance"})).with("/indicators/2", Value::Null),
        case("Key.indicator", "/views/0/by", json!({"indicator": "reach"})),
        case("Key.network", "/views/1/by", json!({"indicator": "audience", "network": "other"})),
        case("Publication.decimals", "/publication/decimals", json!(3)),
        case("Publication.rounding", "/publication/rounding", json!("down")),
    ]
}

impl Case {
    /// Another change on the same side, without which the document would not be sound.
    fn with(mut self, pointer: &'static str, value: Value) -> Self {
        self.after.push((pointer, value));
        self
    }

    /// Another cohort.
    fn on(mut self, cohort: Value) -> Self {
        self.cohort = cohort;
        self
    }

    /// A change of the cohort.
    fn data(mut self, pointer: &'static str, value: Value) -> Self {
        self.data.push((pointer, value));
        self
    }
}

fn winsorised() -> Vec<(&'static str, Value)> {
    vec![("/indicators/0/winsorise", json!({"within": "stratum", "low": {"quantile": 0.4}, "high": {"quantile": 0.6}}))]
}

fn small_departements() -> Vec<(&'static str, Value)> {
    vec![("/strata/2/minimum_size", json!(2)), ("/strata/2/fallback", json!("large"))]
}

fn thresholds() -> Value {
    json!({"by": "threshold", "steps": [{"id": "a", "label": {"fr": "A"}, "from": 50}, {"id": "b", "label": {"fr": "B"}, "from": 20}]})
}

fn top() -> Value {
    json!({"by": "rank", "view": "best", "within": "stratum", "steps": [{"id": "gold", "label": {"fr": "or"}, "top": 0.5}]})
}

/// The usual cohort, with more members in each stratum, one on no network, and something for every rule.
fn varied() -> Value {
    let mut cohort = territories();
    let more = [
        (550, 120, 4, 91),
        (620, 77, 9, 30),
        (840, 410, 3, 111),
        (930, 64, 22, 13),
        (2100, 800, 8, 310),
        (6100, 950, 14, 200),
        (8200, 3100, 5, 47),
    ];
    for (i, (population, followers, posts, likes)) in more.into_iter().enumerate() {
        let id = format!("M{i}");
        let territory = json!({"id": id, "name": id, "structure_type": "commune", "population": population, "region": "84", "attributes": {"area": 7 + i}});
        cohort["territories"].as_array_mut().unwrap().push(territory);
        let account = json!({"territory": id, "network": "net", "metrics": {"followers": followers, "posts": posts, "likes": likes}});
        cohort["accounts"].as_array_mut().unwrap().push(account);
    }
    let alone = json!({"id": "N", "name": "N", "structure_type": "commune", "population": 700});
    cohort["territories"].as_array_mut().unwrap().push(alone);
    // Every rule has something to do: a value undefined, one unknown, an account that never posted, a
    // territory outside the strata.
    cohort["accounts"][1]["metrics"]["followers"] = json!(0);
    cohort["accounts"][4]["metrics"]["followers"] = Value::Null;
    cohort["accounts"][0]["metrics"]["posts"] = json!(0);
    cohort["territories"][7]["population"] = Value::Null;
    cohort
}

/// Two communes whose marks are equal, though not their audiences, and a third below them.
fn tied() -> Value {
    let mut cohort = territories();
    cohort["territories"][1]["population"] = json!(500);
    cohort["accounts"][1]["metrics"] = json!({"followers": 200, "posts": 5, "likes": 30});
    cohort["territories"][1]["population"] = json!(990);
    cohort["territories"][0]["population"] = json!(495);
    cohort["accounts"][2]["metrics"] = json!({"followers": 300, "posts": 300, "likes": 1});
    cohort
}

/// Two communes that only the last digits of the score separate.
fn ranked_apart_by_little() -> Value {
    let mut cohort = tied();
    cohort["territories"][1]["population"] = json!(900);
    cohort
}

/// What a scoring says, or the codes of why there is none.
fn outcome(document: &Value, territories: &Value) -> Value {
    let methodology = match crate::common::methodology(document) {
        Ok(methodology) => methodology,
        Err(faults) => panic!("{faults}"),
    };
    match methodology.score(crate::common::cohort(territories).unwrap()) {
        Ok(scoring) => says(&scoring),
        Err(faults) => json!(crate::common::codes(&faults)),
    }
}

#[test]
fn every_parameter_acts() {
    let change = |document: Value, changes: &[(&str, Value)]| {
        changes.iter().fold(document, |document, (pointer, value)| with(document, pointer, value.clone()))
    };
    let mut idle = Vec::new();
    for case in cases() {
        let before = change(base(), &case.before);
        let after = change(before.clone(), &case.after);
        let cohort = change(case.cohort, &case.data);
        if outcome(&before, &cohort) == outcome(&after, &cohort) {
            idle.push(case.parameter);
        }
    }
    assert!(idle.is_empty(), "these change nothing: {idle:?}");
}

#[test]
fn no_parameter_is_forgotten() {
    /// Members that say nothing about scores, or only hold what is listed member by member.
    const APART: &[&str] = &[
        "Document.language",
        "Document.document",
        "Document.id",
        "Document.version",
        "Document.status",
        "Document.variant_of",
        "Document.title",
        "Document.description",
        "Document.sources",
        "Document.conflicts",
        "Document.provenance",
        "Document.structure_types",
        "Document.networks",
        "Document.metrics",
        "Document.attributes",
        "Document.indicators",
        "Document.ranking",
        "Document.publication",
        "Document.roll_ups",
        "Metric.measure",
        // Tested in `periods`.
        "Document.several_accounts",
        // Tested with documents of their own, in `pins`.
        "Child.methodology",
        "Child.absent",
    ];
    // Roll-ups are tested in `roll_ups`.
    const APART_DEFINITIONS: &[&str] = &["Pin", "Source", "Conflict", "Basis", "Named", "Texts", "RollUp"];
    const APART_MEMBERS: &[&str] = &["label", "description", "unit", "provenance"];
    let schema: Value = serde_json::from_str(bareme::catalogue::schema("methodology").unwrap()).unwrap();
    let mut members = BTreeSet::new();
    let mut definitions: Vec<(String, &Value)> = vec![("Document".into(), &schema)];
    definitions
        .extend(schema["$defs"].as_object().unwrap().iter().map(|(name, definition)| (name.clone(), definition)));
    for (name, definition) in definitions {
        let mut shapes = vec![definition];
        shapes.extend(definition.get("oneOf").and_then(Value::as_array).into_iter().flatten());
        for member in
            shapes.iter().filter_map(|shape| shape["properties"].as_object()).flat_map(|properties| properties.keys())
        {
            let full = format!("{name}.{member}");
            let apart = APART.contains(&full.as_str())
                || APART_MEMBERS.contains(&member.as_str())
                || APART_DEFINITIONS.contains(&name.as_str());
            if !apart {
                members.insert(full);
            }
        }
    }
    // `clamp` of a z-score is a record of two limits, each listed; `of` and `index` hold their members.
    let tested: BTreeSet<String> = cases().into_iter().map(|case| case.parameter.to_owned()).collect();
    let forgotten: Vec<_> = members.difference(&tested).collect();
    assert!(forgotten.is_empty(), "no test changes {forgotten:?}");
}
