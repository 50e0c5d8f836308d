//! What may be asked about the ledger at a terminal?

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::limits::arguments::Limits;
use super::statement::arguments::{Settle, Statement, Statements};

/// `quoin ledger`.
#[derive(Debug, Args)]
pub struct Ledger {
    /// What is to be done.
    #[command(subcommand)]
    pub command: LedgerCommand,
}

/// What is to be done with the ledger.
#[derive(Debug, Subcommand)]
pub enum LedgerCommand {
    /// Post the documents of files (docs/FORMATS.md), all of them or none
    Post(Post),
    /// Show a document by its id
    Show(Show),
    /// List documents that were put aside, and what is not known of each
    Parked(Parked),
    /// Tell what was bought, month by month
    Purchases(Purchases),
    /// Tell where the period measures stand that a contract's rules name
    Measures(Measures),
    /// Tell what a contract is entitled to by its retro-bonus agreements so far
    Balance(Measures),
    /// Tell a contract's plans against what was bought
    Plan(Measures),
    /// Tell how far a contract is from its plans, the next tiers and its bonuses
    Progress(Measures),
    /// Settle periods of a contract into a numbered statement
    Settle(Settle),
    /// Show a statement by its number
    Statement(Statement),
    /// List a contract's statements
    Statements(Statements),
    /// Tell which levels of loyalty a contract holds, and what is missing
    Levels(Measures),
    /// Tell how a contract's points of loyalty stand, and what moved them
    Points(PointsHistory),
    /// Hold points, so that nobody else spends them
    Hold(Hold),
    /// Give a hold of points up
    Release(HoldName),
    /// Spend what is held
    Spend(Spend),
    /// Give points back that were spent
    Restore(Restore),
    /// Tell where limited benefits stand, and hold them
    Limits(Limits),
}

/// `quoin ledger post`.
#[derive(Debug, Args)]
pub struct Post {
    /// Files of documents, .csv or .parquet
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Put documents aside that name a contract, SKU, unit or counterparty which is not known yet, and post them once it is
    #[arg(long)]
    pub park_unknown: bool,
    /// Stop at the report
    #[arg(long)]
    pub dry_run: bool,
    /// Post into a running server: in parts of some MiB, each all or none
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The sender's id of the document
    #[arg(value_name = "DOCUMENT")]
    pub id: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger parked`.
#[derive(Debug, Args)]
pub struct Parked {
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// Whose purchases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Of {
    /// The contract's own
    Contract,
    /// Those of all contracts of its counterparty
    Counterparty,
    /// Those of all contracts of its holding
    Holding,
    /// What its payer pays for, under whatever contract
    Payer,
    /// What its ship-to receives, under whatever contract
    #[value(name = "ship_to")]
    ShipTo,
}

/// `quoin ledger purchases`.
#[derive(Debug, Args)]
pub struct Purchases {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// Whose purchases
    #[arg(long, value_enum, default_value_t = Of::Contract)]
    pub of: Of,
    /// The first day, as in 2026-05-01
    #[arg(long, value_name = "DAY", default_value = "")]
    pub from: String,
    /// The last day
    #[arg(long, value_name = "DAY", default_value = "")]
    pub through: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger measures`, `quoin ledger balance` and `quoin ledger levels`.
#[derive(Debug, Args)]
pub struct Measures {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// As of this instant (2026-05-01T12:30:00Z); now where not stated
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger points`.
#[derive(Debug, Args)]
pub struct PointsHistory {
    /// Whose, and as of when
    #[command(flatten)]
    pub of: Measures,
    /// Movements that are shown, the latest first
    #[arg(long, value_name = "COUNT", default_value_t = super::loyalty::MOVEMENTS)]
    pub movements: u32,
}

/// `quoin ledger hold`.
#[derive(Debug, Args)]
pub struct Hold {
    /// The caller's id of the hold
    #[arg(value_name = "HOLD")]
    pub id: String,
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// The programme of points
    #[arg(long)]
    pub programme: String,
    /// How many
    #[arg(long)]
    pub points: String,
    /// On which day they are taken, as in 2026-05-01; today where not stated
    #[arg(long, value_name = "DAY", default_value = "")]
    pub day: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger release`.
#[derive(Debug, Args)]
pub struct HoldName {
    /// The hold
    #[arg(value_name = "HOLD")]
    pub hold: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger spend`.
#[derive(Debug, Args)]
pub struct Spend {
    /// The hold
    #[arg(value_name = "HOLD")]
    pub hold: String,
    /// The document that is paid with it
    #[arg(long)]
    pub document: Option<String>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// The caller's id of this
    #[arg(value_name = "ID")]
    pub id: String,
    /// The hold that was spent
    #[arg(long)]
    pub hold: String,
    /// How many
    #[arg(long)]
    pub points: String,
    /// On which day, as in 2026-05-01; today where not stated
    #[arg(long, value_name = "DAY", default_value = "")]
    pub day: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}
