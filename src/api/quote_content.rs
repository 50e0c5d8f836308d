//! What is asked for in a quote? The cart of a message as the words that a quote keeps.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::catalogue::Catalogue;
use crate::domain::day::CivilDay;
use crate::domain::decimal::Micros;
use crate::domain::ids::{PublicationNo, SkuId};
use crate::domain::negotiated::Proposed;
use crate::pricing::request::{LineDetails, Particulars};
use crate::quotes::asked::{AskedCart, AskedCircumstances, AskedDetails, AskedLine, AskedQuote};

use super::moment::{instant_of, timestamp};
use super::particulars::{particulars_of, stated_by};
use super::status::Violation;
use super::v1;
use super::v1::cart_line::SkuRef;
use super::v1::negotiated_line::Price;

/// What a message asks for; `known` is the quote whose cart is priced anew where the message has none.
///
/// # Errors
/// The fields that are wrong.
pub fn asked_of(
    content: &v1::QuoteContent,
    reason: &str,
    (catalogue, known): (&Catalogue, Option<&AskedQuote>),
) -> Result<AskedQuote, Vec<Violation>> {
    let mut faults = Vec::new();
    let mut asked = match (&content.cart, known) {
        (Some(cart), _) => cart_of(cart, catalogue).map_err(|violation| vec![violation])?,
        // The cart is the same; what it is priced against is today's.
        (None, Some(known)) => {
            let cart = known.cart.without_negotiation();
            AskedQuote { cart, language: known.language.clone(), ..AskedQuote::default() }
        }
        (None, None) => return Err(vec![Violation::new("content.cart", "is missing")]),
    };
    if !content.divisible_lines.is_empty() || content.cart.is_some() {
        let named: BTreeSet<&str> = content.divisible_lines.iter().map(String::as_str).collect();
        let ids: BTreeSet<&str> = asked.cart.lines.iter().map(|line| line.id.as_str()).collect();
        for unknown in named.difference(&ids) {
            let why = format!("\"{unknown}\" is no line of the cart");
            faults.push(Violation::new("content.divisible_lines", why));
        }
        let divisible: Vec<bool> =
            asked.cart.lines.iter().map(|line| named.contains(line.id.as_str())).collect();
        for (line, is_divisible) in asked.cart.lines.iter_mut().zip(divisible) {
            line.is_divisible = is_divisible;
        }
    }
    negotiate(content, &mut asked.cart, &mut faults);
    asked.valid_through = match content.valid_through.as_str() {
        "" => None,
        text => match CivilDay::parse(text) {
            Ok(day) => Some(day),
            Err(error) => {
                faults.push(Violation::new("content.valid_through", format!("\"{text}\" {error}")));
                None
            }
        },
    };
    asked.customer_reference.clone_from(&content.customer_reference);
    asked.text.clone_from(&content.text);
    asked.terms.clone_from(&content.terms);
    asked.is_draft = content.is_draft;
    reason.clone_into(&mut asked.reason);
    if faults.is_empty() { Ok(asked) } else { Err(faults) }
}

/// Reads the prices that are proposed.
fn negotiate(content: &v1::QuoteContent, cart: &mut AskedCart, faults: &mut Vec<Violation>) {
    let mut lines: BTreeMap<String, &mut AskedLine> =
        cart.lines.iter_mut().map(|line| (line.id.clone(), line)).collect();
    for (number, stated) in content.negotiated_lines.iter().enumerate() {
        let mut fault = |name: &str, why: String| {
            let field = format!("content.negotiated_lines[{number}].{name}");
            faults.push(Violation::new(field, why));
        };
        let id = &stated.line_id;
        match (lines.get_mut(id), proposed_of(stated)) {
            (None, _) => fault("line_id", format!("\"{id}\" is no line of the cart")),
            (Some(line), _) if line.negotiated.is_some() => {
                fault("line_id", format!("\"{id}\" is named twice"));
            }
            (Some(_), None) => fault("price", "is missing: state a unit price, or an amount".to_owned()),
            (Some(line), proposed) => line.negotiated = proposed,
        }
    }
    if !content.negotiated_total.is_empty() {
        match Micros::parse(&content.negotiated_total) {
            Ok(total) => cart.negotiated_total = Some(total),
            Err(error) => {
                let why = format!("\"{}\" {error}", content.negotiated_total);
                faults.push(Violation::new("content.negotiated_total", why));
            }
        }
    }
}

fn proposed_of(stated: &v1::NegotiatedLine) -> Option<Proposed> {
    Some(match stated.price? {
        Price::UnitPriceMicros(price) => Proposed::Unit(Micros(price)),
        Price::AmountMicros(amount) => Proposed::Amount(Micros(amount)),
    })
}

/// The prices that were proposed for lines of a cart.
#[must_use]
pub fn negotiated_of(cart: &AskedCart) -> Vec<v1::NegotiatedLine> {
    let told = |line: &AskedLine| {
        let price = match line.negotiated? {
            Proposed::Unit(price) => Price::UnitPriceMicros(price.0),
            Proposed::Amount(amount) => Price::AmountMicros(amount.0),
        };
        Some(v1::NegotiatedLine { line_id: line.id.clone(), price: Some(price) })
    };
    cart.lines.iter().filter_map(told).collect()
}

fn cart_of(cart: &v1::PriceCartRequest, catalogue: &Catalogue) -> Result<AskedQuote, Violation> {
    let particulars = particulars_of(stated_by(cart))?;
    if !particulars.metrics.positions.is_empty() || !particulars.metrics.uses.is_empty() {
        let why = "is what-if: a quote rests on the ledger; leave it out";
        return Err(Violation::new("content.cart.metrics", why));
    }
    let pricing_at = match &cart.pricing_at {
        None => None,
        Some(at) => Some(
            instant_of(at.seconds, at.nanos).map_err(|why| Violation::new("content.cart.pricing_at", why))?,
        ),
    };
    if !cart.hold.is_empty() {
        let why = "is of no use here: a revision has what its quote holds";
        return Err(Violation::new("content.cart.hold", why));
    }
    let take_points = particulars.take_points.iter().map(|one| (one.programme.to_owned(), one.points));
    let lines = lines_of(cart, &particulars, catalogue)?;
    let circumstances = cart.circumstances.clone().unwrap_or_default();
    let v1::Circumstances { warehouse, delivery_basis, channel, fulfilment, payment_terms } = circumstances;
    Ok(AskedQuote {
        cart: AskedCart {
            contract: cart.contract.clone(),
            circumstances: AskedCircumstances {
                warehouse,
                delivery_basis,
                channel,
                fulfilment,
                payment_terms,
            },
            coupons: cart.coupons.clone(),
            first_order: particulars.metrics.first_order,
            take_points: take_points.collect(),
            lines,
            negotiated_total: None,
        },
        pricing_at,
        publication: (cart.publication != 0).then_some(PublicationNo(cart.publication)),
        language: cart.language.clone(),
        ..AskedQuote::default()
    })
}

fn lines_of(
    cart: &v1::PriceCartRequest,
    particulars: &Particulars<'_>,
    catalogue: &Catalogue,
) -> Result<Vec<AskedLine>, Violation> {
    let mut details = particulars.details.iter().peekable();
    let mut lines = Vec::with_capacity(cart.lines.len());
    for (number, line) in (0_u32..).zip(&cart.lines) {
        let sku = match &line.sku_ref {
            Some(SkuRef::Sku(code)) => code.clone(),
            // A quote keeps what the outside world calls things.
            Some(SkuRef::SkuHandle(handle)) => {
                let unknown = || {
                    let field = format!("content.cart.lines[{number}].sku_handle");
                    Violation::new(field, format!("{handle} is no SKU's handle"))
                };
                catalogue.sku(SkuId(*handle)).ok_or_else(unknown)?.code.clone()
            }
            None => String::new(),
        };
        let own = details.next_if(|details| details.line == number);
        lines.push(AskedLine {
            id: line.id.clone(),
            sku,
            quantity: Micros(line.quantity_micros),
            unit: line.unit.clone(),
            is_divisible: false,
            negotiated: None,
            details: own.map(|details| Box::new(details_of(details))),
        });
    }
    Ok(lines)
}

fn details_of(details: &LineDetails<'_>) -> AskedDetails {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    AskedDetails {
        attributes: details.attributes.iter().map(pair).collect(),
        weight: details.weight.map(|(weight, unit)| (weight, unit.to_owned())),
        warehouse: details.warehouse.to_owned(),
        fulfilment: details.fulfilment.to_owned(),
        services: details.services.iter().map(|(id, count)| ((*id).to_owned(), *count)).collect(),
    }
}

/// The cart of a quote as a message.
#[must_use]
pub fn message_of(asked: &AskedQuote) -> v1::PriceCartRequest {
    let AskedCart { contract, circumstances, coupons, first_order, take_points, lines, negotiated_total: _ } =
        &asked.cart;
    let metrics = v1::Metrics { first_order: *first_order, ..v1::Metrics::default() };
    let circumstances = v1::Circumstances {
        warehouse: circumstances.warehouse.clone(),
        delivery_basis: circumstances.delivery_basis.clone(),
        channel: circumstances.channel.clone(),
        fulfilment: circumstances.fulfilment.clone(),
        payment_terms: circumstances.payment_terms.clone(),
    };
    let line = |line: &AskedLine| v1::CartLine {
        id: line.id.clone(),
        sku_ref: Some(SkuRef::Sku(line.sku.clone())),
        quantity_micros: line.quantity.0,
        unit: line.unit.clone(),
        details: line.details.as_deref().map(details_message),
    };
    v1::PriceCartRequest {
        contract: contract.clone(),
        pricing_at: asked.pricing_at.map(timestamp),
        publication: asked.publication.map_or(0, |publication| publication.0),
        circumstances: (circumstances != v1::Circumstances::default()).then_some(circumstances),
        lines: lines.iter().map(line).collect(),
        coupons: coupons.clone(),
        metrics: first_order.then_some(metrics),
        language: asked.language.clone(),
        take_points: take_points.iter().map(points_message).collect(),
        ..v1::PriceCartRequest::default()
    }
}

fn points_message((programme, points): &(String, Micros)) -> v1::TakePoints {
    v1::TakePoints { programme: programme.clone(), points_micros: points.0 }
}

fn details_message(details: &AskedDetails) -> v1::LineDetails {
    let (weight, weight_unit) = details.weight.clone().unwrap_or((Micros::ZERO, String::new()));
    let service = |(service, count): &(String, Micros)| v1::ServiceOrder {
        service: service.clone(),
        quantity_micros: count.0,
    };
    v1::LineDetails {
        attributes: details.attributes.iter().cloned().collect(),
        weight_micros: weight.0,
        weight_unit,
        warehouse: details.warehouse.clone(),
        fulfilment: details.fulfilment.clone(),
        services: details.services.iter().map(service).collect(),
    }
}
