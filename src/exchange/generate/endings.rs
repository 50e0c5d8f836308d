//! Which prices do shops write? Ends of prices by band and brand, and the rounding of a customer's price.
//!
//! Whole cents throughout; no floats.

/// 2^(i/32) in 2^-16.
const EXP2: [u64; 33] = [
    65536, 66971, 68438, 69936, 71468, 73032, 74632, 76266, 77936, 79642, 81386, 83169, 84990, 86851, 88752,
    90696, 92682, 94711, 96785, 98905, 101070, 103283, 105545, 107856, 110218, 112631, 115098, 117618,
    120194, 122825, 125515, 128263, 131072,
];

/// `value` times two to the power of `octaves` (in 2^-16), at least one.
#[must_use]
pub fn times_exp2(value: u64, octaves: i64) -> u64 {
    let whole = octaves.div_euclid(65_536);
    let part = u64::try_from(octaves.rem_euclid(65_536)).unwrap_or(0);
    let slot = usize::try_from(part >> 11).unwrap_or(0);
    let at = |slot: usize| EXP2.get(slot).copied().unwrap_or(131_072);
    let factor = at(slot) + ((at(slot + 1) - at(slot)) * (part & 0x7ff)) / 0x800;
    let scaled = value.saturating_mul(factor);
    let shifted = match u32::try_from(whole.unsigned_abs().min(40)) {
        Ok(up) if whole >= 0 => scaled.checked_shl(up).unwrap_or(u64::MAX) >> 16,
        Ok(down) => scaled >> (16 + down).min(63),
        Err(_) => scaled,
    };
    shifted.max(1)
}

/// How a brand likes its prices to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// On 0.05; thousands on 5.
    Fives,
    /// On 0.10; thousands on 10.
    Tens,
    /// On .99; thousands on 10 less 1.
    Charm,
}

impl Style {
    /// The style of a brand.
    #[must_use]
    pub fn of_brand(brand: u16) -> Self {
        match brand % 3 {
            0 => Self::Fives,
            1 => Self::Tens,
            _ => Self::Charm,
        }
    }

    /// The list price that a shop of this style writes for `cents`.
    #[must_use]
    pub fn shape(self, cents: u64) -> u64 {
        let (step, less) = match (cents, self) {
            (0..1_000, _) => (1, 0),
            (1_000..10_000, Self::Fives) => (5, 0),
            (1_000..10_000, Self::Tens) => (10, 0),
            (1_000..10_000, Self::Charm) => (100, 1),
            (10_000..100_000, _) => (100, 0),
            (_, Self::Fives) => (500, 0),
            (_, Self::Tens) => (1_000, 0),
            (_, Self::Charm) => (1_000, 100),
        };
        to_step(cents, 1, step) - less
    }
}

/// The steps in which prices are negotiated.
#[must_use]
pub fn negotiated_step(cents: u64) -> u64 {
    match cents {
        0..1_000 => 1,
        1_000..10_000 => 10,
        10_000..100_000 => 100,
        _ => 500,
    }
}

/// `scaled / scale` rounded half up to a multiple of `step`, at least one step.
#[must_use]
#[inline]
pub fn to_step(scaled: u64, scale: u64, step: u64) -> u64 {
    let unit = scale * step;
    ((2 * scaled + unit) / (2 * unit)).max(1) * step
}
