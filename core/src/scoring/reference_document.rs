//! The reference as a document: what one territory needs to be scored and ranked without the cohort.
//!
//! It holds the statistics of each criterion in each group, exactly; distributions only where a mark
//! uses places; and, for ranks, the values of each view in the finest groups that the methodology ranks
//! in. With it and the methodology, a territory's accounts give the same bits as inside the cohort.

use std::collections::BTreeMap;

use super::reference::{CriterionReference, Statistics, Tally, within_of};
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
        /// The methodology.
        methodology: Pin,
        /// What the methodology claims to be.
        status: crate::methodology::Status,
        /// The digest of the cohort.
        cohort_sha256: String,
        /// The period of the cohort.
        #[serde(skip_serializing_if = "Option::is_none")]
        period: Option<crate::cohort::PeriodRecord>,
        /// The ids of the territories of the cohort, sorted.
        members: Vec<String>,
        /// The number of territories in each stratum, by id.
        strata: BTreeMap<String, u32>,
        /// The statistics of each criterion, in the methodology's order.
        criteria: Vec<CriterionStatistics>,
        /// The values that each view ranks, by view.
        rankings: BTreeMap<String, Vec<RankedGroup>>,
        /// The references of the methodologies that are pinned.
        #[serde(skip_serializing_if = "Option::is_none")]
        parts: Option<Vec<ReferenceDocument>>,
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
    }
}

record! {
    /// The ranked values of one group, the best first.
    RankedGroup {
        /// The group: the value of each dimension that is known.
        group: BTreeMap<String, String>,
        /// The distinct keys: the view's value, then that of each tie-breaker; empty for none.
        keys: Vec<Vec<String>>,
        /// The number of territories that have each key.
        counts: Vec<u32>,
    }
}

impl Scoring {
    /// The reference as a document.
    pub fn reference_document(&self) -> ReferenceDocument {
        let document = self.methodology.document();
        let period = self.cohort.period();
        let mut members = self.cohort.ids().to_vec();
        members.sort_unstable();
        let strata = document.strata.iter().zip(&self.seats.stratum_sizes);
        ReferenceDocument {
            language: LANGUAGE.into(),
            document: "reference".into(),
            methodology: Pin {
                id: self.methodology.id().into(),
                version: self.methodology.version().into(),
                method_sha256: self.methodology.method_digest().to_string(),
            },
            status: self.methodology.status(),
            cohort_sha256: self.cohort.digest().to_string(),
            period: period.map(|period| crate::cohort::PeriodRecord {
                from: period.from().to_string(),
                to: period.to().to_string(),
            }),
            members,
            strata: strata.map(|(stratum, size)| (stratum.id.clone(), *size)).collect(),
            criteria: self.criteria_statistics(),
            rankings: self.ranked_values(),
            parts: (!self.parts.is_empty()).then(|| self.parts.iter().map(Self::reference_document).collect()),
        }
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
        let territories = &self.cohort.territories;
        let value = |dimension: &Dimension| match dimension {
            Dimension::Stratum => self.stratum(territory),
            Dimension::StructureType => territories.structure_types.get(territory),
            Dimension::Region => territories.regions.get(territory),
            Dimension::Department => territories.departments.get(territory),
        };
        let known = within
            .dimensions()
            .iter()
            .filter_map(|dimension| Some((dimension.as_str().to_owned(), value(dimension)?.to_owned())));
        known.collect()
    }

    fn criteria_statistics(&self) -> Vec<CriterionStatistics> {
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
                limits
                    .map(|(group, limits)| LimitsOfGroup { group, low: text(&limits.low), high: text(&limits.high) })
                    .collect()
            });
            let medians = document.strata.iter().zip(&reference.medians);
            let medians: BTreeMap<String, String> = medians
                .filter_map(|(stratum, median)| Some((stratum.id.clone(), median.as_ref()?.to_string())))
                .collect();
            all.push(CriterionStatistics {
                indicator: indicator.id.clone(),
                network: criterion.network.clone(),
                limits,
                medians: (!reference.medians.is_empty()).then_some(medians),
                groups: self.groups_statistics(indicator.normalise.as_ref(), criterion, reference),
            });
        }
        all
    }

    fn groups_statistics(
        &self,
        normalise: Option<&Normalise>,
        criterion: &crate::methodology::Criterion,
        reference: &CriterionReference,
    ) -> Vec<StatisticsOfGroup> {
        let Some(within) = normalise.and_then(within_of) else { return Vec::new() };
        let field = self.field();
        let mut all = Vec::new();
        for ((own, name), read) in (0_u32..).zip(self.group_names(&within)).zip(&reference.stands_for) {
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
                }
            }
            all.push(out);
        }
        all
    }

    /// The finest groups that the methodology ranks in: those that share every dimension of any of its
    /// groups. The larger groups are unions of these.
    pub(super) fn finest(&self) -> Within {
        let withins = &self.methodology.document().ranking.within;
        Within::new(withins.iter().flat_map(|within| within.dimensions().iter().copied()))
    }

    fn ranked_values(&self) -> BTreeMap<String, Vec<RankedGroup>> {
        let finest = self.finest();
        let mut all = BTreeMap::new();
        for view in &self.methodology.document().views {
            let mut groups: BTreeMap<_, Vec<(u32, Vec<String>)>> = BTreeMap::new();
            for (class, keys, territory) in rank::keys(self, &view.id) {
                groups.entry(self.dimensions(territory as usize, &finest)).or_default().push((class, keys));
            }
            let ranked = groups.into_iter().map(|(group, mut entries)| {
                entries.sort_unstable();
                let mut ranked = RankedGroup { group, keys: Vec::new(), counts: Vec::new() };
                for (_, key) in entries {
                    if ranked.keys.last() != Some(&key) {
                        ranked.keys.push(key);
                        ranked.counts.push(0);
                    }
                    if let Some(count) = ranked.counts.last_mut() {
                        *count = count.saturating_add(1);
                    }
                }
                ranked
            });
            all.insert(view.id.clone(), ranked.collect());
        }
        all
    }
}
