//! Do rows come, stay invisible, and go as they should?

use std::fs;

use quoin::store::{Batch, Cached, Family, RowKey, Store, StoreError};

use super::{count_rows, folder, ingest, open, read, row};

fn staged_files(store: &Store) -> usize {
    fs::read_dir(store.staging_dir()).unwrap().count()
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
fn opening_removes_what_belongs_to_nothing() {
    let folder = folder();
    let store = open(folder.path());
    let mut batch = Batch::new();
    // Publications 1 to 6: small and bulk, every other one committed.
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
            batch.own_rows(publication, true);
        }
    }
    store.commit(&batch).unwrap();
    drop(store);

    let store = open(folder.path());
    let removed = store.remove_orphans().unwrap();
    assert_eq!(removed.rows, 1, "the small one shares its file with a living one");
    assert!(removed.files >= 2 && removed.bytes > 2 * 100 * (8 << 10), "{removed:?}");
    assert_eq!(count_rows(&store), 1 + 100 + 100);
    assert_eq!(store.remove_orphans().unwrap(), Default::default());

    // What is disowned goes at once, or where that was cut off, at the next opening.
    let mut batch = Batch::new();
    [1, 3, 5].iter().for_each(|publication| batch.own_rows(*publication, false));
    store.commit(&batch).unwrap();
    assert_eq!(store.remove_unowned(&[1, 3]).unwrap().rows, 1);
    assert_eq!(count_rows(&store), 100);
    drop(store);
    let store = open(folder.path());
    assert!(store.remove_orphans().unwrap().files > 0);
    assert_eq!(count_rows(&store), 0);
    assert_eq!(store.remove_orphans().unwrap(), Default::default());
}

#[test]
fn each_page_is_seen_in_the_version_of_a_publication() {
    let folder = folder();
    let store = open(folder.path());
    let key = |page: u8, number: u64| [&[page][..], &number.to_be_bytes()].concat();
    let mut batch = Batch::new();
    // Page 1 is written by publications 1, 4 and 9, page 2 by 5, page 3 by 1.
    for (page, number) in [(1, 1_u8), (1, 4), (1, 9), (2, 5), (3, 1)] {
        batch.put(Family::Records, &key(page, number.into()), &[page, number]);
    }
    store.commit(&batch).unwrap();
    let seen = |prefix: &[u8], upto: u64| {
        let mut seen = Vec::new();
        let each = |of: &[u8], value: &[u8]| {
            assert_eq!(of, &value[..1]);
            seen.push((value[0], value[1]));
            Ok::<(), StoreError>(())
        };
        store.each_version(Family::Records, prefix, upto, each).unwrap();
        seen
    };
    assert_eq!(seen(&[], 0), []);
    assert_eq!(seen(&[], 3), [(1, 1), (3, 1)]);
    assert_eq!(seen(&[], 4), [(1, 4), (3, 1)]);
    assert_eq!(seen(&[], 5), [(1, 4), (2, 5), (3, 1)]);
    assert_eq!(seen(&[], u64::MAX - 1), [(1, 9), (2, 5), (3, 1)]);
    assert_eq!(seen(&[1], 8), [(1, 4)]);
    let before = |page: u8, number: u64| store.version_before(Family::Records, &[page], number).unwrap();
    assert_eq!(before(1, 9), Some((4, vec![1, 4])));
    assert_eq!(before(1, 1), None);
    assert_eq!(before(2, 5), None);
    assert_eq!(before(2, 6), Some((5, vec![2, 5])));
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
