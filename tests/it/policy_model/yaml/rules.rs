//! How are rules written, with their conditions, benefits and ladders?

use quoin::domain::ladder::TierMode;
use quoin::domain::rounding::RoundingMode;
use quoin::policy::syntax::{
    Base, Benefit, Cap, FreeGoods, FreeMode, FreePer, Limit, LimitOf, LineTest, Part, Presentation, Rule,
    RuleLayer, RuleMeasure, RuleTier, Stack, TermOf, When,
};

use super::node::{Node, list, map, plain, quoted};
use super::parts::{Keys, label, measure_keys, selection, texts};
use super::stack_word;

pub fn layer(layer: RuleLayer) -> &'static str {
    match layer {
        RuleLayer::Contract => "contract",
        RuleLayer::Volume => "volume",
        RuleLayer::Order => "order",
        RuleLayer::Loyalty => "loyalty",
        RuleLayer::Surcharge => "surcharge",
    }
}

pub fn stack(stack: Stack) -> Node {
    plain(stack_word(stack))
}

pub fn rule(rule: &Rule) -> Node {
    let named = rule.name.ru.is_some() || rule.name.en != rule.id;
    let on = match rule.on {
        Base::Running => None,
        Base::List => Some(plain("list")),
        Base::Contract => Some(plain("contract")),
    };
    let mut keys = vec![
        ("id", Some(quoted(&rule.id))),
        ("name", named.then(|| label(&rule.name))),
        ("layer", Some(plain(layer(rule.layer)))),
        ("goods", selection(&rule.goods)),
        ("contracts", selection(&rule.contracts)),
        ("when", when(&rule.when)),
        ("currency", rule.currency.map(|currency| plain(currency.code()))),
        ("unit", rule.unit.as_ref().map(quoted)),
        ("per", (rule.per != 1).then(|| plain(rule.per))),
        ("service", rule.service.as_ref().map(quoted)),
        ("times", rule.times.as_ref().map(quoted)),
        ("on", on),
        ("stack", rule.stack.map(stack)),
        ("priority", (rule.priority != 0).then(|| plain(rule.priority))),
        ("best_of", rule.best_of.as_ref().map(quoted)),
        ("stop", rule.stop.then(|| plain("true"))),
        ("cap", cap(&rule.cap)),
        ("limit", rule.limit.as_ref().map(limit)),
        ("show_as", (rule.present == Presentation::Price).then(|| plain("price"))),
    ];
    match &rule.measure {
        None => keys.push(benefit(&rule.tiers[0].benefit)),
        Some(measure) => keys.extend(ladder(rule, measure)),
    }
    map(keys)
}

fn ladder(rule: &Rule, measure: &RuleMeasure) -> Keys {
    let measure = match measure {
        RuleMeasure::Named(name, _) => quoted(name),
        RuleMeasure::Own(own) => map(measure_keys(own, "name")),
    };
    let (mode, bound) = match rule.mode {
        TierMode::Volume => ("volume", "from"),
        TierMode::Graduated => ("graduated", "above"),
    };
    let tier = |tier: &RuleTier| {
        map(vec![(bound, Some(plain(tier.lower))), ("to", tier.upper.map(plain)), benefit(&tier.benefit)])
    };
    let tiers = list(rule.tiers.iter().map(tier));
    vec![("measure", Some(measure)), ("mode", Some(plain(mode))), ("tiers", Some(tiers))]
}

fn benefit(benefit: &Benefit) -> (&'static str, Option<Node>) {
    let (key, node) = match benefit {
        Benefit::Percent(percent) => ("percent", plain(percent)),
        Benefit::PerUnit(amount) => ("per_unit", plain(amount)),
        Benefit::PerLine(amount) => ("per_line", plain(amount)),
        Benefit::PerCart(amount) => ("per_cart", plain(amount)),
        Benefit::Price(price) => ("price", plain(price)),
        Benefit::PriceOf(list) => ("price_of", quoted(list)),
        Benefit::Formula { constant, terms } => {
            let terms = terms.iter().map(|term| {
                let of = match &term.of {
                    TermOf::Index(index) => ("index", Some(quoted(index))),
                    TermOf::Attribute(name) => ("attribute", Some(quoted(name))),
                };
                map(vec![of, ("times", Some(plain(term.times)))])
            });
            ("formula", map(vec![("constant", Some(plain(constant))), ("terms", Some(list(terms)))]))
        }
        Benefit::Free(goods) => ("free", free(goods)),
        Benefit::ServicePrice(price) => ("service_price", plain(price)),
        Benefit::ServicePercent(percent) => ("service_percent", plain(percent)),
    };
    (key, Some(node))
}

fn free(free: &FreeGoods) -> Node {
    let mode = match free.mode {
        FreeMode::Inside => "inside",
        FreeMode::OnTop => "on_top",
    };
    let per = match free.per {
        FreePer::Proportional => "proportional",
        FreePer::Unit => "unit",
        FreePer::Whole => "whole",
    };
    let round = match free.rounding {
        RoundingMode::Down => "down",
        RoundingMode::Up => "up",
        RoundingMode::HalfUp => "half_up",
        RoundingMode::HalfEven => "half_even",
    };
    map(vec![
        ("every", Some(plain(free.every))),
        ("give", Some(plain(free.give))),
        ("mode", Some(plain(mode))),
        ("per", Some(plain(per))),
        ("round", (free.per == FreePer::Proportional).then(|| plain(round))),
        ("sku", free.sku.as_ref().map(quoted)),
    ])
}

fn cap(cap: &Cap) -> Option<Node> {
    (*cap != Cap::default()).then(|| {
        map(vec![
            ("percent", cap.percent.map(plain)),
            ("line", cap.line.map(plain)),
            ("cart", cap.cart.map(plain)),
        ])
    })
}

fn limit(limit: &Limit) -> Node {
    let most = Some(plain(limit.most));
    let mut keys = match &limit.of {
        LimitOf::Quantity { unit } => vec![("quantity", most), ("unit", unit.as_ref().map(quoted))],
        LimitOf::Amount => vec![("amount", most)],
        LimitOf::Uses => vec![("uses", most)],
    };
    keys.push(("overall", limit.overall.then(|| plain("true"))));
    map(keys)
}

fn when(when: &When) -> Option<Node> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    if *when == When::default() {
        return None;
    }
    let days = when.weekdays.iter().map(|day| plain(DAYS[usize::from(*day) - 1]));
    let conditions = when.line.iter().map(|condition| {
        let test = match &condition.test {
            LineTest::OneOf(values) => texts(values).unwrap(),
            LineTest::Between { from, to } => map(vec![("from", from.map(plain)), ("to", to.map(plain))]),
        };
        (condition.attribute.clone(), test)
    });
    let part = |part: &Part| {
        map(vec![
            ("goods", selection(&part.goods)),
            ("quantity", Some(plain(part.quantity))),
            ("unit", part.unit.as_ref().map(quoted)),
        ])
    };
    let some = |there: bool, node: Node| there.then_some(node);
    Some(map(vec![
        ("channel", texts(&when.channel)),
        ("warehouse", texts(&when.warehouse)),
        ("delivery_basis", texts(&when.delivery_basis)),
        ("fulfilment", texts(&when.fulfilment)),
        ("payment_terms", texts(&when.payment_terms)),
        ("coupon", texts(&when.coupon)),
        ("first_order", when.first_order.map(plain)),
        ("from", when.window.from.map(plain)),
        ("to", when.window.to.map(plain)),
        ("weekdays", some(!when.weekdays.is_empty(), list(days))),
        ("line", some(!when.line.is_empty(), Node::Map(conditions.collect()))),
        ("together", some(!when.together.is_empty(), list(when.together.iter().map(part)))),
        ("sets", some(when.sets, plain("true"))),
    ]))
}
