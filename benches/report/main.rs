//! How fast, how small and how frugal is quoin, measured in one run on one machine? `make bench-report`.
//!
//! BENCHMARKS.md says what each figure means. Parts that need a process of their own (an import's peak memory, a fresh
//! opening, the pinned client, the echo) are this binary again, with an argument that says which part it plays.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a measurement that goes wrong is to stop"
)]

mod abusers;
mod asked;
mod authenticated;
mod backups;
mod by_hand;
mod caches;
mod carts;
#[path = "../../src/cli/load/chart.rs"]
mod chart;
mod children;
mod compiling;
#[allow(dead_code, reason = "the bench beside the peers has more use for it")]
#[path = "../support/credentials.rs"]
mod credentials;
#[path = "../support/echo.rs"]
mod echo;
mod eligibility;
mod entitled;
mod figures;
mod files;
mod folders;
#[path = "../support/frames.rs"]
mod frames;
mod goals;
mod half_load;
mod imports;
mod in_process;
mod ledger;
#[path = "../support/load.rs"]
mod load;
mod lookups;
mod machine;
mod mix;
mod mixed;
mod more_contracts;
mod open_load;
mod opened;
mod openings;
mod overload;
#[path = "../support/page.rs"]
mod page;
mod pages;
mod pipeline;
mod plan;
mod policies;
mod prices;
mod published;
mod quotes;
mod requests;
mod rounds;
mod scale;
mod served;
mod single_list;
mod soak;
mod stages;
mod table;
mod with_policy;

use std::path::Path;
use std::time::Instant;

use quoin::exchange::source::Format;

use figures::{Figures, megabytes};
use folders::folder_bytes;
use plan::Plan;
use served::Folders;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [echo::ARGUMENT, address, workers] => echo::serve(address.parse().unwrap(), workers.parse().unwrap()),
        [imports::ARGUMENT, files, data] => imports::child(Path::new(files), Path::new(data)),
        [openings::ARGUMENT, data] => openings::child(Path::new(data)),
        [backups::ARGUMENT, size, data] => backups::child(&Plan::new(size.parse().unwrap()), Path::new(data)),
        [served::ARGUMENT, size, data, single, policy, servers] => {
            let [data, single, policy] = [data, single, policy].map(Path::new);
            let folders = Folders { data, single, policy };
            served::child(&Plan::new(size.parse().unwrap()), folders, servers);
        }
        [ledger::ARGUMENT, lines] => ledger::child(lines.parse().unwrap()),
        [quotes::ARGUMENT, kept] => quotes::child(kept.parse().unwrap()),
        [eligibility::ARGUMENT, skus] => eligibility::child(skus.parse().unwrap()),
        [overload::ARGUMENT, size] => overload::report(&Plan::new(size.parse().unwrap())),
        [overload::CLIENT, size, data, policy, servers] => {
            let folders = (Path::new(data), Path::new(policy));
            overload::child(&Plan::new(size.parse().unwrap()), folders, servers);
        }
        [mixed::ARGUMENT, size] => mixed::measure(&Plan::new(size.parse().unwrap()), &mut Figures::default()),
        [mixed::CLIENT, size, folder] => mixed::child(&Plan::new(size.parse().unwrap()), Path::new(folder)),
        [soak::ARGUMENT, seconds] => soak::run(seconds.parse().unwrap()),
        [scale::ARGUMENT, size] => scale::measure(&Plan::new(size.parse().unwrap())),
        [stages::ARGUMENT] => stages::timed(),
        [stages::COUNTED] => stages::count(),
        [stages::ALONE, data, stage] => stages::alone(Path::new(data), stage.parse().unwrap()),
        ["policy", size] => policy_alone(&Plan::new(size.parse().unwrap())),
        ["authenticated"] => authenticated::measure(&mut Figures::default()),
        [size] if size.parse::<u64>().is_ok() => report(&Plan::new(size.parse().unwrap())),
        _ => println!(
            "the report is made by `make bench-report`, or with SIZE=100000000 for the large run; BENCHMARKS.md has more"
        ),
    }
}

fn report(plan: &Plan) {
    let begun = Instant::now();
    let say = |what: &str| eprintln!("== {what} ({} s)", begun.elapsed().as_secs());
    let mut figures = Figures::default();
    figures.integer("size", plan.size);
    machine::put(&mut figures);
    figures.text("load_average_begin", &machine::load_average());
    let run = plan::fresh_folder("run");
    let (csv, parquet, random) = (run.join("csv"), run.join("parquet"), run.join("random"));

    say("structured data: files, imports, openings");
    let files = files::of(&plan.structured, Format::Csv);
    imports::measure(&files, &csv, "csv", &mut figures);
    let files = files::of(&plan.structured, Format::Parquet);
    imports::measure(&files, &parquet, "parquet", &mut figures);
    std::fs::remove_dir_all(&parquet).unwrap();
    imports::put_lower(&mut figures);
    openings::measure(&csv, files.points, &mut figures);

    say("backup, restore and check");
    backups::measure(plan, &csv, &mut figures);

    say("structured data: bits a cell, look-ups, carts in process");
    in_process::structured(plan, &csv, files.points, &mut figures);

    say("random data: files, import");
    let files = files::of(&plan.random, Format::Parquet);
    imports::plain(&files, &random);
    say("random data: bits a cell, look-ups, carts in process");
    in_process::random(plan, &random, &mut figures);
    say("random data: carts under policies in process");
    pipeline::measure(plan, &random, &mut figures);
    std::fs::remove_dir_all(&random).unwrap();
    say("eligibility");
    eligibility::measure(&mut figures);
    say("ledger");
    ledger::measure(plan.size / 10, &mut figures);
    say("quotes");
    quotes::measure(plan.size / 10, &mut figures);

    say("over gRPC: with TLS and a token, and without");
    authenticated::measure(&mut figures);

    say("over gRPC: carts beside quotes, an import, a backup and a restore");
    mixed::measure(plan, &mut figures);

    say("over gRPC: quoin and the echo in alternating rounds");
    over_grpc(plan, &run, &csv, &mut figures);
    std::fs::remove_dir_all(&run).unwrap();

    figures.text("load_average_end", &machine::load_average());
    figures.decimal("report_s", u64::try_from(begun.elapsed().as_millis()).unwrap() / 100, 1);
    let path = plan::target().join("bench-report.json");
    std::fs::write(&path, figures.json()).unwrap();
    say(&format!("written: {}", path.display()));
    table::rewrite(plan.size, &figures);
    goals::put(&plan.size.to_string(), figures.all_shown());
}

/// Over the folder of structured data, and two that are made of it.
fn over_grpc(plan: &Plan, run: &Path, data: &Path, figures: &mut Figures) {
    let (single, policy) = (run.join("single"), run.join("policy"));
    single_list::make(&files::of(&plan.structured, Format::Csv), data, &single);
    with_policy::make(plan, data, &policy);
    served::measure(plan, Folders { data, single: &single, policy: &policy }, figures);
}

/// The parts on policies alone, for work on them; nothing is written.
fn policy_alone(plan: &Plan) {
    let mut figures = Figures::default();
    let run = plan::fresh_folder("run");
    let (random, csv) = (run.join("random"), run.join("csv"));
    imports::plain(&files::of(&plan.random, Format::Parquet), &random);
    pipeline::measure(plan, &random, &mut figures);
    eligibility::measure(&mut figures);
    imports::plain(&files::of(&plan.structured, Format::Csv), &csv);
    over_grpc(plan, &run, &csv, &mut figures);
    std::fs::remove_dir_all(&run).unwrap();
    println!("{}", figures.json());
}
