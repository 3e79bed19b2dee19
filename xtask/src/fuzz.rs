//! Fuzzing: builds the targets of `fuzz` with coverage counters and runs them under libFuzzer.
//!
//! Driven without `cargo fuzz`, so that nothing has to be installed and stable Rust suffices: the
//! core forbids unsafe code, so the address sanitizer, which needs a nightly compiler, would find
//! nothing there.

use std::collections::{BTreeSet, VecDeque};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::Outcome;
use crate::files::{self, root, target};
use crate::process::{self, cargo};
use crate::schemas;

/// The targets, and the longest input of each in bytes.
const TARGETS: &[(&str, u32)] = &[
    ("formula", 5_000),
    ("methodology", 16_384),
    ("cohort", 8_192),
    ("table", 8_192),
    ("scoring", 4_096),
    ("publication", 64),
];
/// Seconds after which one input counts as a hang.
const HANG: u32 = 20;
/// Memory beyond which a run is stopped, in megabytes.
const MEMORY: u32 = 2_048;

/// Runs the targets for `seconds` each, `jobs` at a time.
pub(crate) fn run(seconds: u32, jobs: usize, wanted: &[String]) -> Outcome {
    let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        return Err(format!("there is no target `{unknown}`; there are {}", names.join(", ")));
    }
    let programs = build()?;
    seeds()?;
    let chosen = TARGETS.iter().filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name));
    let queue = Mutex::new(chosen.collect::<VecDeque<_>>());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((name, length)) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
                    match fuzz(&programs, name, *length, seconds) {
                        Ok(said) => println!("{name}: {said}"),
                        Err(sentence) => {
                            println!("{name}: FAILED");
                            if let Ok(mut failed) = failed.lock() {
                                failed.push(sentence);
                            }
                        }
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().map_err(|_| "a worker panicked".to_owned())?;
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\n")) }
}

fn folder() -> PathBuf {
    target().join("fuzz")
}

/// Builds the targets; says where the programs are.
fn build() -> Result<PathBuf, String> {
    let host = process::host()?;
    let flags = [
        "-Cpasses=sancov-module",
        "-Cllvm-args=-sanitizer-coverage-level=4",
        "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
        "-Cllvm-args=-sanitizer-coverage-pc-table",
        "-Cllvm-args=-sanitizer-coverage-trace-compares",
        "-Ccodegen-units=1",
    ];
    let mut build = cargo();
    // With `--target`, flags reach neither build scripts nor procedural macros.
    build.args(["build", "--quiet", "--release", "--bins", "--target", &host, "--manifest-path"]);
    build.arg(root().join("fuzz/Cargo.toml")).arg("--target-dir").arg(folder());
    build.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags.join(" "));
    process::run(&mut build)
        .map_err(|sentence| format!("{sentence}\nshould it be a C++ compiler that is missing, libFuzzer needs one (on Debian: apt-get install g++)"))?;
    Ok(folder().join(host).join("release"))
}

/// Runs one target; says how far it went.
fn fuzz(programs: &Path, name: &str, length: u32, seconds: u32) -> Result<String, String> {
    let corpus = folder().join("corpus").join(name);
    let artifacts = folder().join("artifacts").join(name);
    files::folder(&corpus)?;
    files::folder(&artifacts)?;
    let log = folder().join(format!("{name}.log"));
    let file = File::create(&log).map_err(|error| format!("cannot write {}: {error}", files::shown(&log)))?;
    let mut run = Command::new(programs.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)));
    run.arg(&corpus).arg(folder().join("seeds").join(name));
    run.arg(format!("-max_total_time={seconds}"))
        .arg(format!("-timeout={HANG}"))
        .arg(format!("-rss_limit_mb={MEMORY}"));
    run.arg(format!("-max_len={length}")).arg(format!("-artifact_prefix={}/", artifacts.display()));
    run.arg(format!("-dict={}", folder().join("seeds/words.dict").display())).arg("-print_final_stats=1");
    run.stdout(Stdio::null()).stderr(file);
    println!("{name}: {seconds} s, log in {}", files::shown(&log));
    let outcome = process::run(&mut run);
    let said = String::from_utf8_lossy(&fs::read(&log).unwrap_or_default()).into_owned();
    match outcome {
        Ok(()) => {
            let line = said.lines().rev().find(|line| line.starts_with("Done ") || line.contains(" DONE "));
            Ok(line.unwrap_or("done").trim().to_owned())
        }
        Err(sentence) => {
            // What was wrong, if the program said it, and where the input is.
            let panic = said.lines().skip_while(|line| !line.contains("panicked at")).take(4);
            let summary =
                said.lines().filter(|line| line.starts_with("SUMMARY") || line.contains("Test unit written to"));
            let shown: Vec<&str> = panic.chain(summary).collect();
            Err(format!("{name}: {sentence}\n  {}\n  the whole log: {}", shown.join("\n  "), files::shown(&log)))
        }
    }
}

/// Writes the seeds of every target: the documents, the examples, and small pieces of both.
fn seeds() -> Outcome {
    let folder = folder().join("seeds");
    let put = |name: &str, number: usize, bytes: &[u8]| -> Outcome {
        let path = folder.join(name).join(format!("{number:04}"));
        files::folder(path.parent().unwrap_or(&path))?;
        fs::write(&path, bytes).map_err(|error| format!("cannot write {}: {error}", files::shown(&path)))
    };
    let (mut formulas, mut documents) = (BTreeSet::new(), Vec::new());
    for path in files::list(&root().join("spec/methodologies")) {
        let text = files::read(&path)?;
        let mut document: Value =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", files::shown(&path)))?;
        collect(&document, &mut formulas);
        // Without its prose a document is small, and a draft owes nobody its grounds.
        strip(&mut document);
        if let Some(members) = document.as_object_mut() {
            members.insert("status".to_owned(), json!("draft"));
        }
        documents.push(document.to_string());
    }
    let pieces =
        ["min(a, 2, b) - max(1e-3, abs(-x)) * (y / 0.5)", "a >= 1 and b < 2 or c != 3", "1 / (2 / (3 / (4 / x)))"];
    formulas.extend(pieces.iter().map(|&piece| piece.to_owned()));
    for (number, formula) in formulas.iter().enumerate() {
        put("formula", number, formula.as_bytes())?;
    }
    for (number, text) in documents.iter().map(String::as_str).chain(PATCHES.iter().copied()).enumerate() {
        put("methodology", number, text.as_bytes())?;
    }
    let mut cohorts = vec![COHORT.as_bytes().to_vec()];
    let mut tables = Vec::new();
    for example in files::list(&root().join("examples")) {
        for path in files::list(&example) {
            let starts = files::name(&path).starts_with("cohort");
            let bytes = fs::read(&path).unwrap_or_default();
            if starts && files::has_extension(&path, "json") {
                cohorts.push(bytes);
            } else if starts && files::has_extension(&path, "csv") {
                tables.push(bytes.get(..bytes.len().min(4_000)).unwrap_or_default().to_vec());
            }
        }
    }
    for (number, cohort) in cohorts.iter().enumerate() {
        put("cohort", number, cohort)?;
    }
    // Every methodology, and every way to say the delimiter, for every table.
    for (number, (table, choice)) in
        tables.iter().flat_map(|table| (0..64_u8).map(move |choice| (table, choice))).enumerate()
    {
        let mut bytes = vec![choice];
        bytes.extend(table.iter().map(|byte| if *byte == b',' && choice & 3 == 1 { b';' } else { *byte }));
        put("table", number, &bytes)?;
    }
    let mut number = 0;
    for patch in PATCHES {
        for choice in 0..16_u8 {
            let mut bytes = vec![choice];
            bytes.extend(patch.as_bytes());
            bytes.push(0);
            // Any bytes do for the cohort.
            bytes
                .extend((0..400_u32).map(|place| {
                    (place.wrapping_mul(2_654_435_761).wrapping_add(u32::from(choice) << 20) >> 24) as u8
                }));
            put("scoring", number, &bytes)?;
            number += 1;
        }
    }
    // Which document, and one byte of it.
    for which in 0..3_u8 {
        put("publication", usize::from(which), &[which, 1, which, b'0'])?;
    }
    let mut words = BTreeSet::new();
    for (_, schema) in schemas::all() {
        names(&schema, &mut words);
    }
    words.extend(
        ["population", "days", "previous", "min", "max", "abs", "and", "or", "1e308", "9007199254740991", "0.1"]
            .map(str::to_owned),
    );
    let dictionary: String = words
        .iter()
        .filter(|word| word.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'"' && b != b'\\'))
        .fold(String::new(), |mut text, word| {
            text.push('"');
            text.push_str(word);
            text.push_str("\"\n");
            text
        });
    files::write(&folder.join("words.dict"), &dictionary)
}

/// Changes to a document, each of which brings in a part of the format.
const PATCHES: &[&str] = &[
    "{}",
    r#"{"several_accounts":"sum","indicators":[{"id":"a","label":{"fr":"a"},"formula":"(followers - previous.followers) / previous.followers","direction":"higher","undefined":"leave_out","unknown":"impute_median","winsorise":{"within":"cohort","low":{"quantile":0.1},"high":{"quantile":0.9}},"normalise":{"method":"percentile_rank","within":"stratum"}}],"index":{"minimum_share":0.5,"of":[{"indicator":"a","weight":1}]},"views":[],"ranking":{"tie_breakers":[]}}"#,
    r#"{"publication":{"decimals":1,"rounding":"half_even"}}"#,
    r#"{"publication":{"decimals":12,"rounding":"down"},"ranking":{"order_by":"published","ties":"dense"}}"#,
    r#"{"index":{"aggregate":"geometric"}}"#,
    r#"{"index":{"aggregate":"harmonic","missing":"zero"}}"#,
    r#"{"index":{"aggregate":"min","missing":"refuse"}}"#,
    r#"{"index":{"aggregate":"sum","missing":"zero"}}"#,
    r#"{"indicators":[{"id":"a","label":{"fr":"a"},"formula":"population / 3","direction":"lower","undefined":"raw_zero","unknown":"mark_zero","normalise":{"method":"min_max","within":"cohort","low":{"statistic":"min"},"high":{"quantile":0.9},"clamp":true,"constant":50}}],"index":{"of":[{"indicator":"a","weight":1}],"network":null,"absent":null},"views":[{"id":"v","label":{"fr":"v"},"by":{"indicator":"a"}}],"ranking":{"tie_breakers":[]}}"#,
    r#"{"indicators":[{"id":"a","label":{"fr":"a"},"formula":"population","transform":"ln1p","direction":"higher","undefined":"mark_zero","unknown":"leave_out","normalise":{"method":"z_score","within":"cohort","centre":50,"scale":15,"ddof":1,"clamp":{"low":0,"high":100},"constant":50}}],"index":{"of":[{"indicator":"a","weight":{"default":1,"by_population":[{"below":20000,"weight":2}]}}],"network":null,"absent":null},"views":[],"ranking":{"tie_breakers":[]}}"#,
    r#"{"indicators":[{"id":"a","label":{"fr":"a"},"formula":"population / 7","transform":"sqrt","direction":{"closest_to":100},"undefined":"leave_out","unknown":"leave_out","normalise":{"method":"rank","within":["structure_type","region"],"single":50}},{"id":"b","label":{"fr":"b"},"formula":"population","direction":"higher","undefined":"leave_out","unknown":"leave_out","normalise":{"method":"piecewise","points":[{"at":0,"mark":0},{"at":1000,"mark":60},{"at":100000,"mark":100}]}}],"index":{"aggregate":"geometric","of":[{"indicator":"a","weight":0.25},{"indicator":"b","weight":0.75}],"network":null,"absent":null},"views":[],"ranking":{"tie_breakers":[]}}"#,
    r#"{"indicators":[{"id":"a","label":{"fr":"a"},"formula":"population","direction":"higher","undefined":"leave_out","unknown":"leave_out","normalise":{"method":"proportion_of","within":"cohort","target":{"statistic":"mean"},"cap":100}},{"id":"b","label":{"fr":"b"},"formula":"population","direction":"lower","undefined":"leave_out","unknown":"leave_out","normalise":{"method":"bands","bands":[{"at":10,"mark":100},{"at":1000,"mark":50}],"otherwise":0}}],"index":{"aggregate":"arithmetic","of":[{"indicator":"a","weight":3},{"index":{"id":"inner","label":{"fr":"i"},"aggregate":"max","missing":"renormalise","of":[{"indicator":"b","weight":1}]},"weight":2}],"network":null,"absent":null},"views":[],"ranking":{"tie_breakers":[]}}"#,
];

const COHORT: &str = r#"{"language":"bareme/1","document":"cohort","period":{"from":"2026-10-01","to":"2026-10-31"},
"territories":[{"id":"06083","name":"Menton","structure_type":"commune","population":30326,"region":"93"},
{"id":"73011","name":"Albertville","structure_type":"commune","population":null,"stratum":{"id":"villes-moyennes","reason":"x"}}],
"accounts":[{"territory":"06083","network":"instagram","metrics":{"followers":12000,"following":300,"posts":20,"likes":900,"comments":null}}]}"#;

/// The formulas and predicates of a document.
fn collect(value: &Value, formulas: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if name == "formula" || name == "require" => {
                        formulas.insert(text.clone());
                    }
                    other => collect(other, formulas),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, formulas)),
        _ => {}
    }
}

/// Takes the prose out of a document.
fn strip(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["provenance", "conflicts", "sources", "description", "unit", "variant_of"] {
                members.remove(name);
            }
            members.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// The names of members and the words that a schema knows.
fn names(schema: &Value, words: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("properties", Value::Object(properties)) => words.extend(properties.keys().cloned()),
                    ("const", Value::String(word)) => words.extend([word.clone()]),
                    ("enum", Value::Array(choices)) => {
                        words.extend(choices.iter().filter_map(Value::as_str).map(str::to_owned));
                    }
                    _ => {}
                }
                names(member, words);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, words)),
        _ => {}
    }
}
