//! `bareme reference`, and territories scored alone against what it wrote.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::fs;

use common::{COHORT, METHOD, file, folder, good, refused, run};
use serde_json::Value;

/// The reference of the test cohort, in a folder of its own.
fn reference(name: &str) -> (std::path::PathBuf, String) {
    let folder = folder(name);
    let path = folder.join("reference.json").to_str().expect("a path").to_owned();
    good(&run(&["reference", COHORT, "-m", METHOD, "-o", &path]));
    (folder, path)
}

fn territories(document: &str) -> Vec<Value> {
    let document: Value = serde_json::from_str(document).expect("JSON");
    document["territories"].as_array().expect("territories").clone()
}

#[test]
fn a_territory_alone_has_what_it_has_in_the_cohort() {
    let (folder, path) = reference("alone");
    let inside = territories(&good(&run(&["score", COHORT, "-m", METHOD, "--format", "json"])));
    let all = good(&run(&["score", COHORT, "--reference", &path, "-m", METHOD, "--format", "json"]));
    assert_eq!(territories(&all), inside);
    let head = "territory,name,structure_type,population,region,network,followers,likes\n";
    let menton = file(
        &folder,
        "menton.csv",
        format!(
            "{head}06083,Menton,commune,30000,93,instagram,12000,600\n06083,Menton,commune,30000,93,facebook,9000,\n"
        ),
    );
    let alone = territories(&good(&run(&["score", &menton, "--reference", &path, "-m", METHOD, "--format", "json"])));
    assert_eq!(alone, [inside[0].clone()]);
    let json = file(
        &folder,
        "menton.json",
        r#"{"language": "bareme/1", "document": "cohort",
        "territories": [{"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30000, "region": "93"}],
        "accounts": [{"territory": "06083", "network": "instagram", "metrics": {"followers": 12000, "likes": 600}},
            {"territory": "06083", "network": "facebook", "metrics": {"followers": 9000}}]}"#,
    );
    let alone = territories(&good(&run(&["score", &json, "--reference", &path, "-m", METHOD, "--format", "json"])));
    assert_eq!(alone, [inside[0].clone()]);
    // The same row of the CSV, and a card for people.
    let rows = |csv: &str| csv.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    let csv = good(&run(&["score", &menton, "--reference", &path, "-m", METHOD, "--format", "csv"]));
    assert_eq!(rows(&csv), rows(&good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv"]))));
    let card = good(&run(&["score", &menton, "--reference", &path, "-m", METHOD, "--lang", "fr"]));
    assert!(card.starts_with("Menton (06083)\n") && card.contains("Score\u{a0}: 66,7"), "{card}");
}

#[test]
fn a_stranger_is_flagged_and_ranked() {
    let (folder, path) = reference("stranger");
    let antibes = file(
        &folder,
        "antibes.csv",
        "territory,name,structure_type,population,region,network,followers,likes\n06004,Antibes,commune,76000,93,instagram,36000,100\n",
    );
    let alone = territories(&good(&run(&["score", &antibes, "--reference", &path, "-m", METHOD, "--format", "json"])));
    assert_eq!(alone[0]["flags"].as_array().expect("flags").last().expect("a flag")["code"], "stranger");
    let followed = alone[0]["ranks"]
        .as_array()
        .expect("ranks")
        .iter()
        .find(|rank| rank["view"] == "most-followed" && rank["within"] == "stratum");
    // As many followers as Cannes, the best of three: the same place, and no fourth member.
    let followed = followed.expect("a rank");
    assert_eq!((&followed["rank"], &followed["of"]), (&1.into(), &3.into()));
    let card = good(&run(&["score", &antibes, "--reference", &path, "-m", METHOD, "--lang", "fr"]));
    assert!(card.contains("hors de la cohorte de référence"), "{card}");
}

#[test]
fn the_document_is_canonical_and_has_a_schema() {
    let (_, path) = reference("canonical");
    let written = fs::read_to_string(&path).expect("a file");
    assert_eq!(written, good(&run(&["reference", COHORT, "-m", METHOD])));
    let document: Value = serde_json::from_str(&written).expect("JSON");
    // serde_json's map is sorted, and every number here is a small whole one.
    assert_eq!(document.to_string(), written);
    assert_eq!(document["document"], "reference");
    let schema: Value = serde_json::from_str(&good(&run(&["schema", "reference"]))).expect("JSON");
    let members = schema["properties"].as_object().expect("properties");
    assert!(document.as_object().expect("an object").keys().all(|member| members.contains_key(member)));
}

#[test]
fn what_does_not_go_with_a_reference() {
    let (folder, path) = reference("mismatch");
    let said = refused(&run(&["score", COHORT, "--reference", &path, "--lang", "fr"]));
    assert!(
        said.contains("reference.json:/statistics/methodology unknown_methodology ") && said.contains("-m"),
        "{said}"
    );
    let method = fs::read_to_string(METHOD).expect("a document").replace("\"decimals\": 1", "\"decimals\": 2");
    let other = file(&folder, "other.json", method);
    let said = refused(&run(&["score", COHORT, "--reference", &path, "-m", &other]));
    assert!(
        said.contains("reference.json:/statistics/methodology pin_mismatch ")
            && said.contains("give the methodology of this reference"),
        "{said}"
    );
    assert_eq!(run(&["score", COHORT, "--reference", &path, "--top", "3"]).status.code(), Some(2));
    assert_eq!(run(&["score", COHORT]).status.code(), Some(2));
    let said = refused(&run(&["score", COHORT, "--reference", METHOD, "-m", METHOD]));
    assert!(said.contains("unknown_value"), "{said}");
}

#[test]
fn a_territory_brings_the_period_of_the_reference() {
    let folder = folder("reference-period");
    let path = folder.join("reference.json").to_str().expect("a path").to_owned();
    let june = ["--from", "2026-06-01", "--to", "2026-07-01"];
    good(&run(&[&["reference", COHORT, "-m", METHOD, "-o", &path], &june[..]].concat()));
    let alone = |period: &[&str]| {
        run(&[&["score", COHORT, "--reference", &path, "-m", METHOD, "--lang", "fr"], period].concat())
    };
    assert!(good(&alone(&[])).contains("Du 2026-06-01 au 2026-07-01 exclu"));
    good(&alone(&june));
    let said = refused(&alone(&["--from", "2026-07-01", "--to", "2026-07-31"]));
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(" period_conflict ") && said.contains("la période de la référence"), "{said}");
}
