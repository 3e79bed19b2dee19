//! What is said of one territory, as values.

use bareme::document::Texts;
use bareme::error::Language as Spoken;
use bareme::methodology::model;

use crate::error::{Text, internal};
use crate::methodology::Status;

/// Defines an enumeration whose words are the specification's.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// The word that the core uses.
            pub(crate) fn read(word: &str) -> Result<Self, bareme::Faults> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(internal(format!("{word} is no {}", stringify!($name)))),
                }
            }
        }
    };
}

words! {
    /// Whether there is a value, and why not.
    State {
        /// There is one.
        Present "present",
        /// None could be computed; it is counted as zero.
        RawZero "raw_zero",
        /// Not known, and replaced by the stratum's median.
        Imputed "imputed",
        /// Too few criteria are known.
        Insufficient "insufficient",
        /// There is no account on the network.
        Absent "absent",
        /// A number is not known.
        Unknown "unknown",
        /// None can be computed.
        Undefined "undefined",
        /// The methodology asks for what the territory does not have.
        Ineligible "ineligible",
        /// The territory belongs to no stratum.
        OutsideStrata "outside_strata",
        /// The methodology refuses to score it.
        Refused "refused",
    }
}

/// Everything that a scoring says of one territory.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TerritoryScore {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The kind of public body.
    pub structure_type: String,
    /// Its stratum; none when it belongs to none.
    pub stratum: Option<String>,
    /// What the methodology claims to be.
    pub status: Status,
    /// The method's digest.
    pub method_sha256: String,
    /// Does any number on which this rests come from a synthetic cohort?
    pub synthetic: bool,
    /// Its indices, the root first.
    pub indices: Vec<IndexScore>,
    /// Its criteria, in the methodology's order.
    pub criteria: Vec<CriterionScore>,
    /// Its places, by view and group.
    pub ranks: Vec<RankEntry>,
    /// Its grade, where the methodology gives grades and it reaches one.
    pub grade: Option<String>,
    /// What there is to know about it.
    pub flags: Vec<Flag>,
    /// What each methodology that is pinned says of it.
    pub parts: Vec<PartScore>,
}

/// What a pinned methodology says of a territory.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PartScore {
    /// The pinned methodology's id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it says.
    pub territory: TerritoryScore,
}

/// The value of an index.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct IndexScore {
    /// The index's id.
    pub id: String,
    /// What it is called.
    pub label: Text,
    /// The exact value rounded to binary64.
    pub score: Option<f64>,
    /// The exact value rounded to the methodology's decimals.
    pub published: Option<String>,
    /// Whether there is a value, and why not.
    pub state: State,
    /// Its weight in the index above, as applied: from 0 to 1, points for a sum; none for the root.
    pub weight: Option<f64>,
    /// The weights of its own children as applied.
    pub weights: Vec<f64>,
}

/// The value of a criterion.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct CriterionScore {
    /// The indicator's id.
    pub indicator: String,
    /// What it is called.
    pub label: Text,
    /// The network.
    pub network: Option<String>,
    /// The raw value, rounded to binary64.
    pub raw: Option<f64>,
    /// Whether there is a raw value, and why not.
    pub state: State,
    /// The mark, rounded to binary64.
    pub mark: Option<f64>,
    /// The weight in the index above, as applied: from 0 to 1, points for a sum.
    pub weight: Option<f64>,
}

/// A place in a ranking.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct RankEntry {
    /// The view.
    pub view: String,
    /// The group: dimensions joined by `+`, or `cohort`.
    pub within: String,
    /// The place, from 1; none when the territory is unranked.
    pub rank: Option<i32>,
    /// The number of ranked territories in the group.
    pub of: Option<i32>,
}

/// Something there is to know about a territory's score.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Flag {
    /// What: `absent`, `ineligible`, `alone`, `stranger` …
    pub code: String,
    /// Of what: a network, an indicator, a rule, a stratum or a group.
    pub subject: Option<String>,
    /// The network, when this is about one.
    pub network: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// In words.
    pub text: Text,
}

impl From<model::Status> for Status {
    fn from(status: model::Status) -> Self {
        match status {
            model::Status::Official => Self::Official,
            model::Status::Reconstruction => Self::Reconstruction,
            model::Status::Proposal => Self::Proposal,
            model::Status::Draft => Self::Draft,
            model::Status::Variant => Self::Variant,
        }
    }
}

fn named(id: &str, label: Option<&Texts>) -> Text {
    label.map_or_else(|| Text { fr: id.to_owned(), en: id.to_owned() }, Text::of)
}

fn label_of_index<'a>(index: &'a model::Index, id: &str) -> Option<&'a Texts> {
    if index.id == id {
        return Some(&index.label);
    }
    index.of.iter().filter_map(|child| child.index.as_deref()).find_map(|inner| label_of_index(inner, id))
}

fn place(rank: Option<u32>) -> Option<i32> {
    rank.and_then(|rank| i32::try_from(rank).ok())
}

impl CriterionScore {
    /// What the core says, with the name that the methodology gives.
    pub(crate) fn of(
        criterion: bareme::scoring::CriterionScore,
        methodology: &bareme::Methodology,
    ) -> Result<Self, bareme::Faults> {
        let mut indicators = methodology.document().indicators.iter();
        let indicator = indicators.find(|known| *known.id == *criterion.indicator);
        Ok(Self {
            label: named(&criterion.indicator, indicator.map(|known| &known.label)),
            indicator: criterion.indicator.to_string(),
            network: criterion.network.as_deref().map(str::to_owned),
            raw: criterion.raw,
            state: State::read(criterion.state)?,
            mark: criterion.mark,
            weight: criterion.weight,
        })
    }
}

impl TerritoryScore {
    /// What the core says, with the names that the methodology gives.
    pub(crate) fn of(
        score: bareme::scoring::TerritoryScore,
        methodology: &bareme::Methodology,
    ) -> Result<Self, bareme::Faults> {
        let document = methodology.document();
        let indices = score.indices.into_iter().map(|index| {
            Ok(IndexScore {
                label: named(&index.id, label_of_index(&document.index, &index.id)),
                id: index.id,
                score: index.score,
                published: index.published,
                state: State::read(index.state)?,
                weight: index.weight,
                weights: index.weights,
            })
        });
        let criteria = score.criteria.into_iter().map(|criterion| CriterionScore::of(criterion, methodology));
        let ranks = score.ranks.into_iter().map(|entry| RankEntry {
            view: entry.view,
            within: entry.within,
            rank: place(entry.rank),
            of: place(entry.of),
        });
        let flags = score.flags.into_iter().map(|flag| Flag {
            text: Text { fr: flag.text(methodology, Spoken::French), en: flag.text(methodology, Spoken::English) },
            code: flag.code.to_owned(),
            subject: flag.subject,
            network: flag.network,
            reason: flag.reason,
        });
        let parts = score.parts.into_iter().map(|part| {
            let pinned = methodology.pinned().iter();
            let mut pinned = pinned.filter(|known| known.id() == part.id && known.version() == part.version);
            Ok(PartScore {
                territory: Self::of(part.territory, pinned.next().unwrap_or(methodology))?,
                id: part.id,
                version: part.version,
            })
        });
        Ok(Self {
            id: score.id,
            name: score.name,
            structure_type: score.structure_type,
            stratum: score.stratum,
            status: score.status.into(),
            method_sha256: score.method_sha256.to_string(),
            synthetic: score.synthetic,
            indices: indices.collect::<Result<_, bareme::Faults>>()?,
            criteria: criteria.collect::<Result<_, bareme::Faults>>()?,
            ranks: ranks.collect(),
            grade: score.grade,
            flags: flags.collect(),
            parts: parts.collect::<Result<_, bareme::Faults>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_of_the_core_is_one() {
        let states: Vec<State> = bareme::scoring::states().map(|word| State::read(word).unwrap()).collect();
        assert_eq!((states.first(), states.last(), states.len()), (Some(&State::Present), Some(&State::Refused), 10));
        assert!(State::read("none of them").is_err());
    }
}
