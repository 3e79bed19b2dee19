//! A run over many cases.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};

use crate::case::{Case, Texts};
use crate::compare::{Disagreement, alone_as_in_the_cohort, compare};
use crate::independent::{Independent, text};
use crate::package;
use crate::shrink::shrink;

/// What one side says of a case; a test puts another in its place to plant a fault.
pub type Package = fn(&Texts) -> Value;

/// A run of one process.
#[derive(Debug)]
pub struct Run {
    /// The seed that, with a case's number, decides the case.
    pub seed: u64,
    /// The package, or one that errs.
    pub package: Package,
    /// The other side.
    pub independent: Independent,
    /// Of each kind the first disagreement, made small.
    pub found: BTreeMap<String, Found>,
    /// How often each known defect was met.
    pub known: BTreeMap<&'static str, u64>,
    /// How the cases ended.
    pub tally: Tally,
    /// How often the package found each code.
    pub codes: BTreeMap<String, u64>,
}

/// How many cases were scored by both, and how many were refused.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Cases.
    pub cases: u64,
    /// Scored.
    pub scored: u64,
    /// Refused, with faults.
    pub refused: u64,
    /// Territories scored alone.
    pub alone: u64,
    /// Publications verified, or refused.
    pub verified: u64,
    /// Disagreements, known ones included.
    pub disagreed: u64,
}

/// Adds the codes of the faults of an answer, those of its parts included.
fn count_codes(answer: &Value, codes: &mut BTreeMap<String, u64>) {
    match answer {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_array() {
                    Some(pairs) if name == "faults" => {
                        for code in pairs.iter().filter_map(|pair| pair[0].as_str()) {
                            *codes.entry(code.to_owned()).or_default() += 1;
                        }
                    }
                    _ => count_codes(value, codes),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| count_codes(item, codes)),
        _ => {}
    }
}

/// A kind of disagreement.
#[derive(Debug)]
pub struct Found {
    /// The number of the first case.
    pub number: u64,
    /// How many cases disagree in this way.
    pub times: u64,
    /// The case made small, with both answers.
    pub small: Value,
}

impl Run {
    /// A run against the independent implementation as it is.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(seed: u64) -> io::Result<Self> {
        Ok(Self::with(seed, package::answer, Independent::start()?))
    }

    /// A run of any two sides.
    pub fn with(seed: u64, package: Package, independent: Independent) -> Self {
        Self {
            seed,
            package,
            independent,
            found: BTreeMap::new(),
            known: BTreeMap::new(),
            tally: Tally::default(),
            codes: BTreeMap::new(),
        }
    }

    /// Does a case; true if the sides agree on it or the difference is known.
    ///
    /// # Errors
    /// When the independent implementation has ended.
    pub fn case(&mut self, number: u64) -> io::Result<bool> {
        let case = Case::draw(self.seed, number);
        let (answer, disagreement) = self.disagreement(&case)?;
        self.tally.cases += 1;
        if answer.get("scoring").is_none() || !case.alone.is_empty() || case.patch.is_some() {
            count_codes(&answer, &mut self.codes);
        }
        if answer.get("scoring").is_some() {
            self.tally.scored += 1;
            self.tally.alone += answer["alone"].as_array().map_or(0, |alone| alone.len() as u64);
        } else {
            self.tally.refused += 1;
        }
        self.tally.verified += u64::from(case.published.is_some());
        let Some(disagreement) = disagreement else { return Ok(true) };
        self.tally.disagreed += 1;
        for name in &disagreement.known {
            *self.known.entry(name).or_default() += 1;
        }
        if disagreement.is_known() {
            return Ok(true);
        }
        if let Some(found) = self.found.get_mut(&disagreement.kind) {
            found.times += 1;
            return Ok(false);
        }
        let mut ended = None;
        let small = shrink(&case, 1500, |candidate| match self.disagreement(candidate) {
            Ok((_, Some(other))) => other.kind == disagreement.kind,
            Ok((_, None)) => false,
            Err(error) => {
                ended = Some(error);
                false
            }
        });
        if let Some(error) = ended {
            return Err(error);
        }
        let last = self.disagreement(&small)?.1.unwrap_or_else(|| disagreement.clone());
        let small = self.kept(number, &small, &last);
        self.found.insert(disagreement.kind, Found { number, times: 1, small });
        Ok(false)
    }

    /// The package's answer to a case, and where the sides differ.
    ///
    /// # Errors
    /// When the independent implementation has ended.
    pub fn disagreement(&mut self, case: &Case) -> io::Result<(Value, Option<Disagreement>)> {
        let texts = case.texts();
        let answer = (self.package)(&texts);
        let independent = self.independent.answer(&texts)?;
        let disagreement = compare(&answer, &independent).or_else(|| alone_as_in_the_cohort(case, &answer));
        Ok((answer, disagreement))
    }

    /// A case as it is kept: documents as texts where they are no JSON.
    fn kept(&self, number: u64, case: &Case, disagreement: &Disagreement) -> Value {
        let texts = case.texts();
        let document = |bytes: &[u8]| {
            serde_json::from_slice::<Value>(bytes)
                .ok()
                .filter(|value| value.to_string().as_bytes() == bytes)
                .unwrap_or_else(|| json!({"text": text(bytes)}))
        };
        let all = |list: &[Vec<u8>]| list.iter().map(|bytes| document(bytes)).collect::<Vec<_>>();
        let mut kept = json!({
            "kind": disagreement.kind, "seed": self.seed, "case": number,
            "methodology": document(&texts.methodology), "others": all(&texts.others), "cohort": document(&texts.cohort),
            "package": disagreement.package, "independent": disagreement.independent,
        });
        if let Some(patch) = &texts.patch {
            kept["patch"] = document(patch);
        }
        if let Some(inputs) = texts.inputs {
            kept["inputs"] = json!(inputs);
        }
        if let Some((published, full)) = &texts.published {
            kept["published"] = document(published);
            kept["full"] = json!(full);
        }
        if let Some(reference) = &texts.reference {
            kept["reference"] = document(reference);
        }
        if !texts.alone.is_empty() {
            kept["alone"] = json!(all(&texts.alone));
        }
        kept
    }
}
