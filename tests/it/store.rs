//! Does the store keep its promises? What was acknowledged is there, what failed is named, and nothing that
//! was not committed is ever seen.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may panic")]

use std::fs;
use std::path::Path;
use std::process::Command;

use quoin::store::{
    Batch, Cached, FORMAT, FailPoint, Family, OpenError, RowKey, Store, StoreError, StoreOptions,
};
use tempfile::TempDir;

/// Set for the second process of a test: the folder that it is to open.
const CHILD_FOLDER: &str = "QUOIN_TEST_STORE_FOLDER";

fn options() -> StoreOptions {
    StoreOptions { create_if_missing: true, block_cache_bytes: 8 << 20, ..StoreOptions::default() }
}

fn open(folder: &Path) -> Store {
    Store::open(folder, &options()).unwrap()
}

fn refusal(folder: &Path) -> OpenError {
    Store::open(folder, &options()).unwrap_err()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Bytes that don't compress and differ by key.
fn row(key: RowKey, length: usize) -> Vec<u8> {
    let mut state = key.publication ^ u64::from(key.list) << 20 ^ u64::from(key.segment) << 52 ^ 0x9e37_79b9;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.extend_from_slice(&state.to_be_bytes());
    }
    bytes.truncate(length);
    bytes
}

/// Rows of lists 0 to `lists`, one segment each, written and ingested; not committed.
fn ingest(store: &Store, publication: u64, lists: u32, length: usize) -> u128 {
    let mut ingest = store.begin_ingest(publication).unwrap().roll_at(256 << 10);
    for list in 0..lists {
        let key = RowKey::new(publication, list, 0);
        ingest.add(key, &row(key, length)).unwrap();
    }
    let staged = ingest.finish().unwrap();
    let digest = staged.digest;
    store.ingest(staged).unwrap();
    digest
}

fn one(family: Family, key: &[u8], value: &[u8]) -> Batch {
    let mut batch = Batch::new();
    batch.put(family, key, value);
    batch
}

fn read(store: &Store, key: RowKey) -> Option<Vec<u8>> {
    store.row(key).unwrap().map(|row| row.to_vec())
}

fn count_rows(store: &Store) -> usize {
    let mut rows = store.scan_rows(RowKey::first_of(0), RowKey::last_of(u64::MAX)).unwrap();
    let mut count = 0;
    while let Some((key, bytes)) = rows.step().unwrap() {
        assert_eq!(bytes, row(key, bytes.len()), "{key}");
        count += 1;
    }
    count
}

fn staged_files(store: &Store) -> usize {
    fs::read_dir(store.staging_dir()).unwrap().count()
}

#[test]
fn reopening_keeps_what_was_committed() {
    let folder = folder();
    let key = RowKey::new(7, 3, 1);
    {
        let store = open(folder.path());
        let mut batch = Batch::new();
        for family in [Family::Meta, Family::Directory, Family::Records, Family::Requests] {
            batch.put(family, b"a/1", family.name().as_bytes());
            batch.put(family, b"a/2", b"two");
            batch.put(family, b"b/1", b"gone");
            batch.delete(family, b"b/1");
        }
        batch.put_row(key, &row(key, 300));
        for sequence in [1, 255, 256, 70_000] {
            batch.put_log(sequence, format!("entry {sequence}").as_bytes());
        }
        store.commit(&batch).unwrap();
    }
    let store = open(folder.path());
    for family in [Family::Meta, Family::Directory, Family::Records, Family::Requests] {
        assert_eq!(store.get(family, b"a/1").unwrap().as_deref(), Some(family.name().as_bytes()));
        assert!(store.get(family, b"b/1").unwrap().is_none());
    }
    assert_eq!(read(&store, key), Some(row(key, 300)));
    assert_eq!(read(&store, RowKey::new(7, 3, 0)), None);

    let mut records = store.scan_records(b"a/").unwrap();
    assert_eq!(records.step().unwrap(), Some((b"a/1".as_slice(), b"records".as_slice())));
    assert_eq!(records.step().unwrap(), Some((b"a/2".as_slice(), b"two".as_slice())));
    assert_eq!(records.step().unwrap(), None);
    assert_eq!(records.step().unwrap(), None, "the end stays the end");

    let mut log = store.scan_log(255).unwrap();
    for sequence in [255, 256, 70_000] {
        let entry = format!("entry {sequence}");
        assert_eq!(log.step().unwrap(), Some((sequence, entry.as_bytes())));
    }
    assert_eq!(log.step().unwrap(), None);
    assert_eq!(store.last_log_sequence().unwrap(), Some(70_000));
}

#[test]
fn publication_numbers_are_never_used_twice() {
    let folder = folder();
    let mut given = Vec::new();
    for _ in 0..3 {
        let store = open(folder.path());
        given.push(store.reserve_publication().unwrap());
        let mut claimed = Batch::new();
        given.push(store.claim_publication(&mut claimed).unwrap());
        // One reserved between a claim and its commit: the commit must not turn the counter back.
        given.push(store.reserve_publication().unwrap());
        store.commit(&claimed).unwrap();
    }
    let ascending: Vec<u64> = (1..=9).collect();
    assert_eq!(given, ascending);
    assert_eq!(open(folder.path()).next_publication(), 10);
}

#[test]
fn a_second_process_is_refused() {
    let folder = folder();
    let store = open(folder.path());
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["store::child_opens_the_folder", "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD_FOLDER, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let expected = format!("is in use by process {}", std::process::id());
    assert!(said.contains(&expected), "{said}");

    let refused = refusal(folder.path());
    assert!(matches!(refused, OpenError::DataFolderInUse { by: Some(_), .. }), "{refused}");
    drop(store);
    open(folder.path());
}

/// The second process of the test above; by itself it does nothing.
#[test]
fn child_opens_the_folder() {
    if let Some(folder) = std::env::var_os(CHILD_FOLDER) {
        println!("{}", refusal(Path::new(&folder)));
    }
}

#[test]
fn reading_goes_on_beside_the_writer() {
    let folder = folder();
    let store = open(folder.path());
    store.commit(&one(Family::Records, b"k", b"v")).unwrap();
    let reader = Store::open_read_only(folder.path(), &options()).unwrap();
    assert_eq!(reader.get(Family::Records, b"k").unwrap().as_deref(), Some(b"v".as_slice()));
    assert_eq!(reader.commit(&one(Family::Records, b"k", b"w")), Err(StoreError::ReadOnly));
    assert_eq!(reader.reserve_publication(), Err(StoreError::ReadOnly));
    assert_eq!(reader.begin_ingest(1).unwrap_err(), StoreError::ReadOnly);
    store.commit(&one(Family::Records, b"k", b"w")).unwrap();
    assert_eq!(reader.get(Family::Records, b"k").unwrap().as_deref(), Some(b"v".as_slice()));
}

/// Writes a database as another program, or another version, might have.
fn foreign_database(folder: &Path, families: &[&str], key: (&str, &[u8], &[u8])) {
    let mut db_options = rocksdb::Options::default();
    db_options.create_if_missing(true);
    db_options.create_missing_column_families(true);
    let families = families.iter().chain(&["default"]);
    let db = rocksdb::DB::open_cf(&db_options, folder.join("db"), families).unwrap();
    db.put_cf(db.cf_handle(key.0).unwrap(), key.1, key.2).unwrap();
}

#[test]
fn a_newer_format_is_refused() {
    let newer = (FORMAT + 1).to_be_bytes();
    let ours: Vec<&str> = Family::ALL.iter().map(|family| family.name()).collect();
    let with_a_new_family = [ours.as_slice(), &["ledger"]].concat();
    for families in [ours, with_a_new_family] {
        let folder = folder();
        foreign_database(folder.path(), &families, ("meta", b"store/format", &newer));
        fs::create_dir(folder.path().join("staging")).unwrap();
        fs::write(folder.path().join("staging/spill"), "theirs").unwrap();
        let refused = refusal(folder.path());
        let OpenError::NewerFormat { found, supported, .. } = refused else { panic!("{refused}") };
        assert_eq!((found, supported), (FORMAT + 1, FORMAT));
        assert!(folder.path().join("staging/spill").exists(), "left as it was");
    }
}

#[test]
fn what_is_no_data_folder_is_refused_and_left_alone() {
    let here = folder();
    let absent = here.path().join("absent");
    let only_open = StoreOptions { create_if_missing: false, ..options() };
    let refused = Store::open(&absent, &only_open).unwrap_err();
    assert!(matches!(refused, OpenError::NotAStore { .. }), "{refused}");
    assert!(!absent.exists());

    let file = here.path().join("file");
    fs::write(&file, "text").unwrap();
    assert!(matches!(refusal(&file), OpenError::NotAStore { .. }));

    // `here` holds a file that is not ours.
    let refused = refusal(here.path());
    assert!(refused.to_string().ends_with("it holds file"), "{refused}");
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), 1);

    for (families, key) in [
        (vec![], ("default", b"theirs".as_slice(), b"1".as_slice())),
        (vec!["orders"], ("orders", b"theirs", b"1")),
        (vec!["meta"], ("meta", b"theirs", b"1")),
        (vec!["meta", "orders"], ("meta", b"theirs", b"1")),
    ] {
        let foreign = folder();
        foreign_database(foreign.path(), &families, key);
        let refused = refusal(foreign.path());
        assert!(matches!(refused, OpenError::NotAStore { .. }), "{families:?}: {refused}");
    }
}

#[test]
fn a_first_opening_that_was_cut_off_is_taken_up() {
    for families in [vec![], vec!["meta"], vec!["meta", "rows", "directory"]] {
        let folder = folder();
        fs::write(folder.path().join("quoin.lock"), "").unwrap();
        foreign_database(folder.path(), &families, ("default", b"gone", b""));
        let plain = rocksdb::Options::default();
        let all = families.iter().chain(&["default"]);
        rocksdb::DB::open_cf(&plain, folder.path().join("db"), all).unwrap().delete(b"gone").unwrap();
        let store = open(folder.path());
        assert_eq!(store.reserve_publication().unwrap(), 1);
    }
}

#[test]
fn bulk_rows_come_in_at_the_bottom_beside_small_ones() {
    let folder = folder();
    let store = open(folder.path());
    let before = RowKey::new(store.reserve_publication().unwrap(), 5, 0);
    let bulk = store.reserve_publication().unwrap();
    let after = RowKey::new(store.reserve_publication().unwrap(), 5, 0);
    let mut small = Batch::new();
    small.put_row(before, &row(before, 50));
    small.put_row(after, &row(after, 50));
    store.commit(&small).unwrap();

    let digest = ingest(&store, bulk, 200, 8 << 10);
    let again = {
        let mut ingest = store.begin_ingest(bulk).unwrap();
        for list in 0..200 {
            let key = RowKey::new(bulk, list, 0);
            ingest.add(key, &row(key, 8 << 10)).unwrap();
        }
        ingest.finish().unwrap()
    };
    assert_eq!(again.digest, digest, "of the rows, not of the files");
    assert_eq!((again.rows, again.row_bytes, again.file_count()), (200, 200 * (8 << 10), 1));
    drop(again);
    assert_eq!(staged_files(&store), 0);

    let files = store.files().unwrap();
    assert!(files.len() > 4, "rolled: {files:?}");
    assert!(files.iter().all(|file| file.level == 6), "no flush was forced: {files:?}");
    assert_eq!(count_rows(&store), 202);
    drop(store);
    let store = open(folder.path());
    assert_eq!(count_rows(&store), 202);
    for list in 0..200 {
        let key = RowKey::new(bulk, list, 0);
        assert_eq!(read(&store, key), Some(row(key, 8 << 10)));
        assert_eq!(read(&store, RowKey::new(bulk, list, 1)), None);
    }
    assert_eq!(read(&store, before), Some(row(before, 50)));
}

#[test]
fn an_unfinished_ingest_leaves_nothing() {
    let folder = folder();
    let store = open(folder.path());
    let publication = store.reserve_publication().unwrap();
    let first = RowKey::new(publication, 1, 0);
    let mut ingest = store.begin_ingest(publication).unwrap();
    ingest.add(first, b"row").unwrap();
    assert_eq!(ingest.add(first, b"row"), Err(StoreError::OutOfOrder { key: first, after: first }));
    let foreign = RowKey::new(publication + 1, 1, 0);
    assert_eq!(ingest.add(foreign, b"row"), Err(StoreError::WrongPublication { key: foreign, publication }));
    assert_eq!(staged_files(&store), 1);
    drop(ingest);
    assert_eq!(staged_files(&store), 0);
    let empty = store.begin_ingest(publication).unwrap().finish().unwrap();
    store.ingest(empty).unwrap();

    fs::write(store.staging_dir().join("spill"), "an import was killed here").unwrap();
    drop(store);
    assert_eq!(staged_files(&open(folder.path())), 0);
}

#[test]
fn opening_removes_orphans() {
    let folder = folder();
    let store = open(folder.path());
    let mut batch = Batch::new();
    let mut live = Vec::new();
    // Publications 1 to 6: small and bulk, each alive or dead.
    for publication in 1..=6_u64 {
        assert_eq!(store.reserve_publication().unwrap(), publication);
        match publication {
            1 | 2 => {
                let key = RowKey::new(publication, 9, 0);
                batch.put_row(key, &row(key, 100));
            }
            _ => drop(ingest(&store, publication, 100, 8 << 10)),
        }
        if publication % 2 == 1 {
            live.push(publication);
        }
    }
    store.commit(&batch).unwrap();
    drop(store);

    let store = open(folder.path());
    let removed = store.remove_orphans(&live).unwrap();
    assert_eq!(removed.rows, 1, "the small one shares its file with a living one");
    assert!(removed.files >= 2 && removed.bytes > 2 * 100 * (8 << 10), "{removed:?}");
    assert_eq!(count_rows(&store), 1 + 100 + 100);
    assert_eq!(store.remove_orphans(&live).unwrap(), Default::default());
    store.remove_orphans(&[]).unwrap();
    assert_eq!(count_rows(&store), 0);
    drop(store);
    assert_eq!(count_rows(&open(folder.path())), 0);
}

#[test]
fn retired_rows_give_their_space_back() {
    let folder = folder();
    let store = open(folder.path());
    ingest(&store, 1, 100, 8 << 10);
    ingest(&store, 2, 100, 8 << 10);
    let full = store.size().unwrap().disk_bytes();
    let removed = store.drop_publications(1..=1).unwrap();
    assert!(removed.files > 0 && removed.rows == 0, "by file, not by row: {removed:?}");
    let dead: Vec<RowKey> = (0..90).map(|list| RowKey::new(2, list, 0)).collect();
    store.drop_rows(&dead).unwrap();
    assert_eq!(count_rows(&store), 10);
    store.compact_rows(2..=2).unwrap();
    assert_eq!(count_rows(&store), 10);
    let left = store.size().unwrap().disk_bytes();
    assert!(left < full / 8, "{left} of {full}");
}

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
    assert_eq!((sound.faults.as_slice(), sound.entries), ([].as_slice(), 100 + 2));
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

fn newest_log(folder: &Path) -> std::path::PathBuf {
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

#[test]
fn after_a_failed_commit_writes_are_refused_and_reads_go_on() {
    for (at, there_after_reopening) in [(FailPoint::BeforeWrite, false), (FailPoint::AfterWrite, true)] {
        let folder = folder();
        let store = open(folder.path());
        store.commit(&one(Family::Records, b"k", b"sound")).unwrap();
        store.fail_next_commit(at, "no space left on device");
        let what = "no space left on device".to_owned();
        let failed = store.commit(&one(Family::Requests, b"id", b"doubtful"));
        assert_eq!(failed, Err(StoreError::CommitFailed { what: what.clone() }));

        let poisoned = StoreError::Poisoned { first: what.clone() };
        assert_eq!(store.commit(&one(Family::Records, b"k", b"late")), Err(poisoned.clone()));
        assert_eq!(store.reserve_publication(), Err(poisoned.clone()));
        assert_eq!(store.claim_publication(&mut Batch::new()), Err(poisoned.clone()));
        assert_eq!(store.drop_rows(&[RowKey::first_of(1)]), Err(poisoned.clone()));
        assert_eq!(store.begin_ingest(1).unwrap_err(), poisoned);
        assert_eq!(store.poisoned_by(), Some(what));
        assert_eq!(store.get(Family::Records, b"k").unwrap().as_deref(), Some(b"sound".as_slice()));
        drop(store);

        let store = open(folder.path());
        assert_eq!(store.get(Family::Records, b"k").unwrap().as_deref(), Some(b"sound".as_slice()));
        assert_eq!(store.get(Family::Requests, b"id").unwrap().is_some(), there_after_reopening);
        store.commit(&one(Family::Records, b"k", b"late")).unwrap();
    }
}

#[test]
fn every_acknowledged_commit_was_synced() {
    let folder = folder();
    for round in 0..2_u64 {
        let store = open(folder.path());
        for n in 0..20_u64 {
            store.commit(&one(Family::Requests, &n.to_be_bytes(), b"answered")).unwrap();
        }
        let publication = store.reserve_publication().unwrap();
        ingest(&store, publication, 50, 1_000);
        store.drop_publications(publication..=publication).unwrap();
        ingest(&store, store.reserve_publication().unwrap(), 50, 1_000);
        store.commit(&one(Family::Directory, b"page", b"names them")).unwrap();
        let founding = u64::from(round == 0);
        assert_eq!(store.commits_synced(), founding + 20 + 3);
        assert_eq!(store.wal_syncs(), store.commits_synced());
    }
}

#[test]
fn keys_of_the_store_itself_are_refused() {
    let folder = folder();
    let store = open(folder.path());
    let refused = store.commit(&one(Family::Meta, b"store/format", b"9")).unwrap_err();
    assert_eq!(refused, StoreError::ReservedKey { key: "store/format".to_owned() });
    store.commit(&one(Family::Meta, b"engine/log", b"9")).unwrap();
}

#[test]
fn memory_alone_says_when_it_does_not_know() {
    let folder = folder();
    let key = RowKey::new(1, 20, 0);
    ingest(&open(folder.path()), 1, 50, 8 << 10);
    let store = open(folder.path());
    assert!(matches!(store.row_cached(key).unwrap(), Cached::NotInCache));
    assert!(matches!(store.row_cached(RowKey::first_of(9)).unwrap(), Cached::Absent));
    assert_eq!(read(&store, key), Some(row(key, 8 << 10)));
    let Cached::Found(found) = store.row_cached(key).unwrap() else { panic!("it was read just now") };
    assert_eq!(&*found, row(key, 8 << 10));
    let fresh = RowKey::new(2, 1, 0);
    let mut batch = Batch::new();
    batch.put_row(fresh, b"not flushed");
    store.commit(&batch).unwrap();
    let Cached::Found(found) = store.row_cached(fresh).unwrap() else { panic!("it is in memory") };
    assert_eq!(&*found, b"not flushed");
}

#[test]
fn a_checkpoint_is_a_data_folder() {
    let folder = folder();
    let store = open(&folder.path().join("store"));
    let publication = store.reserve_publication().unwrap();
    ingest(&store, publication, 50, 1_000);
    store.commit(&one(Family::Directory, b"page", b"names them")).unwrap();
    let copy = folder.path().join("copy");
    store.checkpoint(&copy).unwrap();
    assert!(matches!(store.checkpoint(&copy), Err(StoreError::Io { .. })), "it is there already");
    store.commit(&one(Family::Directory, b"page", b"later")).unwrap();

    let copy = open(&copy);
    assert_eq!(copy.get(Family::Directory, b"page").unwrap().as_deref(), Some(b"names them".as_slice()));
    assert_eq!(count_rows(&copy), 50);
    assert_eq!(copy.reserve_publication().unwrap(), publication + 1);
}
