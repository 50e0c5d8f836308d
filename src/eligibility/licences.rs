//! Which licences do goods need? Few SKUs need any, and those that need the same ones share a set of them.

use foldhash::fast::FixedState;
use hashbrown::HashMap;
use roaring::RoaringBitmap;

use crate::domain::ids::SkuId;

/// The licences that SKUs need.
#[derive(Debug, Default)]
pub struct Licences {
    /// By SKU, up to the last that needs one: its place among the sets.
    set_of: Vec<u32>,
    /// Licences by their places, ascending; the first set is empty.
    sets: Vec<Box<[u32]>>,
}

impl Licences {
    /// Of the goods that need each licence, by its place.
    #[must_use]
    pub fn new<'g>(goods: impl Iterator<Item = &'g RoaringBitmap>) -> Self {
        let mut licences = Self { set_of: Vec::new(), sets: vec![Box::default()] };
        let mut with: HashMap<(u32, u32), u32, FixedState> = HashMap::default();
        for (licence, goods) in (0_u32..).zip(goods) {
            for sku in goods {
                let place = SkuId(sku).index();
                if licences.set_of.len() <= place {
                    licences.set_of.resize(place + 1, 0);
                }
                let Some(set) = licences.set_of.get_mut(place) else { continue };
                *set = *with.entry((*set, licence)).or_insert_with(|| {
                    let known = usize::try_from(*set).ok().and_then(|set| licences.sets.get(set));
                    let more = known.into_iter().flatten().copied().chain([licence]).collect();
                    licences.sets.push(more);
                    u32::try_from(licences.sets.len() - 1).unwrap_or(u32::MAX)
                });
            }
        }
        licences
    }

    /// The licences that a SKU needs, by their places, ascending.
    #[must_use]
    #[inline]
    pub fn of(&self, sku: SkuId) -> &[u32] {
        let set = self.set_of.get(sku.index()).copied().unwrap_or(0);
        usize::try_from(set).ok().and_then(|set| self.sets.get(set)).map_or(&[], |set| set)
    }
}
