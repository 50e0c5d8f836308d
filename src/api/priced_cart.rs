//! How does a priced cart cross the wire? Its head, its lines, and what stands behind them.

use prost::Message;

use crate::domain::catalogue::Catalogue;
use crate::pricing::cart::{LineStatus, PricedCart, PricedLine};
use crate::pricing::request::{CartLine, CartRequest, Detail, SkuRef};

use super::decimal::total_text;
use super::hold::{holds_of, is_blocked};
use super::limit::cart_uses_of;
use super::loyalty::cart_points_of;
use super::moment::timestamp;
use super::notice::{needs_approval, notices_of};
use super::problem::problem_of;
use super::progress::progress_of;
use super::retro::bonuses_of;
use super::rule_loser::rule_losers_of;
use super::shown_price::shown_of;
use super::telling::Telling;
use super::v1;
use super::waterfall::{loser_of, source_of, step_of, unit_code};

/// The key of `lines` in a `PriceCartResponse`: field 8, bytes.
pub(super) const LINES_KEY: u8 = 8 << 3 | 2;
/// About what a line takes with its waterfall.
const LINE_BYTES: usize = 512;

/// What stands before the lines of an answer, in any view.
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

/// `head` with what stands behind the lines, in any view. `lines` are the request's.
#[must_use]
pub fn with_tail(
    head: v1::PriceCartResponse,
    cart: &PricedCart,
    lines: &[CartLine<'_>],
    telling: &Telling<'_>,
) -> v1::PriceCartResponse {
    let digits = cart.currency.digits();
    let text = |micros: i128| total_text(micros, digits);
    v1::PriceCartResponse {
        tax_total: cart.tax_total.map_or(String::new(), text),
        gross_total: cart.tax_total.map_or(String::new(), |tax| text(cart.total.saturating_add(tax))),
        needs_approval: needs_approval(cart),
        what_if: cart.what_if,
        policy_version: cart.policy.0.version,
        progress: progress_of(cart, lines, telling),
        retro_bonus_micros: cart.retro.as_ref().map(|retro| retro.total.0),
        retro_bonuses: bonuses_of(cart, lines),
        overdue_holds: holds_of(cart, telling),
        is_blocked: is_blocked(cart),
        points: cart_points_of(cart, telling),
        limit_uses: cart_uses_of(cart, telling),
        left_to_pay: cart.left_to_pay.map_or(String::new(), text),
        ..head
    }
}

/// The whole answer to `request`.
#[must_use]
pub fn response_of(
    cart: &PricedCart,
    request: &CartRequest<'_>,
    telling: &Telling<'_>,
) -> v1::PriceCartResponse {
    let mut response = without_lines(cart, request, telling);
    let lines = cart.lines.iter().enumerate().zip(asked_lines(request));
    response.lines =
        lines.map(|(line, asked)| line_of((cart, line), asked, request.detail, telling)).collect();
    response
}

/// The same as it lies on the wire. No more than one line is ever there as a message: all of them together would be more than
/// the memory that is at hand.
pub fn write_response(
    out: &mut Vec<u8>,
    cart: &PricedCart,
    request: &CartRequest<'_>,
    telling: &Telling<'_>,
) {
    out.reserve(cart.lines.len().saturating_mul(LINE_BYTES));
    out.extend_from_slice(&without_lines(cart, request, telling).encode_to_vec());
    for (line, asked) in cart.lines.iter().enumerate().zip(asked_lines(request)) {
        let line = line_of((cart, line), asked, request.detail, telling);
        out.push(LINES_KEY);
        // A vector takes as much as there is.
        line.encode_length_delimited(out).unwrap_or_default();
    }
}

/// The lines of a request, and none where there are more in the cart.
fn asked_lines<'r>(request: &CartRequest<'r>) -> impl Iterator<Item = Option<&'r CartLine<'r>>> {
    request.lines.iter().map(Some).chain(std::iter::repeat(None))
}

fn without_lines(
    cart: &PricedCart,
    request: &CartRequest<'_>,
    telling: &Telling<'_>,
) -> v1::PriceCartResponse {
    let mut response = with_tail(head_of(cart), cart, request.lines, telling);
    if request.detail != Detail::Basic {
        let contract = telling.catalogue.contract(cart.contract);
        response.contract = contract.map_or(String::new(), |found| found.code.clone());
        response.local_time = cart.civil.to_string();
    }
    response
}

fn line_of(
    (cart, line): (&PricedCart, (usize, &PricedLine)),
    asked: Option<&CartLine<'_>>,
    detail: Detail,
    telling: &Telling<'_>,
) -> v1::PricedLine {
    let mut wire = basic_line(line.1, asked.map_or("", |asked| asked.id), telling);
    wire.notices = notices_of(cart, line, telling, detail);
    match detail {
        Detail::Basic => return wire,
        Detail::Waterfall => {}
        Detail::Explain => wire.rule_losers = rule_losers_of(cart, line.0, telling),
    }
    wire.shown_prices = shown_of(cart, line.0, telling);
    full_line(wire, cart, line.1, asked, telling)
}

fn basic_line(line: &PricedLine, id: &str, telling: &Telling<'_>) -> v1::PricedLine {
    let id = id.to_owned();
    if line.status == LineStatus::Priced {
        return v1::PricedLine {
            id,
            status: v1::LineStatus::Priced.into(),
            unit_price_micros: line.unit_price.0,
            amount_micros: line.amount.0,
            list_unit_price_micros: line.list_unit_price.0,
            tax_micros: line.tax.0,
            ..v1::PricedLine::default()
        };
    }
    let (status, problem) = problem_of(line.status, telling);
    v1::PricedLine { id, status: status.into(), problem: Some(problem), ..v1::PricedLine::default() }
}

fn full_line(
    basic: v1::PricedLine,
    cart: &PricedCart,
    line: &PricedLine,
    asked: Option<&CartLine<'_>>,
    telling: &Telling<'_>,
) -> v1::PricedLine {
    let catalogue: &Catalogue = telling.catalogue;
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
            .map(|step| step_of(step, telling))
            .collect(),
        losers: cart
            .losers
            .get(of_range(&line.losers))
            .unwrap_or_default()
            .iter()
            .map(|loser| loser_of(loser, telling))
            .collect(),
        ..basic
    }
}
