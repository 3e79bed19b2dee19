//! Verification, at three depths: integrity, recomputation from the reference, and from the cohort.

use std::sync::Arc;

use super::body::{Body, Published};
use super::report::{About, Findings, Report};
use super::row::Row;
use super::signature::PublicKey;
use crate::document::{Json, canonical};
use crate::error::{Faults, Text};
use crate::scoring::Reference;
use crate::{Cohort, Methodology, Scoring};

/// What a verifier brings along.
#[derive(Debug, Clone)]
pub struct VerifyOptions {
    /// The cohort, for a full recomputation; a publication that includes its inputs gives its own.
    pub cohort: Option<Arc<Cohort>>,
    /// The reference document, for a receipt that does not carry it.
    pub reference: Option<Vec<u8>>,
    /// The keys that may have signed. When there are any, a publication must be signed by one of them.
    pub keys: Vec<PublicKey>,
    /// Methodologies that are known besides those that this package embeds: another document of the same
    /// id and version is a disagreement.
    pub known: Vec<Methodology>,
    /// How many disagreements to report; all are counted.
    pub disagreements: usize,
}

impl Default for VerifyOptions {
    fn default() -> Self {
        Self { cohort: None, reference: None, keys: Vec::new(), known: Vec::new(), disagreements: 100 }
    }
}

/// Verifies a publication or a receipt as deeply as it can be.
///
/// # Errors
/// The faults of a document that cannot be read, of the cohort under its methodology, or of the
/// reference. That something does not agree is no error: the report says it.
pub fn verify(document: &[u8], options: &VerifyOptions) -> Result<Report, Faults> {
    Published::from_json(document)?.verify(options)
}

impl Published {
    /// Verifies it as deeply as it can be.
    ///
    /// # Errors
    /// The faults of the cohort or of the reference that are given.
    pub fn verify(&self, options: &VerifyOptions) -> Result<Report, Faults> {
        let (cohort, reference) = (options.cohort.as_ref(), options.reference.as_ref());
        let reference = reference.filter(|_| self.body().reference.is_none());
        // The faults of both, if both have some.
        let reference = reference.map(|bytes| Reference::from_json(bytes, &self.body().root)).transpose();
        let scoring = cohort.map(|cohort| self.body().root.score(Arc::clone(cohort))).transpose();
        let (reference, scoring) = match (reference, scoring) {
            (Ok(reference), Ok(scoring)) => (reference, scoring),
            (Err(mut faults), Err(others)) => {
                faults.extend(others);
                return Err(faults);
            }
            (Err(faults), _) | (_, Err(faults)) => return Err(faults),
        };
        let mut verifier = Verifier {
            subject: self,
            options,
            findings: Findings::default(),
            depth: 1,
            reference,
            scoring,
            sound: false,
        };
        let signature = verifier.integrity();
        verifier.recompute()?;
        let body = self.body();
        let (of, territory) = match self {
            Self::Publication(_) => ("publication", None),
            Self::Receipt(receipt) => ("receipt", Some(receipt.row.id.clone())),
        };
        let about = About {
            of,
            sha256: body.digest(),
            methodology: body.head.methodology.clone(),
            territory,
            inputs: body.head.inputs,
            depth: verifier.depth,
            canonical: body.canonical,
            signature,
        };
        Ok(verifier.findings.report(about, options.disagreements))
    }

    /// The rows that are there.
    pub(super) fn rows(&self) -> &[Row] {
        match self {
            Self::Publication(publication) => &publication.rows,
            Self::Receipt(receipt) => std::slice::from_ref(&receipt.row),
        }
    }

    /// The pointer of a row.
    pub(super) fn pointer(&self, place: usize) -> String {
        match self {
            Self::Publication(_) => format!("/rows/{place}"),
            Self::Receipt(_) => "/row".to_owned(),
        }
    }
}

/// A verification while it runs.
pub(super) struct Verifier<'a> {
    pub(super) subject: &'a Published,
    pub(super) options: &'a VerifyOptions,
    pub(super) findings: Findings,
    /// The depth reached.
    pub(super) depth: u8,
    /// The reference that is given, for a document that has none.
    pub(super) reference: Option<Reference>,
    /// The cohort that is given, scored; or else the one that the inputs included give back.
    pub(super) scoring: Option<Scoring>,
    /// Are the inputs included a cohort that the methodology takes?
    pub(super) sound: bool,
}

pub(super) fn text(fr: &str, en: &str) -> Text {
    Text::new(fr, en)
}

/// The canonical cohort document that the rows and the head give back.
pub(super) fn cohort_text(body: &Body, rows: &[Row]) -> String {
    let mut out = String::from("{\"accounts\":[");
    let inside = |list: &Option<(String, usize)>| {
        list.as_ref().and_then(|(text, _)| text.strip_prefix('[')?.strip_suffix(']').map(str::to_owned))
    };
    let join = |out: &mut String, parts: &mut dyn Iterator<Item = String>| {
        for (place, part) in parts.filter(|part| !part.is_empty()).enumerate() {
            if place > 0 {
                out.push(',');
            }
            out.push_str(&part);
        }
    };
    let period = |period: &Option<crate::cohort::PeriodRecord>| {
        let quoted = |text: &str| canonical::text(&Json::String(text.to_owned()));
        period
            .as_ref()
            .map(|period| format!("\"period\":{{\"from\":{},\"to\":{}}}", quoted(&period.from), quoted(&period.to)))
    };
    join(&mut out, &mut rows.iter().filter_map(|row| inside(&row.accounts)));
    out.push_str("],\"document\":\"cohort\",\"language\":\"bareme/1\"");
    if let Some(period) = period(&body.head.period) {
        out.push(',');
        out.push_str(&period);
    }
    let before = period(&body.head.previous_period);
    if before.is_some() || rows.iter().any(|row| row.previous.is_some()) {
        out.push_str(",\"previous\":{\"accounts\":[");
        join(&mut out, &mut rows.iter().filter_map(|row| inside(&row.previous)));
        out.push(']');
        if let Some(period) = before {
            out.push(',');
            out.push_str(&period);
        }
        out.push('}');
    }
    if body.head.synthetic == Some(true) {
        out.push_str(",\"synthetic\":true");
    }
    out.push_str(",\"territories\":[");
    join(&mut out, &mut rows.iter().map(|row| row.territory.clone()));
    out.push_str("]}");
    out
}
