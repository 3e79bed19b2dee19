//! Every fault with its place, the three ways in, and what must not change a digest.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::known::Known;
use super::table::Rows;
use super::*;
use crate::document::{Digest, canonical};
use crate::error::{Code, Faults};
use crate::methodology::Methodology;

fn document() -> Value {
    let mark = json!({"method": "min_max", "within": "cohort", "low": {"statistic": "min"}, "high": {"statistic": "max"}, "clamp": true, "constant": 50});
    let indicator = |id: &str, formula: &str| json!({"id": id, "label": {"fr": id}, "formula": formula, "direction": "higher", "undefined": "leave_out", "unknown": "leave_out", "normalise": mark});
    json!({
        "language": "bareme/1", "document": "methodology", "id": "test", "version": "1", "status": "draft",
        "title": {"fr": "Essai"}, "period_days": 30,
        "structure_types": {"commune": {"label": {"fr": "Commune", "en": "Municipality"}}, "departement": {"label": {"fr": "Département"}}},
        "networks": {"instagram": {"label": {"fr": "Instagram"}}, "x": {"label": {"fr": "X (ex-Twitter)"}}},
        "metrics": {
            "followers": {"kind": "count", "measure": "stock", "label": {"fr": "Abonnés", "en": "Followers"}},
            "posts": {"kind": "count", "measure": "flow", "label": {"fr": "Publications"}},
            "rate": {"kind": "decimal", "measure": "flow", "label": {"fr": "Taux d’engagement"}},
        },
        "attributes": {"population_over_15": {"kind": "count", "label": {"fr": "Population de plus de 15 ans"}}, "area": {"kind": "decimal", "label": {"fr": "Superficie"}}},
        "strata": [
            {"id": "communes", "label": {"fr": "Les communes"}, "structure_types": ["commune"]},
            {"id": "departements", "label": {"fr": "Les départements"}, "structure_types": ["departement"]},
        ],
        "outside_strata": "leave_out",
        "eligibility": [{"id": "has-posted", "label": {"fr": "a publié"}, "require": "posts >= 1"}],
        "indicators": [indicator("reach", "followers / population_over_15 / days"), indicator("rate", "rate")],
        "index": {
            "id": "all", "label": {"fr": "tout"}, "aggregate": "arithmetic", "missing": "renormalise",
            "of": [
                {"weight": 1, "index": {"id": "on-instagram", "label": {"fr": "i"}, "network": "instagram", "absent": "leave_out", "aggregate": "arithmetic", "missing": "renormalise",
                    "of": [{"indicator": "reach", "weight": 1}, {"indicator": "rate", "weight": 1}]}},
                {"weight": 1, "index": {"id": "on-x", "label": {"fr": "x"}, "network": "x", "absent": "leave_out", "aggregate": "arithmetic", "missing": "renormalise",
                    "of": [{"indicator": "reach", "weight": 1}]}},
            ],
        },
        "ranking": {"order_by": "score", "ties": "competition", "tie_breakers": [], "within": ["cohort"]},
        "views": [{"id": "best", "label": {"fr": "les meilleurs"}, "by": {"index": "all"}}],
        "publication": {"decimals": 1, "rounding": "half_up"},
    })
}

static METHODOLOGY: LazyLock<Methodology> = LazyLock::new(|| {
    Methodology::from_json(document().to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults}"))
});

/// A table out of lines whose cells are separated by `;`, the first holding the headers.
fn table(text: &str) -> Table<'static> {
    let mut lines = text.lines().map(|line| line.split(';').map(str::to_owned).collect::<Vec<_>>());
    let headers = lines.next().unwrap_or_default();
    let rows: Vec<Vec<String>> = lines.collect();
    let cells = |index: usize| rows.iter().map(move |row| row.get(index).cloned().unwrap_or_default());
    let columns =
        headers.into_iter().enumerate().map(|(index, name)| Column { name, cells: Cells::texts(cells(index)) });
    Table { columns: columns.collect(), first_row: 2, decimal_comma: false }
}

/// The cohort of tables, before the methodology is asked whether it will do.
fn parsed(
    accounts: Table<'_>,
    territories: Option<Table<'_>>,
    period: Option<Period>,
    methodology: &Methodology,
) -> Result<Cohort, Faults> {
    let Rows { cohort, faults, .. } = Rows::read(accounts, territories, period, &Known::of(methodology), None);
    match cohort {
        Some(cohort) => faults.into_result(cohort),
        None => Err(faults),
    }
}

fn read(text: &str) -> Result<Cohort, Faults> {
    parsed(table(text), None, None, &METHODOLOGY)
}

fn codes(faults: &Faults) -> Vec<(String, String)> {
    assert!(faults.iter().all(|fault| !fault.expected.fr.is_empty() && !fault.expected.en.is_empty()), "{faults}");
    faults.iter().map(|fault| (fault.place.to_string(), fault.code.to_string())).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(place, code)| ((*place).to_owned(), (*code).to_owned())).collect()
}

#[track_caller]
fn refused(text: &str, expected: &[(&str, &str)]) -> Faults {
    let faults = read(text).err().unwrap_or_default();
    assert_eq!(codes(&faults), pairs(expected), "{faults}");
    faults
}

#[track_caller]
fn refused_json(document: &Value, expected: &[(&str, &str)]) -> Faults {
    let faults = Cohort::from_json(document.to_string().as_bytes()).err().unwrap_or_default();
    assert_eq!(codes(&faults), pairs(expected), "{faults}");
    faults
}

#[allow(clippy::needless_pass_by_value, reason = "calls read better without ampersands before `json!`")]
fn cohort_json(territories: Value, accounts: Value) -> Value {
    json!({"language": "bareme/1", "document": "cohort", "territories": territories, "accounts": accounts})
}

fn commune(id: &str) -> Value {
    json!({"id": id, "name": "Nom", "structure_type": "commune"})
}

const LONG: &str = "\
territory;name;structure_type;population;population_vintage;department;region;stratum;stratum_reason;population_over_15;from;to;network;followers;posts;rate
06083;Menton;commune;30326;2021;06;93;;;25000;2026-06-01;2026-07-01;instagram;12000;25;1.5
06083;Menton;commune;30326;2021;06;93;;;25000;2026-06-01;2026-07-01;x;800;;
75;Paris;departement;2133111;2021;75;11;communes;ville et département;1800000;2026-06-01;2026-07-01;instagram;2500000;60;0.35
01001;L'Abergement;commune;;;01;84;;;;2026-06-01;2026-07-01;;;;";

fn long_json() -> Value {
    json!({
        "language": "bareme/1", "document": "cohort", "period": {"from": "2026-06-01", "to": "2026-07-01"},
        "territories": [
            {"id": "01001", "name": "L'Abergement", "structure_type": "commune", "department": "01", "region": "84"},
            {"id": "75", "name": "Paris", "structure_type": "departement", "population": 2_133_111, "population_vintage": "2021", "department": "75", "region": "11",
             "attributes": {"population_over_15": 1_800_000}, "stratum": {"id": "communes", "reason": "ville et département"}},
            {"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326, "population_vintage": "2021", "department": "06", "region": "93",
             "attributes": {"population_over_15": 25000}},
        ],
        "accounts": [
            {"territory": "75", "network": "instagram", "metrics": {"followers": 2_500_000, "posts": 60, "rate": 0.35}},
            {"territory": "06083", "network": "x", "metrics": {"followers": 800, "posts": null, "rate": null}},
            {"territory": "06083", "network": "instagram", "metrics": {"followers": 12000, "posts": 25, "rate": 1.50}},
        ],
    })
}

fn long_builder() -> CohortBuilder {
    let mut builder = CohortBuilder::new();
    let account = |territory: &str, network: &str, metrics: &[(&str, f64)]| Account {
        territory: territory.into(),
        network: network.into(),
        metrics: metrics.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect(),
        main: false,
    };
    let attribute = |value: f64| BTreeMap::from([("population_over_15".to_owned(), value)]);
    builder
        .account(&account("06083", "x", &[("followers", 800.0), ("posts", f64::NAN), ("rate", f64::NAN)]))
        .territory(&Territory {
            id: "06083".into(),
            name: "Menton".into(),
            structure_type: "commune".into(),
            population: Some(30326.0),
            population_vintage: Some("2021".into()),
            department: Some("06".into()),
            region: Some("93".into()),
            attributes: attribute(25000.0),
            ..Territory::default()
        })
        .territory(&Territory {
            id: "75".into(),
            name: "Paris".into(),
            structure_type: "departement".into(),
            population: Some(2_133_111.0),
            population_vintage: Some("2021".into()),
            department: Some("75".into()),
            region: Some("11".into()),
            attributes: attribute(1_800_000.0),
            stratum: Some(StratumOverride { stratum: "communes".into(), reason: "ville et département".into() }),
            formerly: None,
        })
        .territory(&Territory {
            id: "01001".into(),
            name: "L'Abergement".into(),
            structure_type: "commune".into(),
            department: Some("01".into()),
            region: Some("84".into()),
            population_vintage: Some(String::new()),
            ..Territory::default()
        })
        .account(&account("75", "instagram", &[("followers", 2_500_000.0), ("posts", 60.0), ("rate", 0.35)]))
        .account(&account("06083", "instagram", &[("followers", 12000.0), ("posts", 25.0), ("rate", 1.5)]))
        .period(Period::parse("2026-06-01", "2026-07-01").unwrap());
    builder
}

/// The territories and the accounts of [`LONG`] in tables of their own.
fn split(long: &Table<'static>) -> (Table<'static>, Table<'static>) {
    let position = |name: &str| long.columns.iter().position(|column| column.name == name).unwrap();
    let of_account = ["territory", "from", "to", "network", "followers", "posts", "rate"];
    let pick = |keep: &dyn Fn(&str) -> bool| Table {
        columns: long.columns.iter().filter(|column| keep(&column.name)).cloned().collect(),
        ..long.clone()
    };
    let accounts = pick(&|name| of_account.contains(&name));
    let mut territories = pick(&|name| name == "territory" || !of_account.contains(&name));
    let Cells::Text(ids) = &long.columns[position("territory")].cells else { panic!() };
    let mut seen = std::collections::BTreeSet::new();
    let firsts: Vec<usize> = (0..ids.len()).filter(|row| seen.insert(ids[*row].clone())).collect();
    territories.columns.iter_mut().for_each(|column| column.cells = rows(&column.cells, &firsts));
    (accounts, territories)
}

fn rows(cells: &Cells<'static>, order: &[usize]) -> Cells<'static> {
    match cells {
        Cells::Text(texts) => Cells::Text(order.iter().map(|row| texts[*row].clone()).collect()),
        Cells::Number(numbers) => Cells::binary64(order.iter().map(|row| numbers.values[*row]).collect::<Vec<_>>()),
        other => panic!("{other:?}"),
    }
}

fn permuted(table: &Table<'static>, order: &[usize]) -> Table<'static> {
    let columns =
        table.columns.iter().map(|column| Column { name: column.name.clone(), cells: rows(&column.cells, order) });
    Table { columns: columns.collect(), ..table.clone() }
}

#[test]
fn three_ways_in_one_digest() {
    let from_table = read(LONG).unwrap();
    let from_json = Cohort::from_json(long_json().to_string().as_bytes()).unwrap();
    let built = long_builder().build().unwrap();
    assert_eq!(canonical::text(&from_table.to_json()), canonical::text(&from_json.to_json()));
    assert_eq!(canonical::text(&from_table.to_json()), canonical::text(&built.to_json()));
    let digest = Digest::of(&from_table.to_json());
    assert_eq!([from_table.digest(), from_json.digest(), built.digest()], [digest; 3]);
    for cohort in [&from_table, &from_json, &built] {
        assert!(cohort.check(&METHODOLOGY).is_empty(), "{}", cohort.check(&METHODOLOGY));
        let again = Cohort::from_json(canonical::text(&cohort.to_json()).as_bytes()).unwrap();
        assert_eq!(again.digest(), digest);
    }
    assert_eq!(from_table.ids(), ["06083", "75", "01001"]);
    assert_eq!(from_table.networks().collect::<Vec<_>>(), ["instagram", "x"]);
    assert_eq!(from_table.accounts["instagram"].of_territory, [0, 1, NONE]);
    assert_eq!(from_table.accounts["x"].of_territory, [0, NONE, NONE]);
}

#[test]
fn the_whole_content_is_digested() {
    let digest = |document: Value| Cohort::from_json(document.to_string().as_bytes()).unwrap().digest();
    let mut seen = vec![digest(long_json())];
    for (pointer, value) in [
        ("/period/to", json!("2026-07-02")),
        ("/territories/0/id", json!("01002")),
        ("/territories/0/name", json!("Autre")),
        ("/territories/0/structure_type", json!("departement")),
        ("/territories/0/department", json!("02")),
        ("/territories/0/region", json!("85")),
        ("/territories/1/population", json!(null)),
        ("/territories/1/population_vintage", json!("2022")),
        ("/territories/1/attributes/population_over_15", json!(null)),
        ("/territories/1/stratum/reason", json!("autre")),
        ("/territories/1/stratum/id", json!("autre")),
        ("/accounts/0/network", json!("x")),
        ("/accounts/0/metrics/rate", json!(0.36)),
        ("/accounts/0/metrics/rate", json!(null)),
    ] {
        let mut changed = long_json();
        *changed.pointer_mut(pointer).unwrap() = value;
        let digest = digest(changed);
        assert!(!seen.contains(&digest), "{pointer}");
        seen.push(digest);
    }
}

#[test]
fn headers_and_names_as_people_write_them() {
    let french = LONG
        .replace("territory;name;structure_type;population;population_vintage;department;region;stratum;stratum_reason;population_over_15;from;to;network;followers;posts;rate",
                 "Code INSEE;NOM;Type de structure;Habitants;Millésime;Département;Région;Strate;Motif;Population de plus de 15 ans;Du;Fin exclue;Réseau social;Abonnés;PUBLICATIONS;Taux d'engagement")
        .replace(";commune;", ";COMMUNE;")
        .replace(";departement;", ";Département;")
        .replace(";communes;", ";les communes;")
        .replace(";instagram;", ";Instagram;")
        .replace(";x;", ";X (ex Twitter);");
    assert_eq!(read(&french).unwrap().digest(), read(LONG).unwrap().digest());
}

#[test]
fn columns_that_say_nothing_change_nothing() {
    let digest = read(LONG).unwrap().digest();
    let mut wider = table(LONG);
    for column in &mut wider.columns {
        let Cells::Text(texts) = &mut column.cells else { panic!() };
        texts.insert(1, " ".into());
        texts.push(String::new().into());
    }
    let length = wider.columns[0].cells.len();
    wider.columns.insert(2, Column { name: "_note".into(), cells: Cells::binary64(vec![f64::NAN; length]) });
    wider.columns.push(Column { name: String::new(), cells: Cells::texts(vec![""; length]) });
    let cohort = parsed(wider.clone(), None, None, &METHODOLOGY).unwrap();
    assert_eq!(cohort.digest(), digest);
    wider.columns.push(Column {
        name: "  ".into(),
        cells: Cells::texts((0..length).map(|row| if row == 0 { "x" } else { "" })),
    });
    let faults = parsed(wider, None, None, &METHODOLOGY).unwrap_err();
    assert_eq!(codes(&faults), pairs(&[("1:#19", "unknown_column")]));
}

#[test]
fn numbers_from_a_data_frame() {
    let mut frame = table(LONG);
    for column in &mut frame.columns {
        if ["population", "population_vintage", "population_over_15", "followers", "posts", "rate"]
            .contains(&column.name.as_str())
        {
            let Cells::Text(texts) = &column.cells else { panic!() };
            column.cells =
                Cells::binary64(texts.iter().map(|text| text.parse().unwrap_or(f64::NAN)).collect::<Vec<_>>());
        }
    }
    assert_eq!(parsed(frame.clone(), None, None, &METHODOLOGY).unwrap().digest(), read(LONG).unwrap().digest());

    // A column of codes that were read as numbers has lost its zeros, and says so.
    frame.first_row = 1;
    frame.columns[0].cells = Cells::binary64(vec![6083.0, 6083.0, 75.0, 1001.5]);
    frame.columns[13].cells = Cells::binary64(vec![f64::INFINITY, -0.0, 1.0, f64::NAN]);
    let faults = parsed(frame, None, None, &METHODOLOGY).unwrap_err();
    let expected = [
        ("4:territory", "wrong_type"),
        ("1:territory", "lost_leading_zero"),
        ("1:followers", "infinite_value"),
        ("4:territory", "missing_field"),
    ];
    assert_eq!(codes(&faults), pairs(&expected), "{faults}");
}

/// The columns of [`LONG`] as a data frame may hold them, by name.
fn typed(name: &str, texts: &[Cow<'static, str>]) -> Cells<'static> {
    let known = |text: &Cow<'static, str>| (!text.is_empty()).then(|| text.clone());
    let whole = |text: Option<Cow<'static, str>>| text.map(|text| text.parse::<i64>().unwrap());
    match name {
        "population" | "followers" => Cells::integers(texts.iter().map(known).map(whole)),
        "posts" => Cells::decimals(
            texts.iter().map(known).map(whole).map(|posts| posts.map(|posts| i128::from(posts) * 100)),
            2,
        ),
        "rate" => Cells::binary32(texts.iter().map(|text| text.parse().unwrap_or(f32::NAN))),
        "population_over_15" => Cells::written(texts.iter().map(ToString::to_string)),
        "from" | "to" => {
            let day = |text: Cow<'static, str>| i64::from(Date::parse(&text).unwrap().day_number());
            Cells::dates(texts.iter().map(|text| known(text).map(day)))
        }
        _ => {
            let mut distinct: Vec<Cow<'static, str>> = texts.iter().filter_map(known).collect();
            distinct.sort_unstable();
            distinct.dedup();
            let code = |text: &Cow<'static, str>| {
                distinct.binary_search(text).map_or(Cells::NOT_GIVEN, |place| u32::try_from(place).unwrap())
            };
            let codes = texts.iter().map(code).collect();
            Cells::Coded { codes, texts: distinct }
        }
    }
}

#[test]
fn columns_of_every_type_say_the_same() {
    let mut frame = table(LONG);
    frame.first_row = 1;
    for column in &mut frame.columns {
        let Cells::Text(texts) = &column.cells else { panic!() };
        column.cells = typed(&column.name, texts);
    }
    assert_eq!(parsed(frame, None, None, &METHODOLOGY).unwrap().digest(), read(LONG).unwrap().digest());
}

#[test]
fn every_fault_of_typed_columns() {
    let column = |name: &str, cells| Column { name: name.into(), cells };
    let same = |text: &'static str| Cells::texts([text; 3]);
    let other = || Cells::Other { len: 3, holds: "list<double>".into() };
    let frame = Table {
        columns: vec![
            column("territory", Cells::integers([Some(1_i128 << 60), Some(200_000_001), Some(1 << 70)])),
            column("name", same("x")),
            column("structure_type", same("commune")),
            column("network", same("instagram")),
            column("department", other()),
            column("followers", Cells::integers([Some(1_i64 << 53), Some(-1), None])),
            column("posts", Cells::decimals([Some(12_345_678_901_234_567_890), Some(150), Some(100)], 2)),
            column("rate", Cells::integers([Some(u64::MAX), Some(1), None])),
            column("population", other()),
            column("main", Cells::booleans([Some(true), Some(false), None])),
            column("_raw", other()),
        ],
        first_row: 1,
        decimal_comma: false,
    };
    let faults =
        Cohort::from_table(frame, None, Period::parse("2026-06-01", "2026-07-01").ok(), &METHODOLOGY).unwrap_err();
    let expected = [
        ("1:territory", "wrong_type"),
        ("3:territory", "wrong_type"),
        ("1:department", "wrong_type"),
        ("1:followers", "out_of_range"),
        ("1:posts", "number_not_representable"),
        ("1:rate", "number_not_representable"),
        ("1:population", "wrong_type"),
        ("1:population_over_15", "missing_metric"),
        ("1:territory", "missing_field"),
        ("3:territory", "missing_field"),
        ("2:followers", "negative_value"),
        ("2:posts", "fractional_count"),
    ];
    let mut found = codes(&faults);
    let mut expected = pairs(&expected);
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{faults}");
    let values: Vec<&str> = faults.iter().map(|fault| fault.value.as_str()).collect();
    assert!(values.contains(&"18446744073709551615") && values.contains(&"123456789012345678.90"), "{values:?}");
}

#[test]
fn every_fault_of_the_columns() {
    let faults = refused(
        "territoire;nom;Name;abonnes;folowers;metier\n1;a;b;1;2;3",
        &[
            ("1:Name", "duplicate_column"),
            ("1:folowers", "unknown_column"),
            ("1:metier", "unknown_column"),
            ("1:structure_type", "missing_column"),
            ("1:network", "missing_column"),
        ],
    );
    let advice: Vec<&str> = faults.iter().map(|fault| fault.advice.en.as_str()).collect();
    assert!(advice[1].starts_with("did you mean `followers`?"), "{}", advice[1]);
    assert!(advice[2].starts_with("correct its name"), "{}", advice[2]);

    refused(
        "",
        &[
            ("1:territory", "missing_column"),
            ("1:name", "missing_column"),
            ("1:structure_type", "missing_column"),
            ("1:network", "missing_column"),
        ],
    );
    refused("territory;name;structure_type;network", &[("1:territory", "empty_cohort")]);

    let mut uneven = table(LONG);
    uneven.columns[3].cells = Cells::texts(["x"]);
    let faults = parsed(uneven, None, None, &METHODOLOGY).unwrap_err();
    assert_eq!(codes(&faults), pairs(&[("1:population", "column_length")]));
}

#[test]
fn every_fault_of_the_cells() {
    refused(
        "territory;name;structure_type;population;network;followers;posts;rate;population_over_15
06083;Menton;commune;30 326;instagram;12,000;NA;2,5K;9007199254740993
1001;Abergement;commune;-3;instagram;12.000;1e400;inf;
06084;;;1.5;x;;;;
\u{7};Sans code;commune;;;;;;
;Sans code;commune;;instagram;1;;;
06085;Nulle part;commune;1e16;;5;;;",
        &[
            ("2:population", "not_a_number"),
            ("2:followers", "not_a_number"),
            ("3:followers", "not_a_number"),
            ("2:posts", "not_a_number"),
            ("3:posts", "number_not_representable"),
            ("2:rate", "not_a_number"),
            ("3:rate", "infinite_value"),
            ("2:population_over_15", "number_not_representable"),
            ("3:territory", "lost_leading_zero"),
            ("3:population", "negative_value"),
            ("4:name", "missing_field"),
            ("4:structure_type", "missing_field"),
            ("4:population", "fractional_count"),
            ("5:territory", "invalid_id"),
            ("6:territory", "missing_field"),
            ("7:population", "out_of_range"),
            ("7:network", "missing_field"),
        ],
    );
}

#[test]
fn a_lost_zero_is_given_back() {
    let faults =
        refused("territory;name;structure_type;network\n1001;A;Commune;", &[("2:territory", "lost_leading_zero")]);
    assert!(faults.iter().next().unwrap().advice.fr.starts_with("écrivez 01001"));
    assert!(read("territory;name;structure_type;network\n1001;A;departement;").is_ok());
    let faults = refused_json(
        &cohort_json(json!([commune("01001")]), json!([{"territory": "1001", "network": "x", "metrics": {}}])),
        &[("/accounts/0/territory", "unknown_territory")],
    );
    assert!(faults.iter().next().unwrap().advice.en.starts_with("write 01001"));
}

#[test]
fn rows_of_one_territory_must_agree() {
    let head = "territory;name;structure_type;population;region;stratum;stratum_reason;area;network;followers\n";
    refused(
        &format!(
            "{head}06083;Menton;commune;1;93;;;1;instagram;1\n06083;Mention;departement;2;;communes;parce que;;x;2"
        ),
        &[
            ("3:name", "conflicting_rows"),
            ("3:structure_type", "conflicting_rows"),
            ("3:region", "conflicting_rows"),
            ("3:stratum", "conflicting_rows"),
            ("3:stratum_reason", "conflicting_rows"),
            ("3:area", "conflicting_rows"),
            ("3:population", "conflicting_rows"),
        ],
    );
    refused(
        &format!("{head}1;A;departement;;;;;;;\n1;A;departement;;;;;;;"),
        &[("3:territory", "duplicate_territory")],
    );
    refused(&format!("{head}1;A;departement;;;;;;;\n1;A;departement;;;;;;x;1"), &[("3:network", "conflicting_rows")]);
    refused(&format!("{head}1;A;departement;;;communes; ;;x;1"), &[("2:stratum_reason", "override_without_reason")]);
    refused(&format!("{head}1;A;departement;;;;parce que;;x;1"), &[("2:stratum", "missing_field")]);
}

#[test]
fn two_tables() {
    let (accounts, territories) = split(&table(LONG));
    let cohort = parsed(accounts, Some(territories), None, &METHODOLOGY).unwrap();
    assert_eq!(cohort.digest(), read(LONG).unwrap().digest());

    let of = |accounts: &str, territories: &str| {
        codes(&parsed(table(accounts), Some(table(territories)), None, &METHODOLOGY).err().unwrap_or_default())
    };
    assert_eq!(
        of("territory;nom;network;followers\n1;a;x;1", "territory;name;structure_type;followers\n1;a;commune;1"),
        pairs(&[("1:nom", "unknown_column"), ("1:followers", "unknown_column")])
    );
    assert_eq!(
        of(
            "territory;network;followers\n1;x;1\n2;x;1\n;x;1\n1;;4",
            "code;name;structure_type\n1;a;commune\n1;b;commune\n;c;commune"
        ),
        pairs(&[
            ("3:code", "duplicate_territory"),
            ("4:code", "missing_field"),
            ("4:territory", "missing_field"),
            ("5:network", "missing_field"),
            ("3:territory", "unknown_territory"),
        ])
    );
    assert_eq!(
        of("network", "name"),
        pairs(&[
            ("1:territory", "missing_column"),
            ("1:territory", "missing_column"),
            ("1:structure_type", "missing_column")
        ])
    );
}

#[test]
fn the_period_of_a_table() {
    let with = |from: &str, to: &str, more: &str| {
        format!("territory;name;structure_type;network;du;to\n1;a;departement;x;{from};{to}{more}")
    };
    assert_eq!(read(&with("2026-06-01", "2026-07-01", "")).unwrap().period().unwrap().days(), 30);
    assert_eq!(read(&with("2026-06-01", "2026-07-01", "\n2;b;departement;x;;")).unwrap().period().unwrap().days(), 30);
    assert!(read(&with("", "", "")).unwrap().period().is_none());
    refused(&with("01/06/2026", "2026-06-31", ""), &[("2:du", "invalid_date"), ("2:to", "invalid_date")]);
    refused(&with("2026-07-01", "2026-07-01", ""), &[("2:to", "bounds_order")]);
    refused(&with("2026-06-01", "", ""), &[("1:to", "period_missing")]);
    refused(&with("", "juin", ""), &[("2:to", "invalid_date"), ("1:du", "period_missing")]);
    refused(
        &with("2026-06-01", "2026-07-01", "\n2;b;departement;x;2026-06-02;demain"),
        &[("3:du", "period_conflict"), ("3:to", "invalid_date")],
    );
    let given = Period::parse("2026-06-01", "2026-07-02").unwrap();
    let by = |text: &str| parsed(table(text), None, Some(given), &METHODOLOGY);
    assert_eq!(by(&with("", "", "")).unwrap().period(), Some(given));
    assert_eq!(codes(&by(&with("2026-06-01", "2026-07-01", "")).unwrap_err()), pairs(&[("2:du", "period_conflict")]));
}

#[test]
fn every_fault_of_a_document() {
    refused_json(&json!({"language": "bareme/2", "document": "cohort"}), &[("/language", "language_unsupported")]);
    refused_json(
        &json!({"language": "bareme/1", "document": "cohort", "x": 1}),
        &[("/x", "unknown_field"), ("(document)", "missing_field"), ("(document)", "missing_field")],
    );
    refused_json(&cohort_json(json!([]), json!([])), &[("/territories", "empty_cohort")]);
    let mut wrong = cohort_json(
        json!([
            commune("06083"), commune("06083"), commune("1001"), {"id": "gone", "name": 3, "structure_type": "commune"},
            {"id": " a", "name": "\n", "structure_type": "", "population": -1, "attributes": {"a/b": 1, "": 2}, "stratum": {"id": "s", "reason": " "}},
            {"id": "b", "name": "é".repeat(201), "structure_type": "t".repeat(65), "population": 1.5, "region": "r\u{1b}", "stratum": {"id": "", "reason": "x"}},
            {"id": "c", "name": "n", "structure_type": "commune", "population": 9_007_199_254_740_992_u64, "attributes": {"a": "1"}},
        ]),
        json!([
            {"territory": "06083", "network": "x", "metrics": {"a": null}}, {"territory": "06083", "network": "x", "metrics": {}},
            {"territory": "gone", "network": "x", "metrics": {}}, {"territory": "nobody", "network": "x", "metrics": {}},
            {"territory": "", "network": "x", "metrics": {}}, {"territory": "06083", "network": "", "metrics": {}},
            {"territory": "06083", "network": "y ", "metrics": {"\u{0}": 1}}, {"territory": "06083", "network": "z"},
        ]),
    );
    wrong["period"] = json!({"from": "2026-06-01", "to": "2026-02-29"});
    refused_json(
        &wrong,
        &[
            ("/period/to", "invalid_date"),
            ("/territories/1/id", "duplicate_territory"),
            ("/territories/2/id", "lost_leading_zero"),
            ("/territories/3/name", "wrong_type"),
            ("/territories/4/id", "invalid_id"),
            ("/territories/4/name", "missing_field"),
            ("/territories/4/name", "out_of_range"),
            ("/territories/4/structure_type", "missing_field"),
            ("/territories/4/population", "negative_value"),
            ("/territories/4/stratum/reason", "override_without_reason"),
            ("/territories/4/attributes/", "invalid_id"),
            ("/territories/5/name", "out_of_range"),
            ("/territories/5/structure_type", "invalid_id"),
            ("/territories/5/population", "fractional_count"),
            ("/territories/5/region", "out_of_range"),
            ("/territories/5/stratum/id", "missing_field"),
            ("/territories/6/attributes/a", "wrong_type"),
            ("/accounts/4/territory", "missing_field"),
            ("/accounts/5/network", "missing_field"),
            ("/accounts/6/network", "invalid_id"),
            ("/accounts/6/metrics/\0", "invalid_id"),
            ("/accounts/7", "missing_field"),
            ("/accounts/3/territory", "unknown_territory"),
        ],
    );
    let faults = refused_json(
        &cohort_json(json!([{"id": "c", "name": "n", "structure_type": "t", "population": 1e300}]), json!([])),
        &[("/territories/0/population", "out_of_range")],
    );
    assert!(faults.iter().next().unwrap().expected.en.ends_with("9007199254740991"));
    let bytes = br#"{"language": "bareme/1", "document": "cohort", "territories": [{"id": "a", "id": "b"}]}"#;
    assert_eq!(codes(&Cohort::from_json(bytes).unwrap_err()), pairs(&[("/territories/0/id", "duplicate_key")]));
}

#[test]
fn both_rows_of_a_duplicate_are_named() {
    let faults = refused_json(
        &cohort_json(json!([commune("a"), commune("b"), commune("a")]), json!([])),
        &[("/territories/2/id", "duplicate_territory")],
    );
    let fault = faults.iter().next().unwrap();
    assert!(
        fault.advice.fr.contains("/territories/0") && fault.advice.fr.contains("/territories/2"),
        "{}",
        fault.advice.fr
    );
}

#[test]
fn rows_of_a_builder_are_checked_alike() {
    let mut builder = CohortBuilder::new();
    let metrics = [("m".to_owned(), f64::NEG_INFINITY)].into();
    builder.account(&Account { territory: "a".into(), network: "x".into(), metrics, main: false }).territory(
        &Territory {
            id: "a".into(),
            name: "n".into(),
            structure_type: "t".into(),
            population: Some(f64::INFINITY),
            ..Territory::default()
        },
    );
    let faults = builder.build().unwrap_err();
    assert_eq!(
        codes(&faults),
        pairs(&[("/accounts/0/metrics/m", "infinite_value"), ("/territories/0/population", "infinite_value")])
    );
    assert_eq!(codes(&CohortBuilder::new().build().unwrap_err()), pairs(&[("/territories", "empty_cohort")]));
}

#[test]
fn limits_are_faults() {
    let attributes: BTreeMap<String, f64> = (0..=MAX_NAMES).map(|i| (format!("a{i}"), 1.0)).collect();
    let mut builder = CohortBuilder::new();
    builder.territory(&Territory {
        id: "a".into(),
        name: "n".into(),
        structure_type: "t".into(),
        attributes: attributes.clone(),
        ..Territory::default()
    });
    builder.account(&Account { territory: "a".into(), network: "x".into(), metrics: attributes, main: false });
    for i in 0..=MAX_NAMES {
        builder.account(&Account { territory: "a".into(), network: format!("n{i}"), ..Account::default() });
        builder.previous_account(&Account { territory: "a".into(), network: format!("n{i}"), ..Account::default() });
    }
    let faults = builder.build().unwrap_err();
    let expected = [
        ("/territories", "limit_exceeded"),
        ("/accounts", "limit_exceeded"),
        ("/accounts", "limit_exceeded"),
        ("/previous/accounts", "limit_exceeded"),
    ];
    assert_eq!(codes(&faults), pairs(&expected));

    let column = Column { name: "territory".into(), cells: Cells::binary64(vec![1.0; MAX_ROWS + 1]) };
    let faults = parsed(Table { columns: vec![column], first_row: 2, decimal_comma: false }, None, None, &METHODOLOGY)
        .unwrap_err();
    assert!(codes(&faults).contains(&("1:territory".into(), "limit_exceeded".into())));
}

#[test]
fn what_a_methodology_asks() {
    let check = |text: &str| codes(&read(text).unwrap_or_else(|faults| panic!("{faults}")).check(&METHODOLOGY));
    assert_eq!(
        check(
            "code;name;type;strate;motif;network;abonnés;publications;area\n1;a;comune;;;instagram;-1;0.5;-1.5\n2;b;comune;;;mastodon;9007199254740992;2;\n3;c;commune;commune;x;;;;"
        ),
        pairs(&[
            ("1:from", "period_missing"),
            ("2:type", "unknown_structure_type"),
            ("4:strate", "unknown_stratum"),
            ("2:abonnés", "negative_value"),
            ("2:publications", "fractional_count"),
            ("3:network", "unknown_network"),
            ("3:abonnés", "out_of_range"),
            ("1:population_over_15", "missing_metric"),
            ("1:rate", "missing_metric"),
        ])
    );
    let mut document = cohort_json(
        json!([{"id": "a", "name": "n", "structure_type": "commune", "attributes": {"population_over_15": -1, "unheard": 1}}]),
        json!([{"territory": "a", "network": "x", "metrics": {"unheard/of": 1, "folowers": 1}}]),
    );
    document["period"] = json!({"from": "2026-10-01", "to": "2026-11-01"});
    let cohort = Cohort::from_json(document.to_string().as_bytes()).unwrap();
    let faults = cohort.check(&METHODOLOGY);
    assert_eq!(
        codes(&faults),
        pairs(&[
            ("/period", "period_length"),
            ("/territories/0/attributes/population_over_15", "negative_value"),
            ("/territories/0/attributes/unheard", "unknown_metric"),
            ("/accounts/0/metrics/folowers", "unknown_metric"),
            ("/accounts/0/metrics/unheard~1of", "unknown_metric"),
            ("/accounts", "missing_metric"),
            ("/accounts", "missing_metric"),
        ]),
        "{faults}"
    );
    assert!(faults.iter().nth(3).unwrap().advice.en.starts_with("did you mean `followers`?"));
    // `rate` is only needed on instagram, `posts` (eligibility) wherever a criterion is computed.
    let missing: Vec<&str> =
        faults.iter().filter(|fault| fault.code == Code::MissingMetric).map(|fault| fault.value.as_str()).collect();
    assert_eq!(missing, ["followers", "posts"]);
}

#[test]
fn unknown_names_are_reported_once_with_their_number() {
    let rows: Vec<String> = (0..50).map(|i| format!("d{i};a;comune;x")).collect();
    let faults =
        read(&format!("territory;name;structure_type;network\n{}", rows.join("\n"))).unwrap().check(&METHODOLOGY);
    let fault = faults.iter().find(|fault| fault.code == Code::UnknownStructureType).unwrap();
    assert_eq!(fault.advice.fr, "vouliez-vous « commune » ? (50 fois dans la cohorte)");
    assert_eq!(faults.iter().filter(|fault| fault.code == Code::UnknownStructureType).count(), 1);
}

/// A cell of every sort: names, numbers, half-numbers, dates and noise.
fn cell() -> impl Strategy<Value = String> {
    let known = vec![
        "",
        " ",
        "06083",
        "1001",
        "commune",
        "Commune",
        "instagram",
        "x",
        "12 345",
        "1,5",
        "1.5",
        "NA",
        "-3",
        "2026-06-01",
        "01/06/2026",
        "'=x",
        "1e999",
        "inf",
        "communes",
    ];
    prop_oneof![4 => proptest::sample::select(known).prop_map(str::to_owned), 1 => any::<String>(), 1 => any::<f64>().prop_map(|x| x.to_string())]
}

fn header() -> impl Strategy<Value = String> {
    let known = vec![
        "territory",
        "nom",
        "type",
        "population",
        "region",
        "strate",
        "motif",
        "du",
        "to",
        "réseau",
        "principal",
        "previous.followers",
        "Abonnés (période précédente)",
        "followers",
        "posts",
        "rate",
        "area",
        "_x",
        "",
        "zzz",
    ];
    prop_oneof![9 => proptest::sample::select(known).prop_map(str::to_owned), 1 => any::<String>()]
}

fn any_table() -> impl Strategy<Value = Table<'static>> {
    let cells = prop_oneof![
        5 => proptest::collection::vec(cell(), 3).prop_map(Cells::texts),
        1 => proptest::collection::vec(any::<f64>(), 3).prop_map(Cells::binary64),
        1 => proptest::collection::vec(cell(), 0..5).prop_map(Cells::texts),
    ];
    let column = (header(), cells).prop_map(|(name, cells)| Column { name, cells });
    (proptest::collection::vec(column, 0..14), any::<usize>(), any::<bool>())
        .prop_map(|(columns, first_row, decimal_comma)| Table { columns, first_row, decimal_comma })
}

/// Sound rows, as text: up to 12 territories, each on none, one or both networks.
fn sound_rows() -> impl Strategy<Value = String> {
    let numbers = (0..3_u8, 0..5_000_u32, 0..50_u32, 0..1_000_u32, any::<bool>());
    proptest::collection::vec(numbers, 1..12).prop_map(|territories| {
        let mut text =
            "territory;name;structure_type;population;region;population_over_15;from;to;network;followers;posts;rate"
                .to_owned();
        for (id, (networks, followers, posts, rate, known)) in territories.into_iter().enumerate() {
            let body = format!(
                "\nt{id};Nom {id};commune;{};{};{followers};2026-06-01;2026-07-01",
                if known { "1000" } else { "" },
                id % 3
            );
            let names: &[&str] = [&[""][..], &["x"], &["instagram", "x"]][usize::from(networks)];
            for name in names {
                text.push_str(&body);
                let account = format!(";{name};{followers};{posts};{}", f64::from(rate) / 8.0);
                text.push_str(if name.is_empty() { ";;;;" } else { &account });
            }
        }
        text
    })
}

proptest! {
    #[test]
    fn no_table_panics(accounts in any_table(), territories in proptest::option::of(any_table())) {
        if let Ok(cohort) = parsed(accounts, territories, None, &METHODOLOGY) {
            let text = canonical::text(&cohort.to_json());
            prop_assert_eq!(cohort.digest(), Digest::of_bytes(text.as_bytes()));
            prop_assert_eq!(Cohort::from_json(text.as_bytes()).map(|again| again.digest()), Ok(cohort.digest()));
            drop(cohort.check(&METHODOLOGY));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Cohort::from_json(&bytes).is_err());
    }

    #[test]
    fn order_and_split_change_no_bit(text in sound_rows(), seed in any::<u64>()) {
        let long = table(&text);
        let cohort = parsed(long.clone(), None, None, &METHODOLOGY).unwrap();
        let mut order: Vec<usize> = (0..long.columns[0].cells.len()).collect();
        order.sort_by_key(|row| (u64::try_from(*row).unwrap() + 1).wrapping_mul(seed | 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29));
        let mut mixed = permuted(&long, &order);
        mixed.columns.rotate_left(usize::try_from(seed % 12).unwrap());
        prop_assert_eq!(parsed(mixed.clone(), None, None, &METHODOLOGY).unwrap().digest(), cohort.digest());
        let (accounts, territories) = split(&mixed);
        let split = parsed(accounts, Some(territories), None, &METHODOLOGY).unwrap();
        prop_assert_eq!(split.digest(), cohort.digest());
        for accounts in split.accounts.values() {
            prop_assert!(accounts.territory.is_sorted());
            prop_assert!(accounts.metrics.iter().all(|(_, column)| column.len() == accounts.territory.len()));
        }
    }
}
