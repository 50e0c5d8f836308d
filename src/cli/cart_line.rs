//! Which line of a cart is written at a terminal? `SKU=QUANTITY[UNIT]`, and details in braces.
//!
//! ```text
//! REBAR-12=3t{length=6,grade=A500C,service:cutting=4,weight:2.96t,warehouse:north,fulfilment:order}
//! ```
//!
//! `name=value` is a characteristic; a word with a colon is one of quoin's own.

use crate::api::v1;
use crate::api::v1::cart_line::SkuRef;
use crate::domain::decimal::{DecimalError, Micros};

use super::failure::{Failure, USAGE};

/// Reads a line.
pub fn of_argument(text: &str) -> Result<v1::CartLine, Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::new(USAGE, format!("\"{text}\": {why}"));
    let (head, details) = match text.strip_suffix('}').and_then(|open| open.rsplit_once('{')) {
        Some((head, details)) => (head, Some(details)),
        None => (text, None),
    };
    let (sku, rest) =
        head.rsplit_once('=').ok_or_else(|| wrong(&"write SKU=QUANTITY, as in BOLT-8=2.5box"))?;
    let (quantity, unit) = measured(rest).map_err(|why| wrong(&format!("the quantity {why}")))?;
    let details = match details {
        Some(details) => Some(details_of(details).map_err(|why| wrong(&why))?),
        None => None,
    };
    Ok(v1::CartLine {
        id: String::new(),
        sku_ref: Some(SkuRef::Sku(sku.to_owned())),
        quantity_micros: quantity.0,
        unit: unit.to_owned(),
        details,
    })
}

/// A figure with a unit behind it.
fn measured(text: &str) -> Result<(Micros, &str), String> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(text.len());
    let (figure, unit) = text.split_at(end);
    if unit.starts_with(',') {
        return Err(DecimalError::Separator.to_string());
    }
    Ok((Micros::parse(figure).map_err(|why| why.to_string())?, unit.trim()))
}

fn details_of(text: &str) -> Result<v1::LineDetails, String> {
    let mut details = v1::LineDetails::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let word = part.split_once(':').filter(|(word, _)| !word.contains('='));
        match word {
            Some(("service", asked)) => details.services.push(service(asked)?),
            Some(("weight", weight)) => {
                let (figure, unit) = measured(weight).map_err(|why| format!("the weight {why}"))?;
                details.weight_micros = figure.0;
                unit.clone_into(&mut details.weight_unit);
            }
            Some(("warehouse", name)) => name.clone_into(&mut details.warehouse),
            Some(("fulfilment", name)) => name.clone_into(&mut details.fulfilment),
            Some((word, _)) => {
                return Err(format!(
                    "{word}: is not known: write service:, weight:, warehouse: or fulfilment:"
                ));
            }
            None => {
                let (name, value) = part
                    .split_once('=')
                    .filter(|(name, _)| !name.is_empty())
                    .ok_or_else(|| format!("{part} says nothing: write name=value, as in length=6"))?;
                if details.attributes.insert(name.to_owned(), value.to_owned()).is_some() {
                    return Err(format!("{name} comes twice"));
                }
            }
        }
    }
    Ok(details)
}

/// `cutting` or `cutting=4`.
pub fn service(text: &str) -> Result<v1::ServiceOrder, String> {
    let (service, quantity) = match text.rsplit_once('=') {
        None => (text, Micros::ZERO),
        Some((service, count)) => {
            (service, Micros::parse(count).map_err(|why| format!("service {service}: \"{count}\" {why}"))?)
        }
    };
    Ok(v1::ServiceOrder { service: service.trim().to_owned(), quantity_micros: quantity.0 })
}

#[cfg(test)]
mod tests {
    use super::of_argument;
    use crate::api::v1::cart_line::SkuRef;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let cases = [
            ("A=5", Some(("A", 5_000_000, ""))),
            ("A=B=2.5box", Some(("A=B", 2_500_000, "box"))),
            ("A=-1", Some(("A", -1_000_000, ""))),
            ("A=3 m²", Some(("A", 3_000_000, "m²"))),
            ("A=3t{}", Some(("A", 3_000_000, "t"))),
            ("A{1}=3t{length=6}", Some(("A{1}", 3_000_000, "t"))),
            ("A", None),
            ("A=", None),
            ("A=2,5t", None),
            ("A=1e3", Some(("A", 1_000_000, "e3"))),
            ("A=1{length}", None),
            ("A=1{=6}", None),
            ("A=1{length=6,length=7}", None),
            ("A=1{colour:red}", None),
            ("A=1{service:cutting=x}", None),
            ("A=1{weight:t}", None),
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
    fn details_are_read_as_they_are_written() {
        let text = "R-12=3t{length=6, ratio=1:2,service:cutting=4,service:packing,weight:2.96t,warehouse:north,\
                    fulfilment:order}";
        let details = of_argument(text).unwrap().details.unwrap();
        let attributes: Vec<_> = details.attributes.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(attributes, [("length", "6"), ("ratio", "1:2")]);
        let services: Vec<_> =
            details.services.iter().map(|one| (one.service.as_str(), one.quantity_micros)).collect();
        assert_eq!(services, [("cutting", 4_000_000), ("packing", 0)]);
        assert_eq!((details.weight_micros, details.weight_unit.as_str()), (2_960_000, "t"));
        assert_eq!((details.warehouse.as_str(), details.fulfilment.as_str()), ("north", "order"));
        assert_eq!(of_argument("A=1").unwrap().details, None);
    }
}
