//! What do currencies and the metal index stand at? A figure for each month of three years, wandering a little.

use super::prng::Prng;
use super::shared::INDEX_USUAL;
use super::tables::{Table, row};
use super::{Generator, parameters as p, stream};

/// The index that steel is priced by.
pub const INDEX: &str = "METAL";

fn months() -> impl Iterator<Item = String> {
    (2025..=2027).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}-01")))
}

/// Ten-thousandths as text.
fn ten_thousandths(value: u32) -> String {
    format!("{}.{:04}", value / 10_000, value % 10_000)
}

impl Generator {
    pub(super) fn exchange_rates(&self) -> Table<'_> {
        let (main, foreign) = (self.options.currency, self.options.foreign_currency());
        let mut rng = Prng::new(self.options.seed, stream::MARKET, 0);
        let rows = months().flat_map(move |day| {
            let rate = p::FOREIGN_PERCENT * 100 - 150 + rng.below(301);
            // A bank sells dearer than it buys.
            let back = 99_700_000 / rate;
            [
                row([main.code(), foreign.code(), &day, &ten_thousandths(rate)]),
                row([foreign.code(), main.code(), &day, &ten_thousandths(back)]),
            ]
        });
        let columns = &["from", "to", "valid_from", "rate"];
        Table { kind: "exchange_rates", columns, rows: Box::new(rows) }
    }

    pub(super) fn index_values(&self) -> Table<'_> {
        let mut rng = Prng::new(self.options.seed, stream::MARKET, 1);
        let mut value = u32::try_from(INDEX_USUAL * 10).unwrap_or(0);
        let rows = months().map(move |day| {
            value = (value + rng.below(301)).saturating_sub(150);
            row([INDEX, &day, &format!("{}.{}", value / 10, value % 10)])
        });
        let columns = &["index", "valid_from", "value"];
        Table { kind: "index_values", columns, rows: Box::new(rows) }
    }
}
