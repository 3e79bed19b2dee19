//! What a methodology asks of a cohort: names that it knows, numbers of the kinds that it declares, a
//! period when it counts days, and the metrics that its formulas read.
//!
//! A name that the methodology does not know is reported once, where it first stands, with how often
//! it occurs; a number that is wrong is reported wherever it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{not_a_count, shown};
use super::known::Known;
use super::resolve::reads_previous;
use super::restrict::known_count;
use super::{Accounts, Cohort, NONE, Period, When};
use crate::document::record::nearest;
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::methodology::Methodology;
use crate::methodology::formula::PREVIOUS;
use crate::methodology::model::Kind;

/// Of what is asked beside sound names and numbers, what is to be checked. It says nothing where faults
/// of the input explain it already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) period: bool,
    pub(super) metrics: bool,
}

impl Cohort {
    /// What keeps this cohort from being scored by `methodology`; nothing when it can be. The names of
    /// every methodology that it pins are known, and the needs of each are checked.
    ///
    /// # Errors
    /// None: the faults are the value. Their codes are `unknown_structure_type`, `unknown_network`,
    /// `unknown_metric`, `unknown_stratum`, `missing_metric`, `negative_value`, `fractional_count`,
    /// `out_of_range`, `duplicate_account`, `period_missing` and `period_length`.
    pub fn check(&self, methodology: &Methodology) -> Faults {
        self.check_by(&Known::of(methodology), Asked { period: true, metrics: true })
    }

    /// The same for one territory that is set against a reference: what nobody says is unknown there, as it
    /// may be of anybody in a cohort.
    pub(crate) fn check_alone(&self, methodology: &Methodology) -> Faults {
        self.check_by(&Known::of(methodology), Asked { period: true, metrics: false })
    }

    pub(super) fn check_by(&self, known: &Known<'_>, asked: Asked) -> Faults {
        let mut checker = Checker { cohort: self, known, faults: Faults::new() };
        if asked.period {
            checker.periods();
        }
        checker.territories();
        for when in When::BOTH {
            for (network, accounts) in self.accounts_of(when) {
                checker.accounts(when, network, accounts);
            }
        }
        checker.several();
        if asked.metrics {
            checker.needs();
        }
        checker.faults
    }
}

struct Checker<'a, 'k> {
    cohort: &'a Cohort,
    known: &'a Known<'k>,
    faults: Faults,
}

impl Checker<'_, '_> {
    fn periods(&mut self) {
        let of = |methodology: &&Methodology| methodology.document().period_days;
        let lengths: BTreeSet<u32> = self.known.methodologies.iter().filter_map(of).collect();
        let place = self.cohort.origin.period();
        if let Some(period) = self.cohort.period {
            self.lengths(period, &lengths, &place);
        } else if let (asked, true) =
            (lengths.first(), self.known.methodologies.iter().any(|known| known.uses_days()) || !lengths.is_empty())
        {
            let expected = match asked {
                Some(days) => Text::new(format!("une période de {days} jours"), format!("a period of {days} days")),
                None => Text::new("une période : la méthode compte en jours", "a period: the methodology counts days"),
            };
            self.faults.push(Fault::new(Code::PeriodMissing, place, "", expected).advise(
                "indiquez le premier jour (from, du) et le lendemain du dernier (to), écrits AAAA-MM-JJ",
                "give the first day (from) and the day after the last (to), written YYYY-MM-DD",
            ));
        }
        if let Some(previous) = self.cohort.previous_period {
            let reading = self.known.methodologies.iter().filter(|methodology| reads_previous(methodology));
            let lengths = reading.filter_map(of).collect();
            self.lengths(previous, &lengths, &Place::Pointer("/previous/period".into()));
        }
    }

    fn lengths(&mut self, period: Period, asked: &BTreeSet<u32>, place: &Place) {
        let found = period.days();
        for days in asked.iter().filter(|days| **days != found) {
            let expected = Text::new(format!("{days} jours"), format!("{days} days"));
            let fault = Fault::new(Code::PeriodLength, place.clone(), format!("{found} ({period})"), expected);
            self.faults.push(fault.advise(
                format!("le premier jour compte, la fin est le lendemain du dernier : cette période en compte {found}"),
                format!("the first day counts, the end is the day after the last: this period has {found} of them"),
            ));
        }
    }

    fn territories(&mut self) {
        let (cohort, known) = (self.cohort, self.known);
        let types = &cohort.territories.structure_types;
        let unknown: Vec<bool> = types.texts.iter().map(|id| !known.has_structure_type(id)).collect();
        if unknown.contains(&true) {
            // The first territory of each text, and how many there are.
            let mut met: Vec<(usize, usize)> = vec![(usize::MAX, 0); unknown.len()];
            for (territory, code) in types.codes.iter().enumerate() {
                if let Some((first, count)) = met.get_mut(*code as usize) {
                    *first = territory.min(*first);
                    *count = count.saturating_add(1);
                }
            }
            let names = names(known.structure_types());
            for ((id, (first, count)), _) in types.texts.iter().zip(met).zip(&unknown).filter(|(_, unknown)| **unknown)
            {
                let place = cohort.territory_place(first, "structure_type");
                self.unknown(Code::UnknownStructureType, place, id, &names, count);
            }
        }
        for (territory, by_hand) in &cohort.territories.overrides {
            // One that is not given has been reported as such.
            if !by_hand.stratum.is_empty() && !known.has_stratum(&by_hand.stratum) {
                let place = cohort.territory_place(*territory as usize, "stratum/id");
                self.unknown(Code::UnknownStratum, place, &by_hand.stratum, &names(known.strata()), 1);
            }
        }
        for (name, column) in cohort.territories.attributes.iter() {
            let place = |row: usize| cohort.territory_place(row, &format!("attributes/{name}"));
            if let Some(kind) = known.attribute(name) {
                self.numbers(kind, column, place);
            } else {
                let names = names(known.attributes());
                self.unknown(Code::UnknownMetric, place(first_known(column)), name, &names, known_count(column));
            }
        }
    }

    fn accounts(&mut self, when: When, network: &str, accounts: &Accounts) {
        let (cohort, known) = (self.cohort, self.known);
        // Of two periods, one fault is enough.
        let reported = when == When::Before && cohort.accounts.contains_key(network);
        if !known.has_network(network) && !reported {
            let place = cohort.account_place(when, accounts, earliest(accounts), "network");
            self.unknown(Code::UnknownNetwork, place, network, &names(known.networks()), accounts.rows.len());
        }
        let kinds = known.metrics_in_order(&accounts.metrics);
        for ((name, column), kind) in accounts.metrics.iter().zip(kinds) {
            let place = |row: usize| cohort.account_place(when, accounts, row, &format!("metrics/{name}"));
            if let Some(kind) = kind {
                self.numbers(kind, column, place);
            } else {
                let names = names(known.metrics());
                self.unknown(Code::UnknownMetric, place(first_known(column)), name, &names, known_count(column));
            }
        }
    }

    /// Reports several accounts of one territory on one network where a methodology does not allow them.
    fn several(&mut self) {
        let mut reported = BTreeSet::new();
        for methodology in &self.known.methodologies {
            let mut faults = Faults::new();
            for when in When::BOTH {
                self.cohort.one_each(when, methodology, &mut faults);
            }
            for fault in &faults {
                if reported.insert((fault.code, fault.place.clone())) {
                    self.faults.push(fault.clone());
                }
            }
        }
    }

    /// Checks the numbers of a column. Any finite number is a decimal, and columns hold no infinity.
    fn numbers(&mut self, kind: Kind, column: &[f64], place: impl Fn(usize) -> Place) {
        if kind == Kind::Decimal || column.iter().fold(true, |all, value| all & may_be_count(*value)) {
            return;
        }
        for (row, value) in column.iter().enumerate() {
            if let Some((code, expected)) = not_a_count(*value) {
                self.faults.push(Fault::new(code, place(row), shown(*value), expected).advise(
                    "corrigez ce nombre, ou laissez vide s'il n'est pas connu",
                    "correct this number, or leave it empty if it is not known",
                ));
            }
        }
    }

    /// Reports the metrics and attributes that formulas and eligibility read and that stand nowhere.
    fn needs(&mut self) {
        let mut attributes: BTreeSet<&str> = BTreeSet::new();
        let mut metrics: BTreeSet<(&str, &str)> = BTreeSet::new();
        for methodology in &self.known.methodologies {
            let document = methodology.document();
            let mut everywhere = BTreeSet::new();
            document.eligibility.iter().flatten().for_each(|rule| {
                rule.require.variables(&mut |name| {
                    everywhere.insert(name);
                });
            });
            for criterion in methodology.criteria() {
                let mut needed = everywhere.clone();
                if let Some(indicator) = document.indicators.get(criterion.indicator) {
                    indicator.formula.root().variables(&mut |name| {
                        needed.insert(name);
                    });
                }
                for name in needed {
                    let metric = name.strip_prefix(PREVIOUS).unwrap_or(name);
                    if document.attributes.as_ref().is_some_and(|attributes| attributes.contains_key(name)) {
                        attributes.insert(name);
                    } else if let (Some(network), true) = (&criterion.network, document.metrics.contains_key(metric)) {
                        metrics.insert((network, name));
                    }
                }
            }
        }
        for name in attributes {
            if !self.cohort.territories.attributes.contains(name) {
                let expected = Text::new(
                    format!("l'attribut « {name} » des territoires"),
                    format!("the territories' attribute `{name}`"),
                );
                self.missing("territories", "attributes", name, name, expected);
            }
        }
        for (network, name) in metrics {
            // A network on which nobody is misses nothing: everybody is absent from it.
            let Some(accounts) = self.cohort.accounts.get(network) else { continue };
            let has = |accounts: &Accounts, metric: &str| accounts.metrics.contains(metric);
            if let Some(metric) = name.strip_prefix(PREVIOUS) {
                if !self.cohort.previous.get(network).is_some_and(|accounts| has(accounts, metric)) {
                    let expected = Text::new(
                        format!("la mesure « {metric} » des comptes sur « {network} » dans la période précédente"),
                        format!("the metric `{metric}` of the accounts on `{network}` in the previous period"),
                    );
                    self.missing(When::Before.list(), "metrics", metric, name, expected);
                }
            } else if !has(accounts, name) {
                let expected = Text::new(
                    format!("la mesure « {name} » des comptes sur « {network} »"),
                    format!("the metric `{name}` of the accounts on `{network}`"),
                );
                self.missing(When::Now.list(), "metrics", name, name, expected);
            }
        }
    }

    fn missing(&mut self, list: &str, group: &str, member: &str, name: &str, expected: Text) {
        let place = self.cohort.origin.column(list, &format!("{group}/{member}"));
        self.faults.push(Fault::new(Code::MissingMetric, place, name, expected).advise(
            format!("ajoutez « {name} » ; laissez vide là où le nombre n'est pas connu"),
            format!("add `{name}`; leave it empty where the number is not known"),
        ));
    }

    fn unknown(&mut self, code: Code, place: Place, name: &str, known: &[&str], count: usize) {
        let list = known.join(", ");
        let expected = if known.is_empty() {
            Text::new("rien : la méthode n'en déclare pas", "nothing: the methodology declares none")
        } else {
            Text::new(format!("l'un de : {list}"), format!("one of: {list}"))
        };
        let (fr, en) = match nearest(name, known) {
            Some(near) => (format!("vouliez-vous « {near} » ?"), format!("did you mean `{near}`?")),
            None => (
                "corrigez-le, retirez-le, ou choisissez une méthode qui le connaît".into(),
                "correct it, leave it out, or choose a methodology that knows it".into(),
            ),
        };
        let (fr, en) = match count {
            0 | 1 => (fr, en),
            _ => (format!("{fr} ({count} fois dans la cohorte)"), format!("{en} ({count} times in the cohort)")),
        };
        self.faults.push(Fault::new(code, place, name, expected).advise(fr, en));
    }
}

/// Is a number a count, or unknown? Without branches or calls: nearly all columns hold nothing else.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "`&&` is a branch, which keeps a loop from becoming vector instructions"
)]
fn may_be_count(x: f64) -> bool {
    const HALF: f64 = 4_503_599_627_370_496.0;
    // Adding and subtracting 2^52 rounds a smaller number to an integer.
    let whole = (x >= HALF) | ((x + HALF) - HALF == x);
    x.is_nan() | ((x >= 0.0) & whole & (x < 2.0 * HALF))
}

fn names<'a, T>(known: &BTreeMap<&'a str, T>) -> Vec<&'a str> {
    known.keys().copied().collect()
}

/// The first row in which a column says something.
fn first_known(column: &[f64]) -> usize {
    column.iter().position(|value| !value.is_nan()).unwrap_or_default()
}

/// The account that stood first in the input.
fn earliest(accounts: &Accounts) -> usize {
    let first = accounts.rows.iter().enumerate().min_by_key(|(_, row)| **row);
    first.filter(|(_, row)| **row != NONE).map_or(0, |(account, _)| account)
}
