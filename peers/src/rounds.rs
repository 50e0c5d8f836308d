//! In which rounds are a peer and quoin loaded, and what comes of them? In turn, so that a disturbance of the machine meets
//! both alike; the medians of the rounds count, and of ratios the median of the ratios of each round.

use std::time::Duration;

use super::figures::{median, scaled};
use super::load::Measured;

/// Calls in flight.
pub const IN_FLIGHT: usize = 16;
/// Connections of those who take several calls over one.
pub const CONNECTIONS: usize = 4;
/// Before each measurement.
pub const WARM_UP: Duration = Duration::from_millis(500);
/// Each measurement.
pub const RUN: Duration = Duration::from_millis(2_000);
/// Of each side.
pub const ROUNDS: usize = 5;

/// Somebody who answers carts, and what was measured.
pub struct Side<'s> {
    /// For people.
    pub name: String,
    /// Asks for carts for a while.
    load: Box<dyn FnMut() -> Measured + 's>,
    rounds: Vec<Measured>,
    /// What it keeps for each price, and how long it took to be ready for questions.
    pub kept: Kept,
}

/// What prices cost before anybody asks for them.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Bytes of each price, a decimal; none where nothing of the kind is there.
    pub bytes_a_cell: Option<String>,
    /// Seconds, a decimal.
    pub load_s: Option<String>,
}

impl Kept {
    /// So many bytes of so many prices, loaded in so long.
    pub fn of(bytes: u64, cells: u64, load: Duration) -> Self {
        let load_ms = u64::try_from(load.as_millis()).unwrap();
        Self { bytes_a_cell: Some(scaled(bytes * 100 / cells, 2)), load_s: Some(scaled(load_ms / 100, 1)) }
    }
}

impl<'s> Side<'s> {
    /// Not loaded yet.
    pub fn new(name: &str, kept: Kept, load: impl FnMut() -> Measured + 's) -> Self {
        Self { name: name.to_owned(), load: Box::new(load), rounds: Vec::new(), kept }
    }

    /// Median over the rounds.
    pub fn of(&self, value: impl Fn(&Measured) -> u64) -> u64 {
        median(self.rounds.iter().map(value))
    }

    /// How many times as many carts as another side, in hundredths.
    pub fn times(&self, other: &Self) -> u64 {
        let ratio = |(one, other): (&Measured, &Measured)| rate(one) * 100 / rate(other).max(1);
        median(self.rounds.iter().zip(&other.rounds).map(ratio))
    }
}

/// So many rounds of all sides.
pub fn run(sides: &mut [Side<'_>], rounds: usize) {
    for round in 1..=rounds {
        for side in sides.iter_mut() {
            let measured = (side.load)();
            let rate = scaled(rate(&measured) / 100, 1);
            eprintln!("   round {round}, {}: {rate} carts/s, {} % busy", side.name, busy_percent(&measured));
            assert!(measured.calls > 0, "{} answered nothing", side.name);
            side.rounds.push(measured);
        }
    }
}

/// Carts in a thousand seconds.
pub fn rate(measured: &Measured) -> u64 {
    let micros = u64::try_from(measured.elapsed.as_micros()).unwrap().max(1);
    measured.calls * 1_000_000_000 / micros
}

/// How much of a processor the server took.
pub fn busy_percent(measured: &Measured) -> u64 {
    nanos(measured.server_cpu) * 100 / nanos(measured.elapsed)
}

/// As a whole number.
pub fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap()
}
