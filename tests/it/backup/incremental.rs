//! Does a backup copy what is new and no more, and does pruning remove what nothing needs and no more?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quoin::backup::{BackupError, Manifest};
use quoin::engine::backup::{list_backups, prune_backups, verify_backups};
use quoin::engine::caller::Caller;

use super::{did, files_below, lived_in, place, restored, taken};

fn digests(manifest: &Manifest) -> BTreeSet<String> {
    manifest.files.iter().map(|file| file.sha256.clone()).collect()
}

/// Digests by the names of the files there; each file is in a folder of the first two digits.
fn kept(backups: &Path) -> BTreeSet<String> {
    let files: BTreeMap<String, u64> = files_below(&backups.join("files"));
    files.into_keys().map(|name| name.split_once('/').unwrap().1.to_owned()).collect()
}

#[test]
fn a_backup_copies_what_is_new_and_pruning_removes_what_nobody_names() {
    let mut world = lived_in();
    let backups = world.folder.path().join("backups");
    let first = taken(world.engine(), &backups);
    assert_eq!((first.copied_files, first.shared_files()), (kept(&backups).len() as u64, 0));
    assert_eq!(kept(&backups), digests(&first.manifest));
    did(&mut world, "price glue=8");
    let second = taken(world.engine(), &backups);
    let new = digests(&second.manifest).difference(&digests(&first.manifest)).count();
    assert_eq!(second.copied_files, new as u64);
    let tables = |manifest: &Manifest| {
        let tables = manifest.files.iter().filter(|file| file.name.ends_with(".sst"));
        tables.map(|file| file.sha256.clone()).collect::<BTreeSet<_>>()
    };
    let shared = tables(&first.manifest).intersection(&tables(&second.manifest)).count();
    assert!(shared >= 5, "{shared} table files are in both");
    assert!(second.shared_files() >= shared as u64);
    let third = taken(world.engine(), &backups);
    assert!(third.copied_bytes < second.copied_bytes, "nothing was written in between");
    println!(
        "copied {} files with {} bytes, then {} with {}, then {} with {}; {shared} tables shared",
        first.copied_files,
        first.copied_bytes,
        second.copied_files,
        second.copied_bytes,
        third.copied_files,
        third.copied_bytes
    );
    let all = [&first, &second, &third]
        .map(|taken| digests(&taken.manifest))
        .into_iter()
        .flatten()
        .collect::<BTreeSet<_>>();
    assert_eq!(kept(&backups), all);
    assert_eq!(verify_backups(&Caller::operator(), &place(&backups), None).unwrap().backups, 3);

    // What a backup left that was cut off goes with pruning, and what is nobody's stays.
    fs::write(backups.join("files/.part-x"), "half").unwrap();
    fs::write(backups.join("files/README"), "by hand").unwrap();
    let pruned = prune_backups(&Caller::operator(), &place(&backups), 2).unwrap();
    assert_eq!(pruned.removed, [first.manifest.id.as_str()]);
    assert_eq!(pruned.kept, [second.manifest.id.clone(), third.manifest.id.clone()]);
    fs::remove_file(backups.join("files/README")).unwrap();
    assert_eq!(
        kept(&backups),
        [&second, &third].map(|taken| digests(&taken.manifest)).into_iter().flatten().collect()
    );
    let verified = verify_backups(&Caller::operator(), &place(&backups), None).unwrap();
    assert_eq!((verified.backups, verified.unnamed, verified.faults), (2, 0, Vec::new()));
    let pruned = prune_backups(&Caller::operator(), &place(&backups), 1).unwrap();
    assert_eq!(pruned.kept, [third.manifest.id.as_str()]);
    assert_eq!(restored(&backups, &world.folder.path().join("restored")).unwrap().manifest, third.manifest);
}

#[test]
fn what_a_backup_left_that_was_cut_off_is_no_backup_and_is_taken_up() {
    let world = lived_in();
    let backups = world.folder.path().join("backups");
    let whole = taken(world.engine(), &backups);
    for name in files_below(&backups.join("backups")).keys() {
        fs::remove_file(backups.join("backups").join(name)).unwrap();
    }
    assert!(list_backups(&Caller::operator(), &place(&backups)).unwrap().is_empty());
    let into = world.folder.path().join("restored");
    let refused = restored(&backups, &into).unwrap_err();
    assert!(matches!(refused, BackupError::NoBackup { id: None, .. }), "{refused}");
    assert!(!into.exists());
    let again = taken(world.engine(), &backups);
    assert!(again.copied_files < whole.copied_files / 2, "{} of {}", again.copied_files, whole.copied_files);
    // A file that is there with another size is no copy, and is made anew.
    let (name, bytes) =
        files_below(&backups.join("files")).into_iter().max_by_key(|(_, bytes)| *bytes).unwrap();
    fs::write(backups.join("files").join(&name), "torn").unwrap();
    taken(world.engine(), &backups);
    assert_eq!(files_below(&backups.join("files"))[&name], bytes);
    restored(&backups, &into).unwrap();
}

#[test]
fn a_manifest_that_cannot_be_read_keeps_pruning_from_removing_anything() {
    let mut world = lived_in();
    let backups = world.folder.path().join("backups");
    let first = taken(world.engine(), &backups);
    did(&mut world, "price glue=8");
    taken(world.engine(), &backups);
    let before = files_below(&backups);
    let manifest = format!("{}.{}.json", first.manifest.id, first.digest);
    super::flip(&backups.join("backups").join(&manifest), 40, 1);
    let refused = prune_backups(&Caller::operator(), &place(&backups), 1).unwrap_err().to_string();
    assert!(refused.contains(&manifest) && refused.contains("nothing was pruned"), "{refused}");
    assert_eq!(files_below(&backups), before);
    let listed = list_backups(&Caller::operator(), &place(&backups)).unwrap();
    assert_eq!(listed.iter().map(|known| known.manifest.is_ok()).collect::<Vec<_>>(), [false, true]);
}
