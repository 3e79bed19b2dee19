//! Runs cases and writes what disagrees: `bareme-differential FIRST END SEED FOLDER`.
//!
//! A long run is split by `cargo xtask differential` into such pieces, each a process.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for developers says what it does")]

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use bareme_differential::run::Run;

fn main() -> ExitCode {
    // A panic of the package is an answer, told with its case.
    std::panic::set_hook(Box::new(|_| {}));
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<bool, String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [first, end, seed, folder] = arguments.as_slice() else {
        return Err("usage: bareme-differential FIRST END SEED FOLDER".into());
    };
    let number = |text: &String| text.parse::<u64>().map_err(|error| format!("{text}: {error}"));
    let (first, end, seed) = (number(first)?, number(end)?, number(seed)?);
    let mut run = Run::start(seed).map_err(|error| format!("python3: {error}"))?;
    for case in first..end {
        run.case(case).map_err(|error| format!("case {case} of seed {seed}: {error}"))?;
    }
    let tally = run.tally;
    println!(
        "cases {first} to {end} of seed {seed}: {} scored by both, {} refused, {} territories alone, {} publications verified, {} disagreements",
        tally.scored, tally.refused, tally.alone, tally.verified, tally.disagreed
    );
    let codes: Vec<String> = run.codes.iter().map(|(code, times)| format!("{code} {times}")).collect();
    println!("{} codes: {}", codes.len(), codes.join(", "));
    for (name, times) in &run.known {
        println!("known: {name}, {times} times");
    }
    for (kind, found) in &run.found {
        println!("{} times: {kind} (case {})", found.times, found.number);
        let path = Path::new(folder).join(format!("{seed}-{}.json", found.number));
        let text = serde_json::to_string_pretty(&found.small).map_err(|error| error.to_string())?;
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(run.found.is_empty())
}
