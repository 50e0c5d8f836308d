//! What does one worker do? It accepts connections on its own listener and runtime, and drains them when told.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tonic::codegen::http::{Request, Response};

use super::answer::Answer;
use super::call::Call;
use super::connection::{Shared, answer};
use super::defer_flush::DeferFlush;
use super::metrics::Recorder;
use super::peer::Peer;

/// Bytes of one stream that a peer may send ahead.
const STREAM_WINDOW_BYTES: u32 = 1 << 20;
/// Bytes of one connection that a peer may send ahead.
const CONNECTION_WINDOW_BYTES: u32 = 8 << 20;
/// Calls in flight on one connection.
const STREAMS_MOST: u32 = 1_024;
/// Connections of one worker.
const CONNECTIONS_MOST: usize = 10_000;
/// Bytes of one request's headers.
const HEADER_BYTES: u32 = 16 << 10;
/// A peer that says nothing for so long is asked whether it is there, and has as long to answer.
const KEEP_ALIVE: Duration = Duration::from_secs(60);
/// Pause after the system refused a connection (too many open files, for one).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts until `stop` turns true, then waits at most `drain` for the calls in flight.
pub async fn run(listener: TcpListener, shared: Shared, mut stop: watch::Receiver<bool>, drain: Duration) {
    let room = Arc::new(Semaphore::new(CONNECTIONS_MOST));
    let recorder = Arc::clone(&shared.recorder);
    let turning = tokio::spawn(turning(Arc::clone(&recorder)));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
                    recorder.connections_shed.fetch_add(1, Ordering::Relaxed);
                    tracing::warn!(%peer, "refused: {CONNECTIONS_MOST} connections are open");
                    continue;
                };
                let (shared, stop) = (shared.clone(), stop.clone());
                recorder.connections_accepted.fetch_add(1, Ordering::Relaxed);
                recorder.connections_open.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    let recorder = Arc::clone(&shared.recorder);
                    connection(stream, peer, shared, stop).await;
                    recorder.connections_open.fetch_sub(1, Ordering::Relaxed);
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let all = u32::try_from(CONNECTIONS_MOST).unwrap_or(u32::MAX);
    if tokio::time::timeout(drain, room.acquire_many(all)).await.is_err() {
        tracing::warn!("calls were still in flight after {} s", drain.as_secs());
    }
    turning.abort();
}

/// Notes once a second that the runtime turns.
async fn turning(recorder: Arc<Recorder>) {
    loop {
        recorder.turned();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Answers a request, and counts how that went.
async fn watched(
    shared: Shared,
    peer: Arc<Peer>,
    request: Request<Incoming>,
    mut stop: watch::Receiver<bool>,
) -> Result<Response<Answer>, Infallible> {
    let call = Call::begin(&shared.recorder, &request);
    let response = answer(shared, peer, request).await?;
    Ok(call.follow(response, || Box::pin(async move { stopped(&mut stop).await })))
}

/// Returns once `stop` is true, or nobody is left to say so.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stopped| *stopped).await);
}

async fn connection(stream: TcpStream, peer: SocketAddr, shared: Shared, mut stop: watch::Receiver<bool>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "TCP_NODELAY");
    }
    let access = Arc::clone(&shared.access);
    let Some(handshakes) = access.tls() else {
        return serve(stream, Peer::new(peer, None), shared, stop).await;
    };
    let shaken = tokio::select! {
        shaken = handshakes.shake(stream) => shaken,
        () = stopped(&mut stop) => return,
    };
    match shaken {
        Ok((stream, certificate)) => serve(stream, Peer::new(peer, certificate), shared, stop).await,
        Err(why) => shared.refused_handshake(&Peer::new(peer, None), &why),
    }
}

async fn serve<T>(stream: T, peer: Peer, shared: Shared, mut stop: watch::Receiver<bool>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let peer = Arc::new(peer);
    let at = Arc::clone(&peer);
    let stopping = stop.clone();
    let service =
        service_fn(move |request| watched(shared.clone(), Arc::clone(&at), request, stopping.clone()));
    let served = http2::Builder::new(TokioExecutor::new())
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .initial_stream_window_size(STREAM_WINDOW_BYTES)
        .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
        .max_concurrent_streams(STREAMS_MOST)
        .max_header_list_size(HEADER_BYTES)
        .max_send_buf_size(1 << 20)
        .keep_alive_interval(KEEP_ALIVE)
        .keep_alive_timeout(KEEP_ALIVE)
        .serve_connection(TokioIo::new(DeferFlush::new(stream)), service);
    let mut served = std::pin::pin!(served);
    let ended = tokio::select! {
        ended = served.as_mut() => ended,
        () = stopped(&mut stop) => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(peer = peer.address, %error, "connection");
    }
}
