//! A reference, with which one territory is scored alone.

use bareme::Cohort;
use bareme::scoring::{Reference, ReferenceDocument};
use napi::bindgen_prelude::Env;
use napi_derive::napi;

use crate::guard::{guard, text_of};
use crate::handles::{NativeCohort, NativeMethodology, NativeReference};

/// The id and version of the methodology that a reference document was drawn with, `id@version`.
#[napi(catch_unwind)]
pub fn methodology_of_reference(bytes: &[u8]) -> napi::Result<String> {
    guard(|| {
        let document = ReferenceDocument::read(bytes)?;
        let pin = document.methodology();
        Ok(format!("{}@{}", pin.id, pin.version))
    })
}

#[napi]
impl NativeReference {
    /// Reads a reference document drawn by `methodology`.
    #[napi(catch_unwind)]
    pub fn read(env: Env, bytes: &[u8], methodology: &NativeMethodology) -> napi::Result<Self> {
        guard(|| {
            let reference = Reference::from_json(bytes, &methodology.inner)?;
            Ok(Self::weighing(env, reference.into(), bytes.len()))
        })
    }

    /// The methodology.
    #[napi(catch_unwind)]
    pub fn methodology(&self) -> napi::Result<NativeMethodology> {
        guard(|| Ok(self.inner.reference.methodology().clone().into()))
    }

    /// Scores the only territory of a cohort document; the result as JSON.
    #[napi(catch_unwind)]
    pub fn score(&self, cohort: &[u8]) -> napi::Result<String> {
        guard(|| text_of(&self.inner.reference.score_in(&Cohort::from_json(cohort)?, 0)?))
    }

    /// Scores each territory of a cohort alone; a `scoring` document.
    #[napi(catch_unwind)]
    pub fn score_each(&self, cohort: &NativeCohort) -> napi::Result<String> {
        guard(|| text_of(&self.inner.reference.score_each(&cohort.inner)?))
    }

    /// Was this territory a member of the cohort?
    #[napi(catch_unwind)]
    pub fn is_member(&self, territory: String) -> napi::Result<bool> {
        guard(|| Ok(self.inner.reference.is_member(&territory)))
    }

    /// Were the numbers of the cohort invented?
    #[napi(catch_unwind)]
    pub fn is_synthetic(&self) -> napi::Result<bool> {
        guard(|| Ok(self.inner.reference.is_synthetic()))
    }

    /// The document.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.reference.to_json()))
    }

    /// SHA-256 of the document.
    #[napi(catch_unwind)]
    pub fn digest(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.reference.digest().to_string()))
    }
}
