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
use super::plan::Plan;
use super::requests;
use super::rounds::{self, Peer};

/// The argument that makes this binary the client: `--load SIZE DATA SINGLE SERVERS`, the last being their processor.
pub const ARGUMENT: &str = "--load";
const LINES: usize = 100;
const WORKERS: &str = "1";
/// In place of a processor.
const ANYWHERE: &str = "anywhere";

/// Runs the client on a processor of its own, where there are two.
pub fn measure(plan: &Plan, data: &Path, single: &Path, figures: &mut Figures) {
    let size = plan.size.to_string();
    let (server, client) = match processors().as_slice() {
        [server, client, ..] => (server.clone(), Some(client.clone())),
        _ => (ANYWHERE.to_owned(), None),
    };
    figures.text("grpc_pinned", if client.is_some() { "server and client apart" } else { "no" });
    let part = [ARGUMENT.as_ref(), size.as_ref(), data.as_os_str(), single.as_os_str(), server.as_ref()];
    figures.take(children::run(&part, client.as_deref()));
}

/// Drives the rounds, and prints what was found.
pub fn child(plan: &Plan, data: &Path, single: &Path, servers: &str) {
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let carts = requests::of(&generator, LINES);
    drop(generator);
    let mut figures = Figures::default();
    figures.integer("grpc_contracts", u64::try_from(carts.len()).unwrap());
    let answers = [data, single].map(|folder| requests::expected(folder, &carts));
    let servers_of_quoin = [data, single].map(|folder| quoin(folder, servers));
    let this = std::env::current_exe().unwrap();
    let echo = start(this.as_os_str(), servers, |command, address| {
        command.args([echo::ARGUMENT, address, WORKERS]);
    });
    let [own, own_single] = [0, 1].map(|which| {
        requests::verified(&servers_of_quoin[which], &carts, |number, answer| {
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
    ];
    rounds::run(&mut peers);
    rounds::put(&peers, &mut figures);
    let bytes: usize = own.iter().map(|cart| cart.request.len()).sum();
    figures.integer("grpc_100_request_bytes", u64::try_from(bytes / own.len()).unwrap());
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
