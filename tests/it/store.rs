//! Does the store keep its promises? What was acknowledged is there, what failed is named, and nothing that
//! was not committed is ever seen.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may panic")]

use std::path::Path;

use quoin::store::{Batch, Family, OpenError, RowKey, Store, StoreOptions};
use tempfile::TempDir;

mod commits;
mod damage;
mod opening;
mod reads;
mod rows;

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
