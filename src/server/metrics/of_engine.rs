//! What does a scrape tell of the engine? Publications, carts, log, quotes, commits, caches, disk.

use crate::engine::Engine;
use crate::engine::counts::Counts;
use crate::engine::figures::Figures;
use crate::quotes::life::State;

use super::exposition::{Page, seconds};

/// Writes it. Where the store cannot be read, what it would have told is left out, and that is told.
pub(super) fn write(page: &mut Page, engine: &Engine, quotes: &[(State, u64)]) {
    counted(page, engine.counts());
    let figures = engine.figures();
    page.gauge("quoin_figures_complete", "0 where the store's figures could not be read for this scrape.")
        .value(u8::from(figures.is_ok()));
    match figures {
        Ok(figures) => {
            publications(page, &figures);
            log_and_quotes(page, &figures, quotes);
            memory(page, &figures);
            disk(page, &figures, engine);
        }
        Err(error) => tracing::warn!(%error, "the store's figures could not be read"),
    }
}

fn counted(page: &mut Page, counts: &Counts) {
    page.counter("quoin_carts_total", "Carts that were priced, by whatever call.")
        .value(counts.carts.total());
    page.counter("quoin_cart_lines_total", "Lines of carts, by whether they got a price.")
        .of(&[("outcome", "priced")], counts.lines_priced.total())
        .of(&[("outcome", "unpriced")], counts.lines_unpriced.total());
    page.counter("quoin_shared_rows_hits_total", "Price lists of several contracts: found in memory.")
        .value(counts.shared_rows_hits.total());
    page.counter("quoin_shared_rows_misses_total", "Price lists of several contracts: read from the store.")
        .value(counts.shared_rows_misses.total());
    let help = "Publications since the start, and how long each took, by what they published.";
    page.histogram("quoin_publication_duration_seconds", help)
        .durations(&[("kind", "data")], &counts.imports.counted())
        .durations(&[("kind", "policy")], &counts.policies.counted());
    page.histogram("quoin_commit_duration_seconds", "Commits of the writer: one write and one sync each.")
        .durations(&[], &counts.commits.counted());
    let (commands, failures) = counts.commands_and_failures();
    page.counter("quoin_commands_total", "Commands that were answered with those commits.").value(commands);
    page.counter(
        "quoin_commit_failures_total",
        "Commits that failed: after the first one nothing is written.",
    )
    .value(failures);
    page.gauge(
        "quoin_commit_running_seconds",
        "For how long the present commit has been waiting for the disk.",
    )
    .value(seconds(counts.committing_for()));
}

fn publications(page: &mut Page, figures: &Figures) {
    page.gauge("quoin_publication", "The newest publication.").value(figures.publication);
    let age = figures.published_at.map_or(0, |at| figures.now.0.saturating_sub(at.0));
    page.gauge(
        "quoin_publication_age_seconds",
        "Since when the newest publication is in force; 0 before the first.",
    )
    .value(age);
    page.gauge("quoin_publications_retained", "Publications that can be priced against.")
        .value(figures.publications);
    page.gauge("quoin_price_points", "Price points of the newest publication.").value(figures.price_points);
    page.gauge("quoin_policy_version", "The version of the policy in force; 0 without one.")
        .value(figures.policy_version);
}

fn log_and_quotes(page: &mut Page, figures: &Figures, quotes: &[(State, u64)]) {
    page.gauge("quoin_log_position", "The position of the command log that is stored.")
        .value(figures.position_stored);
    page.gauge("quoin_log_position_seen", "The position of the command log that requests see.")
        .value(figures.position_seen);
    page.gauge("quoin_log_last_command_timestamp_seconds", "When the last command was taken.")
        .value(figures.command_time.0);
    let mut metric =
        page.gauge("quoin_quotes", "Quotes by state, each counted up to 100000, at most once a minute.");
    for (state, count) in quotes {
        metric.of(&[("state", state.word())], count);
    }
    page.gauge("quoin_quote_number", "The number of the last quote.").value(figures.quote_number);
    let help =
        "For how long a quote has been over without that being written down; answers tell it all the same.";
    page.gauge("quoin_quotes_expiry_lag_seconds", help).value(figures.quotes_expiry_lag_s);
}

fn memory(page: &mut Page, figures: &Figures) {
    let memory = figures.size.memory;
    page.gauge("quoin_block_cache_bytes", "Memory of the block cache that is in use.")
        .value(memory.block_cache);
    page.gauge("quoin_block_cache_pinned_bytes", "Of it, held by requests.").value(memory.block_cache_pinned);
    page.counter("quoin_block_cache_hits_total", "Blocks found in the block cache.")
        .value(figures.counters.block_cache_hits);
    page.counter("quoin_block_cache_misses_total", "Blocks not found there.")
        .value(figures.counters.block_cache_misses);
    page.gauge("quoin_table_readers_bytes", "Memory for indexes and filters of open files.")
        .value(memory.table_readers);
    page.gauge("quoin_memtables_bytes", "Memory for writes that are not in table files yet.")
        .value(memory.memtables);
    let (rows, bytes) = figures.shared_rows;
    page.gauge("quoin_shared_rows", "Price lists of several contracts that are in memory.").value(rows);
    page.gauge("quoin_shared_rows_bytes", "Their memory.").value(bytes);
    page.gauge("quoin_accounts_bytes", "Memory for what contracts have bought.")
        .value(figures.accounts_bytes);
}

fn disk(page: &mut Page, figures: &Figures, engine: &Engine) {
    let mut metric =
        page.gauge("quoin_disk_bytes", "Bytes of table files by family, and of the write-ahead log.");
    for family in &figures.size.families {
        metric.of(&[("family", family.family.name())], family.file_bytes);
    }
    metric.of(&[("family", "wal")], figures.size.wal_bytes);
    let mut metric = page.gauge("quoin_disk_files", "Table files by family.");
    for family in &figures.size.families {
        metric.of(&[("family", family.family.name())], family.files);
    }
    page.counter("quoin_wal_bytes_total", "Bytes written to the write-ahead log.")
        .value(figures.counters.wal_bytes);
    page.counter("quoin_wal_syncs_total", "Syncs of the write-ahead log, those of RocksDB's own included.")
        .value(figures.counters.wal_syncs);
    page.counter("quoin_checksum_mismatches_total", "Blocks that failed their checksum, and were not used.")
        .value(figures.counters.checksum_mismatches);
    if let Ok(disk) = rustix::fs::statvfs(engine.store().folder()) {
        page.gauge("quoin_disk_free_bytes", "Free for quoin on the disk of the data folder.")
            .value(disk.f_bavail.saturating_mul(disk.f_frsize));
        page.gauge("quoin_disk_size_bytes", "The size of that disk.")
            .value(disk.f_blocks.saturating_mul(disk.f_frsize));
    }
}
