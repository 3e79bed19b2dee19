//! Publications and receipts of a case's cohort, altered, for both sides to verify.

use bareme::Digest;
use bareme::document::Json;
use bareme::publication::Publication;
use serde_json::{Map, Value, json};

use crate::draw::Draw;
use crate::mutate;

/// Of a publication, itself or a receipt, with something altered; perhaps all digests made anew.
pub fn altered(draw: &mut Draw, publication: Value) -> Value {
    let mut value = publication;
    let receipt = draw.chance(30);
    if receipt {
        value = of_one(draw, &value).unwrap_or(value);
    }
    if draw.chance(10) {
        return value;
    }
    let words = mutate::words(&value);
    for _ in 0..draw.one(&[1, 1, 2]) {
        // The documents inside are large, and altered by cases of their own.
        let member =
            draw.one(&["rows", "rows", "rows", "row", "head", "reference", "roll_ups", "proof", "methodologies"]);
        let Some(inside) = value.get_mut(member) else { continue };
        match draw.below(5) {
            0 => swap(draw, inside),
            1 => mutate::apt(draw, inside),
            2 => number(draw, inside),
            _ => mutate::change(draw, inside, &words),
        }
    }
    if draw.chance(50) {
        seal(&mut value);
    }
    value
}

fn of_one(draw: &mut Draw, publication: &Value) -> Option<Value> {
    let rows = publication["rows"].as_array()?;
    let id = rows.get(draw.below(rows.len()))?["territory"]["id"].as_str()?;
    let published = Publication::from_json(publication.to_string().as_bytes()).ok()?;
    let receipt = published.receipt(id, draw.chance(80)).ok()?;
    serde_json::from_str(&receipt.to_json()).ok()
}

/// Two items of a list change places.
fn swap(draw: &mut Draw, value: &mut Value) {
    let lists: Vec<Vec<String>> = mutate::pointers(value)
        .into_iter()
        .filter(|path| path.last().is_some_and(|name| name.parse::<usize>().is_ok()))
        .map(|mut path| {
            path.pop();
            path
        })
        .collect();
    if lists.is_empty() {
        return;
    }
    if let Some(Value::Array(items)) = mutate::at(value, &draw.one(&lists)) {
        draw.shuffle(items);
    }
}

/// A number becomes another.
fn number(draw: &mut Draw, value: &mut Value) {
    let mut numbers: Vec<Vec<String>> = mutate::pointers(value);
    numbers.retain(|path| mutate::at(value, path).is_some_and(|value| value.is_number()));
    if numbers.is_empty() {
        return;
    }
    let new = draw.one(&[json!(0), json!(1), json!(2), json!(50), json!(0.1), json!(33.333_333_333_333_336)]);
    if let Some(old) = mutate::at(value, &draw.one(&numbers)) {
        *old = new;
    }
}

/// The digest of a value.
fn digest(value: &Value) -> String {
    let text = value.to_string();
    Json::parse(text.as_bytes(), text.len()).map(|json| Digest::of(&json).to_string()).unwrap_or_default()
}

/// Makes the digests of a publication anew, as who alters on purpose would; of a receipt those that one can.
fn seal(value: &mut Value) {
    let of_row = |row: &mut Value| {
        if let Value::Object(members) = row {
            members.remove("sha256");
            let digest = digest(&Value::Object(members.clone()));
            members.insert("sha256".into(), json!(digest));
        }
    };
    value["rows"].as_array_mut().into_iter().flatten().for_each(of_row);
    if let Some(row) = value.get_mut("row") {
        of_row(row);
    }
    let mut head: Map<String, Value> = value["head"].as_object().cloned().unwrap_or_default();
    let rows = value["rows"].as_array().cloned().unwrap_or_default();
    if !rows.is_empty() {
        head.insert("rows".into(), json!(rows.len()));
        let digests: Option<Vec<[u8; 32]>> = rows.iter().map(|row| bytes(row["sha256"].as_str()?)).collect();
        if let Some(digests) = digests {
            head.insert("rows_root".into(), json!(root(&digests).to_string()));
        }
    }
    for (member, name) in [("reference", "reference_sha256"), ("roll_ups", "roll_ups_sha256")] {
        if let Some(document) = value.get(member).filter(|document| document.is_object()) {
            head.insert(name.into(), json!(digest(document)));
        }
    }
    if value["head"].is_object() {
        value["head"] = Value::Object(head);
    }
    value["sha256"] = json!(digest(&value["head"]));
}

fn bytes(digits: &str) -> Option<[u8; 32]> {
    Digest::parse(digits)?.bytes().try_into().ok()
}

fn hashed(parts: &[&[u8]]) -> Digest {
    Digest::of_bytes(&parts.concat())
}

/// The Merkle tree hash of RFC 6962.
fn root(digests: &[[u8; 32]]) -> Digest {
    if let [one] = digests {
        return hashed(&[&[0], one]);
    }
    let mut split = 1;
    while split * 2 < digests.len() {
        split *= 2;
    }
    let (left, right) = digests.split_at(split);
    hashed(&[&[1], root(left).bytes(), root(right).bytes()])
}
