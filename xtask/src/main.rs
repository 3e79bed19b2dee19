//! What developers run: `cargo xtask --help`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for developers says what it does")]

mod bits;
mod catalogue;
mod differential;
mod files;
mod france;
mod fuzz;
mod mobile;
mod mutants;
mod oracle;
mod portability;
mod process;
mod python;
mod schemas;
mod suite;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a step gives: nothing, or a sentence about what went wrong.
type Outcome = Result<(), String>;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "What developers of bareme run", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run every test: unit, integration and documentation tests, drift of generated files, oracle, bits
    Test {
        /// The long versions: a million cases a routine for the oracle
        #[arg(long)]
        full: bool,
    },
    /// Write the catalogue of embedded methodologies from `spec/methodologies`
    Catalogue {
        /// Write nothing; fail if something would change
        #[arg(long)]
        check: bool,
    },
    /// Write the JSON Schemas in `spec/schemas` from the Rust types
    Schemas {
        /// Write nothing; fail if something would change
        #[arg(long)]
        check: bool,
    },
    /// Check exact arithmetic against MPFR and Python's fractions
    Oracle {
        /// Cases of each routine
        #[arg(long, default_value_t = oracle::FEW)]
        cases: u64,
        /// A million cases of each routine, computed by a release build
        #[arg(long, conflicts_with = "cases")]
        full: bool,
        /// Seed of the cases
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Only these routines
        routines: Vec<String>,
    },
    /// Write cases of one routine, for the oracle, to standard output
    #[command(hide = true)]
    Cases { routine: String, seed: u64, cases: u64 },
    /// Score random documents with the core and with the independent implementation, and compare
    Differential {
        /// Cases; those that an earlier run of the same seed has done are not done again
        #[arg(long, default_value_t = 1_000_000)]
        cases: u64,
        /// Seed of the cases
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Processes at the same time; as many as there are cores when left out
        #[arg(long)]
        jobs: Option<usize>,
    },
    /// Score every example with three builds, and compare their outputs byte for byte
    Bits {
        /// All of France too
        #[arg(long)]
        full: bool,
    },
    /// Run the conformance vectors as other processors do, and compare every bit: some forty minutes
    Portability {
        /// Only these targets, by the start of their names; x86-64 always
        targets: Vec<String>,
    },
    /// Change the core, one function at a time, and see whether the vectors notice: hours
    Mutants {
        /// Mutants at the same time
        #[arg(long, default_value_t = 1)]
        jobs: usize,
        /// Only where lines differ from this revision
        #[arg(long)]
        since: Option<String>,
        /// One part of the mutants: `0/8` is the first of eight
        #[arg(long)]
        shard: Option<String>,
        /// Only these files; the modules of scoring when left out
        files: Vec<String>,
    },
    /// Write the cohort of all of France, with synthetic accounts
    France {
        /// Seed of the accounts
        #[arg(long, default_value_t = france::SEED)]
        seed: u64,
    },
    /// Build the Python package and run its tests
    Python,
    /// Build the library of the Kotlin and Swift packages as it is shipped, and write the sources that call it
    Mobile {
        /// Run the tests too
        #[arg(long)]
        test: bool,
        /// Measure what docs/mobile.md says
        #[arg(long, conflicts_with = "test")]
        measure: bool,
    },
    /// Run the fuzz targets
    Fuzz {
        /// Seconds for each target
        #[arg(long, default_value_t = 600)]
        seconds: u32,
        /// Targets that run at the same time
        #[arg(long, default_value_t = 2)]
        jobs: usize,
        /// Only these targets
        targets: Vec<String>,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Test { full } => suite::run(full),
        Command::Catalogue { check } => catalogue::run(check),
        Command::Schemas { check } => schemas::run(check),
        Command::Oracle { cases, full, seed, routines } => {
            oracle::run(if full { oracle::MANY } else { cases }, full, seed, &routines)
        }
        Command::Cases { routine, seed, cases } => oracle::write(&routine, seed, cases),
        Command::Differential { cases, seed, jobs } => differential::run(cases, seed, jobs),
        Command::Bits { full } => bits::run(full),
        Command::Portability { targets } => portability::run(&targets),
        Command::Mutants { jobs, since, shard, files } => {
            mutants::run(&files, since.as_deref(), shard.as_deref(), jobs)
        }
        Command::France { seed } => france::run(seed),
        Command::Python => python::run(),
        Command::Mobile { test: true, .. } => mobile::test(),
        Command::Mobile { measure: true, .. } => mobile::measure(),
        Command::Mobile { .. } => mobile::build(),
        Command::Fuzz { seconds, jobs, targets } => fuzz::run(seconds, jobs, &targets),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
