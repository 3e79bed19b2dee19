//! Marks: a raw value set against the reference.

use super::cells::{Cells, State};
use super::field::Field;
use super::indicator;
use super::reference::{self, CriterionReference, GroupReference, Statistics, Tally, within_of};
use crate::cohort::NONE;
use crate::exact::{Column, Decimal, Number, Rational};
use crate::methodology::Criterion;
use crate::methodology::model::{Bound, Direction, Indicator, Normalise, Point, Undefined, Unknown, Within};

/// How one criterion's values become marks, ready for numbers of one kind.
pub(crate) struct Marker<'a, N: Number> {
    indicator: &'a Indicator,
    within: Option<Within>,
    criterion: &'a Criterion,
    /// One scale for each group; a single one when no statistic is used.
    scales: Vec<Scale<'a, N>>,
    reference: &'a CriterionReference,
    /// The median of each stratum, where unknown values are imputed.
    medians: Vec<Option<N>>,
}

/// How the values of one group become marks.
enum Scale<'a, N: Number> {
    /// No member, or a statistic that has no value: every mark is undefined.
    Undefined,
    /// Every mark is the same.
    Constant(N),
    /// (x - low) factor + offset, kept within the limits.
    Affine { low: N, factor: N, offset: N, limits: (Option<N>, Option<N>) },
    /// 100 target / x, with a highest mark; for lower is better.
    Inverse { target: N, cap: Option<N> },
    /// By the value's place in the distribution.
    Places { group: &'a GroupReference, rule: PlaceRule<N> },
    /// Points joined by straight lines.
    Lines(Vec<(N, N)>),
    /// Thresholds and their marks.
    Bands { bands: Vec<(N, N)>, otherwise: N },
}

/// The group of a normalisation that uses no statistics.
static NOBODY: GroupReference = GroupReference { size: 0, statistics: Statistics::None, values: Vec::new() };

enum PlaceRule<N> {
    Percentile,
    Rank { single: N },
}

impl<'a, N: Number> Marker<'a, N> {
    /// The marker of a criterion; `None` for one that gives no marks.
    pub(crate) fn new(field: &Field<'a>, criterion: &'a Criterion, reference: &'a CriterionReference) -> Option<Self> {
        let indicator = field.methodology.document().indicators.get(criterion.indicator)?;
        let normalise = indicator.normalise.as_ref()?;
        let within = within_of(normalise);
        let lower = !matches!(indicator.direction, Direction::Higher);
        let groups = if within.is_some() { reference.groups.as_slice() } else { std::slice::from_ref(&NOBODY) };
        let scales = groups.iter().map(|group| scale(normalise, lower, group)).collect();
        let medians = reference.medians.iter().map(|median| median.as_ref().map(N::from_rational)).collect();
        Some(Self { indicator, within, criterion, scales, reference, medians })
    }

    /// The marks of the territories `rows`.
    pub(crate) fn mark(&self, field: &Field<'_>, rows: &[u32]) -> Cells<N> {
        let mut cells = indicator::drawn_in(field, self.criterion, &self.reference.limits, rows);
        self.impute(field, rows, &mut cells);
        let zero = N::from_integer(0);
        let mut low = N::Column::with_len(rows.len());
        let mut factor = N::Column::with_len(rows.len());
        // Marks that are no affine function of the value, set after the others.
        let mut others: Vec<(usize, Option<N>)> = Vec::new();
        for (index, row) in rows.iter().enumerate() {
            if !cells.state(index).is_present() {
                continue;
            }
            let Some(group) = self.group(field, *row) else {
                // The group itself is not known.
                cells.set_state(index, State::Unknown);
                continue;
            };
            match self.scales.get(group as usize).unwrap_or(&Scale::Undefined) {
                Scale::Affine { low: l, factor: f, .. } => {
                    low.set(index, l.clone());
                    factor.set(index, f.clone());
                }
                other => {
                    let higher = matches!(self.indicator.direction, Direction::Higher);
                    let tally = |group: &GroupReference| self.tally(field, *row, cells.state(index), group);
                    others.push((index, other.mark(&cells.values.get(index), tally, higher)));
                }
            }
        }
        let mut marks = N::Column::with_len(rows.len());
        cells.values.map3(&low, &factor, &mut marks, |x, low, factor| x.sub(&low).mul(&factor));
        cells.values = marks;
        self.shift(rows.len(), &mut cells);
        for (index, mark) in others {
            match mark {
                Some(mark) => cells.values.set(index, mark),
                None => cells.set_state(index, State::Undefined),
            }
        }
        for index in 0..rows.len() {
            if cells.state(index).is_present() && cells.values.get(index).overflows() {
                cells.set_state(index, State::Undefined);
            }
        }
        self.settle(&mut cells, &zero);
        cells
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

    /// The group whose statistics a territory is set against; `None` when its own is not known.
    fn group(&self, field: &Field<'_>, territory: u32) -> Option<u32> {
        let Some(within) = &self.within else { return Some(0) };
        self.reference.stands_for.get(field.group(within, territory) as usize).copied()
    }

    /// Where a territory's value stands in its group. An imputed value is no member's.
    fn tally(&self, field: &Field<'_>, territory: u32, state: State, group: &GroupReference) -> Option<Tally> {
        if state == State::Imputed {
            let median = Self::median(field, territory, &self.reference.medians)?;
            return reference::standing(field, self.criterion, self.reference, group, median);
        }
        let place = self.reference.places.get(territory as usize).copied().unwrap_or(NONE);
        if let (Statistics::Distribution(tallies), false) = (&group.statistics, place == NONE) {
            return tallies.get(place as usize).copied();
        }
        let value = reference::exact_value(field, self.criterion, &self.reference.limits, territory);
        reference::standing(field, self.criterion, self.reference, group, &value)
    }

    /// Adds each group's offset and keeps marks within its limits. All groups have the same limits,
    /// and the same offset: both come from the document.
    fn shift(&self, len: usize, cells: &mut Cells<N>) {
        let affine = self.scales.iter().find_map(|scale| match scale {
            Scale::Affine { offset, limits, .. } => Some((offset, limits)),
            _ => None,
        });
        let Some((offset, limits)) = affine else { return };
        let mut shifted = N::Column::with_len(len);
        cells.values.map1(&mut shifted, |mark| mark.add(offset));
        let (low, high) = limits;
        shifted.map1(&mut cells.values, |mark| {
            let mark = low.as_ref().map_or(mark.clone(), |low| mark.max(low));
            high.as_ref().map_or(mark.clone(), |high| mark.min(high))
        });
    }

    /// Applies the document's rules to the values that are unknown or undefined.
    fn settle(&self, cells: &mut Cells<N>, zero: &N) {
        for index in 0..cells.states.len() {
            let settled = match (cells.state(index), self.indicator.unknown, self.indicator.undefined) {
                (State::Unknown, Unknown::MarkZero, _) | (State::Undefined, _, Undefined::MarkZero) => State::Present,
                (State::Unknown, Unknown::Refuse, _) | (State::Undefined, _, Undefined::Refuse) => State::Refused,
                _ => continue,
            };
            cells.set_state(index, settled);
            cells.values.set(index, zero.clone());
        }
    }
}

impl<N: Number> Scale<'_, N> {
    /// The mark of a value, except on an affine scale; `None` if it is undefined.
    fn mark(&self, x: &N, tally: impl Fn(&GroupReference) -> Option<Tally>, higher: bool) -> Option<N> {
        match self {
            Self::Undefined | Self::Affine { .. } => None,
            Self::Constant(mark) => Some(mark.clone()),
            Self::Inverse { target, cap } => inverse(x, target, cap.as_ref()),
            Self::Places { group, rule } => Some(rule.mark(tally(group)?, group.size, higher)),
            Self::Lines(points) => lines(x, points),
            Self::Bands { bands, otherwise } => Some(band(x, bands, otherwise, higher)),
        }
    }
}

impl<N: Number> PlaceRule<N> {
    fn mark(&self, tally: Tally, size: u32, higher: bool) -> N {
        let (below, equal, size) = (i64::from(tally.below), i64::from(tally.equal), i64::from(size));
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
                integer(others.saturating_sub(better).saturating_mul(100)).div(&integer(others))
            }
        }
    }
}

/// The scale of one group.
fn scale<'a, N: Number>(normalise: &Normalise, lower: bool, group: &'a GroupReference) -> Scale<'a, N> {
    let mark = |value: &Decimal| N::from_decimal(*value);
    match normalise {
        Normalise::MinMax { low, high, clamp, constant, .. } => {
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
            let (factor, offset) = if lower { (-factor, 100) } else { (factor, 0) };
            Scale::Affine {
                low: N::from_rational(&low),
                factor: N::from_rational(&factor),
                offset: N::from_integer(offset),
                limits: (low_limit, high_limit),
            }
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
            Scale::Affine {
                low: N::from_integer(0),
                factor: N::from_rational(&factor),
                offset: N::from_integer(0),
                limits: (None, cap),
            }
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
            Scale::Affine {
                low: N::from_decimal(*mean),
                factor: N::from_rational(&factor),
                offset: mark(centre),
                limits: clamp.as_ref().map(|limits| (mark(&limits.low), mark(&limits.high))).unzip(),
            }
        }
        Normalise::PercentileRank { .. } => places(group, PlaceRule::Percentile),
        Normalise::Rank { single, .. } => places(group, PlaceRule::Rank { single: mark(single) }),
        Normalise::Piecewise { points, .. } => Scale::Lines(pairs(points)),
        Normalise::Bands { bands, otherwise, .. } => Scale::Bands { bands: pairs(bands), otherwise: mark(otherwise) },
        Normalise::Identity { .. } => Scale::Affine {
            low: N::from_integer(0),
            factor: N::from_integer(1),
            offset: N::from_integer(0),
            limits: (None, None),
        },
    }
}

/// The bounds of a group; two fixed bounds need no member.
fn bounds(low: &Bound, high: &Bound, group: &GroupReference) -> Option<(Rational, Rational)> {
    match (low, high, &group.statistics) {
        (Bound::Fixed(low), Bound::Fixed(high), _) => Some((Rational::from(*low), Rational::from(*high))),
        (_, _, Statistics::Bounds(low, high)) => Some((low.clone(), high.clone())),
        _ => None,
    }
}

fn places<N: Number>(group: &GroupReference, rule: PlaceRule<N>) -> Scale<'_, N> {
    match &group.statistics {
        Statistics::Distribution(_) => Scale::Places { group, rule },
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

/// A number of which nothing is known, so that the exact path decides. Exact numbers always compare,
/// so they never come here.
fn undecided<N: Number>() -> N {
    N::from_integer(1).div(&N::from_integer(0))
}
