//! Who asks for half of the carts that a server can price, while something else goes on beside them or nothing does?

use std::process::Child;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::figures::Figures;
use super::load::{Cart, Load, Measured, Served, run_bearing_refusals};
use super::open_load::{OpenLoad, Told, run as open_load};

const CONNECTIONS: usize = 8;
/// Calls in flight of whoever waits for an answer before asking again.
const IN_FLIGHT: usize = 16;
/// What is asked for before it is looked whether that which goes on beside it is over.
const PIECE: Duration = Duration::from_secs(5);
const QUIET_PIECES: usize = 4;

/// As many carts as a server can price, of 16 calls in flight; on a machine that others share, it may be late for one and shed it.
pub fn most(server: &Served, carts: Arc<Vec<Cart>>) -> Measured {
    let load = Load {
        address: server.address,
        secured: None,
        connections: CONNECTIONS,
        in_flight: IN_FLIGHT,
        warm_up: Duration::from_secs(1),
        run: PIECE,
        carts,
    };
    run_bearing_refusals(&load, server.process())
}

/// That client.
pub struct HalfLoad<'s> {
    server: &'s Served,
    half: OpenLoad,
}

impl<'s> HalfLoad<'s> {
    /// Of what the server can price now, which is put as `NAME_capacity_per_s`.
    pub fn of(server: &'s Served, carts: Arc<Vec<Cart>>, name: &str, figures: &mut Figures) -> Self {
        let capacity = most(server, Arc::clone(&carts)).per_second();
        figures.integer(&format!("{name}_capacity_per_s"), capacity);
        let half = OpenLoad {
            address: server.address,
            connections: CONNECTIONS,
            rate: capacity / 2,
            run: PIECE,
            deadline: Duration::from_millis(50),
            carts,
        };
        Self { server, half }
    }

    fn piece(&self) -> Told {
        open_load(&self.half, self.server.process())
    }

    /// Asks for a while, beside nothing else.
    pub fn quiet(&self, name: &str, figures: &mut Figures) {
        let told = (0..QUIET_PIECES).map(|_| self.piece()).reduce(Told::and).unwrap();
        put(name, &told, figures);
    }

    /// Asks until something else is over.
    pub fn beside(&self, name: &str, mut other: Child, figures: &mut Figures) {
        let begun = Instant::now();
        let waiting = std::thread::spawn(move || (other.wait().unwrap(), begun.elapsed()));
        let mut told = Told::default();
        while told.elapsed_ns == 0 || !waiting.is_finished() {
            let piece = self.piece();
            eprintln!(
                "   {name} after {} s: p99 {} us",
                begun.elapsed().as_secs(),
                piece.percentile(99) / 1_000
            );
            told = told.and(piece);
        }
        let (status, took) = waiting.join().unwrap();
        assert!(status.success(), "{name}: {status}");
        figures.integer(&format!("{name}_ms"), u64::try_from(took.as_millis()).unwrap());
        put(name, &told, figures);
    }
}

fn put(name: &str, told: &Told, figures: &mut Figures) {
    figures.micros(&format!("{name}_p50_us"), told.percentile(50));
    figures.micros(&format!("{name}_p99_us"), told.percentile(99));
    for (what, calls) in [("good", told.good), ("late", told.late), ("refused", told.refused)] {
        figures.integer(&format!("{name}_{what}_per_s"), told.per_second(calls));
    }
}
