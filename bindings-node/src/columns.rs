//! Cohorts from columns and from CSV, and results as columns.

use std::borrow::Cow;

use bareme::cohort::{Cells, Column, Ignored, Period, Table};
use bareme::scoring::{Entries, Frame, Series};
use bareme::{Cohort, Faults, Methodology};
use napi::bindgen_prelude::{BigInt64Array, BigUint64Array, Env, Float32Array, Float64Array, Uint32Array};
use napi_derive::napi;

use crate::cohort::Restricted;
use crate::guard::{guard, internal, text_of};
use crate::handles::NativeMethodology;
use crate::records::{PackedPeriod, Texts};

/// A column of a table: its name and, of the rest, what its cells are.
#[napi(object)]
#[derive(Default)]
pub struct NativeColumn {
    /// Its header.
    pub name: String,
    /// Texts; of a coded column, those that the codes name.
    pub texts: Option<Texts>,
    /// The place of each row's text, or `u32::MAX` for none.
    pub codes: Option<Uint32Array>,
    /// binary64.
    pub doubles: Option<Float64Array>,
    /// binary32.
    pub singles: Option<Float32Array>,
    /// Integers.
    pub integers: Option<BigInt64Array>,
    /// Integers without sign.
    pub naturals: Option<BigUint64Array>,
    /// Decimals, written.
    pub written: Option<Texts>,
    /// What the cells hold, when it is none of this, and how many there are.
    pub holds: Option<String>,
    /// How many cells there are then.
    pub count: u32,
}

/// A table, and what it is read with.
#[napi(object)]
#[derive(Default)]
pub struct NativeTables {
    /// The columns of the accounts, or of everything.
    pub accounts: Vec<NativeColumn>,
    /// Those of the territories, when they are apart.
    pub territories: Option<Vec<NativeColumn>>,
    /// The period.
    pub period: Option<PackedPeriod>,
    /// Should what the methodology does not know be left out?
    pub ignore_unknown: bool,
}

impl NativeColumn {
    fn column(&self) -> Result<Column<'_>, Faults> {
        Ok(Column { name: self.name.clone(), cells: self.cells()? })
    }

    fn cells(&self) -> Result<Cells<'_>, Faults> {
        Ok(if let Some(codes) = &self.codes {
            let texts = self.texts.as_ref().map(texts).transpose()?.unwrap_or_default();
            Cells::Coded { texts, codes: Cow::Borrowed(codes) }
        } else if let Some(given) = &self.texts {
            Cells::Text(texts(given)?)
        } else if let Some(doubles) = &self.doubles {
            Cells::binary64(&**doubles)
        } else if let Some(singles) = &self.singles {
            Cells::binary32(singles.iter().copied())
        } else if let Some(integers) = &self.integers {
            Cells::integers(integers.iter().map(|value| Some(*value)))
        } else if let Some(naturals) = &self.naturals {
            Cells::integers(naturals.iter().map(|value| Some(*value)))
        } else if let Some(written) = &self.written {
            Cells::written(texts(written)?.into_iter().map(Cow::into_owned))
        } else {
            Cells::Other { len: self.count as usize, holds: self.holds.clone().unwrap_or_default() }
        })
    }
}

fn texts(texts: &Texts) -> Result<Vec<Cow<'_, str>>, Faults> {
    texts.read().ok_or_else(|| internal("texts that do not come apart"))
}

pub(crate) fn table(columns: &[NativeColumn]) -> Result<Table<'_>, Faults> {
    // Rows of columns without a header count from 1.
    let columns = columns.iter().map(NativeColumn::column).collect::<Result<_, _>>()?;
    Ok(Table { columns, first_row: 1, decimal_comma: false })
}

fn period(given: Option<&PackedPeriod>) -> Result<Option<Period>, Faults> {
    given.map(|PackedPeriod { from, to }| Period::parse(from, to)).transpose()
}

/// Reads one table or two.
fn read(
    env: Env,
    accounts: Table<'_>,
    territories: Option<Table<'_>>,
    period: Option<Period>,
    methodology: &Methodology,
    ignore_unknown: bool,
) -> Result<Restricted, Faults> {
    let (cohort, ignored): (Cohort, Vec<Ignored>) = if ignore_unknown {
        Cohort::from_table_ignoring_unknown(accounts, territories, period, methodology)?
    } else {
        (Cohort::from_table(accounts, territories, period, methodology)?, Vec::new())
    };
    Restricted::of(env, cohort, &ignored)
}

/// A cohort from columns.
#[napi(catch_unwind)]
pub fn cohort_of_columns(env: Env, tables: NativeTables, methodology: &NativeMethodology) -> napi::Result<Restricted> {
    guard(|| {
        let period = period(tables.period.as_ref())?;
        let accounts = table(&tables.accounts)?;
        let territories = tables.territories.as_deref().map(table).transpose()?;
        read(env, accounts, territories, period, &methodology.inner, tables.ignore_unknown)
    })
}

/// A cohort from one CSV text, or from two.
#[napi(catch_unwind)]
pub fn cohort_of_csv(
    env: Env,
    accounts: &[u8],
    territories: Option<&[u8]>,
    from_to: Option<PackedPeriod>,
    ignore_unknown: bool,
    methodology: &NativeMethodology,
) -> napi::Result<Restricted> {
    guard(|| {
        let period = period(from_to.as_ref())?;
        let (accounts, territories) = Table::both_from_csv(accounts, territories, None)?;
        read(env, accounts, territories, period, &methodology.inner, ignore_unknown)
    })
}

/// A column of results.
#[napi(object, object_from_js = false)]
pub struct NativeSeries {
    /// Its name.
    pub name: String,
    /// Numbers, NaN where there is none.
    pub numbers: Option<Float64Array>,
    /// The place of each row's text, or one beyond them for none.
    pub codes: Option<Uint32Array>,
    /// Texts or truths, as a JSON array; of a coded column, those that the codes name.
    pub json: Option<String>,
}

/// Columns of results.
#[napi(object, object_from_js = false)]
pub struct NativeFrame {
    /// The columns.
    pub columns: Vec<NativeSeries>,
    /// The number of rows.
    pub rows: u32,
}

impl NativeFrame {
    pub(crate) fn of(frame: Frame) -> Result<Self, Faults> {
        let rows = u32::try_from(frame.rows).unwrap_or(u32::MAX);
        let columns = frame.columns.into_iter().map(NativeSeries::of).collect::<Result<_, _>>()?;
        Ok(Self { columns, rows })
    }
}

impl NativeSeries {
    fn of(Series { name, values }: Series) -> Result<Self, Faults> {
        let series = Self { name, numbers: None, codes: None, json: None };
        Ok(match values {
            Entries::Text(texts) => {
                let texts: Vec<Option<&str>> = (0..texts.len()).map(|row| texts.get(row)).collect();
                Self { json: Some(text_of(&texts)?), ..series }
            }
            Entries::Coded { texts, codes } => {
                Self { json: Some(text_of(&texts)?), codes: Some(codes.into()), ..series }
            }
            Entries::Number(numbers) => Self { numbers: Some(numbers.into()), ..series },
            Entries::Whole(wholes) => {
                let numbers: Vec<f64> = wholes.into_iter().map(|whole| whole.map_or(f64::NAN, f64::from)).collect();
                Self { numbers: Some(numbers.into()), ..series }
            }
            Entries::Truth(truths) => Self { json: Some(text_of(&truths)?), ..series },
        })
    }
}
