//! What a scoring says of each territory, and the `scoring` document.

use std::borrow::Borrow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::aggregate::{millionths, weight};
use super::cells::{CHUNK, Cells, State};
use super::field::{Chunk, Verdict};
use super::indicator::{self, Inputs};
use super::normalise::Marker;
use super::{AllInputs, Engine, Flag, GroupScore, Scoring, Steps, Values};
use crate::cohort::{Cohort, NONE};
use crate::document::{Digest, LANGUAGE, Texts};
use crate::exact::{Column, Filtered, Number, Rational};
use crate::methodology::model::{Absent, Dimension, Grades, Indicator, Missing, Status, Undefined, Unknown, Within};
use crate::methodology::{Above, ChildNode, Methodology};
use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

/// A scoring as a document: every territory with its indices, criteria, ranks and flags.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScoringDocument<T = Vec<TerritoryScore>> {
    /// The language version, `bareme/1`.
    pub language: &'static str,
    /// The kind of document, `scoring`.
    pub document: &'static str,
    /// The methodology.
    pub methodology: MethodologyRef,
    /// The cohort.
    pub cohort: CohortRef,
    /// The digest of the reference, where each territory was scored alone against one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub reference_sha256: Option<Digest>,
    /// The territories, in the cohort's order.
    pub territories: T,
    /// The scores of groups, by roll-up.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub roll_ups: BTreeMap<String, Vec<GroupScore>>,
}

/// The methodology of a scoring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MethodologyRef {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it claims to be.
    pub status: Status,
    /// Its title.
    pub title: Texts,
    /// Its method digest.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub method_sha256: Digest,
    /// The digest of the whole document.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub document_sha256: Digest,
}

impl From<&Methodology> for MethodologyRef {
    fn from(methodology: &Methodology) -> Self {
        Self {
            id: methodology.id().to_owned(),
            version: methodology.version().to_owned(),
            status: methodology.status(),
            title: methodology.document().title.clone(),
            method_sha256: methodology.method_digest(),
            document_sha256: methodology.document_digest(),
        }
    }
}

/// The cohort of a scoring.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CohortRef {
    /// The digest of its content, whatever the order of its rows.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub sha256: Digest,
    /// The first day of the period, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The last day of the period, excluded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Are its numbers invented?
    #[serde(skip_serializing_if = "is_false")]
    pub synthetic: bool,
}

impl From<&Cohort> for CohortRef {
    fn from(cohort: &Cohort) -> Self {
        let period = cohort.period();
        Self {
            sha256: cohort.digest(),
            from: period.map(|period| period.from().to_string()),
            to: period.map(|period| period.to().to_string()),
            synthetic: cohort.is_synthetic(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
fn is_false(value: &bool) -> bool {
    !value
}

/// Everything that a scoring says of one territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TerritoryScore {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its structure type.
    pub structure_type: String,
    /// Its stratum; none when it belongs to no stratum.
    pub stratum: Option<String>,
    /// What the methodology claims to be.
    pub status: Status,
    /// The method digest of the methodology.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub method_sha256: Digest,
    /// Does any number on which this rests come from a synthetic cohort?
    #[serde(skip_serializing_if = "is_false")]
    pub synthetic: bool,
    /// Its indices, the root first.
    pub indices: Vec<IndexScore>,
    /// Its criteria, in the methodology's order.
    pub criteria: Vec<CriterionScore>,
    /// Its places, by view and group.
    pub ranks: Vec<RankEntry>,
    /// Its grade, where the methodology gives grades and it reaches one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<String>,
    /// What there is to know about it.
    pub flags: Vec<Flag>,
    /// What each methodology that is pinned says of it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartScore>,
}

/// What a pinned methodology says of a territory.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartScore {
    /// The pinned methodology's id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it says.
    pub territory: TerritoryScore,
}

/// The value of an index.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IndexScore {
    /// The index's id.
    pub id: String,
    /// The exact value rounded to binary64.
    pub score: Option<f64>,
    /// The exact value rounded to the methodology's decimals.
    pub published: Option<String>,
    /// Why there is no value, or `present`.
    pub state: &'static str,
    /// Its weight in the index above, as applied: from 0 to 1, points for a sum; none for the root.
    pub weight: Option<f64>,
    /// The weights of its own children as applied, in the document's order; empty when the index has no
    /// value, or one that does not come from its children.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<f64>,
}

/// The value of a criterion.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CriterionScore {
    /// The indicator's id.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub indicator: Arc<str>,
    /// The network.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub network: Option<Arc<str>>,
    /// The raw value, rounded to binary64.
    pub raw: Option<f64>,
    /// Why there is no raw value, or `present`.
    pub state: &'static str,
    /// The mark, rounded to binary64.
    pub mark: Option<f64>,
    /// The weight in the index above, as applied: from 0 to 1, points for a sum; none when the criterion
    /// only orders a view, or the index has no value.
    pub weight: Option<f64>,
}

/// A place in a ranking.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RankEntry {
    /// The view.
    pub view: String,
    /// The group: dimensions joined by `+`, or `cohort`.
    pub within: String,
    /// The place, from 1; none when the territory is unranked.
    pub rank: Option<u32>,
    /// The number of ranked territories in the group.
    pub of: Option<u32>,
}

/// The columns from which territories are described: raw values, marks and weights of some rows, and
/// the ranks of all.
struct Details {
    rows: Vec<u32>,
    raw: Rounded,
    marks: Rounded,
    /// By node, by row, by child; NaN where the node has no value.
    weights: Vec<Vec<f64>>,
    ranks: Arc<AllRanks>,
    /// The same for each methodology that is pinned.
    parts: Vec<Details>,
}

/// One criterion of one territory.
pub(super) struct Cell {
    pub(super) raw: Option<f64>,
    pub(super) state: &'static str,
    pub(super) mark: Option<f64>,
    pub(super) weight: Option<f64>,
}

impl Details {
    /// The weight of a child as applied, in one row.
    fn applied(&self, above: Option<Above>, index: usize) -> Option<f64> {
        let Above { node, child, count } = above?;
        self.weights_of(node, index, count).get(child).copied().filter(|weight| !weight.is_nan())
    }

    /// The applied weights of the children of a node, in one row; there are `count`.
    fn weights_of(&self, node: usize, index: usize, count: usize) -> &[f64] {
        let start = index.saturating_mul(count);
        let weights = self.weights.get(node).and_then(|weights| weights.get(start..start.saturating_add(count)));
        weights.unwrap_or_default()
    }
}

/// The places in every view and group, of the methodology and of those that it pins.
#[derive(Debug)]
pub(super) struct AllRanks {
    /// Were they asked for? If not, there are none, and no grades.
    asked: bool,
    own: Vec<(String, String, super::Ranks)>,
    parts: Vec<Arc<AllRanks>>,
}

/// How many territories are described at once.
const DESCRIBED: usize = 1024;

/// Values rounded to binary64, NaN where there is none: criterion after criterion, those of the same territories each.
struct Rounded {
    rows: usize,
    values: Vec<f64>,
    states: Vec<State>,
}

impl Rounded {
    /// Of so many criteria and territories, none yet.
    fn new(criteria: usize, rows: usize) -> Self {
        let len = criteria.saturating_mul(rows);
        Self { rows, values: Vec::with_capacity(len), states: Vec::with_capacity(len) }
    }

    /// Adds a criterion: rounds fast numbers of the territories, and exact ones where that is undecided.
    fn push(&mut self, rows: &[u32], fast: &Cells<Filtered>, exact: impl Fn(u32) -> Cells<Rational>) {
        for (index, row) in rows.iter().enumerate() {
            let mut state = fast.state(index);
            let value = if state.is_present() {
                fast.values.get(index).round().unwrap_or_else(|| {
                    let exact = exact(*row);
                    state = exact.state(0);
                    exact.value(0).and_then(|value| Number::round(&value)).unwrap_or(f64::NAN)
                })
            } else {
                f64::NAN
            };
            self.values.push(value);
            self.states.push(state);
        }
    }

    /// Where a criterion's value of a territory stands.
    fn at(&self, criterion: usize, index: usize) -> usize {
        criterion.saturating_mul(self.rows).saturating_add(index)
    }

    fn get(&self, criterion: usize, index: usize) -> Option<f64> {
        self.values.get(self.at(criterion, index)).copied().filter(|value| !value.is_nan())
    }

    fn state(&self, criterion: usize, index: usize) -> State {
        self.states.get(self.at(criterion, index)).copied().unwrap_or(State::Undefined)
    }
}

/// The names of the states that values have in results, each once.
pub fn states() -> impl Iterator<Item = &'static str> {
    State::ALL.into_iter().map(State::as_str)
}

impl State {
    const ALL: [Self; 10] = [
        Self::Present,
        Self::RawZero,
        Self::Imputed,
        Self::Insufficient,
        Self::Absent,
        Self::Unknown,
        Self::Undefined,
        Self::Ineligible,
        Self::Outside,
        Self::Refused,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::RawZero => "raw_zero",
            Self::Imputed => "imputed",
            Self::Insufficient => "insufficient",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
            Self::Undefined => "undefined",
            Self::Ineligible => "ineligible",
            Self::Outside => "outside_strata",
            Self::Refused => "refused",
        }
    }
}

impl Scoring {
    /// The raw values of a criterion for every territory, rounded to binary64, NaN where there is
    /// none. `criterion` is a place in [`Methodology::criteria`].
    pub fn raw(&self, criterion: usize) -> Vec<f64> {
        self.column(criterion, |(raw, _)| raw)
    }

    /// The marks of a criterion for every territory, rounded to binary64, NaN where there is none.
    pub fn marks(&self, criterion: usize) -> Vec<f64> {
        self.column(criterion, |(_, marks)| marks)
    }

    /// Everything about one territory, by its place in the cohort. The first time, all are ranked.
    pub fn territory(&self, territory: usize) -> Option<TerritoryScore> {
        let row = u32::try_from(territory).ok().filter(|_| territory < self.len())?;
        self.describe(&self.details(&[row], &self.every_rank()), 0)
    }

    /// Everything about some territories, by their places in the cohort, in that order; places beyond it
    /// are passed over.
    pub fn territories(&self, territories: &[usize]) -> Vec<TerritoryScore> {
        let places = territories.iter().filter(|territory| **territory < self.len());
        let details = self.details(
            &places.filter_map(|territory| u32::try_from(*territory).ok()).collect::<Vec<_>>(),
            &self.every_rank(),
        );
        (0..details.rows.len()).filter_map(|index| self.describe(&details, index)).collect()
    }

    /// The scoring as a document. To write it, serialise the scoring itself, which holds some of the
    /// territories at a time.
    pub fn document(&self) -> ScoringDocument {
        self.document_of(self.described(&self.every_rank()).collect())
    }

    fn document_of<T>(&self, territories: T) -> ScoringDocument<T> {
        ScoringDocument {
            language: LANGUAGE,
            document: "scoring",
            methodology: MethodologyRef::from(&self.methodology),
            cohort: CohortRef::from(&*self.cohort),
            reference_sha256: None,
            territories,
            roll_ups: self.all_roll_ups(),
        }
    }

    /// What there is to say of every territory, in the cohort's order, computed for some of them at a time.
    fn described(&self, ranks: &Arc<AllRanks>) -> impl Iterator<Item = TerritoryScore> {
        (0..self.len()).step_by(DESCRIBED).flat_map(move |start| {
            let rows =
                (start..self.len().min(start.saturating_add(DESCRIBED))).filter_map(|row| u32::try_from(row).ok());
            let details = self.details(&rows.collect::<Vec<_>>(), ranks);
            (0..details.rows.len()).filter_map(|index| self.describe(&details, index)).collect::<Vec<_>>()
        })
    }

    pub(crate) fn all_roll_ups(&self) -> BTreeMap<String, Vec<GroupScore>> {
        let declared = self.methodology.document().roll_ups.iter().flatten();
        declared.filter_map(|roll_up| Some((roll_up.id.clone(), self.roll_up(&roll_up.id)?))).collect()
    }

    /// The rounded values of one step of a criterion, for every territory.
    fn column(&self, place: usize, step: impl Fn((Rounded, Rounded)) -> Rounded) -> Vec<f64> {
        let engine = Engine::<Filtered>::new(self);
        let exact = OnceCell::new();
        let mut inputs = Inputs::new(&engine.field, &[]);
        let rows: Vec<u32> = engine.field.rows().collect();
        let mut values = Vec::with_capacity(rows.len());
        for rows in rows.chunks(CHUNK) {
            inputs.turn_to(Chunk::of(rows));
            let steps = engine.steps(place, &mut inputs);
            values.extend(step(self.rounded(rows, std::iter::once((place, steps)), &exact)).values);
        }
        values
    }

    /// The rounded raw values and marks of some criteria, given with their places, for some territories; `exact` decides
    /// what is undecided, and is made when it is needed.
    fn rounded<'a>(
        &'a self,
        rows: &[u32],
        criteria: impl ExactSizeIterator<Item = (usize, impl Borrow<Steps<Filtered>>)>,
        exact: &OnceCell<Engine<'a, Rational>>,
    ) -> (Rounded, Rounded) {
        let [mut raw, mut marks] = [(); 2].map(|()| Rounded::new(criteria.len(), rows.len()));
        for (place, steps) in criteria {
            let exactly = |row: u32| {
                let engine = exact.get_or_init(|| Engine::new(self));
                let rows = [row];
                engine.steps(place, &mut Inputs::new(&engine.field, &rows))
            };
            let steps = steps.borrow();
            raw.push(rows, &steps.raw, |row| exactly(row).raw);
            marks.push(rows, &steps.marks, |row| exactly(row).marks);
        }
        (raw, marks)
    }

    /// The state of a territory's mark before the document's rules for what is unknown or undefined.
    fn state_before_rules(&self, place: usize, row: u32) -> State {
        let field = self.field();
        let known = self.methodology.criteria().get(place).zip(self.references.get(place));
        let marker = known.and_then(|(criterion, reference)| {
            Marker::<Rational>::new(&field, criterion, reference, self.entry(place), None)
        });
        let rows = [row];
        known.zip(marker).map_or(State::Undefined, |((criterion, _), marker)| {
            let mut inputs = Inputs::new(&field, &rows);
            let raw = indicator::raw(&field, criterion, &mut inputs);
            marker.before_rules(&field, raw, Chunk::of(&rows)).drawn(&inputs).state(0)
        })
    }

    /// What is published of every territory, one after the other in the cohort's order, for all of them
    /// together would take much memory. Of the methodologies that are pinned it has neither ranks nor
    /// grades.
    pub(crate) fn each_territory(&self, mut visit: impl FnMut(usize, TerritoryScore)) {
        let parts = self.parts.iter().map(Self::no_rank).collect();
        let ranks = Arc::new(AllRanks { asked: true, own: self.all_ranks(), parts });
        self.described(&ranks).enumerate().for_each(|(place, score)| visit(place, score));
    }

    fn every_rank(&self) -> Arc<AllRanks> {
        let ranks = || {
            let parts = self.parts.iter().map(Self::every_rank).collect();
            Arc::new(AllRanks { asked: true, own: self.all_ranks(), parts })
        };
        Arc::clone(self.ranks.get_or_init(ranks))
    }

    fn no_rank(&self) -> Arc<AllRanks> {
        let parts = self.parts.iter().map(Self::no_rank).collect();
        Arc::new(AllRanks { asked: false, own: Vec::new(), parts })
    }

    fn details(&self, rows: &[u32], ranks: &Arc<AllRanks>) -> Details {
        let engine = Engine::<Filtered>::new(self);
        let mut inputs = AllInputs::new(&engine);
        let values = engine.values(Chunk::of(rows), &mut inputs, true);
        self.details_of(&values, rows, ranks)
    }

    /// Everything about the first territory but its ranks and grades, from its values with their steps.
    pub(super) fn unranked(&self, values: &Values<Filtered>) -> Option<TerritoryScore> {
        self.describe(&self.details_of(values, &[0], &self.no_rank()), 0)
    }

    /// The details of some territories, of which the values are known with their steps.
    fn details_of(&self, values: &Values<Filtered>, rows: &[u32], ranks: &Arc<AllRanks>) -> Details {
        let (raw, marks) = self.rounded(rows, values.criteria.iter().enumerate(), &OnceCell::new());
        let weights = self.applied_weights(&marks, rows);
        let parts = self.parts.iter().zip(&values.parts).zip(&ranks.parts);
        let parts = parts.map(|((part, values), ranks)| part.details_of(values, rows, ranks)).collect();
        Details { raw, marks, weights, ranks: Arc::clone(ranks), parts, rows: rows.to_vec() }
    }

    /// The flags of every territory, in the cohort's order.
    pub(super) fn each_flags(&self, mut visit: impl FnMut(usize, &[Flag])) {
        let engine = Engine::<Filtered>::new(self);
        let exact = OnceCell::new();
        let mut inputs = Inputs::new(&engine.field, &[]);
        let ranks = Arc::new(AllRanks { asked: false, own: Vec::new(), parts: Vec::new() });
        let all: Vec<u32> = engine.field.rows().collect();
        for rows in all.chunks(CHUNK) {
            inputs.turn_to(Chunk::of(rows));
            let places = 0..self.methodology.criteria().len();
            let steps = places.map(|place| (place, engine.steps(place, &mut inputs)));
            let (raw, marks) = self.rounded(rows, steps, &exact);
            let ranks = Arc::clone(&ranks);
            let details = Details { raw, marks, weights: Vec::new(), ranks, parts: Vec::new(), rows: rows.to_vec() };
            for (index, row) in rows.iter().enumerate() {
                visit(*row as usize, &self.flags(&details, index, *row as usize));
            }
        }
    }

    /// The criteria of every territory, in the cohort's order: its own, then those of the methodologies that
    /// are pinned.
    pub(super) fn each_criterion(&self, mut visit: impl FnMut(usize, &Cell)) {
        fn part(scoring: &Scoring, details: &Details, index: usize, visit: &mut dyn FnMut(&Cell)) {
            let above = &scoring.methodology.flat().above_criteria;
            for (place, above) in above.iter().enumerate() {
                let Details { raw, marks, .. } = details;
                let weight = details.applied(*above, index);
                let state = raw.state(place, index).as_str();
                visit(&Cell { raw: raw.get(place, index), state, mark: marks.get(place, index), weight });
            }
            for (inner, details) in scoring.parts.iter().zip(&details.parts) {
                part(inner, details, index, visit);
            }
        }
        let ranks = self.no_rank();
        let all: Vec<u32> = self.field().rows().collect();
        for rows in all.chunks(DESCRIBED) {
            let details = self.details(rows, &ranks);
            for (index, row) in rows.iter().enumerate() {
                part(self, &details, index, &mut |cell| visit(*row as usize, cell));
            }
        }
    }

    /// The weights as applied. Both terms of each quotient are whole and below 2^53, so one division
    /// is correctly rounded.
    fn applied_weights(&self, marks: &Rounded, rows: &[u32]) -> Vec<Vec<f64>> {
        let field = self.field();
        let nodes = &self.methodology.flat().nodes;
        let state_of = |child: ChildNode, index: usize, row: u32| match child {
            ChildNode::Criterion(place) => marks.state(place, index),
            ChildNode::Node(place) => {
                let node = self.nodes.get(place).and_then(|node| node.states.get(row as usize));
                node.copied().unwrap_or(State::Undefined)
            }
            ChildNode::Pinned(place) => {
                let root = self.parts.get(place).and_then(|part| part.nodes.last());
                root.and_then(|root| root.states.get(row as usize)).copied().unwrap_or(State::Undefined)
            }
        };
        let mut all = Vec::with_capacity(nodes.len());
        for (node, scores) in nodes.iter().zip(&self.nodes) {
            let count = node.children.len();
            let mut cells = vec![f64::NAN; rows.len().saturating_mul(count)];
            let mut weights: Vec<u64> = Vec::with_capacity(count);
            for ((index, row), cells) in rows.iter().enumerate().zip(cells.chunks_mut(count.max(1))) {
                let has_value = scores.states.get(*row as usize).copied().is_some_and(State::is_present);
                if !has_value {
                    continue;
                }
                weights.clear();
                weights.extend(node.index.of.iter().zip(&node.children).map(|(child, kind)| {
                    let state = state_of(*kind, index, *row);
                    let absent_zero = state == State::Absent && child.absent == Some(Absent::Zero);
                    let counts = state.is_present() || absent_zero || node.index.missing == Missing::Zero;
                    if counts { weight(&field, &child.weight, *row) } else { 0 }
                }));
                let sum = match node.index.aggregate {
                    crate::methodology::model::Aggregate::Sum => 1_000_000,
                    _ => weights.iter().fold(0_u64, |sum, weight| sum.saturating_add(*weight)),
                };
                for (cell, weight) in cells.iter_mut().zip(&weights).filter(|_| sum > 0) {
                    *cell = *weight as f64 / sum as f64;
                }
            }
            all.push(cells);
        }
        all
    }

    /// The places in every view and group that the methodology declares.
    pub(super) fn all_ranks(&self) -> Vec<(String, String, super::Ranks)> {
        let document = self.methodology.document();
        let mut all = Vec::new();
        for view in &document.views {
            let Some(classes) = self.view_classes(&view.id) else { continue };
            for within in &document.ranking.within {
                all.push((view.id.clone(), within.name(), self.ranks_of(&classes, within)));
            }
        }
        all
    }

    fn describe(&self, details: &Details, index: usize) -> Option<TerritoryScore> {
        let row = *details.rows.get(index)? as usize;
        let territories = &self.cohort.territories;
        Some(TerritoryScore {
            id: territories.ids.get(row)?.clone(),
            name: territories.names.get(row)?.clone(),
            structure_type: territories.structure_types.get(row).unwrap_or_default().to_owned(),
            stratum: self.stratum(row).map(str::to_owned),
            status: self.methodology.status(),
            method_sha256: self.methodology.method_digest(),
            synthetic: self.cohort.is_synthetic(),
            indices: self.index_scores(details, index, row),
            criteria: self.criterion_scores(details, index),
            ranks: details
                .ranks
                .own
                .iter()
                .map(|(view, within, ranks)| {
                    let rank = ranks.get(row);
                    RankEntry {
                        view: view.clone(),
                        within: within.clone(),
                        rank: rank.map(|rank| rank.place),
                        of: rank.map(|rank| rank.of),
                    }
                })
                .collect(),
            grade: details.ranks.asked.then(|| self.grade(row, &details.ranks.own)).flatten(),
            flags: self.flags(details, index, row),
            parts: self
                .parts
                .iter()
                .zip(&details.parts)
                .filter_map(|(part, part_details)| {
                    Some(PartScore {
                        id: part.methodology.id().to_owned(),
                        version: part.methodology.version().to_owned(),
                        territory: part.describe(part_details, index)?,
                    })
                })
                .collect(),
        })
    }

    /// The first grade that a territory reaches.
    pub(super) fn grade(&self, row: usize, ranks: &[(String, String, super::Ranks)]) -> Option<String> {
        self.grade_by(row, |view, within| {
            let known = ranks.iter().find(|(known, group, _)| known == view && *group == within.name());
            match known {
                Some((_, _, ranks)) => ranks.get(row),
                None => self.ranks(view, within)?.get(row),
            }
        })
    }

    /// The same, for a territory whose rank in a view and group is told.
    pub(super) fn grade_by(&self, row: usize, rank: impl Fn(&str, &Within) -> Option<super::Rank>) -> Option<String> {
        match self.methodology.document().publication.grades.as_ref()? {
            Grades::Threshold { steps } => {
                let published = self.nodes.last()?.published.get(row)?.as_ref()?;
                let published = published.to_rational(self.decimals());
                let reached = steps.iter().find(|step| published >= Rational::from(step.from));
                reached.map(|step| step.id.clone())
            }
            Grades::Rank { view, within, steps } => {
                let rank = rank(view, within)?;
                // place <= top x size, in millionths.
                let reaches = |top: crate::exact::Decimal| {
                    u128::from(rank.place).saturating_mul(1_000_000)
                        <= u128::from(millionths(top)).saturating_mul(rank.of.into())
                };
                steps.iter().find(|step| reaches(step.top)).map(|step| step.id.clone())
            }
        }
    }

    fn index_scores(&self, details: &Details, index: usize, row: usize) -> Vec<IndexScore> {
        let flat = self.methodology.flat();
        let nodes = flat.nodes.iter().zip(&self.nodes).enumerate().rev();
        nodes
            .map(|(place, (node, values))| IndexScore {
                id: node.index.id.clone(),
                score: values.scores.get(row).copied().filter(|score| !score.is_nan()),
                published: values
                    .published
                    .get(row)
                    .and_then(|published| Some(published.as_ref()?.text(self.decimals()))),
                state: values.states.get(row).copied().unwrap_or(State::Undefined).as_str(),
                weight: details.applied(flat.above_nodes.get(place).copied().flatten(), index),
                weights: own_weights(details.weights_of(place, index, node.children.len())),
            })
            .collect()
    }

    fn criterion_scores(&self, details: &Details, index: usize) -> Vec<CriterionScore> {
        let above = &self.methodology.flat().above_criteria;
        let criteria = self.methodology.criteria().iter().enumerate();
        let Details { raw, marks, .. } = details;
        criteria
            .map(|(place, criterion)| CriterionScore {
                indicator: Arc::clone(&criterion.id),
                network: criterion.network.clone(),
                raw: raw.get(place, index),
                state: raw.state(place, index).as_str(),
                mark: marks.get(place, index),
                weight: details.applied(above.get(place).copied().flatten(), index),
            })
            .collect()
    }

    /// What there is to know about a territory, from the general to the particular.
    fn flags(&self, details: &Details, index: usize, row: usize) -> Vec<Flag> {
        let mut flags = Vec::new();
        let by_hand = u32::try_from(row).ok().and_then(|row| self.cohort.territories.overrides.get(&row));
        if let Some(by_hand) = by_hand {
            flags.push(Flag::new("stratum_override").about(&by_hand.stratum).because(&by_hand.reason));
        }
        let Some(stratum) = self.seats.strata.get(row).filter(|stratum| **stratum != NONE) else {
            flags.push(Flag::new("outside_strata"));
            return flags;
        };
        for network in self.methodology.flat().networks.iter().map(Option::as_deref) {
            let account = |network: &str| self.cohort.accounts.get(network)?.of_territory.get(row).copied();
            if let Some(network) = network
                && account(network).is_none_or(|account| account == NONE)
            {
                flags.push(Flag::new("absent").about(network));
                continue;
            }
            flags.extend(self.ineligible(network, row));
        }
        self.criterion_flags(details, index, &mut flags);
        self.alone_flags(details, index, row, &mut flags);
        self.fallback_flags(row, *stratum, &mut flags);
        for (node, values) in self.methodology.flat().nodes.iter().zip(&self.nodes) {
            if values.states.get(row) == Some(&State::Insufficient) {
                flags.push(Flag::new("insufficient").about(&node.index.id));
            }
        }
        if self.nodes.last().and_then(|root| root.states.get(row)) == Some(&State::Refused) {
            flags.push(Flag::new("refused"));
        }
        flags
    }

    /// Says once for each group and network that a value is set against one member alone, mostly itself.
    fn alone_flags(&self, details: &Details, index: usize, row: usize, flags: &mut Vec<Flag>) {
        let field = self.field();
        let indicators = &self.methodology.document().indicators;
        // The group last asked for: mostly all criteria have the same.
        let mut last: Option<(&Within, u32)> = None;
        let criteria = self.methodology.criteria().iter().zip(self.references.iter()).enumerate();
        for (place, (criterion, reference)) in criteria {
            let within =
                indicators.get(criterion.indicator).and_then(|indicator| indicator.normalise.as_ref()?.within());
            let (Some(within), Ok(territory)) = (within, u32::try_from(row)) else { continue };
            let own = match last {
                Some((known, group)) if known == within => group,
                _ => field.group(within, territory),
            };
            last = Some((within, own));
            let read = reference.stands_for.get(own as usize);
            let group = read.and_then(|read| reference.groups.get(*read as usize));
            if group.is_none_or(|group| group.size != 1) || !details.raw.state(place, index).is_present() {
                continue;
            }
            let own = self.dimensions(row, within);
            let own: Vec<&str> =
                within.dimensions().iter().filter_map(|known| own.get(known.as_str())).map(String::as_str).collect();
            let name = if own.is_empty() { within.name() } else { own.join("+") };
            let flag = Flag::new("alone").about(name).on(criterion.network.as_deref());
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        }
    }

    /// Says once for each network that the statistics of a stratum come from a larger group.
    fn fallback_flags(&self, row: usize, stratum: u32, flags: &mut Vec<Flag>) {
        let strata = &self.methodology.document().strata;
        let within = Within::new([Dimension::Stratum]);
        let group =
            self.seats.groupings.get(&within).and_then(|grouping| grouping.codes.get(row)).copied().unwrap_or(NONE);
        let indicators = &self.methodology.document().indicators;
        for (criterion, reference) in self.methodology.criteria().iter().zip(self.references.iter()) {
            let read = reference.stands_for.get(group as usize).copied().unwrap_or(NONE);
            let own = || indicators.get(criterion.indicator)?.normalise.as_ref()?.within();
            // Of those that take their statistics from strata, what another group gives.
            if read == NONE || read == group || own() != Some(&within) {
                continue;
            }
            let id = strata.get(stratum as usize).map(|stratum| stratum.id.as_str()).unwrap_or_default();
            let flag = Flag::new("fallback").about(id).on(criterion.network.as_deref());
            if !flags.contains(&flag) {
                flags.push(flag);
            }
        }
    }

    fn ineligible(&self, network: Option<&str>, row: usize) -> Option<Flag> {
        let rules = self.methodology.document().eligibility.as_deref().unwrap_or_default();
        let (rule, note) = match self.seats.verdict(network, row) {
            Verdict::Eligible => return None,
            Verdict::Fails(rule) => (rule, ""),
            Verdict::Unknown(rule) => (rule, " [unknown]"),
            Verdict::Undefined(rule) => (rule, " [undefined]"),
        };
        let rule = rules.get(rule as usize)?;
        Some(Flag::new("ineligible").about(&rule.id).on(network).because(format!("{}{note}", rule.require.text())))
    }

    fn criterion_flags(&self, details: &Details, index: usize, flags: &mut Vec<Flag>) {
        let indicators = &self.methodology.document().indicators;
        let Details { raw, marks, .. } = details;
        for (place, criterion) in self.methodology.criteria().iter().enumerate() {
            let Some(indicator) = indicators.get(criterion.indicator) else { continue };
            let (raw, mut mark) = (raw.state(place, index), marks.state(place, index));
            // A rule may have made this mark: then what it was before is what there is to know.
            let ruled = mark == State::Refused || (mark == State::Present && marks.get(place, index) == Some(0.0));
            if ruled && raw == State::Present && has_rules(indicator) {
                mark = details.rows.get(index).map_or(mark, |row| self.state_before_rules(place, *row));
            }
            let code = match (raw, mark) {
                (State::Unknown, State::Imputed) => "imputed",
                (State::Unknown, _) => "unknown",
                (State::Undefined, _) => "undefined",
                (State::RawZero, _) => "raw_zero",
                (State::Present, State::Unknown) => "group_unknown",
                (State::Present, State::Undefined) if indicator.normalise.is_some() => "undefined",
                _ => continue,
            };
            flags.push(Flag::new(code).about(&indicator.id).on(criterion.network.as_deref()));
        }
    }
}

/// As the `scoring` document, without holding all of it.
impl Serialize for Scoring {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.document_of(EachTerritory(self)).serialize(serializer)
    }
}

struct EachTerritory<'a>(&'a Scoring);

impl Serialize for EachTerritory<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        for territory in self.0.described(&self.0.every_rank()) {
            list.serialize_element(&territory)?;
        }
        list.end()
    }
}

/// May a rule make a mark of what has none?
fn has_rules(indicator: &Indicator) -> bool {
    matches!(indicator.unknown, Unknown::MarkZero | Unknown::Refuse)
        || matches!(indicator.undefined, Undefined::MarkZero | Undefined::Refuse)
}

/// The applied weights of an index's children in one row; none when they say nothing.
fn own_weights(weights: &[f64]) -> Vec<f64> {
    let say = weights.iter().all(|weight| !weight.is_nan()) && weights.iter().any(|weight| *weight > 0.0);
    if say { weights.to_vec() } else { Vec::new() }
}
