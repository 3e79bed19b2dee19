//! `cargo bench -p bareme-benches --bench scoring`: how long scoring takes, and how much memory, against the plain
//! loop.
//!
//! Criterion measures; a run of the plain loop goes before each run of the core, so that both meet the
//! same noise, and the table at the end gives the ratios of the medians. A word filters the lines by name,
//! as in `cargo bench -p bareme-benches -- ties`.

#![allow(missing_docs, reason = "a program, not a library")]
#![allow(clippy::print_stdout, reason = "the table is the output")]
#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bareme::cohort::Table;
use bareme::methodology::model::{Dimension, Within};
use bareme::{Cohort, Methodology, Scoring, catalogue};
use bareme_benches::{INDICATORS, Kind, Method, Sample, median, plain, runs, timed};
use criterion::{Criterion, SamplingMode};
use peak_alloc::PeakAlloc;

/// Counts what is in use, and the most that was.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// One line of the table. Durations are medians.
struct Line {
    name: String,
    plain: Option<Duration>,
    core: Duration,
    cells: usize,
    /// The most memory in use, the cohort included, over that of the cohort.
    memory: Option<f64>,
}

fn main() {
    let mut criterion = bareme_benches::criterion();
    let mut lines = Vec::new();
    for (name, territories, method, kind) in [
        ("any counts", 36_000, Method::MinMax, Kind::Any),
        ("any counts", 1_000_000, Method::MinMax, Kind::Any),
        ("ties", 36_000, Method::MinMax, Kind::Ties),
        ("ties", 1_000_000, Method::MinMax, Kind::Ties),
        ("percentile rank", 36_000, Method::PercentileRank, Kind::Any),
    ] {
        cohorts(&mut criterion, &mut lines, &format!("{name}, {territories} territories"), territories, method, kind);
    }
    france(&mut criterion, &mut lines);
    criterion.final_summary();
    print(&lines);
}

/// Scores a cohort and ranks it in its strata.
fn cohorts(
    criterion: &mut Criterion,
    lines: &mut Vec<Line>,
    name: &str,
    territories: usize,
    method: Method,
    kind: Kind,
) {
    let mut group = criterion.benchmark_group("scoring");
    group.sampling_mode(SamplingMode::Flat);
    let mut prepared = None;
    let (mut plain, mut core) = (Vec::new(), Vec::new());
    group.bench_function(name, |bencher| {
        // Here and not before, so that what is filtered out is not prepared.
        let (sample, methodology, cohort, _) = &*prepared.get_or_insert_with(|| prepare(territories, method, kind));
        bencher.iter_custom(|iterations| {
            let mut total = Duration::ZERO;
            for _ in 0..iterations {
                plain.push(timed(|| plain::score(black_box(sample))));
                let elapsed = timed(|| places(methodology, cohort));
                core.push(elapsed);
                total += elapsed;
            }
            total
        });
    });
    group.finish();
    if let Some((_, methodology, cohort, size)) = prepared {
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        black_box(places(&methodology, &cohort));
        let more = MEMORY.peak_usage().saturating_sub(before);
        lines.push(Line {
            name: name.to_owned(),
            plain: median(&mut plain),
            core: median(&mut core).unwrap_or_default(),
            cells: territories * INDICATORS,
            memory: Some((size + more) as f64 / size as f64),
        });
    }
}

/// All of France, on all networks, with synthetic numbers.
fn france(criterion: &mut Criterion, lines: &mut Vec<Line>) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/france-2026/cohort-synthetic.csv");
    let Ok(bytes) = std::fs::read(file) else {
        println!("all of France is left out: `cargo xtask france` makes it");
        return;
    };
    let methodology = catalogue::methodology("territoires@2026.11").unwrap();
    let table = Table::from_csv(&bytes, None).unwrap();
    let cohort = Arc::new(Cohort::from_table(table, None, None, &methodology).unwrap());
    let mut group = criterion.benchmark_group("france");
    group.sampling_mode(SamplingMode::Flat);
    let mut core = Vec::new();
    group.bench_function("all of France", |bencher| {
        bencher.iter_custom(|iterations| {
            runs(iterations, &mut core, || methodology.score(Arc::clone(black_box(&cohort))).unwrap())
        });
    });
    group.finish();
    if let Some(core) = median(&mut core) {
        let cells = cohort.len() * criteria(&methodology);
        lines.push(Line { name: "all of France, territoires@2026.11".into(), plain: None, core, cells, memory: None });
    }
}

/// How many criteria a methodology has, with those that it pins.
fn criteria(methodology: &Methodology) -> usize {
    methodology.criteria().len() + methodology.pinned().iter().map(criteria).sum::<usize>()
}

/// A sample, its methodology and cohort, and how many bytes the cohort takes.
fn prepare(territories: usize, method: Method, kind: Kind) -> (Sample, Methodology, Arc<Cohort>, usize) {
    let sample = Sample::new(territories, method, kind);
    let methodology = sample.methodology().unwrap();
    let before = MEMORY.current_usage();
    let cohort = Arc::new(sample.cohort(&methodology).unwrap());
    let size = MEMORY.current_usage().saturating_sub(before);
    (sample, methodology, cohort, size)
}

/// What is measured: the scores and the places in the strata.
fn places(methodology: &Methodology, cohort: &Arc<Cohort>) -> (Scoring, bareme::scoring::Ranks) {
    let scoring = methodology.score(Arc::clone(black_box(cohort))).unwrap();
    let ranks = scoring.ranks("best", &Within::new([Dimension::Stratum])).unwrap();
    (scoring, ranks)
}

fn print(lines: &[Line]) {
    println!("\n| work | plain loop | bareme | ratio | ns a cell | memory |");
    println!("|---|--:|--:|--:|--:|--:|");
    for line in lines {
        let plain = line.plain.map(|plain| format!("{plain:.3?}")).unwrap_or_default();
        let ratio = line.plain.map(|plain| format!("{:.1}", line.core.as_secs_f64() / plain.as_secs_f64()));
        let cell = line.core.as_secs_f64() * 1e9 / line.cells as f64;
        let memory = line.memory.map(|memory| format!("{memory:.2}")).unwrap_or_default();
        println!(
            "| {} | {plain} | {:.3?} | {} | {cell:.1} | {memory} |",
            line.name,
            line.core,
            ratio.unwrap_or_default()
        );
    }
}
