//! Long work: off the interpreter's lock, with progress, and given up on Ctrl-C.
//!
//! It runs in a thread of its own, started for the call and joined by it, while the caller's thread looks
//! for signals. So nothing runs before it is asked for and nothing is inherited by a fork. Work that is
//! given up ends by itself: scoring at its next chunk, the rest when it is done.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use bareme::Faults;
use bareme::error::{Code, Fault, Place, Text};
use pyo3::prelude::*;

use crate::faults::{of_panic, raised};

/// How often signals and progress are looked at.
const PAUSE: Duration = Duration::from_millis(50);

/// Nanoseconds spent in work so far: a benchmark takes them from what passes in Python.
static WORKED: AtomicU64 = AtomicU64::new(0);

/// Nanoseconds spent in the core by all work so far.
#[pyfunction]
pub(crate) fn worked() -> u64 {
    WORKED.load(Ordering::Relaxed)
}

/// What a caller and its work tell each other.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicBool,
}

impl Watch {
    /// Says how far the work is; learns whether to stop.
    pub(crate) fn report(&self, done: u64, total: u64) -> std::ops::ControlFlow<()> {
        self.total.store(total, Ordering::Relaxed);
        self.done.store(done, Ordering::Relaxed);
        if self.stop.load(Ordering::Relaxed) {
            return std::ops::ControlFlow::Break(());
        }
        std::ops::ControlFlow::Continue(())
    }
}

/// Does `work`; calls `progress(done, total)` meanwhile, and at the end if there was any.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Watch) -> Result<T, Faults> + Send + 'static,
) -> PyResult<T> {
    let watch = Arc::new(Watch::default());
    let (sender, mut receiver) = channel();
    let theirs = Arc::clone(&watch);
    let started = thread::Builder::new().name("bareme".to_owned()).spawn(move || {
        let start = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| work(&theirs)));
        WORKED.fetch_add(u64::try_from(start.elapsed().as_nanos()).unwrap_or_default(), Ordering::Relaxed);
        // Nobody listens any more when the work was given up.
        let _ = sender.send(outcome.unwrap_or_else(|panic| Err(of_panic(&*panic))));
    });
    started.map_err(|error| pyo3::exceptions::PyOSError::new_err(error.to_string()))?;
    let mut told = (0, 0);
    loop {
        let answer;
        (receiver, answer) = py.detach(move || {
            let answer = receiver.recv_timeout(PAUSE);
            (receiver, answer)
        });
        let now = (watch.done.load(Ordering::Relaxed), watch.total.load(Ordering::Relaxed));
        let tell = || match progress {
            Some(progress) if now != told => progress.call1(now).map(drop),
            _ => Ok(()),
        };
        if let Err(error) = py.check_signals().and_then(|()| tell()) {
            watch.stop.store(true, Ordering::Relaxed);
            return Err(error);
        }
        told = now;
        match answer {
            Ok(outcome) => return outcome.map_err(|faults| raised(py, &faults)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                let fault = Fault::new(Code::Internal, Place::Pointer(String::new()), "", Text::default());
                return Err(raised(py, &fault.into()));
            }
        }
    }
}
