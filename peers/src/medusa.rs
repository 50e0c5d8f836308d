//! How fast does Medusa's pricing module answer? As shipped, and with the index that it lacks.
//!
//! A price set for each SKU, a price list with a customer group for each contract. As kind to it as it can be: the module is
//! asked in its own process, without HTTP, and has one processor for itself and one for its PostgreSQL.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::SinkExt;
use quoin::exchange::generate::Generator;
use serde_json::{Value, json};
use tokio_postgres::Client;

use super::cluster::Cluster;
use super::load::{Measured, cpu};
use super::orders::Order;
use super::ours;
use super::pinned::Pinned;
use super::plan::{fresh_folder, root, target};
use super::rounds::{IN_FLIGHT, Kept, Side};
use super::rows::each_contract;

/// The migration that makes an index on this column makes it for rules that were deleted.
const INDEX: &str = "CREATE INDEX lacking ON price_list_rule (price_list_id) WHERE deleted_at IS NULL; ANALYZE price_list_rule";
const WARM_UP: Duration = Duration::from_millis(1_000);
const RUN: Duration = Duration::from_millis(6_000);
const SHARED_MB: u64 = 4_000;

/// The prices in its tables.
pub struct Medusa {
    cluster: Cluster,
    carts: PathBuf,
    /// Bytes and time.
    pub kept: Kept,
    /// Of the packages.
    pub version: String,
}

impl Medusa {
    /// Makes its tables and loads the prices.
    pub fn load(generator: &Generator, orders: &[Order]) -> Self {
        let folder = fresh_folder("medusa");
        let cluster = Cluster::make(&folder.join("postgresql"), SHARED_MB);
        let carts = folder.join("carts.json");
        std::fs::write(&carts, Value::from_iter(orders.iter().map(cart)).to_string()).unwrap();
        let log = std::fs::File::create(folder.join("migrations.log")).unwrap();
        let mut migrating = service(&cluster, None);
        let migrated =
            migrating.arg("migrate").stdout(log.try_clone().unwrap()).stderr(log).status().unwrap();
        assert!(
            migrated.success(),
            "Medusa's migrations failed: see {}",
            folder.join("migrations.log").display()
        );
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let kept = runtime.block_on(async { fill(&cluster.client().await, generator).await });
        Self { cluster, carts, kept, version: version() }
    }

    /// Puts the index that it lacks.
    pub fn index(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { self.cluster.client().await.batch_execute(INDEX).await.unwrap() });
    }

    /// Starts the module, which holds every line of every cart against the generator's prices first.
    pub fn start(&self, pinned: &Pinned) -> Module<'_> {
        self.cluster.pin(pinned);
        let mut command = service(&self.cluster, pinned.clients());
        let log = std::fs::File::create(self.carts.with_extension("log")).unwrap();
        let command = command.arg("serve").arg(&self.carts).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(log).spawn().unwrap();
        let (asked, answers) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
        let mut module = Module { child, asked, answers, cluster: &self.cluster };
        let checked = module.answer("checked");
        eprintln!("   Medusa: {} carts are as they should be", checked["checked"]);
        module
    }
}

/// The module in its process.
pub struct Module<'m> {
    child: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
    cluster: &'m Cluster,
}

impl Module<'_> {
    /// For the rounds.
    pub fn side<'s>(&'s mut self, name: &str, kept: &Kept) -> Side<'s> {
        Side::new(name, kept.clone(), || self.measure())
    }

    fn measure(&mut self) -> Measured {
        let wanted = json!({
            "warm_up_ms": WARM_UP.as_millis(), "run_ms": RUN.as_millis(), "in_flight": IN_FLIGHT,
        });
        let cpu_before = self.cpu();
        writeln!(self.asked, "{wanted}").unwrap();
        let found = self.answer("nanos");
        let (server_cpu, elapsed) = (self.cpu() - cpu_before, found["elapsed_ns"].as_u64().unwrap());
        let mut times: Vec<u64> =
            found["nanos"].as_array().unwrap().iter().map(|nanos| nanos.as_u64().unwrap()).collect();
        times.sort_unstable();
        let at = |share: usize| {
            let index = (times.len() * share / 100).min(times.len().saturating_sub(1));
            Duration::from_nanos(times.get(index).copied().unwrap_or(0))
        };
        Measured {
            calls: u64::try_from(times.len()).unwrap(),
            refused: 0,
            elapsed: Duration::from_nanos(elapsed),
            p50: at(50),
            p99: at(99),
            server_cpu,
            answer_bytes: 0,
        }
    }

    /// Of the module and its PostgreSQL, the warm-up of a round included.
    fn cpu(&self) -> Duration {
        cpu(self.child.id()) + self.cluster.cpu()
    }

    /// The next line that has this key; others are words of the framework's.
    fn answer(&mut self, key: &str) -> Value {
        loop {
            let mut line = String::new();
            let read = self.answers.read_line(&mut line).unwrap();
            assert!(read > 0, "Medusa's process ended: see the log beside its carts");
            if let Some(found) =
                serde_json::from_str::<Value>(&line).ok().filter(|found| found.get(key).is_some())
            {
                return found;
            }
        }
    }
}

impl Drop for Module<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where its packages were installed, beside the files of this repository that say which.
fn installed() -> PathBuf {
    target().join("bench-peers-medusa")
}

/// Are they there?
pub fn is_installed() -> bool {
    installed().join("node_modules/@medusajs/pricing/package.json").exists()
}

fn version() -> String {
    let text =
        std::fs::read_to_string(installed().join("node_modules/@medusajs/pricing/package.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["version"].as_str().unwrap().to_owned()
}

fn service(cluster: &Cluster, processors: Option<&str>) -> Command {
    // Node looks for packages beside the script.
    let script = installed().join("service.mjs");
    std::fs::copy(root().join("peers/medusa/service.mjs"), &script).unwrap();
    let mut command = ours::command("node".as_ref(), None, processors);
    let url = format!("postgres://postgres@127.0.0.1:{}/postgres", cluster.port());
    command.arg(script).current_dir(installed());
    command.env("DATABASE_URL", url).env("NODE_ENV", "production").env("MEDUSA_DISABLE_TELEMETRY", "true");
    command
}

fn set(sku: u32) -> String {
    format!("pset_{sku:06}")
}

fn group(contract: u32) -> String {
    format!("cusgroup_{contract:06}")
}

/// A price in millionths as decimal text without trailing zeros, as the module writes it.
fn text(micros: i64) -> String {
    quoin::domain::decimal::Micros(micros).to_string()
}

fn cart(order: &Order) -> Value {
    let sets = order.skus.iter().map(|sku| set(*sku));
    let prices = order.prices.iter().map(|price| text(*price));
    json!({ "group": group(order.contract), "sets": Value::from_iter(sets), "prices": Value::from_iter(prices) })
}

/// By COPY, as no caller of the module could.
async fn fill(client: &Client, generator: &Generator) -> Kept {
    let begun = Instant::now();
    let sets: String = (0..generator.options().skus).map(|sku| set(sku) + "\n").collect();
    copy(client, "price_set (id)", [sets]).await;
    let (mut lists, mut rules, mut prices) = (String::new(), String::new(), Vec::new());
    let mut number = 0_u64;
    let cells = each_contract(generator, |contract, rows| {
        let (list, group) = (format!("plist_{contract:06}"), group(contract));
        lists.push_str(&format!("{list}\t{list}\t{list}\tactive\toverride\t1\n"));
        rules.push_str(&format!("prule_{contract:06}\t{list}\tcustomer.groups.id\t[\"{group}\"]\n"));
        let mut batch = String::with_capacity(rows.len() * 128);
        for (sku, price) in rows {
            let (set, amount) = (set(*sku), text(*price));
            let raw = format!("{{\"value\": \"{amount}\", \"precision\": 20}}");
            batch.push_str(&format!("price_{number:09}\t{set}\teur\t{amount}\t{raw}\t0\t{list}\n"));
            number += 1;
        }
        prices.push(batch);
    });
    copy(client, "price_list (id, title, description, status, type, rules_count)", [lists]).await;
    copy(client, "price_list_rule (id, price_list_id, attribute, value)", [rules]).await;
    let columns = "price (id, price_set_id, currency_code, amount, raw_amount, rules_count, price_list_id)";
    copy(client, columns, prices).await;
    client.batch_execute("VACUUM (ANALYZE)").await.unwrap();
    let load = begun.elapsed();
    let tables = ["price_set", "price_list", "price_list_rule", "price", "price_rule"];
    let mut bytes = 0;
    for table in tables {
        let question = format!("SELECT pg_total_relation_size('{table}')");
        bytes += client.query_one(&question, &[]).await.unwrap().get::<_, i64>(0);
    }
    eprintln!("   Medusa: {cells} prices loaded in {} s", load.as_secs());
    Kept::of(u64::try_from(bytes).unwrap(), cells, load)
}

async fn copy(client: &Client, into: &str, batches: impl IntoIterator<Item = String>) {
    let mut sink = Box::pin(client.copy_in::<_, Bytes>(&format!("COPY {into} FROM STDIN")).await.unwrap());
    for batch in batches {
        sink.send(batch.into()).await.unwrap();
    }
    sink.as_mut().finish().await.unwrap();
}
