//! Cohorts from JSON, and what JavaScript values could not be written as JSON.

use std::sync::Arc;

use bareme::cohort::MAX_BYTES;
use bareme::document::Json;
use bareme::error::{Code, Fault, Place, Text};
use bareme::scoring::CohortRef;
use bareme::{Cohort, Faults};
use napi::bindgen_prelude::Env;
use napi_derive::napi;
use serde_json::json;

use crate::guard::{guard, text_of};
use crate::handles::{NativeCohort, NativeMethodology, weight_of};

/// A value that no JSON text can stand for, found on the way to one.
#[napi(object)]
#[derive(Debug)]
pub struct Trouble {
    /// What: `infinite`, `unsafe`, `surrogate`, `depth`; anything else is a value of the wrong type.
    pub kind: String,
    /// Where, in a document.
    pub pointer: String,
    /// Where, in a table.
    pub cell: Option<TroubledCell>,
    /// The value, shortened.
    pub value: String,
}

/// A cell of a table.
#[napi(object)]
#[derive(Debug)]
pub struct TroubledCell {
    /// The row, from 1.
    pub row: u32,
    /// The column's name.
    pub column: String,
    /// Is it in the second of two tables?
    pub second: bool,
}

impl From<Trouble> for Fault {
    fn from(trouble: Trouble) -> Self {
        let Trouble { kind, pointer, cell, value } = trouble;
        let place = match cell {
            Some(TroubledCell { row, column, second }) => {
                Place::Cell { row: row as usize, column, table: second.then_some("territories") }
            }
            None => Place::Pointer(pointer),
        };
        let fault = |code, fr: &str, en: &str| Self::new(code, place, value, Text::new(fr, en));
        match kind.as_str() {
            "infinite" => fault(
                Code::InfiniteValue,
                "un nombre, ou null s'il n'est pas connu",
                "a number, or null when it is not known",
            ),
            "unsafe" => fault(
                Code::NumberNotRepresentable,
                "un nombre entier d'au plus 2^53-1 en valeur absolue",
                "a whole number of at most 2^53-1 in absolute value",
            )
            .advise(
                "JavaScript a pu l'arrondir : donnez un BigInt, ou le document en texte JSON",
                "JavaScript may have rounded it: give a BigInt, or the document as JSON text",
            ),
            "surrogate" => fault(Code::LoneSurrogate, "une paire de surrogates", "a surrogate pair"),
            "depth" => fault(
                Code::LimitExceeded,
                "un document moins imbriqué, et qui ne se contient pas lui-même",
                "a document less deeply nested, and that does not hold itself",
            ),
            _ => fault(
                Code::WrongType,
                "une valeur qu'un document JSON peut contenir",
                "a value that a JSON document can hold",
            ),
        }
    }
}

/// Reports values that no JSON text can stand for, together with the faults of the text that holds the
/// rest: both are of the same stage.
#[napi(catch_unwind)]
pub fn refuse(troubles: Vec<Trouble>, text: &[u8]) -> napi::Result<()> {
    guard(|| {
        let mut faults = Faults::new();
        for trouble in troubles {
            faults.push(trouble.into());
        }
        if let Err(others) = Json::parse(text, MAX_BYTES) {
            faults.extend(others);
        }
        faults.into_result(())
    })
}

impl NativeCohort {
    /// A cohort as JavaScript holds it.
    pub(crate) fn of(env: Env, cohort: Cohort) -> Self {
        Self::shared(env, Arc::new(cohort))
    }

    /// A cohort that others may hold too.
    pub(crate) fn shared(env: Env, cohort: Arc<Cohort>) -> Self {
        let weight = weight_of(&cohort);
        Self::weighing(env, cohort, weight)
    }
}

#[napi]
impl NativeCohort {
    /// Reads a cohort document.
    #[napi(catch_unwind)]
    pub fn read(env: Env, bytes: &[u8]) -> napi::Result<Self> {
        guard(|| Ok(Self::of(env, Cohort::from_json(bytes)?)))
    }

    /// The number of territories.
    #[napi(catch_unwind)]
    pub fn size(&self) -> napi::Result<u32> {
        guard(|| Ok(u32::try_from(self.inner.len()).unwrap_or(u32::MAX)))
    }

    /// The digest, the period and whether the numbers are invented, as JSON.
    #[napi(catch_unwind)]
    pub fn about(&self) -> napi::Result<String> {
        guard(|| text_of(&CohortRef::from(&*self.inner)))
    }

    /// The networks on which there is an account.
    #[napi(catch_unwind)]
    pub fn networks(&self) -> napi::Result<Vec<String>> {
        guard(|| Ok(self.inner.networks().map(str::to_owned).collect()))
    }

    /// The cohort document, in canonical form.
    #[napi(catch_unwind)]
    pub fn to_json(&self) -> napi::Result<String> {
        guard(|| Ok(bareme::document::canonical::text(&self.inner.to_json())))
    }

    /// Checks the cohort under a methodology.
    #[napi(catch_unwind)]
    pub fn check(&self, methodology: &NativeMethodology) -> napi::Result<()> {
        guard(|| self.inner.check(&methodology.inner).into_result(()))
    }

    /// The place of a territory by its id or its name.
    #[napi(catch_unwind)]
    pub fn find(&self, asked: String) -> napi::Result<u32> {
        guard(|| Ok(u32::try_from(self.inner.find(&asked, |_| true)?).unwrap_or(u32::MAX)))
    }

    /// The cohort without what a methodology does not know.
    #[napi(catch_unwind)]
    pub fn restricted_to(&self, env: Env, methodology: &NativeMethodology) -> napi::Result<Restricted> {
        guard(|| {
            let (cohort, ignored) = self.inner.restricted_to(&methodology.inner);
            Restricted::of(env, cohort, &ignored)
        })
    }
}

/// A cohort, and what was left out of it.
#[napi(object, object_from_js = false)]
#[derive(Debug)]
pub struct Restricted {
    /// The cohort.
    pub cohort: NativeCohort,
    /// What was left out, as JSON.
    pub ignored: String,
}

impl Restricted {
    pub(crate) fn of(env: Env, cohort: Cohort, ignored: &[bareme::cohort::Ignored]) -> Result<Self, Faults> {
        let ignored: Vec<_> = ignored
            .iter()
            .map(|one| {
                let text = one.text();
                json!({ "kind": one.kind.name(), "name": one.name, "count": one.count, "text": { "fr": text.fr, "en": text.en } })
            })
            .collect();
        Ok(Self { cohort: NativeCohort::of(env, cohort), ignored: text_of(&ignored)? })
    }
}
