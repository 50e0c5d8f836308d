//! Why has a line no price, in words?

use crate::pricing::cart::LineStatus;

use super::Phrase;

/// The sentence of a status. `{0}` is the list, the digits, the least or the nearest lower quantity; `{1}` the nearest
/// higher one.
#[must_use]
pub fn phrase(status: LineStatus) -> Phrase {
    match status {
        LineStatus::Priced => Phrase::new("", ""),
        LineStatus::UnknownSku => Phrase::new("no SKU has this id", "артикула с таким кодом нет"),
        LineStatus::UnknownUnit => {
            Phrase::new("the SKU is not sold in this unit", "артикул не продаётся в этой единице")
        }
        LineStatus::NoPrice => Phrase::new(
            "no list of the contract has a price at this instant, in this unit and quantity",
            "ни в одном прайс-листе договора нет цены на этот момент для этой единицы и этого количества",
        ),
        LineStatus::NoPriceFinal { .. } => Phrase::new(
            "a final price does not cover the quantity (list {0})",
            "окончательная цена не покрывает это количество (прайс-лист {0})",
        ),
        LineStatus::QuantityNotPositive => {
            Phrase::new("the quantity is zero or below", "количество не больше нуля")
        }
        LineStatus::QuantityTooPrecise { .. } => Phrase::new(
            "the unit allows {0} digits after the point",
            "в этой единице допустимо знаков после точки: {0}",
        ),
        LineStatus::BelowMinimum { .. } => {
            Phrase::new("the least quantity is {0}", "наименьшее количество: {0}")
        }
        LineStatus::OffMultiple { below, .. } if below.0 == 0 => Phrase::new(
            "off the order multiple: the nearest right quantity is {1}",
            "не кратно упаковке: ближайшее верное количество {1}",
        ),
        LineStatus::OffMultiple { .. } => Phrase::new(
            "off the order multiple: the nearest right quantities are {0} and {1}",
            "не кратно упаковке: ближайшие верные количества {0} и {1}",
        ),
        LineStatus::NoBasePrice { .. } => Phrase::new(
            "the list that a percentage is taken off has no price (list {0})",
            "в прайс-листе, от которого берётся процент, нет цены (прайс-лист {0})",
        ),
        LineStatus::NoExchangeRate { .. } => Phrase::new(
            "no exchange rate holds at this instant (list {0})",
            "на этот момент нет курса валюты (прайс-лист {0})",
        ),
        LineStatus::NoIndexValue { .. } => Phrase::new(
            "the formula's index has no value at this instant (list {0})",
            "на этот момент нет значения индекса из формулы (прайс-лист {0})",
        ),
        LineStatus::PriceNotPositive { .. } => Phrase::new(
            "the price comes out at zero or below (list {0})",
            "цена получается не больше нуля (прайс-лист {0})",
        ),
        LineStatus::NoTaxRate { .. } => Phrase::new(
            "its prices include tax, and no rate of the SKU's tax class is known (list {0})",
            "цены включают налог, а ставка для налогового класса артикула неизвестна (прайс-лист {0})",
        ),
        LineStatus::NotEligible { .. } => {
            Phrase::new("the contract may not buy it", "по договору это купить нельзя")
        }
        LineStatus::NoSuchService => Phrase::new(
            "asks for a service that is not sold with this SKU",
            "запрошена услуга, которую с этим артикулом не продают",
        ),
        LineStatus::Overflow => {
            Phrase::new("a figure is beyond ±9,223,372,036,854", "число выходит за ±9 223 372 036 854")
        }
    }
}
