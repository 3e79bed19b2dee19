//! Publications, receipts and their verification.

use std::sync::Arc;

use bareme::error::{Code, Fault, Place, Text};
use bareme::publication::{
    Envelope, Inputs, Note, PublicKey, Publication, PublicationOptions, Published, Receipt, SheetForm, SigningKey,
    Supersedes, VerifyOptions,
};
use bareme::{Faults, Methodology};
use napi::bindgen_prelude::{Buffer, Env};
use napi_derive::napi;

use crate::guard::{guard, text_of};
use crate::handles::{NativeCohort, NativeMethodology, NativePublication, NativeReceipt, NativeScoring, weight_of};

/// The publication that an erratum replaces.
#[napi(object)]
#[derive(Debug)]
pub struct Replaced {
    /// Its digest.
    pub sha256: String,
    /// Why it is replaced.
    pub reason: String,
}

/// What a publisher may choose.
#[napi(object)]
#[derive(Debug)]
pub struct Choices {
    /// `included` or `digest`.
    pub inputs: Option<String>,
    /// What readers must know.
    pub notes: Option<Vec<String>>,
    /// What an erratum replaces.
    pub supersedes: Option<Replaced>,
    /// When, as the publisher tells.
    pub time: Option<String>,
    /// A private key, in PEM.
    pub sign: Option<String>,
}

fn unknown(value: &str, fr: &str, en: &str) -> Faults {
    Fault::new(Code::UnknownValue, Place::Pointer(String::new()), value, Text::new(fr, en)).into()
}

impl Choices {
    /// The options and the key, or every fault of them, at the names that JavaScript gives them.
    fn read(&self) -> Result<(PublicationOptions, Option<SigningKey>), Faults> {
        let mut faults = Faults::new();
        let inputs = match self.inputs.as_deref() {
            None => Some(Inputs::Included),
            Some(word) => {
                let allowed = format!("l'un de : {}", Inputs::WORDS.join(", "));
                let allowed_en = format!("one of: {}", Inputs::WORDS.join(", "));
                let read = Inputs::from_word(word).ok_or_else(|| unknown(word, &allowed, &allowed_en));
                faults.gather("/inputs", read)
            }
        };
        let notes = self.notes.iter().flatten().enumerate();
        let notes = notes.map(|(place, note)| faults.gather(&format!("/notes/{place}"), Note::new(note)));
        let notes: Vec<Option<Note>> = notes.collect();
        let supersedes = self.supersedes.as_ref().map(|before| Supersedes::new(&before.sha256, &before.reason));
        let supersedes = supersedes.and_then(|before| faults.gather("/supersedes", before));
        let key = self.sign.as_deref().map(|text| faults.gather("/sign", SigningKey::from_pem(text)));
        faults.into_result(())?;
        let options = PublicationOptions {
            inputs: inputs.unwrap_or(Inputs::Included),
            notes: notes.into_iter().flatten().collect(),
            supersedes,
            envelope: Envelope::of_this_build(self.time.clone()),
        };
        Ok((options, key.flatten()))
    }
}

#[napi]
impl NativeScoring {
    /// The publication.
    #[napi(catch_unwind)]
    pub fn publication(&self, env: Env, choices: Choices) -> napi::Result<NativePublication> {
        guard(|| {
            let (options, key) = choices.read()?;
            let mut publication = self.inner.publication(&options)?;
            if let Some(key) = &key {
                publication.sign(key);
            }
            Ok(NativePublication::weighing(
                env,
                Arc::new(publication),
                weight_of(self.inner.cohort()).saturating_mul(4),
            ))
        })
    }
}

#[napi]
impl NativePublication {
    /// Reads a publication.
    #[napi(catch_unwind)]
    pub fn read(env: Env, bytes: &[u8]) -> napi::Result<Self> {
        guard(|| Ok(Self::weighing(env, Arc::new(Publication::from_json(bytes)?), bytes.len())))
    }

    /// The digest.
    #[napi(catch_unwind)]
    pub fn digest(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.digest().to_string()))
    }

    /// The head, as JSON.
    #[napi(catch_unwind)]
    pub fn head(&self) -> napi::Result<String> {
        guard(|| text_of(self.inner.head()))
    }

    /// The methodology.
    #[napi(catch_unwind)]
    pub fn methodology(&self) -> napi::Result<NativeMethodology> {
        guard(|| Ok(self.inner.methodology().clone().into()))
    }

    /// The document, in canonical form.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.to_json()))
    }

    /// The document as bytes.
    #[napi(catch_unwind)]
    pub fn to_bytes(&self) -> napi::Result<Buffer> {
        guard(|| Ok(self.inner.to_json().into_bytes().into()))
    }

    /// The sheet, for spreadsheets.
    #[napi(catch_unwind)]
    pub fn sheet(&self, decimal_comma: bool) -> napi::Result<String> {
        let form = if decimal_comma { SheetForm::Comma } else { SheetForm::Point };
        guard(|| Ok(self.inner.sheet(form)))
    }

    /// The receipt of one territory.
    #[napi(catch_unwind)]
    pub fn receipt(&self, territory: String, reference: bool) -> napi::Result<NativeReceipt> {
        guard(|| Ok(Arc::new(self.inner.receipt(&territory, reference)?).into()))
    }
}

#[napi]
impl NativeReceipt {
    /// Reads a receipt.
    #[napi(catch_unwind)]
    pub fn read(env: Env, bytes: &[u8]) -> napi::Result<Self> {
        guard(|| Ok(Self::weighing(env, Arc::new(Receipt::from_json(bytes)?), bytes.len())))
    }

    /// The publication's digest.
    #[napi(catch_unwind)]
    pub fn digest(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.digest().to_string()))
    }

    /// The territory's id.
    #[napi(catch_unwind)]
    pub fn id(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.id().to_owned()))
    }

    /// The methodology.
    #[napi(catch_unwind)]
    pub fn methodology(&self) -> napi::Result<NativeMethodology> {
        guard(|| Ok(self.inner.methodology().clone().into()))
    }

    /// The document, in canonical form.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.to_json()))
    }
}

/// What a verifier brings along; the report, as JSON.
#[napi(catch_unwind)]
pub fn verify(
    document: &[u8],
    cohort: Option<&NativeCohort>,
    reference: Option<&[u8]>,
    keys: Vec<String>,
    known: Vec<&NativeMethodology>,
    disagreements: Option<u32>,
) -> napi::Result<String> {
    guard(|| {
        let mut faults = Faults::new();
        let keys = keys.iter().enumerate();
        let keys = keys.map(|(place, key)| faults.gather(&format!("/keys/{place}"), PublicKey::parse(key)));
        let keys: Vec<PublicKey> = keys.collect::<Vec<_>>().into_iter().flatten().collect();
        faults.into_result(())?;
        let known: Vec<Methodology> = known.into_iter().map(|methodology| methodology.inner.clone()).collect();
        let default = VerifyOptions::default();
        let options = VerifyOptions {
            cohort: cohort.map(|cohort| Arc::clone(&cohort.inner)),
            reference: reference.map(<[u8]>::to_vec),
            keys,
            known,
            disagreements: disagreements.map_or(default.disagreements, |most| most as usize),
        };
        text_of(&Published::from_json(document)?.verify(&options)?)
    })
}
