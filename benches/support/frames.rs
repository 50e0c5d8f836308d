//! How are gRPC calls made at the least cost to the caller? Over HTTP/2 frames that are put together by hand.
//!
//! A client of tonic's takes longer for a call than the servers that are measured, so that these would idle half of the
//! time. This one takes a microsecond or two: names are sent once a connection and from then on by their index, as any
//! client does, and answers are only counted. It knows one path, and stops at whatever it does not know.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::{Buf, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

const PATH: &str = "/quoin.v1.PricingService/PriceCart";
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEAD_BYTES: usize = 9;
/// Largest frame that every server takes.
const FRAME_BYTES: usize = 16_384;
/// Bytes that a stream may send before it is granted more: more than any answer.
const STREAM_WINDOW: u32 = 16 << 20;
/// Bytes of all streams after which more are granted.
const GRANT: u32 = 1 << 30;

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ACK: u8 = 1;
const INITIAL_WINDOW_SIZE: u16 = 4;

/// How a server is asked that takes no call in the clear and none without a token.
#[derive(Debug, Clone)]
pub struct Secured {
    /// Whom the client believes, and that it speaks HTTP/2.
    pub tls: Arc<ClientConfig>,
    /// The name that the server's certificate is for.
    pub name: ServerName<'static>,
    /// `Bearer` and a token.
    pub authorization: String,
}

/// What bytes run over.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What comes from the server.
#[derive(Debug)]
pub enum Event<'b> {
    /// A part of the answer of a stream, with the five bytes that gRPC puts before a message.
    Data(u32, &'b [u8]),
    /// The answer of a stream is whole.
    End(u32),
}

/// A connection.
pub struct Connection {
    stream: Box<dyn Stream>,
    authority: String,
    /// Where calls have one.
    authorization: Option<String>,
    out: Vec<u8>,
    received: BytesMut,
    calls: u32,
    /// Bytes that the server still takes.
    window: i64,
    /// Bytes received since more were granted.
    taken: u32,
}

impl Connection {
    /// Connects, in the clear.
    pub async fn open(address: SocketAddr) -> Self {
        Self::to(address, None).await
    }

    /// Connects, with TLS and a token where `secured` has them.
    pub async fn to(address: SocketAddr, secured: Option<&Secured>) -> Self {
        let plain = TcpStream::connect(address).await.unwrap();
        plain.set_nodelay(true).unwrap();
        let stream: Box<dyn Stream> = match secured {
            None => Box::new(plain),
            Some(Secured { tls, name, .. }) => {
                Box::new(TlsConnector::from(Arc::clone(tls)).connect(name.clone(), plain).await.unwrap())
            }
        };
        let mut connection = Self {
            stream,
            authority: address.to_string(),
            authorization: secured.map(|secured| secured.authorization.clone()),
            out: PREFACE.to_vec(),
            received: BytesMut::with_capacity(1 << 18),
            calls: 0,
            window: 65_535,
            taken: 0,
        };
        let window = [INITIAL_WINDOW_SIZE.to_be_bytes().as_slice(), &STREAM_WINDOW.to_be_bytes()].concat();
        connection.frame(SETTINGS, 0, 0, &window);
        connection.frame(WINDOW_UPDATE, 0, 0, &GRANT.to_be_bytes());
        connection
    }

    fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) {
        let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
        self.out.extend(&length[1..]);
        self.out.extend([kind, flags]);
        self.out.extend(stream.to_be_bytes());
        self.out.extend(payload);
    }

    /// Does the server take so many bytes more?
    pub fn has_room(&self, message: &[u8]) -> bool {
        self.window > i64::try_from(message.len()).unwrap() + 5
    }

    /// Puts a call into what is sent next; gives the number of its stream.
    pub fn call(&mut self, message: &[u8]) -> u32 {
        let stream = self.calls * 2 + 1;
        let head = if self.calls == 0 { self.first_head() } else { self.later_head() };
        self.calls += 1;
        self.frame(HEADERS, END_HEADERS, stream, &head);
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        let body = [&[0], length.as_slice(), message].concat();
        let parts = body.chunks(FRAME_BYTES);
        let last = parts.len() - 1;
        for (number, part) in parts.enumerate() {
            self.frame(DATA, if number == last { END_STREAM } else { 0 }, stream, part);
        }
        self.window -= i64::try_from(body.len()).unwrap();
        assert!(self.window >= 0, "the server takes no more: fewer calls in flight, or smaller ones");
        stream
    }

    /// The names of a call, to be remembered by the server.
    fn first_head(&self) -> Vec<u8> {
        // Method and scheme stand in HPACK's own table; the others are "literal with incremental indexing".
        let mut head = self.method_and_scheme();
        for (name, value) in [(4, PATH), (1, self.authority.as_str()), (31, "application/grpc")] {
            head.push(0x40 | name);
            text(&mut head, value);
        }
        head.push(0x40);
        text(&mut head, "te");
        text(&mut head, "trailers");
        if let Some(authorization) = &self.authorization {
            head.push(0x40 | 23);
            text(&mut head, authorization);
        }
        head
    }

    /// The same names by their places in the server's table: the newest stands at 62.
    fn later_head(&self) -> Vec<u8> {
        let mut head = self.method_and_scheme();
        let oldest = if self.authorization.is_some() { 66 } else { 65 };
        head.extend((62..=oldest).rev().map(|place| 0x80 | place));
        head
    }

    /// POST, over https or http.
    fn method_and_scheme(&self) -> Vec<u8> {
        vec![0x83, if self.authorization.is_some() { 0x87 } else { 0x86 }]
    }

    /// Sends what was put together.
    pub async fn flush(&mut self) {
        self.stream.write_all(&self.out).await.unwrap();
        self.stream.flush().await.unwrap();
        self.out.clear();
    }

    /// Waits until something comes, and hands over all that came.
    pub async fn receive(&mut self, mut on: impl FnMut(Event<'_>)) {
        assert!(self.stream.read_buf(&mut self.received).await.unwrap() > 0, "the server hung up");
        while let Some(head) = self.received.first_chunk::<HEAD_BYTES>() {
            let [a, b, c, kind, flags, d, e, f, g] = *head;
            let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap();
            let stream = u32::from_be_bytes([d, e, f, g]);
            if self.received.len() < HEAD_BYTES + length {
                break;
            }
            self.received.advance(HEAD_BYTES);
            let payload = self.received.split_to(length);
            self.take(kind, flags, stream, &payload, &mut on);
        }
    }

    fn take(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8], on: &mut impl FnMut(Event<'_>)) {
        let ended = flags & END_STREAM != 0;
        match kind {
            DATA if flags & !END_STREAM == 0 => {
                on(Event::Data(stream, payload));
                self.taken += u32::try_from(payload.len()).unwrap();
                if self.taken >= GRANT / 2 {
                    let granted = std::mem::take(&mut self.taken);
                    self.frame(WINDOW_UPDATE, 0, 0, &granted.to_be_bytes());
                }
            }
            // A refusal is one of these alone, without data before it: whoever counts data finds none.
            HEADERS if flags & !END_STREAM == END_HEADERS => {}
            SETTINGS if flags & ACK == 0 => self.frame(SETTINGS, ACK, 0, &[]),
            PING if flags & ACK == 0 => self.frame(PING, ACK, 0, payload),
            SETTINGS | PING => return,
            // A call was refused before it had come whole; its answer is known already.
            RST_STREAM => on(Event::End(stream)),
            WINDOW_UPDATE => {
                let more = u32::from_be_bytes(payload.try_into().unwrap());
                self.window += if stream == 0 { i64::from(more) } else { 0 };
                return;
            }
            _ => panic!("frame {kind} with flags {flags:#x} on stream {stream}: {payload:?}"),
        }
        if ended && (kind == DATA || kind == HEADERS) {
            on(Event::End(stream));
        }
    }
}

/// A text in HPACK: its length in seven bits, or 127 and the rest in groups of seven bits, and its bytes.
fn text(head: &mut Vec<u8>, text: &str) {
    match text.len().checked_sub(127) {
        None => head.push(u8::try_from(text.len()).unwrap()),
        Some(mut rest) => {
            head.push(127);
            while rest >= 128 {
                head.push(u8::try_from(rest % 128).unwrap() | 128);
                rest /= 128;
            }
            head.push(u8::try_from(rest).unwrap());
        }
    }
    head.extend(text.as_bytes());
}
