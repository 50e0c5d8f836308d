//! How much is tried? A tenth of the large counts, or all of them with `QUOIN_PROVE=1`; the seed is printed.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use proptest::test_runner::{Config, RngSeed};

pub fn prove() -> bool {
    std::env::var_os("QUOIN_PROVE").is_some_and(|set| set == "1")
}

/// `whole`, or a tenth of it.
pub fn count(whole: u32) -> u32 {
    if prove() { whole } else { whole.div_ceil(10) }
}

/// This run's seed: `QUOIN_SEED`, or one taken from the clock; printed once.
pub fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var("QUOIN_SEED").ok().and_then(|text| text.parse().ok());
        #[allow(clippy::disallowed_methods, reason = "a test's seed, not a price")]
        let clock = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos().into();
        let seed = given.unwrap_or_else(clock);
        println!("seed of this run: QUOIN_SEED={seed}");
        seed
    })
}

/// Property tests with a share of `whole` cases.
pub fn cases(whole: u32) -> Config {
    Config {
        cases: count(whole),
        rng_seed: RngSeed::Fixed(seed()),
        failure_persistence: None,
        ..Config::default()
    }
}

/// Numbers drawn from this run's seed (SplitMix64, Steele, Lea and Flood 2014).
pub struct Draws(u64);

impl Draws {
    /// Tests that draw beside each other take streams of their own.
    pub fn new(stream: u64) -> Self {
        Self(seed() ^ stream.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From zero, below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end).unwrap()).unwrap()
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
    }
}
