//! How does the answer of a tonic service end? As it says itself; or, where it would go on for ever, when the service stops.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tonic::codegen::http::header::HeaderMap;
use tonic::{Code, Status};

use crate::api::stopping::stopping;

use super::answer::Counted;
use super::call::Call;

/// Comes to its end once the service stops.
pub type Stopping = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The body of a tonic service's answer, and the call that it ends.
pub struct Routed {
    body: tonic::body::Body,
    /// What counts until all is said.
    counted: Counted,
    call: Option<Call>,
    stopping: Option<Stopping>,
    cut_off: bool,
}

impl Routed {
    /// A body of which nobody counts how it ends.
    #[must_use]
    pub fn new(body: tonic::body::Body, counted: Counted) -> Self {
        Self { body, counted, call: None, stopping: None, cut_off: false }
    }

    /// Ends this call with the body; `stopping` where the body would not end by itself.
    pub fn watch(&mut self, call: Call, stopping: Option<Stopping>) {
        (self.call, self.stopping) = (Some(call), stopping);
    }

    pub(super) fn poll_frame(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.cut_off {
            return Poll::Ready(None);
        }
        if let Some(stop) = &mut self.stopping
            && stop.as_mut().poll(cx).is_ready()
        {
            (self.cut_off, self.stopping) = (true, None);
            let status = stopping("the service stops: ask another one");
            self.ended(status.code());
            let mut trailers = HeaderMap::new();
            return Poll::Ready(Some(status.add_header(&mut trailers).map(|()| Frame::trailers(trailers))));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(code) = frame.trailers_ref().and_then(code_in)
        {
            self.ended(code);
        }
        let sending = |data: Bytes| self.counted.call.link.sending(data);
        Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(sending))))
    }

    pub(super) fn is_end_stream(&self) -> bool {
        self.cut_off || self.body.is_end_stream()
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }

    fn ended(&mut self, code: Code) {
        if let Some(call) = self.call.take() {
            call.ended(code);
        }
    }
}

impl std::fmt::Debug for Routed {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Routed(cut off: {})", self.cut_off)
    }
}

/// The code that trailers state, or the headers of an answer that has nothing else.
pub fn code_in(headers: &HeaderMap) -> Option<Code> {
    headers.get(Status::GRPC_STATUS).map(|code| Code::from_bytes(code.as_bytes()))
}
