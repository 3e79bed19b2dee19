//! The cohort: the territories and accounts compared with one another for one period.
//!
//! Three things are told apart everywhere: *absent* (the territory has no account on a network),
//! *unknown* (the account is there, a number is not known) and, later, *undefined* (a formula has no
//! value). Numbers are kept in columns of binary64, unknown being NaN; each means the decimal that
//! it prints as.

mod alone;
mod build;
mod cells;
mod check;
mod columns;
mod csv;
mod encoding;
mod find;
mod headers;
mod ids;
mod json;
mod known;
mod named;
mod period;
mod resolve;
mod restrict;
mod table;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

pub use build::{Account, CohortBuilder, StratumOverride, Territory};
pub use cells::{neutralised, restored};
pub use columns::{Cells, Column, Given, Numbers, Table};
pub use find::same_name;
pub(crate) use find::{Known as KnownBy, find};
pub use json::{
    AccountRecord, CohortDocument, MAX_BYTES, PeriodRecord, PreviousRecord, Quantity, StratumRecord, TerritoryRecord,
};
pub(crate) use named::{Cursor, Named, NumberColumn};
pub use period::{Date, Period};
pub use restrict::{Ignored, IgnoredKind};

use crate::document::record::step;
use crate::error::{Place, Text};
use crate::methodology::formula::PREVIOUS;

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
    pub(crate) accounts: BTreeMap<String, Arc<Accounts>>,
    /// The accounts of the previous period by network, each under the territory that it counts for now.
    pub(crate) previous: BTreeMap<String, Arc<Accounts>>,
    pub(crate) previous_period: Option<Period>,
    /// Are the numbers invented?
    pub(crate) synthetic: bool,
    pub(crate) origin: Origin,
    /// The cohort that was given, when this one has one account where that has several.
    pub(crate) given: Option<Arc<Cohort>>,
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
    pub(crate) attributes: Named,
    /// Strata set by hand, by territory.
    pub(crate) overrides: BTreeMap<u32, StratumOverride>,
    /// The ids that a territory had in the previous period, sorted, where they are not its own alone.
    pub(crate) formerly: BTreeMap<u32, Vec<String>>,
    /// Where each territory stood in the input, from 0.
    pub(crate) rows: Vec<u32>,
}

/// The accounts on one network, in columns, by increasing territory. Several accounts of one
/// territory are in an order that does not depend on that of the input.
#[derive(Debug, Clone, Default)]
pub(crate) struct Accounts {
    /// The territory of each account.
    pub(crate) territory: Vec<u32>,
    /// Metrics by name; NaN when unknown. Each column is as long as `territory`.
    pub(crate) metrics: Named,
    /// The first account of each territory, or [`NONE`].
    pub(crate) of_territory: Vec<u32>,
    /// Is the account marked as its territory's main one?
    pub(crate) main: Vec<bool>,
    /// Of the ids that the territory had in the previous period, the place of the account's; 0 unless
    /// these are accounts of the previous period.
    pub(crate) former: Vec<u32>,
    /// Where each account stood in the input, from 0.
    pub(crate) rows: Vec<u32>,
}

impl Accounts {
    /// The accounts of a territory.
    pub(crate) fn of(&self, territory: usize) -> Range<usize> {
        let first = self.of_territory.get(territory).map_or(usize::MAX, |account| *account as usize);
        let rest = self.territory.get(first..).unwrap_or_default();
        let count = rest.iter().take_while(|other| **other as usize == territory).count();
        if count == 0 { 0..0 } else { first..first.saturating_add(count) }
    }

    /// Has any territory more than one?
    pub(crate) fn several(&self) -> bool {
        self.territory.iter().zip(self.territory.iter().skip(1)).any(|(first, second)| first == second)
    }
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
    /// Which of two tables this is.
    pub(crate) table: Option<&'static str>,
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

    /// The department of a territory, when it is given. Territories are numbered from 0, in the order of
    /// [`Self::ids`].
    pub fn department(&self, territory: usize) -> Option<&str> {
        self.territories.departments.get(territory)
    }

    /// The region of a territory, when it is given.
    pub fn region(&self, territory: usize) -> Option<&str> {
        self.territories.regions.get(territory)
    }

    /// The structure type of a territory; `None` if there is no such territory.
    pub fn structure_type(&self, territory: usize) -> Option<&str> {
        self.territories.structure_types.get(territory)
    }

    /// The inhabitants of a territory, when they are known.
    pub fn population(&self, territory: usize) -> Option<f64> {
        self.territories.population.get(territory).copied().filter(|value| !value.is_nan())
    }

    /// The period that the previous accounts are of, when it is given.
    pub fn previous_period(&self) -> Option<Period> {
        self.previous_period
    }

    /// Are the numbers invented, so that no result says anything of a territory?
    pub fn is_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The place of a field of a territory.
    pub(crate) fn territory_place(&self, territory: usize, field: &str) -> Place {
        let row = self.territories.rows.get(territory).map_or(0, |row| *row as usize);
        self.origin.place("territories", row, field)
    }

    /// The place of a field of an account of this period or of the previous one.
    pub(crate) fn account_place(&self, when: When, accounts: &Accounts, account: usize, field: &str) -> Place {
        let row = accounts.rows.get(account).map_or(0, |row| *row as usize);
        self.origin.place(when.list(), row, field)
    }

    /// The accounts of this period or of the previous one, by network.
    pub(crate) fn accounts_of(&self, when: When) -> &BTreeMap<String, Arc<Accounts>> {
        match when {
            When::Now => &self.accounts,
            When::Before => &self.previous,
        }
    }
}

/// This period or the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// This period.
    Now,
    /// The previous one.
    Before,
}

impl When {
    pub(crate) const BOTH: [Self; 2] = [Self::Now, Self::Before];

    /// Where the JSON document lists the accounts.
    pub(crate) fn list(self) -> &'static str {
        match self {
            Self::Now => "accounts",
            Self::Before => PREVIOUS_ACCOUNTS,
        }
    }
}

/// Where the JSON document lists the accounts of the previous period.
const PREVIOUS_ACCOUNTS: &str = "previous/accounts";

/// [`Place::Cell`] says so of a cell in the second of two tables.
pub(crate) const TERRITORIES_TABLE: &str = "territories";

impl Headers {
    /// The place of a column as a whole: its header, or its first row when it has none.
    fn column(&self, name: &str) -> Place {
        self.cell(self.first_row.saturating_sub(1).max(1), name)
    }

    fn cell(&self, row: usize, name: &str) -> Place {
        let column = self.names.get(name).map_or(name, String::as_str).to_owned();
        Place::Cell { row, column, table: self.table }
    }
}

impl Origin {
    /// The place of a field in row `row` (from 0) of the list or table `list`. `field` is a member of
    /// the JSON document, or two joined by `/` (`metrics/followers`).
    pub(crate) fn place(&self, list: &str, row: usize, field: &str) -> Place {
        match self.headers(list) {
            None => Place::Pointer(format!("/{list}/{row}/{}", pointer(field))),
            Some(headers) => headers.cell(row.saturating_add(headers.first_row), &column(list, field)),
        }
    }

    /// The place of a list, or of a column when `field` names one.
    pub(crate) fn column(&self, list: &str, field: &str) -> Place {
        match self.headers(list) {
            None => Place::Pointer(format!("/{list}")),
            Some(headers) => headers.column(&column(list, field)),
        }
    }

    /// The place of the period.
    pub(crate) fn period(&self) -> Place {
        match self.headers("accounts") {
            None => Place::Pointer("/period".into()),
            Some(headers) => headers.column("from"),
        }
    }

    /// Is this the place of a column that a table has?
    pub(crate) fn has_column(&self, place: &Place) -> bool {
        let Place::Cell { column, table, .. } = place else { return false };
        let headers = self.headers(table.unwrap_or("accounts"));
        headers.is_some_and(|headers| headers.names.values().any(|name| name == column))
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
fn column<'a>(list: &str, field: &'a str) -> Cow<'a, str> {
    match (list, field.split_once('/')) {
        ("territories", None) if field == "id" => "territory".into(),
        (_, Some(("stratum", "id"))) => "stratum".into(),
        (_, Some(("stratum", "reason"))) => "stratum_reason".into(),
        (PREVIOUS_ACCOUNTS, Some((_, name))) => format!("{PREVIOUS}{name}").into(),
        (_, Some((_, name))) => name.into(),
        (_, None) => field.into(),
    }
}

/// A member, or a member of a member, inside a JSON Pointer.
fn pointer(field: &str) -> String {
    match field.split_once('/') {
        Some((group, name)) => format!("{group}/{}", step(name)),
        None => step(field).into_owned(),
    }
}

#[cfg(test)]
mod tests;
