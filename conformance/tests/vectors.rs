//! Every vector of `spec/vectors`, in one test: what `cargo xtask mutants` runs against each mutant.

#![allow(clippy::expect_used, reason = "a test")]

use std::path::Path;

use bareme_conformance::Page;

#[test]
fn every_vector_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/vectors/bareme-1");
    let mut pages: Vec<_> =
        std::fs::read_dir(folder).expect("the vectors").map(|entry| entry.expect("a page").path()).collect();
    // The shortest first: most of what `cargo xtask mutants` changes is noticed before the long ones are read.
    pages.sort_by_key(|path| std::fs::metadata(path).map_or(0, |page| page.len()));
    assert!(!pages.is_empty());
    for path in pages {
        let text = std::fs::read(&path).expect("a page");
        for outcome in Page::read(&text).expect("a page of vectors").run() {
            let outcome = outcome.expect("a case that the runner knows");
            // The first that fails is enough.
            assert!(outcome.differences.is_empty(), "{}: {:?}", outcome.id, outcome.differences);
        }
    }
}
