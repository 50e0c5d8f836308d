//! What does one worker do? It accepts connections on its own listener and runtime, and drains them when told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::connection::{Shared, answer};
use super::defer_flush::DeferFlush;
use super::peer::is_loopback;
use super::traffic::life::{Life, Turn};
use super::traffic::link::Link;
use super::traffic::options::Http2;
use super::traffic::queue::Queue;

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
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopped(&mut stop) => break,
        };
        match accepted {
            Ok((stream, peer)) => {
                let counted = shared.traffic.connections.open(peer);
                let (Ok(counted), Ok(permit)) = (counted, Arc::clone(&room).try_acquire_owned()) else {
                    if shared.traffic.refusals.may_tell() {
                        tracing::warn!(%peer, "refused: too many connections are open");
                    }
                    continue;
                };
                let link = Arc::new(Link::new(Arc::clone(&shared.traffic), Arc::clone(&queue)));
                let (shared, stop) = (shared.clone(), stop.clone());
                tokio::spawn(async move {
                    connection(stream, (peer, link), shared, stop).await;
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
    let loopback = is_loopback(peer);
    let mut life = Life::new(Arc::clone(&link));
    let io = TokioIo::new(DeferFlush::new(stream, Arc::clone(&link)));
    let protocol = protocol(&shared.traffic.options.http2);
    // One of this connection alone: to count its holders is no matter between workers.
    let shared = Arc::new(shared);
    let service = service_fn(move |request| answer(Arc::clone(&shared), loopback, link.begin(), request));
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
                    tracing::debug!(%peer, why, "connection retired");
                    served.as_mut().graceful_shutdown();
                }
                Turn::Close(why) => {
                    tracing::debug!(%peer, why, "connection closed");
                    return;
                }
            },
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%peer, %error, "connection");
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
