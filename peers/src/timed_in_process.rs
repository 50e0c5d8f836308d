//! How are carts timed in this process? One after another, each by the clock.

use std::time::{Duration, Instant};

use super::load::Measured;
use super::rounds::{RUN, WARM_UP};

/// Prices so many carts in turn for a warm-up and a run; `one` prices the cart of a number.
pub async fn in_turn(carts: usize, mut one: impl AsyncFnMut(usize)) -> Measured {
    let mut numbers = (0..carts).cycle();
    let begun = Instant::now();
    while begun.elapsed() < WARM_UP {
        one(numbers.next().unwrap()).await;
    }
    let mut times: Vec<u32> = Vec::with_capacity(1 << 20);
    let begun = Instant::now();
    while begun.elapsed() < RUN {
        let number = numbers.next().unwrap();
        let one_begun = Instant::now();
        one(number).await;
        times.push(u32::try_from(one_begun.elapsed().as_nanos()).unwrap_or(u32::MAX));
    }
    let elapsed = begun.elapsed();
    times.sort_unstable();
    let at =
        |share: usize| Duration::from_nanos(times[(times.len() * share / 100).min(times.len() - 1)].into());
    Measured {
        calls: u64::try_from(times.len()).unwrap(),
        refused: 0,
        elapsed,
        p50: at(50),
        p99: at(99),
        server_cpu: elapsed,
        answer_bytes: 0,
    }
}

/// The same of what never waits.
pub fn in_turn_at_once(carts: usize, mut one: impl FnMut(usize)) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(in_turn(carts, async |number| one(number)))
}
