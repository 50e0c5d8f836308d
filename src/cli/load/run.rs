//! How is one run made? Threads with connections of their own, each with a schedule that does not wait for answers.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::LocalSet;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{Code, Request};

use crate::cli::arguments::Common;
use crate::cli::ask;
use crate::cli::failure::{Failure, UNAVAILABLE};

use super::arguments::{Load, Plan};
use super::chance::Chance;
use super::goods::Goods;
use super::outcome::{NOT_ANSWERED, NOT_MADE, Outcomes, name};
use super::schedule::{Arrival, Schedule, mean_gap_ns};
use super::wire;

/// Answers of a run without a deadline are waited for as long as this when the last call was made.
const PATIENCE: Duration = Duration::from_secs(10);

/// A run.
#[derive(Debug, Clone, Copy)]
pub struct Run<'p> {
    /// What is the same in all runs.
    pub plan: &'p Plan,
    /// As the command line has it.
    pub asked: &'p Load,
    /// Of every command.
    pub common: &'p Common,
    /// Of which carts are drawn.
    pub goods: &'p Goods,
    /// Calls a second.
    pub rate: u64,
    /// Of all runs: each draws otherwise.
    pub number: u64,
}

impl Run<'_> {
    /// Makes it.
    ///
    /// # Errors
    /// Where the server does not answer when it begins.
    pub fn make(self) -> Result<Outcomes, Failure> {
        let threads = self.plan.threads;
        std::thread::scope(|scope| {
            let running: Vec<_> =
                (0..threads).map(|thread| scope.spawn(move || self.thread(thread))).collect();
            let mut all = Outcomes::new().map_err(|why| Failure::new(UNAVAILABLE, why))?;
            for thread in running {
                let broken = || Failure::new(UNAVAILABLE, "a thread of the load broke off");
                all.merge(&thread.join().map_err(|_| broken())??);
            }
            Ok(all)
        })
    }

    /// One thread's part.
    fn thread(self, thread: usize) -> Result<Outcomes, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(UNAVAILABLE, error))?;
        let share =
            |whole: usize| whole / self.plan.threads + usize::from(thread < whole % self.plan.threads);
        let metadata = ask::request(self.common, ())?.metadata().clone();
        let connect = async {
            let mut channels = Vec::new();
            for _ in 0..share(self.plan.connections) {
                channels.push(ask::connect(self.common, &self.asked.server).await?);
            }
            Ok::<_, Failure>(channels)
        };
        let channels = runtime.block_on(connect)?;
        let end = self.plan.warm_up + self.plan.duration;
        let number = (u64::try_from(thread).unwrap_or(0) << 32) | self.number;
        let schedule = Schedule {
            goods: self.goods,
            mean_gap_ns: mean_gap_ns(self.rate, self.plan.threads),
            arrivals: self.asked.arrivals,
            lines: self.plan.lines,
            end,
            chance: Chance::new(self.asked.seed, number),
        };
        let begin = Instant::now();
        let caller = Caller {
            channels,
            metadata,
            next: Cell::new(0),
            begin,
            over: begin + end + self.plan.deadline.unwrap_or(PATIENCE),
            warm_up: self.plan.warm_up,
            deadline: self.plan.deadline,
            in_flight: Cell::new(0),
            in_flight_most: share(self.plan.in_flight).max(1),
            outcomes: RefCell::new(Outcomes::new().map_err(|why| Failure::new(UNAVAILABLE, why))?),
        };
        let caller = Rc::new(caller);
        std::thread::scope(|scope| {
            let (sender, receiver) = unbounded_channel();
            scope.spawn(move || schedule.run(begin, &sender));
            let set = LocalSet::new();
            set.block_on(&runtime, Rc::clone(&caller).take(receiver));
            // What is in flight yet is told when it is dropped.
            drop(set);
        });
        Ok(caller.outcomes.borrow().clone())
    }
}

/// Makes the calls of one thread.
struct Caller {
    channels: Vec<Channel>,
    metadata: MetadataMap,
    next: Cell<usize>,
    begin: Instant,
    /// Nothing is waited for any more.
    over: Instant,
    warm_up: Duration,
    deadline: Option<Duration>,
    in_flight: Cell<usize>,
    in_flight_most: usize,
    outcomes: RefCell<Outcomes>,
}

/// A call that was to be made; unless its end is told, it has no answer when it is dropped.
struct Made {
    caller: Rc<Caller>,
    due: Instant,
    told: bool,
}

impl Made {
    fn tell(&mut self, outcome: &'static str, at: Instant) {
        self.told = true;
        let caller = &self.caller;
        if self.due >= caller.begin + caller.warm_up {
            let after = at.saturating_duration_since(self.due);
            caller.outcomes.borrow_mut().ended(outcome, after, caller.deadline);
        }
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if !self.told {
            self.tell(NOT_ANSWERED, self.caller.over.max(Instant::now()));
        }
        self.caller.in_flight.set(self.caller.in_flight.get() - 1);
    }
}

impl Caller {
    /// Makes every call that is handed over, and waits for the answers of the last.
    async fn take(self: Rc<Self>, mut arrivals: UnboundedReceiver<Arrival>) {
        let mut arrived = Vec::new();
        while arrivals.recv_many(&mut arrived, 1_024).await > 0 {
            for arrival in arrived.drain(..) {
                self.in_flight.set(self.in_flight.get() + 1);
                let due = self.begin + arrival.at;
                let mut made = Made { caller: Rc::clone(&self), due, told: false };
                if self.in_flight.get() > self.in_flight_most {
                    made.tell(NOT_MADE, self.over);
                } else {
                    tokio::task::spawn_local(Rc::clone(&self).call(made, arrival.cart));
                }
            }
        }
        while self.in_flight.get() > 0 && Instant::now() < self.over {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn call(self: Rc<Self>, mut made: Made, cart: Bytes) {
        let late = made.due.elapsed();
        if made.due >= self.begin + self.warm_up {
            self.outcomes.borrow_mut().late.add(late);
        }
        let mut request = Request::new(cart);
        *request.metadata_mut() = self.metadata.clone();
        if let Some(deadline) = self.deadline {
            let left = deadline.saturating_sub(late);
            if left.is_zero() {
                return made.tell(name(Code::DeadlineExceeded), Instant::now());
            }
            request.set_timeout(left);
        }
        let next = self.next.get();
        self.next.set(next.wrapping_add(1));
        let Some(channel) = self.channels.get(next % self.channels.len().max(1)) else { return };
        let answered = wire::price(channel.clone(), request).await;
        let outcome = match &answered {
            Ok(()) => name(Code::Ok),
            // The client's own clock runs out a moment before the server's word comes, and calls it otherwise.
            Err(status) if status.code() == Code::Cancelled && self.deadline.is_some() => {
                name(Code::DeadlineExceeded)
            }
            Err(status) => name(status.code()),
        };
        made.tell(outcome, Instant::now());
    }
}
