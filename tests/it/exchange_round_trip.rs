//! Does what is written read back as it was? Both formats, any line; and foreign Parquet types.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Date32Array, Decimal128Array, Float64Array, Int32Array, Int64Array, LargeStringArray,
    RecordBatch, StringArray, TimestampMicrosecondArray,
};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use quoin::domain::cell::CellFlags;
use quoin::domain::contract::{AccessMode, Conditions};
use quoin::domain::currency::Currency;
use quoin::domain::decimal::Micros;
use quoin::domain::ladder::{Over, TierMode};
use quoin::domain::rounding::{Rounding, RoundingMode, TaxRounding};
use quoin::domain::time::{CivilSecond, Window};
use quoin::domain::unit::Factor;
use quoin::exchange::fault::{Faults, RowFault};
use quoin::exchange::master::{
    AccessRow, ContractRow, MasterRow, PriceListRow, SkuRow, SkuUnitRow, read_rows,
};
use quoin::exchange::price_line::{LineValue, PriceLine, TargetName};
use quoin::exchange::prices::read_prices;
use quoin::exchange::source::{Format, Source};
use quoin::exchange::write::{MasterWriter, PriceWriter};

/// A price line that owns its names.
#[derive(Debug, Clone)]
struct Owned {
    list: String,
    target: (u8, String),
    unit: Option<String>,
    per: u32,
    graduated: bool,
    over: Over,
    lower: i64,
    upper: Option<i64>,
    value: (u8, i64, i64),
    other: String,
    window: (Option<i64>, Option<i64>),
    flags: u8,
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z]{1,3}-[0-9]{1,4}",
        "[!-~]{1,20}",
        "[а-яё;,\"]{1,10}",
        Just("\"".to_owned()),
        Just("a;b,c\"d".to_owned()),
    ]
}

fn line() -> impl Strategy<Value = Owned> {
    let bound = 0..=9_000_000_000_000_000_000_i64;
    let when = prop_oneof![
        Just(None),
        Just(Some(253_402_300_800)),
        (-9_000_000_000..250_000_000_000_i64).prop_map(Some)
    ];
    (
        (
            name(),
            (0..3_u8, name()),
            prop::option::of(name()),
            1..=1_000_000_000_u32,
            any::<bool>(),
            any::<bool>(),
        ),
        (bound.clone(), prop::option::of(bound.clone()), (0..4_u8, bound, any::<i64>())),
        ("[A-Z]{1,3}-[0-9]", when.clone(), when, 0..8_u8),
    )
        .prop_map(
            |((list, target, unit, per, graduated, sku), (lower, upper, value), (other, a, b, flags))| {
                let upper = upper.filter(|upper| *upper > lower);
                let window = match (a, b) {
                    (Some(a), Some(b)) if a == b => (Some(a - 1), Some(b)),
                    (Some(a), Some(b)) => (Some(a.min(b)), Some(a.max(b))),
                    (Some(253_402_300_800), None) => (None, None),
                    open => open,
                };
                let over = if sku { Over::Sku } else { Over::Line };
                Owned { list, target, unit, per, graduated, over, lower, upper, value, other, window, flags }
            },
        )
}

impl Owned {
    fn line(&self, row: u64) -> PriceLine<'_> {
        let (of, amount, factor) = self.value;
        let value = match of {
            0 => LineValue::Price(Micros(amount.max(1))),
            1 => LineValue::Percent {
                percent: Micros(amount % 1_100_000_000 - 1_000_000_000),
                of: &self.other,
            },
            2 => LineValue::Formula {
                index: &self.other,
                coefficient: Micros(amount.max(1)),
                premium: Micros(factor % 9_000_000_000_000_000_000),
            },
            _ => LineValue::Remove,
        };
        let target = match &self.target {
            (0, name) => TargetName::Sku(name),
            (1, name) if !name.contains('/') => TargetName::Category(name),
            (_, name) => TargetName::Brand(name),
        };
        let bounded = value != LineValue::Remove;
        let (from, to) = self.window;
        PriceLine {
            row,
            list: &self.list,
            target,
            unit: self.unit.as_deref(),
            per: self.per,
            mode: if self.graduated { TierMode::Graduated } else { TierMode::Volume },
            over: self.over,
            lower: if bounded { Micros(self.lower) } else { Micros::ZERO },
            upper: self.upper.filter(|_| bounded).map(Micros),
            value,
            currency: None,
            window: Window { from: from.map(CivilSecond), to: to.map(CivilSecond) },
            flags: CellFlags(self.flags | if matches!(value, LineValue::Percent { .. }) { 4 } else { 0 }),
        }
    }
}

fn written_and_read(path: &Path, lines: &[Owned]) {
    let source = Source::of_path(path).unwrap();
    let mut writer = PriceWriter::create(path, source.format).unwrap();
    for line in lines {
        writer.write(&line.line(0)).unwrap();
    }
    assert_eq!(writer.finish().unwrap(), u64::try_from(lines.len()).unwrap());
    let first = if source.format == Format::Csv { 2 } else { 1 };
    let mut expected = (first..).zip(lines);
    let mut faults = Faults::default();
    let counts = read_prices(&source, &mut faults, &mut |_| {}, |read| {
        let (row, owned) = expected.next().unwrap();
        assert_eq!(*read, owned.line(row));
        Ok(())
    })
    .unwrap();
    assert_eq!(faults.kept(), []);
    assert_eq!(counts.rows, u64::try_from(lines.len()).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn prices_read_back(lines in prop::collection::vec(line(), 0..40)) {
        let folder = tempfile::tempdir().unwrap();
        written_and_read(&folder.path().join("prices.csv"), &lines);
        written_and_read(&folder.path().join("prices.parquet"), &lines);
    }

    /// The splitter against the csv crate, on files of every kind of quoting.
    #[test]
    fn records_are_split_as_the_csv_crate_does(
        rows in prop::collection::vec(prop::collection::vec("[a-z\",;\n]{0,6}", 3), 1..20),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
        writer.write_record(["unit", "name", "decimals"]).unwrap();
        for (number, row) in rows.iter().enumerate() {
            writer.write_record([&format!("u{number}"), &row[1], "2"]).unwrap();
        }
        let (_folder, source) = crate::exchange_files::file("units.csv", &writer.into_inner().unwrap());
        let mut faults = Faults::default();
        let read = read_rows::<quoin::exchange::master::UnitRow>(&source, &mut faults).unwrap();
        let sound: Vec<&String> = rows.iter().map(|row| &row[1]).filter(|name| !name.contains('\n')).collect();
        prop_assert_eq!(read.iter().map(|row| &row.record.name).collect::<Vec<_>>(), sound);
    }
}

fn master_reads_back<T: MasterRow + PartialEq + std::fmt::Debug>(rows: &[T]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{}.csv", T::KIND));
    let mut writer = MasterWriter::<T>::create(&path).unwrap();
    for row in rows {
        writer.write(row).unwrap();
    }
    writer.finish().unwrap();
    let mut faults = Faults::default();
    let read = read_rows::<T>(&Source::of_path(&path).unwrap(), &mut faults).unwrap();
    assert_eq!(faults.kept(), []);
    assert_eq!(read.iter().map(|row| &row.record).collect::<Vec<_>>(), rows.iter().collect::<Vec<_>>());
}

#[test]
fn master_data_read_back() {
    let attributes = BTreeMap::from([("grade".to_owned(), "M=500, \"best\"".to_owned())]);
    let euro = Currency::parse("EUR").unwrap();
    let full = SkuRow {
        sku: "S;1".to_owned(),
        name: "Cement, \"M500\"".to_owned(),
        base_unit: "kg".to_owned(),
        category: Some("Dry mixes/Cement".to_owned()),
        brand: Some("Кнауф".to_owned()),
        tax_class: Some("VAT20".to_owned()),
        multiple: Some(Micros(500_000)),
        minimum: Some(Micros::ONE),
        unit_cost: Some((Micros(1), euro)),
        attributes: attributes.clone(),
    };
    let bare = SkuRow {
        sku: "S2".to_owned(),
        category: None,
        brand: None,
        tax_class: None,
        multiple: None,
        minimum: None,
        unit_cost: None,
        attributes: BTreeMap::new(),
        ..full.clone()
    };
    master_reads_back(&[full, bare]);
    let factor = Factor::new(1, 3).unwrap();
    master_reads_back(&[SkuUnitRow { sku: "S".to_owned(), unit: "box".to_owned(), factor }]);
    let conditions = Conditions { warehouse: Some("MSK".to_owned()), ..Conditions::default() };
    let entry = AccessRow { contract: "C".to_owned(), position: 7, price_list: "L".to_owned(), conditions };
    master_reads_back(&[entry]);
    let validity = Window { from: Some(CivilSecond(3_600)), to: Some(CivilSecond(253_402_300_800)) };
    let contract = ContractRow {
        contract: "C".to_owned(),
        counterparty: "A".to_owned(),
        currency: euro,
        time_zone: "Europe/Moscow".to_owned(),
        validity,
        access: AccessMode::Lowest,
        reference_list: Some("L".to_owned()),
        rounding: Rounding {
            unit_step: Some(Micros(1)),
            unit_mode: RoundingMode::Down,
            ..Rounding::default()
        },
        tax_rounding: TaxRounding::Document,
        payer: None,
        ship_to: Some("B".to_owned()),
        payment_terms: Some("30 days".to_owned()),
        hold: Some("Overdue, please pay".to_owned()),
        attributes,
    };
    master_reads_back(&[contract]);
    let list = |code: &str, gross| PriceListRow {
        price_list: code.to_owned(),
        name: "Retail".to_owned(),
        currency: euro,
        contract: None,
        gross,
    };
    master_reads_back(&[list("L", false), list("G", true)]);
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> (tempfile::TempDir, Source) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.parquet");
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut writer =
        ArrowWriter::try_new(std::fs::File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    (folder, Source::of_path(&path).unwrap())
}

fn report(source: &Source) -> (Result<Vec<String>, String>, Vec<String>) {
    let mut faults = Faults::default();
    let mut lines = Vec::new();
    let read = read_prices(source, &mut faults, &mut |_| {}, |line| {
        lines.push(format!("{} {:?} {} {:?} {}", line.list, line.target, line.per, line.value, line.window));
        Ok(())
    });
    let faults = faults.kept().iter().map(RowFault::to_string).collect();
    (read.map(|_| lines).map_err(|fault| fault.to_string()), faults)
}

#[test]
fn parquet_of_other_makers_is_read() {
    let decimals = Decimal128Array::from(vec![150_i128, 1, -250]).with_precision_and_scale(10, 2).unwrap();
    let (_folder, source) = parquet(vec![
        ("price", Arc::new(decimals) as ArrayRef),
        ("sku", Arc::new(LargeStringArray::from(vec!["S", "T", "U"]))),
        ("price_list", Arc::new(StringArray::from(vec!["L"; 3]))),
        ("per", Arc::new(Int32Array::from(vec![Some(100), None, None]))),
        ("valid_from", Arc::new(TimestampMicrosecondArray::from(vec![None, Some(1_500_000), Some(0)]))),
        ("valid_through", Arc::new(Date32Array::from(vec![Some(0), None, None]))),
    ]);
    let (lines, faults) = report(&source);
    assert_eq!(lines.unwrap(), ["L Sku(\"S\") 100 Price(Micros(1500000)) until 1970-01-02"]);
    assert_eq!(
        faults,
        [
            "prices.parquet: row 2, valid_from: \"1970-01-01T00:00:01 and 500000/1000000 s\" has parts of a second",
            "prices.parquet: row 3, price: \"-2.50\" is negative",
        ]
    );
    let texts = ["1.50", "1e3"];
    let (_folder, source) = parquet(vec![
        ("price_list", Arc::new(StringArray::from(vec!["L"; 2])) as ArrayRef),
        ("sku", Arc::new(StringArray::from(vec!["S"; 2]))),
        ("price", Arc::new(StringArray::from(texts.to_vec()))),
    ]);
    let (lines, faults) = report(&source);
    assert_eq!(lines.unwrap(), ["L Sku(\"S\") 1 Price(Micros(1500000)) always"]);
    assert_eq!(faults, ["prices.parquet: row 2, price: \"1e3\" has an exponent: write the digits out"]);
}

#[test]
fn parquet_that_will_not_do_is_refused_whole() {
    let list = || Arc::new(StringArray::from(vec!["L"])) as ArrayRef;
    let (_folder, source) = parquet(vec![
        ("price_list", list()),
        ("sku", Arc::new(Int64Array::from(vec![7]))),
        ("price", Arc::new(Float64Array::from(vec![1.5]))),
    ]);
    assert_eq!(
        report(&source).0.unwrap_err(),
        "prices.parquet: column \"sku\" is Int64: a string is needed; \
         column \"price\" is Float64: a decimal, an integer or a string is needed"
    );
    let stamps = TimestampMicrosecondArray::from(vec![0]).with_timezone("UTC");
    let (_folder, source) =
        parquet(vec![("price_list", list()), ("valid_from", Arc::new(stamps)), ("prise", list())]);
    assert_eq!(
        report(&source).0.unwrap_err(),
        "prices.parquet: unknown column \"prise\" (is \"price\" meant?)"
    );
    let stamps = TimestampMicrosecondArray::from(vec![0]).with_timezone("UTC");
    let (_folder, source) = parquet(vec![("price_list", list()), ("valid_from", Arc::new(stamps))]);
    assert_eq!(
        report(&source).0.unwrap_err(),
        "prices.parquet: column \"valid_from\" is Timestamp(µs, \"UTC\"): a date, a timestamp without zone or a string is needed"
    );
    let bytes = std::fs::read(&source.path).unwrap();
    for kept in [0, 3, bytes.len() / 2, bytes.len() - 1] {
        std::fs::write(&source.path, &bytes[..kept]).unwrap();
        let message = report(&source).0.unwrap_err();
        assert!(message.starts_with("prices.parquet: is no whole Parquet file: "), "{kept}: {message}");
    }
}
