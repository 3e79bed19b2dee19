//! The cohort: the territories and accounts compared with one another for one period.
//!
//! Three things are told apart everywhere: *absent* (the territory has no account on a network),
//! *unknown* (the account is there, a number is not known) and, later, *undefined* (a formula has no
//! value). Numbers are kept in columns of binary64, unknown being NaN; each means the decimal that
//! it prints as.

mod build;
mod cells;
mod check;
mod headers;
mod json;
mod period;
mod table;

use std::collections::BTreeMap;

pub use build::{Account, CohortBuilder, StratumOverride, Territory};
pub use json::{AccountRecord, CohortDocument, MAX_BYTES, PeriodRecord, Quantity, StratumRecord, TerritoryRecord};
pub use period::{Date, Period};
pub use table::{Cells, Column, Table};

use crate::error::{Place, Text};

/// Most rows of territories or of accounts.
pub const MAX_ROWS: usize = 5_000_000;
/// Most networks, most metrics of one network, and most attributes.
pub const MAX_NAMES: usize = 500;
/// Longest id of a territory, a structure type, a network, a stratum, a metric or an attribute, in
/// characters.
pub const MAX_ID: usize = 64;
/// Longest name of a territory, department, region or vintage, in characters.
pub const MAX_NAME: usize = 200;
/// Longest reason of a change of stratum, in characters.
pub const MAX_REASON: usize = 1_000;

/// The territories and accounts compared with one another for one period.
///
/// Built from rows ([`CohortBuilder`]), from columns ([`Cohort::from_table`]) or from JSON
/// ([`Cohort::from_json`]); whichever way, the same checks apply.
#[derive(Debug, Clone)]
pub struct Cohort {
    pub(crate) period: Option<Period>,
    pub(crate) territories: Territories,
    /// By network.
    pub(crate) accounts: BTreeMap<String, Accounts>,
    pub(crate) origin: Origin,
}

/// The territories, in columns, in the order in which they were given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Territories {
    pub(crate) ids: Vec<String>,
    pub(crate) names: Vec<String>,
    pub(crate) structure_types: Interned,
    /// Inhabitants; NaN when unknown.
    pub(crate) population: Vec<f64>,
    pub(crate) population_vintage: Interned,
    pub(crate) departments: Interned,
    pub(crate) regions: Interned,
    /// Further numbers by name; NaN when unknown.
    pub(crate) attributes: BTreeMap<String, Vec<f64>>,
    /// Strata set by hand, by territory.
    pub(crate) overrides: BTreeMap<u32, StratumOverride>,
    /// Where each territory stood in the input, from 0.
    pub(crate) rows: Vec<u32>,
}

/// The accounts on one network, in columns, by increasing territory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    /// The territory of each account.
    pub(crate) territory: Vec<u32>,
    /// Metrics by name; NaN when unknown. Each column is as long as `territory`.
    pub(crate) metrics: BTreeMap<String, Vec<f64>>,
    /// The account of each territory, or [`NONE`].
    pub(crate) of_territory: Vec<u32>,
    /// Where each account stood in the input, from 0.
    pub(crate) rows: Vec<u32>,
}

/// Stands for no account, or no value of an [`Interned`] column.
pub(crate) const NONE: u32 = u32::MAX;

/// A column of texts of which few differ.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interned {
    /// The distinct texts.
    pub(crate) texts: Vec<String>,
    /// The text of each row, or [`NONE`].
    pub(crate) codes: Vec<u32>,
}

impl Interned {
    /// The text of a row.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        let code = *self.codes.get(row)?;
        self.texts.get(usize::try_from(code).ok()?).map(String::as_str)
    }
}

/// How the cohort was given, so that a fault names a place that its author knows.
#[derive(Debug, Clone, Default)]
pub(crate) enum Origin {
    /// Two lists, as in the JSON document: places are JSON Pointers.
    #[default]
    Document,
    /// One or two tables: places are rows and columns.
    Table {
        /// The table of the accounts, which also holds the territories when it is the only one.
        accounts: Headers,
        /// The table of the territories, when there is one.
        territories: Option<Headers>,
    },
}

/// How the rows and columns of a table are called.
#[derive(Debug, Clone, Default)]
pub(crate) struct Headers {
    /// The number that a spreadsheet shows for the first row of data.
    pub(crate) first_row: usize,
    /// The author's name of each column, by its canonical name.
    pub(crate) names: BTreeMap<String, String>,
}

impl Cohort {
    /// The number of territories.
    pub fn len(&self) -> usize {
        self.territories.ids.len()
    }

    /// Is there no territory? Never true of a cohort that was built.
    pub fn is_empty(&self) -> bool {
        self.territories.ids.is_empty()
    }

    /// The period, when it is given.
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    /// The territories' ids, in the order in which they were given.
    pub fn ids(&self) -> &[String] {
        &self.territories.ids
    }

    /// The territories' names, in the same order.
    pub fn names(&self) -> &[String] {
        &self.territories.names
    }

    /// The networks on which at least one territory has an account.
    pub fn networks(&self) -> impl Iterator<Item = &str> {
        self.accounts.keys().map(String::as_str)
    }

    /// The place of a field of a territory.
    pub(crate) fn territory_place(&self, territory: usize, field: &str) -> Place {
        let row = self.territories.rows.get(territory).map_or(0, |row| *row as usize);
        self.origin.place("territories", row, field)
    }

    /// The place of a field of an account.
    pub(crate) fn account_place(&self, network: &str, account: usize, field: &str) -> Place {
        let row = self.accounts.get(network).and_then(|accounts| accounts.rows.get(account));
        self.origin.place("accounts", row.map_or(0, |row| *row as usize), field)
    }
}

impl Headers {
    /// The place of a column as a whole: its header, or its first row when it has none.
    fn column(&self, name: &str) -> Place {
        self.cell(self.first_row.saturating_sub(1).max(1), name)
    }

    fn cell(&self, row: usize, name: &str) -> Place {
        let column = self.names.get(name).map_or(name, String::as_str).to_owned();
        Place::Cell { row, column }
    }
}

impl Origin {
    /// The place of a field in row `row` (from 0) of the list or table `list`. `field` is a member of
    /// the JSON document, or two joined by `/` (`metrics/followers`).
    pub(crate) fn place(&self, list: &str, row: usize, field: &str) -> Place {
        match self.headers(list) {
            None => Place::Pointer(format!("/{list}/{row}/{}", pointer(field))),
            Some(headers) => headers.cell(row.saturating_add(headers.first_row), column(list, field)),
        }
    }

    /// The place of a list, or of a column when `field` names one.
    pub(crate) fn column(&self, list: &str, field: &str) -> Place {
        match self.headers(list) {
            None => Place::Pointer(format!("/{list}")),
            Some(headers) => headers.column(column(list, field)),
        }
    }

    /// The place of the period.
    pub(crate) fn period(&self) -> Place {
        match self.headers("accounts") {
            None => Place::Pointer("/period".into()),
            Some(headers) => headers.column("from"),
        }
    }

    /// A row as people call it.
    pub(crate) fn row(&self, list: &str, row: usize) -> Text {
        match self.headers(list) {
            None => Text::new(format!("/{list}/{row}"), format!("/{list}/{row}")),
            Some(headers) => {
                let row = row.saturating_add(headers.first_row);
                Text::new(format!("ligne {row}"), format!("row {row}"))
            }
        }
    }

    fn headers(&self, list: &str) -> Option<&Headers> {
        match self {
            Self::Document => None,
            Self::Table { territories: Some(headers), .. } if list == "territories" => Some(headers),
            Self::Table { accounts, .. } => Some(accounts),
        }
    }
}

/// The canonical name of the column that holds a member of the JSON document.
fn column<'a>(list: &str, field: &'a str) -> &'a str {
    match (list, field) {
        ("territories", "id") => "territory",
        (_, "stratum/id") => "stratum",
        (_, "stratum/reason") => "stratum_reason",
        _ => field.split_once('/').map_or(field, |(_, name)| name),
    }
}

/// A member, or a member of a member, inside a JSON Pointer.
fn pointer(field: &str) -> String {
    let escape = |name: &str| name.replace('~', "~0").replace('/', "~1");
    match field.split_once('/') {
        Some((group, name)) => format!("{group}/{}", escape(name)),
        None => escape(field),
    }
}

#[cfg(test)]
mod tests;
