//! What happens on one connection? Each request finds its caller, then its service.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use hyper::body::Incoming;
use tonic::Status;
use tonic::codegen::Service;
use tonic::codegen::http::{Request, Response};
use tonic::service::Routes;

use crate::api::caller::Gate;
use crate::api::price_cart::{Quick, from_cache, from_disk};
use crate::engine::Engine;

use super::answer::{Answer, framed, refused, routed};
use super::metrics::Recorder;
use super::quick;

/// What all connections share.
#[derive(Clone)]
pub struct Shared {
    /// Whom quick calls ask.
    pub engine: Engine,
    /// Who is let in.
    pub gate: Arc<Gate>,
    /// All other calls.
    pub routes: Routes,
    /// What the worker counts.
    pub recorder: Arc<Recorder>,
}

/// Paths that ask nothing of the data, and so are open to every peer.
const OPEN: [&str; 1] = ["/grpc.health.v1.Health/"];

/// Answers a request of a peer on this machine, or another.
pub async fn answer(
    mut shared: Shared,
    loopback: bool,
    mut request: Request<Incoming>,
) -> Result<Response<Answer>, Infallible> {
    let open = OPEN.iter().any(|path| request.uri().path().starts_with(path));
    if !open {
        let caller = match shared.gate.caller(loopback, request.headers()) {
            Ok(caller) => caller,
            Err(status) => {
                tracing::warn!(path = request.uri().path(), code = ?status.code(), "refused: {}", status.message());
                return Ok(refused(&status));
            }
        };
        if quick::is_quick(&request) {
            let outcome = price_cart(&shared, &caller, request.into_body()).await;
            return Ok(outcome.map_or_else(|status| refused(&status), framed));
        }
        request.extensions_mut().insert(caller);
    }
    Ok(routed(shared.routes.call(request).await))
}

async fn price_cart(
    shared: &Shared,
    caller: &Arc<crate::engine::caller::Caller>,
    body: Incoming,
) -> Result<Vec<u8>, Status> {
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
