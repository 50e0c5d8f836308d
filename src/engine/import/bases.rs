//! What price is a SKU's cell expected to be derived from? The price in a reference list, else the first one seen: a codec
//! epoch is begun with these, by the first import and by a rebuild.

use std::collections::BTreeSet;

use crate::domain::catalogue::Catalogue;
use crate::domain::cell::{Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::{ListId, UnitId};
use crate::domain::time::Window;
use crate::matrix::cells::CellBuffer;
use crate::matrix::epoch::{CodecEpoch, SkuProfile};

use super::staged::{Staged, target_of};

/// The base prices of a codec epoch in the making.
pub(super) struct Bases<'a> {
    catalogue: &'a Catalogue,
    /// By SKU number: the price, and whether it stands in a reference list.
    prices: Vec<(i64, bool)>,
    references: BTreeSet<ListId>,
}

impl<'a> Bases<'a> {
    pub(super) fn new(catalogue: &'a Catalogue) -> Self {
        let prices = vec![(0, false); catalogue.skus.len()];
        let references = catalogue.contracts.iter().filter_map(|contract| contract.reference_list).collect();
        Self { catalogue, prices, references }
    }

    /// Hears of a staged row.
    pub(super) fn note_staged(&mut self, staged: &Staged) {
        let price = match staged.rich.as_deref() {
            None => staged.price,
            Some(rich)
                if rich.unit == UnitId::BASE
                    && rich.window == Window::ALWAYS
                    && rich.lower == Micros::ZERO =>
            {
                match rich.value {
                    Some(Value::Price(price)) => price.0 / i64::from(rich.per.max(1)),
                    _ => return,
                }
            }
            Some(_) => return,
        };
        self.note(staged.list, target_of(staged.target), price);
    }

    /// Hears of the cells that a list has for a target.
    pub(super) fn note_cells(&mut self, list: ListId, target: Target, cells: &CellBuffer) {
        let base =
            cells.heads().iter().find(|head| head.unit == UnitId::BASE && head.window == Window::ALWAYS);
        if let Some(head) = base
            && let Some(Value::Price(price)) = cells.tiers(head).first().map(|tier| tier.value)
        {
            self.note(list, target, price.0 / i64::from(head.per.max(1)));
        }
    }

    fn note(&mut self, list: ListId, target: Target, price: i64) {
        let Target::Sku(sku) = target else { return };
        let reference = self.references.contains(&list);
        if let Some(slot) = self.prices.get_mut(sku.index())
            && (slot.0 == 0 || (reference && !slot.1))
        {
            *slot = (price, reference);
        }
    }

    /// The epoch with this number.
    pub(super) fn epoch(self, number: u32) -> CodecEpoch {
        let prices = self.prices;
        let mut paths: Vec<(&str, u32)> = self
            .catalogue
            .categories
            .iter()
            .map(|category| (category.path.as_str(), category.id.0))
            .collect();
        paths.sort_unstable();
        let mut ranks = vec![0_u32; paths.len()];
        for ((_, id), rank) in paths.iter().zip(0_u32..) {
            if let Some(slot) = usize::try_from(*id).ok().and_then(|id| ranks.get_mut(id)) {
                *slot = rank;
            }
        }
        let profiles: Vec<SkuProfile<u32>> = self
            .catalogue
            .skus
            .iter()
            .zip(&prices)
            .map(|(sku, (base, _))| SkuProfile {
                category: sku.category.and_then(|id| ranks.get(id.index())).copied().unwrap_or(u32::MAX),
                base: *base,
            })
            .collect();
        CodecEpoch::new(number, &profiles)
    }
}
