//! Where does chance come from? From a small generator of our own, so that a seed means the same data for ever.
//!
//! xoshiro256++ (Blackman and Vigna, 2019, public domain), seeded by splitmix64. Not for secrets.

/// A probability in 2^-32: `1 << 32` is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chance(u64);

/// What is certain.
const CERTAIN: u64 = 1 << 32;

impl Chance {
    /// So many of a thousand.
    #[must_use]
    pub const fn per_mille(count: u32) -> Self {
        // Widening: `From` is not const.
        Self::ratio(count as u64, 1_000)
    }

    /// `part` of `whole`, at most one.
    #[must_use]
    pub const fn ratio(part: u64, whole: u64) -> Self {
        if whole == 0 || part >= whole {
            return Self(CERTAIN);
        }
        Self(part.saturating_mul(CERTAIN) / whole)
    }

    /// In 2^-32.
    #[must_use]
    pub const fn raw(self) -> u64 {
        self.0
    }

    /// The probability of the contrary, in 2^-32.
    #[must_use]
    pub const fn contrary(self) -> Self {
        Self(CERTAIN - self.0)
    }

    /// Times `percent` of a hundred, at most one.
    #[must_use]
    pub fn times_percent(self, percent: u32) -> Self {
        Self((self.0.saturating_mul(u64::from(percent)) / 100).min(CERTAIN))
    }
}

/// Turns one number into another that looks unrelated (splitmix64's finaliser).
#[must_use]
pub fn scramble(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// xoshiro256++.
#[derive(Debug, Clone)]
pub struct Prng([u64; 4]);

impl Prng {
    /// The stream `number` of the kind `stream` under a seed: streams may be drawn from in any order.
    #[must_use]
    pub fn new(seed: u64, stream: u64, number: u64) -> Self {
        let mut state = scramble(scramble(scramble(seed) ^ stream) ^ number);
        Self([(); 4].map(|()| {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            scramble(state)
        }))
    }

    /// 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        result
    }

    /// A number below `bound` (zero for a bound of zero), uniform but for a bias under 2^-32 of `bound`.
    #[inline]
    pub fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(((self.bits() >> 32) * u64::from(bound)) >> 32).unwrap_or(0)
    }

    /// True with this probability.
    #[inline]
    pub fn hits(&mut self, chance: Chance) -> bool {
        (self.bits() >> 32) < chance.0
    }

    /// One of the weighted choices, by position.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let total: u32 = weights.clone().sum();
        let mut rest = self.below(total);
        for (position, weight) in weights.enumerate() {
            match rest.checked_sub(weight) {
                None => return position,
                Some(less) => rest = less,
            }
        }
        0
    }

    /// Bell-shaped, mean zero, standard deviation 65,536, within four deviations: the sum of twelve uniforms.
    pub fn bell(&mut self) -> i64 {
        let lane = |word: u64, shift: u32| i64::try_from((word >> shift) & 0xffff).unwrap_or(0);
        let sum: i64 = [self.bits(), self.bits(), self.bits()]
            .iter()
            .map(|word| lane(*word, 0) + lane(*word, 16) + lane(*word, 32) + lane(*word, 48))
            .sum();
        sum - 6 * 65_536
    }

    /// Puts the items into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.below(u32::try_from(last + 1).unwrap_or(u32::MAX));
            items.swap(last, usize::try_from(other).unwrap_or(0));
        }
    }
}
