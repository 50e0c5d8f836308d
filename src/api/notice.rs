//! How does it cross the wire what must be told of a line?

use crate::domain::decimal::Micros;
use crate::pricing::cart::{LineNotice, PricedCart, PricedLine};
use crate::pricing::request::Detail;

use super::telling::{Named, Telling};
use super::v1;
use super::words::notice::phrase;

/// The notices of a cart that belong to one line, which stand together.
#[must_use]
pub fn of_line(cart: &PricedCart, line: usize) -> &[(u32, LineNotice)] {
    if cart.notices.is_empty() {
        return &[];
    }
    let line = u32::try_from(line).unwrap_or(u32::MAX);
    let from = cart.notices.partition_point(|(of, _)| *of < line);
    let rest = cart.notices.get(from..).unwrap_or_default();
    rest.get(..rest.partition_point(|(of, _)| *of == line)).unwrap_or_default()
}

/// Is it told in this detail? In the basic one only what a buyer must know.
fn is_told(notice: &LineNotice, detail: Detail) -> bool {
    match notice {
        LineNotice::FreeGoods { .. } | LineNotice::NeedsApproval { .. } | LineNotice::Untaxed => true,
        LineNotice::Clamped { .. } | LineNotice::BelowFloor { .. } | LineNotice::Lost { .. } => {
            detail > Detail::Basic
        }
    }
}

/// The notices of a line.
#[must_use]
pub fn notices_of(
    cart: &PricedCart,
    line: (usize, &PricedLine),
    telling: &Telling<'_>,
    detail: Detail,
) -> Vec<v1::Notice> {
    of_line(cart, line.0)
        .iter()
        .filter(|(_, notice)| is_told(notice, detail))
        .map(|(_, notice)| notice_of(*notice, line.1, telling))
        .collect()
}

/// Must a quote of the cart be approved?
#[must_use]
pub fn needs_approval(cart: &PricedCart) -> bool {
    cart.notices.iter().any(|(_, notice)| matches!(notice, LineNotice::NeedsApproval { .. }))
}

fn notice_of(notice: LineNotice, line: &PricedLine, telling: &Telling<'_>) -> v1::Notice {
    use v1::NoticeKind as Wire;
    let of_rule = |named: Named<'_>| v1::Notice {
        rule: named.id.to_owned(),
        name: named.name.to_owned(),
        ..v1::Notice::default()
    };
    let of_guard = |named: Named<'_>| v1::Notice {
        guard: named.id.to_owned(),
        name: named.name.to_owned(),
        ..v1::Notice::default()
    };
    let (kind, wire) = match notice {
        LineNotice::FreeGoods { rule, sku, unit, quantity } => (
            Wire::FreeGoods,
            v1::Notice {
                sku: telling.sku(sku).to_owned(),
                unit: telling.unit(unit, Some(sku)).to_owned(),
                quantity_micros: quantity.0,
                ..of_rule(telling.rule(rule))
            },
        ),
        LineNotice::NeedsApproval { guard } => (Wire::NeedsApproval, of_guard(telling.guard(guard))),
        LineNotice::Clamped { guard } => (Wire::Clamped, of_guard(telling.guard(guard))),
        LineNotice::BelowFloor { guard } => (Wire::BelowFloor, of_guard(telling.guard(guard))),
        LineNotice::Lost { rule, amount } => {
            (Wire::Lost, v1::Notice { amount_micros: amount.0, ..of_rule(telling.rule(rule)) })
        }
        LineNotice::Untaxed => (Wire::Untaxed, v1::Notice::default()),
    };
    let class = line.sku.and_then(|sku| telling.catalogue.sku(sku)).and_then(|sku| sku.tax_class.as_deref());
    let quantity = Micros(wire.quantity_micros).to_string();
    let lost = telling.amount(Micros(wire.amount_micros));
    let parts: [&str; 4] = match notice {
        LineNotice::FreeGoods { .. } => [&wire.name, &quantity, &wire.unit, &wire.sku],
        LineNotice::Lost { .. } => [&wire.name, &lost, "", ""],
        LineNotice::Untaxed => [class.unwrap_or_default(), "", "", ""],
        _ => [&wire.name, "", "", ""],
    };
    let explanation = phrase(notice).told(telling.language(), &parts);
    v1::Notice { kind: kind.into(), explanation, ..wire }
}
