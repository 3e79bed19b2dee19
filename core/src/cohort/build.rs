//! The one door into a cohort: whatever it is built from, rows come in here and are checked here.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    Accounts, Cohort, Interned, MAX_ID, MAX_NAME, MAX_NAMES, MAX_REASON, MAX_ROWS, NONE, Origin, Period, Territories,
};
use crate::error::{Code, Fault, Faults, Place, Text};

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
        };
        self.intake.territory(self.territories, &row, pairs(&territory.attributes));
        self.territories = self.territories.saturating_add(1);
        self
    }

    /// Adds an account; its territory may come later.
    pub fn account(&mut self, account: &Account) -> &mut Self {
        self.intake.account(self.accounts, &account.territory, &account.network, pairs(&account.metrics));
        self.accounts = self.accounts.saturating_add(1);
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
}

/// A column of texts while it grows.
#[derive(Debug, Default)]
struct Interner {
    codes: HashMap<String, u32>,
    column: Interned,
}

impl Interner {
    fn push(&mut self, text: &str) {
        // Neighbours are mostly alike, and comparing costs less than hashing.
        if let Some(last) = self.column.codes.last().copied()
            && self.column.texts.get(last as usize).is_some_and(|known| known == text)
        {
            return self.column.codes.push(last);
        }
        let code = match self.codes.get(text) {
            _ if text.is_empty() => NONE,
            Some(code) => *code,
            None => {
                let code = small(self.column.texts.len());
                self.codes.insert(text.to_owned(), code);
                self.column.texts.push(text.to_owned());
                code
            }
        };
        self.column.codes.push(code);
    }
}

/// The accounts on one network while they come in.
#[derive(Debug, Default)]
struct Arriving {
    /// The number of each account's territory id in [`Intake::ids`].
    ids: Vec<u32>,
    rows: Vec<u32>,
    metrics: BTreeMap<String, Vec<f64>>,
}

/// A cohort while it comes in.
#[derive(Debug, Default)]
pub(super) struct Intake {
    pub(super) period: Option<Period>,
    pub(super) faults: Faults,
    origin: Origin,
    /// Every territory id met so far, in territories or accounts, numbered.
    ids: HashMap<String, u32>,
    /// The territory of each id, or [`NONE`] as long as none has it.
    holders: Vec<u32>,
    /// The id met last and its number: an account mostly follows its territory.
    last: Option<(String, u32)>,
    /// Ids of territories that could not be read: their accounts are not at fault.
    excused: HashSet<u32>,
    territories: Territories,
    structure_types: Interner,
    population_vintage: Interner,
    departments: Interner,
    regions: Interner,
    networks: BTreeMap<String, Arriving>,
    accounts: usize,
    /// Limits that were passed are reported once each.
    passed: HashSet<&'static str>,
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
            return self.pass_limit("territories", MAX_ROWS);
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
        self.territories.ids.push(territory.id.to_owned());
        self.territories.names.push(territory.name.to_owned());
        self.structure_types.push(territory.structure_type);
        self.territories.population.push(population);
        self.population_vintage.push(territory.population_vintage);
        self.departments.push(territory.department);
        self.regions.push(territory.region);
        self.territories.rows.push(small(row));
        let mut unusual = Vec::new();
        for (name, value) in attributes {
            match self.territories.attributes.get_mut(name) {
                Some(column) if !value.is_infinite() => put(column, place, value),
                _ => unusual.push((name, value)),
            }
        }
        for (name, value) in unusual {
            let value = self.finite("territories", row, "attributes", name, value);
            let known = self.territories.attributes.contains_key(name);
            if known || self.new_name("territories", row, "attributes", name, self.territories.attributes.len()) {
                put(self.territories.attributes.entry(name.to_owned()).or_default(), place, value);
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
        row: usize,
        territory: &str,
        network: &str,
        metrics: impl IntoIterator<Item = (&'a str, f64)>,
    ) {
        if self.accounts >= MAX_ROWS {
            return self.pass_limit("accounts", MAX_ROWS);
        }
        self.accounts = self.accounts.saturating_add(1);
        if network.is_empty() {
            return self.required("accounts", row, "network", "le réseau du compte", "the network of the account");
        }
        if territory.is_empty() {
            return self.required(
                "accounts",
                row,
                "territory",
                "l'identifiant d'un territoire",
                "the id of a territory",
            );
        }
        let number = self.number(territory);
        if !self.networks.contains_key(network) {
            if !self.new_name("accounts", row, "network", network, self.networks.len()) {
                return;
            }
            self.networks.insert(network.to_owned(), Arriving::default());
        }
        let Some(arriving) = self.networks.get_mut(network) else { return };
        let place = arriving.ids.len();
        arriving.ids.push(number);
        arriving.rows.push(small(row));
        let mut unusual = Vec::new();
        for (name, value) in metrics {
            match arriving.metrics.get_mut(name) {
                Some(column) if !value.is_infinite() => put(column, place, value),
                _ => unusual.push((name, value)),
            }
        }
        for (name, value) in unusual {
            let value = self.finite("accounts", row, "metrics", name, value);
            let columns = self.networks.get(network).map(|arriving| &arriving.metrics);
            let (known, count) = columns.map_or((false, 0), |columns| (columns.contains_key(name), columns.len()));
            if !known && !self.new_name("accounts", row, "metrics", name, count) {
                continue;
            }
            if let Some(arriving) = self.networks.get_mut(network) {
                put(arriving.metrics.entry(name.to_owned()).or_default(), place, value);
            }
        }
    }

    /// Settles which territory each account belongs to.
    pub(super) fn finish(mut self) -> Result<Cohort, Faults> {
        let count = self.territories.ids.len();
        if count == 0 && self.excused.is_empty() {
            let place = self.origin.column("territories", "id");
            self.faults.push(
                Fault::new(Code::EmptyCohort, place, "", Text::new("au moins un territoire", "at least one territory"))
                    .advise("vérifiez que le fichier contient des lignes", "check that the file has rows"),
            );
        }
        for column in self.territories.attributes.values_mut() {
            column.resize(count, f64::NAN);
        }
        self.territories.structure_types = self.structure_types.column;
        self.territories.population_vintage = self.population_vintage.column;
        self.territories.departments = self.departments.column;
        self.territories.regions = self.regions.column;

        let names = IdNames { ids: &self.ids, holders: &self.holders, excused: &self.excused };
        let mut accounts = BTreeMap::new();
        for (network, arriving) in self.networks {
            accounts.insert(network, settle(arriving, count, &names, &self.origin, &mut self.faults));
        }
        for (network, accounts) in &accounts {
            one_account_each(network, accounts, &self.territories, &self.origin, &mut self.faults);
        }
        let cohort = Cohort { period: self.period, territories: self.territories, accounts, origin: self.origin };
        self.faults.into_result(cohort)
    }

    /// The number of a territory id.
    fn number(&mut self, id: &str) -> u32 {
        if let Some((_, number)) = self.last.as_ref().filter(|(last, _)| last == id) {
            return *number;
        }
        let known = self.ids.get(id).copied();
        let number = known.unwrap_or_else(|| {
            let number = small(self.holders.len());
            self.holders.push(NONE);
            self.ids.insert(id.to_owned(), number);
            number
        });
        let (last, last_number) = self.last.get_or_insert_default();
        last.clear();
        last.push_str(id);
        *last_number = number;
        number
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
            self.faults.push(Fault::new(code, place, value, expected).advise(
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

    /// Refuses an infinity.
    fn finite(&mut self, list: &str, row: usize, group: &str, name: &str, value: f64) -> f64 {
        if value.is_infinite() {
            let (code, expected) = infinite();
            let place = self.origin.place(list, row, &format!("{group}/{name}"));
            self.faults.push(Fault::new(code, place, value, expected).advise(
                "une division par zéro en amont, peut-être : laissez vide ce qui n'est pas connu",
                "perhaps a division by zero upstream: leave empty what is not known",
            ));
        }
        value
    }

    /// Checks a name met for the first time; is there room for it?
    fn new_name(&mut self, list: &'static str, row: usize, group: &'static str, name: &str, count: usize) -> bool {
        if count >= MAX_NAMES {
            self.pass_limit(group, MAX_NAMES);
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

    fn pass_limit(&mut self, what: &'static str, most: usize) {
        if self.passed.insert(what) {
            let list = if matches!(what, "territories" | "attributes") { "territories" } else { "accounts" };
            let (fr, en) = match what {
                "territories" => ("territoires", "territories"),
                "accounts" => ("comptes", "accounts"),
                "network" => ("réseaux", "networks"),
                "attributes" => ("attributs", "attributes"),
                _ => ("mesures par réseau", "metrics of one network"),
            };
            let field = match what {
                "territories" => "id",
                "accounts" => "territory",
                other => other,
            };
            let expected = Text::new(format!("au plus {most} {fr}"), format!("at most {most} {en}"));
            self.faults.push(Fault::new(Code::LimitExceeded, self.origin.column(list, field), "", expected));
        }
    }
}

/// The territory ids of a cohort, to settle the accounts by.
struct IdNames<'a> {
    ids: &'a HashMap<String, u32>,
    holders: &'a [u32],
    excused: &'a HashSet<u32>,
}

/// Turns what came in on one network into columns by increasing territory.
fn settle(
    arriving: Arriving,
    territories: usize,
    names: &IdNames<'_>,
    origin: &Origin,
    faults: &mut Faults,
) -> Accounts {
    let Arriving { ids, rows, mut metrics } = arriving;
    for column in metrics.values_mut() {
        column.resize(ids.len(), f64::NAN);
    }
    let mut territory: Vec<u32> =
        ids.iter().map(|number| names.holders.get(*number as usize).copied().unwrap_or(NONE)).collect();
    if territory.contains(&NONE) {
        strangers(&ids, &rows, names, origin, faults);
    }
    let mut order: Vec<u32> = (0..small(ids.len())).collect();
    if !territory.is_sorted() {
        // By row within a territory, so that the first of two accounts is the one given first.
        order.sort_by_key(|account| {
            let account = *account as usize;
            (territory.get(account).copied(), rows.get(account).copied())
        });
        let sorted = |column: &[u32]| {
            order.iter().filter_map(|account| column.get(*account as usize).copied()).collect::<Vec<_>>()
        };
        territory = sorted(&territory);
        for column in metrics.values_mut() {
            *column = order.iter().filter_map(|account| column.get(*account as usize).copied()).collect();
        }
        let rows = sorted(&rows);
        return Accounts { of_territory: by_territory(&territory, territories), territory, metrics, rows };
    }
    Accounts { of_territory: by_territory(&territory, territories), territory, metrics, rows }
}

fn by_territory(accounts: &[u32], territories: usize) -> Vec<u32> {
    let mut of_territory = vec![NONE; territories];
    for (account, territory) in accounts.iter().enumerate() {
        if let Some(slot) = of_territory.get_mut(*territory as usize) {
            *slot = small(account);
        }
    }
    of_territory
}

/// Reports accounts whose territory is not in the cohort.
fn strangers(ids: &[u32], rows: &[u32], names: &IdNames<'_>, origin: &Origin, faults: &mut Faults) {
    let mut texts = vec![""; names.holders.len()];
    for (text, number) in names.ids {
        if let Some(slot) = texts.get_mut(*number as usize) {
            *slot = text;
        }
    }
    for (number, row) in ids.iter().zip(rows) {
        let known = names.holders.get(*number as usize).is_some_and(|holder| *holder != NONE);
        if known || names.excused.contains(number) {
            continue;
        }
        let id = texts.get(*number as usize).copied().unwrap_or_default();
        let expected = Text::new("l'identifiant d'un territoire de la cohorte", "the id of a territory of the cohort");
        let fault =
            Fault::new(Code::UnknownTerritory, origin.place("accounts", *row as usize, "territory"), id, expected);
        let with_zero = format!("0{id}");
        let lost = names.ids.get(&with_zero).and_then(|number| names.holders.get(*number as usize));
        faults.push(if lost.is_some_and(|holder| *holder != NONE) {
            fault.advise(
                format!("écrivez {with_zero} : le zéro initial s'est perdu"),
                format!("write {with_zero}: the leading zero was lost"),
            )
        } else {
            fault.advise("ajoutez ce territoire, ou corrigez son identifiant", "add this territory, or correct its id")
        });
    }
}

/// Reports second accounts of one territory on one network: the one place where they are refused.
fn one_account_each(
    network: &str,
    accounts: &Accounts,
    territories: &Territories,
    origin: &Origin,
    faults: &mut Faults,
) {
    let neighbours = accounts.territory.windows(2).zip(accounts.rows.windows(2));
    for (pair, rows) in neighbours {
        let ([first, second], [first_row, second_row]) = (pair, rows) else { continue };
        if first != second || *first == NONE {
            continue;
        }
        let id = territories.ids.get(*second as usize).map(String::as_str).unwrap_or_default();
        let (first, this) = (origin.row("accounts", *first_row as usize), origin.row("accounts", *second_row as usize));
        let expected = Text::new(
            format!("un seul compte de « {id} » sur « {network} » ; il y en a déjà un : {}", first.fr),
            format!("one account of `{id}` on `{network}`; there is one already: {}", first.en),
        );
        let place = origin.place("accounts", *second_row as usize, "network");
        faults.push(Fault::new(Code::DuplicateAccount, place, network, expected).advise(
            format!("gardez le compte principal et supprimez l'autre ({} ou {})", first.fr, this.fr),
            format!("keep the main account and delete the other ({} or {})", first.en, this.en),
        ));
    }
}

/// Puts `value` into row `row` of a column; rows passed over are unknown, and -0 is 0.
fn put(column: &mut Vec<f64>, row: usize, value: f64) {
    column.resize(row, f64::NAN);
    column.push(value + 0.0);
}

/// An index as stored; the limits on rows keep it far below the type's.
pub(super) fn small(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(NONE)
}

fn is_id(text: &str) -> bool {
    let short = text.len() <= MAX_ID || text.chars().count() <= MAX_ID;
    !text.is_empty() && short && text.trim() == text && !text.chars().any(char::is_control)
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
