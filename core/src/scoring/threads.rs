//! Work shared out: each item is done by one of as many threads as were asked for. What comes out does
//! not depend on who did what, since values are exact and what is collected has no order.

use super::{Stop, Watch};

/// Does `step` for each item. Each thread begins with what `start` gives, and what the threads have become
/// is returned, in no order. `cost` is what an item adds to the progress.
///
/// With one thread, or where the system gives none, all is done here.
pub(super) fn fold<T: Sync, S: Send>(
    items: &[T],
    watch: &mut Watch<'_>,
    cost: impl Fn(&T) -> usize + Sync,
    start: impl Fn() -> S + Sync,
    step: impl Fn(&mut S, &T) + Sync,
) -> Result<Vec<S>, Stop> {
    // WebAssembly has none to give, and its linker does not know them.
    #[cfg(not(target_family = "wasm"))]
    if watch.threads > 1
        && items.len() > 1
        && let Some(states) = shared(items, watch, &cost, &start, &step)
    {
        return states;
    }
    let mut state = start();
    for item in items {
        step(&mut state, item);
        watch.advance(cost(item))?;
    }
    Ok(vec![state])
}

/// The same on several threads; `None` where there is none to be had.
#[cfg(not(target_family = "wasm"))]
fn shared<T: Sync, S: Send>(
    items: &[T],
    watch: &mut Watch<'_>,
    cost: &(impl Fn(&T) -> usize + Sync),
    start: &(impl Fn() -> S + Sync),
    step: &(impl Fn(&mut S, &T) + Sync),
) -> Option<Result<Vec<S>, Stop>> {
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::{sync::mpsc, thread};

    let threads = watch.threads.min(items.len());
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, done) = mpsc::channel();
    let work = |sender: mpsc::Sender<usize>| {
        let mut state = start();
        while !stopped.load(Ordering::Relaxed)
            && let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed))
        {
            step(&mut state, item);
            // Nobody listens any more when the work was stopped.
            let _ = sender.send(cost(item));
        }
        state
    };
    thread::scope(|scope| {
        let mut workers = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (sender, work) = (sender.clone(), &work);
            match thread::Builder::new().spawn_scoped(scope, move || work(sender)) {
                Ok(worker) => workers.push(worker),
                Err(_) => break,
            }
        }
        drop(sender);
        if workers.is_empty() {
            return None;
        }
        // The watcher is called from here only, so that it may belong to this thread.
        let outcome = done.into_iter().try_for_each(|cost| watch.advance(cost));
        stopped.store(outcome.is_err(), Ordering::Relaxed);
        let states = workers.into_iter().map(|worker| match worker.join() {
            Ok(state) => state,
            // Nothing here panics; if it did, it would be the caller's to know.
            Err(panic) => std::panic::resume_unwind(panic),
        });
        let states: Vec<S> = states.collect();
        Some(outcome.map(|()| states))
    })
}
