//! The `bareme` command: files in, tables and documents out.
//!
//! It converts and never computes: every score, rank, check and word about a territory comes from
//! the crate `bareme`.
//!
//! | module | what it does |
//! | --- | --- |
//! | [`arguments`] | what can be asked for |
//! | [`input`] | bytes into a cohort or a methodology |
//! | [`commands`] | one function for each command |
//! | [`output`] | a scoring into a table, CSV or JSON; where it is written |
//! | [`failure`] | what is said when something is wrong |
//! | [`words`] | French or English, and texts made safe for a terminal |
//! | [`progress`] | a bar on long work |

mod arguments;
mod commands;
mod failure;
mod input;
mod output;
mod progress;
mod words;

use std::process::ExitCode;

use clap::Parser;

use arguments::Arguments;
use failure::{Failure, guarded};

/// Any input, file or argument that is not as it should be.
const WRONG: u8 = 2;
/// What was verified does not agree.
const DISPROVED: u8 = 1;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let language = arguments.language();
    match guarded(|| commands::run(&arguments, language)) {
        // Whoever was reading has read enough: `bareme list | head -1`.
        Ok(()) | Err(Failure::Closed) => ExitCode::SUCCESS,
        Err(Failure::Disproved) => ExitCode::from(DISPROVED),
        Err(failure) => {
            failure.report(arguments.errors, language, &mut std::io::stderr().lock());
            ExitCode::from(WRONG)
        }
    }
}
