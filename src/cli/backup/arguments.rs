//! What may be asked about backups at a terminal?

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::backup::Place;

fn place(text: &str) -> Result<Place, String> {
    Place::parse(text).map_err(|error| error.to_string())
}

/// `quoin backup`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Backup {
    /// What else is to be done.
    #[command(subcommand)]
    pub command: Option<BackupCommand>,
    /// Where to keep it: a folder, or s3://bucket/prefix; with --server, a folder within the server's place
    #[arg(long, value_name = "PLACE", required_unless_present = "server")]
    pub to: Option<String>,
    /// Back up a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// What else is to be done with backups.
#[derive(Debug, Subcommand)]
pub enum BackupCommand {
    /// List the backups in a place, the newest first
    List(Kept),
    /// Keep the newest backups, and remove the others with the files that only they need
    Prune(Prune),
    /// Read every byte of backups, and compare it with the manifests
    Check(Check),
}

/// `quoin backup list`.
#[derive(Debug, Args)]
pub struct Kept {
    /// Where they are: a folder, or s3://bucket/prefix; with --server, a folder within the server's place
    #[arg(long, value_name = "PLACE", required_unless_present = "server")]
    pub from: Option<String>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin backup prune`.
#[derive(Debug, Args)]
pub struct Prune {
    /// Where they are.
    #[command(flatten)]
    pub kept: Kept,
    /// So many of the newest stay
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: u32,
}

/// `quoin backup check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Where they are: a folder, or s3://bucket/prefix
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub from: Place,
    /// One backup, by its id; all of them where not stated
    #[arg(long, value_name = "ID")]
    pub backup: Option<String>,
}

/// `quoin restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// Where the backups are: a folder, or s3://bucket/prefix
    #[arg(long, value_name = "PLACE", value_parser = place)]
    pub from: Place,
    /// The data folder to make: a new name, or an empty folder
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    /// Which backup, by its id; the newest where not stated
    #[arg(long, value_name = "ID")]
    pub backup: Option<String>,
}
