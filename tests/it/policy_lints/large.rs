//! Is a large policy checked in seconds? Ten thousand rules of several shapes, a hundred thousand SKUs.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use quoin::domain::catalogue::Catalogue;
use quoin::domain::contract::Contract;
use quoin::domain::ids::{ContractId, SkuId};
use quoin::domain::sku::Sku;
use quoin::policy::check::check;
use quoin::policy::finding::Source;
use quoin::policy::read::read;

use super::world;

const SKUS: u32 = 100_000;
const CONTRACTS: u32 = 10_000;
const RULES: u32 = 10_000;
/// Far more than is needed: the check must not grow with rules times rules, or rules times SKUs.
const MOST: Duration = Duration::from_secs(20);

/// 2,000 categories of two levels, 100 brands, an attribute of 1,000 values; contracts in 50 segments.
fn catalogue() -> Catalogue {
    let mut made = world::catalogue();
    let sku = made.skus.by_code("R-1").unwrap().clone();
    for number in 0..SKUS {
        let category = Some(made.category_of_path(&format!("Area {}/Class {}", number % 40, number % 2_000)));
        let brand = Some(made.brand_of_code(&format!("Brand {}", number % 100)));
        let attributes = [("size".to_owned(), (number % 1_000).to_string())].into();
        let code = format!("G-{number}");
        made.skus.put(&code, |id| Sku {
            id: SkuId(id),
            code: code.clone(),
            category,
            brand,
            attributes,
            ..sku.clone()
        });
    }
    let contract = made.contracts.by_code("C-2").unwrap().clone();
    for number in 0..CONTRACTS {
        let code = format!("K-{number}");
        let attributes = [("segment".to_owned(), format!("s{}", number % 50))].into();
        made.contracts.put(&code, |id| Contract {
            id: ContractId(id),
            code: code.clone(),
            attributes,
            ..contract.clone()
        });
    }
    made
}

/// Rules of one shape in each of these places: many for one contract on everything, many for a class of goods, groups
/// that overlap, one large exclusive group, stops, ladders, guards.
fn policy() -> String {
    let mut text = String::from("quoin_policy: 1\ncurrency: EUR\nsku_groups:\n");
    for number in 0..500 {
        let (class, brand) = (number * 4, number % 100);
        writeln!(
            text,
            "  g{number}: [{{ category: Area {}/Class {class} }}, {{ brand: Brand {brand} }}]",
            class % 40
        )
        .unwrap();
    }
    text.push_str("rules:\n");
    for number in 0..RULES {
        let class = number % 2_000;
        let area = class % 40;
        let shape = match number % 8 {
            0 | 1 => format!("layer: volume, contracts: {{ contract: K-{number} }}, percent: 3"),
            2 => format!(
                "layer: volume, goods: {{ category: Area {area}/Class {class} }}, percent: 2, best_of: classes, priority: {number}"
            ),
            3 => format!(
                "layer: loyalty, goods: g{}, contracts: {{ segment: s{} }}, percent: 2",
                number % 500,
                number % 50
            ),
            4 => {
                format!("layer: order, contracts: {{ segment: s{} }}, percent: 2, best_of: all", number % 50)
            }
            5 => format!(
                "layer: volume, goods: {{ attribute: {{ size: [{}, {}] }} }}, percent: 1, stop: true, priority: {}, when: {{ coupon: c{number} }}",
                number % 1_000,
                number % 777,
                number + 20_000
            ),
            6 => format!(
                "layer: volume, goods: {{ any: {{ brand: Brand {} }}, except: g{} }}, measure: {{ what: weight, unit: t, over: group }}, mode: graduated, tiers: [{{ above: 5, to: 50, percent: 1 }}, {{ above: 50, percent: 2 }}]",
                number % 100,
                number % 500
            ),
            _ => format!(
                "layer: surcharge, goods: {{ category: Area {area} }}, contracts: {{ contract: K-{number} }}, per_line: 5"
            ),
        };
        writeln!(text, "  - {{ id: r{number}, {shape} }}").unwrap();
    }
    text.push_str("guards:\n");
    for number in 0..50 {
        writeln!(text, "  - {{ id: guard{number}, goods: g{number}, discount: 30 }}").unwrap();
    }
    text
}

#[test]
fn ten_thousand_rules_and_a_hundred_thousand_skus() {
    let text = policy();
    let policy = read(&[Source { name: "large", text: &text }]).unwrap();
    let catalogue = catalogue();
    let members = world::Members::of(&catalogue);
    let begun = Instant::now();
    let found = check(&policy, &catalogue, &members);
    let taken = begun.elapsed();
    println!("{} findings in {taken:?}", found.len());
    assert!(taken < MOST, "{taken:?}");
    assert!(found.iter().any(|finding| finding.code == "shadowed"), "no rule is shadowed among thousands");
}

/// Each of these alike rules is for everything, so that any two could be held against one another.
#[test]
fn rules_that_are_all_for_everything() {
    let mut text = String::from("quoin_policy: 1\nrules:\n");
    for number in 0..4 * RULES {
        let shape = match number % 4 {
            0 => format!(
                "layer: volume, percent: {}, best_of: one, when: {{ coupon: c{number} }}",
                number % 90
            ),
            1 => format!(
                "layer: loyalty, percent: 1, stop: true, priority: {number}, when: {{ coupon: c{number} }}"
            ),
            2 => format!("layer: order, percent: 1, when: {{ coupon: c{number} }}"),
            _ => {
                format!("layer: volume, goods: {{ except: {{ sku: G-{number} }} }}, percent: 1, best_of: two")
            }
        };
        writeln!(text, "  - {{ id: r{number}, {shape} }}").unwrap();
    }
    let policy = read(&[Source { name: "large", text: &text }]).unwrap();
    let catalogue = catalogue();
    let members = world::Members::of(&catalogue);
    let begun = Instant::now();
    let found = check(&policy, &catalogue, &members);
    let taken = begun.elapsed();
    println!("{} findings in {taken:?}", found.len());
    assert!(taken < MOST, "{taken:?}");
}

#[test]
fn errors_are_told_though_there_are_too_many_warnings() {
    let mut text = String::from("quoin_policy: 1\nrules:\n");
    for number in 0..1_500 {
        writeln!(text, "  - {{ id: r{number}, layer: volume, goods: {{ sku: N-{number} }}, percent: 1 }}")
            .unwrap();
    }
    text.push_str("  - { id: last, layer: volume, goods: { category: Nowhere }, percent: 1 }\n");
    let policy = read(&[Source { name: "large", text: &text }]).unwrap();
    let catalogue = world::catalogue();
    let found = check(&policy, &catalogue, &world::Members::of(&catalogue));
    let told: Vec<(u32, &str)> = found.iter().map(|finding| (finding.at.line, finding.code)).collect();
    assert_eq!(told.len(), 1_001);
    assert_eq!(told[998], (1_001, "matches-nothing"));
    assert_eq!(told[999..], [(1_503, "unknown-category"), (1_503, "more-findings")]);
    assert_eq!(found[1_000].message, "501 more are not told");
}
