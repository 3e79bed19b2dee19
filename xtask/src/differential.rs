//! The differential test at length: pieces of a run, each a process, until all are done.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use crate::Outcome;
use crate::files::{self, target};
use crate::process::{self, cargo};

/// Cases of one process. A piece that was cut short is done again.
const PIECE: u64 = 1_000;

/// Runs `cases` cases of a seed, but those that an earlier run of the same seed has done.
pub(crate) fn run(cases: u64, seed: u64, jobs: Option<usize>) -> Outcome {
    process::run(cargo().args(["build", "--quiet", "--release", "--package", "bareme-differential"]))?;
    let program = target().join("release").join(format!("bareme-differential{}", std::env::consts::EXE_SUFFIX));
    let folder = target().join("differential");
    files::folder(&folder)?;
    let record = folder.join(format!("{seed}.done"));
    let done: BTreeSet<String> = fs::read_to_string(&record).unwrap_or_default().lines().map(str::to_owned).collect();
    let pieces = (0..cases).step_by(usize::try_from(PIECE).unwrap_or(usize::MAX));
    let queue: VecDeque<(u64, u64)> = pieces
        .map(|first| (first, (first + PIECE).min(cases)))
        .filter(|(first, end)| !done.contains(&format!("{first} {end}")))
        .collect();
    println!(
        "{cases} cases of seed {seed}, {} of them done before",
        cases - queue.iter().map(|(first, end)| end - first).sum::<u64>()
    );
    let queue = Mutex::new(queue);
    let failed = Mutex::new(Vec::new());
    let jobs = jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get));
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((first, end)) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
                    let Err(Failure { sentence, stops }) = piece(&program, first, end, seed, &folder, &record) else {
                        continue;
                    };
                    if let Ok(mut failed) = failed.lock() {
                        failed.push(sentence);
                    }
                    if stops && let Ok(mut queue) = queue.lock() {
                        queue.clear();
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().map_err(|_| "a worker panicked".to_owned())?;
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\neach kind, made small, is in {}", failed.join("\n"), folder.display()))
    }
}

/// Why a piece is not done.
struct Failure {
    sentence: String,
    /// Would the pieces after it fail in the same way?
    stops: bool,
}

/// One process; it is written down as done only when both sides agreed on all of it, so that what fails
/// is tried again once it is mended.
fn piece(program: &Path, first: u64, end: u64, seed: u64, folder: &Path, record: &Path) -> Result<(), Failure> {
    let mut command = Command::new(program);
    command.args([first.to_string(), end.to_string(), seed.to_string()]).arg(folder);
    let stopped = |sentence| Failure { sentence, stops: true };
    let output = command.output().map_err(|error| stopped(process::missing(&command, &error)))?;
    let said = String::from_utf8_lossy(&output.stdout);
    print!("{said}");
    match output.status.code() {
        Some(0) => {}
        // The sides disagree; the pieces after this one say more.
        Some(1) => return Err(Failure { sentence: format!("cases {first} to {end}:\n{said}"), stops: false }),
        // The program could not go on, or was ended; neither would the next.
        _ => {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(stopped(format!("cases {first} to {end}: {}\n{errors}", output.status)));
        }
    }
    let written = OpenOptions::new().create(true).append(true).open(record);
    let written = written.and_then(|mut file| writeln!(file, "{first} {end}"));
    written.map_err(|error| stopped(format!("{}: {error}", record.display())))
}
