//! Methodologies, and what is embedded.

use bareme::error::{Code, Text};
use bareme::methodology::model::Status;
use bareme::scoring::MethodologyRef;
use bareme::{Methodology, catalogue};
use napi::bindgen_prelude::Env;
use napi_derive::napi;
use serde_json::{Map, Value};

use crate::guard::{guard, text_of};
use crate::handles::NativeMethodology;

/// The embedded methodologies, as a JSON array of what each is.
#[napi(catch_unwind)]
pub fn catalogue() -> napi::Result<String> {
    guard(|| text_of(&catalogue::all().iter().map(MethodologyRef::from).collect::<Vec<_>>()))
}

/// An embedded methodology.
#[napi(catch_unwind)]
pub fn methodology(name: String) -> napi::Result<NativeMethodology> {
    guard(|| Ok(catalogue::methodology(&name)?.into()))
}

/// A schema; none of that name.
#[napi(catch_unwind)]
pub fn schema(name: String) -> napi::Result<Option<String>> {
    guard(|| Ok(catalogue::schema(&name).map(str::to_owned)))
}

/// Every code of a fault with its meaning, as a JSON object; `language` and `version` beside them.
#[napi(catch_unwind)]
pub fn about() -> napi::Result<String> {
    guard(|| {
        let meaning = |text: Text| serde_json::json!({ "fr": text.fr, "en": text.en });
        let codes: Map<String, Value> =
            Code::ALL.iter().map(|code| (code.as_str().to_owned(), meaning(code.meaning()))).collect();
        let statuses: Vec<&str> = Status::WORDS.to_vec();
        text_of(&serde_json::json!({
            "version": env!("CARGO_PKG_VERSION"),
            "language": bareme::document::LANGUAGE,
            "codes": codes,
            "statuses": statuses,
        }))
    })
}

#[napi]
impl NativeMethodology {
    /// Reads a document that pins some of `others`.
    #[napi(catch_unwind)]
    pub fn read(env: Env, bytes: &[u8], others: Vec<&NativeMethodology>) -> napi::Result<Self> {
        guard(|| {
            let others: Vec<Methodology> = others.into_iter().map(|other| other.inner.clone()).collect();
            Ok(Self::weighing(env, Methodology::from_json_with(bytes, &others)?, bytes.len()))
        })
    }

    /// Another methodology, changed by a patch.
    #[napi(catch_unwind)]
    pub fn variant(&self, patch: &[u8]) -> napi::Result<Self> {
        guard(|| Ok(self.inner.variant(patch)?.into()))
    }

    /// Id, version, status, title and digests, as JSON.
    #[napi(catch_unwind)]
    pub fn about(&self) -> napi::Result<String> {
        guard(|| text_of(&MethodologyRef::from(&self.inner)))
    }

    /// The document.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> napi::Result<String> {
        guard(|| Ok(self.inner.to_json()))
    }

    /// The methodologies that it pins.
    #[napi(catch_unwind)]
    pub fn pinned(&self) -> napi::Result<Vec<NativeMethodology>> {
        guard(|| Ok(self.inner.pinned().iter().cloned().map(NativeMethodology::from).collect()))
    }
}
