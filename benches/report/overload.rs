//! What is served in time when more is asked than can be done, and beside clients that do harm?
//! `cargo bench --bench report -- --overload 1000000`.
//!
//! Server and client are pinned to a processor each. Capacity is what a closed load gets; then calls come at half of it to
//! five times as many. Carts of 100 lines cost a few refusals, since a good part of a call is what a refusal takes as well;
//! waterfalls of 1,000 lines under a policy of a thousand rules cost many.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use quoin::api::v1;
use quoin::exchange::generate::Generator;
use quoin::exchange::source::Format;

use super::abusers::Abusers;
use super::chart::{Chart, Curve, Look, Scale, picture};
use super::children;
use super::figures::Figures;
use super::load::{Cart, Load, Served, free_port, run as closed_load};
use super::machine::{processors, resident_bytes};
use super::open_load::{OpenLoad, run as open_load};
use super::plan::{self, Plan};
use super::{files, imports, requests, with_policy};

/// `--overload SIZE`.
pub const ARGUMENT: &str = "--overload";
/// The argument that makes this binary the client: `--overload-client SIZE DATA POLICY SERVERS`.
pub const CLIENT: &str = "--overload-client";
/// In place of a processor.
const ANYWHERE: &str = "anywhere";
const LINES: usize = 100;
const LINES_OF_COSTLY: usize = 1_000;
/// Contracts of which costly carts are drawn.
const COSTLY: usize = 20;
const CONNECTIONS: usize = 8;
const DEADLINE: Duration = Duration::from_millis(50);
/// Of costly calls.
const DEADLINE_OF_COSTLY: Duration = Duration::from_millis(200);
/// Carts a second of a client beside bad ones.
const RATE_OF_GOOD: u64 = 1_000;
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
    let policy = run.join("policy");
    with_policy::make(plan, &data, &policy);
    let part = [CLIENT.as_ref(), size.as_ref(), data.as_os_str(), policy.as_os_str(), server.as_ref()];
    let mut figures = Figures::default();
    figures.text("overload_pinned", if client.is_some() { "server and client apart" } else { "no" });
    figures.take(children::run(&part, client.as_deref()));
    std::fs::remove_dir_all(&run).unwrap();
    println!("{}", figures.json());
}

/// Asks, and prints what was found.
pub fn child(plan: &Plan, (data, policy): (&Path, &Path), servers: &str) {
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let carts = requests::of(&generator, LINES);
    let mut costly = requests::of_portal(&requests::of(&generator, LINES_OF_COSTLY));
    drop(generator);
    costly.truncate(COSTLY);
    for cart in &mut costly {
        cart.view = v1::CartView::Waterfall.into();
    }
    let mut figures = Figures::default();
    let server = serve(data, servers);
    let carts = requests::verified(&server, &carts, |_, _| {});
    let good = offered(&server, ("overload_100", DEADLINE), &carts, &mut figures);
    drop(server);
    let server = serve(policy, servers);
    let costly = requests::verified(&server, &costly, |_, _| {});
    let costly_good = offered(&server, ("overload_costly", DEADLINE_OF_COSTLY), &costly, &mut figures);
    drop(server);
    plan::draw("overload", &drawn([("100 lines", good), ("costly", costly_good)]));
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
fn offered(
    server: &Served,
    (name, deadline): (&str, Duration),
    carts: &Arc<Vec<Cart>>,
    figures: &mut Figures,
) -> Vec<(u64, u64)> {
    let (address, connections) = (server.address, CONNECTIONS);
    let warm_up = Duration::from_millis(500);
    let closed = Load {
        address,
        secured: None,
        connections,
        in_flight: CONNECTIONS,
        warm_up,
        run: RUN,
        carts: Arc::clone(carts),
    };
    let measured = closed_load(&closed, server.process());
    let capacity = measured.per_second();
    let call_ns = measured.cpu_ns();
    figures.integer(&format!("{name}_capacity_per_s"), capacity);
    figures.micros(&format!("{name}_call_cpu_us"), call_ns);
    let (mut refusal_ns, mut good) = (None, Vec::new());
    for tenths in LOADS {
        let rate = (capacity * tenths / 10).max(1);
        let carts = Arc::clone(carts);
        let load = OpenLoad { address, connections, rate, run: RUN, deadline, carts };
        let told = open_load(&load, server.process());
        let at = format!("{name}_at_{tenths}_tenths");
        let good_percent = told.per_second(told.good) * 100 / capacity.max(1);
        figures.integer(&format!("{at}_good_percent"), good_percent);
        good.push((tenths, good_percent));
        figures.micros(&format!("{at}_p99_us"), told.percentile(99));
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
    good
}

/// Goodput against what was asked, both in hundredths of the capacity.
fn drawn(kinds: [(&str, Vec<(u64, u64)>); 2]) -> String {
    let most = kinds.iter().flat_map(|(_, good)| good).map(|(_, good)| *good).max().unwrap_or(100).max(100);
    let times = |tenths: u64| format!("{}.{}x", tenths / 10, tenths % 10);
    let best = Curve { name: String::new(), look: Look::Dashed, points: vec![(0, 0), (10, 100), (50, 100)] };
    let curve = |(name, good): (&str, Vec<(u64, u64)>)| Curve {
        name: name.to_owned(),
        look: Look::Points,
        points: good,
    };
    let names = LOADS.iter().map(|tenths| (*tenths, times(*tenths))).collect();
    picture(&[Chart {
        heading: "answered in time, in hundredths of the capacity, against what was asked".to_owned(),
        x: Scale { from: 0, to: 50, names },
        y: Scale { to: most * 11 / 10, ..Scale::fifths(100) },
        curves: std::iter::once(best).chain(kinds.map(curve)).collect(),
    }])
}

/// A client with a thousand carts a second, alone and beside bad ones, who are the same caller as it; and the server's memory.
fn beside_abusers(server: &Served, carts: &Arc<Vec<Cart>>, figures: &mut Figures) {
    let alone = OpenLoad {
        address: server.address,
        connections: 1,
        rate: RATE_OF_GOOD,
        run: RUN * 2,
        deadline: DEADLINE,
        carts: Arc::clone(carts),
    };
    let mut put = |name: &str| {
        let told = open_load(&alone, server.process());
        figures.micros(&format!("{name}_p50_us"), told.percentile(50));
        figures.micros(&format!("{name}_p99_us"), told.percentile(99));
        for (what, calls) in [("good", told.good), ("late", told.late), ("refused", told.refused)] {
            figures.integer(&format!("{name}_{what}_per_s"), told.per_second(calls));
        }
        figures.text(&format!("{name}_rss_mb"), &super::megabytes(resident_bytes(server.process())));
    };
    put("good_alone");
    let abusers = Abusers::start(server.address);
    put("good_beside_abusers");
    drop(abusers);
    put("good_after_abusers");
}
