//! Pricing calls as tonic hears them. `PriceCart` has a quicker way beside this one, see [`super::price_cart`].

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::sync::mpsc::OwnedPermit;
use tokio::sync::mpsc::error::TrySendError;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use crate::domain::ids::PublicationNo;
use crate::domain::limits;
use crate::engine::Engine;
use crate::engine::caller::Caller;
use crate::engine::error::PriceError;
use crate::engine::listing::ListRequest;
use crate::pricing::request::Detail;

use super::caller::of_request;
use super::cart::{audience_of, circumstances_of, lines_of, message_head, request_of, wants_columns};
use super::columns::in_columns;
use super::deadline::Deadline;
use super::lines_priced::LinesPriced;
use super::moment::instant_of;
use super::particulars::{particulars_of, stated_before, stated_by};
use super::price::price_of;
use super::priced_cart::response_of;
use super::status::{Violation, of_price, price_status, violation_status};
use super::telling::Telling;
use super::v1;

/// Prices of one message of a stream.
const PRICES_PER_MESSAGE: usize = 256;
/// Messages of a stream that wait for a slow reader.
const MESSAGES_AHEAD: usize = 4;
/// A reader that takes no message for so long is gone.
const READER_WAIT: Duration = Duration::from_secs(60);

/// The service.
#[derive(Clone)]
pub struct Pricing {
    /// Whom it asks.
    pub engine: Engine,
}

type Answer<T> = Result<Response<T>, Status>;

/// Prices the cart of a message; `detail` overrides its view.
///
/// # Errors
/// The field that is wrong, or why the cart has no answer.
pub fn priced(
    engine: &Engine,
    caller: &Caller,
    request: &v1::PriceCartRequest,
    detail: Option<Detail>,
) -> Result<v1::PriceCartResponse, Refused> {
    let lines = lines_of(request);
    let head = message_head(request);
    let particulars = particulars_of(stated_by(request)).map_err(Refused::Field)?;
    let asked = request_of(&head, &lines, &particulars, detail).map_err(Refused::Field)?;
    let audience = audience_of(&head, caller).map_err(Refused::Field)?;
    let cart = engine.price_cart(caller, &asked).map_err(Refused::Price)?;
    let view = engine.view();
    let response = response_of(&cart, &asked, &Telling::of(&cart, &view.catalogue, audience));
    Ok(if detail.is_none() && wants_columns(request.view) { in_columns(response) } else { response })
}

/// Why a cart is not priced.
#[derive(Debug)]
pub enum Refused {
    /// A field of the request is wrong.
    Field(Violation),
    /// The engine has no answer.
    Price(PriceError),
}

impl From<Refused> for Status {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Field(violation) => violation_status(violation),
            Refused::Price(error) => price_status(&error),
        }
    }
}

impl From<Refused> for v1::CartError {
    fn from(refused: Refused) -> Self {
        let reason = match &refused {
            Refused::Field(_) => "BAD_FIELD",
            Refused::Price(error) => of_price(error).reason,
        };
        let status = Status::from(refused);
        Self { code: status.code().into(), reason: reason.to_owned(), message: status.message().to_owned() }
    }
}

#[tonic::async_trait]
impl v1::pricing_service_server::PricingService for Pricing {
    async fn price_cart(&self, request: Request<v1::PriceCartRequest>) -> Answer<v1::PriceCartResponse> {
        let caller = of_request(&request)?;
        let cart = priced(&self.engine, &caller, request.get_ref(), None)?;
        LinesPriced::of_request(&request).add(request.get_ref().lines.len());
        Ok(Response::new(cart))
    }

    async fn price_carts(&self, request: Request<v1::PriceCartsRequest>) -> Answer<v1::PriceCartsResponse> {
        let caller = of_request(&request)?;
        let (deadline, lines) = (Deadline::of_request(&request), LinesPriced::of_request(&request));
        let carts = request.into_inner().carts;
        if carts.is_empty() || carts.len() > limits::CARTS_PER_CALL {
            let most =
                format!("has {} carts; 1 to {} are priced in one call", carts.len(), limits::CARTS_PER_CALL);
            return Err(violation_status(Violation::new("carts", most)));
        }
        let mut results = Vec::with_capacity(carts.len());
        for cart in &carts {
            deadline.check()?;
            let result = match priced(&self.engine, &caller, cart, None) {
                Ok(priced) => {
                    lines.add(cart.lines.len());
                    v1::cart_result::Result::Cart(priced)
                }
                Err(refused) => v1::cart_result::Result::Error(refused.into()),
            };
            results.push(v1::CartResult { result: Some(result) });
            // Other calls of this thread go between two carts.
            tokio::task::yield_now().await;
        }
        Ok(Response::new(v1::PriceCartsResponse { results }))
    }

    type ListPricesStream = ReceiverStream<Result<v1::ListPricesResponse, Status>>;

    async fn list_prices(&self, request: Request<v1::ListPricesRequest>) -> Answer<Self::ListPricesStream> {
        let caller = of_request(&request)?;
        let deadline = Deadline::of_request(&request);
        let asked = request.into_inner();
        if let Some(at) = &asked.pricing_at {
            instant_of(at.seconds, at.nanos)
                .map_err(|why| violation_status(Violation::new("pricing_at", why)))?;
        }
        let (sender, receiver) = mpsc::channel(MESSAGES_AHEAD + 1);
        let room = sender.clone().try_reserve_owned();
        let last = room.map_err(|_| Status::internal("a fresh channel has no room"))?;
        let messages = Messages { sender, last, runtime: Handle::current(), deadline };
        let engine = self.engine.clone();
        tokio::task::spawn_blocking(move || stream_prices(&engine, &caller, &asked, messages));
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn explain(&self, request: Request<v1::ExplainRequest>) -> Answer<v1::ExplainResponse> {
        let caller = of_request(&request)?;
        let missing = || violation_status(Violation::new("cart", "is missing"));
        let cart = request.get_ref().cart.as_ref().ok_or_else(missing)?;
        let cart = priced(&self.engine, &caller, cart, Some(Detail::Explain))?;
        LinesPriced::of_request(&request).add(cart.lines.len());
        Ok(Response::new(v1::ExplainResponse { cart: Some(cart) }))
    }
}

type Message = Result<v1::ListPricesResponse, Status>;

/// Where the messages of a listing go.
struct Messages {
    sender: mpsc::Sender<Message>,
    /// Room for the last one, which says how the listing ended even where nobody reads.
    last: OwnedPermit<Message>,
    runtime: Handle,
    deadline: Deadline,
}

impl Messages {
    /// Sends some prices, where another message is wanted: the reader is there, reads, and waits for the answer yet. A
    /// reader that takes nothing would keep this thread.
    fn send(&self, prices: Vec<v1::ListedPrice>) -> Result<(), Status> {
        self.deadline.check()?;
        match self.sender.try_send(Ok(v1::ListPricesResponse { prices, summary: None })) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(Status::cancelled("the reader has gone")),
            Err(TrySendError::Full(message)) => {
                let sending = self.sender.send_timeout(message, READER_WAIT);
                let too_slow = |_| Status::deadline_exceeded("the reader takes nothing");
                self.runtime.block_on(sending).map_err(too_slow)
            }
        }
    }
}

/// Sends prices as they are found; the first message waits for the first batch, the last one has the rest.
fn stream_prices(engine: &Engine, caller: &Arc<Caller>, asked: &v1::ListPricesRequest, messages: Messages) {
    let pricing_at = asked.pricing_at.as_ref().and_then(|at| instant_of(at.seconds, at.nanos).ok());
    let particulars = match particulars_of(stated_before(&asked.coupons, asked.metrics.as_ref())) {
        Ok(particulars) => particulars,
        Err(violation) => {
            messages.last.send(Err(violation_status(violation)));
            return;
        }
    };
    let request = ListRequest {
        contract: &asked.contract,
        pricing_at,
        publication: (asked.publication != 0).then_some(PublicationNo(asked.publication)),
        circumstances: circumstances_of(asked.circumstances.as_ref()),
        particulars: &particulars,
    };
    let mut batch = Vec::with_capacity(PRICES_PER_MESSAGE);
    let mut unwanted = None;
    let outcome = engine.list_prices(caller, &request, &mut |view, price| {
        batch.push(price_of(&price, &view.catalogue));
        if batch.len() < PRICES_PER_MESSAGE {
            return ControlFlow::Continue(());
        }
        let prices = std::mem::replace(&mut batch, Vec::with_capacity(PRICES_PER_MESSAGE));
        match messages.send(prices) {
            Ok(()) => ControlFlow::Continue(()),
            Err(status) => {
                unwanted = Some(status);
                ControlFlow::Break(())
            }
        }
    });
    let last = match (unwanted, outcome) {
        (Some(status), _) => Err(status),
        (None, Ok(summary)) => Ok(v1::ListPricesResponse {
            prices: batch,
            summary: Some(v1::ListPricesSummary {
                publication: summary.publication.0,
                position: summary.position.0,
                currency: summary.currency.code().to_owned(),
                prices: summary.listed,
            }),
        }),
        (None, Err(error)) => Err(price_status(&error)),
    };
    messages.last.send(last);
}
