//! Formulas made ready to compute: variables are places in one list, so that none is looked up by its
//! name for each criterion and chunk of territories.

use super::formula::{Expression, Operator, PREVIOUS, Predicate, Relation};
use super::model::Document;
use crate::exact::Decimal;

/// What the formulas of a document read, each once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    pub(crate) list: Vec<Variable>,
    /// The networks of whose accounts metrics are read.
    pub(crate) networks: Vec<String>,
}

/// One number of each territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Variable {
    /// Its name, without `previous.` where that is its source.
    pub(crate) name: String,
    pub(crate) source: Source,
}

/// Where a variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// From the territory: its population, or an attribute.
    Territory,
    /// From its account on a network, by the network's place in [`Variables::networks`].
    Account(usize),
    /// From the account that it had there in the previous period.
    Previous(usize),
}

/// A formula on one network.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Program {
    pub(crate) root: Term,
    /// The variables that it reads, each once, by their places.
    pub(crate) reads: Vec<usize>,
}

/// A part of a program.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Term {
    Number(Decimal),
    /// A variable, by its place in [`Variables::list`].
    Variable(usize),
    /// The length of the period.
    Days,
    Negate(Box<Term>),
    Abs(Box<Term>),
    Binary(Operator, Box<Term>, Box<Term>),
}

/// A predicate on one network: it holds when every comparison of one of its clauses does.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) clauses: Vec<Vec<(Program, Relation, Program)>>,
}

/// An eligibility rule.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// On the territory.
    Territory(Condition),
    /// On its account on each network that a criterion reads.
    Accounts(Vec<(String, Condition)>),
}

impl Term {
    /// Is there a quotient in it?
    pub(crate) fn divides(&self) -> bool {
        match self {
            Self::Number(_) | Self::Variable(_) | Self::Days => false,
            Self::Negate(inner) | Self::Abs(inner) => inner.divides(),
            Self::Binary(operator, left, right) => *operator == Operator::Divide || left.divides() || right.divides(),
        }
    }
}

impl Variables {
    /// A formula of the document, on a network or on none.
    pub(crate) fn program(&mut self, document: &Document, network: Option<&str>, expression: &Expression) -> Program {
        let mut reads = Vec::new();
        let root = self.term(document, network, expression, &mut reads);
        Program { root, reads }
    }

    fn term(
        &mut self,
        document: &Document,
        network: Option<&str>,
        expression: &Expression,
        reads: &mut Vec<usize>,
    ) -> Term {
        let mut part = |inner: &Expression| Box::new(self.term(document, network, inner, reads));
        match expression {
            Expression::Number(value) => Term::Number(*value),
            Expression::Negate(inner) => Term::Negate(part(inner)),
            Expression::Abs(inner) => Term::Abs(part(inner)),
            Expression::Binary(operator, left, right) => {
                let (left, right) = (part(left), part(right));
                Term::Binary(*operator, left, right)
            }
            Expression::Variable(name) if name == "days" => Term::Days,
            Expression::Variable(name) => {
                let place = self.variable(document, network, name);
                if !reads.contains(&place) {
                    reads.push(place);
                }
                Term::Variable(place)
            }
        }
    }

    /// The place of a variable, added if it is new.
    fn variable(&mut self, document: &Document, network: Option<&str>, name: &str) -> usize {
        let earlier = name.strip_prefix(PREVIOUS);
        let bare = earlier.unwrap_or(name);
        let variable = match network.filter(|_| is_metric(document, name)) {
            Some(network) => {
                let network = place_of(&mut self.networks, network.to_owned());
                let source = if earlier.is_some() { Source::Previous(network) } else { Source::Account(network) };
                Variable { name: bare.to_owned(), source }
            }
            None => Variable { name: name.to_owned(), source: Source::Territory },
        };
        place_of(&mut self.list, variable)
    }

    /// A predicate of the document, on a network or on none.
    fn condition(&mut self, document: &Document, network: Option<&str>, predicate: &Predicate) -> Condition {
        let mut program = |expression: &Expression| self.program(document, network, expression);
        let clauses = predicate.clauses().iter().map(|clause| {
            let comparisons = clause
                .iter()
                .map(|comparison| (program(&comparison.left), comparison.relation, program(&comparison.right)));
            comparisons.collect()
        });
        Condition { clauses: clauses.collect() }
    }

    /// The eligibility rules of the document, in its order, on the networks that its criteria read.
    pub(crate) fn rules(&mut self, document: &Document, networks: &[&str]) -> Vec<Rule> {
        let rules = document.eligibility.iter().flatten();
        rules
            .map(|rule| {
                let mut reads_metrics = false;
                rule.require.variables(&mut |name| reads_metrics |= is_metric(document, name));
                if !reads_metrics {
                    return Rule::Territory(self.condition(document, None, &rule.require));
                }
                let on =
                    |network: &&str| ((*network).to_owned(), self.condition(document, Some(network), &rule.require));
                Rule::Accounts(networks.iter().map(on).collect())
            })
            .collect()
    }
}

/// Is a variable a metric of an account, of this period or of the previous one?
pub(super) fn is_metric(document: &Document, name: &str) -> bool {
    document.metrics.contains_key(name.strip_prefix(PREVIOUS).unwrap_or(name))
}

/// The place of an item in a list, added if it is new.
fn place_of<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|known| *known == item).unwrap_or_else(|| {
        list.push(item);
        list.len().saturating_sub(1)
    })
}
