//! `cargo bench -p bareme-benches --bench territory`: how long one territory takes, out of a scoring and against a
//! reference.
//!
//! Apart from the others, whose allocator counts what is in use: that would take time of what asks for memory in small
//! pieces.

#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "the table is the output")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::slice::from_ref;
use std::time::Duration;

use bareme_benches::{INDICATORS, Kind, Method, Sample, median, runs};
use criterion::Criterion;

/// Of which one is looked at.
const TERRITORIES: usize = 36_000;

fn main() {
    let mut criterion = bareme_benches::criterion();
    let sample = Sample::new(TERRITORIES, Method::MinMax, Kind::Any);
    let methodology = sample.methodology().unwrap();
    let scoring = methodology.score(sample.cohort(&methodology).unwrap()).unwrap();
    let reference = scoring.reference().unwrap();
    let place = TERRITORIES / 2;
    let (territory, account) = sample.territory(place);

    let mut lines = Vec::new();
    let name = format!("one territory of a scoring of {TERRITORIES}, {INDICATORS} criteria");
    measure(&mut criterion, &mut lines, &name, || scoring.territory(black_box(place)).unwrap());
    let name = format!("one territory against a reference, {INDICATORS} criteria");
    measure(&mut criterion, &mut lines, &name, || reference.score(black_box(&territory), from_ref(&account)).unwrap());
    criterion.final_summary();
    println!("\n| work | median |\n|---|--:|");
    for (name, median) in lines {
        println!("| {name} | {median:.1?} |");
    }
}

/// Adds a line with the median.
fn measure<T>(criterion: &mut Criterion, lines: &mut Vec<(String, Duration)>, name: &str, run: impl Fn() -> T) {
    let mut all = Vec::new();
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|iterations| runs(iterations, &mut all, &run));
    });
    lines.extend(median(&mut all).map(|median| (name.to_owned(), median)));
}
