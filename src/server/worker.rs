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
use super::traffic::life::{Life, Turn};
use super::traffic::link::Link;
use super::traffic::options::Http2;
use super::traffic::queue::Queue;
use super::traffic::shed::Shed;

/// Pause after the system refused a connection (too many open files, for one).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts until `stop` turns true, then waits at most `drain` for the calls in flight.
pub async fn run(
    listener: TcpListener,
    (shared, queue): (Shared, Arc<Queue>),
    mut stop: watch::Receiver<bool>,
    drain: Duration,
) {
    let connections = shared.traffic.options.connections;
    let room = Arc::new(Semaphore::new(connections));
    let recorder = Arc::clone(&shared.recorder);
    let turning = tokio::spawn(turning(Arc::clone(&recorder)));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let counted = shared.traffic.connections.open(peer);
                let (Ok(counted), Ok(permit)) = (counted, Arc::clone(&room).try_acquire_owned()) else {
                    shared.traffic.refusals.sheds.count(Shed::Connections);
                    if shared.traffic.refusals.may_tell() {
                        tracing::warn!(%peer, "refused: too many connections are open");
                    }
                    continue;
                };
                let link = Arc::new(Link::new(Arc::clone(&shared.traffic), Arc::clone(&queue)));
                let (shared, stop) = (shared.clone(), stop.clone());
                recorder.connections_accepted.fetch_add(1, Ordering::Relaxed);
                recorder.connections_open.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(async move {
                    let recorder = Arc::clone(&shared.recorder);
                    connection(stream, (peer, link), shared, stop).await;
                    recorder.connections_open.fetch_sub(1, Ordering::Relaxed);
                    drop((counted, permit));
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let all = u32::try_from(connections).unwrap_or(u32::MAX);
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
    shared: Arc<Shared>,
    (peer, link): (Arc<Peer>, Arc<Link>),
    request: Request<Incoming>,
    mut stop: watch::Receiver<bool>,
) -> Result<Response<Answer>, Infallible> {
    let call = Call::begin(&shared.recorder, &request);
    let response = answer(shared, peer, link.begin(), request).await?;
    Ok(call.follow(response, || Box::pin(async move { stopped(&mut stop).await })))
}

/// Returns once `stop` is true, or nobody is left to say so.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stopped| *stopped).await);
}

async fn connection(
    stream: TcpStream,
    (peer, link): (SocketAddr, Arc<Link>),
    shared: Shared,
    mut stop: watch::Receiver<bool>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%peer, %error, "TCP_NODELAY");
    }
    let access = Arc::clone(&shared.access);
    let Some(handshakes) = access.tls() else {
        return serve(stream, (Peer::new(peer, None), link), shared, stop).await;
    };
    let shaken = tokio::select! {
        shaken = handshakes.shake(stream) => shaken,
        () = stopped(&mut stop) => return,
    };
    match shaken {
        Ok((stream, certificate)) => serve(stream, (Peer::new(peer, certificate), link), shared, stop).await,
        Err(why) => shared.refused_handshake(&Peer::new(peer, None), &why),
    }
}

async fn serve<T>(stream: T, (peer, link): (Peer, Arc<Link>), shared: Shared, mut stop: watch::Receiver<bool>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let peer = Arc::new(peer);
    let at = Arc::clone(&peer);
    let stopping = stop.clone();
    let mut life = Life::new(Arc::clone(&link));
    let io = TokioIo::new(DeferFlush::new(stream, Arc::clone(&link)));
    let protocol = protocol(&shared.traffic.options.http2);
    // One of this connection alone: to count its holders is no matter between workers.
    let shared = Arc::new(shared);
    let service = service_fn(move |request| {
        watched(Arc::clone(&shared), (Arc::clone(&at), Arc::clone(&link)), request, stopping.clone())
    });
    let mut served = std::pin::pin!(protocol.serve_connection(io, service));
    let ended = loop {
        tokio::select! {
            ended = served.as_mut() => break ended,
            () = stopped(&mut stop) => {
                served.as_mut().graceful_shutdown();
                break served.await;
            }
            turn = life.turn() => match turn {
                Turn::Retire(why) => {
                    tracing::debug!(peer = peer.address, why, "connection retired");
                    served.as_mut().graceful_shutdown();
                }
                Turn::Close(why) => {
                    tracing::debug!(peer = peer.address, why, "connection closed");
                    return;
                }
            },
        }
    };
    if let Err(error) = ended {
        tracing::debug!(peer = peer.address, %error, "connection");
    }
}

fn protocol(options: &Http2) -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .initial_stream_window_size(options.stream_window_bytes)
        .initial_connection_window_size(options.connection_window_bytes)
        .max_frame_size(options.frame_bytes)
        .max_concurrent_streams(options.streams)
        .max_pending_accept_reset_streams(options.reset_streams)
        .max_local_error_reset_streams(options.error_streams)
        .max_header_list_size(options.header_bytes)
        .header_table_size(options.header_table_bytes)
        .max_send_buf_size(options.send_buffer_bytes)
        .keep_alive_interval(options.keep_alive)
        .keep_alive_timeout(options.keep_alive_answer);
    builder
}
