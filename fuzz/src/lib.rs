//! What the fuzz targets share: cohorts made from bytes, and what must hold of every scoring.

use std::sync::Arc;

use bareme::cohort::{Account, Cohort, CohortBuilder, Date, Period, StratumOverride, Territory};
use bareme::error::Language;
use bareme::methodology::model::Kind;
use bareme::{Faults, Methodology, Scoring, catalogue};

/// Input bytes, zeros when they are used up.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'a>(pub &'a [u8]);

impl Bytes<'_> {
    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    /// A number below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()) % limit.max(1)
    }

    /// One of these, or nothing.
    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let place = self.below(items.len());
        items.get(place)
    }

    /// A count: often one of few, so that values are equal, sometimes an extreme.
    fn count(&mut self) -> f64 {
        match self.byte() {
            0..=19 => f64::NAN,
            20..=59 => 0.0,
            60..=99 => 1.0,
            100..=159 => f64::from(self.byte() % 5),
            160..=219 => f64::from(self.byte()),
            220..=239 => f64::from(self.byte()) * 1000.0,
            240..=249 => f64::from(u16::from_be_bytes([self.byte(), self.byte()])),
            250..=252 => 9_007_199_254_740_991.0,
            _ => (0..7).fold(0.0, |number, _| number * 128.0 + f64::from(self.byte() & 127)),
        }
    }

    /// A decimal: a count, a tenth of one, a multiple of an eighth, or any double.
    fn decimal(&mut self) -> f64 {
        match self.byte() {
            0..=99 => self.count(),
            100..=179 => f64::from(self.byte()) / 10.0,
            180..=229 => f64::from(self.byte()) / 8.0,
            230..=249 => -f64::from(self.byte()),
            _ => {
                let x = f64::from_bits(u64::from_be_bytes(std::array::from_fn(|_| self.byte())));
                if x.is_finite() { x } else { f64::NAN }
            }
        }
    }

    fn number(&mut self, kind: Kind) -> f64 {
        match kind {
            Kind::Count => self.count(),
            Kind::Decimal => self.decimal(),
        }
    }
}

/// An embedded methodology.
pub fn methodology(byte: u8) -> Methodology {
    let mut all = catalogue::all();
    all.swap_remove(usize::from(byte) % all.len())
}

/// A small cohort for a methodology, with its rows in one order and in the other.
///
/// # Errors
/// The faults of the cohort; a cohort made of bytes may have some.
pub fn cohorts(methodology: &Methodology, mut bytes: Bytes<'_>) -> Result<[Cohort; 2], Faults> {
    let document = methodology.document();
    let types: Vec<&String> = document.structure_types.keys().collect();
    let mut territories = Vec::new();
    let (mut accounts, mut previous) = (Vec::new(), Vec::new());
    for place in 0..=bytes.below(12) {
        let id = format!("T{place}");
        let mut territory = Territory {
            name: id.clone(),
            id: id.clone(),
            structure_type: bytes.pick(&types).map_or_else(|| "commune".to_owned(), |id| (*id).clone()),
            population: match bytes.byte() % 8 {
                0 => None,
                1 => Some(0.0),
                2 => Some(19_999.0),
                3 => Some(20_000.0),
                4 => Some(100_000.0),
                _ => Some(bytes.count()),
            },
            region: Some(bytes.byte() % 3).filter(|region| *region > 0).map(|region| region.to_string()),
            department: Some(bytes.byte() % 3).filter(|region| *region > 0).map(|region| region.to_string()),
            ..Territory::default()
        };
        for (name, attribute) in document.attributes.iter().flatten() {
            territory.attributes.insert(name.clone(), bytes.number(attribute.kind));
        }
        if bytes.byte() > 240
            && let Some(stratum) = bytes.pick(&document.strata)
        {
            territory.stratum = Some(StratumOverride { stratum: stratum.id.clone(), reason: "fuzz".to_owned() });
        }
        territories.push(territory);
        for network in document.networks.keys() {
            // Mostly one account, sometimes none, rarely two.
            let number = match bytes.byte() {
                0..=31 => 0,
                32..=239 => 1,
                _ => 2,
            };
            for _ in 0..number {
                let mut account = Account { territory: id.clone(), network: network.clone(), ..Account::default() };
                for (name, metric) in &document.metrics {
                    account.metrics.insert(name.clone(), bytes.number(metric.kind));
                }
                account.main = number == 2 && bytes.byte() > 127;
                if bytes.byte() > 200 {
                    let mut before = account.clone();
                    for (name, metric) in &document.metrics {
                        before.metrics.insert(name.clone(), bytes.number(metric.kind));
                    }
                    previous.push(before);
                }
                accounts.push(account);
            }
        }
    }
    let days = document.period_days.unwrap_or_else(|| u32::from(bytes.byte()) + 1);
    let (start, end) = (Date::new(2026, 1, 1), later(days));
    let period = start.zip(end).and_then(|(from, to)| Period::new(from, to));
    let before = Date::new(2025, 1, 1).zip(start).and_then(|(from, to)| Period::new(from, to));
    let build = |reversed: bool| {
        let order = |number: usize| (0..number).map(move |place| if reversed { number - 1 - place } else { place });
        let mut builder = CohortBuilder::new();
        if let Some(period) = period {
            builder.period(period);
        }
        for place in order(territories.len()) {
            builder.territory(&territories[place]);
        }
        for place in order(accounts.len()) {
            builder.account(&accounts[place]);
        }
        if let Some(before) = before.filter(|_| !previous.is_empty()) {
            builder.previous_period(before);
            for place in order(previous.len()) {
                builder.previous_account(&previous[place]);
            }
        }
        builder.build()
    };
    Ok([build(false)?, build(true)?])
}

/// The date so many days after 1 January 2026; `None` beyond a few years.
fn later(days: u32) -> Option<Date> {
    let start = Date::new(2026, 1, 1)?.day_number();
    let target = start.checked_add(i32::try_from(days).ok()?)?;
    (2026..2040)
        .flat_map(|year| (1..=12).flat_map(move |month| (1..=31).map(move |day| (year, month, day))))
        .find_map(|(year, month, day)| Date::new(year, month, day).filter(|date| date.day_number() == target))
}

/// Scores a cohort the fast way and the exact way, which must agree on everything.
///
/// # Panics
/// If they do not.
pub fn score(methodology: &Methodology, cohort: Cohort) -> Option<Scoring> {
    let cohort = Arc::new(cohort);
    match (methodology.score(Arc::clone(&cohort)), methodology.score_exactly(cohort)) {
        (Ok(fast), Ok(exact)) => {
            assert_eq!(text(&fast.document()), text(&exact.document()), "the fast path changed a bit");
            Some(fast)
        }
        (Err(fast), Err(exact)) => {
            assert_eq!(fast, exact);
            shown(&fast);
            None
        }
        (fast, exact) => panic!("only one way scores: {:?} {:?}", fast.err(), exact.err()),
    }
}

/// What a scoring says of each territory, by id.
pub fn by_id(scoring: &Scoring) -> Vec<String> {
    let mut territories = scoring.document().territories;
    territories.sort_by(|a, b| a.id.cmp(&b.id));
    territories.iter().map(text).collect()
}

/// Faults say something, on one line each.
pub fn shown(faults: &Faults) {
    assert!(!faults.is_empty());
    for fault in faults {
        for language in [Language::French, Language::English] {
            let line = fault.line(language);
            assert!(!line.is_empty() && !line.contains(['\n', '\r', '\u{1b}']), "{line:?}");
        }
    }
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("a scoring can be written as JSON")
}
