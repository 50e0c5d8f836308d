//! Which services are sold with goods?

use crate::domain::currency::Currency;
use crate::domain::decimal::Micros;

use super::{At, Selection, SkuCriterion, Text};

/// A service that a line may ask for, such as cutting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its id.
    pub id: String,
    /// What a person reads.
    pub name: Text,
    /// With which goods it is sold.
    pub goods: Selection<SkuCriterion>,
    /// Its price.
    pub price: Micros,
    /// By what it is priced.
    pub per: ServicePer,
    /// Its currency; the policy's where absent.
    pub currency: Option<Currency>,
    /// Its tax class; the SKU's where absent.
    pub tax_class: Option<String>,
    /// Where it stands.
    pub at: At,
}

/// By what a service is priced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ServicePer {
    /// By how many of the service the line asks for: cuts.
    Each,
    /// By the line's quantity in this unit; in the SKU's base unit where absent.
    Unit(Option<String>),
    /// Once a line.
    Line,
}
