//! What must be told of a line, in words?

use crate::pricing::cart::LineNotice;

use super::Phrase;

/// The sentence of a notice. `{0}` is the rule or guard, or the tax class; the rest is what the notice's own line says.
#[must_use]
pub fn phrase(notice: LineNotice) -> Phrase {
    match notice {
        // Quantity, unit and SKU.
        LineNotice::FreeGoods { .. } => Phrase::new(
            "{1} {2} of {3} are added without charge: {0}",
            "без оплаты добавляется {1} {2} артикула {3}: {0}",
        ),
        LineNotice::NeedsApproval { .. } => Phrase::new("needs approval: {0}", "нужно согласование: {0}"),
        LineNotice::Clamped { .. } => Phrase::new("discounts are trimmed: {0}", "скидки урезаны: {0}"),
        LineNotice::BelowFloor { .. } => Phrase::new(
            "lower than allowed even without discounts: {0}",
            "ниже допустимого даже без скидок: {0}",
        ),
        // The amount.
        LineNotice::Lost { .. } => Phrase::new(
            "{1} is lost, because nothing more was left to take it off: {0}",
            "потеряно {1}, потому что снижать больше нечего: {0}",
        ),
        LineNotice::Untaxed => Phrase::new(
            "no tax rate is known for tax class \"{0}\"",
            "для налогового класса \"{0}\" ставка налога неизвестна",
        ),
    }
}
