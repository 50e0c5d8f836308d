//! Is a token what its issuer signed, and whom does it name? Asked of the keys at hand; nothing is fetched here.

use std::sync::Arc;

use jsonwebtoken::{Validation, decode, decode_header};
use serde_json::{Map, Value};
use tonic::Code;

use crate::engine::caller::Caller;

use super::claims;
use super::keys::{Keys, algorithm_of};
use super::options::TokenOptions;

/// Most bytes of a token.
const TOKEN_BYTES: usize = 8 << 10;

/// Why a token does not do. Nothing of the token itself is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Beyond what is read.
    #[error("the token has more than {TOKEN_BYTES} bytes")]
    TooLarge,
    /// Not three parts of base64 and JSON, or an algorithm that nobody knows: `none` for one.
    #[error("the token is no signed JWT")]
    Malformed,
    /// Not one of those that are set up.
    #[error("the token is signed by an algorithm that is not accepted")]
    Algorithm,
    /// No such key is there.
    #[error("the token names a key that the issuer does not have")]
    UnknownKey,
    /// Not by that key.
    #[error("the token's signature is not by that key")]
    Signature,
    /// It would hold for ever.
    #[error("the token has no exp")]
    NoExpiry,
    /// It is over.
    #[error("the token has expired")]
    Expired,
    /// It has not begun.
    #[error("the token does not hold yet")]
    NotYet,
    /// By another.
    #[error("the token is another issuer's")]
    Issuer,
    /// For another.
    #[error("the token is for another audience")]
    Audience,
    /// A claim is not of its kind.
    #[error("the token's claim {0} is not of its kind")]
    Claim(&'static str),
    /// The issuer's keys could not be had for too long.
    #[error("the issuer's keys could not be had for too long: no token is believed until they are")]
    KeysTooOld,
}

impl TokenFault {
    /// The code and reason of the refusal.
    pub fn code(self) -> (Code, &'static str) {
        match self {
            Self::KeysTooOld => (Code::Unavailable, "KEYS_TOO_OLD"),
            Self::Expired => (Code::Unauthenticated, "TOKEN_EXPIRED"),
            Self::TooLarge
            | Self::Malformed
            | Self::Algorithm
            | Self::UnknownKey
            | Self::Signature
            | Self::NoExpiry
            | Self::NotYet
            | Self::Issuer
            | Self::Audience
            | Self::Claim(_) => (Code::Unauthenticated, "BAD_TOKEN"),
        }
    }
}

/// The caller that a token names, at an instant in seconds.
pub fn verify(
    token: &[u8],
    keys: &Keys,
    options: &TokenOptions,
    now: i64,
) -> Result<Arc<Caller>, TokenFault> {
    if token.len() > TOKEN_BYTES {
        return Err(TokenFault::TooLarge);
    }
    let header = decode_header(token).map_err(|_| TokenFault::Malformed)?;
    let accepted = options.algorithms.iter().any(|known| algorithm_of(*known) == header.alg);
    if !accepted {
        return Err(TokenFault::Algorithm);
    }
    let mut checks = Validation::new(header.alg);
    // Claims are held against our own clock, each of its kind: a claim of another kind is not as good as none.
    checks.required_spec_claims.clear();
    checks.validate_exp = false;
    checks.validate_aud = false;
    let key = keys.of(header.kid.as_deref(), header.alg).ok_or(TokenFault::UnknownKey)?;
    let read = decode::<Map<String, Value>>(token, key, &checks).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => TokenFault::Signature,
        _ => TokenFault::Malformed,
    })?;
    claims::caller(&read.claims, options, now).map(Arc::new)
}
