//! Is a log of RocksDB whole? Write-ahead logs and the manifest share one layout, and they are read here before RocksDB reads them.
//!
//! ```text
//! blocks of 32 KiB, the last one shorter; in each, one after another:
//! crc32c of kind and bytes u32, masked | length u16 | kind u8 | bytes     (little-endian)
//! ```
//! A crash may cut off what was being written last, so RocksDB takes a fragment that reaches past the end of the file for such a
//! torn tail, and drops it with all that follows. A flipped bit in a length looks the same and would cost acknowledged commits in
//! silence; one in a kind makes RocksDB drop the whole file, or read it for ever. Here a torn tail is told from damage: if the stored checksum fits some
//! shorter length, then the bytes are there and it is the length that is wrong.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

const BLOCK_BYTES: usize = 32 * 1024;
const HEADER_BYTES: usize = 7;
/// Added to a checksum before it is stored, after it was turned by 15 bits.
const MASK: u32 = 0xa282_ead8;
/// Whole records and the parts of one; then the kinds by which RocksDB says how the file is to be read. Kinds of recycled files, which quoin never
/// writes, are none of them.
const KINDS: [u8; 7] = [1, 2, 3, 4, 9, 10, 130];

/// How a log file ends that has no damage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LogEnd {
    /// After its last fragment.
    Whole,
    /// Within what was written when the process or machine went.
    Torn,
}

/// Damage in a log file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct LogDamage {
    /// Where the fragment begins: all before it is sound.
    pub(super) at_bytes: u64,
    what: &'static str,
}

impl fmt::Display for LogDamage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "byte {}: {}", self.at_bytes, self.what)
    }
}

/// Reads a log file whole.
pub(super) fn examine(path: &Path) -> io::Result<Result<LogEnd, LogDamage>> {
    let mut file = File::open(path)?;
    let mut block = Vec::with_capacity(BLOCK_BYTES);
    let mut begun_bytes = 0_u64;
    let mut zeros_from: Option<u64> = None;
    loop {
        block.clear();
        let limit = u64::try_from(BLOCK_BYTES).unwrap_or(u64::MAX);
        file.by_ref().take(limit).read_to_end(&mut block)?;
        if let Some(at_bytes) = zeros_from {
            if block.iter().any(|byte| *byte != 0) {
                return Ok(Err(LogDamage { at_bytes, what: "zeros before the end of the file" }));
            }
        } else {
            match examine_block(&block) {
                Ok(BlockEnd::Whole) => {}
                Ok(BlockEnd::Torn) => return Ok(Ok(LogEnd::Torn)),
                Ok(BlockEnd::Zeros(at)) => zeros_from = Some(begun_bytes.saturating_add(at)),
                Err((at, what)) => {
                    return Ok(Err(LogDamage { at_bytes: begun_bytes.saturating_add(at), what }));
                }
            }
        }
        if block.len() < BLOCK_BYTES {
            return Ok(Ok(if zeros_from.is_some() { LogEnd::Torn } else { LogEnd::Whole }));
        }
        begun_bytes = begun_bytes.saturating_add(limit);
    }
}

enum BlockEnd {
    Whole,
    Torn,
    /// From here on there is nothing but zeros: space that was given to the file and not written.
    Zeros(u64),
}

fn examine_block(block: &[u8]) -> Result<BlockEnd, (u64, &'static str)> {
    let is_last = block.len() < BLOCK_BYTES;
    let mut rest = block;
    loop {
        let at = u64::try_from(block.len().saturating_sub(rest.len())).unwrap_or(u64::MAX);
        let Some((header, bytes)) = rest.split_first_chunk::<HEADER_BYTES>() else {
            // No fragment fits in: at the end of a full block, padding; in the last one, a header that was cut off.
            return Ok(if is_last && !rest.is_empty() { BlockEnd::Torn } else { BlockEnd::Whole });
        };
        let [a, b, c, d, low, high, kind] = *header;
        let stored = u32::from_le_bytes([a, b, c, d]);
        let length = usize::from(u16::from_le_bytes([low, high]));
        if kind == 0 && length == 0 {
            return match rest.iter().all(|byte| *byte == 0) {
                true => Ok(BlockEnd::Zeros(at)),
                false => Err((at, "a fragment without length and kind")),
            };
        }
        let Some((bytes, behind)) = bytes.split_at_checked(length) else {
            return match is_last && !fits_shorter(stored, kind, bytes) {
                true => Ok(BlockEnd::Torn),
                false => Err((at, "a fragment's length is wrong")),
            };
        };
        if masked(crc32c::crc32c_append(crc32c::crc32c(&[kind]), bytes)) != stored {
            return Err((at, "a fragment fails its checksum"));
        }
        if !KINDS.contains(&kind) {
            return Err((at, "a fragment is of no known kind"));
        }
        rest = behind;
    }
}

/// Does the checksum fit some part of the bytes that are there?
fn fits_shorter(stored: u32, kind: u8, bytes: &[u8]) -> bool {
    let mut so_far = crc32c::crc32c(&[kind]);
    if masked(so_far) == stored {
        return true;
    }
    bytes.iter().any(|byte| {
        so_far = crc32c::crc32c_append(so_far, &[*byte]);
        masked(so_far) == stored
    })
}

fn masked(checksum: u32) -> u32 {
    checksum.rotate_right(15).wrapping_add(MASK)
}
