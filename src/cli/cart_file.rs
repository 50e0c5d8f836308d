//! Which lines does a cart have that is written at a terminal or in a file?

use std::path::Path;

use crate::api::v1;
use crate::api::v1::cart_line::SkuRef;
use crate::domain::decimal::Micros;

use super::failure::{Failure, NOT_FOUND, REFUSED, USAGE};

fn line(id: &str, sku: &str, quantity: Micros, unit: &str) -> v1::CartLine {
    v1::CartLine {
        id: id.to_owned(),
        sku_ref: Some(SkuRef::Sku(sku.to_owned())),
        quantity_micros: quantity.0,
        unit: unit.to_owned(),
    }
}

/// Reads `SKU=QUANTITY[UNIT]`.
pub fn of_argument(text: &str) -> Result<v1::CartLine, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::new(USAGE, format!("\"{text}\": {why}"));
    let (sku, rest) =
        text.rsplit_once('=').ok_or_else(|| wrong(&"write SKU=QUANTITY, as in BOLT-8=2.5box"))?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(rest.len());
    let (quantity, unit) = rest.split_at(end);
    let quantity = Micros::parse(quantity).map_err(|why| wrong(&format!("the quantity {why}")))?;
    Ok(line("", sku, quantity, unit.trim()))
}

/// Reads a CSV file with the columns `sku`, `quantity`, `unit` and `id`, separated by commas or semicolons.
pub fn of_file(path: &Path) -> Result<Vec<v1::CartLine>, Failure> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::new(NOT_FOUND, format!("{name}: {error}")))?;
    of_bytes(&name.to_string(), &bytes)
}

/// [`of_file`] for a file that is in memory.
pub fn of_bytes(name: &str, bytes: &[u8]) -> Result<Vec<v1::CartLine>, Failure> {
    let refused = |why: String| Failure::new(REFUSED, format!("{name}: {why}"));
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if header.contains(&b';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(bytes);
    let columns = reader.headers().map_err(|error| refused(error.to_string()))?.clone();
    for column in &columns {
        if !["id", "sku", "quantity", "unit"].contains(&column) {
            return Err(refused(format!("\"{column}\" is no column of a cart: id, sku, quantity, unit")));
        }
    }
    let place = |column: &str| columns.iter().position(|found| found == column);
    let (Some(sku), Some(quantity)) = (place("sku"), place("quantity")) else {
        return Err(refused("the columns sku and quantity must be there".to_owned()));
    };
    let (id, unit) = (place("id"), place("unit"));
    let mut lines = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).unwrap_or_default();
        let text = cell(Some(quantity));
        let amount = Micros::parse(text)
            .map_err(|why| refused(format!("row {}, quantity: \"{text}\" {why}", number + 2)))?;
        lines.push(line(cell(id), cell(Some(sku)), amount, cell(unit)));
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::{of_argument, of_bytes};
    use crate::api::v1::cart_line::SkuRef;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let cases = [
            ("A=5", Some(("A", 5_000_000, ""))),
            ("A=B=2.5box", Some(("A=B", 2_500_000, "box"))),
            ("A=-1", Some(("A", -1_000_000, ""))),
            ("A=3 m²", Some(("A", 3_000_000, "m²"))),
            ("A", None),
            ("A=", None),
            ("A=1e3", Some(("A", 1_000_000, "e3"))),
        ];
        for (text, expected) in cases {
            let found = of_argument(text).ok();
            let found = found.as_ref().map(|line| match &line.sku_ref {
                Some(SkuRef::Sku(sku)) => (sku.as_str(), line.quantity_micros, line.unit.as_str()),
                _ => panic!("{text}: no id"),
            });
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn files_are_read_with_either_separator_and_name_the_row_at_fault() {
        assert_eq!(of_bytes("c", b"sku,quantity\nA,1\nB,2.5\n").unwrap().len(), 2);
        assert_eq!(of_bytes("c", b"id;quantity;sku;unit\n1;3;A;box\n").unwrap()[0].unit, "box");
        let refused = |text: &[u8]| of_bytes("c.csv", text).unwrap_err().message;
        assert_eq!(
            refused(b"sku,quantity\nA,1\nB,1e3\n"),
            "c.csv: row 3, quantity: \"1e3\" has an exponent: write the digits out"
        );
        assert!(refused(b"sku,qty\n").contains("\"qty\" is no column"));
        assert!(refused(b"quantity\n1\n").contains("sku and quantity"));
    }
}
