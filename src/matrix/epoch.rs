//! In which order do rows hold SKUs, and what price is expected of each? An immutable, numbered codec epoch.
//!
//! A row names its epoch, so a changed list price or category never changes an old cell. SKUs that came after the
//! epoch began go last, in the order of their numbers, and nothing is expected of them.

/// Greatest base price that predictions are made from, in millionths: a product with a ratio must fit an `i64`.
const BASE_MAX: i64 = 1 << 46;

/// What is expected at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct Expected {
    /// Base price in millionths; zero where nothing is expected.
    pub base: i64,
    /// Class of the SKU: cells of one class in one list tend to share a discount. Ascends with the position.
    pub class: u32,
}

/// An order of SKUs with their base prices.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct CodecEpoch {
    number: u32,
    /// By SKU number.
    positions: Vec<u32>,
    /// By position.
    skus: Vec<u32>,
    /// By position.
    expected: Vec<Expected>,
}

/// What an epoch is told of a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SkuProfile<C> {
    /// Orders SKUs first: the category path, or a rank of it.
    pub category: C,
    /// The price that lists are expected to be derived from, in millionths; zero where unknown.
    pub base: i64,
}

impl CodecEpoch {
    /// Orders SKUs by category, then base price, then number. Profiles stand in the order of SKU numbers.
    #[must_use]
    pub fn new<C: Ord + Copy>(number: u32, profiles: &[SkuProfile<C>]) -> Self {
        let mut order: Vec<(C, i64, u32)> = profiles
            .iter()
            .zip(0_u32..)
            .map(|(profile, sku)| (profile.category, profile.base, sku))
            .collect();
        order.sort_unstable();
        let mut positions = vec![0_u32; profiles.len()];
        let mut skus = Vec::with_capacity(profiles.len());
        let mut expected = Vec::with_capacity(profiles.len());
        let mut class = 0_u32;
        let mut before: Option<C> = None;
        for (&(category, base, sku), position) in order.iter().zip(0_u32..) {
            if before.is_some_and(|before| before != category) && class < u32::from(u16::MAX) {
                class += 1;
            }
            before = Some(category);
            skus.push(sku);
            expected.push(Expected { base: if (0..BASE_MAX).contains(&base) { base } else { 0 }, class });
            if let Some(slot) = usize::try_from(sku).ok().and_then(|sku| positions.get_mut(sku)) {
                *slot = position;
            }
        }
        Self { number, positions, skus, expected }
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How many SKUs it ordered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.skus.len()
    }

    /// Did it order none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.skus.is_empty()
    }

    /// The position of a SKU.
    #[must_use]
    #[inline]
    pub fn position(&self, sku: u32) -> u32 {
        usize::try_from(sku).ok().and_then(|index| self.positions.get(index)).copied().unwrap_or(sku)
    }

    /// The SKU at a position.
    #[must_use]
    #[inline]
    pub fn sku(&self, position: u32) -> u32 {
        usize::try_from(position).ok().and_then(|index| self.skus.get(index)).copied().unwrap_or(position)
    }

    /// Before many look-ups: reads where SKUs stand and what is expected there, each for all of them before the next, so
    /// that what misses the processor's cache is waited for by many at once.
    pub fn approach(&self, skus: &[u32]) {
        let expected = |sku: &u32| {
            let position = self.position(*sku);
            self.expected(position).base
        };
        let places = skus.iter().fold(0, |sum, sku| sum ^ self.position(*sku));
        std::hint::black_box((places, skus.iter().map(expected).fold(0, |sum, base| sum ^ base)));
    }

    /// What is expected at a position.
    #[must_use]
    #[inline]
    pub fn expected(&self, position: u32) -> Expected {
        usize::try_from(position)
            .ok()
            .and_then(|index| self.expected.get(index))
            .copied()
            .unwrap_or(Expected { base: 0, class: u32::from(u16::MAX) })
    }
}
