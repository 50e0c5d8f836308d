//! Does a backup bring back what was there, and does damage show, in the store and in its copies?

#[cfg(feature = "object-store")]
mod bucket;
mod damaged_store;
mod flips;
mod incremental;
mod killed;
mod refused;
mod round_trip;
mod served;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use quoin::backup::{BackupError, Place, Restored, Taken};
use quoin::domain::contract::Circumstances;
use quoin::domain::decimal::Micros;
use quoin::domain::ids::PublicationNo;
use quoin::domain::time::Instant;
use quoin::engine::Engine;
use quoin::engine::backup::restore_backup;
use quoin::engine::caller::Caller;
use quoin::engine::error::PriceError;
use quoin::pricing::request::{CartLine, CartRequest, Detail, NO_PARTICULARS, ProgressWanted, SkuRef};

use crate::quotes::played::play;
use crate::quotes::world::{BEGINS, World};

const SKUS: [&str; 5] = ["bolt", "nut", "rebar", "glue", "fixed"];

/// A world in which something of every kind was written: prices, policies, documents, quotes, and answers to requests.
fn lived_in() -> World {
    let mut world = World::new();
    for step in [
        "create A bolt=5 id=r1 ref=PO-1 why=asked_for",
        "create B bolt=12 glue=3 id=r2",
        "create A nut=4 draft through=2026-03-05",
        "accept 2 bolt id=r4",
        "post S1 shipment B bolt=400 after=Q-2",
        "post S2 shipment A rebar=150",
        "price bolt=120",
    ] {
        did(&mut world, step);
    }
    // Opening it again moves what was written so far into table files; what follows is in the log.
    world.reopen();
    for step in [
        "create A bolt=7 id=r5",
        "post R1 return B bolt=100 for=S1",
        "price nut=51",
        "post S4 shipment A bolt=20",
    ] {
        did(&mut world, step);
    }
    world
}

fn did(world: &mut World, step: &str) {
    let came = play(world, step);
    assert!(!came.starts_with('!'), "{step}: {came}");
}

fn data(world: &World) -> PathBuf {
    world.folder.path().join("data")
}

/// The net amount of a cart, or why it has none.
fn net(
    engine: &Engine,
    publication: Option<u64>,
    contract: &str,
    sku: &str,
    quantity: u32,
) -> Result<String, PriceError> {
    let quantity = Micros(i64::from(quantity) * 1_000_000);
    let lines = [CartLine { id: "", sku: SkuRef::Code(sku), quantity, unit: "" }];
    let request = CartRequest {
        contract,
        pricing_at: Some(Instant::parse(BEGINS).unwrap()),
        publication: publication.map(PublicationNo),
        circumstances: Circumstances::default(),
        lines: &lines,
        particulars: &NO_PARTICULARS,
        progress: ProgressWanted::Nothing,
        detail: Detail::Basic,
    };
    let cart = engine.price_cart(&Caller::operator(), &request)?;
    let line = &cart.lines[0];
    Ok(format!("{contract} {sku} {}: {:?} {}\n", quantity.0, line.status, line.amount.0))
}

/// XXH3 of what so many carts come to, each another quantity of a SKU under a contract.
fn digest(engine: &Engine, publication: u64, carts: u32) -> u128 {
    let mut text = String::new();
    for cart in 0..carts {
        let contract = ["A", "B", "U"][cart as usize % 3];
        let sku = SKUS[cart as usize / 3 % 5];
        text.push_str(&net(engine, Some(publication), contract, sku, 1 + cart / 15).unwrap());
    }
    assert!(text.contains("Priced"));
    xxhash_rust::xxh3::xxh3_128(text.as_bytes())
}

fn place(folder: &Path) -> Place {
    Place::parse(folder.to_str().unwrap()).unwrap()
}

fn taken(engine: &Engine, folder: &Path) -> Taken {
    engine.take_backup(&Caller::operator(), &place(folder)).unwrap()
}

fn restored(from: &Path, into: &Path) -> Result<Restored, BackupError> {
    restore_backup(&Caller::operator(), &place(from), None, into)
}

/// Every file below a folder, by its name, with its size.
fn files_below(folder: &Path) -> BTreeMap<String, u64> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(at) = folders.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let entry = entry.unwrap();
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => {
                    let path = entry.path();
                    let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                    found.insert(name, entry.metadata().unwrap().len());
                }
            }
        }
    }
    found
}

/// Changes one byte of a file.
fn flip(path: &Path, at: usize, by: u8) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= by;
    fs::write(path, bytes).unwrap();
}

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    for name in files_below(from).keys() {
        fs::create_dir_all(to.join(name).parent().unwrap()).unwrap();
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}
