//! How does a PostgreSQL of our own run? Over a fresh folder, on a free port of the loopback, with settings that are kind to it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokio_postgres::{Client, Config, NoTls};

use super::load::free_port;
use super::ours::{self, Ours};
use super::pinned::Pinned;

/// PostgreSQL does not run as root.
const USER: &str = "postgres";

/// A cluster that runs.
pub struct Cluster {
    server: Ours,
    port: u16,
    folder: PathBuf,
}

impl Cluster {
    /// Makes one in a folder that is to be, with so much memory of its own.
    pub fn make(folder: &Path, shared_mb: u64) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        if let Some(user) = user() {
            let given = Command::new("chown").arg(user).arg(folder).status().unwrap();
            assert!(given.success(), "{user} cannot be given {}", folder.display());
        }
        let data = folder.join("data");
        let mut making = ours::command(program("initdb").as_os_str(), user(), None);
        making.arg("-D").arg(&data).args([
            "-U",
            USER,
            "--auth=trust",
            "--no-sync",
            "--locale=C",
            "-E",
            "UTF8",
        ]);
        let made = making.current_dir("/").output().unwrap();
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "initdb in {} (may {USER} go there?): {said}", folder.display());
        let port = free_port().port();
        let mut command = ours::command(program("postgres").as_os_str(), user(), None);
        command.arg("-D").arg(&data).current_dir("/");
        for setting in settings(port, shared_mb, folder) {
            command.arg("-c").arg(setting);
        }
        let log = folder.with_extension("log");
        let server = Ours::start("PostgreSQL", command, &log, || answers(port));
        Self { server, port, folder: folder.to_owned() }
    }

    /// How a client reaches it.
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config.host("127.0.0.1").port(self.port).user(USER).dbname("postgres");
        config.connect_timeout(Duration::from_secs(10));
        config
    }

    /// A connection, on the runtime that this is called on.
    pub async fn client(&self) -> Client {
        let (client, connection) = self.config().connect(NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// Its port on the loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Processor time that it took so far, with all its processes.
    pub fn cpu(&self) -> Duration {
        self.server.cpu()
    }

    /// From here on it runs where servers go; processes that begin later do so too.
    pub fn pin(&self, pinned: &Pinned) {
        for process in ours::family(self.server.process()) {
            pinned.move_server(process);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.server.end();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Whatever keeps it from what does not matter here: waiting for the disk, and work beside the questions.
fn settings(port: u16, shared_mb: u64, folder: &Path) -> Vec<String> {
    let mut settings: Vec<String> = [
        "listen_addresses=127.0.0.1",
        "max_connections=64",
        "maintenance_work_mem=1GB",
        "wal_level=minimal",
        "max_wal_senders=0",
        "max_wal_size=32GB",
        "checkpoint_timeout=1d",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "autovacuum=off",
        "jit=off",
        "plan_cache_mode=force_generic_plan",
        "random_page_cost=1",
    ]
    .map(str::to_owned)
    .into();
    settings.push(format!("port={port}"));
    settings.push(format!("shared_buffers={shared_mb}MB"));
    settings.push(format!("unix_socket_directories={}", folder.display()));
    settings
}

fn user() -> Option<&'static str> {
    rustix::process::geteuid().is_root().then_some(USER)
}

/// The newest that Debian's packages have, or the one on the path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let newest = versions
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let number: u32 = path.file_name().and_then(OsStr::to_str)?.parse().ok()?;
            Some((number, path.join("bin").join(name)))
        })
        .max();
    newest.map_or_else(|| PathBuf::from(name), |(_, program)| program)
}

/// It listens before it takes questions, so that it is asked one.
fn answers(port: u16) -> bool {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let config = format!("host=127.0.0.1 port={port} user={USER} dbname=postgres connect_timeout=5");
    runtime.block_on(async { tokio_postgres::connect(&config, NoTls).await.is_ok() })
}
