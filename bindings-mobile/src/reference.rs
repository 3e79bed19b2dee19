//! One territory alone, with the reference of a cohort.

use std::collections::HashMap;
use std::sync::Arc;

use bareme::Faults;
use bareme::error::{Code, Place, Text};
use bareme::scoring::ReferenceDocument;

use crate::cohort::{Cohort, Period};
use crate::error::{BaremeError, guard, text_of};
use crate::methodology::Methodology;
use crate::result::{CriterionScore, TerritoryScore};

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
}

/// A criterion that a change has moved.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Move {
    /// What it was.
    pub before: CriterionScore,
    /// What it is.
    pub after: CriterionScore,
}

/// What a change would bring.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Simulation {
    /// The score as it is.
    pub before: TerritoryScore,
    /// The score as it would be, with the ranks that it would have.
    pub after: TerritoryScore,
    /// The criteria whose raw value or mark moves, in the methodology's order; those of pinned methodologies are
    /// in `parts` of both scores.
    pub moved: Vec<Move>,
}

/// The published statistics of a cohort: with it, one territory is scored and ranked alone, to the same bits.
#[derive(Debug, uniffi::Object)]
pub struct Reference {
    pub(crate) core: bareme::scoring::Reference,
}

/// The territory as the core takes it.
fn parts(territory: &Territory) -> (bareme::cohort::Territory, Vec<bareme::cohort::Account>) {
    let numbers = |map: &HashMap<String, f64>| map.iter().map(|(name, value)| (name.clone(), *value)).collect();
    let accounts = territory.accounts.iter().map(|account| bareme::cohort::Account {
        territory: territory.id.clone(),
        network: account.network.clone(),
        metrics: numbers(&account.metrics),
        main: account.main,
    });
    let accounts = accounts.collect();
    let by_hand = territory.stratum.as_ref().map(|by_hand| bareme::cohort::StratumOverride {
        stratum: by_hand.stratum.clone(),
        reason: by_hand.reason.clone(),
    });
    let territory = bareme::cohort::Territory {
        id: territory.id.clone(),
        name: territory.name.clone(),
        structure_type: territory.structure_type.clone(),
        // Whatever is too large for binary64 to hold is still too large when it is rounded, and a fault.
        population: territory.population.map(|population| population as f64),
        population_vintage: territory.population_vintage.clone(),
        department: territory.department.clone(),
        region: territory.region.clone(),
        attributes: territory.attributes.as_ref().map(numbers).unwrap_or_default(),
        stratum: by_hand,
        formerly: None,
    };
    (territory, accounts)
}

/// Faults with pointers into the territory that was given, and not into a list that holds it alone.
fn placed(faults: &Faults) -> Faults {
    let mut all = Faults::new();
    for fault in faults {
        let mut fault = fault.clone();
        if let Place::Pointer(pointer) = &mut fault.place
            && let Some(inner) = pointer.strip_prefix("/territories/0")
        {
            *pointer = inner.to_owned();
        }
        all.push(fault);
    }
    all
}

/// Do two numbers have the same bits, or are both missing?
fn same(one: Option<f64>, other: Option<f64>) -> bool {
    one.map(f64::to_bits) == other.map(f64::to_bits)
}

/// The account whose metric changes: the only one on the network, or the main one.
fn changed(territory: &Territory, network: &str, metric: &str, value: f64) -> Result<Territory, Faults> {
    let mut territory = territory.clone();
    let several = territory.accounts.iter().filter(|account| account.network == network).count() > 1;
    let mut accounts = territory.accounts.iter_mut().filter(|account| account.network == network);
    let account = accounts.find(|account| account.main || !several).ok_or_else(|| {
        let expected = Text::new(
            "un réseau sur lequel la collectivité a un compte, ou un compte principal",
            "a network on which the territory has one account, or a main one",
        );
        bareme::Fault::new(Code::UnknownNetwork, Place::Pointer("/accounts".into()), network, expected)
    })?;
    account.metrics.insert(metric.to_owned(), value);
    Ok(territory)
}

impl Reference {
    fn scored(&self, territory: &Territory) -> Result<TerritoryScore, Faults> {
        let (own, accounts) = parts(territory);
        let score = self.core.score(&own, &accounts).map_err(|faults| placed(&faults))?;
        TerritoryScore::of(score, self.core.methodology())
    }
}

#[uniffi::export]
impl Reference {
    /// Reads a reference document; without `methodology`, the embedded one that it names is taken.
    #[uniffi::constructor(default(methodology = None))]
    pub fn from_json(document: Vec<u8>, methodology: Option<Arc<Methodology>>) -> Result<Arc<Self>, BaremeError> {
        guard(|| {
            let methodology = if let Some(methodology) = methodology {
                methodology.core.clone()
            } else {
                let read = ReferenceDocument::read(&document)?;
                let pin = read.methodology();
                bareme::catalogue::methodology(&format!("{}@{}", pin.id, pin.version))?
            };
            Ok(Arc::new(Self { core: bareme::scoring::Reference::from_json(&document, &methodology)? }))
        })
    }

    /// The methodology.
    pub fn methodology(&self) -> Result<Arc<Methodology>, BaremeError> {
        guard(|| Ok(Methodology::of(self.core.methodology())))
    }

    /// The period of the cohort, over which a territory's metrics must be taken too.
    pub fn period(&self) -> Result<Option<Period>, BaremeError> {
        guard(|| Ok(self.core.period().map(Period::from)))
    }

    /// Were the numbers of the cohort invented?
    pub fn is_synthetic(&self) -> Result<bool, BaremeError> {
        guard(|| Ok(self.core.is_synthetic()))
    }

    /// Was the territory with this id a member of the cohort?
    pub fn is_member(&self, territory: String) -> Result<bool, BaremeError> {
        guard(|| Ok(self.core.is_member(&territory)))
    }

    /// SHA-256 of the document, in canonical form.
    pub fn sha256(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.digest().to_string()))
    }

    /// Scores one territory by its accounts alone. A member's entry in the cohort counts as its own; who was no
    /// member is flagged `stranger`.
    pub fn score(&self, territory: Territory) -> Result<TerritoryScore, BaremeError> {
        guard(|| self.scored(&territory))
    }

    /// What would one metric of the territory's account on a network bring, were it `value`?
    pub fn simulate(
        &self,
        territory: Territory,
        network: String,
        metric: String,
        value: f64,
    ) -> Result<Simulation, BaremeError> {
        guard(|| {
            let before = self.scored(&territory)?;
            let after = self.scored(&changed(&territory, &network, &metric, value)?)?;
            let pairs = before.criteria.iter().zip(&after.criteria);
            let moved = pairs.filter(|(one, other)| !same(one.raw, other.raw) || !same(one.mark, other.mark));
            let moved = moved.map(|(one, other)| Move { before: one.clone(), after: other.clone() }).collect();
            Ok(Simulation { before, after, moved })
        })
    }

    /// Scores one territory of a cohort alone, by its id or name: with the previous period's accounts, where the
    /// cohort has them.
    pub fn score_in(&self, cohort: &Cohort, id_or_name: String) -> Result<TerritoryScore, BaremeError> {
        guard(|| {
            let place = cohort.core.find(&id_or_name, |_| true)?;
            TerritoryScore::of(self.core.score_in(&cohort.core, place)?, self.core.methodology())
        })
    }

    /// Scores each territory of a cohort alone; a `scoring` document.
    pub fn score_each(&self, cohort: &Cohort) -> Result<String, BaremeError> {
        guard(|| text_of(&self.core.score_each(&cohort.core)?))
    }

    /// The document in canonical form.
    pub fn to_json(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.to_json()))
    }
}
