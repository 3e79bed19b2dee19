//! What only the tests of both packages ask for, with the feature `testing`.

use bareme_conformance::Page;

use crate::error::{BaremeError, guard, internal};

/// What came of one conformance vector.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct VectorOutcome {
    /// Its id.
    pub id: String,
    /// Where what was found is not what is expected; none if it passed.
    pub differences: Vec<String>,
    /// SHA-256 of all that came out: the same of every build that gave the same bits.
    pub output: String,
}

/// For tests: runs a page of the conformance vectors of the specification, numbers compared by their bits.
#[uniffi::export]
pub fn self_test(page: Vec<u8>) -> Result<Vec<VectorOutcome>, BaremeError> {
    guard(|| {
        let page = Page::read(&page).map_err(internal)?;
        let outcomes = page.run().map(|outcome| {
            let outcome = outcome.map_err(internal)?;
            Ok(VectorOutcome {
                id: outcome.id,
                differences: outcome.differences.iter().map(ToString::to_string).collect(),
                output: outcome.output.to_string(),
            })
        });
        outcomes.collect()
    })
}

#[expect(clippy::panic, reason = "that this does not end the process is what is tested")]
fn fall() -> ! {
    panic!("a panic that a test asked for")
}

/// For tests: panics inside a call, which gives the error `Internal`.
#[uniffi::export]
pub fn self_test_panic() -> Result<(), BaremeError> {
    guard(|| fall())
}

/// For tests: panics outside the guard, which uniffi's own guard makes an exception of.
#[uniffi::export]
pub fn self_test_panic_outside() -> Result<(), BaremeError> {
    fall()
}
