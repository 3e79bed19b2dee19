//! Every test, in order.

use std::io::ErrorKind;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::files::root;
use crate::process::{self, cargo};
use crate::{Outcome, bits, catalogue, mobile, oracle, python, schemas};

/// Runs every test; a failure does not keep the others from running.
pub(crate) fn run(full: bool) -> Outcome {
    let cases = if full { oracle::MANY } else { oracle::FEW };
    let steps: [(&str, &dyn Fn() -> Outcome); 11] = [
        ("schemas are those of the Rust types", &|| schemas::run(true)),
        ("catalogue is that of the documents", &|| catalogue::run(true)),
        ("unit, integration and documentation tests", &|| {
            process::run(cargo().args(["test", "--workspace", "--no-fail-fast"]))
        }),
        ("the independent implementation's own tests", &|| module(&["unittest"], "spec/independent")),
        ("vectors are those of the independent implementation", &|| module(&["authoring", "--check"], "spec/vectors")),
        ("one page in JavaScript against the vectors", &javascript),
        ("exact arithmetic against MPFR and fractions", &|| oracle::run(cases, full, 1, &[])),
        ("the same bits from every build", &|| bits::run(full)),
        ("the Python package", &python::run),
        // After the Python package, whose bytes it compares with its own.
        ("the Node package, and a site that uses it", &node),
        ("the Kotlin and Swift packages", &mobile::test),
    ];
    let count = steps.len();
    let mut results = Vec::new();
    for (place, (name, step)) in steps.into_iter().enumerate() {
        println!("\n== {}/{count} {name}", place + 1);
        let start = Instant::now();
        let outcome = step();
        if let Err(sentence) = &outcome {
            println!("{sentence}");
        }
        results.push((name, outcome.is_ok(), start.elapsed()));
    }
    println!("\n== summary");
    for (name, passed, time) in &results {
        println!("{} {name} ({})", if *passed { "ok    " } else { "FAILED" }, seconds(*time));
    }
    let failed = results.iter().filter(|(_, passed, _)| !passed).count();
    if failed == 0 { Ok(()) } else { Err(format!("{failed} of {count} steps failed")) }
}

/// Runs a module of Python in a folder.
fn module(arguments: &[&str], folder: &str) -> Outcome {
    process::run(Command::new("python3").arg("-m").args(arguments).current_dir(root().join(folder)))
}

/// Needs Node; without it, says so and lets the rest pass.
fn javascript() -> Outcome {
    let mut node = Command::new("node");
    match node.args(["--test", "--test-reporter=dot", "tests/javascript/"]).current_dir(root()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`node --test tests/javascript/` failed ({status})")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("not run: node is not there");
            Ok(())
        }
        Err(error) => Err(process::missing(&node, &error)),
    }
}

/// Needs Node with its npm; without them, says so and lets the rest pass.
fn node() -> Outcome {
    let there =
        Command::new("node").arg("--version").output().is_ok() && process::npm("").arg("--version").output().is_ok();
    if !there {
        println!("not run: node or npm is not there");
        return Ok(());
    }
    let command = process::built_for_tests("bareme")?;
    for folder in ["bindings-node", "examples/node-partner"] {
        process::run(process::npm(folder).args(["ci", "--silent"]))?;
        if folder == "bindings-node" {
            process::run(process::npm(folder).args(["run", "build"]))?;
        }
        let mut tests = process::npm(folder);
        tests.arg("test").env("BAREME", &command);
        process::run(tests.envs(python::with_package().map(|python| ("BAREME_PYTHON", python))))?;
    }
    Ok(())
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
