//! What stands in the seller's assortment? The category tree, brands and SKUs with their list prices.

use super::endings::{Style, times_exp2};
use super::goods::Kind;
use super::parameters as p;
use super::prng::Prng;
use super::tree::{Leaf, Tree, index};

/// A SKU of the generated assortment. Its number is its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GeneratedSku {
    /// List price of [`GeneratedSku::per`] base units in cents.
    pub price: u32,
    /// Position of its category in [`Assortment::leaves`].
    pub leaf: u16,
    /// Brand, numbered by first appearance among the SKUs.
    pub brand: u16,
    /// The price is for so many base units: 1 or 100.
    pub per: u16,
    /// Base units in a box; zero where there are none.
    pub boxed: u16,
    /// Base units on a pallet; zero where there are none.
    pub pallet: u16,
    /// Its place among the SKUs of its category.
    pub place: u16,
    /// Which thresholds its tiers have; `None` where it is not sold by tiers.
    pub thresholds: Option<Thresholds>,
    /// Which of the campaigns it takes part in.
    pub campaign: Option<u8>,
    /// Which pack may have a price of its own.
    pub pack: Option<Pack>,
}

/// Where the tiers of a SKU after the first begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thresholds {
    /// So many base units each.
    Units([u16; 3]),
    /// A box, five boxes, twenty boxes.
    Boxes,
}

/// A pack with a price of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// A box.
    Box,
    /// A pallet.
    Pallet,
}

impl GeneratedSku {
    /// The lower bound of the tier at `position` (from one) in base units.
    #[must_use]
    pub fn threshold(&self, position: usize) -> u32 {
        let boxed = u32::from(self.boxed.max(1));
        match (self.thresholds, position) {
            (Some(Thresholds::Units(units)), _) => {
                units.get(position.wrapping_sub(1)).copied().map_or(10_000, u32::from)
            }
            (_, 1) => boxed,
            (_, 2) => 5 * boxed,
            (_, _) => 20 * boxed,
        }
    }

    /// Has it a box or a pallet?
    #[must_use]
    pub fn has_pack(&self) -> bool {
        self.boxed > 0 || self.pallet > 0
    }

    /// Base units in its priced pack.
    #[must_use]
    pub fn pack_size(&self) -> u32 {
        match self.pack {
            Some(Pack::Box) => u32::from(self.boxed),
            Some(Pack::Pallet) => u32::from(self.pallet),
            None => 0,
        }
    }
}

/// The assortment.
#[derive(Debug, Clone)]
pub struct Assortment {
    /// Categories that hold SKUs.
    pub leaves: Vec<Leaf>,
    /// Paths of all categories, parents first, in the order in which the SKUs name them.
    pub categories: Vec<String>,
    /// External ids of the brands, in the order in which the SKUs name them.
    pub brands: Vec<String>,
    /// The SKUs.
    pub skus: Vec<GeneratedSku>,
}

impl Assortment {
    /// So many SKUs.
    #[must_use]
    pub fn new(seed: u64, count: u32) -> Self {
        let mut rng = Prng::new(seed, super::stream::ASSORTMENT, 0);
        let mut tree = Tree::grow(&mut rng, count);
        let mut skus = Vec::with_capacity(index(count));
        for (leaf, run) in tree.arrivals(&mut rng) {
            for _ in 0..run {
                let number = u32::try_from(skus.len()).unwrap_or(u32::MAX);
                let Some(home) = tree.leaves.get_mut(usize::from(leaf)) else { continue };
                home.skus.push(number);
                skus.push(draw_sku(&mut rng, leaf, home));
            }
        }
        let brands = tree.number_brands(&mut skus);
        let categories = tree.number_categories(&skus);
        Self { leaves: tree.leaves, categories, brands, skus }
    }

    /// The SKU with this number.
    #[must_use]
    #[inline]
    pub fn sku(&self, number: u32) -> Option<&GeneratedSku> {
        self.skus.get(index(number))
    }

    /// The category of a SKU.
    #[must_use]
    pub fn leaf_of(&self, sku: &GeneratedSku) -> Option<&Leaf> {
        self.leaves.get(usize::from(sku.leaf))
    }

    /// External id of a SKU: the prefix of its top category, and its number from one.
    #[must_use]
    pub fn sku_code(&self, number: u32) -> String {
        let prefix = self.sku(number).and_then(|sku| self.leaf_of(sku)).map_or("SKU", Leaf::prefix);
        format!("{prefix}-{:06}", u64::from(number) + 1)
    }
}

fn pick(rng: &mut Prng, from: &[u16]) -> u16 {
    let at = rng.below(u32::try_from(from.len()).unwrap_or(0));
    from.get(index(at)).copied().unwrap_or(0)
}

fn draw_sku(rng: &mut Prng, leaf: u16, home: &Leaf) -> GeneratedSku {
    let kind: &Kind = home.kind();
    let brand = pick(rng, &home.brands);
    let place = u16::try_from(home.skus.len() - 1).unwrap_or(u16::MAX);
    let octaves = rng.bell() * p::PRICE_SPREAD / 65_536 + kind.size_steps(place) * p::SIZE_TILT / 2;
    let per_hundred = times_exp2(home.median * 100, octaves);
    let by_hundred = per_hundred < u64::from(p::PER_HUNDRED_BELOW) * 100;
    let cents = if by_hundred { per_hundred } else { per_hundred / 100 };
    let price = u32::try_from(Style::of_brand(brand).shape(cents)).unwrap_or(u32::MAX);
    let (boxed, pallet) = (pick(rng, kind.boxes), pick(rng, kind.pallets));
    let thresholds = rng.hits(p::chances::TIERED_SKUS).then(|| match (by_hundred, boxed, rng.below(3)) {
        (true, ..) => Thresholds::Units([1_000, 5_000, 10_000]),
        (false, 2.., 0..=1) => Thresholds::Boxes,
        (false, _, 0) => Thresholds::Units([5, 20, 50]),
        (false, _, 1) => Thresholds::Units([10, 50, 100]),
        (false, ..) => Thresholds::Units([100, 500, 1_000]),
    });
    let campaigns = u32::try_from(p::CAMPAIGNS.len()).unwrap_or(1);
    let campaign =
        rng.hits(p::chances::PROMOTED_SKUS).then(|| u8::try_from(rng.below(campaigns)).unwrap_or(0));
    let packed = rng.hits(p::chances::PACK_SKUS);
    let pack = match (packed, boxed > 0, pallet > 0) {
        (false, ..) | (_, false, false) => None,
        (true, true, false) => Some(Pack::Box),
        (true, false, true) => Some(Pack::Pallet),
        (true, true, true) => Some(if rng.below(4) == 0 { Pack::Pallet } else { Pack::Box }),
    };
    let per = if by_hundred { 100 } else { 1 };
    GeneratedSku { price, leaf, brand, per, boxed, pallet, place, thresholds, campaign, pack }
}
