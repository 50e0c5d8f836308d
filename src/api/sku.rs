//! How does a SKU cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::sku::Sku;
use crate::engine::caller::Caller;

use super::v1;
use super::waterfall::unit_code;

/// A SKU, its cost only for those who may see it.
#[must_use]
pub fn sku_of(sku: &Sku, catalogue: &Catalogue, caller: &Caller) -> v1::Sku {
    let cost = sku.unit_cost.filter(|_| caller.sees_costs);
    v1::Sku {
        sku: sku.code.clone(),
        handle: sku.id.0,
        name: sku.name.clone(),
        base_unit: unit_code(catalogue, sku.base_unit, None),
        units: sku
            .units
            .iter()
            .map(|(unit, factor)| v1::SkuUnit {
                unit: unit_code(catalogue, *unit, None),
                numerator: factor.numerator(),
                denominator: factor.denominator(),
            })
            .collect(),
        category: sku
            .category
            .and_then(|id| catalogue.categories.get(id.0))
            .map_or(String::new(), |category| category.path.clone()),
        brand: sku
            .brand
            .and_then(|id| catalogue.brands.get(id.0))
            .map_or(String::new(), |brand| brand.code.clone()),
        tax_class: sku.tax_class.clone().unwrap_or_default(),
        multiple_micros: sku.multiple.map_or(0, |multiple| multiple.0),
        minimum_micros: sku.minimum.map_or(0, |minimum| minimum.0),
        unit_cost_micros: cost.map(|(cost, _)| cost.0),
        cost_currency: cost.map_or(String::new(), |(_, currency)| currency.code().to_owned()),
        attributes: sku.attributes.clone(),
    }
}
