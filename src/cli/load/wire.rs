//! How is a cart asked for that is encoded already, and its answer left as it is?

use bytes::{Buf, BufMut, Bytes};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::codegen::http::uri::PathAndQuery;
use tonic::transport::Channel;
use tonic::{Request, Status};

use crate::api::price_cart::PATH;

/// Answers up to this size are taken.
const ANSWER_BYTES: usize = 64 << 20;

/// Messages as bytes.
#[derive(Debug, Clone, Copy, Default)]
struct AsTheyAre;

impl Codec for AsTheyAre {
    type Encode = Bytes;
    type Decode = ();
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for AsTheyAre {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, into: &mut EncodeBuf<'_>) -> Result<(), Status> {
        into.put(item);
        Ok(())
    }
}

impl Decoder for AsTheyAre {
    type Item = ();
    type Error = Status;

    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<()>, Status> {
        from.advance(from.remaining());
        Ok(Some(()))
    }
}

/// Asks for a cart.
pub async fn price(channel: Channel, request: Request<Bytes>) -> Result<(), Status> {
    let mut client = tonic::client::Grpc::new(channel).max_decoding_message_size(ANSWER_BYTES);
    let ready = client.ready().await;
    ready.map_err(|error| Status::unavailable(format!("the connection is gone: {error}")))?;
    client.unary(request, PathAndQuery::from_static(PATH), AsTheyAre).await.map(drop)
}
