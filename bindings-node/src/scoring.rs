//! Scoring, on JavaScript's thread or on another.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bareme::{Cohort, Methodology, Scoring};
use napi::Task;
use napi::bindgen_prelude::{AsyncTask, Buffer, Env};
use napi_derive::napi;

use crate::columns::NativeFrame;
use crate::guard::{guard, text_of};
use crate::handles::{NativeCohort, NativeMethodology, NativeReference, NativeScoring, weight_of, weight_of_scoring};

/// What a task and its watcher share.
#[derive(Debug, Default)]
struct Shared {
    stopped: AtomicBool,
    done: AtomicU64,
    total: AtomicU64,
}

/// Follows a task: how far it is, and whether it should go on.
#[napi]
#[derive(Debug, Default)]
pub struct Watch {
    shared: Arc<Shared>,
}

#[napi]
impl Watch {
    /// A watch for one task.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks the task to stop.
    #[napi(catch_unwind)]
    pub fn stop(&self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
    }

    /// How far the task is: what is done, and the whole; both 0 before it begins.
    #[napi(catch_unwind)]
    pub fn progress(&self) -> (f64, f64) {
        let read = |number: &AtomicU64| number.load(Ordering::Relaxed) as f64;
        (read(&self.shared.done), read(&self.shared.total))
    }
}

/// What is scored: a cohort, or the bytes of its document, which are then read on the same thread.
#[derive(Debug)]
enum Given {
    Cohort(Arc<Cohort>),
    Document(Vec<u8>),
}

/// A scoring on another thread.
#[derive(Debug)]
pub struct ScoreTask {
    methodology: Methodology,
    given: Given,
    threads: usize,
    shared: Arc<Shared>,
}

impl Task for ScoreTask {
    type Output = Arc<Scoring>;
    type JsValue = NativeScoring;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        guard(|| {
            let cohort = match &mut self.given {
                Given::Cohort(cohort) => Arc::clone(cohort),
                Given::Document(bytes) => Arc::new(Cohort::from_json(&std::mem::take(bytes))?),
            };
            let shared = &self.shared;
            let scoring = self.methodology.score_watched(cohort, self.threads, |done, total| {
                shared.total.store(total, Ordering::Relaxed);
                shared.done.store(done, Ordering::Relaxed);
                if shared.stopped.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            Ok(Arc::new(scoring))
        })
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        guard(|| Ok(NativeScoring::of(env, output)))
    }
}

#[napi]
impl NativeMethodology {
    /// Scores a cohort.
    #[napi(catch_unwind)]
    pub fn score(&self, env: Env, cohort: &NativeCohort, threads: u32) -> napi::Result<NativeScoring> {
        guard(|| {
            let watch = |_, _| ControlFlow::Continue(());
            let scoring = self.inner.score_watched(Arc::clone(&cohort.inner), threads as usize, watch)?;
            Ok(NativeScoring::of(env, Arc::new(scoring)))
        })
    }

    /// Scores a cohort on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeScoring>")]
    pub fn score_async(&self, cohort: &NativeCohort, threads: u32, watch: &Watch) -> AsyncTask<ScoreTask> {
        self.task(Given::Cohort(Arc::clone(&cohort.inner)), threads, watch)
    }

    /// Reads a cohort document and scores it, both on another thread.
    #[napi(catch_unwind, ts_return_type = "Promise<NativeScoring>")]
    pub fn score_document_async(&self, document: &[u8], threads: u32, watch: &Watch) -> AsyncTask<ScoreTask> {
        self.task(Given::Document(document.to_vec()), threads, watch)
    }
}

impl NativeMethodology {
    fn task(&self, given: Given, threads: u32, watch: &Watch) -> AsyncTask<ScoreTask> {
        AsyncTask::new(ScoreTask {
            methodology: self.inner.clone(),
            given,
            threads: threads as usize,
            shared: Arc::clone(&watch.shared),
        })
    }
}

impl NativeScoring {
    /// A scoring as JavaScript holds it.
    fn of(env: Env, scoring: Arc<Scoring>) -> Self {
        // Its cohort may be held by nobody else.
        let weight = weight_of(scoring.cohort()).saturating_add(weight_of_scoring(&scoring));
        Self::weighing(env, scoring, weight)
    }
}

#[napi]
impl NativeScoring {
    /// The number of territories.
    #[napi(catch_unwind)]
    pub fn size(&self) -> napi::Result<u32> {
        guard(|| Ok(u32::try_from(self.inner.len()).unwrap_or(u32::MAX)))
    }

    /// The place of a territory by its id or its name.
    #[napi(catch_unwind)]
    pub fn find(&self, asked: String) -> napi::Result<u32> {
        guard(|| Ok(u32::try_from(self.inner.cohort().find(&asked, |_| true)?).unwrap_or(u32::MAX)))
    }

    /// The methodology.
    #[napi(catch_unwind)]
    pub fn methodology(&self) -> napi::Result<NativeMethodology> {
        guard(|| Ok(self.inner.methodology().clone().into()))
    }

    /// The cohort.
    #[napi(catch_unwind)]
    pub fn cohort(&self, env: Env) -> napi::Result<NativeCohort> {
        guard(|| Ok(NativeCohort::shared(env, self.inner.shared_cohort())))
    }

    /// The scoring document.
    #[napi(catch_unwind)]
    pub fn document(&self) -> napi::Result<String> {
        guard(|| text_of(&*self.inner))
    }

    /// The scoring document as bytes.
    #[napi(catch_unwind)]
    pub fn document_bytes(&self) -> napi::Result<Buffer> {
        guard(|| Ok(text_of(&*self.inner)?.into_bytes().into()))
    }

    /// What is said of some territories, by their places, as a JSON array.
    #[napi(catch_unwind)]
    pub fn territories(&self, places: Vec<u32>) -> napi::Result<String> {
        guard(|| {
            let places: Vec<usize> = places.into_iter().map(|place| place as usize).collect();
            text_of(&self.inner.territories(&places))
        })
    }

    /// The scores as columns.
    #[napi(catch_unwind)]
    pub fn scores(&self) -> napi::Result<NativeFrame> {
        guard(|| NativeFrame::of(self.inner.scores_frame()))
    }

    /// The criteria as columns.
    #[napi(catch_unwind)]
    pub fn indicators(&self) -> napi::Result<NativeFrame> {
        guard(|| NativeFrame::of(self.inner.indicators_frame()))
    }

    /// A ranking as columns.
    #[napi(catch_unwind)]
    pub fn ranking(&self, by: Option<String>, within: Option<String>) -> napi::Result<NativeFrame> {
        guard(|| {
            let methodology = self.inner.methodology();
            let view = methodology.view(by.as_deref())?;
            let within = methodology.within(within.as_deref())?;
            NativeFrame::of(self.inner.ranking_frame(view, &within)?)
        })
    }

    /// The reference.
    #[napi(catch_unwind)]
    pub fn reference(&self, env: Env) -> napi::Result<NativeReference> {
        guard(|| {
            let weight = weight_of(self.inner.cohort());
            Ok(NativeReference::weighing(env, self.inner.reference()?.into(), weight))
        })
    }
}
