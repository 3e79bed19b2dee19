//! Roll-ups: the score of a group, drawn from those of its members.
//!
//! It is the weighted mean of the members' `score`, summed exactly and rounded once to binary64; its
//! published text rounds the decimal that this binary64 prints as.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Scoring;
use super::reference::weights;
use crate::exact::{Decimal, Number, Rational, WeightedMoments};
use crate::methodology::model::Dimension;

/// The score of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupScore {
    /// The group: a region's or department's code, a structure type or a stratum.
    pub group: String,
    /// The weighted mean of the members' scores; none without a member that weighs.
    pub score: Option<f64>,
    /// The same, rounded to the methodology's decimals.
    pub published: Option<String>,
    /// The number of members that count.
    pub members: u32,
    /// The number of members left out: without a score, or of unknown weight.
    pub left_out: u32,
}

impl Scoring {
    /// The scores of the groups of a roll-up, by group; `None` for one that the methodology does not
    /// declare.
    pub fn roll_up(&self, id: &str) -> Option<Vec<GroupScore>> {
        let document = self.methodology.document();
        let roll_up = document.roll_ups.iter().flatten().find(|roll_up| roll_up.id == id)?;
        let node = self.node(&roll_up.index)?;
        let field = self.field();
        let weights = weights(&field, roll_up.weight.as_deref());
        let territories = &self.cohort.territories;
        let mut groups: BTreeMap<&str, (WeightedMoments, u32, u32)> = BTreeMap::new();
        for (row, score) in node.scores.iter().enumerate() {
            let kind = territories.structure_types.get(row).unwrap_or_default();
            if !roll_up.structure_types.iter().any(|wanted| wanted == kind) {
                continue;
            }
            let group = match roll_up.into {
                Dimension::Stratum => self.stratum(row),
                Dimension::StructureType => Some(kind),
                Dimension::Region => territories.regions.get(row),
                Dimension::Department => territories.departments.get(row),
            };
            let Some(group) = group else { continue };
            let (moments, members, left_out) = groups.entry(group).or_default();
            let weight = match (weights, &roll_up.weight) {
                (Some(weights), _) => weights.get(row).copied().filter(|weight| !weight.is_nan()),
                (None, Some(_)) => None,
                (None, None) => Some(1.0),
            };
            match weight.filter(|_| !score.is_nan()) {
                // Without a weight, a member says nothing; it is not left out for want of data.
                Some(weight) if weight > 0.0 => {
                    moments.push(weight, *score);
                    *members = members.saturating_add(1);
                }
                Some(_) => {}
                None => *left_out = left_out.saturating_add(1),
            }
        }
        let rounding = document.publication.rounding.into();
        let scores = groups.into_iter().map(|(group, (moments, members, left_out))| {
            let score = moments.mean().and_then(Decimal::new);
            let published = score.and_then(|score| Number::publish(&Rational::from(score), self.decimals(), rounding));
            GroupScore {
                group: group.to_owned(),
                score: score.map(Decimal::get),
                published: published.map(|published| published.text(self.decimals())),
                members,
                left_out,
            }
        });
        Some(scores.collect())
    }
}
