//! What do the files say of the goods? Units, SKUs and their alternative units.

use crate::domain::decimal::Micros;

use super::Generator;
use super::assortment::GeneratedSku;
use super::endings::to_step;
use super::goods::grams_per_metre;
use super::prng::scramble;
use super::tables::{Table, row};
use super::tree::index;

const ORIGINS: [&str; 6] = ["DE", "PL", "IT", "ES", "TR", "CZ"];

/// Order multiple and least quantity in base units, zero where there is none: what is priced per hundred is sold in
/// hundreds, some goods in whole boxes only, some from ten on.
#[must_use]
pub fn order_rules(sku: &GeneratedSku) -> (u32, u32) {
    match (sku.per, sku.place % 15) {
        (100, _) => (100, 0),
        (_, 3) if sku.boxed > 0 => (u32::from(sku.boxed), 0),
        (_, 7) => (0, 10),
        _ => (0, 0),
    }
}

impl Generator {
    pub(super) fn units(&self) -> Table<'_> {
        let rows = [
            ["piece", "Piece", "0"],
            ["box", "Box", "0"],
            ["pallet", "Pallet", "0"],
            ["metre", "Metre", "2"],
            ["tonne", "Tonne", "3"],
        ];
        let columns = &["unit", "name", "decimals"];
        Table { kind: "units", columns, rows: Box::new(rows.into_iter().map(row)) }
    }

    pub(super) fn skus(&self) -> Table<'_> {
        let numbers = 0..self.options.skus;
        Table {
            kind: "skus",
            columns: &[
                "sku",
                "name",
                "base_unit",
                "category",
                "brand",
                "tax_class",
                "multiple",
                "minimum",
                "unit_cost",
                "cost_currency",
                "attributes",
            ],
            rows: Box::new(numbers.filter_map(|number| self.sku_row(number))),
        }
    }

    fn sku_row(&self, number: u32) -> Option<Vec<String>> {
        let sku = self.assortment.sku(number)?;
        let leaf = self.assortment.leaf_of(sku)?;
        let kind = leaf.kind();
        let brand = self.assortment.brands.get(usize::from(sku.brand))?;
        let (variant, size, again) = kind.article(sku.place);
        let mut name = format!("{} {variant}, {size}, {brand}", kind.noun);
        if again > 0 {
            name = format!("{name}, series {}", again + 1);
        }
        let (multiple, minimum) = order_rules(sku);
        let some = |count: u32| if count == 0 { String::new() } else { count.to_string() };
        let origin = ORIGINS.get(usize::from(sku.brand) % ORIGINS.len()).copied().unwrap_or_default();
        Some(vec![
            self.assortment.sku_code(number),
            name,
            kind.base.code().to_owned(),
            leaf.path.clone(),
            brand.clone(),
            "standard".to_owned(),
            some(multiple),
            some(minimum),
            unit_cost(number, sku).to_text(2),
            self.options.currency.code().to_owned(),
            format!("origin={origin}"),
        ])
    }

    pub(super) fn sku_units(&self) -> Table<'_> {
        let rows = (0_u32..).zip(&self.assortment.skus).flat_map(|(number, sku)| {
            let code = self.assortment.sku_code(number);
            let packs = [("box", sku.boxed), ("pallet", sku.pallet)];
            let packs = packs.into_iter().filter(|(_, size)| *size > 0);
            let mut rows: Vec<Vec<String>> =
                packs.map(|(unit, size)| row([&code, unit, &size.to_string(), ""])).collect();
            if let Some(grams) = self.grams(sku) {
                rows.push(row([&code, "tonne", "1000000", &grams.to_string()]));
            }
            rows
        });
        let columns = &["sku", "unit", "numerator", "denominator"];
        Table { kind: "sku_units", columns, rows: Box::new(rows) }
    }

    /// What a metre weighs, of steel that is sold by the metre.
    pub(super) fn grams(&self, sku: &GeneratedSku) -> Option<u32> {
        let kind = self.assortment.leaf_of(sku)?.kind();
        let steel = kind.top == super::goods::STEEL && kind.base == super::goods::Base::Metre;
        steel.then(|| grams_per_metre(kind.article(sku.place).1)).flatten()
    }
}

/// Three fifths to three quarters of the list price, to a hundredth of a cent.
fn unit_cost(number: u32, sku: &GeneratedSku) -> Micros {
    let share = 600 + scramble(u64::from(number)) % 150;
    let hundredths = to_step(u64::from(sku.price) * 100 * share, 1_000 * u64::from(sku.per), 1);
    Micros(i64::try_from(hundredths).unwrap_or(0).saturating_mul(100))
}

/// External ids of everything that a price row names, by number.
pub(super) struct Names {
    pub(super) skus: Vec<String>,
    pub(super) units: Vec<&'static str>,
}

impl Names {
    pub(super) fn new(generator: &Generator) -> Self {
        let skus = (0..generator.options.skus).map(|number| generator.assortment.sku_code(number)).collect();
        Self { skus, units: vec!["", "piece", "box", "pallet", "metre", "tonne"] }
    }

    pub(super) fn sku(&self, number: u32) -> &str {
        self.skus.get(index(number)).map_or("", String::as_str)
    }
}
