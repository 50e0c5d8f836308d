//! How long do calls wait for their worker, and how long may they? A limit that adapts; one a worker, without locks.
//!
//! A worker does one thing after another, so a queue in front of it is time: a call waits from the moment in which its
//! bytes came until it is begun. The least wait of an interval tells a burst from a queue that stands: a burst is worked
//! off, and somebody is served at once; where a queue stands, even the luckiest waits (Nichols and Jacobson, "Controlling
//! Queue Delay", 2012). While none stands, calls may wait long. Once one does, the limit falls to its floor at once, and
//! what waited longer is refused, which costs next to nothing; it rises by a quarter an interval when the queue has gone.
//! The floor is the target, or four calls where calls are long: a worker between two calls should find another waiting.
//!
//! Clients that wait for their answers come in waves as large as all that they may have in flight: the first of each wave waits
//! for nothing, and no queue is seen to stand. So there is a most that is never waited longer, however lucky somebody was.
//!
//! A machine that stands still for a moment is no queue: where a worker is not seen for longer than some calls take, or than the
//! cart in its hands would take by its size, though it does not sleep, that time is taken off the waits of the calls that it had read.
//!
//! Only the worker's own thread writes here, so that loads and stores do: nothing is read, changed and written back as one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::api::deadline::{passed, too_near};

use super::clock::{self, nanos};
use super::options::TrafficOptions;
use super::refusal::Refusal;

/// Calls that a worker may have in front of it, however long they take.
const CALLS_AHEAD: u64 = 4;
/// Calls that may be waited for at most, where they are long.
const CALLS_MOST: u64 = 16;
/// A new measurement counts one part in so many.
const SMOOTHING: u64 = 16;
/// Messages are weighed by this many bytes.
const WEIGHT_BYTES: u64 = 1_024;
/// A caller with no more calls in flight is no cause of a queue, and is refused last.
const FEW_CALLS: usize = 4;
/// Between two things that a worker does there is no more than this, or than [`CALLS_AHEAD`] times what it takes, unless it
/// stands still: about what another thread has of a processor before it is this one's turn.
const GAP_MOST: Duration = Duration::from_millis(4);

/// Since when a call waits, by the clock of [`clock::now`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// It came no earlier.
    pub came: u64,
    /// It was read about then.
    pub read: u64,
    /// For how long the worker had stood still by then, all in all.
    pub stood: u64,
}

impl Since {
    /// What came in parts has waited since the last one came.
    pub fn or_later(self, other: Self) -> Self {
        Self {
            came: self.came.max(other.came),
            read: self.read.max(other.read),
            stood: self.stood.max(other.stood),
        }
    }
}

/// A worker's.
#[derive(Debug)]
pub struct Queue {
    target: u64,
    most: u64,
    interval: u64,
    /// What may be waited now.
    limit: AtomicU64,
    /// When this interval is over.
    over: AtomicU64,
    /// The least wait of this interval.
    least: AtomicU64,
    /// How long a call takes once it is begun.
    call: AtomicU64,
    /// How long a cart takes, by [`WEIGHT_BYTES`] of its message.
    cart: AtomicU64,
    /// The worker was last seen to do anything.
    seen: AtomicU64,
    /// For how long it has stood still, all in all.
    stood: AtomicU64,
    /// The worker last slept until then.
    slept: AtomicU64,
    /// What is in the worker's hands takes about this long.
    turn: AtomicU64,
}

fn blend(mean: &AtomicU64, new: u64) {
    let old = mean.load(Ordering::Relaxed);
    // The first one counts whole.
    let blended = if old == 0 { new } else { old - old / SMOOTHING + new / SMOOTHING };
    mean.store(blended, Ordering::Relaxed);
}

impl Queue {
    /// Nothing waits.
    pub fn new(options: &TrafficOptions) -> Self {
        let most = nanos(options.wait_most).max(nanos(options.wait_target));
        Self {
            target: nanos(options.wait_target),
            most,
            interval: nanos(options.wait_interval).max(1),
            limit: AtomicU64::new(most),
            over: AtomicU64::new(0),
            least: AtomicU64::new(0),
            call: AtomicU64::new(0),
            cart: AtomicU64::new(0),
            seen: AtomicU64::new(clock::now()),
            stood: AtomicU64::new(0),
            slept: AtomicU64::new(0),
            turn: AtomicU64::new(0),
        }
    }

    /// The worker had nothing to do until now.
    pub fn woke(&self) {
        let now = clock::now();
        self.slept.store(now, Ordering::Relaxed);
        self.seen.store(now, Ordering::Relaxed);
        self.turn.store(0, Ordering::Relaxed);
    }

    /// The worker does something, after a call like most.
    fn see(&self, now: u64) {
        self.see_after(now, self.call.load(Ordering::Relaxed));
    }

    /// The worker does something, after what should have taken so long.
    fn see_after(&self, now: u64, takes: u64) {
        let gap = now.saturating_sub(self.seen.load(Ordering::Relaxed));
        let most = nanos(GAP_MOST).max(takes.saturating_mul(CALLS_AHEAD));
        if gap > most {
            let stood = self.stood.load(Ordering::Relaxed);
            self.stood.store(stood.saturating_add(gap - most), Ordering::Relaxed);
        }
        self.seen.store(now, Ordering::Relaxed);
    }

    /// For how long the worker has stood still, all in all.
    pub fn stood(&self) -> u64 {
        self.stood.load(Ordering::Relaxed)
    }

    /// What is read now came no earlier.
    pub fn asleep_or_a_turn_before(&self, now: u64) -> u64 {
        self.see(now);
        let turn_before = now.saturating_sub(self.turn.load(Ordering::Relaxed));
        self.slept.load(Ordering::Relaxed).max(turn_before)
    }

    /// May a call be begun that has waited since then, of a caller with so many in flight?
    pub fn admit(&self, now: u64, since: Since, in_flight: usize) -> Result<(), Refusal> {
        self.see(now);
        let stood = self.stood().saturating_sub(since.stood);
        let but_stood = |from: u64| now.saturating_sub(from).saturating_sub(stood);
        self.turn.store(but_stood(since.read), Ordering::Relaxed);
        let waited = but_stood(since.came);
        self.observe(now, waited);
        let few = in_flight <= FEW_CALLS && waited <= self.most();
        if waited <= self.limit.load(Ordering::Relaxed) || few {
            return Ok(());
        }
        Err(Refusal::Overloaded)
    }

    /// What may be waited at most: as stated, or for some calls where these are long.
    fn most(&self) -> u64 {
        self.most.max(self.call.load(Ordering::Relaxed).saturating_mul(CALLS_MOST))
    }

    /// Can a cart of so many bytes be answered by its deadline? It will be as long on its way out as it was on its way in.
    pub fn in_time(&self, now: u64, came: u64, bytes: usize, deadline: u64) -> Result<(), Refusal> {
        if now >= deadline {
            return Err(Refusal::Status(passed()));
        }
        let takes = self.takes(bytes);
        if now.saturating_add(takes).saturating_add(now.saturating_sub(came)) > deadline {
            return Err(Refusal::Status(too_near()));
        }
        Ok(())
    }

    /// How long a cart of so many bytes takes, by what carts took lately.
    fn takes(&self, bytes: usize) -> u64 {
        let kilobytes = u64::try_from(bytes).unwrap_or(u64::MAX) / WEIGHT_BYTES;
        self.cart.load(Ordering::Relaxed).saturating_mul(kilobytes)
    }

    /// A cart of so many bytes is priced now, and took so long.
    pub fn priced(&self, now: u64, bytes: usize, took: u64) {
        self.see_after(now, self.takes(bytes).max(self.call.load(Ordering::Relaxed)));
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX).max(WEIGHT_BYTES);
        blend(&self.cart, took.saturating_mul(WEIGHT_BYTES) / bytes);
        blend(&self.call, took);
    }

    /// Another call took so long.
    pub fn spent(&self, took: u64) {
        blend(&self.call, took);
    }

    fn observe(&self, now: u64, waited: u64) {
        let over = self.over.load(Ordering::Relaxed);
        if now < over {
            if waited < self.least.load(Ordering::Relaxed) {
                self.least.store(waited, Ordering::Relaxed);
            }
            return;
        }
        // An interval in which nobody asked says that nothing stood.
        let asked = now < over.saturating_add(self.interval);
        let behind = asked && self.least.load(Ordering::Relaxed) > self.target;
        let limit = self.limit.load(Ordering::Relaxed);
        let floor = self.target.max(self.call.load(Ordering::Relaxed).saturating_mul(CALLS_AHEAD));
        let limit = if behind { floor } else { limit.saturating_add(limit / 4).max(floor) };
        self.limit.store(limit.min(self.most()), Ordering::Relaxed);
        self.least.store(waited, Ordering::Relaxed);
        self.over.store(now.saturating_add(self.interval), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
