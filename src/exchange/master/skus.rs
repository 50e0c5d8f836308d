//! What does a row of `skus` or `sku_units` say?

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::reader::MasterRow;
use super::row::Row;
use super::written::{attributes, currency, decimal, number, optional, text};
use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;
use crate::domain::unit::Factor;
use crate::exchange::category::check_category_path;
use crate::exchange::fault::Refusal;
use crate::exchange::kind::Kind;

/// A SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuRow {
    /// External id.
    pub sku: String,
    /// What a person reads.
    pub name: String,
    /// The unit that everything converts to.
    pub base_unit: String,
    /// Path of the deepest category, `/` between levels.
    pub category: Option<String>,
    /// Brand.
    pub brand: Option<String>,
    /// Tax class, as the ERP names it.
    pub tax_class: Option<String>,
    /// Orders must be a multiple of so many base units; above zero.
    pub multiple: Option<Micros>,
    /// Orders must be of at least so many base units.
    pub minimum: Option<Micros>,
    /// What one base unit costs us.
    pub unit_cost: Option<(Micros, Currency)>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
}

impl MasterRow for SkuRow {
    const KIND: Kind = Kind::Skus;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let sku = row.id("sku");
        let name = row.free_text("name");
        let base_unit = row.id("base_unit");
        let category = row.checked("category", check_category_path);
        let brand = row.optional_id("brand");
        let tax_class = row.optional_id("tax_class");
        let multiple = row.decimal("multiple", Micros(1), "is not above zero");
        let minimum = row.decimal("minimum", Micros::ZERO, "is negative");
        let cost = row.decimal("unit_cost", Micros::ZERO, "is negative");
        let cost_currency = row.optional_currency("cost_currency");
        match (row.is_empty("unit_cost"), row.is_empty("cost_currency")) {
            (false, true) => row.refuse("cost_currency", "is empty: unit_cost needs it"),
            (true, false) => row.refuse("unit_cost", "is empty: cost_currency stands without it"),
            _ => {}
        }
        let attributes = row.attributes("attributes");
        Some(Self {
            sku: sku?,
            name,
            base_unit: base_unit?,
            category,
            brand,
            tax_class,
            multiple,
            minimum,
            unit_cost: cost.zip(cost_currency),
            attributes,
        })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.sku)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        Ok(vec![
            text(&self.sku),
            text(&self.name),
            text(&self.base_unit),
            optional(self.category.as_ref()),
            optional(self.brand.as_ref()),
            optional(self.tax_class.as_ref()),
            decimal(self.multiple),
            decimal(self.minimum),
            decimal(self.unit_cost.map(|(cost, _)| cost)),
            currency(self.unit_cost.map(|(_, currency)| currency)),
            attributes(&self.attributes)?,
        ])
    }
}

/// An alternative unit of a SKU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkuUnitRow {
    /// The SKU's external id.
    pub sku: String,
    /// The unit's external id.
    pub unit: String,
    /// How many base units one unit is, in lowest terms.
    pub factor: Factor,
}

/// Most that either part of a factor may be.
const FACTOR_MAX: u64 = 1_000_000_000_000;

impl MasterRow for SkuUnitRow {
    const KIND: Kind = Kind::SkuUnits;

    fn read(row: &mut Row<'_>) -> Option<Self> {
        let sku = row.id("sku");
        let unit = row.id("unit");
        let numerator = row.required_whole("numerator", 1..=FACTOR_MAX);
        let denominator = row.whole("denominator", 1, 1..=FACTOR_MAX);
        let factor = Factor::new(numerator?, denominator?).ok()?;
        Some(Self { sku: sku?, unit: unit?, factor })
    }

    fn key(&self) -> Vec<Cow<'_, str>> {
        vec![text(&self.sku), text(&self.unit)]
    }

    fn fields(&self) -> Result<Vec<Cow<'_, str>>, Refusal> {
        let (numerator, denominator) = (self.factor.numerator(), self.factor.denominator());
        Ok(vec![text(&self.sku), text(&self.unit), number(numerator), number(denominator)])
    }
}
