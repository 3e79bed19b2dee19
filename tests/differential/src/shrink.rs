//! A smaller case that disagrees in the same way.

use serde_json::{Value, json};

use crate::case::{Case, Document};
use crate::mutate::{at, pointers, remove};

/// Makes `case` smaller as long as `fails` says that it still fails, asking at most `asks` times.
pub fn shrink(case: &Case, mut asks: usize, mut fails: impl FnMut(&Case) -> bool) -> Case {
    let mut best = case.clone();
    let mut fails = |candidate: &Case, asks: &mut usize| {
        *asks = asks.saturating_sub(1);
        *asks > 0 && fails(candidate)
    };
    for list in 0..5 {
        let mut candidate = best.clone();
        match list {
            0 => candidate.alone.clear(),
            1 => candidate.patch = None,
            2 => candidate.reference = None,
            3 => candidate.published = None,
            _ => candidate.inputs = None,
        }
        if candidate != best && fails(&candidate, &mut asks) {
            best = candidate;
        }
    }
    while best.alone.len() > 1 {
        let halves: Vec<Case> = (0..best.alone.len())
            .map(|place| Case { alone: vec![best.alone[place].clone()], ..best.clone() })
            .collect();
        match halves.into_iter().find(|candidate| fails(candidate, &mut asks)) {
            Some(candidate) => best = candidate,
            None => break,
        }
    }
    while !best.others.is_empty() {
        let fewer: Vec<Case> = (0..best.others.len())
            .map(|place| {
                let mut candidate = best.clone();
                candidate.others.remove(place);
                candidate
            })
            .collect();
        match fewer.into_iter().find(|candidate| fails(candidate, &mut asks)) {
            Some(candidate) => best = candidate,
            None => break,
        }
    }
    loop {
        let before = best.clone();
        for slot in 0..slots(&best) {
            shrink_document(&mut best, slot, &mut asks, &mut fails);
        }
        if best == before || asks == 0 {
            return best;
        }
    }
}

fn slots(case: &Case) -> usize {
    5 + case.others.len() + case.alone.len()
}

/// The value in a slot: cohort, methodology, patch, reference, publication, others, cohorts of one.
fn slot(case: &mut Case, slot: usize) -> Option<&mut Value> {
    let others = case.others.len();
    let document = match slot {
        0 => &mut case.cohort,
        1 => &mut case.methodology,
        2 => case.patch.as_mut()?,
        3 => case.reference.as_mut()?,
        4 => &mut case.published.as_mut()?.0,
        _ if slot < 5 + others => case.others.get_mut(slot - 5)?,
        _ => return case.alone.get_mut(slot - 5 - others),
    };
    match document {
        Document::Value(value) => Some(value),
        Document::Bytes(_) => None,
    }
}

fn bytes(case: &mut Case, slot: usize) -> Option<&mut Vec<u8>> {
    let document = match slot {
        0 => &mut case.cohort,
        1 => &mut case.methodology,
        2 => case.patch.as_mut()?,
        3 => case.reference.as_mut()?,
        4 => &mut case.published.as_mut()?.0,
        _ => case.others.get_mut(slot.checked_sub(5)?)?,
    };
    match document {
        Document::Bytes(bytes) => Some(bytes),
        Document::Value(_) => None,
    }
}

fn shrink_document(
    best: &mut Case,
    number: usize,
    asks: &mut usize,
    fails: &mut impl FnMut(&Case, &mut usize) -> bool,
) {
    if let Some(text) = bytes(best, number).cloned() {
        let mut length = text.len() / 2;
        while length > 0 && *asks > 0 {
            let mut start = 0;
            while let Some(text) = bytes(best, number).cloned().filter(|text| start < text.len()) {
                let mut candidate = best.clone();
                if let Some(bytes) = bytes(&mut candidate, number) {
                    bytes.drain(start..(start + length).min(text.len()));
                }
                if fails(&candidate, asks) {
                    *best = candidate;
                } else {
                    start += length;
                }
                if *asks == 0 {
                    return;
                }
            }
            length /= 2;
        }
        return;
    }
    let Some(value) = slot(best, number).map(|value| value.clone()) else { return };
    // The last first, so that places stay what they are while items go.
    let mut places = pointers(&value);
    places.sort_by(|a, b| (a.len(), b).cmp(&(b.len(), a)));
    for path in places {
        let mut candidate = best.clone();
        let Some(value) = slot(&mut candidate, number) else { return };
        let Some(old) = at(value, &path).map(|value| value.clone()) else { continue };
        remove(value, &path);
        if fails(&candidate, asks) {
            *best = candidate;
            continue;
        }
        for simpler in simpler(&old) {
            let mut candidate = best.clone();
            if let Some(value) = slot(&mut candidate, number)
                && let Some(place) = at(value, &path)
            {
                *place = simpler;
            }
            if fails(&candidate, asks) {
                *best = candidate;
                break;
            }
        }
        if *asks == 0 {
            return;
        }
    }
}

fn simpler(value: &Value) -> Vec<Value> {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            [0.0, 1.0, 2.0, 10.0, number.trunc()]
                .into_iter()
                .take_while(|simple| *simple != number)
                .map(|simple| json!(simple as i64))
                .collect()
        }
        Value::String(text) if text.len() > 12 && text.contains([' ', '(']) => {
            vec![json!("posts"), json!("followers"), json!("posts / likes"), json!("posts >= 1")]
        }
        Value::Object(members) if members.contains_key("default") => vec![members["default"].clone()],
        Value::Object(members) if members.contains_key("method") => vec![json!({"method": "none"})],
        Value::Object(members) if members.contains_key("closest_to") => vec![json!("higher")],
        _ => Vec::new(),
    }
}
