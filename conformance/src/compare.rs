//! What was found against what is expected.

use std::fmt;

use bareme::exact::Decimal;
use serde_json::Value;

/// A place where an answer is not as expected.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// A JSON Pointer into what is expected.
    pub place: String,
    /// What is expected there.
    pub expected: String,
    /// What was found.
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, expected, found } = self;
        write!(f, "{place}: expected {expected}, found {found}")
    }
}

/// Members of documents that vectors leave out: the digest of the whole holds them.
const LEFT_OUT: &[&str] =
    &["language", "document", "methodology", "cohort", "name", "structure_type", "status", "method_sha256"];

/// What `found` has otherwise than `expected`.
pub(crate) fn differences(expected: &Value, found: &Value) -> Vec<Difference> {
    let mut list = Vec::new();
    match (expected.get("faults").and_then(Value::as_array), found.get("faults").and_then(Value::as_array)) {
        (Some(expected), Some(found)) => {
            for fault in expected.iter().filter(|fault| !found.contains(fault)) {
                list.push(difference("/faults", Some(fault), None));
            }
            for fault in found.iter().filter(|fault| !expected.contains(fault)) {
                list.push(difference("/faults", None, Some(fault)));
            }
        }
        (None, None) => {
            compare(expected, found, &mut String::new(), &mut list);
            // The digest says that something differs; where something else says what, it says nothing.
            if list.iter().any(|difference| difference.place != "/sha256") {
                list.retain(|difference| difference.place != "/sha256");
            }
        }
        (expected, found) => {
            let shown = |faults: Option<&Vec<Value>>| match faults {
                Some(faults) if faults.is_empty() => "no fault".to_owned(),
                Some(faults) => faults.iter().map(Value::to_string).collect::<Vec<_>>().join(", "),
                None => "a result".to_owned(),
            };
            list.push(Difference { place: String::new(), expected: shown(expected), found: shown(found) });
        }
    }
    list
}

fn compare(expected: &Value, found: &Value, place: &mut String, list: &mut Vec<Difference>) {
    if let Some(wanted) = binary64(expected) {
        if found.as_f64().map(shown) != Some(wanted) {
            list.push(difference(place, Some(expected), Some(found)));
        }
        return;
    }
    match (expected, found) {
        (Value::Object(members), Value::Object(others)) => {
            for (name, expected) in members {
                within(place, name, |place| match others.get(name) {
                    Some(found) => compare(expected, found, place, list),
                    None => list.push(difference(place, Some(expected), None)),
                });
            }
            for (name, found) in others {
                if !members.contains_key(name) && !LEFT_OUT.contains(&name.as_str()) {
                    within(place, name, |place| list.push(difference(place, None, Some(found))));
                }
            }
        }
        (Value::Array(items), Value::Array(others)) => {
            for index in 0..items.len().max(others.len()) {
                within(place, &index.to_string(), |place| match (items.get(index), others.get(index)) {
                    (Some(expected), Some(found)) => compare(expected, found, place, list),
                    (expected, found) => list.push(difference(place, expected, found)),
                });
            }
        }
        (expected, found) if expected != found => list.push(difference(place, Some(expected), Some(found))),
        _ => {}
    }
}

/// Does something at the place of a member.
fn within(place: &mut String, name: &str, work: impl FnOnce(&mut String)) {
    let length = place.len();
    place.push('/');
    place.push_str(&name.replace('~', "~0").replace('/', "~1"));
    work(place);
    place.truncate(length);
}

fn difference(place: &str, expected: Option<&Value>, found: Option<&Value>) -> Difference {
    let wanted = expected.and_then(binary64);
    let text = |value: Option<&Value>| match value {
        None => "nothing".to_owned(),
        // A whole number has bits too where a binary64 is expected.
        Some(Value::Number(number)) if number.is_f64() || wanted.is_some() => {
            number.as_f64().map(shown).unwrap_or_default()
        }
        Some(value) => binary64(value).unwrap_or_else(|| value.to_string()),
    };
    Difference { place: place.to_owned(), expected: text(expected), found: text(found) }
}

/// A binary64 as it is expected, as it is shown; none if the value is anything else.
fn binary64(value: &Value) -> Option<String> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    Some(format!("{} ({})", text("bits")?, text("decimal")?))
}

/// A binary64 by its bits and its shortest decimal.
fn shown(x: f64) -> String {
    let decimal = Decimal::new(x).map(|decimal| decimal.to_string()).unwrap_or_default();
    format!("{:016x} ({decimal})", x.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(expected: &Value, found: &Value) -> Vec<String> {
        differences(expected, found).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_binary64_is_held_to_its_bits() {
        let expected = json!({"score": {"bits": "3fd3333333333333", "decimal": "0.3"}});
        assert!(places(&expected, &json!({"score": 0.3})).is_empty());
        assert_eq!(
            places(&expected, &json!({"score": 0.300_000_000_000_000_04})),
            ["/score: expected 3fd3333333333333 (0.3), found 3fd3333333333334 (0.30000000000000004)"]
        );
        let zero = json!({"score": {"bits": "0000000000000000", "decimal": "0"}});
        assert!(places(&zero, &json!({"score": 0})).is_empty());
        assert_eq!(places(&zero, &json!({"score": -0.0})).len(), 1);
        assert_eq!(places(&zero, &json!({"score": null})), ["/score: expected 0000000000000000 (0), found null"]);
    }

    #[test]
    fn what_is_not_expected_is_found() {
        let expected = json!({"flags": [], "rank": 1});
        assert_eq!(
            places(&expected, &json!({"flags": [{"code": "alone"}], "rank": 2, "grade": "a", "name": "P"})),
            [
                r#"/flags/0: expected nothing, found {"code":"alone"}"#,
                "/rank: expected 1, found 2",
                r#"/grade: expected nothing, found "a""#
            ]
        );
    }

    #[test]
    fn a_digest_is_told_of_only_when_nothing_else_is() {
        let expected = json!({"sha256": "a", "rank": 1});
        assert_eq!(places(&expected, &json!({"sha256": "b", "rank": 2})), ["/rank: expected 1, found 2"]);
        assert_eq!(places(&expected, &json!({"sha256": "b", "rank": 1})).len(), 1);
    }

    #[test]
    fn faults_are_a_set() {
        let (a, b) = (json!({"code": "a", "pointer": ""}), json!({"code": "b", "pointer": ""}));
        assert!(places(&json!({"faults": [a, b]}), &json!({"faults": [b, a]})).is_empty());
        assert_eq!(
            places(&json!({"faults": [a]}), &json!({"faults": [b]})),
            [
                r#"/faults: expected {"code":"a","pointer":""}, found nothing"#,
                r#"/faults: expected nothing, found {"code":"b","pointer":""}"#
            ]
        );
        assert_eq!(places(&json!({"faults": []}), &json!({"sha256": ""})), [": expected no fault, found a result"]);
    }
}
