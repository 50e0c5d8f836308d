//! A call as bytes: whatever goes in, and exactly what comes out.

use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

/// Leaves bytes as they are.
#[derive(Clone, Copy)]
struct AsIs;

impl Codec for AsIs {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for AsIs {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(item);
        Ok(())
    }
}

impl Decoder for AsIs {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(from.copy_to_bytes(from.remaining())))
    }
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// These messages, and success.
    Answered(Vec<Bytes>),
    /// A status: code, message and details.
    Refused(Code, String, Bytes),
}

impl Outcome {
    /// Of a status.
    pub fn of(status: &Status) -> Self {
        Self::Refused(status.code(), status.message().to_owned(), Bytes::copy_from_slice(status.details()))
    }

    /// Everything that was told, in one piece.
    pub fn told(&self) -> Vec<u8> {
        match self {
            Self::Answered(messages) => messages.concat(),
            Self::Refused(code, message, details) => {
                [format!("{code:?} {message} ").as_bytes(), details].concat()
            }
        }
    }
}

/// How long a stream that never ends is listened to.
const LISTENS: Duration = Duration::from_millis(150);

/// Makes a call, with what stands in `headers`.
pub async fn call(
    channel: &Channel,
    path: &str,
    headers: &[(&'static str, &str)],
    sent: Vec<Bytes>,
) -> Outcome {
    let mut request = Request::new(tokio_stream::iter(sent));
    for (name, value) in headers {
        request.metadata_mut().insert(*name, value.parse().unwrap());
    }
    let mut grpc = Grpc::new(channel.clone()).max_decoding_message_size(64 << 20);
    grpc.ready().await.unwrap();
    let path: PathAndQuery = path.parse().unwrap();
    // A stream that tells nothing does not even begin.
    let begun = tokio::time::timeout(LISTENS * 20, grpc.streaming(request, path.clone(), AsIs)).await;
    let mut answers = match begun {
        Ok(Ok(answers)) => answers.into_inner(),
        Ok(Err(status)) => return Outcome::of(&status),
        Err(_) => panic!("{path} does not answer"),
    };
    let mut told = Vec::new();
    let is_endless = path.as_str().ends_with("/WatchQuotes");
    loop {
        let next = match is_endless {
            true => tokio::time::timeout(LISTENS, answers.message()).await.unwrap_or(Ok(None)),
            false => answers.message().await,
        };
        match next {
            Ok(Some(message)) => told.push(message),
            Ok(None) => return Outcome::Answered(told),
            Err(status) => return Outcome::of(&status),
        }
    }
}
