//! Do the vectors notice a changed core? `cargo mutants` changes one function at a time and runs them.
//!
//! What survives is written to `mutants.out/missed.txt` in the target folder; `docs/mutants.md` says of
//! those known why no vector can tell them.

use std::process::Command;

use crate::Outcome;
use crate::files::{self, root, target};
use crate::process::{self, cargo};

/// The modules of the core's scoring of which a document shows something.
const MODULES: [&str; 13] = [
    "normalise",
    "aggregate",
    "rank",
    "reference",
    "single",
    "field",
    "indicator",
    "roll_up",
    "ladder",
    "mod",
    "result",
    "cells",
    "reference_document",
];

/// Runs `cargo mutants` over these files of the core, or over the modules of scoring; with a revision, only
/// where lines differ from it.
pub(crate) fn run(given: &[String], since: Option<&str>, shard: Option<&str>, jobs: usize) -> Outcome {
    let of_scoring = || MODULES.iter().map(|module| format!("core/src/scoring/{module}.rs")).collect();
    let files: Vec<String> = if given.is_empty() { of_scoring() } else { given.to_vec() };
    let output = target().join("mutants");
    files::folder(&output)?;
    let mut command = cargo();
    // Of the runner's package, the one test alone: the others need not even be built.
    command.args([
        "mutants",
        "--package",
        "bareme",
        "--test-package",
        "bareme-conformance",
        "--cargo-arg=--test=vectors",
    ]);
    // Most of a mutant's time is its build: neither optimised nor with what debuggers read.
    command.env("CARGO_PROFILE_TEST_OPT_LEVEL", "0").env("CARGO_PROFILE_TEST_DEBUG", "0");
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env_remove("CARGO_TARGET_DIR");
    // What the crates below it do, digests above all, is built once and run for every mutant.
    command.arg("--cargo-arg=--config=profile.test.package.\"*\".opt-level=2");
    // The vectors pass without mutants; its own baseline would run all tests of the core.
    command.args(["--baseline", "skip", "--timeout", "120", "--build-timeout", "900"]);
    command.args(["--no-shuffle", "--colors", "never"]);
    command.args(["--jobs", &jobs.to_string()]).arg("--output").arg(&output);
    for file in &files {
        command.args(["--file", file]);
    }
    if let Some(revision) = since {
        let mut git = Command::new("git");
        git.args(["diff", revision, "--"]).args(&files).current_dir(root());
        let difference = output.join("since.diff");
        std::fs::write(&difference, process::output(&mut git)?)
            .map_err(|error| format!("{}: {error}", difference.display()))?;
        command.arg("--in-diff").arg(difference);
    }
    if let Some(shard) = shard {
        command.args(["--shard", shard]);
    }
    let status = command.status().map_err(|error| process::missing(&command, &error))?;
    match status.code() {
        Some(0) => Ok(()),
        Some(2 | 3) => Err(format!("some mutants survive: {}", output.join("mutants.out/missed.txt").display())),
        _ => {
            Err(format!("`{}` failed ({status}); `cargo install cargo-mutants` installs it", process::shown(&command)))
        }
    }
}
