//! How many calls a second does a server answer, how fast, and at how much processor time a call?
//!
//! The client sends bytes that were encoded beforehand and drops the answers' bytes undecoded, so that it costs little
//! and the same against either server. Servers are child processes; their processor time is what the system counted.

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Buf, BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

const PATH: &str = "/quoin.v1.PricingService/PriceCart";

/// What to run.
#[derive(Debug, Clone)]
pub struct Load {
    /// The server.
    pub address: SocketAddr,
    /// Connections.
    pub connections: usize,
    /// Calls in flight, over all connections.
    pub in_flight: usize,
    /// Not counted, before the measurement.
    pub warm_up: Duration,
    /// The measurement.
    pub run: Duration,
    /// Encoded `PriceCartRequest`s, sent in turn.
    pub requests: Arc<Vec<Bytes>>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Calls answered during the measurement.
    pub calls: u64,
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

/// Bytes in, a count of bytes out.
#[derive(Debug, Clone, Copy, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = usize;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = usize;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<usize>, Status> {
        let length = from.remaining();
        from.advance(length);
        Ok(Some(length))
    }
}

/// Runs the load against the server with this process id. Panics where a call fails: nothing is measured then.
pub fn run(load: &Load, server: u32) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(drive(load, server))
}

#[derive(Default)]
struct Shared {
    counting: AtomicBool,
    done: AtomicBool,
    answer_bytes: AtomicU64,
    next: AtomicU64,
}

async fn drive(load: &Load, server: u32) -> Measured {
    let shared = Arc::new(Shared::default());
    let mut channels = Vec::new();
    for _ in 0..load.connections {
        channels.push(connect(load.address).await);
    }
    let tasks: Vec<_> = (0..load.in_flight)
        .map(|number| {
            let channel = channels[number % channels.len()].clone();
            tokio::spawn(calls(channel, Arc::clone(&load.requests), Arc::clone(&shared)))
        })
        .collect();
    tokio::time::sleep(load.warm_up).await;
    let (cpu_before, begun) = (cpu(server), Instant::now());
    shared.counting.store(true, Ordering::Relaxed);
    tokio::time::sleep(load.run).await;
    shared.counting.store(false, Ordering::Relaxed);
    let (elapsed, cpu_after) = (begun.elapsed(), cpu(server));
    shared.done.store(true, Ordering::Relaxed);
    let mut times: Vec<u32> = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort_unstable();
    let at = |share: usize| {
        let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
        Duration::from_nanos(times.get(index).copied().unwrap_or(0).into())
    };
    Measured {
        calls: u64::try_from(times.len()).unwrap(),
        elapsed,
        p50: at(50),
        p99: at(99),
        server_cpu: cpu_after - cpu_before,
        answer_bytes: shared.answer_bytes.load(Ordering::Relaxed),
    }
}

async fn connect(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}"))
        .unwrap()
        .tcp_nodelay(true)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(8 << 20)
        .connect()
        .await
        .unwrap()
}

/// One call after another; the nanoseconds of those that were counted.
async fn calls(channel: Channel, requests: Arc<Vec<Bytes>>, shared: Arc<Shared>) -> Vec<u32> {
    let mut client = tonic::client::Grpc::new(channel);
    let mut times = Vec::with_capacity(1 << 16);
    while !shared.done.load(Ordering::Relaxed) {
        let turn = usize::try_from(shared.next.fetch_add(1, Ordering::Relaxed)).unwrap();
        let message = requests[turn % requests.len()].clone();
        client.ready().await.unwrap();
        let begun = Instant::now();
        let answer = client
            .unary(Request::new(message), PathAndQuery::from_static(PATH), Raw)
            .await
            .unwrap_or_else(|status| panic!("a call failed: {status}"));
        if shared.counting.load(Ordering::Relaxed) {
            times.push(u32::try_from(begun.elapsed().as_nanos()).unwrap_or(u32::MAX));
            shared.answer_bytes.fetch_add(u64::try_from(answer.into_inner()).unwrap(), Ordering::Relaxed);
        }
    }
    times
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
