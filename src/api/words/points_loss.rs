//! Why are points not taken, in words?

use crate::pricing::points::PointsLoss;

use super::Phrase;

/// The sentence of a reason.
#[must_use]
pub fn phrase(reason: PointsLoss) -> Phrase {
    match reason {
        PointsLoss::Spendable => {
            Phrase::new("no more of them can be spent", "больше баллов потратить нельзя")
        }
        PointsLoss::Share => Phrase::new(
            "more than the programme's share of a cart",
            "больше доли корзины, которую допускает программа",
        ),
        PointsLoss::Goods => {
            Phrase::new("nothing more is left to take them off", "списывать баллы больше не с чего")
        }
        PointsLoss::Coins => Phrase::new(
            "worth no whole coin more, or no whole step",
            "не хватает на целую монету или на целый шаг",
        ),
        PointsLoss::Guard => {
            Phrase::new("a guard gave back what they took off", "снятое ими вернуло ограничение цены")
        }
    }
}
