//! How do several answers leave in one system call? Writes are kept until the connection's task has nothing more to say.
//!
//! h2 flushes after every answer. Here a flush with fresh bytes only wakes the task once more; the next time round,
//! answers that were finished meanwhile have been written as well, and all go out together. Bytes never wait for
//! anything but that one turn of the runtime, and at most [`KEPT_BYTES`] are kept.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop;

use super::traffic::life::GREETING_BYTES;
use super::traffic::link::Link;

/// Kept before they are written at once.
const KEPT_BYTES: usize = 64 << 10;

/// A connection that puts answers together.
#[derive(Debug)]
pub struct DeferFlush<T> {
    inner: T,
    kept: BytesMut,
    /// Bytes came since the last turn that a flush put off.
    fresh: bool,
    link: Arc<Link>,
    /// Bytes were read since it was last said that no more are there.
    read: bool,
    /// Bytes of the client's greeting that are still to come.
    greeting: usize,
}

impl<T: AsyncWrite + Unpin> DeferFlush<T> {
    /// Around a connection; tells its link when bytes come.
    pub fn new(inner: T, link: Arc<Link>) -> Self {
        let kept = BytesMut::with_capacity(KEPT_BYTES);
        Self { inner, kept, fresh: false, link, read: false, greeting: GREETING_BYTES }
    }

    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.kept.is_empty() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.kept))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.kept.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T> DeferFlush<T> {
    fn came(&mut self, bytes: usize) {
        self.read = true;
        if self.greeting > 0 {
            self.greeting = self.greeting.saturating_sub(bytes);
            if self.greeting == 0 {
                self.link.greet();
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for DeferFlush<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, into);
        if polled.is_ready() {
            self.came(into.filled().len().saturating_sub(before));
        } else if std::mem::take(&mut self.read) {
            // A task that has had its share of the turn is told to wait, however much is there.
            self.link.read(coop::has_budget_remaining());
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for DeferFlush<T> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let offered: usize = parts.iter().map(|part| part.len()).sum();
        if self.kept.len() + offered > KEPT_BYTES {
            ready!(self.poll_drain(cx))?;
            if offered > KEPT_BYTES {
                return Pin::new(&mut self.inner).poll_write_vectored(cx, parts);
            }
        }
        for part in parts {
            self.kept.extend_from_slice(part);
        }
        self.fresh = true;
        Poll::Ready(Ok(offered))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.fresh {
            self.fresh = false;
            cx.waker().wake_by_ref();
            return Poll::Ready(Ok(()));
        }
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
