//! What a methodology asks of a cohort: names that it knows, numbers of the kinds that it declares, a
//! period when it counts days, and the metrics that its formulas read.
//!
//! A name that the methodology does not know is reported once, where it first stands, with how often
//! it occurs; a number that is wrong is reported wherever it stands.

use std::collections::{BTreeMap, BTreeSet};

use super::build::not_a_count;
use super::{Accounts, Cohort, NONE};
use crate::document::record::nearest;
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::methodology::Methodology;
use crate::methodology::model::{Document, Kind};

impl Cohort {
    /// What keeps this cohort from being scored by `methodology`; nothing when it can be.
    ///
    /// # Errors
    /// None: the faults are the value. Their codes are `unknown_structure_type`, `unknown_network`,
    /// `unknown_metric`, `unknown_stratum`, `missing_metric`, `negative_value`, `fractional_count`,
    /// `out_of_range`, `period_missing` and `period_length`.
    pub fn check(&self, methodology: &Methodology) -> Faults {
        let mut checker = Checker { cohort: self, document: methodology.document(), faults: Faults::new() };
        checker.period(methodology.uses_days());
        checker.territories();
        for (network, accounts) in &self.accounts {
            checker.accounts(network, accounts);
        }
        checker.needs(methodology);
        checker.faults
    }
}

struct Checker<'a> {
    cohort: &'a Cohort,
    document: &'a Document,
    faults: Faults,
}

impl Checker<'_> {
    fn period(&mut self, uses_days: bool) {
        let place = self.cohort.origin.period();
        match (self.cohort.period, self.document.period_days) {
            (None, asked) if uses_days || asked.is_some() => {
                let expected = match asked {
                    Some(days) => Text::new(format!("une période de {days} jours"), format!("a period of {days} days")),
                    None => {
                        Text::new("une période : la méthode compte en jours", "a period: the methodology counts days")
                    }
                };
                self.faults.push(Fault::new(Code::PeriodMissing, place, "", expected).advise(
                    "indiquez le premier jour (from, du) et le lendemain du dernier (to, au), écrits AAAA-MM-JJ",
                    "give the first day (from) and the day after the last (to), written YYYY-MM-DD",
                ));
            }
            (Some(period), Some(days)) if period.days() != days => {
                let expected = Text::new(format!("{days} jours"), format!("{days} days"));
                let found = period.days();
                self.faults
                    .push(Fault::new(Code::PeriodLength, place, format!("{found} ({period})"), expected).advise(
                    format!(
                        "le premier jour compte, la fin est le lendemain du dernier : cette période en compte {found}"
                    ),
                    format!("the first day counts, the end is the day after the last: this period has {found} of them"),
                ));
            }
            _ => {}
        }
    }

    fn territories(&mut self) {
        let (cohort, document) = (self.cohort, self.document);
        let types = &cohort.territories.structure_types;
        let unknown: Vec<bool> = types.texts.iter().map(|id| !document.structure_types.contains_key(id)).collect();
        if unknown.contains(&true) {
            // The first territory of each text, and how many there are.
            let mut met: Vec<(usize, usize)> = vec![(usize::MAX, 0); unknown.len()];
            for (territory, code) in types.codes.iter().enumerate() {
                if let Some((first, count)) = met.get_mut(*code as usize) {
                    *first = territory.min(*first);
                    *count = count.saturating_add(1);
                }
            }
            let known = names(document.structure_types.keys());
            for ((id, (first, count)), _) in types.texts.iter().zip(met).zip(&unknown).filter(|(_, unknown)| **unknown)
            {
                let place = cohort.territory_place(first, "structure_type");
                self.unknown(Code::UnknownStructureType, place, id, &known, count);
            }
        }
        for (territory, by_hand) in &cohort.territories.overrides {
            if !document.strata.iter().any(|stratum| stratum.id == by_hand.stratum) {
                let place = cohort.territory_place(*territory as usize, "stratum/id");
                let known = names(document.strata.iter().map(|stratum| &stratum.id));
                self.unknown(Code::UnknownStratum, place, &by_hand.stratum, &known, 1);
            }
        }
        for (name, column) in &cohort.territories.attributes {
            let place = |row: usize| cohort.territory_place(row, &format!("attributes/{name}"));
            let attribute = document.attributes.as_ref().and_then(|attributes| attributes.get(name));
            if let Some(attribute) = attribute {
                self.numbers(attribute.kind, column, place);
            } else {
                let known = names(document.attributes.iter().flat_map(BTreeMap::keys));
                self.unknown(Code::UnknownMetric, place(first_known(column)), name, &known, known_count(column));
            }
        }
    }

    fn accounts(&mut self, network: &str, accounts: &Accounts) {
        let (cohort, document) = (self.cohort, self.document);
        if !document.networks.contains_key(network) {
            let place = cohort.account_place(network, earliest(accounts), "network");
            self.unknown(Code::UnknownNetwork, place, network, &names(document.networks.keys()), accounts.rows.len());
        }
        for (name, column) in &accounts.metrics {
            let place = |row: usize| cohort.account_place(network, row, &format!("metrics/{name}"));
            if let Some(metric) = document.metrics.get(name) {
                self.numbers(metric.kind, column, place);
            } else {
                let known = names(document.metrics.keys());
                self.unknown(Code::UnknownMetric, place(first_known(column)), name, &known, known_count(column));
            }
        }
    }

    /// Checks the numbers of a column. Any finite number is a decimal, and columns hold no infinity.
    fn numbers(&mut self, kind: Kind, column: &[f64], place: impl Fn(usize) -> Place) {
        if kind == Kind::Decimal {
            return;
        }
        for (row, value) in column.iter().enumerate() {
            if let Some((code, expected)) = not_a_count(*value) {
                self.faults.push(Fault::new(code, place(row), value, expected).advise(
                    "corrigez ce nombre, ou laissez vide s'il n'est pas connu",
                    "correct this number, or leave it empty if it is not known",
                ));
            }
        }
    }

    /// Reports the metrics and attributes that formulas and eligibility read and that stand nowhere.
    fn needs(&mut self, methodology: &Methodology) {
        let (cohort, document) = (self.cohort, self.document);
        let mut everywhere = BTreeSet::new();
        document.eligibility.iter().flatten().for_each(|rule| {
            rule.require.variables(&mut |name| {
                everywhere.insert(name);
            });
        });
        let mut by_network: BTreeMap<Option<&str>, BTreeSet<&str>> = BTreeMap::new();
        for criterion in methodology.criteria() {
            let needed = by_network.entry(criterion.network.as_deref()).or_insert_with(|| everywhere.clone());
            if let Some(indicator) = document.indicators.get(criterion.indicator) {
                indicator.formula.root().variables(&mut |name| {
                    needed.insert(name);
                });
            }
        }
        let attributes: BTreeSet<&str> = by_network
            .values()
            .flatten()
            .copied()
            .filter(|name| document.attributes.as_ref().is_some_and(|attributes| attributes.contains_key(*name)))
            .collect();
        for name in attributes {
            if !cohort.territories.attributes.contains_key(name) {
                let expected = Text::new(
                    format!("l'attribut « {name} » des territoires"),
                    format!("the territories' attribute `{name}`"),
                );
                self.missing("territories", "attributes", name, expected);
            }
        }
        for (network, needed) in by_network.into_iter().filter_map(|(network, needed)| Some((network?, needed))) {
            // A network on which nobody is misses nothing: everybody is absent from it.
            let Some(accounts) = cohort.accounts.get(network) else { continue };
            for name in needed {
                if document.metrics.contains_key(name) && !accounts.metrics.contains_key(name) {
                    let expected = Text::new(
                        format!("la mesure « {name} » des comptes sur « {network} »"),
                        format!("the metric `{name}` of the accounts on `{network}`"),
                    );
                    self.missing("accounts", "metrics", name, expected);
                }
            }
        }
    }

    fn missing(&mut self, list: &str, group: &str, name: &str, expected: Text) {
        let place = self.cohort.origin.column(list, &format!("{group}/{name}"));
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
                "corrigez-le, ou choisissez une méthode qui le connaît".into(),
                "correct it, or choose a methodology that knows it".into(),
            ),
        };
        let (fr, en) = match count {
            0 | 1 => (fr, en),
            _ => (format!("{fr} ({count} fois dans la cohorte)"), format!("{en} ({count} times in the cohort)")),
        };
        self.faults.push(Fault::new(code, place, name, expected).advise(fr, en));
    }
}

fn names<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a str> {
    names.map(String::as_str).collect()
}

/// The first row in which a column says something.
fn first_known(column: &[f64]) -> usize {
    column.iter().position(|value| !value.is_nan()).unwrap_or_default()
}

fn known_count(column: &[f64]) -> usize {
    column.iter().filter(|value| !value.is_nan()).count()
}

/// The account that stood first in the input.
fn earliest(accounts: &Accounts) -> usize {
    let first = accounts.rows.iter().enumerate().min_by_key(|(_, row)| **row);
    first.filter(|(_, row)| **row != NONE).map_or(0, |(account, _)| account)
}
