//! What a change of a metric brings.

use bareme::analysis::{Change, change, moved};
use bareme::catalogue;
use bareme::cohort::{Account, CohortBuilder, Territory};
use serde_json::json;

use crate::common::{base, codes, score, territories, with};

fn account(network: &str, main: bool) -> Account {
    let metrics =
        [("followers", 100.0), ("posts", 10.0), ("likes", 30.0)].map(|(name, value)| (name.to_owned(), value));
    Account { territory: "01001".into(), network: network.into(), metrics: metrics.into(), main }
}

fn to(network: &str, metric: &str, value: f64) -> Change {
    Change { network: network.into(), metric: metric.into(), value }
}

#[test]
fn the_only_account_changes_or_the_main_one() {
    let mut accounts = [account("net", false), account("other", false), account("other", true)];
    change(&mut accounts, &[to("net", "likes", 31.0), to("other", "posts", 4.0), to("net", "likes", 32.0)]).unwrap();
    assert_eq!(accounts[0].metrics["likes"], 32.0);
    assert_eq!(accounts[1], account("other", false));
    assert_eq!(accounts[2].metrics["posts"], 4.0);
}

#[test]
fn a_network_without_the_account_is_a_fault() {
    let mut accounts = [account("net", false), account("net", false)];
    let faults = change(&mut accounts, &[to("net", "likes", 1.0), to("other", "likes", 1.0)]).unwrap_err();
    let expected = ["/changes/0/network", "/changes/1/network"].map(|place| (place.into(), "unknown_value".into()));
    assert_eq!(codes(&faults), expected);
}

#[test]
fn what_moves_is_named() {
    let before = score(&base(), &territories()).territory(0).unwrap();
    let changed = with(territories(), "/accounts/0/metrics/likes", json!(31));
    let after = score(&base(), &changed).territory(0).unwrap();
    assert_eq!(moved(&before, &before), []);
    let all = moved(&before, &after);
    assert_eq!(all.iter().map(|one| &*one.after.indicator).collect::<Vec<_>>(), ["engagement"]);
    assert_eq!((all[0].before.raw, all[0].after.raw, &all[0].part), (Some(3.0), Some(3.1), &None));
}

#[test]
fn what_moves_in_a_pinned_methodology_is_named_with_it() {
    let methodology = catalogue::methodology("territoires@2026.11").unwrap();
    let score = |followers: f64| {
        let mut builder = CohortBuilder::new();
        builder.period(bareme::cohort::Period::parse("2026-10-01", "2026-10-31").unwrap());
        for (id, followers) in [("06083", followers), ("06004", 1500.0)] {
            builder.territory(&Territory {
                id: id.into(),
                name: id.into(),
                structure_type: "commune".into(),
                population: Some(30_000.0),
                ..Territory::default()
            });
            let mut account = account("x", false);
            account.territory = id.into();
            account.metrics.insert("followers".into(), followers);
            for name in ["following", "comments", "shares", "views"] {
                account.metrics.insert(name.into(), 5.0);
            }
            builder.account(&account);
        }
        methodology.score(builder.build().unwrap()).unwrap_or_else(|faults| panic!("{faults}")).territory(0).unwrap()
    };
    let all = moved(&score(1000.0), &score(2000.0));
    let own = all.iter().take_while(|one| one.part.is_none()).count();
    let (own, pinned) = all.split_at(own);
    assert!(
        own.iter().any(|one| &*one.after.indicator == "follower_count" && one.after.network.as_deref() == Some("x"))
    );
    assert!(!pinned.is_empty());
    assert!(pinned.iter().all(|one| one.part == Some(("x".into(), "2026.11".into()))), "{all:?}");
}
