//! The members of a publication and of a receipt, as types.

use std::collections::BTreeMap;

use crate::cohort::{AccountRecord, PeriodRecord, TerritoryRecord};
use crate::document::record::{At, FromJson, record, words, wrong_type};
use crate::document::{Digest, Json};
use crate::error::{Code, Fault, Faults, Text};
use crate::exact::Decimal;
use crate::methodology::Status;
use crate::scoring::ReferenceDocument;

/// Most notes of a publication.
pub const MAX_NOTES: usize = 100;
/// Longest note, and longest reason of an erratum, in characters.
pub const MAX_NOTE: usize = 1_000;

record! {
    /// The open-data document of a scoring.
    PublicationDocument {
        /// The language version, `bareme/1`.
        language: String,
        /// The kind of document, `publication`.
        document: String,
        /// What binds everything else.
        head: Head,
        /// The digest of the head: the publication's digest.
        sha256: Digest,
        /// The methodologies, whole, each after those that it pins; the root last.
        methodologies: Vec<Object>,
        /// The reference document; left out when the inputs are.
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<ReferenceDocument>,
        /// The scores of groups, by roll-up.
        #[serde(skip_serializing_if = "Option::is_none")]
        roll_ups: Option<BTreeMap<String, Vec<RollUpGroup>>>,
        /// The territories, by increasing id.
        rows: Vec<RowRecord>,
        /// What no digest covers: who sent it, and a signature.
        #[serde(skip_serializing_if = "Option::is_none")]
        envelope: Option<Envelope>,
    }
}

record! {
    /// One row of a publication, and what proves that it belongs to it.
    ReceiptDocument {
        /// The language version, `bareme/1`.
        language: String,
        /// The kind of document, `receipt`.
        document: String,
        /// The publication's head.
        head: Head,
        /// The publication's digest.
        sha256: Digest,
        /// The publication's methodologies.
        methodologies: Vec<Object>,
        /// The publication's reference; may be left out to make the receipt small.
        #[serde(skip_serializing_if = "Option::is_none")]
        reference: Option<ReferenceDocument>,
        /// The territory's row.
        row: RowRecord,
        /// What leads from the row to the root in the head.
        proof: Proof,
        /// The publication's envelope.
        #[serde(skip_serializing_if = "Option::is_none")]
        envelope: Option<Envelope>,
    }
}

record! {
    /// What binds a publication together; the publication's digest is the head's.
    Head {
        /// The language version, `bareme/1`.
        language: String,
        /// The root methodology.
        methodology: MethodologyName,
        /// The other methodologies, in the order of the documents.
        #[serde(skip_serializing_if = "Option::is_none")]
        pinned: Option<Vec<MethodologyName>>,
        /// The period of the metrics.
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<PeriodRecord>,
        /// The previous period.
        #[serde(skip_serializing_if = "Option::is_none")]
        previous_period: Option<PeriodRecord>,
        /// The vintages of the populations, increasing.
        #[serde(skip_serializing_if = "Option::is_none")]
        population_vintages: Option<Vec<String>>,
        /// The digest of the cohort.
        cohort_sha256: Digest,
        /// Are the cohort's numbers invented? No when left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        synthetic: Option<bool>,
        /// Whether the rows hold their inputs or a digest of them.
        inputs: Inputs,
        /// The digest of the reference document.
        reference_sha256: Digest,
        /// The digest of the roll-ups.
        #[serde(skip_serializing_if = "Option::is_none")]
        roll_ups_sha256: Option<Digest>,
        /// The number of rows.
        rows: u32,
        /// The root of the Merkle tree of the rows' digests.
        rows_root: Digest,
        /// What the publisher wants known.
        #[serde(skip_serializing_if = "Option::is_none")]
        notes: Option<Vec<Note>>,
        /// Of an erratum, what it replaces.
        #[serde(skip_serializing_if = "Option::is_none")]
        supersedes: Option<Supersedes>,
    }
}

record! {
    /// A methodology named beyond doubt, with what it claims to be.
    MethodologyName {
        /// Its id.
        id: String,
        /// Its version.
        version: String,
        /// The weakest claim of it and of those that it pins.
        status: Status,
        /// Its method digest.
        method_sha256: Digest,
        /// The digest of its whole document.
        document_sha256: Digest,
    }
}

words! {
    /// What the rows say of their inputs.
    Inputs {
        /// Everything: a publication is open data.
        Included = "included",
        /// A digest of them.
        Digest = "digest",
    }
}

record! {
    /// The publication that an erratum replaces.
    Supersedes {
        /// Its digest.
        sha256: Digest,
        /// Why it is replaced.
        reason: Note,
    }
}

record! {
    /// What a publication says of one territory.
    RowRecord {
        /// The territory as the cohort has it; only id, name and structure type without the inputs.
        territory: TerritoryRecord,
        /// Its accounts as the cohort has them.
        #[serde(skip_serializing_if = "Option::is_none")]
        accounts: Option<Vec<AccountRecord>>,
        /// Its accounts of the previous period.
        #[serde(skip_serializing_if = "Option::is_none")]
        previous: Option<Vec<AccountRecord>>,
        /// The digest of the inputs, when they are not included.
        #[serde(skip_serializing_if = "Option::is_none")]
        inputs_sha256: Option<Digest>,
        /// What the root methodology claims to be.
        status: Status,
        /// The method digest of the root methodology.
        method_sha256: Digest,
        /// Are the numbers invented? No when left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        synthetic: Option<bool>,
        /// What the methodology gives the territory.
        result: ResultRecord,
        /// The digest of the row without this member.
        sha256: Digest,
    }
}

record! {
    /// What a methodology gives a territory.
    ResultRecord {
        /// Its stratum; left out when it belongs to none.
        #[serde(skip_serializing_if = "Option::is_none")]
        stratum: Option<String>,
        /// The root, and every other index that has a value, by id.
        indices: BTreeMap<String, IndexRecord>,
        /// The criteria that say something, by indicator and network; the network is empty when there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        criteria: Option<BTreeMap<String, BTreeMap<String, CriterionRecord>>>,
        /// The place and the number ranked, by view and group.
        #[serde(skip_serializing_if = "Option::is_none")]
        ranks: Option<BTreeMap<String, BTreeMap<String, PlaceAmong>>>,
        /// Its grade.
        #[serde(skip_serializing_if = "Option::is_none")]
        grade: Option<String>,
        /// What there is to know about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        flags: Option<Vec<FlagRecord>>,
        /// What the methodologies that are pinned give it.
        #[serde(skip_serializing_if = "Option::is_none")]
        parts: Option<Vec<PartRecord>>,
    }
}

record! {
    /// What a pinned methodology gives a territory.
    PartRecord {
        /// The pinned methodology's id.
        id: String,
        /// Its version.
        version: String,
        /// The stratum; left out when the territory belongs to none.
        #[serde(skip_serializing_if = "Option::is_none")]
        stratum: Option<String>,
        /// The root, and every other index that has a value, by id.
        indices: BTreeMap<String, IndexRecord>,
        /// The criteria that say something, by indicator and network; the network is empty when there is none.
        #[serde(skip_serializing_if = "Option::is_none")]
        criteria: Option<BTreeMap<String, BTreeMap<String, CriterionRecord>>>,
        /// What there is to know about it.
        #[serde(skip_serializing_if = "Option::is_none")]
        flags: Option<Vec<FlagRecord>>,
        /// What the methodologies that it pins give the territory.
        #[serde(skip_serializing_if = "Option::is_none")]
        parts: Option<Vec<PartRecord>>,
    }
}

record! {
    /// An index: `score` and `published`, or `state`.
    IndexRecord {
        /// The exact value rounded to binary64.
        #[serde(skip_serializing_if = "Option::is_none")]
        score: Option<Decimal>,
        /// The exact value rounded to the methodology's decimals.
        #[serde(skip_serializing_if = "Option::is_none")]
        published: Option<String>,
        /// The applied weights of its children, in the methodology's order.
        #[serde(skip_serializing_if = "Option::is_none")]
        weights: Option<Vec<Decimal>>,
        /// Why there is no value.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
    }
}

record! {
    /// A criterion.
    CriterionRecord {
        /// The raw value, rounded to binary64.
        #[serde(skip_serializing_if = "Option::is_none")]
        raw: Option<Decimal>,
        /// The state of the raw value, `present` when left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        state: Option<String>,
        /// The mark, rounded to binary64.
        #[serde(skip_serializing_if = "Option::is_none")]
        mark: Option<Decimal>,
    }
}

record! {
    /// Something there is to know about a territory's score.
    FlagRecord {
        /// What.
        code: String,
        /// Of what.
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// The network.
        #[serde(skip_serializing_if = "Option::is_none")]
        network: Option<String>,
        /// Why.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    }
}

record! {
    /// The score of a group.
    RollUpGroup {
        /// The group.
        group: String,
        /// The weighted mean of the members' scores.
        #[serde(skip_serializing_if = "Option::is_none")]
        score: Option<Decimal>,
        /// The same, rounded to the methodology's decimals.
        #[serde(skip_serializing_if = "Option::is_none")]
        published: Option<String>,
        /// The number of members that count.
        members: u32,
        /// The number of members left out.
        left_out: u32,
    }
}

record! {
    /// What leads from a row to the root: RFC 9162, section 2.1.3.
    Proof {
        /// The row's place, from 0.
        index: u32,
        /// The hashes that are missing, from the leaf upwards.
        path: Vec<Digest>,
    }
}

record! {
    /// What no digest covers.
    Envelope {
        /// What wrote the publication.
        #[serde(skip_serializing_if = "Option::is_none")]
        package: Option<Package>,
        /// On what it was written.
        #[serde(skip_serializing_if = "Option::is_none")]
        platform: Option<String>,
        /// When, as told by whoever asked for it: RFC 3339.
        #[serde(skip_serializing_if = "Option::is_none")]
        time: Option<String>,
        /// Who vouches for the publication's digest.
        #[serde(skip_serializing_if = "Option::is_none")]
        signature: Option<Signature>,
    }
}

record! {
    /// A package.
    Package {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
    }
}

record! {
    /// A signature of a publication's digest.
    Signature {
        /// How it is made.
        algorithm: Algorithm,
        /// The public key, 64 hexadecimal digits.
        public_key: Hex<32>,
        /// The signature, 128 hexadecimal digits.
        signature: Hex<64>,
    }
}

words! {
    /// How a signature is made.
    Algorithm {
        /// Ed25519, RFC 8032.
        Ed25519 = "ed25519",
    }
}

/// Bytes written as lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hex<const N: usize>(pub [u8; N]);

impl<const N: usize> Hex<N> {
    /// Reads exactly as many lower-case digits as there must be.
    pub fn parse(text: &str) -> Option<Self> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte.wrapping_sub(b'0')),
            b'a'..=b'f' => Some(byte.wrapping_sub(b'a').wrapping_add(10)),
            _ => None,
        };
        let mut bytes = [0; N];
        let mut digits = text.bytes();
        for byte in &mut bytes {
            *byte = (digit(digits.next()?)? << 4) | digit(digits.next()?)?;
        }
        digits.next().is_none().then_some(Self(bytes))
    }
}

impl<const N: usize> std::fmt::Display for Hex<N> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl<const N: usize> serde::Serialize for Hex<N> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<const N: usize> FromJson for Hex<N> {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let text = String::from_json(json, at, faults)?;
        Self::parse(&text).or_else(|| not_hex(&text, N.saturating_mul(2), at, faults))
    }
}

impl FromJson for Digest {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let text = String::from_json(json, at, faults)?;
        Self::parse(&text).or_else(|| not_hex(&text, 64, at, faults))
    }
}

fn not_hex<T>(text: &str, digits: usize, at: &At<'_>, faults: &mut Faults) -> Option<T> {
    let expected = Text::new(
        format!("{digits} chiffres hexadécimaux minuscules"),
        format!("{digits} lower-case hexadecimal digits"),
    );
    faults.push(Fault::new(Code::OutOfRange, at.place(), text, expected));
    None
}

impl Supersedes {
    /// What an erratum replaces: a digest, of 64 hexadecimal digits, and why.
    ///
    /// # Errors
    /// `out_of_range` at `/sha256` or `/reason`, for what is no digest or may be no note.
    pub fn new(sha256: &str, reason: &str) -> Result<Self, Faults> {
        let member = |name: &str, text: &str| (name.to_owned(), Json::String(text.to_owned()));
        let json = Json::Object(vec![member("reason", reason), member("sha256", sha256)]);
        let mut faults = Faults::new();
        Self::from_json(&json, &At::ROOT, &mut faults).filter(|_| faults.is_empty()).ok_or(faults)
    }
}

/// A sentence of the publisher: 1 to [`MAX_NOTE`] characters, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Note(String);

impl Note {
    /// A note, if the text may be one.
    ///
    /// # Errors
    /// `out_of_range` for one that is empty, too long or holds a control character.
    pub fn new(text: &str) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let note = Self::from_json(&Json::String(text.to_owned()), &At::ROOT, &mut faults);
        note.ok_or(faults)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromJson for Note {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let text = String::from_json(json, at, faults)?;
        if text.trim().is_empty() || text.chars().count() > MAX_NOTE || text.chars().any(char::is_control) {
            let expected = Text::new(
                format!("1 à {MAX_NOTE} caractères, sans retour à la ligne"),
                format!("1 to {MAX_NOTE} characters, no line break"),
            );
            faults.push(Fault::new(Code::OutOfRange, at.place(), text, expected));
            return None;
        }
        Some(Self(text))
    }
}

/// A place and the number ranked, written `[place, of]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct PlaceAmong(pub u32, pub u32);

impl FromJson for PlaceAmong {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Array(items) if items.len() == 2 => {
                let mut read =
                    items.iter().enumerate().filter_map(|(place, item)| u32::from_json(item, &at.index(place), faults));
                Some(Self(read.next()?, read.next()?))
            }
            _ => wrong_type(json, at, faults, "deux nombres entiers", "two whole numbers"),
        }
    }
}

/// A document that other pages define, kept as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Object(pub(crate) Json);

impl FromJson for Object {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Object(_) => Some(Self(json.clone())),
            _ => wrong_type(json, at, faults, "un objet", "an object"),
        }
    }
}

impl serde::Serialize for Object {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = crate::document::canonical::text(&self.0);
        let value: serde_json::Value = serde_json::from_str(&text).map_err(serde::ser::Error::custom)?;
        value.serialize(serializer)
    }
}

#[cfg(feature = "schema")]
mod schema {
    use std::borrow::Cow;

    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

    use super::{Hex, MAX_NOTE, Note, Object, PlaceAmong};
    use crate::document::Digest;

    macro_rules! inline {
        ($type:ty $(, for [$($generics:tt)*])?, $name:literal, $schema:expr) => {
            impl$(<$($generics)*>)? JsonSchema for $type {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> Cow<'static, str> {
                    $name.into()
                }

                fn json_schema(_: &mut SchemaGenerator) -> Schema {
                    $schema
                }
            }
        };
    }

    inline!(Digest, "Digest", json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" }));
    inline!(
        Hex<N>,
        for [const N: usize],
        "Hex",
        json_schema!({ "type": "string", "pattern": format!("^[0-9a-f]{{{}}}$", N.saturating_mul(2)) })
    );
    inline!(Note, "Note", json_schema!({ "type": "string", "minLength": 1, "maxLength": MAX_NOTE }));
    inline!(
        PlaceAmong,
        "PlaceAmong",
        json_schema!({ "type": "array", "items": { "type": "integer", "minimum": 0 }, "minItems": 2, "maxItems": 2 })
    );
    inline!(Object, "Object", json_schema!({ "type": "object" }));
}
