//! What is shown of a scoring: some territories, or one with what holds it back.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod common;

use std::fmt::Write as _;

use common::{COHORT, METHOD, file, folder, good, refused, run, text};
use serde_json::Value;

fn score(arguments: &[&str]) -> std::process::Output {
    run(&[&["score", COHORT, "-m", METHOD], arguments].concat())
}

/// The names of towns in a table, in its order, with their rank.
fn rows(table: &str) -> Vec<(String, String)> {
    let names = ["Menton", "Cannes", "Chaumont", "Laval", "=2+3", "Mayenne"];
    let cells = |line: &str| {
        let name = names.iter().find(|name| line.contains(&format!(" {name} ")))?;
        Some((line.split_whitespace().next()?.to_owned(), (*name).to_owned()))
    };
    table.lines().filter_map(cells).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(rank, name)| ((*rank).to_owned(), (*name).to_owned())).collect()
}

#[test]
fn filters_choose_what_is_shown_and_change_no_rank() {
    let all = rows(&good(&score(&["--lang", "fr", "--within", "cohort"])));
    assert_eq!(all.len(), 6);
    let south = good(&score(&["--lang", "fr", "--within", "cohort", "--region", "93"]));
    let expected: Vec<_> =
        all.iter().filter(|(_, name)| ["Menton", "Cannes"].contains(&name.as_str())).cloned().collect();
    assert_eq!(rows(&south), expected);
    assert!(south.contains("2 montrés sur 6"), "{south}");
    assert!(south.contains("Extrait : les rangs sont ceux de toute la cohorte."), "{south}");
    // Cannes is the third, though only two are shown.
    assert!(expected.iter().any(|(rank, _)| rank.parse::<u32>().is_ok_and(|rank| rank > 2)), "{expected:?}");
    assert_eq!(rows(&good(&score(&["--structure-type", "Département", "--lang", "fr"]))), pairs(&[("1", "Mayenne")]));
    assert_eq!(rows(&good(&score(&["--stratum", "departements"]))), pairs(&[("1", "Mayenne")]));
    assert_eq!(rows(&good(&score(&["--stratum", "towns", "--region", "52"]))), pairs(&[("–", "Laval")]));
}

#[test]
fn the_first_of_each_group_and_their_ties() {
    assert_eq!(rows(&good(&score(&["--top", "1"]))), pairs(&[("1", "Menton"), ("1", "Mayenne")]));
    let two = rows(&good(&score(&["--top", "2", "--by", "most-followed", "--within", "cohort"])));
    assert_eq!(two, pairs(&[("1", "Cannes"), ("2", "Menton")]));
    // The unranked are among no first ones.
    let all = rows(&good(&score(&["--top", "50"])));
    assert_eq!(all.iter().filter(|(rank, _)| rank == "–").count(), 0);
    let folder = folder("ties");
    let mut cohort = "territory,name,structure_type,population,network,followers,likes\n".to_owned();
    for (id, name, followers) in
        [("01001", "Menton", 9), ("01002", "Cannes", 5), ("01004", "Laval", 5), ("01005", "Chaumont", 1)]
    {
        writeln!(cohort, "{id},{name},commune,1000,instagram,{followers},1").expect("a line");
    }
    let path = file(&folder, "cohort.csv", cohort);
    let table = good(&run(&["score", &path, "-m", METHOD, "--by", "most-followed", "--top", "2"]));
    assert_eq!(rows(&table), pairs(&[("1", "Menton"), ("2", "Cannes"), ("2", "Laval")]));
}

#[test]
fn what_cannot_be_shown() {
    let said = refused(&score(&["--region", "99", "--stratum", "villages", "--structure-type", "ville"]));
    let starts: Vec<String> = said.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        starts,
        ["--region unknown_value", "--structure-type unknown_value", "--stratum unknown_value"],
        "{said}"
    );
    assert!(said.contains("one of: 44, 52, 84, 93") && said.contains("villes (Towns)"), "{said}");
    let said = refused(&score(&["--department", "06", "--lang", "fr"]));
    assert!(said.contains("une cohorte qui en indique"), "{said}");
    assert!(
        refused(&score(&["--region", "93", "--stratum", "departements"]))
            .starts_with("bareme: no territory of the cohort")
    );
    for arguments in [&["--top", "2"][..], &["--region", "93"], &["--territory", "Menton"]] {
        assert!(
            refused(&score(&[&["--format", "json"], arguments].concat())).contains("the JSON holds every territory")
        );
    }
    assert_eq!(score(&["--top", "0"]).status.code(), Some(2));
}

#[test]
fn the_csv_holds_what_is_shown() {
    let csv = good(&score(&["--format", "csv", "--region", "93"]));
    let whole = good(&score(&["--format", "csv"]));
    let expected: Vec<&str> = whole
        .lines()
        .filter(|line| !line.contains(',') || line.starts_with("territory") || line.starts_with("060"))
        .collect();
    assert_eq!(csv.lines().collect::<Vec<_>>(), expected);
    let one = good(&score(&["--format", "csv", "--territory", "menton"]));
    assert_eq!(one.lines().nth(1), expected.get(1).copied());
}

#[test]
fn regions_go_by_the_name_that_the_cohort_gives_them() {
    let folder = folder("names");
    let method = std::fs::read_to_string(METHOD).expect("a document").replace("\"departement\"", "\"region\"");
    let method = file(&folder, "method.json", method);
    let cohort = "territory,name,structure_type,population,region,network,followers,likes\n\
        R53,Bretagne,region,3400000,53,instagram,1000,10\n29232,Quimper,commune,64385,53,instagram,900,30\n\
        36024,Bretagne,commune,300,24,instagram,90,3\n";
    let cohort = file(&folder, "cohort.csv", cohort);
    let table =
        good(&run(&["score", &cohort, "-m", &method, "--lang", "fr", "--region", "BRETAGNE", "--within", "region"]));
    assert!(
        table.contains("Région Bretagne (53) (2 territoires)")
            && table.contains("Quimper")
            && !table.contains("Région 24"),
        "{table}"
    );
    // A commune of the same name is another territory.
    let said = refused(&run(&["score", &cohort, "-m", &method, "--territory", "bretagne"]));
    assert_eq!(
        said,
        "--territory ambiguous_territory several territories have this name; found: bretagne; \
         expected: one of: R53 (Bretagne, region), 36024 (Bretagne, commune); advice: give its id\n"
    );
    let card = good(&run(&["score", &cohort, "-m", &method, "--territory", "bretagne", "--structure-type", "commune"]));
    assert!(card.starts_with("Bretagne (36024)\n"), "{card}");
}

#[test]
fn one_territory_and_what_holds_it_back() {
    let card = good(&score(&["--territory", "cannes", "--lang", "fr"]));
    let lines: Vec<&str> = card.lines().collect();
    assert_eq!(lines[0], "Cannes (06029)");
    assert_eq!(lines[1], "Commune · 72\u{202f}000 habitants · Villes · région 93");
    assert!(lines[3].starts_with("essai@1 · BROUILLON, et non méthode officielle · méthode "), "{card}");
    let after = |heading: &str| {
        let start =
            lines.iter().position(|line| line.starts_with(heading)).unwrap_or_else(|| panic!("{heading} in {card}"));
        lines[start + 1..].iter().take_while(|line| !line.is_empty()).copied().collect::<Vec<_>>()
    };
    assert_eq!(after("Score\u{a0}: 33,3"), ["  3e sur 3, Villes", "  4e sur 4, tous ensemble"]);
    let elements = after("Ce qui retient le score");
    assert!(elements[0].contains("Valeur") && elements[0].ends_with("Points perdus"), "{card}");
    let lost: Vec<f64> = elements[2..elements.len() - 1]
        .iter()
        .map(|row| row.rsplit(' ').next().expect("a cell").replace(',', ".").parse().expect("a number"))
        .collect();
    assert!(lost.len() >= 3 && lost.windows(2).all(|pair| pair[0] >= pair[1]), "the costliest first: {card}");
    let total = elements[elements.len() - 1];
    assert!(total.starts_with("Total") && total.ends_with("100,0           33,3           66,7"), "{card}");
    assert!(card.contains("2,50") && card.contains('%') && card.contains("36\u{202f}000"), "{card}");
    let digest = good(&run(&["show", METHOD]));
    let digest = digest.split("sha256 ").nth(1).and_then(|rest| rest.split_whitespace().next()).expect("a digest");
    assert!(card.contains(digest), "{card}");
    let english = good(&score(&["--territory", "06029", "--lang", "en"]));
    assert!(
        english.contains("3 of 3, Towns")
            && english.contains("What holds the score back")
            && english.contains("36,000"),
        "{english}"
    );
}

#[test]
fn one_territory_without_a_score() {
    let card = good(&score(&["--territory", "Laval", "--lang", "fr"]));
    assert!(
        card.contains("Pas de score\u{a0}: ")
            && card.contains("pas de compte Instagram")
            && !card.contains("Points gagnés"),
        "{card}"
    );
}

#[test]
fn a_name_that_nobody_has() {
    assert_eq!(
        refused(&score(&["--territory", "Manton", "--lang", "fr"])),
        "--territory territory_not_found aucun territoire ne porte cet identifiant ou ce nom\u{a0}; trouvé\u{a0}: Manton\u{a0}; \
         attendu\u{a0}: l'identifiant ou le nom d'un territoire\u{a0}; conseil\u{a0}: vouliez-vous : 06083 (Menton, commune) ?\n"
    );
    assert!(!refused(&score(&["--territory", "Zanzibar"])).contains("did you mean"));
}

#[test]
fn all_networks_and_what_holds_back_in_each() {
    let folder = folder("all-networks");
    let mut cohort = "territory,name,structure_type,population,region,synthetic,from,to,network,followers,following,posts,likes,comments,shares,views\n".to_owned();
    for town in 0..20_u32 {
        let body = format!("062{town:02},Ville {town},commune,{},93,oui,2026-10-01,2026-10-31", 30_000 + town);
        for (network, factor) in [("facebook", 3), ("instagram", 2)] {
            let (followers, posts, likes) = (1000 * factor + 37 * town, 5 + town % 9, 300 + 41 * (town * 7 % 20));
            writeln!(cohort, "{body},{network},{followers},100,{posts},{likes},{},{},", likes / 9, likes / 11)
                .expect("a line");
        }
    }
    let path = file(&folder, "cohort.csv", &cohort);
    let arguments = ["score", &path, "-m", "territoires@2026.11", "--lang", "fr"];
    let card = good(&run(&[&arguments[..], &["--territory", "Ville 7"]].concat()));
    for expected in [
        "DONNÉES SYNTHÉTIQUES",
        "Réseau par réseau",
        "Instagram, engagement",
        "LinkedIn  ",
        "pas de compte",
        "\nInstagram\u{a0}: ",
        "échelle logarithmique",
    ] {
        assert!(card.contains(expected), "{expected} in {card}");
    }
    let nowhere = file(
        &folder,
        "nowhere.csv",
        format!("{cohort}06299,Nulle part,commune,30000,93,oui,2026-10-01,2026-10-31,,,,,,,,\n"),
    );
    let card_of = run(&["score", &nowhere, "-m", "territoires@2026.11", "--lang", "fr", "--territory", "nulle part"]);
    assert!(good(&card_of).contains("Pas de score\u{a0}: aucun compte sur les réseaux de la méthode"));
    for (population, fr, en) in [
        (0, "0 habitant ·", "0 inhabitants ·"),
        (1, "1 habitant ·", "1 inhabitant ·"),
        (2, "2 habitants ·", "2 inhabitants ·"),
    ] {
        let name = format!("of-{population}.csv");
        let path = file(&folder, &name, cohort.replace(",30007,", &format!(",{population},")));
        for (language, expected) in [("fr", fr), ("en", en)] {
            let arguments = ["score", &path, "-m", "territoires@2026.11", "--lang", language, "--territory", "Ville 7"];
            let card = good(&run(&arguments));
            assert!(
                card.contains(&format!("Commune · {expected}")) || card.contains(&format!("Municipality · {expected}")),
                "{card}"
            );
        }
    }
    // Points gained add up to the score, to the last decimal that is shown.
    let published = card.lines().find_map(|line| line.strip_prefix("Score\u{a0}: ")).expect("a score");
    let published = published.split(' ').next().expect("a number");
    let total = card.lines().find(|line| line.starts_with("Total")).expect("a total");
    assert_eq!(total.split_whitespace().nth(2), Some(published), "{card}");
    // Every output says that the numbers are invented.
    let table = text(&run(&arguments).stdout);
    assert!(table.contains("DONNÉES SYNTHÉTIQUES") && table.matches(", synthétique").count() == 20, "{table}");
    let csv = text(&run(&[&arguments[..], &["--format", "csv"]].concat()).stdout);
    assert!(csv.contains(";synthetic;methodology;") && csv.matches(";oui;territoires;").count() == 20, "{csv}");
    let json: Value =
        serde_json::from_str(&text(&run(&[&arguments[..], &["--format", "json"]].concat()).stdout)).expect("JSON");
    assert_eq!((&json["cohort"]["synthetic"], &json["territories"][3]["synthetic"]), (&true.into(), &true.into()));
    assert_eq!(json["territories"][3]["parts"][0]["territory"]["synthetic"], true);
    let reference: Value =
        serde_json::from_str(&good(&run(&["reference", &path, "-m", "territoires@2026.11"]))).expect("JSON");
    assert_eq!(reference["synthetic"], true);
    // Of observed numbers nothing says so.
    let csv = good(&score(&["--format", "csv"]));
    assert!(!csv.contains("synthetic"), "{csv}");
}
