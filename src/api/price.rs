//! How do listed prices cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::domain::ids::UnitId;
use crate::pricing::cart::ListedPrice;

use super::v1;
use super::waterfall::{source_of, unit_code};

/// A listed price.
#[must_use]
pub fn price_of(price: &ListedPrice, catalogue: &Catalogue) -> v1::ListedPrice {
    v1::ListedPrice {
        sku: catalogue.sku(price.sku).map_or(String::new(), |sku| sku.code.clone()),
        sku_handle: price.sku.0,
        base_unit: unit_code(catalogue, UnitId::BASE, Some(price.sku)),
        unit_price_micros: price.unit_price.0,
        net_unit_price_micros: price.net_unit_price.0,
        quantity_micros: price.quantity.0,
        source: Some(source_of(&price.source, Some(price.sku), catalogue)),
        tiers: price
            .tiers
            .iter()
            .map(|tier| v1::ListedTier {
                lower_micros: tier.lower.0,
                upper_micros: tier.upper.map(|upper| upper.0),
                unit_price_micros: tier.unit_price.0,
            })
            .collect(),
    }
}
