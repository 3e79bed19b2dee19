//! Frames against the scoring document, which says the same things territory by territory.

use std::collections::BTreeMap;

use super::*;
use crate::catalogue;
use crate::cohort::Table;
use crate::error::Code;

const CSV: &str = include_str!("../../../../examples/petite-france/cohort-synthetic.csv");

fn scoring(methodology: &Methodology) -> Scoring {
    let table = Table::from_csv(CSV.as_bytes(), None).unwrap();
    let (cohort, _) = Cohort::from_table_ignoring_unknown(table, None, None, methodology).unwrap();
    methodology.score(cohort).unwrap()
}

/// A value as text; empty where there is none.
fn cell(frame: &Frame, name: &str, row: usize) -> String {
    let series = frame.columns.iter().find(|series| series.name == name).unwrap_or_else(|| panic!("no {name}"));
    match &series.values {
        Entries::Text(texts) => texts.get(row).unwrap_or_default().to_owned(),
        Entries::Coded { texts, codes } => texts.get(codes[row] as usize).cloned().unwrap_or_default(),
        Entries::Number(numbers) => number(Some(numbers[row]).filter(|number| !number.is_nan())),
        Entries::Whole(wholes) => wholes[row].map(|whole| whole.to_string()).unwrap_or_default(),
        Entries::Truth(truths) => truths[row].to_string(),
    }
}

fn number(number: Option<f64>) -> String {
    number.map(|number| format!("{:016x}", number.to_bits())).unwrap_or_default()
}

fn whole(whole: Option<u32>) -> String {
    whole.map(|whole| whole.to_string()).unwrap_or_default()
}

fn is_rectangular(frame: &Frame) {
    for series in &frame.columns {
        assert_eq!(series.values.len(), frame.rows, "{}", series.name);
    }
    let names: std::collections::BTreeSet<&str> = frame.columns.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names.len(), frame.columns.len());
}

#[test]
fn frames_say_what_the_document_says() {
    for methodology in catalogue::all() {
        let Ok(table) = Table::from_csv(CSV.as_bytes(), None) else { panic!() };
        let Ok((cohort, _)) = Cohort::from_table_ignoring_unknown(table, None, None, &methodology) else { continue };
        let Ok(scoring) = methodology.score(cohort) else { continue };
        let (scores, indicators) = (scoring.scores_frame(), scoring.indicators_frame());
        is_rectangular(&scores);
        is_rectangular(&indicators);
        assert_eq!(scores.rows, scoring.len());
        let mut line = 0;
        for (row, territory) in scoring.document().territories.iter().enumerate() {
            let is = |name: &str, wanted: &str| assert_eq!(cell(&scores, name, row), wanted, "{name} {}", territory.id);
            is("territory", &territory.id);
            is("stratum", territory.stratum.as_deref().unwrap_or_default());
            is("region", scoring.cohort().region(row).unwrap_or_default());
            is("status", territory.status.as_str());
            is("method_sha256", &territory.method_sha256.to_string());
            is("synthetic", &territory.synthetic.to_string());
            is("flags", &flags(&territory.flags));
            for index in &territory.indices {
                is(&format!("{}.score", index.id), &number(index.score));
                is(&format!("{}.published", index.id), index.published.as_deref().unwrap_or_default());
            }
            for rank in &territory.ranks {
                is(&format!("{}.{}.rank", rank.view, rank.within), &whole(rank.rank));
                is(&format!("{}.{}.of", rank.view, rank.within), &whole(rank.of));
            }
            let parts = territory.parts.iter().map(|part| &part.territory);
            for part in std::iter::once(territory).chain(parts) {
                for criterion in &part.criteria {
                    let is = |name: &str, wanted: &str| assert_eq!(cell(&indicators, name, line), wanted, "{name}");
                    is("territory", &territory.id);
                    is("network", criterion.network.as_deref().unwrap_or_default());
                    is("indicator", &criterion.indicator);
                    is("raw", &number(criterion.raw));
                    is("state", criterion.state);
                    is("mark", &number(criterion.mark));
                    is("weight", &number(criterion.weight));
                    is("method_sha256", &part.method_sha256.to_string());
                    line += 1;
                }
            }
        }
        assert_eq!(indicators.rows, line);
    }
}

#[test]
fn a_ranking_lists_group_after_group() {
    let methodology = catalogue::observatoire_instagram_2017_10();
    let scoring = scoring(&methodology);
    let (view, within) = (methodology.view(None).unwrap(), methodology.within(None).unwrap());
    let ranking = scoring.ranking_frame(view, &within).unwrap();
    is_rectangular(&ranking);
    assert_eq!((ranking.rows, within.name().as_str()), (scoring.len(), "stratum"));
    let scores = scoring.scores_frame();
    let places: BTreeMap<String, usize> = (0..scores.rows).map(|row| (cell(&scores, "territory", row), row)).collect();
    assert_eq!(places.len(), scores.rows);
    let mut met: Vec<String> = Vec::new();
    for row in 0..ranking.rows {
        let place = places[&cell(&ranking, "territory", row)];
        let same = |ours: &str, theirs: &str| assert_eq!(cell(&ranking, ours, row), cell(&scores, theirs, place));
        same("rank", &format!("{}.stratum.rank", view.id));
        same("of", &format!("{}.stratum.of", view.id));
        same("published", &format!("{}.published", methodology.document().index.id));
        let group = cell(&ranking, "stratum", row);
        if met.last() != Some(&group) {
            assert!(!met.contains(&group), "{group} twice");
            met.push(group);
        }
    }
}

#[test]
fn a_view_by_a_criterion_shows_raw_values() {
    let methodology = catalogue::observatoire_instagram_2017_10();
    let scoring = scoring(&methodology);
    let view = methodology.document().views.iter().find(|view| view.by.indicator.is_some()).unwrap();
    let ranking = scoring.ranking_frame(view, &methodology.within(Some("cohort")).unwrap()).unwrap();
    is_rectangular(&ranking);
    assert_eq!(cell(&ranking, "rank", 0), "1");
    assert!(!cell(&ranking, "raw", 0).is_empty());
    let label = view.label.get(crate::error::Language::French).to_uppercase();
    assert_eq!(methodology.view(Some(&label)).unwrap().id, view.id);
    let codes = |faults: Faults| faults.iter().map(|fault| fault.code).collect::<Vec<_>>();
    assert_eq!(codes(methodology.view(Some("tallest")).unwrap_err()), [Code::UnknownView]);
    assert_eq!(codes(methodology.within(Some("planet")).unwrap_err()), [Code::UnknownValue]);
}

#[test]
fn texts_are_packed() {
    let mut texts = Strings::default();
    for text in [Some("é"), None, Some(""), Some("ab")] {
        texts.push(text);
    }
    assert_eq!((texts.text(), texts.offsets(), texts.len()), ("éab", &[0, 2, 2, 2, 4][..], 4));
    assert_eq!([0, 1, 2, 3, 4].map(|row| texts.get(row)), [Some("é"), None, Some(""), Some("ab"), None]);
}
