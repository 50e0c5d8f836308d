//! How does a part of the report run in a process of its own? As this binary again, which prints what it found as JSON.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use serde_json::{Map, Value};

/// Runs this binary with these arguments, on these processors where stated, and reads what it found.
pub fn run(arguments: &[&OsStr], processors: Option<&str>) -> Map<String, Value> {
    let this = std::env::current_exe().unwrap();
    let mut command = match processors {
        None => Command::new(this),
        Some(processors) => {
            let mut pinned = Command::new("taskset");
            pinned.arg("-c").arg(processors).arg(this);
            pinned
        }
    };
    // What it tells of its progress goes where ours goes.
    let done = command.args(arguments).stderr(Stdio::inherit()).output().unwrap();
    assert!(done.status.success(), "{arguments:?} failed: {}", done.status);
    serde_json::from_slice(&done.stdout).unwrap()
}

/// A whole number that a child found.
pub fn number(found: &Map<String, Value>, key: &str) -> u64 {
    found[key].as_u64().unwrap()
}
