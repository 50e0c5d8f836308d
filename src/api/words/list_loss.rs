//! Why did a price list not give the price, in words?

use crate::pricing::losers::LossReason;

use super::Phrase;

/// The sentence of a reason. `{0}` is the quantity that was missed or passed, or the list's amount; `{1}` the amount
/// that won.
#[must_use]
pub fn phrase(reason: LossReason) -> Phrase {
    match reason {
        LossReason::ConditionNotMet => {
            Phrase::new("its conditions are not met by the cart", "корзина не отвечает его условиям")
        }
        LossReason::NotInList => Phrase::new(
            "says nothing of the SKU, its categories or its brand",
            "нет ни артикула, ни его категорий, ни его марки",
        ),
        LossReason::OutsideWindow => {
            Phrase::new("has a price, but not at this instant", "цена есть, но не на этот момент")
        }
        LossReason::NoConversion => Phrase::new(
            "has a price in a unit that the SKU does not convert to",
            "цена есть, но в единице, в которую артикул не пересчитывается",
        ),
        LossReason::BelowFirstTier { .. } => {
            Phrase::new("begins at a quantity of {0}", "начинается с количества {0}")
        }
        LossReason::PastLadder { .. } => {
            Phrase::new("its tier ends at a quantity of {0}", "ступень кончается на количестве {0}")
        }
        LossReason::NoBasePrice => Phrase::new(
            "the list that its percentage is taken off has no price",
            "в прайс-листе, от которого берётся процент, нет цены",
        ),
        LossReason::NoExchangeRate => {
            Phrase::new("no exchange rate holds at this instant", "на этот момент нет курса валюты")
        }
        LossReason::NoIndexValue => {
            Phrase::new("its index has no value at this instant", "на этот момент нет значения индекса")
        }
        LossReason::NoTaxRate => Phrase::new(
            "its prices include tax, and no rate of the SKU's tax class is known",
            "цены включают налог, а ставка для налогового класса артикула неизвестна",
        ),
        LossReason::PriceNotPositive => {
            Phrase::new("its price comes out at zero or below", "цена получается не больше нуля")
        }
        LossReason::EarlierListTaken => {
            Phrase::new("an earlier list has the price", "цена взята из более раннего прайс-листа")
        }
        LossReason::HigherThan { .. } => {
            Phrase::new("gives {0}, which is not below {1}", "даёт {0}, что не ниже {1}")
        }
        LossReason::EndedByFinal => Phrase::new(
            "a final price of an earlier list ended the search",
            "поиск закончила окончательная цена более раннего прайс-листа",
        ),
    }
}
