//! Below what must no price fall?

use crate::policy::syntax::{Guard, GuardAction, GuardTest, OfAmount};

use super::fields::Fields;
use super::reading::{Named, Noun, Reading};
use super::rule::{id, name};
use super::selection::selection;
use super::tree::Child;
use super::values;

const KEYS: &[&str] = &[
    "id",
    "name",
    "goods",
    "contracts",
    "rules",
    "margin",
    "markup",
    "floor_list",
    "discount",
    "cost_list",
    "of",
    "do",
];

pub(super) fn guard(child: &Child, r: &mut Reading<'_>) -> Option<Guard> {
    let fields = Fields::of(child, "guard", KEYS, r)?;
    let id = id(&fields, Noun::Guard, r);
    let name = name(&fields, id.as_ref(), r);
    let goods = fields.optional("goods", r, selection).unwrap_or_default();
    let contracts = fields.optional("contracts", r, selection).unwrap_or_default();
    let rules = fields.get("rules").map(|child| rules(child, r)).unwrap_or_default();
    let words = [("clamp", GuardAction::Clamp), ("approve", GuardAction::Approve)];
    let action = fields.optional("do", r, |key, child, r| values::word(key, child, &words, r));
    let test = test(&fields, r)?;
    Some(Guard {
        id: id.unwrap_or_default(),
        name,
        goods,
        contracts,
        rules,
        test,
        action: action.unwrap_or_default(),
        at: child.at,
    })
}

fn rules(child: &Child, r: &mut Reading<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for item in values::some_items("rules", child, r) {
        if let Some(name) = values::id("rules", item, r) {
            r.mention(Named::Other(Noun::Rule), &name, item.at);
            names.push(name);
        }
    }
    names
}

fn test(fields: &Fields<'_>, r: &mut Reading<'_>) -> Option<GuardTest> {
    let cost_list = fields.optional("cost_list", r, values::id);
    let words = [("contract", OfAmount::Contract), ("list", OfAmount::List)];
    let of = fields.optional("of", r, |key, child, r| values::word(key, child, &words, r));
    let key = fields.one_of(&["margin", "markup", "floor_list", "discount"], "guard-of-what", r)?;
    let beside = format!("says nothing beside {key}");
    if !matches!(key, "margin" | "markup") {
        fields.misplaced(&["cost_list"], &beside, r);
    }
    if key != "discount" {
        fields.misplaced(&["of"], &beside, r);
    }
    Some(match key {
        "margin" => {
            GuardTest::Margin { percent: fields.optional(key, r, values::percent_below_100)?, cost_list }
        }
        "markup" => GuardTest::Markup { percent: fields.optional(key, r, values::amount)?, cost_list },
        "floor_list" => GuardTest::FloorList(fields.optional(key, r, values::id)?),
        _ => GuardTest::Discount {
            percent: fields.optional(key, r, values::percent_off)?,
            of: of.unwrap_or_default(),
        },
    })
}
