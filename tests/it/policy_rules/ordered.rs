//! What does a line of a cart order, and what does it say of itself?

use quoin::domain::decimal::Micros;
use quoin::pricing::request::LineDetails;

use super::shop::micros;

/// A line as the tables write it: `a: 2 box of bolt, length=6, weighs 1.25 t, service cutting 3`.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// As stated, or its position from one.
    pub id: String,
    pub quantity: Micros,
    /// Empty for the base unit.
    pub unit: String,
    pub sku: String,
    attributes: Vec<(String, String)>,
    weight: Option<(Micros, String)>,
    warehouse: String,
    fulfilment: String,
    services: Vec<(String, Micros)>,
}

impl Line {
    pub fn read_all(cart: &[String], place: &str) -> Vec<Self> {
        cart.iter().enumerate().map(|(at, text)| Self::read(at, text, place)).collect()
    }

    fn read(at: usize, text: &str, place: &str) -> Self {
        let (id, text) = match text.split_once(": ") {
            Some((id, rest)) => (id.to_owned(), rest),
            None => ((at + 1).to_string(), text),
        };
        let mut parts = text.split(',').map(str::trim);
        let goods = parts.next().unwrap();
        let (quantity, rest) =
            goods.split_once(' ').unwrap_or_else(|| panic!("{place}: no goods in {goods:?}"));
        let (unit, sku) = rest.split_once(" of ").unwrap_or(("", rest));
        let quantity = micros(quantity, place);
        let mut line = Self { id, quantity, unit: unit.to_owned(), sku: sku.to_owned(), ..Self::default() };
        for part in parts {
            line.say(part, place);
        }
        line
    }

    fn say(&mut self, part: &str, place: &str) {
        if let Some((name, value)) = part.split_once('=') {
            self.attributes.push((name.to_owned(), value.to_owned()));
            return;
        }
        let words: Vec<&str> = part.split(' ').collect();
        match words.as_slice() {
            ["weighs", weight, unit] => self.weight = Some((micros(weight, place), (*unit).to_owned())),
            ["warehouse", name] => (*name).clone_into(&mut self.warehouse),
            ["fulfilment", name] => (*name).clone_into(&mut self.fulfilment),
            ["service", name] => self.services.push(((*name).to_owned(), Micros::ONE)),
            ["service", name, count] => self.services.push(((*name).to_owned(), micros(count, place))),
            _ => panic!("{place}: a line can't say {part:?}"),
        }
    }

    /// What it says of itself, where anything.
    pub fn details(&self, at: usize) -> Option<LineDetails<'_>> {
        let details = LineDetails {
            line: u32::try_from(at).unwrap(),
            attributes: self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
            weight: self.weight.as_ref().map(|(weight, unit)| (*weight, unit.as_str())),
            warehouse: &self.warehouse,
            fulfilment: &self.fulfilment,
            services: self.services.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
        };
        let nothing = LineDetails { line: details.line, ..LineDetails::default() };
        (details != nothing).then_some(details)
    }
}
