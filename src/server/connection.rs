//! What happens on one connection? Each request finds its caller, then its service.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;

use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::service::Routes;

use crate::api::caller::Gate;
use crate::api::deadline::passed;
use crate::api::lines_priced::LinesPriced;
use crate::engine::Engine;
use crate::engine::caller::Caller;

use super::answer::{Answer, Counted, framed, refused, routed};
use super::traffic::admitted::Admitted;
use super::traffic::link::Call;
use super::traffic::paced::{Paced, pauses};
use super::traffic::queue::Queue;
use super::traffic::refusal::Refusal;
use super::traffic::{Traffic, clock};
use super::{carts, quick};

/// What all connections share.
#[derive(Clone)]
pub struct Shared {
    /// Whom quick calls ask.
    pub engine: Engine,
    /// Who is let in.
    pub gate: Arc<Gate>,
    /// All other calls.
    pub routes: Routes,
    /// How much may be asked.
    pub traffic: Arc<Traffic>,
}

/// Paths that ask nothing of the data, and so are open to every peer, however much there is to do.
const OPEN: [&str; 1] = ["/grpc.health.v1.Health/"];

/// Answers a request of a peer on this machine, or another.
pub async fn answer(
    shared: Arc<Shared>,
    loopback: bool,
    call: Call,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path.starts_with(open)) {
        let answered = shared.routes.clone().call(paced(request, &call)).await;
        return Ok(routed(answered, Counted::new(call, None)));
    }
    let caller = match shared.gate.caller(loopback, request.headers()) {
        Ok(caller) => caller,
        Err(status) => {
            tracing::warn!(path, code = ?status.code(), "refused: {}", status.message());
            return Ok(refused(&status));
        }
    };
    let link = Arc::clone(&call.link);
    let outcome = match Admitted::admit(call, &caller.name, request.headers()) {
        Ok(admitted) if quick::is_quick(&request) => {
            carts::priced(&shared.engine, &caller, admitted, request.into_body()).await.map(framed)
        }
        Ok(admitted) => of_service(&shared, caller, admitted, request).await,
        Err(refusal) => Err(refusal),
    };
    Ok(outcome.unwrap_or_else(|refusal| link.traffic.refusals.answer(refusal)))
}

fn paced(request: Request<Incoming>, call: &Call) -> Request<Paced<Incoming>> {
    let pauses = pauses(request.uri().path());
    request.map(|body| Paced::new(body, pauses, Arc::clone(&call.link)))
}

/// What tonic's services answer, where it comes in time.
async fn of_service(
    shared: &Shared,
    caller: Arc<Caller>,
    admitted: Admitted,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Refusal> {
    let place = shared.traffic.call()?;
    let lines = LinesPriced::default();
    let mut request = paced(request, &admitted.call);
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(admitted.deadline);
    request.extensions_mut().insert(lines.clone());
    let answering = on_the_clock(shared.routes.clone().call(request), &admitted.call.link.queue);
    let answered = match admitted.deadline.instant() {
        None => answering.await,
        Some(deadline) => {
            timeout_at(Instant::from_std(deadline), answering).await.map_err(|_| Refusal::Status(passed()))?
        }
    };
    admitted.charge(|| lines.take());
    let Admitted { call, asked, .. } = admitted;
    Ok(routed(answered, Counted::new(call, Some((asked, place)))))
}

/// Tells a worker how long a call kept it.
async fn on_the_clock<F: Future>(call: F, queue: &Queue) -> F::Output {
    let mut call = pin!(call);
    let mut spent = 0;
    poll_fn(|cx| {
        let begun = clock::now();
        let polled = call.as_mut().poll(cx);
        spent += clock::now().saturating_sub(begun);
        if polled.is_ready() {
            queue.spent(spent);
        }
        polled
    })
    .await
}
