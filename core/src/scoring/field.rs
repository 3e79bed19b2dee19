//! The field: who is compared with whom, and who may be.
//!
//! Assigns each territory its stratum, groups territories as the document asks, and applies the
//! eligibility rules.

use std::collections::BTreeMap;

use smallvec::smallvec;

use super::cells::{CHUNK, State, States, all_present};
use super::indicator::{self, Inputs};
use crate::cohort::{Cohort, NONE};
use crate::error::{Code, Fault, Faults, Text};
use crate::exact::{Decimal, Number, Rational};
use crate::methodology::model::{Dimension, OutsideStrata, Within};
use crate::methodology::{Condition, Methodology, Rule, Variables};

/// How many neighbouring territories are put in the order of their strata: so few that their numbers
/// stay in the processor's cache, so many that each stratum fills a chunk.
const BLOCK: usize = 4096;

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
    /// Whether each territory is eligible whatever the network; empty when no rule says so.
    pub(crate) territory: Vec<Verdict>,
    /// Whether each territory's account is eligible, by network; none when no rule reads metrics.
    pub(crate) accounts: BTreeMap<String, Vec<Verdict>>,
    /// Does a territory belong to no stratum?
    some_outside: bool,
    /// The territories, stratum by stratum within each block, so that a chunk has one scale.
    order: Vec<u32>,
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
        Self::assign_but::<N>(methodology, cohort, |_, _| None)
    }

    /// The same, with groups that are known already.
    pub(crate) fn assign_but<N: Number>(
        methodology: &Methodology,
        cohort: &Cohort,
        mut known: impl FnMut(&Within, &Self) -> Option<Grouping>,
    ) -> Result<Self, Faults> {
        let strata = strata(methodology, cohort)?;
        let mut stratum_sizes = vec![0_u32; methodology.document().strata.len()];
        for stratum in &strata {
            if let Some(size) = stratum_sizes.get_mut(*stratum as usize) {
                *size = size.saturating_add(1);
            }
        }
        let order = in_blocks(&strata, stratum_sizes.len());
        let some_outside = strata.contains(&NONE);
        let mut seats = Self { strata, stratum_sizes, some_outside, order, ..Self::default() };
        let flat = methodology.flat();
        for within in &flat.withins {
            let grouping = known(within, &seats).unwrap_or_else(|| Grouping::of(cohort, &seats.strata, within));
            seats.groupings.insert(within.clone(), grouping);
        }
        for (index, rule) in (0_u32..).zip(&flat.rules) {
            let eligible = || vec![Verdict::Eligible; cohort.len()];
            match rule {
                Rule::Territory(condition) => {
                    if seats.territory.is_empty() {
                        seats.territory = eligible();
                    }
                    judge::<N>(&flat.variables, cohort, index, condition, &mut seats.territory);
                }
                Rule::Accounts(networks) => {
                    for (network, condition) in networks {
                        let verdicts = seats.accounts.entry(network.clone()).or_insert_with(eligible);
                        judge::<N>(&flat.variables, cohort, index, condition, verdicts);
                    }
                }
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

    /// The value of a dimension, where it is known of a territory.
    pub(crate) fn dimension<'b>(
        &self,
        methodology: &'b Methodology,
        cohort: &'b Cohort,
        territory: usize,
        dimension: Dimension,
    ) -> Option<&'b str> {
        let territories = &cohort.territories;
        match dimension {
            Dimension::Stratum => {
                let stratum = methodology.document().strata.get(*self.strata.get(territory)? as usize)?;
                Some(&stratum.id)
            }
            Dimension::StructureType => territories.structure_types.get(territory),
            Dimension::Region => territories.regions.get(territory),
            Dimension::Department => territories.departments.get(territory),
        }
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

/// Territories that are worked on at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// Those whose numbers are read at once: of many, column by column, the processor's cache serves each of them.
    pub(crate) block: &'a [u32],
    /// Where the chunk begins in its block.
    pub(crate) start: usize,
    pub(crate) rows: &'a [u32],
    /// Are they surely of one stratum?
    one_stratum: bool,
}

impl<'a> Chunk<'a> {
    /// Any territories, in a block of their own.
    pub(crate) fn of(rows: &'a [u32]) -> Self {
        Self { block: rows, start: 0, rows, one_stratum: false }
    }

    /// The same, for who knows other strata.
    pub(crate) fn of_any_strata(self) -> Self {
        Self { one_stratum: false, ..self }
    }

    /// The one group of all these territories, if they are of one; `groups` are those of everybody by `within`.
    pub(crate) fn one_group(&self, within: &Within, groups: &[u32]) -> Option<u32> {
        let group = |row: &u32| groups.get(*row as usize).copied().unwrap_or(NONE);
        let first = group(self.rows.first()?);
        let told = self.one_stratum && within.dimensions() == [Dimension::Stratum];
        (told || self.rows.iter().fold(true, |one, row| one & (group(row) == first))).then_some(first)
    }
}

impl<'a> Field<'a> {
    /// Every territory, in blocks.
    pub(crate) fn blocks(&self, threads: usize) -> Vec<&'a [u32]> {
        Self::blocks_of(&self.seats.order, threads)
    }

    /// Some territories, in blocks: of several threads, each has some to do.
    pub(crate) fn blocks_of(rows: &[u32], threads: usize) -> Vec<&[u32]> {
        let each = if threads > 1 { rows.len().div_ceil(threads.saturating_mul(4)) } else { BLOCK };
        rows.chunks(each.clamp(1, BLOCK)).collect()
    }

    /// A block, in chunks of one stratum.
    pub(crate) fn chunks<'b>(&self, block: &'b [u32]) -> impl Iterator<Item = Chunk<'b>> + use<'a, 'b> {
        let strata = &self.seats.strata;
        let stratum = |row: &u32| strata.get(*row as usize);
        let mut next = 0_usize;
        let chunks = block.chunk_by(move |a, b| stratum(a) == stratum(b)).flat_map(|run| run.chunks(CHUNK));
        chunks.map(move |rows| {
            let start = next;
            next = next.saturating_add(rows.len());
            Chunk { block, start, rows, one_stratum: true }
        })
    }

    /// Marks the territories that no criterion on `network` can have a value for.
    pub(crate) fn exclude(&self, network: Option<&str>, rows: &[u32], states: &mut [State]) {
        if !self.may_exclude(network) {
            return;
        }
        for (row, state) in rows.iter().zip(states) {
            let row = *row as usize;
            if self.seats.strata.get(row).is_none_or(|stratum| *stratum == NONE) {
                *state = State::Outside;
            } else if *state != State::Absent && self.seats.verdict(network, row) != Verdict::Eligible {
                *state = State::Ineligible;
            }
        }
    }

    /// Is there a territory among these that no criterion on `network` can have a value for?
    pub(crate) fn excludes_some(&self, network: Option<&str>, rows: &[u32]) -> bool {
        if !self.may_exclude(network) {
            return false;
        }
        let mut states: States = smallvec![State::Present; rows.len()];
        self.exclude(network, rows, &mut states);
        !all_present(&states)
    }

    /// Could there be any, among all?
    fn may_exclude(&self, network: Option<&str>) -> bool {
        let accounts = network.and_then(|network| self.seats.accounts.get(network));
        self.seats.some_outside || !self.seats.territory.is_empty() || accounts.is_some()
    }

    /// The group of a territory, or [`NONE`].
    pub(crate) fn group(&self, within: &Within, territory: u32) -> u32 {
        self.groups(within).get(territory as usize).copied().unwrap_or(NONE)
    }

    /// The group of each territory.
    pub(crate) fn groups(&self, within: &Within) -> &'a [u32] {
        self.seats.groupings.get(within).map_or(&[], |grouping| grouping.codes.as_slice())
    }
}

/// The territories, in the order of their strata within each block.
fn in_blocks(strata: &[u32], count: usize) -> Vec<u32> {
    if strata.len() == 1 {
        return vec![0];
    }
    let mut order = Vec::with_capacity(strata.len());
    // Those of no stratum come last.
    let mut buckets: Vec<Vec<u32>> = vec![Vec::new(); count.saturating_add(1)];
    let mut row = 0_u32;
    for block in strata.chunks(BLOCK) {
        for stratum in block {
            if let Some(bucket) = buckets.get_mut((*stratum as usize).min(count)) {
                bucket.push(row);
            }
            row = row.saturating_add(1);
        }
        for bucket in &mut buckets {
            order.append(bucket);
        }
    }
    order
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
        let overrides = Some(&territories.overrides).filter(|overrides| !overrides.is_empty());
        let by_hand = overrides.and_then(|overrides| overrides.get(&u32::try_from(territory).ok()?));
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

impl Grouping {
    /// Groups the territories; groups are numbered in the order in which they first appear.
    pub(crate) fn of(cohort: &Cohort, strata: &[u32], within: &Within) -> Self {
        let territories = &cohort.territories;
        let columns = within.dimensions().iter().map(|dimension| match dimension {
            Dimension::Stratum => strata,
            Dimension::StructureType => &territories.structure_types.codes,
            Dimension::Region => &territories.regions.codes,
            Dimension::Department => &territories.departments.codes,
        });
        // Without a dimension, everybody is in one group; each dimension divides the groups further.
        let mut grouping = Self { codes: vec![0; cohort.len()], count: usize::from(!cohort.is_empty()) };
        for column in columns {
            grouping = grouping.divided(column);
        }
        grouping
    }

    /// The groups of those that share both a group and a code.
    fn divided(self, by: &[u32]) -> Self {
        let mut known: BTreeMap<(u32, u32), u32> = BTreeMap::new();
        // Neighbours mostly share both.
        let mut last = ((NONE, NONE), NONE);
        let mut divide = |(group, code): (u32, &u32)| {
            let key = (group, *code);
            if group == NONE || *code == NONE {
                return NONE;
            }
            if last.0 != key {
                let next = u32::try_from(known.len()).unwrap_or(NONE);
                last = (key, *known.entry(key).or_insert(next));
            }
            last.1
        };
        let codes = self.codes.into_iter().zip(by).map(&mut divide).collect();
        Self { codes, count: known.len() }
    }
}

/// Applies one rule to every territory that no earlier rule has excluded.
fn judge<N: Number>(
    variables: &Variables,
    cohort: &Cohort,
    rule: u32,
    condition: &Condition,
    verdicts: &mut [Verdict],
) {
    let all: Vec<u32> = (0..verdicts.len()).filter_map(|row| u32::try_from(row).ok()).collect();
    let mut inputs = Inputs::<N>::of(variables, cohort, &[]);
    for rows in all.chunks(CHUNK) {
        inputs.turn_to(Chunk::of(rows));
        let mut results = indicator::satisfied(condition, &mut inputs);
        if results.iter().any(|(holds, _)| holds.is_none()) {
            results = indicator::satisfied(condition, &mut Inputs::<Rational>::of(variables, cohort, rows));
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
