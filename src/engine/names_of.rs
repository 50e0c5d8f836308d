//! What does the outside world call a target?

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::Target;

/// A SKU's external id, `category PATH` or `brand NAME`.
#[must_use]
pub fn target(catalogue: &Catalogue, target: Target) -> String {
    match target {
        Target::Sku(id) => catalogue.sku(id).map_or(String::new(), |sku| sku.code.clone()),
        Target::Category(id) => {
            format!(
                "category {}",
                catalogue.categories.get(id.0).map_or("", |category| category.path.as_str())
            )
        }
        Target::Brand(id) => {
            format!("brand {}", catalogue.brands.get(id.0).map_or("", |brand| brand.code.as_str()))
        }
    }
}
