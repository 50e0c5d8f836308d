//! What does the file of invoice lines say? Line by line, with the names held once.

use std::collections::BTreeMap;
use std::path::Path;

use arrow::array::{Array, ArrayRef, Decimal128Array, Int64Array, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{DataType, TimeUnit};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// A name of the file, as a number.
pub type NameId = u32;

/// Names and their numbers, in the order in which they are first seen.
#[derive(Default)]
pub struct Names {
    ids: BTreeMap<String, NameId>,
    names: Vec<String>,
}

impl Names {
    fn id(&mut self, name: &str) -> NameId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = NameId::try_from(self.names.len()).unwrap();
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    pub fn name(&self, id: NameId) -> &str {
        &self.names[id as usize]
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(String::as_str)
    }

    pub fn len(&self) -> usize {
        self.names.len()
    }
}

/// One line of an invoice.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub invoice: NameId,
    pub sku: NameId,
    pub customer: Option<NameId>,
    pub quantity: i64,
    /// What the clock on the wall showed: seconds since 1970-01-01T00:00:00 of the same calendar.
    pub wall_seconds: i64,
    /// Thousandths of a pound for one piece.
    pub price_mills: i64,
}

/// The whole file.
#[derive(Default)]
pub struct Invoices {
    pub lines: Vec<Line>,
    pub invoices: Names,
    pub skus: Names,
    pub customers: Names,
    /// The first description of each SKU, and the first country of each customer.
    pub descriptions: BTreeMap<NameId, String>,
    pub countries: BTreeMap<NameId, String>,
}

impl Invoices {
    pub fn read(path: &Path) -> Self {
        let file = std::fs::File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().with_batch_size(8_192).build();
        let mut read = Self::default();
        for batch in reader.unwrap() {
            read.take(&batch.unwrap());
        }
        read
    }

    fn take(&mut self, batch: &RecordBatch) {
        let texts = |name: &str| -> StringArray { of_type(batch, name, &DataType::Utf8) };
        let (invoice, sku, customer) = (texts("invoice"), texts("sku"), texts("customer"));
        let (description, country) = (texts("description"), texts("country"));
        let quantity: Int64Array = of_type(batch, "quantity", &DataType::Int64);
        let second = DataType::Timestamp(TimeUnit::Millisecond, None);
        let at = cast(&cast(column(batch, "invoiced_at"), &second).unwrap(), &DataType::Int64).unwrap();
        let at: &Int64Array = at.as_any().downcast_ref().unwrap();
        let price: Decimal128Array = of_type(batch, "unit_price", &DataType::Decimal128(12, 3));
        for row in 0..batch.num_rows() {
            let sku = self.skus.id(sku.value(row));
            let customer = customer.is_valid(row).then(|| self.customers.id(customer.value(row)));
            if description.is_valid(row) {
                self.descriptions.entry(sku).or_insert_with(|| description.value(row).to_owned());
            }
            if let Some(customer) = customer {
                self.countries.entry(customer).or_insert_with(|| country.value(row).to_owned());
            }
            assert_eq!(at.value(row) % 1_000, 0, "row {row}: an invoice is dated to the second");
            self.lines.push(Line {
                invoice: self.invoices.id(invoice.value(row)),
                sku,
                customer,
                quantity: quantity.value(row),
                wall_seconds: at.value(row) / 1_000,
                price_mills: i64::try_from(price.value(row)).unwrap(),
            });
        }
    }
}

fn column<'b>(batch: &'b RecordBatch, name: &str) -> &'b ArrayRef {
    batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}: {:?}", batch.schema()))
}

fn of_type<T: Array + Clone + 'static>(batch: &RecordBatch, name: &str, wanted: &DataType) -> T {
    let array = cast(column(batch, name), wanted).unwrap();
    array.as_any().downcast_ref::<T>().unwrap().clone()
}
