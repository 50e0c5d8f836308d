//! How is something measured whose data no processor cache holds?
//!
//! Reading thrice the last-level cache throws everything out. Then what all contracts share is read (as a busy server
//! has it at hand), some contracts go untimed so that the code is there too, and each of the next contracts, none of
//! which was touched since, is timed by itself. Its request is read just before, as it would just have been received.

use std::hint::black_box;
use std::time::Instant;

use super::machine::last_cache_bytes;

/// Contracts that go untimed after everything was thrown out.
const UNTIMED: usize = 8;
/// Contracts that are timed then.
const TIMED: usize = 16;
/// Bytes of a cache line.
const LINE_BYTES: usize = 64;

/// Requests that are measured, each for another contract.
pub trait Requests {
    /// What a request comes to.
    type Answer;
    /// How many there are.
    fn count(&self) -> usize;
    /// Reads what all contracts share.
    fn read_shared(&self) -> u64;
    /// Reads a request.
    fn read_request(&self, number: usize) -> u64;
    /// Answers it: this is what is timed.
    fn answer(&mut self, number: usize) -> Self::Answer;
    /// Panics where the answer is wrong.
    fn check(&self, number: usize, answer: Self::Answer);
}

/// Memory to be read so that nothing else is left in the caches.
pub struct Caches(Vec<u64>);

impl Caches {
    /// Three times the last level.
    pub fn new() -> Self {
        let words = 3 * last_cache_bytes() / size_of::<u64>();
        // Distinct words, so that no page of zeros stands for them.
        Self((0..u64::try_from(words).unwrap()).collect())
    }

    fn throw_out(&self) {
        let step = LINE_BYTES / size_of::<u64>();
        black_box(self.0.iter().step_by(step).fold(0_u64, |sum, word| sum ^ word));
    }

    /// Nanoseconds of each request whose contract no cache holds.
    pub fn cold(&self, requests: &mut impl Requests) -> Vec<u64> {
        let mut times = Vec::new();
        let numbers: Vec<usize> = (0..requests.count()).collect();
        for batch in numbers.chunks(UNTIMED + TIMED) {
            self.throw_out();
            black_box(requests.read_shared());
            let (untimed, timed) = batch.split_at(UNTIMED.min(batch.len()));
            for number in untimed {
                time(requests, *number);
            }
            times.extend(timed.iter().map(|number| time(requests, *number)));
        }
        assert!(!times.is_empty(), "{} contracts are too few to measure", numbers.len());
        times
    }
}

/// Nanoseconds of each request, none of which was answered before.
pub fn first(requests: &mut impl Requests) -> Vec<u64> {
    (0..requests.count()).map(|number| time(requests, number)).collect()
}

/// Nanoseconds of each request right after it was answered twice.
pub fn warm(requests: &mut impl Requests) -> Vec<u64> {
    let third = |number: usize, requests: &mut _| {
        time(requests, number);
        time(requests, number);
        time(requests, number)
    };
    (0..requests.count()).map(|number| third(number, requests)).collect()
}

fn time(requests: &mut impl Requests, number: usize) -> u64 {
    black_box(requests.read_request(number));
    let begun = Instant::now();
    let answer = black_box(requests.answer(number));
    let time = u64::try_from(begun.elapsed().as_nanos()).unwrap();
    requests.check(number, answer);
    time
}
