//! Which lines does a cart have that is written in a file? CSV, one row a line; JSON is [`super::cart_json`]'s.

use std::path::Path;

use crate::api::v1;
use crate::api::v1::cart_line::SkuRef;
use crate::domain::decimal::Micros;

use super::cart_json;
use super::cart_line::service;
use super::failure::{Failure, NOT_FOUND, REFUSED};

const COLUMNS: [&str; 10] = [
    "id",
    "sku",
    "quantity",
    "unit",
    "attributes",
    "weight",
    "weight_unit",
    "warehouse",
    "fulfilment",
    "services",
];

/// Reads a file: JSON where its name ends in `.json`, else CSV, which has no points to be taken.
pub fn of_file(path: &Path) -> Result<(Vec<v1::CartLine>, Vec<v1::TakePoints>), Failure> {
    let name = path.display();
    let bytes = std::fs::read(path).map_err(|error| Failure::new(NOT_FOUND, format!("{name}: {error}")))?;
    let json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    match json {
        true => cart_json::of_bytes(&name.to_string(), &bytes),
        false => Ok((of_bytes(&name.to_string(), &bytes)?, Vec::new())),
    }
}

/// Reads CSV with the columns `sku`, `quantity` and perhaps others, separated by commas or semicolons.
pub fn of_bytes(name: &str, bytes: &[u8]) -> Result<Vec<v1::CartLine>, Failure> {
    let refused = |why: String| Failure::new(REFUSED, format!("{name}: {why}"));
    let header = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if header.contains(&b';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(bytes);
    let columns = reader.headers().map_err(|error| refused(error.to_string()))?.clone();
    for column in &columns {
        if !COLUMNS.contains(&column) {
            return Err(refused(format!("\"{column}\" is no column of a cart: {}", COLUMNS.join(", "))));
        }
    }
    if ["sku", "quantity"].iter().any(|needed| !columns.iter().any(|found| found == *needed)) {
        return Err(refused("the columns sku and quantity must be there".to_owned()));
    }
    let mut lines = Vec::new();
    for (number, record) in reader.records().enumerate() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        let cell = |column: &str| {
            let place = columns.iter().position(|found| found == column);
            place.and_then(|place| record.get(place)).unwrap_or_default()
        };
        lines.push(line(&cell).map_err(|why| refused(format!("row {}, {why}", number + 2)))?);
    }
    Ok(lines)
}

fn line<'a>(cell: &impl Fn(&str) -> &'a str) -> Result<v1::CartLine, String> {
    let decimal = |column: &str| {
        let text = cell(column);
        Micros::parse(text).map_err(|why| format!("{column}: \"{text}\" {why}"))
    };
    let weight = if cell("weight").is_empty() { Micros::ZERO } else { decimal("weight")? };
    let pairs = |column: &str| cell(column).split(';').map(str::trim).filter(|pair| !pair.is_empty());
    let mut details = v1::LineDetails {
        weight_micros: weight.0,
        weight_unit: cell("weight_unit").to_owned(),
        warehouse: cell("warehouse").to_owned(),
        fulfilment: cell("fulfilment").to_owned(),
        ..v1::LineDetails::default()
    };
    for pair in pairs("attributes") {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| format!("attributes: \"{pair}\" says nothing: write name=value;name=value"))?;
        if details.attributes.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(format!("attributes: \"{name}\" comes twice"));
        }
    }
    for pair in pairs("services") {
        details.services.push(service(pair).map_err(|why| format!("services: {why}"))?);
    }
    Ok(v1::CartLine {
        id: cell("id").to_owned(),
        sku_ref: Some(SkuRef::Sku(cell("sku").to_owned())),
        quantity_micros: decimal("quantity")?.0,
        unit: cell("unit").to_owned(),
        details: (details != v1::LineDetails::default()).then_some(details),
    })
}

#[cfg(test)]
mod tests {
    use super::of_bytes;

    #[test]
    fn files_are_read_with_either_separator_and_name_the_row_at_fault() {
        assert_eq!(of_bytes("c", b"sku,quantity\nA,1\nB,2.5\n").unwrap().len(), 2);
        let lines = of_bytes("c", b"id;quantity;sku;unit\n1;3;A;box\n").unwrap();
        assert_eq!((lines[0].unit.as_str(), &lines[0].details), ("box", &None));
        let refused = |text: &[u8]| of_bytes("c.csv", text).unwrap_err().message;
        assert_eq!(
            refused(b"sku,quantity\nA,1\nB,1e3\n"),
            "c.csv: row 3, quantity: \"1e3\" has an exponent: write the digits out"
        );
        assert!(refused(b"sku,qty\n").contains("\"qty\" is no column"));
        assert!(refused(b"quantity\n1\n").contains("sku and quantity"));
        assert!(refused(b"sku,quantity,attributes\nA,1,length\n").contains("row 2, attributes: \"length\""));
        assert!(refused(b"sku,quantity,attributes\nA,1,a=1;a=2\n").contains("\"a\" comes twice"));
        assert!(refused(b"sku,quantity,weight\nA,1,x\n").contains("row 2, weight: \"x\""));
    }

    #[test]
    fn details_have_columns_of_their_own() {
        let text = "sku,quantity,attributes,weight,weight_unit,warehouse,fulfilment,services\n\
                    A,1,length=6;grade=A400,2.96,t,north,order,cutting=4;packing\n\
                    B,1,,,,,,\n";
        let lines = of_bytes("c", text.as_bytes()).unwrap();
        let details = lines[0].details.as_ref().unwrap();
        assert_eq!(details.attributes.get("grade").map(String::as_str), Some("A400"));
        assert_eq!((details.weight_micros, details.weight_unit.as_str()), (2_960_000, "t"));
        assert_eq!((details.services.len(), details.services[0].quantity_micros), (2, 4_000_000));
        assert_eq!(lines[1].details, None);
    }
}
