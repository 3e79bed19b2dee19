//! Random cohorts for given methodologies: few small numbers, so that ties, zeros and equal ratios are
//! common; unknown values, absent accounts, small and empty strata, several accounts, mergers.

use serde_json::{Map, Value, json};

use crate::draw::Draw;

/// What the documents at hand declare.
struct Names {
    structure_types: Vec<String>,
    networks: Vec<String>,
    strata: Vec<String>,
    /// With their kinds: `count` if any document says so.
    metrics: Vec<(String, bool)>,
    attributes: Vec<(String, bool)>,
}

impl Names {
    fn of(documents: &[&Value]) -> Self {
        let mut names = Self {
            structure_types: Vec::new(),
            networks: Vec::new(),
            strata: Vec::new(),
            metrics: Vec::new(),
            attributes: Vec::new(),
        };
        let add = |list: &mut Vec<String>, name: &str| {
            if !list.iter().any(|known| known == name) {
                list.push(name.to_owned());
            }
        };
        for document in documents {
            for (name, _) in document["structure_types"].as_object().into_iter().flatten() {
                add(&mut names.structure_types, name);
            }
            for (name, _) in document["networks"].as_object().into_iter().flatten() {
                add(&mut names.networks, name);
            }
            for stratum in document["strata"].as_array().into_iter().flatten() {
                add(&mut names.strata, stratum["id"].as_str().unwrap_or("s"));
            }
            for (list, member) in [(&mut names.metrics, "metrics"), (&mut names.attributes, "attributes")] {
                for (name, declared) in document[member].as_object().into_iter().flatten() {
                    let count = declared["kind"] == "count";
                    match list.iter_mut().find(|(known, _)| known == name) {
                        Some((_, known)) => *known |= count,
                        None => list.push((name.clone(), count)),
                    }
                }
            }
        }
        names
    }
}

/// How the numbers of one cohort are spread.
#[derive(Clone, Copy)]
struct Numbers {
    /// Counts are below this, mostly.
    below: usize,
    unknown: usize,
    /// Percent of decimals that are negative.
    negative: usize,
}

/// A cohort for the methodology `documents[0]`, which pins the others.
pub fn draw(draw: &mut Draw, documents: &[&Value]) -> Value {
    let names = Names::of(documents);
    let numbers = Numbers {
        below: draw.one(&[2, 4, 4, 8, 12, 2000]),
        unknown: draw.one(&[0, 5, 15, 40]),
        negative: draw.one(&[0, 0, 30]),
    };
    let presence = draw.one(&[100, 90, 60]);
    // Where they are refused, several accounts leave little else to be found.
    let allowed =
        documents.iter().any(|document| ["sum", "main"].iter().any(|rule| document["several_accounts"] == *rule));
    let several = draw.one(if allowed { &[0, 20] } else { &[0, 0, 0, 0, 0, 0, 0, 0, 0, 20] });
    let former = draw.one(&[0, 0, 25]);
    let mut territories = Vec::new();
    let mut accounts = Vec::new();
    let mut before = Vec::new();
    let size = draw.one(&[1, 2, 3, 4, 5, 6, 8, 10, 14]);
    for place in 0..size {
        let id = format!("{}{place}", draw.one(&["T", "t", "0", "É"]));
        territories.push(territory(draw, &id, &names, numbers));
        let mut old = vec![id.clone()];
        if former > 0 && draw.chance(former) {
            old = (0..draw.below(3))
                .map(|number| if draw.chance(15) { id.clone() } else { format!("old{place}-{number}") })
                .collect();
            old.dedup();
            // One that another territory has, or had.
            if place > 0 && draw.chance(8) {
                old.push(territories[draw.below(place)]["id"].as_str().unwrap_or_default().to_owned());
            } else if draw.chance(3) {
                old.push("old0-0".to_owned());
            }
            territories[place]["formerly"] = json!(old);
        }
        for network in &names.networks {
            if draw.chance(presence) {
                let mut account = account(draw, &id, network, &names, numbers);
                if draw.chance(several) {
                    for _ in 0..draw.within(1, 2) {
                        accounts.push(self::account(draw, &id, network, &names, numbers));
                    }
                    if draw.chance(80) {
                        account["main"] = json!(true);
                    }
                }
                accounts.push(account);
            }
            for id in &old {
                if draw.chance(presence) {
                    before.push(self::account(draw, id, network, &names, numbers));
                }
                if draw.chance(several / 4) {
                    before.push(self::account(draw, id, network, &names, numbers));
                }
            }
        }
    }
    draw.shuffle(&mut territories);
    draw.shuffle(&mut accounts);
    draw.shuffle(&mut before);
    let mut cohort =
        json!({"language": "bareme/1", "document": "cohort", "territories": territories, "accounts": accounts});
    if draw.chance(92) {
        cohort["period"] = draw.one(&[
            json!({"from": "2026-10-01", "to": "2026-10-31"}),
            json!({"from": "2026-10-01", "to": "2026-10-31"}),
            json!({"from": "2026-10-01", "to": "2026-11-01"}),
            json!({"from": "2024-02-28", "to": "2024-03-01"}),
        ]);
        if let Some(days) =
            documents.iter().find_map(|document| document["period_days"].as_u64()).filter(|_| draw.chance(95))
        {
            cohort["period"] =
                json!({"from": "2026-10-01", "to": if days == 30 { "2026-10-31" } else { "2026-11-01" }});
        }
    }
    let reads_previous = documents.iter().any(|document| document.to_string().contains("previous."));
    if draw.chance(if reads_previous { 95 } else { 10 }) {
        cohort["previous"] = json!({"accounts": before});
        if draw.chance(30) {
            cohort["previous"]["period"] = json!({"from": "2023-09-01", "to": "2023-10-01"});
        }
    }
    if draw.chance(5) {
        cohort["synthetic"] = json!(draw.chance(70));
    }
    cohort
}

fn territory(draw: &mut Draw, id: &str, names: &Names, numbers: Numbers) -> Value {
    let kind = if draw.chance(75) {
        names.structure_types.first().cloned().unwrap_or_default()
    } else {
        draw.one(&names.structure_types)
    };
    let mut territory = json!({"id": id, "name": draw.one(&["N", "Saint-Étienne", "“x” <b>"]), "structure_type": kind});
    match draw.below(10) {
        0 => {}
        1 => territory["population"] = Value::Null,
        2 => territory["population"] = json!(0),
        3 => {
            territory["population"] =
                draw.one(&[json!(999), json!(1000), json!(1001), json!(9_007_199_254_740_991_u64)]);
        }
        4..7 => territory["population"] = json!(draw.below(20)),
        _ => territory["population"] = json!(draw.below(2000)),
    }
    let mut attributes = Map::new();
    for (name, count) in &names.attributes {
        if draw.chance(95) {
            attributes.insert(name.clone(), number(draw, *count, numbers));
        }
    }
    if !attributes.is_empty() || draw.chance(20) {
        territory["attributes"] = attributes.into();
    }
    if draw.chance(80) {
        territory["region"] = json!(draw.one(&["84", "84", "11", "É"]));
    }
    if draw.chance(80) {
        territory["department"] = json!(draw.one(&["01", "01", "75", "2A", ""]));
    }
    if draw.chance(5) {
        territory["population_vintage"] = json!("2023");
    }
    if draw.chance(5) {
        territory["stratum"] = json!({"id": draw.one(&names.strata), "reason": "par exemple"});
    }
    territory
}

fn account(draw: &mut Draw, territory: &str, network: &str, names: &Names, numbers: Numbers) -> Value {
    let mut metrics = Map::new();
    for (name, count) in &names.metrics {
        if draw.chance(97) {
            metrics.insert(name.clone(), number(draw, *count, numbers));
        }
    }
    json!({"territory": territory, "network": network, "metrics": metrics})
}

fn number(draw: &mut Draw, count: bool, numbers: Numbers) -> Value {
    if draw.chance(numbers.unknown) {
        return Value::Null;
    }
    if count {
        return match draw.below(40) {
            0 => json!(9_007_199_254_740_991_u64),
            1 => json!(draw.below(5_000_000_000)),
            _ => json!(draw.below(numbers.below)),
        };
    }
    let sign = if draw.chance(numbers.negative) { -1.0 } else { 1.0 };
    match draw.below(20) {
        0 => json!(sign * draw.one(&[5e-324, 1e300, 1.797_693_134_862_315_7e308, 0.1, 1e-7, 1e21])),
        1 => json!(sign * draw.below(5_000_000) as f64 / 7.0),
        2..6 => json!(sign * draw.below(numbers.below * 2) as f64 / 2.0),
        _ => json!(sign * draw.below(numbers.below * 10) as f64 / 10.0),
    }
}
