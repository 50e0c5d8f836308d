//! What does each stage of a cart of 100 lines cost? In time, by criterion (`--stages`), and in instructions, by callgrind
//! (`--instructions`), which a machine that does other things besides does not change.
//!
//! Folders hold the same structured data: contracts with their own lists alone (`one`), with access sequences and a reference
//! list (`sequence`), and the former under a policy of a thousand rules (`policy`) or the rules of one of its layers.

mod counted;
mod of_cart;
mod table;

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::Criterion;
use quoin::engine::caller::Caller;
use quoin::engine::policy::{PolicyFile, PublishPolicy};
use quoin::exchange::generate::Generator;
use quoin::exchange::source::Format;

use super::plan::{self, Plan};
use super::policies::{Policy, Shape};
use super::{files, folders, imports, more_contracts, opened, single_list};

pub use counted::{ALONE, COUNTED, alone, count};
use of_cart::{Bench, STAGES};

/// `--stages`.
pub const ARGUMENT: &str = "--stages";
const CELLS: u64 = 1_000_000;
/// The policy's layers that have rules here.
const LAYERS: [&str; 3] = ["volume", "order", "loyalty"];

/// Times every stage.
pub fn timed() {
    let folder = made();
    let (mut criterion, mut found) = (Criterion::default(), [0; STAGES.len()]);
    for kind in STAGES.map(|stage| stage.folder).iter().collect::<std::collections::BTreeSet<_>>() {
        let bench = Bench::open(&folder.join(kind));
        table::rounds(kind, &bench, &mut found);
        for stage in STAGES.iter().filter(|stage| stage.folder == *kind) {
            let mut turn = bench.carts.iter().cycle();
            criterion.bench_function(&format!("{}/{}", stage.folder, stage.name), |bencher| {
                bencher.iter(|| (stage.run)(&bench, black_box(turn.next().unwrap())));
            });
        }
    }
    table::rewrite(&found);
}

/// Makes the data folders.
fn made() -> PathBuf {
    let folder = plan::fresh_folder("stages");
    let plan = Plan::new(CELLS);
    let [sequence, one] = ["sequence", "one"].map(|kind| folder.join(kind));
    let files = files::of(&plan.structured, Format::Csv);
    imports::plain(&files, &sequence);
    plan::fresh_folder("run");
    single_list::make(&files, &sequence, &one);
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let others = more_contracts::add(&opened::open(&one), &generator);
    let policy = Policy::new(&generator, Shape { rules: 1_000, own: 0, own_circumstances: false }, others);
    under(&one, &folder.join("policy"), policy.files());
    for layer in LAYERS {
        let of_layer = policy.files().into_iter().map(|file| of_layer(&file, layer)).collect();
        under(&one, &folder.join(layer), of_layer);
    }
    folder
}

/// A copy of a data folder with a policy.
fn under(data: &Path, copy: &Path, files: Vec<PolicyFile>) {
    folders::copy(data, copy);
    let asked = PublishPolicy { files, ..PublishPolicy::default() };
    let report = opened::open(copy).publish_policy(&Caller::operator(), asked).unwrap();
    assert!(report.published, "{:#?}", report.findings.iter().take(3).collect::<Vec<_>>());
}

/// The rules of one layer; the policy has each on a line of its own.
fn of_layer(file: &PolicyFile, layer: &str) -> PolicyFile {
    let layer = format!(" layer: {layer},");
    let kept = file.text.lines().filter(|line| !line.starts_with("  - {") || line.contains(&layer));
    PolicyFile { name: file.name.clone(), text: kept.map(|line| format!("{line}\n")).collect() }
}
