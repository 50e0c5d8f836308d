//! Are the data in the proportions that docs/GENERATOR.md states, and made by the parameters that it lists?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quoin::domain::cell::CellFlags;
use quoin::domain::ids::UnitId;
use quoin::domain::time::Window;
use quoin::exchange::generate::entropy::Choice;
use quoin::exchange::generate::lists::ListKind;
use quoin::exchange::generate::{GenerateOptions, GeneratedCell, Generator, parameters as p};

use super::{cells_of, random, sized};

fn individual(generator: &Generator) -> impl Iterator<Item = Vec<GeneratedCell>> + '_ {
    generator.lists().filter(|list| list.owner().is_some()).map(|list| cells_of(generator, list.number))
}

#[test]
fn the_proportions_are_those_stated() {
    let generator = Generator::new(sized(10_000, 400, None)).unwrap();
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for cell in individual(&generator).flatten().map(|cell| cell.cell) {
        let mut count = |name, holds: bool| *counts.entry(name).or_default() += u32::from(holds);
        count("pack", cell.unit != UnitId::BASE);
        count("promotion", cell.window != Window::ALWAYS);
        if cell.unit == UnitId::BASE && cell.window == Window::ALWAYS {
            count("pair", true);
            count("tiered", cell.points() > 1);
            count("graduated", cell.is_graduated());
            count("flagged", cell.flags != CellFlags::default());
        }
    }
    let pairs = counts["pair"];
    let within = |name: &str, from: u32, to: u32| {
        let parts = u64::from(counts[name]) * 100_000 / u64::from(pairs);
        assert!((u64::from(from)..=u64::from(to)).contains(&parts), "{name}: {parts} in 100,000 of {pairs}");
    };
    assert!((380_000..420_000).contains(&pairs), "a tenth of 4,000,000: {pairs}");
    within("tiered", 9_000, 11_000);
    within("promotion", 1_800, 2_200);
    within("pack", 3_000, 4_200);
    within("graduated", 50, 400);
    within("flagged", 230, 330);
}

#[test]
fn the_asked_number_of_price_points_comes_out() {
    let asked = [
        sized(10_000, 500, Some(200_000)),
        sized(5_000, 400, Some(1_250_000)),
        sized(2_000, 300, Some(600_000)),
        random(10_000, 100, Some(300_000)),
        random(10_000, 100, None),
    ];
    for options in asked {
        let wanted = options.cells.unwrap_or(100_000);
        let generator = Generator::new(options.clone()).unwrap();
        let points: usize = individual(&generator).flatten().map(|cell| cell.cell.points()).sum();
        let points = u64::try_from(points).unwrap();
        assert!(points.abs_diff(wanted) * 100 <= wanted * 8, "{points} of {wanted}: {options:?}");
    }
}

#[test]
fn list_prices_end_as_shops_write_them() {
    let generator = Generator::new(sized(20_000, 1, None)).unwrap();
    let mut bands = BTreeSet::new();
    for sku in &generator.assortment().skus {
        let price = sku.price;
        let (band, fits) = match price {
            0 => (0, false),
            1..1_000 => (1, true),
            1_000..10_000 => (2, price % 5 == 0 || price % 100 == 99),
            10_000..100_000 => (3, price % 100 == 0),
            _ => (4, price % 500 == 0 || price % 1_000 == 900),
        };
        assert!(fits, "{price}");
        bands.insert(band);
    }
    assert_eq!(bands, BTreeSet::from([1, 2, 3, 4]), "every band occurs");
}

#[test]
fn the_entropy_is_the_one_stated() {
    let bits = |options: GenerateOptions| Generator::new(options).unwrap().entropy(1);
    let close =
        |found: f64, wanted: f64, by: f64| assert!((found - wanted).abs() < by, "{found}, not {wanted}");
    // log2(500,000) + (-0.9 log2 0.9 - 0.1 log2 0.1) / 0.1
    let worst = bits(random(10_000, 200, None));
    close(worst.per_point(), 18.9316 + 4.6900, 0.03);
    let standard = bits(GenerateOptions::standard().unwrap());
    let stated = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/GENERATOR.md")).unwrap();
    let row = stated.lines().find(|line| line.starts_with("| **bits a price point** |")).unwrap();
    assert!(row.contains(&format!("**{:.3}**", standard.per_point())), "{:.3}: {row}", standard.per_point());
    close(standard.per_point_of(Choice::Presence) + standard.per_point_of(Choice::Category), 0.78, 0.05);
    assert!(standard.pairs < standard.points);
}

#[test]
fn the_parameters_are_written_down() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/GENERATOR.md")).unwrap();
    let stated = |name: &str| {
        let row = text.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        row.unwrap_or_else(|| panic!("{name} is not written down"))
            .split('|')
            .nth(2)
            .unwrap()
            .trim()
            .to_owned()
    };
    let schemes: Vec<String> = p::TIER_SCHEMES
        .iter()
        .map(|scheme| scheme.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
        .collect();
    assert_eq!(stated("TIER_SCHEMES"), schemes.join("; "));
    assert_eq!(stated("COVERAGE"), format!("{} to {}", p::COVERAGE[0], p::COVERAGE[p::COVERAGE.len() - 1]));
    let numbers: &[(&str, i64)] = &[
        ("SKUS_PER_LEAF", p::SKUS_PER_LEAF.into()),
        ("SKUS_PER_LEAF_LEAST", p::SKUS_PER_LEAF_LEAST.into()),
        ("LEAVES_LEAST", p::LEAVES_LEAST.into()),
        ("LEAVES_MOST", p::LEAVES_MOST.into()),
        ("LEAF_SIZE_OFFSET", p::LEAF_SIZE_OFFSET.into()),
        ("ARRIVAL_RUN", p::ARRIVAL_RUN.into()),
        ("SKUS_PER_BRAND", p::SKUS_PER_BRAND.into()),
        ("SIZE_TILT", p::SIZE_TILT),
        ("PRICE_SPREAD", p::PRICE_SPREAD),
        ("PER_HUNDRED_BELOW", p::PER_HUNDRED_BELOW.into()),
        ("PRESENCE", p::PRESENCE.into()),
        ("COVERAGE_MEAN", p::COVERAGE_MEAN.into()),
        ("PRESENCE_EVERYWHERE", p::PRESENCE_EVERYWHERE.into()),
        ("TYPE_DISCOUNT_STEPS", p::TYPE_DISCOUNT_STEPS.into()),
        ("TYPE_DISCOUNT_STEP", p::TYPE_DISCOUNT_STEP.into()),
        ("OWN_DISCOUNT", p::OWN_DISCOUNT.into()),
        ("OWN_DISCOUNT_STEPS", p::OWN_DISCOUNT_STEPS.into()),
        ("OWN_DISCOUNT_STEP", p::OWN_DISCOUNT_STEP.into()),
        ("EXCEPTION", p::EXCEPTION.into()),
        ("EXCEPTION_BELOW", p::EXCEPTION_BELOW.into()),
        ("EXCEPTION_ABOVE", p::EXCEPTION_ABOVE.into()),
        ("EXCEPTION_NO_DISCOUNT", p::EXCEPTION_NO_DISCOUNT.into()),
        ("EXCEPTION_FINAL", p::EXCEPTION_FINAL.into()),
        ("TIERED_SKUS", p::TIERED_SKUS.into()),
        ("TIERED_TERMS", p::TIERED_TERMS.into()),
        ("GRADUATED", p::GRADUATED.into()),
        ("OVER_SKU", p::OVER_SKU.into()),
        ("PROMOTED_SKUS", p::PROMOTED_SKUS.into()),
        ("PROMOTED_TERMS", p::PROMOTED_TERMS.into()),
        ("PACK_SKUS", p::PACK_SKUS.into()),
        ("PACK_TERMS", p::PACK_TERMS.into()),
        ("BOX_DISCOUNT", p::BOX_DISCOUNT.into()),
        ("PALLET_DISCOUNT", p::PALLET_DISCOUNT.into()),
        ("FOREIGN_PERCENT", p::FOREIGN_PERCENT.into()),
        ("POINTS_PER_PAIR", i64::try_from(p::POINTS_PER_PAIR).unwrap()),
        ("RANDOM_PRESENCE", p::RANDOM_PRESENCE.into()),
        ("RANDOM_PRICE_MOST", p::RANDOM_PRICE_MOST.into()),
    ];
    for (name, value) in numbers {
        assert_eq!(stated(name), value.to_string(), "{name}");
    }
    for class in p::CLASSES {
        let row = format!("| {} | {} | {} | 0.{:02} |", class.name, class.weight, class.discount, class.step);
        assert!(text.contains(&row), "{row}");
    }
}

#[test]
fn random_mode_holds_prices_alone() {
    let generator = Generator::new(random(1_000, 50, None)).unwrap();
    assert_eq!(generator.list_count(), 50);
    let mut prices = Vec::new();
    for list in generator.lists() {
        assert!(matches!(list.kind, ListKind::Individual(_)));
        prices.extend(
            cells_of(&generator, list.number).iter().map(|cell| cell.cell.as_plain().unwrap().0 / 10_000),
        );
    }
    assert!((4_500..5_500).contains(&prices.len()));
    assert!(prices.iter().all(|cents| (1..=500_000).contains(cents)));
    let above_half = prices.iter().filter(|cents| **cents > 250_000).count();
    assert!((prices.len() * 9 / 20..prices.len() * 11 / 20).contains(&above_half));
}
