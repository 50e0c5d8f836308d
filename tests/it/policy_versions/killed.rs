//! Does a policy that was acknowledged outlive a crash, and is one that was not there whole or not at all?
//!
//! A manager publishes one policy after another, each under a request id of its own, and the process is killed at instants
//! spread over the time that an undisturbed publication takes. Whatever the kill met, the history has every acknowledged
//! version, the newest is in force with its whole text, and the same id publishes it now or finds that it was.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use quoin::engine::caller::Caller;

use crate::effort;
use crate::process::{json, quoin};

use super::shop::{in_force, open, stock, text};

const KILLS: u32 = 60;
const VERSIONS_A_FOLDER: u64 = 20;

fn publishing(data: &Path, files: &Path, version: u64) -> Child {
    // A long text, so that there is something to tear.
    let path = files.join(format!("{version}.yaml"));
    std::fs::write(&path, long(version)).unwrap();
    let id = format!("policy-{version}");
    let mut command = quoin();
    command.arg("--data").arg(data).args(["--json", "policy", "publish", "--request-id", &id]).arg(path);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn long(version: u64) -> String {
    format!("{}# {}\n", text(version), "long ".repeat(40_000))
}

/// The version in force, after a look at all of them.
fn look(data: &Path, acknowledged: u64, asked: u64) -> u64 {
    let engine = open(data);
    let history = engine.policy_versions(&Caller::operator()).unwrap();
    let newest = u64::try_from(history.len()).unwrap();
    assert!((acknowledged..=asked).contains(&newest), "{newest} of {acknowledged} to {asked}");
    for version in 1..=newest {
        let (_, files) = engine.policy_text(&Caller::operator(), Some(version)).unwrap();
        assert_eq!(files[0].text, long(version), "version {version}");
    }
    assert_eq!(in_force(&engine.view()), (newest, newest));
    assert_eq!(engine.publications().unwrap().len(), usize::try_from(newest).unwrap() + 1);
    assert_eq!(engine.check().unwrap().faults, Vec::<String>::new());
    newest
}

fn begin() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    stock(&open(&folder.path().join("data")));
    folder
}

#[test]
fn publishing_processes_are_killed() {
    let mut folder = begin();
    let begun = Instant::now();
    assert!(publishing(&folder.path().join("data"), folder.path(), 1).wait().unwrap().success());
    let undisturbed = begun.elapsed();
    let (mut version, mut landed, kills) = (1, 0, effort::count(KILLS));
    for kill in 0..kills {
        if version == VERSIONS_A_FOLDER {
            (folder, version) = (begin(), 0);
        }
        let data = folder.path().join("data");
        let mut child = publishing(&data, folder.path(), version + 1);
        let spread = undisturbed * (2 * kill + 1) / (2 * kills);
        std::thread::sleep(spread + Duration::from_millis(effort::seed() % 3));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let acknowledged = version + u64::from(output.status.success());
        let there = look(&data, acknowledged, version + 1);
        landed += there - version;
        let again = publishing(&data, folder.path(), version + 1).wait_with_output().unwrap();
        let report = json(&again);
        assert_eq!(
            (&report["published"], &report["version"]),
            (&true.into(), &(version + 1).into()),
            "{report}"
        );
        assert_eq!(report["repeated_request"], there > version, "{report}");
        version += 1;
        assert_eq!(look(&data, version, version), version);
    }
    println!("{kills} publishers killed, {landed} had committed");
}
