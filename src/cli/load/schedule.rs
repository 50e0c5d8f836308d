//! When is which cart to be asked for? A thread of its own draws, and hands each over when its time has come, whatever
//! became of those before.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::mpsc::UnboundedSender;

use super::arguments::Arrivals;
use super::chance::Chance;
use super::goods::Goods;

const SECOND_NS: u64 = 1_000_000_000;

/// A cart that is to be asked for.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// When, from the beginning on.
    pub at: Duration,
    /// The request.
    pub cart: Bytes,
}

/// What one thread draws.
pub struct Schedule<'g> {
    /// Of these.
    pub goods: &'g Goods,
    /// One in so many nanoseconds.
    pub mean_gap_ns: u64,
    /// How far they are apart.
    pub arrivals: Arrivals,
    /// Lines of every cart, where stated.
    pub lines: Option<u32>,
    /// Nothing from then on.
    pub end: Duration,
    /// By which it is drawn.
    pub chance: Chance,
}

/// The gap between two calls, of `threads` threads that make so many a second together.
pub fn mean_gap_ns(rate: u64, threads: usize) -> u64 {
    let threads = u64::try_from(threads).unwrap_or(u64::MAX);
    (SECOND_NS.saturating_mul(threads) / rate.max(1)).max(1)
}

impl Schedule<'_> {
    /// Hands over one cart after another, each at its time from `begin` on, until the end or until nobody takes them.
    pub fn run(mut self, begin: Instant, to: &UnboundedSender<Arrival>) {
        let mut at = 0_u64;
        loop {
            at = at.saturating_add(match self.arrivals {
                Arrivals::Poisson => self.chance.gap(self.mean_gap_ns),
                Arrivals::Fixed => self.mean_gap_ns,
            });
            let time = Duration::from_nanos(at);
            if time >= self.end {
                return;
            }
            let lines = self.lines.unwrap_or_else(|| self.chance.lines());
            let cart = self.goods.cart(&mut self.chance, lines);
            let wait = (begin + time).saturating_duration_since(Instant::now());
            if !wait.is_zero() {
                std::thread::sleep(wait);
            }
            if to.send(Arrival { at: time, cart }).is_err() {
                return;
            }
        }
    }
}
