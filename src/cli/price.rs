//! `quoin price` and `quoin explain`: one cart, from the folder or a server.

use crate::api::pricing_service::{Refused, priced};
use crate::api::v1;
use crate::api::v1::pricing_service_client::PricingServiceClient;
use crate::pricing::request::Detail;

use super::arguments::Common;
use super::cart_arguments::Price;
use super::cart_request::request;
use super::failure::{Failure, REFUSED, USAGE};
use super::{Outcome, ask, cart_report, json_cart, output, picture};

/// `quoin price`.
pub fn run(common: &Common, asked: &Price) -> Outcome {
    let request = request(asked)?;
    let cart = match &asked.server {
        None => by_folder(common, &request, Detail::Waterfall)?,
        Some(address) => {
            let request = ask::request(common, request)?;
            ask::server(common, address, |channel| async {
                Ok(PricingServiceClient::new(channel).price_cart(request).await?.into_inner())
            })?
        }
    };
    if common.json {
        output::json(&json_cart::cart(&cart))?;
    } else {
        output::text(&cart_report::cart(&cart))?;
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
            let answer = ask::server(common, address, |channel| async {
                Ok(PricingServiceClient::new(channel).explain(request).await?.into_inner())
            })?;
            answer.cart.unwrap_or_default()
        }
    };
    if common.json {
        output::json(&json_cart::cart(&cart))?;
    } else {
        let mut text = cart_report::cart(&cart);
        for line in &cart.lines {
            text.push('\n');
            text.push_str(&picture::line(line, &cart.currency));
        }
        output::text(&text)?;
    }
    unpriced(&cart)
}

fn by_folder(
    common: &Common,
    request: &v1::PriceCartRequest,
    detail: Detail,
) -> Result<v1::PriceCartResponse, Failure> {
    let caller = ask::caller(common)?;
    let engine = ask::folder(common, false)?;
    priced(&engine, &caller, request, Some(detail)).map_err(|refused| match refused {
        Refused::Field(wrong) => Failure::new(USAGE, format!("{}: {}", wrong.field, wrong.description)),
        Refused::Price(error) => error.into(),
    })
}

/// A cart of which a line has no price is an answer, but not the one hoped for.
fn unpriced(cart: &v1::PriceCartResponse) -> Outcome {
    let without = cart.lines.iter().filter(|line| line.status() != v1::LineStatus::Priced).count();
    match without {
        0 => Ok(()),
        _ => Err(Failure::told(REFUSED)),
    }
}
