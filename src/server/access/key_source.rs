//! Are an issuer's keys fresh? Asked for anew in time, at once where a token names one that is not there, and never too often.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;

use super::fetch;
use super::key::{Digest, sha256};
use super::keys::Keys;
use super::options::{KeysFrom, TokenOptions};
use super::token::TokenFault;
use super::{AccessError, read_bounded};

/// Keys as they were last had.
#[derive(Default)]
pub struct Known {
    /// They.
    pub keys: Keys,
    digest: Digest,
    /// What was verified with other keys is verified anew.
    pub generation: u64,
}

/// Where keys come from.
pub struct KeySource {
    from: KeysFrom,
    refresh: i64,
    pause: i64,
    age_most: i64,
    known: ArcSwap<Known>,
    /// When they were last had, and last asked for: seconds.
    had: AtomicI64,
    tried: AtomicI64,
    wanted: AtomicBool,
    underway: AtomicBool,
    /// Counts how often they were asked for.
    asked: watch::Sender<u64>,
}

fn seconds(of: Duration) -> i64 {
    i64::try_from(of.as_secs()).unwrap_or(i64::MAX)
}

impl KeySource {
    /// Keys of a file must do when the service starts; an address may answer later, and no token is believed until it does.
    pub fn open(options: &TokenOptions, now: i64) -> Result<Self, AccessError> {
        let source = Self {
            from: options.keys.clone(),
            refresh: seconds(options.keys_refresh),
            pause: seconds(options.keys_pause),
            age_most: seconds(options.keys_age_most),
            known: ArcSwap::default(),
            had: AtomicI64::new(i64::MIN),
            tried: AtomicI64::new(i64::MIN),
            wanted: AtomicBool::new(true),
            underway: AtomicBool::new(false),
            asked: watch::channel(0).0,
        };
        match &options.keys {
            KeysFrom::File(path) => {
                let bytes = read_bounded(path)?;
                source.take(&bytes, now).map_err(|why| AccessError::new(path, why))?;
                source.wanted.store(false, Ordering::Relaxed);
            }
            KeysFrom::Address { address, .. } => {
                if address.starts_with("http://") {
                    tracing::warn!(
                        address,
                        "the issuer's keys come unencrypted: whoever is in between can make tokens"
                    );
                }
            }
        }
        Ok(source)
    }

    /// The file, where they come from one.
    pub fn file(&self) -> Option<&Path> {
        match &self.from {
            KeysFrom::File(path) => Some(path),
            KeysFrom::Address { .. } => None,
        }
    }

    /// The keys, unless they are too old to be believed.
    pub fn keys(&self, now: i64) -> Result<Arc<Known>, TokenFault> {
        if now.saturating_sub(self.had.load(Ordering::Relaxed)) > self.age_most {
            return Err(TokenFault::KeysTooOld);
        }
        Ok(self.known.load_full())
    }

    /// Asks for them anew because a token names one that is not there. None where that was done a short while ago; else what
    /// changes once they were asked for.
    pub fn want(&self, now: i64) -> Option<watch::Receiver<u64>> {
        let asked = self.asked.subscribe();
        if self.underway.load(Ordering::Relaxed) {
            return Some(asked);
        }
        if now.saturating_sub(self.tried.load(Ordering::Relaxed)) < self.pause {
            return None;
        }
        self.wanted.store(true, Ordering::Relaxed);
        Some(asked)
    }

    /// Asks for them anew where it is time.
    pub async fn look(&self, now: i64, file_changed: bool) {
        let since_tried = now.saturating_sub(self.tried.load(Ordering::Relaxed));
        let is_due = now.saturating_sub(self.had.load(Ordering::Relaxed)) >= self.refresh;
        let is_time = (is_due || self.wanted.load(Ordering::Relaxed)) && since_tried >= self.pause;
        if !file_changed && !is_time {
            return;
        }
        self.underway.store(true, Ordering::Relaxed);
        self.tried.store(now, Ordering::Relaxed);
        self.wanted.store(false, Ordering::Relaxed);
        let (name, fetched) = match &self.from {
            KeysFrom::File(path) => {
                (path.display().to_string(), read_bounded(path).map_err(|error| error.to_string()))
            }
            KeysFrom::Address { address, ca } => (address.clone(), fetch::get(address, ca.as_deref()).await),
        };
        match fetched.and_then(|bytes| self.take(&bytes, now)) {
            Ok(None) => {}
            Ok(Some(count)) => tracing::info!(from = name, keys = count, "the issuer's keys are new"),
            Err(why) => tracing::error!(from = name, "the issuer's keys stay as they were: {why}"),
        }
        self.underway.store(false, Ordering::Relaxed);
        self.asked.send_modify(|count| *count += 1);
    }

    /// Takes keys; how many there are where they are others than before.
    fn take(&self, bytes: &[u8], now: i64) -> Result<Option<usize>, String> {
        let keys = Keys::read(bytes)?;
        let digest = sha256(bytes);
        let before = self.known.load();
        self.had.store(now, Ordering::Relaxed);
        if before.digest == digest {
            return Ok(None);
        }
        let count = keys.count();
        self.known.store(Arc::new(Known { keys, digest, generation: before.generation + 1 }));
        Ok(Some(count))
    }
}
