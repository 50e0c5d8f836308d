//! What is served in time when more is asked than can be done, and beside clients that do harm?
//! `cargo bench --bench report -- --overload 1000000`.
//!
//! Server and client are pinned to a processor each. Capacity is what a closed load gets; then calls come at half of it to
//! five times as many. Carts of 100 lines cost a few refusals, since most of a call is what a refusal takes as well;
//! waterfalls of 1,000 lines cost hundreds.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use quoin::api::v1;
use quoin::exchange::generate::Generator;
use quoin::exchange::source::Format;

use super::abusers::Abusers;
use super::children;
use super::figures::Figures;
use super::load::{Cart, Load, Served, free_port, run as closed_load};
use super::machine::{processors, resident_bytes};
use super::open_load::{OpenLoad, run as open_load};
use super::plan::{self, Plan};
use super::{files, imports, requests};

/// `--overload SIZE`.
pub const ARGUMENT: &str = "--overload";
/// The argument that makes this binary the client: `--overload-client SIZE DATA SERVERS`.
pub const CLIENT: &str = "--overload-client";
/// In place of a processor.
const ANYWHERE: &str = "anywhere";
const LINES: usize = 100;
const LINES_OF_COSTLY: usize = 1_000;
/// Contracts of which costly carts are drawn.
const COSTLY: usize = 20;
const CONNECTIONS: usize = 8;
const DEADLINE: Duration = Duration::from_millis(50);
const RUN: Duration = Duration::from_secs(5);
/// Offered, in tenths of the capacity.
const LOADS: [u64; 7] = [5, 9, 10, 15, 20, 30, 50];

/// Makes the data, and prints what the client finds.
pub fn report(plan: &Plan) {
    let run = plan::fresh_folder("overload");
    let data = run.join("data");
    imports::plain(&files::of(&plan.structured, Format::Csv), &data);
    let size = plan.size.to_string();
    let (server, client) = match processors().as_slice() {
        [server, client, ..] => (server.clone(), Some(client.clone())),
        _ => (ANYWHERE.to_owned(), None),
    };
    let part = [CLIENT.as_ref(), size.as_ref(), data.as_os_str(), server.as_ref()];
    let mut figures = Figures::default();
    figures.text("overload_pinned", if client.is_some() { "server and client apart" } else { "no" });
    figures.take(children::run(&part, client.as_deref()));
    std::fs::remove_dir_all(&run).unwrap();
    println!("{}", figures.json());
}

/// Asks, and prints what was found.
pub fn child(plan: &Plan, data: &Path, servers: &str) {
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let carts = requests::of(&generator, LINES);
    let mut costly = requests::of(&generator, LINES_OF_COSTLY);
    drop(generator);
    costly.truncate(COSTLY);
    for cart in &mut costly {
        cart.view = v1::CartView::Waterfall.into();
    }
    let mut figures = Figures::default();
    let server = serve(data, servers);
    let carts = requests::verified(&server, &carts, |_, _| {});
    let costly = requests::verified(&server, &costly, |_, _| {});
    offered(&server, "overload_100", &carts, &mut figures);
    offered(&server, "overload_costly", &costly, &mut figures);
    drop(server);
    beside_abusers(&serve(data, servers), &carts, &mut figures);
    println!("{}", figures.json());
}

fn serve(data: &Path, servers: &str) -> Served {
    let address = free_port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.arg("serve").arg("--data").arg(data).args(["--listen", &address.to_string(), "--workers", "1"]);
    Served::start(command, address, (servers != ANYWHERE).then_some(servers))
}

/// Goodput of one kind of cart at all loads, and what a refusal costs.
fn offered(server: &Served, name: &str, carts: &Arc<Vec<Cart>>, figures: &mut Figures) {
    let (address, connections) = (server.address, CONNECTIONS);
    let warm_up = Duration::from_millis(500);
    let closed = Load { address, connections, in_flight: 16, warm_up, run: RUN, carts: Arc::clone(carts) };
    let measured = closed_load(&closed, server.process());
    let capacity = measured.per_second();
    let call_ns = measured.cpu_ns();
    figures.integer(&format!("{name}_capacity_per_s"), capacity);
    figures.micros(&format!("{name}_call_cpu_us"), call_ns);
    let mut refusal_ns = None;
    for tenths in LOADS {
        let rate = (capacity * tenths / 10).max(1);
        let carts = Arc::clone(carts);
        let load = OpenLoad { address, connections, rate, run: RUN, deadline: DEADLINE, carts };
        let told = open_load(&load, server.process());
        let at = format!("{name}_at_{tenths}_tenths");
        figures.integer(&format!("{at}_good_percent"), told.per_second(told.good) * 100 / capacity.max(1));
        figures.micros(&format!("{at}_p99_us"), told.p99());
        for (what, calls) in [("late", told.late), ("refused", told.refused), ("held_back", told.held_back)] {
            figures.integer(&format!("{at}_{what}_per_s"), told.per_second(calls));
        }
        let served_ns = (told.good + told.late) * call_ns;
        refusal_ns = told.cpu_ns.saturating_sub(served_ns).checked_div(told.refused).or(refusal_ns);
    }
    // At the greatest load most calls are refused, and what they take shows best.
    if let Some(refusal_ns) = refusal_ns {
        figures.micros(&format!("{name}_refusal_cpu_us"), refusal_ns);
        figures.decimal(&format!("{name}_call_over_refusal"), call_ns * 10 / refusal_ns.max(1), 1);
    }
}

/// A client with one call at a time, alone and beside bad ones; and the server's memory.
fn beside_abusers(server: &Served, carts: &Arc<Vec<Cart>>, figures: &mut Figures) {
    let alone = Load {
        address: server.address,
        connections: 1,
        in_flight: 1,
        warm_up: Duration::from_millis(500),
        run: RUN * 2,
        carts: Arc::clone(carts),
    };
    let mut put = |name: &str| {
        let measured = closed_load(&alone, server.process());
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap();
        figures.micros(&format!("{name}_p50_us"), nanos(measured.p50));
        figures.micros(&format!("{name}_p99_us"), nanos(measured.p99));
        figures.text(&format!("{name}_rss_mb"), &super::megabytes(resident_bytes(server.process())));
    };
    put("good_alone");
    let abusers = Abusers::start(server.address);
    put("good_beside_abusers");
    drop(abusers);
    put("good_after_abusers");
}
