//! The native half of the Python package `bareme`: it converts, calls the core and maps errors.
//!
//! `python/bareme` holds what users see; everything here is private to it.

mod arrow;
mod cohort;
mod columns;
mod faults;
mod frame;
mod methodology;
mod publication;
mod scoring;
mod work;

use pyo3::prelude::*;
use pyo3::types::PyDict;

/// Runs a file of conformance vectors against this build: for each case its id and what differs.
#[pyfunction]
fn vectors(py: Python<'_>, text: &[u8]) -> PyResult<Vec<(String, Vec<String>)>> {
    use bareme_conformance::Page;
    let text = text.to_vec();
    let outcome = work::run(py, None, move |_| {
        Ok(Page::read(&text).and_then(|page| {
            let outcomes = page.run().map(|outcome| {
                let outcome = outcome?;
                Ok((outcome.id, outcome.differences.iter().map(ToString::to_string).collect()))
            });
            outcomes.collect::<Result<Vec<_>, _>>()
        }))
    })?;
    outcome.map_err(|error| pyo3::exceptions::PyValueError::new_err(error.to_string()))
}

/// The JSON Schema of a kind of document.
#[pyfunction]
fn schema(name: &str) -> Option<&'static str> {
    bareme::catalogue::schema(name)
}

/// A text as a cell that no spreadsheet runs.
#[pyfunction]
fn neutralised(text: &str) -> String {
    bareme::cohort::neutralised(text).into_owned()
}

/// The text of a number, as RFC 8785 writes it; empty for what is none.
#[pyfunction]
fn decimal(number: f64) -> String {
    bareme::exact::Decimal::new(number).map(|decimal| decimal.to_string()).unwrap_or_default()
}

/// The module.
// It has no state of its own, and every object in it is immutable: it needs no global lock.
#[pymodule(gil_used = false)]
fn _bareme(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("LANGUAGE", bareme::document::LANGUAGE)?;
    let codes = PyDict::new(module.py());
    for code in bareme::error::Code::ALL {
        codes.set_item(code.as_str(), code.meaning().en)?;
    }
    module.add("CODES", codes)?;
    module.add_class::<methodology::Methodology>()?;
    module.add_class::<cohort::Cohort>()?;
    module.add_class::<scoring::Scoring>()?;
    module.add_class::<scoring::Alone>()?;
    module.add_class::<scoring::Reference>()?;
    module.add_class::<publication::Publication>()?;
    module.add_class::<frame::Frame>()?;
    module.add_function(wrap_pyfunction!(methodology::catalogue, module)?)?;
    module.add_function(wrap_pyfunction!(methodology::methodology, module)?)?;
    module.add_function(wrap_pyfunction!(scoring::score, module)?)?;
    module.add_function(wrap_pyfunction!(publication::verify, module)?)?;
    module.add_function(wrap_pyfunction!(schema, module)?)?;
    module.add_function(wrap_pyfunction!(work::worked, module)?)?;
    module.add_function(wrap_pyfunction!(neutralised, module)?)?;
    module.add_function(wrap_pyfunction!(decimal, module)?)?;
    module.add_function(wrap_pyfunction!(vectors, module)?)
}
