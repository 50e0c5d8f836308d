//! With how much memory, disk and processor does the store run?

use rocksdb::statistics::StatsLevel;
use rocksdb::{Cache, DBRecoveryMode, Env, Options};

/// The log is replayed at opening: this bounds how long that takes.
const WAL_BYTES: u64 = 64 * 1024 * 1024;

/// How a store is opened.
#[derive(Debug, Clone)]
pub struct StoreOptions {
    /// Memory for blocks of rows and other reads.
    pub block_cache_bytes: usize,
    /// Make the data folder if there is none.
    pub create_if_missing: bool,
    /// Keep RocksDB's counters (see [`Store::counters`](super::Store::counters)).
    pub statistics: bool,
    /// Run RocksDB's compactions at low processor priority. RocksDB's threads are shared by a process.
    pub background_niced: bool,
    /// Greatest rate at which RocksDB writes in the background.
    pub background_bytes_per_s: Option<u32>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            block_cache_bytes: 512 * 1024 * 1024,
            create_if_missing: false,
            statistics: true,
            background_niced: true,
            background_bytes_per_s: None,
        }
    }
}

pub(super) fn db_options(options: &StoreOptions) -> (Options, Cache) {
    let mut db = Options::default();
    // A torn tail is what a crash leaves. Damage before it would cost acknowledged commits: refuse to open.
    db.set_wal_recovery_mode(DBRecoveryMode::TolerateCorruptedTailRecords);
    db.set_track_and_verify_wals_in_manifest(true);
    db.set_max_total_wal_size(WAL_BYTES);
    db.set_max_open_files(-1);
    db.set_avoid_unnecessary_blocking_io(true);
    db.set_max_background_jobs(2);
    db.set_bytes_per_sync(1024 * 1024);
    db.set_keep_log_file_num(4);
    db.set_max_log_file_size(4 * 1024 * 1024);
    db.set_stats_dump_period_sec(0);
    db.set_stats_persist_period_sec(0);
    if options.statistics {
        db.enable_statistics();
        db.set_statistics_level(StatsLevel::ExceptHistogramOrTimers);
    }
    if let Some(rate) = options.background_bytes_per_s {
        db.set_ratelimiter(i64::from(rate), 100_000, 10);
    }
    if options.background_niced
        && let Ok(mut env) = Env::new()
    {
        env.lower_thread_pool_cpu_priority();
        db.set_env(&env);
    }
    let cache = Cache::new_hyper_clock_cache(options.block_cache_bytes, 0);
    (db, cache)
}
