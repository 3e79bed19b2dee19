//! One territory against a reference: the same bits as inside the cohort, without the cohort.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::field::{Grouping, Seats};
use super::rank::compare_keys;
use super::reference::{CriterionReference, GroupLimits, GroupReference, Statistics, Tally, within_of};
use super::reference_document::{CriterionStatistics, MAX_BYTES, RankedGroup, ReferenceDocument, StatisticsOfGroup};
use super::{Engine, Flag, RankEntry, Scoring, TerritoryScore, Watch, stopped};
use crate::cohort::{Account, Cohort, CohortBuilder, NONE, Period, Territory};
use crate::document::record::{At, FromJson};
use crate::document::{Digest, Json, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Filtered, Rational};
use crate::methodology::model::{Ties, Within};
use crate::methodology::{Methodology, supported};

/// The name of a group: the value of each dimension.
type Group = BTreeMap<String, String>;

/// The published statistics of a cohort: with it, one territory can be scored and ranked alone.
#[derive(Debug, Clone)]
pub struct Reference {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    methodology: Methodology,
    json: Json,
    period: Option<Period>,
    members: BTreeSet<String>,
    stratum_sizes: Vec<u32>,
    references: Arc<Vec<CriterionReference>>,
    /// The groups of each `within`, in the order in which statistics are kept.
    groups: BTreeMap<Within, Vec<Group>>,
    rankings: BTreeMap<String, Vec<RankedGroup>>,
    parts: Vec<Reference>,
}

impl Scoring {
    /// The reference, ready to score one territory.
    ///
    /// # Errors
    /// None for a reference drawn from a scoring; `internal` if the document could not be read back.
    pub fn reference(&self) -> Result<Reference, Faults> {
        let text = serde_json::to_vec(&self.reference_document());
        let text =
            text.map_err(|error| Fault::new(Code::Internal, Place::Pointer(String::new()), error, Text::default()))?;
        Reference::from_json(&text, &self.methodology)
    }
}

impl Reference {
    /// Reads a reference document drawn from a scoring by `methodology`.
    ///
    /// # Errors
    /// The faults of the document; `pin_mismatch` when it is of another methodology.
    pub fn from_json(bytes: &[u8], methodology: &Methodology) -> Result<Self, Faults> {
        let json = Json::parse(bytes, MAX_BYTES)?;
        supported(&json, "reference")?;
        let mut faults = Faults::new();
        let document = ReferenceDocument::from_json(&json, &At::ROOT, &mut faults);
        let Some(document) = document.filter(|_| faults.is_empty()) else { return Err(faults) };
        Self::load(document, json, methodology, "")
    }

    fn load(document: ReferenceDocument, json: Json, methodology: &Methodology, pointer: &str) -> Result<Self, Faults> {
        if !methodology.is(&document.methodology) {
            let place = Place::Pointer(format!("{pointer}/methodology"));
            let name = |id: &str, version: &str, digest: &str| format!("{id}@{version} {digest}");
            let found = &document.methodology;
            let digest = methodology.method_digest().to_string();
            let expected = name(methodology.id(), methodology.version(), &digest);
            return Err(Fault::new(
                Code::PinMismatch,
                place,
                name(&found.id, &found.version, &found.method_sha256),
                Text::new(expected.clone(), expected),
            )
            .advise("donnez la méthode de cette référence", "give the methodology of this reference")
            .into());
        }
        let mut loader = Loader { methodology, pointer, groups: BTreeMap::new(), faults: Faults::new() };
        let references = loader.criteria(&document.criteria);
        let strata = &methodology.document().strata;
        let stratum_sizes =
            strata.iter().map(|stratum| document.strata.get(&stratum.id).copied().unwrap_or(0)).collect();
        let period = match &document.period {
            Some(period) => Some(Period::parse(&period.from, &period.to)?),
            None => None,
        };
        let parts = document.parts.unwrap_or_default();
        if parts.len() != methodology.pinned().len() {
            let expected = methodology.pinned().len().to_string();
            loader.fault("/parts", parts.len().to_string(), &expected);
        }
        let Loader { groups, faults, .. } = loader;
        faults.into_result(())?;
        let parts = parts.into_iter().zip(methodology.pinned()).enumerate();
        let parts = parts
            .map(|(place, (part, pinned))| Self::load(part, Json::Null, pinned, &format!("{pointer}/parts/{place}")))
            .collect::<Result<Vec<_>, _>>()?;
        let inner = Inner {
            methodology: methodology.clone(),
            json,
            period,
            members: document.members.into_iter().collect(),
            stratum_sizes,
            references: Arc::new(references),
            groups,
            rankings: document.rankings,
            parts,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The methodology.
    pub fn methodology(&self) -> &Methodology {
        &self.inner.methodology
    }

    /// The period of the cohort, over which the territory's metrics must be taken too.
    pub fn period(&self) -> Option<Period> {
        self.inner.period
    }

    /// Was this territory a member of the cohort?
    pub fn is_member(&self, territory: &str) -> bool {
        self.inner.members.contains(territory)
    }

    /// The document as canonical JSON (RFC 8785).
    pub fn to_json(&self) -> String {
        canonical::text(&self.inner.json)
    }

    /// SHA-256 of the document, in canonical form.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.inner.json)
    }

    /// Scores one territory by its accounts alone.
    ///
    /// Statistics and sizes are those of the cohort. A member's entry there counts as its own; who was no
    /// member is flagged `stranger`, is not counted among the values equal to its own, and its rank is
    /// one plus the number of members that are strictly better.
    ///
    /// # Errors
    /// The faults of the territory and its accounts, with places as in a cohort of one.
    pub fn score(&self, territory: &Territory, accounts: &[Account]) -> Result<TerritoryScore, Faults> {
        let mut builder = CohortBuilder::new();
        if let Some(period) = self.inner.period {
            builder.period(period);
        }
        builder.territory(territory);
        for account in accounts {
            builder.account(account);
        }
        let cohort = Arc::new(builder.build()?);
        cohort.check(&self.inner.methodology).into_result(())?;
        let mut scoring = self.seat(&cohort)?;
        let mut ignore = |_, _| std::ops::ControlFlow::Continue(());
        let mut watch = Watch { done: 0, total: 1, report: &mut ignore };
        let table = Engine::<Filtered>::new(&scoring).run(&scoring, &mut watch).map_err(stopped)?;
        scoring.install(table);
        let internal = || Faults::from(Fault::new(Code::Internal, Place::Pointer(String::new()), "", Text::default()));
        let mut score = scoring.territory(0).ok_or_else(internal)?;
        self.place(&scoring, &mut score);
        Ok(score)
    }

    /// A scoring of one territory whose statistics are those of the reference.
    fn seat(&self, given: &Arc<Cohort>) -> Result<Scoring, Faults> {
        let methodology = &self.inner.methodology;
        let cohort = &given.resolve(methodology)?;
        let mut seats = Seats::assign::<Rational>(methodology, cohort)?;
        seats.stratum_sizes.clone_from(&self.inner.stratum_sizes);
        let parts = self.inner.parts.iter().map(|part| part.seat(given)).collect::<Result<Vec<_>, _>>()?;
        let mut scoring = Scoring {
            methodology: methodology.clone(),
            cohort: Arc::clone(cohort),
            seats,
            references: Arc::clone(&self.inner.references),
            nodes: Vec::new(),
            parts,
        };
        for (within, groups) in &self.inner.groups {
            let own = scoring.dimensions(0, within);
            let known = own.len() == within.dimensions().len();
            let code =
                groups.iter().position(|group| known && *group == own).and_then(|place| u32::try_from(place).ok());
            let grouping = Grouping { codes: vec![code.unwrap_or(NONE)], count: groups.len() };
            scoring.seats.groupings.insert(within.clone(), grouping);
        }
        Ok(scoring)
    }

    /// Puts the ranks that the territory has among the members, and the flags that go with that.
    fn place(&self, scoring: &Scoring, score: &mut TerritoryScore) {
        let document = self.inner.methodology.document();
        score.ranks.clear();
        for view in &document.views {
            let own = super::rank::keys(scoring, &view.id).into_iter().next().map(|(_, keys, _)| keys);
            for within in &document.ranking.within {
                let rank = own.as_ref().and_then(|own| self.rank(scoring, &view.id, within, own));
                score.ranks.push(RankEntry {
                    view: view.id.clone(),
                    within: within.name(),
                    rank: rank.map(|(place, _)| place),
                    of: rank.map(|(_, of)| of),
                });
            }
        }
        score.grade = scoring.grade_by(0, |view, within| {
            let own = super::rank::keys(scoring, view).into_iter().next().map(|(_, keys, _)| keys)?;
            let (place, of) = self.rank(scoring, view, within, &own)?;
            Some(super::Rank { place, of })
        });
        if !self.inner.members.contains(&score.id) {
            score.flags.push(Flag::new("stranger"));
        }
        let parts = self.inner.parts.iter().zip(&scoring.parts);
        for ((reference, part), score) in parts.zip(&mut score.parts) {
            reference.place(part, &mut score.territory);
        }
    }

    /// One plus the number of members that are strictly better, and the number of members ranked.
    fn rank(&self, scoring: &Scoring, view: &str, within: &Within, own: &[String]) -> Option<(u32, u32)> {
        let group = scoring.dimensions(0, within);
        if group.len() < within.dimensions().len() {
            return None;
        }
        let inside =
            |ranked: &&RankedGroup| group.iter().all(|(dimension, value)| ranked.group.get(dimension) == Some(value));
        let (mut better, mut of) = (0_u32, 0_u32);
        let mut distinct = BTreeSet::new();
        for ranked in self.inner.rankings.get(view)?.iter().filter(inside) {
            of = ranked.counts.iter().fold(of, |of, count| of.saturating_add(*count));
            let before = ranked.keys.partition_point(|key| compare_keys(scoring, view, key, own).is_lt());
            better = ranked.counts.iter().take(before).fold(better, |better, count| better.saturating_add(*count));
            distinct.extend(ranked.keys.iter().take(before));
        }
        let place = match scoring.methodology.document().ranking.ties {
            Ties::Competition => better,
            Ties::Dense => u32::try_from(distinct.len()).unwrap_or(u32::MAX),
        };
        Some((place.saturating_add(1), of))
    }
}

/// Turns the document's statistics into those that the engine reads.
struct Loader<'a> {
    methodology: &'a Methodology,
    pointer: &'a str,
    groups: BTreeMap<Within, Vec<Group>>,
    faults: Faults,
}

impl Loader<'_> {
    fn fault(&mut self, pointer: &str, found: impl std::fmt::Display, expected: &str) {
        let place = Place::Pointer(format!("{}{pointer}", self.pointer));
        self.faults.push(Fault::new(Code::UnknownReference, place, found, Text::new(expected, expected)));
    }

    fn criteria(&mut self, criteria: &[CriterionStatistics]) -> Vec<CriterionReference> {
        let methodology = self.methodology;
        let indicators = &methodology.document().indicators;
        if criteria.len() != methodology.criteria().len() {
            self.fault("/criteria", criteria.len(), &methodology.criteria().len().to_string());
        }
        let mut references = Vec::new();
        for (place, (criterion, given)) in methodology.criteria().iter().zip(criteria).enumerate() {
            let Some(indicator) = indicators.get(criterion.indicator) else { continue };
            if indicator.id != given.indicator || criterion.network != given.network {
                self.fault(&format!("/criteria/{place}/indicator"), &given.indicator, &indicator.id);
                continue;
            }
            let mut reference = CriterionReference::default();
            if let Some(winsorise) = &indicator.winsorise {
                let within = winsorise.within.clone().unwrap_or(Within::COHORT);
                for (index, limits) in given.limits.iter().flatten().enumerate() {
                    let at = format!("/criteria/{place}/limits/{index}");
                    let limits_read = GroupLimits {
                        low: self.optional(&format!("{at}/low"), limits.low.as_ref()),
                        high: self.optional(&format!("{at}/high"), limits.high.as_ref()),
                    };
                    let code = self.group(&within, &limits.group);
                    if reference.limits.len() <= code {
                        reference.limits.resize_with(code.saturating_add(1), GroupLimits::default);
                    }
                    if let Some(slot) = reference.limits.get_mut(code) {
                        *slot = limits_read;
                    }
                }
            }
            if let Some(medians) = &given.medians {
                for stratum in &methodology.document().strata {
                    let at = format!("/criteria/{place}/medians/{}", stratum.id);
                    let median = self.optional(&at, medians.get(&stratum.id));
                    reference.medians.push(median);
                }
            }
            if let Some(within) = indicator.normalise.as_ref().and_then(within_of) {
                self.statistics(&format!("/criteria/{place}/groups"), &within, &given.groups, &mut reference);
            }
            references.push(reference);
        }
        references
    }

    fn statistics(
        &mut self,
        pointer: &str,
        within: &Within,
        groups: &[StatisticsOfGroup],
        reference: &mut CriterionReference,
    ) {
        let mut larger = Vec::new();
        for (index, given) in groups.iter().enumerate() {
            let group = self.read(&format!("{pointer}/{index}"), given);
            let code = self.group(within, &given.group);
            if reference.groups.len() <= code {
                reference.groups.resize_with(code.saturating_add(1), GroupReference::default);
            }
            if given.larger == Some(true) {
                larger.push((code, group));
            } else if let Some(slot) = reference.groups.get_mut(code) {
                *slot = group;
            }
        }
        reference.stands_for = (0..u32::try_from(reference.groups.len()).unwrap_or(NONE)).collect();
        for (code, group) in larger {
            let read = u32::try_from(reference.groups.len()).unwrap_or(NONE);
            reference.groups.push(group);
            if let Some(slot) = reference.stands_for.get_mut(code) {
                *slot = read;
            }
        }
    }

    fn read(&mut self, pointer: &str, given: &StatisticsOfGroup) -> GroupReference {
        let mut values = Vec::new();
        let statistics = match given {
            StatisticsOfGroup { low: Some(low), high: Some(high), .. } => {
                let low = self.exact(&format!("{pointer}/low"), low);
                let high = self.exact(&format!("{pointer}/high"), high);
                Statistics::Bounds(low, high)
            }
            StatisticsOfGroup { target: Some(target), .. } => {
                Statistics::Target(self.exact(&format!("{pointer}/target"), target))
            }
            StatisticsOfGroup { mean: Some(mean), spread, .. } => Statistics::Centre(*mean, *spread),
            StatisticsOfGroup { values: Some(texts), counts: Some(counts), .. } => {
                if texts.len() != counts.len() {
                    self.fault(&format!("{pointer}/counts"), counts.len(), &texts.len().to_string());
                }
                let mut below = 0_u32;
                let mut tallies = Vec::new();
                for (place, (text, count)) in texts.iter().zip(counts).enumerate() {
                    values.push(self.exact(&format!("{pointer}/values/{place}"), text));
                    tallies.push(Tally { below, equal: *count, member: NONE });
                    below = below.saturating_add(*count);
                }
                Statistics::Distribution(tallies)
            }
            _ => Statistics::None,
        };
        GroupReference { size: given.size, statistics, values }
    }

    /// The place of a group among those of `within`, added if it is new.
    fn group(&mut self, within: &Within, group: &Group) -> usize {
        let groups = self.groups.entry(within.clone()).or_default();
        groups.iter().position(|known| known == group).unwrap_or_else(|| {
            groups.push(group.clone());
            groups.len().saturating_sub(1)
        })
    }

    fn optional(&mut self, pointer: &str, text: Option<&String>) -> Option<Rational> {
        text.map(|text| self.exact(pointer, text))
    }

    fn exact(&mut self, pointer: &str, text: &str) -> Rational {
        Rational::parse(text).unwrap_or_else(|| {
            let place = Place::Pointer(format!("{}{pointer}", self.pointer));
            let expected = Text::new("une fraction réduite, « n/d », d > 0", "a reduced fraction, `n/d`, d > 0");
            self.faults.push(Fault::new(Code::NotANumber, place, text, expected));
            Rational::ZERO
        })
    }
}
