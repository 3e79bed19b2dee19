//! Cohorts.

use std::sync::Arc;

use bareme::cohort::Table;

use crate::error::{BaremeError, guard};
use crate::methodology::Methodology;

/// A period, by its days.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Period {
    /// The first day: `2026-10-01`.
    pub from: String,
    /// The day after the last.
    pub to: String,
}

impl From<bareme::cohort::Period> for Period {
    fn from(period: bareme::cohort::Period) -> Self {
        Self { from: period.from().to_string(), to: period.to().to_string() }
    }
}

/// The territories and accounts compared with one another for one period.
#[derive(Debug, uniffi::Object)]
pub struct Cohort {
    pub(crate) core: Arc<bareme::Cohort>,
}

impl Cohort {
    pub(crate) fn of(core: impl Into<Arc<bareme::Cohort>>) -> Arc<Self> {
        Arc::new(Self { core: core.into() })
    }
}

/// A length, as the signed number that both languages count with.
pub(crate) fn count(length: usize) -> i32 {
    i32::try_from(length).unwrap_or(i32::MAX)
}

#[uniffi::export]
impl Cohort {
    /// Reads a cohort document.
    #[uniffi::constructor]
    pub fn from_json(document: Vec<u8>) -> Result<Arc<Self>, BaremeError> {
        guard(|| Ok(Self::of(bareme::Cohort::from_json(&document)?)))
    }

    /// Reads the CSV of one table, a row for each territory and network: comma, semicolon or tab; headers and
    /// cells may hold the ids or the labels of `methodology`. What it does not know is a fault, or left out when
    /// `ignore_unknown` is true.
    #[uniffi::constructor(default(ignore_unknown = false))]
    pub fn from_csv(table: Vec<u8>, methodology: &Methodology, ignore_unknown: bool) -> Result<Arc<Self>, BaremeError> {
        guard(|| {
            let table = Table::from_csv(&table, None)?;
            let methodology = &methodology.core;
            let cohort = if ignore_unknown {
                bareme::Cohort::from_table_ignoring_unknown(&table, None, None, methodology)?.0
            } else {
                bareme::Cohort::from_table(&table, None, None, methodology)?
            };
            Ok(Self::of(cohort))
        })
    }

    /// The number of territories.
    pub fn size(&self) -> Result<i32, BaremeError> {
        guard(|| Ok(count(self.core.len())))
    }

    /// The period.
    pub fn period(&self) -> Result<Option<Period>, BaremeError> {
        guard(|| Ok(self.core.period().map(Period::from)))
    }

    /// Are its numbers invented?
    pub fn is_synthetic(&self) -> Result<bool, BaremeError> {
        guard(|| Ok(self.core.is_synthetic()))
    }

    /// The ids of the territories, in order.
    pub fn ids(&self) -> Result<Vec<String>, BaremeError> {
        guard(|| Ok(self.core.ids().to_vec()))
    }

    /// The networks on which there is an account.
    pub fn networks(&self) -> Result<Vec<String>, BaremeError> {
        guard(|| Ok(self.core.networks().map(str::to_owned).collect()))
    }

    /// The digest of its content, whatever the order of its rows.
    pub fn sha256(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.digest().to_string()))
    }

    /// Throws every fault of the cohort under a methodology, which scoring would find too.
    pub fn check(&self, methodology: &Methodology) -> Result<(), BaremeError> {
        guard(|| self.core.check(&methodology.core).into_result(()))
    }

    /// The cohort without the networks, metrics and attributes that a methodology does not know.
    pub fn restricted_to(&self, methodology: &Methodology) -> Result<Arc<Self>, BaremeError> {
        guard(|| Ok(Self::of(self.core.restricted_to(&methodology.core).0)))
    }

    /// The cohort document in canonical form.
    pub fn to_json(&self) -> Result<String, BaremeError> {
        guard(|| Ok(bareme::document::canonical::text(&self.core.to_json())))
    }
}
