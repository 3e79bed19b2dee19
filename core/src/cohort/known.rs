//! What a methodology knows, together with every methodology that it pins: a cohort serves them all.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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
pub(super) type Names<'a> = BTreeMap<&'a str, Labels<'a>>;

/// A metric or an attribute.
#[derive(Debug)]
pub(super) struct Measured<'a> {
    /// The stricter of the kinds, where documents declare it differently.
    pub(super) kind: Kind,
    pub(super) labels: Labels<'a>,
    id: &'a str,
    previous: OnceCell<String>,
}

/// The labels of one name, each in the documents that declare it: mostly one.
#[derive(Debug)]
pub(super) struct Labels<'a> {
    first: &'a Texts,
    others: Vec<&'a Texts>,
}

impl<'a> Labels<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Texts> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

fn add<'a>(names: &mut Names<'a>, id: &'a str, label: &'a Texts) {
    match names.entry(id) {
        Entry::Occupied(mut known) => known.get_mut().others.push(label),
        Entry::Vacant(new) => {
            new.insert(Labels { first: label, others: Vec::new() });
        }
    }
}

impl Measured<'_> {
    /// The name by which formulas read the previous period's.
    pub(super) fn previous(&self) -> &str {
        self.previous.get_or_init(|| format!("{PREVIOUS}{}", self.id))
    }
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
                add(names, id, &named.label);
            }
        }
        document.strata.iter().for_each(|stratum| add(&mut self.strata, &stratum.id, &stratum.label));
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
    match known.entry(id) {
        Entry::Occupied(known) => {
            let known = known.into_mut();
            known.labels.others.push(label);
            if kind == Kind::Count {
                known.kind = Kind::Count;
            }
        }
        Entry::Vacant(new) => {
            let labels = Labels { first: label, others: Vec::new() };
            new.insert(Measured { kind, labels, id, previous: OnceCell::new() });
        }
    }
}
