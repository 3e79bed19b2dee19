//! The schemas and the reader agree: what one refuses for its shape, the other refuses.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use bareme::cohort::Cohort;
use bareme::error::Code;
use bareme::publication::{Inputs, Note, PublicationOptions, Published, SigningKey, VerifyOptions, verify};
use bareme::{Fault, Faults, Methodology, catalogue};
use jsonschema::Validator;
use serde_json::{Value, json};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn validator(name: &str) -> Validator {
    let schema: Value = serde_json::from_str(catalogue::schema(name).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
    jsonschema::draft202012::new(&schema).unwrap()
}

fn documents() -> Vec<(String, Value)> {
    let mut documents: Vec<(String, Value)> = std::fs::read_dir(root().join("spec/methodologies"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| (path.display().to_string(), serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap()))
        .collect();
    documents.sort_by(|(a, _), (b, _)| a.cmp(b));
    assert!(!documents.is_empty());
    documents
}

/// A document that uses what the published ones do not.
fn wide() -> Value {
    let label = json!({"fr": "x"});
    let indicator = |id: &str, normalise: Value| {
        json!({"id": id, "label": label, "formula": "a / days", "direction": "higher", "undefined": "leave_out",
               "unknown": "leave_out", "normalise": normalise})
    };
    let ids = ["i0", "i1", "i2", "i3", "i4", "i5", "i6"];
    let normalisations = [
        json!({"method": "min_max", "within": ["structure_type", "region"], "low": {"statistic": "min"}, "high": {"quantile": 0.9}, "clamp": true, "constant": 50}),
        json!({"method": "proportion_of", "target": {"fixed": 10}, "cap": 100}),
        json!({"method": "rank", "within": "cohort", "single": 50}),
        json!({"method": "z_score", "within": "stratum", "centre": 50, "scale": 15, "ddof": 0, "clamp": {"low": 0, "high": 100}, "constant": 50}),
        json!({"method": "piecewise", "points": [{"at": 0, "mark": 0}, {"at": 10, "mark": 100}]}),
        json!({"method": "bands", "bands": [{"at": 0, "mark": 10}], "otherwise": 0}),
        json!({"method": "none"}),
    ];
    let mut indicators: Vec<Value> =
        ids.iter().zip(normalisations).map(|(id, normalise)| indicator(id, normalise)).collect();
    indicators[0]["transform"] = json!("ln1p");
    indicators[0]["direction"] = json!({"closest_to": 1.5});
    indicators[0]["unit"] = label.clone();
    let mut of: Vec<Value> = ids.iter().map(|id| json!({"indicator": id, "weight": 1})).collect();
    of[0]["weight"] = json!({"default": 1, "by_structure_type": {"commune": 2}});
    of[1]["weight"] = json!({"default": 1, "by_population": [{"from": 0, "below": 10, "weight": 3}]});
    of.push(json!({"weight": {"default": 1, "by_stratum": {"s": 2}},
        "index": {"id": "inner", "label": label, "aggregate": "arithmetic", "missing": "zero", "of": [{"indicator": "i0", "weight": 0.5}]}}));
    json!({
        "language": "bareme/1", "document": "methodology", "id": "wide", "version": "1", "status": "draft", "title": label,
        "structure_types": {"commune": {"label": label}}, "networks": {"n": {"label": label}},
        "metrics": {"a": {"kind": "decimal", "measure": "flow", "label": label, "unit": label}},
        "attributes": {"b": {"kind": "count", "label": label}},
        "strata": [{"id": "s", "label": label, "structure_types": ["commune"], "population": {"from": 1}}],
        "outside_strata": "leave_out",
        "eligibility": [{"id": "e", "label": label, "require": "b >= 1"}],
        "indicators": indicators,
        "index": {"id": "root", "label": label, "network": "n", "absent": "zero", "aggregate": "arithmetic", "missing": "zero", "of": of},
        "ranking": {"order_by": "published", "ties": "dense", "tie_breakers": [{"indicator": "i0", "network": "n"}], "within": ["stratum", ["region", "structure_type"]]},
        "views": [{"id": "v", "label": label, "by": {"index": "root"}}],
        "publication": {"decimals": 2, "rounding": "half_even"}
    })
}

fn cohort() -> Value {
    json!({
        "language": "bareme/1", "document": "cohort", "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "territories": [
            {"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326, "population_vintage": "2023",
             "department": "06", "region": "93", "attributes": {"population_over_15": null},
             "stratum": {"id": "villes-moyennes", "reason": "a reason"}},
            {"id": "73011", "name": "Albertville", "structure_type": "commune", "population": null}],
        "accounts": [{"territory": "06083", "network": "instagram", "metrics": {"followers": 12000, "following": 300, "posts": null}}]
    })
}

/// Does the reader refuse the document for its shape, and not only for its meaning?
fn refused_for_shape(outcome: Result<(), Faults>) -> bool {
    outcome.err().is_some_and(|faults| {
        faults.iter().any(|fault| match fault.code {
            Code::UnknownField
            | Code::WrongType
            | Code::UnknownValue
            | Code::LanguageUnsupported
            | Code::TextWithoutFrench => true,
            // The checks of meaning, which know when an optional member is needed, word it otherwise.
            Code::MissingField => {
                let expected = &fault.expected.en;
                fault.advice.en.starts_with("add `")
                    || expected.starts_with("\"language\"")
                    || expected.starts_with("\"document\"")
            }
            _ => false,
        })
    })
}

/// Every way of spoiling `document`: each member removed, an unknown one added to each object, each
/// value replaced by one of every type.
fn spoilt(document: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut pointers = Vec::new();
    walk(document, String::new(), &mut pointers);
    for pointer in pointers {
        let at = |change: &dyn Fn(&mut Value)| {
            let mut copy = document.clone();
            change(copy.pointer_mut(&pointer).unwrap());
            copy
        };
        if let Some(object) = document.pointer(&pointer).unwrap().as_object() {
            for name in object.keys() {
                all.push((
                    format!("{pointer} without {name}"),
                    at(&|value| drop(value.as_object_mut().unwrap().remove(name))),
                ));
            }
            all.push((format!("{pointer} with zzz"), at(&|value| value["zzz"] = json!(true))));
        }
        for replacement in [json!(null), json!(true), json!("zzz"), json!(7), json!([]), json!({})] {
            all.push((format!("{pointer} = {replacement}"), at(&|value| *value = replacement.clone())));
        }
    }
    all
}

fn walk(value: &Value, pointer: String, out: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, format!("{pointer}/{index}"), out);
            }
        }
        _ => {}
    }
    out.push(pointer);
}

fn agree(name: &str, document: &Value, validator: &Validator, read: impl Fn(&[u8]) -> Result<(), Faults>) {
    let spoilt = spoilt(document);
    assert!(spoilt.len() > 100);
    let different: Vec<String> = spoilt
        .into_iter()
        .filter_map(|(what, document)| {
            let reader = refused_for_shape(read(document.to_string().as_bytes()));
            let schema = !validator.is_valid(&document);
            (reader != schema).then(|| format!("{name}{what}: reader {}, schema {}", said(reader), said(schema)))
        })
        .collect();
    assert!(
        different.is_empty(),
        "{} differences\n{}",
        different.len(),
        different[..different.len().min(40)].join("\n")
    );
}

fn said(refused: bool) -> &'static str {
    if refused { "refuses" } else { "accepts" }
}

#[test]
fn published_documents_are_valid() {
    let validator = validator("methodology");
    for (name, document) in documents() {
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{name}\n{}", errors.join("\n"));
    }
}

#[test]
fn methodology_reader_and_schema_agree() {
    let validator = validator("methodology");
    let read = |bytes: &[u8]| Methodology::from_json(bytes).map(drop);
    // Every kind of member occurs in the smallest published document or in the wide one.
    let (_, smallest) = documents().into_iter().min_by_key(|(_, document)| document.to_string().len()).unwrap();
    for document in [smallest, wide()] {
        assert!(validator.is_valid(&document));
        if let Err(faults) = read(document.to_string().as_bytes()) {
            panic!("{faults}");
        }
        agree(document["id"].as_str().unwrap(), &document, &validator, read);
    }
}

#[test]
fn cohort_reader_and_schema_agree() {
    let (validator, document) = (validator("cohort"), cohort());
    assert!(validator.is_valid(&document));
    let read = |bytes: &[u8]| Cohort::from_json(bytes).map(drop);
    if let Err(faults) = read(document.to_string().as_bytes()) {
        panic!("{faults}");
    }
    agree("cohort", &document, &validator, read);
}

#[test]
fn references_are_valid() {
    let validator = validator("reference");
    for name in ["observatoire-instagram@2017.10", "territoires@2026.11"] {
        let methodology = catalogue::methodology(name).unwrap();
        let mut given = cohort();
        given["territories"] = json!([{"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326, "region": "93"}]);
        given["accounts"] = json!([{"territory": "06083", "network": "instagram",
            "metrics": {"followers": 1870, "following": 35, "posts": 31, "likes": 900, "comments": 24, "shares": 3, "views": 9}}]);
        given["synthetic"] = json!(true);
        given.as_object_mut().unwrap().remove("previous");
        let (cohort, _) = Cohort::from_json(given.to_string().as_bytes()).unwrap().restricted_to(&methodology);
        let scoring = methodology.score(cohort).unwrap_or_else(|faults| panic!("{faults}"));
        let mut document: Value = serde_json::from_str(&scoring.reference().unwrap().to_json()).unwrap();
        validator.validate(&document).unwrap_or_else(|error| panic!("{name}: {error}"));
        document["statistics"]["surprise"] = json!(1);
        assert!(!validator.is_valid(&document));
    }
}

#[test]
fn scorings_are_valid() {
    let validator = validator("scoring");
    let mut cohort = cohort();
    cohort["territories"][0]["attributes"] = json!({});
    cohort["accounts"][0]["metrics"] =
        json!({"followers": 12000, "following": 300, "posts": 12, "likes": 900, "comments": 80});
    let cohort = Cohort::from_json(cohort.to_string().as_bytes()).unwrap();
    let mut scored = 0;
    for methodology in catalogue::all() {
        let Ok(scoring) = methodology.score(cohort.clone()) else { continue };
        let mut document = serde_json::to_value(scoring.document()).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{}\n{}", methodology.version(), errors.join("\n"));
        document["zzz"] = json!(1);
        assert!(!validator.is_valid(&document));
        scored += 1;
    }
    assert!(scored > 0, "no methodology scores the cohort");
}

#[test]
fn publications_receipts_and_verifications_are_valid() {
    let [publications, receipts, verifications] = ["publication", "receipt", "verification"].map(validator);
    let mut cohort = cohort();
    cohort["territories"][0]["attributes"] = json!({});
    cohort["accounts"][0]["metrics"] =
        json!({"followers": 12000, "following": 300, "posts": 12, "likes": 900, "comments": 80});
    let cohort = Cohort::from_json(cohort.to_string().as_bytes()).unwrap();
    let mut published = 0;
    for methodology in catalogue::all() {
        let (cohort, _) = cohort.restricted_to(&methodology);
        let Ok(scoring) = methodology.score(cohort) else { continue };
        for inputs in [Inputs::Included, Inputs::Digest] {
            let mut options = PublicationOptions { inputs, ..PublicationOptions::default() };
            options.notes = vec![Note::new("une remarque").unwrap()];
            let mut publication = scoring.publication(&options).unwrap();
            publication.sign(&SigningKey::from_bytes(&[1; 32]));
            let receipt = publication.receipt("06083", true).unwrap().to_json();
            for (schema, text) in [(&publications, publication.to_json()), (&receipts, receipt)] {
                let mut document: Value = serde_json::from_str(&text).unwrap();
                valid(schema, &document);
                document["head"]["zzz"] = json!(1);
                assert!(!schema.is_valid(&document));
                let altered = text.replacen("\"published\":\"", "\"published\":\"1", 1);
                for text in [text, altered] {
                    let report = verify(text.as_bytes(), &VerifyOptions::default()).unwrap();
                    valid(&verifications, &serde_json::to_value(report).unwrap());
                }
            }
            published += 1;
        }
    }
    assert!(published > 0, "no methodology scores the cohort");
}

#[track_caller]
fn valid(schema: &Validator, document: &Value) {
    let errors: Vec<String> =
        schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

/// What the readers of a publication and of a receipt refuse for its shape, the schemas refuse, and the
/// other way round.
#[test]
fn publication_reader_and_schema_agree() {
    let cohort = Cohort::from_json(
        br#"{"language": "bareme/1", "document": "cohort", "territories": [{"id": "R1", "name": "R", "structure_type": "region",
            "attributes": {"population_over_15": 1000}}],
            "accounts": [{"territory": "R1", "network": "facebook", "metrics": {"fans": 12}}], "period": {"from": "2012-06-01", "to": "2012-08-01"}}"#,
    )
    .unwrap();
    let scoring = catalogue::adverbia_facebook_regions_2012_08().score(cohort).unwrap();
    let mut publication = scoring.publication(&PublicationOptions::default()).unwrap();
    publication.sign(&SigningKey::from_bytes(&[1; 32]));
    let receipt = publication.receipt("R1", true).unwrap().to_json();
    for (name, text) in [("publication", publication.to_json()), ("receipt", receipt)] {
        let mut document: Value = serde_json::from_str(&text).unwrap();
        let validator = validator(name);
        // What is inside a methodology is another schema's.
        let methodologies = document["methodologies"].take();
        document.as_object_mut().unwrap().remove("methodologies");
        let different: Vec<String> = spoilt(&document)
            .into_iter()
            .filter(|(what, _)| {
                !what.contains("= null") || !what.contains("/metrics/") && !what.contains("/attributes/")
            })
            .filter_map(|(what, mut spoilt)| {
                if !what.contains("methodologies")
                    && let Some(object) = spoilt.as_object_mut()
                {
                    object.insert("methodologies".into(), methodologies.clone());
                }
                let read = Published::from_json(spoilt.to_string().as_bytes());
                let reader = read.err().is_some_and(|faults| faults.iter().any(|fault| !beyond_schemas(fault)));
                let schema = !validator.is_valid(&spoilt);
                // Of a reference that has its shape, the reader asks that it be of the methodology too.
                let of_its_method = reader && what.starts_with("/reference");
                (reader != schema && !of_its_method).then(|| format!("{name}{what}: reader {}", said(reader)))
            })
            .collect();
        assert!(different.is_empty(), "{} differences\n{}", different.len(), different.join("\n"));
    }
}

/// Is this a fault that no schema tells: of members that go together, or of a list without an item?
fn beyond_schemas(fault: &Fault) -> bool {
    match fault.code {
        Code::NotAllowedHere => true,
        // A member that the type requires is advised; one that `inputs` asks for is not.
        Code::MissingField => fault.advice.en.is_empty() && !fault.expected.en.starts_with('"'),
        Code::OutOfRange => {
            let place = fault.place.to_string();
            place == "/rows" || place.ends_with("/accounts") || place.ends_with("/previous")
        }
        _ => false,
    }
}
