//! What a methodology does not know, left out on request and named.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::known::Known;
use super::{Cohort, When};
use crate::error::Text;
use crate::methodology::Methodology;

/// Something that was left out because the methodology does not know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ignored {
    /// What it is.
    pub kind: IgnoredKind,
    /// Its id, or the header of a column.
    pub name: String,
    /// How many cells, accounts or known numbers it had.
    pub count: usize,
}

/// What was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum IgnoredKind {
    /// A column of a table, with its filled cells.
    Column,
    /// A network, with its accounts.
    Network,
    /// A metric of accounts, with its known numbers.
    Metric,
    /// An attribute of territories, with its known numbers.
    Attribute,
}

impl IgnoredKind {
    /// Its name, the same in every language: `column`, `network`, `metric` or `attribute`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Network => "network",
            Self::Metric => "metric",
            Self::Attribute => "attribute",
        }
    }
}

impl Ignored {
    /// What was left out, in words.
    pub fn text(&self) -> Text {
        let Self { kind, name, count } = self;
        let (fr, one_fr, one_en) = match kind {
            IgnoredKind::Column => ("colonne", "case remplie", "filled cell"),
            IgnoredKind::Network => ("réseau", "compte", "account"),
            IgnoredKind::Metric => ("mesure", "nombre", "number"),
            IgnoredKind::Attribute => ("attribut", "nombre", "number"),
        };
        let en = kind.name();
        let many_fr = if *count > 1 {
            one_fr.split(' ').map(|word| format!("{word}s")).collect::<Vec<_>>().join(" ")
        } else {
            one_fr.into()
        };
        let many_en = if *count == 1 { one_en.into() } else { format!("{one_en}s") };
        Text::new(format!("{fr} « {name} » ({count} {many_fr})"), format!("{en} `{name}` ({count} {many_en})"))
    }
}

impl Cohort {
    /// The cohort without the networks, metrics and attributes that neither `methodology` nor any that
    /// it pins knows; and what was left out, in the order of [`IgnoredKind`], then of names. Structure
    /// types and strata stay, known or not: leaving them out would leave out territories.
    pub fn restricted_to(&self, methodology: &Methodology) -> (Self, Vec<Ignored>) {
        let known = Known::of(methodology);
        let mut cohort = self.clone();
        let mut ignored: BTreeMap<(IgnoredKind, String), usize> = BTreeMap::new();
        let mut ignore = |kind, name: &str, count: usize| {
            let total = ignored.entry((kind, name.to_owned())).or_default();
            *total = total.saturating_add(count);
        };
        for when in When::BOTH {
            let accounts = match when {
                When::Now => &mut cohort.accounts,
                When::Before => &mut cohort.previous,
            };
            accounts.retain(|network, accounts| {
                let keep = known.has_network(network);
                if !keep {
                    ignore(IgnoredKind::Network, network, accounts.territory.len());
                }
                keep
            });
            for accounts in accounts.values_mut() {
                Arc::make_mut(accounts).metrics.retain(|name, column| {
                    let keep = known.metric(name).is_some();
                    if !keep {
                        ignore(IgnoredKind::Metric, name, known_count(column));
                    }
                    keep
                });
            }
        }
        cohort.territories.attributes.retain(|name, column| {
            let keep = known.attribute(name).is_some();
            if !keep {
                ignore(IgnoredKind::Attribute, name, known_count(column));
            }
            keep
        });
        let ignored = ignored.into_iter().map(|((kind, name), count)| Ignored { kind, name, count });
        (cohort, ignored.collect())
    }
}

pub(super) fn known_count(column: &[f64]) -> usize {
    column.iter().filter(|value| !value.is_nan()).count()
}
