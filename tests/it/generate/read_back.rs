//! Is what is made sound and of every kind, and is it read back as an import reads it?

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quoin::domain::cell::{CellFlags, Target, Value};
use quoin::domain::decimal::Micros;
use quoin::domain::ids::UnitId;
use quoin::domain::time::Window;
use quoin::exchange::fault::Faults;
use quoin::exchange::generate::folder::write_folder;
use quoin::exchange::generate::{GenerateOptions, GeneratedCell, Generator, units};
use quoin::exchange::kind::Kind;
use quoin::exchange::master::{
    AccessRow, ContractRow, CounterpartyRow, ExchangeRateRow, IndexValueRow, PriceListRow, SkuRow,
    SkuUnitRow, UnitRow, read_rows,
};
use quoin::exchange::prices::read_prices;
use quoin::exchange::source::{Format, Source};

use super::{bytes, cells_of, random, sized};

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
