//! How many calls a second does a server answer, how fast, and at how much processor time a call?
//!
//! The client sends bytes that were encoded beforehand and drops the answers' bytes undecoded once they are as many as
//! they should be, so that it costs little and the same against either server. Servers are child processes; their processor time is what the system counted.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::frames::{Connection, Event, Secured};

/// What gRPC puts before a message.
const MESSAGE_HEAD_BYTES: usize = 5;

/// What to run.
#[derive(Debug, Clone)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// TLS and a token, where it wants them.
    pub secured: Option<Secured>,
    /// Connections.
    pub connections: usize,
    /// Calls in flight, over all connections.
    pub in_flight: usize,
    /// Not counted, before the measurement.
    pub warm_up: Duration,
    /// The measurement.
    pub run: Duration,
    /// Sent in turn.
    pub carts: Arc<Vec<Cart>>,
}

/// A cart that is asked for.
#[derive(Debug, Clone)]
pub struct Cart {
    /// An encoded `PriceCartRequest`.
    pub request: Bytes,
    /// How long the encoded answer is. Another length stops the measurement.
    pub answer_bytes: usize,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Calls answered during the measurement.
    pub calls: u64,
    /// Calls refused meanwhile, as too much; they are in no other figure.
    pub refused: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// Median time of a call.
    pub p50: Duration,
    /// 99 in 100 were as quick.
    pub p99: Duration,
    /// Processor time that the server took meanwhile, user and system.
    pub server_cpu: Duration,
    /// Bytes of the answers.
    pub answer_bytes: u64,
}

impl Measured {
    /// Processor time a call, nanoseconds.
    pub fn cpu_ns(&self) -> u64 {
        u64::try_from(self.server_cpu.as_nanos()).unwrap() / self.calls.max(1)
    }

    /// Calls a second.
    pub fn per_second(&self) -> u64 {
        let micros = u64::try_from(self.elapsed.as_micros()).unwrap().max(1);
        self.calls * 1_000_000 / micros
    }
}

/// Runs the load against the server with this process id. Panics where an answer is not as it was, or a call is refused: nothing is
/// measured then.
pub fn run(load: &Load, server: u32) -> Measured {
    let measured = run_bearing_refusals(load, server);
    assert_eq!(measured.refused, 0, "calls were refused");
    measured
}

/// The same where calls may be refused, as too much: whoever asks says what these come to.
pub fn run_bearing_refusals(load: &Load, server: u32) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(drive(load, server))
}

/// What the callers of a load share: whose turn it is, whether calls count, whether it is over.
#[derive(Debug, Default)]
pub struct Turns {
    counting: AtomicBool,
    done: AtomicBool,
    answer_bytes: AtomicU64,
    refused: AtomicU64,
    next: AtomicU64,
}

impl Turns {
    /// Which of so many carts is asked for next, by whomever.
    pub fn next(&self, of: usize) -> usize {
        usize::try_from(self.next.fetch_add(1, Ordering::Relaxed)).unwrap() % of
    }

    /// Is there to be no further call?
    pub fn over(&self) -> bool {
        self.done.load(Ordering::Relaxed)
    }

    /// Notes a call that was refused, while calls count.
    fn note_refused(&self) {
        if self.counting.load(Ordering::Relaxed) {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes a call that took so long, while calls count.
    pub fn note(&self, times: &mut Vec<u32>, time: Duration, answer_bytes: usize) {
        if self.counting.load(Ordering::Relaxed) {
            times.push(u32::try_from(time.as_nanos()).unwrap_or(u32::MAX));
            self.answer_bytes.fetch_add(u64::try_from(answer_bytes).unwrap(), Ordering::Relaxed);
        }
    }
}

async fn drive(load: &Load, server: u32) -> Measured {
    let turns = Arc::new(Turns::default());
    let caller = |number: usize| {
        let in_flight =
            load.in_flight / load.connections + usize::from(number < load.in_flight % load.connections);
        tokio::spawn(calls(load.clone(), in_flight, Arc::clone(&turns)))
    };
    let callers = (0..load.connections).map(caller).collect();
    timed(&turns, (load.warm_up, load.run), || cpu(server), callers).await
}

/// Lets callers go on for a warm-up and a run, and says what came of it: each gives the nanoseconds of its calls that were
/// noted. `cpu` is the processor time of whoever answers, so far.
pub async fn timed(
    turns: &Turns,
    (warm_up, run): (Duration, Duration),
    cpu: impl Fn() -> Duration,
    callers: Vec<JoinHandle<Vec<u32>>>,
) -> Measured {
    tokio::time::sleep(warm_up).await;
    let (cpu_before, begun) = (cpu(), Instant::now());
    turns.counting.store(true, Ordering::Relaxed);
    tokio::time::sleep(run).await;
    turns.counting.store(false, Ordering::Relaxed);
    let (elapsed, cpu_after) = (begun.elapsed(), cpu());
    turns.done.store(true, Ordering::Relaxed);
    let mut times: Vec<u32> = Vec::new();
    for task in callers {
        times.extend(task.await.unwrap());
    }
    times.sort_unstable();
    let at = |share: usize| {
        let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
        Duration::from_nanos(times.get(index).copied().unwrap_or(0).into())
    };
    Measured {
        calls: u64::try_from(times.len()).unwrap(),
        refused: turns.refused.load(Ordering::Relaxed),
        elapsed,
        p50: at(50),
        p99: at(99),
        server_cpu: cpu_after - cpu_before,
        answer_bytes: turns.answer_bytes.load(Ordering::Relaxed),
    }
}

/// A call in flight.
struct Call {
    stream: u32,
    cart: usize,
    begun: Instant,
    received: usize,
}

/// So many calls at a time over one connection, each followed by the next; the nanoseconds of those that were counted.
async fn calls(load: Load, in_flight: usize, turns: Arc<Turns>) -> Vec<u32> {
    let carts = load.carts;
    let mut connection = Connection::to(load.address, load.secured.as_ref()).await;
    let mut times = Vec::with_capacity(1 << 16);
    let mut ended = Vec::with_capacity(in_flight);
    let begin = |connection: &mut Connection| {
        let cart = turns.next(carts.len());
        Call { stream: connection.call(&carts[cart].request), cart, begun: Instant::now(), received: 0 }
    };
    let mut open: Vec<Call> = (0..in_flight).map(|_| begin(&mut connection)).collect();
    while !open.is_empty() {
        connection.flush().await;
        connection
            .receive(|event| match event {
                Event::Data(stream, bytes) => {
                    open.iter_mut().find(|call| call.stream == stream).unwrap().received += bytes.len();
                }
                Event::End(stream) => ended.push(stream),
            })
            .await;
        for stream in ended.drain(..) {
            let place = open.iter().position(|call| call.stream == stream).unwrap();
            let call = open.swap_remove(place);
            let time = call.begun.elapsed();
            let (received, cart) = (call.received, &carts[call.cart]);
            if received == 0 {
                turns.note_refused();
            } else {
                let whole = cart.answer_bytes + MESSAGE_HEAD_BYTES;
                assert_eq!(received, whole, "cart {}: another answer", call.cart);
                turns.note(&mut times, time, cart.answer_bytes);
            }
            if !turns.over() {
                open.push(begin(&mut connection));
            }
        }
    }
    times
}

/// Asks for each request once, one after another, and gives the answers' messages. Panics where a call is refused.
pub fn ask(address: SocketAddr, secured: Option<&Secured>, requests: &[Bytes]) -> Vec<Bytes> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut connection = Connection::to(address, secured).await;
        let mut answers = Vec::with_capacity(requests.len());
        for request in requests {
            connection.call(request);
            let (mut answer, mut whole) = (Vec::new(), false);
            while !whole {
                connection.flush().await;
                connection
                    .receive(|event| match event {
                        Event::Data(_, bytes) => answer.extend(bytes),
                        Event::End(_) => whole = true,
                    })
                    .await;
            }
            assert!(answer.len() > MESSAGE_HEAD_BYTES, "call {} was refused", answers.len());
            answers.push(Bytes::from(answer).slice(MESSAGE_HEAD_BYTES..));
        }
        answers
    })
}

/// Processor time of a process so far, user and system, all threads.
pub fn cpu(process: u32) -> Duration {
    // One tick is a hundredth of a second wherever Linux runs today.
    const TICKS_PER_SECOND: u64 = 100;
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name in brackets may hold blanks; fields are counted behind it: state is the third.
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    let ticks = |field: usize| fields[field - 3].parse::<u64>().unwrap();
    Duration::from_millis((ticks(14) + ticks(15)) * 1_000 / TICKS_PER_SECOND)
}

/// A server as a child process, ended when dropped.
pub struct Served {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Served {
    /// Starts a command and waits until its address takes connections. `processors` pins it (`taskset -c`).
    pub fn start(mut command: Command, address: SocketAddr, processors: Option<&str>) -> Self {
        if let Some(processors) = processors {
            let mut pinned = Command::new("taskset");
            pinned.arg("-c").arg(processors).arg(command.get_program()).args(command.get_args());
            command = pinned;
        }
        // Several run at once, and only one could have the port where operators ask.
        command.env("QUOIN_OPS_LISTEN", "none");
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let served = Self { child, address };
        let patience = Instant::now() + Duration::from_secs(30);
        while std::net::TcpStream::connect(address).is_err() {
            assert!(Instant::now() < patience, "the server at {address} does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        served
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that is free now.
pub fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
