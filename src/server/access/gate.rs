//! Who makes this call? What its connection and headers show, held against what is known; nothing shown is nobody.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::Notify;
use tonic::codegen::http::header::{AUTHORIZATION, HeaderMap};
use tonic::{Code, Status};

use crate::api::caller::{narrowed, refused};
use crate::engine::caller::Caller;
use crate::engine::clock::Clock;
use crate::server::peer::Peer;

use super::callers::Callers;
use super::key::PREFIX;
use super::key_source::KeySource;
use super::options::AccessOptions;
use super::tls::Handshakes;
use super::token::TokenFault;
use super::token_cache::Tokens;
use super::{AccessError, watch};

/// How long a call waits for keys that were asked for anew because of it.
const KEYS_WAIT: Duration = Duration::from_secs(3);

/// Who may call.
pub struct Access {
    options: AccessOptions,
    /// Whom a peer is taken for that shows nothing and need not.
    operator: Arc<Caller>,
    callers: ArcSwap<Callers>,
    tokens: Option<Tokens>,
    tls: Option<Handshakes>,
    clock: Clock,
    hurry: Notify,
}

/// Why a call is nobody's.
enum Fault {
    NothingShown,
    ElsewhereInTheOpen,
    NotBearer,
    UnknownKey,
    KeyExpired,
    NoTokens,
    Token(TokenFault),
    UnknownCertificate,
    CertificateExpired,
}

impl Fault {
    #[cold]
    fn status(&self) -> Status {
        let nobody = |reason, message| refused(Code::Unauthenticated, reason, message);
        match self {
            Self::NothingShown => nobody(
                "NO_TOKEN",
                "the call shows neither a token nor a key, and its connection no certificate that is known",
            ),
            Self::ElsewhereInTheOpen => nobody(
                "NO_TOKEN",
                "only callers on the server's own machine are served, until callers are told apart by keys, tokens or certificates",
            ),
            Self::NotBearer => {
                nobody("BAD_TOKEN", "authorization is one header, \"Bearer\" and a token or key")
            }
            Self::UnknownKey => nobody("BAD_KEY", "the key is nobody's"),
            Self::KeyExpired => nobody("KEY_EXPIRED", "the key has expired"),
            Self::NoTokens => nobody("BAD_TOKEN", "tokens are not accepted here: show a key"),
            Self::Token(fault) => {
                let (code, reason) = fault.code();
                refused(code, reason, &fault.to_string())
            }
            Self::UnknownCertificate => nobody("BAD_CERTIFICATE", "the client's certificate is nobody's"),
            Self::CertificateExpired => nobody("BAD_CERTIFICATE", "the client's certificate has expired"),
        }
    }
}

impl Access {
    /// Reads what access rests on.
    ///
    /// # Errors
    /// What is wrong with a file or a setting.
    pub fn open(options: &AccessOptions, clock: Clock) -> Result<Arc<Self>, AccessError> {
        options.check()?;
        let callers = options.callers.as_deref().map(Callers::read).transpose()?.unwrap_or_default();
        let tokens = options.tokens.as_ref().map(|of| {
            let source = KeySource::open(of, clock.now().0)?;
            Ok::<_, AccessError>(Tokens::new(source, of.clone()))
        });
        let tls = options.tls.as_ref().map(Handshakes::open).transpose()?;
        Ok(Arc::new(Self {
            options: options.clone(),
            operator: Arc::new(Caller::operator()),
            callers: ArcSwap::from_pointee(callers),
            tokens: tokens.transpose()?,
            tls,
            clock,
            hurry: Notify::new(),
        }))
    }

    /// The caller of a request, as its metadata have it.
    ///
    /// # Errors
    /// UNAUTHENTICATED where it is nobody's, UNAVAILABLE where nobody can tell, INVALID_ARGUMENT for metadata that say nothing known.
    pub async fn caller(&self, peer: &Peer, headers: &HeaderMap) -> Result<Arc<Caller>, Status> {
        if !self.options.tells_callers_apart() {
            return narrowed(self.in_the_open(peer).map_err(|fault| fault.status())?, headers);
        }
        let now = self.clock.now().0;
        let caller = match self.found(peer, headers, now) {
            Err(Fault::Token(TokenFault::UnknownKey)) => self.with_new_keys(peer, headers, now).await,
            found => found,
        };
        narrowed(caller.map_err(|fault| fault.status())?, headers)
    }

    /// Whoever sits at the machine itself may do everything where nothing tells callers apart.
    fn in_the_open(&self, peer: &Peer) -> Result<Arc<Caller>, Fault> {
        let is_open = peer.is_loopback || self.options.insecure_any_peer;
        is_open.then(|| Arc::clone(&self.operator)).ok_or(Fault::ElsewhereInTheOpen)
    }

    fn found(&self, peer: &Peer, headers: &HeaderMap, now: i64) -> Result<Arc<Caller>, Fault> {
        let mut shown = headers.get_all(AUTHORIZATION).iter();
        match (shown.next(), shown.next()) {
            (None, _) => self.by_certificate(peer, now),
            (Some(shown), None) => self.by_secret(bearer(shown.as_bytes()).ok_or(Fault::NotBearer)?, now),
            (Some(_), Some(_)) => Err(Fault::NotBearer),
        }
    }

    fn by_secret(&self, secret: &[u8], now: i64) -> Result<Arc<Caller>, Fault> {
        if secret.starts_with(PREFIX.as_bytes()) {
            let callers = self.callers.load();
            let caller = callers.by_key(secret).ok_or(Fault::UnknownKey)?;
            return holds(caller, now).ok_or(Fault::KeyExpired);
        }
        let tokens = self.tokens.as_ref().ok_or(Fault::NoTokens)?;
        tokens.caller(secret, now).map_err(Fault::Token)
    }

    fn by_certificate(&self, peer: &Peer, now: i64) -> Result<Arc<Caller>, Fault> {
        let certificate = peer.certificate.as_ref().ok_or(Fault::NothingShown)?;
        if now > certificate.not_after {
            return Err(Fault::CertificateExpired);
        }
        let callers = self.callers.load();
        let caller = callers.by_certificate(&certificate.names).ok_or(Fault::UnknownCertificate)?;
        holds(caller, now).ok_or(Fault::CertificateExpired)
    }

    /// Asks once more after the issuer's keys were asked for anew, unless that was done a short while ago.
    async fn with_new_keys(&self, peer: &Peer, headers: &HeaderMap, now: i64) -> Result<Arc<Caller>, Fault> {
        if let Some(mut asked) = self.tokens.as_ref().and_then(|tokens| tokens.source.want(now)) {
            self.hurry.notify_one();
            drop(tokio::time::timeout(KEYS_WAIT, asked.changed()).await);
        }
        self.found(peer, headers, now)
    }

    /// How connections become encrypted ones; none where they do not.
    #[must_use]
    pub fn tls(&self) -> Option<&Handshakes> {
        self.tls.as_ref()
    }

    pub(super) fn tokens(&self) -> Option<&Tokens> {
        self.tokens.as_ref()
    }

    pub(super) fn callers_file(&self) -> Option<&Path> {
        self.options.callers.as_deref()
    }

    /// Returns when keys are wanted at once.
    pub(super) async fn hurried(&self) {
        self.hurry.notified().await;
    }

    /// Reads anew what has changed.
    pub(super) async fn look(&self, (tls, callers, keys): (bool, bool, bool)) {
        if let (true, Some(handshakes), Some(options)) = (tls, &self.tls, &self.options.tls) {
            watch::tell(&options.chain, handshakes.reload().map(|()| "certificates".to_owned()));
        }
        if let (true, Some(path)) = (callers, self.callers_file()) {
            let read = Callers::read(path);
            watch::tell(
                path,
                read.map(|read| {
                    let count = read.count();
                    self.callers.store(Arc::new(read));
                    format!("{count} keys and certificates")
                }),
            );
        }
        if let Some(tokens) = &self.tokens {
            tokens.source.look(self.clock.now().0, keys).await;
        }
    }

    /// Says at the start who is served.
    pub fn tell(&self, is_loopback: bool) {
        let AccessOptions { insecure_any_peer, tls, reflection, .. } = &self.options;
        if *insecure_any_peer {
            tracing::warn!(
                "every peer may do and see everything: --insecure-any-peer is for closed networks"
            );
        } else if !self.options.tells_callers_apart() && !is_loopback {
            tracing::warn!(
                "peers on other machines are refused: neither keys nor tokens are set up (docs/ACCESS.md)"
            );
        } else if self.options.tells_callers_apart() && tls.is_none() && !is_loopback {
            tracing::warn!(
                "keys and tokens cross the network unencrypted: give --tls-cert, or put the service behind a proxy that does"
            );
        }
        tracing::info!(
            callers = self.callers.load().count(),
            tokens = self.tokens.is_some(),
            tls = tls.is_some(),
            client_certificates = tls.as_ref().is_some_and(|tls| tls.client_ca.is_some()),
            reflection,
            development = !self.options.tells_callers_apart(),
            "access"
        );
    }
}

fn holds(caller: &Arc<Caller>, now: i64) -> Option<Arc<Caller>> {
    caller.until.is_none_or(|until| now < until.0).then(|| Arc::clone(caller))
}

/// What stands behind `Bearer `, in any case.
fn bearer(header: &[u8]) -> Option<&[u8]> {
    let (scheme, secret) = header.split_at_checked(7)?;
    (scheme.eq_ignore_ascii_case(b"bearer ") && !secret.is_empty()).then_some(secret.trim_ascii())
}
