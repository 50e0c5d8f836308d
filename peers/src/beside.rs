//! Which quoin stands beside the peers? One of the same rows, as its own command line serves it, from this binary.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use quoin::api::v1;
use quoin::domain::decimal::Micros;
use quoin::exchange::generate::{GenerateOptions, Generator};
use quoin::exchange::source::Format;
use quoin::store::Family;

use super::by_hand::{self, Line};
use super::children;
use super::credentials;
use super::files;
use super::folders::copy;
use super::frames::Secured;
use super::imports;
use super::load::{Cart, Load, Measured, Served, free_port, run as closed_load};
use super::more_contracts;
use super::opened::open;
use super::orders::Order;
use super::ours;
use super::pinned::Pinned;
use super::plan::{Plan, fresh_folder};
use super::policies::{Policy, Shape};
use super::published::publish;
use super::requests;
use super::rounds::{CONNECTIONS, IN_FLIGHT, Kept, RUN, Side, WARM_UP};

const WORKERS: &str = "1";
/// Nobody here refuses a call because it waited long, and nothing can wait for more than the calls in flight.
const WAIT_MOST: &str = "10s";

/// quoin's data folders of a size.
pub struct Data {
    /// Contract prices alone.
    pub folder: PathBuf,
    /// With the report's policy of a thousand rules, where anybody asked for it.
    with_policy: OnceCell<PathBuf>,
    /// What is generated.
    options: GenerateOptions,
    /// What the prices cost to keep.
    pub kept: Kept,
    /// How many there are.
    pub cells: u64,
}

/// Those that this run has made, by size.
#[derive(Default)]
pub struct Folders(BTreeMap<u64, Data>);

impl Folders {
    /// The folders of a size, made when they are first asked for.
    pub fn of(&mut self, plan: &Plan) -> &Data {
        self.0.entry(plan.size).or_insert_with(|| make(plan))
    }
}

/// The policy of the report.
pub const SHAPE: Shape = Shape { rules: 1_000, own: 0, own_circumstances: false };

fn make(plan: &Plan) -> Data {
    eprintln!("== quoin: {} of the same prices", plan.size);
    let folder = fresh_folder(&format!("peers-{}", plan.size)).join("prices");
    let found = imports::plain(&files::of(&plan.random, Format::Parquet), &folder);
    let cells = children::number(&found, "points");
    let load = Duration::from_nanos(children::number(&found, "nanos"));
    let size = open(&folder).store().size().unwrap();
    let rows = size.families.iter().find(|family| family.family == Family::Rows).unwrap().file_bytes;
    let kept = Kept::of(rows, cells, load);
    Data { folder, with_policy: OnceCell::new(), options: plan.random.clone(), kept, cells }
}

impl Data {
    /// The same prices under the policy.
    pub fn with_policy(&self) -> &Path {
        self.with_policy.get_or_init(|| {
            let folder = self.folder.with_file_name("policy");
            copy(&self.folder, &folder);
            let generator = Generator::new(self.options.clone()).unwrap();
            let engine = open(&folder);
            let others = more_contracts::add(&engine, &generator);
            publish(&engine, &Policy::new(&generator, SHAPE, others));
            folder
        })
    }
}

/// A server of ours, and the carts that it is asked for.
pub struct Beside {
    server: Served,
    /// Its own, as two servers can't have one.
    folder: PathBuf,
    secured: Option<Secured>,
    carts: Arc<Vec<Cart>>,
}

impl Beside {
    /// Contract prices, in the clear and for everybody.
    pub fn plain(data: &Data, generator: &Generator, orders: &[Order], pinned: &Pinned) -> Self {
        let server = serve(&data.folder, false, pinned);
        Self::verified(server, &asked(generator, orders), |cart, line| orders[cart].amount(line))
    }

    /// Contract prices, with TLS and a token.
    pub fn secured(data: &Data, generator: &Generator, orders: &[Order], pinned: &Pinned) -> Self {
        let server = serve(&data.folder, true, pinned);
        Self::verified(server, &asked(generator, orders), |cart, line| orders[cart].amount(line))
    }

    /// Under the policy, in the clear or with TLS and a token.
    pub fn with_policy(
        data: &Data,
        generator: &Generator,
        orders: &[Order],
        (pinned, secured): (&Pinned, bool),
    ) -> Self {
        let server = serve(data.with_policy(), secured, pinned);
        let policy = Policy::new(generator, SHAPE, 0..0);
        let amounts: Vec<Vec<i128>> =
            orders.iter().map(|order| by_policy(&policy, generator, order)).collect();
        let asked = requests::of_portal(&asked(generator, orders));
        Self::verified(server, &asked, |cart, line| i64::try_from(amounts[cart][line]).unwrap())
    }

    /// Every line of every cart must come to what `amount` says, in millionths.
    fn verified(
        (server, folder, secured): (Served, PathBuf, Option<Secured>),
        asked: &[v1::PriceCartRequest],
        amount: impl Fn(usize, usize) -> i64,
    ) -> Self {
        let address = (server.address, secured.as_ref());
        let carts = requests::verified_by(address, asked, |cart, answer| {
            assert_eq!(answer.lines.len(), asked[cart].lines.len(), "cart {cart}");
            for (number, line) in answer.lines.iter().enumerate() {
                assert_eq!(line.status, i32::from(v1::LineStatus::Priced), "cart {cart}: {line:?}");
                assert_eq!(line.amount_micros, amount(cart, number), "cart {cart}: {line:?}");
            }
        });
        Self { server, folder, secured, carts }
    }

    /// For the rounds.
    pub fn side<'s>(&'s self, name: &str, kept: &Kept, pinned: &'s Pinned) -> Side<'s> {
        Side::new(name, kept.clone(), || pinned.client(|| self.load()))
    }

    fn load(&self) -> Measured {
        let load = Load {
            address: self.server.address,
            secured: self.secured.clone(),
            connections: CONNECTIONS,
            in_flight: IN_FLIGHT,
            warm_up: WARM_UP,
            run: RUN,
            carts: Arc::clone(&self.carts),
        };
        closed_load(&load, self.server.process())
    }
}

fn asked(generator: &Generator, orders: &[Order]) -> Vec<v1::PriceCartRequest> {
    orders.iter().map(|order| order.request(generator)).collect()
}

/// A cart's lines as they are worked out by hand.
pub fn lines(generator: &Generator, order: &Order) -> Vec<Line<'static>> {
    let line = |number: usize| Line {
        id: "",
        leaf: generator.assortment().sku(order.skus[number]).unwrap().leaf,
        price: Micros(order.prices[number]),
        quantity: Micros::whole(order.quantities[number]).unwrap(),
        no_discount: false,
    };
    (0..order.skus.len()).map(line).collect()
}

/// What the lines of a cart of the portal come to under the policy, in millionths.
fn by_policy(policy: &Policy<'_>, generator: &Generator, order: &Order) -> Vec<i128> {
    // Where two lines have the same claim to the last cent, the id decides.
    let ids: Vec<String> = (1..=order.skus.len()).map(|number| number.to_string()).collect();
    let lines: Vec<Line<'_>> =
        lines(generator, order).into_iter().zip(&ids).map(|(line, id)| Line { id, ..line }).collect();
    by_hand::cents(policy, order.contract, true, &lines).iter().map(|cents| cents * 10_000).collect()
}

/// Over a copy of a data folder; with TLS and tokens where they are wanted.
fn serve(data: &Path, secured: bool, pinned: &Pinned) -> (Served, PathBuf, Option<Secured>) {
    static SERVERS: AtomicU32 = AtomicU32::new(0);
    let number = SERVERS.fetch_add(1, Ordering::Relaxed);
    let folder = fresh_folder(&format!("peers-served-{number}"));
    let own = folder.join("data");
    copy(data, &own);
    let credentials = secured.then(|| credentials::make(&folder, &["*"]));
    let address = free_port();
    let this = std::env::current_exe().unwrap();
    let mut command = ours::command(this.as_os_str(), None, pinned.servers());
    command.arg("serve").arg("--data").arg(own).args([
        "--listen",
        &address.to_string(),
        "--workers",
        WORKERS,
    ]);
    command.args(["--wait-max", WAIT_MOST]);
    command.args(credentials.iter().flat_map(|made| &made.arguments));
    let server = Served::start(command, address, None);
    (server, folder, credentials.map(|made| made.secured()))
}

impl Drop for Beside {
    fn drop(&mut self) {
        // What the server has open stays with it until it ends.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
