//! One territory of a cohort, with its accounts and without the others.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::build::{by_territory, picked};
use super::{Accounts, Cohort, Interned, Period, Territories};

impl Cohort {
    /// The cohort of one of its territories, over `period` where this one gives none. Faults name the
    /// places that the territory and its accounts have here.
    pub(crate) fn alone(&self, territory: usize, period: Option<Period>) -> Self {
        let given = self.given.as_deref().unwrap_or(self);
        let accounts = |accounts: &BTreeMap<String, Arc<Accounts>>| {
            let own = accounts.iter().filter_map(|(network, accounts)| {
                let own = accounts.alone(territory);
                (!own.territory.is_empty()).then(|| (network.clone(), Arc::new(own)))
            });
            own.collect()
        };
        Self {
            period: given.period.or(period),
            territories: given.territories.alone(territory),
            accounts: accounts(&given.accounts),
            previous: accounts(&given.previous),
            previous_period: given.previous_period,
            synthetic: given.synthetic,
            origin: given.origin.clone(),
            given: None,
        }
    }
}

impl Territories {
    fn alone(&self, territory: usize) -> Self {
        let row = u32::try_from(territory).unwrap_or(super::NONE);
        let one = |texts: &[String]| texts.get(territory).cloned().into_iter().collect();
        let interned = |column: &Interned| {
            let text = column.get(territory).map(str::to_owned);
            Interned { codes: vec![if text.is_some() { 0 } else { super::NONE }], texts: text.into_iter().collect() }
        };
        let number = |column: &[f64]| column.get(territory).copied().into_iter().collect();
        Self {
            ids: one(&self.ids),
            names: one(&self.names),
            structure_types: interned(&self.structure_types),
            population: picked(&self.population, &[territory]),
            population_vintage: interned(&self.population_vintage),
            departments: interned(&self.departments),
            regions: interned(&self.regions),
            attributes: self.attributes.map(|_, column| number(column)),
            overrides: self.overrides.get(&row).map(|by_hand| (0, by_hand.clone())).into_iter().collect(),
            formerly: self.formerly.get(&row).map(|ids| (0, ids.clone())).into_iter().collect(),
            rows: picked(&self.rows, &[territory]),
        }
    }
}

impl Accounts {
    fn alone(&self, territory: usize) -> Self {
        let own: Vec<usize> = self.of(territory).collect();
        let territory = vec![0; own.len()];
        Self {
            of_territory: by_territory(&territory, 1),
            territory,
            metrics: self.metrics.map(|_, column| picked(column, &own).into()),
            main: picked(&self.main, &own),
            former: picked(&self.former, &own),
            rows: picked(&self.rows, &own),
        }
    }
}
