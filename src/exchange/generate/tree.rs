//! How is the assortment ordered? A tree of two or three levels, whose categories differ much in size.

use super::assortment::GeneratedSku;
use super::endings::times_exp2;
use super::goods::{KINDS, Kind, TOPS};
use super::parameters as p;
use super::prng::Prng;
use super::vocabulary::{self, RANGES};

/// A number of ours as an index.
#[must_use]
#[inline]
pub fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A category that holds SKUs.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Position of its product type in [`KINDS`].
    pub kind: u16,
    /// Path, `/` between levels.
    pub path: String,
    /// Its number by first appearance among the SKUs.
    pub category: u32,
    /// The number of the product type above it, or its own where it has only two levels.
    pub type_category: u32,
    /// Usual price of a base unit in cents.
    pub median: u64,
    /// Brands sold in it.
    pub brands: Vec<u16>,
    /// Its SKUs, ascending.
    pub skus: Vec<u32>,
    /// How many SKUs it is to have.
    size: u32,
}

impl Leaf {
    /// The product type.
    #[must_use]
    pub fn kind(&self) -> &'static Kind {
        static FALLBACK: &Kind = &KINDS[0];
        KINDS.get(usize::from(self.kind)).unwrap_or(FALLBACK)
    }

    /// Prefix of its articles.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        TOPS.get(self.kind().top).map_or("SKU", |(_, prefix)| *prefix)
    }
}

/// The tree while it grows.
#[derive(Debug)]
pub struct Tree {
    /// Categories that hold SKUs.
    pub leaves: Vec<Leaf>,
    brands: u32,
}

impl Tree {
    /// A tree for so many SKUs, still empty.
    #[must_use]
    pub fn grow(rng: &mut Prng, skus: u32) -> Self {
        let least = p::LEAVES_LEAST.min(skus / p::SKUS_PER_LEAF_LEAST).max(1);
        let count = (skus / p::SKUS_PER_LEAF).clamp(least, p::LEAVES_MOST);
        let kinds = u32::try_from(KINDS.len()).unwrap_or(1);
        let (fewest, most) = p::BRANDS;
        let brands = (skus / p::SKUS_PER_BRAND).clamp(fewest, most);
        let mut ranks: Vec<u32> = (0..count).collect();
        rng.shuffle(&mut ranks);
        let weight = |rank: u32| 1_000_000_000 / u64::from(rank + p::LEAF_SIZE_OFFSET);
        let total: u64 = (0..count).map(weight).sum();
        let spare = u64::from(skus.saturating_sub(count));
        let (mut before, mut given) = (0_u64, 0_u64);
        let mut leaves = Vec::with_capacity(index(count));
        for (number, rank) in (0..count).zip(ranks) {
            before += weight(rank);
            let due = spare * before / total.max(1);
            let size = u32::try_from(1 + due - given).unwrap_or(1);
            given = due;
            let (kind, range) = (number % kinds, number / kinds);
            leaves.push(plant(rng, kind, range, kind + kinds < count, size, brands));
        }
        Self { leaves, brands }
    }

    /// The order in which SKUs come into the assortment: runs of one category, shuffled.
    #[must_use]
    pub fn arrivals(&self, rng: &mut Prng) -> Vec<(u16, u32)> {
        let mut runs = Vec::new();
        for (number, leaf) in self.leaves.iter().enumerate() {
            let mut rest = leaf.size;
            while rest > 0 {
                let run = (1 + rng.below(p::ARRIVAL_RUN)).min(rest);
                runs.push((u16::try_from(number).unwrap_or(u16::MAX), run));
                rest -= run;
            }
        }
        rng.shuffle(&mut runs);
        runs
    }

    /// Numbers the brands by first appearance, in the SKUs too; returns their external ids.
    pub fn number_brands(&self, skus: &mut [GeneratedSku]) -> Vec<String> {
        let mut numbers: Vec<Option<u16>> = vec![None; index(self.brands)];
        let mut codes = Vec::new();
        for sku in skus {
            let Some(slot) = numbers.get_mut(usize::from(sku.brand)) else { continue };
            let number = *slot.get_or_insert_with(|| {
                codes.push(brand_code(sku.brand));
                u16::try_from(codes.len() - 1).unwrap_or(u16::MAX)
            });
            sku.brand = number;
        }
        codes
    }

    /// Numbers the categories by first appearance, parents first, as an import does; returns their paths.
    pub fn number_categories(&mut self, skus: &[GeneratedSku]) -> Vec<String> {
        let mut paths: Vec<String> = Vec::new();
        let mut numbers = std::collections::BTreeMap::new();
        let mut number_of = |path: &str, paths: &mut Vec<String>| {
            *numbers.entry(path.to_owned()).or_insert_with(|| {
                paths.push(path.to_owned());
                u32::try_from(paths.len() - 1).unwrap_or(u32::MAX)
            })
        };
        for sku in skus.iter().filter(|sku| sku.place == 0) {
            let Some(leaf) = self.leaves.get_mut(usize::from(sku.leaf)) else { continue };
            let mut level = 0;
            for (end, _) in leaf.path.match_indices('/').chain([(leaf.path.len(), "")]) {
                let number = number_of(leaf.path.get(..end).unwrap_or_default(), &mut paths);
                level += 1;
                if level == 2 {
                    leaf.type_category = number;
                }
                leaf.category = number;
            }
        }
        paths
    }
}

fn plant(rng: &mut Prng, kind: u32, range: u32, has_ranges: bool, size: u32, brands: u32) -> Leaf {
    let product = KINDS.get(index(kind)).unwrap_or(&KINDS[0]);
    let top = TOPS.get(product.top).map_or("", |(title, _)| *title);
    let ranges = u32::try_from(RANGES.len()).unwrap_or(1);
    let path = match (has_ranges, range / ranges) {
        (false, _) => format!("{top}/{}", product.title),
        (true, 0) => format!("{top}/{}/{}", product.title, range_name(range)),
        (true, again) => format!("{top}/{}/{} {}", product.title, range_name(range), again + 1),
    };
    let octaves = rng.bell() * 3 / 5;
    let pool = 2 + rng.below(4);
    let brands = (0..pool).map(|_| u16::try_from(rng.below(brands)).unwrap_or(0)).collect();
    Leaf {
        kind: u16::try_from(kind).unwrap_or(0),
        path,
        category: 0,
        type_category: 0,
        median: times_exp2(product.median, octaves),
        brands,
        skus: Vec::new(),
        size,
    }
}

fn range_name(range: u32) -> &'static str {
    RANGES.get(index(range) % RANGES.len()).copied().unwrap_or("Standard")
}

fn brand_code(brand: u16) -> String {
    let names = vocabulary::BRANDS.len();
    let name = vocabulary::BRANDS.get(usize::from(brand) % names).copied().unwrap_or("Norvik");
    match usize::from(brand) / names {
        0 => name.to_owned(),
        again => format!("{name} {}", again + 1),
    }
}
