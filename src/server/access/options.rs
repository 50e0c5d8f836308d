//! How is access set up, and what can be wrong with that?

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::server::audit::AuditOptions;

/// Longest leeway between our clock and an issuer's.
const LEEWAY_MOST: Duration = Duration::from_secs(300);

/// Who may call, and how that is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccessOptions {
    /// Serve peers on other machines without anything shown.
    pub insecure_any_peer: bool,
    /// The file of callers: keys, and certificates by name.
    pub callers: Option<PathBuf>,
    /// Tokens of an issuer.
    pub tokens: Option<TokenOptions>,
    /// Encrypted connections.
    pub tls: Option<TlsOptions>,
    /// Answer server reflection.
    pub reflection: bool,
    /// Note writes and refusals.
    pub audit: Option<AuditOptions>,
}

/// Where an issuer's keys are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeysFrom {
    /// A JWKS file.
    File(PathBuf),
    /// An http or https address; `ca` are the certificates to trust in place of the system's.
    Address {
        /// The address.
        address: String,
        /// A PEM file.
        ca: Option<PathBuf>,
    },
}

/// How a token may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256.
    #[value(name = "RS256")]
    Rs256,
    /// RSA-PSS, SHA-256.
    #[value(name = "PS256")]
    Ps256,
    /// ECDSA on P-256, SHA-256.
    #[value(name = "ES256")]
    Es256,
    /// Ed25519.
    #[value(name = "EdDSA")]
    EdDsa,
}

impl Algorithm {
    /// All of them: none has a secret that we would share with the issuer.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];
}

/// What tokens are to be like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenOptions {
    /// Where the keys are that they are signed with.
    pub keys: KeysFrom,
    /// Who issues them.
    pub issuer: String,
    /// Whom they are for: one of these.
    pub audiences: Vec<String>,
    /// How they may be signed.
    pub algorithms: Vec<Algorithm>,
    /// How far clocks may be apart; at most five minutes.
    pub leeway: Duration,
    /// The claim that is an object in which ours stand; at the top where absent.
    pub claims: Option<String>,
    /// Keys are asked for anew when they are so old.
    pub keys_refresh: Duration,
    /// Keys are not asked for more often than this, whatever tokens name.
    pub keys_pause: Duration,
    /// Keys that could not be asked for anew for so long are no longer believed.
    pub keys_age_most: Duration,
}

impl TokenOptions {
    /// The usual ones.
    #[must_use]
    pub fn new(keys: KeysFrom, issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        Self {
            keys,
            issuer: issuer.into(),
            audiences: vec![audience.into()],
            algorithms: Algorithm::ALL.to_vec(),
            leeway: Duration::from_secs(60),
            claims: None,
            keys_refresh: Duration::from_secs(300),
            keys_pause: Duration::from_secs(30),
            keys_age_most: Duration::from_secs(86_400),
        }
    }
}

/// Encrypted connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsOptions {
    /// Our certificate and those between it and a root, PEM.
    pub chain: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
    /// Who signs the certificates of clients, PEM; clients need none where absent.
    pub client_ca: Option<PathBuf>,
    /// May a client come without a certificate, though one is taken?
    pub client_optional: bool,
}

/// What is wrong with a file or setting that access rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessError(String);

impl AccessError {
    /// Of a file.
    pub fn new(path: &Path, what: impl fmt::Display) -> Self {
        Self(format!("{}: {what}", path.display()))
    }

    /// Of a setting.
    pub fn of(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AccessError {}

impl AccessOptions {
    /// Is there anything by which callers are told apart?
    #[must_use]
    pub fn tells_callers_apart(&self) -> bool {
        self.callers.is_some() || self.tokens.is_some()
    }

    /// Refuses settings that contradict each other.
    ///
    /// # Errors
    /// What to mend.
    pub fn check(&self) -> Result<(), AccessError> {
        let wrong = |what: &str| Err(AccessError::of(what));
        if self.insecure_any_peer && self.tells_callers_apart() {
            return wrong("every peer may do everything, or callers show who they are: not both");
        }
        if let Some(TlsOptions { client_ca: Some(_), .. }) = &self.tls
            && self.callers.is_none()
            && self.tokens.is_none()
        {
            return wrong(
                "client certificates are taken, but there is no file of callers that says who they are",
            );
        }
        let Some(tokens) = &self.tokens else { return Ok(()) };
        if tokens.issuer.is_empty() || tokens.audiences.iter().any(String::is_empty) {
            return wrong("tokens need an issuer and an audience");
        }
        if tokens.audiences.is_empty() || tokens.algorithms.is_empty() {
            return wrong("tokens need at least one audience and one algorithm");
        }
        if tokens.leeway > LEEWAY_MOST {
            return Err(AccessError::of(format!(
                "clocks may be at most {} seconds apart",
                LEEWAY_MOST.as_secs()
            )));
        }
        if tokens.keys_age_most < tokens.keys_refresh || tokens.keys_refresh < tokens.keys_pause {
            return wrong(
                "keys are asked for anew before they are too old, and no more often than is allowed",
            );
        }
        Ok(())
    }
}
