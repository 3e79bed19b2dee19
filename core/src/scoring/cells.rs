//! Values with their states: what every step hands to the next.

use std::cell::RefCell;

use smallvec::{SmallVec, smallvec};

use crate::exact::{Column, Number};

/// How many territories are worked on at once: small enough for the processor's cache.
pub(crate) const CHUNK: usize = 512;

/// What is known of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum State {
    /// There is a value.
    #[default]
    Present,
    /// The raw value was undefined and the document makes it 0; from then on a value like any other.
    RawZero,
    /// The raw value was unknown and is the median of its stratum.
    Imputed,
    /// No account on the network.
    Absent,
    /// The account, or the territory, is there; a number that the formula reads is not known.
    Unknown,
    /// The formula or the normalisation has no value.
    Undefined,
    /// The account or the territory does not satisfy the eligibility rules.
    Ineligible,
    /// The territory belongs to no stratum.
    Outside,
    /// Too few of the children of the index have a value.
    Insufficient,
    /// The document refuses to score the territory; no index above has a value.
    Refused,
}

impl State {
    /// Is there a value?
    pub(crate) fn is_present(self) -> bool {
        matches!(self, Self::Present | Self::RawZero | Self::Imputed)
    }
}

/// The states of some values; those of a few need no memory of their own, since one territory is often
/// scored alone.
pub(crate) type States = SmallVec<[State; 8]>;

/// Are all values there, with nothing to say of any?
#[expect(
    clippy::needless_bitwise_bool,
    reason = "`&&` is a branch, which keeps a loop from becoming vector instructions"
)]
pub(crate) fn all_present(states: &[State]) -> bool {
    // Without an early end, so that it becomes a vector loop.
    states.iter().fold(true, |all, state| all & (*state == State::Present))
}

/// A column of values with their states. Where a state says that there is no value, the number means
/// nothing.
pub(crate) struct Cells<N: Number> {
    pub(crate) values: N::Column,
    pub(crate) states: States,
}

impl<N: Number> Clone for Cells<N> {
    fn clone(&self) -> Self {
        // Copied at once, which a clone of a small vector is not.
        Self { values: self.values.clone(), states: States::from_slice(&self.states) }
    }
}

/// Columns that have served, to serve again: what is computed chunk by chunk needs no new memory.
pub(crate) struct Pool<N: Number> {
    columns: RefCell<Vec<N::Column>>,
    states: RefCell<Vec<States>>,
}

impl<N: Number> Default for Pool<N> {
    fn default() -> Self {
        Self { columns: RefCell::default(), states: RefCell::default() }
    }
}

impl<N: Number> Pool<N> {
    /// A column of any content.
    pub(crate) fn take(&self, len: usize) -> N::Column {
        let mut column = self.columns.borrow_mut().pop().unwrap_or_else(|| N::Column::with_len(len));
        column.resize(len);
        column
    }

    /// The same as another column.
    pub(crate) fn copy(&self, other: &N::Column) -> N::Column {
        let mut column = self.take(other.len());
        column.copy(other);
        column
    }

    /// Gives a column back.
    pub(crate) fn give(&self, column: N::Column) {
        self.columns.borrow_mut().push(column);
    }

    /// States of values that are all there.
    pub(crate) fn present(&self, len: usize) -> States {
        if len == 1 {
            return smallvec![State::Present];
        }
        let mut states = self.states.borrow_mut().pop().unwrap_or_default();
        states.clear();
        states.resize(len, State::Present);
        states
    }

    /// Gives states back.
    pub(crate) fn give_states(&self, states: States) {
        self.states.borrow_mut().push(states);
    }

    /// Gives a column and its states back.
    pub(crate) fn give_cells(&self, cells: Cells<N>) {
        self.give(cells.values);
        self.give_states(cells.states);
    }
}

impl<N: Number> Cells<N> {
    pub(crate) fn new(len: usize) -> Self {
        Self { values: N::Column::with_len(len), states: smallvec![State::Present; len] }
    }

    /// One value, of which there is nothing to say.
    pub(crate) fn one(value: N) -> Self {
        Self { values: N::Column::one(value), states: smallvec![State::Present] }
    }

    pub(crate) fn state(&self, index: usize) -> State {
        self.states.get(index).copied().unwrap_or(State::Undefined)
    }

    pub(crate) fn set_state(&mut self, index: usize, state: State) {
        if let Some(place) = self.states.get_mut(index) {
            *place = state;
        }
    }

    /// Is there a value everywhere, and nothing to say of any?
    pub(crate) fn all_present(&self) -> bool {
        all_present(&self.states)
    }

    /// Says of the values beyond binary64's range that there is none.
    pub(crate) fn exclude_overflows(&mut self) {
        if !self.values.some_overflow() {
            return;
        }
        for index in 0..self.states.len() {
            if self.state(index).is_present() && self.values.get(index).overflows() {
                self.set_state(index, State::Undefined);
            }
        }
    }

    /// The value, if there is one.
    pub(crate) fn value(&self, index: usize) -> Option<N> {
        self.state(index).is_present().then(|| self.values.get(index))
    }
}

/// A number of which nothing is known, so that the exact path decides. Exact numbers are always decided,
/// so none of them comes from here.
pub(crate) fn undecided<N: Number>() -> N {
    N::from_integer(1).div(&N::from_integer(0))
}
