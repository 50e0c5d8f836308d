//! How are the pages for operators served? Over HTTP/1, to a few peers at a time, each in bounded time.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::pages::Pages;

/// Connections at a time.
const CONNECTIONS_MOST: usize = 32;
/// A connection's whole life.
const LIFE: Duration = Duration::from_secs(300);
/// A peer has so long to say what it wants.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// Bytes of a request's line and headers.
const HEADER_BYTES: usize = 16 << 10;
/// Pause after the system refused a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves for ever; without a listener it only waits.
pub(super) async fn run(listener: Option<TcpListener>, pages: Arc<Pages>) {
    let Some(listener) = listener else { return std::future::pending().await };
    let room = Arc::new(Semaphore::new(CONNECTIONS_MOST));
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
                    tracing::debug!(%peer, "refused: {CONNECTIONS_MOST} connections for operators are open");
                    continue;
                };
                let pages = Arc::clone(&pages);
                tokio::spawn(async move {
                    drop(tokio::time::timeout(LIFE, connection(stream, pages)).await);
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection for operators was not accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn connection(stream: TcpStream, pages: Arc<Pages>) {
    let service = service_fn(move |request| {
        let pages = Arc::clone(&pages);
        async move { Ok::<_, Infallible>(pages.answer(&request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection for operators");
    }
}
