//! The reference as a document: what one territory needs to be scored and ranked without the cohort.
//!
//! It holds the statistics of each criterion in each group, exactly; distributions only where a mark
//! uses places; and, for ranks, the values that each view orders. With it and the methodology, a
//! territory's accounts give the same bits as inside the cohort.
//!
//! Beside each value stands who has it, by the number of the member: a member that comes back with
//! other metrics is then neither counted among its equals twice nor outranked by itself.

use std::collections::BTreeMap;

use super::reference::{CriterionReference, Statistics, Tally};
use super::{Scoring, rank};

use crate::document::LANGUAGE;
use crate::document::record::record;
use crate::exact::{Decimal, Rational};
use crate::methodology::model::{Dimension, Normalise, Pin, Within};

/// Largest reference document, in bytes.
pub(super) const MAX_BYTES: usize = 1 << 28;

record! {
    /// The reference of a scoring.
    ReferenceDocument {
        /// The language version, `bareme/1`.
        language: String,
        /// The kind of document, `reference`.
        document: String,
        /// What the methodology claims to be.
        status: crate::methodology::Status,
        /// The digest of the cohort.
        cohort_sha256: String,
        /// Are the cohort's numbers invented? No when left out.
        #[serde(skip_serializing_if = "Option::is_none")]
        synthetic: Option<bool>,
        /// The period of the cohort.
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<crate::cohort::PeriodRecord>,
        /// The ids of the territories of the cohort, sorted. Everywhere else a member is its place here,
        /// from 0.
        members: Vec<String>,
        /// The statistics and the ranked values.
        statistics: MethodStatistics,
    }
}

record! {
    /// What a methodology draws from the cohort.
    MethodStatistics {
        /// The methodology.
        methodology: Pin,
        /// The number of territories in each stratum, by id.
        strata: BTreeMap<String, u32>,
        /// The statistics of each criterion, in the methodology's order.
        criteria: Vec<CriterionStatistics>,
        /// The finest groups in which the methodology ranks, each as the value of each dimension that is
        /// known. Larger groups are unions of these. Left out where they are those of the methodology
        /// that pins this one.
        #[serde(skip_serializing_if = "Option::is_none")]
        groups: Option<Vec<BTreeMap<String, String>>>,
        /// The place in `groups` of each member's; left out together with them.
        #[serde(skip_serializing_if = "Option::is_none")]
        seats: Option<Vec<u32>>,
        /// The values that each view ranks, by view.
        rankings: BTreeMap<String, RankedValues>,
        /// The statistics of the methodologies that are pinned, in the order in which they are first named.
        #[serde(skip_serializing_if = "Option::is_none")]
        parts: Option<Vec<MethodStatistics>>,
    }
}

record! {
    /// The statistics of one criterion.
    CriterionStatistics {
        /// The indicator.
        indicator: String,
        /// The network.
        #[serde(skip_serializing_if = "Option::is_none")]
        network: Option<String>,
        /// The limits of winsorisation, by group.
        #[serde(skip_serializing_if = "Option::is_none")]
        limits: Option<Vec<LimitsOfGroup>>,
        /// The medians for imputation, by stratum; exact, `n/d`.
        #[serde(skip_serializing_if = "Option::is_none")]
        medians: Option<BTreeMap<String, String>>,
        /// The statistics of each group.
        groups: Vec<StatisticsOfGroup>,
    }
}

record! {
    /// The limits of winsorisation of one group, exact: `n/d`.
    LimitsOfGroup {
        /// The group: the value of each dimension.
        group: BTreeMap<String, String>,
        /// The lower limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<String>,
        /// The upper limit.
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<String>,
    }
}

record! {
    /// The statistics against which the values of one group are set.
    StatisticsOfGroup {
        /// The group: the value of each dimension; none for the whole cohort.
        group: BTreeMap<String, String>,
        /// The number of members that the statistics are taken over.
        size: u32,
        /// Are the statistics those of a larger group, because this one is too small?
        #[serde(skip_serializing_if = "Option::is_none")]
        larger: Option<bool>,
        /// The lower bound, exact: `n/d`.
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<String>,
        /// The upper bound, exact: `n/d`.
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<String>,
        /// The target, exact: `n/d`.
        #[serde(skip_serializing_if = "Option::is_none")]
        target: Option<String>,
        /// The mean, rounded to binary64.
        #[serde(skip_serializing_if = "Option::is_none")]
        mean: Option<Decimal>,
        /// The spread, rounded to binary64; none beside a mean when all values are equal.
        #[serde(skip_serializing_if = "Option::is_none")]
        spread: Option<Decimal>,
        /// The distinct values, increasing, exact: `n/d`.
        #[serde(skip_serializing_if = "Option::is_none")]
        values: Option<Vec<String>>,
        /// The number of members that have each value.
        #[serde(skip_serializing_if = "Option::is_none")]
        counts: Option<Vec<u32>>,
        /// Those members, as far as they belong to the group itself.
        #[serde(skip_serializing_if = "Option::is_none")]
        members: Option<Vec<Vec<u32>>>,
    }
}

record! {
    /// The values that a view ranks.
    RankedValues {
        /// The distinct keys, the best first: the view's value, then that of each tie-breaker; empty for
        /// none.
        keys: Vec<Vec<String>>,
        /// The members that have each key.
        members: Vec<Vec<u32>>,
    }
}

/// The finest groups, and the place among them of each member's.
type Seating = (Vec<BTreeMap<String, String>>, Vec<u32>);

impl Scoring {
    /// The reference as a document.
    pub fn reference_document(&self) -> ReferenceDocument {
        let period = self.cohort.period();
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|territory| self.cohort.ids().get(*territory));
        let mut numbers = vec![0_u32; self.len()];
        for (number, territory) in (0_u32..).zip(&order) {
            if let Some(slot) = numbers.get_mut(*territory) {
                *slot = number;
            }
        }
        ReferenceDocument {
            language: LANGUAGE.into(),
            document: "reference".into(),
            status: self.methodology.status(),
            cohort_sha256: self.cohort.digest().to_string(),
            synthetic: self.cohort.is_synthetic().then_some(true),
            period: period.map(|period| crate::cohort::PeriodRecord {
                from: period.from().to_string(),
                to: period.to().to_string(),
            }),
            members: order.iter().filter_map(|territory| self.cohort.ids().get(*territory).cloned()).collect(),
            statistics: self.method_statistics(&order, &numbers, None),
        }
    }

    /// `order` is the territories by id, and `numbers` the number that each one has as a member.
    fn method_statistics(&self, order: &[usize], numbers: &[u32], above: Option<&Seating>) -> MethodStatistics {
        let strata = self.methodology.document().strata.iter().zip(&self.seats.stratum_sizes);
        let own = self.seating(order);
        let parts = self.parts.iter().map(|part| part.method_statistics(order, numbers, Some(&own)));
        let parts: Vec<MethodStatistics> = parts.collect();
        let mut statistics = MethodStatistics {
            methodology: Pin {
                id: self.methodology.id().into(),
                version: self.methodology.version().into(),
                method_sha256: self.methodology.method_digest().to_string(),
            },
            strata: strata.map(|(stratum, size)| (stratum.id.clone(), *size)).collect(),
            criteria: self.criteria_statistics(numbers),
            groups: None,
            seats: None,
            rankings: self.ranked_values(numbers),
            parts: (!parts.is_empty()).then_some(parts),
        };
        if above != Some(&own) {
            (statistics.groups, statistics.seats) = (Some(own.0), Some(own.1));
        }
        statistics
    }

    /// The finest groups, sorted.
    fn seating(&self, order: &[usize]) -> Seating {
        let withins = rank::withins(self.methodology.document());
        let finest = Within::new(withins.iter().flat_map(|within| within.dimensions().iter().copied()));
        let mut known: BTreeMap<BTreeMap<String, String>, Vec<usize>> = BTreeMap::new();
        for (member, territory) in order.iter().enumerate() {
            known.entry(self.dimensions(*territory, &finest)).or_default().push(member);
        }
        let mut seats = vec![0; order.len()];
        for (seat, members) in (0_u32..).zip(known.values()) {
            for member in members {
                if let Some(slot) = seats.get_mut(*member) {
                    *slot = seat;
                }
            }
        }
        (known.into_keys().collect(), seats)
    }

    /// The value of each dimension of each group of `within`, by the group's number.
    fn group_names(&self, within: &Within) -> Vec<BTreeMap<String, String>> {
        let Some(grouping) = self.seats.groupings.get(within) else { return vec![BTreeMap::new()] };
        let mut names = vec![BTreeMap::new(); grouping.count];
        for (territory, group) in grouping.codes.iter().enumerate() {
            if let Some(name) = names.get_mut(*group as usize).filter(|name: &&mut BTreeMap<_, _>| name.is_empty()) {
                *name = self.dimensions(territory, within);
            }
        }
        names
    }

    /// The value of each dimension of `within` that is known of a territory.
    pub(super) fn dimensions(&self, territory: usize, within: &Within) -> BTreeMap<String, String> {
        let value = |dimension: &Dimension| {
            let value = self.seats.dimension(&self.methodology, &self.cohort, territory, *dimension)?;
            Some((dimension.as_str().to_owned(), value.to_owned()))
        };
        within.dimensions().iter().filter_map(value).collect()
    }

    fn criteria_statistics(&self, numbers: &[u32]) -> Vec<CriterionStatistics> {
        let document = self.methodology.document();
        let mut all = Vec::new();
        for (criterion, reference) in self.methodology.criteria().iter().zip(self.references.iter()) {
            let Some(indicator) = document.indicators.get(criterion.indicator) else { continue };
            let winsorised = indicator.winsorise.as_ref().filter(|_| !reference.limits.is_empty());
            let limits = winsorised.map(|winsorise| {
                let names =
                    winsorise.within.as_ref().map_or_else(|| vec![BTreeMap::new()], |within| self.group_names(within));
                let text = |limit: &Option<Rational>| limit.as_ref().map(ToString::to_string);
                let limits = names.into_iter().zip(&reference.limits);
                let limits = limits.map(|(group, limits)| LimitsOfGroup {
                    group,
                    low: text(&limits.low),
                    high: text(&limits.high),
                });
                let mut limits: Vec<LimitsOfGroup> = limits.collect();
                limits.sort_by(|a, b| a.group.cmp(&b.group));
                limits
            });
            let medians = document.strata.iter().zip(&reference.medians);
            let medians: BTreeMap<String, String> = medians
                .filter_map(|(stratum, median)| Some((stratum.id.clone(), median.as_ref()?.to_string())))
                .collect();
            all.push(CriterionStatistics {
                indicator: indicator.id.clone(),
                network: criterion.network.as_deref().map(str::to_owned),
                limits,
                medians: (!reference.medians.is_empty()).then_some(medians),
                groups: self.groups_statistics(indicator.normalise.as_ref(), criterion, reference, numbers),
            });
        }
        all
    }

    fn groups_statistics(
        &self,
        normalise: Option<&Normalise>,
        criterion: &crate::methodology::Criterion,
        reference: &CriterionReference,
        numbers: &[u32],
    ) -> Vec<StatisticsOfGroup> {
        let Some(within) = normalise.and_then(Normalise::within) else { return Vec::new() };
        let field = self.field();
        let mut all = Vec::new();
        for ((own, name), read) in (0_u32..).zip(self.group_names(within)).zip(&reference.stands_for) {
            let Some(group) = reference.groups.get(*read as usize) else { continue };
            let mut out = StatisticsOfGroup {
                group: name,
                size: group.size,
                larger: (*read != own).then_some(true),
                low: None,
                high: None,
                target: None,
                mean: None,
                spread: None,
                values: None,
                counts: None,
                members: None,
            };
            match &group.statistics {
                Statistics::None => {}
                Statistics::Bounds(low, high) => {
                    out.low = Some(low.to_string());
                    out.high = Some(high.to_string());
                }
                Statistics::Target(target) => out.target = Some(target.to_string()),
                Statistics::Centre(mean, spread) => {
                    out.mean = Some(*mean);
                    out.spread = *spread;
                }
                Statistics::Distribution(tallies) => {
                    let value = |tally: &Tally| {
                        super::reference::exact_value(&field, criterion, &reference.limits, tally.member)
                    };
                    out.values = Some(tallies.iter().map(|tally| value(tally).to_string()).collect());
                    out.counts = Some(tallies.iter().map(|tally| tally.equal).collect());
                    let mut members = vec![Vec::new(); tallies.len()];
                    let standings = (0_u32..).zip(reference.standings.iter().zip(numbers));
                    for (territory, (standing, number)) in standings.filter(|(_, (standing, _))| standing.equal > 0) {
                        let place = tallies.partition_point(|tally| tally.below < standing.below);
                        if let Some(members) = members.get_mut(place).filter(|_| own == field.group(within, territory))
                        {
                            members.push(*number);
                        }
                    }
                    for members in &mut members {
                        members.sort_unstable();
                    }
                    out.members = Some(members);
                }
            }
            all.push(out);
        }
        // Their numbers follow the order of rows, which says nothing.
        all.sort_by(|a, b| a.group.cmp(&b.group));
        all
    }

    fn ranked_values(&self, numbers: &[u32]) -> BTreeMap<String, RankedValues> {
        let mut all = BTreeMap::new();
        for view in &self.methodology.document().views {
            let mut entries = rank::keys(self, &view.id);
            let number = |territory: &u32| numbers.get(*territory as usize).copied().unwrap_or_default();
            entries.sort_unstable_by_key(|(class, _, territory)| (*class, number(territory)));
            let mut ranked = RankedValues { keys: Vec::new(), members: Vec::new() };
            let mut last = None;
            for (class, key, territory) in entries {
                if last.replace(class) != Some(class) {
                    ranked.keys.push(key);
                    ranked.members.push(Vec::new());
                }
                if let Some(members) = ranked.members.last_mut() {
                    members.push(number(&territory));
                }
            }
            all.insert(view.id.clone(), ranked);
        }
        all
    }
}
