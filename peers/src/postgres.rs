//! How fast does PostgreSQL answer from a table with a primary key of contract and SKU that includes the price?
//!
//! As kind to it as it can be: every question is answered from the index alone, in memory, by a plan that was made before.

use std::sync::Arc;
use std::time::Instant;

use bytes::{BufMut, Bytes, BytesMut};
use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use futures_util::SinkExt;
use quoin::exchange::generate::Generator;
use tokio_postgres::{Client, CopyInSink, NoTls};

use super::cluster::Cluster;
use super::load::{Measured, Turns, timed};
use super::orders::Order;
use super::pinned::Pinned;
use super::plan::fresh_folder;
use super::rounds::{IN_FLIGHT, Kept, RUN, Side, WARM_UP};
use super::rows::{Row, each_contract};

const TABLE: &str = "CREATE TABLE prices (contract int4 NOT NULL, sku int4 NOT NULL, price int8 NOT NULL)";
const KEY: &str = "ALTER TABLE prices ADD PRIMARY KEY (contract, sku) INCLUDE (price)";
const QUESTION: &str = "SELECT sku, price FROM prices WHERE contract = $1 AND sku = ANY($2)";
/// What begins and ends a binary COPY.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const END: [u8; 2] = [0xff, 0xff];
/// What a row takes of the table and of its key, about: so much memory holds both.
const ROW_BYTES: u64 = 80;

/// What it may have of memory for itself at most.
const SHARED_MB_MOST: u64 = 10_000;

/// A cart as PostgreSQL is asked for it.
struct Asked {
    contract: i32,
    skus: Vec<i32>,
    /// What the prices come to.
    sum: i64,
}

/// The prices in a cluster of their own.
pub struct Prices {
    cluster: Cluster,
    asked: Arc<Vec<Asked>>,
    /// Bytes and time.
    pub kept: Kept,
    /// As it names itself.
    pub version: String,
    /// How questions are answered, in PostgreSQL's words.
    pub plan: String,
}

impl Prices {
    /// Loads the prices, holds every line of every cart against the generator's, and goes where servers go.
    pub fn load(generator: &Generator, orders: &[Order], pinned: &Pinned) -> Self {
        let rows = generator.options().cells.unwrap();
        let shared_mb = (rows * ROW_BYTES / 1_000_000 + 128).min(SHARED_MB_MOST);
        let cluster = Cluster::make(&fresh_folder("postgresql"), shared_mb);
        let asked: Arc<Vec<Asked>> = Arc::new(orders.iter().map(Asked::of).collect());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (kept, version, plan) = runtime.block_on(async {
            let client = cluster.client().await;
            let kept = fill(&client, generator).await;
            let version: String = one(&client, "SHOW server_version").await;
            let plan = explained(&client, &asked[0]).await;
            for (order, asked) in orders.iter().zip(asked.iter()) {
                verify(&client, order, asked).await;
            }
            (kept, version, plan)
        });
        cluster.pin(pinned);
        Self { cluster, asked, kept, version, plan }
    }

    /// For the rounds.
    pub fn side<'s>(&'s self, pinned: &'s Pinned) -> Side<'s> {
        Side::new("PostgreSQL", self.kept.clone(), || pinned.client(|| self.measure()))
    }

    fn measure(&self) -> Measured {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let recycling_method = RecyclingMethod::Fast;
            let manager =
                Manager::from_config(self.cluster.config(), NoTls, ManagerConfig { recycling_method });
            let pool = Pool::builder(manager).max_size(IN_FLIGHT).build().unwrap();
            let turns = Arc::new(Turns::default());
            let caller = |_| tokio::spawn(calls(pool.clone(), Arc::clone(&self.asked), Arc::clone(&turns)));
            let callers = (0..IN_FLIGHT).map(caller).collect();
            timed(&turns, (WARM_UP, RUN), || self.cluster.cpu(), callers).await
        })
    }
}

impl Asked {
    fn of(order: &Order) -> Self {
        let skus = order.skus.iter().map(|sku| i32::try_from(*sku).unwrap()).collect();
        Self { contract: i32::try_from(order.contract).unwrap(), skus, sum: order.prices.iter().sum() }
    }
}

/// One call after another, each over whichever connection of the pool is free.
async fn calls(pool: Pool, asked: Arc<Vec<Asked>>, turns: Arc<Turns>) -> Vec<u32> {
    let mut times = Vec::with_capacity(1 << 14);
    while !turns.over() {
        let asked = &asked[turns.next(asked.len())];
        let begun = Instant::now();
        let client = pool.get().await.unwrap();
        let question = client.prepare_cached(QUESTION).await.unwrap();
        let rows = client.query(&question, &[&asked.contract, &asked.skus]).await.unwrap();
        let sum: i64 = rows.iter().map(|row| row.get::<_, i64>(1)).sum();
        let time = begun.elapsed();
        assert_eq!((rows.len(), sum), (asked.skus.len(), asked.sum), "contract {}", asked.contract);
        turns.note(&mut times, time, 0);
    }
    times
}

/// COPY, then the primary key, then what lets the index answer alone.
async fn fill(client: &Client, generator: &Generator) -> Kept {
    let begun = Instant::now();
    // In the transaction that makes the table, rows need no log.
    client.batch_execute(&format!("BEGIN; {TABLE}")).await.unwrap();
    let copy = "COPY prices FROM STDIN (FORMAT binary, FREEZE)";
    let sink: CopyInSink<Bytes> = client.copy_in(copy).await.unwrap();
    let mut sink = Box::pin(sink);
    let (rows, batches) = tokio::sync::mpsc::channel::<Bytes>(4);
    let generator = generator.clone();
    // Made on a thread of its own, so that the wire need not wait for prices nor prices for the wire.
    let made = std::thread::spawn(move || {
        rows.blocking_send(Bytes::from_static(HEAD)).unwrap();
        let count =
            each_contract(&generator, |contract, of| rows.blocking_send(encoded(contract, of)).unwrap());
        rows.blocking_send(Bytes::from_static(&END)).unwrap();
        count
    });
    let mut batches = batches;
    while let Some(batch) = batches.recv().await {
        sink.send(batch).await.unwrap();
    }
    let taken = sink.as_mut().finish().await.unwrap();
    let cells = made.join().unwrap();
    assert_eq!(taken, cells, "rows that PostgreSQL took");
    client.batch_execute("COMMIT").await.unwrap();
    eprintln!("   PostgreSQL: {cells} rows copied in {} s", begun.elapsed().as_secs());
    client.batch_execute(KEY).await.unwrap();
    client.batch_execute("VACUUM (ANALYZE) prices").await.unwrap();
    let load = begun.elapsed();
    eprintln!("   PostgreSQL: primary key and vacuum in {} s with that", load.as_secs());
    client.batch_execute("CREATE EXTENSION pg_prewarm; CHECKPOINT").await.unwrap();
    let _: i64 = one(client, "SELECT pg_prewarm('prices_pkey')").await;
    let bytes: i64 = one(client, "SELECT pg_total_relation_size('prices')").await;
    let index: i64 = one(client, "SELECT pg_relation_size('prices_pkey')").await;
    eprintln!("   PostgreSQL: {bytes} bytes, {index} of them the key's");
    Kept::of(u64::try_from(bytes).unwrap(), cells, load)
}

/// Rows as COPY takes them: three fields, each with its length.
fn encoded(contract: u32, rows: &[Row]) -> Bytes {
    const ROW: usize = 2 + 4 + 4 + 4 + 4 + 4 + 8;
    let mut out = BytesMut::with_capacity(rows.len() * ROW);
    for (sku, price) in rows {
        out.put_i16(3);
        out.put_i32(4);
        out.put_u32(contract);
        out.put_i32(4);
        out.put_u32(*sku);
        out.put_i32(8);
        out.put_i64(*price);
    }
    out.freeze()
}

/// The plan of a question; it must be answered by the index alone.
async fn explained(client: &Client, asked: &Asked) -> String {
    let skus: Vec<String> = asked.skus.iter().map(ToString::to_string).collect();
    let prepared = QUESTION.replace("$1", &asked.contract.to_string());
    let prepared = prepared.replace("$2", &format!("'{{{}}}'::int4[]", skus.join(",")));
    let rows =
        client.query(&format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {prepared}"), &[]).await.unwrap();
    let lines = rows.iter().map(|row| row.get::<_, &str>(0).trim());
    // The condition repeats the question.
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with("Index Cond")).collect();
    let plan = lines.join("; ");
    assert!(plan.contains("Index Only Scan") && plan.contains("Heap Fetches: 0"), "{plan}");
    plan
}

/// Each line of a cart against the generator's price.
async fn verify(client: &Client, order: &Order, asked: &Asked) {
    let rows = client.query(QUESTION, &[&asked.contract, &asked.skus]).await.unwrap();
    let mut found: Vec<(i32, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    found.sort_unstable();
    let mut expected: Vec<(i32, i64)> =
        asked.skus.iter().copied().zip(order.prices.iter().copied()).collect();
    expected.sort_unstable();
    assert_eq!(found, expected, "contract {}", order.contract);
}

async fn one<T: for<'r> tokio_postgres::types::FromSql<'r>>(client: &Client, question: &str) -> T {
    client.query_one(question, &[]).await.unwrap().get(0)
}
