//! Cohorts.

use std::sync::Arc;

use bareme::Faults;
use bareme::cohort::Table;

use crate::error::{BaremeError, Text, guard};
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

impl Period {
    /// The period, if one is given; its faults are put under a pointer.
    pub(crate) fn read(given: Option<&Self>, under: &str, faults: &mut Faults) -> Option<bareme::cohort::Period> {
        let Self { from, to } = given?;
        faults.gather(under, bareme::cohort::Period::parse(from, to))
    }
}

/// Something that was left out because the methodology does not know it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Ignored {
    /// What it is.
    pub kind: IgnoredKind,
    /// Its id, or the header of a column.
    pub name: String,
    /// How many cells, accounts or known numbers it had.
    pub count: i32,
    /// In words.
    pub text: Text,
}

/// What was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum IgnoredKind {
    /// A column of a table.
    Column,
    /// A network, with its accounts.
    Network,
    /// A metric of accounts.
    Metric,
    /// An attribute of territories.
    Attribute,
}

impl From<bareme::cohort::Ignored> for Ignored {
    fn from(ignored: bareme::cohort::Ignored) -> Self {
        let kind = match ignored.kind {
            bareme::cohort::IgnoredKind::Column => IgnoredKind::Column,
            bareme::cohort::IgnoredKind::Network => IgnoredKind::Network,
            bareme::cohort::IgnoredKind::Metric => IgnoredKind::Metric,
            bareme::cohort::IgnoredKind::Attribute => IgnoredKind::Attribute,
        };
        Self { kind, count: count(ignored.count), text: ignored.text().into(), name: ignored.name }
    }
}

/// The territories and accounts compared with one another for one period.
#[derive(Debug, uniffi::Object)]
pub struct Cohort {
    pub(crate) core: Arc<bareme::Cohort>,
    ignored: Vec<Ignored>,
}

impl Cohort {
    pub(crate) fn of(core: impl Into<Arc<bareme::Cohort>>) -> Arc<Self> {
        Arc::new(Self { core: core.into(), ignored: Vec::new() })
    }

    /// A cohort without what was left out of it.
    fn without(core: bareme::Cohort, ignored: Vec<bareme::cohort::Ignored>) -> Arc<Self> {
        Arc::new(Self { core: Arc::new(core), ignored: ignored.into_iter().map(Ignored::from).collect() })
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

    /// Reads CSV: one table, a row for each territory and network, or one of accounts and one of `territories`.
    /// Comma, semicolon or tab; headers and cells may hold the ids or the labels of `methodology`. What it does not
    /// know is a fault, or left out when `ignore_unknown` is true; see `ignored`.
    #[uniffi::constructor(default(territories = None, period = None, ignore_unknown = false))]
    pub fn from_csv(
        table: Vec<u8>,
        methodology: &Methodology,
        territories: Option<Vec<u8>>,
        period: Option<Period>,
        ignore_unknown: bool,
    ) -> Result<Arc<Self>, BaremeError> {
        guard(|| {
            let mut faults = Faults::new();
            let period = Period::read(period.as_ref(), "", &mut faults);
            faults.into_result(())?;
            let (accounts, territories) = Table::both_from_csv(&table, territories.as_deref(), None)?;
            let methodology = &methodology.core;
            if !ignore_unknown {
                return Ok(Self::of(bareme::Cohort::from_table(accounts, territories, period, methodology)?));
            }
            let read = bareme::Cohort::from_table_ignoring_unknown(accounts, territories, period, methodology);
            let (cohort, ignored) = read?;
            Ok(Self::without(cohort, ignored))
        })
    }

    /// What was left out when this cohort was read, or drawn from another, because the methodology does not know it.
    pub fn ignored(&self) -> Result<Vec<Ignored>, BaremeError> {
        guard(|| Ok(self.ignored.clone()))
    }

    /// The number of territories.
    pub fn size(&self) -> Result<i32, BaremeError> {
        guard(|| Ok(count(self.core.len())))
    }

    /// The period.
    pub fn period(&self) -> Result<Option<Period>, BaremeError> {
        guard(|| Ok(self.core.period().map(Period::from)))
    }

    /// The period of the previous accounts.
    pub fn previous_period(&self) -> Result<Option<Period>, BaremeError> {
        guard(|| Ok(self.core.previous_period().map(Period::from)))
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

    /// The cohort without the networks, metrics and attributes that a methodology does not know; see `ignored`.
    pub fn restricted_to(&self, methodology: &Methodology) -> Result<Arc<Self>, BaremeError> {
        guard(|| {
            let (cohort, ignored) = self.core.restricted_to(&methodology.core);
            Ok(Self::without(cohort, ignored))
        })
    }

    /// The cohort document in canonical form.
    pub fn to_json(&self) -> Result<String, BaremeError> {
        guard(|| Ok(bareme::document::canonical::text(&self.core.to_json())))
    }
}
