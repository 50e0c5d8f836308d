//! How do the prices cross the wire that are shown beside the buyer's own?

use crate::pricing::cart::PricedCart;

use super::telling::Telling;
use super::v1;

/// The shown prices of one line of a cart, which stand together.
#[must_use]
pub fn shown_of(cart: &PricedCart, line: usize, telling: &Telling<'_>) -> Vec<v1::ShownPrice> {
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    let from = cart.shown.partition_point(|shown| shown.line < line);
    let rest = cart.shown.get(from..).unwrap_or_default();
    let own = rest.iter().take_while(|shown| shown.line == line);
    own.map(|shown| {
        let named = telling.shown(shown.number);
        v1::ShownPrice {
            id: named.id.to_owned(),
            name: named.name.to_owned(),
            unit_price_micros: shown.unit_price.0,
        }
    })
    .collect()
}
