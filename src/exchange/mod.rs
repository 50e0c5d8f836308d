//! How do files come in and go out? Canonical CSV and Parquet into typed rows, with every fault named, and back.
//!
//! Reading checks syntax and what a row says by itself. It resolves no names, compares with no catalogue and publishes
//! nothing: it knows nothing of the engine, the store or the wire. The formats stand in docs/FORMATS.md.
//!
//! ```text
//! Source ── CsvRows (Records: bounded, quoted) ──┐
//!        └─ ParquetRows (projected batches) ─────┴─ Cells ── prices: PriceLine to a sink
//!                                                         └─ master: rows of one kind, keys checked
//! ```

pub mod category;
mod cells;
mod columns;
mod csv_records;
mod csv_rows;
pub mod documents;
pub mod fault;
pub mod formula;
pub mod generate;
pub mod kind;
pub mod master;
mod moments;
mod parquet_rows;
mod price_batch;
mod price_checks;
mod price_fields;
pub mod price_line;
pub mod prices;
mod rows;
pub mod source;
mod window_memo;
pub mod write;
