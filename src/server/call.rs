//! What is noted of a call? How it ended and after how long, counted; and a line in the log where it was slow or went wrong.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tonic::Code;
use tonic::codegen::http::header::HeaderValue;
use tonic::codegen::http::{Request, Response};

use super::answer::Answer;
use super::metrics::{Recorder, code_name};
use super::request_id;
use super::routed::{Stopping, code_in};

/// A call that is being answered. One that is dropped was given up by its caller.
pub struct Call {
    recorder: Arc<Recorder>,
    method: usize,
    began: Instant,
    id: Option<HeaderValue>,
    code: Code,
    #[cfg(feature = "otlp")]
    parent: Option<HeaderValue>,
}

impl Call {
    /// Begins with a request.
    #[inline]
    pub fn begin<B>(recorder: &Arc<Recorder>, request: &Request<B>) -> Self {
        recorder.in_flight.fetch_add(1, Ordering::Relaxed);
        Self {
            recorder: Arc::clone(recorder),
            method: recorder.methods.number(request.uri().path()),
            began: Instant::now(),
            id: request_id::stated(request.headers()),
            code: Code::Cancelled,
            #[cfg(feature = "otlp")]
            parent: super::spans::parent(request.headers()),
        }
    }

    /// Follows the answer to its end, and gives it the request's id: the caller's own, or a new one where it is a refusal.
    pub fn follow(
        mut self,
        mut response: Response<Answer>,
        stopping: impl FnOnce() -> Stopping,
    ) -> Response<Answer> {
        let known = code_in(response.headers());
        if self.id.is_none() && known.is_some_and(|code| code != Code::Ok) {
            self.id = Some(request_id::made());
        }
        if let Some(id) = &self.id {
            response.headers_mut().insert(request_id::NAME, id.clone());
        }
        let endless = self.recorder.methods.get(self.method).is_some_and(|method| method.endless);
        match (response.body_mut(), known) {
            (_, Some(code)) => self.ended(code),
            (Answer::Routed(routed) | Answer::Noted(routed, _), None) => {
                routed.watch(self, endless.then(stopping))
            }
            (Answer::Frame(_) | Answer::Trailers | Answer::Done, None) => self.ended(Code::Ok),
        }
        response
    }

    /// Ends.
    #[inline]
    pub fn ended(mut self, code: Code) {
        self.code = code;
    }

    fn tell(&self, took: Duration, what: &str) {
        let Some(left_out) = self.recorder.told.may_tell() else { return };
        let method = self.recorder.methods.get(self.method).map_or("", |method| method.name.as_str());
        let id = self.id.clone().unwrap_or_else(request_id::made);
        tracing::warn!(
            request_id = id.to_str().unwrap_or_default(),
            method,
            code = code_name(self.code),
            duration_us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
            left_out,
            "{what}"
        );
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let took = self.began.elapsed();
        self.recorder.in_flight.fetch_sub(1, Ordering::Relaxed);
        self.recorder.ended(self.method, self.code, took);
        #[cfg(feature = "otlp")]
        super::spans::tell(
            self.recorder.methods.get(self.method).map_or("", |method| &method.name),
            (self.code, took),
            self.parent.as_ref(),
            self.id.as_ref(),
        );
        let streams = self.recorder.methods.get(self.method).is_none_or(|method| method.streams);
        if matches!(self.code, Code::Internal | Code::Unknown | Code::DataLoss) {
            self.tell(took, "a call went wrong");
        } else if took >= self.recorder.slow && !streams {
            self.tell(took, "a slow call");
        }
    }
}
