//! All integration tests, as one crate: RocksDB's static library links once.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test may panic; clippy's allow-in-tests settings do not reach its helper functions"
)]

mod access;
mod backup;
mod bad_input;
mod cli;
mod clock_changes;
mod crash;
mod effort;
mod engine;
mod exchange_files;
mod exchange_master;
mod exchange_prices;
mod exchange_round_trip;
mod fractions;
mod generate;
mod import_set;
mod killed;
mod layering;
mod ledger;
mod load;
mod matrix;
mod model;
mod operating;
mod policy_diff;
mod policy_files;
mod policy_lints;
mod policy_model;
mod policy_rules;
mod policy_versions;
mod process;
mod publishing;
mod quotes;
mod ratio;
mod rebuild;
mod replay;
mod retention;
mod row_formats;
mod rules;
mod sources;
mod store;
mod tidy;
mod tour;
mod traffic;
mod wire;
