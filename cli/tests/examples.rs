//! The examples of the repository, and every command of its READMEs.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bareme"));
    command.args(arguments).current_dir(root()).env("LC_ALL", "C").env_remove("LANG").output().unwrap()
}

/// The rows of a CSV text, by header.
fn rows(text: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text);
    let headers = reader.headers().unwrap().clone();
    let record = |record: csv::StringRecord| {
        headers.iter().zip(&record).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect()
    };
    reader.records().map(|row| record(row.unwrap())).collect()
}

/// Scores an example and returns its rows by territory.
fn score(cohort: &str, methodology: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let output = run(&["score", cohort, "-m", methodology, "--format", "csv", "--lang", "en"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    rows(&output.stdout).into_iter().map(|row| (row["territory"].clone(), row)).collect()
}

fn expected(example: &str) -> Vec<BTreeMap<String, String>> {
    rows(&std::fs::read(root().join("examples").join(example).join("expected.csv")).unwrap())
}

/// The value of the only column whose name ends like this and that holds something.
fn cell<'a>(row: &'a BTreeMap<String, String>, ending: &str) -> &'a str {
    let mut found = row.iter().filter(|(name, _)| name.ends_with(ending));
    let (_, value) = found.next().unwrap_or_else(|| panic!("no column ends with {ending}: {row:?}"));
    value
}

/// The published scores and ranks of an example come out exactly.
fn published_and_ranks(example: &str, cohort: &str, methodology: &str, rows: usize) {
    let scored = score(&format!("examples/{example}/{cohort}"), methodology);
    let expected = expected(example);
    assert_eq!(expected.len(), rows);
    for row in expected {
        let found = &scored[&row["territory"]];
        assert_eq!(cell(found, ".published"), row["published"], "{}", row["territory"]);
        assert_eq!(cell(found, ".rank"), row["rank"], "{}", row["territory"]);
    }
}

#[test]
fn the_ten_regions_of_2012_have_their_published_reach_and_rank() {
    published_and_ranks("regions-2012", "cohort-derived.csv", "adverbia-facebook-regions@2012.08", 10);
}

#[test]
fn the_publication_of_2012_is_what_its_table_gives() {
    let note = "Inputs derived from the published rates, not observed";
    let table = "examples/regions-2012/cohort-derived.csv";
    let output = run(&["publish", table, "-m", "adverbia-facebook-regions@2012.08", "--note", note]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut written: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let path = root().join("examples/regions-2012/publication.json");
    let kept: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    // The envelope says which build wrote it.
    assert!(written.as_object_mut().unwrap().remove("envelope").is_some());
    assert_eq!(written, kept);
}

#[test]
fn the_ratios_of_2012_come_out_as_printed() {
    let document = "examples/departements-2012/adverbia-twitter-departements@2012.10.json";
    published_and_ranks("departements-2012", "cohort.csv", document, 5);
}

#[test]
fn the_engagement_of_the_gers_is_the_published_one() {
    let scored = score("examples/gers-2021/cohort.csv", "observatoire-instagram@2017.10+any-period");
    let row = &expected("gers-2021")[0];
    let raw: f64 = cell(&scored[&row["territory"]], "engagement.raw").parse().unwrap();
    assert_eq!(format!("{raw:.2}"), row["raw"]);
}

/// The commands of the `sh` blocks of a README.
fn commands(readme: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let blocks = readme.split("```sh\n").skip(1).filter_map(|block| block.split("```").next());
    for line in blocks.flat_map(|block| block.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>()) {
        if let Some(arguments) = line.trim().strip_prefix("cargo run --release -- ") {
            commands.push(arguments.split_whitespace().map(str::to_owned).collect());
        }
    }
    commands
}

#[test]
fn every_command_of_the_readmes_works() {
    let examples =
        std::fs::read_dir(root().join("examples")).unwrap().map(|entry| entry.unwrap().path().join("README.md"));
    let readmes = std::iter::once(root().join("README.md")).chain(examples.filter(|path| path.exists()));
    let mut count = 0;
    for readme in readmes {
        for command in commands(&std::fs::read_to_string(&readme).unwrap()) {
            std::fs::create_dir_all(root().join("target")).unwrap();
            let arguments: Vec<&str> = command.iter().map(String::as_str).collect();
            let output = run(&arguments);
            assert!(
                output.status.success(),
                "{}: {command:?}: {}",
                readme.display(),
                String::from_utf8_lossy(&output.stderr)
            );
            count += 1;
        }
    }
    assert!(count >= 8, "only {count} commands found");
}
