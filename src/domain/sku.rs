//! What is a SKU? A sellable article with its units, order rules and place in the assortment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::currency::Currency;
use super::decimal::Micros;
use super::ids::{BrandId, CategoryId, SkuId, UnitId};
use super::unit::Factor;

/// A SKU.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sku {
    /// Its number in this store.
    pub id: SkuId,
    /// Its external id.
    pub code: String,
    /// What a person reads.
    pub name: String,
    /// The unit that everything converts to.
    pub base_unit: UnitId,
    /// Alternative units: one of them is so many base units.
    pub units: Vec<(UnitId, Factor)>,
    /// The deepest category it stands in.
    pub category: Option<CategoryId>,
    /// Its brand.
    pub brand: Option<BrandId>,
    /// Tax class, as the ERP names it.
    pub tax_class: Option<String>,
    /// Orders must be a multiple of so many base units.
    pub multiple: Option<Micros>,
    /// Orders must be of at least so many base units.
    pub minimum: Option<Micros>,
    /// What one base unit costs us.
    pub unit_cost: Option<(Micros, Currency)>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
}

impl Sku {
    /// How many base units one `unit` is; `None` where the SKU has no such unit.
    #[must_use]
    pub fn factor(&self, unit: UnitId) -> Option<Factor> {
        if unit == UnitId::BASE || unit == self.base_unit {
            return Some(Factor::ONE);
        }
        self.units.iter().find(|(id, _)| *id == unit).map(|(_, factor)| *factor)
    }
}

/// A node of the category tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// Its number in this store.
    pub id: CategoryId,
    /// The path from the root, `/` between levels.
    pub path: String,
    /// The node above.
    pub parent: Option<CategoryId>,
}

/// A brand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// Its number in this store.
    pub id: BrandId,
    /// Its external id.
    pub code: String,
}
