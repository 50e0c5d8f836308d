//! Is what was acknowledged there, and what failed not pretended?

use quoin::store::{Batch, FailPoint, Family, RowKey, StoreError};

use super::{folder, ingest, one, open, read, row};

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
