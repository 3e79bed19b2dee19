//! Where two documents differ, and which step of the computation that is.

use super::report::Step;
use crate::document::Json;

/// One place in which what is found is not what is expected.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Difference {
    /// The names and indices that lead there.
    pub(super) path: Vec<String>,
    pub(super) expected: Option<Json>,
    pub(super) found: Option<Json>,
}

impl Difference {
    /// The path as a JSON Pointer.
    pub(super) fn pointer(&self) -> String {
        self.path.iter().fold(String::new(), |mut pointer, step| {
            pointer.push('/');
            pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
            pointer
        })
    }
}

/// Canonical text as JSON.
pub(super) fn parsed(text: &str) -> Option<Json> {
    Json::parse(text.as_bytes(), text.len()).ok()
}

/// Every place in which the two differ. Entries of arrays that name what they are about are compared
/// with the entry of the same name, wherever it stands.
pub(super) fn differences(expected: &Json, found: &Json) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(expected, found, &mut Vec::new(), &mut all);
    all
}

fn compare(expected: &Json, found: &Json, path: &mut Vec<String>, all: &mut Vec<Difference>) {
    match (expected, found) {
        (Json::Object(left), Json::Object(right)) => {
            for (name, value) in left {
                one(name, Some(value), found.get(name), path, all);
            }
            for (name, value) in right.iter().filter(|(name, _)| expected.get(name).is_none()) {
                one(name, None, Some(value), path, all);
            }
        }
        (Json::Array(left), Json::Array(right)) => match (names(left), names(right)) {
            (Some(left_names), Some(right_names)) if left_names != right_names => {
                by_name((left, &left_names), (right, &right_names), path, all);
            }
            _ => {
                for index in 0..left.len().max(right.len()) {
                    one(&index.to_string(), left.get(index), right.get(index), path, all);
                }
            }
        },
        _ if expected == found => {}
        _ => all.push(Difference { path: path.clone(), expected: Some(expected.clone()), found: Some(found.clone()) }),
    }
}

fn one(step: &str, expected: Option<&Json>, found: Option<&Json>, path: &mut Vec<String>, all: &mut Vec<Difference>) {
    path.push(step.to_owned());
    match (expected, found) {
        (Some(expected), Some(found)) => compare(expected, found, path, all),
        _ => all.push(Difference { path: path.clone(), expected: expected.cloned(), found: found.cloned() }),
    }
    path.pop();
}

/// What each entry is about, when each says it and no two say the same.
fn names(items: &[Json]) -> Option<Vec<String>> {
    let name = |item: &Json| {
        let parts = ["indicator", "network", "id", "version", "group", "code", "subject"];
        let parts: Vec<String> =
            parts.iter().filter_map(|part| Some(format!("{part} {}", item.get(part)?.as_str()?))).collect();
        (!parts.is_empty()).then(|| parts.join("\n"))
    };
    let names = items.iter().map(name).collect::<Option<Vec<String>>>()?;
    let distinct: std::collections::HashSet<&String> = names.iter().collect();
    (distinct.len() == names.len()).then_some(names)
}

fn by_name(
    (left, left_names): (&[Json], &[String]),
    (right, right_names): (&[Json], &[String]),
    path: &mut Vec<String>,
    all: &mut Vec<Difference>,
) {
    let before = all.len();
    for (index, (name, found)) in right_names.iter().zip(right).enumerate() {
        let expected = left_names.iter().position(|known| known == name).and_then(|place| left.get(place));
        one(&index.to_string(), expected, Some(found), path, all);
    }
    for (name, expected) in left_names.iter().zip(left) {
        if !right_names.contains(name) {
            // RFC 6901: the entry after the last, which is not there.
            one("-", Some(expected), None, path, all);
        }
    }
    if all.len() == before {
        // The same entries in another order.
        all.push(Difference {
            path: path.clone(),
            expected: Some(Json::Array(left.to_vec())),
            found: Some(Json::Array(right.to_vec())),
        });
    }
}

/// The step that a place of a row belongs to, and how it is placed among those of the same step: the
/// parts before the whole.
pub(super) fn of_row(path: &[String]) -> (Step, usize) {
    let mut rest: Vec<&str> = path.iter().map(String::as_str).collect();
    if rest.first() != Some(&"result") {
        return (Step::Metric, 0);
    }
    rest.remove(0);
    let mut depth = 0_usize;
    while let ["parts", _, inner @ ..] = rest.as_slice() {
        depth = depth.saturating_add(1);
        rest = inner.to_vec();
    }
    let step = match rest.as_slice() {
        ["stratum", ..] => Step::Stratum,
        ["criteria", _, _, "mark"] => Step::Mark,
        ["indices", _, "weights", ..] => Step::Weight,
        ["criteria", ..] => Step::Raw,
        ["indices", _, "published"] => Step::Rounding,
        ["ranks", ..] => Step::Rank,
        ["grade", ..] => Step::Grade,
        ["flags", ..] => Step::Flag,
        // What remains of an index, and a part that is or is not there.
        _ => Step::Index,
    };
    (step, usize::MAX.saturating_sub(depth))
}

/// The step that a place of the reference belongs to.
pub(super) fn of_reference(path: &[String]) -> Step {
    if path.iter().any(|step| step == "rankings") { Step::Rank } else { Step::Bound }
}
