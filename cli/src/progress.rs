//! A bar on long work, for people at a terminal.

use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Work shorter than this shows no bar: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows how far the work is, once it has lasted.
#[derive(Debug)]
pub(crate) struct Progress {
    start: Instant,
    wanted: bool,
    label: &'static str,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Nothing to show yet. Nothing is ever shown unless standard error is a terminal.
    pub(crate) fn new(label: &'static str) -> Self {
        Self { start: Instant::now(), wanted: std::io::stderr().is_terminal(), label, bar: None }
    }

    /// Takes note of progress; never stops the work.
    pub(crate) fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        if self.wanted && self.start.elapsed() > PATIENCE {
            let bar = self.bar.get_or_insert_with(|| {
                let bar = ProgressBar::new(total);
                if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent} %") {
                    bar.set_style(style);
                }
                bar.set_message(self.label);
                bar
            });
            bar.set_position(done);
        }
        ControlFlow::Continue(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
