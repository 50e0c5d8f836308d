//! What is asked for in a quote, as a cart that pricing takes.

use crate::domain::contract::Circumstances;
use crate::domain::decimal::Micros;
use crate::pricing::request::{CartLine, LineDetails, Metrics, Negotiated, Particulars, SkuRef, TakePoints};
use crate::quotes::asked::{AskedCart, AskedDetails, AskedLine};

/// The lines of an asked cart.
pub(super) fn lines_of(cart: &AskedCart) -> Vec<CartLine<'_>> {
    cart.lines.iter().map(line_of).collect()
}

fn line_of(line: &AskedLine) -> CartLine<'_> {
    let AskedLine { id, sku, quantity, unit, .. } = line;
    CartLine { id, sku: SkuRef::Code(sku), quantity: *quantity, unit }
}

fn points_of((programme, points): &(String, Micros)) -> TakePoints<'_> {
    TakePoints { programme, points: *points }
}

/// What it says beyond its lines; `hold` is the quote that it revises, whose points and limits are there for it.
pub(super) fn particulars_of<'a>(cart: &'a AskedCart, hold: &'a str) -> Particulars<'a> {
    let details = (0_u32..)
        .zip(&cart.lines)
        .filter_map(|(number, line)| line.details.as_deref().map(|details| details_of(number, details)));
    Particulars {
        coupons: cart.coupons.iter().map(String::as_str).collect(),
        details: details.collect(),
        metrics: Metrics { first_order: cart.first_order, ..Metrics::default() },
        take_points: cart.take_points.iter().map(points_of).collect(),
        hold,
        negotiated: negotiated_of(cart),
    }
}

fn negotiated_of(cart: &AskedCart) -> Negotiated {
    if let Some(total) = cart.negotiated_total {
        return Negotiated::Total(total);
    }
    let lines = (0_u32..).zip(&cart.lines);
    let lines: Vec<_> = lines.filter_map(|(number, line)| Some((number, line.negotiated?))).collect();
    if lines.is_empty() { Negotiated::Nothing } else { Negotiated::Lines(lines) }
}

/// What conditions are held against.
pub(super) fn circumstances_of(cart: &AskedCart) -> Circumstances<'_> {
    let stated = &cart.circumstances;
    Circumstances {
        warehouse: &stated.warehouse,
        delivery_basis: &stated.delivery_basis,
        channel: &stated.channel,
        fulfilment: &stated.fulfilment,
        payment_terms: &stated.payment_terms,
    }
}

fn details_of(line: u32, details: &AskedDetails) -> LineDetails<'_> {
    LineDetails {
        line,
        attributes: details.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        weight: details.weight.as_ref().map(|(weight, unit)| (*weight, unit.as_str())),
        warehouse: &details.warehouse,
        fulfilment: &details.fulfilment,
        services: details.services.iter().map(|(id, count)| (id.as_str(), *count)).collect(),
    }
}
