//! Scoring a cohort.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use bareme::scoring::{Entries, Frame};

use crate::cohort::{Cohort, count};
use crate::error::{BaremeError, guard, text_of};
use crate::methodology::Methodology;
use crate::publication::{Publication, Receipt, Supersedes, options};
use crate::reference::Reference;
use crate::result::TerritoryScore;

/// How far some work is; the units are arbitrary, and both are 0 before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Progress {
    /// What is done.
    pub done: i64,
    /// The whole.
    pub total: i64,
}

/// Follows one scoring from another thread: how far it is, and whether it should go on.
#[derive(Debug, Default, uniffi::Object)]
pub struct Watch {
    stopped: AtomicBool,
    done: AtomicI64,
    total: AtomicI64,
}

#[uniffi::export]
impl Watch {
    /// A watch for one scoring.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Asks the work to stop; it ends with the error `Cancelled`.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// How far the work is.
    pub fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), total: self.total.load(Ordering::Relaxed) }
    }
}

#[uniffi::export]
impl Methodology {
    /// Scores a cohort, on so many threads; the scores are the same on any number. The calling thread waits.
    #[uniffi::method(default(threads = 1, watch = None))]
    pub fn score(&self, cohort: &Cohort, threads: i32, watch: Option<Arc<Watch>>) -> Result<Arc<Scoring>, BaremeError> {
        guard(|| {
            let threads = usize::try_from(threads).unwrap_or(1);
            let scoring = self.core.score_watched(Arc::clone(&cohort.core), threads, |done, total| {
                let Some(watch) = &watch else { return ControlFlow::Continue(()) };
                watch.total.store(i64::try_from(total).unwrap_or(i64::MAX), Ordering::Relaxed);
                watch.done.store(i64::try_from(done).unwrap_or(i64::MAX), Ordering::Relaxed);
                if watch.stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            Ok(Arc::new(Scoring { core: scoring }))
        })
    }
}

/// A line of a ranking.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RankingEntry {
    /// The place in its group, from 1; none for the unranked, who come last.
    pub rank: Option<i32>,
    /// The number of ranked territories in the group.
    pub of: Option<i32>,
    /// The territory's id.
    pub territory: String,
    /// Its name.
    pub name: String,
    /// Its stratum.
    pub stratum: Option<String>,
    /// What the view orders by: the score of an index, or the raw value of a criterion.
    pub value: Option<f64>,
    /// The score as published, where an index orders the view.
    pub published: Option<String>,
}

/// The score of a group of territories, drawn from theirs.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct GroupScore {
    /// The group: a region's or department's code, a structure type or a stratum.
    pub group: String,
    /// The weighted mean of its members' scores; none without a member that weighs.
    pub score: Option<f64>,
    /// The same as published.
    pub published: Option<String>,
    /// The number of members that count.
    pub members: i32,
    /// The number of those left out: without a score, or of unknown weight.
    pub left_out: i32,
}

/// The columns of a frame by name.
struct Columns(Frame);

impl Columns {
    fn of(&self, name: &str) -> Option<&Entries> {
        self.0.columns.iter().find(|column| column.name == name).map(|column| &column.values)
    }

    fn text(&self, name: &str, row: usize) -> Option<String> {
        match self.of(name)? {
            Entries::Text(texts) => texts.get(row).map(str::to_owned),
            Entries::Coded { texts, codes } => texts.get(*codes.get(row)? as usize).cloned(),
            _ => None,
        }
    }

    fn whole(&self, name: &str, row: usize) -> Option<i32> {
        let Entries::Whole(numbers) = self.of(name)? else { return None };
        numbers.get(row).copied().flatten().and_then(|number| i32::try_from(number).ok())
    }

    fn number(&self, name: &str, row: usize) -> Option<f64> {
        let Entries::Number(numbers) = self.of(name)? else { return None };
        numbers.get(row).copied().filter(|number| !number.is_nan())
    }
}

/// A cohort scored by a methodology. What it says of a territory is computed when it is asked for.
#[derive(Debug, uniffi::Object)]
pub struct Scoring {
    pub(crate) core: bareme::Scoring,
}

#[uniffi::export]
impl Scoring {
    /// The methodology.
    pub fn methodology(&self) -> Result<Arc<Methodology>, BaremeError> {
        guard(|| Ok(Methodology::of(self.core.methodology())))
    }

    /// The cohort.
    pub fn cohort(&self) -> Result<Arc<Cohort>, BaremeError> {
        guard(|| Ok(Cohort::of(self.core.shared_cohort())))
    }

    /// The number of territories.
    pub fn size(&self) -> Result<i32, BaremeError> {
        guard(|| Ok(count(self.core.len())))
    }

    /// Everything about one territory, by its id or, whatever the case and accents, its name.
    pub fn territory(&self, id_or_name: String) -> Result<TerritoryScore, BaremeError> {
        guard(|| {
            let place = self.core.cohort().find(&id_or_name, |_| true)?;
            let score = self.core.territory(place).ok_or_else(|| crate::error::internal(place))?;
            TerritoryScore::of(score, self.core.methodology())
        })
    }

    /// Everything about every territory, in the cohort's order.
    pub fn territories(&self) -> Result<Vec<TerritoryScore>, BaremeError> {
        guard(|| {
            let places: Vec<usize> = (0..self.core.len()).collect();
            let scores = self.core.territories(&places).into_iter();
            scores.map(|score| TerritoryScore::of(score, self.core.methodology())).collect()
        })
    }

    /// One ranking, the best of each group first: `by` a view of the methodology, by its id or its label, its
    /// first one when left out; `within` the `cohort`, or `stratum`, `structure_type`, `department`, `region`, or
    /// several: `stratum+region`.
    #[uniffi::method(default(by = None, within = None))]
    pub fn ranking(&self, by: Option<String>, within: Option<String>) -> Result<Vec<RankingEntry>, BaremeError> {
        guard(|| {
            let methodology = self.core.methodology();
            let view = methodology.view(by.as_deref())?;
            let columns = Columns(self.core.ranking_frame(view, &methodology.within(within.as_deref())?)?);
            let entry = |row| RankingEntry {
                rank: columns.whole("rank", row),
                of: columns.whole("of", row),
                territory: columns.text("territory", row).unwrap_or_default(),
                name: columns.text("name", row).unwrap_or_default(),
                stratum: columns.text("stratum", row),
                value: columns.number("score", row).or_else(|| columns.number("raw", row)),
                published: columns.text("published", row),
            };
            Ok((0..columns.0.rows).map(entry).collect())
        })
    }

    /// The scores of the groups of a roll-up that the methodology declares, by group; none for one that it does not.
    pub fn roll_up(&self, id: String) -> Result<Option<Vec<GroupScore>>, BaremeError> {
        let group = |group: bareme::scoring::GroupScore| GroupScore {
            members: i32::try_from(group.members).unwrap_or(i32::MAX),
            left_out: i32::try_from(group.left_out).unwrap_or(i32::MAX),
            group: group.group,
            score: group.score,
            published: group.published,
        };
        guard(|| Ok(self.core.roll_up(&id).map(|groups| groups.into_iter().map(group).collect())))
    }

    /// The statistics with which one territory is scored alone.
    pub fn reference(&self) -> Result<Arc<Reference>, BaremeError> {
        guard(|| Ok(Arc::new(Reference { core: self.core.reference()? })))
    }

    /// The open-data document: its rows hold their inputs, or only a digest of them; `time` is when, as the
    /// publisher tells (RFC 3339); an erratum says what it `supersedes`.
    #[uniffi::method(default(notes = [], time = None, include_inputs = true, supersedes = None))]
    pub fn publication(
        &self,
        notes: Vec<String>,
        time: Option<String>,
        include_inputs: bool,
        supersedes: Option<Supersedes>,
    ) -> Result<Arc<Publication>, BaremeError> {
        guard(|| {
            let options = options(&notes, time, include_inputs, supersedes.as_ref())?;
            Ok(Publication::of(self.core.publication(&options)?))
        })
    }

    /// The receipt of one territory, by its id, out of the publication without notes.
    #[uniffi::method(default(reference = true, include_inputs = true))]
    pub fn receipt(
        &self,
        territory: String,
        reference: bool,
        include_inputs: bool,
    ) -> Result<Arc<Receipt>, BaremeError> {
        guard(|| {
            let publication = self.core.publication(&options(&[], None, include_inputs, None)?)?;
            Ok(Receipt::of(publication.receipt(&territory, reference)?))
        })
    }

    /// The scoring document: everything about every territory.
    pub fn to_json(&self) -> Result<String, BaremeError> {
        guard(|| text_of(&self.core))
    }
}
