//! Which lines does a cart have that is written in JSON, and which points does it take? Objects, decimals as strings or whole
//! numbers.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::api::v1;
use crate::api::v1::cart_line::SkuRef;
use crate::domain::decimal::Micros;

use super::failure::{Failure, REFUSED};

/// Reads a list of lines, or an object whose `lines` they are, perhaps with points beside them: `take_points`.
pub fn of_bytes(name: &str, bytes: &[u8]) -> Result<(Vec<v1::CartLine>, Vec<v1::TakePoints>), Failure> {
    let refused = |why: String| Failure::new(REFUSED, format!("{name}: {why}"));
    let mut read: Value = serde_json::from_slice(bytes).map_err(|error| refused(error.to_string()))?;
    let mut points = Value::Null;
    if let Some(lines) = read.get_mut("lines").map(Value::take) {
        points = read.get_mut("take_points").map(Value::take).unwrap_or_default();
        read = lines;
    }
    let Value::Array(lines) = read else {
        return Err(refused("is no list of lines".to_owned()));
    };
    let lines = lines
        .iter()
        .zip(1_u32..)
        .map(|(line, number)| line_of(line).map_err(|why| refused(format!("line {number}, {why}"))))
        .collect::<Result<_, _>>()?;
    Ok((lines, points_of(&points).map_err(refused)?))
}

/// Points by programme: `{"bonus": 100}`.
fn points_of(points: &Value) -> Result<Vec<v1::TakePoints>, String> {
    let mut taken = Vec::new();
    let none = Map::new();
    let points = match points {
        Value::Null => &none,
        Value::Object(points) => points,
        _ => return Err("take_points: is no object of points by programme".to_owned()),
    };
    for (programme, value) in points {
        let key = format!("take_points.{programme}");
        let text = plain(value).ok_or_else(|| format!("{key}: write decimals as texts"))?;
        let points_micros = decimal(&key, &text)?.0;
        taken.push(v1::TakePoints { programme: programme.clone(), points_micros });
    }
    Ok(taken)
}

fn line_of(line: &Value) -> Result<v1::CartLine, String> {
    let Value::Object(fields) = line else { return Err("is no object".to_owned()) };
    const KNOWN: [&str; 10] = [
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
    if let Some(odd) = fields.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("{odd}: is not known: {}", KNOWN.join(", ")));
    }
    let text = |key: &str| match fields.get(key) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(value) => plain(value).ok_or_else(|| format!("{key}: is no text")),
    };
    let decimal = |key: &str| decimal(key, &text(key)?);
    if text("sku")?.is_empty() {
        return Err("sku: is missing".to_owned());
    }
    let pairs = |key: &str| pairs(fields, key);
    let services = pairs("services")?.into_iter().map(|(service, count)| {
        let quantity = if count.is_empty() { Micros::ZERO } else { self::decimal("services", &count)? };
        Ok(v1::ServiceOrder { service, quantity_micros: quantity.0 })
    });
    let details = v1::LineDetails {
        attributes: pairs("attributes")?,
        weight_micros: if text("weight")?.is_empty() { 0 } else { decimal("weight")?.0 },
        weight_unit: text("weight_unit")?,
        warehouse: text("warehouse")?,
        fulfilment: text("fulfilment")?,
        services: services.collect::<Result<_, String>>()?,
    };
    Ok(v1::CartLine {
        id: text("id")?,
        sku_ref: Some(SkuRef::Sku(text("sku")?)),
        quantity_micros: decimal("quantity")?.0,
        unit: text("unit")?,
        details: (details != v1::LineDetails::default()).then_some(details),
    })
}

fn decimal(key: &str, text: &str) -> Result<Micros, String> {
    Micros::parse(text).map_err(|why| format!("{key}: \"{text}\" {why}"))
}

/// A text, or a whole number: fractions must be texts, so that no float comes near them.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_i64().map(|whole| whole.to_string()),
        _ => None,
    }
}

fn pairs(fields: &Map<String, Value>, key: &str) -> Result<BTreeMap<String, String>, String> {
    let none = Map::new();
    let found = match fields.get(key) {
        None | Some(Value::Null) => &none,
        Some(Value::Object(found)) => found,
        Some(_) => return Err(format!("{key}: is no object")),
    };
    found
        .iter()
        .map(|(name, value)| {
            let text = plain(value).ok_or_else(|| format!("{key}.{name}: write decimals as texts"))?;
            Ok((name.clone(), text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::of_bytes;

    #[test]
    fn lines_and_their_details_are_read() {
        let text = r#"{"lines": [
            {"id": "1", "sku": "A", "quantity": 3},
            {"sku": "B", "quantity": "2.5", "unit": "t", "attributes": {"length": 6, "grade": "A400"},
             "weight": "2.96", "weight_unit": "t", "warehouse": "north", "services": {"cutting": 4, "packing": ""}}
        ]}"#;
        let (lines, points) = of_bytes("c", text.as_bytes()).unwrap();
        assert_eq!(points, []);
        assert_eq!((lines[0].quantity_micros, &lines[0].details), (3_000_000, &None));
        let details = lines[1].details.as_ref().unwrap();
        assert_eq!(details.attributes.get("length").map(String::as_str), Some("6"));
        assert_eq!((details.weight_micros, details.services[0].quantity_micros), (2_960_000, 4_000_000));
        assert_eq!(
            (details.services[1].service.as_str(), details.services[1].quantity_micros),
            ("packing", 0)
        );
        assert_eq!(of_bytes("c", b"[]").unwrap().0, []);
    }

    #[test]
    fn points_stand_beside_the_lines() {
        let text =
            r#"{"lines": [{"sku": "A", "quantity": 3}], "take_points": {"bonus": 100, "gifts": "2.5"}}"#;
        let (lines, points) = of_bytes("c", text.as_bytes()).unwrap();
        let told: Vec<_> = points.iter().map(|one| (one.programme.as_str(), one.points_micros)).collect();
        assert_eq!((lines.len(), told), (1, vec![("bonus", 100_000_000), ("gifts", 2_500_000)]));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let cases = [
            ("{", "c.json: EOF"),
            ("{}", "c.json: is no list of lines"),
            ("[1]", "c.json: line 1, is no object"),
            (
                r#"[{"sku": "A", "quantity": 1}, {"sku": "A", "quantity": 2.5}]"#,
                "line 2, quantity: is no text",
            ),
            (r#"[{"sku": "A", "quantity": "1e3"}]"#, "line 1, quantity: \"1e3\" has an exponent"),
            (r#"[{"sku": "A"}]"#, "line 1, quantity: \"\" is empty"),
            (r#"[{"quantity": 1}]"#, "line 1, sku: is missing"),
            (r#"[{"sku": "A", "quantity": 1, "qty": 2}]"#, "line 1, qty: is not known"),
            (r#"[{"sku": "A", "quantity": 1, "attributes": {"length": 6.5}}]"#, "attributes.length: write"),
            (
                r#"{"lines": [], "take_points": 5}"#,
                "c.json: take_points: is no object of points by programme",
            ),
            (r#"{"lines": [], "take_points": {"p": 2.5}}"#, "take_points.p: write decimals as texts"),
            (r#"{"lines": [], "take_points": {"p": "x"}}"#, "take_points.p: \"x\" is not a decimal number"),
        ];
        for (text, said) in cases {
            let message = of_bytes("c.json", text.as_bytes()).unwrap_err().message;
            assert!(message.contains(said), "{text}: {message}");
        }
    }
}
