//! How is something drawn by chance? From a seeded stream, so that a run can be repeated.

use quoin::domain::decimal::Micros;
use quoin::exchange::generate::prng::Prng;

/// A stream of chance.
pub struct Dice(Prng);

impl Dice {
    /// The stream of this number under a seed.
    pub fn new(seed: u64, number: u64) -> Self {
        Self(Prng::new(seed, 0x706f_6c69, number))
    }

    /// From `least` to `most`, each included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + i64::from(self.0.below(u32::try_from(most - least + 1).unwrap()))
    }

    /// So many of a hundred times.
    pub fn percent(&mut self, chance: i64) -> bool {
        self.between(1, 100) <= chance
    }

    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.at(from.len())]
    }

    pub fn word(&mut self, from: &[&str]) -> String {
        (*self.pick(from)).to_owned()
    }

    /// A position among so many.
    pub fn at(&mut self, count: usize) -> usize {
        usize::try_from(self.0.below(u32::try_from(count).unwrap())).unwrap()
    }

    /// One of the choices, each with its weight.
    pub fn weighted<T: Copy>(&mut self, choices: &[(u32, T)]) -> T {
        choices[self.0.weighted(choices.iter().map(|(weight, _)| *weight))].1
    }

    /// From one to `most` different ones of these, in their order.
    pub fn some(&mut self, from: &[&str], most: usize) -> Vec<String> {
        let count = 1 + self.at(most.min(from.len()));
        let mut left: Vec<&str> = from.to_vec();
        while left.len() > count {
            left.remove(self.at(left.len()));
        }
        left.into_iter().map(str::to_owned).collect()
    }

    /// Something, so many of a hundred times.
    pub fn maybe<T>(&mut self, chance: i64, draw: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.percent(chance) { Some(draw(self)) } else { None }
    }

    /// A number from `least` to `most` with so many digits after the point.
    pub fn decimal(&mut self, least: i64, most: i64, digits: u32) -> Micros {
        let scale = 10_i64.pow(digits);
        Micros(self.between(least * scale, most * scale) * 10_i64.pow(6 - digits))
    }

    /// Mostly whole, sometimes with a few digits.
    pub fn mostly_whole(&mut self, least: i64, most: i64) -> Micros {
        let digits = self.weighted(&[(6, 0), (2, 1), (1, 3)]);
        self.decimal(least, most, digits)
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        self.0.shuffle(items);
    }
}
