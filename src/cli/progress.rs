//! How does a long import show that it goes on? Bars on a terminal, plain lines elsewhere.

use std::cell::RefCell;
use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use crate::engine::import::ImportProgress;

/// Shows progress on standard error.
pub struct Shown {
    terminal: bool,
    quiet: bool,
    bar: RefCell<Option<ProgressBar>>,
}

impl Shown {
    /// `quiet` shows bars on a terminal and nothing elsewhere.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self { terminal: std::io::stderr().is_terminal(), quiet, bar: RefCell::new(None) }
    }

    /// Takes the last bar away.
    pub fn end(&self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.end();
    }
}

impl ImportProgress for Shown {
    fn begin(&self, stage: &str, total: u64) {
        self.end();
        if !self.terminal {
            if !self.quiet {
                eprintln!("quoin: {stage}");
            }
            return;
        }
        let bar = if total == 0 { ProgressBar::new_spinner() } else { ProgressBar::new(total) };
        let look = if total == 0 {
            "{spinner} {msg}"
        } else {
            "{msg:24} {bar:32} {human_pos}/{human_len} {elapsed} (about {eta} to go)"
        };
        bar.set_style(ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(stage.to_owned());
        self.bar.replace(Some(bar));
    }

    fn advance(&self, done: u64) {
        if let Some(bar) = self.bar.borrow().as_ref() {
            bar.set_position(done);
        }
    }
}
