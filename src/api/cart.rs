//! What does a request ask? A cart, from a message or from what was read in place.

use crate::domain::contract::Circumstances;
use crate::domain::decimal::Micros;
use crate::domain::ids::{PublicationNo, SkuId};
use crate::domain::language::Language;
use crate::engine::caller::Caller;
use crate::pricing::request::{CartLine, CartRequest, Detail, SkuRef};
use crate::pricing::request::{Particulars, ProgressWanted};

use super::cart_codec::request::CartHead;
use super::moment::instant_of;
use super::status::Violation;
use super::telling::Audience;
use super::v1;
use super::v1::cart_line::SkuRef as WireSku;

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
        payment_terms: &stated.payment_terms,
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
        progress: request.progress,
        language: &request.language,
    }
}

/// Does a view want the figures in columns?
#[must_use]
pub fn wants_columns(view: i32) -> bool {
    view == i32::from(v1::CartView::Columns)
}

/// The detail that a view asks for.
fn detail_of(view: i32) -> Result<Detail, Violation> {
    match v1::CartView::try_from(view) {
        Ok(v1::CartView::Unspecified | v1::CartView::Basic | v1::CartView::Columns) => Ok(Detail::Basic),
        Ok(v1::CartView::Waterfall) => Ok(Detail::Waterfall),
        Err(_) => Err(Violation::new("view", format!("{view} is no view"))),
    }
}

fn progress_of(wanted: i32) -> Result<ProgressWanted, Violation> {
    use v1::ProgressWanted as Wire;
    match Wire::try_from(wanted) {
        Ok(Wire::Unspecified | Wire::Next) => Ok(ProgressWanted::Next),
        Ok(Wire::None) => Ok(ProgressWanted::Nothing),
        Ok(Wire::Lines) => Ok(ProgressWanted::Lines),
        Ok(Wire::Ladders) => Ok(ProgressWanted::Ladders),
        Err(_) => Err(Violation::new("progress", format!("{wanted} says nothing of progress"))),
    }
}

/// For whom an answer is written.
///
/// # Errors
/// A language that is not spoken here.
pub fn audience_of(head: &CartHead<'_>, caller: &Caller) -> Result<Audience, Violation> {
    let language = Language::parse(head.language).ok_or_else(|| {
        Violation::new("language", format!("\"{}\" is not spoken here: write en or ru", head.language))
    })?;
    Ok(Audience { language, sees_costs: caller.sees_costs })
}

/// The request that a head, lines and particulars make; `detail` overrides the view.
///
/// # Errors
/// The field that is wrong.
pub fn request_of<'a>(
    head: &CartHead<'a>,
    lines: &'a [CartLine<'a>],
    particulars: &'a Particulars<'a>,
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
        particulars,
        progress: progress_of(head.progress)?,
        detail,
    })
}
