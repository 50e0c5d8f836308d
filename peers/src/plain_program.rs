//! How would anyone write it? A hash map of contract and SKU, and decimals.

#![expect(clippy::disallowed_types, reason = "it is what anyone would take")]

use std::collections::HashMap;
use std::time::Instant;

use quoin::exchange::generate::Generator;
use rust_decimal::{Decimal, RoundingStrategy};

use super::machine::resident_bytes;
use super::orders::Order;
use super::rounds::{Kept, Side};
use super::rows::each_contract;
use super::timed_in_process::in_turn_at_once;

/// Digits of a price in millionths after the point.
const MICROS: u32 = 6;

/// The prices.
pub struct PlainProgram {
    prices: HashMap<(u32, u32), Decimal>,
    /// Bytes and time.
    pub kept: Kept,
}

/// A line that was priced.
struct Line {
    unit_price: Decimal,
    amount: Decimal,
}

/// What a cart is to be: SKUs with quantities.
struct Asked {
    contract: u32,
    lines: Vec<(u32, Decimal)>,
    total: Decimal,
}

impl PlainProgram {
    /// Loads the prices, and holds every line of every cart against the generator's.
    pub fn load(generator: &Generator, orders: &[Order]) -> Self {
        let before = resident_bytes(std::process::id());
        let begun = Instant::now();
        let room = usize::try_from(generator.options().cells.unwrap()).unwrap();
        let mut prices = HashMap::with_capacity(room + room / 50);
        let cells = each_contract(generator, |contract, rows| {
            for (sku, price) in rows {
                prices.insert((contract, *sku), Decimal::new(*price, MICROS));
            }
        });
        let load = begun.elapsed();
        let bytes = resident_bytes(std::process::id()) - before;
        let program = Self { prices, kept: Kept::of(bytes, cells, load) };
        for order in orders {
            let (lines, total) = program.price(&Asked::of(order)).unwrap();
            assert_eq!(total, Decimal::new(order.total(), MICROS), "contract {}", order.contract);
            for (number, line) in lines.iter().enumerate() {
                assert_eq!(line.unit_price, Decimal::new(order.prices[number], MICROS));
                assert_eq!(line.amount, Decimal::new(order.amount(number), MICROS));
            }
        }
        program
    }

    fn price(&self, asked: &Asked) -> Option<(Vec<Line>, Decimal)> {
        let cents =
            |amount: Decimal| amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let mut total = Decimal::ZERO;
        let mut lines = Vec::with_capacity(asked.lines.len());
        for (sku, quantity) in &asked.lines {
            let unit_price = *self.prices.get(&(asked.contract, *sku))?;
            let amount = cents(unit_price * quantity);
            total += amount;
            lines.push(Line { unit_price, amount });
        }
        Some((lines, total))
    }

    /// For the rounds.
    pub fn side<'s>(&'s self, orders: &[Order]) -> Side<'s> {
        let asked: Vec<Asked> = orders.iter().map(Asked::of).collect();
        Side::new("rust_decimal and HashMap", self.kept.clone(), move || {
            in_turn_at_once(asked.len(), |number| {
                let (_, total) = self.price(&asked[number]).unwrap();
                assert_eq!(total, asked[number].total, "cart {number}");
            })
        })
    }
}

impl Asked {
    fn of(order: &Order) -> Self {
        let quantities = order.quantities.iter().map(|quantity| Decimal::from(*quantity));
        let lines = order.skus.iter().copied().zip(quantities).collect();
        Self { contract: order.contract, lines, total: Decimal::new(order.total(), MICROS) }
    }
}
