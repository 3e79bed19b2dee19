//! Formulas and predicates: any text is read or refused, never worse.
#![no_main]

use bareme::methodology::formula::{Formula, Predicate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let characters = text.chars().count();
    match Formula::parse(text) {
        Ok(formula) => {
            formula.root().variables(&mut |name| assert!(text.contains(name)));
            assert_eq!(Formula::parse(formula.text()).expect("it was read before").root(), formula.root());
        }
        Err(error) => assert!(error.position >= 1 && error.position <= characters + 1, "{error}"),
    }
    match Predicate::parse(text) {
        Ok(predicate) => {
            predicate.variables(&mut |name| assert!(text.contains(name)));
            assert!(Formula::parse(text).is_err(), "a text is a formula or a predicate");
        }
        Err(error) => assert!(error.position >= 1 && error.position <= characters + 1, "{error}"),
    }
});
