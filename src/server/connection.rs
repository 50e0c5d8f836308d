//! What happens on one connection? Each request finds its caller, then its service; what is refused, and what writes, is noted.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use hyper::body::Incoming;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::service::Routes;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::api::caller::refused as refusal;
use crate::api::calls::{self, Call};
use crate::api::price_cart::{Quick, from_cache, from_disk};
use crate::engine::Engine;
use crate::engine::caller::Caller;

use super::access::Access;
use super::answer::{Answer, framed, refused, routed};
use super::audit::{Audit, Telling};
use super::metrics::Recorder;
use super::peer::Peer;
use super::quick;
use super::routed::Routed;

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
    /// What the worker counts.
    pub recorder: Arc<Recorder>,
}

/// Paths that ask nothing of the data, and so are open to every peer.
const OPEN: &str = "/grpc.health.v1.Health/";

/// Answers a request of a peer.
pub async fn answer(
    mut shared: Shared,
    peer: Arc<Peer>,
    mut request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    if request.uri().path().starts_with(OPEN) {
        return Ok(routed(shared.routes.call(request).await));
    }
    let call = calls::at(request.uri().path());
    let caller = match shared.admitted(&peer, call, &request).await {
        Ok(caller) => caller,
        Err(status) => return Ok(refused(&status)),
    };
    if quick::is_quick(&request) {
        let outcome = price_cart(&shared, &caller, request.into_body()).await;
        return Ok(outcome.map_or_else(|status| refused(&status), framed));
    }
    let writes = call.filter(|call| call.writes).zip(shared.audit.clone());
    if let Some((call, audit)) = writes {
        return Ok(shared.noted((audit, &peer, call), caller, request).await);
    }
    request.extensions_mut().insert(Arc::clone(&caller));
    let answer = routed(shared.routes.call(request).await);
    if answer.headers().get(Status::GRPC_STATUS).is_some_and(|code| code == "7")
        && let Some(denied) = Status::from_header_map(answer.headers())
    {
        shared.note_refusal((&caller.name, &peer, call), &denied);
    }
    Ok(answer)
}

impl Shared {
    /// The caller of a request, where it may make such a call at all.
    async fn admitted(
        &self,
        peer: &Peer,
        call: Option<&Call>,
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

    /// Makes a call that writes: it is in the audit log before, and safe there before it is answered.
    async fn noted(
        &mut self,
        (audit, peer, call): (Arc<Audit>, &Peer, &Call),
        caller: Arc<Caller>,
        mut request: Request<Incoming>,
    ) -> Response<Answer> {
        let who = (caller.name.as_str(), peer.address.as_str(), call.path);
        let mut telling = match Telling::begin(audit, &self.engine, who).await {
            Ok(telling) => telling,
            Err(status) => return refused(&status),
        };
        request.extensions_mut().insert(caller);
        let answer = match self.routes.call(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        };
        telling.note(answer.headers());
        if let Err(status) = telling.safe().await {
            return refused(&status);
        }
        answer.map(|body| Answer::Noted(Routed::new(body), Box::new(telling)))
    }

    /// Notes a refusal, in the log and in the audit log. What was shown is told in neither.
    #[cold]
    fn note_refusal(&self, (caller, peer, call): (&str, &Peer, Option<&Call>), status: &Status) {
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

async fn price_cart(shared: &Shared, caller: &Arc<Caller>, body: Incoming) -> Result<Vec<u8>, Status> {
    let message = quick::message(body).await?;
    match from_cache(&shared.engine, caller, &message)? {
        Quick::Frame(frame) => Ok(frame),
        Quick::Cold => {
            shared.recorder.carts_cold.fetch_add(1, Ordering::Relaxed);
            let (engine, caller) = (shared.engine.clone(), Arc::clone(caller));
            tokio::task::spawn_blocking(move || from_disk(&engine, &caller, &message))
                .await
                .map_err(|error| Status::internal(format!("pricing broke off: {error}")))?
        }
    }
}
