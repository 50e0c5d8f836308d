//! Which rows do the peers get? The prices of one contract after the other, made as they are asked for.

use quoin::domain::cell::Value;
use quoin::exchange::generate::{GeneratedCell, Generator};

/// A SKU's number, and the price of one in millionths.
pub type Row = (u32, i64);

/// Hands over the rows of each contract, SKUs ascending, and says how many there were.
pub fn each_contract(generator: &Generator, mut take: impl FnMut(u32, &[Row])) -> u64 {
    let (mut cells, mut rows, mut count) = (Vec::new(), Vec::new(), 0);
    for list in generator.lists() {
        generator.cells_of_list(list.number, &mut cells);
        rows.clear();
        rows.extend(cells.iter().map(row));
        take(list.owner().unwrap(), &rows);
        count += u64::try_from(rows.len()).unwrap();
    }
    count
}

fn row(cell: &GeneratedCell) -> Row {
    let [tier] = cell.cell.ladder.tiers() else { panic!("random data have one price each: {cell:?}") };
    let Value::Price(price) = tier.value else { panic!("random data have prices alone: {cell:?}") };
    (cell.sku().unwrap(), price.0)
}
