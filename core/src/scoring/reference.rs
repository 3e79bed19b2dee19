//! The reference: the statistics of each criterion in each group.
//!
//! Who enters one: territories that are eligible, have a value and belong to the group, whatever the
//! weight of the criterion. Bounds are exact; means and spreads are rounded to binary64, taken over
//! the values each rounded to binary64.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::field::Field;
use super::indicator::{self, Inputs};
use super::normalise::GroupScales;
use super::{Stop, Watch, threads};
use crate::cohort::NONE;
use crate::exact::{Column, Decimal, Filtered, Moments, Number, Rational, WeightedMoments};
use crate::methodology::Criterion;
use crate::methodology::model::{Bound, Dimension, Normalise, Statistic, Unknown, Winsorise, Within};

/// The statistics of one criterion.
#[derive(Debug, Clone, Default)]
pub(crate) struct CriterionReference {
    /// The limits of winsorisation, by group of the indicator's `winsorise`.
    pub(crate) limits: Vec<GroupLimits>,
    /// The median of each stratum, for imputation.
    pub(crate) medians: Vec<Option<Rational>>,
    /// By group of the normalisation's `within`; then the larger groups that replace strata that are
    /// too small.
    pub(crate) groups: Vec<GroupReference>,
    /// The group whose statistics stand for each group of `within`: itself, or a larger one.
    pub(crate) stands_for: Vec<u32>,
    /// Where each member's value stands in the group whose statistics it is set against, for the
    /// normalisations that use places; empty for the others.
    pub(crate) standings: Vec<Standing>,
    /// Are the statistics those of the very values that are marked, and not read from a document?
    pub(crate) of_members: bool,
    /// What the statistics make of values, ready for use.
    pub(crate) scales: OnceLock<GroupScales<Filtered>>,
}

/// The limits beyond which the values of a group are drawn in.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupLimits {
    pub(crate) low: Option<Rational>,
    pub(crate) high: Option<Rational>,
}

/// The statistics of one criterion in one group.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupReference {
    /// The number of members.
    pub(crate) size: u32,
    /// What the normalisation needs.
    pub(crate) statistics: Statistics,
    /// The distinct values of a distribution read from a document; a scoring finds them in its cohort.
    pub(crate) values: Vec<Rational>,
}

/// What a normalisation needs to know of a group.
#[derive(Debug, Clone, Default)]
pub(crate) enum Statistics {
    /// Nothing, or the group has no member.
    #[default]
    None,
    /// The two bounds of `min_max`.
    Bounds(Rational, Rational),
    /// The target of `proportion_of`.
    Target(Rational),
    /// The mean and spread of `z_score`; the spread is `None` when all values are equal.
    Centre(Decimal, Option<Decimal>),
    /// How many members have each distinct value, in increasing order of values.
    Distribution(Vec<Tally>),
}

/// Where a value stands in a group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    /// How many members have a smaller value.
    pub(crate) below: u32,
    /// How many have this one; 0 for who is no member.
    pub(crate) equal: u32,
}

impl From<Tally> for Standing {
    fn from(tally: Tally) -> Self {
        Self { below: tally.below, equal: tally.equal }
    }
}

/// The members that share a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tally {
    /// How many members have a smaller value.
    pub(crate) below: u32,
    /// How many have this one.
    pub(crate) equal: u32,
    /// One of them.
    pub(crate) member: u32,
}

/// A member's own entry in a distribution that was read from a document.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) criterion: usize,
    /// The group whose distribution it is in.
    pub(crate) group: u32,
    /// The place there of the value that it had in the cohort.
    pub(crate) place: usize,
    /// The value that it has now: the entry counts where that stands, and nowhere if there is none.
    pub(crate) value: Option<Rational>,
}

/// A member of a group: its value and its territory.
type Member<N> = (N, u32);

/// The members of one group.
type Members<N> = Vec<Member<N>>;

/// Computes the reference of every criterion.
pub(crate) fn compute<'a, N: Number>(
    field: &'a Field<'a>,
    watch: &mut Watch<'_>,
) -> Result<Vec<CriterionReference>, Stop> {
    let criteria: Vec<(usize, &Criterion)> = field.methodology.criteria().iter().enumerate().collect();
    let found = threads::fold(
        &criteria,
        watch,
        |_| field.cohort.len(),
        Vec::new,
        |found, (place, criterion)| found.push((*place, of_criterion::<N>(field, criterion))),
    )?;
    let mut found: Vec<_> = found.into_iter().flatten().collect();
    found.sort_by_key(|(place, _)| *place);
    let (mut references, pending): (Vec<_>, Vec<_>) = found.into_iter().map(|(_, found)| found).unzip();
    if pending.iter().all(Option::is_none) {
        return Ok(references);
    }
    // All in one pass, since most criteria share what they read.
    let start = || {
        let extremes = pending.iter().map(|pending| pending.as_ref().map(|pending| Extremes::new(field, pending)));
        (Inputs::<N>::new(field, &[]), extremes.collect::<Vec<_>>())
    };
    let read = threads::fold(
        &field.blocks(watch.threads),
        watch,
        |_| 0,
        start,
        |(inputs, extremes), block| {
            for chunk in field.chunks(block) {
                inputs.turn_to(chunk);
                extremes.iter_mut().flatten().for_each(|extremes| extremes.read(inputs));
            }
        },
    )?;
    let mut whole: Option<Vec<Option<Extremes<'_, N>>>> = None;
    for (_, read) in read {
        match &mut whole {
            None => whole = Some(read),
            Some(whole) => {
                for (whole, part) in whole.iter_mut().zip(read) {
                    if let (Some(whole), Some(part)) = (whole, part) {
                        whole.join(&part);
                    }
                }
            }
        }
    }
    for (reference, extremes) in references.iter_mut().zip(whole.into_iter().flatten()) {
        if let Some(extremes) = extremes {
            extremes.finish(reference);
        }
    }
    Ok(references)
}

/// The reference of a criterion; or what is left to do when the ends of each group are all it needs.
fn of_criterion<'a, N: Number>(
    field: &'a Field<'a>,
    criterion: &'a Criterion,
) -> (CriterionReference, Option<Pending<'a>>) {
    let mut reference = CriterionReference { of_members: true, ..CriterionReference::default() };
    let indicator = field.methodology.document().indicators.get(criterion.indicator);
    let Some((indicator, normalise)) = indicator.and_then(|known| Some((known, known.normalise.as_ref()?))) else {
        return (reference, None);
    };
    if let Some(winsorise) = &indicator.winsorise {
        reference.limits = limits::<N>(field, criterion, winsorise);
    }
    let context = |reference: &CriterionReference| Context {
        field,
        criterion,
        limits: reference.limits.clone(),
        weights: weights(field, indicator.statistics_weight.as_deref()),
        known: RefCell::default(),
    };
    if indicator.unknown == Unknown::ImputeMedian {
        let context = context(&reference);
        let strata = members::<N>(&context, &Within::new([Dimension::Stratum]));
        reference.medians = medians(&context, strata);
    }
    let Some(within) = normalise.within() else { return (reference, None) };
    if let Some((low, high)) = ends(normalise) {
        let pending = Pending { criterion, limits: reference.limits.clone(), within, low, high };
        return (reference, Some(pending));
    }
    let context = context(&reference);
    let mut groups = members::<N>(&context, within);
    let (stands_for, larger) = fallbacks(field, criterion.network.as_deref(), within);
    for parts in larger {
        let joined = parts.iter().filter_map(|part| groups.get(*part as usize)).flatten().cloned().collect();
        groups.push(joined);
    }
    reference.stands_for = stands_for;
    if matches!(normalise, Normalise::PercentileRank { .. } | Normalise::Rank { .. }) {
        reference.standings = vec![Standing::default(); field.cohort.len()];
    }
    for (group, members) in (0_u32..).zip(groups) {
        let size = u32::try_from(members.len()).unwrap_or(u32::MAX);
        let statistics = match statistics(normalise, members, &context) {
            Drawn::Statistics(statistics) => statistics,
            Drawn::Distribution(tallies, order) => {
                for (place, territory) in order {
                    let own = field.group(within, territory) as usize;
                    let read = reference.stands_for.get(own).is_some_and(|read| *read == group);
                    let slot = reference.standings.get_mut(territory as usize).filter(|_| read);
                    if let (Some(slot), Some(tally)) = (slot, tallies.get(place as usize)) {
                        *slot = Standing::from(*tally);
                    }
                }
                Statistics::Distribution(tallies)
            }
        };
        reference.groups.push(GroupReference { size, statistics, values: Vec::new() });
    }
    (reference, None)
}

/// What statistics are taken with: the criterion, the limits of its values, the territories' weights,
/// and exact values where a comparison needs them.
struct Context<'a> {
    field: &'a Field<'a>,
    criterion: &'a Criterion,
    limits: Vec<GroupLimits>,
    weights: Option<&'a [f64]>,
    known: RefCell<HashMap<u32, Rational>>,
}

impl Context<'_> {
    /// The exact value of a member, computed when it is needed and then remembered.
    fn value(&self, territory: u32) -> Rational {
        if let Some(known) = self.known.borrow().get(&territory) {
            return known.clone();
        }
        let value = exact_value(self.field, self.criterion, &self.limits, territory);
        self.known.borrow_mut().insert(territory, value.clone());
        value
    }

    fn compare<N: Number>(&self, a: &Member<N>, b: &Member<N>) -> Ordering {
        let exactly = || if a.1 == b.1 { Ordering::Equal } else { self.value(a.1).cmp(&self.value(b.1)) };
        a.0.compare(&b.0).unwrap_or_else(exactly)
    }

    /// Sorts members by value: by binary64s that they lie between, then those that these leave in doubt.
    fn sort<N: Number>(&self, members: &mut Members<N>) {
        let mut keys: Vec<((f64, f64), u32)> = members.iter().map(|(value, _)| value.interval()).zip(0..).collect();
        keys.sort_unstable_by(|a, b| a.0.0.total_cmp(&b.0.0));
        let mut sorted = Members::with_capacity(members.len());
        // Where those begin of which the order is in doubt.
        let mut doubtful = 0;
        let mut highest = f64::NEG_INFINITY;
        for ((low, high), place) in keys {
            if low > highest {
                self.settle(&mut sorted, doubtful);
                doubtful = sorted.len();
            }
            highest = highest.max(high);
            sorted.extend(members.get(place as usize).cloned());
        }
        self.settle(&mut sorted, doubtful);
        *members = sorted;
    }

    /// Sorts the members from a place on.
    fn settle<N: Number>(&self, members: &mut Members<N>, from: usize) {
        if let Some(doubtful) = members.get_mut(from..).filter(|doubtful| doubtful.len() > 1) {
            doubtful.sort_by(|a, b| self.compare(a, b));
        }
    }

    fn round<N: Number>(&self, member: &Member<N>) -> f64 {
        member.0.round().unwrap_or_else(|| self.value(member.1).round())
    }

    /// The weight of a territory; `None` where it does not weigh: unknown, 0 or less.
    fn weight(&self, territory: u32) -> Option<Decimal> {
        match self.weights {
            Some(weights) => {
                let weight = weights.get(territory as usize).copied().and_then(Decimal::new);
                weight.filter(|weight| *weight > Decimal::ZERO)
            }
            None => Some(Decimal::ONE),
        }
    }
}

/// The column that weighs territories in statistics and roll-ups; empty where nothing names it, since it is
/// then unknown of all.
pub(crate) fn weights<'a>(field: &Field<'a>, name: Option<&str>) -> Option<&'a [f64]> {
    let territories = &field.cohort.territories;
    match name? {
        "population" => Some(&territories.population),
        name => Some(territories.attributes.get(name).unwrap_or_default()),
    }
}

/// The two bounds of a normalisation that needs nothing but the ends of each group.
fn ends(normalise: &Normalise) -> Option<(&Bound, &Bound)> {
    let is_end = |bound: &Bound| matches!(bound, Bound::Fixed(_) | Bound::Statistic(Statistic::Min | Statistic::Max));
    match normalise {
        Normalise::MinMax { low, high, .. } if is_end(low) && is_end(high) => Some((low, high)),
        _ => None,
    }
}

/// The size, the least and the greatest member of a group, as far as it has been read.
struct Ends<N> {
    size: u32,
    least: Option<Member<N>>,
    greatest: Option<Member<N>>,
}

impl<N> Default for Ends<N> {
    fn default() -> Self {
        Self { size: 0, least: None, greatest: None }
    }
}

impl<N: Number> Ends<N> {
    fn least(&mut self, member: &Member<N>, context: &Context<'_>) {
        if self.least.as_ref().is_none_or(|least| context.compare(member, least).is_lt()) {
            self.least = Some(member.clone());
        }
    }

    fn greatest(&mut self, member: &Member<N>, context: &Context<'_>) {
        if self.greatest.as_ref().is_none_or(|greatest| context.compare(member, greatest).is_gt()) {
            self.greatest = Some(member.clone());
        }
    }

    fn join(&mut self, other: &Self, context: &Context<'_>) {
        self.size = self.size.saturating_add(other.size);
        if let (Some(least), Some(greatest)) = (&other.least, &other.greatest) {
            self.least(least, context);
            self.greatest(greatest, context);
        }
    }
}

/// A criterion that needs nothing but the ends of each group.
struct Pending<'a> {
    criterion: &'a Criterion,
    limits: Vec<GroupLimits>,
    within: &'a Within,
    low: &'a Bound,
    high: &'a Bound,
}

/// The bounds of each group of a criterion, found without keeping its members.
struct Extremes<'a, N> {
    context: Context<'a>,
    pending: &'a Pending<'a>,
    groups: Vec<Ends<N>>,
}

impl<'a, N: Number> Extremes<'a, N> {
    fn new(field: &'a Field<'a>, pending: &'a Pending<'a>) -> Self {
        let Pending { criterion, limits, within, .. } = pending;
        let count = field.seats.groupings.get(within).map_or(0, |grouping| grouping.count);
        let groups = std::iter::repeat_with(Ends::default).take(count).collect();
        let context = Context { field, criterion, limits: limits.clone(), weights: None, known: RefCell::default() };
        Self { context, pending, groups }
    }

    /// Takes what was read of other territories.
    fn join(&mut self, other: &Self) {
        for (own, other) in self.groups.iter_mut().zip(&other.groups) {
            own.join(other, &self.context);
        }
    }

    /// Reads some territories.
    fn read(&mut self, inputs: &mut Inputs<'_, N>) {
        let Self { context, pending, groups } = self;
        let codes = context.field.groups(pending.within);
        let rows = inputs.rows();
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let one_group = inputs.chunk().one_group(pending.within, context.field.groups(pending.within));
        if let Some(ends) =
            one_group.and_then(|group| groups.get_mut(group as usize)).filter(|_| context.limits.is_empty())
            && let Some([lowest, highest]) = indicator::ends_of_quotients(
                context.field,
                context.criterion,
                inputs,
                ends.least.as_ref().map(|ends| &ends.0),
                ends.greatest.as_ref().map(|ends| &ends.0),
            )
        {
            ends.size = ends.size.saturating_add(count);
            for member in &lowest {
                ends.least(member, context);
            }
            for member in &highest {
                ends.greatest(member, context);
            }
            return;
        }
        let cells = indicator::drawn_in::<N>(context.field, context.criterion, &context.limits, inputs);
        let member = |index: usize| rows.get(index).map(|row| (cells.values.get(index), *row));
        if let Some(group) = one_group.filter(|_| cells.all_present()) {
            if let Some(ends) = groups.get_mut(group as usize) {
                ends.size = ends.size.saturating_add(count);
                let (least, greatest) = cells
                    .values
                    .extremes(ends.least.as_ref().map(|ends| &ends.0), ends.greatest.as_ref().map(|ends| &ends.0));
                least.into_iter().filter_map(member).for_each(|member| ends.least(&member, context));
                greatest.into_iter().filter_map(member).for_each(|member| ends.greatest(&member, context));
            }
        } else {
            for index in (0..rows.len()).filter(|index| cells.state(*index).is_present()) {
                let Some(member) = member(index) else { continue };
                let group = codes.get(member.1 as usize).copied().unwrap_or(NONE);
                let Some(ends) = groups.get_mut(group as usize) else { continue };
                ends.size = ends.size.saturating_add(1);
                ends.least(&member, context);
                ends.greatest(&member, context);
            }
        }
        inputs.pool().give_cells(cells);
    }

    fn finish(mut self, reference: &mut CriterionReference) {
        let Self { context, groups, pending: Pending { within, low, high, .. } } = &mut self;
        let (stands_for, larger) = fallbacks(context.field, context.criterion.network.as_deref(), within);
        for parts in larger {
            let mut joined = Ends::default();
            parts.iter().filter_map(|part| groups.get(*part as usize)).for_each(|part| joined.join(part, context));
            groups.push(joined);
        }
        reference.stands_for = stands_for;
        let value = |bound: &Bound, ends: &Ends<N>| {
            let member = match bound {
                Bound::Fixed(value) => return Some(Rational::from(*value)),
                Bound::Statistic(Statistic::Max) => &ends.greatest,
                _ => &ends.least,
            };
            member.as_ref().map(|member| context.value(member.1))
        };
        reference.groups.extend(groups.iter().map(|ends| {
            let bounds = value(low, ends).zip(value(high, ends)).filter(|_| ends.size > 0);
            let statistics = bounds.map_or(Statistics::None, |(low, high)| Statistics::Bounds(low, high));
            GroupReference { size: ends.size, statistics, values: Vec::new() }
        }));
    }
}

/// The members of each group of `within`, with values as statistics see them.
fn members<N: Number>(context: &Context<'_>, within: &Within) -> Vec<Members<N>> {
    let field = context.field;
    let count = field.seats.groupings.get(within).map_or(0, |grouping| grouping.count);
    let mut groups: Vec<Members<N>> = vec![Vec::new(); count];
    let codes = field.groups(within);
    let mut inputs = Inputs::new(field, &[]);
    for chunk in field.blocks(1).into_iter().flat_map(|block| field.chunks(block)) {
        inputs.turn_to(chunk);
        let cells = indicator::drawn_in::<N>(field, context.criterion, &context.limits, &mut inputs);
        for (index, row) in chunk.rows.iter().enumerate() {
            let group = codes.get(*row as usize).copied().unwrap_or(NONE);
            let members = groups.get_mut(group as usize);
            if let (Some(value), Some(members)) = (cells.value(index), members) {
                members.push((value, *row));
            }
        }
        inputs.pool().give_cells(cells);
    }
    groups
}

/// The exact value of one territory that has one, oriented and drawn in.
pub(crate) fn exact_value(
    field: &Field<'_>,
    criterion: &Criterion,
    limits: &[GroupLimits],
    territory: u32,
) -> Rational {
    indicator::exact(field, criterion, limits, territory).unwrap_or(Rational::ZERO)
}

/// The limits of winsorisation in each group, from values not yet drawn in.
fn limits<N: Number>(field: &Field<'_>, criterion: &Criterion, winsorise: &Winsorise) -> Vec<GroupLimits> {
    let indicator = field.methodology.document().indicators.get(criterion.indicator);
    let name = indicator.and_then(|indicator| indicator.statistics_weight.as_deref());
    let context =
        Context { field, criterion, limits: Vec::new(), weights: weights(field, name), known: RefCell::default() };
    let Some(within) = &winsorise.within else {
        let fixed = |bound: &Option<Bound>| match bound {
            Some(Bound::Fixed(value)) => Some(Rational::from(*value)),
            _ => None,
        };
        return vec![GroupLimits { low: fixed(&winsorise.low), high: fixed(&winsorise.high) }];
    };
    let groups = members::<N>(&context, within);
    groups
        .into_iter()
        .map(|mut members| {
            context.sort(&mut members);
            let limit = |limit: &Option<Bound>| limit.as_ref().and_then(|limit| bound(limit, &members, &context));
            GroupLimits { low: limit(&winsorise.low), high: limit(&winsorise.high) }
        })
        .collect()
}

/// The median of each stratum, in the document's order of strata.
fn medians<N: Number>(context: &Context<'_>, groups: Vec<Members<N>>) -> Vec<Option<Rational>> {
    let seats = context.field.seats;
    let mut medians = vec![None; seats.stratum_sizes.len()];
    for mut members in groups {
        let stratum = members.first().and_then(|member| seats.strata.get(member.1 as usize)).copied();
        context.sort(&mut members);
        let median = bound(&Bound::Statistic(Statistic::Median), &members, context);
        if let Some(place) = stratum.and_then(|stratum| medians.get_mut(stratum as usize)) {
            *place = median;
        }
    }
    medians
}

/// Which group stands for each group of `within`, and the larger groups, each as the groups that it
/// joins. Only strata are ever replaced.
fn fallbacks(field: &Field<'_>, network: Option<&str>, within: &Within) -> (Vec<u32>, Vec<Vec<u32>>) {
    let count = field.seats.groupings.get(within).map_or(0, |grouping| grouping.count);
    let base = u32::try_from(count).unwrap_or(NONE);
    let mut stands_for: Vec<u32> = (0..base).collect();
    let mut larger = Vec::new();
    let strata = &field.methodology.document().strata;
    if *within != Within::new([Dimension::Stratum]) || strata.iter().all(|stratum| stratum.fallback.is_none()) {
        return (stands_for, larger);
    }
    let sizes = field.seats.eligible_sizes(network, field.cohort);
    // The group of each stratum that has a member.
    let mut group_of = vec![NONE; strata.len()];
    for row in field.rows() {
        let stratum = field.seats.strata.get(row as usize).copied().unwrap_or(NONE);
        if let Some(group) = group_of.get_mut(stratum as usize) {
            *group = field.group(within, row);
        }
    }
    let of = |stratum: usize| group_of.get(stratum).copied().unwrap_or(NONE);
    for (start, _) in strata.iter().enumerate().filter(|(start, _)| of(*start) != NONE) {
        let mut parts = vec![start];
        let mut last = start;
        loop {
            let size: u32 =
                parts.iter().filter_map(|part| sizes.get(*part)).fold(0, |sum, size| sum.saturating_add(*size));
            let Some(stratum) =
                strata.get(last).filter(|stratum| stratum.minimum_size.is_some_and(|least| size < least))
            else {
                break;
            };
            let next = strata.iter().position(|other| stratum.fallback.as_ref() == Some(&other.id));
            // The checks exclude cycles, so a chain is never longer than the list.
            let Some(next) = next.filter(|next| !parts.contains(next)) else { break };
            parts.push(next);
            last = next;
        }
        if parts.len() > 1 {
            let group = base.saturating_add(u32::try_from(larger.len()).unwrap_or(NONE));
            larger.push(parts.iter().map(|part| of(*part)).filter(|group| *group != NONE).collect());
            if let Some(place) = stands_for.get_mut(of(start) as usize) {
                *place = group;
            }
        }
    }
    (stands_for, larger)
}

/// What a normalisation draws from its group.
enum Drawn {
    Statistics(Statistics),
    /// The tallies, and the place of each territory among them.
    Distribution(Vec<Tally>, Vec<(u32, u32)>),
}

fn statistics<N: Number>(normalise: &Normalise, mut members: Members<N>, context: &Context<'_>) -> Drawn {
    if members.is_empty() {
        return Drawn::Statistics(Statistics::None);
    }
    let sort = |members: &mut Members<N>| context.sort(members);
    Drawn::Statistics(match normalise {
        Normalise::MinMax { low, high, .. } => {
            if needs_order(low) || needs_order(high) {
                sort(&mut members);
            }
            match (bound(low, &members, context), bound(high, &members, context)) {
                (Some(low), Some(high)) => Statistics::Bounds(low, high),
                _ => Statistics::None,
            }
        }
        Normalise::ProportionOf { target, .. } => {
            if needs_order(target) {
                sort(&mut members);
            }
            bound(target, &members, context).map_or(Statistics::None, Statistics::Target)
        }
        Normalise::ZScore { ddof, .. } => centre(&members, *ddof, context),
        Normalise::PercentileRank { .. } | Normalise::Rank { .. } => {
            sort(&mut members);
            let (tallies, places) = distribution(&members, context);
            return Drawn::Distribution(tallies, places);
        }
        Normalise::Piecewise { .. } | Normalise::Bands { .. } | Normalise::Identity { .. } => Statistics::None,
    })
}

fn needs_order(bound: &Bound) -> bool {
    matches!(bound, Bound::Quantile(_) | Bound::Statistic(Statistic::Median))
}

/// A bound over a group, sorted when the bound needs an order. `None` without members, and beyond
/// binary64's range.
fn bound<N: Number>(bound: &Bound, members: &Members<N>, context: &Context<'_>) -> Option<Rational> {
    match bound {
        Bound::Fixed(value) => Some(Rational::from(*value)),
        Bound::Statistic(Statistic::Min) => Some(context.value(members.iter().min_by(|a, b| context.compare(a, b))?.1)),
        Bound::Statistic(Statistic::Max) => Some(context.value(members.iter().max_by(|a, b| context.compare(a, b))?.1)),
        Bound::Statistic(Statistic::Median) => {
            quantile(members, &Rational::from(1).checked_div(&Rational::from(2))?, context)
        }
        Bound::Statistic(Statistic::Mean) => mean(members, context).map(Rational::from),
        Bound::Quantile(q) => quantile(members, &Rational::from(*q), context),
    }
}

/// A quantile of sorted members: of type 7, or weighted.
fn quantile<N: Number>(sorted: &Members<N>, q: &Rational, context: &Context<'_>) -> Option<Rational> {
    if context.weights.is_some() {
        return weighted_quantile(sorted, q, context);
    }
    // Type 7: the value at h = (n - 1) q, by exact interpolation between its neighbours.
    let last = i64::try_from(sorted.len()).ok()?.checked_sub(1)?;
    let h = &Rational::from(last) * q;
    let k = floor(&h, last);
    let low = context.value(sorted.get(usize::try_from(k).ok()?)?.1);
    let part = &h - &Rational::from(k);
    if part.is_zero() {
        return Some(low);
    }
    let high = context.value(sorted.get(usize::try_from(k.checked_add(1)?).ok()?)?.1);
    Some(&low + &(&part * &(&high - &low)))
}

/// The smallest value whose cumulative weight reaches q of the whole. Weight 0, or unknown, counts
/// for nothing.
fn weighted_quantile<N: Number>(sorted: &Members<N>, q: &Rational, context: &Context<'_>) -> Option<Rational> {
    let weight = |member: &Member<N>| context.weight(member.1).map(Rational::from);
    let total = sorted.iter().filter_map(weight).fold(Rational::ZERO, |sum, weight| &sum + &weight);
    let wanted = q * &total;
    let mut reached = Rational::ZERO;
    for member in sorted {
        if let Some(weight) = weight(member) {
            reached = &reached + &weight;
            if reached >= wanted {
                return Some(context.value(member.1));
            }
        }
    }
    None
}

/// The largest integer from 0 to `last` that is at most `h`, by halving.
fn floor(h: &Rational, last: i64) -> i64 {
    let (mut low, mut high) = (0, last);
    while low < high {
        // The upper middle, so that the interval always shrinks.
        let middle = high.saturating_sub(high.saturating_sub(low) / 2);
        if Rational::from(middle) <= *h { low = middle } else { high = middle.saturating_sub(1) }
    }
    low
}

fn mean<N: Number>(members: &Members<N>, context: &Context<'_>) -> Option<Decimal> {
    let mean = if context.weights.is_some() {
        weighted_moments(members, context).mean()
    } else {
        moments(members, context).mean()
    };
    mean.and_then(Decimal::new)
}

fn moments<N: Number>(members: &Members<N>, context: &Context<'_>) -> Moments {
    let mut moments = Moments::default();
    for member in members {
        moments.push(context.round(member));
    }
    moments
}

fn weighted_moments<N: Number>(members: &Members<N>, context: &Context<'_>) -> WeightedMoments {
    let mut moments = WeightedMoments::default();
    for member in members {
        if let Some(weight) = context.weight(member.1) {
            moments.push(weight.get(), context.round(member));
        }
    }
    moments
}

/// The mean and spread of a group. Whether all values are equal is decided by the values themselves,
/// never by a spread that may have been rounded to 0.
fn centre<N: Number>(members: &Members<N>, ddof: u32, context: &Context<'_>) -> Statistics {
    let weighs = |member: &&Member<N>| context.weight(member.1).is_some();
    let mut weighing = members.iter().filter(weighs);
    let constant = match weighing.next() {
        Some(first) => weighing.all(|member| context.compare(first, member).is_eq()),
        None => return Statistics::None,
    };
    let (mean, spread) = if context.weights.is_some() {
        let moments = weighted_moments(members, context);
        (moments.mean(), moments.spread())
    } else {
        let moments = moments(members, context);
        (moments.mean(), moments.spread(u64::from(ddof)))
    };
    match (mean.and_then(Decimal::new), spread.and_then(Decimal::new), constant) {
        (Some(mean), _, true) => Statistics::Centre(mean, None),
        (Some(mean), Some(spread), false) => Statistics::Centre(mean, Some(spread)),
        _ => Statistics::None,
    }
}

/// Tallies sorted members, and the place of each territory's value.
fn distribution<N: Number>(sorted: &Members<N>, context: &Context<'_>) -> (Vec<Tally>, Vec<(u32, u32)>) {
    let mut tallies: Vec<Tally> = Vec::new();
    let mut places = Vec::with_capacity(sorted.len());
    let mut before: Option<&Member<N>> = None;
    for (below, member) in (0_u32..).zip(sorted) {
        match tallies.last_mut().filter(|_| before.is_some_and(|before| context.compare(before, member).is_eq())) {
            Some(tally) => tally.equal = tally.equal.saturating_add(1),
            None => tallies.push(Tally { below, equal: 1, member: member.1 }),
        }
        places.push((u32::try_from(tallies.len().saturating_sub(1)).unwrap_or(NONE), member.1));
        before = Some(member);
    }
    (tallies, places)
}

/// Where a value would stand among the members of a group, whoever's it is, and how many these are; `own` is the entry
/// of who is scored among them.
pub(crate) fn standing(
    field: &Field<'_>,
    criterion: &Criterion,
    reference: &CriterionReference,
    group: &GroupReference,
    own: Option<&Entry>,
    value: &Rational,
) -> Option<(Standing, u32)> {
    let Statistics::Distribution(tallies) = &group.statistics else { return None };
    let order = |place: usize, tally: &Tally| match group.values.as_slice().get(place) {
        Some(known) => known.cmp(value),
        None => exact_value(field, criterion, &reference.limits, tally.member).cmp(value),
    };
    // The first value that is not below.
    let (mut low, mut high) = (0, tallies.len());
    while low < high {
        let middle = low.midpoint(high);
        if order(middle, tallies.get(middle)?).is_lt() { low = middle.saturating_add(1) } else { high = middle }
    }
    let mut standing = match tallies.get(low) {
        Some(tally) if order(low, tally).is_eq() => Standing::from(*tally),
        Some(tally) => Standing { below: tally.below, equal: 0 },
        None => Standing { below: group.size, equal: 0 },
    };
    let mut size = group.size;
    if let Some(own) = own {
        size = size.saturating_sub(1);
        let left = if own.place < low { &mut standing.below } else { &mut standing.equal };
        if own.place <= low {
            *left = left.saturating_sub(1);
        }
        if let Some(now) = &own.value {
            size = size.saturating_add(1);
            match now.cmp(value) {
                Ordering::Less => standing.below = standing.below.saturating_add(1),
                Ordering::Equal => standing.equal = standing.equal.saturating_add(1),
                Ordering::Greater => {}
            }
        }
    }
    // Nobody is left.
    (size > 0).then_some((standing, size))
}
