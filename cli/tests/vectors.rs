//! The conformance vectors, and what the command says of them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;

use common::{file, folder, good, refused, run, text};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/vectors/bareme-1");

#[test]
fn this_build_passes_all_vectors() {
    let output = run(&["vectors", VECTORS, "--lang", "en"]);
    let said = text(&output.stdout);
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{said}");
    let total = said.lines().last().unwrap();
    assert!(total.contains(" passed, 0 failed; output "), "{total}");
    let passed: usize = total.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(passed >= 600, "{total}");
}

/// A page of vectors with something else expected.
fn altered(name: &str, page: &str, from: &str, to: &str) -> std::process::Output {
    let folder = folder(name);
    let vectors = fs::read_to_string(format!("{VECTORS}/{page}.json")).unwrap();
    assert!(vectors.contains(from), "{from} stands nowhere in {page}");
    file(&folder, "page.json", vectors.replacen(from, to, 1));
    run(&["vectors", folder.to_str().unwrap(), "--lang", "en"])
}

#[test]
fn one_bit_is_found_and_located() {
    // 340/9, of the example of numbers.md.
    let output = altered("vectors-bit", "numbers", "4042e38e38e38e39", "4042e38e38e38e38");
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains(", 1 failed\n  numbers/score-example: "), "{said}");
    assert!(
        said.contains("expected 4042e38e38e38e38 (37.77777777777778), found 4042e38e38e38e39 (37.77777777777778)"),
        "{said}"
    );
}

#[test]
fn one_place_of_a_fault_is_found() {
    let output = altered("vectors-place", "documents", r#"{"line": 1, "column": 10}"#, r#"{"line": 1, "column": 11}"#);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("/faults: expected ").count(), 2, "{said}");
}

#[test]
fn what_only_the_digest_holds_is_found() {
    // The name of a territory, which the answer leaves out.
    let output = altered("vectors-name", "scoring", r#""name": "Zoé""#, r#""name": "Zoe""#);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("scoring/names: ") && said.contains("    /sha256: expected "), "{said}");
}

#[test]
fn what_is_no_vector_is_refused() {
    let empty = folder("vectors-empty");
    let said = refused(&run(&["vectors", empty.to_str().unwrap(), "--lang", "en"]));
    assert!(said.contains("no vectors"), "{said}");
    file(&empty, "page.json", r#"{"language": "bareme/2", "document": "vectors"}"#);
    let said = refused(&run(&["vectors", empty.to_str().unwrap(), "--lang", "en"]));
    assert!(said.contains("language is not"), "{said}");
    let said = refused(&run(&["vectors", "no-such-folder", "--lang", "en"]));
    assert!(said.contains("no such file"), "{said}");
}

#[test]
fn in_french() {
    let folder = folder("vectors-french");
    fs::copy(format!("{VECTORS}/roll_up.json"), folder.join("roll_up.json")).unwrap();
    let said = good(&run(&["vectors", folder.to_str().unwrap(), "--lang", "fr"]));
    assert!(said.starts_with("roll_up ") && said.contains(" réussis, 0 échoué\n"), "{said}");
}
