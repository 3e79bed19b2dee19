//! The package's answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bareme::document::{Json, canonical};
use bareme::publication::{Inputs, Publication, PublicationOptions, Published, SheetForm, VerifyOptions};
use bareme::scoring::Reference;
use bareme::{Cohort, Faults, Methodology};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::case::Texts;

/// What the package says of a case; a panic is an answer too, and never that of the other side.
pub fn answer(texts: &Texts) -> Value {
    catch_unwind(AssertUnwindSafe(|| answer_or_panic(texts))).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        json!({"panic": words.unwrap_or_default()})
    })
}

fn answer_or_panic(texts: &Texts) -> Value {
    let others: Vec<_> = Methodology::read_all(&texts.others, &[]).into_iter().filter_map(Result::ok).collect();
    let methodology = Methodology::from_json_with(&texts.methodology, &others);
    let mut answer = json!({});
    if let (Ok(methodology), Some(patch)) = (&methodology, &texts.patch) {
        answer["variant"] = match methodology.variant(patch) {
            Ok(variant) => value(&variant.to_json()),
            Err(faults) => json!({"faults": pairs(&[&faults])}),
        };
    }
    if let Some((published, full)) = &texts.published {
        answer["verified"] = verified(published, full.then_some(texts.cohort.as_slice()));
    }
    let cohort = Cohort::from_json(&texts.cohort);
    let scoring = match (methodology, cohort) {
        (Ok(methodology), Ok(cohort)) => methodology.score(cohort).map(|scoring| (methodology, scoring)),
        (methodology, cohort) => {
            let faults: Vec<Faults> = methodology.err().into_iter().chain(cohort.err()).collect();
            answer["faults"] = pairs(&faults.iter().collect::<Vec<_>>());
            return answer;
        }
    };
    let (methodology, scoring) = match scoring {
        Ok(scored) => scored,
        Err(faults) => {
            answer["faults"] = pairs(&[&faults]);
            return answer;
        }
    };
    answer["scoring"] = of(&scoring.document());
    let reference = of(&scoring.reference_document());
    let alone = |bytes: &[u8], reference: &[u8]| -> Value {
        let scored = Reference::from_json(reference, &methodology)
            .and_then(|reference| reference.score_in(&Cohort::from_json(bytes)?, 0));
        scored.map_or_else(|faults| json!({"faults": pairs(&[&faults])}), |scored| of(&scored))
    };
    let known = reference.to_string();
    answer["alone"] = texts.alone.iter().map(|bytes| alone(bytes, known.as_bytes())).collect();
    if let (Some(reference), Some(one)) = (&texts.reference, texts.alone.first()) {
        answer["against"] = alone(one, reference);
    }
    answer["reference"] = reference;
    if let Some(inputs) = texts.inputs {
        let inputs = if inputs == "digest" { Inputs::Digest } else { Inputs::Included };
        let published = scoring.publication(&PublicationOptions { inputs, ..PublicationOptions::default() });
        answer["publication"] = match published {
            Ok(publication) => {
                answer["sheets"] = sheets(&publication);
                let text = publication.to_json();
                let value = value(&text);
                assert_eq!(canonical_text(&value), text, "a publication is written in canonical form");
                value
            }
            Err(faults) => json!({"faults": pairs(&[&faults])}),
        };
    }
    answer
}

fn sheets(publication: &Publication) -> Value {
    json!({ "point": publication.sheet(SheetForm::Point), "comma": publication.sheet(SheetForm::Comma) })
}

/// What is normative of the report on a publication, and its sheets; or the faults.
fn verified(published: &[u8], cohort: Option<&[u8]>) -> Value {
    let report = Published::from_json(published).and_then(|published| {
        let cohort = cohort.map(Cohort::from_json).transpose()?.map(Arc::new);
        let options = VerifyOptions { cohort, disagreements: usize::MAX, ..VerifyOptions::default() };
        Ok((published.verify(&options)?, published))
    });
    let (report, published) = match report {
        Ok((report, published)) => (of(&report), published),
        Err(faults) => return json!({"faults": pairs(&[&faults])}),
    };
    let taken = |value: &Value, names: &[&str]| -> Value {
        names
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), value.get(name)?.clone())))
            .collect::<Map<_, _>>()
            .into()
    };
    let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
    let mut disagreements: Vec<Value> = list("disagreements")
        .iter()
        .map(|found| {
            let mut told = taken(found, &["step", "pointer", "depth", "territory"]);
            for name in ["expected", "found"] {
                if let Some(bits) = found[name].get("bits") {
                    told[name] = bits.clone();
                }
            }
            told
        })
        .collect();
    disagreements.sort_by_cached_key(canonical_text);
    let mut answer = taken(&report, &["verified", "depth", "canonical"]);
    answer["checks"] = list("checks").iter().map(|check| taken(check, &["check", "outcome"])).collect();
    answer["disagreements"] = disagreements.into();
    if let Published::Publication(publication) = &published {
        answer["sheets"] = sheets(publication);
    }
    answer
}

fn of(document: &impl Serialize) -> Value {
    serde_json::to_value(document).unwrap_or_default()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Pairs of code and place, each once, in the order of their texts.
fn pairs(faults: &[&Faults]) -> Value {
    let mut pairs: Vec<String> = faults
        .iter()
        .flat_map(|faults| faults.iter())
        .map(|fault| canonical_text(&json!([fault.code, fault.place])))
        .collect();
    pairs.sort();
    pairs.dedup();
    pairs.iter().map(|pair| value(pair)).collect()
}

/// A value in canonical form.
pub fn canonical_text(value: &Value) -> String {
    Json::parse(value.to_string().as_bytes(), usize::MAX).map(|json| canonical::text(&json)).unwrap_or_default()
}
