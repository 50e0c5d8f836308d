//! How does an answer become one in columns? As [`super::cart_codec::columns`] writes it at once, for those who have the message.

use super::v1;

/// The columns view of an answer in the basic view.
#[must_use]
pub fn in_columns(mut basic: v1::PriceCartResponse) -> v1::PriceCartResponse {
    let mut columns = v1::PricedColumns::default();
    let taxed = !basic.tax_total.is_empty();
    for (place, line) in (0..).zip(std::mem::take(&mut basic.lines)) {
        columns.unit_price_micros.push(line.unit_price_micros);
        columns.amount_micros.push(line.amount_micros);
        columns.list_unit_price_micros.push(line.list_unit_price_micros);
        if taxed {
            columns.tax_micros.push(line.tax_micros);
        }
        if line.status() != v1::LineStatus::Priced || !line.notices.is_empty() {
            columns.told.push(place);
            basic.lines.push(line);
        }
    }
    v1::PriceCartResponse { columns: Some(columns), ..basic }
}
