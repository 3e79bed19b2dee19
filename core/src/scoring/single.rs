//! One territory against a reference: the same bits as inside the cohort, without the cohort.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::field::{Grouping, Seats};
use super::ladder::Ladder;
use super::reference::{CriterionReference, GroupLimits, GroupReference, Statistics, Tally, within_of};
use super::reference_document::{
    CriterionStatistics, MAX_BYTES, MethodStatistics, ReferenceDocument, StatisticsOfGroup,
};
use super::{
    CohortRef, Engine, Flag, MethodologyRef, Rank, RankEntry, Scoring, ScoringDocument, TerritoryScore, Watch,
    indicator, stopped,
};
use crate::cohort::{Account, Cohort, CohortBuilder, NONE, Period, Territory};
use crate::document::record::{At, FromJson};
use crate::document::{Digest, Json, LANGUAGE, canonical};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Filtered, Rational};
use crate::methodology::model::{Pin, Within};
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
        let period = match &document.period {
            Some(period) => Some(Period::parse(&period.from, &period.to)?),
            None => None,
        };
        let scale = Scale::load(document.statistics, methodology, &document.members, None, "/statistics")?;
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
        cohort.check(self.methodology()).into_result(())?;
        let member = cohort.ids().first().and_then(|id| self.member(id));
        let scale = &self.inner.scale;
        let mut scoring = scale.seat(&cohort, member)?;
        let mut ignore = |_, _| std::ops::ControlFlow::Continue(());
        let mut watch = Watch { done: 0, total: 1, report: &mut ignore };
        let table = Engine::<Filtered>::new(&scoring).run(&scoring, &mut watch).map_err(stopped)?;
        scoring.install(table);
        let mut score = scoring.territory(0).ok_or_else(|| internal(""))?;
        scale.place(&scoring, member, self.inner.synthetic, &mut score);
        Ok(score)
    }
}

impl Scale {
    fn load(
        document: MethodStatistics,
        methodology: &Methodology,
        members: &[String],
        above: Option<&Arc<(Vec<Group>, Vec<u32>)>>,
        pointer: &str,
    ) -> Result<Self, Faults> {
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
        let mut loader =
            Loader { methodology, pointer, groups: BTreeMap::new(), entries: Vec::new(), faults: Faults::new() };
        let references = loader.criteria(&document.criteria);
        let strata = &methodology.document().strata;
        let stratum_sizes =
            strata.iter().map(|stratum| document.strata.get(&stratum.id).copied().unwrap_or(0)).collect();
        let finest = match (document.groups, document.seats, above) {
            (Some(groups), Some(seats), _) => Arc::new((groups, seats)),
            (_, _, Some(above)) => Arc::clone(above),
            _ => Arc::default(),
        };
        if finest.1.len() != members.len() {
            loader.fault("/seats", finest.1.len(), &members.len().to_string());
        }
        let mut ladders = Vec::new();
        for (place, view) in methodology.document().views.iter().enumerate() {
            let at = format!("/rankings/{}", view.id);
            match document.rankings.get(&view.id).map(|ranked| Ladder::new(methodology, place, ranked, &finest)) {
                Some(Some(ladder)) => ladders.push(ladder),
                Some(None) => loader.fault(&at, "", "keys and members of one length, the best first"),
                None => loader.fault(&at, "", &view.id),
            }
        }
        let parts = document.parts.unwrap_or_default();
        if parts.len() != methodology.pinned().len() {
            let expected = methodology.pinned().len().to_string();
            loader.fault("/parts", parts.len().to_string(), &expected);
        }
        let Loader { groups, entries, faults, .. } = loader;
        faults.into_result(())?;
        let parts = parts.into_iter().zip(methodology.pinned()).enumerate();
        let parts = parts
            .map(|(place, (part, pinned))| {
                Self::load(part, pinned, members, Some(&finest), &format!("{pointer}/parts/{place}"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            methodology: methodology.clone(),
            stratum_sizes,
            references: Arc::new(references),
            entries,
            groups,
            finest,
            ladders,
            parts,
        })
    }

    /// A scoring of one territory whose statistics are those of the reference.
    fn seat(&self, given: &Arc<Cohort>, member: Option<u32>) -> Result<Scoring, Faults> {
        let cohort = &given.resolve(&self.methodology)?;
        let mut seats = Seats::assign::<Rational>(&self.methodology, cohort)?;
        seats.stratum_sizes.clone_from(&self.stratum_sizes);
        let parts = self.parts.iter().map(|part| part.seat(given, member)).collect::<Result<Vec<_>, _>>()?;
        let mut scoring = Scoring {
            methodology: self.methodology.clone(),
            cohort: Arc::clone(cohort),
            seats,
            references: Arc::clone(&self.references),
            nodes: Vec::new(),
            parts,
        };
        for (within, groups) in &self.groups {
            let own = scoring.dimensions(0, within);
            let known = own.len() == within.dimensions().len();
            let code =
                groups.iter().position(|group| known && *group == own).and_then(|place| u32::try_from(place).ok());
            let grouping = Grouping { codes: vec![code.unwrap_or(NONE)], count: groups.len() };
            scoring.seats.groupings.insert(within.clone(), grouping);
        }
        if let Some(member) = member {
            self.move_entries(&mut scoring, member);
        }
        Ok(scoring)
    }

    /// Moves a member's entry in each distribution to where its value is now. Nothing moves as long as
    /// its metrics are those of the cohort.
    fn move_entries(&self, scoring: &mut Scoring, member: u32) {
        for (place, entries) in self.entries.iter().enumerate() {
            let Some((read, old, value)) = self.moved(scoring, place, entries, member) else { continue };
            let references = Arc::make_mut(&mut scoring.references);
            if let Some(group) = references.get_mut(place).and_then(|reference| reference.groups.get_mut(read)) {
                move_entry(group, old, value);
            }
        }
    }

    /// The group whose distribution holds a value of the member that is its value no more, the place of
    /// the old value, and the new one.
    fn moved(
        &self,
        scoring: &Scoring,
        criterion: usize,
        entries: &[Vec<(u32, u32)>],
        member: u32,
    ) -> Option<(usize, usize, Rational)> {
        let reference = self.references.get(criterion)?;
        let known = self.methodology.criteria().get(criterion)?;
        let indicator = self.methodology.document().indicators.get(known.indicator)?;
        let within = indicator.normalise.as_ref().and_then(within_of)?;
        let field = scoring.field();
        let read = *reference.stands_for.get(field.group(&within, 0) as usize)? as usize;
        let entries = entries.get(read)?;
        let at = entries.binary_search_by_key(&member, |(member, _)| *member).ok()?;
        let old = entries.get(at)?.1 as usize;
        let mut inputs = indicator::Inputs::new(field.cohort, &[0]);
        let value = indicator::drawn_in::<Rational>(&field, known, &reference.limits, &mut inputs).value(0)?;
        let before = reference.groups.get(read)?.values.get(old)?;
        (*before != value).then_some((read, old, value))
    }

    /// Puts the ranks that the territory has among the members, and what goes with that.
    fn place(&self, scoring: &Scoring, member: Option<u32>, synthetic: bool, score: &mut TerritoryScore) {
        let document = self.methodology.document();
        score.ranks.clear();
        let mut ranks = Vec::new();
        for (view, ladder) in document.views.iter().zip(&self.ladders) {
            let key = super::rank::keys(scoring, &view.id).into_iter().next().map(|(_, key, _)| key);
            let step = key.map(|key| ladder.step(&key));
            for within in &document.ranking.within {
                let rank = step.and_then(|step| self.rank(scoring, ladder, within, step, member));
                ranks.push((view.id.as_str(), within, rank));
            }
        }
        score.ranks.extend(ranks.iter().map(|(view, within, rank)| RankEntry {
            view: (*view).to_owned(),
            within: within.name(),
            rank: rank.map(|rank| rank.place),
            of: rank.map(|rank| rank.of),
        }));
        score.grade = scoring.grade_by(0, |view, within| {
            let known = ranks.iter().find(|(known, group, _)| *known == view && *group == within);
            known.and_then(|(_, _, rank)| *rank)
        });
        if member.is_none() {
            score.flags.push(Flag::new("stranger"));
        }
        score.synthetic |= synthetic;
        let parts = self.parts.iter().zip(&scoring.parts);
        for ((scale, part), score) in parts.zip(&mut score.parts) {
            scale.place(part, member, synthetic, &mut score.territory);
        }
    }

    fn rank(
        &self,
        scoring: &Scoring,
        ladder: &Ladder,
        within: &Within,
        step: usize,
        member: Option<u32>,
    ) -> Option<Rank> {
        let group = scoring.dimensions(0, within);
        if group.len() < within.dimensions().len() {
            return None;
        }
        let own = member.filter(|member| {
            let seat = self.finest.1.get(*member as usize).and_then(|seat| self.finest.0.get(*seat as usize));
            seat.is_some_and(|seat| group.iter().all(|(dimension, value)| seat.get(dimension) == Some(value)))
        });
        Some(ladder.rank(within, &group, step, own, self.methodology.document().ranking.ties))
    }
}

/// Moves one of the members of a distribution from its old value to a new one. The size stays.
fn move_entry(group: &mut GroupReference, old: usize, value: Rational) {
    let Statistics::Distribution(tallies) = &mut group.statistics else { return };
    if let Some(tally) = tallies.get_mut(old) {
        tally.equal = tally.equal.saturating_sub(1);
    }
    match group.values.binary_search(&value) {
        Ok(place) => {
            if let Some(tally) = tallies.get_mut(place) {
                tally.equal = tally.equal.saturating_add(1);
            }
        }
        Err(place) => {
            tallies.insert(place, Tally { below: 0, equal: 1, member: NONE });
            group.values.insert(place, value);
        }
    }
    let mut below = 0_u32;
    for tally in tallies {
        tally.below = below;
        below = below.saturating_add(tally.equal);
    }
}

/// Turns the document's statistics into those that the engine reads.
struct Loader<'a> {
    methodology: &'a Methodology,
    pointer: &'a str,
    groups: BTreeMap<Within, Vec<Group>>,
    entries: Vec<Vec<Vec<(u32, u32)>>>,
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
            let mut entries = Vec::new();
            if let Some(within) = indicator.normalise.as_ref().and_then(within_of) {
                let at = format!("/criteria/{place}/groups");
                entries = self.statistics(&at, &within, &given.groups, &mut reference);
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
        for (index, given) in groups.iter().enumerate() {
            let group = self.read(&format!("{pointer}/{index}"), given);
            let code = self.group(within, &given.group);
            if reference.groups.len() <= code {
                reference.groups.resize_with(code.saturating_add(1), GroupReference::default);
                entries.resize_with(code.saturating_add(1), Vec::new);
            }
            if given.larger == Some(true) {
                larger.push((code, group, entries_of(given)));
            } else if let (Some(slot), Some(entries)) = (reference.groups.get_mut(code), entries.get_mut(code)) {
                *slot = group;
                *entries = entries_of(given);
            }
        }
        reference.stands_for = (0..u32::try_from(reference.groups.len()).unwrap_or(NONE)).collect();
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

/// The place among the values of each member's, by member.
fn entries_of(given: &StatisticsOfGroup) -> Vec<(u32, u32)> {
    let places = (0_u32..).zip(given.members.iter().flatten());
    let mut entries: Vec<(u32, u32)> =
        places.flat_map(|(place, members)| members.iter().map(move |member| (*member, place))).collect();
    entries.sort_unstable();
    entries
}
