//! What does a rule give, a service cost or a guard demand, in words?

use crate::policy::syntax::{BenefitKind, FreeMode, GuardTest, OfAmount, ServicePer};

use super::Phrase;

/// A rate: `{0}` is the figure, `{1}` what it is taken of or for.
#[must_use]
pub fn rate(kind: BenefitKind) -> Phrase {
    match kind {
        BenefitKind::Percent => Phrase::new("{0} % of {1}", "{0} % от {1}"),
        BenefitKind::PerUnit => Phrase::new("{0} per {1}", "{0} за {1}"),
        BenefitKind::PerLine => Phrase::new("{0} a line", "{0} на строку"),
        BenefitKind::PerCart => Phrase::new("{0} a cart", "{0} на корзину"),
        BenefitKind::Price | BenefitKind::PriceOf | BenefitKind::Formula => {
            Phrase::new("price {0} per {1}", "цена {0} за {1}")
        }
        BenefitKind::Free => Phrase::new("{0} free", "{0} бесплатно"),
        BenefitKind::ServicePrice => Phrase::new("service {1} at {0}", "услуга {1} по {0}"),
        BenefitKind::ServicePercent => Phrase::new("{0} % off service {1}", "скидка {0} % на услугу {1}"),
    }
}

/// A percentage of a ladder, whose base is not known yet.
pub const PERCENT: Phrase = Phrase::new("{0} %", "{0} %");
/// Where a rule names no unit.
pub const BASE_UNIT: Phrase = Phrase::new("base unit", "базовую единицу");
/// What is multiplied by a characteristic: `{0}` is the rate, `{1}` the characteristic.
pub const TIMES: Phrase = Phrase::new("{0}, times {1}", "{0}, умножить на {1}");
/// A list's price: `{0}` is the list.
pub const PRICE_OF: Phrase = Phrase::new("the price of list {0}", "цена прайс-листа {0}");
/// A formula's.
pub const FORMULA: Phrase = Phrase::new("a price by formula", "цена по формуле");

/// Points that are a discount: `{0}` is what one is worth.
pub const POINTS: Phrase = Phrase::new("points at {0} each", "баллы по {0}");

/// A step that negotiation made.
pub const NEGOTIATED: Phrase = Phrase::new("negotiated price", "согласованная цена");
/// What was proposed for a line: `{0}` is the price.
pub const PROPOSED: Phrase = Phrase::new("proposed: {0}", "предложено: {0}");
/// Its part of a total that was proposed.
pub const OF_TOTAL: Phrase = Phrase::new("a part of the negotiated total", "часть согласованной суммы");

/// Goods without charge: `{0}` are given of, or for, `{1}`.
#[must_use]
pub fn free(mode: FreeMode) -> Phrase {
    match mode {
        FreeMode::Inside => Phrase::new("{0} of every {1} free", "{0} из каждых {1} бесплатно"),
        FreeMode::OnTop => Phrase::new("{0} on top of every {1}", "{0} сверх каждых {1} бесплатно"),
    }
}

/// The price of a service: `{0}` is the figure, `{1}` the unit.
#[must_use]
pub fn service(per: &ServicePer) -> Phrase {
    match per {
        ServicePer::Each => Phrase::new("{0} each", "{0} за каждую"),
        ServicePer::Unit(_) => Phrase::new("{0} per {1}", "{0} за {1}"),
        ServicePer::Line => Phrase::new("{0} a line", "{0} на строку"),
    }
}

/// What a guard demands: `{0}` is its percentage or list. Only for those who may see costs.
#[must_use]
pub fn guard(test: &GuardTest) -> Phrase {
    match test {
        GuardTest::Margin { .. } => Phrase::new("a margin of at least {0} %", "маржа не меньше {0} %"),
        GuardTest::Markup { .. } => {
            Phrase::new("at least {0} % above the cost", "не меньше чем на {0} % выше себестоимости")
        }
        GuardTest::FloorList(_) => {
            Phrase::new("at least the price of list {0}", "не ниже цены прайс-листа {0}")
        }
        GuardTest::Discount { of: OfAmount::Contract, .. } => {
            Phrase::new("at most {0} % off the contract price", "не больше {0} % от цены договора")
        }
        GuardTest::Discount { of: OfAmount::List, .. } => {
            Phrase::new("at most {0} % off the list price", "не больше {0} % от прейскурантной цены")
        }
    }
}
