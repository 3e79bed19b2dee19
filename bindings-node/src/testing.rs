//! What the tests ask for and `index.js` does not export: the library that is tested is the one that is
//! shipped.

use std::time::Instant;

use bareme::Cohort;
use bareme::cohort::{Account, Territory};
use bareme_conformance::Page;
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Env, ObjectFinalize};
use napi_derive::napi;
use serde_json::json;

use crate::columns::NativeTables;
use crate::guard::{drop_guarded, guard, internal, text_of};
use crate::handles::{NativeMethodology, NativeReference};

/// Runs a page of conformance vectors: for each case its id and the differences, as JSON.
#[napi(catch_unwind)]
pub fn vectors(page: &[u8]) -> napi::Result<String> {
    guard(|| {
        let page = Page::read(page).map_err(internal)?;
        let mut cases = Vec::new();
        for outcome in page.run() {
            let outcome = outcome.map_err(internal)?;
            let differences: Vec<String> = outcome.differences.iter().map(ToString::to_string).collect();
            cases.push(json!({ "id": outcome.id, "differences": differences }));
        }
        text_of(&cases)
    })
}

/// The milliseconds that the core takes to score one territory so many times, nothing crossing.
#[napi(catch_unwind)]
pub fn core_alone(
    reference: &NativeReference,
    territory: String,
    population: f64,
    network: String,
    names: Vec<String>,
    values: &[f64],
    times: u32,
) -> napi::Result<f64> {
    guard(|| {
        let territory = Territory {
            id: territory.clone(),
            name: territory,
            structure_type: "commune".into(),
            population: Some(population),
            ..Territory::default()
        };
        let metrics = names.into_iter().zip(values.iter().copied()).collect();
        let account = Account { territory: territory.id.clone(), network, metrics, ..Account::default() };
        let start = Instant::now();
        for _ in 0..times {
            reference.inner.reference.score(&territory, std::slice::from_ref(&account))?;
        }
        Ok(start.elapsed().as_secs_f64() * 1000.0)
    })
}

/// The milliseconds that the core takes to read columns and to score them, nothing crossing.
#[napi(catch_unwind)]
pub fn core_of_columns(tables: NativeTables, methodology: &NativeMethodology) -> napi::Result<Vec<f64>> {
    guard(|| {
        let accounts = crate::columns::table(&tables.accounts)?;
        let territories = tables.territories.as_deref().map(crate::columns::table).transpose()?;
        let start = Instant::now();
        let cohort = Cohort::from_table(accounts, territories, None, &methodology.inner)?;
        let read = start.elapsed();
        let start = Instant::now();
        methodology.inner.score(cohort)?;
        Ok(vec![read.as_secs_f64() * 1000.0, start.elapsed().as_secs_f64() * 1000.0])
    })
}

#[expect(clippy::panic, reason = "that this does not end the process is what is tested")]
fn fall() -> ! {
    panic!("a panic that a test asked for")
}

/// Panics inside a call.
#[napi(catch_unwind)]
pub fn panic_in_call() -> napi::Result<()> {
    guard(|| fall())
}

/// Panics outside the guard, where arguments are converted and results given back.
#[napi(catch_unwind)]
pub fn panic_outside_guard() {
    fall()
}

/// Panics in a task, on its own thread or back on that of JavaScript.
#[derive(Debug)]
pub struct Falling {
    resolving: bool,
}

impl Task for Falling {
    type Output = ();
    type JsValue = ();

    fn compute(&mut self) -> napi::Result<()> {
        guard(|| if self.resolving { Ok(()) } else { fall() })
    }

    fn resolve(&mut self, _: Env, (): ()) -> napi::Result<()> {
        guard(|| fall())
    }
}

/// Starts a task that panics.
#[napi(catch_unwind, ts_return_type = "Promise<void>")]
pub fn panic_in_task(resolving: bool) -> AsyncTask<Falling> {
    AsyncTask::new(Falling { resolving })
}

/// What panics when it is dropped.
#[derive(Debug)]
struct Fragile;

impl Drop for Fragile {
    fn drop(&mut self) {
        fall();
    }
}

/// An object that panics when it is collected.
#[napi(custom_finalize)]
#[derive(Debug)]
pub struct PanicInFinaliser {
    inner: Fragile,
}

#[napi]
impl PanicInFinaliser {
    /// One to be collected.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self { inner: Fragile }
    }
}

impl ObjectFinalize for PanicInFinaliser {
    fn finalize(self, _: Env) -> napi::Result<()> {
        drop_guarded(self.inner);
        Ok(())
    }
}
