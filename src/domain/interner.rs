//! Which number has this external id? A look-up of one or two cache lines.
//!
//! Ids of up to 15 bytes, nearly all, are compared as two words beside their number; longer ones live in a map.

use foldhash::fast::FixedState;
use hashbrown::{HashMap, HashTable};

use std::hash::BuildHasher;

/// Longest id that is kept inline.
const INLINE_BYTES: usize = 15;

#[derive(Debug, Clone, Copy)]
struct Short {
    key: [u64; 2],
    number: u32,
}

/// External id to number, append-only.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    short: HashTable<Short>,
    long: HashMap<Box<str>, u32, FixedState>,
}

fn inline_key(code: &str) -> Option<[u64; 2]> {
    let bytes = code.as_bytes();
    if bytes.len() > INLINE_BYTES {
        return None;
    }
    let mut packed = [0_u8; 16];
    packed.get_mut(..bytes.len())?.copy_from_slice(bytes);
    // The length in the last byte keeps "a" apart from "a\0", though control characters are refused anyway.
    if let Some(last) = packed.last_mut() {
        *last = u8::try_from(bytes.len()).ok()?;
    }
    let whole = u128::from_le_bytes(packed);
    let low = u64::try_from(whole & u128::from(u64::MAX)).ok()?;
    let high = u64::try_from(whole >> 64).ok()?;
    Some([low, high])
}

fn hash_of(key: [u64; 2]) -> u64 {
    FixedState::with_seed(0x9e37_79b9).hash_one(key)
}

impl Interner {
    /// The number of `code`.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<u32> {
        match inline_key(code) {
            Some(key) => self.short.find(hash_of(key), |entry| entry.key == key).map(|entry| entry.number),
            None => self.long.get(code).copied(),
        }
    }

    /// Remembers `code`; the caller has made sure that it is new.
    pub fn insert(&mut self, code: &str, number: u32) {
        match inline_key(code) {
            Some(key) => {
                self.short.insert_unique(hash_of(key), Short { key, number }, |entry| hash_of(entry.key));
            }
            None => {
                self.long.insert(code.into(), number);
            }
        }
    }

    /// How many ids there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// No id at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
