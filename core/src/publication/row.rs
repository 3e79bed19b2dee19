//! A row: what is published of one territory, as canonical text.
//!
//! A row is kept as the texts of its members. Canonical text has one order, so the row's own text is
//! these one after the other, and two rows agree when their texts do.

use super::document::{Inputs, RowRecord};
use crate::Scoring;
use crate::document::record::{At, FromJson};
use crate::document::{Digest, Json, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::Decimal;
use crate::methodology::Status;
use crate::scoring::{CriterionScore, Flag, IndexScore, PartScore, RankEntry, TerritoryScore};

/// One row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) vintage: Option<String>,
    pub(super) territory: String,
    /// The array's text, and how many there are.
    pub(super) accounts: Option<(String, usize)>,
    pub(super) previous: Option<(String, usize)>,
    /// Where accounts name another territory: pointers inside the row.
    pub(super) strangers: Vec<String>,
    pub(super) inputs: Option<Digest>,
    pub(super) status: Status,
    pub(super) method: Digest,
    pub(super) synthetic: bool,
    pub(super) result: String,
    /// The digest of the row.
    pub(super) digest: Digest,
    /// The digest that the row says it has.
    pub(super) stated: Digest,
}

impl Row {
    /// The text of the row, with its digest or without.
    pub(super) fn text(&self, digest: bool) -> String {
        let quoted = |name: &str, value: &str| format!("\"{name}\":\"{value}\"");
        let list =
            |name: &str, list: &Option<(String, usize)>| list.as_ref().map(|(text, _)| format!("\"{name}\":{text}"));
        // In the order of the names.
        let members = [
            list("accounts", &self.accounts),
            self.inputs.map(|digest| quoted("inputs_sha256", &digest.to_string())),
            Some(quoted("method_sha256", &self.method.to_string())),
            list("previous", &self.previous),
            Some(format!("\"result\":{}", self.result)),
            digest.then(|| quoted("sha256", &self.stated.to_string())),
            Some(quoted("status", self.status.as_str())),
            self.synthetic.then(|| "\"synthetic\":true".to_owned()),
            Some(format!("\"territory\":{}", self.territory)),
        ];
        let members: Vec<String> = members.into_iter().flatten().collect();
        format!("{{{}}}", members.join(","))
    }

    fn digested(mut self) -> Self {
        self.digest = Digest::of_bytes(self.text(false).as_bytes());
        self.stated = self.digest;
        self
    }

    /// The row of a territory, by its place in the cohort.
    pub(super) fn of(scoring: &Scoring, place: usize, score: &TerritoryScore, inputs: Inputs) -> Self {
        let (territory, accounts, previous) = scoring.cohort().inputs(place);
        let list = |items: Vec<Json>| {
            let count = items.len();
            (count > 0).then(|| (canonical::text(&Json::Array(items)), count))
        };
        let vintage = territory.get("population_vintage").and_then(Json::as_str).map(str::to_owned);
        let mut row = Self {
            id: score.id.clone(),
            vintage,
            territory: canonical::text(&territory),
            accounts: list(accounts),
            previous: list(previous),
            strangers: Vec::new(),
            inputs: None,
            status: score.status,
            method: score.method_sha256,
            synthetic: score.synthetic,
            result: canonical::text(&Json::Object(result(score, inputs))),
            digest: score.method_sha256,
            stated: score.method_sha256,
        };
        if inputs == Inputs::Digest {
            let member = |name: &str, list: Option<(String, usize)>| {
                list.map(|(text, _)| format!("\"{name}\":{text},")).unwrap_or_default()
            };
            let accounts = member("accounts", row.accounts.take());
            let previous = member("previous", row.previous.take());
            let all = format!("{{{accounts}{previous}\"territory\":{}}}", row.territory);
            row.inputs = Some(Digest::of_bytes(all.as_bytes()));
            row.territory = canonical::text(&known_by(&territory));
        }
        row.digested()
    }

    /// Reads a row.
    pub(super) fn read(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        empty(json, at, faults);
        let record = RowRecord::from_json(json, at, faults)?;
        let text = |name: &str| json.get(name).map(canonical::text);
        let list = |name: &str, count: Option<usize>| text(name).zip(count);
        let own = [record.territory.id.clone()];
        let former = record.territory.formerly.as_deref().unwrap_or(&own);
        let mut strangers = Vec::new();
        for (member, list, ids) in
            [("accounts", &record.accounts, own.as_slice()), ("previous", &record.previous, former)]
        {
            for (place, account) in list.iter().flatten().enumerate() {
                if !ids.contains(&account.territory) {
                    strangers.push(format!("/{member}/{place}/territory"));
                }
            }
        }
        let mut row = Self {
            id: record.territory.id,
            vintage: record.territory.population_vintage.filter(|vintage| !vintage.is_empty()),
            territory: text("territory")?,
            accounts: list("accounts", record.accounts.map(|list| list.len())),
            previous: list("previous", record.previous.map(|list| list.len())),
            strangers,
            inputs: record.inputs_sha256,
            status: record.status,
            method: record.method_sha256,
            synthetic: record.synthetic.unwrap_or_default(),
            result: text("result")?,
            digest: record.sha256,
            stated: record.sha256,
        };
        let stated = row.stated;
        row = row.digested();
        row.stated = stated;
        Some(row)
    }

    /// Reports members that the head's word about inputs excludes, or asks for.
    pub(super) fn agree(&self, inputs: Inputs, pointer: &str, faults: &mut Faults) {
        let place = |member: &str| Place::Pointer(format!("{pointer}/{member}"));
        if inputs == Inputs::Included {
            if self.inputs.is_some() {
                faults.push(not_here(place("inputs_sha256"), inputs));
            }
            return;
        }
        for (member, there) in [("accounts", self.accounts.is_some()), ("previous", self.previous.is_some())] {
            if there {
                faults.push(not_here(place(member), inputs));
            }
        }
        if let Ok(Json::Object(members)) = Json::parse(self.territory.as_bytes(), self.territory.len()) {
            for (name, _) in members.iter().filter(|(name, _)| !KNOWN_BY.contains(&name.as_str())) {
                faults.push(not_here(place(&format!("territory/{name}")), inputs));
            }
        }
        if self.inputs.is_none() {
            let expected = Text::new("« inputs_sha256 »", "`inputs_sha256`");
            faults.push(Fault::new(Code::MissingField, Place::Pointer(pointer.to_owned()), "", expected));
        }
    }
}

/// Reports members that say nothing, whatever else there is of the row.
fn empty(json: &Json, at: &At<'_>, faults: &mut Faults) {
    for member in ["accounts", "previous"] {
        if matches!(json.get(member), Some(Json::Array(items)) if items.is_empty()) {
            let expected = Text::new("des comptes, ou rien", "accounts, or nothing");
            faults.push(Fault::new(Code::OutOfRange, at.key(member).place(), "[]", expected));
        }
    }
    if matches!(json.get("synthetic"), Some(Json::Bool(false))) {
        let expected = Text::new("true, ou rien", "true, or nothing");
        faults.push(Fault::new(Code::OutOfRange, at.key("synthetic").place(), "false", expected));
    }
}

/// The fault of a member that does not go with the head's `inputs`.
pub(super) fn not_here(place: Place, inputs: Inputs) -> Fault {
    let word = inputs.as_str();
    let expected =
        Text::new(format!("rien, puisque inputs est « {word} »"), format!("nothing, since inputs is `{word}`"));
    Fault::new(Code::NotAllowedHere, place, "", expected)
}

/// What a row says of a territory without its inputs.
const KNOWN_BY: [&str; 3] = ["id", "name", "structure_type"];

fn known_by(territory: &Json) -> Json {
    Json::Object(KNOWN_BY.iter().filter_map(|name| Some(((*name).to_owned(), territory.get(name)?.clone()))).collect())
}

type Member = (String, Json);

fn member(name: &str, value: Json) -> Member {
    (name.to_owned(), value)
}

fn text(value: &str) -> Json {
    Json::String(value.to_owned())
}

fn number(value: f64) -> Option<Json> {
    Decimal::new(value).map(Json::Number)
}

fn whole(value: u32) -> Json {
    Json::Number(Decimal::from_integer(value.into()).unwrap_or(Decimal::ZERO))
}

/// What is published of a territory's scores: `spec/publication.md`, the result.
pub(super) fn result(score: &TerritoryScore, inputs: Inputs) -> Vec<Member> {
    let mut members = common(score, inputs);
    members.extend(ranks(&score.ranks).map(|ranks| member("ranks", ranks)));
    members.extend(score.grade.as_deref().map(|grade| member("grade", text(grade))));
    members
}

/// What a part has in common with the whole.
fn common(score: &TerritoryScore, inputs: Inputs) -> Vec<Member> {
    let mut members = Vec::new();
    members.extend(score.stratum.as_deref().map(|stratum| member("stratum", text(stratum))));
    members.push(member("indices", indices(&score.indices)));
    members.extend(criteria(&score.criteria, inputs).map(|criteria| member("criteria", criteria)));
    let flags: Vec<Json> = score.flags.iter().map(flag).collect();
    let parts: Vec<Json> = score.parts.iter().filter_map(|part| part_json(part, inputs)).collect();
    for (name, items) in [("flags", flags), ("parts", parts)] {
        if !items.is_empty() {
            members.push(member(name, Json::Array(items)));
        }
    }
    members
}

fn indices(indices: &[IndexScore]) -> Json {
    let mut listed = Vec::new();
    for (place, index) in indices.iter().enumerate() {
        let value = match (index.score.and_then(number), &index.published) {
            (Some(score), Some(published)) => {
                let mut value = vec![member("score", score), member("published", text(published))];
                let weights: Vec<Json> = index.weights.iter().filter_map(|weight| number(*weight)).collect();
                value.extend((!weights.is_empty()).then(|| member("weights", Json::Array(weights))));
                value
            }
            // The root comes first.
            _ if place == 0 => vec![member("state", text(index.state))],
            _ => continue,
        };
        listed.push((index.id.clone(), Json::Object(value)));
    }
    Json::Object(listed)
}

fn criteria(criteria: &[CriterionScore], inputs: Inputs) -> Option<Json> {
    let mut indicators: Vec<Member> = Vec::new();
    for criterion in criteria {
        if criterion.raw.is_none() && criterion.mark.is_none() {
            continue;
        }
        let mut members = Vec::new();
        members.extend((criterion.state != "present").then(|| member("state", text(criterion.state))));
        let raw = criterion.raw.filter(|_| inputs == Inputs::Included);
        for (name, value) in [("raw", raw), ("mark", criterion.mark)] {
            members.extend(value.and_then(number).map(|value| member(name, value)));
        }
        let network = criterion.network.as_deref().unwrap_or_default();
        add(&mut indicators, &criterion.indicator, network, Json::Object(members));
    }
    (!indicators.is_empty()).then_some(Json::Object(indicators))
}

/// Puts a value into the object `outer` of an object of objects.
fn add(objects: &mut Vec<Member>, outer: &str, inner: &str, value: Json) {
    match objects.iter_mut().find(|(name, _)| name == outer) {
        Some((_, Json::Object(members))) => members.push(member(inner, value)),
        _ => objects.push(member(outer, Json::Object(vec![member(inner, value)]))),
    }
}

fn flag(flag: &Flag) -> Json {
    let mut members = vec![member("code", text(flag.code))];
    for (name, value) in [("subject", &flag.subject), ("network", &flag.network), ("reason", &flag.reason)] {
        members.extend(value.as_deref().map(|value| member(name, text(value))));
    }
    Json::Object(members)
}

fn ranks(ranks: &[RankEntry]) -> Option<Json> {
    let mut views: Vec<Member> = Vec::new();
    for entry in ranks {
        if let (Some(rank), Some(of)) = (entry.rank, entry.of) {
            add(&mut views, &entry.view, &entry.within, Json::Array(vec![whole(rank), whole(of)]));
        }
    }
    (!views.is_empty()).then_some(Json::Object(views))
}

fn part_json(part: &PartScore, inputs: Inputs) -> Option<Json> {
    let mut members = common(&part.territory, inputs);
    let says = members.iter().any(|(name, _)| name == "criteria");
    let root = part.territory.indices.first().map(|root| root.state);
    if matches!(root, Some("absent" | "outside_strata")) && !says {
        return None;
    }
    members.push(member("id", text(&part.id)));
    members.push(member("version", text(&part.version)));
    Some(Json::Object(members))
}

/// The rows of a scoring, by increasing id.
pub(super) fn rows(scoring: &Scoring, inputs: Inputs) -> Vec<Row> {
    let mut rows = Vec::with_capacity(scoring.len());
    scoring.each_territory(|place, score| rows.push(Row::of(scoring, place, &score, inputs)));
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    rows
}
