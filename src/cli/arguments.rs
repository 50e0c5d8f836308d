//! Which commands and options are there?

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::access::arguments::{AccessCommands, AuditCommands, ClientArguments};
use super::backup::{Backup, Restore};
use super::cart_arguments::Price;
use super::ledger::Ledger;
use super::load::arguments::Load;
use super::policy::Policy;
use super::quote::Quote;
use super::serve_arguments::Settings;

/// What this B2B customer pays for these goods, and why, in microseconds.
#[derive(Debug, Parser)]
#[command(name = "quoin", version, about, max_term_width = 110)]
pub struct Arguments {
    /// Options of every command.
    #[command(flatten)]
    pub common: Common,
    /// What is to be done.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// The data folder
    #[arg(long, global = true, env = "QUOIN_DATA", default_value = "quoin-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Answer in JSON, with decimals as strings
    #[arg(long, global = true)]
    pub json: bool,
    /// Act with these roles alone: price, quote, post, publish, approve, operate
    #[arg(long = "as", global = true, value_name = "ROLES")]
    pub roles: Option<String>,
    /// What a server is shown.
    #[command(flatten)]
    pub client: ClientArguments,
}

/// Commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a data folder over gRPC
    Serve(Settings),
    /// Say with which settings `serve` would run, where each comes from, and what is wrong
    CheckConfig(Settings),
    /// Price a cart of the built-in sample data, and show why it costs what it costs
    Demo(Demo),
    /// Write realistic sample data of any size as files that `import` takes
    Generate(Generate),
    /// Import canonical CSV or Parquet files as one publication
    Import(Import),
    /// Write a contract's whole price list to a file
    Export(Export),
    /// Price a cart
    Price(Price),
    /// Price a cart and draw the waterfall of every line, with what lost and why
    Explain(Price),
    /// Read everything that is stored, and compare it with its checksums
    Check,
    /// Copy the store, whole and checked, to a folder or an object store
    Backup(Backup),
    /// Make a new data folder of a backup
    Restore(Restore),
    /// Pack every price list anew for the catalogue of today; changes no price
    Rebuild,
    /// Ask a server whether it serves
    Health(Health),
    /// List the publications that can be priced against
    Publications(Publications),
    /// Check, publish, show, compare and restore the commercial policy
    Policy(Policy),
    /// Post shipments and returns, and tell what was bought
    Ledger(Ledger),
    /// Make quotes of carts, and revise, approve, accept and find them
    Quote(Quote),
    /// Ask a running server for carts at a stated rate, and tell how it bears that
    Load(Load),
    /// Draw keys for machines, and look at what says who may call
    Access(AccessCommands),
    /// Look after the log of writes and refusals
    Audit(AuditCommands),
}

/// `quoin demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Go on serving until Ctrl-C
    #[arg(long)]
    pub keep: bool,
}

/// How generated prices are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GenerateMode {
    /// As docs/GENERATOR.md describes.
    Structured,
    /// Independent uniform prices.
    Random,
}

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    /// Comma-separated text.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// `quoin generate`.
#[derive(Debug, Args)]
pub struct Generate {
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The same seed gives the same data
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// SKUs
    #[arg(long, default_value_t = 10_000)]
    pub skus: u32,
    /// Contracts, each with a price list of its own
    #[arg(long, default_value_t = 1_000)]
    pub contracts: u32,
    /// Price points of the contracts' own lists together; a tenth of the assortment each where not stated
    #[arg(long)]
    pub cells: Option<u64>,
    /// Realistic prices or random ones
    #[arg(long, value_enum, default_value_t = GenerateMode::Structured)]
    pub mode: GenerateMode,
    /// Format of the prices
    #[arg(long, value_enum, default_value_t = FileFormat::Csv)]
    pub format: FileFormat,
}

/// How prices of an import are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportMode {
    /// Touch only the cells named
    Delta,
    /// Replace every price list that is named
    Replace,
}

/// `quoin import`.
#[derive(Debug, Args)]
pub struct Import {
    /// Files, or folders of files (a `cart.csv` is passed over)
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// How prices meet the prices that are there
    #[arg(long, value_enum, default_value_t = ImportMode::Delta)]
    pub mode: ImportMode,
    /// Stop at the report
    #[arg(long)]
    pub dry_run: bool,
    /// Publish what the guard finds implausible
    #[arg(long)]
    pub confirm: bool,
    /// The kind of the files, where their names do not say it
    #[arg(long)]
    pub kind: Option<String>,
    /// Your id of this import: the same again changes nothing
    #[arg(long)]
    pub request_id: Option<String>,
    /// Import into a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// As of this instant (2026-05-01T12:30:00Z); now where not stated
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Against this publication; the newest where not stated
    #[arg(long)]
    pub publication: Option<u64>,
    /// The file; its name ends in .csv or .parquet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// `quoin health`.
#[derive(Debug, Args)]
pub struct Health {
    /// The server
    #[arg(long, default_value = "127.0.0.1:7480")]
    pub addr: String,
}

/// `quoin publications`.
#[derive(Debug, Args)]
pub struct Publications {
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}
