//! Runs files of vectors where there is no command line of `bareme`: on other processors, under qemu, or in
//! WebAssembly. Writes a line for each page, its cases and the digest of all that came out, then the same
//! for all pages. Exit status 1 when a vector fails.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program that says what it finds")]

use std::process::ExitCode;

use bareme_conformance::{Page, digest_of};

fn main() -> ExitCode {
    let mut failed = false;
    let mut all = Vec::new();
    for path in std::env::args().skip(1) {
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        let page = read.and_then(|text| Page::read(&text).map_err(|error| error.to_string()));
        let outcomes = page.and_then(|page| {
            let outcomes = page.run().collect::<Result<Vec<_>, _>>();
            Ok((page.name.clone(), outcomes.map_err(|error| error.to_string())?))
        });
        match outcomes {
            Ok((name, outcomes)) => {
                for outcome in outcomes.iter().filter(|outcome| !outcome.differences.is_empty()) {
                    eprintln!("{} fails", outcome.id);
                    failed = true;
                }
                let outputs: Vec<_> = outcomes.iter().map(|outcome| outcome.output).collect();
                println!("{name} {} {}", outputs.len(), digest_of(outputs.iter().copied()));
                all.extend(outputs);
            }
            Err(error) => {
                eprintln!("{path}: {error}");
                failed = true;
            }
        }
    }
    println!("{} {}", all.len(), digest_of(all.iter().copied()));
    ExitCode::from(u8::from(failed))
}
