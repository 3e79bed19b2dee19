//! The methodology: a document that says everything a score depends on.
//!
//! [`model`] is what the format can say, [`formula`] its language of formulas, `check` what makes a
//! document sound, [`catalogue`] the documents that the crate embeds.

pub mod catalogue;
mod check;
mod criteria;
pub mod formula;
pub mod model;
mod program;
mod render;
mod views;
mod weights;

use std::sync::Arc;

pub use criteria::Criterion;
pub(crate) use criteria::{Above, ChildNode, Flat, Order};
pub use model::{Document, Status};
pub(crate) use program::{Condition, Program, Rule, Source, Term, Variable, Variables};
pub(crate) use views::unknown_view;
pub use weights::{WeightCase, WeightsByCase};

use crate::document::record::{At, FromJson};
use crate::document::{Digest, Json, LANGUAGE, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};

/// Largest methodology document, in bytes.
pub const MAX_BYTES: usize = 1 << 20;

/// A sound methodology document.
///
/// Cheap to clone: clones share the document.
#[derive(Debug, Clone)]
pub struct Methodology {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    json: Json,
    document: Document,
    flat: Flat,
    /// The methodologies that it pins, in the order of [`Flat::pins`].
    pinned: Vec<Methodology>,
    document_digest: Digest,
    method_digest: Digest,
}

impl Methodology {
    /// Reads a methodology document.
    ///
    /// # Errors
    /// Every fault of its text, its shape and its meaning, each with its JSON Pointer.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Faults> {
        Self::from_json_with(bytes, &[])
    }

    /// Reads a methodology document that pins others: those it pins must be among `others`. The core
    /// never searches for a document.
    ///
    /// # Errors
    /// As [`Self::from_json`]; `unknown_methodology` for a pin that is not among `others`,
    /// `pin_mismatch` for one whose digest differs.
    pub fn from_json_with(bytes: &[u8], others: &[Self]) -> Result<Self, Faults> {
        Self::from_value(Json::parse(bytes, MAX_BYTES)?, others)
    }

    /// Reads documents of which some pin others, whatever their order: each with those that could be read,
    /// and with `known`. The answers stand in the order of the documents.
    pub fn read_all<T: AsRef<[u8]>>(documents: &[T], known: &[Self]) -> Vec<Result<Self, Faults>> {
        let mut read: Vec<Option<Result<Self, Faults>>> = documents.iter().map(|_| None).collect();
        let mut moved = true;
        while std::mem::take(&mut moved) {
            let sound = read.iter().flatten().filter_map(|one| one.as_ref().ok());
            let at_hand: Vec<Self> = sound.chain(known).cloned().collect();
            for (document, read) in documents.iter().zip(&mut read).filter(|(_, read)| !matches!(read, Some(Ok(_)))) {
                let again = Self::from_json_with(document.as_ref(), &at_hand);
                moved |= again.is_ok();
                *read = Some(again);
            }
        }
        read.into_iter().flatten().collect()
    }

    fn from_value(json: Json, others: &[Self]) -> Result<Self, Faults> {
        supported(&json, "methodology")?;
        let mut faults = Faults::new();
        let document = Document::from_json(&json, &At::ROOT, &mut faults);
        let Some(document) = document.filter(|_| faults.is_empty()) else {
            return Err(faults);
        };
        let (flat, pinned) = check::check(&document, others)?;
        let document_digest = Digest::of(&json);
        let method_digest = Digest::of(&method(&json));
        Ok(Self { inner: Arc::new(Inner { json, document, flat, pinned, document_digest, method_digest }) })
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.inner.document
    }

    /// The document as canonical JSON (RFC 8785).
    pub fn to_json(&self) -> String {
        canonical::text(&self.inner.json)
    }

    /// The id.
    pub fn id(&self) -> &str {
        &self.inner.document.id
    }

    /// The version.
    pub fn version(&self) -> &str {
        &self.inner.document.version
    }

    /// What the methodology claims to be: the weakest claim of its document and of those that it pins.
    pub fn status(&self) -> Status {
        let pinned = self.inner.pinned.iter().map(Self::status);
        pinned.fold(self.inner.document.status, std::cmp::Ord::min)
    }

    /// The methodologies that it pins, each once.
    pub fn pinned(&self) -> &[Self] {
        &self.inner.pinned
    }

    /// This methodology and all that it pins, at any depth, each once and after those that it pins
    /// itself: in this order they can be read one after the other.
    pub fn family(&self) -> Vec<Self> {
        fn visit(methodology: &Methodology, family: &mut Vec<Methodology>) {
            if family.iter().any(|known| known.document_digest() == methodology.document_digest()) {
                return;
            }
            methodology.pinned().iter().for_each(|pinned| visit(pinned, family));
            family.push(methodology.clone());
        }
        let mut family = Vec::new();
        visit(self, &mut family);
        family
    }

    /// Is this the methodology that `pin` names?
    pub(crate) fn is(&self, pin: &model::Pin) -> bool {
        self.id() == pin.id && self.version() == pin.version && self.method_digest().to_string() == pin.method_sha256
    }

    /// SHA-256 of the whole document, in canonical form.
    pub fn document_digest(&self) -> Digest {
        self.inner.document_digest
    }

    /// SHA-256 of the method alone: of the document without what only speaks to people. A corrected
    /// typo leaves it as it is; whatever could change a score changes it.
    pub fn method_digest(&self) -> Digest {
        self.inner.method_digest
    }

    /// Another methodology: this one changed by a JSON Merge Patch (RFC 7396). Its status becomes
    /// `variant`, and it names this one in `variant_of`; a patch that gives no version gets this
    /// one's with `+variant`.
    ///
    /// # Errors
    /// The faults of the patch's text, or of the changed document.
    ///
    /// ```
    /// # fn main() -> Result<(), bareme::Faults> {
    /// let official = bareme::catalogue::observatoire_instagram_2017_10();
    /// let variant = official.variant(br#"{"version": "2017.10+two-decimals", "publication": {"decimals": 2}}"#)?;
    /// assert_eq!(variant.status(), bareme::methodology::Status::Variant);
    /// assert_ne!(variant.method_digest(), official.method_digest());
    /// # Ok(())
    /// # }
    /// ```
    pub fn variant(&self, patch: &[u8]) -> Result<Self, Faults> {
        let patch = Json::parse(patch, MAX_BYTES)?;
        if !matches!(patch, Json::Object(_)) {
            let expected = Text::new("un objet : ce qui change", "an object: what changes");
            return Err(Fault::new(Code::WrongType, Place::Pointer(String::new()), patch.shown(), expected).into());
        }
        let mut json = self.inner.json.clone();
        json.merge(&patch);
        let text = |text: &str| Json::String(text.to_owned());
        let mut forced = vec![
            ("status".to_owned(), text("variant")),
            (
                "variant_of".to_owned(),
                Json::Object(vec![
                    ("id".to_owned(), text(self.id())),
                    ("version".to_owned(), text(self.version())),
                    ("method_sha256".to_owned(), text(&self.method_digest().to_string())),
                ]),
            ),
        ];
        if patch.get("version").is_none() {
            forced.push(("version".to_owned(), text(&format!("{}+variant", self.version()))));
        }
        json.merge(&Json::Object(forced));
        Self::from_value(json, self.pinned())
    }

    /// Every indicator and network that an index, a view or a tie-breaker uses.
    pub fn criteria(&self) -> &[Criterion] {
        &self.inner.flat.criteria
    }

    /// What columns call the [criteria](Self::criteria): the indicator's id, and the network's after a point
    /// where the indicator has several criteria.
    pub fn criterion_names(&self) -> Vec<String> {
        let criteria = self.criteria();
        let several = |one: &Criterion| criteria.iter().filter(|other| other.indicator == one.indicator).count() > 1;
        let names = criteria.iter().map(|criterion| {
            let indicator = self.document().indicators.get(criterion.indicator);
            let id = indicator.map(|indicator| indicator.id.as_str()).unwrap_or_default();
            match criterion.network.as_ref().filter(|_| several(criterion)) {
                Some(network) => format!("{id}.{network}"),
                None => id.to_owned(),
            }
        });
        names.collect()
    }

    /// Does any formula or predicate read `days`, here or in a methodology that is pinned?
    pub fn uses_days(&self) -> bool {
        self.flat().uses_days || self.pinned().iter().any(Self::uses_days)
    }

    pub(crate) fn flat(&self) -> &Flat {
        &self.inner.flat
    }
}

/// Refuses a document of another language version or of another kind, before anything else is read
/// with the wrong rules.
pub(crate) fn supported(json: &Json, kind: &str) -> Result<(), Faults> {
    let mut faults = Faults::new();
    let mut require = |member: &str, value: &str, code: Code| {
        let found = json.get(member);
        if found.and_then(Json::as_str) != Some(value) {
            let place = Place::Pointer(if found.is_some() { format!("/{member}") } else { String::new() });
            let code = if found.is_some() { code } else { Code::MissingField };
            let expected = format!("\"{member}\": \"{value}\"");
            faults.push(Fault::new(
                code,
                place,
                found.map(Json::shown).unwrap_or_default(),
                Text::new(expected.clone(), expected),
            ));
        }
    };
    if matches!(json, Json::Object(_)) {
        require("language", LANGUAGE, Code::LanguageUnsupported);
        require("document", kind, Code::UnknownValue);
    } else {
        let expected = Text::new("un objet", "an object");
        faults.push(Fault::new(Code::WrongType, Place::Pointer(String::new()), json.shown(), expected));
    }
    faults.into_result(())
}

/// Members that only speak to people, wherever they stand.
const PRESENTATION: &[&str] =
    &["title", "label", "description", "unit", "sources", "conflicts", "provenance", "status", "variant_of"];

/// Members whose own keys are names that the document gives, never presentation.
const NAMES: &[&str] = &["structure_types", "networks", "metrics", "attributes", "by_structure_type", "by_stratum"];

/// The method alone: the document without its presentation.
fn method(json: &Json) -> Json {
    match json {
        Json::Object(members) => Json::Object(
            members
                .iter()
                .filter(|(name, _)| !PRESENTATION.contains(&name.as_str()))
                .map(|(name, value)| {
                    let value = match value {
                        Json::Object(named) if NAMES.contains(&name.as_str()) => {
                            Json::Object(named.iter().map(|(name, value)| (name.clone(), method(value))).collect())
                        }
                        other => method(other),
                    };
                    (name.clone(), value)
                })
                .collect(),
        ),
        Json::Array(items) => Json::Array(items.iter().map(method).collect()),
        other => other.clone(),
    }
}
