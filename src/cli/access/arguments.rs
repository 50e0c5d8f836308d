//! Which options say who may call a server, and which say who calls one?

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};

use crate::server::access::{AccessOptions, Algorithm, KeysFrom, TlsOptions, TokenOptions};
use crate::server::audit::{AuditOptions, AuditSync};

/// Where the audit log is below the data folder.
pub const AUDIT_FOLDER: &str = "audit";

/// Is a client's certificate needed?
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ClientCertificates {
    /// No connection without one
    Required,
    /// Whoever has none shows a key or a token
    Optional,
}

/// Who may call a server: `quoin serve`.
#[derive(Debug, Args)]
#[command(next_help_heading = "Who may call (docs/ACCESS.md)")]
pub struct AccessArguments {
    /// YAML file of callers, with their keys and certificates; read anew when it changes
    #[arg(long, value_name = "FILE")]
    pub callers: Option<PathBuf>,
    /// Keys that tokens are signed with: a JWKS file, or its http(s) address
    #[arg(long, value_name = "FILE|URL", requires_all = ["token_issuer", "token_audience"])]
    pub jwks: Option<String>,
    /// Certificates to trust for that address, PEM; the system's where not stated
    #[arg(long, value_name = "FILE", requires = "jwks")]
    pub jwks_ca: Option<PathBuf>,
    /// Seconds after which keys are asked for anew
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u64).range(30..))]
    pub jwks_refresh_seconds: u64,
    /// Seconds after which keys that could not be asked for anew are no longer believed
    #[arg(long, default_value_t = 86_400)]
    pub jwks_age_max_seconds: u64,
    /// The iss of tokens
    #[arg(long, requires = "jwks")]
    pub token_issuer: Option<String>,
    /// The aud of tokens; one of these where given several times
    #[arg(long, requires = "jwks")]
    pub token_audience: Vec<String>,
    /// How tokens may be signed
    #[arg(long, value_enum, value_delimiter = ',', default_values = ["RS256", "PS256", "ES256", "EdDSA"])]
    pub token_algorithms: Vec<Algorithm>,
    /// Seconds that our clock and the issuer's may be apart; at most 300
    #[arg(long, default_value_t = 60)]
    pub token_leeway_seconds: u64,
    /// The claim, an object, in which roles and contracts stand; at the top where not stated
    #[arg(long, requires = "jwks")]
    pub token_claims: Option<String>,
    /// Our certificate chain, PEM; read anew when it changes
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Who signs the certificates of clients, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub client_ca: Option<PathBuf>,
    /// Whether clients need a certificate
    #[arg(long, value_enum, default_value_t = ClientCertificates::Required)]
    pub client_certificates: ClientCertificates,
    /// Answer gRPC server reflection
    #[arg(long)]
    pub reflection: bool,
    /// Folder of the audit log; audit in the data folder where not stated
    #[arg(long, value_name = "DIR")]
    pub audit: Option<PathBuf>,
    /// Keep no audit log
    #[arg(long, conflicts_with = "audit")]
    pub no_audit: bool,
    /// When a call that writes is answered: once its line is on the disk, or within a second of that
    #[arg(long, value_enum, default_value_t = AuditSync::Call)]
    pub audit_sync: AuditSync,
}

impl AccessArguments {
    /// What they say of a server over a data folder.
    pub fn options(&self, data: &Path, insecure_any_peer: bool) -> AccessOptions {
        let folder = || self.audit.clone().unwrap_or_else(|| data.join(AUDIT_FOLDER));
        AccessOptions {
            insecure_any_peer,
            callers: self.callers.clone(),
            tokens: self.jwks.as_ref().map(|jwks| self.tokens(jwks)),
            tls: self.tls_cert.clone().zip(self.tls_key.clone()).map(|(chain, key)| TlsOptions {
                chain,
                key,
                client_ca: self.client_ca.clone(),
                client_optional: self.client_certificates == ClientCertificates::Optional,
            }),
            reflection: self.reflection,
            audit: (!self.no_audit)
                .then(|| AuditOptions { sync: self.audit_sync, ..AuditOptions::new(folder()) }),
        }
    }

    fn tokens(&self, jwks: &str) -> TokenOptions {
        let keys = match jwks.starts_with("https://") || jwks.starts_with("http://") {
            true => KeysFrom::Address { address: jwks.to_owned(), ca: self.jwks_ca.clone() },
            false => KeysFrom::File(PathBuf::from(jwks)),
        };
        TokenOptions {
            audiences: self.token_audience.clone(),
            algorithms: self.token_algorithms.clone(),
            leeway: Duration::from_secs(self.token_leeway_seconds),
            claims: self.token_claims.clone(),
            keys_refresh: Duration::from_secs(self.jwks_refresh_seconds),
            keys_age_most: Duration::from_secs(self.jwks_age_max_seconds),
            ..TokenOptions::new(keys, self.token_issuer.clone().unwrap_or_default(), "")
        }
    }
}

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
