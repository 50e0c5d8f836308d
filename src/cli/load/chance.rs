//! What is drawn, and how? Times between arrivals, sizes of carts, contracts and SKUs: in whole numbers, so that a seed
//! means the same load on every machine.

use crate::exchange::generate::prng::Prng;

/// Keeps the streams of chance of a load apart from those of generated data.
const STREAM: u64 = 7_001;
/// Steps of a probability.
const PARTS: u32 = 1_000_000;
/// Of so many carts in a million, the largest has so many lines: those of a year of invoices of a wholesaler of building
/// materials, nearly log-normal with a median of 15 and a deviation of 1.15; nobody orders more than 5,000 lines.
const SIZES: [(u32, u32); 12] = [
    (0, 1),
    (100_000, 3),
    (250_000, 7),
    (500_000, 15),
    (750_000, 32),
    (900_000, 65),
    (950_000, 99),
    (990_000, 217),
    (999_000, 522),
    (999_900, 1_074),
    (999_990, 2_000),
    (PARTS, 5_000),
];
/// Bits behind the point of a logarithm.
const LOG_BITS: u32 = 32;
/// The natural logarithm of two, with as many bits.
const LN_2: u64 = 2_977_044_471;

/// The binary logarithm of a number from 1 on, with [`LOG_BITS`] bits behind the point.
pub fn log2(number: u64) -> u64 {
    let number = number.max(1);
    let whole = number.ilog2();
    // The number as 1.xxx, with 63 bits behind the point.
    let mut rest = u128::from(number) << (63 - whole);
    let mut log = u64::from(whole);
    for _ in 0..LOG_BITS {
        rest = (rest * rest) >> 63;
        log <<= 1;
        if rest >= 1 << 64 {
            rest >>= 1;
            log |= 1;
        }
    }
    log
}

/// A source of chance: the same seed and number give the same draws.
pub struct Chance(Prng);

impl Chance {
    /// The stream of this number.
    pub fn new(seed: u64, number: u64) -> Self {
        Self(Prng::new(seed, STREAM, number))
    }

    /// Below a bound.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0.below(bound)
    }

    /// Nanoseconds to the next arrival of a Poisson process that has one in `mean` nanoseconds.
    pub fn gap(&mut self, mean: u64) -> u64 {
        // Minus the logarithm of a number between 0 and 1, which is 64 less that of its numerator over 2^64.
        let halvings = (64 << LOG_BITS) - log2(self.0.bits());
        let scaled = u128::from(halvings) * u128::from(LN_2) * u128::from(mean);
        u64::try_from(scaled >> (2 * LOG_BITS)).unwrap_or(u64::MAX)
    }

    /// Lines of a cart as invoices have them.
    pub fn lines(&mut self) -> u32 {
        let part = self.0.below(PARTS);
        let place = SIZES.partition_point(|(share, _)| *share <= part).clamp(1, SIZES.len() - 1);
        let (Some((from, least)), Some((to, most))) = (SIZES.get(place - 1), SIZES.get(place)) else {
            return 1;
        };
        let within = u64::from(part - from) * u64::from(most - least) / u64::from(to - from);
        least + u32::try_from(within).unwrap_or_default()
    }
}

/// Which of several is asked for, where the first is asked for most: the second half as often, the third a third as often.
#[derive(Debug, Clone)]
pub struct Zipf(Vec<u64>);

impl Zipf {
    /// Over so many.
    pub fn new(count: usize) -> Self {
        let ranks = 1..=u64::try_from(count).unwrap_or(u64::MAX);
        let sums = ranks.scan(0_u64, |sum, rank| {
            *sum += (1 << 32) / rank;
            Some(*sum)
        });
        Self(sums.collect())
    }

    /// One of them.
    pub fn draw(&self, chance: &mut Chance) -> usize {
        let whole = self.0.last().copied().unwrap_or(1);
        let drawn = u128::from(chance.0.bits()) * u128::from(whole);
        let drawn = u64::try_from(drawn >> 64).unwrap_or_default();
        self.0.partition_point(|sum| *sum <= drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::{Chance, LOG_BITS, Zipf, log2};

    #[test]
    fn logarithms() {
        let one = 1_u64 << LOG_BITS;
        assert_eq!([1, 2, 1 << 40].map(log2), [0, one, 40 * one]);
        // log2(10) = 3.321928094887362...
        let ten = log2(10);
        let tenths = (u128::from(ten) * 1_000_000_000) >> LOG_BITS;
        assert_eq!(tenths, 3_321_928_094);
        assert!(log2(u64::MAX) <= 64 * one);
    }

    #[test]
    fn carts_are_as_large_as_those_of_invoices() {
        let mut chance = Chance::new(1, 0);
        let mut sizes: Vec<u32> = (0..200_000).map(|_| chance.lines()).collect();
        sizes.sort_unstable();
        let at = |share: usize| sizes[sizes.len() * share / 1_000];
        assert!((14..=16).contains(&at(500)), "median {}", at(500));
        assert!((205..=230).contains(&at(990)), "99th percentile {}", at(990));
        assert!((60..=70).contains(&at(900)), "90th percentile {}", at(900));
        assert_eq!(sizes[0], 1);
        let largest = sizes[sizes.len() - 1];
        assert!((1_000..=5_000).contains(&largest), "largest {largest}");
    }

    #[test]
    fn arrivals_are_as_far_apart_as_chance_has_them() {
        let mut chance = Chance::new(2, 0);
        let mut gaps: Vec<u64> = (0..200_000).map(|_| chance.gap(1_000_000)).collect();
        gaps.sort_unstable();
        let mean = gaps.iter().sum::<u64>() / 200_000;
        assert!((990_000..1_010_000).contains(&mean), "mean {mean}");
        // Of an exponential distribution, the median is ln 2 and the 99th percentile ln 100 of the mean.
        for (share, expected) in [(500, 693_147), (990, 4_605_170)] {
            let found = gaps[gaps.len() * share / 1_000];
            assert!(found.abs_diff(expected) < expected / 50, "{share}: {found}");
        }
    }

    #[test]
    fn the_first_is_asked_for_most() {
        let (zipf, mut chance) = (Zipf::new(1_000), Chance::new(3, 0));
        let mut counts = vec![0_u32; 1_000];
        for _ in 0..200_000 {
            counts[zipf.draw(&mut chance)] += 1;
        }
        // The sum of 1/k to 1,000 is 7.4855: the first has 13.36 of a hundred.
        assert!(counts[0].abs_diff(26_718) < 600, "{}", counts[0]);
        assert!(counts[1].abs_diff(13_359) < 500 && counts[9].abs_diff(2_672) < 250, "{:?}", &counts[..10]);
        assert_eq!(Zipf::new(1).draw(&mut chance), 0);
    }

    #[test]
    fn a_seed_means_the_same_load_for_ever() {
        let mut chance = Chance::new(1, 0);
        let drawn = (0..5).map(|_| (chance.lines(), chance.gap(1_000))).collect::<Vec<_>>();
        let mut again = Chance::new(1, 0);
        assert_eq!((0..5).map(|_| (again.lines(), again.gap(1_000))).collect::<Vec<_>>(), drawn);
        let mut other = Chance::new(1, 1);
        assert_ne!((0..5).map(|_| (other.lines(), other.gap(1_000))).collect::<Vec<_>>(), drawn);
    }
}
