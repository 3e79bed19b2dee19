//! One case: a methodology, those that it may pin, a cohort, and what is asked of them.

use bareme::Methodology;
use serde_json::{Value, json};

use crate::altered::altered;
use crate::draw::Draw;
use crate::mutate;
use crate::{cohort, methodology, package};

/// A document: a value, or a text where it is the text that is in question.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// Written as JSON.
    Value(Value),
    /// As it stands.
    Bytes(Vec<u8>),
}

/// What both implementations are asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// The methodology.
    pub methodology: Document,
    /// The documents at hand that it may pin, those that are pinned by others first.
    pub others: Vec<Document>,
    /// The cohort.
    pub cohort: Document,
    /// A merge patch that makes a variant of the methodology.
    pub patch: Option<Document>,
    /// Cohorts of one territory each, scored against the reference of the cohort.
    pub alone: Vec<Value>,
    /// Another reference, against which the first of them is scored too.
    pub reference: Option<Document>,
    /// Publish with the inputs `included` or as a `digest`.
    pub inputs: Option<&'static str>,
    /// A publication or a receipt to verify, and whether the cohort is given.
    pub published: Option<(Document, bool)>,
}

/// The case in bytes, every pin with its digest.
#[derive(Debug, Clone)]
pub struct Texts {
    /// The methodology.
    pub methodology: Vec<u8>,
    /// Those that it may pin.
    pub others: Vec<Vec<u8>>,
    /// The cohort.
    pub cohort: Vec<u8>,
    /// The patch.
    pub patch: Option<Vec<u8>>,
    /// Cohorts of one.
    pub alone: Vec<Vec<u8>>,
    /// Another reference.
    pub reference: Option<Vec<u8>>,
    /// How to publish.
    pub inputs: Option<&'static str>,
    /// What to verify, and whether with the cohort.
    pub published: Option<(Vec<u8>, bool)>,
}

impl Case {
    /// Case `number` of the run that `seed` names.
    pub fn draw(seed: u64, number: u64) -> Self {
        let mut draw = Draw::new(seed, number);
        let draw = &mut draw;
        let mut tries = 0;
        let (methodology, others) = loop {
            let (methodology, others) = methodology::draw(draw);
            tries += 1;
            // Mostly sound ones; as the package decides what is sound here, the first is sometimes taken
            // whatever it says.
            if tries == 8 || draw.chance(15) || sound(&methodology, &others) {
                break (methodology, others);
            }
        };
        let documents: Vec<&Value> = std::iter::once(&methodology).chain(&others).collect();
        let cohort = cohort::draw(draw, &documents);
        let mut case = Self {
            methodology: Document::Value(methodology),
            others: others.into_iter().map(Document::Value).collect(),
            cohort: Document::Value(cohort),
            patch: None,
            alone: Vec::new(),
            reference: None,
            inputs: draw.one(&[None, None, None, Some("included"), Some("digest")]),
            published: None,
        };
        if draw.chance(5) {
            case.patch = Some(mutate::patch(draw));
        }
        if draw.chance(30) {
            mutate::one_document(draw, &mut case);
        }
        if draw.chance(30) {
            case.choose_alone(draw);
            if draw.chance(25) {
                case.reference = case.own_reference().map(|reference| mutate::reference(draw, reference));
            }
        }
        if draw.chance(20) {
            let inputs = draw.one(&["included", "included", "digest"]);
            let published = Self { inputs: Some(inputs), alone: Vec::new(), ..case.clone() };
            case.published = package::answer(&published.texts())
                .get("publication")
                .map(|publication| (Document::Value(altered(draw, publication.clone())), draw.chance(30)));
        }
        case
    }

    fn choose_alone(&mut self, draw: &mut Draw) {
        let Document::Value(cohort) = &self.cohort else { return };
        let count = cohort["territories"].as_array().map_or(0, Vec::len);
        for _ in 0..2 {
            let place = draw.below(count);
            let Some(mut one) = one_of(cohort, place) else { continue };
            if draw.chance(50) {
                mutate::stranger(draw, &mut one);
            }
            self.alone.push(one);
        }
    }

    /// The reference of the cohort, as the package writes it.
    fn own_reference(&self) -> Option<Value> {
        package::answer(&self.texts()).get("reference").cloned()
    }

    /// The documents as texts.
    pub fn texts(&self) -> Texts {
        let mut known: Vec<Methodology> = Vec::new();
        let mut others = Vec::new();
        for other in &self.others {
            let bytes = other.bytes(&known);
            if let Ok(methodology) = Methodology::from_json_with(&bytes, &known) {
                known.push(methodology);
            }
            others.push(bytes);
        }
        Texts {
            methodology: self.methodology.bytes(&known),
            others,
            cohort: self.cohort.bytes(&[]),
            patch: self.patch.as_ref().map(|patch| patch.bytes(&known)),
            alone: self.alone.iter().map(|one| write(one).into_bytes()).collect(),
            reference: self.reference.as_ref().map(|reference| reference.bytes(&[])),
            inputs: self.inputs,
            published: self.published.as_ref().map(|(published, full)| (published.bytes(&[]), *full)),
        }
    }
}

impl Document {
    fn bytes(&self, known: &[Methodology]) -> Vec<u8> {
        match self {
            Self::Bytes(bytes) => bytes.clone(),
            Self::Value(value) => {
                let mut value = value.clone();
                pin(&mut value, known);
                write(&value).into_bytes()
            }
        }
    }
}

/// Puts digests where pins say `@auto`.
fn pin(value: &mut Value, known: &[Methodology]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| pin(item, known)),
        Value::Object(members) => {
            if members.get("method_sha256").is_some_and(|digest| digest == "@auto") {
                let names = |other: &&Methodology| {
                    members.get("id").is_some_and(|id| id == other.id())
                        && members.get("version").is_some_and(|version| version == other.version())
                };
                let digest =
                    known.iter().find(names).map_or_else(|| "0".repeat(64), |other| other.method_digest().to_string());
                members.insert("method_sha256".into(), digest.into());
            }
            members.values_mut().for_each(|value| pin(value, known));
        }
        _ => {}
    }
}

fn sound(methodology: &Value, others: &[Value]) -> bool {
    let mut known: Vec<Methodology> = Vec::new();
    for other in others {
        match Methodology::from_json_with(&Document::Value(other.clone()).bytes(&known), &known) {
            Ok(methodology) => known.push(methodology),
            Err(_) => return false,
        }
    }
    Methodology::from_json_with(&Document::Value(methodology.clone()).bytes(&known), &known).is_ok()
}

/// A string that begins with this stands for the text after it, such as `1E2` or `-0`.
pub const RAW: char = '\u{1}';

/// A value as JSON text, members as they stand.
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    write_into(value, &mut text);
    text
}

fn write_into(value: &Value, text: &mut String) {
    match value {
        Value::String(string) if string.starts_with(RAW) => text.push_str(string.trim_start_matches(RAW)),
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                write_into(item, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            text.push('{');
            for (place, (name, value)) in members.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                text.push_str(&json!(name).to_string());
                text.push(':');
                write_into(value, text);
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}

/// A territory of a cohort with its accounts, as a cohort of one; the period is the reference's.
pub(crate) fn one_of(cohort: &Value, place: usize) -> Option<Value> {
    let territory = cohort["territories"].get(place)?;
    let id = territory.get("id")?;
    let old: Vec<&Value> = match territory.get("formerly").and_then(Value::as_array) {
        Some(ids) => ids.iter().collect(),
        None => vec![id],
    };
    let of = |list: &Value, ids: &[&Value]| -> Vec<Value> {
        list.as_array().into_iter().flatten().filter(|account| ids.contains(&&account["territory"])).cloned().collect()
    };
    let mut one = json!({
        "language": "bareme/1", "document": "cohort",
        "territories": [territory], "accounts": of(&cohort["accounts"], &[id]),
    });
    if let Some(previous) = cohort.get("previous") {
        one["previous"] = json!({"accounts": of(&previous["accounts"], &old)});
        if let Some(period) = previous.get("period") {
            one["previous"]["period"] = period.clone();
        }
    }
    if let Some(synthetic) = cohort.get("synthetic") {
        one["synthetic"] = synthetic.clone();
    }
    Some(one)
}
