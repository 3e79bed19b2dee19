//! Flags: what there is to know about a territory's score, as codes and in words.

use std::fmt;

use serde::Serialize;

use crate::document::Texts;
use crate::error::{Language, Text};
use crate::methodology::Methodology;
use crate::methodology::model::{Document, Index};

/// Something there is to know about a territory's score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Flag {
    /// What: `absent`, `ineligible`, `outside_strata`, `stratum_override`, `unknown`, `undefined`,
    /// `raw_zero`, `imputed`, `group_unknown`, `alone`, `fallback`, `insufficient`, `stranger`, `refused`.
    pub code: &'static str,
    /// Of what: a network, an indicator, a rule, a stratum or a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The network, when this is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Flag {
    /// The code of every flag that there is.
    pub const CODES: &[&'static str] = &[
        "absent",
        "ineligible",
        "outside_strata",
        "stratum_override",
        "unknown",
        "undefined",
        "raw_zero",
        "imputed",
        "group_unknown",
        "alone",
        "fallback",
        "insufficient",
        "stranger",
        "refused",
    ];

    pub(super) fn new(code: &'static str) -> Self {
        Self { code, subject: None, network: None, reason: None }
    }

    pub(super) fn about(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    pub(super) fn on(mut self, network: Option<&str>) -> Self {
        self.network = network.map(str::to_owned);
        self
    }

    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// The flag in words, with the names that the methodology gives.
    pub fn text(&self, methodology: &Methodology, language: Language) -> String {
        let subject = self.subject.as_deref().map(|id| label(methodology.document(), id, language)).unwrap_or_default();
        let network = self.network.as_deref().map(|id| label(methodology.document(), id, language)).unwrap_or_default();
        let reason = self.reason.as_deref().unwrap_or_default();
        let text = match self.code {
            "absent" => Text::new(format!("pas de compte {subject}"), format!("no {subject} account")),
            "ineligible" => Text::new(
                format!("non éligible\u{a0}: {subject} ({reason})"),
                format!("not eligible: {subject} ({reason})"),
            ),
            "outside_strata" => Text::new("hors des strates de la méthode", "outside the methodology's strata"),
            "stratum_override" => Text::new(
                format!("strate fixée à la main ({subject})\u{a0}: {reason}"),
                format!("stratum set by hand ({subject}): {reason}"),
            ),
            "unknown" => Text::new(format!("{subject}\u{a0}: donnée inconnue"), format!("{subject}: data unknown")),
            "undefined" => Text::new(format!("{subject}\u{a0}: incalculable"), format!("{subject}: has no value")),
            "raw_zero" => Text::new(
                format!("{subject}\u{a0}: incalculable, compté 0"),
                format!("{subject}: has no value, counted as 0"),
            ),
            "imputed" => Text::new(
                format!("{subject}\u{a0}: donnée inconnue, remplacée par la médiane de la strate"),
                format!("{subject}: data unknown, replaced by the stratum's median"),
            ),
            "insufficient" => Text::new(
                format!("{subject}\u{a0}: trop peu de critères connus"),
                format!("{subject}: too few criteria known"),
            ),
            "fallback" => Text::new(
                format!("strate trop petite ({subject}), comparée à un groupe plus large"),
                format!("stratum too small ({subject}), set against a larger group"),
            ),
            "group_unknown" => Text::new(
                format!("{subject}\u{a0}: groupe de comparaison inconnu"),
                format!("{subject}: group of comparison unknown"),
            ),
            "stranger" => Text::new("hors de la cohorte de référence", "not a member of the reference's cohort"),
            "alone" => Text::new(
                format!("un seul membre dans le groupe de comparaison ({subject})"),
                format!("one member only in the group of comparison ({subject})"),
            ),
            _ => Text::new("sans score, selon la méthode", "no score, as the methodology says"),
        };
        let text = text.get(language);
        if network.is_empty() { text.to_owned() } else { format!("{text} ({network})") }
    }
}

/// For programs: `code`, `code:subject`, `code:subject@network`.
impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)?;
        if let Some(subject) = &self.subject {
            write!(f, ":{subject}")?;
        }
        if let Some(network) = &self.network {
            write!(f, "@{network}")?;
        }
        Ok(())
    }
}

/// What a document calls one of its indicators, indices, strata, rules or networks.
fn label(document: &Document, id: &str, language: Language) -> String {
    fn in_tree<'a>(index: &'a Index, id: &str) -> Option<&'a Texts> {
        if index.id == id {
            return Some(&index.label);
        }
        index.of.iter().filter_map(|child| child.index.as_deref()).find_map(|inner| in_tree(inner, id))
    }
    let indicator = || document.indicators.iter().find(|known| known.id == id).map(|known| &known.label);
    let stratum = || document.strata.iter().find(|known| known.id == id).map(|known| &known.label);
    let rule = || document.eligibility.iter().flatten().find(|known| known.id == id).map(|known| &known.label);
    let network = || document.networks.get(id).map(|known| &known.label);
    let label = indicator().or_else(stratum).or_else(rule).or_else(network).or_else(|| in_tree(&document.index, id));
    label.map_or(id, |label| label.get(language)).to_owned()
}
