//! Is a backup that is not what was backed up refused, with every file named, and is bad input refused before anything is written?

use quoin::server::access::digest_text;
use std::fs;
use std::path::{Path, PathBuf};

use quoin::backup::{BackupError, Place};
use quoin::engine::backup::{restore_backup, verify_backups};
use quoin::engine::caller::{Caller, Role};
use quoin::store::OpenError;

use super::{copy, data, files_below, flip, lived_in, place, restored, taken};

fn sha256(text: &str) -> String {
    digest_text(text.as_bytes())
}

fn faults(refused: BackupError) -> Vec<String> {
    match refused {
        BackupError::Damaged { faults } => faults,
        other => panic!("{other}"),
    }
}

/// The names in a data folder of the files that have this digest.
fn names_of<'m>(manifest: &'m quoin::backup::Manifest, digest: &str) -> Vec<&'m str> {
    let of = manifest.files.iter().filter(|file| file.sha256 == digest);
    of.map(|file| file.name.as_str()).collect()
}

#[test]
fn one_flipped_bit_in_any_file_is_refused_and_named() {
    let world = lived_in();
    let backups = world.folder.path().join("backups");
    let manifest = taken(world.engine(), &backups).manifest;
    let into = world.folder.path().join("restored");
    let mut names: Vec<String> = files_below(&backups).into_keys().collect();
    // A log in which nothing was written yet has no bit.
    names.retain(|name| fs::metadata(backups.join(name)).unwrap().len() > 0);
    assert!(names.len() > 10, "{names:?}");
    for name in &names {
        let path = backups.join(name);
        let at = usize::try_from(fs::metadata(&path).unwrap().len() / 2).unwrap();
        flip(&path, at, 0x04);
        let told = faults(restored(&backups, &into).unwrap_err());
        let digest = name.rsplit('/').next().unwrap();
        let of = if name.starts_with("backups/") { vec![name.as_str()] } else { names_of(&manifest, digest) };
        assert_eq!(told.len(), of.len(), "{name}: {told:?}");
        for (told, of) in told.iter().zip(&of) {
            assert!(
                told.starts_with(&format!("{of}: ")) && told.contains(digest.trim_end_matches(".json")),
                "{told}"
            );
        }
        let verified = verify_backups(&Caller::operator(), &place(&backups), None).unwrap();
        assert!(
            verified.faults.iter().any(|fault| fault.contains(name.as_str())),
            "{name}: {:?}",
            verified.faults
        );
        assert!(!into.exists() && !world.folder.path().join(".restored.restoring").exists());
        flip(&path, at, 0x04);
    }
    println!("{} files flipped one by one", names.len());
    restored(&backups, &into).unwrap();
}

#[test]
fn missing_short_and_long_files_are_all_named_at_once() {
    let world = lived_in();
    let backups = world.folder.path().join("backups");
    let manifest = taken(world.engine(), &backups).manifest;
    let path = |at: usize| {
        let digest = &manifest.files[at].sha256;
        backups.join("files").join(&digest[..2]).join(digest)
    };
    fs::remove_file(path(1)).unwrap();
    let bytes = fs::read(path(2)).unwrap();
    fs::write(path(2), [&bytes[..], b"\0"].concat()).unwrap();
    let bytes = fs::read(path(3)).unwrap();
    fs::write(path(3), &bytes[..bytes.len() - 1]).unwrap();
    flip(&path(4), 0, 0x80);
    let told = faults(restored(&backups, &world.folder.path().join("restored")).unwrap_err());
    let expected = ["is missing", "has more than", " bytes of ", "is not what was backed up"];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for ((told, expected), file) in told.iter().zip(expected).zip(&manifest.files[1..]) {
        assert!(told.starts_with(&file.name) && told.contains(expected), "{told}");
    }
}

#[test]
fn a_backup_of_a_damaged_store_is_refused_and_says_where() {
    let mut world = lived_in();
    let backups = world.folder.path().join("backups");
    let before = taken(world.engine(), &backups);
    let table = world
        .engine()
        .store()
        .files()
        .unwrap()
        .into_iter()
        .find(|file| file.family.name() == "facts")
        .unwrap();
    world.engine = None;
    flip(&data(&world).join("db").join(&table.name), 100, 0x20);
    world.reopen();
    match world.engine().take_backup(&Caller::operator(), &place(&backups)).unwrap_err() {
        BackupError::StoreDamaged { faults } => {
            assert!(
                faults.iter().any(|fault| fault.contains(&table.name) && fault.contains("of facts")),
                "{faults:?}"
            );
        }
        other => panic!("{other}"),
    }
    let into = world.folder.path().join("restored");
    assert_eq!(restored(&backups, &into).unwrap().manifest, before.manifest, "the one before is as it was");
}

/// Puts a manifest of one's own into a place of backups.
fn forge(backups: &Path, id: &str, text: &str) {
    fs::create_dir_all(backups.join("files")).unwrap();
    fs::create_dir_all(backups.join("backups")).unwrap();
    fs::write(backups.join("backups").join(format!("{id}.{}.json", sha256(text))), text).unwrap();
}

fn manifest(format: u32, id: &str, files: &str) -> String {
    format!(
        r#"{{"format": {format}, "id": "{id}", "taken_at": "2026-11-29T23:00:00Z", "quoin": "9.9.9", "store": "00",
            "store_format": 1, "publication": 1, "sequence": 1, "files": [{files}]}}"#
    )
}

#[test]
fn manifests_that_no_quoin_of_this_version_wrote_are_refused() {
    let file = |name: &str, bytes: u64, sha256: &str| {
        format!(r#"{{"name": "{name}", "bytes": {bytes}, "sha256": "{sha256}"}}"#)
    };
    let digest = sha256("x");
    let good = file("db/CURRENT", 1, &digest);
    let cases = [
        (manifest(2, "b", &good), "backup b has format 2, this binary reads up to 1"),
        (manifest(1, "c", &good), "it says that it is backup \"c\""),
        (manifest(1, "b", &file("../../evil", 1, &digest)), "\"../../evil\" is no name within a data folder"),
        (
            manifest(1, "b", &file("/etc/passwd", 1, &digest)),
            "\"/etc/passwd\" is no name within a data folder",
        ),
        (manifest(1, "b", &[good.clone(), good.clone()].join(",")), "\"db/CURRENT\" is there twice"),
        (manifest(1, "b", &file("db/CURRENT", 1, "12")), "\"db/CURRENT\" has no digest"),
        (
            manifest(1, "b", &file("db/CURRENT", 1 << 62, &digest)),
            "bytes free, and 4611686018427387904 are needed",
        ),
        ("{\"format\": 1}".to_owned(), "missing field"),
        ("not JSON".to_owned(), "expected"),
    ];
    for (text, said) in cases {
        let folder = tempfile::tempdir().unwrap();
        let backups = folder.path().join("backups");
        forge(&backups, "b", &text);
        let refused = restored(&backups, &folder.path().join("into")).unwrap_err().to_string();
        assert!(refused.contains(said), "{said}: {refused}");
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["backups"], "{said}");
    }
}

#[test]
fn a_folder_that_is_not_free_is_left_alone() {
    let world = lived_in();
    let backups = world.folder.path().join("backups");
    taken(world.engine(), &backups);
    let at = |name: &str| world.folder.path().join(name);
    fs::create_dir(at("full")).unwrap();
    fs::write(at("full/mine"), "mine").unwrap();
    fs::write(at("file"), "mine").unwrap();
    fs::create_dir(at(".half.restoring")).unwrap();
    let cases: [(PathBuf, &str); 5] = [
        (at("full"), "it is not empty"),
        (at("file"), "it is not a folder"),
        (at("nowhere/new"), "the folder above it is not there"),
        (at("half"), "another restore is under way, or one was cut off"),
        (data(&world), "it is not empty"),
    ];
    for (into, said) in cases {
        let refused = restored(&backups, &into).unwrap_err();
        assert!(
            matches!(refused, BackupError::NotFree { .. }) && refused.to_string().contains(said),
            "{refused}"
        );
    }
    assert_eq!(fs::read_to_string(at("full/mine")).unwrap(), "mine");
    let unknown = restore_backup(&Caller::operator(), &place(&backups), Some("20200101T000000Z"), &at("new"));
    assert!(matches!(unknown.unwrap_err(), BackupError::NoBackup { id: Some(_), .. }));
}

#[test]
fn places_that_are_none_are_refused() {
    let world = lived_in();
    let engine = world.engine();
    let at = |name: &str| world.folder.path().join(name);
    fs::create_dir(at("other")).unwrap();
    fs::write(at("other/letters"), "").unwrap();
    let refused = |place: &Place| engine.take_backup(&Caller::operator(), place).unwrap_err().to_string();
    assert!(refused(&place(&at("other"))).contains("holds letters, which is no backup"));
    assert!(refused(&place(&data(&world).join("backups"))).contains("lies within the data folder"));
    fs::remove_dir_all(data(&world).join("backups")).unwrap();
    for bad in ["", "s3://", "ftp://x", "s3://bucket/../x", "gs://bucket"] {
        assert!(matches!(Place::parse(bad), Err(BackupError::BadPlace { .. })), "{bad}");
    }
    let root = place(&at("root"));
    fs::create_dir(at("root")).unwrap();
    std::os::unix::fs::symlink(at("other"), at("root/link")).unwrap();
    for bad in ["../other", "/etc", "a/../../b", "link", "link/deeper", "a\\b"] {
        assert!(matches!(root.within(bad), Err(BackupError::BadPlace { .. })), "{bad}");
    }
    assert_eq!(root.within("nightly/a").unwrap(), place(&at("root/nightly/a")));
    let nobody = Caller { roles: [Role::Price, Role::Publish].into(), ..Caller::operator() };
    let refused = engine.take_backup(&nobody, &root).unwrap_err();
    assert!(matches!(&refused, BackupError::NotAllowed { what } if what.contains("operate")), "{refused}");
}

#[test]
fn another_store_and_another_process_are_kept_apart() {
    let (world, other) = (lived_in(), lived_in());
    let backups = world.folder.path().join("backups");
    taken(world.engine(), &backups);
    let refused = other.engine().take_backup(&Caller::operator(), &place(&backups)).unwrap_err();
    assert!(matches!(refused, BackupError::OtherStore { .. }), "{refused}");
    let lock = fs::File::open(backups.join("quoin-backup.lock")).unwrap();
    lock.lock().unwrap();
    let busy = |outcome: Result<(), BackupError>| {
        let refused = outcome.unwrap_err();
        assert!(matches!(refused, BackupError::Busy { .. }), "{refused}");
    };
    busy(world.engine().take_backup(&Caller::operator(), &place(&backups)).map(drop));
    busy(quoin::engine::backup::prune_backups(&Caller::operator(), &place(&backups), 1).map(drop));
    busy(restored(&backups, &world.folder.path().join("restored")).map(drop));
    drop(lock);
    taken(world.engine(), &backups);
}

/// The same bytes in another folder: what was restored is the same store, and may go on with the same backups.
#[test]
fn a_restored_store_goes_on_with_the_same_backups() {
    let world = lived_in();
    let backups = world.folder.path().join("backups");
    let first = taken(world.engine(), &backups);
    let elsewhere = world.folder.path().join("elsewhere");
    copy(&backups, &elsewhere);
    let into = world.folder.path().join("restored");
    restored(&elsewhere, &into).unwrap();
    let again = quoin::engine::Engine::open(&quoin::engine::EngineOptions::new(&into)).unwrap();
    let second = taken(&again, &elsewhere);
    assert_eq!(second.manifest.store, first.manifest.store);
    let open = restore_backup(&Caller::operator(), &place(&elsewhere), None, &into).unwrap_err();
    assert!(matches!(open, BackupError::NotFree { .. }), "{open}");
    let held = quoin::store::Store::inspect_folder(&into).err().unwrap();
    assert!(matches!(held, OpenError::DataFolderInUse { .. }), "{held}");
}
