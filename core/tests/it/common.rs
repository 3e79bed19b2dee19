//! A small methodology and a small cohort, and the means to change them.

use bareme::{Cohort, Faults, Methodology, Scoring};
use serde_json::{Value, json};

/// A methodology that has at least one of everything. It is a draft, so it owes no provenance.
pub fn base() -> Value {
    json!({
        "language": "bareme/1", "document": "methodology",
        "id": "test", "version": "1", "status": "draft",
        "title": {"fr": "Essai", "en": "Test"},
        "structure_types": {"commune": {"label": {"fr": "commune"}}, "departement": {"label": {"fr": "département"}}},
        "networks": {"net": {"label": {"fr": "Réseau"}}, "other": {"label": {"fr": "Autre"}}},
        "metrics": {
            "followers": {"kind": "count", "measure": "stock", "label": {"fr": "abonnés", "en": "followers"}},
            "posts": {"kind": "count", "measure": "flow", "label": {"fr": "publications", "en": "posts"}},
            "likes": {"kind": "count", "measure": "flow", "label": {"fr": "mentions j’aime", "en": "likes"}},
        },
        "attributes": {"area": {"kind": "decimal", "label": {"fr": "superficie"}}},
        "strata": [
            {"id": "small", "label": {"fr": "petites"}, "structure_types": ["commune"], "population": {"below": 1000}},
            {"id": "large", "label": {"fr": "grandes"}, "structure_types": ["commune"], "population": {"from": 1000}},
            {"id": "departements", "label": {"fr": "départements"}, "structure_types": ["departement"]},
        ],
        "outside_strata": "leave_out",
        "eligibility": [{"id": "has-posted", "label": {"fr": "a publié"}, "require": "posts >= 1"}],
        "indicators": [
            {"id": "engagement", "label": {"fr": "engagement"}, "formula": "100 * likes / posts / followers",
             "direction": "higher", "undefined": "mark_zero", "unknown": "leave_out",
             "normalise": {"method": "min_max", "within": "stratum", "low": {"statistic": "min"}, "high": {"statistic": "max"}, "clamp": true, "constant": 50}},
            {"id": "reach", "label": {"fr": "portée"}, "formula": "100 * followers / population",
             "direction": "higher", "undefined": "leave_out", "unknown": "leave_out",
             "normalise": {"method": "proportion_of", "within": "stratum", "target": {"statistic": "max"}, "cap": 100}},
            {"id": "audience", "label": {"fr": "abonnés"}, "formula": "followers",
             "direction": "higher", "undefined": "leave_out", "unknown": "leave_out"},
        ],
        "index": {
            "id": "performance", "label": {"fr": "performance"}, "network": "net", "absent": "leave_out",
            "aggregate": "arithmetic", "missing": "renormalise",
            "of": [{"indicator": "engagement", "weight": 3}, {"indicator": "reach", "weight": 1}],
        },
        "ranking": {"order_by": "published", "ties": "competition", "tie_breakers": [], "within": ["stratum", "cohort"]},
        "views": [
            {"id": "best", "label": {"fr": "les plus performants"}, "by": {"index": "performance"}},
            {"id": "followed", "label": {"fr": "les plus suivis"}, "by": {"indicator": "audience"}},
        ],
        "publication": {"decimals": 1, "rounding": "half_up"},
    })
}

/// A cohort for it: two strata of several members, a territory on no network, one that never posted.
pub fn territories() -> Value {
    json!({
        "language": "bareme/1", "document": "cohort",
        "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "territories": [
            {"id": "01001", "name": "A", "structure_type": "commune", "population": 500, "department": "01", "region": "84", "attributes": {"area": 10.5}},
            {"id": "01002", "name": "B", "structure_type": "commune", "population": 800, "department": "01", "region": "84", "attributes": {"area": 20}},
            {"id": "01004", "name": "C", "structure_type": "commune", "population": 900, "department": "01", "region": "84", "attributes": {"area": 5}},
            {"id": "75056", "name": "D", "structure_type": "commune", "population": 5000, "department": "75", "region": "11", "attributes": {"area": 100}},
            {"id": "13055", "name": "E", "structure_type": "commune", "population": 9000, "department": "13", "region": "93", "attributes": {"area": 240.6}},
            {"id": "69123", "name": "F", "structure_type": "commune", "population": 7000, "department": "69", "region": "84"},
            {"id": "D01", "name": "G", "structure_type": "departement", "population": 660_000, "department": "01", "region": "84"},
            {"id": "01005", "name": "H", "structure_type": "commune", "population": 300, "department": "01", "region": "84"},
        ],
        "accounts": [
            {"territory": "01001", "network": "net", "metrics": {"followers": 100, "posts": 10, "likes": 30}},
            {"territory": "01002", "network": "net", "metrics": {"followers": 300, "posts": 6, "likes": 50}},
            {"territory": "01004", "network": "net", "metrics": {"followers": 50, "posts": 12, "likes": 77}},
            {"territory": "75056", "network": "net", "metrics": {"followers": 4000, "posts": 30, "likes": 900}},
            {"territory": "13055", "network": "net", "metrics": {"followers": 1000, "posts": 20, "likes": 333}},
            {"territory": "69123", "network": "net", "metrics": {"followers": 2000, "posts": 3, "likes": 100}},
            {"territory": "D01", "network": "net", "metrics": {"followers": 9000, "posts": 15, "likes": 1500}},
            {"territory": "75056", "network": "other", "metrics": {"followers": 10, "posts": 1, "likes": 3}},
        ],
    })
}

/// `base` changed by a JSON Pointer: `null` removes a member.
pub fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}"));
    match parent {
        Value::Object(members) if value.is_null() => {
            members.remove(key).unwrap_or_else(|| panic!("no {pointer}"));
        }
        Value::Object(members) => {
            members.insert(key.to_owned(), value);
        }
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) if value.is_null() => {
            items.remove(key.parse().unwrap());
        }
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} is in no container"),
    }
    document
}

pub fn methodology(document: &Value) -> Result<Methodology, Faults> {
    Methodology::from_json(document.to_string().as_bytes())
}

pub fn cohort(document: &Value) -> Result<Cohort, Faults> {
    Cohort::from_json(document.to_string().as_bytes())
}

#[track_caller]
pub fn score(document: &Value, territories: &Value) -> Scoring {
    let methodology = methodology(document).unwrap_or_else(|faults| panic!("{faults}"));
    let cohort = cohort(territories).unwrap_or_else(|faults| panic!("{faults}"));
    methodology.score(cohort).unwrap_or_else(|faults| panic!("{faults}"))
}

/// What a scoring says, as JSON, without the digests of the documents that it rests on.
pub fn says(scoring: &Scoring) -> Value {
    let mut document = serde_json::to_value(scoring.document()).unwrap();
    let territories = document["territories"].as_array_mut().unwrap();
    for territory in territories {
        territory.as_object_mut().unwrap().remove("method_sha256");
    }
    document["territories"].take()
}

/// The same, by territory id, so that the order of rows does not matter.
pub fn says_by_id(scoring: &Scoring) -> std::collections::BTreeMap<String, Value> {
    says(scoring).as_array().unwrap().iter().map(|t| (t["id"].as_str().unwrap().to_owned(), t.clone())).collect()
}

/// Places and codes of faults.
pub fn codes(faults: &Faults) -> Vec<(String, String)> {
    faults.iter().map(|fault| (fault.place.to_string(), fault.code.to_string())).collect()
}
