//! What tree does a good file make? Every key there is, every way to write it.

mod benefits;
mod circumstances;
mod measures;
mod selections;

use quoin::domain::decimal::Micros;
use quoin::domain::ladder::TierMode;
use quoin::domain::time::CivilSecond;
use quoin::policy::finding::Source;
use quoin::policy::read::read;
use quoin::policy::syntax::{
    At, AuthorityRole, Benefit, GuardAction, GuardTest, OfAmount, Policy, Rule, RuleLayer, ServicePer, Stack,
    Text,
};

use super::accepted;

/// A file with every key.
pub const EVERYTHING: &str = include_str!("everything.yaml");

/// A number of so many thousandths.
fn milli(thousandths: i64) -> Micros {
    Micros(thousandths * 1_000)
}

fn text(en: &str) -> Text {
    Text { en: en.to_owned(), ru: None }
}

fn civil(text: &str) -> CivilSecond {
    CivilSecond::parse(text).unwrap()
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// The rule that is made of these keys, beside its id.
fn rule(keys: &str) -> Rule {
    let text = format!(
        "quoin_policy: 1\ncurrency: EUR\nservices: {{ id: s, price: 1 }}\nsku_groups: {{ g: {{ sku: x }}, h: {{ sku: y }} }}\n\
         contract_groups: {{ g: {{ contract: x }} }}\nrules: {{ id: r, {keys} }}\n"
    );
    accepted(&text).rules.remove(0)
}

/// Everything in the file with every key, part by part.
#[test]
fn every_key() {
    let policy = accepted(EVERYTHING);
    assert_eq!(policy.currency.unwrap().code(), "EUR");
    assert_eq!(policy.sku_groups.keys().collect::<Vec<_>>(), ["flat", "long-products", "metal"]);
    assert_eq!(policy.contract_groups.keys().collect::<Vec<_>>(), ["dealers", "key-accounts"]);
    assert_eq!(policy.measures.keys().collect::<Vec<_>>(), ["breadth", "cut-length", "turnover"]);
    let long = Text { en: "Long products".to_owned(), ru: Some("Сортовой прокат".to_owned()) };
    assert_eq!(policy.sku_groups["long-products"].name, long);
    assert_eq!(policy.sku_groups["flat"].name, text("flat"));
    assert_eq!(
        policy.stacks.into_iter().collect::<Vec<_>>(),
        [(RuleLayer::Volume, Stack::Additive), (RuleLayer::Surcharge, Stack::Compound)]
    );
    let ids: Vec<&str> = policy.rules.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "fixed-price",
            "indexed",
            "long-quarter",
            "autumn",
            "bundle",
            "gift",
            "loyal",
            "portal-bonus",
            "to-order",
            "cutting-free"
        ]
    );
}

#[test]
fn services_taxes_guards() {
    let policy = accepted(EVERYTHING);
    let services: Vec<_> = policy
        .services
        .iter()
        .map(|service| {
            (service.id.as_str(), service.price, service.per.clone(), service.tax_class.as_deref())
        })
        .collect();
    assert_eq!(
        services,
        [
            ("cutting", milli(2_500), ServicePer::Each, Some("services")),
            ("loading", milli(12_000), ServicePer::Unit(Some("t".to_owned())), None),
            ("packing", milli(0), ServicePer::Line, None),
        ]
    );
    assert_eq!(policy.services[1].currency.unwrap().code(), "USD");
    let tax = &policy.taxes[0];
    let rates: Vec<_> = tax.rates.iter().map(|rate| (rate.from, rate.percent)).collect();
    assert_eq!((tax.class.as_str(), tax.priority), ("full", -1));
    assert_eq!(rates, [(None, milli(20_000)), (Some(civil("2026-01-01")), milli(22_000))]);
    let guards: Vec<_> = policy.guards.iter().map(|guard| (guard.test.clone(), guard.action)).collect();
    let costs = Some("COSTS".to_owned());
    assert_eq!(
        guards,
        [
            (GuardTest::Margin { percent: milli(12_000), cost_list: None }, GuardAction::Clamp),
            (GuardTest::Markup { percent: milli(250_000), cost_list: costs }, GuardAction::Approve),
            (GuardTest::FloorList("FLOOR".to_owned()), GuardAction::Clamp),
            (GuardTest::Discount { percent: milli(30_000), of: OfAmount::List }, GuardAction::Approve),
            (GuardTest::Discount { percent: milli(100_000), of: OfAmount::Contract }, GuardAction::Clamp),
        ]
    );
    assert_eq!(policy.guards[0].rules, ["long-quarter", "autumn"]);
}

#[test]
fn authority() {
    let authority = accepted(EVERYTHING).authority;
    let told: Vec<_> = authority.iter().map(|one| (one.role, one.concession, one.margin)).collect();
    assert_eq!(
        told,
        [
            (AuthorityRole::Quote, milli(5_000), None),
            (AuthorityRole::Approve, milli(12_500), Some(milli(8_000))),
        ]
    );
}

#[test]
fn shown_prices() {
    let shown = accepted(EVERYTHING).shown_prices;
    let named: Vec<_> =
        shown.iter().map(|shown| (shown.id.as_str(), shown.list.as_str(), shown.name.en.as_str())).collect();
    assert_eq!(named, [("rrp", "RRP", "Recommended price"), ("lowest", "LOWEST", "lowest")]);
    assert_eq!(shown.iter().map(|shown| shown.contracts.is_everything()).collect::<Vec<_>>(), [false, true]);
}

#[test]
fn eligibility() {
    let eligibility = accepted(EVERYTHING).eligibility;
    assert_eq!(eligibility.assortments[0].reason, text("Not in your assortment"));
    assert_eq!(eligibility.inclusions[0].id, "samples");
    assert_eq!(eligibility.exclusions[0].reason.ru.as_deref(), Some("Снято с продажи"));
    assert_eq!(eligibility.licences[0].attribute, "chemicals-until");
}

/// Findings and answers lead back to the file.
#[test]
fn places() {
    let at = |line, column| At { file: 0, line, column };
    let policy = accepted(
        "quoin_policy: 1\nsku_groups:\n  длинные: [{ sku: x }]\n  b:\n    any:\n      - sku: y\nrules:\n  - id: a\n    layer: volume\n    \
         goods: { sku: x }\n    measure: { what: skus, over: cart }\n    tiers:\n      - from: 1\n        percent: 1\n\
         taxes: { id: t, class: c, rates: { percent: 1 } }\n",
    );
    let rule = &policy.rules[0];
    assert_eq!(policy.sku_groups["длинные"].at, at(3, 3));
    assert_eq!(policy.sku_groups["длинные"].selection.at, at(3, 12));
    assert_eq!(policy.sku_groups["длинные"].selection.any[0].at, at(3, 13));
    assert_eq!(policy.sku_groups["b"].selection.any[0].at, at(6, 9));
    assert_eq!((rule.at, rule.goods.at, rule.tiers[0].at), (at(8, 5), at(10, 12), at(13, 9)));
    assert_eq!(policy.taxes[0].at, at(15, 8));
}

/// One policy, however it is put on lines: with line ends of another system, a mark of byte order, as JSON, with its
/// document marked.
#[test]
fn other_spellings_of_the_same() {
    let whole = "quoin_policy: 1\ncurrency: EUR\nrules:\n- id: a\n  layer: order\n  per_cart: 2.50\n";
    let unplaced = |text: &str| {
        let mut policy = accepted(text);
        policy.rules.iter_mut().for_each(|rule| {
            rule.at = At::default();
            rule.tiers[0].at = At::default();
        });
        policy
    };
    let expected = unplaced(whole);
    assert_eq!(expected.rules[0].tiers[0].benefit, Benefit::PerCart(milli(2_500)));
    for other in [
        whole.replace('\n', "\r\n"),
        format!("\u{feff}{whole}"),
        format!("---\n{whole}...\n"),
        format!("# a comment\n%YAML 1.2\n---\n{whole}"),
        whole.replace("- id", "  - id").replace("\n  layer", "\n    layer").replace("\n  per_", "\n    per_"),
        whole.replace("2.50", "\"2.5\"").replace('1', "'1'"),
        r#"{"quoin_policy": 1, "currency": "EUR", "rules": [{"id": "a", "layer": "order", "per_cart": 2.50}]}"#.to_owned(),
        "{ quoin_policy: 1, currency: EUR, rules: { id: a, layer: order, per_cart: 2.500000 } }".to_owned(),
    ] {
        assert_eq!(unplaced(&other), expected, "{other}");
    }
}

/// An alias says what its anchor said, where it is named.
#[test]
fn anchors_and_aliases() {
    let policy = accepted(
        "quoin_policy: 1\nrules:\n  - id: a\n    layer: order\n    percent: &five 5\n    goods: &goods { sku: [x, &y y] }\n  - id: b\n    \
         layer: order\n    percent: *five\n    goods: *goods\n    contracts: { contract: *y }\n",
    );
    let [a, b] = policy.rules.as_slice() else { panic!("two rules") };
    assert_eq!(a.goods.any[0].criteria, b.goods.any[0].criteria);
    assert_eq!(a.tiers[0].benefit, b.tiers[0].benefit);
    assert_eq!((a.goods.at.line, b.goods.at.line), (6, 10));
    assert!(!b.contracts.is_everything());
}

/// The example on the page about policy files.
#[test]
fn the_example_of_the_docs() {
    let page =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/POLICY.md"))
            .unwrap();
    let example = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(accepted(example).rules[0].id, "long-quarter");
}

/// A block of text for people may be written over lines that are folded, or end with its line break.
#[test]
fn texts_in_blocks() {
    let policy = accepted(
        "quoin_policy: 1\nsku_groups:\n  a:\n    name: >\n      Long\n      products\n    any: { sku: x }\n  b:\n    name: |\n      \
         Flat\n    any: { sku: x }\n  c: { name: \"Long\n    products\", any: { sku: x } }\n",
    );
    let names: Vec<&str> = policy.sku_groups.values().map(|group| group.name.en.as_str()).collect();
    assert_eq!(names, ["Long products", "Flat", "Long products"]);
}

/// Ladders as they are written, and a rule without one.
#[test]
fn ladders() {
    let of = |rule: &Rule| -> Vec<_> {
        rule.tiers.iter().map(|tier| (tier.lower, tier.upper, tier.benefit.clone())).collect()
    };
    let percent = |thousandths| Benefit::Percent(milli(thousandths));
    let flat = rule("layer: volume, percent: 2.50");
    assert_eq!((flat.mode, of(&flat)), (TierMode::Volume, vec![(Micros::ZERO, None, percent(2_500))]));
    let volume = rule(
        "layer: volume, measure: { what: quantity }, tiers: [{ from: 0, to: 10, percent: 0 }, { from: 10, percent: 1 }]",
    );
    assert_eq!(volume.mode, TierMode::Volume);
    assert_eq!(
        of(&volume),
        [(milli(0), Some(milli(10_000)), percent(0)), (milli(10_000), None, percent(1_000))]
    );
    // a hole and an end are meant where they are written; one tier needs no list
    let holed = rule(
        "layer: volume, mode: volume, measure: { what: quantity }, tiers: [{ from: 1, to: 2, percent: 1 }, { from: 3, to: 3, \
         percent: 2 }]",
    );
    assert_eq!(holed.tiers[1].upper, Some(milli(3_000)));
    let graduated = rule(
        "layer: volume, mode: graduated, measure: { what: quantity }, tiers: { above: 10.5, percent: 5 }",
    );
    assert_eq!(
        (graduated.mode, of(&graduated)),
        (TierMode::Graduated, vec![(milli(10_500), None, percent(5_000))])
    );
}

/// Lists and groups of several files add up, in the order of the files.
#[test]
fn several_files() {
    let files = [
        (
            "a.yaml",
            "quoin_policy: 1\nrules: [{ id: b, layer: order, per_cart: 1, goods: long }]\nlayers: { order: { stack: compound } }\n",
        ),
        (
            "b.yaml",
            "quoin_policy: 1\ncurrency: EUR\nsku_groups: { long: { sku: x } }\nrules: { id: a, layer: order, percent: 1 }\n\
             layers: { order: { stack: compound }, volume: { stack: additive } }\ncontract_groups: { long: { contract: x } }\n",
        ),
        ("c.yaml", "quoin_policy: 1\ncurrency: EUR\nguards: { id: g, margin: 5, rules: b }\n"),
    ];
    let policy: Policy = read(&files.map(|(name, text)| Source { name, text })).unwrap();
    let rules: Vec<_> = policy.rules.iter().map(|rule| (rule.id.as_str(), rule.at.file)).collect();
    assert_eq!(rules, [("b", 0), ("a", 1)]);
    assert_eq!((policy.sku_groups.len(), policy.contract_groups.len(), policy.guards[0].at.file), (1, 1, 2));
    assert_eq!(policy.stacks.len(), 2);
    assert_eq!(policy.currency.unwrap().code(), "EUR");
}

/// The format alone is a policy, of nothing.
#[test]
fn an_empty_policy() {
    assert_eq!(accepted("quoin_policy: 1\n"), Policy::default());
    assert_eq!(accepted("quoin_policy: 1\nrules: []\nsku_groups: {}\nguards: []\n"), Policy::default());
}
