//! How do listed prices cross the wire?

use crate::domain::catalogue::Catalogue;
use crate::engine::ListedPrice;

use super::v1;
use super::waterfall::{source_of, tier_mode, unit_code};

/// A listed price.
#[must_use]
pub fn price_of(price: &ListedPrice, catalogue: &Catalogue) -> v1::ListedPrice {
    v1::ListedPrice {
        sku: catalogue.sku(price.sku).map_or(String::new(), |sku| sku.code.clone()),
        sku_handle: price.sku.0,
        unit: unit_code(catalogue, price.unit, Some(price.sku)),
        per: price.per,
        tier_mode: tier_mode(price.ladder.mode()).into(),
        tiers: price
            .ladder
            .tiers()
            .iter()
            .map(|tier| v1::PriceTier {
                lower_micros: tier.lower.0,
                upper_micros: tier.upper.map(|upper| upper.0),
                price_micros: tier.value.0,
            })
            .collect(),
        source: Some(source_of(&price.source, Some(price.sku), catalogue)),
    }
}
