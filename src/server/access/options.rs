//! How is access set up, and what can be wrong with that?

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tonic::codegen::http::Uri;

use crate::server::audit::AuditOptions;

/// Longest leeway between our clock and an issuer's.
pub const LEEWAY_MOST: Duration = Duration::from_secs(300);
/// Keys are not asked for more often than this.
pub const KEYS_PAUSE: Duration = Duration::from_secs(30);

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

impl KeysFrom {
    /// Reads the name of a file, or an address. One with a name and password is refused, since these would be sent to nobody; and no
    /// refusal tells what was written.
    ///
    /// # Errors
    /// What would be right.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("{why}: name a JWKS file, or write https://host/path"));
        let Some((scheme, _)) = text.split_once("://") else {
            return if text.is_empty() {
                wrong("nothing is written there")
            } else {
                Ok(Self::File(text.into()))
            };
        };
        if scheme != "https" && scheme != "http" {
            return wrong("only https:// and http:// are known");
        }
        let Ok(uri) = text.parse::<Uri>() else { return wrong("that is no address") };
        match (uri.host(), uri.authority()) {
            (None | Some(""), _) => wrong("the address names no host"),
            (_, Some(authority)) if authority.as_str().contains('@') => {
                wrong("an address has no name and password here")
            }
            _ => Ok(Self::Address { address: text.to_owned(), ca: None }),
        }
    }
}

impl fmt::Display for KeysFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Address { address, .. } => f.write_str(address),
        }
    }
}

/// How a token may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256.
    Rs256,
    /// RSA-PSS, SHA-256.
    Ps256,
    /// ECDSA on P-256, SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// All of them: none has a secret that we would share with the issuer.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];

    /// What tokens call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
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
            keys_pause: KEYS_PAUSE,
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

/// What settings contradict themselves in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccessFault {
    /// Any peer is served, and callers are told apart.
    #[error("every peer may do everything, or callers show who they are: not both")]
    EveryPeerAndCallers,
    /// Certificates of clients are taken, and nothing says whose they are.
    #[error("client certificates are taken, but there is no file of callers that says who they are")]
    NobodyByCertificate,
    /// Tokens of nobody in particular.
    #[error("tokens need an issuer")]
    NoIssuer,
    /// Tokens for nobody in particular.
    #[error("tokens need an audience")]
    NoAudience,
    /// Tokens may not be signed at all.
    #[error("tokens need at least one algorithm")]
    NoAlgorithm,
    /// The leeway is too long.
    #[error("clocks may be at most {} seconds apart", LEEWAY_MOST.as_secs())]
    ClocksApart,
    /// Keys are not believed for as long as they are not asked for anew.
    #[error("keys would be too old before they are asked for anew")]
    TooOldTooSoon,
    /// Keys are asked for anew more often than they may be asked for.
    #[error("keys would be asked for anew more often than is allowed")]
    AskedTooOften,
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

    /// Everything that contradicts itself.
    #[must_use]
    pub fn faults(&self) -> Vec<AccessFault> {
        let mut faults = Vec::new();
        let mut hold = |holds: bool, fault| faults.extend((!holds).then_some(fault));
        hold(!self.insecure_any_peer || !self.tells_callers_apart(), AccessFault::EveryPeerAndCallers);
        let takes_certificates = self.tls.as_ref().is_some_and(|tls| tls.client_ca.is_some());
        hold(!takes_certificates || self.tells_callers_apart(), AccessFault::NobodyByCertificate);
        if let Some(tokens) = &self.tokens {
            let is_for_somebody =
                !tokens.audiences.is_empty() && tokens.audiences.iter().all(|name| !name.is_empty());
            hold(!tokens.issuer.is_empty(), AccessFault::NoIssuer);
            hold(is_for_somebody, AccessFault::NoAudience);
            hold(!tokens.algorithms.is_empty(), AccessFault::NoAlgorithm);
            hold(tokens.leeway <= LEEWAY_MOST, AccessFault::ClocksApart);
            hold(tokens.keys_refresh <= tokens.keys_age_most, AccessFault::TooOldTooSoon);
            hold(tokens.keys_pause <= tokens.keys_refresh, AccessFault::AskedTooOften);
        }
        faults
    }

    /// Refuses settings that contradict each other.
    ///
    /// # Errors
    /// All that is to be mended.
    pub fn check(&self) -> Result<(), AccessError> {
        let faults: Vec<String> = self.faults().iter().map(ToString::to_string).collect();
        if faults.is_empty() { Ok(()) } else { Err(AccessError::of(faults.join("; "))) }
    }
}
