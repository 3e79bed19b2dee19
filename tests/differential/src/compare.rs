//! Where two answers differ.

use serde_json::Value;

use crate::case::{Case, Document, one_of};
use crate::{known, package};

/// A difference between two answers, or between a territory alone and in its cohort.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// What differs first, known defects aside, without the numbers and names of the case: two of one
    /// kind have most likely one cause.
    pub kind: String,
    /// The names of the known defects that show in it.
    pub known: Vec<&'static str>,
    /// The package's answer.
    pub package: Value,
    /// The independent implementation's.
    pub independent: Value,
}

impl Disagreement {
    fn new(kinds: Vec<String>, package: Value, independent: Value) -> Self {
        let mut known: Vec<&'static str> = kinds.iter().filter_map(|kind| known::explains(kind)).collect();
        known.sort_unstable();
        known.dedup();
        let kind = kinds.into_iter().find(|kind| known::explains(kind).is_none()).unwrap_or_default();
        Self { kind, known, package, independent }
    }

    /// Is all of it explained by known defects?
    pub fn is_known(&self) -> bool {
        self.kind.is_empty() && !self.known.is_empty()
    }
}

/// Compares the package's answer with the line of the independent implementation, byte for byte.
pub fn compare(package: &Value, independent: &str) -> Option<Disagreement> {
    let text = package::canonical_text(package);
    if text == independent {
        return None;
    }
    // Both through the same text, so that 50 and 50.0 are one number.
    let value = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
    let (package, independent): (Value, Value) = (value(&text), value(independent));
    let mut kinds = kinds(&package, &independent);
    if kinds.is_empty() {
        kinds.push("the same values, other bytes".to_owned());
    }
    Some(Disagreement::new(kinds, package, independent))
}

/// A member of the cohort, given as the cohort has it, gets alone what the cohort's scoring says of it.
pub fn alone_as_in_the_cohort(case: &Case, answer: &Value) -> Option<Disagreement> {
    let Document::Value(cohort) = &case.cohort else { return None };
    let scored = answer["scoring"]["territories"].as_array()?;
    for (one, alone) in case.alone.iter().zip(answer["alone"].as_array()?) {
        let place = cohort["territories"].as_array()?.iter().position(|territory| *territory == one["territories"][0]);
        let given = place.and_then(|place| one_of(cohort, place));
        if let (Some(place), true) = (place, given.as_ref() == Some(one))
            && scored.get(place) != Some(alone)
        {
            let mut kinds = Vec::new();
            differences(&scored[place], alone, "a member alone: ", &mut kinds);
            return Some(Disagreement::new(kinds, scored[place].clone(), alone.clone()));
        }
    }
    None
}

fn kinds(package: &Value, independent: &Value) -> Vec<String> {
    if package.get("panic").is_some() {
        return vec!["the package panics".into()];
    }
    let mut kinds = Vec::new();
    differences(package, independent, "", &mut kinds);
    kinds.dedup();
    kinds
}

/// The faults that one side alone has.
fn faults(path: &str, ours: &Value, theirs: &Value, kinds: &mut Vec<String>) {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let (ours, theirs) = (list(ours), list(theirs));
    let shown = |pair: &Value| format!("{} {}", pair[0].as_str().unwrap_or_default(), plain(&pair[1].to_string()));
    let ours_alone = ours.iter().filter(|pair| !theirs.contains(pair));
    kinds.extend(ours_alone.map(|pair| format!("{path}faults, package only: {}", shown(pair))));
    let theirs_alone = theirs.iter().filter(|pair| !ours.contains(pair));
    kinds.extend(theirs_alone.map(|pair| format!("{path}faults, independent only: {}", shown(pair))));
}

/// A place without the numbers and names that the case gave it.
fn plain(place: &str) -> String {
    let mut text = String::new();
    for part in place.split_inclusive(['/', '"', ':', ',']) {
        let word = part.trim_end_matches(['/', '"', ':', ',', '}']);
        let numbered = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
        text.push_str(&if numbered { part.replacen(word, "*", 1) } else { part.to_owned() });
    }
    text
}

/// Where two values differ, items of arrays as `*`.
fn differences(a: &Value, b: &Value, path: &str, kinds: &mut Vec<String>) {
    if a == b {
        return;
    }
    if a.get("faults").is_some() || b.get("faults").is_some() {
        let none = Value::Null;
        faults(&format!("{path} "), a.get("faults").unwrap_or(&none), b.get("faults").unwrap_or(&none), kinds);
        return;
    }
    match (a, b) {
        (Value::Object(ours), Value::Object(theirs)) => {
            let named = path.ends_with("/roll_ups") || path.ends_with("/rankings") || path.ends_with("/medians");
            for (name, value) in ours {
                let inside = format!("{path}/{}", if named { "*" } else { name });
                match theirs.get(name) {
                    None => kinds.push(format!("{inside}, package only")),
                    Some(other) => differences(value, other, &inside, kinds),
                }
            }
            let alone = theirs.keys().filter(|name| !ours.contains_key(*name));
            kinds.extend(alone.map(|name| format!("{path}/{}, independent only", if named { "*" } else { name })));
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (a, b) in ours.iter().zip(theirs) {
                differences(a, b, &format!("{path}/*"), kinds);
            }
        }
        (Value::Array(_), Value::Array(_)) => kinds.push(format!("{path}, length")),
        (Value::Null, _) => kinds.push(format!("{path}, independent only")),
        (_, Value::Null) => kinds.push(format!("{path}, package only")),
        _ => kinds.push(path.to_owned()),
    }
}
