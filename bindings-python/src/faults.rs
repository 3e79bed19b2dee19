//! Faults into exceptions. The classes are Python's own, in `bareme._errors`: a stable ABI cannot subclass
//! exceptions before 3.12.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bareme::Faults;
use bareme::error::{Code, Fault, Language, Place, Text};
use pyo3::prelude::*;
use pyo3::types::PyString;
use serde_json::{Value, json};

/// The exception that says what is wrong.
pub(crate) fn raised(py: Python<'_>, faults: &Faults) -> PyErr {
    let listed: Vec<Value> = faults.iter().map(shown).collect();
    let text = json!({ "faults": listed, "omitted": faults.omitted() }).to_string();
    let build = || py.import("bareme._errors")?.getattr("from_json")?.call1((PyString::new(py, &text),));
    match build() {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    }
}

fn shown(fault: &Fault) -> Value {
    let mut value = serde_json::to_value(fault).unwrap_or_default();
    if let Value::Object(members) = &mut value {
        let meaning = fault.code.meaning();
        let both = |text: Text| json!({ "fr": text.fr, "en": text.en });
        members.insert("meaning".to_owned(), both(meaning));
        let line = Text::new(fault.line(Language::French), fault.line(Language::English));
        members.insert("line".to_owned(), both(line));
    }
    value
}

/// The faults of a panic: a defect of ours, which must not end the interpreter.
pub(crate) fn of_panic(panic: &(dyn Any + Send)) -> Faults {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Fault::new(Code::Internal, Place::Pointer(String::new()), text.unwrap_or_default(), Text::default()).into()
}

/// Runs something short; what is wrong becomes an exception.
pub(crate) fn guarded<T>(py: Python<'_>, work: impl FnOnce() -> Result<T, Faults>) -> PyResult<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(outcome) => outcome.map_err(|faults| raised(py, &faults)),
        Err(panic) => Err(raised(py, &of_panic(&*panic))),
    }
}
