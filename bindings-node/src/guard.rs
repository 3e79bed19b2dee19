//! What stands between the core and Node: faults become an exception, and so does a panic.
//!
//! A panic that reaches Node ends the whole process. So every function, both halves of every task and
//! every finaliser run inside [`guard`] or [`drop_guarded`].

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bareme::Faults;
use bareme::error::{Code, Fault, Language, Place, Text};
use serde_json::{Value, json};

/// Does some work; its faults, or a panic, become an exception.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, Faults>) -> napi::Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(faults)) => Err(thrown(&faults)),
        Err(payload) => Err(thrown(&internal(said(&*payload)))),
    }
}

/// Drops a value. There is nobody to tell of a panic then: the process lives, and that is all.
pub(crate) fn drop_guarded<T>(value: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(value))) {
        // It was made by the panic message alone, or by a type whose own drop cannot be trusted.
        std::mem::forget(payload);
    }
}

/// What went wrong inside, as a fault.
pub(crate) fn internal(text: impl std::fmt::Display) -> Faults {
    Fault::new(Code::Internal, Place::Pointer(String::new()), text, Text::default()).into()
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// The exception that carries faults: its message is JSON, which `lib/errors.js` makes an error of.
fn thrown(faults: &Faults) -> napi::Error {
    let text = |text: &Text| json!({ "fr": text.fr, "en": text.en });
    let list: Vec<Value> = faults
        .iter()
        .map(|fault| {
            json!({
                "code": fault.code.as_str(),
                "place": &fault.place,
                "value": fault.value,
                "meaning": text(&fault.code.meaning()),
                "expected": text(&fault.expected),
                "advice": text(&fault.advice),
                "line": { "fr": fault.line(Language::French), "en": fault.line(Language::English) },
            })
        })
        .collect();
    napi::Error::from_reason(json!({ "faults": list, "omitted": faults.omitted() }).to_string())
}

/// A document of ours as JSON text.
pub(crate) fn text_of(document: &impl serde::Serialize) -> Result<String, Faults> {
    serde_json::to_string(document).map_err(internal)
}
