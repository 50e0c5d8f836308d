//! Does a backup or restore that is killed leave nothing that looks like a backup or a data folder?

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use quoin::engine::backup::{list_backups, verify_backups};
use quoin::engine::caller::Caller;

use super::{data, lived_in, place, restored};
use crate::effort::{self, Draws};

const KILLS: u32 = 100;

fn quoin(arguments: &[&Path]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command
        .args(arguments)
        .env_remove("QUOIN_DATA")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs a command and kills it after a while; whether it had ended by itself.
fn killed(mut command: Command, after: Duration) -> bool {
    let mut child = command.spawn().unwrap();
    std::thread::sleep(after);
    let ended = child.try_wait().unwrap().is_some();
    let _ = child.kill();
    child.wait().unwrap();
    ended
}

#[test]
fn what_is_killed_leaves_nothing_that_looks_whole() {
    let mut world = lived_in();
    world.engine = None;
    let (data, backups) = (data(&world), world.folder.path().join("backups"));
    let take = || quoin(&[Path::new("--data"), &data, Path::new("backup"), Path::new("--to"), &backups]);
    let begun = Instant::now();
    assert!(take().status().unwrap().success());
    let undisturbed = begun.elapsed();
    let mut draws = Draws::new(43);
    let (mut ended, mut there) = (0, 1);
    for _ in 0..effort::count(KILLS) {
        let after = undisturbed * u32::try_from(300 + draws.below(1_000)).unwrap() / 1_000;
        let by_itself = killed(take(), after);
        ended += u32::from(by_itself);
        let listed = list_backups(&Caller::operator(), &place(&backups)).unwrap();
        assert!(listed.iter().all(|known| known.manifest.is_ok()));
        assert!(listed.len() == there || listed.len() == there + 1, "{} after {there}", listed.len());
        assert!(!by_itself || listed.len() == there + 1);
        there = listed.len();
        // Every backup that is there is whole, and one of them can be restored.
        assert_eq!(
            verify_backups(&Caller::operator(), &place(&backups), None).unwrap().faults,
            Vec::<String>::new()
        );
    }
    let into = world.folder.path().join("restored");
    let mut cut_off = 0;
    for _ in 0..effort::count(KILLS) / 2 {
        let restore =
            quoin(&[Path::new("restore"), Path::new("--from"), &backups, Path::new("--into"), &into]);
        killed(restore, undisturbed * u32::try_from(draws.below(1_000)).unwrap() / 1_000);
        let beside = world.folder.path().join(".restored.restoring");
        cut_off += u32::from(beside.exists());
        let _ = std::fs::remove_dir_all(beside);
        if into.exists() {
            assert_eq!(quoin::engine::check::check_folder(&into).unwrap().faults, Vec::<String>::new());
            std::fs::remove_dir_all(&into).unwrap();
        }
    }
    restored(&backups, &into).unwrap();
    println!(
        "{ended} backups ended before they were killed, {there} are there; {cut_off} restores were cut off half way"
    );
}
