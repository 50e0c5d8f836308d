//! What is imported and asked for at a size? Prices, two hundredths of them to publish anew, and a cart of every contract: all in
//! one pass over the generated lists, since that pass takes minutes at the largest size.

use std::path::{Path, PathBuf};
use std::time::Instant;

use bytes::Bytes;
use prost::Message;
use quoin::api::v1;
use quoin::domain::cell::{Cell, Value};
use quoin::domain::decimal::Micros;
use quoin::domain::ladder::{Ladder, Tier};
use quoin::exchange::generate::folder::write_tables;
use quoin::exchange::generate::lists::contract_code;
use quoin::exchange::generate::price_file::PriceFile;
use quoin::exchange::generate::prng::Prng;
use quoin::exchange::generate::{GenerateOptions, GeneratedCell, Generator};
use quoin::exchange::source::Format;

use super::super::carts::Sheet;
use super::super::files::Files;
use super::super::requests;

const LINES: usize = 100;
/// One price of so many is published anew.
const OF: usize = 100;
const CENT: i64 = 10_000;
/// Contracts whose answers are looked at line by line.
const WATCHED: u32 = 300;
/// Keeps the order of carts apart from other streams of chance.
const STREAM: u64 = 1_003;

/// Everything of a size.
pub struct Made {
    /// Everything that is imported first.
    pub files: Files,
    /// One price of a hundred in each contract's own list, a cent dearer.
    pub spread: Delta,
    /// All prices of one contract's own list of a hundred, two cents dearer.
    pub few: Delta,
    /// A cart of each contract, in no order, as it lies on the wire.
    pub carts: Vec<Bytes>,
    /// Carts of some contracts, with what the deltas say of their lines.
    pub watched: Vec<Watched>,
    /// How long it took, milliseconds.
    pub millis: u64,
}

/// Prices to publish.
pub struct Delta {
    /// Their files.
    pub folder: PathBuf,
    /// How many.
    pub rows: u64,
    /// In how many lists.
    pub lists: u64,
}

/// A cart whose prices are known to change.
pub struct Watched {
    /// What is asked.
    pub request: v1::PriceCartRequest,
    /// Of each line: is its price in `spread`?
    pub spread: Vec<bool>,
    /// Is its contract's list in `few`?
    pub few: bool,
}

#[derive(Default)]
struct Part {
    points: u64,
    spread: (u64, u64),
    few: (u64, u64),
    carts: Vec<Bytes>,
    watched: Vec<Watched>,
}

/// Makes it below a folder, on two threads with half of the lists each.
pub fn make(options: &GenerateOptions, below: &Path) -> Made {
    let begun = Instant::now();
    let generator = Generator::new(options.clone()).unwrap();
    let folders = ["files", "spread", "few"].map(|name| below.join(name));
    for folder in &folders[1..] {
        std::fs::create_dir_all(folder).unwrap();
    }
    write_tables(&folders[0], &generator).unwrap();
    let half = generator.list_count() / 2;
    let ranges = [0..half, half..generator.list_count()];
    let (generator, into) = (&generator, &folders);
    let parts = std::thread::scope(|scope| {
        let threads = ranges.map(|range| scope.spawn(move || part(generator, range, into)));
        threads.map(|thread| thread.join().unwrap())
    });
    let [mut all, other] = parts;
    all.carts.extend(other.carts);
    all.watched.extend(other.watched);
    Prng::new(1, STREAM, 0).shuffle(&mut all.carts);
    let [files, spread, few] = folders;
    let delta = |folder, one: (u64, u64), other: (u64, u64)| Delta {
        folder,
        rows: one.0 + other.0,
        lists: one.1 + other.1,
    };
    Made {
        files: Files { folder: files, points: all.points + other.points },
        spread: delta(spread, all.spread, other.spread),
        few: delta(few, all.few, other.few),
        carts: all.carts,
        watched: all.watched,
        millis: u64::try_from(begun.elapsed().as_millis()).unwrap(),
    }
}

fn part(generator: &Generator, lists: std::ops::Range<u32>, folders: &[PathBuf; 3]) -> Part {
    let name = format!("prices-{}.parquet", u8::from(lists.start > 0));
    let [mut prices, mut spread, mut few] = folders
        .each_ref()
        .map(|folder| PriceFile::create(generator, &folder.join(&name), Format::Parquet).unwrap());
    let watch_every = (generator.options().contracts / WATCHED).max(1);
    let (mut part, mut cells) = (Part::default(), Vec::new());
    for number in lists {
        let list = generator.list(number);
        generator.cells_of_list(number, &mut cells);
        part.points += prices.put(&list, &cells).unwrap();
        let Some(contract) = list.owner() else { continue };
        let picked = picked(number, &cells);
        part.spread.0 += spread.put(&list, &dearer(&picked, 1)).unwrap();
        part.spread.1 += u64::from(!picked.is_empty());
        let in_few = contract % 100 == 50;
        if in_few {
            part.few.0 += few.put(&list, &dearer(&cells, 2)).unwrap();
            part.few.1 += 1;
        }
        let sheet = Sheet::of(generator, (number, contract), &cells);
        let Some(skus) = sheet.draw(LINES) else { continue };
        let request = requests::request(generator, contract_code(contract), &skus);
        part.carts.push(request.encode_to_vec().into());
        if contract % watch_every == 0 || in_few && part.watched.iter().all(|watched| !watched.few) {
            let has = |sku: &u32| picked.iter().any(|cell| cell.sku() == Some(*sku));
            part.watched.push(Watched { request, spread: skus.iter().map(has).collect(), few: in_few });
        }
    }
    for file in [prices, spread, few] {
        file.finish().unwrap();
    }
    part
}

/// All cells of one target of so many; where in a list they begin differs from list to list.
fn picked(list: u32, cells: &[GeneratedCell]) -> Vec<GeneratedCell> {
    let begin = usize::try_from(list).unwrap();
    let targets = cells.chunk_by(|one, other| one.target == other.target).enumerate();
    targets.filter(|(at, _)| (at + begin) % OF == 0).flat_map(|(_, cells)| cells.to_vec()).collect()
}

fn dearer(cells: &[GeneratedCell], cents: i64) -> Vec<GeneratedCell> {
    let tier = |tier: &Tier<Value>| match tier.value {
        Value::Price(price) => Tier { value: Value::Price(Micros(price.0 + CENT * cents)), ..*tier },
        _ => *tier,
    };
    let ladder = |old: &Ladder<Value>| {
        Ladder::new(old.mode(), old.over(), old.tiers().iter().map(tier).collect()).unwrap()
    };
    let cell = |of: &GeneratedCell| GeneratedCell {
        target: of.target,
        cell: Cell { ladder: ladder(&of.cell.ladder), ..of.cell.clone() },
    };
    cells.iter().map(cell).collect()
}
