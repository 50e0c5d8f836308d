//! How does the engine stand? Figures for those who watch it: publications, log, quotes, disk and memory.

use std::sync::atomic::Ordering;

use crate::domain::time::Instant;
use crate::pricing::cart::{LineStatus, PricedCart};
use crate::quotes::life::State;
use crate::store::{Counters, SizeReport};

use super::Engine;
use super::counts::Counts;
use super::error::RecordError;
use super::quotes::records::{self, Index};

/// Quotes of one state are counted up to so many.
pub const QUOTES_COUNTED: u64 = 100_000;

/// Figures of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// The time of command.
    pub now: Instant,
    /// The newest publication.
    pub publication: u64,
    /// When it was committed; none where nothing was ever published.
    pub published_at: Option<Instant>,
    /// Publications that can be priced against.
    pub publications: usize,
    /// Price points of the newest publication.
    pub price_points: u64,
    /// The version of the policy in force; zero without one.
    pub policy_version: u64,
    /// The position of the log that requests see.
    pub position_seen: u64,
    /// The position of the log that is stored.
    pub position_stored: u64,
    /// Command time of the last command.
    pub command_time: Instant,
    /// Memory for what contracts have bought.
    pub accounts_bytes: usize,
    /// Rows that several contracts share and their bytes, in memory.
    pub shared_rows: (u64, u64),
    /// The number of the last quote.
    pub quote_number: u64,
    /// For how many seconds the quote that is longest over has been over without that being written down.
    pub quotes_expiry_lag_s: i64,
    /// Bytes on disk and in memory.
    pub size: SizeReport,
    /// What the store has counted.
    pub counters: Counters,
}

impl Engine {
    /// What was counted since opening.
    #[must_use]
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The failure since which nothing is written, if there was one; asks nobody who could be waiting for the disk.
    #[must_use]
    pub fn poisoned_by(&self) -> Option<String> {
        self.store.poisoned_by()
    }

    /// Figures of now. Reads a few records; not for every request.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn figures(&self) -> Result<Figures, RecordError> {
        let manifests = self.publications()?;
        let view = self.view();
        let now = self.clock.now().max(view.command_time);
        let first_over = records::expiring(&self.store, Instant(i64::MIN), 1)?;
        let lag = first_over.first().map_or(0, |(at, _)| now.0.saturating_sub(at.0).max(0));
        Ok(Figures {
            now,
            publication: view.publication.0,
            published_at: manifests.last().map(|newest| newest.committed_at),
            publications: manifests.len(),
            price_points: view.points(),
            policy_version: view.policy.0.version,
            position_seen: view.position.0,
            position_stored: self.store.last_log_sequence()?.unwrap_or(0),
            command_time: view.command_time,
            accounts_bytes: view.accounts.bytes(),
            shared_rows: self.shared_rows.held(),
            quote_number: records::last_number(&self.store)?,
            quotes_expiry_lag_s: lag,
            size: self.store.size()?,
            counters: self.store.counters().unwrap_or_default(),
        })
    }

    /// Quotes by state as it is written, each up to [`QUOTES_COUNTED`]. Walks over an index: to be asked now and then.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn quotes_by_state(&self) -> Result<Vec<(State, u64)>, RecordError> {
        let count = |state: State| {
            let mut count = 0;
            Index::of_state(state).each_down(&self.store, None, |_| {
                count += 1;
                Ok(count < QUOTES_COUNTED)
            })?;
            Ok((state, count))
        };
        State::ALL.into_iter().map(count).collect()
    }

    pub(super) fn count_cart(&self, cart: &PricedCart) {
        let priced = cart.lines.iter().filter(|line| line.status == LineStatus::Priced).count();
        let whole = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        self.counts.carts.add(1);
        self.counts.lines_priced.add(whole(priced));
        if cart.lines.len() > priced {
            self.counts.lines_unpriced.add(whole(cart.lines.len().saturating_sub(priced)));
        }
    }
}

impl Counts {
    /// Commands committed, and commits that failed.
    #[must_use]
    pub fn commands_and_failures(&self) -> (u64, u64) {
        (self.commands.load(Ordering::Relaxed), self.commit_failures.load(Ordering::Relaxed))
    }
}
