//! Publications, receipts, verification.

use std::sync::Arc;

use bareme::Faults;
use bareme::error::{Code, Fault, Place, Text};
use bareme::publication::{
    Envelope, Inputs, Note, PublicKey, Publication as Core, PublicationOptions, Published, SheetForm, SigningKey,
    Supersedes, VerifyOptions,
};
use pyo3::prelude::*;

use crate::cohort::Cohort;
use crate::faults::guarded;
use crate::methodology::Methodology;
use crate::work;

/// The open-data document of a scoring.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Publication {
    pub(crate) core: Core,
}

/// What a publisher chose.
pub(crate) fn options(
    inputs: bool,
    notes: &[String],
    supersedes: Option<&(String, String)>,
    time: Option<String>,
) -> Result<PublicationOptions, Faults> {
    let mut faults = Faults::new();
    let notes = notes.iter().enumerate();
    let notes = notes.filter_map(|(place, note)| faults.gather(&format!("/notes/{place}"), Note::new(note)));
    let notes = notes.collect();
    let supersedes = supersedes.map(|(before, reason)| Supersedes::new(before, reason));
    let supersedes = supersedes.and_then(|before| faults.gather("/supersedes", before));
    faults.into_result(PublicationOptions {
        inputs: if inputs { Inputs::Included } else { Inputs::Digest },
        notes,
        supersedes,
        envelope: Envelope::of_this_build(time),
    })
}

#[pymethods]
impl Publication {
    /// Reads a publication.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &[u8]) -> PyResult<Self> {
        let text = text.to_vec();
        work::run(py, None, move |_| Ok(Self { core: Core::from_json(&text)? }))
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        let core = self.core.clone();
        work::run(py, None, move |_| Ok(core.to_json()))
    }

    #[getter]
    fn sha256(&self) -> String {
        self.core.digest().to_string()
    }

    #[getter]
    fn methodology(&self) -> Methodology {
        Methodology::of(self.core.methodology())
    }

    fn rows(&self) -> Vec<(String, String)> {
        self.core.rows().map(|(id, digest)| (id.to_owned(), digest.to_string())).collect()
    }

    /// The same, signed by an Ed25519 key in PEM.
    fn signed(&self, py: Python<'_>, pem: &str) -> PyResult<Self> {
        guarded(py, || {
            let key = SigningKey::from_pem(pem)?;
            let mut core = self.core.clone();
            core.sign(&key);
            Ok(Self { core })
        })
    }

    /// The sheet, for spreadsheets.
    fn sheet(&self, py: Python<'_>, decimal_comma: bool) -> PyResult<String> {
        let core = self.core.clone();
        let form = if decimal_comma { SheetForm::Comma } else { SheetForm::Point };
        work::run(py, None, move |_| Ok(core.sheet(form)))
    }

    /// The receipt of one territory, as JSON.
    fn receipt(&self, py: Python<'_>, territory: &str, reference: bool) -> PyResult<String> {
        guarded(py, || Ok(self.core.receipt(territory, reference)?.to_json()))
    }
}

/// Verifies a publication or a receipt; the report as JSON.
#[pyfunction]
#[pyo3(signature = (document, reference, cohort, keys, known, disagreements))]
pub(crate) fn verify(
    py: Python<'_>,
    document: &[u8],
    reference: Option<Vec<u8>>,
    cohort: Option<&Bound<'_, PyAny>>,
    keys: Vec<String>,
    known: Vec<PyRef<'_, Methodology>>,
    disagreements: usize,
) -> PyResult<String> {
    let document = document.to_vec();
    let keys = guarded(py, || keys.iter().map(|key| PublicKey::parse(key)).collect::<Result<Vec<_>, _>>())?;
    let published = work::run(py, None, move |_| Published::from_json(&document))?;
    // A cohort that is still columns is read by the methodology of what is verified.
    let cohort = match cohort {
        None => None,
        Some(given) if given.is_callable() => {
            let methodology = Methodology::of(published.methodology());
            Some(Arc::clone(&given.call1((methodology,))?.extract::<PyRef<'_, Cohort>>()?.core))
        }
        Some(given) => Some(Arc::clone(&given.extract::<PyRef<'_, Cohort>>()?.core)),
    };
    let known = known.iter().map(|known| known.core.clone()).collect();
    let options = VerifyOptions { cohort, reference, keys, known, disagreements };
    work::run(py, None, move |_| {
        let report = published.verify(&options)?;
        serde_json::to_string(&report)
            .map_err(|error| Fault::new(Code::Internal, Place::Pointer(String::new()), error, Text::default()).into())
    })
}
