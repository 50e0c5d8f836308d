//! How do carts cross the wire? Requests as messages or read in place; answers head, lines and statuses.

use crate::domain::catalogue::Catalogue;
use crate::domain::contract::Circumstances;
use crate::domain::decimal::Micros;
use crate::domain::ids::{PublicationNo, SkuId};
use crate::pricing::cart::{CartLine, CartRequest, Detail, LineStatus, PricedCart, PricedLine, SkuRef};

use crate::pricing::request::{NO_PARTICULARS, ProgressWanted};

use super::cart_codec::request::CartHead;
use super::decimal::total_text;
use super::moment::{instant_of, timestamp};
use super::status::Violation;
use super::v1;
use super::v1::cart_line::SkuRef as WireSku;
use super::waterfall::{loser_of, source_of, step_of, unit_code};

/// The lines of a request message.
#[must_use]
pub fn lines_of(request: &v1::PriceCartRequest) -> Vec<CartLine<'_>> {
    request
        .lines
        .iter()
        .map(|line| CartLine {
            id: &line.id,
            sku: match &line.sku_ref {
                Some(WireSku::Sku(code)) => SkuRef::Code(code),
                Some(WireSku::SkuHandle(handle)) => SkuRef::Handle(SkuId(*handle)),
                None => SkuRef::Code(""),
            },
            quantity: Micros(line.quantity_micros),
            unit: &line.unit,
        })
        .collect()
}

/// What a message says of the circumstances.
#[must_use]
pub fn circumstances_of(message: Option<&v1::Circumstances>) -> Circumstances<'_> {
    message.map_or(Circumstances::default(), |stated| Circumstances {
        warehouse: &stated.warehouse,
        delivery_basis: &stated.delivery_basis,
        channel: &stated.channel,
        fulfilment: &stated.fulfilment,
        payment_terms: "",
    })
}

/// The head of a request message.
#[must_use]
pub fn message_head(request: &v1::PriceCartRequest) -> CartHead<'_> {
    CartHead {
        contract: &request.contract,
        pricing_at: request.pricing_at.as_ref().map(|at| (at.seconds, at.nanos)),
        publication: request.publication,
        circumstances: circumstances_of(request.circumstances.as_ref()),
        view: request.view,
    }
}

/// The detail that a view asks for.
fn detail_of(view: i32) -> Result<Detail, Violation> {
    match v1::CartView::try_from(view) {
        Ok(v1::CartView::Unspecified | v1::CartView::Basic) => Ok(Detail::Basic),
        Ok(v1::CartView::Waterfall) => Ok(Detail::Waterfall),
        Err(_) => Err(Violation::new("view", format!("{view} is no view"))),
    }
}

/// The request that a head and lines make; `detail` overrides the view.
///
/// # Errors
/// The field that is wrong.
pub fn request_of<'a>(
    head: &CartHead<'a>,
    lines: &'a [CartLine<'a>],
    detail: Option<Detail>,
) -> Result<CartRequest<'a>, Violation> {
    let pricing_at = match head.pricing_at {
        Some((seconds, nanos)) => {
            Some(instant_of(seconds, nanos).map_err(|why| Violation::new("pricing_at", why))?)
        }
        None => None,
    };
    let detail = match detail {
        Some(detail) => detail,
        None => detail_of(head.view)?,
    };
    Ok(CartRequest {
        contract: head.contract,
        pricing_at,
        publication: (head.publication != 0).then_some(PublicationNo(head.publication)),
        circumstances: head.circumstances,
        lines,
        particulars: &NO_PARTICULARS,
        progress: ProgressWanted::default(),
        detail,
    })
}

/// An answer in the basic view without its lines.
#[must_use]
pub fn head_of(cart: &PricedCart) -> v1::PriceCartResponse {
    let digits = cart.currency.digits();
    v1::PriceCartResponse {
        publication: cart.publication.0,
        position: cart.position.0,
        currency: cart.currency.code().to_owned(),
        pricing_at: Some(timestamp(cart.pricing_at)),
        total: total_text(cart.total, digits),
        list_total: total_text(cart.list_total, digits),
        hold: cart.hold.clone().unwrap_or_default(),
        ..v1::PriceCartResponse::default()
    }
}

/// The whole answer. `lines` are the request's, whose ids come back.
#[must_use]
pub fn response_of(
    cart: &PricedCart,
    lines: &[CartLine<'_>],
    catalogue: &Catalogue,
    detail: Detail,
) -> v1::PriceCartResponse {
    let mut response = head_of(cart);
    let asked = lines.iter().map(Some).chain(std::iter::repeat(None));
    response.lines = cart
        .lines
        .iter()
        .zip(asked)
        .map(|(line, asked)| {
            let basic = basic_line(line, asked.map_or("", |asked| asked.id), catalogue);
            if detail == Detail::Basic { basic } else { full_line(basic, cart, line, asked, catalogue) }
        })
        .collect();
    if detail != Detail::Basic {
        response.contract =
            catalogue.contract(cart.contract).map_or(String::new(), |found| found.code.clone());
        response.local_time = cart.civil.to_string();
    }
    response
}

fn basic_line(line: &PricedLine, id: &str, catalogue: &Catalogue) -> v1::PricedLine {
    let id = id.to_owned();
    if line.status == LineStatus::Priced {
        return v1::PricedLine {
            id,
            status: v1::LineStatus::Priced.into(),
            unit_price_micros: line.unit_price.0,
            amount_micros: line.amount.0,
            list_unit_price_micros: line.list_unit_price.0,
            ..v1::PricedLine::default()
        };
    }
    let (status, problem) = problem_of(line, catalogue);
    v1::PricedLine { id, status: status.into(), problem: Some(problem), ..v1::PricedLine::default() }
}

fn full_line(
    basic: v1::PricedLine,
    cart: &PricedCart,
    line: &PricedLine,
    asked: Option<&CartLine<'_>>,
    catalogue: &Catalogue,
) -> v1::PricedLine {
    let sku = line.sku.and_then(|id| catalogue.sku(id));
    let asked_code = match asked.map(|asked| asked.sku) {
        Some(SkuRef::Code(code)) => code,
        _ => "",
    };
    let asked_unit = asked.map_or("", |asked| asked.unit);
    let of_range = |range: &std::ops::Range<u32>| -> std::ops::Range<usize> {
        let index = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        index(range.start)..index(range.end)
    };
    v1::PricedLine {
        list_amount_micros: if line.status == LineStatus::Priced { line.list_amount.0 } else { 0 },
        sku: sku.map_or(asked_code, |sku| sku.code.as_str()).to_owned(),
        sku_handle: line.sku.map_or(0, |id| id.0),
        name: sku.map_or(String::new(), |sku| sku.name.clone()),
        quantity_micros: line.quantity.0,
        unit: match (unit_code(catalogue, line.unit, line.sku), asked_unit) {
            (code, "") => code,
            (_, asked) => asked.to_owned(),
        },
        source: line.source.as_ref().map(|source| source_of(source, line.sku, catalogue)),
        steps: cart
            .steps
            .get(of_range(&line.steps))
            .unwrap_or_default()
            .iter()
            .map(|s| step_of(s, catalogue))
            .collect(),
        losers: cart
            .losers
            .get(of_range(&line.losers))
            .unwrap_or_default()
            .iter()
            .map(|l| loser_of(l, catalogue))
            .collect(),
        ..basic
    }
}

/// The status of a line without a price, and what would be right.
#[must_use]
pub fn problem_of(line: &PricedLine, catalogue: &Catalogue) -> (v1::LineStatus, v1::LineProblem) {
    use v1::LineStatus as Wire;
    let list_code = |id| catalogue.list(id).map_or(String::new(), |list| list.code.clone());
    let plain = |reason: &str| v1::LineProblem { reason: reason.to_owned(), ..v1::LineProblem::default() };
    let of_list = |id, reason: &str| {
        let price_list = list_code(id);
        let reason = format!("{reason} (list {price_list})");
        v1::LineProblem { reason, price_list, ..v1::LineProblem::default() }
    };
    match line.status {
        LineStatus::Priced => (Wire::Priced, v1::LineProblem::default()),
        LineStatus::UnknownSku => (Wire::UnknownSku, plain("no SKU has this id")),
        LineStatus::UnknownUnit => (Wire::UnknownUnit, plain("the SKU is not sold in this unit")),
        LineStatus::NoPrice => (
            Wire::NoPrice,
            plain("no list of the contract has a price at this instant, in this unit and quantity"),
        ),
        LineStatus::NoPriceFinal { list } => {
            (Wire::NoPriceFinal, of_list(list, "a final price does not cover the quantity"))
        }
        LineStatus::QuantityNotPositive => {
            (Wire::QuantityNotPositive, plain("the quantity is zero or below"))
        }
        LineStatus::QuantityTooPrecise { decimals } => {
            let reason = format!("the unit allows {decimals} digits after the point");
            (Wire::QuantityTooPrecise, v1::LineProblem { decimals: decimals.into(), ..plain(&reason) })
        }
        LineStatus::BelowMinimum { minimum } => {
            let reason = format!("the least quantity is {minimum}");
            (Wire::BelowMinimum, v1::LineProblem { minimum_micros: minimum.0, ..plain(&reason) })
        }
        LineStatus::OffMultiple { below, above } => {
            let reason = match below.0 {
                0 => format!("off the order multiple: the nearest right quantity is {above}"),
                _ => format!("off the order multiple: the nearest right quantities are {below} and {above}"),
            };
            let problem = v1::LineProblem { below_micros: below.0, above_micros: above.0, ..plain(&reason) };
            (Wire::OffMultiple, problem)
        }
        LineStatus::NoBasePrice { list } => {
            (Wire::NoBasePrice, of_list(list, "the list that a percentage is taken off has no price"))
        }
        LineStatus::NoExchangeRate { list } => {
            (Wire::NoExchangeRate, of_list(list, "no exchange rate holds at this instant"))
        }
        LineStatus::NoIndexValue { list } => {
            (Wire::NoIndexValue, of_list(list, "the formula's index has no value at this instant"))
        }
        LineStatus::PriceNotPositive { list } => {
            (Wire::PriceNotPositive, of_list(list, "the price comes out at zero or below"))
        }
        LineStatus::NoTaxRate { list } => (
            Wire::NoTaxRate,
            of_list(list, "its prices include tax, and no rate of the SKU's tax class is known"),
        ),
        LineStatus::NotEligible { .. } => (Wire::NotEligible, plain("the contract may not buy it")),
        LineStatus::NoSuchService => {
            (Wire::NoSuchService, plain("asks for a service that is not sold with this SKU"))
        }
        LineStatus::Overflow => (Wire::Overflow, plain("a figure is beyond ±9,223,372,036,854")),
    }
}
