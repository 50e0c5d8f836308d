//! Why do negotiated prices not do?

use crate::domain::decimal::Micros;

/// What is wrong with a price that was negotiated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NegotiationFault {
    /// It is not lower than what the line costs anyway.
    #[error("line \"{line}\": {proposed} is above the {without} that its goods cost without negotiation")]
    LineAbove {
        /// The line's id.
        line: String,
        /// What the line would come to.
        proposed: Micros,
        /// What it comes to without.
        without: Micros,
    },
    /// The line's cell takes no discount (rule L3).
    #[error("line \"{line}\": its price takes no discount: {proposed} can't take the place of {without}")]
    NoDiscount {
        /// The line's id.
        line: String,
        /// What the line would come to.
        proposed: Micros,
        /// What it comes to without.
        without: Micros,
    },
    /// An amount that is no whole number of the contract's least coin.
    #[error("line \"{line}\": {proposed} is no whole number of {coin}, which amounts are rounded to")]
    LineCoins {
        /// The line's id.
        line: String,
        /// As proposed.
        proposed: Micros,
        /// The coin.
        coin: Micros,
    },
    /// The line would come to a figure that does not fit.
    #[error("line \"{line}\": at {proposed} its amount is beyond ±9,223,372,036,854")]
    LineOverflow {
        /// The line's id.
        line: String,
        /// As proposed.
        proposed: Micros,
    },
    /// The total is not lower than what the goods cost anyway.
    #[error("the total {proposed} is above the {without} that the goods cost without negotiation")]
    TotalAbove {
        /// As proposed.
        proposed: Micros,
        /// What they come to without.
        without: Micros,
    },
    /// The total is less than what the lines come to that take no discount.
    #[error(
        "the total {proposed} can't be reached: lines that take no discount come to {fixed} by themselves"
    )]
    TotalBelow {
        /// As proposed.
        proposed: Micros,
        /// What those lines come to.
        fixed: Micros,
    },
    /// A total that is no whole number of the contract's least coin.
    #[error("the total {proposed} is no whole number of {coin}, which amounts are rounded to")]
    TotalCoins {
        /// As proposed.
        proposed: Micros,
        /// The coin.
        coin: Micros,
    },
}

impl NegotiationFault {
    /// The line that it is about; none where it is about the total.
    #[must_use]
    pub fn line(&self) -> Option<&str> {
        match self {
            Self::LineAbove { line, .. }
            | Self::NoDiscount { line, .. }
            | Self::LineCoins { line, .. }
            | Self::LineOverflow { line, .. } => Some(line),
            Self::TotalAbove { .. } | Self::TotalBelow { .. } | Self::TotalCoins { .. } => None,
        }
    }
}
