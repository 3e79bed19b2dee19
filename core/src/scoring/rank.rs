//! Ranks: places in each group, by an index or by a criterion.
//!
//! A territory's place is one plus the number of those that are strictly better (competition), or
//! one plus the number of distinct better values (dense). What separates equals, if anything, is the
//! document's list of tie-breakers.

use std::cmp::Ordering;
use std::collections::HashMap;

use super::Scoring;
use super::cells::CHUNK;
use super::field::Grouping;
use super::indicator::{self, Inputs};
use crate::cohort::NONE;
use crate::exact::{Decimal, Filtered, Number, Published, Rational};
use crate::methodology::model::{Grades, OrderBy, Ties, Within};
use crate::methodology::{Document, Order};

/// A place in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// The place, from 1.
    pub place: u32,
    /// The number of ranked territories in the group.
    pub of: u32,
}

/// The places of every territory in one ranking.
#[derive(Debug, Clone)]
pub struct Ranks {
    /// The place of each territory, 0 when it is unranked.
    places: Vec<u32>,
    /// The group of each territory, or [`NONE`].
    groups: Vec<u32>,
    /// The number of ranked territories in each group.
    sizes: Vec<u32>,
    /// The territories from the best, whatever their group; the unranked last, by id.
    order: Vec<u32>,
}

impl Ranks {
    /// The place of a territory; `None` when it is unranked.
    pub fn get(&self, territory: usize) -> Option<Rank> {
        let place = self.places.get(territory).copied().filter(|place| *place > 0)?;
        let group = *self.groups.get(territory)?;
        Some(Rank { place, of: self.sizes.get(group as usize).copied()? })
    }

    /// The territories from the best to the worst of all groups together, equals by id; then the
    /// unranked, by id.
    pub fn order(&self) -> impl Iterator<Item = usize> + '_ {
        self.order.iter().map(|territory| *territory as usize)
    }
}

impl Scoring {
    /// The places in the view `view` among the territories that share `within`; `None` for a view
    /// that the methodology does not declare.
    ///
    /// `within` need not be one of the groups that the methodology ranks by default.
    pub fn ranks(&self, view: &str, within: &Within) -> Option<Ranks> {
        Some(self.ranks_of(&self.view_classes(view)?, within))
    }

    /// The class of each territory in a view, equals separated by the tie-breakers.
    pub(super) fn view_classes(&self, view: &str) -> Option<Vec<u32>> {
        let mut classes = self.classes(self.view(view)?);
        for breaker in &self.methodology.flat().tie_breakers {
            refine(&mut classes, &self.classes(*breaker));
        }
        Some(classes)
    }

    /// The places of territories by their classes in a view.
    pub(super) fn ranks_of(&self, classes: &[u32], within: &Within) -> Ranks {
        let grouping = match self.seats.groupings.get(within) {
            Some(grouping) => grouping.clone(),
            None => Grouping::of(&self.cohort, &self.seats.strata, within),
        };
        self.place(classes, grouping)
    }

    /// Gives places to territories by their classes.
    fn place(&self, classes: &[u32], grouping: Grouping) -> Ranks {
        let ties = self.methodology.document().ranking.ties;
        let class = |territory: u32| classes.get(territory as usize).copied().unwrap_or(NONE);
        let id = |territory: u32| self.cohort.territories.ids.get(territory as usize);
        let mut order = by_class(classes);
        for alike in order.chunk_by_mut(|a, b| class(*a) == class(*b)).filter(|alike| alike.len() > 1) {
            alike.sort_by(|a, b| id(*a).cmp(&id(*b)));
        }
        let mut places = vec![0; self.len()];
        let mut sizes = vec![0_u32; grouping.count];
        // Of each group: the class seen last, and its place.
        let mut last = vec![(NONE, 0_u32); grouping.count];
        for territory in order.iter().copied().take_while(|territory| class(*territory) != NONE) {
            let group = grouping.codes.get(territory as usize).copied().unwrap_or(NONE) as usize;
            let (Some(size), Some(last), Some(place)) =
                (sizes.get_mut(group), last.get_mut(group), places.get_mut(territory as usize))
            else {
                continue;
            };
            *size = size.saturating_add(1);
            if last.0 != class(territory) {
                let next = match ties {
                    Ties::Competition => *size,
                    Ties::Dense => last.1.saturating_add(1),
                };
                *last = (class(territory), next);
            }
            *place = last.1;
        }
        Ranks { places, groups: grouping.codes, sizes, order }
    }

    /// The class of each territory by one order: 0 for the best value, equal for equal values, [`NONE`]
    /// for no value.
    fn classes(&self, order: Order) -> Vec<u32> {
        match order {
            Order::Node(place) => self.classes_of_index(place),
            Order::Criterion(place) => self.classes_of_criterion(place),
        }
    }

    fn classes_of_index(&self, place: usize) -> Vec<u32> {
        let Some(node) = self.nodes.get(place) else {
            return vec![NONE; self.len()];
        };
        let ranked = (0_u32..).zip(&node.scores).filter(|(_, score)| !score.is_nan());
        match self.methodology.document().ranking.order_by {
            OrderBy::Score => {
                let ranked = ranked.map(|(row, score)| (*score, row)).collect();
                classify(self.len(), ranked, |a, b| b.0.total_cmp(&a.0))
            }
            OrderBy::Published => {
                let published = |row: u32| node.published.get(row as usize).and_then(Option::as_ref);
                classify(self.len(), ranked.map(|(row, _)| (published(row), row)).collect(), |a, b| b.0.cmp(&a.0))
            }
        }
    }

    fn classes_of_criterion(&self, place: usize) -> Vec<u32> {
        let field = self.field();
        let criterion = self.methodology.criteria().get(place);
        let indicator = criterion.and_then(|criterion| self.methodology.document().indicators.get(criterion.indicator));
        let (Some(criterion), Some(indicator)) = (criterion, indicator) else {
            return vec![NONE; self.len()];
        };
        let direction = indicator.direction;
        let mut values: Vec<Option<Filtered>> = Vec::with_capacity(self.len());
        let all: Vec<u32> = field.rows().collect();
        for rows in all.chunks(CHUNK) {
            let mut inputs = Inputs::new(&field, rows);
            let mut cells = indicator::raw::<Filtered>(&field, criterion, &mut inputs);
            indicator::oriented(direction, &mut cells);
            values.extend((0..rows.len()).map(|index| cells.value(index)));
        }
        let ranked = all.into_iter().zip(values).filter_map(|(row, value)| Some((value?, row))).collect();
        let mut exact: HashMap<u32, Option<Rational>> = HashMap::new();
        let mut exactly = |a: u32, b: u32| -> Ordering {
            for row in [a, b] {
                exact.entry(row).or_insert_with(|| indicator::exact(&field, criterion, &[], row));
            }
            exact.get(&a).cmp(&exact.get(&b))
        };
        classify(self.len(), ranked, |a: &(Filtered, u32), b| {
            indicator::better_first(direction, a.0.compare(&b.0).unwrap_or_else(|| exactly(a.1, b.1)))
        })
    }
}

/// Sorts territories with their values by `compare` and numbers the classes of equals from 0.
fn classify<K>(
    len: usize,
    mut ranked: Vec<(K, u32)>,
    mut compare: impl FnMut(&(K, u32), &(K, u32)) -> Ordering,
) -> Vec<u32> {
    ranked.sort_unstable_by(|a, b| compare(a, b));
    let mut classes = vec![NONE; len];
    let mut class = 0_u32;
    let mut before: Option<&(K, u32)> = None;
    for entry in &ranked {
        if before.is_some_and(|before| compare(before, entry).is_ne()) {
            class = class.saturating_add(1);
        }
        if let Some(place) = classes.get_mut(entry.1 as usize) {
            *place = class;
        }
        before = Some(entry);
    }
    classes
}

/// The territories by their classes, those of no class last: counted out, since classes are numbered from 0.
fn by_class(classes: &[u32]) -> Vec<u32> {
    let place = |class: u32| (class as usize).min(classes.len());
    // Where the next territory of each class goes.
    let mut next = vec![0_u32; classes.len().saturating_add(2)];
    for class in classes {
        if let Some(after) = next.get_mut(place(*class).saturating_add(1)) {
            *after = after.saturating_add(1);
        }
    }
    let mut before = 0_u32;
    for next in &mut next {
        before = before.saturating_add(*next);
        *next = before;
    }
    let mut order = vec![0_u32; classes.len()];
    for (territory, class) in (0_u32..).zip(classes) {
        let Some(next) = next.get_mut(place(*class)) else { continue };
        if let Some(slot) = order.get_mut(*next as usize) {
            *slot = territory;
        }
        *next = next.saturating_add(1);
    }
    order
}

/// Separates equals by a tie-breaker; who has no value by it comes after those who have one.
fn refine(classes: &mut [u32], by: &[u32]) {
    let mut keys: Vec<(u32, u32, usize)> = classes
        .iter()
        .zip(by)
        .enumerate()
        .filter(|(_, (class, _))| **class != NONE)
        .map(|(territory, (class, by))| (*class, *by, territory))
        .collect();
    keys.sort_unstable();
    let mut class = 0_u32;
    let mut before: Option<(u32, u32)> = None;
    for (main, by, territory) in keys {
        if before.is_some_and(|before| before != (main, by)) {
            class = class.saturating_add(1);
        }
        before = Some((main, by));
        if let Some(place) = classes.get_mut(territory) {
            *place = class;
        }
    }
}

/// What separates two territories in a view, the better first: its class, its keys and the territory.
/// A key is the view's value, then that of each tie-breaker, as text; empty where there is none.
pub(super) fn keys(scoring: &Scoring, view: &str) -> Vec<(u32, Vec<String>, u32)> {
    let (Some(main), Some(classes)) = (scoring.view(view), scoring.view_classes(view)) else { return Vec::new() };
    let breakers = scoring.methodology.flat().tie_breakers.iter().copied();
    let orders: Vec<Order> = std::iter::once(main).chain(breakers).collect();
    let ranked = (0_u32..).zip(classes).filter(|(_, class)| *class != NONE);
    ranked
        .map(|(territory, class)| {
            (class, orders.iter().map(|order| scoring.key(*order, territory)).collect(), territory)
        })
        .collect()
}

/// Every way of grouping in which places are given, each once: those that the methodology ranks in, and that
/// of its grades.
pub(super) fn withins(document: &Document) -> Vec<Within> {
    let grades = match &document.publication.grades {
        Some(Grades::Rank { within, .. }) => Some(within),
        _ => None,
    };
    let mut withins: Vec<Within> = document.ranking.within.iter().chain(grades).cloned().collect();
    withins.sort();
    withins.dedup();
    withins
}

impl Scoring {
    /// What a view orders by.
    fn view(&self, view: &str) -> Option<Order> {
        let place = self.methodology.document().views.iter().position(|known| known.id == view)?;
        self.methodology.flat().views.get(place).copied()
    }

    /// The value of a territory by one order, as text; empty where there is none.
    pub(super) fn key(&self, order: Order, territory: u32) -> String {
        let text = match order {
            Order::Node(place) => match self.methodology.document().ranking.order_by {
                OrderBy::Score => self.key_score(place, territory).map(|score| score.to_string()),
                OrderBy::Published => {
                    self.key_published(place, territory).map(|published| published.text(self.decimals()))
                }
            },
            Order::Criterion(place) => self.key_raw(place, territory).map(|raw| raw.to_string()),
        };
        text.unwrap_or_default()
    }

    /// The same as a number, which is that of its text.
    pub(super) fn key_number(&self, order: Order, territory: u32) -> Option<Rational> {
        match order {
            Order::Node(place) => match self.methodology.document().ranking.order_by {
                OrderBy::Score => self.key_score(place, territory).map(Rational::from),
                OrderBy::Published => {
                    self.key_published(place, territory).map(|published| published.to_rational(self.decimals()))
                }
            },
            Order::Criterion(place) => self.key_raw(place, territory),
        }
    }

    fn key_score(&self, node: usize, territory: u32) -> Option<Decimal> {
        self.nodes.get(node)?.scores.get(territory as usize).copied().and_then(Decimal::new)
    }

    fn key_published(&self, node: usize, territory: u32) -> Option<&Published> {
        self.nodes.get(node)?.published.get(territory as usize)?.as_ref()
    }

    fn key_raw(&self, criterion: usize, territory: u32) -> Option<Rational> {
        indicator::exact(&self.field(), self.methodology.criteria().get(criterion)?, &[], territory)
    }
}
