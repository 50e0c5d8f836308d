//! What does a cart of 100 lines cost over gRPC? quoin's own server beside an echo of plain tonic, in alternating rounds.
//!
//! The client and the servers are pinned to a processor each, and every server has one worker.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use quoin::exchange::generate::Generator;

use super::children;
use super::echo;
use super::figures::Figures;
use super::load::{Served, free_port};
use super::machine::{processors, resident_bytes};
use super::opened::open;
use super::plan::Plan;
use super::requests;
use super::rounds::{self, Peer};

/// The argument that makes this binary the client: `--load SIZE DATA SINGLE POLICY SERVERS`, the last being their processor.
pub const ARGUMENT: &str = "--load";
const LINES: usize = 100;
const WORKERS: &str = "1";
/// In place of a processor.
const ANYWHERE: &str = "anywhere";

/// Data folders that are served, all of the same prices.
#[derive(Debug, Clone, Copy)]
pub struct Folders<'p> {
    /// As generated.
    pub data: &'p Path,
    /// Contracts have their own lists alone.
    pub single: &'p Path,
    /// There is a policy.
    pub policy: &'p Path,
}

/// Runs the client on a processor of its own, where there are two.
pub fn measure(plan: &Plan, folders: Folders<'_>, figures: &mut Figures) {
    let size = plan.size.to_string();
    let (server, client) = match processors().as_slice() {
        [server, client, ..] => (server.clone(), Some(client.clone())),
        _ => (ANYWHERE.to_owned(), None),
    };
    figures.text("grpc_pinned", if client.is_some() { "server and client apart" } else { "no" });
    let Folders { data, single, policy } = folders;
    let mut part = vec![ARGUMENT.as_ref(), size.as_ref()];
    part.extend([data, single, policy].map(Path::as_os_str));
    part.push(server.as_ref());
    figures.take(children::run(&part, client.as_deref()));
}

/// Drives the rounds, and prints what was found.
pub fn child(plan: &Plan, folders: Folders<'_>, servers: &str) {
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let carts = requests::of(&generator, LINES);
    drop(generator);
    let mut figures = Figures::default();
    figures.integer("grpc_contracts", u64::try_from(carts.len()).unwrap());
    let of_portal = requests::of_portal(&carts);
    let Folders { data, single, policy } = folders;
    let by_handle = requests::by_handle(&open(single), &carts);
    let asked = [(data, &carts), (single, &carts), (policy, &of_portal), (single, &by_handle)];
    let answers = asked.map(|(folder, carts)| requests::expected(folder, carts));
    let servers_of_quoin = [data, single, policy].map(|folder| quoin(folder, servers));
    let this = std::env::current_exe().unwrap();
    let echo = start(this.as_os_str(), servers, |command, address| {
        command.args([echo::ARGUMENT, address, WORKERS]);
    });
    let [own, own_single, own_policy, own_columns] =
        [(0, 0), (1, 1), (2, 2), (1, 3)].map(|(server, which)| {
            requests::verified(&servers_of_quoin[server], asked[which].1, |number, answer| {
                let expected = &answers[which][number];
                assert!(answer == *expected, "the server answers {answer:?}, the engine {expected:?}");
            })
        });
    let echoed = requests::verified(&echo, &carts, |number, answer| {
        assert_eq!(answer.lines.len(), carts[number].lines.len(), "the echo answers every line");
    });
    let mut peers = [
        Peer::new("grpc", &servers_of_quoin[0], &own),
        Peer::new("grpc_echo", &echo, &echoed),
        Peer::new("grpc_single_list", &servers_of_quoin[1], &own_single),
        Peer::new("grpc_columns", &servers_of_quoin[1], &own_columns),
        Peer::new("grpc_policy", &servers_of_quoin[2], &own_policy),
    ];
    rounds::run(&mut peers);
    rounds::put(&peers, &mut figures);
    for (name, carts) in [("grpc", &own), ("grpc_columns", &own_columns)] {
        let bytes: usize = carts.iter().map(|cart| cart.request.len()).sum();
        figures.integer(&format!("{name}_100_request_bytes"), u64::try_from(bytes / carts.len()).unwrap());
    }
    figures.text("server_rss_mb", &super::megabytes(resident_bytes(servers_of_quoin[0].process())));
    println!("{}", figures.json());
}

/// quoin's server over a data folder.
fn quoin(data: &Path, servers: &str) -> Served {
    start(env!("CARGO_BIN_EXE_quoin").as_ref(), servers, |command, address| {
        command.arg("serve").arg("--data").arg(data).args(["--listen", address, "--workers", WORKERS]);
    })
}

fn start(program: &OsStr, servers: &str, arguments: impl FnOnce(&mut Command, &str)) -> Served {
    let address = free_port();
    let mut command = Command::new(program);
    arguments(&mut command, &address.to_string());
    Served::start(command, address, (servers != ANYWHERE).then_some(servers))
}
