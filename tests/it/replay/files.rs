//! Which canonical files would the wholesaler's ERP write? The customers' contracts and price lists, as docs/FORMATS.md
//! has them: master data as CSV, prices as Parquet in the types that the source itself has.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Decimal128Array, RecordBatch, StringArray, StringBuilder, TimestampMillisecondArray,
};
use parquet::arrow::ArrowWriter;

use super::history::History;
use super::lines::Invoices;

/// Amounts are kept to a thousandth of a pound: prices have three decimals, some lie below a penny, and quantities are
/// whole, so that no amount of this file is rounded at all.
pub const AMOUNT_STEP_MILLS: i64 = 1;
pub const CURRENCY: &str = "GBP";
pub const ZONE: &str = "Europe/London";
const UNIT: &str = "piece";

/// The individual list of a customer's contract.
pub fn list_of(customer: &str) -> String {
    format!("prices of {customer}")
}

/// Writes an import set into `folder`.
pub fn write(folder: &Path, invoices: &Invoices, history: &History) {
    std::fs::create_dir(folder).unwrap();
    let table = |kind: &str, header: &[&str], rows: Vec<Vec<String>>| {
        let mut out = csv::Writer::from_path(folder.join(format!("{kind}.csv"))).unwrap();
        out.write_record(header).unwrap();
        rows.iter().for_each(|row| out.write_record(row).unwrap());
        out.flush().unwrap();
    };
    let row = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect::<Vec<String>>();
    table("units", &["unit", "name", "decimals"], vec![row(&[UNIT, "Piece", "0"])]);
    let described = (0_u32..).zip(invoices.skus.all()).map(|(id, sku)| {
        let name = invoices.descriptions.get(&id).map_or("", |text| text.trim());
        row(&[sku, name, UNIT])
    });
    table("skus", &["sku", "name", "base_unit"], described.collect());
    let customers = || invoices.customers.all();
    table("counterparties", &["counterparty"], customers().map(|customer| row(&[customer])).collect());
    let step = format!("0.{AMOUNT_STEP_MILLS:03}");
    let contracts = (0_u32..).zip(customers()).map(|(id, customer)| {
        let country = format!("country={}", invoices.countries[&id]);
        row(&[customer, customer, CURRENCY, ZONE, &step, &country])
    });
    table(
        "contracts",
        &["contract", "counterparty", "currency", "time_zone", "amount_step", "attributes"],
        contracts.collect(),
    );
    let lists = customers().map(|customer| row(&[&list_of(customer), CURRENCY, customer]));
    table("price_lists", &["price_list", "currency", "contract"], lists.collect());
    let access = customers().map(|customer| row(&[customer, "1", &list_of(customer)]));
    table("access", &["contract", "position", "price_list"], access.collect());
    write_prices(&folder.join("prices.parquet"), invoices, history);
}

/// One row a cell; a zero price is meant as one (rule C7).
fn write_prices(path: &Path, invoices: &Invoices, history: &History) {
    let mut lists = StringBuilder::new();
    let mut skus = StringBuilder::new();
    let mut flags = StringBuilder::new();
    let (mut prices, mut from, mut to) = (Vec::new(), Vec::new(), Vec::new());
    for ((customer, sku), held) in history.cells() {
        lists.append_value(list_of(invoices.customers.name(customer)));
        skus.append_value(invoices.skus.name(sku));
        flags.append_option((held.price_mills == 0).then_some("free"));
        prices.push(i128::from(held.price_mills));
        from.push(held.from * 1_000);
        to.push(held.to.map(|at| at * 1_000));
    }
    let currencies = StringArray::from(vec![CURRENCY; prices.len()]);
    let prices = Decimal128Array::from(prices).with_precision_and_scale(12, 3).unwrap();
    let columns: [(&str, ArrayRef); 7] = [
        ("price_list", Arc::new(lists.finish())),
        ("sku", Arc::new(skus.finish())),
        ("price", Arc::new(prices)),
        ("currency", Arc::new(currencies)),
        ("valid_from", Arc::new(TimestampMillisecondArray::from(from))),
        ("valid_to", Arc::new(TimestampMillisecondArray::from(to))),
        ("flags", Arc::new(flags.finish())),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let mut out = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    out.write(&batch).unwrap();
    out.close().unwrap();
}
