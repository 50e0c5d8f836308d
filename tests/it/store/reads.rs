//! What does a warm read of a row cost? Run with
//! `cargo test --release --test it store::reads -- --ignored --nocapture`.

use std::hint::black_box;
use std::time::Instant;

use quoin::store::{Batch, Cached, RowKey, Store, StoreOptions};

/// Of each size, this many bytes of rows: more than the processor's caches, less than the block cache.
const BYTES_OF_ROWS: usize = 256 << 20;
const READS: u32 = 100_000;

#[test]
#[ignore = "a measurement"]
fn warm_reads() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        StoreOptions { create_if_missing: true, block_cache_bytes: 2 << 30, ..StoreOptions::default() };
    println!("{:>9} {:>8} {:>12} {:>12} {:>12}", "row bytes", "rows", "row ns", "cached ns", "same row ns");
    for (publication, length) in (1_u64..).zip([200, 4 << 10, 8 << 10, 16 << 10, 30_000, 250_000]) {
        let store = Store::open(folder.path(), &options).unwrap();
        let lists = u32::try_from(BYTES_OF_ROWS / length).unwrap().min(200_000);
        let mut ingest = store.begin_ingest(publication).unwrap();
        let row = vec![0x5a; length];
        for list in 0..lists {
            ingest.add(RowKey::new(publication, list, 0), &row).unwrap();
        }
        store.ingest(ingest.finish().unwrap()).unwrap();
        // As in a running server, the memtable is not empty.
        let mut small = Batch::new();
        for list in 0..100 {
            small.put_row(RowKey::new(1 << 40, list, 0), &row);
        }
        store.commit(&small).unwrap();
        for list in 0..lists {
            store.row(RowKey::new(publication, list, 0)).unwrap().unwrap();
        }
        let mut list = 1_u32;
        let mut next = || {
            list = list.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            RowKey::new(publication, (list >> 4) % lists, 0)
        };
        let whole = time(|| {
            let row = store.row(next()).unwrap().unwrap();
            black_box((row.first(), row.last()));
        });
        let cached = time(|| match store.row_cached(next()).unwrap() {
            Cached::Found(row) => drop(black_box(row)),
            other => panic!("{other:?}"),
        });
        let same = time(|| drop(black_box(store.row(RowKey::new(publication, 7, 0)).unwrap())));
        println!("{length:>9} {lists:>8} {whole:>12} {cached:>12} {same:>12}");
    }
}

/// Nanoseconds a call, the least of several rounds.
fn time(mut call: impl FnMut()) -> u128 {
    let mut least = u128::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        (0..READS).for_each(|_| call());
        least = least.min(begun.elapsed().as_nanos() / u128::from(READS));
    }
    least
}
