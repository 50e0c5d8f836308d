//! On which processors do servers and clients run? On one each, where there are two, so that neither takes the other's time.

use std::process::Command;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use super::machine::processors;

/// The servers' processor, and the clients'.
#[derive(Debug, Clone)]
pub struct Pinned(Option<(String, String)>);

impl Pinned {
    /// As this machine has them.
    pub fn new() -> Self {
        match processors().as_slice() {
            [server, client, ..] => Self(Some((server.clone(), client.clone()))),
            _ => Self(None),
        }
    }

    /// Where servers go.
    pub fn servers(&self) -> Option<&str> {
        self.0.as_ref().map(|(server, _)| server.as_str())
    }

    /// Where whoever asks goes.
    pub fn clients(&self) -> Option<&str> {
        self.0.as_ref().map(|(_, client)| client.as_str())
    }

    /// For people.
    pub fn told(&self) -> &'static str {
        if self.0.is_some() { "server and client apart" } else { "nothing" }
    }

    /// Runs something of ours where clients go.
    pub fn client<T>(&self, run: impl FnOnce() -> T) -> T {
        let Some(client) = self.clients() else { return run() };
        let before = sched_getaffinity(None).unwrap();
        let mut there = CpuSet::new();
        there.set(client.parse().unwrap());
        sched_setaffinity(None, &there).unwrap();
        let done = run();
        sched_setaffinity(None, &before).unwrap();
        done
    }

    /// Moves a process that is running, with all its threads, to where servers go.
    pub fn move_server(&self, process: u32) {
        let Some(server) = self.servers() else { return };
        let process = process.to_string();
        let moved = Command::new("taskset").args(["-a", "-c", "-p", server, &process]).output().unwrap();
        assert!(moved.status.success(), "{moved:?}");
    }
}
