//! How does a price or benefit depend on a measure? Tiers in two modes, with ends (rules T1 to T5).

use serde::{Deserialize, Serialize};

use super::decimal::Micros;

/// Most tiers of one ladder.
pub const TIERS_MAX: usize = 64;

/// How the tiers share the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum TierMode {
    /// The tier with the greatest lower bound that is reached prices the whole measure (T1).
    #[default]
    Volume,
    /// Each portion is priced at its own tier; the lower bound is what stays below (T2).
    Graduated,
}

/// Over what a ladder measures (T5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Over {
    /// The line alone.
    #[default]
    Line,
    /// All lines of the same SKU in the cart.
    Sku,
}

/// One tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tier<V> {
    /// `from` (volume: included) or `above` (graduated: excluded), in the cell's unit.
    pub lower: Micros,
    /// Last measure of the tier, included; `None` is open.
    pub upper: Option<Micros>,
    /// What holds there.
    pub value: V,
}

/// Tiers in ascending order, checked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ladder<V> {
    mode: TierMode,
    over: Over,
    tiers: Vec<Tier<V>>,
}

/// Why tiers make no ladder. Positions count from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// No tier at all.
    #[error("has no tier")]
    Empty,
    /// Over [`TIERS_MAX`].
    #[error("has more than 64 tiers")]
    TooMany,
    /// A bound below zero.
    #[error("tier {0} has a negative bound")]
    Negative(usize),
    /// Two tiers with one lower bound, or descending ones.
    #[error("tier {0} does not begin after the tier before it")]
    OutOfOrder(usize),
    /// Its end is not after its begin.
    #[error("tier {0} ends before it begins")]
    EmptyTier(usize),
    /// It runs into the next one.
    #[error("tier {0} begins before the tier before it has ended")]
    Overlap(usize),
    /// Graduated tiers with nothing said of what lies between.
    #[error("tier {0} does not begin where the tier before it ends: graduated tiers have no gaps")]
    Gap(usize),
}

impl<V> Ladder<V> {
    /// One tier from zero to any measure.
    #[must_use]
    pub fn flat(value: V) -> Self {
        Self {
            mode: TierMode::Volume,
            over: Over::Line,
            tiers: vec![Tier { lower: Micros::ZERO, upper: None, value }],
        }
    }

    /// Checked tiers, which must come in ascending order.
    ///
    /// # Errors
    /// The first tier that does not fit those before it.
    pub fn new(mode: TierMode, over: Over, tiers: Vec<Tier<V>>) -> Result<Self, LadderError> {
        if tiers.is_empty() {
            return Err(LadderError::Empty);
        }
        if tiers.len() > TIERS_MAX {
            return Err(LadderError::TooMany);
        }
        let mut before: Option<&Tier<V>> = None;
        for (position, tier) in tiers.iter().enumerate() {
            if tier.lower.is_negative() {
                return Err(LadderError::Negative(position));
            }
            let too_low = |end: Micros| match mode {
                TierMode::Volume => end < tier.lower,
                TierMode::Graduated => end <= tier.lower,
            };
            if tier.upper.is_some_and(too_low) {
                return Err(LadderError::EmptyTier(position));
            }
            if let Some(before) = before {
                if before.lower >= tier.lower {
                    return Err(LadderError::OutOfOrder(position));
                }
                match before.upper {
                    Some(end) if end > tier.lower => return Err(LadderError::Overlap(position)),
                    Some(end) if end < tier.lower && mode == TierMode::Graduated => {
                        return Err(LadderError::Gap(position));
                    }
                    _ => {}
                }
            }
            before = Some(tier);
        }
        Ok(Self { mode, over, tiers })
    }

    /// The mode.
    #[must_use]
    pub fn mode(&self) -> TierMode {
        self.mode
    }

    /// What is measured.
    #[must_use]
    pub fn over(&self) -> Over {
        self.over
    }

    /// The tiers, ascending.
    #[must_use]
    pub fn tiers(&self) -> &[Tier<V>] {
        &self.tiers
    }

    /// One open tier from zero, measured over the line, `volume`?
    #[must_use]
    pub fn is_flat(&self) -> bool {
        self.mode == TierMode::Volume
            && self.over == Over::Line
            && matches!(self.tiers.as_slice(), [tier] if tier.lower == Micros::ZERO && tier.upper.is_none())
    }
}
