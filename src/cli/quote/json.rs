//! How do quotes read to a script?

use serde_json::{Value, json};
use tonic::Status;

use crate::api::quote::cart_told;
use crate::api::v1;
use crate::api::v1::negotiated_line::Price;
use crate::cli::json::{decimal, object, word};
use crate::cli::json_cart;
use crate::cli::report::instant;

/// A quote, and what was done with it.
pub(super) fn changed(quote: &v1::Quote, done: &v1::QuoteEvent) -> Result<Value, Status> {
    Ok(object([("event", event(done)), ("quote", one(quote)?)]))
}

/// A quote as it stands, and what it would cost today.
pub(super) fn found(found: &v1::GetQuoteResponse) -> Result<Value, Status> {
    Ok(object([
        ("quote", found.quote.as_ref().map(one).transpose()?.unwrap_or(Value::Null)),
        ("today", cart(&found.today)?),
        ("position", json!(found.position)),
    ]))
}

/// A priced cart, where there is one.
fn cart(told: &[u8]) -> Result<Value, Status> {
    if told.is_empty() { Ok(Value::Null) } else { Ok(json_cart::cart(&cart_told(told)?)) }
}

/// Quotes.
pub(super) fn list(found: &v1::ListQuotesResponse) -> Value {
    object([
        ("quotes", Value::Array(found.quotes.iter().map(summary).collect())),
        ("next_page_token", json!(found.next_page_token)),
    ])
}

/// Everything that happened to a quote.
pub(super) fn history(found: &v1::GetQuoteHistoryResponse) -> Value {
    object([("events", Value::Array(found.events.iter().map(event).collect()))])
}

fn part(part: &v1::QuotePart) -> Value {
    object([
        ("line_id", json!(part.line_id)),
        ("quantity", decimal(part.quantity_micros)),
        ("amount", decimal(part.amount_micros)),
        ("tax", decimal(part.tax_micros)),
    ])
}

/// Something that happened to a quote.
pub(super) fn event(event: &v1::QuoteEvent) -> Value {
    object([
        ("number", json!(event.number)),
        ("event", json!(event.event)),
        ("position", json!(event.position)),
        ("at", json!(instant(event.at.as_ref()))),
        ("by", json!(event.by)),
        ("reason", json!(event.reason)),
        ("change", word(event.change().as_str_name(), "QUOTE_CHANGE_")),
        ("revision", json!(event.revision)),
        ("state", word(event.state().as_str_name(), "QUOTE_STATE_")),
        ("parts", Value::Array(event.parts.iter().map(part).collect())),
        ("is_late", json!(event.is_late)),
        ("contract", json!(event.contract)),
        ("approval_reasons", reasons(event.approval_reasons())),
    ])
}

fn reasons(of: impl Iterator<Item = v1::ApprovalReason>) -> Value {
    Value::Array(of.map(|reason| word(reason.as_str_name(), "APPROVAL_REASON_")).collect())
}

fn proposed(of: &v1::NegotiatedLine) -> Value {
    let price = match of.price {
        Some(Price::UnitPriceMicros(price)) => ("unit_price", decimal(price)),
        Some(Price::AmountMicros(amount)) => ("amount", decimal(amount)),
        None => ("price", Value::Null),
    };
    object([("line_id", json!(of.line_id)), price])
}

fn summary(of: &v1::QuoteSummary) -> Value {
    object([
        ("number", json!(of.number)),
        ("contract", json!(of.contract)),
        ("customer_reference", json!(of.customer_reference)),
        ("state", word(of.state().as_str_name(), "QUOTE_STATE_")),
        ("revision", json!(of.revision)),
        ("created_at", json!(instant(of.created_at.as_ref()))),
        ("expires_at", json!(instant(of.expires_at.as_ref()))),
        ("events", json!(of.events)),
        ("accepted", Value::Array(of.accepted.iter().map(part).collect())),
        ("approval_reasons", reasons(of.approval_reasons())),
    ])
}

fn one(quote: &v1::Quote) -> Result<Value, Status> {
    let concession = quote.concession.as_ref().map_or(Value::Null, |concession| {
        object([
            ("amount", json!(concession.amount)),
            ("of", json!(concession.of)),
            ("percent", decimal(concession.percent_micros)),
        ])
    });
    let margin = quote.margin.as_ref().map_or(Value::Null, |margin| {
        object([
            ("cost", json!(margin.cost)),
            ("margin", json!(margin.margin)),
            ("margin_percent", decimal(margin.margin_percent_micros)),
        ])
    });
    Ok(object([
        ("summary", quote.summary.as_ref().map_or(Value::Null, summary)),
        ("revision", json!(quote.revision)),
        ("text", json!(quote.text)),
        ("terms", json!(quote.terms)),
        ("valid_through", json!(quote.valid_through)),
        ("needs_approval", json!(quote.needs_approval)),
        ("divisible_lines", json!(quote.divisible_lines)),
        ("negotiated_lines", Value::Array(quote.negotiated_lines.iter().map(proposed).collect())),
        ("negotiated_total", json!(quote.negotiated_total)),
        ("concession", concession),
        ("margin", margin),
        ("cart", cart(&quote.cart)?),
    ]))
}
