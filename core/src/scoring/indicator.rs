//! Raw values: a criterion's formula over the metrics of each account, exactly.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use smallvec::SmallVec;

use super::cells::{Cells, Pool, State, States, undecided};
use super::field::{Chunk, Field};
use super::reference::GroupLimits;
use crate::cohort::{Accounts, Cohort, Cursor, NONE};
use crate::exact::{Column, Decimal, Number, Rational, Transformed};
use crate::methodology::formula::{Operator, Relation};
use crate::methodology::model::{Direction, Indicator, Undefined};
use crate::methodology::{Condition, Criterion, Program, Source, Term, Variable, Variables};

/// The raw values of `criterion` for the territories `rows`: formula, then transform.
///
/// Of the states, the first that applies: outside the strata, absent, ineligible, unknown, undefined.
pub(crate) fn raw<N: Number>(field: &Field<'_>, criterion: &Criterion, inputs: &mut Inputs<'_, N>) -> Cells<N> {
    let Some(indicator) = field.methodology.document().indicators.get(criterion.indicator) else {
        return Cells::new(inputs.rows().len());
    };
    let mut states = inputs.load(&criterion.program);
    field.exclude(criterion.network.as_deref(), inputs.rows(), &mut states);
    let mut divisors = Divisors::default();
    let values = evaluate(&criterion.program.root, inputs, &mut divisors);
    let mut cells = Cells::<N> { values: values.into_column(inputs.rows().len(), inputs.pool()), states };
    for (index, _) in divisors.undecided.iter().enumerate().filter(|(_, undecided)| **undecided) {
        cells.values.set(index, undecided());
    }
    finish(indicator, &mut cells, &divisors.zero);
    decide(field, criterion, inputs.rows(), &mut cells);
    cells
}

/// The raw value of a criterion for the only territory of `inputs`, where nothing is to be said of it: all that it reads
/// is known, and it is defined without a rule of the document.
pub(crate) fn raw_one<N: Number>(field: &Field<'_>, criterion: &Criterion, inputs: &mut Inputs<'_, N>) -> Option<N> {
    let indicator = field.methodology.document().indicators.get(criterion.indicator)?;
    let excluded = field.excludes_some(criterion.network.as_deref(), inputs.rows());
    if indicator.transform.is_some() || excluded || !criterion.program.reads.iter().all(|place| inputs.look_up(*place))
    {
        return None;
    }
    let mut divisors = Divisors::default();
    let variable = |place: usize| inputs.only(place);
    let value = evaluate_one(&criterion.program.root, &variable, inputs.days(), &mut divisors);
    (divisors.zero.is_empty() && !value.is_undecided() && !value.overflows()).then_some(value)
}

/// The exact raw value of one territory, oriented and drawn in to the limits of its group; `None` where it has none.
pub(crate) fn exact(
    field: &Field<'_>,
    criterion: &Criterion,
    limits: &[GroupLimits],
    territory: u32,
) -> Option<Rational> {
    let indicator = field.methodology.document().indicators.get(criterion.indicator)?;
    let rows = [territory];
    let mut inputs = Inputs::new(field, &rows);
    if limits.is_empty()
        && !matches!(indicator.direction, Direction::ClosestTo(_))
        && let Some(value) = raw_one(field, criterion, &mut inputs)
    {
        return Some(value);
    }
    let mut cells = raw(field, criterion, &mut inputs);
    draw_in(field, indicator, limits, &rows, &mut cells);
    cells.value(0)
}

/// Computes exactly the values of which nothing is known, such as a quotient whose divisor may be
/// zero: whether there is a value at all must be settled here, for it decides who enters a reference.
fn decide<N: Number>(field: &Field<'_>, criterion: &Criterion, rows: &[u32], cells: &mut Cells<N>) {
    if !cells.values.some_undecided() {
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

/// Transforms the formula's values and settles those that are undefined: by a zero divisor, if not otherwise.
fn finish<N: Number>(indicator: &Indicator, cells: &mut Cells<N>, zero: &[bool]) {
    if indicator.transform.is_none() && zero.is_empty() && !cells.values.some_overflow() {
        return;
    }
    for index in 0..cells.states.len() {
        if cells.state(index) != State::Present {
            continue;
        }
        let by_zero = zero.get(index).is_some_and(|zero| *zero);
        let mut undefined = by_zero || cells.values.get(index).overflows();
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
    let mut cells = raw(field, criterion, inputs);
    if let Some(indicator) = field.methodology.document().indicators.get(criterion.indicator) {
        draw_in(field, indicator, limits, inputs.rows(), &mut cells);
    }
    cells
}

/// Orients raw values, and draws them in to the limits of their group.
pub(crate) fn draw_in<N: Number>(
    field: &Field<'_>,
    indicator: &Indicator,
    limits: &[GroupLimits],
    rows: &[u32],
    cells: &mut Cells<N>,
) {
    oriented(indicator.direction, cells);
    let Some(winsorise) = indicator.winsorise.as_ref().filter(|_| !limits.is_empty()) else { return };
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
}

/// Raw values that are quotients, not yet taken: a sum of many with one divisor needs one division.
#[derive(Clone)]
pub(crate) struct Quotients<'a, N: Number> {
    dividend: Dividend<N>,
    pub(crate) divisor: &'a Term,
}

#[derive(Clone)]
enum Dividend<N: Number> {
    /// A variable, by its place.
    Read(usize),
    Computed(N::Column),
}

impl<'a, N: Number> Quotients<'a, N> {
    pub(crate) fn of(dividends: N::Column, divisor: &'a Term) -> Self {
        Self { dividend: Dividend::Computed(dividends), divisor }
    }

    pub(crate) fn dividends<'b>(&'b self, inputs: &'b Inputs<'_, N>) -> Option<&'b N::Column> {
        match &self.dividend {
            Dividend::Read(place) => inputs.read.get(*place).map(|input| &input.values),
            Dividend::Computed(column) => Some(column),
        }
    }

    /// The quotients.
    pub(crate) fn taken(self, inputs: &Inputs<'_, N>) -> N::Column {
        let dividends = match self.dividend {
            Dividend::Read(place) => inputs.get(place),
            Dividend::Computed(column) => Operand::Computed(column),
        };
        let divisor = evaluate(self.divisor, inputs, &mut Divisors::default());
        dividends.divide(divisor, inputs.pool()).into_column(inputs.rows().len(), inputs.pool())
    }

    /// Gives the memory back.
    pub(crate) fn give(self, pool: &Pool<N>) {
        if let Dividend::Computed(column) = self.dividend {
            pool.give(column);
        }
    }
}

/// The raw values of a criterion for the territories of `inputs`, where they are plain quotients of whole numbers
/// that are known of everybody, and none is by zero: then all have a value, and it need not be computed.
pub(crate) fn quotients<'a, N: Number>(
    field: &Field<'_>,
    criterion: &'a Criterion,
    inputs: &mut Inputs<'_, N>,
) -> Option<Quotients<'a, N>> {
    let parts @ [dividend, divisor] = parts_of_quotients(field, criterion, inputs)?;
    let [dividends, own] = whole_parts(parts, inputs)?;
    own.give(inputs.pool());
    let dividend = match (dividend, dividends) {
        (Term::Variable(place), _) => Dividend::Read(*place),
        (_, dividends) => Dividend::Computed(dividends.into_column(inputs.rows().len(), inputs.pool())),
    };
    Some(Quotients { dividend, divisor })
}

/// The territories of `inputs` whose raw values may be the least, and those whose values may be the greatest,
/// with the values; where they are [`quotients`] and need not all be computed for that. As [`Column::extremes`].
pub(crate) fn ends_of_quotients<N: Number>(
    field: &Field<'_>,
    criterion: &Criterion,
    inputs: &mut Inputs<'_, N>,
    least: Option<&N>,
    greatest: Option<&N>,
) -> Option<[Vec<(N, u32)>; 2]> {
    let parts = parts_of_quotients(field, criterion, inputs)?;
    let [left, right] = whole_parts(parts, inputs)?;
    let found = left.column().zip(right.column()).and_then(|(a, b)| {
        let (lowest, highest) = N::Column::extremes_of_quotient(a, b, least, greatest)?;
        let member = |place: usize| Some((a.get(place).div(&b.get(place)), *inputs.rows().get(place)?));
        Some([lowest, highest].map(|places| places.into_iter().filter_map(member).collect()))
    });
    left.give(inputs.pool());
    right.give(inputs.pool());
    found
}

/// The dividend and the divisor of a criterion's raw values, where these are plain quotients of what is known of
/// everybody. Their variables are read.
fn parts_of_quotients<'a, N: Number>(
    field: &Field<'_>,
    criterion: &'a Criterion,
    inputs: &mut Inputs<'_, N>,
) -> Option<[&'a Term; 2]> {
    let indicator = field.methodology.document().indicators.get(criterion.indicator)?;
    let Term::Binary(Operator::Divide, left, right) = &criterion.program.root else { return None };
    let changes = indicator.transform.is_some() || matches!(indicator.direction, Direction::ClosestTo(_));
    if changes || left.divides() || right.divides() {
        return None;
    }
    let known =
        !field.excludes_some(criterion.network.as_deref(), inputs.rows()) && inputs.all_known(&criterion.program);
    known.then_some([left, right])
}

/// The values of dividend and divisor, if all are whole and no divisor is zero.
fn whole_parts<'a, N: Number>(parts: [&Term; 2], inputs: &'a Inputs<'_, N>) -> Option<[Operand<'a, N>; 2]> {
    let mut divisors = Divisors::default();
    let parts = parts.map(|part| evaluate(part, inputs, &mut divisors));
    let [Some(dividend), Some(divisor)] = parts.each_ref().map(Operand::column) else { return None };
    (dividend.is_whole() && divisor.is_whole() && !divisor.some_zero()).then_some(parts)
}

/// The order of two oriented values, the better first.
pub(crate) fn better_first(direction: Direction, ordering: Ordering) -> Ordering {
    match direction {
        Direction::Higher => ordering.reverse(),
        Direction::Lower | Direction::ClosestTo(_) => ordering,
    }
}

/// What formulas read of some territories: each variable is read once, whatever the number of criteria.
pub(crate) struct Inputs<'a, N: Number> {
    cohort: &'a Cohort,
    variables: &'a Variables,
    chunk: Chunk<'a>,
    /// What is read, by the place of the variable; none before one is read.
    read: Vec<Input<'a, N>>,
    /// What is looked up of a single territory, by the place of the variable; none before one is looked up.
    only: Vec<Option<Decimal>>,
    /// By the place of the network.
    accounts: Vec<Seated<'a>>,
    /// Among the attributes of the territories.
    attributes: Cursor,
    pool: Pool<N>,
}

/// The accounts on one network, of this period and of the previous one.
#[derive(Default)]
struct Seated<'a> {
    now: Network<'a>,
    before: Network<'a>,
    /// The accounts of the territories of the block, once they are gathered.
    own: SmallVec<[u32; 2]>,
    gathered: bool,
}

/// The accounts of one period on a network.
#[derive(Default)]
struct Network<'a> {
    accounts: Option<&'a Accounts>,
    /// Among the metrics.
    cursor: Cursor,
}

/// One variable, read for some territories.
struct Input<'a, N: Number> {
    /// Where its numbers are, once they have been looked for.
    found: Option<Found<'a>>,
    /// Are `numbers` those of the block, and the others those of the territories that are worked on? If not, they
    /// are those of earlier ones.
    gathered: bool,
    read: bool,
    numbers: Vec<f64>,
    values: N::Column,
    /// Who has no account to read it from, and of whom it is unknown; empty when that is nobody.
    states: States,
}

/// The numbers of one variable.
#[derive(Clone, Copy)]
enum Found<'a> {
    /// Of every territory.
    Territory(&'a [f64]),
    /// Of every account on a network.
    Account(usize, &'a [f64]),
    /// Of every account of the previous period on a network, with the account of each territory there.
    Previous(usize, &'a [u32], &'a [f64]),
}

impl<'a, N: Number> Inputs<'a, N> {
    /// What the territories `rows` have to say; nothing is read yet.
    pub(crate) fn new(field: &Field<'a>, rows: &'a [u32]) -> Self {
        Self::of(&field.methodology.flat().variables, field.cohort, rows)
    }

    /// The same, before there is a field.
    pub(crate) fn of(variables: &'a Variables, cohort: &'a Cohort, rows: &'a [u32]) -> Self {
        let of = |all: &'a BTreeMap<String, Arc<Accounts>>, network: &String| Network {
            accounts: all.get(network).map(Arc::as_ref),
            cursor: Cursor::default(),
        };
        let seated = |network| Seated {
            now: of(&cohort.accounts, network),
            before: of(&cohort.previous, network),
            ..Seated::default()
        };
        Self {
            cohort,
            variables,
            chunk: Chunk::of(rows),
            read: Vec::new(),
            only: Vec::new(),
            accounts: variables.networks.iter().map(seated).collect(),
            attributes: Cursor::default(),
            pool: Pool::default(),
        }
    }

    /// Turns to other territories.
    pub(crate) fn turn_to(&mut self, chunk: Chunk<'a>) {
        // What lives as long as this and stands in the same place is the same.
        if !std::ptr::eq(self.chunk.block, chunk.block) {
            self.read.iter_mut().for_each(|input| input.gathered = false);
            self.accounts.iter_mut().for_each(|accounts| accounts.gathered = false);
        }
        self.chunk = chunk;
        self.read.iter_mut().for_each(|input| input.read = false);
        self.only.clear();
    }

    /// Columns for what is computed.
    pub(crate) fn pool(&self) -> &Pool<N> {
        &self.pool
    }

    /// The territories.
    pub(crate) fn rows(&self) -> &'a [u32] {
        self.chunk.rows
    }

    pub(crate) fn chunk(&self) -> Chunk<'a> {
        self.chunk
    }

    /// Reads the variables of a program, and says which territories are without the account that it
    /// reads, and without a number.
    fn load(&mut self, program: &Program) -> States {
        let mut states = self.pool.present(self.chunk.rows.len());
        for place in &program.reads {
            let own = self.read(*place);
            for (state, own) in states.iter_mut().zip(own) {
                // Absent comes before unknown.
                if *own == State::Absent || *state == State::Present {
                    *state = *own;
                }
            }
        }
        states
    }

    /// Reads the variables of a program: are they all known of everybody?
    fn all_known(&mut self, program: &Program) -> bool {
        program.reads.iter().all(|place| self.read(*place).is_empty())
    }

    /// Reads a variable unless that is done; returns what is missing of it.
    fn read(&mut self, place: usize) -> &[State] {
        let Self { cohort, variables, chunk, read, accounts, attributes, .. } = self;
        if read.is_empty() {
            read.extend(variables.list.iter().map(|_| Input::new()));
        }
        let (Some(input), Some(variable)) = (read.get_mut(place), variables.list.get(place)) else { return &[] };
        if !input.read {
            input.read = true;
            let found = *input.found.get_or_insert_with(|| Found::of(variable, cohort, accounts, attributes));
            input.fill(found, chunk, accounts);
        }
        &input.states
    }

    fn get(&self, place: usize) -> Operand<'_, N> {
        match self.read.get(place) {
            Some(input) => Operand::Input(&input.values),
            None => Operand::Constant(N::from_integer(0)),
        }
    }

    /// A variable of the only territory, once it has been read.
    fn one(&self, place: usize) -> N {
        self.read.get(place).map_or_else(|| N::from_integer(0), |input| input.values.get(0))
    }

    /// Looks a variable of the only territory up, without making a column of it: is it known? Of the previous period
    /// that is not said here, since it also depends on the account of this one.
    fn look_up(&mut self, place: usize) -> bool {
        let Self { cohort, variables, chunk, only, accounts, attributes, .. } = self;
        let [row] = chunk.rows else { return false };
        if only.is_empty() {
            only.resize(variables.list.len(), None);
        }
        let (Some(slot), Some(variable)) = (only.get_mut(place), variables.list.get(place)) else { return false };
        if slot.is_none() {
            let number = match Found::of(variable, cohort, accounts, attributes) {
                Found::Territory(all) => all.get(*row as usize),
                Found::Account(network, all) => {
                    let account = accounts.get(network).map(|own| own.now.of_territory());
                    account.and_then(|accounts| accounts.get(*row as usize)).and_then(|own| all.get(*own as usize))
                }
                Found::Previous(..) => None,
            };
            *slot = number.and_then(|number| Decimal::new(*number));
        }
        slot.is_some()
    }

    /// A variable of the only territory that has been looked up.
    fn only(&self, place: usize) -> N {
        self.only.get(place).copied().flatten().map_or_else(|| N::from_integer(0), N::from_decimal)
    }

    fn days(&self) -> i64 {
        self.cohort.period().map_or(0, |period| period.days().into())
    }
}

impl Seated<'_> {
    /// The accounts of a block.
    fn of(&mut self, block: &[u32]) -> &[u32] {
        if !self.gathered {
            self.gathered = true;
            let all = self.now.of_territory();
            self.own.resize(block.len(), NONE);
            for (own, row) in self.own.iter_mut().zip(block) {
                *own = all.get(*row as usize).copied().unwrap_or(NONE);
            }
        }
        &self.own
    }
}

impl<'a> Network<'a> {
    /// The account of each territory, or [`NONE`].
    fn of_territory(&self) -> &'a [u32] {
        self.accounts.map(|accounts| accounts.of_territory.as_slice()).unwrap_or_default()
    }

    /// A metric of each account.
    fn metric(&mut self, name: &str) -> &'a [f64] {
        self.accounts.and_then(|accounts| accounts.metrics.get_next(name, &mut self.cursor)).unwrap_or_default()
    }
}

impl<'a> Found<'a> {
    fn of(variable: &Variable, cohort: &'a Cohort, accounts: &mut [Seated<'a>], attributes: &mut Cursor) -> Self {
        let name = variable.name.as_str();
        match variable.source {
            Source::Territory if name == "population" => Self::Territory(&cohort.territories.population),
            Source::Territory => {
                Self::Territory(cohort.territories.attributes.get_next(name, attributes).unwrap_or_default())
            }
            Source::Account(network) => {
                Self::Account(network, accounts.get_mut(network).map(|own| own.now.metric(name)).unwrap_or_default())
            }
            Source::Previous(network) => {
                let before = accounts.get_mut(network).map(|own| &mut own.before);
                let found = before.map(|before| (before.of_territory(), before.metric(name))).unwrap_or_default();
                Self::Previous(network, found.0, found.1)
            }
        }
    }
}

impl<N: Number> Input<'_, N> {
    fn new() -> Self {
        Self {
            found: None,
            gathered: false,
            read: false,
            numbers: Vec::new(),
            values: N::Column::with_len(0),
            states: States::new(),
        }
    }

    /// Reads the variable of some territories.
    fn fill(&mut self, found: Found<'_>, chunk: &Chunk<'_>, accounts: &mut [Seated<'_>]) {
        let Self { gathered, numbers, values, states, .. } = self;
        states.clear();
        let network = match found {
            Found::Territory(_) => None,
            Found::Account(network, _) | Found::Previous(network, ..) => accounts.get_mut(network),
        };
        let own = network.map(|network| network.of(chunk.block));
        let mut one = [f64::NAN];
        let (numbers, own) = if chunk.block.len() == 1 {
            // One number needs no place to be kept.
            found.gather(chunk.block, own.unwrap_or_default(), &mut one);
            (one.as_slice(), own)
        } else {
            if !*gathered {
                *gathered = true;
                numbers.resize(chunk.block.len(), f64::NAN);
                found.gather(chunk.block, own.unwrap_or_default(), numbers);
            }
            let range = chunk.start..chunk.start.saturating_add(chunk.rows.len());
            let own = own.map(|own| own.get(range.clone()).unwrap_or_default());
            (numbers.get(range).unwrap_or_default(), own)
        };
        // Who has no account has no value either; only the previous period's may be there all the same.
        if !matches!(found, Found::Previous(..)) && values.load_whole(numbers) {
            return;
        }
        let absent = |index: usize| own.is_some_and(|own| own.get(index).is_none_or(|account| *account == NONE));
        states.extend(numbers.iter().enumerate().map(|(index, number)| {
            if absent(index) {
                State::Absent
            } else if number.is_nan() {
                State::Unknown
            } else {
                State::Present
            }
        }));
        // What no state lets through may be any number: a whole one keeps the column whole.
        let whole = numbers.iter().map(|number| if number.is_nan() { 0.0 } else { *number });
        values.load(&whole.collect::<SmallVec<[f64; 1]>>());
    }
}

impl Found<'_> {
    /// The numbers of some territories, `own` being their accounts; NaN where there is none.
    fn gather(self, rows: &[u32], own: &[u32], numbers: &mut [f64]) {
        let value = |values: &[f64], place: u32| values.get(place as usize).copied().unwrap_or(f64::NAN);
        // Without an account in the previous period its metrics are unknown, while a territory without an
        // account today is absent whatever it had before.
        let places = if matches!(self, Self::Account(..)) { own } else { rows };
        let places = numbers.iter_mut().zip(places);
        match self {
            Self::Territory(all) | Self::Account(_, all) => places.for_each(|(number, at)| *number = value(all, *at)),
            Self::Previous(_, of_territory, all) => places.for_each(|(number, row)| {
                *number = value(all, of_territory.get(*row as usize).copied().unwrap_or(NONE));
            }),
        }
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
            Self::Constant(number) if len == 1 => N::Column::one(number),
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

    fn plus(self, other: Self, pool: &Pool<N>) -> Self {
        match (self, other) {
            (Self::Constant(a), other) | (other, Self::Constant(a)) => other.map(pool, |b| b.add(&a)),
            (own, other) => {
                let mut sum = own.into_column(0, pool);
                if let Some(other) = other.column() {
                    sum.plus(other);
                }
                other.give(pool);
                Self::Computed(sum)
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
        own.give(pool);
        divisor.give(pool);
        Self::Computed(quotient)
    }

    /// Gives a computed column back.
    fn give(self, pool: &Pool<N>) {
        if let Self::Computed(column) = self {
            pool.give(column);
        }
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
/// be. What a zero makes undefined shows nowhere in a value that does not depend on it. Both are empty where
/// that is nowhere so.
#[derive(Default)]
struct Divisors {
    zero: Vec<bool>,
    undecided: Vec<bool>,
}

impl Divisors {
    /// Notes where a divisor is zero, or undecided, of `len` territories.
    fn note<N: Number>(&mut self, divisor: &Operand<'_, N>, len: usize) {
        let (column, constant) = match divisor {
            Operand::Constant(number) if number.is_zero() == Some(false) => return,
            Operand::Constant(number) => (None, Some(number)),
            Operand::Input(column) => (Some(*column), None),
            Operand::Computed(column) => (Some(column), None),
        };
        if column.is_some_and(|column| !column.some_zero()) {
            return;
        }
        self.note_each(len, |index| {
            column.map_or_else(|| constant.and_then(N::is_zero), |column| column.get(index).is_zero())
        });
    }

    /// The same of one territory.
    fn note_one<N: Number>(&mut self, divisor: &N) {
        let zero = divisor.is_zero();
        if zero != Some(false) {
            self.note_each(1, |_| zero);
        }
    }

    fn note_each(&mut self, len: usize, known: impl Fn(usize) -> Option<bool>) {
        self.zero.resize(len, false);
        self.undecided.resize(len, false);
        for (index, (zero, undecided)) in self.zero.iter_mut().zip(&mut self.undecided).enumerate() {
            let known = known(index);
            *zero |= known == Some(true);
            *undecided |= known.is_none();
        }
    }
}

/// The values of an expression, whose variables have been read.
fn evaluate<'a, N: Number>(term: &Term, inputs: &'a Inputs<'_, N>, divisors: &mut Divisors) -> Operand<'a, N> {
    if inputs.rows().len() == 1 {
        return Operand::Constant(evaluate_one(term, &|place| inputs.one(place), inputs.days(), divisors));
    }
    let pool = inputs.pool();
    let mut part = |part: &Term| evaluate(part, inputs, divisors);
    match term {
        Term::Number(value) => Operand::Constant(N::from_decimal(*value)),
        Term::Days => Operand::Constant(N::from_integer(inputs.days())),
        Term::Variable(place) => inputs.get(*place),
        Term::Negate(inner) => {
            let zero = N::from_integer(0);
            part(inner).map(pool, |value| zero.sub(value))
        }
        Term::Abs(inner) => part(inner).map(pool, N::abs),
        Term::Binary(operator, left, right) => {
            let (left, right) = (part(left), part(right));
            match operator {
                Operator::Add => left.plus(right, pool),
                Operator::Subtract => left.combine(right, pool, N::sub),
                Operator::Multiply => left.combine(right, pool, N::mul),
                Operator::Min => left.combine(right, pool, N::min),
                Operator::Max => left.combine(right, pool, N::max),
                Operator::Divide => {
                    divisors.note(&right, inputs.rows().len());
                    left.divide(right, pool)
                }
            }
        }
    }
}

/// The same of one territory, which needs no columns; `variable` gives the variables by their places.
fn evaluate_one<N: Number>(term: &Term, variable: &impl Fn(usize) -> N, days: i64, divisors: &mut Divisors) -> N {
    let mut part = |part: &Term| evaluate_one(part, variable, days, divisors);
    match term {
        Term::Number(value) => N::from_decimal(*value),
        Term::Days => N::from_integer(days),
        Term::Variable(place) => variable(*place),
        Term::Negate(inner) => N::from_integer(0).sub(&part(inner)),
        Term::Abs(inner) => part(inner).abs(),
        Term::Binary(operator, left, right) => {
            let (left, right) = (part(left), part(right));
            match operator {
                Operator::Add => left.add(&right),
                Operator::Subtract => left.sub(&right),
                Operator::Multiply => left.mul(&right),
                Operator::Min => left.min(&right),
                Operator::Max => left.max(&right),
                Operator::Divide => {
                    divisors.note_one(&right);
                    left.div(&right)
                }
            }
        }
    }
}

/// Does each territory satisfy a condition? `None` where it is undecided, or undecided whether that has
/// an answer: a comparison that a decided one outweighs may still divide by zero.
pub(crate) fn satisfied<N: Number>(condition: &Condition, inputs: &mut Inputs<'_, N>) -> Vec<(Option<bool>, State)> {
    let len = inputs.rows().len();
    let mut states = vec![State::Present; len];
    let mut undecided = vec![false; len];
    let mut any = vec![Some(false); len];
    for clause in &condition.clauses {
        let mut all = vec![Some(true); len];
        for comparison in clause {
            let results = compare(comparison, inputs, &mut states, &mut undecided);
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
    let decided = any.into_iter().zip(undecided).map(|(any, undecided)| any.filter(|_| !undecided));
    decided.zip(states).collect()
}

/// How a comparison comes out for each territory; `None` where it is undecided. Notes in `states` what is
/// unknown or undefined, and in `undecided` where that is not known.
fn compare<N: Number>(
    (left, relation, right): &(Program, Relation, Program),
    inputs: &mut Inputs<'_, N>,
    states: &mut [State],
    undecided: &mut [bool],
) -> Vec<Option<bool>> {
    let mut divisors = Divisors::default();
    let mut side = |program: &Program| {
        for (state, own) in states.iter_mut().zip(inputs.load(program)) {
            if own == State::Absent || (own == State::Unknown && *state != State::Absent) {
                *state = own;
            }
        }
        evaluate(&program.root, inputs, &mut divisors).into_column(inputs.rows().len(), inputs.pool())
    };
    let (left, right) = (side(left), side(right));
    for (state, zero) in states.iter_mut().zip(&divisors.zero) {
        if *zero && *state == State::Present {
            *state = State::Undefined;
        }
    }
    for (undecided, divisor) in undecided.iter_mut().zip(&divisors.undecided) {
        *undecided |= divisor;
    }
    let ordering = |index: usize| left.get(index).compare(&right.get(index));
    let holds = |index: usize| ordering(index).map(|ordering| relation.holds(ordering));
    (0..inputs.rows().len()).map(holds).collect()
}
