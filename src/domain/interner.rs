//! Which number has this external id? A look-up of one cache line, and for many ids at once of many cache lines at a time.
//!
//! Ids of up to 15 bytes, nearly all, are compared as two words beside their number; longer ones live in a map. The short ones
//! lie in buckets of a cache line each, so that what an id waits for is known from its hash alone.

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use std::hash::BuildHasher;

/// Longest id that is kept inline.
const INLINE_BYTES: usize = 15;
/// Ids of a bucket.
const SLOTS: usize = 3;
/// Of a hundred slots so many are taken at most, and after growing half of them.
const FULL_PERCENT: usize = 70;

/// An id of 1 to 15 bytes, its length in the last one. No id is all zero.
type Key = [u64; 2];

/// Ids that lie together; a free slot has a key of zeros, and those behind it are free as well.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    keys: [Key; SLOTS],
    numbers: [u32; SLOTS],
}

/// External id to number, append-only.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    buckets: Vec<Bucket>,
    taken: usize,
    long: HashMap<Box<str>, u32, FixedState>,
}

#[inline]
fn inline_key(code: &str) -> Option<Key> {
    let bytes = code.as_bytes();
    if bytes.is_empty() || bytes.len() > INLINE_BYTES {
        return None;
    }
    let mut packed = [0_u8; 16];
    packed.get_mut(..bytes.len())?.copy_from_slice(bytes);
    // The length in the last byte keeps "a" apart from "a\0", though control characters are refused anyway.
    if let Some(last) = packed.last_mut() {
        *last = u8::try_from(bytes.len()).ok()?;
    }
    let (words, _) = packed.as_chunks::<8>();
    let [low, high] = words else { return None };
    Some([u64::from_le_bytes(*low), u64::from_le_bytes(*high)])
}

#[inline]
fn hash_of([low, high]: Key) -> u64 {
    FixedState::with_seed(0x9e37_79b9).hash_one((low, high))
}

/// Which of `count` buckets an id comes to first.
#[inline]
fn place_of(key: Key, count: usize) -> usize {
    let spread = u128::from(hash_of(key)) * u128::from(u64::try_from(count).unwrap_or(u64::MAX));
    usize::try_from(spread >> 64).unwrap_or(0)
}

impl Bucket {
    /// The number of an id; an error says whether it may be in the next bucket.
    #[inline]
    fn find(&self, key: Key) -> Result<u32, bool> {
        // Word by word: two arrays may be compared by a call of the C library.
        match self.keys.iter().position(|[low, high]| *low == key[0] && *high == key[1]) {
            Some(slot) => self.numbers.get(slot).copied().ok_or(false),
            None => Err(self.keys.last().is_some_and(|[low, high]| *low != 0 || *high != 0)),
        }
    }
}

impl Interner {
    /// With room for so many ids.
    #[must_use]
    pub fn with_room_for(ids: usize) -> Self {
        Self { buckets: vec![Bucket::default(); buckets_for(ids)], ..Self::default() }
    }

    /// The number of `code`.
    #[must_use]
    pub fn get(&self, code: &str) -> Option<u32> {
        match inline_key(code) {
            Some(key) => self.short(key, place_of(key, self.buckets.len())),
            None => self.long.get(code).copied(),
        }
    }

    /// The numbers of many, in their order; none where there is no id. What misses the processor's cache is waited for by all of them at
    /// once.
    #[must_use]
    pub fn get_all<'c>(&self, codes: impl Iterator<Item = Option<&'c str>> + Clone) -> Vec<Option<u32>> {
        let count = self.buckets.len();
        let sought = |code: Option<&str>| code.and_then(inline_key).map(|key| (key, place_of(key, count)));
        let sought: Vec<Option<(Key, usize)>> = codes.clone().map(sought).collect();
        let touch = |place: &(Key, usize)| self.buckets.get(place.1).map_or(0, |bucket| bucket.numbers[0]);
        std::hint::black_box(sought.iter().flatten().map(touch).fold(0, |sum, number| sum ^ number));
        let found = |(sought, code): (&Option<(Key, usize)>, Option<&str>)| match sought {
            Some((key, place)) => self.short(*key, *place),
            None => self.long.get(code?).copied(),
        };
        sought.iter().zip(codes).map(found).collect()
    }

    #[inline]
    fn short(&self, key: Key, place: usize) -> Option<u32> {
        let (before, from) = self.buckets.split_at_checked(place)?;
        for bucket in from.iter().chain(before) {
            match bucket.find(key) {
                Ok(number) => return Some(number),
                Err(true) => {}
                Err(false) => return None,
            }
        }
        None
    }

    /// Remembers `code`; the caller has made sure that it is new.
    pub fn insert(&mut self, code: &str, number: u32) {
        let Some(key) = inline_key(code) else {
            self.long.insert(code.into(), number);
            return;
        };
        if (self.taken + 1) * 100 > self.buckets.len() * SLOTS * FULL_PERCENT {
            self.grow();
        }
        self.put(key, number);
    }

    fn put(&mut self, key: Key, number: u32) {
        let place = place_of(key, self.buckets.len());
        let (before, from) = self.buckets.split_at_mut(place);
        for bucket in from.iter_mut().chain(before) {
            let mut slots = bucket.keys.iter_mut().zip(&mut bucket.numbers);
            if let Some((free, slot)) = slots.find(|(known, _)| **known == Key::default()) {
                (*free, *slot) = (key, number);
                self.taken += 1;
                return;
            }
        }
    }

    fn grow(&mut self) {
        let larger = Self::with_room_for((self.taken + 1) * 2);
        let small = std::mem::replace(&mut self.buckets, larger.buckets);
        self.taken = 0;
        for bucket in small {
            for (key, number) in bucket.keys.into_iter().zip(bucket.numbers) {
                if key != Key::default() {
                    self.put(key, number);
                }
            }
        }
    }

    /// How many ids there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.taken + self.long.len()
    }

    /// No id at all?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Buckets that so many ids leave room in.
fn buckets_for(ids: usize) -> usize {
    (ids * 100).div_ceil(SLOTS * FULL_PERCENT) + 1
}

#[cfg(test)]
mod tests {
    use super::{Bucket, Interner, inline_key, place_of};

    /// As ERPs number them: few ids are looked for beyond the bucket that their hash names, and none far from it.
    #[test]
    fn ids_that_count_up_lie_where_they_are_looked_for() {
        const COUNT: u32 = 100_000;
        let families: [fn(u32) -> String; 8] = [
            |number| format!("C-{number:05}"),
            |number| format!("L-C-{number:05}"),
            |number| format!("{number}"),
            |number| format!("{number:010}"),
            |number| format!("INS-{number:06}"),
            |number| format!("{}-{}", number % 317, number / 317),
            |number| format!("{number:x}000000"),
            |number| format!("A{:03}B{:04}", number % 1_000, number / 1_000),
        ];
        for (family, code) in families.iter().enumerate() {
            let mut interner = Interner::default();
            for number in 0..COUNT {
                interner.insert(&code(number), number);
            }
            let (mut beyond, mut farthest) = (0, 0);
            for number in 0..COUNT {
                let key = inline_key(&code(number)).unwrap();
                let place = place_of(key, interner.buckets.len());
                let from = interner.buckets[place..].iter().chain(&interner.buckets);
                let walked = from.take_while(|bucket: &&Bucket| bucket.find(key).is_err()).count();
                beyond += usize::from(walked > 0);
                farthest = farthest.max(walked);
            }
            assert!(farthest <= 12, "family {family}: {farthest} buckets away");
            assert!(beyond * 100 <= usize::try_from(COUNT).unwrap() * 25, "family {family}: {beyond} beyond");
        }
    }

    /// Short and long ones, through several growths; what was never put is not found.
    #[test]
    fn every_id_has_its_number() {
        let code = |number: u32| match number % 5 {
            0 => format!("{number}"),
            1 => format!("a quite long code of {number}"),
            2 => format!("SKU-{number:011}"),
            3 => format!("{number:x}\u{e9}"),
            _ => format!("P{number}-S"),
        };
        let mut interner = Interner::default();
        assert_eq!((interner.get(""), interner.get("0")), (None, None));
        for number in 0..20_000 {
            interner.insert(&code(number), number);
        }
        assert_eq!(interner.len(), 20_000);
        let asked: Vec<String> = (0..40_000).map(code).collect();
        let of_all = interner.get_all(asked.iter().map(|code| Some(code.as_str())).chain([None, Some("")]));
        for (number, code) in (0..).zip(&asked) {
            let expected = (number < 20_000).then_some(number);
            assert_eq!(interner.get(code), expected, "{code}");
            assert_eq!(of_all[usize::try_from(number).unwrap()], expected, "{code}");
        }
        assert_eq!(of_all[40_000..], [None, None]);
    }
}
