//! Runs the conformance vectors of `spec/vectors` against the crate `bareme`.
//!
//! It reads no file: the caller hands over the text of a page's vectors and gets, for each case, what
//! differs from what is expected, and a digest of all that came out. Two builds that give the same
//! digests gave the same bits. `spec/vectors/README.md` says what a vector is.

mod answer;
mod compare;
mod input;

use std::fmt;

use bareme::Digest;
use serde_json::Value;

pub use compare::Difference;
use input::Documents;

/// The vectors of one page.
#[derive(Debug)]
pub struct Page {
    /// The name of the page.
    pub name: String,
    documents: Documents,
    cases: Vec<Value>,
}

/// What came of one case.
#[derive(Debug)]
pub struct Outcome {
    /// The id of the case.
    pub id: String,
    /// What it tests.
    pub about: String,
    /// Where what was found is not what is expected; none if the case passed.
    pub differences: Vec<Difference>,
    /// Of all that came out, also of what is not expected.
    pub output: Digest,
}

/// A file that holds no vectors, or vectors that this runner does not know.
#[derive(Debug, PartialEq, Eq)]
pub struct NoVectors(String);

impl fmt::Display for NoVectors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoVectors {}

impl NoVectors {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl Page {
    /// Reads a file of vectors.
    ///
    /// # Errors
    /// When it is none of `bareme/1`.
    pub fn read(text: &[u8]) -> Result<Self, NoVectors> {
        let mut file: Value = serde_json::from_slice(text).map_err(|error| NoVectors::new(error.to_string()))?;
        for (member, value) in [("language", bareme::document::LANGUAGE), ("document", "vectors")] {
            if file.get(member).and_then(Value::as_str) != Some(value) {
                return Err(NoVectors::new(format!("{member} is not {value:?}")));
            }
        }
        let name = file.get("page").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut taken = |name: &str| file.get_mut(name).map(Value::take).unwrap_or_default();
        let documents = Documents { methodology: taken("methodology"), published: taken("documents") };
        match file.get_mut("cases").map(Value::take) {
            Some(Value::Array(cases)) if !cases.is_empty() => Ok(Self { name, documents, cases }),
            _ => Err(NoVectors::new("there is no case")),
        }
    }

    /// Runs every case, in order.
    ///
    /// # Errors
    /// When a case asks for what this runner does not know.
    pub fn run(&self) -> impl Iterator<Item = Result<Outcome, NoVectors>> {
        self.cases.iter().map(|case| {
            let text = |member: &str| case.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
            let id = text("id");
            let found =
                answer::answer(case, &self.documents).map_err(|what| NoVectors::new(format!("{id}: {what}")))?;
            let expected = case.get("expected").unwrap_or(&Value::Null);
            let differences = compare::differences(expected, &found);
            let output = Digest::of_bytes(found.to_string().as_bytes());
            Ok(Outcome { id, about: text("about"), differences, output })
        })
    }
}

/// One digest of many: of outcomes, of pages, in the order in which they are given.
pub fn digest_of(digests: impl IntoIterator<Item = Digest>) -> Digest {
    let text: Vec<String> = digests.into_iter().map(|digest| digest.to_string()).collect();
    Digest::of_bytes(text.join("\n").as_bytes())
}
