//! How are calls made at a stated rate, whether or not they are answered? On a thread of its own, each with its time from when it was due.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, mpsc};
use tonic::Code;

/// Calls in flight, fewer than the server allows of those that are not carts.
const IN_FLIGHT: usize = 200;
/// After which a call that was too much is made again.
const COME_BACK: Duration = Duration::from_millis(100);
const TICK: Duration = Duration::from_millis(1);

/// What came of calls.
#[derive(Debug, Default)]
pub struct Made {
    /// Microseconds of those that were answered well, from when they were due.
    pub micros: Vec<u64>,
    /// Those that were not, and what the first was told.
    pub failed: u64,
    /// That.
    pub first_failure: Option<String>,
    /// How often one was made again that had been too much.
    pub again: u64,
    /// How long they were made.
    pub elapsed: Duration,
}

impl Made {
    /// Answered well, a second.
    pub fn per_second(&self) -> u64 {
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap().max(1);
        u64::try_from(self.micros.len()).unwrap() * 1_000 / millis
    }

    /// So many in a hundred took no longer, microseconds.
    pub fn percentile(&mut self, percent: usize) -> u64 {
        self.micros.sort_unstable();
        self.micros.get(self.micros.len().saturating_sub(1) * percent / 100).copied().unwrap_or(0)
    }
}

/// Calls that are made.
pub struct Paced {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Made>,
}

impl Paced {
    /// Makes so many a second; `call` makes the one of a number.
    pub fn start<Call, Answer>(per_second: u64, call: Call) -> Self
    where
        Call: Fn(u64) -> Answer + Send + Sync + 'static,
        Answer: Future<Output = Result<(), tonic::Status>> + Send + 'static,
    {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(run(per_second, call, &stopped))
        });
        Self { stop, thread }
    }

    /// Makes no more.
    pub fn stop(self) -> Made {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

async fn run<Call, Answer>(per_second: u64, call: Call, stop: &AtomicBool) -> Made
where
    Call: Fn(u64) -> Answer + Send + Sync + 'static,
    Answer: Future<Output = Result<(), tonic::Status>> + Send + 'static,
{
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let (call, again) = (Arc::new(call), Arc::new(AtomicU64::new(0)));
    let room = Arc::new(Semaphore::new(IN_FLIGHT));
    let begun = Instant::now();
    let gap = Duration::from_nanos(1_000_000_000 / per_second.max(1));
    let (mut next, mut number) = (begun, 0);
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(TICK).await;
        while next <= Instant::now() {
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { break };
            let (answer, due, sender) = (call(number), next, sender.clone());
            let (again, call) = (Arc::clone(&again), Arc::clone(&call));
            tokio::spawn(async move {
                let mut told = answer.await;
                // As a client does that is told when to come back.
                while told.as_ref().is_err_and(|status| status.code() == Code::ResourceExhausted) {
                    again.fetch_add(1, Ordering::Relaxed);
                    tokio::time::sleep(COME_BACK).await;
                    told = call(number).await;
                }
                drop(permit);
                let _ = sender.send(told.map(|()| due.elapsed()));
            });
            next += gap;
            number += 1;
        }
    }
    let mut made = Made { elapsed: begun.elapsed(), ..Made::default() };
    drop(sender);
    while let Some(told) = receiver.recv().await {
        match told {
            Ok(time) => made.micros.push(u64::try_from(time.as_micros()).unwrap()),
            Err(status) => {
                made.failed += 1;
                made.first_failure.get_or_insert_with(|| status.to_string());
            }
        }
    }
    made.again = again.load(Ordering::Relaxed);
    made
}
