//! Has this token been verified before? Known by its digest, so that a call reads no JSON and no token is kept.

use std::sync::Arc;

use foldhash::fast::RandomState;
use moka::sync::Cache;

use crate::engine::caller::Caller;

use super::key::{Digest, sha256};
use super::key_source::KeySource;
use super::options::TokenOptions;
use super::token::{TokenFault, verify};

/// Memory for tokens that are remembered, and what one takes, about: so much for each of its bytes, and so much besides.
const BYTES: u64 = 64 << 20;
const BYTES_A_BYTE: usize = 4;
const BYTES_BESIDES: usize = 512;

/// What is remembered of a token.
#[derive(Clone)]
struct Verified {
    /// Of the keys that verified it.
    generation: u64,
    caller: Arc<Caller>,
    bytes: u32,
}

/// An issuer's tokens.
pub struct Tokens {
    /// Its keys.
    pub source: KeySource,
    options: TokenOptions,
    /// Verified ones.
    verified: Cache<Digest, Verified, RandomState>,
}

impl Tokens {
    /// None is verified yet.
    pub fn new(source: KeySource, options: TokenOptions) -> Self {
        let verified = Cache::builder()
            .max_capacity(BYTES)
            .weigher(|_, verified: &Verified| verified.bytes)
            .build_with_hasher(RandomState::default());
        Self { source, options, verified }
    }

    /// The caller that a token names, at an instant in seconds.
    pub fn caller(&self, token: &[u8], now: i64) -> Result<Arc<Caller>, TokenFault> {
        let known = self.source.keys(now)?;
        let digest = sha256(token);
        if let Some(verified) = self.verified.get(&digest)
            && verified.generation == known.generation
        {
            return match verified.caller.until {
                Some(until) if now < until.0 => Ok(verified.caller),
                _ => Err(TokenFault::Expired),
            };
        }
        let caller = verify(token, &known.keys, &self.options, now)?;
        let bytes = token.len().saturating_mul(BYTES_A_BYTE).saturating_add(BYTES_BESIDES);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let verified = Verified { generation: known.generation, caller: Arc::clone(&caller), bytes };
        self.verified.insert(digest, verified);
        Ok(caller)
    }
}
