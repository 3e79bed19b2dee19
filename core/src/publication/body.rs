//! What a publication and a receipt share, and how both are read.

use std::fmt::{self, Write};

use super::document::{Envelope, Head, Inputs, MAX_NOTES, Proof, RollUpGroup};
use super::row::{Row, not_here};
use super::write::{Publication, Receipt};
use crate::Methodology;
use crate::cohort::MAX_ROWS;
use crate::document::record::{At, Members};
use crate::document::{Digest, Json, LANGUAGE, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::methodology::supported;
use crate::scoring::Reference;
use crate::scoring::ReferenceDocument;

/// Largest publication or receipt, in bytes.
pub const MAX_BYTES: usize = 1 << 29;
/// Most methodologies in one.
pub const MAX_METHODOLOGIES: usize = 100;
/// Longest path of a proof.
const MAX_PATH: usize = 64;

/// What a publication and a receipt share.
#[derive(Debug, Clone)]
pub(super) struct Body {
    pub(super) head: Head,
    /// The head's canonical text.
    pub(super) head_text: String,
    /// The digest that the document says its head has.
    pub(super) stated: Digest,
    /// The documents in their order; the root is the last, and there is one.
    pub(super) methodologies: Vec<Methodology>,
    pub(super) root: Methodology,
    /// The reference's canonical text.
    pub(super) reference: Option<String>,
    /// The same as it was read, of a receipt: most of the time that its verification takes.
    pub(super) read: Option<Reference>,
    pub(super) envelope: Envelope,
    /// Was the text that was read canonical?
    pub(super) canonical: bool,
}

impl Body {
    /// The digest of the head.
    pub(super) fn digest(&self) -> Digest {
        Digest::of_bytes(self.head_text.as_bytes())
    }

    /// The members before `head`, itself and the methodologies and reference after it: what both kinds
    /// of document begin with.
    pub(super) fn write(&self, kind: &str, out: &mut dyn Write) -> fmt::Result {
        write!(out, "{{\"document\":\"{kind}\",")?;
        let envelope = as_json(&self.envelope);
        if let Ok(Json::Object(members)) = &envelope
            && !members.is_empty()
        {
            write!(out, "\"envelope\":{},", canonical::text(&Json::Object(members.clone())))?;
        }
        write!(out, "\"head\":{},\"language\":\"bareme/1\",\"methodologies\":[", self.head_text)?;
        for (place, methodology) in self.methodologies.iter().enumerate() {
            if place > 0 {
                out.write_char(',')?;
            }
            out.write_str(&methodology.to_json())?;
        }
        out.write_char(']')
    }

    /// The reference of the document, read under its methodology.
    ///
    /// # Errors
    /// The faults of the reference, with their places in the document.
    pub(super) fn reference_read(&self) -> Result<Option<Reference>, Faults> {
        if self.read.is_some() {
            return Ok(self.read.clone());
        }
        let read = self.reference.as_ref().map(|reference| Reference::from_json(reference.as_bytes(), &self.root));
        read.transpose().map_err(|own| own.under("/reference"))
    }

    pub(super) fn write_reference(&self, out: &mut dyn Write) -> fmt::Result {
        match &self.reference {
            Some(reference) => write!(out, ",\"reference\":{reference}"),
            None => Ok(()),
        }
    }
}

/// A record as the JSON that is digested.
///
/// # Errors
/// `internal`: a record is always JSON.
pub(super) fn as_json(value: &impl serde::Serialize) -> Result<Json, Faults> {
    let text = serde_json::to_vec(value)
        .map_err(|error| Fault::new(Code::Internal, Place::Pointer(String::new()), error, Text::default()))?;
    Json::parse(&text, text.len())
}

/// A publication or a receipt.
#[derive(Debug, Clone)]
pub enum Published {
    /// A publication.
    Publication(Box<Publication>),
    /// A receipt.
    Receipt(Box<Receipt>),
}

impl Published {
    /// Reads a publication or a receipt, whichever it says that it is.
    ///
    /// # Errors
    /// Every fault of its text and its shape, and of the documents inside it, each with its JSON Pointer.
    /// A value that is well formed but wrong is no fault: that is for verification to find.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Faults> {
        let (mut rows, mut count) = (Vec::new(), 0_usize);
        let mut wrong = Faults::new();
        let at = At::ROOT;
        let json = Json::parse_list(bytes, MAX_BYTES, "rows", &mut |place, json, _| {
            count = place.saturating_add(1);
            // Beyond the limit rows are only counted.
            if place < MAX_ROWS {
                rows.extend(Row::read(&json, &at.key("rows").index(place), &mut wrong));
            }
        })?;
        let kind = json.get("document").and_then(Json::as_str).unwrap_or_default();
        if kind == "receipt" {
            supported(&json, "receipt")?;
            Self::receipt(&json, bytes)
        } else {
            if !matches!(kind, "" | "publication") {
                let expected = "\"document\": \"publication\", \"receipt\"";
                let place = Place::Pointer("/document".into());
                return Err(Fault::new(Code::UnknownValue, place, kind, Text::new(expected, expected)).into());
            }
            supported(&json, "publication")?;
            Self::publication(&json, bytes, (rows, count), wrong)
        }
    }

    /// `rows` are those that could be read, and how many there are.
    fn publication(json: &Json, bytes: &[u8], rows: (Vec<Row>, usize), wrong: Faults) -> Result<Self, Faults> {
        let (rows, count) = rows;
        let known =
            ["language", "document", "head", "sha256", "methodologies", "reference", "roll_ups", "rows", "envelope"];
        let mut faults = Faults::new();
        let Some(members) = Members::of(json, &At::ROOT, &known, &mut faults) else { return Err(faults) };
        let shape = shape(json, &members, &mut faults);
        let roll_ups = members
            .read::<Option<std::collections::BTreeMap<String, Vec<RollUpGroup>>>>("roll_ups", &mut faults)
            .map(|read| read.and_then(|_| json.get("roll_ups")).map(canonical::text));
        // The items are handed over already; what is no list is reported here.
        members.read::<Vec<bool>>("rows", &mut faults);
        let place = || Place::Pointer("/rows".into());
        if count > MAX_ROWS {
            let expected = Text::new(format!("au plus {MAX_ROWS}"), format!("at most {MAX_ROWS}"));
            faults.push(Fault::new(Code::LimitExceeded, place(), "", expected));
        }
        faults.extend(wrong);
        if count == 0 && matches!(json.get("rows"), Some(Json::Array(_))) {
            let expected = Text::new("au moins une ligne", "at least one row");
            faults.push(Fault::new(Code::OutOfRange, place(), "", expected));
        }
        let (Some(shape), Some(roll_ups)) = (shape, roll_ups) else { return Err(faults) };
        faults.into_result(())?;
        let mut faults = Faults::new();
        let inputs = shape.head.inputs;
        let body = body(json, shape, true, &mut faults);
        for (place, row) in rows.iter().enumerate() {
            row.agree(inputs, &format!("/rows/{place}"), &mut faults);
        }
        let Some(mut body) = body.filter(|_| faults.is_empty()) else { return Err(faults) };
        // It is read again when it is needed: beside a cohort that is scored it would only take room.
        body.reference_read()?;
        body.canonical = false;
        let mut publication = Publication { body, roll_ups, rows };
        publication.body.canonical = same(bytes, |out| publication.write(out));
        Ok(Self::Publication(Box::new(publication)))
    }

    fn receipt(json: &Json, bytes: &[u8]) -> Result<Self, Faults> {
        let known =
            ["language", "document", "head", "sha256", "methodologies", "reference", "row", "proof", "envelope"];
        let mut faults = Faults::new();
        let Some(members) = Members::of(json, &At::ROOT, &known, &mut faults) else { return Err(faults) };
        let shape = shape(json, &members, &mut faults);
        members.read::<super::document::Object>("row", &mut faults);
        let row = json.get("row").filter(|row| matches!(row, Json::Object(_)));
        let row = row.and_then(|row| Row::read(row, &At::ROOT.key("row"), &mut faults));
        let proof = members.read::<Proof>("proof", &mut faults);
        if let Some(Json::Array(path)) = json.get("proof").and_then(|proof| proof.get("path"))
            && path.len() > MAX_PATH
        {
            let expected = Text::new(format!("au plus {MAX_PATH}"), format!("at most {MAX_PATH}"));
            let place = Place::Pointer("/proof/path".into());
            faults.push(Fault::new(Code::LimitExceeded, place, path.len(), expected));
        }
        let (Some(shape), Some(row), Some(proof)) = (shape, row, proof) else { return Err(faults) };
        faults.into_result(())?;
        let mut faults = Faults::new();
        let inputs = shape.head.inputs;
        let body = body(json, shape, false, &mut faults);
        row.agree(inputs, "/row", &mut faults);
        let Some(mut body) = body.filter(|_| faults.is_empty()) else { return Err(faults) };
        body.read = body.reference_read()?;
        let mut receipt = Receipt { body, row, proof };
        receipt.body.canonical = same(bytes, |out| receipt.write(out));
        Ok(Self::Receipt(Box::new(receipt)))
    }

    pub(super) fn body(&self) -> &Body {
        match self {
            Self::Publication(publication) => &publication.body,
            Self::Receipt(receipt) => &receipt.body,
        }
    }

    /// The methodology that it says it is by: the last of its documents.
    pub fn methodology(&self) -> &Methodology {
        &self.body().root
    }

    /// The head.
    pub fn head(&self) -> &Head {
        &self.body().head
    }
}

/// What both kinds share, in its shape.
struct Shape {
    head: Head,
    stated: Digest,
    envelope: Envelope,
    documents: Vec<super::document::Object>,
}

/// Reads the shape of what both kinds share; what is inside the methodologies is left for later.
fn shape(json: &Json, members: &Members<'_>, faults: &mut Faults) -> Option<Shape> {
    let head = members.read::<Head>("head", faults);
    let stated = members.read::<Digest>("sha256", faults);
    let envelope = members.read::<Option<Envelope>>("envelope", faults);
    let documents = documents(json, members, faults);
    let reference = members.read::<Option<ReferenceDocument>>("reference", faults);
    limits(json.get("head"), faults);
    let head = head?;
    reference?;
    let envelope = envelope?.unwrap_or(Envelope { package: None, platform: None, time: None, signature: None });
    Some(Shape { head, stated: stated?, envelope, documents: documents? })
}

/// Reads what a sound shape says: what members exclude one another, and the methodologies.
fn body(json: &Json, shape: Shape, whole: bool, faults: &mut Faults) -> Option<Body> {
    let Shape { head, stated, envelope, documents } = shape;
    let included = head.inputs == Inputs::Included;
    let has_reference = json.get("reference").is_some();
    if has_reference && !included {
        faults.push(not_here(Place::Pointer("/reference".into()), head.inputs));
    }
    if !has_reference && included && whole {
        let expected = Text::new("« reference »", "`reference`");
        faults.push(Fault::new(Code::MissingField, Place::Pointer(String::new()), "", expected));
    }
    let methodologies = methodologies(&documents, faults)?;
    let root = methodologies.last()?.clone();
    Some(Body {
        head_text: json.get("head").map(canonical::text)?,
        head,
        stated,
        methodologies,
        root,
        reference: json.get("reference").map(canonical::text),
        read: None,
        envelope,
        canonical: false,
    })
}

/// Checks what single members of a head tell, whatever else there is of it.
fn limits(head: Option<&Json>, faults: &mut Faults) {
    let place = |member: &str| Place::Pointer(format!("/head/{member}"));
    let member = |name: &str| head.and_then(|head| head.get(name));
    if let Some(Json::Array(notes)) = member("notes")
        && notes.len() > MAX_NOTES
    {
        let expected = Text::new(format!("au plus {MAX_NOTES}"), format!("at most {MAX_NOTES}"));
        faults.push(Fault::new(Code::LimitExceeded, place("notes"), notes.len(), expected));
    }
    // What says nothing is left out, so that a head has one text.
    let says_nothing = |name: &&str| match (*name, member(name)) {
        ("synthetic", word) => matches!(word, Some(Json::Bool(false))),
        (_, Some(Json::Array(items))) => items.is_empty(),
        _ => false,
    };
    for member in ["pinned", "population_vintages", "notes", "synthetic"].iter().filter(|name| says_nothing(name)) {
        let expected =
            Text::new("rien, plutôt qu'une liste vide ou false", "nothing, rather than an empty list or false");
        faults.push(Fault::new(Code::OutOfRange, place(member), "", expected));
    }
    let language = member("language").and_then(Json::as_str);
    if let Some(language) = language.filter(|language| *language != LANGUAGE) {
        let expected = Text::new(LANGUAGE, LANGUAGE);
        faults.push(Fault::new(Code::LanguageUnsupported, place("language"), language, expected));
    }
}

/// The methodology documents, as they stand.
fn documents(json: &Json, members: &Members<'_>, faults: &mut Faults) -> Option<Vec<super::document::Object>> {
    let documents = members.read::<Vec<super::document::Object>>("methodologies", faults);
    let count = match json.get("methodologies") {
        Some(Json::Array(items)) => items.len(),
        _ => 1,
    };
    if count == 0 || count > MAX_METHODOLOGIES {
        let expected = Text::new(format!("1 à {MAX_METHODOLOGIES}"), format!("1 to {MAX_METHODOLOGIES}"));
        let code = if count == 0 { Code::OutOfRange } else { Code::LimitExceeded };
        faults.push(Fault::new(code, Place::Pointer("/methodologies".into()), count, expected));
        return None;
    }
    documents
}

/// Reads the documents one after the other, each with those before it.
fn methodologies(documents: &[super::document::Object], faults: &mut Faults) -> Option<Vec<Methodology>> {
    let mut read: Vec<Methodology> = Vec::new();
    let mut sound = true;
    for (place, document) in documents.iter().enumerate() {
        match Methodology::from_json_with(canonical::text(&document.0).as_bytes(), &read) {
            Ok(methodology) => read.push(methodology),
            Err(own) => {
                sound = false;
                faults.extend(own.under(&format!("/methodologies/{place}")));
            }
        }
    }
    sound.then_some(read)
}

/// Compares a text that is written piece by piece with one that there is.
struct Comparison<'a> {
    rest: &'a [u8],
}

impl Write for Comparison<'_> {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        self.rest = self.rest.strip_prefix(piece.as_bytes()).ok_or(fmt::Error)?;
        Ok(())
    }
}

fn same(bytes: &[u8], write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> bool {
    let mut comparison = Comparison { rest: bytes };
    write(&mut comparison).is_ok() && comparison.rest.is_empty()
}
