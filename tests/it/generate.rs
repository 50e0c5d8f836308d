//! Does a seed mean the same data for ever, in the proportions that docs/GENERATOR.md states?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use quoin::domain::cell::{CellFlags, Target, Value};
use quoin::domain::decimal::Micros;
use quoin::domain::ids::UnitId;
use quoin::domain::time::Window;
use quoin::exchange::fault::Faults;
use quoin::exchange::generate::demo::write_demo;
use quoin::exchange::generate::entropy::Choice;
use quoin::exchange::generate::folder::{WriteError, write_folder};
use quoin::exchange::generate::lists::ListKind;
use quoin::exchange::generate::{GenerateOptions, GeneratedCell, Generator, Mode, OptionsError};
use quoin::exchange::generate::{parameters as p, units};
use quoin::exchange::kind::Kind;
use quoin::exchange::master::{
    AccessRow, ContractRow, CounterpartyRow, ExchangeRateRow, IndexValueRow, PriceListRow, SkuRow,
    SkuUnitRow, UnitRow, read_rows,
};
use quoin::exchange::prices::read_prices;
use quoin::exchange::source::{Format, Source};

fn sized(skus: u32, contracts: u32, cells: Option<u64>) -> GenerateOptions {
    GenerateOptions { skus, contracts, cells, ..GenerateOptions::standard().unwrap() }
}

fn random(skus: u32, contracts: u32, cells: Option<u64>) -> GenerateOptions {
    GenerateOptions { mode: Mode::Random, ..sized(skus, contracts, cells) }
}

/// File names with their bytes.
fn bytes(options: &GenerateOptions, format: Format) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), format, options, &mut |_| {}).unwrap();
    read(folder.path())
}

fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let name = |entry: &fs::DirEntry| entry.file_name().into_string().unwrap();
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries.map(|entry| (name(&entry), fs::read(entry.path()).unwrap())).collect()
}

fn cells_of(generator: &Generator, list: u32) -> Vec<GeneratedCell> {
    let mut cells = Vec::new();
    generator.cells_of_list(list, &mut cells);
    cells
}

fn individual(generator: &Generator) -> impl Iterator<Item = Vec<GeneratedCell>> + '_ {
    generator.lists().filter(|list| list.owner().is_some()).map(|list| cells_of(generator, list.number))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_gives_others() {
    for format in [Format::Csv, Format::Parquet] {
        let options = sized(300, 20, None);
        assert_eq!(bytes(&options, format), bytes(&options, format));
        let (one, other) = (bytes(&options, format), bytes(&GenerateOptions { seed: 2, ..options }, format));
        let prices = one.keys().find(|name| name.starts_with("prices.")).unwrap();
        for name in [prices, "skus.csv", "contracts.csv", "exchange_rates.csv"] {
            assert_ne!(one[name], other[name], "{name}");
        }
    }
}

#[test]
fn the_demo_is_what_the_generator_makes() {
    let folder = tempfile::tempdir().unwrap();
    write_demo(folder.path()).unwrap();
    let committed = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo"));
    let mut made = read(folder.path());
    let cart = made.remove("cart.csv").unwrap();
    let kept = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cart.csv")).unwrap();
    assert!(cart == kept, "data/cart.csv differs: generate it anew");
    assert_eq!(committed.keys().collect::<Vec<_>>(), made.keys().collect::<Vec<_>>());
    for (name, bytes) in &made {
        assert!(committed[name] == *bytes, "{name} differs: generate data/demo anew");
    }
    assert!(made.values().map(Vec::len).sum::<usize>() < 300_000);
}

#[test]
fn a_list_does_not_depend_on_the_lists_made_before_it() {
    for options in [sized(2_000, 30, None), random(2_000, 30, None)] {
        let (forth, back) = (Generator::new(options.clone()).unwrap(), Generator::new(options).unwrap());
        let mut found: Vec<_> = (0..back.list_count()).rev().map(|list| cells_of(&back, list)).collect();
        found.reverse();
        for (list, cells) in (0..).zip(found) {
            assert!(cells_of(&forth, list) == cells, "list {list}");
        }
    }
}

#[test]
fn cells_come_in_order_once_each_and_state_something_sound() {
    let generator = Generator::new(sized(4_000, 120, None)).unwrap();
    for list in generator.lists() {
        let cells = cells_of(&generator, list.number);
        let key = |cell: &GeneratedCell| (cell.target, cell.cell.unit, cell.cell.window);
        let distinct: BTreeSet<_> = cells.iter().map(key).collect();
        assert_eq!(distinct.len(), cells.len(), "{}", list.code);
        let skus: Vec<_> = cells.iter().filter_map(GeneratedCell::sku).collect();
        assert!(skus.is_sorted(), "{}", list.code);
        for GeneratedCell { target, cell } in &cells {
            let tiers = cell.ladder.tiers();
            let free = cell.flags.has(CellFlags::FREE);
            assert!(tiers.iter().all(|tier| match tier.value {
                Value::Price(price) => (price == Micros::ZERO) == free && !price.is_negative(),
                Value::Percent { percent, of } => !percent.is_negative() && of.0 == 0,
                Value::Formula { coefficient, premium, .. } => coefficient.0 > 0 && premium.0 > 0,
            }));
            let Target::Sku(sku) = target else { continue };
            let sku = generator.assortment().sku(sku.0).unwrap();
            match cell.unit {
                UnitId::BASE => assert_eq!(cell.per, u32::from(sku.per)),
                units::BOX => assert!(sku.boxed > 1),
                units::PALLET => assert!(sku.pallet > 1),
                unit => panic!("{unit:?}"),
            }
        }
    }
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
fn numbers_are_those_that_an_import_gives() {
    let generator = Generator::new(sized(3_000, 20, None)).unwrap();
    let tables = generator.tables();
    let rows_of = |kind: &str| -> Vec<Vec<String>> {
        let mut tables = generator.tables();
        let at = tables.iter().position(|table| table.kind == kind).unwrap();
        tables.swap_remove(at).rows.collect()
    };
    assert_eq!(tables.len(), 9);
    for table in tables {
        assert!(table.rows.into_iter().all(|row| row.len() == table.columns.len()), "{}", table.kind);
    }
    let (mut categories, mut brands): (Vec<String>, Vec<String>) = Default::default();
    for row in rows_of("skus") {
        let path = &row[3];
        for end in path.match_indices('/').map(|(at, _)| at).chain([path.len()]) {
            if !categories.iter().any(|known| known == &path[..end]) {
                categories.push(path[..end].to_owned());
            }
        }
        if !brands.contains(&row[4]) {
            brands.push(row[4].clone());
        }
    }
    assert_eq!(categories, generator.assortment().categories);
    assert_eq!(brands, generator.assortment().brands);
    let codes: Vec<String> = generator.lists().map(|list| list.code).collect();
    let listed: Vec<String> = rows_of("price_lists").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(codes, listed);
    let units: Vec<String> = rows_of("units").into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(units[usize::from(units::BOX.0) - 1], "box");
    assert_eq!(units[usize::from(units::PALLET.0) - 1], "pallet");
    for (unique, kind) in [(0, "skus"), (0, "counterparties"), (0, "contracts"), (1, "skus")] {
        let rows = rows_of(kind);
        let texts: BTreeSet<&String> = rows.iter().map(|row| &row[unique]).collect();
        assert!(texts.len() * 100 >= rows.len() * if unique == 0 { 100 } else { 90 }, "{kind}");
    }
    let known: BTreeSet<String> = listed.into_iter().collect();
    assert!(rows_of("access").iter().all(|row| known.contains(&row[2])));
}

#[test]
fn what_is_written_reads_back_without_a_fault() {
    let master = |source: &Source, faults: &mut Faults| match source.kind {
        Kind::Units => read_rows::<UnitRow>(source, faults).unwrap().len(),
        Kind::Skus => read_rows::<SkuRow>(source, faults).unwrap().len(),
        Kind::SkuUnits => read_rows::<SkuUnitRow>(source, faults).unwrap().len(),
        Kind::PriceLists => read_rows::<PriceListRow>(source, faults).unwrap().len(),
        Kind::Counterparties => read_rows::<CounterpartyRow>(source, faults).unwrap().len(),
        Kind::Contracts => read_rows::<ContractRow>(source, faults).unwrap().len(),
        Kind::Access => read_rows::<AccessRow>(source, faults).unwrap().len(),
        Kind::ExchangeRates => read_rows::<ExchangeRateRow>(source, faults).unwrap().len(),
        Kind::IndexValues => read_rows::<IndexValueRow>(source, faults).unwrap().len(),
        Kind::Prices => {
            read_prices(source, faults, &mut |_| {}, |_| Ok(())).unwrap();
            0
        }
        Kind::Documents => panic!("{} is posted, not imported", source.name),
    };
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let folder = tempfile::tempdir().unwrap();
    let mut folders = vec![demo];
    for (name, options) in [("structured", sized(900, 210, None)), ("random", random(500, 20, None))] {
        for (kind, format) in [("csv", Format::Csv), ("parquet", Format::Parquet)] {
            let inside = folder.path().join(format!("{name}-{kind}"));
            write_folder(&inside, format, &options, &mut |_| {}).unwrap();
            folders.push(inside);
        }
    }
    for folder in folders {
        let sources = Source::of_paths([&folder], None).unwrap();
        assert!(sources.len() >= 7, "{}", folder.display());
        let mut faults = Faults::default();
        let rows: usize = sources.iter().map(|source| master(source, &mut faults)).sum();
        assert!(rows > 0);
        assert_eq!(faults.kept(), [], "{}", folder.display());
    }
}

#[test]
fn every_kind_of_list_and_cell_is_in_the_demo() {
    let generator = Generator::new(GenerateOptions::demo().unwrap()).unwrap();
    let mut found = BTreeSet::new();
    for list in generator.lists() {
        let cells = cells_of(&generator, list.number);
        assert!(!cells.is_empty(), "{} is empty", list.code);
        for GeneratedCell { target, cell } in cells {
            found.insert(match cell.ladder.tiers()[0].value {
                Value::Price(_) if cell.ladder.is_flat() => "price",
                Value::Price(_) if cell.is_graduated() => "graduated",
                Value::Price(_) => "volume",
                Value::Percent { .. } => "percent",
                Value::Formula { .. } => "formula",
            });
            found.insert(match target {
                Target::Sku(_) => "sku",
                Target::Category(_) => "category",
                Target::Brand(_) => "brand",
            });
            for (flag, name) in [
                (CellFlags::NO_DISCOUNT, "no_discount"),
                (CellFlags::FINAL, "final"),
                (CellFlags::FREE, "free"),
            ] {
                found.extend(cell.flags.has(flag).then_some(name));
            }
            found.extend((cell.window != Window::ALWAYS).then_some("window"));
            found.extend((cell.unit == units::BOX).then_some("box"));
        }
    }
    assert_eq!(found.len(), 13, "{found:?}");
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
fn parquet_holds_the_rows_of_the_csv() {
    let options = GenerateOptions::demo().unwrap();
    let (csv, parquet) = (bytes(&options, Format::Csv), bytes(&options, Format::Parquet));
    let mut wanted = BTreeMap::<(String, String), u32>::new();
    let mut reader = csv::Reader::from_reader(csv["prices.csv"].as_slice());
    let price = reader.headers().unwrap().iter().position(|name| name == "price").unwrap();
    for row in reader.records().map(Result::unwrap) {
        let text = if row[price].is_empty() { String::new() } else { row[price].to_owned() };
        *wanted.entry((row[1].to_owned(), text)).or_default() += 1;
    }
    let mut found = BTreeMap::<(String, String), u32>::new();
    let bytes = bytes::Bytes::from(parquet["prices.parquet"].clone());
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap();
    for batch in reader.build().unwrap().map(Result::unwrap) {
        let sku =
            arrow::compute::cast(batch.column_by_name("sku").unwrap(), &arrow::datatypes::DataType::Utf8);
        let sku = sku.unwrap();
        let sku = sku.as_any().downcast_ref::<arrow::array::StringArray>().unwrap();
        let price = batch.column_by_name("price").unwrap();
        let price = price.as_any().downcast_ref::<arrow::array::Decimal128Array>().unwrap();
        for (sku, price) in sku.iter().zip(price.iter()) {
            let text = price.map(|price| Micros(i64::try_from(price).unwrap()).to_text(2));
            *found.entry((sku.unwrap_or("").to_owned(), text.unwrap_or_default())).or_default() += 1;
        }
    }
    assert_eq!(found, wanted);
}

#[test]
fn what_cannot_be_met_is_refused() {
    let refused = |options: GenerateOptions| Generator::new(options).unwrap_err();
    assert_eq!(refused(sized(3, 1, None)), OptionsError::Skus(3));
    assert_eq!(refused(sized(100, 0, None)), OptionsError::Contracts(0));
    let crowded = refused(sized(1_000, 10, Some(12_551)));
    assert_eq!(crowded, OptionsError::Cells { asked: 12_551, contracts: 10, skus: 1_000, most: 12_550 });
    assert!(Generator::new(random(1_000, 10, Some(10_000))).is_ok());
    let folder = tempfile::tempdir().unwrap();
    write_demo(folder.path()).unwrap();
    assert!(
        matches!(write_demo(folder.path()), Err(WriteError::Exists(path)) if path.ends_with("units.csv"))
    );
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
