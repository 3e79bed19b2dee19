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
mod indicator;
mod normalise;
mod rank;
mod reference;
mod result;

use std::ops::ControlFlow;
use std::sync::Arc;

pub use rank::{Rank, Ranks};
pub use result::{CriterionScore, Flag, IndexScore, RankEntry, ScoringDocument, TerritoryScore};

use crate::cohort::{Cohort, NONE};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Column, Filtered, Number, Published, Rational};
use crate::methodology::model::Absent;
use crate::methodology::{ChildNode, Methodology};
use cells::{CHUNK, Cells, State};
use field::{Field, Seats, Verdict};
use normalise::Marker;
use reference::CriterionReference;

/// A cohort scored by a methodology.
///
/// Holds the scores, the reference and what is needed to recompute the rest: raw values, marks and
/// ranks are computed when they are asked for.
#[derive(Debug, Clone)]
pub struct Scoring {
    methodology: Methodology,
    cohort: Arc<Cohort>,
    seats: Seats,
    references: Vec<CriterionReference>,
    /// In the order of the flattened tree: children before parents, the root last.
    nodes: Vec<NodeScores>,
}

/// The values of one index.
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

/// Reports progress, and learns whether to go on.
pub(crate) struct Watch<'a> {
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
        self.score_watched(cohort, |_, _| ControlFlow::Continue(()))
    }

    /// Scores a cohort, reporting `(done, total)` from time to time; the units are arbitrary. The
    /// watcher stops the work by breaking.
    ///
    /// # Errors
    /// As [`Self::score`]; `cancelled` when the watcher stopped the work.
    pub fn score_watched(
        &self,
        cohort: impl Into<Arc<Cohort>>,
        mut watch: impl FnMut(u64, u64) -> ControlFlow<()>,
    ) -> Result<Scoring, Faults> {
        score::<Filtered>(self, cohort.into(), &mut watch)
    }

    /// Scores a cohort with exact numbers only: slow, and the same to the last bit. Tests use it to
    /// hold the fast path to its promise.
    ///
    /// # Errors
    /// As [`Self::score`].
    pub fn score_exactly(&self, cohort: impl Into<Arc<Cohort>>) -> Result<Scoring, Faults> {
        score::<Rational>(self, cohort.into(), &mut |_, _| ControlFlow::Continue(()))
    }
}

fn score<N: Number>(
    methodology: &Methodology,
    cohort: Arc<Cohort>,
    report: &mut dyn FnMut(u64, u64) -> ControlFlow<()>,
) -> Result<Scoring, Faults> {
    cohort.check(methodology).into_result(())?;
    let seats = Seats::assign::<N>(methodology, &cohort)?;
    let field = Field { methodology, cohort: &cohort, seats: &seats };
    let steps = methodology.criteria().len().saturating_add(methodology.flat().nodes.len());
    let mut watch = Watch { done: 0, total: (steps as u64).saturating_mul(cohort.len() as u64), report };
    let stopped = |_: Stop| {
        Faults::from(Fault::new(Code::Cancelled, Place::Pointer(String::new()), "", Text::default()))
    };
    let references = reference::compute::<N>(&field, &mut watch).map_err(stopped)?;
    let nodes = indices::<N>(&field, &references, &mut watch).map_err(stopped)?;
    Ok(Scoring { methodology: methodology.clone(), seats, references, nodes, cohort })
}

impl Field<'_> {
    /// Every territory.
    pub(crate) fn rows(&self) -> impl Iterator<Item = u32> {
        (0..self.cohort.len()).filter_map(|row| u32::try_from(row).ok())
    }
}

/// The values of every index for every territory.
fn indices<N: Number>(
    field: &Field<'_>,
    references: &[CriterionReference],
    watch: &mut Watch<'_>,
) -> Result<Vec<NodeScores>, Stop> {
    let count = field.methodology.flat().nodes.len();
    let empty = NodeScores {
        scores: vec![f64::NAN; field.cohort.len()],
        published: vec![None; field.cohort.len()],
        states: vec![State::Undefined; field.cohort.len()],
    };
    let mut nodes = vec![empty; count];
    let all: Vec<u32> = field.rows().collect();
    let mut undecided = Vec::new();
    let markers = markers::<N>(field, references);
    for rows in all.chunks(CHUNK) {
        undecided.extend(write(field, rows, &tree(field, &markers, rows), &mut nodes));
        watch.advance(rows.len().saturating_mul(count))?;
    }
    let markers = markers_if::<Rational>(field, references, !undecided.is_empty());
    for rows in undecided.chunks(CHUNK) {
        write(field, rows, &tree(field, &markers, rows), &mut nodes);
        watch.advance(0)?;
    }
    Ok(nodes)
}

fn markers<'a, N: Number>(field: &Field<'a>, references: &'a [CriterionReference]) -> Vec<Option<Marker<'a, N>>> {
    let criteria = field.methodology.criteria();
    criteria.iter().zip(references).map(|(criterion, reference)| Marker::new(field, criterion, reference)).collect()
}

/// The markers, unless nobody needs them.
fn markers_if<'a, N: Number>(
    field: &Field<'a>,
    references: &'a [CriterionReference],
    needed: bool,
) -> Vec<Option<Marker<'a, N>>> {
    if needed { markers(field, references) } else { Vec::new() }
}

/// The marks that a marker gives; without one, none.
fn marks<N: Number>(field: &Field<'_>, marker: Option<&Marker<'_, N>>, rows: &[u32]) -> Cells<N> {
    let Some(marker) = marker else {
        let mut cells = Cells::new(rows.len());
        cells.states.fill(State::Undefined);
        return cells;
    };
    marker.mark(field, rows)
}

/// The values of every index for some territories, children before parents.
fn tree<N: Number>(field: &Field<'_>, markers: &[Option<Marker<'_, N>>], rows: &[u32]) -> Vec<Cells<N>> {
    let mut values: Vec<Cells<N>> = Vec::new();
    for node in &field.methodology.flat().nodes {
        let own: Vec<Cells<N>> = node.children.iter().filter_map(|child| match child {
            ChildNode::Criterion(place) => {
                let marker = markers.get(*place).and_then(Option::as_ref);
                Some(marks(field, marker, rows))
            }
            ChildNode::Node(_) => None,
        }).collect();
        let mut own = own.iter();
        let children: Vec<&Cells<N>> = node.children.iter().filter_map(|child| match child {
            ChildNode::Criterion(_) => own.next(),
            ChildNode::Node(place) => values.get(*place),
        }).collect();
        let mut cells = aggregate::combine(field, &node.index, &children, rows);
        gate(field, node.network.as_deref(), node.index.absent, rows, &mut cells);
        values.push(cells);
    }
    values
}

/// Settles the territories that an index does not score by its children: those outside the strata,
/// those without the account that it is about, and those that are not eligible.
fn gate<N: Number>(field: &Field<'_>, network: Option<&str>, absent: Option<Absent>, rows: &[u32], cells: &mut Cells<N>) {
    let accounts = network.map(|network| field.cohort.accounts.get(network));
    for (index, row) in rows.iter().enumerate() {
        let row = *row as usize;
        let account = accounts.map(|accounts| accounts.and_then(|accounts| accounts.of_territory.get(row)).copied().unwrap_or(NONE));
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

/// Rounds the values of some territories into the result; returns the territories for which a
/// rounding is undecided.
fn write<N: Number>(field: &Field<'_>, rows: &[u32], values: &[Cells<N>], nodes: &mut [NodeScores]) -> Vec<u32> {
    let publication = &field.methodology.document().publication;
    let decimals = u8::try_from(publication.decimals).unwrap_or(u8::MAX);
    let rounding = publication.rounding.into();
    let mut undecided = Vec::new();
    for (index, territory) in rows.iter().enumerate() {
        let row = *territory as usize;
        let mut decided = true;
        for (cells, node) in values.iter().zip(nodes.iter_mut()) {
            let mut state = cells.state(index);
            let mut rounded = (f64::NAN, None);
            if let Some(value) = cells.value(index) {
                match (value.round(), value.publish(decimals, rounding)) {
                    (Some(score), Some(published)) if score.is_finite() => rounded = (score, Some(published)),
                    (Some(_), Some(_)) => state = State::Undefined,
                    _ => decided = false,
                }
            }
            if let (Some(score), Some(published), Some(place)) =
                (node.scores.get_mut(row), node.published.get_mut(row), node.states.get_mut(row))
            {
                (*score, *published, *place) = (rounded.0, rounded.1, state);
            }
        }
        if !decided {
            undecided.push(*territory);
        }
    }
    undecided
}

impl Scoring {
    /// The methodology.
    pub fn methodology(&self) -> &Methodology {
        &self.methodology
    }

    /// The cohort.
    pub fn cohort(&self) -> &Cohort {
        &self.cohort
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
