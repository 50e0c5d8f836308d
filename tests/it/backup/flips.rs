//! If any byte of a store changes, is that told, and is no price ever wrong for it?
//!
//! The story. A disk ages, or a cable is loose, and one byte of the data folder is not what was written. Whoever opens the store is told, or whoever asks
//! for what that byte is part of, or `quoin check` tells; or else nothing of what the store holds has changed, since the byte was never read: RocksDB's texts about
//! itself, and padding. What must not be is a price or a quote that differs, or a store that lacks something and says nothing.
//!
//! So each trial changes one byte in a copy, checks it, opens it, asks for prices and quotes, and where nobody said anything holds every key and value
//! against those of the store that was copied.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use quoin::domain::time::Instant;
use quoin::engine::check::check_folder;
use quoin::engine::clock::Clock;
use quoin::engine::{Engine, EngineOptions};
use quoin::quotes::number::QuoteNo;
use quoin::store::{Family, Store, StoreOptions};

use super::{SKUS, copy, data, did, files_below, flip, lived_in, net};
use crate::effort::{self, Draws};
use crate::quotes::world::{BEGINS, boss};

const FLIPS: u32 = 1_000;

/// Every answer that was asked for: what was asked, and the answer or why there is none.
type Answers = BTreeMap<String, Result<String, String>>;

fn answers(engine: &Engine) -> Answers {
    let mut found = Answers::new();
    let newest = engine.view().publication.0;
    for contract in ["A", "B", "U"] {
        for sku in SKUS {
            for (quantity, publication) in [(1, newest), (30, newest), (200, newest), (30, 3)] {
                let answer = net(engine, Some(publication), contract, sku, quantity);
                let asked = format!("{contract} {sku} {quantity} at {publication}");
                found.insert(asked, answer.map_err(|error| error.to_string()));
            }
        }
    }
    for number in 1..=5 {
        let quote =
            engine.quote(&boss(), QuoteNo(number), None).map(|quoted| format!("{:?}", quoted.content));
        found.insert(format!("quote {number}"), quote.map_err(|error| error.to_string()));
        let history = engine.quote_history(&boss(), QuoteNo(number)).map(|history| format!("{history:?}"));
        found.insert(format!("history {number}"), history.map_err(|error| error.to_string()));
    }
    found
}

fn open(folder: &Path) -> Result<Engine, String> {
    let clock = Clock::new(|| Instant::parse(BEGINS).unwrap());
    let options =
        EngineOptions { clock, create: false, block_cache_bytes: 8 << 20, ..EngineOptions::new(folder) };
    Engine::open(&options).map_err(|error| error.to_string())
}

/// A digest of every key and value.
fn everything(store: &Store) -> Result<u128, String> {
    let mut text = Vec::new();
    for family in Family::ALL {
        let mut scan = store.scan(family, b"").map_err(|error| error.to_string())?;
        while let Some((key, value)) = scan.step().map_err(|error| error.to_string())? {
            text.extend_from_slice(&(key.len() as u64).to_be_bytes());
            text.extend_from_slice(key);
            text.extend_from_slice(&(value.len() as u64).to_be_bytes());
            text.extend_from_slice(value);
        }
    }
    Ok(xxhash_rust::xxh3::xxh3_128(&text))
}

fn everything_in(folder: &Path) -> Result<u128, String> {
    let store = Store::open_read_only(folder, &StoreOptions::default()).map_err(|error| error.to_string())?;
    everything(&store)
}

fn kind(name: &str) -> &'static str {
    let name = name.rsplit('/').next().unwrap();
    match name {
        "CURRENT" => "CURRENT",
        "IDENTITY" | "LOCK" | "quoin.lock" => "locks and IDENTITY",
        _ if name.ends_with(".sst") => "tables",
        _ if name.ends_with(".log") => "write-ahead logs",
        _ if name.starts_with("MANIFEST") => "MANIFEST",
        _ if name.starts_with("OPTIONS") => "OPTIONS",
        _ if name.starts_with("LOG") => "LOG",
        other => panic!("{other} is of no known kind"),
    }
}

/// Names and sizes.
type Files = Vec<(String, u64)>;

/// Kinds of files that are read.
const LIVE: [&str; 4] = ["tables", "write-ahead logs", "MANIFEST", "CURRENT"];

fn bytes_of(files: &[(String, u64)]) -> u64 {
    files.iter().map(|(_, bytes)| bytes).sum()
}

fn any_byte<'f>(files: &'f [(String, u64)], draws: &mut Draws) -> (&'f str, u64) {
    let mut at = draws.next() % bytes_of(files);
    for (name, bytes) in files {
        if at < *bytes {
            return (name, at);
        }
        at -= bytes;
    }
    unreachable!("the sizes come to the sum")
}

fn any_file<'f>(files: &'f [(String, u64)], draws: &mut Draws) -> (&'f str, u64) {
    let (name, bytes) = &files[draws.below(files.len())];
    (name, draws.next() % bytes)
}

/// What became of one flip.
fn trial(folder: &Path, sound: &Answers, whole: u128) -> Result<&'static str, String> {
    let checked = match check_folder(folder) {
        Ok(report) => !report.faults.is_empty(),
        Err(_) => true,
    };
    let before = everything_in(folder);
    let engine = match open(folder) {
        Ok(engine) => engine,
        Err(_) if checked => return Ok("opening and check"),
        Err(_) => return Ok("opening alone"),
    };
    let found = answers(&engine);
    let mut read = false;
    for (asked, answer) in &found {
        match (answer, &sound[asked]) {
            (Ok(answer), Ok(expected)) if answer != expected => {
                return Err(format!("{asked}: {answer}, and {expected} is right"));
            }
            (Ok(answer), Err(_)) => return Err(format!("{asked}: {answer}, and there is none")),
            (Err(_), Ok(_)) => read = true,
            _ => {}
        }
    }
    let same = before == Ok(whole) && everything(engine.store()) == Ok(whole);
    match (checked, read) {
        (true, true) => Ok("reading and check"),
        (true, false) => Ok("check alone"),
        (false, true) => Ok("reading alone"),
        (false, false) if same => Ok("nobody: no key, value or answer differs"),
        (false, false) => Err("nobody said anything, and something has changed".to_owned()),
    }
}

#[test]
fn every_changed_byte_is_told_or_changes_nothing_and_no_price_is_ever_wrong() {
    let mut world = lived_in();
    for number in 0..40 {
        did(&mut world, &format!("create A bolt={} id=more-{number} ref=PO-{number}", 1 + number));
    }
    world.reopen();
    did(&mut world, "create B nut=3 id=last");
    did(&mut world, "post S9 shipment A nut=20");
    world.engine = None;
    let (sound, opened) = (data(&world), world.folder.path().join("opened"));
    copy(&sound, &opened);
    let expected = answers(&open(&opened).unwrap());
    assert!(expected.values().filter(|answer| answer.is_ok()).count() > 50);
    let whole = everything_in(&sound).unwrap();
    let files = files_below(&sound).into_iter().filter(|(_, bytes)| *bytes > 0);
    let (live, dead): (Files, Files) = files.partition(|(name, _)| LIVE.contains(&kind(name)));
    let mut draws = Draws::new(41);
    let (mut told, mut wrong) = (BTreeMap::<(&str, &str), u32>::new(), Vec::new());
    for number in 0..effort::count(FLIPS) {
        // One in ten in what nobody reads; of the others half anywhere, each byte as likely as another, and half in any file, so that small
        // ones are met too.
        let among = if number % 10 == 9 { &dead } else { &live };
        let (name, at) =
            if number % 2 == 0 { any_byte(among, &mut draws) } else { any_file(among, &mut draws) };
        let by = u8::try_from(1 + draws.below(255)).unwrap();
        let folder = world.folder.path().join("flipped");
        copy(&sound, &folder);
        flip(&folder.join(name), usize::try_from(at).unwrap(), by);
        match trial(&folder, &expected, whole) {
            Ok(by_whom) => *told.entry((kind(name), by_whom)).or_default() += 1,
            Err(what) => wrong.push(format!("{name} byte {at} by {by:#04x}: {what}")),
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    println!(
        "{} files that count, with {} bytes; flips by kind of file and who told:",
        live.len(),
        bytes_of(&live)
    );
    for ((kind, by_whom), count) in &told {
        println!("{count:5}  {kind}: {by_whom}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let unsaid: u32 = told
        .iter()
        .filter(|((kind, by), _)| {
            by.starts_with("nobody") && ["tables", "MANIFEST", "CURRENT"].contains(kind)
        })
        .map(|(_, count)| count)
        .sum();
    assert_eq!(unsaid, 0, "every byte of these counts");
}
