//! Which prices are published while others are asked for? Those of generated files, some of them a cent higher.

use std::path::Path;

use quoin::domain::decimal::Micros;

use super::super::files::Files;

const CENT: Micros = Micros(10_000);
const COLUMN: &str = "price";

/// The columns that say whose price it is: rows that agree in them stand side by side, and are published together.
const OF: std::ops::Range<usize> = 0..4;

/// Writes one cell of every so many, with all its rows, so many cents higher; gives how many rows these are.
pub fn write(files: &Files, every: usize, cents: i64, into: &Path) -> u64 {
    let mut reader = csv::Reader::from_path(files.folder.join("prices.csv")).unwrap();
    let mut writer = csv::Writer::from_path(into).unwrap();
    let header = reader.byte_headers().unwrap().clone();
    let column = header.iter().position(|name| name == COLUMN.as_bytes()).unwrap();
    writer.write_byte_record(&header).unwrap();
    let (mut row, mut cell, mut number, mut written) = (csv::ByteRecord::new(), Vec::new(), 0, 0);
    while reader.read_byte_record(&mut row).unwrap() {
        let of: Vec<&[u8]> = OF.map(|column| &row[column]).collect();
        if cell != of {
            (cell, number) = (of.iter().map(|field| field.to_vec()).collect::<Vec<_>>(), number + 1);
        }
        if number % every != 0 {
            continue;
        }
        let dearer = dearer(&row[column], cents);
        writer
            .write_record(row.iter().enumerate().map(|(at, field)| match &dearer {
                Some(dearer) if at == column => dearer.as_bytes(),
                _ => field,
            }))
            .unwrap();
        written += 1;
    }
    writer.flush().unwrap();
    written
}

/// Rows that say a percentage or a formula have no price, and stay as they are.
fn dearer(price: &[u8], cents: i64) -> Option<String> {
    let text = std::str::from_utf8(price).unwrap();
    let price = (!text.is_empty()).then(|| Micros::parse(text).unwrap())?;
    Some(Micros(price.0 + CENT.0 * cents).to_string())
}
