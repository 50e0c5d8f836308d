//! How many instructions does each stage take? Counted by callgrind in a process of its own, and held against what it may take.

use std::path::Path;
use std::process::Command;

use super::super::figures::Figures;
use super::made;
use super::of_cart::{Bench, STAGES, Stage};

/// `--instructions`.
pub const COUNTED: &str = "--instructions";
/// The argument that makes this binary do what is counted: `--counted DATA STAGE`, the last by its number.
pub const ALONE: &str = "--counted";
/// So much more than stated is a regression, in hundredths.
const MORE: u64 = 103;
/// Of the function whose instructions are counted, those that it calls included.
const FUNCTION: &str = "*counted_by_callgrind*";

/// Counts the instructions of every stage; panics where one takes more than is stated.
pub fn count() {
    let folder = made();
    let mut figures = Figures::default();
    let mut over = Vec::new();
    for (number, stage) in STAGES.iter().enumerate() {
        let name = format!("{}_{}", stage.folder, stage.name.replace(' ', "_"));
        let found = instructions(&folder.join(stage.folder), number);
        figures.integer(&format!("{name}_instructions"), found);
        if found * 100 > stage.most * MORE {
            over.push(format!("{name} takes {found} instructions, {} are stated", stage.most));
        }
    }
    println!("{}", figures.json());
    assert!(
        over.is_empty(),
        "more instructions than benches/report/stages/of_cart.rs states:\n{}",
        over.join("\n")
    );
}

/// Of one cart, on average over all carts.
fn instructions(data: &Path, stage: usize) -> u64 {
    let mut command = Command::new("valgrind");
    command.args([
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        &format!("--toggle-collect={FUNCTION}"),
    ]);
    let this = std::env::current_exe().unwrap();
    let told = command.arg(this).arg(ALONE).arg(data).arg(stage.to_string()).output();
    let told = told.unwrap_or_else(|error| panic!("valgrind: {error}; `scripts/setup valgrind` installs it"));
    let errors = String::from_utf8_lossy(&told.stderr);
    assert!(told.status.success(), "{errors}");
    let carts: u64 = String::from_utf8_lossy(&told.stdout).trim().parse().unwrap();
    let collected =
        errors.lines().find_map(|line| line.split_once("Collected :")).map(|(_, count)| count.trim());
    let collected: u64 = collected.unwrap_or_else(|| panic!("{errors}")).parse().unwrap();
    assert!(collected > carts, "{errors}");
    collected / carts
}

/// Does a stage for each cart once, and prints for how many.
pub fn alone(data: &Path, stage: usize) {
    let (bench, stage) = (Bench::open(data), &STAGES[stage]);
    // What the first one waits for, a contract's program or an allocation that is kept, is not of the stage.
    once(stage, &bench);
    counted_by_callgrind(stage, &bench);
    println!("{}", bench.carts.len());
}

fn once(stage: &Stage, bench: &Bench) {
    for cart in &bench.carts {
        (stage.run)(bench, cart);
    }
}

#[inline(never)]
fn counted_by_callgrind(stage: &Stage, bench: &Bench) {
    once(stage, bench);
}
