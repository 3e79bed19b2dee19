//! Publications, receipts and their verification.

use std::sync::Arc;

use bareme::publication::{
    self as core, Envelope, Inputs, Note, PublicKey, PublicationOptions, Published, VerifyOptions,
};
use bareme::{Faults, publication::Report};
use serde_json::Value;

use crate::cohort::Cohort;
use crate::error::{BaremeError, Text, guard, text_of};
use crate::methodology::Methodology;

/// The publication that an erratum replaces.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Supersedes {
    /// Its digest.
    pub sha256: String,
    /// Why it is replaced.
    pub reason: String,
}

/// What a publisher chose.
pub(crate) fn options(
    notes: &[String],
    time: Option<String>,
    include_inputs: bool,
    supersedes: Option<&Supersedes>,
) -> Result<PublicationOptions, Faults> {
    let mut faults = Faults::new();
    let notes = notes.iter().enumerate();
    let notes = notes.filter_map(|(place, note)| faults.gather(&format!("/notes/{place}"), Note::new(note)));
    let notes = notes.collect();
    let supersedes = supersedes.map(|before| core::Supersedes::new(&before.sha256, &before.reason));
    let supersedes = supersedes.and_then(|before| faults.gather("/supersedes", before));
    faults.into_result(PublicationOptions {
        inputs: if include_inputs { Inputs::Included } else { Inputs::Digest },
        notes,
        supersedes,
        envelope: Envelope::of_this_build(time),
    })
}

/// The open-data document of a scoring: the same bytes whoever writes it, but for its envelope.
#[derive(Debug, uniffi::Object)]
pub struct Publication {
    core: core::Publication,
}

impl Publication {
    pub(crate) fn of(core: core::Publication) -> Arc<Self> {
        Arc::new(Self { core })
    }
}

#[uniffi::export]
impl Publication {
    /// Reads a publication. That something in it is wrong is for `verify` to find.
    #[uniffi::constructor]
    pub fn from_json(document: Vec<u8>) -> Result<Arc<Self>, BaremeError> {
        guard(|| Ok(Self::of(core::Publication::from_json(&document)?)))
    }

    /// Its digest: that of its head.
    pub fn sha256(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.digest().to_string()))
    }

    /// The head, as JSON.
    pub fn head(&self) -> Result<String, BaremeError> {
        guard(|| text_of(self.core.head()))
    }

    /// The methodology.
    pub fn methodology(&self) -> Result<Arc<Methodology>, BaremeError> {
        guard(|| Ok(Methodology::of(self.core.methodology())))
    }

    /// The receipt of one territory, by its id or its name. Without the reference it is small, and needs it to be verified by
    /// its values.
    #[uniffi::method(default(reference = true))]
    pub fn receipt(&self, territory: String, reference: bool) -> Result<Arc<Receipt>, BaremeError> {
        guard(|| Ok(Receipt::of(self.core.receipt(&territory, reference)?)))
    }

    /// The document in canonical form, as UTF-8.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BaremeError> {
        guard(|| Ok(self.core.to_json().into_bytes()))
    }
}

/// One row of a publication, and what proves that it belongs to it.
#[derive(Debug, uniffi::Object)]
pub struct Receipt {
    core: core::Receipt,
}

impl Receipt {
    pub(crate) fn of(core: core::Receipt) -> Arc<Self> {
        Arc::new(Self { core })
    }
}

#[uniffi::export]
impl Receipt {
    /// Reads a receipt.
    #[uniffi::constructor]
    pub fn from_json(document: Vec<u8>) -> Result<Arc<Self>, BaremeError> {
        guard(|| Ok(Self::of(core::Receipt::from_json(&document)?)))
    }

    /// The publication's digest.
    pub fn sha256(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.digest().to_string()))
    }

    /// The territory's id.
    pub fn territory(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.id().to_owned()))
    }

    /// The methodology.
    pub fn methodology(&self) -> Result<Arc<Methodology>, BaremeError> {
        guard(|| Ok(Methodology::of(self.core.methodology())))
    }

    /// The document in canonical form, as UTF-8.
    pub fn to_bytes(&self) -> Result<Vec<u8>, BaremeError> {
        guard(|| Ok(self.core.to_json().into_bytes()))
    }
}

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Outcome {
    /// Everything agrees.
    Agrees,
    /// Something does not.
    Differs,
    /// It could not be checked; the text says why.
    NotChecked,
}

/// One thing that was checked, or could not be.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Check {
    /// What: `head`, `signature`, `scores` …
    pub check: String,
    /// What came of it.
    pub outcome: Outcome,
    /// How many things were compared.
    pub compared: i64,
    /// In words.
    pub text: Text,
}

/// A value as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Shown {
    /// As text, shortened when it is long.
    pub text: String,
    /// Of a number, its binary64: 16 hexadecimal digits.
    pub bits: Option<String>,
}

/// A value that is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Disagreement {
    /// The first step that differs: `metric`, `raw`, `mark`, `index`, `rounding`, `rank` …
    pub step: String,
    /// Where: a JSON Pointer into what was verified.
    pub pointer: String,
    /// Whose, when it is one territory's.
    pub territory: Option<String>,
    /// The depth at which it was found.
    pub depth: i32,
    /// What should stand there; nothing when nothing should.
    pub expected: Option<Shown>,
    /// What stands there; nothing when nothing does.
    pub found: Option<Shown>,
    /// How many further values of the same row differ; they may all follow from this one.
    pub following: i64,
    /// In words.
    pub text: Text,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SignatureReport {
    /// The public key, 64 hexadecimal digits.
    pub public_key: String,
    /// Is the signature one of this publication by this key?
    pub valid: bool,
    /// Is the key one of those that were given? None when none was.
    pub known: Option<bool>,
}

/// What a verification says.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Verification {
    /// Is there no disagreement?
    pub verified: bool,
    /// What was verified: `publication` or `receipt`.
    pub of: String,
    /// The digest of its head.
    pub sha256: String,
    /// Of a receipt, the territory.
    pub territory: Option<String>,
    /// The depth reached: 1 integrity, 2 recomputation from the reference, 3 from the cohort.
    pub depth: i32,
    /// Was its text canonical? If not, its values were verified all the same.
    pub canonical: bool,
    /// Who signed it.
    pub signature: Option<SignatureReport>,
    /// What was checked.
    pub checks: Vec<Check>,
    /// The disagreements, by step; a hundred at most.
    pub disagreements: Vec<Disagreement>,
    /// The number of disagreements.
    pub disagreement_count: i64,
}

fn counted(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn shown(value: core::Shown) -> Shown {
    Shown { text: value.text, bits: value.bits }
}

impl From<Report> for Verification {
    fn from(report: Report) -> Self {
        let checks = report.checks.into_iter().map(|check| Check {
            check: match serde_json::to_value(check.check) {
                Ok(Value::String(word)) => word,
                _ => String::new(),
            },
            outcome: match check.outcome {
                core::Outcome::Agrees => Outcome::Agrees,
                core::Outcome::Differs => Outcome::Differs,
                core::Outcome::NotChecked => Outcome::NotChecked,
            },
            compared: counted(check.compared),
            text: check.text.into(),
        });
        let disagreements = report.disagreements.into_iter().map(|one| Disagreement {
            step: one.step.as_str().to_owned(),
            pointer: one.pointer,
            territory: one.territory,
            depth: i32::from(one.depth),
            expected: one.expected.map(shown),
            found: one.found.map(shown),
            following: counted(one.following),
            text: one.text.into(),
        });
        Self {
            verified: report.verified,
            of: report.of.to_owned(),
            sha256: report.sha256.to_string(),
            territory: report.territory,
            depth: i32::from(report.depth),
            canonical: report.canonical,
            signature: report.signature.map(|signature| SignatureReport {
                public_key: signature.public_key,
                valid: signature.valid,
                known: signature.known,
            }),
            checks: checks.collect(),
            disagreements: disagreements.collect(),
            disagreement_count: counted(report.disagreement_count),
        }
    }
}

/// Verifies a publication or a receipt as deeply as it can be: digests, signature, every score and rank.
///
/// `cohort` serves a full recomputation, where the publication does not include its inputs; `reference` a receipt
/// that does not carry it. `keys` may have signed (64 hexadecimal digits, or PEM): with any, one of them must
/// have. `known` are methodologies beside those that the package embeds. That something does not agree is no
/// error: `verified` is false, and the disagreements say whose, where and at which step.
#[uniffi::export(default(cohort = None, reference = None, keys = [], known = []))]
pub fn verify(
    document: Vec<u8>,
    cohort: Option<Arc<Cohort>>,
    reference: Option<Vec<u8>>,
    keys: Vec<String>,
    known: Vec<Arc<Methodology>>,
) -> Result<Verification, BaremeError> {
    guard(|| {
        let mut faults = Faults::new();
        let keys = keys.iter().enumerate();
        let keys = keys.filter_map(|(place, key)| faults.gather(&format!("/keys/{place}"), PublicKey::parse(key)));
        let keys = keys.collect();
        faults.into_result(())?;
        let options = VerifyOptions {
            cohort: cohort.map(|cohort| Arc::clone(&cohort.core)),
            reference,
            keys,
            known: Methodology::cores(&known),
            ..VerifyOptions::default()
        };
        Ok(Published::from_json(&document)?.verify(&options)?.into())
    })
}
