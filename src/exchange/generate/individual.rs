//! What does a contract's own price list say? Discounts by category, exceptions, tiers, promotions, packs.
//!
//! Every choice is drawn from the list's own stream of chance, so that lists may be made in any order.

use crate::domain::cell::{Cell, CellFlags, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::{SkuId, UnitId};
use crate::domain::ladder::{Ladder, Over, Tier, TierMode};
use crate::domain::time::{CivilSecond, DAY_SECONDS, Window};

use super::assortment::{GeneratedSku, Pack};
use super::customers::{Customer, class};
use super::endings::{negotiated_step, to_step};
use super::entropy::{Choice, Tally};
use super::lists::is_foreign;
use super::parameters::{self as p, chances};
use super::prng::{Chance, Prng};
use super::tree::{Leaf, index};
use super::{GeneratedCell, Generator, stream, units};

/// Midnight of 2026-01-01, in civil seconds.
pub(super) const YEAR_BEGIN: i64 = 1_767_225_600;

/// What a contract and the seller agreed for one category.
#[derive(Debug, Clone, Copy)]
struct Terms {
    /// Per mille of the list price that is paid.
    keep: u32,
    /// Off the first tier's price, per mille; empty: no tiers.
    scheme: &'static [u32],
    mode: TierMode,
    over: Over,
    promoted: bool,
    packs: bool,
}

/// A source of chance that tells the tally.
struct Draw<'a, T> {
    rng: Prng,
    tally: &'a mut T,
}

impl<T: Tally> Draw<'_, T> {
    #[inline]
    fn hits(&mut self, choice: Choice, chance: Chance) -> bool {
        let taken = self.rng.hits(chance);
        self.tally.branch(choice, chance, taken);
        taken
    }

    #[inline]
    fn below(&mut self, choice: Choice, bound: u32) -> u32 {
        self.tally.uniform(choice, bound);
        self.rng.below(bound)
    }

    fn weighted(&mut self, drawn: u8, mut weights: impl Iterator<Item = u32> + Clone) {
        // Drawn with the contract itself; told here, where its list is.
        let total: u32 = weights.clone().sum();
        let weight = weights.nth(usize::from(drawn)).unwrap_or(total);
        let chance = Chance::ratio(u64::from(weight), u64::from(total));
        self.tally.branch(Choice::Customer, chance, true);
    }
}

/// The cells of a contract's own list.
pub(super) fn structured(
    generator: &Generator,
    list: u32,
    contract: u32,
    cells: &mut Vec<GeneratedCell>,
    tally: &mut impl Tally,
) {
    let mut draw = Draw { rng: Prng::new(generator.options.seed, stream::LIST, u64::from(list)), tally };
    let customer = generator.customers.of_contract(contract);
    draw.weighted(customer.class, p::CLASSES.iter().map(|class| class.weight));
    draw.weighted(customer.breadth, p::BREADTH.iter().map(|(weight, _)| *weight));
    let assortment = &generator.assortment;
    let mut present = vec![0_u64; assortment.skus.len() / 64 + 1];
    let terms: Vec<Option<Terms>> = assortment
        .leaves
        .iter()
        .map(|leaf| agree(generator, customer, leaf, &mut present, &mut draw))
        .collect();
    let money = Money {
        step: u64::from(class(customer).step),
        percent: if is_foreign(contract) { p::FOREIGN_PERCENT } else { 100 },
    };
    for (word, bits) in present.iter().enumerate() {
        let mut rest = *bits;
        while rest != 0 {
            let number = u32::try_from(word * 64).unwrap_or(0) + rest.trailing_zeros();
            rest &= rest - 1;
            let Some(sku) = assortment.sku(number) else { continue };
            let Some(terms) = terms.get(usize::from(sku.leaf)).and_then(Option::as_ref) else { continue };
            price(SkuId(number), sku, terms, money, &mut draw, cells);
        }
    }
}

/// Whether the customer buys in a category, of what, and at which terms.
fn agree<T: Tally>(
    generator: &Generator,
    customer: Customer,
    leaf: &Leaf,
    present: &mut [u64],
    draw: &mut Draw<'_, T>,
) -> Option<Terms> {
    if !draw.hits(Choice::Category, generator.customers.buys(customer)) {
        return None;
    }
    let coverage = match generator.customers.everywhere() {
        Some(share) => share,
        None => {
            let level = draw.below(Choice::Category, u32::try_from(p::COVERAGE.len()).unwrap_or(1));
            Chance::per_mille(p::COVERAGE.get(index(level)).copied().unwrap_or(p::COVERAGE_MEAN))
        }
    };
    for sku in &leaf.skus {
        if draw.hits(Choice::Presence, coverage)
            && let Some(word) = present.get_mut(index(*sku / 64))
        {
            *word |= 1 << (*sku % 64);
        }
    }
    let usual = generator.customers.discount(customer.class, leaf.kind);
    let mut keep = 1_000 - usual;
    if draw.hits(Choice::Discount, chances::OWN_DISCOUNT) {
        let steps = draw.below(Choice::Discount, 2 * p::OWN_DISCOUNT_STEPS);
        keep = match steps.checked_sub(p::OWN_DISCOUNT_STEPS) {
            Some(down) => keep - (down + 1) * p::OWN_DISCOUNT_STEP,
            None => keep + (steps + 1) * p::OWN_DISCOUNT_STEP,
        };
    }
    let tiered = draw.hits(Choice::Tiers, chances::TIERED_TERMS);
    let (mut scheme, mut mode, mut over): (&'static [u32], _, _) = (&[], TierMode::Volume, Over::Line);
    if tiered {
        let at = draw.below(Choice::Tiers, u32::try_from(p::TIER_SCHEMES.len()).unwrap_or(1));
        scheme = p::TIER_SCHEMES.get(index(at)).copied().unwrap_or_default();
        if draw.hits(Choice::Tiers, chances::GRADUATED) {
            mode = TierMode::Graduated;
        }
        if draw.hits(Choice::Tiers, chances::OVER_SKU) {
            over = Over::Sku;
        }
    }
    let promoted = draw.hits(Choice::Promotion, chances::PROMOTED_TERMS);
    let packs = draw.hits(Choice::Pack, chances::PACK_TERMS);
    Some(Terms { keep, scheme, mode, over, promoted, packs })
}

/// How a list writes its figures.
#[derive(Debug, Clone, Copy)]
struct Money {
    /// Cents that its prices are multiples of.
    step: u64,
    /// Of the figure in the main currency.
    percent: u32,
}

impl Money {
    /// `cents` of the list, less all but `keep` per mille.
    #[inline]
    fn share(self, cents: u64, keep: u32) -> u64 {
        to_step(cents * u64::from(keep), 1_000, self.step)
    }
}

/// A whole number of cents.
pub(super) fn cents(value: u64) -> Micros {
    Micros(i64::try_from(value).unwrap_or(0).saturating_mul(10_000))
}

/// The cells of one SKU.
fn price<T: Tally>(
    number: SkuId,
    sku: &GeneratedSku,
    terms: &Terms,
    money: Money,
    draw: &mut Draw<'_, T>,
    cells: &mut Vec<GeneratedCell>,
) {
    let list = to_step(u64::from(sku.price) * u64::from(money.percent), 100, 1);
    let mut first = money.share(list, terms.keep);
    let mut flags = CellFlags::default();
    if draw.hits(Choice::Price, chances::EXCEPTION) {
        (first, flags) = negotiate(list, terms.keep, draw);
    }
    let target = Target::Sku(number);
    let per = u32::from(sku.per);
    let ladder = match sku.thresholds {
        Some(_) if !terms.scheme.is_empty() => ladder(sku, terms, money, first),
        _ => Ladder::flat(Value::Price(cents(first))),
    };
    cells.push(GeneratedCell {
        target,
        cell: Cell { unit: UnitId::BASE, per, window: Window::ALWAYS, flags, ladder },
    });
    if let (Some(campaign), true) = (sku.campaign, terms.promoted) {
        let (window, depth, flags) = promotion(campaign);
        let ladder = Ladder::flat(Value::Price(cents(money.share(first, 1_000 - depth))));
        cells.push(GeneratedCell { target, cell: Cell { unit: UnitId::BASE, per, window, flags, ladder } });
    }
    if let (Some(pack), true) = (sku.pack, terms.packs) {
        let (unit, less) = match pack {
            Pack::Box => (units::BOX, p::BOX_DISCOUNT),
            Pack::Pallet => (units::PALLET, p::PALLET_DISCOUNT),
        };
        let whole = to_step(
            first * u64::from(sku.pack_size()) * u64::from(1_000 - less),
            1_000 * u64::from(per),
            money.step,
        );
        let ladder = Ladder::flat(Value::Price(cents(whole)));
        let flags = CellFlags::default();
        cells.push(GeneratedCell {
            target,
            cell: Cell { unit, per: 1, window: Window::ALWAYS, flags, ladder },
        });
    }
}

/// A price settled over a table: any on the grid between somewhat below and somewhat above the usual one.
fn negotiate<T: Tally>(list: u64, keep: u32, draw: &mut Draw<'_, T>) -> (u64, CellFlags) {
    let step = negotiated_step(list);
    let low = to_step(list * u64::from(keep - p::EXCEPTION_BELOW), 1_000, step);
    let high = to_step(list * u64::from(keep + p::EXCEPTION_ABOVE), 1_000, step);
    let among = u32::try_from((high - low) / step + 1).unwrap_or(u32::MAX);
    let price = low + u64::from(draw.below(Choice::Price, among)) * step;
    let mut flags = CellFlags::default();
    if draw.hits(Choice::Price, chances::EXCEPTION_NO_DISCOUNT) {
        flags = flags.with(CellFlags::NO_DISCOUNT);
    }
    if draw.hits(Choice::Price, chances::EXCEPTION_FINAL) {
        flags = flags.with(CellFlags::FINAL);
    }
    (price, flags)
}

fn ladder(sku: &GeneratedSku, terms: &Terms, money: Money, first: u64) -> Ladder<Value> {
    let mut tiers = Vec::with_capacity(terms.scheme.len() + 1);
    tiers.push(Tier { lower: Micros::ZERO, upper: None, value: Value::Price(cents(first)) });
    for (position, less) in terms.scheme.iter().enumerate() {
        let lower = Micros(i64::from(sku.threshold(position + 1)).saturating_mul(Micros::ONE.0));
        let value = Value::Price(cents(money.share(first, 1_000 - less)));
        tiers.push(Tier { lower, upper: None, value });
    }
    let flat = || Ladder::flat(Value::Price(cents(first)));
    Ladder::new(terms.mode, terms.over, tiers).unwrap_or_else(|_| flat())
}

/// A campaign's window, depth (per mille) and flags.
pub(super) fn promotion(campaign: u8) -> (Window, u32, CellFlags) {
    let (day, days, depth) = p::CAMPAIGNS.get(usize::from(campaign)).copied().unwrap_or((0, 1, 0));
    let at = |day: u32| Some(CivilSecond(YEAR_BEGIN + i64::from(day) * DAY_SECONDS));
    let flags = if depth >= 150 { CellFlags::NO_DISCOUNT } else { CellFlags::default() };
    (Window { from: at(day), to: at(day + days) }, depth, flags)
}

/// The cells of a list in random mode.
pub(super) fn random(
    generator: &Generator,
    list: u32,
    cells: &mut Vec<GeneratedCell>,
    tally: &mut impl Tally,
) {
    let mut draw = Draw { rng: Prng::new(generator.options.seed, stream::LIST, u64::from(list)), tally };
    let presence = generator.options.presence();
    for number in 0..generator.options.skus {
        if draw.hits(Choice::Presence, presence) {
            let price = 1 + draw.below(Choice::Price, p::RANDOM_PRICE_MOST);
            let cell = Cell::plain(cents(u64::from(price)));
            cells.push(GeneratedCell { target: Target::Sku(SkuId(number)), cell });
        }
    }
}
