//! Scoring: the one-way pipeline from metrics to ranks.
//!
//! ```text
//! field       strata, groups, eligibility        who is compared with whom
//! indicator   formula, transform                 raw values
//! reference   statistics in each group
//! normalise   raw values against the reference   marks
//! aggregate   marks by weights, level by level   indices
//! rank        places in each group
//! ```
//!
//! Every step is written once, over [`Number`]. Territories are worked on in chunks with
//! [`Filtered`] numbers, which round only when their error bound proves the result; the few that stay
//! undecided, exact ties above all, are worked on again with [`Rational`].

mod aggregate;
mod cells;
mod field;
mod flag;
mod frame;
mod indicator;
mod ladder;
mod normalise;
mod rank;
mod reference;
mod reference_document;
mod result;
mod roll_up;
mod single;
mod threads;

use std::ops::ControlFlow;
use std::sync::{Arc, OnceLock};

pub use flag::Flag;
pub use frame::{Entries, Frame, Series, Strings};
pub use rank::{Rank, Ranks};
pub use reference_document::{
    CriterionStatistics, LimitsOfGroup, MethodStatistics, RankedValues, ReferenceDocument, StatisticsOfGroup,
};
use result::AllRanks;
pub use result::{
    CohortRef, CriterionScore, IndexScore, MethodologyRef, PartScore, RankEntry, ScoringDocument, TerritoryScore,
    states,
};
pub use roll_up::GroupScore;
pub use single::Reference;

use crate::cohort::{Cohort, NONE};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Column, Filtered, Number, Published, Rational};
use crate::methodology::model::Absent;
use crate::methodology::{ChildNode, Methodology};
use aggregate::Child;
use cells::{Cells, State};
use field::{Chunk, Field, Seats, Verdict};
use indicator::Inputs;
use normalise::{Marker, Marks};
use reference::{CriterionReference, Entry};

/// A cohort scored by a methodology.
///
/// Holds the scores, the reference and what is needed to recompute the rest: raw values, marks and
/// ranks are computed when they are asked for.
#[derive(Debug, Clone)]
pub struct Scoring {
    methodology: Methodology,
    cohort: Arc<Cohort>,
    seats: Seats,
    references: Arc<Vec<CriterionReference>>,
    /// Of a member that is scored against a reference, its own entries there.
    entries: Vec<Entry>,
    /// In the order of the flattened tree: children before parents, the root last.
    nodes: Vec<NodeScores>,
    /// The methodologies that are pinned.
    parts: Vec<Scoring>,
    /// The places in every view and group, once a territory has been asked for.
    ranks: OnceLock<Arc<AllRanks>>,
}

/// The rounded values of one index.
#[derive(Debug, Clone)]
struct NodeScores {
    /// NaN where there is none.
    scores: Vec<f64>,
    published: Vec<Option<Published>>,
    states: Vec<State>,
}

/// The work was stopped by its watcher.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop;

/// Reports progress, and learns whether to go on; and knows how many threads may work.
pub(crate) struct Watch<'a> {
    threads: usize,
    done: u64,
    total: u64,
    report: &'a mut dyn FnMut(u64, u64) -> ControlFlow<()>,
}

impl Watch<'_> {
    fn advance(&mut self, rows: usize) -> Result<(), Stop> {
        self.done = self.done.saturating_add(rows as u64);
        match (self.report)(self.done.min(self.total), self.total) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop),
        }
    }
}

impl Methodology {
    /// Scores a cohort.
    ///
    /// # Errors
    /// Every fault of the cohort under this methodology, such as `unknown_structure_type`,
    /// `missing_metric`, `negative_value` or `stratum_not_found`.
    pub fn score(&self, cohort: impl Into<Arc<Cohort>>) -> Result<Scoring, Faults> {
        self.score_watched(cohort, 1, |_, _| ControlFlow::Continue(()))
    }

    /// Scores a cohort on so many threads (0 counts as 1), reporting `(done, total)` from time to time; the
    /// units are arbitrary. The watcher stops the work by breaking; it is called from this thread only.
    ///
    /// The scores are the same, to the last bit, on any number of threads.
    ///
    /// # Errors
    /// As [`Self::score`]; `cancelled` when the watcher stopped the work.
    pub fn score_watched(
        &self,
        cohort: impl Into<Arc<Cohort>>,
        threads: usize,
        mut watch: impl FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<Scoring, Faults> {
        score::<Filtered>(self, &cohort.into(), threads, &mut watch)
    }

    /// Scores a cohort with exact numbers only: slow, and the same to the last bit. Tests use it to
    /// hold the fast path to its promise.
    ///
    /// # Errors
    /// As [`Self::score`].
    pub fn score_exactly(&self, cohort: impl Into<Arc<Cohort>>) -> Result<Scoring, Faults> {
        score::<Rational>(self, &cohort.into(), 1, &mut |_, _| ControlFlow::Continue(()))
    }
}

fn score<N: Number>(
    methodology: &Methodology,
    cohort: &Arc<Cohort>,
    threads: usize,
    report: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Scoring, Faults> {
    cohort.check(methodology).into_result(())?;
    let total = steps(methodology).saturating_mul(cohort.len() as u64);
    let mut watch = Watch { threads, done: 0, total, report };
    let mut scoring = Scoring::prepare::<N>(methodology, cohort, &mut watch)?;
    let table = Engine::<N>::new(&scoring).run(&scoring, &mut watch).map_err(stopped)?;
    scoring.install(table);
    Ok(scoring)
}

/// The faults of one territory, a cohort of its own, that a reference of this methodology may score.
pub(crate) fn check_alone(methodology: &Methodology, cohort: &Arc<Cohort>) -> Result<(), Faults> {
    cohort.check_alone(methodology).into_result(())?;
    let mut ignore = |_, _| ControlFlow::Continue(());
    let mut watch = Watch { threads: 1, done: 0, total: 1, report: &mut ignore };
    Scoring::prepare::<Filtered>(methodology, cohort, &mut watch).map(|_| ())
}

/// How many passes over the cohort a methodology takes: a measure for progress alone.
fn steps(methodology: &Methodology) -> u64 {
    let own = methodology.criteria().len().saturating_add(methodology.flat().nodes.len()) as u64;
    methodology.pinned().iter().map(steps).fold(own, u64::saturating_add)
}

fn stopped(_: Stop) -> Faults {
    Fault::new(Code::Cancelled, Place::Pointer(String::new()), "", Text::default()).into()
}

impl Field<'_> {
    /// Every territory.
    pub(crate) fn rows(&self) -> impl Iterator<Item = u32> {
        (0..self.cohort.len()).filter_map(|row| u32::try_from(row).ok())
    }
}

/// What computes the indices of some territories, with numbers of one kind: the field, how each
/// criterion is marked, and the same for each methodology that is pinned.
struct Engine<'a, N: Number> {
    field: Field<'a>,
    markers: Vec<Option<Marker<'a, N>>>,
    parts: Vec<Engine<'a, N>>,
}

/// The values of every index for some territories, children before parents; and those of each
/// methodology that is pinned.
struct Values<N: Number> {
    nodes: Vec<Cells<N>>,
    /// Of every criterion, where they are kept.
    criteria: Vec<Steps<N>>,
    parts: Vec<Values<N>>,
}

/// What becomes of one criterion's values on their way to an index.
struct Steps<N: Number> {
    raw: Cells<N>,
    marks: Cells<N>,
}

/// What the methodology reads of the territories that are worked on, and what those that it pins read.
struct AllInputs<'a, N: Number> {
    own: Inputs<'a, N>,
    parts: Vec<AllInputs<'a, N>>,
}

impl<'a, N: Number> AllInputs<'a, N> {
    fn new(engine: &'a Engine<'_, N>) -> Self {
        Self { own: Inputs::new(&engine.field, &[]), parts: engine.parts.iter().map(Self::new).collect() }
    }
}

/// The rounded values of every index for some territories, and those of each methodology that is pinned.
struct Table {
    nodes: Vec<NodeScores>,
    parts: Vec<Table>,
    /// The territories of which a rounding is undecided, by their places here.
    undecided: Vec<u32>,
}

impl<'a, N: Number> Engine<'a, N> {
    fn new(scoring: &'a Scoring) -> Self {
        let field = scoring.field();
        let criteria = scoring.methodology.criteria();
        let mut markers: Vec<Option<Marker<'a, N>>> = Vec::with_capacity(criteria.len());
        for (criterion, reference) in criteria.iter().zip(scoring.references.iter()) {
            let own = scoring.entry(markers.len());
            let marker = Marker::new(&field, criterion, reference, own, markers.last().and_then(Option::as_ref));
            markers.push(marker);
        }
        Self { field, markers, parts: scoring.parts.iter().map(Engine::new).collect() }
    }

    /// Computes every territory; what numbers of this kind leave undecided is computed exactly.
    fn run(&self, scoring: &Scoring, watch: &mut Watch<'_>) -> Result<Table, Stop> {
        let mut table = Table::new(scoring, scoring.len());
        let count = self.field.methodology.flat().nodes.len();
        let cost = |block: &&[u32]| block.len().saturating_mul(count);
        let undecided = self.write(scoring, &self.field.blocks(watch.threads), &mut table, watch, cost)?;
        if !undecided.is_empty() {
            let exact = Engine::<Rational>::new(scoring);
            exact.write(scoring, &Field::blocks_of(&undecided, watch.threads), &mut table, watch, |_| 0)?;
        }
        Ok(table)
    }

    /// Computes the territories of some blocks and writes them into the table; returns those that stay
    /// undecided.
    fn write(
        &self,
        scoring: &Scoring,
        blocks: &[&[u32]],
        table: &mut Table,
        watch: &mut Watch<'_>,
        cost: impl Fn(&&[u32]) -> usize + Sync,
    ) -> Result<Vec<u32>, Stop> {
        let start = || (AllInputs::new(self), Vec::new());
        let done = threads::fold(blocks, watch, cost, start, |(inputs, done), block| {
            for chunk in self.field.chunks(block) {
                done.push((chunk.rows, Table::of(scoring, chunk.rows.len(), &self.values(chunk, inputs, false))));
            }
        })?;
        let mut undecided = Vec::new();
        for (rows, part) in done.into_iter().flat_map(|(_, done)| done) {
            let mut own = Vec::new();
            table.put(rows, part, &mut own);
            own.sort_unstable();
            own.dedup();
            // Those of one chunk stay together, for they are of one stratum.
            undecided.extend(own);
        }
        Ok(undecided)
    }

    /// The values for some territories; with each step of each criterion, if they are to be kept.
    fn values<'b>(&'b self, chunk: Chunk<'b>, inputs: &mut AllInputs<'b, N>, keep: bool) -> Values<N> {
        let parts = self.parts.iter().zip(&mut inputs.parts).map(|(part, inputs)| {
            // Each has its own strata.
            part.values(chunk.of_any_strata(), inputs, keep)
        });
        let parts: Vec<Values<N>> = parts.collect();
        let (inputs, rows) = (&mut inputs.own, chunk.rows);
        inputs.turn_to(chunk);
        let places = if keep { self.markers.len() } else { 0 };
        let criteria: Vec<Steps<N>> = (0..places).map(|place| self.steps(place, inputs)).collect();
        let mut nodes: Vec<Cells<N>> = Vec::new();
        for node in &self.field.methodology.flat().nodes {
            let children = node
                .children
                .iter()
                .filter_map(|child| match child {
                    ChildNode::Criterion(place) => {
                        let known = criteria.get(*place).map(|steps| Child::Known(&steps.marks));
                        Some(known.unwrap_or_else(|| Child::Criterion(self.marks(*place, inputs))))
                    }
                    ChildNode::Node(place) => nodes.get(*place).map(Child::Known),
                    ChildNode::Pinned(place) => parts.get(*place).and_then(|part| part.nodes.last()).map(Child::Known),
                })
                .collect();
            let mut cells = aggregate::combine(&self.field, &node.index, children, inputs);
            gate(&self.field, node.network.as_deref(), node.index.absent, rows, &mut cells);
            nodes.push(cells);
        }
        Values { nodes, criteria, parts }
    }

    /// The marks of a criterion; none without a marker.
    fn marks(&self, place: usize, inputs: &mut Inputs<'_, N>) -> Marks<'a, N> {
        match self.markers.get(place) {
            Some(Some(marker)) => marker.mark(&self.field, inputs),
            _ => Marks::none(inputs.rows().len()),
        }
    }

    /// The raw values of a criterion, and its marks.
    fn steps(&self, place: usize, inputs: &mut Inputs<'_, N>) -> Steps<N> {
        let none = |inputs: &Inputs<'_, N>| Marks::none(inputs.rows().len());
        let (raw, marks) = match (self.markers.get(place), self.field.methodology.criteria().get(place)) {
            (Some(Some(marker)), Some(criterion)) => {
                if let Some((raw, mark)) = marker.mark_one(&self.field, inputs) {
                    return Steps { raw: Cells::one(raw), marks: Cells::one(mark) };
                }
                let raw = indicator::raw(&self.field, criterion, inputs);
                let marks = marker.mark_raw(&self.field, raw.clone(), inputs);
                (raw, marks)
            }
            (_, Some(criterion)) => (indicator::raw(&self.field, criterion, inputs), none(inputs)),
            _ => (Cells::new(0), none(inputs)),
        };
        Steps { raw, marks: marks.drawn(inputs) }
    }
}

/// Settles the territories that an index does not score by its children: those outside the strata,
/// those without the account that it is about, and those that are not eligible.
fn gate<N: Number>(
    field: &Field<'_>,
    network: Option<&str>,
    absent: Option<Absent>,
    rows: &[u32],
    cells: &mut Cells<N>,
) {
    let accounts = network.map(|network| field.cohort.accounts.get(network));
    for (index, row) in rows.iter().enumerate() {
        let row = *row as usize;
        let account = accounts
            .map(|accounts| accounts.and_then(|accounts| accounts.of_territory.get(row)).copied().unwrap_or(NONE));
        let state = if field.seats.strata.get(row).is_none_or(|stratum| *stratum == NONE) {
            State::Outside
        } else if field.seats.verdict(None, row) != Verdict::Eligible {
            State::Ineligible
        } else if account == Some(NONE) {
            match absent {
                Some(Absent::Zero) => {
                    cells.values.set(index, N::from_integer(0));
                    State::Present
                }
                Some(Absent::Refuse) => State::Refused,
                // An index inside the one that names the network leaves the rule to that one.
                Some(Absent::LeaveOut) | None => State::Absent,
            }
        } else if field.seats.verdict(network, row) != Verdict::Eligible {
            State::Ineligible
        } else {
            continue;
        };
        cells.set_state(index, state);
    }
}

impl Table {
    /// A table in which no territory of so many has a value yet.
    fn new(scoring: &Scoring, len: usize) -> Self {
        let parts = scoring.parts.iter().map(|part| Self::new(part, len)).collect();
        Self::with_parts(scoring, len, parts)
    }

    fn with_parts(scoring: &Scoring, len: usize, parts: Vec<Self>) -> Self {
        let empty = || NodeScores {
            scores: vec![f64::NAN; len],
            published: vec![None; len],
            states: vec![State::Undefined; len],
        };
        let nodes = scoring.methodology.flat().nodes.iter().map(|_| empty()).collect();
        Self { nodes, parts, undecided: Vec::new() }
    }

    /// The rounded values of so many territories.
    fn of<N: Number>(scoring: &Scoring, len: usize, values: &Values<N>) -> Self {
        let rounding = scoring.methodology.document().publication.rounding.into();
        let decimals = scoring.decimals();
        let parts = scoring.parts.iter().zip(&values.parts).map(|(part, values)| Self::of(part, len, values));
        let mut table = Self::with_parts(scoring, len, parts.collect());
        let mut undecided = vec![false; len];
        for (cells, node) in values.nodes.iter().zip(&mut table.nodes) {
            let places = node.scores.iter_mut().zip(&mut node.published).zip(&mut node.states).zip(&mut undecided);
            for (index, (((score, published), state), undecided)) in places.enumerate() {
                *state = cells.state(index);
                let Some(value) = cells.value(index) else { continue };
                match (value.round(), value.publish(decimals, rounding)) {
                    (Some(rounded), Some(text)) if rounded.is_finite() => {
                        (*score, *published) = (rounded, Some(text));
                    }
                    (Some(_), Some(_)) => *state = State::Undefined,
                    _ => *undecided = true,
                }
            }
        }
        table.undecided =
            (0_u32..).zip(undecided).filter(|(_, undecided)| *undecided).map(|(index, _)| index).collect();
        table
    }

    /// Is any rounding undecided?
    fn is_undecided(&self) -> bool {
        !self.undecided.is_empty() || self.parts.iter().any(Self::is_undecided)
    }

    /// Puts the values of some territories at their places; collects those that are undecided.
    fn put(&mut self, rows: &[u32], values: Self, undecided: &mut Vec<u32>) {
        undecided.extend(values.undecided.iter().filter_map(|index| rows.get(*index as usize)));
        for (table, part) in self.parts.iter_mut().zip(values.parts) {
            table.put(rows, part, undecided);
        }
        for (node, values) in self.nodes.iter_mut().zip(values.nodes) {
            let values = values.scores.into_iter().zip(values.published).zip(values.states);
            for (row, ((score, published), state)) in rows.iter().zip(values) {
                let row = *row as usize;
                if let (Some(to_score), Some(to_published), Some(to_state)) =
                    (node.scores.get_mut(row), node.published.get_mut(row), node.states.get_mut(row))
                {
                    (*to_score, *to_published, *to_state) = (score, published, state);
                }
            }
        }
    }
}

impl Scoring {
    /// Seats the territories and computes the references, of the methodology and of those it pins.
    fn prepare<N: Number>(
        methodology: &Methodology,
        cohort: &Arc<Cohort>,
        watch: &mut Watch<'_>,
    ) -> Result<Self, Faults> {
        let parts = methodology.pinned().iter().map(|pinned| Self::prepare::<N>(pinned, cohort, watch));
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        // Each methodology has its own rule for several accounts on one network.
        let cohort = &cohort.resolve(methodology)?;
        let seats = Seats::assign::<N>(methodology, cohort)?;
        let field = Field { methodology, cohort, seats: &seats };
        let references = reference::compute::<N>(&field, watch).map_err(stopped)?;
        Ok(Self {
            methodology: methodology.clone(),
            cohort: Arc::clone(cohort),
            seats,
            references: Arc::new(references),
            entries: Vec::new(),
            nodes: Vec::new(),
            parts,
            ranks: OnceLock::new(),
        })
    }

    fn install(&mut self, table: Table) {
        self.nodes = table.nodes;
        for (part, table) in self.parts.iter_mut().zip(table.parts) {
            part.install(table);
        }
    }

    /// The same cohort scored by each methodology that is pinned, in the order of
    /// [`Methodology::pinned`].
    pub fn parts(&self) -> &[Self] {
        &self.parts
    }

    /// The methodology.
    pub fn methodology(&self) -> &Methodology {
        &self.methodology
    }

    /// The cohort.
    pub fn cohort(&self) -> &Cohort {
        &self.cohort
    }

    /// The cohort, to keep: nothing is copied.
    pub fn shared_cohort(&self) -> Arc<Cohort> {
        Arc::clone(&self.cohort)
    }

    /// The number of territories.
    pub fn len(&self) -> usize {
        self.cohort.len()
    }

    /// Is there no territory? Never true of a scoring.
    pub fn is_empty(&self) -> bool {
        self.cohort.is_empty()
    }

    /// The ids of the indices, children before parents; the last is the root, whose score is the
    /// territory's.
    pub fn indices(&self) -> Vec<&str> {
        self.methodology.flat().nodes.iter().map(|node| node.index.id.as_str()).collect()
    }

    /// The scores of an index in the cohort's order, NaN where there is none; `None` for an index
    /// that does not exist.
    pub fn scores(&self, index: &str) -> Option<&[f64]> {
        self.node(index).map(|node| node.scores.as_slice())
    }

    /// The scores of the root.
    pub fn root_scores(&self) -> &[f64] {
        self.nodes.last().map(|node| node.scores.as_slice()).unwrap_or_default()
    }

    /// The published score of a territory on an index.
    pub fn published(&self, index: &str, territory: usize) -> Option<String> {
        let published = self.node(index)?.published.get(territory)?.as_ref()?;
        Some(published.text(self.decimals()))
    }

    /// The id of a territory's stratum.
    pub fn stratum(&self, territory: usize) -> Option<&str> {
        let stratum = *self.seats.strata.get(territory)?;
        self.methodology.document().strata.get(stratum as usize).map(|stratum| stratum.id.as_str())
    }

    /// The entry of who is scored in the distribution of a criterion.
    fn entry(&self, criterion: usize) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.criterion == criterion)
    }

    fn decimals(&self) -> u8 {
        u8::try_from(self.methodology.document().publication.decimals).unwrap_or(u8::MAX)
    }

    fn node(&self, index: &str) -> Option<&NodeScores> {
        let place = self.methodology.flat().nodes.iter().position(|node| node.index.id == index)?;
        self.nodes.get(place)
    }

    fn field(&self) -> Field<'_> {
        Field { methodology: &self.methodology, cohort: &self.cohort, seats: &self.seats }
    }
}
