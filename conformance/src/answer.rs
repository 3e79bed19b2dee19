//! What the crate answers to the question of a case.

use std::sync::Arc;

use bareme::cohort::Table;
use bareme::document::Json;
use bareme::publication::{
    Inputs, Note, PublicKey, Publication, PublicationOptions, SheetForm, Supersedes, VerifyOptions,
};
use bareme::scoring::Reference;
use bareme::{Cohort, Digest, Faults, Methodology, Scoring};
use serde_json::{Map, Value, json};

use crate::input::{self, Documents};

/// Why there is no result.
enum Stop {
    /// The documents have faults, which are then the answer.
    Faults(Faults),
    /// The case is none that this runner knows.
    Vector(String),
}

impl From<Faults> for Stop {
    fn from(faults: Faults) -> Self {
        Self::Faults(faults)
    }
}

impl From<serde_json::Error> for Stop {
    fn from(error: serde_json::Error) -> Self {
        Self::Vector(error.to_string())
    }
}

type Answer<T> = Result<T, Stop>;

/// The answer, in the form in which answers are expected.
pub(crate) fn answer(case: &Value, page: &Documents) -> Result<Value, String> {
    match (Case { case, page }).answer() {
        Ok(answer) => Ok(answer),
        Err(Stop::Faults(faults)) => listed(&faults).map_err(|error| error.to_string()),
        Err(Stop::Vector(what)) => Err(what),
    }
}

/// Faults by code and place, each pair once.
fn listed(faults: &Faults) -> Result<Value, serde_json::Error> {
    let mut list = Vec::new();
    for fault in faults {
        let mut members = match serde_json::to_value(&fault.place)? {
            Value::Object(members) => members,
            _ => Map::new(),
        };
        members.insert("code".to_owned(), fault.code.as_str().into());
        let fault = Value::Object(members);
        if !list.contains(&fault) {
            list.push(fault);
        }
    }
    list.sort_by_cached_key(Value::to_string);
    Ok(json!({ "faults": list }))
}

/// The digest of the canonical form of a document.
fn digest(text: &str) -> Answer<Digest> {
    Ok(Digest::of(&Json::parse(text.as_bytes(), usize::MAX)?))
}

/// The inputs of a case.
struct Case<'a> {
    case: &'a Value,
    page: &'a Documents,
}

impl Case<'_> {
    fn answer(&self) -> Answer<Value> {
        match self.case.get("operation").and_then(Value::as_str).unwrap_or_default() {
            "check" => self.methodology().map(|_| json!({ "faults": [] })),
            "digests" => self.digests(),
            "variant" => self.variant(),
            "score" => self.score(),
            "reference" => self.reference(),
            "alone" => self.alone(),
            "table" => self.table(),
            "publish" => self.publish(),
            "receipt" => self.receipt(),
            "sheet" => self.sheet(),
            "verify" => self.verify(),
            other => Err(Stop::Vector(format!("the operation {other:?} is not known"))),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.case.get(name).is_some()
    }

    fn bytes(&self, name: &str) -> Answer<Vec<u8>> {
        let given = self.case.get(name).ok_or_else(|| Stop::Vector(format!("there is no {name}")))?;
        input::bytes(given, self.page).map_err(Stop::Vector)
    }

    /// The methodology, with the documents that it may pin.
    fn methodology(&self) -> Answer<Methodology> {
        Ok(Methodology::from_json_with(&self.bytes("methodology")?, &self.others()?)?)
    }

    /// The documents that may be pinned, in whatever order they pin one another. One that has faults is
    /// not at hand.
    fn others(&self) -> Answer<Vec<Methodology>> {
        let others = self.case.get("others").and_then(Value::as_array).into_iter().flatten();
        let others: Vec<_> =
            others.map(|other| input::bytes(other, self.page)).collect::<Result<_, _>>().map_err(Stop::Vector)?;
        Ok(Methodology::read_all(&others, &[]).into_iter().filter_map(Result::ok).collect())
    }

    fn cohort(&self) -> Answer<Cohort> {
        Ok(Cohort::from_json(&self.bytes("cohort")?)?)
    }

    fn digests(&self) -> Answer<Value> {
        let mut digests = Map::new();
        if self.has("methodology") {
            let methodology = self.methodology()?;
            digests.insert("document_sha256".to_owned(), methodology.document_digest().to_string().into());
            digests.insert("method_sha256".to_owned(), methodology.method_digest().to_string().into());
        }
        if self.has("cohort") {
            digests.insert("cohort_sha256".to_owned(), self.cohort()?.digest().to_string().into());
        }
        Ok(Value::Object(digests))
    }

    fn variant(&self) -> Answer<Value> {
        let variant = self.methodology()?.variant(&self.bytes("patch")?)?;
        Ok(json!({
            "version": variant.version(),
            "document_sha256": variant.document_digest().to_string(),
            "method_sha256": variant.method_digest().to_string(),
        }))
    }

    /// The methodology and the cohort, neither of which hides the faults of the other.
    fn scoring(&self) -> Answer<(Methodology, Cohort, Scoring)> {
        let (methodology, cohort) = match (self.methodology(), self.cohort()) {
            (Ok(methodology), Ok(cohort)) => (methodology, cohort),
            (Err(Stop::Faults(mut faults)), Err(Stop::Faults(others))) => {
                faults.extend(others);
                return Err(faults.into());
            }
            (Err(stop), _) | (_, Err(stop)) => return Err(stop),
        };
        let scoring = methodology.score(cohort.clone())?;
        Ok((methodology, cohort, scoring))
    }

    fn score(&self) -> Answer<Value> {
        let (methodology, cohort, scoring) = self.scoring()?;
        let text = serde_json::to_string(&scoring.document())?;
        let mut answer: Value = serde_json::from_str(&text)?;
        let sha256 = digest(&text)?;
        if let Value::Object(members) = &mut answer {
            members.insert("sha256".to_owned(), sha256.to_string().into());
            // The rules run with numbers that answer only what they can prove, and with fractions where
            // those do not; with fractions alone nothing may come out otherwise.
            let exactly = digest(&serde_json::to_string(&methodology.score_exactly(cohort)?.document())?)?;
            if exactly != sha256 {
                members.insert("sha256_with_fractions_alone".to_owned(), exactly.to_string().into());
            }
        }
        Ok(answer)
    }

    fn reference(&self) -> Answer<Value> {
        let (.., scoring) = self.scoring()?;
        let reference = scoring.reference()?;
        let document: Value = serde_json::from_str(&reference.to_json())?;
        Ok(json!({ "reference": document, "sha256": reference.digest().to_string() }))
    }

    fn alone(&self) -> Answer<Value> {
        let methodology = self.methodology()?;
        let reference = Reference::from_json(&self.bytes("reference")?, &methodology)?;
        let territory = serde_json::to_string(&reference.score_in(&self.cohort()?, 0)?)?;
        let document: Value = serde_json::from_str(&territory)?;
        Ok(json!({ "territory": document, "sha256": digest(&territory)?.to_string() }))
    }

    /// The digest of a cohort read from one table or two.
    fn table(&self) -> Answer<Value> {
        let methodology = self.methodology()?;
        let second = if self.has("territories") { Some(self.bytes("territories")?) } else { None };
        let (first, second) = Table::both_from_csv(&self.bytes("table")?, second.as_deref(), None)?;
        let cohort = Cohort::from_table(first, second, None, &methodology)?;
        Ok(json!({ "cohort_sha256": cohort.digest().to_string() }))
    }

    /// A text of the case.
    fn text(&self, name: &str) -> Option<&str> {
        self.case.get(name).and_then(Value::as_str)
    }

    /// The texts of a list of the case.
    fn texts(&self, name: &str) -> impl Iterator<Item = &str> {
        self.case.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    fn publish(&self) -> Answer<Value> {
        let (.., scoring) = self.scoring()?;
        let options = PublicationOptions {
            inputs: if self.text("inputs") == Some("digest") { Inputs::Digest } else { Inputs::Included },
            notes: self.texts("notes").map(Note::new).collect::<Result<_, _>>()?,
            supersedes: match self.case.get("supersedes") {
                None => None,
                Some(replaced) => {
                    let member = |name| replaced.get(name).and_then(Value::as_str).unwrap_or_default();
                    let sha256 = Digest::parse(member("sha256"))
                        .ok_or_else(|| Stop::Vector("supersedes no digest".to_owned()))?;
                    Some(Supersedes { sha256, reason: Note::new(member("reason"))? })
                }
            },
            ..PublicationOptions::default()
        };
        let text = scoring.publication(&options)?.to_json();
        let document: Value = serde_json::from_str(&text)?;
        let mut answer = Map::new();
        for name in ["head", "roll_ups", "sha256"] {
            if let Some(value) = document.get(name) {
                answer.insert(name.to_owned(), value.clone());
            }
        }
        let rows = document.get("rows").and_then(Value::as_array).into_iter().flatten();
        let rows = rows.map(|row| json!({ "result": row.get("result"), "sha256": row.get("sha256") }));
        answer.insert("rows".to_owned(), rows.collect());
        answer.insert("text_sha256".to_owned(), Digest::of_bytes(text.as_bytes()).to_string().into());
        Ok(Value::Object(answer))
    }

    fn receipt(&self) -> Answer<Value> {
        let publication = Publication::from_json(&self.bytes("publication")?)?;
        let reference = self.case.get("with_reference").and_then(Value::as_bool).unwrap_or(true);
        let text = publication.receipt(self.text("territory").unwrap_or_default(), reference)?.to_json();
        let document: Value = serde_json::from_str(&text)?;
        Ok(json!({
            "proof": document.get("proof"),
            "text_sha256": Digest::of_bytes(text.as_bytes()).to_string(),
        }))
    }

    fn sheet(&self) -> Answer<Value> {
        let publication = Publication::from_json(&self.bytes("publication")?)?;
        Ok(json!({ "point": publication.sheet(SheetForm::Point), "comma": publication.sheet(SheetForm::Comma) }))
    }

    /// What is normative of the report.
    fn verify(&self) -> Answer<Value> {
        let mut known: Vec<Methodology> = Vec::new();
        for one in self.case.get("known").and_then(Value::as_array).into_iter().flatten() {
            let bytes = input::bytes(one, self.page).map_err(Stop::Vector)?;
            known.push(Methodology::from_json_with(&bytes, &known)?);
        }
        let options = VerifyOptions {
            cohort: if self.has("cohort") { Some(Arc::new(self.cohort()?)) } else { None },
            reference: if self.has("reference") { Some(self.bytes("reference")?) } else { None },
            keys: self.texts("keys").map(PublicKey::parse).collect::<Result<_, _>>()?,
            known,
            disagreements: usize::MAX,
        };
        let report = serde_json::to_value(bareme::publication::verify(&self.bytes("publication")?, &options)?)?;
        let members = |value: &Value, names: &[&str]| {
            let taken = names.iter().filter_map(|&name| Some((name.to_owned(), value.get(name)?.clone())));
            taken.collect::<Map<_, _>>()
        };
        let mut answer = members(&report, &["verified", "depth"]);
        // Of a document that may be written in any way, it says nothing.
        if self.case.pointer("/publication/json").is_none() {
            answer.extend(members(&report, &["canonical"]));
        }
        let list = |name: &str| report.get(name).and_then(Value::as_array).into_iter().flatten();
        let checks = list("checks").map(|check| Value::Object(members(check, &["check", "outcome"])));
        answer.insert("checks".to_owned(), checks.collect());
        let mut disagreements: Vec<Value> = list("disagreements")
            .map(|found| {
                let mut told = members(found, &["step", "pointer", "depth", "territory"]);
                for name in ["expected", "found"] {
                    if let Some(bits) = found.get(name).and_then(|shown| shown.get("bits")) {
                        told.insert(name.to_owned(), bits.clone());
                    }
                }
                Value::Object(told)
            })
            .collect();
        disagreements.sort_by_cached_key(Value::to_string);
        answer.insert("disagreements".to_owned(), disagreements.into());
        Ok(json!({ "report": answer }))
    }
}
