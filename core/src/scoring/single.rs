//! One territory against a reference: the same bits as inside the cohort, without the cohort.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use super::field::{Chunk, Grouping, Seats};
use super::ladder::{Key, Ladder, each_once};
use super::reference::{CriterionReference, Entry, GroupLimits, GroupReference, Statistics, Tally};
use super::reference_document::{
    CriterionStatistics, MAX_BYTES, MethodStatistics, ReferenceDocument, StatisticsOfGroup,
};
use super::{
    AllInputs, CohortRef, Engine, Flag, MethodologyRef, RankEntry, Scoring, ScoringDocument, Table, TerritoryScore,
    indicator,
};
use crate::cohort::{Account, Cohort, CohortBuilder, NONE, Period, Territory};
use crate::document::record::{At, FromJson};
use crate::document::{Digest, Json, LANGUAGE, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Filtered, Rational};
use crate::methodology::model::{Dimension, Normalise, Pin, Within};
use crate::methodology::{Methodology, supported};

/// The name of a group: the value of each dimension.
type Group = BTreeMap<String, String>;

/// A territory's group, and the member there that it is.
type OwnGroup = (Group, Option<u32>);

/// The published statistics of a cohort: with it, one territory can be scored and ranked alone.
#[derive(Debug, Clone)]
pub struct Reference {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    text: String,
    synthetic: bool,
    period: Option<Period>,
    /// Sorted; a member is known by its place.
    members: Vec<String>,
    scale: Scale,
}

/// What one methodology sets a territory against.
#[derive(Debug)]
struct Scale {
    methodology: Methodology,
    stratum_sizes: Vec<u32>,
    references: Arc<Vec<CriterionReference>>,
    /// By criterion and group of the statistics: the place among the distinct values of each member's,
    /// by member.
    entries: Vec<Vec<Vec<(u32, u32)>>>,
    /// The groups of each `within`, in the order in which statistics are kept.
    groups: BTreeMap<Within, Vec<Group>>,
    /// The finest groups that are ranked in, and each member's.
    finest: Arc<(Vec<Group>, Vec<u32>)>,
    /// In the order of the methodology's views.
    ladders: Vec<Ladder>,
    parts: Vec<Scale>,
}

impl ReferenceDocument {
    /// Reads a reference document, before its methodology is at hand.
    ///
    /// # Errors
    /// The faults of its text and of its shape.
    pub fn read(bytes: &[u8]) -> Result<Self, Faults> {
        Ok(Self::parse(bytes)?.0)
    }

    /// The methodology that it was drawn with.
    pub fn methodology(&self) -> &Pin {
        &self.statistics.methodology
    }

    fn parse(bytes: &[u8]) -> Result<(Self, Json), Faults> {
        let json = Json::parse(bytes, MAX_BYTES)?;
        supported(&json, "reference")?;
        let mut faults = Faults::new();
        let document = Self::from_json(&json, &At::ROOT, &mut faults);
        document.filter(|_| faults.is_empty()).map(|document| (document, json)).ok_or(faults)
    }
}

impl Scoring {
    /// The reference, ready to score one territory.
    ///
    /// # Errors
    /// None for a reference drawn from a scoring; `internal` if the document could not be read back.
    pub fn reference(&self) -> Result<Reference, Faults> {
        let text = serde_json::to_vec(&self.reference_document()).map_err(|error| internal(error.to_string()))?;
        Reference::from_json(&text, &self.methodology)
    }
}

fn internal(text: impl std::fmt::Display) -> Faults {
    Fault::new(Code::Internal, Place::Pointer(String::new()), text, Text::default()).into()
}

impl Reference {
    /// Reads a reference document drawn from a scoring by `methodology`.
    ///
    /// # Errors
    /// The faults of the document; `pin_mismatch` when it is of another methodology.
    pub fn from_json(bytes: &[u8], methodology: &Methodology) -> Result<Self, Faults> {
        let (document, json) = ReferenceDocument::parse(bytes)?;
        let mut faults = Faults::new();
        let period = match document.period.as_ref().map(|period| Period::parse(&period.from, &period.to)) {
            Some(Ok(period)) => Some(period),
            Some(Err(found)) => {
                faults.extend(found);
                None
            }
            None => None,
        };
        if !document.members.iter().zip(document.members.iter().skip(1)).all(|(a, b)| a < b) {
            let expected = Text::new("des identifiants croissants", "ids in increasing order");
            faults.push(Fault::new(Code::UnknownReference, Place::Pointer("/members".into()), "", expected));
        }
        let count = document.members.len();
        let scale = Scale::load(document.statistics, methodology, count, None, "/statistics", &mut faults);
        let Some(scale) = scale.filter(|_| faults.is_empty()) else { return Err(faults) };
        let inner = Inner {
            text: canonical::text(&json),
            synthetic: document.synthetic.unwrap_or_default(),
            period,
            members: document.members,
            scale,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The methodology.
    pub fn methodology(&self) -> &Methodology {
        &self.inner.scale.methodology
    }

    /// The period of the cohort, over which the territory's metrics must be taken too.
    pub fn period(&self) -> Option<Period> {
        self.inner.period
    }

    /// Were the numbers of the cohort invented?
    pub fn is_synthetic(&self) -> bool {
        self.inner.synthetic
    }

    /// Was this territory a member of the cohort?
    pub fn is_member(&self, territory: &str) -> bool {
        self.member(territory).is_some()
    }

    fn member(&self, territory: &str) -> Option<u32> {
        let found = self.inner.members.binary_search_by(|id| id.as_str().cmp(territory)).ok()?;
        u32::try_from(found).ok()
    }

    /// The document as canonical JSON (RFC 8785).
    pub fn to_json(&self) -> String {
        self.inner.text.clone()
    }

    /// SHA-256 of the document, in canonical form.
    pub fn digest(&self) -> Digest {
        Digest::of_bytes(self.inner.text.as_bytes())
    }

    /// Scores one territory by its accounts alone.
    ///
    /// Statistics and sizes are those of the cohort. A member's entry there counts as its own, also when
    /// its metrics have changed: it is counted once among those equal to it, where it stands now, and its
    /// old entry is never among those that are better. Who was no member is flagged `stranger`, is not
    /// counted among the values equal to its own, and its rank is one plus the number of members that are
    /// strictly better.
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
        self.score_only(builder.build()?)
    }

    /// Scores one territory of a cohort, by its place there, alone: as [`Self::score`], with the previous
    /// period's accounts where the cohort has them.
    ///
    /// # Errors
    /// The faults of the territory and its accounts, with places as in the cohort; `period_conflict` where
    /// the cohort is of another period than the reference.
    pub fn score_in(&self, cohort: &Cohort, territory: usize) -> Result<TerritoryScore, Faults> {
        if let (Some(given), Some(own)) = (cohort.period(), self.inner.period)
            && given != own
        {
            let expected = Text::new(format!("la période de la référence, {own}"), format!("the reference's, {own}"));
            let fault = Fault::new(Code::PeriodConflict, cohort.origin.period(), given, expected).advise(
                "un score ne se compare qu'à ceux de la même période : donnez les mesures de celle-là, ou la référence de l'autre",
                "a score compares only with those of its own period: give that period's metrics, or the other one's reference",
            );
            return Err(fault.into());
        }
        self.score_only(cohort.alone(territory, self.inner.period))
    }

    /// Scores each territory of a cohort alone, as a `scoring` document. It holds no roll-up: a group is
    /// more than those of its members that are here.
    ///
    /// # Errors
    /// As [`Self::score_in`], of every territory.
    pub fn score_each(&self, cohort: &Cohort) -> Result<ScoringDocument, Faults> {
        let mut faults = Faults::new();
        let mut territories = Vec::new();
        for territory in 0..cohort.len() {
            match self.score_in(cohort, territory) {
                Ok(score) => territories.push(score),
                // What is wrong with the whole cohort is said once.
                Err(found) => {
                    for fault in &found {
                        if !faults.contains(fault) {
                            faults.push(fault.clone());
                        }
                    }
                }
            }
        }
        faults.into_result(ScoringDocument {
            language: LANGUAGE,
            document: "scoring",
            methodology: MethodologyRef::from(self.methodology()),
            cohort: CohortRef::from(cohort),
            reference_sha256: Some(self.digest()),
            territories,
            roll_ups: BTreeMap::new(),
        })
    }

    fn score_only(&self, cohort: Cohort) -> Result<TerritoryScore, Faults> {
        let cohort = Arc::new(cohort);
        cohort.check_alone(self.methodology()).into_result(())?;
        let member = cohort.ids().first().and_then(|id| self.member(id));
        let scale = &self.inner.scale;
        let mut scoring = scale.seat(&cohort, member)?;
        let engine = Engine::<Filtered>::new(&scoring);
        let mut inputs = AllInputs::new(&engine);
        let values = engine.values(Chunk::of(&[0]), &mut inputs, true);
        let mut table = Table::of(&scoring, 1, &values);
        if table.is_undecided() {
            let exact = Engine::<Rational>::new(&scoring);
            table = Table::of(&scoring, 1, &exact.values(Chunk::of(&[0]), &mut AllInputs::new(&exact), false));
        }
        drop(inputs);
        drop(engine);
        scoring.install(table);
        let mut score = scoring.unranked(&values).ok_or_else(|| internal(""))?;
        scale.place(&scoring, member, self.inner.synthetic, &mut score);
        Ok(score)
    }
}

impl Scale {
    /// Reads what belongs to a methodology, and to those that it pins; `None` for another methodology's.
    fn load(
        document: MethodStatistics,
        methodology: &Methodology,
        count: usize,
        above: Option<&Arc<(Vec<Group>, Vec<u32>)>>,
        pointer: &str,
        faults: &mut Faults,
    ) -> Option<Self> {
        if !methodology.is(&document.methodology) {
            let place = Place::Pointer(format!("{pointer}/methodology"));
            let name = |id: &str, version: &str, digest: &str| format!("{id}@{version} {digest}");
            let found = &document.methodology;
            let digest = methodology.method_digest().to_string();
            let expected = name(methodology.id(), methodology.version(), &digest);
            faults.push(
                Fault::new(
                    Code::PinMismatch,
                    place,
                    name(&found.id, &found.version, &found.method_sha256),
                    Text::new(expected.clone(), expected),
                )
                .advise("donnez la méthode de cette référence", "give the methodology of this reference"),
            );
            return None;
        }
        let mut loader = Loader { methodology, pointer, count, groups: BTreeMap::new(), entries: Vec::new(), faults };
        let references = loader.criteria(&document.criteria);
        let strata = &methodology.document().strata;
        let stratum_sizes =
            strata.iter().map(|stratum| document.strata.get(&stratum.id).copied().unwrap_or(0)).collect();
        let finest = match (document.groups, document.seats, above) {
            (None, None, Some(above)) => Arc::clone(above),
            (groups, seats, _) => {
                let (groups, seats) = (groups.unwrap_or_default(), seats.unwrap_or_default());
                loader.seats(&seats, groups.len());
                Arc::new((groups, seats))
            }
        };
        let mut ladders = Vec::new();
        for (place, view) in methodology.document().views.iter().enumerate() {
            let ranked = document.rankings.get(&view.id);
            match ranked.and_then(|ranked| Ladder::new(methodology, place, ranked, &finest, count)) {
                Some(ladder) => ladders.push(ladder),
                None => loader.fault(
                    &format!("/rankings/{}", view.id),
                    "",
                    "des clés et des membres en listes de même longueur, chacun une fois, les meilleurs d'abord",
                    "keys and members in lists of one length, each once, the best first",
                ),
            }
        }
        let parts = document.parts.unwrap_or_default();
        if parts.len() != methodology.pinned().len() {
            let expected = methodology.pinned().len().to_string();
            loader.fault("/parts", parts.len(), &expected, &expected);
        }
        let Loader { groups, entries, faults, .. } = loader;
        let parts = parts.into_iter().zip(methodology.pinned()).enumerate();
        // Each part says its own faults, so all are read before any is missed.
        let parts: Vec<Option<Self>> = parts
            .map(|(place, (part, pinned))| {
                Self::load(part, pinned, count, Some(&finest), &format!("{pointer}/parts/{place}"), faults)
            })
            .collect();
        Some(Self {
            methodology: methodology.clone(),
            stratum_sizes,
            references: Arc::new(references),
            entries,
            groups,
            finest,
            ladders,
            parts: parts.into_iter().collect::<Option<_>>()?,
        })
    }

    /// A scoring of one territory whose statistics are those of the reference.
    fn seat(&self, given: &Arc<Cohort>, member: Option<u32>) -> Result<Scoring, Faults> {
        let cohort = &given.resolve(&self.methodology)?;
        // The groups are those of the reference, in their order.
        let group = |within: &Within, seats: &Seats| {
            let groups = self.groups.get(within)?;
            let value = |dimension: &Dimension| seats.dimension(&self.methodology, cohort, 0, *dimension);
            let own: Option<SmallVec<[_; 4]>> =
                within.dimensions().iter().map(|dimension| Some((dimension.as_str(), value(dimension)?))).collect();
            let is_own = |group: &Group, own: &[(&str, &str)]| {
                own.iter().all(|(dimension, value)| group.get(*dimension).is_some_and(|known| known == value))
            };
            let place = own.and_then(|own| groups.iter().position(|group| is_own(group, &own)));
            let code = place.and_then(|place| u32::try_from(place).ok()).unwrap_or(NONE);
            Some(Grouping { codes: vec![code], count: groups.len() })
        };
        let mut seats = Seats::assign_but::<Rational>(&self.methodology, cohort, group)?;
        seats.stratum_sizes.clone_from(&self.stratum_sizes);
        let parts = self.parts.iter().map(|part| part.seat(given, member)).collect::<Result<Vec<_>, _>>()?;
        let mut scoring = Scoring {
            methodology: self.methodology.clone(),
            cohort: Arc::clone(cohort),
            seats,
            references: Arc::clone(&self.references),
            entries: Vec::new(),
            nodes: Vec::new(),
            parts,
            ranks: OnceLock::new(),
        };
        if let Some(member) = member {
            scoring.entries = self.entries_of(&scoring, member);
        }
        Ok(scoring)
    }

    /// A member's own entries in the distributions that it is set against.
    fn entries_of(&self, scoring: &Scoring, member: u32) -> Vec<Entry> {
        let field = scoring.field();
        let entry = |(criterion, entries): (usize, &Vec<Vec<(u32, u32)>>)| {
            let reference = self.references.get(criterion)?;
            let known = self.methodology.criteria().get(criterion)?;
            let indicator = self.methodology.document().indicators.get(known.indicator)?;
            let within = indicator.normalise.as_ref().and_then(Normalise::within)?;
            let group = *reference.stands_for.get(field.group(within, 0) as usize)?;
            let entries = entries.get(group as usize)?;
            let at = entries.binary_search_by_key(&member, |(member, _)| *member).ok()?;
            let place = entries.get(at)?.1 as usize;
            Some(Entry { criterion, group, place, value: indicator::exact(&field, known, &reference.limits, 0) })
        };
        self.entries.iter().enumerate().filter_map(entry).collect()
    }

    /// Puts the ranks that the territory has among the members, and what goes with that.
    fn place(&self, scoring: &Scoring, member: Option<u32>, synthetic: bool, score: &mut TerritoryScore) {
        let document = self.methodology.document();
        score.ranks.clear();
        // Of each view, the ladder and the step that the territory has reached on it.
        let flat = self.methodology.flat();
        let ladders = document.views.iter().zip(&self.ladders).enumerate();
        let steps: Vec<(&str, &Ladder, Option<usize>)> = ladders
            .map(|(place, (view, ladder))| {
                let orders = flat.views.get(place).into_iter().chain(&flat.tie_breakers);
                let key: Key = orders.map(|order| scoring.key_number(*order, 0)).collect();
                // Who has no value in a view has no place there.
                let step = key.first().is_some_and(Option::is_some).then(|| ladder.step(&key));
                (view.id.as_str(), ladder, step)
            })
            .collect();
        let ties = document.ranking.ties;
        // The groups that all views rank in.
        let groups: Vec<(&Within, Option<OwnGroup>)> =
            document.ranking.within.iter().map(|within| (within, self.own_group(scoring, within, member))).collect();
        let ranked = |ladder: &Ladder, step: Option<usize>, within: &Within, own: Option<&OwnGroup>| {
            own.zip(step).map(|((group, own), step)| ladder.rank(within, group, step, *own, ties))
        };
        let rank = |view: &str, within: &Within| {
            let (_, ladder, step) = steps.iter().find(|(known, ..)| *known == view)?;
            ranked(ladder, *step, within, self.own_group(scoring, within, member).as_ref())
        };
        for (view, (_, ladder, step)) in document.views.iter().zip(&steps) {
            for (within, own) in &groups {
                let rank = ranked(ladder, *step, within, own.as_ref());
                score.ranks.push(RankEntry {
                    view: view.id.clone(),
                    within: within.name(),
                    rank: rank.map(|rank| rank.place),
                    of: rank.map(|rank| rank.of),
                });
            }
        }
        score.grade = scoring.grade_by(0, rank);
        if member.is_none() {
            score.flags.push(Flag::new("stranger"));
        }
        score.synthetic |= synthetic;
        let parts = self.parts.iter().zip(&scoring.parts);
        for ((scale, part), score) in parts.zip(&mut score.parts) {
            scale.place(part, member, synthetic, &mut score.territory);
        }
    }

    /// The group of the territory, and the member whose place there is its own; `None` where a dimension of the group
    /// is not known.
    fn own_group(&self, scoring: &Scoring, within: &Within, member: Option<u32>) -> Option<OwnGroup> {
        let group = scoring.dimensions(0, within);
        if group.len() < within.dimensions().len() {
            return None;
        }
        let own = member.filter(|member| {
            let seat = self.finest.1.get(*member as usize).and_then(|seat| self.finest.0.get(*seat as usize));
            seat.is_some_and(|seat| group.iter().all(|(dimension, value)| seat.get(dimension) == Some(value)))
        });
        Some((group, own))
    }
}

/// Turns the document's statistics into those that the engine reads.
struct Loader<'a> {
    methodology: &'a Methodology,
    pointer: &'a str,
    /// How many members there are.
    count: usize,
    groups: BTreeMap<Within, Vec<Group>>,
    entries: Vec<Vec<Vec<(u32, u32)>>>,
    faults: &'a mut Faults,
}

impl Loader<'_> {
    fn fault(&mut self, pointer: &str, found: impl std::fmt::Display, fr: &str, en: &str) {
        let place = Place::Pointer(format!("{}{pointer}", self.pointer));
        self.faults.push(Fault::new(Code::UnknownReference, place, found, Text::new(fr, en)));
    }

    fn seats(&mut self, seats: &[u32], groups: usize) {
        if seats.len() != self.count {
            let expected = self.count.to_string();
            self.fault("/seats", seats.len(), &expected, &expected);
        }
        for (member, seat) in seats.iter().enumerate().filter(|(_, seat)| **seat as usize >= groups) {
            self.fault(&format!("/seats/{member}"), seat, "une place dans « groups »", "a place in `groups`");
        }
    }

    fn criteria(&mut self, criteria: &[CriterionStatistics]) -> Vec<CriterionReference> {
        let methodology = self.methodology;
        let indicators = &methodology.document().indicators;
        if criteria.len() != methodology.criteria().len() {
            let expected = methodology.criteria().len().to_string();
            self.fault("/criteria", criteria.len(), &expected, &expected);
        }
        let mut references = Vec::new();
        for (place, (criterion, given)) in methodology.criteria().iter().zip(criteria).enumerate() {
            let Some(indicator) = indicators.get(criterion.indicator) else { continue };
            if indicator.id != given.indicator || criterion.network.as_deref() != given.network.as_deref() {
                let name = |id: &str, network: Option<&str>| match network {
                    Some(network) => format!("{id} ({network})"),
                    None => id.to_owned(),
                };
                let expected = name(&indicator.id, criterion.network.as_deref());
                let found = name(&given.indicator, given.network.as_deref());
                self.fault(&format!("/criteria/{place}/indicator"), found, &expected, &expected);
                continue;
            }
            let mut reference = CriterionReference::default();
            if let Some(winsorise) = &indicator.winsorise {
                let within = winsorise.within.clone().unwrap_or(Within::COHORT);
                let mut seen = BTreeSet::new();
                for (index, limits) in given.limits.iter().flatten().enumerate() {
                    let at = format!("/criteria/{place}/limits/{index}");
                    let limits_read = GroupLimits {
                        low: self.optional(&format!("{at}/low"), limits.low.as_ref()),
                        high: self.optional(&format!("{at}/high"), limits.high.as_ref()),
                    };
                    let Some(code) = self.group(&at, &within, &limits.group, &mut seen) else { continue };
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
            let mut entries = Vec::new();
            if let Some(within) = indicator.normalise.as_ref().and_then(Normalise::within) {
                let at = format!("/criteria/{place}/groups");
                entries = self.statistics(&at, within, &given.groups, &mut reference);
            }
            references.push(reference);
            self.entries.push(entries);
        }
        references
    }

    /// Reads the statistics of each group; gives the entries of each group that is read.
    fn statistics(
        &mut self,
        pointer: &str,
        within: &Within,
        groups: &[StatisticsOfGroup],
        reference: &mut CriterionReference,
    ) -> Vec<Vec<(u32, u32)>> {
        let mut larger = Vec::new();
        let mut entries: Vec<Vec<(u32, u32)>> = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, given) in groups.iter().enumerate() {
            let at = format!("{pointer}/{index}");
            let group = self.read(&at, given);
            let Some(code) = self.group(&at, within, &given.group, &mut seen) else { continue };
            if reference.groups.len() <= code {
                reference.groups.resize_with(code.saturating_add(1), GroupReference::default);
                // A group that is in no entry is unknown here.
                reference.stands_for.resize(code.saturating_add(1), NONE);
                entries.resize_with(code.saturating_add(1), Vec::new);
            }
            if given.larger == Some(true) {
                larger.push((code, group, entries_of(given)));
                continue;
            }
            if let (Some(slot), Some(entries), Some(stands_for)) =
                (reference.groups.get_mut(code), entries.get_mut(code), reference.stands_for.get_mut(code))
            {
                *slot = group;
                *entries = entries_of(given);
                *stands_for = u32::try_from(code).unwrap_or(NONE);
            }
        }
        for (code, group, own) in larger {
            let read = u32::try_from(reference.groups.len()).unwrap_or(NONE);
            reference.groups.push(group);
            entries.push(own);
            if let Some(slot) = reference.stands_for.get_mut(code) {
                *slot = read;
            }
        }
        entries
    }

    fn read(&mut self, pointer: &str, given: &StatisticsOfGroup) -> GroupReference {
        let mut values = Vec::new();
        let statistics = match given {
            StatisticsOfGroup { low: Some(low), high: Some(high), .. } => {
                let low = self.exact(&format!("{pointer}/low"), low);
                let high = self.exact(&format!("{pointer}/high"), high);
                low.zip(high).map_or(Statistics::None, |(low, high)| Statistics::Bounds(low, high))
            }
            StatisticsOfGroup { target: Some(target), .. } => {
                self.exact(&format!("{pointer}/target"), target).map_or(Statistics::None, Statistics::Target)
            }
            StatisticsOfGroup { mean: Some(mean), spread, .. } => Statistics::Centre(*mean, *spread),
            StatisticsOfGroup { values: Some(texts), counts: Some(counts), .. } => {
                let read = texts.iter().enumerate();
                values =
                    read.filter_map(|(place, text)| self.exact(&format!("{pointer}/values/{place}"), text)).collect();
                self.distribution(pointer, given, texts.len(), counts, &values);
                let mut below = 0_u32;
                let mut tallies = Vec::new();
                for count in counts {
                    tallies.push(Tally { below, equal: *count, member: NONE });
                    below = below.saturating_add(*count);
                }
                Statistics::Distribution(tallies)
            }
            _ => Statistics::None,
        };
        GroupReference { size: given.size, statistics, values }
    }

    /// Checks that the lists of a distribution fit one another.
    fn distribution(&mut self, at: &str, given: &StatisticsOfGroup, len: usize, counts: &[u32], values: &[Rational]) {
        if values.len() == len && !values.iter().zip(values.iter().skip(1)).all(|(a, b)| a < b) {
            self.fault(&format!("{at}/values"), "", "des valeurs croissantes", "values in increasing order");
        }
        if counts.len() != len {
            let expected = len.to_string();
            self.fault(&format!("{at}/counts"), counts.len(), &expected, &expected);
        }
        let total = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(u64::from(*count)));
        if total != u64::from(given.size) {
            let expected = total.to_string();
            self.fault(&format!("{at}/size"), given.size, &expected, &expected);
        }
        let members = given.members.as_deref().unwrap_or_default();
        let mut sorted: Vec<u32> = members.iter().flatten().copied().collect();
        sorted.sort_unstable();
        let fewer = |(members, count): (&Vec<u32>, &u32)| members.len() <= *count as usize;
        if members.len() != len || !members.iter().zip(counts).all(fewer) || !each_once(sorted.into_iter(), self.count)
        {
            self.fault(
                &format!("{at}/members"),
                "",
                "ceux qui ont chaque valeur, chacun une fois, pas plus que leur nombre",
                "those who have each value, each once, no more than their number",
            );
        }
    }

    /// The place of a group among those of `within`, added if it is new.
    fn group<'g>(
        &mut self,
        pointer: &str,
        within: &Within,
        group: &'g Group,
        seen: &mut BTreeSet<&'g Group>,
    ) -> Option<usize> {
        let at = format!("{pointer}/group");
        let dimensions = within.dimensions();
        if group.len() != dimensions.len() || !dimensions.iter().all(|known| group.contains_key(known.as_str())) {
            let expected = within.name();
            self.fault(&at, group.keys().cloned().collect::<Vec<_>>().join("+"), &expected, &expected);
            return None;
        }
        if !seen.insert(group) {
            let place = Place::Pointer(format!("{}{at}", self.pointer));
            let expected = Text::new("une seule fois", "once only");
            self.faults.push(Fault::new(Code::DuplicateId, place, "", expected));
            return None;
        }
        let groups = self.groups.entry(within.clone()).or_default();
        Some(groups.iter().position(|known| known == group).unwrap_or_else(|| {
            groups.push(group.clone());
            groups.len().saturating_sub(1)
        }))
    }

    fn optional(&mut self, pointer: &str, text: Option<&String>) -> Option<Rational> {
        self.exact(pointer, text?)
    }

    fn exact(&mut self, pointer: &str, text: &str) -> Option<Rational> {
        let read = Rational::parse(text);
        if read.is_none() {
            let place = Place::Pointer(format!("{}{pointer}", self.pointer));
            let expected = Text::new("une fraction réduite, « n/d », d > 0", "a reduced fraction, `n/d`, d > 0");
            self.faults.push(Fault::new(Code::NotANumber, place, text, expected));
        }
        read
    }
}

/// The place among the values of each member's, by member.
fn entries_of(given: &StatisticsOfGroup) -> Vec<(u32, u32)> {
    let places = (0_u32..).zip(given.members.iter().flatten());
    let mut entries: Vec<(u32, u32)> =
        places.flat_map(|(place, members)| members.iter().map(move |member| (*member, place))).collect();
    entries.sort_unstable();
    entries
}
