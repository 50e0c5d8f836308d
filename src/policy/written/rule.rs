//! How is a rule written? With its benefit as its own key, or with a key a tier.

use crate::domain::ladder::TierMode;
use crate::domain::rounding::RoundingMode;
use crate::policy::syntax::{
    Base, Benefit, FreeGoods, FreeMode, FreePer, LimitOf, LineTest, Presentation, Rule, RuleMeasure, TermOf,
    When,
};

use super::measure::measure;
use super::selection::{on_one_line, selection};
use super::{Keys, Writing, layer_word, list, mapping, stack_word, word};

/// A rule's keys.
pub(super) fn keys(rule: &Rule) -> Keys {
    let mut keys = Writing::default();
    keys.text("name", &rule.name, &rule.id);
    keys.one("layer", layer_word(rule.layer));
    selection(&mut keys, "goods", &rule.goods);
    selection(&mut keys, "contracts", &rule.contracts);
    when(&mut keys, &rule.when);
    keys.maybe("currency", rule.currency);
    match &rule.measure {
        None => {}
        Some(RuleMeasure::Own(own)) => measure(&mut keys, "measure.", own),
        Some(RuleMeasure::Named(name, _)) => keys.one("measure", word(name)),
    }
    ladder(&mut keys, rule);
    keys.maybe("unit", rule.unit.as_deref().map(word));
    if rule.per != 1 {
        keys.one("per", rule.per);
    }
    keys.maybe("service", rule.service.as_deref().map(word));
    keys.maybe("times", rule.times.as_deref().map(word));
    match rule.on {
        Base::Running => {}
        Base::List => keys.one("on", "list"),
        Base::Contract => keys.one("on", "contract"),
    }
    keys.maybe("stack", rule.stack.map(stack_word));
    if rule.priority != 0 {
        keys.one("priority", rule.priority);
    }
    keys.maybe("best_of", rule.best_of.as_deref().map(word));
    if rule.stop {
        keys.one("stop", true);
    }
    keys.maybe("cap.percent", rule.cap.percent);
    keys.maybe("cap.line", rule.cap.line);
    keys.maybe("cap.cart", rule.cap.cart);
    limit(&mut keys, rule);
    if rule.present == Presentation::Price {
        keys.one("show_as", "price");
    }
    keys.0
}

fn limit(keys: &mut Writing, rule: &Rule) {
    let Some(limit) = &rule.limit else { return };
    match &limit.of {
        LimitOf::Quantity { unit } => {
            keys.one("limit.quantity", limit.most);
            keys.maybe("limit.unit", unit.as_deref().map(word));
        }
        LimitOf::Amount => keys.one("limit.amount", limit.most),
        LimitOf::Uses => keys.one("limit.uses", limit.most),
    }
    if limit.overall {
        keys.one("limit.overall", true);
    }
}

fn when(keys: &mut Writing, when: &When) {
    keys.words("when.channel", &when.channel);
    keys.words("when.warehouse", &when.warehouse);
    keys.words("when.delivery_basis", &when.delivery_basis);
    keys.words("when.fulfilment", &when.fulfilment);
    keys.words("when.payment_terms", &when.payment_terms);
    keys.words("when.coupon", &when.coupon);
    keys.maybe("when.first_order", when.first_order);
    keys.maybe("when.from", when.window.from);
    keys.maybe("when.to", when.window.to);
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |number: &u8| DAYS.get(usize::from(*number).wrapping_sub(1)).map(|day| (*day).to_owned());
    keys.members("when.weekdays", when.weekdays.iter().filter_map(day));
    for condition in &when.line {
        let key = format!("when.line.{}", word(&condition.attribute));
        match &condition.test {
            LineTest::OneOf(values) => keys.words(&key, values),
            LineTest::Between { from, to } => {
                let bounds = [("from", from), ("to", to)];
                let stated = bounds.into_iter().filter_map(|(name, at)| at.map(|at| (name, at.to_string())));
                keys.one(&key, mapping(stated));
            }
        }
    }
    let parts = when.together.iter().map(|part| {
        let unit = part.unit.iter().map(|unit| ("unit", word(unit)));
        let goods = [("goods", on_one_line(&part.goods)), ("quantity", part.quantity.to_string())];
        mapping(goods.into_iter().chain(unit))
    });
    keys.members("when.together", parts);
    if when.sets {
        keys.one("when.sets", true);
    }
}

fn ladder(keys: &mut Writing, rule: &Rule) {
    if let ([only], None) = (rule.tiers.as_slice(), &rule.measure) {
        let (key, value) = benefit(&only.benefit);
        return keys.one(key, value);
    }
    let (mode, bound) = match rule.mode {
        TierMode::Volume => ("volume", "from"),
        TierMode::Graduated => ("graduated", "above"),
    };
    keys.one("mode", mode);
    for tier in &rule.tiers {
        let end = tier.upper.map(|upper| ("to", upper.to_string()));
        let told = mapping(end.into_iter().chain([benefit(&tier.benefit)]));
        keys.one(&format!("tier {bound} {}", tier.lower), told);
    }
}

/// The key and value of a benefit.
fn benefit(benefit: &Benefit) -> (&'static str, String) {
    match benefit {
        Benefit::Percent(percent) => ("percent", percent.to_string()),
        Benefit::PerUnit(amount) => ("per_unit", amount.to_string()),
        Benefit::PerLine(amount) => ("per_line", amount.to_string()),
        Benefit::PerCart(amount) => ("per_cart", amount.to_string()),
        Benefit::Price(price) => ("price", price.to_string()),
        Benefit::PriceOf(list) => ("price_of", word(list)),
        Benefit::Formula { constant, terms } => {
            let term = |term: &crate::policy::syntax::FormulaTerm| {
                let of = match &term.of {
                    TermOf::Index(name) => ("index", word(name)),
                    TermOf::Attribute(name) => ("attribute", word(name)),
                };
                mapping([of, ("times", term.times.to_string())])
            };
            let terms = list(terms.iter().map(term));
            ("formula", mapping([("constant", constant.to_string()), ("terms", terms)]))
        }
        Benefit::Free(goods) => ("free", free(goods)),
        Benefit::ServicePrice(price) => ("service_price", price.to_string()),
        Benefit::ServicePercent(percent) => ("service_percent", percent.to_string()),
    }
}

fn free(goods: &FreeGoods) -> String {
    let mode = match goods.mode {
        FreeMode::Inside => "inside",
        FreeMode::OnTop => "on_top",
    };
    let per = match goods.per {
        FreePer::Proportional => "proportional",
        FreePer::Unit => "unit",
        FreePer::Whole => "whole",
    };
    let round = match goods.rounding {
        RoundingMode::HalfUp => "half_up",
        RoundingMode::HalfEven => "half_even",
        RoundingMode::Up => "up",
        RoundingMode::Down => "down",
    };
    let pairs = [
        ("every", goods.every.to_string()),
        ("give", goods.give.to_string()),
        ("mode", mode.to_owned()),
        ("per", per.to_owned()),
        ("round", round.to_owned()),
    ];
    mapping(pairs.into_iter().chain(goods.sku.iter().map(|sku| ("sku", word(sku)))))
}
