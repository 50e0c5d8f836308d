//! What may be asked about statements at a terminal?

use clap::{Args, ValueEnum};

/// `quoin ledger settle`.
#[derive(Debug, Args)]
pub struct Settle {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// Through which day, as in 2026-03-31; it must be over where the contract is
    #[arg(long, value_name = "DAY")]
    pub through: String,
    /// An id of your own: the same request again gets the same statement
    #[arg(long)]
    pub id: String,
    /// Tell where the periods stand that hold the day, and leave them open
    #[arg(long)]
    pub interim: bool,
    /// Settle this agreement alone; may be repeated
    #[arg(long = "agreement", value_name = "AGREEMENT")]
    pub agreements: Vec<String>,
    /// Work out the periods that this statement closed anew, by the policy in force
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub reopen: u64,
    /// Stop at the statement
    #[arg(long)]
    pub dry_run: bool,
    /// The language of names
    #[arg(long, value_enum, default_value_t = Words::En)]
    pub language: Words,
    /// Settle in a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// In which language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Words {
    /// English
    En,
    /// Russian
    Ru,
}

/// `quoin ledger statement`.
#[derive(Debug, Args)]
pub struct Statement {
    /// Its number
    #[arg(value_name = "NUMBER")]
    pub number: u64,
    /// Write it as CSV: a row an entry, and one a document
    #[arg(long, conflicts_with = "page")]
    pub csv: bool,
    /// Write it as a page to print (HTML, nothing beside it)
    #[arg(long)]
    pub page: bool,
    /// The language of names, and of the page
    #[arg(long, value_enum, default_value_t = Words::En)]
    pub language: Words,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger statements`.
#[derive(Debug, Args)]
pub struct Statements {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}
