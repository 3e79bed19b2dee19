//! Indices: marks combined by weights, level by level.

use std::borrow::Cow;

use super::cells::{Cells, State};
use super::field::Field;
use super::indicator::{Inputs, Quotients};
use super::normalise::{Line, Marks, Values};
use crate::cohort::NONE;
use crate::exact::{Column, Decimal, Number, Transformed};
use crate::methodology::Term;
use crate::methodology::model::{Absent, Aggregate, Index, Missing, Range, Weight};

/// Weights are whole numbers of millionths, so that they add up exactly.
const MILLION: i64 = 1_000_000;

/// The weight of a child for one territory, in millionths.
pub(crate) fn weight(field: &Field<'_>, weight: &Weight, territory: u32) -> u64 {
    let table = match weight {
        Weight::Fixed(value) => return millionths(*value),
        Weight::Table(table) => table,
    };
    let row = territory as usize;
    let territories = &field.cohort.territories;
    let by_type = || {
        let name = territories.structure_types.get(row)?;
        table.by_structure_type.as_ref()?.get(name).copied()
    };
    let by_stratum = || {
        let stratum = field.seats.strata.get(row).filter(|stratum| **stratum != NONE)?;
        let stratum = field.methodology.document().strata.get(*stratum as usize)?;
        table.by_stratum.as_ref()?.get(&stratum.id).copied()
    };
    let by_population = || {
        let population = territories.population.get(row).copied().and_then(Decimal::new)?;
        let bands = table.by_population.as_deref()?;
        let band = bands.iter().find(|band| Range { from: band.from, below: band.below }.contains(population))?;
        Some(band.weight)
    };
    millionths(by_type().or_else(by_stratum).or_else(by_population).unwrap_or(table.default))
}

/// A weight as millionths. The checks leave weights from 0 to a million with six decimals at most, so the binary64
/// that stands for one, and its product by a million, are both off by at most 2^-53 of themselves: by far less than
/// half a millionth, and the whole number next to the product is the one that is meant.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 10^12, and a half")]
pub(crate) fn millionths(weight: Decimal) -> u64 {
    (weight.get() * MILLION as f64 + 0.5) as u64
}

/// What an index combines.
pub(crate) enum Child<'a, N: Number> {
    /// The marks of a criterion.
    Criterion(Marks<'a, N>),
    /// The values of another index, or marks that are kept.
    Known(&'a Cells<N>),
}

/// Combines the children of an index. `children` are in the document's order.
pub(crate) fn combine<N: Number>(
    field: &Field<'_>,
    index: &Index,
    children: Vec<Child<'_, N>>,
    inputs: &Inputs<'_, N>,
) -> Cells<N> {
    let rows = inputs.rows();
    if let Some(sums) = combine_columns(field, index, &children, inputs) {
        for child in children {
            if let Child::Criterion(marks) = child {
                marks.give(inputs.pool());
            }
        }
        return sums;
    }
    let drawn: Vec<Cow<'_, Cells<N>>> = children
        .into_iter()
        .map(|child| match child {
            Child::Criterion(marks) => Cow::Owned(marks.drawn(inputs)),
            Child::Known(cells) => Cow::Borrowed(cells),
        })
        .collect();
    let children: Vec<&Cells<N>> = drawn.iter().map(Cow::as_ref).collect();
    let mut out = Cells::<N>::new(rows.len());
    let mut terms: Vec<(N, u64)> = Vec::with_capacity(children.len());
    for (place, row) in rows.iter().enumerate() {
        terms.clear();
        match gather(field, index, &children, place, *row, &mut terms) {
            Ok(()) => match aggregate(index.aggregate, &terms) {
                Some(value) if !value.overflows() => out.values.set(place, value),
                _ => out.set_state(place, State::Undefined),
            },
            Err(state) => out.set_state(place, state),
        }
    }
    out
}

/// The weighted sums of whole columns: where every child has a value for every territory, and the
/// weights are the same for all of them. `None` elsewhere.
fn combine_columns<N: Number>(
    field: &Field<'_>,
    index: &Index,
    children: &[Child<'_, N>],
    inputs: &Inputs<'_, N>,
) -> Option<Cells<N>> {
    if !matches!(index.aggregate, Aggregate::Arithmetic | Aggregate::Sum) {
        return None;
    }
    let rows = inputs.rows();
    let first = *rows.first()?;
    let mut sums: Vec<Terms<'_, N>> = Vec::new();
    let mut offset = N::from_integer(0);
    let mut weights = 0_u64;
    for (child, values) in index.of.iter().zip(children) {
        let own = weight(field, &child.weight, first);
        let same = matches!(child.weight, Weight::Fixed(_))
            || rows.iter().all(|row| weight(field, &child.weight, *row) == own);
        let Addend { column, divisor, line } = Addend::of(values, inputs)?;
        if !same {
            return None;
        }
        if own == 0 {
            continue;
        }
        weights = weights.saturating_add(own);
        let mut factor = integer::<N>(own);
        if let Some(line) = line {
            offset = offset.add(&line.offset.mul(&factor));
            factor = factor.mul(&line.factor);
        }
        if let Some(sum) = sums.iter_mut().find(|sum| sum.divisor == divisor) {
            sum.terms.push((column, factor));
        } else {
            let mut terms = Vec::with_capacity(children.len());
            terms.push((column, factor));
            sums.push(Terms { divisor, terms });
        }
    }
    if weights == 0 {
        return None;
    }
    let total = match index.aggregate {
        Aggregate::Sum => N::from_integer(MILLION),
        _ => integer(weights),
    };
    let mut values = inputs.pool().take(rows.len());
    values.fill(offset);
    for terms in sums {
        values.plus(&terms.sum(inputs));
    }
    values.update(|sum| sum.div(&total));
    let mut cells = Cells { values, states: inputs.pool().present(rows.len()) };
    cells.exclude_overflows();
    Some(cells)
}

/// Columns with factors, all to be divided by the same.
struct Terms<'a, N: Number> {
    divisor: Option<&'a Term>,
    terms: Vec<(&'a N::Column, N)>,
}

impl<N: Number> Terms<'_, N> {
    fn sum(&self, inputs: &Inputs<'_, N>) -> N::Column {
        let mut sum = inputs.pool().take(inputs.rows().len());
        sum.weighted_sum(&self.terms);
        match self.divisor {
            Some(divisor) => Quotients::of(sum, divisor).taken(inputs),
            None => sum,
        }
    }
}

/// The values of a child of which every territory has one.
struct Addend<'a, N: Number> {
    column: &'a N::Column,
    /// What they are to be divided by.
    divisor: Option<&'a Term>,
    /// The line that is to be drawn of that.
    line: Option<&'a Line<N>>,
}

impl<'a, N: Number> Addend<'a, N> {
    fn of(child: &'a Child<'_, N>, inputs: &'a Inputs<'_, N>) -> Option<Self> {
        let cells = match child {
            Child::Criterion(Marks::Line { values: Values::Taken(column), line }) => {
                return Some(Self { column, divisor: None, line: Some(line) });
            }
            Child::Criterion(Marks::Line { values: Values::Quotients(quotients), line }) => {
                let column = quotients.dividends(inputs)?;
                return Some(Self { column, divisor: Some(quotients.divisor), line: Some(line) });
            }
            Child::Criterion(Marks::Drawn(cells)) => cells,
            Child::Known(cells) => cells,
        };
        cells.all_present().then_some(Self { column: &cells.values, divisor: None, line: None })
    }
}

fn integer<N: Number>(weight: u64) -> N {
    N::from_integer(i64::try_from(weight).unwrap_or(i64::MAX))
}

/// Collects the values that count for one territory with their weights, or says why there is no
/// value. A child of weight 0 counts for nothing, whatever its state.
fn gather<N: Number>(
    field: &Field<'_>,
    index: &Index,
    children: &[&Cells<N>],
    place: usize,
    row: u32,
    terms: &mut Vec<(N, u64)>,
) -> Result<(), State> {
    let (mut present, mut total) = (0_u128, 0_u128);
    for (child, cells) in index.of.iter().zip(children) {
        let weight = weight(field, &child.weight, row);
        if weight == 0 {
            continue;
        }
        total = total.saturating_add(u128::from(weight));
        match (cells.value(place), cells.state(place)) {
            (Some(value), _) => {
                present = present.saturating_add(u128::from(weight));
                terms.push((value, weight));
            }
            (None, State::Refused) => return Err(State::Refused),
            (None, State::Absent) if child.absent == Some(Absent::Refuse) => return Err(State::Refused),
            (None, State::Absent) if child.absent == Some(Absent::Zero) => {
                present = present.saturating_add(u128::from(weight));
                terms.push((N::from_integer(0), weight));
            }
            (None, _) => match index.missing {
                Missing::Renormalise => {}
                Missing::Zero => terms.push((N::from_integer(0), weight)),
                Missing::Refuse => return Err(State::Refused),
            },
        }
    }
    // A share is reached when it is equalled; both sides are whole numbers.
    let share = index.minimum_share.map_or(0, |share| u128::from(millionths(share)));
    if present.saturating_mul(MILLION.unsigned_abs().into()) < share.saturating_mul(total) {
        return Err(State::Insufficient);
    }
    Ok(())
}

/// Combines values of positive weight; `None` if there is none.
fn aggregate<N: Number>(aggregate: Aggregate, terms: &[(N, u64)]) -> Option<N> {
    let (first, rest) = terms.split_first()?;
    let total = || integer(terms.iter().fold(0_u64, |total, (_, weight)| total.saturating_add(*weight)));
    let weighted =
        || terms.iter().fold(N::from_integer(0), |sum, (value, weight)| sum.add(&value.mul(&integer(*weight))));
    match aggregate {
        Aggregate::Arithmetic => Some(weighted().div(&total())),
        Aggregate::Sum => Some(weighted().div(&N::from_integer(MILLION))),
        Aggregate::Min => Some(rest.iter().fold(first.0.clone(), |least, (value, _)| least.min(value))),
        Aggregate::Max => Some(rest.iter().fold(first.0.clone(), |most, (value, _)| most.max(value))),
        Aggregate::Geometric => match N::geometric_mean(terms) {
            Transformed::Value(value) => Some(value),
            Transformed::Undefined => None,
        },
        Aggregate::Harmonic => {
            // A zero draws the mean to 0: its limit, and the rule of the specification.
            if terms.iter().any(|(value, _)| value.is_zero() == Some(true)) {
                return Some(N::from_integer(0));
            }
            let sum = terms
                .iter()
                .fold(N::from_integer(0), |sum, (value, weight)| sum.add(&integer::<N>(*weight).div(value)));
            Some(total().div(&sum))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The weight that is written as so many millionths.
    fn written(millionths: u64) -> Decimal {
        let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
        Decimal::parse(&text).unwrap()
    }

    #[test]
    fn the_least_and_the_greatest_weight() {
        for weight in [0, 1, 999_999, 1_000_000, 1_000_001, 999_999_999_999, 1_000_000_000_000] {
            assert_eq!(millionths(written(weight)), weight);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_weight_is_the_millionths_that_are_written(weight in 0_u64..=1_000_000_000_000) {
            proptest::prop_assert_eq!(millionths(written(weight)), weight);
        }
    }
}
