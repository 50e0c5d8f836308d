//! Is this the same file? SHA-256 of its bytes, as `sha256sum` prints it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use aws_lc_rs::digest::{Context, SHA256, digest};

/// Read at once.
pub(super) const PIECE_BYTES: usize = 1024 * 1024;

/// SHA-256, 32 bytes. Written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Of bytes in memory.
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self::made(&digest(&SHA256, bytes))
    }

    fn made(digest: &aws_lc_rs::digest::Digest) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }

    /// Of a file; with it, how many bytes that has.
    pub(super) fn of_file(path: &Path) -> io::Result<(Self, u64)> {
        let mut digesting = Digesting::default();
        let mut file = File::open(path)?;
        each_piece(&mut file, |piece| {
            digesting.add(piece);
            Ok::<(), io::Error>(())
        })?;
        Ok(digesting.end())
    }

    /// The way back from its text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64
            || text.bytes().any(|byte| !byte.is_ascii_digit() && !(b'a'..=b'f').contains(&byte))
        {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Digest({self})")
    }
}

/// A digest in the making.
pub(super) struct Digesting {
    so_far: Context,
    bytes: u64,
}

impl Default for Digesting {
    fn default() -> Self {
        Self { so_far: Context::new(&SHA256), bytes: 0 }
    }
}

impl Digesting {
    pub(super) fn add(&mut self, piece: &[u8]) {
        self.so_far.update(piece);
        self.bytes = self.bytes.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
    }

    pub(super) fn end(self) -> (Digest, u64) {
        (Digest::made(&self.so_far.finish()), self.bytes)
    }
}

/// Hands over everything that a reader gives, piece by piece.
pub(super) fn each_piece<E: From<io::Error>>(
    from: &mut dyn Read,
    mut each: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match from.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => each(piece.get(..read).unwrap_or_default())?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn it_is_sha_256() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of(b"abc").to_string(), abc);
        assert_eq!(Digest::parse(abc), Some(Digest::of(b"abc")));
        assert_eq!(Digest::parse(&abc.to_uppercase()), None);
        assert_eq!(Digest::parse(&abc[1..]), None);
    }
}
