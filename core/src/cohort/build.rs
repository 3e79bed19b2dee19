//! The one door into a cohort: whatever it is built from, rows come in here and are checked here.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::ids::Ids;
use super::{
    Accounts, Cohort, Cursor, Interned, MAX_ID, MAX_NAME, MAX_NAMES, MAX_REASON, MAX_ROWS, NONE, Named, NumberColumn,
    Origin, Period, Territories, When,
};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::Decimal;

/// Largest whole number up to which binary64 tells every one from the next.
pub(super) const MAX_COUNT: f64 = 9_007_199_254_740_991.0;

/// A public body, as [`CohortBuilder::territory`] takes it. An empty text is a text not given.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Territory {
    /// Its id, unique in the cohort: an INSEE or SIREN code; any text of 1 to 64 characters.
    pub id: String,
    /// Its name, of 1 to 200 characters.
    pub name: String,
    /// The kind of public body: an id that the methodology declares.
    pub structure_type: String,
    /// Inhabitants, a whole number from 0 to 2^53-1; `None` or NaN when unknown.
    pub population: Option<f64>,
    /// The census that the population is from, such as its year.
    pub population_vintage: Option<String>,
    /// Its department.
    pub department: Option<String>,
    /// Its region.
    pub region: Option<String>,
    /// Further numbers by the names that the methodology declares; NaN when unknown.
    pub attributes: BTreeMap<String, f64>,
    /// The stratum set by hand, when the methodology's own rule does not apply.
    pub stratum: Option<StratumOverride>,
    /// The ids that it had in the previous period, when they are not its own: those of the communes
    /// that it was merged from. An empty list says that it had none.
    pub formerly: Option<Vec<String>>,
}

/// A territory's stratum set by hand. Every output flags it with its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StratumOverride {
    /// The id of the stratum.
    pub stratum: String,
    /// Why; never empty, at most 1,000 characters.
    pub reason: String,
}

/// A territory's presence on one network, as [`CohortBuilder::account`] takes it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// The id of the territory.
    pub territory: String,
    /// The network: an id that the methodology declares.
    pub network: String,
    /// Numbers by the names that the methodology declares; NaN when unknown. A metric that is left
    /// out is unknown too.
    pub metrics: BTreeMap<String, f64>,
    /// Is it the main one of several that the territory has on the network?
    pub main: bool,
}

/// Builds a cohort from rows, in any order.
///
/// ```
/// use bareme::cohort::{Account, CohortBuilder, Territory};
///
/// # fn main() -> Result<(), bareme::Faults> {
/// let mut builder = CohortBuilder::new();
/// builder
///     .territory(&Territory {
///         id: "06083".into(),
///         name: "Menton".into(),
///         structure_type: "commune".into(),
///         population: Some(30_326.0),
///         ..Territory::default()
///     })
///     .account(&Account {
///         territory: "06083".into(),
///         network: "instagram".into(),
///         metrics: [("followers".to_owned(), 12_000.0)].into(),
///         ..Account::default()
///     });
/// let cohort = builder.build()?;
/// assert_eq!(cohort.len(), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct CohortBuilder {
    intake: Intake,
    territories: usize,
    accounts: usize,
    previous: usize,
}

impl CohortBuilder {
    /// No territory yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the period over which the metrics were taken.
    pub fn period(&mut self, period: Period) -> &mut Self {
        self.intake.period = Some(period);
        self
    }

    /// Sets the period that the previous accounts are of.
    pub fn previous_period(&mut self, period: Period) -> &mut Self {
        self.intake.previous_period = Some(period);
        self
    }

    /// Says that the numbers are invented: every output repeats it.
    pub fn synthetic(&mut self) -> &mut Self {
        self.intake.synthetic = true;
        self
    }

    /// Adds a territory.
    pub fn territory(&mut self, territory: &Territory) -> &mut Self {
        let row = TerritoryRow {
            id: &territory.id,
            name: &territory.name,
            structure_type: &territory.structure_type,
            population: territory.population.unwrap_or(f64::NAN),
            population_vintage: territory.population_vintage.as_deref().unwrap_or_default(),
            department: territory.department.as_deref().unwrap_or_default(),
            region: territory.region.as_deref().unwrap_or_default(),
            stratum: territory.stratum.as_ref().map(|by_hand| (by_hand.stratum.as_str(), by_hand.reason.as_str())),
            formerly: territory.formerly.as_deref(),
        };
        self.intake.territory(self.territories, &row, pairs(&territory.attributes));
        self.territories = self.territories.saturating_add(1);
        self
    }

    /// Adds an account; its territory may come later. A territory may have several accounts on one
    /// network: the methodology says what becomes of them.
    pub fn account(&mut self, account: &Account) -> &mut Self {
        self.intake.account(When::Now, self.accounts, &AccountRow::of(account), pairs(&account.metrics));
        self.accounts = self.accounts.saturating_add(1);
        self
    }

    /// Adds an account of the previous period, under the id that its territory had then.
    pub fn previous_account(&mut self, account: &Account) -> &mut Self {
        self.intake.account(When::Before, self.previous, &AccountRow::of(account), pairs(&account.metrics));
        self.previous = self.previous.saturating_add(1);
        self
    }

    /// The cohort.
    ///
    /// # Errors
    /// Every fault of the rows, with places as in the JSON document: `/territories/0/population` is
    /// the population of the first territory that was added.
    pub fn build(self) -> Result<Cohort, Faults> {
        self.intake.finish()
    }
}

fn pairs(map: &BTreeMap<String, f64>) -> impl Iterator<Item = (&str, f64)> {
    map.iter().map(|(name, value)| (name.as_str(), *value))
}

/// A territory on its way in. Empty texts are not given; numbers are NaN when unknown.
#[derive(Debug, Clone, Copy)]
pub(super) struct TerritoryRow<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) structure_type: &'a str,
    pub(super) population: f64,
    pub(super) population_vintage: &'a str,
    pub(super) department: &'a str,
    pub(super) region: &'a str,
    /// The stratum set by hand and the reason.
    pub(super) stratum: Option<(&'a str, &'a str)>,
    pub(super) formerly: Option<&'a [String]>,
}

/// An account on its way in.
#[derive(Debug, Clone, Copy)]
pub(super) struct AccountRow<'a> {
    pub(super) territory: &'a str,
    pub(super) network: &'a str,
    pub(super) main: bool,
}

impl<'a> AccountRow<'a> {
    fn of(account: &'a Account) -> Self {
        Self { territory: &account.territory, network: &account.network, main: account.main }
    }
}

/// A column of texts while it grows.
#[derive(Debug, Default)]
struct Interner {
    /// Of every text, once there are more than a few.
    codes: HashMap<String, u32>,
    column: Interned,
}

/// So many texts are sooner looked through than looked up.
const FEW: usize = 8;

impl Interner {
    fn push(&mut self, text: &str) {
        // Neighbours are mostly alike, and comparing costs less than hashing.
        if let Some(last) = self.column.codes.last().copied()
            && self.column.texts.get(last as usize).is_some_and(|known| known == text)
        {
            return self.column.codes.push(last);
        }
        let code = if text.is_empty() { NONE } else { self.code(text) };
        self.column.codes.push(code);
    }

    fn code(&mut self, text: &str) -> u32 {
        let texts = &mut self.column.texts;
        let known = if texts.len() <= FEW {
            texts.iter().position(|known| known == text).map(small)
        } else {
            self.codes.get(text).copied()
        };
        known.unwrap_or_else(|| {
            texts.push(text.to_owned());
            if texts.len() > FEW {
                let new = texts.iter().enumerate().skip(self.codes.len());
                self.codes.extend(new.map(|(code, text)| (text.clone(), small(code))));
            }
            small(texts.len()).saturating_sub(1)
        })
    }
}

/// The accounts on one network while they come in.
#[derive(Debug, Default)]
struct Arriving {
    /// The number of each account's territory id in [`Intake::ids`].
    ids: Vec<u32>,
    rows: Vec<u32>,
    main: Vec<bool>,
    metrics: Named,
}

/// The accounts of one period while they come in.
#[derive(Debug, Default)]
struct Presences {
    // In boxes, since the nodes of a map of large values are large, whatever they hold.
    networks: BTreeMap<String, Box<Arriving>>,
    count: usize,
}

/// A cohort while it comes in.
#[derive(Debug, Default)]
pub(super) struct Intake {
    pub(super) period: Option<Period>,
    pub(super) previous_period: Option<Period>,
    pub(super) synthetic: bool,
    pub(super) faults: Faults,
    origin: Origin,
    /// Every territory id met so far, in territories or accounts, numbered.
    ids: Ids,
    /// The territory of each id, or [`NONE`] as long as none has it.
    holders: Vec<u32>,
    /// The number of the id met last: an account mostly follows its territory.
    last: Option<u32>,
    /// Ids of territories that could not be read: their accounts are not at fault.
    excused: HashSet<u32>,
    territories: Territories,
    structure_types: Interner,
    population_vintage: Interner,
    departments: Interner,
    regions: Interner,
    now: Presences,
    before: Presences,
    /// Limits that were passed are reported once each.
    passed: HashSet<(&'static str, &'static str)>,
}

impl Intake {
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, ..Self::default() }
    }

    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Takes the territory that stands in row `row` (from 0).
    pub(super) fn territory<'a>(
        &mut self,
        row: usize,
        territory: &TerritoryRow<'_>,
        attributes: impl IntoIterator<Item = (&'a str, f64)>,
    ) {
        let place = self.territories.ids.len();
        if place >= MAX_ROWS {
            return self.pass_limit("territories", "id", MAX_ROWS);
        }
        self.identity(row, territory);
        self.holder(row, territory.id, small(place));
        let population = self.population(row, territory.population);
        for (field, text) in [
            ("population_vintage", territory.population_vintage),
            ("department", territory.department),
            ("region", territory.region),
        ] {
            self.short("territories", row, field, text, MAX_NAME);
        }
        if let Some((stratum, reason)) = territory.stratum {
            self.by_hand(row, small(place), stratum, reason);
        }
        if let Some(formerly) = territory.formerly {
            self.formerly(row, small(place), territory.id, formerly);
        }
        self.territories.ids.push(territory.id.to_owned());
        self.territories.names.push(territory.name.to_owned());
        self.structure_types.push(territory.structure_type);
        self.territories.population.push(population);
        self.population_vintage.push(territory.population_vintage);
        self.departments.push(territory.department);
        self.regions.push(territory.region);
        self.territories.rows.push(small(row));
        for (name, value) in take(&mut self.territories.attributes, place, attributes) {
            let value = self.finite("territories", row, "attributes", name, value);
            let columns = &self.territories.attributes;
            let (known, count) = (columns.contains(name), columns.len());
            if (known || self.new_name("territories", row, "attributes", name, count))
                && let Some(column) = self.territories.attributes.entry(name)
            {
                put(column, place, value);
            }
        }
    }

    /// Notes that a territory of this id stands in the input but could not be read.
    pub(super) fn excuse(&mut self, id: &str) {
        let number = self.number(id);
        self.excused.insert(number);
    }

    /// Takes the account that stands in row `row` (from 0).
    pub(super) fn account<'a>(
        &mut self,
        when: When,
        row: usize,
        account: &AccountRow<'_>,
        metrics: impl IntoIterator<Item = (&'a str, f64)>,
    ) {
        if !self.arrives(when, row, account) {
            return;
        }
        let (list, network) = (when.list(), account.network);
        let Some(arriving) = self.presences(when).networks.get_mut(network) else { return };
        let place = arriving.ids.len().saturating_sub(1);
        for (name, value) in take(&mut arriving.metrics, place, metrics) {
            let value = self.finite(list, row, "metrics", name, value);
            let columns = self.presences(when).networks.get(network).map(|arriving| &arriving.metrics);
            let (known, count) = columns.map_or((false, 0), |columns| (columns.contains(name), columns.len()));
            if !known && !self.new_name(list, row, "metrics", name, count) {
                continue;
            }
            let arriving = self.presences(when).networks.get_mut(network);
            if let Some(column) = arriving.and_then(|arriving| arriving.metrics.entry(name)) {
                put(column, place, value);
            }
        }
    }

    /// Takes the account that stands in row `row` (from 0) of a table, but for its metrics: they come by columns,
    /// once all accounts are there ([`Self::metric`]). Only their infinities are reported, in the order of rows.
    pub(super) fn account_of_table<'a>(
        &mut self,
        when: When,
        row: usize,
        account: &AccountRow<'_>,
        metrics: impl Iterator<Item = (&'a str, f64)>,
    ) {
        if !self.arrives(when, row, account) {
            return;
        }
        for (name, value) in metrics {
            self.finite(when.list(), row, "metrics", name, value);
        }
    }

    /// Takes a column of a table: a metric of the accounts that were taken from its rows.
    pub(super) fn metric(&mut self, when: When, name: &str, values: Cow<'_, [f64]>) {
        let presences = self.presences(when);
        let (mut values, mut refused) = (values, None);
        let last = presences.networks.len().saturating_sub(1);
        for (place, arriving) in presences.networks.values_mut().enumerate() {
            if arriving.metrics.len() >= MAX_NAMES {
                refused = refused.or(arriving.rows.first().copied());
                continue;
            }
            let values = if place == last { std::mem::take(&mut values) } else { Cow::Borrowed(&*values) };
            if let Some(column) = arriving.metrics.entry(name) {
                *column = of_rows(values, &arriving.rows);
            }
        }
        if let Some(row) = refused {
            // Says so.
            self.new_name(when.list(), row as usize, "metrics", name, MAX_NAMES);
        }
    }

    /// Takes an account without its metrics, if it can be taken.
    fn arrives(&mut self, when: When, row: usize, account: &AccountRow<'_>) -> bool {
        let AccountRow { territory, network, main } = *account;
        let list = when.list();
        let presences = self.presences(when);
        if presences.count >= MAX_ROWS {
            self.pass_limit(list, "territory", MAX_ROWS);
            return false;
        }
        presences.count = presences.count.saturating_add(1);
        if network.is_empty() {
            self.required(list, row, "network", "le réseau du compte", "the network of the account");
            return false;
        }
        if territory.is_empty() {
            self.required(list, row, "territory", "l'identifiant d'un territoire", "the id of a territory");
            return false;
        }
        let number = self.number(territory);
        let count = self.presences(when).networks.len();
        if !self.presences(when).networks.contains_key(network) {
            if !self.new_name(list, row, "network", network, count) {
                return false;
            }
            self.presences(when).networks.insert(network.to_owned(), Box::default());
        }
        let Some(arriving) = self.presences(when).networks.get_mut(network) else { return false };
        arriving.ids.push(number);
        arriving.rows.push(small(row));
        arriving.main.push(main);
        true
    }

    fn presences(&mut self, when: When) -> &mut Presences {
        match when {
            When::Now => &mut self.now,
            When::Before => &mut self.before,
        }
    }

    /// The cohort, if nothing was wrong.
    pub(super) fn finish(self) -> Result<Cohort, Faults> {
        let (cohort, faults) = self.close();
        faults.into_result(cohort)
    }

    /// Settles which territory each account belongs to. Of a cohort with faults, what could be read.
    pub(super) fn close(mut self) -> (Cohort, Faults) {
        let count = self.territories.ids.len();
        if count == 0 && self.excused.is_empty() {
            let place = self.origin.column("territories", "id");
            self.faults.push(
                Fault::new(Code::EmptyCohort, place, "", Text::new("au moins un territoire", "at least one territory"))
                    .advise("vérifiez que le fichier contient des lignes", "check that the file has rows"),
            );
        }
        self.periods_in_order();
        for column in self.territories.attributes.columns_mut() {
            column.resize(count, f64::NAN);
        }
        self.territories.structure_types = std::mem::take(&mut self.structure_types.column);
        self.territories.population_vintage = std::mem::take(&mut self.population_vintage.column);
        self.territories.departments = std::mem::take(&mut self.departments.column);
        self.territories.regions = std::mem::take(&mut self.regions.column);

        // Who has which id now, and who had it before; mostly the same.
        let former = if self.before.networks.is_empty() && self.territories.formerly.is_empty() {
            Owners::default()
        } else {
            self.former_owners()
        };
        let current = Owners { of: std::mem::take(&mut self.holders), places: Vec::new() };
        let names = IdNames { ids: &self.ids, excused: &self.excused, origin: &self.origin };
        let mut settled = [BTreeMap::new(), BTreeMap::new()];
        for ((when, owners, presences), accounts) in
            [(When::Now, &current, self.now), (When::Before, &former, self.before)].into_iter().zip(&mut settled)
        {
            for (network, arriving) in presences.networks {
                let settled = settle(*arriving, count, when, owners, &names, &mut self.faults);
                accounts.insert(network, Arc::new(settled));
            }
        }
        let [accounts, previous] = settled;
        let cohort = Cohort {
            period: self.period,
            territories: self.territories,
            accounts,
            previous,
            previous_period: self.previous_period,
            synthetic: self.synthetic,
            origin: self.origin,
            given: None,
        };
        (cohort, self.faults)
    }

    fn periods_in_order(&mut self) {
        if let (Some(before), Some(now)) = (self.previous_period, self.period)
            && before.to() > now.from()
        {
            let from = now.from();
            let expected = Text::new(
                format!("au plus tard {from}, début de la période"),
                format!("{from} at the latest, when the period begins"),
            );
            let place = Place::Pointer("/previous/period/to".into());
            self.faults.push(Fault::new(Code::BoundsOrder, place, before.to(), expected).advise(
                "la période précédente finit avant que celle-ci commence",
                "the previous period ends before this one begins",
            ));
        }
    }

    /// Who had each id in the previous period: the territory that names it, else the one that has it.
    fn former_owners(&mut self) -> Owners {
        let mut owners = Owners { of: self.holders.clone(), places: vec![0; self.holders.len()] };
        let number = |id: &str| self.ids.find(id).map(|number| number as usize);
        for territory in self.territories.formerly.keys() {
            let own = self.territories.ids.get(*territory as usize).and_then(|id| number(id));
            // Of two territories with one id, the first has it.
            if let Some(owner) = own.and_then(|own| owners.of.get_mut(own)).filter(|owner| *owner == territory) {
                *owner = NONE;
            }
        }
        for (territory, ids) in &self.territories.formerly {
            for (place, id) in ids.iter().enumerate() {
                let Some(number) = number(id) else { continue };
                let (Some(owner), Some(slot)) = (owners.of.get_mut(number), owners.places.get_mut(number)) else {
                    continue;
                };
                if *owner == NONE {
                    (*owner, *slot) = (*territory, small(place));
                    continue;
                }
                let row = |territory: u32| self.territories.rows.get(territory as usize).map_or(0, |row| *row as usize);
                let other = self.origin.row("territories", row(*owner));
                let expected = Text::new(
                    format!("un identifiant que nul autre territoire n'avait ; voir {}", other.fr),
                    format!("an id that no other territory had; see {}", other.en),
                );
                let place = self.origin.place("territories", row(*territory), "formerly");
                self.faults.push(Fault::new(Code::FormerIdShared, place, id, expected).advise(
                    "ne nommez un ancien identifiant qu'une fois ; un territoire qui n'existait pas a une liste vide",
                    "name a former id once only; a territory that did not exist has an empty list",
                ));
            }
        }
        owners
    }

    /// The number of a territory id.
    fn number(&mut self, id: &str) -> u32 {
        if let Some(last) = self.last.filter(|last| self.ids.text(*last) == id) {
            return last;
        }
        let number = self.ids.number(id);
        if self.holders.len() < self.ids.len() {
            self.holders.push(NONE);
        }
        self.last = Some(number);
        number
    }

    /// Where the territory of this id stood in the input, if it was taken.
    pub(super) fn row_of(&mut self, id: &str) -> Option<usize> {
        let number = self.number(id);
        let holder = *self.holders.get(number as usize)?;
        self.territories.rows.get(holder as usize).map(|row| *row as usize)
    }

    /// Gives the id to the territory `place`, unless an earlier one has it.
    fn holder(&mut self, row: usize, id: &str, place: u32) {
        let number = self.number(id);
        let Some(holder) = self.holders.get_mut(number as usize) else { return };
        if *holder == NONE {
            *holder = place;
            return;
        }
        let first = self.territories.rows.get(*holder as usize).map_or(0, |row| *row as usize);
        if id.is_empty() {
            return; // Said already, of both.
        }
        let (first, this) = (self.origin.row("territories", first), self.origin.row("territories", row));
        let expected = Text::new(
            format!("un seul territoire par identifiant ; celui-ci figure déjà : {}", first.fr),
            format!("one territory for each id; this one stands already: {}", first.en),
        );
        self.faults.push(
            Fault::new(Code::DuplicateTerritory, self.origin.place("territories", row, "id"), id, expected).advise(
                format!("comparez les deux ({} et {}) et supprimez ou corrigez l'un", first.fr, this.fr),
                format!("compare the two ({} and {}) and delete or correct one", first.en, this.en),
            ),
        );
    }

    fn identity(&mut self, row: usize, territory: &TerritoryRow<'_>) {
        let TerritoryRow { id, name, structure_type, .. } = *territory;
        if id.is_empty() {
            self.required(
                "territories",
                row,
                "id",
                "l'identifiant du territoire, tel un code INSEE ou SIREN",
                "the territory's id, such as an INSEE or SIREN code",
            );
        } else if !is_id(id) {
            self.id_form(self.origin.place("territories", row, "id"), id);
        } else if structure_type == "commune" && id.len() == 4 && id.bytes().all(|b| b.is_ascii_digit()) {
            let expected = Text::new("un code commune de cinq caractères", "a commune code of five characters");
            self.faults.push(
                Fault::new(Code::LostLeadingZero, self.origin.place("territories", row, "id"), id, expected).advise(
                    format!("écrivez 0{id} ; dans un tableur, mettez d'abord la colonne au format « texte »"),
                    format!("write 0{id}; in a spreadsheet, first give the column the format \"text\""),
                ),
            );
        }
        if name.trim().is_empty() {
            self.required("territories", row, "name", "le nom du territoire", "the territory's name");
        }
        self.short("territories", row, "name", name, MAX_NAME);
        if structure_type.is_empty() {
            self.required("territories", row, "structure_type", "le type de structure", "the structure type");
        } else if !is_id(structure_type) {
            self.id_form(self.origin.place("territories", row, "structure_type"), structure_type);
        }
    }

    fn population(&mut self, row: usize, value: f64) -> f64 {
        let fault = if value.is_infinite() { Some(infinite()) } else { not_a_count(value) };
        if let Some((code, expected)) = fault {
            let place = self.origin.place("territories", row, "population");
            self.faults.push(Fault::new(code, place, shown(value), expected).advise(
                "donnez le nombre d'habitants, ou laissez vide s'il n'est pas connu",
                "give the number of inhabitants, or leave it empty if it is not known",
            ));
        }
        value + 0.0
    }

    fn by_hand(&mut self, row: usize, territory: u32, stratum: &str, reason: &str) {
        if stratum.is_empty() {
            self.required(
                "territories",
                row,
                "stratum/id",
                "la strate que ce motif justifie",
                "the stratum that this reason is for",
            );
        } else if !is_id(stratum) {
            self.id_form(self.origin.place("territories", row, "stratum/id"), stratum);
        }
        if reason.trim().is_empty() {
            let expected = Text::new("le motif du changement de strate", "the reason for the change of stratum");
            let place = self.origin.place("territories", row, "stratum/reason");
            self.faults.push(Fault::new(Code::OverrideWithoutReason, place, stratum, expected).advise(
                "écrivez pourquoi ce territoire est comparé à une autre strate que la sienne : le motif sera publié",
                "write why this territory is compared with another stratum than its own: the reason will be published",
            ));
        }
        self.short("territories", row, "stratum/reason", reason, MAX_REASON);
        let by_hand = StratumOverride { stratum: stratum.to_owned(), reason: reason.to_owned() };
        self.territories.overrides.insert(territory, by_hand);
    }

    /// Takes the ids that a territory had in the previous period.
    fn formerly(&mut self, row: usize, territory: u32, own: &str, formerly: &[String]) {
        if formerly.len() > MAX_NAMES {
            let expected = Text::new(format!("au plus {MAX_NAMES} identifiants"), format!("at most {MAX_NAMES} ids"));
            let place = self.origin.place("territories", row, "formerly");
            return self.faults.push(Fault::new(Code::LimitExceeded, place, formerly.len(), expected));
        }
        let mut ids: Vec<String> = Vec::with_capacity(formerly.len());
        for (index, id) in formerly.iter().enumerate() {
            let place = || self.origin.place("territories", row, &format!("formerly/{index}"));
            if ids.contains(id) {
                let expected = Text::new("chaque identifiant une fois", "each id once");
                let fault = Fault::new(Code::DuplicateId, place(), id, expected);
                self.faults.push(fault.advise("supprimez la répétition", "delete the repetition"));
                continue;
            }
            if !is_id(id) {
                self.id_form(place(), id);
            }
            self.number(id);
            ids.push(id.clone());
        }
        ids.sort();
        if ids != [own] {
            self.territories.formerly.insert(territory, ids);
        }
    }

    /// Refuses an infinity.
    fn finite(&mut self, list: &str, row: usize, group: &str, name: &str, value: f64) -> f64 {
        if value.is_infinite() {
            let (code, expected) = infinite();
            let place = self.origin.place(list, row, &format!("{group}/{name}"));
            self.faults.push(Fault::new(code, place, shown(value), expected).advise(
                "une division par zéro en amont, peut-être : laissez vide ce qui n'est pas connu",
                "perhaps a division by zero upstream: leave empty what is not known",
            ));
        }
        value
    }

    /// Checks a name met for the first time; is there room for it?
    fn new_name(&mut self, list: &'static str, row: usize, group: &'static str, name: &str, count: usize) -> bool {
        if count >= MAX_NAMES {
            self.pass_limit(list, group, MAX_NAMES);
            return false;
        }
        if !is_id(name) {
            let field = if group == "network" { group.to_owned() } else { format!("{group}/{name}") };
            self.id_form(self.origin.place(list, row, &field), name);
        }
        true
    }

    fn id_form(&mut self, place: Place, id: &str) {
        let expected = Text::new(
            format!("1 à {MAX_ID} caractères, sans espace au début ni à la fin, sans caractère de contrôle"),
            format!("1 to {MAX_ID} characters, no space at either end, no control character"),
        );
        self.faults.push(Fault::new(Code::InvalidId, place, id, expected));
    }

    fn required(&mut self, list: &str, row: usize, field: &str, fr: &str, en: &str) {
        let place = self.origin.place(list, row, field);
        self.faults.push(
            Fault::new(Code::MissingField, place, "", Text::new(fr, en))
                .advise("remplissez cette case", "fill this in"),
        );
    }

    fn short(&mut self, list: &str, row: usize, field: &str, text: &str, most: usize) {
        // Bytes bound characters, so most texts need no counting.
        let long = text.len() > most && text.chars().count() > most;
        if long || text.chars().any(char::is_control) {
            let expected = Text::new(
                format!("au plus {most} caractères, sans retour à la ligne ni autre caractère de contrôle"),
                format!("at most {most} characters, no line break or other control character"),
            );
            self.faults.push(Fault::new(Code::OutOfRange, self.origin.place(list, row, field), text, expected));
        }
    }

    fn pass_limit(&mut self, list: &'static str, field: &'static str, most: usize) {
        if self.passed.insert((list, field)) {
            let (fr, en) = match field {
                "id" => ("territoires", "territories"),
                "attributes" => ("attributs", "attributes"),
                "network" => ("réseaux", "networks"),
                "metrics" => ("mesures par réseau", "metrics of one network"),
                _ => ("comptes d'une période", "accounts of a period"),
            };
            let expected = Text::new(format!("au plus {most} {fr}"), format!("at most {most} {en}"));
            self.faults.push(Fault::new(Code::LimitExceeded, self.origin.column(list, field), "", expected));
        }
    }
}

/// The territory ids of a cohort, to settle the accounts by.
struct IdNames<'a> {
    ids: &'a Ids,
    excused: &'a HashSet<u32>,
    origin: &'a Origin,
}

/// Whose each id is.
#[derive(Default)]
struct Owners {
    /// The territory of each id, by its number, or [`NONE`].
    of: Vec<u32>,
    /// The place of each id among those that its territory had; 0 when left out.
    places: Vec<u32>,
}

/// Turns what came in on one network into columns by increasing territory.
fn settle(
    arriving: Arriving,
    territories: usize,
    when: When,
    owners: &Owners,
    names: &IdNames<'_>,
    faults: &mut Faults,
) -> Accounts {
    let Arriving { ids, rows, main, mut metrics } = arriving;
    for column in metrics.columns_mut() {
        column.resize(ids.len(), f64::NAN);
    }
    let territory: Vec<u32> =
        ids.iter().map(|number| owners.of.get(*number as usize).copied().unwrap_or(NONE)).collect();
    if territory.contains(&NONE) {
        strangers(&ids, &rows, when, owners, names, faults);
    }
    let former: Vec<u32> =
        ids.iter().map(|number| owners.places.get(*number as usize).copied().unwrap_or_default()).collect();
    let accounts = Accounts { of_territory: Vec::new(), territory, metrics, rows, main, former };
    let ascending =
        accounts.territory.iter().zip(accounts.territory.iter().skip(1)).all(|(first, second)| first < second);
    let mut accounts = if ascending { accounts } else { sorted(&accounts) };
    accounts.of_territory = by_territory(&accounts.territory, territories);
    accounts
}

/// The accounts by increasing territory. Those of one territory are by what they say, so that the
/// order of rows does not show; of two that say the same, the one given first comes first.
fn sorted(accounts: &Accounts) -> Accounts {
    let mut order: Vec<usize> = (0..accounts.territory.len()).collect();
    let key = |account: usize| (accounts.territory.get(account), accounts.former.get(account));
    let values = |a: usize, b: usize| {
        let compare = |(_, column): (&str, &[f64])| match (column.get(a), column.get(b)) {
            // Every NaN is one, after all numbers.
            (Some(a), Some(b)) => a.is_nan().cmp(&b.is_nan()).then_with(|| a.partial_cmp(b).unwrap_or(Ordering::Equal)),
            _ => Ordering::Equal,
        };
        accounts.metrics.iter().map(compare).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    };
    order.sort_by(|a, b| {
        let main = || accounts.main.get(*b).cmp(&accounts.main.get(*a));
        let rows = || accounts.rows.get(*a).cmp(&accounts.rows.get(*b));
        key(*a).cmp(&key(*b)).then_with(main).then_with(|| values(*a, *b)).then_with(rows)
    });
    Accounts {
        of_territory: Vec::new(),
        territory: picked(&accounts.territory, &order),
        metrics: accounts.metrics.map(|_, column| picked(column, &order).into()),
        rows: picked(&accounts.rows, &order),
        main: picked(&accounts.main, &order),
        former: picked(&accounts.former, &order),
    }
}

/// The rows `order` of a column.
pub(super) fn picked<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|row| column.get(*row).copied()).collect()
}

/// The first account of each territory.
pub(super) fn by_territory(accounts: &[u32], territories: usize) -> Vec<u32> {
    let mut of_territory = vec![NONE; territories];
    for (account, territory) in accounts.iter().enumerate() {
        if let Some(slot) = of_territory.get_mut(*territory as usize).filter(|slot| **slot == NONE) {
            *slot = small(account);
        }
    }
    of_territory
}

/// Reports accounts whose territory is not in the cohort.
fn strangers(ids: &[u32], rows: &[u32], when: When, owners: &Owners, names: &IdNames<'_>, faults: &mut Faults) {
    let is_known = |number: u32| owners.of.get(number as usize).is_some_and(|owner| *owner != NONE);
    for (number, row) in ids.iter().zip(rows) {
        if is_known(*number) || names.excused.contains(number) {
            continue;
        }
        let id = names.ids.text(*number);
        let expected = match when {
            When::Now => {
                Text::new("l'identifiant d'un territoire de la cohorte", "the id of a territory of the cohort")
            }
            When::Before => Text::new(
                "l'identifiant qu'un territoire de la cohorte avait alors",
                "the id that a territory of the cohort had then",
            ),
        };
        let place = names.origin.place(when.list(), *row as usize, "territory");
        let fault = Fault::new(Code::UnknownTerritory, place, id, expected);
        let with_zero = format!("0{id}");
        let lost = names.ids.find(&with_zero).is_some_and(is_known);
        faults.push(match when {
            _ if lost => fault.advise(
                format!("écrivez {with_zero} : le zéro initial s'est perdu"),
                format!("write {with_zero}: the leading zero was lost"),
            ),
            When::Now => fault
                .advise("ajoutez ce territoire, ou corrigez son identifiant", "add this territory, or correct its id"),
            When::Before => fault.advise(
                "ajoutez-le au « formerly » du territoire qui l'a repris, ou retirez ce compte",
                "add it to the `formerly` of the territory that took it over, or leave this account out",
            ),
        });
    }
}

/// Takes the numbers of row `row` into their columns, and returns those that are infinite or have a name that needs
/// to be looked at.
fn take<'a>(columns: &mut Named, row: usize, numbers: impl IntoIterator<Item = (&'a str, f64)>) -> Vec<(&'a str, f64)> {
    let numbers = numbers.into_iter();
    if columns.is_empty() {
        columns.reserve(numbers.size_hint().0.min(MAX_NAMES));
    }
    let mut unusual = Vec::new();
    let mut cursor = Cursor::default();
    for (name, value) in numbers {
        let column = match columns.place(name, &mut cursor) {
            _ if value.is_infinite() => None,
            Ok(place) => columns.get_mut(place),
            Err(place) if columns.len() < MAX_NAMES && is_id(name) => columns.insert(place, name),
            Err(_) => None,
        };
        match column {
            Some(column) => put(column, row, value),
            None => unusual.push((name, value)),
        }
    }
    unusual
}

/// Puts `value` into row `row` of a column; rows passed over are unknown, and -0 is 0.
fn put(column: &mut NumberColumn, row: usize, value: f64) {
    // Mostly none is, and the last of two numbers for one row counts.
    if column.len() != row {
        column.resize(row, f64::NAN);
    }
    column.push(value + 0.0);
}

/// The values of the rows that accounts stand in; -0 is 0.
fn of_rows(values: Cow<'_, [f64]>, rows: &[u32]) -> NumberColumn {
    let in_order = || rows.iter().enumerate().all(|(place, row)| place == *row as usize);
    match values {
        // Numbers that nobody else owns need no copy.
        Cow::Owned(mut values) if values.len() == rows.len() && in_order() => {
            for value in &mut values {
                *value += 0.0;
            }
            values.into()
        }
        values => rows.iter().map(|row| values.get(*row as usize).map_or(f64::NAN, |value| value + 0.0)).collect(),
    }
}

/// An index as stored; the limits on rows keep it far below the type's.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

fn is_id(text: &str) -> bool {
    // Nearly all.
    if !text.is_empty() && text.len() <= MAX_ID && text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return true;
    }
    let short = text.len() <= MAX_ID || text.chars().count() <= MAX_ID;
    !text.is_empty() && short && text.trim() == text && !text.chars().any(char::is_control)
}

/// A number as documents write it, whatever it is.
pub(super) fn shown(value: f64) -> String {
    Decimal::new(value).map_or_else(|| value.to_string(), |decimal| decimal.to_string())
}

fn infinite() -> (Code, Text) {
    (Code::InfiniteValue, Text::new("un nombre fini", "a finite number"))
}

/// Why a number, NaN excepted, cannot be a count.
pub(super) fn not_a_count(value: f64) -> Option<(Code, Text)> {
    let code = if value < 0.0 {
        Code::NegativeValue
    } else if value > MAX_COUNT {
        Code::OutOfRange
    } else if value.fract() != 0.0 && !value.is_nan() {
        Code::FractionalCount
    } else {
        return None;
    };
    Some((code, Text::new("un nombre entier de 0 à 9007199254740991", "a whole number from 0 to 9007199254740991")))
}
