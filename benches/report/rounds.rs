//! In which rounds are the servers loaded, and what comes of them? All in turn, so that a disturbance of the machine
//! meets all alike; the medians of the rounds count, and of ratios the median of the ratios of each round.

use std::sync::Arc;
use std::time::Duration;

use super::figures::{Figures, median};
use super::load::{Cart, Load, Measured, Served, run as load};

const ROUNDS: usize = 7;
/// Calls in flight and connections, of the two kinds of round.
const MANY: (usize, usize) = (16, 4);
const ALONE: (usize, usize) = (1, 1);
const WARM_UP: Duration = Duration::from_millis(300);
const RUN: Duration = Duration::from_millis(2_000);
const RUN_ALONE: Duration = Duration::from_millis(1_000);

/// A server that is measured.
pub struct Peer<'s> {
    name: &'static str,
    server: &'s Served,
    carts: Arc<Vec<Cart>>,
    many: Vec<Measured>,
    alone: Vec<Measured>,
}

impl<'s> Peer<'s> {
    /// Its figures begin with `name`.
    pub fn new(name: &'static str, server: &'s Served, carts: &Arc<Vec<Cart>>) -> Self {
        Self { name, server, carts: Arc::clone(carts), many: Vec::new(), alone: Vec::new() }
    }

    fn load(&self, (in_flight, connections): (usize, usize), run: Duration) -> Measured {
        let carts = Arc::clone(&self.carts);
        let address = self.server.address;
        let what = Load { address, secured: None, connections, in_flight, warm_up: WARM_UP, run, carts };
        let measured = load(&what, self.server.process());
        assert!(measured.calls > 100, "{}: {} calls in {run:?}", self.name, measured.calls);
        measured
    }
}

/// All rounds.
pub fn run(peers: &mut [Peer<'_>]) {
    for round in 1..=ROUNDS {
        for peer in peers.iter_mut() {
            let measured = peer.load(MANY, RUN);
            eprintln!(
                "   round {round}, {}: {} calls/s, {} ns of processor a call",
                peer.name,
                measured.per_second(),
                measured.cpu_ns()
            );
            peer.many.push(measured);
        }
        for peer in peers.iter_mut() {
            let measured = peer.load(ALONE, RUN_ALONE);
            peer.alone.push(measured);
        }
    }
}

/// The figures of quoin, the echo and whatever else stands beside them.
pub fn put(peers: &[Peer<'_>], figures: &mut Figures) {
    for peer in peers {
        let name = peer.name;
        let what = if name == "grpc_echo" { "per_s" } else { "carts_per_s" };
        let of = |value: fn(&Measured) -> u64| median(peer.many.iter().map(value));
        figures.integer(&format!("{name}_100_{what}"), of(Measured::per_second));
        figures.micros(&format!("{name}_100_cpu_us"), of(Measured::cpu_ns));
        figures.integer(&format!("{name}_100_busy_percent"), of(busy_percent));
        figures.integer(&format!("{name}_100_answer_bytes"), of(|round| round.answer_bytes / round.calls));
        for (suffix, rounds) in [("1", &peer.alone), ("16", &peer.many)] {
            let of =
                |value: fn(&Measured) -> Duration| median(rounds.iter().map(|round| nanos(value(round))));
            figures.micros(&format!("{name}_100_p50_us_{suffix}"), of(|round| round.p50));
            figures.micros(&format!("{name}_100_p99_us_{suffix}"), of(|round| round.p99));
        }
    }
    let echo = peers.iter().find(|peer| peer.name == "grpc_echo").unwrap();
    for peer in peers.iter().filter(|peer| peer.name != "grpc_echo") {
        let ratio = |(one, other): (&Measured, &Measured)| one.cpu_ns() * 1_000 / other.cpu_ns();
        let ratios = peer.many.iter().zip(&echo.many).map(ratio);
        figures.decimal(&format!("{}_cpu_over_echo", peer.name), median(ratios), 3);
    }
}

/// How much of a processor the server took.
fn busy_percent(round: &Measured) -> u64 {
    nanos(round.server_cpu) * 100 / nanos(round.elapsed)
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap()
}
