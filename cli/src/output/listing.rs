//! Territories in the order of one ranking, group by group.

use std::collections::BTreeMap;

use bareme::error::Language;
use bareme::methodology::model::{Dimension, Document, Key, View, Within};
use bareme::scoring::{Ranks, TerritoryScore};
use bareme::{Methodology, Scoring};

use super::names::Names;
use crate::words::pick;

/// A scoring seen through one ranking.
#[derive(Debug)]
pub(crate) struct Listing<'a> {
    /// The scoring.
    pub(crate) scoring: &'a Scoring,
    /// The territories that are shown, by place in the cohort.
    territories: BTreeMap<usize, TerritoryScore>,
    /// What orders.
    pub(crate) view: &'a View,
    /// Among whom.
    pub(crate) within: Within,
    /// The places.
    pub(crate) ranks: Ranks,
    names: &'a Names,
}

/// Territories that are ranked among one another.
#[derive(Debug)]
pub(crate) struct Group {
    /// What they share, in words; empty for the whole cohort.
    pub(crate) label: String,
    /// The territories that are shown, the best first, the unranked last.
    pub(crate) territories: Vec<usize>,
    /// The number of those in the group, shown or not.
    pub(crate) size: usize,
}

/// What orders groups: the place in the document of what they share, else its text; those that lack
/// it come last.
type GroupKey = Vec<(usize, String)>;

impl<'a> Listing<'a> {
    /// The scoring ranked by `view` within `within`; `None` if the methodology has no such view.
    pub(crate) fn new(scoring: &'a Scoring, view: &'a View, within: Within, names: &'a Names) -> Option<Self> {
        let ranks = scoring.ranks(&view.id, &within)?;
        Some(Self { scoring, territories: BTreeMap::new(), view, within, ranks, names })
    }

    /// The methodology.
    pub(crate) fn methodology(&self) -> &Methodology {
        self.scoring.methodology()
    }

    /// The methodology's document.
    pub(crate) fn rules(&self) -> &Document {
        self.methodology().document()
    }

    /// Finds what there is to say of the territories of some groups, and of no others.
    pub(crate) fn describe(&mut self, groups: &[Group]) {
        let places: Vec<usize> = groups.iter().flat_map(|group| group.territories.iter().copied()).collect();
        let described = self.scoring.territories(&places);
        self.territories = places.into_iter().zip(described).collect();
    }

    /// A territory that is shown, by its place in the cohort.
    pub(crate) fn territory(&self, place: usize) -> Option<&TerritoryScore> {
        self.territories.get(&place)
    }

    /// Is there anything to know about a territory that is shown?
    pub(crate) fn has_flags(&self) -> bool {
        self.territories.values().any(|territory| !territory.flags.is_empty())
    }

    /// The groups, in the order of the methodology.
    pub(crate) fn groups(&self, language: Language) -> Vec<Group> {
        let mut groups: BTreeMap<GroupKey, Group> = BTreeMap::new();
        for place in self.ranks.order() {
            let (mut key, mut labels) = (GroupKey::new(), Vec::new());
            for dimension in self.within.dimensions() {
                let (order, label) = self.share(*dimension, place, language);
                key.push((order, label.clone()));
                labels.push(label);
            }
            let group = groups.entry(key).or_insert_with(|| Group {
                label: labels.join(" · "),
                territories: Vec::new(),
                size: 0,
            });
            group.territories.push(place);
            group.size = group.size.saturating_add(1);
        }
        groups.into_values().collect()
    }

    /// What a territory shares with its group in one dimension: its order and its name.
    fn share(&self, dimension: Dimension, place: usize, language: Language) -> (usize, String) {
        const LAST: usize = usize::MAX;
        let cohort = self.scoring.cohort();
        let code = |code: Option<&str>, name: &str, missing: &str| match code {
            Some(code) => (0, format!("{name} {}", self.names.label(dimension, code))),
            None => (LAST, missing.to_owned()),
        };
        match dimension {
            Dimension::Stratum => {
                let strata = self.rules().strata.iter().enumerate();
                let mine =
                    strata.into_iter().find(|(_, stratum)| Some(stratum.id.as_str()) == self.scoring.stratum(place));
                let outside = pick(language, "Hors des strates de la méthode", "Outside the methodology's strata");
                mine.map_or((LAST, outside.into()), |(order, stratum)| (order, stratum.label.get(language).to_owned()))
            }
            Dimension::StructureType => {
                let mut types = self.rules().structure_types.iter().enumerate();
                let own = cohort.structure_type(place).unwrap_or_default();
                let mine = types.find(|(_, (id, _))| *id == own);
                mine.map_or((LAST, own.to_owned()), |(order, (_, named))| (order, named.label.get(language).to_owned()))
            }
            Dimension::Region => code(
                cohort.region(place),
                pick(language, "Région", "Region"),
                pick(language, "Région inconnue", "Region unknown"),
            ),
            Dimension::Department => code(
                cohort.department(place),
                pick(language, "Département", "Department"),
                pick(language, "Département inconnu", "Department unknown"),
            ),
        }
    }

    /// The criterion by which this orders, if it is one.
    pub(crate) fn ordering_criterion(&self) -> Option<usize> {
        let Key { indicator: Some(id), network, .. } = &self.view.by else { return None };
        self.methodology().criteria().iter().position(|criterion| {
            let same = self.rules().indicators.get(criterion.indicator).is_some_and(|indicator| indicator.id == *id);
            same && (network.is_none() || criterion.network.as_deref() == network.as_deref())
        })
    }
}

/// The labels of the criteria, with the network where one indicator is computed on several.
pub(crate) fn criterion_labels(methodology: &Methodology, language: Language) -> Vec<String> {
    let rules = methodology.document();
    let labels = methodology.criteria().iter().map(|criterion| {
        let label = rules
            .indicators
            .get(criterion.indicator)
            .map(|indicator| indicator.label.get(language))
            .unwrap_or_default();
        match criterion.network.as_deref().filter(|_| several(methodology, criterion.indicator)) {
            Some(network) => {
                let network = rules.networks.get(network).map_or(network, |named| named.label.get(language));
                format!("{label} ({network})")
            }
            None => label.to_owned(),
        }
    });
    labels.collect()
}

/// Is this indicator computed on several networks?
fn several(methodology: &Methodology, indicator: usize) -> bool {
    methodology.criteria().iter().filter(|criterion| criterion.indicator == indicator).count() > 1
}
