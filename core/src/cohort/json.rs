//! The cohort document: how a cohort is written as JSON, and its digest.

use std::collections::BTreeMap;

use serde::Serialize;

use super::build::{AccountRow, Intake, TerritoryRow};
use super::period::invalid_date;
use super::{Accounts, Cohort, Date, Named, Origin, Period, When};
use crate::document::record::{At, FromJson, Members, record, wrong_type};
use crate::document::{Digest, Json, LANGUAGE, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::Decimal;
use crate::methodology::supported;

/// Largest cohort document, in bytes.
pub const MAX_BYTES: usize = 1 << 30;

record! {
    /// The territories and accounts compared with one another for one period.
    CohortDocument {
        /// The language version, `bareme/1`.
        language: String,
        /// The kind of document, `cohort`.
        document: String,
        /// The period over which the metrics were taken.
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<PeriodRecord>,
        /// The territories, in any order.
        territories: Vec<TerritoryRecord>,
        /// Their accounts, in any order; a territory without an account on a network is absent there.
        accounts: Vec<AccountRecord>,
        /// The accounts of the previous period, which formulas read as `previous.` and a metric.
        #[serde(skip_serializing_if = "Option::is_none")]
        previous: Option<PreviousRecord>,
        /// Are the numbers invented? Every output repeats it. No when left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        synthetic: Option<bool>,
    }
}

record! {
    /// What the accounts were in the previous period.
    PreviousRecord {
        /// That period, which ends before the cohort's begins.
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<PeriodRecord>,
        /// The accounts, each under the id that its territory had then.
        accounts: Vec<AccountRecord>,
    }
}

record! {
    /// A period between two civil dates.
    PeriodRecord {
        /// The first day, `YYYY-MM-DD`.
        from: String,
        /// The day after the last, `YYYY-MM-DD`.
        to: String,
    }
}

record! {
    /// A public body.
    TerritoryRecord {
        /// Its id, unique in the cohort, such as an INSEE or SIREN code: 1 to 64 characters.
        id: String,
        /// Its name, of 1 to 200 characters.
        name: String,
        /// The kind of public body, by the methodology's id.
        structure_type: String,
        /// Inhabitants, a whole number; null or left out when unknown.
        #[serde(default)]
        population: Quantity,
        /// The census that the population is from, such as its year.
        #[serde(skip_serializing_if = "Option::is_none")]
        population_vintage: Option<String>,
        /// Its department.
        #[serde(skip_serializing_if = "Option::is_none")]
        department: Option<String>,
        /// Its region.
        #[serde(skip_serializing_if = "Option::is_none")]
        region: Option<String>,
        /// Further numbers by the methodology's names; null or left out when unknown.
        #[serde(skip_serializing_if = "Option::is_none")]
        attributes: Option<BTreeMap<String, Quantity>>,
        /// The stratum set by hand, when the methodology's own rule does not apply.
        #[serde(skip_serializing_if = "Option::is_none")]
        stratum: Option<StratumRecord>,
        /// The ids that it had in the previous period, its own when left out. Of a territory merged from
        /// several, the counts of their accounts are added; an empty list says that it had no id.
        #[serde(skip_serializing_if = "Option::is_none")]
        formerly: Option<Vec<String>>,
    }
}

record! {
    /// A stratum set by hand.
    StratumRecord {
        /// The methodology's id of the stratum.
        id: String,
        /// Why; published with every result.
        reason: String,
    }
}

record! {
    /// A territory's presence on one network.
    AccountRecord {
        /// The id of the territory.
        territory: String,
        /// The network, by the methodology's id.
        network: String,
        /// Numbers by the methodology's names; null or left out when unknown.
        metrics: BTreeMap<String, Quantity>,
        /// Is it the main one of several that the territory has on the network? No when left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        main: Option<bool>,
    }
}

/// A number, or null when it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(into = "Option<f64>")]
pub struct Quantity(pub Option<Decimal>);

impl From<Quantity> for Option<f64> {
    fn from(quantity: Quantity) -> Self {
        quantity.0.map(Decimal::get)
    }
}

impl Quantity {
    /// The number as columns hold it: NaN when unknown.
    fn column(self) -> f64 {
        self.0.map_or(f64::NAN, Decimal::get)
    }
}

impl FromJson for Quantity {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Null => Some(Self(None)),
            Json::Number(value) => Some(Self(Some(*value))),
            _ => wrong_type(
                json,
                at,
                faults,
                "un nombre sans guillemets, ou null s'il n'est pas connu",
                "a number without quotes, or null when it is not known",
            ),
        }
    }

    fn missing() -> Option<Self> {
        Some(Self(None))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "description": "A number, or null when it is not known.", "type": ["number", "null"] })
    }
}

impl Cohort {
    /// Reads a cohort document of at most [`MAX_BYTES`].
    ///
    /// # Errors
    /// Every fault of its text; or, the text being JSON, every fault of its shape and its rows, each
    /// with its JSON Pointer.
    ///
    /// ```
    /// # fn main() -> Result<(), bareme::Faults> {
    /// let cohort = bareme::Cohort::from_json(
    ///     br#"{"language": "bareme/1", "document": "cohort",
    ///          "territories": [{"id": "06083", "name": "Menton", "structure_type": "commune"}],
    ///          "accounts": [{"territory": "06083", "network": "instagram", "metrics": {"followers": 12000}}]}"#,
    /// )?;
    /// assert_eq!(cohort.networks().collect::<Vec<_>>(), ["instagram"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_json(bytes: &[u8]) -> Result<Self, Faults> {
        let json = Json::parse(bytes, MAX_BYTES)?;
        supported(&json, "cohort")?;
        let at = &At::ROOT;
        let mut intake = Intake::new(Origin::Document);
        // The members are those of `CohortDocument`; the lists are not read as it would read them, so
        // that a row of the wrong shape hides no fault of the others.
        let known = ["language", "document", "period", "territories", "accounts", "previous", "synthetic"];
        let Some(members) = Members::of(&json, at, &known, &mut intake.faults) else {
            return Err(intake.faults);
        };
        intake.period = period(&members, "/period", &mut intake.faults);
        let synthetic = members.read::<Option<bool>>("synthetic", &mut intake.faults);
        intake.synthetic = synthetic.flatten().unwrap_or_default();
        let territories = list(&json, at, "territories", &mut intake.faults);
        let accounts = list(&json, at, "accounts", &mut intake.faults);
        for (row, item) in territories.into_iter().flatten().enumerate() {
            let record = TerritoryRecord::from_json(item, &at.key("territories").index(row), &mut intake.faults);
            if let Some(territory) = record {
                take_territory(&mut intake, row, &territory);
                continue;
            }
            let former = match item.get("formerly") {
                Some(Json::Array(ids)) => ids.as_slice(),
                _ => &[],
            };
            intake.excuse(item.get("id").and_then(Json::as_str).unwrap_or_default());
            former.iter().filter_map(Json::as_str).for_each(|id| intake.excuse(id));
        }
        take_accounts(&mut intake, When::Now, accounts, &at.key("accounts"));
        if let Some(previous) = json.get("previous") {
            let at = &at.key("previous");
            if let Some(members) = Members::of(previous, at, &["period", "accounts"], &mut intake.faults) {
                intake.previous_period = period(&members, "/previous/period", &mut intake.faults);
                let accounts = list(previous, at, "accounts", &mut intake.faults);
                take_accounts(&mut intake, When::Before, accounts, &at.key("accounts"));
            }
        }
        if territories.is_none() {
            return Err(intake.faults);
        }
        intake.finish()
    }

    /// The cohort as a document. It depends on what the cohort says, not on how it was given:
    /// territories are in the order of their ids, accounts in that of their territories' ids, then of
    /// their networks (byte by byte), then of what they say, and every account of a network has the
    /// same metrics, null where they are unknown.
    pub fn to_json(&self) -> Json {
        if let Some(given) = &self.given {
            return given.to_json();
        }
        let mut members = vec![("language".to_owned(), text(LANGUAGE)), ("document".to_owned(), text("cohort"))];
        members.extend(self.period.map(|period| ("period".to_owned(), period_json(period))));
        let order = self.by_id();
        let territories = order.iter().map(|territory| self.territory_json(*territory)).collect();
        let accounts = |when| {
            let accounts = order.iter().flat_map(move |territory| self.account_jsons(when, *territory));
            Json::Array(accounts.collect())
        };
        members.push(("territories".to_owned(), Json::Array(territories)));
        members.push(("accounts".to_owned(), accounts(When::Now)));
        if self.has_previous() {
            let mut previous: Vec<(String, Json)> = Vec::new();
            previous.extend(self.previous_period.map(|period| ("period".to_owned(), period_json(period))));
            previous.push(("accounts".to_owned(), accounts(When::Before)));
            members.push(("previous".to_owned(), Json::Object(previous)));
        }
        members.extend(self.synthetic.then(|| ("synthetic".to_owned(), Json::Bool(true))));
        Json::Object(members)
    }

    /// SHA-256 of the document of [`Self::to_json`], in canonical form. The order of rows and columns
    /// does not change it; any value does.
    pub fn digest(&self) -> Digest {
        if let Some(given) = &self.given {
            return given.digest();
        }
        // The same text as `to_json` would give, row by row: a tree of a million rows is not held.
        let order = self.by_id();
        let mut out = String::from("{\"accounts\":");
        self.push_accounts(When::Now, &order, &mut out);
        out.push_str(",\"document\":\"cohort\",\"language\":");
        out.push_str(&canonical::text(&text(LANGUAGE)));
        if let Some(period) = self.period {
            out.push_str(",\"period\":");
            out.push_str(&canonical::text(&period_json(period)));
        }
        if self.has_previous() {
            out.push_str(",\"previous\":{\"accounts\":");
            self.push_accounts(When::Before, &order, &mut out);
            if let Some(period) = self.previous_period {
                out.push_str(",\"period\":");
                out.push_str(&canonical::text(&period_json(period)));
            }
            out.push('}');
        }
        if self.synthetic {
            out.push_str(",\"synthetic\":true");
        }
        out.push_str(",\"territories\":[");
        let mut first = true;
        for territory in &order {
            push(&mut out, &mut first, &self.territory_json(*territory));
        }
        out.push_str("]}");
        Digest::of_bytes(out.as_bytes())
    }

    /// What [`Self::to_json`] says of one territory: its entry, its accounts, and those of the previous
    /// period.
    pub(crate) fn inputs(&self, territory: usize) -> (Json, Vec<Json>, Vec<Json>) {
        if let Some(given) = &self.given {
            return given.inputs(territory);
        }
        let [accounts, previous] = When::BOTH.map(|when| self.account_jsons(when, territory).collect());
        (self.territory_json(territory), accounts, previous)
    }

    fn has_previous(&self) -> bool {
        !self.previous.is_empty() || self.previous_period.is_some()
    }

    fn push_accounts(&self, when: When, order: &[usize], out: &mut String) {
        out.push('[');
        let mut first = true;
        for json in order.iter().flat_map(|territory| self.account_jsons(when, *territory)) {
            push(out, &mut first, &json);
        }
        out.push(']');
    }

    /// The territories by increasing id.
    fn by_id(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|territory| self.territories.ids.get(*territory));
        order
    }

    fn territory_json(&self, row: usize) -> Json {
        let of = |texts: &[String]| text(texts.get(row).map(String::as_str).unwrap_or_default());
        let territories = &self.territories;
        let structure_type = text(territories.structure_types.get(row).unwrap_or_default());
        let mut members = vec![
            ("id".to_owned(), of(&territories.ids)),
            ("name".to_owned(), of(&territories.names)),
            ("structure_type".to_owned(), structure_type),
            ("population".to_owned(), number(&territories.population, row)),
        ];
        let optional = [
            ("population_vintage", &territories.population_vintage),
            ("department", &territories.departments),
            ("region", &territories.regions),
        ];
        for (name, column) in optional {
            members.extend(column.get(row).map(|value| (name.to_owned(), text(value))));
        }
        if !territories.attributes.is_empty() {
            members.push(("attributes".to_owned(), numbers(&territories.attributes, row)));
        }
        let by_hand = u32::try_from(row).ok().and_then(|row| territories.overrides.get(&row));
        members.extend(by_hand.map(|by_hand| {
            let stratum = vec![("id".to_owned(), text(&by_hand.stratum)), ("reason".to_owned(), text(&by_hand.reason))];
            ("stratum".to_owned(), Json::Object(stratum))
        }));
        let formerly = u32::try_from(row).ok().and_then(|row| territories.formerly.get(&row));
        members
            .extend(formerly.map(|ids| ("formerly".to_owned(), Json::Array(ids.iter().map(|id| text(id)).collect()))));
        Json::Object(members)
    }

    /// The accounts of a territory, by network.
    fn account_jsons(&self, when: When, territory: usize) -> impl Iterator<Item = Json> {
        self.accounts_of(when).iter().flat_map(move |(network, accounts)| {
            accounts.of(territory).filter_map(move |account| {
                let mut members = vec![
                    ("territory".to_owned(), text(self.account_id(when, accounts, territory, account)?)),
                    ("network".to_owned(), text(network)),
                    ("metrics".to_owned(), numbers(&accounts.metrics, account)),
                ];
                if accounts.main.get(account) == Some(&true) {
                    members.push(("main".to_owned(), Json::Bool(true)));
                }
                Some(Json::Object(members))
            })
        })
    }

    /// The id under which an account stands.
    fn account_id(&self, when: When, accounts: &Accounts, territory: usize, account: usize) -> Option<&str> {
        let formerly = u32::try_from(territory).ok().and_then(|territory| self.territories.formerly.get(&territory));
        let id = match formerly.filter(|_| when == When::Before) {
            Some(ids) => ids.get(*accounts.former.get(account)? as usize),
            None => self.territories.ids.get(territory),
        };
        id.map(String::as_str)
    }
}

/// The items of a list that must be there.
fn list<'a>(json: &'a Json, at: &At<'_>, name: &str, faults: &mut Faults) -> Option<&'a [Json]> {
    match json.get(name) {
        Some(Json::Array(items)) => Some(items),
        Some(other) => wrong_type(other, &at.key(name), faults, "une liste", "an array"),
        None => {
            let expected = Text::new(format!("« {name} »"), format!("`{name}`"));
            faults.push(
                Fault::new(Code::MissingField, at.place(), "", expected)
                    .advise(format!("ajoutez « {name} », une liste"), format!("add `{name}`, an array")),
            );
            None
        }
    }
}

/// The member `period` of an object, whose own JSON Pointer is `pointer`.
fn period(members: &Members<'_>, pointer: &str, faults: &mut Faults) -> Option<Period> {
    let place = |end: &str| Place::Pointer(format!("{pointer}/{end}"));
    let Some(period) = members.read::<Option<PeriodRecord>>("period", faults) else {
        // Of a period of the wrong shape each end is looked at all the same.
        for end in ["from", "to"] {
            if let Some(Json::String(text)) = members.get("period").and_then(|period| period.get(end))
                && Date::parse(text).is_none()
            {
                faults.push(invalid_date(text, place(end)));
            }
        }
        return None;
    };
    let period = period?;
    Period::read((&period.from, &place("from")), (&period.to, &place("to")), faults)
}

fn take_accounts(intake: &mut Intake, when: When, accounts: Option<&[Json]>, at: &At<'_>) {
    for (row, item) in accounts.into_iter().flatten().enumerate() {
        if let Some(account) = AccountRecord::from_json(item, &at.index(row), &mut intake.faults) {
            let metrics = account.metrics.iter().map(|(name, value)| (name.as_str(), value.column()));
            let row_of = AccountRow {
                territory: &account.territory,
                network: &account.network,
                main: account.main.unwrap_or_default(),
            };
            intake.account(when, row, &row_of, metrics);
        }
    }
}

fn take_territory(intake: &mut Intake, row: usize, territory: &TerritoryRecord) {
    let columns = TerritoryRow {
        id: &territory.id,
        name: &territory.name,
        structure_type: &territory.structure_type,
        population: territory.population.column(),
        population_vintage: territory.population_vintage.as_deref().unwrap_or_default(),
        department: territory.department.as_deref().unwrap_or_default(),
        region: territory.region.as_deref().unwrap_or_default(),
        stratum: territory.stratum.as_ref().map(|by_hand| (by_hand.id.as_str(), by_hand.reason.as_str())),
        formerly: territory.formerly.as_deref(),
    };
    let attributes = territory.attributes.iter().flatten().map(|(name, value)| (name.as_str(), value.column()));
    intake.territory(row, &columns, attributes);
}

fn text(text: &str) -> Json {
    Json::String(text.to_owned())
}

/// A row of a column, null when it is unknown.
fn number(column: &[f64], row: usize) -> Json {
    column.get(row).copied().and_then(Decimal::new).map_or(Json::Null, Json::Number)
}

fn numbers(columns: &Named, row: usize) -> Json {
    Json::Object(columns.iter().map(|(name, column)| (name.to_owned(), number(column, row))).collect())
}

fn period_json(period: Period) -> Json {
    let date = |date: super::Date| text(&date.to_string());
    Json::Object(vec![("from".to_owned(), date(period.from())), ("to".to_owned(), date(period.to()))])
}

fn push(out: &mut String, first: &mut bool, json: &Json) {
    if !std::mem::take(first) {
        out.push(',');
    }
    out.push_str(&canonical::text(json));
}
