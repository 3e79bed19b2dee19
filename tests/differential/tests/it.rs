//! The ordinary run, and the planted faults that it must find.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "where a failure is kept is said")]

use std::fs;
use std::path::{Path, PathBuf};

use bareme::cohort::Table;
use bareme::document::canonical;
use bareme::{Cohort, Methodology};
use bareme_differential::case::{Case, Texts};
use bareme_differential::compare::compare;
use bareme_differential::independent::Independent;
use bareme_differential::package;
use bareme_differential::run::{Package, Run};
use bareme_differential::shrink::shrink;
use serde_json::{Value, json};

/// Cases of the ordinary run.
const CASES: u64 = 4_000;
const SEED: u64 = 1;

#[test]
fn both_implementations_agree() {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let runs: Vec<Run> = std::thread::scope(|scope| {
        let start = |thread: usize| {
            scope.spawn(move || {
                let mut run = Run::start(SEED).unwrap();
                for number in (thread as u64..CASES).step_by(threads) {
                    run.case(number).unwrap_or_else(|error| panic!("case {number}: {error}"));
                }
                run
            })
        };
        let started: Vec<_> = (0..threads).map(start).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut codes: Vec<&str> = runs.iter().flat_map(|run| run.codes.keys().map(String::as_str)).collect();
    codes.sort_unstable();
    codes.dedup();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("differential");
    let mut failed = Vec::new();
    for (kind, found) in runs.iter().flat_map(|run| &run.found) {
        let path = folder.join(format!("{SEED}-{}.json", found.number));
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, serde_json::to_string_pretty(&found.small).unwrap()).unwrap();
        failed.push(format!("{kind} ({} times): {}", found.times, path.display()));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    // The generator still reaches what it is there for.
    let sum = |of: fn(&Run) -> u64| runs.iter().map(of).sum::<u64>();
    assert!(sum(|run| run.tally.scored) > CASES / 2, "{} scored", sum(|run| run.tally.scored));
    assert!(sum(|run| run.tally.alone) > CASES / 5, "{} alone", sum(|run| run.tally.alone));
    assert!(codes.len() >= 42, "{} codes: {}", codes.len(), codes.join(" "));
}

/// Every table of the examples, scored by every methodology that knows its columns.
#[test]
fn both_agree_on_the_examples() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let files = |folder: &Path, extension: &str| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|found| found == extension)).collect();
        paths.sort();
        paths
    };
    let mut documents: Vec<Vec<u8>> =
        files(&root.join("spec/methodologies"), "json").iter().map(|path| fs::read(path).unwrap()).collect();
    let mut tables = Vec::new();
    for folder in
        fs::read_dir(root.join("examples")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        documents.extend(files(&folder, "json").iter().map(|path| fs::read(path).unwrap()));
        tables.extend(
            files(&folder, "csv")
                .into_iter()
                .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("cohort")),
        );
    }
    let mut independent = Independent::start().unwrap();
    let mut compared = 0;
    for path in tables.iter().filter(|path| fs::metadata(path).unwrap().len() < 1 << 20) {
        let Ok(table) = Table::from_csv(&fs::read(path).unwrap(), None) else { continue };
        for document in &documents {
            let Ok(methodology) = Methodology::from_json_with(document, &bareme::catalogue::all()) else { continue };
            let Ok(cohort) = Cohort::from_table(table.clone(), None, None, &methodology) else { continue };
            for inputs in ["included", "digest"] {
                let texts = Texts {
                    methodology: document.clone(),
                    others: documents.clone(),
                    cohort: canonical::text(&cohort.to_json()).into_bytes(),
                    patch: None,
                    alone: Vec::new(),
                    reference: None,
                    published: None,
                    inputs: Some(inputs),
                };
                let answer = package::answer(&texts);
                assert!(answer.get("publication").is_some(), "{}: {answer}", path.display());
                let disagreement = compare(&answer, &independent.answer(&texts).unwrap());
                assert!(
                    disagreement.is_none(),
                    "{} by {}: {}",
                    path.display(),
                    methodology.id(),
                    disagreement.unwrap().kind
                );
                compared += 1;
            }
        }
    }
    assert!(compared >= 10, "{compared} scorings of examples");
    eprintln!("{compared} scorings of examples agree");
}

/// Looks for a case on which a broken side disagrees and the sound ones do not, and makes it small, if
/// asked to.
fn find(name: &str, package: Package, fault: Option<&str>, made_small: bool) {
    let mut sound = Run::start(SEED).unwrap();
    let broken = fault.map_or_else(Independent::start, Independent::start_with_fault).unwrap();
    let mut broken = Run::with(SEED, package, broken);
    for number in 0..CASES {
        let case = Case::draw(SEED, number);
        let Some(found) = broken.disagreement(&case).unwrap().1 else { continue };
        if sound.disagreement(&case).unwrap().1.is_some() {
            continue;
        }
        if made_small {
            let small = shrink(&case, 300, |candidate| {
                broken.disagreement(candidate).unwrap().1.is_some_and(|other| other.kind == found.kind)
                    && sound.disagreement(candidate).unwrap().1.is_none()
            });
            let kind = broken.disagreement(&small).unwrap().1.map(|other| other.kind);
            assert_eq!(kind.as_ref(), Some(&found.kind), "{name}: made small it fails in another way");
            let length = |case: &Case| case.texts().methodology.len() + case.texts().cohort.len();
            assert!(length(&small) < length(&case), "{name}: nothing could be left out");
        }
        eprintln!("{name}: found by case {number}: {}", found.kind);
        return;
    }
    panic!("{name}: not found in {CASES} cases");
}

#[test]
fn faults_planted_in_the_independent_implementation_are_found() {
    let faults = [
        "half_up_is_half_even",
        "competition_is_dense",
        "quantiles_are_nearest",
        "bands_include_their_upper_end",
        "zeros_for_missing_are_there",
        "sizes_count_the_ineligible",
        "marks_refused_are_left_out",
        "duplicate_ids_point_at_the_item",
        "members_alone_keep_their_old_entry",
        "spreads_of_one_ulp",
        "rows_need_not_lead_to_the_root",
    ];
    for fault in faults {
        find(fault, package::answer, Some(fault), fault == faults[0]);
    }
}

/// The objects of an answer that have a member, to be changed.
fn each(value: &mut Value, member: &str, change: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(members) => {
            if let Some(found) = members.get_mut(member) {
                change(found);
            }
            members.values_mut().for_each(|inner| each(inner, member, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|inner| each(inner, member, change)),
        _ => {}
    }
}

#[test]
fn faults_planted_in_the_package_are_found() {
    fn one_bit(texts: &Texts) -> Value {
        let mut answer = package::answer(texts);
        // A third, whose decimal is long, one bit too high.
        each(&mut answer, "score", &mut |score| {
            if let Some(x) = score.as_f64().filter(|x| x.fract() > 0.33 && x.fract() < 0.34) {
                *score = json!(f64::from_bits(x.to_bits() + 1));
            }
        });
        answer
    }
    fn places(texts: &Texts) -> Value {
        let mut answer = package::answer(texts);
        each(&mut answer, "rank", &mut |rank| {
            if *rank == 4 {
                *rank = json!(3);
            }
        });
        answer
    }
    fn a_code_less(texts: &Texts) -> Value {
        let mut answer = package::answer(texts);
        if let Some(pairs) = answer.get_mut("faults").and_then(Value::as_array_mut) {
            pairs.retain(|pair| pair[0] != "negative_marks");
        }
        answer
    }
    fn names_not_escaped(texts: &Texts) -> Value {
        let text = package::answer(texts).to_string().replace("a~1b", "a/b");
        serde_json::from_str(&text).unwrap()
    }
    fn synthetic_not_repeated(texts: &Texts) -> Value {
        let mut answer = package::answer(texts);
        each(&mut answer, "cohort", &mut |cohort| {
            cohort.as_object_mut().map(|members| members.remove("synthetic"));
        });
        answer
    }
    find("one bit", one_bit, None, true);
    find("places", places, None, false);
    find("a code less", a_code_less, None, false);
    find("names not escaped", names_not_escaped, None, false);
    find("synthetic not repeated", synthetic_not_repeated, None, false);
}
