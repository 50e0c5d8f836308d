//! What does a server serve in time when more is asked than it can do? Calls at a stated rate, whether it keeps up or not.
//!
//! A call's time runs from when it was due. A connection has so many calls open and holds further ones back, as any
//! client's library does; what is held back past its deadline is given up there.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::frames::{Connection, Event};
use super::load::{Cart, cpu};

/// Fewer than the server allows, so that it never has to say so.
const OPEN_MOST: usize = 200;
const TICK: Duration = Duration::from_millis(1);

/// What is asked.
#[derive(Debug, Clone)]
pub struct OpenLoad {
    /// The server.
    pub address: SocketAddr,
    /// Connections.
    pub connections: usize,
    /// Calls a second, over all connections.
    pub rate: u64,
    /// How long; the first fifth is not counted.
    pub run: Duration,
    /// An answer within it is good.
    pub deadline: Duration,
    /// Asked for in turn.
    pub carts: Arc<Vec<Cart>>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Answered within the deadline.
    pub good: u64,
    /// Answered too late.
    pub late: u64,
    /// Refused.
    pub refused: u64,
    /// Given up before they were sent.
    pub held_back: u64,
    /// Of what was answered, nanoseconds.
    pub times: Vec<u64>,
    /// Of the server meanwhile, nanoseconds.
    pub cpu_ns: u64,
    /// How long was counted, nanoseconds.
    pub elapsed_ns: u64,
}

impl Told {
    /// A second.
    pub fn per_second(&self, calls: u64) -> u64 {
        u64::try_from(u128::from(calls) * 1_000_000_000 / u128::from(self.elapsed_ns.max(1))).unwrap()
    }

    /// So many in a hundred of the answers took no longer, nanoseconds.
    pub fn percentile(&self, percent: usize) -> u64 {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() * percent / 100).copied().unwrap_or(0)
    }

    /// Both, one after the other.
    pub fn and(mut self, other: Self) -> Self {
        self.good += other.good;
        self.late += other.late;
        self.refused += other.refused;
        self.held_back += other.held_back;
        self.times.extend(other.times);
        self.cpu_ns += other.cpu_ns;
        self.elapsed_ns += other.elapsed_ns;
        self
    }
}

/// Asks the server with this process id.
pub fn run(load: &OpenLoad, server: u32) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let begin = Instant::now();
        let count_from = begin + load.run / 5;
        let tasks: Vec<_> = (0..load.connections)
            .map(|number| tokio::spawn(connection(load.clone(), number, begin, count_from)))
            .collect();
        tokio::time::sleep_until(count_from.into()).await;
        let cpu_before = cpu(server);
        tokio::time::sleep_until((begin + load.run).into()).await;
        let cpu_ns = u64::try_from((cpu(server) - cpu_before).as_nanos()).unwrap();
        let elapsed_ns = u64::try_from((load.run - load.run / 5).as_nanos()).unwrap();
        let mut all = Told { cpu_ns, elapsed_ns, ..Told::default() };
        for task in tasks {
            all = all.and(task.await.unwrap());
        }
        all
    })
}

struct Call {
    stream: u32,
    due: Instant,
    answered: bool,
}

async fn connection(load: OpenLoad, number: usize, begin: Instant, count_from: Instant) -> Told {
    let mut connection = Connection::open(load.address).await;
    let connections = u64::try_from(load.connections).unwrap();
    let gap = Duration::from_nanos(1_000_000_000 * connections / load.rate.max(1));
    let mut next = begin + gap * u32::try_from(number).unwrap() / u32::try_from(connections).unwrap();
    let end = begin + load.run;
    let (mut told, mut waiting, mut open) = (Told::default(), VecDeque::new(), Vec::<Call>::new());
    let mut turn = number;
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    while Instant::now() < end {
        let now = Instant::now();
        while next <= now {
            waiting.push_back(next);
            next += gap;
        }
        while waiting.front().is_some_and(|due| *due + load.deadline < now) {
            let due = waiting.pop_front().unwrap();
            told.held_back += u64::from(due >= count_from);
        }
        while open.len() < OPEN_MOST && !waiting.is_empty() {
            let cart = &load.carts[turn % load.carts.len()];
            if !connection.has_room(&cart.request) {
                break;
            }
            turn += load.connections;
            let due = waiting.pop_front().unwrap();
            open.push(Call { stream: connection.call(&cart.request), due, answered: false });
        }
        connection.flush().await;
        let mut ended = Vec::new();
        tokio::select! {
            () = connection.receive(|event| match event {
                Event::Data(stream, _) => {
                    if let Some(call) = open.iter_mut().find(|call| call.stream == stream) {
                        call.answered = true;
                    }
                }
                Event::End(stream) => ended.push(stream),
            }) => {}
            _ = ticks.tick() => {}
        }
        let now = Instant::now();
        for stream in ended {
            let Some(place) = open.iter().position(|call| call.stream == stream) else { continue };
            let call = open.swap_remove(place);
            if call.due < count_from {
                continue;
            }
            let time = now - call.due;
            match (call.answered, time <= load.deadline) {
                (false, _) => told.refused += 1,
                (true, true) => told.good += 1,
                (true, false) => told.late += 1,
            }
            if call.answered {
                told.times.push(u64::try_from(time.as_nanos()).unwrap());
            }
        }
    }
    told
}
