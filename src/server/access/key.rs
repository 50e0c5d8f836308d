//! What is a key for a machine, and how is it kept? 256 random bits that are told once, and their SHA-256.
//!
//! A slow hash keeps passwords that people choose from being guessed; nobody guesses 256 random bits, so that a fast one is as
//! good and costs a call no millisecond.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand;

/// How every key begins, so that scanners find one that was left lying about.
pub const PREFIX: &str = "quoin_";

/// Random bytes of a key.
const BYTES: usize = 32;

/// A new key. It is never logged: only [`ApiKey::told`] gives it away.
pub struct ApiKey(String);

impl ApiKey {
    /// Draws one.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn draw() -> Result<Self, &'static str> {
        let mut bytes = [0; BYTES];
        rand::fill(&mut bytes).map_err(|_| "the system gave no random bytes")?;
        Ok(Self(format!("{PREFIX}{}", hex(&bytes))))
    }

    /// The key itself.
    #[must_use]
    pub fn told(&self) -> &str {
        &self.0
    }

    /// What the file of callers has of it.
    #[must_use]
    pub fn digest(&self) -> String {
        digest_text(self.0.as_bytes())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(..)")
    }
}

/// SHA-256.
pub type Digest = [u8; 32];

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Digest {
    let mut all = [0; 32];
    all.copy_from_slice(digest(&SHA256, bytes).as_ref());
    all
}

/// SHA-256 of bytes, as hexadecimal digits.
#[must_use]
pub fn digest_text(bytes: &[u8]) -> String {
    hex(&sha256(bytes))
}

/// The same, in a time that does not tell where they differ.
pub fn same(one: &Digest, other: &Digest) -> bool {
    verify_slices_are_equal(one, other).is_ok()
}

/// Hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A digest of hexadecimal digits.
pub fn digest_of(text: &str) -> Option<Digest> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    let mut all = [0; 32];
    for (byte, pair) in all.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(all)
}
