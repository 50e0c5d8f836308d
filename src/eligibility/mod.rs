//! May this contract buy this SKU, and if not, why?
//!
//! Assortments, inclusions, exclusions and licences come as sets of SKU numbers; what a contract may buy is worked out of
//! them once, and asked line by line. Knows nothing of prices, nor of how the sets were described.

mod licences;

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::domain::ids::SkuId;
use crate::domain::time::CivilSecond;

pub use licences::Licences;

/// What forbids a contract to buy a SKU, by its place among those of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barrier {
    /// It is in none of the contract's assortments; the first of them.
    OutsideAssortment(u32),
    /// This exclusion holds.
    Excluded(u32),
    /// This licence is missing or has ended.
    Unlicensed(u32),
}

/// A set of SKUs that something stated, by that something's place.
pub type Stated = (u32, Arc<RoaringBitmap>);

/// A licence that a contract lacks, or has for a time.
#[derive(Debug, Clone, Copy)]
pub struct Licensed {
    /// Its place.
    pub number: u32,
    /// The first second without it; always where absent.
    pub until: Option<CivilSecond>,
}

/// What is stated of one contract.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    /// Its assortments; it may buy everything where there are none.
    pub assortments: Vec<Stated>,
    /// What it may buy in spite of assortments and exclusions.
    pub inclusions: Vec<Stated>,
    /// What it may not.
    pub exclusions: Vec<Stated>,
    /// Licences that it lacks or may come to lack, by place, ascending.
    pub licences: Vec<Licensed>,
    /// Which goods need which licences.
    pub needed: Arc<Licences>,
}

/// What a contract may buy.
#[derive(Debug, Default)]
pub struct Entitlement {
    statements: Statements,
    limit: Limit,
    /// Bytes of what was worked out for this contract alone.
    bytes: usize,
}

/// Assortments and exclusions taken together.
#[derive(Debug, Default)]
enum Limit {
    /// Everything may be bought.
    #[default]
    Nothing,
    /// Only these.
    Only(Arc<RoaringBitmap>),
    /// All but these.
    AllBut(Arc<RoaringBitmap>),
}

impl Entitlement {
    /// Works out what a contract may buy.
    #[must_use]
    pub fn new(statements: Statements) -> Self {
        let Statements { assortments, inclusions, exclusions, .. } = &statements;
        let of = |stated: &[Stated]| union(stated.iter().map(|(_, goods)| goods));
        let limit = match (assortments.as_slice(), exclusions.as_slice(), inclusions.as_slice()) {
            ([], [], _) => Limit::Nothing,
            ([only], [], []) => Limit::Only(Arc::clone(&only.1)),
            ([], [only], []) => Limit::AllBut(Arc::clone(&only.1)),
            ([], _, _) => Limit::AllBut(packed(of(exclusions) - of(inclusions))),
            _ => Limit::Only(packed((of(assortments) - of(exclusions)) | of(inclusions))),
        };
        // A set that something stated is shared with it.
        let bytes = match &limit {
            Limit::Only(goods) | Limit::AllBut(goods) if Arc::strong_count(goods) == 1 => {
                goods.serialized_size()
            }
            _ => 0,
        };
        Self { statements, limit, bytes }
    }

    /// Bytes of the sets that were worked out for this contract alone; those that were stated are shared.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// May everything be bought, always?
    #[must_use]
    #[inline]
    pub fn is_unlimited(&self) -> bool {
        matches!(self.limit, Limit::Nothing) && self.statements.licences.is_empty()
    }

    /// What forbids it to buy a SKU at an instant on the wall of its zone.
    #[must_use]
    pub fn barrier(&self, sku: SkuId, at: CivilSecond) -> Option<Barrier> {
        let allowed = match &self.limit {
            Limit::Nothing => true,
            Limit::Only(goods) => goods.contains(sku.0),
            Limit::AllBut(goods) => !goods.contains(sku.0),
        };
        if !allowed {
            return Some(self.why(sku));
        }
        let Statements { licences, needed, .. } = &self.statements;
        if licences.is_empty() {
            return None;
        }
        let lacks = |needed: &&u32| {
            let known = licences.binary_search_by_key(*needed, |licence| licence.number);
            let known = known.ok().and_then(|at| licences.get(at));
            known.is_some_and(|licence| licence.until.is_none_or(|until| at >= until))
        };
        needed.of(sku).iter().find(lacks).map(|number| Barrier::Unlicensed(*number))
    }

    /// An exclusion that names the SKU says more than an assortment that does not.
    fn why(&self, sku: SkuId) -> Barrier {
        let excluded = self.statements.exclusions.iter().find(|(_, goods)| goods.contains(sku.0));
        match (excluded, self.statements.assortments.first()) {
            (Some((number, _)), _) => Barrier::Excluded(*number),
            (None, Some((number, _))) => Barrier::OutsideAssortment(*number),
            (None, None) => Barrier::OutsideAssortment(u32::MAX),
        }
    }
}

/// In as little memory as it takes: many contracts have such a set of their own.
fn packed(mut goods: RoaringBitmap) -> Arc<RoaringBitmap> {
    goods.optimize();
    // A copy has no room to grow.
    Arc::new(goods.clone())
}

fn union<'a>(sets: impl Iterator<Item = &'a Arc<RoaringBitmap>>) -> RoaringBitmap {
    sets.fold(RoaringBitmap::new(), |all, goods| all | &**goods)
}
