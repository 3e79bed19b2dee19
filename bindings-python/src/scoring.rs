//! Scorings and references.

use std::sync::Arc;

use bareme::error::{Code, Fault, Place, Text};
use bareme::scoring::{Reference as CoreReference, ScoringDocument};
use bareme::{Faults, Scoring as Core};
use pyo3::prelude::*;
use serde::Serialize;

use crate::cohort::Cohort;
use crate::faults::guarded;
use crate::frame::Frame;
use crate::methodology::Methodology;
use crate::publication::{Publication, options};
use crate::work;

/// A cohort scored by a methodology.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Scoring {
    core: Arc<Core>,
}

/// Scores a cohort.
#[pyfunction]
#[pyo3(signature = (methodology, cohort, threads, progress))]
pub(crate) fn score(
    py: Python<'_>,
    methodology: &Methodology,
    cohort: &Cohort,
    threads: usize,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Scoring> {
    let (methodology, cohort) = (methodology.core.clone(), Arc::clone(&cohort.core));
    work::run(py, progress, move |watch| {
        let core = methodology.score_watched(cohort, threads, |done, total| watch.report(done, total))?;
        Ok(Scoring { core: Arc::new(core) })
    })
}

fn json<T: Serialize>(value: &T) -> Result<String, Faults> {
    serde_json::to_string(value)
        .map_err(|error| Fault::new(Code::Internal, Place::Pointer(String::new()), error, Text::default()).into())
}

#[pymethods]
impl Scoring {
    fn __len__(&self) -> usize {
        self.core.len()
    }

    #[getter]
    fn methodology(&self) -> Methodology {
        Methodology::of(self.core.methodology())
    }

    #[getter]
    fn cohort(&self) -> Cohort {
        Cohort { core: self.core.shared_cohort() }
    }

    #[getter]
    fn parts(&self) -> Vec<Self> {
        self.core.parts().iter().map(|part| Self { core: Arc::new(part.clone()) }).collect()
    }

    fn scores(&self, py: Python<'_>) -> PyResult<Frame> {
        let core = Arc::clone(&self.core);
        work::run(py, None, move |_| Frame::of(core.scores_frame()))
    }

    fn indicators(&self, py: Python<'_>) -> PyResult<Frame> {
        let core = Arc::clone(&self.core);
        work::run(py, None, move |_| Frame::of(core.indicators_frame()))
    }

    fn ranking(&self, py: Python<'_>, by: Option<String>, within: Option<String>) -> PyResult<Frame> {
        let core = Arc::clone(&self.core);
        work::run(py, None, move |_| {
            let methodology = core.methodology();
            let (view, within) = (methodology.view(by.as_deref())?, methodology.within(within.as_deref())?);
            Frame::of(core.ranking_frame(view, &within)?)
        })
    }

    /// Everything about one territory, by its id or name, as JSON.
    fn territory(&self, py: Python<'_>, asked: String) -> PyResult<String> {
        let core = Arc::clone(&self.core);
        work::run(py, None, move |_| {
            let place = core.cohort().find(&asked, |_| true)?;
            json(&core.territory(place))
        })
    }

    /// The scoring document as JSON.
    fn document(&self, py: Python<'_>) -> PyResult<String> {
        let core = Arc::clone(&self.core);
        work::run(py, None, move |_| json(&*core))
    }

    /// The published scores of the root, by their number, the most frequent reasons for none left out.
    fn scored(&self) -> usize {
        self.core.root_scores().iter().filter(|score| !score.is_nan()).count()
    }

    fn reference(&self, py: Python<'_>) -> PyResult<Reference> {
        let core = Arc::clone(&self.core);
        work::run(py, None, move |_| Ok(Reference { core: core.reference()? }))
    }

    #[pyo3(signature = (inputs, notes, supersedes, time))]
    fn publication(
        &self,
        py: Python<'_>,
        inputs: bool,
        notes: Vec<String>,
        supersedes: Option<(String, String)>,
        time: Option<String>,
    ) -> PyResult<Publication> {
        let core = Arc::clone(&self.core);
        let options = guarded(py, || options(inputs, &notes, supersedes.as_ref(), time))?;
        work::run(py, None, move |_| Ok(Publication { core: core.publication(&options)? }))
    }
}

/// The published statistics against which one territory is scored.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Reference {
    core: CoreReference,
}

#[pymethods]
impl Reference {
    /// Reads a reference document drawn by a methodology.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &[u8], methodology: &Methodology) -> PyResult<Self> {
        let (text, methodology) = (text.to_vec(), methodology.core.clone());
        work::run(py, None, move |_| Ok(Self { core: CoreReference::from_json(&text, &methodology)? }))
    }

    /// The name of the methodology that a reference document was drawn with.
    #[staticmethod]
    fn methodology_of(py: Python<'_>, text: &[u8]) -> PyResult<String> {
        let text = text.to_vec();
        work::run(py, None, move |_| {
            let document = bareme::scoring::ReferenceDocument::read(&text)?;
            let pin = document.methodology();
            Ok(format!("{}@{}", pin.id, pin.version))
        })
    }

    #[getter]
    fn methodology(&self) -> Methodology {
        Methodology::of(self.core.methodology())
    }

    #[getter]
    fn period(&self) -> Option<(String, String)> {
        self.core.period().map(|period| (period.from().to_string(), period.to().to_string()))
    }

    #[getter]
    fn synthetic(&self) -> bool {
        self.core.is_synthetic()
    }

    #[getter]
    fn sha256(&self) -> String {
        self.core.digest().to_string()
    }

    fn to_json(&self) -> String {
        self.core.to_json()
    }

    fn is_member(&self, territory: &str) -> bool {
        self.core.is_member(territory)
    }

    /// Scores each territory of a cohort alone.
    fn score(&self, py: Python<'_>, cohort: &Cohort) -> PyResult<Alone> {
        let (core, cohort) = (self.core.clone(), Arc::clone(&cohort.core));
        work::run(py, None, move |_| {
            let document = Arc::new(core.score_each(&cohort)?);
            Ok(Alone { document, cohort, reference: core })
        })
    }
}

/// Territories that were each scored alone against a reference.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Alone {
    document: Arc<ScoringDocument>,
    cohort: Arc<bareme::Cohort>,
    reference: CoreReference,
}

#[pymethods]
impl Alone {
    fn __len__(&self) -> usize {
        self.document.territories.len()
    }

    fn scores(&self, py: Python<'_>) -> PyResult<Frame> {
        guarded(py, || Frame::of(self.document.scores_frame(self.reference.methodology(), &self.cohort)))
    }

    fn indicators(&self, py: Python<'_>) -> PyResult<Frame> {
        guarded(py, || Frame::of(self.document.indicators_frame(self.reference.methodology())))
    }

    /// Everything about one territory, by its place, as JSON.
    fn territory(&self, py: Python<'_>, place: usize) -> PyResult<String> {
        guarded(py, || json(&self.document.territories.get(place)))
    }

    /// The scoring document as JSON.
    fn document(&self, py: Python<'_>) -> PyResult<String> {
        guarded(py, || json(&*self.document))
    }
}
