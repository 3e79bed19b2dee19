//! Cohorts from JavaScript objects, packed by `lib/records.js` into few large values.
//!
//! It serves sound cohorts only, fast. What it cannot take, and every fault, is left to the JSON text of
//! the same objects, which says what is wrong and where.

use std::borrow::Cow;

use bareme::cohort::{Account, CohortBuilder, Period, StratumOverride, Territory};
use napi::bindgen_prelude::{Env, Float64Array, Uint32Array};
use napi_derive::napi;
use serde_json::Value;

use crate::guard::guard;
use crate::handles::NativeCohort;
use crate::shape::{Shape, write};

/// Texts, joined by the character U+0000; or, should one of them hold it, as a JSON array.
#[napi(object)]
#[derive(Debug)]
pub struct Texts {
    /// The texts, joined.
    pub text: String,
    /// How many there are.
    pub count: u32,
    /// Is it JSON?
    pub json: bool,
}

impl Texts {
    /// The joined texts.
    fn split(&self) -> Option<Vec<&str>> {
        let none = self.count == 0 && self.text.is_empty();
        let texts: Vec<&str> = if none { Vec::new() } else { self.text.split('\0').collect() };
        (texts.len() == self.count as usize && !self.json).then_some(texts)
    }

    /// The texts, however they are given.
    pub(crate) fn read(&self) -> Option<Vec<Cow<'_, str>>> {
        if self.json {
            let texts: Vec<String> = serde_json::from_str(&self.text).ok()?;
            return Some(texts.into_iter().map(Cow::from).collect());
        }
        Some(self.split()?.into_iter().map(Cow::from).collect())
    }
}

/// A column of texts of which few differ: the place among the texts of each row's, or one beyond them
/// for none.
#[napi(object)]
pub struct Coded {
    /// The places.
    pub codes: Uint32Array,
    /// The texts.
    pub texts: Texts,
}

/// Numbers by name. Objects with the same names in the same order share a shape.
#[napi(object)]
pub struct Numbers {
    /// The names of each shape.
    pub shapes: Vec<Vec<String>>,
    /// The shape of each row.
    pub shape: Uint32Array,
    /// The numbers, row after row; NaN when unknown.
    pub values: Float64Array,
}

/// Territories.
#[napi(object)]
pub struct PackedTerritories {
    /// Their ids.
    pub ids: Texts,
    /// Their names.
    pub names: Texts,
    /// Their structure types.
    pub structure_types: Coded,
    /// Inhabitants; NaN when unknown.
    pub population: Float64Array,
    /// Where those are from.
    pub population_vintages: Coded,
    /// Departments.
    pub departments: Coded,
    /// Regions.
    pub regions: Coded,
    /// Further numbers.
    pub attributes: Numbers,
    /// What few territories have, as JSON: `[[row, stratum or null, formerly or null], …]`, by row.
    pub others: String,
}

/// Accounts of one period.
#[napi(object)]
pub struct PackedAccounts {
    /// The territories' ids.
    pub territories: Coded,
    /// The networks.
    pub networks: Coded,
    /// The metrics.
    pub metrics: Numbers,
    /// The rows of those that are marked as main, increasing.
    pub main: Uint32Array,
}

/// A period.
#[napi(object)]
#[derive(Debug)]
pub struct PackedPeriod {
    /// Its first day.
    pub from: String,
    /// The day after its last.
    pub to: String,
}

/// A cohort.
#[napi(object)]
pub struct PackedCohort {
    /// The period.
    pub period: Option<PackedPeriod>,
    /// Are the numbers invented?
    pub synthetic: bool,
    /// The territories.
    pub territories: PackedTerritories,
    /// The accounts.
    pub accounts: PackedAccounts,
    /// Those of the previous period.
    pub previous: Option<PackedAccounts>,
    /// That period.
    pub previous_period: Option<PackedPeriod>,
}

/// The cohort, when it is sound; whatever is wrong with it, none.
#[napi(catch_unwind)]
pub fn cohort_of_records(env: Env, packed: PackedCohort) -> napi::Result<Option<NativeCohort>> {
    guard(|| Ok(cohort(&packed).map(|cohort| NativeCohort::of(env, cohort))))
}

fn cohort(packed: &PackedCohort) -> Option<bareme::Cohort> {
    let mut builder = CohortBuilder::new();
    if let Some(PackedPeriod { from, to }) = &packed.period {
        builder.period(Period::parse(from, to).ok()?);
    }
    if let Some(PackedPeriod { from, to }) = &packed.previous_period {
        builder.previous_period(Period::parse(from, to).ok()?);
    }
    if packed.synthetic {
        builder.synthetic();
    }
    territories(&packed.territories, &mut |territory| {
        builder.territory(territory);
    })?;
    accounts(&packed.accounts, &mut |account| {
        builder.account(account);
    })?;
    if let Some(previous) = &packed.previous {
        accounts(previous, &mut |account| {
            builder.previous_account(account);
        })?;
    }
    builder.build().ok()
}

/// Gives each territory in turn; none when something does not fit together.
fn territories(packed: &PackedTerritories, visit: &mut dyn FnMut(&Territory)) -> Option<()> {
    let (ids, names) = (packed.ids.split()?, packed.names.split()?);
    let structure_types = Decoded::of(&packed.structure_types)?;
    let vintages = Decoded::of(&packed.population_vintages)?;
    let (departments, regions) = (Decoded::of(&packed.departments)?, Decoded::of(&packed.regions)?);
    let others: Vec<Value> = serde_json::from_str(&packed.others).ok()?;
    let mut others = others.iter().peekable();
    let mut attributes = Rows::of(&packed.attributes);
    let mut territory = Territory::default();
    for (row, id) in ids.iter().enumerate() {
        put(&mut territory.id, id);
        put(&mut territory.name, names.get(row)?);
        put(&mut territory.structure_type, structure_types.get(row)?);
        territory.population = Some(*packed.population.get(row)?);
        put_some(&mut territory.population_vintage, vintages.get(row));
        put_some(&mut territory.department, departments.get(row));
        put_some(&mut territory.region, regions.get(row));
        territory.attributes.clear();
        let names = packed.attributes.shapes.get(attributes.shape()?)?;
        territory.attributes.extend(names.iter().cloned().zip(attributes.values()?.iter().copied()));
        (territory.stratum, territory.formerly) = (None, None);
        let is_here = |other: &&Value| other.get(0).and_then(Value::as_u64) == Some(row as u64);
        if let Some(other) = others.next_if(|other| is_here(other)) {
            let text = |value: &Value| value.as_str().map(str::to_owned);
            territory.stratum = match other.get(1)? {
                Value::Null => None,
                by_hand => {
                    Some(StratumOverride { stratum: text(by_hand.get("id")?)?, reason: text(by_hand.get("reason")?)? })
                }
            };
            territory.formerly = match other.get(2)? {
                Value::Null => None,
                formerly => Some(formerly.as_array()?.iter().map(text).collect::<Option<_>>()?),
            };
        }
        visit(&territory);
    }
    others.next().is_none().then_some(())
}

/// Gives each account in turn; none when something does not fit together.
fn accounts(packed: &PackedAccounts, visit: &mut dyn FnMut(&Account)) -> Option<()> {
    let (territories, networks) = (Decoded::of(&packed.territories)?, Decoded::of(&packed.networks)?);
    let mut metrics = Rows::of(&packed.metrics);
    let mut main = packed.main.iter().copied().peekable();
    // One account of each shape: its names are the same from row to row, and only written once.
    let shapes: Vec<Shape> = packed.metrics.shapes.iter().map(|names| Shape::of(names)).collect();
    let mut by_shape: Vec<Account> = shapes.iter().map(Shape::account).collect();
    for row in 0..packed.metrics.shape.len() {
        let shape = metrics.shape()?;
        let account = by_shape.get_mut(shape)?;
        write(account, shapes.get(shape)?.places(), metrics.values()?)?;
        put(&mut account.territory, territories.get(row)?);
        put(&mut account.network, networks.get(row)?);
        account.main = main.next_if(|main| *main as usize == row).is_some();
        visit(account);
    }
    main.next().is_none().then_some(())
}

fn put(place: &mut String, text: &str) {
    place.clear();
    place.push_str(text);
}

fn put_some(place: &mut Option<String>, text: Option<&str>) {
    match (place, text) {
        (Some(place), Some(text)) => put(place, text),
        (place, text) => *place = text.map(str::to_owned),
    }
}

/// A coded column, its texts apart.
struct Decoded<'a> {
    codes: &'a [u32],
    texts: Vec<&'a str>,
}

impl<'a> Decoded<'a> {
    fn of(coded: &'a Coded) -> Option<Self> {
        Some(Self { codes: &coded.codes, texts: coded.texts.split()? })
    }

    fn get(&self, row: usize) -> Option<&'a str> {
        self.texts.get(*self.codes.get(row)? as usize).copied()
    }
}

/// Numbers by name, row after row.
struct Rows<'a> {
    numbers: &'a Numbers,
    row: usize,
    at: usize,
}

impl<'a> Rows<'a> {
    fn of(numbers: &'a Numbers) -> Self {
        Self { numbers, row: 0, at: 0 }
    }

    /// The shape of the next row.
    fn shape(&self) -> Option<usize> {
        self.numbers.shape.get(self.row).map(|shape| *shape as usize)
    }

    /// The numbers of the next row, which is then passed.
    fn values(&mut self) -> Option<&'a [f64]> {
        let count = self.numbers.shapes.get(self.shape()?)?.len();
        let values = self.numbers.values.get(self.at..)?.get(..count)?;
        self.at = self.at.saturating_add(count);
        self.row = self.row.saturating_add(1);
        Some(values)
    }
}
