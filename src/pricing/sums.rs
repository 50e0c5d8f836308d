//! How much of a SKU is in the whole cart? Summed once, when a ladder measures over the SKU.

use std::cell::OnceCell;

use crate::domain::exact::Exact;
use crate::domain::ids::SkuId;

use super::order::{Order, Resolved};

/// Base units of each SKU over all lines that could be ordered.
pub(super) struct SkuSums<'a> {
    orders: &'a [Resolved],
    sums: OnceCell<Vec<(SkuId, Exact)>>,
}

impl<'a> SkuSums<'a> {
    pub(super) fn new(orders: &'a [Resolved]) -> Self {
        Self { orders, sums: OnceCell::new() }
    }

    pub(super) fn of(&self, sku: SkuId) -> Exact {
        let sums = self.sums.get_or_init(|| self.add_up());
        let found = sums.binary_search_by_key(&sku, |(sku, _)| *sku).ok().and_then(|at| sums.get(at));
        found.map_or(Exact::ZERO, |(_, sum)| sum.clone())
    }

    fn add_up(&self) -> Vec<(SkuId, Exact)> {
        let mut orders: Vec<&Order> = self.orders.iter().flatten().collect();
        orders.sort_by_key(|order| order.sku);
        let mut sums: Vec<(SkuId, Exact)> = Vec::new();
        for order in orders {
            let base = order.measure_in_base();
            match sums.last_mut().filter(|(sku, _)| *sku == order.sku) {
                Some((_, sum)) => *sum = sum.plus(&base),
                None => sums.push((order.sku, base)),
            }
        }
        sums
    }
}
