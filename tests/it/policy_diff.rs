//! In what do two policies differ? Part by part and key by key, and never by order or layout.

use quoin::policy::diff::{Difference, Fate, KeyChange, differences};
use quoin::policy::finding::Source;
use quoin::policy::read::read;
use quoin::policy::syntax::Policy;

fn policy(text: &str) -> Policy {
    let text = format!("quoin_policy: 1\ncurrency: EUR\n{text}");
    read(&[Source { name: "p.yaml", text: &text }]).unwrap_or_else(|findings| panic!("{text}\n{findings:#?}"))
}

fn told(difference: &Difference) -> Vec<String> {
    let sign = match difference.fate {
        Fate::Added => '+',
        Fate::Removed => '-',
        Fate::Changed => '~',
    };
    let mut lines = vec![format!("{sign} {:?} {}", difference.section, difference.id)];
    lines.extend(difference.keys.iter().map(|key| match key {
        KeyChange::Value { key, before, after } => {
            format!("{key}: {} -> {}", before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""))
        }
        KeyChange::Members { key, added, removed } => {
            let signed = |sign: &str, all: &[String]| -> Vec<String> {
                all.iter().map(|one| format!("{sign}{one}")).collect()
            };
            format!("{key}: {}", [signed("+", added), signed("-", removed)].concat().join(" "))
        }
    }));
    lines
}

fn diff(before: &str, after: &str) -> Vec<String> {
    differences(&policy(before), &policy(after)).iter().flat_map(told).collect()
}

const RULE: &str = "rules: [{ id: r, layer: volume, percent: 5 }]";

/// Before, after, and what is told.
const CASES: &[(&str, &str, &[&str])] = &[
    (RULE, "rules: [{ id: r, layer: volume, percent: 7.50 }]", &["~ Rule r", "percent: 5 -> 7.5"]),
    (
        RULE,
        "rules: [{ id: r, layer: order, per_cart: 5, name: { en: Bonus, ru: Бонус } }]",
        &[
            "~ Rule r",
            "layer: volume -> order",
            "name:  -> Bonus",
            "name.ru:  -> Бонус",
            "per_cart:  -> 5",
            "percent: 5 -> ",
        ],
    ),
    (
        "authority: [{ role: quote, concession: 5 }]",
        "authority: [{ role: approve, concession: 15, margin: 10 }, { role: quote, concession: 7.50 }]",
        &[
            "+ Authority approve",
            "concession:  -> 15",
            "margin:  -> 10",
            "~ Authority quote",
            "concession: 5 -> 7.5",
        ],
    ),
    (
        "agreements: [{ id: q, period: quarter, percent: 2 }]",
        "agreements: [{ id: q, period: year, of_whom: holding, goods: { brand: N }, tiers: [{ from: 10, percent: 2 }, \
         { from: 20, to: 30, fixed: 5 }], conditions: [{ measure: { what: skus }, at_least: 3 }, { months: 6 }], cap: 9, \
         after: r, settle: price_correction }, { id: r, period: month, percent: 1 }]",
        &[
            "~ Agreement q",
            "after: +r",
            "cap:  -> 9",
            "condition months:  -> 6",
            "condition { of_whom: holding, over: year, what: skus }:  -> 3",
            "goods.brand: +N",
            "of_whom:  -> holding",
            "percent: 2 -> ",
            "period: quarter -> year",
            "settle:  -> price_correction",
            "tier from 10:  -> percent 2",
            "tier from 20 to 30:  -> fixed 5",
            "+ Agreement r",
            "percent:  -> 1",
            "period:  -> month",
        ],
    ),
    (
        "levels: [{ id: l, period: quarter, levels: [{ id: silver, conditions: [{ months: 2 }] }, { id: gold, conditions: [{ months: 3 }] }] }]\n\
         points: [{ id: p, earn: { percent: 5 } }]",
        "levels: [{ id: l, period: rolling, months: 6, of_whom: holding, grace: 2, levels: [{ id: gold, multiplier: 2, conditions: [{ months: 3 }, \
         { growth: 5 }, { measure: { what: skus }, at_least: 4 }] }] }]\n\
         points: [{ id: p, earn: { percent: 5, of: list }, pending_days: 14, expire_months: 12, pay: { most_percent: 30 }, worth: 0.5, step: 1, \
         levels: l, as: discount, from: 2026-01-01, currency: USD }]\nrules: [{ id: r, layer: loyalty, percent: 1, when: { level: gold } }]",
        &[
            "+ Rule r",
            "layer:  -> loyalty",
            "percent:  -> 1",
            "when.level: +gold",
            "~ Levels l",
            "grace:  -> 2",
            "level gold: place 2 -> place 1",
            "level gold.condition growth:  -> 5",
            "level gold.condition { months: 6, of_whom: holding, over: rolling, what: skus }:  -> 4",
            "level gold.multiplier:  -> 2",
            "level silver: place 1 -> ",
            "level silver.condition months: 2 -> ",
            "months:  -> 6",
            "of_whom:  -> holding",
            "period: quarter -> rolling",
            "~ Points p",
            "as:  -> discount",
            "currency:  -> USD",
            "earn: { percent: 5 } -> { percent: 5, of: list }",
            "expire_months:  -> 12",
            "from:  -> 2026-01-01",
            "levels:  -> l",
            "pay.most_percent:  -> 30",
            "pending_days:  -> 14",
            "step:  -> 1",
            "worth:  -> 0.5",
        ],
    ),
    (
        "holds: [{ id: late }, { id: worse }]\nrules: [{ id: r, layer: volume, percent: 5, when: { held: false } }]",
        "holds: [{ id: late }, { id: worse }]\n\
         rules: [{ id: r, layer: volume, percent: 5, when: { held_by: late, not_held_by: [worse] } }]",
        &["~ Rule r", "when.held: false -> ", "when.held_by: +late", "when.not_held_by: +worse"],
    ),
    (
        RULE,
        "rules: [{ id: s, layer: volume, percent: 5 }]",
        &[
            "- Rule r",
            "layer: volume -> ",
            "percent: 5 -> ",
            "+ Rule s",
            "layer:  -> volume",
            "percent:  -> 5",
        ],
    ),
    (
        "sku_groups: { g: [{ category: [A, B] }] }\nrules: []",
        "sku_groups: { g: [{ category: [C, A] }] }\nrules: []",
        &["~ SkuGroup g", "category: +C -B"],
    ),
    (
        "sku_groups: { g: [{ category: A }, { brand: X, sku: S }] }",
        "sku_groups: { g: { any: [{ sku: S, brand: X }, { category: [B] }], except: [{ sku: R-9 }] } }",
        &["~ SkuGroup g", "any: +{ category: B } -{ category: A }", "except.sku: +R-9"],
    ),
    (
        "rules: [{ id: r, layer: volume, measure: { what: weight, unit: t, over: quarter }, mode: graduated, \
         tiers: [{ above: 10, percent: 5 }, { above: 50, percent: 7 }] }]",
        "rules: [{ id: r, layer: volume, measure: { what: weight, unit: t, over: quarter, of_whom: holding }, \
         mode: graduated, tiers: [{ above: 10, to: 60, percent: 5 }, { above: 60, percent: 7 }] }]",
        &[
            "~ Rule r",
            "measure.of_whom:  -> holding",
            "tier above 10: { percent: 5 } -> { to: 60, percent: 5 }",
            "tier above 50: { percent: 7 } -> ",
            "tier above 60:  -> { percent: 7 }",
        ],
    ),
    (
        RULE,
        "rules: [{ id: r, layer: volume, percent: 5, priority: 3, stop: true, best_of: x, on: list, stack: additive, \
         cap: { line: 9, percent: 50 }, show_as: price, goods: [{ brand: N }], contracts: [{ segment: dealer }], \
         when: { channel: portal, coupon: [B, A], first_order: true, weekdays: [mon, fri], \
         line: { length: { from: 6, to: 12 }, grade: [A, B] } } }]",
        &[
            "~ Rule r",
            "best_of:  -> x",
            "cap.line:  -> 9",
            "cap.percent:  -> 50",
            "contracts.attribute.segment: +dealer",
            "goods.brand: +N",
            "on:  -> list",
            "priority:  -> 3",
            "show_as:  -> price",
            "stack:  -> additive",
            "stop:  -> true",
            "when.channel: +portal",
            "when.coupon: +A +B",
            "when.first_order:  -> true",
            "when.line.grade: +A +B",
            "when.line.length:  -> { from: 6, to: 12 }",
            "when.weekdays: +fri +mon",
        ],
    ),
    (
        "guards: [{ id: m, margin: 10, do: clamp }]\ntaxes: [{ id: v, class: full, rates: [{ percent: 20 }] }]",
        "guards: [{ id: m, markup: 12, do: approve }]\n\
         taxes: [{ id: v, class: full, rates: [{ percent: 20 }, { from: 2027-01-01, percent: 22 }] }]",
        &[
            "~ Guard m",
            "do: clamp -> approve",
            "margin: 10 -> ",
            "markup:  -> 12",
            "~ Tax v",
            "percent from 2027-01-01:  -> 22",
        ],
    ),
    (
        "services: [{ id: cut, price: 2, per: each }]\nlayers: { volume: { stack: additive } }",
        "services: [{ id: cut, price: 2.5, per: line, tax_class: full }]",
        &[
            "~ Policy ",
            "layers.volume.stack: additive -> ",
            "~ Service cut",
            "per:  -> line",
            "price: 2 -> 2.5",
            "tax_class:  -> full",
        ],
    ),
    (
        "eligibility: { licences: [{ id: l, goods: [{ category: A }], attribute: licence, reason: no }] }",
        "eligibility: { licences: [{ id: l, goods: [{ category: A }], attribute: permit, reason: no }] }",
        &["~ Licence l", "attribute: licence -> permit"],
    ),
    (
        "shown_prices: [{ id: rrp, name: { en: Recommended, ru: РРЦ }, list: RRP }]",
        "shown_prices: [{ id: rrp, name: { en: Recommended, ru: РРЦ }, list: RRP-2, contracts: [{ holding: H }] }]",
        &["~ ShownPrice rrp", "contracts.holding: +H", "list: RRP -> RRP-2"],
    ),
];

#[test]
fn differences_are_told_by_part_and_key() {
    for (before, after, expected) in CASES {
        assert_eq!(diff(before, after), *expected, "{before}\n{after}");
        assert_eq!(diff(before, before), [""; 0]);
    }
}

#[test]
fn the_way_back_is_the_mirror_image() {
    for (before, after, _) in CASES {
        let (there, back) = (diff(before, after), diff(after, before));
        assert_eq!(there.len(), back.len(), "{before}\n{after}");
        let signs = |lines: &[String]| {
            let count = |sign: &str| lines.iter().filter(|line| line.starts_with(sign)).count();
            (count("+ "), count("- "), count("~ "))
        };
        let (added, removed, changed) = signs(&there);
        assert_eq!(signs(&back), (removed, added, changed));
    }
}

#[test]
fn order_layout_and_places_make_no_difference() {
    let before = "sku_groups:\n  g: [{ category: [A, B] }]\n\
                  rules:\n  - { id: a, layer: volume, goods: g, percent: 5.0 }\n  - id: b\n    layer: order\n    percent: 1\n";
    let after = "rules:\n\n  - id: b\n    percent: 1.00\n    layer: order\n\
                 \x20 - { percent: 5, id: a, goods: [{ group: g }], layer: volume }\n\
                 # a remark\nsku_groups: { g: { any: [{ category: [B, A] }] } }\n";
    assert_eq!(diff(before, after), [""; 0]);
}
