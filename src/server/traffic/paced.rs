//! Does a request's body come fast enough? A client may keep the server waiting so long, and longer for what it sends.
//!
//! Only the time counts in which the server waits for bytes. In calls that go on for as long as their client likes, it
//! does not count between two messages.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};
use tonic::{Code, Status};

use crate::api::status::{Entry, Subject};

use super::link::Link;
use super::shed::Shed;

/// Bytes before a message: the compression flag and the length.
const HEAD_BYTES: usize = 5;
/// Calls whose clients may pause between messages.
const PAUSING: [&str; 2] = ["/quoin.v1.LedgerService/StreamDocuments", "/grpc.reflection."];

/// A body that must come.
pub struct Paced<B> {
    body: B,
    /// May be waited yet.
    left: Duration,
    /// What `left` is at the beginning.
    whole: Duration,
    /// A byte is worth so much.
    per_byte: Duration,
    waiting: Option<Waiting>,
    message: Message,
    /// The client may pause between messages.
    pauses: bool,
    link: Arc<Link>,
    /// Bytes of a message that is not whole.
    held: usize,
}

struct Waiting {
    since: Instant,
    over: Pin<Box<Sleep>>,
}

/// Where in a message a body is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Message {
    head: [u8; HEAD_BYTES],
    head_bytes: usize,
    /// Of the message itself, still to come.
    left: usize,
    /// One has come whole.
    any: bool,
}

impl Message {
    /// Between two messages?
    fn between(&self) -> bool {
        self.any && self.head_bytes == 0
    }

    fn take(&mut self, mut data: &[u8]) {
        while let Some((first, rest)) = data.split_first() {
            if let Some(place) = self.head.get_mut(self.head_bytes) {
                *place = *first;
                self.head_bytes += 1;
                data = rest;
                let [_, a, b, c, d] = self.head;
                self.left = usize::try_from(u32::from_be_bytes([a, b, c, d])).unwrap_or(usize::MAX);
            } else {
                let taken = self.left.min(data.len());
                self.left -= taken;
                data = data.get(taken..).unwrap_or_default();
            }
            if self.head_bytes == HEAD_BYTES && self.left == 0 {
                *self = Self { any: true, ..Self::default() };
            }
        }
    }
}

/// May the client of a call of this path pause between messages?
pub fn pauses(path: &str) -> bool {
    PAUSING.iter().any(|pausing| path.starts_with(pausing))
}

impl<B> Paced<B> {
    /// The body of a call.
    pub fn new(body: B, pauses: bool, link: Arc<Link>) -> Self {
        let options = &link.traffic.options;
        Self {
            body,
            left: options.body,
            whole: options.body,
            per_byte: Duration::from_secs(1) / u32::try_from(options.body_rate).unwrap_or(u32::MAX).max(1),
            waiting: None,
            message: Message::default(),
            pauses,
            link,
            held: 0,
        }
    }

    fn came(&mut self, data: &[u8]) -> Result<(), Status> {
        let worth = self.per_byte.saturating_mul(u32::try_from(data.len()).unwrap_or(u32::MAX));
        self.left = self.left.saturating_add(worth);
        self.message.take(data);
        if self.message.between() {
            self.link.release(std::mem::take(&mut self.held));
            if self.pauses {
                self.left = self.whole;
            }
            return Ok(());
        }
        self.held += data.len();
        if self.link.hold(data.len()) {
            return Ok(());
        }
        self.link.traffic.refusals.sheds.count(Shed::RequestsNotWhole);
        Err(too_much())
    }

    fn poll_patience(&mut self, cx: &mut Context<'_>) -> Poll<Status> {
        if self.pauses && self.message.between() {
            return Poll::Pending;
        }
        let left = self.left;
        let waiting = self.waiting.get_or_insert_with(|| {
            let since = Instant::now();
            Waiting { since, over: Box::pin(sleep_until(since + left)) }
        });
        ready!(waiting.over.as_mut().poll(cx));
        Poll::Ready(too_slow())
    }
}

impl<B> Drop for Paced<B> {
    fn drop(&mut self) {
        self.link.release(self.held);
    }
}

#[cold]
fn too_much() -> Status {
    Entry { code: Code::ResourceExhausted, reason: Shed::RequestsNotWhole.reason(), subject: Subject::None }
        .status("too many bytes of requests on this connection wait for their rest")
}

#[cold]
fn too_slow() -> Status {
    Entry { code: Code::DeadlineExceeded, reason: "BODY_TOO_SLOW", subject: Subject::None }
        .status("the request's body came too slowly")
}

impl<B> Body for Paced<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) else {
            return this.poll_patience(cx).map(|status| Some(Err(status)));
        };
        if let Some(waiting) = this.waiting.take() {
            this.left = this.left.saturating_sub(waiting.since.elapsed());
        }
        let Some(frame) = frame else { return Poll::Ready(None) };
        Poll::Ready(Some(match frame {
            Ok(frame) => match frame.data_ref() {
                Some(data) => this.came(data).map(|()| frame),
                None => Ok(frame),
            },
            Err(error) => Err(Status::from_error(Box::new(error))),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::Message;

    #[test]
    fn messages_are_told_apart_however_they_are_cut() {
        let body = [0, 0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 9_u8];
        let whole = [7, 12];
        for part in 1..=body.len() {
            let mut message = Message::default();
            let mut came = 0;
            for bytes in body.chunks(part) {
                message.take(bytes);
                came += bytes.len();
                assert_eq!(message.between(), whole.contains(&came), "{came} bytes in parts of {part}");
            }
        }
    }
}
