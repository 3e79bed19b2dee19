//! Cohorts.

use std::sync::Arc;

use bareme::Cohort as Core;
use bareme::cohort::{Ignored, Period, Table};
use pyo3::prelude::*;

use crate::columns::Columns;
use crate::faults::guarded;
use crate::methodology::Methodology;
use crate::work;

/// Territories and accounts for one period.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Cohort {
    pub(crate) core: Arc<Core>,
}

/// What was left out: its kind, its name, how often it stood there.
type LeftOut = Vec<(&'static str, String, usize)>;

fn left_out(ignored: Vec<Ignored>) -> LeftOut {
    ignored.into_iter().map(|ignored| (ignored.kind.name(), ignored.name, ignored.count)).collect()
}

#[pymethods]
impl Cohort {
    /// Reads a cohort document.
    #[staticmethod]
    fn from_json(py: Python<'_>, text: &[u8]) -> PyResult<Self> {
        let text = text.to_vec();
        work::run(py, None, move |_| Ok(Self { core: Arc::new(Core::from_json(&text)?) }))
    }

    /// Reads the columns of one frame or of two.
    #[staticmethod]
    #[pyo3(signature = (accounts, territories, period, methodology, ignore_unknown))]
    fn from_columns(
        py: Python<'_>,
        accounts: &Bound<'_, PyAny>,
        territories: Option<&Bound<'_, PyAny>>,
        period: Option<(String, String)>,
        methodology: &Methodology,
        ignore_unknown: bool,
    ) -> PyResult<(Self, LeftOut)> {
        let mut accounts = Columns::read(accounts)?;
        let mut territories = territories.map(Columns::read).transpose()?;
        let methodology = methodology.core.clone();
        let period = guarded(py, || period.map(|(from, to)| Period::parse(&from, &to)).transpose())?;
        work::run(py, None, move |_| {
            let (accounts, territories) = (accounts.table(1), territories.as_mut().map(|columns| columns.table(1)));
            let (cohort, ignored) = if ignore_unknown {
                Core::from_table_ignoring_unknown(accounts, territories, period, &methodology)?
            } else {
                (Core::from_table(accounts, territories, period, &methodology)?, Vec::new())
            };
            Ok((Self { core: Arc::new(cohort) }, left_out(ignored)))
        })
    }

    /// Reads the bytes of one CSV file or of two.
    #[staticmethod]
    #[pyo3(signature = (accounts, territories, period, methodology, ignore_unknown))]
    fn from_csv(
        py: Python<'_>,
        accounts: &[u8],
        territories: Option<&[u8]>,
        period: Option<(String, String)>,
        methodology: &Methodology,
        ignore_unknown: bool,
    ) -> PyResult<(Self, LeftOut)> {
        let (accounts, territories) = (accounts.to_vec(), territories.map(<[u8]>::to_vec));
        let methodology = methodology.core.clone();
        let period = guarded(py, || period.map(|(from, to)| Period::parse(&from, &to)).transpose())?;
        work::run(py, None, move |_| {
            let (accounts, territories) = Table::both_from_csv(&accounts, territories.as_deref(), None)?;
            let (cohort, ignored) = if ignore_unknown {
                Core::from_table_ignoring_unknown(accounts, territories, period, &methodology)?
            } else {
                (Core::from_table(accounts, territories, period, &methodology)?, Vec::new())
            };
            Ok((Self { core: Arc::new(cohort) }, left_out(ignored)))
        })
    }

    /// The same without what a methodology does not know, and what was left out.
    fn restricted_to(&self, methodology: &Methodology) -> (Self, LeftOut) {
        let (cohort, ignored) = self.core.restricted_to(&methodology.core);
        (Self { core: Arc::new(cohort) }, left_out(ignored))
    }

    fn __len__(&self) -> usize {
        self.core.len()
    }

    #[getter]
    fn sha256(&self) -> String {
        self.core.digest().to_string()
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
    fn networks(&self) -> Vec<String> {
        self.core.networks().map(str::to_owned).collect()
    }
}
