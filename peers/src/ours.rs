//! How do servers that a run starts end with it, whatever happens? Each is a child that the kernel ends with us, and that is
//! ended when dropped.

use std::ffi::OsStr;
use std::fs::read_to_string;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::load::cpu;

/// How long a server may take to begin or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A command that ends when this thread does, under another user's name where one is given, on certain processors where
/// they are given.
pub fn command(program: &OsStr, user: Option<&str>, processors: Option<&str>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some(user) = user {
        command.args(["--reuid", user, "--regid", user, "--init-groups", "--reset-env"]);
    }
    if let Some(processors) = processors {
        command.args(["taskset", "-c", processors]);
    }
    command.arg(program);
    command
}

/// A server that was started.
pub struct Ours {
    child: Child,
    name: &'static str,
}

impl Ours {
    /// Starts a server and waits until it is `ready`. What it says goes to `log`.
    pub fn start(
        name: &'static str,
        mut command: Command,
        log: &std::path::Path,
        ready: impl Fn() -> bool,
    ) -> Self {
        let out = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let child =
            command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out).spawn().unwrap();
        let mut ours = Self { child, name };
        let until = Instant::now() + PATIENCE;
        while !ready() {
            let ended = ours.child.try_wait().unwrap();
            assert!(
                ended.is_none() && Instant::now() < until,
                "{name} does not begin: see {}",
                log.display()
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        ours
    }

    /// Its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Processor time that it took so far, with all processes that it started and that are there still.
    pub fn cpu(&self) -> Duration {
        family(self.child.id()).into_iter().map(cpu).sum()
    }
}

/// A process and all that it started and that are there still.
pub fn family(process: u32) -> Vec<u32> {
    let children = read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    let below = children.split_whitespace().flat_map(|child| family(child.parse().unwrap()));
    std::iter::once(process).chain(below).collect()
}

impl Ours {
    /// Asks it to end, and waits until it has.
    pub fn end(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        // Fast for PostgreSQL, as usual for others.
        let _ = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        let until = Instant::now() + PATIENCE;
        while matches!(self.child.try_wait(), Ok(None)) {
            if Instant::now() > until {
                eprintln!("   {} does not end when asked to, and is ended", self.name);
                let _ = self.child.kill();
                let _ = self.child.wait();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        self.end();
    }
}
