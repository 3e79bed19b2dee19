//! The command as its users run it: the built binary, files, pipes and exit codes.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use common::{COHORT, METHOD, command, file, folder, good, refused, run, run_with, text};
use serde_json::Value;

/// Scores a cohort given on standard input.
fn score(input: &str, arguments: &[&str]) -> Output {
    run_with(input.as_bytes(), &[&["score", "-", "-m", METHOD], arguments].concat())
}

// Commands that say what there is.

#[test]
fn list() {
    let table = good(&run(&["list"]));
    assert!(table.starts_with("Id "), "{table}");
    assert!(
        table.lines().any(|line| line.starts_with("observatoire-instagram ")
            && line.contains(" 2017.10 ")
            && line.contains(" reconstruction ")),
        "{table}"
    );
    let french = good(&run(&["list", "--lang", "fr"]));
    assert!(french.contains("Statut") && french.contains("reconstitution"), "{french}");
    let list: Value = serde_json::from_str(&good(&run(&["list", "--format", "json"]))).expect("JSON");
    let first = &list.as_array().expect("an array")[0];
    for member in ["id", "version", "status", "title", "method_sha256", "document_sha256"] {
        assert!(first.get(member).is_some(), "{member}");
    }
}

#[test]
fn show_a_summary() {
    let summary = good(&run(&["show", METHOD, "--lang", "fr"]));
    assert!(
        summary.starts_with("Méthode d'essai\nessai@1 · BROUILLON, et non méthode officielle · méthode "),
        "{summary}"
    );
    for expected in [
        "100 * followers / population",
        "2 × Instagram (insta, moyenne, Instagram)",
        "1 × Engagement",
        "Villes (villes)",
        "followers >= 1",
        "most-followed : Les plus suivies",
    ] {
        assert!(summary.contains(expected), "{expected} is not in {summary}");
    }
    assert_eq!(summary.matches(" sha256 ").count(), 2);
}

#[test]
fn show_weights_that_differ() {
    let summary = good(&run(&["show", "territoires@2026.11", "--lang", "fr"]));
    let line = |start: &str| summary.lines().find(|line| line.trim_start().starts_with(start)).unwrap_or_default();
    assert!(summary.contains("      (selon la strate) × linkedin@2026.11\n"), "{summary}");
    assert!(
        line("Strate ").ends_with("facebook@2026.11  instagram@2026.11  linkedin@2026.11  youtube@2026.11"),
        "{summary}"
    );
    let weights = |start: &str| line(start).split_whitespace().rev().take(4).collect::<Vec<_>>();
    assert_eq!(weights("Villages "), ["0", "0", "2", "8"]);
    assert_eq!(weights("tous les autres "), ["1", "2", "3", "4"]);
    let page = good(&run(&["show", "facebook@2026.11", "--format", "markdown", "--lang", "en"]));
    for expected in [
        "| Reach (`reach`) | by structure type |",
        "| Structure type | Engagement | Reach | Shares | Audience |\n| --- | --- | --- | --- | --- |",
        "| Ministry | 5 | 0 | 2 | 5 |",
        "| all others | 5 | 4 | 2 | 1 |",
    ] {
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
}

#[test]
fn show_an_embedded_methodology() {
    // One version: it is shown. Several: they are listed.
    assert!(good(&run(&["show", "adverbia-facebook-regions"])).contains("RECONSTRUCTION, not an official method"));
    let versions = good(&run(&["show", "observatoire-instagram"]));
    assert!(
        versions.contains("2017.10") && versions.contains("2019.09") && !versions.contains("adverbia"),
        "{versions}"
    );
    let page = good(&run(&["show", "observatoire-instagram@2017.10", "--format", "markdown"]));
    assert!(page.starts_with("# "), "{page}");
    let document = good(&run(&["show", "observatoire-instagram@2017.10", "--format", "json"]));
    assert!(document.starts_with('{') && document.ends_with('}'), "the bytes that are digested, and no other");
    let said = refused(&run(&["show", "observatoire-instagram@2017.1", "--lang", "fr"]));
    assert!(
        said.starts_with("observatoire-instagram@2017.1 unknown_methodology ")
            && said.contains("« observatoire-instagram@2017.10 »"),
        "{said}"
    );
}

#[test]
fn a_methodology_in_a_file_pins_others() {
    let folder = folder("pins");
    let document = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/methodologies").join(name);
        fs::read_to_string(path).expect("a document")
    };
    // Those that bareme embeds are at hand; of others, the files that are given, in any order.
    let mut whole = document("territoires@2026.11.json");
    let path = file(&folder, "whole.json", &whole);
    assert!(good(&run(&["check", &path])).contains(": no fault (territoires@2026.11, "));
    let facebook = document("facebook@2026.11.json").replace("\"version\": \"2026.11\"", "\"version\": \"mine\"");
    let digest = |document: &str| {
        let read = bareme::Methodology::from_json(document.as_bytes()).expect("a methodology");
        read.method_digest().to_string()
    };
    let old = digest(&document("facebook@2026.11.json"));
    let place = whole.find(&old).expect("a pin");
    let version = whole[..place].rfind("2026.11").expect("its version");
    whole.replace_range(place..place + old.len(), &digest(&facebook));
    whole.replace_range(version..version + "2026.11".len(), "mine");
    let (path, other) = (file(&folder, "mine.json", &whole), file(&folder, "facebook.json", &facebook));
    assert!(refused(&run(&["check", &path])).contains("unknown_methodology"));
    good(&run(&["check", &path, "--with", &other]));
    good(&run(&["show", "--with", &other, &path]));
    let broken = file(&folder, "broken.json", "{");
    let said = refused(&run(&["check", &path, "--with", &other, "--with", &broken]));
    assert!(said.contains("broken.json:1:2 json_syntax"), "{said}");
}

#[test]
fn check() {
    let said = good(&run(&["check", METHOD]));
    assert!(
        said.starts_with("tests/data/method.json: no fault (essai@1, DRAFT, not an official method, method "),
        "{said}"
    );
    let method = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(METHOD)).expect("a document");
    let broken =
        method.replace("\"100 * likes / followers\"", "\"100 * lkes / followers\"").replace("\"half_up\"", "\"up\"");
    let said = refused(&run_with(broken.as_bytes(), &["check", "-", "--lang", "fr"]));
    assert!(said.lines().any(|line| line.starts_with("-:/publication/rounding unknown_value ")), "{said}");
    let said = refused(&run_with(b"{", &["check", "-"]));
    assert!(said.starts_with("-:1:2 json_syntax "), "{said}");
}

#[test]
fn schemas() {
    for kind in ["methodology", "cohort", "scoring", "reference"] {
        let schema: Value = serde_json::from_str(&good(&run(&["schema", kind]))).expect("JSON");
        assert!(schema.is_object());
    }
    assert_eq!(run(&["schema", "weather"]).status.code(), Some(2));
}

// Scores.

#[test]
fn a_table_for_people() {
    let table = good(&run(&["score", COHORT, "-m", METHOD, "--lang", "fr"]));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "Méthode d'essai");
    assert!(lines[1].starts_with("essai@1 · BROUILLON, et non méthode officielle · méthode "), "{table}");
    assert_eq!(lines[2], "Classement\u{a0}: Les plus performantes, par strate");
    assert!(lines.contains(&"Villes (3 classés sur 5)") && lines.contains(&"Départements (1 territoire)"), "{table}");
    let row = |start: &str| {
        *lines.iter().find(|line| line.trim_start().starts_with(start)).unwrap_or_else(|| panic!("{start} in {table}"))
    };
    assert!(row("1  Menton").contains("66,7") && row("1  Menton").contains("brouillon "), "{table}");
    // The unranked come last, with the reason.
    assert!(row("–  Laval").contains("pas de compte Instagram") && row("–  =2+3").contains("non éligible"), "{table}");
    assert!(table.find("Cannes") < table.find("Laval"));
}

#[test]
fn no_colour_when_piped() {
    for arguments in [
        &["list"][..],
        &["show", METHOD],
        &["check", METHOD],
        &["score", COHORT, "-m", METHOD],
        &["score", "no.csv", "-m", METHOD],
        &["--help"],
    ] {
        let output = run(arguments);
        assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b), "{arguments:?}");
    }
}

#[test]
fn another_ranking() {
    let table =
        good(&run(&["score", COHORT, "-m", METHOD, "--lang", "fr", "--by", "LES PLUS SUIVIES", "--within", "cohort"]));
    let order: Vec<usize> =
        ["Cannes", "Menton", "Mayenne", "Chaumont"].iter().map(|name| table.find(name).expect("a row")).collect();
    assert!(order.is_sorted(), "{table}");
    assert!(table.contains("36\u{202f}000") && table.contains("4 classés sur 6"), "{table}");
    assert_eq!(
        table,
        good(&run(&["score", COHORT, "-m", METHOD, "--lang", "fr", "--by", "most-followed", "--within", "cohort"]))
    );
    let regions = good(&run(&["score", COHORT, "-m", METHOD, "--within", "region+stratum"]));
    assert!(regions.contains("Towns · Region 93 (2 territories)"), "{regions}");
}

#[test]
fn unknown_rankings_are_refused_with_the_list() {
    let said = refused(&run(&["score", COHORT, "-m", METHOD, "--by", "beauty", "--within", "galaxy"]));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert_eq!(
        lines[0],
        "--by unknown_view the methodology does not declare this view; found: beauty; \
         expected: one of: performance (Best performing), most-followed (Most followed)"
    );
    assert!(lines[1].starts_with("--within unknown_value ") && lines[1].contains("structure_type"), "{said}");
    assert!(
        refused(&run(&["score", COHORT, "-m", METHOD, "--format", "json", "--by", "performance"]))
            .starts_with("bareme: --by")
    );
}

#[test]
fn csv_under_the_declared_ids() {
    let csv = good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv"]));
    let header: Vec<&str> = csv.lines().next().expect("a header").split(',').collect();
    assert_eq!(
        header[..7],
        ["territory", "name", "structure_type", "stratum", "region", "global.score", "global.published"]
    );
    for column in [
        "reach.instagram.raw",
        "reach.facebook.mark",
        "engagement.weight",
        "audience.raw",
        "performance.stratum.rank",
        "most-followed.cohort.of",
    ] {
        assert!(header.contains(&column), "{column} in {header:?}");
    }
    // What only orders a view has no mark and no weight, in any cohort.
    assert!(!header.contains(&"audience.mark") && !header.contains(&"audience.weight"), "{header:?}");
    assert_eq!(
        header[header.len() - 6..],
        ["flags", "flags.text", "methodology", "version", "status", "method_sha256"]
    );
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
    let cell = |row: usize, column: &str| {
        rows[row].get(header.iter().position(|name| *name == column).expect("a column")).expect("a cell")
    };
    assert_eq!(rows.len(), 6);
    assert_eq!((cell(0, "global.score"), cell(0, "global.published")), ("66.66255067810911", "66.7"));
    assert_eq!((cell(0, "performance.stratum.rank"), cell(0, "performance.stratum.of")), ("1", "3"));
    assert_eq!((cell(3, "global.score"), cell(3, "flags")), ("", "absent:facebook | absent:instagram"));
    for row in 0..rows.len() {
        assert_eq!((cell(row, "methodology"), cell(row, "version"), cell(row, "status")), ("essai", "1", "draft"));
        assert_eq!(cell(row, "method_sha256").len(), 64);
    }
}

#[test]
fn csv_ordered_by_another_ranking_has_its_ranks() {
    let csv =
        good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv", "--by", "most-followed", "--within", "region"]));
    let header = csv.lines().next().expect("a header");
    assert!(header.contains("most-followed.region.rank,most-followed.region.of"), "{header}");
    // And no other: the file of one ranking is for people.
    assert_eq!(header.matches(".rank").count(), 1, "{header}");
    let ids: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').next().expect("an id")).collect();
    assert_eq!(ids, ["52121", "53", "53130", "01001", "06029", "06083"]);
}

#[test]
fn what_a_spreadsheet_would_run_is_neutralised_and_read_back() {
    let csv = good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv"]));
    assert!(csv.contains("\n01001,'=2+3,commune,"), "{csv}");
    // A cohort that holds the neutralised name is the same cohort.
    let cohort = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(COHORT)).expect("a cohort");
    let neutralised = cohort.replace("=2+3", "'=2+3");
    assert_ne!(cohort, neutralised);
    assert_eq!(csv, good(&score(&neutralised, &["--format", "csv"])));
    let json = |cohort: &str| good(&score(cohort, &["--format", "json"]));
    assert_eq!(json(&cohort), json(&neutralised));
    // Numbers are never neutralised.
    assert!(!csv.contains("'-") && !csv.contains("'0"));
}

#[test]
fn csv_for_a_french_spreadsheet() {
    let csv = good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv", "--lang", "fr"]));
    assert!(csv.starts_with("\u{feff}territory;name;"), "{csv}");
    // As many cells in every row, and no decimal point in a number.
    let cells: Vec<Vec<&str>> = csv.lines().map(|line| line.split(';').collect()).collect();
    let header = cells.first().expect("a header");
    let texts = ["territory", "name", "flags.text", "version"];
    for row in cells.iter().skip(1) {
        assert_eq!(row.len(), header.len(), "{row:?}");
        let numbers = header.iter().zip(row).filter(|(name, _)| !texts.contains(*name));
        assert!(numbers.into_iter().all(|(_, cell)| !cell.contains('.')), "{row:?}");
    }
    assert!(csv.contains(";66,66255067810911;66,7;") && csv.contains("pas de compte Facebook"), "{csv}");
    let comma = good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv", "--lang", "fr", "--delimiter", ","]));
    assert!(comma.contains(",66.66255067810911,66.7,"), "{comma}");
    let semicolon = good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv", "--lang", "en", "--delimiter", ";"]));
    assert!(semicolon.starts_with("territory;name;") && semicolon.contains(";66.66255067810911;66.7;"), "{semicolon}");
}

#[test]
fn json_is_the_scoring_document() {
    let document: Value =
        serde_json::from_str(&good(&run(&["score", COHORT, "-m", METHOD, "--format", "json"]))).expect("JSON");
    assert_eq!((&document["document"], &document["methodology"]["status"]), (&"scoring".into(), &"draft".into()));
    let territories = document["territories"].as_array().expect("territories");
    assert_eq!(territories.len(), 6);
    assert!(
        territories.iter().all(|territory| territory["status"] == "draft" && territory["method_sha256"].is_string())
    );
    assert_eq!(territories[0]["indices"][0]["published"], "66.7");
}

#[test]
fn the_language_of_the_environment() {
    let with = |name: &str, value: &str, arguments: &[&str]| {
        text(&command(arguments).env(name, value).output().expect("the command runs").stdout)
    };
    assert!(with("LANG", "fr_FR.UTF-8", &["list"]).contains("Statut"));
    assert!(with("LC_ALL", "C", &["list"]).contains("Status"));
    assert!(with("LANG", "fr_FR.UTF-8", &["list", "--lang", "en"]).contains("Status"));
}

// Input.

const FRENCH: &str = "\u{feff}Code INSEE;Nom;Type de structure;Population;Région;Réseau;Abonnés;Mentions j’aime\r\n\
    06083;Menton;Commune;30000;93;Instagram;12000;600\r\n\
    06083;Menton;Commune;30000;93;Facebook;9000;\r\n\
    06029;Cannes;Commune;72000;93;Instagram;36000;900,5\r\n\
    06029;Cannes;Commune;72000;93;Facebook;7200;\r\n\
    52121;Chaumont;Commune;20000;44;Instagram;4000;400\r\n\
    53130;Laval;Commune;50000;52;;;\r\n\
    01001;=2+3;Commune;800;84;Instagram;0;0\r\n\
    53;Mayenne;Département;300000;52;Instagram;8000;120\r\n\
    ;;;;;;;\r\n";

#[test]
fn however_it_is_written_a_cohort_is_the_same() {
    let cohort = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(COHORT)).expect("a cohort");
    let expected = good(&run(&["score", COHORT, "-m", METHOD, "--format", "json"]));
    // French headers and labels, semicolons, decimal commas, a byte order mark, CRLF, a blank row at the end.
    assert_eq!(good(&score(FRENCH, &["--format", "json"])), expected);
    assert_eq!(good(&score(&FRENCH.replace(';', "\t"), &["--format", "json"])), expected);
    assert_eq!(good(&score(&FRENCH.replace('\u{feff}', "sep=;\r\n"), &["--format", "json"])), expected);
    assert_eq!(good(&score(&format!("\u{feff}{cohort}"), &["--format", "json"])), expected);
    assert_eq!(good(&score(&cohort.replace("Menton", "\"Menton\""), &["--format", "json"])), expected);
}

#[test]
fn json_from_standard_input() {
    let cohort = r#" {"language": "bareme/1", "document": "cohort",
        "territories": [{"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30000}],
        "accounts": [{"territory": "06083", "network": "instagram", "metrics": {"followers": 12000, "likes": 600}}]}"#;
    assert!(good(&score(cohort, &[])).contains("Menton"));
    let said = refused(&score(&cohort.replace("12000", "-1"), &["--lang", "fr"]));
    assert!(said.starts_with("-:/accounts/0/metrics/followers negative_value "), "{said}");
    let said = refused(&score(cohort, &["--from", "2026-06-01", "--to", "2026-07-01"]));
    assert!(said.starts_with("bareme: a JSON cohort holds its territories and its period"), "{said}");
}

#[test]
fn every_fault_of_a_table_at_once() {
    let cohort = "Code INSEE;Nom;Type;Population;Réseau;Abonnés;Mentions j’aime\n\
        06083;Menton;commune;30000;instagram;-5;600\n\
        06029;Cannes;commune;72000;instagramme;36000;900,5\n\
        52121;Chaumont;comune;20000;instagram;4000,5;400\n";
    let said = refused(&score(cohort, &["--lang", "fr"]));
    let mut starts: Vec<String> =
        said.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    starts.sort();
    assert_eq!(
        starts,
        [
            "-:2:Abonnés negative_value",
            "-:3:Réseau unknown_network",
            "-:4:Abonnés fractional_count",
            "-:4:Type unknown_structure_type"
        ],
        "{said}"
    );
    let line = said.lines().find(|line| line.starts_with("-:2:")).expect("a line");
    assert_eq!(
        line,
        "-:2:Abonnés negative_value un nombre négatif là où il ne peut y en avoir\u{a0}; trouvé\u{a0}: -5\u{a0}; \
         attendu\u{a0}: un nombre entier de 0 à 9007199254740991\u{a0}; \
         conseil\u{a0}: corrigez ce nombre, ou laissez vide s'il n'est pas connu"
    );
    let said = refused(&score(&cohort.replace("06083", "6083"), &["--lang", "fr"]));
    assert!(said.contains("-:2:Code INSEE lost_leading_zero ") && said.contains("écrivez 06083"), "{said}");
}

#[test]
fn rows_that_are_not_as_long_as_the_header() {
    let cohort = "territory,name,structure_type,population,network,followers,likes\n\
        06083,Menton,commune,30000,instagram,12000,600\n\
        06029,Cannes,commune,72000,instagram,36000,900,5\n\
        52121,Chaumont,commune\n";
    assert_eq!(
        refused(&score(cohort, &["--lang", "fr"])),
        "-:3:8 table_syntax ce tableau ne peut être lu\u{a0}; trouvé\u{a0}: 8\u{a0}; attendu\u{a0}: 7 cellules, comme l'en-tête\u{a0}; \
         conseil\u{a0}: mettez entre guillemets la cellule qui contient « , », ou supprimez les cellules en trop\n\
         -:4:population table_syntax ce tableau ne peut être lu\u{a0}; trouvé\u{a0}: 3\u{a0}; attendu\u{a0}: 7 cellules, comme l'en-tête\u{a0}; \
         conseil\u{a0}: ajoutez les cellules qui manquent, vides s'il le faut\n"
    );
}

#[test]
fn a_quote_that_is_never_closed() {
    let said = refused(&score("territory,name\n1,\"Menton\n2,Cannes\n", &[]));
    assert_eq!(
        said,
        "-:2:name table_syntax this table cannot be read; found: \"Menton; expected: a closing quote; \
         advice: close the quote that opens this cell; a quote inside a text is written twice\n"
    );
}

#[test]
fn nothing_to_score() {
    assert!(refused(&score("", &[])).starts_with("-:1:1 table_syntax "));
    let said = refused(&score("territory,name,structure_type,population,network,followers,likes\n", &[]));
    assert!(said.starts_with("-:1:territory empty_cohort "), "{said}");
}

#[test]
fn errors_for_programs() {
    let said = refused(&score("territory,name\n1\n2,a,b\n", &["--errors", "json", "--lang", "fr"]));
    let faults: Value = serde_json::from_str(&said).expect("JSON");
    let faults = faults.as_array().expect("an array");
    assert_eq!(faults.len(), 2);
    assert_eq!((&faults[0]["file"], &faults[0]["code"]), (&"-".into(), &"table_syntax".into()));
    assert_eq!(faults[0]["place"]["cell"], serde_json::json!({"row": 2, "column": "name"}));
    assert!(faults[0]["message"].as_str().is_some_and(|message| message.starts_with("ce tableau")));
    let said = refused(&run(&["check", "no-such-file.json", "--errors", "json"]));
    let faults: Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(
        (&faults[0]["code"], &faults[0]["message"]),
        (&Value::Null, &"no-such-file.json: no such file or folder".into())
    );
}

#[test]
fn files_that_are_no_utf8_csv() {
    let folder = folder("encodings");
    let windows = file(&folder, "windows.csv", b"territory;name\n25056;Besan\xe7on\n");
    let said = refused(&run(&["score", &windows, "-m", METHOD, "--lang", "fr"]));
    assert!(
        said.contains("windows.csv:2:12 table_syntax ") && said.contains("Besançon") && said.contains("CSV UTF-8"),
        "{said}"
    );
    let workbook = file(&folder, "workbook.xlsx", b"PK\x03\x04\x14\x00\xff\xfe");
    let said = refused(&run(&["score", &workbook, "-m", METHOD, "--lang", "fr"]));
    assert!(said.contains("un classeur de tableur"), "{said}");
}

#[test]
fn files_that_cannot_be_read() {
    assert_eq!(
        refused(&run(&["score", "no.csv", "-m", METHOD, "--lang", "fr"])),
        "bareme: no.csv\u{a0}: fichier ou dossier introuvable\n"
    );
    assert_eq!(refused(&run(&["score", "tests", "-m", METHOD])), "bareme: tests: this is a folder, not a file\n");
    let said = refused(&run(&["score", COHORT, "-m", "observatoire-instagram"]));
    assert!(
        said.starts_with("observatoire-instagram unknown_methodology ") && said.contains("add the version"),
        "{said}"
    );
}

#[test]
fn periods_given_as_arguments() {
    let said = refused(&run(&["score", COHORT, "-m", METHOD, "--from", "01/06/2026", "--to", "soon"]));
    let starts: Vec<String> = said.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(starts, ["--from invalid_date", "--to invalid_date"], "{said}");
    let table = good(&run(&["score", COHORT, "-m", METHOD, "--from", "2026-06-01", "--to", "2026-07-01"]));
    assert!(table.contains("From 2026-06-01 to 2026-07-01 excluded (30 days)"), "{table}");
}

#[test]
fn two_tables() {
    let folder = folder("two-tables");
    let territories = "id,nom,type,population\n06083,Menton,commune,30000\n06029,Cannes,commune,72000\n";
    let accounts = "territory,network,followers,likes\n06083,instagram,12000,600\n06029,instagram,36000,900.5\n";
    let (first, second) = (file(&folder, "accounts.csv", accounts), file(&folder, "territories.csv", territories));
    let table = good(&run(&["score", &first, "--territories", &second, "-m", METHOD]));
    assert!(table.contains("Menton") && table.contains("Cannes"), "{table}");
    // Each fault is under the file that has its column.
    let first = file(&folder, "accounts.csv", accounts.replace("36000", "x"));
    let second = file(&folder, "territories.csv", territories.replace("30000", "y"));
    let said = refused(&run(&["score", &first, "--territories", &second, "-m", METHOD]));
    assert!(said.lines().any(|line| line.contains("accounts.csv:3:followers not_a_number ")), "{said}");
    assert!(said.lines().any(|line| line.contains("territories.csv:2:population not_a_number ")), "{said}");
}

#[test]
fn faults_of_two_tables_are_under_the_file_of_their_table() {
    let folder = folder("two-tables-at-fault");
    // Both have the column, and only the place tells in which the fault is.
    let first =
        file(&folder, "accounts.csv", "territory,network,followers,likes\n06083,instagram,12000,600\n6029,x,1,2\n");
    let second = file(
        &folder,
        "territories.csv",
        "territory,nom,type,population\n06083,Menton,comune,30000\n6029,Cannes,commune,1\n",
    );
    let said = refused(&run(&["score", &first, "--territories", &second, "-m", METHOD]));
    let starts = |name: &str| said.lines().filter(|line| line.contains(&format!("/{name}:"))).count();
    assert_eq!((starts("accounts.csv"), starts("territories.csv")), (1, 2), "{said}");
    assert!(said.contains("territories.csv:3:territory lost_leading_zero "), "{said}");
}

#[test]
fn what_the_methodology_does_not_know_is_ignored_on_request() {
    let csv = "territory,name,structure_type,population,network,followers,likes,note\n\
        06083,Menton,commune,30000,instagram,12000,600,bien\n06083,Menton,commune,30000,myspace,1,2,\n";
    let said = refused(&score(csv, &["--lang", "fr"]));
    assert!(said.contains("-:1:note unknown_column ") && said.contains("-:3:network unknown_network "), "{said}");
    let output = score(csv, &["--lang", "fr", "--ignore-unknown"]);
    assert!(text(&output.stdout).contains("Menton"));
    let notice = "bareme: ignoré, car la méthode ne le connaît pas\u{a0}: colonne « note » (1 case remplie)\u{a0}; réseau « myspace » (1 compte)\n";
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), notice));
    let output = score(csv, &["--ignore-unknown", "--errors", "json"]);
    let list: Value = serde_json::from_str(&text(&output.stderr)).expect("JSON");
    assert_eq!(
        list[0]["message"],
        "ignored, as the methodology does not know it: column `note` (1 filled cell); network `myspace` (1 account)"
    );
    let json = r#"{"language": "bareme/1", "document": "cohort",
        "territories": [{"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30000}],
        "accounts": [{"territory": "06083", "network": "instagram", "metrics": {"followers": 12000, "likes": 600, "plays": 3}}]}"#;
    refused(&score(json, &[]));
    let output = score(json, &["--ignore-unknown"]);
    assert_eq!(
        text(&output.stderr),
        "bareme: ignored, as the methodology does not know it: metric `plays` (1 number)\n"
    );
    // Nothing to ignore, nothing said; and faults stay faults.
    good(&run(&["score", COHORT, "-m", METHOD, "--ignore-unknown"]));
    refused(&score(&csv.replace("12000", "-1"), &["--ignore-unknown"]));
}

#[test]
fn a_name_cannot_drive_the_terminal() {
    let cohort = "territory,name,structure_type,population,network,followers,likes\n06083,Men\u{202e}ton,commune,30000,instagram,12000,600\n";
    let output = score(cohort, &[]);
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(!said.contains('\u{202e}'), "{said}");
    let said = refused(&score("territory,na\u{1b}[31mme\n1,2\n", &[]));
    assert!(!said.contains('\u{1b}'), "{said}");
}

// Where results are written.

#[test]
fn a_file_is_written_in_one_go_or_not_at_all() {
    let folder = folder("output");
    let path = file(&folder, "scores.csv", "before");
    let written = || fs::read_to_string(folder.join("scores.csv")).expect("a file");
    let bad = file(&folder, "bad.csv", "territory,name\n1\n");
    refused(&run(&["score", &bad, "-m", METHOD, "-o", &path]));
    assert_eq!(written(), "before");
    let absent = folder.join("absent.csv");
    refused(&run(&["score", &bad, "-m", METHOD, "-o", absent.to_str().expect("a path")]));
    assert!(!absent.exists());
    // The extension says which format.
    assert_eq!(good(&run(&["score", COHORT, "-m", METHOD, "-o", &path])), "");
    assert_eq!(written(), good(&run(&["score", COHORT, "-m", METHOD, "--format", "csv"])));
    let json = folder.join("scores.json");
    good(&run(&["score", COHORT, "-m", METHOD, "-o", json.to_str().expect("a path")]));
    assert!(serde_json::from_str::<Value>(&fs::read_to_string(json).expect("a file")).is_ok());
    let mut names: Vec<_> =
        fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    names.sort();
    assert_eq!(names, ["bad.csv", "scores.csv", "scores.json"], "no temporary file is left");
}

#[test]
fn places_that_cannot_be_written() {
    let folder = folder("unwritable");
    let inside = folder.join("no").join("scores.csv");
    let said = refused(&run(&["score", COHORT, "-m", METHOD, "-o", inside.to_str().expect("a path"), "--lang", "fr"]));
    assert!(said.ends_with("scores.csv\u{a0}: fichier ou dossier introuvable\n"), "{said}");
    let said = refused(&run(&["score", COHORT, "-m", METHOD, "-o", folder.to_str().expect("a path")]));
    assert!(said.ends_with(": this is a folder, not a file\n"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_link_goes_on_pointing_to_its_file() {
    let folder = folder("link");
    file(&folder, "real.csv", "before");
    let link = folder.join("link.csv");
    std::os::unix::fs::symlink("real.csv", &link).expect("a link");
    good(&run(&["score", COHORT, "-m", METHOD, "-o", link.to_str().expect("a path")]));
    assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    assert!(fs::read_to_string(folder.join("real.csv")).expect("a file").starts_with("territory,"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = command(&["schema", "methodology"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""));
}
