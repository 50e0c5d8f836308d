//! What do the lists say that several contracts share? List prices, class percentages, and a few rarer kinds.

use crate::domain::cell::{Cell, CellFlags, Target, Value};
use crate::domain::decimal::Micros;
use crate::domain::ids::{BrandId, CategoryId, IndexId, ListId, SkuId, UnitId};
use crate::domain::ladder::{Ladder, Over, Tier, TierMode};
use crate::domain::time::Window;

use super::assortment::GeneratedSku;
use super::endings::to_step;
use super::goods::{STEEL, TOPS};
use super::individual::{cents, promotion};
use super::lists::ListKind;
use super::parameters as p;
use super::{GeneratedCell, Generator};

/// Most SKUs of a list that is there to show a kind of cell.
const SHOWN: usize = 500;
/// What the metal index usually stands at.
pub(super) const INDEX_USUAL: u64 = 650;

/// The cells of a shared list.
pub(super) fn cells(generator: &Generator, kind: ListKind, cells: &mut Vec<GeneratedCell>) {
    let skus = || (0_u32..).zip(&generator.assortment.skus);
    match kind {
        ListKind::Base => {
            cells.extend(skus().map(|(number, sku)| of_sku(number, sku, u64::from(sku.price))));
        }
        ListKind::Class(class) => percentages(generator, class, cells),
        ListKind::Warehouse => cells.extend(
            skus()
                .filter(|(_, sku)| sku.leaf % 10 == 1)
                .map(|(number, sku)| of_sku(number, sku, to_step(u64::from(sku.price) * 98, 100, 1))),
        ),
        ListKind::Import => {
            cells.extend(skus().filter(|(_, sku)| sku.brand % 12 == 3).take(SHOWN).map(|(number, sku)| {
                let price = u64::from(sku.price) * u64::from(p::FOREIGN_PERCENT) * 9;
                of_sku(number, sku, to_step(price, 1_000, 5))
            }))
        }
        ListKind::Steel => cells.extend(
            skus()
                .filter(|(_, sku)| is_steel(generator, sku))
                .take(SHOWN)
                .map(|(number, sku)| formula(number, sku)),
        ),
        ListKind::Promotion => cells.extend(
            skus()
                .filter(|(number, sku)| sku.campaign.is_some() && number % 8 == 0)
                .take(SHOWN)
                .map(|(number, sku)| promoted(number, sku)),
        ),
        ListKind::Samples => {
            cells.extend(skus().filter(|(_, sku)| is_sample(generator, sku)).take(20).map(|(number, sku)| {
                let mut cell = of_sku(number, sku, 0);
                cell.cell.flags = CellFlags::FREE.with(CellFlags::NO_DISCOUNT);
                cell
            }))
        }
        ListKind::Flash(at) => cells.extend(flash(generator, at)),
        ListKind::Individual(_) => {}
    }
}

fn of_sku(number: u32, sku: &GeneratedSku, price: u64) -> GeneratedCell {
    let mut cell = Cell::plain(cents(price));
    cell.per = u32::from(sku.per);
    GeneratedCell { target: Target::Sku(SkuId(number)), cell }
}

/// Percentages off the base list: by product type for all but the last two top categories, by brand for a few.
fn percentages(generator: &Generator, class: u8, cells: &mut Vec<GeneratedCell>) {
    let base = ListId(generator.lists.shared(ListKind::Base).unwrap_or(0));
    let percent =
        |per_mille: u32| Value::Percent { percent: Micros(i64::from(per_mille) * 100_000), of: base };
    let of = |target: Target, per_mille: u32| {
        let mut cell = Cell::plain(Micros::ZERO);
        cell.ladder = Ladder::flat(percent(per_mille));
        GeneratedCell { target, cell }
    };
    let mut types: Vec<(u32, u16)> = generator
        .assortment
        .leaves
        .iter()
        .filter(|leaf| leaf.kind().top + 2 < TOPS.len())
        .map(|leaf| (leaf.type_category, leaf.kind))
        .collect();
    types.sort_unstable();
    types.dedup();
    cells.extend(types.into_iter().map(|(category, kind)| {
        of(Target::Category(CategoryId(category)), generator.customers.discount(class, kind))
    }));
    let brands = u32::try_from(generator.assortment.brands.len()).unwrap_or(0);
    let usual = p::CLASSES.get(usize::from(class)).map_or(0, |class| class.discount);
    cells.extend((0..brands).step_by(5).take(4).map(|brand| of(Target::Brand(BrandId(brand)), usual + 15)));
}

fn is_steel(generator: &Generator, sku: &GeneratedSku) -> bool {
    generator.assortment.leaf_of(sku).is_some_and(|leaf| leaf.kind().top == STEEL)
}

fn is_sample(generator: &Generator, sku: &GeneratedSku) -> bool {
    let tops = |prefix: &str| matches!(prefix, "PNT" | "TIL");
    sku.place % 6 == 5 && generator.assortment.leaf_of(sku).is_some_and(|leaf| tops(leaf.prefix()))
}

/// Four fifths of the price follow the index, a fifth is a premium, which falls from 100 units on.
fn formula(number: u32, sku: &GeneratedSku) -> GeneratedCell {
    let price = u64::from(sku.price);
    let coefficient = to_step(price * 10_000 * 8, 10 * INDEX_USUAL, 1);
    let tier = |lower: i64, premium: u64| Tier {
        lower: Micros(lower * Micros::ONE.0),
        upper: None,
        value: Value::Formula {
            index: IndexId(0),
            coefficient: Micros(i64::try_from(coefficient).unwrap_or(i64::MAX)),
            premium: cents(premium),
        },
    };
    let (full, less) = (to_step(price, 5, 1), to_step(price * 3, 20, 1));
    let ladder = Ladder::new(TierMode::Volume, Over::Line, vec![tier(0, full), tier(100, less)]);
    let mut cell = of_sku(number, sku, price);
    if let Ok(ladder) = ladder {
        cell.cell.ladder = ladder;
    }
    cell
}

fn promoted(number: u32, sku: &GeneratedSku) -> GeneratedCell {
    let (window, depth, _) = promotion(sku.campaign.unwrap_or(0));
    let flags = CellFlags::NO_DISCOUNT.with(CellFlags::FINAL);
    let price = to_step(u64::from(sku.price) * u64::from(850 - depth), 1_000, 1);
    let ladder = Ladder::flat(Value::Price(cents(price)));
    let cell = Cell { unit: UnitId::BASE, per: u32::from(sku.per), window, flags, ladder };
    GeneratedCell { target: Target::Sku(SkuId(number)), cell }
}

/// One SKU, graduated: the first fifty at a fifth off, more of them at a quarter off.
fn flash(generator: &Generator, at: u32) -> Option<GeneratedCell> {
    let number = at.wrapping_mul(7_919) % generator.options.skus;
    let sku = generator.assortment.sku(number)?;
    let tier = |lower: i64, percent: u64| Tier {
        lower: Micros(lower * Micros::ONE.0),
        upper: None,
        value: Value::Price(cents(to_step(u64::from(sku.price) * percent, 100, 1))),
    };
    let ladder = Ladder::new(TierMode::Graduated, Over::Line, vec![tier(0, 80), tier(50, 75)]).ok()?;
    let window = Window { from: promotion(0).0.from, ..Window::ALWAYS };
    let flags = CellFlags::default();
    let cell = Cell { unit: UnitId::BASE, per: u32::from(sku.per), window, flags, ladder };
    Some(GeneratedCell { target: Target::Sku(SkuId(number)), cell })
}
