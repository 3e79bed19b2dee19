//! One account for each territory and network, by the rule of the methodology.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::build::{MAX_COUNT, by_territory, not_a_count, picked};
use super::{Accounts, Cohort, NONE, When};
use crate::error::{Code, Fault, Faults, Text};
use crate::methodology::Methodology;
use crate::methodology::formula::PREVIOUS;
use crate::methodology::model::{Kind, SeveralAccounts};

/// How many rows a fault names at most.
const NAMED: usize = 5;

impl Cohort {
    /// The cohort as `methodology` reads it: with one account for each territory and network. Several
    /// accounts of a territory become one as the methodology says (`several_accounts`): they are
    /// refused, their counts are added, or the main one stands for all. In the previous period, so do
    /// the accounts of all the ids that a territory had then: their counts are added. What is unknown
    /// of one of the accounts added is unknown of the sum, and so is a decimal, which cannot be added.
    ///
    /// Only networks that the methodology itself reads are resolved, not those of methodologies that
    /// it pins. The digest and the document of the result are those of this cohort.
    ///
    /// # Errors
    /// `duplicate_account` where several accounts are refused, or not exactly one is the main one;
    /// `out_of_range` where a sum passes 2^53-1.
    pub fn resolve(self: &Arc<Self>, methodology: &Methodology) -> Result<Arc<Self>, Faults> {
        let mut faults = Faults::new();
        let [now, before] = When::BOTH.map(|when| self.one_each(when, methodology, &mut faults));
        faults.into_result(())?;
        if now.is_empty() && before.is_empty() {
            return Ok(Arc::clone(self));
        }
        let mut resolved = Self::clone(self);
        resolved.accounts.extend(now);
        resolved.previous.extend(before);
        resolved.given = Some(self.given.as_ref().map_or_else(|| Arc::clone(self), Arc::clone));
        Ok(Arc::new(resolved))
    }

    /// The accounts that change, by network.
    pub(super) fn one_each(
        &self,
        when: When,
        methodology: &Methodology,
        faults: &mut Faults,
    ) -> BTreeMap<String, Arc<Accounts>> {
        // Mostly there are none.
        let several: Vec<_> = self.accounts_of(when).iter().filter(|(_, accounts)| accounts.several()).collect();
        if several.is_empty() || (when == When::Before && !reads_previous(methodology)) {
            return BTreeMap::new();
        }
        let networks = networks(methodology);
        let several = several.into_iter().filter(|(network, _)| networks.contains(network.as_str()));
        let rule = methodology.document().several_accounts.unwrap_or(SeveralAccounts::Refuse);
        let mut merger = Merger { cohort: self, methodology, when, rule, faults };
        several.map(|(network, accounts)| (network.clone(), Arc::new(merger.merge(network, accounts)))).collect()
    }
}

/// The networks from which the methodology itself reads accounts.
fn networks(methodology: &Methodology) -> BTreeSet<&str> {
    let criteria = methodology.criteria().iter().filter_map(|criterion| criterion.network.as_deref());
    criteria.chain(methodology.flat().nodes.iter().filter_map(|node| node.network.as_deref())).collect()
}

/// Does a formula or a rule of the methodology itself read the previous period?
pub(super) fn reads_previous(methodology: &Methodology) -> bool {
    let mut reads = false;
    let mut visit = |name: &str| reads |= name.starts_with(PREVIOUS);
    let document = methodology.document();
    document.indicators.iter().for_each(|indicator| indicator.formula.root().variables(&mut visit));
    document.eligibility.iter().flatten().for_each(|rule| rule.require.variables(&mut visit));
    reads
}

struct Merger<'a> {
    cohort: &'a Cohort,
    methodology: &'a Methodology,
    when: When,
    rule: SeveralAccounts,
    faults: &'a mut Faults,
}

impl Merger<'_> {
    fn merge(&mut self, network: &str, accounts: &Accounts) -> Accounts {
        // The accounts that become one, for each territory.
        let mut merged: Vec<Vec<usize>> = Vec::new();
        for (start, territory) in accounts.territory.iter().enumerate() {
            let own: Vec<usize> = accounts.of(*territory as usize).collect();
            if own.first() != Some(&start) {
                continue;
            }
            let former = |account: &usize| accounts.former.get(*account);
            let alike = own.chunk_by(|first, second| former(first) == former(second));
            merged.push(alike.flat_map(|of_one_id| self.chosen(network, accounts, of_one_id)).collect());
        }
        let firsts: Vec<usize> = merged.iter().filter_map(|chosen| chosen.first().copied()).collect();
        let metrics = accounts
            .metrics
            .map(|name, column| merged.iter().map(|chosen| self.total(accounts, name, column, chosen)).collect());
        let territory = picked(&accounts.territory, &firsts);
        Accounts {
            of_territory: by_territory(&territory, accounts.of_territory.len()),
            territory,
            metrics,
            rows: picked(&accounts.rows, &firsts),
            main: picked(&accounts.main, &firsts),
            former: picked(&accounts.former, &firsts),
        }
    }

    /// Which of the accounts that stood under one id count.
    fn chosen(&mut self, network: &str, accounts: &Accounts, several: &[usize]) -> Vec<usize> {
        if several.len() < 2 || self.rule == SeveralAccounts::Sum {
            return several.to_vec();
        }
        // In the order in which their author gave them.
        let mut given = several.to_vec();
        given.sort_by_key(|account| accounts.rows.get(*account));
        if self.rule == SeveralAccounts::Main {
            let marked: Vec<usize> =
                several.iter().copied().filter(|account| accounts.main.get(*account) == Some(&true)).collect();
            if marked.len() != 1 {
                self.no_main(network, accounts, &given, marked.len());
            }
            return marked.into_iter().take(1).collect();
        }
        self.refuse(network, accounts, &given);
        given.into_iter().take(1).collect()
    }

    fn refuse(&mut self, network: &str, accounts: &Accounts, given: &[usize]) {
        let Some((first, others)) = given.split_first() else { return };
        let id = self.territory(accounts, *first);
        let first = self.row(accounts, *first);
        for account in others {
            let this = self.row(accounts, *account);
            let expected = Text::new(
                format!("un seul compte de « {id} » sur « {network} » ; il y en a déjà un : {}", first.fr),
                format!("one account of `{id}` on `{network}`; there is one already: {}", first.en),
            );
            let place = self.cohort.account_place(self.when, accounts, *account, "network");
            self.faults.push(Fault::new(Code::DuplicateAccount, place, network, expected).advise(
                format!("gardez le compte principal et supprimez l'autre ({} ou {})", first.fr, this.fr),
                format!("keep the main account and delete the other ({} or {})", first.en, this.en),
            ));
        }
    }

    fn no_main(&mut self, network: &str, accounts: &Accounts, given: &[usize], marked: usize) {
        let Some(first) = given.first() else { return };
        let id = self.territory(accounts, *first);
        let expected = Text::new(
            format!("un compte principal et un seul parmi les {} comptes de « {id} » sur « {network} »", given.len()),
            format!("one main account, and one only, among the {} accounts of `{id}` on `{network}`", given.len()),
        );
        let rows: Vec<Text> = given.iter().take(NAMED).map(|account| self.row(accounts, *account)).collect();
        let list = |pick: fn(&Text) -> &str| rows.iter().map(pick).collect::<Vec<_>>().join(", ");
        let (fr, en) = (list(|row| &row.fr), list(|row| &row.en));
        let place = self.cohort.account_place(self.when, accounts, *first, "main");
        self.faults.push(Fault::new(Code::DuplicateAccount, place, marked, expected).advise(
            format!("marquez l'un d'eux, et lui seul, comme principal ({fr})"),
            format!("mark one of them, and no other, as the main one ({en})"),
        ));
    }

    /// The metric of several accounts together; unknown where it cannot be told.
    fn total(&mut self, accounts: &Accounts, name: &str, column: &[f64], chosen: &[usize]) -> f64 {
        let value = |account: &usize| column.get(*account).copied().unwrap_or(f64::NAN);
        if let [one] = chosen {
            return value(one);
        }
        let kind = self.methodology.document().metrics.get(name).map(|metric| metric.kind);
        let sums = |account: &usize| !value(account).is_nan() && not_a_count(value(account)).is_none();
        if kind != Some(Kind::Count) || !chosen.iter().all(sums) {
            return f64::NAN;
        }
        // Exact: of two counts up to 2^53-1 the sum is exact, or at least 2^53.
        let mut total = 0.0;
        for account in chosen {
            total += value(account);
            if total > MAX_COUNT {
                let expected = Text::new("une somme d'au plus 9007199254740991", "a sum of at most 9007199254740991");
                let place = self.cohort.account_place(self.when, accounts, *account, &format!("metrics/{name}"));
                self.faults.push(Fault::new(Code::OutOfRange, place, value(account), expected).advise(
                    "vérifiez ce nombre et ceux des autres comptes du territoire",
                    "check this number and those of the territory's other accounts",
                ));
                return f64::NAN;
            }
        }
        total
    }

    fn territory(&self, accounts: &Accounts, account: usize) -> String {
        let territory = accounts.territory.get(account).copied().unwrap_or(NONE);
        self.cohort.territories.ids.get(territory as usize).cloned().unwrap_or_default()
    }

    fn row(&self, accounts: &Accounts, account: usize) -> Text {
        let row = accounts.rows.get(account).map_or(0, |row| *row as usize);
        self.cohort.origin.row(self.when.list(), row)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;
    use crate::document::canonical;

    fn methodology(rule: &str, formula: &str) -> Methodology {
        let document = json!({
            "language": "bareme/1", "document": "methodology", "id": "test", "version": "1", "status": "draft",
            "title": {"fr": "Essai"}, "several_accounts": rule,
            "structure_types": {"commune": {"label": {"fr": "Commune"}}}, "networks": {"x": {"label": {"fr": "X"}}, "y": {"label": {"fr": "Y"}}},
            "metrics": {
                "followers": {"kind": "count", "measure": "stock", "label": {"fr": "Abonnés"}},
                "rate": {"kind": "decimal", "measure": "flow", "label": {"fr": "Taux"}},
            },
            "strata": [{"id": "all", "label": {"fr": "Toutes"}, "structure_types": ["commune"]}], "outside_strata": "refuse",
            "indicators": [{"id": "growth", "label": {"fr": "c"}, "formula": formula, "direction": "higher", "undefined": "leave_out", "unknown": "leave_out",
                "normalise": {"method": "rank", "within": "cohort", "single": 50}}],
            "index": {"id": "all", "label": {"fr": "t"}, "network": "x", "absent": "leave_out", "aggregate": "arithmetic", "missing": "renormalise", "of": [{"indicator": "growth", "weight": 1}]},
            "ranking": {"order_by": "score", "ties": "competition", "tie_breakers": [], "within": ["cohort"]},
            "views": [{"id": "best", "label": {"fr": "b"}, "by": {"index": "all"}}],
            "publication": {"decimals": 1, "rounding": "half_up"},
        });
        Methodology::from_json(document.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults}"))
    }

    const GROWTH: &str = "followers / previous.followers + rate + previous.rate";

    fn cohort(accounts: &Value, previous: &Value) -> Arc<Cohort> {
        let commune = |id: &str| json!({"id": id, "name": id, "structure_type": "commune"});
        let mut merged = commune("m");
        merged["formerly"] = json!(["m2", "m", "m1"]);
        let document = json!({"language": "bareme/1", "document": "cohort", "territories": [commune("b"), merged, commune("a")],
            "accounts": accounts, "previous": {"accounts": previous}});
        Arc::new(Cohort::from_json(document.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{faults}")))
    }

    fn on_x(territory: &str, followers: Option<u64>, rate: Option<f64>, main: bool) -> Value {
        json!({"territory": territory, "network": "x", "metrics": {"followers": followers, "rate": rate}, "main": main})
    }

    /// What a territory's account says, by its place in the cohort.
    fn says(accounts: &Accounts, territory: usize) -> Option<(Option<f64>, Option<f64>)> {
        let account = accounts.of(territory);
        assert!(account.len() < 2, "one at most");
        let value =
            |name: &str| Some(accounts.metrics.get(name).unwrap()[account.start]).filter(|value| !value.is_nan());
        (!account.is_empty()).then(|| (value("followers"), value("rate")))
    }

    fn codes(faults: &Faults) -> Vec<(String, String)> {
        faults.iter().map(|fault| (fault.place.to_string(), fault.code.to_string())).collect()
    }

    fn at(place: &str, code: &str) -> (String, String) {
        (place.to_owned(), code.to_owned())
    }

    #[test]
    fn one_account_each_changes_nothing() {
        let given = cohort(
            &json!([on_x("a", Some(1), None, false), {"territory": "b", "network": "y", "metrics": {}}, {"territory": "b", "network": "y", "metrics": {}}]),
            &json!([]),
        );
        for rule in ["refuse", "sum", "main"] {
            // Several accounts on a network that the methodology does not read are no concern of its.
            assert!(Arc::ptr_eq(&given.resolve(&methodology(rule, "followers")).unwrap(), &given));
        }
    }

    #[test]
    fn several_are_refused() {
        let given = cohort(
            &json!([
                on_x("a", Some(9), None, true),
                on_x("b", None, None, false),
                on_x("a", Some(1), None, false),
                on_x("a", Some(1), None, false)
            ]),
            &json!([]),
        );
        let methodology = methodology("refuse", "followers");
        let faults = given.resolve(&methodology).unwrap_err();
        assert_eq!(
            codes(&faults),
            [at("/accounts/2/network", "duplicate_account"), at("/accounts/3/network", "duplicate_account")]
        );
        assert!(faults.iter().next().unwrap().advice.fr.contains("/accounts/0 ou /accounts/2"), "{faults}");
        assert_eq!(codes(&given.check(&methodology)), codes(&faults));
    }

    #[test]
    fn counts_are_added_and_nothing_is_guessed() {
        let given = cohort(
            &json!([
                on_x("a", Some(1), Some(0.5), false),
                on_x("b", Some(5), Some(0.5), false),
                on_x("a", Some(20), Some(0.5), false),
                on_x("a", Some(300), None, true),
                on_x("m", Some(1), None, false),
                on_x("m", None, None, false),
            ]),
            &json!([]),
        );
        let resolved = given.resolve(&methodology("sum", "followers + rate")).unwrap();
        let x = &resolved.accounts["x"];
        assert_eq!(says(x, 0), Some((Some(5.0), Some(0.5))));
        assert_eq!(says(x, 1), Some((None, None)));
        assert_eq!(says(x, 2), Some((Some(321.0), None)));
        assert_eq!(resolved.digest(), given.digest());
        assert_eq!(resolved.to_json(), given.to_json());
        // Once more, from the result: it has nothing to resolve, and goes on speaking of what was given.
        let again = resolved.resolve(&methodology("sum", "followers + rate")).unwrap();
        assert!(Arc::ptr_eq(&again, &resolved));

        let most = 9_007_199_254_740_991;
        let given = cohort(&json!([on_x("a", Some(most), None, false), on_x("a", Some(1), None, false)]), &json!([]));
        let faults = given.resolve(&methodology("sum", "followers")).unwrap_err();
        assert_eq!(codes(&faults), [at("/accounts/0/metrics/followers", "out_of_range")]);
        let given = cohort(&json!([on_x("a", Some(most), None, false), on_x("a", Some(0), None, false)]), &json!([]));
        assert!(given.resolve(&methodology("sum", "followers")).is_ok());
    }

    #[test]
    fn the_main_one_stands_for_all() {
        let given = cohort(
            &json!([
                on_x("a", Some(1), None, false),
                on_x("a", Some(20), Some(2.5), true),
                on_x("a", Some(300), None, false),
                on_x("b", Some(7), None, false)
            ]),
            &json!([]),
        );
        let resolved = given.resolve(&methodology("main", "followers")).unwrap();
        assert_eq!(says(&resolved.accounts["x"], 2), Some((Some(20.0), Some(2.5))));
        assert_eq!(says(&resolved.accounts["x"], 0), Some((Some(7.0), None)));
        for marks in [[false, false, false], [true, false, true]] {
            let accounts: Vec<Value> = marks.iter().map(|main| on_x("a", Some(1), None, *main)).collect();
            let given = cohort(&json!(accounts), &json!([]));
            let methodology = methodology("main", "followers");
            let faults = given.resolve(&methodology).unwrap_err();
            assert_eq!(codes(&faults), [at("/accounts/0/main", "duplicate_account")]);
            assert_eq!(codes(&given.check(&methodology)), codes(&faults));
            assert!(
                faults.iter().next().unwrap().advice.en.contains("/accounts/0, /accounts/1, /accounts/2"),
                "{faults}"
            );
        }
    }

    #[test]
    fn what_was_merged_inherits() {
        let before = |accounts: Value| {
            let given = cohort(&json!([on_x("a", Some(1), Some(1.0), false)]), &accounts);
            given.resolve(&methodology("refuse", GROWTH)).map(|cohort| says(&cohort.previous["x"], 1))
        };
        // Counts add; decimals of several do not; a former id without an account adds nothing.
        assert_eq!(
            before(json!([on_x("m", Some(1), Some(0.5), false), on_x("m2", Some(20), Some(0.5), false)])),
            Ok(Some((Some(21.0), None)))
        );
        assert_eq!(before(json!([on_x("m1", Some(4), Some(0.5), false)])), Ok(Some((Some(4.0), Some(0.5)))));
        assert_eq!(
            before(json!([on_x("m1", Some(4), None, false), on_x("m", None, None, false)])),
            Ok(Some((None, None)))
        );
        assert_eq!(before(json!([on_x("a", Some(4), None, false)])), Ok(None));
        // Several accounts of one former id follow the rule of the methodology.
        let faults = before(json!([
            on_x("m1", Some(4), None, false),
            on_x("m", Some(2), None, false),
            on_x("m1", Some(1), None, false)
        ]))
        .unwrap_err();
        assert_eq!(codes(&faults), [at("/previous/accounts/2/network", "duplicate_account")]);
        // A methodology that reads nothing of the previous period has no rule for it.
        let given = cohort(&json!([]), &json!([on_x("a", Some(4), None, false), on_x("a", Some(4), None, false)]));
        assert!(Arc::ptr_eq(&given.resolve(&methodology("refuse", "followers")).unwrap(), &given));
        let given = cohort(
            &json!([]),
            &json!([
                on_x("m1", Some(4), None, true),
                on_x("m1", Some(9), None, false),
                on_x("m", Some(2), None, false)
            ]),
        );
        assert_eq!(
            says(&given.resolve(&methodology("main", GROWTH)).unwrap().previous["x"], 1),
            Some((Some(6.0), None))
        );
        assert_eq!(
            says(&given.resolve(&methodology("sum", GROWTH)).unwrap().previous["x"], 1),
            Some((Some(15.0), None))
        );
    }

    fn any_accounts() -> impl Strategy<Value = Vec<Value>> {
        let account = (0..3_usize, proptest::option::of(0..4_u64), proptest::option::of(0..3_u8), any::<bool>());
        let account = account.prop_map(|(territory, followers, rate, main)| {
            on_x(["a", "b", "m"][territory], followers, rate.map(|rate| f64::from(rate) / 2.0), main)
        });
        proptest::collection::vec(account, 0..9)
    }

    proptest! {
        #[test]
        fn order_changes_no_bit(accounts in any_accounts(), previous in any_accounts(), turn in 0..9_usize, rule in proptest::sample::select(vec!["refuse", "sum", "main"])) {
            let turned = |list: &[Value]| {
                let mut list: Vec<Value> = list.iter().rev().cloned().collect();
                let by = turn.min(list.len());
                list.rotate_left(by);
                json!(list)
            };
            let one = cohort(&json!(accounts), &json!(previous));
            let other = cohort(&turned(&accounts), &turned(&previous));
            prop_assert_eq!(one.digest(), other.digest());
            let text = canonical::text(&one.to_json());
            prop_assert_eq!(crate::Digest::of_bytes(text.as_bytes()), one.digest());
            prop_assert_eq!(Cohort::from_json(text.as_bytes()).unwrap().digest(), one.digest());
            let methodology = methodology(rule, GROWTH);
            match (one.resolve(&methodology), other.resolve(&methodology)) {
                (Ok(one), Ok(other)) => for territory in 0..3 {
                    for when in When::BOTH {
                        let said = |cohort: &Cohort| cohort.accounts_of(when).get("x").map(|accounts| says(accounts, territory));
                        prop_assert_eq!(said(&one), said(&other));
                    }
                },
                (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
            }
        }
    }
}
