//! What does the engine count while it works? Sums that no two threads write at the same place, so that counting costs a
//! request a few nanoseconds and never makes it wait.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Threads that count in a place of their own; more than these share places.
const PLACES: usize = 16;

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static PLACE: Cell<usize> = Cell::new(THREADS.fetch_add(1, Ordering::Relaxed) % PLACES);
}

/// A place that shares its cache lines with no other.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place(AtomicU64);

/// A sum that threads add to, each in its own place.
#[derive(Debug, Default)]
pub struct Sum([Place; PLACES]);

impl Sum {
    /// Adds.
    #[inline]
    pub fn add(&self, count: u64) {
        if let Some(place) = self.0.get(PLACE.get()) {
            place.0.fetch_add(count, Ordering::Relaxed);
        }
    }

    /// What all have added.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().map(|place| place.0.load(Ordering::Relaxed)).fold(0, u64::wrapping_add)
    }
}

/// Durations are counted up to these bounds, in microseconds; longer ones beyond them.
pub const BOUNDS_US: [u64; 20] = [
    25,
    50,
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    60_000_000,
    600_000_000,
];
const BUCKETS: usize = BOUNDS_US.len() + 1;

/// How long something took, counted by length.
#[derive(Debug, Default)]
pub struct Durations {
    buckets: [AtomicU64; BUCKETS],
    nanos: AtomicU64,
}

/// Durations as counted at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DurationCounts {
    /// How many took no longer than the bound of this place and longer than the one before; the last has no bound.
    pub buckets: [u64; BUCKETS],
    /// All of them together.
    pub nanos: u64,
}

impl Durations {
    /// Counts one.
    #[inline]
    pub fn record(&self, took: Duration) {
        let micros = u64::try_from(took.as_nanos().div_ceil(1_000)).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < micros);
        if let Some(bucket) = self.buckets.get(bucket) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
        let nanos = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        self.nanos.fetch_add(nanos, Ordering::Relaxed);
    }

    /// What was counted.
    #[must_use]
    pub fn counted(&self) -> DurationCounts {
        let mut counts = DurationCounts { nanos: self.nanos.load(Ordering::Relaxed), ..Default::default() };
        for (count, bucket) in counts.buckets.iter_mut().zip(&self.buckets) {
            *count = bucket.load(Ordering::Relaxed);
        }
        counts
    }
}

impl DurationCounts {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.buckets.iter().copied().fold(0, u64::wrapping_add)
    }

    /// Adds those of another place.
    pub fn add(&mut self, other: &Self) {
        self.nanos = self.nanos.wrapping_add(other.nanos);
        for (sum, count) in self.buckets.iter_mut().zip(other.buckets) {
            *sum = sum.wrapping_add(count);
        }
    }
}

/// What an engine has counted since it was opened.
#[derive(Debug)]
pub struct Counts {
    /// Carts that were priced, by whatever call.
    pub carts: Sum,
    /// Lines of them with a price.
    pub lines_priced: Sum,
    /// Lines of them without one.
    pub lines_unpriced: Sum,
    /// Rows that several contracts share: found in memory.
    pub shared_rows_hits: Sum,
    /// The same: not found there.
    pub shared_rows_misses: Sum,
    /// Commits of the writer: a write and a sync each.
    pub commits: Durations,
    /// Commands that were committed with them.
    pub commands: AtomicU64,
    /// Commits that failed.
    pub commit_failures: AtomicU64,
    /// Publications of data, from the first byte read until they are in force.
    pub imports: Durations,
    /// Publications of a policy, from when it was asked for until it is in force.
    pub policies: Durations,
    opened: Instant,
    /// When the commit that is going on began, in microseconds since opening, from one; zero where none is.
    committing_since: AtomicU64,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            carts: Sum::default(),
            lines_priced: Sum::default(),
            lines_unpriced: Sum::default(),
            shared_rows_hits: Sum::default(),
            shared_rows_misses: Sum::default(),
            commits: Durations::default(),
            commands: AtomicU64::default(),
            commit_failures: AtomicU64::default(),
            imports: Durations::default(),
            policies: Durations::default(),
            opened: Instant::now(),
            committing_since: AtomicU64::default(),
        }
    }
}

impl Counts {
    /// Commits, and counts how long that takes and how many commands it was for.
    pub(super) fn committing<T, E>(
        &self,
        commands: usize,
        commit: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let began = Instant::now();
        self.committing_since.store(self.now_us(), Ordering::Relaxed);
        let outcome = commit();
        self.committing_since.store(0, Ordering::Relaxed);
        match outcome.is_ok() {
            true => {
                self.commits.record(began.elapsed());
                self.commands.fetch_add(u64::try_from(commands).unwrap_or(u64::MAX), Ordering::Relaxed);
            }
            false => drop(self.commit_failures.fetch_add(1, Ordering::Relaxed)),
        }
        outcome
    }

    /// How long the commit that is going on has been going on; nothing where none is.
    #[must_use]
    pub fn committing_for(&self) -> Duration {
        match self.committing_since.load(Ordering::Relaxed) {
            0 => Duration::ZERO,
            since => Duration::from_micros(self.now_us().saturating_sub(since)),
        }
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.opened.elapsed().as_micros()).unwrap_or(u64::MAX).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUCKETS, Counts, Durations, Sum};
    use std::time::Duration;

    #[test]
    fn sums_are_of_all_threads() {
        let sum = Sum::default();
        std::thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| (0..1_000).for_each(|_| sum.add(3)));
            }
        });
        assert_eq!(sum.total(), 120_000);
    }

    #[test]
    fn durations_count_up_to_their_bound_included() {
        let durations = Durations::default();
        let cases = [(1, 0), (25_000, 0), (25_001, 1), (50_000, 1), (600_000_000_000, 19), (u64::MAX, 20)];
        let mut expected = [0; BUCKETS];
        for (nanos, bucket) in cases {
            durations.record(Duration::from_nanos(nanos));
            expected[bucket] += 1;
            assert_eq!(durations.counted().buckets, expected, "{nanos} ns");
        }
        assert_eq!(durations.counted().count(), 6);
    }

    #[test]
    fn a_commit_counts_with_its_commands_or_as_a_failure() {
        let counts = Counts::default();
        assert_eq!(counts.committing(3, || Ok::<_, ()>(7)), Ok(7));
        assert_eq!(counts.committing(5, || Err::<(), _>("full")), Err("full"));
        let sums = (counts.commands.into_inner(), counts.commit_failures.into_inner());
        assert_eq!((sums, counts.commits.counted().count()), ((3, 1), 1));
    }
}
