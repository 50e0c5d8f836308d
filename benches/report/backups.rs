//! How long does a backup take, and its restore, quiet and while carts are priced, and what do the carts notice? In a process of its own.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant as Clock;

use quoin::api::pricing_service::priced;
use quoin::api::v1;
use quoin::backup::{Place, Taken};
use quoin::engine::Engine;
use quoin::engine::backup::restore_backup;
use quoin::engine::caller::Caller;
use quoin::engine::check::check_folder;
use quoin::exchange::generate::Generator;
use quoin::pricing::request::Detail;

use super::children;
use super::figures::Figures;
use super::opened::open;
use super::plan::{Plan, fresh_folder};
use super::requests;

/// The argument that makes this binary take backups: `--backups SIZE DATA`.
pub const ARGUMENT: &str = "--backups";
const LINES: usize = 100;
/// Carts that are priced before a backup begins, for the quiet figure.
const QUIET: usize = 20_000;

/// Measures in a process of its own.
pub fn measure(plan: &Plan, data: &Path, figures: &mut Figures) {
    let size = plan.size.to_string();
    figures.take(children::run(&[ARGUMENT.as_ref(), size.as_ref(), data.as_os_str()], None));
}

/// Measures, and prints what was found.
pub fn child(plan: &Plan, data: &Path) {
    let mut figures = Figures::default();
    let generator = Generator::new(plan.structured.clone()).unwrap();
    let carts = requests::of(&generator, LINES);
    drop(generator);
    let folder = fresh_folder("backups");
    let (quiet, loaded, into) = (folder.join("quiet"), folder.join("loaded"), folder.join("restored"));
    let engine = open(data);
    let (first, millis) = take(&engine, &quiet);
    figures.integer("backup_ms", millis);
    figures.text("backup_mb", &super::megabytes(first.manifest.bytes()));
    figures.integer("backup_files", u64::try_from(first.manifest.files.len()).unwrap());
    let (again, millis) = take(&engine, &quiet);
    figures.integer("backup_again_ms", millis);
    figures.integer("backup_again_files_copied", again.copied_files);
    under_load(&engine, &carts, &loaded, &into, &mut figures);
    drop(engine);
    std::fs::remove_dir_all(&into).unwrap();
    figures.integer("restore_ms", restore(&quiet, &into));
    let begun = Clock::now();
    assert_eq!(check_folder(&into).unwrap().faults, Vec::<String>::new());
    figures.integer("check_ms", millis_since(begun));
    std::fs::remove_dir_all(&folder).unwrap();
    println!("{}", figures.json());
}

/// One thread prices carts, as fast as it can, while a backup is taken and restored.
fn under_load(
    engine: &Engine,
    carts: &[v1::PriceCartRequest],
    backups: &Path,
    into: &Path,
    figures: &mut Figures,
) {
    let over = AtomicBool::new(false);
    let price = |most: usize, over: &AtomicBool| {
        let mut nanos = Vec::new();
        let caller = Caller::operator();
        for request in carts.iter().cycle().take(most).take_while(|_| !over.load(Ordering::Relaxed)) {
            let begun = Clock::now();
            priced(engine, &caller, request, Some(Detail::Basic)).unwrap();
            nanos.push(u64::try_from(begun.elapsed().as_nanos()).unwrap());
        }
        nanos.sort_unstable();
        nanos[nanos.len() * 99 / 100]
    };
    let quiet = price(QUIET, &over);
    let loaded = std::thread::scope(|scope| {
        let pricing = scope.spawn(|| price(usize::MAX, &over));
        figures.integer("backup_under_load_ms", take(engine, backups).1);
        figures.integer("restore_under_load_ms", restore(backups, into));
        over.store(true, Ordering::Relaxed);
        pricing.join().unwrap()
    });
    figures.micros("price_100_p99_quiet_us", quiet);
    figures.micros("price_100_p99_under_backup_us", loaded);
}

fn take(engine: &Engine, backups: &Path) -> (Taken, u64) {
    let place = Place::parse(backups.to_str().unwrap()).unwrap();
    let begun = Clock::now();
    let taken = engine.take_backup(&Caller::operator(), &place).unwrap();
    (taken, millis_since(begun))
}

fn restore(backups: &Path, into: &Path) -> u64 {
    let place = Place::parse(backups.to_str().unwrap()).unwrap();
    let begun = Clock::now();
    restore_backup(&Caller::operator(), &place, None, into).unwrap();
    millis_since(begun)
}

fn millis_since(begun: Clock) -> u64 {
    u64::try_from(begun.elapsed().as_millis()).unwrap()
}
