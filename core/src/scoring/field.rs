//! The field: who is compared with whom, and who may be.
//!
//! Assigns each territory its stratum, groups territories as the document asks, and applies the
//! eligibility rules.

use std::collections::BTreeMap;

use super::cells::{CHUNK, State};
use super::indicator;
use crate::cohort::{Cohort, NONE};
use crate::error::{Code, Fault, Faults, Text};
use crate::exact::{Decimal, Number, Rational};
use crate::methodology::Methodology;
use crate::methodology::formula::{PREVIOUS, Predicate};
use crate::methodology::model::{Dimension, Normalise, OutsideStrata, Unknown, Within};

/// A cohort seen through a methodology: strata, groups, eligibility.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    pub(crate) methodology: &'a Methodology,
    pub(crate) cohort: &'a Cohort,
    pub(crate) seats: &'a Seats,
}

/// What the methodology makes of each territory, before any value is computed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seats {
    /// The stratum of each territory, by its place in the document, or [`NONE`].
    pub(crate) strata: Vec<u32>,
    /// The number of territories in each stratum of the document.
    pub(crate) stratum_sizes: Vec<u32>,
    /// The groups that normalisations and ranks use.
    pub(crate) groupings: BTreeMap<Within, Grouping>,
    /// Whether each territory is eligible whatever the network.
    pub(crate) territory: Vec<Verdict>,
    /// Whether each territory's account is eligible, by network.
    pub(crate) accounts: BTreeMap<String, Vec<Verdict>>,
}

/// The group of each territory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grouping {
    /// The group of each territory, or [`NONE`] when a dimension is not known.
    pub(crate) codes: Vec<u32>,
    /// The number of groups.
    pub(crate) count: usize,
}

/// Whether eligibility rules are satisfied, and by which they are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Verdict {
    /// They all are.
    #[default]
    Eligible,
    /// This rule is not.
    Fails(u32),
    /// This rule reads a number that is not known.
    Unknown(u32),
    /// This rule has no value, such as a division by zero.
    Undefined(u32),
}

impl Seats {
    /// Seats every territory.
    ///
    /// # Errors
    /// `stratum_not_found` where the document refuses territories outside its strata.
    pub(crate) fn assign<N: Number>(methodology: &Methodology, cohort: &Cohort) -> Result<Self, Faults> {
        let strata = strata(methodology, cohort)?;
        let mut stratum_sizes = vec![0_u32; methodology.document().strata.len()];
        for stratum in &strata {
            if let Some(size) = stratum_sizes.get_mut(*stratum as usize) {
                *size = size.saturating_add(1);
            }
        }
        let mut seats = Self { strata, stratum_sizes, ..Self::default() };
        for within in withins(methodology) {
            let grouping = Grouping::of(cohort, &seats.strata, &within);
            seats.groupings.insert(within, grouping);
        }
        let document = methodology.document();
        let rules = document.eligibility.as_deref().unwrap_or_default();
        let reads_metrics = |predicate: &Predicate| {
            let mut reads = false;
            predicate.variables(&mut |name| {
                reads |= document.metrics.contains_key(name.strip_prefix(PREVIOUS).unwrap_or(name));
            });
            reads
        };
        seats.territory = vec![Verdict::Eligible; cohort.len()];
        let networks: std::collections::BTreeSet<&str> =
            methodology.criteria().iter().filter_map(|criterion| criterion.network.as_deref()).collect();
        for network in &networks {
            seats.accounts.insert((*network).to_owned(), vec![Verdict::Eligible; cohort.len()]);
        }
        for (index, rule) in rules.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(NONE);
            if reads_metrics(&rule.require) {
                for (network, verdicts) in &mut seats.accounts {
                    judge::<N>(cohort, Some(network), index, &rule.require, verdicts);
                }
            } else {
                judge::<N>(cohort, None, index, &rule.require, &mut seats.territory);
            }
        }
        Ok(seats)
    }

    /// The number of eligible members of each stratum on a network: those with an account that no rule
    /// excludes.
    pub(crate) fn eligible_sizes(&self, network: Option<&str>, cohort: &Cohort) -> Vec<u32> {
        let accounts = network.map(|network| cohort.accounts.get(network));
        let mut sizes = vec![0_u32; self.stratum_sizes.len()];
        for (territory, stratum) in self.strata.iter().enumerate() {
            let account = accounts.map(|accounts| accounts.and_then(|accounts| accounts.of_territory.get(territory)));
            let there = account.is_none_or(|account| account.is_some_and(|account| *account != NONE));
            if let Some(size) = sizes.get_mut(*stratum as usize)
                && there
                && self.verdict(network, territory) == Verdict::Eligible
            {
                *size = size.saturating_add(1);
            }
        }
        sizes
    }

    /// The verdict on a territory's account on a network, the territory's own first.
    pub(crate) fn verdict(&self, network: Option<&str>, territory: usize) -> Verdict {
        let own = self.territory.get(territory).copied().unwrap_or_default();
        if own != Verdict::Eligible {
            return own;
        }
        let account =
            network.and_then(|network| self.accounts.get(network)).and_then(|verdicts| verdicts.get(territory));
        account.copied().unwrap_or_default()
    }
}

impl Field<'_> {
    /// Marks the territories that no criterion on `network` can have a value for.
    pub(crate) fn exclude(&self, network: Option<&str>, rows: &[u32], states: &mut [State]) {
        for (row, state) in rows.iter().zip(states) {
            let row = *row as usize;
            if self.seats.strata.get(row).is_none_or(|stratum| *stratum == NONE) {
                *state = State::Outside;
            } else if *state != State::Absent && self.seats.verdict(network, row) != Verdict::Eligible {
                *state = State::Ineligible;
            }
        }
    }

    /// The group of a territory, or [`NONE`].
    pub(crate) fn group(&self, within: &Within, territory: u32) -> u32 {
        let grouping = self.seats.groupings.get(within);
        grouping.and_then(|grouping| grouping.codes.get(territory as usize)).copied().unwrap_or(NONE)
    }
}

/// The stratum of each territory: the one set by hand, or the one that takes its type and population.
fn strata(methodology: &Methodology, cohort: &Cohort) -> Result<Vec<u32>, Faults> {
    let document = methodology.document();
    let territories = &cohort.territories;
    let mut faults = Faults::new();
    let code = |index: Option<usize>| index.and_then(|index| u32::try_from(index).ok()).unwrap_or(NONE);
    // The strata that take each structure type of the cohort.
    let takers: Vec<Vec<usize>> = territories
        .structure_types
        .texts
        .iter()
        .map(|name| {
            (0..document.strata.len())
                .filter(|s| document.strata.get(*s).is_some_and(|s| s.structure_types.contains(name)))
                .collect()
        })
        .collect();
    let mut strata = Vec::with_capacity(cohort.len());
    for (territory, kind) in territories.structure_types.codes.iter().enumerate() {
        let by_hand = u32::try_from(territory).ok().and_then(|territory| territories.overrides.get(&territory));
        let population = territories.population.get(territory).copied().and_then(Decimal::new);
        let stratum = match by_hand {
            Some(by_hand) => document.strata.iter().position(|stratum| stratum.id == by_hand.stratum),
            None => takers.get(*kind as usize).into_iter().flatten().copied().find(|s| {
                let range = document.strata.get(*s).and_then(|stratum| stratum.population.as_ref());
                range.is_none_or(|range| population.is_some_and(|population| range.contains(population)))
            }),
        };
        if stratum.is_none() && document.outside_strata == OutsideStrata::Refuse {
            let unknown = population.is_none();
            let field = if unknown { "population" } else { "structure_type" };
            let expected = Text::new("une strate de la méthode", "a stratum of the methodology");
            let id = territories.ids.get(territory).map(String::as_str).unwrap_or_default();
            let (fr, en) = if unknown {
                (
                    "indiquez la population, ou une strate avec son motif",
                    "give the population, or a stratum with its reason",
                )
            } else {
                (
                    "indiquez une strate avec son motif, ou retirez le territoire",
                    "give a stratum with its reason, or leave the territory out",
                )
            };
            faults.push(
                Fault::new(Code::StratumNotFound, cohort.territory_place(territory, field), id, expected)
                    .advise(fr, en),
            );
        }
        strata.push(code(stratum));
    }
    faults.into_result(strata)
}

/// Every group that the document uses.
fn withins(methodology: &Methodology) -> Vec<Within> {
    let document = methodology.document();
    let mut withins: Vec<Within> = document.ranking.within.clone();
    for indicator in &document.indicators {
        withins.extend(indicator.winsorise.iter().filter_map(|winsorise| winsorise.within.clone()));
        if indicator.unknown == Unknown::ImputeMedian {
            withins.push(Within::new([Dimension::Stratum]));
        }
        match &indicator.normalise {
            Some(Normalise::MinMax { within, .. } | Normalise::ProportionOf { within, .. }) => {
                withins.extend(within.clone());
            }
            Some(
                Normalise::PercentileRank { within, .. }
                | Normalise::Rank { within, .. }
                | Normalise::ZScore { within, .. },
            ) => withins.push(within.clone()),
            _ => {}
        }
    }
    withins.sort();
    withins.dedup();
    withins
}

impl Grouping {
    /// Groups the territories; groups are numbered in the order in which they first appear.
    pub(crate) fn of(cohort: &Cohort, strata: &[u32], within: &Within) -> Self {
        let territories = &cohort.territories;
        let mut known: BTreeMap<Vec<u32>, u32> = BTreeMap::new();
        let mut codes = Vec::with_capacity(cohort.len());
        for territory in 0..cohort.len() {
            let key: Vec<u32> = within
                .dimensions()
                .iter()
                .map(|dimension| {
                    let column = match dimension {
                        Dimension::Stratum => strata,
                        Dimension::StructureType => &territories.structure_types.codes,
                        Dimension::Region => &territories.regions.codes,
                        Dimension::Department => &territories.departments.codes,
                    };
                    column.get(territory).copied().unwrap_or(NONE)
                })
                .collect();
            if key.contains(&NONE) {
                codes.push(NONE);
                continue;
            }
            let next = u32::try_from(known.len()).unwrap_or(NONE);
            codes.push(*known.entry(key).or_insert(next));
        }
        Self { codes, count: known.len() }
    }
}

/// Applies one rule to every territory that no earlier rule has excluded.
fn judge<N: Number>(
    cohort: &Cohort,
    network: Option<&str>,
    rule: u32,
    predicate: &Predicate,
    verdicts: &mut [Verdict],
) {
    let all: Vec<u32> = (0..verdicts.len()).filter_map(|row| u32::try_from(row).ok()).collect();
    for rows in all.chunks(CHUNK) {
        let mut results = satisfied::<N>(cohort, network, predicate, rows);
        if results.iter().any(|(holds, _)| holds.is_none()) {
            results = satisfied::<Rational>(cohort, network, predicate, rows);
        }
        for (row, (holds, state)) in rows.iter().zip(results) {
            let Some(verdict) = verdicts.get_mut(*row as usize).filter(|verdict| **verdict == Verdict::Eligible) else {
                continue;
            };
            *verdict = match (state, holds) {
                (State::Unknown, _) => Verdict::Unknown(rule),
                (State::Undefined, _) => Verdict::Undefined(rule),
                (State::Absent, _) | (_, Some(true)) => Verdict::Eligible,
                _ => Verdict::Fails(rule),
            };
        }
    }
}

/// Does each territory satisfy the predicate? `None` where it is undecided.
fn satisfied<N: Number>(
    cohort: &Cohort,
    network: Option<&str>,
    predicate: &Predicate,
    rows: &[u32],
) -> Vec<(Option<bool>, State)> {
    let mut states = vec![State::Present; rows.len()];
    let mut any = vec![Some(false); rows.len()];
    for clause in predicate.clauses() {
        let mut all = vec![Some(true); rows.len()];
        for comparison in clause {
            let results = indicator::compare::<N>(cohort, network, comparison, rows, &mut states);
            for (all, holds) in all.iter_mut().zip(results) {
                *all = match (*all, holds) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                };
            }
        }
        for (any, all) in any.iter_mut().zip(all) {
            *any = match (*any, all) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            };
        }
    }
    any.into_iter().zip(states).collect()
}
