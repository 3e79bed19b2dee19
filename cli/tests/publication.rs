//! `bareme publish`, `verify`, `receipt` and `sheet`.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use common::{COHORT, METHOD, file, folder, good, refused, run, text};
use serde_json::Value;

/// RFC 8032, section 7.1, test 1, as OpenSSL writes it.
const KEY: &str = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// The publication of the test cohort, in a folder of its own.
fn published(name: &str, more: &[&str]) -> (PathBuf, String) {
    let folder = folder(name);
    let path = folder.join("publication.json").to_str().expect("a path").to_owned();
    let mut arguments = vec!["publish", COHORT, "-m", METHOD, "-o", &path];
    arguments.extend(more);
    assert_eq!(good(&run(&arguments)), "");
    (folder, path)
}

/// What is said of a document that does not agree.
#[track_caller]
fn disproved(output: &Output) -> String {
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(1), ""));
    text(&output.stdout)
}

#[test]
fn a_publication_is_written_and_verified() {
    let (_, path) = published("published", &[]);
    let said = good(&run(&["verify", &path]));
    assert!(said.ends_with("Verified (all recomputed)\n"), "{said}");
    assert!(said.contains("not checked  the signature: there is none"), "{said}");
    let said = good(&run(&["verify", &path, "--lang", "fr"]));
    assert!(said.ends_with("Vérifié (tout recalculé)\n"), "{said}");
    good(&run(&["verify", &path, "--cohort", COHORT]));
    let report: Value = serde_json::from_str(&good(&run(&["verify", &path, "--format", "json"]))).expect("JSON");
    assert_eq!((&report["verified"], &report["depth"]), (&Value::Bool(true), &Value::from(3)));
}

#[test]
fn an_alteration_is_told_and_exits_with_1() {
    let (folder, path) = published("altered", &[]);
    let publication = fs::read_to_string(&path).expect("a publication");
    let altered = file(&folder, "altered.json", publication.replacen("\"followers\":12000", "\"followers\":13000", 1));
    let said = disproved(&run(&["verify", &altered]));
    assert!(said.contains("/sha256 [06083] integrity: the row does not have this digest"), "{said}");
    assert!(said.contains("NOT VERIFIED: disagreements ("), "{said}");
    let report = run(&["verify", &altered, "--format", "json", "--list", "1"]);
    let report: Value = serde_json::from_str(&disproved(&report)).expect("JSON");
    assert_eq!(report["disagreements"].as_array().map(Vec::len), Some(1));
    assert!(report["disagreement_count"].as_u64().expect("a count") > 1);
    let broken = file(&folder, "broken.json", publication.replacen("\"rows\":[{", "\"rows\":[[", 1));
    assert!(refused(&run(&["verify", &broken])).contains("json_syntax"));
    assert!(refused(&run(&["verify", COHORT])).contains("json_syntax"));
    assert!(refused(&run(&["verify", "no-such-file"])).contains("no-such-file"));
}

#[test]
fn a_receipt_is_mailed_and_verified_alone() {
    let (folder, path) = published("receipt", &[]);
    let receipt = file(&folder, "receipt.json", good(&run(&["receipt", &path, "06083"])));
    let said = good(&run(&["verify", &receipt]));
    assert!(
        said.contains("Territory: 06083\n") && said.ends_with("Verified (recomputed from the reference)\n"),
        "{said}"
    );
    let small = folder.join("small.json").to_str().expect("a path").to_owned();
    good(&run(&["receipt", &path, "06083", "--without-reference", "-o", &small]));
    assert!(good(&run(&["verify", &small])).ends_with("Verified (integrity only)\n"));
    let reference = folder.join("reference.json").to_str().expect("a path").to_owned();
    good(&run(&["reference", COHORT, "-m", METHOD, "-o", &reference]));
    assert!(good(&run(&["verify", &small, "--reference", &reference])).contains("from the reference"));
    assert_eq!(good(&run(&["receipt", &path, "menton"])), good(&run(&["receipt", &path, "06083"])));
    assert!(refused(&run(&["receipt", &path, "99999"])).contains("territory_not_found"));
    assert!(refused(&run(&["receipt", &path, "Mentonn"])).contains("did you mean: 06083 (Menton, commune"));
    assert!(refused(&run(&["receipt", &receipt, "06083"])).contains("unknown_value"));
}

#[test]
fn a_signature_names_the_publisher() {
    let folder = folder("signed");
    let key = file(&folder, "key.pem", KEY);
    let path = folder.join("signed.json").to_str().expect("a path").to_owned();
    let time = "2026-11-24T12:00:00Z";
    good(&run(&["publish", COHORT, "-m", METHOD, "-o", &path, "--sign", &key, "--time", time]));
    let said = good(&run(&["verify", &path, "--key", PUBLIC]));
    assert!(said.contains(&format!("Signed by: {PUBLIC} (one of the keys given)")), "{said}");
    let public = file(
        &folder,
        "key.pub.pem",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC KEY-----\n",
    );
    good(&run(&["verify", &path, "--key", &public]));
    let other = PUBLIC.replace('d', "e");
    assert!(disproved(&run(&["verify", &path, "--key", &other])).contains("none of those given"));
    // The private key where the public one should be, and the other way round: nothing of it is repeated.
    for said in [
        refused(&run(&["verify", &path, "--key", &key])),
        refused(&run(&["publish", COHORT, "-m", METHOD, "--sign", &public])),
    ] {
        assert!(said.contains("unknown_value") && !said.contains("MC4C") && !said.contains("nWGx"), "{said}");
    }
    assert!(refused(&run(&["publish", COHORT, "-m", METHOD, "--time", "noon"])).contains("invalid_date"));
}

#[test]
fn an_erratum_names_what_it_supersedes() {
    let (folder, before) = published("superseded", &["--note", "première version"]);
    let first: Value = serde_json::from_str(&fs::read_to_string(&before).expect("a file")).expect("JSON");
    let erratum = |supersedes: &str| {
        let path = folder.join("erratum.json").to_str().expect("a path").to_owned();
        let reason = ["--supersedes", supersedes, "--reason", "un compte en trop"];
        good(&run(&[&["publish", COHORT, "-m", METHOD, "-o", &path][..], &reason].concat()));
        good(&run(&["verify", &path]));
        serde_json::from_str::<Value>(&fs::read_to_string(path).expect("a file")).expect("JSON")
    };
    let by_file = erratum(&before);
    assert_eq!(by_file["head"]["supersedes"]["sha256"], first["sha256"]);
    assert_eq!(erratum(first["sha256"].as_str().expect("a digest")), by_file);
    assert_eq!(first["head"]["notes"], serde_json::json!(["première version"]));
}

#[test]
fn without_inputs_the_cohort_is_needed() {
    let (_, path) = published("digest", &["--inputs", "digest"]);
    assert!(!fs::read_to_string(&path).expect("a file").contains("12000"));
    assert!(good(&run(&["verify", &path])).ends_with("Verified (integrity only)\n"));
    assert!(good(&run(&["verify", &path, "--cohort", COHORT])).ends_with("Verified (all recomputed)\n"));
}

#[test]
fn the_sheet_is_that_of_the_publication() {
    let (folder, path) = published("sheet", &[]);
    let written = folder.join("published.csv").to_str().expect("a path").to_owned();
    for (language, delimiter) in [("en", "auto"), ("fr", "auto"), ("fr", "comma"), ("en", "semicolon")] {
        let more = ["--lang", language, "--delimiter", delimiter];
        let sheet = good(&run(&[["sheet", &path].as_slice(), &more].concat()));
        good(&run(&[["publish", COHORT, "-m", METHOD, "-o", &written].as_slice(), &more].concat()));
        assert_eq!(sheet, fs::read_to_string(&written).expect("a file"));
        let comma = (language, delimiter) == ("fr", "auto") || delimiter == "semicolon";
        let start = if comma { "\u{feff}territory;name;" } else { "territory,name," };
        assert!(sheet.starts_with(start), "{sheet}");
    }
    let receipt = folder.join("receipt.json").to_str().expect("a path").to_owned();
    good(&run(&["receipt", &path, "06083", "-o", &receipt]));
    assert!(refused(&run(&["sheet", &receipt])).contains("unknown_value"));
}

#[test]
fn the_csv_carries_the_digests() {
    let (_, path) = published("csv", &[]);
    let publication: Value = serde_json::from_str(&fs::read_to_string(path).expect("a file")).expect("JSON");
    let table = good(&run(&["publish", COHORT, "-m", METHOD, "--format", "csv"]));
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let column = |name: &str| headers.iter().position(|header| header == name).expect("a column");
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), publication["rows"].as_array().expect("rows").len());
    for (row, published) in rows.iter().zip(publication["rows"].as_array().expect("rows")) {
        assert_eq!(&row[column("territory")], published["territory"]["id"].as_str().expect("an id"));
        assert_eq!(&row[column("row_sha256")], published["sha256"].as_str().expect("a digest"));
        assert_eq!(&row[column("publication_sha256")], publication["sha256"].as_str().expect("a digest"));
        assert_eq!(&row[column("method_sha256")], published["method_sha256"].as_str().expect("a digest"));
        assert_eq!(&row[column("status")], "draft");
    }
}
