//! What a methodology knows, together with every methodology that it pins: a cohort serves them all.

use std::cell::OnceCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::Named;
use crate::document::Texts;
use crate::methodology::Methodology;
use crate::methodology::formula::PREVIOUS;
use crate::methodology::model::{Document, Kind};

/// The names of a methodology and of all that it pins, and that those pin. Whether a name is known is looked up in
/// the documents; the lists of all are made when they are asked for.
#[derive(Debug, Default)]
pub(super) struct Known<'a> {
    /// The methodology, then those that it pins, each once.
    pub(super) methodologies: Vec<&'a Methodology>,
    structure_types: OnceCell<Names<'a>>,
    networks: OnceCell<Names<'a>>,
    strata: OnceCell<Names<'a>>,
    metrics: OnceCell<Measures<'a>>,
    attributes: OnceCell<Measures<'a>>,
}

/// Metrics or attributes by their ids.
pub(super) type Measures<'a> = BTreeMap<&'a str, Measured<'a>>;

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
        methodology.pinned().iter().for_each(|pinned| self.add(pinned));
    }

    fn documents(&self) -> impl Iterator<Item = &'a Document> {
        self.methodologies.iter().map(|methodology| methodology.document())
    }

    pub(super) fn has_structure_type(&self, id: &str) -> bool {
        self.documents().any(|document| document.structure_types.contains_key(id))
    }

    pub(super) fn has_network(&self, id: &str) -> bool {
        self.documents().any(|document| document.networks.contains_key(id))
    }

    pub(super) fn has_stratum(&self, id: &str) -> bool {
        self.documents().any(|document| document.strata.iter().any(|stratum| stratum.id == id))
    }

    /// The stricter of the kinds of a metric, where documents declare it differently.
    pub(super) fn metric(&self, id: &str) -> Option<Kind> {
        self.documents().filter_map(|document| Some(document.metrics.get(id)?.kind)).reduce(stricter)
    }

    /// The same of each of these columns.
    pub(super) fn metrics_in_order(&self, columns: &Named) -> Vec<Option<Kind>> {
        let mut kinds = vec![None; columns.len()];
        for document in self.documents() {
            let mut declared = document.metrics.iter().peekable();
            for ((id, _), kind) in columns.iter().zip(&mut kinds) {
                while let Some((declared_id, metric)) = declared.peek() {
                    match declared_id.as_str().cmp(id) {
                        Ordering::Less => {
                            declared.next();
                        }
                        Ordering::Equal => {
                            *kind = Some(kind.map_or(metric.kind, |known| stricter(known, metric.kind)));
                            break;
                        }
                        Ordering::Greater => break,
                    }
                }
            }
        }
        kinds
    }

    /// The same of an attribute.
    pub(super) fn attribute(&self, id: &str) -> Option<Kind> {
        self.documents().filter_map(|document| Some(document.attributes.as_ref()?.get(id)?.kind)).reduce(stricter)
    }

    pub(super) fn structure_types(&self) -> &Names<'a> {
        self.structure_types.get_or_init(|| {
            names(
                self.documents().flat_map(|document| {
                    document.structure_types.iter().map(|(id, named)| (id.as_str(), &named.label))
                }),
            )
        })
    }

    pub(super) fn networks(&self) -> &Names<'a> {
        self.networks.get_or_init(|| {
            names(
                self.documents()
                    .flat_map(|document| document.networks.iter().map(|(id, named)| (id.as_str(), &named.label))),
            )
        })
    }

    pub(super) fn strata(&self) -> &Names<'a> {
        self.strata.get_or_init(|| {
            names(
                self.documents()
                    .flat_map(|document| document.strata.iter().map(|stratum| (stratum.id.as_str(), &stratum.label))),
            )
        })
    }

    pub(super) fn metrics(&self) -> &Measures<'a> {
        self.metrics.get_or_init(|| {
            let metrics = self.documents().flat_map(|document| &document.metrics);
            measures(metrics.map(|(id, metric)| (id.as_str(), metric.kind, &metric.label)))
        })
    }

    pub(super) fn attributes(&self) -> &Measures<'a> {
        self.attributes.get_or_init(|| {
            let attributes = self.documents().flat_map(|document| document.attributes.iter().flatten());
            measures(attributes.map(|(id, attribute)| (id.as_str(), attribute.kind, &attribute.label)))
        })
    }

    /// Is any criterion computed on a network?
    pub(super) fn uses_networks(&self) -> bool {
        let mut criteria = self.methodologies.iter().flat_map(|methodology| methodology.criteria());
        criteria.any(|criterion| criterion.network.is_some())
    }
}

fn stricter(a: Kind, b: Kind) -> Kind {
    if b == Kind::Count { b } else { a }
}

fn names<'a>(declared: impl Iterator<Item = (&'a str, &'a Texts)>) -> Names<'a> {
    let mut names = Names::new();
    for (id, label) in declared {
        match names.entry(id) {
            Entry::Occupied(known) => known.into_mut().others.push(label),
            Entry::Vacant(new) => {
                new.insert(Labels { first: label, others: Vec::new() });
            }
        }
    }
    names
}

fn measures<'a>(declared: impl Iterator<Item = (&'a str, Kind, &'a Texts)>) -> Measures<'a> {
    let mut measures = Measures::new();
    for (id, kind, label) in declared {
        match measures.entry(id) {
            Entry::Occupied(known) => {
                let known = known.into_mut();
                known.labels.others.push(label);
                known.kind = stricter(known.kind, kind);
            }
            Entry::Vacant(new) => {
                let labels = Labels { first: label, others: Vec::new() };
                new.insert(Measured { kind, labels, id, previous: OnceCell::new() });
            }
        }
    }
    measures
}
