//! Does a seed mean the same data for ever, and is what cannot be met refused?

mod read_back;
mod stated;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use quoin::exchange::generate::demo::write_demo;
use quoin::exchange::generate::folder::{WriteError, write_folder};
use quoin::exchange::generate::{GenerateOptions, GeneratedCell, Generator, Mode, OptionsError};
use quoin::exchange::source::Format;

fn sized(skus: u32, contracts: u32, cells: Option<u64>) -> GenerateOptions {
    GenerateOptions { skus, contracts, cells, ..GenerateOptions::standard().unwrap() }
}

fn random(skus: u32, contracts: u32, cells: Option<u64>) -> GenerateOptions {
    GenerateOptions { mode: Mode::Random, ..sized(skus, contracts, cells) }
}

/// File names with their bytes.
fn bytes(options: &GenerateOptions, format: Format) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), format, options, &mut |_| {}).unwrap();
    read(folder.path())
}

fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |entry: &fs::DirEntry| entry.file_name().into_string().unwrap();
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (name(&entry), fs::read(entry.path()).unwrap())).collect()
}

fn cells_of(generator: &Generator, list: u32) -> Vec<GeneratedCell> {
    let mut cells = Vec::new();
    generator.cells_of_list(list, &mut cells);
    cells
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    for format in [Format::Csv, Format::Parquet] {
        let options = sized(300, 20, None);
        assert_eq!(bytes(&options, format), bytes(&options, format));
        let (one, other) = (bytes(&options, format), bytes(&GenerateOptions { seed: 2, ..options }, format));
        let prices = one.keys().find(|name| name.starts_with("prices.")).unwrap();
        for name in [prices, "skus.csv", "contracts.csv", "exchange_rates.csv"] {
            assert_ne!(one[name], other[name], "{name}");
        }
    }
}

#[test]
fn the_demo_is_what_the_generator_makes() {
    let folder = tempfile::tempdir().unwrap();
    write_demo(folder.path()).unwrap();
    let committed = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo"));
    let mut made = read(folder.path());
    let cart = made.remove("cart.csv").unwrap();
    let kept = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cart.csv")).unwrap();
    assert!(cart == kept, "data/cart.csv differs: generate it anew");
    assert_eq!(committed.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, bytes) in &made {
        assert!(committed[name] == *bytes, "{name} differs: generate data/demo anew");
    }
    assert!(made.values().map(Vec::len).sum::<usize>() < 300_000);
}

#[test]
fn a_list_does_not_depend_on_the_lists_made_before_it() {
    for options in [sized(2_000, 30, None), random(2_000, 30, None)] {
        let (forth, back) = (Generator::new(options.clone()).unwrap(), Generator::new(options).unwrap());
        let mut found: Vec<_> = (0..back.list_count()).rev().map(|list| cells_of(&back, list)).collect();
        found.reverse();
        for (list, cells) in (0..).zip(found) {
            assert!(cells_of(&forth, list) == cells, "list {list}");
        }
    }
}

#[test]
fn what_cannot_be_met_is_refused() {
    let refused = |options: GenerateOptions| Generator::new(options).unwrap_err();
    assert_eq!(refused(sized(3, 1, None)), OptionsError::Skus(3));
    assert_eq!(refused(sized(100, 0, None)), OptionsError::Contracts(0));
    let crowded = refused(sized(1_000, 10, Some(12_551)));
    assert_eq!(crowded, OptionsError::Cells { asked: 12_551, contracts: 10, skus: 1_000, most: 12_550 });
    assert!(Generator::new(random(1_000, 10, Some(10_000))).is_ok());
    let folder = tempfile::tempdir().unwrap();
    write_demo(folder.path()).unwrap();
    assert!(
        matches!(write_demo(folder.path()), Err(WriteError::Exists(path)) if path.ends_with("units.csv"))
    );
}
