//! Publications, receipts, and what verification finds.

use std::sync::Arc;

use bareme::document::{Digest, Json, canonical};
use bareme::error::Code;
use bareme::publication::{
    Disagreement, Hex, Inputs, Note, Outcome, Publication, PublicationOptions, Published, Receipt, Report, SigningKey,
    Step, Supersedes, VerifyOptions, verify,
};
use bareme::{Faults, Scoring};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{base, codes, cohort, methodology, score, territories, with};
use crate::paths;

/// A methodology with roll-ups, grades, a part, and a cohort with everything that a row may hold.
fn scoring() -> Scoring {
    let document = with(
        base(),
        "/roll_ups",
        json!([{"id": "regions", "label": {"fr": "r"}, "index": "performance", "structure_types": ["commune"], "into": "region", "weight": "population"}]),
    );
    let document = with(
        document,
        "/publication/grades",
        json!({"by": "threshold", "steps": [{"id": "good", "label": {"fr": "bien"}, "from": 50}]}),
    );
    let mut given = territories();
    given["territories"][0]["population_vintage"] = json!("2023");
    given["territories"][1]["population_vintage"] = json!("2019");
    given["territories"][3]["stratum"] = json!({"id": "small", "reason": "une raison"});
    score(&document, &given)
}

fn published(scoring: &Scoring, inputs: Inputs) -> Publication {
    let options = PublicationOptions { inputs, ..PublicationOptions::default() };
    scoring.publication(&options).unwrap_or_else(|faults| panic!("{faults}"))
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn check(text: &str) -> Report {
    verify(text.as_bytes(), &VerifyOptions::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

#[track_caller]
fn verified(report: &Report, depth: u8) {
    assert!(report.verified, "{:#?}", report.disagreements);
    assert_eq!((report.depth, report.canonical, report.disagreement_count), (depth, true, 0));
    assert!(report.checks.iter().all(|check| check.outcome != Outcome::Differs));
}

fn steps(report: &Report) -> Vec<(&str, String)> {
    let said = |disagreement: &Disagreement| (disagreement.step.as_str(), disagreement.pointer.clone());
    report.disagreements.iter().map(said).collect()
}

fn digest(value: &Value) -> Digest {
    Digest::of(&Json::parse(value.to_string().as_bytes(), 1 << 20).unwrap())
}

fn text(value: &Value) -> String {
    canonical::text(&Json::parse(value.to_string().as_bytes(), 1 << 20).unwrap())
}

/// RFC 6962, section 2.1, by its own recursion.
fn root(rows: &[Vec<u8>]) -> Vec<u8> {
    let hash = |prefix: u8, parts: &[&[u8]]| {
        Digest::of_bytes(&[&[prefix], parts.concat().as_slice()].concat()).bytes().to_vec()
    };
    if let [one] = rows {
        return hash(0, &[one]);
    }
    // The largest power of two below their number.
    let split = rows.len().next_power_of_two() / 2;
    hash(1, &[&root(&rows[..split]), &root(&rows[split..])])
}

/// A publication made anew from its parts by a publisher who lies: every digest is right.
fn remade(mut publication: Value) -> String {
    let mut digests = Vec::new();
    for row in publication["rows"].as_array_mut().unwrap() {
        row.as_object_mut().unwrap().remove("sha256");
        let own = digest(row);
        row["sha256"] = json!(own.to_string());
        digests.push(own.bytes().to_vec());
    }
    let root = root(&digests).try_into().unwrap();
    publication["head"]["rows_root"] = json!(Hex::<32>(root).to_string());
    publication["head"]["reference_sha256"] = json!(digest(&publication["reference"]).to_string());
    publication["head"]["roll_ups_sha256"] = json!(digest(&publication["roll_ups"]).to_string());
    publication["sha256"] = json!(digest(&publication["head"]).to_string());
    text(&publication)
}

#[test]
fn a_publication_verifies_and_is_read_back() {
    let publication = published(&scoring(), Inputs::Included).to_json();
    verified(&check(&publication), 3);
    let read = Publication::from_json(publication.as_bytes()).unwrap();
    assert_eq!(read.to_json(), publication);
    // The parts of a lying publisher, when nobody lies, are the same bytes.
    assert_eq!(remade(serde_json::from_str(&publication).unwrap()), publication);
}

#[test]
fn the_order_of_the_cohort_does_not_matter() {
    let mut turned = territories();
    turned["territories"].as_array_mut().unwrap().reverse();
    turned["accounts"].as_array_mut().unwrap().reverse();
    let publish = |cohort: &Value| published(&score(&base(), cohort), Inputs::Included).to_json();
    assert_eq!(publish(&turned), publish(&territories()));
}

/// One whole row, written by hand from `spec/publication.md`.
#[test]
fn a_row_as_the_specification_writes_it() {
    let publication: Value = serde_json::from_str(&published(&scoring(), Inputs::Included).to_json()).unwrap();
    let rows = publication["rows"].as_array().unwrap();
    assert_eq!(rows[0]["territory"]["id"], "01001");
    let method = publication["head"]["methodology"]["method_sha256"].clone();
    // Engagements of the small stratum, D among them: 3, 25/9, 77/6, 3/4. Reach: 20, 37.5, 50/9, 80.
    let row = json!({
        "territory": {"id": "01001", "name": "A", "structure_type": "commune", "population": 500,
            "population_vintage": "2023", "department": "01", "region": "84", "attributes": {"area": 10.5}},
        "accounts": [{"territory": "01001", "network": "net", "metrics": {"followers": 100, "likes": 30, "posts": 10}}],
        "status": "draft", "method_sha256": method,
        "result": {
            "stratum": "small",
            "indices": {"performance": {"score": 20.215_517_241_379_31, "published": "20.2", "weights": [0.75, 0.25]}},
            "criteria": {
                "engagement": {"net": {"raw": 3, "mark": 18.620_689_655_172_413}},
                "reach": {"net": {"raw": 20, "mark": 25}},
                "audience": {"net": {"raw": 100}},
            },
            "ranks": {"best": {"stratum": [4, 4], "cohort": [6, 7]}, "followed": {"stratum": [3, 4], "cohort": [6, 7]}},
        },
    });
    let own = rows[0]["sha256"].clone();
    let mut given = rows[0].clone();
    given.as_object_mut().unwrap().remove("sha256");
    assert_eq!(given, row);
    assert_eq!(own, json!(digest(&row).to_string()));
    // On no network: nothing but why.
    let h = rows.iter().find(|row| row["territory"]["id"] == "01005").unwrap();
    assert_eq!(
        h["result"],
        json!({"stratum": "small", "indices": {"performance": {"state": "absent"}},
            "flags": [{"code": "absent", "subject": "net"}]})
    );
    assert!(h.get("accounts").is_none());
}

/// A methodology that measures growth, and territories that were merged.
#[test]
fn the_previous_period_is_published_and_verified() {
    let document = with(base(), "/indicators/0/formula", json!("followers / previous.followers"));
    let mut given = territories();
    given["territories"][0]["formerly"] = json!(["01001", "01003"]);
    let before = |id: &str| json!({"territory": id, "network": "net", "metrics": {"followers": 40}});
    given["previous"] = json!({"period": {"from": "2026-09-01", "to": "2026-10-01"},
        "accounts": [before("01001"), before("01003"), before("01002")]});
    given["synthetic"] = json!(true);
    let publication = published(&score(&document, &given), Inputs::Included);
    let text = publication.to_json();
    verified(&check(&text), 3);
    let row: Value = serde_json::from_str::<Value>(&text).unwrap()["rows"][0].take();
    assert_eq!(row["previous"], json!([before("01001"), before("01003")]));
    assert_eq!(row["synthetic"], json!(true));
    assert_eq!(publication.head().synthetic, Some(true));
    for territory in ["01001", "01004"] {
        verified(&check(&publication.receipt(territory, true).unwrap().to_json()), 2);
    }
    // Whoever denies that the numbers are invented is found.
    let denied = text.replacen(",\"synthetic\":true", "", 1);
    assert!(!check(&denied).verified);
}

#[test]
fn methodologies_that_are_pinned_stand_before_the_one_that_pins_them() {
    let cohort = cohort(&json!({
        "language": "bareme/1", "document": "cohort", "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "territories": [
            {"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326},
            {"id": "06004", "name": "Antibes", "structure_type": "commune", "population": 76612},
            {"id": "04001", "name": "Aiglun", "structure_type": "commune", "population": 1430}],
        "accounts": [{"territory": "06083", "network": "instagram",
            "metrics": {"followers": 18700, "posts": 31, "likes": 9000, "comments": 240}}],
    }))
    .unwrap();
    let methodology = bareme::catalogue::methodology("territoires@2026.11").unwrap();
    let publication = published(&methodology.score(cohort).unwrap(), Inputs::Included);
    verified(&check(&publication.to_json()), 3);
    verified(&check(&publication.receipt("06083", true).unwrap().to_json()), 2);
    let value: Value = serde_json::from_str(&publication.to_json()).unwrap();
    let names = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let documents = names(&value["methodologies"]);
    assert_eq!(documents.last().map(String::as_str), Some("territoires"));
    assert_eq!(documents[..documents.len() - 1], names(&value["head"]["pinned"]));
    // Of the parts, only that of the network on which the town is.
    assert_eq!(names(&value["rows"][2]["result"]["parts"]), ["instagram"]);
    assert!(value["rows"][0]["result"].get("parts").is_none());
    // A pinned document that is missing, and documents in another order.
    let mut fewer = value.clone();
    fewer["methodologies"].as_array_mut().unwrap().remove(0);
    assert!(
        codes(&faults(&fewer))
            .iter()
            .any(|(place, code)| place.starts_with("/methodologies/5/") && code == "unknown_methodology")
    );
    let mut turned = value;
    turned["methodologies"].as_array_mut().unwrap().swap(0, 1);
    assert!(steps(&check(&text(&turned))).contains(&("integrity", "/methodologies".into())));
}

#[test]
fn the_head_binds_what_there_is() {
    let scoring = scoring();
    let before = published(&scoring, Inputs::Included).digest();
    let options = PublicationOptions {
        notes: vec![Note::new("mesures inventées").unwrap()],
        supersedes: Some(Supersedes::new(&before.to_string(), "un compte était compté deux fois").unwrap()),
        ..PublicationOptions::default()
    };
    let publication = scoring.publication(&options).unwrap();
    verified(&check(&publication.to_json()), 3);
    let head = publication.head();
    assert_eq!(head.population_vintages, Some(vec!["2019".to_owned(), "2023".to_owned()]));
    assert_eq!(head.cohort_sha256, scoring.cohort().digest());
    assert_eq!(head.reference_sha256, scoring.reference().unwrap().digest());
    assert_ne!(publication.digest(), before);
    assert_eq!(head.supersedes.as_ref().map(|erratum| erratum.sha256), Some(before));
    let faults = Supersedes::new("a digest", "").unwrap_err();
    assert_eq!(codes(&faults), ["/sha256", "/reason"].map(|place| (place.into(), "out_of_range".into())));
    assert!(Note::new(" ").is_err() && Note::new(&"x".repeat(1001)).is_err() && Note::new("a\nb").is_err());
}

#[test]
fn a_time_is_rfc_3339() {
    let scoring = scoring();
    let with = |time: &str| {
        let mut options = PublicationOptions::default();
        options.envelope.time = Some(time.to_owned());
        scoring.publication(&options).is_ok()
    };
    for time in ["2026-11-24T12:00:00Z", "2026-11-24t23:59:60.25+01:00", "2024-02-29T00:00:00-12:30"] {
        assert!(with(time), "{time}");
    }
    for time in [
        "",
        "2026-11-24",
        "2026-11-24T12:00Z",
        "2026-02-29T12:00:00Z",
        "2026-11-24T24:00:00Z",
        "2026-11-24T12:00:00",
        "2026-11-24T12:00:00.Z",
        "2026-11-24T12:00:00+1:00",
        "2026-11-24T12:00:00Zx",
        "2026-11-24T+1:00:00Z",
    ] {
        assert!(!with(time), "{time}");
    }
}

#[test]
fn without_inputs_only_the_cohort_tells() {
    let scoring = scoring();
    let publication = published(&scoring, Inputs::Digest);
    let text = publication.to_json();
    assert!(!text.contains("followers\":100") && !text.contains("\"raw\"") && !text.contains("\"reference\":{"));
    verified(&check(&text), 1);
    let with = |cohort: &Scoring| {
        let options = VerifyOptions { cohort: Some(Arc::new(cohort.cohort().clone())), ..VerifyOptions::default() };
        verify(text.as_bytes(), &options).unwrap()
    };
    verified(&with(&scoring), 3);
    // What is not published is not in the row: the territory's numbers are part of the digest.
    let mut given = territories();
    given["accounts"][0]["metrics"]["likes"] = json!(31);
    let report = with(&score(&base(), &given).methodology().score(cohort(&given).unwrap()).unwrap());
    assert!(!report.verified);
    assert!(steps(&report).contains(&("metric", "/head/cohort_sha256".into())));
    assert!(steps(&report).contains(&("metric", "/rows/0/inputs_sha256".into())));
    verified(&check(&publication.receipt("01001", true).unwrap().to_json()), 1);
}

#[test]
fn signatures_say_who_published() {
    let mut publication = published(&scoring(), Inputs::Included);
    publication.sign(&key());
    let text = publication.to_json();
    let by = |text: &str, keys: &[&SigningKey]| {
        let keys = keys.iter().map(|key| key.public_key()).collect();
        verify(text.as_bytes(), &VerifyOptions { keys, ..VerifyOptions::default() }).unwrap()
    };
    let other = SigningKey::from_bytes(&[8; 32]);
    verified(&by(&text, &[]), 3);
    verified(&by(&text, &[&other, &key()]), 3);
    verified(&by(&publication.receipt("01001", true).unwrap().to_json(), &[&key()]), 2);
    assert_eq!(steps(&by(&text, &[&other])), [("integrity", "/envelope/signature/public_key".to_owned())]);
    let unsigned = published(&scoring(), Inputs::Included).to_json();
    assert_eq!(steps(&by(&unsigned, &[&other])), [("integrity", "/envelope".to_owned())]);
    // Somebody else's publication under this signature.
    let mut forged: Value = serde_json::from_str(&text).unwrap();
    forged["head"]["notes"] = json!(["rien à signaler"]);
    let forged = remade(forged);
    assert_eq!(steps(&by(&forged, &[&key()])), [("integrity", "/envelope/signature".to_owned())]);
}

#[test]
fn receipts_verify_alone() {
    let publication = published(&scoring(), Inputs::Included);
    for (territory, _) in publication.rows() {
        let receipt = publication.receipt(territory, true).unwrap();
        assert_eq!((receipt.id(), receipt.digest()), (territory, publication.digest()));
        let text = receipt.to_json();
        let report = check(&text);
        verified(&report, 2);
        assert_eq!(report.territory.as_deref(), Some(territory));
        assert_eq!(Receipt::from_json(text.as_bytes()).unwrap().to_json(), text);
    }
    let faults = publication.receipt("01006", true).unwrap_err();
    assert!(
        faults.to_string().contains("territory_not_found") && faults.to_string().contains("did you mean"),
        "{faults}"
    );
}

#[test]
fn a_receipt_without_its_reference_can_be_given_it() {
    let scoring = scoring();
    let text = published(&scoring, Inputs::Included).receipt("01001", false).unwrap().to_json();
    verified(&check(&text), 1);
    let with = |reference: String| {
        let options = VerifyOptions { reference: Some(reference.into_bytes()), ..VerifyOptions::default() };
        verify(text.as_bytes(), &options)
    };
    verified(&with(scoring.reference().unwrap().to_json()).unwrap(), 2);
    let mut other = territories();
    other["accounts"][1]["metrics"]["likes"] = json!(51);
    let other = scoring.methodology().score(cohort(&other).unwrap()).unwrap();
    let report = with(other.reference().unwrap().to_json()).unwrap();
    assert_eq!(steps(&report)[0], ("integrity", "/head/reference_sha256".to_owned()));
    assert!(with("{}".to_owned()).is_err());
    // A whole cohort will do instead.
    let options = VerifyOptions { cohort: Some(Arc::new(scoring.cohort().clone())), ..VerifyOptions::default() };
    verified(&verify(text.as_bytes(), &options).unwrap(), 3);
}

/// What a publisher changes, every digest made right, and the first step at which it shows.
#[test]
fn a_lie_is_found_at_its_first_step() {
    let publication: Value = serde_json::from_str(&published(&scoring(), Inputs::Included).to_json()).unwrap();
    let row = |text: &str| format!("/rows/0/result/{text}");
    let cases: Vec<(String, Value, &str, String)> = vec![
        (row("stratum"), json!("large"), "stratum", row("stratum")),
        (row("criteria/engagement/net/raw"), json!(4), "raw", row("criteria/engagement/net/raw")),
        (row("criteria/engagement/net/state"), json!("imputed"), "raw", row("criteria/engagement/net/state")),
        (row("criteria/engagement/net/mark"), json!(19), "mark", row("criteria/engagement/net/mark")),
        (row("indices/performance/weights/1"), json!(0.5), "weight", row("indices/performance/weights/1")),
        (row("indices/performance/score"), json!(20.25), "index", row("indices/performance/score")),
        (row("indices/performance/published"), json!("20.3"), "rounding", row("indices/performance/published")),
        (row("ranks/best/stratum"), json!([2, 4]), "rank", row("ranks/best/stratum/0")),
        (row("grade"), json!("good"), "grade", row("grade")),
        (row("flags"), json!([{"code": "alone"}]), "flag", row("flags")),
        ("/roll_ups/regions/0/score".into(), json!(1), "roll_up", "/roll_ups/regions/0/score".into()),
        (
            "/reference/statistics/criteria/0/groups/0/size".into(),
            json!(9),
            "bound",
            "/reference/statistics/criteria/0/groups/0/size".into(),
        ),
        ("/head/population_vintages".into(), json!(["2023"]), "metric", "/head/population_vintages".into()),
        (
            "/head/period".into(),
            json!({"from": "2026-10-02", "to": "2026-10-31"}),
            "integrity",
            "/reference/period".into(),
        ),
    ];
    for (pointer, value, step, place) in cases {
        let report = check(&remade(with(publication.clone(), &pointer, value)));
        assert!(!report.verified, "{pointer}");
        let first = steps(&report).into_iter().next().unwrap();
        assert_eq!(first, (step, place), "{pointer}: {:#?}", report.disagreements);
        if pointer.starts_with("/rows") {
            assert_eq!(report.disagreement_count, 1, "{pointer}");
            assert_eq!(report.disagreements[0].territory.as_deref(), Some("01001"));
        }
    }
    // A score that was raised at the root of it: what follows is counted, not repeated.
    let mut raised = publication.clone();
    raised["rows"][0]["result"]["criteria"]["engagement"]["net"]["mark"] = json!(100);
    raised["rows"][0]["result"]["indices"]["performance"] =
        json!({"score": 81.25, "published": "81.3", "weights": [0.75, 0.25]});
    let report = check(&remade(raised));
    let first = &report.disagreements[0];
    assert_eq!((first.step, first.following, report.disagreement_count), (Step::Mark, 2, 1));
    let found = first.found.as_ref().unwrap();
    assert_eq!((found.text.as_str(), found.bits.as_deref()), ("100", Some("4059000000000000")));
}

#[test]
fn altered_inputs_are_found_even_when_remade() {
    let publication: Value = serde_json::from_str(&published(&scoring(), Inputs::Included).to_json()).unwrap();
    let pointer = "/rows/0/accounts/0/metrics/likes";
    let report = check(&remade(with(publication.clone(), pointer, json!(31))));
    assert_eq!(steps(&report)[0], ("metric", "/head/cohort_sha256".to_owned()));
    assert!(steps(&report).contains(&("raw", "/rows/0/result/criteria/engagement/net/raw".into())));
    // Inputs of which no cohort can be made: where, and whose.
    let report = check(&remade(with(publication.clone(), pointer, json!(-1))));
    let refused = report.disagreements.iter().find(|disagreement| disagreement.step == Step::Metric).unwrap();
    assert_eq!((refused.pointer.as_str(), refused.territory.as_deref()), (pointer, Some("01001")));
    // Against the cohort as it was, the inputs themselves are told.
    let altered = remade(with(publication, pointer, json!(31)));
    let options = VerifyOptions { cohort: Some(Arc::new(scoring().cohort().clone())), ..VerifyOptions::default() };
    let report = verify(altered.as_bytes(), &options).unwrap();
    assert!(steps(&report).contains(&("metric", pointer.into())), "{:#?}", report.disagreements);
}

#[test]
fn rows_have_one_order() {
    let publication: Value = serde_json::from_str(&published(&scoring(), Inputs::Included).to_json()).unwrap();
    let mut turned = publication.clone();
    turned["rows"].as_array_mut().unwrap().swap(0, 1);
    let report = check(&text(&turned));
    assert!(steps(&report).contains(&("integrity", "/rows/1/territory/id".into())));
    assert!(steps(&report).contains(&("integrity", "/head/rows_root".into())));
    assert!(check(&remade(turned)).disagreements.iter().any(|found| found.pointer == "/rows/1/territory/id"));
    // White space and the order of members say nothing.
    let spaced = serde_json::to_string_pretty(&publication).unwrap();
    let report = check(&spaced);
    assert!(report.verified && !report.canonical);
    // A row that is left out, and one that is not of the cohort.
    let mut fewer = publication;
    fewer["rows"].as_array_mut().unwrap().remove(2);
    assert!(steps(&check(&text(&fewer))).contains(&("integrity", "/head/rows".into())));
}

#[test]
fn a_methodology_cannot_borrow_a_name() {
    let own = bareme::catalogue::observatoire_instagram_2017_10();
    let forged = own.to_json().replacen("\"weight\":5", "\"weight\":1", 1);
    assert_ne!(forged, own.to_json());
    let forged = bareme::Methodology::from_json(forged.as_bytes()).unwrap();
    let cohort = cohort(&json!({
        "language": "bareme/1", "document": "cohort", "period": {"from": "2026-10-01", "to": "2026-10-31"},
        "territories": [{"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326}],
        "accounts": [{"territory": "06083", "network": "instagram",
            "metrics": {"followers": 18700, "following": 350, "posts": 31, "likes": 9000, "comments": 240}}],
    }))
    .unwrap();
    let report = check(&published(&forged.score(cohort).unwrap(), Inputs::Included).to_json());
    assert_eq!(steps(&report), [("methodology", "/methodologies/0".to_owned())]);
}

fn faults(publication: &Value) -> Faults {
    Published::from_json(publication.to_string().as_bytes()).unwrap_err()
}

#[test]
fn every_fault_of_a_document_at_once() {
    let publication: Value = serde_json::from_str(&published(&scoring(), Inputs::Included).to_json()).unwrap();
    let one = |pointer: &str, value: Value| codes(&faults(&with(publication.clone(), pointer, value)));
    let at = |place: &str, code: Code| vec![(place.to_owned(), code.to_string())];
    assert_eq!(one("/language", json!("bareme/2")), at("/language", Code::LanguageUnsupported));
    assert_eq!(one("/head/language", json!("bareme/2")), at("/head/language", Code::LanguageUnsupported));
    assert_eq!(one("/document", json!("cohort")), at("/document", Code::UnknownValue));
    assert_eq!(one("/sha256", json!("00")), at("/sha256", Code::OutOfRange));
    assert_eq!(one("/head/rows", json!(-1)), at("/head/rows", Code::WrongType));
    assert_eq!(one("/head/inputs", json!("none")), at("/head/inputs", Code::UnknownValue));
    assert_eq!(one("/head/notes", json!([])), at("/head/notes", Code::OutOfRange));
    assert_eq!(one("/head/synthetic", json!(false)), at("/head/synthetic", Code::OutOfRange));
    assert_eq!(one("/rows/0/synthetic", json!(false)), at("/rows/0/synthetic", Code::OutOfRange));
    assert_eq!(one("/reference", Value::Null), at("(document)", Code::MissingField));
    assert_eq!(one("/rows", json!([])), at("/rows", Code::OutOfRange));
    assert_eq!(one("/methodologies", json!([])), at("/methodologies", Code::OutOfRange));
    assert_eq!(one("/rows", json!({})), at("/rows", Code::WrongType));
    assert_eq!(one("/rows/1/zzz", json!(1)), at("/rows/1/zzz", Code::UnknownField));
    assert_eq!(
        one("/rows/1/inputs_sha256", publication["sha256"].clone()),
        at("/rows/1/inputs_sha256", Code::NotAllowedHere)
    );
    assert!(one("/methodologies/0/views", json!([])).iter().all(|(place, _)| place.starts_with("/methodologies/0/")));
    assert!(one("/methodologies/0/index/id", json!(1))[0].0.starts_with("/methodologies/0/index/id"));
    let mut two = with(publication.clone(), "/head/rows", json!("8"));
    two["rows"][3]["result"]["ranks"]["best"]["stratum"] = json!([1]);
    two["rows"][7]["status"] = json!("perfect");
    assert_eq!(codes(&faults(&two)).len(), 3);
    let hidden: Value = serde_json::from_str(&published(&scoring(), Inputs::Digest).to_json()).unwrap();
    let said = codes(&faults(&with(hidden.clone(), "/rows/0/territory/population", json!(1))));
    assert_eq!(said, at("/rows/0/territory/population", Code::NotAllowedHere));
    let said = codes(&faults(&with(hidden, "/rows/0/inputs_sha256", Value::Null)));
    assert_eq!(said, at("/rows/0", Code::MissingField));
    assert!(Published::from_json(b"{\"document\":\"receipt\"}").is_err());
    assert!(Published::from_json(b"[]").is_err());
    let receipt = published(&scoring(), Inputs::Included).receipt("01001", true).unwrap().to_json();
    assert_eq!(codes(&Publication::from_json(receipt.as_bytes()).unwrap_err()), at("/document", Code::UnknownValue));
}

/// What a change of one character at `offset` must be told by: the pointers that may name it.
fn whereabouts(text: &str, offset: usize) -> Vec<String> {
    let members = [
        "document",
        "envelope",
        "head",
        "language",
        "methodologies",
        "proof",
        "reference",
        "roll_ups",
        "rows",
        "row",
        "sha256",
    ];
    let value: Value = serde_json::from_str(text).unwrap();
    let mut at = 1;
    for name in members {
        let Some(member) = value.get(name) else { continue };
        let member_text = self::text(&json!({ name: member }));
        let end = at + member_text.len() - 1;
        if offset < end {
            if name == "rows" {
                let mut inside = at + "\"rows\":[".len();
                for (place, row) in member.as_array().unwrap().iter().enumerate() {
                    inside += self::text(row).len() + 1;
                    if offset < inside {
                        return vec![format!("/rows/{place}")];
                    }
                }
            }
            // A head and its digest accuse each other.
            return match name {
                "head" | "sha256" => vec!["/head".into(), "/sha256".into()],
                "methodologies" => vec!["/methodologies".into(), "/head/methodology".into()],
                _ => vec![format!("/{name}")],
            };
        }
        at = end;
    }
    vec![String::new()]
}

fn flipped(text: &str, offset: usize, to: u8) -> Result<(), TestCaseError> {
    let mut bytes = text.as_bytes().to_vec();
    let offset = offset % bytes.len();
    if bytes[offset] == to {
        return Ok(());
    }
    bytes[offset] = to;
    let report = match verify(&bytes, &VerifyOptions { disagreements: 10_000, ..VerifyOptions::default() }) {
        Ok(report) => report,
        Err(faults) => {
            prop_assert!(!faults.is_empty());
            return Ok(());
        }
    };
    let places = whereabouts(text, offset);
    let same = std::str::from_utf8(&bytes).ok().and_then(|altered| serde_json::from_str::<Value>(altered).ok())
        == serde_json::from_str::<Value>(text).ok();
    if same {
        // Another way to write the same value.
        prop_assert!(report.verified && !report.canonical);
    } else if places == ["/envelope"] && report.verified {
        // The envelope's own words are nobody's but the sender's.
        prop_assert!(report.signature.is_some_and(|signature| signature.valid));
    } else {
        prop_assert!(!report.verified);
        let named =
            report.disagreements.iter().any(|found| places.iter().any(|place| found.pointer.starts_with(place)));
        prop_assert!(named, "{places:?} {:#?}", report.disagreements);
    }
    Ok(())
}

fn signed() -> Publication {
    let mut options = PublicationOptions::default();
    options.envelope.time = Some("2026-11-24T12:00:00Z".into());
    let mut publication = scoring().publication(&options).unwrap();
    publication.sign(&key());
    publication
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn one_altered_character_is_found(offset in any::<usize>(), to in 0x20_u8..0x7f, digit in any::<bool>()) {
        thread_local!(static TEXT: String = signed().to_json());
        let to = if digit { b'0' + to % 10 } else { to };
        TEXT.with(|text| flipped(text, offset, to))?;
    }

    #[test]
    fn one_altered_character_of_a_receipt_is_found(offset in any::<usize>(), to in 0x20_u8..0x7f, digit in any::<bool>()) {
        thread_local!(static TEXT: String = signed().receipt("01004", true).unwrap().to_json());
        let to = if digit { b'0' + to % 10 } else { to };
        TEXT.with(|text| flipped(text, offset, to))?;
    }
}

proptest! {
    #[test]
    fn any_scoring_is_published_and_verified(document in paths::document(), territories in paths::territories()) {
        let scoring = methodology(&document).unwrap().score(cohort(&territories).unwrap()).unwrap();
        for inputs in [Inputs::Included, Inputs::Digest] {
            let publication = published(&scoring, inputs);
            let depth = if inputs == Inputs::Included { 3 } else { 1 };
            verified(&check(&publication.to_json()), depth);
            let (territory, _) = publication.rows().next().unwrap();
            let receipt = publication.receipt(territory, true).unwrap().to_json();
            verified(&check(&receipt), depth.min(2));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Published::from_json(&bytes).is_err());
    }
}
