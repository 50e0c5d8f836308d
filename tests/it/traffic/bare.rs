//! Calls over a bare HTTP/2 library: bodies come as the test has them, and nothing is made of a deadline but to send it.

use bytes::Bytes;
use h2::RecvStream;
use h2::client::{ResponseFuture, SendRequest};
use prost::Message;
use tonic::codegen::http::{Request, Response};

pub const PRICE_CART: &str = "/quoin.v1.PricingService/PriceCart";
pub const PRICE_CARTS: &str = "/quoin.v1.PricingService/PriceCarts";
pub const EXPLAIN: &str = "/quoin.v1.PricingService/Explain";
/// Of an answer, so much is taken without asking.
pub const WINDOW: u32 = 1 << 16;

/// A call's head.
pub fn head(path: &str) -> Request<()> {
    let uri = format!("http://quoin{path}");
    let request = Request::post(uri).header("content-type", "application/grpc").header("te", "trailers");
    request.body(()).unwrap()
}

/// Connects with a library that leaves bodies to the caller; `window` is what it takes of an answer at first.
pub async fn connected(address: &str, window: u32) -> (SendRequest<Bytes>, tokio::task::JoinHandle<()>) {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut builder = h2::client::Builder::new();
    let (client, connection) = builder.initial_window_size(window).handshake(stream).await.unwrap();
    let ended = tokio::spawn(async move { drop(connection.await) });
    (client.ready().await.unwrap(), ended)
}

/// The status and message of an answer that is nothing else; empty where there is more.
pub fn said(response: &Response<RecvStream>) -> (&str, &str) {
    let text = |name: &str| response.headers().get(name).map_or("", |value| value.to_str().unwrap());
    (text("grpc-status"), text("grpc-message"))
}

/// A message in its frame.
pub fn framed(message: &impl Message) -> Bytes {
    let message = message.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    Bytes::from([&[0], length.as_slice(), &message].concat())
}

/// Sends a call whole, perhaps with a deadline.
pub fn send(
    client: &mut SendRequest<Bytes>,
    path: &str,
    message: Bytes,
    timeout: Option<&str>,
) -> ResponseFuture {
    let mut head = head(path);
    if let Some(timeout) = timeout {
        head.headers_mut().insert("grpc-timeout", timeout.parse().unwrap());
    }
    let (response, mut body) = client.send_request(head, false).unwrap();
    body.send_data(message, true).unwrap();
    response
}
