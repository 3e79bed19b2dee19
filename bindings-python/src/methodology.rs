//! Methodologies.

use bareme::Methodology as Core;
use bareme::error::Language;
use pyo3::prelude::*;

use crate::faults::guarded;

/// A methodology document that is sound.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Methodology {
    pub(crate) core: Core,
}

impl Methodology {
    pub(crate) fn of(core: &Core) -> Self {
        Self { core: core.clone() }
    }
}

/// French for `fr`, English for anything else.
pub(crate) fn language(tag: &str) -> Language {
    if tag == "fr" { Language::French } else { Language::English }
}

/// Every embedded methodology.
#[pyfunction]
pub(crate) fn catalogue(py: Python<'_>) -> PyResult<Vec<Methodology>> {
    guarded(py, || Ok(bareme::catalogue::all().iter().map(Methodology::of).collect()))
}

/// The embedded methodology `id@version`.
#[pyfunction]
pub(crate) fn methodology(py: Python<'_>, name: &str) -> PyResult<Methodology> {
    guarded(py, || Ok(Methodology { core: bareme::catalogue::methodology(name)? }))
}

#[pymethods]
impl Methodology {
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &[u8], others: Vec<PyRef<'_, Self>>) -> PyResult<Self> {
        let others: Vec<Core> = others.iter().map(|other| other.core.clone()).collect();
        guarded(py, || Ok(Self { core: Core::from_json_with(text, &others)? }))
    }

    fn variant(&self, py: Python<'_>, patch: &[u8]) -> PyResult<Self> {
        guarded(py, || Ok(Self { core: self.core.variant(patch)? }))
    }

    fn to_json(&self) -> String {
        self.core.to_json()
    }

    #[getter]
    fn id(&self) -> &str {
        self.core.id()
    }

    #[getter]
    fn version(&self) -> &str {
        self.core.version()
    }

    #[getter]
    fn status(&self) -> &'static str {
        self.core.status().as_str()
    }

    #[getter]
    fn method_sha256(&self) -> String {
        self.core.method_digest().to_string()
    }

    #[getter]
    fn document_sha256(&self) -> String {
        self.core.document_digest().to_string()
    }

    #[getter]
    fn pinned(&self) -> Vec<Self> {
        self.core.pinned().iter().map(Self::of).collect()
    }

    fn title(&self, lang: &str) -> String {
        self.core.document().title.get(language(lang)).to_owned()
    }

    fn status_text(&self, lang: &str) -> String {
        self.core.status().label().get(language(lang)).to_owned()
    }

    fn describe(&self, py: Python<'_>, lang: &str) -> PyResult<String> {
        guarded(py, || Ok(self.core.describe(language(lang))))
    }
}
