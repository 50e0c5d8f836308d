//! What may be asked about the policy at a terminal?

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `quoin policy`.
#[derive(Debug, Args)]
pub struct Policy {
    /// What is to be done.
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What is to be done about the policy.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Say what is wrong with a policy, and where; without a data folder, only what needs no catalogue
    Check(Check),
    /// Put a policy in force, whole, as the next version
    Publish(Publish),
    /// Print a version's files
    Show(Show),
    /// Say in what two versions differ
    Diff(Diff),
    /// List every version that was ever published
    History(History),
    /// Put an older version's files in force again, as the next version
    Rollback(Rollback),
}

/// `quoin policy check`.
#[derive(Debug, Args)]
pub struct Check {
    /// The policy's files
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin policy publish`.
#[derive(Debug, Args)]
pub struct Publish {
    /// The policy's files, all of them
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What is to be said of it in the history
    #[arg(long, default_value = "")]
    pub note: String,
    /// Stop at the report
    #[arg(long)]
    pub dry_run: bool,
    /// Your id of this publication: the same again changes nothing
    #[arg(long)]
    pub request_id: Option<String>,
    /// Publish into a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin policy show`.
#[derive(Debug, Args)]
pub struct Show {
    /// The version; the newest where not stated
    pub version: Option<u64>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin policy diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The earlier version
    #[arg(value_name = "VERSION")]
    pub from: u64,
    /// The later version; the newest where not stated
    #[arg(value_name = "VERSION")]
    pub to: Option<u64>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin policy history`.
#[derive(Debug, Args)]
pub struct History {
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin policy rollback`.
#[derive(Debug, Args)]
pub struct Rollback {
    /// The version that is to be restored
    pub version: u64,
    /// What is to be said of it in the history
    #[arg(long, default_value = "")]
    pub note: String,
    /// Your id of this publication: the same again changes nothing
    #[arg(long)]
    pub request_id: Option<String>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}
