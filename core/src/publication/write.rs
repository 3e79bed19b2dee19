//! A scoring into a publication, and a row of it into a receipt.

use std::collections::HashMap;
use std::fmt::{self, Write};

use super::body::{Body, Published, as_json};
use super::document::{
    Envelope, Head, Inputs, MAX_NOTES, MethodologyName, Note, Package, Proof, RollUpGroup, Supersedes,
};
use super::merkle;
use super::row::{Row, rows};
use super::signature::SigningKey;
use crate::cohort::{self, KnownBy, Period, PeriodRecord};
use crate::document::{Digest, Json, LANGUAGE, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::Decimal;
use crate::{Methodology, Scoring};

/// What a publisher may choose.
#[derive(Debug, Clone)]
pub struct PublicationOptions {
    /// Whether the rows hold their inputs, as open data should, or only a digest of them.
    pub inputs: Inputs,
    /// What readers must know.
    pub notes: Vec<Note>,
    /// Of an erratum, what it replaces.
    pub supersedes: Option<Supersedes>,
    /// What no digest covers. The signature is put there by [`Publication::sign`].
    pub envelope: Envelope,
}

impl Default for PublicationOptions {
    fn default() -> Self {
        Self {
            inputs: Inputs::Included,
            notes: Vec::new(),
            supersedes: None,
            envelope: Envelope { package: None, platform: None, time: None, signature: None },
        }
    }
}

impl Envelope {
    /// What this build says of itself, whichever language asked it, and the time that its caller gives.
    pub fn of_this_build(time: Option<String>) -> Self {
        let package = Package { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() };
        let platform = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
        Self { package: Some(package), platform: Some(platform), time, signature: None }
    }
}

/// The open-data document of a scoring.
#[derive(Debug, Clone)]
pub struct Publication {
    pub(super) body: Body,
    /// The canonical text of the roll-ups.
    pub(super) roll_ups: Option<String>,
    pub(super) rows: Vec<Row>,
}

/// One row of a publication, and what proves that it belongs to it.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub(super) body: Body,
    pub(super) row: Row,
    pub(super) proof: Proof,
}

/// The parts of a publication that a scoring gives, whoever publishes it.
pub(super) struct Parts {
    pub(super) rows: Vec<Row>,
    pub(super) reference: String,
    pub(super) roll_ups: Option<String>,
}

impl Parts {
    pub(super) fn of(scoring: &Scoring, inputs: Inputs) -> Result<Self, Faults> {
        Ok(Self {
            rows: rows(scoring, inputs),
            reference: canonical::text(&as_json(&scoring.reference_document())?),
            roll_ups: roll_ups(scoring)?,
        })
    }

    /// The rows by the ids of their territories.
    pub(super) fn by_id(&self) -> HashMap<&str, &Row> {
        self.rows.iter().map(|row| (row.id.as_str(), row)).collect()
    }
}

fn roll_ups(scoring: &Scoring) -> Result<Option<String>, Faults> {
    let all = scoring.all_roll_ups();
    if all.is_empty() {
        return Ok(None);
    }
    let groups = |groups: Vec<crate::scoring::GroupScore>| {
        let groups = groups.into_iter().map(|group| RollUpGroup {
            group: group.group,
            score: group.score.and_then(Decimal::new),
            published: group.published,
            members: group.members,
            left_out: group.left_out,
        });
        groups.collect::<Vec<_>>()
    };
    let all: std::collections::BTreeMap<_, _> = all.into_iter().map(|(id, all)| (id, groups(all))).collect();
    Ok(Some(canonical::text(&as_json(&all)?)))
}

/// The names of the methodologies: of the root, and of the others in their order.
pub(super) fn names(root: &Methodology) -> (MethodologyName, Option<Vec<MethodologyName>>) {
    let name = |methodology: &Methodology| MethodologyName {
        id: methodology.id().to_owned(),
        version: methodology.version().to_owned(),
        status: methodology.status(),
        method_sha256: methodology.method_digest(),
        document_sha256: methodology.document_digest(),
    };
    let mut family = root.family();
    family.pop();
    let others: Vec<MethodologyName> = family.iter().map(name).collect();
    (name(root), (!others.is_empty()).then_some(others))
}

/// The vintages of the populations, each once, in the order of their bytes.
pub(super) fn vintages(rows: &[Row]) -> Option<Vec<String>> {
    let all: std::collections::BTreeSet<&String> = rows.iter().filter_map(|row| row.vintage.as_ref()).collect();
    (!all.is_empty()).then(|| all.into_iter().cloned().collect())
}

pub(super) fn record(period: Option<Period>) -> Option<PeriodRecord> {
    period.map(|period| PeriodRecord { from: period.from().to_string(), to: period.to().to_string() })
}

/// The digests of rows, in their order.
pub(super) fn digests(rows: &[Row]) -> Vec<Digest> {
    rows.iter().map(|row| row.digest).collect()
}

impl Scoring {
    /// The publication of this scoring.
    ///
    /// # Errors
    /// `limit_exceeded` for too many notes, `invalid_date` for a time in the envelope that is none.
    pub fn publication(&self, options: &PublicationOptions) -> Result<Publication, Faults> {
        let mut faults = Faults::new();
        if options.notes.len() > MAX_NOTES {
            let expected = Text::new(format!("au plus {MAX_NOTES}"), format!("at most {MAX_NOTES}"));
            let place = Place::Pointer("/head/notes".into());
            faults.push(Fault::new(Code::LimitExceeded, place, options.notes.len(), expected));
        }
        if let Some(time) = options.envelope.time.as_deref().filter(|time| !is_time(time)) {
            let place = Place::Pointer("/envelope/time".into());
            let expected = Text::new(
                "un instant RFC 3339, comme 2026-11-24T12:00:00Z",
                "an RFC 3339 time, such as 2026-11-24T12:00:00Z",
            );
            faults.push(Fault::new(Code::InvalidDate, place, time, expected));
        }
        faults.into_result(())?;
        let parts = Parts::of(self, options.inputs)?;
        let (methodology, pinned) = names(self.methodology());
        let digest = |text: &String| Digest::of_bytes(text.as_bytes());
        let head = Head {
            language: LANGUAGE.to_owned(),
            methodology,
            pinned,
            period: record(self.cohort().period()),
            previous_period: record(self.cohort().previous_period()),
            population_vintages: vintages(&parts.rows),
            cohort_sha256: self.cohort().digest(),
            synthetic: self.cohort().is_synthetic().then_some(true),
            inputs: options.inputs,
            reference_sha256: digest(&parts.reference),
            roll_ups_sha256: parts.roll_ups.as_ref().map(digest),
            rows: u32::try_from(parts.rows.len()).unwrap_or(u32::MAX),
            rows_root: merkle::root(&digests(&parts.rows)),
            notes: (!options.notes.is_empty()).then(|| options.notes.clone()),
            supersedes: options.supersedes.clone(),
        };
        let head_text = canonical::text(&as_json(&head)?);
        let body = Body {
            stated: Digest::of_bytes(head_text.as_bytes()),
            head,
            head_text,
            methodologies: self.methodology().family(),
            root: self.methodology().clone(),
            reference: (options.inputs == Inputs::Included).then_some(parts.reference),
            read: None,
            envelope: options.envelope.clone(),
            canonical: true,
        };
        Ok(Publication { body, roll_ups: parts.roll_ups, rows: parts.rows })
    }
}

/// Is this a time as RFC 3339 writes it?
fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else { return false };
    let two = |text: &str, most: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number <= most);
    let clock = |text: &str, parts: &[u8]| {
        let given: Vec<&str> = text.split(':').collect();
        given.len() == parts.len() && given.iter().zip(parts).all(|(given, most)| two(given, *most))
    };
    let (clock_text, zone) = match time.find(['Z', 'z', '+', '-']) {
        Some(place) => time.split_at(place),
        None => return false,
    };
    let (whole, fraction) = clock_text.split_once('.').unwrap_or((clock_text, "0"));
    let zone = matches!(zone, "Z" | "z") || zone.get(1..).is_some_and(|offset| clock(offset, &[23, 59]));
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && !time.contains("+:") && text.len() <= 64;
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    plain && crate::cohort::Date::parse(date).is_some() && clock(whole, &[23, 59, 60]) && digits && zone
}

impl Publication {
    /// Reads a publication.
    ///
    /// # Errors
    /// As [`Published::from_json`]; `unknown_value` for a receipt.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Faults> {
        match Published::from_json(bytes)? {
            Published::Publication(publication) => Ok(*publication),
            Published::Receipt(_) => Err(other_kind("publication", "receipt")),
        }
    }

    /// The publication's digest: that of its head.
    pub fn digest(&self) -> Digest {
        self.body.digest()
    }

    /// The head.
    pub fn head(&self) -> &Head {
        &self.body.head
    }

    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.body.envelope
    }

    /// The methodology.
    pub fn methodology(&self) -> &Methodology {
        &self.body.root
    }

    /// The ids of the territories and the digests of their rows, by increasing id.
    pub fn rows(&self) -> impl Iterator<Item = (&str, Digest)> {
        self.rows.iter().map(|row| (row.id.as_str(), row.digest))
    }

    /// Puts a signature of the digest into the envelope.
    pub fn sign(&mut self, key: &SigningKey) {
        self.body.envelope.signature = Some(key.sign(&self.digest()));
    }

    /// The document, in canonical form.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write(&mut out);
        out
    }

    /// Writes the document, in canonical form.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> fmt::Result {
        self.body.write("publication", out)?;
        self.body.write_reference(out)?;
        if let Some(roll_ups) = &self.roll_ups {
            write!(out, ",\"roll_ups\":{roll_ups}")?;
        }
        out.write_str(",\"rows\":[")?;
        for (place, row) in self.rows.iter().enumerate() {
            if place > 0 {
                out.write_char(',')?;
            }
            out.write_str(&row.text(true))?;
        }
        write!(out, "],\"sha256\":\"{}\"}}", self.body.stated)
    }

    /// The receipt of one territory, by its id or its name as in [`Cohort::find`](crate::Cohort::find); `reference`
    /// says whether it carries the reference, without which it is small but needs it to be verified by its values.
    ///
    /// # Errors
    /// `territory_not_found`, `ambiguous_territory`.
    pub fn receipt(&self, territory: &str, reference: bool) -> Result<Receipt, Faults> {
        let place = self.find(territory)?;
        let Some(row) = self.rows.get(place) else {
            return Err(Fault::new(Code::Internal, Place::Pointer(String::new()), territory, Text::default()).into());
        };
        let mut body = self.body.clone();
        if !reference {
            (body.reference, body.read) = (None, None);
        }
        let path = merkle::path(&digests(&self.rows), place);
        let proof = Proof { index: u32::try_from(place).unwrap_or(u32::MAX), path };
        Ok(Receipt { body, row: row.clone(), proof })
    }

    /// The place of the row of a territory.
    fn find(&self, territory: &str) -> Result<usize, Faults> {
        // Mostly it is an id, and no row needs to be read.
        if let Some(place) = self.rows.iter().position(|row| row.id == territory) {
            return Ok(place);
        }
        let known = self.rows.iter().map(|row| Json::parse(row.territory.as_bytes(), row.territory.len()));
        let known = known.collect::<Result<Vec<_>, _>>()?;
        let known = known.iter().enumerate().map(|(place, known)| {
            let text = |name: &str| known.get(name).and_then(Json::as_str);
            let known = KnownBy {
                id: text("id").unwrap_or_default(),
                name: text("name").unwrap_or_default(),
                structure_type: text("structure_type").unwrap_or_default(),
                department: text("department"),
            };
            (place, known)
        });
        cohort::find(territory, &known.collect::<Vec<_>>())
    }
}

impl Receipt {
    /// Reads a receipt.
    ///
    /// # Errors
    /// As [`Published::from_json`]; `unknown_value` for a publication.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Faults> {
        match Published::from_json(bytes)? {
            Published::Receipt(receipt) => Ok(*receipt),
            Published::Publication(_) => Err(other_kind("receipt", "publication")),
        }
    }

    /// The publication's digest.
    pub fn digest(&self) -> Digest {
        self.body.digest()
    }

    /// The territory's id.
    pub fn id(&self) -> &str {
        &self.row.id
    }

    /// The methodology.
    pub fn methodology(&self) -> &Methodology {
        &self.body.root
    }

    /// The document, in canonical form.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        // Writing to a `String` cannot fail.
        let _ = self.write(&mut out);
        out
    }

    /// Writes the document, in canonical form.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write) -> fmt::Result {
        self.body.write("receipt", out)?;
        let path: Vec<String> = self.proof.path.iter().map(|hash| format!("\"{hash}\"")).collect();
        write!(out, ",\"proof\":{{\"index\":{},\"path\":[{}]}}", self.proof.index, path.join(","))?;
        self.body.write_reference(out)?;
        write!(out, ",\"row\":{},\"sha256\":\"{}\"}}", self.row.text(true), self.body.stated)
    }
}

fn other_kind(expected: &str, found: &str) -> Faults {
    let expected = format!("\"document\": \"{expected}\"");
    let text = Text::new(expected.clone(), expected);
    Fault::new(Code::UnknownValue, Place::Pointer("/document".into()), found, text).into()
}
