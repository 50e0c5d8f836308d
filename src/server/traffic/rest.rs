//! What becomes of the body of a request that was refused by its head? It is taken as it comes, and thrown away.
//!
//! Left alone, its stream would be reset, and what the client had sent by then would be a fault of the client's to the HTTP/2
//! library, which remembers only the newest resets and ends a connection after so many faults. Whoever is refused has done
//! nothing wrong.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::{Bytes, Incoming};
use tokio::time::timeout;

use super::options::TrafficOptions;

/// Takes the rest of a body, at most as much as a message may have and for as long as a body may be waited for.
#[cold]
pub fn take(mut body: Incoming, options: &TrafficOptions) {
    let mut left = options.message_in;
    let mut nobody = Context::from_waker(Waker::noop());
    // As good as always it is there already.
    loop {
        match Pin::new(&mut body).poll_frame(&mut nobody) {
            Poll::Ready(Some(Ok(frame))) if has_room(&mut left, frame.data_ref()) => {}
            Poll::Ready(_) => return,
            Poll::Pending => break,
        }
    }
    let rest = async move {
        while let Some(Ok(frame)) = body.frame().await
            && has_room(&mut left, frame.data_ref())
        {}
    };
    tokio::spawn(timeout(options.body, rest));
}

/// Takes the bytes of a frame off what is left; false where that is less.
fn has_room(left: &mut usize, data: Option<&Bytes>) -> bool {
    let taken = left.checked_sub(data.map_or(0, Bytes::len));
    *left = taken.unwrap_or(0);
    taken.is_some()
}
