//! Which processes are killed? The real binary: an import into a folder, a server that is uploaded to, an opening.

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

const SIGKILL: i32 = 9;

fn quoin(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command
        .env_remove("QUOIN_LOG")
        .env("QUOIN_OPS_LISTEN", "none")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.arg("--data").arg(data).arg("--json");
    command
}

/// An import as a careful caller does it: with an id of its own, so that it can be asked again after any trouble.
fn import(data: &Path, number: u32, files: &[PathBuf]) -> Command {
    let mut command = quoin(data);
    command.args(["import", "--confirm", "--request-id", &format!("import-{number}")]).args(files);
    command
}

/// What a process has told of an import before it ended, however that was.
#[derive(Debug)]
pub struct Told {
    pub acknowledged: bool,
    /// The import had been published before, under the same request id.
    pub repeated: bool,
    /// The kill ended the process, which had not yet ended by itself.
    pub killed: bool,
}

fn told(output: &Output) -> Told {
    let killed = output.status.signal() == Some(SIGKILL);
    let report: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    assert!(killed || output.stdout.is_empty() || report.is_some(), "{output:?}");
    let says = |name: &str| report.as_ref().map(|report| report[name].clone()).unwrap_or_default();
    Told { acknowledged: says("verdict") == "published", repeated: says("repeated_request") == true, killed }
}

/// Imports without being disturbed.
pub fn import_whole(data: &Path, number: u32, files: &[PathBuf]) -> Told {
    let output = import(data, number, files).output().unwrap();
    let told = told(&output);
    assert!(told.acknowledged, "import {number}: {output:?}");
    told
}

/// When is a process killed?
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// So long after it was started.
    After(Duration),
    /// When the first file of rows stands in `staging/`.
    Staged,
    /// When the files of rows have gone from there: RocksDB has them, and no commit has named them yet.
    Ingested,
}

const LOOK_EVERY: Duration = Duration::from_micros(50);

impl Aim {
    /// Waits for the moment, or for the end of the process.
    fn wait(self, data: &Path, child: &mut Child) {
        if let Self::After(delay) = self {
            return std::thread::sleep(delay);
        }
        let mut seen = false;
        while child.try_wait().unwrap().is_none() {
            let staged = holds_rows(&data.join("staging"));
            if staged && self == Self::Staged || seen && !staged {
                return;
            }
            seen |= staged;
            std::thread::sleep(LOOK_EVERY);
        }
    }
}

fn holds_rows(staging: &Path) -> bool {
    let is_rows = |name: &str| name.starts_with("rows-");
    staging.read_dir().is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_str().is_some_and(is_rows)))
    })
}

fn killed(mut child: Child) -> Output {
    child.kill().unwrap();
    child.wait_with_output().unwrap()
}

/// Kills an import.
pub fn import_killed(data: &Path, number: u32, files: &[PathBuf], aim: Aim) -> Told {
    let mut child = import(data, number, files).spawn().unwrap();
    aim.wait(data, &mut child);
    told(&killed(child))
}

/// Opens the folder, as any command does, and kills that; true where the kill came in time.
pub fn opening_killed(data: &Path, delay: Duration) -> bool {
    let child = quoin(data).arg("publications").spawn().unwrap();
    std::thread::sleep(delay);
    killed(child).status.signal() == Some(SIGKILL)
}

/// A server that a timer will kill.
pub struct Doomed {
    address: String,
    killer: JoinHandle<bool>,
}

impl Doomed {
    /// Starts a server; it is killed so long after it began to serve.
    pub fn start(data: &Path, delay: Duration) -> Self {
        let mut child = quoin(data);
        child.args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--log", "json"]);
        let mut child = child.spawn().unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let address = serving_at(&mut log);
        let killer = std::thread::spawn(move || {
            std::thread::sleep(delay);
            let output = killed(child);
            drop(log);
            output.status.signal() == Some(SIGKILL)
        });
        Self { address, killer }
    }

    /// Uploads an import. Not acknowledged: the server was killed.
    pub fn upload(&self, data: &Path, number: u32, files: &[PathBuf]) -> Told {
        told(&import(data, number, files).args(["--server", &self.address]).output().unwrap())
    }

    /// Waits for the end.
    pub fn ended(self) {
        assert!(self.killer.join().unwrap(), "the server ended by itself");
    }
}

/// Reads the log up to the address. The pipe has room for what little is logged after that.
fn serving_at(log: &mut impl BufRead) -> String {
    let mut said = String::new();
    loop {
        let from = said.len();
        assert!(log.read_line(&mut said).unwrap() > 0, "the server did not begin to serve:\n{said}");
        let line: Value = serde_json::from_str(&said[from..]).unwrap();
        if line["message"] == "serving" {
            return line["address"].as_str().unwrap().to_owned();
        }
    }
}
