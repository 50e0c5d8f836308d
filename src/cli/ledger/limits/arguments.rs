//! What may be asked about limited benefits at a terminal?

use clap::{Args, Subcommand};

/// `quoin ledger limits`.
#[derive(Debug, Args)]
pub struct Limits {
    /// What is to be done
    #[command(subcommand)]
    pub command: LimitsCommand,
}

/// What is to be done with limits.
#[derive(Debug, Subcommand)]
pub enum LimitsCommand {
    /// Tell what is used, held and left of the limited benefits of a contract
    Show(ShowLimits),
    /// Hold limits, so that no other hold takes what is left
    Hold(HoldLimit),
    /// Give a hold up
    Release(ReleaseLimit),
}

/// `quoin ledger limits show`.
#[derive(Debug, Args)]
pub struct ShowLimits {
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger limits hold`.
#[derive(Debug, Args)]
pub struct HoldLimit {
    /// The caller's id of the hold: that of the quote whose documents take off it
    #[arg(value_name = "HOLD")]
    pub id: String,
    /// The contract
    #[arg(long)]
    pub contract: String,
    /// How much of which rule, as in first-100-t=40; may be repeated
    #[arg(long = "use", required = true, value_name = "RULE=VALUE")]
    pub uses: Vec<String>,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}

/// `quoin ledger limits release`.
#[derive(Debug, Args)]
pub struct ReleaseLimit {
    /// The hold
    #[arg(value_name = "HOLD")]
    pub hold: String,
    /// Ask a running server
    #[arg(long, value_name = "ADDR")]
    pub server: Option<String>,
}
