//! The same work in plain binary64: what one would write without a promise to keep.
//!
//! Divides counts, marks each quotient within its stratum, takes the weighted mean and ranks. It
//! goes through one column at a time, so that the loops without strata become vector instructions and a
//! column stays in the cache from its division to its sum. Unlike the core it knows no absent or
//! unknown value, checks nothing, and rounds at every step.

use crate::{Method, STRATA, Sample};

/// The score of each territory, and its place in its stratum.
#[must_use]
pub fn score(sample: &Sample) -> (Vec<f64>, Vec<u32>) {
    let mut scores = vec![0.0; sample.len()];
    let mut quotients = vec![0.0; sample.len()];
    for (counts, weight) in sample.counts().zip(sample.weights()) {
        for ((quotient, count), divisor) in quotients.iter_mut().zip(counts).zip(sample.divisor()) {
            *quotient = count / divisor;
        }
        match sample.method() {
            Method::MinMax => min_max(&quotients, sample.strata(), *weight, &mut scores),
            Method::PercentileRank => percentile_rank(&quotients, sample.strata(), *weight, &mut scores),
        }
    }
    let total: f64 = sample.weights().iter().sum();
    for score in &mut scores {
        *score /= total;
    }
    let places = rank(&scores, sample.strata());
    (scores, places)
}

/// Adds the weighted marks between the least and the greatest value of each stratum.
fn min_max(values: &[f64], strata: &[u8], weight: f64, scores: &mut [f64]) {
    let mut low = [f64::INFINITY; STRATA];
    let mut high = [f64::NEG_INFINITY; STRATA];
    for (value, stratum) in values.iter().zip(strata) {
        let stratum = usize::from(*stratum);
        if let (Some(low), Some(high)) = (low.get_mut(stratum), high.get_mut(stratum)) {
            *low = low.min(*value);
            *high = high.max(*value);
        }
    }
    let mut factors = [0.0; STRATA];
    for ((factor, low), high) in factors.iter_mut().zip(&low).zip(&high) {
        *factor = 100.0 / (high - low);
    }
    for ((score, value), stratum) in scores.iter_mut().zip(values).zip(strata) {
        let stratum = usize::from(*stratum);
        if let (Some(low), Some(factor)) = (low.get(stratum), factors.get(stratum)) {
            *score += weight * ((value - low) * factor).clamp(0.0, 100.0);
        }
    }
}

/// Adds the weighted shares of each stratum that a value beats.
fn percentile_rank(values: &[f64], strata: &[u8], weight: f64, scores: &mut [f64]) {
    let mut groups: Vec<Vec<(f64, usize)>> = vec![Vec::new(); STRATA];
    for (territory, (value, stratum)) in values.iter().zip(strata).enumerate() {
        if let Some(group) = groups.get_mut(usize::from(*stratum)) {
            group.push((*value, territory));
        }
    }
    for group in &mut groups {
        group.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let size = group.len() as f64;
        let mut below = 0_usize;
        for equals in group.chunk_by(|a, b| a.0 == b.0) {
            let mark = 100.0 * (below as f64 + equals.len() as f64 / 2.0) / size;
            for (_, territory) in equals {
                if let Some(score) = scores.get_mut(*territory) {
                    *score += weight * mark;
                }
            }
            below = below.saturating_add(equals.len());
        }
    }
}

/// One plus the number of better scores in the stratum.
fn rank(scores: &[f64], strata: &[u8]) -> Vec<u32> {
    let mut order: Vec<(f64, u32)> = scores.iter().copied().zip(0..).collect();
    order.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let mut places = vec![0; scores.len()];
    // Of each stratum: how many are placed, the last score, and its place.
    let mut last = [(0_u32, f64::NAN, 0_u32); STRATA];
    for (score, territory) in order {
        let territory = territory as usize;
        let last = strata.get(territory).and_then(|stratum| last.get_mut(usize::from(*stratum)));
        if let (Some(last), Some(place)) = (last, places.get_mut(territory)) {
            last.0 = last.0.saturating_add(1);
            if last.1 != score {
                (last.1, last.2) = (score, last.0);
            }
            *place = last.2;
        }
    }
    places
}
