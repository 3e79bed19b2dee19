//! Random methodologies over the whole format: parameters from small sets, so that equal values,
//! constants, bounds that meet and halves at the published decimal are common.

use serde_json::{Map, Value, json};

use crate::draw::Draw;

/// Names that formulas may read.
const COUNTS: &[&str] = &["followers", "posts", "likes"];
const STRUCTURE_TYPES: &[&str] = &["commune", "departement", "epci"];
const NETWORKS: &[&str] = &["net", "other", "a-third"];

/// A methodology and those that it pins. A pin says `@auto` for the digest that its document turns out
/// to have, so that a document that is changed stays pinned.
pub fn draw(draw: &mut Draw) -> (Value, Vec<Value>) {
    let mut others = Vec::new();
    if draw.chance(15) {
        for number in 0..draw.within(1, 2) {
            // The second may pin the first.
            let pins = if draw.chance(25) { others.clone() } else { Vec::new() };
            let other = Writer::new(draw, &format!("pinned-{number}"), &pins).document();
            others.push(other);
        }
    }
    let document = Writer::new(draw, "test", &others).document();
    (document, others)
}

fn label(text: &str) -> Value {
    json!({"fr": text})
}

struct Writer<'a> {
    draw: &'a mut Draw,
    id: &'a str,
    others: &'a [Value],
    /// Only marks that cannot be negative, so that every mean is allowed.
    tame: bool,
    /// Marks that are small numbers, and few decimals, so that many scores lie half-way between two.
    halves: bool,
    previous: bool,
    structure_types: Vec<&'static str>,
    networks: Vec<&'static str>,
    indicators: Vec<Value>,
    indices: usize,
    /// Indicators in the tree, with the network in force.
    used: Vec<(String, Option<String>)>,
}

impl<'a> Writer<'a> {
    fn new(draw: &'a mut Draw, id: &'a str, others: &'a [Value]) -> Self {
        let tame = draw.chance(50);
        let halves = draw.chance(15);
        let previous = draw.chance(20);
        let structure_types = STRUCTURE_TYPES[..draw.within(1, 3)].to_vec();
        let networks = NETWORKS[..draw.within(1, 3)].to_vec();
        Self {
            draw,
            id,
            others,
            tame,
            halves,
            previous,
            structure_types,
            networks,
            indicators: Vec::new(),
            indices: 0,
            used: Vec::new(),
        }
    }

    fn document(mut self) -> Value {
        let mut document = json!({
            "language": "bareme/1", "document": "methodology", "id": self.id, "status": "draft",
            "version": self.draw.one(&["1", "2017.10", "v.A+b-c"]), "title": {"fr": "Essai", "en": "Test"},
        });
        let kind = self.draw.one(&["count", "decimal"]);
        document["metrics"] = json!({
            "followers": {"kind": "count", "measure": "stock", "label": label("abonnés")},
            "posts": {"kind": "count", "measure": "flow", "label": label("publications")},
            "likes": {"kind": self.draw.one(&["count", "count", "decimal"]), "measure": "flow", "label": label("mentions")},
            "rate": {"kind": "decimal", "measure": "stock", "label": label("taux"), "unit": label("%")},
        });
        document["attributes"] = json!({
            "area": {"kind": "decimal", "label": label("superficie")},
            "staff": {"kind": kind, "label": label("agents")},
        });
        document["structure_types"] = self
            .structure_types
            .iter()
            .map(|name| ((*name).to_owned(), json!({"label": label(name)})))
            .collect::<Map<_, _>>()
            .into();
        document["networks"] = self
            .networks
            .iter()
            .map(|name| ((*name).to_owned(), json!({"label": label(name)})))
            .collect::<Map<_, _>>()
            .into();
        self.strata(&mut document);
        if self.draw.chance(60) {
            document["eligibility"] = self.eligibility();
        }
        if self.draw.chance(15) {
            document["period_days"] = json!(self.draw.one(&[30, 31]));
        }
        if self.draw.chance(30) {
            document["several_accounts"] = json!(self.draw.one(&["refuse", "sum", "main"]));
        }
        for id in ["a", "b", "c", "d", "0-e"].into_iter().take(self.draw.within(1, 5)) {
            let indicator = self.indicator(id);
            self.indicators.push(indicator);
        }
        document["index"] = self.index("root", 1, None);
        let indices = index_ids(&document["index"]);
        self.views(&mut document, &indices);
        document["indicators"] = Value::Array(std::mem::take(&mut self.indicators));
        let breakers: Vec<Value> = if self.draw.chance(40) {
            (0..self.draw.within(1, 2)).map(|_| self.key(&indices)).collect()
        } else {
            Vec::new()
        };
        let within = self.draw.one(&[
            json!(["cohort"]),
            json!(["stratum", "cohort"]),
            json!(["stratum"]),
            json!(["region", "structure_type"]),
            json!([["stratum", "region"], "cohort"]),
            json!([["department", "region"], "department"]),
        ]);
        document["ranking"] = json!({
            "order_by": self.draw.one(&["score", "published"]), "ties": self.draw.one(&["competition", "dense"]),
            "tie_breakers": breakers, "within": within,
        });
        document["publication"] = json!({
            "decimals": if self.halves { self.draw.below(2) } else { self.draw.one(&[0, 0, 1, 1, 2, 3, 12]) }, "rounding": self.draw.one(&["half_up", "half_even", "down"]),
        });
        if self.draw.chance(25) {
            document["publication"]["grades"] = self.grades(&document);
        }
        if self.draw.chance(25) {
            document["roll_ups"] = self.roll_ups(&indices);
        }
        if self.draw.chance(12) {
            self.grounds(&mut document);
        }
        document
    }

    fn strata(&mut self, document: &mut Value) {
        let all = self.structure_types.clone();
        let mut strata = match self.draw.below(4) {
            0 => vec![json!({"id": "all", "label": label("x"), "structure_types": all})],
            1 => vec![
                json!({"id": "small", "label": label("x"), "structure_types": ["commune"], "population": {"below": 1000}}),
                json!({"id": "large", "label": label("x"), "structure_types": ["commune"], "population": {"from": 1000}}),
            ],
            2 => vec![
                json!({"id": "s", "label": label("x"), "structure_types": ["commune"], "population": {"below": 10}}),
                json!({"id": "m", "label": label("x"), "structure_types": ["commune"], "population": {"from": 10, "below": 1000}}),
                json!({"id": "l", "label": label("x"), "structure_types": ["commune"], "population": {"from": 1000.5}}),
            ],
            _ => vec![json!({"id": "communes", "label": label("x"), "structure_types": ["commune"]})],
        };
        if strata.len() != 1 || strata[0]["id"] == "communes" {
            for name in all.iter().skip(1) {
                if self.draw.chance(75) {
                    strata.push(json!({"id": format!("z-{name}"), "label": label("x"), "structure_types": [name]}));
                }
            }
        }
        if strata.len() > 1 && self.draw.chance(45) {
            for place in 0..strata.len() {
                if self.draw.chance(60) {
                    // Mostly the next, so that chains are long and seldom come back.
                    let next = if self.draw.chance(90) { place + 1 } else { self.draw.below(strata.len()) };
                    if let Some(fallback) = strata.get(next).map(|stratum| stratum["id"].clone()) {
                        strata[place]["minimum_size"] = json!(self.draw.below(6));
                        strata[place]["fallback"] = fallback;
                    }
                }
            }
        }
        document["strata"] = Value::Array(strata);
        document["outside_strata"] = json!(if self.draw.chance(15) { "refuse" } else { "leave_out" });
    }

    fn eligibility(&mut self) -> Value {
        let mut rules = Vec::new();
        for number in 0..self.draw.within(1, 3) {
            let require = self.predicate();
            rules.push(json!({"id": format!("rule-{number}"), "label": label("x"), "require": require}));
        }
        Value::Array(rules)
    }

    fn predicate(&mut self) -> String {
        if self.draw.chance(60) {
            return self
                .draw
                .one(&[
                    "posts >= 1",
                    "population > 0",
                    "posts >= 1 and followers >= 2",
                    "followers != 0 or likes > 3",
                    "area > 0.3",
                    "population >= 2 or posts > 1",
                    "likes / posts <= 3",
                    "days > 20",
                    "followers = 2 * posts or rate < 1",
                ])
                .to_owned();
        }
        let mut text = String::new();
        for place in 0..self.draw.within(1, 3) {
            if place > 0 {
                text.push_str(self.draw.one(&[" and ", " or "]));
            }
            text.push_str(&self.expression(2, false));
            text.push_str(self.draw.one(&[" = ", " != ", " < ", " <= ", " > ", " >= "]));
            text.push_str(&self.expression(1, false));
        }
        text
    }

    fn name(&mut self, tame: bool) -> String {
        if self.previous && self.draw.chance(30) {
            return format!("previous.{}", self.draw.one(COUNTS));
        }
        match self.draw.below(10) {
            0..6 => self.draw.one(COUNTS).to_owned(),
            6 => "population".to_owned(),
            7 => "days".to_owned(),
            8 if !tame => "rate".to_owned(),
            8 => "posts".to_owned(),
            _ if tame => "population".to_owned(),
            _ => self.draw.one(&["area", "staff"]).to_owned(),
        }
    }

    fn expression(&mut self, depth: usize, tame: bool) -> String {
        if depth == 0 || self.draw.chance(25) {
            return if self.draw.chance(70) {
                self.name(tame)
            } else {
                self.draw.one(&["0", "1", "2", "3", "100", "0.1", "0.5", "1e-3", "2.5", "1E2"]).to_owned()
            };
        }
        let (a, b) = (self.expression(depth - 1, tame), self.expression(depth - 1, tame));
        match self.draw.below(if tame { 9 } else { 14 }) {
            0 | 1 => format!("({a} + {b})"),
            2 | 3 => format!("({a} * {b})"),
            4 | 5 => format!("{a} / ({b})"),
            6 => format!("min({a}, {b})"),
            7 => format!("max({a}, {b}, 1)"),
            8 => format!("abs({a} - {b})"),
            9 | 10 => format!("({a} - {b})"),
            11 => format!("-{a}"),
            12 => format!("{a} - {b} - 1"),
            _ => format!("{a} / ({b}) / 2"),
        }
    }

    fn formula(&mut self) -> String {
        let tame = self.tame;
        if self.halves {
            return self.draw.one(&["followers / 2", "posts / 4", "likes / 20", "followers / 8"]).to_owned();
        }
        if self.draw.chance(60) {
            let mut idioms = vec![
                "followers",
                "posts",
                "100 * likes / posts / followers",
                "100 * followers / population",
                "posts / days",
                "likes / posts",
                "followers / 2",
                "followers / 3",
                "max(followers, posts)",
                "population",
            ];
            if self.previous {
                idioms.push("max(followers / previous.followers, 1)");
            }
            if !tame {
                idioms.extend([
                    "area",
                    "staff / population",
                    "rate",
                    "likes - posts",
                    "min(area, posts) * 0.1",
                    "rate * 1e300 * 1e300",
                ]);
                if self.previous {
                    idioms.push("100 * (followers - previous.followers) / previous.followers");
                }
            }
            return self.draw.one(&idioms).to_owned();
        }
        self.expression(3, tame)
    }

    fn within(&mut self) -> Value {
        self.draw.one(&[
            json!("stratum"),
            json!("stratum"),
            json!("stratum"),
            json!("cohort"),
            json!("region"),
            json!("structure_type"),
            json!("department"),
            json!(["region", "stratum"]),
            json!(["structure_type", "department"]),
        ])
    }

    fn indicator(&mut self, id: &str) -> Value {
        let direction = match self.draw.below(10) {
            0..6 => json!("higher"),
            6..8 => json!("lower"),
            _ => json!({"closest_to": self.draw.one(&[json!(0), json!(1), json!(2.5), json!(-1), json!(100)])}),
        };
        let normalise = self.normalise();
        let raw_zero = direction == "higher" && self.draw.chance(20);
        let undefined =
            if raw_zero { "raw_zero" } else { self.draw.one(&["mark_zero", "leave_out", "leave_out", "refuse"]) };
        let unknown =
            self.draw.one(&["mark_zero", "leave_out", "leave_out", "impute_median", "impute_median", "refuse"]);
        let mut indicator = json!({"id": id, "label": label("x"), "formula": self.formula(), "direction": direction, "undefined": undefined, "unknown": unknown, "normalise": normalise});
        if self.draw.chance(20) {
            let transforms: &[&str] = if self.tame { &["ln1p", "sqrt"] } else { &["ln", "ln1p", "log10", "sqrt"] };
            indicator["transform"] = json!(self.draw.one(transforms));
        }
        if self.draw.chance(20) {
            let mut limits = self.draw.one(&[
                json!({"low": {"quantile": 0.1}, "high": {"quantile": 0.75}}),
                json!({"high": {"quantile": 0.5}}),
                json!({"low": {"quantile": 0}, "high": {"quantile": 1}}),
                json!({"low": {"quantile": 0.3}}),
                json!({"low": {"fixed": 1}, "high": {"quantile": 0.9}}),
                json!({"high": {"fixed": 5}}),
                json!({"low": {"fixed": 1}, "high": {"fixed": 3}}),
            ]);
            if limits.to_string().contains("quantile") {
                limits["within"] = self.within();
            }
            indicator["winsorise"] = limits;
        }
        let statistics = format!("{}{}", indicator["normalise"], indicator["winsorise"]);
        let weighs = unknown == "impute_median"
            || ["z_score", "quantile", "mean", "median"].iter().any(|word| statistics.contains(word));
        if weighs && indicator["normalise"]["ddof"] != 1 && self.draw.chance(30) {
            indicator["statistics_weight"] = json!(self.draw.one(&["population", "area", "staff"]));
        }
        indicator
    }

    fn bounds(&mut self) -> (Value, Value) {
        let statistic = |name: &str| json!({"statistic": name});
        let quantile = |q: f64| json!({"quantile": q});
        let fixed = |x: f64| json!({"fixed": x});
        self.draw.one(&[
            (statistic("min"), statistic("max")),
            (statistic("min"), statistic("max")),
            (statistic("min"), statistic("mean")),
            (statistic("median"), statistic("max")),
            (statistic("mean"), statistic("median")),
            (quantile(0.1), quantile(0.9)),
            (quantile(0.0), quantile(1.0)),
            (quantile(0.25), statistic("max")),
            (statistic("min"), quantile(0.5)),
            (statistic("mean"), quantile(0.95)),
            (fixed(0.0), statistic("max")),
            (statistic("min"), fixed(5.0)),
            (fixed(0.0), fixed(4.0)),
            (fixed(-1.5), fixed(0.1)),
        ])
    }

    fn mark(&mut self) -> Value {
        if self.tame {
            self.draw.one(&[json!(0), json!(25), json!(50), json!(33.3), json!(100), json!(120)])
        } else {
            self.draw.one(&[json!(0), json!(-20), json!(50), json!(33.35), json!(100)])
        }
    }

    fn normalise(&mut self) -> Value {
        if self.halves {
            return json!({"method": "none"});
        }
        let constant = self.draw.one(&[json!(0), json!(50), json!(100), json!(12.5)]);
        match self.draw.below(9) {
            0 | 1 => {
                let (low, high) = self.bounds();
                let mut normalise = json!({"method": "min_max", "low": low, "high": high, "clamp": self.tame || self.draw.chance(60), "constant": constant});
                if !(normalise["low"].get("fixed").is_some() && normalise["high"].get("fixed").is_some()) {
                    normalise["within"] = self.within();
                }
                normalise
            }
            2 => {
                let target = self.draw.one(&[
                    json!({"statistic": "max"}),
                    json!({"statistic": "mean"}),
                    json!({"statistic": "median"}),
                    json!({"quantile": 0.8}),
                    json!({"fixed": 4}),
                    json!({"statistic": "min"}),
                ]);
                let mut normalise = json!({"method": "proportion_of", "target": target});
                if normalise["target"].get("fixed").is_none() {
                    normalise["within"] = self.within();
                }
                if self.draw.chance(60) {
                    normalise["cap"] = self.draw.one(&[json!(100), json!(120.5), json!(50)]);
                }
                normalise
            }
            3 => json!({"method": "percentile_rank", "within": self.within()}),
            4 => json!({"method": "rank", "within": self.within(), "single": constant}),
            5 => {
                let mut normalise = json!({"method": "z_score", "within": self.within(), "centre": self.draw.one(&[json!(50), json!(0), json!(-3)]), "scale": self.draw.one(&[json!(10), json!(20.5)]), "ddof": self.draw.below(2), "constant": constant});
                if self.tame || self.draw.chance(50) {
                    normalise["clamp"] =
                        if self.tame { json!({"low": 0, "high": 100}) } else { json!({"low": -50, "high": 100}) };
                }
                normalise
            }
            6 => {
                let mut points = Vec::new();
                let mut at = self.draw.one(&[0.0, -2.0, 1.0]);
                for _ in 0..self.draw.within(2, 4) {
                    points.push(json!({"at": at, "mark": self.mark()}));
                    at += self.draw.one(&[0.5, 1.0, 3.0]);
                }
                json!({"method": "piecewise", "points": points})
            }
            7 => {
                let mut bands = Vec::new();
                let mut at = self.draw.one(&[0.0, -2.0, 1.0]);
                for _ in 0..self.draw.within(1, 4) {
                    bands.push(json!({"at": at, "mark": self.mark()}));
                    at += self.draw.one(&[0.5, 1.0, 3.0]);
                }
                json!({"method": "bands", "bands": bands, "otherwise": self.mark()})
            }
            _ => json!({"method": "none"}),
        }
    }

    fn weight(&mut self) -> Value {
        let numbers = [
            json!(1),
            json!(1),
            json!(2),
            json!(3),
            json!(5),
            json!(0.5),
            json!(0.25),
            json!(0.1),
            json!(0),
            json!(0.000_001),
            json!(1_000_000),
            json!(33.333_333),
        ];
        if self.draw.chance(75) {
            return self.draw.one(&numbers);
        }
        let mut table = json!({"default": self.draw.one(&numbers)});
        match self.draw.below(3) {
            0 => {
                let name = self.draw.one(&self.structure_types.clone());
                table["by_structure_type"] = json!({name: self.draw.one(&numbers)});
            }
            1 => {
                let (first, second) = (self.draw.one(&numbers), self.draw.one(&numbers));
                table["by_population"] =
                    json!([{"below": 10, "weight": first}, {"from": 10, "below": 1000, "weight": second}]);
            }
            _ => {
                table["by_stratum"] =
                    json!({self.draw.one(&["all", "small", "s", "communes"]): self.draw.one(&numbers)});
            }
        }
        table
    }

    fn pin(&mut self) -> Option<Value> {
        if self.others.is_empty() {
            return None;
        }
        let other = self.draw.one(self.others);
        Some(json!({"id": other["id"], "version": other["version"], "method_sha256": "@auto"}))
    }

    fn index(&mut self, id: &str, depth: usize, in_force: Option<String>) -> Value {
        let absences = ["zero", "leave_out", "leave_out", "refuse"];
        let aggregates: &[&str] = if self.tame {
            &["arithmetic", "arithmetic", "geometric", "harmonic", "sum", "min", "max"]
        } else {
            &["arithmetic", "arithmetic", "arithmetic", "sum", "min", "max"]
        };
        let aggregate = self.draw.one(aggregates);
        let missing = if aggregate == "sum" {
            self.draw.one(&["zero", "zero", "refuse"])
        } else {
            self.draw.one(&["renormalise", "renormalise", "zero", "refuse"])
        };
        let mut index = json!({"id": id, "label": label("x"), "aggregate": aggregate, "missing": missing});
        let mut in_force = in_force;
        if in_force.is_none() && (depth > 2 || self.draw.chance(if self.others.is_empty() { 65 } else { 15 })) {
            let network = self.draw.one(&self.networks.clone()).to_owned();
            index["network"] = json!(network);
            index["absent"] = json!(self.draw.one(&absences));
            in_force = Some(network);
        }
        if self.draw.chance(25) {
            index["minimum_share"] =
                self.draw.one(&[json!(0.5), json!(0.25), json!(1), json!(0.000_001), json!(0.666_667), json!(0.75)]);
        }
        let mut names: Vec<String> = self
            .indicators
            .iter()
            .filter(|indicator| in_force.is_some() || !reads_metrics(&text(&indicator["formula"])))
            .map(|indicator| text(&indicator["id"]))
            .collect();
        self.draw.shuffle(&mut names);
        let mut of: Vec<Value> = Vec::new();
        for place in 0..self.draw.within(1, 4) {
            let mut child = json!({"weight": self.weight()});
            if place == 0 && self.draw.chance(90) {
                child["weight"] = json!(self.draw.one(&[1, 2, 3]));
            }
            if in_force.is_none()
                && self.draw.chance(50)
                && let Some(pin) = self.pin()
            {
                child["methodology"] = pin;
                child["absent"] = json!(self.draw.one(&absences));
                of.push(child);
                continue;
            }
            if depth < 4 && (self.draw.chance(20) || (in_force.is_none() && (names.is_empty() || self.draw.chance(60))))
            {
                self.indices += 1;
                let id = format!("{}{}", self.draw.one(&["ix", "z", "0"]), self.indices);
                child["index"] = self.index(&id, depth + 1, in_force.clone());
                of.push(child);
            } else if let Some(name) = names.pop() {
                self.used.push((name.clone(), in_force.clone()));
                child["indicator"] = json!(name);
                of.push(child);
            }
        }
        self.draw.shuffle(&mut of);
        index["of"] = Value::Array(of);
        index
    }

    fn key(&mut self, indices: &[String]) -> Value {
        if self.used.is_empty() || self.draw.chance(50) {
            return json!({"index": self.draw.one(indices)});
        }
        let (indicator, network) = self.draw.one(&self.used.clone());
        match network {
            Some(network) if self.draw.chance(70) => json!({"indicator": indicator, "network": network}),
            _ => json!({"indicator": indicator}),
        }
    }

    fn views(&mut self, document: &mut Value, indices: &[String]) {
        let mut views = vec![json!({"id": "best", "label": label("x"), "by": {"index": self.draw.one(indices)}})];
        for number in 0..self.draw.below(3) {
            views.push(json!({"id": format!("view-{number}"), "label": label("x"), "by": self.key(indices)}));
        }
        let networks = self.networks.clone();
        for indicator in &mut self.indicators {
            let id = text(&indicator["id"]);
            if self.used.iter().all(|(used, _)| *used != id) {
                if let Some(members) = indicator.as_object_mut() {
                    members.remove("normalise");
                    members.remove("winsorise");
                    if members["unknown"] != "impute_median" || members.contains_key("statistics_weight") {
                        members.remove("statistics_weight");
                    }
                }
                let by = if self.draw.chance(80) {
                    json!({"indicator": id, "network": self.draw.one(&networks)})
                } else {
                    json!({"indicator": id})
                };
                views.push(json!({"id": format!("by-{id}"), "label": label("x"), "by": by}));
            }
        }
        document["views"] = Value::Array(views);
    }

    fn grades(&mut self, document: &Value) -> Value {
        if self.draw.chance(50) {
            let mut from = self.draw.one(&[-10.0, 0.0, 2.5]);
            let mut steps = Vec::new();
            for number in 0..self.draw.within(1, 3) {
                steps.insert(0, json!({"id": format!("g{number}"), "label": label("x"), "from": from}));
                from += self.draw.one(&[0.5, 10.0, 47.5]);
            }
            return json!({"by": "threshold", "steps": steps});
        }
        let within = if self.draw.chance(70) {
            self.draw.one(document["ranking"]["within"].as_array().map_or(&[][..], Vec::as_slice))
        } else {
            self.within()
        };
        let steps: Vec<Value> = [("g0", 0.25), ("g1", 0.5), ("g2", 1.0)]
            .iter()
            .take(self.draw.within(1, 3))
            .map(|(id, top)| json!({"id": id, "label": label("x"), "top": top}))
            .collect();
        let view = self.draw.one(document["views"].as_array().map_or(&[][..], Vec::as_slice));
        json!({"by": "rank", "view": view["id"], "within": within, "steps": steps})
    }

    fn roll_ups(&mut self, indices: &[String]) -> Value {
        let mut roll_ups = Vec::new();
        for number in 0..self.draw.within(1, 2) {
            let mut roll_up = json!({
                "id": format!("up-{number}"), "label": label("x"), "index": self.draw.one(indices),
                "structure_types": [self.draw.one(&self.structure_types.clone())],
                "into": self.draw.one(&["stratum", "structure_type", "region", "department"]),
            });
            if self.draw.chance(60) {
                roll_up["weight"] = json!(self.draw.one(&["population", "area", "staff"]));
            }
            roll_ups.push(roll_up);
        }
        Value::Array(roll_ups)
    }

    /// A status that owes provenance, and most of what is owed.
    fn grounds(&mut self, document: &mut Value) {
        document["status"] = json!(self.draw.one(&["proposal", "reconstruction", "official"]));
        if self.draw.chance(50) {
            document["sources"] = json!([{"id": "s1", "url": "https://example.org/", "title": "T"}]);
        }
        let gap = self.draw.one(&[0, 0, 3]);
        ground(document, self.draw, gap);
    }
}

/// Gives a provenance to each object that owes one, but for `gap` in a hundred.
fn ground(document: &mut Value, draw: &mut Draw, gap: usize) {
    let own = |draw: &mut Draw, object: &mut Value| {
        if !draw.chance(gap) {
            object["provenance"] = draw.one(&[
                json!({"*": {"basis": "proposed", "reason": {"fr": "x"}}}),
                json!({"*": {"basis": "inferred", "reason": {"fr": "x"}}}),
            ]);
        }
    };
    own(draw, document);
    for list in ["strata", "eligibility", "indicators", "roll_ups"] {
        for item in document[list].as_array_mut().into_iter().flatten() {
            own(draw, item);
        }
    }
    for object in ["ranking", "publication"] {
        own(draw, &mut document[object]);
    }
    let mut open = vec![&mut document["index"]];
    while let Some(index) = open.pop() {
        own(draw, index);
        for child in index["of"].as_array_mut().into_iter().flatten() {
            own(draw, child);
            if let Some(index) = child.get_mut("index") {
                open.push(index);
            }
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn index_ids(index: &Value) -> Vec<String> {
    let mut ids = vec![text(&index["id"])];
    for child in index["of"].as_array().into_iter().flatten() {
        if child.get("index").is_some() {
            ids.extend(index_ids(&child["index"]));
        }
    }
    ids
}

fn reads_metrics(formula: &str) -> bool {
    formula.contains("previous.")
        || formula
            .split(|c: char| !(c.is_ascii_lowercase() || c == '_'))
            .any(|word| COUNTS.contains(&word) || word == "rate")
}
