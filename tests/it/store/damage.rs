//! Is damage found, named, and never served?

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use quoin::store::{Batch, OpenError, RowKey, StoreError};

use super::{folder, ingest, open, refusal, row};

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_flipped_bit_is_named_and_never_served() {
    let folder = folder();
    let store = open(folder.path());
    ingest(&store, 1, 100, 8 << 10);
    let sound = store.verify().unwrap();
    assert_eq!((sound.faults.as_slice(), sound.entries), ([].as_slice(), 100 + 3));
    let files = store.files().unwrap();
    let [first, .., last] = files.as_slice() else { panic!("{files:?}") };
    drop(store);
    for file in [first, last] {
        let at = usize::try_from(file.bytes / 2).unwrap();
        flip(&folder.path().join("db").join(&file.name), at);
    }

    let store = open(folder.path());
    let mut corrupt = 0;
    for list in 0..100 {
        let key = RowKey::new(1, list, 0);
        match store.row(key) {
            Ok(found) => assert_eq!(found.as_deref(), Some(row(key, 8 << 10).as_slice()), "{key}"),
            Err(StoreError::Corrupt { file: Some(file), what }) => {
                assert!(file == first.name || file == last.name, "{what}");
                corrupt += 1;
            }
            Err(other) => panic!("{other}"),
        }
    }
    assert!((2..=8).contains(&corrupt), "{corrupt} rows in two blocks");
    let report = store.verify().unwrap();
    let named: Vec<_> = report.faults.iter().filter_map(|fault| fault.file.as_deref()).collect();
    assert_eq!(named, [first.name.as_str(), last.name.as_str()], "{:?}", report.faults);
    assert!(report.faults[1].to_string().contains("of rows, after publication 1 list"));
}

/// A publication of many small files is retired while all files are read; what is gone since is no damage.
#[test]
fn a_sound_store_that_drops_files_while_it_is_verified_has_no_faults() {
    let folder = folder();
    let store = open(folder.path());
    let rounds = u64::from(crate::effort::count(500));
    let over = AtomicBool::new(false);
    let verified: Vec<_> = std::thread::scope(|scope| {
        scope.spawn(|| {
            for publication in (1..).take_while(|_| !over.load(Ordering::Relaxed)) {
                let mut rows = store.begin_ingest(publication).unwrap().roll_at(1);
                for list in 0..50 {
                    let key = RowKey::new(publication, list, 0);
                    rows.add(key, &row(key, 20 << 10)).unwrap();
                }
                store.ingest(rows.finish().unwrap()).unwrap();
                assert!(store.drop_publications(publication..=publication).unwrap().files > 10);
            }
        });
        let verified = (0..rounds).map(|_| store.verify()).collect();
        over.store(true, Ordering::Relaxed);
        verified
    });
    for report in verified {
        assert_eq!(report.unwrap().faults, []);
    }
    let tables = fs::read_dir(folder.path().join("db")).unwrap().map(|entry| entry.unwrap().path());
    let tables = tables.filter(|path| path.extension().is_some_and(|ending| ending == "sst"));
    assert_eq!(tables.count(), store.files().unwrap().len(), "what verifying kept goes with it");
}

fn newest_log(folder: &Path) -> PathBuf {
    let entries = fs::read_dir(folder.join("db")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|ending| ending == "log")).max().unwrap()
}

#[test]
fn a_damaged_log_is_refused_and_a_torn_tail_is_not() {
    for (damage, expected) in [("flip", None), ("tear", Some(2))] {
        let folder = folder();
        let store = open(folder.path());
        for n in 1..=3_u64 {
            let mut batch = Batch::new();
            batch.put_log(n, &row(RowKey::first_of(n), 5_000));
            store.commit(&batch).unwrap();
        }
        drop(store);
        let log = newest_log(folder.path());
        let length = fs::metadata(&log).unwrap().len();
        match damage {
            "flip" => flip(&log, usize::try_from(length / 2).unwrap()),
            _ => fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(length - 100).unwrap(),
        }
        match expected {
            None => {
                let refused = refusal(folder.path());
                assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused}");
            }
            Some(_) => assert_eq!(open(folder.path()).last_log_sequence().unwrap(), expected),
        }
    }
}

/// How a data folder is spoilt, and what refusing it must say.
const DAMAGE: [(&str, &str); 9] = [
    ("table file gone", ".sst"),
    ("table file cut", ".sst"),
    ("table file emptied", ".sst"),
    ("footer flipped", ".sst"),
    ("index flipped", "block_type = Index"),
    ("manifest flipped", "MANIFEST"),
    ("manifest gone", "MANIFEST"),
    ("current gone", "CURRENT is missing"),
    ("log gone", "write-ahead log is missing"),
];

#[test]
fn what_opening_needs_is_named_when_it_is_damaged() {
    for (damage, named) in DAMAGE {
        let folder = folder();
        let store = open(folder.path());
        ingest(&store, 1, 30, 8 << 10);
        let db = folder.path().join("db");
        let table = db.join(&store.files().unwrap()[0].name);
        drop(store);
        let manifest = fs::read_to_string(db.join("CURRENT")).unwrap();
        let manifest = db.join(manifest.trim());
        let end = usize::try_from(fs::metadata(&table).unwrap().len()).unwrap();
        match damage {
            "table file gone" => fs::remove_file(table).unwrap(),
            "table file cut" => fs::write(&table, &fs::read(&table).unwrap()[..end / 2]).unwrap(),
            "table file emptied" => fs::write(&table, "").unwrap(),
            "footer flipped" => flip(&table, end - 20),
            "index flipped" => flip(&table, end - 1_400),
            "manifest flipped" => flip(&manifest, 60),
            "manifest gone" => fs::remove_file(manifest).unwrap(),
            "current gone" => fs::remove_file(db.join("CURRENT")).unwrap(),
            "log gone" => fs::remove_file(newest_log(folder.path())).unwrap(),
            other => panic!("no such damage: {other}"),
        }
        match refusal(folder.path()) {
            OpenError::Corrupt { what, .. } => assert!(what.contains(named), "{damage}: {what}"),
            other => panic!("{damage}: {other}"),
        }
    }
}
