//! Which carts is everybody asked for, and what does a line cost? Drawn from the generator's own cells.

use quoin::api::v1;
use quoin::domain::decimal::{MILLION, Micros};
use quoin::exchange::generate::Generator;
use quoin::exchange::generate::lists::contract_code;
use quoin::exchange::generate::prng::Prng;

use super::carts::{quantity, sheets};
use super::requests;

/// Lines of a cart.
pub const LINES: usize = 100;
/// Keeps the order of contracts apart from other streams of chance.
const STREAM: u64 = 1_003;

/// A cart of a contract's own list, with what its lines cost.
#[derive(Debug, Clone)]
pub struct Order {
    /// The contract's number.
    pub contract: u32,
    /// By line: the SKU's number.
    pub skus: Vec<u32>,
    /// By line: the price of one, in millionths.
    pub prices: Vec<i64>,
    /// By line: how many, whole units.
    pub quantities: Vec<i64>,
}

impl Order {
    /// What is ordered by whom, as a caller of quoin's says it: by external ids.
    pub fn request(&self, generator: &Generator) -> v1::PriceCartRequest {
        requests::request(generator, contract_code(self.contract), &self.skus)
    }

    /// What a line costs, in millionths.
    pub fn amount(&self, line: usize) -> i64 {
        self.prices[line] * self.quantities[line]
    }

    /// What the cart costs, in millionths.
    pub fn total(&self) -> i64 {
        (0..self.skus.len()).map(|line| self.amount(line)).sum()
    }
}

/// A cart of each contract, in no order, of at most so many contracts, evenly spread.
pub fn of(generator: &Generator, most: usize) -> Vec<Order> {
    let mut orders = Vec::new();
    sheets(generator, most, |sheet| {
        let skus = sheet.draw(LINES).unwrap();
        let prices = skus.iter().map(|sku| sheet.prices[usize::try_from(*sku).unwrap()]).collect();
        let quantities = skus.iter().map(|sku| whole(quantity(generator, *sku))).collect();
        orders.push(Order { contract: sheet.contract, skus, prices, quantities });
    });
    Prng::new(1, STREAM, 0).shuffle(&mut orders);
    orders
}

fn whole(quantity: Micros) -> i64 {
    assert_eq!(quantity.0 % MILLION, 0, "{quantity:?}");
    quantity.0 / MILLION
}
