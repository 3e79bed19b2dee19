//! What if a metric were different: the accounts as they would be, and what of a score moves.

use crate::cohort::Account;
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::scoring::{CriterionScore, TerritoryScore};

/// Another value of one metric of a territory's account on a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The network.
    pub network: String,
    /// The metric.
    pub metric: String,
    /// Its value; NaN when unknown.
    pub value: f64,
}

/// A criterion that is not what it was: its raw value, its mark, or its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The id and version of the pinned methodology whose criterion it is; none for the methodology itself.
    pub part: Option<(String, String)>,
    /// What it was.
    pub before: CriterionScore,
    /// What it is.
    pub after: CriterionScore,
}

/// Makes changes, in their order, to the accounts of one territory: each to the only account on its network, or to
/// the main one of several.
///
/// # Errors
/// `unknown_value` where there is no such account, at `/changes/0/network`. That a metric is not known, or cannot
/// have its value, is for scoring to find.
pub fn change(accounts: &mut [Account], changes: &[Change]) -> Result<(), Faults> {
    let mut faults = Faults::new();
    for (place, Change { network, metric, value }) in changes.iter().enumerate() {
        let several = accounts.iter().filter(|account| account.network == *network).count() > 1;
        let mut on_it = accounts.iter_mut().filter(|account| account.network == *network);
        if let Some(account) = on_it.find(|account| account.main || !several) {
            account.metrics.insert(metric.clone(), *value);
        } else {
            let expected = Text::new(
                "un réseau sur lequel le territoire a un seul compte, ou un compte principal",
                "a network on which the territory has one account, or a main one",
            );
            let place = Place::Pointer(format!("/changes/{place}/network"));
            faults.push(Fault::new(Code::UnknownValue, place, network, expected));
        }
    }
    faults.into_result(())
}

/// The criteria that two scores of one territory by one methodology do not have alike: those of the methodology in
/// its order, then those of each that it pins.
pub fn moved(before: &TerritoryScore, after: &TerritoryScore) -> Vec<Moved> {
    let mut all = Vec::new();
    collect(None, before, after, &mut all);
    all
}

fn collect(part: Option<(&str, &str)>, before: &TerritoryScore, after: &TerritoryScore, all: &mut Vec<Moved>) {
    let pairs = before.criteria.iter().zip(&after.criteria).filter(|(before, after)| before != after);
    all.extend(pairs.map(|(before, after)| Moved {
        part: part.map(|(id, version)| (id.to_owned(), version.to_owned())),
        before: before.clone(),
        after: after.clone(),
    }));
    for (before, after) in before.parts.iter().zip(&after.parts) {
        collect(Some((&before.id, &before.version)), &before.territory, &after.territory, all);
    }
}
