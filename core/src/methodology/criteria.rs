//! The document flattened: which criterion is computed on which network, and the tree of indices.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::{Child, Dimension, Document, Index, Key, Normalise, Pin, Unknown, Within};
use super::program::{Program, Rule, Variables, is_metric};

/// An indicator computed on one network, or on none when it reads no metric.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// The indicator's place in [`Document::indicators`].
    pub indicator: usize,
    /// The indicator's id.
    pub id: Arc<str>,
    /// The network from whose accounts it takes its metrics.
    pub network: Option<Arc<str>>,
    /// Its formula, made ready.
    pub(crate) program: Program,
}

/// A node of the tree of indices, flattened so that children come before their parents; the root is
/// the last.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// The index itself.
    pub(crate) index: Index,
    /// The network that it, or an index above it, names.
    pub(crate) network: Option<String>,
    /// What its children are, in the document's order.
    pub(crate) children: Vec<ChildNode>,
}

/// What a child of a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChildNode {
    /// A criterion, by its place among the criteria.
    Criterion(usize),
    /// Another node, by its place among the nodes.
    Node(usize),
    /// The score of another methodology, by its place among those pinned.
    Pinned(usize),
}

/// Where a child stands: its node, its place there, and how many stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Above {
    pub(crate) node: usize,
    pub(crate) child: usize,
    pub(crate) count: usize,
}

/// What a ranking orders by, resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// An index, by its place among the nodes.
    Node(usize),
    /// A criterion's raw value, by its place among the criteria.
    Criterion(usize),
}

/// The criteria and nodes of a document whose references are sound.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flat {
    pub(crate) criteria: Vec<Criterion>,
    /// How many of them, the first ones, the tree uses; the others only order a view.
    weighed: usize,
    pub(crate) nodes: Vec<Node>,
    /// Where the weight of each criterion stands, and that of each node.
    pub(crate) above_criteria: Vec<Option<Above>>,
    pub(crate) above_nodes: Vec<Option<Above>>,
    /// The methodologies that children name, each once, with the place where the first stands.
    pub(crate) pins: Vec<(Pin, String)>,
    /// What each view orders by.
    pub(crate) views: Vec<Order>,
    /// What each tie-breaker orders by.
    pub(crate) tie_breakers: Vec<Order>,
    /// What the formulas of the criteria and the eligibility rules read.
    pub(crate) variables: Variables,
    /// Does any formula or predicate of the document itself read `days`?
    pub(crate) uses_days: bool,
    /// The eligibility rules, in the document's order.
    pub(crate) rules: Vec<Rule>,
    /// Every way of grouping that scoring and ranking use, each once.
    pub(crate) withins: Vec<Within>,
    /// The networks of the criteria, each once; none first, where a criterion has none.
    pub(crate) networks: Vec<Option<Arc<str>>>,
}

impl Flat {
    /// Flattens a document. What cannot be resolved is left out; the checks have reported it.
    pub(crate) fn of(document: &Document) -> Self {
        let mut flat = Self::default();
        let mut visit = |name: &str| flat.uses_days |= name == "days";
        document.indicators.iter().for_each(|indicator| indicator.formula.root().variables(&mut visit));
        document.eligibility.iter().flatten().for_each(|rule| rule.require.variables(&mut visit));
        flat.node(document, &document.index, None, "/index");
        flat.weighed = flat.criteria.len();
        flat.views = document.views.iter().filter_map(|view| flat.order(document, &view.by)).collect();
        flat.tie_breakers = document.ranking.tie_breakers.iter().filter_map(|key| flat.order(document, key)).collect();
        let networks: BTreeSet<&Option<Arc<str>>> = flat.criteria.iter().map(|criterion| &criterion.network).collect();
        flat.networks = networks.into_iter().cloned().collect();
        let networks: Vec<&str> = flat.networks.iter().flatten().map(AsRef::as_ref).collect();
        flat.rules = flat.variables.rules(document, &networks);
        flat.withins = withins(document);
        flat.above_criteria = (0..flat.criteria.len()).map(|place| flat.above(ChildNode::Criterion(place))).collect();
        flat.above_nodes = (0..flat.nodes.len()).map(|place| flat.above(ChildNode::Node(place))).collect();
        flat
    }

    fn above(&self, wanted: ChildNode) -> Option<Above> {
        self.nodes.iter().enumerate().find_map(|(node, known)| {
            let child = known.children.iter().position(|child| *child == wanted)?;
            Some(Above { node, child, count: known.children.len() })
        })
    }

    fn node(&mut self, document: &Document, index: &Index, network: Option<&str>, pointer: &str) -> usize {
        let network = index.network.as_deref().or(network);
        let mut children = Vec::new();
        for (place, child) in index.of.iter().enumerate() {
            let pointer = format!("{pointer}/of/{place}");
            match child {
                Child { indicator: Some(id), .. } => {
                    if let Some(criterion) = self.criterion(document, id, network) {
                        children.push(ChildNode::Criterion(criterion));
                    }
                }
                Child { index: Some(inner), .. } => {
                    children.push(ChildNode::Node(self.node(document, inner, network, &format!("{pointer}/index"))));
                }
                Child { methodology: Some(pin), .. } => {
                    let known = self.pins.iter().position(|(known, _)| known == pin);
                    children.push(ChildNode::Pinned(known.unwrap_or_else(|| {
                        self.pins.push((pin.clone(), format!("{pointer}/methodology")));
                        self.pins.len().saturating_sub(1)
                    })));
                }
                _ => {}
            }
        }
        let network = network.map(str::to_owned);
        self.nodes.push(Node { index: index.clone(), network, children });
        self.nodes.len().saturating_sub(1)
    }

    /// The place of a criterion, added if it is new.
    fn criterion(&mut self, document: &Document, id: &str, network: Option<&str>) -> Option<usize> {
        let indicator = document.indicators.iter().position(|indicator| indicator.id == id)?;
        let network = network.filter(|_| reads_metrics(document, indicator));
        let is = |known: &Criterion| known.indicator == indicator && known.network.as_deref() == network;
        if let Some(known) = self.criteria.iter().position(is) {
            return Some(known);
        }
        let program = self.variables.program(document, network, document.indicators.get(indicator)?.formula.root());
        self.criteria.push(Criterion { indicator, id: id.into(), network: network.map(Arc::from), program });
        Some(self.criteria.len().saturating_sub(1))
    }

    /// What `key` orders by; `None` when it names nothing, or an indicator on an ambiguous network.
    pub(super) fn order(&mut self, document: &Document, key: &Key) -> Option<Order> {
        if let Some(id) = &key.index {
            return self.nodes.iter().position(|node| node.index.id == *id).map(Order::Node);
        }
        let id = key.indicator.as_deref()?;
        let networks = self.networks_of(document, id);
        let network = match (&key.network, networks.as_slice()) {
            (Some(network), _) => Some(network.as_str()),
            (None, [one]) => Some(one.as_str()),
            (None, _) => None,
        };
        let indicator = document.indicators.iter().position(|indicator| indicator.id == id)?;
        if network.is_none() && reads_metrics(document, indicator) {
            return None;
        }
        self.criterion(document, id, network).map(Order::Criterion)
    }

    /// The networks on which a key without a network may mean the indicator: those under which the
    /// tree uses it; where it does not, those that the tree uses at all, or the document's only one.
    fn networks_of(&self, document: &Document, id: &str) -> Vec<String> {
        let is = |criterion: &&Criterion| {
            document.indicators.get(criterion.indicator).is_some_and(|indicator| indicator.id == id)
        };
        let used: Vec<&Criterion> = self.criteria.iter().take(self.weighed).filter(is).collect();
        if !used.is_empty() {
            return used.iter().filter_map(|criterion| criterion.network.as_deref().map(str::to_owned)).collect();
        }
        let named: BTreeSet<&String> = self.nodes.iter().filter_map(|node| node.network.as_ref()).collect();
        if named.is_empty() && document.networks.len() == 1 {
            return document.networks.keys().cloned().collect();
        }
        named.into_iter().cloned().collect()
    }
}

/// Every way of grouping that a document uses.
fn withins(document: &Document) -> Vec<Within> {
    let stratum = Within::new([Dimension::Stratum]);
    let mut withins: BTreeSet<&Within> = document.ranking.within.iter().collect();
    for indicator in &document.indicators {
        withins.extend(indicator.winsorise.iter().filter_map(|winsorise| winsorise.within.as_ref()));
        withins.extend(indicator.normalise.as_ref().and_then(Normalise::within));
        if indicator.unknown == Unknown::ImputeMedian {
            withins.insert(&stratum);
        }
    }
    withins.into_iter().cloned().collect()
}

/// Does the formula of this indicator read a metric?
pub(crate) fn reads_metrics(document: &Document, indicator: usize) -> bool {
    let mut reads = false;
    if let Some(indicator) = document.indicators.get(indicator) {
        indicator.formula.root().variables(&mut |name| reads |= is_metric(document, name));
    }
    reads
}
