//! What is known of one connection's traffic? When its requests came, whether it began, and how many calls are open.
//!
//! When bytes came to the kernel is not told for TCP, so it is bounded: not before the connection's buffer was last seen
//! empty, not before the worker was last asleep, and not long before the worker's last turn, since it asks for what came
//! at least once in a turn. The bound is early rather than late: a call's wait is told too long by at most a turn.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use arc_swap::ArcSwapOption;
use bytes::Bytes;

use super::callers::{Account, Callers};
use super::queue::{Queue, Since};
use super::{Traffic, clock};

/// One connection.
#[derive(Debug)]
pub struct Link {
    /// What all workers share.
    pub traffic: Arc<Traffic>,
    /// Its worker's.
    pub queue: Arc<Queue>,
    /// The buffer was last seen empty.
    empty: AtomicU64,
    /// What was read last came no earlier.
    came: AtomicU64,
    /// For how long the worker had stood still when that was read.
    stood: AtomicU64,
    greeted: AtomicBool,
    open: AtomicUsize,
    begun: AtomicU64,
    /// Bytes of messages that are not whole yet.
    unread: AtomicUsize,
    /// Bytes of answers that the client has not taken, and of those that it has.
    unsent: AtomicUsize,
    sent: AtomicU64,
    /// The caller that asked last, which is as good as always the one that asks next.
    account: ArcSwapOption<Account>,
}

impl Link {
    /// A connection that was just accepted.
    pub fn new(traffic: Arc<Traffic>, queue: Arc<Queue>) -> Self {
        let now = clock::now();
        Self {
            empty: AtomicU64::new(now),
            came: AtomicU64::new(now),
            stood: AtomicU64::new(queue.stood()),
            greeted: AtomicBool::new(false),
            open: AtomicUsize::new(0),
            begun: AtomicU64::new(0),
            unread: AtomicUsize::new(0),
            unsent: AtomicUsize::new(0),
            sent: AtomicU64::new(0),
            account: ArcSwapOption::empty(),
            traffic,
            queue,
        }
    }

    /// Bytes were read and no more were there; `emptied` says that this is because all were taken.
    pub fn read(&self, emptied: bool) {
        let now = clock::now();
        let came = self.queue.asleep_or_a_turn_before(now).max(self.empty.load(Ordering::Relaxed));
        self.came.store(came, Ordering::Relaxed);
        self.stood.store(self.queue.stood(), Ordering::Relaxed);
        if emptied {
            self.empty.store(now, Ordering::Relaxed);
        }
    }

    /// The client has said HTTP/2's preface.
    pub fn greet(&self) {
        self.greeted.store(true, Ordering::Relaxed);
    }

    /// Did it?
    pub fn greeted(&self) -> bool {
        self.greeted.load(Ordering::Relaxed)
    }

    /// Since when that waits which was read last.
    pub fn since(&self) -> Since {
        Since {
            came: self.came.load(Ordering::Relaxed),
            read: self.empty.load(Ordering::Relaxed),
            stood: self.stood.load(Ordering::Relaxed),
        }
    }

    /// Calls so far, and how many of them are open.
    pub fn calls(&self) -> (u64, usize) {
        (self.begun.load(Ordering::Relaxed), self.open.load(Ordering::Relaxed))
    }

    /// A request's head was read.
    pub fn begin(self: &Arc<Self>) -> Call {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
        let since = Since { stood: self.queue.stood(), ..self.since() };
        Call { link: Arc::clone(self), since }
    }

    /// Part of a message came; is there room for it?
    pub fn hold(&self, bytes: usize) -> bool {
        let held = self.unread.fetch_add(bytes, Ordering::Relaxed);
        held.saturating_add(bytes) <= self.traffic.options.unread
    }

    /// A message is whole, or given up.
    pub fn release(&self, bytes: usize) {
        self.unread.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// An answer's bytes, which count as not sent until they are gone.
    pub fn sending(self: &Arc<Self>, answer: impl AsRef<[u8]> + Send + 'static) -> Bytes {
        self.unsent.fetch_add(answer.as_ref().len(), Ordering::Relaxed);
        Bytes::from_owner(Sending { answer, link: Arc::clone(self) })
    }

    /// Bytes of answers that wait for the client, and those that it has taken so far.
    pub fn answers(&self) -> (usize, u64) {
        (self.unsent.load(Ordering::Relaxed), self.sent.load(Ordering::Relaxed))
    }

    /// The account of a caller: without a lock where the same caller asked last on this connection.
    pub fn account(&self, callers: &Callers, name: &str) -> Arc<Account> {
        if let Some(account) = &*self.account.load()
            && account.name() == name
        {
            return Arc::clone(account);
        }
        let account = callers.account(name);
        self.account.store(Some(Arc::clone(&account)));
        account
    }
}

/// An answer on its way out.
struct Sending<A: AsRef<[u8]>> {
    answer: A,
    link: Arc<Link>,
}

impl<A: AsRef<[u8]>> AsRef<[u8]> for Sending<A> {
    fn as_ref(&self) -> &[u8] {
        self.answer.as_ref()
    }
}

impl<A: AsRef<[u8]>> Drop for Sending<A> {
    fn drop(&mut self) {
        let bytes = self.answer.as_ref().len();
        self.link.unsent.fetch_sub(bytes, Ordering::Relaxed);
        self.link.sent.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// A call on a connection; it is open until dropped.
#[derive(Debug)]
pub struct Call {
    /// The connection.
    pub link: Arc<Link>,
    /// Since when it waits.
    pub since: Since,
}

impl Drop for Call {
    fn drop(&mut self) {
        self.link.open.fetch_sub(1, Ordering::Relaxed);
    }
}
