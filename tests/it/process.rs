//! How does a test run the binary itself: one command to its end, or a server on a port of its own?

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::JoinHandle;

use serde_json::Value;

/// A command line, free of this process's own settings.
pub fn quoin() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quoin"));
    command.env_remove("QUOIN_DATA").env_remove("QUOIN_LOG").env_remove("QUOIN_TOKEN").stdin(Stdio::null());
    // Servers of several tests run at once.
    command.env("QUOIN_OPS_LISTEN", "none");
    command
}

/// Runs a command on a data folder.
pub fn on(data: &Path, arguments: &[&str]) -> Output {
    quoin().arg("--data").arg(data).args(arguments).output().unwrap()
}

/// What was said on standard output, as JSON.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

/// The exit code and what was said on standard error.
pub fn ended(output: &Output) -> (i32, String) {
    (output.status.code().unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

/// `quoin serve` as a process of its own; killed when dropped.
pub struct Serving {
    child: Child,
    /// Reads the log to its end, so that the server never waits for a full pipe.
    log: Option<JoinHandle<Vec<String>>>,
    pub address: String,
    /// Where operators ask, where that was asked for.
    pub ops: Option<String>,
}

impl Serving {
    /// Starts it on a free port, and waits until it says which.
    pub fn start(data: &Path, arguments: &[&str]) -> Self {
        Self::begun(quoin(), data, arguments)
    }

    /// The same, and it says all that it would ever say.
    pub fn start_loud(data: &Path, arguments: &[&str]) -> Self {
        let mut command = quoin();
        command.env("QUOIN_LOG", "trace");
        Self::begun(command, data, arguments)
    }

    fn begun(mut command: Command, data: &Path, arguments: &[&str]) -> Self {
        let mut child = command
            .arg("--data")
            .arg(data)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "json"])
            .args(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let (mut said, mut ops) = (Vec::new(), None);
        let address = loop {
            let Some(line) = lines.next() else { panic!("the server did not start: {said:#?}") };
            let event: Value = serde_json::from_str(&line).unwrap_or_default();
            if event["message"] == "telling operators how the service stands" {
                ops = event["address"].as_str().map(str::to_owned);
            }
            if event["message"] == "serving" {
                break event["address"].as_str().unwrap().to_owned();
            }
            said.push(line);
        };
        let log = Some(std::thread::spawn(move || lines.collect()));
        Self { child, log, address, ops }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end.
    pub fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(asked.success());
    }

    /// Asks it to end, and waits: how it ended, and what it said since it served.
    pub fn stop(self) -> (ExitStatus, Vec<String>) {
        self.terminate();
        self.ended()
    }

    /// Waits for its end.
    pub fn ended(mut self) -> (ExitStatus, Vec<String>) {
        let status = self.child.wait().unwrap();
        (status, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _killed = self.child.kill();
        let _reaped = self.child.wait();
    }
}
