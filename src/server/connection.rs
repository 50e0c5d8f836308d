//! What happens on one connection? Each request finds its caller, then its service; what is refused, and what writes, is noted.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;

use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::service::Routes;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::api::caller::refused as refusal;
use crate::api::calls::{self, Call as Known};
use crate::api::deadline::passed;
use crate::api::lines_priced::LinesPriced;
use crate::engine::Engine;
use crate::engine::caller::Caller;

use super::access::Access;
use super::answer::{Answer, Counted, framed, refused};
use super::audit::{Audit, Telling};
use super::metrics::Recorder;
use super::peer::Peer;
use super::routed::Routed;
use super::traffic::admitted::Admitted;
use super::traffic::link::Call;
use super::traffic::paced::{Paced, pauses};
use super::traffic::queue::Queue;
use super::traffic::refusal::Refusal;
use super::traffic::{Place, Traffic, clock, rest};
use super::{carts, quick};

/// What all connections share.
#[derive(Clone)]
pub struct Shared {
    /// Whom quick calls ask.
    pub engine: Engine,
    /// Who is let in.
    pub access: Arc<Access>,
    /// Where writes and refusals are noted.
    pub audit: Option<Arc<Audit>>,
    /// All other calls.
    pub routes: Routes,
    /// How much may be asked.
    pub traffic: Arc<Traffic>,
    /// What the worker counts.
    pub recorder: Arc<Recorder>,
}

/// Paths that ask nothing of the data, and so are open to every peer, however much there is to do.
const OPEN: &str = "/grpc.health.v1.Health/";

/// Answers a request of a peer.
pub async fn answer(
    shared: Arc<Shared>,
    peer: Arc<Peer>,
    call: Call,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    if request.uri().path().starts_with(OPEN) {
        let answered = shared.routes.clone().call(paced(request, &call)).await?;
        return Ok(answered.map(|body| Answer::Routed(Routed::new(body, Counted::new(call, None)))));
    }
    let known = calls::at(request.uri().path());
    let link = Arc::clone(&call.link);
    let (caller, admitted, place) = match shared.begun((&peer, known), call, &request).await {
        Ok(begun) => begun,
        Err(refused) => {
            rest::take(request.into_body(), &link.traffic.options);
            return Ok(refused);
        }
    };
    let outcome = match place {
        None => carts::priced(&shared, &caller, admitted, request.into_body()).await.map(framed),
        Some(place) => shared.of_service((&peer, known), (caller, place), admitted, request).await,
    };
    Ok(outcome.unwrap_or_else(|refusal| link.traffic.refusals.answer(refusal)))
}

/// A call that may be begun: its caller, and its place among those that are not carts priced on their worker.
type Begun = (Arc<Caller>, Admitted, Option<Place>);

fn paced(request: Request<Incoming>, call: &Call) -> Request<Paced<Incoming>> {
    let pauses = pauses(request.uri().path());
    request.map(|body| Paced::new(body, pauses, Arc::clone(&call.link)))
}

impl Shared {
    /// May a call be begun, by its head? The answer to it where it may not.
    async fn begun(
        &self,
        (peer, known): (&Peer, Option<&Known>),
        call: Call,
        request: &Request<Incoming>,
    ) -> Result<Begun, Response<Answer>> {
        let caller = self.admitted(peer, known, request).await.map_err(|status| refused(&status))?;
        let place = || if quick::is_quick(request) { Ok(None) } else { self.traffic.call().map(Some) };
        let admitted = Admitted::admit(call, &caller.name, request.headers());
        let begun = admitted.and_then(|admitted| Ok((admitted, place()?)));
        let (admitted, place) = begun.map_err(|refusal| self.traffic.refusals.answer(refusal))?;
        Ok((caller, admitted, place))
    }

    /// The caller of a request, where it may make such a call at all.
    async fn admitted(
        &self,
        peer: &Peer,
        call: Option<&Known>,
        request: &Request<Incoming>,
    ) -> Result<Arc<Caller>, Status> {
        let caller = self.access.caller(peer, request.headers()).await;
        let caller = caller.inspect_err(|status| self.note_refusal(("", peer, call), status))?;
        match call {
            Some(needed) if !needed.is_for(&caller) => {
                let status = refusal(Code::PermissionDenied, "NOT_ALLOWED", &needed.needs());
                self.note_refusal((&caller.name, peer, call), &status);
                Err(status)
            }
            _ => Ok(caller),
        }
    }

    /// What tonic's services answer, where it comes in time. A call that writes is in the audit log before, and safe there before
    /// it is answered.
    async fn of_service(
        &self,
        (peer, known): (&Peer, Option<&Known>),
        (caller, place): (Arc<Caller>, Place),
        admitted: Admitted,
        request: Request<Incoming>,
    ) -> Result<Response<Answer>, Refusal> {
        let lines = LinesPriced::default();
        let mut request = paced(request, &admitted.call);
        request.extensions_mut().insert(Arc::clone(&caller));
        request.extensions_mut().insert(admitted.deadline);
        request.extensions_mut().insert(lines.clone());
        let mut telling = match known.filter(|call| call.writes).zip(self.audit.clone()) {
            None => None,
            Some((call, audit)) => {
                let who = (caller.name.as_str(), peer.address.as_str(), call.path);
                Some(Telling::begin(audit, &self.engine, who).await.map_err(Refusal::Status)?)
            }
        };
        let answering = on_the_clock(self.routes.clone().call(request), &admitted.call.link.queue);
        let answered = match admitted.deadline.instant() {
            None => Ok(answering.await),
            Some(deadline) => timeout_at(Instant::from_std(deadline), answering).await.map_err(|_| passed()),
        };
        let answered = answered.map(|Ok(response)| response);
        if let Some(telling) = &mut telling {
            match &answered {
                Ok(response) => telling.note(response.headers()),
                Err(status) => telling.note(status.clone().into_http::<()>().headers()),
            }
            telling.safe().await.map_err(Refusal::Status)?;
        }
        let answered = answered.map_err(Refusal::Status)?;
        admitted.charge(|| lines.take());
        let Admitted { call, asked, .. } = admitted;
        let answered = answered.map(|body| Routed::new(body, Counted::new(call, Some((asked, place)))));
        if let Some(telling) = telling {
            return Ok(answered.map(|routed| Answer::Noted(routed, Box::new(telling))));
        }
        if answered.headers().get(Status::GRPC_STATUS).is_some_and(|code| code == "7")
            && let Some(denied) = Status::from_header_map(answered.headers())
        {
            self.note_refusal((&caller.name, peer, known), &denied);
        }
        Ok(answered.map(Answer::Routed))
    }

    /// Notes a refusal, in the log and in the audit log. What was shown is told in neither.
    #[cold]
    fn note_refusal(&self, (caller, peer, call): (&str, &Peer, Option<&Known>), status: &Status) {
        // A path that is none of ours is whatever its sender likes.
        let path = call.map_or("unknown", |call| call.path);
        let reason = status.get_details_error_info().map(|info| info.reason).unwrap_or_default();
        tracing::debug!(path, caller, peer = peer.address, code = ?status.code(), reason, "refused");
        if let Some(audit) = &self.audit {
            audit.refused((caller, &peer.address, path), status.code(), &reason);
        }
    }

    /// Notes a connection that came to nothing.
    #[cold]
    pub fn refused_handshake(&self, peer: &Peer, why: &str) {
        tracing::debug!(peer = peer.address, why, "no handshake");
        if let Some(audit) = &self.audit {
            audit.refused(("", &peer.address, "handshake"), Code::Unauthenticated, "HANDSHAKE");
        }
    }
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
