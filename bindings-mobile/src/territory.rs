//! Territories with their accounts, as values.

use std::collections::HashMap;
use std::sync::Arc;

use bareme::Faults;
use bareme::cohort::CohortBuilder;
use bareme::error::Place;

use crate::cohort::{Cohort, Period};
use crate::error::{BaremeError, guard};

/// A public body with its accounts.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Territory {
    /// Its id: an INSEE or SIREN code, as text.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The kind of public body: an id that the methodology declares, such as `commune`.
    pub structure_type: String,
    /// Its inhabitants; none when not known.
    #[uniffi(default = None)]
    pub population: Option<i64>,
    /// Its accounts.
    #[uniffi(default = [])]
    pub accounts: Vec<Account>,
    /// Its accounts in the previous period, for methodologies that measure growth.
    #[uniffi(default = [])]
    pub previous: Vec<Account>,
    /// The ids that it had in the previous period, when they are not its own: those of the communes that it was
    /// merged from. An empty list says that it had none.
    #[uniffi(default = None)]
    pub formerly: Option<Vec<String>>,
    /// The census that the population is from, such as its year.
    #[uniffi(default = None)]
    pub population_vintage: Option<String>,
    /// Its department.
    #[uniffi(default = None)]
    pub department: Option<String>,
    /// Its region.
    #[uniffi(default = None)]
    pub region: Option<String>,
    /// Further numbers by the names that the methodology declares.
    #[uniffi(default = None)]
    pub attributes: Option<HashMap<String, f64>>,
    /// A stratum set by hand, when the methodology's own rule does not apply.
    #[uniffi(default = None)]
    pub stratum: Option<StratumOverride>,
}

/// A territory's stratum set by hand. Every result flags it with its reason.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct StratumOverride {
    /// The id of the stratum.
    pub stratum: String,
    /// Why.
    pub reason: String,
}

/// A territory's presence on one network.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Account {
    /// The network: an id that the methodology declares, such as `instagram`.
    pub network: String,
    /// Numbers by the names that the methodology declares, such as `followers`. One that is left out, or NaN, is
    /// not known.
    pub metrics: HashMap<String, f64>,
    /// Is it the main one of several that the territory has on the network?
    #[uniffi(default = false)]
    pub main: bool,
    /// Of a previous account, the id that its territory had then, where that is not its own.
    #[uniffi(default = None)]
    pub formerly_of: Option<String>,
}

fn numbers<M: FromIterator<(String, f64)>>(map: &HashMap<String, f64>) -> M {
    map.iter().map(|(name, value)| (name.clone(), *value)).collect()
}

impl Territory {
    /// The territory as the core takes it, without its accounts.
    fn alone(&self) -> bareme::cohort::Territory {
        let by_hand = self.stratum.as_ref().map(|by_hand| bareme::cohort::StratumOverride {
            stratum: by_hand.stratum.clone(),
            reason: by_hand.reason.clone(),
        });
        bareme::cohort::Territory {
            id: self.id.clone(),
            name: self.name.clone(),
            structure_type: self.structure_type.clone(),
            // Whatever is too large for binary64 to hold is still too large when it is rounded, and a fault.
            population: self.population.map(|population| population as f64),
            population_vintage: self.population_vintage.clone(),
            department: self.department.clone(),
            region: self.region.clone(),
            attributes: self.attributes.as_ref().map(numbers).unwrap_or_default(),
            stratum: by_hand,
            formerly: self.formerly.clone(),
        }
    }

    /// Some of its accounts as the core takes them.
    fn owned(&self, accounts: &[Account]) -> Vec<bareme::cohort::Account> {
        let owned = accounts.iter().map(|account| bareme::cohort::Account {
            territory: account.formerly_of.as_ref().unwrap_or(&self.id).clone(),
            network: account.network.clone(),
            metrics: numbers(&account.metrics),
            main: account.main,
        });
        owned.collect()
    }

    /// Its accounts as the core takes them.
    pub(crate) fn own_accounts(&self) -> Vec<bareme::cohort::Account> {
        self.owned(&self.accounts)
    }

    /// Adds it to a cohort, with these accounts of the period.
    fn enter(&self, builder: &mut CohortBuilder, accounts: &[bareme::cohort::Account]) {
        builder.territory(&self.alone());
        for account in accounts {
            builder.account(account);
        }
        for account in &self.owned(&self.previous) {
            builder.previous_account(account);
        }
    }

    /// The cohort of it alone, with these accounts; faults have pointers into the territory.
    pub(crate) fn cohort(&self, accounts: &[bareme::cohort::Account]) -> Result<bareme::Cohort, Faults> {
        let mut builder = CohortBuilder::new();
        self.enter(&mut builder, accounts);
        builder.build().map_err(|faults| placed(&faults))
    }
}

/// Faults with pointers into the one territory that was given, and not into a cohort that holds it alone.
pub(crate) fn placed(faults: &Faults) -> Faults {
    let mut all = Faults::new();
    for fault in faults {
        let mut fault = fault.clone();
        if let Place::Pointer(pointer) = &mut fault.place {
            if let Some(inner) = pointer.strip_prefix("/territories/0") {
                *pointer = inner.to_owned();
            } else if let Some(inner) = pointer.strip_prefix("/previous/accounts") {
                *pointer = format!("/previous{inner}");
            }
        }
        all.push(fault);
    }
    all
}

#[uniffi::export]
impl Cohort {
    /// Gathers territories with their accounts. `synthetic` says that the numbers are invented: every result repeats
    /// it. The pointers of faults are those of the cohort document, in which all accounts stand in one list, in order.
    #[uniffi::constructor(default(period = None, previous_period = None, synthetic = false))]
    pub fn from_territories(
        territories: Vec<Territory>,
        period: Option<Period>,
        previous_period: Option<Period>,
        synthetic: bool,
    ) -> Result<Arc<Self>, BaremeError> {
        guard(|| {
            let mut faults = Faults::new();
            let mut read = |place, given: Option<Period>| Period::read(given.as_ref(), place, &mut faults);
            let period = read("", period);
            let previous_period = read("/previous", previous_period);
            faults.into_result(())?;
            let mut builder = CohortBuilder::new();
            period.map(|period| builder.period(period));
            previous_period.map(|period| builder.previous_period(period));
            if synthetic {
                builder.synthetic();
            }
            for territory in &territories {
                territory.enter(&mut builder, &territory.own_accounts());
            }
            Ok(Self::of(builder.build()?))
        })
    }
}
