//! Which carts are asked for, and what are they to find? Drawn from the generator's own cells, not from the store.

use quoin::domain::cell::Value;
use quoin::domain::decimal::Micros;
use quoin::exchange::generate::goods_tables::order_rules;
use quoin::exchange::generate::prng::Prng;
use quoin::exchange::generate::{GeneratedCell, Generator};

/// Keeps the streams of chance of carts apart from the generator's own.
const STREAM: u64 = 1_000;
/// Most whole units ordered of a SKU, before its order rules.
const QUANTITY_MOST: u32 = 40;

/// One contract's own list, as a dense array: for each SKU the sum of its prices, zero where it has none. In random
/// mode a SKU has one price, so this is the array that a look-up is held against.
pub struct Sheet {
    /// The list's number.
    pub list: u32,
    /// The contract's number.
    pub contract: u32,
    /// By SKU, millionths.
    pub prices: Vec<i64>,
}

/// A cart of SKUs without quantities, and what look-ups of them in some lists come to.
pub struct Cart {
    /// The lists that are looked into.
    pub lists: Vec<u32>,
    /// The SKUs, in no order.
    pub skus: Vec<u32>,
    /// How many look-ups find something.
    pub found: usize,
    /// The sum of all prices found.
    pub sum: i64,
}

/// The sheets of at most so many contracts, evenly spread; each is handed over as it is made.
pub fn sheets(generator: &Generator, most: usize, mut each: impl FnMut(Sheet)) {
    let contracts: Vec<u32> = (0..generator.options().contracts).collect();
    let first = generator.list_count() - generator.options().contracts;
    let mut cells = Vec::new();
    for contract in contracts.iter().step_by(contracts.len().div_ceil(most)) {
        let list = first + contract;
        assert_eq!(generator.list(list).owner(), Some(*contract));
        generator.cells_of_list(list, &mut cells);
        each(Sheet::of(generator, (list, *contract), &cells));
    }
}

fn dense(cells: &[GeneratedCell], skus: usize) -> Vec<i64> {
    let mut prices = vec![0; skus];
    for cell in cells {
        let sku = usize::try_from(cell.sku().unwrap()).unwrap();
        for tier in cell.cell.ladder.tiers() {
            let Value::Price(price) = tier.value else { panic!("a contract's own list holds prices") };
            prices[sku] += price.0;
        }
    }
    prices
}

impl Sheet {
    /// Of the cells of a contract's own list.
    pub fn of(generator: &Generator, (list, contract): (u32, u32), cells: &[GeneratedCell]) -> Self {
        let skus = usize::try_from(generator.options().skus).unwrap();
        Self { list, contract, prices: dense(cells, skus) }
    }

    /// `count` of its SKUs, in no order; `None` where it has fewer.
    pub fn draw(&self, count: usize) -> Option<Vec<u32>> {
        let mut there: Vec<u32> =
            (0_u32..).zip(&self.prices).filter(|(_, price)| **price != 0).map(|(sku, _)| sku).collect();
        if there.len() < count {
            return None;
        }
        let mut chance = Prng::new(1, STREAM, self.list.into());
        for at in 0..count {
            let left = u32::try_from(there.len() - at).unwrap();
            there.swap(at, at + usize::try_from(chance.below(left)).unwrap());
        }
        there.truncate(count);
        Some(there)
    }
}

impl Cart {
    /// A cart of these SKUs, each looked up in every one of the lists.
    pub fn of(sheets: &[&Sheet], skus: Vec<u32>) -> Self {
        let prices = || {
            sheets
                .iter()
                .flat_map(|sheet| skus.iter().map(|sku| sheet.prices[usize::try_from(*sku).unwrap()]))
        };
        let (found, sum) = (prices().filter(|price| *price != 0).count(), prices().sum());
        Self { lists: sheets.iter().map(|sheet| sheet.list).collect(), skus, found, sum }
    }
}

/// A quantity that may be ordered of a SKU: whole units, by its order multiple and least quantity.
pub fn quantity(generator: &Generator, sku: u32) -> Micros {
    let asked = 1 + Prng::new(1, STREAM + 1, sku.into()).below(QUANTITY_MOST);
    let sku = generator.assortment().sku(sku).unwrap();
    let (multiple, minimum) = order_rules(sku);
    let asked = asked.max(minimum);
    let whole = if multiple > 0 { asked.div_ceil(multiple) * multiple } else { asked };
    Micros::whole(whole.into()).unwrap()
}
