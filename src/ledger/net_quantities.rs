//! Did more come back than was shipped? Of each SKU what went out less what came back (rule X6).

use foldhash::fast::FixedState;
use hashbrown::HashMap;

use crate::domain::catalogue::Catalogue;
use crate::domain::exact::Exact;
use crate::domain::ids::SkuId;
use crate::policy::compiled::UnitRef;

use super::document::{Document, DocumentKind};
use super::metered::in_unit;

/// What one contract has of each SKU, in base units.
#[derive(Debug, Clone, Default)]
pub struct NetQuantities(HashMap<SkuId, Exact, FixedState>);

impl NetQuantities {
    /// Counts a document. Returns the lines of a return, from zero, after which more had come back than was shipped.
    pub fn count(&mut self, catalogue: &Catalogue, document: &Document) -> Vec<u32> {
        let mut beyond = Vec::new();
        for (number, line) in (0..).zip(&document.lines) {
            let Some(quantity) = in_unit(catalogue, line, UnitRef::Base) else { continue };
            let net = self.0.entry(line.sku).or_insert(Exact::ZERO);
            let back = document.kind.takes_back();
            *net = if back { net.minus(&quantity) } else { net.plus(&quantity) };
            if document.kind == DocumentKind::Return && net.is_negative() {
                beyond.push(number);
            }
        }
        beyond
    }
}
