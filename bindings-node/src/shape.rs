//! Accounts that have numbers by the same names: the names are written once, the numbers again and again.

use bareme::cohort::Account;

/// The names of an account's metrics.
#[derive(Debug)]
pub(crate) struct Shape {
    account: Account,
    /// Of each metric in the order of names: where its value comes.
    places: Vec<usize>,
}

impl Shape {
    /// The shape of accounts whose values come in the order of these names.
    pub(crate) fn of(names: &[String]) -> Self {
        let mut places: Vec<usize> = (0..names.len()).collect();
        places.sort_by_key(|place| names.get(*place));
        let mut account = Account::default();
        account.metrics.extend(names.iter().map(|name| (name.clone(), f64::NAN)));
        Self { account, places }
    }

    /// An account of this shape.
    pub(crate) fn account(&self) -> Account {
        self.account.clone()
    }

    /// Where the values of such an account come.
    pub(crate) fn places(&self) -> &[usize] {
        &self.places
    }
}

/// Writes the numbers of an account; none if there are not as many as its names.
pub(crate) fn write(account: &mut Account, places: &[usize], values: &[f64]) -> Option<()> {
    if values.len() != places.len() || places.len() != account.metrics.len() {
        return None;
    }
    for (slot, place) in account.metrics.values_mut().zip(places) {
        *slot = *values.get(*place)?;
    }
    Some(())
}
