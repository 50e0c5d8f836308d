//! Which folders open, and which are refused and left alone?

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use quoin::store::{FORMAT, Family, OpenError, Store, StoreError, StoreOptions};

use super::{count_rows, folder, ingest, one, open, options, refusal};

/// Set for the second process of a test: the folder that it is to open.
const CHILD_FOLDER: &str = "QUOIN_TEST_STORE_FOLDER";

#[test]
fn a_second_process_is_refused() {
    let folder = folder();
    let store = open(folder.path());
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["store::opening::child_opens_the_folder", "--exact", "--nocapture", "--test-threads=1"])
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

/// A process that is being started holds every open file of its parent for a moment, and with it the folder's lock.
#[test]
fn a_folder_that_was_let_go_opens_while_processes_are_started() {
    let folder = folder();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let starting = scope.spawn(|| {
            let mut started = 0;
            while !done.load(Ordering::Relaxed) {
                assert!(Command::new("true").status().unwrap().success());
                started += 1;
            }
            started
        });
        let refused: Vec<String> = (0..50)
            .filter_map(|_| Store::open(folder.path(), &options()).err())
            .map(|e| e.to_string())
            .collect();
        done.store(true, Ordering::Relaxed);
        assert!(starting.join().unwrap() > 0);
        assert_eq!(refused, Vec::<String>::new());
    });
}

#[test]
fn a_database_held_by_another_program_is_refused() {
    let folder = folder();
    drop(open(folder.path()));
    let families: Vec<&str> = Family::ALL.iter().map(|family| family.name()).collect();
    let held = rocksdb::DB::open_cf(&rocksdb::Options::default(), folder.path().join("db"), families);
    let refused = refusal(folder.path());
    assert!(matches!(refused, OpenError::DataFolderInUse { by: None, .. }), "{refused}");
    drop(held);
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
fn another_format_is_refused() {
    let ours: Vec<&str> = Family::ALL.iter().map(|family| family.name()).collect();
    let with_a_new_family = [ours.as_slice(), &["ledger"]].concat();
    for (families, format) in [(&ours, FORMAT + 1), (&with_a_new_family, FORMAT + 1), (&ours, FORMAT - 1)] {
        let folder = folder();
        let key: (&str, &[u8], &[u8]) = ("meta", b"store/format", &format.to_be_bytes());
        foreign_database(folder.path(), families, key);
        fs::create_dir(folder.path().join("staging")).unwrap();
        fs::write(folder.path().join("staging/spill"), "theirs").unwrap();
        let refused = refusal(folder.path());
        let OpenError::OtherFormat { found, supported, .. } = refused else { panic!("{refused}") };
        assert_eq!((found, supported), (format, FORMAT));
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
fn a_first_opening_that_was_cut_off_before_its_log_is_taken_up() {
    for families in [vec![], vec!["meta"]] {
        let folder = folder();
        fs::write(folder.path().join("quoin.lock"), "").unwrap();
        foreign_database(folder.path(), &families, ("default", b"gone", b""));
        for entry in fs::read_dir(folder.path().join("db")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "log") {
                fs::remove_file(path).unwrap();
            }
        }
        if families.is_empty() {
            assert_eq!(open(folder.path()).reserve_publication().unwrap(), 1);
        } else {
            // Families are made after the log: whoever has them had it.
            let refused = refusal(folder.path());
            assert!(matches!(refused, OpenError::Corrupt { .. }), "{refused}");
        }
    }
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
