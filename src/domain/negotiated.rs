//! What is a negotiated price, and how much does it concede?

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::decimal::{MILLION, Micros};
use super::exact::Exact;

/// A price that was proposed for a line, without tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proposed {
    /// For one ordered unit.
    Unit(Micros),
    /// For all of the line.
    Amount(Micros),
}

impl Proposed {
    /// The figure.
    #[must_use]
    pub fn figure(self) -> Micros {
        match self {
            Self::Unit(price) | Self::Amount(price) => price,
        }
    }
}

/// By how much negotiation lowered goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Concession {
    /// The sum, in millionths.
    pub amount: i128,
    /// What all goods would have cost without it, in millionths.
    pub of: i128,
    /// The same two of the line that concedes most, where lines were negotiated: it may be accepted by itself. None where a total was,
    /// which is accepted whole.
    pub deepest: Option<(i128, i128)>,
}

impl Concession {
    /// Is anything conceded?
    #[must_use]
    pub fn is_some(&self) -> bool {
        self.amount > 0
    }

    /// What decides: of the line that concedes most, or of all goods.
    fn deciding(&self) -> (i128, i128) {
        self.deepest.unwrap_or((self.amount, self.of))
    }

    /// Is it at most so many percent? Compared exactly.
    #[must_use]
    pub fn is_within(&self, percent: Micros) -> bool {
        let (amount, of) = self.deciding();
        let most = Exact::millionths(of).times(&Exact::percent(percent));
        Exact::millionths(amount).compare(&most) != Ordering::Greater
    }

    /// In percent, in whole hundredths: rounded up, so that what is beyond a limit never looks as if it were within.
    #[must_use]
    pub fn percent(&self) -> Micros {
        const HUNDREDTH: i64 = MILLION / 100;
        let (amount, of) = self.deciding();
        let hundredths = Exact::ratio(amount, of).map(|share| share.times(&Exact::whole(10_000)));
        let down = hundredths.ok().and_then(|share| share.negated().floor_millionths());
        let up = down.map_or(0, |down| -down.div_euclid(i128::from(MILLION)));
        Micros(i64::try_from(up).unwrap_or(i64::MAX).saturating_mul(HUNDREDTH))
    }
}
