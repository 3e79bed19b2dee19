//! A cohort from columns: one long table, or one of accounts and one of territories.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::build::{AccountRow, Intake, TerritoryRow};
use super::cells::{Texts, clean, is_blank, marks, numbers};
use super::check::Asked;
use super::headers::{
    Columns, DEPARTMENT, FROM, Field, MAIN, NAME, NETWORK, POPULATION, POPULATION_VINTAGE, REGION, Role, STRATUM,
    STRATUM_REASON, STRUCTURE_TYPE, SYNTHETIC, TERRITORY, TO, Vocabulary, is_last_day,
};
use super::known::Known;
use super::period::invalid_date;
use super::restrict::{Ignored, IgnoredKind};
use super::{Cells, Cohort, Column, Date, Headers, MAX_ROWS, Origin, Period, TERRITORIES_TABLE, Table, When};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::methodology::Methodology;
use crate::methodology::model::Kind;

impl Cohort {
    /// Builds a cohort from columns.
    ///
    /// Without `territories`, `accounts` is one long table: a row for each territory and network, in
    /// which the territory's own columns are repeated and agree; a row without a network is a
    /// territory that is on none. With it, `accounts` holds `territory`, `network` and the metrics,
    /// and `territories` the rest.
    ///
    /// The columns are `territory`, `name`, `structure_type`, `population`, `population_vintage`,
    /// `department`, `region`, `stratum`, `stratum_reason`, `from`, `to`, `network`, `main`, `synthetic`,
    /// and the metrics and attributes of `methodology` and of those it pins, by id or label, whose headers may
    /// be French or English, in any case, with or without accents, spaces, hyphens and underscores. A
    /// column whose header begins with `_` is ignored. Structure types, networks and strata may be ids
    /// or labels. Rows in which every cell is empty are passed over.
    ///
    /// `from` and `to` are the same in all rows, and agree with `period` when both are given. `main`
    /// says which of several accounts of a territory on one network is the main one. One row whose
    /// `synthetic` says yes makes the whole cohort synthetic, as every mark rests on all rows. A column
    /// `previous.` and a metric holds what the account had in the previous period; where they are all
    /// empty, there was none.
    ///
    /// The tables are used up, column by column, so that numbers that they own need not be there twice.
    ///
    /// # Errors
    /// Every fault of the columns, with row and column; and, no required column being missing, every
    /// fault of the cells and rows and all that [`Self::check`] finds.
    pub fn from_table(
        accounts: Table<'_>,
        territories: Option<Table<'_>>,
        period: Option<Period>,
        methodology: &Methodology,
    ) -> Result<Self, Faults> {
        Self::of_tables(accounts, territories, period, methodology, None)
    }

    /// Builds a cohort from columns, as [`Self::from_table`] does, without what neither `methodology`
    /// nor any that it pins knows: columns, networks. Says what was left out.
    ///
    /// # Errors
    /// As [`Self::from_table`].
    pub fn from_table_ignoring_unknown(
        accounts: Table<'_>,
        territories: Option<Table<'_>>,
        period: Option<Period>,
        methodology: &Methodology,
    ) -> Result<(Self, Vec<Ignored>), Faults> {
        let mut ignored = Vec::new();
        let cohort = Self::of_tables(accounts, territories, period, methodology, Some(&mut ignored))?;
        Ok((cohort, ignored))
    }

    fn of_tables(
        accounts: Table<'_>,
        territories: Option<Table<'_>>,
        period: Option<Period>,
        methodology: &Methodology,
        mut ignored: Option<&mut Vec<Ignored>>,
    ) -> Result<Self, Faults> {
        let known = Known::of(methodology);
        let Rows { cohort, mut faults, asked } =
            Rows::read(accounts, territories, period, &known, ignored.as_deref_mut());
        let Some(mut cohort) = cohort else { return Err(faults) };
        if let Some(ignored) = ignored {
            let (restricted, others) = cohort.restricted_to(methodology);
            cohort = restricted;
            ignored.extend(others);
        }
        // A cell that could not be read is not reported again for what it then lacks, nor is a column that
        // stands there said to be missing for that reason.
        let places: BTreeSet<Place> = faults.iter().map(|fault| fault.place.clone()).collect();
        let said = |fault: &Fault| {
            let stands = fault.code == Code::MissingMetric && cohort.origin.has_column(&fault.place);
            stands || places.contains(&fault.place)
        };
        let found = cohort.check_by(&known, asked);
        if places.is_empty() {
            faults.extend(found);
        } else {
            found.iter().filter(|fault| !said(fault)).for_each(|fault| faults.push(fault.clone()));
        }
        faults.into_result(cohort)
    }
}

/// What the columns and rows of tables say, before the methodology is asked.
pub(super) struct Rows {
    /// What could be read; nothing when a column is missing without which rows say nothing.
    pub(super) cohort: Option<Cohort>,
    pub(super) faults: Faults,
    asked: Asked,
}

impl Rows {
    pub(super) fn read(
        accounts: Table<'_>,
        territories: Option<Table<'_>>,
        period: Option<Period>,
        known: &Known<'_>,
        mut ignored: Option<&mut Vec<Ignored>>,
    ) -> Self {
        let columns = Columns::of(known);
        let networks = known.uses_networks();
        let role = if territories.is_some() { Role::Accounts } else { Role::Long };
        let mut faults = Faults::new();
        let first = Sheet::read(accounts, role, networks, &columns, ignored.as_deref_mut(), &mut faults);
        let second =
            territories.map(|table| Sheet::read(table, Role::Territories, networks, &columns, ignored, &mut faults));
        let before = faults.count();
        let period = period_of(&first, second.as_ref(), period, &mut faults);
        let every = |is: fn(&Sheet<'_>) -> bool| is(&first) && second.as_ref().is_none_or(is);
        // A column that is not understood may be the very one that is then missing.
        let sound = every(|sheet| sheet.sound);
        let asked = Asked { period: sound && faults.count() == before, metrics: sound };
        if !every(|sheet| sheet.readable) {
            return Self { cohort: None, faults, asked };
        }
        let mut intake = Intake::new(Origin::Table {
            accounts: first.headers.clone(),
            territories: second.as_ref().map(|sheet| sheet.headers.clone()),
        });
        intake.faults = faults;
        intake.period = period;
        intake.synthetic = first.synthetic || second.as_ref().is_some_and(|sheet| sheet.synthetic);
        let terms = Terms {
            structure_types: Vocabulary::of(known.structure_types()),
            networks: Vocabulary::of(known.networks()),
            strata: Vocabulary::of(known.strata()),
        };
        match &second {
            None => long(&first, &terms, &mut intake),
            Some(second) => {
                let bodies = Bodies::of(second, &terms);
                for row in second.filled() {
                    intake.territory(row, &bodies.row(row), second.attributes(row));
                }
                let networks = first.terms(NETWORK, &terms.networks);
                let ids = first.text(TERRITORY);
                for row in first.filled() {
                    presence(&first, row, ids.get(row), networks.get(row), &mut intake);
                }
            }
        }
        for (metric, values) in first.metrics {
            intake.metric(When::Now, metric, values);
        }
        for Before { metric, values, .. } in first.previous {
            intake.metric(When::Before, metric, values);
        }
        let (cohort, faults) = intake.close();
        Self { cohort: Some(cohort), faults, asked }
    }
}

/// The names that cells may hold.
struct Terms<'a> {
    structure_types: Vocabulary<'a>,
    networks: Vocabulary<'a>,
    strata: Vocabulary<'a>,
}

/// Takes in a long table.
fn long(sheet: &Sheet<'_>, terms: &Terms<'_>, intake: &mut Intake) {
    let bodies = Bodies::of(sheet, terms);
    let networks = sheet.terms(NETWORK, &terms.networks);
    let on = |row: usize| networks.get(row);
    for row in sheet.filled() {
        let id = bodies.ids.get(row);
        let first = intake.row_of(id).filter(|_| !id.is_empty());
        if let Some(first) = first {
            bodies.compare(sheet, first, row, intake);
            if on(row).is_empty() || on(first).is_empty() {
                twice(sheet, id, first, row, on(first).is_empty() && on(row).is_empty(), intake);
            }
        } else {
            intake.territory(row, &bodies.row(row), sheet.attributes(row));
        }
        if !id.is_empty() {
            presence(sheet, row, id, on(row), intake);
        }
    }
}

/// Reports a territory that one row puts on no network and another row repeats.
fn twice(sheet: &Sheet<'_>, id: &str, first: usize, row: usize, nowhere: bool, intake: &mut Intake) {
    let before = intake.origin().row("territories", first);
    let this = intake.origin().row("territories", row);
    let (code, column, expected) = if nowhere {
        (
            Code::DuplicateTerritory,
            TERRITORY,
            Text::new(
                format!("un territoire sans réseau tient en une ligne ; celui-ci figure déjà {}", before.fr),
                format!("a territory without a network takes one row; this one stands already in {}", before.en),
            ),
        )
    } else {
        (
            Code::ConflictingRows,
            NETWORK,
            Text::new(
                format!(
                    "un réseau dans toutes les lignes de « {id} », ou une seule ligne sans réseau ; voir {}",
                    before.fr
                ),
                format!("a network in all rows of `{id}`, or one row without a network; see {}", before.en),
            ),
        )
    };
    intake.faults.push(Fault::new(code, sheet.place(row, column), id, expected).advise(
        format!("supprimez l'une des deux ({} et {})", before.fr, this.fr),
        format!("delete one of the two ({} and {})", before.en, this.en),
    ));
}

/// Takes in the account of a row, or makes sure that a row without a network has no metric.
fn presence(sheet: &Sheet<'_>, row: usize, territory: &str, network: &str, intake: &mut Intake) {
    let main = sheet.main.get(row).copied().unwrap_or_default();
    if !network.is_empty() {
        let account = AccountRow { territory, network, main };
        intake.account_of_table(When::Now, row, &account, sheet.metrics(row));
        if sheet.previous(row).any(|(_, value)| !value.is_nan()) {
            intake.account_of_table(When::Before, row, &account, sheet.previous(row));
        }
        return;
    }
    let previous = sheet.previous.iter().map(|before| (before.name, value(&before.values, row)));
    let numbers = sheet.metrics(row).chain(previous);
    let mut given: Vec<&str> = numbers.filter(|(_, value)| !value.is_nan()).map(|(name, _)| name).collect();
    given.extend(main.then_some(MAIN));
    if !given.is_empty() {
        let given: Vec<&str> =
            given.into_iter().map(|name| sheet.headers.names.get(name).map_or(name, String::as_str)).collect();
        let given = given.join(", ");
        let expected = Text::new(
            format!("le réseau auquel se rapporte : {given}"),
            format!("the network that this is about: {given}"),
        );
        intake.faults.push(Fault::new(Code::MissingField, sheet.place(row, NETWORK), "", expected).advise(
            "indiquez le réseau ; ou, si le territoire n'est sur aucun, videz ces cases",
            "give the network; or, if the territory is on none, empty these cells",
        ));
    }
}

/// The territories' own columns.
struct Bodies<'s> {
    ids: &'s Texts<'s>,
    names: &'s Texts<'s>,
    structure_types: Meant<'s>,
    population: &'s [f64],
    population_vintage: &'s Texts<'s>,
    departments: &'s Texts<'s>,
    regions: &'s Texts<'s>,
    strata: Meant<'s>,
    reasons: &'s Texts<'s>,
}

impl<'s> Bodies<'s> {
    fn of<'m: 's>(sheet: &'s Sheet<'_>, terms: &Terms<'m>) -> Self {
        Self {
            ids: sheet.text(TERRITORY),
            names: sheet.text(NAME),
            structure_types: sheet.terms(STRUCTURE_TYPE, &terms.structure_types),
            population: &sheet.population,
            population_vintage: sheet.text(POPULATION_VINTAGE),
            departments: sheet.text(DEPARTMENT),
            regions: sheet.text(REGION),
            strata: sheet.terms(STRATUM, &terms.strata),
            reasons: sheet.text(STRATUM_REASON),
        }
    }

    fn row(&self, row: usize) -> TerritoryRow<'_> {
        let (stratum, reason) = (self.strata.get(row), self.reasons.get(row));
        TerritoryRow {
            id: self.ids.get(row),
            name: self.names.get(row),
            structure_type: self.structure_types.get(row),
            population: self.population.get(row).copied().unwrap_or(f64::NAN),
            population_vintage: self.population_vintage.get(row),
            department: self.departments.get(row),
            region: self.regions.get(row),
            stratum: (!stratum.is_empty() || !reason.is_empty()).then_some((stratum, reason)),
            formerly: None,
        }
    }

    /// Reports where a row says of its territory something else than the first did.
    fn compare(&self, sheet: &Sheet<'_>, first: usize, row: usize, intake: &mut Intake) {
        let (was, is) = (self.row(first), self.row(row));
        let (was_by_hand, is_by_hand) = (was.stratum.unwrap_or_default(), is.stratum.unwrap_or_default());
        let texts = [
            (NAME, was.name, is.name),
            (STRUCTURE_TYPE, was.structure_type, is.structure_type),
            (POPULATION_VINTAGE, was.population_vintage, is.population_vintage),
            (DEPARTMENT, was.department, is.department),
            (REGION, was.region, is.region),
            (STRATUM, was_by_hand.0, is_by_hand.0),
            (STRATUM_REASON, was_by_hand.1, is_by_hand.1),
        ];
        let mut differs = |column: &str, was: String, is: String| {
            let before = intake.origin().row("territories", first);
            let expected = Text::new(
                format!("la même valeur que {} : « {was} »", before.fr),
                format!("the same value as {}: `{was}`", before.en),
            );
            intake.faults.push(Fault::new(Code::ConflictingRows, sheet.place(row, column), is, expected).advise(
                "répétez la même valeur dans toutes les lignes d'un territoire",
                "repeat the same value in all rows of a territory",
            ));
        };
        for (column, was, is) in texts {
            if was != is {
                differs(column, was.to_owned(), is.to_owned());
            }
        }
        let attributes =
            sheet.attributes(first).zip(sheet.attributes(row)).map(|((name, was), (_, is))| (name, was, is));
        for (column, was, is) in attributes.chain([(POPULATION, was.population, is.population)]) {
            let same = was.total_cmp(&is).is_eq() || (was.is_nan() && is.is_nan()) || was - is == 0.0;
            if !same {
                differs(column, shown(was), shown(is));
            }
        }
    }
}

fn shown(value: f64) -> String {
    if value.is_nan() { String::new() } else { value.to_string() }
}

/// A table whose columns are known.
struct Sheet<'a> {
    rows: usize,
    /// The rows in which no cell is filled, in order.
    blank: Vec<usize>,
    headers: Headers,
    texts: BTreeMap<&'static str, Texts<'a>>,
    population: Cow<'a, [f64]>,
    metrics: Vec<(&'a str, Cow<'a, [f64]>)>,
    /// The metrics of the previous period.
    previous: Vec<Before<'a>>,
    attributes: Vec<(&'a str, Cow<'a, [f64]>)>,
    main: Vec<bool>,
    /// Does any row say that its numbers are invented?
    synthetic: bool,
    /// Are the columns those that a table of its role may and must have?
    sound: bool,
    /// Are they long enough, and those that it must have there, so that rows say something?
    readable: bool,
}

/// A metric of the previous period.
struct Before<'a> {
    /// The name of its column.
    name: &'a str,
    metric: &'a str,
    values: Cow<'a, [f64]>,
}

static ABSENT: Texts<'static> = Texts::Absent;

/// The ids that the cells of a column mean.
#[derive(Default)]
struct Meant<'s> {
    /// Of each text, or of each row when `codes` says nothing.
    ids: Vec<&'s str>,
    /// The place of each row's text.
    codes: Option<&'s [u32]>,
}

impl<'s> Meant<'s> {
    /// The id in a row; empty when none is given.
    fn get(&self, row: usize) -> &'s str {
        let place = match self.codes {
            Some(codes) => codes.get(row).map(|code| *code as usize),
            None => Some(row),
        };
        place.and_then(|place| self.ids.get(place)).copied().unwrap_or_default()
    }
}

impl<'a> Sheet<'a> {
    fn read(
        table: Table<'a>,
        role: Role,
        networks: bool,
        columns: &Columns<'a>,
        ignored: Option<&mut Vec<Ignored>>,
        faults: &mut Faults,
    ) -> Self {
        let which = (role == Role::Territories).then_some(TERRITORIES_TABLE);
        let mut sheet = Self {
            rows: table.columns.first().map_or(0, |column| column.cells.len()),
            blank: Vec::new(),
            headers: Headers { table: which, first_row: table.first_row, names: BTreeMap::new() },
            texts: BTreeMap::new(),
            population: Cow::default(),
            metrics: Vec::new(),
            previous: Vec::new(),
            attributes: Vec::new(),
            main: Vec::new(),
            synthetic: false,
            sound: true,
            readable: true,
        };
        let before = faults.count();
        let fields = sheet.columns(&table, role, networks, columns, ignored, faults);
        sheet.sound = faults.count() == before;
        // Rows that do not line up would give faults in the wrong places.
        let aligned = table.columns.iter().all(|column| column.cells.len() == sheet.rows) && sheet.rows <= MAX_ROWS;
        sheet.readable &= aligned;
        if !aligned {
            return sheet;
        }
        sheet.blank = blank(&table, &fields);
        let (first_row, comma) = (table.first_row, table.decimal_comma);
        let mut given: Vec<Option<Column<'a>>> = table.columns.into_iter().map(Some).collect();
        for (field, index) in fields {
            let Some(Column { name: header, cells }) = given.get_mut(index).and_then(Option::take) else { continue };
            let place = |row: usize| Place::Cell {
                row: row.saturating_add(first_row),
                column: clean(&header).to_owned(),
                table: which,
            };
            match field {
                Field::Metric(name, kind) => sheet.metrics.push((name, numbers(cells, kind, comma, &place, faults))),
                Field::Attribute(name, kind) => {
                    sheet.attributes.push((name, numbers(cells, kind, comma, &place, faults)));
                }
                Field::Previous { name, metric, kind } => {
                    let values = numbers(cells, kind, comma, &place, faults);
                    sheet.previous.push(Before { name, metric, values });
                }
                Field::Population => sheet.population = numbers(cells, Kind::Count, comma, &place, faults),
                Field::Text(MAIN) => {
                    let texts = Texts::read(cells, &place, faults);
                    let advice = Text::new(
                        "écrivez oui pour le compte principal du territoire, et rien pour les autres",
                        "write yes for the territory's main account, and nothing for the others",
                    );
                    sheet.main = marks(&texts, sheet.rows, &advice, &place, faults);
                }
                Field::Text(SYNTHETIC) => {
                    let texts = Texts::read(cells, &place, faults);
                    let advice = Text::new(
                        "écrivez oui si les chiffres sont inventés, et rien s'ils sont observés",
                        "write yes where the numbers are invented, and nothing where they were observed",
                    );
                    sheet.synthetic = marks(&texts, sheet.rows, &advice, &place, faults).contains(&true);
                }
                Field::Text(name) => {
                    sheet.texts.insert(name, Texts::read(cells, &place, faults));
                }
            }
        }
        sheet
    }

    /// Finds out what each column is, by its place in the table.
    fn columns(
        &mut self,
        table: &Table<'_>,
        role: Role,
        networks: bool,
        columns: &Columns<'a>,
        mut ignored: Option<&mut Vec<Ignored>>,
        faults: &mut Faults,
    ) -> Vec<(Field<'a>, usize)> {
        let mut fields: Vec<(Field<'a>, usize)> = Vec::new();
        if self.rows > MAX_ROWS {
            let expected = Text::new(format!("au plus {MAX_ROWS} lignes"), format!("at most {MAX_ROWS} rows"));
            faults.push(Fault::new(Code::LimitExceeded, self.headers.column(TERRITORY), self.rows, expected));
        }
        for (index, column) in table.columns.iter().enumerate() {
            let header = clean(&column.name);
            let length = column.cells.len();
            let place = || match header {
                "" => self.headers.column(&format!("#{}", index.saturating_add(1))),
                _ => self.headers.column(header),
            };
            if length != self.rows {
                let expected = Text::new(
                    format!("{} lignes, comme la première colonne", self.rows),
                    format!("{} rows, like the first column", self.rows),
                );
                faults.push(
                    Fault::new(Code::ColumnLength, place(), length, expected)
                        .advise("donnez des colonnes de même longueur", "give columns of one length"),
                );
            }
            // A file that ends its lines with separators has columns of nothing.
            let nothing = header.is_empty() && (0..length).all(|row| is_blank(&column.cells, row));
            if header.starts_with('_') || nothing {
                continue;
            }
            let Some(field) = columns.find(header) else {
                if let Some(ignored) = ignored.as_mut().filter(|_| !columns.is_ambiguous(header)) {
                    let count = (0..length).filter(|row| !is_blank(&column.cells, *row)).count();
                    ignored.push(Ignored { kind: IgnoredKind::Column, name: header.to_owned(), count });
                } else {
                    faults.push(unknown_column(place(), header, role, columns));
                }
                continue;
            };
            if !role.admits(field) {
                faults.push(misplaced_column(place(), header, role, columns));
                continue;
            }
            if let Some((_, first)) = fields.iter().find(|(known, _)| known.name() == field.name()) {
                let first = table.columns.get(*first).map_or("", |first| clean(&first.name));
                let name = field.name();
                let expected = Text::new(
                    format!("une seule colonne pour « {name} » ; il y a déjà « {first} »"),
                    format!("one column for `{name}`; there is `{first}` already"),
                );
                faults.push(Fault::new(Code::DuplicateColumn, place(), header, expected).advise(
                    format!("supprimez l'une des deux, ou renommez-la « _{header} » pour qu'elle soit ignorée"),
                    format!("delete one of the two, or rename it `_{header}` for it to be ignored"),
                ));
                continue;
            }
            self.headers.names.insert(field.name().to_owned(), header.to_owned());
            fields.push((field, index));
        }
        for name in role.required(networks) {
            if !fields.iter().any(|(field, _)| field.name() == name) {
                self.readable = false;
                faults.push(missing_column(self.headers.column(name), name));
            }
        }
        fields
    }

    fn text(&self, name: &str) -> &Texts<'a> {
        self.texts.get(name).unwrap_or(&ABSENT)
    }

    /// The ids that the cells of a column mean.
    fn terms<'s, 'm: 's>(&'s self, name: &str, vocabulary: &Vocabulary<'m>) -> Meant<'s> {
        match self.texts.get(name) {
            Some(Texts::Given(Cells::Coded { texts, codes })) => {
                Meant { ids: vocabulary.column(texts.iter().map(|text| clean(text))), codes: Some(codes) }
            }
            Some(texts) => Meant { ids: vocabulary.column((0..self.rows).map(|row| texts.get(row))), codes: None },
            None => Meant::default(),
        }
    }

    fn metrics(&self, row: usize) -> impl Iterator<Item = (&str, f64)> {
        at(&self.metrics, row)
    }

    fn previous(&self, row: usize) -> impl Iterator<Item = (&str, f64)> {
        self.previous.iter().map(move |before| (before.metric, value(&before.values, row)))
    }

    fn attributes(&self, row: usize) -> impl Iterator<Item = (&str, f64)> {
        at(&self.attributes, row)
    }

    /// The rows in which a cell is filled.
    fn filled(&self) -> impl Iterator<Item = usize> {
        (0..self.rows).filter(|row| self.blank.binary_search(row).is_err())
    }

    fn place(&self, row: usize, column: &str) -> Place {
        self.headers.cell(row.saturating_add(self.headers.first_row), column)
    }
}

/// The rows in which no cell is filled.
fn blank(table: &Table<'_>, fields: &[(Field<'_>, usize)]) -> Vec<usize> {
    // Mostly none, which the ids tell.
    let ids = fields.iter().find(|(field, _)| field.name() == TERRITORY).and_then(|(_, ids)| table.columns.get(*ids));
    let Some(ids) = ids else { return Vec::new() };
    let is_blank = |row: &usize| table.columns.iter().all(|column| is_blank(&column.cells, *row));
    (0..ids.cells.len()).filter(|row| self::is_blank(&ids.cells, *row)).filter(is_blank).collect()
}

fn at<'s>(columns: &'s [(&'s str, Cow<'s, [f64]>)], row: usize) -> impl Iterator<Item = (&'s str, f64)> {
    columns.iter().map(move |(name, values)| (*name, value(values, row)))
}

fn value(column: &[f64], row: usize) -> f64 {
    column.get(row).copied().unwrap_or(f64::NAN)
}

fn unknown_column(place: Place, header: &str, role: Role, columns: &Columns<'_>) -> Fault {
    let list = columns.list(role);
    let expected = Text::new(format!("l'une de : {list}"), format!("one of: {list}"));
    let fault = Fault::new(Code::UnknownColumn, place, header, expected);
    if is_last_day(header) {
        return fault.advise(
            "donnez « to », le lendemain du dernier jour : pour juin 2026, 2026-07-01",
            "give `to`, the day after the last: for June 2026, 2026-07-01",
        );
    }
    if columns.is_ambiguous(header) {
        return fault.advise(
            "ce nom désigne plusieurs colonnes possibles : donnez l'identifiant de celle que vous voulez",
            "this name means several possible columns: give the id of the one that you mean",
        );
    }
    match columns.suggest(header) {
        Some(near) => fault.advise(
            format!("vouliez-vous « {near} » ? Sinon renommez-la « _{header} » pour qu'elle soit ignorée"),
            format!("did you mean `{near}`? Otherwise rename it `_{header}` for it to be ignored"),
        ),
        None => fault.advise(
            format!("corrigez son nom, ou renommez-la « _{header} » pour qu'elle soit ignorée"),
            format!("correct its name, or rename it `_{header}` for it to be ignored"),
        ),
    }
}

fn misplaced_column(place: Place, header: &str, role: Role, columns: &Columns<'_>) -> Fault {
    let list = columns.list(role);
    let (fr, en, other_fr, other_en) = if role == Role::Territories {
        ("le tableau des territoires", "the table of territories", "celui des comptes", "that of accounts")
    } else {
        ("le tableau des comptes", "the table of accounts", "celui des territoires", "that of territories")
    };
    let expected = Text::new(format!("dans {fr}, l'une de : {list}"), format!("in {en}, one of: {list}"));
    Fault::new(Code::UnknownColumn, place, header, expected).advise(
        format!("sa place est dans {other_fr} ; ici, supprimez-la, ou renommez-la « _{header} »"),
        format!("it belongs in {other_en}; here, delete it, or rename it `_{header}`"),
    )
}

fn missing_column(place: Place, name: &str) -> Fault {
    let expected = Text::new(format!("une colonne « {name} »"), format!("a column `{name}`"));
    let (fr, en) = match name {
        TERRITORY => (
            "ajoutez « territoire » : le code INSEE ou SIREN de chaque ligne",
            "add `territory`: the INSEE or SIREN code of each row",
        ),
        NAME => ("ajoutez « nom » : le nom de chaque territoire", "add `name`: the name of each territory"),
        STRUCTURE_TYPE => {
            ("ajoutez « type de structure », par exemple commune", "add `structure type`, for instance commune")
        }
        _ => (
            "ajoutez « réseau », rempli à chaque ligne ; vide, le territoire n'est sur aucun",
            "add `network`, filled in each row; where it is empty the territory is on none",
        ),
    };
    Fault::new(Code::MissingColumn, place, name, expected).advise(fr, en)
}

/// One end of the period, with the place that first gives it.
type End<'s> = Option<(&'s str, Place)>;

/// The period that the tables give; all rows must give the same.
fn period_of(
    first: &Sheet<'_>,
    second: Option<&Sheet<'_>>,
    given: Option<Period>,
    faults: &mut Faults,
) -> Option<Period> {
    let mut end = |column: &'static str| -> End<'_> {
        let mut found = None;
        for sheet in [Some(first), second].into_iter().flatten() {
            let texts = sheet.text(column);
            for row in 0..sheet.rows {
                agree(texts.get(row), || sheet.place(row, column), &mut found, faults);
            }
        }
        found
    };
    let (from, to) = (end(FROM), end(TO));
    let found = match (from, to) {
        (None, None) => return given,
        (Some(from), Some(to)) => Period::read((from.0, &from.1), (to.0, &to.1), faults).map(|period| (period, from.1)),
        (from, to) => {
            let absent = if from.is_none() { FROM } else { TO };
            if let Some((text, place)) = from.or(to).filter(|(text, _)| Date::parse(text).is_none()) {
                faults.push(invalid_date(text, place));
            }
            let expected = Text::new("les deux dates de la période", "both dates of the period");
            faults.push(Fault::new(Code::PeriodMissing, first.headers.column(absent), "", expected).advise(
                format!(
                    "remplissez la colonne « {absent} » : {}",
                    if absent == FROM { "le premier jour" } else { "le lendemain du dernier jour" }
                ),
                format!(
                    "fill the column `{absent}`: {}",
                    if absent == FROM { "the first day" } else { "the day after the last" }
                ),
            ));
            None
        }
    };
    let (period, place) = found?;
    if let Some(given) = given.filter(|given| *given != period) {
        let expected = Text::new(format!("la période demandée, {given}"), format!("the period asked for, {given}"));
        faults.push(Fault::new(Code::PeriodConflict, place, period, expected).advise(
            "ne donnez la période qu'une fois, ou deux fois la même",
            "give the period once, or twice the same",
        ));
    }
    Some(period)
}

/// Compares a date with the first one met; an empty cell says nothing.
fn agree<'s>(text: &'s str, place: impl Fn() -> Place, found: &mut End<'s>, faults: &mut Faults) {
    let Some((first, first_place)) = found else {
        if !text.is_empty() {
            *found = Some((text, place()));
        }
        return;
    };
    if text.is_empty() || text == *first {
        return;
    }
    if Date::parse(text).is_none() {
        faults.push(invalid_date(text, place()));
        return;
    }
    let at = match first_place {
        Place::Cell { row, .. } => row.to_string(),
        other => other.to_string(),
    };
    let expected = Text::new(format!("{first}, comme à la ligne {at}"), format!("{first}, as in row {at}"));
    faults.push(Fault::new(Code::PeriodConflict, place(), text, expected).advise(
        "une cohorte n'a qu'une période : donnez les autres dans des fichiers à part",
        "a cohort has one period: give the others in files of their own",
    ));
}
