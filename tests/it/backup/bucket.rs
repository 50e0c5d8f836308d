//! Is a bucket as good as a folder? In memory always, and in an S3 server where `QUOIN_S3` names a bucket, as in `s3://bucket/prefix`, with
//! region, endpoint and credentials in the environment.

use std::sync::Arc;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use quoin::backup::{BackupError, Place, Target, list, prune, verify};
use quoin::engine::backup::restore_backup_from;
use quoin::engine::caller::Caller;
use quoin::engine::check::check_folder;
use tokio_stream::StreamExt;

use super::{data, did, lived_in};
use crate::effort::Draws;

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Two backups, listed, restored and pruned.
fn goes_its_way(target: &Target) {
    let mut world = lived_in();
    let caller = Caller::operator();
    // A file of several parts, the last of them short.
    let mut draws = Draws::new(44);
    let log: Vec<u8> = (0..2_200_000).flat_map(|_| draws.next().to_be_bytes()).collect();
    std::fs::write(data(&world).join("audit.log"), &log).unwrap();
    let first = world.engine().take_backup_into(&caller, target).unwrap();
    assert_eq!(first.shared_files(), 0);
    did(&mut world, "price glue=8");
    let second = world.engine().take_backup_into(&caller, target).unwrap();
    assert!(second.shared_files() >= 5, "{} shared", second.shared_files());
    println!("{:?}: {} files copied, then {}", target, first.copied_files, second.copied_files);
    let ids: Vec<String> =
        list(target).unwrap().into_iter().map(|known| known.manifest.unwrap().id).collect();
    assert_eq!(ids, [first.manifest.id.clone(), second.manifest.id.clone()]);
    assert_eq!(verify(target, None).unwrap().faults, Vec::<String>::new());
    for (id, manifest) in [(Some(first.manifest.id.as_str()), &first.manifest), (None, &second.manifest)] {
        let into = world.folder.path().join(&manifest.id);
        assert_eq!(restore_backup_from(&caller, target, id, &into).unwrap().manifest, *manifest);
        assert_eq!(check_folder(&into).unwrap().faults, Vec::<String>::new());
        assert!(std::fs::read(into.join("audit.log")).unwrap() == log);
    }
    assert_eq!(prune(target, 1).unwrap().removed, [first.manifest.id]);
    let verified = verify(target, None).unwrap();
    assert_eq!((verified.backups, verified.unnamed, verified.faults), (1, 0, Vec::new()));
}

#[test]
fn a_bucket_in_memory_keeps_backups_and_shows_damage() {
    let store: Arc<InMemory> = Arc::default();
    let target = || Target::of_object_store(Arc::clone(&store) as Arc<dyn ObjectStore>, "nightly").unwrap();
    goes_its_way(&target());
    let files: Vec<Path> = block_on(async {
        let listed = store.list(Some(&Path::from("nightly/files")));
        listed.map(|object| object.unwrap().location).collect().await
    });
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("restored");
    for path in files.iter().take(3) {
        let bytes = block_on(async { store.get(path).await.unwrap().bytes().await.unwrap() }).to_vec();
        let mut other = bytes.clone();
        other[0] ^= 1;
        block_on(store.put(path, PutPayload::from(other))).unwrap();
        match restore_backup_from(&Caller::operator(), &target(), None, &into).unwrap_err() {
            BackupError::Damaged { faults } => {
                assert!(faults.iter().all(|fault| fault.contains(path.filename().unwrap())), "{faults:?}");
            }
            other => panic!("{other}"),
        }
        block_on(store.put(path, PutPayload::from(bytes))).unwrap();
    }
    restore_backup_from(&Caller::operator(), &target(), None, &into).unwrap();
    // A lock that another process holds keeps both out.
    block_on(store.put(&Path::from("nightly/quoin-backup.lock"), PutPayload::default())).unwrap();
    let refused = prune(&target(), 1).unwrap_err();
    assert!(matches!(refused, BackupError::Busy { .. }), "{refused}");
}

#[test]
fn a_bucket_of_an_s3_server_keeps_backups() {
    match std::env::var("QUOIN_S3") {
        Err(_) => println!("skipped: QUOIN_S3 names no bucket"),
        Ok(address) => goes_its_way(&Place::parse(&address).unwrap().open().unwrap()),
    }
}
