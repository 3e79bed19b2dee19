//! Both implementations write the same bodies of publications, byte for byte.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

use bareme::publication::{Inputs, PublicationOptions};
use bareme::{Cohort, catalogue};
use bareme_differential::independent::folder;
use serde_json::{Value, json};

/// Territories with everything that a publication copies: names with marks, unknown numbers, nobody's
/// network, a population of 0, a vintage, a previous period, a merged territory.
const COHORT: &str = r#"{"language":"bareme/1","document":"cohort","synthetic":true,
"period":{"from":"2026-06-01","to":"2026-07-01"},"previous":{"period":{"from":"2026-05-02","to":"2026-06-01"},
"accounts":[{"territory":"32013","network":"instagram","metrics":{"followers":1100}}]},
"territories":[
{"id":"32160","name":"L'Isle-Jourdain <é>","structure_type":"commune","population":26891,"formerly":["32160","32999"]},
{"id":"32013","name":"Auch","structure_type":"commune","population":22173,"population_vintage":"2026","region":"76","department":"32"},
{"id":"01001","name":"Vide","structure_type":"commune","population":0}],
"accounts":[
{"territory":"32013","network":"instagram","metrics":{"followers":1200,"posts":12,"likes":900,"comments":31}},
{"territory":"32160","network":"instagram","metrics":{"followers":700,"posts":30,"likes":null,"comments":11}},
{"territory":"32013","network":"facebook","metrics":{"followers":2303,"posts":14,"likes":300,"comments":17,"shares":4}}]}"#;

/// What the independent implementation publishes.
fn independent(methodology: &str, others: &[String], inputs: &str) -> Value {
    let mut child = Command::new("python3")
        .args(["-m", "bareme_independent", "--stdin-lines"])
        .env("PYTHONPATH", folder())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let request =
        json!({"ask": "publish", "methodology": methodology, "others": others, "cohort": COHORT, "inputs": inputs});
    writeln!(child.stdin.take().unwrap(), "{request}").unwrap();
    let answer: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    answer.get("publication").cloned().unwrap_or(answer)
}

#[test]
fn bodies_are_the_same_bytes() {
    let all = catalogue::all();
    let text = |id: &str| all.iter().find(|known| known.id() == id).unwrap().to_json();
    let others: Vec<String> =
        ["facebook", "instagram", "linkedin", "tiktok", "x", "youtube"].iter().map(|id| text(id)).collect();
    let methodology = catalogue::methodology("territoires@2026.11").unwrap();
    for (inputs, word) in [(Inputs::Included, "included"), (Inputs::Digest, "digest")] {
        let cohort = Cohort::from_json(COHORT.as_bytes()).unwrap();
        let scoring = methodology.score(Arc::new(cohort)).unwrap();
        let options = PublicationOptions { inputs, ..PublicationOptions::default() };
        let mut ours: Value = serde_json::from_str(&scoring.publication(&options).unwrap().to_json()).unwrap();
        let theirs = independent(&methodology.to_json(), &others, word);
        ours.as_object_mut().unwrap().remove("envelope");
        // Both texts are canonical, so that equal values are equal bytes.
        assert_eq!(ours.to_string(), theirs.to_string(), "inputs: {word}");
    }
}
