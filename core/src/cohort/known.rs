//! What a methodology knows, together with every methodology that it pins: a cohort serves them all.

use std::collections::BTreeMap;

use crate::document::Texts;
use crate::methodology::Methodology;
use crate::methodology::formula::PREVIOUS;
use crate::methodology::model::Kind;

/// The names of a methodology and of all that it pins, and that those pin.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    /// The methodology, then those that it pins, each once.
    pub(super) methodologies: Vec<&'a Methodology>,
    pub(super) structure_types: Names<'a>,
    pub(super) networks: Names<'a>,
    pub(super) strata: Names<'a>,
    pub(super) metrics: BTreeMap<&'a str, Measured<'a>>,
    pub(super) attributes: BTreeMap<&'a str, Measured<'a>>,
}

/// Ids, each with its labels in the documents that declare it.
pub(super) type Names<'a> = BTreeMap<&'a str, Vec<&'a Texts>>;

/// A metric or an attribute.
#[derive(Debug)]
pub(super) struct Measured<'a> {
    /// The stricter of the kinds, where documents declare it differently.
    pub(super) kind: Kind,
    pub(super) labels: Vec<&'a Texts>,
    /// The name by which formulas read the previous period's.
    pub(super) previous: String,
}

impl<'a> Known<'a> {
    pub(super) fn of(methodology: &'a Methodology) -> Self {
        let mut known = Self::default();
        known.add(methodology);
        known
    }

    fn add(&mut self, methodology: &'a Methodology) {
        let digest = methodology.document_digest();
        if self.methodologies.iter().any(|known| known.document_digest() == digest) {
            return;
        }
        self.methodologies.push(methodology);
        let document = methodology.document();
        for (names, declared) in
            [(&mut self.structure_types, &document.structure_types), (&mut self.networks, &document.networks)]
        {
            for (id, named) in declared {
                names.entry(id).or_default().push(&named.label);
            }
        }
        document.strata.iter().for_each(|stratum| self.strata.entry(&stratum.id).or_default().push(&stratum.label));
        for (id, metric) in &document.metrics {
            measured(&mut self.metrics, id, metric.kind, &metric.label);
        }
        for (id, attribute) in document.attributes.iter().flatten() {
            measured(&mut self.attributes, id, attribute.kind, &attribute.label);
        }
        methodology.pinned().iter().for_each(|pinned| self.add(pinned));
    }

    /// Is any criterion computed on a network?
    pub(super) fn uses_networks(&self) -> bool {
        let mut criteria = self.methodologies.iter().flat_map(|methodology| methodology.criteria());
        criteria.any(|criterion| criterion.network.is_some())
    }
}

fn measured<'a>(known: &mut BTreeMap<&'a str, Measured<'a>>, id: &'a str, kind: Kind, label: &'a Texts) {
    let measured =
        known.entry(id).or_insert_with(|| Measured { kind, labels: Vec::new(), previous: format!("{PREVIOUS}{id}") });
    if kind == Kind::Count {
        measured.kind = Kind::Count;
    }
    measured.labels.push(label);
}
