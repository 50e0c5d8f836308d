//! How many bits of the generated prices are news? The information of each choice that chance made, added up.
//!
//! The generator tells a [`Tally`] each choice while it makes it: one branch of probability p is -log2(p) bits, one
//! of n equal ones log2(n). So the sum is the length of an ideal code for these very choices, given the base list,
//! the catalogue and the parameters. Several choices can come to the same prices (a negotiated price that equals the
//! usual one), so the prices' own entropy is a little less, never more; docs/GENERATOR.md bounds it.

use super::goods::KINDS;
use super::options::Mode;
use super::parameters as p;
use super::prng::Chance;
use super::{GeneratedCell, Generator, ListKind};

/// What a choice decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Class and breadth of a contract, and the discounts of the classes.
    Customer,
    /// Whether a contract buys in a category, and how much of it.
    Category,
    /// Whether a SKU of a bought category stands in the list.
    Presence,
    /// Discounts of a contract's own in a category.
    Discount,
    /// Prices negotiated one by one and their flags; in random mode all prices.
    Price,
    /// Tiers.
    Tiers,
    /// Promotions.
    Promotion,
    /// Prices of packs.
    Pack,
}

/// How many kinds of [`Choice`] there are.
const KINDS_OF_CHOICE: usize = 8;

/// Hears of each choice.
pub trait Tally {
    /// A choice of two, and whether the branch of this probability was taken.
    fn branch(&mut self, choice: Choice, chance: Chance, taken: bool);
    /// A choice of so many equal ones.
    fn uniform(&mut self, choice: Choice, among: u32);
}

/// Does not listen, and costs nothing.
#[derive(Debug, Clone, Copy)]
pub struct Quiet;

impl Tally for Quiet {
    #[inline]
    fn branch(&mut self, _: Choice, _: Chance, _: bool) {}
    #[inline]
    fn uniform(&mut self, _: Choice, _: u32) {}
}

/// Adds up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Bits([f64; KINDS_OF_CHOICE]);

#[expect(clippy::float_arithmetic, reason = "bits of information, not money")]
impl Bits {
    fn add(&mut self, choice: Choice, bits: f64) {
        // The discriminants are the positions.
        if let Some(sum) = self.0.get_mut(choice as usize) {
            *sum += bits;
        }
    }

    /// Bits of one kind of choice.
    #[must_use]
    pub fn of(&self, choice: Choice) -> f64 {
        self.0.get(choice as usize).copied().unwrap_or(0.0)
    }

    /// All of them.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
    }
}

/// A probability as a float.
#[expect(
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a probability, not money; 33 bits fit"
)]
fn probability(chance: Chance) -> f64 {
    chance.raw() as f64 / 4_294_967_296.0
}

#[expect(clippy::float_arithmetic, reason = "bits of information, not money")]
impl Tally for Bits {
    fn branch(&mut self, choice: Choice, chance: Chance, taken: bool) {
        let chance = if taken { chance } else { chance.contrary() };
        self.add(choice, -probability(chance).log2());
    }

    fn uniform(&mut self, choice: Choice, among: u32) {
        self.add(choice, f64::from(among.max(1)).log2());
    }
}

/// What was found over some or all individual lists.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entropy {
    /// Lists looked at.
    pub lists: u32,
    /// (list, SKU) pairs with a price.
    pub pairs: u64,
    /// Price points.
    pub points: u64,
    /// Bits.
    pub bits: Bits,
}

#[expect(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "bits of information, not money")]
impl Entropy {
    /// Bits a price point.
    #[must_use]
    pub fn per_point(&self) -> f64 {
        self.bits.total() / self.points.max(1) as f64
    }

    /// Bits a price point of one kind of choice.
    #[must_use]
    pub fn per_point_of(&self, choice: Choice) -> f64 {
        self.bits.of(choice) / self.points.max(1) as f64
    }
}

impl Generator {
    /// The entropy of the individual lists: each list's own choices, and those made once for all (discounts of the
    /// classes, which SKUs are tiered, promoted or priced by the pack). `every` looks at one list in so many, and
    /// scales what was made once for all alike.
    #[must_use]
    pub fn entropy(&self, every: u32) -> Entropy {
        let every = every.max(1);
        let mut found = Entropy { lists: 0, pairs: 0, points: 0, bits: Bits::default() };
        let mut cells: Vec<GeneratedCell> = Vec::new();
        let owned = |list: &super::ListPlan| matches!(list.kind, ListKind::Individual(_));
        for list in self.lists().filter(owned).step_by(usize::try_from(every).unwrap_or(1)) {
            self.cells_with(list.number, &mut cells, &mut found.bits);
            found.lists += 1;
            let points: usize = cells.iter().map(|cell| cell.cell.points()).sum();
            let pairs = cells.chunk_by(|one, next| one.target == next.target).count();
            found.points += u64::try_from(points).unwrap_or(0);
            found.pairs += u64::try_from(pairs).unwrap_or(0);
        }
        if self.options.mode == Mode::Structured {
            let mut once = Bits::default();
            self.tell_common_choices(&mut once);
            found.bits.add_scaled(&once, found.lists, self.options.contracts);
        }
        found
    }

    /// What was drawn once and shows in many lists.
    fn tell_common_choices(&self, bits: &mut Bits) {
        for _ in 0..p::CLASSES.len() * KINDS.len() {
            bits.uniform(Choice::Customer, 2 * p::TYPE_DISCOUNT_STEPS + 1);
        }
        for sku in &self.assortment.skus {
            bits.branch(Choice::Tiers, p::chances::TIERED_SKUS, sku.thresholds.is_some());
            if sku.thresholds.is_some() && sku.per == 1 {
                bits.uniform(Choice::Tiers, 3);
            }
            bits.branch(Choice::Promotion, p::chances::PROMOTED_SKUS, sku.campaign.is_some());
            if sku.campaign.is_some() {
                bits.uniform(Choice::Promotion, u32::try_from(p::CAMPAIGNS.len()).unwrap_or(1));
            }
            if sku.has_pack() {
                bits.branch(Choice::Pack, p::chances::PACK_SKUS, sku.pack.is_some());
            }
            if let (Some(pack), true) = (sku.pack, sku.boxed > 0 && sku.pallet > 0) {
                let pallet = pack == super::assortment::Pack::Pallet;
                bits.branch(Choice::Pack, Chance::per_mille(250), pallet);
            }
        }
    }
}

#[expect(clippy::float_arithmetic, reason = "bits of information, not money")]
impl Bits {
    fn add_scaled(&mut self, other: &Self, part: u32, whole: u32) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more * f64::from(part) / f64::from(whole.max(1));
        }
    }
}
