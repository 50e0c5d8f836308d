//! What does the demo show of quotes? One made of its cart, revised, accepted, and asked for again by its number.

use tonic::Status;
use tonic::transport::Channel;

use crate::api::v1;
use crate::api::v1::quote_service_client::QuoteServiceClient;

use super::arguments::Common;
use super::ask;
use super::demo_files;
use super::failure::Failure;
use super::quote::told_short;

/// How many more the customer wants of the first line.
const TIMES: i64 = 2;

/// Does it, and tells a line of each step.
pub(super) fn quoted(common: &Common, cart: v1::PriceCartRequest, address: &str) -> Result<String, Failure> {
    ask::server(common, address, |channel| steps(channel, cart))
}

async fn steps(channel: Channel, mut cart: v1::PriceCartRequest) -> Result<String, Status> {
    let mut client = QuoteServiceClient::new(channel);
    let content = |cart: &v1::PriceCartRequest| {
        Some(v1::QuoteContent {
            cart: Some(cart.clone()),
            customer_reference: demo_files::REFERENCE.to_owned(),
            ..v1::QuoteContent::default()
        })
    };
    let create = v1::CreateQuoteRequest {
        request_id: "demo-1".to_owned(),
        content: content(&cart),
        ..v1::CreateQuoteRequest::default()
    };
    let made = client.create_quote(create).await?.into_inner();
    let number = made.event.as_ref().map_or(String::new(), |event| event.number.clone());
    let mut text = told_short(made.quote.as_ref(), made.event.as_ref())?;
    if let Some(line) = cart.lines.first_mut() {
        line.quantity_micros = line.quantity_micros.saturating_mul(TIMES);
    }
    let revise = v1::ReviseQuoteRequest {
        request_id: "demo-2".to_owned(),
        number: number.clone(),
        revision: 1,
        content: content(&cart),
        reason: "twice as many of the first line".to_owned(),
        validate_only: false,
    };
    let revised = client.revise_quote(revise).await?.into_inner();
    text.push_str(&told_short(revised.quote.as_ref(), revised.event.as_ref())?);
    let action = v1::QuoteAction {
        request_id: "demo-3".to_owned(),
        number: number.clone(),
        revision: 2,
        ..v1::QuoteAction::default()
    };
    let accept = v1::AcceptQuoteRequest { action: Some(action), ..v1::AcceptQuoteRequest::default() };
    let accepted = client.accept_quote(accept).await?.into_inner();
    text.push_str(&told_short(accepted.quote.as_ref(), accepted.event.as_ref())?);
    let get = v1::GetQuoteRequest { number, ..v1::GetQuoteRequest::default() };
    let found = client.get_quote(get).await?.into_inner();
    text.push_str("asked for again by its number:\n  ");
    text.push_str(&told_short(found.quote.as_ref(), None)?);
    Ok(text)
}
