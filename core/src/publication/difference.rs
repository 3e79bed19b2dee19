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

/// Every place in which the two differ, in the order of canonical text.
pub(super) fn differences(expected: &Json, found: &Json) -> Vec<Difference> {
    let mut all = Vec::new();
    compare(expected, found, &mut Vec::new(), &mut all);
    all
}

fn compare(expected: &Json, found: &Json, path: &mut Vec<String>, all: &mut Vec<Difference>) {
    match (expected, found) {
        (Json::Object(left), Json::Object(right)) => {
            let mut names: Vec<&String> = left.iter().chain(right).map(|(name, _)| name).collect();
            names.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            names.dedup();
            for name in names {
                one(name, expected.get(name), found.get(name), path, all);
            }
        }
        (Json::Array(left), Json::Array(right)) if left.len() == right.len() => {
            for (index, (expected, found)) in left.iter().zip(right).enumerate() {
                one(&index.to_string(), Some(expected), Some(found), path, all);
            }
        }
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

/// The step that a place of a result belongs to, and how it is placed among those of the same step: the
/// parts before the whole.
pub(super) fn of_result(path: &[String]) -> (Step, usize) {
    let mut rest: Vec<&str> = path.iter().map(String::as_str).collect();
    let mut depth = 0_usize;
    while let ["parts", _, inner @ ..] = rest.as_slice() {
        depth = depth.saturating_add(1);
        rest = inner.to_vec();
    }
    let step = match rest.as_slice() {
        ["id" | "version"] => Step::Integrity,
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

/// The step that a place of the reference belongs to; none for what says of what it is a reference.
pub(super) fn of_reference(path: &[String]) -> Option<Step> {
    let mut rest: Vec<&str> = path.iter().map(String::as_str).collect();
    match rest.as_slice() {
        ["members", ..] => return Some(Step::Bound),
        ["statistics", inner @ ..] => rest = inner.to_vec(),
        _ => return None,
    }
    while let ["parts", _, inner @ ..] = rest.as_slice() {
        rest = inner.to_vec();
    }
    Some(if rest.first() == Some(&"rankings") { Step::Rank } else { Step::Bound })
}
