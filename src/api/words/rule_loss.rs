//! Why did a rule give nothing, in words?

use crate::pricing::losers::RuleLoss;

use super::Phrase;

const HELD: Phrase =
    Phrase::new("is lost while debts are overdue", "не действует, пока есть просроченная задолженность");
const NOT_HELD: Phrase = Phrase::new(
    "is for overdue debts, of which there are none that count",
    "действует только при просроченной задолженности, а такой нет",
);
const NOT_TOGETHER: Phrase = Phrase::new(
    "no complete set of its goods in the cart has this line",
    "в корзине нет полного набора его товаров с этой строкой",
);

/// The sentence of a reason. `{0}` and `{1}` are what the reason's own line says.
#[must_use]
pub fn phrase(reason: RuleLoss) -> Phrase {
    match reason {
        RuleLoss::Channel => Phrase::new("is for another channel", "действует для другого канала"),
        RuleLoss::Warehouse => Phrase::new("is for another warehouse", "действует для другого склада"),
        RuleLoss::DeliveryBasis => {
            Phrase::new("is for another delivery basis", "действует для другого базиса поставки")
        }
        RuleLoss::Fulfilment => Phrase::new(
            "is for another fulfilment, from stock or to order",
            "действует для другого исполнения, со склада или под заказ",
        ),
        RuleLoss::PaymentTerms => {
            Phrase::new("is for other payment terms", "действует для других условий оплаты")
        }
        RuleLoss::Coupon => {
            Phrase::new("needs a coupon that the cart does not have", "нужен купон, которого в корзине нет")
        }
        // The levels that it asks for.
        RuleLoss::Level => {
            Phrase::new("is for the level {0}, which is not held", "действует для уровня {0}, которого нет")
        }
        RuleLoss::Held => HELD,
        RuleLoss::NotHeld => NOT_HELD,
        RuleLoss::FirstOrder => {
            Phrase::new("the order is or is not the first", "зависит от того, первый ли это заказ")
        }
        RuleLoss::OutsideDates => Phrase::new("outside its dates or weekdays", "вне срока или дней недели"),
        // The characteristics that it asks for.
        RuleLoss::Characteristic => Phrase::new(
            "asks for other characteristics of the line: {0}",
            "нужны другие характеристики строки: {0}",
        ),
        RuleLoss::NotTogether => NOT_TOGETHER,
        // The rule's currency and the contract's.
        RuleLoss::OtherCurrency => {
            Phrase::new("its amounts are in {0}, the contract is in {1}", "его суммы в {0}, а договор в {1}")
        }
        // The threshold, and where the measure stands.
        RuleLoss::Threshold { .. } => Phrase::new("threshold {0}, has {1}", "порог {0}, набрано {1}"),
        // The end.
        RuleLoss::PastLadder { .. } => {
            Phrase::new("past {0}, where its tier ends", "больше {0}, где кончается его ступень")
        }
        RuleLoss::NoDiscount => Phrase::new(
            "no_discount price: it takes no discounts",
            "цена no_discount: скидки на неё не действуют",
        ),
        RuleLoss::NoListPrice => {
            Phrase::new("no list price to take it off", "нет прейскурантной цены, от которой считать")
        }
        RuleLoss::NotMeasurable => Phrase::new(
            "the line cannot be measured in the unit that it asks for",
            "строку нельзя измерить в нужной ему единице",
        ),
        RuleLoss::NoValue => Phrase::new(
            "an index or characteristic of its formula has no value",
            "у индекса или характеристики из его формулы нет значения",
        ),
        RuleLoss::NoPriceInList => {
            Phrase::new("its list has no price for the line", "в его прайс-листе нет цены для строки")
        }
        RuleLoss::NotLower => {
            Phrase::new("its price is not below the price so far", "его цена не ниже текущей")
        }
        // The exclusive group, and the rule.
        RuleLoss::Beaten { .. } => Phrase::new("beaten in group {0} by {1}", "в группе {0} больше даёт {1}"),
        // The rule.
        RuleLoss::Stopped { .. } => Phrase::new("stopped by {0}", "остановлено правилом {0}"),
        RuleLoss::LimitUsedUp => Phrase::new("nothing is left of its limit", "его лимит исчерпан"),
        RuleLoss::Nothing => Phrase::new("comes to nothing", "даёт ноль"),
        // The guard.
        RuleLoss::TakenBack { .. } => {
            Phrase::new("guard: {0} took it back", "ограничение: отменено из-за {0}")
        }
        // The rule.
        RuleLoss::EarlierRule { .. } => {
            Phrase::new("{0} gave the price before it", "цену до него дало правило {0}")
        }
    }
}

/// Of [`RuleLoss::FirstOrder`], where the rule asks for the first order, or for any but the first.
#[must_use]
pub fn first_order(asked: bool) -> Phrase {
    if asked {
        Phrase::new("is for the first order alone", "действует только для первого заказа")
    } else {
        Phrase::new("is not for the first order", "не действует для первого заказа")
    }
}
