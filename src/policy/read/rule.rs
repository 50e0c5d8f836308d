//! What does a rule say?

use crate::domain::decimal::Micros;
use crate::policy::syntax::{
    Base, Cap, Limit, LimitOf, Presentation, Rule, RuleLayer, RuleMeasure, Stack, Text, What,
};

use super::fields::Fields;
use super::ladder::{Steps, steps};
use super::reading::{Named, Noun, Reading};
use super::rule_keys::check_keys;
use super::selection::selection;
use super::tree::Child;
use super::values;
use super::when::when;

const KEYS: &[&str] = &[
    "id",
    "name",
    "layer",
    "goods",
    "contracts",
    "when",
    "currency",
    "percent",
    "per_unit",
    "per_line",
    "per_cart",
    "price",
    "price_of",
    "formula",
    "free",
    "service_price",
    "service_percent",
    "measure",
    "mode",
    "tiers",
    "unit",
    "per",
    "on",
    "stack",
    "priority",
    "best_of",
    "stop",
    "cap",
    "limit",
    "show_as",
    "service",
    "times",
];

/// The layers by their words.
pub(super) const LAYERS: &[(&str, RuleLayer)] = &[
    ("contract", RuleLayer::Contract),
    ("volume", RuleLayer::Volume),
    ("order", RuleLayer::Order),
    ("loyalty", RuleLayer::Loyalty),
    ("surcharge", RuleLayer::Surcharge),
];

/// How many units a price may be for, as in price lists.
const PER_MOST: i64 = 1_000_000_000;

pub(super) fn rule(child: &Child, r: &mut Reading<'_>) -> Option<Rule> {
    let fields = Fields::of(child, "rule", KEYS, r)?;
    let id = id(&fields, Noun::Rule, r);
    let name = name(&fields, id.as_ref(), r);
    let layer = fields.needed("layer", r, |key, child, r| values::word(key, child, LAYERS, r));
    let currency = fields.optional("currency", r, values::currency);
    let Steps { measure, mode, tiers } = steps(&fields, layer, r);
    let measure = measure.map(|measure| in_currency(measure, currency));
    let rule = Rule {
        id: id.unwrap_or_default(),
        name,
        layer: layer.unwrap_or(RuleLayer::Volume),
        goods: fields.optional("goods", r, selection).unwrap_or_default(),
        contracts: fields.optional("contracts", r, selection).unwrap_or_default(),
        when: fields.optional("when", r, |_, child, r| when(child, r)).unwrap_or_default(),
        currency,
        measure,
        mode,
        tiers: tiers.unwrap_or_default(),
        unit: fields.optional("unit", r, values::id),
        per: fields
            .optional("per", r, |key, child, r| values::whole(key, child, 1..=PER_MOST, r))
            .unwrap_or(1),
        service: fields.optional("service", r, service),
        times: fields.optional("times", r, values::id),
        on: fields.optional("on", r, base).unwrap_or_default(),
        stack: fields.optional("stack", r, stack),
        priority: fields.optional("priority", r, values::priority).unwrap_or_default(),
        best_of: fields.optional("best_of", r, values::id),
        stop: fields.optional("stop", r, values::flag).unwrap_or_default(),
        cap: fields.optional("cap", r, |_, child, r| cap(child, layer, r)).unwrap_or_default(),
        limit: fields.optional("limit", r, |_, child, r| limit(child, r)),
        present: fields.optional("show_as", r, presentation).unwrap_or_default(),
        at: child.at,
    };
    if layer.is_none() || rule.tiers.is_empty() {
        return None;
    }
    check_keys(&rule, &fields, r);
    Some(rule)
}

/// The id of what must have one.
pub(super) fn id(fields: &Fields<'_>, noun: Noun, r: &mut Reading<'_>) -> Option<String> {
    let child = fields.need("id", r)?;
    let id = values::id("id", child, r)?;
    r.take_id(&id, noun, child.at);
    Some(id)
}

/// What people read: the name, or else the id.
pub(super) fn name(fields: &Fields<'_>, id: Option<&String>, r: &mut Reading<'_>) -> Text {
    let otherwise = || Text { en: id.cloned().unwrap_or_default(), ru: None };
    fields.optional("name", r, values::label).unwrap_or_else(otherwise)
}

/// A measure that is stated with a rule is in the rule's currency, unless it names its own.
fn in_currency(mut measure: RuleMeasure, currency: Option<crate::domain::currency::Currency>) -> RuleMeasure {
    if let RuleMeasure::Own(own) = &mut measure
        && matches!(own.what, What::Amount { .. })
        && own.currency.is_none()
    {
        own.currency = currency;
    }
    measure
}

fn service(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<String> {
    let name = values::id(key, child, r)?;
    r.mention(Named::Other(Noun::Service), &name, child.at);
    Some(name)
}

fn base(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Base> {
    let words = [("running", Base::Running), ("list", Base::List), ("contract", Base::Contract)];
    values::word(key, child, &words, r)
}

/// `compound` or `additive`.
pub(super) fn stack(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Stack> {
    values::word(key, child, &[("compound", Stack::Compound), ("additive", Stack::Additive)], r)
}

fn presentation(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Presentation> {
    values::word(key, child, &[("discount", Presentation::Discount), ("price", Presentation::Price)], r)
}

fn cap(child: &Child, layer: Option<RuleLayer>, r: &mut Reading<'_>) -> Option<Cap> {
    let fields = Fields::read(child, "cap", &["percent", "line", "cart"], r)?;
    if !["percent", "line", "cart"].iter().any(|key| fields.has(key)) {
        r.error(fields.at, "empty-cap", "cap: none of percent, line, cart is written");
    }
    let percent = fields.optional("percent", r, |key, child, r| {
        let percent = values::positive(key, child, r)?;
        if layer == Some(RuleLayer::Surcharge) { Some(percent) } else { values::percent_off(key, child, r) }
    });
    Some(Cap {
        percent,
        line: fields.optional("line", r, values::positive),
        cart: fields.optional("cart", r, values::positive),
    })
}

fn limit(child: &Child, r: &mut Reading<'_>) -> Option<Limit> {
    let fields = Fields::read(child, "limit", &["quantity", "unit", "amount", "uses", "overall"], r)?;
    let unit = fields.optional("unit", r, values::id);
    let overall = fields.optional("overall", r, values::flag).unwrap_or_default();
    let key = fields.one_of(&["quantity", "amount", "uses"], "limit-of-what", r)?;
    if key != "quantity" {
        fields.misplaced(&["unit"], &format!("says nothing beside {key}"), r);
    }
    let most = match key {
        "uses" => fields.optional(key, r, uses),
        _ => fields.optional(key, r, values::positive),
    };
    let of = match key {
        "quantity" => LimitOf::Quantity { unit },
        "amount" => LimitOf::Amount,
        _ => LimitOf::Uses,
    };
    Some(Limit { of, most: most?, overall })
}

fn uses(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<Micros> {
    values::whole(key, child, 1..=PER_MOST, r).and_then(Micros::whole)
}
