//! What is a service to pricing?

use crate::domain::catalogue::Catalogue;
use crate::domain::currency::Currency;
use crate::policy::syntax::{Service, ServicePer};

use super::matcher::SelectionNo;
use super::rule::{UnitRef, unit_ref};

/// A service with names resolved.
#[derive(Debug, Clone)]
pub struct CompiledService {
    /// With which goods it is sold.
    pub goods: SelectionNo,
    /// By what it is priced.
    pub per: CompiledPer,
    /// The currency of its price.
    pub currency: Option<Currency>,
}

/// By what a service is priced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompiledPer {
    /// By how many are asked for.
    Each,
    /// By the line's quantity in a unit.
    Unit(UnitRef),
    /// Once a line.
    Line,
}

/// A service with names resolved.
pub(super) fn compiled_service(
    service: &Service,
    goods: SelectionNo,
    currency: Option<Currency>,
    catalogue: &Catalogue,
) -> CompiledService {
    let per = match &service.per {
        ServicePer::Each => CompiledPer::Each,
        ServicePer::Unit(unit) => CompiledPer::Unit(unit_ref(unit.as_deref(), catalogue)),
        ServicePer::Line => CompiledPer::Line,
    };
    CompiledService { goods, per, currency: service.currency.or(currency) }
}
