//! How do several answers leave in one system call? Writes are kept until the connection's task has nothing more to say.
//!
//! h2 flushes after every answer. Here a flush with fresh bytes only wakes the task once more; the next time round,
//! answers that were finished meanwhile have been written as well, and all go out together. Bytes never wait for
//! anything but that one turn of the runtime, and at most [`KEPT_BYTES`] are kept.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Kept before they are written at once.
const KEPT_BYTES: usize = 64 << 10;

/// A connection that puts answers together.
#[derive(Debug)]
pub struct DeferFlush<T> {
    inner: T,
    kept: BytesMut,
    /// Bytes came since the last turn that a flush put off.
    fresh: bool,
}

impl<T: AsyncWrite + Unpin> DeferFlush<T> {
    /// Around a connection.
    pub fn new(inner: T) -> Self {
        Self { inner, kept: BytesMut::with_capacity(KEPT_BYTES), fresh: false }
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

impl<T: AsyncRead + Unpin> AsyncRead for DeferFlush<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, into)
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
