//! Which options say who calls a server, and which look after who may call one?

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Who calls a server: every command that asks one.
#[derive(Debug, Args)]
#[command(next_help_heading = "Asking a server")]
pub struct ClientArguments {
    /// File with the key or token to show; else what QUOIN_TOKEN holds
    #[arg(long, global = true, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    /// Certificates to trust, PEM; the system's where not stated
    #[arg(long, global = true, value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Certificate to show, PEM
    #[arg(long, global = true, value_name = "FILE", requires = "key")]
    pub cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, global = true, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
}

/// `quoin access`.
#[derive(Debug, Args)]
pub struct AccessCommands {
    /// What is to be done.
    #[command(subcommand)]
    pub command: AccessCommand,
}

/// What can be done about access.
#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    /// Draw a key for a machine: tells it once, with its entry for the file of callers
    NewKey(NewKey),
    /// Tell by which names a client's certificate can be known in the file of callers
    Names(Names),
    /// Read a file of callers, and say what is wrong with it
    Check(CheckCallers),
}

/// `quoin access new-key`.
#[derive(Debug, Args)]
pub struct NewKey {
    /// The caller's name
    #[arg(long)]
    pub name: String,
    /// Its roles
    #[arg(long, value_delimiter = ',', default_values = ["price"])]
    pub roles: Vec<String>,
}

/// `quoin access names`.
#[derive(Debug, Args)]
pub struct Names {
    /// The certificate, PEM
    pub certificate: PathBuf,
}

/// `quoin access check`.
#[derive(Debug, Args)]
pub struct CheckCallers {
    /// The file
    pub callers: PathBuf,
}

/// `quoin audit`.
#[derive(Debug, Args)]
pub struct AuditCommands {
    /// What is to be done.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What can be done with an audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Hold every line against the one before it, and name the first that is not what was written
    Verify(VerifyAudit),
}

/// `quoin audit verify`.
#[derive(Debug, Args)]
pub struct VerifyAudit {
    /// The folder of the log; audit in the data folder where not stated
    pub folder: Option<PathBuf>,
}
