//! Marks: a raw value set against the reference.

use std::any::Any;
use std::sync::OnceLock;

use super::cells::{Cells, Pool, State, undecided};
use super::field::{Chunk, Field};
use super::indicator::{self, Inputs, Quotients};
use super::reference::{self, CriterionReference, Entry, GroupReference, Standing, Statistics};
use crate::cohort::NONE;
use crate::exact::{Column, Decimal, Number, Rational};
use crate::methodology::Criterion;
use crate::methodology::model::{Bound, Direction, Indicator, Normalise, Point, Statistic, Undefined, Unknown, Within};

/// How one criterion's values become marks, ready for numbers of one kind.
pub(crate) struct Marker<'a, N: Number> {
    indicator: &'a Indicator,
    within: Option<&'a Within>,
    /// The group of each territory, where statistics are used.
    groups: &'a [u32],
    criterion: &'a Criterion,
    scales: Scales<'a, N>,
    reference: &'a CriterionReference,
    /// Of who is scored against a reference, its own entry there.
    own: Option<&'a Entry>,
    /// The median of each stratum, where unknown values are imputed.
    medians: Vec<Option<N>>,
}

/// One scale for each group, a single one when no statistic is used; each made when it is first asked
/// for, since one territory needs one only.
pub(crate) type GroupScales<N> = Vec<OnceLock<Scale<N>>>;

enum Scales<'a, N> {
    /// Kept with the reference, for every scoring against it.
    Kept(&'a GroupScales<N>),
    Own(GroupScales<N>),
}

/// How the values of one group become marks.
#[derive(Debug, Clone)]
pub(crate) enum Scale<N> {
    /// No member, or a statistic that has no value: every mark is undefined.
    Undefined,
    /// Every mark is the same.
    Constant(N),
    /// A straight line.
    Affine(Affine<N>),
    /// 100 target / x, with a highest mark; for lower is better.
    Inverse { target: N, cap: Option<N> },
    /// By the value's place in the distribution.
    Places(PlaceRule<N>),
    /// Points joined by straight lines.
    Lines(Vec<(N, N)>),
    /// Thresholds and their marks.
    Bands { bands: Vec<(N, N)>, otherwise: N },
}

/// Marks; or, where all have one on a straight line, values of which an index draws the line while it adds them up.
#[derive(Clone)]
pub(crate) enum Marks<'a, N: Number> {
    Drawn(Cells<N>),
    Line { values: Values<'a, N>, line: Line<N> },
}

/// Values of everybody.
#[derive(Clone)]
pub(crate) enum Values<'a, N: Number> {
    Taken(N::Column),
    Quotients(Quotients<'a, N>),
}

impl<N: Number> Marks<'_, N> {
    /// Gives the memory back.
    pub(crate) fn give(self, pool: &Pool<N>) {
        match self {
            Self::Drawn(cells) => pool.give_cells(cells),
            Self::Line { values: Values::Taken(column), .. } => pool.give(column),
            Self::Line { values: Values::Quotients(quotients), .. } => quotients.give(pool),
        }
    }

    /// No mark of anybody.
    pub(crate) fn none(len: usize) -> Self {
        let mut cells = Cells::new(len);
        cells.states.fill(State::Undefined);
        Self::Drawn(cells)
    }

    /// The marks themselves. `inputs` are those that they come from.
    pub(crate) fn drawn(self, inputs: &Inputs<'_, N>) -> Cells<N> {
        let (values, line) = match self {
            Self::Drawn(cells) => return cells,
            Self::Line { values, line } => (values, line),
        };
        let mut values = match values {
            Values::Taken(values) => values,
            Values::Quotients(quotients) => quotients.taken(inputs),
        };
        values.update(|x| line.of(x));
        let mut cells = Cells { values, states: inputs.pool().present(inputs.rows().len()) };
        cells.exclude_overflows();
        cells
    }
}

/// offset + factor x.
#[derive(Debug, Clone)]
pub(crate) struct Line<N> {
    pub(crate) factor: N,
    pub(crate) offset: N,
}

impl<N: Number> Line<N> {
    fn of(&self, x: &N) -> N {
        self.offset.add(&x.mul(&self.factor))
    }
}

/// A straight line, kept within limits.
#[derive(Debug, Clone)]
pub(crate) struct Affine<N> {
    line: Line<N>,
    limits: (Option<N>, Option<N>),
    /// Do the limits change no mark of a member, since they are the marks of the least and the greatest? Then all
    /// marks are from 0 to 100, of values that may be larger than any binary64.
    idle: bool,
}

impl<N: Number> Affine<N> {
    fn of(&self, x: &N) -> N {
        let mark = self.line.of(x);
        let mark = self.limits.0.as_ref().map_or(mark.clone(), |low| mark.max(low));
        self.limits.1.as_ref().map_or(mark.clone(), |high| mark.min(high))
    }

    /// The same for a column.
    fn apply(&self, column: &mut N::Column) {
        column.update(|x| self.line.of(x));
        if let Some(low) = &self.limits.0 {
            column.update(|mark| mark.max(low));
        }
        if let Some(high) = &self.limits.1 {
            column.update(|mark| mark.min(high));
        }
    }
}

/// The group of a normalisation that uses no statistics.
static NOBODY: GroupReference = GroupReference { size: 0, statistics: Statistics::None, values: Vec::new() };

#[derive(Debug, Clone)]
pub(crate) enum PlaceRule<N> {
    Percentile,
    Rank { single: N },
}

impl<'a, N: Number> Marker<'a, N> {
    /// The marker of a criterion; `None` for one that gives no marks. `last` is any other, which mostly has the same
    /// groups.
    pub(crate) fn new(
        field: &Field<'a>,
        criterion: &'a Criterion,
        reference: &'a CriterionReference,
        own: Option<&'a Entry>,
        last: Option<&Self>,
    ) -> Option<Self> {
        let indicator = field.methodology.document().indicators.get(criterion.indicator)?;
        let normalise = indicator.normalise.as_ref()?;
        let within = normalise.within();
        let count = if within.is_some() { reference.groups.len() } else { 1 };
        let empty = || vec![OnceLock::new(); count];
        let kept: &dyn Any = reference.scales.get_or_init(|| vec![OnceLock::new(); count]);
        // They are kept for the numbers that most work is done with.
        let scales = match kept.downcast_ref::<GroupScales<N>>() {
            Some(kept) => Scales::Kept(kept),
            None => Scales::Own(empty()),
        };
        let medians = reference.medians.iter().map(|median| median.as_ref().map(N::from_rational)).collect();
        let groups = match (within, last) {
            (None, _) => &[],
            (within, Some(last)) if last.within == within => last.groups,
            (Some(within), _) => field.groups(within),
        };
        Some(Self { indicator, within, groups, criterion, scales, reference, own, medians })
    }

    /// The marks of the territories of `inputs`.
    pub(crate) fn mark(&self, field: &Field<'_>, inputs: &mut Inputs<'_, N>) -> Marks<'a, N> {
        if let Some(line) = self.idle_line(inputs.chunk())
            && let Some(quotients) = indicator::quotients(field, self.criterion, inputs)
        {
            return Marks::Line { values: Values::Quotients(quotients), line };
        }
        let raw = indicator::raw(field, self.criterion, inputs);
        self.mark_raw(field, raw, inputs)
    }

    /// The raw value and the mark of the only territory of `inputs`, where nothing is to be said of either, and no
    /// place in a distribution is to be found.
    pub(crate) fn mark_one(&self, field: &Field<'_>, inputs: &mut Inputs<'_, N>) -> Option<(N, N)> {
        let higher = match self.indicator.direction {
            Direction::Higher => true,
            Direction::Lower => false,
            Direction::ClosestTo(_) => return None,
        };
        if inputs.rows().len() != 1 || !self.reference.limits.is_empty() {
            return None;
        }
        let scale = self.one_scale(inputs.chunk())?;
        let raw = indicator::raw_one(field, self.criterion, inputs)?;
        let mark = scale.mark(&raw, || None, higher).filter(|mark| !mark.overflows())?;
        Some((raw, mark))
    }

    /// The marks of raw values.
    pub(crate) fn mark_raw(&self, field: &Field<'_>, raw: Cells<N>, inputs: &Inputs<'_, N>) -> Marks<'a, N> {
        let mut marks = self.before_rules(field, raw, inputs.chunk());
        if let Marks::Drawn(cells) = &mut marks {
            self.settle(cells);
        }
        marks
    }

    /// The marks of raw values, before the document's rules for what is unknown or undefined.
    pub(crate) fn before_rules(&self, field: &Field<'_>, raw: Cells<N>, chunk: Chunk<'_>) -> Marks<'a, N> {
        let (mut cells, rows) = (raw, chunk.rows);
        indicator::draw_in(field, self.indicator, &self.reference.limits, rows, &mut cells);
        self.impute(field, rows, &mut cells);
        match self.one_scale(chunk) {
            Some(Scale::Affine(affine)) if cells.all_present() => {
                if affine.idle {
                    return Marks::Line { values: Values::Taken(cells.values), line: affine.line.clone() };
                }
                affine.apply(&mut cells.values);
            }
            _ => self.mark_each(field, rows, &mut cells),
        }
        cells.exclude_overflows();
        Marks::Drawn(cells)
    }

    /// The line on which lie the marks of all members among these territories, if no limit changes them and no value
    /// is drawn in.
    fn idle_line(&self, chunk: Chunk<'_>) -> Option<Line<N>> {
        match self.one_scale(chunk) {
            Some(Scale::Affine(affine)) if affine.idle && self.reference.limits.is_empty() => Some(affine.line.clone()),
            _ => None,
        }
    }

    /// The scale of all these territories, if they have the same.
    fn one_scale(&self, chunk: Chunk<'_>) -> Option<&Scale<N>> {
        let Some(within) = self.within else { return Some(self.scale(0)) };
        let group = chunk.one_group(within, self.groups)?;
        self.reference.stands_for.get(group as usize).map(|group| self.scale(*group))
    }

    /// The scale of one group.
    fn scale(&self, group: u32) -> &Scale<N> {
        let scales = match &self.scales {
            Scales::Kept(kept) => kept,
            Scales::Own(own) => own,
        };
        let Some(place) = scales.get(group as usize) else { return &Scale::Undefined };
        place.get_or_init(|| {
            let lower = !matches!(self.indicator.direction, Direction::Higher);
            let normalise = self.indicator.normalise.as_ref();
            let group = self.reference.groups.get(group as usize).unwrap_or(&NOBODY);
            normalise.map_or(Scale::Undefined, |normalise| scale(normalise, lower, self.reference.of_members, group))
        })
    }

    /// Marks territory by territory.
    fn mark_each(&self, field: &Field<'_>, rows: &[u32], cells: &mut Cells<N>) {
        let groups = self.within.map(|_| self.groups);
        let higher = matches!(self.indicator.direction, Direction::Higher);
        for (index, row) in rows.iter().enumerate() {
            if !cells.state(index).is_present() {
                continue;
            }
            let own = groups.map_or(0, |groups| groups.get(*row as usize).copied().unwrap_or(NONE));
            let group = if groups.is_some() { self.reference.stands_for.get(own as usize).copied() } else { Some(0) };
            let Some(group) = group.filter(|group| *group != NONE) else {
                // The group itself is not known.
                cells.set_state(index, State::Unknown);
                continue;
            };
            let place = || self.standing(field, *row, cells.state(index), group);
            match self.scale(group).mark(&cells.values.get(index), place, higher) {
                Some(mark) => cells.values.set(index, mark),
                None => cells.set_state(index, State::Undefined),
            }
        }
    }

    /// Gives unknown values the median of their stratum, where the document says so.
    fn impute(&self, field: &Field<'_>, rows: &[u32], cells: &mut Cells<N>) {
        if self.indicator.unknown != Unknown::ImputeMedian {
            return;
        }
        for (index, row) in rows.iter().enumerate() {
            if cells.state(index) == State::Unknown
                && let Some(median) = Self::median(field, *row, &self.medians)
            {
                cells.values.set(index, median.clone());
                cells.set_state(index, State::Imputed);
            }
        }
    }

    /// The entry of a territory's stratum.
    fn median<'b, T>(field: &Field<'_>, territory: u32, medians: &'b [Option<T>]) -> Option<&'b T> {
        let stratum = field.seats.strata.get(territory as usize).copied().unwrap_or(NONE);
        medians.get(stratum as usize)?.as_ref()
    }

    /// Where a territory's value stands among the members of a group, and how many these are. An imputed value is no
    /// member's.
    fn standing(&self, field: &Field<'_>, territory: u32, state: State, group: u32) -> Option<(Standing, u32)> {
        let own = self.own.filter(|own| own.group == group);
        let group = self.reference.groups.get(group as usize)?;
        let find = |value: &Rational| reference::standing(field, self.criterion, self.reference, group, own, value);
        if state == State::Imputed {
            return find(Self::median(field, territory, &self.reference.medians)?);
        }
        if let Some(value) = own.and_then(|own| own.value.as_ref()) {
            return find(value);
        }
        let known = self.reference.standings.get(territory as usize).filter(|known| known.equal > 0);
        if let Some(known) = known {
            return Some((*known, group.size));
        }
        find(&reference::exact_value(field, self.criterion, &self.reference.limits, territory))
    }

    /// Applies the document's rules to the values that are unknown or undefined.
    fn settle(&self, cells: &mut Cells<N>) {
        if cells.all_present() {
            return;
        }
        for index in 0..cells.states.len() {
            let settled = match (cells.state(index), self.indicator.unknown, self.indicator.undefined) {
                (State::Unknown, Unknown::MarkZero, _) | (State::Undefined, _, Undefined::MarkZero) => State::Present,
                (State::Unknown, Unknown::Refuse, _) | (State::Undefined, _, Undefined::Refuse) => State::Refused,
                _ => continue,
            };
            cells.set_state(index, settled);
            cells.values.set(index, N::from_integer(0));
        }
    }
}

impl<N: Number> Scale<N> {
    /// The mark of a value; `None` if it is undefined.
    fn mark(&self, x: &N, place: impl Fn() -> Option<(Standing, u32)>, higher: bool) -> Option<N> {
        match self {
            Self::Undefined => None,
            Self::Affine(affine) => Some(affine.of(x)),
            Self::Constant(mark) => Some(mark.clone()),
            Self::Inverse { target, cap } => inverse(x, target, cap.as_ref()),
            Self::Places(rule) => place().map(|(standing, size)| rule.mark(standing, size, higher)),
            Self::Lines(points) => lines(x, points),
            Self::Bands { bands, otherwise } => Some(band(x, bands, otherwise, higher)),
        }
    }
}

impl<N: Number> PlaceRule<N> {
    fn mark(&self, standing: Standing, size: u32, higher: bool) -> N {
        let (below, equal, size) = (i64::from(standing.below), i64::from(standing.equal), i64::from(size));
        let above = size.saturating_sub(below).saturating_sub(equal);
        let integer = |integer: i64| N::from_integer(integer);
        match self {
            // 100 (L + E/2) / n, L being those that the value beats.
            Self::Percentile => {
                let beaten = if higher { below } else { above };
                let doubled = beaten.saturating_mul(2).saturating_add(equal);
                integer(doubled.saturating_mul(50)).div(&integer(size))
            }
            // 100 (n - r) / (n - 1), r being one more than those that beat the value.
            Self::Rank { single } => {
                if size <= 1 {
                    return single.clone();
                }
                let better = if higher { above } else { below };
                let others = size.saturating_sub(1);
                // Who is no member may be worse than all of them.
                integer(others.saturating_sub(better).max(0).saturating_mul(100)).div(&integer(others))
            }
        }
    }
}

/// The scale of one group. `members`: are the values to be marked those of which the statistics are taken?
fn scale<N: Number>(normalise: &Normalise, lower: bool, members: bool, group: &GroupReference) -> Scale<N> {
    let mark = |value: &Decimal| N::from_decimal(*value);
    match normalise {
        Normalise::MinMax { low, high, clamp, constant, .. } => {
            let given = (low, high);
            let Some((low, high)) = bounds(low, high, group) else { return Scale::Undefined };
            if low == high {
                return Scale::Constant(mark(constant));
            }
            // Bounds out of order can only come from a fixed bound on the wrong side of a statistic.
            let hundred = Rational::from(100);
            let Some(factor) = hundred.checked_div(&(&high - &low)).filter(|factor| factor.signum() > 0) else {
                return Scale::Undefined;
            };
            let limits = clamp.then(|| (N::from_integer(0), N::from_integer(100)));
            let (low_limit, high_limit) = limits.unzip();
            let (factor, top) = if lower { (-factor, Rational::from(100)) } else { (factor, Rational::ZERO) };
            let ends = |bound: &Bound, statistic| *bound == Bound::Statistic(statistic);
            Scale::Affine(Affine {
                line: line(&factor, &(&top - &(&factor * &low))),
                limits: (low_limit, high_limit),
                idle: members && ends(given.0, Statistic::Min) && ends(given.1, Statistic::Max),
            })
        }
        Normalise::ProportionOf { target, cap, .. } => {
            let target = match (target, &group.statistics) {
                (Bound::Fixed(target), _) => Rational::from(*target),
                (_, Statistics::Target(target)) => target.clone(),
                _ => return Scale::Undefined,
            };
            let hundred = Rational::from(100);
            let Some(factor) = hundred.checked_div(&target).filter(|factor| factor.signum() > 0) else {
                return Scale::Undefined;
            };
            let cap = cap.as_ref().map(mark);
            if lower {
                return Scale::Inverse { target: N::from_rational(&(&hundred * &target)), cap };
            }
            Scale::Affine(Affine { line: line(&factor, &Rational::ZERO), limits: (None, cap), idle: false })
        }
        Normalise::ZScore { centre, scale, clamp, constant, .. } => {
            let (mean, spread) = match &group.statistics {
                Statistics::Centre(_, None) => return Scale::Constant(mark(constant)),
                Statistics::Centre(mean, Some(spread)) => (mean, spread),
                _ => return Scale::Undefined,
            };
            // A spread of distinct values may still round to 0; then there is no score to give.
            let Some(factor) = Rational::from(*scale).checked_div(&Rational::from(*spread)) else {
                return Scale::Undefined;
            };
            let factor = if lower { -factor } else { factor };
            let offset = &Rational::from(*centre) - &(&factor * &Rational::from(*mean));
            Scale::Affine(Affine {
                line: line(&factor, &offset),
                limits: clamp.as_ref().map(|limits| (mark(&limits.low), mark(&limits.high))).unzip(),
                idle: false,
            })
        }
        Normalise::PercentileRank { .. } => places(group, PlaceRule::Percentile),
        Normalise::Rank { single, .. } => places(group, PlaceRule::Rank { single: mark(single) }),
        Normalise::Piecewise { points, .. } => Scale::Lines(pairs(points)),
        Normalise::Bands { bands, otherwise, .. } => Scale::Bands { bands: pairs(bands), otherwise: mark(otherwise) },
        Normalise::Identity { .. } => {
            Scale::Affine(Affine { line: line(&Rational::ONE, &Rational::ZERO), limits: (None, None), idle: false })
        }
    }
}

fn line<N: Number>(factor: &Rational, offset: &Rational) -> Line<N> {
    Line { factor: N::from_rational(factor), offset: N::from_rational(offset) }
}

/// The bounds of a group; two fixed bounds need no member.
fn bounds(low: &Bound, high: &Bound, group: &GroupReference) -> Option<(Rational, Rational)> {
    match (low, high, &group.statistics) {
        (Bound::Fixed(low), Bound::Fixed(high), _) => Some((Rational::from(*low), Rational::from(*high))),
        (_, _, Statistics::Bounds(low, high)) => Some((low.clone(), high.clone())),
        _ => None,
    }
}

fn places<N>(group: &GroupReference, rule: PlaceRule<N>) -> Scale<N> {
    match &group.statistics {
        Statistics::Distribution(_) => Scale::Places(rule),
        _ => Scale::Undefined,
    }
}

fn pairs<N: Number>(points: &[Point]) -> Vec<(N, N)> {
    points.iter().map(|point| (N::from_decimal(point.at), N::from_decimal(point.mark))).collect()
}

/// 100 target / x: the less the better. At and below 0 there is nothing better: the cap, if any.
fn inverse<N: Number>(x: &N, hundred_targets: &N, cap: Option<&N>) -> Option<N> {
    let zero = N::from_integer(0);
    match x.compare(&zero) {
        Some(std::cmp::Ordering::Greater) => {
            let mark = hundred_targets.div(x);
            Some(cap.map_or(mark.clone(), |cap| mark.min(cap)))
        }
        Some(_) => cap.cloned(),
        None => Some(undecided()),
    }
}

/// The mark on points joined by straight lines; beyond the ends, the mark of the end.
fn lines<N: Number>(x: &N, points: &[(N, N)]) -> Option<N> {
    let mut before: Option<&(N, N)> = None;
    for point in points {
        match x.compare(&point.0) {
            // Near a point the two lines differ by more than the number knows of itself.
            None => return Some(undecided()),
            Some(ordering) if ordering.is_le() => {
                return Some(match before {
                    None => point.1.clone(),
                    Some(before) => {
                        let slope = point.1.sub(&before.1).div(&point.0.sub(&before.0));
                        before.1.add(&x.sub(&before.0).mul(&slope))
                    }
                });
            }
            Some(_) => before = Some(point),
        }
    }
    before.map(|point| point.1.clone())
}

/// The mark of the last threshold at or below the value; lower is better: of the first at or above it.
fn band<N: Number>(x: &N, bands: &[(N, N)], otherwise: &N, higher: bool) -> N {
    let mut reached = otherwise;
    for (at, mark) in bands {
        match (x.compare(at), higher) {
            (None, _) => return undecided(),
            (Some(ordering), true) if ordering.is_ge() => reached = mark,
            (Some(ordering), false) if ordering.is_le() => return mark.clone(),
            (Some(_), true) => break,
            (Some(_), false) => {}
        }
    }
    reached.clone()
}
