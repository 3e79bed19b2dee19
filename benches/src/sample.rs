//! Cohorts of any size, the same ones every time.

use bareme::cohort::{Account, Cells, Column, Table, Territory};
use bareme::{Cohort, Faults, Methodology};
use serde_json::{Value, json};

/// The number of indicators.
pub const INDICATORS: usize = 35;
/// The number of strata.
pub const STRATA: usize = STRATUM_COUNT as usize;
const STRATUM_COUNT: u32 = 12;

/// The width of a stratum, in inhabitants.
const WIDTH: u32 = 1_000;

/// How a value becomes a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Between the least and the greatest value of the stratum.
    MinMax,
    /// By the share of the stratum that it beats.
    PercentileRank,
}

/// What the counts are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Counts of any size: no two territories have the same score.
    Any,
    /// Half of the territories have a score that lies exactly between two published ones, which
    /// no rounding error can settle.
    Ties,
}

/// A cohort in columns.
#[derive(Debug)]
pub struct Sample {
    method: Method,
    /// The stratum of each territory, in no order.
    strata: Vec<u8>,
    /// What each indicator counts.
    counts: Vec<Vec<f64>>,
    /// What all counts are divided by.
    divisor: Vec<f64>,
    /// The weight of each indicator.
    weights: Vec<f64>,
}

impl Sample {
    /// A cohort of `territories`.
    #[must_use]
    pub fn new(territories: usize, method: Method, kind: Kind) -> Self {
        let mut random = Random(0x5EED);
        let weights: Vec<u32> = (1..=5).cycle().take(INDICATORS).collect();
        let mut sample = Self {
            method,
            strata: Vec::with_capacity(territories),
            counts: vec![Vec::new(); INDICATORS],
            divisor: Vec::with_capacity(territories),
            weights: weights.iter().map(|weight| f64::from(*weight)).collect(),
        };
        for territory in 0..territories {
            // The first two of each stratum hold its bounds.
            let end = territory / STRATA;
            let stratum = if end < 2 { territory % STRATA } else { random.below(STRATUM_COUNT) as usize };
            sample.strata.push(u8::try_from(stratum).unwrap_or(0));
            let (divisor, counts) = match kind {
                Kind::Any => any(&mut random),
                Kind::Ties => ties(&mut random, &weights, end, territory.is_multiple_of(2)),
            };
            sample.divisor.push(f64::from(divisor));
            for (column, count) in sample.counts.iter_mut().zip(counts) {
                column.push(f64::from(count));
            }
        }
        sample
    }

    /// The number of territories.
    #[must_use]
    pub fn len(&self) -> usize {
        self.strata.len()
    }

    /// Is there no territory?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.strata.is_empty()
    }

    pub(crate) fn method(&self) -> Method {
        self.method
    }

    pub(crate) fn strata(&self) -> &[u8] {
        &self.strata
    }

    pub(crate) fn counts(&self) -> impl Iterator<Item = &[f64]> {
        self.counts.iter().map(Vec::as_slice)
    }

    pub(crate) fn divisor(&self) -> &[f64] {
        &self.divisor
    }

    pub(crate) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// The methodology that says what [`plain`](crate::plain) does.
    ///
    /// # Errors
    /// None, unless the language changes.
    pub fn methodology(&self) -> Result<Methodology, Faults> {
        let normalise = match self.method {
            Method::MinMax => json!({
                "method": "min_max", "within": "stratum", "clamp": true, "constant": 50,
                "low": {"statistic": "min"}, "high": {"statistic": "max"},
            }),
            Method::PercentileRank => json!({"method": "percentile_rank", "within": "stratum"}),
        };
        let label = |text: &str| json!({"fr": text});
        let count = |text: &str| json!({"kind": "count", "measure": "stock", "label": label(text)});
        let named = |place: usize| format!("count_{place:02}");
        let ids = || (0..INDICATORS).map(named);
        let metrics: serde_json::Map<String, Value> =
            ids().map(|name| (name.clone(), count(&name))).chain([("followers".into(), count("abonnés"))]).collect();
        let indicators: Vec<Value> = ids()
            .map(|name| {
                json!({
                    "id": name, "label": label(&name), "formula": format!("{name} / followers"), "direction": "higher",
                    "undefined": "mark_zero", "unknown": "leave_out", "normalise": normalise,
                })
            })
            .collect();
        let children: Vec<Value> =
            ids().zip(&self.weights).map(|(name, weight)| json!({"indicator": name, "weight": weight})).collect();
        let strata: Vec<Value> = (0..STRATUM_COUNT)
            .map(|stratum| {
                let from = stratum.saturating_mul(WIDTH);
                let id = format!("s{stratum}");
                // The last one has no upper end.
                let population = if stratum.saturating_add(1) < STRATUM_COUNT {
                    json!({"from": from, "below": from.saturating_add(WIDTH)})
                } else {
                    json!({"from": from})
                };
                json!({"id": id, "label": label(&id), "structure_types": ["commune"], "population": population})
            })
            .collect();
        let document = json!({
            "language": "bareme/1", "document": "methodology", "id": "bench", "version": "1", "status": "draft",
            "title": label("Mesure"),
            "structure_types": {"commune": {"label": label("commune")}},
            "networks": {"net": {"label": label("Réseau")}},
            "metrics": metrics, "strata": strata, "outside_strata": "refuse",
            "indicators": indicators,
            "index": {
                "id": "root", "label": label("indice"), "network": "net", "absent": "leave_out",
                "aggregate": "arithmetic", "missing": "renormalise", "of": children,
            },
            "ranking": {"order_by": "score", "ties": "competition", "tie_breakers": [], "within": ["stratum"]},
            "views": [{"id": "best", "label": label("les plus performants"), "by": {"index": "root"}}],
            "publication": {"decimals": 1, "rounding": "half_up"},
        });
        Methodology::from_json(document.to_string().as_bytes())
    }

    /// The same columns as a cohort.
    ///
    /// # Errors
    /// None, unless the language changes.
    pub fn cohort(&self, methodology: &Methodology) -> Result<Cohort, Faults> {
        let text = |name: &str, cells: Vec<String>| Column { name: name.into(), cells: Cells::texts(cells) };
        let number = |name: &str, cells: Vec<f64>| Column { name: name.into(), cells: Cells::binary64(cells) };
        let ids: Vec<String> = (0..self.len()).map(|territory| format!("T{territory:07}")).collect();
        let mut columns = vec![text("territory", ids.clone()), text("network", vec!["net".into(); self.len()])];
        columns.push(number("followers", self.divisor.clone()));
        for (place, counts) in self.counts.iter().enumerate() {
            columns.push(number(&format!("count_{place:02}"), counts.clone()));
        }
        let accounts = Table { columns, first_row: 2, decimal_comma: false };
        let territories = Table {
            columns: vec![
                text("name", ids.clone()),
                text("territory", ids),
                text("structure_type", vec!["commune".into(); self.len()]),
                number("population", self.strata.iter().copied().map(inhabitants).collect()),
            ],
            first_row: 2,
            decimal_comma: false,
        };
        Cohort::from_table(accounts, Some(territories), None, methodology)
    }
}

impl Sample {
    /// One territory, with its account.
    #[must_use]
    pub fn territory(&self, place: usize) -> (Territory, Account) {
        let at = |column: &[f64]| column.get(place).copied().unwrap_or(f64::NAN);
        let id = format!("T{place:07}");
        let mut territory = Territory::default();
        territory.id.clone_from(&id);
        territory.name.clone_from(&id);
        territory.structure_type = "commune".into();
        territory.population = self.strata.get(place).copied().map(inhabitants);
        let mut account = Account { territory: id, network: "net".into(), ..Account::default() };
        account.metrics.insert("followers".into(), at(&self.divisor));
        for (index, counts) in self.counts.iter().enumerate() {
            account.metrics.insert(format!("count_{index:02}"), at(counts));
        }
        (territory, account)
    }
}

/// A population that belongs to a stratum.
fn inhabitants(stratum: u8) -> f64 {
    f64::from(u32::from(stratum).saturating_mul(WIDTH).saturating_add(1))
}

/// Any divisor up to a million, and any counts.
fn any(random: &mut Random) -> (u32, Vec<u32>) {
    let divisor = random.below(1_000_000).saturating_add(1);
    (divisor, (0..INDICATORS).map(|_| random.below(1_000_000)).collect())
}

/// Counts between an eighth and seven eighths of the divisor, which are the bounds of every stratum.
/// `tie`: the last count makes the score `k / 20`, k odd, exactly; half way between two tenths.
///
/// A mark is `(m/d - 1/8) × 400/3`, and the weights add up to `W`. So `Σ w m / d = W/8 + 3 W k / 8000`,
/// and with `d = 8000 j` that is `Σ w m = j W (1000 + 3 k)`.
fn ties(random: &mut Random, weights: &[u32], end: usize, tie: bool) -> (u32, Vec<u32>) {
    let j = random.below(50).saturating_add(1);
    let divisor = j.saturating_mul(8_000);
    let (low, high) = (divisor / 8, divisor / 8 * 7);
    match end {
        0 => return (divisor, vec![low; INDICATORS]),
        1 => return (divisor, vec![high; INDICATORS]),
        _ => {}
    }
    let mut counts: Vec<u32> = (0..INDICATORS).map(|_| low.saturating_add(random.below(high - low))).collect();
    if tie {
        adjust(&mut counts, weights, j, (low, high));
    }
    (divisor, counts)
}

/// Changes counts of weight 1 until the weighted sum is `j W (1000 + 3 k)` with k odd.
fn adjust(counts: &mut [u32], weights: &[u32], j: u32, (low, high): (u32, u32)) {
    let total: i64 = weights.iter().copied().map(i64::from).sum();
    let sum: i64 = counts.iter().zip(weights).map(|(count, weight)| i64::from(*count) * i64::from(*weight)).sum();
    let step = total * i64::from(j);
    // The nearest odd k.
    let k = (sum / step - 1000) / 3 / 2 * 2 + 1;
    let mut missing = step * (1000 + 3 * k) - sum;
    for (count, _) in counts.iter_mut().zip(weights).filter(|(_, weight)| **weight == 1) {
        let wanted = i64::from(*count) + missing;
        let given = wanted.clamp(i64::from(low), i64::from(high));
        missing -= given - i64::from(*count);
        *count = u32::try_from(given).unwrap_or(*count);
    }
}

/// `SplitMix64`: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u32) -> u32 {
        // The bias is below 2^-32, which no benchmark sees.
        u32::try_from((u128::from(self.next()) * u128::from(bound)) >> 64).unwrap_or(0)
    }
}
