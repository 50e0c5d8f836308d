//! What goes back over HTTP? A frame and its trailers, or whatever tonic's services say.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tonic::Status;
use tonic::codegen::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use tonic::codegen::http::{Response, Version};

use super::audit::Telling;
use super::routed::Routed;
use super::traffic::Place;
use super::traffic::callers::Asked;
use super::traffic::link::Call;

/// An answer's body.
pub enum Answer {
    /// One frame, then the trailers of success.
    Frame(Bytes),
    /// The trailers of success.
    Trailers,
    /// Nothing more.
    Done,
    /// What a tonic service says, and what counts until it has said all.
    Routed(Routed),
    /// The same of a call that writes, whose outcome is noted.
    Noted(Routed, Box<Telling>),
}

/// A call that is in flight, and its places among its caller's and among those that are bounded together, until dropped.
#[derive(Debug)]
pub struct Counted {
    pub(super) call: Call,
    _places: Option<(Asked, Place)>,
}

impl Counted {
    /// Calls that are open to every peer have no places.
    pub fn new(call: Call, places: Option<(Asked, Place)>) -> Self {
        Self { call, _places: places }
    }
}

/// The answer to a quick call.
#[must_use]
pub fn framed(frame: Bytes) -> Response<Answer> {
    let mut response = Response::new(Answer::Frame(frame));
    *response.version_mut() = Version::HTTP_2;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
    response
}

/// The answer of a refusal.
#[must_use]
pub fn refused(status: &Status) -> Response<Answer> {
    without_message(status.clone().into_http::<()>().into_parts().0.headers)
}

/// An answer that is nothing but headers, a status among them.
#[must_use]
pub fn without_message(headers: HeaderMap) -> Response<Answer> {
    let mut response = Response::new(Answer::Done);
    *response.version_mut() = Version::HTTP_2;
    *response.headers_mut() = headers;
    response
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        match this {
            Self::Routed(routed) => routed.poll_frame(cx),
            Self::Noted(routed, telling) => {
                let frame = ready!(routed.poll_frame(cx));
                if let Some(trailers) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.trailers_ref()) {
                    telling.note(trailers);
                }
                Poll::Ready(frame)
            }
            Self::Frame(bytes) => {
                let bytes = std::mem::take(bytes);
                *this = Self::Trailers;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            Self::Trailers => {
                *this = Self::Done;
                let mut trailers = HeaderMap::with_capacity(1);
                trailers.insert(Status::GRPC_STATUS, HeaderValue::from_static("0"));
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
            }
            Self::Done => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Routed(routed) | Self::Noted(routed, _) => routed.is_end_stream(),
            Self::Done => true,
            Self::Frame(_) | Self::Trailers => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Routed(routed) | Self::Noted(routed, _) => routed.size_hint(),
            Self::Frame(_) | Self::Trailers | Self::Done => SizeHint::default(),
        }
    }
}
