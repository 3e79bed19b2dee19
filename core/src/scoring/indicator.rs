//! Raw values: a criterion's formula over the metrics of each account, exactly.

use std::cmp::Ordering;

use super::cells::{Cells, Pool, State, undecided};
use super::field::Field;
use super::reference::GroupLimits;
use crate::cohort::{Cohort, NONE};
use crate::exact::{Column, Decimal, Number, Rational, Transformed};
use crate::methodology::Criterion;
use crate::methodology::formula::{Comparison, Expression, Operator, PREVIOUS};
use crate::methodology::model::{Direction, Document, Indicator, Undefined};

/// The raw values of `criterion` for the territories `rows`: formula, then transform.
///
/// Of the states, the first that applies: outside the strata, absent, ineligible, unknown, undefined.
pub(crate) fn raw<N: Number>(field: &Field<'_>, criterion: &Criterion, inputs: &mut Inputs<'_, N>) -> Cells<N> {
    let mut cells = Cells::<N>::new(0);
    let Some(indicator) = field.methodology.document().indicators.get(criterion.indicator) else {
        return Cells::new(inputs.rows.len());
    };
    let network = criterion.network.as_deref();
    cells.states = inputs.load(network, indicator.formula.root());
    field.exclude(network, inputs.rows, &mut cells.states);
    let mut divisors = Divisors::new(inputs.rows.len());
    let values = evaluate(network, indicator.formula.root(), inputs, &mut divisors);
    cells.values = values.into_column(inputs.rows.len(), inputs.pool());
    if divisors.some_undecided {
        for (index, _) in divisors.undecided.iter().enumerate().filter(|(_, undecided)| **undecided) {
            cells.values.set(index, undecided());
        }
    }
    finish(indicator, &mut cells, &divisors.zero);
    decide(field, criterion, inputs.rows, &mut cells);
    cells
}

/// Computes exactly the values of which nothing is known, such as a quotient whose divisor may be
/// zero: whether there is a value at all must be settled here, for it decides who enters a reference.
fn decide<N: Number>(field: &Field<'_>, criterion: &Criterion, rows: &[u32], cells: &mut Cells<N>) {
    if !cells.values.any(N::is_undecided) {
        return;
    }
    for (index, row) in rows.iter().enumerate() {
        if cells.state(index).is_present() && cells.values.get(index).is_undecided() {
            let mut inputs = Inputs::new(field, std::slice::from_ref(row));
            let exact = raw::<Rational>(field, criterion, &mut inputs);
            cells.set_state(index, exact.state(0));
            cells.values.set(index, N::from_rational(&exact.values.get(0)));
        }
    }
}

/// Transforms the formula's values and settles those that are undefined.
fn finish<N: Number>(indicator: &Indicator, cells: &mut Cells<N>, undefined: &[bool]) {
    if indicator.transform.is_none() && !undefined.contains(&true) && !cells.values.any(N::overflows) {
        return;
    }
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
        cells.values.update(|value| value.sub(&target).abs());
    }
}

/// Raw values as statistics and marks see them: oriented, then drawn in to the limits of their group.
pub(crate) fn drawn_in<N: Number>(
    field: &Field<'_>,
    criterion: &Criterion,
    limits: &[GroupLimits],
    inputs: &mut Inputs<'_, N>,
) -> Cells<N> {
    let rows = inputs.rows;
    let mut cells = raw(field, criterion, inputs);
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
    let groups = winsorise.within.as_ref().map(|within| field.groups(within));
    for (index, row) in rows.iter().enumerate() {
        let group = groups.map_or(0, |groups| groups.get(*row as usize).copied().unwrap_or(NONE));
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

/// What expressions read of some territories: each column is read once, whatever the number of criteria.
pub(crate) struct Inputs<'a, N: Number> {
    /// Names mean what this document declares, whatever others that read the cohort declare.
    document: &'a Document,
    cohort: &'a Cohort,
    rows: &'a [u32],
    columns: Vec<Input<N>>,
    /// How many of the columns are those of these territories; the others are of earlier ones.
    read: usize,
    /// The account of each of these territories, by network.
    accounts: Vec<(String, Vec<u32>)>,
    pool: Pool<N>,
}

/// The account of each territory on a network, or [`NONE`].
fn accounts_of<'a>(known: &'a mut Vec<(String, Vec<u32>)>, cohort: &Cohort, network: &str, rows: &[u32]) -> &'a [u32] {
    let place = known.iter().position(|(known, _)| known == network).unwrap_or_else(|| {
        known.push((network.to_owned(), Vec::new()));
        known.len().saturating_sub(1)
    });
    let Some((_, accounts)) = known.get_mut(place) else { return &[] };
    if accounts.is_empty() {
        let all = cohort.accounts.get(network).map(|accounts| accounts.of_territory.as_slice()).unwrap_or_default();
        accounts.extend(rows.iter().map(|row| all.get(*row as usize).copied().unwrap_or(NONE)));
    }
    accounts
}

/// One variable, read for some territories.
struct Input<N: Number> {
    network: Option<String>,
    name: String,
    /// Is it a metric of the account, and not a number of the territory?
    is_metric: bool,
    numbers: Vec<f64>,
    values: N::Column,
    /// Who has no account to read it from, and of whom it is unknown; empty when that is nobody.
    states: Vec<State>,
}

impl<'a, N: Number> Inputs<'a, N> {
    /// What the territories `rows` have to say; nothing is read yet.
    pub(crate) fn new(field: &Field<'a>, rows: &'a [u32]) -> Self {
        Self::of(field.methodology.document(), field.cohort, rows)
    }

    /// The same, before there is a field.
    fn of(document: &'a Document, cohort: &'a Cohort, rows: &'a [u32]) -> Self {
        Self { document, cohort, rows, columns: Vec::new(), read: 0, accounts: Vec::new(), pool: Pool::default() }
    }

    /// Turns to other territories.
    pub(crate) fn turn_to(&mut self, rows: &'a [u32]) {
        self.rows = rows;
        self.read = 0;
        self.accounts.iter_mut().for_each(|(_, accounts)| accounts.clear());
    }

    /// Columns for what is computed.
    pub(crate) fn pool(&self) -> &Pool<N> {
        &self.pool
    }

    /// The territories.
    pub(crate) fn rows(&self) -> &'a [u32] {
        self.rows
    }

    /// Reads the variables of `expression`, and says which territories are without the account that it
    /// reads, and without a number.
    pub(crate) fn load(&mut self, network: Option<&str>, expression: &Expression) -> Vec<State> {
        let mut states = vec![State::Present; self.rows.len()];
        expression.variables(&mut |name| {
            if name != "days" {
                self.read(network, name, &mut states);
            }
        });
        states
    }

    fn find(&self, network: Option<&str>, name: &str) -> Option<&Input<N>> {
        // What was read last is mostly what is asked for.
        self.columns.iter().take(self.read).rev().find(|known| known.is(network, name))
    }

    /// Reads a variable unless that is done, and adds what is missing of it to `states`.
    fn read(&mut self, network: Option<&str>, name: &str, states: &mut [State]) {
        if self.find(network, name).is_none() {
            // The same variables are read of one chunk after another, mostly in the same order.
            let known = self.columns.iter().skip(self.read).position(|known| known.is(network, name));
            let place = known.map_or(self.columns.len(), |known| known.saturating_add(self.read));
            if known.is_none() {
                let is_metric = self.document.metrics.contains_key(name.strip_prefix(PREVIOUS).unwrap_or(name));
                self.columns.push(Input::new(network, name, is_metric));
            }
            self.columns.swap(place, self.read);
            if let Some(input) = self.columns.get_mut(self.read) {
                let accounts = network.map(|network| accounts_of(&mut self.accounts, self.cohort, network, self.rows));
                input.fill(self.cohort, self.rows, accounts.unwrap_or_default());
            }
            self.read = self.read.saturating_add(1);
        }
        let own = self.find(network, name).map(|input| input.states.as_slice()).unwrap_or_default();
        for (state, own) in states.iter_mut().zip(own) {
            // Absent comes before unknown.
            if *own == State::Absent || *state == State::Present {
                *state = *own;
            }
        }
    }

    fn get(&self, network: Option<&str>, name: &str) -> Operand<'_, N> {
        match self.find(network, name) {
            Some(input) => Operand::Input(&input.values),
            None => Operand::Constant(N::from_integer(self.cohort.period().map_or(0, |period| period.days().into()))),
        }
    }
}

impl<N: Number> Input<N> {
    fn new(network: Option<&str>, name: &str, is_metric: bool) -> Self {
        let (network, name) = (network.map(str::to_owned), name.to_owned());
        Self { network, name, is_metric, numbers: Vec::new(), values: N::Column::with_len(0), states: Vec::new() }
    }

    fn is(&self, network: Option<&str>, name: &str) -> bool {
        self.name == name && self.network.as_deref() == network
    }

    /// Reads the variable of some territories, of which `accounts` are the accounts on its network.
    fn fill(&mut self, cohort: &Cohort, rows: &[u32], accounts: &[u32]) {
        let Self { network, name, is_metric, numbers, values, states } = self;
        numbers.clear();
        states.clear();
        let own = match name.as_str() {
            "population" => Some(&cohort.territories.population),
            name => cohort.territories.attributes.get(name),
        };
        let own = own.map(Vec::as_slice);
        // The previous period's account, where the name asks for it; without one its metrics are
        // unknown, while a territory without an account today is absent whatever it had before.
        let earlier = name.strip_prefix(PREVIOUS);
        let on_network = network.as_ref().filter(|_| *is_metric);
        let source = if earlier.is_some() { &cohort.previous } else { &cohort.accounts };
        let source = on_network.and_then(|network| source.get(network));
        let metric = source.and_then(|source| source.metrics.get(earlier.unwrap_or(name))).map(Vec::as_slice);
        let at = |values: &[f64], place: u32| values.get(place as usize).copied().unwrap_or(f64::NAN);
        if let (Some(_), Some(source), Some(metric)) = (earlier, source, metric) {
            let account = |row: &u32| source.of_territory.get(*row as usize).copied().unwrap_or(NONE);
            numbers.extend(rows.iter().map(|row| at(metric, account(row))));
        } else if on_network.is_some() {
            numbers.extend(accounts.iter().map(|account| at(metric.unwrap_or_default(), *account)));
        } else {
            numbers.extend(rows.iter().map(|row| at(own.unwrap_or_default(), *row)));
        }
        // Where nothing can be read of anybody.
        numbers.resize(rows.len(), f64::NAN);
        // Who has no account has no value either; only the previous period's may be there all the same.
        if earlier.is_some() || numbers.iter().fold(false, |any, value| any | value.is_nan()) {
            let absent = |index: usize| on_network.is_some() && accounts.get(index).is_none_or(|of| *of == NONE);
            states.extend(numbers.iter().enumerate().map(|(index, value)| {
                if absent(index) {
                    State::Absent
                } else if value.is_nan() {
                    State::Unknown
                } else {
                    State::Present
                }
            }));
        }
        if !states.is_empty() {
            // What no state lets through may be any number: a whole one keeps the column whole.
            for number in numbers.iter_mut().filter(|number| number.is_nan()) {
                *number = 0.0;
            }
        }
        values.load(numbers);
    }
}

/// A part of an expression: one number for all territories, a column that was read, or one computed.
enum Operand<'a, N: Number> {
    Constant(N),
    Input(&'a N::Column),
    Computed(N::Column),
}

impl<N: Number> Operand<'_, N> {
    fn into_column(self, len: usize, pool: &Pool<N>) -> N::Column {
        match self {
            Self::Constant(number) => {
                let mut column = pool.take(len);
                column.fill(number);
                column
            }
            Self::Input(column) => pool.copy(column),
            Self::Computed(column) => column,
        }
    }

    fn map(self, pool: &Pool<N>, f: impl Fn(&N) -> N) -> Self {
        match self {
            Self::Constant(number) => Self::Constant(f(&number)),
            other => {
                let mut column = other.into_column(0, pool);
                column.update(f);
                Self::Computed(column)
            }
        }
    }

    fn combine(self, other: Self, pool: &Pool<N>, f: impl Fn(&N, &N) -> N) -> Self {
        match (self, other) {
            (Self::Constant(a), other) => other.map(pool, |b| f(&a, b)),
            (own, Self::Constant(b)) => own.map(pool, |a| f(a, &b)),
            (Self::Input(a), Self::Computed(mut b)) => {
                b.update_with(a, |b, a| f(a, b));
                Self::Computed(b)
            }
            (own, Self::Input(b)) => {
                let mut column = own.into_column(b.len(), pool);
                column.update_with(b, f);
                Self::Computed(column)
            }
            (own, Self::Computed(b)) => {
                let mut column = own.into_column(b.len(), pool);
                column.update_with(&b, f);
                pool.give(b);
                Self::Computed(column)
            }
        }
    }

    fn divide(self, divisor: Self, pool: &Pool<N>) -> Self {
        let (own, divisor) = match (self, divisor) {
            (own, Self::Constant(number)) => return own.map(pool, |a| a.div(&number)),
            (Self::Constant(number), divisor) => return divisor.map(pool, |b| number.div(b)),
            both => both,
        };
        let quotient = match (own.column(), divisor.column()) {
            (Some(a), Some(b)) => {
                let mut quotient = pool.take(a.len());
                quotient.quotient(a, b);
                quotient
            }
            _ => pool.take(0),
        };
        for used in [own, divisor] {
            if let Self::Computed(column) = used {
                pool.give(column);
            }
        }
        Self::Computed(quotient)
    }

    fn column(&self) -> Option<&N::Column> {
        match self {
            Self::Constant(_) => None,
            Self::Input(column) => Some(column),
            Self::Computed(column) => Some(column),
        }
    }
}

/// What is known of the divisors of an expression, for each territory: whether one of them is zero, or may
/// be. What a zero makes undefined shows nowhere in a value that does not depend on it.
struct Divisors {
    zero: Vec<bool>,
    undecided: Vec<bool>,
    some_undecided: bool,
}

impl Divisors {
    fn new(len: usize) -> Self {
        Self { zero: vec![false; len], undecided: vec![false; len], some_undecided: false }
    }

    /// Notes where a divisor is zero, or undecided.
    fn note<N: Number>(&mut self, divisor: &Operand<'_, N>) {
        let may_be_zero = |number: &N| number.is_zero() != Some(false);
        let column = match divisor {
            Operand::Constant(number) => {
                match number.is_zero() {
                    Some(true) => self.zero.fill(true),
                    Some(false) => {}
                    None => {
                        self.undecided.fill(true);
                        self.some_undecided = true;
                    }
                }
                return;
            }
            Operand::Input(column) => column,
            Operand::Computed(column) => column,
        };
        if !column.any(may_be_zero) {
            return;
        }
        for (index, (zero, undecided)) in self.zero.iter_mut().zip(&mut self.undecided).enumerate() {
            match column.get(index).is_zero() {
                Some(true) => *zero = true,
                Some(false) => {}
                None => {
                    *undecided = true;
                    self.some_undecided = true;
                }
            }
        }
    }
}

/// The values of an expression.
fn evaluate<'a, N: Number>(
    network: Option<&str>,
    expression: &Expression,
    inputs: &'a Inputs<'_, N>,
    divisors: &mut Divisors,
) -> Operand<'a, N> {
    let pool = inputs.pool();
    let mut part = |part: &Expression| evaluate(network, part, inputs, divisors);
    match expression {
        Expression::Number(value) => Operand::Constant(N::from_decimal(*value)),
        Expression::Variable(name) => inputs.get(network, name),
        Expression::Negate(inner) => {
            let zero = N::from_integer(0);
            part(inner).map(pool, |value| zero.sub(value))
        }
        Expression::Abs(inner) => part(inner).map(pool, N::abs),
        Expression::Binary(operator, left, right) => {
            let (left, right) = (part(left), part(right));
            match operator {
                Operator::Add => left.combine(right, pool, N::add),
                Operator::Subtract => left.combine(right, pool, N::sub),
                Operator::Multiply => left.combine(right, pool, N::mul),
                Operator::Min => left.combine(right, pool, N::min),
                Operator::Max => left.combine(right, pool, N::max),
                Operator::Divide => {
                    divisors.note(&right);
                    left.divide(right, pool)
                }
            }
        }
    }
}

/// How a comparison of a predicate comes out for each territory; `None` where it is undecided. Notes
/// in `states` what is unknown or undefined, and in `undecided` where that is not known.
pub(crate) fn compare<N: Number>(
    document: &Document,
    cohort: &Cohort,
    network: Option<&str>,
    comparison: &Comparison,
    rows: &[u32],
    states: &mut [State],
    undecided: &mut [bool],
) -> Vec<Option<bool>> {
    let mut divisors = Divisors::new(rows.len());
    let mut inputs = Inputs::<N>::of(document, cohort, rows);
    let mut side = |expression: &Expression, states: &mut [State]| {
        for (state, own) in states.iter_mut().zip(inputs.load(network, expression)) {
            if own == State::Absent || (own == State::Unknown && *state != State::Absent) {
                *state = own;
            }
        }
        evaluate(network, expression, &inputs, &mut divisors).into_column(rows.len(), inputs.pool())
    };
    let left = side(&comparison.left, states);
    let right = side(&comparison.right, states);
    for (state, zero) in states.iter_mut().zip(&divisors.zero) {
        if *zero && *state == State::Present {
            *state = State::Undefined;
        }
    }
    for (undecided, divisor) in undecided.iter_mut().zip(&divisors.undecided) {
        *undecided |= divisor;
    }
    let ordering = |index: usize| left.get(index).compare(&right.get(index));
    (0..rows.len()).map(|index| ordering(index).map(|ordering| comparison.relation.holds(ordering))).collect()
}
