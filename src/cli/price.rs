//! `quoin price` and `quoin explain`: one cart, from the folder or a server.

use crate::api::cart::{lines_of, message_head, request_of, response_of};
use crate::api::moment::timestamp;
use crate::api::v1;
use crate::api::v1::pricing_service_client::PricingServiceClient;
use crate::domain::time::Instant;
use crate::pricing::cart::Detail;

use super::arguments::{Common, Price};
use super::failure::{Failure, REFUSED, USAGE};
use super::{Outcome, ask, cart_file, json, output, picture, report};

/// `quoin price`.
pub fn run(common: &Common, asked: &Price) -> Outcome {
    let request = request(asked)?;
    let cart = match &asked.server {
        None => by_folder(common, &request, Detail::Waterfall)?,
        Some(address) => {
            let request = ask::request(common, request)?;
            ask::server(address, |channel| async {
                Ok(PricingServiceClient::new(channel).price_cart(request).await?.into_inner())
            })?
        }
    };
    if common.json {
        output::json(&json::cart(&cart))?;
    } else {
        output::text(&report::cart(&cart))?;
    }
    unpriced(&cart)
}

/// `quoin explain`.
pub fn explain(common: &Common, asked: &Price) -> Outcome {
    let request = request(asked)?;
    let cart = match &asked.server {
        None => by_folder(common, &request, Detail::Explain)?,
        Some(address) => {
            let request = ask::request(common, v1::ExplainRequest { cart: Some(request) })?;
            let answer = ask::server(address, |channel| async {
                Ok(PricingServiceClient::new(channel).explain(request).await?.into_inner())
            })?;
            answer.cart.unwrap_or_default()
        }
    };
    if common.json {
        output::json(&json::cart(&cart))?;
    } else {
        let mut text = report::cart(&cart);
        for line in &cart.lines {
            text.push('\n');
            text.push_str(&picture::line(line, &cart.currency));
        }
        output::text(&text)?;
    }
    unpriced(&cart)
}

/// The instant that `--at` names.
pub fn instant(at: Option<&str>) -> Result<Option<Instant>, Failure> {
    let read = |text: &str| {
        Instant::parse(text).map_err(|why| Failure::new(USAGE, format!("--at: \"{text}\" {why}")))
    };
    at.map(read).transpose()
}

fn request(asked: &Price) -> Result<v1::PriceCartRequest, Failure> {
    let mut lines = match &asked.cart {
        Some(path) => cart_file::of_file(path)?,
        None => Vec::new(),
    };
    for text in &asked.lines {
        lines.push(cart_file::of_argument(text)?);
    }
    if asked.cart.is_none() && lines.is_empty() {
        return Err(Failure::new(USAGE, "the cart has no line: write SKU=QUANTITY, or --cart FILE"));
    }
    Ok(v1::PriceCartRequest {
        contract: asked.contract.clone(),
        pricing_at: instant(asked.at.as_deref())?.map(timestamp),
        publication: asked.publication.unwrap_or(0),
        circumstances: Some(v1::Circumstances {
            warehouse: asked.warehouse.clone(),
            delivery_basis: asked.delivery_basis.clone(),
            channel: asked.channel.clone(),
            fulfilment: asked.fulfilment.clone(),
        }),
        lines,
        view: v1::CartView::Waterfall.into(),
    })
}

fn by_folder(
    common: &Common,
    request: &v1::PriceCartRequest,
    detail: Detail,
) -> Result<v1::PriceCartResponse, Failure> {
    let caller = ask::caller(common)?;
    let engine = ask::folder(common, false)?;
    let lines = lines_of(request);
    let asked = request_of(&message_head(request), &lines, Some(detail))
        .map_err(|wrong| Failure::new(USAGE, format!("{}: {}", wrong.field, wrong.description)))?;
    let cart = engine.price_cart(&caller, &asked)?;
    Ok(response_of(&cart, &lines, &engine.view().catalogue, detail))
}

/// A cart of which a line has no price is an answer, but not the one hoped for.
fn unpriced(cart: &v1::PriceCartResponse) -> Outcome {
    let without = cart.lines.iter().filter(|line| line.status() != v1::LineStatus::Priced).count();
    match without {
        0 => Ok(()),
        _ => Err(Failure::told(REFUSED)),
    }
}
