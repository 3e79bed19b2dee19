//! Exact arithmetic against outside oracles: Rust writes cases with their results, Python computes
//! them again with MPFR and with fractions.

use std::collections::VecDeque;
use std::io::{BufWriter, Write as _, stdout};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::Outcome;
use crate::files::{root, target};
use crate::process::{self, cargo};
use crate::python::environment;

#[path = "../../tests/oracle/cases.rs"]
mod cases;

/// Cases of each routine in the ordinary run.
pub(crate) const FEW: u64 = 20_000;
/// Cases of each routine in the full run.
pub(crate) const MANY: u64 = 1_000_000;

/// Checks `count` cases of each routine; `release` has them computed by a release build.
pub(crate) fn run(count: u64, release: bool, seed: u64, routines: &[String]) -> Outcome {
    if let Some(unknown) = routines.iter().find(|routine| !cases::ROUTINES.contains(&routine.as_str())) {
        return Err(format!("there is no routine `{unknown}`; there are {}", cases::ROUTINES.join(", ")));
    }
    let oracle = Oracle {
        python: environment("oracle-venv", "tests/oracle/requirements.txt")?,
        writer: release.then(writer).transpose()?,
        seed,
    };
    // The checker itself is checked first: it must find a planted error.
    oracle.check("round", 1_000, &["--self-test"])?;
    let wanted = cases::ROUTINES
        .iter()
        .copied()
        .filter(|name| routines.is_empty() || routines.iter().any(|wanted| wanted == name));
    let queue = Mutex::new(wanted.collect::<VecDeque<_>>());
    let failed = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(routine) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
                    if let Err(sentence) = oracle.check(routine, count, &[])
                        && let Ok(mut failed) = failed.lock()
                    {
                        failed.push(sentence);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().map_err(|_| "a worker panicked".to_owned())?;
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

/// Writes cases of one routine to standard output.
pub(crate) fn write(routine: &str, seed: u64, count: u64) -> Outcome {
    let mut out = BufWriter::with_capacity(1 << 16, stdout().lock());
    let written = cases::write_cases(routine, seed, count, &mut out).and_then(|()| out.flush());
    written.map_err(|error| format!("cannot write cases: {error}"))
}

struct Oracle {
    python: PathBuf,
    /// A release build of this program, to write the cases; without it, they are written here.
    writer: Option<PathBuf>,
    seed: u64,
}

impl Oracle {
    /// Pipes cases of one routine into the checker.
    fn check(&self, routine: &str, count: u64, options: &[&str]) -> Outcome {
        let mut checker = Command::new(&self.python);
        checker.arg(root().join("tests/oracle/check.py")).args(options);
        checker.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (answer, written) = match &self.writer {
            None => {
                let mut checking = checker.spawn().map_err(|error| process::missing(&checker, &error))?;
                let pipe = checking.stdin.take().ok_or("the checker has no input")?;
                let mut out = BufWriter::with_capacity(1 << 16, pipe);
                let written = cases::write_cases(routine, self.seed, count, &mut out).and_then(|()| out.flush());
                drop(out);
                (checking.wait_with_output(), written.map_err(|error| error.to_string()))
            }
            Some(program) => {
                let mut writer = Command::new(program);
                writer.args(["cases", routine, &self.seed.to_string(), &count.to_string()]).stdout(Stdio::piped());
                let mut generator = writer.spawn().map_err(|error| process::missing(&writer, &error))?;
                let pipe = generator.stdout.take().ok_or("the cases have no output")?;
                let answer = checker.stdin(pipe).output();
                let written = match generator.wait() {
                    Ok(status) if status.success() => Ok(()),
                    Ok(status) => Err(status.to_string()),
                    Err(error) => Err(error.to_string()),
                };
                (answer, written)
            }
        };
        let answer = answer.map_err(|error| process::missing(&checker, &error))?;
        // A checker that stops early also stops the writing: what it said explains both.
        if !answer.status.success() {
            return Err(format!("oracle, {routine}: {}", String::from_utf8_lossy(&answer.stderr)));
        }
        written.map_err(|error| format!("the cases of {routine} were not all written: {error}"))?;
        print!("{}", String::from_utf8_lossy(&answer.stdout));
        Ok(())
    }
}

/// A release build of this program.
fn writer() -> Result<PathBuf, String> {
    process::run(cargo().args(["build", "--quiet", "--release", "--package", "xtask"]))?;
    Ok(target().join("release").join(format!("xtask{}", std::env::consts::EXE_SUFFIX)))
}
