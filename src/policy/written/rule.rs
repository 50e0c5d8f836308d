//! How is a rule written? With its benefit as its own key, or with a key a tier.

use crate::domain::ladder::TierMode;
use crate::domain::rounding::RoundingMode;
use crate::policy::syntax::{
    Base, Benefit, Cap, FormulaTerm, FreeGoods, FreeMode, FreePer, Limit, LimitOf, LineTest, Presentation,
    Rule, RuleMeasure, TermOf, When,
};

use super::measure::measure;
use super::selection::{on_one_line, selection};
use super::{Keys, Writing, layer_word, list, mapping, stack_word, word};

/// A rule's keys.
pub(super) fn keys(rule: &Rule) -> Keys {
    // Named one by one, so that what is added to the syntax is not forgotten here.
    #[rustfmt::skip]
    let Rule {
        id, name, layer, goods, contracts, when, currency, measure: measured, mode: _, tiers: _, unit, per, service,
        times, on, stack, priority, best_of, stop, cap, limit, present, at: _,
    } = rule;
    let mut keys = Writing::default();
    keys.text("name", name, id);
    keys.one("layer", layer_word(*layer));
    selection(&mut keys, "goods", goods);
    selection(&mut keys, "contracts", contracts);
    circumstances(&mut keys, when);
    keys.maybe("currency", *currency);
    match measured {
        None => {}
        Some(RuleMeasure::Own(own)) => measure(&mut keys, "measure.", own),
        Some(RuleMeasure::Named(name, _)) => keys.one("measure", word(name)),
    }
    ladder(&mut keys, rule);
    keys.maybe("unit", unit.as_deref().map(word));
    if *per != 1 {
        keys.one("per", per);
    }
    keys.maybe("service", service.as_deref().map(word));
    keys.maybe("times", times.as_deref().map(word));
    match on {
        Base::Running => {}
        Base::List => keys.one("on", "list"),
        Base::Contract => keys.one("on", "contract"),
    }
    keys.maybe("stack", stack.map(stack_word));
    if *priority != 0 {
        keys.one("priority", priority);
    }
    keys.maybe("best_of", best_of.as_deref().map(word));
    if *stop {
        keys.one("stop", true);
    }
    let Cap { percent, line, cart } = cap;
    keys.maybe("cap.percent", *percent);
    keys.maybe("cap.line", *line);
    keys.maybe("cap.cart", *cart);
    if let Some(limit) = limit {
        limited(&mut keys, limit);
    }
    if *present == Presentation::Price {
        keys.one("show_as", "price");
    }
    keys.0
}

fn limited(keys: &mut Writing, Limit { of, most, overall }: &Limit) {
    match of {
        LimitOf::Quantity { unit } => {
            keys.one("limit.quantity", most);
            keys.maybe("limit.unit", unit.as_deref().map(word));
        }
        LimitOf::Amount => keys.one("limit.amount", most),
        LimitOf::Uses => keys.one("limit.uses", most),
    }
    if *overall {
        keys.one("limit.overall", true);
    }
}

fn circumstances(keys: &mut Writing, when: &When) {
    #[rustfmt::skip]
    let When {
        channel, warehouse, delivery_basis, fulfilment, payment_terms, coupon, level, held, held_by, not_held_by,
        first_order, window, weekdays, line, together, sets,
    } = when;
    keys.words("when.channel", channel);
    keys.words("when.warehouse", warehouse);
    keys.words("when.delivery_basis", delivery_basis);
    keys.words("when.fulfilment", fulfilment);
    keys.words("when.payment_terms", payment_terms);
    keys.words("when.coupon", coupon);
    keys.words("when.level", level);
    keys.maybe("when.held", *held);
    keys.words("when.held_by", held_by);
    keys.words("when.not_held_by", not_held_by);
    keys.maybe("when.first_order", *first_order);
    keys.maybe("when.from", window.from);
    keys.maybe("when.to", window.to);
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let day = |number: &u8| DAYS.get(usize::from(*number).wrapping_sub(1)).map(|day| (*day).to_owned());
    keys.members("when.weekdays", weekdays.iter().filter_map(day));
    for condition in line {
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
    let parts = together.iter().map(|part| {
        let unit = part.unit.iter().map(|unit| ("unit", word(unit)));
        let goods = [("goods", on_one_line(&part.goods)), ("quantity", part.quantity.to_string())];
        mapping(goods.into_iter().chain(unit))
    });
    keys.members("when.together", parts);
    if *sets {
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
            let term = |term: &FormulaTerm| {
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
