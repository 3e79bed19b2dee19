//! What makes a methodology document sound, beyond its shape: every fault at once.

use std::collections::{BTreeMap, BTreeSet};

use super::Methodology;
use super::criteria::{Flat, Order, reads_metrics};
use super::formula::{PREVIOUS, RESERVED};
use super::model::{
    Aggregate, Basis, Bound, Child, Direction, Document, Grades, Ground, Index, Indicator, Key, Kind, Missing,
    Normalise, OutsideStrata, Pin, Point, Provenance, Range, Statistic, Status, Stratum, TransformName, Undefined,
    Weight, WeightTable, Winsorise, Within,
};
use crate::document::Digest;
use crate::document::record::{nearest, step};
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::Decimal;

/// Most indicators, strata, structure types, networks, metrics, attributes, views, rules or sources.
const MAX_LIST: usize = 500;
/// Most indices, and most children of one.
const MAX_INDICES: usize = 500;
/// Deepest nesting of indices.
const MAX_INDEX_DEPTH: usize = 8;
/// Most points of a scale.
const MAX_POINTS: usize = 200;
/// Most decimals of a weight: weights become whole numbers of millionths.
pub(crate) const WEIGHT_DECIMALS: i32 = 6;
/// Largest weight.
const MAX_WEIGHT: f64 = 1_000_000.0;
/// Most published decimals.
const MAX_DECIMALS: u32 = 12;

/// Checks a document and flattens it. `others` are the documents that it may pin; those it does pin are returned in the order of
/// [`Flat::pins`].
pub(super) fn check(document: &Document, others: &[Methodology]) -> Result<(Flat, Vec<Methodology>), Faults> {
    let mut checker = Checker { document, others, faults: Faults::new() };
    checker.identity();
    checker.names();
    checker.strata();
    checker.rules();
    let flat = Flat::of(document);
    checker.tree();
    checker.keys(&flat);
    checker.indicators(&flat);
    checker.publication();
    checker.roll_ups(&flat);
    checker.grounds();
    let pinned = flat.pins.iter().filter_map(|(pin, pointer)| checker.pinned(pin, pointer)).collect();
    checker.faults.into_result((flat, pinned))
}

struct Checker<'a> {
    document: &'a Document,
    others: &'a [Methodology],
    faults: Faults,
}

/// A text that both languages share.
fn same(text: impl Into<String>) -> Text {
    let text = text.into();
    Text::new(text.clone(), text)
}

impl Checker<'_> {
    fn fault(
        &mut self,
        code: Code,
        pointer: impl Into<String>,
        value: impl std::fmt::Display,
        expected: Text,
    ) -> &mut Self {
        self.faults.push(Fault::new(code, Place::Pointer(pointer.into()), value, expected));
        self
    }

    fn advised(&mut self, fault: Fault, fr: &str, en: &str) {
        self.faults.push(fault.advise(fr, en));
    }

    /// Reports a reference to something that does not exist.
    fn unknown<'b>(&mut self, pointer: &str, name: &str, known: impl Iterator<Item = &'b str>) {
        let known: Vec<&str> = known.collect();
        let list = known.join(", ");
        let mut fault = Fault::new(
            Code::UnknownReference,
            Place::Pointer(pointer.to_owned()),
            name,
            Text::new(format!("l'un de : {list}"), format!("one of: {list}")),
        );
        if let Some(near) = nearest(name, &known) {
            fault = fault.advise(format!("vouliez-vous « {near} » ?"), format!("did you mean `{near}`?"));
        }
        self.faults.push(fault);
    }

    fn id(&mut self, id: &str, pointer: String) {
        let tail = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        if !id.starts_with(first) || !id.chars().all(tail) || id.len() > 64 {
            let expected = Text::new(
                "des minuscules, chiffres, tirets ou soulignés, 64 au plus, sans commencer par un tiret ou un souligné",
                "lower-case letters, digits, hyphens or underscores, 64 at most, not starting with a hyphen or underscore",
            );
            self.fault(Code::InvalidId, pointer, id, expected);
        }
    }

    /// Checks the ids of a list: their form, and that none stands twice.
    fn ids<'b>(&mut self, list: &str, ids: impl Iterator<Item = &'b str>) {
        let mut seen = BTreeSet::new();
        for (index, id) in ids.enumerate() {
            let pointer = format!("{list}/{index}/id");
            self.id(id, pointer.clone());
            if !seen.insert(id) {
                self.fault(Code::DuplicateId, pointer, id, Text::new("un identifiant unique", "a unique id"));
            }
            if index == MAX_LIST {
                self.too_many(list, MAX_LIST);
            }
        }
    }

    fn too_many(&mut self, pointer: &str, most: usize) {
        let expected = Text::new(format!("au plus {most}"), format!("at most {most}"));
        self.fault(Code::LimitExceeded, pointer, "", expected);
    }

    fn identity(&mut self) {
        let document = self.document;
        self.id(&document.id, "/id".into());
        let version = &document.version;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-');
        if version.is_empty() || version.len() > 64 || !version.chars().all(allowed) {
            let expected = Text::new(
                "lettres, chiffres, « . », « + » ou « - », 64 au plus",
                "letters, digits, `.`, `+` or `-`, 64 at most",
            );
            self.fault(Code::InvalidId, "/version", version, expected);
        }
        if document.period_days == Some(0) {
            self.fault(Code::OutOfRange, "/period_days", 0, Text::new("au moins 1", "at least 1"));
        }
        match (&document.variant_of, document.status) {
            (Some(pin), _) if Digest::parse(&pin.method_sha256).is_none() => {
                let expected = Text::new("64 chiffres hexadécimaux minuscules", "64 lower-case hexadecimal digits");
                self.fault(Code::InvalidId, "/variant_of/method_sha256", &pin.method_sha256, expected);
            }
            (None, Status::Variant) => {
                self.fault(Code::MissingField, "", "", same("\"variant_of\""));
            }
            _ => {}
        }
    }

    fn names(&mut self) {
        let document = self.document;
        let maps: [(&str, Vec<&String>); 2] = [
            ("/structure_types", document.structure_types.keys().collect()),
            ("/networks", document.networks.keys().collect()),
        ];
        for (list, names) in maps {
            for name in &names {
                self.id(name, format!("{list}/{}", step(name)));
            }
            if names.len() > MAX_LIST {
                self.too_many(list, MAX_LIST);
            }
        }
        if document.structure_types.is_empty() {
            self.fault(Code::OutOfRange, "/structure_types", "", Text::new("au moins un type", "at least one type"));
        }
        let attributes = document.attributes.iter().flatten().map(|(name, _)| ("/attributes", name));
        let metrics = document.metrics.keys().map(|name| ("/metrics", name));
        let mut seen = BTreeSet::new();
        for (list, name) in metrics.chain(attributes) {
            let pointer = format!("{list}/{}", step(name));
            let tail = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            let first = name.starts_with(|c: char| c.is_ascii_lowercase());
            if !first || !name.chars().all(tail) || name.len() > 64 || RESERVED.contains(&name.as_str()) {
                let expected = Text::new(
                    format!(
                        "un nom de formule en minuscules, chiffres et soulignés, autre que {}",
                        RESERVED.join(", ")
                    ),
                    format!(
                        "a formula name of lower-case letters, digits and underscores, other than {}",
                        RESERVED.join(", ")
                    ),
                );
                self.fault(Code::InvalidId, pointer.clone(), name, expected);
            }
            if !seen.insert(name) {
                self.fault(Code::DuplicateId, pointer, name, Text::new("un nom unique", "a unique name"));
            }
        }
        if seen.len() > MAX_LIST {
            self.too_many("/metrics", MAX_LIST);
        }
    }

    fn strata(&mut self) {
        let strata = &self.document.strata;
        self.ids("/strata", strata.iter().map(|stratum| stratum.id.as_str()));
        let mut covered: BTreeMap<&str, Vec<(usize, Range)>> = BTreeMap::new();
        for (index, stratum) in strata.iter().enumerate().take(MAX_LIST) {
            let everyone = Range { from: None, below: None };
            let range = stratum.population.as_ref().unwrap_or(&everyone);
            self.range(&format!("/strata/{index}/population"), range);
            if stratum.structure_types.is_empty() {
                let pointer = format!("/strata/{index}/structure_types");
                self.fault(Code::OutOfRange, pointer, "[]", Text::new("au moins un type", "at least one type"));
            }
            for (place, name) in stratum.structure_types.iter().enumerate() {
                let pointer = format!("/strata/{index}/structure_types/{place}");
                if !self.document.structure_types.contains_key(name) {
                    self.unknown(&pointer, name, self.document.structure_types.keys().map(String::as_str));
                }
                let others = covered.entry(name).or_default();
                for (other, other_range) in others.iter() {
                    if overlap(range, other_range) {
                        let other = strata.get(*other).map(|stratum| stratum.id.as_str()).unwrap_or_default();
                        let expected = Text::new(
                            format!("des populations hors de celles de « {other} »"),
                            format!("populations outside those of `{other}`"),
                        );
                        self.fault(Code::StrataOverlap, pointer.clone(), name, expected);
                    }
                }
                others.push((index, range.clone()));
            }
        }
        for (index, stratum) in strata.iter().enumerate() {
            self.fallback(&format!("/strata/{index}"), stratum);
        }
        if strata.is_empty() {
            self.fault(Code::OutOfRange, "/strata", "[]", Text::new("au moins une strate", "at least one stratum"));
        }
        if self.document.outside_strata == OutsideStrata::Refuse {
            for name in self.document.structure_types.keys() {
                let ranges = covered.get(name.as_str()).map(Vec::as_slice).unwrap_or_default();
                if let Some(gap) = gap(ranges.iter().map(|(_, range)| range)) {
                    let fault = Fault::new(
                        Code::StrataGap,
                        Place::Pointer("/strata".into()),
                        name,
                        Text::new(
                            format!("une strate pour une population de {gap}"),
                            format!("a stratum for a population of {gap}"),
                        ),
                    );
                    self.advised(
                        fault,
                        "complétez les strates, ou écrivez \"outside_strata\": \"leave_out\"",
                        "complete the strata, or write \"outside_strata\": \"leave_out\"",
                    );
                }
            }
        }
    }

    /// Checks what replaces a stratum that is too small: that it exists, and that the chain ends.
    fn fallback(&mut self, pointer: &str, stratum: &Stratum) {
        let strata = &self.document.strata;
        let find = |id: &str| strata.iter().find(|stratum| stratum.id == id);
        let fallback = match (&stratum.fallback, stratum.minimum_size) {
            (Some(fallback), Some(_)) => fallback,
            (None, None) => return,
            _ => {
                let expected =
                    Text::new("« minimum_size » et « fallback » ensemble", "`minimum_size` and `fallback` together");
                self.fault(Code::MissingField, pointer, "", expected);
                return;
            }
        };
        let at = format!("{pointer}/fallback");
        let mut next = find(fallback);
        if next.is_none() {
            return self.unknown(&at, fallback, strata.iter().map(|stratum| stratum.id.as_str()));
        }
        for _ in 0..=strata.len() {
            match next {
                Some(reached) if reached.id == stratum.id => {
                    let expected = Text::new(
                        "une chaîne qui ne revient pas à cette strate",
                        "a chain that does not come back to this stratum",
                    );
                    self.fault(Code::Cycle, at, fallback, expected);
                    return;
                }
                Some(reached) => next = reached.fallback.as_deref().and_then(find),
                None => return,
            }
        }
    }

    fn range(&mut self, pointer: &str, range: &Range) {
        if let (Some(from), Some(below)) = (range.from, range.below)
            && from >= below
        {
            self.fault(Code::BoundsOrder, pointer, format!("{from} … {below}"), same("from < below"));
        }
        for (name, bound) in [("from", range.from), ("below", range.below)] {
            if let Some(bound) = bound.filter(|bound| *bound < Decimal::ZERO) {
                self.fault(Code::OutOfRange, format!("{pointer}/{name}"), bound, Text::new("0 ou plus", "0 or more"));
            }
        }
    }

    /// Checks that the variables of a formula or predicate exist.
    fn variables(&mut self, pointer: &str, visit: impl Fn(&mut dyn FnMut(&str))) {
        let document = self.document;
        let attributes: Vec<&str> = document.attributes.iter().flatten().map(|(name, _)| name.as_str()).collect();
        let mut unknown = BTreeSet::new();
        visit(&mut |name| {
            let of_account = name.strip_prefix(PREVIOUS).unwrap_or(name);
            let plain = of_account == name;
            let known = document.metrics.contains_key(of_account)
                || (plain && (attributes.contains(&name) || name == "population" || name == "days"));
            if !known {
                unknown.insert(name.to_owned());
            }
        });
        for name in unknown {
            let known = document
                .metrics
                .keys()
                .map(String::as_str)
                .chain(attributes.iter().copied())
                .chain(["population", "days"]);
            self.unknown(pointer, &name, known);
        }
    }

    fn rules(&mut self) {
        let document = self.document;
        let rules = document.eligibility.as_deref().unwrap_or_default();
        self.ids("/eligibility", rules.iter().map(|rule| rule.id.as_str()));
        for (index, rule) in rules.iter().enumerate() {
            self.variables(&format!("/eligibility/{index}/require"), |visit| {
                rule.require.variables(&mut |name| visit(name));
            });
        }
    }

    fn indicators(&mut self, flat: &Flat) {
        let document = self.document;
        self.ids("/indicators", document.indicators.iter().map(|indicator| indicator.id.as_str()));
        if document.indicators.is_empty() {
            self.fault(
                Code::OutOfRange,
                "/indicators",
                "[]",
                Text::new("au moins un critère", "at least one indicator"),
            );
        }
        let mut weighed = BTreeSet::new();
        collect_indicators(&document.index, &mut weighed);
        for (index, indicator) in document.indicators.iter().enumerate() {
            let pointer = format!("/indicators/{index}");
            self.variables(&format!("{pointer}/formula"), |visit| {
                indicator.formula.root().variables(&mut |name| visit(name));
            });
            let in_index = weighed.contains(indicator.id.as_str());
            let used = in_index || flat.criteria.iter().any(|criterion| criterion.indicator == index);
            if !used {
                let expected = Text::new(
                    "un indice, un classement ou un départage qui l'emploie",
                    "an index, a view or a tie-breaker that uses it",
                );
                self.fault(Code::Unused, pointer.clone(), &indicator.id, expected);
            }
            match &indicator.normalise {
                Some(_) if used && !in_index => {
                    let expected = Text::new("un indice qui emploie cette note", "an index that uses this mark");
                    self.fault(Code::Unused, format!("{pointer}/normalise"), &indicator.id, expected);
                }
                None if in_index => {
                    self.fault(Code::MissingField, pointer.clone(), "", same("\"normalise\""));
                }
                _ => {}
            }
            if let Some(normalise) = &indicator.normalise {
                self.normalise(&format!("{pointer}/normalise"), normalise);
                self.raw_zero(&pointer, indicator.undefined, indicator.direction);
            }
            if let Some(winsorise) = &indicator.winsorise {
                self.winsorise(&format!("{pointer}/winsorise"), winsorise);
            }
            if let Some(name) = &indicator.statistics_weight {
                self.statistics_weight(&format!("{pointer}/statistics_weight"), name, indicator);
            }
        }
    }

    fn winsorise(&mut self, pointer: &str, winsorise: &Winsorise) {
        let limits: Vec<&Bound> = winsorise.low.iter().chain(&winsorise.high).collect();
        if limits.is_empty() {
            let expected = Text::new("« low », « high » ou les deux", "`low`, `high` or both");
            self.fault(Code::MissingField, pointer, "", expected);
        }
        for (name, limit) in [("low", &winsorise.low), ("high", &winsorise.high)] {
            let at = format!("{pointer}/{name}");
            match limit {
                Some(Bound::Statistic(statistic)) => {
                    let expected = Text::new("un quantile ou un nombre", "a quantile or a number");
                    self.fault(Code::NotAllowedHere, at, statistic.as_str(), expected);
                }
                Some(bound) => self.bound(&at, bound),
                None => {}
            }
        }
        self.needs_within(pointer, winsorise.within.as_ref(), &limits);
        if let (Some(low), Some(high)) = (&winsorise.low, &winsorise.high)
            && !in_order(low, high)
        {
            self.fault(Code::BoundsOrder, pointer, "", same("low < high"));
        }
    }

    /// Checks that what weighs territories exists.
    fn weighing(&mut self, pointer: &str, name: &str) {
        let attributes: Vec<&str> = self.document.attributes.iter().flatten().map(|(name, _)| name.as_str()).collect();
        if name != "population" && !attributes.contains(&name) {
            self.unknown(pointer, name, attributes.iter().copied().chain(["population"]));
        }
    }

    /// Checks that the weight of statistics exists and that some statistic uses it.
    fn statistics_weight(&mut self, pointer: &str, name: &str, indicator: &Indicator) {
        self.weighing(pointer, name);
        let weighs =
            |bound: &Bound| matches!(bound, Bound::Quantile(_) | Bound::Statistic(Statistic::Mean | Statistic::Median));
        let used = match &indicator.normalise {
            Some(Normalise::MinMax { low, high, .. }) => weighs(low) || weighs(high),
            Some(Normalise::ProportionOf { target, .. }) => weighs(target),
            Some(Normalise::ZScore { .. }) => true,
            _ => false,
        };
        let winsorised =
            indicator.winsorise.iter().flat_map(|winsorise| winsorise.low.iter().chain(&winsorise.high)).any(weighs);
        if let Some(Normalise::ZScore { ddof: 1.., .. }) = &indicator.normalise {
            let expected = Text::new(
                "« ddof » à 0 : un écart pondéré n'en a pas d'autre",
                "`ddof` 0: a weighted spread has no other",
            );
            self.fault(Code::NotAllowedHere, pointer, name, expected);
        }
        let imputed = indicator.unknown == super::model::Unknown::ImputeMedian;
        if !used && !winsorised && !imputed {
            let expected =
                Text::new("une moyenne, un écart ou un quantile à pondérer", "a mean, a spread or a quantile to weigh");
            self.fault(Code::NotAllowedHere, pointer, name, expected);
        }
    }

    /// `raw_zero` under a closest-to direction would reward a value that does not exist whenever the
    /// target is near 0; the document must say what it means in another way.
    fn raw_zero(&mut self, pointer: &str, undefined: Undefined, direction: Direction) {
        if undefined == Undefined::RawZero && !matches!(direction, Direction::Higher) {
            let fault = Fault::new(
                Code::NotAllowedHere,
                Place::Pointer(format!("{pointer}/undefined")),
                "raw_zero",
                Text::new("« mark_zero », « leave_out » ou « refuse »", "`mark_zero`, `leave_out` or `refuse`"),
            );
            self.advised(
                fault,
                "0 serait la meilleure valeur, ou une bonne valeur, d'un critère qui n'en a pas",
                "0 would be the best value, or a good one, of a criterion that has none",
            );
        }
    }

    fn normalise(&mut self, pointer: &str, normalise: &Normalise) {
        match normalise {
            Normalise::MinMax { within, low, high, constant, .. } => {
                self.bound(&format!("{pointer}/low"), low);
                self.bound(&format!("{pointer}/high"), high);
                self.needs_within(pointer, within.as_ref(), &[low, high]);
                self.mark(&format!("{pointer}/constant"), *constant);
                if !in_order(low, high) {
                    self.fault(Code::BoundsOrder, pointer, "", same("low < high"));
                }
            }
            Normalise::ProportionOf { within, target, cap, .. } => {
                self.bound(&format!("{pointer}/target"), target);
                self.needs_within(pointer, within.as_ref(), &[target]);
                if let Bound::Fixed(value) = target {
                    self.positive(&format!("{pointer}/target/fixed"), *value);
                }
                if let Some(cap) = cap {
                    self.positive(&format!("{pointer}/cap"), *cap);
                }
            }
            Normalise::Rank { single, .. } => self.mark(&format!("{pointer}/single"), *single),
            Normalise::ZScore { scale, ddof, clamp, constant, .. } => {
                self.positive(&format!("{pointer}/scale"), *scale);
                self.mark(&format!("{pointer}/constant"), *constant);
                if *ddof > 1 {
                    self.fault(Code::OutOfRange, format!("{pointer}/ddof"), ddof, Text::new("0 ou 1", "0 or 1"));
                }
                if let Some(limits) = clamp
                    && limits.low >= limits.high
                {
                    self.fault(Code::BoundsOrder, format!("{pointer}/clamp"), "", same("low < high"));
                }
            }
            Normalise::Piecewise { points, .. } => self.points(&format!("{pointer}/points"), points, 2),
            Normalise::Bands { bands, .. } => self.points(&format!("{pointer}/bands"), bands, 1),
            Normalise::PercentileRank { .. } | Normalise::Identity { .. } => {}
        }
    }

    fn bound(&mut self, pointer: &str, bound: &Bound) {
        if let Bound::Quantile(quantile) = bound
            && !(Decimal::ZERO..=Decimal::ONE).contains(quantile)
        {
            self.fault(Code::OutOfRange, format!("{pointer}/quantile"), quantile, Text::new("de 0 à 1", "from 0 to 1"));
        }
    }

    fn needs_within(&mut self, pointer: &str, within: Option<&Within>, bounds: &[&Bound]) {
        let fixed = bounds.iter().all(|bound| matches!(bound, Bound::Fixed(_)));
        match within {
            Some(within) if fixed => {
                let expected =
                    Text::new("pas de « within » : les bornes sont fixées", "no `within`: the bounds are fixed");
                self.fault(Code::NotAllowedHere, format!("{pointer}/within"), within.name(), expected);
            }
            None if !fixed => {
                self.fault(Code::MissingField, pointer, "", same("\"within\""));
            }
            _ => {}
        }
    }

    fn mark(&mut self, pointer: &str, mark: Decimal) {
        if !(Decimal::ZERO..=Decimal::HUNDRED).contains(&mark) {
            self.fault(Code::OutOfRange, pointer, mark, Text::new("de 0 à 100", "from 0 to 100"));
        }
    }

    fn positive(&mut self, pointer: &str, value: Decimal) {
        if value <= Decimal::ZERO {
            self.fault(Code::OutOfRange, pointer, value, Text::new("plus de 0", "more than 0"));
        }
    }

    fn points(&mut self, pointer: &str, points: &[Point], least: usize) {
        if points.len() < least {
            let expected = Text::new(format!("au moins {least}"), format!("at least {least}"));
            self.fault(Code::OutOfRange, pointer, points.len(), expected);
        }
        if points.len() > MAX_POINTS {
            self.too_many(pointer, MAX_POINTS);
        }
        for (index, pair) in points.windows(2).enumerate() {
            if let [before, after] = pair
                && before.at >= after.at
            {
                let expected = Text::new(format!("plus de {}", before.at), format!("more than {}", before.at));
                let place = index.saturating_add(1);
                self.fault(Code::BoundsOrder, format!("{pointer}/{place}/at"), after.at, expected);
            }
        }
    }

    fn tree(&mut self) {
        let document = self.document;
        let mut walk =
            Walk { ids: document.indicators.iter().map(|indicator| indicator.id.clone()).collect(), count: 0 };
        self.index(&document.index, None, "/index", 1, &mut walk);
        if walk.count > MAX_INDICES {
            self.too_many("/index", MAX_INDICES);
        }
    }

    fn index(&mut self, index: &Index, above: Option<&str>, pointer: &str, depth: usize, walk: &mut Walk) {
        walk.count = walk.count.saturating_add(1);
        self.id(&index.id, format!("{pointer}/id"));
        if !walk.ids.insert(index.id.clone()) {
            let expected =
                Text::new("un identifiant qu'aucun critère ni indice ne porte", "an id that no indicator or index has");
            self.fault(Code::DuplicateId, format!("{pointer}/id"), &index.id, expected);
        }
        if depth > MAX_INDEX_DEPTH {
            self.too_many(pointer, MAX_INDEX_DEPTH);
            return;
        }
        self.network(index, above, pointer);
        let network = index.network.as_deref().or(above);
        if index.of.is_empty() || index.of.len() > MAX_INDICES {
            let expected = Text::new(format!("de 1 à {MAX_INDICES} éléments"), format!("1 to {MAX_INDICES} children"));
            self.fault(Code::OutOfRange, format!("{pointer}/of"), index.of.len(), expected);
        }
        if index.aggregate == Aggregate::Sum && index.missing == Missing::Renormalise {
            let expected = Text::new(
                "« zero » ou « refuse » : des points ne se renormalisent pas",
                "`zero` or `refuse`: points do not renormalise",
            );
            self.fault(Code::NotAllowedHere, format!("{pointer}/missing"), "renormalise", expected);
        }
        if let Some(share) = index.minimum_share {
            self.share(&format!("{pointer}/minimum_share"), share);
        }
        let mut here = BTreeSet::new();
        for (place, child) in index.of.iter().enumerate() {
            let at = format!("{pointer}/of/{place}");
            self.weight(&format!("{at}/weight"), &child.weight);
            match (&child.methodology, child.absent) {
                (Some(_), None) => {
                    self.fault(Code::MissingField, at.clone(), "", same("\"absent\""));
                }
                (None, Some(absent)) => {
                    let expected = Text::new("« absent » va avec « methodology »", "`absent` goes with `methodology`");
                    self.fault(Code::NotAllowedHere, format!("{at}/absent"), absent.as_str(), expected);
                }
                _ => {}
            }
            match child {
                Child { indicator: Some(id), index: None, methodology: None, .. } => {
                    self.child_indicator(&format!("{at}/indicator"), id, network);
                    if !here.insert(id) {
                        let expected = Text::new("une seule fois dans un indice", "once only in an index");
                        self.fault(Code::DuplicateId, format!("{at}/indicator"), id, expected);
                    }
                }
                Child { indicator: None, index: Some(inner), methodology: None, .. } => {
                    self.index(inner, network, &format!("{at}/index"), depth.saturating_add(1), walk);
                }
                Child { indicator: None, index: None, methodology: Some(pin), .. } => {
                    if let Some(network) = network {
                        let expected = Text::new(
                            format!("un indice sans réseau : celui-ci est sous « {network} »"),
                            format!("an index without a network: this one is under `{network}`"),
                        );
                        self.fault(Code::NotAllowedHere, format!("{at}/methodology"), &pin.id, expected);
                    }
                }
                _ => {
                    let expected = Text::new(
                        "« indicator », « index » ou « methodology », et un seul",
                        "`indicator`, `index` or `methodology`, and only one",
                    );
                    self.fault(Code::WrongType, at, "", expected);
                }
            }
        }
        if !index.of.is_empty() && index.of.iter().all(|child| never_weighs(&child.weight)) {
            let expected = Text::new("un poids supérieur à 0", "a weight above 0");
            self.fault(Code::WeightsZero, format!("{pointer}/of"), &index.id, expected);
        }
        if matches!(index.aggregate, Aggregate::Geometric | Aggregate::Harmonic) {
            self.no_negative(index, pointer);
        }
    }

    /// Finds a pinned methodology among those at hand.
    fn pinned(&mut self, pin: &Pin, pointer: &str) -> Option<Methodology> {
        if Digest::parse(&pin.method_sha256).is_none() {
            let expected = Text::new("64 chiffres hexadécimaux minuscules", "64 lower-case hexadecimal digits");
            self.fault(Code::InvalidId, format!("{pointer}/method_sha256"), &pin.method_sha256, expected);
            return None;
        }
        // Several may differ in words and in what they claim to be; their order must not decide.
        let several = self.others.iter().filter(|other| other.is(pin));
        if let Some(found) = several.min_by_key(|other| (other.status(), other.document_digest())) {
            return Some(found.clone());
        }
        let named = self.others.iter().find(|other| other.id() == pin.id && other.version() == pin.version);
        let name = format!("{}@{}", pin.id, pin.version);
        if let Some(named) = named {
            let digest = named.method_digest();
            let place = Place::Pointer(format!("{pointer}/method_sha256"));
            let fault = Fault::new(Code::PinMismatch, place, &pin.method_sha256, same(digest.to_string()));
            self.advised(
                fault,
                &format!("« {name} » a changé de méthode, ou ce n'est pas ce document"),
                &format!("the method of `{name}` has changed, or this is not that document"),
            );
            return None;
        }
        let others: Vec<String> =
            self.others.iter().map(|other| format!("{}@{}", other.id(), other.version())).collect();
        let list = others.join(", ");
        let expected = match list.as_str() {
            "" => Text::new("aucune n'est donnée", "none is at hand"),
            list => Text::new(format!("l'un de : {list}"), format!("one of: {list}")),
        };
        let fault = Fault::new(Code::UnknownMethodology, Place::Pointer(pointer.to_owned()), name, expected);
        self.advised(fault, "donnez aussi ce document", "hand that document in too");
        None
    }

    /// Checks a share: more than 0, at most 1, in millionths.
    fn share(&mut self, pointer: &str, share: Decimal) {
        if share <= Decimal::ZERO || share > Decimal::ONE || share.parts().1 < -WEIGHT_DECIMALS {
            let expected = Text::new(
                "plus de 0, au plus 1, six décimales au plus",
                "more than 0, at most 1, six decimals at most",
            );
            self.fault(Code::OutOfRange, pointer, share, expected);
        }
    }

    fn network(&mut self, index: &Index, above: Option<&str>, pointer: &str) {
        let document = self.document;
        match (&index.network, above) {
            (Some(network), Some(outer)) => {
                let expected = Text::new(
                    format!("aucun réseau : l'indice est sous « {outer} »"),
                    format!("no network: the index is under `{outer}`"),
                );
                self.fault(Code::NotAllowedHere, format!("{pointer}/network"), network, expected);
            }
            (Some(network), None) if !document.networks.contains_key(network) => {
                self.unknown(&format!("{pointer}/network"), network, document.networks.keys().map(String::as_str));
            }
            _ => {}
        }
        match (&index.network, index.absent) {
            (Some(_), None) => {
                self.fault(Code::MissingField, pointer, "", same("\"absent\""));
            }
            (None, Some(absent)) => {
                let expected = Text::new("« absent » va avec « network »", "`absent` goes with `network`");
                self.fault(Code::NotAllowedHere, format!("{pointer}/absent"), absent.as_str(), expected);
            }
            _ => {}
        }
    }

    fn child_indicator(&mut self, pointer: &str, id: &str, network: Option<&str>) {
        let document = self.document;
        let Some(place) = document.indicators.iter().position(|indicator| indicator.id == id) else {
            self.unknown(pointer, id, document.indicators.iter().map(|indicator| indicator.id.as_str()));
            return;
        };
        if network.is_none() && reads_metrics(document, place) {
            let expected = Text::new("un indice qui nomme un réseau", "an index that names a network");
            let fault = Fault::new(Code::NetworkMissing, Place::Pointer(pointer.to_owned()), id, expected);
            self.advised(fault, "ajoutez « network » à l'indice", "add `network` to the index");
        }
    }

    fn weight(&mut self, pointer: &str, weight: &Weight) {
        let document = self.document;
        let table = match weight {
            Weight::Fixed(value) => return self.weight_value(pointer, *value),
            Weight::Table(table) => table,
        };
        self.weight_value(&format!("{pointer}/default"), table.default);
        let given = [table.by_structure_type.is_some(), table.by_stratum.is_some(), table.by_population.is_some()];
        if given.into_iter().filter(|given| *given).count() != 1 {
            let expected = Text::new(
                "un seul de « by_structure_type », « by_stratum », « by_population »",
                "exactly one of `by_structure_type`, `by_stratum`, `by_population`",
            );
            self.fault(Code::WrongType, pointer, "", expected);
        }
        for (name, value) in table.by_structure_type.iter().flatten() {
            let at = format!("{pointer}/by_structure_type/{}", step(name));
            if !document.structure_types.contains_key(name) {
                self.unknown(&at, name, document.structure_types.keys().map(String::as_str));
            }
            self.weight_value(&at, *value);
        }
        for (name, value) in table.by_stratum.iter().flatten() {
            let at = format!("{pointer}/by_stratum/{}", step(name));
            if !document.strata.iter().any(|stratum| stratum.id == *name) {
                self.unknown(&at, name, document.strata.iter().map(|stratum| stratum.id.as_str()));
            }
            self.weight_value(&at, *value);
        }
        let bands = table.by_population.as_deref().unwrap_or_default();
        if bands.len() > MAX_LIST {
            return self.too_many(&format!("{pointer}/by_population"), MAX_LIST);
        }
        let ranges: Vec<Range> = bands.iter().map(|band| Range { from: band.from, below: band.below }).collect();
        for (index, (band, range)) in bands.iter().zip(&ranges).enumerate() {
            let at = format!("{pointer}/by_population/{index}");
            self.weight_value(&format!("{at}/weight"), band.weight);
            self.range(&at, range);
            if ranges.iter().take(index).any(|other| overlap(range, other)) {
                let expected =
                    Text::new("des populations hors des bandes précédentes", "populations outside the bands before");
                self.fault(Code::BoundsOrder, at, "", expected);
            }
        }
    }

    fn weight_value(&mut self, pointer: &str, value: Decimal) {
        let (_, exponent) = value.parts();
        if value < Decimal::ZERO || value.get() > MAX_WEIGHT || exponent < -WEIGHT_DECIMALS {
            let expected = Text::new(
                format!("de 0 à {MAX_WEIGHT}, avec au plus {WEIGHT_DECIMALS} décimales"),
                format!("from 0 to {MAX_WEIGHT}, with at most {WEIGHT_DECIMALS} decimals"),
            );
            self.fault(Code::OutOfRange, pointer, value, expected);
        }
    }

    /// A geometric or harmonic mean has no meaning for negative marks, so a document in which one
    /// could arise is refused, whatever the data.
    fn no_negative(&mut self, index: &Index, pointer: &str) {
        for (place, child) in index.of.iter().enumerate() {
            let negative = match child {
                Child { indicator: Some(id), .. } => {
                    let indicator = self.document.indicators.iter().find(|indicator| indicator.id == *id);
                    indicator.is_some_and(|indicator| mark_may_be_negative(self.document, indicator))
                }
                Child { index: Some(inner), .. } => index_may_be_negative(self.document, self.others, inner),
                Child { methodology: Some(pin), .. } => pinned_may_be_negative(self.others, pin),
                _ => false,
            };
            if negative {
                let expected = Text::new("des notes qui ne peuvent être négatives", "marks that cannot be negative");
                let fault = Fault::new(
                    Code::NegativeMarks,
                    Place::Pointer(format!("{pointer}/of/{place}")),
                    child.indicator.as_deref().unwrap_or_default(),
                    expected,
                );
                self.advised(
                    fault,
                    "bornez les notes (« clamp »), ou changez d'agrégation",
                    "clamp the marks, or aggregate otherwise",
                );
            }
        }
    }

    fn keys(&mut self, flat: &Flat) {
        let document = self.document;
        self.ids("/views", document.views.iter().map(|view| view.id.as_str()));
        if document.views.is_empty() {
            self.fault(Code::OutOfRange, "/views", "[]", Text::new("au moins un classement", "at least one view"));
        }
        for (index, view) in document.views.iter().enumerate() {
            self.key(&format!("/views/{index}/by"), &view.by, flat);
        }
        for (index, key) in document.ranking.tie_breakers.iter().enumerate() {
            self.key(&format!("/ranking/tie_breakers/{index}"), key, flat);
        }
        let within = &document.ranking.within;
        if within.is_empty() {
            self.fault(
                Code::OutOfRange,
                "/ranking/within",
                "[]",
                Text::new("au moins un groupe", "at least one group"),
            );
        }
        let mut seen = BTreeSet::new();
        for (index, within) in within.iter().enumerate() {
            if !seen.insert(within) {
                let expected = Text::new("une seule fois", "once only");
                self.fault(Code::DuplicateId, format!("/ranking/within/{index}"), within.name(), expected);
            }
        }
    }

    fn key(&mut self, pointer: &str, key: &Key, flat: &Flat) {
        let document = self.document;
        match (&key.index, &key.indicator) {
            (Some(id), None) => {
                if !flat.nodes.iter().any(|node| node.index.id == *id) {
                    self.unknown(&format!("{pointer}/index"), id, flat.nodes.iter().map(|node| node.index.id.as_str()));
                }
                if let Some(network) = &key.network {
                    let expected = Text::new("« network » va avec « indicator »", "`network` goes with `indicator`");
                    self.fault(Code::NotAllowedHere, format!("{pointer}/network"), network, expected);
                }
            }
            (None, Some(id)) => {
                let known = document.indicators.iter().position(|indicator| indicator.id == *id);
                let Some(place) = known else {
                    let ids = document.indicators.iter().map(|indicator| indicator.id.as_str());
                    return self.unknown(&format!("{pointer}/indicator"), id, ids);
                };
                if let Some(network) = key.network.as_ref().filter(|network| !document.networks.contains_key(*network))
                {
                    self.unknown(&format!("{pointer}/network"), network, document.networks.keys().map(String::as_str));
                } else if flat.resolves(document, key) == Some(false) && reads_metrics(document, place) {
                    let fault = Fault::new(
                        Code::NetworkMissing,
                        Place::Pointer(pointer.to_owned()),
                        id,
                        Text::new("le réseau dont il s'agit", "the network that is meant"),
                    );
                    self.advised(fault, "ajoutez « network »", "add `network`");
                }
            }
            _ => {
                let expected =
                    Text::new("« index » ou « indicator », et un seul", "`index` or `indicator`, and only one");
                self.fault(Code::WrongType, pointer, "", expected);
            }
        }
    }

    fn publication(&mut self) {
        let decimals = self.document.publication.decimals;
        if decimals > MAX_DECIMALS {
            let expected = Text::new(format!("de 0 à {MAX_DECIMALS}"), format!("from 0 to {MAX_DECIMALS}"));
            self.fault(Code::OutOfRange, "/publication/decimals", decimals, expected);
        }
        if let Some(grades) = &self.document.publication.grades {
            self.grades(grades);
        }
    }

    fn roll_ups(&mut self, flat: &Flat) {
        let document = self.document;
        let roll_ups = document.roll_ups.as_deref().unwrap_or_default();
        self.ids("/roll_ups", roll_ups.iter().map(|roll_up| roll_up.id.as_str()));
        for (place, roll_up) in roll_ups.iter().enumerate() {
            let pointer = format!("/roll_ups/{place}");
            if !flat.nodes.iter().any(|node| node.index.id == roll_up.index) {
                let known = flat.nodes.iter().map(|node| node.index.id.as_str());
                self.unknown(&format!("{pointer}/index"), &roll_up.index, known);
            }
            if roll_up.structure_types.is_empty() {
                let expected = Text::new("au moins un type", "at least one type");
                self.fault(Code::OutOfRange, format!("{pointer}/structure_types"), "[]", expected);
            }
            for (index, name) in roll_up.structure_types.iter().enumerate() {
                if !document.structure_types.contains_key(name) {
                    let known = document.structure_types.keys().map(String::as_str);
                    self.unknown(&format!("{pointer}/structure_types/{index}"), name, known);
                }
            }
            if let Some(name) = &roll_up.weight {
                self.weighing(&format!("{pointer}/weight"), name);
            }
        }
    }

    fn grades(&mut self, grades: &Grades) {
        let list = "/publication/grades/steps";
        let (ids, values): (Vec<&str>, Vec<Decimal>) = match grades {
            Grades::Threshold { steps } => steps.iter().map(|step| (step.id.as_str(), step.from)).unzip(),
            Grades::Rank { view, steps, .. } => {
                let views = &self.document.views;
                if !views.iter().any(|known| known.id == *view) {
                    self.unknown("/publication/grades/view", view, views.iter().map(|view| view.id.as_str()));
                }
                for (index, step) in steps.iter().enumerate() {
                    self.share(&format!("{list}/{index}/top"), step.top);
                }
                steps.iter().map(|step| (step.id.as_str(), step.top)).unzip()
            }
        };
        self.ids(list, ids.into_iter());
        if values.is_empty() {
            self.fault(Code::OutOfRange, list, "[]", Text::new("au moins une mention", "at least one grade"));
        }
        let falling = matches!(grades, Grades::Threshold { .. });
        let member = if falling { "from" } else { "top" };
        for (index, pair) in values.windows(2).enumerate() {
            if let [before, after] = pair
                && ((falling && before <= after) || (!falling && before >= after))
            {
                let relation = if falling { format!("< {before}") } else { format!("> {before}") };
                self.fault(
                    Code::BoundsOrder,
                    format!("{list}/{}/{member}", index.saturating_add(1)),
                    after,
                    same(relation),
                );
            }
        }
    }
}

/// What is known of the tree while it is walked.
struct Walk {
    ids: BTreeSet<String>,
    count: usize,
}

fn overlap(a: &Range, b: &Range) -> bool {
    let starts_before_end = |x: &Range, y: &Range| match (x.from, y.below) {
        (Some(from), Some(below)) => from < below,
        _ => true,
    };
    starts_before_end(a, b) && starts_before_end(b, a)
}

/// The smallest population that no range takes.
fn gap<'a>(ranges: impl Iterator<Item = &'a Range>) -> Option<Decimal> {
    let mut ranges: Vec<&Range> = ranges.collect();
    ranges.sort_by_key(|range| range.from.unwrap_or(Decimal::ZERO));
    let mut reached = Decimal::ZERO;
    for range in ranges {
        if range.from.unwrap_or(Decimal::ZERO) > reached {
            return Some(reached);
        }
        match range.below {
            None => return None,
            Some(below) => reached = reached.max(below),
        }
    }
    Some(reached)
}

/// Could the low bound be below the high one? Only what the document alone shows is refused.
fn in_order(low: &Bound, high: &Bound) -> bool {
    match (low, high) {
        (Bound::Fixed(low), Bound::Fixed(high)) | (Bound::Quantile(low), Bound::Quantile(high)) => low < high,
        (Bound::Statistic(low), Bound::Statistic(high)) => {
            low != high && *low != Statistic::Max && *high != Statistic::Min
        }
        (Bound::Statistic(Statistic::Max), Bound::Quantile(_))
        | (Bound::Quantile(_), Bound::Statistic(Statistic::Min)) => false,
        _ => true,
    }
}

fn never_weighs(weight: &Weight) -> bool {
    match weight {
        Weight::Fixed(value) => *value <= Decimal::ZERO,
        Weight::Table(WeightTable { default, by_structure_type, by_stratum, by_population }) => {
            let maps = by_structure_type.iter().chain(by_stratum).flat_map(BTreeMap::values).copied();
            let bands = by_population.iter().flatten().map(|band| band.weight);
            maps.chain(bands).chain([*default]).all(|value| value <= Decimal::ZERO)
        }
    }
}

/// Can a mark of this indicator be negative, as far as the document alone shows?
fn mark_may_be_negative(document: &Document, indicator: &Indicator) -> bool {
    // An undefined or unknown value gives 0 or nothing; only the method can give less.
    let nonnegative = |name: &str| {
        let name = name.strip_prefix(PREVIOUS).unwrap_or(name);
        let kind = document.metrics.get(name).map(|metric| metric.kind);
        let kind = kind.or_else(|| document.attributes.as_ref()?.get(name).map(|attribute| attribute.kind));
        matches!(name, "population" | "days") || kind == Some(Kind::Count)
    };
    // ln1p and sqrt keep the sign; ln and log10 do not.
    let transform_keeps_sign = !matches!(indicator.transform, Some(TransformName::Ln | TransformName::Log10));
    let distance = matches!(indicator.direction, Direction::ClosestTo(_));
    let keeps_positive = transform_keeps_sign && indicator.formula.root().never_negative(&nonnegative);
    let limit = indicator.winsorise.as_ref().and_then(|winsorise| winsorise.high.as_ref());
    let drawn_below = matches!(limit, Some(Bound::Fixed(limit)) if *limit < Decimal::ZERO);
    let raw_negative = !(distance || keeps_positive) || drawn_below;
    match &indicator.normalise {
        None | Some(Normalise::PercentileRank { .. } | Normalise::Rank { .. }) => false,
        Some(Normalise::MinMax { clamp, .. }) => !clamp,
        Some(Normalise::ZScore { clamp, .. }) => clamp.as_ref().is_none_or(|limits| limits.low < Decimal::ZERO),
        Some(Normalise::ProportionOf { .. } | Normalise::Identity { .. }) => raw_negative,
        Some(Normalise::Piecewise { points, .. }) => points.iter().any(|point| point.mark < Decimal::ZERO),
        Some(Normalise::Bands { bands, otherwise, .. }) => {
            *otherwise < Decimal::ZERO || bands.iter().any(|band| band.mark < Decimal::ZERO)
        }
    }
}

fn pinned_may_be_negative(others: &[Methodology], pin: &Pin) -> bool {
    let pinned = others.iter().find(|other| other.is(pin));
    pinned.is_some_and(|pinned| index_may_be_negative(pinned.document(), pinned.pinned(), &pinned.document().index))
}

fn index_may_be_negative(document: &Document, others: &[Methodology], index: &Index) -> bool {
    index.of.iter().any(|child| match child {
        Child { indicator: Some(id), .. } => {
            let indicator = document.indicators.iter().find(|indicator| indicator.id == *id);
            indicator.is_some_and(|indicator| mark_may_be_negative(document, indicator))
        }
        Child { index: Some(inner), .. } => index_may_be_negative(document, others, inner),
        Child { methodology: Some(pin), .. } => pinned_may_be_negative(others, pin),
        _ => false,
    })
}

fn collect_indicators<'a>(index: &'a Index, ids: &mut BTreeSet<&'a str>) {
    for child in &index.of {
        ids.extend(child.indicator.as_deref());
        if let Some(inner) = &child.index {
            collect_indicators(inner, ids);
        }
    }
}

/// On what the parameters rest: that each says it, and that what it cites exists.
impl Checker<'_> {
    fn grounds(&mut self) {
        let document = self.document;
        let sources = document.sources.as_deref().unwrap_or_default();
        self.ids("/sources", sources.iter().map(|source| source.id.as_str()));
        let conflicts = document.conflicts.as_deref().unwrap_or_default();
        self.ids("/conflicts", conflicts.iter().map(|conflict| conflict.id.as_str()));
        for (index, conflict) in conflicts.iter().enumerate() {
            for (place, cited) in conflict.between.iter().enumerate() {
                if !sources.iter().any(|source| source.id == *cited) {
                    let known = sources.iter().map(|source| source.id.as_str());
                    self.unknown(&format!("/conflicts/{index}/between/{place}"), cited, known);
                }
            }
        }
        let mut parameters = vec!["outside_strata"];
        parameters.extend(document.period_days.map(|_| "period_days"));
        parameters.extend(document.several_accounts.map(|_| "several_accounts"));
        self.covered("", document.provenance.as_ref(), None, &parameters);
        for (index, stratum) in document.strata.iter().enumerate() {
            let mut parameters = vec!["structure_types"];
            parameters.extend(stratum.population.as_ref().map(|_| "population"));
            parameters.extend(stratum.minimum_size.map(|_| "minimum_size"));
            parameters.extend(stratum.fallback.as_ref().map(|_| "fallback"));
            self.covered(&format!("/strata/{index}"), stratum.provenance.as_ref(), None, &parameters);
        }
        for (index, rule) in document.eligibility.iter().flatten().enumerate() {
            self.covered(&format!("/eligibility/{index}"), rule.provenance.as_ref(), None, &["require"]);
        }
        for (index, indicator) in document.indicators.iter().enumerate() {
            let pointer = format!("/indicators/{index}");
            let own = indicator.provenance.as_ref();
            let mut parameters = vec!["formula", "direction", "undefined", "unknown"];
            parameters.extend(indicator.transform.map(|_| "transform"));
            parameters.extend(indicator.statistics_weight.as_ref().map(|_| "statistics_weight"));
            self.covered_with(&pointer, own, None, &parameters, &["normalise", "winsorise"]);
            if let Some(winsorise) = &indicator.winsorise {
                let above = own.filter(|own| own.contains_key("winsorise") || own.contains_key("*"));
                let given = [
                    ("within", winsorise.within.is_some()),
                    ("low", winsorise.low.is_some()),
                    ("high", winsorise.high.is_some()),
                ];
                let parameters: Vec<&str> =
                    given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
                self.covered(&format!("{pointer}/winsorise"), winsorise.provenance.as_ref(), above, &parameters);
            }
            if let Some(normalise) = &indicator.normalise {
                let above = own.filter(|own| own.contains_key("normalise") || own.contains_key("*"));
                let (parameters, provenance) = parameters_of(normalise);
                self.covered(&format!("{pointer}/normalise"), provenance, above, &parameters);
            }
        }
        self.index_grounds(&document.index, "/index");
        let ranking = &document.ranking;
        self.covered("/ranking", ranking.provenance.as_ref(), None, &["order_by", "ties", "tie_breakers", "within"]);
        for (place, roll_up) in document.roll_ups.iter().flatten().enumerate() {
            let mut parameters = vec!["index", "structure_types", "into"];
            parameters.extend(roll_up.weight.as_ref().map(|_| "weight"));
            self.covered(&format!("/roll_ups/{place}"), roll_up.provenance.as_ref(), None, &parameters);
        }
        let mut parameters = vec!["decimals", "rounding"];
        parameters.extend(document.publication.grades.as_ref().map(|_| "grades"));
        self.covered("/publication", document.publication.provenance.as_ref(), None, &parameters);
    }

    fn index_grounds(&mut self, index: &Index, pointer: &str) {
        let mut parameters = vec!["aggregate", "missing"];
        if index.network.is_some() {
            parameters.extend(["network", "absent"]);
        }
        parameters.extend(index.minimum_share.map(|_| "minimum_share"));
        self.covered(pointer, index.provenance.as_ref(), None, &parameters);
        for (place, child) in index.of.iter().enumerate() {
            let parameters: &[&str] = if child.methodology.is_some() { &["weight", "absent"] } else { &["weight"] };
            self.covered(&format!("{pointer}/of/{place}"), child.provenance.as_ref(), None, parameters);
            if let Some(inner) = &child.index {
                self.index_grounds(inner, &format!("{pointer}/of/{place}/index"));
            }
        }
    }

    fn covered(&mut self, pointer: &str, own: Option<&Provenance>, above: Option<&Provenance>, parameters: &[&str]) {
        self.covered_with(pointer, own, above, parameters, &[]);
    }

    /// Checks the provenance of one object. `parameters` must each be covered, by their own name or
    /// by `*`, here or in the object above; `optional` names may be given besides.
    fn covered_with(
        &mut self,
        pointer: &str,
        own: Option<&Provenance>,
        above: Option<&Provenance>,
        parameters: &[&str],
        optional: &[&str],
    ) {
        // Somebody's own draft or variant owes nobody its grounds.
        let owed = !matches!(self.document.status, Status::Variant | Status::Draft);
        for parameter in parameters.iter().filter(|_| owed && above.is_none()) {
            if !own.is_some_and(|own| own.contains_key(*parameter) || own.contains_key("*")) {
                let expected =
                    Text::new(format!("« provenance » de « {parameter} »"), format!("`provenance` of `{parameter}`"));
                let fault = Fault::new(
                    Code::ProvenanceMissing,
                    Place::Pointer(format!("{pointer}/{parameter}")),
                    parameter,
                    expected,
                );
                self.advised(
                    fault,
                    "dites s'il est « published », « inferred » ou « proposed »",
                    "say whether it is `published`, `inferred` or `proposed`",
                );
            }
        }
        for (name, basis) in own.into_iter().flatten() {
            let at = format!("{pointer}/provenance/{}", step(name));
            if name != "*" && !parameters.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
                let names = parameters.iter().chain(optional).copied().chain(["*"]);
                self.unknown(&at, name, names);
            }
            self.basis(&at, basis);
        }
    }

    fn basis(&mut self, pointer: &str, basis: &Basis) {
        let sources = self.document.sources.as_deref().unwrap_or_default();
        if let Some(cited) = &basis.source
            && !sources.iter().any(|source| source.id == *cited)
        {
            self.unknown(&format!("{pointer}/source"), cited, sources.iter().map(|source| source.id.as_str()));
        }
        let missing = match basis.basis {
            Ground::Published => [("source", basis.source.is_none()), ("quote", basis.quote.is_none())],
            Ground::Inferred | Ground::Proposed => [("reason", basis.reason.is_none()), ("", false)],
        };
        for (member, _) in missing.into_iter().filter(|(_, missing)| *missing) {
            self.fault(Code::MissingField, pointer, basis.basis.as_str(), same(format!("\"{member}\"")));
        }
    }
}

/// The parameters of a normalisation, and its own provenance.
fn parameters_of(normalise: &Normalise) -> (Vec<&'static str>, Option<&Provenance>) {
    let mut parameters = vec!["method"];
    let provenance = match normalise {
        Normalise::MinMax { within, provenance, .. } => {
            parameters.extend(["low", "high", "clamp", "constant"]);
            parameters.extend(within.as_ref().map(|_| "within"));
            provenance
        }
        Normalise::ProportionOf { within, cap, provenance, .. } => {
            parameters.push("target");
            parameters.extend(within.as_ref().map(|_| "within"));
            parameters.extend(cap.as_ref().map(|_| "cap"));
            provenance
        }
        Normalise::PercentileRank { provenance, .. } => {
            parameters.push("within");
            provenance
        }
        Normalise::Rank { provenance, .. } => {
            parameters.extend(["within", "single"]);
            provenance
        }
        Normalise::ZScore { clamp, provenance, .. } => {
            parameters.extend(["within", "centre", "scale", "ddof", "constant"]);
            parameters.extend(clamp.as_ref().map(|_| "clamp"));
            provenance
        }
        Normalise::Piecewise { provenance, .. } => {
            parameters.push("points");
            provenance
        }
        Normalise::Bands { provenance, .. } => {
            parameters.extend(["bands", "otherwise"]);
            provenance
        }
        Normalise::Identity { provenance } => provenance,
    };
    (parameters, provenance.as_ref())
}

impl Flat {
    /// Does an indicator's key resolve to one criterion? `None` for a key that names no indicator.
    fn resolves(&self, document: &Document, key: &Key) -> Option<bool> {
        key.indicator.as_ref()?;
        Some(matches!(self.clone().order(document, key), Some(Order::Criterion(_))))
    }
}
