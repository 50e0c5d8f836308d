//! How far is the next tier, in words?

use crate::policy::syntax::RuleLayer;

use super::Phrase;

/// Where there is no next tier.
pub const LAST: Phrase = Phrase::new("the last tier is reached", "достигнута последняя ступень");

/// Of a period that is over: `{0}` is what was missing.
pub const MISSED: Phrase = Phrase::new(
    "{0} was missing to the next tier in the previous period",
    "в прошлом периоде до следующей ступени не хватило {0}",
);

/// What reaching it is worth: `{0}` is the sentence before, `{1}` the amount.
pub const WORTH: Phrase = Phrase::new("{0}, worth {1}", "{0}, это даст {1}");

/// The way to the next tier of a rule of this layer: `{0}` is how far it is.
#[must_use]
pub fn way(layer: RuleLayer) -> Phrase {
    match layer {
        RuleLayer::Contract => Phrase::new("{0} to the next price", "до следующей цены: {0}"),
        RuleLayer::Volume | RuleLayer::Order | RuleLayer::Loyalty => {
            Phrase::new("{0} to the next discount", "до следующей скидки: {0}")
        }
        RuleLayer::Surcharge => Phrase::new("{0} to the next tier", "до следующей ступени: {0}"),
    }
}
