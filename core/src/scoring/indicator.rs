//! Raw values: a criterion's formula over the metrics of each account, exactly.

use std::cmp::Ordering;

use super::cells::{Cells, State};
use super::field::Field;
use super::reference::GroupLimits;
use crate::cohort::{Accounts, Cohort, NONE};
use crate::exact::{Column, Decimal, Number, Rational, Transformed};
use crate::methodology::Criterion;
use crate::methodology::formula::{Comparison, Expression, Operator, PREVIOUS};
use crate::methodology::model::{Direction, Indicator, Undefined};

/// The raw values of `criterion` for the territories `rows`: formula, then transform.
///
/// Of the states, the first that applies: outside the strata, absent, ineligible, unknown, undefined.
pub(crate) fn raw<N: Number>(field: &Field<'_>, criterion: &Criterion, rows: &[u32]) -> Cells<N> {
    let document = field.methodology.document();
    let network = criterion.network.as_deref();
    let mut cells = Cells::<N>::new(rows.len());
    let Some(indicator) = document.indicators.get(criterion.indicator) else {
        return cells;
    };
    let inputs = Inputs::<N>::load(field.cohort, network, indicator.formula.root(), rows, &mut cells.states);
    field.exclude(network, rows, &mut cells.states);
    let mut undefined = vec![false; rows.len()];
    cells.values = evaluate(indicator.formula.root(), &inputs, &mut undefined);
    finish(indicator, &mut cells, &undefined);
    decide(field, criterion, rows, &mut cells);
    cells
}

/// Computes exactly the values of which nothing is known, such as a quotient whose divisor may be
/// zero: whether there is a value at all must be settled here, for it decides who enters a reference.
fn decide<N: Number>(field: &Field<'_>, criterion: &Criterion, rows: &[u32], cells: &mut Cells<N>) {
    for (index, row) in rows.iter().enumerate() {
        if cells.state(index).is_present() && cells.values.get(index).is_undecided() {
            let exact = raw::<Rational>(field, criterion, std::slice::from_ref(row));
            cells.set_state(index, exact.state(0));
            cells.values.set(index, N::from_rational(&exact.values.get(0)));
        }
    }
}

/// Transforms the formula's values and settles those that are undefined.
fn finish<N: Number>(indicator: &Indicator, cells: &mut Cells<N>, undefined: &[bool]) {
    for (index, undefined) in undefined.iter().enumerate() {
        if cells.state(index) != State::Present {
            continue;
        }
        let mut undefined = *undefined || cells.values.get(index).overflows();
        if let Some(transform) = indicator.transform.filter(|_| !undefined) {
            match cells.values.get(index).transform(transform.into()) {
                Transformed::Value(value) => cells.values.set(index, value),
                Transformed::Undefined => undefined = true,
            }
        }
        if undefined {
            if indicator.undefined == Undefined::RawZero {
                cells.values.set(index, N::from_decimal(Decimal::ZERO));
                cells.set_state(index, State::RawZero);
            } else {
                cells.set_state(index, State::Undefined);
            }
        }
    }
}

/// Raw values as they are compared: the distance to the target when closest is best.
pub(crate) fn oriented<N: Number>(direction: Direction, cells: &mut Cells<N>) {
    if let Direction::ClosestTo(target) = direction {
        let target = N::from_decimal(target);
        let mut distances = N::Column::with_len(cells.states.len());
        cells.values.map1(&mut distances, |value| value.sub(&target).abs());
        cells.values = distances;
    }
}

/// Raw values as statistics and marks see them: oriented, then drawn in to the limits of their group.
pub(crate) fn drawn_in<N: Number>(
    field: &Field<'_>,
    criterion: &Criterion,
    limits: &[GroupLimits],
    rows: &[u32],
) -> Cells<N> {
    let mut cells = raw(field, criterion, rows);
    let Some(indicator) = field.methodology.document().indicators.get(criterion.indicator) else {
        return cells;
    };
    oriented(indicator.direction, &mut cells);
    let Some(winsorise) = indicator.winsorise.as_ref().filter(|_| !limits.is_empty()) else {
        return cells;
    };
    // Drawing in moves two numbers no further apart, so it needs no decision of a filtered number.
    let ready: Vec<(Option<N>, Option<N>)> = limits
        .iter()
        .map(|limits| (limits.low.as_ref().map(N::from_rational), limits.high.as_ref().map(N::from_rational)))
        .collect();
    for (index, row) in rows.iter().enumerate() {
        let group = winsorise.within.as_ref().map_or(0, |within| field.group(within, *row));
        let Some((low, high)) = ready.get(group as usize).filter(|_| cells.state(index).is_present()) else {
            continue;
        };
        let mut value = cells.values.get(index);
        value = low.as_ref().map_or(value.clone(), |low| value.max(low));
        value = high.as_ref().map_or(value.clone(), |high| value.min(high));
        cells.values.set(index, value);
    }
    cells
}

/// The order of two oriented values, the better first.
pub(crate) fn better_first(direction: Direction, ordering: Ordering) -> Ordering {
    match direction {
        Direction::Higher => ordering.reverse(),
        Direction::Lower | Direction::ClosestTo(_) => ordering,
    }
}

/// The columns that an expression reads.
pub(crate) struct Inputs<N: Number> {
    columns: Vec<(String, N::Column)>,
    len: usize,
}

impl<N: Number> Inputs<N> {
    /// Loads the variables of `expression` for the territories `rows`; marks as absent the
    /// territories without the account that it reads, and as unknown those without a number.
    pub(crate) fn load(
        cohort: &Cohort,
        network: Option<&str>,
        expression: &Expression,
        rows: &[u32],
        states: &mut [State],
    ) -> Self {
        let mut inputs = Self { columns: Vec::new(), len: rows.len() };
        expression.variables(&mut |name| inputs.variable(cohort, network, name, rows, states));
        inputs
    }

    fn variable(&mut self, cohort: &Cohort, network: Option<&str>, name: &str, rows: &[u32], states: &mut [State]) {
        if self.columns.iter().any(|(known, _)| known == name) {
            return;
        }
        let mut column = N::Column::with_len(rows.len());
        if name == "days" {
            let days = cohort.period().map_or(0, |period| i64::from(period.days()));
            column.fill(N::from_integer(days));
            self.columns.push((name.to_owned(), column));
            return;
        }
        let at = |values: &[f64], row: u32| values.get(row as usize).copied().unwrap_or(f64::NAN);
        let own = if name == "population" {
            Some(&cohort.territories.population)
        } else {
            cohort.territories.attributes.get(name)
        };
        let accounts = network.and_then(|network| cohort.accounts.get(network));
        // The previous period's account, where the name asks for it; without one its metrics are
        // unknown, while a territory without an account today is absent whatever it had before.
        let earlier = name.strip_prefix(PREVIOUS);
        let source = match earlier {
            Some(_) => network.and_then(|network| cohort.previous.get(network)),
            None => accounts,
        };
        let metric = source.and_then(|source| source.metrics.get(earlier.unwrap_or(name)));
        let account_of = |accounts: Option<&Accounts>, row: u32| {
            let account = accounts.and_then(|accounts| accounts.of_territory.get(row as usize).copied());
            account.filter(|account| *account != NONE)
        };
        let reads_account = own.is_none() && network.is_some();
        for (index, (row, state)) in rows.iter().zip(states).enumerate() {
            let value = if reads_account {
                if account_of(accounts, *row).is_none() {
                    *state = State::Absent;
                    continue;
                }
                account_of(source, *row).and_then(|account| Some(at(metric?, account))).unwrap_or(f64::NAN)
            } else {
                own.map_or(f64::NAN, |values| at(values, *row))
            };
            match Decimal::new(value) {
                Some(value) => column.set(index, N::from_decimal(value)),
                None if *state == State::Present => *state = State::Unknown,
                None => {}
            }
        }
        self.columns.push((name.to_owned(), column));
    }

    fn get(&self, name: &str) -> N::Column {
        let column = self.columns.iter().find(|(known, _)| known == name);
        let mut copy = N::Column::with_len(self.len);
        if let Some((_, column)) = column {
            column.map1(&mut copy, |value| value);
        }
        copy
    }
}

/// The values of an expression; marks as undefined where a divisor is zero.
fn evaluate<N: Number>(expression: &Expression, inputs: &Inputs<N>, undefined: &mut [bool]) -> N::Column {
    let mut out = N::Column::with_len(inputs.len);
    match expression {
        Expression::Number(value) => out.fill(N::from_decimal(*value)),
        Expression::Variable(name) => return inputs.get(name),
        Expression::Negate(inner) => {
            let zero = N::from_integer(0);
            evaluate(inner, inputs, undefined).map1(&mut out, |value| zero.sub(&value));
        }
        Expression::Abs(inner) => evaluate(inner, inputs, undefined).map1(&mut out, |value| value.abs()),
        Expression::Binary(operator, left, right) => {
            let left = evaluate(left, inputs, undefined);
            let right = evaluate(right, inputs, undefined);
            match operator {
                Operator::Add => left.map2(&right, &mut out, |a, b| a.add(&b)),
                Operator::Subtract => left.map2(&right, &mut out, |a, b| a.sub(&b)),
                Operator::Multiply => left.map2(&right, &mut out, |a, b| a.mul(&b)),
                Operator::Min => left.map2(&right, &mut out, |a, b| a.min(&b)),
                Operator::Max => left.map2(&right, &mut out, |a, b| a.max(&b)),
                Operator::Divide => {
                    for (index, undefined) in undefined.iter_mut().enumerate() {
                        *undefined |= right.get(index).is_zero() == Some(true);
                    }
                    left.map2(&right, &mut out, |a, b| a.div(&b));
                }
            }
        }
    }
    out
}

/// How a comparison of a predicate comes out for each territory; `None` where it is undecided.
pub(crate) fn compare<N: Number>(
    cohort: &Cohort,
    network: Option<&str>,
    comparison: &Comparison,
    rows: &[u32],
    states: &mut [State],
) -> Vec<Option<bool>> {
    let mut undefined = vec![false; rows.len()];
    let mut side = |expression: &Expression, states: &mut [State]| {
        let inputs = Inputs::<N>::load(cohort, network, expression, rows, states);
        evaluate(expression, &inputs, &mut undefined)
    };
    let left = side(&comparison.left, states);
    let right = side(&comparison.right, states);
    let mut results = Vec::with_capacity(rows.len());
    for (index, (undefined, state)) in undefined.iter().zip(states).enumerate() {
        if *undefined && *state == State::Present {
            *state = State::Undefined;
        }
        let ordering = left.get(index).compare(&right.get(index));
        results.push(ordering.map(|ordering| comparison.relation.holds(ordering)));
    }
    results
}
