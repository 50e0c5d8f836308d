//! Under which circumstances does a rule hold?

use crate::domain::time::{CivilSecond, DAY_SECONDS, Window};
use crate::policy::syntax::{LineCondition, LineTest, Part, When};

use super::fields::Fields;
use super::reading::{Named, Noun, Reading};
use super::selection::{attribute_name, selection};
use super::tree::{Child, Value};
use super::values;

const KEYS: &[&str] = &[
    "channel",
    "warehouse",
    "delivery_basis",
    "fulfilment",
    "payment_terms",
    "coupon",
    "level",
    "held",
    "held_by",
    "not_held_by",
    "first_order",
    "from",
    "to",
    "through",
    "weekdays",
    "line",
    "together",
    "sets",
];

pub(super) fn when(child: &Child, r: &mut Reading<'_>) -> Option<When> {
    let fields = Fields::read(child, "when", KEYS, r)?;
    let texts = |key: &str, r: &mut Reading<'_>| {
        fields.get(key).map(|child| values::texts(key, child, r)).unwrap_or_default()
    };
    let sets = fields.optional("sets", r, values::flag).unwrap_or_default();
    if sets {
        fields.need("together", r);
    }
    if fields.has("held") {
        fields.misplaced(&["held_by", "not_held_by"], "says nothing beside held", r);
    }
    Some(When {
        channel: texts("channel", r),
        warehouse: texts("warehouse", r),
        delivery_basis: texts("delivery_basis", r),
        fulfilment: texts("fulfilment", r),
        payment_terms: texts("payment_terms", r),
        coupon: texts("coupon", r),
        level: named(&fields, "level", Noun::Level, r),
        held: fields.optional("held", r, values::flag),
        held_by: named(&fields, "held_by", Noun::Hold, r),
        not_held_by: named(&fields, "not_held_by", Noun::Hold, r),
        first_order: fields.optional("first_order", r, values::flag),
        window: window(&fields, r),
        weekdays: fields.get("weekdays").map(|child| weekdays(child, r)).unwrap_or_default(),
        line: fields.get("line").map(|child| line(child, r)).unwrap_or_default(),
        together: fields.get("together").map(|child| together(child, r)).unwrap_or_default(),
        sets,
    })
}

/// Levels or holds by their ids.
fn named(fields: &Fields<'_>, key: &str, noun: Noun, r: &mut Reading<'_>) -> Vec<String> {
    let items = fields.get(key).map_or(&[][..], |child| values::some_items(key, child, r));
    let mut named = Vec::with_capacity(items.len());
    for item in items {
        if let Some(id) = values::id(key, item, r) {
            r.mention(Named::Other(noun), &id, item.at);
            named.push(id);
        }
    }
    named
}

/// Rule C1: `to` is the first second outside; `through` is inside, and a bare date there is the whole day.
pub(super) fn window(fields: &Fields<'_>, r: &mut Reading<'_>) -> Window {
    let from = fields.optional("from", r, values::date).map(|(at, _)| at);
    let to = fields.optional("to", r, values::date).map(|(at, _)| at);
    let through = fields
        .optional("through", r, values::date)
        .map(|(at, is_bare)| CivilSecond(at.0.saturating_add(if is_bare { DAY_SECONDS } else { 1 })));
    if fields.has("to") && fields.has("through") {
        let hint = "write to for the first second outside, or through for the last day inside";
        r.hinted(
            fields.place("through"),
            "two-ends",
            format!("{}: through stands beside to", fields.who),
            hint,
        );
        return Window::ALWAYS;
    }
    let end = if fields.has("to") { "to" } else { "through" };
    Window::new(from, to.or(through)).unwrap_or_else(|error| {
        r.error(fields.place(end), "empty-window", format!("{}: {error}", fields.who));
        Window::ALWAYS
    })
}

fn weekdays(child: &Child, r: &mut Reading<'_>) -> Vec<u8> {
    let words = [("mon", 1), ("tue", 2), ("wed", 3), ("thu", 4), ("fri", 5), ("sat", 6), ("sun", 7)];
    let items = values::some_items("weekdays", child, r);
    items.iter().filter_map(|item| values::word("weekdays", item, &words, r)).collect()
}

fn line(child: &Child, r: &mut Reading<'_>) -> Vec<LineCondition> {
    let Value::Mapping(mapping) = child.value() else {
        values::wrong_kind("line", child, "a mapping of characteristics", r);
        return Vec::new();
    };
    if mapping.entries.is_empty() && !mapping.is_maimed {
        r.error(child.at, "empty-description", "line: no characteristic is named");
    }
    let mut conditions = Vec::with_capacity(mapping.entries.len());
    for entry in &mapping.entries {
        attribute_name(entry, r);
        let test = line_test(&entry.key, &entry.value, r);
        conditions.extend(test.map(|test| LineCondition { attribute: entry.key.clone(), test }));
    }
    conditions
}

fn line_test(key: &str, child: &Child, r: &mut Reading<'_>) -> Option<LineTest> {
    if !matches!(child.value(), Value::Mapping(_)) {
        let texts = values::texts(key, child, r);
        if texts.iter().any(|text| text == "any") {
            let hint = "write the values, or from and to";
            r.hinted(child.at, "misplaced-any", format!("{key}: any is for selections alone"), hint);
        }
        return Some(LineTest::OneOf(texts));
    }
    let fields = Fields::read(child, key, &["from", "to"], r)?;
    let from = fields.optional("from", r, values::decimal);
    let to = fields.optional("to", r, values::decimal);
    if !fields.has("from") && !fields.has("to") {
        r.error(fields.at, "empty-description", format!("{key}: no bound is written"));
    }
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        let message = format!("{key}: no number is from \"{from}\" to \"{to}\"");
        r.error(fields.place("to"), "empty-range", message);
    }
    Some(LineTest::Between { from, to })
}

fn together(child: &Child, r: &mut Reading<'_>) -> Vec<Part> {
    let items = values::some_items("together", child, r);
    items.iter().filter_map(|item| part(item, r)).collect()
}

fn part(child: &Child, r: &mut Reading<'_>) -> Option<Part> {
    let fields = Fields::read(child, "part", &["goods", "quantity", "unit"], r)?;
    let goods = fields.needed("goods", r, selection);
    let quantity = fields.needed("quantity", r, values::positive);
    let unit = fields.optional("unit", r, values::id);
    Some(Part { goods: goods?, quantity: quantity?, unit })
}
