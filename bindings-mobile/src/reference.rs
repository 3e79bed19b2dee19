//! One territory alone, with the reference of a cohort.

use std::sync::Arc;

use bareme::cohort::Account;
use bareme::scoring::ReferenceDocument;
use bareme::{Faults, analysis};

use crate::cohort::{Cohort, Period};
use crate::error::{BaremeError, guard};
use crate::methodology::Methodology;
use crate::result::{CriterionScore, TerritoryScore};
use crate::territory::{Territory, placed};

/// Another value of one metric of a territory's account on a network.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Change {
    /// The network, on which the territory has one account, or a main one.
    pub network: String,
    /// The metric, such as `likes`.
    pub metric: String,
    /// Its value; NaN when not known.
    pub value: f64,
}

/// A criterion that a change has moved.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Move {
    /// The pinned methodology whose criterion it is, `id@version`; none for the methodology itself.
    pub part: Option<String>,
    /// What it was.
    pub before: CriterionScore,
    /// What it is.
    pub after: CriterionScore,
}

impl Move {
    fn of(moved: analysis::Moved, methodology: &bareme::Methodology) -> Result<Self, Faults> {
        let family = methodology.family();
        let pinned = moved.part.as_ref().and_then(|(id, version)| {
            family.iter().find(|known| known.id() == id.as_str() && known.version() == version.as_str())
        });
        let owner = pinned.unwrap_or(methodology);
        Ok(Self {
            part: moved.part.map(|(id, version)| format!("{id}@{version}")),
            before: CriterionScore::of(moved.before, owner)?,
            after: CriterionScore::of(moved.after, owner)?,
        })
    }
}

/// What changes would bring.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Simulation {
    /// The score as it is.
    pub before: TerritoryScore,
    /// The score as it would be, with the ranks that it would have.
    pub after: TerritoryScore,
    /// The criteria whose raw value, mark or weight moves: those of the methodology in its order, then those of
    /// each that it pins.
    pub moved: Vec<Move>,
}

/// The published statistics of a cohort: with it, one territory is scored and ranked alone, to the same bits.
#[derive(Debug, uniffi::Object)]
pub struct Reference {
    pub(crate) core: bareme::scoring::Reference,
}

impl Reference {
    fn scored(&self, territory: &Territory, accounts: &[Account]) -> Result<bareme::scoring::TerritoryScore, Faults> {
        self.core.score_in(&territory.cohort(accounts)?, 0).map_err(|faults| placed(&faults))
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
        guard(|| {
            let score = self.scored(&territory, &territory.own_accounts())?;
            TerritoryScore::of(score, self.core.methodology())
        })
    }

    /// What would some changes bring to a territory, all made together?
    pub fn simulate(&self, territory: Territory, changes: Vec<Change>) -> Result<Simulation, BaremeError> {
        guard(|| {
            let methodology = self.core.methodology();
            let mut accounts = territory.own_accounts();
            let before = self.scored(&territory, &accounts)?;
            let changes = changes.into_iter().map(|Change { network, metric, value }| analysis::Change {
                network,
                metric,
                value,
            });
            analysis::change(&mut accounts, &changes.collect::<Vec<_>>())?;
            let after = self.scored(&territory, &accounts)?;
            let moved = analysis::moved(&before, &after).into_iter().map(|moved| Move::of(moved, methodology));
            Ok(Simulation {
                moved: moved.collect::<Result<_, Faults>>()?,
                before: TerritoryScore::of(before, methodology)?,
                after: TerritoryScore::of(after, methodology)?,
            })
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

    /// Scores each territory of a cohort alone, in its order.
    pub fn score_each(&self, cohort: &Cohort) -> Result<Vec<TerritoryScore>, BaremeError> {
        guard(|| {
            let scores = self.core.score_each(&cohort.core)?.territories.into_iter();
            scores.map(|score| TerritoryScore::of(score, self.core.methodology())).collect()
        })
    }

    /// The document in canonical form.
    pub fn to_json(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.to_json()))
    }
}
