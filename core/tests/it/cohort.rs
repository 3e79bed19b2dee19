//! Cohorts against methodologies that pin others, tables with unknown columns, and previous periods.

use bareme::cohort::{
    Account, Cells, Cohort, CohortBuilder, Column, Ignored, IgnoredKind, Period, Table, Territory, neutralised,
};
use bareme::error::{Faults, Place};
use bareme::{Digest, Methodology};
use serde_json::{Value, json};

use crate::common::{base, codes, cohort, methodology, territories, with};

fn pin(methodology: &Methodology, weight: u32) -> Value {
    let digest = methodology.method_digest().to_string();
    let pin = json!({"id": methodology.id(), "version": methodology.version(), "method_sha256": digest});
    json!({"methodology": pin, "absent": "leave_out", "weight": weight})
}

/// A document that knows little itself, and pins one that reads other names on another network.
fn pinning(change: impl Fn(Value) -> Value) -> Methodology {
    let text = base().to_string().replace("\"other\"", "\"video\"").replace("\"followers\"", "\"subscribers\"");
    let mut pinned: Value = serde_json::from_str(&text.replace(" followers", " subscribers")).unwrap();
    pinned["id"] = json!("pinned");
    pinned["indicators"][2]["formula"] = json!("subscribers");
    pinned["indicators"][0]["formula"] = json!("likes / subscribers");
    pinned["index"]["network"] = json!("video");
    pinned["structure_types"]["epci"] = json!({"label": {"fr": "EPCI"}});
    pinned["strata"][2]["id"] = json!("others");
    pinned["strata"][2]["structure_types"] = json!(["departement", "epci"]);
    pinned["metrics"]["subscribers"]["label"] = json!({"fr": "abonnés", "en": "subscribers"});
    pinned["attributes"]["beds"] = json!({"kind": "count", "label": {"fr": "lits"}});
    let pinned = methodology(&change(pinned)).unwrap_or_else(|faults| panic!("{faults}"));
    let mut whole = base();
    whole["index"] = json!({"id": "all", "label": {"fr": "tout"}, "aggregate": "arithmetic", "missing": "renormalise",
        "of": [pin(&pinned, 1), {"weight": 1, "index": base()["index"]}]});
    whole["views"][0]["by"]["index"] = json!("all");
    Methodology::from_json_with(whole.to_string().as_bytes(), &[pinned]).unwrap_or_else(|faults| panic!("{faults}"))
}

fn at(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

/// A table out of lines whose cells are separated by `;`.
fn table(text: &str) -> Table<'static> {
    Table::from_csv(text.as_bytes(), Some(b';')).unwrap_or_else(|faults| panic!("{faults}"))
}

fn read(text: &str, methodology: &Methodology) -> Result<Cohort, Faults> {
    Cohort::from_table(table(text), None, None, methodology)
}

#[test]
fn names_of_pinned_methodologies_are_known_and_their_needs_checked() {
    let whole = pinning(|document| document);
    let video = |metrics: Value| {
        let document =
            with(territories(), "/accounts/-", json!({"territory": "01001", "network": "video", "metrics": metrics}));
        let document = with(document, "/territories/0/attributes/beds", json!(12));
        let document = with(document, "/territories/7/structure_type", json!("epci"));
        let document = with(document, "/territories/1/stratum", json!({"id": "others", "reason": "essai"}));
        cohort(&document).unwrap().check(&whole)
    };
    let sound = json!({"subscribers": 5, "posts": 3, "likes": 2});
    assert!(video(sound).is_empty());
    assert_eq!(
        codes(&video(json!({"subscribers": -5, "posts": 3}))),
        [at("/accounts/8/metrics/subscribers", "negative_value"), at("/accounts", "missing_metric")]
    );
    // Alone, the pinning document knows none of these.
    let faults = codes(
        &cohort(&with(territories(), "/accounts/-", json!({"territory": "01001", "network": "video", "metrics": {}})))
            .unwrap()
            .check(&methodology(&base()).unwrap()),
    );
    assert_eq!(faults, [at("/accounts/8/network", "unknown_network")]);
    // Columns are found by the names of both.
    let text = "territory;name;structure_type;population;network;Followers;subscribers;posts;likes;lits\n1;a;commune;500;net;7;;3;4;1\n1;a;commune;500;video;;9;3;4;1";
    let read = read(text, &whole).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(read.networks().collect::<Vec<_>>(), ["net", "video"]);
}

#[test]
fn periods_and_kinds_that_documents_ask_differently() {
    let whole =
        pinning(|document| with(with(document, "/period_days", json!(31)), "/attributes/area/kind", json!("count")));
    let faults = cohort(&territories()).unwrap().check(&whole);
    assert_eq!(
        codes(&faults),
        [
            at("/period", "period_length"),
            at("/territories/0/attributes/area", "fractional_count"),
            at("/territories/4/attributes/area", "fractional_count"),
        ]
    );
}

#[test]
fn several_accounts_are_a_fault_of_whichever_document_refuses_them() {
    let document = with(
        territories(),
        "/accounts/-",
        json!({"territory": "01001", "network": "net", "metrics": {"followers": 1}}),
    );
    let given = cohort(&document).unwrap();
    let refused = [at("/accounts/7/network", "duplicate_account")];
    let document = with(document, "/accounts/7", Value::Null);
    let again = cohort(&document).unwrap();
    assert_ne!(given.digest(), again.digest());
    assert_eq!(codes(&again.check(&methodology(&base()).unwrap())), refused);
    // Both the document and the one that it pins refuse them: one fault.
    assert_eq!(
        codes(&again.check(&pinning(|pinned| with(pinned, "/index/network", json!("net"))))),
        [refused[0].clone(), at("/accounts", "missing_metric")]
    );
    let summing = methodology(&with(base(), "/several_accounts", json!("sum"))).unwrap();
    assert!(again.check(&summing).is_empty());
}

#[test]
fn everything_that_is_wrong_with_a_table_is_said_at_once() {
    let faults = read(
        "code;name;type;population;network;abonnés;publications;likes;inconnu\n\
         1;a;comune;5;net;-1;x;0,5;\n2;b;commune;;nett;12 000;2;3;\n2;b;commune;;net;1;2;3;\n2;b;commune;;net;2;2;3;\n;;;;;;;;",
        &methodology(&base()).unwrap(),
    )
    .unwrap_err();
    assert_eq!(
        codes(&faults),
        [
            at("1:inconnu", "unknown_column"),
            at("3:abonnés", "not_a_number"),
            at("2:publications", "not_a_number"),
            at("2:type", "unknown_structure_type"),
            at("2:abonnés", "negative_value"),
            at("2:likes", "fractional_count"),
            at("3:network", "unknown_network"),
            at("5:network", "duplicate_account"),
        ],
        "{faults}"
    );
    // What is missing is said too, unless a column that is not understood may be it.
    let missing =
        |text: &str| codes(&read(text, &methodology(&with(base(), "/period_days", json!(30))).unwrap()).unwrap_err());
    assert_eq!(
        missing("code;name;type;network;followers;posts\n1;a;commune;net;1;2"),
        [at("1:from", "period_missing"), at("1:likes", "missing_metric")]
    );
    assert_eq!(
        missing("code;name;type;network;followers;posts;aimes\n1;a;commune;net;1;2;3"),
        [at("1:aimes", "unknown_column")]
    );
}

#[test]
fn a_place_says_which_table() {
    let accounts = table("territory;network;followers;posts;likes\n1;net;x;2;3");
    let territories = table("territory;name;structure_type;population\n1;a;comune;y");
    let faults = Cohort::from_table(accounts, Some(territories), None, &methodology(&base()).unwrap()).unwrap_err();
    let tables: Vec<(String, Option<&str>)> = faults
        .iter()
        .map(|fault| match &fault.place {
            Place::Cell { row, column, table } => (format!("{row}:{column}"), *table),
            other => panic!("{other}"),
        })
        .collect();
    let second = Some("territories");
    assert_eq!(
        tables,
        [
            ("2:followers".to_owned(), None),
            ("2:population".to_owned(), second),
            ("2:structure_type".to_owned(), second)
        ]
    );
    let places: Vec<Value> = faults.iter().map(|fault| serde_json::to_value(&fault.place).unwrap()).collect();
    assert_eq!(places[0], json!({"cell": {"row": 2, "column": "followers"}}));
    assert_eq!(places[1], json!({"cell": {"row": 2, "column": "population", "table": "territories"}}));
}

#[test]
fn the_last_day_is_not_the_day_after_it() {
    for header in ["au", "Fin", "date de fin", "END", "jusqu’au"] {
        let text = format!(
            "code;name;type;network;followers;posts;likes;du;{header}\n1;a;commune;net;1;2;3;2026-06-01;2026-06-30"
        );
        let faults = read(&text, &methodology(&base()).unwrap()).unwrap_err();
        let unknown = faults.iter().find(|fault| fault.place.to_string() == format!("1:{header}")).unwrap();
        assert_eq!(unknown.code.as_str(), "unknown_column");
        assert!(unknown.advice.en.contains("the day after the last") && unknown.advice.fr.contains("le lendemain"));
    }
    for header in ["to", "Fin (exclue)", "fin exclue"] {
        let text = format!(
            "code;name;type;network;followers;posts;likes;du;{header}\n1;a;commune;net;1;2;3;2026-06-01;2026-07-01"
        );
        let period = read(&text.replace(['(', ')'], ""), &methodology(&base()).unwrap()).unwrap().period().unwrap();
        assert_eq!(period.days(), 30);
    }
}

#[test]
fn what_is_not_known_is_left_out_on_request_and_named() {
    let methodology = methodology(&base()).unwrap();
    let ignored = |kind, name: &str, count| Ignored { kind, name: name.to_owned(), count };
    let mut document = territories();
    for (pointer, value) in [
        ("/accounts/-", json!({"territory": "01001", "network": "myspace", "metrics": {"friends": 5}})),
        ("/accounts/0/metrics/plays", json!(3)),
        ("/accounts/1/metrics/jumps", json!(2)),
        ("/territories/0/attributes/beds", json!(3)),
        (
            "/previous",
            json!({"accounts": [{"territory": "01001", "network": "myspace", "metrics": {}}, {"territory": "01001", "network": "net", "metrics": {"plays": 9}}]}),
        ),
    ] {
        document = with(document, pointer, value);
    }
    let given = cohort(&document).unwrap();
    assert!(!given.check(&methodology).is_empty());
    let (restricted, left_out) = given.restricted_to(&methodology);
    assert_eq!(
        left_out,
        [
            ignored(IgnoredKind::Network, "myspace", 2),
            ignored(IgnoredKind::Metric, "jumps", 1),
            ignored(IgnoredKind::Metric, "plays", 2),
            ignored(IgnoredKind::Attribute, "beds", 1)
        ]
    );
    assert!(restricted.check(&methodology).is_empty(), "{}", restricted.check(&methodology));
    assert_eq!(restricted.restricted_to(&methodology).1, []);
    assert_eq!(left_out[0].text().fr, "réseau « myspace » (2 comptes)");
    assert_eq!(left_out[3].text().en, "attribute `beds` (1 number)");

    let text = "code;name;type;population;network;followers;posts;likes;Remarque\n1;a;commune;5;net;1;2;3;bien\n1;a;commune;5;myspace;;;;\n2;b;commune;5;;;;;";
    assert!(read(text, &methodology).is_err());
    let (lenient, left_out) = Cohort::from_table_ignoring_unknown(table(text), None, None, &methodology).unwrap();
    assert_eq!(left_out, [ignored(IgnoredKind::Column, "Remarque", 1), ignored(IgnoredKind::Network, "myspace", 1)]);
    assert_eq!(left_out[0].text().en, "column `Remarque` (1 filled cell)");
    assert_eq!(lenient.networks().collect::<Vec<_>>(), ["net"]);
    // Faults stay faults, and so do structure types: leaving them out would leave out territories.
    let faults = Cohort::from_table_ignoring_unknown(
        table(&text.replace("b;commune", "b;comune").replace(";1;2;3;", ";-1;2;3;")),
        None,
        None,
        &methodology,
    )
    .unwrap_err();
    assert_eq!(codes(&faults), [at("4:type", "unknown_structure_type"), at("2:followers", "negative_value")]);
}

#[test]
fn a_label_that_means_two_columns_names_neither() {
    let document = with(base(), "/metrics/posts/label/fr", json!("Abonnés"));
    let methodology = methodology(&document).unwrap();
    let text = "code;name;type;population;network;followers;posts;likes;Abonnés\n1;a;commune;5;net;1;2;3;4";
    let of = |faults: Faults| (codes(&faults), faults.iter().next().unwrap().advice.en.clone());
    let (found, advice) = of(read(text, &methodology).unwrap_err());
    assert_eq!(found, [at("1:Abonnés", "unknown_column")]);
    assert!(advice.starts_with("this name means several possible columns"), "{advice}");
    // Nobody asked for it to be left out: it is known twice.
    assert_eq!(of(Cohort::from_table_ignoring_unknown(table(text), None, None, &methodology).unwrap_err()).0, found);
}

#[test]
fn the_main_account_in_a_table() {
    let methodology = methodology(&with(base(), "/several_accounts", json!("main"))).unwrap();
    let text = |marks: [&str; 3]| {
        let rows = marks.iter().enumerate().map(|(row, mark)| format!("\n1;a;commune;5;net;{row};2;3;{mark}"));
        format!("code;name;type;population;network;followers;posts;likes;Principal{}", rows.collect::<String>())
    };
    for (yes, no) in [("1", "0"), ("true", "false"), ("Oui", "NON"), ("vrai", ""), ("yes", "no")] {
        let cohort = read(&text([no, yes, no]), &methodology).unwrap_or_else(|faults| panic!("{faults}"));
        let json = serde_json::from_str::<Value>(&bareme::document::canonical::text(&cohort.to_json())).unwrap();
        let marked: Vec<&Value> =
            json["accounts"].as_array().unwrap().iter().filter(|account| account["main"] == true).collect();
        assert_eq!((marked.len(), &marked[0]["metrics"]["followers"]), (1, &json!(1)));
    }
    let refuse = |marks| codes(&read(&text(marks), &methodology).unwrap_err());
    assert_eq!(refuse(["", "", ""]), [at("2:Principal", "duplicate_account")]);
    assert_eq!(refuse(["oui", "", "1"]), [at("2:Principal", "duplicate_account")]);
    assert_eq!(refuse(["", "peut-être", "1"]), [at("3:Principal", "unknown_value")]);
    assert_eq!(
        codes(
            &read("code;name;type;network;principal;followers;posts;likes\n1;a;commune;;oui;;;", &methodology)
                .unwrap_err()
        ),
        [at("2:network", "missing_field")]
    );
}

/// A methodology whose only formula is that of growth.
fn growth() -> Methodology {
    let document = with(base(), "/indicators/0/formula", json!("followers / previous.followers"));
    methodology(&document).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn the_previous_period_in_a_table() {
    let text = |header: &str| {
        format!(
            "code;name;type;population;network;followers;posts;likes;{header}\n1;a;commune;5;net;20;2;3;10\n2;b;commune;5;net;20;2;3;"
        )
    };
    let digest = read(&text("previous.followers"), &growth()).unwrap_or_else(|faults| panic!("{faults}")).digest();
    for header in [
        "followers_previous",
        "Abonnés précédents",
        "abonnés (période précédente)",
        "Followers (previous period)",
        "PREVIOUS FOLLOWERS",
    ] {
        assert_eq!(
            read(&text(header), &growth()).unwrap_or_else(|faults| panic!("{faults}")).digest(),
            digest,
            "{header}"
        );
    }
    // The second territory had no account then, which is not one of which nothing is known.
    let mut builder = CohortBuilder::new();
    for (id, name) in [("1", "a"), ("2", "b")] {
        builder.territory(&Territory {
            id: id.into(),
            name: name.into(),
            structure_type: "commune".into(),
            population: Some(5.0),
            ..Territory::default()
        });
        let metrics =
            [("followers", 20.0), ("posts", 2.0), ("likes", 3.0)].map(|(name, value)| (name.to_owned(), value));
        builder.account(&Account { territory: id.into(), network: "net".into(), metrics: metrics.into(), main: false });
    }
    builder.previous_account(&Account {
        territory: "1".into(),
        network: "net".into(),
        metrics: [("followers".to_owned(), 10.0)].into(),
        ..Account::default()
    });
    assert_eq!(builder.build().unwrap().digest(), digest);

    let refuse = |text: &str| codes(&read(text, &growth()).unwrap_err());
    assert_eq!(
        refuse(&text("previous.followers").replace(";10\n", ";-1\n")),
        [at("2:previous.followers", "negative_value")]
    );
    assert_eq!(
        refuse(&text("abonnés précédents").replace(";10\n", ";1,5\n")),
        [at("2:abonnés précédents", "fractional_count")]
    );
    assert_eq!(refuse(&text("_note")), [at("1:previous.followers", "missing_metric")]);
    assert_eq!(
        refuse(&text("previous.followers").replace("net;20;2;3;10", ";;;;10")),
        [at("2:network", "missing_field")]
    );
}

#[test]
fn every_fault_of_a_previous_period() {
    let check = |previous: Value| {
        cohort(&with(territories(), "/previous", previous))
            .map_or_else(|faults| faults, |cohort| cohort.check(&growth()))
    };
    let account =
        |territory: &str, metrics: Value| json!({"territory": territory, "network": "net", "metrics": metrics});
    assert!(check(json!({"accounts": [account("01001", json!({"followers": 5}))]})).is_empty());
    assert_eq!(codes(&check(json!({"accounts": []}))), [at("/previous/accounts", "missing_metric")]);
    assert_eq!(codes(&check(json!([]))), [at("/previous", "wrong_type")]);
    assert_eq!(codes(&check(json!({"x": 1}))), [at("/previous/x", "unknown_field"), at("/previous", "missing_field")]);
    assert_eq!(
        codes(&check(
            json!({"period": {"from": "2026-09-01", "to": "2026-10-02"}, "accounts": [account("1001", json!({})), account("", json!({})), {"territory": "01001"}]})
        )),
        [
            at("/previous/accounts/1/territory", "missing_field"),
            at("/previous/accounts/2", "missing_field"),
            at("/previous/accounts/2", "missing_field"),
            at("/previous/period/to", "bounds_order"),
            at("/previous/accounts/0/territory", "unknown_territory"),
        ]
    );
    assert_eq!(
        codes(&check(
            json!({"accounts": [account("01001", json!({"followers": -5, "folowers": 1})), {"territory": "01001", "network": "gone", "metrics": {}}]})
        )),
        [
            at("/previous/accounts/1/network", "unknown_network"),
            at("/previous/accounts/0/metrics/followers", "negative_value"),
            at("/previous/accounts/0/metrics/folowers", "unknown_metric"),
        ]
    );
    let asking = methodology(&with(
        with(base(), "/period_days", json!(30)),
        "/indicators/0/formula",
        json!("followers / previous.followers"),
    ))
    .unwrap();
    let document = with(
        territories(),
        "/previous",
        json!({"period": {"from": "2026-09-01", "to": "2026-10-02"}, "accounts": [account("01001", json!({"followers": 5}))]}),
    );
    let document = with(document, "/period", json!({"from": "2026-10-02", "to": "2026-11-01"}));
    let given = cohort(&document).unwrap();
    assert_eq!(codes(&given.check(&asking)), [at("/previous/period", "period_length")]);
    assert_eq!(given.previous_period(), Some(Period::parse("2026-09-01", "2026-10-02").unwrap()));
}

#[test]
fn former_ids() {
    let with_former = |formerly: [Option<Value>; 3], accounts: Value| {
        let territories: Vec<Value> = ["a", "b", "c"]
            .iter()
            .zip(formerly)
            .map(|(id, formerly)| {
                let mut territory = json!({"id": id, "name": id, "structure_type": "commune"});
                if let Some(formerly) = formerly {
                    territory["formerly"] = formerly;
                }
                territory
            })
            .collect();
        cohort(
            &json!({"language": "bareme/1", "document": "cohort", "territories": territories, "accounts": [], "previous": {"accounts": accounts}}),
        )
    };
    let account = |id: &str| json!({"territory": id, "network": "net", "metrics": {"followers": 1}});
    let none = || [None, None, None];
    let refuse = |formerly, accounts| codes(&with_former(formerly, accounts).unwrap_err());
    assert_eq!(
        refuse([Some(json!(["x", "y"])), Some(json!(["y"])), None], json!([])),
        [at("/territories/1/formerly", "former_id_shared")]
    );
    // `b` is still there, and has its own id unless it says otherwise.
    assert_eq!(
        refuse([Some(json!(["a", "b"])), None, None], json!([])),
        [at("/territories/0/formerly", "former_id_shared")]
    );
    assert!(with_former([Some(json!(["a", "b"])), Some(json!([])), None], json!([account("b")])).is_ok());
    assert_eq!(
        refuse([Some(json!([])), None, None], json!([account("a")])),
        [at("/previous/accounts/0/territory", "unknown_territory")]
    );
    assert_eq!(
        refuse([Some(json!(["x", " y", "x", ""])), None, None], json!([])),
        [
            at("/territories/0/formerly/1", "invalid_id"),
            at("/territories/0/formerly/2", "duplicate_id"),
            at("/territories/0/formerly/3", "invalid_id")
        ]
    );
    let many: Vec<String> = (0..501).map(|id| id.to_string()).collect();
    assert_eq!(refuse([Some(json!(many)), None, None], json!([])), [at("/territories/0/formerly", "limit_exceeded")]);
    // A territory that cannot be read takes its former ids with it: their accounts are not at fault.
    assert_eq!(
        refuse([Some(json!(["x", 3])), None, None], json!([account("x")])),
        [at("/territories/0/formerly/1", "wrong_type")]
    );
    // To name one's own id alone says nothing; the order of ids says nothing; the rest is digested.
    let digest = |formerly, accounts| with_former(formerly, accounts).unwrap().digest();
    let plain = digest(none(), json!([account("a")]));
    assert_eq!(digest([Some(json!(["a"])), None, None], json!([account("a")])), plain);
    let xy = digest([Some(json!(["x", "y"])), None, None], json!([account("x")]));
    assert_eq!(digest([Some(json!(["y", "x"])), None, None], json!([account("x")])), xy);
    let all = [
        plain,
        xy,
        digest([Some(json!(["x", "y"])), None, None], json!([account("y")])),
        digest([Some(json!(["x"])), None, None], json!([account("x")])),
        digest([None, None, Some(json!([]))], json!([account("a")])),
        digest(none(), json!([])),
    ];
    assert!(all.iter().enumerate().all(|(index, digest)| !all[..index].contains(digest)));
    // Without a previous period the document is as it always was.
    let json = bareme::document::canonical::text(&with_former(none(), json!([])).unwrap().to_json());
    assert!(!json.contains("previous") && !json.contains("formerly") && !json.contains("main"));
}

#[test]
fn documents_with_everything_are_read_back() {
    let mut document = territories();
    for (pointer, value) in [
        ("/territories/0/formerly", json!(["01001", "01003"])),
        ("/accounts/-", json!({"territory": "01001", "network": "net", "metrics": {"followers": 1}, "main": true})),
        (
            "/previous",
            json!({"period": {"from": "2026-09-01", "to": "2026-10-01"}, "accounts": [
                {"territory": "01003", "network": "net", "metrics": {"followers": 4}}, {"territory": "01001", "network": "net", "metrics": {"likes": 4}, "main": true},
                {"territory": "75056", "network": "other", "metrics": {}},
            ]}),
        ),
    ] {
        document = with(document, pointer, value);
    }
    let given = cohort(&document).unwrap();
    let text = bareme::document::canonical::text(&given.to_json());
    assert_eq!(Digest::of_bytes(text.as_bytes()), given.digest());
    let again = Cohort::from_json(text.as_bytes()).unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!((again.digest(), again.to_json()), (given.digest(), given.to_json()));
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        json["previous"]["accounts"][0],
        json!({"territory": "01001", "network": "net", "metrics": {"followers": null, "likes": 4}, "main": true})
    );
    // Every part is digested.
    for (pointer, value) in [
        ("/territories/0/formerly", json!(["01001", "01003", "01009"])),
        ("/accounts/8/main", json!(false)),
        ("/previous/period/from", json!("2026-09-02")),
        ("/previous/accounts/0/metrics/followers", json!(5)),
        ("/previous/accounts/0/territory", json!("01001")),
        ("/previous/accounts/1/main", Value::Null),
        ("/previous/accounts/2", Value::Null),
    ] {
        assert_ne!(cohort(&with(document.clone(), pointer, value)).unwrap().digest(), given.digest(), "{pointer}");
    }
}

#[test]
fn what_is_known_of_a_territory() {
    let given = cohort(&territories()).unwrap();
    assert_eq!((given.department(3), given.region(3)), (Some("75"), Some("11")));
    assert_eq!((given.structure_type(6), given.population(6)), (Some("departement"), Some(660_000.0)));
    assert_eq!(
        (given.structure_type(99), given.population(99), given.department(99), given.region(99)),
        (None, None, None, None)
    );
}

#[test]
fn a_neutralised_name_comes_back() {
    for name in ["=1+1", "'=1+1", "''@x", "-", "'s-Gravenhage", "L'Isle"] {
        let text = format!("code;name;type;network;followers;posts;likes\n1;{};commune;net;1;2;3", neutralised(name));
        assert_eq!(read(&text, &methodology(&base()).unwrap()).unwrap().names(), [name]);
    }
    // A column of numbers may hold what a spreadsheet made a text of.
    let column = |name: &str, cell: &str| Column { name: name.into(), cells: Cells::texts([cell.to_owned()]) };
    let cells = [
        ("code", "1"),
        ("name", "a"),
        ("type", "commune"),
        ("network", "net"),
        ("superficie", "'-3.5"),
        ("followers", "1"),
        ("posts", "1"),
        ("likes", "1"),
    ];
    let table =
        Table { columns: cells.map(|(name, cell)| column(name, cell)).into(), first_row: 2, decimal_comma: false };
    assert!(Cohort::from_table(table, None, None, &methodology(&base()).unwrap()).is_ok());
}
