//! How does quoin stand beside what else one might take? `make bench-peers`.
//!
//! BENCHMARKS.md says how each peer is measured. Everybody has the same rows and is asked for the same carts, and every line
//! of every cart is held against the generator's prices before anything is timed. Parts that need a process of their own
//! (an import, prices in process, quoin's server) are this binary again, with an argument that says which part it plays.

mod beside;
mod cluster;
mod found;
mod in_process;
mod medusa;
mod orders;
mod ours;
mod picture;
mod pinned;
mod plain_program;
mod postgres;
mod redis_hashes;
mod rounds;
mod rows;
mod table;
mod timed_in_process;
mod wire;
mod zen;
mod zen_tables;

// Files of quoin's own report, of which this takes what it needs.
macro_rules! shared {
    ($($path:literal $name:ident;)*) => {
        $(#[path = $path]
        #[allow(dead_code, reason = "the report has more use for it")]
        mod $name;)*
    };
}
shared! {
    "../../benches/report/asked.rs" asked;
    "../../benches/report/by_hand.rs" by_hand;
    "../../benches/report/carts.rs" carts;
    "../../benches/report/children.rs" children;
    "../../benches/report/figures.rs" figures;
    "../../benches/report/files.rs" files;
    "../../benches/report/folders.rs" folders;
    "../../benches/report/goals.rs" goals;
    "../../benches/report/imports.rs" imports;
    "../../benches/report/machine.rs" machine;
    "../../benches/report/more_contracts.rs" more_contracts;
    "../../benches/report/opened.rs" opened;
    "../../benches/report/pages.rs" pages;
    "../../benches/report/plan.rs" plan;
    "../../benches/report/policies.rs" policies;
    "../../benches/report/published.rs" published;
    "../../benches/report/requests.rs" requests;
    "../../benches/support/credentials.rs" credentials;
    "../../benches/support/frames.rs" frames;
    "../../benches/support/load.rs" load;
    "../../benches/support/page.rs" page;
    "../../src/cli/load/chart.rs" chart;
}

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value};

use beside::Folders;
use figures::{Figures, megabytes};
use pinned::Pinned;
use plan::Plan;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sizes past which a peer is not taken, whatever is asked for: what fits into a few minutes, or into memory.
const MOST_IN_MEMORY: u64 = 10_000_000;
const MOST_OF_MEDUSA: u64 = 1_000_000;
/// Who may be named, in the order in which they are measured.
const NAMES: [&str; 4] = ["postgresql", "redis", "in-process", "medusa"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        // quoin's own command line: the server that stands beside the peers.
        ["serve", ..] => return quoin::cli::run(),
        [imports::ARGUMENT, files, data] => imports::child(Path::new(files), Path::new(data)),
        [in_process::ARGUMENT, size, prices, policy] => {
            in_process::child(&Plan::new(size.parse().unwrap()), Path::new(prices), Path::new(policy));
        }
        [size, names @ ..]
            if size.parse::<u64>().is_ok() && names.iter().all(|name| NAMES.contains(name)) =>
        {
            let names = if names.is_empty() { &NAMES } else { names };
            all(size.parse().unwrap(), names);
        }
        _ => println!("made by `make bench-peers`, with SIZE=... and PEERS=\"{}\"", NAMES.join(" ")),
    }
    ExitCode::SUCCESS
}

/// All of those that are named.
fn all(size: u64, names: &[&str]) {
    let (mut folders, mut found) = (Folders::default(), Map::new());
    let (pinned, in_memory) = (Pinned::new(), Plan::new(size.min(MOST_IN_MEMORY)));
    machine(&pinned, &mut found);
    for name in names {
        match *name {
            "postgresql" => {
                let plan = Plan::new(size);
                found.extend(wire::postgresql(&plan, folders.of(&plan), &pinned));
            }
            "medusa" if !medusa::is_installed() => {
                eprintln!("== Medusa is left out: scripts/setup-peers could not install its packages");
            }
            "medusa" => {
                let plan = Plan::new(size.min(MOST_OF_MEDUSA));
                found.extend(wire::medusa(&plan, folders.of(&plan), &pinned));
            }
            "redis" => found.extend(wire::redis(&in_memory, folders.of(&in_memory), &pinned)),
            _ => found.extend(in_process::measure(&in_memory, folders.of(&in_memory), &pinned)),
        }
    }
    let all = found::write(found);
    table::rewrite(&all);
    picture::draw_all(&all);
    for (peer, found) in all.iter().filter(|(_, found)| found.is_object()) {
        goals::put(peer, found::told(found));
    }
}

/// On what it is measured.
fn machine(pinned: &Pinned, found: &mut Map<String, Value>) {
    let mut figures = Figures::default();
    machine::put(&mut figures);
    figures.text("pinned", pinned.told());
    for key in figures.keys() {
        found.insert(key.clone(), figures.shown(key).unwrap().into());
    }
}
