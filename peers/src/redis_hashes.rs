//! How fast does Redis answer, a hash for each contract and an HMGET for each cart?
//!
//! As kind to it as it can be: names are as short as they can be, questions are packed beforehand, several of them are on
//! their way over each connection, and answers are not decoded: they must be the right bytes, where of quoin's the length must be right.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Buf, Bytes, BytesMut};
use quoin::exchange::generate::Generator;
use redis::{Commands, Connection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::load::{Measured, Turns, free_port, timed};
use super::orders::Order;
use super::ours::{self, Ours};
use super::pinned::Pinned;
use super::plan::fresh_folder;
use super::rounds::{CONNECTIONS, IN_FLIGHT, Kept, RUN, Side, WARM_UP};
use super::rows::each_contract;

/// Fields of one HSET.
const FIELDS: usize = 1_000;
/// What a hundredth of the currency is in millionths.
const CENT_MICROS: i64 = 10_000;

/// A cart as Redis is asked for it, and what it must say.
struct Asked {
    question: Bytes,
    answer: Bytes,
}

/// The prices in a Redis of their own.
pub struct Hashes {
    server: Ours,
    address: SocketAddr,
    asked: Arc<Vec<Asked>>,
    /// Bytes and time.
    pub kept: Kept,
    /// As it names itself.
    pub version: String,
}

impl Hashes {
    /// Loads the prices, holds every line of every cart against the generator's, and goes where servers go.
    pub fn load(generator: &Generator, orders: &[Order], pinned: &Pinned) -> Self {
        let address = free_port();
        let server = start(address, &fresh_folder("redis"));
        let client = redis::Client::open(format!("redis://{address}")).unwrap();
        let mut connection = client.get_connection().unwrap();
        let empty = memory(&mut connection);
        let begun = Instant::now();
        let cells = each_contract(generator, |contract, rows| {
            let mut batch = redis::pipe();
            for rows in rows.chunks(FIELDS) {
                let fields: Vec<(u32, i64)> = rows.iter().map(|(sku, price)| (*sku, cents(*price))).collect();
                batch.hset_multiple(contract, &fields).ignore();
            }
            batch.exec(&mut connection).unwrap();
        });
        let load = begun.elapsed();
        let kept = Kept::of(memory(&mut connection) - empty, cells, load);
        for order in orders {
            let found: Vec<i64> = connection.hmget(order.contract, &order.skus).unwrap();
            let expected: Vec<i64> = order.prices.iter().map(|price| cents(*price)).collect();
            assert_eq!(found, expected, "contract {}", order.contract);
        }
        let version = info(&mut connection, "server", "redis_version");
        pinned.move_server(server.process());
        Self { server, address, asked: Arc::new(orders.iter().map(Asked::of).collect()), kept, version }
    }

    /// For the rounds.
    pub fn side<'s>(&'s self, pinned: &'s Pinned) -> Side<'s> {
        Side::new("Redis", self.kept.clone(), || pinned.client(|| self.measure()))
    }

    fn measure(&self) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let turns = Arc::new(Turns::default());
            let caller = |_| tokio::spawn(calls(self.address, Arc::clone(&self.asked), Arc::clone(&turns)));
            let callers = (0..CONNECTIONS).map(caller).collect();
            timed(&turns, (WARM_UP, RUN), || self.server.cpu(), callers).await
        })
    }
}

impl Asked {
    fn of(order: &Order) -> Self {
        let question = redis::cmd("HMGET").arg(order.contract).arg(&order.skus).get_packed_command();
        let mut answer = format!("*{}\r\n", order.prices.len());
        for price in &order.prices {
            let text = cents(*price).to_string();
            answer.push_str(&format!("${}\r\n{text}\r\n", text.len()));
        }
        Self { question: question.into(), answer: answer.into() }
    }
}

/// Calls over one connection, so many at a time, each followed by the next.
async fn calls(address: SocketAddr, asked: Arc<Vec<Asked>>, turns: Arc<Turns>) -> Vec<u32> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut received, mut out) = (BytesMut::with_capacity(1 << 18), Vec::new());
    let mut times = Vec::with_capacity(1 << 16);
    let mut open = VecDeque::new();
    for _ in 0..IN_FLIGHT / CONNECTIONS {
        open.push_back(begin(&asked, &turns, &mut out));
    }
    while let Some((cart, begun)) = open.front().copied() {
        let Asked { answer, .. } = &asked[cart];
        if received.len() < answer.len() {
            if !out.is_empty() {
                stream.write_all(&out).await.unwrap();
                out.clear();
            }
            assert!(stream.read_buf(&mut received).await.unwrap() > 0, "Redis hung up");
            continue;
        }
        let time = begun.elapsed();
        assert!(received.starts_with(answer), "cart {cart}: another answer");
        received.advance(answer.len());
        turns.note(&mut times, time, answer.len());
        open.pop_front();
        if !turns.over() {
            open.push_back(begin(&asked, &turns, &mut out));
        }
    }
    times
}

/// Puts the next question into what is sent next.
fn begin(asked: &[Asked], turns: &Turns, out: &mut Vec<u8>) -> (usize, Instant) {
    let cart = turns.next(asked.len());
    out.extend(&asked[cart].question);
    (cart, Instant::now())
}

/// Without persistence; all else as it is by default.
fn start(address: SocketAddr, folder: &Path) -> Ours {
    let mut command = ours::command("redis-server".as_ref(), None, None);
    command.args(["--bind", "127.0.0.1", "--port", &address.port().to_string()]);
    command.args(["--save", "", "--appendonly", "no", "--dir"]).arg(folder);
    let reached = || std::net::TcpStream::connect(address).is_ok();
    Ours::start("Redis", command, &folder.join("redis.log"), reached)
}

/// Whole hundredths.
fn cents(micros: i64) -> i64 {
    assert_eq!(micros % CENT_MICROS, 0);
    micros / CENT_MICROS
}

fn memory(connection: &mut Connection) -> u64 {
    info(connection, "memory", "used_memory").parse().unwrap()
}

fn info(connection: &mut Connection, section: &str, name: &str) -> String {
    let told: String = redis::cmd("INFO").arg(section).query(connection).unwrap();
    let value = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.unwrap().trim().to_owned()
}
