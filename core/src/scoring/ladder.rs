//! A ladder: the ranked values of one view, and how many members of a group stand on each step.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::Rank;
use super::reference_document::RankedValues;
use crate::exact::{Decimal, Published, Rational};
use crate::methodology::model::{Direction, OrderBy, Ties, Within};
use crate::methodology::{Methodology, Order};

/// The name of a group: the value of each dimension.
type Group = BTreeMap<String, String>;

/// A key, as numbers: none where there is no value.
pub(super) type Key = SmallVec<[Option<Rational>; 1]>;

/// The ranked values of one view.
#[derive(Debug)]
pub(super) struct Ladder {
    /// The distinct keys, the best first.
    steps: Vec<Key>,
    /// For each number of a key: is the higher the better?
    higher: Vec<bool>,
    /// How each number of a key is written.
    forms: Vec<Form>,
    /// Of each group of each `within`: the steps on which a member stands, each with the number of
    /// members up to it and on it.
    groups: BTreeMap<Within, BTreeMap<Group, Vec<Stand>>>,
    /// The step of each member that has one, by member.
    members: Vec<(u32, u32)>,
}

/// The members of a group on one step.
#[derive(Debug, Clone, Copy)]
struct Stand {
    step: u32,
    upto: u32,
    on: u32,
}

impl Ladder {
    /// The ladder of the methodology's view at `place`, of a reference of `count` members; `None` if the
    /// document's lists do not fit one another, a text is not what the view orders by, a member stands
    /// twice, or the best does not come first.
    pub(super) fn new(
        methodology: &Methodology,
        place: usize,
        ranked: &RankedValues,
        finest: &(Vec<Group>, Vec<u32>),
        count: usize,
    ) -> Option<Self> {
        let flat = methodology.flat();
        let orders: Vec<Order> = flat.views.get(place).into_iter().chain(&flat.tie_breakers).copied().collect();
        let higher = orders.iter().map(|order| is_higher(methodology, *order)).collect();
        let forms = orders.iter().map(|order| Form::of(methodology, *order)).collect();
        let mut ladder = Self { steps: Vec::new(), higher, forms, groups: BTreeMap::new(), members: Vec::new() };
        ladder.steps = ranked.keys.iter().map(|key| ladder.read(key)).collect::<Option<_>>()?;
        let descends = |pair: (&Key, &Key)| ladder.compare(pair.0, pair.1).is_lt();
        if ranked.members.len() != ladder.steps.len()
            || !ladder.steps.iter().zip(ladder.steps.iter().skip(1)).all(descends)
        {
            return None;
        }
        let steps = (0_u32..).zip(&ranked.members);
        ladder.members = steps.flat_map(|(step, members)| members.iter().map(move |member| (*member, step))).collect();
        ladder.members.sort_unstable();
        if !each_once(ladder.members.iter().map(|(member, _)| *member), count) {
            return None;
        }
        for within in super::rank::withins(methodology.document()) {
            let groups = stands(&within, &ranked.members, finest);
            ladder.groups.insert(within, groups);
        }
        Some(ladder)
    }

    /// The number of steps that are strictly better than a key.
    pub(super) fn step(&self, key: &Key) -> usize {
        self.steps.partition_point(|step| self.compare(step, key).is_lt())
    }

    /// One plus the number of members of the group that stand higher than `step`, or of the steps on
    /// which they do; and the number of members ranked. `own` is the member whose rank this is, where
    /// it belonged to the group: it does not stand above itself.
    pub(super) fn rank(&self, within: &Within, group: &Group, step: usize, own: Option<u32>, ties: Ties) -> Rank {
        let stands =
            self.groups.get(within).and_then(|groups| groups.get(group)).map(Vec::as_slice).unwrap_or_default();
        let above = stands.partition_point(|stand| (stand.step as usize) < step);
        let last = above.checked_sub(1).and_then(|last| stands.get(last));
        let own = own.and_then(|own| {
            let at = self.members.binary_search_by_key(&own, |(member, _)| *member).ok()?;
            self.members.get(at).map(|(_, step)| *step).filter(|old| (*old as usize) < step)
        });
        let better = match ties {
            Ties::Competition => last.map_or(0, |last| last.upto).saturating_sub(u32::from(own.is_some())),
            Ties::Dense => {
                let alone = own.is_some_and(|own| stands.iter().any(|stand| stand.step == own && stand.on == 1));
                u32::try_from(above).unwrap_or(u32::MAX).saturating_sub(u32::from(alone))
            }
        };
        Rank { place: better.saturating_add(1), of: stands.last().map_or(0, |last| last.upto) }
    }

    /// Reads a key; only by a tie-breaker may there be no value.
    fn read(&self, key: &[String]) -> Option<Key> {
        let texts = key.iter().zip(&self.forms).enumerate();
        let read = texts.map(|(place, (text, form))| match text.as_str() {
            "" if place > 0 => Some(None),
            text => form.read(text).map(Some),
        });
        let read: Key = read.collect::<Option<_>>()?;
        (key.len() == self.forms.len()).then_some(read)
    }

    /// The order of two keys, the better first; who has no value comes last.
    fn compare(&self, a: &Key, b: &Key) -> Ordering {
        for (higher, pair) in self.higher.iter().zip(a.iter().zip(b)) {
            let ordering = match pair {
                (Some(a), Some(b)) if *higher => b.cmp(a),
                (Some(a), Some(b)) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            };
            if ordering.is_ne() {
                return ordering;
            }
        }
        Ordering::Equal
    }
}

/// Is the higher value the better in this order?
fn is_higher(methodology: &Methodology, order: Order) -> bool {
    let Order::Criterion(place) = order else { return true };
    let criterion = methodology.criteria().get(place);
    let indicator = criterion.and_then(|criterion| methodology.document().indicators.get(criterion.indicator));
    indicator.is_none_or(|indicator| indicator.direction == Direction::Higher)
}

/// How a number of a key is written.
#[derive(Debug, Clone, Copy)]
enum Form {
    /// The decimal of a score.
    Score,
    /// A published score, with so many decimals.
    Published(u8),
    /// A raw value, `n/d`.
    Exact,
}

impl Form {
    fn of(methodology: &Methodology, order: Order) -> Self {
        let document = methodology.document();
        match (order, document.ranking.order_by) {
            (Order::Criterion(_), _) => Self::Exact,
            (Order::Node(_), OrderBy::Score) => Self::Score,
            (Order::Node(_), OrderBy::Published) => {
                Self::Published(u8::try_from(document.publication.decimals).unwrap_or(u8::MAX))
            }
        }
    }

    fn read(self, text: &str) -> Option<Rational> {
        match self {
            Self::Score => {
                let score = Decimal::parse(text).ok().filter(|score| score.to_string() == text);
                score.map(Rational::from)
            }
            Self::Published(decimals) => Published::parse(text, decimals).map(|read| read.to_rational(decimals)),
            Self::Exact => Rational::parse(text),
        }
    }
}

/// Are these numbers, which are sorted, those of members, each once?
pub(super) fn each_once(sorted: impl Iterator<Item = u32>, count: usize) -> bool {
    let mut before = None;
    for member in sorted {
        if before == Some(member) || member as usize >= count {
            return false;
        }
        before = Some(member);
    }
    true
}

/// Of each group of `within`, the steps on which a member stands; `members` are those of each step.
fn stands(within: &Within, members: &[Vec<u32>], finest: &(Vec<Group>, Vec<u32>)) -> BTreeMap<Group, Vec<Stand>> {
    // The group that each finest one is part of; none where a dimension is not known.
    let names: Vec<Option<Group>> = finest.0.iter().map(|group| part(group, within)).collect();
    let mut codes: BTreeMap<&Group, usize> = BTreeMap::new();
    for name in names.iter().flatten() {
        let next = codes.len();
        codes.entry(name).or_insert(next);
    }
    let of_finest: Vec<Option<usize>> =
        names.iter().map(|name| name.as_ref().and_then(|name| codes.get(name).copied())).collect();
    let mut stands: Vec<Vec<Stand>> = vec![Vec::new(); codes.len()];
    for (step, members) in (0_u32..).zip(members) {
        for member in members {
            let seat = finest.1.get(*member as usize);
            let group = seat.and_then(|seat| of_finest.get(*seat as usize).copied().flatten());
            if let Some(stands) = group.and_then(|group| stands.get_mut(group)) {
                add(stands, step);
            }
        }
    }
    codes.into_iter().filter_map(|(name, code)| Some((name.clone(), stands.get(code)?.clone()))).collect()
}

/// The group of `within` that a finer one is part of.
fn part(group: &Group, within: &Within) -> Option<Group> {
    let value = |dimension: &str| Some((dimension.to_owned(), group.get(dimension)?.clone()));
    within.dimensions().iter().map(|dimension| value(dimension.as_str())).collect()
}

fn add(stands: &mut Vec<Stand>, step: u32) {
    match stands.last_mut() {
        Some(last) if last.step == step => {
            last.upto = last.upto.saturating_add(1);
            last.on = last.on.saturating_add(1);
        }
        last => {
            let upto = last.map_or(0, |last| last.upto).saturating_add(1);
            stands.push(Stand { step, upto, on: 1 });
        }
    }
}
