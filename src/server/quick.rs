//! How is `PriceCart` heard without tonic in between? Its one message is taken from the body as it lies there.

use std::future::poll_fn;
use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use tonic::codegen::http::Request;
use tonic::{Code, Status};

use crate::api::price_cart::PATH;

/// Bytes before a message: the compression flag and the length.
pub const FRAME_HEADER_BYTES: usize = 5;
/// Room is made at once for no more of a message than this: its length is only what the client says.
const RESERVED_BYTES: usize = 256 << 10;

/// Is this a call that may go the quick way? Compressed messages go the way of all others.
pub fn is_quick<B>(request: &Request<B>) -> bool {
    request.uri().path() == PATH
        && request.headers().get("grpc-encoding").is_none_or(|encoding| encoding == "identity")
}

/// The message in a body, which must hold one and no more, of at most so many bytes.
///
/// # Errors
/// What is wrong with the framing, or how the stream broke off.
pub async fn message<B>(mut body: B, most: usize) -> Result<Bytes, Status>
where
    B: Body<Data = Bytes, Error = Status> + Unpin,
{
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let Ok(data) = frame?.into_data() else { continue };
        let came = first.len() + rest.len() + data.len();
        let head = if first.is_empty() { &data } else { &first };
        if stated(head).unwrap_or(came).max(came) > most + FRAME_HEADER_BYTES {
            return Err(Status::new(Code::OutOfRange, format!("a message has at most {most} bytes")));
        }
        if first.is_empty() {
            first = data;
        } else {
            if rest.is_empty() {
                rest.reserve(stated(&first).unwrap_or_default().min(RESERVED_BYTES));
                rest.extend_from_slice(&first);
            }
            rest.extend_from_slice(&data);
        }
    }
    let whole = if rest.is_empty() { first } else { rest.freeze() };
    unframed(whole)
}

/// The length of the whole frame as its header states it; none where the header is not whole.
fn stated(frame: &[u8]) -> Option<usize> {
    let [_, a, b, c, d, ..] = frame else { return None };
    let length = usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?;
    length.checked_add(FRAME_HEADER_BYTES)
}

fn unframed(whole: Bytes) -> Result<Bytes, Status> {
    let Some(length) = stated(&whole) else {
        return Err(Status::invalid_argument("the request holds no message"));
    };
    if whole.first() != Some(&0) {
        return Err(Status::invalid_argument("the message is compressed, but no encoding is stated"));
    }
    if whole.len() != length {
        return Err(Status::invalid_argument("the message's length is not the length stated"));
    }
    Ok(whole.slice(FRAME_HEADER_BYTES..))
}

#[cfg(test)]
mod tests {
    use super::unframed;
    use bytes::Bytes;

    #[test]
    fn frames_hold_one_whole_message() {
        let cases: [(&'static [u8], Option<&'static [u8]>); 7] = [
            (&[0, 0, 0, 0, 2, 7, 8], Some(&[7, 8])),
            (&[0, 0, 0, 0, 0], Some(&[])),
            (&[], None),
            (&[0, 0, 0, 0], None),
            (&[1, 0, 0, 0, 1, 7], None),
            (&[0, 0, 0, 0, 2, 7], None),
            (&[0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0], None),
        ];
        for (whole, message) in cases {
            let found = unframed(Bytes::from_static(whole)).ok();
            assert_eq!(found.as_deref(), message, "{whole:?}");
        }
    }
}
